"""Findings that a reviewer has accepted: they stay listed, with the reason, and no longer count."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from perfxl.forms.settings import Waiver
from perfxl.model.finding import Finding
from perfxl.model.frames import Scored
from perfxl.text import fold, plain_label

_Place = tuple[str, int, int]
# Labels whose cells stand for every row below them; a waiver of one row does not reach those.
_SHARED_CELLS = ("level1", "level2")


def waive(
    findings: Sequence[Finding], scored: Scored, waivers: Sequence[Waiver], today: datetime.date
) -> list[Finding]:
    """Return the findings, those that a waiver covers with its reason.

    A waiver covers the findings of its code; of its table only where it names one (项目名称, 单位名称 or sheet), of
    its row only where it names one. One that has run out covers nothing.
    """
    valid = [waiver for waiver in waivers if waiver.until is None or waiver.until >= today]
    if not valid:
        return list(findings)
    names = _table_names(scored.tables)
    places = {waiver.row: _places(scored, waiver.row) for waiver in valid if waiver.row}
    return [_waived(finding, valid, names, places) for finding in findings]


def expired(waivers: Iterable[Waiver], today: datetime.date) -> list[str]:
    """Return a sentence for every waiver that has run out."""
    return [
        f"豁免 {waiver.code}（{waiver.reason}）已于 {waiver.until} 到期，不再适用。"
        for waiver in waivers
        if waiver.until is not None and waiver.until < today
    ]


def _waived(
    finding: Finding,
    waivers: Iterable[Waiver],
    names: Mapping[int, frozenset[str]],
    places: Mapping[str, Mapping[int, frozenset[_Place]]],
) -> Finding:
    for waiver in waivers:
        if waiver.code != finding.code or (waiver.table and fold(waiver.table) not in names[finding.table_id]):
            continue
        if waiver.row:
            own = places[waiver.row].get(finding.table_id, frozenset())
            if finding.cell is None or finding.cell[:3] not in own:
                continue
        until = f"，有效期至 {waiver.until}" if waiver.until else ""
        return replace(finding, waived=waiver.reason + until)
    return finding


def _table_names(tables: pd.DataFrame) -> dict[int, frozenset[str]]:
    """Return what each table may be called in a waiver, folded."""
    headers = zip(tables["table_id"], tables["sheet"], tables["header"], strict=True)
    return {
        table_id: frozenset(fold(name) for name in (sheet, header.get("项目名称"), header.get("单位名称")) if name)
        for table_id, sheet, header in headers
    }


def _places(scored: Scored, name: str) -> dict[int, frozenset[_Place]]:
    """Return the cells of the rows that bear a name, by table."""
    wanted, found = fold(plain_label(name)), dict[int, set[_Place]]()
    for rows in (scored.indicators, scored.budget):
        for table_id, own, cells in zip(rows["table_id"], rows["name"], rows["cells"], strict=True):
            if own and fold(plain_label(own)) == wanted:
                own_cells = (cell[:3] for field, cell in cells.items() if field not in _SHARED_CELLS)
                found.setdefault(table_id, set()).update(own_cells)
    return {table_id: frozenset(places) for table_id, places in found.items()}
