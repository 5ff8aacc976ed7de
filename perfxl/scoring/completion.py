"""How far each indicator got towards its target."""

import numpy as np
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
    goal, done, is_lower = target.to_numpy("float64"), actual.to_numpy("float64"), lower_is_better.to_numpy(bool)
    numerator, denominator = np.where(is_lower, goal, done), np.where(is_lower, done, goal)
    # Division by zero gives what is then left out.
    with np.errstate(all="ignore"):
        rate = np.where((goal > 0) & (denominator != 0), numerator / denominator, np.nan)
        if upper is not None and upper.notna().any():
            top = upper.to_numpy("float64")
            is_range = ~np.isnan(top) & ~np.isnan(done)
            below = np.where(goal != 0, done / goal, np.nan)
            above = np.where(done != 0, top / done, np.nan)
            rate = np.where(is_range, np.where(done < goal, below, 1.0), rate)
            rate = np.where(is_range & (done > top), above, rate)
    return pd.Series(rate, target.index, name="completion_rate")
