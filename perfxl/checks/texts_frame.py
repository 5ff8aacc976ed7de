"""All texts of all tables as one frame, for checks of wording wherever it stands."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from perfxl.model.cells import CellRef

# Texts of an indicator row; labels of classes are the form's own, not the unit's.
_OF_ROWS = ("name", "target", "adjusted_target", "actual", "reason")
_GOALS = ("goal_expected", "goal_actual")
_NAMES = ("level4", "level3", "level2", "level1")
_COLUMNS = ("table_id", "kind", "label", "text", "cells", "cell_field")


def texts_of(tables: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return the texts that units have written, one a row.

    Columns: `table_id`, `kind` (header, goal_expected, goal_actual, conclusion, or the indicators frame's column),
    `label` (of the header or conclusion; the column's name otherwise), `text`, `cells` (dict: value →
    CellRef), `cell_field` (under which of them the text's own cell stands).
    """
    found = _of_tables(tables)
    of_row = indicators["table_id"].tolist(), indicators["cells"].tolist()
    for field in _OF_ROWS:
        found += [
            (table_id, field, field, text, cells, _named_by(cells, text) if field == "name" else field)
            for table_id, cells, text in zip(*of_row, indicators[field].tolist(), strict=True)
            if text is not None
        ]
    columns = list(zip(*found, strict=True)) or [()] * len(_COLUMNS)
    # Of objects all: pandas would look at every text to tell whether it is one.
    return pd.DataFrame({
        name: pd.Series(values, dtype="int64" if name == "table_id" else "object")
        for name, values in zip(_COLUMNS, columns, strict=True)
    })  # fmt: skip


def _named_by(cells: Mapping[str, CellRef], name: str) -> str:
    """Return the label that an indicator's name was taken from."""
    for level in _NAMES:
        cell = cells.get(level)
        if cell is not None and cell.text == name:
            return level
    return "level3"


def _of_tables(tables: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return the texts of the tables as a whole; columns as above."""
    found: list[tuple[Any, ...]] = []
    columns = ("table_id", "cells", "header", "conclusions", *_GOALS)
    for table_id, cells, header, conclusions, *goals in zip(*(tables[name] for name in columns), strict=True):
        found += [(table_id, "header", label, text, cells, label) for label, text in (header or {}).items() if text]
        found += [(table_id, kind, kind, text, cells, kind) for kind, text in zip(_GOALS, goals, strict=True) if text]
        found += [
            (table_id, "conclusion", label, text, cells, f"conclusion.{label}")
            for label, text in (conclusions or {}).items()
        ]
    return found
