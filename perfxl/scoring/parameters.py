"""The rubric of each row, and its numbers laid beside the rows of a frame."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfxl.forms.definitions import Forms
from perfxl.forms.rubric import Rubric
from perfxl.rounding import round_half_up

_LABELS = ["level1", "level2", "name"]


@dataclass(frozen=True, slots=True, eq=False)
class RowRubrics:
    """The rubrics that the rows of a frame are scored by.

    Attributes:
        index: Of the frame, shape (n,).
        codes: Shape (n,), place of a row's rubric in `rubrics`.
        rubrics: The distinct ones.
    """

    index: pd.Index
    codes: npt.NDArray[np.intp]
    rubrics: Sequence[Rubric]

    def pick(self, value: Callable[[Rubric], Any]) -> pd.Series:
        """Return a number or name of its rubric for every row; None becomes NaN among numbers."""
        picked = pd.Series([value(rubric) for rubric in self.rubrics])
        return picked.take(self.codes).set_axis(self.index)

    def mask(self, test: Callable[[Rubric], bool]) -> npt.NDArray[np.bool_]:
        """Return, shape (n,), of which rows the rubric passes a test."""
        return np.array([test(rubric) for rubric in self.rubrics], dtype=bool)[self.codes]

    def groups(self, key: Callable[[Rubric], Any]) -> Iterator[tuple[Rubric, pd.Series]]:
        """Yield, for every distinct key that is not None, a rubric that has it and the mask of the rows that have it.

        For rules whose numbers are not one a row, such as steps.
        """
        found: dict[Any, list[int]] = {}
        for code, rubric in enumerate(self.rubrics):
            if (own := key(rubric)) is not None:
                found.setdefault(own, []).append(code)
        for codes in found.values():
            yield self.rubrics[codes[0]], pd.Series(np.isin(self.codes, codes), index=self.index)

    def round(self, values: pd.Series) -> pd.Series:
        """Return points rounded half-up to the decimals that each row's rubric keeps."""
        if len(self.rubrics) == 1:
            return round_half_up(values, self.rubrics[0].places)
        rounded = pd.Series(float("nan"), index=self.index)
        for rubric, takes in self.groups(lambda rubric: rubric.places):
            rounded = rounded.where(~takes, round_half_up(values, rubric.places))
        return rounded


def row_rubrics(rows: pd.DataFrame, tables: pd.DataFrame, forms: Forms) -> RowRubrics:
    """Return the rubrics of the rows of any frame: those of their tables.

    Args:
        rows: With a `table_id`.
        tables: The tables frame, indexed by table_id.
        forms: The known forms.
    """
    codes, names = pd.factorize(tables["rubric"])
    of_row = codes[tables.index.get_indexer(pd.Index(rows["table_id"]))]
    return RowRubrics(rows.index, of_row, [forms.rubric(name) for name in names] or [forms.rubric(None)])


def indicator_rubrics(indicators: pd.DataFrame, tables: pd.DataFrame, forms: Forms) -> RowRubrics:
    """Return the rubrics of indicators: those of their tables, with the rules of single classes and names laid over."""
    found = row_rubrics(indicators, tables, forms)
    with_rules = [code for code, rubric in enumerate(found.rubrics) if rubric.rules]
    takes = np.isin(found.codes, with_rules)
    if not takes.any():
        return found
    rows = indicators.loc[takes, _LABELS].fillna("").assign(code=found.codes[takes])
    grouped = rows.groupby(["code", *_LABELS], sort=False)
    rubrics = list(found.rubrics)
    laid: dict[tuple[int, tuple[int, ...]], int] = {}
    of_group = []
    for code, *labels in grouped.head(1)[["code", *_LABELS]].itertuples(index=False):
        key = code, rubrics[code].rules_of(*labels)
        if key not in laid:
            laid[key] = len(rubrics)
            rubrics.append(rubrics[code].with_rules(key[1]))
        of_group.append(laid[key])
    codes = found.codes.copy()
    codes[takes] = np.array(of_group)[grouped.ngroup().to_numpy()]
    return RowRubrics(found.index, codes, rubrics)
