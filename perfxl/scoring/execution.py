"""Execution of the budget: the ratio executed ÷ adjusted and the points that it earns."""

import pandas as pd

from perfxl.forms.definitions import Forms
from perfxl.forms.rubric import Rubric
from perfxl.model.columns import BLANK
from perfxl.rounding import round_half_up
from perfxl.scoring import points
from perfxl.scoring.parameters import by_row

AMOUNTS = ("initial", "adjusted", "executed")


def score_execution(budget: pd.DataFrame, tables: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Return the budget frame with execution ratios and points.

    Added columns, NaN where a figure is missing or the denominator is zero:

    * `initial_used`, `adjusted_used`, `executed_used`: the amounts reckoned with, in the table's unit. Where the
      total row is zero or blank over filled parts, the sum of the parts.
    * `is_rebuilt`: one of them is such a sum.
    * `denominator`: name of the column that served as denominator, None where none could.
    * `ratio`: executed ÷ denominator, a fraction, not capped and not rounded.
    * `share`: the part of the points that the ratio earns, 0…1; NaN in rows that are not scored.
    * `score`: full marks × share, half-up to 2 decimals.

    The denominator is 全年预算数; where it is blank 年初预算数 serves, and a finding says so.
    """
    rows = _rebuild_totals(budget)
    order = by_row(rows, tables, forms, lambda rubric: rubric.denominator)
    amount = pd.Series(float("nan"), index=rows.index)
    denominator = pd.Series([None] * len(rows), index=rows.index, dtype="object")
    for place in (0, 1):
        for name in ("adjusted", "initial"):
            serves = pd.Series([names[place : place + 1] == (name,) for names in order], rows.index, dtype=bool)
            take = serves & amount.isna() & rows[f"{name}_used"].notna()
            amount = amount.where(~take, rows[f"{name}_used"])
            denominator[take] = name
    ratio = rows["executed_used"] / amount.where(amount > 0)
    is_scored = rows["is_total"] & by_row(rows, tables, forms, lambda rubric: rubric.execution_scored).astype(bool)
    share = _share(ratio, by_row(rows, tables, forms, _steps)).where(is_scored)
    return rows.assign(
        denominator=denominator, ratio=ratio, share=share, score=round_half_up(rows["full_marks"] * share)
    )


def _steps(rubric: Rubric) -> tuple[tuple[float, float], ...]:
    return rubric.execution_steps if rubric.execution_rule == "stepped" else ()


def _share(ratio: pd.Series, steps: pd.Series) -> pd.Series:
    """Return the share of the points by each row's rule: in proportion, or in the steps that the row has."""
    share = points.capped_ratio(ratio)
    for ladder in set(steps) - {()}:
        takes = pd.Series([own == ladder for own in steps], ratio.index, dtype=bool)
        share = share.mask(takes, points.stepped_ratio(ratio, ladder))
    return share


def _rebuild_totals(budget: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the amounts to reckon with; a zero or blank total over filled parts is rebuilt."""
    names = list(AMOUNTS)
    parts = budget.loc[~budget["is_total"]].groupby("table_id")[names].sum(min_count=1)
    sums = parts.reindex(budget["table_id"]).set_axis(budget.index)
    used, is_rebuilt = {}, pd.Series(False, index=budget.index)
    for name in names:
        # A figure that cannot be read, such as a formula without a result, is not known to be nothing.
        is_empty = budget[name].eq(0) | budget[f"{name}_state"].eq(BLANK)
        rebuilt = budget["is_total"] & is_empty & (sums[name] > 0)
        used[f"{name}_used"] = budget[name].mask(rebuilt, sums[name])
        is_rebuilt |= rebuilt
    return budget.assign(is_rebuilt=is_rebuilt, **used)
