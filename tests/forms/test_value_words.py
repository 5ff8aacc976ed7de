"""The data file of the value parser: what is wrong in it is named with its key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perfxl.errors import DefinitionError
from perfxl.forms.data import templates_folder
from perfxl.forms.value_words import load_words

ORIGINAL = (templates_folder() / "values.toml").read_text(encoding="utf-8")


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str], Path]:
    def edit(old: str, new: str) -> Path:
        assert old in ORIGINAL
        path = tmp_path / "values.toml"
        path.write_text(ORIGINAL.replace(old, new, 1), encoding="utf-8")
        return path

    return edit


def test_the_file_that_comes_with_perfxl_is_right() -> None:
    words = load_words()
    assert words.units["元"].dimension == "money"
    assert load_words() is words


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("[vague]", "[vagueness]", "vagueness"),
        ("relative_after = [", "relative_before = [", "numbers.relative_before"),
        ("[multipliers]", '[multipliers]\n"零" = 0', "multipliers.零"),
        ("[units.sound]", '[units.sound]\n"元" = 1.0', "units.sound.元"),
        ('"千分之" = "‰"', '"千分之" = "不是单位"', "unit_spellings.千分之"),
        ('before = ["=", "==", "等于", "恰好"]', 'before = ["=", "不超过"]', "operators.=.before"),
        ('before = ["=", "==", "等于", "恰好"]', 'before = "="', "operators.=.before"),
        ('vague_before = ["几", "数"]', "vague_before = [1]", "numbers.vague_before"),
        ('reach = ["达到",', 'reach = ["不低于", "达到",', "numbers.reach"),
        ('anywhere = ["≥",', 'anywhere = ["从没有的词", "≥",', "numbers.anywhere"),
        ('patterns = ["(?:未|没有|没|尚未', 'patterns = ["(?:未|(没有|没|尚未', "undone.patterns"),
        ("month = 30.0", "week = 7.0", "calendar_days.week"),
        ('"部分达成", "部分完成"', '"未完成", "部分完成"', "tiers.partly.words"),
        ("[dates]", "[dates]\nextra = []", "dates.extra"),
    ],
)
def test_a_wrong_file_names_the_key(edited: Callable[[str, str], Path], old: str, new: str, key: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_words(edited(old, new))
    assert caught.value.file == "values.toml"
    assert caught.value.key == key
    assert caught.value.message


def test_no_toml_and_no_file(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("a = [", encoding="utf-8")
    for path in (broken, tmp_path / "absent.toml"):
        with pytest.raises(DefinitionError, match="无法读取"):
            load_words(path)
