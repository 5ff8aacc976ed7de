"""LibreOffice reckons filled blanks through: formulas, status, and the same values in other formats."""

import io
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openpyxl import Workbook, load_workbook

from perfxl.model.cells import a1
from perfxl.model.grid import Cell
from perfxl.model.grid import Workbook as Submission
from perfxl.pipeline import review
from perfxl.reading.open_workbook import open_workbook, read_workbook
from perfxl.writing.document import table_documents
from tests.blanks.faults import Fault, faults
from tests.blanks.filling import FORMS, blank_of, fill, put, sheet_of
from tests.blanks.reviewing import check_values, codes, values_of

pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
ALL = tuple(FORMS.by_id)
# Of the ten faults of a form; all of them come up in one form or another.
PLANTED = 2

# Target, actual and the score that the formula gives of 10 points; "" where it leaves the score to the unit.
PAIRS: tuple[tuple[str, str, float | str], ...] = (
    ("≥95%", "95%", 10), ("≥95%", "90.25", 9.5), ("≥95%", "0.95", ""), ("≥95%", "约95%", ""), ("≥95%", "96%以上", ""),
    (">=40场", "39场", 9.75), ("≥40场", "39次", ""), ("≥40场", "完成", ""), ("≥40场", "30", 7.5), ("≥40场", "1", ""),
    ("≥3个，覆盖率90%", "3个", ""), ("≥40个以上", "45个", ""), ("≥12月", "12月", ""), ("≥1-2", "2", ""), ("≥1,200人", "1200人", ""),
    ("≤90万元", "99", 9), ("≤90万元", "99万元", 9), ("≤90万元", "180", 0), ("≤90万元", "899740", ""), ("<8天", "8天", 10),
    ("≤0起", "0", 10), ("≤0起", "1", 0), ("≥0起", "3", ""), ("=0", "0", 10), ("=4次", "4次", 10), ("=4次", "5次", ""),
    ("95%", "95%", 10), ("95%", "90%", ""), ("≥1", "100", ""), ("≥2", "100", 10), ("≥3年", "3年", ""), ("≥30元/人", "30元/人", ""),
    ("＞50个", "25个", 5), ("≧50个", "25", 5), ("≥80-90%", "85%", ""), ("不低于95%", "95%", ""), ("≥5%增长", "5%", ""), ("效果明显", "达成预期指标", ""),
)  # fmt: skip


def pairs_filled() -> Iterator[tuple[str, Workbook, list[tuple[str, float | str]]]]:
    """Yield workbooks with the pairs in their rows: stem, workbook, reference and score of each row."""
    filled = fill("national-project-2020", 1)
    assert filled.plan.grid is not None
    rows = [row.number for row in filled.plan.grid.rows]
    for start in range(0, len(PAIRS), len(rows)):
        book = load_workbook(io.BytesIO(blank_of(filled.form.id)))
        wanted = []
        for row, (target, actual, score) in zip(rows, PAIRS[start : start + len(rows)], strict=False):
            for name, value in (("level3", "巡查次数"), ("target", target), ("actual", actual), ("weight", 10)):
                put(sheet_of(book), filled.ref(row, name), value)
            wanted.append((filled.ref(row, "reported_score"), score))
        yield f"pairs{start}", book, wanted


def with_inserted_row() -> Workbook:
    """Return a filled blank in which one row has none of the formulas, as one that was inserted, and no actual."""
    filled = fill("national-project-2020", 1)
    book = filled.workbook(has_formulas=True)
    sheet, row = sheet_of(book), next(row for row, own in filled.rows.items() if own.get("share") == 1)
    for column in range(filled.plan.hint, sheet.max_column + 1):
        sheet.cell(row, column).value = None
    put(sheet, filled.ref(row, "reported_score"), filled.rows[row]["weight"])
    put(sheet, filled.ref(row, "actual"), None)
    return book


def faulty(form: str) -> Iterator[tuple[str, Fault]]:
    """Yield some faults of a form by the stem of their file."""
    start = ALL.index(form)
    planted = faults(fill(form, 1))
    for number in range(PLANTED):
        yield f"{form}-fault{number}", planted[(start + 5 * number) % len(planted)]


class Office(NamedTuple):
    """What LibreOffice made of the filled blanks.

    Attributes:
        books: Format and stem of a file → the workbook as it is read.
        tables: The same → its table as a document.
    """

    books: Mapping[tuple[str, str], Submission]
    tables: Mapping[tuple[str, str], dict[str, Any]]

    def cells(self, stem: str) -> Mapping[str, Cell]:
        """Return the cells of a sheet that was reckoned through."""
        grid = self.books["xlsx", stem].grids[0]
        return {a1(*place): cell for place, cell in grid.cells.items()}

    def to_do(self, stem: str) -> int:
        """Return how many places the status says are to be filled in or mended."""
        found = re.findall(r"\d+", self.cells(stem)["A1"].text)
        return int(found[0]) if found else 0

    def error_values(self, stem: str) -> list[str]:
        """Return the cells that show an error value."""
        return [ref for ref, cell in self.cells(stem).items() if cell.kind == "error"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return the filled blanks of all forms, reckoned through by LibreOffice and saved in three formats."""
    root = tmp_path_factory.mktemp("office")
    for form in ALL:
        # Saved by a library that drops stored results, so that there is something to reckon.
        load_workbook(io.BytesIO(blank_of(form))).save(root / f"{form}-blank.xlsx")
        filled = fill(form, 1)
        filled.workbook(has_formulas=True).save(root / f"{form}.xlsx")
        for stem, fault in faulty(form):
            book = filled.workbook(has_formulas=True)
            for ref, value in fault.edits.items():
                put(sheet_of(book), ref, value)
            book.save(root / f"{stem}.xlsx")
    for stem, book, _ in pairs_filled():
        book.save(root / f"{stem}.xlsx")
    with_inserted_row().save(root / "inserted.xlsx")
    convert(root, "xlsx", sorted(root.glob("*.xlsx")))
    plain = [root / f"{form}.xlsx" for form in ALL]
    convert(root, "xls", plain)
    convert(root, "ods", plain)
    paths = [path for suffix in ("xlsx", "xls", "ods") for path in sorted((root / suffix).iterdir())]
    books = {(path.suffix[1:], path.stem): open_workbook(path) for path in paths}
    reviewed = review(list(books.values()), FORMS)
    documents = table_documents(reviewed.scored, reviewed.findings)
    tables = {key: documents[reviewed.table_ids(number)[0]] for number, key in enumerate(books)}
    return Office(books, tables)


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
    subprocess.run(command, check=True, capture_output=True, timeout=600)


@pytest.mark.parametrize("form", ALL)
def test_formulas_come_to_what_perfxl_reckons(form: str, office: Office) -> None:
    filled, cells = fill(form, 1), office.cells(form)
    for ref, value in filled.results.items():
        assert cells[ref].value == (value if isinstance(value, str) else pytest.approx(value, abs=0.005)), ref
    assert office.error_values(form) == []
    table = office.tables["xlsx", form]
    check_values(filled, table)
    assert codes(table["findings"]) == set()
    assert office.to_do(form) == 0


def test_a_formula_gives_a_score_only_where_the_texts_are_plain_and_then_the_right_one(office: Office) -> None:
    for stem, _, wanted in pairs_filled():
        cells = office.cells(stem)
        found = [(ref, cells[ref].value if ref in cells and cells[ref].text else "") for ref, _ in wanted]
        assert found == wanted
        rows = {row["cells"]["reported_score"]: row for row in office.tables["xlsx", stem]["indicators"]}
        for ref, score in wanted:
            if score != "":
                assert rows[f"自评表!{ref}"]["score"] == score, ref


@pytest.mark.parametrize("form", ALL)
def test_the_status_counts_the_errors_that_perfxl_finds(form: str, office: Office) -> None:
    for stem in [f"{form}-blank", *(stem for stem, _ in faulty(form))]:
        errors = [item for item in office.tables["xlsx", stem]["findings"] if item["severity"] == "error"]
        assert office.to_do(stem) == len(errors), (stem, errors)
        assert office.error_values(stem) == []


def test_the_status_counts_what_an_inserted_row_lacks(office: Office) -> None:
    (error,) = [item for item in office.tables["xlsx", "inserted"]["findings"] if item["severity"] == "error"]
    assert error["code"] == "STR-07"
    assert office.to_do("inserted") == 1


@pytest.mark.parametrize("form", ALL)
def test_what_a_blank_stores_is_what_its_formulas_come_to(form: str, office: Office) -> None:
    stored = read_workbook(blank_of(form), Path("blank.xlsx")).grids[0].cells
    reckoned = office.books["xlsx", f"{form}-blank"].grids[0].cells
    texts = [{place: cell.text for place, cell in cells.items() if cell.text} for cells in (stored, reckoned)]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("form", ALL)
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_other_formats_read_the_same(form: str, suffix: str, office: Office) -> None:
    assert values_of(office.tables[suffix, form]) == values_of(office.tables["xlsx", form])
    assert office.books[suffix, form].notes == ()
