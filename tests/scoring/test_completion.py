"""Completion rates: actual ÷ target, target ÷ actual for what is better low, and where there is none."""

import pandas as pd
import pytest

from perfxl.scoring.completion import completion_rate

NOTHING = float("nan")


@pytest.mark.parametrize(
    ("target", "actual", "is_lower", "rate"),
    [
        (95, 95, False, 1.0),
        (85, 90, False, 90 / 85),
        (100, 87, False, 0.87),
        (50, 65, False, 1.3),
        (100, 0, False, 0.0),
        (90, 99, True, 90 / 99),
        (100, 80, True, 1.25),
        (100, 0, True, NOTHING),
        (0, 3, False, NOTHING),
        (0, 0, True, NOTHING),
        (-5, -6, True, NOTHING),
        (NOTHING, 5, False, NOTHING),
        (5, NOTHING, True, NOTHING),
    ],
)
def test_rate(target: float, actual: float, is_lower: bool, rate: float) -> None:
    found = completion_rate(
        pd.Series([target], dtype=float), pd.Series([actual], dtype=float), lower_is_better=pd.Series([is_lower])
    )
    assert found.tolist() == pytest.approx([rate], nan_ok=True)
    assert found.name == "completion_rate"


@pytest.mark.parametrize(
    ("actual", "rate"), [(80, 1.0), (85, 1.0), (90, 1.0), (60, 0.75), (99, 90 / 99), (NOTHING, NOTHING)]
)
def test_rate_of_a_range(actual: float, rate: float) -> None:
    found = completion_rate(
        pd.Series([80.0]), pd.Series([actual], dtype=float), lower_is_better=pd.Series([False]), upper=pd.Series([90.0])
    )
    assert found.tolist() == pytest.approx([rate], nan_ok=True)


def test_a_row_beside_a_range_keeps_its_own_rate() -> None:
    found = completion_rate(
        pd.Series([100.0, 80.0]),
        pd.Series([50.0, 85.0]),
        lower_is_better=pd.Series([False, False]),
        upper=pd.Series([NOTHING, 90.0]),
    )
    assert found.tolist() == [0.5, 1.0]
