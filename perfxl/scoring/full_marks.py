"""The points that a weight stands for, also where offices fill in weights as shares of one."""

from dataclasses import replace

import pandas as pd

from perfxl.model.frames import Frames

# Shares are typed with two or three decimals; their sum may be out by less than one of them.
_SHARE_TOLERANCE = 0.0005
# No sum of scores out of 1 comes to more than this; one out of 100 that does not is a table of zeros.
_ABOVE_SHARES = 1.05


def with_full_marks(frames: Frames) -> Frames:
    """Return the frames with the column `full_marks` in the budget and the indicators.

    It is the weight, times 100 in a table whose weights are shares that add up to 1 (`10%`, `0.1`) while its scores
    are out of 100; NaN where there is no weight, or a negative one. The filled weight stands unchanged beside it.
    """
    scale = _scale(frames)
    budget, indicators = (
        rows.assign(full_marks=rows["weight"].where(rows["weight"] >= 0) * rows["table_id"].map(scale).astype(float))
        for rows in (frames.budget, frames.indicators)
    )
    return replace(frames, budget=budget, indicators=indicators)


def adds_up_to_one(sums: pd.Series) -> pd.Series:
    """Whether the weights of a table, summed, are shares of one."""
    return (sums - 1).abs() <= _SHARE_TOLERANCE


def _scale(frames: Frames) -> pd.Series:
    """Return 100.0 or 1.0 for every table."""
    ids = frames.tables.index
    rows = pd.concat([
        frames.indicators[["table_id", "weight", "reported_score"]],
        frames.budget.loc[frames.budget["is_total"], ["table_id", "weight", "reported_score"]],
    ])  # fmt: skip
    sums = rows.groupby("table_id")[["weight", "reported_score"]].sum().reindex(ids, fill_value=0.0)
    are_shares = adds_up_to_one(sums["weight"])
    top = pd.concat([sums["reported_score"], frames.tables["total_reported_score"]], axis=1).max(axis=1)
    return (are_shares & (top > _ABOVE_SHARES)).map({True: 100.0, False: 1.0})
