"""The stamp and the names of a template, put into a form that is rolled over."""

from collections.abc import Iterable

from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.workbook import Workbook as Book
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.blanks.cells import Fate
from perfxl.forms.definitions import Form
from perfxl.model.stamp import LABELS, MARK, PREFIX, SHEET
from perfxl.writing.blank.draw import stamp_of
from perfxl.writing.texts import free_sheet_name, quoted_sheet


def add_stamp(book: Book, form: Form, year: int, tables: Iterable[tuple[Worksheet, Fate]], *, is_there: bool) -> None:
    """Stamp a workbook as the template of a form for a year; one that bears a stamp only has its year changed."""
    if is_there:
        for sheet in book.worksheets:
            if sheet["A1"].value == MARK:
                for number in range(2, 2 + len(LABELS)):
                    if sheet.cell(number, 1).value == LABELS[3]:
                        sheet.cell(number, 2, str(year))
        return
    if form.template is None:
        return
    stamp = book.create_sheet(free_sheet_name(SHEET, book.sheetnames))
    stamp["A1"] = MARK
    for number, (label, value) in enumerate(zip(LABELS, stamp_of(form, year), strict=True), 2):
        stamp.cell(number, 1, label)
        stamp.cell(number, 2, str(value))
    stamp.sheet_state = "veryHidden"
    for table, fate in tables:
        _name_headings(table, fate)


def _name_headings(sheet: Worksheet, fate: Fate) -> None:
    for name, ref in fate.record.table["columns"].items():
        kind = f"m_{name.removeprefix('budget_')}" if name.startswith("budget_") else f"c_{name}"
        address = sheet.cell(ref.row, ref.column).coordinate
        letters = address.rstrip("0123456789")
        place = f"{quoted_sheet(sheet.title)}!${letters}${address[len(letters) :]}"
        sheet.defined_names.add(DefinedName(f"{PREFIX}{kind}", attr_text=place))
