"""The annotated copy: the submitted package with marks, comments and new sheets, and nothing lost.

Parts that need no change are copied as the compressed bytes that lie in the file; the others are edited where
they must be. Loading and saving with a general library would lose pictures, shapes, extensions and stored values.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from perfxl.errors import InputError
from perfxl.model.cells import Span
from perfxl.model.finding import Severity
from perfxl.model.package import Package
from perfxl.model.remembered import by_content
from perfxl.model.xml import Relationship, relationships
from perfxl.writing import scan
from perfxl.writing.active import DdeLinks, drop_signature
from perfxl.writing.chart_xml import CHART_TYPE, DRAWING_TYPE, chart_part, drawing_part
from perfxl.writing.edits import CONTENT_TYPES_PART, SPREADSHEET_TYPE, PartEdits, unescaped
from perfxl.writing.patch_comments import add_comments
from perfxl.writing.patch_sheet import mark_cells, merged_spans
from perfxl.writing.patch_styles import StyleSheet, new_style_sheet
from perfxl.writing.patch_workbook import NewSheet, WorkbookPart
from perfxl.writing.sheet_model import SheetModel
from perfxl.writing.sheet_outline import deselect, is_selected, outline
from perfxl.writing.sheet_xml import filter_range, print_titles, render_sheet
from perfxl.writing.styles import WORST_FIRST
from perfxl.writing.texts import free_sheet_name
from perfxl.writing.vml import blocks
from perfxl.writing.words import (
    FILLS_DROPPED,
    LINKS_DROPPED,
    STYLES_DROPPED,
    comments_unreadable,
    entry_too_large,
    too_large_copy,
    unsafe_entries,
)
from perfxl.writing.zip_writer import Member, copied, is_unsafe, packed, repacked, write_zip

_SHEET_KINDS = ("worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")
# Ranges of 1024 shape ids from here on are ours: programs number theirs from 1.
_FIRST_BLOCK = 512
_MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
# Kinds of workbook that Excel opens under their own suffixes only, and what a copy is instead.
_MAIN_TYPES = {
    SPREADSHEET_TYPE + "template.main+xml": SPREADSHEET_TYPE + "sheet.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml": _MACRO,
    "application/vnd.ms-excel.addin.macroEnabled.main+xml": _MACRO,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell to be marked.

    Attributes:
        sheet: The sheet's name, for messages.
        part: The package part of the sheet, as in `Grid.part`.
        row: From 1; a mark within a merged range goes to its top left cell.
        column: From 1.
        severity: The worst severity of the cell; it decides the fill.
        note: The comment's text, Chinese, may hold line breaks; "" for a fill alone.
    """

    sheet: str
    part: str
    row: int
    column: int
    severity: Severity
    note: str


@dataclass(frozen=True, slots=True)
class AnnotatedPackage:
    """An annotated copy, in memory.

    Attributes:
        data: The bytes of the file.
        sheet_names: What the new sheets are called, in the order they were given.
        notes: What the user should know about the copy, Chinese sentences.
        suffix: The suffix that fits its content: `.xlsx`, or `.xlsm` with macros.
    """

    data: bytes
    sheet_names: tuple[str, ...]
    notes: tuple[str, ...]
    suffix: str


def annotate_package(package: Package, marks: Sequence[Mark], sheets: Sequence[SheetModel]) -> AnnotatedPackage:
    """Return a copy of a submission with cells marked and sheets put in front.

    Args:
        package: The submission; it is not changed.
        marks: The cells; several for one cell are taken together.
        sheets: The new sheets, in order; the copy opens on the first.

    Raises:
        InputError: A part that must be changed is damaged, or the copy would be out of all proportion.
    """
    edits = PartEdits(package)
    relations = relationships(package, edits.workbook)
    drop_signature(edits)
    dde = DdeLinks(edits, relations)
    workbook = dde.drop(edits.read(edits.workbook))
    style_part, styles = _style_sheet(edits, relations)

    _patch_sheets(edits, relations, _by_part(marks), styles, dde, has_new=bool(sheets))
    names = _place_sheets(edits, workbook, sheets, styles)
    if marks or sheets:
        edits.put(style_part, styles.part(), SPREADSHEET_TYPE + "styles+xml")
    if styles.has_dropped_fills:
        edits.notes.append(FILLS_DROPPED)
    if sheets and not styles.has_styles:
        edits.notes.append(STYLES_DROPPED)
    dde.finish()
    edits.declare()
    suffix = _settle_type(edits)
    return AnnotatedPackage(_write(edits), names, tuple(edits.notes), suffix)


def _by_part(marks: Sequence[Mark]) -> dict[str, list[Mark]]:
    """Return the marks by part, in small letters."""
    parts: dict[str, list[Mark]] = {}
    for mark in marks:
        parts.setdefault(mark.part.lower(), []).append(mark)
    return parts


def _by_cell(marks: Sequence[Mark], spans: Mapping[tuple[int, int], Span]) -> dict[tuple[int, int], Mark]:
    """Return the marks of a sheet by cell; several for one cell, or one merged range, made one."""
    cells: dict[tuple[int, int], Mark] = {}
    for mark in marks:
        span = spans.get((mark.row, mark.column))
        place = (mark.row, mark.column) if span is None else (span.top, span.left)
        other = cells.setdefault(place, mark)
        if other is not mark:
            severity = min(other.severity, mark.severity, key=WORST_FIRST.index)
            note = "\n".join(text for text in (other.note, mark.note) if text)
            cells[place] = replace(other, severity=severity, note=note)
    return cells


def _style_sheet(edits: PartEdits, relations: Mapping[str, Relationship]) -> tuple[str, StyleSheet]:
    """Return the name of the style sheet's part and its content, made anew where there is none."""
    for relation in relations.values():
        if relation.kind == "styles" and not relation.external:
            is_there = relation.target in edits
            data = edits.read(relation.target) if is_there else new_style_sheet(edits.main)
            return relation.target, StyleSheet(data)
    name = edits.folder + "styles.xml"
    if name in edits:
        name = edits.free_name(edits.folder + "styles{}.xml")
    edits.relate(edits.workbook, "styles", name)
    return name, StyleSheet(new_style_sheet(edits.main))


def _patch_sheets(
    edits: PartEdits,
    relations: Mapping[str, Relationship],
    marks: Mapping[str, Sequence[Mark]],
    styles: StyleSheet,
    dde: DdeLinks,
    *,
    has_new: bool,
) -> None:
    """Edit the submitted sheets: those with marks, those that are selected, those with DDE formulas."""
    block = _FIRST_BLOCK
    listed = {relation.target.lower(): relation.target for relation in relations.values() if _is_sheet(relation)}
    for key, part in {**{part: part for part in marks}, **listed}.items():
        ours = marks.get(key, ())
        try:
            raw = edits.package.part(part)
        except InputError:
            # A sheet that nothing is to be done to may be missing or damaged; what is there is copied as it is.
            if ours:
                raise
            continue
        has_dde = dde.may_be_in(raw)
        if not (ours or has_dde or (has_new and is_selected(raw))):
            continue
        data = before = edits.read(part)
        if has_dde:
            data = dde.without_formulas(data)
        if has_new:
            data = deselect(data)
        if ours:
            data = _mark_sheet(edits, part, data, ours, styles, block)
            block += blocks(len(ours))
        if data is not before:
            edits.put(part, data)


def _is_sheet(relation: Relationship) -> bool:
    return relation.kind in _SHEET_KINDS and not relation.external


def _mark_sheet(
    edits: PartEdits,
    part: str,
    data: bytes,
    marks: Sequence[Mark],
    styles: StyleSheet,
    block: int,
) -> bytes:
    lies = outline(data)
    if lies is None:
        return data
    spans = merged_spans(data, lies, {(mark.row, mark.column) for mark in marks})
    cells = _by_cell(marks, spans)
    wanted = {place: mark.severity for place, mark in cells.items()}
    changes, layout = mark_cells(data, lies, wanted, styles.marked)
    layout.rights = {(span.top, span.left): span.right for span in spans.values()}
    notes = {place: mark.note for place, mark in cells.items() if mark.note}
    if notes:
        sheet = marks[0].sheet
        try:
            changes += add_comments(edits, part, sheet, data, lies, notes, layout, block)
        except InputError:
            edits.notes.append(comments_unreadable(sheet))
    return scan.apply_edits(data, changes)


def _place_sheets(
    edits: PartEdits, workbook: bytes, sheets: Sequence[SheetModel], styles: StyleSheet
) -> tuple[str, ...]:
    """Write the new sheets and the workbook part that lists them; return their names."""
    book = WorkbookPart(workbook)
    names: list[str] = []
    for model in sheets:
        names.append(free_sheet_name(model.name, [*book.sheet_names, *names]))
    by_wish = {model.name: name for model, name in zip(sheets, names, strict=True)}
    new: list[NewSheet] = []
    for model, name in zip(sheets, names, strict=True):
        part = edits.free_name(edits.folder + "worksheets/sheet{}.xml")
        data, has_dropped_links = render_sheet(
            model,
            styles.numbers,
            by_wish,
            is_selected=not new,
            main=edits.main,
            relationships=edits.document_relationships,
            drawing=_draw(edits, part, model, name),
        )
        edits.put(part, data, SPREADSHEET_TYPE + "worksheet+xml")
        relation = edits.relate(edits.workbook, "worksheet", part)
        new.append(NewSheet(name, relation, print_titles(model, name), filter_range(model, name)))
        if has_dropped_links and LINKS_DROPPED not in edits.notes:
            edits.notes.append(LINKS_DROPPED)
    if new:
        workbook = book.with_sheets(new, edits.document_relationships)
    if workbook is not edits.read(edits.workbook):
        edits.put(edits.workbook, workbook)
    return tuple(names)


def _draw(edits: PartEdits, part: str, model: SheetModel, name: str) -> str:
    """Write the charts of a new sheet; return the id of its drawing, "" where it has none."""
    if not model.charts:
        return ""
    drawing = edits.free_name(edits.folder + "drawings/drawing{}.xml")
    # The name is taken before its charts ask for theirs.
    edits.put(drawing, b"", DRAWING_TYPE)
    relations = []
    for chart in model.charts:
        own = edits.free_name(edits.folder + "charts/chart{}.xml")
        edits.put(own, chart_part(chart, model, name, is_strict=edits.is_strict), CHART_TYPE)
        relations.append(edits.relate(drawing, "chart", own))
    spans = [chart.place for chart in model.charts]
    edits.put(
        drawing,
        drawing_part(spans, relations, edits.document_relationships, is_strict=edits.is_strict),
        DRAWING_TYPE,
    )
    return edits.relate(part, "drawing", drawing)


def _settle_type(edits: PartEdits) -> str:
    """Turn a template into a workbook and return the suffix of the copy."""
    data = edits.read(CONTENT_TYPES_PART)
    settled, suffix = _settled(data, edits.workbook)
    if settled != data:
        edits.put(CONTENT_TYPES_PART, settled)
    return suffix


@by_content
def _settled(data: bytes, workbook: str) -> tuple[bytes, str]:
    """Return [Content_Types].xml for a copy that is no template, and its suffix."""
    for element in scan.find_all(data, "Override"):
        if unescaped(scan.attribute(element.tag, "PartName")).lstrip("/").lower() != workbook.lower():
            continue
        kind = unescaped(scan.attribute(element.tag, "ContentType")).strip()
        settled = _MAIN_TYPES.get(kind, kind)
        if settled != kind:
            tag = scan.set_attribute(element.tag, "ContentType", settled.encode())
            data = scan.apply_edits(data, [scan.Edit(element.start, element.inner, tag)])
        return data, ".xlsm" if settled == _MACRO else ".xlsx"
    return data, ".xlsx"


def _write(edits: PartEdits) -> bytes:
    """Return the bytes of the copy: the submission's entries in their order, then the new parts.

    Raises:
        InputError: `too_large` where entries overlap so much that the copy would outgrow the submission.
    """
    limit = 4 * len(edits.package.data) + 16 * 2**20
    members = list(_members(edits, limit))
    members += (packed(name, data) for name, data in edits.added())
    return write_zip(members)


def _members(edits: PartEdits, room: int) -> Iterator[Member]:
    package = edits.package
    limit = room
    unsafe = 0
    # Some programs begin every name with a slash; a single one that does leads out of the folder.
    workbook = package.entry(edits.workbook)
    has_slashes = workbook is not None and workbook.filename.startswith("/")
    for entry, changed in edits.kept():
        if changed is not None:
            yield repacked(entry, changed)
            continue
        if is_unsafe(entry.filename, has_slashes):
            unsafe += 1
            continue
        if entry.file_size >= 2**32:
            raise InputError("too_large", entry_too_large(entry.filename))
        payload = package.stored(entry)
        room -= len(payload)
        if room < 0:
            raise InputError("too_large", too_large_copy(limit))
        yield copied(entry, payload)
    if unsafe:
        edits.notes.append(unsafe_entries(unsafe))
