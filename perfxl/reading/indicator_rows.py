"""The rows of the indicator table: labels carried down, values, states."""

import re
from typing import Any, NamedTuple, Self

from perfxl.model.cells import CellRef
from perfxl.model.columns import ABSENT, BLANK, ELSEWHERE, ERROR, FILLED, LABEL, LEVELS, SHARED
from perfxl.model.grid import Cell
from perfxl.reading.amounts import label_points, level_points, points
from perfxl.reading.blocks import IndicatorBlock, Layout
from perfxl.reading.cell_values import state_of, text_of, value_at, values_at
from perfxl.reading.class_rows import Level, class_rows
from perfxl.reading.heading_columns import Column
from perfxl.reading.rows import Item, Row
from perfxl.text import fold

_LABELS = ("goal", "category", *LEVELS)
# A blank label of these takes the one above it; the lower ones start anew where a higher one changes.
_CARRIED = ("goal", "category", "level1", "level2")
_VALUES = ("target", "actual", "weight", "reported_score", "reason", "operator", "unit", "adjusted_target")
_POINTS = frozenset({"weight", "reported_score"})
# A number format may show less of these than the cell stores.
_ROUNDED = frozenset({"target", "adjusted_target", "actual"})
# Filled in by the form and not by the unit, in many templates.
_PRINTED = frozenset({"operator", "unit"})
# What a blank template leaves in the names of its rows, beside the words of the lexicon: dots, numbers.
_NO_NAME = re.compile(r"[\d().,…*\-]*")
_SIGN = re.compile(r"[^\w%‰\s]{1,2}")
# A text alone in a row of the table is a label up to this length, a remark when it is much longer.
_LONGEST_LABEL = 30
_SHORTEST_REMARK = 60

Record = dict[str, Any]

# The constructor of a NamedTuple takes twice the time.
_new = tuple.__new__


def indicator_rows(layout: Layout) -> tuple[list[Record], list[Record]]:
    """Return the indicator rows and the typed subtotals of a table."""
    reader = _Reader(layout)
    for block in layout.indicators:
        reader.read(block)
    _mark_details(reader.indicators)
    return reader.indicators, reader.subtotals


def _mark_details(records: list[Record]) -> None:
    """Mark the rows that hold a row's values where its own are blank, and have no points: 桃, 梨 under 瓜果."""
    whole: Record | None = None
    for record in records:
        if whole is not None and _is_part(record, whole):
            record["is_detail"] = True
            whole |= _elsewhere("指标值和完成值填在下面的明细行")
            continue
        whole = record if _is_blank(record) and record["weight_state"] == FILLED else None


def _is_blank(record: Record) -> bool:
    return {record["target_state"], record["actual_state"]} == {BLANK}


def _elsewhere(note: str) -> Record:
    """Return what a row without target and actual says of them: they stand elsewhere, `note` says where."""
    return {"target_state": ELSEWHERE, "actual_state": ELSEWHERE, "elsewhere": note}


def _is_part(record: Record, whole: Record) -> bool:
    has_values = FILLED in (record["target_state"], record["actual_state"])
    has_points = FILLED in (record["weight_state"], record["reported_score_state"])
    return has_values and not has_points and record.get("level2") == whole.get("level2")


class _Value(NamedTuple):
    """A column of values, with the names that a record gives to what is read in it."""

    name: str
    column: Column
    left: int
    value: str
    state: str
    text: str
    stored: str
    is_points: bool

    @classmethod
    def of(cls, name: str, column: Column) -> Self:
        text, is_points = f"{name}_text", name in _POINTS
        # What an operator and a unit mean is understood later.
        value = text if name in _PRINTED else name
        stored = f"{name}_stored_as" if is_points else f"{name}_stored"
        return cls(name, column, column.left, value, f"{name}_state", text, stored, is_points)


class _Columns:
    """What is asked of a block's columns for every row, worked out once."""

    def __init__(self, block: IndicatorBlock) -> None:
        columns = block.heading.columns
        self.of = columns
        self.lowest = next((level for level in reversed(LEVELS) if level in columns), None)
        self.labels = [(name, columns.get(name)) for name in _LABELS]
        self.values = [_Value.of(name, columns[name]) for name in _VALUES if name in columns]
        # Every record begins as this: a dictionary that has its keys is copied sooner than one that grows.
        self.blank: Record = {"operator_text": None, "unit_text": None}
        self.blank |= {name: None for name, column in self.labels if column is not None}
        self.blank |= {key: None for value in self.values for key in (value.value, value.state)}
        self.level_weights = [(level, weight := f"{level}_weight", columns.get(weight)) for level in LEVELS[:2]]
        self.blank |= {weight: None for _, weight, _ in self.level_weights}
        self.blank |= dict.fromkeys(("name", "is_detail", "row", "cells", "hidden"))
        self.blank |= {f"{name}_state": ABSENT for name in _VALUES if name not in columns}
        # A target whose heading covers several columns may hold sign, number and unit side by side.
        target = columns.get("target")
        self.is_split = target is not None and target.right > target.left


class _Reader:
    """Reads the rows in order; holds the labels that blank cells below take over."""

    def __init__(self, layout: Layout) -> None:
        self._grid = layout.grid
        self._has_money = layout.budget is not None
        self._held: dict[str, tuple[str, CellRef]] = {}
        self.indicators: list[Record] = []
        self.subtotals: list[Record] = []

    def read(self, block: IndicatorBlock) -> None:
        """Take in the rows of a block."""
        if block.goal is not None:
            self._held = {"goal": (block.goal.text, block.goal.ref(self._grid))}
        columns = _Columns(block)
        classes = class_rows(self._grid, block)
        for row in block.rows:
            if row.number in block.subtotals:
                self.subtotals.append(self._subtotal(columns, row))
            elif row.number in classes:
                self._hold_class(columns, row, *classes[row.number])
            elif len(row.items) == 1 and self._is_alone(block, row.items[0]):
                continue
            elif (record := self._indicator(columns, row)) is not None:
                record["row"] = len(self.indicators)
                self.indicators.append(record)

    # ------------------------------------------------------------ rows that are no indicators

    def _is_alone(self, block: IndicatorBlock, item: Item) -> bool:
        """Whether the only text of a row is a class over the rows below, which is held here, or a remark."""
        is_across = item.left <= block.labels.right < item.right
        if not is_across and ("group" not in item.word.sections or "level1" in block.heading.columns):
            return len(item.text) > _SHORTEST_REMARK
        if len(item.text) <= _LONGEST_LABEL:
            self._held = {"goal": self._held["goal"]} if "goal" in self._held else {}
            self._held["level1"] = (item.text, item.ref(self._grid))
        return True

    def _hold_class(self, columns: _Columns, row: Row, level: Level, item: Item) -> None:
        """Hold a class for the rows below; what it has in points is their subtotal."""
        self._carry(level, item.text, item.ref(self._grid))
        subtotal = self._subtotal(columns, row)
        if level == "level1" and any(subtotal.get(name) is not None for name in _POINTS):
            self.subtotals.append(subtotal)

    def _subtotal(self, columns: _Columns, row: Row) -> Record:
        cells = {"label": row.items[0].ref(self._grid)}
        record: Record = {"level1": self._class_of_subtotal(columns, row), "cells": cells}
        for name in ("weight", "reported_score"):
            if column := columns.of.get(name):
                cell, cells[name], _ = value_at(self._grid, row.number, column)
                record[name] = points(cell)
        return record

    def _class_of_subtotal(self, columns: _Columns, row: Row) -> str | None:
        """Return the class that a subtotal is of: the one named in its row, else the one above."""
        column = columns.of.get("level1")
        text = text_of(value_at(self._grid, row.number, column).cell) if column else None
        if text is None or _sections_of(row, text) & {"sum", "subtotal", "total"}:
            held = self._held.get("level1")
            return held[0] if held else None
        return text

    # ------------------------------------------------------------ indicators

    def _indicator(self, columns: _Columns, row: Row) -> Record | None:
        """Return a row's record; None for a row that only carries labels and for a template's blank row."""
        cells: dict[str, CellRef] = {}
        record: Record = {**columns.blank, "cells": cells, "hidden": row.number in self._grid.hidden_rows}
        name = self._labels(columns, row.number, record, cells)
        is_filled = self._values(columns, row.number, record, cells)
        if not is_filled and _is_no_name(name, row):
            return None
        if name is None:
            name = next((record[level] for level in reversed(LEVELS) if record.get(level)), None)
        record["name"] = name
        if record["weight_state"] in (ABSENT, BLANK) and name and (found := label_points(name)) is not None:
            record |= {"weight": found, "weight_state": LABEL}
        for level, weight, column in columns.level_weights:
            if column is not None or "分" in (record.get(level) or ""):
                record[weight] = self._level_weight(column, row.number, level, record)
        sections = _sections_of(row, name)
        if "execution" in sections and _is_blank(record) and self._has_money:
            record |= _elsewhere("执行率填在资金表")
        record["is_detail"] = (
            record["weight_state"] in (BLANK, ABSENT)
            and record["reported_score_state"] in (BLANK, ABSENT)
            and "detail" in sections
        )
        return record

    def _labels(self, columns: _Columns, row: int, record: Record, cells: dict[str, CellRef]) -> str | None:
        """Fill the row's labels; return the one that names the row itself, None where it is blank."""
        held = self._held
        own = None
        for name, column in columns.labels:
            if column is None:
                if name in held:
                    record[name], cells[name] = held[name]
                continue
            cell, ref, _ = value_at(self._grid, row, column)
            text = text_of(cell)
            if column.right > column.left:
                text, ref = self._longest(row, column, text, ref)
            if name == columns.lowest:
                own = text  # the lowest label names the row itself
            elif name in _CARRIED:
                text, ref = self._carry(name, text, ref)
            record[name], cells[name] = text, ref
        if columns.lowest == "level4" and record.get("level3") and (own is None or len(own) > _LONGEST_LABEL):
            own = record["level3"]  # a fourth level of whole sentences explains the third
        return own

    def _carry(self, name: str, text: str | None, ref: CellRef) -> tuple[str | None, CellRef]:
        """Return a label or, where it is blank, the one above; a new one lets go of the lower ones."""
        held = self._held
        if text is None:
            return held.get(name, (None, ref))
        if name not in held or held[name][0] != text:
            for lower in _CARRIED[_CARRIED.index(name) + 1 :]:
                held.pop(lower, None)
        held[name] = (text, ref)
        return text, ref

    def _longest(self, row: int, column: Column, text: str | None, ref: CellRef) -> tuple[str | None, CellRef]:
        """Return the longest text under a heading over several columns: the name beside its number."""
        covered = self._grid.covered
        if text is not None and covered.get((row, column.right)) == (ref.row, ref.column):
            return text, ref  # one merged cell
        return max(values_at(self._grid, row, column), key=lambda found: len(found[0]), default=(text, ref))

    def _values(self, columns: _Columns, row: int, record: Record, cells: dict[str, CellRef]) -> bool:
        """Fill the row's values; return whether the unit filled one in."""
        is_filled = False
        grid = self._grid
        shown, covered, sheet = grid.cells.get, grid.covered, grid.sheet
        for name, column, left, value_name, state_name, text_name, stored_name, is_points in columns.values:
            place = (row, left)
            cell, is_shared = shown(place), False
            # Most of the time of reading a table goes here: the usual cell, filled and not merged, is taken directly.
            if cell is None or place in covered:
                cell, cells[name], is_shared = value_at(grid, row, column)
            else:
                cells[name] = _new(CellRef, (sheet, row, left, cell.text))
            if cell is None:
                record[state_name] = SHARED if is_shared else BLANK
                continue
            state = record[state_name] = SHARED if is_shared else state_of(cell)
            text = cell.text if state == FILLED else text_of(cell)
            if is_points:
                # Points of a cell merged over several rows count once, in the first of them.
                if not is_shared:
                    record[value_name], record[text_name] = points(cell), text
                    record[stored_name] = "formula" if cell.formula is not None else cell.kind
            elif text is not None:
                record[value_name] = text
                if cell.kind == "number" and name in _ROUNDED:
                    record[stored_name] = cell.value
            if not is_filled and state in (FILLED, ERROR) and name not in _PRINTED:
                is_filled = not _is_left_by_template(cell)
        if columns.is_split:
            self._split_target(columns, row, record, cells)
        return is_filled

    def _split_target(self, columns: _Columns, row: int, record: Record, cells: dict[str, CellRef]) -> None:
        """Divide a target that stands in several cells under one heading: `≥ | 95 | %`."""
        found = values_at(self._grid, row, columns.of["target"])
        if len(found) < 2:
            return
        if "operator" not in columns.of and _SIGN.fullmatch(fold(found[0][0])):
            record["operator_text"] = found.pop(0)[0]
        record["target"], cells["target"] = found[0]
        if "unit" not in columns.of and len(found) == 2:
            record["unit_text"] = found[1][0]

    def _level_weight(self, column: Column | None, row: int, level: str, record: Record) -> float | None:
        """Return the weight of a level: from its own column (merged like the label), else from the label."""
        cells: dict[str, CellRef] = record["cells"]
        if column is not None:
            label = cells.get(level)
            cell, ref, _ = value_at(self._grid, label.row if label else row, column)
            if (found := points(cell)) is not None:
                cells[f"{level}_weight"] = ref
                return found
        text = record.get(level)
        if not text or (found := level_points(text)) is None:
            return None
        cells[f"{level}_weight"] = cells[level]
        return found


def _is_no_name(name: str | None, row: Row) -> bool:
    """Whether the text in a name's place is none: blank, dots, a number, `指标2：`."""
    return name is None or _NO_NAME.fullmatch(fold(name)) is not None or "template" in _sections_of(row, name)


def _sections_of(row: Row, text: str | None) -> frozenset[str]:
    """Return what a text of a row may stand for in the layout."""
    if not row.known:
        return frozenset()
    return next((item.word.sections for item in row.items if item.text == text), frozenset())


def _is_left_by_template(cell: Cell) -> bool:
    """Whether a cell holds what a blank template holds: dots, or a formula that has nothing to reckon with."""
    if cell.formula is not None:
        return cell.kind == "error" or not cell.value
    return cell.text[0] in ".…。" and set(fold(cell.text)) <= set(".…")
