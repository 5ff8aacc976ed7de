"""Worker processes on this machine: each with a time limit and a memory limit, and none takes the run down."""

import contextlib
import gc
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, TimeoutError
from typing import Any, TypeVar, cast

from pebble import ProcessExpired, ProcessPool

from perfxl.batch.engine import Engine, Lost, Work, seconds_for
from perfxl.batch.processes import context
from perfxl.batch.work import Job, Report, work

_T = TypeVar("_T")

# Far above what an honest workbook takes, far below what makes a desktop machine swap.
MEMORY_LIMIT = 2 * 2**30
# Far above what comparing all submissions, or the longest sheet of a summary, takes.
_ASSIST_SECONDS = 600.0
# What is new since the last time is looked through for what could go after so many objects: some two chunks of usual
# files, which leave next to nothing but texts that are remembered for later ones.
_NEW_OBJECTS = 100_000
# A worker is started anew after so many chunks, whatever it may have gathered.
_CHUNKS_PER_WORKER = 200


class Pool(Engine):
    """A pool of worker processes.

    A worker that dies or is ended takes nothing with it but its chunk, and another takes its place.
    """

    def __init__(self, workers: int, function: Work = work, memory: int = MEMORY_LIMIT) -> None:
        self.workers = workers
        self._function = function
        self._done: queue.Queue[tuple[Job, Future[Report]]] = queue.Queue()
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=_CHUNKS_PER_WORKER,
            initializer=ready,
            initargs=(memory,),
            context=context(),
        )

    def submit(self, job: Job) -> None:
        """Hand out a chunk."""
        future = self._pool.schedule(_tidily, args=(self._function, job), timeout=seconds_for(job))
        future.add_done_callback(lambda done: self._done.put((job, done)))

    def collect(self, seconds: float) -> Sequence[tuple[Job, Report | Lost]]:
        """Return what has come back."""
        came: list[tuple[Job, Report | Lost]] = []
        with contextlib.suppress(queue.Empty):
            job, future = self._done.get(timeout=seconds)
            came.append((job, _report(future)))
            while True:
                job, future = self._done.get_nowait()
                came.append((job, _report(future)))
        return came

    def assist(self, function: Callable[..., _T], *args: Any) -> "Future[_T]":
        """Have a worker call a function."""
        return cast("Future[_T]", self._pool.schedule(function, args=args, timeout=_ASSIST_SECONDS))

    def close(self) -> None:
        """End the workers."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble has no types
        # A daemon: when the program ends, the library ends them at once.
        threading.Thread(target=self._pool.join, daemon=True).start()


def _report(future: "Future[Report]") -> Report | Lost:
    try:
        return future.result()
    except TimeoutError:
        return Lost("timeout")
    except ProcessExpired as error:
        return Lost("died", f"退出码 {error.exitcode}")
    except MemoryError:
        return Lost("memory")
    except Exception as error:  # noqa: BLE001  # whatever a worker raises is about its chunk, not about the run
        return Lost("failed", f"{type(error).__name__}：{error}")


def ready(memory: int) -> None:
    """Make a worker process ready."""
    import perfxl.batch.loaded  # noqa: F401  # there already where the process is a copy
    from perfxl.isolation import prepare

    prepare(memory)


def _tidily(function: Work, job: Job) -> Report:
    """Do a chunk; what those before left behind in circles goes first, not again and again while this one is made.

    By now their reports are sent and gone, so there is little left to look through; what is stays and need not be
    looked through again.
    """
    if gc.get_count()[0] > _NEW_OBJECTS:
        gc.collect()
        gc.freeze()
    return function(job)
