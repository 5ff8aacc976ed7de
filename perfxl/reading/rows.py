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
    for place, (text, _, kind, _) in grid.cells.items():
        if not text or (place in covered and covered[place] != place) or text.isspace():
            continue
        row, column = place
        word = look_up(text) if kind == "text" else NOTHING
        if word is NOTHING and names:
            word = word_of(names, place, lexicon)
        span = spans.get(place)
        if span is None:
            item = _new(Item, (row, column, column, row, text, word))
        else:
            item = _new(Item, (row, column, span.right, span.bottom, text, word))
        if (items := rows.get(row)) is None:
            rows[row] = [item]
        else:
            items.append(item)
    return [_row(number, rows[number]) for number in sorted(rows)]


def _row(number: int, items: list[Item]) -> Row:
    items.sort()  # by column: the row is the same, and no two begin in one column
    columns = money = known = 0
    for item in items:
        word = item.word
        if word is not NOTHING:
            known += 1
            columns += word.column is not None
            money += word.budget_column is not None
    return Row(number, tuple(items), columns, money, known)
