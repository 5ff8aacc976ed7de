"""UNIT: what cells store, where it is not what they show."""

import pandas as pd

from perfxl.checks.registry import check
from perfxl.checks.series import NothingFoundError, choose, equal, gather, only, tally, texts
from perfxl.model.columns import records
from perfxl.model.finding import Severity
from perfxl.text import number_text

_LABELS = {"initial": "年初预算数", "adjusted": "全年预算数", "executed": "全年执行数"}
_POINTS = {"weight": "分值", "reported_score": "得分"}
# 元 for 万元 is a factor of 10 000; a budget and what was spent of it differ by a few per cent besides.
_FACTOR, _NEAR = 1e4, 0.05
# Other years' figures differ by more, but never by a factor like this.
_ALIKE = 10
# A column is one of formulas where most of at least so many cells are.
_FEWEST_FORMULAS, _MOSTLY = 3, 0.6


@check(
    "UNIT-01",
    Severity.ERROR,
    on="budget",
    cell="executed",
    title="疑似元、万元单位错误",
    message="“{name}”的{column} {value} 约为{other_column} {other} 的 {times}，疑似把{wrong}当作{unit}填写",
    advice="请核对金额单位，改正后重新计算执行率和得分。",
    options={"near": _NEAR},
)
def factor_of_ten_thousand(rows: pd.DataFrame) -> pd.DataFrame:
    """同一行的预算数与执行数相差约一万倍（误差 5% 以内）。

    为什么：单位填错，执行率和得分就全错；相差正好一万倍，几乎只能是元和万元混用。
    例：单位为万元，全年预算数 90，全年执行数 899740。
    不报：相差不到或超过 5%；只有一个数；差别来自总额为 0（BUD-01）。误差可用 near 设定。
    来源：绩效自评表核对工具公开规则（元、万元混用）；审核通行做法。
    """
    found = []
    for field, other, third in (
        ("executed", "adjusted", "initial"), ("adjusted", "initial", "executed"), ("executed", "initial", "adjusted"),
    ):  # fmt: skip
        ratio = rows[field] / rows[other].where(rows[other] > 0)
        is_large = (ratio / _FACTOR - 1).abs() <= rows["option_near"]
        is_small = (ratio * _FACTOR - 1).abs() <= rows["option_near"]
        if not (is_large | is_small).any():
            continue
        hit = rows[is_large | is_small]
        # The third figure tells which of the two is out; without it the 元 figure in a 万元 table.
        nearer = (hit[third] / hit[field]).between(1 / _ALIKE, _ALIKE)
        in_yuan = equal(hit["table_money_unit"], "元")
        alone = ~nearer & ~(hit[third] / hit[other]).between(1 / _ALIKE, _ALIKE)
        is_other = nearer | alone & (is_large[hit.index] == in_yuan)
        found.append(_mistaken(hit, choose(is_other, other, field), choose(is_other, field, other)))
    hit = gather(found)
    return hit[~hit.index.duplicated()]


def _mistaken(rows: pd.DataFrame, wrong: pd.Series, right: pd.Series) -> pd.DataFrame:
    told = records(rows, tuple(_LABELS))
    values = [row[field] for field, row in zip(wrong, told, strict=True)]
    others = [row[field] for field, row in zip(right, told, strict=True)]
    is_large = [value > other for value, other in zip(values, others, strict=True)]
    unit = rows["table_money_unit"].fillna("万元")
    return rows.assign(
        cell_field=wrong,
        column=wrong.map(_LABELS),
        other_column=right.map(_LABELS),
        value=texts(rows, [number_text(value, 6) for value in values]),
        other=texts(rows, [number_text(other, 6) for other in others]),
        times=texts(rows, ["10000 倍" if large else "万分之一" for large in is_large]),
        wrong=texts(rows, ["元" if large else "万元" for large in is_large]),
        unit=texts(rows, ["万元" if large else "元" for large in is_large]),
        expected=None,
        difference=None,
        money_unit=unit,
    )


@check(
    "UNIT-04",
    Severity.INFO,
    cell="reported_score",
    title="数字以文本存储",
    message="“{name}”的{column}“{quoted}”以文本存储，已按 {value} 识别；表格软件求和时会漏掉它",
    advice="请改为数字（分列或重新输入），并核对合计。",
)
def number_as_text(rows: pd.DataFrame) -> pd.DataFrame:
    """分值或得分存成了文本，而表里其他行是数字。

    为什么：SUM 不计文本，合计会少；全角数字、带空格的数字也是这样来的。
    例：一列得分都是数字，其中一格是文本“10”。
    不报：整列都是文本（多为系统导出）；不是数字的文字（IND-02）。
    来源：丽江市古城区公开的自评表；审核通行做法。
    """
    found = []
    for field, column in _POINTS.items():
        is_text = equal(rows[f"{field}_stored_as"], "text") & rows[field].notna()
        if not is_text.any():
            continue
        is_number = rows[f"{field}_stored_as"].isin(["number", "formula"])
        has_numbers = rows["table_id"].isin(rows.loc[is_number, "table_id"])
        hit = rows[is_text & has_numbers]
        found.append(
            hit.assign(cell_field=field, column=column, quoted=hit[f"{field}_text"], value=hit[field].astype(float))
        )
    return gather(found)


@check(
    "UNIT-06",
    Severity.INFO,
    cell="reported_score",
    title="公式单元格被手工覆盖",
    message="“{name}”的得分 {reported_score_text} 是手工填写的，本列其他行多为公式",
    advice="请恢复公式，或核对手工填写的得分。",
)
def formula_overwritten(rows: pd.DataFrame) -> pd.DataFrame:
    """得分一列多数是公式，个别行却是手工填写的数字。

    为什么：公式被覆盖后，改了完成值得分也不会变，容易与规则不符。
    例：十行得分，九行是公式，一行是手工填写的 9.5。
    不报：公式不到三行或不到六成；定性指标和没有数的行（本来就要手工评分）；全列手工填写。
    来源：审核通行做法。
    """
    is_filled = rows["reported_score"].notna() & equal(rows["kind"], "quantitative")
    is_formula = equal(rows["reported_score_stored_as"], "formula")
    if not is_formula.any():
        raise NothingFoundError
    counts = tally(is_formula[is_filled], rows["table_id"])
    counts = counts[counts["sum"].ge(_FEWEST_FORMULAS) & counts["sum"].ge(_MOSTLY * counts["size"])]
    return only(rows, is_filled & ~is_formula & rows["table_id"].isin(counts.index))
