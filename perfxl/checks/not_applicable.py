"""NA: indicators that do not apply, and duties left undone that are presented so."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from perfxl.checks.registry import check
from perfxl.checks.series import only, texts
from perfxl.checks.tolerance import NOISE
from perfxl.checks.words import is_no_reason, names_nothing, say, says_not_applicable, says_undone
from perfxl.model.columns import records
from perfxl.model.finding import Severity
from perfxl.text import number_text

_SAID_IN = ("reason", "actual", "target")
_POLICIES = {"zero": "按 0 分", "full": "满分", "rescale": "剔除折算", "siblings": "分值并入同类指标"}


@check(
    "NA-01",
    Severity.WARNING,
    cell="reported_score",
    title="不适用指标按 0 分计",
    message="“{name}”写明“{wording}”，属不适用，得 0 分（分值 {full_marks}）；{choices}",
    advice="请按本地规定选择扣分、记满分或剔除后折算，并在原因中写明依据。",
)
def not_applicable_zero(rows: pd.DataFrame) -> pd.DataFrame:
    """当年没有这项业务的指标（“无新增项目”“不涉及”“不适用”）记了 0 分。

    为什么：各地规定不同：有的扣分，有的记满分，有的剔除后折算为百分制；单位按 0 分计往往吃亏，也与别的单位不可比。
    例：新增预算项目事前绩效评估，分值 3，得 0 分，原因“本部门本年无新增预算项目”。
    不报：得分不是 0；应做而没有做（“未进行”“未开展”“无法开展”）；按完成率算出就是 0 分的定量指标。
    来源：从化区委组织部 2022 年部门整体支出自评；部分地方表样附注（剔除后折算）。
    """
    hit = _saying(only(rows, rows["is_not_applicable"] & rows["reported_score"].eq(0)), says_not_applicable)
    is_ruled = hit["policy"].ne("as_filled")
    return hit.assign(
        choices=texts(hit, map(_choices, records(hit))),
        expected=hit["score"].where(is_ruled),
        difference=(hit["reported_score"] - hit["score"]).where(is_ruled).round(4),
    )


@check(
    "NA-02",
    Severity.INFO,
    cell="reported_score",
    title="不适用指标按满分计",
    message="“{name}”写明“{wording}”，属不适用，得满分 {reported_score} 分",
    advice="请附记满分的依据；本地规定剔除折算的，按规定计算。",
)
def not_applicable_full(rows: pd.DataFrame) -> pd.DataFrame:
    """当年没有这项业务的指标（“无新增项目”“不涉及”）记了满分。

    为什么：有的地方规定记满分，有的规定剔除折算，要有依据。
    例：新增预算项目事前绩效评估，分值 3，得 3 分，原因“本年无新增预算项目”。
    不报：有完成值可以核对的指标；“无”“无偏差”一类不是说不适用的话；名称就是“不涉及”的（WGT-04）。
    来源：审核通行做法；部分地方按满分计。
    """
    is_full = rows["reported_score"].ge(rows["full_marks"] - NOISE) & rows["full_marks"].gt(0)
    suspects = only(rows, is_full & rows["score"].isna() & rows["actual_number"].isna())
    return _saying(only(suspects, ~say(suspects["name"], names_nothing)), _not_applicable_in_words)


def _not_applicable_in_words(text: str) -> str | None:
    """Return the words that say so; a bare 无 or 没有 says that there is nothing to tell."""
    words = says_not_applicable(text)
    return words if words and len(words) > 2 and not is_no_reason(text) else None


@check(
    "NA-03",
    Severity.WARNING,
    cell="reported_score",
    title="应开展而未开展",
    message="“{name}”写明“{wording}”，是应做而未做，不属于不适用，按规定不得剔除或记满分（填报 {reported_score} 分）",
    advice="请说明未开展的原因和整改时限；0 分应当保留。",
)
def undone_is_no_excuse(rows: pd.DataFrame) -> pd.DataFrame:
    """职责存在而当年没有去做（“未进行”“未开展”），写成了像是不适用的样子。

    为什么：没有做与不适用是两回事，没有做的不能剔除、折算或记满分。
    例：资产盘点情况，分值 1，得 0 分，原因“本单位本年无进行资产盘点”。
    不报：部分得分、已说明进度的行；完成值已如实填“未完成”的行（按档次核对，IND-11）；有定量指标值的行；
    “无新增项目”一类真正不适用的；“不存在未完成事项”。
    来源：从化区委组织部 2022 年部门整体支出自评。
    """
    # Only where nothing else says what was done: score sheets, and rows whose target or actual is a mere sign.
    is_silent = rows["kind"].isna() | rows["problem"].isin(["actual_placeholder", "target_placeholder"])
    is_extreme = rows["reported_score"].eq(0) | rows["reported_score"].ge(rows["full_marks"])
    return _saying(only(rows, is_silent & rows["full_marks"].gt(0) & is_extreme), says_undone)


def _saying(rows: pd.DataFrame, says: Callable[[str], str | None]) -> pd.DataFrame:
    """Return the rows that say a thing, with the field that says it and its words."""
    found = {
        index: said
        for index, texts in zip(rows.index, records(rows[list(_SAID_IN)]), strict=True)
        if (said := _said(texts, says)) is not None
    }
    hit = only(rows, rows.index.isin(found))
    return hit.assign(
        cell_field=texts(hit, [field for field, _ in found.values()]),
        wording=texts(hit, [words for _, words in found.values()]),
    )


def _said(texts: dict[str, Any], says: Callable[[str], str | None]) -> tuple[str, str] | None:
    for field in _SAID_IN:
        if isinstance(text := texts[field], str) and (words := says(text)):
            return field, words
    return None


def _choices(row: dict[str, Any]) -> str:
    """Return what the rubric makes of a row that does not apply, or the totals under each way of treating it."""
    if row["policy"] != "as_filled":
        score = (
            f"，应得 {number_text(row['score'])} 分" if row["score"] == row["score"] else "，其余各项得分齐全后才能计算"
        )
        return f"按本表规则{_POLICIES[row['policy']]}{score}"
    totals = [row[f"table_total_if_{policy}"] for policy in _POLICIES]
    if any(total != total for total in totals):
        return "可" + "、".join(_POLICIES.values()) + "四种处理"
    return "、".join(_POLICIES.values()) + "四种处理，总分分别为 " + "、".join(map(number_text, totals))
