"""Published tables saved by LibreOffice as .xls and .ods read as they do in .xlsx."""

from pathlib import Path

import openpyxl
import pytest

from perfxl.reading.open_workbook import open_workbook
from tests.libreoffice import convert, needs_libreoffice
from tests.published.layouts import Case, Sheet, lay_out, load_cases
from tests.published.test_metamorphic import reading

SUFFIXES = ("xls", "ods")


def write(sheet: Sheet, path: Path) -> None:
    """Write a sheet by openpyxl, figures as numbers and percentages under a percent format."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "自评表"
    for (row, column), cell in sheet.grid(typed=True).cells.items():
        there = page.cell(row, column, cell.value)
        if cell.kind == "number" and cell.text.endswith("%"):
            there.number_format = "0." + "0" * len(cell.text[:-1].partition(".")[2]) + "%" if "." in cell.text else "0%"
        elif cell.kind == "text":
            there.data_type = "s"  # "=100%" is what an office typed as a text
    for span in sheet.merges:
        page.merge_cells(str(span))
    book.save(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every published table as .xlsx, .xls and .ods."""
    folder = tmp_path_factory.mktemp("saved")
    for case in load_cases():
        write(lay_out(case), folder / f"{case['id']}.xlsx")
    for suffix in SUFFIXES:
        convert(sorted(folder.glob("*.xlsx")), suffix, folder)
    return folder


@needs_libreoffice
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("case", load_cases(), ids=lambda case: case["id"])
def test_saved_in_another_format_it_reads_the_same(folder: Path, case: Case, suffix: str) -> None:
    (theirs,), (ours,) = (open_workbook(folder / f"{case['id']}.{kind}").grids for kind in ("xlsx", suffix))
    assert theirs.cells
    assert {place: cell.text for place, cell in ours.cells.items()} == {
        place: cell.text for place, cell in theirs.cells.items()
    }
    assert reading(ours) == reading(theirs)
