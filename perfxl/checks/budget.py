"""BUD: the money table."""

import re
from collections import Counter, defaultdict

import pandas as pd

from perfxl.checks.registry import check
from perfxl.checks.series import choose, equal, flags, gather, only, texts
from perfxl.checks.tolerance import NOISE, differs_from_rule
from perfxl.checks.words import is_no_reason, say
from perfxl.model.columns import ABSENT, BLANK, FILLED
from perfxl.model.finding import Severity
from perfxl.rounding import round_half_up
from perfxl.text import number_text, percent_text

_LABELS = {"initial": "年初预算数", "adjusted": "全年预算数", "executed": "全年执行数"}
_AMOUNTS = list(_LABELS)
_EXPLAINS = re.compile("预算|资金|支付|支出|拨付|结余|结转|执行率|付款|报销|结算")
# Below the first a reason is asked for, below the second its lack is an error.
_LOW, _VERY_LOW = 0.9, 0.6
# Amounts are compared as shown; sums of binary fractions are out in the ninth digit.
_MONEY_NOISE = 1e-6
# A ratio that is rounded to 2 decimals of its percentage before it earns points is out by half of the last.
_ROUNDED_RATIO = 0.00005 + NOISE


@check(
    "BUD-01",
    Severity.ERROR,
    on="budget",
    tolerance="rubric_money_tolerance",
    cell="adjusted",
    title="资金总额与分项合计不符",
    message="“{name}”的{column}{whole}，分项合计为 {parts}{unit}，相差 {gap}{unit}",
    advice="请核对总额和各分项；总额为 0 而分项有数的，请补填总额。",
    unless=("UNIT-01",),
)
def total_differs_from_parts(rows: pd.DataFrame) -> pd.DataFrame:
    """年度资金总额不等于各分项（当年财政拨款、上年结转、其他资金……）之和，三列分别核对。

    为什么：执行率按总额行计算，总额错了执行率和得分都错。
    例：总额 0，当年财政拨款 89.974 → 应为 89.974。
    不报：分项全部空白；表里只有一个分项行而它不大于总额；相差不超过 0.01（表内单位）；
    分项之下另列明细，或按两种口径各列一遍而分别相符。
    来源：绩效自评表核对工具公开规则；池州市公开的自评表中总额为 0 的实例。
    """
    totals, parts = rows[rows["is_total"]], rows[~rows["is_total"]]
    sums = parts.groupby("table_id")[_AMOUNTS].sum(min_count=1).reindex(totals["table_id"]).set_axis(totals.index)
    found = []
    for field in _AMOUNTS:
        # A total left blank over filled parts is out by all of them; one that cannot be read is not known.
        is_blank = equal(totals[f"{field}_state"], BLANK)
        whole = totals[field].mask(is_blank & (sums[field] > 0), 0.0)
        gap = (whole - sums[field]).abs()
        is_off = gap > totals["rubric_money_tolerance"] + _MONEY_NOISE
        if is_off.any():
            suspects = totals.assign(whole=whole, sum=sums[field], is_blank=is_blank)[is_off]
            found.append(_unlike_parts(suspects, parts, field))
    return gather(found)


def _unlike_parts(totals: pd.DataFrame, parts: pd.DataFrame, field: str) -> pd.DataFrame:
    """Return the totals whose amount in one column their parts do not add up to in any way that forms list them."""
    parts = parts[parts["table_id"].isin(totals["table_id"])]
    table_ids = parts["table_id"].tolist()
    rows_of, lists = Counter(table_ids), defaultdict[int, list[float]](list)
    for table_id, amount in zip(table_ids, parts[field].tolist(), strict=True):
        if amount == amount:
            lists[table_id].append(amount)
    add_up = [
        _adds_up(whole, lists[table_id], tolerance + _MONEY_NOISE)
        # 其中 one source and no row for the others: they are not listed.
        or (rows_of[table_id] == 1 and 0 < lists[table_id][0] <= whole)
        for table_id, whole, tolerance in zip(
            totals["table_id"], totals["whole"], totals["rubric_money_tolerance"], strict=True
        )
    ]
    hit = totals[~flags(totals, add_up)]
    units = hit["table_money_unit"].fillna("")
    whole = [
        "空白" if is_blank else f"为 {_plain(value)}{unit}"
        for is_blank, value, unit in zip(hit["is_blank"], hit["whole"], units, strict=True)
    ]
    gap = (hit["whole"] - hit["sum"]).round(6)
    return hit.assign(
        cell_field=field,
        column=_LABELS[field],
        whole=texts(hit, whole),
        parts=texts(hit, [_addition(lists[table_id]) for table_id in hit["table_id"]]),
        gap=texts(hit, map(_plain, gap.abs())),
        unit=units,
        expected=hit["sum"].round(6),
        difference=gap,
    )


@check(
    "BUD-02",
    Severity.ERROR,
    on="budget",
    tolerance="rubric_ratio_tolerance",
    cell="reported_ratio",
    title="执行率计算有误",
    message="执行率应为 {executed_text} ÷ {base_text} = {ratio_text}，填报为 {reported_ratio}",
    advice="请按 全年执行数 ÷ 全年预算数 × 100% 改正执行率，并重新核算得分。",
    unless=("BUD-01", "BUD-06", "BUD-08", "BUD-12", "UNIT-01"),
)
def ratio_differs(rows: pd.DataFrame) -> pd.DataFrame:
    """填报的执行率不等于 全年执行数 ÷ 全年预算数，或者填的不是数字。

    为什么：执行率直接决定预算执行的得分。
    例：7.29 ÷ 9.10 = 80.11%，填报 100%。
    不报：相差不超过 0.01 个百分点；按填报的小数位四舍五入后相同（49.88% 写成 50%）；预算为 0（BUD-06）；
    误以年初预算数为分母（BUD-08）；金额为负（BUD-12）；分项行的“/”“—”。
    来源：财预〔2020〕10号所附表式“执行率(B/A)”；省级填报平台校验规则。
    """
    is_words = equal(rows["ratio_state"], FILLED) & rows["reported_ratio_number"].isna()
    is_words &= rows["is_total"] | ~say(rows["reported_ratio"], is_no_reason)
    is_number = rows["reported_ratio_number"].notna()
    is_off = is_words | is_number & ~_same_ratio(rows, rows["ratio"])
    return _with_ratio(only(rows, rows["ratio"].notna() & is_off))


@check(
    "BUD-03",
    Severity.ERROR,
    on="budget",
    tolerance="rubric_score_tolerance",
    cell="reported_score",
    title="预算执行得分有误",
    message="预算执行得分应为 {full_marks} × {share_text} = {score} 分{step}，填报为 {reported_score_text}",
    advice="请按本表的计分规则改正得分；按比例计分的为 分值 × 执行率，超过 100% 的按 100% 计，保留两位小数。",
    unless=("BUD-01", "BUD-06", "BUD-12", "UNIT-01"),
)
def execution_score_differs(rows: pd.DataFrame) -> pd.DataFrame:
    """年度资金总额行的得分不等于规则给出的得分，或者填的不是数字。

    为什么：预算执行率占 10 分（有的地方 20 分），按比例计分。
    例：分值 10，执行率 86.18%，应得 8.62，填报 10。
    不报：相差不超过 0.01；写到一位小数且四舍五入后相同；按填报的执行率计算相符（执行率本身的错报 BUD-02）。
    来源：财预〔2020〕10号所附表式；省级填报平台规则。
    """
    scored = only(rows, rows["score"].notna())
    by_filled = differs_from_rule(scored, scored["reported_ratio_number"].clip(0, 1))
    # Points in steps do not follow the filled ratio.
    in_steps = (scored["share"] - scored["ratio"].clip(0, 1)).abs() > _ROUNDED_RATIO
    by_filled |= scored["reported_ratio_number"].isna() | in_steps
    is_words = equal(scored["reported_score_state"], FILLED) & scored["reported_score"].isna()
    wrong = _with_ratio(only(scored, differs_from_rule(scored, scored["share"]) & by_filled | is_words))
    step = [
        f"（执行率 {ratio}，按本表计分规则）" if flag else ""
        for ratio, flag in zip(wrong["ratio_text"], in_steps[wrong.index], strict=True)
    ]
    return wrong.assign(
        share_text=texts(wrong, map(_percent, wrong["share"])),
        step=texts(wrong, step),
        expected=wrong["score"],
        difference=(wrong["reported_score"] - wrong["score"]).round(4),
    )


@check(
    "BUD-04",
    Severity.WARNING,
    on="budget",
    cell="executed",
    title="执行数大于预算数",
    message="全年执行数 {executed_text} 大于{base_label} {base_text}，执行率 {ratio_text}，超过 100%",
    advice="请核对是否漏计追加、调剂的预算，或金额单位有误；确属超支的请说明原因。",
    unless=("BUD-01", "UNIT-01"),
)
def executed_above_budget(rows: pd.DataFrame) -> pd.DataFrame:
    """执行率超过 100%。

    为什么：全年预算数应含年中追加和结转，执行数通常不会超过它；多为漏计调整预算或元、万元混用。
    例：9834.13 ÷ 9123.6 = 107.79%。
    不报：分项行；等于 100%，以及两位小数内等于 100%。得分按 100% 计。
    来源：省级填报平台拒绝保存超过 100% 的执行率；从化区委组织部 2022 年部门整体支出。
    """
    hit = _with_ratio(only(rows, rows["is_total"] & (round_half_up(rows["ratio"], 4) > 1)))
    return hit.assign(expected=None, difference=None)


@check(
    "BUD-05",
    Severity.WARNING,
    on="budget",
    cell="reported_ratio",
    title="执行率偏低未说明原因",
    message="执行率 {shown_ratio}（{executed_text} ÷ {base_text}）低于 90%，表中没有说明原因",
    advice="请说明预算执行偏低的原因和改进措施。",
    unless=("BUD-01", "UNIT-01"),
)
def low_ratio_unexplained(rows: pd.DataFrame) -> pd.DataFrame:
    """执行率低于 90%，表内没有说明原因；低于 60% 的提高为错误。

    为什么：预算没有用完，要么是任务没有完成，要么是预算编多了，都要有说法。
    例：预算 250000 元，执行 215457.6 元，执行率 86.18%，全表没有一句说明。
    不报：90.00%；预算表的原因栏、指标的偏差原因或表后文字里说到了资金、支付、结余等；预算为 0；没有指标表的表。
    来源：四川省自评表填表说明：执行率低于 90% 的应说明原因。
    """
    # Without an indicator table it is not known what else the unit wrote, and where.
    ratio = round_half_up(rows["ratio"], 4)
    low = only(rows, rows["is_total"] & ratio.ge(0) & ratio.lt(_LOW) & rows["table_indicator_rows"].gt(0))
    told = say(low["reason"], lambda text: not is_no_reason(text)) | say(low["table_words"], _EXPLAINS.search)
    hit = _with_ratio(only(low, ~told))
    # Where the filled ratio is another, the finding belongs to the amounts.
    fits = hit["reported_ratio_number"].notna() & _same_ratio(hit, hit["ratio"])
    return hit.assign(
        severity=choose(ratio[hit.index] < _VERY_LOW, Severity.ERROR, Severity.WARNING),
        cell_field=choose(fits, "reported_ratio", "executed"),
        shown_ratio=hit["reported_ratio"].where(fits, hit["ratio_text"]),
        expected=None,
        difference=None,
    )


@check(
    "BUD-06",
    Severity.ERROR,
    on="budget",
    cell="adjusted",
    title="预算数为 0",
    message="{what}",
    advice="请补填全年预算数（年初预算加减年中调整、含上年结转）。",
    unless=("BUD-01", "UNIT-01"),
)
def zero_budget(rows: pd.DataFrame) -> pd.DataFrame:
    """全年预算数为 0 或空白，而全年执行数大于 0；两者都是 0 时只作警告。

    为什么：分母为 0 时执行率没有意义，得分也就没有依据。
    例：全年预算数 0，全年执行数 207.4538，执行率却填 100%。
    不报：预算数空白但填了年初预算数（按年初预算数计算并说明，BUD-13）；总额为 0 而分项有数（BUD-01）；
    预算数为负或不是数字（BUD-12）。
    来源：省级填报平台规则；绩效自评表核对工具公开规则。
    """
    is_zero = ~(rows["adjusted_used"].ne(0) & rows["adjusted_used"].notna())
    unusable = equal(rows["adjusted_state"], FILLED) & rows["adjusted"].isna()
    none = rows["is_total"] & rows["ratio"].isna() & is_zero & ~unusable & rows["unknown_heading"].isna()
    # 年初预算数 serves where there is no 全年预算数; where it does not serve either, it is 0.
    none &= ~equal(rows["denominator"], "initial") | rows["initial_used"].eq(0)
    spent = none & rows["executed"].gt(0)
    nothing = none & rows["executed"].eq(0) & rows["denominator"].notna()
    hit = only(rows, spent | nothing)
    what = [
        f"全年预算数为 0 或未填，全年执行数却有 {_plain(executed)}，无法计算执行率"
        if executed > 0 else "全年预算数和全年执行数都是 0，无法计算执行率"
        for executed in hit["executed"]
    ]  # fmt: skip
    return hit.assign(
        what=texts(hit, what),
        severity=choose(hit["executed"] > 0, Severity.ERROR, Severity.WARNING),
        cell_field=choose(~equal(hit["adjusted_state"], ABSENT), "adjusted", "executed"),
    )


@check(
    "BUD-08",
    Severity.ERROR,
    on="budget",
    cell="reported_ratio",
    title="执行率的分母用错",
    message="填报的 {reported_ratio} 是 {executed_text} ÷ 年初预算数 {initial_text}；应为 {executed_text} ÷ 全年预算数 "
    "{base_text} = {ratio_text}",
    advice="执行率的分母是全年预算数（含年中调整），请改正执行率和得分。",
    unless=("BUD-01", "UNIT-01"),
)
def ratio_on_initial_budget(rows: pd.DataFrame) -> pd.DataFrame:
    """全年预算数已填且与年初预算数不同，执行率却按年初预算数计算。

    为什么：年中追加或调减之后，应以调整后的预算衡量执行。
    例：年初 100、全年 125、执行 100，填报 100%，应为 80%。
    不报：两个预算数相同；按全年预算数计算也相符。
    来源：省级填报平台规则；四川省自评表填表说明。
    """
    by_initial = rows["executed_used"] / rows["initial_used"].where(rows["initial_used"] > 0)
    wrong = (
        equal(rows["denominator"], "adjusted")
        & rows["ratio"].notna()
        & (rows["initial_used"] != rows["adjusted_used"])
        & ~_same_ratio(rows, rows["ratio"])
        & _same_ratio(rows, by_initial)
    )
    hit = only(rows, wrong)
    return _with_ratio(hit).assign(initial_text=texts(hit, map(_plain, hit["initial_used"])))


@check(
    "BUD-12",
    Severity.WARNING,
    on="budget",
    cell="executed",
    title="金额不是正数",
    message="“{name}”的{column}填报为“{quoted}”，{what}",
    advice="请填写数字金额，单位与表头一致；冲销、退款形成的负数请说明原因。",
)
def odd_amount(rows: pd.DataFrame) -> pd.DataFrame:
    """预算表里的金额是负数，或者填的不是数字。

    为什么：读不出的金额无法计算执行率；负的金额多为录入错误，也可能是上年支出冲回，要有说明。
    例：全年执行数 -3.5；全年预算数填“约90”。
    不报：空白；分项行里的“/”“—”；带单位的金额（89.974万元）。
    来源：审核通行做法。
    """
    found = []
    for field, column in _LABELS.items():
        is_odd = equal(rows[f"{field}_state"], FILLED) & ~rows[field].ge(0)
        if not is_odd.any():
            continue
        suspects = rows[is_odd].assign(cell_field=field, column=column)
        quoted = [cells[field].text if field in cells else "" for cells in suspects["cells"]]
        suspects = suspects.assign(
            quoted=texts(suspects, quoted),
            what=choose(suspects[field] < 0, "是负数", "不是数字，读不出金额"),
        )
        found.append(suspects[suspects["is_total"] | ~say(suspects["quoted"], is_no_reason)])
    return gather(found)


@check(
    "BUD-13",
    Severity.INFO,
    on="budget",
    cell="initial",
    title="按年初预算数计算执行率",
    message="没有全年预算数，执行率按年初预算数计算：{executed_text} ÷ {base_text} = {ratio_text}",
    advice="如年中有调整，请补填全年预算数。",
)
def initial_as_denominator(rows: pd.DataFrame) -> pd.DataFrame:
    """全年预算数没有填（或表里没有这一列），以年初预算数为分母。

    为什么：分母换了口径，结果要说明白。
    例：2016 年的表只有“年初预算数、全年执行数”两列。
    不报：全年预算数已填。
    来源：本程序的约定；全国表以全年预算数为分母。
    """
    hit = _with_ratio(only(rows, rows["is_total"] & equal(rows["denominator"], "initial") & rows["ratio"].notna()))
    return hit.assign(expected=None, difference=None)


@check(
    "BUD-14",
    Severity.INFO,
    on="tables",
    cell="title",
    title="没有资金总额行",
    message="资金表有“{heading}”一列，却没有读到总额一行，预算执行率和得分没有核对",
    advice="请人工核对预算执行率和得分；表里没有总额行的，请补上“年度资金总额”。",
)
def no_total_of_money(tables: pd.DataFrame) -> pd.DataFrame:
    """资金表有分值或得分一列，却没有一行是总额：只有几个资金来源，或者表头下没有资金行。

    为什么：执行率按总额计算；不知道得分对应哪些金额，就不能核对，只能由人来看。
    例：只列“财政拨款”“其他资金”两行，得分写在前一行 → 报在得分的表头，这个得分照计入合计。
    不报：只有一行资金；表样不就执行率计分；资金表没有分值和得分两列。
    来源：本程序的约定：不能核对的要说明。
    """
    rows = only(tables, tables["lacks_total_money"])
    names = ["budget_score" if "budget_score" in columns else "budget_weight" for columns in rows["columns"]]
    headings = [columns[name].text for columns, name in zip(rows["columns"], names, strict=True)]
    return rows.assign(heading=texts(rows, headings), cell_field=texts(rows, [f"heading.{name}" for name in names]))


@check(
    "BUD-15",
    Severity.INFO,
    on="budget",
    cell="unknown",
    title="没有认出全年预算数",
    message="没有认出全年预算数，“{unknown_heading}”的 {amount} 是不是它不能确定，执行率和得分没有核对",
    advice="请人工核对执行率和得分；请按规定的表样写明“全年预算数”。",
)
def adjusted_budget_not_known(rows: pd.DataFrame) -> pd.DataFrame:
    """资金表里没有认出全年预算数，却有一个不认识的金额夹在年初预算数和全年执行数之间。

    为什么：这个数多半就是调整后的预算；拿年初预算数作分母，会把填得对的执行率报成错误。
    例：年初预算数 400、核定数 500、全年执行数 450，执行率 90% → 报在 500。
    不报：认出了全年预算数；不认识的列在金额以外（批次号、备注）；不认识的列在这一行没有填数。
    来源：本程序的约定：不能核对的要说明，不作推定。
    """
    hit = only(rows, rows["is_total"] & rows["unknown_heading"].notna() & rows["denominator"].isna())
    return hit.assign(amount=texts(hit, [cells["unknown"].text for cells in hit["cells"]]))


@check(
    "BUD-16",
    Severity.INFO,
    on="budget",
    cell="reported_score",
    title="预算执行得分没有分值",
    message="预算执行填报 {reported_score_text} 分，表里没有写明它的分值，得分没有核对",
    advice="请人工核对这个得分；表里有分值一列的，请补上预算执行率的分值。",
)
def points_without_weight(rows: pd.DataFrame) -> pd.DataFrame:
    """资金总额行填了得分，而资金表没有分值，表头和标签里也没有写明是几分。

    为什么：不知道满分是几分，就算不出应得几分，分值合计也无从核对。
    例：“预算执行率 92%，得分 9.2”，没有分值一列 → 报在 9.2。
    不报：表头写着“得分（10分）”一类的；有分值一列而这一格空白（STR-16）；指标里另有预算执行率一行、已有分值和得分；
    表样不就执行率计分。
    来源：本程序的约定：不能核对的要说明。
    """
    is_scored = rows["is_total"] & rows["rubric_execution_scored"].astype(bool) & ~rows["table_repeats_execution"]
    return only(rows, is_scored & equal(rows["weight_state"], ABSENT) & rows["reported_score"].notna())


def _plain(value: float) -> str:
    return number_text(value, 6)


def _percent(fraction: float) -> str:
    # Half-up, as the forms round; a format would send some halves down.
    return percent_text(round_half_up(float(fraction), 4))


def _addition(amounts: list[float]) -> str:
    """Return `80 + 10 = 90`, zeros left out; a single amount stands alone."""
    texts = [number_text(amount, 6) for amount in amounts if amount]
    whole = number_text(sum(amounts), 6)
    return f"{' + '.join(texts)} = {whole}" if len(texts) > 1 else whole


def _adds_up(whole: float, amounts: list[float], tolerance: float) -> bool:
    """Whether parts make up a whole: all together, or with details under a part, or broken down twice."""
    if abs(sum(amounts) - whole) <= tolerance:
        return True
    # 财政资金 followed by the sources it consists of: the sources are inside it already.
    for i, amount in enumerate(amounts):
        for j in range(i + 3, len(amounts) + 1):
            details = amounts[i + 1 : j]
            if amount > 0 and abs(sum(details) - amount) <= tolerance:
                rest = amounts[: i + 1] + amounts[j:]
                if abs(sum(rest) - whole) <= tolerance:
                    return True
    # By source and again by use: every stretch makes up the whole.
    running = 0.0
    for amount in amounts:
        running += amount
        if abs(running - whole) <= tolerance:
            running = 0.0
    return whole > 0 and abs(running) <= tolerance


def _same_ratio(rows: pd.DataFrame, ratio: pd.Series) -> pd.Series:
    """Whether the filled ratio is a ratio, to its tolerance or to the decimals that it shows."""
    shown_to = 0.5 * 10.0 ** -(rows["reported_ratio_places"].fillna(2) + 2)
    allowed = shown_to.where(shown_to > rows["rubric_ratio_tolerance"], rows["rubric_ratio_tolerance"])
    return (rows["reported_ratio_number"] - ratio).abs() <= allowed + NOISE


def _with_ratio(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the arithmetic of their ratio as texts."""
    base = rows["adjusted_used"].where(rows["denominator"] == "adjusted", rows["initial_used"])
    return rows.assign(
        executed_text=texts(rows, map(_plain, rows["executed_used"])),
        base_text=texts(rows, map(_plain, base)),
        base_label=texts(rows, [_LABELS.get(name, "") for name in rows["denominator"]]),
        ratio_text=texts(rows, map(_percent, rows["ratio"])),
        expected=rows["ratio"].round(6),
        difference=(rows["reported_ratio_number"] - rows["ratio"]).round(6),
    )
