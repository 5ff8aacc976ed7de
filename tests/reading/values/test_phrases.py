"""Words that tell not applicable, undone and vague from one another."""

import pytest

from perfxl.forms.applicability import says_not_applicable, says_undone
from perfxl.forms.value_words import load_words
from perfxl.text import fold


@pytest.mark.parametrize(
    ("text", "not_applicable", "undone"),
    [
        ("不适用", True, False),
        ("不涉及", True, False),
        ("本年度不涉及该项业务", True, False),
        ("无此项业务", True, False),
        ("无新增项目", True, False),
        ("未开展", False, True),
        ("未进行资产盘点", False, True),
        ("未完成", False, True),
        ("无安全事故", False, False),
        ("完成", False, False),
        ("", False, False),
    ],
)
def test_not_applicable_is_not_undone(text: str, not_applicable: bool, undone: bool) -> None:
    assert (says_not_applicable(text) is not None) is not_applicable
    assert (says_undone(text) is not None) is undone


@pytest.mark.parametrize(("text", "vague"), [("逐步改善", True), ("有效提升", True), ("≥95%", False), ("健全", False)])
def test_vague_words(text: str, vague: bool) -> None:
    assert (load_words().vague.search(fold(text)) is not None) is vague
