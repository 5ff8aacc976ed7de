"""Number styles of OpenDocument → format codes as Excel writes them."""

import re
from collections.abc import Mapping

from lxml import etree

from perfxl.model.xml import local_name
from perfxl.reading.ods_names import NUMBER, STYLE, count

_LONGEST = 30  # digits
_STYLES = frozenset(
    {"number-style", "percentage-style", "currency-style", "date-style", "time-style", "text-style", "boolean-style"}
)
# Parts of dates and times: in short, in long.
_DATES = {
    "year": ("yy", "yyyy"), "month": ("m", "mm"), "day": ("d", "dd"), "day-of-week": ("aaa", "aaaa"),
    "hours": ("h", "hh"), "minutes": ("m", "mm"), "seconds": ("s", "ss"), "am-pm": ("AM/PM", "AM/PM"),
}  # fmt: skip
_PLAIN = frozenset("-/:. ")
_CONDITION = re.compile(r"\s*value\(\)\s*(>=|<=|!=|>|<|=)\s*(-?[0-9.]+)\s*")
# Conditions that sections have without being told.
_USUAL = ([">=0"], [">0", "<0"], [">0", "<0", "=0"])
_MOST_CONDITIONS = 2


def format_codes(roots: list[etree._Element]) -> dict[str, str]:
    """Return the format codes of the number styles under some elements, by name."""
    elements = {
        element.get(STYLE + "name", ""): element for root in roots for element in root if local_name(element) in _STYLES
    }
    return {name: _code(element, elements) for name, element in elements.items()}


def _code(element: etree._Element, others: Mapping[str, etree._Element]) -> str:
    """Return the code of a style; others that it names for some values become its first sections."""
    own = _section(element)
    chosen = {}
    for condition in element.iterfind(STYLE + "map"):
        other = others.get(condition.get(STYLE + "apply-style-name", ""))
        when = _CONDITION.fullmatch(condition.get(STYLE + "condition", ""))
        if other is not None and other is not element and when is not None:
            chosen[when[1].replace("!=", "<>") + when[2]] = _section(other)
    if list(chosen) in _USUAL:
        return ";".join([*chosen.values(), own])
    if len(chosen) <= _MOST_CONDITIONS:
        return ";".join([*(f"[{when}]{section}" for when, section in chosen.items()), own])
    return own


def _section(element: etree._Element) -> str:
    if local_name(element) == "boolean-style":
        return "General"
    is_elapsed = element.get(NUMBER + "truncate-on-overflow") == "false"
    pieces = []
    for child in element:
        name = local_name(child)
        if name == "number":
            pieces.append(_number(child))
        elif name == "scientific-number":
            pieces.append(f"{_number(child)}E+00")
        elif name == "fraction":
            pieces.append("# ?/?")
        elif name in ("text", "currency-symbol"):
            pieces.append(_literal(child.text or "", is_percent=local_name(element) == "percentage-style"))
        elif name == "fill-character":
            pieces.append("*" + (child.text or " ")[:1])
        elif name == "text-content":
            pieces.append("@")
        elif name in _DATES:
            piece = _date(child, name)
            is_first = is_elapsed and name in ("hours", "minutes", "seconds")
            pieces.append(f"[{piece}]" if is_first else piece)
            is_elapsed &= not is_first
    code = "".join(pieces)
    return code or "General"


def _number(element: etree._Element) -> str:
    stated = element.get(NUMBER + "decimal-places")
    if stated is None and local_name(element) == "number":
        return "General"
    decimals = min(count(element, NUMBER + "decimal-places", 0, 0), _LONGEST)
    sure = min(count(element, NUMBER + "min-decimal-places", decimals, 0), decimals)
    whole = min(count(element, NUMBER + "min-integer-digits", 0, 0), _LONGEST)
    digits = "0" * whole or "#"
    if element.get(NUMBER + "grouping") == "true":
        digits = digits.rjust(4, "#")
        digits = f"{digits[:-3]},{digits[-3:]}"
    thousands = {"1000": ",", "1000000": ",,"}.get(element.get(NUMBER + "display-factor", ""), "")
    return digits + ("." + "0" * sure + "#" * (decimals - sure) if decimals else "") + thousands


def _date(element: etree._Element, name: str) -> str:
    is_long = element.get(NUMBER + "style") == "long"
    if name == "month" and element.get(NUMBER + "textual") == "true":
        return "mmmm" if is_long else "mmm"
    decimals = min(count(element, NUMBER + "decimal-places", 0, 0), 3) if name == "seconds" else 0
    return _DATES[name][is_long] + ("." + "0" * decimals if decimals else "")


def _literal(text: str, *, is_percent: bool) -> str:
    """Return the code of a text that stands in the number as it is."""
    if is_percent and text.strip() == "%":
        return text
    if all(sign in _PLAIN for sign in text):
        return text
    return "".join(f'"{part}"' if part else "" for part in text.split('"'))
