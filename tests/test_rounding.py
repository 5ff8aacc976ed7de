"""四舍五入 against decimal arithmetic, one number and a column of them."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.rounding import round_half_up

# Points and rates as forms hold them: up to a thousand, with more digits than any form shows.
NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=5)
PLACES = st.integers(min_value=0, max_value=4)


def exactly(number: Decimal, places: int) -> float:
    return float(number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


@given(NUMBERS, PLACES)
def test_one_number(number: Decimal, places: int) -> None:
    assert round_half_up(float(number), places) == exactly(number, places)


@given(st.lists(NUMBERS, max_size=8), PLACES)
def test_a_column(numbers: list[Decimal], places: int) -> None:
    column = pd.Series([float(number) for number in numbers], index=range(10, 10 + len(numbers)), dtype=float)
    expected = pd.Series([exactly(number, places) for number in numbers], index=column.index, dtype=float)
    pd.testing.assert_series_equal(round_half_up(column, places), expected, check_exact=True)


@given(
    st.decimals(min_value=0, max_value=100, places=2),
    st.decimals(min_value=0, max_value=1, places=4),
)
def test_a_product_of_binary_numbers_rounds_as_the_decimals_do(weight: Decimal, rate: Decimal) -> None:
    """10 × 0.8995 is 8.9949999… in binary; a person who multiplies gets 8.995, which is 9.00."""
    assert round_half_up(float(weight) * float(rate)) == exactly(weight * rate, 2)


@pytest.mark.parametrize(
    ("number", "rounded"),
    [(0.125, 0.13), (2.675, 2.68), (-0.125, -0.13), (1.005, 1.01), (8.995, 9.0), (8.9949, 8.99), (100.0, 100.0)],
)
def test_halves_go_away_from_zero(number: float, rounded: float) -> None:
    assert round_half_up(number) == rounded
    assert round_half_up(pd.Series([number])).tolist() == [rounded]


@pytest.mark.parametrize("number", [float("inf"), float("-inf")])
def test_infinity_stays(number: float) -> None:
    assert round_half_up(number) == number


def test_nothing_stays_nothing() -> None:
    assert round_half_up(float("nan")) != round_half_up(float("nan"))
    assert round_half_up(pd.Series([float("nan"), 0.125])).isna().tolist() == [True, False]
