"""Marks that come and go while a blank is filled in: conditional formats for what `perfxl score` would find."""

from typing import Any

from perfxl.model.cells import a1, column_letters
from perfxl.writing.blank.compute import Formulas
from perfxl.writing.blank.looks import ALARM, ASK, GOOD, NOTICE, Looks
from perfxl.writing.blank.plan import Plan
from perfxl.writing.blank.row_formulas import RowRefs

_FILLED_IN = ("level3", "target", "actual", "weight", "reported_score")


def add_marks(sheet: Any, plan: Plan, formulas: Formulas, looks: Looks) -> None:
    """Add the conditional formats of a blank."""
    marker = _Marker(sheet, plan, formulas, looks)
    marker.mark_status()
    marker.mark_header()
    marker.mark_money()
    marker.mark_rows()
    marker.mark_sums()


class _Marker:
    def __init__(self, sheet: Any, plan: Plan, formulas: Formulas, looks: Looks) -> None:
        self._sheet = sheet
        self._plan = plan
        self._formulas = formulas
        self._looks = looks

    @property
    def _has_begun(self) -> str:
        """Return a condition: the unit has begun to fill indicators in, whether or not the form prints some."""
        grid = self._plan.grid
        assert grid is not None
        if any(row.is_printed for row in grid.rows) and "reported_score" in grid.columns:
            column = column_letters(grid.columns["reported_score"])
            return f"COUNT(${column}${grid.top}:${column}${grid.bottom})>0"
        return f"{self._formulas.terms['no_rows']}=0"

    def _mark(self, span: tuple[int, int, int, int], condition: str, color: str, **more: Any) -> None:
        top, left, bottom, right = span
        options = {"type": "formula", "criteria": f"={condition}", "format": self._looks.mark(color, **more)}
        self._sheet.conditional_format(top - 1, left - 1, bottom - 1, right - 1, options)

    def _mark_cell(self, row: int, column: int, condition: str, color: str, **more: Any) -> None:
        self._mark((row, column, row, column), condition, color, **more)

    def mark_status(self) -> None:
        """Mark whether anything is left to do."""
        box = next(box for box in self._plan.boxes if box.name == "status")
        span = (box.top, box.left, box.bottom, box.right)
        self._mark(span, f"{self._formulas.count}=0", GOOD)
        self._mark(span, f"{self._formulas.count}>0", NOTICE)

    def mark_header(self) -> None:
        """Mark what is missing above the table once indicators are filled in."""
        for box in self._plan.boxes:
            if box.ref in self._plan.required:
                condition = f'AND(TRIM({box.ref}&"")="",{self._has_begun})'
                self._mark((box.top, box.left, box.bottom, box.right), condition, ALARM)

    def mark_money(self) -> None:
        """Mark a ratio above 100 %, and amounts that are missing or do not add up."""
        plan = self._plan
        if plan.money is None:
            return
        faults = a1(plan.money.total, plan.helper("faults"))
        if "ratio" in plan.money.columns:
            column = plan.money.columns["ratio"]
            cell = a1(plan.money.total, column)
            self._mark_cell(plan.money.total, column, f"IF(ISNUMBER({cell}),ROUND({cell},4)>1,FALSE)", ASK)
        name = plan.money.columns["name"]
        self._mark_cell(plan.money.total, name, f"AND(N(${faults})>0,{self._has_begun})", ALARM)

    def mark_rows(self) -> None:
        """Mark what rows lack, scores above their points, and deductions without a reason."""
        grid = self._plan.grid
        assert grid is not None
        first = self._formulas.rows[grid.top]
        for name in _FILLED_IN:
            if name in grid.columns:
                column = grid.columns[name]
                condition = f'AND(ISNUMBER({first.helpers["faults"]}),{first.columns[name]}="",{self._has_begun})'
                self._mark((grid.top, column, grid.bottom, column), condition, ALARM)
        if first.weight and "reported_score" in grid.columns:
            self._mark_scores(first)

    def _mark_scores(self, first: RowRefs) -> None:
        grid = self._plan.grid
        assert grid is not None
        score, weight = first.columns["reported_score"], first.weight
        numbers = f"ISNUMBER({score}),ISNUMBER({weight})"
        column = grid.columns["reported_score"]
        over = f"AND({numbers},{score}>{weight})"
        self._mark((grid.top, column, grid.bottom, column), over, ALARM, bold=True, font_color="#C00000")
        if "reason" in grid.columns:
            column = grid.columns["reason"]
            short = f"AND({numbers},{score}<{weight},{first.no_reason})"
            self._mark((grid.top, column, grid.bottom, column), short, ASK)

    def mark_sums(self) -> None:
        """Mark sums that are not what they should be."""
        grid, terms = self._plan.grid, self._formulas.terms
        assert grid is not None
        if grid.total is None:
            return
        if "weight" in grid.columns and "weights" in terms:
            condition = f"{terms['weights']}+{terms['classes']}>0"
            self._mark_cell(grid.total, grid.columns["weight"], condition, ALARM, bold=True)
        if "reported_score" in grid.columns and "total" in terms:
            self._mark_cell(grid.total, grid.columns["reported_score"], f"{terms['total']}>0", ALARM, bold=True)
