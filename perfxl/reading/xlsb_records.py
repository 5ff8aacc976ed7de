"""The records of binary parts (.xlsb), and the values in them; after [MS-XLSB] 2.1.4 and 2.5."""

import struct
from collections.abc import Iterator

from perfxl.errors import InputError
from perfxl.model.package import ADVICE_RESAVE, Package
from perfxl.reading.xlsx_text import legal

_MAX_RECORDS = 3_000_000


def records(package: Package, part: str) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the content of each record of a part.

    Raises:
        InputError: `corrupt` where a record goes beyond the part, `too_large`.
    """
    data = package.part(part)
    at, size = 0, len(data)
    for _ in range(_MAX_RECORDS):
        if at >= size:
            return
        # Most kinds and lengths are a single byte.
        kind, at = (data[at], at + 1) if data[at] < 0x80 else _packed(data, at, 2)
        length, at = (data[at], at + 1) if at < size and data[at] < 0x80 else _packed(data, at, 4)
        if at + length > size:
            raise damaged(part)
        yield kind, data[at : at + length]
        at += length
    raise InputError("too_large", f"部件 {part} 的内容过多，超出可读取的上限。", "请只保留自评表，另存后再试。")


def _packed(data: bytes, at: int, most: int) -> tuple[int, int]:
    """Return a number of up to `most` bytes with seven bits in each, and where the next one begins."""
    number = 0
    for place in range(most):
        byte = data[at] if at < len(data) else 0
        at += 1
        number |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    return number, at


def damaged(part: str) -> InputError:
    """Return the error that says that a part is damaged."""
    return InputError("corrupt", f"文件已损坏：部件 {part} 的内容不完整。", ADVICE_RESAVE)


def wide_text(data: bytes, at: int = 0) -> tuple[str, int]:
    """Return a text that stands behind its length, and where it ends; no text reads as an empty one."""
    length = uint(data, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    stop = at + 4 + 2 * length
    if stop > len(data):
        raise IndexError(stop)
    # Halves of surrogate pairs are kept here; `legal` puts its own sign for them.
    return legal(data[at + 4 : stop].decode("utf-16-le", "surrogatepass")), stop


def uint(data: bytes, at: int) -> int:
    """Return the number of four bytes at a place."""
    return int(struct.unpack_from("<I", data, at)[0])


def short(data: bytes, at: int) -> int:
    """Return the number of two bytes at a place."""
    return int(struct.unpack_from("<H", data, at)[0])


def real(data: bytes, at: int) -> float:
    """Return the floating-point number at a place."""
    return float(struct.unpack_from("<d", data, at)[0])


def packed_number(data: bytes, at: int) -> float:
    """Return a number of the short kind: 30 bits of a whole or floating-point number, perhaps in hundredths."""
    raw = uint(data, at)
    if raw & 2:
        value = float(struct.unpack_from("<i", data, at)[0] >> 2)
    else:
        value = float(struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", raw & 0xFFFFFFFC))[0])
    return value / 100 if raw & 1 else value
