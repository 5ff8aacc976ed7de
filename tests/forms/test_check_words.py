"""The words of checks.toml: what they find, what they pass over, and what is said of a wrong file."""

from pathlib import Path

import pytest

from perfxl.errors import DefinitionError
from perfxl.forms.check_words import load_check_words, read_check_words
from perfxl.text import fold


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("说明项目完成情况，100字以内", True),
        ("XX项目", True),
        ("××单位", True),
        ("（请填写）", True),
        ("新建面积(≥**平方米)", True),
        ("7×24小时", False),
        ("XXL号服装", False),
        ("信息填写率", False),
        ("说明书印制", False),
    ],
)
def test_hints_of_a_template(text: str, is_found: bool) -> None:
    assert bool(load_check_words().hints.search(fold(text))) is is_found


@pytest.mark.parametrize(
    ("text", "is_found"),
    [("第二期培训未完成", True), ("无未完成事项", False), ("未完成原因：无", False), ("不存在未达标情况", False)],
)
def test_words_that_say_something_was_left_undone(text: str, is_found: bool) -> None:
    assert bool(load_check_words().undone.search(fold(text))) is is_found


@pytest.mark.parametrize(
    ("text", "is_found"),
    [("疫情", True), ("受疫情影响", True), ("资金不足。", True), ("样品返工", False), ("疫情封控停课两个月", False)],
)
def test_reasons_that_explain_nothing(text: str, is_found: bool) -> None:
    assert bool(load_check_words().boilerplate.fullmatch(fold(text))) is is_found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[hint]\npatterns = []\n", r"checks\.toml：hint：未知的键，是否应为 hints？"),
        ('[hints]\npatterns = ["("]\n', r"checks\.toml：hints\.patterns：“\(”不是正确的正则表达式"),
        ('[classes]\noutput = "产出"\n', r"checks\.toml：classes\.output：应为文字的列表"),
    ],
)
def test_a_wrong_file_names_the_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "checks.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match=message):
        read_check_words(path)
