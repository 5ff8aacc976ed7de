"""An Office package (a zip of parts) held in memory: its directory, its parts, its limits."""

import io
import struct
import zipfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Self

from perfxl.errors import InputError
from perfxl.model.flate import FLATE_ERROR, flate
from perfxl.model.limits import DEFAULT_LIMITS, Limits
from perfxl.model.remembered import REMEMBERED_SIZE

ADVICE_RESAVE = "请用 Excel 或 WPS 打开该文件，另存为新的 .xlsx 后再试。"

# Up to this size a part is not held to the ratio: blank rows with a format pack a hundredfold.
_FREE_OF_RATIO = 16 * 2**20


class Package:
    """The parts of a package, unpacked one by one on demand and counted while they unpack.

    The bytes that come out are counted, not the sizes that the directory states, so a directory that lies
    cannot make more memory be used than `Limits` allows. Part names are matched without regard to case, as
    Office does.
    """

    def __init__(self, data: bytes, archive: zipfile.ZipFile, limits: Limits) -> None:
        self.data = data
        self.limits = limits
        self._unpacked = 0
        self._read: dict[str, bytes] = {}
        # Of parts, as `perfxl.model.xml.relationships` found them: reading and writing ask for the same.
        self.relationships: dict[str, Any] = {}
        self.entries: tuple[zipfile.ZipInfo, ...] = tuple(archive.infolist())
        self._by_name: dict[str, zipfile.ZipInfo] = {}
        for entry in self.entries:
            # The last of several entries of one name counts, as in zipfile and Excel, and stands at its place.
            key = _key(entry)
            self._by_name.pop(key, None)
            self._by_name[key] = entry

    @classmethod
    def open(cls, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Self:
        """Read the directory of a package.

        Raises:
            InputError: `corrupt`, `too_large` or `encrypted`.
        """
        if len(data) > limits.file_size:
            raise too_large(
                f"文件有 {len(data) / 2**20:.0f} MB，超过 {limits.file_size / 2**20:.0f} MB 的上限。", "file_mb"
            )
        # zipfile makes an object of every entry that is there, whatever number the directory states, so the entries
        # are counted before: 100 MB of them would take a gigabyte.
        count = data.count(b"PK\1\2")
        if count > limits.entries:
            raise too_large(f"文件内含 {count} 个部件，超过 {limits.entries} 个的上限。", "parts")
        # NotImplementedError: zipfile meets a version of the format that it does not know.
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError, struct.error) as error:
            raise InputError("corrupt", "文件已损坏：压缩包目录无法读取。", ADVICE_RESAVE) from error
        if any(entry.flag_bits & 0x1 for entry in archive.infolist()):
            raise InputError("encrypted", "文件的压缩包带有密码，无法读取。", "请去掉密码后重新报送。")
        return cls(data, archive, limits)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what was unpacked: another process that gets the package unpacks what it needs."""
        return self.__dict__ | {"_read": {}, "_unpacked": 0, "relationships": {}}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._by_name

    def names(self) -> list[str]:
        """Return the names of all entries as stored, in directory order."""
        return [entry.filename for entry in self.entries]

    def parts(self) -> Iterable[tuple[str, zipfile.ZipInfo]]:
        """Return the parts by name, in small letters and without a leading slash, in directory order.

        Of several entries of one name there is the last: the others are read by nobody.
        """
        return self._by_name.items()

    def entry(self, name: str) -> zipfile.ZipInfo | None:
        """Return the directory entry of a part, or None."""
        return self._by_name.get(name.lower())

    def part(self, name: str) -> bytes:
        """Return the unpacked bytes of a part; read once, then kept.

        Raises:
            InputError: `corrupt` where the part is absent or damaged, `too_large` beyond the limits.
        """
        key = name.lower()
        if key not in self._read:
            self._read[key] = self._unpack(name)
        return self._read[key]

    def stored(self, entry: zipfile.ZipInfo) -> memoryview:
        """Return the bytes of an entry as they lie in the file, compressed or not.

        Raises:
            InputError: `corrupt` where the entry points outside the file.
        """
        start = entry.header_offset
        head = self.data[start : start + 30]
        if len(head) < 30 or head[:4] != b"PK\3\4":
            raise InputError("corrupt", f"文件已损坏：部件 {entry.filename} 的位置有误。", ADVICE_RESAVE)
        start += 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        stop = start + entry.compress_size
        if stop > len(self.data):
            raise InputError("corrupt", f"文件已损坏：部件 {entry.filename} 不完整。", ADVICE_RESAVE)
        return memoryview(self.data)[start:stop]

    def chunks(self, name: str, size: int = 2**19) -> Iterator[bytes]:
        """Yield the unpacked bytes of a part piece by piece; nothing is kept.

        For parts that are too large to hold. What comes out counts against the limits each time.

        Args:
            name: The part.
            size: The most bytes of one piece.

        Raises:
            InputError: As `part`; a damaged part is noticed after its last piece.
        """
        entry, raw, limit = self._locate(name)
        length = checksum = 0
        try:
            for piece in _inflate(raw, size) if entry.compress_type else _slices(raw, size):
                length += len(piece)
                self._unpacked += len(piece)
                if length > limit:
                    raise _part_too_large(name, limit)
                checksum = flate.crc32(piece, checksum)
                yield piece
        except FLATE_ERROR as error:
            raise InputError("corrupt", f"文件已损坏：部件 {name} 无法解压。", ADVICE_RESAVE) from error
        if length != entry.file_size or checksum != entry.CRC:
            raise InputError("corrupt", f"文件已损坏：部件 {name} 的校验值不符。", ADVICE_RESAVE)

    def _locate(self, name: str) -> tuple[zipfile.ZipInfo, memoryview, int]:
        """Return a part's entry, its bytes as stored, and how many bytes may come out of them."""
        entry = self.entry(name)
        if entry is None:
            raise InputError("corrupt", f"文件已损坏：缺少部件 {name}。", ADVICE_RESAVE)
        limits = self.limits
        limit = min(
            limits.part_size,
            limits.total_size - self._unpacked,
            max(_FREE_OF_RATIO, limits.ratio * entry.compress_size),
        )
        # Method and size of the directory may lie: refuse a size that is too large, count what comes out.
        if entry.file_size > limit:
            raise _part_too_large(name, limit)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise InputError("corrupt", f"部件 {name} 的压缩方式（{entry.compress_type}）不能识别。", ADVICE_RESAVE)
        return entry, self.stored(entry), limit

    def _unpack(self, name: str) -> bytes:
        entry, raw, limit = self._locate(name)
        try:
            if entry.compress_type == zipfile.ZIP_STORED:
                data = bytes(raw)
            else:
                # One byte more than stated is enough to see that more comes out than the directory says.
                size = min(limit, entry.file_size) + 1
                inflated = _inflated_before if max(size, len(raw)) <= REMEMBERED_SIZE else _inflated
                data = inflated(bytes(raw), size)
        except FLATE_ERROR as error:
            raise InputError("corrupt", f"文件已损坏：部件 {name} 无法解压。", ADVICE_RESAVE) from error
        if len(data) > limit:
            raise _part_too_large(name, limit)
        if len(data) != entry.file_size or flate.crc32(data) != entry.CRC:
            raise InputError("corrupt", f"文件已损坏：部件 {name} 的校验值不符。", ADVICE_RESAVE)
        self._unpacked += len(data)
        return data


def too_large(message: str, key: str) -> InputError:
    """Return the error for a file beyond a limit, which a user may set higher.

    Args:
        message: What is too large, and the limit, in Chinese.
        key: Of the limit in `perfxl.toml`.
    """
    return InputError(
        "too_large",
        message,
        f"请删去无关的工作表和图片，另存后再试；文件可信、确需读取的，可在 perfxl.toml 的 [limits] 中调高 {key}。",
    )


def _part_too_large(name: str, limit: int) -> InputError:
    return too_large(f"部件 {name} 解压后超过 {max(limit, 0) / 2**20:.0f} MB 的上限。", "part_mb、total_mb、ratio")


def _key(entry: zipfile.ZipInfo) -> str:
    """Return the name by which a part is looked up."""
    name = entry.filename
    if not name.isascii() and not entry.flag_bits & 0x800:
        # Without the UTF-8 flag zipfile takes a name for code page 437; Chinese programs write UTF-8 or GBK.
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030", "replace")
    return name.lstrip("/").lower()


def _inflated(raw: bytes, size: int) -> bytes:
    """Return the first bytes that come out of a deflated part, up to a size."""
    data: bytes = flate.decompressobj(-15).decompress(raw, size)
    return data


# Files of one template share their small parts; whoever asks checks what came out, as if it came out anew.
_inflated_before = lru_cache(maxsize=256)(_inflated)


def _slices(raw: memoryview, size: int) -> Iterator[bytes]:
    for start in range(0, len(raw), size):
        yield bytes(raw[start : start + size])


def _inflate(raw: memoryview, size: int) -> Iterator[bytes]:
    inflater = flate.decompressobj(-15)
    # Fed in small pieces: what is not consumed is copied on each call.
    for source in _slices(raw, 2**16):
        piece = inflater.decompress(source, size)
        while piece:
            yield piece
            piece = inflater.decompress(inflater.unconsumed_tail, size)
        if inflater.eof:
            return
