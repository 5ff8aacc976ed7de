"""STR-14, which is found while the tables of a workbook are looked for."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfxl.forms.lexicon import load_lexicon
from perfxl.model.finding import Finding
from perfxl.pipeline import find_tables
from perfxl.reading.open_workbook import open_workbook
from tests.workbooks import project_form


def said(path: Path) -> list[Finding]:
    return find_tables(open_workbook(path), load_lexicon()).findings


def with_copy(path: Path, *, hide: str | None = None, clear: str | None = None) -> Path:
    """Give a form a second sheet 2022, the same as its first; hide one of them, or take the values out of one."""
    book = load_workbook(project_form(path))
    copy = book.copy_worksheet(book["自评表"])
    copy.title = "2022"
    if hide is not None:
        book[hide].sheet_state = "hidden"
        book.active = 1 if hide == "自评表" else 0
    if clear is not None:
        book[clear].delete_rows(11, 3)
    book.save(path)
    return path


def test_a_hidden_table_beside_a_visible_one_is_passed_over_and_named(tmp_path: Path) -> None:
    (finding,) = said(with_copy(tmp_path / "a.xlsx", hide="2022"))
    assert finding.code == "STR-14"
    assert finding.severity == "info"
    assert finding.message == "工作表“2022”中的自评表没有纳入复核：该工作表是隐藏的"
    assert finding.table_id == -1


def test_a_blank_form_beside_a_filled_one_is_passed_over_and_named(tmp_path: Path) -> None:
    (finding,) = said(with_copy(tmp_path / "a.xlsx", clear="2022"))
    assert finding.message == "工作表“2022”中的自评表没有纳入复核：该表是空白表样"


def test_a_table_that_is_only_on_a_hidden_sheet_is_reviewed_and_named(tmp_path: Path) -> None:
    path = project_form(tmp_path / "a.xlsx")
    book = load_workbook(path)
    book.create_sheet("说明")
    book["自评表"].sheet_state = "hidden"
    book.active = 1
    book.save(path)
    (finding,) = said(path)
    assert finding.message == "自评表在隐藏的工作表“自评表”中，已读取并复核"


@pytest.mark.parametrize("copy", [False, True])
def test_visible_and_filled_tables_need_no_word(tmp_path: Path, copy: bool) -> None:
    path = tmp_path / "a.xlsx"
    assert said(with_copy(path) if copy else project_form(path)) == []
