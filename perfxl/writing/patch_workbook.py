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


class WorkbookPart:
    """A workbook part that sheets are added to.

    But for the contents of its names, which say how many rows to print, it is the same in files of one template;
    so that frame is looked through and changed once.

    Attributes:
        sheet_names: The names of all sheets, chart sheets included, in order.
    """

    def __init__(self, data: bytes) -> None:
        """Take a plain workbook part."""
        self._data = data
        self._names = b""
        self._frame = data
        names = scan.find(data, "definedNames")
        if names is not None:
            self._names = data[names.inner : names.close]
            self._frame = data[: names.inner] + data[names.close :]
        self._outline = _outline(self._frame)
        self.sheet_names = self._outline.sheet_names

    def with_sheets(self, new: Sequence[NewSheet], relationships: str) -> bytes:
        """Return the part with sheets in front of its own, opening on the first.

        Args:
            new: The sheets, in order.
            relationships: Namespace of relationship ids.
        """
        if "sheets" not in self._outline.elements:
            return self._data
        names = _moved(self._names, len(new)) + scan.prefixed(_names(new).encode(), self._outline.root.prefix)
        listed = tuple((sheet.name, sheet.relation) for sheet in new)
        before, after = _with_sheets(self._frame, listed, relationships, bool(names))
        return before + names + after


class _Outline(NamedTuple):
    """What stands in a workbook part.

    Attributes:
        root: Its root element.
        elements: Those right below, by local name; the first of each.
        sheets: The start tags of the sheets.
        sheet_names: The names of the sheets.
    """

    root: scan.Element
    elements: Mapping[str, scan.Element]
    sheets: Sequence[bytes]
    sheet_names: Sequence[str]


@by_content
def _outline(frame: bytes) -> _Outline:
    root = scan.root(frame)
    elements: dict[str, scan.Element] = {}
    for local, element in scan.children(frame, root.inner, root.close):
        elements.setdefault(local, element)
    listing = elements.get("sheets")
    found = [] if listing is None else scan.start_tag("sheet").finditer(frame, listing.inner, listing.close)
    sheets = [match[0] for match in found]
    return _Outline(root, elements, sheets, [unescaped(scan.attribute(tag, "name")) for tag in sheets])


# Stands for the names until they are known; no character of XML.
_NAMES = b"\0"


@by_content
def _with_sheets(
    frame: bytes, new: Sequence[tuple[str, str]], relationships: str, has_names: bool
) -> tuple[bytes, bytes]:
    """Return what stands in front of and behind the names of a workbook part with sheets in front of its own.

    Args:
        frame: The part without the contents of its names.
        new: Name and relationship id of each sheet.
        relationships: Namespace of relationship ids.
        has_names: There are names to be put in.
    """
    outline = _outline(frame)
    sheets = outline.elements["sheets"]
    edits = [_sheets_edit(outline, sheets, new, relationships), *_view_edits(frame, outline, sheets)]
    if has_names:
        edits.append(_names_edit(outline))
    before, _, after = scan.apply_edits(frame, edits).partition(_NAMES)
    return before, after


def _sheets_edit(
    outline: _Outline, sheets: scan.Element, new: Sequence[tuple[str, str]], relationships: str
) -> scan.Edit:
    taken = {scan.number(scan.attribute(tag, "sheetId")) for tag in outline.sheets}
    prefix = scan.namespace_prefix(outline.root.tag, relationships)
    declaration = "" if prefix else f' xmlns:r="{relationships}"'
    free = max(taken, default=0) + 1
    if free + len(new) > 65_534:
        free = 1
    xml = []
    for name, relation in new:
        while free in taken:
            free += 1
        taken.add(free)
        xml.append(
            f'<sheet{declaration} name="{xml_text(name)}" sheetId="{free}"'
            f' {(prefix or b"r").decode()}:id="{relation}"/>'
        )
    return scan.Edit(sheets.inner, sheets.inner, scan.prefixed("".join(xml).encode(), sheets.prefix))


def _view_edits(frame: bytes, outline: _Outline, sheets: scan.Element) -> list[scan.Edit]:
    """Return the edits that open every window of the workbook on the first sheet."""
    views = outline.elements.get("bookViews")
    if views is None or scan.is_empty(views.tag):
        view = scan.prefixed(b"<bookViews><workbookView/></bookViews>", sheets.prefix)
        return [scan.Edit(views.start, views.end, view) if views else scan.Edit(sheets.start, sheets.start, view)]
    edits = []
    for match in scan.start_tag("workbookView").finditer(frame, views.inner, views.close):
        tag = scan.set_attribute(scan.set_attribute(match[0], "firstSheet", None), "activeTab", b"0")
        edits.append(scan.Edit(match.start(), match.end(), tag))
    return edits


def _names_edit(outline: _Outline) -> scan.Edit:
    """Return the edit that says where names go."""
    names = outline.elements.get("definedNames")
    if names is not None and not scan.is_empty(names.tag):
        return scan.Edit(names.close, names.close, _NAMES)
    prefix = outline.root.prefix
    whole = b"<%sdefinedNames>%s</%sdefinedNames>" % (prefix, _NAMES, prefix)
    if names is not None:
        return scan.Edit(names.start, names.end, whole)
    at = max(outline.elements[local].end for local in _BEFORE_NAMES if local in outline.elements)
    return scan.Edit(at, at, whole)


def _moved(names: bytes, count: int) -> bytes:
    """Return names of which those of single sheets go along with their sheets, which stand so much further behind."""
    edits = []
    for match in scan.start_tag("definedName").finditer(names) if b"localSheetId" in names else ():
        place = scan.attribute(match[0], "localSheetId")
        if place is not None:
            tag = scan.set_attribute(match[0], "localSheetId", b"%d" % (scan.number(place) + count))
            edits.append(scan.Edit(match.start(), match.end(), tag))
    return scan.apply_edits(names, edits) if edits else names


def _names(new: Sequence[NewSheet]) -> str:
    """Return the names of the new sheets."""
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
    return "".join(xml)
