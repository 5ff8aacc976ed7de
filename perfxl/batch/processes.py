"""How worker processes come to be."""

import contextlib
import multiprocessing
import os
import sys
from multiprocessing.context import BaseContext

from perfxl.children import interrupts_kept_from_children, search_environment, started_with

# In the environment of the process that workers are copies of.
IS_COPIED = "PERFXL_IS_COPIED"


def context() -> BaseContext:
    """Return the way in which workers are started.

    On Linux they are copies of a process that has loaded what they need and does nothing else: it is loaded once for
    all of them. Elsewhere, and where that process cannot be had, each is started from nothing. None is ever a copy of
    the caller, which has threads.
    """
    # A worker does one thing at a time; threads of numerical libraries would only take memory.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ |= search_environment()
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            _begin_to_load()
            return multiprocessing.get_context("forkserver")
    return multiprocessing.get_context("spawn")


def warm_up() -> None:
    """Begin to load what workers need, where that can be done before there are any; the caller goes on meanwhile."""
    context()


def _begin_to_load() -> None:
    from multiprocessing import forkserver

    forkserver.set_forkserver_preload(["perfxl.batch.copied"])
    with interrupts_kept_from_children(), started_with({IS_COPIED: "1"}):
        forkserver.ensure_running()
