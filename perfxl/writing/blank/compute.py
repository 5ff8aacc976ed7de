"""Which cell of a planned blank has which formula, those in hidden columns included."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfxl.forms.rubric import Rubric
from perfxl.model.cells import a1
from perfxl.writing.blank.excel import down, ref
from perfxl.writing.blank.money_formulas import MoneyFormulas
from perfxl.writing.blank.plan import HELPERS, GridPlan, Plan, RowPlan
from perfxl.writing.blank.row_formulas import (
    RowRefs,
    blanks,
    can_compute,
    exact_score,
    fault_count,
    hint,
    label_weight,
    refs,
    text_formulas,
)  # fmt: skip
from perfxl.writing.blank.sum_formulas import SumFormulas

Place = tuple[int, int]
DONE = "已填写完整，没有需要更正之处"
# Where the numbers of the status stand, in the row of the status: helper columns from the left.
_STATUS_ROW = 1


def to_do(count: int) -> str:
    """Return what the status says of a number of places."""
    return f"还有 {count} 处需要填写或核对" if count else DONE


@dataclass(slots=True)
class Formulas:
    """The formulas of a blank.

    Attributes:
        cells: (row, column) → formula.
        hints: The same of the hints beside the table.
        helpers: The same of the hidden columns.
        constants: (row, column) of the hidden columns → number.
        rows: References of every indicator row, by its number.
        values: What formulas come to while nothing is filled in, where that is anything.
        terms: What errors of the form as a whole are about → reference of their number.
        count: Reference of the number of places that are still to be filled in or mended.
    """

    cells: dict[Place, str] = field(default_factory=dict)
    hints: dict[Place, str] = field(default_factory=dict)
    helpers: dict[Place, str] = field(default_factory=dict)
    constants: dict[Place, float] = field(default_factory=dict)
    rows: dict[int, RowRefs] = field(default_factory=dict)
    values: dict[Place, str | float] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)
    count: str = ""


def compute(plan: Plan, rubric: Rubric) -> Formulas:
    """Return the formulas of a planned blank."""
    return _Computer(plan, rubric).run()


class _Computer:
    def __init__(self, plan: Plan, rubric: Rubric) -> None:
        assert plan.grid is not None
        self._plan = plan
        self._grid: GridPlan = plan.grid
        self._rubric = rubric
        self._found = Formulas()
        columns = self._grid.columns
        self._has_values = {"target", "actual"} <= columns.keys()
        self._has_execution = False
        self._labelled = any(row.in_label for row in self._grid.rows)
        # The points of rows that carry them in their label stand in a hidden column.
        self._weights = columns.get("weight", plan.helper("target") if self._labelled else None)

    def run(self) -> Formulas:
        """Return all formulas."""
        money = self._money()
        execution = self._execution(money)
        self._has_execution = bool(execution)
        for row in self._grid.rows:
            self._add_row(row)
        sums = SumFormulas(
            self._grid, self._rubric, self._weights, execution, self._plan.helper("faults"), _absolute(self._plan.total)
        )
        self._add_sums(sums)
        self._note_blank_sums()
        self._add_status(sums, money)
        return self._found

    # ------------------------------------------------------------ money

    def _money(self) -> MoneyFormulas | None:
        if self._plan.money is None:
            return None
        reasons = list(self._plan.conclusions)
        if "reason" in self._grid.columns:
            reasons.append(down(self._grid.top, self._grid.bottom, self._grid.columns["reason"]))
        money = MoneyFormulas(self._plan.money, self._rubric, tuple(reasons))
        self._found.cells |= money.cells()
        total = self._plan.money.total
        self._found.hints[total, self._plan.hint] = money.hint()
        self._found.helpers[total, self._plan.helper("faults")] = money.fault_count()
        self._note_blank_money(money)
        return money

    def _execution(self, money: MoneyFormulas | None) -> Mapping[str, str]:
        """Return the references of weight and score of the execution; empty where it earns none."""
        if money is None or not self._rubric.execution_scored or "score" not in money.plan.columns:
            return {}
        score = ref(money.plan.total, money.plan.columns["score"])
        return {"weight": money.weight(), "score": score}

    # ------------------------------------------------------------ rows

    def _add_row(self, row: RowPlan) -> None:
        plan, grid, found = self._plan, self._grid, self._found
        helpers = {name: plan.helper(name) for name in HELPERS}
        weight = ref(row.number, self._weights) if self._weights is not None else ""
        own = refs(row, grid.columns, helpers, weight)
        found.rows[row.number] = own
        computes = self._has_values and "weight" in grid.columns and can_compute(self._rubric)
        if self._has_values:
            for name, formula in text_formulas(own).items():
                found.helpers[row.number, plan.helper(name)] = formula
        if computes:
            found.helpers[row.number, plan.helper("exact")] = exact_score(own, self._rubric)
            score = f'IF({own.helpers["exact"]}="","",ROUND({own.helpers["exact"]},{self._rubric.places}))'
            found.cells[row.number, grid.columns["reported_score"]] = score
        if self._labelled:
            place = row.number, plan.helper("target")
            if row.weight is None:
                found.helpers[place] = label_weight(ref(row.number, grid.columns["level3"]))
            else:
                found.constants[place] = row.weight
        found.helpers[row.number, plan.helper("faults")] = fault_count(own, row, self._rubric)
        found.hints[row.number, plan.hint] = hint(own, row, self._rubric)
        self._note_blank_row(row, own)

    # ------------------------------------------------------------ sums and status

    def _add_sums(self, sums: SumFormulas) -> None:
        plan, grid, found = self._plan, self._grid, self._found
        if "reported_score" in grid.columns or "weight" in grid.columns:
            found.cells |= sums.cells()
        if plan.total and grid.total is None:
            box = next(box for box in plan.boxes if box.ref == plan.total)
            found.cells[box.top, box.left] = sums.header_total()
        if grid.total is not None:
            found.hints[grid.total, plan.hint] = sums.hint()
        for box in plan.boxes:
            if box.name == "grade":
                found.cells[box.top, box.left] = sums.grade()

    def _add_status(self, sums: SumFormulas, money: MoneyFormulas | None) -> None:
        plan, found = self._plan, self._found
        terms = dict(sums.faults())
        if plan.required:
            terms["header"] = "+".join(f'IF(TRIM({_absolute(cell)}&"")="",1,0)' for cell in plan.required)
        blank = self._blank_terms(terms)
        for number, (name, formula) in enumerate(terms.items()):
            place = _STATUS_ROW, plan.hint + 1 + number
            found.helpers[place] = formula
            found.values[place] = blank[name]
            found.terms[name] = _absolute(a1(*place))
        faults = plan.helper("faults")
        cells = [down(self._grid.top, self._grid.bottom, faults)]
        if money is not None:
            cells.append(ref(money.plan.total, faults))
        place = _STATUS_ROW, plan.hint + 1 + len(HELPERS)
        found.helpers[place] = f"SUM({','.join([*cells, *found.terms.values()])})"
        found.count = _absolute(a1(*place))
        found.cells[_STATUS_ROW, 1] = f'IF({found.count}=0,"{DONE}","还有 "&{found.count}&" 处需要填写或核对")'
        count = sum(int(value) for (_, column), value in found.values.items() if column == faults)
        found.values[place] = count + sum(blank.values())
        found.values[_STATUS_ROW, 1] = to_do(int(found.values[place]))

    # ------------------------------------------------------------ what the formulas come to in a blank

    def _blank_terms(self, terms: Mapping[str, str]) -> dict[str, int]:
        """Return how many errors the form as a whole has while nothing is filled in, by what they are about."""
        printed = [row for row in self._grid.rows if row.is_printed]
        found = dict.fromkeys(terms, 0)
        found["no_rows"] = 0 if printed else 1
        if "header" in terms:
            found["header"] = len(self._plan.required)
        if printed and all(row.weight is not None for row in printed) and "weights" in terms:
            whole = sum(row.weight or 0 for row in printed)
            found["weights"] = int(abs(whole - self._rubric.total) > 0.05)
            if found["weights"] and self._grid.total is not None:
                said = f"分值合计为 {whole:g}，应为 {self._rubric.total:g}"
                self._found.values[self._grid.total, self._plan.hint] = said
            for group in self._grid.groups:
                own = [row.weight or 0 for row in printed if group.top <= row.number <= group.bottom]
                found["classes"] += group.weight is not None and bool(own) and abs(sum(own) - group.weight) > 0.01
        return found

    def _note_blank_row(self, row: RowPlan, own: RowRefs) -> None:
        """Note what is missing in a row whose name the form prints."""
        if row.is_printed:
            optional = {"分值"} if row.weight is not None else set()
            if row.has_values_elsewhere:
                optional |= {"指标值", "完成值"}
            missing = [label for label in blanks(own) if label not in optional]
            self._found.values[row.number, self._plan.helper("faults")] = len(missing)
            said = f"请填写 {' '.join(missing)}" if missing else ""
            self._found.values[row.number, self._plan.hint] = said

    def _note_blank_money(self, money: MoneyFormulas) -> None:
        is_open = "分值" in "".join(money.faults()) and self._rubric.execution_weight is None
        total = money.plan.total
        missing = 1 + ("adjusted" in money.plan.columns) + is_open
        self._found.values[total, self._plan.helper("faults")] = missing
        self._found.values[total, self._plan.hint] = next(iter(money.faults()))

    def _note_blank_sums(self) -> None:
        """Note the sums of the points that the form prints."""
        grid, values = self._grid, self._found.values
        column = grid.columns.get("weight")
        for (row, at), _ in self._found.cells.items():
            if at == column and row in (*grid.subtotals, grid.total):
                spans = [(grid.top, grid.bottom)]
                if row != grid.total:
                    group = grid.groups[grid.subtotals.index(row)]
                    spans = [(group.top, group.bottom)]
                if (whole := self._printed(spans[0])) is not None:
                    execution = self._rubric.execution_weight if row == grid.total and self._has_execution else 0
                    values[row, at] = whole + (execution or 0)
        for group in grid.groups:
            parts = [("level1_weight", group)] if group.weight is None else []
            for name, part in [*parts, *(("level2_weight", child) for child in group.children)]:
                if name in grid.columns and (whole := self._printed((part.top, part.bottom))) is not None:
                    values[part.top, grid.columns[name]] = whole

    def _printed(self, span: tuple[int, int]) -> float | None:
        own = [row.weight for row in self._grid.rows if span[0] <= row.number <= span[1] and row.weight is not None]
        return sum(own) if own else None


def _absolute(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}" if cell else ""
