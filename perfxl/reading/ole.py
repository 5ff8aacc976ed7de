"""OLE compound files, as far as it takes to say what is inside and to take a stream out."""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_END = 0xFFFFFFFA  # this and higher numbers are marks, not sectors
_MAX_DIRECTORY = 4096  # sectors; the streams of a workbook stand in the first
_MINI_SIZE = 64  # bytes of a sector of the small streams
_ROOT, _STORAGE, _STREAM = 5, 1, 2
_FILEPASS, _EOF, _BOUNDSHEET = 0x2F, 0x0A, 0x85


class Entry(NamedTuple):
    """One entry of the directory.

    Attributes:
        name: Of the stream or storage.
        kind: 1 a storage, 2 a stream, 5 the root.
        links: The entries before and after it in its storage, and the first within it.
        first: Its first sector.
        size: In bytes.
    """

    name: str
    kind: int
    links: tuple[int, int, int]
    first: int
    size: int


def stream_names(data: bytes) -> dict[str, tuple[int, int]]:
    """Return the streams and storages of a compound file: name → (first sector, size in bytes).

    What lies within storages (another document that is embedded, say) is left out, unless the directory is too
    damaged to tell. A damaged file gives what can be read of it; chains that run in circles end.
    """
    entries = _directory(data)
    found: dict[str, tuple[int, int]] = {}
    for entry in _children(entries) or entries:
        if entry.kind in (_STORAGE, _STREAM):
            found.setdefault(entry.name, (entry.first, entry.size))
    return found


def storages(data: bytes) -> frozenset[str]:
    """Return the names of all storages, also those within others."""
    return frozenset(entry.name for entry in _directory(data) if entry.kind == _STORAGE)


def stream(data: bytes, first: int, size: int) -> bytes:
    """Return a stream's bytes; fewer than `size` where its chain runs in a circle or out of the file."""
    cutoff = int.from_bytes(data[56:60], "little")
    if size >= cutoff:
        return _take(_chain(data, first), size)
    root = next((entry for entry in _directory(data) if entry.kind == _ROOT), None)
    if root is None:
        return b""
    small = _take(_chain(data, root.first), root.size)
    links = _numbers(b"".join(_chain(data, int.from_bytes(data[60:64], "little"))))
    return _take(_mini_chain(small, links, first), size)


def has_password(data: bytes, first_sector: int, size: int) -> bool:
    """Whether a BIFF workbook stream says, before its list of sheets, that it is encrypted."""
    head = stream(data, first_sector, size)[:4096]
    at = 0
    while at + 4 <= len(head):
        record, length = struct.unpack_from("<HH", head, at)
        if record in (_FILEPASS, _EOF, _BOUNDSHEET):
            return bool(record == _FILEPASS)
        at += 4 + length
    return False


def _directory(data: bytes) -> list[Entry]:
    entries = []
    for sector in islice(_chain(data, int.from_bytes(data[48:52], "little")), _MAX_DIRECTORY):
        for start in range(0, len(sector) - 127, 128):
            entry = sector[start : start + 128]
            length = int.from_bytes(entry[64:66], "little")
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            kind = entry[66] if 2 < length <= 64 else 0
            links = struct.unpack_from("<III", entry, 68)
            entries.append(Entry(name, kind, links, *struct.unpack_from("<II", entry, 116)))
    return entries


def _children(entries: list[Entry]) -> list[Entry]:
    """Return what lies in the root storage; nothing where its tree leads nowhere."""
    root = next((entry for entry in entries if entry.kind == _ROOT), None)
    waiting = [] if root is None else [root.links[2]]
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number < len(entries) and number not in seen and entries[number].kind in (_STORAGE, _STREAM):
            seen.add(number)
            waiting += entries[number].links[:2]
    return [entries[number] for number in sorted(seen)]


def _take(sectors: Iterator[bytes], size: int) -> bytes:
    """Return the first bytes of some sectors."""
    pieces: list[bytes] = []
    room = size
    for sector in sectors:
        pieces.append(sector)
        room -= len(sector)
        if room <= 0:
            break
    return b"".join(pieces)[:size]


def _mini_chain(small: bytes, links: list[int], sector: int) -> Iterator[bytes]:
    seen: set[int] = set()
    while sector < len(links) and sector not in seen:
        seen.add(sector)
        yield small[sector * _MINI_SIZE : (sector + 1) * _MINI_SIZE]
        sector = links[sector]


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
