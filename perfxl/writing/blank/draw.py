"""Draw a planned blank with XlsxWriter: the same plan gives the same bytes."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import xlsxwriter

from perfxl.forms.definitions import Form
from perfxl.forms.lexicon import Lexicon
from perfxl.forms.template import fingerprint
from perfxl.model.cells import a1
from perfxl.model.stamp import LABELS, MARK, PREFIX, SHEET, Stamp
from perfxl.writing.blank.compute import Formulas, compute
from perfxl.writing.blank.entry import add_entries
from perfxl.writing.blank.layout import lay_out
from perfxl.writing.blank.live import add_marks
from perfxl.writing.blank.looks import FONT, Looks
from perfxl.writing.blank.plan import HELPERS, Box, Plan
from perfxl.writing.texts import free_sheet_name, quoted_sheet

_CREATED = datetime(2000, 1, 1)
_GAP, _HINT, _ROW = 1.5, 34.0, 24.0
# A name of Excel's: letters, digits, underscores and points.
_NAME = re.compile(r"\w+")
_SIGNS = ("number_stored_as_text", "formula_unlocked", "formula_differs", "formula_range", "empty_cell_reference")
_PROTECTION = {
    "insert_rows": True, "delete_rows": True, "format_columns": True, "format_rows": True, "format_cells": True,
    "sort": True, "objects": True, "scenarios": True,
}  # fmt: skip

Values = dict[str, str | float]


class _EmptyText(str):
    """An empty text that is stored as the result of a formula.

    XlsxWriter leaves a plain "" out, so that some programs reckon anew; a reader then takes the result for missing.
    """

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


_EMPTY = _EmptyText()


def stamp_of(form: Form, year: int) -> Stamp:
    """Return what a blank of a form for a year says of itself."""
    assert form.template is not None
    return Stamp(form.id, form.version, fingerprint(form.template, form.rubric), year)


def plan_of(form: Form, lexicon: Lexicon, year: int) -> Plan:
    """Return the plan of a form's blank for a year."""
    assert form.template is not None
    return lay_out(form.template, form.rubric, lexicon, year, form.name)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook with blanks.

    Attributes:
        name: A legal name, another one than its neighbours'.
        filled: Reference of a cell that units fill in → what it holds already, such as the unit's name.
    """

    name: str
    filled: Values = field(default_factory=dict)


def draw_blank(form: Form, lexicon: Lexicon, year: int, sheets: Sequence[Sheet] = ()) -> bytes:
    """Return the workbook of a form's blank.

    Args:
        form: With a template.
        lexicon: The words by which its labels will be read.
        year: That it is made for.
        sheets: One blank on each; none for a single sheet under its usual name.
    """
    assert form.template is not None
    plan = plan_of(form, lexicon, year)
    formulas = compute(plan, form.rubric)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_format_properties": {"font_name": FONT}})
    book.set_properties({"title": f"{year}年度{form.name}", "author": "perfxl", "created": _CREATED})
    for sheet in sheets or (Sheet(free_sheet_name(form.template.sheet, ())),):
        drawer = _Drawer(book, book.add_worksheet(sheet.name), plan, formulas, sheet.filled)
        drawer.draw(are_names_local=len(sheets) > 1)
    _stamp(book, stamp_of(form, year))
    book.close()
    return out.getvalue()


class _Drawer:
    def __init__(self, book: Any, sheet: Any, plan: Plan, formulas: Formulas, filled: Values) -> None:
        self._book = book
        self._sheet = sheet
        self._plan = plan
        self._formulas = formulas
        self._filled = filled
        self._looks = Looks(book)
        self._scope = ""

    def draw(self, *, are_names_local: bool) -> None:
        """Draw the sheet; names are the sheet's own where there are several."""
        self._measure()
        for box in self._plan.boxes:
            self._draw_box(box)
        self._draw_helpers()
        add_entries(self._sheet, self._plan)
        add_marks(self._sheet, self._plan, self._formulas, self._looks)
        self._define_names(are_names_local)
        self._set_up_page()
        self._sheet.protect("", _PROTECTION)
        self._ignore_signs()

    def _measure(self) -> None:
        plan = self._plan
        self._sheet.set_default_row(_ROW)
        for column, width in plan.widths.items():
            self._sheet.set_column(column - 1, column - 1, width)
        self._sheet.set_column(plan.right, plan.right, _GAP)
        self._sheet.set_column(plan.hint - 1, plan.hint - 1, _HINT)
        self._sheet.set_column(plan.hint, plan.hint + len(HELPERS), 8, None, {"hidden": True})
        for row, height in plan.heights.items():
            if height != _ROW:
                self._sheet.set_row(row - 1, height)

    def _draw_box(self, box: Box) -> None:
        row, column = box.top - 1, box.left - 1
        look = self._looks.of(box)
        if (box.bottom, box.right) != (box.top, box.left):
            self._sheet.merge_range(row, column, box.bottom - 1, box.right - 1, "", look)
        formula = self._formulas.cells.get((box.top, box.left))
        value = self._filled.get(box.ref, box.value)
        if formula is not None and box.ref not in self._filled:
            stored = self._formulas.values.get((box.top, box.left), _EMPTY)
            self._sheet.write_formula(row, column, f"={formula}", look, stored)
        elif value is None:
            self._sheet.write_blank(row, column, None, look)
        elif isinstance(value, str):
            self._sheet.write_string(row, column, value, look)
        else:
            self._sheet.write_number(row, column, value, look)

    def _draw_helpers(self) -> None:
        for style, cells in (("hint", self._formulas.hints), ("helper", self._formulas.helpers)):
            look = self._looks.make(style)  # type: ignore[arg-type]  # both are styles, in a loop mere texts
            for (row, column), formula in cells.items():
                stored = self._formulas.values.get((row, column), _EMPTY)
                self._sheet.write_formula(row - 1, column - 1, f"={formula}", look, stored)
        look = self._looks.make("helper")
        for (row, column), number in self._formulas.constants.items():
            self._sheet.write_number(row - 1, column - 1, number, look)

    # ------------------------------------------------------------ names

    def _define_names(self, are_local: bool) -> None:
        self._scope = f"{quoted_sheet(self._sheet.get_name())}!" if are_local else ""
        plan = self._plan
        for box in plan.boxes:
            if box.name and _NAME.fullmatch(box.name):
                self._name(box.name, box.ref)
        if plan.money is not None:
            self._name("b_money", a1(plan.money.total, 1), a1(plan.money.rows[-1], plan.right))
        grid = plan.grid
        assert grid is not None
        self._name("b_indicators", a1(grid.top, 1), a1(grid.bottom, plan.right))
        for name, column in grid.columns.items():
            self._name(f"i_{name}", a1(grid.top, column), a1(grid.bottom, column))

    def _name(self, name: str, first: str, last: str = "") -> None:
        area = _absolute(first) + (f":{_absolute(last)}" if last else "")
        self._book.define_name(f"{self._scope}{PREFIX}{name}", f"={quoted_sheet(self._sheet.get_name())}!{area}")

    # ------------------------------------------------------------ the page

    def _set_up_page(self) -> None:
        sheet, plan = self._sheet, self._plan
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.center_horizontally()
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.print_area(plan.top - 1, 0, plan.bottom - 1, plan.right - 1)
        sheet.hide_gridlines(2)
        sheet.freeze_panes(1, 0)
        grid = plan.grid
        assert grid is not None
        sheet.repeat_rows(grid.first - 1, grid.heading - 1)

    def _ignore_signs(self) -> None:
        """Keep Excel's green corners off cells that are as they should be."""
        grid = self._plan.grid
        assert grid is not None
        area = f"A1:{a1(self._plan.bottom, self._plan.hint + len(HELPERS) + 1)}"
        self._sheet.ignore_errors(dict.fromkeys(_SIGNS, area))


def _absolute(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"


def _stamp(book: Any, stamp: Stamp) -> None:
    """Add the sheet that nobody sees, with what the template was made from."""
    sheet = book.add_worksheet(SHEET)
    sheet.write_string(0, 0, MARK)
    for row, (label, value) in enumerate(zip(LABELS, stamp, strict=True), 1):
        sheet.write_string(row, 0, label)
        sheet.write_string(row, 1, str(value))
    sheet.protect()
    sheet.very_hidden()
