"""The contract of the frames: every column's name, type, unit and meaning of its missing value.

A frame may hold the rows of one table or of ten thousand; `table_id` tells them apart. Text columns hold str or
None, numbers are float64 with NaN for nothing or no number, flags are bool.

States tell what kind of cell a value came from, so that a check can tell a blank from a fault:

    filled   the cell shows something
    blank    the cell shows nothing
    missing  a formula whose result was not stored
    error    an error value such as #DIV/0!
    shared   part of a range merged over several rows; the value stands in the first of them
    label    no cell of its own: the number stands in a label, as in `相关性(5分)`
    elsewhere  blank; the value stands in the rows below, which have no points, or in the money table
    absent   the table has no such column
"""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any, Literal, NamedTuple

import pandas as pd

# What became of an indicator row: computed by rule, left to judgement and taken, or left to a person.
SCORED, ACCEPTED, MANUAL = "scored", "accepted", "manual"

# The labels of an indicator, from the class down.
LEVELS = ("level1", "level2", "level3", "level4")

Kind = Literal["int", "float", "text", "flag", "object"]

FILLED, BLANK, MISSING, ERROR, SHARED, LABEL, ELSEWHERE, ABSENT = (
    "filled", "blank", "missing", "error", "shared", "label", "elsewhere", "absent",
)  # fmt: skip


class ColumnContract(NamedTuple):
    """One column: its type, what it is called in Chinese, and what it means, unit and missing value included."""

    kind: Kind
    label: str
    meaning: str


def _c(kind: Kind, label: str, meaning: str) -> ColumnContract:
    return ColumnContract(kind, label, meaning)


_STATE = "state of the cell, see above"
_STORED_AS = "what the cell stores: number, text, formula; None where it is blank"

TABLES: Mapping[str, ColumnContract] = {
    "table_id": _c("int", "表号", "running number, the index of the frame too"),
    "book": _c("int", "文件号", "place of the workbook in the input order, from 0"),
    "sheet": _c("text", "工作表", "name of the sheet"),
    "sheet_state": _c("text", "工作表状态", "visible, hidden, veryHidden"),
    "title": _c("text", "标题", "None where no title was found"),
    "form": _c("text", "表样", "id of the form; None where no known form matches"),
    "rubric": _c("text", "规则", "id of the form whose rules are used"),
    "year": _c("float", "年度", "budget year; NaN where none is stated"),
    "file_year": _c("float", "文件名中的年度", "year that the file's name states; NaN where none"),
    "header": _c("object", "表头信息", "dict: canonical label → text or None"),
    "money_unit": _c("text", "金额单位", "元, 千元, 万元, 亿元; None where not stated"),
    "goal_expected": _c("text", "预期目标", "None where the form has no such cell or it is blank"),
    "goal_actual": _c("text", "目标完成情况", "as above"),
    "conclusions": _c("object", "结论", "dict: label → text of the blocks under the table"),
    "indicator_rows": _c("int", "指标行数", "rows in the indicators frame"),
    "has_indicators": _c("flag", "有指标表", "an indicator heading was found"),
    "total_weight": _c("float", "总分值", "as filled in the total row; NaN where none"),
    "total_weight_state": _c("text", "", _STATE),
    "total_reported_score": _c("float", "自评总分", "as filled; NaN where none or no number"),
    "total_reported_text": _c("text", "", "what the total's cell shows; None for nothing"),
    "total_score_state": _c("text", "", _STATE),
    "reported_grade": _c("text", "自评等级", "one of 优 良 中 差 as filled; None where none"),
    "columns": _c("object", "列", "dict: field → CellRef of its heading"),
    "cells": _c("object", "单元格", "dict: value → CellRef it came from"),
}

BUDGET: Mapping[str, ColumnContract] = {
    "table_id": _c("int", "表号", "the table it belongs to"),
    "row": _c("int", "序", "place within the block, from 0"),
    "name": _c("text", "资金名称", "as the cell shows it"),
    "role": _c("text", "类别", "total, current, carried_over, other, part"),
    "is_total": _c("flag", "总额行", "the one row that is scored"),
    "initial": _c("float", "年初预算数", "in the table's money_unit; NaN blank or no number"),
    "adjusted": _c("float", "全年预算数", "as above"),
    "executed": _c("float", "全年执行数", "as above"),
    "initial_state": _c("text", "", _STATE),
    "adjusted_state": _c("text", "", _STATE),
    "executed_state": _c("text", "", _STATE),
    "reported_ratio": _c("text", "填报执行率", "as the cell shows it; None for nothing"),
    "reported_ratio_number": _c("float", "", "the same as a fraction; NaN where it is no number"),
    "reported_ratio_places": _c("float", "", "decimals of the percentage as shown"),
    "ratio_state": _c("text", "", _STATE),
    "weight": _c("float", "分值", "points; NaN where none"),
    "weight_text": _c("text", "", "what the cell shows; None for nothing"),
    "weight_state": _c("text", "", _STATE),
    "reported_score": _c("float", "填报得分", "points; NaN where none or no number"),
    "reported_score_text": _c("text", "", "what the cell shows; None for nothing"),
    "reported_score_state": _c("text", "", _STATE),
    "reason": _c("text", "原因", "None where blank or there is no such column"),
    "unknown_heading": _c(
        "text", "", "where 全年预算数 was not found: what stands over an amount among the others; None for nothing"
    ),
    "cells": _c("object", "单元格", "dict: value → CellRef"),
}

INDICATORS: Mapping[str, ColumnContract] = {
    "table_id": _c("int", "表号", "the table it belongs to"),
    "row": _c("int", "序", "place within the table, from 0"),
    "goal": _c("text", "年度目标", "the goal it stands under; None where the form has one goal"),
    "level1": _c("text", "一级指标", "as shown, repeated on every row it covers; None where none"),
    "level2": _c("text", "二级指标", "as above"),
    "level3": _c("text", "三级指标", "as shown; None where the table has no third level or it is blank"),
    "level4": _c("text", "四级指标", "as above"),
    "name": _c("text", "指标", "the lowest label that is filled, for messages"),
    "level1_weight": _c("float", "一级分值", "weight of the level-1 class, from its own column or label; NaN none"),
    "level2_weight": _c("float", "二级分值", "as above"),
    "operator_text": _c("text", "指标性质", "text of a column of its own; None where none"),
    "unit_text": _c("text", "度量单位", "as above"),
    "target": _c("text", "年度指标值", "as shown; None where blank"),
    "target_state": _c("text", "", _STATE),
    "target_stored": _c("float", "", "what a number cell stores; NaN for a text"),
    "adjusted_target": _c("text", "调整指标值", "as shown; it counts instead of target where filled"),
    "adjusted_target_stored": _c("float", "", "what a number cell stores; NaN for a text"),
    "actual": _c("text", "实际完成值", "as shown; None where blank"),
    "actual_state": _c("text", "", _STATE),
    "actual_stored": _c("float", "", "what a number cell stores; NaN for a text"),
    "weight": _c("float", "分值", "points; NaN where none"),
    "weight_text": _c("text", "", "what the cell shows; None for nothing"),
    "weight_state": _c("text", "", _STATE),
    "weight_stored_as": _c("text", "", _STORED_AS),
    "reported_score": _c("float", "自评得分", "points; NaN where none or no number"),
    "reported_score_text": _c("text", "", "what the cell shows; None for nothing"),
    "reported_score_state": _c("text", "", _STATE),
    "reported_score_stored_as": _c("text", "", _STORED_AS),
    "reason": _c("text", "偏差原因及改进措施", "None where blank"),
    "reason_state": _c("text", "", _STATE),
    "is_detail": _c("flag", "明细行", "a row that explains one above (其中…) and has no points of its own"),
    "hidden": _c("flag", "隐藏行", "the row is hidden"),
    "kind": _c("text", "类型", "quantitative, qualitative, date, multi, placeholder, blank; None in a score sheet"),
    "operator": _c("text", "符号", "sign as stated: ≥ ≤ = > < ±; None where the texts state none"),
    "rule_operator": _c("text", "计分符号", "sign that scoring goes by; `range` for a range"),
    "unit": _c("text", "单位", "unit of target_number and actual_number"),
    "target_number": _c("float", "目标数", "in `unit`; lower end of a range; NaN where no number"),
    "target_upper": _c("float", "目标上限", "upper end of a range; NaN otherwise"),
    "actual_number": _c("float", "完成数", "in `unit`; NaN where no number"),
    "target_shown": _c(
        "float", "显示的目标数", "where the cell shows target_number rounded, the rounded one; else NaN"
    ),
    "actual_shown": _c(
        "float", "显示的完成数", "where the cell shows actual_number rounded, the rounded one; else NaN"
    ),
    "lower_is_better": _c("flag", "反向", "cost-like indicator"),
    "on_time": _c("float", "按时", "1.0 on time, 0.0 late, NaN no date or unclear"),
    "days_late": _c("float", "逾期天数", "days after the deadline; NaN on time, or the day is not stated"),
    "months_late": _c("float", "逾期月数", "begun months after the deadline; NaN on time or not told"),
    "tier": _c("float", "档次", "1 met, 2 partly, 3 not met; NaN where no tier is told"),
    "problem": _c("text", "", "why target and actual cannot be compared; None where they can"),
    "note": _c(
        "text", "说明", "how the texts were understood; once scored, why a person must look; Chinese, None where plain"
    ),
    "cells": _c("object", "单元格", "dict: value → CellRef"),
}

SUBTOTALS: Mapping[str, ColumnContract] = {
    "table_id": _c("int", "表号", "the table it belongs to"),
    "level1": _c("text", "一级指标", "the class whose subtotal is typed"),
    "weight": _c("float", "分值", "as filled; NaN where none"),
    "reported_score": _c("float", "自评得分", "as filled; NaN where none"),
    "cells": _c("object", "单元格", "dict: value → CellRef"),
}

_EMPTY: Mapping[Kind, Any] = {"int": 0, "float": float("nan"), "text": None, "flag": False, "object": None}
_DTYPE: Mapping[Kind, str] = {"int": "int64", "float": "float64", "text": "object", "flag": "bool", "object": "object"}


def frame(records: Iterable[Mapping[str, Any]], contract: Mapping[str, ColumnContract]) -> pd.DataFrame:
    """Return records as a frame of the contract's columns and types; a key that is absent is a missing value."""
    blank = {name: _EMPTY[column.kind] for name, column in contract.items()}
    # Laid over a blank record every record has all columns, and gives up its values at one stroke; none is kept, for
    # what is still in the processor's cache is taken in half the time.
    rows = map(itemgetter(*contract), ({**blank, **record} for record in records))
    columns = list(zip(*rows, strict=True)) or [()] * len(contract)
    # NumPy takes None among floats for NaN.
    data = {
        name: pd.Series(values, dtype=_DTYPE[column.kind])
        for (name, column), values in zip(contract.items(), columns, strict=True)
    }
    return pd.DataFrame(data)


def records(rows: pd.DataFrame, names: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Return the rows of a frame as dicts by column name, of all columns or of some."""
    # Column by column: to_dict looks at every value by itself.
    names = list(rows.columns if names is None else names)
    columns = [rows[name].tolist() for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
