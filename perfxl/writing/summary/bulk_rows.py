"""Rows in bulk as XML. Workers write some too, so the library that makes the rest of the summary is not loaded here."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import BinaryIO

from perfxl.writing.page import text_width
from perfxl.writing.sheet_xml import cell_contents

Value = str | float | int | None

# Height of a line in points; a row is no higher than a person reads at a glance.
_LINE, _MOST_LINES = 13.5, 12
# Rows that go to the file together.
_AT_ONCE = 64


def write_rows(
    file: BinaryIO,
    first: int,
    rows: Iterable[Sequence[Value]],
    frame: bytes,
    wrapped: Sequence[tuple[int, float]] = (),
) -> int:
    """Write rows as XML; return the row after the last one.

    Args:
        file: Where to.
        first: Where they begin in the sheet, from 0.
        rows: Their values, from column A on.
        frame: See `row_frame`.
        wrapped: (column, width) of the columns whose texts the rows are made high enough for.
    """
    number, height, elements = first, b"", []
    for row in rows:
        number += 1
        if wrapped:
            lines = max([_lines(row[column], width) for column, width in wrapped])
            height = b' ht="%.15g" customHeight="1"' % (_LINE * lines + 2) if lines > 1 else b""
        elements.append(b'<row r="%d"%b>%b</row>' % (number, height, frame % cell_contents(row)))
        if len(elements) == _AT_ONCE:
            file.write(b"".join(elements))
            elements.clear()
    file.write(b"".join(elements))
    return number


@lru_cache(maxsize=4096)
def _lines(value: Value, width: float) -> int:
    """Return how many lines a text takes in a column, remembered: most advice is given many times."""
    # No text is wider than all its characters taken as wide ones: most need not be looked at.
    if not isinstance(value, str) or (len(value) * 2 <= width and "\n" not in value):
        return 1
    room = max(int(width) - 1, 4)
    return min(sum(max(1, -(-text_width(part) // room)) for part in value.splitlines()), _MOST_LINES)
