"""One file → one `Workbook`, read by what it contains and not by its name."""

import errno
import hashlib
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from perfxl.errors import InputError, InputErrorKind
from perfxl.model.grid import Workbook
from perfxl.model.limits import DEFAULT_LIMITS, Limits
from perfxl.model.package import ADVICE_RESAVE, Package, too_large
from perfxl.reading.content import Content
from perfxl.reading.file_kinds import FileKind, file_kind, is_package, package_kind
from perfxl.reading.xlsx import read_xlsx

_ADVICE_SEND = "请报送填好的自评表工作簿（.xlsx）。"
_LOCK_PREFIXES = ("~$", ".~")
_TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".tab"})
# Suffixes under which a format is at home; under another one the result says that it was read by content.
_SUFFIXES: Mapping[str, frozenset[str]] = {
    "xlsx": frozenset({".xlsx", ".xltx"}),
    "xlsm": frozenset({".xlsm", ".xltm", ".xlam"}),
    "xls": frozenset({".xls", ".et", ".xlt", ".ett"}),
    "ods": frozenset({".ods", ".ots"}),
    "xlsb": frozenset({".xlsb"}),
}
_NO_FILE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})


def open_workbook(path: Path, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """Read a submitted file; the file is not changed and nothing it refers to is opened.

    Args:
        path: The file as the user named it.
        limits: How large it may be.

    Returns:
        The workbook; one without worksheets has no grids.

    Raises:
        InputError: With any kind but `no_table`, which only a look at the grids can tell.
    """
    return read_workbook(file_bytes(path, limits), path, limits)


def read_workbook(data: bytes, path: Path, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """Read a workbook from the bytes of a file, such as a member of an archive.

    Args:
        data: The bytes.
        path: The name the user knows the file by; its suffix is compared with the content.
        limits: How large it may be.

    Raises:
        InputError: As `open_workbook`, but for the kinds that concern the file system.
    """
    _refuse_lock_file(path)
    if not data:
        raise InputError("empty_file", "文件是空的（0 字节）。", "请重新导出或重新报送该文件。")
    content = _content(data, path.suffix.lower(), limits)
    return Workbook(
        path=path,
        format=content.format,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        grids=content.grids,
        package=content.package,
        notes=(*_suffix_notes(path, content.format), *content.notes),
        looks=content.looks,
        others=content.others,
        differences=content.differences,
    )


def _refuse_lock_file(path: Path) -> None:
    if path.name.startswith(_LOCK_PREFIXES):
        raise InputError(
            "lock_file", "这是 Excel 或 WPS 打开工作簿时留下的锁定文件，不是工作簿。", "请报送同名的正式文件。"
        )


def file_bytes(path: Path, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the content of a submitted file.

    Raises:
        InputError: There is no such file, it is none, it cannot be read, or is too large.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            # Looked at before opening: a pipe would keep us waiting.
            what = "文件夹" if stat.S_ISDIR(status.st_mode) else "设备或管道"
            raise InputError("not_a_file", f"这是一个{what}，不是文件。", "请指定工作簿文件。")
        _refuse_lock_file(path)  # before it is opened: on Windows Excel keeps it locked
        if status.st_size > limits.file_size:
            raise too_large(
                f"文件有 {status.st_size / 2**20:.0f} MB，超过 {limits.file_size / 2**20:.0f} MB 的上限。", "file_mb"
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise _file_error(error) from error


def _file_error(error: OSError | ValueError) -> InputError:
    # ValueError: a zero character in the name, so no file can bear it.
    if isinstance(error, ValueError) or error.errno in _NO_FILE:
        return InputError("not_found", "找不到该文件。", "请核对文件名和所在文件夹。")
    if isinstance(error, PermissionError):
        return InputError(
            "unreadable", "没有读取该文件的权限，或文件正被其他程序占用。", "请关闭占用它的程序，或修改权限后再试。"
        )
    return InputError(
        "unreadable", f"文件读取失败（{error.strerror or '输入输出错误'}）。", "请把文件复制到本机磁盘后再试。"
    )


def _content(data: bytes, suffix: str, limits: Limits) -> Content:
    """Read a file's bytes with the reader for what they are, or say why there is none."""
    if is_package(data):
        package = Package.open(data, limits)
        kind = package_kind(package)
        if kind in _PACKAGE_READERS:
            return _PACKAGE_READERS[kind](package)
    else:
        kind = file_kind(data)
        if kind in _READERS:
            return _READERS[kind](data, limits)
    raise _refusal(kind, suffix)


# What few files need is loaded when the first of them comes; with xlrd that is as much as all else here.


def _read_xlsx(package: Package) -> Content:
    try:
        found = read_xlsx(package)
    except InputError as error:
        # A refusal for safety's sake stands: only what looks damaged is shown to another reader.
        if error.kind != "corrupt":
            raise
        from perfxl.reading.second_reader import read_otherwise

        return read_otherwise(package, error)
    # Comparing takes sixty times as long as reading, so it is done where the package is not what programs write:
    # parts or cells that are there twice, of which one reader may take the first and another the last.
    unsure = {}
    if found.doubts:
        from perfxl.reading.second_reader import differences

        unsure = {item.cell: item for item in differences(found.grids, package)}
    unsure |= {item.cell: item for item in found.uncertain}
    notes = (*found.notes, *found.doubts)
    return Content(found.grids, found.format, package, notes, differences=tuple(unsure.values()))


def _read_xls(data: bytes, limits: Limits) -> Content:
    from perfxl.reading.xls import read_xls

    return read_xls(data, limits)


def _read_ods(package: Package) -> Content:
    from perfxl.reading.ods import read_ods

    return read_ods(package)


def _read_xlsb(package: Package) -> Content:
    from perfxl.reading.xlsb import read_xlsb

    return read_xlsb(package)


_PACKAGE_READERS: Mapping[FileKind, Callable[[Package], Content]] = {
    "xlsx": _read_xlsx,
    "ods": _read_ods,
    "xlsb": _read_xlsb,
}
_READERS: Mapping[FileKind, Callable[[bytes, Limits], Content]] = {"xls": _read_xls}


def _wrong_format(what: str) -> tuple[InputErrorKind, str, str]:
    return "wrong_format", f"文件内容是{what}，不是 Excel 工作簿。", "请用 Excel 或 WPS 打开后另存为 .xlsx 再报送。"


def _unsupported(what: str) -> tuple[InputErrorKind, str, str]:
    return "unsupported_format", f"暂不支持{what}。", "请用 Excel 或 WPS 打开后另存为 .xlsx 再报送。"


def _not_a_workbook(what: str) -> tuple[InputErrorKind, str, str]:
    return "not_a_workbook", f"文件内容是{what}，不是工作簿。", _ADVICE_SEND


_ENCRYPTED: tuple[InputErrorKind, str, str] = (
    "encrypted",
    "文件设有打开密码，无法读取。",
    "请在 Excel 或 WPS 中去掉打开密码，保存后重新报送。",
)
_REFUSALS: Mapping[FileKind, tuple[InputErrorKind, str, str]] = {
    "encrypted": _ENCRYPTED,
    "encrypted_xls": _ENCRYPTED,
    "html": _wrong_format("网页（HTML）"),
    "mhtml": _wrong_format("网页存档（MHTML）"),
    "xml_2003": _wrong_format(" Excel 2003 的 XML 表格"),
    "csv": _wrong_format("逗号或制表符分隔的文本（CSV）"),
    "other_ole": _not_a_workbook("其他程序的文件（如旧版 Word 文档）"),
    "other_opendocument": _not_a_workbook("其他 OpenDocument 文档"),
    "xml": _not_a_workbook(" XML 数据"),
    "text": _not_a_workbook("纯文本"),
    "pdf": _not_a_workbook(" PDF 文档"),
    "picture": _not_a_workbook("图片"),
    "archive": ("not_a_workbook", "文件是压缩包，不是工作簿。", "如内含自评表，请解压后再试。"),
    "zeros": ("not_a_workbook", "文件内容全是空字节，可能是复制或下载没有完成。", "请重新复制或下载该文件后再试。"),
    "unknown": ("not_a_workbook", "文件内容无法识别，不是工作簿。", ADVICE_RESAVE),
}


def _refusal(kind: FileKind, suffix: str) -> InputError:
    if kind in ("csv", "text") and suffix in _TEXT_SUFFIXES:
        return InputError(*_unsupported("文本格式的表格（CSV）"))
    return InputError(*_REFUSALS[kind])


def _suffix_notes(path: Path, found: str) -> tuple[str, ...]:
    suffix = path.suffix.lower()
    if suffix in _SUFFIXES.get(found, frozenset()):
        return ()
    if not suffix:
        return (f"文件名没有后缀，已按内容作为 .{found} 工作簿读取。",)
    if suffix.isascii() and suffix.isprintable() and len(suffix) <= 10:
        return (f"文件后缀是 {suffix}，内容是 .{found} 工作簿，已按内容读取。",)
    return (f"文件后缀与内容不符，已按内容作为 .{found} 工作簿读取。",)
