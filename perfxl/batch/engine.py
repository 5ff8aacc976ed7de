"""The seam between the run and whoever does the work: chunks go in, reports or losses come out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from perfxl.batch.work import Job, Report

_T = TypeVar("_T")

# What a chunk and each further file may take before the worker is ended, in seconds. A file alone has a minute; a
# chunk that is over its time is tried file by file, so it need not have that for each.
CHUNK_SECONDS, FILE_SECONDS = 60.0, 0.5


@dataclass(frozen=True, slots=True)
class Lost:
    """A chunk that no report came of: its worker died, took too long or ran out of memory.

    Attributes:
        why: What happened.
        text: What is known about it, for the user.
    """

    why: Literal["died", "timeout", "memory", "failed"]
    text: str = ""


class Engine(ABC):
    """Whoever does the work.

    Attributes:
        workers: How many chunks are worked on at a time.
    """

    workers: int

    @abstractmethod
    def submit(self, job: Job) -> None:
        """Hand out a chunk."""

    @abstractmethod
    def collect(self, seconds: float) -> Sequence[tuple[Job, Report | Lost]]:
        """Return what has come back; waits for the first until `seconds` have passed."""

    def assist(self, function: Callable[..., _T], *args: Any) -> "Future[_T] | None":
        """Have a worker call a function once all chunks are done; None where all workers may be elsewhere."""
        return None

    @abstractmethod
    def close(self) -> None:
        """End the workers; what they have in hand is lost."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def seconds_for(job: Job) -> float:
    """Return how long a chunk may take."""
    return CHUNK_SECONDS + FILE_SECONDS * (len(job.items) - 1)


Work = Callable[[Job], Report]
