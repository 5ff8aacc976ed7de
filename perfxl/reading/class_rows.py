"""Classes in rows of their own among the indicators: a tree that was written into a single column of names."""

from collections.abc import Sequence
from typing import Literal

from perfxl.model.grid import Grid
from perfxl.reading.amounts import is_dash, points
from perfxl.reading.blocks import IndicatorBlock
from perfxl.reading.cell_values import value_at
from perfxl.reading.heading_columns import LEVELS, Column
from perfxl.reading.rows import Item

Level = Literal["level1", "level2"]

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
    words = [_class_words(grid, lead, values) for lead in leads]
    if not any(words):
        return {}
    weight = columns.get("weight")
    weights = [points(value_at(grid, row.number, weight).cell) if weight is not None else None for row in rows]
    ends = [
        (_end_by_weights if weights[at] is not None else _end_by_words)(at, words, weights) if words[at] else None
        for at in range(len(rows))
    ]
    if all(end is None for end in ends):
        return {}
    found: dict[int, tuple[Level, Item]] = {}
    open_until = 0
    for at, lead in enumerate(leads):
        # Where one class is beyond doubt, another with another weight than its rows was added up wrongly.
        end = ends[at] or _end_by_words(at, words, weights)
        if lead is None or not words[at] or end is None:
            continue
        is_told = weights[at] is not None and ends[at] is not None
        is_lower = at < open_until and (is_told or not _is_upper(at, words))
        found[lead.row] = ("level2" if is_lower else "level1", lead)
        if not is_lower:
            open_until = end
    return found


def _class_words(grid: Grid, lead: Item | None, values: Sequence[Column]) -> frozenset[str]:
    """Return whether a row is called as upper or lower classes are (`group`, `subgroup`), and has no values."""
    sections = lead.word.sections & {"group", "subgroup"} if lead is not None else frozenset()
    if lead is None or not sections:
        return frozenset()
    cells = (value_at(grid, lead.row, column).cell for column in values)
    return sections if all(cell is None or is_dash(cell.text) for cell in cells) else frozenset()


def _end_by_weights(at: int, words: Sequence[frozenset[str]], weights: Sequence[float | None]) -> int | None:
    """Return the place after the rows that have the weight of a class together; None where there are none."""
    stated, total, has_rows = weights[at] or 0.0, 0.0, False
    for below in range(at + 1, len(words)):
        if not words[below]:
            total, has_rows = total + (weights[below] or 0.0), True
        is_end = below + 1 == len(words) or bool(words[below + 1])
        if is_end and has_rows and abs(total - stated) < _SAME:
            return below + 1
    return None


def _end_by_words(at: int, words: Sequence[frozenset[str]], _: Sequence[float | None]) -> int | None:
    """Return the place before the next upper class; None where no row is below."""
    end = next((below for below in range(at + 1, len(words)) if _is_upper(below, words)), len(words))
    return end if not all(words[at + 1 : end]) else None


def _is_upper(at: int, words: Sequence[frozenset[str]]) -> bool:
    """Whether a class is an upper one: 成本指标, which may be either, is where another class is right below it."""
    if "subgroup" not in words[at]:
        return "group" in words[at]
    return "group" in words[at] and at + 1 < len(words) and bool(words[at + 1])
