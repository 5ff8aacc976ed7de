"""TGT-01: what two submissions of one table have otherwise, and what is only written otherwise."""

import pytest

from perfxl.checks.changes import changes
from perfxl.model.columns import records
from tests.checks.tables import Drawing, reviewed

HEAD = "| level3 | target | actual | weight | reported_score |\n"
BEFORE = "| 培训人次 | ≥100人次 | 100人次 | 50 | 50 |\n| 合格率 | ≥95% | 96% | 40 | 40 |\n"


def said(now: str, before: str = BEFORE) -> list[tuple[str, str]]:
    new, old = (records(reviewed(Drawing(indicators=HEAD + rows)).scored.indicators) for rows in (now, before))
    return [(finding.cell.text if finding.cell else "", finding.message) for finding in changes(0, new, old)]


def test_a_lower_target() -> None:
    (found,) = said(BEFORE.replace("≥100人次", "≥80人次"))
    assert found == ("≥80人次", "指标“培训人次”的年度指标值上次为“≥100人次”，这次为“≥80人次”")


def test_another_weight() -> None:
    found = said(BEFORE.replace("| 50 | 50", "| 60 | 60").replace("| 40 | 40", "| 30 | 30"))
    assert found == [
        ("60", "指标“培训人次”的分值上次为 50，这次为 60"),
        ("30", "指标“合格率”的分值上次为 40，这次为 30"),
    ]


def test_an_indicator_that_is_gone_and_one_that_is_new() -> None:
    found = said(BEFORE.replace("合格率", "满意度"))
    assert found == [
        ("满意度", "上次报送中没有指标“满意度”"),
        ("", "上次报送的指标“合格率”（指标值“≥95%”）这次没有了"),
    ]


def test_a_target_that_was_taken_out() -> None:
    (found,) = said(BEFORE.replace("≥95%", "    "))
    assert found[1] == "指标“合格率”的年度指标值上次为“≥95%”，这次为“（空）”"


@pytest.mark.parametrize(
    "now",
    [
        BEFORE,
        BEFORE.replace("≥95%", "95%以上"),
        BEFORE.replace("≥95%", "≥ ９５%"),
        BEFORE.replace("| 100人次", "| 90人次").replace("| 50 | 50", "| 50 | 45"),
        BEFORE.replace("合格率", "合格 率"),
    ],
)
def test_what_means_the_same_and_what_may_be_changed(now: str) -> None:
    assert said(now) == []


def test_rows_of_one_name_are_told_apart_by_their_order() -> None:
    twice = "| 培训人次 | ≥100人次 | 100人次 | 50 | 50 |\n| 培训人次 | ≥20人次 | 20人次 | 40 | 40 |\n"
    assert said(twice, twice) == []
    (found,) = said(twice.replace("≥20人次", "≥10人次"), twice)
    assert found[0] == "≥10人次"
