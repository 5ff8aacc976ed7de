"""What holds for every text, not only for those that somebody thought of."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.forms.value_words import load_words
from perfxl.reading.values import Comparison, Value, compare, parse_value
from perfxl.reading.values.parse import _READY, _prepare_any, _read, _read_digits, _read_plain, prepare
from perfxl.reading.values.phrases import is_placeholder
from perfxl.reading.values.value import Kind

KINDS = set(Kind.__args__)  # type: ignore[attr-defined]  # Literal lists its words there
PIECES = """
≥ ≤ > < = ± % ‰ ％ 0 1 2 5 9 10 95 100 0.95 1,105 2022 2022年 12月 31日 12月底前 年 月 日 前 底 - — ~ 至 / ( )
（ ） [ ] 个 家 人次 次 万 亿 元 万元 天 小时 分钟 个工作日 完成 已完成 未完成 部分 达成 预期指标 效果明显
不低于 不超过 以上 以下 以内 左右 约 近 每 每年 每亩 全年 上半年 第四季度 一 二 十 百 千 三 两 半 零 几 百分之
成 个百分点 第 指标1： 、 ， 。 ； : x X * … 无 不适用 优 良 中 差 A O l . \\ " “ ” 增长 下降 提前 超额 ① 𠮷 é ٣
² ½ ∞
"""
any_text = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES.split()), max_size=9).map("".join))
whole = st.integers(min_value=0, max_value=999_999)
decimal = st.decimals(min_value=0, max_value=99_999, places=2).map(lambda number: f"{number:f}")
number_text = st.one_of(whole.map(str), decimal)
units = st.sampled_from(["", "%", "个", "人次", "万元", "亿元", "元/人", "小时", "平方米", "个百分点"])
SPELLINGS = {
    "≥": "≥{} ≧{} >={} =>{} ＞＝{} 大于等于{} 不低于{} 不少于{} 至少{} {}以上 {}及以上 {}（含）以上",
    "≤": "≤{} ≦{} <={} =<{} ＜＝{} 小于等于{} 不高于{} 不超过{} 至多{} {}以下 {}以内 {}及以下",
    ">": ">{} ＞{} ﹥{} 大于{} 高于{} 超过{}",
    "<": "<{} ＜{} ﹤{} 小于{} 低于{}",
    "=": "={} ＝{} ﹦{} ═{} 等于{}",
}
MONEY = {"元": 1.0, "千元": 1e3, "万元": 1e4, "百万元": 1e6, "亿元": 1e8}
TIME = {"分钟": 1.0, "小时": 60.0, "天": 1440.0, "周": 10080.0}


def full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


@given(any_text, any_text, any_text)
def test_parsing_never_raises(text: str, operator: str, unit: str) -> None:
    value = parse_value(text, operator=operator, unit=unit)
    assert isinstance(value, Value)
    assert value.kind in KINDS
    assert value.number is None or value.kind == "quantitative"
    assert value.tier in (None, 1, 2, 3)
    if value.upper is not None:
        assert value.number is not None
        assert value.number <= value.upper


@pytest.mark.parametrize(
    "piece", ["每人", "(", "1,", "9", "完成", "未", "≥", "12月", "1.", "[(1", "一", "1~", "x≤5", "/每人"]
)
def test_long_texts_are_read_too(piece: str) -> None:
    for text in (piece * 140, piece * 16_000, piece * 40 + "5元"):
        assert compare(text, text, unit=text, operator=text, name=text).kind in KINDS


@given(any_text)
def test_what_is_not_read_has_a_reason(text: str) -> None:
    value = parse_value(text)
    if value.kind == "multi" or (value.kind == "quantitative" and value.number is None):
        assert value.reason
    if value.kind == "date":
        assert (value.date is None) == (value.reason is not None)


@given(any_text, any_text, any_text, any_text, any_text, any_text, st.sampled_from([None, 2020, 2023]))
def test_comparing_never_raises(
    target: str, actual: str, operator: str, unit: str, name: str, level2: str, year: int | None
) -> None:
    found = compare(target, actual, operator=operator, unit=unit, name=name, level2=level2, year=year)
    assert isinstance(found, Comparison)
    assert (found.problem is None) or found.note
    if found.kind == "quantitative" and found.problem is None:
        assert found.target_number is not None
        assert found.actual_number is not None


@given(any_text)
def test_a_text_answers_itself(text: str) -> None:
    found = compare(text, text)
    assert found.met_date is not False
    assert found.tier in (None, 1)
    if found.problem is None and found.kind == "quantitative" and found.target_upper is None:
        assert found.actual_number == found.target_number


@given(number_text, units, st.sampled_from(sorted(SPELLINGS)), st.data())
def test_spelling_of_the_sign_does_not_matter(number: str, unit: str, sign: str, data: st.DataObject) -> None:
    value = parse_value(data.draw(st.sampled_from(SPELLINGS[sign].split())).format(number + unit))
    assert (value.operator, value.number, value.unit) == (sign, float(number), unit or None)


@given(
    number_text, units, st.sampled_from(["", "≥", "≤", "不低于"]), st.sampled_from([" ", "　", "\u200b", "\n", "\xa0"])
)
def test_width_and_space_do_not_matter(number: str, unit: str, sign: str, space: str) -> None:
    plain = parse_value(f"{sign}{number}{unit}")
    assert parse_value(full_width(f"{sign}{number}{unit}")) == plain
    assert parse_value(f"{space}{sign}{space}{number}{space}{unit}{space}") == plain


@given(whole, units)
def test_thousands_marks_do_not_matter(number: int, unit: str) -> None:
    assert parse_value(f"{number:,}{unit}") == parse_value(f"{number}{unit}")
    assert parse_value(f"{number:,}{unit}".replace(",", "，")) == parse_value(f"{number}{unit}")


@given(number_text, st.sampled_from(["%", "个", "万元"]), st.sampled_from(["≥", "≤", "="]))
def test_columns_say_the_same_as_the_text(number: str, unit: str, sign: str) -> None:
    assert parse_value(number, operator=sign, unit=unit) == parse_value(f"{sign}{number}{unit}")


@pytest.mark.parametrize("scales", [MONEY, TIME])
@given(data=st.data())
def test_change_of_unit_does_not_change_the_ratio(scales: dict[str, float], data: st.DataObject) -> None:
    target, actual = data.draw(st.integers(1, 10**6)), data.draw(st.integers(1, 10**6))
    unit, other = data.draw(st.sampled_from(sorted(scales))), data.draw(st.sampled_from(sorted(scales)))
    plain = compare(f"≥{target}{unit}", f"{actual}{unit}")
    moved = compare(f"≥{target}{unit}", f"{actual * scales[unit] / scales[other]:.12f}{other}")
    assert plain.actual_number is not None
    assert moved.actual_number == pytest.approx(plain.actual_number, rel=1e-6, abs=1e-6)
    assert moved.unit == plain.unit == unit


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_days_are_kept_in_order_however_they_are_written(due: date, done: date) -> None:
    written = [
        f"{due.year}年{due.month}月{due.day}日前",
        due.isoformat(),
        f"{due:%Y/%m/%d}",
        f"{due.year}.{due.month}.{due.day}",
    ]
    for target in written:
        assert compare(target, done.isoformat()).met_date is (done <= due)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(2000, 2099), st.integers(1, 12))
def test_a_day_keeps_the_month_it_belongs_to(done: date, year: int, month: int) -> None:
    kept = (done.year, done.month) <= (year, month)
    assert compare(f"{year}年{month}月底前", done.isoformat()).met_date is kept


NUMBERS = [
    "0", "1", "4", "7", "007", "12", "31", "95", "100", "110", "999", "1944", "2022", "12315", "12345", "202212",
    "20221231", "123456789012", "0.5", "12.31", "100.00", "2022.5", "2022.12", "1,234", "12,345,678",
    *map(str, range(1880, 2120, 3)), *map(str, range(1000, 100_000, 997)),
]  # fmt: skip
WORDS = load_words()
# Of one, of two or with words, so that a date, a hot line or a rank would be found.
UNITS = [
    *WORDS.units, *WORDS.multipliers,
    *(f"{scale}{unit}" for scale in WORDS.multipliers for unit in ("元", "人次", "年", "平方米")),
    *(f"{unit}/{other}" for unit in ("元", "次", "年", "人") for other in ("年", "月", "人次", "亩")),
    "", "级平台", "前", "日前", "月底", "季度末", "名次", "小时热线", "以上", "/", "元/", "羽",
]  # fmt: skip


@pytest.mark.parametrize("sign", ["", "≥", "≤", ">", "<", "="])
def test_plain_numbers_are_read_at_once_as_they_would_be_at_length(sign: str) -> None:
    texts = [f"{sign}{number}{unit}" for unit in UNITS for number in NUMBERS]
    at_once = {text: value for text in texts if (value := _read_plain(text)) is not None}
    assert at_once == {text: _read_digits(text, None) for text in at_once}
    assert not [text for text in at_once if is_placeholder(text)]
    plain = ("95%", "12", "0.5", "12345", "12,345,678", "1,234人次", "100.00万元")
    assert {f"{sign}{text}" for text in plain} <= at_once.keys()
    others = ("2022", "202212", "2022年", "4季度", "12345平台", "2022.12")
    assert not at_once.keys() & {f"{sign}{text}" for text in others}


@pytest.mark.parametrize("column", [None, "%", "‰", "年", "个", "万元"])
@pytest.mark.parametrize("text", ["0", "007", "999", "0.5", "≥12.31", "≤95%", "1,234", "5万", "12个", "3每"])
def test_the_column_says_the_same_of_plain_numbers(text: str, column: str | None) -> None:
    assert _read(text, column) == _read_digits(text, column)


@given(st.one_of(any_text, st.from_regex(_READY, fullmatch=True)))
def test_texts_that_are_ready_to_be_read_stay_as_they_are(text: str) -> None:
    assert prepare(text) == _prepare_any(text)


@given(
    st.lists(number_text.filter(lambda text: float(text) > 1), min_size=2, max_size=2),
    units.filter(bool),
    st.sampled_from(["", "合格率", "培训人次"]),
    st.sampled_from(["", "%", "万元"]),
)
def test_numbers_above_one_in_one_unit_are_compared_as_they_are(
    numbers: list[str], unit: str, name: str, column: str
) -> None:
    target, actual = numbers
    found = compare(f"≥{target}{unit}", f"{actual}{unit}", name=name, unit=column)
    assert found == Comparison("quantitative", "≥", "≥", False, float(target), None, float(actual), unit)
