"""A fresh sheet put together row by row: rows as high as their texts."""

from collections.abc import Sequence
from functools import lru_cache
from unicodedata import east_asian_width

from perfxl.model.cells import parse_a1
from perfxl.writing.sheet_model import Link, Links, Merges, SheetRow, Value
from perfxl.writing.styles import RowStyles, StyleName, alike

# Height of a line of the 10-point body font, and what a row has besides, in points.
_LINE, _PADDING = 13.5, 3


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
        self,
        values: Sequence[Value] = (),
        styles: RowStyles = (),
        merges: Merges = (),
        links: Links = (),
        height: float | None = None,
    ) -> None:
        """Add a row.

        Args:
            values: From column A on.
            styles: As many.
            merges: As in `SheetRow`.
            links: As in `SheetRow`.
            height: In points; None fits the row to its texts, which no program does for merged cells and not
                every program for others.
        """
        if height is None:
            height = _LINE * self._lines(values, merges) + _PADDING
        self.rows.append(SheetRow(values, styles, links, merges, height))

    def add_heading(self, words: Sequence[str | None], merges: Merges = (), height: float | None = None) -> None:
        """Add a row of column headings."""
        self.add(words, alike("header", len(words)), merges, height=height)

    def add_line(self, text: str, style: StyleName, height: float | None = None) -> None:
        """Add a row with one text across the whole width."""
        width = len(self.widths)
        self.add([text, *[None] * (width - 1)], alike(style, width), ((1, width),), height=height)

    def _lines(self, values: Sequence[Value], merges: Merges) -> int:
        lines = 1
        for text, room in zip(values, self._rooms[merges], strict=False):
            # No text is wider than all its characters taken as wide ones: most need not be looked at.
            if isinstance(text, str) and (len(text) * 2 > room or "\n" in text):
                lines = max(lines, _text_lines(text, room))
        return lines


class _Rooms(dict[Merges, tuple[int, ...]]):
    """Merged columns → how many half-width characters a line takes in each column; a range counts at its first."""

    def __init__(self, widths: tuple[float, ...]) -> None:
        self._widths = widths

    def __missing__(self, merges: Merges) -> tuple[int, ...]:
        widths, right = self._widths, dict(merges)
        rooms = self[merges] = tuple(
            max(int(sum(widths[column - 1 : right.get(column, column)])) - 1, 4) for column in range(1, len(widths) + 1)
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
    return sum(map(_WIDTHS.__getitem__, text))


@lru_cache(maxsize=4096)
def links_to(column: int, reference: str | None) -> Links:
    """Return the link from a column to a cell such as `自评表!H12`; none for None."""
    if not reference:
        return ()
    sheet, _, place = reference.rpartition("!")
    return ((column, Link(sheet, *parse_a1(place))),)
