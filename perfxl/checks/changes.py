"""TGT-01: targets, weights and indicators that an earlier submission had otherwise."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from perfxl.checks.registry import CHECKS, check
from perfxl.model.cells import CellRef
from perfxl.model.finding import Finding, Severity
from perfxl.text import fold, number_text, plain_label, shown

Row = Mapping[str, Any]

_CODE = "TGT-01"
_WEIGHT_NOISE = 1e-6


@check(
    _CODE,
    Severity.ERROR,
    on="workbook",
    cell="target",
    title="指标与上次报送不一致",
    message="",
    advice="指标、指标值和分值以批复的绩效目标表为准，不应在自评时改动；确经批准调整的，请附批复文件。",
)
def changed_since_earlier(rows: pd.DataFrame) -> pd.Series:
    """本次报送的指标值、分值或指标本身，与上次报送（--against 指定）的不同。

    为什么：退回修改的是自评结果；把指标值改低、把没完成的指标删掉、把分值挪走，得分就好看了，实绩并没有变。
    例：培训人次的年度指标值上次为“≥100人次”，这次为“≥80人次”。
    不报：写法不同而意思相同（“≥95%”与“95%以上”）；实际完成值、得分、原因的改动；没有用 --against 指定上次报送件。
    来源：绩效目标批复后不得自行调整的通行要求；山西填报平台并列两次指标值。
    """
    return pd.Series(False, index=rows.index)


def changes(table_id: int, new: Sequence[Row], old: Sequence[Row]) -> list[Finding]:
    """Return what differs between the indicators of two submissions of one table.

    Args:
        table_id: The table in the new submission.
        new: Its rows, records of the indicators frame.
        old: The rows of the earlier submission.
    """
    earlier = _by_name(old)
    found: list[Finding] = []
    seen = set()
    for key, row in _by_name(new).items():
        before = earlier.get(key)
        if before is None:
            said = f"上次报送中没有指标“{_name(row)}”"
            found.append(_finding(table_id, said, _label(row)))
            continue
        seen.add(key)
        found += _changed(table_id, row, before)
    for key, row in earlier.items():
        if key not in seen:
            said = f"上次报送的指标“{_name(row)}”（指标值“{shown(row['target'] or '')}”）这次没有了"
            found.append(_finding(table_id, said, None))
    return found


def _changed(table_id: int, row: Row, before: Row) -> Iterable[Finding]:
    if not _same_target(row, before):
        was, now = (shown(_target(version) or "（空）") for version in (before, row))
        cell = row["cells"].get("adjusted_target" if row["adjusted_target"] else "target")
        yield _finding(table_id, f"指标“{_name(row)}”的年度指标值上次为“{was}”，这次为“{now}”", cell)
    weights = before["weight"], row["weight"]
    if all(weight == weight for weight in weights) and abs(weights[0] - weights[1]) > _WEIGHT_NOISE:
        was, now = map(number_text, weights)
        cell = row["cells"].get("weight")
        yield _finding(table_id, f"指标“{_name(row)}”的分值上次为 {was}，这次为 {now}", cell, weights)


def _finding(table_id: int, message: str, cell: CellRef | None, weights: tuple[float, float] | None = None) -> Finding:
    known = CHECKS[_CODE]
    expected, difference = (None, None) if weights is None else (weights[0], weights[1] - weights[0])
    return Finding(table_id, _CODE, known.severity, known.title, message, known.advice, cell, expected, difference)


def _by_name(rows: Sequence[Row]) -> dict[tuple[str, int], Row]:
    """Return rows by what they are called; of several of one name each gets its number."""
    named: dict[tuple[str, int], Row] = {}
    for row in rows:
        if not row["name"]:
            continue
        name, count = fold(plain_label(row["name"])), 1
        while (name, count) in named:
            count += 1
        named[name, count] = row
    return named


def _same_target(row: Row, before: Row) -> bool:
    if fold(_target(row) or "") == fold(_target(before) or ""):
        return True
    numbers = [(version["rule_operator"], version["unit"], version["target_number"], version["target_upper"])
               for version in (row, before)]  # fmt: skip
    return numbers[0][2] == numbers[0][2] and all(
        mine == theirs or (mine != mine and theirs != theirs) for mine, theirs in zip(*numbers, strict=True)
    )


def _target(row: Row) -> str | None:
    target: str | None = row["adjusted_target"] or row["target"]
    return target


def _name(row: Row) -> str:
    return shown(plain_label(row["name"]))


def _label(row: Row) -> CellRef | None:
    levels = ("level4", "level3", "level2", "level1")
    return next((row["cells"][level] for level in levels if level in row["cells"]), None)
