"""Packages built from the XML that a test wants to show."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

from perfxl.model.grid import Grid
from perfxl.model.package import Package
from perfxl.reading.xlsx import XlsxContent, read_xlsx

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SHEET = "xl/worksheets/sheet1.xml"

Parts = Mapping[str, str | bytes | None]


def parts_of(
    rows: str = "",
    *,
    strings: Sequence[str] = (),
    codes: Sequence[str] = (),
    before: str = "",
    after: str = "",
    workbook: str = "",
    sheets: str = '<sheet name="自评表" sheetId="1" r:id="rId1"/>',
) -> dict[str, str | bytes]:
    """Return the parts of a workbook with one sheet.

    Args:
        rows: What stands in `sheetData`.
        strings: What stands in each `si`.
        codes: The number formats of the cell styles 1, 2, …; style 0 is General.
        before: What stands before `sheetData`, such as `cols`.
        after: What stands behind it, such as `mergeCells`.
        workbook: What stands before the list of sheets.
        sheets: The list of sheets.
    """
    formats = "".join(f'<numFmt numFmtId="{164 + i}" formatCode={quoteattr(code)}/>' for i, code in enumerate(codes))
    styles = "".join(f'<xf numFmtId="{164 + i}"/>' for i in range(len(codes)))
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Override PartName="/xl/workbook.xml" '
        f'ContentType="{MAIN_TYPE}"/></Types>',
        "_rels/.rels": relationships(rId1=("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}">{workbook}'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relationships(
            rId1=("worksheet", "worksheets/sheet1.xml"),
            rId2=("sharedStrings", "sharedStrings.xml"),
            rId3=("styles", "styles.xml"),
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(f"<si>{text}</si>" for text in strings)}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        SHEET: f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>',
    }


def relationships(**targets: tuple[str, str]) -> str:
    """Return a relationships part: id=(last word of the type, target)."""
    inner = "".join(
        f'<Relationship Id="{key}" Type="{DOCUMENT}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


def zipped(parts: Parts) -> bytes:
    """Return a zip of the parts; one that is None is left out."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)
    return file.getvalue()


def content_of(parts: Parts) -> XlsxContent:
    """Return what the reader makes of a workbook of these parts."""
    return read_xlsx(Package.open(zipped(parts)))


def grid_of(parts: Parts) -> Grid:
    """Return the only sheet of a workbook of these parts."""
    (grid,) = content_of(parts).grids
    return grid


def grid(rows: str, **others: str | Sequence[str]) -> Grid:
    """Return the only sheet of a workbook with these rows; the other arguments are those of `parts_of`."""
    return grid_of(parts_of(rows, **others))  # type: ignore[arg-type]  # keywords of the other helper


def row(cells: str) -> str:
    """Return a row 1 with these cells."""
    return f'<row r="1">{cells}</row>'
