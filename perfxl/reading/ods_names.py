"""Names of OpenDocument's XML, and what elements of it are asked for everywhere."""

import re

from lxml import etree

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE = f"{{{_OASIS}office:1.0}}"
TABLE = f"{{{_OASIS}table:1.0}}"
TEXT = f"{{{_OASIS}text:1.0}}"
STYLE = f"{{{_OASIS}style:1.0}}"
NUMBER = f"{{{_OASIS}datastyle:1.0}}"
FO = f"{{{_OASIS}xsl-fo-compatible:1.0}}"
DRAW = f"{{{_OASIS}drawing:1.0}}"
SVG = f"{{{_OASIS}svg-compatible:1.0}}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"

_LENGTH = re.compile(r"(-?[0-9]*\.?[0-9]+)(in|cm|mm|pt|pc|px)")
_POINTS = {"in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pt": 1.0, "pc": 12.0, "px": 0.75}


def count(element: etree._Element, name: str, absent: int = 1, least: int = 1) -> int:
    """Return an attribute that counts something: `absent` where it is not there or no number, at least `least`."""
    stated = element.get(name, "")
    return max(int(stated), least) if stated.isascii() and stated.isdecimal() and len(stated) < 20 else absent


def points(length: str | None) -> float:
    """Return a length such as `0.74pt` in points; 0.0 where there is none."""
    match = _LENGTH.fullmatch(length.strip()) if length else None
    return float(match[1]) * _POINTS[match[2]] if match else 0.0
