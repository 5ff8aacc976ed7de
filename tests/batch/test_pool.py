"""Worker processes: whatever one of them does, the others and the run go on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path

import pytest

from perfxl.__main__ import _needs_workers as needs_workers
from perfxl.batch import engine, processes
from perfxl.batch import pool as pool_module
from perfxl.batch.engine import Lost
from perfxl.batch.pool import Pool
from perfxl.batch.work import Item, Job, Report, Setup

SETUP = Setup("", "")


def job(*paths: str) -> Job:
    return Job(SETUP, tuple(Item(number, path, "") for number, path in enumerate(paths)))


def misbehave(job: Job) -> Report:
    """Do as the name of the first input says."""
    what = job.items[0].path
    if what == "die":
        os._exit(7)
    if what == "hang":
        time.sleep(600)
    if what == "raise":
        raise ValueError("坏了")
    if what == "eat":
        bytearray(3 * 2**30)
    return Report()


def collect(pool: Pool, count: int) -> dict[str, Report | Lost]:
    found: dict[str, Report | Lost] = {}
    deadline = time.monotonic() + 60
    while len(found) < count and time.monotonic() < deadline:
        found |= {done.items[0].path: came for done, came in pool.collect(1.0)}
    return found


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    monkeypatch.setattr(engine, "CHUNK_SECONDS", 3.0)
    with Pool(2, misbehave) as made:
        yield made


def test_death_and_hanging_and_errors_are_told_and_the_rest_is_done(pool: Pool) -> None:
    for what in ("fine", "die", "hang", "raise", "fine too"):
        pool.submit(job(what))
    assert collect(pool, 5) == {
        "fine": Report(),
        "die": Lost("died", "退出码 7"),
        "hang": Lost("timeout"),
        "raise": Lost("failed", "ValueError：坏了"),
        "fine too": Report(),
    }


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit")
def test_a_worker_may_not_take_all_memory(pool: Pool) -> None:
    pool.submit(job("eat"))
    pool.submit(job("fine"))
    assert collect(pool, 2) == {"eat": Lost("memory"), "fine": Report()}


def write_pid(job: Job) -> Report:
    Path(job.items[0].path).write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(60)
    return Report()


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    target = tmp_path / "pid"
    child = os.fork()
    if child == 0:
        with Pool(1, write_pid) as pool:
            pool.submit(job(str(target)))
            pool.collect(60.0)
        os._exit(0)
    while not target.exists() or not target.read_text(encoding="utf-8"):
        time.sleep(0.05)
    worker = int(target.read_text(encoding="utf-8"))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    for _ in range(100):
        if not is_alive(worker):
            return
        time.sleep(0.05)
    os.kill(worker, signal.SIGKILL)
    pytest.fail("the worker outlived its parent")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One that nobody has waited for yet is dead all the same.
    return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8") if Path("/proc").is_dir() else True


@pytest.mark.parametrize("system", ["linux", "win32"])
def test_workers_come_to_be_on_every_system(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(processes.sys, "platform", system)
    way = processes.context()
    assert way.get_start_method() == ("spawn" if system == "win32" else "forkserver")
    monkeypatch.undo()
    monkeypatch.setattr(pool_module, "context", lambda: way)
    with Pool(1, misbehave) as made:
        made.submit(job("fine"))
        assert collect(made, 1) == {"fine": Report()}


def test_without_sockets_workers_are_started_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise PermissionError

    monkeypatch.setattr(forkserver, "ensure_running", refuse)
    assert processes.context().get_start_method() == "spawn"


def test_workers_are_got_ready_early_only_where_there_will_be_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("报送").mkdir()
    Path("自评表.xlsx").touch()
    lines = {
        "batch 报送": True,
        "报送 -o 结果": True,
        "报送 --cluster local:2": False,
        "batch 报送 --cluster local:2": False,
        "batch --help": False,
        "score 自评表.xlsx -o 报送": False,
        "自评表.xlsx": False,
        "没有": False,
        "": False,
    }
    assert {line: needs_workers(line.split()) for line in lines} == lines


@pytest.mark.parametrize(("variables", "code"), [({}, 3), ({processes.IS_COPIED: "1"}, 0)])
def test_only_the_process_that_workers_are_copies_of_ends_at_once(variables: dict[str, str], code: int) -> None:
    told = "import perfxl.batch.copied, sys; sys.exit(3)"
    done = subprocess.run([sys.executable, "-c", told], env=os.environ | variables, check=False)
    assert done.returncode == code
