"""Units: reading them off a text and converting between them."""

import pytest

from perfxl.forms.units import convert, look_up_unit, unit_at_start, unit_of_column


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("万元以上", "万元"),
        ("万元/人以内", "万元/人"),
        ("个百分点", "个百分点"),
        ("个村", "个"),
        ("千米", "千米"),
        ("千元", "千元"),
        ("亿立方米", "亿立方米"),
        ("次/年", "次/年"),
        ("元/人*月以上", "元/人*月"),
        ("万", "万"),
        ("工作日内", "工作日"),
        ("完成", ""),
        ("", ""),
    ],
)
def test_unit_at_start(text: str, unit: str) -> None:
    assert unit_at_start(text) == unit


@pytest.mark.parametrize(
    ("number", "unit", "to", "expected"),
    [
        (11000, "万元", "亿元", 1.1),
        (90, "分钟", "小时", 1.5),
        (3, "天", "小时", 72),
        (12, "个月", "年", 1),
        (365, "天", "年", 1),
        (2, "周", "天", 14),
        (950, "‰", "%", 95),
        (3.6, "万", "人", 36000),
        (3.6, "万", "万人", 3.6),
        (3.6, "万", "元", 36000),
        (3, "万", "公里", 30000),
        (5, "家", "个", 5),
        (5, "羽", "只", 5),
        (0.15, "万元/人", "元/人", 1500),
        (3, "次", "次/年", 3),
        (300, "元/亩", "每亩", 300),
        (15, "公顷", "亩", 225),
        (7, None, "%", 7),
        (7, "个", None, 7),
        (7, "万", None, 70000),
        (0.1, "成", "%", 1),
        (95, "%", "个", None),
        (95, "%", "元", None),
        (3, "万", "%", None),
        (3, "天", "个", None),
        (3, "米", "平方米", None),
    ],
)
def test_convert(number: float, unit: str | None, to: str | None, expected: float | None) -> None:
    assert convert(number, unit, to) == expected


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("％", "%"),
        ("百分比", "%"),
        ("（万元）", "万元"),
        ("%(百分比)", "%"),
        ("元/人*月", "元/人*月"),
        ("平方米", "平方米"),
        ("m2", "m2"),
        ("/", None),
        ("无", None),
        ("", None),
        ("定性", None),
        ("100", None),
    ],
)
def test_unit_of_column(text: str, unit: str | None) -> None:
    assert unit_of_column(text) == unit


def test_a_unit_that_no_list_has_is_its_own_kind() -> None:
    assert look_up_unit("兀").dimension == "unknown"
    assert convert(3, "兀", "万元") is None
    assert convert(3, "兀", "兀") == 3
