"""A fresh sheet as values: what stands in it and how it prints, before any XML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.model.cells import Span
from perfxl.writing.styles import RowStyles


class Link(NamedTuple):
    """A jump to a cell of the same workbook.

    Attributes:
        sheet: The sheet's name; of a new sheet the name in its `SheetModel`, whatever it is called in the end.
        row: From 1.
        column: From 1.
        is_new: It leads to one of the new sheets, not to a submitted one.
    """

    sheet: str
    row: int = 1
    column: int = 1
    is_new: bool = False


# A text is written as a text whatever it begins with; None and NaN are blank.
Value = str | float | int | None
# Columns, from 1 and in order, and where a click on their cells leads.
Links = tuple[tuple[int, Link], ...]
# (first, last) columns, from 1, of ranges that are merged in one row.
Merges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class RowKind:
    """How rows of one kind look.

    It is looked up by what it is and not by what it holds, so make each one once and share it.

    Attributes:
        styles: Of the cells from column A on.
        merges: Ranges that are merged.
    """

    styles: RowStyles = ()
    merges: Merges = ()

    @property
    def columns(self) -> tuple[int, ...]:
        """The columns, from 1, whose cells take a value: of a merged range only the first."""
        covered = {column for left, right in self.merges for column in range(left + 1, right + 1)}
        return tuple(column for column in range(1, len(self.styles) + 1) if column not in covered)


BLANK = RowKind()


class SheetRow(NamedTuple):
    """One row of a fresh sheet.

    Attributes:
        values: Of the cells from column A on, one for each merged range.
        kind: How they look.
        links: From its cells.
        height: In points; None lets the program fit the row to its texts (it cannot for merged cells).
    """

    values: Sequence[Value] = ()
    kind: RowKind = BLANK
    links: Links = ()
    height: float | None = None


class DataBars(NamedTuple):
    """Bars in the cells of a range, as long as their numbers.

    Attributes:
        span: The range.
        low: The number with no bar.
        high: The number with a full bar.
        color: RRGGBB.
    """

    span: Span
    low: float = 0.0
    high: float = 1.0
    color: str = "8EA9DB"


class Series(NamedTuple):
    """One row of columns in a chart.

    Attributes:
        name: In the legend.
        labels: The cells of one column that name the columns.
        values: The cells of one column, as many, with their heights.
        color: RRGGBB.
    """

    name: str
    labels: Span
    values: Span
    color: str


class Chart(NamedTuple):
    """A small column chart over some cells of the sheet.

    Attributes:
        title: Above it.
        place: The cells that it covers.
        series: Side by side.
    """

    title: str
    place: Span
    series: Sequence[Series]


@dataclass(frozen=True, slots=True)
class SheetModel:
    """A fresh sheet.

    Attributes:
        name: As wished for; a sheet of that name in the submission keeps it, and this one gets a number.
        rows: From row 1 on.
        widths: Of the columns from A on, in characters; None keeps the default.
        freeze: (row, column) of the first cell that scrolls, or None.
        autofilter: The range with filter buttons in its first row, or None.
        title_rows: (first, last) row to repeat on every printed page, or None.
        data_bars: Ranges with bars.
        charts: Over blank cells.
        places: Submitted cell, such as `自评表!H12` → the row of this sheet that speaks of it.
        tab_color: RRGGBB, "" for none.
        has_gridlines: Whether the screen shows grid lines; tables have their own borders.

    It prints on A4 across, one page wide, with page numbers in the footer.
    """

    name: str
    rows: Sequence[SheetRow] = ()
    widths: Sequence[float | None] = ()
    freeze: tuple[int, int] | None = None
    autofilter: Span | None = None
    title_rows: tuple[int, int] | None = None
    data_bars: Sequence[DataBars] = ()
    charts: Sequence[Chart] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    tab_color: str = ""
    has_gridlines: bool = False
