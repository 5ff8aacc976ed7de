"""The year that a text names."""

import re

from perfxl.text import fold

_YEARS = (re.compile(r"((?:19|20)\d\d)年?度"), re.compile(r"((?:19|20)\d\d)(?=年|-|\.|$|\))"))
_CHINESE_YEAR = re.compile(r"二[〇○0零][一二三四五六七八九〇○0零]{2}(?=年)")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def year_in(text: str) -> float | None:
    """Return the year that a text names (`2022年度`, `二〇二二年`), or None."""
    folded = fold(text)
    for pattern in _YEARS:
        if match := pattern.search(folded):
            return float(match[1])
    if match := _CHINESE_YEAR.search(folded):
        return float(match[0].translate(_CHINESE_DIGITS))
    return None
