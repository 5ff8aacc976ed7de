import pytest

from perfxl.writing.blank.spread import height_of, spread


@pytest.mark.parametrize(
    ("widths", "shares", "spans"),
    [
        ([10, 10, 10], [1, 1, 1], [(0, 0), (1, 1), (2, 2)]),
        ([10, 10, 10, 10], [1, 1], [(0, 1), (2, 3)]),
        ([5, 10, 30, 10], [15, 40], [(0, 1), (2, 3)]),
        # A cell that is much too narrow is worse than two that are a bit too wide.
        ([14, 6, 28, 8, 30, 9, 30], [24, 16, 16, 11], [(0, 1), (2, 3), (4, 5), (6, 6)]),
        ([40], [3], [(0, 0)]),
    ],
)
def test_cells_share_columns_as_near_as_can_be(
    widths: list[float], shares: list[float], spans: list[tuple[int, int]]
) -> None:
    assert spread(widths, shares) == spans


@pytest.mark.parametrize(
    ("text", "lines"), [("数量指标", 1), ("a" * 19, 1), ("a" * 20, 2), ("甲" * 10, 2), ("甲\n乙", 2)]
)
def test_a_chinese_character_is_as_wide_as_two_digits(text: str, lines: int) -> None:
    assert height_of(text, 20) == lines * 15 + 9
