"""Subtotals, totals and grades."""

from collections.abc import Sequence

import pandas as pd

from perfxl.forms.definitions import Forms
from perfxl.model.columns import ACCEPTED, MANUAL, SHARED
from perfxl.rounding import round_half_up
from perfxl.scoring.execution import execution_points
from perfxl.scoring.full_marks import adds_up_to_one
from perfxl.scoring.not_applicable import policy_totals
from perfxl.scoring.parameters import RowRubrics, row_rubrics

# What the groups of the indicators are made from.
_OF_GROUPS = [
    "table_id", "goal", "level1", "level2", "level1_weight", "level2_weight", "weight", "full_marks", "reported_score",
    "taken_score", "places",
]  # fmt: skip

# Headings under which a form asks for the points of the execution.
_EXECUTION_POINTS = frozenset({"budget_weight", "budget_score"})


def group_indicators(indicators: pd.DataFrame, subtotals: pd.DataFrame) -> pd.DataFrame:
    """Return one row a level-1 class, and one a level-2 class with points of its own, in table order.

    Columns: `table_id`, `level` (1 or 2), `path` (tuple of labels), `first` (index of its first row),
    `declared_weight` (points typed or in the label; NaN where none), `weight` (sum over its rows; NaN where a
    row lacks one), `full_marks` (the same in points, where weights are shares of one), `reported_score` (sum of the
    filled scores; NaN where no row has one), `score` (sum of the computed and accepted ones; NaN where a row is left
    to a person), `open_scores` (rows with points whose score is blank or no number), `typed_score` (subtotal that the
    unit typed; NaN where none), `rows` (how many), `cells` (dict: value → CellRef).
    """
    rows = indicators.loc[~indicators["is_detail"], _OF_GROUPS].assign(
        goal=indicators["goal"].fillna(""),
        lacks_weight=_lacks_weight(indicators),
        open_scores=indicators["reported_score"].isna() & indicators["full_marks"].notna(),
        is_manual=indicators["status"] == MANUAL,
    )
    groups = _group(rows, ["goal", "level1"], 1)
    if rows["level2_weight"].notna().any():
        level2 = _group(rows, ["goal", "level1", "level2"], 2)
        groups = pd.concat([groups, level2[level2["declared_weight"].notna()]])
    groups = groups.sort_values(["table_id", "first", "level"]).reset_index(drop=True)
    return _with_typed(groups, indicators, subtotals)


def _lacks_weight(indicators: pd.DataFrame) -> pd.Series:
    """Whether a row should have a weight and has none; placeholder rows and rows of a merged weight need none."""
    needs_none = indicators["is_detail"] | indicators["weight_state"].eq(SHARED)
    return indicators["weight"].isna() & ~needs_none & indicators["status"].ne(ACCEPTED)


def _group(rows: pd.DataFrame, labels: list[str], level: int) -> pd.DataFrame:
    rows = rows[rows[labels[-1]].notna()]
    keys = ["table_id", *labels]
    rows = rows.assign(first=rows.index, **{label: rows[label].fillna("") for label in labels})
    grouped = rows.groupby(keys, sort=False)
    sums = grouped[["weight", "full_marks", "reported_score", "taken_score"]].sum(min_count=1)
    flags = grouped[["lacks_weight", "is_manual"]].any()
    firsts = grouped[["first", f"level{level}_weight", "places"]].first()
    places = firsts.pop("places")
    frame = firsts.set_axis(["first", "declared_weight"], axis=1).assign(
        open_scores=grouped["open_scores"].sum(),
        weight=_rounded(sums["weight"], places).where(~flags["lacks_weight"]),
        full_marks=_rounded(sums["full_marks"], places),
        reported_score=_rounded(sums["reported_score"], places),
        score=_rounded(sums["taken_score"], places).where(~flags["is_manual"]),
        rows=grouped.size(),
    )
    frame = frame.reset_index()
    paths = [tuple(label for label in path if label) for path in zip(*(frame[label] for label in labels), strict=True)]
    return frame.drop(columns=labels).assign(path=pd.Series(paths, frame.index, dtype="object"), level=level)


def _rounded(values: pd.Series, places: pd.Series) -> pd.Series:
    """Return sums rounded half-up to each one's decimals."""
    distinct = places.unique()
    if len(distinct) == 1:
        return round_half_up(values, int(distinct[0]))
    rounded = pd.Series(float("nan"), index=values.index)
    for kept in distinct:
        rounded = rounded.where(places != kept, round_half_up(values, int(kept)))
    return rounded


def _with_typed(groups: pd.DataFrame, indicators: pd.DataFrame, subtotals: pd.DataFrame) -> pd.DataFrame:
    """Return the groups with the subtotals that the unit typed, and the cells of each group's first row."""
    cells = list(indicators["cells"].loc[groups["first"]])
    scores = [float("nan")] * len(groups)
    typed = {
        (table_id, label): (score, refs.get("reported_score"))
        for table_id, label, score, refs in zip(
            *(subtotals[name] for name in ("table_id", "level1", "reported_score", "cells")), strict=True
        )
    }
    if typed:
        for i, (table_id, path, level) in enumerate(
            zip(groups["table_id"], groups["path"], groups["level"], strict=True)
        ):
            if level == 1 and (table_id, path[-1]) in typed:
                scores[i], ref = typed[table_id, path[-1]]
                cells[i] = cells[i] | ({"subtotal": ref} if ref is not None else {})
    return groups.assign(
        typed_score=pd.Series(scores, dtype="float64", index=groups.index),
        cells=pd.Series(cells, dtype="object", index=groups.index),
    )


def score_tables(tables: pd.DataFrame, budget: pd.DataFrame, indicators: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Return the tables frame with sums, totals and grades.

    Added columns:

    * `weight_sum`: sum of all weights, that of the execution row included; NaN where a row lacks one.
    * `reported_sum`: sum of all filled scores; NaN where nothing is filled.
    * `score`: sum of computed and accepted scores; NaN where there are none.
    * `manual_weight`: full marks of the rows that are left to a person and so are not in `score`.
    * `is_complete`: no row is left to a person.
    * `repeats_execution`: the points beside the money are those of an indicator row, and are not added to them.
    * `lacks_total_money`: the form gives points for the execution, but no row of money is its total.
    * `grade`: of `score` where complete, else of the filled total; None where neither is there.
    * `grade_of_filled`: of the filled total, or of the sum of the filled scores; None where neither is there.
    * `total_if_zero`, `total_if_full`, `total_if_rescale`, `total_if_siblings`: what the filled scores would add up to
      under each way of treating the rows that do not apply; NaN where there are none.

    Totals of a table whose full marks are 1 are graded as parts of 100.
    """
    sums = _indicator_sums(tables.index, indicators)
    execution = _execution(tables, budget, indicators, forms)
    is_open = execution["score"].isna() & (execution["full_marks"].notna() | execution["reported_score"].notna())
    weight_sum = sums["weight"].where(~sums["lacks_weight"] & ~execution["lacks_weight"])
    score = sums["taken_score"].add(execution["score"], fill_value=0)
    reported_sum = sums["reported_score"].add(execution["reported_score"], fill_value=0)
    rubrics = row_rubrics(tables, tables, forms)
    frame = tables.assign(
        weight_sum=round_half_up(weight_sum + execution["weight"].fillna(0), 4),
        # Points that were not found are not known to be none.
        reported_sum=round_half_up(reported_sum.where(~execution["is_unread"]), 4),
        score=rubrics.round(score),
        manual_weight=round_half_up(sums["manual_weight"] + execution["full_marks"].where(is_open, 0.0).fillna(0)),
        is_complete=~sums["is_manual"] & ~is_open & ~execution["is_unread"] & score.notna(),
        lacks_total_money=execution["lacks_total"],
        repeats_execution=execution["is_repeated"],
    )
    graded = frame["score"].where(frame["is_complete"], frame["total_reported_score"])
    filled = frame["total_reported_score"].where(frame["total_reported_score"].notna(), frame["reported_sum"])
    is_out_of_one = adds_up_to_one(sums["full_marks"].fillna(0) + execution["full_marks"].fillna(0))
    graded, filled = (total.where(~is_out_of_one, total * 100) for total in (graded, filled))
    return frame.assign(
        grade=_grades(graded, rubrics),
        grade_of_filled=_grades(filled, rubrics),
        **policy_totals(indicators, budget, tables, forms),
    )


def _indicator_sums(ids: pd.Index, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return, by table_id, sums over the indicator rows; NaN where no row has a number."""
    is_manual = indicators["status"] == MANUAL
    rows = indicators[["table_id", "weight", "full_marks", "reported_score", "taken_score"]].assign(
        manual_weight=indicators["full_marks"].where(is_manual, 0.0),
        is_manual=is_manual,
        lacks_weight=_lacks_weight(indicators),
    )
    grouped = rows.groupby("table_id")
    sums = grouped[["weight", "full_marks", "reported_score", "taken_score"]].sum(min_count=1).reindex(ids)
    flags = grouped[["is_manual", "lacks_weight"]].any().reindex(ids, fill_value=False)
    return sums.join(flags).assign(manual_weight=grouped["manual_weight"].sum().reindex(ids, fill_value=0.0))


def _execution(tables: pd.DataFrame, budget: pd.DataFrame, indicators: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Return, by table_id, the points for the execution, NaN where a table has none, and what is not known of them."""
    points = execution_points(budget, indicators, tables, forms)
    is_scored = row_rubrics(tables, tables, forms).pick(lambda rubric: rubric.execution_scored).astype(bool)
    asked = [not _EXECUTION_POINTS.isdisjoint(columns) for columns in tables["columns"]]
    lacks_total = is_scored & pd.Series(asked, tables.index, dtype=bool) & ~points["has_total"] & ~points["is_repeated"]
    is_unread = lacks_total & points["weight"].isna() & points["reported_score"].isna()
    return points.assign(lacks_weight=points["lacks_weight"] | is_unread, lacks_total=lacks_total, is_unread=is_unread)


def _grades(totals: pd.Series, rubrics: RowRubrics) -> pd.Series:
    pairs = zip(totals, rubrics.codes, strict=True)
    grades = [grade_of(total, (own := rubrics.rubrics[code]).grades, own.places) for total, code in pairs]
    return pd.Series(grades, index=totals.index, dtype="object")


def grade_of(total: float, scale: Sequence[tuple[float, str]], places: int = 2) -> str | None:
    """Return the grade of a total; None where there is no total.

    Args:
        total: Points; rounded half-up first, so 89.995 is a 90.
        scale: (lowest total, grade), highest first. The bands of the national scale (90–100, 80–89 …) leave gaps
            between whole numbers; they are read as half-open, 89.5 is below 90.
        places: Decimals that a total keeps.
    """
    if total != total:
        return None
    rounded = round_half_up(float(total), places)
    return next((grade for lowest, grade in scale if rounded >= lowest), None)
