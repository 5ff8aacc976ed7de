"""Execution of the budget: the ratio executed ÷ adjusted and the points that it earns."""

import pandas as pd

from perfxl.forms.definitions import Forms
from perfxl.forms.rubric import Rubric
from perfxl.model.columns import ABSENT, BLANK, SHARED
from perfxl.rounding import round_half_up
from perfxl.scoring import points
from perfxl.scoring.parameters import RowRubrics, row_rubrics

_NOISE = 1e-9
# Weights that add up to a whole may be rounded.
_SUM = 0.05
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
    * `score`: full marks × share, half-up to the rubric's decimals.

    The denominator is 全年预算数; where it is blank 年初预算数 serves, and a finding says so. Nothing serves where
    another amount may be 全年预算数 and is not known to be.
    """
    rows = _rebuild_totals(budget)
    rubrics = row_rubrics(rows, tables, forms)
    amount, denominator = _denominators(rows, rubrics)
    ratio = rows["executed_used"] / amount.where(amount > 0)
    is_scored = rows["is_total"] & rubrics.pick(lambda rubric: rubric.execution_scored).astype(bool)
    share = _share(rows["full_marks"], ratio, amount, rubrics).where(is_scored)
    return rows.assign(
        denominator=denominator, ratio=ratio, share=share, score=rubrics.round(rows["full_marks"] * share)
    )


def execution_points(
    budget: pd.DataFrame, indicators: pd.DataFrame, tables: pd.DataFrame, forms: Forms
) -> pd.DataFrame:
    """Return, by table_id, the points for the execution of the budget that stand beside the money, where it is scored.

    They stand in the total row. Where no row is the total, those beside the sources of the money are added up, without
    a score: nobody says which amounts they are for. Points that an indicator row has already are none.

    Columns: `weight`, `full_marks`, `reported_score`, `score`, NaN where a table has none; `has_total`, `is_repeated`
    (an indicator row has them), `lacks_weight` (they have a place without a number, or a score and no place).
    """
    is_repeated = _is_repeated(indicators, tables, forms)
    is_scored = row_rubrics(budget, tables, forms).pick(lambda rubric: rubric.execution_scored).astype(bool)
    scored = budget[is_scored & ~budget["table_id"].isin(tables.index[is_repeated])]
    total = scored[scored["is_total"]].drop_duplicates("table_id").set_index("table_id")
    parts = scored[~scored["table_id"].isin(total.index)]
    is_own = parts["weight_state"].ne(SHARED)
    parts = parts.assign(
        weight=parts["weight"].where(is_own),
        full_marks=parts["full_marks"].where(is_own),
        reported_score=parts["reported_score"].where(parts["reported_score_state"].ne(SHARED)),
    )
    names = ["weight", "full_marks", "reported_score", "score"]
    added = parts.groupby("table_id")[names].sum(min_count=1)
    rows = pd.concat([total[names], added]).reindex(tables.index)
    has_place = total["weight_state"].ne(ABSENT).reindex(tables.index, fill_value=False)
    return rows.assign(
        has_total=tables.index.isin(total.index),
        is_repeated=is_repeated,
        lacks_weight=rows["weight"].isna() & (has_place | rows["reported_score"].notna()),
    )


def _is_repeated(indicators: pd.DataFrame, tables: pd.DataFrame, forms: Forms) -> pd.Series:
    """Whether a table's indicators make up the full marks by themselves, a scored row for the execution among them."""
    look_up = forms.lexicon.look_up
    named = {name for name in set(indicators["name"]) if name and "execution" in look_up(name).sections}
    is_execution = (
        indicators["name"].isin(named) & indicators["full_marks"].gt(0) & indicators["reported_score"].notna()
    )
    table_ids = indicators["table_id"]
    has_row = is_execution.groupby(table_ids).any().reindex(tables.index, fill_value=False)
    whole = row_rubrics(tables, tables, forms).pick(lambda rubric: rubric.total)
    marks = indicators["full_marks"].groupby(table_ids).sum().reindex(tables.index, fill_value=0.0)
    return has_row & ((marks - whole).abs() <= _SUM)


def _denominators(rows: pd.DataFrame, rubrics: RowRubrics) -> tuple[pd.Series, pd.Series]:
    """Return the amounts that serve as denominators, and the names of their columns."""
    amount = pd.Series(float("nan"), index=rows.index)
    name = pd.Series([None] * len(rows), index=rows.index, dtype="object")
    for rubric, takes in rubrics.groups(lambda rubric: rubric.denominator):
        for column in rubric.denominator:
            serves = takes & amount.isna() & rows[f"{column}_used"].notna()
            if column != rubric.denominator[0]:
                serves &= rows["unknown_heading"].isna()
            amount = amount.where(~serves, rows[f"{column}_used"])
            name[serves] = column
    return amount, name


def _share(full_marks: pd.Series, ratio: pd.Series, amount: pd.Series, rubrics: RowRubrics) -> pd.Series:
    """Return the share of the points that each ratio earns by its rubric.

    Source: full marks × ratio, at most full marks: national form, provincial platforms; steps: Jiangxi; points off a
    step: department rubrics of Hunan; the ratio rounded first, and no points for no budget: provincial platforms.
    Full marks from, and none below, a ratio are common in places; no source was found.
    """

    def key(rubric: Rubric) -> tuple[object, ...]:
        return (
            rubric.execution_rule, rubric.execution_steps, rubric.execution_step, rubric.execution_step_points,
            rubric.execution_step_count, rubric.execution_full_from, rubric.execution_nothing_below,
            rubric.execution_above_full, rubric.round_ratio_first, rubric.zero_budget,
        )  # fmt: skip

    share = pd.Series(float("nan"), index=ratio.index)
    for rubric, takes in rubrics.groups(key):
        own = round_half_up(ratio, 4) if rubric.round_ratio_first else ratio
        earned = _by_rule(full_marks, own, rubric)
        if rubric.execution_full_from < 1:
            earned = earned.mask(own >= rubric.execution_full_from - _NOISE, 1.0)
        earned = earned.mask(own < rubric.execution_nothing_below - _NOISE, 0.0)
        if rubric.execution_above_full is not None:
            # 100.004 % is shown as 100.00 %, which is not above.
            earned = earned.mask(round_half_up(own, 4) > 1, rubric.execution_above_full)
        if rubric.zero_budget == "zero":
            earned = earned.mask(amount.eq(0), 0.0)
        share = share.mask(takes, earned)
    return share


def _by_rule(full_marks: pd.Series, ratio: pd.Series, rubric: Rubric) -> pd.Series:
    match rubric.execution_rule:
        case "stepped":
            return points.stepped(ratio, rubric.execution_steps)
        case "per_step":
            return points.per_step(
                1 - ratio,
                full_marks,
                width=rubric.execution_step or 1.0,
                points=rubric.execution_step_points or 0.0,
                count=rubric.execution_step_count,
            )
    return points.capped_ratio(ratio)


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
