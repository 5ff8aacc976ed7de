"""Packages of OpenDocument spreadsheets (.ods) → grids and looks."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from perfxl.errors import InputError
from perfxl.model.cells import MAX_COLUMN, MAX_ROW, Span
from perfxl.model.grid import Cell, Grid, make_grid
from perfxl.model.look import Look, SheetLook
from perfxl.model.package import ADVICE_RESAVE, Package
from perfxl.model.xml import local_name, parse_part
from perfxl.reading.content import Content, refuse_many_sheets
from perfxl.reading.ods_cells import read_cell
from perfxl.reading.ods_names import DRAW, OFFICE, TABLE, count
from perfxl.reading.ods_styles import OdsStyles
from perfxl.reading.xlsx_text import Room, legal

Place = tuple[int, int]

_HIDDEN = frozenset({"collapse", "filter"})
_ROW_GROUPS = frozenset({"table-row-group", "table-header-rows", "table-rows"})
_COLUMN_GROUPS = frozenset({"table-column-group", "table-header-columns", "table-columns"})
_CELLS = frozenset({"table-cell", "covered-table-cell"})
_MAX_LOOKS = 500_000
_DRAWINGS = {"image": "pictures", "object": "charts", "object-ole": "charts"}


class _Run(NamedTuple):
    """Equal cells beside and below one another: a rectangle of one style."""

    span: Span
    style: str | None


def read_ods(package: Package) -> Content:
    """Read the sheets of an OpenDocument spreadsheet.

    What is seen is the text that the file states; formulas are not reckoned, no link is followed.

    Raises:
        InputError: `encrypted`, `corrupt`, `too_large`, `unsafe_xml`, or `not_a_workbook` for another document.
    """
    _refuse_encrypted(package)
    root = parse_part(package, "content.xml", comments=False)
    sheet = root.find(f"{OFFICE}body/{OFFICE}spreadsheet")
    if sheet is None:
        raise InputError(
            "not_a_workbook", "该文件是其他 OpenDocument 文档，不是电子表格。", "请报送填好的自评表工作簿。"
        )
    styles_root = [parse_part(package, "styles.xml", comments=False)] if "styles.xml" in package else []
    styles = OdsStyles([*styles_root, root])
    # Sheets of other files that formulas refer to are kept as tables whose names are addresses.
    tables = [table for table in sheet.iterfind(TABLE + "table") if table.find(TABLE + "table-source") is None]
    refuse_many_sheets(len(tables))
    room = Room(package.limits)
    readers = [_TableReader(table, styles, room) for table in tables]
    grids = tuple(reader.grid(index) for index, reader in enumerate(readers))
    looks = tuple(reader.look() for reader in readers)
    others = set(_others(package, sheet, styles, grids))
    return Content(grids, "ods", looks=looks, others=frozenset(others))


def _refuse_encrypted(package: Package) -> None:
    is_encrypted = "encrypted-package" in package
    if not is_encrypted and "META-INF/manifest.xml" in package:
        # Not parsed: old programs put a harmless document type there, and it would be refused.
        is_encrypted = b":encryption-data" in package.part("META-INF/manifest.xml")
    if is_encrypted:
        raise InputError("encrypted", "文件设有打开密码，无法读取。", "请去掉打开密码，保存后重新报送。")


def _others(package: Package, sheet: etree._Element, styles: OdsStyles, grids: tuple[Grid, ...]) -> Iterator[str]:
    for element in sheet.iter(DRAW + "*"):
        name = local_name(element)
        if name in _DRAWINGS:
            yield _DRAWINGS[name]
        elif name.endswith(("shape", "line", "rect", "ellipse", "path", "polygon", "polyline")):
            yield "shapes"
    if next(sheet.iter(OFFICE + "annotation"), None) is not None:
        yield "notes"
    if next(sheet.iter(TABLE + "content-validation"), None) is not None:
        yield "validations"
    if styles.has_conditions or any(local_name(child) == "conditional-formats" for table in sheet for child in table):
        yield "conditions"
    if any(cell.formula is not None for grid in grids for cell in grid.cells.values()):
        yield "formulas"
    if any(name.startswith(("Basic/", "Scripts/")) for name in package.names()):
        yield "macros"
    if "META-INF/documentsignatures.xml" in package:
        yield "signature"


class _TableReader:
    """Reads one table."""

    def __init__(self, table: etree._Element, styles: OdsStyles, room: Room) -> None:
        self._table = table
        self._styles = styles
        self._room = room
        self._cells: dict[Place, Cell] = {}
        self._merges: list[Span] = []
        self._runs: list[_Run] = []
        self._heights: list[tuple[int, int, float]] = []
        self._hidden_rows: list[tuple[int, int]] = []
        # (first, last, width, style of its cells) of each group of columns
        self._columns: list[tuple[int, int, float, str | None]] = []
        self._hidden_columns: list[tuple[int, int]] = []
        self._read_columns()
        self._lefts = [column[0] for column in self._columns]
        self._read_rows()
        self._last_row = max((row for row, _ in self._cells), default=0)
        self._last_column = max((column for _, column in self._cells), default=0)

    def grid(self, index: int) -> Grid:
        """Return the table's grid."""
        return make_grid(
            legal(self._table.get(TABLE + "name", "")),
            self._cells,
            self._merges,
            index=index,
            state="visible" if self._styles.is_displayed(self._table) else "hidden",
            hidden_rows=(
                row for top, bottom in self._hidden_rows for row in range(top, min(bottom, self._last_row) + 1)
            ),
            hidden_columns=(column for left, right in self._hidden_columns for column in range(left, right + 1)),
        )

    def look(self) -> SheetLook:
        """Return the look of the table's filled area."""
        looks: dict[Place, Look] = {}
        for span, style in self._runs:
            for row in range(span.top, min(span.bottom, self._last_row) + 1):
                if len(looks) > _MAX_LOOKS:
                    break
                for column in range(span.left, min(span.right, self._last_column) + 1):
                    looks[row, column] = self._styles.look(style or self._default_style(column))
        widths = {
            column: width
            for left, right, width, _ in self._columns
            for column in range(left, min(right, self._last_column) + 1)
            if width
        }
        heights = {
            row: height for top, bottom, height in self._heights for row in range(top, min(bottom, self._last_row) + 1)
        }
        return SheetLook(looks, widths, heights)

    def _default_style(self, column: int) -> str | None:
        place = bisect_right(self._lefts, column) - 1
        return self._columns[place][3] if place >= 0 and column <= self._columns[place][1] else None

    def _read_columns(self) -> None:
        at = 1
        for column in _within(self._table, "table-column", _COLUMN_GROUPS):
            last = min(at + count(column, TABLE + "number-columns-repeated") - 1, MAX_COLUMN)
            if column.get(TABLE + "visibility") in _HIDDEN and last >= at:
                self._hidden_columns.append((at, last))
            style = column.get(TABLE + "default-cell-style-name")
            self._columns.append((at, last, self._styles.width(column), style))
            at = last + 1

    def _read_rows(self) -> None:
        at = 1
        for row in _within(self._table, "table-row", _ROW_GROUPS):
            last = at + count(row, TABLE + "number-rows-repeated") - 1
            self._read_row(row, at, last)
            if row.get(TABLE + "visibility") in _HIDDEN:
                self._hidden_rows.append((at, last))
            height = self._styles.height(row)
            if height:
                self._heights.append((at, last, height))
            at = last + 1

    def _read_row(self, row: etree._Element, top: int, bottom: int) -> None:
        column = 1
        row_style = row.get(TABLE + "default-cell-style-name")
        for element in row:
            if local_name(element) not in _CELLS:
                continue
            right = column + count(element, TABLE + "number-columns-repeated") - 1
            style = element.get(TABLE + "style-name") or row_style
            span = Span(top, column, bottom, right)
            cell = self._cell(element, style, span)
            if cell is not None:
                self._fill(span, cell)
            if cell is not None or style is not None:
                self._runs.append(_Run(span, style))
            self._merge(element, top, column)
            column = right + 1

    def _cell(self, element: etree._Element, style: str | None, span: Span) -> Cell | None:
        # Nearly all elements are blank ones.
        if not len(element) and not element.get(OFFICE + "value-type") and not element.get(TABLE + "formula"):
            return None
        return read_cell(element, self._styles.code(style or self._default_style(span.left)))

    def _fill(self, span: Span, cell: Cell) -> None:
        """Put a cell everywhere it is repeated, if that is not out of all proportion."""
        self._room.cells -= (span.bottom - span.top + 1) * (span.right - span.left + 1)
        if self._room.cells < 0 or span.bottom > MAX_ROW or span.right > MAX_COLUMN:
            self._room.refuse()
        self._room.take_text(cell.text)
        for row in range(span.top, span.bottom + 1):
            for column in range(span.left, span.right + 1):
                self._cells[row, column] = cell

    def _merge(self, element: etree._Element, row: int, column: int) -> None:
        bottom = row + count(element, TABLE + "number-rows-spanned") - 1
        right = column + count(element, TABLE + "number-columns-spanned") - 1
        if (bottom, right) == (row, column):
            return
        if bottom > MAX_ROW or right > MAX_COLUMN:
            raise InputError("corrupt", "文件已损坏：合并单元格超出工作表的范围。", ADVICE_RESAVE)
        self._merges.append(Span(row, column, bottom, right))
        self._room.merges -= 1
        if self._room.merges < 0:
            self._room.refuse()


def _within(element: etree._Element, name: str, groups: frozenset[str]) -> Iterator[etree._Element]:
    """Yield the elements of a name within an element and the groups in it, however deep they lie."""
    waiting = [iter(element)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif local_name(child) == name:
            yield child
        elif local_name(child) in groups:
            waiting.append(iter(child))
