"""Understand the texts of target and actual, row by row, and lay the numbers beside them."""

from collections.abc import Mapping
from typing import Any

from perfxl.reading.values.compare import compare
from perfxl.reading.values.stored import exact_text
from perfxl.reading.values.value import Comparison


def understand(record: Mapping[str, Any], year: float | None) -> dict[str, Any]:
    """Return what the texts of an indicator record mean, as further fields of it.

    Where a cell shows its number rounded, the number that it stores counts, and the one shown stands beside it.

    Args:
        record: Of the indicators frame, texts and stored numbers.
        year: The table's year, for dates that state none.
    """
    wanted = "adjusted_target" if record.get("adjusted_target") else "target"
    target, actual = record.get(wanted) or "", record.get("actual") or ""
    context = (
        record["operator_text"] or "",
        record["unit_text"] or "",
        record["name"] or "",
        record.get("level2") or record.get("level1") or "",
        int(year) if year else None,
    )
    found = compare(target, actual, *context)
    target_stored, actual_stored = record.get(f"{wanted}_stored"), record.get("actual_stored")
    rounded: dict[str, Any] = {}
    if found.problem is None and (target_stored is not None or actual_stored is not None):
        exact = exact_text(target, target_stored), exact_text(actual, actual_stored)
        if exact != (target, actual):
            found, rounded = _exactly(found, compare(*exact, *context), exact)
    kind, operator, stated, is_lower, number, upper, done, unit, met, tier, problem, note, late = found
    return {
        "kind": kind,
        "operator": stated,
        "rule_operator": operator,
        "unit": unit,
        "target_number": number,
        "target_upper": upper,
        "actual_number": done,
        "lower_is_better": is_lower,
        "on_time": None if met is None else float(met),
        "days_late": None if late is None else late.days,
        "months_late": None if late is None else late.months,
        "tier": tier,
        "problem": problem,
        "note": record.get("elsewhere") or note or None,
        **rounded,
    }


def _exactly(
    shown: Comparison, stored: Comparison, texts: tuple[str, str]
) -> tuple[Comparison, dict[str, float | str | None]]:
    """Return the comparison of the stored numbers, with the numbers shown; that of those shown where only it works."""
    if stored.problem is not None or stored.kind != "quantitative" or shown.kind != "quantitative":
        return shown, {}
    parts = [
        f"{label}显示的是四舍五入后的数，按单元格所存的 {text} 计算"
        for label, text, one, other in (
            ("年度指标值", texts[0], shown.target_number, stored.target_number),
            ("实际完成值", texts[1], shown.actual_number, stored.actual_number),
        )
        if one != other
    ]
    return stored, {
        "target_shown": shown.target_number if shown.target_number != stored.target_number else None,
        "actual_shown": shown.actual_number if shown.actual_number != stored.actual_number else None,
        "note": "；".join([*parts, *([stored.note] if stored.note else [])]) or None,
    }
