import hashlib
import os
import struct
from pathlib import Path

import pytest

from perfxl.errors import InputError
from perfxl.reading.open_workbook import open_workbook, read_workbook
from tests.reading.packages import parts_of, row, zipped

FORM = zipped(parts_of(row('<c r="A1" t="s"><v>0</v></c>'), strings=["<t>项目</t>"]))
TABLE = "项目,分值,得分\n培训,10,9\n宣传,5,5\n"
HTML = "<html><body><table><tr><td>项目</td></tr></table></body></html>"

XML_2003 = (
    b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)


def compound(*names: str, book: bytes = b"") -> bytes:
    """Return an OLE compound file with streams of these names; `book` is what the first one begins with."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0") + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    header = header.ljust(44, b"\0") + struct.pack("<II", 1, 1)
    header = header.ljust(56, b"\0") + struct.pack("<IIIII", 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * 432
    table = struct.pack("<III", 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE).ljust(512, b"\xff")
    directory = b""
    for name in ("Root Entry", *names):
        raw = name.encode("utf-16-le") + b"\0\0"
        entry = raw.ljust(64, b"\0") + struct.pack("<HB", len(raw), 5 if name == "Root Entry" else 2)
        directory += entry.ljust(116, b"\0") + struct.pack("<II", 2, 4096).ljust(12, b"\0")
    return header + table + directory.ljust(512, b"\0") + book.ljust(512, b"\0")


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


PLAIN_BOOK = record(0x809, b"\0" * 16) + record(0x85, b"\0" * 8)
GUARDED_BOOK = record(0x809, b"\0" * 16) + record(0x2F, b"\0" * 6) + record(0x85, b"\0" * 8)

REFUSED = [
    ("empty.xlsx", b"", "empty_file"),
    ("empty.csv", b"", "empty_file"),
    ("~$form.xlsx", b"\x05admin", "lock_file"),
    (".~form.xlsx", b"", "lock_file"),
    # Compound files: an OLE file is not encrypted only because it is one
    ("form.xlsx", compound("EncryptionInfo", "EncryptedPackage"), "encrypted"),
    ("form.xls", compound("Workbook", book=GUARDED_BOOK), "encrypted"),
    ("form.xls", compound("Workbook", book=PLAIN_BOOK), "corrupt"),
    ("form.et", compound("Book", book=PLAIN_BOOK), "corrupt"),
    ("form.xlsx", compound("Workbook", book=PLAIN_BOOK), "corrupt"),
    ("form.xlsx", compound("WordDocument"), "not_a_workbook"),
    ("form.xls", compound("Workbook")[:512], "not_a_workbook"),
    ("form.xls", b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\0" * 100, "corrupt"),
    # Other formats under a workbook's name
    ("form.xls", HTML.encode(), "wrong_format"),
    ("form.xls", f"\ufeff  <!DOCTYPE html>\n{HTML}".encode(), "wrong_format"),
    ("form.xls", HTML.encode("gbk"), "wrong_format"),
    ("form.xls", f'<?xml version="1.0"?>{HTML}'.encode(), "wrong_format"),
    ("form.xls", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>", "wrong_format"),
    ("form.xls", XML_2003, "wrong_format"),
    ("form.xlsx", TABLE.encode(), "wrong_format"),
    ("form.xls", TABLE.encode("gbk"), "wrong_format"),
    ("form.xls", TABLE.replace(",", "\t").encode("utf-16"), "wrong_format"),
    # The same under its own name
    ("form.csv", TABLE.encode("gbk"), "unsupported_format"),
    ("form.CSV", TABLE.encode(), "unsupported_format"),
    ("form.txt", "说明".encode(), "unsupported_format"),
    # No workbook at all
    ("form.xlsx", "详见附件\n".encode(), "not_a_workbook"),
    ("form.xlsx", "说明。\n第一条，各单位应当\n第二条，各部门应当\n".encode(), "not_a_workbook"),
    ("form.xlsx", b'<?xml version="1.0"?><data/>', "not_a_workbook"),
    ("form.xlsx", b"%PDF-1.7\n", "not_a_workbook"),
    ("form.xlsx", b"\x89PNG\r\n\x1a\n", "not_a_workbook"),
    ("form.xlsx", b"\xff\xd8\xff\xe0", "not_a_workbook"),
    ("form.xlsx", b"Rar!\x1a\x07\x01\x00", "not_a_workbook"),
    ("form.xlsx", b"7z\xbc\xaf\x27\x1c", "not_a_workbook"),
    ("form.xlsx", b"\0" * 5000, "not_a_workbook"),
    ("form.xlsx", bytes(range(256)) * 20, "not_a_workbook"),
    # Packages
    ("form.zip", zipped({"自评表.xlsx": FORM}), "not_a_workbook"),
    ("form.xlsx", zipped({"word/document.xml": "<document/>"}), "not_a_workbook"),
    ("form.ods", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "corrupt"),
    ("form.odt", zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "not_a_workbook"),
    ("form.xlsb", zipped({"xl/workbook.bin": b"\x83\x01"}), "corrupt"),
    ("form.xlsx", zipped({"xl\\workbook.xml": "<workbook/>"}), "corrupt"),
    ("form.xlsx", FORM[: len(FORM) // 2], "corrupt"),
    ("form.xlsx", FORM[:-60], "corrupt"),
    ("form.xlsx", b"PK\3\4", "corrupt"),
]


@pytest.mark.parametrize(("name", "data", "kind"), REFUSED, ids=[f"{n}-{k}-{i}" for i, (n, _, k) in enumerate(REFUSED)])
def test_other_file_is_refused_by_what_it_is(tmp_path: Path, name: str, data: bytes, kind: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        open_workbook(path)
    assert caught.value.kind == kind
    for sentence in (caught.value.message, caught.value.advice):
        assert sentence.endswith("。")
        assert str(tmp_path) not in sentence


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("form.xlsx", ()),
        ("FORM.XLSX", ()),
        ("form.xltx", ()),
        ("form.xls", ("文件后缀是 .xls，内容是 .xlsx 工作簿，已按内容读取。",)),
        ("form.xlsm", ("文件后缀是 .xlsm，内容是 .xlsx 工作簿，已按内容读取。",)),
        ("form", ("文件名没有后缀，已按内容作为 .xlsx 工作簿读取。",)),
        ("form.2023年度自评表", ("文件后缀与内容不符，已按内容作为 .xlsx 工作簿读取。",)),
    ],
)
def test_content_decides_and_the_suffix_is_noted(tmp_path: Path, name: str, notes: tuple[str, ...]) -> None:
    path = tmp_path / name
    path.write_bytes(FORM)
    book = open_workbook(path)
    assert (book.path, book.format, book.notes) == (path, "xlsx", notes)
    assert (book.size, book.sha256) == (len(FORM), hashlib.sha256(FORM).hexdigest())
    assert book.grids[0].cells[1, 1].text == "项目"
    assert book.package is not None
    assert path.read_bytes() == FORM


@pytest.mark.parametrize("data", [b"junk" * 100 + FORM, FORM + b"junk" * 100], ids=["before", "after"])
def test_junk_around_the_package_does_no_harm(data: bytes) -> None:
    assert len(read_workbook(data, Path("form.xlsx")).grids) == 1


def test_more_entries_than_any_package_has_are_refused_unread() -> None:
    with pytest.raises(InputError) as caught:
        read_workbook(FORM + b"PK\1\2" * 10_001 + FORM[-22:], Path("form.xlsx"))
    assert caught.value.kind == "too_large"


def test_zip_password_is_called_encrypted() -> None:
    data = bytearray(FORM)
    data[data.rindex(b"PK\1\2") + 8] |= 1
    with pytest.raises(InputError) as caught:
        read_workbook(bytes(data), Path("form.xlsx"))
    assert caught.value.kind == "encrypted"


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "dangling.xlsx").symlink_to(tmp_path / "gone.xlsx")
    (tmp_path / "loop.xlsx").symlink_to(tmp_path / "loop.xlsx")
    os.mkfifo(tmp_path / "pipe.xlsx")
    kinds = {}
    for name in ("folder.xlsx", "gone.xlsx", "dangling.xlsx", "loop.xlsx", "pipe.xlsx", "zero\0.xlsx", "长" * 200):
        with pytest.raises(InputError) as caught:
            open_workbook(tmp_path / name)
        kinds[name[:8]] = caught.value.kind
    assert kinds == {
        "folder.x": "not_a_file", "gone.xls": "not_found", "dangling": "not_found", "loop.xls": "not_found",
        "pipe.xls": "not_a_file", "zero\0.xl": "not_found", "长" * 8: "not_found",
    }  # fmt: skip


def test_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(FORM)

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(InputError) as caught:
        open_workbook(path)
    assert caught.value.kind == "unreadable"


def test_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    with path.open("wb") as file:
        file.truncate(101 * 2**20)
    with pytest.raises(InputError) as caught:
        open_workbook(path)
    assert caught.value.kind == "too_large"


def test_compound_file_whose_directory_runs_in_a_circle_ends() -> None:
    data = bytearray(compound("Workbook", book=PLAIN_BOOK))
    data[512 + 4 : 512 + 8] = struct.pack("<I", 1)  # the directory's sector follows itself
    with pytest.raises(InputError) as caught:
        read_workbook(bytes(data), Path("form.xls"))
    assert caught.value.kind == "corrupt"
