"""Workbooks reviewed as `perfxl score --json` does it, and what must come out of a filled blank."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from perfxl.pipeline import review
from perfxl.reading.open_workbook import read_workbook
from perfxl.session import score_files
from perfxl.writing.document import table_documents
from tests.blanks.filling import FORMS, Filled

# Questions that leave a table as it is are no fault of a blank: no points, a satisfaction without its survey.
_HARMLESS = "info"


def data_of(book: Workbook) -> bytes:
    """Return the file of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def tables_of(files: Sequence[bytes], suffix: str = ".xlsx") -> list[dict[str, Any]]:
    """Return the first table of each file as a document, all reviewed together."""
    books = [read_workbook(data, Path(f"{number}{suffix}")) for number, data in enumerate(files)]
    reviewed = review(books, FORMS)
    documents = table_documents(reviewed.scored, reviewed.findings)
    return [documents[reviewed.table_ids(number)[0]] for number in range(len(files))]


def scored(path: Path) -> dict[str, Any]:
    """Return the document that `perfxl score --json` prints of a file."""
    (result,) = score_files([path], FORMS, is_annotated=False)
    return result.document


def values_of(table: dict[str, Any]) -> dict[str, Any]:
    """Return what was read of a table, without where it stands."""
    rows = [{name: value for name, value in row.items() if name != "cells"} for row in table["indicators"]]
    money = [{name: value for name, value in row.items() if name != "cells"} for row in table["budget"]]
    total = {name: value for name, value in table["total"].items() if name != "cells"}
    return {name: table[name] for name in ("form", "year", "header", "money_unit")} | {
        "indicators": rows,
        "budget": money,
        "total": total,
        "findings": [(item["code"], item["value"]) for item in table["findings"]],
    }


def codes(findings: Iterable[dict[str, Any]]) -> set[str]:
    """Return the codes of findings that a unit must answer: warnings and errors."""
    return {item["code"] for item in findings if item["severity"] != _HARMLESS}


def check_values(filled: Filled, table: dict[str, Any]) -> None:
    """Hold a table that was read against what was filled in."""
    assert table["form"] == filled.form.id
    assert table["year"] == 2027
    _check_header(filled, table)
    _check_rows(filled, table)
    _check_money(filled, table)
    if filled.plan.total:
        assert table["total"]["reported_score"] == filled.results[filled.plan.total]
        assert table["total"]["score"] == filled.results[filled.plan.total]


def _check_header(filled: Filled, table: dict[str, Any]) -> None:
    for label, (row, column) in filled.plan.header.items():
        value = next((v for ref, v in filled.typed.items() if ref == _ref(row, column)), None)
        if value is not None:
            assert table["header"][label] == value


def _ref(row: int, column: int) -> str:
    from perfxl.model.cells import a1

    return a1(row, column)


def _check_rows(filled: Filled, table: dict[str, Any]) -> None:
    assert filled.plan.grid is not None
    assert len(table["indicators"]) == len(filled.rows)
    for row, (number, own) in zip(table["indicators"], sorted(filled.rows.items()), strict=True):
        for name in ("level3", "target", "actual", "weight", "reported_score", "reason"):
            if own.get(name) is not None and name in filled.plan.grid.columns:
                assert row[name] == own[name], (number, name)
        if own.get("share") is not None and "reported_score" in own:
            assert row["score"] == own["reported_score"] or row["status"] == "accepted", number
        # Without points, or with none to compute, the filled score is accepted.
        assert row["status"] in ("scored", "accepted") or own["weight"] is None


def _check_money(filled: Filled, table: dict[str, Any]) -> None:
    if filled.plan.money is None:
        assert table["budget"] == []
        return
    total = table["budget"][0]
    for name, key in (("initial", "initial"), ("adjusted", "adjusted"), ("executed", "executed"), ("score", "score")):
        if name in filled.plan.money.columns:
            ref = filled.money_ref(name)
            assert total[key] == filled.results.get(ref, filled.typed.get(ref))
