"""results.sqlite: what is known of every input, and so where a run that was stopped goes on."""

import contextlib
import datetime
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Self

from perfxl import __version__
from perfxl.batch.fingerprint import Fingerprints
from perfxl.batch.intake import ANNOTATED, RESULTS, Found
from perfxl.batch.packed import storable, unpacked
from perfxl.batch.places import place
from perfxl.batch.work import Item, Outcome, Setup, content_hash
from perfxl.errors import OutputError
from perfxl.model.results import (
    DONE,
    PENDING,
    SCHEMA,
    TABLES_PER_INPUT,
    UNREADABLE,
    insert,
    row,
    statements,
)

_LOCK = ".perfxl.lock"
_TEMPORARY = ".~perfxl-*.tmp"
_OF_TABLES = ("budget", "indicators")
_ITEM = "input_id, path, place, raw_path, archive, member"


class Ledger:
    """The database of one folder of results; one run at a time has it.

    What is written lies in transactions that hold a chunk each, so a run that is killed loses at most the chunks
    that were in hand, whose inputs are still `pending`.
    """

    def __init__(self, out: Path, setup: Setup, *, is_kept: bool = True) -> None:
        """Open or make the database.

        Args:
            out: Folder of the results.
            setup: Of the run.
            is_kept: False begins anew.

        Raises:
            OutputError: It cannot be opened or written, or another run has it.
        """
        self._out, self._setup = out, setup
        self.path = out / RESULTS
        self._folder = Path(setup.folder)
        self._lock: sqlite3.Connection | None = None
        try:
            out.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(out / _LOCK)
            if not is_kept:
                self.path.unlink(missing_ok=True)
            self.connection = _open(self.path)
        except (OSError, sqlite3.Error) as error:
            self._unlock()
            raise OutputError(f"结果文件夹“{out}”不能写入：{error}") from error
        self.run_id = self._begin_run()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and let the next run have it."""
        self.connection.close()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
            with contextlib.suppress(OSError):
                (self._out / _LOCK).unlink(missing_ok=True)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do what is inside wholly or not at all.

        Raises:
            OutputError: The database cannot be written.
        """
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
            except BaseException:
                self.connection.rollback()
                raise
            self.connection.commit()
        except sqlite3.OperationalError as error:
            raise OutputError(f"无法写入 {self.path}：{error}") from error

    # ------------------------------------------------------------ a run

    def _begin_run(self) -> int:
        with self.transaction() as db:
            run_id = int(db.execute("SELECT coalesce(max(run_id), 0) + 1 FROM runs").fetchone()[0])
            options = {key: value for key, value in asdict(self._setup).items() if key not in ("folder", "out")}
            values = {
                "run_id": run_id, "started": _now(), "version": __version__, "folder": storable(self._setup.folder),
                "options": json.dumps(options, ensure_ascii=False),
            }  # fmt: skip
            db.execute(insert("runs"), row("runs", values))
        # What a killed run was writing; nowhere but where this program writes.
        for left in (*self._out.glob(_TEMPORARY), *(self._out / ANNOTATED).rglob(_TEMPORARY)):
            with contextlib.suppress(OSError):
                left.unlink()
        return run_id

    def end_run(self, done_now: int, seconds: float) -> None:
        """Write down that a run came to its end."""
        with self.transaction() as db:
            inputs = db.execute("SELECT count(*) FROM inputs").fetchone()[0]
            db.execute(
                "UPDATE runs SET finished = ?, inputs = ?, done_now = ?, seconds = ? WHERE run_id = ?",
                (_now(), inputs, done_now, round(seconds, 3), self.run_id),
            )

    # ------------------------------------------------------------ intake

    def take_in(self, found: Iterable[Found]) -> int:
        """Take down what lies in the folder, and which of it must be read.

        Inputs that were read before and whose content, rules and program are the same keep their results; inputs that
        are no more are forgotten, their copies left.

        Returns:
            How many were forgotten.
        """
        fingerprints = Fingerprints(self._setup)
        with self.transaction() as db:
            db.execute("CREATE TEMP TABLE IF NOT EXISTS seen (input_id INTEGER PRIMARY KEY)")
            db.execute("DELETE FROM seen")
            next_id = int(db.execute("SELECT coalesce(max(input_id), 0) + 1 FROM inputs").fetchone()[0])
            for one in found:
                known = db.execute(
                    f"SELECT {_ITEM}, state, sha256, fingerprint, output, unwritten FROM inputs WHERE path = ?",
                    (one.path,),
                ).fetchone()
                input_id = known[0] if known else next_id
                next_id += known is None
                db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (input_id,))
                values = _values(one, input_id)
                if known is None:
                    values["place"] = self._free_place(one) if one.state == PENDING else None
                    db.execute(insert("inputs"), row("inputs", values))
                elif not self._is_current(one, known, fingerprints):
                    values["place"] = known[2] or (self._free_place(one) if one.state == PENDING else None)
                    self._forget_results(input_id)
                    db.execute(insert("inputs"), row("inputs", values))
                else:
                    db.execute("UPDATE inputs SET modified = ? WHERE input_id = ?", (one.modified, input_id))
            gone = [one[0] for one in db.execute("SELECT input_id FROM inputs EXCEPT SELECT input_id FROM seen")]
            for input_id in gone:
                self._forget_results(input_id)
                db.execute("DELETE FROM inputs WHERE input_id = ?", (input_id,))
            return len(gone)

    def _free_place(self, found: Found) -> str:
        for number in range(1, 10_000):
            wish = place(found, number)
            taken = self.connection.execute("SELECT 1 FROM inputs WHERE place = ? COLLATE NOCASE", (wish,)).fetchone()
            if taken is None:
                return wish
        raise OutputError(f"{found.path}：同名的复核件太多。")

    def _is_current(self, found: Found, known: Sequence[Any], fingerprints: Fingerprints) -> bool:
        """Whether what is known of an input still holds."""
        item = Item(*known[:6])
        state, sha256, fingerprint, output, unwritten = known[6:]
        if found.state != PENDING or state not in (DONE, UNREADABLE) or unwritten or fingerprint is None:
            return False
        if (found.archive, found.member, found.raw) != (item.archive, item.member, item.raw):
            return False
        if output is not None and not (self._out / output).is_file():
            return False
        return bool(fingerprint == fingerprints.of(item) and sha256 == content_hash(self._folder, item))

    def _forget_results(self, input_id: int) -> None:
        first, last = input_id * TABLES_PER_INPUT, (input_id + 1) * TABLES_PER_INPUT - 1
        for table in _OF_TABLES:
            self.connection.execute(f"DELETE FROM {table} WHERE table_id BETWEEN ? AND ?", (first, last))
        self.connection.execute("DELETE FROM tables WHERE input_id = ?", (input_id,))
        self.connection.execute("DELETE FROM findings WHERE input_id = ?", (input_id,))

    # ------------------------------------------------------------ results

    def kept_failures(self) -> int:
        """Return how many inputs are known from an earlier run to be unreadable."""
        query = "SELECT count(*) FROM inputs WHERE state = ? AND run_id IS NOT NULL"
        return int(self.connection.execute(query, (UNREADABLE,)).fetchone()[0])

    def due(self) -> int:
        """Return how many inputs are to be read; where documents are asked for, those with results too."""
        counts = self.counts()
        return sum(counts.get(state, 0) for state in self._states)

    @property
    def _states(self) -> tuple[str, ...]:
        return (PENDING, DONE, UNREADABLE) if self._setup.as_json else (PENDING,)

    def pending(self, after: int, limit: int) -> list[tuple[Item, int]]:
        """Return the next inputs to be read, with their sizes in bytes.

        Args:
            after: Only inputs with a higher number.
            limit: At most so many.
        """
        marks = ", ".join("?" * len(self._states))
        query = f"""SELECT {_ITEM}, coalesce(bytes, 0), state, output, kind, message, advice FROM inputs
            WHERE state IN ({marks}) AND input_id > ? ORDER BY input_id LIMIT ?"""
        found = []
        for *facts, size, state, output, kind, message, advice in self.connection.execute(
            query, (*self._states, after, limit)
        ):
            error = (kind, message or "", advice or "") if state == UNREADABLE else None
            found.append((replace(Item(*facts), is_kept=state != PENDING, output=output, error=error), size))
        return found

    def store(
        self, outcomes: Iterable[Outcome], rows: bytes, items: Mapping[int, Item], fingerprints: Fingerprints
    ) -> None:
        """Write what came of a chunk, in one transaction; for its rows see `perfxl.batch.packed`."""
        with unpacked(self.connection, rows) as insertions, self.transaction() as db:
            for outcome in outcomes:
                values = outcome.values | {
                    "fingerprint": fingerprints.of(items[outcome.input_id]),
                    "run_id": self.run_id,
                }
                names = ", ".join(f"{name} = ?" for name in values)
                db.execute(
                    f"UPDATE inputs SET {names} WHERE input_id = ?",
                    (*map(storable, values.values()), outcome.input_id),
                )
            for statement in insertions:
                db.execute(statement)

    def counts(self) -> dict[str, int]:
        """Return how many inputs are in each state."""
        return dict(self.connection.execute("SELECT state, count(*) FROM inputs GROUP BY state"))

    def findings(self) -> dict[str, int]:
        """Return how many findings there are of each severity, waived ones left out."""
        query = "SELECT severity, count(*) FROM findings WHERE waived IS NULL GROUP BY severity"
        return dict(self.connection.execute(query))

    def failures(self, limit: int) -> tuple[tuple[str, str, str], ...]:
        """Return path, message and advice of the first inputs that could not be read."""
        query = "SELECT path, coalesce(message, ''), coalesce(advice, '') FROM v_unreadable LIMIT ?"
        return tuple(self.connection.execute(query, (limit,)).fetchall())


def _values(found: Found, input_id: int) -> dict[str, Any]:
    first, slash, _ = found.path.partition("/")
    return {
        "input_id": input_id, "path": found.path, "raw_path": found.raw, "archive": found.archive,
        "member": found.member, "folder": first if slash else None, "bytes": found.size, "modified": found.modified,
        "state": found.state, "kind": found.kind, "message": found.message, "advice": found.advice,
    }  # fmt: skip


def _lock(path: Path) -> sqlite3.Connection:
    """Return a connection that holds a lock as long as it is open; it ends with the process, however that ends."""
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise OutputError(f"另一次运行正在写入“{path.parent}”，请等它结束，或另选结果文件夹。") from error
    return connection


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for name, columns in SCHEMA.items():
            have = [one[1] for one in connection.execute(f"PRAGMA table_info({name})")]
            if have and have != list(columns):
                raise OutputError(f"{path} 是另一个版本的 perfxl 写的，不能接着做；请换一个结果文件夹，或先把它移走。")
        connection.execute("BEGIN IMMEDIATE")
        for statement in statements():
            connection.execute(statement)
        connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection


def _now() -> str:
    return datetime.datetime.now().isoformat(timespec="seconds")
