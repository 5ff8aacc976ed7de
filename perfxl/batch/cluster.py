"""Worker processes of a Dask cluster, on this machine or others, behind the same seam as the local pool.

Workers need the package in the same version and the folders of submissions and results under the same paths.
"""

import contextlib
import queue
import time
from collections.abc import Sequence
from concurrent.futures import CancelledError
from typing import Any

from perfxl import __version__
from perfxl.batch.engine import Engine, Lost, seconds_for
from perfxl.batch.work import Job, Report, work
from perfxl.errors import OutputError

_LOCAL = "local:"
_CONNECT_SECONDS, _WITHOUT_WORKERS = 20, 120.0
# A chunk is handed out before a worker is free, so it may wait for as long as another one takes.
_WAITING_FACTOR = 3


class Cluster(Engine):
    """A Dask cluster."""

    def __init__(self, address: str) -> None:
        """Connect to a scheduler, or start one with its workers on this machine.

        Args:
            address: `tcp://HOST:PORT`, or `local:N` for N worker processes here.

        Raises:
            OutputError: There is no such cluster, or it runs another version.
        """
        distributed = _distributed()
        self._own: Any = None
        try:
            if address.startswith(_LOCAL):
                self._own = distributed.LocalCluster(
                    n_workers=_count(address), threads_per_worker=1, processes=True, dashboard_address=None
                )
            self._client = distributed.Client(self._own or address, timeout=_CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise OutputError(f"连接不上集群“{address}”：{error or type(error).__name__}") from error
        self._done: queue.Queue[Any] = queue.Queue()
        self._open: dict[str, tuple[Job, Any, float]] = {}
        self._last_seen = time.monotonic()
        try:
            self._check_versions()
        except BaseException:
            self.close()
            raise
        self.workers = max(1, self._worker_count())

    def submit(self, job: Job) -> None:
        """Hand out a chunk."""
        # Not pure: a chunk that is handed out again must be done again. No retries: a chunk that fails is split.
        future = self._client.submit(work, job, pure=False, retries=0)
        self._open[future.key] = job, future, time.monotonic() + seconds_for(job) * _WAITING_FACTOR
        future.add_done_callback(lambda done: self._done.put(done.key))

    def collect(self, seconds: float) -> Sequence[tuple[Job, Report | Lost]]:
        """Return what has come back, and give up what takes too long."""
        came: list[tuple[Job, Report | Lost]] = []
        with contextlib.suppress(queue.Empty):
            keys = [self._done.get(timeout=seconds)]
            with contextlib.suppress(queue.Empty):
                while True:
                    keys.append(self._done.get_nowait())
            for key in keys:
                if key in self._open:
                    job, future, _ = self._open.pop(key)
                    came.append((job, _report(future)))
        return came or self._overdue()

    def _overdue(self) -> list[tuple[Job, Report | Lost]]:
        now = time.monotonic()
        if self._worker_count():
            self._last_seen = now
        elif now - self._last_seen > _WITHOUT_WORKERS:
            raise OutputError("集群里没有可用的工作进程；启动后再运行一次，已完成的不会重做。")
        late = [key for key, (_, _, deadline) in self._open.items() if now > deadline]
        found: list[tuple[Job, Report | Lost]] = []
        for key in late:
            job, future, _ = self._open.pop(key)
            holders = [worker for worker, keys in self._client.processing().items() if key in map(str, keys)]
            future.cancel()
            with contextlib.suppress(Exception):  # a worker without a nanny cannot be restarted, only left
                self._client.restart_workers(holders)
            found.append((job, Lost("timeout")))
        return found

    def close(self) -> None:
        """Leave the cluster; one that was started here ends."""
        with contextlib.suppress(Exception):
            self._client.close()
        if self._own is not None:
            self._own.close()

    def _worker_count(self) -> int:
        return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def _check_versions(self) -> None:
        self._client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        for worker, version in self._client.run(_version).items():
            if version != __version__:
                raise OutputError(
                    f"集群的工作进程 {worker} 上是 perfxl {version}，本机是 {__version__}；请装成同一版本。"
                )


def _report(future: Any) -> Report | Lost:
    try:
        report: Report = future.result()
    except CancelledError as error:
        raise OutputError("与集群的连接中断；再运行一次即接着做，已完成的不会重做。") from error
    except MemoryError:
        return Lost("memory")
    except Exception as error:  # noqa: BLE001  # whatever a worker raises is about its chunk, not about the run
        died = type(error).__name__ == "KilledWorker"
        return Lost("died") if died else Lost("failed", f"{type(error).__name__}：{error}")
    return report


def _version() -> str:
    return __version__


def _count(address: str) -> int:
    text = address.removeprefix(_LOCAL)
    if not text.isdecimal() or not int(text):
        raise ValueError("local: 后面要写进程数，如 local:4")
    return int(text)


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise OutputError('使用 --cluster 需要另外安装：python -m pip install "perfxl[cluster]"') from error
    return distributed
