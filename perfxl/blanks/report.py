"""The sheet 结转说明, and the same in a few lines on the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.workbook import Workbook as Book
from openpyxl.worksheet.properties import PageSetupProperties

from perfxl.model.stamp import ROLLOVER_MARK, ROLLOVER_SHEET
from perfxl.text import shown
from perfxl.writing.texts import free_sheet_name, legal_text

if TYPE_CHECKING:
    from perfxl.blanks.rollover import Item, Rolled

_HEAD = ("处理", "工作表", "单元格", "是什么", "上年内容", "说明")
_WIDTHS = (10, 16, 9, 14, 46, 46)
_ORDER = ("未能结转", "年份", "公式", "清空", "结转")
_SHOWN = 12


def add_report(book: Book, items: "Sequence[Item]", name: str, year: int) -> None:
    """Add the sheet that lists what became of each cell, what a person must look at first."""
    sheet = book.create_sheet(free_sheet_name(ROLLOVER_SHEET, book.sheetnames))
    sheet["A1"], sheet["A2"] = ROLLOVER_MARK, f"由“{shown(name)}”结转为 {year} 年度的空白模板；报送前可删去本表。"
    sheet["A1"].font = Font(name="宋体", size=14, bold=True)
    for column, (label, width) in enumerate(zip(_HEAD, _WIDTHS, strict=True), 1):
        cell = sheet.cell(4, column, label)
        cell.font, cell.fill = Font(name="宋体", bold=True), PatternFill("solid", fgColor="FFEEF2F7")
        sheet.column_dimensions[cell.column_letter].width = width
    for number, item in enumerate(_sorted(items), 5):
        texts = (item.what, item.sheet, item.cell, item.kind, item.text, item.remark)
        for column, text in enumerate(texts, 1):
            cell = sheet.cell(number, column)
            cell.value = legal_text(text)
            cell.data_type = "s"  # whatever it begins with
            cell.font, cell.alignment = Font(name="宋体", size=10), Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr = 0, PageSetupProperties(fitToPage=True)


def _sorted(items: "Iterable[Item]") -> "list[Item]":
    return sorted(items, key=lambda item: _ORDER.index(item.what))


def report_lines(rolled: "Rolled") -> Iterator[str]:
    """Yield what is printed of a form that was rolled over."""
    counts = "、".join(f"{what} {rolled.count(what)} 格" for what in reversed(_ORDER) if rolled.count(what))
    yield f"  {counts}（逐格见工作表“{ROLLOVER_SHEET}”）"
    left = [item for item in rolled.items if item.what == _ORDER[0]]
    for item in left[:_SHOWN]:
        place = f"{shown(item.sheet)}!{item.cell}" if item.cell else shown(item.sheet)
        yield f"  请核对 {place}：{item.kind}“{shown(item.text, 40)}”，{item.remark}"
    if len(left) > _SHOWN:
        yield f"  ……另有 {len(left) - _SHOWN} 处，见“{ROLLOVER_SHEET}”"
