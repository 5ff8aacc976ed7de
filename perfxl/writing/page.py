"""A fresh sheet put together row by row: merges told with the row, rows as high as their texts."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from unicodedata import east_asian_width

from perfxl.model.cells import Span, parse_a1
from perfxl.writing.sheet_model import Link, SheetCell, SheetRow
from perfxl.writing.styles import StyleName

# Height of a line of the 10-point body font, in points.
_LINE = 13.5


class Page:
    """The rows of a sheet with their merged ranges.

    Attributes:
        widths: Of the columns, in half-width characters.
        rows: What was added so far.
        merges: The merged ranges of these rows.
    """

    def __init__(self, widths: Sequence[float]) -> None:
        self.widths = tuple(widths)
        self.rows: list[SheetRow] = []
        self.merges: list[Span] = []

    @property
    def last(self) -> int:
        """Return the number of the row that was added last."""
        return len(self.rows)

    def add(
        self, cells: Iterable[SheetCell] = (), merge: Sequence[tuple[int, int]] = (), height: float | None = None
    ) -> None:
        """Add a row.

        Args:
            cells: From column A on.
            merge: (first, last) columns that are merged, from 1.
            height: In points; None fits the row to its texts, which no program does for merged cells and not
                every program for others.
        """
        cells = list(cells)
        number = len(self.rows) + 1
        self.merges += [Span(number, left, number, right) for left, right in merge]
        self.rows.append(SheetRow(cells, height if height is not None else self._fitting(cells, tuple(merge))))

    def add_line(self, text: str, style: StyleName, height: float | None = None) -> None:
        """Add a row with one text across the whole width."""
        width = len(self.widths)
        self.add([SheetCell(text, style), *[SheetCell(None, style)] * (width - 1)], [(1, width)], height)

    def _fitting(self, cells: Sequence[SheetCell], merge: tuple[tuple[int, int], ...]) -> float:
        lines = 1
        for cell, room in zip(cells, _rooms(self.widths, merge), strict=False):
            text = cell.value
            # No text is wider than all its characters taken as wide ones: most need not be looked at.
            if isinstance(text, str) and (len(text) * 2 > room or "\n" in text):
                lines = max(lines, sum(max(1, -(-text_width(part) // room)) for part in text.splitlines()))
        return max(_LINE * lines + 3, 16.0)


@lru_cache(maxsize=256)
def _rooms(widths: tuple[float, ...], merge: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    """Return how many half-width characters a line takes in each column; a merged range counts at its first."""
    right = dict(merge)
    return tuple(
        max(int(sum(widths[column - 1 : right.get(column, column)])) - 1, 4) for column in range(1, len(widths) + 1)
    )


class _Widths(dict[str, int]):
    """Character → how many half-width ones it takes."""

    def __missing__(self, character: str) -> int:
        width = self[character] = 2 if east_asian_width(character) in "WFA" else 1
        return width


_WIDTHS = _Widths()


@lru_cache(maxsize=4096)
def text_width(text: str) -> int:
    """Return how many half-width characters a text takes."""
    return sum(map(_WIDTHS.__getitem__, text))


def link_to(reference: str | None) -> Link | None:
    """Return the link to a cell such as `自评表!H12`; None for None."""
    if not reference:
        return None
    sheet, _, place = reference.rpartition("!")
    return Link(sheet, *parse_a1(place))


def blanks(count: int, style: StyleName = "text_wrap") -> list[SheetCell]:
    """Return blank cells, which have borders all the same."""
    return [SheetCell(None, style)] * count
