"""Reading a file in a process of its own: whatever ends or hangs a reader is an error of that file alone.

One worker process is kept warm. It costs some 0.19 s to start, most of it while the caller loads pandas, and half a
millisecond a file; so it reads every file and not only those in formats whose readers are known to die. A worker that
dies or is ended is replaced. This is a pipe to one process and not a pool: a pool with time limits takes another 0.1 s
to come and go, which a single file would notice.
"""

import atexit
import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import types
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from perfxl.children import interrupts_kept_from_children, search_environment, started_with
from perfxl.errors import InputError
from perfxl.model.grid import Workbook
from perfxl.model.limits import DEFAULT_LIMITS, Limits
from perfxl.reading.open_workbook import open_workbook

Reader = Callable[[Path, Limits], Workbook]

_ADVICE = "请用 Excel 或 WPS 打开后另存为新的 .xlsx 再报送；文件很大的，请删去无关的工作表和内容。"


class _Worker:
    """A process that reads files one after the other."""

    def __init__(self, memory: int) -> None:
        """Start the process.

        Raises:
            OSError: The system starts none.
        """
        self.memory = memory
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, memory), daemon=True)
        try:
            _start(self._process)
        except BaseException:
            self._pipe.close()
            raise
        finally:
            theirs.close()

    def ask(self, read: Reader, path: Path, limits: Limits) -> Any:
        """Return what came of a file: a workbook, or the kind, message and advice of an error.

        A worker that gives no answer has ended, or is ended here.
        """
        try:
            self._pipe.send((read, path, limits))
            if not self._pipe.poll(limits.seconds):
                self.end()
                return "too_large", f"读取这个文件超过了 {limits.seconds:g} 秒的上限，已停止。", _ADVICE
            return self._pipe.recv()
        except (EOFError, OSError):
            self._process.join(1)
            code = self._process.exitcode
            self.end()
            return "corrupt", f"读取这个文件的进程意外结束（退出码 {code}）。", _ADVICE
        except BaseException:  # Ctrl-C: what is still in the pipe belongs to no later question
            self.end()
            raise

    def end(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.kill()
        self._process.join()

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return not self._pipe.closed and self._process.is_alive()


_workers: list[_Worker] = []  # at most one


def warm_up(limits: Limits = DEFAULT_LIMITS) -> None:
    """Start the worker, so that it gets ready while the caller does something else; no worker is no error."""
    with contextlib.suppress(OSError):
        _worker(limits.memory)


def open_isolated(path: Path, limits: Limits = DEFAULT_LIMITS, read: Reader = open_workbook) -> Workbook:
    """Read a submitted file in the worker process.

    Where the system starts no process, the file is read in this one, under the same limits of size.

    Args:
        path: The file as the user named it.
        limits: How large it may be, and what reading it may take.
        read: What reads it, a function of a module.

    Raises:
        InputError: As `open_workbook`; `too_large` where reading takes too long or too much memory, `corrupt` where it
            ends the process.
    """
    try:
        worker = _worker(limits.memory)
    except OSError:
        return read(path, limits)
    answer = worker.ask(read, path, limits)
    if isinstance(answer, Workbook):
        return answer
    raise InputError(*answer)


def _worker(memory: int) -> _Worker:
    if _workers and (_workers[0].memory != memory or not _workers[0].is_alive):
        _end()
    if not _workers:
        _workers.append(_Worker(memory))
    return _workers[0]


@atexit.register
def _end() -> None:
    while _workers:
        _workers.pop().end()


def _start(process: Any) -> None:
    """Start a process that does not run the caller's script again, as spawned ones do: it may have no guard."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        with interrupts_kept_from_children(), started_with(search_environment()):
            process.start()
    finally:
        sys.modules["__main__"] = main


def _serve(pipe: Connection, memory: int) -> None:
    """Read what is asked for until nobody asks any more."""
    prepare(memory)
    # What a reader prints, and what the system says of its death, belongs to no output of ours.
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    with contextlib.suppress(EOFError, OSError):
        while True:
            read, path, limits = pipe.recv()
            pipe.send(_answer(read, path, limits))


def _answer(read: Reader, path: Path, limits: Limits) -> Workbook | tuple[str, str, str]:
    try:
        return read(path, limits)
    except InputError as error:
        # An exception of ours does not travel between processes; what it says does.
        return error.kind, error.message, error.advice
    except MemoryError:
        return "too_large", f"读取这个文件需要的内存超过 {limits.memory / 2**20:.0f} MB 的上限，已停止。", _ADVICE
    except Exception as error:  # noqa: BLE001  # a fault of ours in one file must not stop the others
        return (
            "corrupt",
            f"读取这个文件时发生意外错误（{type(error).__name__}：{error}）。",
            "请把文件和这条信息发给 perfxl 的维护者。",
        )


def prepare(memory: int) -> None:
    """Make a worker process ready: it leaves Ctrl-C to its parent, ends with it, and may not take all memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # It does one thing at a time; threads of numerical libraries would only take memory.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    limit_memory(memory)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def limit_memory(memory: int) -> None:
    """Make this process fail with MemoryError beyond so many bytes; where the system has no such limit, do nothing."""
    try:
        import resource
    except ImportError:  # Windows
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (memory, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _end_with(parent: BaseProcess) -> None:
    # Without this a worker whose parent was killed would go on beside the next run.
    parent.join()
    os._exit(1)
