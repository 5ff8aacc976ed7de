"""Definition files: TOML whose every error names the file and the key."""

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from perfxl.errors import DefinitionError

# Where a parser of the standard library says that the fault is.
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")

Pairs = tuple[tuple[float, float], ...]


@lru_cache(maxsize=128)
def _parsed(text: str) -> Mapping[str, Any]:
    """Return what a file holds, for reading only; a rubric is read for every form that goes by it."""
    return tomllib.loads(text)


def read_toml(path: Path, file: str) -> Mapping[str, Any]:
    """Return what a definition file holds, for reading only.

    Args:
        path: The file.
        file: What it is called in messages.

    Raises:
        DefinitionError: It is missing or cannot be read.
    """
    try:
        # Windows editors put a byte order mark before what they save as UTF-8.
        return _parsed(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise DefinitionError(file, "", "无法读取：缺少这个文件") from error
    except UnicodeDecodeError as error:
        raise DefinitionError(file, "", "无法读取：不是 UTF-8 编码，请用记事本另存为 UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(file, "", f"无法读取：{_place(error)}") from error
    except OSError as error:
        raise DefinitionError(file, "", f"无法读取：{error}") from error


@dataclass(frozen=True, slots=True)
class Section:
    """A table of a definition file.

    Every getter returns its `default` where the key is missing, and raises `DefinitionError` where it is wrong.

    Attributes:
        file: The file as the user knows it: `folder/rubric.toml`.
        path: Dotted path of the table in the file, "" for the file itself.
        data: What it holds.
    """

    file: str
    path: str
    data: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file; it is called by its folder's name and its own.

        Raises:
            DefinitionError: It is missing or cannot be read.
        """
        file = f"{path.parent.name}/{path.name}"
        return cls(file, "", read_toml(path, file))

    def key(self, key: str) -> str:
        """Return the dotted name of a key of this table."""
        return f"{self.path}.{key}".strip(".")

    def wrong(self, key: str, message: str) -> DefinitionError:
        """Return the error that says what is wrong with a key."""
        return DefinitionError(self.file, self.key(key), message)

    def only(self, known: Sequence[str]) -> Self:
        """Return the table itself if it holds no other keys than these."""
        for key in self.data:
            if key not in known:
                raise self.wrong(key, "未知的键" + suggestion(key, known))
        return self

    def section(self, key: str) -> "Section":
        """Return a table below this one; an empty one where it is missing."""
        data = self.data.get(key, {})
        if not isinstance(data, dict):
            raise self.wrong(key, f"应为一节：[{self.key(key)}]")
        return Section(self.file, self.key(key), data)

    def sections(self, key: str) -> "list[Section]":
        """Return the entries of an array of tables."""
        data = self.data.get(key, [])
        if not isinstance(data, list) or not all(isinstance(entry, dict) for entry in data):
            raise self.wrong(key, f"应为若干节：[[{self.key(key)}]]")
        return [Section(self.file, self.key(key), entry) for entry in data]

    def number(self, key: str, default: float) -> float:
        """Return a number."""
        return default if key not in self.data else self._number(key, self.data[key])

    def optional_number(self, key: str, default: float | None = None) -> float | None:
        """Return a number, or None where neither the file nor the default has one."""
        return default if key not in self.data else self._number(key, self.data[key])

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, f"应为 true 或 false，现为 {value!r}")
        return value

    def text(self, key: str, default: str = "") -> str:
        """Return a text."""
        value = self.data.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, f"应为文字，现为 {value!r}")
        return value

    def words(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self.data.get(key)
        if value is None:
            return default
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.wrong(key, '应为文字的列表，如 ["产出", "效益"]')
        if not all(word.strip() for word in value):
            raise self.wrong(key, "列表中有空白的词")
        return tuple(value)

    def choice(self, key: str, allowed: Sequence[str], default: str) -> str:
        """Return one of the texts that are allowed."""
        value = self.data.get(key, default)
        if value not in allowed:
            raise self._not_allowed(key, value, allowed)
        return str(value)

    def choices(self, key: str, allowed: Sequence[str], default: tuple[str, ...]) -> tuple[str, ...]:
        """Return a list of texts that are allowed."""
        values = self.words(key, default)
        for value in values:
            if value not in allowed:
                raise self._not_allowed(key, value, allowed)
        return values

    def pairs(self, key: str, default: Pairs, example: str) -> Pairs:
        """Return a list of pairs of numbers."""
        value = self.data.get(key)
        if value is None:
            return default
        if not isinstance(value, list) or not value or not all(isinstance(p, list) and len(p) == 2 for p in value):
            raise self.wrong(key, f"应为成对的数，如 {example}")
        return tuple((self._number(key, low), self._number(key, high)) for low, high in value)

    def _number(self, key: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, f"应为数字，现为 {value!r}")
        return float(value)

    def _not_allowed(self, key: str, value: Any, allowed: Sequence[str]) -> DefinitionError:
        return self.wrong(key, f"不能为 {value!r}，可用的有：{'、'.join(allowed)}")


def _place(error: tomllib.TOMLDecodeError) -> str:
    """Return where a file is no TOML, in words."""
    said = str(error)
    if found := _PLACE.search(said):
        return f"第 {found[1]} 行第 {found[2]} 列附近的写法有误（{said[: found.start()].strip()}）"
    return f"写法有误（{said}）"


def suggestion(key: str, known: Sequence[str]) -> str:
    """Return what follows "unknown key": the nearest of those known, or all of them."""
    near = difflib.get_close_matches(key, known, n=1)
    return f"，是否应为 {near[0]}？" if near else f"，可用的有：{'、'.join(known)}"
