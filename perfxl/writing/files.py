"""Files written whole or not at all, under names that every system takes."""

import errno
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from perfxl.errors import OutputError
from perfxl.text import shown
from perfxl.writing import words

MAX_NAME_BYTES = 255

_WORKBOOK_SUFFIXES = frozenset(
    {".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".xlam", ".et", ".ett", ".ods", ".ots"}
)
# What Windows forbids, what a terminal obeys, and what turns a name round: `表\u202excod.exe` shows as 表exe.docx.
_FORBIDDEN = re.compile('[<>:"/\\\\|?*\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]')
# Names that Windows keeps for devices, whatever follows their first dot.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d) *(?:\.|$)", re.IGNORECASE)
_TRIES = 100
_REASONS = {
    errno.EACCES: words.NO_PERMISSION,
    errno.EPERM: words.NO_PERMISSION,
    errno.ENOSPC: words.DISK_FULL,
    errno.EDQUOT: words.DISK_FULL,
    errno.EFBIG: words.FILE_TOO_BIG,
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

    What Windows forbids in names becomes `_`, and so does what a terminal would obey; the stem is cut so that the
    whole fits into 255 bytes.
    """
    stem, dot, ending = name.rpartition(".")
    if not stem or (dot + ending).lower() not in _WORKBOOK_SUFFIXES:
        stem = name
    tail = words.COPY_SUFFIX + (f"({number})" if number > 1 else "") + suffix
    stem = _FORBIDDEN.sub("_", stem)
    if _DEVICE.match(stem + tail):
        stem = f"_{stem}"
    return _cut(stem, MAX_NAME_BYTES - len(tail.encode())) + tail


def _cut(text: str, limit: int) -> str:
    # A name from an old zip may be no UTF-8; Python holds such bytes as surrogates and counts them as one each.
    while len(text.encode("utf-8", "surrogateescape")) > limit:
        text = text[:-1]
    return text


class Taken:
    """Files that must never be replaced, such as the inputs of a run; asking for one costs the same among thousands."""

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self._places: set[Path] = set()
        self._folders: dict[Path, Path] = {}
        self._files: set[tuple[int, int]] = set()
        for path in paths:
            self.add(path)

    def add(self, path: Path) -> None:
        """Add a file, which need not be there yet."""
        with suppress(OSError, ValueError):
            self._places.add(self._place(path))
        with suppress(OSError, ValueError):
            self._files.add(_file(path))

    def __contains__(self, path: Path) -> bool:
        """Whether a path is one of the files, under this or another name."""
        if not self._places:
            return False
        try:
            # A link at the output's place is replaced, not followed; so it is the link's own place that counts.
            return self._place(path) in self._places or (not path.is_symlink() and _file(path) in self._files)
        except (OSError, ValueError):  # the latter for a name that this system cannot have
            return False

    def _place(self, path: Path) -> Path:
        folder = path.parent.absolute()
        if folder not in self._folders:
            self._folders[folder] = folder.resolve()
        return self._folders[folder] / path.name


NOTHING_TAKEN = Taken()


def hold_writable(folder: Path) -> None:
    """Make a folder, and see that files can be written to it: better said before any work than after.

    Raises:
        OutputError: They cannot.
    """
    with _told_of(folder), _temporary_in(folder) as temporary:
        temporary.touch(exist_ok=False)
        _remove(temporary)


def _anything(path: Path) -> bool:
    return True


def write_whole(
    path: Path, data: bytes, *, avoid: Taken = NOTHING_TAKEN, may_replace: Callable[[Path], bool] = _anything
) -> Path:
    """Write a file whole or not at all and return the path that was really used.

    The bytes go to a new file beside the output, which then takes its name: nobody sees half a file, and a
    symbolic link of that name is replaced and not written through. Where another program holds the output open
    (Excel on Windows), or the name is one of `avoid`, the next free name is used: 表_复核.xlsx → 表_复核(2).xlsx.

    Args:
        path: Where to write; missing folders are made.
        data: The content.
        avoid: Files that must never be replaced, such as the inputs.
        may_replace: Whether a file, or a link, that is there already may be; the next free name is used where not.

    Raises:
        OutputError: It cannot be written there; nothing is left behind.
    """
    with _beside(path) as temporary:
        with temporary.open("xb") as file:
            file.write(data)
        return _rename(temporary, path, avoid, may_replace)


@contextmanager
def written_whole(path: Path, say: Callable[[str], None] = lambda text: None) -> Iterator[Path]:
    """Give the path of a new file to write to; in the end it takes the name of the output, as in `write_whole`.

    For outputs that another library writes itself.

    Args:
        path: The output.
        say: Is told where another name had to be used.

    Raises:
        OutputError: It cannot be written there; nothing is left behind.
    """
    with _beside(path) as temporary:
        yield temporary
        written = _rename(temporary, path, NOTHING_TAKEN, lambda path: True)
    if written != path:
        say(words.other_name(path.name, written.name))


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give the path of a file beside an output, whose folder is made; nothing is left there in the end.

    Raises:
        OutputError: For what the system says of the output's place.
    """
    with _told_of(path), _temporary_in(path.parent) as temporary:
        yield temporary


@contextmanager
def _temporary_in(folder: Path) -> Iterator[Path]:
    """Give the path of a file that is not there yet; what went well has renamed or removed it."""
    # Not tempfile: its files are readable by their owner only, and would stay so under their final name.
    temporary = folder / f".~perfxl-{secrets.token_hex(8)}.tmp"
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
    try:
        yield temporary
    except BaseException:
        _remove(temporary)
        raise


def _remove(temporary: Path) -> None:
    with suppress(OSError):
        temporary.unlink(missing_ok=True)


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """Say what the system says as a sentence about a path."""
    try:
        yield
    except UnicodeEncodeError as error:  # in the locale C, unless Python is told to use UTF-8
        raise OutputError(words.cannot_write(shown(str(path), 200), words.NAME_NOT_POSSIBLE)) from error
    except OSError as error:
        raise OutputError(words.cannot_write(shown(str(path), 200), _reason(error))) from error


def free_path(path: Path) -> Path:
    """Return a path at which nothing is yet: itself, or the next with a number.

    Raises:
        OutputError: There are too many already.
    """
    for candidate in _candidates(path):
        if not os.path.lexists(candidate):
            return candidate
    raise OutputError(words.cannot_write(shown(str(path), 200), words.TOO_MANY))


def _rename(temporary: Path, path: Path, avoid: Taken, may_replace: Callable[[Path], bool] = _anything) -> Path:
    refused: OSError | None = None
    for candidate in _candidates(path):
        if candidate in avoid:
            continue
        if os.path.lexists(candidate):
            if candidate == path and path.is_dir() and not path.is_symlink():
                raise IsADirectoryError(errno.EISDIR, "")
            if candidate != path or not may_replace(candidate):
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


def _file(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0) or words.other_reason(shown(error.strerror or type(error).__name__))
