"""The case files: what each says and what must come of it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from perfxl.checks.registry import CHECKS
from perfxl.model.finding import Finding, Severity
from tests.checks.tables import Drawing, Reviewed, place, reviewed

FOLDER = Path(__file__).parent / "cases"
# Found while the tables of a workbook are looked for, beside an earlier submission, or over several submissions: see
# test_workbook_findings.py, test_changes.py and test_across.py.
OF_WORKBOOKS = frozenset(code for code, item in CHECKS.items() if item.on == "workbook")
# A case shows only the rows and columns it is about, so what is asked of a whole form is not held against it.
OF_WHOLE_FORMS = frozenset({"STR-02", "STR-04", "STR-06", "WGT-05"})
_EXPECTED = ("code", "name", "findings", "also", "says", "severity")


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One case: a drawn table and the findings it must give.

    Attributes:
        code: The check it is about.
        name: What it shows.
        findings: Cells of that check's findings, in order; empty where it must be silent.
        also: Findings of other checks at warning or above, `WGT-01 total.weight`; no other may come.
        says: Message of the first finding of the check, word for word.
        severity: Severity of the first finding, where a row may change it.
        drawing: The table.
    """

    code: str
    name: str
    findings: tuple[str, ...]
    also: tuple[str, ...]
    says: str | None
    severity: str | None
    drawing: Drawing

    def __str__(self) -> str:
        return f"{self.code}: {self.name}"


@cache
def cases() -> tuple[Case, ...]:
    """Return the cases of all files."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            assert entry["code"].startswith(path.stem), f"{path.name} is no place for {entry['code']}"
            found.append(_case(entry))
    return tuple(found)


def _case(entry: dict[str, Any]) -> Case:
    drawing = {key: value for key, value in entry.items() if key not in _EXPECTED}
    if drawing.get("form") == "":
        drawing["form"] = None  # TOML has no null
    if drawing.get("year") == 0:
        drawing["year"] = None
    return Case(
        code=entry["code"],
        name=entry["name"],
        findings=tuple(entry["findings"]),
        also=tuple(entry.get("also", ())),
        says=entry.get("says"),
        severity=entry.get("severity"),
        drawing=Drawing(**drawing),
    )


def result(case: Case) -> Reviewed:
    """Return what becomes of a case's table."""
    return _results()[str(case)]


@cache
def _results() -> dict[str, Reviewed]:
    """Return what becomes of every case; those of one form and rubric are reviewed together, which takes a tenth."""
    groups: dict[str, list[Case]] = {}
    for case in cases():
        groups.setdefault(f"{case.drawing.form} {case.drawing.rubric}", []).append(case)
    found = {}
    for own in groups.values():
        together = reviewed(*(case.drawing for case in own))
        for table_id, case in enumerate(own):
            found[str(case)] = together.alone(table_id)
    return found


def line(finding: Finding) -> str:
    """Return a finding as a case writes it: `WGT-01 total.weight`."""
    return f"{finding.code} {place(finding.cell)}"


def matters(finding: Finding) -> bool:
    """Whether a finding is a warning or worse, and not about the form as a whole."""
    return finding.severity is not Severity.INFO and finding.code not in OF_WHOLE_FORMS
