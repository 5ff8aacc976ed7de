"""Filled tables drawn as text, as the records that reading makes of a workbook.

A drawing has a line a row and `|` between the cells; its first line names the fields:

    | level3   | target | actual | weight | reported_score |
    | 培训人次 | ≥100   | 87     | 10     | 10             |

A column that is not drawn is not in the form. A cell without text is blank, `^` is merged with the cell above, `=?` is
a formula without a stored result, `#REF!` an error value; of points `'10` is a text and `=10` a formula's result. Labels are carried down as reading does it.

Where the weights of a drawing add up to less than 100, a row `其余指标` takes up the rest and is met in full, so that a
case shows only the rows it is about; `rest=False` leaves it out.

Every cell has a place of its own: sheet 指标, 预算, 小计 or 表, the row of the drawing, a column a field. `place` turns
it back into `1.reported_score`, `budget.1.executed`, `subtotal.1.reported_score`, `total.weight`, `heading.weight`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from perfxl.checks.run import run_checks
from perfxl.forms.definitions import NATIONAL, Forms, load_forms
from perfxl.forms.lexicon import load_lexicon
from perfxl.model.cells import CellRef
from perfxl.model.columns import ABSENT, BLANK, ERROR, FILLED, LABEL, MISSING, SHARED
from perfxl.model.finding import Finding
from perfxl.model.frames import Frames, Scored
from perfxl.model.grid import Cell
from perfxl.pipeline import Tables, build_frames
from perfxl.reading.amounts import label_points, money, points_in_text, ratio
from perfxl.reading.extract import TableRecord
from perfxl.scoring.score import score
from perfxl.text import fold

LEVELS = ("level1", "level2", "level3", "level4")
LEVEL_WEIGHTS = ("level1_weight", "level2_weight")
VALUES = ("target", "adjusted_target", "actual", "weight", "reported_score", "reason", "operator", "unit")
# What the cell stores, where its number format shows it rounded.
STORED = ("target_stored", "actual_stored")
AMOUNTS = ("initial", "adjusted", "executed")
FIELDS = (
    "name", "unknown", "budget_weight", "budget_score", *LEVELS, *LEVEL_WEIGHTS, *VALUES, *STORED, *AMOUNTS, "reported_ratio", "title", "grade", "total",
    "项目名称", "主管部门", "实施单位", "单位名称", "年度",
    "goal_expected", "goal_actual", "conclusion.存在问题", "conclusion.改进措施", "conclusion.评价结论",
)  # fmt: skip
PREFIXES = {"指标": "", "预算": "budget.", "小计": "subtotal.", "表": "total", "表头": "heading"}
HEADINGS = {
    "weight": "分值", "reported_score": "得分", "level1": "一级指标", "level3": "三级指标", "target": "年度指标值",
    "actual": "实际完成值",
}  # fmt: skip
MONEY_HEADINGS = {"weight": "budget_weight", "reported_score": "budget_score"}
# What stands over an amount that is not understood.
UNKNOWN_HEADING = "核定数"
REST = "其余指标"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What became of one drawn table."""

    frames: Frames
    scored: Scored
    findings: list[Finding]

    def alone(self, table_id: int) -> "Reviewed":
        """Return what became of one of the tables that were reviewed together."""
        frames = {
            name: _of(getattr(self.frames, name), table_id) for name in ("tables", "budget", "indicators", "subtotals")
        }
        scored = {
            name: _of(getattr(self.scored, name), table_id) for name in ("tables", "budget", "indicators", "groups")
        }
        findings = [finding for finding in self.findings if finding.table_id == table_id]
        return Reviewed(Frames(**frames), Scored(**scored), findings)

    def of(self, code: str) -> list[Finding]:
        """Return the findings of one check."""
        return [finding for finding in self.findings if finding.code == code]


def _of(rows: pd.DataFrame, table_id: int) -> pd.DataFrame:
    return rows[rows["table_id"] == table_id]


@dataclass(slots=True)
class Drawing:
    """One table: the drawings of its blocks and its facts, all as they stand in a case."""

    indicators: str = ""
    budget: str = ""
    subtotals: str = ""
    header: Mapping[str, str] = field(default_factory=dict)
    title: str = "项目支出绩效自评表"
    form: str | None = NATIONAL
    year: int | None = 2023
    money_unit: str | None = "万元"
    total_weight: str | None = None
    total_reported_score: str | None = None
    grade: str | None = None
    conclusions: Mapping[str, str] = field(default_factory=dict)
    goal_expected: str | None = None
    goal_actual: str | None = None
    sheet: str = "自评表"
    file_year: float | None = None
    rest: bool = True
    rubric: Mapping[str, Any] = field(default_factory=dict)


def reviewed(*drawings: Drawing) -> Reviewed:
    """Score and check drawn tables through the code that the program uses; the first names form and rubric of all."""
    forms = forms_with(drawings[0].form, drawings[0].rubric)
    frames = build_frames([Tables([record(drawing) for drawing in drawings])], forms, drawings[0].form)
    scored = score(frames, forms)
    return Reviewed(frames, scored, run_checks(scored, forms))


def forms_with(form: str | None, values: Mapping[str, Any]) -> Forms:
    """Return the known forms, a rubric's numbers replaced."""
    forms = load_forms()
    if not values:
        return forms
    own = {key: _frozen(value) for key, value in values.items()}
    changed = forms.by_id[form or NATIONAL]
    return Forms({**forms.by_id, changed.id: replace(changed, rubric=replace(changed.rubric, **own))})


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def place(cell: CellRef | None) -> str:
    """Return what a cell is called in a case: `1.reported_score`."""
    if cell is None:
        return "-"
    number = f"{cell.row}." if cell.sheet not in ("表", "表头") else "."
    return f"{PREFIXES[cell.sheet]}{number}{FIELDS[cell.column - 1]}"


def record(drawing: Drawing) -> TableRecord:
    """Return the record that reading would make of a table."""
    rows = _rows(drawing.indicators)
    if drawing.rest:
        rows += _rest(rows, _rows(drawing.budget))
    made = TableRecord(_table(drawing, rows))
    made.budget = [_money_row(number, row, drawing.money_unit) for number, row in enumerate(_rows(drawing.budget), 1)]
    totals = [row["row"] for row in made.budget if row["role"] == "total"]
    for row in made.budget:
        row["is_total"] = row["row"] == (totals or [None])[0]
    made.indicators = _indicators(rows)
    made.subtotals = [_subtotal(number, row) for number, row in enumerate(_rows(drawing.subtotals), 1)]
    made.table["indicator_rows"] = len(made.indicators)
    return made


# ---------------------------------------------------------------- cells


def _rows(drawing: str) -> list[dict[str, str]]:
    """Return the rows of a drawing as texts by field."""
    lines = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in drawing.strip().splitlines()]
    if not lines:
        return []
    names, *rows = lines
    unknown = set(names) - set(FIELDS) - {"ratio", "goal"}
    assert not unknown, f"no such field: {unknown}"
    return [dict(zip(names, row, strict=True)) for row in rows]


def _ref(sheet: str, row: int, name: str, text: str = "") -> CellRef:
    return CellRef(sheet, row, FIELDS.index(name) + 1, text if text not in ("^", "=?") else "")


def _state(row: Mapping[str, str], name: str) -> str:
    if name not in row:
        return ABSENT
    text = row[name]
    marks = {"": BLANK, "^": SHARED, "=?": MISSING}
    return marks.get(text, ERROR if text.startswith("#") else FILLED)


def _text(row: Mapping[str, str], name: str) -> str | None:
    return row[name] if _state(row, name) == FILLED else None


def _points(row: Mapping[str, str], name: str) -> float | None:
    text = _text(row, name)
    return None if text is None else points_in_text(text.lstrip("'="))


def _stored_as(row: Mapping[str, str], name: str) -> str | None:
    if (text := _text(row, name)) is None:
        return None
    marks = {"'": "text", "=": "formula"}
    return marks.get(text[0], "text" if points_in_text(text) is None else "number")


# ---------------------------------------------------------------- blocks


def _table(drawing: Drawing, rows: list[dict[str, str]]) -> dict[str, Any]:
    names = rows[0].keys() if rows else ()
    money = next(iter(_rows(drawing.budget)), {})
    cells = {
        "title": _ref("表", 1, "title", drawing.title),
        "total": _ref("表", 1, "total", "总分"),
        **{label: _ref("表", 1, label, text) for label, text in drawing.header.items()},
        **{f"conclusion.{label}": _ref("表", 1, f"conclusion.{label}", text)
           for label, text in drawing.conclusions.items()},
    }  # fmt: skip
    goals = {"goal_expected": drawing.goal_expected, "goal_actual": drawing.goal_actual}
    cells |= {name: _ref("表", 1, name, text) for name, text in goals.items() if text}
    facts: dict[str, Any] = {"total_weight_state": ABSENT, "total_score_state": ABSENT}
    for name, key, state, text in (
        ("weight", "total_weight", "total_weight_state", drawing.total_weight),
        ("reported_score", "total_reported_score", "total_score_state", drawing.total_reported_score),
    ):
        if text is not None:
            line = {name: text}
            facts |= {key: _points(line, name), state: _state(line, name)}
            cells[name] = _ref("表", 1, name, text)
    if drawing.grade is not None:
        cells["grade"] = _ref("表", 1, "grade", drawing.grade)
    return {
        "sheet": drawing.sheet,
        "file_year": drawing.file_year,
        **goals,
        "sheet_state": "visible",
        "title": drawing.title or None,
        "year": drawing.year,
        "header": {label: text or None for label, text in drawing.header.items()},
        "money_unit": drawing.money_unit,
        "conclusions": dict(drawing.conclusions),
        "has_indicators": bool(drawing.indicators),
        "columns": {
            **{name: _ref("表头", 1, name, HEADINGS.get(name, name)) for name in names if name in FIELDS},
            **{key: _ref("表头", 1, key, HEADINGS[name]) for name, key in MONEY_HEADINGS.items() if name in money},
        },
        "cells": cells,
        "total_reported_text": drawing.total_reported_score or None,
        "reported_grade": drawing.grade,
        **facts,
    }


def _rest(rows: list[dict[str, str]], budget: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return a row that takes up the rest of 100 points, met in full; none where there is nothing to take up."""
    if not rows or "weight" not in rows[0]:
        return []
    weights = [_points(row, "weight") or 0.0 for row in (*rows, *budget)]
    rest = 100 - sum(weights)
    if rest <= 0:
        return []
    full = {"level3": REST, "weight": f"{rest:g}", "reported_score": f"{rest:g}", "target": "1", "actual": "1"}
    first = {name: text for name, text in rows[-1].items() if name in LEVELS[:2]}
    values = {name: full.get(name, "") for name in rows[0] if name not in first}
    return [first | values | ({"operator": "", "unit": ""} if "operator" in rows[0] else {})]


def _money_row(number: int, row: dict[str, str], unit: str | None) -> dict[str, Any]:
    names = {"ratio": "reported_ratio"}
    cells = {names.get(name, name): _ref("预算", number, names.get(name, name), text) for name, text in row.items()}
    word = load_lexicon().look_up(row["name"])
    made: dict[str, Any] = {"row": number, "name": row["name"], "role": word.budget_row or "part", "cells": cells}
    for name in AMOUNTS:
        text = _text(row, name)
        made[name] = None if text is None else money(Cell(text, text, "text"), unit)
        made[f"{name}_state"] = _state(row, name)
    made |= {"ratio_state": _state(row, "ratio"), "reported_ratio": _text(row, "ratio"), "reason": _text(row, "reason")}
    if made["reported_ratio"] and (found := ratio(Cell(made["reported_ratio"], made["reported_ratio"], "text"))):
        made |= {"reported_ratio_number": found.fraction, "reported_ratio_places": float(found.places)}
    for name in ("weight", "reported_score"):
        made |= {name: _points(row, name), f"{name}_text": _text(row, name), f"{name}_state": _state(row, name)}
    if row.get("unknown"):
        made["unknown_heading"] = UNKNOWN_HEADING
    return made


def _seen(name: str, text: str) -> str:
    """Return what a drawn cell shows; the marks of points tell how they are stored."""
    return text.lstrip("'=") if name in ("weight", "reported_score") and text != "=?" else text


def _indicators(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    held: dict[str, tuple[str, CellRef]] = {}
    for number, row in enumerate(rows, 1):
        made.append(_indicator(number, row, held) | {"row": number - 1})
    return made


def _indicator(number: int, row: dict[str, str], held: dict[str, tuple[str, CellRef]]) -> dict[str, Any]:
    """Return a row's record; labels of the classes are carried down from the rows above."""
    cells = {name: _ref("指标", number, name, _seen(name, row.get(name, ""))) for name in VALUES if name in row}
    made: dict[str, Any] = {"cells": cells, "hidden": False, "goal": row.get("goal") or None}
    for level in LEVELS:
        if level not in row:
            continue
        text = row[level] if row[level] != "^" else ""
        if text or level not in LEVELS[:2]:
            held[level] = (text, _ref("指标", number, level, text))
        if level in held:
            made[level], cells[level] = held[level][0] or None, held[level][1]
    for name in VALUES:
        key = f"{name}_text" if name in ("operator", "unit") else name
        made[key] = _points(row, name) if name in ("weight", "reported_score") else _text(row, name)
        made[f"{name}_state"] = _state(row, name)
        if name in ("weight", "reported_score"):
            text = _text(row, name)
            made |= {f"{name}_text": text and _seen(name, text), f"{name}_stored_as": _stored_as(row, name)}
    for name in STORED:
        if row.get(name):
            made[name] = float(row[name])
    lowest = next((level for level in reversed(LEVELS) if level in row), None)
    made["name"] = made.get(lowest) if lowest else None
    if made["weight_state"] in (ABSENT, BLANK) and (found := label_points(made["name"] or "")) is not None:
        made |= {"weight": found, "weight_state": LABEL}
    for level in LEVELS[:2]:
        _level_weight(made, row, level, number)
    has_points = {made["weight_state"], made["reported_score_state"]} - {BLANK, ABSENT}
    made["is_detail"] = fold(made["name"] or "").startswith("其中") and not has_points
    return made


def _level_weight(made: dict[str, Any], row: dict[str, str], level: str, number: int) -> None:
    """Set the weight of a class: from its own column, else from the brackets of its label."""
    name = f"{level}_weight"
    if (found := _points(row, name)) is not None:
        made[name], made["cells"][name] = found, _ref("指标", number, name, row[name])
    elif (found := label_points(made.get(level) or "")) is not None:
        made[name], made["cells"][name] = found, made["cells"][level]


def _subtotal(number: int, row: dict[str, str]) -> dict[str, Any]:
    cells = {name: _ref("小计", number, name, row[name]) for name in ("weight", "reported_score") if name in row}
    return {
        "level1": row["level1"],
        "weight": _points(row, "weight"),
        "reported_score": _points(row, "reported_score"),
        "cells": cells,
    }
