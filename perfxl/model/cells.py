"""Places in a workbook: columns, cells and rectangles of cells."""

import re
from functools import lru_cache
from typing import NamedTuple

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_A1 = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")


@lru_cache(maxsize=MAX_COLUMN)
def column_letters(column: int) -> str:
    """Return the letters of a column counted from 1: 1 → A, 28 → AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def parse_a1(text: str) -> tuple[int, int]:
    """Return (row, column), both from 1, of a reference such as `H12` or `$h$12`.

    Raises:
        ValueError: `text` is no cell of a worksheet.
    """
    match = _A1.fullmatch(text)
    if match is None:
        raise ValueError(text)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    if row > MAX_ROW or column > MAX_COLUMN:
        raise ValueError(text)
    return row, column


@lru_cache(maxsize=65536)
def a1(row: int, column: int) -> str:
    """Return the reference of a cell, rows and columns from 1: (12, 8) → H12."""
    return f"{column_letters(column)}{row}"


class CellRef(NamedTuple):
    """One cell of a workbook and the text that a person sees in it.

    Rows and columns count from 1; it prints as `自评表!H12`. `text` is "" for a blank cell.
    """

    sheet: str
    row: int
    column: int
    text: str = ""

    def __str__(self) -> str:
        return f"{self.sheet}!{a1(self.row, self.column)}"


class Span(NamedTuple):
    """A rectangle of cells, both corners included, rows and columns from 1."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{a1(self.top, self.left)}:{a1(self.bottom, self.right)}"

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies in the rectangle."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right
