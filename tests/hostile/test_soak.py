"""Thousands of mixed files in one batch: errors for the hostile ones alone, and memory that does not grow.

PERFXL_SOAK sets how many files; 2,000 take about a minute.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.hostile.cases import CASES
from tests.hostile.valid import forms

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory of other processes is read from /proc"),
]

COUNT = int(os.environ.get("PERFXL_SOAK", "240"))
HOSTILE = ("bomb.xlsx", "laughs in sheet1.xml.xlsx", "bit in sheet.xlsx", "loop.xls", "password.xlsx")
GROWTH = 48  # MB that the parent may take for four times the files, above what it had


def folder_of(folder: Path, count: int) -> Path:
    """Fill a folder with forms of every format in sub-folders, and the five hostile files."""
    folder.mkdir()
    valid = sorted(forms(folder.parent).items())
    rng = random.Random(count)
    for number in range(count - len(HOSTILE)):
        name, data = rng.choice(valid)
        place = folder / f"{number % 7}局"
        place.mkdir(exist_ok=True)
        # Bytes behind the package change nothing but the hash: equal contents would be one submission.
        (place / f"{number}-{name}").write_bytes(data + b"\0" * (number % 50))
    for case in CASES:
        if case.name in HOSTILE:
            (folder / case.name).write_bytes(case.make())
    return folder


def memory(process: int) -> float:
    """Return the most a process ever took, in MB; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), default=0)


def children(process: int) -> list[int]:
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(word) for word in text.split()]


def batch(folder: Path, out: Path) -> tuple[list[dict[str, object]], float, float]:
    """Run a batch; return the documents, and the peak of the parent and of its largest worker in MB."""
    peaks = [0.0, 0.0]
    command = [sys.executable, "-m", "perfxl", "batch", folder, "-o", out, "--jobs", "2", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:

        def watch() -> None:
            while process.poll() is None:
                peaks[0] = max(peaks[0], memory(process.pid))
                peaks[1] = max(peaks[1], *map(memory, children(process.pid)), 0)
                time.sleep(0.05)

        watcher = threading.Thread(target=watch)
        watcher.start()
        assert process.stdout is not None
        documents = [json.loads(line) for line in process.stdout]
        process.wait()
        watcher.join()
    assert process.returncode == 3
    return documents, peaks[0], peaks[1]


def test_mixed_files_end_in_results_and_memory_does_not_grow(tmp_path: Path) -> None:
    few = folder_of(tmp_path / "少", COUNT // 4)
    many = folder_of(tmp_path / "多", COUNT)
    _, before, _ = batch(few, tmp_path / "out 1")
    documents, parent, worker = batch(many, tmp_path / "out 2")
    assert len(documents) == COUNT
    failed = {Path(str(one["input"]["path"])).name for one in documents if one["error"]}  # type: ignore[index]  # documents as loosely typed JSON
    assert failed == set(HOSTILE)
    copies = list((tmp_path / "out 2" / "annotated").rglob("*_复核*.xlsx"))
    assert len(copies) == COUNT - len(HOSTILE)
    assert not list((tmp_path / "out 2").rglob("*.tmp"))
    assert parent < before + GROWTH, f"{before:.0f} MB for {COUNT // 4} files, {parent:.0f} MB for {COUNT}"
    assert worker < 1024
