"""A blank as it is planned, before it is drawn: what stands where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from perfxl.model.cells import a1

Style = Literal[
    "title", "subtitle", "above", "note", "label", "heading", "level", "text", "center", "word", "money", "percent",
    "points", "status", "guide", "hint", "helper",
]  # fmt: skip
# How many columns right of the table the formulas of a row need for themselves; they are hidden.
HELPERS = ("sign", "body", "target", "target_unit", "actual", "actual_unit", "exact", "faults")


@dataclass(frozen=True, slots=True)
class Box:
    """A cell or merged range with what stands in it; rows and columns from 1.

    Attributes:
        top: First row.
        left: First column.
        bottom: Last row.
        right: Last column.
        style: How it looks.
        value: A text or number; None for a blank cell. Of a formula the result that is stored with it.
        formula: Without its `=`; "" for none.
        is_open: The unit fills it in, so it is coloured and not locked.
        is_free: Printed by the form, but not locked.
        name: Defined name of its first cell, without the prefix; "" for none.
    """

    top: int
    left: int
    bottom: int
    right: int
    style: Style
    value: str | float | None = None
    formula: str = ""
    is_open: bool = False
    is_free: bool = False
    name: str = ""

    @property
    def ref(self) -> str:
        """Return the reference of the first cell."""
        return a1(self.top, self.left)


@dataclass(frozen=True, slots=True)
class MoneyPlan:
    """Where the money table stands.

    Attributes:
        columns: Field → its first column.
        rows: Numbers of its rows; the first is the whole sum.
    """

    columns: Mapping[str, int]
    rows: tuple[int, ...]

    @property
    def total(self) -> int:
        """Return the row of the whole sum."""
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class RowPlan:
    """One row of the indicator table.

    Attributes:
        number: Of the row.
        is_printed: The form prints its name.
        weight: Points that the form gives it; None where the unit does.
        in_label: The points stand in its name.
        has_values_elsewhere: Its values may stand in the money table: 预算执行率 among the indicators.
    """

    number: int
    is_printed: bool = False
    weight: float | None = None
    in_label: bool = False
    has_values_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """The rows of a class.

    Attributes:
        top: First row.
        bottom: Last row, the subtotal not included.
        weight: Points that the form gives it; None for none.
        children: Its level-2 classes; empty for one of these.
    """

    top: int
    bottom: int
    weight: float | None = None
    children: "tuple[GroupPlan, ...]" = ()


@dataclass(frozen=True, slots=True)
class GridPlan:
    """Where the indicator table stands.

    Attributes:
        columns: Field → its column.
        first: First row of its heading.
        heading: Last row of its heading.
        rows: Its rows.
        groups: Its level-1 classes.
        subtotals: Rows with the sum of a class, in the order of the groups.
        total: Row of the total; None for none.
    """

    columns: Mapping[str, int]
    first: int
    heading: int
    rows: tuple[RowPlan, ...]
    groups: tuple[GroupPlan, ...]
    subtotals: tuple[int, ...] = ()
    total: int | None = None

    @property
    def top(self) -> int:
        """Return the first row."""
        return self.rows[0].number

    @property
    def bottom(self) -> int:
        """Return the last row before the total."""
        return max(self.rows[-1].number, *self.subtotals, 0)


@dataclass(slots=True)
class Plan:
    """All of a blank's sheet.

    Attributes:
        boxes: What stands where.
        widths: Column → width.
        heights: Row → height, where not the usual one.
        right: Last column of the table.
        top: First row that is printed.
        bottom: Last row.
        header: Canonical label → (row, column) of its value; labels that the reader does not know are left out.
        required: Cells of the header that must be filled in.
        choices: Reference of a header cell → what it is chosen from.
        level2: The level-2 classes that the form has, to choose from; empty where they are fixed.
        goals: Role → reference of its text.
        conclusions: References of the texts below the table.
        money: The money table; None for none.
        grid: The indicator table.
        total: Reference of the total; "" for none.
    """

    boxes: list[Box] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    right: int = 1
    top: int = 2
    bottom: int = 2
    header: dict[str, tuple[int, int]] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    level2: tuple[str, ...] = ()
    goals: dict[str, str] = field(default_factory=dict)
    conclusions: list[str] = field(default_factory=list)
    money: MoneyPlan | None = None
    grid: GridPlan | None = None
    total: str = ""

    @property
    def hint(self) -> int:
        """Return the column of the hints, right of the table and a narrow gap."""
        return self.right + 2

    def helper(self, name: str) -> int:
        """Return the column of a helper."""
        return self.hint + 1 + HELPERS.index(name)
