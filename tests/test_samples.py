"""The sample workbooks: what perfxl makes of them, and that they are what their script makes."""

import io
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.forms.definitions import load_forms
from perfxl.session import score_files
from perfxl.text import percent_text
from sample_workbooks import make_samples

FOLDER = Path(make_samples.__file__).parent
STEMS = sorted(path.stem for path in FOLDER.glob("*.xlsx") if not path.stem.endswith("_复核"))
SEVERITIES = ("error", "warning", "info")


def expected(stem: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{stem}.expected.toml").read_text(encoding="utf-8"))["expected"]


def found(stem: str) -> dict[str, Any]:
    """Return what perfxl makes of a sample, laid out as in its expected file; what is null is left out."""
    paths = [FOLDER / f"{stem}.xlsx"]
    (result,) = score_files(paths, load_forms(), form=None, output=None, is_annotated=False)
    assert result.document["error"] is None
    (table,) = result.document["tables"]
    total = table["total"]
    ratio = next((row["ratio"] for row in table["budget"] if row["role"] == "total"), None)
    return _filled({
        "form": table["form"],
        "year": table["year"],
        "execution_ratio": _percent(ratio),
        "grade": total["grade"],
        "reported_grade": total["reported_grade"],
        "manual": [row["level3"] for row in table["indicators"] if row["status"] == "manual"],
        "total": _filled({key: total[key] for key in ("weight", "reported_score", "score")}),
        "subtotals": {_path(row): _without(row, "path") for row in table["subtotals"]},
        "deductions": {row["cell"]: _without(row, "cell") | {"path": _path(row)} for row in table["deductions"]},
        "completion_rates": _filled({row["level3"]: _percent(row["completion_rate"]) for row in table["indicators"]}),
        "findings": _lines([*result.document["findings"], *table["findings"]]),
    })  # fmt: skip


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _without(row: dict[str, Any], key: str) -> dict[str, Any]:
    return _filled(row | {key: None})


def _path(row: dict[str, Any]) -> str:
    return " › ".join(row["path"])


def _percent(fraction: float | None) -> str | None:
    return None if fraction is None else percent_text(fraction)


def _lines(findings: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {severity: [] for severity in SEVERITIES}
    for finding in findings:
        lines[finding["severity"]].append(f"{finding['code']} {finding['cell']}")
    return lines


def test_there_are_three_samples_each_with_what_is_expected() -> None:
    assert len(STEMS) == 3
    assert sorted(path.name.removesuffix(".expected.toml") for path in FOLDER.glob("*.toml")) == STEMS
    assert sorted(make_samples.samples()) == STEMS


@pytest.mark.parametrize("stem", STEMS)
def test_a_sample_gives_exactly_what_stands_beside_it(stem: str) -> None:
    assert found(stem) == expected(stem)


@pytest.mark.parametrize("stem", STEMS)
def test_the_readme_of_the_samples_lists_every_finding(stem: str) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    listed = [f"{code} {cell}" for code, cell in re.findall(r"^\| ([A-Z]+-\d\d)\S* \| `(\S+)`", readme, re.M)]
    wanted = [line for severity in SEVERITIES for line in expected(stem)["findings"][severity]]
    assert set(wanted) <= set(listed)
    assert len(listed) == sum(len(lines) for name in STEMS for lines in expected(name)["findings"].values())


def test_the_faulty_sample_has_twelve_errors_of_twelve_kinds() -> None:
    (stem,) = (stem for stem in STEMS if "十二处" in stem)
    codes = [line.split()[0] for line in expected(stem)["findings"]["error"]]
    assert len(codes) == len(set(codes)) == 12


# ---------------------------------------------------------------- the workbooks and their script


def contents(book: Workbook) -> dict[str, Any]:
    """Return all that a sample workbook holds, cell for cell, in a form that can be compared."""
    properties = book.properties
    return {
        "properties": (properties.creator, properties.title, properties.created, properties.modified),
        **{sheet.title: _sheet(sheet) for sheet in book.worksheets},
    }


def _sheet(sheet: Worksheet) -> dict[str, Any]:
    return {
        "cells": {cell.coordinate: _cell(cell) for row in sheet.iter_rows() for cell in row},
        "merged": sorted(str(area) for area in sheet.merged_cells.ranges),
        "widths": {name: column.width for name, column in sheet.column_dimensions.items()},
        "heights": {number: row.height for number, row in sheet.row_dimensions.items()},
        "choices": [(str(item.sqref), item.formula1) for item in sheet.data_validations.dataValidation],
        "print": (sheet.print_area, sheet.print_title_rows, sheet.oddFooter.center.text),
        "page": {key: str(value) for key, value in vars(sheet.page_setup).items() if key != "_parent"},
        "margins": vars(sheet.page_margins),
    }


def _cell(cell: Any) -> tuple[Any, ...]:
    looks = (cell.font, cell.fill, cell.border, cell.alignment)
    return (cell.value, cell.data_type, cell.number_format, cell.comment and cell.comment.text, *map(repr, looks))


@pytest.mark.parametrize("stem", STEMS)
def test_a_sample_is_what_the_script_makes(stem: str) -> None:
    made = make_samples.file_bytes(make_samples.samples()[stem])
    assert contents(load_workbook(io.BytesIO(made))) == contents(load_workbook(FOLDER / f"{stem}.xlsx"))


@pytest.mark.parametrize("stem", STEMS)
def test_the_script_makes_the_same_bytes_each_time(stem: str) -> None:
    first, second = (make_samples.file_bytes(make_samples.samples()[stem]) for _ in range(2))
    assert first == second
