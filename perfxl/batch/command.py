"""The command `batch`: one run from the folder to the summary, and what it came to."""

import contextlib
import datetime
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl import __version__
from perfxl.batch.comparison import compare, compare_in
from perfxl.batch.engine import Engine
from perfxl.batch.intake import ANNOTATED, SUMMARY, Intake
from perfxl.batch.ledger import Ledger
from perfxl.batch.progress import Progress
from perfxl.batch.run import Tally, run
from perfxl.batch.work import Outcome, Setup, work
from perfxl.errors import OutputError
from perfxl.forms.definitions import named_folders
from perfxl.model.finding import SEVERITY_LABELS, Severity
from perfxl.model.results import DONE, PASSED_OVER, PENDING, UNREADABLE
from perfxl.text import shown

if TYPE_CHECKING:
    from perfxl.model.coverage import Coverage
    from perfxl.model.roster import Roster

_SHOWN_FAILURES = 20


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for; see the options of the command."""

    folder: Path
    out: Path
    forms: tuple[Path, ...] = ()
    form: str | None = None
    roster: Path | None = None
    jobs: int | None = None
    cluster: str | None = None
    config: Path | None = None
    sample: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class End:
    """What a run came to.

    Attributes:
        done: Inputs that were reviewed, in this run or before.
        unreadable: Inputs that could not be read.
        passed_over: What lies in the folder and is no submission.
        pending: Inputs that an interrupted run did not come to.
        unwritten: Copies that could not be written.
        findings: How many findings there are of each severity, waived ones left out.
        failures: Path, message and advice of the first inputs that could not be read.
        is_interrupted: Ctrl-C was pressed.
    """

    done: int = 0
    unreadable: int = 0
    passed_over: int = 0
    pending: int = 0
    unwritten: int = 0
    findings: dict[str, int] = field(default_factory=dict)
    failures: tuple[tuple[str, str, str], ...] = ()
    is_interrupted: bool = False


def tally(end: End, out: Path) -> list[str]:
    """Return what is said at the end: how many of what, which could not be read, and where the results are."""
    lines = [f"已复核 {end.done} 个文件，未能读取 {end.unreadable} 个，略过 {end.passed_over} 个。"]
    if end.pending:
        lines.append(f"还有 {end.pending} 个没有处理，再运行一次即接着做。")
    lines += [f"  未能读取：{shown(path, 200)}：{message}{advice}" for path, message, advice in end.failures]
    if end.unreadable > len(end.failures):
        lines.append(f"  ……其余 {end.unreadable - len(end.failures)} 个见汇总表的“未能读取”。")
    if end.unwritten:
        lines.append(f"有 {end.unwritten} 个复核件没有写出；处理后再运行一次，只补做这些文件。")
    counts = [f"{SEVERITY_LABELS[severity]} {end.findings.get(severity.value, 0)} 处" for severity in Severity]
    lines.append("、".join(counts) + f"。汇总表：{shown(str(out / SUMMARY), 300)}")
    return lines


@dataclass(slots=True)
class _Watcher:
    """Passes on how a run goes: progress to people, lines to programs."""

    progress: Progress
    emit: Callable[[bytes], None] | None

    def begin(self, total: int, kept: int) -> None:
        self.progress.begin(total, kept)

    def handing_out(self) -> None:
        # The workers are busy now and this process soon waits: what the end needs is loaded meanwhile.
        threading.Thread(target=_load_the_end, daemon=True).start()

    def done(self, outcome: Outcome) -> None:
        self.progress.done(outcome)

    def line(self, line: bytes) -> None:
        if self.emit is not None:
            self.emit(line)

    def say(self, text: str) -> None:
        self.progress.say(text)


def run_batch(request: Request, emit: Callable[[bytes], None] | None = None) -> End:
    """Review a folder.

    Args:
        request: What was asked for.
        emit: Gets the document of every input as a line of JSON, in the order of the inputs; None for none.

    Raises:
        DefinitionError: A form, a settings file or the roster is wrong.
        OutputError: The results cannot be written.
    """
    folder, out = request.folder.absolute(), request.out.absolute()
    if folder.resolve().is_relative_to((out / ANNOTATED).resolve()):
        raise OutputError(f"报送文件夹“{folder}”在结果文件夹的 {ANNOTATED} 之内，请另选结果文件夹。")
    setup = Setup(
        folder=str(folder),
        out=str(out),
        forms=tuple(str(path.absolute()) for path in (*request.forms, *named_folders())),
        form=request.form,
        config=str(request.config.absolute()) if request.config else None,
        as_json=emit is not None,
    )
    given = tuple(path for path in (request.roster, request.config) if path is not None)
    # Read first: a roster that cannot be used is told before any work is done.
    roster = _roster(request.roster) if request.roster is not None else None
    progress, start = Progress(), time.monotonic()
    with Ledger(out, setup) as ledger:
        try:
            intake = Intake(folder, out, given)
            tally = run(
                ledger,
                setup,
                intake,
                lambda total: _engine(request, total),
                _Watcher(progress, emit),
                lambda tally, workers: _sum_up(ledger, request, setup, roster, tally, progress, workers),
            )
            ledger.end_run(tally.done_now, time.monotonic() - start)
        finally:
            progress.close()
        counts = ledger.counts()
        return End(
            done=counts.get(DONE, 0),
            unreadable=counts.get(UNREADABLE, 0),
            passed_over=counts.get(PASSED_OVER, 0),
            pending=counts.get(PENDING, 0),
            unwritten=tally.unwritten,
            findings=ledger.findings(),
            failures=ledger.failures(_SHOWN_FAILURES),
            is_interrupted=tally.is_interrupted,
        )


def _roster(path: Path) -> "Roster":
    from perfxl.reading.roster import read_roster

    return read_roster(path)


def _load_the_end() -> None:
    """Load what the end of a run needs while the workers have work."""
    import perfxl.writing.summary.book  # noqa: F401  # loaded for later


def _sum_up(
    ledger: Ledger,
    request: Request,
    setup: Setup,
    roster: "Roster | None",
    tally: Tally,
    progress: Progress,
    workers: Engine | None,
) -> None:
    """Compare the submissions with one another and with the roster, and write the summary."""
    from perfxl.writing.summary.book import write_summary
    from perfxl.writing.summary.overview import About

    progress.say("正在汇总……")
    held = _compare(ledger, setup, roster, workers)
    about = About(setup.folder, datetime.date.today().isoformat(), __version__, tally.is_interrupted)
    write_summary(
        Path(setup.out) / SUMMARY,
        ledger.connection,
        about,
        held,
        sample=request.sample,
        seed=request.seed,
        say=progress.say,
        assist=workers.assist if workers is not None else None,
    )


def _compare(ledger: Ledger, setup: Setup, roster: "Roster | None", workers: Engine | None) -> "Coverage | None":
    """Have the submissions compared by a worker, who has the checks loaded; without one it is done here."""
    ended = workers.assist(compare_in, str(ledger.path), setup, roster) if workers is not None else None
    if ended is not None:
        # Whatever became of the worker, or is wrong with the settings, shows here once more.
        with contextlib.suppress(Exception):
            return ended.result()
    with ledger.transaction() as db:
        return compare(db, setup, roster)


def _engine(request: Request, total: int) -> Engine:
    if request.cluster is not None:
        from perfxl.batch.cluster import Cluster

        return Cluster(request.cluster)
    from perfxl.batch.pool import Pool

    processors = os.cpu_count() or 1
    workers = min(request.jobs or processors, total)
    return Pool(workers, partial(work, writes_behind=workers < processors))
