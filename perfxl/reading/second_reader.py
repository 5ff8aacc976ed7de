"""A second opinion on an .xlsx package: openpyxl reads what our own reader refuses, or is not sure of.

It takes fifty times as long, and loses what a merged range covers, so it is asked only then.
"""

import io
import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, cast

from perfxl.errors import InputError
from perfxl.model.cells import CellRef, Span
from perfxl.model.grid import Cell, Difference, Grid, SheetState, make_grid
from perfxl.model.look import Horizontal, Look, SheetLook, Vertical
from perfxl.model.package import Package
from perfxl.model.xml import local_name, parse_part, refuse_doctype, workbook_part
from perfxl.reading.content import OTHERS, Content
from perfxl.reading.number_format import number_format
from perfxl.reading.xlsx_text import Room, clean

Place = tuple[int, int]

# openpyxl holds some fifty bytes for each that it reads. All entries count: it may open any of them.
_MAX_UNPACKED = 32 * 2**20
_MAX_DIFFERENCES = 50
_BACK = re.compile(rb'<c [^>]*\bt="s"[^>]*>\s*<v>\s*-')
_STATES: dict[str, SheetState] = {"hidden": "hidden", "veryHidden": "veryHidden"}
_LINES = (
    "none", "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed", "dashDot",
    "mediumDashDot", "dashDotDot", "mediumDashDotDot", "slantDashDot",
)  # fmt: skip
_HORIZONTAL: dict[str, Horizontal] = {
    "left": "left", "center": "center", "right": "right", "fill": "fill", "justify": "justify",
    "centerContinuous": "center_across", "distributed": "distributed",
}  # fmt: skip
_VERTICAL: dict[str, Vertical] = {
    "top": "top", "center": "vcenter", "bottom": "bottom", "justify": "vjustify", "distributed": "vdistributed",
}  # fmt: skip


def read_otherwise(package: Package, refusal: InputError) -> Content:
    """Read with openpyxl a package that our own reader refuses as damaged.

    Args:
        package: The package.
        refusal: Why it was refused.

    Raises:
        InputError: The refusal itself where openpyxl does not read all sheets either; `unsafe_xml` or `too_large`
            where it may not be let near the package.
    """
    book = _load(package, data_only=True)
    if book is None or not _is_whole(book, package) or _counts_back(package):
        raise refusal
    has_formulas = any(b"<f" in package.part(name) for name in _worksheet_parts(package))
    formulas = _load(package, data_only=False) if has_formulas else book
    if formulas is None:
        raise refusal
    room = Room(package.limits)
    places = {sheet.title: index for index, sheet in enumerate(book._sheets)}
    grids = tuple(
        _grid(sheet, formulas[sheet.title] if has_formulas else None, places[sheet.title], room)
        for sheet in book.worksheets
    )
    if not any(grid.cells for grid in grids):
        raise refusal
    note = f"本程序的读法认为文件有损坏（{refusal.message.rstrip('。')}），已改用另一种读法（openpyxl）读取，"
    return Content(
        grids,
        "xlsx",
        notes=(note + "请核对取数；宜用 Excel 或 WPS 打开原件，另存后重新报送。",),
        looks=tuple(_look(sheet) for sheet in book.worksheets),
        others=frozenset(OTHERS) & _others(book, package, has_formulas),
    )


def differences(grids: tuple[Grid, ...], package: Package) -> tuple[Difference, ...]:
    """Return the cells in which openpyxl sees something else than we do; none where it cannot read the package.

    Compared is which cells are filled, and their texts and numbers. Left out are dates and errors, which it turns
    into objects of its own, formulas without a stored value, and what a merged range covers.
    """
    try:
        book = _load(package, data_only=True)
    except InputError:
        return ()
    if book is None:
        return ()
    sheets = book._sheets
    found: list[Difference] = []
    for grid in grids:
        if grid.index < len(sheets) and hasattr(sheets[grid.index], "_cells"):
            found += _differences(grid, _values(sheets[grid.index]))
    return tuple(found[:_MAX_DIFFERENCES])


def _differences(grid: Grid, theirs: dict[Place, Any]) -> Iterator[Difference]:
    ours = {place: cell for place, cell in grid.cells.items() if cell.kind != "missing" and cell.text.strip()}
    for place in sorted(ours.keys() | theirs.keys()):
        if grid.covered.get(place, place) != place:
            continue
        cell, other = ours.get(place), theirs.get(place)
        if cell is not None and (cell.kind not in ("text", "number") or (other is not None and _is_same(cell, other))):
            continue
        if cell is None and place in grid.cells:
            continue
        what = "空白" if other is None else f"“{str(other)[:200]}”"
        ref = CellRef(grid.sheet, *place, cell.text if cell is not None else "")
        yield Difference(ref, f"另一种读法（openpyxl）读到的是{what}")


def _is_same(cell: Cell, other: Any) -> bool:
    if isinstance(other, date | time | timedelta):
        return True
    if isinstance(cell.value, str):
        return isinstance(other, str) and clean(other).split() == cell.value.split()
    return isinstance(other, int | float) and cell.value == float(other)


def _values(sheet: Any) -> dict[Place, Any]:
    values = {place: cell.value for place, cell in sheet._cells.items()}
    return {place: value for place, value in values.items() if value is not None and str(value).strip()}


def _load(package: Package, *, data_only: bool) -> Any:
    """Return openpyxl's workbook; None where it refuses the package.

    Raises:
        InputError: `unsafe_xml`, `too_large`.
    """
    if sum(entry.file_size for entry in package.entries) > _MAX_UNPACKED:
        return None
    for name in package.names():
        if name.lower().endswith((".xml", ".rels", ".vml")):
            _refuse_unsafe(package, name)
    import openpyxl  # only where it is needed: it takes a quarter of a second to load

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about looks that it drops
            return openpyxl.load_workbook(io.BytesIO(package.data), data_only=data_only, keep_links=False)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # whatever it stumbles over, it gives no second opinion
        return None


def _refuse_unsafe(package: Package, name: str) -> None:
    try:
        data = package.part(name)
    except InputError as error:
        if error.kind == "too_large":
            raise
        return  # damaged: openpyxl holds each part against its checksum too
    refuse_doctype(data, name, everywhere=True)


def _worksheet_parts(package: Package) -> list[str]:
    return [name for name in package.names() if "worksheets/" in name.lower() and name.lower().endswith(".xml")]


def _is_whole(book: Any, package: Package) -> bool:
    """Whether all sheets that the workbook lists were read; openpyxl passes over those whose part is missing."""
    try:
        root = parse_part(package, workbook_part(package), comments=False)
    except InputError:
        return False
    return len(book._sheets) == sum(len(group) for group in root if local_name(group) == "sheets")


def _counts_back(package: Package) -> bool:
    """Whether a cell points at a shared text below 0: openpyxl would take one from the end of the list."""
    return any(_BACK.search(package.part(name)) for name in _worksheet_parts(package))


def _grid(sheet: Any, formulas: Any, index: int, room: Room) -> Grid:
    cells: dict[Place, Cell] = {}
    for place, stored in sheet._cells.items():
        formula = None if formulas is None else _formula(formulas._cells.get(place))
        cell = _cell(stored.value, stored.number_format, formula)
        if cell is not None:
            room.take_text(cell.text)
            cells[place] = cell
    if len(cells) > room.cells:
        room.refuse()
    room.cells -= len(cells)
    last = max((row for row, _ in cells), default=0)
    return make_grid(
        clean(sheet.title),
        cells,
        [Span(span.min_row, span.min_col, span.max_row, span.max_col) for span in sheet.merged_cells.ranges],
        index=index,
        state=_STATES.get(sheet.sheet_state, "visible"),
        hidden_rows=[row for row, look in sheet.row_dimensions.items() if look.hidden and row <= last],
        hidden_columns=[
            column
            for look in sheet.column_dimensions.values()
            if look.hidden
            for column in range(look.min or 0, (look.max or 0) + 1)
        ],
    )


def _formula(cell: Any) -> str | None:
    if cell is None or cell.data_type != "f":
        return None
    return clean(str(getattr(cell.value, "text", cell.value) or "")).removeprefix("=")


def _cell(value: Any, code: str, formula: str | None) -> Cell | None:
    """Return a cell of a value as openpyxl gives it; None for a blank one."""
    if value is None:
        return None if formula is None else Cell("", None, "missing", formula)
    look = number_format(code)
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE", value, "bool", formula)
    if isinstance(value, str):
        text = clean(value)
        kind: Literal["text", "error"] = "error" if text.startswith("#") and text.endswith(("!", "?", "/A")) else "text"
        shown = text if look.text is None or kind == "error" else look.text(text)
        return Cell(shown, text, kind, formula) if shown else None
    if isinstance(value, datetime | date | time | timedelta):
        from openpyxl.utils.datetime import to_excel

        serial = float(cast(Any, to_excel)(value))  # the stubs leave it untyped
        return Cell(look.number(serial, False), serial, "date", formula)
    number = float(value)
    if number - number != 0.0:
        return Cell(str(value), str(value), "error", formula)
    return Cell(look.number(number, False), number, "number", formula)


def _look(sheet: Any) -> SheetLook:
    looks = {place: _cell_look(cell) for place, cell in sheet._cells.items() if cell.has_style}
    widths = {
        column: float(look.width)
        for look in sheet.column_dimensions.values()
        if look.customWidth
        for column in range(look.min or 0, min(look.max or 0, 1000) + 1)
    }
    heights = {row: float(look.ht) for row, look in sheet.row_dimensions.items() if look.ht}
    return SheetLook(looks, widths, heights)


def _cell_look(cell: Any) -> Look:
    font, lines, place = cell.font, cell.border, cell.alignment
    left, right, top, bottom = (
        _LINES.index(side.style) if side is not None and side.style in _LINES else 0
        for side in (lines.left, lines.right, lines.top, lines.bottom)
    )
    return Look(
        number_format=cell.number_format,
        font=font.name or "",
        size=float(font.sz or 0),
        is_bold=bool(font.b),
        is_italic=bool(font.i),
        color=_rgb(font.color),
        fill=_rgb(cell.fill.fgColor) if getattr(cell.fill, "fill_type", None) == "solid" else "",
        borders=(left, right, top, bottom),
        horizontal=_HORIZONTAL.get(place.horizontal or "", ""),
        vertical=_VERTICAL.get(place.vertical or "", ""),
        is_wrapped=bool(place.wrap_text),
    )


def _rgb(color: Any) -> str:
    value = getattr(color, "rgb", None) if getattr(color, "type", "") == "rgb" else None
    return value[-6:] if isinstance(value, str) else ""


def _others(book: Any, package: Package, has_formulas: bool) -> set[str]:
    """Return what the package holds beside cells, as far as its parts' names and its sheets tell."""
    names = [name.lower() for name in package.names()]
    found = {"formulas"} if has_formulas else set()
    for word, other in (
        ("/media/", "pictures"), ("/charts/", "charts"), ("/drawings/", "shapes"), ("/comments", "notes"),
        ("vbaproject", "macros"), ("_xmlsignatures/", "signature"),
    ):  # fmt: skip
        if any(word in name for name in names):
            found.add(other)
    for sheet in book.worksheets:
        if sheet.data_validations.dataValidation:
            found.add("validations")
        if len(sheet.conditional_formatting):
            found.add("conditions")
    return found
