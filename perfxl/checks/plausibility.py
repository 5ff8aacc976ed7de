"""IND, WGT: figures that are possible, and yet make a careful reader ask."""

import pandas as pd

from perfxl.checks.registry import check
from perfxl.checks.series import NothingFoundError, choose, equal, first_of, only, tally, texts
from perfxl.checks.tolerance import NOISE, decimals
from perfxl.checks.words import finds
from perfxl.forms.check_words import load_check_words
from perfxl.model.columns import ABSENT, FILLED, LABEL
from perfxl.model.finding import Severity
from perfxl.text import number_text, percent_text, shown

_FEWEST = 5
_MOSTLY = 0.8
_FEWEST_WEIGHTS = 4
_EXECUTED = 0.99
# Rows of score sheets carry one decimal more than those of tables with targets.
_SHEET_PLACES = 3


@check(
    "IND-14",
    Severity.INFO,
    cell="heading.actual",
    title="完成值与指标值几乎全部相同",
    message="“{heading}”中 {count} 个定量指标有 {same} 个与指标值完全相同",
    advice="请提供数据来源，核实完成值是否照抄指标值。",
)
def actuals_copied(rows: pd.DataFrame) -> pd.DataFrame:
    """八成以上的定量指标，完成值与指标值一模一样（100% 的比率不计）。

    为什么：实际情况很少恰好等于目标，多半是照抄。
    例：六个指标，五个 95 → 95，一个 85 → 90。
    不报：不到五个可比的指标；指标值为 100%；不足八成。
    来源：从化区委组织部村办公经费自评（六个指标五个相同）；审核通行做法。
    """
    numeric = rows["target_number"].notna() & rows["actual_number"].notna() & rows["problem"].isna()
    numeric &= ~rows["is_detail"] & ~(equal(rows["unit"], "%") & rows["target_number"].eq(100))
    own = rows.loc[numeric, ["table_id", "target_number", "actual_number"]]
    same = (own["target_number"] - own["actual_number"]).abs() <= NOISE
    counts = tally(same, own["table_id"])
    counts = counts[(counts["size"] >= _FEWEST) & (counts["sum"] >= _MOSTLY * counts["size"])]
    hit = first_of(rows, counts.index)
    found = counts.loc[hit["table_id"]]
    return _under_heading(hit, "actual", "实际完成值").assign(
        count=texts(hit, map(int, found["size"])), same=texts(hit, map(int, found["sum"]))
    )


@check(
    "IND-15",
    Severity.INFO,
    on="tables",
    cell="reported_score",
    title="各项均为满分",
    message="全部指标和预算执行均为满分{total}，执行率 {ratio}，请核实自评是否客观",
    advice="请核对佐证材料，重点看定性指标和满意度。",
)
def all_full_marks(tables: pd.DataFrame) -> pd.DataFrame:
    """每项指标都是满分，执行率在 99% 以上，总分 100。

    为什么：自评普遍偏高，全部满分的表最值得抽查。
    例：总分 100，执行率 100%。
    不报：有一项扣分；执行率低于 99%；没有总分，或不就执行率计分。
    来源：审核通行做法；有关单位自评质量的研究（自评缺乏客观性）。
    """
    total = tables["total_reported_score"]
    is_full = total.ge(tables["rubric_total"] - NOISE) & tables["reported_sum"].ge(tables["rubric_total"] - NOISE)
    hit = only(tables, is_full & tables["execution_ratio"].ge(_EXECUTED) & tables["excess"].eq(0))
    return hit.assign(
        total=texts(hit, [f"（总分 {number_text(value)}）" for value in hit["total_reported_score"]]),
        ratio=texts(hit, map(percent_text, hit["execution_ratio"])),
    )


@check(
    "IND-18",
    Severity.INFO,
    cell="actual",
    title="满意度没有说明依据",
    message="“{name}”完成值 {actual}，表中没有说明调查方式和样本量",
    advice="请在原因栏或表后写明怎样调查、发放和收回多少份。",
)
def satisfaction_without_survey(rows: pd.DataFrame) -> pd.DataFrame:
    """满意度填了数，表里没有一处提到问卷、调查、样本。

    为什么：满意度要有调查作依据，否则只是估计。
    例：群众满意度 ≥90%，完成 96%，原因栏空白，表后也没有说明。
    不报：原因栏、完成值、名称或表后文字提到问卷、抽样、回访、份数等；没有填数的；没有原因一栏的表。每张表只提示一处。
    来源：审核通行做法。
    """
    words = load_check_words()
    named = finds(rows["name"], words.satisfaction_names) & rows["actual_number"].notna()
    named &= rows["problem"].isna() & ~equal(rows["reason_state"], ABSENT)
    own = only(rows, named)
    told = (
        finds(own["table_words"], words.survey) | finds(own["name"], words.survey) | finds(own["actual"], words.survey)
    )
    told_tables = own.loc[told, "table_id"]
    return own[~own["table_id"].isin(told_tables)].drop_duplicates("table_id")


@check(
    "WGT-05",
    Severity.WARNING,
    cell="weight",
    title="单项指标分值过高",
    message="“{name}”的分值 {points} 占满分 {rubric_total} 的 {share}，超过 {limit}",
    advice="请把分值分到能反映主要任务的几项指标。",
    options={"threshold": 0.4},
    unless=("WGT-04", "IND-02"),
)
def one_row_weighs_too_much(rows: pd.DataFrame) -> pd.DataFrame:
    """一项指标的分值超过满分的 40%。

    为什么：一项定输赢，其他指标形同虚设。
    例：一项指标 90 分；一项“发放覆盖率”60 分。
    不报：恰好 40%；没有分值；每行是一个一级类别的汇总表。界限可用 threshold 设定。
    来源：青神县、大英县公开的自评表；赤峰市审计局 2023 年公布的常见问题（分值设置不合理）。
    """
    share = rows["full_marks"] / rows["rubric_total"]
    is_class = rows["name"].eq(rows["level1"]) & rows["level3"].isna()
    is_heavy = share.gt(rows["option_threshold"] + NOISE) & rows["weight_state"].isin([FILLED, LABEL])
    hit = only(rows, is_heavy & ~is_class)
    return hit.assign(
        points=hit["weight_text"].where(
            equal(hit["weight_state"], FILLED), texts(hit, map(number_text, hit["full_marks"]))
        ),
        share=texts(hit, [percent_text(value, 0) for value in share[hit.index]]),
        limit=texts(hit, [percent_text(value, 0) for value in hit["option_threshold"]]),
        cell_field=choose(equal(hit["weight_state"], FILLED), "weight", "level3"),
    )


@check(
    "WGT-06",
    Severity.INFO,
    cell="heading.weight",
    title="分值平均分配",
    message="“{heading}”中 {count} 项指标的分值都是 {weight}，没有体现重要程度",
    advice="请按指标的重要程度分配分值。",
    unless=("WGT-01",),
)
def weights_all_equal(rows: pd.DataFrame) -> pd.DataFrame:
    """四项以上指标，分值全都相同。

    为什么：平均分配看不出哪项要紧。
    例：22.5 × 4；8 × 5。
    不报：不到四项；有一项不同；分值在标签里的表；分值由上级规定的评分表。
    来源：大英县公开的自评表（22.5 × 4）；赤峰市审计局 2023 年公布的常见问题。
    """
    has_own = rows["weight"].gt(0) & equal(rows["weight_state"], FILLED) & rows["kind"].notna()
    grouped = rows.loc[has_own, ["table_id", "weight"]].groupby("table_id")["weight"]
    sizes = grouped.size()
    sizes = sizes[(sizes >= _FEWEST_WEIGHTS) & (grouped.max() - grouped.min() <= NOISE)]
    if sizes.empty:
        raise NothingFoundError
    hit = first_of(rows[has_own], sizes.index)
    return _under_heading(hit, "weight", "分值").assign(count=texts(hit, map(int, sizes[hit["table_id"]])))


@check(
    "WGT-10",
    Severity.INFO,
    cell="reported_score",
    title="得分保留位数过多",
    message="得分 {reported_score_text} 保留 {count} 位小数，应不超过 {most} 位",
    advice="得分请四舍五入到两位小数。",
    options={"places": 2},
)
def too_many_decimals(rows: pd.DataFrame) -> pd.DataFrame:
    """得分的小数超过两位（没有指标值的评分表为三位）。

    为什么：多出的位数没有意义，合计时还会差出零头。
    例：得分 8.6667。
    不报：两位及以内；单元格存了多位、显示两位的。位数可用 places 设定。
    来源：省级填报平台：项目表两位、部门整体表三位。
    """
    places = decimals(rows["reported_score_text"])
    most = pd.Series(rows["option_places"], rows.index).where(rows["kind"].notna(), _SHEET_PLACES).astype(int)
    hit = only(rows, (places > most) & rows["reported_score"].notna())
    return hit.assign(count=texts(hit, places[hit.index]), most=texts(hit, most[hit.index]))


def _under_heading(rows: pd.DataFrame, name: str, otherwise: str) -> pd.DataFrame:
    headings = [shown(columns[name].text) if name in columns else otherwise for columns in rows["table_columns"]]
    return rows.assign(heading=texts(rows, headings))
