"""When a filled score counts as the computed one."""

from functools import lru_cache

import numpy as np
import pandas as pd

from perfxl.rounding import round_half_up

# Binary noise of sums and products; far below the second decimal.
NOISE = 1e-9


def decimals(texts: pd.Series) -> pd.Series:
    """Return how many decimals the numbers of filled cells show; 0 where they show none."""
    return pd.Series(np.fromiter(map(_places, texts.tolist()), "int64", len(texts)), index=texts.index)


@lru_cache(maxsize=4096)
def _places(text: object) -> int:
    return len(text.partition(".")[2].rstrip("分 %％")) if isinstance(text, str) else 0


def differs_from_rule(rows: pd.DataFrame, share: pd.Series) -> pd.Series:
    """Whether a filled score is not what a share of the full marks comes to; bool, False where either is missing.

    Besides the tolerance, a score may be the exact result rounded half-up to one decimal: 3.947 filled as 3.9, and
    3.95 as `4`, since a cell under the format General drops the zero. It may not be rounded to a whole number, or
    8.5 could be claimed as 9.

    Args:
        rows: With `reported_score`, `reported_score_text`, `full_marks` and `rubric_score_tolerance`.
        share: Shape (n,), same index: the share of the full marks by rule.
    """
    exact, reported = rows["full_marks"] * share, rows["reported_score"]
    differs = (reported - round_half_up(exact)).abs() > rows["rubric_score_tolerance"] + NOISE
    if not differs.any():
        return differs
    # Rounded from the exact result: 2.946 is 2.9, though 2.95 would be 3.0.
    is_rounded = differs & ((reported - round_half_up(exact, 1)).abs() <= NOISE)
    differs[is_rounded] = decimals(rows.loc[is_rounded, "reported_score_text"]).gt(1)
    return differs
