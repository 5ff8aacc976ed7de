"""The sheets that perfxl adds, seen again: passed over when a copy is read, and what was answered in them."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from perfxl.errors import InputError
from perfxl.model.grid import Grid
from perfxl.model.limits import DEFAULT_LIMITS
from perfxl.model.package import Package
from perfxl.model.stamp import is_rollover_sheet, is_stamp_sheet
from perfxl.writing.issue_sheet import HEAD, TITLE
from perfxl.writing.result_sheet import PROGRAM
from perfxl.writing.result_sheet import TITLE as RESULT_TITLE


class Reply(NamedTuple):
    """What people wrote beside a finding: 单位答复 and 复核意见, "" where nothing."""

    unit: str
    reviewer: str


def is_own_sheet(grid: Grid) -> bool:
    """Whether a sheet is one of ours, in an annotated copy or a template, whatever it is called by now."""
    title = _text(grid, 1, 1)
    if is_stamp_sheet(grid) or is_rollover_sheet(grid):
        return True
    if title == RESULT_TITLE:
        return PROGRAM in _text(grid, 2, 1)
    return title == TITLE and _columns(grid) is not None


def is_own_copy(path: Path) -> bool:
    """Whether a file is an annotated copy of ours, which a new one may replace; a link is none, wherever it leads."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > DEFAULT_LIMITS.file_size:
            return False
        package = Package.open(path.read_bytes())
        sheets = [name for name in package.names() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(PROGRAM.encode() in package.part(name) for name in reversed(sheets))
    except (OSError, InputError):
        return False


def replies(grids: Iterable[Grid]) -> dict[tuple[str, str], Reply]:
    """Return what was answered in the issue sheets of a copy, by code and place (`自评表!H12`)."""
    found: dict[tuple[str, str], Reply] = {}
    for grid in grids:
        columns = _columns(grid) if _text(grid, 1, 1) == TITLE else None
        if columns is None:
            continue
        code, place, unit, reviewer = columns
        for row in sorted({row for row, _ in grid.cells if row > _HEAD_ROW}):
            reply = Reply(_text(grid, row, unit), _text(grid, row, reviewer))
            if any(reply):
                found.setdefault((_text(grid, row, code), _text(grid, row, place)), reply)
    return found


_HEAD_ROW = 3


def _columns(grid: Grid) -> tuple[int, int, int, int] | None:
    """Return the columns of code, place, the unit's and the reviewer's answer; None where a heading is missing."""
    at = {_text(grid, _HEAD_ROW, column): column for column in range(1, 2 * len(HEAD))}
    wanted = [at.get(HEAD[number]) for number in (1, 3, 9, 10)]
    code, place, unit, reviewer = wanted
    return None if code is None or place is None or unit is None or reviewer is None else (code, place, unit, reviewer)


def _text(grid: Grid, row: int, column: int) -> str:
    cell = grid.cells.get((row, column))
    return cell.text.strip() if cell else ""
