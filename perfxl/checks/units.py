"""UNIT: units that do not fit, and cells whose content cannot be used."""

from collections.abc import Iterator, Mapping

import pandas as pd

from perfxl.checks.registry import check
from perfxl.checks.series import equal, gather, texts
from perfxl.model.columns import ERROR, MISSING
from perfxl.model.finding import Severity

# What a state belongs to: the field of its cell and what the form calls it.
_INDICATOR_CELLS = {
    "target": ("target", "年度指标值"), "actual": ("actual", "实际完成值"), "weight": ("weight", "分值"),
    "reported_score": ("reported_score", "得分"), "reason": ("reason", "偏差原因"),
}  # fmt: skip
_BUDGET_CELLS = {
    "initial": ("initial", "年初预算数"), "adjusted": ("adjusted", "全年预算数"),
    "executed": ("executed", "全年执行数"), "ratio": ("reported_ratio", "执行率"),
    "weight": ("weight", "分值"), "reported_score": ("reported_score", "得分"),
}  # fmt: skip
_TOTAL_CELLS = {"total_score": ("reported_score", "总分"), "total_weight": ("weight", "分值合计")}


@check(
    "UNIT-02",
    Severity.ERROR,
    cell="actual",
    title="百分数与小数混用",
    message="年度指标值为“{target}”，实际完成值填“{actual}”，一个是百分数，一个是小数，相差 100 倍",
    advice="请统一写成百分数（如 95%）或统一写成小数，再核对得分。",
)
def percent_against_fraction(rows: pd.DataFrame) -> pd.Series:
    """指标值与完成值一个写成百分数、一个写成小数。

    为什么：0.95 与 95% 可能是同一个数，也可能相差 100 倍；直接相除会得出 1% 的完成率，因此本行不测算。
    例：指标值 95%，完成值 0.95。
    不报：95% 与 95（视为同一单位）；本来就小于 1% 的指标；设为百分比格式的 0.95（看到的就是 95%）。
    来源：审核通行做法；绩效自评表核对工具公开规则。
    """
    return equal(rows["problem"], "percent_fraction")


@check(
    "UNIT-03",
    Severity.WARNING,
    cell="actual",
    title="度量单位不一致",
    message="年度指标值“{target}”，实际完成值“{actual}”：{note}",
    advice="请按指标值的度量单位填写实际完成值。",
)
def unit_mismatch(rows: pd.DataFrame) -> pd.Series:
    """指标值与完成值的单位不是同一类，不能相除。

    为什么：以“万元”定的目标用“%”回答，说明的是两件事，算不出完成率。
    例：指标值 ≤90万元，完成值 100%；指标值 90万元，完成值 899740（没有写单位，相差一万倍）。
    不报：个、家、人、人次等计数单位之间；元与万元、小时与分钟等可以换算的单位；一方没有写单位而两个数相近。
    来源：审核通行做法。
    """
    return equal(rows["problem"], "unit_mismatch")


@check(
    "UNIT-07",
    Severity.WARNING,
    cell="actual",
    title="单元格公式出错",
    message="“{name}”的{label}是公式错误值 {error}",
    advice="请改正公式或直接填写数值。",
)
def error_value(rows: pd.DataFrame) -> pd.DataFrame:
    """指标行的单元格显示 #DIV/0!、#REF!、#VALUE! 等错误值。

    为什么：错误值不是数，得分和合计都会受影响。
    例：得分一格为 #REF!。
    不报：不参与计算的列。
    来源：审核通行做法。
    """
    return gather(_with_state(rows, ERROR, _INDICATOR_CELLS))


@check(
    "UNIT-08",
    Severity.WARNING,
    cell="actual",
    title="公式没有保存结果",
    message="“{name}”的{label}是公式，文件里没有保存它的计算结果，无法读取数值",
    advice="请用 Excel 或 WPS 打开文件，等公式算出结果后保存，再报送。",
)
def missing_value(rows: pd.DataFrame) -> pd.DataFrame:
    """指标行的单元格是公式，但文件里没有保存计算结果。

    为什么：由系统导出、没有用表格软件打开过的文件常常如此；空着不等于 0，也不能由程序代填。
    例：得分 =F14*G14/100，保存的结果为空。
    不报：有保存结果的公式。
    来源：本程序的约定：读不到的数不作推定。
    """
    return gather(_with_state(rows, MISSING, _INDICATOR_CELLS))


@check(
    "UNIT-09",
    Severity.WARNING,
    on="budget",
    cell="reported_ratio",
    title="预算数据的公式出错或没有结果",
    message="“{name}”的{label}{what}",
    advice="请用 Excel 或 WPS 打开文件，改正公式并保存后再报送。",
)
def budget_cell_unusable(rows: pd.DataFrame) -> pd.DataFrame:
    """预算执行表里的单元格是错误值，或是没有保存结果的公式。

    为什么：执行率和执行得分要用到这些数。
    例：执行率为 #DIV/0!；执行率公式没有保存结果。
    不报：有保存结果的公式。
    来源：审核通行做法。
    """
    return _unusable(rows, _BUDGET_CELLS)


@check(
    "UNIT-10",
    Severity.WARNING,
    on="tables",
    cell="reported_score",
    title="总分的公式出错或没有结果",
    message="{label}{what}",
    advice="请用 Excel 或 WPS 打开文件，改正公式并保存后再报送。",
)
def total_cell_unusable(tables: pd.DataFrame) -> pd.DataFrame:
    """总分行的单元格是错误值，或是没有保存结果的公式。

    为什么：总分读不到，就无法与各项得分之和核对。
    例：总分 =SUM(H14:H30)，保存的结果为空。
    不报：有保存结果的公式。
    来源：审核通行做法。
    """
    return _unusable(tables, _TOTAL_CELLS)


def _unusable(rows: pd.DataFrame, fields: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """Return one row for every cell that is an error or a formula without a result, with what it is."""
    errors = [
        cells.assign(what=texts(cells, [f"是公式错误值 {text}" for text in cells["error"]]))
        for cells in _with_state(rows, ERROR, fields)
    ]
    missing = [
        cells.assign(what="是公式，没有保存计算结果，无法读取数值") for cells in _with_state(rows, MISSING, fields)
    ]
    return gather([*errors, *missing])


def _with_state(rows: pd.DataFrame, state: str, fields: Mapping[str, tuple[str, str]]) -> Iterator[pd.DataFrame]:
    """Yield, column by column, the rows whose cell is in a state, with the cell's field, label and text."""
    for column, (field, label) in fields.items():
        is_so = equal(rows[f"{column}_state"], state)
        if is_so.any():
            hit = rows[is_so]
            seen = [cells[field].text if field in cells else "" for cells in hit["cells"]]
            yield hit.assign(cell_field=field, label=label, error=texts(hit, seen))
