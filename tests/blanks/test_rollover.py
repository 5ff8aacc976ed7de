"""Last year's filled form as next year's blank."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from perfxl.blanks.rollover import CARRIED, CLEARED, FORMULA, LEFT, MOVED, Rolled, roll_over
from perfxl.errors import InputError
from perfxl.model.stamp import MARK, ROLLOVER_SHEET, SHEET
from perfxl.reading.open_workbook import open_workbook
from tests.blanks.filling import FORMS, fill, put, sheet_of
from tests.blanks.reviewing import codes, data_of, scored, tables_of
from tests.workbooks import project_form

SAMPLES = Path(__file__).parent.parent.parent / "sample_workbooks"
DEPARTMENT = SAMPLES / "2022年部门整体支出绩效自评表-从化区委组织部.xlsx"


def rolled(path: Path, form: str = "national-project-2020", year: int = 2024) -> Rolled:
    return roll_over(open_workbook(path), FORMS.by_id[form], FORMS, year)


def sheets(made: Rolled):
    return load_workbook(io.BytesIO(made.data))


def cells(made: Rolled, what: str) -> set[str]:
    return {item.cell for item in made.items if item.what == what}


def test_what_was_asked_for_stays_and_what_came_out_goes(tmp_path: Path) -> None:
    made = rolled(project_form(tmp_path / "a.xlsx"))
    sheet = sheets(made)["自评表"]
    assert [sheet[ref].value for ref in ("A1", "A2", "B3", "B4", "E4")] == [
        "项目支出绩效自评表", "（2024年度）", "农技人员培训", "市农业农村局", "市农技推广中心",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[11]] == ["产出指标", "数量指标", "培训场次", "≥12场", None, 50, None, None]
    assert [sheet.cell(6, column).value for column in range(2, 8)][:4] == ["年度资金总额", None, None, None]
    assert sheet["B9"].value == "办班12期。"
    assert sheet["E9"].value is None
    assert {"D11", "F11", "C11", "B3"} <= cells(made, CARRIED)
    assert {"E11", "G11", "C6", "E9"} <= cells(made, CLEARED)
    assert cells(made, MOVED) == {"A2"}
    assert made.count(LEFT) == 0


def test_last_years_result_is_a_comment_on_the_blank_cell(tmp_path: Path) -> None:
    path = project_form(tmp_path / "a.xlsx")
    book = load_workbook(path)
    sheet_of(book)["E12"].comment = Comment("据抽样调查", "张三")
    book.save(path)
    sheet = sheets(rolled(path))["自评表"]
    assert sheet["E11"].comment.text == "上年（2023年）完成值：12场"
    assert sheet["E12"].comment.text == "据抽样调查\n上年（2023年）完成值：95%"


def test_sums_get_formulas_and_formulas_stay(tmp_path: Path) -> None:
    path = project_form(tmp_path / "a.xlsx")
    book = load_workbook(path)
    sheet_of(book)["F14"] = "=SUM(F11:F13)+F6"
    sheet_of(book)["C6"] = "=C7"
    book.save(path)
    made = rolled(path)
    sheet = sheets(made)["自评表"]
    assert sheet["F14"].value == "=SUM(F11:F13)+F6"
    assert sheet["C6"].value == "=C7"
    assert sheet["G14"].value == '=IF(COUNT($G11:$G13)=0,"",ROUND(SUM($G11:$G13)+N($H6),2))'
    assert sheet["G6"].value.startswith("=IF(ISNUMBER($E6)")
    assert {"G14", "G6", "H6"} <= cells(made, FORMULA)


def test_the_submitted_file_is_not_changed(tmp_path: Path) -> None:
    path = project_form(tmp_path / "a.xlsx")
    before = path.read_bytes()
    rolled(path)
    assert path.read_bytes() == before


def test_everything_is_listed_on_a_sheet_of_its_own(tmp_path: Path) -> None:
    made = rolled(project_form(tmp_path / "a.xlsx"))
    sheet = sheets(made)[ROLLOVER_SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert len(rows) == len(made.items)
    assert ["清空", "自评表", "E11", "实际完成值", "12场", None] in rows
    assert ["年份", "自评表", "A2", "文字", "（2023年度）", "（2024年度）"] in rows


def test_what_begins_like_a_formula_is_listed_as_text(tmp_path: Path) -> None:
    path = project_form(
        tmp_path / "a.xlsx", rows=[("产出指标", "数量指标", "培训场次", "=12场", "=12场", 90, 90, None)]
    )
    sheet = sheets(rolled(path))[ROLLOVER_SHEET]
    listed = [cell for row in sheet.iter_rows(min_row=5) for cell in row if cell.value == "=12场"]
    assert listed
    assert {cell.data_type for cell in listed} == {"s"}


def test_the_new_blank_is_read_as_the_form_it_was(tmp_path: Path) -> None:
    made = rolled(project_form(tmp_path / "a.xlsx"))
    path = tmp_path / "b.xlsx"
    path.write_bytes(made.data)
    document = scored(path)
    (table,) = document["tables"]
    assert (table["form"], table["year"]) == ("national-project-2020", 2024)
    assert [row["level3"] for row in table["indicators"]] == ["培训场次", "持证上岗率", "学员满意度"]
    assert [row["target"] for row in table["indicators"]] == ["≥12场", "≥90%", "≥90%"]
    assert document["findings"] == []
    assert document["notes"] == []
    stamp = sheets(made)[SHEET]
    assert stamp.sheet_state == "veryHidden"
    assert [stamp["A1"].value, stamp["B2"].value, stamp["B5"].value] == [MARK, "national-project-2020", "2024"]


def test_numbers_that_nobody_knows_stay_and_are_told() -> None:
    made = rolled(DEPARTMENT, "guangdong-department-2022", 2023)
    assert cells(made, LEFT) == {"E6", "H6", "E7", "H7", "E8", "H8", "E9"}
    sheet = sheets(made)["自评表"]
    assert [sheet[ref].value for ref in ("A2", "C3", "B13", "F13", "G13")] == [
        "（2023年度）", "中共广州市从化区委组织部", 50, 10, "按年初产出指标的完成程度计分",
    ]  # fmt: skip
    assert [sheet[ref].value for ref in ("E5", "G5", "H13", "I13", "C11")] == [None] * 5
    assert sheet["H18"].value == '=IF(COUNT($H13:$H17)=0,"",ROUND(SUM($H13:$H17),2))'
    assert sheet["H42"].value.startswith("=IF(COUNT($H13:$H17,$H19:$H40)=0")
    assert sheet["F43"].value.startswith("=IF(ISNUMBER($H42)")
    assert sheet["E8"].value == 7185.27
    assert made.notes == []


def test_years_in_sheet_names_and_page_headers(tmp_path: Path) -> None:
    path = project_form(tmp_path / "a.xlsx")
    book = load_workbook(path)
    sheet = sheet_of(book)
    sheet.title = "2023年自评"
    sheet.oddHeader.center.text = "2023年度绩效自评"
    book.save(path)
    made = rolled(path)
    book = sheets(made)
    assert book.sheetnames[0] == "2024年自评"
    assert book["2024年自评"].oddHeader.center.text == "2024年度绩效自评"
    assert {item.sheet for item in made.items} == {"2024年自评"}


def test_a_sheet_that_formulas_name_keeps_its_name(tmp_path: Path) -> None:
    path = project_form(tmp_path / "a.xlsx")
    book = load_workbook(path)
    sheet_of(book).title = "2023年自评"
    book.create_sheet("汇总")["A1"] = "='2023年自评'!G14"
    book.save(path)
    made = rolled(path)
    assert sheets(made).sheetnames[:2] == ["2023年自评", "汇总"]
    assert [item.kind for item in made.items if item.what == LEFT] == ["工作表名"]


@pytest.mark.parametrize("form", ["national-project-2020", "guangdong-department-2022", "yunnan-split-target"])
def test_a_template_of_ours_is_rolled_over_into_the_same_template(form: str, tmp_path: Path) -> None:
    filled = fill(form, 1)
    path = tmp_path / "a.xlsx"
    filled.workbook(has_formulas=True).save(path)
    made = rolled(path, form, 2028)
    book = sheets(made)
    sheet, stamp = book["自评表"], book[SHEET]
    assert stamp["B5"].value == "2028"
    for row, own in filled.rows.items():
        score = sheet[filled.ref(row, "reported_score")]
        is_computed = filled.ref(row, "reported_score") in filled.results
        assert (score.data_type == "f") is is_computed
        if own.get("actual") is not None:
            assert sheet[filled.ref(row, "actual")].value is None
            assert sheet[filled.ref(row, "target")].value == own["target"]
    assert book.defined_names.keys() >= {"perfxl_c_level3", "perfxl_title"}
    # Filled in again it is as good as new.
    for ref, value in filled.typed.items():
        put(sheet, ref, value)
    for ref, value in filled.results.items():
        put(sheet, ref, value)
    (table,) = tables_of([data_of(book)])
    assert table["year"] == 2028
    assert codes(table["findings"]) == set()


def test_a_table_of_another_form_is_rolled_over_and_it_is_said() -> None:
    made = rolled(DEPARTMENT, "national-project-2020", 2023)
    assert any("认作 guangdong-department-2022，不是 national-project-2020" in note for note in made.notes)


def test_a_workbook_without_a_table_is_refused(tmp_path: Path) -> None:
    path = project_form(tmp_path / "a.xlsx")
    book = load_workbook(path)
    sheet_of(book).delete_rows(10, 10)
    book.save(path)
    with pytest.raises(InputError, match="没有找到填好的绩效自评表"):
        rolled(path)


def test_an_annotated_copy_is_rolled_over_without_what_was_added(tmp_path: Path) -> None:
    from perfxl.session import score_files

    path = project_form(tmp_path / "a.xlsx", unit=None)
    (result,) = score_files([path], FORMS)
    made = rolled(Path(result.document["output"]))
    assert sheets(made).sheetnames == ["自评表", SHEET, ROLLOVER_SHEET]
    assert len([note for note in made.notes if "没有带入" in note]) == 2
