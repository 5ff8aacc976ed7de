"""The document of a workbook as rows of results.sqlite."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from perfxl.batch.packed import Rows
from perfxl.forms.definitions import Forms
from perfxl.forms.units import look_up_unit
from perfxl.model.results import DONE, TABLES_PER_INPUT, UNREADABLE, row
from perfxl.text import fold, plain_label
from perfxl.writing.document import Document

_DEPARTMENT = "department"
# Made once, not for each of the numbers.
_NUMBER = (int, float)
# Fewer rows than this are alike by chance.
_SIGNATURE_ROWS = 5
_UNITS = {"project": ("实施单位", "单位名称", "主管部门"), _DEPARTMENT: ("单位名称", "实施单位", "主管部门")}


def input_values(document: Document, out: Path) -> dict[str, Any]:
    """Return what is known of an input once it was read, columns of `inputs`."""
    error, output = document["error"], document["output"]
    return {
        "state": DONE if error is None else UNREADABLE,
        "kind": error and error["kind"],
        "message": error and error["message"],
        "advice": error and error["advice"],
        "format": document["input"]["format"],
        "output": None if output is None else Path(output).relative_to(out).as_posix(),
        "notes": "\n".join(document["notes"]) or None,
    }


def add_rows(rows: Mapping[str, Rows], document: Document, input_id: int, forms: Forms) -> None:
    """Add what was found in an input to the rows of `perfxl.batch.packed.FOUND`."""
    findings = [_finding(item, input_id, None) for item in document["findings"]]
    for number, table in enumerate(document["tables"]):
        table_id = input_id * TABLES_PER_INPUT + number
        rows["tables"].append(row("tables", _table(table, table_id, input_id, forms)))
        rows["budget"].extend(_budget(item, table_id, place) for place, item in enumerate(table["budget"]))
        rows["indicators"].extend(_indicator(item, table_id, place) for place, item in enumerate(table["indicators"]))
        findings += [_finding(item, input_id, table_id) for item in table["findings"]]
    rows["findings"].extend((one[0], number, *one[1:]) for number, one in enumerate(findings))


def _table(table: Document, table_id: int, input_id: int, forms: Forms) -> dict[str, Any]:
    total, header, cells = table["total"], table["header"], table["header_cells"]
    scope = _scope(table, forms)
    label = next((label for label in _UNITS[scope] if header.get(label)), _UNITS[scope][0])
    unit, project, department = header.get(label), header.get("项目名称"), header.get("主管部门")
    money: Document = next((item for item in table["budget"] if item["role"] == "total"), {})
    filled = total["reported_score"] if total["reported_score"] is not None else total["reported_sum"]
    score, is_complete = total["score"], total["is_complete"]
    counts = [
        sum(item["severity"] == severity and not item["waived"] for item in table["findings"])
        for severity in ("error", "warning", "info")
    ]
    return {
        "table_id": table_id,
        "input_id": input_id,
        "sheet": table["sheet"],
        "title": table["title"],
        "form": table["form"],
        "scope": scope,
        "year": table["year"],
        "project": project,
        "project_code": header.get("项目编码"),
        "unit": unit,
        "department": department,
        "department_key": department or unit,
        "money_unit": table["money_unit"],
        "weight": total["weight"],
        "reported_score": filled,
        "score": score,
        "difference": _difference(filled, score) if is_complete else None,
        "is_complete": int(is_complete),
        "manual_weight": total["manual_weight"],
        "grade": total["grade"],
        "reported_grade": total["reported_grade"],
        "is_full_marks": int(_is_full_marks(table)),
        **_in_ten_thousands(money, table["money_unit"]),
        "ratio": money.get("ratio"),
        "indicator_rows": len(table["indicators"]),
        **dict(zip(("errors", "warnings", "infos"), counts, strict=True)),
        "project_cell": cells.get("项目名称"),
        "unit_cell": cells.get(label),
        "score_cell": total["cells"].get("reported_score"),
        "project_key": fold(project) if project else None,
        "unit_key": fold(unit) if unit else None,
        "signature": _signature(table["indicators"]),
        "standing": "counted",
    }


def _scope(table: Document, forms: Forms) -> str:
    """Return whether a table is a project's or a department's.

    Some places use one form for both, and only the title tells which it is.
    """
    header = table["header"]
    if not header.get("项目名称") and forms.lexicon.hints_at("department", table["title"] or ""):
        return _DEPARTMENT
    known = forms.by_id.get(table["form"] or "")
    if known is not None:
        return known.scope
    return _DEPARTMENT if header.get("单位名称") and not header.get("项目名称") else "project"


def _in_ten_thousands(money: Mapping[str, Any], unit: str | None) -> dict[str, float | None]:
    names = ("initial", "adjusted", "executed")
    if unit is None:
        return dict.fromkeys(names)
    factor = look_up_unit(unit).factor / look_up_unit("万元").factor
    return {name: None if (value := money.get(name)) is None else round(value * factor, 6) for name in names}


def _is_full_marks(table: Document) -> bool:
    has_weights = False
    for item in (*table["indicators"], *(item for item in table["budget"] if item["role"] == "total")):
        if (weight := _number(item["weight"])) is not None:
            has_weights = True
            if _number(item["reported_score"]) != weight:
                return False
    return has_weights


def _signature(indicators: Sequence[Document]) -> str | None:
    """Return a hash of what the indicators are, their targets and their filled scores, in any order."""
    lines = sorted(
        "\t".join((fold(plain_label(item["level3"] or item["level2"] or "")), fold(item["target"] or ""),
                   str(item["reported_score"])))
        for item in indicators
    )  # fmt: skip
    if len(lines) < _SIGNATURE_ROWS:
        return None
    return hashlib.sha1("\n".join(lines).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _budget(item: Document, table_id: int, place: int) -> tuple[Any, ...]:
    return (
        table_id, place, item["name"], item["role"], item["initial"], item["adjusted"], item["executed"],
        item["reported_ratio"], item["ratio"], _number(item["weight"]), _number(item["reported_score"]), item["score"],
        item["cells"].get("name"),
    )  # fmt: skip


def _indicator(item: Document, table_id: int, place: int) -> tuple[Any, ...]:
    weight, reported, score = _number(item["weight"]), _number(item["reported_score"]), item["score"]
    number = item["target_number"]
    lower, upper = number if isinstance(number, list) else (number, None)
    cells = item["cells"]
    cell = cells.get("level4") or cells.get("level3") or cells.get("level2") or cells.get("level1")
    return (
        table_id, place, item["level1"], item["level2"], item["level3"], item.get("level4"),
        item.get("adjusted_target") or item["target"], item["actual"], item["kind"], item["operator"], item["unit"],
        lower, upper, item["actual_number"], item["completion_rate"], weight, reported, score,
        _difference(reported, score), item["status"], item["reason"], item["note"], cell, cells.get("reason"),
    )  # fmt: skip


def _finding(item: Document, input_id: int, table_id: int | None) -> tuple[Any, ...]:
    """Return a row of `findings` without its number."""
    return (
        input_id, table_id, item["code"], item["severity"], item["title"], item["message"], item["advice"],
        item["cell"], item["value"], item["expected"], item["difference"], item["waived"],
    )  # fmt: skip


def _difference(filled: float | None, score: float | None) -> float | None:
    return None if filled is None or score is None else round(filled - score, 4)


def _number(value: Any) -> float | None:
    return value if isinstance(value, _NUMBER) else None
