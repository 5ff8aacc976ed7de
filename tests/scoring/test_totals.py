"""Sums, subtotals, totals and grades."""

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.forms.definitions import NATIONAL, load_forms
from perfxl.scoring.score import score
from perfxl.scoring.totals import grade_of
from tests.checks.case_files import cases
from tests.checks.tables import Drawing, Reviewed, reviewed
from tests.scoring.rubrics import rubric, values

NATIONAL_GRADES = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
MIXED = """
    | level1         | level2   | level3   | target   | actual   | weight | reported_score | reason         |
    | 产出指标(50分) | 数量指标 | 培训人次 | ≥100     | 87       | 20     | 17.4           | 两期因汛情取消 |
    |                | 质量指标 | 合格率   | ≥95%     | 96%      | 30     | 30             |                |
    | 效益指标(30分) | 社会效益 | 知晓度   | 明显提高 | 有所提高 | 30     | 25             | 宣传覆盖面不够 |
    | 满意度(10分)   | 满意度   | 满意度   | ≥90%     | 95%      | 10     | 10             |                |
"""
MONEY = """
    | name         | adjusted | executed | weight | ratio | reported_score |
    | 年度资金总额 | 100      | 95       | 10     | 95%   | 9.5            |
"""


def table(found: Reviewed) -> dict[str, object]:
    (row,) = found.scored.tables.to_dict("records")
    return {str(key): value for key, value in row.items()}


# ---------------------------------------------------------------- grades


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        (100, "优"), (90, "优"), (89.995, "优"), (89.99, "良"), (89.994, "良"), (80, "良"), (79.99, "中"), (60, "中"),
        (59.99, "差"), (0, "差"),
    ],
)  # fmt: skip
def test_grade(total: float, grade: str) -> None:
    assert grade_of(total, NATIONAL_GRADES) == grade


@pytest.mark.parametrize(("total", "grade"), [(90.01, "优"), (90, "良"), (90.004, "良"), (79.99, "中")])
def test_a_grade_that_begins_above_a_number(total: float, grade: str) -> None:
    scale = rubric("[grades]\n'优' = { above = 90 }\n'良' = 80\n'中' = 60\n'差' = 0").grades
    assert grade_of(total, scale) == grade


@pytest.mark.parametrize(("places", "grade"), [(2, "优"), (3, "良")])
def test_a_grade_goes_by_the_total_as_rounded(places: int, grade: str) -> None:
    assert grade_of(89.995, NATIONAL_GRADES, places) == grade


def test_three_decimals_all_the_way() -> None:
    indicators = """
        | level1         | level3 | target | actual | weight | reported_score |
        | 产出指标(90分) | 甲     | ≥3     | 1      | 1      | 0.333          |
        |                | 乙     | ≥1     | 1      | 89     | 89             |
    """
    found = reviewed(Drawing(indicators=indicators, rest=False, rubric=values("[rounding]\nplaces = 3")))
    assert (found.scored.tables["score"].tolist(), found.scored.groups["score"].tolist()) == ([89.333], [89.333])
    assert table(found)["grade"] == "良"


def test_no_total_no_grade() -> None:
    assert grade_of(float("nan"), NATIONAL_GRADES) is None
    assert grade_of(-1, NATIONAL_GRADES) is None


# ---------------------------------------------------------------- totals


def test_a_total_is_the_sum_of_computed_and_accepted_scores() -> None:
    found = table(reviewed(Drawing(indicators=MIXED, budget=MONEY)))
    assert (found["weight_sum"], found["reported_sum"], found["score"]) == (100, 91.9, 91.9)
    assert (found["grade"], found["is_complete"], found["manual_weight"]) == ("优", True, 0)


def test_rows_left_to_a_person_are_not_in_the_total() -> None:
    indicators = MIXED.replace("96%", "0.96")
    found = table(reviewed(Drawing(indicators=indicators, budget=MONEY, total_reported_score="81")))
    assert (found["score"], found["is_complete"], found["manual_weight"]) == (61.9, False, 30)
    assert found["grade"] == "良"  # of the filled total


def test_execution_that_cannot_be_told_is_open_too() -> None:
    found = table(reviewed(Drawing(indicators=MIXED, budget=MONEY.replace("| 100 ", "| 0 "))))
    assert (found["score"], found["is_complete"], found["manual_weight"]) == (82.4, False, 10)
    assert found["grade"] is None


RATE_AMONG_ROWS = """
    | level3     | target | actual | weight | reported_score |
    | 预算执行率 | 100%   | 95%    | 10     | 9.5            |
    | 培训人次   | ≥100   | 100    | 90     | 90             |
"""


def test_points_of_the_execution_that_an_indicator_row_has_are_not_added_again() -> None:
    found = table(reviewed(Drawing(indicators=RATE_AMONG_ROWS, budget=MONEY, rest=False)))
    assert (found["weight_sum"], found["reported_sum"], found["score"]) == (100, 99.5, 99.5)
    # Where the rows make up 90 without those of the money, both count.
    beside = RATE_AMONG_ROWS.replace("| 90     | 90 ", "| 80     | 80 ")
    found = table(reviewed(Drawing(indicators=beside, budget=MONEY, rest=False)))
    assert (found["weight_sum"], found["reported_sum"], found["score"]) == (100, 99, 99)


def test_a_table_out_of_one_is_graded_as_one_out_of_a_hundred() -> None:
    indicators = """
        | level3 | target | actual | weight | reported_score |
        | 人次   | ≥100   | 90     | 0.6    | 0.54           |
        | 合格率 | ≥95%   | 96%    | 0.4    | 0.4            |
    """
    found = table(reviewed(Drawing(indicators=indicators, rest=False)))
    assert (found["score"], found["grade"], found["grade_of_filled"]) == (0.94, "优", "优")


def test_nothing_filled_in() -> None:
    indicators = """
        | level3 | target | actual | weight | reported_score |
        | 人次   | ≥100   |        | 100    |                |
    """
    found = table(reviewed(Drawing(indicators=indicators)))
    assert pd.isna(found["score"])
    assert pd.isna(found["reported_sum"])
    assert found["grade"] is None
    assert found["is_complete"] is False


def test_a_form_that_does_not_score_execution_leaves_it_out_of_its_sums() -> None:
    found = table(reviewed(Drawing(indicators=MIXED, budget=MONEY, form="guangdong-department-2022", rest=False)))
    assert (found["weight_sum"], found["reported_sum"]) == (90, 82.4)


@pytest.mark.parametrize("weight", ["", "=?", "十分"])
def test_a_weight_that_is_missing_leaves_the_sum_open(weight: str) -> None:
    indicators = MIXED.replace("| 20 ", f"| {weight} ")
    assert pd.isna(table(reviewed(Drawing(indicators=indicators, budget=MONEY, rest=False)))["weight_sum"])
    assert pd.isna(
        table(reviewed(Drawing(indicators=MIXED, budget=MONEY.replace("| 10 ", f"| {weight} "))))["weight_sum"]
    )


# ---------------------------------------------------------------- subtotals


def test_classes_and_level_2_classes_with_points() -> None:
    indicators = """
        | level1         | level2         | level3   | weight | reported_score |
        | 产出指标(50分) | 数量指标(30分) | 培训人次 | 30     | 27.5           |
        |                | 质量指标       | 合格率   | 20     |                |
        | 效益指标       | 社会效益       | 知晓率   | 50     | 45             |
    """
    subtotals = """
        | level1         | reported_score |
        | 产出指标(50分) | 48             |
    """
    groups = reviewed(Drawing(indicators=indicators, subtotals=subtotals)).scored.groups
    assert groups["path"].tolist() == [("产出指标(50分)",), ("产出指标(50分)", "数量指标(30分)"), ("效益指标",)]
    assert groups["level"].tolist() == [1, 2, 1]
    assert groups["declared_weight"].tolist() == pytest.approx([50, 30, float("nan")], nan_ok=True)
    assert groups["weight"].tolist() == [50, 30, 50]
    assert groups["reported_score"].tolist() == [27.5, 27.5, 45]
    assert groups["open_scores"].tolist() == [1, 0, 0]
    assert groups["score"].tolist() == pytest.approx([float("nan"), 27.5, 45], nan_ok=True)
    assert groups["typed_score"].tolist() == pytest.approx([48, float("nan"), float("nan")], nan_ok=True)
    assert groups["rows"].tolist() == [2, 1, 1]
    assert groups["cells"].iloc[0]["subtotal"].text == "48"


def test_one_class_under_two_goals_is_two_classes() -> None:
    indicators = """
        | goal  | level1   | level3 | weight | reported_score |
        | 目标1 | 产出指标 | 甲     | 40     | 40             |
        | 目标2 | 产出指标 | 乙     | 60     | 60             |
    """
    groups = reviewed(Drawing(indicators=indicators)).scored.groups
    assert groups["path"].tolist() == [("目标1", "产出指标"), ("目标2", "产出指标")]


def test_no_rows_no_groups() -> None:
    assert reviewed(Drawing(budget=MONEY)).scored.groups.empty


# ---------------------------------------------------------------- properties


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_a_total(shuffler: random.Random) -> None:
    found = reviewed(Drawing(indicators=MIXED, budget=MONEY))
    order = list(found.frames.indicators.index)
    shuffler.shuffle(order)
    frames = found.frames
    shuffled = type(frames)(frames.tables, frames.budget, frames.indicators.loc[order], frames.subtotals)
    again = score(shuffled, load_forms()).tables
    pd.testing.assert_frame_equal(again, found.scored.tables)


def test_frames_of_one_table_or_of_fifty_give_the_same() -> None:
    drawings = [case.drawing for case in cases() if case.drawing.form == NATIONAL and not case.drawing.rubric][:50]
    together = reviewed(*drawings).scored
    assert len(together.tables) == 50
    for table_id, drawing in enumerate(drawings):
        alone = reviewed(drawing).scored
        for name in ("tables", "budget", "indicators", "groups"):
            expected, found = getattr(alone, name), getattr(together, name)
            found = found[found["table_id"] == table_id]
            left, right = (
                frame.drop(columns=["table_id", "first", "book"], errors="ignore").reset_index(drop=True).astype(object)
                for frame in (found, expected)
            )
            pd.testing.assert_frame_equal(left, right, check_dtype=False)
