"""Careful edits of XML parts as bytes: what is not edited stays the same bytes, and no tree is built.

A tree of a large sheet takes ten times its size in memory, and writing it out again changes quotes, entities
and empty elements all over the part. So elements are found by their tags. That is exact for XML without
comments, CDATA sections and processing instructions, in UTF-8; `plain` brings every other part into that form.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from perfxl.model.xml import parse_xml

# Attributes in possessive groups: a tag that never closes costs one pass, not exponential time.
_ATTRIBUTES = rb"""[^<>"']*+(?:"[^"]*"[^<>"']*+|'[^']*'[^<>"']*+)*+"""
_PREFIX = rb"""(?>[^\s<>/:"'=!?]+:)?"""
_DECLARED_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)""")
_ROOT = re.compile(rb"<(" + _PREFIX + rb")([^\s<>/:\"'=!?]+)" + _ATTRIBUTES + rb">")
_ELEMENT_NAME = re.compile(rb"<([^\s<>/]+)")
_NAMESPACE = re.compile(rb"""\sxmlns:([^\s=:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class Edit(NamedTuple):
    """Bytes to be put in place of a stretch of a part; an insertion where `start` is `stop`."""

    start: int
    stop: int
    new: bytes


def apply_edits(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return a part with its edits made; they must not overlap. Insertions at one place keep their order."""
    pieces: list[bytes] = []
    at = 0
    for start, stop, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += (data[at:start], new)
        at = stop
    pieces.append(data[at:])
    return b"".join(pieces)


def plain(data: bytes, name: str) -> bytes:
    """Return a part as UTF-8 without comments, CDATA sections and processing instructions.

    A part that is so already, as nearly all are, comes back as it is.

    Raises:
        InputError: `unsafe_xml` for a document type declaration, `corrupt` for what is not XML.
    """
    declared = data.find(b"?>", 0, _DECLARATION)
    is_utf8 = _is_utf8(data[: declared if declared > 0 else _DECLARATION])
    if is_utf8 and not _has_comments(data) and not _has_instructions(data):
        return data
    root = parse_xml(data, name)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    return serialise(root)


# No declaration is longer.
_DECLARATION = 200


@lru_cache(maxsize=256)
def _is_utf8(head: bytes) -> bool:
    """Whether a part that begins so is in UTF-8; nearly all parts begin the same."""
    declared = _DECLARED_ENCODING.match(head)
    encoding = declared[1].lower() if declared else b"utf-8"
    is_wide = head[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
    return not is_wide and encoding in (b"utf-8", b"utf8", b"us-ascii", b"ascii")


def _has_comments(data: bytes) -> bool:
    # One rare sign is found much faster than two of which the first is everywhere.
    return b"!" in data and b"<!" in data


def _has_instructions(data: bytes) -> bool:
    """Whether a part has a processing instruction besides its declaration."""
    opening = data.find(b"?")
    closing = data.find(b"?", opening + 1)
    if data.find(b"?", closing + 1) < 0 and data[closing - 1 : closing] != b"<":
        return False
    return data.find(b"<?", data.find(b"<?") + 2) >= 0


def serialise(root: etree._Element) -> bytes:
    """Return a tree as a part."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


@lru_cache(maxsize=256)
def start_tag(local: str) -> re.Pattern[bytes]:
    """Return the pattern of an element's start tag, with any prefix; group 1 is the prefix with its colon."""
    return re.compile(rb"<(" + _PREFIX + rb")" + re.escape(local.encode()) + rb"(?=[\s/>])" + _ATTRIBUTES + rb">")


@lru_cache(maxsize=256)
def _start_tag_with(local: str, first: str, is_bare: bool) -> re.Pattern[bytes]:
    # As `start_tag`; without prefixes it begins with fixed letters, which are searched for three times as fast.
    prefix = b"" if is_bare else _PREFIX
    value = rb"(?:\s+" + re.escape(first.encode()) + rb'="([^"<]*)"(?=[\s/>]))?+'
    return re.compile(
        rb"<(" + prefix + rb")" + re.escape(local.encode()) + rb"(?=[\s/>])" + value + rb"(" + _ATTRIBUTES + rb")>"
    )


def start_tags(data: bytes, local: str, start: int, stop: int, first: str = "r") -> Iterator[re.Match[bytes]]:
    """Return the start tags of a name in a long stretch of a part, as `start_tag` matches them.

    Group 2 is the value of the attribute `first` where that is the first one, in double quotes, as all programs
    write it; None says nothing. Group 3 are the attributes behind it, or all where it is None.
    """
    # Most sheets have no colon at all among their rows, and one sign is found faster than several.
    is_bare = data.find(b":", start, stop) < 0 or data.find(b":" + local.encode(), start, stop) < 0
    return _start_tag_with(local, first, is_bare).finditer(data, start, stop)


def end_tag(data: bytes, name: bytes, start: int, stop: int) -> tuple[int, int]:
    """Return where the next end tag of a name, with its prefix, begins and ends; `stop` twice where there is none."""
    tag = b"</" + name
    at = data.find(tag, start, stop)
    while at >= 0:
        end = data.find(b">", at, stop) + 1
        if end and not data[at + len(tag) : end - 1].strip():
            return at, end
        at = data.find(tag, at + 1, stop)
    return stop, stop


@lru_cache(maxsize=256)
def _attribute(name: str) -> re.Pattern[bytes]:
    # Other attributes are stepped over whole, so that a value which looks like the attribute is not taken for it.
    wanted = re.escape(name.encode())
    other = rb"""\s+(?!""" + wanted + rb"""[\s=])[^\s=<>/"']+\s*=\s*(?:"[^"]*"|'[^']*')"""
    return re.compile(rb"<[^\s<>/]+(?:" + other + rb")*+(\s+" + wanted + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)'))""")


def attribute(tag: bytes, name: str) -> bytes | None:
    """Return an attribute's value as it stands in a start tag, entities not resolved; None where absent."""
    match = _attribute(name).match(tag)
    if match is None:
        return None
    return match[2] if match[2] is not None else match[3]


def set_attribute(tag: bytes, name: str, value: bytes | None, after: str = "") -> bytes:
    """Return a start tag with an attribute set, or taken away where `value` is None.

    A new attribute goes behind the attribute `after` where the tag has that one, else behind the element's name.
    """
    match = _attribute(name).match(tag)
    new = b"" if value is None else b' %s="%s"' % (name.encode(), value)
    if match is not None:
        return tag[: match.start(1)] + new + tag[match.end(1) :]
    anchor = _attribute(after).match(tag) if after else None
    at = 1 + len(element_name(tag)) if anchor is None else anchor.end(1)
    return tag[:at] + new + tag[at:]


def element_name(tag: bytes) -> bytes:
    """Return the name in a start tag, with its prefix."""
    return _ELEMENT_NAME.match(tag)[1]  # type: ignore[index]  # every tag has a name


def is_empty(tag: bytes) -> bool:
    """Whether a start tag closes itself."""
    return tag.endswith(b"/>")


def opened(tag: bytes) -> bytes:
    """Return a start tag that does not close itself."""
    return tag[:-2].rstrip() + b">" if is_empty(tag) else tag


def number(value: bytes | None, default: int = 0) -> int:
    """Return an attribute's value as a whole number of at least 0; `default` where it is none."""
    if value is None:
        return default
    if not value.isdigit():
        value = value.strip()
        if not value.isdigit():
            return default
    return int(value) if len(value) < 10 else default


def is_true(value: bytes | None) -> bool:
    """Whether an attribute's value says yes."""
    return value is not None and value.strip() in (b"1", b"true", b"on")


class Element(NamedTuple):
    """Where an element lies in its part.

    Attributes:
        start: Of the start tag.
        inner: Behind the start tag.
        close: Of the end tag; equals `inner` where the start tag closes itself.
        end: Behind the element.
        prefix: With its colon, b"" where there is none.
        tag: The start tag.
    """

    start: int
    inner: int
    close: int
    end: int
    prefix: bytes
    tag: bytes


def root(data: bytes) -> Element:
    """Return the root element of a plain part.

    Raises:
        ValueError: there is none.
    """
    match = _ROOT.search(data)
    if match is None:
        raise ValueError("no root element")
    if is_empty(match[0]):
        return Element(match.start(), match.end(), match.end(), match.end(), match[1], match[0])
    close = data.rfind(b"</")
    return Element(match.start(), match.end(), close, data.find(b">", close) + 1, match[1], match[0])


def find(data: bytes, local: str, start: int = 0, stop: int | None = None) -> Element | None:
    """Return the first element of a name, for names whose elements do not lie inside one another."""
    stop = len(data) if stop is None else stop
    match = start_tag(local).search(data, start, stop)
    return None if match is None else whole(data, local, match, stop)


def find_all(data: bytes, local: str, start: int = 0, stop: int | None = None) -> Iterator[Element]:
    """Yield the elements of a name in order, for names whose elements do not lie inside one another."""
    stop = len(data) if stop is None else stop
    while (found := find(data, local, start, stop)) is not None:
        yield found
        start = found.end


def whole(data: bytes, local: str, match: re.Match[bytes], stop: int) -> Element:
    """Return the element that a start tag begins."""
    if is_empty(match[0]):
        return Element(match.start(), match.end(), match.end(), match.end(), match[1], match[0])
    close, end = end_tag(data, match[1] + local.encode(), match.end(), stop)
    return Element(match.start(), match.end(), close, end, match[1], match[0])


def children(data: bytes, start: int, stop: int) -> Iterator[tuple[str, Element]]:
    """Yield the elements side by side in a stretch of a part, with their local names."""
    while (match := _ROOT.search(data, start, stop)) is not None:
        local = match[2].decode("utf-8", "replace")
        end = close = match.end()
        if not is_empty(match[0]):
            close, end = _matching_end(data, match[1] + match[2], match.end(), stop)
        yield local, Element(match.start(), match.end(), close, end, match[1], match[0])
        start = end


def _matching_end(data: bytes, name: bytes, start: int, stop: int) -> tuple[int, int]:
    close, end = end_tag(data, name, start, stop)
    if data.find(b"<" + name, start, close) < 0:
        return close, end
    depth = 1
    pattern = re.compile(rb"<(/?)" + re.escape(name) + rb"(?=[\s/>])" + _ATTRIBUTES + rb">")
    for tag in pattern.finditer(data, start, stop):
        if tag[1]:
            depth -= 1
        elif not is_empty(tag[0]):
            depth += 1
        if depth == 0:
            return tag.start(), tag.end()
    return stop, stop


def append_child(data: bytes, xml: bytes, parent: Element | None = None) -> bytes:
    """Return a part with elements put in as the last children of the root, or of `parent`."""
    parent = parent or root(data)
    if is_empty(parent.tag):
        tag = opened(parent.tag)
        closing = b"</" + element_name(tag) + b">"
        return data[: parent.start] + tag + xml + closing + data[parent.end :]
    return data[: parent.close] + xml + data[parent.close :]


def prefixed(xml: bytes, prefix: bytes) -> bytes:
    """Return elements of ours under a document's own prefix; their texts hold no raw `<`."""
    return re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1" + prefix, xml) if prefix else xml


def namespace_prefix(tag: bytes, namespace: str) -> bytes | None:
    """Return the prefix (without its colon) that a start tag declares for a namespace, or None."""
    wanted = namespace.encode()
    for match in _NAMESPACE.finditer(tag):
        if wanted in (match[2], match[3]):
            return match[1]
    return None
