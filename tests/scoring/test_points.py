"""The rules that turn target and actual into a share of the points."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.scoring import points
from perfxl.scoring.completion import completion_rate

TARGETS = st.floats(min_value=0.01, max_value=1e6)
AMOUNTS = st.just(0.0) | TARGETS
NOTHING = float("nan")


def series(*values: float) -> pd.Series:
    return pd.Series(values, dtype=float)


def is_lower(*values: bool) -> pd.Series:
    return pd.Series(values, dtype=bool)


def near(found: pd.Series, *expected: float) -> bool:
    return found.tolist() == pytest.approx(list(expected), nan_ok=True)


# ---------------------------------------------------------------- higher is better


def test_higher_is_better() -> None:
    target = series(100, 95, 85, 50, 100, 100)
    actual = series(87, 95, 90, 65, 0, -5)
    assert near(points.higher_is_better(target, actual), 0.87, 1, 1, 1, 0, 0)


def test_higher_is_better_without_a_number_or_against_nothing() -> None:
    assert near(
        points.higher_is_better(series(NOTHING, 100, 0, -5), series(5, NOTHING, 5, 5)),
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
    )


# ---------------------------------------------------------------- the reverse families


@pytest.mark.parametrize(
    ("actual", "linear", "inverse", "strict"),
    [
        (80, 1, 1, 1),
        (100, 1, 1, 1),
        (110, 0.90, 100 / 110, 0),
        (125, 0.75, 0.80, 0),
        (150, 0.50, 100 / 150, 0),
        (200, 0, 0.50, 0),
        (300, 0, 100 / 300, 0),
        (0, 1, 1, 1),
        (NOTHING, NOTHING, NOTHING, NOTHING),
    ],
)
def test_reverse_rules(actual: float, linear: float, inverse: float, strict: float) -> None:
    target = series(100)
    assert near(points.linear_excess(target, series(actual)), linear)
    assert near(points.inverse_ratio(target, series(actual)), inverse)
    assert near(points.all_or_nothing(target, series(actual)), strict)


@pytest.mark.parametrize("rule", [points.linear_excess, points.inverse_ratio])
@pytest.mark.parametrize("target", [0.0, -5.0, NOTHING])
def test_reverse_rules_say_nothing_of_a_target_of_nothing(rule: object, target: float) -> None:
    assert callable(rule)
    assert near(rule(series(target), series(3.0)), NOTHING)


@given(TARGETS, AMOUNTS, AMOUNTS)
def test_shares_lie_between_0_and_1_and_follow_the_actual(target: float, one: float, other: float) -> None:
    worse, better = sorted((one, other))
    targets, actuals = series(target, target), series(worse, better)
    low, high = points.higher_is_better(targets, actuals)
    assert 0 <= low <= high <= 1
    for rule in points.REVERSE.values():
        high, low = rule(targets, actuals)
        assert 0 <= low <= high <= 1


@given(TARGETS, AMOUNTS, st.sampled_from([1e4, 1e-4, 100.0, 0.01, 12.0]))
def test_a_change_of_unit_changes_neither_rate_nor_share(target: float, actual: float, factor: float) -> None:
    plain, scaled = (series(target), series(actual)), (series(target * factor), series(actual * factor))
    for lower in (False, True):
        rates = [completion_rate(*pair, lower_is_better=is_lower(lower)) for pair in (plain, scaled)]
        assert near(rates[0], *rates[1])
    for rule in (points.higher_is_better, points.linear_excess, points.inverse_ratio):
        assert near(rule(*plain), *rule(*scaled))


# ---------------------------------------------------------------- zero, below zero, ranges


def test_zero_target() -> None:
    assert near(points.zero_target(series(0, 1, -1, NOTHING)), 1, 0, 1, NOTHING)


def test_a_target_below_zero_is_met_or_left_alone() -> None:
    target, actual = series(-5, -5, -5, -5, 5), series(-6, -3, -3, -6, 6)
    lower = is_lower(True, True, False, False, False)
    assert near(points.negative_target(target, actual, lower_is_better=lower), 1, NOTHING, 1, NOTHING, NOTHING)


def test_range() -> None:
    lower, upper = series(80, 80, 80, 80, 80, NOTHING), series(90, 90, 90, 90, 90, 90)
    actual = series(80, 90, 60, 99, NOTHING, 85)
    below, above = points.higher_is_better(lower, actual), points.linear_excess(upper, actual)
    found = points.within_range(lower, upper, actual, below=below, above=above)
    assert near(found, 1, 1, 0.75, 0.9, NOTHING, NOTHING)


# ---------------------------------------------------------------- execution


def test_capped_ratio() -> None:
    assert near(points.capped_ratio(series(0.5, 1, 1.0779, -0.1, NOTHING)), 0.5, 1, 1, 0, NOTHING)


@pytest.mark.parametrize(
    ("ratio", "share"), [(1.0, 1.0), (0.9999, 0.7), (0.8, 0.7), (0.7999, 0.5), (0.6, 0.5), (0.5999, 0.0), (1.2, 1.0)]
)
def test_steps_of_jiangxi(ratio: float, share: float) -> None:
    jiangxi = [(1.0, 1.0), (0.8, 0.7), (0.6, 0.5)]
    assert near(points.stepped(series(ratio, NOTHING), jiangxi), share, NOTHING)


# ---------------------------------------------------------------- steps of department rubrics


@pytest.mark.parametrize(
    ("actual", "score"), [(95, 5), (90, 5), (89.99, 4), (80, 4), (75, 3), (60, 2), (59.99, 0), (0, 0)]
)
def test_steps_up_of_hunan(actual: float, score: float) -> None:
    """重点支出安排率, 5 points: ≥90 % 5, 80–90 4, 70–80 3, 60–70 2, less 0."""
    steps = [(90, 1.0), (80, 0.8), (70, 0.6), (60, 0.4)]
    assert near(5 * points.stepped(series(actual), steps), score)


@pytest.mark.parametrize(
    ("actual", "score"), [(-3, 8), (0, 8), (0.01, 6), (10, 6), (20, 4), (20.01, 2), (30, 2), (39.94, 0)]
)
def test_steps_down_of_hunan(actual: float, score: float) -> None:
    """预算控制率, 8 points: 0 earns 8, to 10 % 6, to 20 4, to 30 2, more none; 1922.76 + 767.86 is 39.94 %."""
    steps = [(0, 1.0), (10, 0.75), (20, 0.5), (30, 0.25)]
    assert near(8 * points.stepped(series(actual), steps, lower_is_better=True), score)


def test_a_step_that_is_reached_in_decimals_is_reached_in_binary() -> None:
    assert near(points.stepped(series(0.57 / 0.6), [(0.95, 1.0)]), 1)
    assert near(points.stepped(series(0.1 + 0.2), [(0.3, 1.0)], lower_is_better=True), 1)


@pytest.mark.parametrize(
    ("short", "whole", "started", "exact"),
    [
        (-5, 8, 8, 8), (0, 8, 8, 8), (2, 8, 6, 7.2), (5, 6, 6, 6), (9.9, 6, 4, 4.04), (10, 4, 4, 4), (20, 0, 0, 0),
        (40, 0, 0, 0),
    ],
)  # fmt: skip
def test_points_off_a_step(short: float, whole: float, started: float, exact: float) -> None:
    """预算完成率 of Hunan, 8 points: 100 % earns all, each 5 points of per cent short take off 2."""
    for count, score in (("whole", whole), ("started", started), ("exact", exact)):
        found = points.per_step(series(short, NOTHING), series(8, 8), width=5, points=2, count=count)
        assert near(8 * found, score, NOTHING)


def test_points_off_a_step_where_there_are_none() -> None:
    assert near(points.per_step(series(5, 5), series(0, NOTHING), width=5, points=2), 1, 1)


def test_at_least() -> None:
    assert near(points.at_least(series(5, 5, 5, NOTHING), series(5, 4.99, NOTHING, 5)), 1, 0, NOTHING, NOTHING)


# ---------------------------------------------------------------- far above the target


@pytest.mark.parametrize(("rate", "share"), [(1.29, 1), (1.3, 1), (1.5, 0.9), (1.9, 0.7), (2.1, 0.6), (5, 0.6)])
def test_reduction_in_a_line(rate: float, share: float) -> None:
    assert near(points.reduced(series(rate), series(1.3), slope=0.5, floor=0.6), share)


@pytest.mark.parametrize(("rate", "share"), [(1.49, 1), (1.5, 0.9), (2, 0.8), (2.99, 0.8), (3, 0.7), (9, 0.7)])
def test_reduction_in_steps(rate: float, share: float) -> None:
    steps = [(1.5, 0.9), (2.0, 0.8), (3.0, 0.7)]
    assert near(points.reduced(series(rate), series(1.3), slope=0.5, floor=0.6, steps=steps), share)
