"""The workbook part of a copy: two sheets more in front, and everything that counts sheets put right."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from perfxl.model.remembered import by_content
from perfxl.writing import scan
from perfxl.writing.edits import unescaped
from perfxl.writing.texts import xml_text

# What may stand behind <definedNames> and in front of it, in this order by the schema.
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")


class NewSheet(NamedTuple):
    """A sheet to be put in front.

    Attributes:
        name: A legal name that is not taken.
        relation: Its relationship id.
        print_titles: Content of the name for rows repeated in print, or None.
        filter_range: Content of the name for the filtered range, or None.
    """

    name: str
    relation: str
    print_titles: str | None = None
    filter_range: str | None = None


class _Outline(NamedTuple):
    """What stands in a workbook part.

    Attributes:
        root: Its root element.
        elements: Those right below, by local name; the first of each.
        sheets: The start tags of the sheets.
    """

    root: scan.Element
    elements: Mapping[str, scan.Element]
    sheets: Sequence[bytes]


@by_content
def _outline(workbook: bytes) -> _Outline:
    root = scan.root(workbook)
    elements: dict[str, scan.Element] = {}
    for local, element in scan.children(workbook, root.inner, root.close):
        elements.setdefault(local, element)
    sheets = elements.get("sheets")
    return _Outline(root, elements, [] if sheets is None else _tags(workbook, "sheet", sheets))


def sheet_names(workbook: bytes) -> list[str]:
    """Return the names of all sheets, chart sheets included, in order."""
    return [unescaped(scan.attribute(tag, "name")) for tag in _outline(workbook).sheets]


def _tags(data: bytes, local: str, within: scan.Element) -> list[bytes]:
    return [match[0] for match in scan.start_tag(local).finditer(data, within.inner, within.close)]


def add_sheets(workbook: bytes, new: Sequence[NewSheet], relationships: str) -> bytes:
    """Return a workbook part with sheets in front of its own, opening on the first.

    Args:
        workbook: A plain workbook part.
        new: The sheets, in order.
        relationships: Namespace of relationship ids.
    """
    outline = _outline(workbook)
    sheets = outline.elements.get("sheets")
    if sheets is None:
        return workbook
    edits = [_sheets_edit(outline, sheets, new, relationships), *_view_edits(workbook, outline, sheets)]
    edits += _name_edits(workbook, outline, new)
    return scan.apply_edits(workbook, edits)


def _sheets_edit(outline: _Outline, sheets: scan.Element, new: Sequence[NewSheet], relationships: str) -> scan.Edit:
    taken = {scan.number(scan.attribute(tag, "sheetId")) for tag in outline.sheets}
    prefix = scan.namespace_prefix(outline.root.tag, relationships)
    declaration = "" if prefix else f' xmlns:r="{relationships}"'
    free = max(taken, default=0) + 1
    if free + len(new) > 65_534:
        free = 1
    xml = []
    for sheet in new:
        while free in taken:
            free += 1
        taken.add(free)
        xml.append(
            f'<sheet{declaration} name="{xml_text(sheet.name)}" sheetId="{free}"'
            f' {(prefix or b"r").decode()}:id="{sheet.relation}"/>'
        )
    return scan.Edit(sheets.inner, sheets.inner, scan.prefixed("".join(xml).encode(), sheets.prefix))


def _view_edits(workbook: bytes, outline: _Outline, sheets: scan.Element) -> list[scan.Edit]:
    """Return the edits that open every window of the workbook on the first sheet."""
    views = outline.elements.get("bookViews")
    if views is None or scan.is_empty(views.tag):
        view = scan.prefixed(b"<bookViews><workbookView/></bookViews>", sheets.prefix)
        return [scan.Edit(views.start, views.end, view) if views else scan.Edit(sheets.start, sheets.start, view)]
    edits = []
    for match in scan.start_tag("workbookView").finditer(workbook, views.inner, views.close):
        tag = scan.set_attribute(scan.set_attribute(match[0], "firstSheet", None), "activeTab", b"0")
        edits.append(scan.Edit(match.start(), match.end(), tag))
    return edits


def _name_edits(workbook: bytes, outline: _Outline, new: Sequence[NewSheet]) -> list[scan.Edit]:
    """Return the edits that move names of single sheets along, and add those of the new sheets."""
    edits = []
    names = outline.elements.get("definedNames")
    if names is not None:
        for match in scan.start_tag("definedName").finditer(workbook, names.inner, names.close):
            if b"localSheetId" in match[0] and (place := scan.attribute(match[0], "localSheetId")) is not None:
                tag = scan.set_attribute(match[0], "localSheetId", b"%d" % (scan.number(place) + len(new)))
                edits.append(scan.Edit(match.start(), match.end(), tag))
    prefix = outline.root.prefix
    xml = scan.prefixed("".join(_names(new)).encode(), prefix)
    if not xml:
        return edits
    if names is not None and not scan.is_empty(names.tag):
        return [*edits, scan.Edit(names.close, names.close, xml)]
    whole = b"<%sdefinedNames>%s</%sdefinedNames>" % (prefix, xml, prefix)
    if names is not None:
        return [*edits, scan.Edit(names.start, names.end, whole)]
    at = max(outline.elements[local].end for local in _BEFORE_NAMES if local in outline.elements)
    return [*edits, scan.Edit(at, at, whole)]


def _names(new: Sequence[NewSheet]) -> list[str]:
    xml = []
    for place, sheet in enumerate(new):
        for name, hidden, content in (
            ("_xlnm._FilterDatabase", ' hidden="1"', sheet.filter_range),
            ("_xlnm.Print_Titles", "", sheet.print_titles),
        ):
            if content is not None:
                xml.append(
                    f'<definedName name="{name}" localSheetId="{place}"{hidden}>{xml_text(content)}</definedName>'
                )
    return xml
