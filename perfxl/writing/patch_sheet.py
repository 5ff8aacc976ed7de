"""Edits of a submitted sheet: fills on cells, the link to its comments, its place among selected sheets."""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from perfxl.model.cells import MAX_COLUMN, Span, column_letters
from perfxl.model.finding import Severity
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
_LETTERS = re.compile(rb"\s*\$?([A-Za-z]{1,3})\$?(\d*)")
_RANGE = re.compile(rb"""ref\s*=\s*["']\s*\$?([A-Za-z]{1,3})\$?0*(\d{1,7}):\$?([A-Za-z]{1,3})\$?0*(\d{1,7})""")
# Rows below the last marked one whose heights still matter for the comments' boxes.
_ROWS_BELOW = 40


@dataclass(slots=True)
class Layout:
    """How large the rows and columns of a sheet are, as far as its comments need it.

    Attributes:
        columns: (first, last, width in characters) as stored, hidden ones with width 0.
        column_width: Of all other columns, in characters.
        rows: Height in points of rows that state one, hidden ones with 0.
        row_height: Of all other rows, in points.
        rights: Last column of marked cells that begin a merged range.
    """

    columns: list[tuple[int, int, float]] = field(default_factory=list)
    column_width: float = 8.43
    rows: dict[int, float] = field(default_factory=dict)
    row_height: float = 15.0
    rights: dict[tuple[int, int], int] = field(default_factory=dict)


class _Row(NamedTuple):
    element: scan.Element
    number: int


def mark_cells(
    data: bytes,
    body: scan.Element,
    wanted: Mapping[tuple[int, int], Severity],
    restyle: Callable[[int, Severity], int],
) -> tuple[bytes, Layout]:
    """Return a sheet with its marked cells in other formats, and the sheet's layout.

    A cell that is not stored is put in, in the format that its row or column gives it.

    Args:
        data: A plain worksheet part.
        body: Its rows.
        wanted: (row, column) from 1 → severity.
        restyle: Gives the format for a cell's format and a severity.
    """
    layout, column_styles = _read_layout(data[: body.start])
    by_row: dict[int, dict[int, Severity]] = {}
    for (row, column), severity in wanted.items():
        by_row.setdefault(row, {})[column] = severity
    edits: list[scan.Edit] = []
    missing = dict(by_row)
    starts: list[tuple[int, int]] = []
    last = max(by_row, default=0)
    for number, match in _rows(data, body):
        starts.append((number, match.start()))
        if b"h" in match[0]:
            _note_height(layout, number, match[0])
        if number in missing:
            stored = _Row(scan.whole(data, "row", match, body.close), number)
            edits += _mark_row(data, stored, missing.pop(number), restyle, column_styles)
        if not missing and number > last + _ROWS_BELOW:
            break
    edits += _new_rows(body, starts, missing, restyle, column_styles)
    return scan.apply_edits(data, edits), layout


def _rows(data: bytes, body: scan.Element) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Yield the numbers and start tags of the stored rows; a row without a number follows the one before it."""
    number = 0
    for match in scan.start_tags(data, "row", body.inner, body.close):
        given = scan.number(match[2] or scan.attribute(match[0], "r"))
        number = given or _number_by_cells(data, scan.whole(data, "row", match, body.close)) or number + 1
        yield number, match


def _number_by_cells(data: bytes, element: scan.Element) -> int:
    """Return the row number that the first cell of a row states; 0 where it states none."""
    match = scan.start_tag("c").search(data, element.inner, element.close)
    place = _LETTERS.match(scan.attribute(match[0], "r") or b"") if match else None
    return scan.number(place[2]) if place else 0


def _note_height(layout: Layout, number: int, tag: bytes) -> None:
    if b"hidden" in tag and scan.is_true(scan.attribute(tag, "hidden")):
        layout.rows[number] = 0.0
    elif b"ht" in tag:
        layout.rows[number] = _decimal(scan.attribute(tag, "ht"), layout.row_height)


def _decimal(value: bytes | None, default: float) -> float:
    try:
        result = float(value or b"")
    except ValueError:
        return default
    return result if 0 <= result < 10_000 else default


def _read_layout(head: bytes) -> tuple[Layout, Sequence[tuple[int, int, int]]]:
    """Return the layout that stands in front of the rows, and (first, last, format) of columns."""
    columns, styles, column_width, row_height = _columns_of(head)
    return Layout(list(columns), column_width, row_height=row_height), styles


@scan.remembered
def _columns_of(
    head: bytes,
) -> tuple[Sequence[tuple[int, int, float]], Sequence[tuple[int, int, int]], float, float]:
    """Return (first, last, width) and (first, last, format) of columns, and the usual width and height."""
    row_height, column_width = 15.0, 8.43
    form = scan.find(head, "sheetFormatPr")
    if form is not None:
        row_height = _decimal(scan.attribute(form.tag, "defaultRowHeight"), 15.0)
        base = _decimal(scan.attribute(form.tag, "baseColWidth"), 8.0) + 0.43
        column_width = _decimal(scan.attribute(form.tag, "defaultColWidth"), base)
    widths, styles = [], []
    for column in scan.find_all(head, "col"):
        first = scan.number(scan.attribute(column.tag, "min"))
        last = scan.number(scan.attribute(column.tag, "max"))
        width = _decimal(scan.attribute(column.tag, "width"), column_width)
        is_hidden = scan.is_true(scan.attribute(column.tag, "hidden"))
        widths.append((first, last, 0.0 if is_hidden else width))
        styles.append((first, last, scan.number(scan.attribute(column.tag, "style"))))
    return widths, styles, column_width, row_height


def _mark_row(
    data: bytes,
    row: _Row,
    wanted: Mapping[int, Severity],
    restyle: Callable[[int, Severity], int],
    column_styles: Sequence[tuple[int, int, int]],
) -> list[scan.Edit]:
    """Return the edits of one stored row."""
    edits = []
    missing = dict(wanted)
    element = row.element
    for column in wanted:
        match = _stored_cell(data, row, column)
        if match is not None:
            edits.append(_restyled(match, missing.pop(column), restyle))
    if not missing:
        return edits
    cells: list[tuple[int, int]] = []
    column = 0
    for match in scan.start_tags(data, "c", element.inner, element.close):
        place = _LETTERS.match(match[2] or scan.attribute(match[0], "r") or b"")
        column = _column(place[1]) if place else column + 1
        cells.append((column, match.start()))
        if column in missing:
            edits.append(_restyled(match, missing.pop(column), restyle))
    if not missing:
        return edits
    row_style = scan.number(scan.attribute(element.tag, "s"), -1)
    if not scan.is_true(scan.attribute(element.tag, "customFormat")):
        row_style = -1
    new = {
        column: _new_cell(element.prefix, row.number, column, severity, restyle, row_style, column_styles)
        for column, severity in sorted(missing.items())
    }
    tag = _without_narrow_spans(element.tag, new)
    if scan.is_empty(tag):
        whole = scan.opened(tag) + b"".join(new.values()) + b"</%srow>" % element.prefix
        return [scan.Edit(element.start, element.end, whole)]
    if tag != element.tag:
        edits.append(scan.Edit(element.start, element.inner, tag))
    for column, xml in new.items():
        at = next((start for number, start in cells if number > column), element.close)
        edits.append(scan.Edit(at, at, xml))
    return edits


def _stored_cell(data: bytes, row: _Row, column: int) -> re.Match[bytes] | None:
    """Return the start tag of a cell that states its place in the usual way, None where there is none such."""
    at = data.find(b' r="%s%d"' % (_letters(column), row.number), row.element.inner, row.element.close)
    if at < 0:
        return None
    match = scan.start_tag("c").match(data, data.rfind(b"<", row.element.inner, at), row.element.close)
    if match is None:
        return None
    # Behind the element's name it is the attribute; further on the same signs may lie within another one's value.
    is_first = at == match.end(1) + 1
    is_it = is_first or scan.attribute(match[0], "r") == data[at + 4 : data.index(b'"', at + 4)]
    return match if is_it else None


@lru_cache(maxsize=MAX_COLUMN)
def _letters(column: int) -> bytes:
    return column_letters(column).encode()


def _restyled(match: re.Match[bytes], severity: Severity, restyle: Callable[[int, Severity], int]) -> scan.Edit:
    style = restyle(scan.number(scan.attribute(match[0], "s")), severity)
    return scan.Edit(match.start(), match.end(), scan.set_attribute(match[0], "s", b"%d" % style, after="r"))


@lru_cache(maxsize=MAX_COLUMN)
def _column(letters: bytes) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column


def _new_cell(
    prefix: bytes,
    row: int,
    column: int,
    severity: Severity,
    restyle: Callable[[int, Severity], int],
    row_style: int,
    column_styles: Sequence[tuple[int, int, int]],
) -> bytes:
    style = row_style
    if style < 0:
        style = next((style for first, last, style in column_styles if first <= column <= last), 0)
    return b'<%sc r="%s%d" s="%d"/>' % (prefix, _letters(column), row, restyle(style, severity))


def _without_narrow_spans(tag: bytes, columns: Mapping[int, bytes]) -> bytes:
    """Return a row's start tag without its hint which columns are filled, where a new cell lies outside."""
    spans = scan.attribute(tag, "spans")
    if spans is None:
        return tag
    first, _, last = spans.partition(b":")
    if scan.number(first) <= min(columns) and max(columns) <= scan.number(last, MAX_COLUMN):
        return tag
    return scan.set_attribute(tag, "spans", None)


def _new_rows(
    body: scan.Element,
    starts: list[tuple[int, int]],
    missing: Mapping[int, Mapping[int, Severity]],
    restyle: Callable[[int, Severity], int],
    column_styles: Sequence[tuple[int, int, int]],
) -> list[scan.Edit]:
    """Return the edits that put in rows which are not stored."""
    if not missing:
        return []
    prefix = body.prefix
    rows: list[tuple[int, bytes]] = []
    for number, columns in sorted(missing.items()):
        cells = b"".join(
            _new_cell(prefix, number, column, severity, restyle, -1, column_styles)
            for column, severity in sorted(columns.items())
        )
        rows.append((number, b'<%srow r="%d">%s</%srow>' % (prefix, number, cells, prefix)))
    if scan.is_empty(body.tag):
        whole = scan.opened(body.tag) + b"".join(xml for _, xml in rows) + b"</%ssheetData>" % prefix
        return [scan.Edit(body.start, body.end, whole)]
    # In front of the first later row. Stored rows stand in order but for damaged files, where any place will do.
    numbers = [number for number, _ in starts]
    in_order = all(a <= b for a, b in pairwise(numbers))
    edits = []
    for number, xml in rows:
        if in_order:
            place = bisect_left(numbers, number)
        else:
            place = next((index for index, other in enumerate(numbers) if other > number), len(numbers))
        at = starts[place][1] if place < len(starts) else body.close
        edits.append(scan.Edit(at, at, xml))
    return edits


def merged_spans(data: bytes, body: scan.Element, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], Span]:
    """Return the merged ranges that hold any of some cells; cells in none are left out.

    A merged range shows its top left cell alone, and programs drop comments from the others.

    Args:
        data: A plain worksheet part.
        body: Its rows.
        places: (row, column) of the cells, from 1.
    """
    spans: dict[tuple[int, int], Span] = {}
    merges = scan.find(data, "mergeCells", body.end)
    if merges is None:
        return spans
    wanted = sorted(places)
    rows = {b"%d" % row for row, _ in wanted}
    for first, first_row, last, last_row in _RANGE.findall(data, merges.inner, merges.close):
        # Most ranges lie in one row that has no mark; to see so needs no numbers.
        if first_row == last_row and first_row not in rows:
            continue
        top, bottom, left, right = int(first_row), int(last_row), _column(first), _column(last)
        for place in range(bisect_left(wanted, (top, 0)), len(wanted)):
            row, column = wanted[place]
            if row > bottom:
                break
            if left <= column <= right:
                spans.setdefault((row, column), Span(top, left, bottom, right))
    return spans


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


def legacy_link(data: bytes, relationships: str) -> LegacyLink:
    """Return a sheet's link to its comment boxes, or the place for one."""
    root = scan.root(data)
    place = None
    for local, element in scan.children(data, _tail(data), root.close):
        if local == "legacyDrawing":
            return LegacyLink(_relationship_id(root, element, relationships), element.start, element.end)
        if place is None and (
            local in _AFTER_LEGACY_DRAWING
            or (local == "AlternateContent" and _IN_ALTERNATIVES.search(data, element.inner, element.close))
        ):
            place = element.start
    at = root.close if place is None else place
    return LegacyLink(None, at, at)


def _tail(data: bytes) -> int:
    body = scan.find(data, "sheetData")
    return body.end if body else scan.root(data).inner


def _relationship_id(root: scan.Element, element: scan.Element, relationships: str) -> str | None:
    prefix = scan.namespace_prefix(element.tag, relationships) or scan.namespace_prefix(root.tag, relationships)
    value = scan.attribute(element.tag, f"{(prefix or b'r').decode()}:id")
    return None if value is None else value.decode("utf-8", "replace")


def set_legacy_link(data: bytes, link: LegacyLink, identifier: str, relationships: str) -> bytes:
    """Return a sheet with a link to its comment boxes in place of the one that `legacy_link` gave."""
    root = scan.root(data)
    known = scan.namespace_prefix(root.tag, relationships)
    declaration = "" if known else f' xmlns:r="{relationships}"'
    name = (root.prefix + b"legacyDrawing").decode()
    xml = f'<{name}{declaration} {(known or b"r").decode()}:id="{identifier}"/>'.encode()
    return data[: link.start] + xml + data[link.stop :]


def is_selected(data: bytes) -> bool:
    """Whether a sheet is among the selected ones; a cheap look at its head, in any encoding."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        data = data.replace(b"\0", b"")
    stop = data.find(b"sheetData")
    return data.find(b"tabSelected", 0, len(data) if stop < 0 else stop) >= 0


def deselect(data: bytes) -> bytes:
    """Return a sheet that is not selected: selected sheets are edited together, unseen."""
    edits = []
    views = scan.find(data, "sheetViews") if is_selected(data) else None
    if views is not None:
        for match in scan.start_tag("sheetView").finditer(data, views.inner, views.close):
            tag = scan.set_attribute(match[0], "tabSelected", None)
            if tag != match[0]:
                edits.append(scan.Edit(match.start(), match.end(), tag))
    return scan.apply_edits(data, edits) if edits else data
