"""What a heading makes of the columns of a sheet: which of them hold which field."""

from typing import NamedTuple

MONEY = frozenset({"initial", "adjusted", "executed", "arrived"})
VALUES = frozenset({
    "target", "adjusted_target", "actual", "weight", "reported_score", "reviewed_score", "reason", "rule", "operator",
    "unit", "completion_rate", "remark", "evidence", "deduction", "grade", "problem", "measure", "coefficient",
    "deviation",
})  # fmt: skip


class Column(NamedTuple):
    """The columns of a sheet that one heading covers.

    Attributes:
        field: What its words tell, such as `target`; `level1_weight` for weights right of a level, empty where they
            tell nothing.
        left: First column, from 1.
        right: Last column.
        heading: The heading as read, the rows of a divided heading joined by `/`.
        row: Row of the lowest heading cell.
        text: Text of the lowest heading cell.
        at: Column of the lowest heading cell; a wide one may begin left of the columns that it heads.
    """

    field: str
    left: int
    right: int
    heading: str
    row: int
    text: str
    at: int


class Heading(NamedTuple):
    """The heading of a block.

    Attributes:
        top: First row.
        bottom: Last row, a row of running column numbers under the heading included.
        columns: The columns whose field is known, by field: told by their words, or by what stands below.
        unknown: The columns with a heading that no field is known for.
    """

    top: int
    bottom: int
    columns: dict[str, Column]
    unknown: tuple[Column, ...]
