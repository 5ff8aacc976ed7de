"""LibreOffice reckons filled blanks through: formulas, status, and the same values in other formats."""

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from perfxl.pipeline import review
from perfxl.reading.open_workbook import open_workbook
from perfxl.writing.document import table_documents
from tests.blanks.faults import faults
from tests.blanks.filling import FORMS, blank_of, fill, put, sheet_of
from tests.blanks.reviewing import check_values, codes, values_of

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
ALL = tuple(FORMS.by_id)
# Of the ten faults of a form; all of them come up in one form or another.
PLANTED = 2


def faulty(form: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield some faults of a form by the stem of their file."""
    start = ALL.index(form)
    planted = faults(fill(form, 1))
    for number in range(PLANTED):
        fault = planted[(start + 5 * number) % len(planted)]
        yield f"{form}-fault{number}", {"fault": fault}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the filled blanks of all forms, reckoned through by LibreOffice and saved in three formats."""
    root = tmp_path_factory.mktemp("office")
    for form in ALL:
        # Saved by a library that drops stored results, so that there is something to reckon.
        load_workbook(io.BytesIO(blank_of(form))).save(root / f"{form}-blank.xlsx")
        filled = fill(form, 1)
        filled.workbook(has_formulas=True).save(root / f"{form}.xlsx")
        for stem, made in faulty(form):
            book = filled.workbook(has_formulas=True)
            for ref, value in made["fault"].edits.items():
                put(sheet_of(book), ref, value)
            book.save(root / f"{stem}.xlsx")
    convert(root, "xlsx", sorted(root.glob("*.xlsx")))
    plain = [root / f"{form}.xlsx" for form in ALL]
    convert(root, "xls", plain)
    convert(root, "ods", plain)
    return root


def convert(root: Path, suffix: str, files: list[Path]) -> None:
    profile = f"-env:UserInstallation=file://{root / 'profile'}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        suffix,
        "--outdir",
        str(root / suffix),
        *map(str, files),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def table_of(path: Path) -> dict[str, Any]:
    reviewed = review([open_workbook(path)], FORMS)
    (document,) = table_documents(reviewed.scored, reviewed.findings).values()
    return document


def status(path: Path) -> int:
    """Return how many places the status says are to be filled in or mended."""
    found = re.findall(r"\d+", str(sheet_of(load_workbook(path, data_only=True))["A1"].value))
    return int(found[0]) if found else 0


def error_values(path: Path) -> list[str]:
    sheet = sheet_of(load_workbook(path, data_only=True))
    return [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "e"]


@pytest.mark.parametrize("form", ALL)
def test_formulas_come_to_what_perfxl_reckons(form: str, folder: Path) -> None:
    path = folder / "xlsx" / f"{form}.xlsx"
    filled, sheet = fill(form, 1), sheet_of(load_workbook(path, data_only=True))
    for ref, value in filled.results.items():
        wanted = value if isinstance(value, str) else pytest.approx(value, abs=0.005)
        assert sheet[ref].value == wanted, ref
    assert error_values(path) == []
    table = table_of(path)
    check_values(filled, table)
    assert codes(table["findings"]) == set()
    assert status(path) == 0


@pytest.mark.parametrize("form", ALL)
def test_the_status_counts_the_errors_that_perfxl_finds(form: str, folder: Path) -> None:
    for stem in [f"{form}-blank", *(stem for stem, _ in faulty(form))]:
        path = folder / "xlsx" / f"{stem}.xlsx"
        errors = [item for item in table_of(path)["findings"] if item["severity"] == "error"]
        assert status(path) == len(errors), (stem, errors)
        assert error_values(path) == []


@pytest.mark.parametrize("form", ALL)
def test_what_a_blank_stores_is_what_its_formulas_come_to(form: str, folder: Path) -> None:
    stored = sheet_of(load_workbook(io.BytesIO(blank_of(form)), data_only=True))
    reckoned = sheet_of(load_workbook(folder / "xlsx" / f"{form}-blank.xlsx", data_only=True))
    for row in stored.iter_rows():
        for cell in row:
            assert (cell.value or "") == (reckoned[cell.coordinate].value or ""), cell.coordinate


@pytest.mark.parametrize("form", ALL)
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_other_formats_read_the_same(form: str, suffix: str, folder: Path) -> None:
    path = folder / suffix / f"{form}.{suffix}"
    assert values_of(table_of(path)) == values_of(table_of(folder / "xlsx" / f"{form}.xlsx"))
    assert open_workbook(path).notes == ()
