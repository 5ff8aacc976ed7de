"""The words of `checks.toml`: what in names, reasons and conclusions tells a check."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from perfxl.forms.data import templates_folder
from perfxl.forms.toml_file import Section
from perfxl.text import fold

_CLASSES = ("output", "benefit", "satisfaction", "cost", "other_framework", "serves_nobody", "quantity")
_SECTIONS = (
    "hints", "marks", "slips", "classes", "inputs", "satisfaction_names", "explains", "survey", "reasons", "praise",
    "goal", "conclusions", "spending_rates",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip of the pen: where it is found, and what is wrong and right in it; `wrong` is all of it where it is ""."""

    pattern: re.Pattern[str]
    wrong: str
    right: str


@dataclass(frozen=True, slots=True, eq=False)
class CheckWords:
    """Everything that `checks.toml` says; the comments there tell what each list is for. Texts are folded first."""

    hints: re.Pattern[str]
    marks: re.Pattern[str]
    slips: tuple[Slip, ...]
    classes: dict[str, re.Pattern[str]]
    inputs: re.Pattern[str]
    satisfaction_names: re.Pattern[str]
    adjustment: re.Pattern[str]
    saving: re.Pattern[str]
    survey: re.Pattern[str]
    shortest_reason: int
    boilerplate: re.Pattern[str]
    undone: re.Pattern[str]
    done: re.Pattern[str]
    strong_praise: re.Pattern[str]
    praise: re.Pattern[str]
    bare_goal: re.Pattern[str]
    problems: frozenset[str]
    measures: frozenset[str]
    spending_rates: re.Pattern[str]


@cache
def load_check_words() -> CheckWords:
    """Return the words that come with perfxl.

    Raises:
        DefinitionError: The file is missing or wrong, with the key.
    """
    return read_check_words(templates_folder() / "checks.toml")


def read_check_words(path: Path) -> CheckWords:
    """Read a file of words.

    Raises:
        DefinitionError: It is missing or wrong, with the key.
    """
    file = Section.read(path).only(_SECTIONS)
    classes = file.section("classes").only(_CLASSES)
    explains = file.section("explains").only(("adjustment", "saving"))
    reasons = file.section("reasons").only(("shortest", "boilerplate", "undone", "denied", "done"))
    praise = file.section("praise").only(("strong", "mild"))
    conclusions = file.section("conclusions").only(("problems", "measures"))
    denied = "".join(f"(?<!{re.escape(fold(word))})" for word in reasons.words("denied"))
    return CheckWords(
        hints=_patterns(file.section("hints")),
        marks=_patterns(file.section("marks")),
        slips=tuple(_slip(entry.only(("pattern", "wrong", "right"))) for entry in file.sections("slips")),
        classes={name: _any_of(classes, name) for name in _CLASSES},
        inputs=_patterns(file.section("inputs")),
        satisfaction_names=_patterns(file.section("satisfaction_names")),
        adjustment=_any_of(explains, "adjustment"),
        saving=_any_of(explains, "saving"),
        survey=_patterns(file.section("survey")),
        shortest_reason=int(reasons.number("shortest", 6)),
        boilerplate=_pattern(reasons, "boilerplate"),
        # 未完成原因:无 says that nothing was left undone.
        undone=re.compile(f"{denied}(?:{_alternatives(reasons.words('undone'))})(?!原因|问题|事项)"),
        done=_pattern(reasons, "done"),
        strong_praise=_any_of(praise, "strong"),
        praise=re.compile(_alternatives((*praise.words("strong"), *praise.words("mild")))),
        bare_goal=_pattern(file.section("goal").only(("bare",)), "bare"),
        problems=frozenset(map(fold, conclusions.words("problems"))),
        measures=frozenset(map(fold, conclusions.words("measures"))),
        spending_rates=_patterns(file.section("spending_rates")),
    )


def _slip(entry: Section) -> Slip:
    return Slip(_pattern(entry, "pattern"), entry.text("wrong"), entry.text("right"))


def _any_of(section: Section, key: str) -> re.Pattern[str]:
    """Return the pattern that finds one of some words; a list that is missing finds nothing."""
    return re.compile(_alternatives(section.words(key)) or "(?!)")


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(fold(word)) for word in sorted(words, key=len, reverse=True))


def _patterns(section: Section) -> re.Pattern[str]:
    """Return the pattern that finds what one of the `patterns` of a section finds."""
    section.only(("patterns",))
    for pattern in section.words("patterns"):
        _compiled(section, "patterns", pattern)
    return re.compile("|".join(section.words("patterns")) or "(?!)", re.IGNORECASE)


def _pattern(section: Section, key: str) -> re.Pattern[str]:
    return _compiled(section, key, section.text(key, "(?!)"))


def _compiled(section: Section, key: str, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise section.wrong(key, f"“{pattern}”不是正确的正则表达式：{error}") from error
