"""Indicators that do not apply: which they are, and what each policy makes of the total."""

import pytest

from tests.checks.tables import Drawing, Reviewed, reviewed
from tests.scoring.rubrics import values

NOTHING = float("nan")
# 从化区委组织部 2022: 3 points for a business that there was not, 1 for a duty that was not done.
SEED = """
    | level1   | level3                   | weight | reported_score | reason                   |
    | 履职效能 | 其他                     | 50     | 47.6           | 人才国情研修班未能办成   |
    | 管理效能 | 新增预算项目事前绩效评估 | 3      | 0              | 本部门本年无新增预算项目 |
    |          | 资产盘点情况             | 1      | 0              | 本单位本年无进行资产盘点 |
    |          | 其他                     | 46     | 46             |                          |
"""
ALTERNATIVES = {"zero": 93.60, "rescale": 96.49, "full": 96.60, "siblings": 96.54}


def under(policy: str, indicators: str = SEED, **facts: str) -> Reviewed:
    rubric = values(f"[not_applicable]\npolicy = '{policy}'\n[execution]\nscored = {str('budget' in facts).lower()}")
    return reviewed(Drawing(indicators=indicators, rest=False, rubric=rubric, **facts))  # type: ignore[arg-type]  # facts of the drawing


@pytest.mark.parametrize(
    ("policy", "total", "own", "status"),
    [
        ("as_filled", 93.60, NOTHING, "accepted"),
        ("zero", 93.60, 0, "scored"),
        ("full", 96.60, 3, "scored"),
        ("rescale", 96.49, 2.89, "scored"),
        ("siblings", 96.54, 2.94, "scored"),
    ],
)
def test_totals_of_the_seed(policy: str, total: float, own: float, status: str) -> None:
    found = under(policy).scored
    assert found.tables["score"].tolist() == [total]
    assert found.tables["is_complete"].tolist() == [True]
    assert found.indicators["is_not_applicable"].tolist() == [False, True, False, False]
    assert found.indicators["score"].tolist()[1] == pytest.approx(own, nan_ok=True)
    assert found.indicators["status"].tolist()[1] == status
    assert found.groups["score"].tolist() == [47.6, pytest.approx(round(total - 47.6, 2))]


def test_the_four_totals_stand_beside_every_policy() -> None:
    for policy in ("as_filled", "full"):
        tables = under(policy).scored.tables
        assert {name: tables[f"total_if_{name}"].iloc[0] for name in ALTERNATIVES} == ALTERNATIVES


def test_what_is_said_of_the_row() -> None:
    (open_,) = under("as_filled").of("NA-01")
    assert open_.message.endswith(
        "按 0 分、满分、剔除折算、分值并入同类指标四种处理，总分分别为 93.6、96.6、96.49、96.54"
    )
    (ruled,) = under("rescale").of("NA-01")
    assert ruled.message.endswith("按本表规则剔除折算，应得 2.89 分")
    assert (ruled.expected, ruled.difference) == (2.89, -2.89)


def test_money_counts_among_the_rest() -> None:
    indicators = """
        | level1 | level3 | target | actual | weight | reported_score | reason     |
        | 产出   | 人次   | ≥100   | 80     | 80     | 64             | 报名不足   |
        | 效益   | 就业   | 提高   | 不涉及 | 10     | 0              | 本年不涉及 |
    """
    budget = """
        | name         | adjusted | executed | weight | reported_score |
        | 年度资金总额 | 100      | 50       | 10     | 5              |
    """
    found = under("rescale", indicators, budget=budget).scored
    assert found.tables["score"].tolist() == [76.67]  # 69 of 90
    # The whole class does not apply: its points go to the other classes.
    assert under("siblings", indicators, budget=budget).scored.tables["score"].tolist() == [76.67]


def test_several_rows_at_once() -> None:
    indicators = """
        | level1 | level3 | weight | reported_score | reason         |
        | 甲类   | 一     | 40     | 30             | 有两项未达标准 |
        | 甲类   | 二     | 10     | 0              | 本年不涉及     |
        | 乙类   | 三     | 40     | 40             |                |
        | 乙类   | 四     | 10     |                | 本年不涉及     |
    """
    expected = {"zero": 70, "full": 90, "rescale": 87.5, "siblings": 87.5}
    for policy, total in expected.items():
        found = under(policy, indicators).scored
        assert found.tables["score"].tolist() == [total]
        assert found.tables[f"total_if_{policy}"].tolist() == [total]
    assert under("siblings", indicators).scored.indicators["score"].tolist()[1::2] == [7.5, 10]


def test_what_is_left_to_a_person_leaves_the_share_open() -> None:
    indicators = SEED.replace("| 46             |", "| 47             |")  # above its weight
    assert under("rescale", indicators).scored.indicators["status"].tolist()[1] == "manual"
    assert under("full", indicators).scored.indicators["status"].tolist()[1] == "scored"


@pytest.mark.parametrize(
    ("score", "reason"),
    [("3", "本部门本年无新增预算项目"), ("1.5", "本部门本年无新增预算项目"), ("0", "本年未开展"), ("0", "")],
)
def test_near_misses(score: str, reason: str) -> None:
    indicators = f"| level3 | weight | reported_score | reason |\n| 评估 | 3 | {score} | {reason} |"
    found = under("full", indicators).scored
    assert found.indicators["is_not_applicable"].tolist() == [False]
    assert found.tables["score"].tolist() == [float(score)]
    assert found.tables["total_if_full"].isna().all()


def test_a_count_that_earns_0_by_rule_applies() -> None:
    indicators = """
        | level3 | target | actual | weight | reported_score | reason         |
        | 处置   | ≥2次   | 0次    | 5      | 0              | 本年无此类项目 |
    """
    assert not under("full", indicators).scored.indicators["is_not_applicable"].any()


def test_tables_side_by_side_are_treated_each_for_itself() -> None:
    rubric = values("[not_applicable]\npolicy = 'rescale'\n[execution]\nscored = false")
    other = SEED.replace("47.6", "50")
    drawings = [Drawing(indicators=text, rest=False, rubric=rubric) for text in (SEED, other, SEED)]
    assert reviewed(*drawings).scored.tables["score"].tolist() == [96.49, 98.97, 96.49]
