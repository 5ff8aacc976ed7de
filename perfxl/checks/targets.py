"""TGT: whether the targets of a table can be assessed, belong where they stand, and ask for anything."""

import re
from typing import Any

import pandas as pd

from perfxl.checks.registry import check
from perfxl.checks.series import choose, equal, first_of, flags, gather, only, tally, texts
from perfxl.checks.tolerance import NOISE
from perfxl.checks.words import finds
from perfxl.forms.check_words import load_check_words
from perfxl.forms.names import is_rate, lower_is_better, plain_name
from perfxl.forms.value_words import load_words
from perfxl.model.finding import Severity
from perfxl.text import fold, number_text, percent_text, plain_label, shown

_YUAN = {"元": 1.0, "千元": 1e3, "万元": 1e4, "百万元": 1e6, "亿元": 1e8}
# A figure this near to the year's money is the money, rounded otherwise.
_SAME_MONEY = 0.005
# A percentage target from here on leaves nothing to reach for.
_HIGH_PERCENT = 95
_FEWEST_TARGETS = 5
_MOSTLY = 0.8
# Parts of a goal: numbered, or divided by full stops and semicolons.
_ITEMS = re.compile(r"[;.!\n]+|(?:目标)?\d+[:,)]|[一二三四五六七八九十]+,")
_NUMBER = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)(?!\d)(?!年|月|日|号|届|期|级|:|[,)]\D)(%|[^\d\W_a-zA-Z])")


@check(
    "TGT-02",
    Severity.INFO,
    cell="target",
    title="指标值难以衡量",
    message="年度指标值“{target}”难以衡量：没有数量，也没有分级标准",
    advice="请量化，或写明分级标准和证明材料。",
)
def vague_target(rows: pd.DataFrame) -> pd.DataFrame:
    """指标值只是“改善、提高、有效、明显”一类的词，没有数量和标准。

    为什么：“有所提高”怎样都算完成，评不出好坏。
    例：指标值“显著提升”。
    不报：含有数字；“优良中低差”等分级；“是”“及时”“合规”等可以核实的回答；较长的说明。定性指标允许这样写，所以只作提示。
    来源：赤峰市审计局 2023 年公布的常见问题；绩效自评表核对工具公开规则。
    """
    in_words = only(rows, equal(rows["kind"], "qualitative") & ~rows["is_detail"])
    target = _target(in_words)
    is_short = target.str.len().le(8).fillna(False).astype(bool)
    has_number = finds(target, re.compile(r"\d|[一二三四五六七八九十百千万]"))
    return only(in_words, is_short & finds(target, load_words().vague) & ~has_number)


@check(
    "TGT-03",
    Severity.WARNING,
    cell="level3",
    title="投入类指标不宜作为产出",
    message="“{label}”{what}，是投入，不宜作为产出指标",
    advice="产出指标请写做成的事，如数量、质量、时效；资金到位和支出在预算执行中考核。",
)
def input_as_output(rows: pd.DataFrame) -> pd.DataFrame:
    """产出指标下列的是资金本身：指标值就是预算数（警告），或者名称是“资金到位率”（提示）。

    为什么：钱到位、花出去不是成果，执行率已另占 10 分，等于重复计分。
    例：数量指标“卫片执法补助经费”指标值 72890 元，而全年预算数为 7.29 万元。
    不报：成本指标；效益指标；“资金拨付及时率”一类；金额与预算数不同的。
    来源：丽江市古城区公开的自评表；审核通行做法。
    """
    words = load_check_words().classes
    is_output = finds(rows["level1"], words["output"]) & ~finds(rows["level2"], words["cost"])
    columns = ["name", "level2", "target_number", "unit", "lower_is_better", "table_budget_total", "table_money_unit"]
    output = rows.loc[is_output & ~rows["is_detail"] & rows["name"].notna(), columns]
    money = output["target_number"] * output["unit"].map(_YUAN)
    budget = output["table_budget_total"] * output["table_money_unit"].map(_YUAN)
    is_money = ((money - budget).abs() <= budget * _SAME_MONEY) & budget.gt(0) & ~output["lower_is_better"]
    is_money &= ~finds(output["name"], words["cost"]) | finds(output["level2"], words["quantity"])
    names = texts(output, [plain_label(plain_name(name)) for name in output["name"]])
    is_named = ~is_money & finds(names, load_check_words().inputs)
    hit = rows.loc[only(output, is_money | is_named).index]
    by_money = is_money[hit.index]
    totals = [number_text(total, 6) for total in hit["table_budget_total"]]
    what = [
        f"的指标值“{shown(target or '')}”就是全年预算数 {total} {unit}" if flag else "说的是资金本身"
        for flag, target, total, unit in zip(by_money, _target(hit), totals, hit["table_money_unit"], strict=True)
    ]
    return _by_name(hit).assign(what=texts(hit, what), severity=choose(by_money, Severity.WARNING, Severity.INFO))


@check(
    "TGT-04",
    Severity.WARNING,
    cell="level3",
    title="指标类别填报不当",
    message="“{label}”列在“{placed}”下，{should}",
    advice="请调整到相应的指标类别。",
)
def wrong_class(rows: pd.DataFrame) -> pd.DataFrame:
    """满意度列在产出或效益的其他二级指标下；或者比率列在数量指标下（只作提示）。

    为什么：类别放错，各类分值就失去意义，也不便汇总比较。
    例：“群众满意度”列在社会效益指标下。
    不报：一级或二级指标名称中有“满意”；不按产出、效益、满意度分类的表（如投入、过程、产出、效果）；名称不是率、度、比例的；覆盖率等列在质量、时效指标下；没有二级指标。
    来源：赤峰市审计局 2023 年公布的常见问题（产出与效益指标混淆）。
    """
    words = load_check_words()
    placed = rows["level2"].notna() & ~rows["is_detail"]
    is_satisfaction = placed & finds(rows["name"], words.satisfaction_names)
    is_there = finds(rows["level1"], words.classes["satisfaction"]) | finds(
        rows["level2"], words.classes["satisfaction"]
    )
    named = is_satisfaction & ~is_there & rows["table_is_by_classes"]
    rate = placed & finds(rows["level2"], words.classes["quantity"]) & equal(rows["unit"], "%") & ~is_satisfaction
    rate &= rows["target_number"].notna()
    rows = only(rows, named | rate)
    satisfied, rates = rows[named[rows.index]], rows[rate[rows.index]]
    rates = rates[flags(rates, map(is_rate, rates["name"]))]
    found = gather(
        (
            satisfied.assign(should="应列在满意度指标下", severity=Severity.WARNING),
            rates.assign(should="数量指标应是个数、次数、面积等，比率宜列在质量指标下", severity=Severity.INFO),
        ),
    )
    return _by_name(found).assign(placed=texts(found, [shown(plain_label(text)) for text in found["level2"]]))


@check(
    "TGT-05",
    Severity.WARNING,
    cell="target",
    title="成本指标的方向不对",
    message="成本指标“{name}”的指标值“{target}”用了“{sign}”，越超支完成率越高",
    advice="成本指标应使用“≤”，表示不超过。",
)
def cost_without_ceiling(rows: pd.DataFrame) -> pd.DataFrame:
    """成本指标下的成本、费用、造价，指标值用“≥”或“>”。

    为什么：成本是不超过多少，用“≥”就成了花得越多越好。
    例：项目总成本 ≥90万元。
    不报：成本节约率、节支额等越高越好的指标；“≤”“=”和没有写符号的。
    来源：绩效自评表核对工具公开规则（成本指标不应使用大于等于）。
    """
    cost = load_check_words().classes["cost"]
    is_cost = finds(rows["level2"], cost) | finds(rows["level1"], cost)
    suspects = only(rows, is_cost & rows["operator"].isin(["≥", ">"]) & ~rows["is_detail"] & rows["name"].notna())
    pairs = zip(suspects["name"], suspects["level2"].fillna(""), strict=True)
    hit = only(suspects, flags(suspects, [lower_is_better(name, level2) for name, level2 in pairs]))
    return hit.assign(sign=hit["operator"])


@check(
    "TGT-08",
    Severity.INFO,
    on="tables",
    cell="goal_expected",
    title="年度目标没有对应的指标",
    message="年度目标“{item}”中的 {number} 在各指标中没有对应",
    advice="请为年度目标的主要内容设置指标，或说明在哪一项考核。",
)
def goal_without_indicator(tables: pd.DataFrame) -> pd.DataFrame:
    """年度总体目标里写了数量，而没有一个指标的名称或指标值与它对得上。

    为什么：目标写了而不考核，等于没有约束。
    例：目标“新建充电桩 120 个”，各指标都没有充电桩，也没有 120。
    不报：指标值中有同样的数；指标名称与这一项目标有三个字以上相同；年份、日期、文号；没有写数量的目标。
    来源：绩效自评表核对工具公开规则（目标与指标对应）。
    """
    found = [
        _uncovered(goal, names, numbers) if goal and names else None
        for goal, names, numbers in zip(
            tables["goal_expected"], tables["indicator_names"], tables["target_numbers"], strict=True
        )
    ]
    hit = only(tables, flags(tables, found))
    told = [item for item in found if item]
    return hit.assign(item=texts(hit, [item for item, _ in told]), number=texts(hit, [number for _, number in told]))


def _uncovered(goal: str, names: tuple[str, ...], numbers: frozenset[float]) -> tuple[str, str] | None:
    """Return the first item of a goal whose number and words no indicator has, with the number; None for none."""
    folded = fold(goal)
    if not _NUMBER.search(folded):
        return None
    known = "\n".join(names)
    for item in _ITEMS.split(folded):
        if not item or (found := list(_NUMBER.finditer(item))) == []:
            continue
        values = {float(match[1]) for match in found}
        if values & numbers or any(item[at : at + 3] in known for at in range(len(item) - 2)):
            continue
        return shown(item, 40), found[0][0]
    return None


@check(
    "TGT-09",
    Severity.INFO,
    cell="heading.target",
    title="目标缺乏挑战性",
    message="“{heading}”中 {count} 个定量指标有 {high} 个是 95% 以上的比率，占 {share}",
    advice="请结合历史水平设置有区分度的数量、质量和效益目标。",
)
def nothing_to_reach_for(rows: pd.DataFrame) -> pd.DataFrame:
    """定量指标几乎都是 95%、100% 一类的比率，没有数量和效益目标。

    为什么：都是“率 100%”，完成与否看不出差别。
    例：六个定量指标，六个都是 ≥95% 或 100%。
    不报：定量指标不到五个；有两成以上是数量、金额、时间或低于 95% 的目标；反向指标。
    来源：赤峰市审计局 2023 年公布的常见问题（目标缺乏压力）；比例为审核通行做法。
    """
    is_numeric = equal(rows["kind"], "quantitative") & rows["target_number"].notna() & ~rows["is_detail"]
    numeric = rows.loc[is_numeric, ["table_id", "unit", "target_number", "lower_is_better"]]
    high = (
        equal(numeric["unit"], "%") & numeric["target_number"].ge(_HIGH_PERCENT - NOISE) & ~numeric["lower_is_better"]
    )
    counts = tally(high, numeric["table_id"])
    counts = counts[(counts["size"] >= _FEWEST_TARGETS) & (counts["sum"] >= _MOSTLY * counts["size"])]
    hit = first_of(rows, counts.index)
    own = counts.loc[hit["table_id"]]
    headings = [shown(columns["target"].text) if "target" in columns else "指标值" for columns in hit["table_columns"]]
    return hit.assign(
        heading=texts(hit, headings),
        count=texts(hit, map(int, own["size"])),
        high=texts(hit, map(int, own["sum"])),
        share=texts(hit, [percent_text(part / whole, 0) for whole, part in zip(own["size"], own["sum"], strict=True)]),
    )


def _target(rows: pd.DataFrame) -> pd.Series:
    """Return the target that counts, as its cell shows it."""
    return rows["adjusted_target"].where(rows["adjusted_target"].notna(), rows["target"])


def _by_name(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the lowest label that they have, and its cell."""
    levels = ("level4", "level3", "level2", "level1")
    own: list[Any] = [
        next((level for level in levels if level in cells and cells[level].text == name), "level3")
        for cells, name in zip(rows["cells"], rows["name"], strict=True)
    ]
    return rows.assign(
        cell_field=texts(rows, own), label=texts(rows, [shown(plain_label(name or "该行")) for name in rows["name"]])
    )
