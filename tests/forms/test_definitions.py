"""Rubrics as data: what a folder of two TOML files changes, and what is said of a wrong one."""

from pathlib import Path

import pytest

from perfxl.errors import DefinitionError
from perfxl.forms.definitions import Forms
from perfxl.pipeline import review
from perfxl.reading.open_workbook import open_workbook
from tests.workbooks import project_form

FORM = 'id = "jiangxi"\nname = "江西"\n[recognise]\ncolumns = ["level1", "target", "actual", "weight"]\ntitle = ["自评表"]\n'
STEPPED = (
    'extends = "national-project-2020"\n[execution]\nrule = "stepped"\nsteps = [[1.0, 1.0], [0.8, 0.7], [0.6, 0.5]]\n'
)


def folder(tmp_path: Path, form: str = FORM, rubric: str = STEPPED) -> Path:
    made = tmp_path / "forms" / "jiangxi"
    made.mkdir(parents=True)
    (made / "form.toml").write_text(form, encoding="utf-8")
    (made / "rubric.toml").write_text(rubric, encoding="utf-8")
    return made.parent


@pytest.mark.parametrize(("executed", "score"), [(79.99, 5), (80, 7), (99.99, 7), (100, 10), (120, 10), (59.99, 0)])
def test_t10_points_of_execution_in_steps(tmp_path: Path, executed: float, score: float) -> None:
    path = project_form(tmp_path / "a.xlsx", money=(100, 100, executed, 10, f"{executed}%", score))
    reviewed = review([open_workbook(path)], Forms.load([folder(tmp_path)]), form="jiangxi")
    assert reviewed.scored.budget["score"].iloc[0] == score
    assert not [finding for finding in reviewed.findings if finding.code == "BUD-03"]


def test_points_in_proportion_are_wrong_where_they_come_in_steps(tmp_path: Path) -> None:
    path = project_form(tmp_path / "a.xlsx", money=(100, 100, 79.99, 10, "79.99%", 8))
    reviewed = review([open_workbook(path)], Forms.load([folder(tmp_path)]), form="jiangxi")
    (finding,) = [finding for finding in reviewed.findings if finding.code == "BUD-03"]
    assert (finding.expected, finding.difference) == (5, 3)


@pytest.mark.parametrize(
    ("form", "rubric", "message"),
    [
        (FORM.replace("jiangxi", "hunan"), STEPPED, r"jiangxi/form\.toml：id：应与文件夹同名：jiangxi"),
        (FORM + "titel = []\n", STEPPED, r"form\.toml：recognise\.titel：未知的键，是否应为 title？"),
        (FORM, STEPPED.replace("2020", "1999"), r"rubric\.toml：extends：没有名为 national-project-1999 的表样"),
        (FORM, STEPPED.replace("stepped", "stairs"), r"execution\.rule：不能为 'stairs'，可用的有：linear、stepped"),
        (FORM, STEPPED.replace("[0.8, 0.7]", "0.8"), r"execution\.steps：应为成对的数"),
        (FORM, "total = true\n", r"rubric\.toml：total：应为数字，现为 True"),
        (FORM, "total = \n", r"rubric\.toml：无法读取"),
    ],
)
def test_a_wrong_definition_names_file_and_key(tmp_path: Path, form: str, rubric: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        Forms.load([folder(tmp_path, form, rubric)])
