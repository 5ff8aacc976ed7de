"""The drawings themselves: what a drawing says is what the grid holds."""

from perfxl.model.cells import Span
from tests.reading.sheets import draw


def test_texts_numbers_and_blanks() -> None:
    grid = draw("""
        | 得⏎分 | 12.5 | '12 |   |
        | =?    |      | #REF! | 95% |
    """)
    assert {place: (cell.text, cell.kind) for place, cell in grid.cells.items()} == {
        (1, 1): ("得\n分", "text"), (1, 2): ("12.5", "number"), (1, 3): ("12", "text"),
        (2, 1): ("", "missing"), (2, 3): ("#REF!", "error"), (2, 4): ("95%", "text"),
    }  # fmt: skip


def test_merged_cells_and_hidden_rows() -> None:
    grid = draw(
        """
        | 标题 | < | < |
        | 产出 | 甲 | 乙 |
        ~ | ^ | ^ | 丙 |
        """,
        top=5,
        left=3,
    )
    assert set(grid.merges) == {Span(5, 3, 5, 5), Span(6, 3, 7, 3), Span(6, 4, 7, 4)}
    assert grid.hidden_rows == {7}
    assert grid.at(7, 3) == grid.cells[6, 3]
