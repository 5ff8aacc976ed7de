"""Files written whole or not at all, under names that every system takes."""

import errno
import os
import re
import secrets
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from perfxl.errors import OutputError
from perfxl.text import shown
from perfxl.writing import words

MAX_NAME_BYTES = 255

_WORKBOOK_SUFFIXES = frozenset(
    {".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".xlam", ".et", ".ett", ".ods", ".ots"}
)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_TRIES = 100
_REASONS = {
    errno.EACCES: words.NO_PERMISSION,
    errno.EPERM: words.NO_PERMISSION,
    errno.ENOSPC: words.DISK_FULL,
    errno.EDQUOT: words.DISK_FULL,
    errno.EROFS: words.READ_ONLY,
    errno.EISDIR: words.IS_FOLDER,
    errno.ENAMETOOLONG: words.NAME_TOO_LONG,
    errno.ENOTDIR: words.PARENT_NOT_FOLDER,
    errno.EEXIST: words.PARENT_NOT_FOLDER,
}


def file_name(stem: str, suffix: str) -> str:
    """Return a file name that every system takes: what Windows forbids becomes `_`, and it fits into 255 bytes."""
    return _cut(_FORBIDDEN.sub("_", stem).strip(" ."), MAX_NAME_BYTES - len(suffix.encode())) + suffix


def annotated_name(name: str, suffix: str, number: int = 1) -> str:
    """Return the file name of an annotated copy: 自评表.xls → 自评表_复核.xlsx.

    Args:
        name: The submission's file name, without folders.
        suffix: Of the copy, `.xlsx` or `.xlsm`.
        number: From 2 on, for a copy that cannot have the usual name: 自评表_复核(2).xlsx.

    What Windows forbids in names becomes `_`; the stem is cut so that the whole fits into 255 bytes.
    """
    stem, dot, ending = name.rpartition(".")
    if not stem or (dot + ending).lower() not in _WORKBOOK_SUFFIXES:
        stem = name
    tail = words.COPY_SUFFIX + (f"({number})" if number > 1 else "") + suffix
    return _cut(_FORBIDDEN.sub("_", stem), MAX_NAME_BYTES - len(tail.encode())) + tail


def _cut(text: str, limit: int) -> str:
    # A name from an old zip may be no UTF-8; Python holds such bytes as surrogates and counts them as one each.
    while len(text.encode("utf-8", "surrogateescape")) > limit:
        text = text[:-1]
    return text


def write_whole(path: Path, data: bytes, *, avoid: Collection[Path] = ()) -> Path:
    """Write a file whole or not at all and return the path that was really used.

    The bytes go to a new file beside the output, which then takes its name: nobody sees half a file, and a
    symbolic link of that name is replaced and not written through. Where another program holds the output open
    (Excel on Windows), or the name is one of `avoid`, the next free name is used: 表_复核.xlsx → 表_复核(2).xlsx.

    Args:
        path: Where to write; missing folders are made.
        data: The content.
        avoid: Files that must never be replaced, such as the inputs.

    Raises:
        OutputError: It cannot be written there; nothing is left behind.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir() and not path.is_symlink():
            raise IsADirectoryError(errno.EISDIR, "")
        temporary = _write_temporary(path.parent, data)
        return _rename(temporary, path, avoid)
    except OSError as error:
        raise OutputError(words.cannot_write(shown(str(path), 200), _reason(error))) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def free_path(path: Path) -> Path:
    """Return a path at which nothing is yet: itself, or the next with a number.

    Raises:
        OutputError: There are too many already.
    """
    for candidate in _candidates(path):
        if not os.path.lexists(candidate):
            return candidate
    raise OutputError(words.cannot_write(shown(str(path), 200), words.TOO_MANY))


def _write_temporary(folder: Path, data: bytes) -> Path:
    # Not tempfile: its files are readable by their owner only, and would stay so under their final name.
    path = folder / f".~perfxl-{secrets.token_hex(8)}.tmp"
    try:
        with path.open("xb") as file:
            file.write(data)
    except BaseException:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise
    return path


def _rename(temporary: Path, path: Path, avoid: Collection[Path]) -> Path:
    refused: OSError | None = None
    for candidate in _candidates(path):
        if any(_is_same(candidate, other) for other in avoid):
            continue
        if candidate != path and os.path.lexists(candidate):
            continue
        try:
            os.replace(temporary, candidate)
        except PermissionError as error:
            refused = error
            continue
        return candidate
    raise refused or FileExistsError(errno.EACCES, "")


def _candidates(path: Path) -> Iterator[Path]:
    yield path
    for number in range(2, _TRIES):
        tail = f"({number}){path.suffix}"
        yield path.with_name(_cut(path.stem, MAX_NAME_BYTES - len(tail.encode("utf-8", "surrogateescape"))) + tail)


def _is_same(path: Path, other: Path) -> bool:
    try:
        # A link at the output's place is replaced, not followed; so it is the link's own place that counts.
        return path.parent.resolve() / path.name == other.parent.resolve() / other.name or (
            not path.is_symlink() and path.samefile(other)
        )
    except OSError:
        return False


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0) or words.other_reason(shown(error.strerror or type(error).__name__))
