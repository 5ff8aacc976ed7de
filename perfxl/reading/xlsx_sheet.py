"""One worksheet part → its filled cells, merged ranges, hidden rows and columns."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from lxml import etree

from perfxl.errors import InputError
from perfxl.model.cells import MAX_COLUMN, MAX_ROW, Span, parse_a1
from perfxl.model.grid import Cell
from perfxl.model.package import ADVICE_RESAVE, Package
from perfxl.model.remembered import by_content
from perfxl.model.xml import local_name, parse_xml, stream_part
from perfxl.reading.format_dates import DAYS_TO_1904, iso_serial
from perfxl.reading.number_format import NumberFormat, number_format
from perfxl.reading.xlsx_scan import (
    NotPlainError,
    PlainCells,
    carve,
    carve_merges,
    cell_head,
    plain_cells,
    plain_formula,
    without_blank_rows,
)
from perfxl.reading.xlsx_styles import Styles
from perfxl.reading.xlsx_text import STREAMED_SIZE, Room, SharedStrings, clean, new_cell, rich_text

Place = tuple[int, int]

_TRUE = frozenset({"1", "true", "on"})
_BOOLS = {"1": Cell("TRUE", True, "bool"), "0": Cell("FALSE", False, "bool")}
_BOOLS |= {"true": _BOOLS["1"], "false": _BOOLS["0"]}
_LONG_NUMBER = 40  # characters; a number is longer only by the text of its format

# The same few hundred references come back in every form of a batch; a place is parsed once.
_place = lru_cache(maxsize=16384)(parse_a1)


class Sheet:
    """What was found on one worksheet, filled in while its part is read.

    Attributes:
        cells: The filled cells by (row, column).
        merges: The merged ranges as stored.
        hidden_rows: Rows marked as hidden.
        hidden_columns: Columns marked as hidden.
        twice: Of cells that are written twice with different contents, what came first.
        has_strays: Something else than rows and cells stands where they should.
        strays: The cells within it, which are not read.
    """

    __slots__ = ("cells", "has_strays", "hidden_columns", "hidden_rows", "merges", "strays", "twice")

    def __init__(self) -> None:
        self.cells: dict[Place, Cell] = {}
        self.merges: list[Span] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.twice: dict[Place, Cell] = {}
        self.has_strays = False
        self.strays: set[Place] = set()


class _Frame(NamedTuple):
    """What a sheet's part says around its cells.

    Attributes:
        kind: The name of its root element.
        has_cells: It has a place for them.
        has_merges: It has a place for merged ranges.
        merges: The merged ranges as written.
        hidden_columns: Columns marked as hidden.
    """

    kind: str
    has_cells: bool
    has_merges: bool
    merges: tuple[str, ...]
    hidden_columns: frozenset[int]


def _frame(root: etree._Element) -> _Frame:
    groups = [(local_name(group), group) for group in root]
    elements = chain.from_iterable(group for name, group in groups if name in ("cols", "mergeCells"))
    names = {name for name, _ in groups}
    return _Frame(local_name(root), "sheetData" in names, "mergeCells" in names, *_merges_and_hidden(elements))


def _merges_and_hidden(elements: Iterable[etree._Element]) -> tuple[tuple[str, ...], frozenset[int]]:
    merges: list[str] = []
    hidden: set[int] = set()
    for element in elements:
        if (reference := element.get("ref")) is not None:
            merges.append(reference)
        elif element.get("hidden") in _TRUE:
            hidden.update(_columns(element))
    return tuple(merges), frozenset(hidden)


@by_content
def _frame_of_part(rest: bytes, part: str) -> _Frame:
    return _frame(parse_xml(rest, part, comments=False))


class SheetReader:
    """Reads the worksheets of one workbook."""

    def __init__(self, package: Package, strings: SharedStrings, styles: Styles, room: Room, date1904: bool) -> None:
        self._package = package
        self._strings = strings
        self._styles = styles
        self._room = room
        self._date1904 = date1904
        # What `Sheet` says of them, by the name of the part.
        self.twice: dict[str, dict[Place, Cell]] = {}
        self.strays: dict[str, set[Place]] = {}

    def read(self, part: str) -> Sheet | None:
        """Read a worksheet part; None where it is a chart, dialog or macro sheet.

        Raises:
            InputError: `corrupt` where the part is damaged or is no sheet, `too_large`, `unsafe_xml`.
        """
        sheet = self._read(part)
        if sheet is not None:
            # Rows below the last filled cell hold nothing that could be hidden.
            last = max((row for row, _ in sheet.cells), default=0) if sheet.hidden_rows else 0
            sheet.hidden_rows = {row for row in sheet.hidden_rows if row <= last}
            self._room.cells -= len(sheet.cells)
            if sheet.has_strays:
                self.strays[self.part_name(part)] = sheet.strays
            if sheet.twice:
                self.twice[self.part_name(part)] = sheet.twice
        return sheet

    def _read(self, part: str) -> Sheet | None:
        entry = self._package.entry(part)
        if entry is not None and entry.file_size > STREAMED_SIZE:
            sheet = Sheet()
            self._cells(sheet).read(self._streamed_rows(sheet, part))
            return sheet
        data = self._package.part(part)
        try:
            return self._read_plain(part, data)
        except NotPlainError:
            return self._read_tree(part, data)

    def _cells(self, sheet: Sheet) -> "_Cells":
        return _Cells(sheet, self._strings, self._styles, self._room, self._date1904)

    def _read_plain(self, part: str, data: bytes) -> Sheet:
        """Read a part whose cells need no parser; raises NotPlainError for others, damaged ones among them."""
        inner, rest = carve(data, "sheetData")
        merges, rest = carve_merges(rest)
        try:
            frame = _frame_of_part(rest, part)
        except InputError as error:
            raise NotPlainError from error
        if frame.kind != "worksheet":
            raise NotPlainError
        sheet = Sheet()
        if frame.has_cells:
            self._cells(sheet).read_plain(plain_cells(inner, rest))
        self._take(sheet, merges if merges and frame.has_merges else frame.merges, frame.hidden_columns)
        return sheet

    def _read_tree(self, part: str, data: bytes) -> Sheet | None:
        root = parse_xml(data, part, comments=False)
        frame = _frame(root)
        if frame.kind in ("chartsheet", "dialogsheet", "macrosheet"):
            return None
        if frame.kind != "worksheet":
            raise InputError("corrupt", f"文件已损坏：部件 {part} 不是工作表。", ADVICE_RESAVE)
        sheet = Sheet()
        for group in root:
            if local_name(group) == "sheetData":
                self._cells(sheet).read(group)
        self._take(sheet, frame.merges, frame.hidden_columns)
        return sheet

    def _streamed_rows(self, sheet: Sheet, part: str) -> Iterator[etree._Element]:
        for element in stream_part(self._package, part, "worksheet", ("row", "col", "mergeCell"), without_blank_rows):
            if local_name(element) == "row":
                yield element
            else:
                self._take(sheet, *_merges_and_hidden([element]))

    def _take(self, sheet: Sheet, merges: Iterable[str], hidden_columns: Iterable[int]) -> None:
        spans = [span for reference in merges if (span := _span(reference)) is not None]
        sheet.merges += spans
        sheet.hidden_columns.update(hidden_columns)
        self._room.merges -= len(spans)
        if self._room.merges < 0:
            self._room.refuse()

    def part_name(self, part: str) -> str:
        """Return a part's name as the package's directory has it."""
        entry = self._package.entry(part)
        return part if entry is None else entry.filename


class _Cells:
    """Reads the cells of row elements into a sheet."""

    def __init__(self, sheet: Sheet, strings: SharedStrings, styles: Styles, room: Room, date1904: bool) -> None:
        self._sheet = sheet
        self._strings = strings
        self._styles = styles
        self._room = room
        self._date1904 = date1904
        self._cells = sheet.cells
        self._masters: dict[str, str] = {}
        # How the usual numbers of a style are shown, from the first number under it on.
        self._numbers: dict[str | None, Callable[[str], Cell | None]] = {}

    def read(self, rows: Iterable[etree._Element]) -> None:
        """Read row elements; rows and cells without references follow the ones before them."""
        number = 0
        namespace = None
        c = v = f = inline = ""
        for row in rows:
            if local_name(row) != "row":
                self._stray(row)
                continue
            if namespace is None:
                namespace = row.tag[: -len("row")]
                c, v, f, inline = namespace + "c", namespace + "v", namespace + "f", namespace + "is"
            number = self._row(number, row.get("r"), row.get("hidden"))
            columns: dict[etree._Element, int] = {}
            for element in row:
                if not len(element):
                    continue
                if element.tag != c:
                    self._stray(element)
                    continue
                stored: str | None = None
                formula: str | None = None
                for child in element:
                    tag = child.tag
                    if tag == v:
                        stored = child.text or ""
                    elif tag == f:
                        formula = self._formula(child.text, child.get("t"), child.get("si"))
                    elif tag == inline:
                        stored = rich_text(child)
                cell = self._cell(element.get("t"), element.get("s"), stored, formula)
                if cell is None and stored is None:
                    continue
                reference = element.get("r")
                if reference is not None:
                    place = _valid_place(reference)
                else:
                    columns = columns or _implied_columns(row)
                    place = number, columns[element]
                before = self._cells.get(place)
                if before is not None and before != cell:
                    self._sheet.twice.setdefault(place, before)
                if cell is not None:
                    self._cells[place] = cell
            self._check_room()

    def _stray(self, element: etree._Element) -> None:
        """Note an element that stands where rows or cells should."""
        if not len(element):
            return
        self._sheet.has_strays = True
        for cell in element.iter():
            if local_name(cell) == "c" and len(cell) and (reference := cell.get("r")):
                self._sheet.strays.add(_valid_place(reference))

    def read_plain(self, found: PlainCells) -> None:
        """Read cells that were taken apart without a parser; NotPlainError may come in the middle of them."""
        cells, shared, texts = self._sheet.cells, self._strings.cells, self._styles.texts
        self._sheet.hidden_rows.update(number for number, hidden in found.hidden if hidden in _TRUE)
        numbers = self._numbers
        fields = iter(found.fields)
        written = len(found.fields) // 4
        # This loop sees every filled cell of a batch: one that was seen before takes a few look-ups.
        for _, tag, formula_element, stored in zip(*[fields] * 4, strict=True):
            place, style, kind = cell_head(tag or "")
            cell: Cell | None = None
            formula = None
            if formula_element is not None:
                named, text = plain_formula(formula_element)
                formula = self._formula(text, named.get("t"), named.get("si"))
            elif not stored:
                pass
            elif kind == "s" and not texts:
                cell = shared.get(stored) or self._strings.cell(stored)
                if not cell.text:
                    written -= 1
                    continue
            elif kind is None and len(stored) <= _LONG_NUMBER and (number := numbers.get(style)) is not None:
                cell = number(stored)
            if cell is None and (cell := self._cell(kind, style, stored, formula)) is None:
                if stored is not None and place in cells:
                    raise NotPlainError  # a cell is there twice
                written -= 1
                continue
            cells[place] = cell
        self._check_room()
        if written != len(cells):
            raise NotPlainError  # a cell is there twice

    def _row(self, before: int, stated: str | None, hidden: str | None) -> int:
        number = before + 1 if stated is None else _row_number(stated)
        if hidden in _TRUE:
            self._sheet.hidden_rows.add(number)
        return number

    def _check_room(self) -> None:
        if len(self._cells) > self._room.cells:
            self._room.refuse()

    def _formula(self, text: str | None, kind: str | None, shared: str | None) -> str | None:
        """Return a formula's text; None for an empty one that stands for nothing."""
        if text:
            text = clean(text)
            self._room.take_text(text)
            if kind == "shared":
                self._masters[shared or ""] = text
            return text
        if kind == "shared":
            # A dependant carries no text of its own; its first cell's stands for it, references not moved.
            return self._masters.get(shared or "", "")
        return "" if kind in ("array", "dataTable") else None

    def _cell(self, kind: str | None, style: str | None, stored: str | None, formula: str | None) -> Cell | None:
        """Return a cell of its type attribute, style, value and formula; None where it is blank."""
        if kind is None or kind == "n":
            return self._number(stored, style, formula)
        if formula is None:
            if not stored:
                return None
            if kind == "s":
                cell = self._strings.cells.get(stored) or self._strings.cell(stored)
                if not cell.text:
                    return None
                return self._shown(cell.text, style, None) if style in self._styles.texts else cell
        return self._other(kind, stored, style, formula)

    def _number(self, stored: str | None, style: str | None, formula: str | None) -> Cell | None:
        try:
            value = float(stored or "")
        except ValueError:
            if stored and (stored := stored.strip()):
                return self._error(stored, formula)
            return None if formula is None else new_cell(("", None, "missing", formula))
        # No NaN or infinity goes on from here; float() also takes underscores, which XML numbers never have.
        if value - value != 0.0 or "_" in (stored or ""):
            return self._error(stored or "", formula)
        look = self._styles.format(style)
        self._numbers[style] = _usual_numbers(look, self._date1904)
        text = look.number(value, self._date1904)
        if len(text) > _LONG_NUMBER:
            self._room.take_text(text)
        if not look.is_date:
            return new_cell((text, value, "number", formula))
        if self._date1904 and look.has_calendar:
            value += DAYS_TO_1904
        return new_cell((text, value, "date", formula))

    def _other(self, kind: str, stored: str | None, style: str | None, formula: str | None) -> Cell:
        if stored is None or (not stored and kind not in ("str", "inlineStr")):
            return Cell("", None, "missing", formula)
        if kind == "str":
            return self._shown(clean(stored), style, formula)
        if kind == "inlineStr":
            return self._shown(stored, style, formula)
        if kind == "s":
            return self._shown(self._strings.cell(stored).text, style, formula)
        if kind == "b" and (cell := _BOOLS.get(stored.strip())) is not None:
            return cell._replace(formula=formula)
        if kind == "d":
            return self._date(stored.strip(), style, formula)
        return self._error(stored, formula)

    def _shown(self, text: str, style: str | None, formula: str | None) -> Cell:
        self._room.take_text(text)
        show = self._styles.texts.get(style)
        return Cell(text if show is None else show(text), text, "text", formula)

    def _error(self, stored: str, formula: str | None) -> Cell:
        text = clean(stored)
        self._room.take_text(text)
        return Cell(text, text, "error", formula)

    def _date(self, stored: str, style: str | None, formula: str | None) -> Cell:
        serial = iso_serial(stored)
        if serial is None:
            return self._shown(clean(stored), style, formula)
        look = self._styles.format(style)
        if not look.is_date:
            look = number_format("yyyy/m/d" if serial == int(serial) else "yyyy/m/d h:mm:ss")
        return Cell(look.number(serial, False), serial, "date", formula)


@lru_cache(maxsize=32)
def _usual_numbers(look: NumberFormat, date1904: bool) -> Callable[[str], Cell | None]:
    """Return a function that makes cells of stored numbers, or None of what is a date or no number.

    It remembers them: the points and amounts of a batch are few.
    """

    @lru_cache(maxsize=2048)
    def number(stored: str) -> Cell | None:
        try:
            value = float(stored)
        except ValueError:
            return None
        if value - value != 0.0 or "_" in stored or look.is_date:
            return None
        text = look.number(value, date1904)
        return new_cell((text, value, "number", None)) if len(text) <= _LONG_NUMBER else None

    return number


def _valid_place(reference: str) -> Place:
    try:
        return _place(reference)
    except ValueError:
        raise _bad_reference(reference) from None


def _bad_reference(reference: str) -> InputError:
    return InputError("corrupt", f"文件已损坏：单元格地址“{clean(reference)[:20]}”有误。", ADVICE_RESAVE)


def _row_number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= MAX_ROW:
        raise InputError("corrupt", f"文件已损坏：行号“{clean(text)[:20]}”有误。", ADVICE_RESAVE)
    return number


def _implied_columns(row: etree._Element) -> dict[etree._Element, int]:
    """Return the column of each cell of a row; one without a reference stands beside the cell before it."""
    columns = {}
    column = 0
    for cell in row:
        reference = cell.get("r")
        column = column + 1 if reference is None else _valid_place(reference)[1]
        if column > MAX_COLUMN:
            raise InputError("corrupt", "文件已损坏：一行的单元格过多。", ADVICE_RESAVE)
        columns[cell] = column
    return columns


@lru_cache(maxsize=16384)
def _span(reference: str) -> Span | None:
    """Return a merged range; None where it is none, or a single cell."""
    first, colon, last = reference.partition(":")
    if not colon or first == last:
        return None
    try:
        (top, left), (bottom, right) = parse_a1(first), parse_a1(last)
    except ValueError:
        return None  # Excel mends such a file by dropping the range
    return Span(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _columns(element: etree._Element) -> range:
    try:
        first, last = int(element.get("min", "")), int(element.get("max", ""))
    except ValueError:
        return range(0)
    return range(max(first, 1), min(last, MAX_COLUMN) + 1)
