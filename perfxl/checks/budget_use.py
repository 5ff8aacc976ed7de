"""BUD, DPT: what became of the money, held against what was done."""

import re

import pandas as pd

from perfxl.checks.registry import check
from perfxl.checks.series import choose, equal, flags, only, texts
from perfxl.checks.tolerance import NOISE
from perfxl.checks.words import finds, is_no_reason, say
from perfxl.forms.check_words import load_check_words
from perfxl.model.finding import Severity
from perfxl.rounding import round_half_up
from perfxl.text import number_text, percent_text, plain_label, shown

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")


@check(
    "BUD-07",
    Severity.INFO,
    on="budget",
    cell="adjusted",
    title="年中预算调整较大",
    message="全年预算数 {adjusted_text} 比年初预算数 {initial_text} {way} {change}，表中没有说明调整的原因",
    advice="请说明追加、调减预算的依据和原因。",
    options={"threshold": 0.2},
    unless=("BUD-01", "BUD-06", "UNIT-01"),
)
def large_adjustment(rows: pd.DataFrame) -> pd.DataFrame:
    """全年预算数与年初预算数相差 20% 以上，没有说明；表里有原因一栏的为警告。

    为什么：调整过大，说明年初预算不准或者任务有变，要有说法。
    例：年初 100，全年 150，各处都没有提到调整、追加。
    不报：20.00% 及以内；表中提到调整、追加、结转等；年初预算数为 0 或没有填。比例可用 threshold 设定。
    来源：四川省自评表填表说明（年中调整的应单独说明理由）；20% 为审核通行做法。
    """
    change = rows["adjusted"] / rows["initial"].where(rows["initial"] > 0) - 1
    is_large = round_half_up(change.abs(), 4) > rows["option_threshold"]
    hit = only(rows, rows["is_total"] & is_large & rows["table_indicator_rows"].gt(0))
    told = say(hit["reason"], lambda text: not is_no_reason(text))
    hit = only(hit, ~told & ~finds(hit["table_words"], load_check_words().adjustment))
    has_column = flags(hit, ["reason" in cells for cells in hit["cells"]])
    own = change[hit.index]
    return hit.assign(
        adjusted_text=texts(hit, map(_plain, hit["adjusted"])),
        initial_text=texts(hit, map(_plain, hit["initial"])),
        way=choose(own > 0, "增加", "减少"),
        change=texts(hit, [_percent(abs(value)) for value in own]),
        severity=choose(has_column, Severity.WARNING, Severity.INFO),
    )


@check(
    "BUD-11",
    Severity.WARNING,
    on="budget",
    cell="executed",
    title="资金执行不足一半而产出全部完成",
    message="全年执行数 {executed_text} 只占全年预算数的 {percent}，而产出指标全部完成，没有说明资金节约或待支付的情况",
    advice="请说明是资金节约、款项待付，还是预算编制偏高；核对产出是否真实完成。",
    options={"threshold": 0.5},
    unless=("BUD-01", "BUD-05", "BUD-06", "UNIT-01"),
)
def output_without_money(rows: pd.DataFrame) -> pd.DataFrame:
    """执行率低于 50%，产出指标却全部完成，没有说明钱省在哪里、什么时候付。

    为什么：花不到一半的钱办完了全部的事，要么预算编多了，要么产出不实。
    例：预算 100，执行 30，产出指标全部满分，只写“预算执行正常”。
    不报：50.00% 及以上；提到节约、结余、尾款、未支付等；没有说明执行偏低的原因（BUD-05）；有一项产出没有完成。
    来源：审核通行做法。
    """
    low = rows["is_total"] & round_half_up(rows["ratio"], 4).lt(rows["option_threshold"]) & rows["ratio"].ge(0)
    hit = only(rows, low & rows["table_outputs_met"].eq(True))
    saving = load_check_words().saving
    return _told(only(hit, ~finds(hit["table_words"], saving) & ~finds(hit["reason"], saving)))


@check(
    "BUD-09",
    Severity.INFO,
    on="budget",
    cell="executed",
    title="结余结转比例较高",
    message="全年执行数 {executed_text}，结余结转 {rest}，占全年预算数 {base} 的 {rest_percent}，超过 {limit}",
    advice="请核实结余结转的原因，据以安排下年预算。",
    options={"threshold": 0.2},
    unless=("BUD-01", "BUD-05", "BUD-06", "BUD-11", "UNIT-01"),
)
def large_balance(rows: pd.DataFrame) -> pd.DataFrame:
    """没有用完的资金占全年预算数的 20% 以上；已经说明原因，所以只作提示。

    为什么：结余过大影响下年预算安排。
    例：预算 100，执行 75，已说明尾款待付 → 提示结余 25%。
    不报：20.00% 及以内；没有说明原因的（BUD-05）。比例可用 threshold 设定。
    来源：省级填报平台：结余超过 20% 标黄。
    """
    base = rows["adjusted_used"]
    share = (base - rows["executed_used"]) / base.where(base > 0)
    is_large = round_half_up(share, 4) > rows["option_threshold"]
    hit = only(rows, rows["is_total"] & is_large & equal(rows["denominator"], "adjusted") & rows["executed_used"].ge(0))
    rest = hit["adjusted_used"] - hit["executed_used"]
    return _told(hit).assign(
        rest=texts(hit, map(_plain, rest)),
        base=texts(hit, map(_plain, hit["adjusted_used"])),
        rest_percent=texts(hit, map(_percent, share[hit.index])),
        limit=texts(hit, [percent_text(limit, 0) for limit in hit["option_threshold"]]),
    )


@check(
    "BUD-10",
    Severity.INFO,
    on="budget",
    cell="executed",
    title="指标得分率明显高于执行率",
    message="指标得分率 {points} ÷ {marks} = {s}，高于执行率 {percent}（全年执行数 {executed_text}），相差超过 {limit}",
    advice="请核实指标完成情况是否与资金支出相称。",
    options={"threshold": 0.05},
    unless=("BUD-01", "BUD-02", "BUD-05", "BUD-06", "BUD-09", "BUD-11", "BUD-12", "UNIT-01", "WGT-01", "STR-07"),
)
def scores_ahead_of_money(rows: pd.DataFrame) -> pd.DataFrame:
    """指标得分率 S 比预算执行率 E 高出 5% 以上：(S − E) ÷ S > 5%。

    为什么：钱没有花完，任务却几乎都完成，可能自评偏高，也可能预算偏多。
    例：执行率 92%，指标得 90 / 90 → (100% − 92%) ÷ 100% = 8%。
    不报：5.00% 及以内；执行率低而已另有提示（BUD-05、BUD-09、BUD-11）；没有分值；有得分空白。比例可用 threshold 设定。
    来源：省级填报平台：(S − E) ÷ S 超过 5% 标红。
    """
    marks = rows["table_weight_sum"] - rows["weight"]
    points = rows["table_reported_sum"] - rows["reported_score"]
    s = points / marks.where(marks > 0)
    gap = (s - rows["ratio"].clip(0, 1)) / s.where(s > 0)
    is_open = rows["table_open_points"].gt(0)
    is_large = round_half_up(gap, 4) > rows["option_threshold"]
    is_scored = rows["is_total"] & rows["rubric_execution_scored"].astype(bool)
    hit = only(rows, is_scored & is_large & s.le(1 + NOISE) & ~is_open)
    return _told(hit).assign(
        s=texts(hit, map(_percent, s[hit.index])),
        points=texts(hit, map(number_text, points[hit.index])),
        marks=texts(hit, map(number_text, marks[hit.index])),
        limit=texts(hit, [percent_text(limit, 0) for limit in hit["option_threshold"]]),
    )


@check(
    "DPT-01",
    Severity.WARNING,
    cell="reported_score",
    title="支出率超过 100% 仍得满分",
    message="“{label}”{where}为 {percent}，超过 100%，得满分 {reported_score} 分，请说明",
    advice="请核对分子、分母口径（是否漏计追加预算），并说明原因。",
    unless=("IND-17",),
)
def spending_rate_above_all(rows: pd.DataFrame) -> pd.DataFrame:
    """部门预算资金支出率、专项资金支出率的完成值或说明写明超过 100%，却得满分。

    为什么：支出不会超过可用的预算，超过的多为漏计追加，得分就没有依据。
    例：部门预算资金支出率，得 5 / 5，得分依据“9834.13/9123.6＝107.79%”。
    不报：没有写明比率；等于 100%；没有得满分。
    来源：从化区委组织部 2022 年部门整体支出自评（执行率 107.79%）。
    """
    suspects = only(rows, finds(rows["name"], load_check_words().spending_rates))
    full = suspects["reported_score"].ge(suspects["full_marks"] - NOISE) & suspects["full_marks"].gt(0)
    suspects = only(suspects, full)
    said = [
        next(
            (
                (label, value)
                for label, text in (("完成值", actual), ("说明", reason))
                for value in _percents(text)
                if value > 100 + NOISE
            ),
            None,
        )
        for actual, reason in zip(suspects["actual"], suspects["reason"], strict=True)
    ]
    hit = only(suspects, flags(suspects, said))
    told = [item for item in said if item]
    return hit.assign(
        label=texts(hit, [shown(plain_label(name)) for name in hit["name"]]),
        where=texts(hit, [where for where, _ in told]),
        percent=texts(hit, [f"{number_text(value)}%" for _, value in told]),
    )


def _percents(text: str | None) -> list[float]:
    return [float(number) for number in _PERCENT.findall(text.replace("％", "%"))] if text else []


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        executed_text=texts(rows, map(_plain, rows["executed_used"])),
        percent=texts(rows, map(_percent, rows["ratio"])),
    )


def _plain(value: float) -> str:
    return number_text(value, 6)


def _percent(fraction: float) -> str:
    return percent_text(round_half_up(float(fraction), 4))
