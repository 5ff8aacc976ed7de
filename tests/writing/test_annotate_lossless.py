"""A form with everything in it comes back whole: parts that need no change, cells, values, formulas, looks."""

import re

import pytest

from perfxl.model.finding import Severity
from tests.writing.full_workbook import EXTRA, full_workbook
from tests.writing.packages import annotate, children, load, mark, unpack, without_marks
from tests.writing.test_annotate import stored

FORM = "xl/worksheets/sheet1.xml"
MARKED = {"C5": Severity.ERROR, "B6": Severity.WARNING, "D2": Severity.INFO, "E4": Severity.ERROR}
# What an annotated copy must say anew: its sheets, their relationships and types, looks, comments and their boxes.
CHANGED = {
    "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", FORM,
    "xl/worksheets/sheet2.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
}  # fmt: skip


@pytest.fixture(scope="module")
def full() -> bytes:
    return full_workbook()


@pytest.fixture(scope="module")
def copy(full: bytes) -> bytes:
    result = annotate(full, *(mark(cell, f"{cell} 不符", severity) for cell, severity in MARKED.items()))
    assert result.suffix == ".xlsm"
    assert result.notes == ()
    return result.data


def test_every_part_that_needs_no_change_is_the_same_bytes(full: bytes, copy: bytes) -> None:
    before, after = stored(full), stored(copy)
    assert set(before) <= set(after)
    assert {name for name in before if before[name] != after[name]} == CHANGED
    assert set(EXTRA) & CHANGED == set()
    kinds = ("media/", "charts/", "drawings/drawing", "tables/", "threadedComments/", "ctrlProps/", "customXml/",
             "cellimages", "externalLinks/", "vbaProject", "printerSettings", "theme/")  # fmt: skip
    kept = [name for name in before if name not in CHANGED]
    missing = [kind for kind in kinds if not any(kind in name for name in kept)]
    assert missing in ([], ["printerSettings"])  # a printer's own settings are Excel's to write


def test_what_the_changed_parts_held_is_in_them(full: bytes, copy: bytes) -> None:
    before, after = unpack(full), unpack(copy)
    for part in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        kept = re.findall(rb"<(?:Override|Default|Relationship) [^>]*>", before[part])
        assert [entry for entry in kept if entry not in after[part]] == []
    for text in (b"<externalReference ", b"<definedName ", b"<workbookPr", b"<calcPr"):
        assert after["xl/workbook.xml"].count(text) >= before["xl/workbook.xml"].count(text)
    assert b'<externalReference r:id="rIdX4"/>' in after["xl/workbook.xml"]
    assert without_marks(after[FORM], set(MARKED)) == without_marks(before[FORM], set(MARKED))
    for text in (b"x14:dataValidation", b"<controls>", b"sparkline", b"dataBar", b"<sheetProtection", b"<headerFooter"):
        assert after[FORM].count(text) == before[FORM].count(text) > 0


def test_the_form_opens_with_all_its_cells(full: bytes, copy: bytes) -> None:
    before, after = load(full), load(copy)
    for sheet in before.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                other = after[sheet.title][cell.coordinate]
                assert other.value == cell.value
                if sheet.title == "自评表" and cell.coordinate in MARKED:
                    continue
                for aspect in ("font", "fill", "border", "alignment", "number_format", "protection"):
                    assert repr(getattr(other, aspect)) == repr(getattr(cell, aspect)), (cell.coordinate, aspect)


def test_elements_of_the_form_keep_their_order(full: bytes, copy: bytes) -> None:
    before, after = children(unpack(full)[FORM]), children(unpack(copy)[FORM])
    assert after == before
