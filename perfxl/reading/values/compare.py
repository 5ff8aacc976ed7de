"""A target and an actual side by side: one unit, one direction, and why they cannot be compared."""

from functools import lru_cache
from typing import NamedTuple

from perfxl.forms.names import is_best_at_zero, lower_is_better, unit_in_name
from perfxl.forms.units import unit_of_column
from perfxl.forms.value_words import load_words
from perfxl.reading.values.dates import kept, late_by
from perfxl.reading.values.numbers import compare_numbers
from perfxl.reading.values.pair import AT_LEAST, AT_MOST, RANGE, Pair, is_full_percent, tier_of_answer
from perfxl.reading.values.parse import operator_of_column, parse_value, prepare
from perfxl.reading.values.phrases import grade_scale, grade_tier
from perfxl.reading.values.value import Comparison, Problem, Value
from perfxl.text import fold, shown


@lru_cache(maxsize=65536)
def compare(
    target: str,
    actual: str,
    operator: str = "",
    unit: str = "",
    name: str = "",
    level2: str = "",
    year: int | None = None,
) -> Comparison:
    """Return a target and an actual in one unit, or why they cannot be compared; never raises.

    A number without a unit takes the unit of its column, of brackets at the end of the name, or of the other side.
    An operator repeated in the actual is dropped. Counting words (个, 家, 人次) compare one to one. A percentage
    against a fraction (95% and 0.95), two dimensions, or amounts that differ by a scale of units are not compared.

    Args:
        target: The target cell as a person sees it.
        actual: The actual cell likewise.
        operator: Text of the column 指标性质, "" where there is none.
        unit: Text of the column 度量单位, "" where there is none.
        name: The indicator's name; tells a rate, and which way is better where no sign does.
        level2: Name of the indicator's class (成本指标 …).
        year: The form's year, for dates without one; None where unknown.

    Returns:
        The comparison; see `Comparison` for what None means in each field.
    """
    beside = _beside(operator, unit, name, level2)
    pair = _pair(target, actual, beside, year)
    base = _base(pair.target, beside)
    if (missing := _missing(pair)) is not None:
        problem, note = missing
        kind = pair.actual.kind if pair.target.kind == "blank" else pair.target.kind
        tier = pair.actual.tier if pair.target.kind not in ("blank", "placeholder") else None
        return base._replace(kind=kind, problem=problem, note=note, tier=tier)
    match pair.target.kind:
        case "multi":
            return _compare_multi(base, pair)
        case "date":
            return _compare_dates(base, pair)
        case "qualitative":
            return _compare_words(base, pair)
    return compare_numbers(base, pair)


class _Beside(NamedTuple):
    """What a row says beside its target and its actual; from row to row and file to file mostly the same.

    Attributes:
        operator: Text of the column 指标性质.
        unit: Text of the column 度量单位, or the unit in the name.
        name: The indicator's name.
        column_unit: The unit that `unit` states; None for none.
        column_operator: The sign that `operator` states; None for none.
        is_best_at_zero: See `is_best_at_zero`.
        is_timely: It is about time, or nothing is known of it.
        is_lower: Lower is better, by the column and the names.
    """

    operator: str
    unit: str
    name: str
    column_unit: str | None
    column_operator: str | None
    is_best_at_zero: bool
    is_timely: bool
    is_lower: bool


@lru_cache(maxsize=16384)
def _beside(operator: str, unit: str, name: str, level2: str) -> _Beside:
    unit = unit or unit_in_name(name) or ""
    return _Beside(
        operator=operator,
        unit=unit,
        name=name,
        column_unit=unit_of_column(unit) if unit else None,
        column_operator=operator_of_column(operator) if operator else None,
        is_best_at_zero=is_best_at_zero(name),
        is_timely=_is_timely(name, level2),
        is_lower=_is_lower(operator, name, level2),
    )


def _is_timely(name: str, level2: str) -> bool:
    words = load_words().names.timely
    return not (name or level2) or any(word in fold(text) for text in (name, level2) for word in words)


def _is_lower(operator: str, name: str, level2: str) -> bool:
    """Say whether lower is better where no sign tells it: from the column's direction, else from the names."""
    direction = load_words().property.get(fold(operator)) if operator else None
    if direction in ("lower", "higher"):
        return direction == "lower"
    return lower_is_better(name, level2)


def _pair(target: str, actual: str, beside: _Beside, year: int | None) -> Pair:
    wanted, done = parse_value(target, beside.operator, beside.unit), parse_value(actual)
    if beside.is_best_at_zero:
        wanted, done = _none_as_zero(wanted, target), _none_as_zero(done, actual)
    if wanted.decimal is not None or done.kind == "date":
        wanted, done = _both_numbers(wanted, done, is_timely=beside.is_timely)
    return Pair(
        wanted, done, prepare(target), prepare(actual), target, actual,
        beside.column_unit, beside.column_operator, beside.name, year,
    )  # fmt: skip


def _none_as_zero(value: Value, text: str) -> Value:
    return Value("quantitative", number=0.0) if prepare(text) in load_words().none else value


def _both_numbers(target: Value, actual: Value, *, is_timely: bool) -> tuple[Value, Value]:
    """Return the values with `2022.5` read as a number where the other side is one, or nothing is about time."""
    both_bare = target.decimal is not None and actual.decimal is not None
    if target.decimal is not None and (actual.kind == "quantitative" or (both_bare and not is_timely)):
        target = Value("quantitative", number=target.decimal)
    if actual.kind == "date" and target.kind == "quantitative":
        if actual.decimal is not None:
            actual = Value("quantitative", number=actual.decimal)
        elif target.unit == "年" and actual.date is not None and actual.date.is_span:
            actual = Value("quantitative", number=float(actual.date.end.year or 0), unit="年")  # 1944年, not a year
    return target, actual


def _base(target: Value, beside: _Beside) -> Comparison:
    """Return the comparison as far as the target and the names tell it: sign and direction."""
    stated = target.operator
    if stated is None and target.kind == "quantitative":
        stated = beside.column_operator
    is_range = target.upper is not None
    is_lower = not is_range and stated not in AT_LEAST and (stated in AT_MOST or beside.is_lower)
    effective = stated
    if stated is None or (stated == "=" and is_lower):
        effective = "≤" if is_lower else "≥"
    operator = None if target.kind != "quantitative" else RANGE if is_range else effective
    return Comparison(target.kind, operator, stated, is_lower, target.number, target.upper, None, target.unit)


def _missing(pair: Pair) -> tuple[Problem, str] | None:
    """Return the problem of a side that says nothing, or None where both say something."""
    if pair.target.kind == "blank":
        return "target_blank", "年度指标值为空"
    if pair.target.kind == "placeholder":
        return "target_placeholder", f"年度指标值“{shown(pair.target_cell)}”不是具体的值"
    if pair.actual.kind == "blank":
        return "actual_blank", "实际完成值为空"
    if pair.actual.kind == "placeholder" and not pair.same_text:
        return "actual_placeholder", f"实际完成值“{shown(pair.actual_cell)}”不是具体的值"
    return None


# ---------------------------------------------------------------- words and dates


def _compare_multi(base: Comparison, pair: Pair) -> Comparison:
    return base._replace(problem="target_multi", tier=tier_of_answer(pair), note=f"年度指标值{pair.target.reason}")


def _compare_words(base: Comparison, pair: Pair) -> Comparison:
    """Compare with a target in words: by tier, by grade, or not at all."""
    if scale := grade_scale(pair.target_text):
        tier, place = grade_tier(scale, pair.actual_text)
        if place is not None:
            return base._replace(tier=tier, note=f"年度指标值为等次，实际为第 {place} 等（共 {len(scale)} 等）")
    if {pair.target_text, pair.actual_text} == load_words().opposites:
        return base._replace(tier=3, note="实际完成值与年度指标值相反")
    if (tier := tier_of_answer(pair)) is not None:
        repeated = tier != pair.actual.tier
        return base._replace(tier=tier, note="实际完成值与年度指标值文字相同，按达成理解" if repeated else "")
    if pair.actual.number == 0 and is_best_at_zero(pair.name):
        return base._replace(tier=1, note="实际完成值为 0，按达成理解")
    if is_full_percent(pair.actual):
        return base._replace(tier=1, note="定性指标以百分数作答，达到 100%，按达成理解")
    return base._replace(note=f"实际完成值“{shown(pair.actual_cell)}”不能直接归入达成、部分达成、未达成")


def _compare_dates(base: Comparison, pair: Pair) -> Comparison:
    """Compare with a target that is a date: on time or late, or by the words or the percentage of the answer."""
    actual = pair.actual
    if actual.kind == "multi" and not pair.same_text:
        return base._replace(problem="actual_multi", note=f"实际完成值{actual.reason}")
    if pair.target.date is not None and actual.date is not None:
        met = kept(pair.target.date, actual.date, pair.year)
        if met is not None:
            late = None if met else late_by(pair.target.date, actual.date, pair.year)
            return base._replace(met_date=met, late_by=late, note=_year_note(pair))
        return base._replace(problem="date_unclear", note="两个日期的先后无法确定")
    if (tier := tier_of_answer(pair)) is not None:
        return base._replace(tier=tier, note="日期以文字作答，按达成情况理解")
    if is_full_percent(actual):
        return base._replace(tier=1, note="日期以百分数作答，达到 100%，按达成理解")
    reason = pair.target.reason or actual.reason or f"实际完成值“{shown(pair.actual_cell)}”不是日期"
    return base._replace(problem="date_unclear", note=reason)


def _year_note(pair: Pair) -> str:
    """Return which side's year was taken from the other, "" where both state theirs or the form's year is known."""
    if pair.year is not None or pair.target.date == pair.actual.date:
        return ""
    for label, value in (("年度指标值", pair.target), ("实际完成值", pair.actual)):
        if value.date is not None and value.date.end.year is None:
            return f"{label}未写年份，按对方的年份理解"
    return ""
