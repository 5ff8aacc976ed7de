"""Headings of tables: which column holds which field, over one to three rows of heading cells."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from perfxl.forms.lexicon import Lexicon, Word
from perfxl.model.columns import LEVELS
from perfxl.reading.amounts import is_amount, is_dash
from perfxl.reading.heading_columns import MONEY, VALUES, Column, Heading
from perfxl.reading.heading_content import has_amounts, with_classes, with_levels, with_parts, with_points
from perfxl.reading.rows import Item, Row
from perfxl.text import fold

_MOST_ROWS = 3
_POINTS = frozenset({"weight", "reported_score", "reviewed_score"})
# How far down the content of a column is looked at, where its heading does not tell what it holds.
_ROWS_BELOW = 16
# A running number or letter under a heading, perhaps with the formula of its column: 3, (4), C, 7=6/5, 甲.
_COUNTER = re.compile(r"\(?(?:\d{1,2}|[A-Z]|[甲乙丙丁戊])\)?(?:[=(].*)?")


class Amount(NamedTuple):
    """Money beside the word for it.

    Attributes:
        field: Of a budget column.
        label: The word.
        value: The cell of the amount, which may be the label's own; None where it is blank.
        text: The amount.
    """

    field: str
    label: Item
    value: Item | None
    text: str


# ---------------------------------------------------------------- indicators


def indicator_heading(rows: Sequence[Row], at: int, lexicon: Lexicon) -> Heading | None:
    """Return the heading of an indicator block that begins in `rows[at]`, or None.

    A heading names at least one level or indicator column and, with its other columns, three fields.
    """
    best = _best_heading(rows, at, lexicon)
    if best is None:
        return None
    if best.bottom > best.top:
        # A row that says no more than the rows below it say is none of the heading: 完成情况 beside a goal.
        later = _best_heading(rows, at + 1, lexicon)
        if later is not None and len(later.columns) >= len(best.columns):
            return None
    bottom = _below_counters(rows, at, _reach(best, rows[at : at + _MOST_ROWS]))
    below = [row for row in rows[at + 1 : at + _ROWS_BELOW] if row.number > bottom]
    above = [row for row in rows[at : at + _MOST_ROWS] if row.number <= best.bottom]
    levels = with_levels(with_parts(with_classes(best, above, below), below), below)
    return _with_hints(with_points(levels, below), below, lexicon)._replace(bottom=bottom)


def _reach(heading: Heading, rows: Sequence[Row]) -> int:
    """Return the last row that most cells of a heading reach: cells below the others divide one of them."""
    places = {(column.row, column.at) for column in heading.columns.values()}
    bottoms = sorted(item.bottom for row in rows for item in row.items if (item.row, item.left) in places)
    return max(heading.bottom, bottoms[len(bottoms) // 2])


def _best_heading(rows: Sequence[Row], at: int, lexicon: Lexicon) -> Heading | None:
    row = rows[at]
    if row.columns == 0 or (row.columns < 2 and len(row.items) > 3 and not _has_side_label(row)):
        return None
    if not any(_names_labels(item) for row in rows[at : at + _MOST_ROWS] for item in row.items):
        return None
    best: Heading | None = None
    group: list[Row] = []
    names_labels = False
    for row in rows[at : at + _MOST_ROWS]:
        wider = _widened([*group, row])
        if group and not (_is_next(row, group) and _continues(row, wider[:-1], lexicon)):
            break
        group.append(row)
        names_labels = names_labels or any(_names_labels(item) for item in row.items)
        if not names_labels:
            continue
        columns, unknown = _assign(wider, lexicon)
        if _is_indicator_heading(columns) and (best is None or len(columns) > len(best.columns) or not unknown):
            best = Heading(group[0].number, row.number, columns, tuple(unknown))
    return best


def _names_labels(item: Item) -> bool:
    return item.word.column in LEVELS or "indicators" in item.word.sections


def _has_side_label(row: Row) -> bool:
    return any("indicators" in item.word.sections for item in row.items)


def _is_indicator_heading(columns: dict[str, Column]) -> bool:
    labels = sum(level in columns for level in LEVELS)
    values = len(VALUES & columns.keys())
    return labels >= 1 and values >= 1 and labels + values >= 3


def _is_next(row: Row, group: Sequence[Row]) -> bool:
    """Whether no row lies between a row and those above it, but for rows that merged cells reach down into."""
    reach = max(item.bottom for above in group for item in above.items)
    return row.number <= max(reach, group[-1].number) + 1


def _continues(row: Row, group: Sequence[Row], lexicon: Lexicon) -> bool:
    """Whether a row carries on the heading above it: its cells are heading words, halves of them or divide one."""
    for item in row.items:
        word = item.word
        if word.column or word.generic or "indicators" in word.sections:
            continue
        above = _above(group, item.left)
        if not (above and _is_divided(above[-1], row)) and not _joined_column([*above, item], lexicon):
            return False
    return True


def _widened(group: Sequence[Row]) -> list[Row]:
    """Return heading rows in which a cell that is not merged reaches over the blank ones that the row below divides.

    `年度指标值 |  |  ` over `指标性质 | 指标值 | 度量单位`: the first of them stands below the heading itself.
    """
    wider = list(group)
    taken: set[int] = set()
    for upper, lower in pairwise(range(len(group))):
        taken |= _columns_of(wider[upper])
        starts = {item.left for item in group[lower].items}
        blank = starts - taken
        if not blank:
            continue
        items = []
        for item in wider[upper].items:
            right = item.right
            if any(item.left <= start <= item.right for start in starts):
                while right + 1 in blank:
                    right += 1
            items.append(item._replace(right=right))
        wider[upper] = wider[upper]._replace(items=tuple(items))
        taken |= _columns_of(wider[upper])
    return wider


def _columns_of(row: Row) -> set[int]:
    return {column for item in row.items for column in range(item.left, item.right + 1)}


def _is_divided(over: Item, row: Row) -> bool:
    """Whether several cells of a row stand below one known heading: 指标值 over 年初 | 调整后."""
    return over.word.column is not None and sum(over.left <= item.left <= over.right for item in row.items) > 1


def _above(group: Sequence[Row], column: int) -> list[Item]:
    return [item for row in group for item in row.items if item.left <= column <= item.right]


def _joined_column(path: Sequence[Item], lexicon: Lexicon) -> str | None:
    """Return the field of words cut in two by the border between rows: 年度 over 指标值, 复核 over 得分."""
    return lexicon.look_up("".join(item.text for item in path)).column if len(path) > 1 else None


def _paths(group: Sequence[Row]) -> list[tuple[list[Item], int, int]]:
    """Return the heading cells over each stretch of columns, from the top, with its first and last column."""
    if len(group) == 1:
        return [([item], item.left, item.right) for item in group[0].items]
    filled = sorted(set().union(*map(_columns_of, group)))
    paths: list[tuple[list[Item], int, int]] = []
    for column in filled:
        path = _above(group, column)
        if paths and paths[-1][0] == path and paths[-1][2] == column - 1:
            paths[-1] = (path, paths[-1][1], column)
        else:
            paths.append((path, column, column))
    return paths


def _column(field: str | None, path: Sequence[Item], left: int, right: int) -> Column:
    lowest = path[-1]
    heading = lowest.text if len(path) == 1 else "/".join(dict.fromkeys(item.text for item in path))
    return Column(field or "", left, right, heading, lowest.row, lowest.text, lowest.left)


def _assign(group: Sequence[Row], lexicon: Lexicon) -> tuple[dict[str, Column], list[Column]]:
    """Return the columns by field, and those that no field is known for."""
    found: list[Column] = []
    unknown: list[Column] = []
    sides: list[Column] = []
    rests: list[Column] = []
    paths = _paths(group)
    divided = {id(item) for path, _, _ in paths for item in path[:-1]}
    for path, left, right in paths:
        field, is_own = _field(path, lexicon)
        column = _column(field, path, left, right)
        sections = path[0].word.sections.union(*(item.word.sections for item in path[1:]))
        if id(path[-1]) in divided or not is_own:
            # Below a wide heading, beside the cells that divide it or under a word of no meaning to us.
            rests.append(column)
        elif "indicators" in sections and not any(c.field in LEVELS for c in found):
            # The label down the side, unless it stands right of the levels: 指标完成情况 may head a column.
            # One that ends with the heading may head the names.
            if column.field in LEVELS:
                found.append(column)
            elif all(item.bottom <= group[-1].number for item in path):
                sides.append(column)
        elif not found and any("goals" in item.word.sections and item.bottom > group[-1].number for item in path):
            continue  # 年度绩效目标完成情况 down the side of all rows, though it might head a column of results
        elif column.field:
            found.append(column)
        elif "goals" not in sections:
            unknown.append(column)
    columns = _settle(found, unknown)
    if sides and not any(level in columns for level in LEVELS) and len(VALUES & columns.keys()) >= 3:
        columns = {"level3": sides[-1]._replace(field="level3"), **columns}
    for column in rests:
        if column.field:
            columns.setdefault(column.field, column)
    return columns, unknown


def _field(path: Sequence[Item], lexicon: Lexicon) -> tuple[str | None, bool]:
    """Return the field of a heading and whether its own words tell it, not only those of the heading above."""
    own = path[-1].word
    over = path[-2].word.column if len(path) > 1 else None
    if over in LEVELS and own.generic:
        return over if own.generic == "name" else f"{over}_weight", True
    # 指标值 over 年初 | 调整后: the kind stands below its word.
    turned = lexicon.look_up(f"{path[-1].text}{path[-2].text}").column if len(path) > 1 and not own.column else None
    alternatives = _of_alternatives(path[-1].text, lexicon)
    joined = _joined_column(path, lexicon)
    if joined == over:
        joined = None  # 偏差原因分析 over 经费保障: the words below add nothing
    if field := joined or own.column or turned or alternatives:
        return field, True
    return over, over is None


def _of_alternatives(text: str, lexicon: Lexicon) -> str | None:
    """Return the field of a heading such as `分值/权重`, whose parts all name the same one."""
    if "/" not in text and "／" not in text:
        return None
    fields = {lexicon.look_up(part).column for part in text.replace("／", "/").split("/")}
    return fields.pop() if len(fields) == 1 else None


def _settle(found: list[Column], unknown: list[Column]) -> dict[str, Column]:
    """Return one column a field; those that are left over go to the unknown ones.

    Weights right of a level belong to it. Of several scores the last is the row's: some score sheets head the
    weight column of every level, and the score column too, with 得分.
    """
    found = _weights_of_levels(_weights_of_levels(found, "reported_score"), "weight")
    columns: dict[str, Column] = {}
    for column in found:
        field = column.field
        if field not in columns:
            columns[field] = column
        elif field == "level1":
            columns["category"], columns["level1"] = columns["level1"], column
        elif field == "reported_score" or (field == "level3" and _is_explicit(column, columns["level3"])):
            unknown.append(columns[field])
            columns[field] = column
        else:
            unknown.append(column)
    if "level3_weight" in columns:
        columns.setdefault("weight", columns["level3_weight"]._replace(field="weight"))
        del columns["level3_weight"]
    if "reason" not in columns and "remark" in columns:
        columns["reason"] = columns.pop("remark")._replace(field="reason")
    return columns


def _is_explicit(column: Column, other: Column) -> bool:
    """Whether a heading says that it is the third level (三级指标) and another one does not (指标名称)."""
    return "级" in column.heading and "级" not in other.heading


def _weights_of_levels(found: list[Column], field: str) -> list[Column]:
    """Return the columns with those of a field that stand right of a level named as its weights."""
    places = [i for i, column in enumerate(found) if column.field == field]
    if len(places) < 2:
        return found
    settled = list(found)
    for i in places:
        before = found[i - 1].field if i else ""
        # The last one is the row's own, unless it is a weight right of a higher level.
        if before in LEVELS and (i != places[-1] or (field == "weight" and before in LEVELS[:2])):
            settled[i] = found[i]._replace(field=f"{before}_weight")
    return settled


def _with_hints(heading: Heading, below: Sequence[Row], lexicon: Lexicon) -> Heading:
    """Return the heading with the fields that its unknown columns hint at, where the heading lacks them.

    A column that hints at points and holds words has none: 自评内容.
    """
    columns, unknown = dict(heading.columns), []
    for column in heading.unknown:
        field = lexicon.hinted_column(column.text)
        is_taken = field in columns or (field == "reason" and "remark" in columns)
        if field is None or is_taken or (field in _POINTS and not has_amounts(column, below)):
            unknown.append(column)
        else:
            columns[field] = column._replace(field=field)
    return heading._replace(columns=columns, unknown=tuple(unknown))


# ---------------------------------------------------------------- money


def budget_heading(rows: Sequence[Row], at: int) -> Heading | None:
    """Return the heading of a budget block in `rows[at]` and the row below it, or None.

    A heading names two columns of money, or one and the execution ratio. Words that stand between amounts are
    no heading but labels, see `amounts_beside`.
    """
    row = rows[at]
    if row.money * 2 < len(row.items) - 1 or any(is_amount(item.text) for item in row.items):
        return None
    group = [row]
    if at + 1 < len(rows) and _is_next(rows[at + 1], group) and _divides(rows[at + 1], row):
        group.append(rows[at + 1])
    columns: dict[str, Column] = {}
    unknown = []
    # 年度预算数 may head a column or name the block: it heads one only where no other word does.
    for path, left, right in sorted(_paths(group), key=lambda found: "budget" in found[0][-1].word.sections):
        field = _budget_field([item.word for item in path])
        column = _column(field, path, left, right)
        if field is None or field in columns:
            unknown.append(column)
        else:
            columns[field] = column
    money = MONEY & columns.keys()
    if not money or len(money) + ("ratio" in columns) < 2:
        return None
    unknown = sorted(column for column in unknown if not _is_side_label(column, columns.values(), row))
    heading = Heading(row.number, group[-1].number, columns, tuple(unknown))
    return heading._replace(bottom=_below_counters(rows, at, heading.bottom))


def _divides(row: Row, above: Row) -> bool:
    """Whether a row divides the headings above it: 预算数 over 总额 | 财政拨款 | 其他资金."""
    money = [item for item in above.items if item.word.budget_column in MONEY]
    return (
        len(row.items) > 1
        and all(item.word.budget_row or item.word.budget_column for item in row.items)
        and any(over.left <= item.left <= over.right for item in row.items for over in money)
    )


def _budget_field(path: Sequence[Word]) -> str | None:
    own = path[-1]
    over = path[-2].budget_column if len(path) > 1 else None
    if over in MONEY and own.budget_column not in MONEY:
        return over if own.budget_row == "total" else None
    return own.budget_column or over


def _is_side_label(column: Column, columns: Iterable[Column], row: Row) -> bool:
    """Whether a heading left of the money is the block's label or the only cell there, and so heads no column."""
    left = min(known.left for known in columns)
    if column.left > left:
        return False
    before = [item for item in row.items if item.right < left]
    return len(before) == 1 or any(item.left == column.left and "budget" in item.word.sections for item in before)


def amounts_beside(row: Row) -> list[Amount]:
    """Return the amounts of a row in which words of money stand beside them, or nothing.

    `全年预算数 | 120 | 全年执行数 | 110 | 执行率 | 91.67%`; the value is None where the cell is blank.
    """
    found: list[Amount] = []
    items = row.items
    for i, item in enumerate(items):
        field = item.word.budget_column
        if field is None:
            continue
        beside = items[i + 1] if i + 1 < len(items) else None
        if beside is not None and (is_amount(beside.text) or is_dash(beside.text)):
            found.append(Amount(field, item, beside, beside.text))
        elif beside is None or beside.word.budget_column or beside.word.header:
            found.append(Amount(field, item, None, ""))
        else:
            return []
    return found if any(amount.value is not None for amount in found) else []


# ---------------------------------------------------------------- running numbers


def _below_counters(rows: Sequence[Row], at: int, bottom: int) -> int:
    """Return the last row of a heading, counting a row of running numbers or letters under it as part of it."""
    for row in rows[at + 1 : at + _MOST_ROWS + 1]:
        if row.number <= bottom:
            continue
        items = row.items
        if items[0].word.column == "serial" or "indicators" in items[0].word.sections:
            items = items[1:]  # 行次, 列次 or the side label
        texts = [fold(item.text) for item in items]
        if len(texts) >= 3 and all(_COUNTER.fullmatch(text) for text in texts) and _runs(texts):
            return row.number
        break
    return bottom


def _runs(counters: Sequence[str]) -> bool:
    """Whether counters go up by one: 1 2 3, A B C, or 甲 乙 1 2 3."""
    firsts = [re.split(r"[=(]", text.strip("()"))[0] for text in counters]
    numbers = [int(first) for first in firsts if first.isdigit()]
    letters = [first for first in firsts if not first.isdigit()]
    order = "甲乙丙丁戊" if letters and letters[0] in "甲乙丙丁戊" else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return all(b == a + 1 for a, b in pairwise(numbers)) and "".join(letters) in order
