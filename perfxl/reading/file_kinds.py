"""What a file is by its content, whatever its name says."""

import codecs
import re
from pathlib import Path
from typing import Literal

from perfxl.model.package import Package
from perfxl.reading import ole

FileKind = Literal[
    # packages
    "xlsx", "xlsb", "ods", "other_opendocument",
    # compound files
    "encrypted", "xls", "encrypted_xls", "other_ole",
    # texts
    "html", "mhtml", "xml_2003", "xml", "csv", "text",
    # others
    "pdf", "picture", "archive", "zeros", "unknown",
]  # fmt: skip

_MAGIC: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG\r\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
)
# The first record of a BIFF 2–8 stream without the compound file around it.
_BARE_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")
_HTML = re.compile(r"<(!doctype\s+html|html|head|body|meta|table|style|div)\b", re.IGNORECASE)
_MHTML = re.compile(r"^mime-version\s*:", re.IGNORECASE | re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SPREADSHEET_2003 = re.compile(r"urn:schemas-microsoft-com:office:spreadsheet|progid=[\"']Excel\.Sheet", re.IGNORECASE)
_HEAD = 65536  # bytes of a text that are looked at


def is_package(data: bytes) -> bool:
    """Whether a file is a zip archive, also one that is cut off or has something before it."""
    return data.startswith((b"PK\3\4", b"PK\5\6")) or (
        not data.startswith(ole.SIGNATURE) and _magic(data) is None and data.rfind(b"PK\5\6", -65557) >= 0
    )


def package_kind(package: Package) -> FileKind:
    """Return what a package holds; anything but .ods and .xlsb is left to the reader of .xlsx to judge."""
    if "mimetype" in package:
        kind = package.part("mimetype")[:200].strip()
        if kind.startswith(b"application/vnd.oasis.opendocument."):
            return "ods" if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet") else "other_opendocument"
    if "content.xml" in package and "META-INF/manifest.xml" in package:
        return "ods"  # without its first part, as some programs pack it; the reader sees what it really is
    return "xlsb" if "xl/workbook.bin" in package else "xlsx"


def begins_like_a_workbook(path: Path) -> bool:
    """Whether a file, whatever its name, begins as packages and compound files do; False where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(8).startswith((b"PK\3\4", ole.SIGNATURE))
    except OSError:
        return False


def file_kind(data: bytes) -> FileKind:
    """Return what the content of a file that is no package is."""
    if data.startswith(ole.SIGNATURE):
        return _ole_kind(data)
    if (kind := _magic(data)) is not None:
        return kind
    if _BARE_BIFF.match(data):
        return "xls"
    if not data.strip(b"\0"):
        return "zeros"
    return _text_kind(data)


def _magic(data: bytes) -> FileKind | None:
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)


def _ole_kind(data: bytes) -> FileKind:
    streams = ole.stream_names(data)
    if "EncryptionInfo" in streams or "EncryptedPackage" in streams:
        return "encrypted"
    book = streams.get("Workbook") or streams.get("Book")
    if book is None:
        return "other_ole"
    return "encrypted_xls" if ole.has_password(data, *book) else "xls"


def _text_kind(data: bytes) -> FileKind:
    text = _decode(data[:_HEAD])
    if text is None:
        return "unknown"
    text = text.lstrip()
    if text.startswith("<?xml"):
        if _SPREADSHEET_2003.search(text):
            return "xml_2003"
        return "html" if re.search(r"<html\b", text, re.IGNORECASE) else "xml"
    if _HTML.match(text):
        return "html"
    if _MHTML.search(text[:4096]):
        return "mhtml"
    if text.startswith("<"):
        return "html" if re.search(r"<table\b", text, re.IGNORECASE) else "xml"
    return "csv" if _has_columns(text) else "text"


def _decode(head: bytes) -> str | None:
    """Return the text of a file's beginning; None where it is no text."""
    is_wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encodings = ["utf-16"] if is_wide else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            # Incrementally, because the cut may go through a character.
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None


def _has_columns(text: str) -> bool:
    """Whether most lines of a text hold as many tabs or commas as one another."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    for separator in "\t,;":
        counts = [line.count(separator) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        if len(lines) > 1 and usual and counts.count(usual) * 2 > len(lines):
            return True
    return False
