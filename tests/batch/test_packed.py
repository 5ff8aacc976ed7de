"""Rows on their way from a worker arrive as they were, in place of those that were there."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from perfxl.batch import packed
from perfxl.batch.packed import FOUND, Packing, Rows, unpacked
from perfxl.errors import OutputError
from perfxl.model.results import SCHEMA, row, statements


@pytest.fixture(params=["in memory", "by file"])
def results(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    if request.param == "by file":
        monkeypatch.setattr(packed, "_TO_MEMORY", False)
    elif not hasattr(sqlite3.Connection, "serialize"):
        pytest.skip("this SQLite writes no database to memory")  # where it matters there is the other way
    db = sqlite3.connect(":memory:", isolation_level=None)
    for statement in statements():
        db.execute(statement)
    yield db
    db.close()


def some_rows(table_id: int, text: str) -> dict[str, Rows]:
    input_id = table_id // 10_000
    return {
        "tables": [row("tables", {"table_id": table_id, "input_id": input_id, "project": text, "ratio": 0.1 + 0.2})],
        "budget": [row("budget", {"table_id": table_id, "row": 0, "initial": 7185.27, "name": "总额"})],
        "indicators": [row("indicators", {"table_id": table_id, "row": n, "score": n, "target": "≥95%"}) for n in (0, 1)],
        "findings": [],
    }  # fmt: skip


def pack(rows: dict[str, Rows]) -> bytes:
    packing = Packing()
    for name, own in rows.items():
        packing.rows[name] += own
        packing.pack(0)
    return packing.end()


def take(db: sqlite3.Connection, data: bytes) -> None:
    with unpacked(db, data) as insertions:
        db.execute("BEGIN IMMEDIATE")
        for statement in insertions:
            db.execute(statement)
        db.execute("COMMIT")


def found(db: sqlite3.Connection) -> dict[str, Rows]:
    return {name: db.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in FOUND}


def test_rows_arrive_as_they_were(results: sqlite3.Connection) -> None:
    first, second = some_rows(10_000, "道路养护"), some_rows(20_000, "河道清淤")
    take(results, pack(first))
    take(results, pack(second))
    assert found(results) == {name: first[name] + second[name] for name in FOUND}
    assert [type(value) for value in results.execute("SELECT score, target FROM indicators").fetchone()] == [float, str]


def test_rows_take_the_place_of_earlier_ones(results: sqlite3.Connection) -> None:
    take(results, pack(some_rows(10_000, "道路养护")))
    take(results, pack(some_rows(10_000, "道路养护（修订）")))
    assert found(results) == some_rows(10_000, "道路养护（修订）")


def test_half_a_character_becomes_a_question_mark(results: sqlite3.Connection) -> None:
    take(results, pack(some_rows(10_000, "道路\ud83d养护")))
    assert results.execute("SELECT project FROM tables").fetchone() == ("道路?养护",)


def test_nothing_packs_to_nothing(results: sqlite3.Connection) -> None:
    assert pack({name: [] for name in FOUND}) == b""
    take(results, b"")
    assert not any(found(results).values())


def test_a_transaction_that_fails_leaves_nothing_behind(results: sqlite3.Connection) -> None:
    with suppress(ZeroDivisionError), unpacked(results, pack(some_rows(10_000, "道路养护"))) as insertions:
        results.execute("BEGIN IMMEDIATE")
        results.execute(insertions[0])
        results.execute("ROLLBACK")
        raise ZeroDivisionError
    assert not any(found(results).values())
    assert [name for _, name, _ in results.execute("PRAGMA database_list")] == ["main"]


def test_a_full_temporary_folder_is_said(results: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pack(some_rows(10_000, "道路养护"))

    def refuse(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(packed, "_TO_MEMORY", False)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(OutputError, match=r"^无法写入临时文件夹：No space left on device$"), unpacked(results, data):
        pass


def test_packed_tables_are_those_of_the_contract() -> None:
    assert set(FOUND) == set(SCHEMA) - {"runs", "inputs"}
