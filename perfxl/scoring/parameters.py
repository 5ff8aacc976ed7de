"""The numbers of each table's rubric, laid beside the rows of a frame."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from perfxl.forms.definitions import Forms
from perfxl.forms.rubric import Rubric


def by_row(rows: pd.DataFrame, tables: pd.DataFrame, forms: Forms, pick: Callable[[Rubric], Any]) -> pd.Series:
    """Return a number or name of the rubric for every row.

    Args:
        rows: Any frame with a `table_id`.
        tables: The tables frame, indexed by table_id.
        forms: The known forms.
        pick: What to take from a rubric.

    Returns:
        Shape (n,), index of `rows`.
    """
    picked = {rubric: pick(forms.rubric(rubric)) for rubric in tables["rubric"].unique()}
    if len(picked) == 1:
        return pd.Series([*picked.values()] * len(rows), index=rows.index)
    of_table = {table_id: picked[rubric] for table_id, rubric in tables["rubric"].items()}
    return pd.Series([of_table[table_id] for table_id in rows["table_id"]], index=rows.index)
