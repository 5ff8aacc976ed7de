"""The worked examples of the rules, T1 to T14, each with the figures that a person works out."""

from typing import Any

import pandas as pd
import pytest

from perfxl.forms.definitions import NATIONAL
from tests.checks.case_files import OF_WHOLE_FORMS
from tests.checks.tables import Drawing, Reviewed, reviewed


def codes(found: Reviewed) -> list[str]:
    """Return the codes of the findings, but for what is asked of a whole form: one row is none."""
    return [finding.code for finding in found.findings if finding.code not in OF_WHOLE_FORMS]


R1 = {"reverse": "linear_excess", "also_accepted": []}
R2 = {"reverse": "inverse_ratio", "also_accepted": []}
OLDER = {"bands": [(0.8, 1.0), (0.5, 0.8), (0.0, 0.5)]}


def row(target: str, actual: str, weight: str, score: str = "", level2: str = "数量指标", **rubric: Any) -> Reviewed:
    """Review a table of one row."""
    indicators = f"""
        | level2   | level3 | target   | actual   | weight   | reported_score | reason     |
        | {level2} | 指标   | {target} | {actual} | {weight} | {score}        | 见说明材料 |
    """
    return reviewed(Drawing(indicators=indicators, rest=False, rubric=rubric))


def money(budget: str, executed: str, weight: str, score: str = "", **rubric: Any) -> Reviewed:
    """Review a table with one line of money."""
    drawing = f"""
        | name         | adjusted | executed   | weight   | ratio | reported_score |
        | 年度资金总额 | {budget} | {executed} | {weight} |       | {score}        |
    """
    return reviewed(Drawing(budget=drawing, rubric=rubric))


def first(found: Reviewed) -> pd.Series:
    return found.scored.indicators.iloc[0]


# ---------------------------------------------------------------- quantities


@pytest.mark.parametrize(
    ("name", "target", "actual", "weight", "score", "rate"),
    [
        ("T1", "≥100", "87", "10", 8.70, 0.87),
        ("T2", "≥95", "95", "20", 20.00, 1.0),
        ("T3", "≥85", "90", "10", 10.00, 90 / 85),
        ("T4", "≥50", "65", "8", 8.00, 1.3),
    ],
)
def test_higher_is_better(name: str, target: str, actual: str, weight: str, score: float, rate: float) -> None:
    found = first(row(target, actual, weight))
    assert found["score"] == score, name
    assert found["completion_rate"] == pytest.approx(rate)
    assert found["status"] == "scored"


def test_t3_is_no_flag_and_t4_is_one() -> None:
    def flags(target: str, actual: str) -> list[str]:
        drawing = f"""
            | level3 | target   | actual   | weight | reported_score | reason |
            | 指标   | {target} | {actual} | 100    | 100            |        |
        """
        return codes(reviewed(Drawing(indicators=drawing)))

    assert flags("≥85", "90") == []
    assert flags("≥50", "65") == ["IND-05"]


@pytest.mark.parametrize(
    ("name", "target", "actual", "weight", "linear", "inverse"),
    [("T5", "≤90", "99", "8", 7.20, 7.27), ("T6", "≤10", "20", "22.5", 0.0, 11.25)],
)
def test_lower_is_better(name: str, target: str, actual: str, weight: str, linear: float, inverse: float) -> None:
    assert first(row(target, actual, weight, **R1))["score"] == linear, name
    assert first(row(target, actual, weight, **R2))["score"] == inverse, name


def test_the_national_form_keeps_the_other_rule_beside() -> None:
    found = first(row("≤90", "99", "8"))
    assert (found["score"], found["alternative_score"]) == (7.20, 7.27)


def test_t7_an_accident_where_there_must_be_none() -> None:
    found = first(row("=0", "1", "5"))
    assert found["score"] == 0
    assert pd.isna(found["completion_rate"])


# ---------------------------------------------------------------- execution


@pytest.mark.parametrize(
    ("name", "budget", "executed", "weight", "ratio", "score"),
    [
        ("T8", "251.89", "251.89", "10", 1.0, 10.00),
        ("T9", "9123.6", "9834.13", "10", 9834.13 / 9123.6, 10.00),
        ("T11", "100", "50", "20", 0.5, 10.00),
    ],
)
def test_execution(name: str, budget: str, executed: str, weight: str, ratio: float, score: float) -> None:
    (found,) = money(budget, executed, weight).scored.budget.to_dict("records")
    assert found["score"] == score, name
    assert found["ratio"] == pytest.approx(ratio)


def test_t9_shows_107_79_percent_and_is_a_flag() -> None:
    (finding,) = money("9123.6", "9834.13", "10", "10").of("BUD-04")
    assert "107.79%" in finding.message


def test_t10_steps_of_jiangxi() -> None:
    steps = {"execution_rule": "stepped", "execution_steps": [(1.0, 1.0), (0.8, 0.7), (0.6, 0.5)]}
    assert money("100", "79.99", "10", **steps).scored.budget["score"].tolist() == [5]
    assert money("100", "79.99", "10").scored.budget["score"].tolist() == [8]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("name", "score", "since_2020", "before"),
    [("T12", "8.00", False, False), ("T12, just below", "7.99", True, True), ("T13", "5.5", False, True)],
)
def test_second_tier(name: str, score: str, since_2020: bool, before: bool) -> None:
    for rubric, is_inside in (({}, since_2020), (OLDER, before)):
        found = row("明显改善", "部分达成预期指标并具有一定效果", "10", score, "社会效益指标", **rubric)
        assert bool(first(found)["in_bounds"]) is is_inside, name
        assert first(found)["status"] == ("accepted" if is_inside else "manual")
        assert bool(found.of("IND-11")) is not is_inside


# ---------------------------------------------------------------- the whole


def test_t14_two_blocks_of_guangdong() -> None:
    indicators = """
        | level1   | level3 | weight | reported_score |
        | 履职效能 | 甲     | 50     | 47.6           |
        | 管理效能 | 乙     | 50     | 46             |
    """
    found = reviewed(Drawing(form="guangdong-department-2022", indicators=indicators, total_reported_score="93.6"))
    (table,) = found.scored.tables.to_dict("records")
    assert (table["score"], table["grade"], table["is_complete"]) == (93.6, "优", True)
    assert codes(found) == []


def test_a_total_of_money_and_rows() -> None:
    """池州: 89.974 of 90 is 99.97 %, 9.997 points, 10.00."""
    found = money("90", "89.974", "10")
    assert found.scored.budget["score"].tolist() == [10.00]
    assert found.scored.tables["rubric"].tolist() == [NATIONAL]
