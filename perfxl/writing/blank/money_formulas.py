"""The formulas of the money table: its sums, the execution ratio, the points for it, and what is still to be done."""

from dataclasses import dataclass

from perfxl.forms.rubric import Rubric
from perfxl.writing.blank.excel import both, count_true, down, first_of, quoted, ref, words
from perfxl.writing.blank.plan import MoneyPlan

_AMOUNTS = ("initial", "adjusted", "executed")
_NOISE = "0.000001"
# Below this ratio the lack of a reason is an error.
_VERY_LOW = 0.6
_EXPLAINS = (
    "*预算*", "*资金*", "*支付*", "*支出*", "*拨付*", "*结余*", "*结转*", "*执行率*", "*付款*", "*报销*", "*结算*",
)  # fmt: skip


def can_score_execution(rubric: Rubric) -> bool:
    """Whether formulas know the rule by which the ratio earns points."""
    return rubric.execution_scored and rubric.execution_rule in ("linear", "stepped")


@dataclass(frozen=True, slots=True)
class MoneyFormulas:
    """The formulas of one money table.

    Attributes:
        plan: Where it stands.
        rubric: By which it is scored.
        reasons: Ranges in which the unit may explain a low ratio.
    """

    plan: MoneyPlan
    rubric: Rubric
    reasons: tuple[str, ...] = ()

    def _ref(self, row: int, name: str) -> str:
        column = self.plan.columns.get(name)
        return ref(row, column) if column is not None else ""

    def cells(self) -> dict[tuple[int, int], str]:
        """Return the formulas by row and column."""
        plan = self.plan
        found = {}
        if len(plan.rows) > 1:
            for name in _AMOUNTS:
                if name in plan.columns:
                    parts = down(plan.rows[1], plan.rows[-1], plan.columns[name])
                    found[plan.total, plan.columns[name]] = f'IF(COUNT({parts})=0,"",SUM({parts}))'
        for row in plan.rows if "ratio" in plan.columns else ():
            found[row, plan.columns["ratio"]] = self.ratio(row)
        if "score" in plan.columns and can_score_execution(self.rubric):
            found[plan.total, plan.columns["score"]] = self.score()
        return found

    def ratio(self, row: int) -> str:
        """Return the formula for executed ÷ adjusted, or ÷ initial where there is no adjusted budget."""
        executed = self._ref(row, "executed")
        formula = '""'
        for name in reversed([name for name in self.rubric.denominator if name in self.plan.columns]):
            base = self._ref(row, name)
            formula = f'IF({base}="",{formula},IF(N({base})>0,{executed}/{base},""))'
        return f'IF(ISNUMBER({executed}),{formula},"")'

    def weight(self) -> str:
        """Return the reference of the points for execution, or the points themselves; "" where the form has none."""
        if own := self._ref(self.plan.total, "weight"):
            return own
        weight = self.rubric.execution_weight
        return f"{weight:g}" if weight is not None and "score" in self.plan.columns else ""

    def score(self, ratio: str = "") -> str:
        """Return the formula for the points for execution, by the ratio in its cell or another one."""
        ratio, rubric = ratio or self._ref(self.plan.total, "ratio"), self.rubric
        own = f"ROUND({ratio},4)" if rubric.round_ratio_first else ratio
        share = f"MAX(0,MIN(1,{own}))"
        if rubric.execution_rule == "stepped":
            steps = sorted(rubric.execution_steps, reverse=True)
            share = first_of(*((f"{own}>={bound}-{_NOISE}", f"{earned}") for bound, earned in steps), otherwise="0")
        if rubric.execution_full_from < 1:
            share = f"IF({own}>={rubric.execution_full_from}-{_NOISE},1,{share})"
        if rubric.execution_nothing_below > 0:
            share = f"IF({own}<{rubric.execution_nothing_below}-{_NOISE},0,{share})"
        if rubric.execution_above_full is not None:
            share = f"IF(ROUND({own},4)>1,{rubric.execution_above_full},{share})"
        return f'IF({ratio}="","",ROUND({self.weight()}*{share},{rubric.places}))'

    # ------------------------------------------------------------ what is still to be done

    def faults(self) -> dict[str, str]:
        """Return the conditions that `perfxl score` calls an error, by what the unit is told."""
        total = self.plan.total
        executed, base = self._ref(total, "executed"), self._base()
        unbudgeted = both(f'{base}=""', f"NOT(N({executed})>0)")
        found = {"请填写预算数": unbudgeted} if "adjusted" in self.plan.columns else {}
        found["请填写执行数"] = f'{executed}=""'
        found["有执行数而没有预算数，请核对"] = both(f"N({base})=0", f"N({executed})>0")
        if "weight" in self.plan.columns and "score" in self.plan.columns:
            found["请填写分值"] = f'{self._ref(total, "weight")}=""'
        found |= {f"{label}与分项合计不符": condition for label, condition in self._sums().items()}
        found |= self._typed()
        if self.reasons:
            found["执行率低于 60%，请说明原因"] = self._unexplained()
        return found

    def _base(self) -> str:
        names = [name for name in self.rubric.denominator if name in self.plan.columns]
        refs = [self._ref(self.plan.total, name) for name in names]
        return refs[0] if len(refs) == 1 else f'IF({refs[0]}<>"",{refs[0]},{refs[1]})'

    def _sums(self) -> dict[str, str]:
        """Return, by amount, the conditions that the first row is not the sum of the others."""
        labels = {"initial": "年初预算数", "adjusted": "全年预算数", "executed": "全年执行数"}
        found = {}
        for name, label in labels.items():
            if name not in self.plan.columns or len(self.plan.rows) < 3:  # one source alone may be a part of the whole
                continue
            whole = self._ref(self.plan.total, name)
            parts = down(self.plan.rows[1], self.plan.rows[-1], self.plan.columns[name])
            tolerance = f"{self.rubric.money_tolerance}+{_NOISE}"
            found[label] = both(f"COUNT({parts})>0", f"ABS(N({whole})-SUM({parts}))>{tolerance}")
        return found

    def _typed(self) -> dict[str, str]:
        """Return the conditions that somebody has typed another ratio or other points over the formulas."""
        total, found = self.plan.total, {}
        ratio, score = self._ref(total, "ratio"), self._ref(total, "score")
        is_sum = [f"NOT({condition})" for condition in self._sums().values()]
        if ratio:
            right = self.ratio(total)
            off = f"IF(AND(ISNUMBER({ratio}),ISNUMBER({right})),ABS({ratio}-{right})>0.0001+{_NOISE},FALSE)"
            found["执行率不等于执行数 ÷ 预算数"] = both(off, *is_sum)
            found["请填写执行率"] = both(f'{ratio}=""', f"ISNUMBER({right})")
        if score and can_score_execution(self.rubric):
            # Points in steps do not follow a ratio that somebody has typed.
            is_linear = self.rubric.execution_rule == "linear"
            right = self.score("" if is_linear else self.ratio(total))
            off = f"ABS({score}-{right})>0.01+{_NOISE},ABS({score}-ROUND({right},1))>{_NOISE}"
            off = f"IF(AND(ISNUMBER({score}),ISNUMBER({right})),AND({off}),FALSE)"
            found["预算执行得分与规则不符"] = both(off, *is_sum)
            found["请填写预算执行得分"] = both(f'{score}=""', f"ISNUMBER({right})")
        return found

    def _unexplained(self) -> str:
        right = self.ratio(self.plan.total)
        told = "+".join(f"SUMPRODUCT(COUNTIF({cells},{words(_EXPLAINS)}))" for cells in self.reasons)
        own = self._ref(self.plan.total, "reason")
        own_silent = f'TRIM({own}&"")=""' if own else "TRUE"
        return f"IF(ISNUMBER({right}),AND(ROUND({right},4)<{_VERY_LOW},{right}>=0,{told}=0,{own_silent}),FALSE)"

    def fault_count(self) -> str:
        """Return the formula for how many errors the first row has."""
        return count_true(*self.faults().values())

    def hint(self) -> str:
        """Return the formula for what the unit is told beside the first row; "" where all is well."""
        pairs = [(condition, quoted(text)) for text, condition in self.faults().items()]
        ratio = self._ref(self.plan.total, "ratio")
        if ratio:
            over = f"IF(ISNUMBER({ratio}),ROUND({ratio},4)>1,FALSE)"
            pairs.append((over, quoted("执行数大于预算数，请核对是否漏计追加的预算")))
            low = f"IF(ISNUMBER({ratio}),ROUND({ratio},4)<0.9,FALSE)"
            pairs.append((low, quoted("执行率低于 90%，请说明原因")))
        return first_of(*pairs)
