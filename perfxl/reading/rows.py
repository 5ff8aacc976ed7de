"""The filled rows of a sheet with what each cell's text may stand for."""

from typing import NamedTuple

from perfxl.forms.lexicon import NOTHING, Lexicon, Word
from perfxl.model.cells import CellRef
from perfxl.model.grid import Grid
from perfxl.reading.names import intact_names, word_of

# Made for every filled cell of a batch: the constructor of a NamedTuple takes twice the time.
_new = tuple.__new__


class Item(NamedTuple):
    """One filled cell, or merged range, in the row where it begins.

    Attributes:
        row: Row of its top left cell, from 1.
        left: First column, from 1.
        right: Last column.
        bottom: Last row.
        text: What it shows.
        word: What the text may stand for.
    """

    row: int
    left: int
    right: int
    bottom: int
    text: str
    word: Word

    def ref(self, grid: Grid) -> CellRef:
        """Return its place and text."""
        return CellRef(grid.sheet, self.row, self.left, self.text)


class Row(NamedTuple):
    """A row with at least one filled cell that begins in it.

    Attributes:
        number: Its number, from 1.
        items: From left to right.
        columns: How many of the items could head an indicator column.
        money: How many of them could head a budget column.
        known: How many of them stand for something.
    """

    number: int
    items: tuple[Item, ...]
    columns: int
    money: int
    known: int


def filled_rows(grid: Grid, lexicon: Lexicon) -> list[Row]:
    """Return the rows of a sheet that show a text, from the top; what a merged range hides is left out."""
    covered, spans, look_up = grid.covered, grid.spans, lexicon.look_up
    names = intact_names(grid, lexicon)
    rows: dict[int, list[Item]] = {}
    number, items = 0, []
    for place, (text, _, kind, _) in grid.cells.items():
        # The cell that a merged range shows is the one that it begins with; others within it are hidden.
        span = spans.get(place)
        if not text or (span is None and place in covered) or text.isspace():
            continue
        row, column = place
        word = look_up(text) if kind == "text" else NOTHING
        if word is NOTHING and names:
            word = word_of(names, place, lexicon)
        if row != number:
            number, items = row, rows.setdefault(row, [])
        if span is None:
            items.append(_new(Item, (row, column, column, row, text, word)))
        else:
            items.append(_new(Item, (row, column, span.right, span.bottom, text, word)))
    return [_row(number, rows[number]) for number in sorted(rows)]


def _row(number: int, items: list[Item]) -> Row:
    items.sort()  # by column: the row is the same, and no two begin in one column
    words = [item.word for item in items if item.word is not NOTHING]
    columns = money = 0
    for word in words:
        columns += word.column is not None
        money += word.budget_column is not None
    return _new(Row, (number, tuple(items), columns, money, len(words)))
