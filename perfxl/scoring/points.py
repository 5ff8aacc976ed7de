"""Rules that turn target and actual into a share of the points, and the share into points.

Every rule takes and returns Series of one index; a rule is chosen row by row by the table's rubric.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

# A bound that a ratio reaches in decimal is missed by some units in the last place in binary: 0.57 ÷ 0.6 and 0.95.
_NOISE = 1e-9


def higher_is_better(target: pd.Series, actual: pd.Series) -> pd.Series:
    """Return min(1, actual ÷ target): full marks when met, else in proportion; a negative actual counts as 0.

    Source: the scoring notes of the national form; `>` and `≥` are scored alike, `=` too (overshoot is met).

    Returns:
        Shape (n,), fractions 0…1; NaN for a target of 0 or below, or a missing number.
    """
    return (actual.clip(lower=0) / target.where(target > 0)).clip(upper=1)


def linear_excess(target: pd.Series, actual: pd.Series) -> pd.Series:
    """Return 1 up to the target, then 1 − (actual − target) ÷ target, 0 from twice the target on.

    Source: provincial filing platforms, rule for ≤ and <: target 100, actual 125 → 0.75.
    """
    return (1 - (actual - target) / target.where(target > 0)).clip(lower=0, upper=1)


def inverse_ratio(target: pd.Series, actual: pd.Series) -> pd.Series:
    """Return 1 up to the target, then target ÷ actual, never 0: target 100, actual 125 → 0.80.

    Source: scoring notes of the Hubei form.
    """
    share = (target.where(target > 0) / actual.where(actual > 0)).clip(upper=1)
    return share.where(~(actual <= 0), 1.0).where(target > 0)


def all_or_nothing(target: pd.Series, actual: pd.Series) -> pd.Series:
    """Return 1 up to the target and 0 above it, as for cost caps and counts of accidents."""
    return (actual <= target).astype(float).where(actual.notna() & target.notna())


# The reverse rules that need no numbers of their own.
REVERSE = {"linear_excess": linear_excess, "inverse_ratio": inverse_ratio, "all_or_nothing": all_or_nothing}


def at_least(target: pd.Series, actual: pd.Series) -> pd.Series:
    """Return 1 from the target up and 0 below it: all or nothing for what is better high; NaN for a missing number.

    Source: the counterpart of `all_or_nothing`, for duties that are kept or not (secret accidents, legal deadlines).
    """
    return (actual >= target).astype(float).where(actual.notna() & target.notna())


def stepped(value: pd.Series, steps: Sequence[tuple[float, float]], *, lower_is_better: bool = False) -> pd.Series:
    """Return the share of the points where they come in steps, not in proportion.

    Source: Jiangxi's filing platform: execution of 100 % earns 10 of 10 points, 80–100 % 7, 60–80 % 5, less none.
    Department rubrics of Hunan: 重点支出安排率 ≥90 % 5 of 5, 80–90 % 4 … below 60 % 0; cost-like 预算控制率 0 earns 8,
    to 10 % 6, to 20 % 4, to 30 % 2, more none.

    Args:
        value: Shape (n,), a ratio or an actual value.
        steps: (bound, share), in any order. A share is earned from its bound up, and below the lowest bound nothing;
            with `lower_is_better` up to its bound, and above the highest nothing.
        lower_is_better: Which way the steps go.

    Returns:
        Shape (n,), fractions 0…1; NaN for NaN.
    """
    share = pd.Series(0.0, index=value.index)
    for bound, earned in sorted(steps, reverse=lower_is_better):
        share = share.mask(value <= bound + _NOISE if lower_is_better else value >= bound - _NOISE, earned)
    return share.where(value.notna())


def per_step(gap: pd.Series, full_marks: pd.Series, *, width: float, points: float, count: str = "whole") -> pd.Series:
    """Return the share of the points that is left where each step off the target takes off a fixed number of them.

    Source: department rubrics of Hunan: 预算完成率 (8 points) 100 % earns all, each 5 points of per cent short take
    off 2; 三公经费控制率 (6) to 100 % earns all, each point above takes off 1. They do not say what part of a step
    counts, so a rubric must.

    Args:
        gap: Shape (n,), how far off the target; 0 or less takes nothing off.
        full_marks: Shape (n,), points.
        width: Width of a step, in terms of `gap`.
        points: Points a step.
        count: `whole` steps, `started` ones, or the `exact` part of one too.

    Returns:
        Shape (n,), fractions 0…1; NaN for NaN.
    """
    steps = gap.clip(lower=0) / width
    if count != "exact":
        steps = np.floor(steps + _NOISE) if count == "whole" else np.ceil(steps - _NOISE)
    left = (1 - steps * points / full_marks.where(full_marks > 0)).clip(lower=0)
    # Without points there is nothing to take off.
    return left.where(full_marks.notna() & (full_marks > 0), 1.0).where(gap.notna())


def capped_ratio(ratio: pd.Series) -> pd.Series:
    """Return the execution ratio as a share of its points: at most 1, at least 0 (a refund year), NaN for NaN.

    Source: scoring note of the national form, full marks × execution ratio; provincial platforms cap it at full marks.
    """
    return ratio.clip(lower=0, upper=1)


def reduced(
    rate: pd.Series, threshold: pd.Series, *, slope: float, floor: float, steps: Sequence[tuple[float, float]] = ()
) -> pd.Series:
    """Return the share that is left of the points of a row far above its target; 1 below the threshold.

    Source: a house rule. The national notes let the score of a target that was set far too low be lowered
    "moderately, by the degree of deviation"; no source gives a formula, so no rubric has one unless it names it.

    Args:
        rate: Shape (n,), completion rates.
        threshold: Shape (n,), rate from which a row counts as far above its target.
        slope: Share that each 100 % above the threshold takes off: max(floor, 1 − (rate − threshold) × slope).
        floor: The least share.
        steps: (lowest rate, share) instead of slope and floor; 1 below the lowest of them.
    """
    in_line = (1 - (rate - threshold) * slope).clip(lower=floor)
    left = stepped(rate, [(0.0, 1.0), *steps]) if steps else in_line
    return left.where(rate >= threshold - _NOISE, 1.0).clip(upper=1.0)


def zero_target(actual: pd.Series) -> pd.Series:
    """Return 1 where nothing happened and 0 otherwise: the rule for targets `=0` and `≤0`; NaN for NaN.

    Source: provincial filing platforms. A target `≥0` tells nothing and is left to a person.
    """
    return (actual <= 0).astype(float).where(actual.notna())


def negative_target(target: pd.Series, actual: pd.Series, *, lower_is_better: pd.Series) -> pd.Series:
    """Return 1 where a target below zero is met, NaN elsewhere: of a fall by 5 % that came to 3 % no part is 60 %.

    Source: ours; no form says how to score such a target in proportion.
    """
    is_met = (actual <= target).where(lower_is_better, actual >= target)
    return is_met.astype(float).where(is_met & (target < 0))


def within_range(
    lower: pd.Series, upper: pd.Series, actual: pd.Series, *, below: pd.Series, above: pd.Series
) -> pd.Series:
    """Return 1 within a range, one rule below it and another above it; NaN where a number is missing.

    Source: none found; national practice as remembered: in proportion to the lower end below a range, and as above
    a target that is better low, with the upper end as target, above it.

    Args:
        lower: Lower ends; NaN gives NaN.
        upper: Upper ends.
        actual: Actual values in the same unit.
        below: Share of rows below the range, with the lower end as target.
        above: Share of rows above it, with the upper end as target.
    """
    share = pd.Series(1.0, index=actual.index).where(actual >= lower, below)
    return share.where(~(actual > upper), above).where(actual.notna() & lower.notna() & upper.notna())
