"""Writing a package: members one after the other, with their sizes and checksums in front of them."""

import struct
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple
from zipfile import ZipInfo

from perfxl.model.flate import IS_QUICK, flate

# The quickest level of ISA-L packs too, in half the time of its next one and a fifth of zlib's; a copy is a sixth
# larger. Level 2 of zlib is a third faster than its usual 6, for a tenth more bytes of what is ours: that counts among
# thousands of copies.
DEFLATE_LEVEL = 0 if IS_QUICK else 2
_UTF8_NAME = 0x800
_DEFLATED = 8
# 1980-01-01, the earliest that a zip can say: the same input gives the same bytes on any day.
_NO_DATE = (0x21, 0)


class Member(NamedTuple):
    """One entry to be written, its bytes as they will lie in the file."""

    name: bytes
    flags: int
    version: int
    method: int
    date: int
    time: int
    crc: int
    size: int
    payload: bytes | memoryview


@lru_cache(maxsize=1024)
def is_unsafe(name: str, has_slashes: bool) -> bool:
    """Whether an entry's name would lead out of the folder that a careless program unpacks to.

    Args:
        name: As stored.
        has_slashes: The whole package begins its names with a slash, so that alone says nothing.
    """
    return (
        "\\" in name
        or "\0" in name
        or name[1:2] == ":"
        or ".." in name.split("/")
        or (name.startswith("/") and not has_slashes)
    )


def packed(name: str, data: bytes) -> Member:
    """Return a part of ours as an entry, deflated."""
    return _packed(name.encode(), 0 if name.isascii() else _UTF8_NAME, data)


def repacked(entry: ZipInfo, data: bytes) -> Member:
    """Return an entry of a submission with other content, deflated."""
    return _packed(*_stored_name(entry.filename, entry.flag_bits & _UTF8_NAME), data)


def _packed(name: bytes, flags: int, data: bytes) -> Member:
    payload = (_kept if len(data) <= _SMALL else _deflated)(data)
    return Member(name, flags, 20, _DEFLATED, *_NO_DATE, flate.crc32(data), len(data), payload)


def _deflated(data: bytes) -> bytes:
    payload: bytes = flate.compress(data, DEFLATE_LEVEL, wbits=-15)
    return payload


def compressor() -> Any:
    """Return what deflates a long part piece by piece: an object like that of `zlib.compressobj`.

    Of such there are few, and a summary is sent by mail: a level up makes it a fifth smaller.
    """
    return flate.compressobj(2, wbits=-15)


# Lists of types and relationships are the same in many copies, and to deflate so little is mostly to set zlib up.
_SMALL = 2048
_kept = lru_cache(maxsize=256)(_deflated)


def copied(entry: ZipInfo, payload: memoryview) -> Member:
    """Return an entry of a submission with its bytes as they are.

    Extra fields and attributes stay behind: they hold times, owners and file modes, never content.
    """
    name, flags = _stored_name(entry.filename, entry.flag_bits & _UTF8_NAME)
    year, month, day, hour, minute, second = entry.date_time
    date = (year - 1980) << 9 | month << 5 | day
    time = hour << 11 | minute << 5 | second // 2
    version = max(20, entry.extract_version)
    return Member(name, flags, version, entry.compress_type, date, time, entry.CRC, entry.file_size, payload)


@lru_cache(maxsize=1024)
def _stored_name(name: str, utf8: int) -> tuple[bytes, int]:
    """Return the name of a submission's entry, without a leading slash, and whether it is in UTF-8, as flag."""
    name = name.lstrip("/")
    if name.isascii():
        return name.encode(), 0
    try:
        # zipfile reads a name without the flag as code page 437: this gives back the bytes that lie in the file.
        return (name.encode(), _UTF8_NAME) if utf8 else (name.encode("cp437"), 0)
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace"), _UTF8_NAME


def write_zip(members: Iterable[Member]) -> bytes:
    """Return the bytes of a package with its members in the order given."""
    pieces: list[bytes | memoryview] = []
    directory: list[bytes] = []
    offset = 0
    for name, flags, version, method, date, time, crc, size, payload in members:
        head = struct.pack("<HHHHHIIIHH", version, flags, method, time, date, crc, len(payload), size, len(name), 0)
        pieces += (b"PK\3\4", head, name, payload)
        directory += (b"PK\1\2\x14\0", head, struct.pack("<HHHII", 0, 0, 0, 0, offset), name)
        offset += 30 + len(name) + len(payload)
    listing = b"".join(directory)
    count = len(directory) // 4
    pieces += (listing, b"PK\5\6", struct.pack("<HHHHIIH", 0, 0, count, count, len(listing), offset, 0))
    return b"".join(pieces)
