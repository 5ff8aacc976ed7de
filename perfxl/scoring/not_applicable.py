"""Indicators that do not apply (无新增项目, 不涉及): found by their words, and treated as the rubric says.

Sources: zero points and nothing else: 从化区委组织部 2022; dropped, and the rest converted to a scale of 100: a note
printed on forms; full points: common in Guangdong; points moved to the siblings: national practice for classes
that do not apply. The last three from memory or a note only, so by default the filled score stands.
"""

import pandas as pd

from perfxl.forms.applicability import says_not_applicable, says_undone
from perfxl.forms.definitions import Forms
from perfxl.model.columns import MANUAL, SCORED
from perfxl.rounding import round_half_up
from perfxl.scoring.execution import execution_points
from perfxl.scoring.parameters import row_rubrics

_SAID_IN = ("reason", "actual", "target")
_CLASS = ["table_id", "goal", "level1"]


def treat_not_applicable(
    indicators: pd.DataFrame, budget: pd.DataFrame, tables: pd.DataFrame, forms: Forms
) -> pd.DataFrame:
    """Return scored indicators with those that do not apply treated by their rubric's policy.

    A row does not apply where it has points, no rule computes its score, its filled score is 0 or blank, and its
    reason, actual or target says so; a duty that was not done (未开展) does apply. Under `as_filled` nothing changes.
    `rescale` drops the row and converts the rest to the full scale, which is to give it the share that the rest of
    the table earned; `siblings` the share that the rest of its level-1 class earned, or the rest of the table where
    the whole class does not apply. Where a row of the rest is left to a person, so is this one.

    Added column: `is_not_applicable`. Changed in such rows: `share`, `score`, `status`, `taken_score`; the last is not
    rounded, so that a total is rounded once.
    """
    rows = indicators.assign(is_not_applicable=_find(indicators))
    is_treated = rows["is_not_applicable"] & rows["policy"].ne("as_filled")
    if not is_treated.any():
        return rows
    execution = _execution(budget, indicators, tables, forms)
    share = pd.Series(float("nan"), index=rows.index)
    tables_with = rows[rows["table_id"].isin(rows.loc[is_treated, "table_id"])]
    for policy, own in _shares(tables_with, tables_with["taken_score"], execution).items():
        share = share.mask(is_treated & rows["policy"].eq(policy), own.reindex(rows.index))
    exact = rows["full_marks"] * share
    score = pd.Series(float("nan"), index=rows.index)
    for places in rows["places"].unique():
        score = score.mask(rows["places"].eq(places), round_half_up(exact, int(places)))
    status = rows["status"].mask(is_treated, MANUAL).mask(is_treated & share.notna(), SCORED)
    return rows.assign(
        share=rows["share"].mask(is_treated, share),
        score=rows["score"].mask(is_treated, score),
        taken_score=rows["taken_score"].mask(is_treated, exact),
        status=status,
    )


def policy_totals(
    indicators: pd.DataFrame, budget: pd.DataFrame, tables: pd.DataFrame, forms: Forms
) -> dict[str, pd.Series]:
    """Return, by `total_if_<policy>`, what the filled scores of each table come to under each policy.

    Shape (tables,), half-up to the rubric's decimals; NaN in tables where every indicator applies.
    """
    policies = ("zero", "full", "rescale", "siblings")
    hit = indicators["is_not_applicable"]
    totals = {policy: pd.Series(float("nan"), index=tables.index) for policy in policies}
    if hit.any():
        rows = indicators[indicators["table_id"].isin(indicators.loc[hit, "table_id"])]
        execution = _execution(budget, indicators, tables, forms, score="reported_score")
        rest = rows["reported_score"].where(~rows["is_not_applicable"], 0.0).groupby(rows["table_id"]).sum()
        rest += execution["score"].reindex(rest.index).fillna(0)
        rubrics = row_rubrics(tables, tables, forms)
        for policy, share in _shares(rows, rows["reported_score"].fillna(0), execution).items():
            own = rows["full_marks"].where(rows["is_not_applicable"], 0.0) * share.where(rows["is_not_applicable"], 0.0)
            whole = rest + own.groupby(rows["table_id"]).sum(min_count=1)
            totals[policy] = rubrics.round(
                whole.where(own.notna().groupby(rows["table_id"]).all()).reindex(tables.index)
            )
    return {f"total_if_{policy}": total for policy, total in totals.items()}


def _find(rows: pd.DataFrame) -> pd.Series:
    is_silent = rows["reported_score"].fillna(0).eq(0) & rows["full_marks"].gt(0) & rows["score"].isna()
    suspects = rows.loc[is_silent & ~rows["is_detail"], list(_SAID_IN)]
    texts = zip(*(suspects[field] for field in _SAID_IN), strict=True)
    found = pd.Series([_does_not_apply([text for text in said if text]) for said in texts], suspects.index, dtype=bool)
    return found.reindex(rows.index, fill_value=False)


def _does_not_apply(texts: list[str]) -> bool:
    return any(map(says_not_applicable, texts)) and not any(map(says_undone, texts))


def _execution(
    budget: pd.DataFrame, indicators: pd.DataFrame, tables: pd.DataFrame, forms: Forms, score: str = "score"
) -> pd.DataFrame:
    """Return points and score of the execution by table_id; 0 where a table has none."""
    points = execution_points(budget, indicators, tables, forms)
    points = pd.DataFrame({"full_marks": points["full_marks"], "score": points[score]})
    return points[points["full_marks"].gt(0)].reindex(tables.index, fill_value=0.0)


def _shares(rows: pd.DataFrame, scores: pd.Series, execution: pd.DataFrame) -> dict[str, pd.Series]:
    """Return, by policy, the share of its points that a row would earn if it did not apply."""
    is_rest = ~rows["is_not_applicable"] & rows["full_marks"].gt(0)
    rest = rows[["table_id", "level1"]].assign(
        goal=rows["goal"].fillna(""),
        level1=rows["level1"].fillna(""),
        marks=rows["full_marks"].where(is_rest, 0.0),
        # A row that is left to a person leaves the share open.
        points=scores.where(is_rest, 0.0),
    )
    of_table = _sums(rest, ["table_id"])
    money = execution.reindex(rows["table_id"]).set_axis(rows.index)
    marks = of_table["marks"] + money["full_marks"]
    whole = (of_table["points"] + money["score"]) / marks.where(marks > 0)
    of_class = _sums(rest, _CLASS)
    siblings = of_class["points"] / of_class["marks"].where(of_class["marks"] > 0)
    return {
        "zero": pd.Series(0.0, index=rows.index),
        "full": pd.Series(1.0, index=rows.index),
        "rescale": whole,
        "siblings": siblings.where(of_class["marks"] > 0, whole),
    }


def _sums(rest: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return, for every row, the marks and points of all rows of its group; NaN points where one of them is open."""
    grouped = rest.assign(is_open=rest["points"].isna()).groupby(keys)
    sums = grouped[["marks", "points"]].transform("sum")
    return sums.assign(points=sums["points"].where(~grouped["is_open"].transform("any")))
