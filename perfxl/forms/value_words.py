"""The words of `values.toml`: read once, checked, and made ready for looking up."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from perfxl.errors import DefinitionError
from perfxl.forms.data import templates_folder
from perfxl.forms.numerals import LETTERS
from perfxl.forms.toml_file import read_toml

OPERATORS = ("≥", "≤", ">", "<", "=")


@dataclass(frozen=True, slots=True, eq=False)
class WordSet:
    """Words that are looked up at the beginning or the end of a text.

    Attributes:
        words: Folded word → what it stands for, itself for plain lists.
        longest: Length of the longest word.
    """

    words: Mapping[str, str]
    longest: int

    def at_start(self, text: str) -> str | None:
        """Return the longest word that `text` begins with, or None."""
        for length in range(min(self.longest, len(text)), 0, -1):
            if text[:length] in self.words:
                return text[:length]
        return None

    def at_end(self, text: str) -> str | None:
        """Return the longest word that `text` ends with, or None."""
        for length in range(min(self.longest, len(text)), 0, -1):
            if text[-length:] in self.words:
                return text[-length:]
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A unit: numbers of one dimension are converted by their factors."""

    name: str
    dimension: str
    factor: float


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Words in the names of indicators, see `values.toml`."""

    lower: tuple[str, ...]
    higher: tuple[str, ...]
    higher_if_first: tuple[str, ...]
    tails: tuple[str, ...]
    timely: tuple[str, ...]
    capped: tuple[str, ...]
    uncapped: tuple[str, ...]
    rates: tuple[str, ...]
    cost_levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Everything that `values.toml` says; the comments there tell what each list is for."""

    before: WordSet
    after: WordSet
    left: WordSet
    right: WordSet
    zero_nouns: frozenset[str]
    not_values: re.Pattern[str]
    not_numerals: re.Pattern[str]
    anywhere: re.Pattern[str]
    property: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    multipliers: Mapping[str, float]
    units: Mapping[str, Unit]
    spellings: Mapping[str, str]
    longest_unit: int
    calendar_days: Mapping[str, float]
    placeholders: frozenset[str]
    placeholder_characters: frozenset[str]
    not_applicable: re.Pattern[str]
    undone: re.Pattern[str]
    tier_words: Mapping[str, int]
    tier_patterns: tuple[tuple[re.Pattern[str], int], ...]
    ignored: re.Pattern[str]
    opposites: frozenset[str]
    none: frozenset[str]
    grades: frozenset[str]
    same_grades: Mapping[str, str]
    grade_scale: re.Pattern[str]
    vague: re.Pattern[str]
    date_context: WordSet
    other_years: re.Pattern[str]
    recurrent: re.Pattern[str]
    names: Names


# Lists of words around a number, and the role a word of each plays there.
_LEFT = {"approximate_before": "rough", "reach": "reach", "relative": "relative", "rank": "rank", "lead_in": "lead"}
_RIGHT = {"approximate_after": "rough", "trailing": "trail"}
_PLAIN_LISTS = (
    "relative_after",
    "remarks",
    "not_units",
    "negations",
    "vague_before",
    "vague_after",
    "ordinal_units",
    "descriptor_units",
    "increase",
    "decrease",
)
_PATTERN_LISTS = ("anywhere", "zero_nouns", "not_values", "not_numerals")
_NAME_LISTS = tuple(field.name for field in fields(Names))
_TIERS = {"unmet": 3, "partly": 2, "met": 1}
_PROPERTIES = ("lower", "higher", "qualitative", "quantitative")
_SECTIONS = (
    "operators", "property", "numbers", "multipliers", "unit_spellings", "units", "counting", "calendar_days",
    "placeholders", "not_applicable", "undone", "tiers", "answers", "grades", "vague", "dates", "names",
)  # fmt: skip


class _File:
    """The parsed file, with readers that name the key where something is wrong."""

    def __init__(self, name: str, data: Mapping[str, Any]) -> None:
        self.name = name
        self.data = data

    def fail(self, key: str, message: str) -> DefinitionError:
        return DefinitionError(self.name, key, message)

    def table(self, key: str, known: Iterable[str] | None = None) -> dict[str, Any]:
        """Return the table under a dotted key; all of `known` must be there, and nothing else."""
        found: Any = self.data
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            raise self.fail(key, "缺少这一部分，或它不是表")
        if known is not None:
            self.only(key, found, known)
        return found

    def only(self, key: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
        names = tuple(known)
        prefix = f"{key}." if key else ""
        for name in table:
            if name not in names:
                raise self.fail(prefix + name, f"未知的键，可用的有：{'、'.join(names)}")
        for name in names:
            if name not in table:
                raise self.fail(prefix + name, "缺少这个键")

    def words(self, key: str, table: Mapping[str, Any], name: str) -> tuple[str, ...]:
        found = table[name]
        if not isinstance(found, list) or not all(isinstance(word, str) and word for word in found):
            raise self.fail(f"{key}.{name}", "应为非空文字的列表")
        return tuple(found)

    def numbers(self, key: str) -> dict[str, float]:
        table = self.table(key)
        for name, value in table.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                raise self.fail(f"{key}.{name}", "应为大于 0 的数")
        return {name: float(value) for name, value in table.items()}

    def texts(self, key: str) -> dict[str, str]:
        table = self.table(key)
        for name, value in table.items():
            if not isinstance(value, str) or not value:
                raise self.fail(f"{key}.{name}", "应为文字")
        return dict(table)

    def pattern(self, key: str, patterns: Iterable[str]) -> re.Pattern[str]:
        try:
            return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
        except re.error as error:
            raise self.fail(key, f"正则表达式有误：{error}") from error


def _word_set(words: Mapping[str, str] | Iterable[str]) -> WordSet:
    table = dict(words) if isinstance(words, Mapping) else {word: word for word in words}
    return WordSet(table, max(map(len, table), default=0))


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=len, reverse=True))


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, _longest_first(words)))


@cache
def load_words(path: Path | None = None) -> Words:
    """Read the words; kept after the first time.

    Args:
        path: The file; None for the one that comes with perfxl.

    Raises:
        DefinitionError: The file is no TOML, lacks a key, has an unknown or ill-typed one, a broken pattern, or a
            word with two meanings.
    """
    path = path or templates_folder() / "values.toml"
    data = read_toml(path, path.name)
    file = _File(path.name, data)
    file.only("", data, _SECTIONS)
    return _words(file)


def _words(file: _File) -> Words:
    numbers = file.table("numbers", (*_LEFT, *_RIGHT, *_PLAIN_LISTS, *_PATTERN_LISTS))
    placeholders = file.table("placeholders", ("words", "characters"))
    before, after = _operator_words(file, "before"), _operator_words(file, "after")
    units = _units(file)
    grades = file.words("grades", file.table("grades", ("words", "same")), "words")
    names = file.table("names", _NAME_LISTS)
    answers = file.table("answers", ("ignored_before", "ignored_after", "opposites", "none"))
    dates = file.table("dates", ("context", "other_years", "recurrent"))
    vague = file.words("vague", file.table("vague", ("words",)), "words")
    return Words(
        before=_word_set(before),
        after=_word_set(after),
        left=_roles(file, numbers, before, _LEFT),
        right=_roles(file, numbers, after, _RIGHT),
        zero_nouns=frozenset(file.words("numbers", numbers, "zero_nouns")),
        not_values=re.compile(rf"(?<![\d.,])(?:{_alternatives(file.words('numbers', numbers, 'not_values'))})(?!\d)"),
        not_numerals=re.compile(f"(?<![{LETTERS}])(?:{_alternatives(file.words('numbers', numbers, 'not_numerals'))})"),
        anywhere=re.compile(_alternatives(_anywhere(file, numbers, before))),
        property=_properties(file),
        lists={name: file.words("numbers", numbers, name) for name in _PLAIN_LISTS},
        multipliers=file.numbers("multipliers"),
        units=units,
        spellings=file.texts("unit_spellings"),
        longest_unit=max(map(len, units)),
        calendar_days=_calendar_days(file),
        placeholders=frozenset(file.words("placeholders", placeholders, "words")),
        placeholder_characters=_characters(file, placeholders),
        not_applicable=_patterns(file, "not_applicable"),
        undone=_patterns(file, "undone"),
        tier_words=_tier_words(file),
        tier_patterns=tuple(
            (file.pattern(f"tiers.{name}.patterns", file.words(f"tiers.{name}", table, "patterns")), tier)
            for name, tier in _TIERS.items()
            for table in [file.table(f"tiers.{name}", ("words", "patterns"))]
        ),
        ignored=re.compile(
            f"^(?:{_alternatives(file.words('answers', answers, 'ignored_before'))})"
            f"|(?:{_alternatives(file.words('answers', answers, 'ignored_after'))})$"
        ),
        opposites=frozenset(file.words("answers", answers, "opposites")),
        none=frozenset(file.words("answers", answers, "none")),
        grades=frozenset(grades),
        same_grades=file.texts("grades.same"),
        grade_scale=re.compile(_alternatives(grades)),
        vague=re.compile(_alternatives(vague)),
        date_context=_word_set(file.words("dates", dates, "context")),
        other_years=re.compile(_alternatives(file.words("dates", dates, "other_years"))),
        recurrent=re.compile(rf"(?:{_alternatives(file.words('dates', dates, 'recurrent'))})\d{{1,2}}(?:号|日)"),
        names=Names(*(_longest_first(file.words("names", names, name)) for name in _NAME_LISTS)),
    )


def _operator_words(file: _File, place: str) -> dict[str, str]:
    file.table("operators", OPERATORS)
    found: dict[str, str] = {}
    for sign in OPERATORS:
        table = file.table(f"operators.{sign}", ("before", "after"))
        for word in file.words(f"operators.{sign}", table, place):
            if found.setdefault(word, sign) != sign:
                raise file.fail(f"operators.{sign}.{place}", f"“{word}”已属于“{found[word]}”，一个词只能有一个意思")
    return found


def _roles(file: _File, numbers: Mapping[str, Any], signs: Mapping[str, str], lists: Mapping[str, str]) -> WordSet:
    """Return the words beside a number with their role: a sign, or what `lists` says of the list they stand in."""
    found = dict(signs)
    for name, role in lists.items():
        for word in file.words("numbers", numbers, name):
            if found.setdefault(word, role) != role:
                raise file.fail(f"numbers.{name}", f"“{word}”已有别的意思（{found[word]}），一个词只能有一个意思")
    return _word_set(found)


def _anywhere(file: _File, numbers: Mapping[str, Any], signs: Mapping[str, str]) -> tuple[str, ...]:
    found = file.words("numbers", numbers, "anywhere")
    for word in found:
        if word not in signs:
            raise file.fail("numbers.anywhere", f"“{word}”不在任何符号的 before 里")
    return found


def _properties(file: _File) -> dict[str, str]:
    table = file.table("property", _PROPERTIES)
    return {word: name for name in _PROPERTIES for word in file.words("property", table, name)}


def _units(file: _File) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for dimension in file.table("units"):
        for name, factor in file.numbers(f"units.{dimension}").items():
            if name in found:
                raise file.fail(f"units.{dimension}.{name}", f"单位已属于 {found[name].dimension}")
            found[name] = Unit(name, dimension, factor)
    counting = file.table("counting", ("words",))
    for name in file.words("counting", counting, "words"):
        if found.get(name, Unit(name, "count", 1.0)).dimension != "count":
            raise file.fail("counting.words", f"“{name}”已属于 {found[name].dimension}")
        found[name] = Unit(name, "count", 1.0)
    for spelling, name in file.texts("unit_spellings").items():
        if name not in found:
            raise file.fail(f"unit_spellings.{spelling}", f"“{name}”不是已知的单位")
        found[spelling] = Unit(name, found[name].dimension, found[name].factor)
    return found


def _calendar_days(file: _File) -> dict[str, float]:
    days = file.numbers("calendar_days")
    file.only("calendar_days", days, ("month", "year"))
    return days


def _characters(file: _File, placeholders: Mapping[str, Any]) -> frozenset[str]:
    if not isinstance(placeholders["characters"], str):
        raise file.fail("placeholders.characters", "应为文字")
    return frozenset(placeholders["characters"])


def _patterns(file: _File, key: str) -> re.Pattern[str]:
    return file.pattern(f"{key}.patterns", file.words(key, file.table(key, ("patterns",)), "patterns"))


def _tier_words(file: _File) -> dict[str, int]:
    file.table("tiers", _TIERS)
    found: dict[str, int] = {}
    for name, tier in _TIERS.items():
        table = file.table(f"tiers.{name}", ("words", "patterns"))
        for word in file.words(f"tiers.{name}", table, "words"):
            if found.setdefault(word, tier) != tier:
                raise file.fail(f"tiers.{name}.words", f"“{word}”已属于另一档")
    return found
