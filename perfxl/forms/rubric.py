"""Rubrics as data: the numbers and the named rules that a form is scored by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from perfxl.forms.toml_file import Section

REVERSE_RULES = ("linear_excess", "inverse_ratio", "all_or_nothing")
EXECUTION_RULES = ("linear", "stepped")
_DENOMINATORS = ("adjusted", "initial")


@dataclass(frozen=True, slots=True)
class ExpectedWeight:
    """A weight that the rubric's source fixes for a level-1 class or a level-3 indicator."""

    weight: float
    level1: str = ""
    level3: str = ""


@dataclass(frozen=True, slots=True)
class Rubric:
    """The numbers that a form is scored by; each is explained in the national rubric file.

    Attributes:
        total: Full marks of the table.
        execution_scored: Whether the money table's execution ratio earns points.
        execution_rule: Name of the rule that turns the ratio into points: `linear` or `stepped`.
        execution_steps: (lowest ratio, share of the points) of the rule `stepped`.
        denominator: Budget columns in the order in which they serve as denominator.
        execution_weight: Points that the form gives to execution, None where the form leaves them open.
        reverse: Rule for cost-like indicators above their target.
        also_accepted: Reverse rules whose result a filled score may have instead.
        over_achievement: Completion rate from which a reason is asked for.
        bands: Share of the weight (lower, upper) of the tiers met, partly met, not met; each holds its lower
            end, only the first its upper end.
        grades: (lowest total, grade), highest first.
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
    denominator: tuple[str, ...] = ("adjusted", "initial")
    execution_weight: float | None = None
    reverse: str = "linear_excess"
    also_accepted: tuple[str, ...] = ()
    over_achievement: float = 1.3
    bands: tuple[tuple[float, float], ...] = ((0.8, 1.0), (0.6, 0.8), (0.0, 0.6))
    grades: tuple[tuple[float, str], ...] = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
    score_tolerance: float = 0.01
    sum_tolerance_per_row: float = 0.01
    sum_tolerance_at_most: float = 0.05
    ratio_tolerance: float = 0.0001
    money_tolerance: float = 0.01
    weights: tuple[ExpectedWeight, ...] = ()
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    source: str = ""


def read_rubric(file: Section, base: Rubric) -> Rubric:
    """Return the rubric that a file states, laid over the one that it extends; fixed weights are never inherited.

    Raises:
        DefinitionError: A key is unknown or wrong.
    """
    file.only(("extends", "total", "source", "execution", "quantitative", "qualitative", "grades", "tolerance",
               "weights", "checks"))  # fmt: skip
    execution = file.section("execution").only(("scored", "rule", "steps", "denominator", "expected_weight"))
    quantitative = file.section("quantitative").only(("reverse", "also_accepted", "over_achievement"))
    qualitative = file.section("qualitative").only(("bands",))
    tolerance = file.section("tolerance").only(("score", "sum_per_row", "sum_at_most", "ratio", "money"))
    return Rubric(
        total=file.number("total", base.total),
        execution_scored=execution.flag("scored", base.execution_scored),
        execution_rule=execution.choice("rule", EXECUTION_RULES, base.execution_rule),
        execution_steps=execution.pairs("steps", base.execution_steps, "[[1.0, 1.0], [0.8, 0.7], [0.6, 0.5]]"),
        denominator=execution.choices("denominator", _DENOMINATORS, base.denominator),
        execution_weight=execution.optional_number("expected_weight", base.execution_weight),
        reverse=quantitative.choice("reverse", REVERSE_RULES, base.reverse),
        also_accepted=quantitative.choices("also_accepted", REVERSE_RULES, base.also_accepted),
        over_achievement=quantitative.number("over_achievement", base.over_achievement),
        bands=_bands(qualitative, base),
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


def _bands(qualitative: Section, base: Rubric) -> tuple[tuple[float, float], ...]:
    example = "[[0.8, 1.0], [0.6, 0.8], [0.0, 0.6]]"
    bands = qualitative.pairs("bands", base.bands, example)
    if len(bands) != 3:
        raise qualitative.wrong("bands", f"应为三档 [下限, 上限]，如 {example}")
    return bands


def _grades(section: Section) -> tuple[tuple[float, str], ...]:
    return tuple(sorted(((section.number(grade, 0.0), grade) for grade in section.data), reverse=True))


def _expected_weight(entry: Section) -> ExpectedWeight:
    entry.only(("level1", "level3", "weight"))
    level1, level3, weight = entry.text("level1"), entry.text("level3"), entry.optional_number("weight")
    if not level1 and not level3:
        raise entry.wrong("level1", "每条应写明 level1 或 level3")
    if weight is None:
        raise entry.wrong("weight", "应为数字")
    return ExpectedWeight(weight, level1, level3)
