"""Rubrics as data: the numbers and the named rules that a form is scored by."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from perfxl.forms.toml_file import Section
from perfxl.text import fold

# What a row short of its target earns, and one above a target that is better low.
FORWARD_RULES = ("proportional", "all_or_nothing", "stepped", "per_step")
ACCEPTED_RULES = ("linear_excess", "inverse_ratio", "all_or_nothing")
REVERSE_RULES = (*ACCEPTED_RULES, "stepped", "per_step")
EQUAL_RULES = ("at_least", "exact", "judged")
RANGE_RULES = ("reverse", "met", *ACCEPTED_RULES)
MEASURES = ("rate", "actual")
COUNTS = ("whole", "started", "exact")
ASK = ("reason", "always", "never")
REDUCTIONS = ("none", "linear", "stepped")
EXECUTION_RULES = ("linear", "stepped", "per_step")
ZERO_BUDGET = ("manual", "zero")
LATE_RULES = ("judged", "per_day", "per_month")
POLICIES = ("as_filled", "zero", "full", "rescale", "siblings")
_DENOMINATORS = ("adjusted", "initial")
_STEPS = "[[1.0, 1.0], [0.8, 0.7], [0.6, 0.5]]"


@dataclass(frozen=True, slots=True)
class ExpectedWeight:
    """A weight that the rubric's source fixes for a level-1 class or a level-3 indicator."""

    weight: float
    level1: str = ""
    level3: str = ""


@dataclass(frozen=True, slots=True)
class RowRules:
    """Rules of their own for the indicators of some classes or names.

    Attributes:
        own: Values by the rubric's attribute; only what is stated.
        level1: Words of which the level-1 label must hold one; empty for no condition.
        level2: Likewise.
        names: Likewise, for the indicator's name.
    """

    own: Mapping[str, Any]
    level1: tuple[str, ...] = ()
    level2: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def hold_for(self, level1: str, level2: str, name: str) -> bool:
        """Whether they are the rules of a row of these labels."""
        pairs = ((self.level1, level1), (self.level2, level2), (self.names, name))
        return all(not words or any(word in fold(label) for word in words) for words, label in pairs)


@dataclass(frozen=True, slots=True)
class Rubric:
    """The numbers that a form is scored by; each is explained in the national rubric file.

    Attributes:
        total: Full marks of the table.
        execution_scored: Whether the money table's execution ratio earns points.
        execution_rule: Name of the rule that turns the ratio into points: `linear`, `stepped` or `per_step`.
        execution_steps: (lowest ratio, share of the points) of the rule `stepped`.
        execution_step: Width of a step of the rule `per_step`, a fraction: 0.05 for five points of per cent.
        execution_step_points: Points that each step short of 100 % takes off.
        execution_step_count: How steps are counted, as `step_count`.
        execution_full_from: Ratio from which full marks are earned.
        execution_nothing_below: Ratio below which nothing is earned.
        execution_above_full: Share of the points above 100 %; None where that is as 100 %.
        round_ratio_first: Whether the ratio is rounded to 2 decimals of its percentage before it earns points.
        zero_budget: Points where the denominator is 0: left to a person (`manual`), or `zero`.
        denominator: Budget columns in the order in which they serve as denominator.
        execution_weight: Points that the form gives to execution, None where the form leaves them open.
        forward: Rule for a row short of its target.
        reverse: Rule for cost-like indicators above their target.
        also_accepted: Reverse rules whose result a filled score may have instead.
        equal: What a target `=` means for an actual above it.
        range_above: Rule for an actual above a range.
        steps: (bound, share of the points) of the rule `stepped`, from the bound up; for cost-like rows up to it.
        measure: What steps are laid along: the completion `rate` actual ÷ target, or the `actual` value in its unit.
        step: Width of a step of the rule `per_step`, in terms of the measure.
        step_points: Points that each step off the target takes off.
        step_count: How steps are counted: `whole` ones, `started` ones, or the `exact` part of one too.
        over_achievement: Completion rate from which a reason is asked for.
        ask: Whether one is asked for: `reason` (where there is none), `always`, `never`.
        reduction: Rule that takes points off rows so far above their target; a house rule, none by default.
        reduction_slope: Share of the points that each 100 % above `over_achievement` takes off, of the rule `linear`.
        reduction_floor: The least share that it leaves.
        reduction_steps: (lowest completion rate, share of the points) of the rule `stepped`.
        far_below: Part of its target at which a cost-like row is told to be far below it; None for no such notice.
        rules: Rules of their own for some indicators, later ones over earlier ones, key by key.
        bands: Share of the weight (lower, upper) of the tiers met, partly met, not met; each holds its lower
            end, only the first its upper end.
        reason_lifts_band: Whether a reason lets a met indicator be marked below its band.
        late: Rule for a date that was missed.
        late_points: Points that each day or month takes off.
        not_applicable: What becomes of the points of an indicator that does not apply and has none.
        grades: (lowest total, grade), highest first.
        places: Decimals of scores and totals.
        score_tolerance: Points by which a single score may differ.
        sum_tolerance_per_row: Points a row by which a sum may differ.
        sum_tolerance_at_most: The most points by which a sum may differ.
        ratio_tolerance: Fraction by which a ratio may differ.
        money_tolerance: Amount in the table's unit by which a sum of money may differ.
        weights: Weights that the form fixes.
        checks: Settings of single checks by code.
        source: Where the rules are from.
    """

    total: float = 100.0
    execution_scored: bool = True
    execution_rule: str = "linear"
    execution_steps: tuple[tuple[float, float], ...] = ()
    execution_step: float | None = None
    execution_step_points: float | None = None
    execution_step_count: str = "whole"
    execution_full_from: float = 1.0
    execution_nothing_below: float = 0.0
    execution_above_full: float | None = None
    round_ratio_first: bool = False
    zero_budget: str = "manual"
    denominator: tuple[str, ...] = ("adjusted", "initial")
    execution_weight: float | None = None
    forward: str = "proportional"
    reverse: str = "linear_excess"
    also_accepted: tuple[str, ...] = ()
    equal: str = "at_least"
    range_above: str = "reverse"
    steps: tuple[tuple[float, float], ...] = ()
    measure: str = "rate"
    step: float | None = None
    step_points: float | None = None
    step_count: str = "whole"
    over_achievement: float = 1.3
    ask: str = "reason"
    reduction: str = "none"
    reduction_slope: float = 0.5
    reduction_floor: float = 0.6
    reduction_steps: tuple[tuple[float, float], ...] = ()
    far_below: float | None = None
    rules: tuple[RowRules, ...] = ()
    bands: tuple[tuple[float, float], ...] = ((0.8, 1.0), (0.6, 0.8), (0.0, 0.6))
    reason_lifts_band: bool = True
    late: str = "judged"
    late_points: float | None = None
    not_applicable: str = "as_filled"
    grades: tuple[tuple[float, str], ...] = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
    places: int = 2
    score_tolerance: float = 0.01
    sum_tolerance_per_row: float = 0.01
    sum_tolerance_at_most: float = 0.05
    ratio_tolerance: float = 0.0001
    money_tolerance: float = 0.01
    weights: tuple[ExpectedWeight, ...] = ()
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    source: str = ""

    def rules_of(self, level1: str, level2: str, name: str) -> tuple[int, ...]:
        """Return the places of the rules that hold for a row of these labels."""
        return tuple(place for place, rules in enumerate(self.rules) if rules.hold_for(level1, level2, name))

    def with_rules(self, places: Iterable[int]) -> "Rubric":
        """Return the rubric with these of its rules laid over, a later one over an earlier one, key by key."""
        own = {key: value for place in places for key, value in self.rules[place].own.items()}
        return replace(self, **own) if own else self


def read_rubric(file: Section, base: Rubric) -> Rubric:
    """Return the rubric that a file states, laid over the one that it extends; fixed weights are never inherited.

    Raises:
        DefinitionError: A key is unknown or wrong.
    """
    file.only(("extends", "total", "source", "execution", "quantitative", "qualitative", "dates", "not_applicable",
               "rounding", "grades", "tolerance", "weights", "checks"))  # fmt: skip
    quantitative = file.section("quantitative").only((*_QUANTITATIVE, "rules", "inherit_rules"))
    qualitative = file.section("qualitative").only(("bands", "reason_lifts_band"))
    tolerance = file.section("tolerance").only(("score", "sum_per_row", "sum_at_most", "ratio", "money"))
    dates = file.section("dates").only(("late", "points"))
    rubric = replace(
        base,
        total=file.number("total", base.total),
        **_execution(file.section("execution"), base),
        **_quantitative(quantitative, base),
        bands=_bands(qualitative, base),
        reason_lifts_band=qualitative.flag("reason_lifts_band", base.reason_lifts_band),
        late=dates.choice("late", LATE_RULES, base.late),
        late_points=dates.optional_number("points", base.late_points),
        not_applicable=file.section("not_applicable").only(("policy",)).choice("policy", POLICIES, base.not_applicable),
        places=_places(file.section("rounding").only(("places",)), base),
        grades=_grades(file.section("grades")) or base.grades,
        score_tolerance=tolerance.number("score", base.score_tolerance),
        sum_tolerance_per_row=tolerance.number("sum_per_row", base.sum_tolerance_per_row),
        sum_tolerance_at_most=tolerance.number("sum_at_most", base.sum_tolerance_at_most),
        ratio_tolerance=tolerance.number("ratio", base.ratio_tolerance),
        money_tolerance=tolerance.number("money", base.money_tolerance),
        weights=tuple(_expected_weight(entry) for entry in file.sections("weights")),
        checks=file.section("checks").data or base.checks,
        source=file.text("source", base.source),
    )
    _need(dates, rubric.late != "judged", ("points",), (rubric.late_points,), rubric.late)
    inherited = base.rules if quantitative.flag("inherit_rules", True) else ()
    return replace(rubric, rules=inherited + tuple(_row_rules(one, rubric) for one in quantitative.sections("rules")))


# ---------------------------------------------------------------- the sections


_Reader = Callable[[Section, str], Any]


def _one_of(allowed: tuple[str, ...]) -> _Reader:
    return lambda section, key: section.choice(key, allowed, allowed[0])


def _several_of(allowed: tuple[str, ...]) -> _Reader:
    return lambda section, key: section.choices(key, allowed, ())


def _number(lowest: float, highest: float = math.inf, *, above: bool = False) -> _Reader:
    """Return a reader of numbers between two bounds; with `above` the lower one itself is not allowed."""

    def read(section: Section, key: str) -> float:
        value = section.number(key, lowest)
        if not lowest <= value <= highest or (above and value == lowest):
            least = f"应大于 {lowest:g}" if above else f"应不小于 {lowest:g}"
            raise section.wrong(key, least + ("" if highest == math.inf else f"，不大于 {highest:g}"))
        return value

    return read


def _ladder(section: Section, key: str) -> tuple[tuple[float, float], ...]:
    steps = section.pairs(key, (), _STEPS)
    if any(not 0 <= share <= 1 for _, share in steps):
        raise section.wrong(key, f"每对的第二个数是占分值的比例，应在 0 与 1 之间，如 {_STEPS}")
    return steps


# Keys of [quantitative] and of its [[rules]]; each is an attribute of the rubric.
_QUANTITATIVE: Mapping[str, _Reader] = {
    "forward": _one_of(FORWARD_RULES),
    "reverse": _one_of(REVERSE_RULES),
    "also_accepted": _several_of(ACCEPTED_RULES),
    "equal": _one_of(EQUAL_RULES),
    "range_above": _one_of(RANGE_RULES),
    "steps": _ladder,
    "measure": _one_of(MEASURES),
    "step": _number(0, above=True),
    "step_points": _number(0, above=True),
    "step_count": _one_of(COUNTS),
    "over_achievement": _number(1, above=True),
    "ask": _one_of(ASK),
    "reduction": _one_of(REDUCTIONS),
    "reduction_slope": _number(0),
    "reduction_floor": _number(0, 1),
    "reduction_steps": _ladder,
    "far_below": _number(0, 1),
}
# Keys of [execution], each with its attribute of the rubric.
_EXECUTION: Mapping[str, tuple[str, _Reader]] = {
    "scored": ("execution_scored", lambda section, key: section.flag(key, True)),
    "rule": ("execution_rule", _one_of(EXECUTION_RULES)),
    "steps": ("execution_steps", _ladder),
    "step": ("execution_step", _number(0, above=True)),
    "step_points": ("execution_step_points", _number(0, above=True)),
    "step_count": ("execution_step_count", _one_of(COUNTS)),
    "full_from": ("execution_full_from", _number(0, 1, above=True)),
    "nothing_below": ("execution_nothing_below", _number(0, 1)),
    "above_full": ("execution_above_full", _number(0, 1)),
    "round_ratio_first": ("round_ratio_first", lambda section, key: section.flag(key, False)),
    "zero_budget": ("zero_budget", _one_of(ZERO_BUDGET)),
    "denominator": ("denominator", _several_of(_DENOMINATORS)),
    "expected_weight": ("execution_weight", _number(0)),
}


def _execution(section: Section, base: Rubric) -> dict[str, Any]:
    """Return what a file states of the execution of the budget, by attribute."""
    section.only(tuple(_EXECUTION))
    stated = {name: read(section, key) for key, (name, read) in _EXECUTION.items() if key in section.data}
    made = replace(base, **stated)
    _need(section, made.execution_rule == "stepped", ("steps",), (made.execution_steps,), "stepped")
    numbers = (made.execution_step, made.execution_step_points)
    _need(section, made.execution_rule == "per_step", ("step", "step_points"), numbers, "per_step")
    return stated


def _quantitative(section: Section, base: Rubric) -> dict[str, Any]:
    """Return what a file states of quantities, by attribute.

    One that names a reverse rule says anew which others are accepted: those of another rule make no sense beside it.
    """
    stated = {key: read(section, key) for key, read in _QUANTITATIVE.items() if key in section.data}
    if "reverse" in stated:
        stated.setdefault("also_accepted", ())
    made = replace(base, **stated)
    rules = (made.forward, made.reverse)
    _need(section, "stepped" in rules, ("steps",), (made.steps,), "stepped")
    _need(section, "per_step" in rules, ("step", "step_points"), (made.step, made.step_points), "per_step")
    _need(section, made.reduction == "stepped", ("reduction_steps",), (made.reduction_steps,), "stepped")
    return stated


def _need(section: Section, is_used: bool, keys: tuple[str, ...], values: tuple[Any, ...], rule: str) -> None:
    """Raise the error for a rule whose numbers are not stated."""
    for key, value in zip(keys, values, strict=True):
        if is_used and not value:
            raise section.wrong(key, f"规则 {rule} 需要写明这一项")


def _row_rules(entry: Section, base: Rubric) -> RowRules:
    selectors = ("level1", "level2", "names")
    entry.only((*selectors, *_QUANTITATIVE))
    words = {key: tuple(map(fold, entry.words(key))) for key in selectors}
    if not any(words.values()):
        raise entry.wrong("names", "每条应写明 level1、level2 或 names，说明用于哪些指标")
    if not set(entry.data) - set(selectors):
        raise entry.wrong("", "没有写明任何规则")
    return RowRules(_quantitative(entry, base), **words)


def _places(section: Section, base: Rubric) -> int:
    places = section.number("places", base.places)
    if places not in (0, 1, 2, 3, 4):
        raise section.wrong("places", f"应为 0 至 4 的整数，现为 {places:g}")
    return int(places)


def _bands(qualitative: Section, base: Rubric) -> tuple[tuple[float, float], ...]:
    example = "[[0.8, 1.0], [0.6, 0.8], [0.0, 0.6]]"
    bands = qualitative.pairs("bands", base.bands, example)
    if len(bands) != 3:
        raise qualitative.wrong("bands", f"应为三档 [下限, 上限]，如 {example}")
    return bands


def _grades(section: Section) -> tuple[tuple[float, str], ...]:
    return tuple(sorted(((_lowest(section, grade), grade) for grade in section.data), reverse=True))


def _lowest(section: Section, grade: str) -> float:
    """Return the lowest total of a grade; one that must lie above a number begins at the next float after it."""
    if isinstance(section.data[grade], dict):
        return math.nextafter(section.section(grade).only(("above",)).number("above", 0.0), math.inf)
    return section.number(grade, 0.0)


def _expected_weight(entry: Section) -> ExpectedWeight:
    entry.only(("level1", "level3", "weight"))
    level1, level3, weight = entry.text("level1"), entry.text("level3"), entry.optional_number("weight")
    if not level1 and not level3:
        raise entry.wrong("level1", "每条应写明 level1 或 level3")
    if weight is None:
        raise entry.wrong("weight", "应为数字")
    return ExpectedWeight(weight, level1, level3)
