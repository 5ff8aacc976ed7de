"""Settings and waivers end to end: what counts, what is listed, and the exit code."""

import datetime
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfxl.cli import run
from perfxl.forms.definitions import load_forms
from perfxl.forms.settings import Waiver
from perfxl.pipeline import review
from perfxl.reading.open_workbook import open_workbook
from tests.workbooks import project_form

WAIVER = '[[waive]]\ncode = "BUD-03"\nrow = "年度资金总额"\nreason = "按市局口径计分"\n'


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """Return a form whose execution score is wrong: one error, and nothing else at that level."""
    return project_form(tmp_path / "自评表.xlsx", money=(100, 100, 80, 10, "80%", 9), total=(100, 99))


def scored(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = run(["score", "--json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_without_settings_the_error_counts(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = scored(capsys, str(form))
    assert code == 1
    assert [item["waived"] for item in document["tables"][0]["findings"] if item["code"] == "BUD-03"] == [None]


def test_a_waived_finding_is_listed_and_does_not_count(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (form.parent / "perfxl.toml").write_text(WAIVER, encoding="utf-8")
    code, document = scored(capsys, str(form))
    assert code == 0
    (finding,) = [item for item in document["tables"][0]["findings"] if item["code"] == "BUD-03"]
    assert finding["waived"] == "按市局口径计分"
    assert any("perfxl.toml" in note for note in document["notes"])
    book = openpyxl.load_workbook(document["output"])
    levels = {row[1].value: row[2].value for row in book["问题清单"].iter_rows(min_row=4)}
    assert levels["BUD-03"] == "豁免"
    sheet, _, place = finding["cell"].rpartition("!")
    assert book[sheet][place].comment is None
    assert run(["score", "--no-annotate", str(form)]) == 0
    assert "[豁免] BUD-03" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("waiver", "counts"),
    [
        ({}, False),
        ({"row": "年度资金总额"}, False),
        ({"row": "上年结转资金"}, True),
        ({"code": "BUD-02"}, True),
        ({"table": "没有这个项目"}, True),
        ({"until": datetime.date(2026, 6, 30)}, False),
        ({"until": datetime.date(2026, 6, 29)}, True),
    ],
)
def test_what_a_waiver_covers(form: Path, waiver: dict[str, Any], counts: bool) -> None:
    waived = Waiver(**{"code": "BUD-03", "reason": "已核实", **waiver})
    today = datetime.date(2026, 6, 30)
    found = review([open_workbook(form)], load_forms(), waivers=[waived], today=today).findings
    (finding,) = [item for item in found if item.code == "BUD-03"]
    assert (finding.waived == "") is counts


def test_a_waiver_names_the_table_by_its_project(form: Path) -> None:
    book = open_workbook(form)
    name = review([book], load_forms()).scored.tables["header"].iloc[0]["项目名称"]
    found = review([book], load_forms(), waivers=[Waiver("BUD-03", "已核实", table=name)]).findings
    assert [item.waived for item in found if item.code == "BUD-03"] == ["已核实"]


def test_a_waiver_that_has_run_out_is_said(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (form.parent / "perfxl.toml").write_text(WAIVER + "until = 2020-01-01\n", encoding="utf-8")
    code, document = scored(capsys, str(form))
    assert code == 1
    assert "豁免 BUD-03（按市局口径计分）已于 2020-01-01 到期，不再适用。" in document["notes"]


def test_a_check_switched_off_and_a_file_named_on_the_command_line(
    form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "其他" / "我的.toml"
    own.parent.mkdir()
    own.write_text("[checks.BUD-03]\nenabled = false\n", encoding="utf-8")
    code, document = scored(capsys, "--config", str(own), str(form))
    assert code == 0
    assert "BUD-03" not in [item["code"] for item in document["tables"][0]["findings"]]


def test_files_under_different_settings_in_one_run(
    form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "乡镇" / "自评表.xlsx"
    other.parent.mkdir()
    project_form(other, money=(100, 100, 80, 10, "80%", 9), total=(100, 99))
    (other.parent / "perfxl.toml").write_text(WAIVER, encoding="utf-8")
    run(["score", "--json", "--no-annotate", str(form), str(other), str(form)])
    documents = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    waived = [[f["waived"] for f in d["tables"][0]["findings"] if f["code"] == "BUD-03"] for d in documents]
    assert waived == [[None], ["按市局口径计分"], [None]]


def test_a_wrong_settings_file_ends_the_run(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (form.parent / "perfxl.toml").write_text("[tolerence]\n", encoding="utf-8")
    assert run(["score", str(form)]) == 2
    assert "perfxl.toml：tolerence：未知的键，是否应为 tolerance？" in capsys.readouterr().err
    assert run(["score", "--config", str(form.parent / "没有.toml"), str(form)]) == 2
    assert "没有这个设置文件" in capsys.readouterr().err


@pytest.mark.parametrize(("level", "code"), [("error", 1), ("warning", 1), ("never", 0)])
def test_fail_on(form: Path, level: str, code: int) -> None:
    assert run(["score", "--no-annotate", "--fail-on", level, str(form)]) == code


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1)])
def test_fail_on_warning_alone(tmp_path: Path, level: str, code: int) -> None:
    path = project_form(tmp_path / "自评表.xlsx", money=(100, 100, 110, 10, "110%", 10), total=(100, 100))
    assert run(["score", "--no-annotate", "--fail-on", level, str(path)]) == code


def test_fail_on_knows_three_levels(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", "--fail-on", "info", str(form)]) == 2
    assert "选项 --fail-on 不能为“info”，可用的有：error、warning、never" in capsys.readouterr().err
