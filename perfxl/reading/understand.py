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
    stored = record.get(f"{wanted}_stored"), record.get("actual_stored")
    rounded: dict[str, Any] = {}
    if found.problem is None and stored != (None, None):
        exact = exact_text(target, stored[0]), exact_text(actual, stored[1])
        if exact != (target, actual):
            found, rounded = _exactly(found, compare(*exact, *context), exact)
    on_time = None if found.met_date is None else float(found.met_date)
    return {
        "kind": found.kind,
        "operator": found.stated_operator,
        "rule_operator": found.operator,
        "unit": found.unit,
        "target_number": found.target_number,
        "target_upper": found.target_upper,
        "actual_number": found.actual_number,
        "lower_is_better": found.lower_is_better,
        "on_time": on_time,
        "days_late": None if found.late_by is None else found.late_by.days,
        "months_late": None if found.late_by is None else found.late_by.months,
        "tier": found.tier,
        "problem": found.problem,
        "note": record.get("elsewhere") or found.note or None,
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
