"""复核结果 and 问题清单 say what a reviewer needs, and nothing of the submission becomes a formula."""

from pathlib import Path
from typing import Any

from perfxl.forms.definitions import load_forms
from perfxl.session import score_files
from perfxl.writing.document import Document
from perfxl.writing.issue_sheet import issue_sheet
from perfxl.writing.result_sheet import result_sheet
from perfxl.writing.sheet_model import Link, SheetModel
from tests.workbooks import CLEAN_ROWS, NOT_ASKED, Row, project_form

SAMPLES = Path(__file__).parents[2] / "sample_workbooks"


def document(tmp_path: Path, rows: tuple[Row, ...] = CLEAN_ROWS, **options: Any) -> Document:
    form = project_form(tmp_path / "自评表.xlsx", rows, **options)
    (tmp_path / "perfxl.toml").write_text(NOT_ASKED, encoding="utf-8")
    (result,) = score_files([form], load_forms(), form=None, output=None, is_annotated=False)
    return result.document


def texts(model: SheetModel) -> list[list[object]]:
    return [list(row.values) for row in model.rows]


def link(model: SheetModel, row: int, column: int) -> tuple[str, int] | None:
    link = dict(model.rows[row - 1].links).get(column)
    return None if link is None else (link.sheet, link.row)


def row_with(model: SheetModel, text: str) -> list[object]:
    return next(row for row in texts(model) if text in row)


def test_totals_stand_in_large(tmp_path: Path) -> None:
    rows = texts(result_sheet(document(tmp_path)))
    at = next(i for i, row in enumerate(rows) if "自评总分" in row)
    assert rows[at] == ["自评总分", "复核总分", "差额", "等级", "预算执行率", "错误/警告/提示"]
    assert rows[at + 1] == [99.5, 99.5, 0.0, "优", 0.95, "0/0/0"]


def test_every_row_has_its_numbers_and_a_link_to_its_cell(tmp_path: Path) -> None:
    model = result_sheet(document(tmp_path))
    assert row_with(model, "培训场次") == [
        "产出指标", "数量指标", "培训场次", "≥12场", "12场", 1, 50, 50, 50, 0, "已测算", None,
    ]  # fmt: skip
    (links,) = [row.links for row in model.rows if "培训场次" in row.values]
    assert links == ((3, Link("自评表", 11, 3)),)


def test_a_total_without_rows_left_to_a_person_is_not_compared(tmp_path: Path) -> None:
    rows = (*CLEAN_ROWS[:2], ("满意度指标", "服务对象满意度指标", "学员满意度", "≥90%", "满意", 10, 10, None))
    model = result_sheet(document(tmp_path, rows, total=(100, 99.5)))
    said = [row[0] for row in texts(model) if row and isinstance(row[0], str) and row[0].startswith("复核总分不含")]
    assert said == ["复核总分不含需要人工核对的 10 分，因此不与自评总分相减；等级按自评总分划定。"]
    assert row_with(model, "学员满意度")[10] == "人工核对"


def test_messages_about_no_row_are_listed_too(tmp_path: Path) -> None:
    model = result_sheet(document(tmp_path, unit=None))
    assert row_with(model, "自评表!E4")[1] == "[STR-03] “实施单位”未填写"


def test_issues_are_sorted_worst_first_and_leave_room_for_answers(tmp_path: Path) -> None:
    rows = (
        ("产出指标", "数量指标", "培训场次", "≥12场", "20场", 50, 52, None),
        *CLEAN_ROWS[1:],
    )
    found = document(tmp_path, rows, total=(100, 101.5))
    model = issue_sheet(found, result_sheet(found))
    lines = texts(model)[3:]
    assert [line[1:4] for line in lines] == [["IND-01", "错误", "自评表!G11"], ["IND-05", "警告", "自评表!E11"]]
    assert lines[0][4] == "52"
    assert lines[0][6:8] == [50, 2]
    assert lines[0][9:] == [None, None]
    assert model.autofilter is not None


def test_a_clean_form_says_so(tmp_path: Path) -> None:
    found = document(tmp_path)
    model = issue_sheet(found, result_sheet(found))
    assert texts(model)[3][0] == "未发现问题"
    assert model.autofilter is None


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    rows = (("产出指标", "数量指标", "=1+1", "≥12场", "12场", 50, 50, "@SUM(A1)"), *CLEAN_ROWS[1:])
    model = result_sheet(document(tmp_path, rows))
    assert row_with(model, "=1+1")[2] == "=1+1"


def test_a_row_and_its_issue_lead_to_each_other(tmp_path: Path) -> None:
    rows = (("产出指标", "数量指标", "培训场次", "≥12场", "6场", 50, 25, None), *CLEAN_ROWS[1:])
    found = document(tmp_path, rows, total=(100, 74.5))
    result = result_sheet(found)
    issues = issue_sheet(found, result)
    (at,) = [number for number, row in enumerate(texts(result), 1) if "培训场次" in row]
    (issue,) = [number for number, row in enumerate(texts(issues), 1) if "IND-07" in row]
    assert link(issues, issue, 1) == ("复核结果", at)
    assert link(result, at, 11) == ("问题清单", issue)
    assert link(result, at + 1, 11) is None


def test_a_chart_shows_the_classes_of_level_1(tmp_path: Path) -> None:
    model = result_sheet(document(tmp_path))
    (chart,) = model.charts
    bars = chart.series[0].values
    shown = [row[:4] for row in texts(model)[bars.top - 1 : bars.bottom]]
    assert shown == [["产出指标", 50, 50, 50], ["效益指标", 30, 30, 30], ["满意度指标", 10, 10, 10]]
    beside = model.rows[chart.place.top - 1 : chart.place.bottom]
    assert max(len(row.kind.styles) for row in beside) < chart.place.left


def test_a_form_of_one_class_has_no_chart(tmp_path: Path) -> None:
    rows = (("产出指标", "数量指标", "培训场次", "≥12场", "12场", 90, 90, None),)
    assert not result_sheet(document(tmp_path, rows)).charts


def test_the_rows_of_a_single_table_can_be_filtered(tmp_path: Path) -> None:
    model = result_sheet(document(tmp_path))
    head = next(number for number, row in enumerate(texts(model), 1) if row and row[0] == "一级指标")
    assert model.autofilter == (head, 1, head + 3, 12)


def test_a_row_whose_score_was_not_computed_says_why(tmp_path: Path) -> None:
    rows = (
        *CLEAN_ROWS[:2],
        ("满意度指标", "服务对象满意度指标", "学员评价", "满意", "达成预期指标", 10, 10, None),
    )
    row = row_with(result_sheet(document(tmp_path, rows)), "学员评价")
    assert row[10:] == ["认可填报", "定性指标，填报得分在所属档次内，认可"]


def test_a_department_form_shows_blocks_reasons_and_deductions() -> None:
    (path,) = SAMPLES.glob("*部门整体*组织部.xlsx")
    (result,) = score_files([path], load_forms(), is_annotated=False)
    model = result_sheet(result.document)
    assert row_with(model, "履职效能")[1:] == [50, 47.6, 47.6, 0]
    assert row_with(model, "管理效能")[1:] == [50, 46, 46, 0]
    head = row_with(model, "三级指标（点击跳转）")
    assert head[3:5] == ["扣分原因（单位填写）", "分值"]
    assert row_with(model, "资产盘点情况")[3] == "本单位本年无进行资产盘点"
    deductions = {row[0]: row[1] for row in texts(model) if row and isinstance(row[0], str) and row[0].count("›") == 2}
    assert deductions == {
        "履职效能 › 整体效能 › 部门整体绩效目标产出指标完成情况": 1,
        "履职效能 › 专项效能 › 专项资金绩效完成情况": 1.4,
        "管理效能 › 预算编制 › 新增预算项目事前绩效评估": 3,
        "管理效能 › 资产管理 › 资产盘点情况": 1,
    }
