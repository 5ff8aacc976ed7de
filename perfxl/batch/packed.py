"""Rows of results.sqlite on their way from a worker: packed as a small database of their own.

Taking in such a database costs a tenth of what rows cost that are sent one by one and inserted one by one; packing
them costs as much as sending them did, and several workers do it side by side.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from perfxl.errors import OutputError
from perfxl.model.results import creation, insert

Rows = list[tuple[Any, ...]]
# The tables of what was found in the inputs.
FOUND = ("tables", "budget", "indicators", "findings")
# Rows that are packed together.
_USUAL = 500
# SQLite before 3.36 need not know how to write a database to memory; there a file does as well.
_TO_MEMORY = hasattr(sqlite3.Connection, "serialize")


class Packing:
    """Rows that are packed while they are made.

    Attributes:
        rows: Those that are not packed yet, by the name of their table; more are added here.
    """

    def __init__(self) -> None:
        self.rows: dict[str, Rows] = {name: [] for name in FOUND}
        self._db: sqlite3.Connection | None = None

    def pack(self, most: int = _USUAL) -> None:
        """Pack the rows that are there, where they are more than so many.

        Some at a time, while the texts that they hold are still in the processor's cache.
        """
        if sum(map(len, self.rows.values())) <= most:
            return
        if self._db is None:
            self._db = sqlite3.connect(":memory:", isolation_level=None)
            self._db.execute("BEGIN")
            for name in FOUND:
                self._db.execute(creation(name))
        for name, rows in self.rows.items():
            _insert(self._db, name, rows)
            rows.clear()

    def end(self) -> bytes:
        """Return all rows as a database that holds nothing else; nothing where there are none."""
        self.pack(0)
        if self._db is None:
            return b""
        with closing(self._db) as db:
            db.execute("COMMIT")
            return db.serialize() if _TO_MEMORY else _by_file(db)


@contextmanager
def unpacked(db: sqlite3.Connection, data: bytes) -> Iterator[list[str]]:
    """Yield the statements that insert packed rows in place of those that are there.

    Args:
        db: Where they are inserted; with no transaction open at the beginning and at the end.
        data: The rows as they were packed; nothing for none.

    Raises:
        OutputError: They need a temporary file, which cannot be written.
    """
    if not data:
        yield []
        return
    with ExitStack() as stack:
        if _TO_MEMORY:
            db.execute("ATTACH ':memory:' AS packed")
            db.deserialize(data, name="packed")
        else:
            try:
                path = Path(stack.enter_context(TemporaryDirectory())) / "packed.sqlite"
                path.write_bytes(data)
            except OSError as error:
                raise OutputError(f"无法写入临时文件夹：{error.strerror or error}") from error
            db.execute("ATTACH ? AS packed", (str(path),))
        stack.callback(db.execute, "DETACH packed")
        yield [f"INSERT OR REPLACE INTO main.{name} SELECT * FROM packed.{name}" for name in FOUND]


def storable(value: Any) -> Any:
    """Return a value as SQLite takes it: without half surrogate pairs, which file names and old formats can hold."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) and not value.isascii() else value


def _insert(db: sqlite3.Connection, table: str, rows: Rows) -> None:
    statement = insert(table)
    try:
        db.executemany(statement, rows)
    except UnicodeEncodeError:
        # Those before the one at fault are there already, and are put there once more.
        db.executemany(statement, [tuple(map(storable, values)) for values in rows])


def _by_file(db: sqlite3.Connection) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "packed.sqlite"
        with closing(sqlite3.connect(path)) as copy:
            db.backup(copy)
        return path.read_bytes()
