"""The share of its points that each row with a number, or a date, earns by its rubric's rules.

Rules are chosen row by row with masks on NumPy arrays: a step on a Series takes twenty times as long for a few rows.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfxl.forms.names import cannot_exceed_100
from perfxl.forms.rubric import Rubric
from perfxl.scoring import points
from perfxl.scoring.parameters import RowRubrics

# Rules whose numbers are laid along the rate or the actual value.
_LADDERS = ("stepped", "per_step")
_NOISE = 1e-9

# One number, or flag, a row.
_Numbers = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]


def quantity_shares(rows: pd.DataFrame, rubrics: RowRubrics, *, has_reason: pd.Series) -> dict[str, pd.Series]:
    """Return what the rules give, by column; `perfxl.scoring.indicators.score_indicators` says what each means.

    Args:
        rows: With `completion_rate` and `full_marks`.
        rubrics: Of the rows.
        has_reason: Shape (n,), bool; an explained row is not marked down for being far above its target.
    """
    quantities = _quantities(rows, rubrics)
    reverse = _chosen(quantities.by_rule | _ladders(rows, rubrics, lower_is_better=True), rubrics, _reverse)
    share = pd.Series(_share(quantities, rubrics, reverse), index=rows.index)
    alternative = pd.Series(float("nan"), index=rows.index)
    for place in (0, 1, 2):
        rule = partial(_accepted, place=place)
        is_named = ~rubrics.mask(partial(_goes_by, rule=rule, name=None))
        if is_named.any():
            other = pd.Series(_share(quantities, rubrics, _chosen(quantities.by_rule, rubrics, rule)), rows.index)
            alternative = nearer(rows, alternative, other.where(is_named & (other != share)))
    above = rubrics.pick(lambda rubric: rubric.over_achievement)
    below = rubrics.pick(lambda rubric: float("nan") if rubric.far_below is None else rubric.far_below).to_numpy()
    target, actual, is_lower = quantities.target, quantities.actual, quantities.is_lower
    has_one = quantities.is_plain & ~quantities.is_range & (target > 0)
    is_far_above = has_one & ~is_lower & (rows["completion_rate"].to_numpy() >= above.to_numpy() - _NOISE)
    is_far_below = has_one & is_lower & (actual >= 0) & (actual <= below * target + _NOISE)
    # Source: platforms of Hebei and Tianjin: where a target `=` and the actual differ, the score may be edited.
    is_left_open = quantities.is_plain & quantities.is_above_equal & _judges_equal(rubrics)
    return {
        "share": _reduced(rows, rubrics, share, is_far_above & ~has_reason.to_numpy()),
        "alternative_share": alternative,
        "is_left_open": pd.Series(is_left_open, rows.index),
        "reverse": _rule_above(rubrics, quantities.is_range),
        "over_achievement": above,
        "is_far_above": pd.Series(is_far_above, rows.index),
        "is_far_below": pd.Series(is_far_below, rows.index),
    }


class _Quantities(NamedTuple):
    """Rows with a number, and what does not depend on the rule for too much.

    Attributes:
        target: Targets, lower ends of ranges.
        upper: Upper ends of ranges, NaN elsewhere.
        actual: Actual values in the same unit.
        is_range: The target is a range.
        is_lower: The row is better low.
        is_plain: It has a number that can be compared with its target.
        is_above_equal: Its actual is above a target `=`.
        follows_actual: See `_follows_actual`.
        is_zero: Its target is 0, and what it means is told.
        forward: Shares by the rule for too little.
        by_rule: Shares by the rules for too much that need no numbers of their own, as far as a rubric names them.
    """

    target: _Numbers
    upper: _Numbers
    actual: _Numbers
    is_range: _Flags
    is_lower: _Flags
    is_plain: _Flags
    is_above_equal: _Flags
    follows_actual: _Flags
    is_zero: _Flags
    forward: _Numbers
    by_rule: dict[str, _Numbers]


def _quantities(rows: pd.DataFrame, rubrics: RowRubrics) -> _Quantities:
    target, upper, actual = (rows[name].to_numpy() for name in ("target_number", "target_upper", "actual_number"))
    is_range, is_lower = ~np.isnan(upper), rows["lower_is_better"].to_numpy()
    ceiling = pd.Series(np.where(is_range, upper, target), index=rows.index)
    named = {name for rubric in rubrics.rubrics for name in (rubric.reverse, rubric.range_above, *rubric.also_accepted)}
    follows_actual = _follows_actual(rubrics, is_lower)
    return _Quantities(
        target, upper, actual, is_range, is_lower,
        is_plain=(rows["kind"].to_numpy() == "quantitative") & rows["problem"].isna().to_numpy(),
        is_above_equal=_is_above_equal(rows),
        follows_actual=follows_actual,
        is_zero=_is_zero(rows, (target == 0) & ~is_range & ~follows_actual),
        forward=_forward(rows, rubrics),
        by_rule={
            name: function(ceiling, rows["actual_number"]).to_numpy()
            for name, function in points.REVERSE.items()
            if name in named
        },
    )  # fmt: skip


def _rule_above(rubrics: RowRubrics, is_range: _Flags) -> pd.Series:
    """Return the rule that goes for too much of each row: of a range one of its own, where the rubric names one."""
    own = rubrics.pick(lambda rubric: rubric.range_above)
    has_own = is_range & rubrics.mask(lambda rubric: rubric.range_above in points.REVERSE)
    return rubrics.pick(_reverse).mask(has_own, own)


def _chosen(by_rule: Mapping[str, _Numbers], rubrics: RowRubrics, rule: Callable[[Rubric], str | None]) -> _Numbers:
    """Return the shares by the rule of each row's rubric; NaN in rows of other rules."""
    chosen = np.full(len(rubrics.codes), np.nan)
    for name, share in by_rule.items():
        takes = rubrics.mask(partial(_goes_by, rule=rule, name=name))
        chosen[takes] = share[takes]
    return chosen


def _goes_by(rubric: Rubric, rule: Callable[[Rubric], str | None], name: str | None) -> bool:
    return rule(rubric) == name


def _reverse(rubric: Rubric) -> str:
    return rubric.reverse


def _accepted(rubric: Rubric, place: int) -> str | None:
    return next(iter(rubric.also_accepted[place:]), None)


def _judges_equal(rubrics: RowRubrics) -> _Flags:
    return rubrics.mask(lambda rubric: rubric.equal == "judged")


def nearer(rows: pd.DataFrame, one: pd.Series, other: pd.Series) -> pd.Series:
    """Return, row by row, the share whose points lie nearer to what was filled in; the one that is there at all."""
    gaps = [(rows["full_marks"] * share - rows["reported_score"]).abs() for share in (one, other)]
    return one.mask(one.isna() | (gaps[1] < gaps[0]), other)


# ---------------------------------------------------------------- below a target, and ladders


def _forward(rows: pd.DataFrame, rubrics: RowRubrics) -> _Numbers:
    target, actual = rows["target_number"], rows["actual_number"]
    by_rule = {"proportional": points.higher_is_better(target, actual).to_numpy()}
    if any(rubric.forward == "all_or_nothing" for rubric in rubrics.rubrics):
        by_rule["all_or_nothing"] = points.at_least(target, actual).to_numpy()
    return _chosen(by_rule | _ladders(rows, rubrics, lower_is_better=False), rubrics, lambda rubric: rubric.forward)


def _ladders(rows: pd.DataFrame, rubrics: RowRubrics, *, lower_is_better: bool) -> dict[str, _Numbers]:
    """Return the shares by the rules `stepped` and `per_step`, NaN in rows of other rules."""

    def key(rubric: Rubric) -> tuple[object, ...] | None:
        rule = rubric.reverse if lower_is_better else rubric.forward
        own = (rule, rubric.measure, rubric.steps, rubric.step, rubric.step_points, rubric.step_count)
        return own if rule in _LADDERS else None

    shares: dict[str, _Numbers] = {}
    target, upper, actual = rows["target_number"], rows["target_upper"], rows["actual_number"]
    if lower_is_better:
        target = upper.where(upper.notna(), target)
    for rubric, takes in rubrics.groups(key):
        is_rate = rubric.measure == "rate"
        value = actual / target.where(target > 0) if is_rate else actual
        rule = rubric.reverse if lower_is_better else rubric.forward
        if rule == "stepped":
            share = points.stepped(value, rubric.steps, lower_is_better=lower_is_better)
        else:
            goal = 1.0 if is_rate else target
            share = points.per_step(
                value - goal if lower_is_better else goal - value,
                rows["full_marks"],
                width=rubric.step or 1.0,
                points=rubric.step_points or 0.0,
                count=rubric.step_count,
            )
        laid = shares.setdefault(rule, np.full(len(rows), np.nan))
        laid[takes] = share[takes]
    return shares


# ---------------------------------------------------------------- every kind of target


def _share(quantities: _Quantities, rubrics: RowRubrics, reverse: _Numbers) -> _Numbers:
    """Return the share of every row, given what a rule for too much gives."""
    target, upper, actual, is_lower = quantities.target, quantities.upper, quantities.actual, quantities.is_lower
    share = np.where(is_lower, reverse, quantities.forward)
    is_negative = (target < 0) & ~quantities.follows_actual
    _lay(share, is_negative, points.negative_target, target, actual, lower_is_better=is_lower)
    is_above = quantities.is_above_equal
    is_exact = is_above & rubrics.mask(lambda rubric: rubric.equal == "exact")
    share[is_exact] = reverse[is_exact]
    share[is_above & _judges_equal(rubrics)] = np.nan
    if quantities.is_range.any():
        own = quantities.by_rule | {"reverse": reverse, "met": np.maximum(quantities.forward, 1.0)}
        beyond = _chosen(own, rubrics, lambda rubric: rubric.range_above)
        ends = (target, upper, actual)
        _lay(share, quantities.is_range, points.within_range, *ends, below=quantities.forward, above=beyond)
    _lay(share, quantities.is_zero, points.zero_target, actual)
    share[~quantities.is_plain] = np.nan
    return share


def _lay(
    share: _Numbers,
    takes: _Flags,
    rule: Callable[..., pd.Series],
    *values: npt.NDArray[Any],
    **named: npt.NDArray[Any],
) -> None:
    """Overwrite the shares of some rows with what a rule gives for their values."""
    if takes.any():
        own = {name: pd.Series(value[takes]) for name, value in named.items()}
        share[takes] = rule(*(pd.Series(value[takes]) for value in values), **own).to_numpy()


def _follows_actual(rubrics: RowRubrics, is_lower: _Flags) -> _Flags:
    """Whether a row's points are laid along its actual value, so that a target of 0 or below says what it says."""
    forward = rubrics.mask(lambda rubric: rubric.measure == "actual" and rubric.forward in _LADDERS)
    reverse = rubrics.mask(lambda rubric: rubric.measure == "actual" and rubric.reverse in _LADDERS)
    return np.where(is_lower, reverse, forward)


def _is_above_equal(rows: pd.DataFrame) -> _Flags:
    target, actual = rows["target_number"].to_numpy(), rows["actual_number"].to_numpy()
    above = (target > 0) & (actual > target + _NOISE)
    above &= rows["target_upper"].isna().to_numpy() & ~rows["lower_is_better"].to_numpy()
    above[above] = rows["operator"].to_numpy()[above] == "="
    return above


def _is_zero(rows: pd.DataFrame, is_zero: _Flags) -> _Flags:
    """Whether it is told what a target of 0 means.

    One whose sign is not stated is met by 0 under any sign; any other actual leaves open which was meant.
    """
    own = rows.loc[is_zero, ["rule_operator", "operator", "actual_number"]]
    told = own["rule_operator"].isin(["=", "≤", "<"]) | (own["operator"].isna() & (own["actual_number"] == 0))
    is_told = is_zero.copy()
    is_told[is_zero] = told
    return is_told


def _reduced(rows: pd.DataFrame, rubrics: RowRubrics, share: pd.Series, suspects: _Flags) -> pd.Series:
    """Return the shares with the house rule laid over rows far above their target; see `points.reduced`.

    Percentages that cannot exceed 100, such as 合格率, are capped by nature: 95 % against 70 % is no loose target.
    """

    def key(rubric: Rubric) -> tuple[object, ...] | None:
        own = (rubric.reduction_slope, rubric.reduction_floor, rubric.reduction_steps, rubric.reduction)
        return None if rubric.reduction == "none" else own

    for rubric, takes in rubrics.groups(key):
        own = rows[takes & suspects & share.ge(1)]
        pairs = zip(own["name"], own["unit"], strict=True)
        is_capped = [(unit or "") in ("%", "") and cannot_exceed_100(name or "") for name, unit in pairs]
        own = own[~pd.Series(is_capped, own.index, dtype=bool)]
        threshold = pd.Series(rubric.over_achievement, index=own.index)
        steps = rubric.reduction_steps if rubric.reduction == "stepped" else ()
        left = points.reduced(
            own["completion_rate"], threshold, slope=rubric.reduction_slope, floor=rubric.reduction_floor, steps=steps
        )
        share = share.mask(share.index.isin(own.index), left.reindex(share.index))
    return share


# ---------------------------------------------------------------- dates


def date_shares(rows: pd.DataFrame, rubrics: RowRubrics) -> pd.Series:
    """Return 1 for a date that was kept, and what is left of the points where each day or month late takes some off.

    Source: none found for the deduction; rubrics judge late dates unless they name a rule. NaN where the rubric
    judges, and where the texts do not tell how late it was.
    """
    is_date = rows["kind"] == "date"
    share = pd.Series(1.0, index=rows.index).where(is_date & (rows["on_time"] == 1))
    for rubric, takes in rubrics.groups(lambda rubric: (rubric.late, rubric.late_points)):
        if rubric.late != "judged":
            late = rows["days_late" if rubric.late == "per_day" else "months_late"]
            left = points.per_step(late, rows["full_marks"], width=1.0, points=rubric.late_points or 0.0)
            share = share.mask(takes & is_date & (rows["on_time"] == 0), left)
    return share
