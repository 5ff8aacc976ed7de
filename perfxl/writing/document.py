"""The machine-readable result of a workbook: what `--json` prints and what the result sheets show."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from perfxl import __version__
from perfxl.errors import InputError
from perfxl.model.cells import CellRef, a1
from perfxl.model.columns import records
from perfxl.model.finding import Finding
from perfxl.model.frames import Scored
from perfxl.rounding import round_half_up
from perfxl.text import plain_label

Document = dict[str, Any]

_NAN = float("nan")
# Whole numbers below are told apart from their neighbours.
_EXACT = 1e15

_INDICATOR_CELLS = ("level1", "level2", "level3", "level4", "target", "actual", "weight", "reported_score", "reason")
_BUDGET_CELLS = ("name", "initial", "adjusted", "executed", "reported_ratio", "weight", "reported_score")
# What is taken from the frames: as it is, and as numbers for JSON.
_BUDGET_VALUES = (
    "name", "is_total", "role", "reported_ratio", "denominator", "weight_text", "reported_score_text", "reason",
    "cells",
)  # fmt: skip
_BUDGET_NUMBERS = ("initial", "adjusted", "executed", "ratio", "weight", "reported_score", "score")
_INDICATOR_VALUES = (
    "level1", "level2", "level3", "level4", "name", "goal", "operator", "target", "adjusted_target", "unit", "actual",
    "kind", "weight_text", "reported_score_text", "status", "reason", "note", "cells",
)  # fmt: skip
_INDICATOR_NUMBERS = (
    "target_number", "target_upper", "actual_number", "completion_rate", "weight", "reported_score", "score",
)  # fmt: skip
_GROUP_NUMBERS = ("declared_weight", "weight", "typed_score", "reported_score", "score")

# C1 controls, marks of direction, and the two line ends that only Unicode knows.
_OBEYED = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def table_documents(scored: Scored, findings: Iterable[Finding]) -> dict[int, Document]:
    """Return one entry of `tables` for every table, by table_id, as the contract lays it out."""
    by_table: dict[int, list[Document]] = defaultdict(list)
    for finding in findings:
        by_table[finding.table_id].append(finding_document(finding))
    ratios = round_half_up(scored.budget["ratio"], 6)
    budget = _grouped(scored.budget.assign(ratio=ratios), _BUDGET_VALUES, _BUDGET_NUMBERS)
    rates = round_half_up(scored.indicators["completion_rate"], 6)
    indicators = _grouped(scored.indicators.assign(completion_rate=rates), _INDICATOR_VALUES, _INDICATOR_NUMBERS)
    groups = _grouped(scored.groups, ("path",), _GROUP_NUMBERS)
    return {
        int(row["table_id"]): _table(
            row,
            budget[row["table_id"]],
            indicators[row["table_id"]],
            groups[row["table_id"]],
            by_table[row["table_id"]],
        )
        for row in records(scored.tables)
    }


def workbook_document(
    path: str,
    *,
    sha256: str | None,
    format_: str | None,
    size: int | None,
    tables: Sequence[Document] = (),
    findings: Iterable[Finding] = (),
    error: InputError | None = None,
    output: str | None = None,
    notes: Sequence[str] = (),
) -> Document:
    """Return the document of one input workbook; a workbook that cannot be used has an error and no tables."""
    failure = None if error is None else {"kind": error.kind, "message": error.message, "advice": error.advice}
    return {
        "perfxl": __version__,
        "input": {"path": path, "sha256": sha256, "format": format_, "bytes": size},
        "output": output,
        "error": failure,
        "tables": list(tables),
        "findings": [finding_document(finding) for finding in findings],
        "notes": list(notes),
    }


def finding_document(finding: Finding) -> Document:
    """Return a finding as the contract lays it out; `value` is what its cell shows."""
    cell = finding.cell
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "title": finding.title,
        "message": finding.message,
        "advice": finding.advice,
        "cell": None if cell is None else str(cell),
        "value": (cell.text or None) if cell is not None else None,
        "expected": _number(finding.expected),
        "difference": _number(finding.difference),
        "waived": finding.waived or None,
    }


def open_findings(document: Document) -> list[Document]:
    """Return the findings of a table, or of a workbook and all its tables, that nobody has waived."""
    tables = document.get("tables", ())
    found = [*document["findings"], *(finding for table in tables for finding in table["findings"])]
    return [finding for finding in found if not finding["waived"]]


def json_line(document: Any) -> bytes:
    """Return a document as one line of JSON in UTF-8, its end included."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    # A terminal obeys some characters that JSON need not escape; a file's name may hold any.
    text = _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    # A file name in another encoding holds surrogates; written as \udcxx they are still valid JSON.
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _grouped(frame: pd.DataFrame, values: Sequence[str], numbers: Sequence[str]) -> dict[int, list[dict[str, Any]]]:
    """Return the rows by table, with some columns as they are and some as numbers for JSON."""
    names = (*values, *numbers)
    columns = [frame[name].tolist() for name in values] + [_numbers(frame[name]) for name in numbers]
    grouped: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for table_id, *row in zip(frame["table_id"].tolist(), *columns, strict=True):
        grouped[table_id].append(dict(zip(names, row, strict=True)))
    return grouped


def _table(
    table: Mapping[str, Any],
    budget: Sequence[Mapping[str, Any]],
    indicators: Sequence[Mapping[str, Any]],
    groups: Sequence[Mapping[str, Any]],
    findings: Sequence[Document],
) -> Document:
    total_cells = {"reported_score": "reported_score", "weight": "weight", "grade": "grade"}
    header_cells = {label: str(ref) for label, ref in table["cells"].items() if label in table["header"]}
    return {
        "sheet": table["sheet"],
        "sheet_state": table["sheet_state"],
        "title": table["title"],
        "form": table["form"],
        "rubric": table["rubric"],
        "year": _number(table["year"]),
        "header": table["header"],
        "header_cells": header_cells,
        "money_unit": table["money_unit"],
        "budget": [_budget(row) for row in budget],
        "indicators": [_indicator(row) for row in indicators],
        "subtotals": [_subtotal(row) for row in groups],
        "total": {
            "weight": _number(table["total_weight"])
            if _is_number(table["total_weight"])
            else _number(table["weight_sum"]),
            "reported_score": _number(table["total_reported_score"]),
            "reported_sum": _number(table["reported_sum"]),
            "score": _number(table["score"]),
            "grade": table["grade"],
            "reported_grade": table["reported_grade"],
            "is_complete": bool(table["is_complete"]),
            "manual_weight": _number(table["manual_weight"]),
            "cells": {key: str(table["cells"][name]) for key, name in total_cells.items() if name in table["cells"]},
        },
        "deductions": list(_deductions(budget, indicators)),
        "findings": list(findings),
    }


def _budget(row: Mapping[str, Any]) -> Document:
    return {
        "name": row["name"],
        "role": "total" if row["is_total"] else row["role"],
        "initial": row["initial"],
        "adjusted": row["adjusted"],
        "executed": row["executed"],
        "reported_ratio": row["reported_ratio"],
        "ratio": row["ratio"],
        "denominator": row["denominator"],
        "weight": _points(row, "weight"),
        "reported_score": _points(row, "reported_score"),
        "score": row["score"],
        "cells": _cells(row["cells"], _BUDGET_CELLS),
    }


def _indicator(row: Mapping[str, Any]) -> Document:
    upper, target = row["target_upper"], row["target_number"]
    return {
        "level1": row["level1"],
        "level2": row["level2"],
        "level3": row["level3"],
        **({"level4": row["level4"]} if row["level4"] is not None else {}),
        **({"goal": row["goal"]} if row["goal"] is not None else {}),
        "operator": row["operator"],
        "target": row["target"],
        **({"adjusted_target": row["adjusted_target"]} if row["adjusted_target"] is not None else {}),
        "unit": row["unit"],
        "actual": row["actual"],
        "kind": row["kind"],
        "target_number": target if upper is None else [target, upper],
        "actual_number": row["actual_number"],
        "completion_rate": row["completion_rate"],
        "weight": _points(row, "weight"),
        "reported_score": _points(row, "reported_score"),
        "score": row["score"],
        "status": row["status"],
        "reason": row["reason"],
        "note": row["note"] or None,
        "cells": _cells(row["cells"], _INDICATOR_CELLS),
    }


def _subtotal(row: Mapping[str, Any]) -> Document:
    declared, typed = row["declared_weight"], row["typed_score"]
    return {
        "path": [plain_label(label) for label in row["path"]],
        "weight": row["weight"] if declared is None else declared,
        "reported_score": row["reported_score"] if typed is None else typed,
        "score": row["score"],
    }


def _deductions(budget: Iterable[Mapping[str, Any]], indicators: Iterable[Mapping[str, Any]]) -> Iterable[Document]:
    """Yield what the unit itself took off: rows whose filled score lies below their weight."""
    for row in (*(row for row in budget if row["is_total"]), *indicators):
        weight, reported = row["weight"], row["reported_score"]
        if weight is None or reported is None or not weight > reported:
            continue
        labels = (row["level1"], row["level2"], row["name"]) if "level1" in row else ("预算执行", row["name"])
        yield {
            "path": [plain_label(label) for label in dict.fromkeys(labels) if label],
            "points": _number(round_half_up(float(weight - reported), 4)),
            "reason": row["reason"],
            "cell": str(row["cells"]["reported_score"]) if "reported_score" in row["cells"] else None,
        }


def _cells(cells: Mapping[str, CellRef], names: Iterable[str]) -> dict[str, str]:
    # Written out: of nine cells a row, str() takes a fifth of the time of a document.
    return {name: f"{ref.sheet}!{a1(ref.row, ref.column)}" for name in names if (ref := cells.get(name)) is not None}


def _points(row: Mapping[str, Any], name: str) -> float | int | str | None:
    number: float | int | None = row[name]
    text: str | None = row[f"{name}_text"]
    return text if number is None else number


def _numbers(values: pd.Series) -> list[float | int | None]:
    """Return a column of numbers for JSON; see `_number`, which for so many is called once too often."""
    numbers = values.to_numpy(dtype="float64", na_value=_NAN)
    whole = np.isfinite(numbers) & (numbers == np.trunc(numbers)) & (np.abs(numbers) < _EXACT)
    return [
        int(number) if is_whole else number if number - number == 0 else None
        for number, is_whole in zip(numbers.tolist(), whole.tolist(), strict=True)
    ]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and value == value and abs(value) != float("inf")


def _number(value: Any) -> float | int | None:
    """Return a number for JSON: whole numbers without a decimal point, null for NaN."""
    if not _is_number(value):
        return None
    return int(value) if float(value).is_integer() and abs(value) < _EXACT else float(value)
