"""Units: reading them off a text, and converting between those of one dimension."""

from functools import lru_cache

from perfxl.forms.value_words import Unit, Words, load_words
from perfxl.text import fold, without_brackets

# A bare multiplier (`1.2万`): a scale of whatever the other side counts.
SCALE = "scale"
UNKNOWN = "unknown"
# 万元/人·年 and the like; anything longer is a text in the wrong column.
_LONGEST_NAME = 20


@lru_cache(maxsize=4096)
def unit_at_start(text: str) -> str:
    """Return the unit that a text begins with, as written, "" for none: `万元/人以上` → `万元/人`.

    A multiplier alone counts (`万`); after a slash a unit of its own (`次/年`) or any of 每人, 每亩 may follow.
    """
    words = load_words()
    length = _one_unit(text, words)
    if not length:
        return ""
    while text[length : length + 1] in ("/", "·", "*") and (more := _one_unit(text[length + 1 :], words)):
        length += 1 + more
    return text[:length]


def _one_unit(text: str, words: Words) -> int:
    """Return the length of the unit at the start of a text, 0 for none; a name of its own beats a multiple."""
    named = _named(text, words)
    for size in (2, 1):
        if text[:size] in words.multipliers and len(text[:size]) == size:
            return max(named, size + _named(text[size:], words))
    return named


def _named(text: str, words: Words) -> int:
    for length in range(min(words.longest_unit, len(text)), 0, -1):
        if text[:length] in words.units:
            return length
    return 0


@lru_cache(maxsize=4096)
def look_up_unit(name: str) -> Unit:
    """Return a unit with its dimension and factor; a name that no list has gets a dimension of its own.

    A multiplier times its unit (万元, 百万人次), and one unit per another (元/人, 次/年), are put together; the latter
    has a dimension such as `money/count`.
    """
    words = load_words()
    if name in words.units:
        return words.units[name]
    if len(name) > _LONGEST_NAME:
        return Unit(name, UNKNOWN, 1.0)
    if "/" in name:
        over, _, under = name.partition("/")
        top, bottom = look_up_unit(over), look_up_unit(under.replace("每", "").replace("·", "/").replace("*", "/"))
        return Unit(name, f"{top.dimension}/{bottom.dimension}", top.factor / bottom.factor)
    for size in (2, 1):
        scale = words.multipliers.get(name[:size])
        if scale is None or len(name) < size:
            continue
        if len(name) == size:
            return Unit(name, SCALE, scale)
        rest = look_up_unit(name[size:])
        if rest.dimension not in (SCALE, UNKNOWN, "percent"):
            return Unit(name, rest.dimension, scale * rest.factor)
    return Unit(name, UNKNOWN, 1.0)


@lru_cache(maxsize=4096)
def unit_of_column(text: str) -> str | None:
    """Return the unit that a unit column states, or None for blank, placeholder, or anything but a unit."""
    words = load_words()
    folded = fold(text).strip(":;,.")
    if folded[:1] in ("(", "[") and folded[-1:] in (")", "]"):
        folded = folded[1:-1]
    if (
        not folded
        or len(folded) > _LONGEST_NAME
        or folded in words.placeholders
        or set(folded) <= words.placeholder_characters
    ):
        return None
    if folded in words.property or any(ch.isdigit() for ch in folded.replace("m2", "").replace("m3", "")):
        return None
    plain = without_brackets(folded)
    return canonical(plain if plain in words.units and folded not in words.units else folded)


def canonical(unit: str) -> str:
    """Return a unit's spelling as it is handed on: every way to write percent is `%`."""
    return load_words().spellings.get(unit, unit)


def is_scaled(unit: str | None) -> bool:
    """Say whether a unit is one of money, or a multiple such as 万人: the ones that forms mix with their base."""
    if unit is None:
        return False
    found = look_up_unit(unit)
    return found.dimension in ("money", SCALE) or (found.dimension == "count" and found.factor > 1)


def convert(number: float, unit: str | None, to: str | None) -> float | None:
    """Return a number in another unit, or None where the two cannot be converted.

    A number without a unit is taken as it is; a bare multiplier counts the other side's base unit. `per` a time
    or a head may stand on one side only (`次/年` and `次`). Counting words compare one to one.
    """
    if unit == to or unit is None:
        return number
    if to is None:
        found = look_up_unit(unit)
        return _clean(number * found.factor) if found.dimension == SCALE else number
    if unit.partition("/")[2] == to.removeprefix("每") or to.partition("/")[2] == unit.removeprefix("每"):
        return number  # 每亩300 against 300元/亩
    return _between(number, look_up_unit(unit), look_up_unit(to))


def _between(number: float, one: Unit, other: Unit) -> float | None:
    if one.dimension == other.dimension and one.dimension != UNKNOWN:
        return _clean(number * one.factor / other.factor)
    if SCALE in (one.dimension, other.dimension):
        if "percent" in (one.dimension, other.dimension):
            return None
        return _clean(number * _scale(one) / _scale(other))
    if (days := _in_days(one)) and (other_days := _in_days(other)):
        return _clean(number * days / other_days)
    if ("/" in one.dimension) != ("/" in other.dimension):
        return _between(number, _without_per(one), _without_per(other))
    if UNKNOWN in (one.dimension, other.dimension) and "count" in (one.dimension, other.dimension):
        return number  # a counting word that no list has: 5羽 against 5只
    return None


def _scale(unit: Unit) -> float:
    """Return what a unit counts of its base for a bare multiplier: 万元 is ten thousand 元, but 公里 is one 公里."""
    return unit.factor if unit.dimension in (SCALE, "money", "count") else 1.0


def _in_days(unit: Unit) -> float | None:
    days = load_words().calendar_days
    if unit.dimension == "time":
        return unit.factor / 86400.0
    if unit.dimension == "months":
        years, months = divmod(unit.factor, 12.0)
        return years * days["year"] + months * days["month"]
    return None


def _without_per(unit: Unit) -> Unit:
    return look_up_unit(unit.name.partition("/")[0]) if "/" in unit.name else unit


def _clean(number: float) -> float:
    """Drop the noise of a conversion: 3 × 0.1 is 0.3, not 0.30000000000000004."""
    return float(f"{number:.12g}")
