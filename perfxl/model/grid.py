"""A sheet as a reader of it sees it: what each cell shows, what it stores, and what is merged or hidden."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Literal, NamedTuple

from perfxl.model.cells import CellRef, Span
from perfxl.model.look import SheetLook
from perfxl.model.package import Package

CellKind = Literal["text", "number", "date", "bool", "error", "missing"]
SheetState = Literal["visible", "hidden", "veryHidden"]

# A merged range is spelled out cell by cell, so one that covers a whole sheet would take all memory. No form
# merges so much; a wider range is kept in `merges` but its cells count as not merged.
MAX_MERGE_CELLS = 100_000
_USUAL_AREA = 16


class Cell(NamedTuple):
    """One filled cell. A NamedTuple because a batch makes millions of them.

    Attributes:
        text: What a person sees, by the number format: 0.95 under `0%` reads `95%`. "" for a missing value.
        value: What is stored: a number, a text, a bool, an error code as text; None where a formula has no
            stored value. A date is its serial number in the 1900 system.
        kind: `missing` is a formula without a stored value; `date` a number under a date or time format.
        formula: The formula without its `=`, or None.
    """

    text: str
    value: float | str | bool | None
    kind: CellKind
    formula: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """One worksheet.

    Attributes:
        sheet: The sheet's name as stored.
        index: Its place in the workbook's list of sheets, from 0.
        state: `hidden` and `veryHidden` sheets are read too, and said to be hidden.
        part: Name of the package part that holds the sheet; "" for formats that have no parts.
        cells: The filled cells by (row, column), from 1. Blank cells, formatted or not, are absent.
        merges: The merged ranges as stored.
        covered: (row, column) → (row, column) of the top left cell, for every cell of a merged range that
            lies within the filled area; the top left cell itself is included.
        spans: (row, column) of a top left cell → its merged range, clipped to the filled area.
        hidden_rows: Rows hidden by hand or by a filter.
        hidden_columns: Columns hidden by hand.
        names: (row, column) → what a template of ours calls the cell, by its defined names; see `perfxl.model.stamp`.
    """

    sheet: str
    index: int
    state: SheetState
    part: str
    cells: Mapping[tuple[int, int], Cell]
    merges: tuple[Span, ...]
    covered: Mapping[tuple[int, int], tuple[int, int]]
    spans: Mapping[tuple[int, int], Span]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    names: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def at(self, row: int, column: int) -> Cell | None:
        """Return the cell shown at a place: a merged range shows its top left cell everywhere."""
        place = (row, column)
        return self.cells.get(self.covered.get(place, place))

    def span(self, row: int, column: int) -> Span:
        """Return the merged range that covers a place, or the place alone."""
        place = (row, column)
        top, left = self.covered.get(place, place)
        return self.spans.get((top, left)) or Span(top, left, top, left)


def make_grid(
    sheet: str,
    cells: Mapping[tuple[int, int], Cell],
    merges: Iterable[Span] = (),
    *,
    index: int = 0,
    state: SheetState = "visible",
    part: str = "",
    hidden_rows: Iterable[int] = (),
    hidden_columns: Iterable[int] = (),
    names: Mapping[tuple[int, int], str] | None = None,
) -> Grid:
    """Return a grid with its merged ranges worked out; where ranges overlap, the first one holds."""
    rows, columns = zip(*cells, strict=True) if cells else ((0,), (0,))
    last_row, last_column = max(rows), max(columns)
    merges = tuple(merges)
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    spans: dict[tuple[int, int], Span] = {}
    room = MAX_MERGE_CELLS
    for span in merges:
        top, left, bottom, right = span
        # Most ranges lie within the filled area and need no clipping.
        if bottom > last_row or right > last_column:
            bottom, right = min(bottom, last_row), min(right, last_column)
            if bottom < top or right < left:
                continue
            span = Span(top, left, bottom, right)
        area = (bottom - top + 1) * (right - left + 1)
        anchor = (top, left)
        if area > room or anchor in covered:
            continue
        room -= area
        spans[anchor] = span
        for place in _usual_places(span) if area <= _USUAL_AREA else _places(span):
            covered.setdefault(place, anchor)
    hidden = frozenset(hidden_rows), frozenset(hidden_columns)
    return Grid(sheet, index, state, part, cells, merges, covered, spans, *hidden, names or {})


def _places(span: Span) -> Iterable[tuple[int, int]]:
    return product(range(span.top, span.bottom + 1), range(span.left, span.right + 1))


@lru_cache(maxsize=4096)
def _usual_places(span: Span) -> tuple[tuple[int, int], ...]:
    """Return the places of a range, remembered: the forms of a batch have the same few hundred ranges."""
    return tuple(_places(span))


class Difference(NamedTuple):
    """A cell of which it is not certain what it holds.

    Attributes:
        cell: The cell, with the text that was taken.
        other: What else it may hold, and according to what, Chinese, no full sentence.
    """

    cell: CellRef
    other: str


@dataclass(frozen=True, slots=True, eq=False)
class Workbook:
    """One submitted file as it was read.

    Attributes:
        path: The file as the user named it.
        format: `xlsx`, `xlsm`, `xls`, `ods`, `xlsb`, by content and not by suffix.
        sha256: Of the file's bytes, hexadecimal.
        size: Of the file, in bytes.
        grids: Its worksheets in order; chart sheets are left out.
        package: The parts, for formats whose annotated copy is made of them (.xlsx, .xlsm); None for others,
            which are transcribed.
        notes: What the user should know about the file as a whole, Chinese sentences.
        looks: For each grid its look, where the file must be transcribed.
        others: What else such a file holds that a transcription lacks: names of `perfxl.reading.content.OTHERS`.
        differences: Cells that are not certain.
    """

    path: Path
    format: str
    sha256: str
    size: int
    grids: tuple[Grid, ...]
    package: Package | None
    notes: tuple[str, ...] = ()
    looks: tuple[SheetLook, ...] = ()
    others: frozenset[str] = frozenset()
    differences: tuple[Difference, ...] = ()
