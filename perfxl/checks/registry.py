"""The list of checks: what each is called, looks at, says, and where it is silent."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from string import Formatter
from typing import Literal

import pandas as pd

from perfxl.model.cells import CellRef
from perfxl.model.finding import Finding, Severity

FrameName = Literal["tables", "budget", "indicators", "groups", "texts", "workbook"]
# A mask over the frame, or the offending rows with the fields that the message needs besides.
CheckFunction = Callable[[pd.DataFrame], "pd.Series | pd.DataFrame"]

# Numbers are repaired before they are compared, and sums are checked last, so that a later check can be
# silent where an earlier one has named the cause.
FAMILIES = ("STR", "UNIT", "BUD", "NA", "IND", "TGT", "DPT", "WGT", "TXT", "COV", "ATT")
FAMILY_LABELS = {
    "STR": "结构与完整性",
    "UNIT": "单位与单元格文字",
    "BUD": "预算执行",
    "NA": "不适用指标",
    "IND": "指标得分",
    "TGT": "指标值",
    "DPT": "部门整体",
    "WGT": "分值与总分",
    "TXT": "表与文字",
    "COV": "自评覆盖",
    "ATT": "附件",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        code: Such as `IND-01`; never reused.
        severity: Unless the form or a row says otherwise.
        title: Short Chinese name.
        message: What is there and what was expected; `{}` names columns of the offending rows.
        advice: What to do.
        on: The frame it sees; `workbook` for what is found before there are frames.
        cell: The value whose cell is named; a row's own `cell_field` goes before it.
        unless: Codes whose finding on the same row (of another frame: in the same table) explains the cell.
        function: Returns a mask, or the offending rows.
        options: Numbers that a form or a user may set, `[checks.BUD-07] threshold = 0.3`, with what they are
            otherwise; each is a column `option_…` of the frame that the check sees.
        tolerance: The column that `[checks.…] tolerance` replaces; "" where the check has none.
    """

    code: str
    severity: Severity
    title: str
    message: str
    advice: str
    on: FrameName
    cell: str
    unless: tuple[str, ...]
    function: CheckFunction
    options: Mapping[str, float] = field(default_factory=dict)
    tolerance: str = ""

    @property
    def settings(self) -> tuple[str, ...]:
        """Return the keys that `[checks.…]` may have."""
        return ("enabled", "severity", *(("tolerance",) if self.tolerance else ()), *self.options)

    @property
    def family(self) -> str:
        """Return the letters of the code."""
        return self.code.partition("-")[0]

    @property
    def fields(self) -> frozenset[str]:
        """Return the names of the values that message and advice show."""
        return _fields(self.message + self.advice)

    @property
    def explanation(self) -> str:
        """Return the docstring, which is what `perfxl explain` prints."""
        return inspect.getdoc(self.function) or ""


@cache
def _fields(text: str) -> frozenset[str]:
    return frozenset(name for _, name, *_ in Formatter().parse(text) if name)


CHECKS: dict[str, Check] = {}


def check(
    code: str,
    severity: Severity,
    *,
    cell: str,
    title: str,
    message: str,
    advice: str,
    on: FrameName = "indicators",
    unless: tuple[str, ...] = (),
    options: Mapping[str, float] | None = None,
    tolerance: str = "",
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a check; used as a decorator, see `Check` for the arguments.

    Raises:
        ValueError: The code is taken, or its family unknown.
    """
    if code in CHECKS or code.partition("-")[0] not in FAMILIES:
        raise ValueError(code)

    def register(function: CheckFunction) -> CheckFunction:
        CHECKS[code] = Check(
            code, severity, title, message, advice, on, cell, unless, function, dict(options or {}), tolerance
        )
        return function

    return register


def ordered() -> list[Check]:
    """Return the checks by family and code, as they are listed."""
    return sorted(CHECKS.values(), key=lambda item: (FAMILIES.index(item.family), item.code))


def run_order() -> list[Check]:
    """Return the checks in the order in which they are run: as listed, but each after those that may silence it."""
    placed: dict[str, Check] = {}

    def place(item: Check) -> None:
        for code in item.unless:
            if code not in placed:
                place(CHECKS[code])
        placed.setdefault(item.code, item)

    for item in ordered():
        place(item)
    return list(placed.values())


def workbook_finding(code: str, message: str, cell: CellRef | None = None) -> Finding:
    """Return a finding about a workbook as a whole, made while its tables are looked for."""
    known = CHECKS[code]
    return Finding(-1, code, known.severity, known.title, message, known.advice, cell)
