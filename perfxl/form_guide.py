"""A form in full, as people read it; and a form of the user's own, held against a sample."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from perfxl.field_labels import SCOPES, field_label
from perfxl.forms.definitions import NATIONAL, Form, Forms, form_folders
from perfxl.forms.recognise import Traits, conditions, recognise
from perfxl.inspection import inspection
from perfxl.model.cells import CellRef
from perfxl.model.finding import SEVERITY_LABELS, Severity
from perfxl.model.grid import Workbook
from perfxl.pipeline import find_tables, traits_of
from perfxl.reading.extract import TableRecord
from perfxl.text import number_text, percent_text, shown

# A condition: what it asks for, and what is said where it does not hold.
_CONDITIONS = {
    "columns": ("指标表要有的列", "没有读到这些列"),
    "without_columns": ("指标表不能有的列", "有不该有的列"),
    "budget_columns": ("资金表要有的列", "资金表没有读到这些列"),
    "without_budget_columns": ("资金表不能有的列", "资金表有不该有的列"),
    "headings": ("要有的列名", "没有这样的列名"),
    "header": ("表头要有的项目", "表头没有读到"),
    "title": ("标题含有（其一）", "标题不含其中任何一个词"),
    "place": ("标题或单位名称含有（其一）", "标题和单位名称都不含其中任何一个词"),
    "not_title": ("标题不含", "标题含有"),
    "level1": ("一级指标含有", "一级指标中没有"),
    "not_level1": ("一级指标不含", "一级指标含有"),
}
_OF_FIELDS = ("columns", "without_columns", "budget_columns", "without_budget_columns")
_RULES = {
    "linear": "按比例",
    "stepped": "按分档",
    "per_step": "每差一档扣分",
    "proportional": "未达到按完成比例",
    "linear_excess": "(1 − 超出比例) × 分值",
    "inverse_ratio": "指标值 ÷ 完成值 × 分值",
    "all_or_nothing": "不达标不得分",
    "as_filled": "按填报的处理",
    "zero": "记 0 分",
    "full": "记满分",
    "rescale": "剔除后折算",
    "siblings": "分值移给同类指标",
    "judged": "留给判断",
    "per_day": "每迟一日扣分",
    "per_month": "每迟一月扣分",
    "none": "不扣减",
}


def describe(form: Form) -> Iterator[str]:
    """Yield the lines that tell a form in full: how it is recognised, its words, rules, weights and notes."""
    yield f"{form.id}  {form.name}"
    yield f"适用：{SCOPES[form.scope]}"
    yield f"出处：{form.source or '未注明'}"
    if form.parents:
        yield f"沿用：{'、'.join(form.parents)}"
    yield f"文件夹：{form.folder}"
    yield f"版本：{form.version}" + (
        "" if form.template is None else f"；空白模板：perfxl template {form.id} --year 年度"
    )
    yield from _section("认表条件（全部满足）", _recognition_lines(form))
    yield from _section("自有用词", _word_lines(form))
    yield from _section("计分规则", _rule_lines(form))
    yield from _section("固定分值", (f"{w.level3 or w.level1}：{number_text(w.weight)}" for w in form.rubric.weights))
    yield from _section("检查的设置", _check_lines(form))
    notes = form.folder / "NOTES.md"
    if notes.is_file():
        yield from _section("说明", notes.read_text(encoding="utf-8").strip().splitlines())


def form_document(form: Form) -> dict[str, Any]:
    """Return a form in full for `--json`."""
    return {
        "id": form.id,
        "name": form.name,
        "scope": form.scope,
        "source": form.source,
        "parents": list(form.parents),
        "folder": str(form.folder),
        "version": form.version,
        "has_template": form.template is not None,
        "recognise": {key: value for key, value in asdict(form.recognition).items() if value},
        "words": {key: dict(value) for key, value in form.words.data.items()} if form.words else {},
        "rubric": {**asdict(form.rubric), "checks": {code: dict(own) for code, own in form.rubric.checks.items()}},
    }


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"\n{title}"
        yield from (f"  {line}" for line in found)


def _recognition_lines(form: Form) -> Iterator[str]:
    wanted = form.recognition
    for key, (label, _) in _CONDITIONS.items():
        words = getattr(wanted, key)
        if words:
            count = f"（至少 {wanted.level1_at_least} 个）" if key == "level1" else ""
            yield f"{label}{count}：{_words(key, words)}"


def _words(key: str, words: Iterable[str]) -> str:
    return "、".join(field_label(word) if key in _OF_FIELDS else word for word in words)


def _word_lines(form: Form) -> Iterator[str]:
    for section, entries in form.words.data.items() if form.words else ():
        for name, entry in entries.items():
            words = entry if isinstance(entry, list) else [text for texts in entry.values() if isinstance(texts, list)
                                                           for text in texts]  # fmt: skip
            yield f"{field_label(name) if section != 'header' else name}：{'、'.join(words)}"


def _rule_lines(form: Form) -> Iterator[str]:
    rubric = form.rubric
    yield f"满分 {number_text(rubric.total)}，得分保留 {rubric.places} 位小数"
    yield _execution_line(form)
    yield f"定量指标：达到指标值得满分，{_RULES[rubric.forward]}{_ladder(rubric.steps)}"
    others = "、".join(_RULES[rule] for rule in rubric.also_accepted)
    yield f"反向指标超出指标值：{_RULES[rubric.reverse]}" + (f"；{others}也认可" if others else "")
    yield f"完成值达到指标值的 {percent_text(rubric.over_achievement, 0)}：要求说明原因，{_RULES[rubric.reduction]}得分"
    tiers = zip(("达成", "部分达成", "未达成"), rubric.bands, strict=True)
    bands = "；".join(f"{name} {percent_text(low, 0)}–{percent_text(high, 0)}" for name, (low, high) in tiers)
    yield f"定性指标（占分值）：{bands}"
    yield f"过期完成：{_RULES[rubric.late]}；不适用的指标：{_RULES[rubric.not_applicable]}"
    for rules in rubric.rules:
        names = "、".join((*rules.level1, *rules.level2, *rules.names))
        own = "，".join(f"{key} = {_RULES.get(str(value), value)}" for key, value in rules.own.items())
        yield f"其中 {names}：{own}"
    yield "等级：" + "、".join(f"{grade} ≥ {number_text(lowest)}" for lowest, grade in rubric.grades)
    yield (
        f"容差：单项 {rubric.score_tolerance:g} 分，合计每行 {rubric.sum_tolerance_per_row:g} 分、"
        f"最多 {rubric.sum_tolerance_at_most:g} 分，执行率 {rubric.ratio_tolerance * 100:g} 个百分点，"
        f"金额 {rubric.money_tolerance:g}"
    )
    yield f"依据：{rubric.source}"


def _execution_line(form: Form) -> str:
    rubric = form.rubric
    if not rubric.execution_scored:
        return "预算执行：不单独计分，只核对执行率"
    weight = "" if rubric.execution_weight is None else f" {number_text(rubric.execution_weight)} 分"
    steps = _ladder(rubric.execution_steps) if rubric.execution_rule == "stepped" else ""
    denominators = "，未填时用 ".join(field_label(name) for name in rubric.denominator)
    return f"预算执行{weight}：{_RULES[rubric.execution_rule]}{steps}，执行率 = 全年执行数 ÷ {denominators}"


def _ladder(steps: Iterable[tuple[float, float]]) -> str:
    found = "、".join(f"{percent_text(bound, 0)} 起得 {percent_text(share, 0)}" for bound, share in steps)
    return f"（{found}）" if found else ""


def _check_lines(form: Form) -> Iterator[str]:
    for code, own in form.rubric.checks.items():
        said = [f"级别为{SEVERITY_LABELS[Severity(own['severity'])]}"] if "severity" in own else []
        said += ["不查"] if own.get("enabled", True) is False else []
        said += [f"{key} = {value}" for key, value in own.items() if key not in ("severity", "enabled")]
        yield f"{code}：{'，'.join(said)}"


# ---------------------------------------------------------------- a form held against a sample


@dataclass(frozen=True, slots=True)
class Guidance:
    """What holding forms against a sample came to.

    Attributes:
        lines: For people.
        is_right: Every table of the sample is one of the forms.
    """

    lines: tuple[str, ...]
    is_right: bool


def own_forms(folder: Path, forms: Forms) -> list[Form]:
    """Return the forms that a folder defines."""
    return [forms.by_id[one.name] for one in form_folders(folder)]


def hold_against(sample: Workbook, own: Iterable[Form], forms: Forms) -> Guidance:
    """Return how a sample is understood with the words of the forms, and which conditions of them it meets.

    Raises:
        InputError: `no_table`.
    """
    own = list(own)
    found = inspection(sample, forms)
    tables = find_tables(sample, forms.lexicon)
    lines: list[str] = []
    is_right = True
    for record, seen in zip(tables.records, found["tables"], strict=True):
        lines.append(f"工作表“{shown(record.table['sheet'])}”")
        lines += [f"  列：{line}" for line in _column_lines(record)]
        for column in seen["unused_columns"]:
            lines.append(
                f"  没有用到的列名：“{shown(column['text'])}”（第 {column['row']} 行）；如需读取，请写进 [columns]"
            )
        traits = traits_of(record, forms.lexicon)
        taken = recognise(forms, traits)
        is_right &= taken in {form.id for form in own}
        for form in own:
            lines += [f"  {line}" for line in _verdict(form, traits, taken)]
    return Guidance(tuple(lines), is_right)


def _column_lines(record: TableRecord) -> Iterator[str]:
    columns: Mapping[str, CellRef] = record.table["columns"]
    for name, ref in columns.items():
        yield f"{field_label(name)} ← “{shown(ref.text)}”（{ref}）"


def _verdict(form: Form, traits: Traits, taken: str | None) -> Iterator[str]:
    unmet = [(key, words) for key, holds, words in conditions(form, traits) if not holds]
    if taken == form.id:
        yield f"✓ 认作 {form.id}"
        return
    yield f"✗ 没有认作 {form.id}"
    for key, words in unmet:
        yield f"  recognise.{key}：{_CONDITIONS[key][1]} {_words(key, words)}"
    if not unmet:
        yield f"  条件都满足，但 {taken} 的条件更多；请补充条件，如 title、headings"
    elif taken is not None:
        yield f"  按现有条件认作 {taken}"
    else:
        yield f"  没有任何表样与之相符，将按全国通用规则（{NATIONAL}）核对"
