"""A fresh sheet put together row by row: rows as high as their texts."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from unicodedata import east_asian_width

from perfxl.model.cells import parse_a1
from perfxl.writing.sheet_model import BLANK, Link, Links, Merges, RowKind, SheetRow, Value
from perfxl.writing.styles import StyleName, alike

# Height of a line of the 10-point body font, and what a row has besides, in points.
_LINE, _PADDING = 13.5, 3
# Some forty rows are made for every file: the constructor of a NamedTuple takes twice the time.
_new = tuple.__new__


class Page:
    """The rows of a sheet.

    Attributes:
        widths: Of the columns, in half-width characters.
        rows: What was added so far.
    """

    def __init__(self, widths: tuple[float, ...]) -> None:
        self.widths = widths
        self.rows: list[SheetRow] = []
        self._rooms = _rooms_of(widths)

    @property
    def last(self) -> int:
        """Return the number of the row that was added last."""
        return len(self.rows)

    def add(
        self, values: Sequence[Value] = (), kind: RowKind = BLANK, links: Links = (), height: float | None = None
    ) -> None:
        """Add a row.

        Args:
            values: As in `SheetRow`.
            kind: As in `SheetRow`.
            links: As in `SheetRow`.
            height: In points; None fits the row to its texts, which no program does for merged cells and not
                every program for others.
        """
        if height is None:
            lines = 1
            for text, room in zip(values, self._rooms[kind], strict=False):
                # No text is wider than all its characters taken as wide ones: most need not be looked at.
                if isinstance(text, str) and (len(text) * 2 > room or "\n" in text):
                    lines = max(lines, _text_lines(text, room))
            height = _LINE * lines + _PADDING
        self.rows.append(_new(SheetRow, (values, kind, links, height)))

    def add_heading(self, words: Sequence[str], merges: Merges = (), height: float | None = None) -> None:
        """Add a row of column headings, one for each merged range."""
        self.add(words, _heading(len(words), merges), height=height)

    def add_line(self, text: str, style: StyleName, height: float | None = None) -> None:
        """Add a row with one text across the whole width."""
        self.add([text], _line(len(self.widths), style), height=height)


@cache
def _heading(words: int, merges: Merges) -> RowKind:
    return RowKind(alike("header", words + sum(right - left for left, right in merges)), merges)


@cache
def _line(width: int, style: StyleName) -> RowKind:
    return RowKind(alike(style, width), ((1, width),))


class _Rooms(dict[RowKind, tuple[int, ...]]):
    """Kind of a row → how many half-width characters a line of each value takes."""

    def __init__(self, widths: tuple[float, ...]) -> None:
        self._widths = widths

    def __missing__(self, kind: RowKind) -> tuple[int, ...]:
        widths, right = self._widths, dict(kind.merges)
        rooms = self[kind] = tuple(
            max(int(sum(widths[column - 1 : right.get(column, column)])) - 1, 4) for column in kind.columns
        )
        return rooms


@lru_cache(maxsize=16)
def _rooms_of(widths: tuple[float, ...]) -> _Rooms:
    """Return the rooms in a sheet's columns, the same in every file."""
    return _Rooms(widths)


def _text_lines(text: str, room: int) -> int:
    # The same messages and labels come again and again; long texts do not, and would fill the memory.
    return (_kept_lines if len(text) < _LONG else _count_lines)(text, room)


_LONG = 512


def _count_lines(text: str, room: int) -> int:
    return sum(max(1, -(-_width(part) // room)) for part in text.splitlines())


_kept_lines = lru_cache(maxsize=4096)(_count_lines)


class _Widths(dict[str, int]):
    """Character → how many half-width ones it takes."""

    def __missing__(self, character: str) -> int:
        width = self[character] = 2 if east_asian_width(character) in "WFA" else 1
        return width


_WIDTHS = _Widths()


@lru_cache(maxsize=4096)
def text_width(text: str) -> int:
    """Return how many half-width characters a text takes."""
    return _width(text)


def _width(text: str) -> int:
    # Of these signs one byte makes one column, and three make two.
    if _RARE.search(text) is None:
        return (len(text) + len(text.encode())) // 2
    return sum(map(_WIDTHS.__getitem__, text))


_RARE = re.compile("[^\x20-\x7e\u4e00-\u9fff\u3001-\u3003\u3008-\u3011\uff01-\uff5e“”‘’…—≥≤]")


@lru_cache(maxsize=4096)
def links_to(column: int, reference: str | None) -> Links:
    """Return the link from a column to a cell such as `自评表!H12`; none for None."""
    if not reference:
        return ()
    sheet, _, place = reference.rpartition("!")
    return ((column, Link(sheet, *parse_a1(place))),)
