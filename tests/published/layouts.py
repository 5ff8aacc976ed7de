"""Published tables laid out as sheets, and the same sheets laid out otherwise."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from perfxl.model.cells import Span
from perfxl.model.grid import Cell, Grid, make_grid

Place = tuple[int, int]
Case = Mapping[str, Any]

LEVELS = ("项目类别", "一级指标", "二级指标", "年度绩效目标")
_MONEY = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
_MONEY_KEYS = ("initial", "adjusted", "executed", "weight", "ratio", "score")
_WEIGHTS = ("分值", "权重", "参考分值")


@cache
def load_cases() -> tuple[Case, ...]:
    """Return the published tables, by number."""
    files = sorted((Path(__file__).parent / "tables").glob("*.json"))
    return tuple(json.loads(file.read_text(encoding="utf-8")) for file in files)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as texts and merges, from row and column 1, with where its indicator block stands.

    Attributes:
        texts: The filled cells.
        merges: The merged ranges.
        heading: Row of the indicator heading.
        last: Last row of the indicators.
        hidden: Hidden rows.
    """

    texts: Mapping[Place, str]
    merges: tuple[Span, ...]
    heading: int
    last: int
    hidden: frozenset[int] = frozenset()

    def grid(self, name: str = "自评表", index: int = 0, *, typed: bool = False) -> Grid:
        """Return the sheet as a reader sees it; `typed` stores numbers and percentages as numbers."""
        cells = {place: _number_cell(text) if typed else Cell(text, text, "text") for place, text in self.texts.items()}
        return make_grid(name, cells, self.merges, index=index, hidden_rows=self.hidden)

    @property
    def bottom(self) -> int:
        """Return the last filled row."""
        return max(row for row, _ in self.texts)

    @property
    def right(self) -> int:
        """Return the last filled column."""
        return max(column for _, column in self.texts)

    def moved(self, row: Callable[[int], int], column: Callable[[int], int]) -> "Sheet":
        """Return the sheet with its rows and columns renumbered; merged ranges stretch over what is put in."""
        return Sheet(
            {(row(at), column(of)): text for (at, of), text in self.texts.items()},
            tuple(Span(row(s.top), column(s.left), row(s.bottom), column(s.right)) for s in self.merges),
            row(self.heading),
            row(self.last),
            frozenset(row(at) for at in self.hidden),
        )

    def with_texts(self, texts: Mapping[Place, str]) -> "Sheet":
        """Return the sheet with some cells written over."""
        return replace(self, texts={**self.texts, **texts})


def _number_cell(text: str) -> Cell:
    plain = text.replace(",", "")
    try:
        if plain.endswith("%"):
            return Cell(text, float(plain[:-1]) / 100, "number")
        return Cell(text, float(plain), "number")
    except ValueError:
        return Cell(text, text, "text")


class _Canvas:
    """A sheet while it is written, row by row."""

    def __init__(self) -> None:
        self.texts: dict[Place, str] = {}
        self.merges: list[Span] = []
        self.row = 1

    def put(self, row: int, column: int, text: Any, rows: int = 1, columns: int = 1) -> None:
        """Write a text; numbers of the index are written as they were printed."""
        if text is not None:
            self.texts[row, column] = str(text)
        if rows > 1 or columns > 1:
            self.merges.append(Span(row, column, row + rows - 1, column + columns - 1))


def lay_out(case: Case, *, columns: Sequence[int] | None = None, labels: str = "merged") -> Sheet:
    """Return a table as offices lay the form out.

    Args:
        case: The table.
        columns: Order of its indicator columns; None for the published one.
        labels: Class labels are `merged` over their rows, `repeated` on each, or stand on the `first` alone.
    """
    order = list(columns if columns is not None else range(len(case["columns"])))
    words = [case["columns"][at] for at in order]
    rows = [[line[at] for at in order] for line in case["rows"]]
    canvas = _Canvas()
    width = max(len(words) + 1, 8)
    canvas.put(1, 1, case["title"], columns=width)
    canvas.put(2, 1, f"（{case['year']}年度）" if case.get("year") else None, columns=width)
    canvas.row = 3
    _header(canvas, case, width)
    _money(canvas, case)
    _goals(canvas, width)
    heading = canvas.row
    canvas.put(heading, 1, "绩效指标", rows=len(rows) + 1)
    for column, word in enumerate(words, 2):
        canvas.put(heading, column, word)
    _indicators(canvas, words, rows, labels)
    last = canvas.row - 1
    _total(canvas, case, words)
    canvas.put(canvas.row, 1, "注：其他资金包括与财政资金共同投入到同一项目的自有资金、社会资金等。", columns=width)
    return Sheet(canvas.texts, tuple(canvas.merges), heading, last)


def _header(canvas: _Canvas, case: Case, width: int) -> None:
    for label, value in (case["header"] or {}).items():
        canvas.put(canvas.row, 1, label, columns=2)
        canvas.put(canvas.row, 3, value, columns=width - 2)
        canvas.row += 1


def _money(canvas: _Canvas, case: Case) -> None:
    lines = case["budget"] or []
    if not lines:
        return
    canvas.put(canvas.row, 1, f"项目资金（{case['unit_of_money'] or '万元'}）", rows=len(lines) + 1)
    for column, word in enumerate(_MONEY, 3):
        canvas.put(canvas.row, column, word)
    for row, line in enumerate(lines, canvas.row + 1):
        canvas.put(row, 2, line.get("name"))
        for column, key in enumerate(_MONEY_KEYS, 3):
            canvas.put(row, column, line.get(key))
    canvas.row += len(lines) + 1


def _goals(canvas: _Canvas, width: int) -> None:
    half = width // 2
    canvas.put(canvas.row, 1, "年度总体目标", rows=2)
    for row, texts in enumerate((("预期目标", "实际完成情况"), ("按计划完成各项任务。", "已完成。")), canvas.row):
        canvas.put(row, 2, texts[0], columns=half - 1)
        canvas.put(row, half + 1, texts[1], columns=width - half)
    canvas.row += 2


def _indicators(canvas: _Canvas, words: Sequence[str], rows: Sequence[Sequence[Any]], labels: str) -> None:
    top = canvas.row + 1
    level_columns = [at for at, word in enumerate(words) if word in LEVELS]
    for at, line in enumerate(rows):
        for column, text in enumerate(line):
            if column not in level_columns:
                canvas.put(top + at, column + 2, text)
                continue
            if text is None and at:
                continue
            above = [other for other in level_columns if other <= column]
            run = (
                next((n for n in range(at + 1, len(rows)) if any(rows[n][c] is not None for c in above)), len(rows))
                - at
            )
            if labels == "repeated":
                for row in range(top + at, top + at + run):
                    canvas.put(row, column + 2, text)
            else:
                canvas.put(top + at, column + 2, text, rows=run if labels == "merged" else 1)
    canvas.row = top + len(rows)


def _total(canvas: _Canvas, case: Case, words: Sequence[str]) -> None:
    total = case["total"] or {}
    if total.get("score") is None and total.get("weight") is None:
        return
    score = next((at for at, word in enumerate(words) if "得分" in word or "自评分" in word), None)
    weight = next((at for at, word in enumerate(words) if word in _WEIGHTS), None)
    first = min((at for at in (score, weight) if at is not None), default=len(words) - 1)
    canvas.put(canvas.row, 1, "总分", columns=1 + first)
    for at, value in ((weight, total.get("weight")), (score, total.get("score"))):
        if at is not None:
            canvas.put(canvas.row, at + 2, value)
    canvas.row += 1
