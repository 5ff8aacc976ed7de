"""What a target or an actual cell says, as data."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["quantitative", "qualitative", "date", "multi", "placeholder", "blank"]
Problem = Literal[
    "target_blank",
    "actual_blank",
    "target_placeholder",
    "actual_placeholder",
    "target_multi",
    "actual_multi",
    "unreadable_target",
    "unreadable_actual",
    "actual_not_numeric",
    "unit_mismatch",
    "percent_fraction",
    "opposite_direction",
    "date_unclear",
]


@dataclass(frozen=True, slots=True)
class Day:
    """A day, as far as the text tells it.

    Attributes:
        year: None where the text states none (`12月底前`).
        month: 1 to 12.
        day: None for the last day of the month, which for February depends on the year.
    """

    year: int | None
    month: int
    day: int | None


@dataclass(frozen=True, slots=True)
class Period:
    """The time that a date text means.

    Attributes:
        start: First day that is meant; `2022年12月` starts on 1 December. For a deadline (`12月底前`) the start of
            the unit of time it names.
        end: Latest day that is meant.
        doubtful_until: Where the text may be read more generously, the latest day under that reading:
            `9月前` is the end of August, some mean the end of September. None where there is one reading.
        is_span: The text names a stretch with two ends (`1-12月`, `全年`), not a point or a deadline.
    """

    start: Day
    end: Day
    doubtful_until: Day | None = None
    is_span: bool = False


class Value(NamedTuple):
    """One cell, as a person reads it. A NamedTuple, as is `Comparison`: a batch makes one of nearly every cell.

    Attributes:
        kind: `multi` where the text holds several values that are neither range, fraction nor date.
        operator: `≥ ≤ > < =`; `±` for a tolerance, whose ends are `number` and `upper`; None where none is stated.
        number: In `unit`, so 95 for `≥95%`; the lower end of a range. None where there is no number or, with
            kind `quantitative`, where it cannot be read: `reason` says why.
        upper: Upper end of a range; None for a single number.
        unit: As written, percent always as `%`; None where neither the text nor its column states one.
        tier: 1 met, 2 partly met, 3 not met, for attainment phrases; None where the words place it nowhere.
        date: The time meant, for kind `date`; None where it cannot be told (`reason` says why).
        reason: Chinese sentence why the text was not read as one value; None where it was.
        approximate: The text calls the number a rough one (约, 左右, 余).
        is_reached: The sign `≥` comes from 达到 alone, which in a target is a floor and in an actual just the number.
        decimal: What a date such as `2022.5` is when read as a number; None for everything else.
    """

    kind: Kind
    operator: str | None = None
    number: float | None = None
    upper: float | None = None
    unit: str | None = None
    tier: int | None = None
    date: Period | None = None
    reason: str | None = None
    approximate: bool = False
    is_reached: bool = False
    decimal: float | None = None


class Lateness(NamedTuple):
    """How late something was done.

    Attributes:
        days: Days after the deadline; None where the day is not stated.
        months: Begun months after it; None where that cannot be told.
    """

    days: int | None
    months: int | None


class Comparison(NamedTuple):
    """A target and an actual side by side, in one unit; nothing is scored here.

    Attributes:
        kind: The target's kind; the actual's where the target is blank.
        operator: Sign that scoring goes by: `≥ ≤ > < =` or `range`. `≥` where nothing is said, `≤` where nothing
            or `=` is said and lower is better. None for every kind but `quantitative`.
        stated_operator: Sign that the texts or the column state; None where they state none.
        lower_is_better: From the sign; without one, or with `=`, from the words of the names.
        target_number: In `unit`; lower end of a range. None where it could not be read.
        target_upper: In `unit`; upper end of a range, None otherwise.
        actual_number: In `unit`, the target's unit. None where it could not be read or converted.
        unit: The target's unit, the actual's where the target has none; None where neither has.
        met_date: Whether a date was kept; None where it cannot be told, or the target is no date.
        late_by: By how many days, and begun months, a date was missed; None where that cannot be told.
        tier: Of the actual's words, 1 to 3; 1 where the actual repeats the target word for word. None otherwise.
        problem: Why no figure can be computed; None where nothing stands in the way. A qualitative row with
            neither tier nor problem is left to judgement.
        note: Chinese sentence how the texts were understood or why not; "" where they are plain.
    """

    kind: Kind
    operator: str | None
    stated_operator: str | None
    lower_is_better: bool
    target_number: float | None = None
    target_upper: float | None = None
    actual_number: float | None = None
    unit: str | None = None
    met_date: bool | None = None
    tier: int | None = None
    problem: Problem | None = None
    note: str = ""
    late_by: Lateness | None = None
