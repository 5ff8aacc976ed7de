"""One cell element of an OpenDocument spreadsheet → what it shows and stores."""

import re

from lxml import etree

from perfxl.model.grid import Cell
from perfxl.model.xml import local_name
from perfxl.reading.format_dates import iso_serial
from perfxl.reading.number_format import number_format
from perfxl.reading.ods_names import CALC, OFFICE, TABLE, TEXT, count
from perfxl.reading.xlsx_text import legal

_ERRORS = re.compile(r"#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)|(?:Err|错误)[:：]\s?\d{3}")
_DURATION = re.compile(r"(-?)P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")
# LibreOffice may keep a truth value as a number that is shown as one of these.
_BOOLS = frozenset({"TRUE", "FALSE", "真", "假"})
# Before a formula stands the name of its notation.
_NOTATION = re.compile(r"(?:[A-Za-z]+:)?=?")
_SPACES = re.compile("[ \t\r\n]+")
# Within a paragraph, what is no part of the text that is seen there.
_APART = frozenset({"annotation", "annotation-end", "ruby-text", "note", "tracked-changes"})
_MAX_BLANKS = 10_000


def read_cell(element: etree._Element, code: str) -> Cell | None:
    """Return the cell of an element; None where it is blank.

    Args:
        element: A `table-cell` or `covered-table-cell`.
        code: The format code of its style; it counts where the file does not say what is seen.
    """
    formula = element.get(TABLE + "formula")
    if formula is not None:
        formula = legal(formula[_notation(formula) :])
    kind = element.get(OFFICE + "value-type") or element.get(CALC + "value-type")
    seen = shown_text(element)
    if kind is None and not seen:
        return None if formula is None else Cell("", None, "missing", formula)
    if element.get(CALC + "value-type") == "error" or (formula is not None and seen and _ERRORS.fullmatch(seen)):
        return Cell(seen or "#VALUE!", seen or "#VALUE!", "error", formula)
    return _typed(element, kind, seen, code, formula)


def _notation(formula: str) -> int:
    match = _NOTATION.match(formula)
    return match.end() if match else 0


def _typed(element: etree._Element, kind: str | None, seen: str | None, code: str, formula: str | None) -> Cell | None:
    if kind in ("float", "percentage", "currency"):
        value = _number(element.get(OFFICE + "value"))
        if value in (0.0, 1.0) and seen in _BOOLS:
            return Cell(seen, bool(value), "bool", formula)
        if value is not None:
            return Cell(_display(value, seen, code, kind), value, "number", formula)
    elif kind in ("date", "time"):
        serial = _serial(element, kind)
        if serial is not None:
            return Cell(_display(serial, seen, code, kind), serial, "date", formula)
    elif kind == "boolean":
        is_true = element.get(OFFICE + "boolean-value") == "true"
        return Cell(seen or ("TRUE" if is_true else "FALSE"), is_true, "bool", formula)
    text = element.get(OFFICE + "string-value") if seen is None else seen
    text = legal(text or "")
    return Cell(text, text, "text", formula) if text or formula is not None else None


def _number(stated: str | None) -> float | None:
    try:
        value = float(stated or "")
    except ValueError:
        return None
    return value if value - value == 0.0 and "_" not in (stated or "") else None


def _serial(element: etree._Element, kind: str) -> float | None:
    if kind == "date":
        return iso_serial(element.get(OFFICE + "date-value", ""))
    match = _DURATION.fullmatch(element.get(OFFICE + "time-value", ""))
    if match is None:
        return None
    days, hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.groups()[1:])
    return (days + (hours * 3600 + minutes * 60 + seconds) / 86400) * (-1 if match[1] else 1)


def _display(value: float, seen: str | None, code: str, kind: str) -> str:
    if seen is not None:
        return seen.strip(" ")
    if code == "General":
        # Some programs write values without a text or a style.
        code = {"percentage": "0.##%", "date": "yyyy-mm-dd", "time": "hh:mm:ss"}.get(kind, code)
    return number_format(code).number(value, False)


def shown_text(element: etree._Element) -> str | None:
    """Return the text of a cell's paragraphs, one a line; None where it has no paragraph."""
    paragraphs = [child for child in element if child.tag in (TEXT + "p", TEXT + "h")]
    if not paragraphs:
        return None
    return legal("\n".join(_Paragraph(paragraph).text for paragraph in paragraphs))


class _Paragraph:
    """Puts the text of a paragraph together: blanks in the XML are one blank, or none where a line begins."""

    def __init__(self, element: etree._Element) -> None:
        self._pieces: list[str] = []
        self._is_open = False  # whether a blank would be seen here
        self._walk(element)
        self.text = "".join(self._pieces)

    def _add(self, text: str | None) -> None:
        if not text:
            return
        text = _SPACES.sub(" ", text)
        if not self._is_open:
            text = text.removeprefix(" ")
        if text:
            self._pieces.append(text)
            self._is_open = not text.endswith(" ")

    def _add_sign(self, sign: str) -> None:
        self._pieces.append(sign)
        self._is_open = sign != "\n"

    def _walk(self, element: etree._Element) -> None:
        self._add(element.text)
        for child in element:
            name = local_name(child)
            if name == "s":
                self._add_sign(" " * min(count(child, TEXT + "c"), _MAX_BLANKS))
            elif name == "tab":
                self._add_sign("\t")
            elif name == "line-break":
                self._add_sign("\n")
            elif name and name not in _APART:
                self._walk(child)
            self._add(child.tail)
