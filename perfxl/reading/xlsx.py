"""Packages of Office Open XML (.xlsx, .xlsm) → grids."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from lxml import etree

from perfxl.errors import InputError
from perfxl.model.cells import CellRef
from perfxl.model.grid import Difference, Grid, SheetState, make_grid
from perfxl.model.package import ADVICE_RESAVE, Package
from perfxl.model.remembered import by_content
from perfxl.model.stamp import is_stamp_sheet
from perfxl.model.xml import (
    DOCUMENT_RELATIONSHIPS,
    STRICT_RELATIONSHIPS,
    Relationship,
    local_name,
    parse_xml,
    part_for_tree,
    relationships,
    workbook_part,
)
from perfxl.reading.names import names_by_sheet
from perfxl.reading.xlsx_sheet import Sheet, SheetReader
from perfxl.reading.xlsx_styles import read_styles
from perfxl.reading.xlsx_text import Room, SharedStrings, clean
from perfxl.text import shown

_MAX_SHEETS = 1000
_TRUE = frozenset({"1", "true", "on"})
# Sheets without cells, by the last word of the relationship.
_NO_WORKSHEETS = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
_STATES: dict[str, SheetState] = {"hidden": "hidden", "veryHidden": "veryHidden"}


@dataclass(frozen=True, slots=True, eq=False)
class XlsxContent:
    """What a package holds for the later stages.

    Attributes:
        grids: Its worksheets in the workbook's order; chart, dialog and macro sheets are left out.
        format: `xlsm` where the package is marked as one with macros.
        notes: Chinese sentences about the workbook as a whole.
        doubts: What makes it worth while to ask another reader, Chinese sentences.
        uncertain: Cells that are written twice with different contents, or where none should be.
    """

    grids: tuple[Grid, ...]
    format: Literal["xlsx", "xlsm"]
    notes: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    uncertain: tuple[Difference, ...] = ()


class _Listed(NamedTuple):
    """A worksheet as the workbook part lists it; `relation` is the id of what leads to its part."""

    name: str
    state: SheetState
    relation: str | None


@dataclass(frozen=True, slots=True, eq=False)
class _Book:
    """What the workbook part says; `names` as `names_by_sheet` gives them."""

    date1904: bool
    sheets: tuple[_Listed, ...]
    names: Mapping[str, Mapping[tuple[int, int], str]]


def read_xlsx(package: Package) -> XlsxContent:
    """Read all worksheets of a package.

    Only what says which cell shows what is looked at: a fault in looks, names, validations or drawings refuses
    nothing. No link is followed, no macro run.

    Raises:
        InputError: `corrupt`, `too_large`, `unsafe_xml`, or `not_a_workbook` where the package is another document.
    """
    name = workbook_part(package)
    book = _book(part_for_tree(package, name), name)
    types = "[Content_Types].xml"
    has_macros = _has_macros(part_for_tree(package, types), types)
    relations = relationships(package, name)
    room = Room(package.limits)
    strings = SharedStrings(package, _target(relations, "sharedStrings"), room)
    styles = read_styles(package, _target(relations, "styles"))
    reader = SheetReader(package, strings, styles, room, book.date1904)
    grids = _grids(book, relations, reader)
    notes = _notes(package, grids)
    if styles.is_incomplete:
        notes += ("文件缺少部分单元格样式，其中的数字按“常规”读取（95% 会读成 0.95），请与原件核对。",)
    kind: Literal["xlsx", "xlsm"] = "xlsm" if has_macros else "xlsx"
    return XlsxContent(grids, kind, notes, tuple(_doubts(package, reader)), tuple(_uncertain(grids, reader)))


@by_content
def _has_macros(data: bytes, name: str) -> bool:
    types = parse_xml(data, name, comments=False)
    return any(element.get("ContentType", "").lower().endswith("macroenabled.main+xml") for element in types)


def _target(relations: Mapping[str, Relationship], kind: str) -> str | None:
    return next((relation.target for relation in relations.values() if relation.kind == kind), None)


@by_content
def _book(data: bytes, name: str) -> _Book:
    root = parse_xml(data, name, comments=False)
    date1904 = any(local_name(element) == "workbookPr" and element.get("date1904") in _TRUE for element in root)
    sheets = [sheet for group in root if local_name(group) == "sheets" for sheet in group]
    if len(sheets) > _MAX_SHEETS:
        raise InputError(
            "too_large", f"工作簿有 {len(sheets)} 个工作表，超过 {_MAX_SHEETS} 个的上限。", "请只保留自评表后再试。"
        )
    listed = tuple(
        _Listed(sheet.get("name", ""), _STATES.get(sheet.get("state", ""), "visible"), _relation_id(sheet))
        for sheet in sheets
    )
    return _Book(date1904, listed, names_by_sheet(root))


def _relation_id(sheet: etree._Element) -> str | None:
    return sheet.get(f"{{{DOCUMENT_RELATIONSHIPS}}}id") or sheet.get(f"{{{STRICT_RELATIONSHIPS}}}id")


def _grids(book: _Book, relations: Mapping[str, Relationship], reader: SheetReader) -> tuple[Grid, ...]:
    grids: list[Grid] = []
    done: dict[str, Sheet | None] = {}
    found = [(listed, _relation(listed, relations)) for listed in book.sheets]
    for index, (listed, relation) in enumerate(found):
        if relation.kind in _NO_WORKSHEETS:
            continue
        part = relation.target
        # Two sheets may name one part; it is read once.
        if part.lower() not in done:
            done[part.lower()] = reader.read(part)
        sheet = done[part.lower()]
        if sheet is not None:
            grids.append(
                make_grid(
                    clean(listed.name),
                    sheet.cells,
                    sheet.merges,
                    index=index,
                    state=listed.state,
                    part=reader.part_name(part),
                    hidden_rows=sheet.hidden_rows,
                    hidden_columns=sheet.hidden_columns,
                    names=book.names.get(listed.name),
                )
            )
    return tuple(grids)


def _relation(listed: _Listed, relations: Mapping[str, Relationship]) -> Relationship:
    relation = relations.get(listed.relation or "")
    if relation is None or relation.external:
        name = shown(clean(listed.name))
        raise InputError("corrupt", f"文件已损坏：找不到工作表“{name}”的内容。", ADVICE_RESAVE)
    return relation


def _uncertain(grids: tuple[Grid, ...], reader: SheetReader) -> Iterator[Difference]:
    for grid in grids:
        for place, first in reader.twice.get(grid.part, {}).items():
            ref = CellRef(grid.sheet, *place, grid.cells[place].text)
            yield Difference(ref, f"文件中写了两次，前一次是“{shown(first.text)}”")
        for place in sorted(reader.strays.get(grid.part, ())):
            cell = grid.cells.get(place)
            ref = CellRef(grid.sheet, *place, "" if cell is None else cell.text)
            yield Difference(ref, "文件中另有一处写法不合规范的内容，未予读取")


def _doubts(package: Package, reader: SheetReader) -> Iterator[str]:
    seen: set[str] = set()
    repeated = []
    for name in package.names():
        if name.lower() in seen and name.lower().endswith((".xml", ".rels")):
            repeated.append(shown(name))
        seen.add(name.lower())
    if repeated:
        yield f"文件的压缩包中有同名的部件（{'、'.join(repeated[:3])}），以最后一个为准；请用 Excel 或 WPS 另存后核对。"
    if reader.twice:
        yield "文件中有单元格写了两次，以后一次为准。"
    if reader.strays:
        yield "工作表中有不合规范、无法识别的内容，未予读取；请用 Excel 或 WPS 打开原件核对。"


def _notes(package: Package, grids: tuple[Grid, ...]) -> tuple[str, ...]:
    notes = []
    # What a template of ours says of itself is nobody's hidden content.
    hidden = [
        shown(grid.sheet) for grid in grids if grid.state != "visible" and grid.cells and not is_stamp_sheet(grid)
    ]
    if hidden:
        notes.append(f"工作簿含有隐藏的工作表：{'、'.join(hidden)}。")
    if "_rels/.rels" in package and b"/digital-signature/origin" in package.part("_rels/.rels"):
        notes.append("工作簿带有数字签名。")
    return tuple(notes)
