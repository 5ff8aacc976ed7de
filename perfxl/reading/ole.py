"""OLE compound files, as far as it takes to say what is inside."""

from collections.abc import Iterator
from itertools import islice

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_END = 0xFFFFFFFA  # this and higher numbers are marks, not sectors
_MAX_DIRECTORY = 4096  # sectors; the streams of a workbook stand in the first
_FILEPASS, _EOF, _BOUNDSHEET = 0x2F, 0x0A, 0x85


def stream_names(data: bytes) -> dict[str, tuple[int, int]]:
    """Return the streams and storages of a compound file: name → (first sector, size in bytes).

    A damaged file gives what can be read of it; chains that run in circles end.
    """
    found: dict[str, tuple[int, int]] = {}
    for sector in islice(_chain(data, int.from_bytes(data[48:52], "little")), _MAX_DIRECTORY):
        for start in range(0, len(sector), 128):
            entry = sector[start : start + 128]
            length = int.from_bytes(entry[64:66], "little")
            if len(entry) == 128 and 2 < length <= 64 and entry[66] in (1, 2):
                name = entry[: length - 2].decode("utf-16-le", "replace")
                first, size = (int.from_bytes(entry[at : at + 4], "little") for at in (116, 120))
                found.setdefault(name, (first, size))
    return found


def has_password(data: bytes, first_sector: int) -> bool:
    """Whether a BIFF workbook stream says, before its list of sheets, that it is encrypted."""
    stream = b""
    for sector in _chain(data, first_sector):
        stream += sector
        if len(stream) >= 4096:
            break
    at = 0
    while at + 4 <= len(stream):
        record, length = (int.from_bytes(stream[at + i : at + i + 2], "little") for i in (0, 2))
        if record in (_FILEPASS, _EOF, _BOUNDSHEET):
            return record == _FILEPASS
        at += 4 + length
    return False


def _chain(data: bytes, sector: int) -> Iterator[bytes]:
    """Yield the sectors of a chain; it ends where a sector comes twice or lies outside the file."""
    size = 1 << max(7, min(int.from_bytes(data[30:32], "little"), 12))  # 512 or 4096 bytes in a sound file
    table = _allocation_sectors(data, size)
    per_sector = size // 4
    seen: set[int] = set()
    while sector < _END and sector not in seen:
        seen.add(sector)
        start = (sector + 1) * size
        piece = data[start : start + size]
        if not piece:
            return
        yield piece
        block, place = divmod(sector, per_sector)
        if block >= len(table):
            return
        at = (table[block] + 1) * size + place * 4
        sector = int.from_bytes(data[at : at + 4].ljust(4, b"\xff"), "little")


def _allocation_sectors(data: bytes, size: int) -> list[int]:
    """Return the sectors that hold the allocation table, in order."""
    found = _numbers(data[76:512])
    sector = int.from_bytes(data[68:72], "little")
    seen: set[int] = set()
    while sector < _END and sector not in seen:
        seen.add(sector)
        numbers = _numbers(data[(sector + 1) * size : (sector + 2) * size])
        if not numbers:
            break
        found.extend(numbers[:-1])
        sector = numbers[-1]
    return [number for number in found if number < _END]


def _numbers(data: bytes) -> list[int]:
    return [int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data) - 3, 4)]
