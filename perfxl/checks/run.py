"""Run the checks over scored frames and gather their findings, one a cause."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from perfxl.checks.facts import table_facts
from perfxl.checks.registry import Check, FrameName, ordered, run_order
from perfxl.checks.series import NothingFoundError, only
from perfxl.checks.texts_frame import texts_of
from perfxl.forms.definitions import Forms
from perfxl.model.cells import CellRef
from perfxl.model.columns import BUDGET, INDICATORS, LEVELS, TABLES, records
from perfxl.model.finding import Finding, Severity
from perfxl.model.frames import Scored
from perfxl.text import number_text, plain_label, shown

# Numbers of the rubric and facts of the table that the checks of a frame go by. Only these are laid beside the
# rows: a frame holds the rows of thousands of tables, and every further column is copied for each of them.
_PARAMETERS: Mapping[FrameName, tuple[str, ...]] = {
    "tables": ("total", "execution_scored", "sum_tolerance_per_row", "sum_tolerance_at_most"),
    "budget": ("execution_scored", "score_tolerance", "ratio_tolerance", "money_tolerance"),
    "indicators": ("total", "score_tolerance", "weights"),
    "groups": (),
    "texts": (),
}
_FACTS: Mapping[FrameName, tuple[str, ...]] = {
    "budget": ("money_unit", "indicator_rows", "filled_scores", "words", "reported_sum", "weight_sum", "open_points",
               "outputs_met", "repeats_execution"),
    "indicators": (
        "total_if_zero", "total_if_full", "total_if_rescale", "total_if_siblings", "words", "money_unit",
        "columns", "budget_total", "is_by_classes",
    ),
    "groups": (),
}  # fmt: skip
# The first columns of each frame, which came of reading.
_AS_READ: Mapping[FrameName, Collection[str]] = {
    "tables": TABLES, "budget": BUDGET, "indicators": INDICATORS, "groups": (),
}  # fmt: skip
# What a finding is made from, besides the fields of its message.
_FINDING = ("table_id", "cells", "cell_field", "severity", "expected", "difference")
_LABELS = ("name", "level2", "level1")
# What stands in a cell is cut where it is quoted; what a check has written itself is not.
_CELL_TEXTS = frozenset(
    name for contract in (TABLES, BUDGET, INDICATORS) for name, column in contract.items() if column.kind == "text"
) - {"note"}
_LONGEST = 400


def run_checks(scored: Scored, forms: Forms) -> list[Finding]:
    """Return the findings of all tables, in the order of the checks and, within one, of the tables' rows."""
    frames = _frames(scored, forms)
    settings = _settings(scored.tables, forms)
    columns = dict(zip(scored.tables["table_id"], scored.tables["columns"], strict=True))
    fired: dict[str, tuple[FrameName, pd.DataFrame]] = {}
    findings: list[Finding] = []
    for check in run_order():
        frame = frames.get(check.on)
        if frame is None or frame.empty:
            continue
        own = settings.get(check.code, {})
        try:
            offending = _offending(check, _with_own(check, frame, own), fired)
            if off := _switched_off(own):
                offending = only(offending, ~offending["table_id"].isin(off))
        except NothingFoundError:
            continue
        if offending.empty:
            continue
        fired[check.code] = (check.on, offending)
        findings += _findings(check, offending, own, columns)
    # What silences another is run before it; told are they in the order in which they are listed.
    place = {check.code: number for number, check in enumerate(ordered())}
    return sorted(findings, key=lambda finding: place[finding.code])


# ---------------------------------------------------------------- the frames that checks see


def _frames(scored: Scored, forms: Forms) -> Mapping[FrameName, pd.DataFrame]:
    """Return the frames with the rubric's numbers and the table's facts as further columns."""
    tables = scored.tables.assign(**table_facts(scored, forms))
    execution = scored.budget[scored.budget["is_total"]].drop_duplicates("table_id").set_index("table_id")
    tables = tables.assign(budget_total=execution["adjusted_used"])
    execution = execution[["weight", "score", "reported_score", "ratio"]].add_prefix("execution_")
    of_tables = tables.join(_parameters(tables, forms, "tables")).join(execution)
    frames: dict[FrameName, pd.DataFrame] = {"tables": of_tables}
    below: Mapping[FrameName, pd.DataFrame] = {
        "budget": scored.budget, "indicators": scored.indicators, "groups": scored.groups,
    }  # fmt: skip
    for name, rows in below.items():
        facts = tables[list(_FACTS[name])].add_prefix("table_").join(_parameters(tables, forms, name))
        frames[name] = rows.join(facts, on="table_id")
    frames = {name: _in_few_pieces(frame, len(_AS_READ[name])) for name, frame in frames.items()}
    frames["texts"] = texts_of(scored.tables, scored.indicators)
    return frames


def _in_few_pieces(frame: pd.DataFrame, as_read: int) -> pd.DataFrame:
    """Return a frame of which rows are taken in a quarter of the time.

    Columns of one type lie in one piece when they are read; those that were added one by one do so after they are
    copied. To copy the others, too, would take longer than it gains.
    """
    return pd.concat([frame.iloc[:, :as_read], frame.iloc[:, as_read:].copy()], axis=1)


def _parameters(tables: pd.DataFrame, forms: Forms, frame: FrameName) -> pd.DataFrame:
    rubrics = [forms.rubric(rubric) for rubric in tables["rubric"]]
    values = {f"rubric_{name}": [getattr(rubric, name) for rubric in rubrics] for name in _PARAMETERS[frame]}
    return pd.DataFrame(values, index=tables.index)


# ---------------------------------------------------------------- what a form sets


def _settings(tables: pd.DataFrame, forms: Forms) -> Mapping[str, Mapping[int, Mapping[str, Any]]]:
    """Return what forms set for single checks: code → table_id → settings."""
    found: dict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    for table_id, rubric in zip(tables["table_id"], tables["rubric"], strict=True):
        for code, own in forms.rubric(rubric).checks.items():
            found[code][table_id] = own
    return found


def _switched_off(own: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Return the tables whose form does without a check; there it explains no other check's cells either."""
    return [table_id for table_id, values in own.items() if values.get("enabled", True) is False]


def _with_own(check: Check, frame: pd.DataFrame, own: Mapping[int, Mapping[str, Any]]) -> pd.DataFrame:
    """Return the frame with the numbers that a check goes by: its options, and its tolerance where a form sets one."""
    columns: dict[str, tuple[str, Any]] = {f"option_{name}": (name, default) for name, default in check.options.items()}
    if check.tolerance and any("tolerance" in values for values in own.values()):
        columns[check.tolerance] = ("tolerance", frame[check.tolerance])
    added = {}
    for column, (key, otherwise) in columns.items():
        stated = {table_id: values[key] for table_id, values in own.items() if key in values}
        added[column] = frame["table_id"].map(stated).fillna(otherwise) if stated else otherwise
    return frame.assign(**added) if added else frame


# ---------------------------------------------------------------- one check


def _offending(check: Check, frame: pd.DataFrame, fired: Mapping[str, tuple[FrameName, pd.DataFrame]]) -> pd.DataFrame:
    """Return the rows that break a check and that no earlier check has explained."""
    found = check.function(frame)
    rows = only(frame, found.fillna(False).astype(bool)) if isinstance(found, pd.Series) else found
    for code in check.unless:
        if code in fired:
            name, earlier = fired[code]
            explained = (
                rows.index.isin(earlier.index) if name == check.on else rows["table_id"].isin(earlier["table_id"])
            )
            rows = only(rows, ~explained)
    return rows


def _findings(
    check: Check,
    offending: pd.DataFrame,
    own: Mapping[int, Mapping[str, Any]],
    columns: Mapping[int, Mapping[str, CellRef]],
) -> Iterable[Finding]:
    wanted = {*_FINDING, *check.fields, *(_LABELS if "name" in check.fields else ())}
    if "target" in check.fields or check.cell == "target":
        wanted.add("adjusted_target")
    for row in records(offending, [name for name in offending.columns if name in wanted]):
        table_id = int(row["table_id"])
        words = _Words(row)
        yield Finding(
            table_id,
            check.code,
            Severity(own.get(table_id, {}).get("severity") or row.get("severity") or check.severity),
            check.title,
            check.message.format_map(words),
            check.advice.format_map(words),
            _cell(check, row, columns[table_id]),
            _number(row.get("expected")),
            _number(row.get("difference")),
        )


def _cell(check: Check, row: dict[str, Any], columns: Mapping[str, CellRef]) -> CellRef | None:
    """Return the cell of a finding: the row's own, else the heading of its column, which `heading.weight` asks for.

    An adjusted target counts instead of the target; a table without a column of classes has one of names.
    """
    field = row.get("cell_field") or check.cell
    if field == "target" and row.get("adjusted_target"):
        field = "adjusted_target"
    heading = field.removeprefix("heading.")
    cell: CellRef | None = row["cells"].get(field) or columns.get(heading)
    if cell is None and heading in LEVELS:
        cell = next((columns[level] for level in LEVELS if level in columns), None)
    return cell


class _Words(dict[str, Any]):
    """The values of a row as a message shows them: numbers without trailing zeros, texts on one line.

    A row without a name goes by its class; an adjusted target counts instead of the target. Of a name the points in
    brackets and the colon are left out.
    """

    def __getitem__(self, key: str) -> str:
        value = self.get(key)
        if key == "target":
            value = self.get("adjusted_target") or value
        if key == "name":
            names = (self.get(name) for name in _LABELS)
            value = next((plain for name in names if isinstance(name, str) and (plain := plain_label(name))), "该行")
        if isinstance(value, float):
            return number_text(value) if value == value else "—"
        if isinstance(value, str):
            return shown(value) if key in _CELL_TEXTS else shown(value, _LONGEST)
        return "—" if value is None else str(value)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and value == value else None
