import io
import struct
from pathlib import Path

import pytest

from perfxl.errors import InputError
from perfxl.model.cells import Span
from perfxl.model.grid import Cell
from perfxl.model.look import Look
from perfxl.model.package import Package
from perfxl.reading import xlsb_records
from perfxl.reading.content import Content
from perfxl.reading.open_workbook import read_workbook
from perfxl.reading.xlsb import read_xlsb
from tests.reading.binary_parts import (
    cell,
    columns,
    formula,
    merged,
    packed,
    real,
    record,
    row,
    shared,
    styles,
    wide,
    xf,
    xlsb,
)

CODES = ("0%", "#,##0.00", "yyyy/m/d", '@"（注）"')
VALUES = (
    row(1, shared(1, 0), shared(2, 1), cell(6, 3, wide("直接写的文字")))
    + row(2, real(1, 0.95, 1), real(2, 1234.5, 2), real(3, 45047.0, 3), shared(4, 0, 4))
    + row(4, packed(1, 12 << 2 | 2), packed(2, 1250 << 2 | 3), packed(3, 0x40280000), packed(4, -5 << 2 & 0xFFFFFFFF | 2))
    + row(5, cell(4, 1, b"\1"), cell(4, 2, b"\0"), cell(3, 3, b"\x07"), cell(1, 4))
    + row(6, formula(9, 1, struct.pack("<d", 9.5)), formula(8, 2, wide("优")), formula(10, 3, b"\1"), formula(11, 4, b"\x2a"))
)  # fmt: skip
BOOK = xlsb(("自评表", VALUES), texts=("培训人次", "≥95%"), style_part=styles(CODES))


def content(data: bytes) -> Content:
    return read_xlsb(Package.open(data))


def cells(rows: bytes, **others: object) -> dict[tuple[int, int], Cell]:
    return dict(content(xlsb(("表", rows), **others)).grids[0].cells)  # type: ignore[arg-type]  # keywords of the helper


def refusal(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        content(data)
    assert caught.value.message.endswith("。")
    return caught.value.kind


def test_values_are_shown_by_their_number_formats() -> None:
    found = content(BOOK)
    assert found.grids[0].sheet == "自评表"
    assert dict(found.grids[0].cells) == {
        (1, 1): Cell("培训人次", "培训人次", "text"),
        (1, 2): Cell("≥95%", "≥95%", "text"),
        (1, 3): Cell("直接写的文字", "直接写的文字", "text"),
        (2, 1): Cell("95%", 0.95, "number"),
        (2, 2): Cell("1,234.50", 1234.5, "number"),
        (2, 3): Cell("2023/5/1", 45047.0, "date"),
        (2, 4): Cell("培训人次（注）", "培训人次", "text"),
        (4, 1): Cell("12", 12.0, "number"),
        (4, 2): Cell("12.5", 12.5, "number"),
        (4, 3): Cell("12", 12.0, "number"),
        (4, 4): Cell("-5", -5.0, "number"),
        (5, 1): Cell("TRUE", True, "bool"),
        (5, 2): Cell("FALSE", False, "bool"),
        (5, 3): Cell("#DIV/0!", "#DIV/0!", "error"),
        (6, 1): Cell("9.5", 9.5, "number", ""),
        (6, 2): Cell("优", "优", "text", ""),
        (6, 3): Cell("TRUE", True, "bool", ""),
        (6, 4): Cell("#N/A", "#N/A", "error", ""),
    }
    assert found.others == {"formulas"}


def test_another_reader_finds_the_same() -> None:
    """So that what the tests write is what other programs take for an .xlsb, and not our own invention."""
    calamine = pytest.importorskip("python_calamine")
    sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(BOOK)).get_sheet_by_name("自评表")
    theirs = sheet.to_python(skip_empty_area=False)
    ours = content(BOOK).grids[0].cells
    for (line, column), found in ours.items():
        if found.kind in ("text", "number", "bool"):
            assert theirs[line - 1][column - 1] == found.value


def test_cells_without_a_column_follow_the_one_before() -> None:
    rows = row(1, cell(6, 3, wide("甲")), record(17, struct.pack("<I", 0) + wide("乙")), record(12, bytes(4)),
               record(16, struct.pack("<Id", 0, 1.5)), record(13, struct.pack("<II", 0, 7 << 2 | 2)))  # fmt: skip
    assert {place: found.text for place, found in cells(rows).items()} == {
        (1, 3): "甲", (1, 4): "乙", (1, 6): "1.5", (1, 7): "7",
    }  # fmt: skip


def test_rich_text_reads_as_its_text() -> None:
    assert cells(row(1, cell(62, 1, b"\1" + wide("红字黑字") + bytes(8))))[1, 1].text == "红字黑字"


def test_half_a_surrogate_pair_and_control_characters_are_made_writable() -> None:
    assert cells(row(1, cell(6, 1, wide("笑\ud83d\x07脸"))))[1, 1].text == "笑\ufffd脸"


def test_dates_count_from_1904_where_the_book_says_so() -> None:
    found = cells(row(1, real(1, 43465.0, 3)), style_part=styles(CODES), date1904=True)
    assert found[1, 1] == Cell("2023/1/1", 44927.0, "date")


def test_merges_looks_hidden_rows_columns_and_sheets() -> None:
    rows = row(1, shared(1, 0, 5), cell(1, 2, style=5)) + row(2, shared(2, 0), is_hidden=True, height=30)
    places = 2 | 1 << 3 | 0x40
    book = xlsb(
        ("表", rows),
        ("图", b""),
        ("旧表", b""),
        texts=["题"],
        style_part=styles(CODES, xf(164, 1, 1, 1, places)),
        before=record(390) + columns(1, 2, 20.5) + columns(4, 20_000, 9, is_hidden=True) + record(391),
        after=record(177, b"\1\0\0\0") + merged(1, 1, 1, 3) + record(178),
        states=(0, 0, 2),
        kinds=("worksheet", "chartsheet", "worksheet"),
    )
    found = content(book)
    assert [(grid.sheet, grid.index, grid.state) for grid in found.grids] == [
        ("表", 0, "visible"),
        ("旧表", 2, "veryHidden"),
    ]
    grid, look = found.grids[0], found.looks[0]
    assert grid.merges == (Span(1, 1, 1, 3),)
    assert grid.hidden_rows == {2}
    assert grid.hidden_columns == set(range(4, 16_385))
    title = Look("0%", "黑体", 14.0, True, True, "FF0000", "FFFF00", (1, 2, 5, 0), "center", "vcenter", True)
    plain = Look(font="宋体", size=11.0, horizontal="", vertical="top")
    assert look.cells == {(1, 1): title, (1, 2): title, (2, 2): plain}
    assert look.heights == {2: 30.0}
    assert look.widths[1] == look.widths[2] == 20.5
    assert found.others == {"charts"}


def test_what_a_transcription_would_lack_is_found() -> None:
    book = xlsb(
        ("表", b""),
        after=record(461) + record(573),
        **{
            "xl__media__image1.png": "x",
            "xl__charts__chart1.xml": "x",
            "xl__comments1.bin": "x",
            "xl__vbaProject.bin": "x",
        },
    )
    assert content(book).others == {"pictures", "charts", "notes", "macros", "conditions", "validations"}
    assert content(xlsb(("表", b""))).others == frozenset()


def test_damage() -> None:
    assert refusal(xlsb(("表", row(1, shared(1, 9))))) == "corrupt"  # no such text
    assert refusal(xlsb(("表", row(1, cell(5, 1, b"\0"))))) == "corrupt"  # half a number
    assert refusal(xlsb(("表", row(1, cell(6, 1, b"\xff\xff\xff\x7f"))))) == "corrupt"  # a text without end
    assert refusal(xlsb(("表", record(7)[:1] + b"\xff\xff\xff\x7f"))) == "corrupt"  # a record without end
    assert refusal(xlsb(("表", row(1_048_577)))) == "corrupt"
    assert refusal(xlsb(("表", row(1, cell(6, 16_385, wide("甲")))))) == "corrupt"
    assert refusal(xlsb(("表", b""), **{"xl__worksheets__sheet1.bin": None})) == "corrupt"
    assert refusal(xlsb(("表", b""), **{"xl___rels__workbook.bin.rels": None})) == "corrupt"
    assert refusal(xlsb(("表", b""), **{"xl___rels__workbook.bin.rels": "<!DOCTYPE a><a/>"})) == "unsafe_xml"


def test_more_than_any_form_has_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(xlsb(("表", row(1) + packed(1, 2) * 500_001))) == "too_large"
    assert refusal(xlsb(*[(str(i), b"") for i in range(1001)])) == "too_large"
    monkeypatch.setattr(xlsb_records, "_MAX_RECORDS", 1000)
    assert refusal(xlsb(("表", row(1) * 1001))) == "too_large"


def test_every_cut_and_flipped_byte_reads_or_is_refused() -> None:
    good = {
        name: Package.open(BOOK).part(name) for name in ("xl/workbook.bin", "xl/styles.bin", "xl/worksheets/sheet1.bin")
    }
    for name, data in good.items():
        bad = [data[:length] for length in range(0, len(data), 7)]
        bad += [data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :] for at in range(0, len(data), 3)]
        for changed in bad:
            parts = {name.replace("/", "__"): changed}
            try:
                content(xlsb(("自评表", VALUES), texts=("培训人次", "≥95%"), **parts))
            except InputError as error:
                assert error.kind in ("corrupt", "too_large")  # noqa: PT017  # any damage may also be read without an error


def test_format_and_suffix() -> None:
    assert read_workbook(BOOK, Path("表.xlsb")).notes == ()
    book = read_workbook(BOOK, Path("表.xlsx"))
    assert (book.format, book.package) == ("xlsb", None)
    assert book.notes == ("文件后缀是 .xlsx，内容是 .xlsb 工作簿，已按内容读取。",)
