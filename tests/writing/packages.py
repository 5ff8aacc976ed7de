"""Packages for the tests of writing: small ones written by hand, a rich one by XlsxWriter."""

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Mapping

import openpyxl
import xlsxwriter
from lxml import etree

from perfxl.model.cells import parse_a1
from perfxl.model.finding import Severity
from perfxl.model.package import Package
from perfxl.writing.annotate import AnnotatedPackage, Mark, annotate_package
from perfxl.writing.sheet_model import Link, RowKind, SheetModel, SheetRow

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

RESULT = SheetModel("复核结果", [SheetRow(["复核结果"], RowKind(("title",)))])
ISSUES = SheetModel("问题清单", [SheetRow(["位置"], RowKind(("link",)), ((1, Link("自评表", 2, 2)),))])


def pack(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


ROWS = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"><v>2</v></c></row><row r="3"><c r="A3"><v>3</v></c></row>'


def parts(
    rows: str = ROWS,
    *,
    before: str = "",
    after: str = "",
) -> dict[str, str]:
    """A workbook of one sheet, 自评表; `before` and `after` stand around its sheetData."""
    return {
        "[Content_Types].xml": HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}styles+xml"/></Types>',
        "_rels/.rels": rels(("rId1", f"{REL}/officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": HEAD + f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><bookViews><workbookView/></bookViews>'
        '<sheets><sheet name="自评表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": rels(
            ("rId1", f"{REL}/worksheet", "worksheets/sheet1.xml"), ("rId2", f"{REL}/styles", "styles.xml")
        ),
        "xl/styles.xml": HEAD + f'<styleSheet xmlns="{MAIN}">'
        '<fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="9" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyAlignment="1">'
        '<alignment horizontal="right" indent="2"/><protection locked="0"/></xf></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
        "xl/worksheets/sheet1.xml": HEAD + f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>",
    }


def rels(*entries: tuple[str, str, str]) -> str:
    body = "".join(
        f'<Relationship Id="{identifier}" Type="{kind}" Target="{target}"/>' for identifier, kind, target in entries
    )
    return HEAD + f'<Relationships xmlns="{PACKAGE_REL}">{body}</Relationships>'


def declare(package: dict[str, str], part: str, content_type: str) -> None:
    """Add a part's content type to a package."""
    override = f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>'
    package["[Content_Types].xml"] = package["[Content_Types].xml"].replace("</Types>", override)


def mark(cell: str, note: str = "得分不符", severity: Severity = Severity.ERROR, part: str = SHEET) -> Mark:
    row, column = parse_a1(cell)
    return Mark("自评表", part, row, column, severity, note)


def annotate(
    data: bytes | Mapping[str, str | bytes], *marks: Mark, sheets: tuple[SheetModel, ...] = (RESULT, ISSUES)
) -> AnnotatedPackage:
    package = data if isinstance(data, bytes) else pack(data)
    return annotate_package(Package.open(package), marks, sheets)


def load(data: bytes) -> openpyxl.Workbook:
    """Open a copy with openpyxl, the independent reader."""
    with warnings.catch_warnings():
        # It says which extensions of the submission it would lose; our copy keeps them.
        warnings.filterwarnings("ignore", ".*extension is not supported", UserWarning)
        return openpyxl.load_workbook(io.BytesIO(data))


def children(part: bytes) -> list[str]:
    """The names of the elements directly under the root of a part."""
    return [etree.QName(child).localname for child in etree.fromstring(part)]


def png() -> bytes:
    def chunk(tag: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))

    header = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" + b"\xff\0\0" * 2 + b"\0" + b"\xff\0\0" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def rich_workbook() -> bytes:
    """A form with nearly everything that a general library drops, its sheet 自评表 first, and three more sheets."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    form = book.add_worksheet("自评表")
    other = book.add_worksheet("附表 1")
    hidden = book.add_worksheet("去年")
    chart_sheet = book.add_chartsheet("图")
    cell = book.add_format({"border": 1, "align": "center", "text_wrap": True, "font_name": "宋体", "locked": False})
    percent = book.add_format({"num_format": "0.0%", "border": 2, "italic": True, "font_color": "#7030A0"})
    form.merge_range("A1:H1", "项目支出绩效自评表", book.add_format({"bold": True, "align": "center"}))
    for row in range(2, 12):
        form.write(f"A{row}", f"指标{row}", cell)
        form.write(f"B{row}", row / 20, percent)
        form.write_formula(f"C{row}", f"=B{row}*10", cell, row / 2)
        form.write(f"D{row}", row, cell)
    form.write_rich_string("E2", "重", book.add_format({"bold": True}), "点", cell)
    form.write_url("E3", "https://example.org/", cell, "链接")
    form.write_blank("E4", None, percent)
    form.set_row(12, 40, percent)
    form.set_column("F:F", 20, cell)
    form.merge_range("G2:H3", "合并", cell)
    form.write_comment("D2", "原批注", {"author": "张三"})
    form.write_comment("D9", "另一条", {"author": "李四", "visible": True})
    form.data_validation("D2:D11", {"validate": "list", "source": ["10", "20"]})
    form.data_validation("E5", {"validate": "list", "source": "='附表 1'!$A$1:$A$3"})
    form.conditional_format("B2:B11", {"type": "data_bar", "bar_solid": True, "data_bar_2010": True})
    form.conditional_format("D2:D11", {"type": "cell", "criteria": ">", "value": 5, "format": percent})
    form.add_sparkline("F2", {"range": "自评表!B2:D2"})
    form.insert_image("G5", "印章.png", {"image_data": io.BytesIO(png())})
    form.insert_textbox("G10", "文本框")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=自评表!$B$2:$B$11"})
    form.insert_chart("J2", chart)
    form.add_table("L2:M5", {"columns": [{"header": "甲"}, {"header": "乙"}]})
    form.protect("secret", {"format_cells": True})
    form.print_area("A1:H12")
    form.repeat_rows(0)
    form.set_footer("&C第 &P 页")
    form.set_header("&L&G", {"image_left": "印章.png", "image_data_left": io.BytesIO(png())})
    for row in range(3):
        other.write(row, 0, row)
    other.write_comment("A1", "附表批注")
    other.autofilter("A1:A3")
    other.activate()
    other.set_first_sheet()
    hidden.write("A1", "旧")
    hidden.hide()
    second = book.add_chart({"type": "pie"})
    second.add_series({"values": "=自评表!$B$2:$B$11"})
    chart_sheet.set_chart(second)
    book.define_name("总分", "=自评表!$D$11")
    book.define_name("'附表 1'!本表名", "='附表 1'!$A$1")
    book.close()
    return out.getvalue()


def without_marks(sheet: bytes, cells: set[str]) -> bytes:
    """A sheet's part with what marking changes taken out: style numbers of some cells, selection, comment link."""
    for cell in cells:
        sheet = re.sub(rb'(<c r="%s") s="\d+"' % cell.encode(), rb"\1", sheet)
    sheet = sheet.replace(b' tabSelected="1"', b"")
    return re.sub(rb"<legacyDrawing [^>]*/>", b"", sheet)
