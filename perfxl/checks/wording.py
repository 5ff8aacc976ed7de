"""STR, UNIT, IND, TXT: what the texts of a form say, and what they leave unsaid."""

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from perfxl.checks.registry import check
from perfxl.checks.series import choose, equal, flags, gather, only, texts
from perfxl.checks.tolerance import NOISE
from perfxl.checks.words import finds, is_no_reason, says_not_applicable
from perfxl.field_labels import field_label
from perfxl.forms.check_words import load_check_words
from perfxl.model.columns import FILLED
from perfxl.model.finding import Severity
from perfxl.text import fold, number_text, plain_label, shown

# A copied goal is one of some length: 完成培训 may well be the answer to 完成培训.
_SHORTEST_GOAL = 10
# So many rows with one reason word for word share it.
_SAME_REASONS = 3


@check(
    "STR-08",
    Severity.WARNING,
    on="texts",
    cell="title",
    title="填表提示未替换",
    message="“{label}”仍为填表提示“{text}”，未填写实际内容",
    advice="请删去提示，填写实际内容。",
)
def hint_left(rows: pd.DataFrame) -> pd.DataFrame:
    """单元格里还是表样的填写提示：“100字以内”“请填写……”“XX项目”“**平方米”。

    为什么：提示没有换成实际内容，等于没有填写。
    例：实际完成情况为“说明项目完成情况，100字以内”。
    不报：“7×24小时”；整格只有一个星号或横线（按空位核对）；“填写率”一类名称里的词。
    来源：四川省公开的自评表中留有填写提示的实例；绩效自评表核对工具公开规则（* 占位）。
    """
    return _labelled(only(rows, finds(rows["text"], load_check_words().hints)))


@check(
    "UNIT-05",
    Severity.WARNING,
    on="texts",
    cell="title",
    title="值含特殊字符",
    message="“{label}”的值“{text}”含特殊字符“{mark}”",
    advice="请删去特殊字符，只填写数值或文字。",
    unless=("STR-08",),
)
def odd_marks(rows: pd.DataFrame) -> pd.DataFrame:
    """指标值、完成值或偏差原因里有 *、_、NULL 等符号或导出残留。

    为什么：这些符号多是占位或系统导出留下的，汇总时读不出数。
    例：实际完成值“95*”；偏差原因“NULL”。
    不报：整格只有“/”“—”“*”（按没有填写核对）；作乘号的“7*24小时”；填写提示（STR-08）。
    来源：省级填报平台拒绝导入 * _ - 和 NULL；绩效自评表核对工具公开规则。
    """
    values = only(rows, rows["kind"].isin(["target", "adjusted_target", "actual", "reason"]))
    marks = load_check_words().marks
    hit = only(values, finds(values["text"], marks))
    hit = hit[flags(hit, [not is_no_reason(text) or "null" in text.lower() for text in hit["text"]])]
    found = [match[0] if (match := marks.search(fold(text))) else "" for text in hit["text"]]
    return _labelled(hit.assign(mark=texts(hit, found)))


@check(
    "TXT-06",
    Severity.INFO,
    on="texts",
    cell="title",
    title="疑似错别字",
    message="“{label}”中“{slip}”疑为“{mended}”：“{text}”",
    advice="请核对并改正。",
)
def slip_of_the_pen(rows: pd.DataFrame) -> pd.DataFrame:
    """文字里有明显的错别字，如“扣减1份”“己完成”。

    为什么：自评结果要公开，错别字影响严肃性，也可能改变意思。
    例：扣减1份 → 扣减1分。
    不报：“自己完成”；“提供资料1份”。只查 checks.toml 所列的写法。
    来源：从化区委组织部 2022 年部门整体支出自评（“扣减1份”）；绩效自评表核对工具公开规则。
    """
    found = []
    slips = load_check_words().slips
    any_slip = re.compile("|".join(slip.pattern.pattern for slip in slips))
    suspects = only(rows, finds(rows["text"], any_slip))
    for slip in slips:
        hit = suspects[finds(suspects["text"], slip.pattern)]
        if hit.empty:
            continue
        wrong = [match[0] if (match := slip.pattern.search(fold(text))) else "" for text in hit["text"]]
        mended = [text.replace(slip.wrong, slip.right) if slip.wrong else slip.right for text in wrong]
        found.append(hit.assign(slip=texts(hit, wrong), mended=texts(hit, mended)))
    return _labelled(gather(found))


def _labelled(rows: pd.DataFrame) -> pd.DataFrame:
    labels = {"name": "三级指标", "reason": "偏差原因"}
    return rows.assign(
        label=texts(rows, [labels.get(label) or field_label(label) for label in rows["label"]]),
        text=texts(rows, map(shown, rows["text"])),
    )


@check(
    "STR-09",
    Severity.WARNING,
    on="tables",
    cell="goal_actual",
    title="总体目标完成情况未具体说明",
    message="总体目标完成情况“{goal_actual}”{what}",
    advice="请对照预期目标逐项写明完成了什么、完成多少。",
)
def goal_not_answered(tables: pd.DataFrame) -> pd.DataFrame:
    """总体目标的完成情况照抄预期目标，或者只写“已完成”。

    为什么：完成情况是自评的总说明，照抄或一句“已完成”看不出做了什么。
    例：预期目标与实际完成情况一字不差。
    不报：两者有不同；十个字以内的短目标相同；写明了完成的数量或效果；没有总体目标一块。
    来源：丽江市古城区、大英县公开的自评表实例。
    """
    expected, actual = tables["goal_expected"], tables["goal_actual"]
    pairs = list(zip(expected, actual, strict=True))
    is_copy = [
        bool(one and other) and len(fold(other)) >= _SHORTEST_GOAL and fold(one) == fold(other) for one, other in pairs
    ]
    is_bare = finds(actual, load_check_words().bare_goal, whole=True)
    hit = only(tables, flags(tables, is_copy) | is_bare)
    copied = flags(tables, is_copy)[hit.index]
    return hit.assign(what=choose(copied, "与预期目标一字不差", "没有具体说明"))


@check(
    "STR-10",
    Severity.INFO,
    on="tables",
    cell="title",
    title="有扣分而问题与措施填“无”",
    message="“{label}”填“{said}”，而表中有扣分（自评 {points} 分，满分 {rubric_total} 分）",
    advice="请结合扣分指标写明存在的问题和改进措施。",
)
def nothing_to_mend(tables: pd.DataFrame) -> pd.DataFrame:
    """表后的“存在问题”“改进措施”都填“无”，而指标有扣分。

    为什么：有扣分就有没做到的地方，应当说明和改进。
    例：自评 92 分，存在问题“无”，改进措施“无”。
    不报：满分；问题和措施有一项写了内容；没有这两栏。
    来源：大英县公开的自评表（存在问题“无”、改进措施“无”）。
    """
    words = load_check_words()
    labels = [_said_nothing(found or {}, words.problems, words.measures) for found in tables["conclusions"]]
    total = tables["total_reported_score"].where(tables["total_reported_score"].notna(), tables["reported_sum"])
    hit = only(tables, flags(tables, labels) & total.lt(tables["rubric_total"] - NOISE))
    own = list(texts(tables, labels)[hit.index])
    return hit.assign(
        label=texts(hit, own),
        said=texts(hit, [found[label] for found, label in zip(hit["conclusions"], own, strict=True)]),
        points=texts(hit, map(number_text, total[hit.index])),
        cell_field=texts(hit, [f"conclusion.{label}" for label in own]),
    )


def _said_nothing(found: Mapping[str, str], problems: Iterable[str], measures: Iterable[str]) -> str | None:
    """Return the label of the problems where problems and measures are there and both say nothing; else None."""
    of_problems = [label for label in problems if label in found]
    of_measures = [label for label in measures if label in found]
    if not of_problems or not of_measures:
        return None
    return of_problems[0] if all(is_no_reason(found[label]) for label in (*of_problems, *of_measures)) else None


@check(
    "IND-08",
    Severity.WARNING,
    cell="reason",
    title="偏差原因过于笼统",
    message="偏差原因“{reason}”{what}",
    advice="请写明本项指标没有完成的具体原因和改进措施。",
    unless=("IND-07", "NA-01", "NA-03"),
)
def reason_too_general(rows: pd.DataFrame) -> pd.DataFrame:
    """扣了分的指标，偏差原因是一句套话；只有几个字，或者三行以上用同一句话的，只作提示。

    为什么：“疫情影响”“资金不足”说不清为什么是这一项、差了多少、怎样改。
    例：得分 8 / 10，原因“疫情影响”。
    不报：空白或“无”（IND-07）；六个字以上；满分的行；写明不适用的（NA-01）。
    来源：绩效自评表核对工具公开规则（理由过短或空泛）。
    """
    short = only(rows, _is_short(rows) & rows["reason"].notna() & equal(rows["reason_state"], FILLED))
    folded = texts(short, map(fold, short["reason"]))
    told = ~flags(short, map(is_no_reason, short["reason"]))
    length = folded.str.replace(r"[^\w]", "", regex=True).str.len()
    excused = flags(short, [says_not_applicable(text) for text in short["reason"]])
    words = load_check_words()
    empty = told & finds(short["reason"], words.boilerplate, whole=True)
    curt = told & (empty | length.lt(words.shortest_reason)) & ~excused
    times = folded.groupby([short["table_id"], folded]).transform("size")
    same = told & ~curt & times.ge(_SAME_REASONS)
    hit = only(short, curt | same)
    what = [
        f"过于笼统，只有 {int(length[index])} 个字" if curt[index] else f"在 {int(times[index])} 行中一字不差"
        for index in hit.index
    ]
    return hit.assign(what=texts(hit, what), severity=choose(empty[hit.index], Severity.WARNING, Severity.INFO))


@check(
    "IND-09",
    Severity.WARNING,
    cell="reason",
    title="偏差原因与得分矛盾",
    message="偏差原因“{reason}”与{what}矛盾",
    advice="请核对完成情况、得分和原因，三者应当一致。",
    unless=("IND-01", "IND-03", "IND-08", "IND-11", "NA-01", "NA-03"),
)
def reason_contradicts(rows: pd.DataFrame) -> pd.DataFrame:
    """得了满分而原因说没有完成；或者扣了分而原因只说已完成。

    为什么：得分、完成情况和原因说法不一，至少有一处填错。
    例：得分 10 / 10，原因“因疫情未完成第二期培训”；得分 8 / 10，原因“已完成”。
    不报：“无未完成事项”；得分高于规则得分（IND-03、IND-11 已指出）；扣分行的原因除“已完成”外还有说明。
    来源：绩效自评表核对工具公开规则（理由与得分相反）。
    """
    words = load_check_words()
    told = rows["reason"].notna() & rows["is_comparable"] & rows["full_marks"].gt(0)
    full = told & rows["reported_score"].ge(rows["full_marks"] - NOISE) & finds(rows["reason"], words.undone)
    short = told & _is_short(rows) & finds(rows["reason"], words.done, whole=True)
    hit = only(rows, full | short)
    scores = zip(hit["reported_score"], hit["full_marks"], strict=True)
    what = [f"得分 {number_text(score)}（满分 {number_text(top)}）" for score, top in scores]
    return hit.assign(what=texts(hit, what))


def _is_short(rows: pd.DataFrame) -> pd.Series:
    short = rows["reported_score"].lt(rows["full_marks"] - NOISE) & rows["reported_score"].ge(0)
    return short & rows["is_comparable"]


@check(
    "TXT-05",
    Severity.WARNING,
    on="tables",
    cell="goal_actual",
    title="结论与指标完成情况矛盾",
    message="“{label}”写明“{said}”，而“{row}”{zero}",
    advice="请核对结论，或说明未完成的指标。",
)
def praise_for_nothing(tables: pd.DataFrame) -> pd.DataFrame:
    """总体完成情况或结论说“全部完成”，而有的指标完成值或得分为 0；说“基本达到预期”的只作提示。

    为什么：结论要与指标对得上，有一项没有做就不能说全部完成。
    例：实际完成情况“各项任务全部完成”，而“培训人次”得 0 分。
    不报：没有得 0 分的指标；得 0 分的是不适用的指标；结论里没有这类说法。
    来源：从化区委组织部 2022 年部门整体支出自评（专项完成率为 0，结论为较好）。
    """
    words = load_check_words()
    hit = only(tables, tables["zero_row"].notna())
    found = [
        _praise(said, words.strong_praise, words.praise)
        for said in ({"goal_actual": goal, **{f"conclusion.{label}": text for label, text in (ends or {}).items()}}
                     for goal, ends in zip(hit["goal_actual"], hit["conclusions"], strict=True))
    ]  # fmt: skip
    hit = hit.assign(found=texts(hit, found))
    hit = only(hit, hit["found"].notna())
    fields = [field for field, *_ in hit["found"]]
    return hit.assign(
        cell_field=texts(hit, fields),
        label=texts(hit, [field_label(field.removeprefix("conclusion.")) for field in fields]),
        said=texts(hit, [said for _, said, _ in hit["found"]]),
        severity=texts(hit, [Severity.WARNING if strong else Severity.INFO for *_, strong in hit["found"]]),
        row=texts(hit, [shown(plain_label(name)) for name, _ in hit["zero_row"]]),
        zero=texts(hit, [zero for _, zero in hit["zero_row"]]),
    )


def _praise(
    said: Mapping[str, str | None], strong: re.Pattern[str], mild: re.Pattern[str]
) -> tuple[str, str, bool] | None:
    """Return which text praises, in which words, and whether it says that all is done; None where none does."""
    for pattern, is_strong in ((strong, True), (mild, False)):
        for field, text in said.items():
            if text and (match := pattern.search(fold(text))):
                return field, match[0], is_strong
    return None
