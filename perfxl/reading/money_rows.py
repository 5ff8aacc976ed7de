"""The rows of the money table."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from perfxl.model.cells import CellRef, Span
from perfxl.model.columns import ABSENT, BLANK, FILLED, LABEL
from perfxl.model.grid import Cell, Grid
from perfxl.reading.amounts import is_amount, money, points, ratio
from perfxl.reading.blocks import BudgetBlock
from perfxl.reading.cell_values import CellValue, text_of, value_at
from perfxl.reading.heading_columns import MONEY, Heading
from perfxl.reading.headings import Amount
from perfxl.reading.rows import Item, Row
from perfxl.text import fold

_POINTS_IN_HEADING = re.compile(r"\((\d+(?:\.\d+)?)分|\(权重:?(\d+(?:\.\d+)?)[%分]?\)")


def money_rows(grid: Grid, block: BudgetBlock, unit: str | None) -> list[dict[str, Any]]:
    """Return the rows of money as records.

    Args:
        grid: The sheet.
        block: The money table.
        unit: The unit of its amounts; None where none is stated.
    """
    if block.amounts is not None:
        records = [
            _budget_record(_beside(grid, block.amounts), None, grid, unit) | _unknown_beside(grid, block.amounts)
        ]
    else:
        names = _BudgetNames(grid, block)
        records = [
            _budget_record(_below(grid, block, row.number), names.of(row), grid, unit)
            | _unknown_below(grid, block.heading, row.number)
            for row in block.rows
        ]
    total = _total_budget_row(records)
    weight = _budget_weight(block)
    if total is not None:
        records[total] |= _rated_beside(records[total], records)
    for number, record in enumerate(records):
        record |= {"row": number, "is_total": number == total}
        if (ref := record.pop("unknown", None)) is not None:
            record["cells"]["unknown"] = ref
        if number == total and record["weight_state"] in (ABSENT, BLANK) and weight is not None:
            record |= {"weight": weight, "weight_state": LABEL}
    return records


def _below(grid: Grid, block: BudgetBlock, row: int) -> dict[str, CellValue]:
    """Return the values of a row by field."""
    return {name: value_at(grid, row, column) for name, column in block.heading.columns.items()}


def _beside(grid: Grid, amounts: Mapping[str, Amount]) -> dict[str, CellValue]:
    """Return the values that stand beside their labels, by field."""
    found = {}
    for name, amount in amounts.items():
        label, value = amount.label, amount.value
        if value is None:
            beside = (label.row, label.right + 1)
            ref = label.ref(grid) if grid.at(*beside) else CellRef(grid.sheet, *grid.covered.get(beside, beside))
            found[name] = CellValue(None, ref, False)
            continue
        cell = grid.cells[value.row, value.left]
        # Behind its label in one cell: what is read is the text behind the colon, what is quoted is the cell.
        own = cell if amount.text == cell.text else Cell(amount.text, amount.text, "text")
        found[name] = CellValue(own, value.ref(grid), False)
    return found


def _unknown_below(grid: Grid, heading: Heading, row: int) -> dict[str, Any]:
    """Return the heading of an amount that may be 全年预算数: one between the known ones, where that is not there."""
    money = [column.left for name, column in heading.columns.items() if name in MONEY]
    for column in heading.unknown:
        if "adjusted" not in heading.columns and min(money) < column.left < max(money):
            value = value_at(grid, row, column)
            if value.cell is not None and is_amount(value.cell.text):
                return {"unknown_heading": column.text, "unknown": value.ref}
    return {}


def _unknown_beside(grid: Grid, amounts: Mapping[str, Amount]) -> dict[str, Any]:
    """Return the same of amounts beside their labels."""
    labels = [amount.label for name, amount in amounts.items() if name in MONEY]
    row, known = labels[0].row, {amount.value.left for amount in amounts.values() if amount.value is not None}
    if "adjusted" in amounts or any(label.row != row for label in labels):
        return {}
    before = labels[0].text
    for column in range(min(label.left for label in labels), max(label.left for label in labels)):
        cell = grid.cells.get((row, column))
        if cell is None:
            continue
        if is_amount(cell.text) and column not in known:
            return {"unknown_heading": before, "unknown": CellRef(grid.sheet, row, column, cell.text)}
        before = cell.text
    return {}


class _BudgetNames:
    """Tells which cell names a row of money."""

    def __init__(self, grid: Grid, block: BudgetBlock) -> None:
        heading = block.heading
        self._left = min(column.left for column in heading.columns.values())
        heads = {(column.left, column.right) for column in heading.unknown if column.right < self._left}
        heads |= {(span.left, span.right) for span in _reaching_down(grid, heading) if span.right < self._left}
        # Several headings left of the money (任务名称, 主要内容): the first one that is filled heads the names.
        self._heads = sorted(heads) if len(heads) > 1 else []

    def of(self, row: Row) -> Item | None:
        names = [item for item in row.items if item.left < self._left]
        for left, right in self._heads:
            if own := [item for item in names if left <= item.left <= right]:
                return own[0]
        # Right of the label down the side, and of 其中 in a cell of its own, stands the name; a number is 行次.
        return next((item for item in reversed(names) if not is_amount(item.text)), None)


def _reaching_down(grid: Grid, heading: Heading) -> Iterator[Span]:
    """Yield the cells that begin above a heading and end with it: headings of two rows, 任务名称 beside 部门预算."""
    for span in grid.spans.values():
        if span.top < heading.top <= span.bottom <= heading.bottom and (span.top, span.left) in grid.cells:
            yield span


def _budget_record(found: Mapping[str, CellValue], name: Item | None, grid: Grid, unit: str | None) -> dict[str, Any]:
    cells: dict[str, CellRef] = {}
    role = (name.word.budget_row if name else None) or "part"
    record: dict[str, Any] = {"name": name.text if name else None, "role": role, "cells": cells}
    if name is not None:
        cells["name"] = name.ref(grid)
    for key in ("initial", "adjusted", "executed"):
        record[f"{key}_state"] = ABSENT
        if value := found.get(key):
            record[f"{key}_state"], record[key] = value.state, money(value.cell, unit)
            cells[key] = value.ref
    record["ratio_state"] = ABSENT
    if value := found.get("ratio"):
        record["ratio_state"], record["reported_ratio"] = value.state, text_of(value.cell)
        cells["reported_ratio"] = value.ref
        if (rate := ratio(value.cell)) is not None:
            record["reported_ratio_number"], record["reported_ratio_places"] = rate.fraction, float(rate.places)
    for source, key in (("weight", "weight"), ("score", "reported_score")):
        record[f"{key}_state"] = ABSENT
        if value := found.get(source):
            record[f"{key}_state"] = value.state
            record[key], record[f"{key}_text"] = points(value.cell), text_of(value.cell)
            cells[key] = value.ref
    if value := found.get("reason"):
        record["reason"], cells["reason"] = text_of(value.cell), value.ref
    return record


def _budget_weight(block: BudgetBlock) -> float | None:
    """Return the points that the heading or the side label gives to execution: `得分(20分*执行率)`, `得分(权重10%)`."""
    for text in [column.heading for column in block.heading.columns.values()] + [item.text for item in block.labels]:
        if "分" in text and (match := _POINTS_IN_HEADING.search(fold(text))):
            return float(match[1] or match[2])
    return None


def _rated_beside(total: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return ratio and points of the total where a part of the same amounts has them instead.

    其中：财政拨款 may be all of the money. Nothing where the total has any of them itself, or not just one part has.
    """
    if FILLED in (total["ratio_state"], total["weight_state"], total["reported_score_state"]):
        return {}
    same = [
        record
        for record in records
        if record is not total
        and record["reported_score_state"] == FILLED
        and all(record.get(name) == total.get(name) is not None for name in ("adjusted", "executed"))
    ]
    if len(same) != 1:
        return {}
    moved = [name for name in same[0] if name.startswith(("reported_", "ratio", "weight"))]
    cells = {name: ref for name, ref in same[0]["cells"].items() if name in moved}
    return {name: same[0][name] for name in moved} | {"cells": {**total["cells"], **cells}}


def _total_budget_row(records: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the row that holds the whole sum: the first called so, or the only one there is."""
    totals = [i for i, record in enumerate(records) if record["role"] == "total"]
    if totals:
        return totals[0]
    return 0 if len(records) == 1 else None
