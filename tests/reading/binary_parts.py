"""A small writer of .xlsb packages for tests: no library writes the format."""

import struct
from collections.abc import Sequence

from tests.reading.packages import TYPES, relationships, zipped

_TYPE = "application/vnd.ms-excel."


def record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(content)
    while length >= 128:
        head += bytes([length & 0x7F | 0x80])
        length >>= 7
    return head + bytes([length]) + content


def wide(text: str) -> bytes:
    raw = text.encode("utf-16-le", "surrogatepass")
    return struct.pack("<I", len(raw) // 2) + raw


def row(number: int, *cells: bytes, is_hidden: bool = False, height: float | None = None) -> bytes:
    """A row and its cells; rows and columns from 1, as everywhere in perfxl."""
    flags = 0x10 * is_hidden + 0x20 * (height is not None)
    head = struct.pack("<IIHBBBI", number - 1, 0, int((height or 15) * 20), 0, flags, 0, 0)
    return record(0, head) + b"".join(cells)


def cell(kind: int, column: int, content: bytes = b"", style: int = 0) -> bytes:
    return record(kind, struct.pack("<II", column - 1, style) + content)


def packed(column: int, raw: int, style: int = 0) -> bytes:
    return cell(2, column, struct.pack("<I", raw), style)


def real(column: int, value: float, style: int = 0) -> bytes:
    return cell(5, column, struct.pack("<d", value), style)


def shared(column: int, index: int, style: int = 0) -> bytes:
    return cell(7, column, struct.pack("<I", index), style)


def formula(kind: int, column: int, content: bytes) -> bytes:
    """A formula `TRUE` with its result."""
    return cell(kind, column, content + struct.pack("<HI", 0, 2) + b"\x1d\1" + bytes(4))


def merged(top: int, left: int, bottom: int, right: int) -> bytes:
    return record(176, struct.pack("<IIII", top - 1, bottom - 1, left - 1, right - 1))


def columns(first: int, last: int, width: float, *, is_hidden: bool = False) -> bytes:
    return record(60, struct.pack("<IIIIH", first - 1, last - 1, int(width * 256), 0, is_hidden))


def color(rgb: str) -> bytes:
    return bytes([5, 0, 0, 0]) + bytes.fromhex(rgb) + b"\xff" if rgb else bytes(8)


def styles(codes: Sequence[str] = (), looks: bytes = b"") -> bytes:
    """A style part: style 0 is General, 1, 2, … have these number formats; `looks` are further XF records."""
    font = struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 3, 134, 0) + color("") + b"\0" + wide("宋体")
    bold = struct.pack("<HHHHBBBB", 280, 2, 700, 0, 0, 3, 134, 0) + color("FF0000") + b"\0" + wide("黑体")
    plain = struct.pack("<I", 0) + color("") * 2 + bytes(48)
    filled = struct.pack("<I", 1) + color("FFFF00") + color("") + bytes(48)
    border = b"\0" + b"".join(bytes([line, 0]) + bytes(8) for line in (5, 0, 1, 2, 0))
    parts = [
        record(278),
        _group(615, 616, [record(44, struct.pack("<H", 164 + i) + wide(code)) for i, code in enumerate(codes)]),
        _group(611, 612, [record(43, font), record(43, bold)]),
        _group(603, 604, [record(45, plain), record(45, filled)]),
        _group(613, 614, [record(46, bytes(51)), record(46, border)]),
        _group(626, 627, [xf(0, parent=0xFFFF)]),
        _group(617, 618, [xf(0), *(xf(164 + i) for i in range(len(codes))), *([looks] if looks else [])]),
        record(279),
    ]
    return b"".join(parts)


def _group(begin: int, end: int, inner: Sequence[bytes]) -> bytes:
    return record(begin, struct.pack("<I", len(inner))) + b"".join(inner) + record(end)


def xf(number: int, font: int = 0, fill: int = 0, border: int = 0, places: int = 0, *, parent: int = 0) -> bytes:
    return record(47, struct.pack("<HHHHHBBBBH", parent, number, font, fill, border, 0, 0, places, 0x10, 0))


def xlsb(
    *sheets: tuple[str, bytes],
    texts: Sequence[str] = (),
    style_part: bytes | None = None,
    before: bytes = b"",
    after: bytes = b"",
    states: Sequence[int] = (),
    kinds: Sequence[str] = (),
    date1904: bool = False,
    **others: str | bytes | None,
) -> bytes:
    """A package.

    Args:
        sheets: Name and rows of each sheet.
        texts: The shared texts.
        style_part: The style part; that of `styles()` where it is None.
        before: Records that stand before the rows of each sheet, such as columns.
        after: Records behind them, such as merged ranges.
        states: Of the sheets: 0 visible, 1 hidden, 2 very hidden.
        kinds: Last words of the relationships to the sheets.
        date1904: Dates count from 1904.
        others: Further parts by name, `__` for a slash.
    """
    states = [*states, *[0] * len(sheets)]
    kinds = [*kinds, *["worksheet"] * len(sheets)]
    listed = b"".join(
        record(156, struct.pack("<II", states[i], i + 1) + wide(f"rIdS{i + 1}") + wide(name))
        for i, (name, _) in enumerate(sheets)
    )
    book = record(131) + record(153, struct.pack("<II", date1904, 0) + wide(""))
    book += record(143) + listed + record(144) + record(157, bytes(26)) + record(132)
    strings = b"".join(record(19, b"\0" + wide(text)) for text in texts)
    names = {f"rIdS{i + 1}": (kinds[i], f"worksheets/sheet{i + 1}.bin") for i in range(len(sheets))}
    override = '<Override PartName="/xl/{}" ContentType="' + _TYPE + '{}"/>'
    typed = {
        "workbook.bin": "sheet.binary.macroEnabled.main",
        "styles.bin": "styles",
        "sharedStrings.bin": "sharedStrings",
    }
    typed |= {target: "worksheet" for _, target in names.values()}
    return zipped({
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(override.format(name, kind) for name, kind in typed.items()) + "</Types>",
        "_rels/.rels": relationships(rId1=("officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": relationships(
            **names, rId90=("sharedStrings", "sharedStrings.bin"), rId91=("styles", "styles.bin")
        ),
        "xl/sharedStrings.bin": record(159, struct.pack("<II", len(texts), len(texts))) + strings + record(160),
        "xl/styles.bin": styles() if style_part is None else style_part,
        **{
            f"xl/{target}": record(129) + record(148, bytes(16)) + before + record(145) + rows + record(146) + after + record(130)
            for (_, target), (_, rows) in zip(names.values(), sheets, strict=True)
        },
        **{name.replace("__", "/"): content for name, content in others.items()},
    })  # fmt: skip
