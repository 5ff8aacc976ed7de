"""What a blank template says of itself: the form it was made from, on a sheet that nobody sees, and names of cells."""

from typing import NamedTuple

from perfxl.model.grid import Grid

# Texts of the sheet, by which it is known whatever it is called by now.
MARK = "perfxl 模板标识（请勿修改或删除）"
SHEET = "perfxl"
LABELS = ("表样", "版本", "指纹", "年度")
# The sheet that says what became of last year's form.
ROLLOVER_SHEET = "结转说明"
ROLLOVER_MARK = "结转说明（由 perfxl 生成，不是自评表的一部分）"
# Defined names of a template begin so; after it comes what kind of thing is named, and which.
PREFIX = "perfxl_"


class Stamp(NamedTuple):
    """What a template was made from.

    Attributes:
        form: Id of the form.
        version: Of the form, as its `form.toml` says.
        fingerprint: Of what the template prints, see `perfxl.forms.template.fingerprint`.
        year: The year that it was made for.
    """

    form: str
    version: int
    fingerprint: str
    year: int


def is_stamp_sheet(grid: Grid) -> bool:
    """Whether a sheet holds a stamp, readable or not."""
    return _text(grid, 1, 1) == MARK


def is_rollover_sheet(grid: Grid) -> bool:
    """Whether a sheet lists what was rolled over."""
    return _text(grid, 1, 1) == ROLLOVER_MARK


def read_stamp(grid: Grid) -> Stamp | None:
    """Return the stamp of a sheet; None where it has none, or one that somebody changed."""
    if not is_stamp_sheet(grid):
        return None
    found = {_text(grid, row, 1): _text(grid, row, 2) for row in range(2, 2 + len(LABELS))}
    form, version, fingerprint, year = (found.get(label, "") for label in LABELS)
    if not (form and version.isdecimal() and year.isdecimal()):
        return None
    return Stamp(form, int(version), fingerprint, int(year))


def _text(grid: Grid, row: int, column: int) -> str:
    cell = grid.cells.get((row, column))
    return cell.text.strip() if cell else ""
