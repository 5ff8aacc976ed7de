"""A small writer of BIFF streams and compound files, for tests of .xls: no library writes the old ones any more."""

import struct
from collections.abc import Iterable, Sequence

ENCODING = "gbk"


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def label(row: int, column: int, text: str, *, style: int = 0, version: int = 5, encoding: str = ENCODING) -> bytes:
    """A text cell; rows and columns from 1, as everywhere in perfxl."""
    head = struct.pack("<HHH", row - 1, column - 1, style)
    if version == 8:
        raw = text.encode("utf-16-le")
        return record(0x204, head + struct.pack("<HB", len(raw) // 2, 1) + raw)
    raw = text.encode(encoding)
    return record(0x204, head + struct.pack("<H", len(raw)) + raw)


def number(row: int, column: int, value: float, *, style: int = 0) -> bytes:
    return record(0x203, struct.pack("<HHHd", row - 1, column - 1, style, value))


def formula(row: int, column: int, value: float, *, style: int = 0) -> bytes:
    return record(0x06, struct.pack("<HHHdHIH", row - 1, column - 1, style, value, 0, 0, 0))


def boolean(row: int, column: int, value: int, *, is_error: bool = False) -> bytes:
    return record(0x205, struct.pack("<HHHBB", row - 1, column - 1, 0, value, is_error))


def merged(*spans: tuple[int, int, int, int]) -> bytes:
    """Merged ranges: top, left, bottom, right."""
    ranges = (struct.pack("<HHHH", top - 1, bottom - 1, left - 1, right - 1) for top, left, bottom, right in spans)
    return record(0xE5, struct.pack("<H", len(spans)) + b"".join(ranges))


def hidden_row(row: int) -> bytes:
    return record(0x208, struct.pack("<HHHHHHI", row - 1, 0, 1, 300, 0, 0, 0x20))


def hidden_column(column: int) -> bytes:
    return record(0x7D, struct.pack("<HHHHH", column - 1, column - 1, 2560, 0, 1) + b"\0\0")


def stream(
    *sheets: tuple[str, bytes],
    version: int = 5,
    code_page: int | None = 936,
    formats: Sequence[str] = (),
    hidden: Iterable[str] = (),
    extra: bytes = b"",
    encoding: str = ENCODING,
) -> bytes:
    """A workbook stream.

    Args:
        sheets: Name and records of each sheet.
        version: 5 or 8.
        code_page: As stated; None states none.
        formats: The number formats of the styles 1, 2, …; style 0 is General.
        hidden: Names of hidden sheets.
        extra: Records for the globals.
        encoding: What the texts of version 5 really are.
    """
    bof = 0x0600 if version == 8 else 0x0500
    page = b"" if code_page is None else record(0x42, struct.pack("<H", code_page))
    head = record(0x809, _bof(bof, 5)) + page + extra + _styles(formats, version, encoding)
    names = [_text(name, version, encoding) for name, _ in sheets]
    at = len(head) + sum(4 + 6 + len(name) for name in names) + 4
    listed = body = b""
    for (wish, rows), name in zip(sheets, names, strict=True):
        listed += record(0x85, struct.pack("<iBB", at + len(body), wish in hidden, 0) + name)
        body += record(0x809, _bof(bof, 0x10)) + rows + record(0x0A)
    return head + listed + record(0x0A) + body


def _bof(version: int, kind: int) -> bytes:
    return struct.pack("<HHHH", version, kind, 4000, 1997) + (b"\0" * 8 if version == 0x0600 else b"")


def _text(text: str, version: int, encoding: str, lengths: str = "<B") -> bytes:
    if version == 8:
        raw = text.encode("utf-16-le")
        return struct.pack(lengths, len(raw) // 2) + b"\1" + raw
    raw = text.encode(encoding)
    return struct.pack(lengths, len(raw)) + raw


def _styles(formats: Sequence[str], version: int, encoding: str) -> bytes:
    if not formats:
        return b""
    wide = version == 8
    font = struct.pack("<HHHHHBBBB", 220, 0, 8, 400, 0, 0, 0, 134, 0) + _text("宋体", version, encoding)
    codes = b"".join(
        record(0x41E, struct.pack("<H", 164 + i) + _text(code, version, encoding, "<H" if wide else "<B"))
        for i, code in enumerate(formats)
    )
    xf = b"".join(
        record(0xE0, struct.pack("<HHH", 0, key, 0) + bytes(14 if wide else 10))
        for key in (0, *range(164, 164 + len(formats)))
    )
    return record(0x31, font) * 5 + codes + xf


def compound(book: bytes, name: str = "Workbook", *, storage: str = "", cutoff: int = 4096) -> bytes:
    """A compound file with the stream, padded to more than `cutoff`, and an empty storage beside it."""
    size = max(len(book), cutoff)
    count = -(-size // 512)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0") + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    header = header.ljust(44, b"\0") + struct.pack("<II", 1, 1)
    header = header.ljust(56, b"\0") + struct.pack("<IIIII", cutoff, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * 432
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    entries = [_entry("Root Entry", 5, child=1), _entry(name, 2, right=2 if storage else None, first=2, size=size)]
    entries += [_entry(storage, 1)] if storage else []
    return header + table + b"".join(entries).ljust(512, b"\0") + book.ljust(count * 512, b"\0")


def _entry(
    name: str, kind: int, *, right: int | None = None, child: int | None = None, first: int = 0, size: int = 0
) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    links = [0xFFFFFFFF if link is None else link for link in (None, right, child)]
    entry = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1) + struct.pack("<III", *links)
    return entry.ljust(116, b"\0") + struct.pack("<III", first, size, 0)
