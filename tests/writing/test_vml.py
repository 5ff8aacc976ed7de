import re

import pytest

from perfxl.writing.patch_sheet import Layout
from perfxl.writing.vml import Box, add_boxes, new_drawing, noted_cells


def anchor(box: Box, layout: Layout) -> list[int]:
    drawing = add_boxes(new_drawing(1, 1), [box], layout, 1).decode()
    return [int(number) for number in re.search("<x:Anchor>(.*?)</x:Anchor>", drawing)[1].split(",")]


def size(box: Box, layout: Layout) -> tuple[int, int]:
    """Width and height of a box in pixels, for sheets whose columns are 64 and rows 20 pixels."""
    left, left_offset, top, top_offset, right, right_offset, bottom, bottom_offset = anchor(box, layout)
    return (right - left) * 64 + right_offset - left_offset, (bottom - top) * 20 + bottom_offset - top_offset


USUAL = Layout()


def test_boxes_grow_with_their_text() -> None:
    assert size(Box(12, 8, "短"), USUAL) == (256, 28)
    assert size(Box(12, 8, "一\n二\n三"), USUAL) == (256, 60)
    assert size(Box(12, 8, "长" * 100), USUAL)[1] == 5 * 16 + 12
    wide, tall = size(Box(12, 8, "长" * 1000), USUAL)
    assert (wide, tall) == (420, 30 * 16 + 12)


def test_boxes_keep_their_size_among_tall_and_hidden_rows() -> None:
    layout = Layout(rows={11: 80, 12: 0})
    left, _, top, _, _, _, bottom, offset = anchor(Box(12, 8, "一\n二\n三"), layout)
    assert (left, top) == (8, 10)
    assert (bottom, offset) == (10, 66)


def test_boxes_stand_beside_merged_ranges() -> None:
    assert anchor(Box(12, 8, "短"), Layout(rights={(12, 8): 11}))[0] == 11


@pytest.mark.parametrize("place", [(1, 1), (1_048_576, 16_384)])
def test_boxes_stay_on_the_sheet(place: tuple[int, int]) -> None:
    left, _, top, _, right, _, bottom, _ = anchor(Box(*place, "文\n" * 30), USUAL)
    assert 0 <= left <= right < 16_384
    assert 0 <= top <= bottom < 1_048_576


def test_shape_ids_go_on_where_the_drawing_ends() -> None:
    drawing = add_boxes(new_drawing(3, 2), [Box(1, 1, "a"), Box(2, 1, "b")], USUAL, 3)
    assert b'data="3"' in drawing
    again = add_boxes(drawing, [Box(3, 1, "c")], USUAL, 9)
    assert re.findall(rb'id="_x0000_s(\d+)"', again) == [b"3073", b"3074", b"3075"]
    assert again.count(b"<v:shapetype ") == 1
    assert noted_cells(again) == {(1, 1), (2, 1), (3, 1)}


def test_many_boxes_take_more_ranges_of_ids() -> None:
    assert b'data="5,6,7"' in new_drawing(5, 2500)
