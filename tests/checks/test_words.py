"""What words tell a check, and when a filled score counts as the computed one."""

import re

import pandas as pd
import pytest

from perfxl.checks.series import NothingFoundError, choose, equal, first_of, flags, gather, only, texts
from perfxl.checks.tolerance import decimals, differs_from_rule
from perfxl.checks.words import (
    can_be_negative,
    finds,
    is_bounded_rate,
    is_no_reason,
    names_nothing,
    say,
    says_not_applicable,
    says_undone,
)
from perfxl.forms.check_words import load_check_words
from perfxl.text import fold


@pytest.mark.parametrize("text", ["", "—", "/", "…", "无", "无。", "暂无", "没有", "无偏差", "无原因", "N/A", " 无 "])
def test_says_nothing(text: str) -> None:
    assert is_no_reason(text)


@pytest.mark.parametrize("text", ["疫情", "无法开展", "没有足够人手", "无资金结余，已全部支付", "0"])
def test_says_something(text: str) -> None:
    assert not is_no_reason(text)


@pytest.mark.parametrize("name", ["无", "/", "不涉及", "指标1：不适用", "无此项业务", "没有相关项目", "不涉及该项工作"])
def test_names_no_indicator(name: str) -> None:
    assert names_nothing(name)


@pytest.mark.parametrize(
    "name",
    ["无障碍设施", "无新增债务", "无重大安全事故", "无纸化率", "无偿献血人次", "培训人次", "无人机采购数量", "指标2："],
)
def test_names_an_indicator(name: str) -> None:
    assert not names_nothing(name)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("本部门本年无新增预算项目", "本年无新增预算项目"),
        ("不涉及", "不涉及"),
        ("今年无法开展活动", None),
        ("已全部完成", None),
    ],
)
def test_says_not_applicable(text: str, words: str | None) -> None:
    assert says_not_applicable(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("本单位本年无进行资产盘点", "无进行资产盘点"),
        ("因疫情未开展", "未开展"),
        ("不存在未完成事项", None),
        ("未完成原因：无", None),
        ("杜绝未执行现象，无未落实工作", None),
        ("已开展", None),
    ],
)
def test_says_undone(text: str, words: str | None) -> None:
    assert says_undone(text) == words


@pytest.mark.parametrize(
    ("name", "may_be"), [("收入增长率", True), ("结余", True), ("培训人次", False), ("合格率", False)]
)
def test_can_be_negative(name: str, may_be: bool) -> None:
    assert can_be_negative(name) is may_be


@pytest.mark.parametrize(
    ("name", "unit", "is_bounded"),
    [("满意度", "%", True), ("满意度", "分", False), ("增长率", "%", False), ("完成率", "%", False)],
)
def test_bounded_rate(name: str, unit: str, is_bounded: bool) -> None:
    assert is_bounded_rate(name, unit) is is_bounded


def test_say_is_bool_without_texts_too() -> None:
    assert say(pd.Series([None, "无", float("nan"), "疫情"], dtype="object"), is_no_reason).tolist() == [
        False, True, False, False,
    ]  # fmt: skip
    assert say(pd.Series([], dtype="object"), is_no_reason).dtype == bool


# ---------------------------------------------------------------- tolerance


@pytest.mark.parametrize(("text", "places"), [("8", 0), ("8.5", 1), ("8.50", 2), ("8.5分", 1), (None, 0), ("", 0)])
def test_decimals(text: str | None, places: int) -> None:
    assert decimals(pd.Series([text], dtype="object")).tolist() == [places]


@pytest.mark.parametrize(
    ("text", "weight", "share", "differs"),
    [
        ("8.7", 10, 0.87, False),
        ("8.71", 10, 0.87, False),
        ("8.72", 10, 0.87, True),
        ("8.69", 10, 0.87, False),
        ("4", 4.5, 79 / 90, False),  # 3.95, one decimal, the zero dropped
        ("4.00", 4.5, 79 / 90, True),
        ("2.9", 3.5, 1000 / 1188, False),  # 2.946: rounded once, not by way of 2.95
        ("9", 10, 0.85, True),
        ("9", 10, float("nan"), False),
    ],
)
def test_differs_from_rule(text: str, weight: float, share: float, differs: bool) -> None:
    rows = pd.DataFrame({
        "reported_score": [float(text)],
        "reported_score_text": pd.Series([text], dtype="object"),
        "full_marks": [float(weight)],
        "rubric_score_tolerance": [0.01],
    })  # fmt: skip
    assert differs_from_rule(rows, pd.Series([share])).tolist() == [differs]
    assert differs_from_rule(rows.assign(reported_score=float("nan")), pd.Series([share])).tolist() == [False]


# ---------------------------------------------------------------- lists of one value a row


def test_lists_as_columns_of_a_frame_without_rows() -> None:
    rows = pd.DataFrame({"a": [1, 2]}).iloc[:0]
    assert flags(rows, []).dtype == bool
    assert texts(rows, []).dtype == object
    assert rows[flags(rows, [])].columns.tolist() == ["a"]
    assert choose(flags(rows, []), "甲", "乙").empty


def test_lists_as_columns() -> None:
    rows = pd.DataFrame({"a": [1, 2, 3]}, index=[7, 8, 9])
    assert flags(rows, ["x", "", None]).to_dict() == {7: True, 8: False, 9: False}
    assert texts(rows, map(str, rows["a"])).to_dict() == {7: "1", 8: "2", 9: "3"}
    assert choose(rows["a"] > 1, "大", "小").tolist() == ["小", "大", "大"]


def test_gather_keeps_the_order_of_the_rows() -> None:
    rows = pd.DataFrame({"a": [1, 2, 3]})
    assert gather([rows.iloc[[2]], rows.iloc[:0], rows.iloc[[0]]])["a"].tolist() == [1, 3]


def test_a_check_ends_where_nothing_is_found() -> None:
    rows = pd.DataFrame({"table_id": [1, 1, 2]})
    assert only(rows, rows["table_id"] == 1).index.tolist() == [0, 1]
    assert first_of(rows, [1, 2, 3]).index.tolist() == [0, 2]
    for find_none in (
        lambda: only(rows, rows["table_id"] > 2),
        lambda: first_of(rows, []),
        lambda: gather([]),
        lambda: gather([rows.iloc[:0]]),
    ):
        with pytest.raises(NothingFoundError):
            find_none()


# ---------------------------------------------------------------- columns of texts


def test_a_column_is_compared_with_one_text() -> None:
    column = pd.Series(["filled", None, "blank", "", float("nan")], index=[3, 1, 2, 0, 9], dtype="object")
    assert equal(column, "filled").to_dict() == {3: True, 1: False, 2: False, 0: False, 9: False}
    assert equal(column[:0], "filled").dtype == bool


def test_texts_are_found_whether_they_were_asked_for_before_or_not() -> None:
    pattern = re.compile("完.成")
    column = pd.Series(["完 1成", None, "完成", "完a成" * 30, 3.0], index=[5, 4, 3, 2, 1], dtype="object")
    for _ in range(2):
        assert finds(column, pattern).to_dict() == {5: True, 4: False, 3: False, 2: True, 1: False}
    assert finds(column, pattern, whole=True).tolist() == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("text", "is_hint"),
    [("XX项目", True), ("建设×× 处", True), ("AXX项目", False), ("XX1", False), ("×", False), ("≥**米", True), ("7*8", False),
     ("100字以内", True), ("字以内", False), ("请填写数量", True), ("填写率", False)],
)  # fmt: skip
def test_hints_of_a_form(text: str, is_hint: bool) -> None:
    assert (load_check_words().hints.search(fold(text)) is not None) == is_hint


@pytest.mark.parametrize(
    ("text", "mark"),
    [("100*", "*"), ("*100", "*"), ("7*24", None), ("95**", None), ("a_b", "_"), ("NULL", "NULL"), ("null值", None),
     ("nulls", None), ("1#", "#"), ("#1", None)],
)  # fmt: skip
def test_marks_in_a_value(text: str, mark: str | None) -> None:
    found = load_check_words().marks.search(fold(text))
    assert (found and found[0]) == mark
