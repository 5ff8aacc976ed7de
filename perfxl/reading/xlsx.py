"""Packages of Office Open XML (.xlsx, .xlsm) → grids."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from perfxl.errors import InputError
from perfxl.model.cells import CellRef
from perfxl.model.grid import Difference, Grid, SheetState, make_grid
from perfxl.model.package import ADVICE_RESAVE, Package
from perfxl.model.stamp import is_stamp_sheet
from perfxl.model.xml import (
    DOCUMENT_RELATIONSHIPS,
    STRICT_RELATIONSHIPS,
    Relationship,
    local_name,
    parse_part,
    relationships,
    workbook_root,
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


def read_xlsx(package: Package) -> XlsxContent:
    """Read all worksheets of a package.

    Only what says which cell shows what is looked at: a fault in looks, names, validations or drawings refuses
    nothing. No link is followed, no macro run.

    Raises:
        InputError: `corrupt`, `too_large`, `unsafe_xml`, or `not_a_workbook` where the package is another document.
    """
    name, root = workbook_root(package)
    kind = _format(package)
    relations = relationships(package, name)
    room = Room(package.limits)
    strings = SharedStrings(package, _target(relations, "sharedStrings"), room)
    styles = read_styles(package, _target(relations, "styles"))
    reader = SheetReader(package, strings, styles, room, _is_date1904(root))
    grids = _grids(root, relations, reader, names_by_sheet(root))
    notes = _notes(package, grids)
    if styles.is_incomplete:
        notes += ("文件缺少部分单元格样式，其中的数字按“常规”读取（95% 会读成 0.95），请与原件核对。",)
    return XlsxContent(grids, kind, notes, tuple(_doubts(package, reader)), tuple(_uncertain(grids, reader)))


def _format(package: Package) -> Literal["xlsx", "xlsm"]:
    types = parse_part(package, "[Content_Types].xml", comments=False)
    has_macros = any(element.get("ContentType", "").lower().endswith("macroenabled.main+xml") for element in types)
    return "xlsm" if has_macros else "xlsx"


def _target(relations: Mapping[str, Relationship], kind: str) -> str | None:
    return next((relation.target for relation in relations.values() if relation.kind == kind), None)


def _is_date1904(root: etree._Element) -> bool:
    return any(local_name(element) == "workbookPr" and element.get("date1904") in _TRUE for element in root)


def _grids(
    root: etree._Element,
    relations: Mapping[str, Relationship],
    reader: SheetReader,
    names: Mapping[str, Mapping[tuple[int, int], str]],
) -> tuple[Grid, ...]:
    grids: list[Grid] = []
    done: dict[str, Sheet | None] = {}
    for index, (element, relation) in enumerate(_sheets(root, relations)):
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
                    clean(element.get("name", "")),
                    sheet.cells,
                    sheet.merges,
                    index=index,
                    state=_STATES.get(element.get("state", ""), "visible"),
                    part=reader.part_name(part),
                    hidden_rows=sheet.hidden_rows,
                    hidden_columns=sheet.hidden_columns,
                    names=names.get(element.get("name", "")),
                )
            )
    return tuple(grids)


def _sheets(root: etree._Element, relations: Mapping[str, Relationship]) -> list[tuple[etree._Element, Relationship]]:
    elements = [sheet for group in root if local_name(group) == "sheets" for sheet in group]
    if len(elements) > _MAX_SHEETS:
        raise InputError(
            "too_large", f"工作簿有 {len(elements)} 个工作表，超过 {_MAX_SHEETS} 个的上限。", "请只保留自评表后再试。"
        )
    return [(element, _relation(element, relations)) for element in elements]


def _relation(element: etree._Element, relations: Mapping[str, Relationship]) -> Relationship:
    identifier = element.get(f"{{{DOCUMENT_RELATIONSHIPS}}}id") or element.get(f"{{{STRICT_RELATIONSHIPS}}}id")
    relation = relations.get(identifier or "")
    if relation is None or relation.external:
        name = shown(clean(element.get("name", "")))
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
