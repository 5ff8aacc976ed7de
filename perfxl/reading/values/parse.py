"""One cell's text as a value: operator, number, unit, range, date, tier or placeholder."""

import re
from functools import lru_cache

from perfxl.forms.numerals import LETTERS, RUN, numeral
from perfxl.forms.units import SCALE, canonical, look_up_unit, unit_at_start, unit_of_column
from perfxl.forms.value_words import load_words
from perfxl.reading.values import quantities
from perfxl.reading.values.dates import DateMatch, find_dates, is_context, spell_out
from perfxl.reading.values.phrases import grade_scale, is_placeholder, tier_of
from perfxl.reading.values.value import Value
from perfxl.text import fold, number_text, without_brackets

BLANK = Value("blank")
PLACEHOLDER = Value("placeholder")

# Folding would run `5 10` together and turn ① into a 1, ㎡ into m2, 。 into a decimal point and 1、105 into 1,105.
_APART = re.compile(r"(?<=\d)\s+(?=\d)|\n\s*(?=[(（]?\d{1,2}[.、)）．](?!\d))")
_MARKS = {
    **dict.fromkeys("。；", ";"),
    "、": "|",
    **dict.fromkeys(map(chr, (*range(0x2460, 0x249C), *range(0x24EA, 0x2500), *range(0x2776, 0x2794))), ";"),
    "㎡": "平方米", "㎥": "立方米", "㎢": "平方公里", "㎞": "公里", "㎏": "千克", "²": "2", "³": "3", "×": "*",
}  # fmt: skip
_TRANSLATION = str.maketrans(_MARKS)
_DIGIT = re.compile(r"[0-9]")
_NUMERAL = re.compile(f"[{LETTERS}半]")
_INCLUDED = re.compile(r"\(含(?:本数|[^()\d]{0,2})?\)")
_EXCLUDED = re.compile(r"\(不含(?:本数)?\)")
# Digits that number, name or date a document or an item: 财预[2020]10号, 第3批, 指标1:, (1), 1) and 1; before words.
_REFERENCES = re.compile(
    r"\[\d{4}\]第?\d*号?|第\d+(?:号|批|期|条|次|届|章|款|项|个|名|位|类|轮)?|(?:指标|目标|项目|任务)\d+[:.]|\d{4}年\d+号文件?"
    r"|[pP][hH]值?(?=\d)|[A-Z]{2,5}(?:/[A-Z])?\d+(?:\.\d+)*-\d{4}"
    r"|(?:^|(?<=[;,]))\(?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.)|:](?=[^\d.%;,)|])"
)
_DAY_ONLY = re.compile(r"(?<![\d月])\d{1,2}[日号](?:之前|以前|前)")
_BARE_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# Most of the values there are: a number; where it has no unit only one that cannot be a date (2022, 2022.12, 202212).
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+"
_PLAIN = re.compile(
    rf"([≥≤><=])?(?:([0-9]{{1,3}}(?:\.[0-9]+)?|(?!19|20)[0-9]{{4}}|[0-9]{{5}}|{_GROUPED})"
    rf"|([0-9]{{1,12}}(?:\.[0-9]+)?|{_GROUPED})(%|[\u4e00-\u9fff/]{{1,12}}))"
)
# What units may hold that make a number a date or another number: 2022年度, 12月, 4季度; 9成 is 90 %.
_NOT_PLAIN = re.compile("[年月季成]")
# Texts of signs and characters that reading leaves as they are, but for `/每`, and for marks at either end.
_READY = re.compile("[≥≤><=]?(?:[0-9](?:[0-9.,]*[0-9])?)?[%\u4e00-\u9fff]*(?:/(?!每)[\u4e00-\u9fff]*)?")
_VARIABLE = re.compile(r"^[xX](?=[≥≤<>=])")
_END = ".,;:!?|"
_SHARE = re.compile(f"([百千])分之([{LETTERS}]+(?:点[{LETTERS}]+)?)")
# Numerals that are a number only after a word such as 近 or 约: 近千人, but not 千家万户.
_ALONE = frozenset("百千万亿")
# Longer texts are reports; a number in them is one of many.
_LONGEST_VALUE = 300
_LONGEST_NUMERAL_TEXT = 24


@lru_cache(maxsize=65536)
def parse_value(text: str, operator: str = "", unit: str = "") -> Value:
    """Return what a target or actual cell says; never raises, never guesses in silence.

    What the text itself says goes before what the columns beside it say.

    Args:
        text: The cell as a person sees it.
        operator: Text of the column 指标性质, "" where there is none.
        unit: Text of the column 度量单位, "" where there is none.

    Returns:
        The value; see `Value` for what None means in each field.
    """
    folded = prepare(text)
    if not folded:
        return PLACEHOLDER if fold(text) else BLANK
    value = _read(folded, unit_of_column(unit) if unit else None)
    if operator and value.operator is None and value.upper is None and value.kind == "quantitative":
        value = value._replace(operator=operator_of_column(operator))
    return value


@lru_cache(maxsize=65536)
def prepare(text: str) -> str:
    """Return a text as it is read: folded, lists separated by `;`, without quotes and closing punctuation."""
    return text if _READY.fullmatch(text) else _prepare_any(text)


def _prepare_any(text: str) -> str:
    text = _APART.sub(";", text).translate(_TRANSLATION)
    folded = fold(text).replace('"', "").replace("'", "").replace("/每", "/").lstrip(";:,|")
    return folded if folded in ("...", ".") else folded.rstrip(_END)


@lru_cache(maxsize=1024)
def operator_of_column(text: str) -> str | None:
    """Return the sign that a column 指标性质 states (`﹦`, `大于等于`), or None where it states none (`定量指标`)."""
    return load_words().before.words.get(fold(text).strip("()[]"))


def _read(text: str, column: str | None) -> Value:
    if (value := _read_plain(text)) is not None:
        return value if column is None else _with_column(value, column)
    if is_placeholder(text):
        return PLACEHOLDER
    if len(text) > _LONGEST_VALUE:
        has_digits = _DIGIT.search(text) is not None
        return Value("multi", reason="是一段长文字，读不出一个值") if has_digits else Value("qualitative")
    if _DIGIT.search(text):
        return _read_digits(text, column)
    value = _read_dates(spell_out(text), column)
    if value is None or value.kind == "qualitative":
        value = _read_numeral(text, column) or value
    return value or words_value(text)


def _read_plain(text: str) -> Value | None:
    """Return a number with its sign and its unit, as `_read_digits` would, or None for any other text."""
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return None
    sign, bare, number, unit = plain.groups()
    if bare is not None:
        return Value("quantitative", sign, float(bare.replace(",", "")))
    known = _plain_unit(unit)
    if known is None or load_words().not_values.search(text):
        return None
    return Value("quantitative", sign, float(number.replace(",", "")), None, known)


@lru_cache(maxsize=4096)
def _plain_unit(text: str) -> str | None:
    """Return the unit that a text is, as it is handed on, or None where it is none or may be part of a date."""
    return None if _NOT_PLAIN.search(text) or unit_at_start(text) != text else canonical(text)


def _read_digits(text: str, column: str | None) -> Value:
    if column is not None and _BARE_NUMBER.fullmatch(text):
        if column == "年" and re.fullmatch(r"(?:19|20)\d\d", text):
            return _read_dates(f"{text}年", None) or words_value(text)
        return Value("quantitative", number=float(text), unit=column)
    if "(" in text:
        text = _EXCLUDED.sub("不含", _INCLUDED.sub("", text))
    text = spell_out(_without_references(text))
    if not _DIGIT.search(text):
        return _read(text, column) if text else words_value(text)
    return _read_dates(text, column) or _read_amounts(_VARIABLE.sub("", text), column)


def _without_references(text: str) -> str:
    return load_words().not_values.sub("", _REFERENCES.sub("", text))


def words_value(text: str) -> Value:
    """Return a text without a number as a qualitative value, with its tier where it is an attainment phrase."""
    return Value("qualitative", tier=None if grade_scale(text) else tier_of(text))


# ---------------------------------------------------------------- dates


def _read_dates(text: str, column: str | None) -> Value | None:
    """Return the value of a text that is a date, or holds one beside a number; None where dates are no part of it."""
    words = load_words()
    if words.recurrent.search(text):
        return Value("date", reason="按月或按年重复的期限，无法与一个日期比较")
    if _DAY_ONLY.search(text):
        return Value("date", reason="只写了日，没有月份")
    found = find_dates(text)
    if not found or _is_remark(text):
        return None
    rest = _without(text, found)
    strong = [match for match in found if not match.is_weak]
    if _DIGIT.search(rest) and quantities.has_amount(rest):
        return _date_beside_number(rest, strong, column)
    context = is_context(rest)
    if not strong and not context:
        return words_value(rest)
    tier = None if context else tier_of(rest)
    if tier in (2, 3):
        return Value("qualitative", tier=tier)
    if len({match.period for match in strong or found}) > 1:
        return Value("multi", reason="含有多个日期，一行只能设置一个指标值")
    if words.other_years.search(rest):
        return Value("date", reason="所说的年份以哪一年为准不明确")
    decimal = float(text) if _BARE_NUMBER.fullmatch(text) else None
    return Value("date", operator=_date_operator(rest), date=(strong or found)[0].period, decimal=decimal)


def _is_remark(text: str) -> bool:
    """Say whether the date of a text stands in brackets beside a number: ≥95%（2022年底）."""
    outer = without_brackets(text) if "(" in text else text
    return outer != text and quantities.has_amount(outer) and not find_dates(outer)


def _without(text: str, found: list[DateMatch]) -> str:
    for match in reversed(found):
        text = f"{text[: match.start]}{text[match.end :]}"
    return text


def _date_operator(rest: str) -> str | None:
    sign = rest[:2] if rest[:2] in ("<=", ">=") else rest[:1]
    return load_words().before.words.get(sign) if sign else None


def _date_beside_number(rest: str, strong: list[DateMatch], column: str | None) -> Value | None:
    """Return the number beside a date: a whole year is only its circumstance, any other date a second value."""
    value = _read_amounts(rest.lstrip(_END + "度内"), column)
    if strong and value.kind == "quantitative":
        return Value("multi", reason="既有日期又有数值，一行只能设置一个指标值")
    return value


# ---------------------------------------------------------------- numbers


def _read_amounts(text: str, column: str | None) -> Value:
    value = quantities.read(text)
    return words_value(text) if value is None else _with_column(value, column)


def _with_column(value: Value, column: str | None) -> Value:
    """Return a value with the unit of the unit column where its text states none, or but a multiplier."""
    if column is None or value.kind != "quantitative" or value.unit == column:
        return value
    unit = value.unit
    if unit is None:
        return value._replace(unit=column)
    if unit.startswith("每"):
        return value._replace(unit=f"{column}/{unit[1:]}")
    if look_up_unit(unit).dimension != SCALE or look_up_unit(column).dimension == "percent":
        return value
    return value._replace(unit=column if column.startswith(unit) else f"{unit}{column}")


def _read_numeral(text: str, column: str | None) -> Value | None:
    """Return the value of a text that is a Chinese numeral with its unit and nothing else, or None.

    `不少于三次` and `近千人` are; 一次性, 统一, 三级 and sentences are not.
    """
    words = load_words()
    if text[:1] == "零" and text[1:] in words.zero_nouns:
        return Value("quantitative", number=0.0)
    if len(text) > _LONGEST_NUMERAL_TEXT or not _NUMERAL.search(text) or words.not_numerals.search(text):
        return None
    text = _SHARE.sub(_share, text).replace("百分百", "100%")
    runs = list(RUN.finditer(text))
    if not runs:
        return _with_column_or_none(quantities.read(text, strict=True), column) if _DIGIT.search(text) else None
    if len(runs) > 1 and text[: runs[0].end()].endswith(("每一", "一")):
        runs = runs[1:]  # 一年两次
    if len(runs) > 1 or _DIGIT.search(text):
        return None
    start, end = runs[0].span()
    number = numeral(runs[0][0])
    if number is None or text in words.placeholders:
        return None
    before, after = words.lists["vague_before"], words.lists["vague_after"]
    if text[start - 1 : start] in before or text[end : end + 1] in after:
        return Value("quantitative", reason="约数，读不出确定的数")
    if runs[0][0] in _ALONE and words.left.at_end(text[:start]) is None:
        return None
    digits = number_text(number, 6)
    value = quantities.read(f"{text[:start]}{digits}{text[end:]}", strict=True)
    if value is not None and runs[0][0] in _ALONE:
        value = value._replace(approximate=True)
    return _with_column_or_none(value, column)


def _with_column_or_none(value: Value | None, column: str | None) -> Value | None:
    return None if value is None else _with_column(value, column)


def _share(match: re.Match[str]) -> str:
    number = numeral(match[2])
    sign = {"百": "%", "千": "‰"}[match[1]]
    return match[0] if number is None else f"{number_text(number, 6)}{sign}"
