"""What the name of an indicator tells about its value: which way is better, whether it is a rate."""

import re
from functools import lru_cache

from perfxl.forms.units import SCALE, UNKNOWN, canonical, look_up_unit
from perfxl.forms.value_words import load_words
from perfxl.text import fold, without_brackets

_CLOSING_BRACKET = re.compile(r"\((?:单位:)?([^()\d]{1,6})\)$")
_NUMBERING = re.compile(r"^(?:[★☆●▲*#]*)(?:指标\d*[:.]?|其中[:]?|\(?\d+[).,:]|[一二三四五六七八九十]+[,.])*")


@lru_cache(maxsize=16384)
def lower_is_better(name: str, level2: str = "") -> bool:
    """Say whether a lower value is better, by the words of an indicator's name and of its class.

    The end of the name decides: `事故发生次数` is better low, `事故应急演练次数` and `投诉处理率` are not. A name that
    begins with 降低 or 减少 gives the amount of the reduction, so high is better. Where the name tells nothing, a
    cost class (成本指标) is better low, all else better high.
    """
    names = load_words().names
    plain = without_brackets(plain_name(name))
    if plain.startswith(names.higher_if_first):
        return False
    higher, lower = _closing(plain, names.higher, names.tails), _closing(plain, names.lower, names.tails)
    if higher != lower:
        return lower > higher
    return any(word in fold(level2) for word in names.cost_levels)


def _closing(name: str, words: tuple[str, ...], tails: tuple[str, ...]) -> int:
    """Return the length of the longest of the words that closes a name, but for tails such as 数量, 0 for none."""
    while True:
        if name.endswith(words):
            return max(len(word) for word in words if name.endswith(word))
        if not name.endswith(tails):
            return 0
        tail = next(tail for tail in tails if name.endswith(tail))
        if tail == name:
            return 0
        name = name[: -len(tail)]


@lru_cache(maxsize=16384)
def is_best_at_zero(name: str) -> bool:
    """Say whether an indicator counts what should not happen (事故, 投诉次数), so that 无 is an answer: zero."""
    if not name:
        return False
    words = load_words()
    plain = without_brackets(plain_name(name))
    return _closing(plain, tuple(words.zero_nouns), words.names.tails) > 0 and lower_is_better(name)


@lru_cache(maxsize=16384)
def is_rate(name: str) -> bool:
    """Say whether an indicator is a rate or a degree, whose bare numbers are percentages."""
    return without_brackets(plain_name(name)).endswith(load_words().names.rates)


@lru_cache(maxsize=16384)
def cannot_exceed_100(name: str) -> bool:
    """Say whether an indicator is a rate that is never above 100 % (满意度, 合格率), unlike 增长率 or 完成率."""
    names = load_words().names
    plain = without_brackets(plain_name(name))
    return _closing(plain, names.capped, ()) > _closing(plain, names.uncapped, ())


@lru_cache(maxsize=16384)
def plain_name(name: str) -> str:
    """Return a folded name without the numbering before it (`指标1：`, `★`)."""
    return _NUMBERING.sub("", fold(name))


@lru_cache(maxsize=16384)
def unit_in_name(name: str) -> str | None:
    """Return the unit that a name ends with in brackets (`成本控制数（万元）`, `满意度(%)`), or None.

    Counting words do not count: `补助对象(企业)` names whom it is about.
    """
    if not name:
        return None
    match = _CLOSING_BRACKET.search(fold(name))
    if match is None:
        return None
    unit = look_up_unit(match[1])
    return canonical(match[1]) if unit.dimension not in ("count", SCALE, UNKNOWN) else None
