"""One run over a folder: take in, hand out, write down, compare, sum up."""

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Any, Protocol

from perfxl.batch.engine import Engine, Lost
from perfxl.batch.fingerprint import Fingerprints
from perfxl.batch.intake import Intake
from perfxl.batch.ledger import Ledger
from perfxl.batch.work import Item, Job, Outcome, Setup, refused
from perfxl.errors import DefinitionError, InputError
from perfxl.model.results import DONE

# The frames' fixed cost, some 0.1 s, is shared by the files of a chunk; more files only hold more memory, about
# 0.6 MB each.
CHUNK_FILES, CHUNK_BYTES = 500, 16 * 2**20
# A single worker's first chunk, where it would be the last one too, is cut in two so that progress is seen.
_LAST_PART, _SMALL_CHUNK = 5, 64
# Chunks in hand for each worker: enough that none waits, few enough to be finished soon after Ctrl-C.
_AHEAD = 2
# Lines of JSON come in the order of the inputs; so many chunks may wait for one that is slow.
_WAITING = 32


class Watcher(Protocol):
    """Who is told how a run goes."""

    def begin(self, total: int, kept: int) -> None:
        """So many inputs are to be read; so many keep their results."""

    def handing_out(self) -> None:
        """The workers get ready for the first inputs; nothing comes back for a while."""

    def done(self, outcome: Outcome) -> None:
        """One input is done."""

    def line(self, line: bytes) -> None:
        """The document of an input, in the order of the inputs."""

    def say(self, text: str) -> None:
        """Something the user should know."""


@dataclass(slots=True)
class Tally:
    """What a run came to.

    Attributes:
        done_now: Inputs that were read in this run.
        forgotten: Inputs of an earlier run that are no more.
        unwritten: Copies that could not be written.
        is_interrupted: Ctrl-C was pressed; some inputs are still pending.
    """

    done_now: int = 0
    forgotten: int = 0
    unwritten: int = 0
    is_interrupted: bool = False


@dataclass(slots=True)
class _Order:
    """Lines of JSON held back until those of all earlier chunks are out."""

    emit: Callable[[bytes], None]
    next: int = 0
    open: dict[int, int] = field(default_factory=dict)
    lines: dict[int, list[tuple[int, bytes]]] = field(default_factory=dict)

    def begin(self, job: Job, parts: int = 1) -> None:
        self.open[job.number] = self.open.get(job.number, 0) + parts

    def end(self, job: Job, outcomes: tuple[Outcome, ...]) -> None:
        self.lines.setdefault(job.number, []).extend((one.input_id, one.line) for one in outcomes)
        self.open[job.number] -= 1
        while self.open.get(self.next) == 0:
            for _, line in sorted(self.lines.pop(self.next, ())):
                if line:
                    self.emit(line)
            del self.open[self.next]
            self.next += 1


def run(
    ledger: Ledger,
    setup: Setup,
    intake: Intake,
    engine: Callable[[int], Engine],
    watcher: Watcher,
    sum_up: Callable[[Tally, Engine | None], None],
) -> Tally:
    """Read what is new or changed in a folder, and sum up.

    Args:
        ledger: Where results go.
        setup: What holds for all inputs.
        intake: The folder.
        engine: Makes the workers, for so many inputs.
        watcher: Is told how it goes.
        sum_up: Called in the end, with the workers, who have nothing more to do; None where there was nothing to do.

    Raises:
        DefinitionError: A settings file or a form is wrong.
        OutputError: The results cannot be written.
    """
    tally = Tally(forgotten=ledger.take_in(intake.walk()))
    counts, total = ledger.counts(), ledger.due()
    watcher.begin(total, counts.get(DONE, 0) + ledger.kept_failures())
    if tally.forgotten:
        watcher.say(f"以前的 {tally.forgotten} 个文件已不在报送文件夹里，不再计入；它们的复核件没有删除。")
    if not total:
        sum_up(tally, None)
        return tally
    with engine(total) as workers:
        with _interrupts() as stop:
            _work_off(ledger, setup, workers, watcher, tally, stop, total)
        sum_up(tally, workers)
    return tally


def _work_off(
    ledger: Ledger,
    setup: Setup,
    engine: Engine,
    watcher: Watcher,
    tally: Tally,
    stop: threading.Event,
    total: int,
) -> None:
    fingerprints = Fingerprints(setup)
    jobs = _jobs(ledger, setup, _sizes(total, engine.workers))
    parts: deque[Job] = deque()
    order = _Order(watcher.line)
    in_hand = 0
    watcher.handing_out()
    while True:
        while not stop.is_set() and in_hand < engine.workers * _AHEAD:
            job = parts.popleft() if parts else _next(jobs, order)
            if job is None:
                break
            engine.submit(job)
            in_hand += 1
        if not in_hand:
            break
        for job, report in engine.collect(0.5):
            in_hand -= 1
            if isinstance(report, Lost):
                if len(job.items) > 1:
                    split = [Job(setup, (item,), job.number) for item in job.items]
                    order.begin(job, len(split) - 1)
                    parts.extend(split)
                    continue
                outcomes: tuple[Outcome, ...] = (refused(job.items[0], setup, _error(report)),)
                rows = b""
            elif report.wrong is not None:
                raise DefinitionError(*report.wrong)
            else:
                outcomes, rows = report.outcomes, report.rows
            new = [outcome for outcome in outcomes if not outcome.is_kept]
            ledger.store(new, rows, {item.input_id: item for item in job.items}, fingerprints)
            for outcome in outcomes:
                tally.done_now += not outcome.is_kept
                tally.unwritten += outcome.values.get("unwritten") is not None
                watcher.done(outcome)
                for message in outcome.messages:
                    watcher.say(message)
            order.end(job, outcomes)
    tally.is_interrupted = stop.is_set()


def _next(jobs: Iterator[Job], order: _Order) -> Job | None:
    if len(order.open) >= _WAITING:
        return None
    job = next(jobs, None)
    if job is not None:
        order.begin(job)
    return job


def _sizes(total: int, workers: int) -> Iterator[int]:
    """Yield how many inputs each chunk holds at most: as many for every worker, round by round."""
    size, last = 1, max(total // _LAST_PART, _SMALL_CHUNK)
    if workers == 1 and 2 * last < total <= CHUNK_FILES:
        yield total - last
        total = last
    while total > 0:
        size = min(-(-total // workers), CHUNK_FILES)
        total -= size * workers
        yield from repeat(size, workers)
    # Large files fill a chunk sooner, so there may be more chunks.
    yield from repeat(size)


def _jobs(ledger: Ledger, setup: Setup, sizes: Iterator[int]) -> Iterator[Job]:
    """Yield the inputs in chunks of these sizes at most."""
    last, number = 0, 0
    while inputs := ledger.pending(last, next(sizes)):
        items: list[Item] = []
        room = CHUNK_BYTES
        for item, in_bytes in inputs:
            if items and in_bytes > room:
                break
            items.append(item)
            room -= in_bytes
        last = items[-1].input_id
        yield Job(setup, tuple(items), number)
        number += 1


def _error(lost: Lost) -> InputError:
    """Return what is said of an input that ends every worker that takes it up."""
    advice = "请用 Excel 或 WPS 打开后另存为新的 .xlsx 再报送；文件很大的，请删去无关的工作表和内容。"
    if lost.why == "timeout":
        return InputError("too_large", "处理这个文件超过了时间上限，已停止。", advice)
    if lost.why == "memory":
        return InputError("too_large", "处理这个文件需要的内存超过上限，已停止。", advice)
    detail = f"（{lost.text}）" if lost.text else ""
    return InputError("corrupt", f"处理这个文件的进程意外结束{detail}，其他文件不受影响。", advice)


@contextmanager
def _interrupts() -> Iterator[threading.Event]:
    """Turn the first Ctrl-C into a wish to stop; the second one ends the run at once."""
    stop = threading.Event()

    def on_signal(number: int, frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.signal(signal.SIGINT, on_signal)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def default_out(folder: Path) -> Path:
    """Return where the results of a folder go unless the user says otherwise: beside it, never inside."""
    folder = folder.absolute()
    return folder.with_name(f"{folder.name or '报送'}_复核结果")
