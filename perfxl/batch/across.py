"""The checks that need several submissions, over results.sqlite: groups by SQL, verdicts by `perfxl.checks.across`."""

import datetime
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from perfxl.checks.across import (
    UNITS_OF_ONE_REASON,
    Fund,
    Reason,
    Said,
    Table,
    alike,
    coverage_findings,
    fund_finding,
    repeated_projects,
    same_reasons,
    severity_of,
)
from perfxl.forms.settings import Settings, Waiver
from perfxl.model.coverage import Coverage
from perfxl.model.results import ACROSS, insert
from perfxl.text import fold, number_text

_COLUMNS = "t.input_id, t.table_id, i.path, t.sheet, t.unit, t.project"
_REPEATED = f"""
    SELECT t.unit_key, t.project_key, t.year, t.scope, {_COLUMNS},
           CASE WHEN t.scope = 'project' THEN t.project_cell ELSE t.unit_cell END,
           CASE WHEN t.scope = 'project' THEN t.project ELSE t.unit END
    FROM tables t JOIN inputs i USING (input_id)
    JOIN (SELECT unit_key, project_key, year, scope FROM tables
          WHERE standing = 'counted' AND unit_key IS NOT NULL AND (project_key IS NOT NULL OR scope = 'department')
          GROUP BY unit_key, project_key, year, scope HAVING count(*) > 1) g
    ON t.unit_key = g.unit_key AND t.project_key IS g.project_key AND t.year IS g.year AND t.scope = g.scope
    WHERE t.standing = 'counted' ORDER BY 1, 2, 3, 4, i.path, t.table_id"""
_ALIKE = f"""
    SELECT t.department_key, t.signature, t.indicator_rows, {_COLUMNS}, n.cell,
           coalesce(n.level4, n.level3, n.level2, n.level1)
    FROM tables t JOIN inputs i USING (input_id) LEFT JOIN indicators n ON n.table_id = t.table_id AND n.row = 0
    JOIN (SELECT department_key, signature FROM tables
          WHERE standing = 'counted' AND signature IS NOT NULL AND department_key IS NOT NULL
            AND project_key IS NOT NULL
          GROUP BY department_key, signature HAVING count(DISTINCT project_key) > 1) g
    ON t.department_key = g.department_key AND t.signature = g.signature
    WHERE t.standing = 'counted' AND t.project_key IS NOT NULL ORDER BY 1, 2, i.path, t.table_id"""
# Rows below full marks, whose reason is asked for.
_GIVEN = """
    FROM indicators n JOIN tables t USING (table_id)
    WHERE t.standing = 'counted' AND t.unit IS NOT NULL AND n.reason IS NOT NULL AND n.reported_score < n.weight"""
_REASONS = f"""
    SELECT t.input_id, t.table_id, t.unit, n.reason, n.reason_cell, r.units
    {_GIVEN.replace("WHERE", "JOIN temp.reasons r ON r.reason = n.reason WHERE")}
    AND NOT EXISTS (SELECT 1 FROM findings f
                    WHERE f.input_id = t.input_id AND f.code = 'IND-08' AND f.cell = n.reason_cell)
    ORDER BY t.table_id, n.row"""
_FUND_ROW = "专项资金绩效完成情况"
_FUND_ROWS = f"""
    SELECT {_COLUMNS}, n.cell, n.weight, n.reported_score
    FROM indicators n JOIN tables t USING (table_id) JOIN inputs i USING (input_id)
    WHERE t.standing = 'counted' AND t.scope = 'department' AND n.level3 LIKE '%{_FUND_ROW}%'
      AND n.weight > 0 AND n.reported_score IS NOT NULL ORDER BY t.table_id, n.row"""
_FUNDS = """
    SELECT t.project, sum(n.reported_score), sum(n.weight), t.adjusted
    FROM indicators n JOIN tables t USING (table_id) JOIN inputs i USING (input_id)
    WHERE t.standing = 'counted' AND t.scope = 'project' AND i.path IN ({marks})
      AND (n.level1 LIKE '%产出%' OR n.level1 LIKE '%效益%') AND n.weight IS NOT NULL
    GROUP BY t.table_id HAVING count(*) = count(n.reported_score) ORDER BY t.table_id"""


def find_across(db: sqlite3.Connection, coverage: Coverage | None, settings: Settings) -> None:
    """Write the findings that come of comparing submissions, in place of earlier ones; in a transaction.

    Args:
        db: The results.
        coverage: The roster held against them; None without a roster.
        settings: Of the folder as a whole.
    """
    db.execute("DELETE FROM findings WHERE number >= ?", (ACROSS,))
    db.execute("DROP TABLE IF EXISTS temp.across")
    db.execute("CREATE TEMP TABLE across AS SELECT * FROM findings LIMIT 0")
    today = datetime.date.today()
    waivers = tuple(waiver for waiver in settings.waivers if waiver.until is None or waiver.until >= today)
    settings = replace(settings, waivers=waivers)
    names = _names(db) if any(waiver.table for waiver in waivers) else {}
    rows = (
        _row(number, said, settings, names)
        for number, said in enumerate(_all(db, coverage), ACROSS)
        if settings.checks.get(said.code, {}).get("enabled", True)
    )
    # Beside the findings, which are read meanwhile.
    db.executemany(insert("findings").replace("INTO findings", "INTO temp.across"), rows)
    db.execute("INSERT INTO findings SELECT * FROM temp.across")
    db.execute("DROP TABLE temp.across")
    _recount(db)


def _all(db: sqlite3.Connection, coverage: Coverage | None) -> Iterator[Said]:
    repeated = db.execute(_REPEATED)
    for _, group in groupby(repeated, key=lambda one: one[:4]):
        yield from repeated_projects([Table._make(one[4:]) for one in group])
    for key, group in groupby(db.execute(_ALIKE), key=lambda one: one[:3]):
        yield from alike([Table._make(one[3:]) for one in group], key[2])
    yield from same_reasons(_reasons(db))
    if coverage is not None:
        ids = dict(db.execute("SELECT path, input_id FROM inputs WHERE state = 'done'"))
        for unit in coverage.units:
            if unit.submitted:
                yield from coverage_findings(unit, ids[unit.submitted[0]])
        yield from _funds(db, coverage)


def _reasons(db: sqlite3.Connection) -> Iterator[Reason]:
    db.execute("DROP TABLE IF EXISTS temp.reasons")
    db.execute(
        f"""CREATE TEMP TABLE reasons AS SELECT n.reason AS reason, count(DISTINCT t.unit_key) AS units {_GIVEN}
        GROUP BY n.reason HAVING units >= {UNITS_OF_ONE_REASON}"""
    )
    db.execute("CREATE UNIQUE INDEX temp.reasons_reason ON reasons (reason)")
    yield from map(Reason._make, db.execute(_REASONS))


def _funds(db: sqlite3.Connection, coverage: Coverage) -> Iterator[Said]:
    complete = {
        path: unit
        for unit in coverage.units
        if unit.unit.projects and not unit.missing and not unit.extra
        for path in unit.submitted
    }
    for *facts, cell, weight, score in db.execute(_FUND_ROWS).fetchall():
        table = Table._make((*facts, cell, number_text(score)))
        unit = complete.get(table.path)
        if unit is None:
            continue
        query = _FUNDS.format(marks=", ".join("?" * len(unit.submitted)))
        funds = [Fund._make(one) for one in db.execute(query, unit.submitted)]
        if (said := fund_finding(table, weight, score, funds)) is not None:
            yield said


def _row(number: int, said: Said, settings: Settings, names: dict[int, frozenset[str]]) -> tuple[Any, ...]:
    severity, title, advice = severity_of(said.code)
    own = settings.checks.get(said.code, {}).get("severity")
    waived = next((w.reason for w in settings.waivers if _is_waived(w, said, names)), None)
    return (
        said.input_id, number, said.table_id, said.code, own or severity.value, title, said.message, advice,
        said.cell, said.value, said.expected, said.difference, waived,
    )  # fmt: skip


def _is_waived(waiver: Waiver, said: Said, names: dict[int, frozenset[str]]) -> bool:
    if waiver.code != said.code or waiver.row:
        return False
    return not waiver.table or fold(waiver.table) in names.get(said.table_id or -1, frozenset())


def _names(db: sqlite3.Connection) -> dict[int, frozenset[str]]:
    rows = db.execute("SELECT table_id, sheet, project_key, unit_key FROM tables")
    return {one[0]: frozenset(fold(name) for name in one[1:] if name) for one in rows}


def _recount(db: sqlite3.Connection) -> None:
    """Bring the counts of each table up to date."""
    counts: Iterable[tuple[int, ...]] = db.execute(
        """SELECT sum(severity = 'error'), sum(severity = 'warning'), sum(severity = 'info'), table_id FROM findings
        WHERE waived IS NULL AND table_id IS NOT NULL GROUP BY table_id"""
    ).fetchall()
    db.execute("UPDATE tables SET errors = 0, warnings = 0, infos = 0")
    db.executemany("UPDATE tables SET errors = ?, warnings = ?, infos = ? WHERE table_id = ?", counts)
