"""Rules of quantities and dates as rubric files name them, with the points that each gives."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.forms.definitions import NATIONAL, load_forms
from perfxl.scoring.indicators import score_indicators
from tests.checks.tables import Drawing, Reviewed, reviewed
from tests.scoring.rubrics import values

NOTHING = float("nan")
Q = "[quantitative]\n"


def of(rubric: str, *rows: tuple[str, str], weight: str = "10", name: str = "指标", **more: str) -> Reviewed:
    """Review rows of (target, actual) under a rubric file, nothing filled in."""
    names = ["level3", "target", "actual", "weight", "reported_score", *more]
    lines = [" | ".join([name, target, actual, weight, "0", *more.values()]) for target, actual in rows]
    drawing = "\n".join(f"| {line} |" for line in (" | ".join(names), *lines))
    return reviewed(Drawing(indicators=drawing, rest=False, rubric=values(rubric)))


def scores(rubric: str, *rows: tuple[str, str], **facts: str) -> list[float]:
    found: list[float] = of(rubric, *rows, **facts).scored.indicators["score"].tolist()
    return found


def near(*expected: float) -> object:
    return pytest.approx(list(expected), nan_ok=True)


# ---------------------------------------------------------------- above and below a target


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("linear_excess", (10, 9.0, 7.5, 5.0, 0, 0)),
        ("inverse_ratio", (10, 9.09, 8.0, 6.67, 5.0, 3.33)),
        ("all_or_nothing", (10, 0, 0, 0, 0, 0)),
    ],
)
def test_the_three_families_for_what_is_better_low(rule: str, expected: tuple[float, ...]) -> None:
    rows = [("≤100", str(actual)) for actual in (100, 110, 125, 150, 200, 300)]
    assert scores(f"{Q}reverse = '{rule}'", *rows) == near(*expected)


def test_all_or_nothing_for_what_is_better_high() -> None:
    assert scores(f"{Q}forward = 'all_or_nothing'", ("≥100", "100"), ("≥100", "99.9"), ("≥100", "")) == near(
        10, 0, NOTHING
    )


def test_steps_along_the_actual_value() -> None:
    """重点支出安排率 of Hunan, 5 points."""
    rubric = f"{Q}forward = 'stepped'\nmeasure = 'actual'\nsteps = [[90, 1.0], [80, 0.8], [70, 0.6], [60, 0.4]]"
    rows = [("≥90%", f"{actual}%") for actual in (90, 89.9, 70, 60, 59)]
    assert scores(rubric, *rows, weight="5") == near(5, 4, 3, 2, 0)


def test_steps_down_to_a_target_of_0() -> None:
    """预算控制率 of Hunan, 8 points; 1922.76 and 767.86 more is 39.94 %."""
    rubric = f"{Q}reverse = 'stepped'\nmeasure = 'actual'\nsteps = [[0, 1.0], [10, 0.75], [20, 0.5], [30, 0.25]]"
    rows = [("≤0%", f"{actual}%") for actual in (-2, 0, 9.99, 20, 30, 39.94)]
    assert scores(rubric, *rows, weight="8") == near(8, 8, 6, 4, 2, 0)


def test_points_off_a_step_short_of_a_target() -> None:
    """预算完成率 of Hunan, 8 points: each 5 points of per cent short take off 2."""
    rubric = f"{Q}forward = 'per_step'\nmeasure = 'actual'\nstep = 5\nstep_points = 2\nstep_count = 'started'"
    rows = [("100%", f"{actual}%") for actual in (100, 99, 95, 94, 81, 80)]
    assert scores(rubric, *rows, weight="8") == near(8, 6, 6, 4, 0, 0)


def test_points_off_a_step_above_a_ceiling() -> None:
    """财政供养人员控制率 of Hunan, 5 points: to 100 % all, each point above takes off 0.5."""
    rubric = f"{Q}reverse = 'per_step'\nstep = 0.01\nstep_points = 0.5\nstep_count = 'exact'"
    rows = [("≤100%", f"{actual}%") for actual in (95.10, 100, 101, 104.5, 110, 120)]
    assert scores(rubric, *rows, weight="5") == near(5, 5, 4.5, 2.75, 0, 0)


def test_steps_along_the_rate_say_nothing_of_a_target_of_0() -> None:
    rubric = f"{Q}reverse = 'stepped'\nsteps = [[1.0, 1.0]]"
    assert scores(rubric, ("≤0起", "0起"), ("≤0起", "1起"), ("≤10起", "10起"), ("≤10起", "11起")) == near(10, 0, 10, 0)


@pytest.mark.parametrize(
    ("equal", "score", "status"), [("at_least", 10, "scored"), ("exact", 5, "scored"), ("judged", NOTHING, "accepted")]
)
def test_more_than_an_exact_target(equal: str, score: float, status: str) -> None:
    found = of(
        f"{Q}equal = '{equal}'", ("=4次", "6次"), ("=4次", "4次"), ("=4次", "2次"), ("≥4次", "6次")
    ).scored.indicators
    assert found["score"].tolist() == near(score, 10, 5, 10)
    assert found["status"].tolist() == [status, "scored", "scored", "scored"]


@pytest.mark.parametrize(
    ("rule", "above"),
    [("reverse", 9.0), ("met", 10), ("linear_excess", 9.0), ("inverse_ratio", 9.09), ("all_or_nothing", 0)],
)
def test_more_than_a_range(rule: str, above: float) -> None:
    rows = [("80%-90%", f"{actual}%") for actual in (60, 80, 90, 99)]
    assert scores(f"{Q}range_above = '{rule}'", *rows) == near(7.5, 10, 10, above)


def test_several_parts_are_left_to_a_person_under_any_rule() -> None:
    found = of(f"{Q}forward = 'all_or_nothing'", ("≥3个，覆盖率100%", "3个，100%")).scored.indicators
    assert found["status"].tolist() == ["manual"]


# ---------------------------------------------------------------- far from the target


@pytest.mark.parametrize(
    ("rubric", "expected"),
    [
        ("reduction = 'none'", (10, 10, 10, 10)),
        ("reduction = 'linear'", (10, 10, 9.0, 6.0)),
        ("reduction = 'linear'\nreduction_slope = 1\nreduction_floor = 0", (10, 10, 8.0, 0)),
        ("reduction = 'stepped'\nreduction_steps = [[1.5, 0.9], [3.0, 0.7]]", (10, 10, 9.0, 7.0)),
        ("reduction = 'linear'\nover_achievement = 1.2", (10, 9.55, 8.5, 6.0)),
    ],
)
def test_reductions_of_rows_far_above(rubric: str, expected: tuple[float, ...]) -> None:
    assert scores(Q + rubric, ("≥100", "110"), ("≥100", "129"), ("≥100", "150"), ("≥100", "400")) == near(*expected)


def test_a_reason_or_a_rate_that_is_capped_by_nature_is_not_reduced() -> None:
    rubric = f"{Q}reduction = 'linear'"
    assert scores(rubric, ("≥100", "150"), reason="本年报名人数超出预计") == [10]
    assert scores(rubric, ("≥100", "150"), reason="疫情") == [9]
    assert scores(rubric, ("≥60%", "95%"), name="群众满意度") == [10]
    assert scores(rubric, ("≤100", "50")) == [10]


@pytest.mark.parametrize(
    ("ask", "reason", "codes"),
    [
        ("reason", "", ["IND-05"]), ("reason", "本年报名人数超出预计", []), ("always", "本年报名人数超出预计", ["IND-05"]),
        ("never", "", []),
    ],
)  # fmt: skip
def test_whether_a_reason_is_asked_for(ask: str, reason: str, codes: list[str]) -> None:
    found = of(f"{Q}ask = '{ask}'", ("≥50", "65"), reason=reason)
    assert [finding.code for finding in found.of("IND-05")] == codes


def test_far_below_a_ceiling() -> None:
    rows = [("≤100", "70"), ("≤100", "70.1"), ("≤100", "-1"), ("≥100", "50"), ("=0", "0")]
    found = of(f"{Q}far_below = 0.7", *rows, reason="")
    assert found.scored.indicators["is_far_below"].tolist() == [True] + [False] * 4
    (finding,) = found.of("IND-05")
    assert finding.message == "实际完成值 70 是年度指标值 ≤100 的 70.00%，远低于上限，指标值可能过宽，未说明原因"
    assert finding.severity == "info"
    assert not of("", *rows, reason="").of("IND-05")


# ---------------------------------------------------------------- rules of classes and names


def test_rules_of_single_classes_and_names() -> None:
    rubric = """
        [[quantitative.rules]]
        level2 = ["成本"]
        reverse = "all_or_nothing"
        [[quantitative.rules]]
        names = ["事故"]
        reverse = "inverse_ratio"
    """
    indicators = """
        | level1   | level2   | level3   | target | actual | weight | reported_score |
        | 产出指标 | 成本指标 | 人均成本 | ≤100   | 110    | 10     | 0              |
        |          | 成本指标 | 事故损失 | ≤100   | 110    | 10     | 9.09           |
        |          | 质量指标 | 事故起数 | ≤10    | 20     | 10     | 5              |
        |          | 质量指标 | 差错率   | ≤10%   | 11%    | 10     | 9              |
        |          | 质量指标 | 合格率   | ≥90%   | 45%    | 10     | 5              |
    """
    found = reviewed(Drawing(indicators=indicators, rest=False, rubric=values(rubric)))
    assert found.scored.indicators["score"].tolist() == [0, 9.09, 5, 9, 5]
    assert found.scored.indicators["reverse"].tolist()[:3] == ["all_or_nothing", "inverse_ratio", "inverse_ratio"]
    assert not found.of("IND-03")


def test_a_filled_score_that_fits_any_accepted_rule_is_not_called_wrong() -> None:
    rubric = f"{Q}reverse = 'all_or_nothing'\nalso_accepted = ['linear_excess', 'inverse_ratio']"
    indicators = """
        | level3 | target | actual | weight | reported_score | reason           |
        | 甲     | ≤90    | 99     | 8      | 7.2            | 材料价格上涨较多 |
        | 乙     | ≤90    | 99     | 8      | 7.27           | 材料价格上涨较多 |
        | 丙     | ≤90    | 99     | 8      | 7.5            | 材料价格上涨较多 |
    """
    found = reviewed(Drawing(indicators=indicators, rubric=values(rubric)))
    assert found.scored.indicators["score"].tolist()[:3] == [0, 0, 0]
    assert found.scored.indicators["alternative_score"].tolist()[:3] == [7.2, 7.27, 7.27]
    assert [finding.cell.row for finding in found.of("IND-03") if finding.cell] == [3]


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("late", "actual", "score"),
    [
        ("per_day", "2023年6月30日", 10), ("per_day", "2023年7月1日", 9.5), ("per_day", "2023年7月10日", 5),
        ("per_day", "2023年9月1日", 0), ("per_day", "2023年7月", NOTHING),
        ("per_month", "2023年7月1日", 9.5), ("per_month", "2023年7月", 9.5), ("per_month", "2024年1月5日", 6.5),
        ("judged", "2023年7月1日", NOTHING),
    ],
)  # fmt: skip
def test_points_off_a_date_that_was_missed(late: str, actual: str, score: float) -> None:
    found = of(f"[dates]\nlate = '{late}'\npoints = 0.5", ("2023年6月底前", actual)).scored.indicators
    assert found["score"].tolist() == near(score)
    assert found["status"].tolist() == ["accepted" if pd.isna(score) else "scored"]


def test_an_overpaid_date_says_how_late_it_was() -> None:
    indicators = """
        | level3   | target        | actual        | weight | reported_score | reason       |
        | 完成时间 | 2023年6月底前 | 2023年7月10日 | 10     | 9              | 汛期停工十日 |
    """
    rubric = values("[dates]\nlate = 'per_day'\npoints = 0.5")
    (finding,) = reviewed(Drawing(indicators=indicators, rubric=rubric)).of("IND-03")
    assert "逾期 10 天（2023年6月底前，实际 2023年7月10日），应得 10 × 50.00% = 5 分" in finding.message


# ---------------------------------------------------------------- what is said of a score that was filled in


@pytest.mark.parametrize(
    ("rubric", "target", "actual", "said"),
    [
        (
            f"{Q}reduction = 'linear'", "≥100", "200",
            "完成率 200 ÷ 100 = 200.00%，超出指标值，按本表规则折减，应得 10 × 65.00% = 6.5 分",
        ),
        (
            f"{Q}equal = 'exact'", "=4次", "6次",
            "完成率 6 ÷ 4 = 150.00%，超出指标值，按本表规则折减，应得 10 × 50.00% = 5 分",
        ),
        (f"{Q}forward = 'all_or_nothing'", "≥100%", "99%", "完成率 99 ÷ 100 = 99.00%，应得 0 分"),
        (
            f"{Q}range_above = 'inverse_ratio'", "80%-90%", "99%",
            "目标 ÷ 完成 = 90 ÷ 99 = 90.91%，应得 10 × 90.91% = 9.09 分",
        ),
        (
            f"{Q}reverse = 'per_step'\nstep = 0.01\nstep_points = 0.5", "≤100%", "103%",
            "完成 103%，高于目标 100%，应得 10 × 85.00% = 8.5 分",
        ),
        ("[dates]\nlate = 'per_month'\npoints = 1", "2023年6月底前", "2023年8月", "逾期 2 个月（2023年6月底前，实际 2023年8月）"),
    ],
)  # fmt: skip
def test_the_arithmetic_of_a_score_that_is_too_high(rubric: str, target: str, actual: str, said: str) -> None:
    indicators = f"""
        | level3 | target   | actual   | weight | reported_score | reason |
        | 指标   | {target} | {actual} | 10     | 10             | 见附件 |
    """
    (finding,) = reviewed(Drawing(indicators=indicators, rubric=values(rubric))).of("IND-03")
    assert finding.message.startswith(said)


def test_the_arithmetic_of_a_score_that_is_too_low() -> None:
    indicators = "| level3 | target | actual | weight | reported_score | reason |\n| 指标 | ≤3% | 4% | 10 | 9 | |"
    rubric = values(f"{Q}reverse = 'stepped'\nmeasure = 'actual'\nsteps = [[5, 1.0], [10, 0.5]]")
    (finding,) = reviewed(Drawing(indicators=indicators, rubric=rubric)).of("IND-04")
    assert finding.message.startswith("完成 4%，高于目标 3%，按本表规则仍得满分，指标已完成，应得 10 分")


# ---------------------------------------------------------------- words and rounding


def test_bands_are_data() -> None:
    for bands, lowest in (("[[0.8, 1.0], [0.6, 0.8], [0.0, 0.6]]", 6), ("[[0.8, 1.0], [0.5, 0.8], [0.0, 0.5]]", 5)):
        found = of(f"[qualitative]\nbands = {bands}", ("明显改善", "部分完成")).scored.indicators
        assert (found["lowest"].tolist(), found["highest"].tolist()) == ([lowest], [8])


@pytest.mark.parametrize(("lifts", "status"), [("true", "accepted"), ("false", "manual")])
def test_a_reason_lifts_the_band_where_the_rubric_lets_it(lifts: str, status: str) -> None:
    found = of(
        f"[qualitative]\nreason_lifts_band = {lifts}", ("明显改善", "达成预期指标"), reason="佐证材料不全，自扣分"
    )
    assert found.scored.indicators["status"].tolist() == [status]


@pytest.mark.parametrize(("places", "score"), [(0, 3), (1, 3.3), (2, 3.33), (3, 3.333)])
def test_decimals_are_data(places: int, score: float) -> None:
    found = of(f"[rounding]\nplaces = {places}", ("≥3", "1"), ("≥3", "")).scored
    assert found.indicators["score"].tolist() == near(score, NOTHING)
    assert found.tables["score"].tolist() == [score]


@pytest.mark.parametrize(("tolerance", "codes"), [("0.01", ["IND-03"]), ("0.1", [])])
def test_strict_and_lenient_tolerances(tolerance: str, codes: list[str]) -> None:
    indicators = (
        "| level3 | target | actual | weight | reported_score | reason |\n| 甲 | ≥100 | 87 | 10 | 8.79 | 报名不足预计 |"
    )
    found = reviewed(Drawing(indicators=indicators, rubric=values(f"[tolerance]\nscore = {tolerance}")))
    assert [finding.code for finding in found.of("IND-03")] == codes


# ---------------------------------------------------------------- properties

RUBRICS = [
    "",
    f"{Q}reverse = 'inverse_ratio'",
    f"{Q}forward = 'all_or_nothing'\nreverse = 'all_or_nothing'",
    f"{Q}forward = 'stepped'\nreverse = 'stepped'\nsteps = [[1.0, 1.0], [0.8, 0.7], [1.2, 0.7]]",
    f"{Q}forward = 'per_step'\nreverse = 'per_step'\nstep = 0.05\nstep_points = 2",
    f"{Q}reduction = 'linear'",
    "[rounding]\nplaces = 3",
]


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(RUBRICS),
    st.sampled_from("≥≤="),
    st.integers(min_value=1, max_value=500),
    st.lists(st.integers(min_value=0, max_value=1500), min_size=2, max_size=8),
)
def test_scores_lie_between_0_and_the_weight_and_are_those_of_each_row_alone(
    rubric: str, sign: str, target: int, actuals: list[int]
) -> None:
    rows = [(f"{sign}{target}次", f"{actual}次") for actual in actuals]
    found = scores(rubric, *rows)
    assert all(0 <= score <= 10 for score in found)
    assert found == [score for row in rows[:2] for score in scores(rubric, row)] + found[2:]
    assert scores(rubric, *reversed(rows)) == found[::-1]


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([text for text in RUBRICS if "reduction" not in text and "[1.2" not in text]),
    st.integers(min_value=1, max_value=500),
    st.lists(st.integers(min_value=0, max_value=1500), min_size=2, max_size=8).map(sorted),
)
def test_more_is_never_worse_and_never_better_where_less_is(rubric: str, target: int, actuals: list[int]) -> None:
    up = scores(rubric, *((f"≥{target}次", f"{actual}次") for actual in actuals))
    down = scores(rubric, *((f"≤{target}次", f"{actual}次") for actual in actuals))
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(RUBRICS), st.sampled_from("≥≤="), st.integers(1, 900), st.integers(0, 900))
def test_a_change_of_unit_changes_no_score(rubric: str, sign: str, target: int, actual: int) -> None:
    in_wan = (f"{sign}{target}万元", f"{actual}万元")
    in_yuan = (f"{sign}{target * 10000}元", f"{actual * 10000}元")
    mixed = (f"{sign}{target}万元", f"{actual * 10000}元")
    one, other, third = scores(rubric, in_wan, in_yuan, mixed)
    assert one == other == third


# ---------------------------------------------------------------- numbers that cells show rounded


@pytest.mark.parametrize("index", [[0, 1, 2, 3], [7, 5, 12, 9]])
def test_numbers_shown_are_another_reading_of_their_rows_alone(index: list[int]) -> None:
    drawn = of("", ("≥100", "96.4"), ("≥100", "80"), ("≤100", "125.4"), ("≥100", "完成")).scored
    rows = drawn.indicators.set_axis(index).assign(actual_shown=[96, NOTHING, 125, NOTHING])
    found = score_indicators(rows, drawn.tables.assign(rubric=NATIONAL), load_forms())
    assert found.index.tolist() == index
    assert found["score"].tolist() == near(9.64, 8, 7.46, NOTHING)
    assert found["alternative_score"].iloc[:2].tolist() == near(9.6, NOTHING)
    # The other rule for what is better low, target ÷ actual, lies farther from the 0 that is filled in.
    assert found["alternative_score"].iloc[2:].tolist() == near(7.5, NOTHING)
