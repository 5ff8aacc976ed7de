"""What holds for every process that this one starts."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Mapping


@contextlib.contextmanager
def interrupts_kept_from_children() -> Iterator[None]:
    """Start processes that leave Ctrl-C to this one from their first moment.

    Ctrl-C is for the process that the user started. What is ignored now is ignored by processes that begin now; what is
    held back meanwhile is not lost on this one.
    """
    before = None
    with _held_back():
        with contextlib.suppress(ValueError):  # only the main thread may ask for it
            before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            yield
        finally:
            if before is not None:
                signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _held_back() -> Iterator[None]:
    """Let Ctrl-C wait, where the system can do that.

    Another thread of this process may take it all the same, and the library that starts processes may let it through.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def search_environment() -> dict[str, str]:
    """Return what is to be in the environment of processes, so that they find modules where this one does.

    A new interpreter looks first in the folder where the user happens to be, even for the standard library: a file
    called pandas.py among the submissions would be taken for the library, and run. Where this process looks there too,
    it is meant.
    """
    try:
        here = os.getcwd()
    except OSError:  # the folder is gone
        here = ""
    return {} if {"", here} & {*sys.path} else {"PYTHONSAFEPATH": "1"}


@contextlib.contextmanager
def started_with(variables: Mapping[str, str]) -> Iterator[None]:
    """Start processes with variables in their environment that are not there yet; that of this one stays as it was."""
    added = {name: value for name, value in variables.items() if name not in os.environ}
    os.environ |= added
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]
