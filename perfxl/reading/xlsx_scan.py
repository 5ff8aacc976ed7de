"""The quick way through parts that are written as Excel, WPS and the usual libraries write them.

A sheet is one long list of cells in one fixed notation. Where a part keeps to it without a gap, a regular expression
takes it apart in a fifth of the time that a tree takes. Whatever else it holds (comments, prefixes, other orders of
attributes, anything that is not XML) is given up here, and the part is read as a tree: the same values, or the error.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from perfxl.model.cells import MAX_ROW

# Up to the root element: UTF-8, no document type.
_START = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="\w+")? ?\?>)?\s*<\w'
)
# XML has no such characters, and turns carriage returns into line feeds.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_ATTRIBUTES = r'(?: [A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?="[^"<>&]*")*'
# Rows without cells may go before one with cells.
_ROW = re.compile(r'((?:<row r="[1-9][0-9]{0,6}"[^<>]*/>)*)<row r="([0-9]{1,7})"([^<>]*)>')
_LONGEST_GAP = 400
# A blank cell between two tags, taken out together with the end of the tag before it and without its own.
_BLANK_CELL = re.compile(r'><c r="[A-Za-z]+[0-9]+"(?: s="[0-9]+")?/(?=><)')
_BLANK_ROW = re.compile(
    rb'<row r="[1-9][0-9]{0,6}"(?: (?!hidden)[A-Za-z_:0-9.-]+="[^"<>&]*")*'
    rb'(?:/>|>(?:<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]+")?/>)*</row>)'
)
# `split` gives for each filled cell what stands before it (nothing, in a plain part), then these five groups.
_CELL = re.compile(r'<c r="([A-Za-z]+[0-9]+)"([^<>]*)>(?:<f([^<>]*)(?:/>|>([^<]*)</f>))?(?:<v>([^<]*)</v>)?</c>')
_FIELDS = 5
_CELL_ATTRIBUTES = re.compile(r'(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?')
_LIST = re.compile(_ATTRIBUTES)
_PREFIX = re.compile(r" ([\w.-]+):[\w.-]+=")
_ATTRIBUTE = re.compile(' ([^ =]+)="([^"]*)"')
_TEXT = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t>(?:<phoneticPr[^<>&]*/>)?')
_ENTITY = re.compile("&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class NotPlainError(Exception):
    """A part is written in a way that only the XML parser understands, or is no XML."""


class PlainCells(NamedTuple):
    """The filled cells of a sheet.

    Attributes:
        fields: Six for each cell that is not blank: what stands before it, reference, attributes, attributes of the
            formula, formula, value. A field that is not written is None.
        hidden: The numbers of the rows that say whether they are hidden, each with what it says.
    """

    fields: list[str | None]
    hidden: list[tuple[int, str]]


class _Gap(NamedTuple):
    """What stands between two cells: `hidden` as in `PlainCells`, and prefixes of attributes."""

    hidden: tuple[tuple[int, str], ...]
    prefixes: frozenset[str]


def carve(data: bytes, element: str) -> tuple[str, bytes]:
    """Return what stands between the tags of an element, and the part with the element empty.

    Args:
        data: A part.
        element: The local name of an element that occurs once, such as `sheetData`.

    Raises:
        NotPlainError: The part is written differently. Otherwise the text inside is proven to hold only characters
            that XML may hold, no comments and no namespaces; its tags are yet to be looked at.
    """
    head, tail = re.compile(rb"<%b%b>" % (element.encode(), _ATTRIBUTES.encode())), f"</{element}>".encode()
    opening = head.search(data)
    stop = data.find(tail, opening.end()) if opening else -1
    if opening is None or stop < 0 or _START.match(data) is None or data.count(opening[0][: len(element) + 1]) > 1:
        raise NotPlainError
    rest = data[: opening.end()] + data[stop:]
    try:
        inner = data[opening.end() : stop].decode()
    except UnicodeDecodeError as error:
        raise NotPlainError from error
    # What ends a CDATA section may stand nowhere else; comments and CDATA themselves are tags that the callers miss.
    if b"<!" in rest or ("]" in inner and "]]>" in inner) or "xmlns" in inner:
        raise NotPlainError
    if not inner.isprintable() and _FORBIDDEN.search(inner):
        raise NotPlainError
    return inner, rest


def plain_cells(inner: str, rest: bytes) -> PlainCells:
    """Return the cells of a `sheetData` element's text.

    Args:
        inner: What stands in the element.
        rest: The part around it, where prefixes are declared.

    Raises:
        NotPlainError: Anything in it is written differently.
    """
    # A row ends before the first one and another begins behind the last one, so that all gaps are alike.
    fields = _CELL.split(f'</row>{_BLANK_CELL.sub("", inner)}<row r="1">')
    hidden: list[tuple[int, str]] = []
    prefixes: set[str] = set()
    for gap in filter(None, fields[:: _FIELDS + 1]):
        found = _known_gap(gap) if len(gap) <= _LONGEST_GAP else _gap(gap)
        hidden += found.hidden
        prefixes |= found.prefixes
    if any(b"xmlns:%b=" % prefix.encode() not in rest for prefix in prefixes):
        raise NotPlainError
    del fields[-1]
    if "&" in inner:
        for place in (4, 5):
            fields[place :: _FIELDS + 1] = [text and unescape(text) for text in fields[place :: _FIELDS + 1]]
    return PlainCells(fields, hidden)


def _gap(gap: str) -> _Gap:
    """Take apart what stands between two cells of different rows; raises NotPlainError for anything but rows."""
    before, *rows = gap.split("</row>")
    hidden = []
    prefixes: set[str] = set()
    for row in rows:
        match = _ROW.fullmatch(row)
        if match is None or "hidden" in match[1] or not 1 <= (number := int(match[2])) <= MAX_ROW:
            raise NotPlainError
        stated = named_attributes(match[3]).get("hidden")
        if stated is not None:
            hidden.append((number, stated))
        prefixes.update(_PREFIX.findall(match[3]))
    if before or not rows:
        raise NotPlainError
    return _Gap(tuple(hidden), frozenset(prefixes))


# The rows of files that were filled into one template begin alike.
_known_gap = lru_cache(maxsize=8192)(_gap)


@lru_cache(maxsize=4096)
def cell_attributes(attributes: str) -> tuple[str | None, str | None]:
    """Return the style and the type of a cell from its attributes as written.

    Raises:
        NotPlainError: There are others, or in another order.
    """
    match = _CELL_ATTRIBUTES.fullmatch(attributes)
    if match is None:
        raise NotPlainError
    return match[1], match[2]


@lru_cache(maxsize=1024)
def named_attributes(attributes: str) -> dict[str, str]:
    """Return attributes as written by name; there is no `r` among them.

    Raises:
        NotPlainError: It is no list of attributes.
    """
    found = _ATTRIBUTE.findall(attributes)
    named = dict(found)
    if _LIST.fullmatch(attributes) is None or len(named) < len(found) or "r" in named:
        raise NotPlainError
    return named


def without_blank_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Take the rows in which nothing is filled or hidden out of a part that comes piece by piece.

    Formatting drawn down to the last row leaves a million of them, ten seconds for a parser.
    """
    held, is_plain = b"", True
    for piece in pieces:
        held += piece
        # Up to the last row that begins here; what comes before it is complete. Where rows do not say their number
        # all goes on as it is, and from the first comment on, in which something may look like a row and be none.
        stop = held.rfind(b"<row ")
        whole, held = (held[:stop], held[stop:]) if stop > 0 else (held, b"")
        is_plain = is_plain and b"<!" not in whole and whole.count(b"<row") == whole.count(b'<row r="')
        if is_plain:
            whole = _BLANK_ROW.sub(b"", whole)
        if whole:
            yield whole
    if held:
        yield held


def plain_texts(inner: str) -> list[str | None]:
    """Return the texts of an `sst` element; None for each that is more than one run of plain text.

    Raises:
        NotPlainError: It cannot be told where one text ends and the next begins.
    """
    *pieces, last = inner.split("</si>")
    if last or "<!" in inner or "<?" in inner:
        raise NotPlainError
    texts: list[str | None] = []
    for piece in pieces:
        match = _TEXT.fullmatch(piece)
        if match is not None:
            texts.append(unescape(match[1]))
        elif piece.startswith(("<si>", "<si ")) and piece.count("<si") == 1:
            texts.append(None)
        else:
            raise NotPlainError
    return texts


def unescape(text: str) -> str:
    """Return an XML text with its entities resolved.

    Raises:
        NotPlainError: It holds other entities than XML's own.
    """
    if "&" not in text:
        return text
    if text.count("&") != len(_ENTITY.findall(text)):
        raise NotPlainError
    return _ENTITY.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _ENTITIES[match[1]]
    number = int(match[2]) if match[2] else int(match[3], 16)
    # Those that XML may not hold even so, and the carriage return, which stays one when written like this.
    if (
        number > 0x10FFFF
        or 0xD800 <= number <= 0xDFFF
        or (number < 0x20 and number not in (9, 10, 13))
        or number in (0xFFFE, 0xFFFF)
    ):
        raise NotPlainError
    return chr(number)
