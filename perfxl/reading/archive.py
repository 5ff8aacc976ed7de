"""The members of a .zip of submissions, read one by one and never unpacked to disk."""

import datetime
import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from perfxl.errors import InputError
from perfxl.model.limits import DEFAULT_LIMITS

SUFFIX = ".zip"
_ADVICE = "请解压后放进报送文件夹，再运行一次。"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, IndexError, struct.error)
# A member is encrypted, or packed in a way that the standard library does not know.
_CLOSED = (RuntimeError, NotImplementedError)
_END, _END_64, _LOCATOR_64 = b"PK\5\6", b"PK\6\6", b"PK\6\7"
_END_SIZE, _LOCATOR_SIZE, _COMMENT = 22, 20, 65_535


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How large an archive may be before it is refused.

    Attributes:
        members: Files in it.
        directory: Bytes of its directory: all of it is held in memory.
        total: Unpacked bytes as stated; what really comes out of a member is counted besides.
        member: Unpacked bytes of one member that are read.
    """

    members: int = 50_000
    directory: int = 16 * 2**20
    total: int = 20 * 2**30
    member: int = DEFAULT_LIMITS.file_size


class Member(NamedTuple):
    """A file in an archive.

    Attributes:
        number: Its place in the directory, from 0.
        name: With `/` between folders; decoded as UTF-8 or GBK, whichever it is.
        size: Unpacked, as stated.
        modified: Local time, ISO 8601; None where none is stated.
    """

    number: int
    name: str
    size: int
    modified: str | None


class Archive:
    """An open archive; to be closed, or used in a `with`.

    Attributes:
        members: Its files, folders left out, in the order of the directory.
    """

    def __init__(self, archive: zipfile.ZipFile, limits: ArchiveLimits) -> None:
        self._archive = archive
        self._limits = limits
        self._entries = archive.infolist()
        self.members = tuple(
            Member(number, _name(entry), entry.file_size, _modified(entry))
            for number, entry in enumerate(self._entries)
            if not entry.is_dir()
        )

    @classmethod
    def open(cls, path: Path, limits: ArchiveLimits = ArchiveLimits()) -> Self:  # frozen
        """Read the directory of an archive.

        Raises:
            InputError: It cannot be read, is damaged or too large.
        """
        try:
            with path.open("rb") as file:
                size = _directory_size(file)
            if size > limits.directory:
                raise _too_large(f"目录有 {size / 2**20:.0f} MB", f"{limits.directory / 2**20:.0f} MB")
            archive = zipfile.ZipFile(path)
        except PermissionError as error:
            raise InputError("unreadable", "没有读取该压缩包的权限，或正被其他程序占用。", _ADVICE) from error
        except (*_DAMAGED, *_CLOSED) as error:
            raise InputError("corrupt", "压缩包已损坏，目录无法读取。", "请重新压缩后报送。") from error
        entries = archive.infolist()
        total = sum(entry.file_size for entry in entries)
        if len(entries) > limits.members or total > limits.total:
            archive.close()
            if len(entries) > limits.members:
                raise _too_large(f"内含 {len(entries)} 个文件", f"{limits.members} 个")
            raise _too_large(f"解压后有 {total / 2**30:.0f} GB", f"{limits.total / 2**30:.0f} GB")
        return cls(archive, limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    @property
    def is_workbook(self) -> bool:
        """Whether it is an office package under another name."""
        names = {member.name for member in self.members}
        return "[Content_Types].xml" in names or "mimetype" in names

    def read(self, number: int) -> bytes:
        """Return the unpacked bytes of a member, by its place in the directory.

        Raises:
            InputError: It is damaged, encrypted or too large.
        """
        entry, limit = self._entries[number], self._limits.member
        if entry.flag_bits & 0x1:
            raise InputError("encrypted", "压缩包带有密码，无法读取其中的文件。", "请去掉密码重新压缩，或解压后报送。")
        try:
            with self._archive.open(entry) as file:
                data = file.read(limit + 1)
        except _CLOSED as error:
            raise InputError("unsupported_format", "压缩包的压缩方式不能识别。", _ADVICE) from error
        except _DAMAGED as error:
            raise InputError("corrupt", "压缩包中的这个文件已损坏，无法解压。", "请重新压缩后报送。") from error
        if len(data) > limit:
            raise InputError("too_large", f"文件解压后超过 {limit / 2**20:.0f} MB 的上限。", "请删去无关的内容后报送。")
        return data


def _too_large(what: str, limit: str) -> InputError:
    return InputError("too_large", f"压缩包{what}，超过 {limit} 的上限。", "请解压后放进报送文件夹，或分成几个压缩包。")


def _directory_size(file: BinaryIO) -> int:
    """Return how many bytes an archive's directory is stated to take.

    zipfile makes an object of every entry, so a directory out of all proportion is refused before.
    """
    end = file.seek(0, io.SEEK_END)
    start = max(0, end - _END_SIZE - _COMMENT - _LOCATOR_SIZE)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise zipfile.BadZipFile
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    locator = tail[max(0, at - _LOCATOR_SIZE) : at]
    if locator.startswith(_LOCATOR_64):
        file.seek(int.from_bytes(locator[8:16], "little"))
        record = file.read(56)
        if record.startswith(_END_64):
            size = int.from_bytes(record[40:48], "little")
    return size


def _name(entry: zipfile.ZipInfo) -> str:
    name = entry.orig_filename.split("\0", 1)[0]
    if not name.isascii() and not entry.flag_bits & 0x800:
        # Without the UTF-8 flag zipfile takes a name for code page 437; Chinese programs write UTF-8 or GBK.
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030", "replace")
    return name.replace("\\", "/")


def _modified(entry: zipfile.ZipInfo) -> str | None:
    # 1980-01-01 is what programs write that know no time.
    if entry.date_time[0] <= 1980:
        return None
    try:
        return datetime.datetime(*entry.date_time).isoformat()
    except ValueError:
        return None


def is_unsafe(name: str) -> bool:
    """Whether a member's name leads out of the folder that it would be unpacked to."""
    return name.startswith("/") or ".." in name.split("/") or name[1:2] == ":"
