"""Execution of the budget: which amounts are reckoned with, the ratio and its points."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.forms.definitions import load_forms
from perfxl.scoring.execution import score_execution
from tests.checks.tables import Drawing, Reviewed, reviewed
from tests.scoring.rubrics import values

NOTHING = float("nan")


def of(budget: str, **facts: object) -> pd.DataFrame:
    drawing = Drawing(budget=budget)
    for name, value in facts.items():
        setattr(drawing, name, value)
    return reviewed(drawing).scored.budget


def total(budget: str, **facts: object) -> dict[str, object]:
    found = of(budget, **facts)
    (row,) = found[found["is_total"]].to_dict("records")
    return {str(key): value for key, value in row.items()}


def test_the_adjusted_budget_is_the_denominator() -> None:
    row = total("""
        | name         | initial | adjusted | executed | weight |
        | 年度资金总额 | 100     | 125      | 100      | 10     |
    """)
    assert (row["denominator"], row["ratio"], row["score"]) == ("adjusted", 0.8, 8.0)


def test_the_initial_budget_serves_where_there_is_no_other() -> None:
    row = total("""
        | name         | initial | adjusted | executed | weight |
        | 年度资金总额 | 310.2   |          | 154.74   | 10     |
    """)
    assert (row["denominator"], row["score"]) == ("initial", 4.99)


def test_an_adjusted_budget_of_0_is_not_blank() -> None:
    row = total("""
        | name         | initial | adjusted | executed | weight |
        | 年度资金总额 | 100     | 0        | 50       | 10     |
    """)
    assert row["denominator"] == "adjusted"
    assert pd.isna(row["ratio"])
    assert pd.isna(row["score"])


def test_a_rubric_may_name_another_denominator_and_no_second() -> None:
    budget = """
        | name         | initial | adjusted | executed | weight |
        | 年度资金总额 | 200     | 100      | 100      | 10     |
    """
    assert total(budget, rubric={"denominator": ["initial"]})["ratio"] == 0.5
    assert total(budget, rubric={"denominator": ["initial", "adjusted"]})["denominator"] == "initial"


def test_a_rubric_without_a_second_denominator_has_none_where_the_first_is_blank() -> None:
    budget = """
        | name         | initial | adjusted | executed | weight |
        | 年度资金总额 | 200     |          | 100      | 10     |
    """
    row = total(budget, rubric={"denominator": ["adjusted"]})
    assert row["denominator"] is None
    assert pd.isna(row["score"])


def test_a_total_of_zeros_is_rebuilt_from_its_parts() -> None:
    row = total("""
        | name         | initial | adjusted | executed | weight |
        | 年度资金总额 | 0       | 0        | 0        | 10     |
        | 财政拨款     | 90      | 80       | 79.974   |        |
        | 其他资金     | 10      | 10       | 10       |        |
    """)
    assert row["is_rebuilt"]
    assert (row["initial_used"], row["adjusted_used"], row["score"]) == (100, 90, 10.0)
    assert row["adjusted"] == 0  # what was filled stands


def test_one_blank_column_of_a_total_is_rebuilt() -> None:
    row = total("""
        | name         | adjusted | executed | weight |
        | 年度资金总额 | 100      |          | 10     |
        | 财政拨款     | 80       | 60       |        |
        | 其他资金     | 20       | 20       |        |
    """)
    assert (row["executed_used"], row["score"]) == (80, 8.0)


@pytest.mark.parametrize("cell", ["=?", "#REF!", "约90"])
def test_what_cannot_be_read_is_not_nothing(cell: str) -> None:
    row = total(f"""
        | name         | adjusted | executed | weight |
        | 年度资金总额 | {cell}   | 90       | 10     |
        | 财政拨款     | 100      | 90       |        |
    """)
    assert not row["is_rebuilt"]
    assert pd.isna(row["ratio"])


@pytest.mark.parametrize(
    ("executed", "score"), [("0", 0.0), ("-5", 0.0), ("99.97", 10.0), ("99.94", 9.99), ("100", 10.0), ("250", 10.0)]
)
def test_points_lie_between_0_and_the_weight(executed: str, score: float) -> None:
    row = total(f"""
        | name         | adjusted | executed   | weight |
        | 年度资金总额 | 100      | {executed} | 10     |
    """)
    assert row["score"] == score


def test_parts_have_ratios_but_no_points() -> None:
    found = of("""
        | name         | adjusted | executed | weight |
        | 年度资金总额 | 100      | 90       | 10     |
        | 财政拨款     | 80       | 80       | 10     |
        | 其他资金     | 0        | 0        |        |
    """)
    assert found["ratio"].tolist() == pytest.approx([0.9, 1.0, NOTHING], nan_ok=True)
    assert found["score"].tolist() == pytest.approx([9.0, NOTHING, NOTHING], nan_ok=True)


def test_a_form_that_does_not_score_execution() -> None:
    row = total(
        """
        | name         | adjusted | executed | weight |
        | 年度资金总额 | 100      | 90       | 10     |
        """,
        form="guangdong-department-2022",
    )
    assert row["ratio"] == 0.9
    assert pd.isna(row["score"])


# ---------------------------------------------------------------- rules as data


def ratios(rubric: str, *executed: str, weight: str = "10", budget: str = "100") -> list[float]:
    """Return the points of tables that differ in what was executed."""
    drawings = [
        Drawing(
            budget=f"""
                | name         | adjusted | executed | weight   |
                | 年度资金总额 | {budget} | {amount} | {weight} |
            """,
            rubric=values(f"[execution]\n{rubric}"),
        )
        for amount in executed
    ]
    found: list[float] = reviewed(*drawings).scored.budget["score"].tolist()
    return found


@pytest.mark.parametrize(
    ("rubric", "expected"),
    [
        ("rule = 'linear'", (10, 9.5, 9.49, 7.99, 0)),
        ("full_from = 0.95", (10, 10, 9.49, 7.99, 0)),
        ("nothing_below = 0.8", (10, 9.5, 9.49, 0, 0)),
        ("rule = 'stepped'\nsteps = [[1.0, 1.0], [0.8, 0.7], [0.6, 0.5]]", (10, 7, 7, 5, 0)),
        ("rule = 'per_step'\nstep = 0.05\nstep_points = 2", (10, 8, 8, 2, 0)),
        ("rule = 'per_step'\nstep = 0.05\nstep_points = 2\nstep_count = 'started'", (10, 8, 6, 0, 0)),
        ("rule = 'per_step'\nstep = 0.05\nstep_points = 2\nstep_count = 'exact'", (10, 8, 7.96, 1.96, 0)),
    ],
)
def test_rules_of_execution(rubric: str, expected: tuple[float, ...]) -> None:
    assert ratios(rubric, "100", "95", "94.9", "79.9", "0") == pytest.approx(list(expected))


@pytest.mark.parametrize(
    ("rubric", "expected"),
    [
        ("", (10, 10, 10)),
        ("rule = 'stepped'\nsteps = [[1.0, 1.0], [0.8, 0.7]]", (10, 10, 10)),
        ("above_full = 0.0", (10, 10, 0)),
        ("rule = 'stepped'\nsteps = [[1.0, 1.0], [0.8, 0.7]]\nabove_full = 0.5", (10, 10, 5)),
    ],
)
def test_more_than_the_budget(rubric: str, expected: tuple[float, ...]) -> None:
    assert ratios(rubric, "100", "100.004", "100.01") == list(expected)


def test_a_ratio_that_is_rounded_first() -> None:
    assert ratios("round_ratio_first = false", "66.6666", weight="1000") == [666.67]
    assert ratios("round_ratio_first = true", "66.6666", weight="1000") == [666.7]
    steps = "rule = 'stepped'\nsteps = [[0.8, 1.0]]\n"
    assert ratios(f"{steps}round_ratio_first = true", "79.995", "79.994") == [10, 0]
    assert ratios(f"{steps}round_ratio_first = false", "79.995", "79.994") == [0, 0]


def test_points_for_no_budget() -> None:
    assert ratios("zero_budget = 'zero'", "0", "5", budget="0") == [0, 0]
    assert ratios("zero_budget = 'manual'", "0", budget="0") == pytest.approx([NOTHING], nan_ok=True)
    assert ratios("zero_budget = 'zero'", "5", budget="") == pytest.approx([NOTHING], nan_ok=True)


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(["", "full_from = 0.95", "rule = 'per_step'\nstep = 0.05\nstep_points = 2", "nothing_below = 0.6"]),
    st.lists(st.integers(min_value=-10, max_value=150), min_size=2, max_size=6).map(sorted),
)
def test_more_execution_never_earns_less(rubric: str, executed: list[int]) -> None:
    found = ratios(rubric, *map(str, executed))
    assert found == sorted(found)
    assert all(0 <= score <= 10 for score in found)


@settings(max_examples=25, deadline=None)
@given(
    st.decimals(min_value="0.01", max_value=9000, places=2),
    st.decimals(min_value=0, max_value=9000, places=2),
)
def test_yuan_or_ten_thousands_of_yuan_give_one_ratio(budget: object, executed: object) -> None:
    def ratio(budget: str, executed: str, unit: str) -> Reviewed:
        drawing = f"""
            | name         | adjusted | executed   | weight |
            | 年度资金总额 | {budget} | {executed} | 10     |
        """
        return reviewed(Drawing(budget=drawing, money_unit=unit))

    in_wan = ratio(f"{budget}", f"{executed}", "万元").scored.budget
    in_yuan = ratio(f"{budget}万元", f"{executed}万元", "元").scored.budget
    assert in_yuan["ratio"].tolist() == pytest.approx(in_wan["ratio"].tolist())
    assert in_yuan["score"].tolist() == in_wan["score"].tolist()


def test_no_money_at_all() -> None:
    found = reviewed(Drawing(indicators="| level3 | weight | reported_score |\n| 甲 | 100 | 100 |"))
    assert found.scored.budget.empty
    again = score_execution(
        found.frames.budget.assign(full_marks=pd.Series(dtype=float)), found.frames.tables, load_forms()
    )
    assert {"ratio", "score", "denominator"} <= set(again.columns)
