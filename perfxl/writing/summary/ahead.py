"""Rows of a long sheet that a worker writes to a file while this process makes the other sheets."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

from perfxl.writing.summary.bulk_rows import write_rows

# Has another process call a function with some arguments; None where there is none to do it.
Assist = Callable[..., "Future[int] | None"]


class RowsAhead:
    """Rows that are being written.

    Attributes:
        path: Where they go; the caller removes it.
    """

    def __init__(
        self, db: sqlite3.Connection, query: str, first: int, frame: bytes, path: Path, assist: Assist | None
    ) -> None:
        """Have rows written, where there is somebody to do it and a database that another process can open.

        Args:
            db: The results, with nothing uncommitted.
            query: Finds the rows.
            first: The row of the sheet that they begin at, from 0.
            frame: See `row_frame`.
            path: A new file.
            assist: Somebody who does it; None for nobody.
        """
        self.path = path
        database = db.execute("PRAGMA database_list").fetchone()[2]
        self._end = assist(_write, database, query, first, frame, str(path)) if assist and database else None

    def number(self) -> int | None:
        """Return the row after the last one, once all are written; None where nobody has written them."""
        if self._end is None:
            return None
        try:
            return self._end.result()
        except Exception:  # noqa: BLE001  # whatever became of the worker, the rows can be written here
            return None


def _write(database: str, query: str, first: int, frame: bytes, path: str) -> int:
    with closing(sqlite3.connect(database)) as db, open(path, "xb") as file:
        return write_rows(file, first, db.execute(query), frame)
