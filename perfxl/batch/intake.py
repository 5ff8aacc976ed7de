"""What lies in a folder of submissions: workbooks at any depth and in .zip files, and what is passed over, counted."""

import datetime
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from perfxl.errors import InputError
from perfxl.forms.settings import FILE_NAME
from perfxl.model.results import PASSED_OVER, PENDING, UNREADABLE
from perfxl.reading.archive import SUFFIX, Archive, is_unsafe
from perfxl.reading.file_kinds import begins_like_a_workbook

LOCK_FILE, HIDDEN, OWN_OUTPUT, RUBBISH, OTHER_FILE, LINK, GIVEN = (
    "lock_file", "hidden", "own_output", "rubbish", "other_file", "link", "given",
)  # fmt: skip
REASONS = {
    LOCK_FILE: "打开工作簿时留下的锁定文件",
    HIDDEN: "隐藏的文件或文件夹",
    OWN_OUTPUT: "perfxl 自己的输出",
    RUBBISH: "系统留下的无关文件",
    OTHER_FILE: "不是工作簿（附件、说明等）",
    LINK: "链接，指向报送文件夹以外或另一个文件夹",
    GIVEN: "单位名册或设置文件",
}

ANNOTATED, SUMMARY, RESULTS = "annotated", "汇总.xlsx", "results.sqlite"

_LOCK_PREFIXES = ("~$", ".~")
_RUBBISH = frozenset({"thumbs.db", "desktop.ini", ".ds_store", "__macosx", "$recycle.bin", "system volume information"})
_OWN = re.compile(r"_复核(?:\(\d+\))?\.xls[xm]$", re.IGNORECASE)
_OWN_SUMMARY = re.compile(r"汇总(?:\(\d+\))?\.xlsx$|results\.sqlite")
# Other suffixes, and none, are looked into: what a file is shows its content.
_OTHER_SUFFIXES = frozenset({
    ".doc", ".docx", ".wps", ".pdf", ".ofd", ".rtf", ".txt", ".md", ".log", ".csv", ".tsv", ".tab", ".htm", ".html",
    ".mht", ".mhtml", ".xml", ".json", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic",
    ".svg", ".psd", ".cad", ".dwg", ".ppt", ".pptx", ".dps", ".key", ".pages", ".numbers", ".mp3", ".mp4", ".avi",
    ".mov", ".wmv", ".wav", ".m4a", ".eml", ".msg", ".url", ".lnk", ".ini", ".db", ".sqlite", ".py", ".js", ".exe",
    ".dll", ".bat", ".ttf", ".toml", ".yaml", ".yml", ".tmp", ".bak", ".part", ".crdownload",
})  # fmt: skip
_WORKBOOK_SUFFIXES = frozenset({
    ".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".et", ".ett", ".ods", ".ots", ".xlsb",
})  # fmt: skip
_OTHER_ARCHIVES = frozenset({".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz"})


class Found(NamedTuple):
    """One thing in the folder.

    Attributes:
        path: Below the folder, with `/`; a member of an archive as `archive.zip/member`; a folder ends with `/`.
        raw: The path as bytes where it is no UTF-8 or UTF-16; None otherwise.
        archive: The archive that holds it, None for a file.
        member: Its place in that archive.
        size: In bytes.
        modified: Local time, ISO 8601; None where unknown.
        state: `pending` for what is to be read, else `passed_over` or `unreadable`.
        kind: Why it is passed over, or the kind of the error.
        message: The same for people.
        advice: What to do about it.
    """

    path: str
    raw: bytes | None = None
    archive: str | None = None
    member: int | None = None
    size: int | None = None
    modified: str | None = None
    state: str = PENDING
    kind: str | None = None
    message: str | None = None
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """Where to look, and what is known to be no submission.

    Attributes:
        folder: The folder of the submissions.
        out: The folder of the results, whether or not it lies in `folder`.
        given: Files that were named by options, such as the roster.
    """

    folder: Path
    out: Path
    given: tuple[Path, ...] = ()

    def walk(self) -> Iterator[Found]:
        """Yield everything in the folder, sorted by name within each folder."""
        yield from self._folder(self.folder, "")

    def _folder(self, folder: Path, prefix: str) -> Iterator[Found]:
        try:
            names = sorted(os.listdir(folder))
        except OSError as error:
            message = f"文件夹无法打开（{error.strerror or '输入输出错误'}）。"
            yield _unreadable(_found(prefix), InputError("unreadable", message, "请检查权限后再运行一次。"))
            return
        is_out = _is_same(folder, self.out)
        for name in names:
            path, below = folder / name, prefix + name
            found = _found(below)
            try:
                status = path.lstat()
                if stat.S_ISLNK(status.st_mode):
                    if (refused := self._link(path, found)) is not None:
                        yield refused
                        continue
                    status = path.stat()
            except OSError as error:
                message = f"文件无法打开（{error.strerror or '输入输出错误'}）。"
                yield _unreadable(found, InputError("not_found", message, "请核对文件后再运行一次。"))
                continue
            if stat.S_ISDIR(status.st_mode):
                why = _why_not_folder(name) or (OWN_OUTPUT if is_out and name == ANNOTATED else None)
                if why is not None:
                    yield _passed_over(found._replace(path=found.path + "/"), why)
                else:
                    yield from self._folder(path, below + "/")
                continue
            modified = datetime.datetime.fromtimestamp(status.st_mtime).isoformat(timespec="seconds")
            found = found._replace(size=status.st_size, modified=modified)
            yield from self._file(path, found, is_out=is_out, is_regular=stat.S_ISREG(status.st_mode))

    def _file(self, path: Path, found: Found, *, is_out: bool, is_regular: bool) -> Iterator[Found]:
        name = path.name
        why = OWN_OUTPUT if is_out and _OWN_SUMMARY.match(name) else _why_not(name)
        if any(_is_same(path, other) for other in self.given):
            why = GIVEN
        suffix = path.suffix.lower()
        if why is not None:
            yield _passed_over(found, why)
        elif suffix in _OTHER_ARCHIVES:
            yield _unreadable(found, _other_archive(suffix))
        elif suffix == SUFFIX and is_regular:
            yield from self._archive(path, found)
        elif suffix in _WORKBOOK_SUFFIXES or (is_regular and begins_like_a_workbook(path)):
            yield found
        else:
            yield _passed_over(found, OTHER_FILE)

    def _link(self, path: Path, found: Found) -> Found | None:
        """Return why a link is not followed; None where it is: to a file within the folder."""
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            if _why_not(path.name) is not None or path.suffix.lower() not in _WORKBOOK_SUFFIXES:
                return _passed_over(found, LINK)
            message = "这是一个链接，它指向的文件不存在。"
            return _unreadable(found, InputError("not_found", message, "请报送文件本身。"))
        is_inside = target.is_relative_to(self.folder.resolve()) and not target.is_dir()
        return None if is_inside else _passed_over(found, LINK)

    def _archive(self, path: Path, found: Found) -> Iterator[Found]:
        try:
            with Archive.open(path) as archive:
                if archive.is_workbook:
                    yield found
                    return
                for member in sorted(archive.members, key=lambda member: (member.name, member.number)):
                    yield _member(found, member.name, member.number, member.size, member.modified)
        except InputError as error:
            yield _unreadable(found, error)


def _member(archive: Found, name: str, number: int, size: int, modified: str | None) -> Found:
    found = Found(
        path=f"{archive.path}/{_text(name)}", archive=archive.path, member=number, size=size, modified=modified,
        raw=archive.raw,
    )  # fmt: skip
    folders, last = name.split("/")[:-1], name.rpartition("/")[2]
    suffix = os.path.splitext(last)[1].lower()
    why = next((why for folder in folders if (why := _why_not_folder(folder)) is not None), None) or _why_not(last)
    if why is not None:
        return _passed_over(found, why)
    if is_unsafe(name):
        message = "压缩包中的路径不安全（会写到文件夹以外），没有读取。"
        return _unreadable(found, InputError("corrupt", message, "请解压核对后报送。"))
    if suffix == SUFFIX or suffix in _OTHER_ARCHIVES:
        return _unreadable(found, _other_archive(suffix))
    return found if suffix in _WORKBOOK_SUFFIXES else _passed_over(found, OTHER_FILE)


def _other_archive(suffix: str) -> InputError:
    what = "压缩包中还有压缩包" if suffix == SUFFIX else f"这是 {suffix} 压缩包"
    return InputError("unsupported_format", f"{what}，没有读取其中的文件。", "请解压后放进报送文件夹，再运行一次。")


def _why_not(name: str) -> str | None:
    """Return why a file of this name is no submission, None where it may be one."""
    if name.startswith(_LOCK_PREFIXES):
        return LOCK_FILE
    if name.lower() in _RUBBISH:
        return RUBBISH
    if name.startswith("."):
        return HIDDEN
    if _OWN.search(name):
        return OWN_OUTPUT
    if name.lower() == FILE_NAME:
        return GIVEN
    return OTHER_FILE if os.path.splitext(name)[1].lower() in _OTHER_SUFFIXES else None


def _why_not_folder(name: str) -> str | None:
    if name.lower() in _RUBBISH:
        return RUBBISH
    return HIDDEN if name.startswith(".") and name not in (".", "..") else None


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def _found(below: str) -> Found:
    text = _text(below)
    return Found(text, raw=None if text == below else os.fsencode(below))


def _text(path: str) -> str:
    """Return a path as text that every program can hold: bytes that are no UTF-8 are spelled out."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path).decode("utf-8", "backslashreplace")
    return path


def _passed_over(found: Found, why: str) -> Found:
    return found._replace(state=PASSED_OVER, kind=why, message=REASONS[why])


def _unreadable(found: Found, error: InputError) -> Found:
    return found._replace(state=UNREADABLE, kind=error.kind, message=error.message, advice=error.advice)
