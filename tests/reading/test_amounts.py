"""Numbers in cells of money, points and rates."""

import pytest

from perfxl.model.grid import Cell
from perfxl.reading.amounts import (
    is_amount,
    is_dash,
    is_money_unit,
    label_points,
    level_points,
    money,
    own_unit,
    points,
    ratio,
    trailing_points,
    unit_in_label,
    unit_stated,
)


def text(shown: str) -> Cell:
    return Cell(shown, shown, "text")


def number(value: float, shown: str | None = None) -> Cell:
    return Cell(shown or f"{value:g}", value, "number")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (number(12.5), 12.5),
        (number(12.499, "12.5"), 12.499),
        (text("１５"), 15),
        (text("91 分"), 91),
        (text("5（因全校人数减少）"), 5),
        (text("5（满分10）"), None),
        (text("９１分。"), 91),
        (text("1,200"), 1200),
        (text("-3"), -3),
        (text(".5"), 0.5),
        (text("15%"), 0.15),
        (text("满分"), None),
        (text("10/10"), None),
        (text("—"), None),
        (text(""), None),
        (Cell("TRUE", True, "bool"), None),
        (Cell("#N/A", "#N/A", "error"), None),
        (Cell("", None, "missing", "A1"), None),
        (Cell("2023年1月1日", 44927.0, "date"), None),
        (None, None),
    ],
)
def test_points(cell: Cell | None, expected: float | None) -> None:
    assert points(cell) == expected


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [
        (number(1234.5678, "1,234.57"), "万元", 1234.5678),
        (text("1,234.56"), "万元", 1234.56),
        (text("1234.56万元"), "万元", 1234.56),
        (text("1.2亿元"), "万元", 12000),
        (text("5000元"), "万元", 0.5),
        (text("100万"), "元", 1_000_000),
        (text("￥89.974"), "万元", 89.974),
        (text("５００．００"), "元", 500),
        (text("12.3万元"), "元", 123_000),
        (text("0.1万元"), "元", 1000),
        (text("2万元"), None, 2),
        (text("约100万元"), "万元", None),
        (text("—"), "万元", None),
        (text("/"), "万元", None),
        (Cell("TRUE", True, "bool"), "万元", None),
        (None, "万元", None),
    ],
)
def test_money(cell: Cell | None, unit: str | None, expected: float | None) -> None:
    assert money(cell, unit) == expected


@pytest.mark.parametrize(
    ("cell", "fraction", "places"),
    [
        (number(0.9955, "99.55%"), 0.9955, 2),
        (number(1.0, "100%"), 1.0, 0),
        (text("99.97%"), 0.9997, 2),
        (text("９５％"), 0.95, 0),
        (text("1"), 1.0, 2),
        (number(1.0), 1.0, 2),
        (text("25"), 0.25, 0),
        (number(102.59), 1.0259, 2),
        (text("0.998"), 0.998, 1),
        (number(0.99974), 0.99974, 3),
        (text("0.00%"), 0.0, 2),
    ],
)
def test_ratio(cell: Cell, fraction: float, places: int) -> None:
    found = ratio(cell)
    assert found is not None
    assert found.fraction == pytest.approx(fraction, abs=1e-12)
    assert found.places == places


@pytest.mark.parametrize("cell", [text("—"), text("高"), text(""), None, Cell("#DIV/0!", "#DIV/0!", "error")])
def test_no_ratio(cell: Cell | None) -> None:
    assert ratio(cell) is None


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("产出指标(50分)", 50),
        ("产出指标（５０分）", 50),
        ("相关性（满分5分）", 5),
        ("目标任务(15 分)(含加分2分)", 15),
        ("产出指标", None),
        ("产出（50）", None),
        ("分项指标", None),
    ],
)
def test_points_in_labels(label: str, expected: float | None) -> None:
    assert label_points(label) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [("产出指标50分", 50), ("产出指标\n50分", 50), ("产出指标（50分）", 50), ("产出指标", None), ("指标1", None)],
)
def test_points_of_levels(label: str, expected: float | None) -> None:
    assert level_points(label) == expected


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("总分：93.6分", ("总分", 93.6)),
        ("总分（100分）", ("总分", 100)),
        ("自评总分 91", ("自评总分", 91)),
        ("总分", None),
        ("2022年度总分", None),
        ("本项目自评得分为九十五分，其中产出指标得分50分，效益指标得分30分", None),
    ],
)
def test_points_behind_labels(shown: str, expected: tuple[str, float] | None) -> None:
    assert trailing_points(shown) == expected


@pytest.mark.parametrize("shown", ["12", "1,200.50", "95%", "12万元", "10分", "-3", "１２", "0"])
def test_amounts(shown: str) -> None:
    assert is_amount(shown)


@pytest.mark.parametrize("shown", ["", "—", "12个", "2022年", "年初预算数", "10-12", "一百", "1" * 40])
def test_what_is_no_amount(shown: str) -> None:
    assert not is_amount(shown)


@pytest.mark.parametrize(("shown", "expected"), [("—", True), ("/", True), ("--", True), ("无", False), ("", False)])
def test_dashes(shown: str, expected: bool) -> None:
    assert is_dash(shown) is expected


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("项目资金（万元）", "万元"),
        ("项目资金⏎(单位：元)".replace("⏎", "\n"), "元"),
        ("全年预算数（A，万元）", "万元"),
        ("预算数万元", "万元"),
        ("金额：千元", "千元"),
        ("年度资金总额（亿元）：", "亿元"),
        ("100万元", None),
        ("补助标准（500元/人）", None),
        ("多元化投入", None),
        ("项目资金", None),
    ],
)
def test_the_unit_in_a_label(label: str, unit: str | None) -> None:
    assert unit_in_label(label) == unit


def test_the_unit_stated_by_a_line_or_an_amount() -> None:
    assert unit_stated("金额单位：万元") == "万元"
    assert unit_stated("单位：人民币元") == "元"
    assert unit_stated("实施单位：多元公司") is None
    assert own_unit("1.2亿元") == "亿元"
    assert own_unit("12") is None


def test_a_unit_of_money_alone() -> None:
    assert is_money_unit("（万元）")
    assert is_money_unit("元")
    assert not is_money_unit("县财政局")
    assert not is_money_unit("元氏县")
