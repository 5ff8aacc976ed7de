"""How far each indicator got towards its target."""

import pandas as pd


def completion_rate(
    target: pd.Series, actual: pd.Series, *, lower_is_better: pd.Series, upper: pd.Series | None = None
) -> pd.Series:
    """Return the completion rate of each indicator.

    Args:
        target: Shape (n,), any unit; 0, a negative number or NaN gives NaN. The lower end where the target is a range.
        actual: Shape (n,), same index and units as `target`.
        lower_is_better: Shape (n,), bool; for these rows the rate is target ÷ actual.
        upper: Shape (n,), upper ends of ranges, NaN elsewhere. Within its range a row's rate is 1.

    Returns:
        Shape (n,), a fraction, 1.0 = target met. Not capped: the cap is a rule of points, see
        `perfxl.scoring.points`. NaN where a number is missing or the denominator is zero.
    """
    numerator = actual.where(~lower_is_better, target)
    denominator = target.where(~lower_is_better, actual)
    rate = (numerator / denominator.where(denominator != 0)).where(target > 0)
    if upper is not None:
        is_range = upper.notna() & actual.notna()
        above = upper / actual.where(actual != 0)
        rate = rate.where(~is_range, (actual / target.where(target != 0)).where(actual < target, 1.0))
        rate = rate.where(~(is_range & (actual > upper)), above)
    return rate.rename("completion_rate")
