"""Rows of results.sqlite on their way from a worker: packed as a small database of their own.

Taking in such a database costs a tenth of what rows cost that are sent one by one and inserted one by one; packing
them costs as much as sending them did, and several workers do it side by side.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from perfxl.model.results import creation, insert

Rows = list[tuple[Any, ...]]
# The tables of what was found in the inputs.
FOUND = ("tables", "budget", "indicators", "findings")
# SQLite before 3.36 need not know how to write a database to memory; there a file does as well.
_TO_MEMORY = hasattr(sqlite3.Connection, "serialize")


def pack(rows: Mapping[str, Rows]) -> bytes:
    """Return the rows of some tables as a database that holds nothing else; nothing where there are none."""
    if not any(rows.values()):
        return b""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("BEGIN")
        for name in FOUND:
            db.execute(creation(name))
            _insert(db, name, rows.get(name, []))
        db.execute("COMMIT")
        return db.serialize() if _TO_MEMORY else _by_file(db)


@contextmanager
def unpacked(db: sqlite3.Connection, data: bytes) -> Iterator[list[str]]:
    """Yield the statements that insert packed rows in place of those that are there.

    Args:
        db: Where they are inserted; with no transaction open at the beginning and at the end.
        data: The rows as they were packed; nothing for none.
    """
    if not data:
        yield []
        return
    with ExitStack() as stack:
        if _TO_MEMORY:
            db.execute("ATTACH ':memory:' AS packed")
            db.deserialize(data, name="packed")
        else:
            path = Path(stack.enter_context(TemporaryDirectory())) / "packed.sqlite"
            path.write_bytes(data)
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
