"""`forms show` and `forms check`, and a province that nobody has described, added by two files."""

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from perfxl.cli import run
from perfxl.errors import DefinitionError
from perfxl.forms.data import templates_folder
from perfxl.forms.definitions import Forms
from tests.workbooks import project_form

# 蓬莱省 is nowhere: its form calls the actual value 达成数, the executed amount 实际拨付金额, and scores execution in steps.
FORM = """
id = "penglai-2026"
name = "蓬莱省项目支出绩效自评表"
source = "虚构"
extends = "national-project-2020"

[recognise]
title = ["蓬莱"]
headings = ["达成数"]

[columns]
actual = ["达成数"]

[budget_columns]
executed = ["拨付实数"]
"""
RUBRIC = """
extends = "national-project-2020"
source = "虚构"

[execution]
rule = "stepped"
steps = [[1.0, 1.0], [0.9, 0.8], [0.6, 0.5]]

[[weights]]
level1 = "产出指标"
weight = 50
"""


@pytest.fixture
def province(tmp_path: Path) -> Path:
    """Return the folder with the form of 蓬莱省."""
    folder = tmp_path / "表样" / "penglai-2026"
    folder.mkdir(parents=True)
    (folder / "form.toml").write_text(FORM, encoding="utf-8")
    (folder / "rubric.toml").write_text(RUBRIC, encoding="utf-8")
    return folder.parent


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """Return a filled form of 蓬莱省; at an execution of 95 % it has 8 of 10 points by its steps."""
    path = project_form(tmp_path / "自评表.xlsx", money=(100, 100, 95, 10, "95%", 8), total=(100, 98))
    book = openpyxl.load_workbook(path)
    sheet = book["自评表"]
    sheet["A1"], sheet["E10"], sheet["E5"] = "蓬莱省项目支出绩效自评表", "达成数", "拨付实数"
    book.save(path)
    return path


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / "penglai-2026" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# ---------------------------------------------------------------- a province of one's own


def test_two_files_add_a_province(province: Path, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", "--json", "--no-annotate", str(sample), "--forms", str(province)]) == 0
    (table,) = json.loads(capsys.readouterr().out)["tables"]
    assert table["form"] == "penglai-2026"
    assert [row["actual"] for row in table["indicators"]] == ["12场", "95%", "93%"]
    assert (table["budget"][0]["executed"], table["budget"][0]["score"]) == (95, 8)
    assert table["total"]["score"] == 98


def test_without_them_it_is_told_to_be_unknown(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["score", "--json", "--no-annotate", str(sample)])
    (table,) = json.loads(capsys.readouterr().out)["tables"]
    assert table["form"] is None
    assert {row["actual"] for row in table["indicators"]} == {None}


def test_the_environment_adds_forms_too(
    province: Path, sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PERFXL_FORMS", str(province))
    # Forms are kept for a run; another folder stands for another run here.
    assert run(["score", "--no-annotate", str(sample), "--forms", str(province / "penglai-2026")]) == 0
    assert "penglai-2026" in capsys.readouterr().out


def test_the_national_form_is_not_taken_for_it(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["score", "--no-annotate", str(project_form(tmp_path / "全国.xlsx")), "--forms", str(province)])
    assert "national-project-2020" in capsys.readouterr().out


# ---------------------------------------------------------------- forms check


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(["forms", "check", *arguments])
    return code, capsys.readouterr().out


def test_a_right_form_is_said_to_be_right(province: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(capsys, str(province)) == (0, "✓ penglai-2026  蓬莱省项目支出绩效自评表\n")


def test_a_sample_of_it(province: Path, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = check(capsys, str(province), "--sample", str(sample))
    assert code == 0
    assert "列：实际完成值 ← “达成数”（自评表!E10）" in said
    assert "列：资金·全年执行数 ← “拨付实数”（自评表!E5）" in said
    assert "✓ 认作 penglai-2026" in said


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("form.toml", 'actual = ["达成数"]', 'actaul = ["达成数"]', "form.toml：columns.actaul：没有这个字段，是否应为 actual？"),
        ("form.toml", 'actual = ["达成数"]', 'actual = ["分值"]', "form.toml：columns.actual：“分值”已属于 columns.weight"),
        ("form.toml", 'actual = ["达成数"]', 'actual = ["全年完成值", "年度指标值"]', "form.toml：columns.actual：“年度指标值”已属于 columns.target"),
        ("form.toml", 'actual = ["达成数"]', 'actual = ["95%"]', "form.toml：columns.actual：“95%”不是词"),
        ("form.toml", 'actual = ["达成数"]', f'actual = ["{"达" * 60}"]', "过长：不超过"),
        ("form.toml", 'actual = ["达成数"]', 'actual = [" "]', "form.toml：columns.actual"),
        ("form.toml", 'headings = ["达成数"]', 'columns = ["actaul"]', "form.toml：recognise.columns：没有“actaul”这个字段，是否应为 actual？"),
        ("form.toml", 'headings = ["达成数"]', 'level1_at_least = 4', "form.toml：recognise.level1_at_least：应为 1 至 3 的整数：level1 有 3 个词"),
        ("form.toml", 'headings = ["达成数"]', 'level1 = []\nlevel1_at_least = 1', "form.toml：recognise.level1_at_least：没有写 level1"),
        ("form.toml", '[recognise]', '[recognise', "form.toml：无法读取：第 7 行第 11 列附近的写法有误"),
        ("form.toml", 'title = ["蓬莱"]', 'titel = ["蓬莱"]', "form.toml：recognise.titel：未知的键，是否应为 title？"),
        ("form.toml", 'title = ["蓬莱"]', 'title = "蓬莱"', "form.toml：recognise.title：应为文字的列表"),
        ("form.toml", "national-project-2020", "national-project-2002", "没有名为 national-project-2002 的表样，是否应为"),
        ("form.toml", "[columns]", "[colums]", "form.toml：colums：未知的键，是否应为 columns？"),
        ("rubric.toml", "[execution]", "[excution]", "rubric.toml：excution：未知的键，是否应为 execution？"),
        ("rubric.toml", '"stepped"', '"stairs"', "rubric.toml：execution.rule：不能为 'stairs'"),
        ("rubric.toml", 'level1 = "产出指标"', "", "rubric.toml：weights.level1：每条应写明 level1 或 level3"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_named(
    province: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, message: str
) -> None:
    edit(province, file, old, new)
    code, said = check(capsys, str(province))
    assert code == 1
    assert message in said


def test_the_condition_that_fails_is_named(province: Path, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(province, "form.toml", 'headings = ["达成数"]', 'headings = ["完成数"]')
    edit(province, "form.toml", 'title = ["蓬莱"]', 'title = ["瀛洲"]')
    code, said = check(capsys, str(province), "--sample", str(sample))
    assert code == 1
    assert "✗ 没有认作 penglai-2026" in said
    assert "recognise.headings：没有这样的列名 完成数" in said
    assert "recognise.title：标题不含其中任何一个词 瀛洲" in said


def test_a_heading_that_no_word_covers_is_named(
    province: Path, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(province, "form.toml", 'actual = ["达成数"]', 'actual = ["完成实数"]')
    _, said = check(capsys, str(province), "--sample", str(sample))
    assert "没有用到的列名：“达成数”（第 10 行）" in said


def test_another_form_that_wins_is_named(province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = check(capsys, str(province), "--sample", str(project_form(tmp_path / "全国.xlsx")))
    assert code == 1
    assert "按现有条件认作 national-project-2020" in said


def test_folders_and_samples_that_cannot_be_used(
    province: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "空").mkdir()
    assert check(capsys, str(tmp_path / "空"))[0] == 1
    assert check(capsys, str(tmp_path / "没有"))[0] == 1
    assert check(capsys, str(province), "--sample", str(tmp_path / "没有.xlsx"))[0] == 3


# ---------------------------------------------------------------- forms show, the starter, inheritance


@pytest.mark.parametrize("form", list(Forms.load().by_id))
def test_every_form_can_be_shown(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forms", "show", form]) == 0
    said = capsys.readouterr().out
    for heading in ("认表条件", "计分规则", "说明", "出处："):
        assert heading in said
    assert run(["forms", "show", form, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == form


def test_a_form_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    run(["forms", "show", "hubei-project"])
    said = capsys.readouterr().out
    assert "预算执行 20 分：按比例，执行率 = 全年执行数 ÷ 全年预算数，未填时用 年初预算数" in said
    assert "反向指标超出指标值：指标值 ÷ 完成值 × 分值；(1 − 超出比例) × 分值也认可" in said
    assert "达成 80%–100%；部分达成 50%–80%；未达成 0%–50%" in said
    assert "指标表不能有的列：分值、指标性质" in said


def test_an_unknown_form_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forms", "show", "hubei-projct"]) == 2
    assert "没有表样“hubei-projct”，是否应为 hubei-project？" in capsys.readouterr().err


def test_a_copy_of_the_starter_is_a_form(tmp_path: Path) -> None:
    folder = tmp_path / "penglai-2026"
    shutil.copytree(templates_folder() / "_starter", folder)
    path = folder / "form.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"_starter"', '"penglai-2026"'), encoding="utf-8")
    assert Forms.load([tmp_path]).by_id["penglai-2026"].recognition.title == ("某省",)


def test_what_the_starter_leaves_commented_out_is_right_too(tmp_path: Path) -> None:
    folder = tmp_path / "penglai-2026"
    shutil.copytree(templates_folder() / "_starter", folder)
    for name in ("form.toml", "rubric.toml"):
        text = (folder / name).read_text(encoding="utf-8").replace('"_starter"', '"penglai-2026"')
        lines = [re.sub(r'^# (?=[a-z\["])', "", line) for line in text.splitlines()]
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    form = Forms.load([tmp_path]).by_id["penglai-2026"]
    assert form.words is not None
    assert form.words.data["budget_columns"] == {"executed": ["实际拨付金额"]}
    assert form.rubric.execution_weight == 20


def test_the_starter_is_not_among_the_forms() -> None:
    assert "_starter" not in Forms.load().by_id


def test_forms_that_extend_each_other_are_refused(province: Path) -> None:
    other = province / "yingzhou"
    shutil.copytree(province / "penglai-2026", other)
    for folder, parent in ((other, "penglai-2026"), (province / "penglai-2026", "yingzhou")):
        (folder / "form.toml").write_text(
            f'id = "{folder.name}"\nname = "甲"\nextends = "{parent}"\n', encoding="utf-8"
        )
    with pytest.raises(DefinitionError, match="extends：循环引用：penglai-2026 → yingzhou → penglai-2026"):
        Forms.load([province])


def test_every_form_has_its_notes_and_source() -> None:
    for form in Forms.load().by_id.values():
        assert form.source, form.id
        assert "依据" in (form.folder / "NOTES.md").read_text(encoding="utf-8"), form.id


def test_a_form_that_any_table_could_be_is_refused(province: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(province, "form.toml", 'extends = "national-project-2020"', "")
    edit(province, "form.toml", 'headings = ["达成数"]', "")
    code, said = check(capsys, str(province))
    assert code == 1
    assert "form.toml：recognise：columns、budget_columns、headings、header、level1 至少写一项" in said


def test_a_file_that_notepad_saved_is_read(province: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = province / "penglai-2026" / "form.toml"
    path.write_text(FORM, encoding="utf-8-sig")
    assert check(capsys, str(province))[0] == 0


def test_a_file_in_another_encoding_is_said_to_be_one(province: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (province / "penglai-2026" / "form.toml").write_text(FORM, encoding="gbk")
    code, said = check(capsys, str(province))
    assert code == 1
    assert "不是 UTF-8 编码" in said
