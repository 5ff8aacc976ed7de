"""From findings to marks: one a cell, with the comment that a reader finds there."""

from collections.abc import Iterable, Mapping

from perfxl.model.finding import SEVERITY_LABELS, Finding
from perfxl.model.grid import Grid
from perfxl.writing.annotate import Mark
from perfxl.writing.styles import WORST_FIRST


def marks(findings: Iterable[Finding], grids: Iterable[Grid]) -> list[Mark]:
    """Return a mark for every cell that findings name: the worst severity, all their texts, worst first.

    Waived findings leave no mark; they stand in 问题清单.
    """
    parts: Mapping[str, str] = {grid.sheet: grid.part for grid in grids}
    by_cell: dict[tuple[str, int, int], list[Finding]] = {}
    for finding in findings:
        if finding.cell is not None and not finding.waived:
            by_cell.setdefault(finding.cell[:3], []).append(finding)
    made = []
    for (sheet, row, column), found in by_cell.items():
        found.sort(key=lambda finding: WORST_FIRST.index(finding.severity))
        made.append(Mark(sheet, parts[sheet], row, column, found[0].severity, "\n\n".join(map(comment, found))))
    return made


def comment(finding: Finding) -> str:
    """Return the text of a comment: what kind of fault, what is there and expected, what to do."""
    head = f"【{SEVERITY_LABELS[finding.severity]}】{finding.code} {finding.title}"
    return f"{head}\n{finding.message}。\n建议：{finding.advice}"
