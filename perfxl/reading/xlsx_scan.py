"""The quick way through parts that are written as Excel, WPS and the usual libraries write them.

A sheet is one long list of cells in one fixed notation. Where a part keeps to it without a gap, a regular expression
takes it apart in a fifth of the time that a tree takes. Whatever else it holds (comments, prefixes, other orders of
attributes, anything that is not XML) is given up here, and the part is read as a tree: the same values, or the error.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from perfxl.model.cells import MAX_ROW, parse_a1

# Up to the root element: UTF-8, no document type.
_START = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="\w+")? ?\?>)?\s*<\w'
)
# XML has no such characters, and turns carriage returns into line feeds.
_FORBIDDEN = bytes([*range(9), *range(11, 32)])
_ATTRIBUTES = r'(?: [A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?="[^"<>&]*")*'
_BLANK = r'<c r="[A-Za-z]++[0-9]++"(?: s="[0-9]++")?+/>'
# Rows without cells may go before one with cells, and blank cells follow its tag.
_ROW = re.compile(rf'((?:<row r="[1-9][0-9]{{0,6}}"[^<>]*/>)*)<row r="([0-9]{{1,7}})"([^<>]*)>(?:{_BLANK})*+')
_LONGEST_GAP = 400
_BLANK_ROW = re.compile(
    rb'<row r="[1-9][0-9]{0,6}"(?: (?!hidden)[A-Za-z_:0-9.-]+="[^"<>&]*")*'
    rb'(?:/>|>(?:<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]+")?/>)*</row>)'
)
# `split` gives for each filled cell what stands before it, then these three groups. Blank cells behind a filled one
# belong to it: they are half of all cells, and one expression for both is quicker than two.
_CELL = re.compile(rf'<c r="([^<>]*+)>(<f[^<>]*(?:/>|>[^<]*+</f>))?+(?:<v>([^<]*+)</v>)?+</c>(?:{_BLANK})*+')
_FIELDS = 4
_HEAD = re.compile(r'([A-Za-z]{1,3}[0-9]{1,7})"(?: s="([0-9]{1,7})")?(?: t="([A-Za-z]{1,9})")?')
_FORMULA = re.compile("<f([^<>]*?)(?:/>|>([^<]*)</f>)")
_MERGES = re.compile(rb'<mergeCells(?: count="[0-9]+")?>(?:<mergeCell ref="[A-Za-z0-9:$]+"/>)*</mergeCells>')
_MERGE = re.compile('ref="([^"]+)"')
_LIST = re.compile(_ATTRIBUTES)
_PREFIX = re.compile(r" ([\w.-]+):[\w.-]+=")
_ATTRIBUTE = re.compile(' ([^ =]+)="([^"]*)"')
_TEXT = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t>(?:<phoneticPr[^<>&]*/>)?</si>')
_ENTITY = re.compile("&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class NotPlainError(Exception):
    """A part is written in a way that only the XML parser understands, or is no XML."""


class PlainCells(NamedTuple):
    """The filled cells of a sheet.

    Attributes:
        fields: Four for each cell that is not blank: what stands before it, its tag behind `<c r="`, its formula's
            element, its value. Either of the last two is None where it is not written.
        hidden: The numbers of the rows that say whether they are hidden, each with what it says.
    """

    fields: list[str | None]
    hidden: list[tuple[int, str]]


class Head(NamedTuple):
    """What the tag of a cell says: (row, column), index of its style, type."""

    place: tuple[int, int]
    style: str | None
    kind: str | None


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
    raw = data[opening.end() : stop]
    try:
        inner = raw.decode()
    except UnicodeDecodeError as error:
        raise NotPlainError from error
    # What ends a CDATA section may stand nowhere else; comments and CDATA themselves are tags that the callers miss.
    if b"<!" in rest or ("]" in inner and "]]>" in inner) or "xmlns" in inner:
        raise NotPlainError
    if not inner.isprintable() and (
        len(raw.translate(None, _FORBIDDEN)) < len(raw) or "\ufffe" in inner or "\uffff" in inner
    ):
        raise NotPlainError
    return inner, rest


def carve_merges(rest: bytes) -> tuple[list[str] | None, bytes]:
    """Return the merged ranges as written, and the part with their element empty; None where that needs the XML parser.

    Args:
        rest: As `carve` returns it: without comments, so that what looks like a tag is one.
    """
    match = _MERGES.search(rest)
    if match is None or rest.count(b"mergeCells") != 2:
        return None, rest
    return _MERGE.findall(match[0].decode("ascii")), b"<mergeCells/>".join((rest[: match.start()], rest[match.end() :]))


def plain_cells(inner: str, rest: bytes) -> PlainCells:
    """Return the cells of a `sheetData` element's text.

    Args:
        inner: What stands in the element.
        rest: The part around it, where prefixes are declared.

    Raises:
        NotPlainError: Anything in it is written differently.
    """
    # A row ends before the first one and another begins behind the last one, so that all gaps are alike.
    fields = _CELL.split(f'</row>{inner}<row r="1">')
    hidden: list[tuple[int, str]] = []
    prefixes: set[str] = set()
    for gap in filter(None, fields[::_FIELDS]):
        found = _known_gap(gap) if len(gap) <= _LONGEST_GAP else _gap(gap)
        if found is not None:
            hidden += found.hidden
            prefixes |= found.prefixes
    if any(b"xmlns:%b=" % prefix.encode() not in rest for prefix in prefixes):
        raise NotPlainError
    del fields[-1]
    if "&" in inner:
        fields[3::_FIELDS] = [value and unescape(value) for value in fields[3::_FIELDS]]
    return PlainCells(fields, hidden)


def _gap(gap: str) -> _Gap | None:
    """Return what stands between two cells of different rows, None where that is nothing but new rows.

    Raises:
        NotPlainError: It is anything else.
    """
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
    return _Gap(tuple(hidden), frozenset(prefixes)) if hidden or prefixes else None


# The rows of files that were filled into one template begin alike.
_known_gap = lru_cache(maxsize=8192)(_gap)


# The same few thousand tags come back in every form of a batch; each is understood once.
@lru_cache(maxsize=16384)
def cell_head(tag: str) -> Head:
    """Return what the tag of a cell says, as written behind `<c r="`.

    Raises:
        NotPlainError: There are other attributes, or in another order, or its reference is none.
    """
    match = _HEAD.fullmatch(tag)
    if match is None:
        raise NotPlainError
    try:
        return Head(parse_a1(match[1]), match[2], match[3])
    except ValueError:
        raise NotPlainError from None


def plain_formula(element: str) -> tuple[dict[str, str], str | None]:
    """Return the attributes of a formula's element and its text, None for an empty element.

    Raises:
        NotPlainError: Anything in it is written differently.
    """
    match = _FORMULA.fullmatch(element)
    if match is None:
        raise NotPlainError
    return named_attributes(match[1]), match[2] and unescape(match[2])


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
    # Nearly always all are plain: then nothing stands between them.
    between = _TEXT.split(inner)
    if not any(between[::2]):
        texts: list[str | None] = between[1::2]
        return [text and unescape(text) for text in texts] if "&" in inner else texts
    *pieces, last = inner.split("</si>")
    if last or "<!" in inner or "<?" in inner:
        raise NotPlainError
    texts = []
    for piece in pieces:
        match = _TEXT.fullmatch(f"{piece}</si>")
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
