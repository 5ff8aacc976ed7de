"""A sheet of the summary: looks, headings, rows in bulk, links, printing."""

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import IO, Any, BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from xlsxwriter import Workbook
from xlsxwriter import workbook as workbook_module
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from perfxl.model.cells import MAX_ROW, a1
from perfxl.writing.page import text_width
from perfxl.writing.sheet_xml import MAX_LINKS
from perfxl.writing.styles import FILLS
from perfxl.writing.summary.bulk_rows import Value, write_rows
from perfxl.writing.texts import legal_text
from perfxl.writing.words import FOOTER
from perfxl.writing.zip_writer import compressor

_BODY: Mapping[str, Any] = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_CELL = {**_BODY, "border": 1, "border_color": "#BFBFBF"}


def _fill(name: str) -> dict[str, str]:
    return {"bg_color": "#" + FILLS[name]}


STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {**_BODY, "font_size": 16, "bold": True, "font_color": "#1F3864"},
    "subtitle": {**_BODY, "font_size": 9, "font_color": "#7F7F7F", "text_wrap": True},
    "section": {
        **_BODY,
        "font_size": 12,
        "bold": True,
        "font_color": "#1F3864",
        "bottom": 2,
        "bottom_color": "#1F3864",
    },
    "note": {**_BODY, "font_size": 9, "font_color": "#7F7F7F", "text_wrap": True},
    "header": {**_CELL, **_fill("header"), "bold": True, "align": "center", "text_wrap": True},
    "label": {**_CELL, **_fill("label"), "bold": True},
    "text": _CELL,
    "wrap": {**_CELL, "text_wrap": True},
    "center": {**_CELL, "align": "center"},
    "integer": {**_CELL, "num_format": "#,##0"},
    "score": {**_CELL, "num_format": "0.00"},
    "money": {**_CELL, "num_format": "#,##0.00"},
    "percent": {**_CELL, "num_format": "0.00%"},
    "link": {**_CELL, "font_color": "#0563C1", "underline": 1},
    "figure": {**_CELL, "font_size": 14, "bold": True, "align": "center", "num_format": "#,##0"},
    "figure_percent": {**_CELL, "font_size": 14, "bold": True, "align": "center", "num_format": "0.00%"},
    "figure_money": {**_CELL, "font_size": 12, "bold": True, "align": "center", "num_format": "#,##0.00"},
    "total": {**_CELL, **_fill("label"), "bold": True, "num_format": "#,##0"},
    "total_score": {**_CELL, **_fill("label"), "bold": True, "num_format": "0.00"},
    "total_money": {**_CELL, **_fill("label"), "bold": True, "num_format": "#,##0.00"},
    "total_percent": {**_CELL, **_fill("label"), "bold": True, "num_format": "0.00%"},
    "error": {**_CELL, **_fill("error"), "align": "center"},
    "warning": {**_CELL, **_fill("warning"), "align": "center"},
    "info": {**_CELL, **_fill("info"), "align": "center"},
    "good": {**_CELL, **_fill("good")},
}
# Fills that a rule lays over cells.
RULES: Mapping[str, Mapping[str, Any]] = {
    "bad": {"font_color": "#C00000", **_fill("shortfall")},
    "doubt": _fill("warning"),
    "error": _fill("error"),
    "warning": _fill("warning"),
    "info": _fill("info"),
}
# A line of the small font holds more characters than the column widths say, which count those of the usual one.
_SMALL = 1.1
# Bytes that are copied together.
_PIECE = 2**20
# Of a link in Excel, in characters.
_LONGEST_LINK = 2080
# What a file name may hold and a link may not; a letter of another script may stand.
_NOT_IN_LINK = re.compile(r"[\s%#?\"<>\\^`{|}\[\]]")


class BulkSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A worksheet that takes rows in bulk.

    XlsxWriter makes an object of every cell and asks for its type twice: 6 µs a cell, which for the rows of all
    indicators is as much as reading and scoring the workbooks takes. In its mode of constant memory finished rows go to
    a file at once; here they go there as XML that is put together row by row, in a tenth of the time.

    Attributes:
        links: Row and column, from 0, of cells that lead to a file, and the link's target; by rows.
        part: The file of its part, once it is written; its rows are not in there.
        rows_at: Where in it they belong, in bytes.
        rows: The files that they lie in.
    """

    def __init__(self) -> None:
        """Begin without rows or links."""
        super().__init__()
        self.links: list[tuple[int, int, str]] = []
        self.part, self.rows_at = "", 0
        self.rows: list[Path] = []

    def write_bulk(
        self,
        first: int,
        rows: Iterable[Sequence[Value]],
        formats: Sequence[Format],
        wrapped: Sequence[tuple[int, float]] = (),
    ) -> int:
        """Write rows; return the row after the last one.

        Args:
            first: Where they begin, from 0.
            rows: Their values, from column A on.
            formats: Of the columns.
            wrapped: (column, width) of the columns whose texts the rows are made high enough for.
        """
        number = write_rows(self._rows_before(first), first, rows, row_frame(formats), wrapped)
        return self._told(first, number, len(formats))

    def adopt(self, first: int, path: Path, number: int, width: int) -> int:
        """Take the last rows, which `write_rows` has written to a file; return the row after the last one.

        Args:
            first: Where they begin, from 0.
            path: The file; it must stay until the workbook is closed.
            number: The row after the last one.
            width: How many columns they have.
        """
        self._rows_before(first)
        self.rows.append(path)
        return self._told(first, number, width)

    def _rows_before(self, first: int) -> BinaryIO:
        """Return the file that the library keeps finished rows in, with all above row `first` written to it."""
        self._write_single_row(first)
        self.row_data_fh.flush()
        file: BinaryIO = self.row_data_fh.buffer
        return file

    def _told(self, first: int, number: int, width: int) -> int:
        """Let the library know of rows that it has not written."""
        if number > first:
            self._check_dimensions(number - 1, width - 1)
            self._check_dimensions(number - 1, 0)
            self.previous_row = number
        return number

    def _write_optimized_sheet_data(self) -> None:
        """Leave the rows where they lie; the library would copy, decode and encode all of them again."""
        if self.dim_rowmin is None:
            super()._write_optimized_sheet_data()
            return
        self._xml_start_tag("sheetData")
        self.row_data_fh.close()
        self.fh.flush()
        self.part, self.rows_at = self.fh.name, self.fh.buffer.tell()
        self.rows.insert(0, Path(self.row_data_filename))
        self._xml_end_tag("sheetData")

    def _write_hyperlinks(self) -> None:
        """Write the links; the library makes an object of each, and of each an entry of its own in the package."""
        if not self.links:
            return
        entries: dict[str, int] = {}
        for _, _, target in self.links:
            if target not in entries:
                self.rel_count += 1
                entries[target] = self.rel_count
                self.external_hyper_links.append(["/hyperlink", target, "External"])
        elements = "".join(
            f'<hyperlink ref="{a1(row + 1, column + 1)}" r:id="rId{entries[target]}"/>'
            for row, column, target in self.links
        )
        self.fh.write(f"<hyperlinks>{elements}</hyperlinks>")


def row_frame(formats: Sequence[Format]) -> bytes:
    """Return a row of cells in XML with room for their values.

    The cells follow one another from column A on, so that they need not say where they are: the standard leaves that
    out, programs of Microsoft write so too, and without it the file is half as large.
    """
    return b"".join(b'<c s="%d"%%b' % one._get_xf_index() for one in formats)


class _QuickZip(ZipFile):
    """A package that is packed as the annotated copies are; the library would take a fourth of all its time for it."""

    def __init__(self, sheets: Sequence[BulkSheet], *options: Any, **named: Any) -> None:
        """Open it as a ZipFile; the rows of the sheets are packed from where they lie."""
        super().__init__(*options, **named)
        self._sheets = sheets

    def write(self, filename: Any, arcname: Any = None, *options: Any) -> None:
        """Pack a part."""
        sheet = next((one for one in self._sheets if one.part == filename), None)
        entry = ZipInfo.from_file(filename, arcname)
        entry.compress_type = self.compression
        if sheet is not None:
            entry.file_size += sum(path.stat().st_size for path in sheet.rows)
        with open(filename, "rb") as part, self.open(entry, "w") as member:
            if sheet is not None:
                member.write(part.read(sheet.rows_at))
                for path in sheet.rows:
                    with path.open("rb") as rows:
                        shutil.copyfileobj(rows, member, _PIECE)
            shutil.copyfileobj(part, member, _PIECE)

    def _open_to_write(self, *entry: Any, **options: Any) -> IO[bytes]:
        member: Any = super()._open_to_write(*entry, **options)  # type: ignore[misc]  # not among what is typed
        member._compressor = compressor()
        return cast(IO[bytes], member)


class BulkWorkbook(Workbook):  # type: ignore[misc]  # the library has no types
    """A workbook whose long sheets are packed quickly."""

    def _store_workbook(self) -> None:
        # The library names the class in its module and offers no other place to choose it.
        usual = workbook_module.ZipFile
        workbook_module.ZipFile = partial(_QuickZip, self.worksheets())
        try:
            super()._store_workbook()
        finally:
            workbook_module.ZipFile = usual
            for sheet in self.worksheets():
                Path(sheet.row_data_filename).unlink(missing_ok=True)


class Book:
    """The workbook, with its looks."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.formats = {name: workbook.add_format(dict(look)) for name, look in STYLES.items()}
        self.rules = {name: workbook.add_format(dict(look)) for name, look in RULES.items()}

    def close(self) -> None:
        """Let go of a workbook that is not to be finished: its rows lie in temporary files."""
        for sheet in self.workbook.worksheets():
            sheet.row_data_fh.close()
            Path(sheet.row_data_filename).unlink(missing_ok=True)

    def sheet(self, name: str, widths: Sequence[float], title: str, subtitle: str, color: str = "1F3864") -> "Sheet":
        """Begin a sheet with its title and a line below it."""
        return Sheet(self, name, widths, title, subtitle, color)


class Sheet:
    """One sheet, written from top to bottom.

    Attributes:
        row: The next row to be written, from 0.
        raw: The library's worksheet.
    """

    def __init__(self, book: Book, name: str, widths: Sequence[float], title: str, subtitle: str, color: str) -> None:
        self.book, self.name, self._width, self._widths = book, name, len(widths), tuple(widths)
        self.raw: BulkSheet = book.workbook.add_worksheet(name, worksheet_class=BulkSheet)
        self.row = 0
        raw = self.raw
        raw.hide_gridlines(2)
        raw.set_landscape()
        raw.set_paper(9)
        raw.fit_to_pages(1, 0)
        raw.set_margins(0.4, 0.4, 0.5, 0.6)
        raw.set_footer(FOOTER)
        raw.set_tab_color("#" + color)
        for column, width in enumerate(widths):
            raw.set_column(column, column, width)
        raw.set_row(0, 30)
        self.line(title, "title", merge=False)
        room = max(int(sum(widths) * _SMALL), 1)
        self.line(subtitle, "subtitle", height=13.0 * -(-text_width(subtitle) // room) + 3)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return self._width

    def line(self, text: str, style: str, *, merge: bool = True, height: float | None = None) -> None:
        """Write a text, across the whole width or over what is blank beside it."""
        if height is not None:
            self.raw.set_row(self.row, height)
        look = self.book.formats[style]
        if merge and self._width > 1:
            self.raw.merge_range(self.row, 0, self.row, self._width - 1, "", look)
        self.raw.write_string(self.row, 0, legal_text(text), look)
        self.row += 1

    def section(self, text: str) -> None:
        """Write the heading of a block, with a blank row above it."""
        self.row += 1
        self.raw.set_row(self.row, 20)
        self.line(text, "section")

    def header(self, names: Sequence[str], height: float = 24.0) -> int:
        """Write a row of column headings; return the row after it."""
        self.raw.set_row(self.row, height)
        for column, name in enumerate(names):
            self.raw.write_string(self.row, column, name, self.book.formats["header"])
        self.row += 1
        return self.row

    def bulk(self, rows: Iterable[Sequence[Value]], styles: Sequence[str]) -> int:
        """Write rows; return how many."""
        first = self.row
        room = MAX_ROW - first
        counted = islice(rows, room)
        wrapped = [(column, self._widths[column]) for column, style in enumerate(styles) if style == "wrap"]
        self.row = self.raw.write_bulk(first, counted, [self.book.formats[style] for style in styles], wrapped)
        return self.row - first

    def adopt(self, path: Path, number: int, styles: Sequence[str]) -> int:
        """Take the last rows, which were written to a file, up to above row `number`; return how many."""
        first = self.row
        self.row = self.raw.adopt(first, path, number, len(styles))
        return self.row - first

    def put(self, column: int, value: Value, style: str, *, last: int | None = None) -> None:
        """Write a cell of the current row, merged up to column `last`."""
        look = self.book.formats[style]
        if last is not None and last > column:
            self.raw.merge_range(self.row, column, self.row, last, "", look)
        if value is None:
            self.raw.write_blank(self.row, column, None, look)
        elif isinstance(value, str):
            self.raw.write_string(self.row, column, legal_text(value), look)
        else:
            self.raw.write_number(self.row, column, value, look)

    def link(self, row: int, column: int, target: str | None) -> None:
        """Make a written cell lead to an annotated copy, by its path beside the summary."""
        links = self.raw.links
        # Of hundreds of thousands of rows only those that Excel takes are kept in memory.
        if target is None or len(links) >= MAX_LINKS:
            return
        if len(link := link_target(target)) <= _LONGEST_LINK:
            links.append((row, column, link))

    def end(self, head: int, rows: int, columns: int = 1) -> None:
        """Freeze the headings, which end above row `head`, put a filter on them and repeat them in print."""
        self.raw.freeze_panes(head, columns)
        self.raw.repeat_rows(head - 1)
        if rows:
            self.raw.autofilter(head - 1, 0, head + rows - 1, self._width - 1)

    def rule(self, head: int, rows: int, column: int, criteria: str, value: Any, look: str) -> None:
        """Lay a look over the cells of a column for which a condition holds; a blank cell is no 0."""
        if rows:
            blank = {"type": "blanks", "stop_if_true": True, "format": None}
            self.raw.conditional_format(head, column, head + rows - 1, column, blank)
            rule = {"type": "cell", "criteria": criteria, "value": value, "format": self.book.rules[look]}
            self.raw.conditional_format(head, column, head + rows - 1, column, rule)

    def bars(self, head: int, rows: int, column: int, low: float, high: float) -> None:
        """Show the numbers of a column as bars too."""
        if rows:
            # Without what newer programs add in an extension, which other libraries warn of.
            rule = {
                "type": "data_bar", "min_type": "num", "max_type": "num", "min_value": low, "max_value": high,
                "bar_color": "#9DC3E6",
            }  # fmt: skip
            self.raw.conditional_format(head, column, head + rows - 1, column, rule)


def linked(sheet: Sheet, rows: Iterable[Sequence[Any]], column: int) -> Iterator[Sequence[Value]]:
    """Yield rows without their last value, a copy's path, which the cell of a column is made to lead to."""
    for number, row in enumerate(rows, sheet.row):
        sheet.link(number, column, row[-1])
        yield row[:-1]


@lru_cache(maxsize=64)
def link_target(path: str) -> str:
    """Return a relative path as the target of a link, remembered: the issues of a file follow one another."""
    return _NOT_IN_LINK.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), path)
