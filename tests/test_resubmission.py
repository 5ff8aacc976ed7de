"""A resubmission held against the earlier file, or against its annotated copy with answers in it."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfxl.cli import run
from tests.workbooks import CLEAN_ROWS, NOT_ASKED, project_form

SHORT = ("产出指标", "数量指标", "培训场次", "≥12场", "6场", 50, 25, None)
EXPLAINED = (*SHORT[:-1], "疫情期间两季度未开班，已于次年一季度补办六场。")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a form with two errors: no reason for a shortfall, and a wrong execution score."""
    folder = tmp_path / "上次"
    folder.mkdir()
    (tmp_path / "perfxl.toml").write_text(NOT_ASKED, encoding="utf-8")
    rows = (SHORT, *CLEAN_ROWS[1:])
    return project_form(folder / "自评表.xlsx", rows, money=(100, 100, 95, 10, "95%", 9), total=(100, 74))


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Return it again: the reason given, the execution score still wrong, a total wrong now, a row moved down."""
    rows = (CLEAN_ROWS[1], EXPLAINED, CLEAN_ROWS[2])
    return project_form(tmp_path / "自评表.xlsx", rows, money=(100, 100, 95, 10, "95%", 9), total=(100, 80))


def against(capsys: pytest.CaptureFixture[str], new: Path, old: Path) -> dict[str, Any]:
    assert run(["score", "--json", str(new), "--against", str(old)]) == 1
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def by_code(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["code"]: item for item in document["tables"][0]["findings"]}


def test_fixed_remaining_and_new(new: Path, old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = against(capsys, new, old)
    found = by_code(document)
    assert found["BUD-03"]["since"] == "remaining"
    assert found["WGT-07"]["since"] == "new"
    assert [item["code"] for item in document["against"]["fixed"]] == ["IND-07"]
    assert (document["against"]["remaining"], document["against"]["new"]) == (1, 1)
    assert document["against"]["path"] == str(old)


def test_without_it_nothing_is_said_of_earlier_ones(new: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["score", "--json", "--no-annotate", str(new)])
    document = json.loads(capsys.readouterr().out)
    assert "against" not in document
    assert "since" not in document["tables"][0]["findings"][0]


def test_answers_in_the_earlier_copy_are_carried_over(new: Path, old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["score", "--no-annotate", str(old)])
    run(["score", str(old)])
    copy = old.with_name("自评表_复核.xlsx")
    book = openpyxl.load_workbook(copy)
    sheet = book["问题清单"]
    (row,) = [row for row in range(4, sheet.max_row + 1) if sheet.cell(row, 2).value == "BUD-03"]
    sheet.cell(row, 10).value = "已与国库股核对"
    sheet.cell(row, 11).value = "请附对账单"
    book.save(copy)
    capsys.readouterr()
    document = against(capsys, new, copy)
    assert (by_code(document)["BUD-03"]["reply"], by_code(document)["BUD-03"]["opinion"]) == (
        "已与国库股核对",
        "请附对账单",
    )
    assert by_code(document)["WGT-07"]["reply"] is None
    sheet = openpyxl.load_workbook(document["output"])["问题清单"]
    lines = {row[1].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=4)}
    assert lines["BUD-03"][9:] == ["已与国库股核对", "请附对账单", "仍存在"]
    assert lines["WGT-07"][9:] == [None, None, "新增"]
    assert lines["IND-07"][2] == "已改正"
    assert "已改正 1 处、仍存在 1 处、新增 1 处" in sheet["A2"].value


def test_our_own_sheets_are_no_part_of_a_submission(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["score", str(old)])
    capsys.readouterr()
    run(["score", "--json", "--no-annotate", str(old.with_name("自评表_复核.xlsx"))])
    document = json.loads(capsys.readouterr().out)
    assert [table["sheet"] for table in document["tables"]] == ["自评表"]


def test_a_lowered_target_is_an_error_at_its_cell(
    new: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lowered = project_form(
        tmp_path / "改.xlsx", (("产出指标", "数量指标", "培训场次", "≥6场", "6场", 50, 50, None), *CLEAN_ROWS[1:])
    )
    document = against(capsys, lowered, new)
    found = by_code(document)["TGT-01"]
    assert (found["severity"], found["cell"], found["value"]) == ("error", "自评表!D11", "≥6场")
    book = openpyxl.load_workbook(document["output"])
    assert "TGT-01" in book["自评表"]["D11"].comment.text


def test_a_form_held_against_itself_has_nothing_new(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = against(capsys, old, old)
    assert document["against"]["new"] == 0
    assert document["against"]["fixed"] == []
    assert "TGT-01" not in by_code(document)


def test_an_earlier_file_that_cannot_be_used(new: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", str(new), "--against", str(tmp_path / "没有.xlsx")]) == 3
    assert "上次报送的文件未能读取：找不到该文件" in capsys.readouterr().err


def test_one_file_at_a_time(new: Path, old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", str(new), str(old), "--against", str(old)]) == 2
    assert "一次只能复核一个文件" in capsys.readouterr().err


def test_the_terminal_says_how_it_compares(new: Path, old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["score", "--no-annotate", str(new), "--against", str(old)])
    assert "相比：已改正 1 处、仍存在 1 处、新增 1 处" in capsys.readouterr().out
