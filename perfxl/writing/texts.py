"""Texts made fit for a workbook: legal characters, legal lengths, legal sheet names."""

import re
from collections.abc import Collection

MAX_TEXT = 32_767
MAX_SHEET_NAME = 31

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TO_ESCAPE = re.compile('[\x00-\x08\x0b-\x1f"&<>\ud800-\udfff\ufffe\uffff]')
# Spreadsheets decode _xHHHH_ as a character; a text that holds such letters by itself has its _ written so.
_DECODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def legal_text(text: str, limit: int = MAX_TEXT) -> str:
    """Return a text as a cell can hold it.

    Control characters go, half surrogate pairs become �, line ends become line feeds, and what is beyond
    `limit` is cut; Excel counts characters beyond U+FFFF twice.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _ILLEGAL.search(text):
        text = _ILLEGAL.sub(lambda match: "�" if "\ud800" <= match[0] <= "\udfff" else "", text)
    if len(text) > limit // 2 and len(text.encode("utf-16-le")) // 2 > limit:
        text = text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", "ignore")
    return text


def xml_text(text: str) -> str:
    """Return a text as it is written between tags and in attributes: legal, and with its signs escaped."""
    if len(text) <= MAX_TEXT // 2 and _TO_ESCAPE.search(text) is None and "_x" not in text:
        return text
    text = _DECODED.sub("_x005F_", legal_text(text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def quoted_sheet(name: str) -> str:
    """Return a sheet's name as references name it, always in quotes: 甲'乙 → '甲''乙'."""
    return "'" + name.replace("'", "''") + "'"


def free_sheet_name(wish: str, taken: Collection[str]) -> str:
    """Return a legal sheet name near a wish that no name of `taken` equals, large and small letters alike.

    复核结果 → 复核结果(2), as spreadsheets number the copy of a sheet.
    """
    base = _NOT_IN_SHEET_NAME.sub("_", legal_text(wish)).strip("'") or "Sheet"
    lowered = {name.casefold() for name in taken}
    name, count = _cut(base, ""), 1
    while name.casefold() in lowered:
        count += 1
        name = _cut(base, f"({count})")
    return name


def _cut(base: str, tail: str) -> str:
    return legal_text(base, MAX_SHEET_NAME - len(tail)) + tail
