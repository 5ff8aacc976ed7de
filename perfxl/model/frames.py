"""The frames that travel between the stages."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """The tables of one workbook or of ten thousand, as they were filled in.

    Attributes:
        tables: `columns.TABLES`, one row a table, indexed by table_id.
        budget: `columns.BUDGET`, one row a line of money.
        indicators: `columns.INDICATORS`, one row an indicator.
        subtotals: `columns.SUBTOTALS`, one row a subtotal that the unit typed.
    """

    tables: pd.DataFrame
    budget: pd.DataFrame
    indicators: pd.DataFrame
    subtotals: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """The frames with what the rules give; the filled values stand in them unchanged.

    Attributes:
        tables: See `perfxl.scoring.totals.score_tables`.
        budget: See `perfxl.scoring.execution.score_execution`.
        indicators: See `perfxl.scoring.indicators.score_indicators`.
        groups: See `perfxl.scoring.totals.group_indicators`.
    """

    tables: pd.DataFrame
    budget: pd.DataFrame
    indicators: pd.DataFrame
    groups: pd.DataFrame
