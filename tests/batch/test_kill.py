"""A run that is killed at any moment and started again ends as one that was not."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.batch.folders import copies, form, results
from tests.workbooks import CLEAN_ROWS

KILLS = 10
# Small chunks, so that a run can be stopped between many of them.
PROGRAM = """
import sys
if __name__ == "__main__":
    from perfxl.batch import run
    run.CHUNK_FILES = 4
    from perfxl.cli import run
    sys.exit(run(sys.argv[1:]))
"""


def start(folder: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(folder.parent / "program.py"), "batch", str(folder), "-o", str(out), "--jobs", "2"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(folder: Path, out: Path) -> None:
    process = start(folder, out)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode in (1, 3), stderr.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    made = tmp_path / "报送"
    rows = (("产出指标", "数量指标", "培训场次", "≥12场", "6场", 50, 50, "受疫情影响，部分场次取消"), *CLEAN_ROWS[1:])
    first = form(made / "00.xlsx", rows=rows)
    for number in range(1, 22):
        form(made / f"{number:02d}.xlsx", f"项目{number % 18}", f"单位{number % 7}", rows=rows)
    (made / "22.xlsx").write_bytes(first.read_bytes())
    (made / "23.xlsx").write_bytes(b"broken")
    return made


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_ten_times_and_started_again(folder: Path, tmp_path: Path) -> None:
    undisturbed, killed = tmp_path / "一次", tmp_path / "多次"
    began = time.monotonic()
    finish(folder, undisturbed)
    # On a busy machine a run takes long, most of it starting up; ten of those need not be waited for.
    length = min(time.monotonic() - began, 8.0)
    moments = random.Random(5)
    stopped = 0
    for _ in range(KILLS):
        process = start(folder, killed)
        try:
            process.wait(moments.uniform(0.1, 0.8) * length)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            stopped += 1
        process.communicate(timeout=60)
    assert stopped
    finish(folder, killed)
    assert results(killed) == results(undisturbed)
    assert copies(killed) == copies(undisturbed)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_ctrl_c_finishes_what_is_in_hand_and_writes_the_summary(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    # Many chunks more than are in hand at a time: some are left however late the signal comes.
    for number in range(24, 64):
        (folder / f"{number}.xlsx").write_bytes((folder / "01.xlsx").read_bytes())
    process = start(folder, out)
    while not list(out.glob("annotated/*.xlsx")):
        time.sleep(0.02)
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 130, stderr.decode()
    assert "Traceback" not in stderr.decode()
    assert (out / "汇总.xlsx").is_file()
    states = {state for (state, *_) in results_states(out)}
    assert "pending" in states
    finish(folder, out)
    assert {state for (state, *_) in results_states(out)} == {"done", "unreadable"}


def results_states(out: Path) -> list[tuple[object, ...]]:
    from tests.batch.folders import query

    return query(out, "SELECT DISTINCT state FROM inputs")
