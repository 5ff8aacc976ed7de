"""IND: the score of each indicator against its target, its actual value and its weight."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from perfxl.checks.registry import check
from perfxl.checks.series import choose, equal, flags, gather, only, texts
from perfxl.checks.tolerance import NOISE, differs_from_rule
from perfxl.checks.words import can_be_negative, is_bounded_rate, is_no_reason, names_nothing, say
from perfxl.model.columns import ABSENT, BLANK, FILLED, MANUAL, SCORED, SHARED, records
from perfxl.model.finding import Severity
from perfxl.rounding import round_half_up
from perfxl.text import number_text, percent_text, shown

# Where a row without a score is pointed at: its label, else what is filled beside it.
_NAMED_BY = (
    "level3", "level4", "level2", "level1", "target", "adjusted_target", "actual", "weight", "reported_score", "reason",
)  # fmt: skip
# What it takes to write down how a score comes about.
_ARITHMETIC = (
    "kind", "unit", "target", "adjusted_target", "actual", "target_number", "target_upper", "actual_number",
    "target_shown", "actual_shown", "lower_is_better", "days_late", "months_late", "full_marks", "share", "score",
    "alternative_score", "reverse", "is_not_applicable",
)  # fmt: skip
_TIERS = {1: "达成预期指标", 2: "部分达成预期指标", 3: "未达成预期指标"}


@check(
    "IND-01",
    Severity.ERROR,
    cell="reported_score",
    title="得分超过分值",
    message="得分 {reported_score} 超过该指标分值 {full_marks}，多 {difference}",
    advice="请核对该行得分，得分不得高于分值。",
)
def score_above_weight(rows: pd.DataFrame) -> pd.DataFrame:
    """填报的得分高于该指标的分值。

    为什么：一行超分，总分就虚高，财政部门会退回整张表。
    例：分值 10，得分 12 → 报在得分。
    不报：相等；分值或得分空白（STR-07）；表里没有分值列；几行合并填写一个得分；分值为负（WGT-04）。
    来源：省级填报平台拒绝保存。
    """
    hit = only(rows, (rows["reported_score"] > rows["full_marks"] + NOISE) & rows["is_comparable"])
    return hit.assign(expected=hit["full_marks"], difference=(hit["reported_score"] - hit["full_marks"]).round(4))


@check(
    "IND-02",
    Severity.ERROR,
    cell="reported_score",
    title="得分不是非负数字",
    message="得分{range}，填报为“{reported_score_text}”",
    advice="请填写数字得分。",
)
def score_no_number(rows: pd.DataFrame) -> pd.DataFrame:
    """得分是负数，或填的不是数字。

    为什么：不是数字的得分不能计入总分。
    例：得分填“满分”“10分左右”或 -2。
    不报：空白（STR-07）；错误值（UNIT-07）；没有分值的行，或指标值是“/”的行（IND-13）里的“/”“—”。
    来源：省级填报平台校验规则。
    """
    is_text = equal(rows["reported_score_state"], FILLED) & rows["reported_score"].isna()
    suspects = only(rows, is_text | (rows["reported_score"] < 0))
    has_points = suspects["weight"].gt(0) & ~equal(suspects["problem"], "target_placeholder")
    hit = only(suspects, has_points | ~say(suspects["reported_score_text"], is_no_reason))
    tops = [f"应为 0 至 {number_text(top)} 之间的数字" if top > 0 else "应为非负数字" for top in hit["full_marks"]]
    return hit.assign(range=texts(hit, tops))


@check(
    "IND-03",
    Severity.ERROR,
    tolerance="rubric_score_tolerance",
    cell="reported_score",
    title="得分高于规则得分",
    message="{arithmetic}，填报 {reported_score} 分，多计 {difference} 分{other}",
    advice="请按完成情况改正得分，并说明未完成的原因和改进措施。",
    unless=("IND-01", "IND-02", "UNIT-02"),
)
def score_above_rule(rows: pd.DataFrame) -> pd.DataFrame:
    """填报的得分高于按完成率算出的得分。

    为什么：定量指标没有完成的，按完成比例记分；多记的分会抬高总分和等级。
    例：指标值 ≥100，完成 87，分值 10，应得 8.70，填报 10。
    不报：相差不超过 0.01；四舍五入到一位小数后相同（3.95 填 4）；反向指标按另一种通行算法相符；定性指标（IND-11）；
    得分超过分值（IND-01）；百分数与小数混用（UNIT-02）；完成值为负（IND-16）；几行合并填写一个得分。
    来源：财预〔2020〕10号所附表式的计分说明；绩效自评表核对工具公开规则。
    """
    is_higher = rows["reported_score"].gt(rows["score"]) & equal(rows["status"], SCORED) & rows["is_comparable"]
    suspects = only(rows, is_higher)
    hit = only(suspects, _differs(suspects) & ~_cannot_be_negative(suspects))
    told = records(hit, _ARITHMETIC)
    return hit.assign(
        arithmetic=texts(hit, map(arithmetic, told)),
        other=texts(hit, map(_by_other_rule, told)),
        expected=hit["score"],
        difference=(hit["reported_score"] - hit["score"]).round(4),
    )


@check(
    "IND-04",
    Severity.WARNING,
    tolerance="rubric_score_tolerance",
    cell="reported_score",
    title="指标已完成却扣分",
    message="{arithmetic}，填报 {reported_score} 分，少 {gap} 分，未说明原因",
    advice="请补写扣分原因；没有扣分理由的，按分值记分。",
    unless=("IND-02", "UNIT-02", "NA-01"),
)
def score_below_rule(rows: pd.DataFrame) -> pd.DataFrame:
    """指标值已经完成，得分却低于分值，又没有写原因。

    为什么：扣分要有依据，否则上级无法判断是算错还是另有问题。
    例：目标 95%，完成 95%，分值 30，填报 27，原因空白。
    不报：写了原因；没有完成的指标（原因空白报 IND-07）；相差不超过 0.01；表里没有原因一列。
    来源：丽江市古城区公开的自评表；省级填报平台规则。
    """
    is_below = rows["reported_score"].lt(rows["score"]) & rows["reported_score"].ge(0) & rows["share"].ge(1)
    is_below &= rows["is_comparable"]
    suspects = only(rows, is_below)
    hit = only(suspects, _differs(suspects) & _reason_missing(suspects))
    return hit.assign(
        arithmetic=texts(hit, map(arithmetic, records(hit, _ARITHMETIC))),
        expected=hit["score"],
        difference=(hit["reported_score"] - hit["score"]).round(4),
        gap=(hit["score"] - hit["reported_score"]).round(4),
    )


@check(
    "IND-05",
    Severity.WARNING,
    cell="actual",
    title="完成值大幅超过指标值",
    message="实际完成值 {actual} 是年度指标值 {target} 的 {percent}，{what}，未说明原因",
    advice="请说明超额完成的原因；指标值设置偏低的，下年度应合理调整。",
    unless=("UNIT-02",),
)
def far_above_target(rows: pd.DataFrame) -> pd.DataFrame:
    """定量指标的完成值达到指标值的 130% 及以上，没有说明原因。

    为什么：目标定得过低，自评就失去意义；财政部门会问原因，个别地方还会扣分。
    例：指标值 ≥50，完成 65（130%）。
    不报：129.99%；写了原因；反向指标（表样定义了 far_below 的，远低于指标值时作提示）；
    不会超过 100% 的比率（满意度、合格率，写不写“%”都一样）；指标值为 0 或负数；表里没有原因一列。
    来源：广西填报平台：完成值达到 130% 必须说明原因。
    """
    is_far = rows["is_far_above"] | rows["is_far_below"]
    rows = only(rows, is_far & ~rows["is_detail"] & rows["ask"].ne("never"))
    hit = only(rows, (_reason_missing(rows) | rows["ask"].eq("always")) & ~_is_bounded(rows, bare=True))
    pairs = zip(hit["actual_number"], hit["target_number"], strict=True)
    percents = [percent_text(round_half_up(actual / target, 4)) for actual, target in pairs]
    what = [
        f"达到 {percent_text(threshold, 0)} 以上" if is_above else "远低于上限，指标值可能过宽"
        for is_above, threshold in zip(hit["is_far_above"], hit["over_achievement"], strict=True)
    ]
    return hit.assign(
        percent=texts(hit, percents),
        what=texts(hit, what),
        severity=choose(hit["is_far_above"], Severity.WARNING, Severity.INFO),
    )


@check(
    "IND-06",
    Severity.INFO,
    cell="actual",
    title="实际完成值与“等于”的指标值不同",
    message="年度指标值是“等于”（{target}），实际完成值为 {actual}，超出指标值；按已完成记满分",
    advice="指标值应当是下限的，请改为“≥”；确应等于的，请核对实际完成值。",
    unless=("IND-05", "IND-17"),
)
def above_an_exact_target(rows: pd.DataFrame) -> pd.DataFrame:
    """指标写明“等于”，完成值却高于指标值。

    为什么：通行规则对超过的部分不扣分；但像“=4 次会议”这样应当恰好相等的，需要核对。
    例：指标值 =4 次，完成 6 次，原因空白。
    不报：相等；低于指标值（按完成率计分）；没有写“=”；反向指标低于指标值；超出 30% 以上（IND-05）；写了原因。
    来源：省级填报平台：符号为“等于”而数值不同的，得分可由人工修改。
    """
    above = (
        equal(rows["operator"], "=")
        & ~rows["lower_is_better"]
        & rows["problem"].isna()
        & (rows["actual_number"] > rows["target_number"] + NOISE)
        & ~rows["actual_shown"].le(rows["target_number"])
        & ~rows["is_detail"]
    )
    hit = only(rows, above)
    return only(hit, _reason_missing(hit))


@check(
    "IND-07",
    Severity.ERROR,
    cell="reason",
    title="未得满分而未说明原因",
    message="得分 {reported_score} 低于分值 {full_marks}，{what}",
    advice="请填写偏差原因及改进措施。",
    unless=("NA-01", "NA-03", "IND-04"),
)
def deduction_unexplained(rows: pd.DataFrame) -> pd.DataFrame:
    """得分低于分值，偏差原因一栏是空的，或只有“无”“—”。

    为什么：扣了分就要说明原因和怎样改进，这是自评的目的。
    例：分值 10，得分 8，偏差原因及改进措施空白 → 报在该空格。
    不报：满分；表里没有原因一列；指标已完成却扣分（IND-04）；已写明不适用或未开展（NA-01、NA-03）；得分空白（STR-07）；
    几行合并填写一个得分或一个分值。
    来源：省级填报平台必填规则。
    """
    short = rows["reported_score"].lt(rows["full_marks"] - NOISE) & rows["reported_score"].ge(0)
    hit = only(rows, short & rows["is_comparable"])
    hit = only(hit, _reason_missing(hit))
    what = [
        f"偏差原因及改进措施只填了“{shown(reason)}”" if reason else "未填写偏差原因及改进措施"
        for reason in hit["reason"]
    ]
    return hit.assign(
        what=texts(hit, what),
        difference=(hit["reported_score"] - hit["full_marks"]).round(4),
    )


@check(
    "IND-10",
    Severity.ERROR,
    cell="actual",
    title="定量指标未填数值",
    message="年度指标值“{target}”是定量指标，实际完成值应填数字，填报为“{actual}”",
    advice="请填写实际完成的数值。",
    unless=("NA-01", "NA-03"),
)
def words_for_a_number(rows: pd.DataFrame) -> pd.Series:
    """指标值是数，完成值却是文字，或者是“/”“—”。

    为什么：不知道完成了多少，就无法按比例计分。
    例：指标值 ≤30 万元，完成值“完成”。
    不报：完成值里有数；指标值是文字；时间类指标填“按期完成”；空白（STR-07）；“其中”明细行；
    指标值为 0 而填“无”“未发生”（请人工核对，IND-20）；没有分值和得分的行里的“/”。
    来源：省级填报平台拒绝保存；四川大英县公开的自评表。
    """
    is_sign = equal(rows["problem"], "actual_placeholder") & equal(rows["kind"], "quantitative")
    is_sign &= rows["weight"].gt(0) | rows["reported_score"].notna()
    return (equal(rows["problem"], "actual_not_numeric") | is_sign) & ~rows["is_detail"] & rows["target_number"].ne(0)


@check(
    "IND-11",
    Severity.ERROR,
    cell="reported_score",
    title="得分不在应有的区间内",
    message="{what}，填报 {reported_score} 分",
    advice="请按所选档次的得分区间改正得分，或改正完成情况；逾期经批准的，请在原因中写明。",
    unless=("IND-01", "IND-02"),
)
def outside_tier(rows: pd.DataFrame) -> pd.DataFrame:
    """定性指标的得分不在所填档次的区间里；时间类指标逾期，却得了满分。

    为什么：定性指标分三档：达成 100%–80%（含），部分达成 80%–60%（含），未达成 60%–0%，得分要与档次一致；
    逾期怎样扣分各地不同，但不能算按期完成。
    例：分值 10，“部分达成预期指标”，填报 8 分（应为 6 分以上、不到 8 分）；6月底前完成，实际 9 月，填报满分。
    不报：完成情况的文字归不到三档；得分空白（STR-07）或超过分值（IND-01）；达成档扣到 80% 以下而写了原因。
    逾期得满分而写了原因的，只作警告。
    来源：财预〔2020〕10号所附表式的计分说明；省级填报平台校验规则。
    """
    judged = rows["highest"].notna() & rows["reported_score"].notna() & (rows["tier"].notna() | rows["on_time"].eq(0))
    hit = only(rows, judged & ~rows["in_bounds"] & rows["is_comparable"])
    is_late = hit["on_time"].eq(0)
    is_told = is_late & hit["reason"].notna() & ~_reason_missing(hit)
    what = [_late(row) if row["on_time"] == 0 else _tier(row) for row in records(hit)]
    return hit.assign(
        what=texts(hit, what),
        severity=choose(is_told, Severity.WARNING, Severity.ERROR),
    )


def _tier(row: Mapping[str, Any]) -> str:
    end = "（不含）" if row["is_open_above"] else ""
    bounds = f"{number_text(row['lowest'])} 至 {number_text(row['highest'])} 分{end}"
    return f"“{shown(row['actual'])}”属于“{_TIERS[int(row['tier'])]}”，得分应在 {bounds}"


def _late(row: Mapping[str, Any]) -> str:
    target = row["adjusted_target"] or row["target"]
    return f"“{shown(row['actual'])}”晚于“{shown(target)}”，不应得满分 {number_text(row['highest'])} 分"


@check(
    "IND-12",
    Severity.WARNING,
    cell="target",
    title="一行有多个指标值",
    message="“{text}”含有不止一个数值，无法确定以哪一个计分",
    advice="一行只设置一个指标值；多项要求请分行填写。",
)
def several_values(rows: pd.DataFrame) -> pd.DataFrame:
    """指标值或完成值里写了几个数。

    为什么：两个数对一个分值，完成一半该得几分说不清；程序不作推定，保留填报的得分，请人工核对。
    例：≥3个，覆盖率100%。
    不报：一个范围（80%–90%）；带分子分母的比率（100%（221/221））；日期。
    来源：审核通行做法。
    """
    is_target, is_actual = equal(rows["problem"], "target_multi"), equal(rows["problem"], "actual_multi")
    hit = only(rows, (is_target | is_actual) & ~rows["is_detail"])
    of_target = equal(hit["problem"], "target_multi")
    target = hit["adjusted_target"].where(hit["adjusted_target"].notna(), hit["target"])
    text = [shown(value) for value in target.where(of_target, hit["actual"])]
    return hit.assign(
        text=texts(hit, text),
        cell_field=choose(of_target, "target", "actual"),
    )


@check(
    "IND-13",
    Severity.WARNING,
    cell="target",
    title="指标值为 0 或没有指标值",
    message="年度指标值“{target}”无法考核：{why}",
    advice="请补充可以衡量的指标值；确无此项的，不应设置分值。",
    unless=("NA-01", "NA-03"),
)
def target_says_nothing(rows: pd.DataFrame) -> pd.DataFrame:
    """指标值是 0 而方向为“大于等于”，或者填的是“/”“无”却有分值。

    为什么：≥0 无论怎样都完成；没有指标值就没有衡量的标准。
    例：≥0次，完成 3 次，分值 5。
    不报：=0、≤0（零事故一类），或没有写符号而完成值也是 0；没有分值的行；指标值空白（STR-07）；
    名称就是“不涉及”的（WGT-04）。
    来源：绩效自评表核对工具公开规则；省级填报平台规则。
    """
    is_zero = (
        rows["target_number"].eq(0)
        & rows["target_upper"].isna()
        & ~rows["rule_operator"].isin(["=", "≤", "<"])
        & equal(rows["kind"], "quantitative")
        & rows["problem"].isna()
        & rows["share"].isna()
    )
    is_nothing = equal(rows["problem"], "target_placeholder") & (rows["weight"] > 0)
    rows = only(rows, is_zero | is_nothing)
    nothing = rows[is_nothing[rows.index] & ~say(rows["name"], names_nothing)]
    zero = rows[is_zero[rows.index]]
    why = choose(zero["operator"].notna(), "指标值为 0，怎样都算完成", "指标值为 0，没有写明是不超过还是不低于")
    return gather((zero.assign(why=why), nothing.assign(why="没有指标值却有分值")))


@check(
    "IND-16",
    Severity.ERROR,
    cell="actual",
    title="实际完成值为负",
    message="实际完成值 {actual} 为负数，与年度指标值 {target} 不符",
    advice="请核对实际完成值；计分时按 0 处理。",
)
def negative_actual(rows: pd.DataFrame) -> pd.Series:
    """实际完成值是负数，而这个指标不可能为负。

    为什么：数量、比率、金额不会小于 0，多为录入错误；计分时按 0 处理。
    例：培训人次指标值 ≥100，完成 -5。
    不报：增长率、变动率、增减额等可以为负的指标；指标值本身为负。
    来源：省级填报平台把负数按 0 计。
    """
    return _cannot_be_negative(rows)


def _cannot_be_negative(rows: pd.DataFrame) -> pd.Series:
    negative = rows["actual_number"].lt(0) & ~rows["target_number"].lt(0) & rows["problem"].isna()
    suspects = rows.loc[negative, "name"]
    return negative & ~say(suspects, can_be_negative).reindex(rows.index, fill_value=False)


@check(
    "IND-17",
    Severity.WARNING,
    cell="actual",
    title="比率超过 100%",
    message="“{name}”的实际完成值 {actual} 超过 100%",
    advice="请核对分子、分母和单位。",
)
def rate_above_all(rows: pd.DataFrame) -> pd.DataFrame:
    """满意度、合格率、覆盖率等不会超过 100% 的比率，完成值超过了 100%。

    为什么：分子不会大于分母，多为录入或单位错误。
    例：服务对象满意度 105%。
    不报：等于 100%；增长率、完成率等可以超过 100% 的比率；单位不是 %。
    来源：绩效自评表核对工具公开规则。
    """
    is_above = rows["actual_number"].gt(100 + NOISE) & ~rows["actual_shown"].le(100)
    hit = only(rows, equal(rows["unit"], "%") & is_above)
    return only(hit, _is_bounded(hit, bare=False))


@check(
    "IND-19",
    Severity.WARNING,
    cell="reported_score",
    title="完成值为 0 却有得分",
    message="实际完成值为 {actual}，得分却为 {reported_score}",
    advice="请核对实际完成值和得分。",
    unless=("IND-01", "IND-03", "IND-13", "UNIT-02"),
)
def points_for_nothing(rows: pd.DataFrame) -> pd.Series:
    """实际完成值是 0，却有得分。

    为什么：什么都没有完成，按比例应得 0 分。
    例：没有分值列的表里，目标 6 艘，完成 0，得分 20。
    不报：目标就是 0 或“不超过”类指标；已按规则指出多计（IND-03）；没有得分；几行合并填写一个得分。
    来源：由计分规则推出。
    """
    return (
        rows["actual_number"].eq(0)
        & rows["target_number"].gt(0)
        & ~rows["lower_is_better"]
        & rows["reported_score"].gt(0)
        & rows["is_comparable"]
    )


@check(
    "IND-20",
    Severity.INFO,
    cell="reported_score",
    title="需人工核对",
    message="“{name}”未能自动核对：{why}{filled}",
    advice="请人工核对该行得分。",
    unless=(
        "STR-07", "UNIT-02", "UNIT-03", "UNIT-07", "UNIT-08", "NA-01", "NA-03", "IND-01", "IND-02", "IND-10", "IND-11",
        "IND-12", "IND-13", "WGT-04", "STR-15",
    ),
)  # fmt: skip
def left_to_a_person(rows: pd.DataFrame) -> pd.DataFrame:
    """规则算不出、填报的得分也无从认可，而别的检查没有说明原因的行。

    为什么：没有核对过的行必须让人知道，不能悄悄放过。
    例：完成值“工5%”，疑为录入或扫描错误，读不出数；三行合用一个分值，其中一行没有完成。
    不报：已有其他提示说明原因；规则已算出得分；定性指标得分在区间内。
    来源：本程序的约定：不能确定的交给人。
    """
    is_merged = ~rows["is_comparable"] & rows["reported_score"].notna()
    hit = only(rows, equal(rows["status"], MANUAL) | is_merged)
    filled = [f"；填报 {number_text(score)} 分" if score == score else "" for score in hit["reported_score"]]
    fields = [
        "reported_score" if score == score else next((field for field in _NAMED_BY if field in cells), "level1")
        for score, cells in zip(hit["reported_score"], hit["cells"], strict=True)
    ]
    return hit.assign(why=texts(hit, map(_why, records(hit))), filled=texts(hit, filled), cell_field=texts(hit, fields))


def _why(row: Mapping[str, Any]) -> str:
    """Return why a row was not checked, the cause that a person can mend first."""
    if row["weight_state"] == FILLED and row["weight"] != row["weight"]:
        return f"分值“{shown(row['weight_text'] or '')}”不是数字"
    if row["weight"] < 0:
        return f"分值 {number_text(row['weight'])} 是负数"
    if not row["is_comparable"]:
        return "得分或分值与相邻的行合并填写，没有说明各行占多少"
    if row["shares_weight"]:
        return "分值由几行合用，没有说明各行占多少"
    if row["note"]:
        return str(row["note"])
    if row["reported_score_state"] in (ABSENT, SHARED):
        return "没有填报得分，程序不能代为评分"
    return "没有可以套用的计分规则"


# ---------------------------------------------------------------- arithmetic, as a person would write it down


def arithmetic(row: Mapping[str, Any]) -> str:
    """Return how a row's score comes about: `完成率 87 ÷ 100 = 87.00%，应得 10 × 87.00% = 8.7 分`."""
    marks, score = number_text(row["full_marks"]), number_text(row["score"])
    if row["share"] >= 1:
        return f"{_how_met(row)}，指标已完成，应得 {score} 分"
    if row["is_not_applicable"]:
        return f"写明不适用，按本表规则应得 {score} 分"
    if row["share"] <= 0:
        return f"{_how_short(row)}，应得 0 分"
    rounded = "（单元格显示的是四舍五入后的数）" if row["actual_shown"] == row["actual_shown"] else ""
    return f"{_how_short(row)}{rounded}，应得 {marks} × {_percent(row['share'])} = {score} 分"


def _how_met(row: Mapping[str, Any]) -> str:
    target, actual = row["target_number"], row["actual_number"]
    if row["kind"] == "date":
        return f"按期完成（{shown(row['adjusted_target'] or row['target'])}，实际 {shown(row['actual'])}）"
    if row["target_upper"] == row["target_upper"]:
        return f"完成 {_amount(row, actual)}，在 {_plain(target)}–{_amount(row, row['target_upper'])} 之间"
    if row["lower_is_better"] or target == 0:
        if actual > target:
            return f"完成 {_amount(row, actual)}，高于目标 {_amount(row, target)}，按本表规则仍得满分"
        return f"完成 {_amount(row, actual)}，不高于目标 {_amount(row, target)}"
    if target < 0:
        return f"完成 {_amount(row, actual)}，不低于目标 {_amount(row, target)}"
    return f"完成率 {_plain(actual)} ÷ {_plain(target)} = {_percent(actual / target)}"


def _how_short(row: Mapping[str, Any]) -> str:
    target, actual, upper = row["target_number"], row["actual_number"], row["target_upper"]
    if row["kind"] == "date":
        days = row["days_late"]
        late = f"逾期 {_plain(days)} 天" if days == days else f"逾期 {_plain(row['months_late'])} 个月"
        return f"{late}（{shown(row['adjusted_target'] or row['target'])}，实际 {shown(row['actual'])}）"
    if upper == upper and actual > upper:
        return _how_above(row, upper)
    if target <= 0:
        return f"目标 {_amount(row, target)}，完成 {_amount(row, actual)}"
    if row["lower_is_better"]:
        return _how_above(row, target)
    cut = "，超出指标值，按本表规则折减" if actual > target else ""
    return f"完成率 {_plain(actual)} ÷ {_plain(target)} = {_percent(actual / target)}{cut}"


def _how_above(row: Mapping[str, Any], ceiling: float) -> str:
    """Return by how much an actual is above what it should not exceed, in the terms of the rubric's rule."""
    actual = row["actual_number"]
    if row["reverse"] == "inverse_ratio":
        return f"目标 ÷ 完成 = {_plain(ceiling)} ÷ {_plain(actual)} = {_percent(ceiling / actual)}"
    if row["reverse"] in ("all_or_nothing", "stepped", "per_step"):
        return f"完成 {_amount(row, actual)}，高于目标 {_amount(row, ceiling)}"
    excess = _percent((actual - ceiling) / ceiling)
    return f"超出目标 ({_plain(actual)} − {_plain(ceiling)}) ÷ {_plain(ceiling)} = {excess}"


def _by_other_rule(row: Mapping[str, Any]) -> str:
    """Return what the other reading gives, which the filled score does not match either; "" for no other."""
    other = row["alternative_score"]
    is_rounded = any(row[f"{name}_shown"] == row[f"{name}_shown"] for name in ("target", "actual"))
    by = "单元格显示的数" if is_rounded else "另一种通行算法"
    return f"（按{by}为 {number_text(other)} 分，也不相符）" if other == other else ""


def _plain(value: float) -> str:
    return number_text(value, 4)


def _amount(row: Mapping[str, Any], value: float) -> str:
    return f"{_plain(value)}{row['unit'] or ''}"


def _percent(fraction: float) -> str:
    return percent_text(round_half_up(float(fraction), 4))


# ---------------------------------------------------------------- parts of conditions


def _is_bounded(rows: pd.DataFrame, *, bare: bool) -> pd.Series:
    """Whether a row is a percentage that never exceeds 100; with `bare` a number without a unit may be one too."""
    units = ("%", "") if bare else ("%",)
    pairs = zip(rows["name"], rows["unit"], strict=True)
    return flags(rows, [(unit or "") in units and is_bounded_rate(name or "", "%") for name, unit in pairs])


def _differs(rows: pd.DataFrame) -> pd.Series:
    """Whether the filled score is neither what the rule gives nor what the other accepted rule gives."""
    differs, other = differs_from_rule(rows, rows["share"]), rows["alternative_share"]
    if not differs.any() or other.isna().all():
        return differs
    return differs & (differs_from_rule(rows, other) | other.isna())


def _reason_missing(rows: pd.DataFrame) -> pd.Series:
    """Whether there is a cell for the reason and it says nothing; a sign such as `—`, or 无, says nothing."""
    says_nothing = rows["reason"].isna() | say(rows["reason"], is_no_reason)
    return rows["reason_state"].isin([BLANK, FILLED, SHARED]) & says_nothing
