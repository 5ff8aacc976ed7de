"""The machine-readable result of a workbook: what `--json` prints and what the result sheets show."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
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
# A number for JSON.
_Number = float | int | None

_NAN = float("nan")
# Whole numbers below are told apart from their neighbours.
_EXACT = 1e15

_INDICATOR_CELLS = ("level1", "level2", "level3", "level4", "target", "actual", "weight", "reported_score", "reason")
_BUDGET_CELLS = ("name", "initial", "adjusted", "executed", "reported_ratio", "weight", "reported_score")
# What is taken from the frames: as it is, and as numbers for JSON; the documents of the rows are made from these.
_BUDGET_VALUES = ("name", "is_total", "role", "reported_ratio", "denominator", "weight_text", "reported_score_text",
                  "cells")  # fmt: skip
_BUDGET_NUMBERS = ("initial", "adjusted", "executed", "ratio", "weight", "reported_score", "score")
_INDICATOR_VALUES = (
    "level1", "level2", "level3", "level4", "goal", "operator", "target", "adjusted_target", "unit", "actual", "kind",
    "weight_text", "reported_score_text", "status", "reason", "note", "cells",
)  # fmt: skip
_INDICATOR_NUMBERS = (
    "target_number", "target_upper", "actual_number", "completion_rate", "weight", "reported_score", "score",
)  # fmt: skip
_GROUP_NUMBERS = ("declared_weight", "weight", "typed_score", "reported_score", "score")
_DEDUCTION = ("table_id", "level1", "level2", "name", "weight", "reported_score", "reason", "cells")
_OF_TABLE = (
    "table_id", "sheet", "sheet_state", "title", "form", "rubric", "year", "header", "money_unit", "total_weight",
    "weight_sum", "total_reported_score", "reported_sum", "score", "grade", "reported_grade", "is_complete",
    "manual_weight", "cells",
)  # fmt: skip

# C1 controls, marks of direction, and the two line ends that only Unicode knows.
_OBEYED = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def table_documents(scored: Scored, findings: Iterable[Finding]) -> dict[int, Document]:
    """Return one entry of `tables` for every table, by table_id, as the contract lays it out."""
    by_table: dict[int, list[Document]] = defaultdict(list)
    for finding in findings:
        by_table[finding.table_id].append(finding_document(finding))
    ratios = round_half_up(scored.budget["ratio"], 6)
    budget = _grouped(scored.budget.assign(ratio=ratios), _BUDGET_VALUES, _BUDGET_NUMBERS, _budget)
    rates = round_half_up(scored.indicators["completion_rate"], 6)
    rows = scored.indicators.assign(completion_rate=rates)
    indicators = _grouped(rows, _INDICATOR_VALUES, _INDICATOR_NUMBERS, _indicator)
    groups = _grouped(scored.groups, ("path",), _GROUP_NUMBERS, _subtotal)
    deductions = _deductions(scored)
    return {
        (table_id := int(row["table_id"])): _table(
            row, budget[table_id], indicators[table_id], groups[table_id], deductions[table_id], by_table[table_id]
        )
        for row in records(scored.tables, _OF_TABLE)
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


def _grouped(
    frame: pd.DataFrame, values: Sequence[str], numbers: Sequence[str], make: Callable[..., Document]
) -> dict[int, list[Document]]:
    """Return the documents of the rows by table.

    Args:
        frame: With a `table_id`.
        values: Columns that are given to `make` as they are, in this order.
        numbers: Columns that are given to it as numbers for JSON, after those.
        make: Makes the document of a row.
    """
    columns = [frame[name].tolist() for name in values] + [_numbers(frame[name]) for name in numbers]
    grouped: dict[int, list[Document]] = defaultdict(list)
    for table_id, document in zip(frame["table_id"].tolist(), map(make, *columns), strict=True):
        grouped[table_id].append(document)
    return grouped


def _table(
    table: Mapping[str, Any],
    budget: list[Document],
    indicators: list[Document],
    groups: list[Document],
    deductions: list[Document],
    findings: list[Document],
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
        "budget": budget,
        "indicators": indicators,
        "subtotals": groups,
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
        "deductions": deductions,
        "findings": findings,
    }


def _budget(
    name: str | None, is_total: bool, role: str | None, reported_ratio: str | None, denominator: str | None,
    weight_text: str | None, score_text: str | None, cells: Mapping[str, CellRef],
    initial: _Number, adjusted: _Number, executed: _Number, ratio: _Number, weight: _Number, reported: _Number,
    score: _Number,
) -> Document:  # fmt: skip
    """Return a line of money; arguments as in `_BUDGET_VALUES` and `_BUDGET_NUMBERS`."""
    return {
        "name": name,
        "role": "total" if is_total else role,
        "initial": initial,
        "adjusted": adjusted,
        "executed": executed,
        "reported_ratio": reported_ratio,
        "ratio": ratio,
        "denominator": denominator,
        "weight": weight_text if weight is None else weight,
        "reported_score": score_text if reported is None else reported,
        "score": score,
        "cells": _cells(cells, _BUDGET_CELLS),
    }


def _indicator(
    level1: str | None, level2: str | None, level3: str | None, level4: str | None, goal: str | None,
    operator: str | None, target: str | None, adjusted_target: str | None, unit: str | None, actual: str | None,
    kind: str | None, weight_text: str | None, score_text: str | None, status: str, reason: str | None,
    note: str | None, cells: Mapping[str, CellRef],
    number: _Number, upper: _Number, actual_number: _Number, completion_rate: _Number, weight: _Number,
    reported: _Number, score: _Number,
) -> Document:  # fmt: skip
    """Return an indicator; arguments as in `_INDICATOR_VALUES` and `_INDICATOR_NUMBERS`.

    There is a fourth level, a goal or an adjusted target only where the row has one.
    """
    document: Document = {"level1": level1, "level2": level2, "level3": level3}
    if level4 is not None:
        document["level4"] = level4
    if goal is not None:
        document["goal"] = goal
    document["operator"] = operator
    document["target"] = target
    if adjusted_target is not None:
        document["adjusted_target"] = adjusted_target
    document |= {
        "unit": unit,
        "actual": actual,
        "kind": kind,
        "target_number": number if upper is None else [number, upper],
        "actual_number": actual_number,
        "completion_rate": completion_rate,
        "weight": weight_text if weight is None else weight,
        "reported_score": score_text if reported is None else reported,
        "score": score,
        "status": status,
        "reason": reason,
        "note": note or None,
        "cells": _cells(cells, _INDICATOR_CELLS),
    }
    return document


def _subtotal(
    path: Iterable[str], declared: _Number, weight: _Number, typed: _Number, reported: _Number, score: _Number
) -> Document:
    return {
        "path": [plain_label(label) for label in path],
        "weight": weight if declared is None else declared,
        "reported_score": reported if typed is None else typed,
        "score": score,
    }


def _deductions(scored: Scored) -> dict[int, list[Document]]:
    """Return, by table, what the unit itself took off: rows whose filled score lies below their weight."""
    found: dict[int, list[Document]] = defaultdict(list)
    totals = scored.budget[scored.budget["is_total"]].assign(level1="预算执行", level2=None)
    for rows in (totals, scored.indicators):
        weight, filled = rows["weight"], rows["reported_score"]
        own = rows.loc[(weight > filled) & np.isfinite(weight) & np.isfinite(filled), list(_DEDUCTION)]
        columns = (own[name].tolist() for name in _DEDUCTION)
        for table_id, level1, level2, name, full, reported, reason, cells in zip(*columns, strict=True):
            found[table_id].append({
                "path": [plain_label(label) for label in dict.fromkeys((level1, level2, name)) if label],
                "points": _number(round_half_up(full - reported, 4)),
                "reason": reason,
                "cell": str(cells["reported_score"]) if "reported_score" in cells else None,
            })  # fmt: skip
    return found


def _cells(cells: Mapping[str, CellRef], names: Iterable[str]) -> dict[str, str]:
    found = {}
    for name in names:
        if name in cells:
            sheet, row, column, _ = cells[name]
            found[name] = f"{sheet}!{a1(row, column)}"
    return found


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
