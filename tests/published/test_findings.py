"""What is said of published tables, in every look, stands in the cell that it names."""

from functools import cache
from pathlib import Path

import pytest

from perfxl.forms.definitions import load_forms
from perfxl.model.finding import Finding
from perfxl.model.grid import Grid, Workbook
from perfxl.pipeline import review
from tests.checks.quoting import QUOTE_NOTHING, quotes
from tests.published.layouts import Case, lay_out, load_cases

LOOKS = ("merged", "repeated", "first", "typed", "moved")
CASES = load_cases()


def look(case: Case, name: str) -> Grid:
    """Return a table as one of the ways in which offices lay it out."""
    if name == "typed":
        return lay_out(case).grid(typed=True)
    if name == "moved":
        return lay_out(case).moved(lambda row: row + 3, lambda column: column + 2).grid()
    return lay_out(case, labels=name).grid()


@cache
def found() -> dict[tuple[str, str], tuple[Grid, list[Finding]]]:
    """Return the findings of every table in every look; all are reviewed in one go."""
    names = [(case["id"], name) for case in CASES for name in LOOKS]
    grids = [look(case, name) for case in CASES for name in LOOKS]
    reviewed = review([Workbook(Path(f"{id_}.xlsx"), "xlsx", "", 0, (grid,), None) for (id_, _), grid in
                       zip(names, grids, strict=True)], load_forms())  # fmt: skip
    by_table: dict[int, list[Finding]] = {}
    for finding in reviewed.findings:
        by_table.setdefault(finding.table_id, []).append(finding)
    return {
        name: (grid, [item for table in reviewed.table_ids(number) for item in by_table.get(table, [])])
        for number, (name, grid) in enumerate(zip(names, grids, strict=True))
    }


@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_cell_of_a_finding_holds_the_value_that_it_quotes(case: Case, name: str) -> None:
    grid, findings = found()[case["id"], name]
    assert findings
    for finding in findings:
        assert finding.cell is not None, finding.message
        cell = grid.cells.get((finding.cell.row, finding.cell.column))
        assert finding.cell.text == ("" if cell is None else cell.text), finding.message
        assert finding.code in QUOTE_NOTHING or quotes(finding), f"{finding.cell.text!r} is not in {finding.message}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_look_changes_no_finding(case: Case) -> None:
    # How a number is stored may be a finding of its own; the rest is the same whatever the table looks like.
    first, *others = (
        sorted((item.code, item.message) for item in found()[case["id"], name][1] if item.code != "UNIT-04")
        for name in ("merged", "repeated", "moved")
    )
    assert all(other == first for other in others)
