"""The roster of units: columns by their headings, units over several rows, amounts in 万元."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from perfxl.errors import DefinitionError
from perfxl.model.roster import DueProject, Roster
from perfxl.reading.roster import read_roster

CSV = """\
单位名称,单位编码,别名,项目名称,预算（万元）,部门整体
中共从化区委组织部,101,区委组织部；组织部,村办公经费,1105,是
,,,人才发展,"1,234.5",
从化区档案馆,102,,,,否
合计,,,,2339.5,
"""


def csv_roster(folder: Path, text: str, encoding: str = "utf-8") -> Roster:
    path = folder / "名册.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_csv_with_a_unit_over_several_rows(tmp_path: Path, encoding: str) -> None:
    roster = csv_roster(tmp_path, CSV, encoding)
    first, second = roster.units
    assert first.names == ("中共从化区委组织部", "区委组织部", "组织部")
    assert (first.code, first.has_department_form, second.has_department_form) == ("101", True, False)
    assert [(project.name, project.budget) for project in first.projects] == [
        ("村办公经费", 1105),
        ("人才发展", 1234.5),
    ]
    assert first.due_money == 2339.5
    assert second.projects == ()
    assert second.due_money is None


def test_amounts_are_in_the_unit_of_the_heading_or_the_title_or_the_cell(tmp_path: Path) -> None:
    in_heading = csv_roster(tmp_path, "单位名称,项目名称,预算（元）\n甲,一,11050000\n")
    in_title = csv_roster(tmp_path, "2023年名册,,金额单位：元\n单位名称,项目名称,预算\n甲,一,11050000\n")
    in_cell = csv_roster(tmp_path, "单位名称,项目名称,预算\n甲,一,1105万元\n")
    assert [roster.units[0].projects[0].budget for roster in (in_heading, in_title, in_cell)] == [1105, 1105, 1105]


def test_the_total_of_a_unit_goes_before_the_sum_of_its_projects(tmp_path: Path) -> None:
    roster = csv_roster(tmp_path, "单位名称,项目名称,预算,项目支出总额\n甲,一,100,150\n甲,二,20,\n")
    assert roster.units[0].due_money == 150


def test_a_sum_with_a_budget_missing_is_no_sum(tmp_path: Path) -> None:
    assert csv_roster(tmp_path, "单位,项目,预算\n甲,一,100\n甲,二,\n").units[0].due_money is None


def test_a_workbook_with_merged_units_and_a_title(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["2023年度自评单位名册"], ["序号", "预算单位", "应报项目", "附件"], [1, "甲局", "一", "自评报告、满意度"],
                [2, None, "二", None], [3, "乙局", "三\n四", None]):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("B3:B4")
    book.save(tmp_path / "名册.xlsx")
    first, second = read_roster(tmp_path / "名册.xlsx").units
    assert first.projects == (DueProject("一", place="Sheet!C3"), DueProject("二", place="Sheet!C4"))
    assert first.attachments == ("自评报告", "满意度")
    assert [project.name for project in second.projects] == ["三", "四"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        ("项目,金额\n一,2\n".encode(), "没有找到单位列"),
        ("单位名称,项目\n合计,一\n".encode(), "没有一个单位"),
        (b"%PDF-1.7 ", "单位名册未能读取"),
    ],
)
def test_what_is_no_roster_is_said_with_its_name(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes(content)
    with pytest.raises(DefinitionError, match=rf"名册\.csv：.*{said}"):
        read_roster(path)
