"""Two numbers in one unit, and what keeps them from being compared."""

from functools import lru_cache
from math import isclose

from perfxl.forms.names import is_rate
from perfxl.forms.units import convert, is_scaled, look_up_unit
from perfxl.forms.value_words import load_words
from perfxl.reading.values.pair import AT_LEAST, AT_MOST, PERCENT, RANGE, Pair, are_opposed, tier_of_answer
from perfxl.reading.values.value import Comparison, Value
from perfxl.text import fold, number_text, shown

# Scales by which forms mix a unit with its multiple: 元, 千元, 万元, 亿元, and what they are to one another.
_SCALES = (1e3, 1e4, 1e8, 1e-3, 1e-4, 1e-8)
# A target and an actual that are further apart than _FAR, and within _NEAR under another scale, look like two units.
_FAR = 20.0
_NEAR = 3.0
# From this percentage on a fraction beside it cannot be a percentage that was just small.
_SMALLEST_PERCENT = 10.0


def compare_numbers(base: Comparison, pair: Pair) -> Comparison:
    """Return the comparison with a target that is a number: both numbers in its unit, or why not."""
    target, actual = pair.target, pair.actual
    if target.number is None:
        note = f"年度指标值“{shown(pair.target_cell)}”：{target.reason}"
        return base._replace(problem="unreadable_target", note=note, tier=tier_of_answer(pair))
    if actual.kind == "multi":
        return base._replace(problem="actual_multi", note=f"实际完成值{actual.reason}")
    if actual.kind != "quantitative":
        note = f"定量指标的实际完成值应填数字，填报为“{shown(pair.actual_cell)}”"
        return base._replace(problem="actual_not_numeric", note=note, tier=actual.tier)
    if actual.number is None:
        note = f"实际完成值“{shown(pair.actual_cell)}”：{actual.reason}"
        return base._replace(problem="unreadable_actual", note=note)
    if not pair.same_text:
        if _is_opposite(base, pair):
            return base._replace(problem="opposite_direction", note="年度指标值与实际完成值一个说增、一个说减")
        if _is_open_bound(base, actual):
            note = f"实际完成值“{shown(pair.actual_cell)}”只说了界限，不能确定具体的值"
            return base._replace(problem="unreadable_actual", note=note)
    worst = actual.number if actual.upper is None or not base.lower_is_better else actual.upper
    return _in_one_unit(base, pair, target.number, worst)


def _is_opposite(base: Comparison, pair: Pair) -> bool:
    """Say whether the actual speaks of a fall and target or name of a rise, or the other way round.

    A fall that neither target nor name speaks of is opposite too where higher is better: `下降3%` is no 3 % of growth.
    """
    actual = _direction(pair.actual_text)
    if actual == 0:
        return False
    wanted = _direction(pair.target_text) or _direction(fold(pair.name))
    return actual == -wanted or (wanted == 0 and actual < 0 and not base.lower_is_better)


@lru_cache(maxsize=16384)
def _direction(text: str) -> int:
    """Return 1 for words of rising, -1 for words of falling, 0 for neither or both."""
    if not text or text.isascii():
        return 0  # all the words are Chinese
    lists = load_words().lists
    rises = any(word in text for word in lists["increase"])
    falls = any(word in text for word in lists["decrease"])
    return rises - falls


def _is_open_bound(base: Comparison, actual: Value) -> bool:
    """Say whether an actual is a bound that leaves open what was reached.

    `低于95%` is no 95 for a target of at least 95 %; `≥90%` against 90 % only repeats the sign.
    """
    if actual.is_reached:
        return False
    if base.operator == RANGE:
        return actual.operator in (*AT_LEAST, *AT_MOST)
    if base.operator in AT_MOST:
        return actual.operator in AT_LEAST
    if base.operator in AT_LEAST:
        return actual.operator in AT_MOST
    return base.operator == "=" and actual.operator == "<"


def _range_settles(base: Comparison, actual: Value, unit: str | None) -> bool:
    """Say whether an actual that is a range is within the target wherever in the range it is."""
    low, high = (convert(number, unit, base.unit) for number in (actual.number or 0.0, actual.upper or 0.0))
    if low is None or high is None or base.target_number is None:
        return False
    if base.operator == RANGE:
        return base.target_number <= low and high <= (base.target_upper or 0.0)
    return high <= base.target_number if base.lower_is_better else low >= base.target_number


def _in_one_unit(base: Comparison, pair: Pair, target: float, actual: float) -> Comparison:
    unit = pair.target.unit
    if unit is not None and unit == pair.actual.unit and min(abs(target), abs(actual)) > 1:
        # Nothing is to be converted, and neither can be the fraction of the other.
        return _side_by_side(base, pair, actual, unit)
    actual_unit = _actual_unit(pair)
    if _mixes_percent(base, pair, actual):
        return base._replace(problem="percent_fraction", note="百分数与小数混用，相差约 100 倍")
    if _is_percent_of_count(pair):
        return _mismatch(base, pair)
    converted = convert(actual, actual_unit, unit)
    if converted is None:
        return _mismatch(base, pair)
    if unit is None and actual_unit is not None:
        base = base._replace(unit=_unit_for_bare(actual_unit, converted, actual))
    return _side_by_side(base, pair, converted, actual_unit)


def _side_by_side(base: Comparison, pair: Pair, actual: float, actual_unit: str | None) -> Comparison:
    """Return the comparison with an actual in the target's unit, unless the two are still not to be compared.

    Args:
        base: With the unit that both are in.
        pair: Both values as written.
        actual: In that unit.
        actual_unit: The unit that the actual was written in.
    """
    if pair.actual.upper is not None and not _range_settles(base, pair.actual, actual_unit):
        return base._replace(problem="unreadable_actual", note="实际完成值是一个区间，不能确定具体的值")
    target, unit = base.target_number or 0.0, base.unit
    one_is_bare = (pair.target.unit is None) != (pair.actual.unit is None and pair.column_unit is None)
    if one_is_bare and is_scaled(unit) and _differs_by_scale(target, actual):
        note = f"一方未写单位，两个数相差悬殊（{number_text(target, 4)} 与 {number_text(actual, 4)}），疑似单位不同"
        return base._replace(problem="unit_mismatch", note=note)
    # What most rows come to; _replace would take five times as long.
    return Comparison(*base[:6], actual, unit, None, None, None, _plain_note(pair, unit))


def _unit_for_bare(unit: str, converted: float, actual: float) -> str | None:
    """Return the unit that a bare target takes from the actual; a multiplier (1.2万) was multiplied out."""
    return unit if converted == actual else None


def _actual_unit(pair: Pair) -> str | None:
    """Return the unit of the actual: its own, else its column's where that suits the target, else the target's."""
    if pair.actual.unit is not None:
        return pair.actual.unit
    column, target = pair.column_unit, pair.target.unit
    if column is not None and (target is None or look_up_unit(column).dimension == look_up_unit(target).dimension):
        return column
    return target


def _mismatch(base: Comparison, pair: Pair) -> Comparison:
    target = pair.target.unit or "无单位"
    note = f"年度指标值的单位是{target}，实际完成值的单位是{pair.actual.unit or '无单位'}，不能直接比较"
    return base._replace(problem="unit_mismatch", note=note)


def _is_percent(unit: str | None) -> bool:
    return unit is not None and look_up_unit(unit).dimension == "percent"


def _mixes_percent(base: Comparison, pair: Pair, actual: float) -> bool:
    """Say whether one side is a percentage and the other the fraction of it."""
    target = base.target_number or 0.0
    percents = (_is_percent(pair.target.unit), _is_percent(pair.actual.unit))
    low, high = sorted((abs(target), abs(actual)))
    if low > 1 and percents[0] == percents[1]:
        return False
    hundredfold = low > 0 and isclose(low * 100, high, rel_tol=1e-9)
    if percents == (True, True):
        is_fraction = PERCENT not in pair.target_text and 0 < target <= 1 and not base.lower_is_better
        return hundredfold or (is_fraction and actual >= _SMALLEST_PERCENT)
    if pair.target.unit is None and pair.actual.unit is None:
        return hundredfold and (low != int(low) or is_rate(pair.name))
    if percents == (True, False) and pair.actual.unit is None:
        return hundredfold or (0 < actual <= 1 and target >= _SMALLEST_PERCENT)
    if percents == (False, True) and pair.target.unit is None:
        return hundredfold or (0 < target <= 1 and actual >= _SMALLEST_PERCENT)
    return False


def _is_percent_of_count(pair: Pair) -> bool:
    """Say whether a bare target of something counted is answered with a percentage (12 with 100%)."""
    if pair.target.unit is not None or not _is_percent(pair.actual.unit) or pair.target.number == pair.actual.number:
        return False
    if pair.name:
        return not is_rate(pair.name)
    return not 1 < abs(pair.target.number or 0) <= 100


def _differs_by_scale(target: float, actual: float) -> bool:
    """Say whether two amounts are far apart, but near one another under another scale of their unit."""
    if not target or not actual:
        return False
    ratio = abs(actual / target)
    if 1 / _FAR <= ratio <= _FAR:
        return False
    return any(1 / _NEAR <= ratio * scale <= _NEAR for scale in _SCALES)


def _plain_note(pair: Pair, unit: str | None) -> str:
    """Return what was assumed in comparing two numbers in one unit, "" where nothing was."""
    notes = []
    if pair.target.approximate or pair.actual.approximate:
        notes.append("含约数，按所列数字理解")
    none = load_words().none
    if pair.target_text in none or pair.actual_text in none:
        notes.append("“无”按 0 理解")
    if pair.actual.upper is not None:
        notes.append("实际完成值是一个区间，按较差的一端理解")
    if pair.target.unit is None and _matters(unit):
        notes.append(f"年度指标值未写单位，按{unit}理解")
    elif pair.actual.unit is None and pair.column_unit is None and is_scaled(pair.target.unit):
        notes.append(f"实际完成值未写单位，按{pair.target.unit}理解")
    elif pair.actual.unit is None and _is_percent(pair.target.unit) and 0 < abs(pair.actual.number or 0) < 1:
        notes.append(f"实际完成值未写百分号，按{number_text(pair.actual.number or 0, 4)}%理解")
    if pair.column_operator is not None and are_opposed(pair.column_operator, pair.target.operator):
        notes.append(f"指标性质为“{pair.column_operator}”，与年度指标值里的符号相反，按年度指标值理解")
    return "；".join(notes)


def _matters(unit: str | None) -> bool:
    """Say whether a unit that was assumed is worth a word: an amount of money or a percentage, not 个."""
    return is_scaled(unit) or _is_percent(unit)
