"""Rules that turn target and actual into a share of the points, and the share into points.

Every rule takes and returns Series of one index; a rule is chosen row by row by the table's rubric.
"""

from collections.abc import Sequence

import pandas as pd


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


# What a rubric's `quantitative.reverse` may name.
REVERSE = {"linear_excess": linear_excess, "inverse_ratio": inverse_ratio, "all_or_nothing": all_or_nothing}


def capped_ratio(ratio: pd.Series) -> pd.Series:
    """Return the execution ratio as a share of its points: at most 1, at least 0 (a refund year), NaN for NaN.

    Source: scoring note of the national form, full marks × execution ratio; provincial platforms cap it at full marks.
    """
    return ratio.clip(lower=0, upper=1)


def stepped_ratio(ratio: pd.Series, steps: Sequence[tuple[float, float]]) -> pd.Series:
    """Return the share of the execution points where they come in steps, not in proportion.

    Source: Jiangxi's filing platform: 100 % earns 10 of 10 points, 80–100 % 7, 60–80 % 5, less earns none.

    Args:
        ratio: Shape (n,), fractions; a ratio above the highest step earns what that step does.
        steps: (lowest ratio, share), in any order; below the lowest of them 0.

    Returns:
        Shape (n,), fractions 0…1; NaN for NaN.
    """
    share = pd.Series(0.0, index=ratio.index)
    for lowest, earned in sorted(steps):
        share = share.mask(ratio >= lowest, earned)
    return share.where(ratio.notna())


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


def within_range(lower: pd.Series, upper: pd.Series, actual: pd.Series, reverse: pd.Series) -> pd.Series:
    """Return 1 within a range, actual ÷ lower below it, and the reverse rule for its upper end above it.

    Args:
        lower: Lower ends; NaN gives NaN.
        upper: Upper ends.
        actual: Actual values in the same unit.
        reverse: Share by the reverse rule with the upper end as target.
    """
    below = actual.clip(lower=0) / lower.where(lower > 0)
    share = pd.Series(1.0, index=actual.index).where(actual >= lower, below)
    return share.where(~(actual > upper), reverse).where(actual.notna() & lower.notna() & upper.notna())
