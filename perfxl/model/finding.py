"""What a check says about a cell."""

from dataclasses import dataclass
from enum import StrEnum

from perfxl.model.cells import CellRef


class Severity(StrEnum):
    """How much a finding matters: an error must be corrected, a warning is asked back, info is information."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


SEVERITY_LABELS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one table, at one cell.

    Attributes:
        table_id: The table it is about; -1 for a finding about no single table.
        code: Such as `IND-01`; never reused for another meaning.
        severity: The severity under the table's form.
        title: The check's short Chinese name.
        message: What is there and what was expected, with the arithmetic, Chinese.
        advice: What to do, Chinese.
        cell: Where; None where no cell can be named. Its text is what the finding quotes.
        expected: The number that was expected, None where there is none.
        difference: Filled minus expected, None where there is none.
        waived: Why a reviewer has accepted it, "" where nobody has; a waived finding is listed but does not count.
    """

    table_id: int
    code: str
    severity: Severity
    title: str
    message: str
    advice: str
    cell: CellRef | None = None
    expected: float | None = None
    difference: float | None = None
    waived: str = ""
