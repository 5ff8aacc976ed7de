"""The share of its points that each row with a number, or a date, earns by its rubric's rules."""

from functools import partial

import pandas as pd

from perfxl.forms.names import cannot_exceed_100
from perfxl.forms.rubric import Rubric
from perfxl.scoring import points
from perfxl.scoring.parameters import RowRubrics

# Rules whose numbers are laid along the rate or the actual value.
_LADDERS = ("stepped", "per_step")
_NOISE = 1e-9


def quantity_shares(rows: pd.DataFrame, rubrics: RowRubrics, *, has_reason: pd.Series) -> dict[str, pd.Series]:
    """Return what the rules give, by column; `perfxl.scoring.indicators.score_indicators` says what each means.

    Args:
        rows: With `completion_rate` and `full_marks`.
        rubrics: Of the rows.
        has_reason: Shape (n,), bool; an explained row is not marked down for being far above its target.
    """
    upper, actual = rows["target_upper"], rows["actual_number"]
    ceiling = upper.where(upper.notna(), rows["target_number"])
    by_rule = {name: function(ceiling, actual) for name, function in points.REVERSE.items()}
    reverse = rubrics.pick(lambda rubric: rubric.reverse)
    ladders = _ladders(rows, rubrics, lower_is_better=True)
    own = _chosen(by_rule | ladders, reverse)
    forward = _forward(rows, rubrics)
    share = _share(rows, rubrics, forward, own, by_rule)
    above = rubrics.pick(lambda rubric: rubric.over_achievement)
    is_far_above = _is_plain(rows) & ~rows["lower_is_better"] & (rows["completion_rate"] >= above - _NOISE)
    alternative = pd.Series(float("nan"), index=rows.index)
    for place in (0, 1, 2):
        names = rubrics.pick(partial(_accepted, place=place))
        if names.notna().any():
            other = _share(rows, rubrics, forward, _chosen(by_rule, names), by_rule).where(names.notna())
            alternative = nearer(rows, alternative, other.where(other != share))
    below = rubrics.pick(lambda rubric: float("nan") if rubric.far_below is None else rubric.far_below)
    return {
        "share": _reduced(rows, rubrics, share, is_far_above & ~has_reason),
        "alternative_share": alternative,
        "is_left_open": _is_left_open(rows, rubrics),
        "reverse": _rule_above(rows, rubrics, reverse),
        "over_achievement": above,
        "is_far_above": is_far_above,
        "is_far_below": _is_plain(rows)
        & rows["lower_is_better"]
        & actual.ge(0)
        & (actual <= below * rows["target_number"] + _NOISE),
    }


def _rule_above(rows: pd.DataFrame, rubrics: RowRubrics, reverse: pd.Series) -> pd.Series:
    """Return the rule that goes for too much of each row: of a range one of its own, where the rubric names one."""
    own = rubrics.pick(lambda rubric: rubric.range_above)
    return reverse.mask(rows["target_upper"].notna() & own.isin(points.REVERSE), own)


def _is_plain(rows: pd.DataFrame) -> pd.Series:
    """Whether a row has one number above 0 as its target and one that can be compared with it."""
    is_plain = rows["kind"].eq("quantitative") & rows["target_upper"].isna() & rows["target_number"].gt(0)
    return is_plain & rows["problem"].isna()


def _chosen(by_rule: dict[str, pd.Series], names: pd.Series) -> pd.Series:
    chosen = pd.Series(float("nan"), index=names.index)
    for name, share in by_rule.items():
        chosen = chosen.mask(names == name, share)
    return chosen


def _accepted(rubric: Rubric, place: int) -> str | None:
    return next(iter(rubric.also_accepted[place:]), None)


def nearer(rows: pd.DataFrame, one: pd.Series, other: pd.Series) -> pd.Series:
    """Return, row by row, the share whose points lie nearer to what was filled in; the one that is there at all."""
    gaps = [(rows["full_marks"] * share - rows["reported_score"]).abs() for share in (one, other)]
    return one.mask(one.isna() | (gaps[1] < gaps[0]), other)


# ---------------------------------------------------------------- below a target, and ladders


def _forward(rows: pd.DataFrame, rubrics: RowRubrics) -> pd.Series:
    target, actual = rows["target_number"], rows["actual_number"]
    names = rubrics.pick(lambda rubric: rubric.forward)
    by_rule = {"proportional": points.higher_is_better(target, actual)}
    if (names == "all_or_nothing").any():
        by_rule["all_or_nothing"] = points.at_least(target, actual)
    return _chosen(by_rule | _ladders(rows, rubrics, lower_is_better=False), names)


def _ladders(rows: pd.DataFrame, rubrics: RowRubrics, *, lower_is_better: bool) -> dict[str, pd.Series]:
    """Return the shares by the rules `stepped` and `per_step`, NaN in rows of other rules."""

    def key(rubric: Rubric) -> tuple[object, ...] | None:
        rule = rubric.reverse if lower_is_better else rubric.forward
        own = (rule, rubric.measure, rubric.steps, rubric.step, rubric.step_points, rubric.step_count)
        return own if rule in _LADDERS else None

    target, upper, actual = rows["target_number"], rows["target_upper"], rows["actual_number"]
    if lower_is_better:
        target = upper.where(upper.notna(), target)
    shares = {rule: pd.Series(float("nan"), index=rows.index) for rule in _LADDERS}
    for rubric, takes in rubrics.groups(key):
        is_rate = rubric.measure == "rate"
        value = actual / target.where(target > 0) if is_rate else actual
        if (rubric.reverse if lower_is_better else rubric.forward) == "stepped":
            share = points.stepped(value, rubric.steps, lower_is_better=lower_is_better)
            shares["stepped"] = shares["stepped"].mask(takes, share)
        else:
            goal = 1.0 if is_rate else target
            share = points.per_step(
                value - goal if lower_is_better else goal - value,
                rows["full_marks"],
                width=rubric.step or 1.0,
                points=rubric.step_points or 0.0,
                count=rubric.step_count,
            )
            shares["per_step"] = shares["per_step"].mask(takes, share)
    return shares if any(share.notna().any() for share in shares.values()) else {}


# ---------------------------------------------------------------- every kind of target


def _share(
    rows: pd.DataFrame,
    rubrics: RowRubrics,
    forward: pd.Series,
    reverse: pd.Series,
    by_rule: dict[str, pd.Series],
) -> pd.Series:
    """Return the share of every row, given what the rules for too little and too much give.

    A target of 0 whose sign is not stated is met by 0 under any sign; any other actual leaves open which was meant.
    """
    target, upper, actual = rows["target_number"], rows["target_upper"], rows["actual_number"]
    is_lower = rows["lower_is_better"]
    share = reverse.where(is_lower, forward)
    by_actual = _follows_actual(rows, rubrics)
    share = share.mask((target < 0) & ~by_actual, points.negative_target(target, actual, lower_is_better=is_lower))
    is_above = _is_above_equal(rows)
    if is_above.any():
        equal = rubrics.pick(lambda rubric: rubric.equal)
        share = share.mask(is_above & equal.eq("exact"), reverse).where(~(is_above & equal.eq("judged")))
    if upper.notna().any():
        above = rubrics.pick(lambda rubric: rubric.range_above)
        beyond = _chosen(by_rule | {"reverse": reverse, "met": forward.clip(lower=1)}, above)
        share = share.mask(upper.notna(), points.within_range(target, upper, actual, below=forward, above=beyond))
    zero = (target == 0) & upper.isna() & ~by_actual
    told = rows["rule_operator"].isin(["=", "≤", "<"]) | (rows["operator"].isna() & (actual == 0))
    share = share.mask(zero & told, points.zero_target(actual))
    return share.where((rows["kind"] == "quantitative") & rows["problem"].isna())


def _follows_actual(rows: pd.DataFrame, rubrics: RowRubrics) -> pd.Series:
    """Whether a row's points are laid along its actual value, so that a target of 0 or below says what it says."""
    forward = rubrics.pick(lambda rubric: rubric.measure == "actual" and rubric.forward in _LADDERS)
    reverse = rubrics.pick(lambda rubric: rubric.measure == "actual" and rubric.reverse in _LADDERS)
    return reverse.where(rows["lower_is_better"], forward).astype(bool)


def _is_above_equal(rows: pd.DataFrame) -> pd.Series:
    is_equal = rows["operator"].eq("=") & ~rows["lower_is_better"] & rows["target_upper"].isna()
    return is_equal & rows["target_number"].gt(0) & (rows["actual_number"] > rows["target_number"] + _NOISE)


def _is_left_open(rows: pd.DataFrame, rubrics: RowRubrics) -> pd.Series:
    """Whether the rubric leaves the points of a row with numbers to judgement: above an exact target.

    Source: platforms of Hebei and Tianjin: where a target `=` and the actual differ, the score may be edited.
    """
    is_plain = rows["kind"].eq("quantitative") & rows["problem"].isna()
    return is_plain & _is_above_equal(rows) & rubrics.pick(lambda rubric: rubric.equal).eq("judged")


def _reduced(rows: pd.DataFrame, rubrics: RowRubrics, share: pd.Series, suspects: pd.Series) -> pd.Series:
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
