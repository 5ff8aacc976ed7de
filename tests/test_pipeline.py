"""Which tables of a workbook are reviewed, and that many tables at once give what each gives alone."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from perfxl.forms.definitions import load_forms
from perfxl.forms.lexicon import load_lexicon
from perfxl.model import grid
from perfxl.pipeline import find_tables, review
from perfxl.reading.open_workbook import open_workbook
from perfxl.writing.document import table_documents
from tests.reading.sheets import draw
from tests.workbooks import CLEAN_ROWS, project_form


def with_sheet(path: Path, source: Path, title: str, state: str = "visible") -> Path:
    """Copy the form of another workbook into a further sheet of this one."""
    book, other = load_workbook(path), load_workbook(source)
    sheet = book.create_sheet(title, 0)
    for row in other.active.iter_rows():  # type: ignore[union-attr]  # a worksheet
        for cell in row:
            sheet[cell.coordinate].value = cell.value
    sheet.sheet_state = state  # type: ignore[assignment]  # one of openpyxl's words
    book.save(path)
    return path


def sheets(path: Path) -> tuple[list[str], list[str]]:
    found = find_tables(open_workbook(path), load_lexicon())
    return [record.table["sheet"] for record in found.records], [finding.message for finding in found.findings]


def test_two_filled_forms_are_both_reviewed(tmp_path: Path) -> None:
    path = with_sheet(project_form(tmp_path / "a.xlsx"), project_form(tmp_path / "b.xlsx"), "乙项目")
    assert sheets(path) == (["乙项目", "自评表"], [])


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_form_beside_a_visible_one_is_named_and_left_out(tmp_path: Path, state: str) -> None:
    path = with_sheet(project_form(tmp_path / "a.xlsx"), project_form(tmp_path / "b.xlsx"), "去年", state)
    assert sheets(path) == (["自评表"], ["工作表“去年”中的自评表没有纳入复核：该工作表是隐藏的"])


def test_a_form_on_a_hidden_sheet_alone_is_reviewed_and_said_to_be_hidden(tmp_path: Path) -> None:
    path = with_sheet(project_form(tmp_path / "a.xlsx"), project_form(tmp_path / "b.xlsx"), "藏", "hidden")
    book = load_workbook(path)
    book["自评表"].delete_rows(1, 20)
    book.save(path)
    assert sheets(path) == (["藏"], ["自评表在隐藏的工作表“藏”中，已读取并复核"])


def test_a_blank_sample_beside_a_filled_form_is_named_and_left_out(tmp_path: Path) -> None:
    blank_rows = [(*row[:3], None, None, None, None, None) for row in CLEAN_ROWS]
    blank = project_form(tmp_path / "b.xlsx", blank_rows, money=(None,) * 6, total=(None, None), unit=None)
    book = load_workbook(blank)
    sheet = book["自评表"]
    sheet["B3"].value = sheet["B4"].value = None
    book.save(blank)
    path = with_sheet(project_form(tmp_path / "a.xlsx"), blank, "填报样例")
    assert sheets(path) == (["自评表"], ["工作表“填报样例”中的自评表没有纳入复核：该表是空白表样"])


def test_an_unfilled_form_with_names_is_reviewed_beside_a_filled_one(tmp_path: Path) -> None:
    unfilled = project_form(tmp_path / "b.xlsx", [(*row[:4], None, row[5], None, None) for row in CLEAN_ROWS])
    path = with_sheet(project_form(tmp_path / "a.xlsx"), unfilled, "未填")
    assert sheets(path)[0] == ["未填", "自评表"]


def test_a_workbook_without_any_form_is_no_table(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "部门", "电话"])
    sheet.append(["张三", "办公室", "000"])
    book.save(tmp_path / "通讯录.xlsx")
    found = find_tables(open_workbook(tmp_path / "通讯录.xlsx"), load_lexicon())
    assert found.error is not None
    assert found.error.kind == "no_table"


def test_a_year_in_the_file_name_serves_where_the_form_states_none(tmp_path: Path) -> None:
    path = project_form(tmp_path / "2021年度自评表.xlsx")
    book = load_workbook(path)
    book["自评表"]["A2"].value = None
    book.save(path)
    assert find_tables(open_workbook(path), load_lexicon()).records[0].table["year"] == 2021


def test_many_workbooks_at_once_give_what_each_gives_alone(tmp_path: Path) -> None:
    rows = (("产出指标", "数量指标", "培训场次", "≥12场", "9场", 50, 45, None), *CLEAN_ROWS[1:])
    paths = [
        project_form(tmp_path / "a.xlsx"),
        project_form(tmp_path / "b.xlsx", rows),
        project_form(tmp_path / "c.xlsx"),
    ]
    books, forms = [open_workbook(path) for path in paths], load_forms()
    together = review(books, forms)
    documents = list(table_documents(together.scored, together.findings).values())
    for book, document in zip(books, documents, strict=True):
        alone = review([book], forms)
        assert list(table_documents(alone.scored, alone.findings).values()) == [document]


def test_a_column_of_targets_that_is_not_known_is_said_so() -> None:
    drawing = """
        | 项目支出绩效自评表 | < | < | < | < |
        | 指标类型 | 指标名称 | 年初那一栏 | 实际完成值 | 得分 |
        | 产出指标 | 培训场次 | 30 | 32 | 25 |
    """
    book = grid.Workbook(Path("自评表.xlsx"), "xlsx", "", 0, (draw(drawing),), None)
    found = review([book], load_forms()).scored.indicators
    assert found["problem"].tolist() == ["target_blank"]
    assert found["note"].tolist() == ["表头里没有认出年度指标值一列"]


def test_tables_below_one_another_are_of_the_year_of_the_title_above_them() -> None:
    rows = """
        | {name} | 运维 | < | < | < |
        | 一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分 |
        | 产出指标 | 次数 | 30 | 32 | 25 |
        | 总分 | < | < | < | 25 |
    """
    title, own = "| 2022年度项目支出绩效自评表 | < | < | < | < |", "| 2021年度项目支出绩效自评表 | < | < | < | < |"
    first, second = rows.format(name="项目名称"), rows.format(name="项目名称")
    for drawing, years in ((title + first + second, [2022, 2022]), (title + first + own + second, [2022, 2021])):
        book = grid.Workbook(Path("2020年.xlsx"), "xlsx", "", 0, (draw(drawing),), None)
        found = find_tables(book, load_lexicon())
        assert [record.table["year"] for record in found.records] == years


def test_what_is_missing_among_the_classes_is_told_at_the_names_where_they_have_no_column() -> None:
    drawing = """
        | 项目支出绩效自评表（2023年度） |
        | 项目名称 | 运维 | 主管部门 | 水务局 |  |
        | 指标名称 | 指标值 | 实际完成值 | 分值 | 得分 |
        | 产出指标 |  |  | 60 | 55 |
        | 站点 | ≥20个 | 18个 | 50 | 45 |
        | 培训 | ≥2次 | 2次 | 10 | 10 |
        | 效益指标 |  |  | 40 | 40 |
        | 预报准确率 | ≥90% | 92% | 40 | 40 |
        | 总分 |  |  | 100 | 95 |
    """
    book = grid.Workbook(Path("自评表.xlsx"), "xlsx", "", 0, (draw(drawing),), None)
    found = {finding.code: finding for finding in review([book], load_forms()).findings}
    assert str(found["STR-05"].cell) == "自评表!A3"
    assert not {"STR-07", "WGT-01", "WGT-07"} & found.keys()
