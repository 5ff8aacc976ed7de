"""Texts of a package: escapes decoded, rich text joined, shared strings."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import NoReturn, cast

from lxml import etree

from perfxl.errors import InputError
from perfxl.model.grid import Cell, CellKind
from perfxl.model.limits import DEFAULT_LIMITS, Limits
from perfxl.model.package import ADVICE_RESAVE, Package, too_large
from perfxl.model.xml import local_name, parse_part, parse_xml, root_name, stream_part
from perfxl.reading.xlsx_scan import NotPlainError, carve, plain_texts

# A part beyond this many bytes is read piece by piece instead of as a tree.
STREAMED_SIZE = 2 * 2**20
_MAX_STRINGS = 1_000_000

_COUNTS = re.compile(rb'ount="[0-9]+"')
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
# What no text of ours may hold: control characters but tab and line feed, halves of surrogate pairs, and the two
# places that XML does not allow.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ILLEGAL = re.compile(f"{_UNWANTED.pattern}|{_UNWRITABLE.pattern}")

# Makes a cell of its four fields; the constructor of a NamedTuple takes twice the time, and a batch has millions.
new_cell = cast(
    Callable[[tuple[str, float | str | bool | None, CellKind, str | None]], Cell], partial(tuple.__new__, Cell)
)


def clean(text: str) -> str:
    """Return a stored text as it reads: `_x000A_` is a line feed, `_x005F_x000A_` the seven signs `_x000A_`.

    Control characters are dropped, half surrogate pairs become U+FFFD, so that the result can be encoded and
    written to XML.
    """
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        if not text.isprintable():
            text = _PAIR.sub(lambda match: match[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return legal(text)


def legal(text: str) -> str:
    """Return a text without what no text of ours may hold; escapes stay as they are, as in other formats."""
    if text.isprintable() or not _ILLEGAL.search(text):
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWRITABLE.sub("\ufffd", _UNWANTED.sub("", text))


def rich_text(element: etree._Element) -> str:
    """Return the text of an `si` or `is` element: its runs joined, phonetic guides left out."""
    pieces = []
    for child in element:
        name = local_name(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces.extend(run.text or "" for run in child if local_name(run) == "t")
    return clean("".join(pieces))


class Room:
    """What a workbook may still take; passing it is `too_large`, where a form stays far below."""

    __slots__ = ("cells", "characters", "merges")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.cells = limits.cells
        self.characters = limits.characters
        self.merges = limits.merges

    def refuse(self) -> NoReturn:
        """Raise the error that says so."""
        raise too_large("工作簿的内容过多，超出可读取的上限。", "cells")

    def take_text(self, text: str) -> None:
        """Count the characters of a text that will be kept."""
        self.characters -= len(text)
        if self.characters < 0:
            self.refuse()


class SharedStrings:
    """The shared strings of a workbook as ready cells, made when a cell first asks for them."""

    def __init__(self, package: Package, part: str | None, room: Room) -> None:
        self._package = package
        self._part = part
        self._room = room
        self._loaded = False
        # Texts as stored, escapes not decoded; None where the item must be looked up in the tree.
        self._texts: list[str | None] = []
        self._items: list[etree._Element] = []
        # By the index as it is written in cells, so that the usual cell needs one look-up and no conversion.
        self.cells: dict[str, Cell] = {}

    def cell(self, index: str) -> Cell:
        """Return the cell that shows a shared string.

        Raises:
            InputError: `corrupt` where the index or the whole part is missing.
        """
        if not self._loaded:
            self._load()
            if index in self.cells:
                return self.cells[index]
        try:
            number = int(index)
            if number < 0:
                raise ValueError(index)
            text = self._texts[number]
        except (ValueError, IndexError) as error:
            raise InputError("corrupt", "文件已损坏：单元格指向的共享文本不存在。", ADVICE_RESAVE) from error
        if text is None:
            text = rich_text(self._item(number))
        elif "_x" in text or not text.isprintable():
            text = clean(text)
        self._room.take_text(text)
        made = self.cells[index] = new_cell((text, text, "text", None))
        return made

    def _item(self, number: int) -> etree._Element:
        if not self._items:
            root = parse_part(self._package, self._part or "", comments=False)
            self._items = [element for element in root if local_name(element) == "si"]
        return self._items[number]

    def _load(self) -> None:
        self._loaded = True
        if self._part is None:
            return
        entry = self._package.entry(self._part)
        if entry is not None and entry.file_size > STREAMED_SIZE:
            for text in self._streamed(self._part):
                self._room.take_text(text)
                self._texts.append(text)
                if len(self._texts) > _MAX_STRINGS:
                    self._room.refuse()
            return
        data = self._package.part(self._part)
        try:
            inner, rest = carve(data, "sst")
            # It is XML. The counts are set to 0, so that it is the same for the files of one program.
            root_name(_COUNTS.sub(b'ount="0"', rest), self._part)
            self._texts = plain_texts(inner)
            self._make_all()
        except NotPlainError:
            root = parse_xml(data, self._part, comments=False)
            self._items = [element for element in root if local_name(element) == "si"]
            self._texts = [None] * len(self._items)

    def _make_all(self) -> None:
        """Make the cells of all plain texts: nearly always all of them are asked for."""
        room = self._room.characters
        for number, text in enumerate(self._texts):
            if text is None:
                continue
            if "_x" in text or not text.isprintable():
                text = clean(text)
            room -= len(text)
            self.cells[str(number)] = new_cell((text, text, "text", None))
        self._room.characters = room
        if room < 0:
            self._room.refuse()

    def _streamed(self, part: str) -> Iterator[str]:
        return (rich_text(element) for element in stream_part(self._package, part, "sst", ("si",)))
