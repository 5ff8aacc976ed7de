"""Tell which known form a table is, from its title, columns, header and level-1 labels."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from perfxl.forms.definitions import NATIONAL, Form, Forms
from perfxl.text import fold, without_brackets

# Its key, whether it holds, and the words that stand in its way.
_Condition = tuple[str, bool, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a table tells its form.

    Attributes:
        title: Folded.
        place: The title and the units' names, folded, in one text.
        columns: Fields that have a column; those of the money table begin `budget_`.
        budget_columns: Those of the money table, without that beginning.
        headings: The columns' headings, folded and without brackets.
        header: Labels of the header.
        level1: The level-1 labels, folded, in one text.
    """

    title: str
    place: str
    columns: frozenset[str]
    budget_columns: frozenset[str]
    headings: frozenset[str]
    header: frozenset[str]
    level1: str

    @classmethod
    def of(cls, table: Mapping[str, Any], level1: Iterable[str | None], units: Iterable[str] = ()) -> Self:
        """Return the traits of a table.

        Args:
            table: A record of the tables frame.
            level1: The level-1 labels of its rows.
            units: Labels of the header whose values are names of units.
        """
        columns, header = table["columns"], table.get("header") or {}
        title = fold(table.get("title") or "")
        headings = (without_brackets(fold(ref.text)) for ref in columns.values() if ref is not None)
        return cls(
            title=title,
            place="|".join([title, *(fold(header.get(label) or "") for label in units)]),
            columns=frozenset(columns),
            budget_columns=frozenset(name.removeprefix("budget_") for name in columns if name.startswith("budget_")),
            headings=frozenset(headings),
            header=frozenset(header),
            level1="|".join(fold(label) for label in set(level1) if label),
        )


def recognise(forms: Forms, traits: Traits) -> str | None:
    """Return the id of the form whose conditions a table meets; None where there is none.

    Of several the one with most conditions; among equals the more general one: the national form, the one that
    extends fewer others, the one listed first.
    """
    layout = (traits.columns, traits.budget_columns, traits.header, traits.headings)
    return next(
        (form.id for form in _of_layout(forms, *layout) if all(holds for _, holds, _ in _of_words(form, traits))), None
    )


@lru_cache(maxsize=256)
def _of_layout(
    forms: Forms,
    columns: frozenset[str],
    budget_columns: frozenset[str],
    header: frozenset[str],
    headings: frozenset[str],
) -> list[Form]:
    """Return the forms that a table may be by its columns and its header, which many tables have in common."""
    return [
        form
        for form in _by_rank(forms)
        if all(holds for _, holds, _ in _of_columns(form, columns, budget_columns, header, headings))
    ]


@lru_cache(maxsize=8)
def _by_rank(forms: Forms) -> list[Form]:
    return sorted(forms.by_id.values(), key=_rank, reverse=True)  # among equals the order stays


def conditions(form: Form, traits: Traits) -> Iterator[_Condition]:
    """Yield the conditions of a form: key, whether it holds, and the words that stand in its way."""
    yield from _of_columns(form, traits.columns, traits.budget_columns, traits.header, traits.headings)
    yield from _of_words(form, traits)


def _of_columns(
    form: Form,
    columns: frozenset[str],
    budget_columns: frozenset[str],
    header: frozenset[str],
    headings: frozenset[str],
) -> Iterator[_Condition]:
    wanted = form.recognition
    for key, names, present in (
        ("columns", wanted.columns, columns),
        ("budget_columns", wanted.budget_columns, budget_columns),
        ("header", wanted.header, header),
    ):
        missing = tuple([name for name in names if name not in present])
        yield key, not missing, missing
    missing = tuple(word for word in wanted.headings if word not in headings)
    yield "headings", not missing, missing
    for key, names, present in (
        ("without_columns", wanted.without_columns, columns),
        ("without_budget_columns", wanted.without_budget_columns, budget_columns),
    ):
        there = tuple([name for name in names if name in present])
        yield key, not there, there


def _of_words(form: Form, traits: Traits) -> Iterator[_Condition]:
    wanted = form.recognition
    yield "title", not wanted.title or any(word in traits.title for word in wanted.title), wanted.title
    yield "place", not wanted.place or any(word in traits.place for word in wanted.place), wanted.place
    for key, words, text in (
        ("not_title", wanted.not_title, traits.title),
        ("not_level1", wanted.not_level1, traits.level1),
    ):
        there = tuple(word for word in words if word in text)
        yield key, not there, there
    missing = tuple(word for word in wanted.level1 if word not in traits.level1)
    yield "level1", len(wanted.level1) - len(missing) >= wanted.level1_at_least, missing


def _rank(form: Form) -> tuple[int, bool, int]:
    wanted = form.recognition
    strictness = (
        len(wanted.columns) + len(wanted.without_columns) + len(wanted.budget_columns)
        + len(wanted.without_budget_columns) + 4 * len(wanted.headings) + 2 * len(wanted.header)
        + 3 * bool(wanted.title) + 3 * bool(wanted.place) + bool(wanted.not_title) + bool(wanted.not_level1)
        + 2 * wanted.level1_at_least
    )  # fmt: skip
    return strictness, form.id == NATIONAL, -len(form.parents)
