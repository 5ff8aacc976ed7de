"""Where the pieces of a submitted sheet lie, and where the link to its comments is or has to be.

What stands in front of the rows, and behind them but for the merged ranges, is the same in files of one template:
it is looked through once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from perfxl.model.remembered import by_content
from perfxl.writing import scan

# What may stand behind <legacyDrawing> in a worksheet, in this order by the schema.
_AFTER_LEGACY_DRAWING = frozenset(
    {
        "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
    }
)  # fmt: skip
_IN_ALTERNATIVES = re.compile(
    rb"<(?:[^\s<>/:]+:)?(?:legacyDrawingHF|drawingHF|picture|oleObjects|controls|tableParts)\b"
)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """How wide the columns of a sheet are, in pixels.

    Attributes:
        widths: (first, last, width) as stored, hidden ones with width 0.
        usual: Width of all other columns.
    """

    widths: Sequence[tuple[int, int, int]] = ()
    usual: int = 64

    def width(self, column: int) -> int:
        """Return the width of a column."""
        return next((width for first, last, width in self.widths if first <= column <= last), self.usual)


class Head(NamedTuple):
    """What stands in front of a sheet's rows.

    Attributes:
        root: The start tag of the sheet.
        rows: The start tag of its rows.
        columns: How wide its columns are.
        column_styles: (first, last, format) of columns.
        row_height: Of rows that state none, in pixels.
    """

    root: bytes
    rows: re.Match[bytes]
    columns: Columns
    column_styles: Sequence[tuple[int, int, int]]
    row_height: int


class Outline(NamedTuple):
    """Where the pieces of a sheet lie.

    Attributes:
        head: What stands in front of its rows.
        body: Its rows.
        merges: Its merged ranges, None where it has none.
    """

    head: Head
    body: scan.Element
    merges: scan.Element | None


def outline(data: bytes) -> Outline | None:
    """Return the outline of a plain worksheet part; None where it has no element for rows."""
    head = _head(data[: data.find(b">", data.find(b"sheetData")) + 1])
    if head is None:
        # The letters may stand elsewhere before, within a name say.
        tag = scan.start_tag("sheetData").search(data)
        head = None if tag is None else _head(data[: tag.end()])
    if head is None:
        return None
    body = scan.whole(data, "sheetData", head.rows, len(data))
    return Outline(head, body, scan.find(data, "mergeCells", body.end))


@by_content
def _head(head: bytes) -> Head | None:
    """Return what a part up to the start tag of its rows says; None where that tag is not there."""
    rows = scan.start_tag("sheetData").search(head)
    if rows is None:
        return None
    points, width = 15.0, 8.43
    form = scan.find(head, "sheetFormatPr")
    if form is not None:
        points = _decimal(scan.attribute(form.tag, "defaultRowHeight"), points)
        base = _decimal(scan.attribute(form.tag, "baseColWidth"), 8.0) + 0.43
        width = _decimal(scan.attribute(form.tag, "defaultColWidth"), base)
    widths, styles = [], []
    for column in scan.find_all(head, "col"):
        first = scan.number(scan.attribute(column.tag, "min"))
        last = scan.number(scan.attribute(column.tag, "max"))
        is_hidden = scan.is_true(scan.attribute(column.tag, "hidden"))
        own = 0.0 if is_hidden else _decimal(scan.attribute(column.tag, "width"), width)
        widths.append((first, last, _column_pixels(own)))
        styles.append((first, last, scan.number(scan.attribute(column.tag, "style"))))
    columns = Columns(widths, _column_pixels(width))
    return Head(scan.root(head).tag, rows, columns, styles, _row_pixels(points))


def _column_pixels(width: float) -> int:
    """Return a width in letters of the usual font in pixels at 96 dpi."""
    return round(width * 7 + 5) if width else 0


def _row_pixels(points: float) -> int:
    """Return a height in points in pixels at 96 dpi."""
    return round(points * 4 / 3)


@lru_cache(maxsize=1024)
def stated_height(attributes: bytes) -> int | None:
    """Return the height in pixels that the attributes of a row state, 0 where it is hidden; None for none."""
    tag = b"<row" + attributes
    if b"hidden" in tag and scan.is_true(scan.attribute(tag, "hidden")):
        return 0
    points = _decimal(scan.attribute(tag, "ht"), -1.0)
    return None if points < 0 else _row_pixels(points)


def _decimal(value: bytes | None, default: float) -> float:
    try:
        result = float(value or b"")
    except ValueError:
        return default
    return result if 0 <= result < 10_000 else default


class LegacyLink(NamedTuple):
    """The link from a sheet to the drawing that holds its comment boxes.

    Attributes:
        identifier: Of the relationship, None where there is no link.
        start: Where the link is, or where the schema wants it.
        stop: Behind it.
    """

    identifier: str | None
    start: int
    stop: int


def legacy_link(data: bytes, lies: Outline, relationships: str) -> LegacyLink:
    """Return a sheet's link to its comment boxes, or the place for one.

    Args:
        data: A plain worksheet part.
        lies: Its outline.
        relationships: Namespace of relationship ids.
    """
    start = lies.body.end
    if lies.merges is None:
        tail, cut, gap = data[start:], len(data), 0
    else:
        cut, gap = lies.merges.inner, lies.merges.close - lies.merges.inner
        tail = data[start:cut] + data[lies.merges.close :]
    identifier, first, last = _link_in(tail, lies.head.root, relationships)
    start += gap if start + first >= cut else 0
    return LegacyLink(identifier, start + first, start + last)


@by_content
def _link_in(tail: bytes, root: bytes, relationships: str) -> LegacyLink:
    """Return the link in what stands behind the rows, merged ranges left out, or the place for one there."""
    place = close = tail.rfind(b"</")
    for local, element in scan.children(tail, 0, close):
        if local == "legacyDrawing":
            return LegacyLink(_relationship_id(root, element, relationships), element.start, element.end)
        if place == close and (
            local in _AFTER_LEGACY_DRAWING
            or (local == "AlternateContent" and _IN_ALTERNATIVES.search(tail, element.inner, element.close))
        ):
            place = element.start
    return LegacyLink(None, place, place)


def _relationship_id(root: bytes, element: scan.Element, relationships: str) -> str | None:
    prefix = scan.namespace_prefix(element.tag, relationships) or scan.namespace_prefix(root, relationships)
    value = scan.attribute(element.tag, f"{(prefix or b'r').decode()}:id")
    return None if value is None else value.decode("utf-8", "replace")


@by_content
def link_element(root: bytes, identifier: str, relationships: str) -> bytes:
    """Return the link to a drawing with comment boxes, for a sheet with such a start tag."""
    known = scan.namespace_prefix(root, relationships)
    declaration = "" if known else f' xmlns:r="{relationships}"'
    prefix, colon, _ = scan.element_name(root).rpartition(b":")
    name = (prefix + colon + b"legacyDrawing").decode()
    return f'<{name}{declaration} {(known or b"r").decode()}:id="{identifier}"/>'.encode()


def is_selected(data: bytes) -> bool:
    """Whether a sheet is among the selected ones; a cheap look at its head, in any encoding."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        data = data.replace(b"\0", b"")
    stop = data.find(b"sheetData")
    return data.find(b"tabSelected", 0, len(data) if stop < 0 else stop) >= 0


def deselect(data: bytes) -> bytes:
    """Return a sheet that is not selected: selected sheets are edited together, unseen."""
    stop = data.find(b"sheetData")
    head = data if stop < 0 else data[:stop]
    new = _deselected(head)
    return data if new == head else new + data[len(head) :]


@by_content
def _deselected(head: bytes) -> bytes:
    views = scan.find(head, "sheetViews") if b"tabSelected" in head else None
    if views is None:
        return head
    edits = []
    for match in scan.start_tag("sheetView").finditer(head, views.inner, views.close):
        tag = scan.set_attribute(match[0], "tabSelected", None)
        if tag != match[0]:
            edits.append(scan.Edit(match.start(), match.end(), tag))
    return scan.apply_edits(head, edits) if edits else head
