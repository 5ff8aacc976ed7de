from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.errors import InputError
from perfxl.model.package import Package
from perfxl.reading.xlsx_scan import (
    NotPlainError,
    carve,
    carve_merges,
    cell_head,
    plain_cells,
    plain_formula,
    plain_texts,
    unescape,
    without_blank_rows,
)
from tests.reading.packages import SHEET, content_of, parts_of

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="urn:x"><cols/>'


def cells(inner: str) -> tuple[list[str | None], list[tuple[int, str]]]:
    carved, rest = carve(f"{HEAD}<sheetData>{inner}</sheetData><mergeCells/></worksheet>".encode(), "sheetData")
    assert rest.decode() == f"{HEAD}<sheetData></sheetData><mergeCells/></worksheet>"
    return plain_cells(carved, rest)


def test_cells_are_taken_apart() -> None:
    inner = (
        '<row r="1" spans="1:3"><c r="A1" s="4"/><c r="B1" s="2" t="s"><v>7</v></c><c r="C1"/></row><row r="2"/>'
        '<row r="3"><c r="A3"><f>B3&lt;1</f><v>0.5</v></c><c r="B3"><f t="shared" si="0"/></c></row>'
    )
    fields, hidden = cells(inner)
    assert [fields[start + 1 : start + 4] for start in range(0, len(fields), 4)] == [
        ['B1" s="2" t="s"', None, "7"],
        ['A3"', "<f>B3&lt;1</f>", "0.5"],
        ['B3"', '<f t="shared" si="0"/>', None],
    ]
    assert hidden == []


def test_tag_says_place_style_and_type() -> None:
    assert cell_head('AB12" s="7" t="str"') == ((12, 28), "7", "str")
    assert cell_head('a1"') == ((1, 1), None, None)


@pytest.mark.parametrize("tag", ['A1" t="s" s="1"', 'A1" s="1" cm="1"', 'A0"', 'XFE1"', "A1"])
def test_tag_that_is_written_differently_is_left(tag: str) -> None:
    with pytest.raises(NotPlainError):
        cell_head(tag)


def test_formula_is_taken_apart() -> None:
    assert plain_formula('<f t="shared" si="0"/>') == ({"t": "shared", "si": "0"}, None)
    assert plain_formula('<f>A1&lt;"x"</f>') == ({}, 'A1<"x"')


def test_rows_say_whether_they_are_hidden() -> None:
    inner = (
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2"/><row r="3" ht="9" hidden="0"></row>'
        '<row r="4"><c r="A4"><v>1</v></c></row><row r="5" hidden="true"><c r="A5" s="1"/></row>'
    )
    assert cells(inner)[1] == [(1, "1"), (3, "0"), (5, "true")]


@pytest.mark.parametrize(
    "inner",
    [
        '<row r="1"><c r="A1"><v>1</v></c> <c r="B1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><!-- --><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1<c r="B1"/></v></c></row>',
        '<row r="1"><c r="A1"><v>&x;</v></c></row>',
        '<row r="1"><c r="A1"><v>&#0;</v></c></row>',
        '<row r="1"><c r="A1"><v>1]]></v></c></row>',
        '<row r="1"><c r="A1"><v>1\x0b</v></c></row>',
        '<row r="1"><c r="A1"><v>1\r\n</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>',
        '<row r="1"><c r="A1" xmlns="urn:y"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></row>',
        '<row r="1"><row r="2"></row></row>',
        '<row r="1" y:z="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"/>',
        '<row><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><c r="A2"><v>1</v></c>',
        '<row r="1"><c r="A1"><v>1</v></c>',
        '<c r="A1"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="str"><f>B1</f><v/></c></row>',
        "text",
    ],
)
def test_what_needs_a_parser_is_left_to_it(inner: str) -> None:
    with pytest.raises(NotPlainError):
        cells(inner)


@pytest.mark.parametrize(
    "data",
    [
        b"<worksheet><sheetData/></worksheet>",
        b'<?xml version="1.0" encoding="GBK"?><worksheet><sheetData></sheetData></worksheet>',
        b"<!-- --><worksheet><sheetData></sheetData></worksheet>",
        b"<worksheet><sheetData></sheetData><!-- <sheetData> --></worksheet>",
        b"<worksheet><sheetData></sheetData><sheetData></sheetData></worksheet>",
        b"<worksheet><sheetData>\xff</sheetData></worksheet>",
        b"<!DOCTYPE x><worksheet><sheetData></sheetData></worksheet>",
    ],
)
def test_part_that_is_written_differently_is_not_carved(data: bytes) -> None:
    with pytest.raises(NotPlainError):
        carve(data, "sheetData")


def test_merged_ranges_are_carved_out() -> None:
    rest = b'<worksheet><mergeCells count="2"><mergeCell ref="A1:B2"/><mergeCell ref="C1:C9"/></mergeCells></worksheet>'
    assert carve_merges(rest) == (["A1:B2", "C1:C9"], b"<worksheet><mergeCells/></worksheet>")


@pytest.mark.parametrize(
    "rest",
    [
        b"<worksheet></worksheet>",
        b'<worksheet><mergeCells><mergeCell ref="A1:B2" x="1"/></mergeCells></worksheet>',
        b'<worksheet><mergeCells> <mergeCell ref="A1:B2"/></mergeCells></worksheet>',
        b'<x><mergeCells><mergeCell ref="A1:B2"/></mergeCells><y:mergeCells/></x>',
    ],
)
def test_merged_ranges_that_are_written_differently_are_left(rest: bytes) -> None:
    assert carve_merges(rest) == (None, rest)


def test_texts_that_are_not_plain_are_left_open() -> None:
    inner = '<si><t>甲&amp;乙</t></si><si><r><t>丙</t></r></si><si><t/></si><si><t xml:space="preserve"> </t></si>'
    assert plain_texts(inner) == ["甲&乙", None, None, " "]


@pytest.mark.parametrize(
    "inner", ["<si><t>甲</t></si> ", "<si><si><t/></si></si>", "<si><![CDATA[</si>]]></si>", "<x/></si>"]
)
def test_texts_whose_ends_are_unclear_are_refused(inner: str) -> None:
    with pytest.raises(NotPlainError):
        plain_texts(inner)


def test_entities_are_resolved_once() -> None:
    assert unescape("&amp;lt; &#65;&#x4E2D;&quot;&apos;") == "&lt; A中\"'"


def test_what_xlsxwriter_writes_needs_no_parser(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["项目", 1, 0.5, True])
        sheet.write_formula(1, 0, "=A1<B1", None, 3)
        sheet.set_row(2, 30, book.add_format({"bold": True}))
    package = Package.open(path.read_bytes())
    assert len(plain_cells(*carve(package.part(SHEET), "sheetData")).fields) == 5 * 4
    assert plain_texts(carve(package.part("xl/sharedStrings.xml"), "sst")[0]) == ["项目"]


def test_what_excel_writes_needs_no_parser() -> None:
    part = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet xmlns="urn:x" xmlns:x14ac="urn:y">'
        '<sheetData><row r="1" spans="1:8" s="3" customFormat="1" ht="24.95" customHeight="1" x14ac:dyDescent="0.3">'
        '<c r="A1" s="5" t="s"><v>0</v></c><c r="B1" s="5"/><c r="C1" s="6" t="str"><f>IF(A1="","",1)</f><v>甲</v></c>'
        "</row></sheetData></worksheet>"
    )
    assert plain_cells(*carve(part.encode(), "sheetData")).fields[1::4] == ['A1" s="5" t="s"', 'C1" s="6" t="str"']


PIECES = st.lists(
    st.sampled_from(
        [
            '<row r="1">', '<row r="2" hidden="1">', '<row r="3"/>', "<row>", "</row>", '<c r="A1">',
            '<c r="B2" s="1">', '<c r="C3" t="str">', '<c r="D4" t="s">', '<c r="E5" t="b">', '<c r="F6"/>',
            '<c s="1"/>', "<c>", "</c>", "<v>1</v>", "<v>0.5</v>", "<v/>", "<v>", "</v>", "<f>A1</f>", "<f/>",
            '<f t="shared" si="0">B1</f>', '<f t="shared" si="0"/>', "<is><t>x</t></is>", "<!-- -->", " ", "1",
            "&amp;", "&#9;", "]]>",
        ]
    ),
    max_size=14,
).map("".join)  # fmt: skip
CELL = st.tuples(
    st.sampled_from(["A", "B", "C", "d"]),
    st.sampled_from(["", ' s="1"', ' t="str"', ' s="1" t="s"', ' t="b"', ' t="e"']),
    st.sampled_from(["", "<f>A1&lt;1</f>", "<f/>", '<f t="shared" si="0">B1</f>', '<f t="shared" si="0"/>']),
    st.sampled_from(["", "<v/>", "<v></v>", "<v>1</v>", "<v>0.5</v>", "<v> </v>", "<v>x&amp;y</v>", "<v>7</v>"]),
).map(lambda c: f'<c r="{c[0]}1"{c[1]}>{c[2]}{c[3]}</c>')  # fmt: skip
ROWS = st.lists(CELL, max_size=6).map(lambda cells: f'<row r="1">{"".join(cells)}</row>')


@settings(max_examples=300, deadline=None)
@given(st.one_of(PIECES, ROWS))
def test_the_quick_way_and_the_parser_see_the_same(inner: str) -> None:
    parts = parts_of(inner, strings=["<t>甲</t>", "<t>乙</t>"], codes=["0%"])

    def outcome(sheet: str) -> object:
        try:
            (grid,) = content_of(parts | {SHEET: sheet}).grids
        except InputError as error:
            return error.kind
        return grid.cells, grid.hidden_rows

    plain = str(parts[SHEET])
    assert outcome(plain) == outcome(f"{plain}<!-- -->")


BLANK = b'<row r="%d" ht="15"><c r="A%d" s="1"/><c r="B%d"/></row>'


def thinned(*pieces: bytes) -> bytes:
    return b"".join(without_blank_rows(iter(pieces)))


def test_blank_rows_are_taken_out_wherever_the_pieces_end() -> None:
    filled = b'<row r="3"><c r="A3"><v>1</v></c></row>'
    part = b"<sheetData>" + BLANK % (1, 1, 1) + b'<row r="2"/>' + filled + BLANK % (4, 4, 4) + b"</sheetData>"
    for cut in range(len(part)):
        found = thinned(part[:cut], part[cut:])
        assert filled in found
        # A row that a piece ends in may be left to the parser, and so is the last one: more may follow.
        assert thinned(found).replace(BLANK % (4, 4, 4), b"") == b"<sheetData>" + filled + b"</sheetData>"
    assert thinned(part[:60], part[60:]) == b"<sheetData>" + filled + BLANK % (4, 4, 4) + b"</sheetData>"


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="1" hidden="1"/>',
        b'<row r="1" ht="15" hidden="1"><c r="A1" s="1"/></row>',
        b'<row r="1"><c r="A1" t="s"/></row>',
        b'<row r="1"><c r="A1"><v>1</v></c></row>',
        b'<row r="0"/>',
        b'<row r="1" a="&lt;"/>',
        b"<row/>",
        b'<!--<row r="1"/>-->',
    ],
)
def test_every_other_row_is_kept(row: bytes) -> None:
    part = b"<sheetData>" + row + b'<row r="2"><c r="A2"><v>1</v></c></row></sheetData>'
    assert thinned(part) == part
    assert thinned(part[:20], part[20:]) == part


def test_a_comment_ends_the_thinning_for_good() -> None:
    part = (b"<a><!-- ", b'x <row r="7"/> <row r="8"/>', b' --><row r="9"/><row r="10"/></a>')
    assert thinned(*part) == b"".join(part)
