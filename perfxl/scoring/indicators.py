"""Points of every indicator row, and whether they were computed, accepted or are left to a person."""

from functools import partial

import numpy as np
import pandas as pd

from perfxl.forms.definitions import Forms
from perfxl.forms.rubric import Rubric
from perfxl.model.columns import ABSENT, ACCEPTED, MANUAL, SCORED, SHARED
from perfxl.scoring.completion import completion_rate
from perfxl.scoring.parameters import RowRubrics, indicator_rubrics
from perfxl.scoring.quantities import date_shares, nearer, quantity_shares

# A reason of fewer characters (无, 疫情) explains no deduction.
_SHORTEST_REASON = 6
# Rows whose points are judged within bounds, where nothing stands in the way; a score sheet's rows have no kind.
_JUDGED = ("qualitative", "date")
# What tells why a row is left to a person.
_TELLING = [
    "note", "weight_state", "reported_score_state", "full_marks", "shares_weight", "is_judged", "reported_score",
]  # fmt: skip
# What the rules for quantities go by, and what tells how a row looks with its numbers as shown.
_OF_QUANTITIES = [
    "name", "kind", "operator", "rule_operator", "unit", "target_number", "target_upper", "actual_number",
    "target_shown", "actual_shown", "lower_is_better", "on_time", "problem", "full_marks", "reported_score",
    "completion_rate",
]  # fmt: skip


def score_indicators(indicators: pd.DataFrame, tables: pd.DataFrame, forms: Forms) -> pd.DataFrame:
    """Return the indicators frame with what the rules give.

    Args:
        indicators: With the column `full_marks`, see `perfxl.scoring.full_marks`.
        tables: Indexed by table_id.
        forms: The known forms.

    Returns:
        The frame with these columns added:

        * `completion_rate`: fraction, NaN where it cannot be computed or the target is 0.
        * `share`: the part of the full marks that the rule gives, 0…1; NaN where no rule applies.
        * `score`: full marks × share, half-up to `places` decimals; NaN where it cannot be computed.
        * `alternative_share`, `alternative_score`: the same by another reverse rule that the rubric accepts, or by
          the numbers as the cells show them rounded; of several the one nearest to what was filled in; NaN where
          there is none, or it gives no other result.
        * `reverse`: the rule that goes for too much of the row.
        * `over_achievement`, `ask`, `places`, `policy`: of the row's rubric, see `Rubric`.
        * `is_far_above`: the completion rate reaches `over_achievement`; False in rows that are better low.
        * `is_far_below`: a row that is better low lies at or below the rubric's `far_below` part of its target.
        * `is_left_open`: there are numbers, but the rubric leaves the points to judgement.
        * `is_judged`: the rule leaves the points to judgement within bounds.
        * `lowest`, `highest`: the bounds, in points, of a score that the rule leaves to judgement; NaN elsewhere.
        * `is_open_above`: the upper bound itself is not reached: second and third tier, and a date that was missed.
        * `in_bounds`: the filled score lies in them; False where there are none.
        * `shares_weight`: one weight, its cell merged over several rows, stands for this row and others.
        * `is_comparable`: the filled score is for this row alone; False where its cell is merged over rows that have
          weights of their own, or the weight's cell over rows that have scores of their own.
        * `status`: `scored`, `accepted` or `manual`.
        * `note`: as before; in rows left to a person, where the texts gave none, why.
        * `taken_score`: the computed score, else the accepted one; NaN where a person must look.
    """
    rubrics = indicator_rubrics(indicators, tables, forms)
    rows = _with_rates(indicators)
    has_reason = pd.Series([len(reason or "") >= _SHORTEST_REASON for reason in rows["reason"]], rows.index, dtype=bool)
    found = _quantity_shares(rows, rubrics, has_reason)
    dated = date_shares(rows, rubrics)
    rows = rows.assign(**found | {"share": found["share"].where(dated.isna(), dated)})
    rows = _bounds(rows, rubrics, has_reason)
    rows = _judge_runs(rows)
    rows = rows.assign(
        score=rubrics.round(rows["full_marks"] * rows["share"]),
        alternative_score=rubrics.round(rows["full_marks"] * rows["alternative_share"]),
        in_bounds=_in_bounds(rows),
        places=rubrics.pick(lambda rubric: rubric.places),
        ask=rubrics.pick(lambda rubric: rubric.ask),
        policy=rubrics.pick(lambda rubric: rubric.not_applicable),
    )
    status = _status(rows)
    taken = rows["score"].where(status == SCORED, rows["reported_score"])
    return _explained(rows.assign(status=status, taken_score=taken.where(status != MANUAL)))


def _explained(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with a note on every row that is left to a person, where its texts gave none."""
    is_open = rows["status"].eq(MANUAL)
    if not is_open.any():
        return rows
    own = rows.loc[is_open, _TELLING]
    note, is_judged = own["note"], own["is_judged"]
    is_unscored = own["weight_state"].eq(ABSENT) & own["reported_score_state"].eq(ABSENT)
    note = note.mask(is_unscored & note.notna(), note + "；本表没有分值和得分，不计分")
    causes = {
        "本表没有分值和得分，不计分": is_unscored,
        "没有分值，无法计分": own["full_marks"].isna(),
        "与相邻各行共用一个分值，各占多少未写明": own["shares_weight"],
        "没有得分，由人评定": is_judged & own["reported_score"].isna(),
        "得分不在应得的区间内，由人评定": is_judged,
    }
    for cause, holds in causes.items():
        note = note.mask(note.isna() & holds, cause)
    notes = rows["note"].to_numpy(copy=True)
    notes[is_open] = note.fillna("没有可以套用的计分规则")
    return rows.assign(note=pd.Series(notes, rows.index, dtype="object"))


def _with_rates(rows: pd.DataFrame) -> pd.DataFrame:
    rate = completion_rate(
        rows["target_number"],
        rows["actual_number"],
        lower_is_better=rows["lower_is_better"],
        upper=rows["target_upper"],
    )
    return rows.assign(completion_rate=rate.where(rate.notna(), rows["on_time"].where(rows["on_time"] == 1)))


def _quantity_shares(rows: pd.DataFrame, rubrics: RowRubrics, has_reason: pd.Series) -> dict[str, pd.Series]:
    """Return what the rules give for quantities; where cells show numbers rounded, these are another reading."""
    is_rounded = rows["target_shown"].notna() | rows["actual_shown"].notna()
    if not is_rounded.any():
        return quantity_shares(rows, rubrics, has_reason=has_reason)
    # The rules are gone through once: rows with rounded numbers are laid below all others, with the numbers shown.
    seen = _as_shown(rows.loc[is_rounded, _OF_QUANTITIES])
    places = np.append(np.arange(len(rows)), np.flatnonzero(is_rounded))
    numbers = ("target_number", "actual_number", "completion_rate")
    both = rows[_OF_QUANTITIES].take(places).reset_index(drop=True)
    both = both.assign(**{name: np.append(rows[name], seen[name]) for name in numbers})
    of_both = RowRubrics(both.index, rubrics.codes[places], rubrics.rubrics)
    of_all = quantity_shares(both, of_both, has_reason=has_reason.take(places).reset_index(drop=True))
    found = {name: values.iloc[: len(rows)].set_axis(rows.index) for name, values in of_all.items()}
    shown = of_all["share"].iloc[len(rows) :].set_axis(rows.index[is_rounded]).reindex(rows.index)
    other = shown.where(shown != found["share"])
    return found | {"alternative_share": nearer(rows, found["alternative_share"], other)}


def _as_shown(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the numbers that a person sees, where number formats round what the cells store."""
    seen = {name: rows[f"{name}_shown"].fillna(rows[f"{name}_number"]) for name in ("target", "actual")}
    return _with_rates(rows.assign(target_number=seen["target"], actual_number=seen["actual"]))


def _bounds(rows: pd.DataFrame, rubrics: RowRubrics, has_reason: pd.Series) -> pd.DataFrame:
    """Return the frame with the bounds in which a score that is judged, not computed, must lie.

    Source: three tiers of qualitative indicators, 100–80 %, 80–60 % and 60–0 % of the weight, each holding its
    lower end. Words that name no tier, and rows of score sheets without a target, leave the whole range open.
    A date that was missed may earn anything but full marks: no source gives a formula.
    """
    judged = rows["kind"].isin(_JUDGED) & rows["problem"].isna() | rows["kind"].isna() | rows["is_left_open"]
    judged &= rows["share"].isna()
    low, high = pd.Series(0.0, index=rows.index), pd.Series(1.0, index=rows.index)
    for tier in (1, 2, 3):
        is_tier = judged & (rows["tier"] == tier)
        if is_tier.any():
            low, high = (
                bound.mask(is_tier, rubrics.pick(partial(_band, tier=tier, end=end)))
                for end, bound in enumerate((low, high))
            )
    # Points that a unit takes off a met indicator, and says why, are its own judgement: platforms then lift the bound.
    is_lifted = judged & (rows["tier"] == 1) & has_reason & rubrics.pick(lambda rubric: rubric.reason_lifts_band)
    low = low.mask(is_lifted, 0.0)
    # Bounds are rounded before they are compared, as the filing platforms do.
    return rows.assign(
        lowest=rubrics.round(rows["full_marks"] * low).where(judged),
        highest=rubrics.round(rows["full_marks"] * high).where(judged),
        is_judged=judged,
        is_open_above=judged & ((rows["tier"] > 1) | (rows["on_time"] == 0)),
    )


def _band(rubric: Rubric, tier: int, end: int) -> float:
    return rubric.bands[tier - 1][end]


def _judge_runs(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with rows that share one weight, its cell merged over them, taken together.

    How the weight is split among them is not told: the first of them, which holds it, has full marks where every
    row is met, is judged where words stand in the way of nothing, and is left to a person otherwise.
    """
    is_shared = {name: rows[f"{name}_state"].eq(SHARED) for name in ("weight", "reported_score")}
    goes_on = is_shared["weight"] | is_shared["reported_score"]
    goes_on &= rows["table_id"].eq(rows["table_id"].shift())
    if not goes_on.any():
        return rows.assign(shares_weight=False, is_comparable=True)
    run = (~goes_on).cumsum()
    is_met = rows["share"] >= 1
    is_judged = rows["is_judged"] & ~rows["is_open_above"]
    is_split = is_shared["weight"] != is_shared["reported_score"]
    is_split &= rows["reported_score_state"] != ABSENT

    def anywhere(flag: pd.Series) -> pd.Series:
        """Return whether a flag is up in any row of a row's run."""
        return run.isin(run[flag])

    holds = anywhere(is_shared["weight"])
    are_met = ~anywhere(~is_met)
    opens = holds & ~anywhere(~(is_met | is_judged)) & ~are_met
    return rows.assign(
        share=rows["share"].where(~holds | are_met),
        lowest=rows["lowest"].where(~holds).mask(opens, 0.0),
        highest=rows["highest"].where(~holds).mask(opens, rows["full_marks"]),
        shares_weight=holds,
        is_comparable=~anywhere(is_split),
    )


def _in_bounds(rows: pd.DataFrame) -> pd.Series:
    score = rows["reported_score"]
    # A weight of nothing leaves no room below its upper bound.
    below_top = (score < rows["highest"]) | (~rows["is_open_above"] | (rows["highest"] == 0)) & (
        score <= rows["highest"]
    )
    return (score >= rows["lowest"]) & below_top


def _status(rows: pd.DataFrame) -> pd.Series:
    weight, score = rows["full_marks"], rows["reported_score"]
    # Without points of its own a row has nothing to be judged: an 其中 row, a placeholder row, one of a merged weight.
    has_no_points = weight.fillna(0).eq(0) & score.fillna(0).eq(0)
    is_empty = rows["is_detail"] | has_no_points & (rows["kind"].eq("placeholder") | rows["weight_state"].eq(SHARED))
    # A form without a weight column leaves the points to the unit; the filled score is taken as it is.
    is_weightless = weight.isna() & rows["weight_state"].eq(ABSENT) & (score >= 0) & rows["problem"].isna()
    status = np.full(len(rows), MANUAL, dtype="object")
    status[is_empty | is_weightless | rows["in_bounds"]] = ACCEPTED
    status[rows["score"].notna()] = SCORED
    return pd.Series(status, rows.index, dtype="object")
