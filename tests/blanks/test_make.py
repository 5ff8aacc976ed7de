"""Blanks as files: one for every unit of a roster, archives, names; and the command line."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from perfxl.cli import run
from perfxl.reading.open_workbook import open_workbook
from tests.blanks.filling import FORMS, plan_of, sheet_of
from tests.blanks.reviewing import scored
from tests.workbooks import project_form

ROSTER = """单位名称,单位编码,别名,项目名称,预算
市农技推广中心,219001,农技中心,技术培训,120.5
市农技推广中心,219001,,设备更新,80
市档案馆,,,档案数字化,
"市体育局/青少年中心",,,,
"""


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "名册.csv"
    path.write_bytes(ROSTER.encode("gb18030"))
    return path


def template(*words: object) -> int:
    return run(["template", *map(str, words)])


def test_one_workbook_a_unit_with_what_the_roster_says(tmp_path: Path, roster: Path) -> None:
    out = tmp_path / "下发"
    assert template("national-project-2020", "--year", 2027, "--roster", roster, "-o", out) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "2027年项目支出绩效自评表-市体育局_青少年中心.xlsx",
        "2027年项目支出绩效自评表-市农技推广中心.xlsx",
        "2027年项目支出绩效自评表-市档案馆.xlsx",
    ]
    book = load_workbook(out / "2027年项目支出绩效自评表-市农技推广中心.xlsx")
    assert book.sheetnames == ["技术培训", "设备更新", "perfxl"]
    document = scored(out / "2027年项目支出绩效自评表-市农技推广中心.xlsx")
    assert [table["header"]["项目名称"] for table in document["tables"]] == ["技术培训", "设备更新"]
    assert [table["header"]["实施单位"] for table in document["tables"]] == ["219001-市农技推广中心"] * 2
    assert [table["budget"][0]["initial"] for table in document["tables"]] == [120.5, 80]
    assert {table["form"] for table in document["tables"]} == {"national-project-2020"}
    alone = scored(out / "2027年项目支出绩效自评表-市档案馆.xlsx")["tables"]
    assert [(table["header"]["项目名称"], table["budget"][0]["initial"]) for table in alone] == [("档案数字化", None)]


def test_names_of_several_sheets_are_each_sheets_own(tmp_path: Path, roster: Path) -> None:
    assert template("yunnan-split-target", "--year", 2027, "--roster", roster, "-o", tmp_path / "o") == 0
    path = tmp_path / "o" / "2027年项目支出绩效自评表-市农技推广中心.xlsx"
    one, other, _ = open_workbook(path).grids
    assert one.names == other.names
    assert "c_target" in one.names.values()


def test_a_department_form_has_the_money_of_all_projects(tmp_path: Path, roster: Path) -> None:
    out = tmp_path / "o"
    assert template("guangdong-department-2022", "--year", 2027, "--roster", roster, "-o", out) == 0
    (table,) = scored(out / "2027年部门整体支出绩效自评表-市农技推广中心.xlsx")["tables"]
    assert table["header"]["单位名称"] == "219001-市农技推广中心"
    assert table["budget"][0]["adjusted"] == 200.5


def test_all_in_one_archive(tmp_path: Path, roster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert template("national-project-2020", "--year", 2027, "--roster", roster, "--zip") == 0
    with zipfile.ZipFile("2027年项目支出绩效自评表.zip") as archive:
        assert len(archive.namelist()) == 3
        book = load_workbook(io.BytesIO(archive.read("2027年项目支出绩效自评表-市档案馆.xlsx")))
    assert book.sheetnames == ["档案数字化", "perfxl"]


def test_units_of_one_name_get_files_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text("单位名称\n甲/乙\n甲\\乙\n", encoding="utf-8")
    assert template("hubei-project", "--year", 2027, "--roster", path, "-o", tmp_path / "o") == 0
    names = sorted(file.name for file in (tmp_path / "o").iterdir())
    assert names == ["2027年项目自评表-甲_乙(2).xlsx", "2027年项目自评表-甲_乙.xlsx"]


# ---------------------------------------------------------------- the command line


def test_the_usual_name_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert template("hubei-project", "--year", 2027) == 0
    assert capsys.readouterr().out == "已写出 2027年项目自评表.xlsx\n"
    # One that is there may be filled in by now.
    Path("2027年项目自评表.xlsx").write_bytes(b"mine")
    assert template("hubei-project", "--year", 2027) == 0
    assert "2027年项目自评表(2).xlsx" in capsys.readouterr().out
    assert Path("2027年项目自评表.xlsx").read_bytes() == b"mine"


def test_a_file_that_is_named_is_replaced_and_a_folder_gets_the_usual_name(tmp_path: Path) -> None:
    path = tmp_path / "空白.xlsx"
    path.write_bytes(b"old")
    assert template("hubei-project", "--year", 2027, "-o", path) == 0
    assert path.read_bytes()[:2] == b"PK"
    assert template("hubei-project", "--year", 2027, "-o", tmp_path) == 0
    assert (tmp_path / "2027年项目自评表.xlsx").is_file()


def test_last_years_form_is_never_the_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project_form(tmp_path / "2023.xlsx")
    before = path.read_bytes()
    assert template("national-project-2020", "--year", 2024, "--from", path, "-o", path) == 0
    assert path.read_bytes() == before
    out = capsys.readouterr().out
    assert "2023(2).xlsx" in out
    assert "结转 " in out
    assert "清空 " in out


def test_what_is_asked_for_wrongly(tmp_path: Path, roster: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filled = project_form(tmp_path / "a.xlsx")
    assert template("national-project", "--year", 2027) == 2
    assert "没有表样“national-project”，是否应为" in capsys.readouterr().err
    assert template("hubei-project") == 2
    assert template("hubei-project", "--year", 27) == 2
    assert "--year 应为四位年份" in capsys.readouterr().err
    assert template("hubei-project", "--year", 2027, "--zip") == 2
    assert template("hubei-project", "--year", 2027, "--from", filled, "--roster", roster) == 2
    assert template("hubei-project", "--year", 2027, "--from", tmp_path / "no.xlsx") == 3
    assert "找不到该文件" in capsys.readouterr().err
    assert template("hubei-project", "--year", 2027, "--roster", tmp_path / "no.csv") == 3
    assert "找不到名册" in capsys.readouterr().err


def test_an_old_workbook_is_rolled_over_from_its_transcription(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.other_formats import as_ods

    path = tmp_path / "a.ods"
    path.write_bytes(as_ods(project_form(tmp_path / "a.xlsx")))
    assert template("national-project-2020", "--year", 2024, "--from", path, "-o", tmp_path / "b.xlsx") == 0
    assert "原文件为 .ods" in capsys.readouterr().out
    (table,) = scored(tmp_path / "b.xlsx")["tables"]
    assert (table["year"], len(table["indicators"])) == (2024, 3)


def test_a_form_of_ones_own_gets_a_blank(tmp_path: Path) -> None:
    folder = tmp_path / "我的" / "my-project"
    folder.mkdir(parents=True)
    (folder / "form.toml").write_text(
        'id = "my-project"\nname = "某县项目自评表"\nextends = "national-project-2020"\n'
        '[recognise]\ntitle = ["某县"]\n[template]\ntitle = "某县项目支出绩效自评表"\n',
        encoding="utf-8",
    )
    (folder / "rubric.toml").write_text('extends = "national-project-2020"\n', encoding="utf-8")
    path = tmp_path / "a.xlsx"
    assert template("my-project", "--year", 2026, "--forms", tmp_path / "我的", "-o", path) == 0
    sheet = sheet_of(load_workbook(path))
    assert "某县项目支出绩效自评表" in [cell.value for cell in sheet["A"]]


def test_a_form_that_says_nothing_of_its_blank_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "my-form"
    folder.mkdir()
    (folder / "form.toml").write_text(
        'id = "my-form"\nname = "某表"\n[recognise]\ncolumns = ["level1", "target"]\n', encoding="utf-8"
    )
    (folder / "rubric.toml").write_text('extends = "national-project-2020"\n', encoding="utf-8")
    assert template("my-form", "--year", 2026, "--forms", folder) == 2
    assert "my-form/form.toml：template：" in capsys.readouterr().err


def test_rows_and_columns_that_a_workbook_is_protected_against() -> None:
    from tests.blanks.filling import blank_of

    sheet = sheet_of(load_workbook(io.BytesIO(blank_of("national-project-2020"))))
    plan = plan_of(FORMS.by_id["national-project-2020"], FORMS.lexicon, 2027)
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert (sheet.protection.insertRows, sheet.protection.formatColumns) == (False, False)  # False: not forbidden
    for box in plan.boxes:
        assert sheet[box.ref].protection.locked is not (box.is_open or box.is_free), box


def test_a_roster_of_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    for row in (("单位名称", "项目名称", "预算（元）"), ("市档案馆", "数字化", 2_500_000)):
        sheet_of(book).append(row)
    book.save(tmp_path / "名册.xlsx")
    assert (
        template("national-project-2020", "--year", 2027, "--roster", tmp_path / "名册.xlsx", "-o", tmp_path / "o") == 0
    )
    (table,) = scored(tmp_path / "o" / "2027年项目支出绩效自评表-市档案馆.xlsx")["tables"]
    assert table["budget"][0]["initial"] == 250
