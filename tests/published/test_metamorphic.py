"""The same table laid out otherwise reads the same: rows, money and total of every published table."""

import random
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from perfxl.forms.data import templates_folder
from perfxl.forms.definitions import load_forms
from perfxl.forms.lexicon import load_lexicon
from perfxl.model.cells import CellRef, Span
from perfxl.model.columns import ACCEPTED, MANUAL, SCORED
from perfxl.model.grid import Grid, Workbook
from perfxl.pipeline import review
from perfxl.reading.extract import TableRecord
from perfxl.text import fold
from tests.published.layouts import LEVELS, Case, Sheet, lay_out, load_cases
from tests.reading.sheets import tables

CASES = load_cases()
_LABELS = ("level1", "level2", "level3", "level4")
_VALUES = ("operator_text", "target", "unit_text", "actual", "weight_text", "reported_score_text", "reason")
_MONEY = ("name", "initial", "adjusted", "executed", "reported_ratio", "weight_text", "reported_score_text")
# A score column after every level, all under one word: which belongs to which is told by their order alone.
ORDER_IS_MEANING = {"30"}
# Questions about the use of the money, answered in words: no indicators.
NO_INDICATORS = {"35"}


def is_label(word: str) -> bool:
    """Whether a heading stands over labels."""
    return word in LEVELS or "级指标" in word or word in ("评价内容", "指标名称")


@pytest.fixture(params=CASES, ids=lambda case: case["id"])
def case(request: pytest.FixtureRequest) -> Case:
    """Return each of the published tables."""
    found: Case = request.param
    return found


def reading(grid: Grid) -> list[tuple[Any, ...]]:
    """Return what was read of each table of a sheet, without its places; every place must hold what it says."""
    return [_content(record, grid) for record in tables(grid)]


def _content(record: TableRecord, grid: Grid) -> tuple[Any, ...]:
    for row in (*record.indicators, *record.budget, record.table):
        for ref in row["cells"].values():
            _assert_place(ref, grid)
    total = record.table.get("total_weight"), record.table.get("total_reported_score")
    return (
        [tuple(_text(row.get(name)) for name in (*_LABELS, *_VALUES)) for row in record.indicators],
        [tuple(_text(row.get(name)) for name in _MONEY) for row in record.budget],
        tuple(_text(value) for value in total),
    )


def _assert_place(ref: CellRef, grid: Grid) -> None:
    cell = grid.at(ref.row, ref.column)
    assert (cell.text if cell else "") == ref.text, f"{ref} does not hold {ref.text!r}"


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    return fold(f"{value:g}" if isinstance(value, float) else str(value))


def assert_same(case: Case, sheet: Sheet, *, typed: bool = False) -> None:
    assert reading(sheet.grid(typed=typed)) == reading(lay_out(case).grid())


# ---------------------------------------------------------------- the table as published


def test_the_rows_are_those_that_were_published(case: Case) -> None:
    """Rows without a name (……) and template rows with nothing beside them (`指标2:`) are no indicators.

    A row without a name but with values goes by its class.
    """
    ((rows, _, _),) = reading(lay_out(case).grid())
    labels = [at for at, word in enumerate(case["columns"]) if is_label(word)]
    wanted, held = [], ""
    for line in case["rows"] if case["id"] not in NO_INDICATORS else ():
        held = next((line[at] for at in reversed(labels[:-1]) if line[at]), held)
        name, values = fold(line[labels[-1]] or ""), any(line[labels[-1] + 1 :])
        is_template = not set(name) - set("….") or name.endswith(":")
        if name and (values or not is_template):
            wanted.append(name)
        elif values:
            wanted.append(fold(held))
    found = [next(label for label in reversed(row[:4]) if label) for row in rows]
    assert found == wanted


# ---------------------------------------------------------------- rows and columns put in


@pytest.mark.parametrize("gap", [1, 3])
def test_blank_rows_between_the_blocks(case: Case, gap: int) -> None:
    sheet = lay_out(case)
    for at in (sheet.last + 1, sheet.heading, 3, 2):
        sheet = sheet.moved(lambda row, at=at: row + gap * (row >= at), lambda column: column)
    assert_same(case, sheet)


def test_blank_rows_among_the_indicators(case: Case) -> None:
    sheet = lay_out(case)
    first, count = sheet.heading + 1, sheet.last - sheet.heading
    for at in range(first + count - 1, first, -max(1, count // 3)):
        sheet = sheet.moved(lambda row, at=at: row + (row >= at), lambda column: column)
    assert_same(case, sheet)


def test_a_blank_column_at_every_place(case: Case) -> None:
    sheet = lay_out(case)
    for at in range(1, sheet.right + 2):
        assert_same(case, sheet.moved(lambda row: row, lambda column, at=at: column + (column >= at)))


@pytest.mark.parametrize(("down", "across"), [(1, 0), (0, 1), (7, 3), (200, 40)])
def test_the_form_elsewhere_on_the_sheet(case: Case, down: int, across: int) -> None:
    assert_same(case, lay_out(case).moved(lambda row: row + down, lambda column: column + across))


# ---------------------------------------------------------------- columns and labels


def orders(case: Case) -> Iterator[list[int]]:
    """Yield orders of the columns in which the levels keep theirs."""
    count = len(case["columns"])
    levels = [at for at, word in enumerate(case["columns"]) if is_label(word)]
    others = [at for at in range(count) if at not in levels]
    yield [*levels, *reversed(others)]
    yield [*others, *levels]
    for seed in range(4):
        shuffled = others.copy()
        random.Random(seed).shuffle(shuffled)
        yield [*levels, *shuffled]


def test_columns_in_another_order(case: Case) -> None:
    if case["id"] in ORDER_IS_MEANING:
        pytest.skip("one heading word for the scores of every level: their order is their meaning")
    for order in orders(case):
        assert_same(case, lay_out(case, columns=order))


@pytest.mark.parametrize("labels", ["repeated", "first"])
def test_labels_repeated_or_on_their_first_row_alone(case: Case, labels: str) -> None:
    assert_same(case, lay_out(case, labels=labels))


# ---------------------------------------------------------------- heading words


@cache
def synonyms() -> dict[str, list[str]]:
    """Return for each field of an indicator column the words that name it."""
    data = tomllib.loads((templates_folder() / "lexicon.toml").read_text(encoding="utf-8"))
    return {field: entry.get("words", []) for field, entry in data["columns"].items()}


def test_headings_by_their_other_names(case: Case) -> None:
    words, lexicon = synonyms(), load_lexicon()
    fields = [lexicon.look_up(word).column for word in case["columns"]]
    sheet, base = lay_out(case), reading(lay_out(case).grid())
    for number in range(max(len(words.get(field or "", ())) for field in fields)):
        changed = {
            (sheet.heading, column): options[number % len(options)]
            for column, field in enumerate(fields, 2)
            if field and fields.count(field) == 1 and (options := words.get(field, ()))
        }
        assert reading(sheet.with_texts(changed).grid()) == base, list(changed.values())


DRESS: dict[str, Callable[[str], str]] = {
    "line break": lambda word: word[:2] + "\n" + word[2:],
    "spread": lambda word: " ".join(word) if len(word) < 4 else word,
    "wide spaces": lambda word: f"\u3000{word}\u3000",
    "letter": lambda word: word if "(" in word else f"{word}（A）",
    "star": lambda word: f"*{word}",
}


@pytest.mark.parametrize("dress", DRESS)
def test_headings_dressed_up(case: Case, dress: str) -> None:
    sheet = lay_out(case)
    changed = {(sheet.heading, column): DRESS[dress](word) for column, word in enumerate(case["columns"], 2)}
    assert_same(case, sheet.with_texts(changed))


def test_a_heading_of_two_rows(case: Case) -> None:
    """A row above says 绩效指标 over the labels; the other headings are merged over both rows."""
    sheet = lay_out(case)
    at = sheet.heading
    split = sheet.moved(lambda row: row + (row > at), lambda column: column)
    texts, merges = dict(split.texts), list(split.merges)
    labels = [column for column, word in enumerate(case["columns"], 2) if is_label(word)]
    for column, word in enumerate(case["columns"], 2):
        if column in labels:
            texts[at + 1, column] = word
            del texts[at, column]
        else:
            merges.append(Span(at, column, at + 1, column))
    if labels and labels == list(range(labels[0], labels[-1] + 1)):
        texts[at, labels[0]] = "绩效指标"
        merges.append(Span(at, labels[0], at, labels[-1]))
    assert_same(case, Sheet(texts, tuple(merges), at, split.last))


# ---------------------------------------------------------------- values, notes, neighbours


def test_numbers_stored_as_numbers(case: Case) -> None:
    assert_same(case, lay_out(case), typed=True)


def test_hidden_rows_count_as_well(case: Case) -> None:
    sheet = lay_out(case)
    hidden = Sheet(sheet.texts, sheet.merges, sheet.heading, sheet.last, frozenset({sheet.heading + 1, sheet.last}))
    assert_same(case, hidden)


NOTES = (
    "填表说明",
    "1.定量指标完成值达到指标值的，记满分；未达到指标值的，按完成值与指标值的比例记分。",
    "2.定性指标分为达成年度指标、部分达成年度指标、未达成年度指标三档，分别按100%-80%(含)、80%-60%(含)、60%-0%记分。",
    "填表人：张某　　联系电话：0566-0000000　　填报日期：2022年3月1日",
)


def test_notes_below(case: Case) -> None:
    sheet = lay_out(case)
    assert_same(case, sheet.with_texts({(sheet.bottom + at, 1): note for at, note in enumerate(NOTES, 1)}))


@pytest.mark.parametrize("gap", [0, 2])
def test_two_tables_on_one_sheet(case: Case, gap: int) -> None:
    for other in (CASES[0], CASES[3]):
        above, below = lay_out(case), lay_out(other)
        low = below.moved(lambda row: row + above.bottom + gap, lambda column: column)  # noqa: B023  # called at once
        both = Sheet({**above.texts, **low.texts}, above.merges + low.merges, above.heading, above.last)
        assert reading(both.grid()) == reading(above.grid()) + reading(below.grid())


def test_tables_on_sheets_of_their_own(case: Case) -> None:
    grids = [lay_out(case).grid(), lay_out(CASES[0]).grid("另一张", 1)]
    assert [_content(record, grids[number]) for number, record in enumerate(tables(*grids))] == [
        *reading(grids[0]), *reading(grids[1]),
    ]  # fmt: skip


# ---------------------------------------------------------------- what becomes of every row


def test_every_row_is_scored_accepted_or_left_to_a_person_who_is_told_why(case: Case) -> None:
    book = Workbook(Path("自评表.xlsx"), "xlsx", "", 0, (lay_out(case).grid(),), None)
    found = review([book], load_forms())
    indicators = found.scored.indicators
    assert set(indicators["status"]) <= {SCORED, ACCEPTED, MANUAL}
    named = {finding.cell for finding in found.findings}
    codes = {finding.code for finding in found.findings}
    for _, row in indicators[indicators["status"] == MANUAL].iterrows():
        assert named & set(row["cells"].values()) or "STR-15" in codes, f"nothing is said of {row['name']}"
