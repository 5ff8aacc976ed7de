"""The filled rows of a sheet."""

from perfxl.forms.lexicon import NOTHING, load_lexicon
from perfxl.model.cells import CellRef
from perfxl.reading.rows import filled_rows
from tests.reading.sheets import draw


def rows_of(drawing: str) -> list[list[tuple[str, int, int, int]]]:
    rows = filled_rows(draw(drawing), load_lexicon())
    return [[(item.text, item.left, item.right, item.bottom) for item in row.items] for row in rows]


def test_a_merged_range_is_one_item_where_it_begins() -> None:
    found = rows_of("""
        | 标题 | <  |    |
        | 产出 |    | 10 |
        | ^    | 乙 |    |
    """)
    assert found == [[("标题", 1, 2, 1)], [("产出", 1, 1, 3), ("10", 3, 3, 2)], [("乙", 2, 2, 3)]]


def test_blank_rows_and_cells_of_white_space_are_left_out() -> None:
    grid = draw("""
        | 甲 |
        |    |
        | ␣␣ |
        | 乙 |
    """)
    assert [row.number for row in filled_rows(grid, load_lexicon())] == [1, 4]


def test_words_are_looked_up_for_texts_only_and_counted() -> None:
    (row,) = filled_rows(draw("| 三级指标 | 全年执行数 | 12 | 张三 |"), load_lexicon())
    assert [item.word.column for item in row.items] == ["level3", None, None, None]
    assert [item.word is NOTHING for item in row.items] == [False, False, True, True]
    assert (row.columns, row.money) == (1, 1)


def test_cells_stored_out_of_order_come_in_order() -> None:
    grid = draw("""
        | 甲 | 乙 |
        | 丙 | 丁 |
    """)
    shuffled = {place: grid.cells[place] for place in [(2, 2), (1, 2), (2, 1), (1, 1)]}
    object.__setattr__(grid, "cells", shuffled)
    rows = filled_rows(grid, load_lexicon())
    assert [[item.text for item in row.items] for row in rows] == [["甲", "乙"], ["丙", "丁"]]


def test_an_item_knows_its_cell() -> None:
    grid = draw("| 甲 | 乙 |", sheet="表", top=4, left=2)
    (row,) = filled_rows(grid, load_lexicon())
    assert row.items[1].ref(grid) == CellRef("表", 4, 3, "乙")
