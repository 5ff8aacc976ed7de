"""Years in texts, moved on to the year of the new form."""

import re
from typing import NamedTuple

# A year is followed by a word that says so, stands in brackets or at the end, or begins a date.
_YEAR = re.compile(r"(?<![\d.])((?:19|20)\d\d)(?=\s*(?:年|度|底|末|财年|[)）\]】]|$)|[-./]\d{1,2}(?!\d))")
_CHINESE = re.compile(r"二[〇○零0][一二三四五六七八九〇○零]{2}(?=\s*年)")
# 财预〔2020〕10号 names a document, in whatever brackets.
_DOCUMENT = re.compile(r"[〔\[【(（]\s*((?:19|20)\d\d)\s*[〕\]】)）]\s*第?\s*\d+\s*号")
_DIGITS = "〇一二三四五六七八九"
_TO_ARABIC = str.maketrans("〇○零一二三四五六七八九", "000123456789")
# Years so near to the form's own are reckoned from it: last year's result, next year's plan.
_NEAR = 1


class Moved(NamedTuple):
    """A text with its years moved on.

    Attributes:
        text: The text.
        left: Years that stand as they were: of documents, or too far from the form's own.
    """

    text: str
    left: tuple[str, ...]


def move_years(text: str, old: int, new: int) -> Moved:
    """Return a text with the years at and beside `old` moved on by as many years as lie between `old` and `new`."""
    documents = [match.span(1) for match in _DOCUMENT.finditer(text)]
    left: list[str] = []

    def move(match: re.Match[str]) -> str:
        year = int(match[1])
        if match.span(1) in documents or abs(year - old) > _NEAR:
            left.append(match[1])
            return match[0]
        return str(year + new - old)

    def move_chinese(match: re.Match[str]) -> str:
        year = int(match[0].translate(_TO_ARABIC).replace("二", "2"))
        if abs(year - old) > _NEAR:
            left.append(match[0])
            return match[0]
        return "".join(_DIGITS[int(digit)] for digit in str(year + new - old))

    moved = _CHINESE.sub(move_chinese, _YEAR.sub(move, text))
    left += [text[start:end] for start, end in documents if text[start:end] not in left]
    return Moved(moved, tuple(left))
