"""Chinese numerals."""

import pytest

from perfxl.forms.numerals import arabic_dates, numeral

NUMERALS = """
零 0 | 一 1 | 两 2 | 十 10 | 十二 12 | 二十 20 | 二十一 21 | 一百 100 | 一百零五 105 | 一百五 150 | 一百五十 150
三百二十一 321 | 一千零五 1005 | 一千零五十 1050 | 一万 10000 | 一万五 15000 | 一万零五 10005 | 两万三千 23000
一亿两千万 120000000 | 三点五 3.5 | 半 0.5 | 百 100 | 万 10000 | 壹佰贰拾 120
"""


@pytest.mark.parametrize("row", NUMERALS.strip().replace("\n", " | ").split(" | "))
def test_numeral(row: str) -> None:
    text, number = row.split()
    assert numeral(text) == float(number)


@pytest.mark.parametrize("text", ["", "一二", "二〇二二", "十百", "一百百", "万亿万", "三点", "几", "一百零", "十十"])
def test_no_numeral(text: str) -> None:
    assert numeral(text) is None


def test_numerals_of_dates() -> None:
    assert arabic_dates("二〇二二年十二月三十一日") == "2022年12月31日"
    assert arabic_dates("第三季度") == "第3季度"
    assert arabic_dates("三个月") == "三个月"
    assert arabic_dates("一日三餐") == "一日三餐"
