"""What a reader of any format makes of a file's bytes."""

from dataclasses import dataclass

from perfxl.errors import InputError
from perfxl.model.grid import Difference, Grid
from perfxl.model.look import SheetLook
from perfxl.model.package import Package

# Other things than cells that a file may hold, which a transcription of its cells lacks.
OTHERS = (
    "pictures", "charts", "shapes", "notes", "validations", "conditions", "formulas", "macros", "signature",
)  # fmt: skip

_MAX_SHEETS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What a file holds.

    Attributes:
        grids: Its worksheets in order.
        format: As in `Workbook.format`.
        package: The parts, where the annotated copy is made of them; None for formats that are transcribed.
        notes: Chinese sentences about the workbook as a whole.
        looks: For each grid its look; empty for packages, whose copy keeps it anyway.
        others: Which of `OTHERS` it holds, for formats that are transcribed.
        differences: Cells that are not certain.
    """

    grids: tuple[Grid, ...]
    format: str
    package: Package | None = None
    notes: tuple[str, ...] = ()
    looks: tuple[SheetLook, ...] = ()
    others: frozenset[str] = frozenset()
    differences: tuple[Difference, ...] = ()


def refuse_many_sheets(count: int) -> None:
    """Raise `too_large` for more sheets than anybody has."""
    if count > _MAX_SHEETS:
        raise InputError(
            "too_large", f"工作簿有 {count} 个工作表，超过 {_MAX_SHEETS} 个的上限。", "请只保留自评表后再试。"
        )
