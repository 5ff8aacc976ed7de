"""Faults planted in filled blanks: what is changed, and the finding that must come of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from perfxl.model.cells import a1
from perfxl.writing.blank.row_formulas import TIERS
from tests.blanks.filling import Filled, Value

# How many are planted in each form.
TEN = 10


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        code: Of the finding.
        cell: That the finding must name; "" for any.
        edits: Reference → what stands there instead.
    """

    code: str
    cell: str
    edits: dict[str, Value | None] = field(default_factory=dict)


def faults(filled: Filled) -> list[Fault]:
    """Return ten faults that can be planted in a form, drawn from all that can; the same ones each time."""
    found = [fault for plant in _PLANTS for fault in plant(filled)]
    return Random(filled.form.id).sample(found, min(TEN, len(found)))


def _rows(filled: Filled, **wanted: bool) -> Iterator[int]:
    """Yield the rows that are met or not, with words or numbers, as wanted."""
    for number, row in filled.rows.items():
        traits = {
            "is_short": row.get("reason") is not None,
            "is_number": row.get("share") is not None,
            "has_target": row.get("target") is not None,
            "is_percent": str(row.get("unit")) == "%",
        }
        if all(traits[name] is value for name, value in wanted.items()):
            yield number


def _has(filled: Filled, *names: str) -> bool:
    assert filled.plan.grid is not None
    return set(names) <= filled.plan.grid.columns.keys()


def _blank_label(filled: Filled) -> Iterator[Fault]:
    for ref in filled.plan.required[:2]:
        yield Fault("STR-03", ref, {ref: None})


def _blank_value(filled: Filled) -> Iterator[Fault]:
    if _has(filled, "target"):
        row = next(_rows(filled, is_short=False))
        for name in ("actual", "target"):
            edits: dict[str, Value | None] = {filled.ref(row, name): None}
            if _has(filled, "weight"):
                edits[filled.ref(row, "reported_score")] = filled.rows[row]["weight"]
            yield Fault("STR-07", filled.ref(row, name), edits)
    elif _has(filled, "reported_score"):
        row = next(iter(filled.rows))
        yield Fault("STR-07", filled.ref(row, "reported_score"), {filled.ref(row, "reported_score"): None})


def _score_above_weight(filled: Filled) -> Iterator[Fault]:
    if _has(filled, "reported_score") and next(iter(filled.rows.values()))["weight"] is not None and _weighs(filled):
        row = next(_rows(filled, is_short=False))
        weight = float(filled.rows[row]["weight"] or 0)
        ref = filled.ref(row, "reported_score")
        yield Fault("IND-01", ref, {ref: weight + 2})


def _weighs(filled: Filled) -> bool:
    """Whether the form states points of rows, in a column or in labels."""
    assert filled.plan.grid is not None
    return _has(filled, "weight") or any(row.in_label for row in filled.plan.grid.rows)


def _no_reason(filled: Filled) -> Iterator[Fault]:
    if _has(filled, "reported_score", "reason") and _weighs(filled):
        for row in [*_rows(filled, is_short=True)][:1]:
            ref = filled.ref(row, "reason")
            yield Fault("IND-07", ref, {ref: None})
            yield Fault("IND-07", ref, {ref: "无"})


def _above_rule(filled: Filled) -> Iterator[Fault]:
    if _has(filled, "weight", "target"):
        for row in [*_rows(filled, is_short=True, is_number=True)][:1]:
            ref = filled.ref(row, "reported_score")
            yield Fault("IND-03", ref, {ref: filled.rows[row]["weight"]})


def _words_for_a_number(filled: Filled) -> Iterator[Fault]:
    if _has(filled, "target"):
        row = next(_rows(filled, is_number=True, is_short=False))
        ref = filled.ref(row, "actual")
        yield Fault("IND-10", ref, {ref: "已完成"})


def _percent_against_fraction(filled: Filled) -> Iterator[Fault]:
    if _has(filled, "target") and not _has(filled, "unit"):
        for row in [*_rows(filled, is_number=True, is_percent=True)][:1]:
            ref = filled.ref(row, "actual")
            yield Fault("UNIT-02", ref, {ref: "0.95"})


def _outside_tier(filled: Filled) -> Iterator[Fault]:
    if _has(filled, "weight", "target"):
        for row in [*_rows(filled, has_target=True, is_number=False)][:1]:
            ref = filled.ref(row, "reported_score")
            edits: dict[str, Value | None] = {filled.ref(row, "actual"): TIERS[1], ref: filled.rows[row]["weight"]}
            yield Fault("IND-11", ref, edits)


def _money(filled: Filled) -> Iterator[Fault]:
    money = filled.plan.money
    if money is None:
        return
    if "ratio" in money.columns:
        ref = filled.money_ref("ratio")
        yield Fault("BUD-02", ref, {ref: 0.5})
    if "score" in money.columns:
        ref = filled.money_ref("score")
        yield Fault("BUD-03", ref, {ref: 1.25})
    base = next(name for name in filled.form.rubric.denominator if name in money.columns)
    if len(money.rows) > 2:
        ref = filled.money_ref("executed")
        yield Fault("BUD-01", ref, {ref: float(filled.results[ref]) + 3})
        part = a1(money.rows[1], money.columns["executed"])
        edits: dict[str, Value | None] = {part: float(filled.typed[part]) + 5000}
        yield Fault("BUD-04", ref, {**edits, ref: round(float(filled.results[ref]) + 5000, 2)})
    else:
        ref = filled.money_ref(base)
        yield Fault("BUD-06", ref, {ref: 0})
        yield Fault("STR-16", filled.money_ref("executed"), {filled.money_ref("executed"): None})


def _sums(filled: Filled) -> Iterator[Fault]:
    grid = filled.plan.grid
    assert grid is not None
    if _has(filled, "weight") and (
        row := next((r.number for r in grid.rows if filled.ref(r.number, "weight") in filled.typed), 0)
    ):
        ref = filled.ref(row, "weight")
        yield Fault("WGT-01", "", {ref: float(filled.typed[ref]) + 6, **_as_score(filled, row, 6)})
    if filled.plan.total and "reported_score" in grid.columns:
        yield Fault("WGT-07", filled.plan.total, {filled.plan.total: float(filled.results[filled.plan.total]) - 3.5})
    if grid.subtotals:
        ref = a1(grid.subtotals[0], grid.columns["reported_score"])
        yield Fault("WGT-08", ref, {ref: float(filled.results[ref]) - 2})


def _as_score(filled: Filled, row: int, more: float) -> dict[str, Value | None]:
    """Return the score that goes with more points, where the row's score is typed."""
    ref = filled.ref(row, "reported_score")
    return {ref: float(filled.typed[ref]) + more} if ref in filled.typed else {}


def _no_number(filled: Filled) -> Iterator[Fault]:
    if _has(filled, "reported_score"):
        row = next(_rows(filled, is_short=False))
        ref = filled.ref(row, "reported_score")
        yield Fault("IND-02", ref, {ref: "满分"})
        yield Fault("IND-02", ref, {ref: -1})


def _told_otherwise(filled: Filled) -> Iterator[Fault]:
    """Yield what is no error but is asked back."""
    if not _has(filled, "target") and _has(filled, "reason"):
        row = next(iter(filled.rows))
        edits: dict[str, Value | None] = {filled.ref(row, "reported_score"): 0}
        yield Fault("NA-01", "", edits | {filled.ref(row, "reason"): "本年不涉及此项业务"})
        yield Fault("NA-03", "", edits | {filled.ref(row, "reason"): "本单位本年未开展"})
    if filled.plan.total:
        yield Fault("STR-17", filled.plan.total, {filled.plan.total: None})
    if _has(filled, "target"):
        row = next(row for row in _rows(filled, is_number=True) if "增" not in str(filled.rows[row]["level3"]))
        yield Fault("IND-16", "", {filled.ref(row, "actual"): "-5"})
        yield Fault("IND-12", "", {filled.ref(row, "target"): "≥3个，覆盖率90%"})


_PLANTS: tuple[Callable[[Filled], Iterator[Fault]], ...] = (
    _blank_label, _score_above_weight, _no_reason, _above_rule, _words_for_a_number, _percent_against_fraction, _outside_tier,
    _money, _sums, _blank_value, _no_number, _told_otherwise,
)  # fmt: skip
