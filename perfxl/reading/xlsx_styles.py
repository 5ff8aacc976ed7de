"""The number formats of a workbook's cell styles; how cells look otherwise is not read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from lxml import etree

from perfxl.model.package import Package
from perfxl.model.remembered import by_content
from perfxl.model.xml import local_name, parse_xml, stream_part
from perfxl.reading.number_format import NumberFormat, builtin_format, number_format
from perfxl.reading.xlsx_text import STREAMED_SIZE, clean

_FIRST_OWN = 164  # number formats below are Excel's own and need no definition


class _Codes(NamedTuple):
    """Format codes by style index, None for one that does not exist; `texts` as in `Styles`."""

    codes: Sequence[str | None]
    texts: Mapping[str | None, Callable[[str], str]]


class Styles:
    """Number formats by style index, the index as it is written in cells.

    A style that does not exist shows numbers as `General`: a slip in the looks costs no submission, but it is said,
    for 95% then reads 0.95.

    Attributes:
        is_incomplete: A number was shown whose style or number format does not exist.
        texts: For the styles that change how a text is shown, how.
    """

    def __init__(self, known: _Codes) -> None:
        self._codes = known.codes
        self.texts = known.texts
        self.is_incomplete = False
        self._formats: dict[str | None, NumberFormat] = {}

    def format(self, style: str | None) -> NumberFormat:
        """Return the number format of a cell's `s` attribute."""
        found = self._formats.get(style)
        if found is None:
            found = self._formats[style] = number_format(self._code(style))
        return found

    def _code(self, style: str | None) -> str:
        try:
            index = int(style or "0")
        except ValueError:
            index = -1
        code = self._codes[index] if 0 <= index < len(self._codes) else None
        # Without any style the first one, which nobody chose, is no loss.
        self.is_incomplete |= code is None and (style or "0") != "0"
        return code or "General"


def read_styles(package: Package, part: str | None) -> Styles:
    """Return the number formats of a styles part; none where the part is missing.

    Raises:
        InputError: As `parse_part`, where the part is there but damaged as a whole.
    """
    if part is None or part not in package:
        return Styles(_Codes((), {}))
    entry = package.entry(part)
    if entry is not None and entry.file_size > STREAMED_SIZE:
        return Styles(_codes(stream_part(package, part, "styleSheet", ("numFmt", "xf"))))
    return Styles(_codes_of_part(package.part(part), part))


@by_content
def _codes_of_part(data: bytes, part: str) -> _Codes:
    return _codes(_relevant(parse_xml(data, part, comments=False)))


def _codes(elements: Iterable[etree._Element]) -> _Codes:
    own: dict[str, str] = {}
    ids: list[str] = []
    for element in elements:
        if local_name(element) == "numFmt":
            own[element.get("numFmtId", "")] = clean(element.get("formatCode", ""))
        elif (parent := element.getparent()) is not None and local_name(parent) == "cellXfs":
            ids.append(element.get("numFmtId", "0"))
    by_id = {number: _code(number, own) for number in set(ids)}
    codes = [by_id[number] for number in ids]
    # Few codes change how a text is shown, so these styles are found beforehand.
    changing = {code: show for code in set(codes) if code and (show := _text_function(code)) is not None}
    texts: dict[str | None, Callable[[str], str]] = {
        str(index): changing[code] for index, code in enumerate(codes) if code is not None and code in changing
    }
    if "0" in texts:
        texts[None] = texts["0"]
    return _Codes(codes, texts)


def _relevant(root: etree._Element) -> Iterator[etree._Element]:
    for group in root:
        if local_name(group) in ("numFmts", "cellXfs"):
            yield from group


def _code(number: str, own: dict[str, str]) -> str | None:
    """Return a number format by its number; None where there is no such format."""
    code = own.get(number)
    if code is not None:
        return code or "General"
    is_builtin = number.isascii() and number.isdecimal() and len(number) < 4 and int(number) < _FIRST_OWN
    return builtin_format(int(number)) if is_builtin else None


def _text_function(code: str) -> Callable[[str], str] | None:
    if "@" not in code and code.count(";") < 3:
        return None
    return number_format(code).text
