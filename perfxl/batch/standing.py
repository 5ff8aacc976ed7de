"""Which tables count: of files with one content the first, of several versions of a project the newest."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from perfxl.batch.versions import Candidate, newest
from perfxl.model.results import COUNTED, DUPLICATE, SUPERSEDED

_SAME_CONTENT = "内容与该文件完全相同"
_DUPLICATES = """
    SELECT later.input_id, first.path FROM inputs later JOIN inputs first
    ON first.sha256 = later.sha256 AND first.input_id < later.input_id
    WHERE later.state = 'done' AND first.state = 'done' AND first.input_id =
      (SELECT min(input_id) FROM inputs WHERE sha256 = later.sha256 AND state = 'done')
    ORDER BY later.input_id"""
# Tables of one project of one unit and year that lie in several files.
_GROUPS = """
    SELECT t.unit_key, t.project_key, t.year, t.scope, i.path, i.modified, t.table_id
    FROM tables t JOIN inputs i USING (input_id)
    JOIN (SELECT unit_key, project_key, year, scope FROM tables
          WHERE standing = 'counted' AND unit_key IS NOT NULL AND (project_key IS NOT NULL OR scope = 'department')
          GROUP BY unit_key, project_key, year, scope HAVING count(DISTINCT input_id) > 1) g
    ON t.unit_key = g.unit_key AND t.project_key IS g.project_key AND t.year IS g.year AND t.scope = g.scope
    WHERE t.standing = 'counted'
    ORDER BY t.unit_key, t.project_key, t.year, t.scope, i.path, t.table_id"""


class _Row(NamedTuple):
    unit: str
    project: str | None
    year: int | None
    scope: str
    path: str
    modified: str | None
    table_id: int


def settle(db: sqlite3.Connection) -> None:
    """Write down what each table counts for; earlier verdicts are forgotten. To be called in a transaction."""
    db.execute(
        "UPDATE tables SET standing = ?, superseded_by = NULL, why = NULL WHERE standing <> ?", (COUNTED, COUNTED)
    )
    db.execute("CREATE INDEX IF NOT EXISTS inputs_content ON inputs (sha256)")
    duplicates = [(DUPLICATE, path, _SAME_CONTENT, input_id) for input_id, path in db.execute(_DUPLICATES)]
    db.executemany("UPDATE tables SET standing = ?, superseded_by = ?, why = ? WHERE input_id = ?", duplicates)
    update = "UPDATE tables SET standing = ?, superseded_by = ?, why = ? WHERE table_id = ?"
    db.executemany(update, list(_superseded(db)))


def _superseded(db: sqlite3.Connection) -> Iterator[tuple[str, str, str, int]]:
    rows = map(_Row._make, db.execute(_GROUPS))
    for _, group in groupby(rows, key=lambda one: one[:4]):
        tables = list(group)
        files = {one.path: Candidate(one.path, one.modified) for one in tables}
        choice = newest(list(files.values()))
        if choice is not None:
            for one in tables:
                if one.path != choice.path:
                    yield SUPERSEDED, choice.path, f"以较新的为准：{choice.why}", one.table_id
