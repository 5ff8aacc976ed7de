"""What becomes of an indicator row: computed by rule, left to judgement and taken, or left to a person."""

import pandas as pd
import pytest

from tests.checks.tables import Drawing, reviewed

NOTHING = float("nan")


def rows(indicators: str, **facts: object) -> pd.DataFrame:
    drawing = Drawing(indicators=indicators, rest=False)
    for name, value in facts.items():
        setattr(drawing, name, value)
    return reviewed(drawing).scored.indicators


def one(target: str, actual: str, score: str = "10", weight: str = "10", **more: str) -> dict[str, object]:
    names = ["level3", "target", "actual", "weight", "reported_score", *more]
    values = ["指标", target, actual, weight, score, *more.values()]
    (row,) = rows(f"| {' | '.join(names)} |\n| {' | '.join(values)} |").to_dict("records")
    return {str(key): value for key, value in row.items()}


# ---------------------------------------------------------------- computed


@pytest.mark.parametrize(
    ("target", "actual", "score"),
    [
        ("≥100", "87", 8.7),
        (">100", "100", 10.0),  # > and ≥ are scored alike
        ("=4次", "6次", 10.0),  # overshoot is met
        ("=4次", "3次", 7.5),
        ("≥3", "1", 3.33),
        ("≥1.2亿元", "11000万元", 9.17),
        ("95%以上", "95", 10.0),
        ("=0起", "0起", 10.0),
        ("≤0起", "2起", 0.0),
        ("0件", "0件", 10.0),
        ("80%-90%", "85%", 10.0),
        ("80%-90%", "60%", 7.5),
        ("80%-90%", "99%", 9.0),
        ("2023年12月底前", "2023年11月", 10.0),
    ],
)
def test_scored(target: str, actual: str, score: float) -> None:
    row = one(target, actual)
    assert (row["status"], row["score"], row["taken_score"]) == ("scored", score, score)


def test_a_weight_of_nothing_earns_nothing() -> None:
    row = one("≥100", "100", score="0", weight="0")
    assert (row["status"], row["score"]) == ("scored", 0.0)


# ---------------------------------------------------------------- judged


@pytest.mark.parametrize(
    ("actual", "lowest", "highest", "inside", "outside"),
    [
        ("达成预期指标", 8, 10, ["8", "10"], ["7.99", "10.01"]),
        ("部分完成", 6, 8, ["6", "7.99"], ["5.99", "8"]),
        ("未完成", 0, 6, ["0", "5.99"], ["6", "-1"]),
        ("有所改善", 0, 10, ["0", "10"], ["10.5"]),
    ],
)
def test_tiers(actual: str, lowest: float, highest: float, inside: list[str], outside: list[str]) -> None:
    for score in inside:
        row = one("明显改善", actual, score)
        assert (row["status"], row["lowest"], row["highest"]) == ("accepted", lowest, highest)
        assert row["taken_score"] == float(score)
        assert pd.isna(row["score"])
    for score in outside:
        row = one("明显改善", actual, score)
        assert row["status"] == "manual"
        assert pd.isna(row["taken_score"])


def test_bounds_are_rounded_before_they_are_compared() -> None:
    row = one("明显改善", "达成预期指标", "1.03", weight="1.29")  # 0.8 × 1.29 = 1.032
    assert (row["lowest"], row["status"]) == (1.03, "accepted")


@pytest.mark.parametrize(
    ("reason", "status"), [("佐证材料不全，自扣三分", "accepted"), ("疫情", "manual"), ("", "manual")]
)
def test_a_met_indicator_may_be_marked_down_with_a_reason(reason: str, status: str) -> None:
    assert one("明显改善", "达成预期指标", "7", reason=reason)["status"] == status


@pytest.mark.parametrize(("score", "status"), [("10", "manual"), ("9.99", "accepted"), ("0", "accepted")])
def test_a_late_date_may_earn_anything_but_full_marks(score: str, status: str) -> None:
    row = one("2023年6月底前", "2024年2月", score)
    assert (row["status"], row["highest"], row["is_open_above"]) == (status, 10, True)


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("9月前", "9月"),  # which September day is meant is not told
        ("明显改善", "/"),
        ("明显改善", ""),
        ("/", "完成"),
        ("≥3个，覆盖率100%", "3个，100%"),
        ("≥95%", "0.97"),
        ("≤30万元", "完成"),
        ("≥0次", "3次"),
        ("0件", "3件"),
    ],
)
def test_what_cannot_be_told_is_left_to_a_person(target: str, actual: str) -> None:
    assert one(target, actual)["status"] == "manual"


def test_a_score_sheet_is_judged_within_its_weights() -> None:
    found = rows("""
        | level3 | weight | reported_score |
        | 甲     | 5      | 5              |
        | 乙     | 5      | 0              |
        | 丙     | 5      | 5.01           |
        | 丁     | 5      |                |
    """)
    assert found["status"].tolist() == ["accepted", "accepted", "manual", "manual"]


def test_rows_without_points_are_accepted() -> None:
    found = rows("""
        | level3       | target | actual | weight | reported_score |
        | 面积         | 29亩   | 29亩   | 20     | 20             |
        | 其中桃树面积 | 1.5亩  | 1.5亩  |        |                |
        | 生态效益     | /      | /      |        |                |
        | 经济效益     | /      | /      | 0      | 0              |
    """)
    assert found["status"].tolist() == ["scored", "accepted", "accepted", "accepted"]


def test_a_form_without_weights_is_taken_as_filled() -> None:
    found = rows("""
        | level3 | target   | actual   | reported_score |
        | 渔船数 | 6        | 5        | 20             |
        | 制度   | 健全     | 健全     | 10             |
        | 发放率 | ≥95%     | 0.97     | 10             |
        | 宣传   | ≥3次     | 3次      | -1             |
    """)
    assert found["status"].tolist() == ["accepted", "accepted", "manual", "manual"]
    assert found["taken_score"].tolist() == pytest.approx([20, 10, NOTHING, NOTHING], nan_ok=True)


# ---------------------------------------------------------------- cells merged over several rows


def test_one_weight_over_rows_that_are_met() -> None:
    found = rows("""
        | level3 | target | actual | weight | reported_score |
        | 人次   | ≥100   | 100    | 10     | 10             |
        | 合格率 | ≥95%   | 96%    | ^      | ^              |
    """)
    assert found["status"].tolist() == ["scored", "accepted"]
    assert found["score"].tolist() == pytest.approx([10, NOTHING], nan_ok=True)


def test_one_weight_over_rows_of_which_one_is_short() -> None:
    found = rows("""
        | level3 | target | actual | weight | reported_score |
        | 人次   | ≥100   | 100    | 10     | 9              |
        | 合格率 | ≥95%   | 90%    | ^      | ^              |
    """)
    assert found["status"].tolist() == ["manual", "accepted"]


def test_one_weight_over_rows_in_words() -> None:
    found = rows("""
        | level3 | target | actual   | weight | reported_score |
        | 制度   | 健全   | 较健全   | 10     | 9              |
        | 人次   | ≥100   | 100      | ^      | ^              |
        | 培训   | 全员   | 部分完成 | 10     | 9              |
        | 人次   | ≥100   | 100      | ^      | ^              |
    """)
    assert found["status"].tolist() == ["accepted", "accepted", "manual", "accepted"]


def test_one_score_over_rows_with_weights_of_their_own() -> None:
    found = rows("""
        | level3 | target | actual | weight | reported_score |
        | 人次   | ≥100   | 100    | 10     | 20             |
        | 合格率 | ≥95%   | 96%    | 10     | ^              |
        | 及时率 | ≥95%   | 96%    | 10     | 10             |
    """)
    assert found["is_comparable"].tolist() == [False, False, True]
    assert found["taken_score"].tolist() == [10, 10, 10]


# ---------------------------------------------------------------- weights as shares


@pytest.mark.parametrize(("one_weight", "other"), [("60%", "40%"), ("0.6", "0.4")])
def test_shares_of_one_beside_scores_out_of_a_hundred(one_weight: str, other: str) -> None:
    found = rows(f"""
        | level3 | target | actual | weight       | reported_score |
        | 人次   | ≥100   | 50     | {one_weight} | 30             |
        | 合格率 | ≥95%   | 96%    | {other}      | 40             |
    """)
    assert found["full_marks"].tolist() == pytest.approx([60, 40])
    assert found["score"].tolist() == [30, 40]
    assert found["weight"].tolist() == pytest.approx([0.6, 0.4])  # as filled


def test_shares_of_one_beside_scores_that_are_shares_too() -> None:
    found = rows("""
        | level3 | target | actual | weight | reported_score |
        | 人次   | ≥100   | 50     | 0.6    | 0.3            |
        | 合格率 | ≥95%   | 96%    | 0.4    | 0.4            |
    """)
    assert found["full_marks"].tolist() == pytest.approx([0.6, 0.4])
    assert found["score"].tolist() == [0.3, 0.4]


def test_a_negative_weight_earns_nothing() -> None:
    found = rows("""
        | level3 | target | actual | weight | reported_score |
        | 人次   | ≥100   | 50     | -5     | 0              |
    """)
    assert found["full_marks"].isna().all()
    assert found["status"].tolist() == ["manual"]


@pytest.mark.parametrize(
    ("indicators", "note"),
    [
        ("| level3 | target | actual |\n| 里程 | 100 | 90 |", "本表没有分值和得分，不计分"),
        (
            "| level3 | target | actual |\n| 条件 | 改善 | 改善 |",
            "实际完成值与年度指标值文字相同，按达成理解；本表没有分值和得分，不计分",
        ),
        ("| level3 | target | actual | weight | reported_score |\n| 里程 | 100 | 90 | | 9 |", "没有分值，无法计分"),
        ("| level3 | target | actual | weight | reported_score |\n| 里程 | | 90 | 10 | 9 |", "年度指标值为空"),
        ("| level3 | weight | reported_score |\n| 甲 | 5 | 6 |", "得分不在应得的区间内，由人评定"),
        ("| level3 | weight | reported_score |\n| 甲 | 5 | |", "没有得分，由人评定"),
    ],
)
def test_a_row_left_to_a_person_says_why(indicators: str, note: str) -> None:
    (row,) = rows(indicators).to_dict("records")
    assert (row["status"], row["note"]) == ("manual", note)


def test_a_row_that_is_scored_needs_no_note() -> None:
    assert one("≥100", "87")["note"] is None
