"""Folders of small filled forms, and a batch over them in this process."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfxl.batch import command
from perfxl.batch.command import End, Request, run_batch
from perfxl.batch.engine import Engine, Lost
from perfxl.batch.work import Job, Report, work
from tests.workbooks import CLEAN_ROWS, Row, project_form


def form(
    path: Path,
    project: str = "农技人员培训",
    unit: str | None = "市农技推广中心",
    department: str = "市农业农村局",
    rows: Sequence[Row] = CLEAN_ROWS,
    **facts: Row,
) -> Path:
    """Write a filled form of a project; missing folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    project_form(path, rows, unit=unit, **facts)
    book = load_workbook(path)
    sheet = book["自评表"]
    sheet["B3"], sheet["B4"] = project, department
    for cell in (*sheet[3], *sheet[4], *(cell for row in sheet["A11:H13"] for cell in row)):
        if isinstance(cell.value, str):
            cell.data_type = "s"
    book.save(path)
    return path


class Here(Engine):
    """Does each chunk in this process when it is asked for what has come back."""

    def __init__(self, total: int = 0) -> None:
        self.workers = 1
        self.jobs: list[Job] = []
        self.done: list[Job] = []

    def submit(self, job: Job) -> None:
        """Hand out a chunk."""
        self.jobs.append(job)

    def collect(self, seconds: float) -> Sequence[tuple[Job, Report | Lost]]:
        """Return what has come back."""
        job = self.jobs.pop(0)
        self.done.append(job)
        return [(job, self.result(job))]

    def result(self, job: Job) -> Report | Lost:
        """Do a chunk."""
        return work(job)

    def close(self) -> None:
        """Do nothing."""


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make batches run in this process."""
    monkeypatch.setattr(command, "_engine", lambda request, total: Here(total))


def batch(folder: Path, out: Path, **options: object) -> End:
    """Run a batch over a folder."""
    return run_batch(Request(folder, out, **options))  # type: ignore[arg-type]  # options of the request


def query(out: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    """Return what the results say."""
    connection = sqlite3.connect(out / "results.sqlite")
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def results(out: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that the results hold, but for what differs from run to run."""
    varying = {"inputs": {"seconds", "run_id"}}
    connection = sqlite3.connect(out / "results.sqlite")
    try:
        found = {}
        for table in ("inputs", "tables", "budget", "indicators", "findings"):
            names = [one[1] for one in connection.execute(f"PRAGMA table_info({table})")]
            kept = ", ".join(name for name in names if name not in varying.get(table, ()))
            found[table] = connection.execute(f"SELECT {kept} FROM {table} ORDER BY {kept}").fetchall()
        return found
    finally:
        connection.close()


def copies(out: Path) -> dict[str, bytes]:
    """Return all files of the results but the database, by path."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.suffix != ".sqlite"
    }
