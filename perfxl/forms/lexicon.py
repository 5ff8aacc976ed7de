"""The words of forms: which field a heading, a label or a row's name stands for."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from perfxl.errors import DefinitionError
from perfxl.forms.data import templates_folder
from perfxl.forms.toml_file import read_toml, suggestion
from perfxl.text import fold, without_brackets

# A heading is a word or two. In longer texts only what they begin and end with is looked at (notes, titles), and
# beyond this length only what they begin with.
_LONGEST_WORD = 40
_LONGEST_TITLE = 100

# Of an outline only a class has a number that may be taken for a value otherwise: 1.1数量指标, but 1.2亿元. A year is
# none: 2023年绩效指标.
_OUTLINE = r"\d+(?:\.\d+)*[,.]?(?=(?!年)[\u4e00-\u9fff]+指标)"
_NUMBERING = re.compile(
    rf"^(?:[一二三四五六七八九十]+[,.]|\([一二三四五六七八九十\d]+\)|\d+[,.](?!\d)|[A-Z][,.]|{_OUTLINE})"
)
_NUMBERING_STARTS = frozenset("一二三四五六七八九十(0123456789ABCDEFGH")
_LETTERS = re.compile(r"(?<=[\u4e00-\u9fff%])[A-Z](?:/[A-Z])?$")
# A sign of comparison, or a number that is neither a running number (3.) nor a year: a value, never a word.
_FIGURE = re.compile(r"[≥≤≧≦＞＜>=＝<﹥﹤±]|\d+(?:\.\d+)?[^\d.．,，、)）年/\s]")
_IN_OUTLINE = re.compile(_OUTLINE)
_YEAR = re.compile(r"(?:19|20)\d\d年?(?=[\u4e00-\u9fff])")
_ENDS = ":;,*★☆●▲#%"
# In a pattern: what stands for characters that the pattern does not name, digits aside.
_OPEN = re.compile(r"\.|\\[^d()]|\[\^|\[[^\]]*-|\(\?[^:]")

_SECTIONS = ("columns", "generic_columns", "budget_columns", "budget_rows", "header", "sections")
# Parts of headings that hint at an indicator column, parts of titles that hint at a role in the layout.
_HINTS = ("column_hints", "section_hints")
_KEYS = ("words", "begins", "ends", "patterns")
_EXTRA_KEYS = {"header": ("strong", "role")}
_ROLES = ("year", "total", "grade", "unit")


@dataclass(frozen=True, slots=True)
class Word:
    """What a text may stand for; which of it holds is told by where the text is.

    Attributes:
        column: Field of an indicator column, such as `target`.
        generic: `name` or `weight` where the text names a field only together with the heading above it.
        budget_column: Field of a budget column, such as `executed`.
        budget_row: Role of a budget row: `total`, `current`, `carried_over`, `other`, `part`.
        header: Canonical label of a header pair, such as `项目名称`.
        sections: Roles in the layout: `total`, `subtotal`, `goals`, `note`, `conclusion`, `title` …
    """

    column: str | None = None
    generic: str | None = None
    budget_column: str | None = None
    budget_row: str | None = None
    header: str | None = None
    sections: frozenset[str] = frozenset()


NOTHING = Word()
_ATTRIBUTES = {
    "columns": "column", "generic_columns": "generic", "budget_columns": "budget_column", "budget_rows": "budget_row",
    "header": "header",
}  # fmt: skip


@dataclass(slots=True)
class _Rules:
    """All entries of the file, arranged for looking up; a place is (section, field).

    Attributes:
        words: Folded word → the places that name it.
        begins: What a text begins with → its place; longer beginnings first.
        ends: What a text ends with → its place.
        patterns: Regular expression → its place.
        hints: Name of the hints → field or role → parts of a text that hint at it.
        roles: Role of a header label → the labels.
        strong: Header labels that begin a form.
        fields: Section → the fields that it has words for.
    """

    words: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    begins: list[tuple[str, tuple[str, str]]] = field(default_factory=list)
    ends: list[tuple[str, tuple[str, str]]] = field(default_factory=list)
    patterns: list[tuple[re.Pattern[str], tuple[str, str]]] = field(default_factory=list)
    hints: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=lambda: {name: {} for name in _HINTS})
    roles: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    strong: set[str] = field(default_factory=set)
    fields: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


class Lexicon:
    """The words of `lexicon.toml`, ready to be looked up; texts are folded here.

    Attributes:
        look_up: Text → Word, remembered.
        strong_headers: Header labels that begin a form.
    """

    def __init__(self, rules: _Rules) -> None:
        self._rules = rules
        # One test each tells that no beginning, ending or pattern can hold, which is so for nearly all cells.
        self._all_begins = tuple(text for text, _ in rules.begins)
        self._all_ends = tuple(text for text, _ in rules.ends)
        patterns = [pattern.pattern for pattern, _ in rules.patterns]
        closed = [pattern for pattern in patterns if not _OPEN.search(pattern.removeprefix("(?:"))]
        self._any_open = re.compile("|".join(p for p in patterns if p not in closed) or r"(?!)")
        self._any_closed = re.compile("|".join(closed) or r"(?!)")
        # A text with any other character matches none of the closed patterns, which is told in a tenth of the time.
        self._letters = "".join({*"".join(closed), *"0123456789"})
        self.strong_headers = frozenset(rules.strong)
        self.look_up = lru_cache(maxsize=32768)(self._look_up)

    def labels(self, role: str) -> frozenset[str]:
        """Return the header labels that play a role: `year`, `total`, `grade`, `unit`."""
        return frozenset(self._rules.roles.get(role, ()))

    def fields(self, section: str) -> tuple[str, ...]:
        """Return the fields that a section has words for, such as `level1` and `target` of `columns`."""
        return tuple(dict.fromkeys(self._rules.fields[section]))

    def hinted_column(self, text: str) -> str | None:
        """Return the indicator column that an unknown heading hints at, or None.

        To be asked only about a cell that stands among known headings: the hints are parts of words (`原因`).
        """
        folded = fold(text)
        hints = self._rules.hints["column_hints"].items()
        return next((name for name, parts in hints if any(part in folded for part in parts)), None)

    def hints_at(self, section: str, text: str) -> bool:
        """Whether a text has a part that hints at a role in the layout: `title`, `self_evaluation`."""
        folded = fold(text)
        return any(part in folded for part in self._rules.hints["section_hints"].get(section, ()))

    def _look_up(self, text: str) -> Word:
        if text.isascii() or (_FIGURE.match(text) and not _IN_OUTLINE.match(fold(text))):
            return NOTHING  # every word has a Chinese character
        if len(text) > _LONGEST_TITLE:
            return self._word((fold(text[:_LONGEST_TITLE]),), is_long=True)
        folded = fold(text)
        is_long = len(folded) > _LONGEST_WORD
        return self._word((folded,) if is_long else _spellings(folded), is_long=is_long)

    def _word(self, spellings: tuple[str, ...], *, is_long: bool) -> Word:
        places: list[tuple[str, str]] = []
        for spelling in spellings:
            places += self._rules.words.get(spelling, ())
        for spelling in spellings:
            places += self._parts(spelling)
        if not places:
            return NOTHING
        sections = frozenset(name for section, name in places if section == "sections")
        if is_long:
            sections &= {"note", "title"}
            return Word(sections=sections) if sections else NOTHING
        found: dict[str, str] = {}
        for section, name in places:
            found.setdefault(section, name)
        found.pop("sections", None)
        return Word(sections=sections, **{_ATTRIBUTES[key]: name for key, name in found.items()})

    def _parts(self, spelling: str) -> list[tuple[str, str]]:
        """Return the places whose beginnings, endings and patterns hold."""
        places = []
        may_be_closed = not spelling.strip(self._letters)
        if self._any_open.fullmatch(spelling) or (may_be_closed and self._any_closed.fullmatch(spelling)):
            places += [place for pattern, place in self._rules.patterns if pattern.fullmatch(spelling)]
        if spelling.startswith(self._all_begins):
            places += [place for text, place in self._rules.begins if spelling.startswith(text)]
        if spelling.endswith(self._all_ends):
            places += [place for text, place in self._rules.ends if spelling.endswith(text)]
        return places


def _spellings(folded: str) -> tuple[str, ...]:
    """Return the ways a heading may be written, the nearest to the text first, without repeats."""
    found = [folded.strip(_ENDS)]
    if "(" in folded or "[" in folded:
        found.append(without_brackets(found[0]).strip(_ENDS))
    for text in tuple(found):
        if text and text[0] in _NUMBERING_STARTS:
            text = without_numbering(text)
            found.append(text)
        if text and text[-1].isascii():
            text = _LETTERS.sub("", text).strip(_ENDS)
            found.append(text)
        if text[:2] in ("19", "20") and (dated := _YEAR.match(text)):
            rest = text[dated.end() :]
            found += [text[4:], rest, rest.removeprefix("度")]
    return tuple(dict.fromkeys(text for text in found if text))


def without_numbering(folded: str) -> str:
    """Return a folded text without the number before it: `五,自评结论` → `自评结论`."""
    return _NUMBERING.sub("", folded, count=1) if folded[:1] in _NUMBERING_STARTS else folded


@dataclass(frozen=True, slots=True, eq=False)
class OwnWords:
    """Words that a form adds to the lexicon.

    Attributes:
        file: The file that has them, for messages.
        data: Section → field → words, as in `lexicon.toml`.
    """

    file: str
    data: Mapping[str, Mapping[str, Any]]


OWN_SECTIONS = ("columns", "budget_columns", "budget_rows", "header", "sections")


@cache
def load_lexicon(path: Path | None = None, own: tuple[OwnWords, ...] = ()) -> Lexicon:
    """Read the lexicon; kept after the first time.

    Args:
        path: The file; None for the one that comes with perfxl.
        own: Words that forms add. Reading comes before a form is known, so they hold for every table.

    Raises:
        DefinitionError: A file is no TOML, has an unknown key, a broken pattern, or a word in two fields.
    """
    path = path or templates_folder() / "lexicon.toml"
    data = read_toml(path, path.name)
    known = (*_SECTIONS, *_HINTS)
    if unknown := sorted(set(data) - set(known)):
        raise DefinitionError(path.name, unknown[0], f"未知的部分，可用的有：{'、'.join(known)}")
    rules = _Rules()
    for section in _SECTIONS:
        for name, entry in data.get(section, {}).items():
            _add(rules, path.name, section, name, entry)
    for section in _HINTS:
        for name in data.get(section, {}):
            if section == "column_hints" and name not in data.get("columns", {}):
                raise DefinitionError(path.name, f"{section}.{name}", "columns 中没有这个字段")
            rules.hints[section][name] = tuple(map(fold, _texts(path.name, section, data[section], name)))
    for words in own:
        _add_own(rules, words, data)
    # Of two beginnings that hold, the longer one says more: 其中：上年结转 before 其中.
    rules.begins.sort(key=lambda item: -len(item[0]))
    return Lexicon(rules)


def _add_own(rules: _Rules, words: OwnWords, data: Mapping[str, Any]) -> None:
    """Add the words of a form; a label of the header may be new, a field of the program may not."""
    for section, entries in words.data.items():
        for name, entry in entries.items():
            key = f"{section}.{name}"
            if section != "header" and name not in data[section]:
                near = suggestion(name, sorted(data[section]))
                raise DefinitionError(words.file, key, f"没有这个字段{near}")
            _add(rules, words.file, section, name, entry)
            for word in own_texts(entry):
                if fault := _fault_of(rules, section, name, word):
                    raise DefinitionError(words.file, key, fault)


def own_texts(entry: Any) -> list[str]:
    """Return the words of an entry, which may be a list of them or a table with `words`."""
    return list(entry if isinstance(entry, list) else entry.get("words", []))


def _fault_of(rules: _Rules, section: str, name: str, word: str) -> str | None:
    """Return what is wrong with a form's own word: no reading would come upon it, or it is another field's."""
    if word.isascii() or _FIGURE.match(word):
        return f"“{word}”不是词：须含汉字，不能以数值或比较符号开头"
    if len(fold(word)) > _LONGEST_WORD:
        return f"“{word}”过长：不超过 {_LONGEST_WORD} 个字"
    if section == "sections":
        return None
    for spelling in _spellings(fold(word)):
        places = [*rules.words.get(spelling, ()), *(p for pattern, p in rules.patterns if pattern.fullmatch(spelling))]
        others = [other for where, other in places if where == section and other != name]
        # All forms are read by the words of all: one that meant something else here would change other forms' tables.
        if others:
            return f"“{word}”已读作 {section}.{others[0]}，一个词只能属于一个字段"
    return None


def _add(rules: _Rules, file: str, section: str, name: str, entry: Any) -> None:
    key, place = f"{section}.{name}", (section, name)
    entry = {"words": entry} if isinstance(entry, list) else entry
    known = (*_KEYS, *_EXTRA_KEYS.get(section, ()))
    if not isinstance(entry, dict):
        raise DefinitionError(file, key, "应为词的列表，或带有 words 等键的表")
    if unknown := sorted(set(entry) - set(known)):
        raise DefinitionError(file, f"{key}.{unknown[0]}", f"未知的键，可用的有：{'、'.join(known)}")
    rules.fields[section].append(name)
    for word in _texts(file, key, entry, "words"):
        folded = fold(word)
        others = [other for where, other in rules.words[folded] if where == section and other != name]
        # A word may play several roles in the layout: 自评等级 is a conclusion and a grade.
        if others and section != "sections":
            raise DefinitionError(file, key, f"“{word}”已属于 {section}.{others[0]}，一个词只能属于一个字段")
        rules.words[folded].append(place)
    rules.begins += [(fold(text), place) for text in _texts(file, key, entry, "begins")]
    rules.ends += [(fold(text), place) for text in _texts(file, key, entry, "ends")]
    for pattern in _texts(file, key, entry, "patterns"):
        try:
            # In a group, as in the one pattern that all are joined to.
            rules.patterns.append((re.compile(f"(?:{pattern})"), place))
        except re.error as error:
            raise DefinitionError(file, f"{key}.patterns", f"正则表达式“{pattern}”有误：{error}") from error
    _add_header(rules, file, key, name, entry)


def _add_header(rules: _Rules, file: str, key: str, name: str, entry: Mapping[str, Any]) -> None:
    if not isinstance(entry.get("strong", False), bool):
        raise DefinitionError(file, f"{key}.strong", "应为 true 或 false")
    if entry.get("strong"):
        rules.strong.add(name)
    if (role := entry.get("role")) is not None:
        if role not in _ROLES:
            raise DefinitionError(file, f"{key}.role", f"不能为 {role!r}，可用的有：{'、'.join(_ROLES)}")
        rules.roles[role].append(name)


def _texts(file: str, key: str, entry: Mapping[str, Any], name: str) -> list[str]:
    """Return a list of texts of an entry; empty texts and other values are refused."""
    texts = entry.get(name, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise DefinitionError(file, f"{key}.{name}", '应为文字的列表，如 ["分值", "权重"]')
    return texts
