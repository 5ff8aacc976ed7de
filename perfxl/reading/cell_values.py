"""Cells of a table as the row that they belong to sees them."""

from typing import NamedTuple

from perfxl.model.cells import CellRef
from perfxl.model.columns import BLANK, ERROR, FILLED, MISSING, SHARED
from perfxl.model.grid import Cell, Grid
from perfxl.reading.heading_columns import Column

# A dozen of these tuples are made for every indicator: their constructors take longer than all the rest.
_new = tuple.__new__


class CellValue(NamedTuple):
    """A cell under a heading.

    Attributes:
        cell: None where it is blank.
        ref: Its place; of a merged range the top left cell.
        is_shared: It is merged down from a row above.
    """

    cell: Cell | None
    ref: CellRef
    is_shared: bool

    @property
    def state(self) -> str:
        """What kind of cell it is, see `perfxl.model.columns`."""
        return SHARED if self.is_shared else state_of(self.cell)


def value_at(grid: Grid, row: int, column: Column) -> CellValue:
    """Return the first filled cell under a heading in a row."""
    place = (row, column.left)
    place = grid.covered.get(place, place)
    cell = grid.cells.get(place)
    if cell is None and column.right > column.left:
        cell, place = _first_filled(grid, row, column, place)
    top, left = place
    ref = _new(CellRef, (grid.sheet, top, left, "" if cell is None else cell.text))
    return _new(CellValue, (cell, ref, top != row))


def _first_filled(grid: Grid, row: int, column: Column, place: tuple[int, int]) -> tuple[Cell | None, tuple[int, int]]:
    for number in range(column.left + 1, column.right + 1):
        other = grid.covered.get((row, number), (row, number))
        if (cell := grid.cells.get(other)) is not None:
            return cell, other
    return None, place


def values_at(grid: Grid, row: int, column: Column) -> list[tuple[str, CellRef]]:
    """Return all texts under a heading over several columns of the sheet, in one row."""
    found: dict[tuple[int, int], str] = {}
    for number in range(column.left, column.right + 1):
        place = grid.covered.get((row, number), (row, number))
        if (text := text_of(grid.cells.get(place))) is not None:
            found[place] = text
    return [(text, CellRef(grid.sheet, *place, text)) for place, text in found.items()]


def state_of(cell: Cell | None) -> str:
    """Return whether a cell is filled, blank, an error value or a formula without a stored value."""
    if cell is None:
        return BLANK
    text, _, kind, _ = cell
    if kind == "error":
        return ERROR
    if kind == "missing":
        return MISSING
    return BLANK if not text or text.isspace() else FILLED


def text_of(cell: Cell | None) -> str | None:
    """Return what a cell shows, None where that is nothing."""
    if cell is None:
        return None
    text = cell.text
    return None if not text or text.isspace() else text
