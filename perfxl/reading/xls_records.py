"""The records of a BIFF workbook stream, looked over before a library reads them.

The library takes records apart that are no concern of ours (names, links, drawings, conditional formats), and a damaged
or hostile one of them would end the reading or take all memory. So those are made unknown to it, and the cells are
counted. The walk takes the same way through the stream as the library: the globals, then each sheet where they say.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.errors import InputError
from perfxl.model.package import ADVICE_RESAVE
from perfxl.reading.content import refuse_many_sheets
from perfxl.reading.xlsx_text import Room

Place = tuple[int, int]

_BOF = frozenset({0x0809, 0x0409, 0x0209, 0x0009})
_EOF, _CODE_PAGE, _BOUNDSHEET, _FILEPASS, _OBJ, _NOTE = 0x0A, 0x42, 0x85, 0x2F, 0x5D, 0x1C
_VALIDATION, _CONDITIONAL, _VBA = 0x1BE, 0x1B0, 0xD3
_FORMULAS = frozenset({0x06, 0x206, 0x406})
_MERGES, _MULTI_NUMBER, _MULTI_BLANK = 0xE5, 0xBD, 0xBE
_VALUES = frozenset({0x02, 0x03, 0x203, 0x04, 0x204, 0x05, 0x205, 0xD6, 0xFD, 0x27E}) | _FORMULAS
_BLANKS = frozenset({0x01, 0x201})
# What the library needs for cells, number formats, looks and the list of sheets; everything else is hidden from it.
_KEPT = (
    _BOF
    | _VALUES
    | _BLANKS
    | {_EOF, _CODE_PAGE, _BOUNDSHEET, _FILEPASS, _MERGES, _MULTI_NUMBER, _MULTI_BLANK}
    | {0x3C, 0xFC, 0x22, 0x92}  # continuation, shared strings, date system, palette
    | {0x43, 0x243, 0x443, 0xE0, 0x31, 0x231, 0x45, 0x32, 0x1E, 0x41E, 0x1F, 0x56, 0x44}  # formats, fonts
    | {0x00, 0x200, 0x08, 0x208, 0x24, 0x25, 0x225, 0x55, 0x7D, 0x99, 0x20}  # extent, rows, columns
    | {0x07, 0x207, 0x21, 0x221, 0x4BC, 0x36, 0x236, 0x37}  # what may follow a formula
    | {0x8E, 0x8F}  # the list of sheets of Excel 4 workbooks
)
_UNKNOWN = struct.pack("<H", 0x0FFF)
_GLOBALS, _WORKSHEET, _CHART = 0x0005, 0x0010, 0x0020
_SHEET_TYPES = {0: "sheet", 1: "macros", 2: "charts"}
# What drawn objects are by the number of their type; others are shapes. Arrows of filters and drop-downs are left out.
_OBJECTS = {5: "charts", 8: "pictures", 20: "", 25: "notes"}
_MAX_RECORDS = 3_000_000
_MAX_BLANKS = 4_000_000
# The library keeps each row down to the last one, and in a row each cell up to its last one.
_MAX_ROWS, _MAX_PLACES = 2_000_000, 8_000_000


class Record(NamedTuple):
    """One record: where it lies in the stream, its number, its content."""

    at: int
    kind: int
    start: int
    stop: int


@dataclass(slots=True)
class Records:
    """What a walk through a workbook stream found.

    Attributes:
        data: The stream with the records hidden that the library must not see.
        version: 2, 3, 4, 5 (Excel 5 and 95) or 8.
        code_page: As stated, None where nothing is stated.
        is_encrypted: It has a password.
        formulas: For each worksheet in the order of the list, the places of its formulas.
        places: For each worksheet, its place among all sheets.
        others: What else is in the file: charts, pictures, shapes, notes, validations, conditions, macros.
    """

    data: bytes
    version: int = 8
    code_page: int | None = None
    is_encrypted: bool = False
    formulas: list[set[Place]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    others: set[str] = field(default_factory=set)


def look_over(stream: bytes, room: Room) -> Records:
    """Walk through a workbook stream.

    Args:
        stream: The bytes, from the first BOF record on.
        room: What the workbook may still take.

    Raises:
        InputError: `corrupt` where a sheet lies outside the stream, `too_large`.
    """
    return _Walk(stream, room).run()


class _Walk:
    def __init__(self, stream: bytes, room: Room) -> None:
        self._stream = stream
        self._data = bytearray(stream)
        self._room = room
        self._records = _MAX_RECORDS
        self._blanks = _MAX_BLANKS
        self._rows = _MAX_ROWS
        self._places = _MAX_PLACES
        self._last_row = 0
        self._widths: dict[int, int] = {}
        self._sheets: list[tuple[int, int]] = []
        self._found = Records(b"")

    def run(self) -> Records:
        found = self._found
        found.version = self._version()
        # Up to Excel 4 a file is one sheet, or a workbook whose sheets lie within the globals.
        formulas = self._substream(0, is_whole=found.version < 5)
        if found.version < 5:
            found.formulas, found.places = [formulas], [0]
        elif not found.is_encrypted:
            # As the globals list them; a damaged place of a sheet may lead back to that list.
            sheets = tuple(self._sheets)
            refuse_many_sheets(len(sheets))
            for number, (at, kind) in enumerate(sheets):
                self._sheet(number, at, kind)
        found.data = bytes(self._data)
        return found

    def _version(self) -> int:
        opcode, _, version = struct.unpack_from("<HHH", self._stream.ljust(6, b"\0"))
        if opcode == 0x0809:
            return {0x0600: 8, 0x0500: 5}.get(version, 8)
        return {0x0009: 2, 0x0209: 3, 0x0409: 4}.get(opcode, 8)

    def _sheet(self, number: int, at: int, kind: int) -> None:
        what = _SHEET_TYPES.get(kind)
        if what != "sheet":
            if what:
                self._found.others.add(what)
            return
        if not 0 < at < len(self._stream) or int.from_bytes(self._stream[at : at + 2], "little") not in _BOF:
            raise InputError("corrupt", "文件已损坏：工作表不在目录所说的位置。", ADVICE_RESAVE)
        self._found.formulas.append(self._substream(at))
        self._found.places.append(number)

    def _substream(self, at: int, *, is_whole: bool = False) -> set[Place]:
        """Look over a substream and the charts within it; return the places of its formulas."""
        formulas: set[Place] = set()
        within: list[int] = []
        self._last_row = 0
        self._widths = {}
        for record in self._walk(at):
            kind = record.kind
            if kind in _BOF:
                within.append(int.from_bytes(self._stream[record.start + 2 : record.start + 4], "little"))
            elif kind == _EOF:
                if within:
                    within.pop()
                if not within and not is_whole:
                    break
            elif kind not in _KEPT:
                self._other(record)
                self._data[record.at : record.at + 2] = _UNKNOWN
            elif _CHART not in within:
                self._kept(record)
                if kind in _FORMULAS:
                    formulas.add(self._place(record))
            if within and within[-1] == _CHART:
                self._found.others.add("charts")
        return formulas

    def _walk(self, at: int) -> Iterator[Record]:
        stream, last = self._stream, len(self._stream) - 4
        while at <= last:
            kind, length = struct.unpack_from("<HH", stream, at)
            yield Record(at, kind, at + 4, at + 4 + length)
            at += 4 + length
            self._records -= 1
            if self._records < 0:
                self._room.refuse()

    def _place(self, record: Record) -> Place:
        row, column = struct.unpack("<HH", self._stream[record.start : record.start + 4].ljust(4, b"\0"))
        return row + 1, column + 1

    def _kept(self, record: Record) -> None:
        kind, length = record.kind, record.stop - record.start
        if kind in _VALUES:
            self._room.cells -= 1
            self._reach(*self._place(record))
        elif kind == _MULTI_NUMBER:
            self._room.cells -= length // 6
            self._reach(self._place(record)[0], self._place(record)[1] + length // 6)
        elif kind in _BLANKS:
            self._blanks -= 1
            self._reach(*self._place(record))
        elif kind == _MULTI_BLANK:
            self._blanks -= length // 2
            self._reach(self._place(record)[0], self._place(record)[1] + length // 2)
        elif kind == _MERGES:
            self._room.merges -= length // 8
            content = self._stream[record.start + 2 : record.stop]
            bottoms = [int.from_bytes(content[at : at + 2], "little") for at in range(2, len(content), 8)]
            self._reach(max(bottoms, default=0) + 1, 0)
        elif kind == _CODE_PAGE:
            self._found.code_page = int.from_bytes(self._stream[record.start : record.start + 2], "little")
        elif kind == _FILEPASS:
            self._found.is_encrypted = True
        elif kind == _BOUNDSHEET and self._found.version >= 5:
            at, _, sheet = struct.unpack("<iBB", self._stream[record.start : record.start + 6].ljust(6, b"\0"))
            self._sheets.append((at, sheet))
        if min(self._room.cells, self._room.merges, self._blanks) < 0:
            self._room.refuse()

    def _reach(self, row: int, column: int) -> None:
        """Count what the library will keep for a sheet that goes as far as a cell."""
        if row > self._last_row:
            self._rows -= row - self._last_row
            self._last_row = row
        width = self._widths.get(row, 0)
        if column > width:
            self._places -= column - width
            self._widths[row] = column
        if self._rows < 0 or self._places < 0:
            self._room.refuse()

    def _other(self, record: Record) -> None:
        others = self._found.others
        if record.kind == _OBJ:
            # The type stands behind the head of the first part; in Excel 5 behind the number of objects.
            at = record.start + 4
            what = _OBJECTS.get(int.from_bytes(self._stream[at : at + 2], "little"), "shapes")
            others.update([what] if what else [])
        elif record.kind == _NOTE:
            others.add("notes")
        elif record.kind == _VALIDATION:
            others.add("validations")
        elif record.kind == _CONDITIONAL:
            others.add("conditions")
        elif record.kind == _VBA:
            others.add("macros")
