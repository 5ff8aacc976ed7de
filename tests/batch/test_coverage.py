"""The roster held against what was submitted."""

from pathlib import Path

import pytest

from perfxl.batch.coverage import coverage
from perfxl.model.coverage import Coverage
from perfxl.model.roster import DueProject, Roster, Unit
from tests.batch.folders import batch, form, query

pytestmark = pytest.mark.usefixtures("here")


def held(folder: Path, out: Path, *units: Unit) -> Coverage:
    """Run a batch and return the roster held against it."""
    import sqlite3

    batch(folder, out)
    connection = sqlite3.connect(out / "results.sqlite")
    try:
        return coverage(connection, Roster(units, "名册.xlsx"))
    finally:
        connection.close()


def test_the_seed_report(tmp_path: Path) -> None:
    """19 projects, 100 %, 7185.27 of 7643.71 万元 = 94 %, as the report of 从化区委组织部 states."""
    budgets = [378.17] * 18 + [378.21]
    assert round(sum(budgets), 2) == 7185.27
    unit = "中共广州市从化区委组织部"
    for number, budget in enumerate(budgets, 1):
        money = (budget, budget, budget, 10, "100%", 10)
        form(tmp_path / "报送" / f"{number:02d}.xlsx", f"任务{number}", "组织一科", unit, money=money)
    projects = tuple(DueProject(f"任务{number}") for number in range(1, 20))
    found = held(tmp_path / "报送", tmp_path / "结果", Unit(unit, projects=projects, total=7643.71))
    assert found.by_count == (19, 19)
    assert found.by_money == (7185.27, 7643.71)
    covered, due = found.by_money
    assert round(covered / due, 4) == 0.94
    assert found.units[0].other_names == ()


def test_whose_table_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    form(folder / "1.xlsx", "一", "市农技推广中心")
    form(folder / "2.xlsx", "二", "[102] 市种子站")
    form(folder / "3.xlsx", "三", "种业站")
    form(folder / "市畜牧站" / "4.xlsx", "四", unit=None, department="")
    form(folder / "5.xlsx", "五", "中共某市委农办")
    form(folder / "6.xlsx", "六", "市农业机械化服务中心（本级）")
    form(folder / "7.xlsx", "七", "市渔政支队")
    found = held(
        folder,
        tmp_path / "结果",
        Unit("市农技推广中心"),
        Unit("市种子站", "102", ("种业站",)),
        Unit("市畜牧站"),
        Unit("某市委农办"),
        Unit("农业机械化服务中心"),
        Unit("市气象局"),
    )
    assert [one.submitted for one in found.units] == [
        ("1.xlsx",), ("2.xlsx", "3.xlsx"), ("市畜牧站/4.xlsx",), ("5.xlsx",), ("6.xlsx",), (),
    ]  # fmt: skip
    assert [one.unit.name for one in found.absent] == ["市气象局"]
    assert found.units[4].other_names == ("市农业机械化服务中心（本级）",)
    assert [(one.name, one.path, one.tables) for one in found.strangers] == [("市渔政支队", "7.xlsx", 1)]


def test_projects_due_missing_and_beyond_the_roster(tmp_path: Path) -> None:
    folder, money = tmp_path / "报送", (50, 50, 50, 10, "100%", 10)
    form(folder / "1.xlsx", "农技人员培训", "甲")
    form(folder / "2.xlsx", "2023年良种推广项目", "甲", money=money)
    form(folder / "3.xlsx", "临时项目", "甲")
    form(folder / "4.xlsx", "农技人员培训", "甲", money=money)
    projects = (
        DueProject("农技人员培训", budget=100),
        DueProject("良种推广", budget=60),
        DueProject("植保", budget=40),
    )
    (unit,) = held(folder, tmp_path / "结果", Unit("甲", projects=projects)).units
    assert [project.name for project in unit.missing] == ["植保"]
    assert (unit.covered, unit.due) == (2, 3)
    # The project that came twice is one project's money.
    assert (unit.covered_money, unit.due_money) == (150, 200)
    assert unit.extra == ("临时项目", "农技人员培训")


def test_money_of_an_unknown_unit_is_told_and_not_guessed(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = form(tmp_path / "报送" / "1.xlsx", "一", "甲")
    book = load_workbook(path)
    book["自评表"]["A5"] = "项目资金"
    book.save(path)
    (unit,) = held(tmp_path / "报送", tmp_path / "结果", Unit("甲", projects=(DueProject("一", budget=100),))).units
    assert (unit.covered_money, unit.without_money) == (None, 1)


def test_attachments_are_looked_for_in_the_folder_of_the_unit(tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    form(folder / "甲局" / "1.xlsx", "一", "甲局")
    form(folder / "2.xlsx", "二", "乙局")
    for name in ("甲局/2023年自评报告.docx", "乙局满意度调查.pdf", "自评报告.docx"):
        (folder / name).write_bytes(b"x")
    wanted = ("自评报告", "满意度")
    first, second = held(
        folder, tmp_path / "结果", Unit("甲局", attachments=wanted), Unit("乙局", attachments=wanted)
    ).units
    assert first.missing_attachments == ("满意度",)
    assert second.missing_attachments == ("自评报告",)


def test_findings_of_a_roster_name_unit_and_arithmetic(tmp_path: Path) -> None:
    folder, out = tmp_path / "报送", tmp_path / "结果"
    form(folder / "1.xlsx", "一", "甲")
    form(folder / "2.xlsx", "二", "乙")
    roster = tmp_path / "名册.csv"
    roster.write_text(
        "单位,项目,预算,项目支出总额,部门整体\n甲,一,100,,\n甲,植保,100,,\n乙,二,100,125,是\n丙,三,5,,\n", "utf-8"
    )
    batch(folder, out, roster=roster)
    assert query(out, "SELECT i.path, f.code, f.message FROM findings f JOIN inputs i USING (input_id)"
                 " WHERE number >= 1000000 ORDER BY number") == [
        ("1.xlsx", "COV-01", "甲：自评覆盖率 50.00%（1 ÷ 2），缺 1 个项目：“植保”；按金额 50.00%（100 ÷ 200 万元）"),
        ("2.xlsx", "COV-02", "乙：按金额 80.00%（100 ÷ 125 万元），低于 90%"),
        ("2.xlsx", "COV-03", "乙：名册要求报部门整体自评表，没有报送"),
    ]  # fmt: skip
