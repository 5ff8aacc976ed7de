"""Tell which known form a table is, from its title, columns and level-1 labels."""

from collections.abc import Iterable, Mapping
from typing import Any

from perfxl.forms.definitions import Form, Forms
from perfxl.text import fold


def recognise(forms: Forms, table: Mapping[str, Any], level1: Iterable[str | None]) -> str | None:
    """Return the id of the form whose conditions a table meets, the one with most conditions first; else None.

    Args:
        forms: The known forms.
        table: A record of the tables frame.
        level1: The level-1 labels of its rows.
    """
    labels = "|".join({fold(label) for label in level1 if label})
    title = fold(table.get("title") or "")
    columns = table["columns"].keys()
    met = [form for form in forms.by_id.values() if _meets(form, title, columns, labels)]
    return max(met, key=_strictness).id if met else None


def _meets(form: Form, title: str, columns: Iterable[str], labels: str) -> bool:
    wanted, present = form.recognition, set(columns)
    return (
        present.issuperset(wanted.columns)
        and present.isdisjoint(wanted.without_columns)
        and present.issuperset(f"budget_{name}" for name in wanted.budget_columns)
        and (not wanted.title or any(word in title for word in wanted.title))
        and not any(word in title for word in wanted.not_title)
        and sum(word in labels for word in wanted.level1) >= wanted.level1_at_least
    )


def _strictness(form: Form) -> int:
    wanted = form.recognition
    return (
        len(wanted.columns) + len(wanted.without_columns) + len(wanted.budget_columns)
        + 2 * len(wanted.title) + len(wanted.not_title) + 2 * wanted.level1_at_least
    )  # fmt: skip
