"""Packages of binary parts (.xlsb) → grids and looks.

An own reader, because the libraries for this format give no number formats (95% would read 0.95), hidden rows or looks.
"""

import struct
from collections.abc import Sequence

from perfxl.errors import InputError
from perfxl.model.cells import MAX_COLUMN, MAX_ROW, Span
from perfxl.model.grid import Cell, Grid, SheetState, make_grid
from perfxl.model.look import Look, SheetLook
from perfxl.model.package import ADVICE_RESAVE, Package
from perfxl.model.xml import Relationship, relationships
from perfxl.reading.content import Content, refuse_many_sheets
from perfxl.reading.format_dates import DAYS_TO_1904
from perfxl.reading.number_format import number_format
from perfxl.reading.xlsb_records import damaged, packed_number, real, records, short, uint, wide_text
from perfxl.reading.xlsb_styles import read_looks
from perfxl.reading.xlsx_text import Room

Place = tuple[int, int]

_WORKBOOK = "xl/workbook.bin"
_ROW, _ROWS_BEGIN, _ROWS_END, _RICH_CELL = 0, 145, 146, 62
_COLUMNS, _MERGE, _SHEET, _BOOK, _TEXT = 60, 176, 156, 153, 19
_BLANK, _PACKED, _ERROR, _BOOL, _REAL, _STRING, _SHARED = range(1, 8)
_CELLS = range(1, 12)
_FORMULAS = {8: _STRING, 9: _REAL, 10: _BOOL, 11: _ERROR}
# The same kinds without a column: it is that of the cell before and one.
_SHORT = range(12, 19)
_STATES: tuple[SheetState, ...] = ("visible", "hidden", "veryHidden")
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
_MAX_BLANKS = 2_000_000
# What a transcription lacks, by the folder or the beginning of the name of its parts.
_OTHERS = {
    "xl/media/": "pictures", "xl/charts/": "charts", "xl/comments": "notes", "xl/vbaproject": "macros",
    "_xmlsignatures/": "signature",
}  # fmt: skip
_CHART_SHEET, _VALIDATIONS, _CONDITIONS = "chartsheet", 573, 461


def read_xlsb(package: Package) -> Content:
    """Read the worksheets of an .xlsb; of formulas the stored results are read, their texts are not.

    Raises:
        InputError: `corrupt`, `too_large` or `unsafe_xml`.
    """
    try:
        return _read(package)
    except (struct.error, IndexError) as error:
        raise InputError("corrupt", "文件已损坏：工作簿的内容无法读取。", ADVICE_RESAVE) from error


def _read(package: Package) -> Content:
    relations = relationships(package, _WORKBOOK)
    room = Room(package.limits)
    sheets: list[tuple[str, SheetState, Relationship]] = []
    date1904 = False
    for kind, data in records(package, _WORKBOOK):
        if kind == _BOOK:
            date1904 = bool(data[0] & 1)
        elif kind == _SHEET:
            identifier, at = wide_text(data, 8)
            name, _ = wide_text(data, at)
            if identifier not in relations or relations[identifier].external:
                raise damaged(_WORKBOOK)
            sheets.append((name, _STATES[min(uint(data, 0), 2)], relations[identifier]))
    refuse_many_sheets(len(sheets))
    looks = read_looks(package, _target(relations, "styles"))
    texts = _texts(package, _target(relations, "sharedStrings"), room)
    others = {what for name in package.names() for start, what in _OTHERS.items() if name.lower().startswith(start)}
    found: list[tuple[Grid, SheetLook]] = []
    for index, (name, state, relation) in enumerate(sheets):
        if relation.kind == "worksheet":
            reader = _SheetReader(looks, texts, room, date1904=date1904)
            reader.read(package, relation.target)
            found.append((reader.grid(name, index, state), reader.look()))
            others |= reader.others
        elif relation.kind == _CHART_SHEET:
            others.add("charts")
    grids, sheet_looks = tuple(grid for grid, _ in found), tuple(look for _, look in found)
    return Content(grids, "xlsb", looks=sheet_looks, others=frozenset(others))


def _target(relations: dict[str, Relationship], kind: str) -> str | None:
    return next((relation.target for relation in relations.values() if relation.kind == kind), None)


def _texts(package: Package, part: str | None, room: Room) -> list[str]:
    if part is None or part not in package:
        return []
    texts = [wide_text(data, 1)[0] for kind, data in records(package, part) if kind == _TEXT]
    for text in texts:
        room.take_text(text)
    return texts


class _SheetReader:
    """Reads one worksheet part."""

    def __init__(self, looks: Sequence[Look], texts: Sequence[str], room: Room, *, date1904: bool) -> None:
        self._looks = looks
        self._texts = texts
        self._room = room
        self._date1904 = date1904
        self._row = 0
        self._column = 0
        self._blanks = _MAX_BLANKS
        self._cells: dict[Place, Cell] = {}
        self._styles: dict[Place, int] = {}
        self._merges: list[Span] = []
        self._heights: dict[int, float] = {}
        self._widths: dict[int, float] = {}
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self.others: set[str] = set()

    def read(self, package: Package, part: str) -> None:
        """Read all records of the part."""
        is_inside = False
        for kind, data in records(package, part):
            if kind in (_ROWS_BEGIN, _ROWS_END):
                is_inside = kind == _ROWS_BEGIN
            elif is_inside:
                self._in_rows(kind, data, part)
            elif kind == _COLUMNS:
                self._note_columns(data)
            elif kind == _MERGE:
                top, bottom, left, right = (uint(data, at) + 1 for at in (0, 4, 8, 12))
                self._merges.append(Span(top, left, bottom, right))
                self._room.merges -= 1
                if self._room.merges < 0:
                    self._room.refuse()
            elif kind in (_VALIDATIONS, _CONDITIONS):
                self.others.add("validations" if kind == _VALIDATIONS else "conditions")

    def _in_rows(self, kind: int, data: bytes, part: str) -> None:
        if kind == _ROW:
            self._note_row(data, part)
        elif kind in _CELLS or kind == _RICH_CELL:
            self._column = uint(data, 0) + 1
            self._add(kind, uint(data, 4) & 0xFFFFFF, data, 8, part)
        elif kind in _SHORT:
            self._column += 1
            self._add(kind - _SHORT.start + _BLANK, uint(data, 0) & 0xFFFFFF, data, 4, part)

    def _note_row(self, data: bytes, part: str) -> None:
        self._row, self._column = uint(data, 0) + 1, 0
        if self._row > MAX_ROW:
            raise damaged(part)
        if data[11] & 0x10:
            self._hidden_rows.add(self._row)
        if data[11] & 0x20:
            self._heights[self._row] = short(data, 8) / 20

    def _note_columns(self, data: bytes) -> None:
        columns = range(uint(data, 0) + 1, min(uint(data, 4) + 1, MAX_COLUMN) + 1)
        self._widths.update(dict.fromkeys(columns, uint(data, 8) / 256))
        if data[16] & 1:
            self._hidden_columns.update(columns)

    def _add(self, kind: int, style: int, data: bytes, at: int, part: str) -> None:
        if self._column > MAX_COLUMN:
            raise damaged(part)
        place = (self._row, self._column)
        self._styles[place] = style
        if kind == _BLANK:
            self._blanks -= 1
        else:
            cell = self._cell(kind, style, data, at)
            if kind in _FORMULAS:
                cell = cell._replace(formula="")
                self.others.add("formulas")
            if cell.text or cell.kind != "text" or cell.formula is not None:
                self._cells[place] = cell
                self._room.cells -= 1
        if self._blanks < 0 or self._room.cells < 0:
            self._room.refuse()

    def _cell(self, kind: int, style: int, data: bytes, at: int) -> Cell:
        kind = _FORMULAS.get(kind, kind)
        if kind == _SHARED:
            return self._text(self._texts[uint(data, at)], style)
        if kind in (_STRING, _RICH_CELL):
            # The text of a rich one stands behind a byte of flags.
            text, _ = wide_text(data, at + (kind == _RICH_CELL))
            self._room.take_text(text)
            return self._text(text, style)
        if kind == _BOOL:
            return Cell("TRUE" if data[at] else "FALSE", bool(data[at]), "bool")
        if kind == _ERROR:
            text = _ERRORS.get(data[at], "#ERR!")
            return Cell(text, text, "error")
        return self._number(packed_number(data, at) if kind == _PACKED else real(data, at), style)

    def _code(self, style: int) -> str:
        return self._looks[style].number_format if style < len(self._looks) else "General"

    def _text(self, text: str, style: int) -> Cell:
        show = number_format(self._code(style)).text
        return Cell(text if show is None else show(text), text, "text")

    def _number(self, value: float, style: int) -> Cell:
        if value - value != 0.0:  # no NaN or infinity goes on from here
            return Cell(str(value), str(value), "error")
        look = number_format(self._code(style))
        text = look.number(value, self._date1904)
        if not look.is_date:
            return Cell(text, value, "number")
        if self._date1904 and look.has_calendar:
            value += DAYS_TO_1904
        return Cell(text, value, "date")

    def grid(self, name: str, index: int, state: SheetState) -> Grid:
        """Return the sheet's grid."""
        last = max((row for row, _ in self._cells), default=0)
        return make_grid(
            name,
            self._cells,
            self._merges,
            index=index,
            state=state,
            hidden_rows=(row for row in self._hidden_rows if row <= last),
            hidden_columns=self._hidden_columns,
        )

    def look(self) -> SheetLook:
        """Return the look of the sheet's filled area."""
        last = max((row for row, _ in self._cells), default=0)
        right = max((column for _, column in self._cells), default=0)
        looks = {
            (row, column): self._looks[style]
            for (row, column), style in self._styles.items()
            if row <= last and column <= right and style < len(self._looks)
        }
        heights = {row: height for row, height in self._heights.items() if row <= last}
        return SheetLook(looks, self._widths, heights)
