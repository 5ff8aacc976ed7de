"""Ctrl-C is for the process that the user started, not for those that it starts."""

import contextlib
import signal
from collections.abc import Iterator


@contextlib.contextmanager
def kept_from_children() -> Iterator[None]:
    """Start processes that leave Ctrl-C to this one from their first moment: they ignore what is ignored now."""
    before = None
    with contextlib.suppress(ValueError):  # only the main thread may ask for it
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)
