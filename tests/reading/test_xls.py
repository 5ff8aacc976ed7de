import struct
from pathlib import Path

import pytest

from perfxl.errors import InputError
from perfxl.model.cells import Span
from perfxl.model.grid import Cell
from perfxl.reading.content import Content
from perfxl.reading.open_workbook import read_workbook
from perfxl.reading.xls import read_xls
from tests.reading import biff
from tests.reading.biff import boolean, compound, formula, label, merged, number, record, stream


def refusal(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read_xls(data)
    assert caught.value.message.endswith("。")
    return caught.value.kind


def texts(content: Content) -> dict[tuple[int, int], str]:
    return {place: cell.text for place, cell in content.grids[0].cells.items()}


@pytest.mark.parametrize(
    ("version", "code_page", "encoding"),
    [
        (8, 1200, ""), (8, None, ""),
        (5, 936, "gbk"),
        (5, 1252, "gbk"), (5, None, "gbk"), (5, 32768, "gbk"),  # GBK that says it is something else
        (5, 950, "big5"),
    ],
)  # fmt: skip
def test_chinese_texts_whatever_the_code_page_says(version: int, code_page: int | None, encoding: str) -> None:
    rows = b"".join(
        label(row, 1, text, version=version, encoding=encoding)
        for row, text in enumerate(("培訓人次", "分值", "A1"), 1)
    )
    content = read_xls(compound(stream(("表一", rows), version=version, code_page=code_page, encoding=encoding)))
    assert content.grids[0].sheet == "表一"
    assert texts(content) == {(1, 1): "培訓人次", (2, 1): "分值", (3, 1): "A1"}


def test_western_texts_stay_western() -> None:
    rows = label(1, 1, "café", encoding="cp1252") + label(2, 1, "coût", encoding="cp1252")
    assert texts(read_xls(stream(("A", rows), code_page=1252, encoding="cp1252"))) == {(1, 1): "café", (2, 1): "coût"}


def test_text_cut_within_a_character_garbles_only_its_end() -> None:
    cut = "项目绩效".encode("gbk")[:-1]
    rows = label(1, 1, "培训") + record(0x204, struct.pack("<HHHH", 1, 0, 0, len(cut)) + cut)
    assert texts(read_xls(stream(("表", rows), code_page=1252))) == {(1, 1): "培训", (2, 1): "项目绩\ufffd"}


def test_values_are_shown_by_their_number_formats() -> None:
    rows = number(1, 1, 0.95, style=1) + number(2, 1, 1234.5, style=2) + number(3, 1, 44927, style=3)
    rows += number(4, 1, 12) + boolean(5, 1, 1) + boolean(6, 1, 7, is_error=True) + formula(7, 1, 9.5)
    formats = ("0%", "#,##0.00", 'yyyy"年"m"月"d"日"')
    for version in (5, 8):
        content = read_xls(stream(("表", rows), version=version, formats=formats))
        assert list(content.grids[0].cells.values()) == [
            Cell("95%", 0.95, "number"),
            Cell("1,234.50", 1234.5, "number"),
            Cell("2023年1月1日", 44927.0, "date"),
            Cell("12", 12.0, "number"),
            Cell("TRUE", True, "bool"),
            Cell("#DIV/0!", "#DIV/0!", "error"),
            Cell("9.5", 9.5, "number", ""),
        ]
        assert content.others == {"formulas"}
        assert content.looks[0].cells[1, 1].number_format == "0%"
        assert (content.looks[0].cells[1, 1].font, content.looks[0].cells[1, 1].size) == ("宋体", 11.0)


def test_dates_count_from_1904_where_the_file_says_so() -> None:
    since_1904 = record(0x22, b"\1\0")
    book = stream(("表", number(1, 1, 43465, style=1)), version=8, formats=("yyyy-mm-dd",), extra=since_1904)
    assert read_xls(book).grids[0].cells[1, 1] == Cell("2023-01-01", 44927.0, "date")


def test_merges_hidden_rows_columns_and_sheets() -> None:
    rows = biff.hidden_column(3) + biff.hidden_row(2) + biff.hidden_row(9)
    rows += label(1, 1, "甲", version=8) + label(2, 3, "乙", version=8) + label(3, 1, "丙", version=8)
    book = stream(("表", rows + merged((1, 1, 1, 3), (3, 1, 4, 1))), ("旧表", b""), version=8, hidden=["旧表"])
    grid, old = read_xls(book).grids
    assert grid.merges == (Span(1, 1, 1, 3), Span(3, 1, 4, 1))
    assert (grid.hidden_rows, grid.hidden_columns) == ({2}, {3})
    assert grid.at(1, 3) == Cell("甲", "甲", "text")
    assert (grid.state, old.state, old.sheet, dict(old.cells)) == ("visible", "hidden", "旧表", {})


def test_sheets_of_other_kinds_are_left_out_and_said() -> None:
    book = stream(("图", b""), ("表", label(1, 1, "甲", version=8)), version=8)
    at = book.index("图".encode("utf-16-le")) - 3
    content = read_xls(book[:at] + b"\2" + book[at + 1 :])
    assert [(grid.sheet, grid.index) for grid in content.grids] == [("表", 1)]
    assert content.others == {"charts"}


def test_what_a_transcription_would_lack_is_found() -> None:
    picture = record(0x5D, struct.pack("<HHH", 0x15, 18, 8) + bytes(16))
    drop_down = record(0x5D, struct.pack("<HHH", 0x15, 18, 20) + bytes(16))
    rows = label(1, 1, "甲", version=8)
    book = stream(("表", rows + picture + drop_down + record(0x1BE, b"\0" * 8)), version=8)
    assert read_xls(compound(book, storage="_VBA_PROJECT_CUR")).others == {"pictures", "validations", "macros"}
    assert read_xls(compound(stream(("表", rows + drop_down), version=8))).others == frozenset()


def test_damaged_records_of_no_concern_do_no_harm() -> None:
    """Names, links and hyperlinks over whole sheets end the library, or take all memory."""
    extra = record(0x18, b"\xff" * 3) + record(0x17, b"\xff") + record(0x8C, b"\1\0\1\0") + record(0x8C, b"\2\0\2\0")
    link = record(0x1B8, struct.pack("<HHHH", 0, 65535, 0, 255) + b"\xff" * 24)
    book = stream(("表", label(1, 1, "甲", version=8) + link * 50), version=8, extra=extra)
    assert texts(read_xls(book)) == {(1, 1): "甲"}


@pytest.mark.parametrize("name", ["Workbook", "Book"])
def test_compound_file_and_bare_stream_read_alike(name: str) -> None:
    book = stream(("表", label(1, 1, "甲")))
    assert texts(read_xls(compound(book, name))) == texts(read_xls(book)) == {(1, 1): "甲"}


def test_small_stream_lies_among_the_small_sectors() -> None:
    book = stream(("表", label(1, 1, "甲")))
    data = bytearray(compound(book))
    # The same bytes, now as the mini stream of the root; sector 1 + 1 + 8 holds the links of its 64-byte sectors.
    count = -(-len(book) // 64)
    data[60:68] = struct.pack("<II", 10, 1)
    data[512 + 40 : 512 + 44] = struct.pack("<I", 0xFFFFFFFE)
    root, entry = 1024, 1024 + 128
    data[root + 116 : root + 124] = struct.pack("<II", 2, 4096)
    data[entry + 116 : entry + 124] = struct.pack("<II", 0, len(book))
    data += struct.pack(f"<{count}I", *range(1, count), 0xFFFFFFFE).ljust(512, b"\xff")
    assert texts(read_xls(bytes(data))) == {(1, 1): "甲"}


def test_excel_2_to_4_files_of_one_sheet() -> None:
    cells = record(0x04, struct.pack("<HHBBB", 0, 0, 0, 0, 0) + struct.pack("<B", 4) + "分值".encode("gbk"))
    cells += record(0x03, struct.pack("<HHBBBd", 1, 0, 0, 0, 0, 12.5))
    book = record(0x09, struct.pack("<HH", 2, 0x10)) + cells + record(0x0A)
    assert texts(read_xls(book)) == {(1, 1): "分值", (2, 1): "12.5"}
    newer = record(0x409, struct.pack("<HHH", 0, 0x10, 0)) + label(1, 1, "分值") + number(2, 1, 3) + record(0x0A)
    assert texts(read_xls(newer)) == {(1, 1): "分值", (2, 1): "3"}


def test_embedded_workbook_is_not_taken_for_the_file() -> None:
    data = bytearray(compound(stream(("表", label(1, 1, "甲"))), storage="MBD0001"))
    # The stream now lies within the storage: the root's child is the storage.
    data[1024 + 76 : 1024 + 80] = struct.pack("<I", 2)
    data[1024 + 256 + 76 : 1024 + 256 + 80] = struct.pack("<I", 1)
    with pytest.raises(InputError) as caught:
        read_workbook(bytes(data), Path("form.doc"))
    assert caught.value.kind == "not_a_workbook"


def test_password_is_called_encrypted_wherever_it_stands() -> None:
    book = stream(("表", label(1, 1, "甲")), extra=record(0x2F, b"\0" * 6))
    assert refusal(book) == refusal(compound(book)) == "encrypted"


def test_damage_is_corrupt() -> None:
    book = stream(("表", label(1, 1, "甲") + number(2, 1, 1)))
    loop = bytearray(compound(book.ljust(9000, b"\0")))
    loop[512 + 5 * 4 : 512 + 6 * 4] = struct.pack("<I", 4)
    assert refusal(bytes(loop)) == "corrupt"
    assert refusal(compound(book)[:1536]) == "corrupt"
    assert refusal(book[:-9]) == "corrupt"
    outside = book.replace(struct.pack("<i", book.index(b"\x09\x08", 4)), struct.pack("<i", 10**6))
    assert refusal(outside) == "corrupt"


def test_more_cells_than_any_form_has_are_too_large() -> None:
    row = record(0xBD, struct.pack("<HH", 0, 0) + b"\0" * 6 * 256 + struct.pack("<H", 255))
    assert refusal(stream(("表", row * 2000), version=8)) == "too_large"
    blank = record(0xBE, struct.pack("<HH", 0, 0) + b"\0" * 2 * 256 + struct.pack("<H", 255))
    assert refusal(stream(("表", blank * 16_000), version=8)) == "too_large"
    assert refusal(stream(*[(f"{i}", b"") for i in range(1001)], version=8)) == "too_large"
    # Few cells, but far away
    assert refusal(stream(*[(f"{i}", number(65_536, 1, 1)) for i in range(50)], version=8)) == "too_large"
    assert refusal(stream(*[(f"{i}", merged((1, 1, 65_536, 2))) for i in range(50)], version=8)) == "too_large"
    wide = b"".join(number(i, 256, 1) for i in range(1, 32_001))
    assert refusal(stream(("表", wide), version=8)) == "too_large"
    assert len(read_xls(stream(("表", number(65_536, 256, 1)), version=8)).grids[0].cells) == 1


def test_suffix_and_format() -> None:
    book = compound(stream(("表", label(1, 1, "甲"))))
    for name in ("a.xls", "a.et", "A.XLS"):
        read = read_workbook(book, Path(name))
        assert (read.format, read.notes, read.package) == ("xls", (), None)
    assert read_workbook(book, Path("a.xlsx")).notes == ("文件后缀是 .xlsx，内容是 .xls 工作簿，已按内容读取。",)
