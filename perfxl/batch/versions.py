"""Which of several files of one project is the newest, by what everybody sees: their names, then their dates."""

import datetime
import re
from collections.abc import Sequence
from typing import NamedTuple

from perfxl.forms.numerals import numeral
from perfxl.text import fold

_COUNT = r"(\d+(?:\.\d+)*|[一二三四五六七八九十]+)"
_DATE = re.compile(r"(?<!\d)(20\d\d)[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])日?(?!\d)")
_COPY_NUMBER = re.compile(r"[(\[](\d{1,3})[)\]]$")
_COPY = re.compile(r"[-_]*(?:的)?(?:副本|复件|copy)(?:[(\[]?(\d+)[)\]]?)?", re.IGNORECASE)
_NUMBERED = re.compile(
    rf"(?:第{_COUNT}(?:版|稿|次修改)|(?:版本?|稿|修改|修订|改|v){_COUNT}(?:稿|版)?|{_COUNT}(?:稿|改))", re.IGNORECASE
)
# How far a draft has come; the word that is furthest counts.
_STAGES = tuple(
    (stage, re.compile(words, re.IGNORECASE))
    for stage, words in (
        (3, "最新(?:版|稿)?"),
        (2, "最终(?:版|稿|修改)?|终(?:版|稿)|定(?:版|稿)|final(?:版)?|盖章(?:版|件|稿)?"),
        (1, "修改(?:后|稿|版|件)?|修订(?:稿|版)?|更新(?:稿|版)?|更正(?:稿|版)?|改后|重报|补报|新版|new"),
        (-1, "初稿|草稿|旧版|作废|old"),
    )
)
# Files that were copied or unpacked together get dates that differ by moments, in no order that means anything.
_APART = 3600.0
_SEPARATORS = re.compile(r"[-_.·,;:()\[\]~+]+")


class Version(NamedTuple):
    """What a file's name tells of its version.

    Attributes:
        base: The name without what tells the version, folded.
        rank: The higher the newer: stage, date, number, number of the copy.
        marks: What told it, as it stands in the name.
    """

    base: str
    rank: tuple[int, int, float, int]
    marks: tuple[str, ...]


def version(stem: str) -> Version:
    """Return what a file's name, without folders and suffix, tells of its version."""
    rest, marks = fold(stem), []
    copy = 0
    if match := _COPY_NUMBER.search(rest):
        copy, rest = int(match[1]), rest[: match.start()]
        marks.append(match[0])
    if match := _COPY.search(rest):
        rest = rest[: match.start()] + rest[match.end() :]
        marks.append(match[0].strip("-_"))
    date = 0
    if match := _DATE.search(rest):
        date, rest = int("".join(match.groups())), rest[: match.start()] + rest[match.end() :]
        marks.append(match[0])
    number = 0.0
    if match := _NUMBERED.search(rest):
        number = _number(next(group for group in match.groups() if group))
        stage_words = match[0].rstrip("0123456789.")
        rest = rest[: match.start()] + (stage_words if _stage(stage_words)[0] else "") + rest[match.end() :]
        marks.append(match[0])
    stage = 0
    while (found := _stage(rest))[1] is not None:
        word = found[1]
        stage = found[0] if stage == 0 else max(stage, found[0])
        rest = rest.replace(word, "", 1)
        marks.append(word)
    return Version(_SEPARATORS.sub("", rest), (stage, date, number, copy), tuple(dict.fromkeys(marks)))


def _stage(text: str) -> tuple[int, str | None]:
    for stage, pattern in _STAGES:
        if match := pattern.search(text):
            return stage, match[0]
    return 0, None


def _number(text: str) -> float:
    if text[0].isdigit():
        whole, _, rest = text.partition(".")
        return float(f"{whole}.{rest.replace('.', '')}" if rest else whole)
    return numeral(text) or 0.0


class Candidate(NamedTuple):
    """A file that holds a project.

    Attributes:
        path: As results name it.
        modified: ISO 8601, None where unknown.
    """

    path: str
    modified: str | None

    @property
    def version(self) -> Version:
        """What its name tells of its version."""
        return version(self.path.rpartition("/")[2].rpartition(".")[0])


class Choice(NamedTuple):
    """Which file counts.

    Attributes:
        path: The file.
        why: What it was chosen by, a Chinese phrase.
    """

    path: str
    why: str


def newest(candidates: Sequence[Candidate]) -> Choice | None:
    """Return the newest of several files of one project; None where nothing visible tells.

    Names that differ in more than their version are not versions of one another: only their content could tell, so a
    person must.
    """
    versions = {one.path: one.version for one in candidates}
    if len({found.base for found in versions.values()}) != 1:
        return None
    ranks = sorted({found.rank for found in versions.values()})
    top = [one for one in candidates if versions[one.path].rank == ranks[-1]]
    if len(top) == 1:
        marks = versions[top[0].path].marks
        told = f"文件名标有“{'、'.join(marks)}”" if marks else "其他文件名标有较早的版本"
        return Choice(top[0].path, told)
    dated = sorted((one.modified, one.path) for one in top if one.modified)
    if len(dated) < len(top) or _seconds(dated[-1][0]) - _seconds(dated[-2][0]) < _APART:
        return None
    return Choice(dated[-1][1], f"文件名相同，修改时间最晚（{dated[-1][0].replace('T', ' ')}）")


def _seconds(moment: str) -> float:
    return datetime.datetime.fromisoformat(moment).timestamp()
