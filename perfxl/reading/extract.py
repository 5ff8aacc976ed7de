"""Take the values of a located table out of its grid, each with the cell it came from."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from perfxl.forms.lexicon import Lexicon, load_lexicon, without_numbering
from perfxl.forms.years import year_in
from perfxl.model.cells import CellRef
from perfxl.model.grid import Grid
from perfxl.reading.amounts import own_unit, unit_in_label, unit_stated
from perfxl.reading.blocks import Layout, Pair
from perfxl.reading.heading_columns import Heading
from perfxl.reading.indicator_rows import indicator_rows
from perfxl.reading.money_rows import money_rows
from perfxl.reading.rows import Item, Row
from perfxl.reading.totals import total_of
from perfxl.text import fold, without_brackets

# A line that states the year or the unit of money is short; a longer text may name another year or unit.
_LONGEST_LINE = 30
# Blanks, zero-width characters, joiners and soft hyphens.
_SHOWS_NOTHING = " \u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"


@dataclass(slots=True)
class TableRecord:
    """One table as records for the frames; cells of any value under `cells`."""

    table: dict[str, Any]
    budget: list[dict[str, Any]] = field(default_factory=list)
    indicators: list[dict[str, Any]] = field(default_factory=list)
    subtotals: list[dict[str, Any]] = field(default_factory=list)


def extract(layout: Layout, lexicon: Lexicon | None = None) -> TableRecord:
    """Return the values of a table; nothing is computed and nothing corrected here.

    Args:
        layout: The table.
        lexicon: The words that it was located with; None for the ones that come with perfxl.
    """
    lexicon = lexicon or load_lexicon()
    unit = _money_unit(layout)
    record = TableRecord(_table(layout, lexicon, unit))
    if layout.budget is not None:
        record.budget = money_rows(layout.grid, layout.budget, unit)
    record.indicators, record.subtotals = indicator_rows(layout)
    record.table["indicator_rows"] = len(record.indicators)
    return record


def _on_one_line(text: str) -> str:
    """Return a text on one line, without what shows nothing at its ends: a name compares equal to the clean one."""
    return " ".join(text.split()).strip(_SHOWS_NOTHING)


# ---------------------------------------------------------------- the table as a whole


def _table(layout: Layout, lexicon: Lexicon, unit: str | None) -> dict[str, Any]:
    grid = layout.grid
    header, cells = _header(layout.pairs, grid)
    table: dict[str, Any] = {
        "sheet": grid.sheet,
        "sheet_state": grid.state,
        "title": " ".join(_on_one_line(item.text) for item in layout.titles) or None,
        "year": _year(layout, lexicon, header),
        "header": header,
        "money_unit": unit,
        "conclusions": _conclusions(layout, cells),
        "has_indicators": bool(layout.indicators),
        "columns": _column_cells(layout),
        "cells": cells,
    }
    if layout.titles:
        cells["title"] = layout.titles[0].ref(grid)
    table |= _goals(layout, cells)
    table |= total_of(layout, lexicon, cells)
    return table


def _header(pairs: Iterable[Pair], grid: Grid) -> tuple[dict[str, str | None], dict[str, CellRef]]:
    header: dict[str, str | None] = {}
    cells: dict[str, CellRef] = {}
    for pair in pairs:
        if header.get(pair.label):
            continue
        header[pair.label] = _on_one_line(pair.text) or None
        cells[pair.label] = _value_cell(pair, grid)
    return header, cells


def _value_cell(pair: Pair, grid: Grid) -> CellRef:
    """Return the cell of a pair's value; where it is blank, the cell beside the label that is to be filled."""
    if pair.value is not None:
        return pair.value.ref(grid)
    label = pair.label_item
    beside = (label.row, label.right + 1)
    place = grid.covered.get(beside, beside)
    if grid.cells.get(place) is not None:
        return label.ref(grid)
    return CellRef(grid.sheet, *place)


def _year(layout: Layout, lexicon: Lexicon, header: Mapping[str, str | None]) -> float | None:
    # The title and the line under it come first: a project's name may carry the year of its funds.
    values = {id(pair.value) for pair in layout.pairs}
    lines = [item for item in layout.preface if len(item.text) <= _LONGEST_LINE and id(item) not in values]
    texts = [item.text for item in layout.titles]
    texts += [item.text for item in lines if "year_line" in item.word.sections]
    texts += [header.get(label) or "" for label in lexicon.labels("year")]
    texts += [item.text for item in lines if "年度" in item.text]
    texts += [layout.grid.sheet]
    return next((year for year in map(year_in, texts) if year is not None), None)


def _money_unit(layout: Layout) -> str | None:
    """Return the unit of money: of the money table's labels, else of a line such as `单位：万元`."""
    texts: list[str] = []
    if (budget := layout.budget) is not None:
        texts += [item.text for item in budget.labels]
        texts += [column.heading for column in (*budget.heading.columns.values(), *budget.heading.unknown)]
        texts += _over_heading(layout.grid, budget.heading)
        texts += [item.text for row in budget.rows for item in row.items[:2]]
    units = [unit_in_label(text) for text in texts]
    units += [unit_stated(item.text) for item in layout.preface if len(item.text) <= _LONGEST_LINE]
    # 金额单位： in one cell, 万元 in the next.
    labels = pairwise(layout.preface)
    units += [unit_in_label(item.text) for label, item in labels if fold(label.text).endswith("单位:")]
    units += [own_unit(item.text) for row in (budget.rows if budget else ()) for item in row.items]
    return next((unit for unit in units if unit), None)


def _over_heading(grid: Grid, heading: Heading) -> list[str]:
    """Return the texts right above the headings of money that stand over several of them: 部门预算情况（万元）."""
    above = heading.top - 1
    places = Counter(grid.covered.get((above, one.left), (above, one.left)) for one in heading.columns.values())
    return [grid.cells[place].text for place, columns in places.items() if columns > 1 and place in grid.cells]


def _conclusions(layout: Layout, cells: dict[str, CellRef]) -> dict[str, str]:
    """Return the texts of the blocks under the table by label; the cell of each goes by `conclusion.` and the label."""
    found = {}
    for label, values in layout.conclusions:
        if "note" in label.word.sections:
            continue  # a form's own notes are not what the unit says
        name, _, rest = _on_one_line(label.text).replace("：", ":").partition(":")
        texts = [_on_one_line(item.text) for item in values] or [rest]
        if any(texts):
            key = without_brackets(without_numbering(fold(name)))
            found[key] = " ".join(texts)
            cells[f"conclusion.{key}"] = (values[0] if values else label).ref(layout.grid)
    return found


def _column_cells(layout: Layout) -> dict[str, CellRef]:
    """Return the heading cell of every column, of repeated headings the first."""
    named = [(name, column) for block in layout.indicators for name, column in block.heading.columns.items()]
    if layout.budget is not None:
        named += [(f"budget_{name}", column) for name, column in layout.budget.heading.columns.items()]
    cells: dict[str, CellRef] = {}
    for name, column in named:
        cells.setdefault(name, CellRef(layout.grid.sheet, column.row, column.at, column.text))
    return cells


def _goals(layout: Layout, cells: dict[str, CellRef]) -> dict[str, str | None]:
    """Return the texts right of 预期目标 and 实际完成情况, or below where the labels stand side by side."""
    found: dict[str, str | None] = {}
    # 年度总体目标 is the block's label in most forms, and the label of the expected goal in some.
    for section, role in (("goal_expected",) * 2, ("goal_actual",) * 2, ("goals", "goal_expected")):
        for at, row in enumerate(layout.goals):
            for item in row.items:
                value = None
                if section in item.word.sections and role not in found:
                    value = _goal_value(layout.goals, at, item)
                if value is not None:
                    found[role], cells[role] = value.text, value.ref(layout.grid)
    return found


def _goal_value(rows: Sequence[Row], at: int, label: Item) -> Item | None:
    beside = next((item for item in rows[at].items if item.left > label.left), None)
    if beside is not None and not _is_goal_label(beside):
        return beside
    if at + 1 == len(rows):
        return None
    below = (item for item in rows[at + 1].items if label.left <= item.left <= label.right)
    return next((item for item in below if not _is_goal_label(item)), None)


def _is_goal_label(item: Item) -> bool:
    word = item.word
    return bool(word.sections & {"goals", "goal_expected", "goal_actual", "conclusion"} or word.column)
