"""Workbooks of Excel 2 to 2003 and of WPS (.xls, .et) → grids and looks."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, cast

import xlrd
from xlrd.biffh import (
    XL_CELL_BLANK,
    XL_CELL_BOOLEAN,
    XL_CELL_EMPTY,
    XL_CELL_ERROR,
    XL_CELL_TEXT,
    error_text_from_code,
)

from perfxl.errors import InputError
from perfxl.model.cells import Span
from perfxl.model.grid import Cell, SheetState, make_grid
from perfxl.model.limits import DEFAULT_LIMITS, Limits
from perfxl.model.look import Horizontal, Look, SheetLook, Vertical
from perfxl.model.package import ADVICE_RESAVE
from perfxl.reading import ole
from perfxl.reading.content import Content, refuse_many_sheets
from perfxl.reading.format_dates import DAYS_TO_1904
from perfxl.reading.number_format import builtin_format, number_format
from perfxl.reading.xls_records import Place, Records, look_over
from perfxl.reading.xlsx_text import Room, legal

_STATES: tuple[SheetState, ...] = ("visible", "hidden", "veryHidden")
_HORIZONTAL: tuple[Horizontal, ...] = (
    "", "left", "center", "right", "fill", "justify", "center_across", "distributed",
)  # fmt: skip
_VERTICAL: tuple[Vertical, ...] = ("top", "vcenter", "bottom", "vjustify", "vdistributed")
# Code pages of languages whose bytes may look like Chinese ones; what they state is believed.
_BELIEVED = {932: "cp932", 949: "cp949", 950: "cp950", 1361: "johab"}
_WESTERN = "cp1252"


def read_xls(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Content:
    """Read the worksheets of an .xls file, in a compound file or bare.

    Of formulas the stored results are read, their texts are not.

    Raises:
        InputError: `corrupt`, `encrypted` or `too_large`.
    """
    room = Room(limits)
    stream, others = _stream(data)
    records = look_over(stream, room)
    if records.is_encrypted:
        raise InputError(
            "encrypted", "文件设有打开密码，无法读取。", "请在 Excel 或 WPS 中去掉打开密码，保存后重新报送。"
        )
    try:
        return _read(records, room, others)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # whatever the library stumbles over in a damaged file, the file cannot be read
        raise InputError("corrupt", "文件已损坏：工作簿的内容无法读取。", ADVICE_RESAVE) from error


def _stream(data: bytes) -> tuple[bytes, set[str]]:
    """Return the workbook stream, and what else the compound file says it holds."""
    if not data.startswith(ole.SIGNATURE):
        return data, set()
    streams = ole.stream_names(data)
    first, size = streams.get("Workbook") or streams["Book"]
    stream = ole.stream(data, first, size)
    # Copied files may lack the end of their last sector, never a whole one.
    if len(stream) + 512 <= size or not stream:
        raise InputError("corrupt", "文件已损坏：工作簿的数据不完整或首尾相接。", ADVICE_RESAVE)
    has_macros = bool(ole.storages(data) & {"_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA"})
    return stream, {"macros"} if has_macros else set()


def _read(records: Records, room: Room, others: set[str]) -> Content:
    # Before Excel 97 texts are bytes of a code page that old Chinese programs stated wrongly, or not at all. Latin-1
    # keeps the bytes, and they are decoded when all are known.
    is_bytes = records.version < 8
    book = xlrd.open_workbook(
        file_contents=records.data,
        logfile=cast(Any, io.StringIO()),
        encoding_override="latin-1" if is_bytes else None,
        formatting_info=True,
        on_demand=True,
        ragged_rows=True,
    )
    refuse_many_sheets(book.nsheets)
    decode = _decoder(book, records.code_page) if is_bytes else legal
    styles = _Styles(book, decode)
    grids, looks = [], []
    for number, sheet in enumerate(_sheets(book)):
        reader = _SheetReader(sheet, styles, decode, room, records.formulas[number])
        cells = reader.cells()
        merges = [Span(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
        grids.append(
            make_grid(
                decode(sheet.name),
                cells,
                merges,
                index=records.places[number],
                state=_STATES[min(sheet.visibility, 2)],
                hidden_rows=reader.hidden_rows(cells),
                hidden_columns=[number + 1 for number, info in sheet.colinfo_map.items() if info.hidden],
            )
        )
        looks.append(reader.look(cells))
    others |= records.others | ({"formulas"} if any(records.formulas) else set())
    return Content(tuple(grids), "xls", looks=tuple(looks), others=frozenset(others))


def _sheets(book: Any) -> Iterator[Any]:
    """Yield the sheets one by one, so that no two need memory at once."""
    for number in range(book.nsheets):
        yield book.sheet_by_index(number)
        if book.on_demand:
            book.unload_sheet(number)


def _decoder(book: Any, code_page: int | None) -> Callable[[str], str]:
    """Return what makes texts of the bytes that were kept as Latin-1."""
    encoding = _encoding((text.encode("latin-1") for text in set(_texts(book)) if not text.isascii()), code_page)
    return lambda text: legal(text.encode("latin-1").decode(encoding, "replace"))


def _texts(book: Any) -> Iterator[str]:
    for sheet in _sheets(book):
        yield sheet.name
        for row in _filled_rows(sheet):
            yield from (value for value in sheet.row_values(row) if isinstance(value, str))


def _filled_rows(sheet: Any) -> list[int]:
    return [row for row in range(sheet.nrows) if sheet.row_len(row)]


def _encoding(texts: Iterable[bytes], code_page: int | None) -> str:
    """Return the encoding of texts: GB18030 where that is what most of them are, whatever the file states."""
    if code_page in _BELIEVED:
        return _BELIEVED[code_page]
    chinese = others = 0
    for text in texts:
        try:
            text.decode("gb18030")
            chinese += 1
        except UnicodeDecodeError:
            # A text that was cut in the middle of a character does not speak against it.
            others += 1
    return "gb18030" if code_page == 936 or chinese > others else _WESTERN


class _Styles:
    """Number formats and looks by the number of a cell's format record."""

    def __init__(self, book: Any, decode: Callable[[str], str]) -> None:
        self._book = book
        self._decode = decode
        self._own = {number.format_key: decode(number.format_str) for number in book.format_list}
        self.date1904 = book.datemode == 1
        self.code = lru_cache(maxsize=None)(self._code)
        self.look = lru_cache(maxsize=None)(self._look)

    def _code(self, number: int) -> str:
        if not 0 <= number < len(self._book.xf_list):
            return "General"
        key = self._book.xf_list[number].format_key
        return self._own.get(key) or builtin_format(key)

    def _look(self, number: int) -> Look:
        code = self.code(number)
        if not 0 <= number < len(self._book.xf_list):
            return Look(code)
        xf = self._book.xf_list[number]
        look = Look(code) if xf.alignment is None else _aligned(Look(code), xf.alignment)
        if xf.background is not None and xf.background.fill_pattern:
            look = look._replace(fill=self._color(xf.background.pattern_colour_index))
        if xf.border is not None:
            lines = xf.border
            look = look._replace(
                borders=(
                    lines.left_line_style, lines.right_line_style, lines.top_line_style, lines.bottom_line_style,
                )
            )  # fmt: skip
        return self._with_font(look, xf.font_index)

    def _with_font(self, look: Look, number: int) -> Look:
        if not 0 <= number < len(self._book.font_list):
            return look
        font = self._book.font_list[number]
        return look._replace(
            font=self._decode(font.name)[:31],
            size=font.height / 20,
            is_bold=bool(font.bold) or font.weight >= 600,
            is_italic=bool(font.italic),
            color=self._color(font.colour_index),
        )

    def _color(self, number: int) -> str:
        rgb = self._book.colour_map.get(number)
        return "" if rgb is None else "".join(f"{part & 255:02X}" for part in rgb)


def _aligned(look: Look, alignment: Any) -> Look:
    return look._replace(
        horizontal=_HORIZONTAL[alignment.hor_align] if alignment.hor_align < len(_HORIZONTAL) else "",
        vertical=_VERTICAL[alignment.vert_align] if alignment.vert_align < len(_VERTICAL) else "",
        is_wrapped=bool(alignment.text_wrapped),
    )


class _SheetReader:
    """Makes cells and a look of one sheet of the library."""

    def __init__(
        self, sheet: Any, styles: _Styles, decode: Callable[[str], str], room: Room, formulas: set[Place]
    ) -> None:
        self._sheet = sheet
        self._styles = styles
        self._decode = decode
        self._room = room
        self._formulas = formulas
        self._texts: dict[tuple[str, int], Cell] = {}

    def cells(self) -> dict[Place, Cell]:
        """Return the filled cells."""
        cells: dict[Place, Cell] = {}
        sheet = self._sheet
        for row in _filled_rows(sheet):
            values = sheet.row_values(row)
            for column, kind in enumerate(sheet.row_types(row)):
                if kind in (XL_CELL_EMPTY, XL_CELL_BLANK):
                    continue
                cell = self._cell(kind, values[column], sheet.cell_xf_index(row, column))
                place = (row + 1, column + 1)
                if place in self._formulas:
                    cell = cell._replace(formula="")
                if cell.text or cell.kind != "text" or cell.formula is not None:
                    cells[place] = cell
        return cells

    def _cell(self, kind: int, value: Any, number: int) -> Cell:
        if kind == XL_CELL_TEXT:
            key = (value, number)
            if key not in self._texts:
                self._texts[key] = self._text(value, number)
            return self._texts[key]
        if kind == XL_CELL_BOOLEAN:
            return Cell("TRUE" if value else "FALSE", bool(value), "bool")
        if kind == XL_CELL_ERROR:
            text = error_text_from_code.get(value, "#ERR!")
            return Cell(text, text, "error")
        return self._number(value, number)

    def _text(self, value: str, number: int) -> Cell:
        text = self._decode(value)
        self._room.take_text(text)
        show = number_format(self._styles.code(number)).text
        return Cell(text if show is None else show(text), text, "text")

    def _number(self, value: float, number: int) -> Cell:
        if value - value != 0.0:  # no NaN or infinity goes on from here
            return Cell(str(value), str(value), "error")
        look = number_format(self._styles.code(number))
        text = look.number(value, self._styles.date1904)
        if not look.is_date:
            return Cell(text, value, "number")
        if self._styles.date1904 and look.has_calendar:
            value += DAYS_TO_1904
        return Cell(text, value, "date")

    def hidden_rows(self, cells: Mapping[Place, Cell]) -> list[int]:
        """Return the hidden rows down to the last filled one."""
        last = max((row for row, _ in cells), default=0)
        return [row + 1 for row, info in self._sheet.rowinfo_map.items() if info.hidden and row < last]

    def look(self, cells: Mapping[Place, Cell]) -> SheetLook:
        """Return the look of the filled area."""
        last = max((row for row, _ in cells), default=0)
        right = max((column for _, column in cells), default=0)
        sheet, looks = self._sheet, {}
        for row in _filled_rows(sheet):
            if row >= last:
                break
            for column in range(min(sheet.row_len(row), right)):
                if sheet.cell_type(row, column) != XL_CELL_EMPTY:
                    looks[row + 1, column + 1] = self._styles.look(sheet.cell_xf_index(row, column))
        widths = {column + 1: info.width / 256 for column, info in sheet.colinfo_map.items() if column < 256}
        heights = {
            row + 1: info.height / 20 for row, info in sheet.rowinfo_map.items() if info.height_mismatch and row < last
        }
        return SheetLook(looks, widths, heights)
