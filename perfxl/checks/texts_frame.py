"""All texts of all tables as one frame, for checks of wording wherever it stands."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
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
    pieces = [_of_tables(tables)]
    table_ids, cells = indicators["table_id"].to_numpy(), indicators["cells"].to_numpy()
    for field in _OF_ROWS:
        texts = indicators[field].to_numpy()
        is_there = indicators[field].notna().to_numpy()
        own, own_cells = texts[is_there], cells[is_there]
        same = np.full(len(own), field, dtype=object)
        named = _objects(map(_named_by, own_cells, own), len(own)) if field == "name" else same
        pieces.append([table_ids[is_there], same, same, own, own_cells, named])
    # Of objects all: pandas would look at every text to tell whether it is one.
    return pd.DataFrame({
        name: pd.Series(np.concatenate(values), dtype="int64" if name == "table_id" else "object")
        for name, values in zip(_COLUMNS, zip(*pieces, strict=True), strict=True)
    })  # fmt: skip


def _objects(values: Iterable[object], count: int) -> np.ndarray:
    """Return texts, dicts and the like as an array that does not look into them."""
    return np.fromiter(values, object, count)


def _named_by(cells: Mapping[str, CellRef], name: str) -> str:
    """Return the label that an indicator's name was taken from."""
    cell = cells.get("level3")
    if cell is not None and cell.text == name and "level4" not in cells:
        return "level3"  # nearly all
    for level in _NAMES:
        cell = cells.get(level)
        if cell is not None and cell.text == name:
            return level
    return "level3"


def _of_tables(tables: pd.DataFrame) -> list[np.ndarray]:
    """Return the columns of the texts of the tables as a whole."""
    found: list[tuple[Any, ...]] = []
    columns = ("table_id", "cells", "header", "conclusions", *_GOALS)
    for table_id, cells, header, conclusions, *goals in zip(*(tables[name] for name in columns), strict=True):
        found += [(table_id, "header", label, text, cells, label) for label, text in (header or {}).items() if text]
        found += [(table_id, kind, kind, text, cells, kind) for kind, text in zip(_GOALS, goals, strict=True) if text]
        found += [
            (table_id, "conclusion", label, text, cells, f"conclusion.{label}")
            for label, text in (conclusions or {}).items()
        ]
    return [_objects(values, len(found)) for values in zip(*found, strict=True)] or [_objects((), 0)] * len(_COLUMNS)
