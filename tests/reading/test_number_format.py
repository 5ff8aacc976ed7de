from decimal import ROUND_HALF_UP, Decimal

import openpyxl.styles.numbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.reading.number_format import builtin_format, display, display_text, is_date_format

ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '
# 44926 is 31 December 2022, a Saturday.

SHOWN = [
    # General
    ("General", 12, "12"),
    ("General", 0, "0"),
    ("General", -0.0, "0"),
    ("General", 0.1 + 0.2, "0.3"),
    ("General", 207.4538, "207.4538"),
    ("General", -12.5, "-12.5"),
    ("General", 1 / 3, "0.333333333333333"),
    ("General", 123456789012.34, "123456789012.34"),
    ("General", 999999999999999, "999999999999999"),
    ("General", 1e15, "1E+15"),
    ("General", 1.5e20, "1.5E+20"),
    ("General", 0.0001, "0.0001"),
    ("General", 0.00001, "0.00001"),
    ("General", 1.2345e-7, "1.2345E-07"),
    ("general", 12, "12"),
    ("G/通用格式", 12, "12"),
    ('General"元"', 12.5, "12.5元"),
    ("", 12.5, "12.5"),
    ("@", 12.5, "12.5"),
    # Digits; halves go up, as the decimal that was typed and not as the binary number
    ("0", 12, "12"),
    ("0", 0.5, "1"),
    ("0", 2.5, "3"),
    ("0", -2.5, "-3"),
    ("0.00", 12, "12.00"),
    ("0.00", 1.005, "1.01"),
    ("0.00", 2.675, "2.68"),
    ("0.00", 99.995, "100.00"),
    ("0.00", 12345678901234.0, "12345678901234.00"),
    ("#,##0", 1234567, "1,234,567"),
    ("#,##0", 999, "999"),
    ("#,##0.00", 1234567.891, "1,234,567.89"),
    ("#,##0.00", -1234.5, "-1,234.50"),
    ("#,##0.##", 12, "12."),
    ("#,##0.##", 12.5, "12.5"),
    ("#,##0.##", 1234.567, "1,234.57"),
    ("0.0#", 12, "12.0"),
    ("#.##", 0.5, ".5"),
    ("#", 0, ""),
    ("?.??", 12.5, "12.5"),
    ("00000", 42, "00042"),
    ("0,000,000", 1234, "0,001,234"),
    ("0.", 12, "12."),
    ("0.000000", 1e-7, "0.000000"),
    # The minus that is added goes where nothing but zeros is left, for codes of one section
    ("0.00", -0.001, "0.00"),
    ("0.00;-0.00", -0.001, "-0.00"),
    # Percent
    ("0%", 0.95, "95%"),
    ("0%", 0.285, "29%"),
    ("0%", 1.005, "101%"),
    ("0.00%", 1.0779, "107.79%"),
    ("0.00%", 0.95, "95.00%"),
    ("0.0#%", 0.5, "50.0%"),
    ("0.00 %", 0.5, "50.00 %"),
    # Literals, alignment, colours, currencies
    ('0"个"', 5, "5个"),
    ("0个", 5, "5个"),
    ('"约"0.0"万元"', 12.34, "约12.3万元"),
    ('"合格率100%："0', 5, "合格率100%：5"),
    (r"0\%", 5, "5%"),
    ("0.0_ ", 12, "12.0"),
    ("0.00_);(0.00)", -12, "(12.00)"),
    ("[Red]0.0", -12, "-12.0"),
    ("[红色]0.0", 12, "12.0"),
    ("[$¥-804]#,##0.00", 1234.5, "¥1,234.50"),
    ("[$-804]0.00", 12, "12.00"),
    ("¥0", -3, "-¥3"),
    ("*-0", 5, "5"),
    (ACCOUNTING, 1234.5, "1,234.50"),
    (ACCOUNTING, -1234.5, "-1,234.50"),
    (ACCOUNTING, 0, "-"),
    # Scaling, and points that are no decimal points
    ("#,##0.0,", 1234567, "1,234.6"),
    ('0.0,,"百万"', 1234567, "1.2百万"),
    (r'0\.0,"万"', 12345, "1.2万"),
    ('0!.0,"万"', 12345, "1.2万"),
    ("000-0000-0000", 13800138000, "138-0013-8000"),
    # Sections and conditions
    ('0.00;-0.00;"无"', 0, "无"),
    ('0;"负"0', -5, "负5"),
    ("0.00;;", -5, ""),
    (";;;", 5, ""),
    ('[>=10000]0.0,"千";0', 12345, "12.3千"),
    ('[>=10000]0.0,"千";0', 5, "5"),
    ('[>=10000]0.0,"千";0', -5, "-5"),
    ('[=1]"是";[=0]"否";0', 1, "是"),
    ('[=1]"是";[=0]"否";0', 0, "否"),
    ('[=1]"是";[=0]"否";0', 7, "7"),
    ('[<0]"超支"0.0;0.0', -5, "超支5.0"),
    ("[>100]0", 5, "5"),
    # Exponents and fractions
    ("0.00E+00", 1234567, "1.23E+06"),
    ("0.00E-00", 0.00012, "1.20E-04"),
    ("0.0E+0", 999999, "1.0E+6"),
    ("##0.0E+0", 12345, "12.3E+3"),
    ("0.00E+00", 0, "0.00E+00"),
    ("# ?/?", 0.5, "1/2"),
    ("# ??/??", 3.125, "3 1/8"),
    ("# ?/8", -0.5, "-4/8"),
    ("# ?/?", 12, "12"),
    # Dates
    ("yyyy/m/d", 44926, "2022/12/31"),
    ("yyyy-mm-dd", 44564, "2022-01-03"),
    ('yyyy"年"m"月"d"日"', 44926, "2022年12月31日"),
    ("yyyy年m月", 44926, "2022年12月"),
    ('m"月"', 44926, "12月"),
    ("yy.m.d", 44926, "22.12.31"),
    ("d-mmm-yy", 44926, "31-Dec-22"),
    ("mmmm", 44926, "December"),
    ("[$-804]mmmm", 44926, "十二月"),
    ("dddd", 44926, "Saturday"),
    ("[$-804]dddd", 44926, "星期六"),
    ("aaaa", 44926, "星期六"),
    ("aaa", 44926, "六"),
    ("[$-804]aaa;@", 44926, "周六"),
    ("yyyy/m/d;@", 44926.75, "2022/12/31"),
    ("[$-F800]dddd, mmmm dd, yyyy", 44926, "2022年12月31日"),
    ('[DBNum1][$-804]yyyy"年"m"月"', 44926, "二〇二二年十二月"),
    ('[DBNum1][$-804]yyyy"年"m"月"d"日"', 44926, "二〇二二年十二月三十一日"),
    ('[DBNum1]m"月"d"日"', 44571, "一月十日"),
    ("yyyy/m/d", 1, "1900/1/1"),
    ("yyyy/m/d", 60, "1900/2/29"),
    ("yyyy/m/d", 61, "1900/3/1"),
    ("yyyy/m/d", 2958465, "9999/12/31"),
    # No date: the number itself
    ("yyyy/m/d", -5, "-5"),
    ("yyyy/m/d", 2958466, "2958466"),
    ("yyyy/m/d", 1e10, "10000000000"),
    # Times; seconds are rounded, hours and minutes cut off
    ("h:mm", 0.75, "18:00"),
    ("hh:mm:ss", 0.0, "00:00:00"),
    ("h:mm", 0.99999, "23:59"),
    ("h:mm:ss", 0.999999, "0:00:00"),
    ("mm:ss.0", 0.123456, "57:46.6"),
    ("[h]:mm", 1.5, "36:00"),
    ("[mm]:ss", 0.05, "72:00"),
    ("h:mm AM/PM", 0.5, "12:00 PM"),
    ('上午/下午h"时"mm"分"', 0.75, "下午6时00分"),
    ("yyyy/m/d h:mm", 44926.75, "2022/12/31 18:00"),
    # Chinese digits
    ("[DBNum1]General", 1234.5, "一千二百三十四.五"),
    ("[DBNum1]General", 10005, "一万〇五"),
    ('[DBNum2][$-804]General"元整"', 123, "壹佰贰拾叁元整"),
    ("[DBNum1]0", 2023, "二〇二三"),
    # Damaged codes show something
    ('0"个', 5, "5个"),
    ("0" * 2000, 5, "5"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "value", "text"), SHOWN)
def test_number_is_shown_as_excel_shows_it(code: str, value: float, text: str) -> None:
    assert display(float(value), code) == text


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("yyyy/m/d", 44196.0, "2025/1/1"),
        ("yyyy/m/d", 0.0, "1904/1/1"),
        ("yyyy/m/d", -1.0, "-1"),
        ("[h]:mm", 1.5, "36:00"),
        ("0.00", 44196.0, "44196.00"),
    ],
)
def test_dates_may_count_from_1904(code: str, value: float, text: str) -> None:
    assert display(value, code, date1904=True) == text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("General", "已完成"),
        ("@", "已完成"),
        ('0;0;0;@"（注）"', "已完成（注）"),
        ('@"%"', "已完成%"),
        ('0.00;"见附件"@', "见附件已完成"),
        (ACCOUNTING, "已完成"),
        (";;;", ""),
        ("0;0;", "已完成"),
    ],
)
def test_text_goes_through_the_text_section(code: str, text: str) -> None:
    assert display_text("已完成", code) == text


@pytest.mark.parametrize(
    "code", ["yyyy/m/d", "m月", "h:mm", "[h]:mm", "aaaa", "ss.00", "[$-804]e", "[Red]yyyy", "上午/下午h"]
)
def test_codes_of_dates_are_known(code: str) -> None:
    assert is_date_format(code)


@pytest.mark.parametrize(
    "code", ["General", "0.00", '0"d"', r"0\d", "[Red]0", "0.00E+00", "@", '"共"0"天（day）"', "#,##0.00_);[Red]", "0d"]
)
def test_codes_of_numbers_are_no_dates(code: str) -> None:
    assert not is_date_format(code)


def test_built_in_numbers_agree_with_openpyxl_on_what_is_a_date() -> None:
    for number, code in openpyxl.styles.numbers.BUILTIN_FORMATS.items():
        assert is_date_format(builtin_format(number)) == openpyxl.styles.numbers.is_date_format(code), number


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "44926.75"), (1, "44927"), (10, "4492675.00%"), (14, "2022/12/31"), (22, "2022/12/31 18:00"),
     (31, "2022年12月31日"), (34, "下午6时00分"), (57, "2022年12月"), (58, "12月31日"), (49, "44926.75"),
     (99, "44926.75")],
)  # fmt: skip
def test_built_in_formats_are_those_of_a_chinese_system(number: int, text: str) -> None:
    assert display(44926.75, builtin_format(number)) == text


@given(st.floats(allow_nan=False, allow_infinity=False), st.text('0#?.,%E+-ymdhsa@;_*"\\[]<>=/年 G', max_size=12))
def test_no_code_and_no_number_raises(value: float, code: str) -> None:
    for date1904 in (False, True):
        display(value, code, date1904=date1904).encode()


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_two_decimals_are_rounded_half_up(number: Decimal) -> None:
    rounded = number.quantize(Decimal("0.01"), ROUND_HALF_UP)
    expected = f"{rounded:,.2f}" if rounded else "0.00"
    assert display(float(number), "#,##0.00") == expected
