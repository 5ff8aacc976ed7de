"""Formulas for sums of a form that is rolled over: ratio, points for it, subtotals, total."""

from collections.abc import Iterable, Mapping

from perfxl.blanks.cells import Fate, Place
from perfxl.forms.rubric import Rubric
from perfxl.model.cells import CellRef
from perfxl.writing.blank.excel import down, ref
from perfxl.writing.blank.money_formulas import MoneyFormulas, can_score_execution
from perfxl.writing.blank.plan import MoneyPlan
from perfxl.writing.blank.sum_formulas import grade_formula


def spare_formulas(fate: Fate, rubric: Rubric) -> dict[Place, str]:
    """Return the formulas that a table can have once it is empty, by row and column; without the leading `=`."""
    return _of_money(fate, rubric) | _of_sums(fate, rubric)


def _of_money(fate: Fate, rubric: Rubric) -> dict[Place, str]:
    found: dict[Place, str] = {}
    for row in fate.record.budget:
        cells: Mapping[str, CellRef] = row["cells"]
        if len({ref.row for name, ref in cells.items() if name not in ("name", "reason")}) != 1:
            continue  # amounts beside their labels
        number = next(ref.row for name, ref in cells.items() if name not in ("name", "reason"))
        columns = {_NAMES.get(name, name): ref.column for name, ref in cells.items()}
        money = MoneyFormulas(MoneyPlan(columns, (number,)), rubric)
        has_base = "executed" in columns and any(name in columns for name in rubric.denominator)
        if "ratio" in columns and has_base and (row["is_total"] or cells["reported_ratio"].text):
            found[number, columns["ratio"]] = money.ratio(number)
        has_points = {"score", "ratio"} <= columns.keys() and row["weight"] is not None
        if row["is_total"] and has_points and can_score_execution(rubric):
            weight = money if "weight" in columns else None
            if weight is not None or rubric.execution_weight is not None:
                found[number, columns["score"]] = money.score()
    return found


_NAMES = {"reported_ratio": "ratio", "reported_score": "score"}


def _of_sums(fate: Fate, rubric: Rubric) -> dict[Place, str]:
    rows = [row["cells"]["reported_score"] for row in fate.record.indicators if "reported_score" in row["cells"]]
    if not rows or len({cell.column for cell in rows}) != 1:
        return {}
    column, numbers = rows[0].column, sorted({cell.row for cell in rows})
    found: dict[Place, str] = {}
    first = 0
    for subtotal in fate.record.subtotals:
        cell = subtotal["cells"].get("reported_score")
        if cell is None or cell.column != column:
            continue
        own = [number for number in numbers if first < number < cell.row]
        first = cell.row
        if own:
            found[cell.row, column] = _sum(_ranges(own, column), "", rubric.places)
    total = fate.record.table["cells"].get("reported_score")
    if total is not None:
        execution = next(
            (ref(row["cells"]["reported_score"].row, row["cells"]["reported_score"].column)
             for row in fate.record.budget if row["is_total"] and "reported_score" in row["cells"]), "",
        )  # fmt: skip
        found[total.row, total.column] = _sum(
            _ranges(numbers, column), execution if rubric.execution_scored else "", rubric.places
        )
    if total is not None and (grade := fate.record.table["cells"].get("grade")) is not None:
        found[grade.row, grade.column] = grade_formula(ref(total.row, total.column), rubric)
    return found


def _ranges(numbers: Iterable[int], column: int) -> str:
    """Return the ranges that rows make up, one for each unbroken run."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(down(run[0], run[-1], column) for run in runs)


def _sum(cells: str, execution: str, places: int) -> str:
    more = f"+N({execution})" if execution else ""
    return f'IF(COUNT({cells})=0,"",ROUND(SUM({cells}){more},{places}))'
