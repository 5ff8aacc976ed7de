"""Formats that are no Office Open XML, transcribed: a fresh .xlsx that shows each sheet cell for cell.

An .xls, .ods or .xlsb cannot be marked as it is without a program that rewrites all of it. The fresh workbook goes
the same way as a submitted .xlsx from here on, so its marks, comments and result sheets are the same.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from perfxl.model.cells import MAX_COLUMN, MAX_ROW, Span
from perfxl.model.grid import MAX_MERGE_CELLS, Grid, Workbook
from perfxl.model.look import MAX_HEIGHT, MAX_WIDTH, Look, SheetLook
from perfxl.model.package import Package
from perfxl.writing.sheet_model import SheetModel
from perfxl.writing.texts import MAX_TEXT, free_sheet_name, legal_text
from perfxl.writing.words import TEXTS_CUT, not_transcribed, renamed_sheet, transcription

_DEFAULT = Look()
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 8.43, 15.0
# Excel takes 64,000 cell formats and some 200 number formats of a workbook's own; ours need room beside them.
_MAX_LOOKS, _MAX_NUMBER_FORMATS, _LONGEST_CODE = 50_000, 150, 255
_LAST_LINE = 13  # of Excel's line styles
_FONT = {"font_name": "宋体", "font_size": 11}
# The same submission gives the same bytes on every day.
_CREATED = datetime(2000, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What an annotated copy is made of.

    Attributes:
        package: The submitted package, or the fresh one that stands for it.
        grids: The grids of the submission, each with its part in the package.
        names: Names of sheets that no .xlsx may have → what they are called in the fresh package.
        notes: What the user should know about the transcription, Chinese sentences.
    """

    package: Package
    grids: tuple[Grid, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def source_of(book: Workbook) -> Source:
    """Return what the annotated copy of a submission is made of: its own package, or a transcription.

    Raises:
        InputError: `too_large` where a transcription would be.
    """
    return transcribe(book) if book.package is None else Source(book.package, book.grids)


def transcribe(book: Workbook) -> Source:
    """Return a fresh workbook with the sheets of a submission.

    Values, number formats, merged ranges, widths, heights, hidden flags and the looks that the reader gives are
    carried over; of formulas the results. Texts stay texts, whatever they begin with.
    """
    import xlsxwriter  # most workbooks need no transcription

    out = io.BytesIO()
    # A copy: the library writes into it, and the next workbook would come out otherwise.
    target = xlsxwriter.Workbook(out, {"in_memory": True, "default_format_properties": dict(_FONT)})
    target.set_properties({"created": _CREATED})
    formats = _Formats(target)
    names: list[str] = []
    has_cut = False
    for grid, look in zip(book.grids, book.looks or [SheetLook()] * len(book.grids), strict=True):
        names.append(free_sheet_name(grid.sheet, names))
        writer = _SheetWriter(target.add_worksheet(names[-1]), grid, look, formats)
        writer.write()
        has_cut |= writer.has_cut
    _show_first(target, book.grids)
    target.close()
    renamed = {grid.sheet: name for grid, name in zip(book.grids, names, strict=True) if grid.sheet != name}
    return Source(
        Package.open(out.getvalue()),
        tuple(replace(grid, part=f"xl/worksheets/sheet{i}.xml") for i, grid in enumerate(book.grids, 1)),
        renamed,
        tuple(_notes(book, renamed, has_cut)),
    )


def with_names(model: SheetModel, names: Mapping[str, str]) -> SheetModel:
    """Return a sheet whose links lead to sheets by the names that they have in the transcription."""
    if not names:
        return model
    rows = [
        row._replace(
            links=tuple(
                (column, link if link.is_new else link._replace(sheet=names.get(link.sheet, link.sheet)))
                for column, link in row.links
            )
        )
        for row in model.rows
    ]
    return replace(model, rows=rows)


def _notes(book: Workbook, renamed: Mapping[str, str], has_cut: bool) -> Iterable[str]:
    yield transcription(book.format)
    if book.others:
        yield not_transcribed(book.others)
    for old, new in renamed.items():
        yield renamed_sheet(old, new)
    if has_cut:
        yield TEXTS_CUT


def _show_first(target: Any, grids: Sequence[Grid]) -> None:
    """Open the workbook on its first visible sheet; one that is hidden cannot be shown."""
    for sheet, grid in zip(target.worksheets(), grids, strict=True):
        if grid.state == "visible":
            sheet.activate()
            sheet.set_first_sheet()
            return


class _Formats:
    """The cell formats of the fresh workbook by look."""

    def __init__(self, target: Any) -> None:
        self._target = target
        self._made: dict[Look, Any] = {_DEFAULT: None}
        self._codes: set[str] = set()

    def of(self, look: Look) -> Any:
        """Return the format of a look; None for that of a new workbook."""
        if look not in self._made:
            if len(self._made) >= _MAX_LOOKS:
                return None
            self._made[look] = self._target.add_format(self._properties(look))
        return self._made[look]

    def _properties(self, look: Look) -> dict[str, Any]:
        left, right, top, bottom = (line if line <= _LAST_LINE else 0 for line in look.borders)
        wanted = {
            "num_format": self._code(look.number_format),
            "font_name": look.font,
            "font_size": look.size if 1 <= look.size <= 409 else 0,
            "bold": look.is_bold,
            "italic": look.is_italic,
            "font_color": look.color and f"#{look.color}",
            "bg_color": look.fill and f"#{look.fill}",
            "left": left, "right": right, "top": top, "bottom": bottom,
            "align": look.horizontal,
            "valign": look.vertical,
            "text_wrap": look.is_wrapped,
        }  # fmt: skip
        return {name: value for name, value in wanted.items() if value}

    def _code(self, code: str) -> str:
        """Return a number format that Excel takes without complaint, "" for none."""
        if code == "General" or len(code) > _LONGEST_CODE or code.count('"') % 2 or min(code) < " ":
            return ""
        if code not in self._codes and len(self._codes) >= _MAX_NUMBER_FORMATS:
            return ""
        self._codes.add(code)
        return code


class _SheetWriter:
    """Writes one sheet; `has_cut` says that a text was too long for a cell."""

    def __init__(self, sheet: Any, grid: Grid, look: SheetLook, formats: _Formats) -> None:
        self._sheet = sheet
        self._grid = grid
        self._look = look
        self._formats = formats
        self.has_cut = False

    def write(self) -> None:
        """Write all of the sheet."""
        self._measure()
        for span in _merges(self._grid):
            look = self._look.cells.get((span.top, span.left), _DEFAULT)
            self._sheet.merge_range(
                span.top - 1, span.left - 1, span.bottom - 1, span.right - 1, "", self._formats.of(look)
            )
        for place in sorted(self._look.cells.keys() | self._grid.cells.keys()):
            self._cell(place)
        if self._grid.state == "hidden":
            self._sheet.hide()
        elif self._grid.state == "veryHidden":
            self._sheet.very_hidden()
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)

    def _measure(self) -> None:
        """Set widths, heights and what is hidden."""
        grid, look = self._grid, self._look
        for column in sorted(look.widths.keys() | grid.hidden_columns):
            width = min(look.widths.get(column, _DEFAULT_WIDTH), MAX_WIDTH)
            if column <= MAX_COLUMN:
                self._sheet.set_column(column - 1, column - 1, width, None, {"hidden": column in grid.hidden_columns})
        for row in sorted(look.heights.keys() | grid.hidden_rows):
            height = min(look.heights.get(row, _DEFAULT_HEIGHT), MAX_HEIGHT)
            if row <= MAX_ROW:
                self._sheet.set_row(row - 1, height, None, {"hidden": row in grid.hidden_rows})

    def _cell(self, place: tuple[int, int]) -> None:
        row, column = place[0] - 1, place[1] - 1
        look = self._formats.of(self._look.cells.get(place, _DEFAULT))
        cell = self._grid.cells.get(place)
        # An error is written as a text: only a formula that gives it would be an error here.
        value = None if cell is None else cell.value
        if value is None or value == "":
            self._sheet.write_blank(row, column, None, look)
        elif isinstance(value, bool):
            self._sheet.write_boolean(row, column, value, look)
        elif isinstance(value, str):
            text = legal_text(value)
            self.has_cut |= len(text) < len(value) and len(value) > MAX_TEXT // 2
            self._sheet.write_string(row, column, text, look)
        else:
            self._sheet.write_number(row, column, value, look)


def _merges(grid: Grid) -> list[Span]:
    """Return the merged ranges that do not overlap and are not out of all proportion."""
    taken: set[tuple[int, int]] = set()
    found = []
    for span in grid.merges:
        rows, columns = span.bottom - span.top + 1, span.right - span.left + 1
        if rows * columns < 2 or len(taken) + rows * columns > MAX_MERGE_CELLS:
            continue
        cells = {
            (row, column) for row in range(span.top, span.bottom + 1) for column in range(span.left, span.right + 1)
        }
        if span.bottom <= MAX_ROW and span.right <= MAX_COLUMN and not cells & taken:
            taken |= cells
            found.append(span)
    return found
