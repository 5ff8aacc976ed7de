"""What our reader refuses or is not sure of, shown to openpyxl."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from perfxl.errors import InputError
from perfxl.forms.lexicon import load_lexicon
from perfxl.model.grid import Workbook
from perfxl.pipeline import find_tables
from perfxl.reading.open_workbook import read_workbook
from tests.reading.packages import zipped
from tests.workbooks import project_form

FORM = Path("自评表.xlsx")
SHEET = "xl/worksheets/sheet1.xml"
SHARED = b'<row r="40"><c r="A40" t="s"><v>%d</v></c></row>'

Change = Callable[[bytes], bytes]


def parts(tmp_path: Path) -> dict[str, bytes]:
    """Return the parts of a form with a percentage, a date, a merged range, a hidden row and a hidden column."""
    book = openpyxl.load_workbook(project_form(tmp_path / "a.xlsx"))
    sheet = book["自评表"]
    sheet["G6"].value, sheet["G6"].number_format = 0.95, "0%"
    sheet["K1"].value, sheet["K1"].number_format = 45292, "yyyy/m/d"
    sheet["K2"].value = "=1+1"
    sheet.merge_cells("A1:H1")
    sheet.row_dimensions[7].hidden = True
    sheet.column_dimensions["K"].hidden = True
    sheet["A1"].font = openpyxl.styles.Font(name="黑体", size=16, bold=True, color="FF0000FF")
    file = io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read(tmp_path: Path, change: Change) -> Workbook:
    made = parts(tmp_path)
    made[SHEET] = change(made[SHEET])
    return read_workbook(zipped(made), FORM)


def broken(sheet: bytes) -> bytes:
    """Return the sheet with a row 0, which we refuse and openpyxl counts on from."""
    return sheet.replace(b'<row r="14"', b'<row r="0"').replace(b'<row hidden="1" r="0"', b'<row r="0"')


def test_what_we_refuse_is_read_through_openpyxl_and_said(tmp_path: Path) -> None:
    usual, other = read(tmp_path, bytes), read(tmp_path, broken)
    assert (usual.package is None, other.package is None) == (False, True)
    assert usual.notes == ()
    (note,) = other.notes
    assert note == (
        "本程序的读法认为文件有损坏（文件已损坏：行号“0”有误），已改用另一种读法（openpyxl）读取，"
        "请核对取数；宜用 Excel 或 WPS 打开原件，另存后重新报送。"
    )
    (ours,), (theirs,) = usual.grids, other.grids
    assert theirs.cells == ours.cells
    assert theirs.cells[6, 7].text == "95%"
    assert theirs.cells[1, 11].text == "2024/1/1"
    assert theirs.cells[2, 11].formula == "1+1"
    assert (theirs.merges, theirs.hidden_rows, theirs.hidden_columns) == (
        ours.merges, ours.hidden_rows, ours.hidden_columns,
    )  # fmt: skip
    look = other.looks[0].cells[1, 1]
    assert (look.font, look.size, look.is_bold, look.color) == ("黑体", 16, True, "0000FF")
    assert other.others == {"formulas"}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda sheet: sheet[: len(sheet) // 2], "corrupt"),
        (lambda sheet: broken(sheet).replace(b"</sheetData>", SHARED % 99 + b"</sheetData>"), "corrupt"),
        (lambda sheet: broken(sheet).replace(b"</sheetData>", SHARED % -1 + b"</sheetData>"), "corrupt"),
        (lambda sheet: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + broken(sheet), "unsafe_xml"),
        (
            lambda sheet: broken(sheet).replace(
                b"<sheetData>", b"<!--" + b" " * 5000 + b"--><!-- <!ENTITY b 'c'> --><sheetData>"
            ),
            "unsafe_xml",
        ),
    ],
    ids=["cut off", "text that is not there", "text below 0", "entities", "what looks like one far inside"],
)
def test_what_stays_refused(tmp_path: Path, change: Change, kind: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, change)
    assert caught.value.kind == kind


def test_a_sheet_that_openpyxl_passes_over_is_no_second_opinion(tmp_path: Path) -> None:
    made = parts(tmp_path)
    made["xl/workbook.xml"] = made["xl/workbook.xml"].replace(
        b"</sheets>", b'<sheet xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        b'name="b" sheetId="9" r:id="rId99"/></sheets>'
    )  # fmt: skip
    made["xl/_rels/workbook.xml.rels"] = made["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>", b'<Relationship Id="rId99" Target="worksheets/none.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
    )  # fmt: skip
    with pytest.raises(InputError, match=r"缺少部件 xl/worksheets/none\.xml"):
        read_workbook(zipped(made), FORM)


def uncertain(tmp_path: Path, change: Change) -> list[tuple[str, str]]:
    book = read(tmp_path, change)
    findings = find_tables(book, load_lexicon()).findings
    assert {finding.code for finding in findings} <= {"STR-18"}
    return [(str(finding.cell), finding.message) for finding in findings]


def twice(second: bytes) -> Change:
    """Return what writes F11, which holds 50, a second time."""
    first = b'<c r="F11" t="n"><v>50</v></c>'
    return lambda sheet: sheet.replace(first, first + second)


def test_a_cell_written_twice_is_reported_where_the_contents_differ(tmp_path: Path) -> None:
    assert uncertain(tmp_path, twice(b'<c r="F11"><v>40</v></c>')) == [
        ("自评表!F11", "单元格内容有分歧：取“40”，文件中写了两次，前一次是“50”")
    ]
    assert uncertain(tmp_path, twice(b'<c r="F11" t="str"><v></v></c>')) == [
        ("自评表!F11", "单元格内容有分歧：取“50”，文件中写了两次，前一次是“50”")
    ]
    assert uncertain(tmp_path, twice(b'<c r="F11"><v>50</v></c>')) == []
    assert uncertain(tmp_path, bytes) == []


def test_the_plain_way_notices_a_cell_written_twice_too(tmp_path: Path) -> None:
    made = parts(tmp_path)
    made[SHEET] = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row></sheetData></worksheet>'
    )
    book = read_workbook(zipped(made), FORM)
    assert [(str(item.cell), item.cell.text) for item in book.differences] == [("自评表!A1", "2")]
    assert book.notes == ("文件中有单元格写了两次，以后一次为准。",)


def test_a_cell_in_a_place_where_we_read_none_is_reported(tmp_path: Path) -> None:
    cell = b'<c r="F11" t="n"><v>50</v></c>'
    (found,) = uncertain(tmp_path, lambda sheet: sheet.replace(cell, b"<x>" + cell + b"</x>"))
    assert found == ("自评表!F11", "单元格内容有分歧：按空白处理，文件中另有一处写法不合规范的内容，未予读取")


def test_a_part_that_is_there_twice_is_said(tmp_path: Path) -> None:
    made = parts(tmp_path)
    file = io.BytesIO(zipped(made))
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, made[SHEET].replace(b"<v>50</v>", b"<v>40</v>"))
    book = read_workbook(file.getvalue(), FORM)
    assert book.grids[0].cells[11, 6].value == 40
    assert book.notes == (
        f"文件的压缩包中有同名的部件（{SHEET}），以最后一个为准；请用 Excel 或 WPS 另存后核对。",
    )  # fmt: skip


@pytest.mark.parametrize("lost", ["xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_numbers_without_their_format_are_said(tmp_path: Path, lost: str) -> None:
    made = parts(tmp_path)
    if lost.endswith(".rels"):
        made[lost] = made[lost].replace(b"/relationships/styles", b"/relationships/other")
    else:
        del made[lost]
    book = read_workbook(zipped(made), FORM)
    assert book.grids[0].cells[6, 7].text == "0.95"
    assert book.notes == ("文件缺少部分单元格样式，其中的数字按“常规”读取（95% 会读成 0.95），请与原件核对。",)
