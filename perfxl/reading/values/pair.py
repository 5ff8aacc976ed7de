"""What a comparison is made from, and the signs it goes by."""

from typing import NamedTuple

from perfxl.reading.values.phrases import same_words
from perfxl.reading.values.value import Value

PERCENT = "%"
RANGE = "range"
AT_LEAST = ("≥", ">")
AT_MOST = ("≤", "<")


class Pair(NamedTuple):
    """Both values, and the words beside them.

    Attributes:
        target: The target, with the signs and units of its columns.
        actual: The actual as its own text says.
        target_text: The target as it is read, for comparing word for word.
        actual_text: The actual likewise.
        target_cell: The target as the cell shows it, for messages.
        actual_cell: The actual likewise.
        column_unit: Unit of the unit column; None where it states none.
        column_operator: Sign of the column 指标性质; None where it states none.
        name: The indicator's name, "" where unknown.
        year: The form's year; None where unknown.
    """

    target: Value
    actual: Value
    target_text: str
    actual_text: str
    target_cell: str
    actual_cell: str
    column_unit: str | None
    column_operator: str | None
    name: str
    year: int | None

    @property
    def same_text(self) -> bool:
        """Whether the actual repeats the target letter for letter."""
        return self.target_text == self.actual_text


def is_full_percent(value: Value) -> bool:
    """Say whether a value is a percentage of at least 100 %, which answers a question put in words."""
    if value.kind != "quantitative" or value.unit != PERCENT or value.operator in AT_MOST:
        return False
    return value.number is not None and value.number >= 100


def are_opposed(one: str | None, other: str | None) -> bool:
    """Say whether one sign asks for much and the other for little."""
    return (one in AT_LEAST and other in AT_MOST) or (one in AT_MOST and other in AT_LEAST)


def tier_of_answer(pair: Pair) -> int | None:
    """Return the tier of the actual's words, None where they tell none; repeating the target's words is tier 1."""
    return 1 if pair.same_text or same_words(pair.target_text, pair.actual_text) else pair.actual.tier
