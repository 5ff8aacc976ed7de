"""WGT: weights, subtotals, totals and grades."""

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

from perfxl.checks.registry import check
from perfxl.checks.series import equal, flags, gather, only, texts
from perfxl.checks.words import names_nothing, say, says_not_applicable
from perfxl.forms.rubric import ExpectedWeight
from perfxl.model.columns import FILLED, LABEL
from perfxl.model.finding import Severity
from perfxl.text import fold, number_text, plain_label, shown

_NOISE = 1e-6
# Sums of classes may be out by what their rows are rounded by.
_SUM = 0.05


@check(
    "WGT-01",
    Severity.ERROR,
    on="tables",
    cell="weight",
    title="分值合计不是 100",
    message="{column}分值合计为 {parts} = {weight_sum}，应为 {rubric_total}，相差 {difference}{printed}",
    advice="请调整各指标分值，使合计（含预算执行率）等于满分。",
    unless=("STR-01",),
)
def weights_do_not_add_up(tables: pd.DataFrame) -> pd.DataFrame:
    """全部指标的分值（含预算执行率）加起来不是 100。

    为什么：满分不是 100，总分和等级就没有可比性。
    例：指标 92 分加预算执行 10 分 = 102。
    不报：等于 100（90 + 10、80 + 20），相差不超过 0.05；以小数权重填写、合计为 1；有分值没有填（STR-07、STR-16）；
    没有分值列。
    来源：省级填报平台校验规则。
    """
    gap = (tables["weight_sum"] - tables["rubric_total"]).abs()
    hit = only(tables, (gap > _SUM + _NOISE) & ((tables["weight_sum"] - 1).abs() > 0.0005))
    execution = hit["execution_weight"].where(hit["rubric_execution_scored"].astype(bool)).fillna(0)
    parts = [
        f"指标 {number_text(whole - part)} + 预算执行 {number_text(part)}" if part else "各项指标"
        for whole, part in zip(hit["weight_sum"], execution, strict=True)
    ]
    printed = [f"（总分行填的是 {number_text(filled)}）" if filled == filled else "" for filled in hit["total_weight"]]
    # The heading that stands for the column is quoted where it does not say 分值 itself.
    headings = [columns["weight"].text if "weight" in columns else "" for columns in hit["columns"]]
    return hit.assign(
        column=texts(hit, [f"“{shown(text)}”列的" if text and fold(text) != "分值" else "" for text in headings]),
        parts=texts(hit, parts),
        printed=texts(hit, printed),
        cell_field=texts(
            hit,
            [
                "weight" if filled == filled else "heading.weight" if "weight" in columns else "total"
                for filled, columns in zip(hit["total_weight"], hit["columns"], strict=True)
            ],
        ),
        expected=hit["rubric_total"],
        difference=(hit["weight_sum"] - hit["rubric_total"]).round(4),
    )


@check(
    "WGT-02",
    Severity.ERROR,
    on="groups",
    cell="level1",
    title="下级分值合计与上级不符",
    message="“{label}”标明 {declared_weight} 分，下级 {rows} 项分值合计为 {weight}，相差 {difference}",
    advice="请核对该类指标的分值。",
)
def children_differ_from_parent(groups: pd.DataFrame) -> pd.DataFrame:
    """一级（或二级）指标标明的分值，不等于其下各指标分值之和。

    为什么：上级分值是规定的，下级加起来对不上，说明有指标漏填或分值填错。
    例：产出指标（50分），其下五项分值合计 48。
    不报：没有标明上级分值；其下有分值空白（STR-07）；其下没有填写任何指标；相差不超过 0.01；
    一级的差额正是其下二级的差额之和（只报二级）。
    来源：省级填报平台校验规则；池州市公开的自评表。
    """
    gap = groups["weight"] - groups["declared_weight"]
    hit = only(groups, gap.abs() > 0.01 + _NOISE)
    hit = hit.assign(gap=gap[hit.index])
    hit = only(hit, ~_out_by_children(hit))
    return hit.assign(
        label=_last_labels(hit),
        cell_field=texts(hit, [f"level{level}_weight" for level in hit["level"]]),
        expected=hit["declared_weight"],
        difference=hit["gap"].round(4),
    )


def _out_by_children(groups: pd.DataFrame) -> pd.Series:
    """Whether a level-1 class is out by just what its level-2 classes are out by."""
    by_children: dict[tuple[int, tuple[str, ...]], float] = defaultdict(float)
    records = list(zip(groups["table_id"], groups["level"], groups["path"], groups["gap"], strict=True))
    for table_id, level, path, gap in records:
        if level == 2:
            by_children[table_id, path[:-1]] += gap
    is_explained = [
        level == 1 and (table_id, path) in by_children and abs(by_children[table_id, path] - gap) <= 0.01
        for table_id, level, path, gap in records
    ]
    return flags(groups, is_explained)


@check(
    "WGT-03",
    Severity.WARNING,
    on="indicators",
    cell="weight",
    title="分值与规定不一致",
    message="“{label}”规定为 {expected} 分，本表为 {found} 分",
    advice="请按规定的分值填写，或说明调整依据。",
    unless=("WGT-01", "WGT-02"),
)
def weight_against_rubric(rows: pd.DataFrame) -> pd.DataFrame:
    """表样定义里有据可查的分值，与表中填写的不同。

    为什么：规定的分值不能由单位自行调整。
    例：广东部门整体表“资产盘点情况”规定 1 分，表中填 2 分。
    不报：表样没有固定分值的指标（以送审表为准）；分值空白（STR-07）；合计不是 100（WGT-01）。
    来源：表样定义 rubric.toml 的 [[weights]]，其中注明出处。
    """
    fixed_rows = only(rows, flags(rows, rows["rubric_weights"]))
    found = [hit for _, table in fixed_rows.groupby("table_id") for hit in _unlike_fixed(table)]
    return gather(found)


def _unlike_fixed(table: pd.DataFrame) -> Iterable[pd.DataFrame]:
    """Yield the rows of one table that break a weight which its rubric fixes."""
    fixed: ExpectedWeight
    for fixed in table["rubric_weights"].iloc[0]:
        level, name = ("level3", fixed.level3) if fixed.level3 else ("level1", fixed.level1)
        rows = table[flags(table, [fold(plain_label(text or "")) == fold(name) for text in table[level]])]
        if level == "level3":
            hit = rows[(rows["full_marks"] - fixed.weight).abs() > _NOISE].assign(cell_field="weight")
            yield hit.assign(found=hit["full_marks"], expected=fixed.weight, label=name)
        elif not rows.empty:
            declared, total = rows["level1_weight"].iloc[0], rows["full_marks"].sum(skipna=False)
            found = declared if declared == declared else total
            if abs(found - fixed.weight) > _NOISE:
                yield rows.iloc[:1].assign(found=found, cell_field="level1", expected=fixed.weight, label=name)


@check(
    "WGT-04",
    Severity.WARNING,
    cell="weight",
    title="不适用指标设有分值，或分值为 0",
    message="{what}",
    advice="不适用的指标不应设置分值；列入考核的指标应当设置分值。",
    unless=("NA-01",),
)
def weight_on_nothing(rows: pd.DataFrame) -> pd.DataFrame:
    """填写了内容的指标分值为 0 或负数，或名称为“不涉及”“无”的指标设有分值。

    为什么：分值为 0 的指标不起作用；给不适用的指标设分，等于白送分。
    例：三级指标“不涉及”，分值 10，得分 10。
    不报：空白的模板行；“其中”明细行；指标值、完成值或原因写明不涉及而分值为 0；名称里只是含有“无”字（无障碍设施、
    无新增债务）。
    来源：赤峰市审计局 2023 年公布的常见问题；省级填报平台校验规则。
    """
    is_used = rows["target"].notna() & ~equal(rows["kind"], "placeholder") & ~rows["is_detail"]
    is_none = rows["weight"].le(0) & rows["weight_state"].isin([FILLED, LABEL]) & is_used
    is_named = rows["weight"].gt(0) & say(rows["name"], names_nothing)
    rows = only(rows, is_none | is_named)
    none, nothing = rows[is_none[rows.index]], rows[is_named[rows.index]]
    excused = say(none["reason"], says_not_applicable) | say(none["actual"], says_not_applicable)
    hit = gather((none[~excused], nothing))
    what = [_what(shown(name or "该行"), weight) for name, weight in zip(hit["name"], hit["weight"], strict=True)]
    return hit.assign(what=texts(hit, what))


def _what(name: str, weight: float) -> str:
    if weight > 0:
        return f"“{name}”不是考核指标，却设有分值 {number_text(weight)}"
    return f"“{name}”已填写指标值，分值为 {number_text(weight)}" + ("，分值不应为负" if weight < 0 else "")


@check(
    "WGT-07",
    Severity.ERROR,
    on="tables",
    tolerance="rubric_sum_tolerance_at_most",
    cell="reported_score",
    title="总分与各项得分之和不符",
    message="总分应为 {parts} = {reported_sum}，填报 {total_reported_score}，相差 {difference}{hint}",
    advice="请重新加总各项得分（含预算执行得分）。",
    unless=("STR-01",),
)
def total_differs(tables: pd.DataFrame) -> pd.DataFrame:
    """总分不等于各项得分与预算执行得分之和。

    为什么：总分是排名和定级的依据。
    例：各项合计 93.6，总分填 95。
    不报：相差不超过每行 0.01、最多 0.05；差额可能来自空白或读不到的得分（STR-07、UNIT-07、UNIT-08 已指出）；
    得分超过分值、按分值计后总分相符（IND-01 已指出）；总分空白（STR-17）。
    来源：绩效自评表核对工具公开规则。
    """
    gap = tables["total_reported_score"] - tables["reported_sum"]
    rows = tables["indicator_rows"] * tables["rubric_sum_tolerance_per_row"]
    allowed = rows.clip(upper=tables["rubric_sum_tolerance_at_most"]) + _NOISE
    # Once scores above their weight are cut the total may be right: those rows have a finding already.
    by_cap = tables["excess"].gt(0) & ((gap + tables["excess"]).abs() <= _SUM)
    by_open_score = gap.gt(0) & (gap <= tables["open_points"] + allowed)
    hit = only(tables, (gap.abs() > allowed) & ~by_cap & ~by_open_score)
    execution = hit["execution_reported_score"].where(hit["rubric_execution_scored"].astype(bool)).fillna(0)
    gap = gap[hit.index]
    parts = [
        f"指标 {number_text(total - part)} + 预算执行 {number_text(part)}" if part else "各项得分之和"
        for total, part in zip(hit["reported_sum"], execution, strict=True)
    ]
    hint = [
        "，正好是预算执行得分，可能漏加" if part and abs(value + part) < 0.011 else ""
        for value, part in zip(gap, execution, strict=True)
    ]
    return hit.assign(
        parts=texts(hit, parts),
        hint=texts(hit, hint),
        expected=hit["reported_sum"],
        difference=gap.round(4),
    )


@check(
    "WGT-08",
    Severity.ERROR,
    on="groups",
    cell="level1",
    title="分类得分有误",
    message="“{label}”{what}",
    advice="请核对该类各项得分和小计。",
    unless=("IND-01",),
)
def class_score_wrong(groups: pd.DataFrame) -> pd.DataFrame:
    """一级（或二级）指标的得分合计超过其分值，或与填写的小计不符。

    为什么：部门整体表按“履职效能”“管理效能”两块汇总，小计错了总分就错。
    例：履职效能 50 分，其下得分合计 51.2；小计填 48，应为 47.6。
    不报：单项得分超过分值时（IND-01 已指出）；下级分值合计就超过上级（WGT-02 已指出）；有得分空白；相差不超过 0.05。
    来源：省级填报平台校验规则；从化区委组织部 2022 年部门整体支出自评。
    """
    score, typed = groups["reported_score"], groups["typed_score"]
    ceiling = groups["declared_weight"].where(groups["declared_weight"].notna(), groups["weight"])
    is_above = groups["weight"] > ceiling + 0.01 + _NOISE
    # Weights that are shares of one (60%) have scores in points beside them.
    ceiling = ceiling * (groups["full_marks"] / groups["weight"]).fillna(1.0)
    is_over = (score > ceiling + _SUM + _NOISE) & ~is_above
    is_mistyped = ((typed - score).abs() > _SUM + _NOISE) & groups["open_scores"].eq(0)
    groups = only(groups, is_over | is_mistyped)
    over, wrong = groups[is_over[groups.index]], groups[is_mistyped[groups.index]]
    over = over.assign(
        what=texts(
            over,
            [
                f"各项得分合计 {number_text(found)}，超过分值 {number_text(top)}"
                for found, top in zip(over["reported_score"], ceiling[over.index], strict=True)
            ],
        ),
        cell_field=texts(over, [f"level{level}" for level in over["level"]]),
        expected=ceiling[over.index],
        difference=(over["reported_score"] - ceiling[over.index]).round(4),
    )
    wrong = wrong.assign(
        what=texts(
            wrong,
            [
                f"小计填报 {number_text(filled)}，各项得分合计应为 {number_text(found)}"
                for filled, found in zip(wrong["typed_score"], wrong["reported_score"], strict=True)
            ],
        ),
        cell_field="subtotal",
        expected=wrong["reported_score"],
        difference=(wrong["typed_score"] - wrong["reported_score"]).round(4),
    )
    found = gather((over, wrong))
    return found.assign(label=_last_labels(found))


@check(
    "WGT-09",
    Severity.WARNING,
    on="tables",
    cell="grade",
    title="等级与总分不符",
    message="总分 {total_reported_score} 对应等级“{right}”，填报为“{reported_grade}”",
    advice="请按总分改正等级：90 分以上为优，80–90 为良，60–80 为中，60 以下为差（另有规定的除外）。",
    unless=("WGT-07",),
)
def grade_differs(tables: pd.DataFrame) -> pd.DataFrame:
    """填写的等级（优、良、中、差）与总分不一致。

    为什么：等级按总分划定，不能另填。
    例：总分 86，等级填“优”。
    不报：没有填等级；没有填总分而各项得分也不全；总分本身有误时（WGT-07）；本地另有划分标准的（在表样定义里设置）。
    来源：财政部预算司统一的四档划分。
    """
    is_known = tables["total_reported_score"].notna() | tables["open_points"].eq(0)
    right = tables["grade_of_filled"]
    is_filled = tables["reported_grade"].notna() & right.notna()
    hit = only(tables, is_filled & is_known & (tables["reported_grade"] != right))
    filled = hit["total_reported_score"].where(hit["total_reported_score"].notna(), hit["reported_sum"])
    return hit.assign(right=right[hit.index], total_reported_score=filled)


def _last_labels(groups: pd.DataFrame) -> pd.Series:
    return texts(groups, [shown(plain_label(path[-1])) for path in groups["path"]])
