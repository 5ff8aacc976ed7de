"""The formulas for weights, subtotals, total, grade, and for how much is left to do."""

from collections.abc import Mapping

from perfxl.forms.rubric import Rubric
from perfxl.writing.blank.excel import above, both, down, first_of, quoted, ref
from perfxl.writing.blank.plan import GridPlan, GroupPlan

_NOISE = "0.000001"
_SUM, _CLASS = 0.05, 0.01
# Field of the indicator table → that of the money table which is added to it.
_MONEY = {"weight": "weight", "reported_score": "score"}


class SumFormulas:
    """The formulas that go over the rows of the indicator table.

    Args:
        plan: Where it stands.
        rubric: By which it is scored.
        weights: Column of the rows' points, hidden where the form prints them in labels; None for none.
        execution: Field → reference or number of the money table: `weight` and `score`; empty where it earns none.
        fault_column: Column with the number of errors of each row.
        total: Reference of the total; "" for none.
    """

    def __init__(
        self,
        plan: GridPlan,
        rubric: Rubric,
        weights: int | None,
        execution: Mapping[str, str],
        fault_column: int,
        total: str,
    ) -> None:
        self._plan = plan
        self._rubric = rubric
        self._weights = weights
        self._execution = execution
        self._fault_column = fault_column
        self._total = total
        self._scores = plan.columns.get("reported_score")

    # ------------------------------------------------------------ sums

    def cells(self) -> dict[tuple[int, int], str]:
        """Return the formulas by row and column."""
        plan, found = self._plan, {}
        for name, column in (("weight", plan.columns.get("weight")), ("reported_score", self._scores)):
            if column is None:
                continue
            for row, group in zip(plan.subtotals, plan.groups, strict=False):
                found[row, column] = _sum_or_blank(above(group.top, column), self._rubric.places)
            if plan.total is not None:
                found[plan.total, column] = self._whole(column, self._execution.get(_MONEY[name], ""))
        found |= self._class_weights()
        return found

    def header_total(self) -> str:
        """Return the formula for a total that stands above the table."""
        assert self._scores is not None
        rows = down(self._plan.top, self._plan.bottom, self._scores)
        return self._with_execution(rows, self._execution.get("score", ""))

    def _whole(self, column: int, execution: str) -> str:
        plan = self._plan
        if plan.subtotals:
            parts = ",".join(ref(row, column) for row in plan.subtotals)
            return self._with_execution(parts, execution)
        return self._with_execution(above(plan.heading, column), execution)

    def _with_execution(self, cells: str, execution: str) -> str:
        more = f"+N({execution})" if execution else ""
        return f'IF(COUNT({cells})=0,"",ROUND(SUM({cells}){more},{self._rubric.places}))'

    def _class_weights(self) -> dict[tuple[int, int], str]:
        """Return the formulas of the points of classes that the form leaves to their rows."""
        columns, found = self._plan.columns, {}
        if self._weights is None:
            return {}
        for group in self._plan.groups:
            if "level1_weight" in columns and group.weight is None:
                rows = down(group.top, group.bottom, self._weights)
                found[group.top, columns["level1_weight"]] = _sum_or_blank(rows, self._rubric.places)
            for child in group.children if "level2_weight" in columns else ():
                rows = down(child.top, child.bottom, self._weights)
                found[child.top, columns["level2_weight"]] = _sum_or_blank(rows, self._rubric.places)
        return found

    def grade(self) -> str:
        """Return the formula for the grade of the total."""
        return grade_formula(self._total, self._rubric)

    # ------------------------------------------------------------ what is still to be done

    def faults(self) -> dict[str, str]:
        """Return formulas for how many errors there are in weights and totals, by what they are about."""
        inserted = self._inserted()
        used = f"COUNT({self._range(self._fault_column)})" + (f"+{inserted[0]}" if inserted else "")
        found = {"no_rows": f"IF({used}=0,1,0)"}
        if inserted:
            found["inserted"] = inserted[1]
        if self._weights is not None:
            found["weights"] = f"IF({self.weights_off()},1,0)"
            found["classes"] = "+".join(self._classes()) or "0"
        if self._scores is not None and self._total:
            found["total"] = f"IF({self.total_off()},1,0)+IF({self._total_blank()},1,0)"
        if self._plan.subtotals and self._scores is not None:
            found["subtotals"] = "+".join(self._subtotals(self._scores))
        return found

    def _inserted(self) -> tuple[str, str] | None:
        """Return formulas for how many rows were inserted, and so have no formulas, and for the errors in them."""
        columns = self._plan.columns
        if "level3" not in columns:
            return None
        own = f'({self._range(columns["level3"])}<>"")*({self._range(self._fault_column)}="")'
        needed = [name for name in ("target", "actual", "weight", "reported_score") if name in columns]
        errors = [
            f'({self._range(columns[name])}="")'
            for name in needed
            if name != "target" or "adjusted_target" not in columns
        ]
        if {"weight", "reported_score"} <= columns.keys():
            weights, scores = self._range(columns["weight"]), self._range(columns["reported_score"])
            errors.append(f"ISNUMBER({weights})*ISNUMBER({scores})*({scores}>{weights})")
        return f"SUMPRODUCT({own})", f"SUMPRODUCT({own}*({'+'.join(errors) or '0'}))"

    def _range(self, column: int) -> str:
        return down(self._plan.top, self._plan.bottom, column)

    def _weight_sum(self) -> str:
        assert self._weights is not None
        return self._sum(self._weights, self._execution.get("weight", ""))

    def _sum(self, column: int, execution: str) -> str:
        cells = ",".join(down(group.top, group.bottom, column) for group in self._plan.groups)
        return f"SUM({cells})" + (f"+N({execution})" if execution else "")

    def _all_filled(self, column: int) -> str:
        """Return a condition: every row with a name has something in a column."""
        names = self._plan.columns.get("level3")
        if names is None:
            return "TRUE"
        return f'SUMPRODUCT(({self._range(names)}<>"")*({self._range(column)}=""))=0'

    def weights_off(self) -> str:
        """Return a condition: the points do not add up to the full marks."""
        assert self._weights is not None
        any_row = f"COUNT({self._range(self._weights)})>0"
        off = f"ABS({self._weight_sum()}-{self._rubric.total:g})>{_SUM}+{_NOISE}"
        execution = self._execution.get("weight", "")
        has_all = [f'{execution}<>""'] if execution.startswith("$") else []
        return both(any_row, self._all_filled(self._weights), off, *has_all)

    def _classes(self) -> list[str]:
        """Return formulas for the classes whose rows do not add up to their points."""
        found = []
        for group in self._plan.groups:
            declared = [child for child in group.children if child.weight is not None]
            found += [f"IF(ABS({self._gap(child)})>{_CLASS}+{_NOISE},1,0)" for child in declared]
            if group.weight is not None:
                explained = "".join(f"-({self._gap(child)})" for child in declared)
                used = f"COUNT({self._cells(group)})>0"
                off = f"ABS({self._gap(group)}{explained})>{_CLASS}+{_NOISE}"
                found.append(f"IF({both(used, self._rows_weighted(group), off)},1,0)")
        return found

    def _rows_weighted(self, group: GroupPlan) -> str:
        assert self._weights is not None
        names = self._plan.columns.get("level3")
        if names is None:
            return "TRUE"
        return f'SUMPRODUCT(({down(group.top, group.bottom, names)}<>"")*({self._cells(group)}=""))=0'

    def _cells(self, group: GroupPlan) -> str:
        assert self._weights is not None
        return down(group.top, group.bottom, self._weights)

    def _gap(self, group: GroupPlan) -> str:
        return f"IF(COUNT({self._cells(group)})=0,0,SUM({self._cells(group)})-{group.weight:g})"

    def _score_sum(self) -> str:
        assert self._scores is not None
        return self._sum(self._scores, self._execution.get("score", ""))

    def total_off(self) -> str:
        """Return a condition: somebody has typed another total over the formula."""
        assert self._scores is not None
        rows = f"COUNT({self._range(self._fault_column)})"
        allowed = f"MIN({self._rubric.sum_tolerance_at_most},{self._rubric.sum_tolerance_per_row}*{rows})+{_NOISE}"
        off = f"IF(ISNUMBER({self._total}),ABS({self._total}-({self._score_sum()}))>{allowed},FALSE)"
        return both(off, self._all_filled(self._scores))

    def _total_blank(self) -> str:
        assert self._scores is not None
        return f'AND({self._total}="",COUNT({self._range(self._scores)})>0)'

    def _subtotals(self, scores: int) -> list[str]:
        """Return formulas for the subtotals that are not the sum of their rows."""
        found = []
        for row, group in zip(self._plan.subtotals, self._plan.groups, strict=False):
            rows, typed = down(group.top, group.bottom, scores), ref(row, scores)
            is_complete = f'SUMPRODUCT(({self._names(group)}<>"")*({rows}=""))=0'
            off = f"IF(ISNUMBER({typed}),ABS({typed}-SUM({rows}))>{_SUM}+{_NOISE},FALSE)"
            found.append(f"IF({both(off, is_complete)},1,0)")
        return found

    def _names(self, group: GroupPlan) -> str:
        return down(group.top, group.bottom, self._plan.columns["level3"])

    def hint(self) -> str:
        """Return the formula for what the unit is told beside the total; "" where all is well."""
        pairs: list[tuple[str, str]] = []
        if self._weights is not None:
            said = f'"分值合计为 "&ROUND({self._weight_sum()},2)&"，应为 {self._rubric.total:g}"'
            pairs.append((self.weights_off(), said))
            pairs.append((f"{'+'.join(self._classes()) or '0'}>0", quoted("有一类指标的分值合计与标明的分值不符")))
        if self._scores is not None and self._total:
            pairs.append((self.total_off(), f'"各项得分合计为 "&ROUND({self._score_sum()},2)'))
        return first_of(*pairs)


def grade_formula(total: str, rubric: Rubric) -> str:
    """Return the formula for the grade of a total."""
    steps = [(f"{total}>={lowest}", quoted(grade)) for lowest, grade in rubric.grades[:-1]]
    return f'IF(ISNUMBER({total}),{first_of(*steps, otherwise=quoted(rubric.grades[-1][1]))},"")'


def _sum_or_blank(cells: str, places: int) -> str:
    return f'IF(COUNT({cells})=0,"",ROUND(SUM({cells}),{places}))'
