"""Edits of a submitted sheet: fills on cells."""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from perfxl.model.cells import MAX_COLUMN, Span, column_letters
from perfxl.model.finding import Severity
from perfxl.model.remembered import Remembered
from perfxl.writing import scan
from perfxl.writing.sheet_outline import Columns, Outline, stated_height

_LETTERS = re.compile(rb"\s*\$?([A-Za-z]{1,3})\$?(\d*)")
_RANGE = re.compile(rb"\s*\$?([A-Za-z]{1,3})\$?0*(\d{1,7}):\$?([A-Za-z]{1,3})\$?0*(\d{1,7})")
# Rows below the last marked one whose heights still matter for the comments' boxes.
_ROWS_BELOW = 40


@dataclass(slots=True)
class Layout:
    """How large the rows and columns of a sheet are, in pixels, as far as its comments need it.

    Attributes:
        columns: Its columns.
        row_height: Of rows that state none.
        rows: Height of rows that state one, hidden ones with 0.
        rights: Last column of marked cells that begin a merged range.
    """

    columns: Columns = field(default_factory=Columns)
    row_height: int = 20
    rows: dict[int, int] = field(default_factory=dict)
    rights: dict[tuple[int, int], int] = field(default_factory=dict)


def mark_cells(
    data: bytes,
    lies: Outline,
    wanted: Mapping[tuple[int, int], Severity],
    restyle: Callable[[int, Severity], int],
) -> tuple[list[scan.Edit], Layout]:
    """Return the edits that put a sheet's marked cells into other formats, and the sheet's layout.

    A cell that is not stored is put in, in the format that its row or column gives it.

    Args:
        data: A plain worksheet part.
        lies: Its outline.
        wanted: (row, column) from 1 → severity.
        restyle: Gives the format for a cell's format and a severity.
    """
    head, body, _ = lies
    layout = Layout(head.columns, head.row_height)
    missing: dict[int, dict[int, Severity]] = {}
    for (row, column), severity in wanted.items():
        missing.setdefault(row, {})[column] = severity
    edits: list[scan.Edit] = []
    last = max(missing, default=0)
    for number, match in _rows(data, body):
        attributes = match[3]
        if b"h" in attributes and (height := stated_height(attributes)) is not None:
            layout.rows[number] = height
        if number in missing:
            stored = scan.whole(data, "row", match, body.close)
            edits += _mark_row(data, stored, number, missing.pop(number), restyle, head.column_styles)
        if not missing and number > last + _ROWS_BELOW:
            break
    if missing:
        edits += _new_rows(data, body, missing, restyle, head.column_styles)
    return edits, layout


def _rows(data: bytes, body: scan.Element) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Yield the numbers and start tags of the stored rows; a row without a number follows the one before it."""
    number = 0
    for match in scan.start_tags(data, "row", body.inner, body.close):
        usual = match[2]
        is_usual = usual is not None and usual.isdigit() and len(usual) < 8
        given = int(usual) if is_usual else scan.number(scan.attribute(match[0], "r"))
        number = given or _number_by_cells(data, scan.whole(data, "row", match, body.close)) or number + 1
        yield number, match


def _number_by_cells(data: bytes, element: scan.Element) -> int:
    """Return the row number that the first cell of a row states; 0 where it states none."""
    match = scan.start_tag("c").search(data, element.inner, element.close)
    place = _LETTERS.match(scan.attribute(match[0], "r") or b"") if match else None
    return scan.number(place[2]) if place else 0


def _mark_row(
    data: bytes,
    element: scan.Element,
    number: int,
    wanted: Mapping[int, Severity],
    restyle: Callable[[int, Severity], int],
    column_styles: Sequence[tuple[int, int, int]],
) -> list[scan.Edit]:
    """Return the edits of one stored row."""
    edits = []
    missing = dict(wanted)
    for column in wanted:
        # All programs write cells so; what begins with the tag's own sign lies in no value.
        usual = b'<%sc r="%s%d" s="' % (element.prefix, _letters(column), number)
        at = data.find(usual, element.inner, element.close) + len(usual)
        if at >= len(usual):
            stop = data.index(b'"', at)
            style = restyle(scan.number(data[at:stop]), missing.pop(column))
            edits.append(scan.Edit(at, stop, b"%d" % style))
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
        column: _new_cell(element.prefix, number, column, severity, restyle, row_style, column_styles)
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
    data: bytes,
    body: scan.Element,
    missing: Mapping[int, Mapping[int, Severity]],
    restyle: Callable[[int, Severity], int],
    column_styles: Sequence[tuple[int, int, int]],
) -> list[scan.Edit]:
    """Return the edits that put in rows which are not stored."""
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
    starts = [(number, match.start()) for number, match in _rows(data, body)]
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


def merged_spans(data: bytes, lies: Outline, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], Span]:
    """Return the merged ranges that hold any of some cells; cells in none are left out.

    A merged range shows its top left cell alone, and programs drop comments from the others.

    Args:
        data: A plain worksheet part.
        lies: Its outline.
        places: (row, column) of the cells, from 1.
    """
    spans: dict[tuple[int, int], Span] = {}
    merges = lies.merges
    if merges is None:
        return spans
    wanted = sorted(places)
    # Most ranges lie in one row that has no mark; a range of several rows is known by the row 0.
    rows = {0, *(row for row, _ in wanted)}
    # All values of attributes: a range has but one.
    values = data[merges.inner : merges.close].replace(b"'", b'"').split(b'"')[1::2]
    for row, (top, left, bottom, right) in [known for known in map(_RANGES.__getitem__, values) if known[0] in rows]:
        for place in range(bisect_left(wanted, (top, 0)), len(wanted)):
            row, column = wanted[place]
            if row > bottom:
                break
            if left <= column <= right:
                spans.setdefault((row, column), Span(top, left, bottom, right))
    return spans


_MOST_RANGES = 4096


_NO_RANGE = -1, Span(0, 0, 0, 0)


def _range(reference: bytes) -> tuple[int, Span]:
    """Return the row of a range such as B2:C2, 0 where it has several, and its place; -1 for what is no range."""
    match = _RANGE.match(reference)
    if match is None:
        return _NO_RANGE
    top, bottom = int(match[2]), int(match[4])
    return (top if top == bottom else 0), Span(top, _column(match[1]), bottom, _column(match[3]))


def _is_range(reference: bytes, known: tuple[int, Span]) -> bool:
    return known is not _NO_RANGE


# The forms of a batch have the same few hundred ranges.
_RANGES = Remembered(_range, _MOST_RANGES, _is_range)
