"""Number format codes taken apart: sections, conditions, tokens."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

# A token's kind is the name of the group that matched. `date` letters and `digit` places may both stand in a
# section; which of them count is decided by `Section.is_date`.
_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"?
    | (?:\\|!(?=[.,%]))(?P<escaped>.)    # 0!.0,"万" is how Chinese guides write a point that is no decimal point
    | _(?P<space>.)
    | \*(?P<fill>.)
    | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General|G/通用格式)
    | (?P<half_day>AM/PM|A/P|上午/下午)
    | (?P<exponent>E[+-])
    | (?P<date>y+|m+|d+|h+|s+|e+|aaaa?)
    | (?P<era>g+)
    | (?P<digit>[0\#?])
    | (?P<sign>[.,%@/])
    | (?P<end>;)
    | (?P<other>.)
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_CHINESE_LANGUAGE = 0x04  # the low ten bits of a Windows locale id: 804 mainland, 404 Taiwan, c04 Hong Kong, …
# What `[$-F800]` and `[$-F400]` stand for: the system's long date and time, here those of a Chinese system.
_SYSTEM_CODES = {
    "f800": 'yyyy"年"m"月"d"日"',
    "x-sysdate": 'yyyy"年"m"月"d"日"',
    "f400": "h:mm:ss",
    "x-systime": "h:mm:ss",
}


class Token(NamedTuple):
    """A piece of a section: `literal`, `digit`, `sign`, `exponent`, `general`, `date`, `elapsed` or `half_day`."""

    kind: str
    text: str


class Condition(NamedTuple):
    """When a section is used, as `[>=1000]`."""

    sign: str
    limit: float

    def holds(self, value: float) -> bool:
        """Whether a value meets the condition."""
        return _COMPARE[self.sign](value, self.limit)


@dataclass(frozen=True, slots=True)
class Section:
    """One of the parts of a code that semicolons separate.

    Attributes:
        tokens: What it shows, in order; colours, fills and era signs are left out.
        condition: As written; None where the section's place says when it is used.
        chinese: 1, 2 or 3 for `[DBNum1]`…; 0 for ordinary digits.
        is_chinese: Names of months and days are Chinese (`[$-804]`).
    """

    tokens: tuple[Token, ...]
    condition: Condition | None
    chinese: int
    is_chinese: bool

    @property
    def is_date(self) -> bool:
        """Whether the section shows a date or time: date letters, and no digit places but `0` after seconds."""
        kinds = {token.kind for token in self.tokens}
        if not kinds & {"date", "elapsed", "half_day"} or "general" in kinds:
            return False
        return all(
            token.text == "0" and self._after_seconds(i) for i, token in enumerate(self.tokens) if token.kind == "digit"
        )

    @property
    def is_text(self) -> bool:
        """Whether the section shows the cell's text somewhere."""
        return Token("sign", "@") in self.tokens

    def _after_seconds(self, place: int) -> bool:
        while place and self.tokens[place - 1].kind == "digit":
            place -= 1
        before = self.tokens[max(place - 2, 0) : place]
        return len(before) == 2 and before[1].text == "." and before[0].text[:1] in "sS"


def sections(code: str) -> list[Section]:
    """Return the sections of a format code, at most four."""
    found: list[Section] = []
    tokens: list[Token] = []
    brackets: list[str] = []
    for match in _TOKEN.finditer(_without_system_code(code)):
        kind, text = match.lastgroup or "other", match[match.lastgroup or 0]
        if kind == "end":
            found.append(_section(tokens, brackets))
            tokens, brackets = [], []
        elif kind == "bracket" and _ELAPSED.fullmatch(text):
            tokens.append(Token("elapsed", text.lower()))
        elif kind == "bracket":
            brackets.append(text)
            if text.startswith("$") and (currency := text[1:].partition("-")[0]):
                tokens.append(Token("literal", currency))
        elif kind == "space":
            tokens.append(Token("literal", " "))
        elif kind in ("quoted", "escaped", "other"):
            tokens.append(Token("literal", text))
        elif kind not in ("fill", "era"):
            tokens.append(Token(kind, text))
    found.append(_section(tokens, brackets))
    return found[:4]


def _section(tokens: list[Token], brackets: list[str]) -> Section:
    condition = None
    chinese = 0
    is_chinese = False
    for bracket in brackets:
        lower = bracket.lower()
        if match := _CONDITION.fullmatch(lower):
            condition = Condition(match[1], float(match[2]))
        elif lower in ("dbnum1", "dbnum2", "dbnum3"):
            chinese = int(lower[-1])
        elif lower.startswith("$"):
            is_chinese = is_chinese or _names_chinese(lower.partition("-")[2])
    return Section(tuple(tokens), condition, chinese, is_chinese)


def _names_chinese(locale: str) -> bool:
    if locale.startswith("zh"):
        return True
    try:
        return int(locale, 16) & 0x3FF == _CHINESE_LANGUAGE
    except ValueError:
        return False


def _without_system_code(code: str) -> str:
    if not code.startswith("[$-"):
        return code
    return _SYSTEM_CODES.get(code[3:].partition("]")[0].lower(), code)
