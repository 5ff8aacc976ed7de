"""Understand the texts of target and actual, row by row, and lay the numbers beside them."""

from collections.abc import Mapping
from typing import Any

from perfxl.reading.values.compare import compare


def understand(record: Mapping[str, Any], year: float | None, *, has_values: bool) -> dict[str, Any]:
    """Return an indicator record with what its texts mean.

    Args:
        record: Of the indicators frame, texts only.
        year: The table's year, for dates that state none.
        has_values: False for a score sheet, which has neither target nor actual; its rows keep kind None.
    """
    if not has_values:
        return dict(record)
    found = compare(
        record.get("adjusted_target") or record.get("target") or "",
        record.get("actual") or "",
        operator=record["operator_text"] or "",
        unit=record["unit_text"] or "",
        name=record["name"] or "",
        level2=record.get("level2") or record.get("level1") or "",
        year=int(year) if year else None,
    )
    on_time = None if found.met_date is None else float(found.met_date)
    return {
        **record,
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
        "note": found.note or None,
    }
