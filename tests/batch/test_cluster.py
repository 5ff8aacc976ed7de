"""The same batch on a Dask cluster of two worker processes, one of them killed half-way."""

import os
import signal
import sys
import warnings
from pathlib import Path

import pytest

from perfxl.batch import command, run
from perfxl.batch.cluster import Cluster
from perfxl.batch.engine import Engine
from perfxl.batch.work import Job
from perfxl.errors import OutputError
from tests.batch.folders import Here, batch, copies, form, results

pytestmark = [
    pytest.mark.cluster,
    # The library's own event loop and sockets, when a worker is killed.
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(24):
        form(tmp_path / "报送" / f"{number:02d}.xlsx", f"项目{number}", f"单位{number % 5}")
    (tmp_path / "报送" / "坏.xlsx").write_bytes(b"broken")
    return tmp_path / "报送"


class Killing(Cluster):
    """Kills one of its workers when half of the chunks have been handed out."""

    handed = 0

    def submit(self, job: Job) -> None:
        """Hand out a chunk."""
        super().submit(job)
        self.handed += 1
        if self.handed == 6:
            worker = next(iter(self._own.workers.values()))
            os.kill(worker.pid, signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_one_of_two_workers_is_killed_and_all_is_done_as_on_one_machine(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CHUNK_FILES", 2)
    made: list[Killing] = []

    def killing(request: object, total: int) -> Engine:
        made.append(Killing("local:2"))
        return made[-1]

    monkeypatch.setattr(command, "_engine", killing)
    end = batch(folder, tmp_path / "集群")
    assert made[0].handed > 6
    assert (end.done, end.unreadable, end.pending) == (24, 1, 0)
    monkeypatch.setattr(command, "_engine", lambda request, total: Here())
    batch(folder, tmp_path / "本机")
    assert results(tmp_path / "集群") == results(tmp_path / "本机")
    assert copies(tmp_path / "集群") == copies(tmp_path / "本机")


def test_a_scheduler_is_found_by_its_address(folder: Path, tmp_path: Path) -> None:
    from distributed import LocalCluster

    with (
        warnings.catch_warnings(),
        LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
    ):
        warnings.simplefilter("ignore")
        end = batch(folder, tmp_path / "集群", cluster=cluster.scheduler_address)
    assert (end.done, end.unreadable) == (24, 1)


@pytest.mark.parametrize("address", ["local:none", "local:0", "tcp://127.0.0.1:9"])
def test_a_cluster_that_is_not_there_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfxl.batch.cluster._CONNECT_SECONDS", 1)
    with pytest.raises(OutputError, match=f"连接不上集群“{address}”"):
        Cluster(address)
