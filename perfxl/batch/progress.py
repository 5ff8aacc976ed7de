"""How a run goes, on stderr: a bar on a terminal, a line every so many files elsewhere."""

import sys
import time
from typing import TYPE_CHECKING, TextIO

from perfxl.batch.work import Outcome
from perfxl.model.results import DONE
from perfxl.text import visible

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

# Without a terminal: a line after so many files, but not more often than every few seconds.
_EVERY, _SECONDS = 500, 5.0


class Progress:
    """Tells a person on stderr how a run goes, with failures so far and the time left."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._total = self._count = self._failed = 0
        self._start = self._last = time.monotonic()
        self._bar: Bar | None = None
        self._task: int | None = None

    def begin(self, total: int, kept: int) -> None:
        """So many inputs are to be read; so many keep their results."""
        self._total = total
        self._start = self._last = time.monotonic()
        if kept:
            self.say(f"{kept} 个文件的内容和规则都没有变，沿用以前的结果。")
        if total and self._stream.isatty():
            self._bar, self._task = _bar(total)

    def done(self, outcome: Outcome) -> None:
        """One input is done."""
        self._count += 1
        self._failed += outcome.values["state"] != DONE
        if self._bar is not None:
            from rich.progress import TaskID

            self._bar.update(TaskID(self._task or 0), completed=self._count, failed=self._failed)
            return
        now = time.monotonic()
        if self._count % _EVERY == 0 and now - self._last > _SECONDS:
            self._last = now
            left = (now - self._start) / self._count * (self._total - self._count)
            self.say(f"{self._count}/{self._total}，未能读取 {self._failed}，约剩 {_duration(left)}")

    def say(self, text: str) -> None:
        """Print a message without disturbing the bar."""
        text = visible(text)
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False)
        else:
            print(text, file=self._stream, flush=True)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _bar(total: int) -> "tuple[Bar, int]":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("复核"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("未能读取 {task.fields[failed]}"),
        TextColumn("约剩"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("", total=total, failed=0)
    bar.start()
    return bar, int(task)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"
