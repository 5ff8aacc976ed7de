"""Files written while the caller goes on, where a slow disk, a network share or a virus scanner takes its time."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

# Calls a function that writes, now or later; what the function returns or raises is the future's.
Write = Callable[..., "Future[Any]"]

# So many files are written at once, to see how long one takes. A thread takes turns with the caller some ten times a
# file, which costs as much as a quick disk takes.
_TRIED, _SLOW_SECONDS = 16, 0.0003


def at_once(function: Callable[..., Any], *args: Any, **options: Any) -> "Future[Any]":
    """Have it written before this returns."""
    future: Future[Any] = Future()
    try:
        future.set_result(function(*args, **options))
    except BaseException as error:  # noqa: BLE001  # raised where the result is asked for, as those of a thread are
        future.set_exception(error)
    return future


class _Behind:
    """Writes at once where that is quick, and else in a thread."""

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self._thread = thread
        self._tried, self._seconds = 0, 0.0

    def __call__(self, function: Callable[..., Any], *args: Any, **options: Any) -> "Future[Any]":
        if self._tried == _TRIED and self._seconds >= _TRIED * _SLOW_SECONDS:
            return self._thread.submit(function, *args, **options)
        start = time.perf_counter()
        written = at_once(function, *args, **options)
        if self._tried < _TRIED:
            self._tried += 1
            self._seconds += time.perf_counter() - start
        return written


@contextmanager
def writer(*, is_behind: bool) -> Iterator[Write]:
    """Give what has files written, one after the other.

    Args:
        is_behind: Where it is slow a thread may do it, for which there is a processor; False writes each at once.
    """
    with ThreadPoolExecutor(1) as thread:
        yield _Behind(thread) if is_behind else at_once
