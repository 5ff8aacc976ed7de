"""What a message quotes is shown and not obeyed."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.text import _fold_any, fold, shown, visible
from perfxl.writing.document import json_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("培训 12 场", "培训 12 场"),
        ("甲\x1b[31m乙\x07", "甲[31m乙"),
        ("甲\x9b2J乙", "甲2J乙"),
        ("甲\u202e乙\u2066", "甲乙"),
        ("一行\n另一行\r", "一行\n另一行"),
        (os.fsdecode("自评表.xlsx".encode("gbk")), "自评表.xlsx"),
        ("半个\ud83d", "半个"),
    ],
)
def test_visible(text: str, expected: str) -> None:
    assert visible(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年度\n 指标值（Ａ）", "年度指标值(A)"),
        ("≧９５％、〔一〕。", "≥95%,[一]."),
        ("e\u0301①\u200b㎡", "é1m2"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(st.text(st.sampled_from("年A1 e\n\u3000（）：，。、≥＝═～“％…￥·①㎡é\u0301\u0338\u200b"), max_size=12))
def test_usual_signs_fold_as_all_signs_do(text: str) -> None:
    assert fold(text) == _fold_any(text)


def test_shown_is_one_line_and_cut() -> None:
    assert shown("一\n二\x1b\u200b三", 10) == "一 二三"
    assert shown("一二三四五", 4) == "一二三…"


def test_json_holds_nothing_that_a_terminal_obeys() -> None:
    line = json_line({"a": "\x1b[2J\x9b\u202e\u2028表", "b": "\udcd7"})
    assert line.decode() == '{"a": "\\u001b[2J\\u009b\\u202e\\u2028表", "b": "\\udcd7"}\n'
