"""Rounding as the forms do it: 四舍五入, halves away from zero."""

from decimal import ROUND_HALF_UP, Decimal
from typing import overload

import numpy as np
import pandas as pd

# A product such as 10 * 89.95 / 100 may lie a few units in the last place below the decimal number that it
# stands for, so that a half would fall down. This share of the value is far above such noise and far below
# any digit that a form shows.
_NOISE = 1e-11


@overload
def round_half_up(values: pd.Series, places: int = 2) -> pd.Series: ...
@overload
def round_half_up(values: float, places: int = 2) -> float: ...


def round_half_up(values: pd.Series | float, places: int = 2) -> pd.Series | float:
    """Round halves away from zero to `places` decimals (四舍五入): 0.125 → 0.13, where `round` gives 0.12.

    Args:
        values: A number or a Series of floats; NaN stays NaN.
        places: Decimals to keep.

    Returns:
        The same shape, the nearest floats to the rounded decimals.
    """
    if isinstance(values, pd.Series):
        scale = 10.0**places
        size = values.abs().to_numpy(dtype=float) * scale
        rounded = np.floor(size + 0.5 + (size + 1) * _NOISE) / scale
        return pd.Series(np.copysign(rounded, values.to_numpy(dtype=float)), index=values.index, name=values.name)
    if values != values or values in (float("inf"), float("-inf")):
        return values
    step = Decimal(1).scaleb(-places)
    # repr gives the shortest decimal that stands for the float, which is the number that a person typed.
    nudged = Decimal(repr(float(values))) * (1 + Decimal(repr(_NOISE)))
    return float(nudged.quantize(step, ROUND_HALF_UP))
