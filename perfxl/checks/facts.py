"""What checks go by that is told by all rows of a table together: one column a fact, one row a table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from perfxl.checks.words import finds
from perfxl.forms.check_words import load_check_words
from perfxl.forms.definitions import Form, Forms
from perfxl.model.cells import CellRef
from perfxl.model.columns import ABSENT, SHARED
from perfxl.model.frames import Scored
from perfxl.text import fold, plain_label, without_brackets


def table_facts(scored: Scored, forms: Forms) -> Mapping[str, pd.Series]:
    """Return facts of the tables as columns for the tables frame; what each holds stands in the function below it."""
    return {
        "prescribed": _prescribed(scored.tables, forms),
        "excess": _excess(scored),
        "open_points": _open_points(scored),
        "words": _listed(scored, _words(scored)),
        "filled_scores": _filled(scored),
        "zero_row": _zero_rows(scored),
        **_classes(scored),
        **_names_and_targets(scored),
    }


def _listed(scored: Scored, values: Iterable[Any]) -> pd.Series:
    return pd.Series(list(values), scored.tables.index, dtype="object")


def _prescribed(tables: pd.DataFrame, forms: Forms) -> pd.Series:
    """Return the columns that each table's form must have; empty where it prescribes none, or no form matches.

    A table that heads most of them with other words than the form is one of its own, which only has the same columns.
    """
    known = [
        own.prescribed if form is not None and _is_worded_as(own := forms.by_id[form], columns) else ()
        for form, columns in zip(tables["form"], tables["columns"], strict=True)
    ]
    return pd.Series(known, index=tables.index, dtype="object")


def _is_worded_as(form: Form, columns: Mapping[str, CellRef]) -> bool:
    words = dict(form.template.indicators.columns) if form.template is not None else {}
    there = [name for name in form.prescribed if name in columns]
    same = sum(without_brackets(fold(columns[name].text)) == fold(words.get(name, "")) for name in there)
    return same * 2 > len(there)


def _excess(scored: Scored) -> pd.Series:
    """Return by how many points scores lie above their weights, summed over each table."""
    rows = scored.indicators
    above = (rows["reported_score"] - rows["full_marks"]).clip(lower=0)
    return above.groupby(rows["table_id"]).sum().reindex(scored.tables.index, fill_value=0.0)


def _open_points(scored: Scored) -> pd.Series:
    """Return the full marks of the rows whose score is blank or no number, summed over each table.

    Infinite where such a row has no weight: nobody can tell how many points it might have had.
    """
    total = scored.budget["is_total"]
    names = ["table_id", "reported_score", "reported_score_state", "full_marks"]
    rows = pd.concat([scored.indicators.loc[~scored.indicators["is_detail"], names], scored.budget.loc[total, names]])
    is_open = rows["reported_score"].isna() & ~rows["reported_score_state"].isin([ABSENT, SHARED])
    points = rows["full_marks"].fillna(float("inf")).where(is_open, 0.0)
    return points.groupby(rows["table_id"]).sum().reindex(scored.tables.index, fill_value=0.0)


def _filled(scored: Scored) -> pd.Series:
    """Return how many indicator rows of each table have a score."""
    rows = scored.indicators
    counts = rows["reported_score"].notna().groupby(rows["table_id"]).sum()
    return counts.reindex(scored.tables.index, fill_value=0)


def _zero_rows(scored: Scored) -> pd.Series:
    """Return, of each table, the first indicator that came to nothing: (name, what is 0); None where there is none."""
    rows = scored.indicators
    has_points = rows["full_marks"].gt(0) & rows["name"].notna() & ~rows["is_not_applicable"]
    by_score, by_rate = rows["reported_score"].eq(0), rows["actual_number"].eq(0) & rows["target_number"].gt(0)
    is_zero = has_points & (by_score | by_rate & ~rows["lower_is_better"])
    hit = rows.loc[is_zero, ["table_id", "name"]].drop_duplicates("table_id")
    found = {
        table_id: (name, "得 0 分" if is_score else "完成值为 0")
        for table_id, name, is_score in zip(hit["table_id"], hit["name"], by_score[hit.index], strict=True)
    }
    return pd.Series([found.get(table_id) for table_id in scored.tables["table_id"]], scored.tables.index, "object")


def _names_and_targets(scored: Scored) -> dict[str, pd.Series]:
    """Return, of each table, the folded names of its indicators and the numbers of their targets."""
    rows = scored.indicators
    names: dict[int, list[str]] = defaultdict(list)
    numbers: dict[int, set[float]] = defaultdict(set)
    with_goal = set(scored.tables.loc[scored.tables["goal_expected"].notna(), "table_id"])
    columns = (rows[column].tolist() for column in ("table_id", "name", "target_number"))
    # Names repeat from table to table.
    folded = {name: fold(plain_label(name or "")) for name in set(rows["name"])}
    for table_id, name, target in zip(*columns, strict=True):
        if table_id in with_goal:
            names[table_id].append(folded[name])
            numbers[table_id].add(target)
    ids = scored.tables["table_id"]
    return {
        "indicator_names": pd.Series([tuple(names[table_id]) for table_id in ids], scored.tables.index, "object"),
        "target_numbers": pd.Series([frozenset(numbers[table_id]) for table_id in ids], scored.tables.index, "object"),
    }


def _words(scored: Scored) -> list[str]:
    """Return, table by table, all that a table says in its reasons and conclusions, as one text."""
    said: dict[int, list[str]] = defaultdict(list)
    rows = scored.indicators
    for table_id, reason in zip(rows["table_id"].tolist(), rows["reason"].tolist(), strict=True):
        if reason is not None:
            said[table_id].append(reason)
    ids = scored.tables["table_id"]
    for table_id, conclusions in zip(ids, scored.tables["conclusions"], strict=True):
        said[table_id] += (conclusions or {}).values()
    return ["\n".join(said[table_id]) for table_id in ids]


def _classes(scored: Scored) -> dict[str, pd.Series]:
    """Return, of each table, which classes it has, as bools.

    `has_output`, `has_benefit`, `has_satisfaction`, `has_cost` (the last two at any level), `is_by_classes` (laid out
    by 产出, 效益, 满意度 and not by another framework), `outputs_met` (every output indicator is met; False where there
    is none), `benefit_points` (full marks of the benefits).
    """
    rows, words = scored.indicators, load_check_words().classes
    level1, level2, name = rows["level1"], rows["level2"], rows["name"]
    is_output, is_benefit = finds(level1, words["output"]), finds(level1, words["benefit"])
    flags = pd.DataFrame({
        "has_output": is_output,
        "has_benefit": is_benefit,
        "is_other": finds(level1, words["other_framework"]),
        **{
            f"has_{key}": finds(level1, words[key]) | finds(level2, words[key]) | finds(name, words[key])
            for key in ("satisfaction", "cost")
        },
    })  # fmt: skip
    ids = scored.tables.index
    found = flags.groupby(rows["table_id"]).any().reindex(ids, fill_value=False)
    is_met = rows["share"].ge(1) | rows["share"].isna() & rows["reported_score"].ge(rows["full_marks"])
    unmet = (is_output & ~rows["is_detail"] & ~is_met).groupby(rows["table_id"]).any().reindex(ids, fill_value=False)
    points = rows["full_marks"].where(is_benefit, 0.0).groupby(rows["table_id"]).sum().reindex(ids, fill_value=0.0)
    return {
        **{name: found[name] for name in ("has_output", "has_benefit", "has_satisfaction", "has_cost")},
        "is_by_classes": (found["has_output"] | found["has_benefit"]) & ~found["is_other"],
        "outputs_met": found["has_output"] & ~unmet,
        "benefit_points": points,
    }
