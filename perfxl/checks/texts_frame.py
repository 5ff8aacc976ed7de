"""All texts of all tables as one frame, for checks of wording wherever it stands."""

from typing import Any

import pandas as pd

# Texts of an indicator row; labels of classes are the form's own, not the unit's.
_OF_ROWS = ("name", "target", "adjusted_target", "actual", "reason")
_GOALS = ("goal_expected", "goal_actual")
_NAMES = ("level4", "level3", "level2", "level1")


def texts_of(tables: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return the texts that units have written, one a row.

    Columns: `table_id`, `kind` (header, goal_expected, goal_actual, conclusion, or the indicators frame's column),
    `label` (of the header or conclusion; the column's name otherwise), `text`, `cells` (dict: value →
    CellRef), `cell_field` (under which of them the text's own cell stands).
    """
    parts = [_of_tables(tables)]
    for field in _OF_ROWS:
        rows = indicators.loc[indicators[field].notna(), ["table_id", field, "cells"]]
        parts.append(rows.rename(columns={field: "text"}).assign(kind=field, label=field, cell_field=field))
    frame = pd.concat(parts, ignore_index=True)
    is_name = frame["kind"].eq("name")
    frame.loc[is_name, "cell_field"] = [
        next((level for level in _NAMES if level in cells and cells[level].text == text), "level3")
        for cells, text in zip(frame.loc[is_name, "cells"], frame.loc[is_name, "text"], strict=True)
    ]
    return frame


def _of_tables(tables: pd.DataFrame) -> pd.DataFrame:
    found: list[tuple[Any, ...]] = []
    columns = ("table_id", "cells", "header", "conclusions", *_GOALS)
    for table_id, cells, header, conclusions, *goals in zip(*(tables[name] for name in columns), strict=True):
        found += [(table_id, "header", label, text, cells, label) for label, text in (header or {}).items() if text]
        found += [(table_id, kind, kind, text, cells, kind) for kind, text in zip(_GOALS, goals, strict=True) if text]
        found += [
            (table_id, "conclusion", label, text, cells, f"conclusion.{label}")
            for label, text in (conclusions or {}).items()
        ]
    return pd.DataFrame(found, columns=["table_id", "kind", "label", "text", "cells", "cell_field"])
