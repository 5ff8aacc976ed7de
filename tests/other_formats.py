"""A form that openpyxl wrote, in the formats that no library writes."""

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tests.reading import biff, binary_parts
from tests.reading.packages import zipped

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"


def as_xls(path: Path, *, version: int = 8, code_page: int = 1200) -> bytes:
    """Return the only sheet as .xls; version 5 has texts in GBK."""
    sheet = _sheet(path)
    rows = b"".join(
        biff.number(cell.row, cell.column, float(cell.value))
        if isinstance(cell.value, int | float)
        else biff.label(cell.row, cell.column, str(cell.value), version=version)
        for cell in _filled(sheet)
    )
    return biff.compound(biff.stream((sheet.title, rows), version=version, code_page=code_page))


def as_xlsb(path: Path) -> bytes:
    """Return the only sheet as .xlsb."""
    sheet = _sheet(path)
    rows = b""
    for line in sheet.iter_rows():
        cells = [
            binary_parts.real(cell.column, float(cell.value))
            if isinstance(cell.value, int | float)
            else binary_parts.cell(6, cell.column, binary_parts.wide(str(cell.value)))
            for cell in line
            if cell.value is not None
        ]
        rows += binary_parts.row(line[0].row, *cells)
    return binary_parts.xlsb((sheet.title, rows))


def as_ods(path: Path) -> bytes:
    """Return the only sheet as .ods, numbers without the text that is seen."""
    sheet = _sheet(path)
    rows = "".join(
        "<table:table-row>" + "".join(_ods_cell(cell) for cell in line) + "</table:table-row>"
        for line in sheet.iter_rows()
    )
    names = " ".join(f'xmlns:{name}="{_OASIS}{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="{escape(sheet.title)}">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def _ods_cell(cell: Cell) -> str:
    if cell.value is None:
        return "<table:table-cell/>"
    if isinstance(cell.value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell.value}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell.value))}</text:p></table:table-cell>'


def _sheet(path: Path) -> Worksheet:
    sheet = openpyxl.load_workbook(path).active
    assert isinstance(sheet, Worksheet)
    return sheet


def _filled(sheet: Worksheet) -> Iterator[Cell]:
    return (cell for line in sheet.iter_rows() for cell in line if cell.value is not None)
