import codecs
import copy
import datetime
import io
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.formula import ArrayFormula

from perfxl.errors import InputError
from perfxl.model.cells import Span
from perfxl.model.grid import Cell
from perfxl.model.package import Limits, Package
from perfxl.reading.xlsx import read_xlsx
from tests.reading.packages import (
    DOCUMENT,
    MAIN,
    SHEET,
    Parts,
    content_of,
    grid,
    grid_of,
    parts_of,
    relationships,
    row,
    zipped,
)

STRICT = {
    MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    DOCUMENT: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def refusal(parts: Parts) -> str:
    with pytest.raises(InputError) as caught:
        content_of(parts)
    assert caught.value.advice
    return caught.value.kind


# Cells


@pytest.mark.parametrize(
    ("xml", "cell"),
    [
        ('<c r="A1"><v>12</v></c>', Cell("12", 12.0, "number")),
        ('<c r="A1" t="n"><v>-0.5</v></c>', Cell("-0.5", -0.5, "number")),
        ('<c r="A1"><v>1.5E3</v></c>', Cell("1500", 1500.0, "number")),
        ('<c r="A1"><v> 12 </v></c>', Cell("12", 12.0, "number")),
        ('<c r="A1" s="1"><v>0.95</v></c>', Cell("95%", 0.95, "number")),
        ('<c r="A1" s="2"><v>44926</v></c>', Cell("2022年12月", 44926.0, "date")),
        ('<c r="A1" s="2"><v>10000000000</v></c>', Cell("10000000000", 1e10, "date")),
        ('<c r="A1" s="2"><v>-5</v></c>', Cell("-5", -5.0, "date")),
        ('<c r="A1" s="3"><v>5</v></c>', Cell("", 5.0, "number")),
        ('<c r="A1" s="99"><v>0.95</v></c>', Cell("0.95", 0.95, "number")),
        ('<c r="A1" s="x"><v>0.95</v></c>', Cell("0.95", 0.95, "number")),
        ('<c r="A1" t="s"><v>0</v></c>', Cell("年度", "年度", "text")),
        ('<c r="A1" s="4" t="s"><v>0</v></c>', Cell("年度（注）", "年度", "text")),
        ('<c r="A1" t="str"><v>合格</v></c>', Cell("合格", "合格", "text")),
        ('<c r="A1" t="str"><v>A&amp;B &lt;1&gt; &#22269;</v></c>', Cell("A&B <1> 国", "A&B <1> 国", "text")),
        ('<c r="A1" t="inlineStr"><is><t>合格</t></is></c>', Cell("合格", "合格", "text")),
        ('<c r="A1" t="b"><v>1</v></c>', Cell("TRUE", True, "bool")),
        ('<c r="A1" t="b"><v>false</v></c>', Cell("FALSE", False, "bool")),
        ('<c r="A1" t="b"><v>2</v></c>', Cell("2", "2", "error")),
        ('<c r="A1" t="e"><v>#DIV/0!</v></c>', Cell("#DIV/0!", "#DIV/0!", "error")),
        ('<c r="A1" t="d"><v>2022-12-31</v></c>', Cell("2022/12/31", 44926.0, "date")),
        ('<c r="A1" t="d" s="2"><v>2022-12-31T18:00:00</v></c>', Cell("2022年12月", 44926.75, "date")),
        ('<c r="A1" t="d"><v>年底</v></c>', Cell("年底", "年底", "text")),
        # Numbers that are none: shown as stored, and never a number for those who compute
        ('<c r="A1"><v>1E400</v></c>', Cell("1E400", "1E400", "error")),
        ('<c r="A1"><v>NaN</v></c>', Cell("NaN", "NaN", "error")),
        ('<c r="A1"><v>-inf</v></c>', Cell("-inf", "-inf", "error")),
        ('<c r="A1"><v>1_000</v></c>', Cell("1_000", "1_000", "error")),
        ('<c r="A1"><v>十二</v></c>', Cell("十二", "十二", "error")),
        # Formulas
        ('<c r="A1" s="1"><f>B1/C1</f><v>0.95</v></c>', Cell("95%", 0.95, "number", "B1/C1")),
        ('<c r="A1"><f>B1&lt;C1</f><v>3</v></c>', Cell("3", 3.0, "number", "B1<C1")),
        ('<c r="A1" t="str"><f>B1</f><v>合格</v></c>', Cell("合格", "合格", "text", "B1")),
        ('<c r="A1" t="b"><f>B1&gt;1</f><v>0</v></c>', Cell("FALSE", False, "bool", "B1>1")),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', Cell("#DIV/0!", "#DIV/0!", "error", "1/0")),
        ('<c r="A1" t="s"><f>B1</f><v>0</v></c>', Cell("年度", "年度", "text", "B1")),
        ('<c r="A1"><f t="array" ref="A1">SUM(B1:C1)</f><v>3</v></c>', Cell("3", 3.0, "number", "SUM(B1:C1)")),
        # A formula whose result is an empty text is no formula without a result
        ('<c r="A1" t="str"><f>B1</f><v></v></c>', Cell("", "", "text", "B1")),
        ('<c r="A1" t="str"><f>B1</f></c>', Cell("", None, "missing", "B1")),
        ('<c r="A1"><f>B1</f></c>', Cell("", None, "missing", "B1")),
        ('<c r="A1"><f>B1</f><v/></c>', Cell("", None, "missing", "B1")),
        ('<c r="A1"><f>B1</f><v></v></c>', Cell("", None, "missing", "B1")),
        ('<c r="A1" t="e"><f>B1</f><v></v></c>', Cell("", None, "missing", "B1")),
        ('<c r="A1"><f/><v>3</v></c>', Cell("3", 3.0, "number")),
    ],
)  # fmt: skip
def test_cell_is_read_as_it_is_stored_and_shown(xml: str, cell: Cell) -> None:
    codes = ["0%", 'yyyy"年"m"月"', ";;;", '0;0;0;@"（注）"']
    plain = parts_of(row(xml), strings=["<t>年度</t>"], codes=codes)
    assert grid_of(plain).cells == {(1, 1): cell}
    # A comment makes the quick way give up; the parser must see the same.
    assert grid_of(plain | {SHEET: f"{plain[SHEET]!s}<!-- -->"}).cells == {(1, 1): cell}


@pytest.mark.parametrize(
    "xml",
    [
        '<c r="A1"/>', '<c r="A1" s="1"/>', '<c r="A1" s="1"></c>', '<c r="A1"><v/></c>', '<c r="A1"><v></v></c>',
        '<c r="A1"><v> </v></c>', '<c r="A1" t="s"/>', '<c r="A1" t="s"><v>0</v></c>', '<c r="A1" t="str"><v></v></c>',
        '<c r="A1" t="inlineStr"><is><t></t></is></c>', '<c r="A1"><f/></c>', '<c r="A1" t="b"><v></v></c>',
    ],
)  # fmt: skip
def test_blank_cell_is_absent(xml: str) -> None:
    plain = parts_of(row(xml), strings=["<t/>"])
    assert grid_of(plain).cells == {}
    assert grid_of(plain | {SHEET: f"{plain[SHEET]!s}<!-- -->"}).cells == {}


def test_shared_formula_gives_its_text_to_all_its_cells() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>4</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>6</v></c><c r="B2"><f t="shared" si="7"/><v>1</v></c></row>'
    )
    assert [cell.formula for cell in grid(rows).cells.values()] == ["B1*2", "B1*2", ""]


def test_cells_without_references_follow_one_another() -> None:
    rows = (
        '<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r="5"><c r="D5"><v>4</v></c><c><v>5</v></c></row>'
        "<row><c><v>6</v></c></row>"
    )
    assert {place: cell.text for place, cell in grid(rows).cells.items()} == {
        (1, 1): "1", (1, 3): "3", (5, 4): "4", (5, 5): "5", (6, 1): "6",
    }  # fmt: skip


def test_cells_may_be_out_of_order_and_in_small_letters() -> None:
    rows = '<row r="2"><c r="b2"><v>2</v></c><c r="A2"><v>1</v></c></row><row r="1"><c r="XFD1"><v>3</v></c></row>'
    assert {place: cell.text for place, cell in grid(rows).cells.items()} == {(2, 2): "2", (2, 1): "1", (1, 16384): "3"}


@pytest.mark.parametrize("reference", ["A0", "ZZZZ1", "XFE1", "A1048577", "12", "", "A1:B2", "年1"])
def test_bad_reference_is_damage(reference: str) -> None:
    assert refusal(parts_of(row(f'<c r="{reference}"><v>1</v></c>'))) == "corrupt"


@pytest.mark.parametrize("number", ["0", "-1", "1048577", "x"])
def test_bad_row_number_is_damage(number: str) -> None:
    assert refusal(parts_of(f'<row r="{number}"><c><v>1</v></c></row>')) == "corrupt"


# Texts


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<t>项目</t>", "项目"),
        ('<t xml:space="preserve"> 项目 </t>', " 项目 "),
        ("<t>A&amp;B&#10;C</t>", "A&B\nC"),
        ("<t>甲\n乙</t>", "甲\n乙"),
        ("<r><t>甲</t></r><r><rPr><b/></rPr><t>乙</t></r>", "甲乙"),
        ('<t>基层</t><rPh sb="0" eb="2"><t>JICENG</t></rPh><phoneticPr fontId="1"/>', "基层"),
        ('<t>基层</t><phoneticPr fontId="1" type="noConversion"/>', "基层"),
        ("<t>甲<![CDATA[<乙>]]></t>", "甲<乙>"),
        ("<t>甲<!-- 注 -->乙</t>", "甲乙"),
        # Escapes of Office; control characters stay out, halves of pairs cannot be encoded
        ("<t>甲_x000A_乙</t>", "甲\n乙"),
        ("<t>甲_x000D_\n乙_x000d_丙</t>", "甲\n乙\n丙"),
        ("<t>甲_x0007_乙_x001B_丙</t>", "甲乙丙"),
        ("<t>_x005F_x0041_</t>", "_x0041_"),
        ("<t>_x00G1_x_</t>", "_x00G1_x_"),
        ("<t>_xD83D_</t>", "\ufffd"),
        ("<t>_xD83D__xDE00_</t>", "😀"),
        ("<t>😀𠀀</t>", "😀𠀀"),
        ("<t>_xFFFF_</t>", "\ufffd"),
        ("<t>甲\u0085乙\u200b丙</t>", "甲乙\u200b丙"),
    ],
)
def test_shared_string_reads_as_a_person_reads_it(xml: str, text: str) -> None:
    (cell,) = grid(row('<c r="A1" t="s"><v>0</v></c>'), strings=[xml]).cells.values()
    assert cell == Cell(text, text, "text")
    text.encode()


def test_inline_strings_and_results_of_formulas_know_the_escapes_too() -> None:
    cells = (
        '<c r="A1" t="inlineStr"><is><r><t>甲</t></r><r><t>_x000A_乙</t></r></is></c>'
        '<c r="B1" t="str"><v>_x0041_</v></c>'
    )
    assert [cell.text for cell in grid(row(cells)).cells.values()] == ["甲\n乙", "A"]


def test_rich_and_plain_strings_keep_their_numbers() -> None:
    cells = "".join(f'<c r="{letter}1" t="s"><v>{i}</v></c>' for i, letter in enumerate("ABC"))
    strings = ["<t>甲</t>", "<r><t>乙</t></r><r><t>丙</t></r>", "<t>丁</t>"]
    assert [cell.text for cell in grid(row(cells), strings=strings).cells.values()] == ["甲", "乙丙", "丁"]


@pytest.mark.parametrize("index", ["1", "99999", "-1", "x", "0.0"])
def test_shared_string_that_is_not_there_is_damage(index: str) -> None:
    assert refusal(parts_of(row(f'<c r="A1" t="s"><v>{index}</v></c>'), strings=["<t>甲</t>"])) == "corrupt"


def test_missing_shared_strings_are_damage_only_where_a_cell_needs_them() -> None:
    gone: dict[str, None] = {"xl/sharedStrings.xml": None}
    assert refusal(parts_of(row('<c r="A1" t="s"><v>0</v></c>')) | gone) == "corrupt"
    assert len(grid_of(parts_of(row('<c r="A1"><v>0</v></c>')) | gone).cells) == 1


# The sheet around the cells


def test_merged_hidden_and_part_are_kept() -> None:
    found = grid(
        '<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>2</v></c></row>'
        '<row r="2" hidden="1"><c r="A2"><v>3</v></c></row><row r="4" hidden="true"/>'
        '<row r="5"><c r="A5"><v>1</v></c></row><row r="6" hidden="1"/>',
        before='<dimension ref="#REF!"/><cols><col min="2" max="3" hidden="1"/><col min="5" max="5"/></cols>',
        after='<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="C3:C1"/><mergeCell ref="#REF!"/>'
        '<mergeCell ref="D1"/></mergeCells>',
    )
    assert found.merges == (Span(1, 1, 1, 2), Span(1, 3, 3, 3))
    assert found.at(1, 2) == Cell("1", 1.0, "number")
    assert found.hidden_columns == {2, 3}
    assert found.hidden_rows == {2, 4}  # nothing below the last filled cell can be hidden
    assert (found.sheet, found.part, found.index, found.state) == ("自评表", SHEET, 0, "visible")


def test_sheets_keep_order_state_and_place() -> None:
    sheets = (
        '<sheet name="封面" sheetId="9" r:id="rId1" state="show"/><sheet name="图" sheetId="2" r:id="rId4"/>'
        '<sheet name="旧表" sheetId="3" r:id="rId5" state="hidden"/>'
        '<sheet name="底稿" sheetId="4" r:id="rId6" state="veryHidden"/>'
    )
    parts = parts_of(row('<c r="A1"><v>1</v></c>'), sheets=sheets)
    parts["xl/_rels/workbook.xml.rels"] = relationships(
        rId1=("worksheet", "/xl/worksheets/sheet1.xml"),
        rId4=("chartsheet", "chartsheets/sheet1.xml"),
        rId5=("worksheet", "../xl/worksheets/sheet1.xml"),
        rId6=("worksheet", "other.xml"),
    )
    parts["xl/other.xml"] = f'<worksheet xmlns="{MAIN}"/>'
    content = content_of(parts)
    assert [(g.sheet, g.index, g.state, g.part, len(g.cells)) for g in content.grids] == [
        ("封面", 0, "visible", SHEET, 1),
        ("旧表", 2, "hidden", SHEET, 1),
        ("底稿", 3, "veryHidden", "xl/other.xml", 0),
    ]
    assert content.notes == ("工作簿含有隐藏的工作表：旧表。",)


def test_two_sheets_of_one_name_are_two_grids() -> None:
    sheets = '<sheet name="表" sheetId="1" r:id="rId1"/><sheet name="表" sheetId="2" r:id="rId1"/>'
    assert [g.sheet for g in content_of(parts_of(sheets=sheets)).grids] == ["表", "表"]


def test_workbook_without_sheets_has_no_grids() -> None:
    assert content_of(parts_of(sheets="")).grids == ()


def test_1904_dates_are_shown_right_and_stored_in_the_1900_system() -> None:
    cells = '<c r="A1" s="1"><v>44196</v></c><c r="B1" s="2"><v>0.75</v></c><c r="C1"><v>44196</v></c>'
    found = grid(row(cells), codes=["yyyy/m/d", "h:mm"], workbook='<workbookPr date1904="1"/>')
    assert list(found.cells.values()) == [
        Cell("2025/1/1", 45658.0, "date"), Cell("18:00", 0.75, "date"), Cell("44196", 44196.0, "number"),
    ]  # fmt: skip


def test_styles_are_found_by_their_numbers_whatever_else_is_wrong_with_them() -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}"><fonts><font><family val="99"/><color rgb="red"/></font></fonts>'
        '<fills><fill/></fills><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
        '<cellXfs><xf/><xf numFmtId="10"/><xf numFmtId="x"/></cellXfs></styleSheet>'
    )
    cells = "".join(f'<c r="{letter}1" s="{i}"><v>0.5</v></c>' for i, letter in enumerate("ABC"))
    parts = parts_of(row(cells)) | {"xl/styles.xml": styles}
    assert [cell.text for cell in grid_of(parts).cells.values()] == ["0.5", "50.00%", "0.5"]
    assert [cell.text for cell in grid_of(parts | {"xl/styles.xml": None}).cells.values()] == ["0.5"] * 3


# Packages written by others

FORM = parts_of(
    row('<c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>0.95</v></c><c r="C1" t="str"><f>A1</f><v>甲</v></c>'),
    strings=["<t>项目</t>"],
    codes=["0%"],
)


def renamed(names: dict[str, str]) -> dict[str, str | bytes]:
    return {names.get(name, name): content for name, content in FORM.items()}


def prefixed(name: str) -> dict[str, str | bytes]:
    text = str(FORM[name]).replace("</", "\0").replace("<", "<x:").replace("\0", "</x:").replace("xmlns=", "xmlns:x=")
    return FORM | {name: text}


ODD = {
    "strict names": {
        name: str(text).replace(MAIN, STRICT[MAIN]).replace(DOCUMENT, STRICT[DOCUMENT]) for name, text in FORM.items()
    },
    "prefixes in the sheet": prefixed(SHEET),
    "prefixes in the strings": prefixed("xl/sharedStrings.xml"),
    "prefixes in the styles": prefixed("xl/styles.xml"),
    "UTF-16": {
        name: codecs.BOM_UTF16_LE + f'<?xml version="1.0" encoding="UTF-16"?>{text!s}'.encode("utf-16-le")
        for name, text in FORM.items()
    },
    "byte-order mark": {name: codecs.BOM_UTF8 + str(text).encode() for name, text in FORM.items()},
    "GBK": FORM | {SHEET: f'<?xml version="1.0" encoding="gbk"?>{FORM[SHEET]!s}'.encode("gbk")},
    "names in capitals": renamed({SHEET: "XL/Worksheets/SHEET1.XML", "xl/sharedStrings.xml": "xl/SharedStrings.xml"}),
    "indented": FORM | {SHEET: str(FORM[SHEET]).replace("><", ">\n  <")},
    "comments and instructions": FORM | {SHEET: str(FORM[SHEET]).replace("><", "><!-- x --><?y?><")},
    "attributes in another order": FORM
    | {SHEET: str(FORM[SHEET]).replace('r="A1" t="s"', 't="s" r="A1"').replace('r="B1" s="1"', "s='1' r='B1'")},
    "part with a Chinese name": renamed({SHEET: "xl/worksheets/表 1.xml"})
    | {
        "xl/_rels/workbook.xml.rels": str(FORM["xl/_rels/workbook.xml.rels"]).replace("sheet1.xml", "%E8%A1%A8%201.xml")
    },
}


@pytest.mark.parametrize("parts", ODD.values(), ids=ODD)
def test_form_reads_the_same_from_another_spelling(parts: Parts) -> None:
    assert grid_of(parts).cells == {
        (1, 1): Cell("项目", "项目", "text"),
        (1, 2): Cell("95%", 0.95, "number"),
        (1, 3): Cell("甲", "甲", "text", "A1"),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_part_name_without_the_utf8_flag_is_found(encoding: str) -> None:
    name = "xl/worksheets/表1.xml"
    parts = renamed({SHEET: name.encode(encoding).decode("cp437")})
    parts["xl/_rels/workbook.xml.rels"] = str(FORM["xl/_rels/workbook.xml.rels"]).replace("sheet1", "表1")
    package = Package.open(zipped(parts))
    entries = [copy.copy(entry) for entry in package.entries]
    for entry in entries:
        entry.flag_bits &= ~0x800
    package = Package(package.data, SimpleNamespace(infolist=lambda: entries), Limits())  # type: ignore[arg-type]  # a stand-in for an archive
    assert name in package


def test_part_is_named_as_in_the_package() -> None:
    assert grid_of(ODD["names in capitals"]).part == "XL/Worksheets/SHEET1.XML"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({SHEET: None}, "corrupt"),
        ({"[Content_Types].xml": None}, "corrupt"),
        ({"xl/_rels/workbook.xml.rels": None}, "corrupt"),
        ({"xl/_rels/workbook.xml.rels": relationships(rId1=("worksheet", "workbook.xml"))}, "corrupt"),
        ({"xl/workbook.xml": None}, "corrupt"),
        ({SHEET: str(FORM[SHEET])[:-20]}, "corrupt"),
        ({SHEET: str(FORM[SHEET]).replace("0.95", "0\x0b95")}, "corrupt"),
        ({SHEET: str(FORM[SHEET]).replace("<v>0.95</v>", "<v>0.95</f>")}, "corrupt"),
        ({SHEET: str(FORM[SHEET]).replace("<v>0.95</v>", "<v>&x;</v>")}, "corrupt"),
        ({"xl/styles.xml": "<styleSheet>"}, "corrupt"),
        ({"_rels/.rels": None, "xl/workbook.xml": None, "[Content_Types].xml": None}, "not_a_workbook"),
        ({"xl/workbook.xml": '<document xmlns="urn:word"/>'}, "not_a_workbook"),
        ({SHEET: f'<!DOCTYPE x [<!ENTITY y "z">]>{FORM[SHEET]!s}'}, "unsafe_xml"),
        ({SHEET: f'<!--{"x" * 5000}--><!DOCTYPE x [<!ENTITY y "z">]>{FORM[SHEET]!s}'}, "unsafe_xml"),
        ({"xl/sharedStrings.xml": f'<!DOCTYPE x SYSTEM "y">{FORM["xl/sharedStrings.xml"]!s}'}, "unsafe_xml"),
        ({"[Content_Types].xml": f'<!DOCTYPE x>{FORM["[Content_Types].xml"]!s}'}, "unsafe_xml"),
    ],
)  # fmt: skip
def test_damage_is_said_and_not_read_over(changes: dict[str, str | None], kind: str) -> None:
    assert refusal(FORM | changes) == kind


def test_macro_workbook_is_known_by_its_content_type() -> None:
    types = str(FORM["[Content_Types].xml"]).replace(
        "openxmlformats-officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"
    )
    assert content_of(FORM | {"[Content_Types].xml": types}).format == "xlsm"
    assert content_of(FORM).format == "xlsx"


def test_signature_is_noted() -> None:
    signed = str(FORM["_rels/.rels"]).replace(
        "</Rel", '<Relationship Id="s" Type="http://x/digital-signature/origin" Target="_xmlsignatures/o"/></Rel'
    )
    assert content_of(FORM | {"_rels/.rels": signed}).notes == ("工作簿带有数字签名。",)


# Size


def test_large_sheet_is_read_piece_by_piece_to_the_same_cells() -> None:
    rows = "".join(
        f'<row r="{r}" hidden="{r % 2}"><c r="A{r}"><v>{r}</v></c><c r="B{r}"/></row>' for r in range(1, 50001)
    )
    found = grid(
        rows,
        after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>',
        before='<cols><col min="1" max="1" hidden="1"/></cols>',
    )
    assert len(found.cells) == 50000
    assert found.cells[50000, 1] == Cell("50000", 50000.0, "number")
    assert (len(found.hidden_rows), found.hidden_columns, found.merges) == (25000, {1}, (Span(1, 1, 1, 2),))


def test_large_strings_and_styles_are_read_piece_by_piece() -> None:
    found = grid(
        row('<c r="A1" t="s" s="9000"><v>59999</v></c><c r="B1" s="9000"><v>0.5</v></c>'),
        strings=[f"<t>{i:040}</t>" for i in range(60000)],
        codes=[f'0%"{i}{"x" * 200}"' for i in range(9001)],
    )
    assert found.cells[1, 1].text == f"{59999:040}"
    assert found.cells[1, 2].text == f"50%8999{'x' * 200}"


def test_one_long_string_in_many_cells_is_counted_once() -> None:
    rows = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 10001))
    found = grid(rows, strings=[f"<t>{'长' * 32767}</t>"])
    assert len({id(cell) for cell in found.cells.values()}) == 1


@pytest.mark.parametrize(
    "parts",
    [
        parts_of("".join(f'<row r="{r}">{"<c><v>1</v></c>" * 100}</row>' for r in range(1, 5102))),
        parts_of('<row r="1">' + "<c/>" * 1_500_000 + "</row>"),
        parts_of(after="<a/>" * 1_500_000),
        parts_of(workbook="<a/>" * 3_100_000),
        parts_of(after="<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 200_001 + "</mergeCells>"),
        parts_of(sheets='<sheet name="x" r:id="rId1"/>' * 1001),
    ],
    ids=["cells", "one row", "elements in the sheet", "elements in the workbook", "merged ranges", "sheets"],
)
def test_more_than_any_form_holds_is_refused(parts: Parts) -> None:
    assert refusal(parts) == "too_large"


def test_damage_in_a_part_that_is_streamed_is_noticed() -> None:
    data = bytearray(zipped({"a.xml": b"x" * 3_000_000}))
    package = Package.open(bytes(data))
    assert sum(map(len, package.chunks("a.xml"))) == 3_000_000
    entry = package.entry("a.xml")
    assert entry is not None
    entry.CRC ^= 1
    with pytest.raises(InputError, match="校验值不符"):
        list(package.chunks("a.xml"))


def test_streamed_bytes_count_against_the_limits() -> None:
    package = Package.open(zipped({"a.xml": b"x" * 1000}), Limits(total_size=2500))
    for _ in range(2):
        list(package.chunks("a.xml", 100))
    with pytest.raises(InputError) as caught:
        list(package.chunks("a.xml", 100))
    assert caught.value.kind == "too_large"


# Held against others

TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="_\x7f", exclude_categories=("Cs", "Cc")), min_size=1, max_size=8
)
VALUES = st.one_of(
    st.integers(-(10**6), 10**6), st.integers(-(10**11), 10**11).map(lambda n: n / 100), st.booleans(), TEXT
)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(1, 30), st.integers(1, 30)), VALUES, max_size=30))
def test_what_openpyxl_writes_is_read_back(values: dict[tuple[int, int], object]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for place, value in values.items():
        cell = sheet.cell(*place)
        cell.value = value  # type: ignore[assignment]  # openpyxl lets merged cells have no value
        cell.data_type = "s" if isinstance(value, str) else cell.data_type
    file = io.BytesIO()
    book.save(file)
    (found,) = read_xlsx(Package.open(file.getvalue())).grids
    assert {place: cell.value for place, cell in found.cells.items()} == {
        place: value for place, value in values.items() if value is not None
    }


def test_openpyxl_sees_the_same_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "自评表"
    values: list[object] = [
        12, 0.95, -1234.5, 1234567.25, True, "≥95%", "  前后 ", "甲\n乙", "=SUM(A1:A3)", None,
        datetime.date(2022, 12, 31), datetime.datetime(2022, 12, 31, 18, 0), datetime.time(6, 30),
    ]  # fmt: skip
    formats = ["General", "0%", "#,##0.00", "yyyy/m/d", 'yyyy"年"m"月"', "h:mm", "@", "0.00_ ;[Red]-0.00", "[>1]0.0;0"]
    for i, code in enumerate(formats, 1):
        for j, value in enumerate(values, 1):
            cell = sheet.cell(j, i)
            cell.value = value  # type: ignore[assignment]  # openpyxl lets merged cells have no value
            cell.number_format = code
    sheet["K1"] = ArrayFormula("K1:K2", "=A1:A2*2")
    sheet.merge_cells("M1:N3")
    sheet["M1"] = "合并"
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("底稿").sheet_state = "veryHidden"
    path = tmp_path / "book.xlsx"
    book.save(path)

    theirs = openpyxl.load_workbook(path)
    ours = read_xlsx(Package.open(path.read_bytes()))
    for grid_, sheet in zip(ours.grids, theirs.worksheets, strict=True):
        assert (grid_.sheet, grid_.state) == (sheet.title, sheet.sheet_state)
        filled = [cell for cells in sheet.iter_rows() for cell in cells if cell.value is not None]
        assert set(grid_.cells) == {(cell.row, cell.column) for cell in filled}
        for other in filled:
            mine = grid_.cells[other.row, other.column]
            if other.data_type == "f":
                text = other.value.text if isinstance(other.value, ArrayFormula) else other.value
                assert (mine.kind, f"={mine.formula}") == ("missing", text)
            elif other.is_date:
                assert mine.kind == "date"
                assert mine.value == pytest.approx(to_excel(other.value))
            else:
                assert mine.value == other.value
        assert {str(span) for span in grid_.merges} == {str(span) for span in sheet.merged_cells.ranges}
    assert ours.grids[0].hidden_rows == {3}
    assert ours.grids[0].hidden_columns == {3}
