"""Fill a blank in as a unit would, with values drawn by a seed, and say what each formula must come to."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.forms.definitions import Form, load_forms
from perfxl.model.cells import a1
from perfxl.rounding import round_half_up
from perfxl.writing.blank.compute import Formulas, compute
from perfxl.writing.blank.draw import draw_blank, plan_of
from perfxl.writing.blank.plan import GroupPlan, Plan, RowPlan
from perfxl.writing.blank.row_formulas import TIERS

YEAR = 2027
FORMS = load_forms()
REASONS = (
    "受连续降雨影响，部分工作延后；明年提前安排", "设备供货推迟；已与供应商约定交货日期", "参加人数少于预计；明年分片举办",
    "两个村道路施工，暂不能进入；完工后补做", "系统升级占用时间；明年错峰进行",
)  # fmt: skip
Value = str | float


class Kind(NamedTuple):
    """An indicator that a unit may set itself: numbers between `low` and `high`; no sign for one in words."""

    name: str
    sign: str
    low: int
    high: int
    unit: str


# By what the name of the class holds.
KINDS: Mapping[str, tuple[Kind, ...]] = {
    "数量": (Kind("技术培训场次", "≥", 8, 40, "场"), Kind("新增设备数量", "≥", 20, 90, "台"), Kind("补助人数", "≥", 150, 900, "人")),
    "质量": (Kind("设备验收合格率", "≥", 90, 98, "%"), Kind("培训考核通过率", "≥", 85, 95, "%")),
    "时效": (Kind("任务按时完成率", "≥", 90, 98, "%"), Kind("工单办结率", ">", 80, 95, "%")),
    "成本": (Kind("设备采购总成本", "≤", 40, 90, "万元"), Kind("场均成本", "<", 2, 9, "万元")),
    "经济": (Kind("带动农户增收额", "≥", 60, 200, "万元"), Kind("节约用电量", "≥", 20, 80, "万度")),
    "社会": (Kind("受益群众人数", "≥", 800, 5000, "人"), Kind("公众知晓程度", "", 0, 0, "明显增强")),
    "生态": (Kind("新增绿化面积", "≥", 20, 90, "亩"), Kind("周边环境改善程度", "", 0, 0, "明显改善")),
    "持续": (Kind("管护制度健全程度", "", 0, 0, "健全"), Kind("设施正常运行率", "≥", 85, 97, "%")),
    "满意": (Kind("受训人员满意度", "≥", 85, 95, "%"), Kind("服务对象满意率", "≥", 80, 92, "%")),
    "": (Kind("巡查次数", "≥", 20, 90, "次"), Kind("问题整改率", "≥", 85, 97, "%"), Kind("系统升级项数", "≥", 3, 12, "项")),
}  # fmt: skip


@dataclass(slots=True)
class Filled:
    """A filled blank.

    Attributes:
        form: Its form.
        plan: Where everything stands.
        formulas: Of the blank.
        typed: Reference → what the unit typed.
        results: Reference → what the formula there must come to.
        rows: What stands in each used indicator row, by the reader's names.
    """

    form: Form
    plan: Plan
    formulas: Formulas
    typed: dict[str, Value] = field(default_factory=dict)
    results: dict[str, Value] = field(default_factory=dict)
    rows: dict[int, dict[str, Value | None]] = field(default_factory=dict)

    def ref(self, row: int, name: str) -> str:
        """Return the reference of an indicator's cell."""
        assert self.plan.grid is not None
        return a1(row, self.plan.grid.columns[name])

    def money_ref(self, name: str) -> str:
        """Return the reference of an amount in the first row of the money table."""
        assert self.plan.money is not None
        return a1(self.plan.money.total, self.plan.money.columns[name])

    def workbook(self, *, has_formulas: bool) -> Workbook:
        """Return the workbook; without formulas their results stand in their place, as pasted values do."""
        book = load_workbook(io.BytesIO(blank_of(self.form.id)))
        sheet = sheet_of(book)
        values = self.typed if has_formulas else {**self.results, **self.typed}
        for ref, value in values.items():
            put(sheet, ref, value)
        return book


@cache
def blank_of(form: str) -> bytes:
    """Return the blank of a form."""
    return draw_blank(FORMS.by_id[form], FORMS.lexicon, YEAR)


def sheet_of(book: Workbook) -> Worksheet:
    """Return the sheet with the table."""
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def put(sheet: Worksheet, ref: str, value: Value | None) -> None:
    """Put a value into a cell; a text stays a text."""
    cell = sheet[ref]
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def fill(form_id: str, seed: int) -> Filled:
    """Return a form's blank filled in with values that break no rule."""
    form = FORMS.by_id[form_id]
    plan = plan_of(form, FORMS.lexicon, YEAR)
    return _Filler(Filled(form, plan, compute(plan, form.rubric)), Random(f"{form_id}{seed}")).run()


class _Filler:
    def __init__(self, filled: Filled, random: Random) -> None:
        self._filled = filled
        self._random = random
        self._plan = filled.plan
        assert self._plan.grid is not None
        self._grid = self._plan.grid
        self._rubric = filled.form.rubric
        self._execution: tuple[float, float] = (0.0, 0.0)

    def run(self) -> Filled:
        self._fill_header()
        if self._plan.money is not None:
            self._fill_money()
        for role, ref in self._plan.goals.items():
            self._filled.typed[ref] = {
                "goal_expected": "开展培训，更新设备。",
                "goal_actual": "已办培训，设备已更新。",
            }[role]
        for number, ref in enumerate(self._plan.conclusions):
            self._filled.typed[ref] = f"总体上完成了年初安排的工作，第 {number + 1} 栏。"
        weights = self._weights()
        for row, weight in weights.items():
            self._fill_row(row, weight)
        self._sum_up()
        return self._filled

    def _pick(self, low: float, high: float, places: int = 0) -> float:
        number = round(self._random.uniform(low, high), places)
        return int(number) if places == 0 else number

    # ------------------------------------------------------------ header and money

    def _fill_header(self) -> None:
        texts = {
            "项目名称": "基层能力提升",
            "主管部门": "市农业农村局",
            "实施单位": "市农技推广中心",
            "单位名称": "市农技推广中心",
        }
        for label, place in self._plan.header.items():
            ref = a1(*place)
            if ref in self._plan.choices:
                self._filled.typed[ref] = self._random.choice(self._plan.choices[ref])
            elif ref != self._plan.total and label not in ("自评等级", "自评总分"):
                self._filled.typed[ref] = texts.get(label, f"{label}甲")

    def _fill_money(self) -> None:
        money = self._plan.money
        assert money is not None
        names = [name for name in ("initial", "adjusted", "executed") if name in money.columns]
        share = self._random.choice([1.0, self._random.uniform(0.92, 0.999)])
        parts = money.rows[1:] or money.rows
        sums = dict.fromkeys(names, 0.0)
        for row in parts:
            base = self._pick(20, 300, 2)
            amounts = {"initial": base, "adjusted": base, "executed": round(base * share, 2)}
            for name in names:
                self._filled.typed[a1(row, money.columns[name])] = amounts[name]
                sums[name] = round(sums[name] + amounts[name], 2)
            base = amounts["adjusted"] if "adjusted" in names else amounts["initial"]
            if "ratio" in money.columns:
                self._filled.results[a1(row, money.columns["ratio"])] = amounts["executed"] / base
        base_name = next(name for name in self._rubric.denominator if name in names)
        ratio = sums["executed"] / sums[base_name]
        if len(money.rows) > 1:
            for name in names:
                self._filled.results[a1(money.total, money.columns[name])] = sums[name]
        if "ratio" in money.columns:
            self._filled.results[a1(money.total, money.columns["ratio"])] = ratio
        if "score" in money.columns:
            weight = self._rubric.execution_weight or 0.0
            earned = min(1.0, ratio)
            if self._rubric.execution_rule == "stepped":
                earned = next((share for bound, share in sorted(self._rubric.execution_steps, reverse=True)
                               if ratio >= bound - 1e-9), 0.0)  # fmt: skip
            score = round_half_up(weight * earned)
            self._filled.results[a1(money.total, money.columns["score"])] = score
            self._execution = weight, score

    # ------------------------------------------------------------ which rows, and their points

    def _weights(self) -> dict[RowPlan, float | None]:
        """Return the rows that are filled in, with their points; None where the form has none at all."""
        rows = [row for row in self._grid.rows if row.is_printed or self._is_wanted(row)]
        if not {"weight", "reported_score"} & self._grid.columns.keys():
            return dict.fromkeys(rows)
        whole = self._rubric.total - self._execution[0]
        found: dict[RowPlan, float | None] = {row: row.weight for row in rows}
        groups = [group for group in self._grid.groups if group.weight is not None]
        for group in groups:
            self._share(found, [row for row in rows if group.top <= row.number <= group.bottom], group.weight or 0)
        self._share(found, rows, whole)
        return found

    def _is_wanted(self, row: RowPlan) -> bool:
        """Whether a blank row is used: the first of its class, and some others."""
        tops = {child.top for group in self._grid.groups for child in group.children}
        return row.number in tops or self._random.random() < 0.5

    def _share(self, found: dict[RowPlan, float | None], rows: Iterable[RowPlan], whole: float) -> None:
        """Share points out among the rows that have none, whole numbers as far as may be."""
        rows = list(rows)
        for child in self._children(rows):
            own = [row for row in rows if child.top <= row.number <= child.bottom]
            if child.weight is not None and any(found[row] is None for row in own):
                self._share_out(found, own, child.weight)
        self._share_out(found, rows, whole)

    def _children(self, rows: Iterable[RowPlan]) -> list[GroupPlan]:
        return [child for group in self._grid.groups for child in group.children]

    def _share_out(self, found: dict[RowPlan, float | None], rows: Iterable[RowPlan], whole: float) -> None:
        rows = list(rows)
        open_rows = [row for row in rows if found[row] is None]
        if not open_rows:
            return
        rest = whole - sum(found[row] or 0 for row in rows)
        shares = [self._random.randint(2, 5) for _ in open_rows]
        points = [round(rest * share / sum(shares) * 2) / 2 for share in shares]
        points[-1] = round(rest - sum(points[:-1]), 2)
        found.update(zip(open_rows, points, strict=True))

    # ------------------------------------------------------------ rows

    def _fill_row(self, row: RowPlan, weight: float | None) -> None:
        own: dict[str, Value | None] = {"weight": weight}
        self._filled.rows[row.number] = own
        columns = self._grid.columns
        if not row.is_printed:
            own |= self._name(row, weight)
            self._type(row, "level3", own["level3"])
        if "target" in columns:
            self._fill_values(row, own)
        elif weight is not None:
            is_short = self._random.random() < 0.3
            own["reported_score"] = round(weight * 0.8, 2) if is_short else weight
            own["reason"] = self._reason(row) if is_short else None
            self._type(row, "reported_score", own["reported_score"])
        self._type(row, "reason", own.get("reason"))
        if weight is not None and row.weight is None and "weight" in columns:
            self._type(row, "weight", weight)
        for name, value in (("rule", "完成得满分"), ("core", "否"), ("coefficient", "100%")):
            if name in columns and (row.number % 2 or name == "core"):
                self._type(row, name, value)

    def _name(self, row: RowPlan, weight: float | None) -> dict[str, Value | None]:
        kind = self._kind(row)
        same = sum(str(other.get("level3", "")).startswith(kind.name) for other in self._filled.rows.values())
        name = kind.name + "二三四五六七八"[same - 1] if same else kind.name
        if self._labels_carry_points:
            name = f"{name}（{weight:g}分）"
        return {"level3": name, "kind": kind.name}

    @property
    def _labels_carry_points(self) -> bool:
        return any(row.in_label for row in self._grid.rows)

    def _kind(self, row: RowPlan) -> Kind:
        label = next((str(box.value or "") for box in self._plan.boxes
                      if box.left == self._grid.columns.get("level2") and box.top <= row.number <= box.bottom), "")  # fmt: skip
        kinds = next(kinds for word, kinds in KINDS.items() if word in label)
        return kinds[row.number % len(kinds)]

    def _type(self, row: RowPlan, name: str, value: Value | None) -> None:
        if value is not None and name in self._grid.columns:
            self._filled.typed[self._filled.ref(row.number, name)] = value

    def _fill_values(self, row: RowPlan, own: dict[str, Value | None]) -> None:
        # What the form prints in such a table is about how things were done, which words tell.
        name = own.get("kind", "管护制度健全程度")
        kind = next(kind for kinds in KINDS.values() for kind in kinds if kind.name == name)
        is_short = self._random.random() < 0.3
        if kind.sign:
            self._fill_numbers(row, own, kind, is_short=is_short)
        else:
            self._fill_words(row, own, kind, is_short=is_short)
        own["reason"] = self._reason(row) if is_short else None

    def _reason(self, row: RowPlan) -> str:
        """Return a reason that no other row gives."""
        return f"{REASONS[row.number % len(REASONS)]}（第 {row.number} 行）"

    def _fill_numbers(self, row: RowPlan, own: dict[str, Value | None], kind: Kind, *, is_short: bool) -> None:
        target = self._pick(kind.low, kind.high)
        is_lower = kind.sign in "≤<"
        low, high = ((1.02, 1.3) if is_short else (0.8, 1.0)) if is_lower else ((0.8, 0.99) if is_short else (1.0, 1.2))
        actual = max(1.5, self._pick(target * low, target * high, 1))
        if kind.unit == "%":
            actual = min(actual, 100.0)
        is_met = actual <= target if is_lower else actual >= target
        if is_met == is_short:
            actual, is_short = float(target), False
        is_split = "unit" in self._grid.columns
        own["operator"], own["unit"] = kind.sign, kind.unit
        own["target"] = f"{target}" if is_split else f"{kind.sign}{target}{kind.unit}"
        own["actual"] = f"{actual:g}" if is_split or row.number % 3 == 0 else f"{actual:g}{kind.unit}"
        for name in ("target", "actual", *(("operator", "unit") if is_split else ())):
            self._type(row, name, own[name])
        share = min(1.0, actual / target)
        if is_lower:
            over = max(0.0, 1 - (actual - target) / target)
            share = min(1.0, target / actual if self._rubric.reverse == "inverse_ratio" else over)
        own["share"] = share
        self._score(row, own, share)

    def _fill_words(self, row: RowPlan, own: dict[str, Value | None], kind: Kind, *, is_short: bool) -> None:
        own["target"], own["actual"] = kind.unit, TIERS[1] if is_short else TIERS[0]
        own["operator"] = "定性"
        for name in ("target", "actual", *(("operator",) if "unit" in self._grid.columns else ())):
            self._type(row, name, own[name])
        weight = own["weight"]
        if isinstance(weight, float | int):
            own["reported_score"] = round(weight * 0.7, 2) if is_short else weight
            self._type(row, "reported_score", own["reported_score"])

    def _score(self, row: RowPlan, own: dict[str, Value | None], share: float) -> None:
        weight = own["weight"]
        if not isinstance(weight, float | int) or "reported_score" not in self._grid.columns:
            return
        own["reported_score"] = round_half_up(weight * share)
        if "weight" in self._grid.columns:
            self._filled.results[self._filled.ref(row.number, "reported_score")] = own["reported_score"]
        else:
            self._type(row, "reported_score", own["reported_score"])

    # ------------------------------------------------------------ sums

    def _sum_up(self) -> None:
        grid, results = self._grid, self._filled.results
        execution = dict(zip(("weight", "reported_score"), self._execution, strict=True))
        for name in ("weight", "reported_score"):
            if name not in grid.columns:
                continue
            for row, group in zip(grid.subtotals, grid.groups, strict=False):
                results[a1(row, grid.columns[name])] = self._sum(group.top, group.bottom, name)
            if grid.total is not None:
                whole = self._sum(grid.top, grid.bottom, name) + execution[name]
                results[a1(grid.total, grid.columns[name])] = round(whole, 2)
        if grid.total is None and self._plan.total:
            results[self._plan.total] = round(
                self._sum(grid.top, grid.bottom, "reported_score") + self._execution[1], 2
            )
        for group in grid.groups:
            parts = [("level1_weight", group)] if group.weight is None else []
            for name, part in [*parts, *(("level2_weight", child) for child in group.children)]:
                if name in grid.columns:
                    results[a1(part.top, grid.columns[name])] = self._sum(part.top, part.bottom, "weight")
        for box in self._plan.boxes:
            if box.name == "grade":
                total = float(results[self._plan.total])
                results[box.ref] = next(grade for lowest, grade in self._rubric.grades if total >= lowest)

    def _sum(self, top: int, bottom: int, name: str) -> float:
        own = [row.get(name) for number, row in self._filled.rows.items() if top <= number <= bottom]
        return round(sum(float(value) for value in own if value is not None), 2)
