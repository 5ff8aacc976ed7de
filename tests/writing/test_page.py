"""How high rows are made for their texts."""

from unicodedata import east_asian_width

import pytest

from perfxl.writing.page import Page, text_width
from perfxl.writing.sheet_model import RowKind


def test_every_character_takes_the_columns_that_unicode_gives_it() -> None:
    wrong = [
        character
        for character in map(chr, range(0x20, 0xD800))
        if text_width(f"甲{character}a") != 3 + (2 if east_asian_width(character) in "WFA" else 1)
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 1), ("四个汉字", 1), ("四个汉字a", 1), ("五个汉字了", 2), ("a\nb\nc", 3), ("五个汉字了\nb", 3)],
)
def test_a_row_is_as_high_as_its_longest_text(text: str, lines: int) -> None:
    # A line of ten columns takes nine half-width characters.
    page = Page((10, 10))
    page.add(["甲", text], RowKind(("text_wrap", "text_wrap")))
    assert page.rows[0].height == 13.5 * lines + 3


def test_a_text_has_the_room_of_its_merged_range() -> None:
    page = Page((10, 10, 10))
    page.add(["十二个汉字十二个汉字十二"], RowKind(("text_wrap",) * 3, ((1, 3),)))
    assert page.rows[0].height == 16.5
