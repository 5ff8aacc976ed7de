"""Last year's filled form as next year's blank: the same sheet and look, what came out last year taken out."""

import io
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.workbook.workbook import Workbook as Book
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.blanks.cells import Fate, Place, fates
from perfxl.blanks.formulas import spare_formulas
from perfxl.blanks.report import add_report
from perfxl.blanks.stamps import add_stamp
from perfxl.blanks.years import move_years
from perfxl.errors import InputError
from perfxl.forms.definitions import Form, Forms
from perfxl.forms.recognise import recognise
from perfxl.forms.years import year_in
from perfxl.model.cells import a1
from perfxl.model.grid import Grid, Workbook
from perfxl.model.package import ADVICE_RESAVE
from perfxl.model.stamp import is_stamp_sheet
from perfxl.pipeline import traits_of
from perfxl.reading.amounts import is_amount
from perfxl.text import shown
from perfxl.writing.own_sheets import is_own_sheet
from perfxl.writing.texts import free_sheet_name
from perfxl.writing.transcribe import source_of

CARRIED, CLEARED, MOVED, FORMULA, LEFT = "结转", "清空", "年份", "公式", "未能结转"
_AUTHOR = "perfxl"


@dataclass(frozen=True, slots=True)
class Item:
    """One cell of which something is said.

    Attributes:
        what: `结转`, `清空`, `年份`, `公式` or `未能结转`.
        sheet: Its sheet, as it is called now.
        cell: Its reference; "" for what is about no single cell.
        kind: What the cell is.
        text: What stood there.
        remark: What became of it.
    """

    what: str
    sheet: str
    cell: str
    kind: str
    text: str
    remark: str = ""


@dataclass(slots=True)
class Rolled:
    """A form rolled over.

    Attributes:
        data: The new workbook.
        suffix: Of its file, `.xlsx` or `.xlsm`.
        items: What became of its cells.
        notes: What else the user should know, Chinese sentences.
    """

    data: bytes = b""
    suffix: str = ".xlsx"
    items: list[Item] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, what: str) -> int:
        """Return how many cells something became of."""
        return sum(item.what == what for item in self.items)


def roll_over(source: Workbook, form: Form, forms: Forms, year: int) -> Rolled:
    """Return last year's filled form as the blank of a form for a year; the source itself is not changed.

    Args:
        source: As it was read.
        form: That the user asked for; a table of another form is rolled over all the same, and it is said.
        forms: The known forms.
        year: Of the new form.

    Raises:
        InputError: `no_table`, or the workbook cannot be opened for changing.
    """
    roller = _Roller(source, form, forms, year)
    roller.run()
    return roller.rolled


class _Roller:
    def __init__(self, source: Workbook, form: Form, forms: Forms, year: int) -> None:
        self._source = source
        self._form = form
        self._forms = forms
        self._year = year
        self.rolled = Rolled()
        self._package = source_of(source)
        self.rolled.notes += [note.replace("复核件", "新模板") for note in self._package.notes]

    def run(self) -> None:
        """Roll all tables of the workbook over."""
        grids = [grid for grid in self._package.grids if not is_own_sheet(grid)]
        found = [fate for fate in fates(grids, self._forms.lexicon) if fate.record.indicators]
        if not found:
            raise InputError("no_table", "没有找到填好的绩效自评表，无法结转。", "请指定上年填好的自评表工作簿。")
        book = self._open()
        sheets = {id(grid): _sheet(book, grid, self._package.names) for grid in grids}
        self._drop_own_sheets(book)
        done: set[int] = set()
        for fate in found:
            self._note_form(fate)
            self._apply(fate, sheets[id(fate.grid)], is_first=id(fate.grid) not in done)
            done.add(id(fate.grid))
        for grid in {id(fate.grid): fate.grid for fate in found}.values():
            self._move_sheet(grid, sheets[id(grid)], [fate for fate in found if fate.grid is grid])
        stamped = any(is_stamp_sheet(grid) for grid in self._package.grids)
        add_stamp(book, self._form, self._year, [(sheets[id(f.grid)], f) for f in found], is_there=stamped)
        self._note_losses()
        add_report(book, self.rolled.items, self._source.path.name, self._year)
        out = io.BytesIO()
        book.save(out)
        self.rolled.data = out.getvalue()

    # ------------------------------------------------------------ the workbook

    def _open(self) -> Book:
        self.rolled.suffix = ".xlsm" if self._source.format == "xlsm" else ".xlsx"
        try:
            with warnings.catch_warnings():
                # What the library does not know is lost without harm; what matters is said below.
                warnings.simplefilter("ignore")
                return load_workbook(io.BytesIO(self._package.package.data), keep_vba=self._source.format == "xlsm")
        except Exception as error:  # the library raises whatever comes up
            raise InputError("corrupt", f"工作簿无法改写（{type(error).__name__}）。", ADVICE_RESAVE) from error

    def _drop_own_sheets(self, book: Book) -> None:
        for grid in self._package.grids:
            if is_own_sheet(grid) and not is_stamp_sheet(grid):
                book.remove(_sheet(book, grid, self._package.names))
                self.rolled.notes.append(f"原文件中由程序加上的工作表“{shown(grid.sheet)}”没有带入。")

    def _note_form(self, fate: Fate) -> None:
        found = recognise(self._forms, traits_of(fate.record, self._forms.lexicon))
        if found != self._form.id:
            told = f"认作 {found}" if found else "没有对应的表样"
            self.rolled.notes.append(
                f"工作表“{shown(fate.grid.sheet)}”的表{told}，不是 {self._form.id}；已按原表结转。"
            )

    def _note_losses(self) -> None:
        names = [name for name in self._package.package.names() if name.startswith(("xl/drawings/", "xl/media/"))]
        if any(not name.endswith((".vml", ".rels")) for name in names):
            self.rolled.notes.append("原文件中的图片、图形、图表可能没有全部保留，请与原文件核对。")

    # ------------------------------------------------------------ one table

    def _apply(self, fate: Fate, sheet: Worksheet, *, is_first: bool) -> None:
        formulas = spare_formulas(fate, self._form.rubric)
        for place, what in fate.cleared.items():
            self._clear(sheet, place, what, fate, formulas)
        for place, formula in formulas.items():
            cell = _cell(sheet, place)
            if cell.data_type != "f":
                cell.value = f"={formula}"
                self._say(FORMULA, sheet, place, "公式", "", "已设公式，填数后自动计算")
        for place, what in fate.carried.items():
            self._say(CARRIED, sheet, place, what, _text(fate.grid, place))
        for place, text in fate.actuals.items():
            self._remember(_cell(sheet, place), text, fate)
        if is_first:
            self._list_unknown(fate, sheet)

    def _clear(self, sheet: Worksheet, place: Place, what: str, fate: Fate, formulas: Mapping[Place, str]) -> None:
        cell, text = _cell(sheet, place), _text(fate.grid, place)
        if cell.data_type == "f" and what != "实际完成值":
            if "[" in str(cell.value):
                self._say(LEFT, sheet, place, what, str(cell.value), "公式引用别的工作簿，请核对")
            else:
                self._say(FORMULA, sheet, place, what, text, "原有公式保留")
            return
        label, colon, _ = text.partition("：") if "：" in text else text.partition(":")
        if what in fate.record.table["header"] and colon and self._forms.lexicon.look_up(label).header:
            cell.value = label + colon
        else:
            cell.value = None
        self._say(CLEARED, sheet, place, what, text)

    def _remember(self, cell: Cell, text: str, fate: Fate) -> None:
        year = fate.record.table["year"]
        said = f"上年{f'（{int(year)}年）' if year else ''}完成值：{text}"
        before = f"{cell.comment.text}\n" if cell.comment is not None else ""
        cell.comment = Comment(before + said, _AUTHOR, height=60, width=200)

    def _list_unknown(self, fate: Fate, sheet: Worksheet) -> None:
        """List the numbers of a sheet that are nothing that the reader knows: they stay, and a person must look."""
        known = {*fate.carried, *fate.cleared}
        below = fate.layout.indicators[-1].heading.bottom if fate.layout.indicators else 0
        helpers = _right_of(fate)
        for place, cell in sorted(fate.grid.cells.items()):
            is_number = cell.kind == "number" or (cell.kind == "text" and is_amount(cell.text))
            if not is_number or place in known or cell.formula is not None or place[1] > helpers:
                continue
            if fate.grid.covered.get(place, place) == place and not (place[0] == below and cell.text.isdigit()):
                label = _label_left_of(fate.grid, place)
                named = f"（左边是“{shown(label, 20)}”）" if label else ""
                self._say(LEFT, sheet, place, "未识别的数", cell.text, f"不知道是什么数{named}，原样保留，请核对")
        for block in fate.layout.indicators:
            for column in block.heading.unknown:
                self._say(LEFT, sheet, (column.row, column.at), "未识别的列", column.text, "该列内容未动，请核对")

    # ------------------------------------------------------------ years

    def _move_sheet(self, grid: Grid, sheet: Worksheet, own: Iterable[Fate]) -> None:
        years = [fate.record.table["year"] for fate in own] + [year_in(self._source.path.stem)]
        old = next((int(year) for year in years if year), None)
        if old is None:
            self.rolled.notes.append(f"工作表“{shown(grid.sheet)}”没有写明年度，文字中的年份没有改动，请核对。")
            return
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.data_type == "s" and isinstance(cell.value, str):
                    self._move_cell(sheet, cell, old)
                elif isinstance(cell, Cell) and cell.value == old and self._is_year(cell, own):
                    cell.value = self._year
                    self._say(MOVED, sheet, (cell.row, cell.column), "年度", str(old), str(self._year))
        self._move_page_texts(sheet, old)
        self._rename(sheet, old)

    def _is_year(self, cell: Cell, own: Iterable[Fate]) -> bool:
        labels = self._forms.lexicon.labels("year")
        refs = [fate.record.table["cells"].get(label) for fate in own for label in labels]
        return any(ref is not None and (ref.row, ref.column) == (cell.row, cell.column) for ref in refs)

    def _move_cell(self, sheet: Worksheet, cell: Cell, old: int) -> None:
        text = str(cell.value)
        moved = move_years(text, old, self._year)
        place = (cell.row, cell.column)
        if moved.text != text:
            cell.value = moved.text
            self._say(MOVED, sheet, place, "文字", text, moved.text)
        for year in moved.left:
            self._say(LEFT, sheet, place, "年份", text, f"其中 {year} 没有改动，请核对")

    def _move_page_texts(self, sheet: Worksheet, old: int) -> None:
        for name in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
            for side in ("left", "center", "right"):
                part = getattr(getattr(sheet, name), side)
                if part.text and (moved := move_years(part.text, old, self._year)).text != part.text:
                    self.rolled.items.append(Item(MOVED, sheet.title, "", "页眉页脚", part.text, moved.text))
                    part.text = moved.text

    def _rename(self, sheet: Worksheet, old: int) -> None:
        name = move_years(sheet.title, old, self._year).text
        if name == sheet.title:
            return
        book = sheet.parent
        assert book is not None
        before, others = sheet.title, [other for other in book.sheetnames if other != sheet.title]
        if _is_referred_to(book, before):
            self.rolled.items.append(Item(LEFT, before, "", "工作表名", before, "有公式引用它，没有改名"))
            return
        sheet.title = free_sheet_name(name, others)
        self.rolled.items = [_renamed(item, before, sheet.title) for item in self.rolled.items]
        self.rolled.items.append(Item(MOVED, sheet.title, "", "工作表名", before, sheet.title))

    def _say(self, what: str, sheet: Worksheet, place: Place, kind: str, text: str, remark: str = "") -> None:
        self.rolled.items.append(Item(what, sheet.title, a1(*place), kind, text, remark))


def _renamed(item: Item, before: str, after: str) -> Item:
    if item.sheet != before:
        return item
    return Item(item.what, after, item.cell, item.kind, item.text, item.remark)


def _is_referred_to(book: Book, name: str) -> bool:
    """Whether a formula or a name of the workbook names a sheet; the library would not change it along."""
    texts: list[Any] = [defined.attr_text for defined in book.defined_names.values()]
    for sheet in book.worksheets:
        texts += [defined.attr_text for defined in sheet.defined_names.values()]
        texts += [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return any(f"{name}!" in str(text) or f"{name}'!" in str(text) for text in texts)


def _sheet(book: Book, grid: Grid, names: Mapping[str, str]) -> Worksheet:
    name = names.get(grid.sheet, grid.sheet)
    # A name with characters that no XML has may be another one here: then the place in the list tells.
    sheet = book[name] if name in book.sheetnames else book[book.sheetnames[grid.index]]
    assert isinstance(sheet, Worksheet)
    return sheet


def _cell(sheet: Worksheet, place: Place) -> Cell:
    cell = sheet.cell(*place)
    if isinstance(cell, Cell):
        return cell
    raise InputError("corrupt", f"单元格 {a1(*place)} 在合并区域之内，无法改写。", ADVICE_RESAVE)


def _text(grid: Grid, place: Place) -> str:
    cell = grid.cells.get(place)
    return cell.text if cell is not None else ""


def _right_of(fate: Fate) -> int:
    """Return the last column of the table: hints of a template stand further right and are none of it."""
    columns = [column.right for block in fate.layout.indicators for column in block.heading.columns.values()]
    if fate.layout.budget is not None:
        columns += [column.right for column in fate.layout.budget.heading.columns.values()]
    return max(columns, default=0)


def _label_left_of(grid: Grid, place: Place) -> str:
    """Return the nearest text left of a cell, which people take for its label; "" for none."""
    row, column = place
    texts = ((left, grid.at(row, left)) for left in range(column - 1, 0, -1))
    return next((cell.text for _, cell in texts if cell is not None and cell.kind == "text"), "")
