"""Texts outside the blocks of a table: titles, labels with their values, conclusions."""

import re
from collections.abc import Iterable

from perfxl.forms.lexicon import NOTHING, Lexicon, Word
from perfxl.model.grid import Grid
from perfxl.reading.amounts import is_amount, is_money_unit
from perfxl.reading.blocks import Pair
from perfxl.reading.headings import Amount, amounts_beside
from perfxl.reading.rows import Item, Row

_COLON = re.compile(r"[:：]")
_WHITE = re.compile(r"\s+")
_LONGEST_LABEL = 24
_LONGEST_TITLE = 60
# A cell with labels and values in it; a longer text is prose.
_LONGEST_CELL = 400
_GOALS = frozenset({"goals", "goal_expected", "goal_actual"})


def title_in(row: Row, lexicon: Lexicon) -> Item | None:
    """Return the title in a row: a cell that ends like one, or a cell of its own that sounds like one."""
    for item in row.items:
        if "title" in item.word.sections and not item.word.sections & _GOALS:
            return item
    lead = row.items[0]
    if len(row.items) == 1 and len(lead.text) <= _LONGEST_TITLE and lexicon.hints_at("title", lead.text):
        return lead
    return None


def labelled(row: Row) -> list[tuple[Item, list[Item]]]:
    """Return the labels of conclusions in a row with the cells right of each."""
    found: list[tuple[Item, list[Item]]] = []
    for item in row.items:
        if not found or "conclusion" in item.word.sections:
            found.append((item, []))
        else:
            found[-1][1].append(item)
    return found


def has_colon(text: str) -> bool:
    """Whether a text may begin with a label and a colon."""
    return ":" in text or "：" in text


def word_before_colon(text: str, lexicon: Lexicon) -> Word:
    """Return what the label of a text such as `填表人：张三` stands for; NOTHING for a text without a label."""
    match = _COLON.search(text, 0, _LONGEST_LABEL)
    return lexicon.look_up(text[: match.start()]) if match else NOTHING


def label_word(item: Item, lexicon: Lexicon) -> Word:
    """Return what a cell stands for, or else what its label before a colon stands for."""
    return item.word if item.word is not NOTHING else word_before_colon(item.text, lexicon)


def facts_in(row: Row, grid: Grid, lexicon: Lexicon) -> tuple[list[Pair], list[Amount]]:
    """Return the labels with their values and the money beside its words, in a row outside the blocks.

    A value stands right of its label, or behind it in one cell.
    """
    pairs: list[Pair] = []
    amounts = amounts_beside(row) if row.money else []
    items = row.items
    for i, item in enumerate(items):
        if item.word.header:
            value = _value_beside(item, items[i + 1] if i + 1 < len(items) else None, grid, lexicon)
            if value is None or not is_money_unit(value.text):
                pairs.append(Pair(item.word.header, item, value, value.text if value else ""))
        elif len(item.text) <= _LONGEST_CELL and has_colon(item.text):
            for word, text in _labels_in(item.text, lexicon):
                if word.header and not is_money_unit(text):  # 单位：万元 names no unit
                    pairs.append(Pair(word.header, item, item, text))
                elif word.budget_column and is_amount(text):
                    amounts.append(Amount(word.budget_column, item, item, text))
    return pairs, amounts


def _value_beside(label: Item, beside: Item | None, grid: Grid, lexicon: Lexicon) -> Item | None:
    """Return the value of a label, None where the cell for it is blank and another label follows."""
    if beside is None or beside.word.header or word_before_colon(beside.text, lexicon).header:
        return None
    # A blank merged cell right of the label is the place of the value: what follows is something else.
    anchor = grid.covered.get((label.row, label.right + 1))
    return None if anchor is not None and anchor not in grid.cells else beside


def _labels_in(text: str, lexicon: Lexicon) -> Iterable[tuple[Word, str]]:
    """Yield the labels of a text such as `单位名称：某局    填报日期：2022年3月1日`, each with its value."""
    label, value = NOTHING, ""
    *pieces, last = _COLON.split(text)
    for piece in pieces:
        start, following = _last_label(piece, lexicon)
        value += piece[:start]
        if following is NOTHING:
            value += f"{piece[start:]}:"  # a colon within the value: 12:30
            continue
        if label is not NOTHING:
            yield label, value.strip()
        label, value = following, ""
    if label is not NOTHING:
        yield label, f"{value}{last}".strip()


def _last_label(text: str, lexicon: Lexicon) -> tuple[int, Word]:
    """Return where in a text the label before a colon begins and what it is; (length, NOTHING) for none."""
    # The longest one: `项 目 名 称`, `实施单位 （盖章）`. A year before it belongs to the value of the label before.
    for start in [0, *(match.end() for match in _WHITE.finditer(text))]:
        label = text[start:]
        if len(label) <= _LONGEST_LABEL and not label[:1].isdigit():
            word = lexicon.look_up(label)
            if word.header or word.budget_column:
                return start, word
    return len(text), NOTHING
