"""Cells without a number: placeholders, attainment tiers, grades and other words."""

import re
from functools import lru_cache

from perfxl.forms.units import unit_at_start
from perfxl.forms.value_words import load_words
from perfxl.text import fold

_MASK = re.compile("[≥≤<>=±Xx*_○%‰]+[年月日]?(?![A-Za-z])")
_SEPARATORS = re.compile(r"[/;,|\\-]")
_MARKS = re.compile(r"[\"'\s.,;:!|()\[\]<>]")
# Longer texts are reports, not answers; nothing is placed in a tier by a word somewhere in them.
_LONGEST_ANSWER = 80


def is_placeholder(folded: str) -> bool:
    """Say whether a folded text stands for no value: dashes, slashes, 无, 不适用, XX."""
    words = load_words()
    bare = folded.strip("()[]")
    if bare in words.placeholders or set(folded) <= words.placeholder_characters:
        return True
    if _MASK.match(folded) and (not (rest := _MASK.sub("", folded)) or unit_at_start(rest) == rest):
        return True  # ≥XX%, **平方米, X年X月 and a sign alone
    return words.not_applicable.fullmatch(folded) is not None


def tier_of(folded: str) -> int | None:
    """Return the tier of an attainment phrase: 1 met, 2 partly, 3 not met; None for words that tell none.

    未达成 is looked for before 部分达成, and that before 达成: 未完成 contains 完成.
    """
    words = load_words()
    plain = _MARKS.sub("", folded)
    if (tier := words.tier_words.get(plain)) is not None:
        return tier
    if len(plain) > _LONGEST_ANSWER:
        return None
    for pattern, tier in words.tier_patterns:
        if pattern.fullmatch(plain):
            return tier
    return None


def plain_words(folded: str) -> str:
    """Return words as they are compared: without punctuation and without 已, 均, 了, which change nothing."""
    return load_words().ignored.sub("", _MARKS.sub("", folded))


@lru_cache(maxsize=4096)
def grade_scale(folded: str) -> tuple[str, ...]:
    """Return the grades that a target lists, the best first (`优良中低差`), () where it is no such list."""
    words = load_words()
    text = fold(folded)
    found = tuple(_same(match[0]) for match in words.grade_scale.finditer(text))
    rest = words.grade_scale.sub("", text)
    separated = _SEPARATORS.search(rest) is not None
    if _SEPARATORS.sub("", rest) or len(set(found)) < (2 if separated else 3):
        return ()
    return found


def grade_tier(scale: tuple[str, ...], folded: str) -> tuple[int | None, int | None]:
    """Return the tier of a grade of a scale, and its place there from 1: the first of the scale is met.

    What a middle grade is worth is the reviewer's to say, so its tier is None; (None, None) for a word that is
    not on the scale.
    """
    grade = _same(_MARKS.sub("", folded))
    if grade not in scale:
        return None, None
    place = scale.index(grade) + 1
    return (1 if place == 1 else None), place


def same_words(one: str, other: str) -> bool:
    """Say whether two folded texts say the same word for word, `优` and `优秀` included."""
    return _same(plain_words(one)) == _same(plain_words(other))


def _same(word: str) -> str:
    return load_words().same_grades.get(word, word)
