"""Classes in rows of their own among the indicators: a tree that was written into a single column of names."""

from collections.abc import Sequence
from typing import Literal

from perfxl.model.columns import LEVELS
from perfxl.model.grid import Grid
from perfxl.reading.amounts import is_dash, points
from perfxl.reading.blocks import IndicatorBlock
from perfxl.reading.cell_values import value_at
from perfxl.reading.heading_columns import Column
from perfxl.reading.rows import Item

Level = Literal["level1", "level2"]

# What upper and lower classes are called, in the lexicon.
_CLASSES = frozenset({"group", "subgroup"})

# Weights have at most two decimals.
_SAME = 0.005


def class_rows(grid: Grid, block: IndicatorBlock) -> dict[int, tuple[Level, Item]]:
    """Return the numbers of the rows that are classes of the rows below, of which level they are and their names.

    Such a row is called as classes are, has neither target nor actual, and its weight is that of the rows below
    together. Where no weight is, a row of that name is an indicator that was not filled in.
    """
    columns = block.heading.columns
    names = [columns[level] for level in LEVELS if level in columns]
    values = [columns[name] for name in ("target", "actual") if name in columns]
    if len(names) != 1 or not values:
        return {}
    rows = [row for row in block.rows if row.number not in block.subtotals]
    leads = [next((item for item in row.items if names[0].left <= item.left <= names[0].right), None) for row in rows]
    named = [lead.word.sections & _CLASSES if lead is not None else frozenset() for lead in leads]
    words = [
        name if name and _is_blank(grid, row.number, values) else frozenset()
        for row, name in zip(rows, named, strict=True)
    ]
    if not any(words):
        return {}
    weight = columns.get("weight")
    weights = [points(value_at(grid, row.number, weight).cell) if weight is not None else None for row in rows]
    for at, below in enumerate(named[1:]):
        # Two lower names one below the other, the second with values: the first is an indicator that has none.
        if weights[at] is None and "group" not in words[at] and below and not words[at + 1]:
            words[at] = frozenset()
    ends = [_end(at, words, weights) if words[at] else None for at in range(len(rows))]
    if all(end is None for end in ends):
        return {}
    found: dict[int, tuple[Level, Item]] = {}
    open_until = 0
    for at, lead in enumerate(leads):
        # Where one class is beyond doubt, another with another weight than its rows was added up wrongly.
        end = ends[at] or _end_by_words(at, words)
        if lead is None or not words[at] or end is None:
            continue
        is_told = weights[at] is not None and ends[at] is not None
        is_lower = at < open_until and (is_told or not _is_upper(at, words))
        found[lead.row] = ("level2" if is_lower else "level1", lead)
        if not is_lower:
            open_until = end
    return found


def _is_blank(grid: Grid, row: int, values: Sequence[Column]) -> bool:
    """Whether a row has no values but dashes."""
    cells = (value_at(grid, row, column).cell for column in values)
    return all(cell is None or is_dash(cell.text) for cell in cells)


def _end(at: int, words: Sequence[frozenset[str]], weights: Sequence[float | None]) -> int | None:
    """Return the place after the rows of a class; None where it has none."""
    stated = weights[at]
    return _end_by_words(at, words) if stated is None else _end_by_weights(at, words, weights, stated)


def _end_by_weights(
    at: int, words: Sequence[frozenset[str]], weights: Sequence[float | None], stated: float
) -> int | None:
    """Return the place after the rows that have the weight of a class together; None where there are none."""
    total, has_rows = 0.0, False
    for below in range(at + 1, len(words)):
        if not words[below]:
            total, has_rows = total + (weights[below] or 0.0), True
        is_end = below + 1 == len(words) or bool(words[below + 1])
        if is_end and has_rows and abs(total - stated) < _SAME:
            return below + 1
    return None


def _end_by_words(at: int, words: Sequence[frozenset[str]]) -> int | None:
    """Return the place before the next upper class; None where no row is below."""
    end = next((below for below in range(at + 1, len(words)) if _is_upper(below, words)), len(words))
    return end if not all(words[at + 1 : end]) else None


def _is_upper(at: int, words: Sequence[frozenset[str]]) -> bool:
    """Whether a class is an upper one: 成本指标, which may be either, is where another class is right below it."""
    if "subgroup" not in words[at]:
        return "group" in words[at]
    return "group" in words[at] and at + 1 < len(words) and bool(words[at + 1])
