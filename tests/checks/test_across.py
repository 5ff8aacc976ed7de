"""STR-11, TGT-07, IND-08 across units, COV, ATT: each speaks up, keeps silent, and keeps silent when it is near."""

from dataclasses import replace

import pytest

from perfxl.checks.across import (
    Fund,
    Reason,
    Said,
    Table,
    alike,
    coverage_findings,
    fund_finding,
    repeated_projects,
    same_reasons,
    severity_of,
)
from perfxl.checks.registry import CHECKS
from perfxl.model.coverage import UnitCoverage
from perfxl.model.finding import Severity
from perfxl.model.roster import DueProject, Unit

FIRST = Table(1, 10000, "甲/表.xlsx", "自评表", "甲局", "信息化运维", "自评表!B3", "信息化运维")
SECOND = Table(2, 20000, "甲/运维.xlsx", "表1", "甲局", "信息化运维", "表1!B3", "信息化运维")
FULL = UnitCoverage(Unit("甲局", projects=(DueProject("一"), DueProject("二"))), ("甲/表.xlsx",), covered=2, due=2)


def codes(unit: UnitCoverage) -> list[str]:
    return [said.code for said in coverage_findings(unit, 1)]


def test_str_11_names_the_other_file_on_each_table() -> None:
    assert list(repeated_projects([FIRST, SECOND])) == [
        Said(
            "STR-11", "项目“信息化运维”重复报送：另见甲/运维.xlsx（表1），内容不同", 1, 10000, "自评表!B3", "信息化运维"
        ),
        Said(
            "STR-11", "项目“信息化运维”重复报送：另见甲/表.xlsx（自评表），内容不同", 2, 20000, "表1!B3", "信息化运维"
        ),
    ]


def test_str_11_of_a_department_form() -> None:
    one, two = (table._replace(project=None) for table in (FIRST, SECOND))
    (said, _) = repeated_projects([one, two])
    assert said.message.startswith("单位“甲局”的部门整体表重复报送")


def test_tgt_07_speaks_up_for_two_projects_and_is_silent_for_one() -> None:
    other = SECOND._replace(project="设备购置", cell="表1!C11", value="培训场次")
    found = list(alike([FIRST, other], 12))
    assert [said.code for said in found] == ["TGT-07", "TGT-07"]
    assert found[1].message == "本表 12 行指标（首行“培训场次”）的指标、指标值和得分与项目“信息化运维”完全相同"
    assert list(alike([FIRST, SECOND], 12)) == []


@pytest.mark.parametrize(
    ("text", "units", "speaks"),
    [
        ("受疫情影响，部分培训未能开展", 3, True),
        ("受疫情影响，部分培训未能开展", 2, False),
        ("疫情影响。", 9, False),
        ("无偏差情况", 9, False),
    ],
)
def test_ind_08_for_reasons_that_three_units_give_word_for_word(text: str, units: int, speaks: bool) -> None:
    found = list(same_reasons([Reason(1, 10000, "甲局", text, "自评表!H11", units)]))
    assert [said.code for said in found] == (["IND-08"] if speaks else [])
    if speaks:
        assert found[0].message == f"偏差原因“{text}”与本批其他 {units - 1} 个单位所填一字不差"
        assert found[0].value == text


def test_cov_01_counts_what_is_missing() -> None:
    assert codes(FULL) == []
    missing = replace(FULL, covered=1, missing=(DueProject("二"),))
    (said,) = coverage_findings(missing, 1)
    assert said.message == "甲局：自评覆盖率 50.00%（1 ÷ 2），缺 1 个项目：“二”"
    assert codes(replace(missing, submitted=())) == []


@pytest.mark.parametrize(("covered", "speaks"), [(7185.27, False), (6879.34, False), (6879.33, True), (None, False)])
def test_cov_02_below_nine_tenths_of_the_money(covered: float | None, speaks: bool) -> None:
    unit = replace(FULL, covered_money=covered, due_money=7643.71)
    assert codes(unit) == (["COV-02"] if speaks else [])
    assert codes(replace(unit, without_money=1)) == []


def test_cov_03_asks_for_what_the_roster_asks_for() -> None:
    assert codes(replace(FULL, lacks_department_form=True)) == ["COV-03"]
    only_form = UnitCoverage(Unit("甲局", has_department_form=True), ("甲/表.xlsx",), due=1)
    assert codes(only_form) == ["COV-03"]
    assert codes(replace(only_form, covered=1)) == []


def test_att_01_names_what_is_missing() -> None:
    (said,) = coverage_findings(replace(FULL, missing_attachments=("满意度",)), 7)
    assert said == Said("ATT-01", "甲局：报送的文件中没有附件“满意度”", 7)


FUND_ROW = FIRST._replace(project=None, cell="整体!F9", value="20")


@pytest.mark.parametrize(
    ("score", "budgets", "speaks"),
    [
        (20, (None, None, None), True),
        (18, (None, None, None), False),
        (18.5, (None, None, None), False),
        (18.51, (None, None, None), True),
        # By money: 20 × (1.0 × 80 + 0.9 × 10 + 0.8 × 10) ÷ 100 = 19.4.
        (19.4, (80, 10, 10), False),
    ],
)
def test_cov_04_where_no_way_of_averaging_gives_the_score(
    score: float, budgets: tuple[float | None, ...], speaks: bool
) -> None:
    funds = [Fund(name, got, 80, budget) for name, got, budget in zip("一二三", (80, 72, 64), budgets, strict=True)]
    said = fund_finding(FUND_ROW, 20, score, funds)
    assert (said is not None) is speaks
    if said is not None:
        assert said.expected == 18
        assert said.message == (
            f"得分 {score:g}，按 3 个项目自评表的产出、效益得分率（“一”100.00%、“二”90.00%、“三”80.00%）平均折算应为 18"
        )


def test_cov_04_is_silent_without_funds() -> None:
    assert fund_finding(FUND_ROW, 20, 20, []) is None
    assert fund_finding(FUND_ROW, 20, 20, [Fund("一", 0, 0, None)]) is None


@pytest.mark.parametrize("code", ["STR-11", "TGT-07", "COV-01", "COV-02", "COV-03", "COV-04", "ATT-01"])
def test_each_is_registered_and_explained(code: str) -> None:
    assert severity_of(code) == (CHECKS[code].severity, CHECKS[code].title, CHECKS[code].advice)
    assert CHECKS[code].severity is (Severity.ERROR if code == "COV-01" else Severity.WARNING)
