"""汇总.xlsx: what its sheets say, and that nothing of a submission becomes anything but text."""

import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.writing.summary import details, sampled
from perfxl.writing.summary import sheet as summary_sheet
from perfxl.writing.summary.ahead import Assist
from perfxl.writing.summary.book import write_summary
from perfxl.writing.summary.overview import About
from perfxl.writing.summary.sampled import draw, shares
from perfxl.writing.summary.sheet import Book, BulkWorkbook, link_target
from tests.batch.folders import batch, copies, form
from tests.batch.folders import here as here
from tests.workbooks import CLEAN_ROWS

pytestmark = pytest.mark.usefixtures("here")
SHEETS = ["总览", "排名", "部门汇总", "指标明细", "问题清单", "问题统计", "未报送与重复", "未能读取", "抽查名单"]
SHORT_ROWS = (("产出指标", "数量指标", "培训场次", "≥12场", "6场", 50, 50, None), *CLEAN_ROWS[1:])
OPEN_ROWS = (("产出指标", "数量指标", "培训场次", "≥12场", "完成", 50, 50, None), *CLEAN_ROWS[1:])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "报送"
    form(made / "甲局" / "表 #1%.xlsx", "培训", "甲局一科", "甲局")
    form(made / "乙局" / "表.xlsx", "养护", "乙局二科", "乙局", rows=SHORT_ROWS)
    form(made / "乙局" / "另表.xlsx", "运维", "乙局二科", "乙局", rows=OPEN_ROWS)
    (made / "坏.xlsx").write_bytes(b"")
    (made / "报告.docx").write_bytes(b"x")
    return made


def summary(folder: Path, **options: object) -> dict[str, Worksheet]:
    out = folder.parent / "结果"
    batch(folder, out, **options)
    book = load_workbook(out / "汇总.xlsx")
    return {sheet.title: sheet for sheet in book.worksheets}


def table(sheet: Worksheet, head: str) -> list[list[object]]:
    """Return the rows below the heading that begins with a text, up to a blank row."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    first = next(number for number, row in enumerate(rows) if row[0] == head) + 1
    last = next((number for number in range(first, len(rows)) if not any(rows[number])), len(rows))
    return rows[first:last]


def test_the_sheets_and_how_they_are_printed(folder: Path) -> None:
    sheets = summary(folder, sample=2)
    assert list(sheets) == SHEETS
    for sheet in sheets.values():
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.freeze_panes is not None
    assert [name for name, sheet in sheets.items() if sheet.auto_filter.ref] == [
        "排名", "部门汇总", "指标明细", "问题清单", "问题统计", "未能读取", "抽查名单",
    ]  # fmt: skip


def test_the_ranking_puts_what_is_incomplete_last_and_says_so(folder: Path) -> None:
    rows = table(summary(folder)["排名"], "名次")
    assert [(row[0], row[4], row[6], row[7], row[8], row[15]) for row in rows] == [
        (1, "培训", 99.5, 99.5, 0, None),
        (2, "养护", 99.5, 74.5, 25, None),
        (None, "运维", 99.5, 49.5, None, 50),
    ]


def test_ranking_leads_to_the_copies(folder: Path) -> None:
    sheet = summary(folder)["排名"]
    targets = {
        row[0].hyperlink.target for row in sheet.iter_rows(min_row=4, min_col=17, max_col=17) if row[0].hyperlink
    }
    assert "annotated/乙局/表_复核.xlsx" in targets
    assert "annotated/甲局/表%20%231%25_复核.xlsx" in targets


def test_departments_sum_projects_and_average_what_is_complete(folder: Path) -> None:
    rows = table(summary(folder)["部门汇总"], "部门")
    assert [row[:10] for row in rows] == [
        ["乙局", 1, 2, 2, 200, 190, 0.95, 99.5, 74.5, 25],
        ["甲局", 1, 1, 1, 100, 95, 0.95, 99.5, 99.5, 0],
        ["合计", 2, 3, 3, 300, 285, 0.95, 99.5, 87, 12.5],
    ]


def test_every_row_of_every_indicator(folder: Path) -> None:
    rows = table(summary(folder)["指标明细"], "单位")
    assert len(rows) == 9
    assert rows[0] == ["乙局二科", "运维", "产出指标", "数量指标", "培训场次", "≥12场", "完成", None, 50, 50, None, None, "人工核对",
                       None, "乙局/另表.xlsx", "自评表!C11"]  # fmt: skip


def test_issues_name_file_cell_and_what_to_do(folder: Path) -> None:
    rows = table(summary(folder)["问题清单"], "级别")
    (row,) = [row for row in rows if row[1] == "IND-03"]
    assert row[:7] == ["错误", "IND-03", "乙局二科", "养护", "乙局/表.xlsx", "自评表!G11", "50"]
    assert row[8:10] == [25, 25]


def test_what_could_not_be_read_and_what_was_passed_over(folder: Path) -> None:
    sheet = summary(folder)["未能读取"]
    assert table(sheet, "文件")[0][:2] == ["坏.xlsx", "空文件"]
    assert "报告.docx" in [cell.value for cell in sheet["A"]]


def test_the_overview_counts(folder: Path) -> None:
    sheet = summary(folder)["总览"]
    labels, values = ([cell.value for cell in sheet[row]] for row in (5, 6))
    counted = dict(zip(labels, values, strict=True))
    assert [counted[name] for name in ("工作簿", "已复核", "未能读取", "略过", "自评表", "计入汇总", "单位")] == [
        4,
        3,
        1,
        1,
        3,
        3,
        2,
    ]
    assert len(sheet._charts) == 3


def test_beyond_the_last_row_only_what_fell_short(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = details._question
    monkeypatch.setattr(details, "_question", lambda db, limit: original(db, 8))
    sheet = summary(folder)["指标明细"]
    assert "超过工作表的行数上限" in str(sheet["A2"].value)
    assert "results.sqlite 的 indicators 表" in str(sheet["A2"].value)
    assert [row[4] for row in table(sheet, "单位")] == ["培训场次", "培训场次"]


def test_texts_of_a_submission_stay_texts(tmp_path: Path) -> None:
    rows = (
        ("产出指标", "数量指标", "=1+1", "≥12场", "6场", 50, 50, "+cmd|' /C calc'!A0" + "长" * 40000),
        *CLEAN_ROWS[1:],
    )
    form(tmp_path / "报送" / "=1+1.xlsx", '=HYPERLINK("http://x")', "@单位", "-部门", rows=rows)
    sheets = summary(tmp_path / "报送", sample=1)
    seen = {
        cell.value for sheet in sheets.values() for row in sheet.iter_rows() for cell in row if cell.value is not None
    }
    assert {"=1+1", '=HYPERLINK("http://x")', "@单位", "-部门", "=1+1.xlsx"} <= seen
    for sheet in sheets.values():
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"], sheet.title
    with zipfile.ZipFile(tmp_path / "结果" / "汇总.xlsx") as package:
        for name in package.namelist():
            assert b"<f>" not in package.read(name), name


def test_a_summary_that_is_made_again_has_the_same_bytes(folder: Path) -> None:
    summary(folder, sample=2, seed=3)
    before = copies(folder.parent / "结果")["汇总.xlsx"]
    (folder.parent / "结果" / "汇总.xlsx").unlink()
    summary(folder, sample=2, seed=3)
    assert copies(folder.parent / "结果")["汇总.xlsx"] == before


@pytest.mark.parametrize(
    ("counts", "size", "expected"),
    [
        ([80, 15, 5], 20, [16, 3, 1]),
        ([96, 2, 1, 1], 10, [7, 1, 1, 1]),
        ([3, 2], 10, [3, 2]),
        ([5, 9, 7], 2, [0, 1, 1]),
        ([10, 10, 10], 10, [4, 3, 3]),
    ],
)
def test_a_sample_takes_from_every_band(counts: list[int], size: int, expected: list[int]) -> None:
    assert shares(counts, size) == expected


def test_the_same_seed_draws_the_same_tables() -> None:
    scores: list[tuple[int, float | None]] = [(number, 55 + number % 45) for number in range(200)]
    first = draw(scores, 12, 7)
    assert draw(scores, 12, 7) == first
    assert draw(scores, 12, 8) != first
    assert len({table for _, table in first}) == 12
    assert {band for band, _ in first} == {sampled.band(score) for _, score in scores}


def test_issues_of_one_file_lead_to_its_copy_by_one_entry_of_the_package(folder: Path) -> None:
    sheet = summary(folder)["问题清单"]
    links = [(row[4].value, row[4].hyperlink.target) for row in sheet.iter_rows(min_row=4) if row[4].hyperlink]
    assert len(links) > len(set(links)) == 3
    assert ("乙局/表.xlsx", "annotated/乙局/表_复核.xlsx") in links
    with zipfile.ZipFile(folder.parent / "结果" / "汇总.xlsx") as package:
        relations = package.read(f"xl/worksheets/_rels/sheet{SHEETS.index('问题清单') + 1}.xml.rels")
    assert relations.count(b"/hyperlink") == 3


@pytest.mark.parametrize(("length", "count"), [(2080, 1), (2081, 0)])
def test_a_link_is_no_longer_than_excel_takes(tmp_path: Path, length: int, count: int) -> None:
    book = Book(BulkWorkbook(str(tmp_path / "a.xlsx"), {"constant_memory": True}))
    sheet = book.sheet("表", [10], "表", "")
    sheet.link(0, 0, "x" * length)
    book.workbook.close()
    links = [cell.hyperlink for row in load_workbook(tmp_path / "a.xlsx")["表"] for cell in row if cell.hyperlink]
    assert len(links) == count


@pytest.mark.parametrize(("most", "count"), [(3, 3), (2, 2)])
def test_links_beyond_those_that_excel_takes_are_not_even_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, count: int
) -> None:
    monkeypatch.setattr(summary_sheet, "MAX_LINKS", most)
    book = Book(BulkWorkbook(str(tmp_path / "a.xlsx"), {"constant_memory": True}))
    sheet = book.sheet("表", [10], "表", "")
    for row in range(3):
        sheet.link(row, 0, f"annotated/{row}.xlsx")
    assert len(sheet.raw.links) == count
    book.workbook.close()


def test_links_hold_what_file_names_may_hold() -> None:
    assert link_target("annotated/甲 局/a#b%41_复核.xlsx") == "annotated/甲%20局/a%23b%2541_复核.xlsx"


def test_rows_that_a_worker_writes_are_those_that_are_written_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = folder.parent / "结果"
    batch(folder, out)
    about = About("报送", "2026-01-01", "0", False)

    def written(assist: Assist | None) -> bytes:
        with closing(sqlite3.connect(out / "results.sqlite")) as db:
            write_summary(out / "另存.xlsx", db, about, assist=assist)
        assert [path.name for path in out.iterdir() if path.suffix == ".tmp"] == []
        with zipfile.ZipFile(out / "另存.xlsx") as package:
            return b"".join(package.read(name) for name in package.namelist())

    monkeypatch.setattr(details, "_WORTH_HELP", 1)
    alone = written(None)
    asked = []

    def dies(function: Callable[..., int], *args: Any) -> "Future[int]":
        asked.append(function)
        future: Future[int] = Future()
        future.set_exception(MemoryError())
        return future

    with ThreadPoolExecutor() as worker:
        assert written(worker.submit) == alone
    assert written(dies) == alone
    assert len(asked) == 1
    assert written(lambda *args: None) == alone


def test_a_worker_that_writes_rows_loads_no_more_for_it() -> None:
    told = "import sys; import perfxl.writing.summary.ahead; print('xlsxwriter' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
