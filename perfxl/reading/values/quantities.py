"""Numbers in a text with what stands around them: sign, unit, range, tolerance, damage."""

import re
from math import isclose, isfinite
from typing import NamedTuple

from perfxl.forms.units import SCALE, canonical, convert, look_up_unit, unit_at_start
from perfxl.forms.value_words import Words, load_words
from perfxl.reading.values.value import Value
from perfxl.text import number_text, without_brackets

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9.])(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+|\.(?=[%‰]))?(?:[eE][+-]?\d{1,3}(?!\d))?)(?!\d)"
    r"|(?<![A-Za-z0-9.\u4e00-\u9fff])\.\d+(?!\d)"
)
_DIGIT = re.compile(r"[0-9]")
_MINUS_AFTER = frozenset("≥≤><=~-(,;:±+至到为")
_BETWEEN = re.compile(r"[-~至到]+")
_CHAIN = re.compile(r"([≥≤<>]=?)[^\d≥≤<>]{0,8}([≥≤<>]=?)")
_TURNED = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}
_PER = re.compile(r"每(个?(?!每)[\u4e00-\u9fff](?:(?!每)[\u4e00-\u9fff]){0,2})$|一(年|月|季度|周|天)$")
# A half-open interval has one square bracket at least; (80,90) may be anything.
_INTERVAL = re.compile(r"(?=\[|.*\]$)[\[(]([^\[\](),]+,[^\[\](),]+)[\])]")
_BRACKETED = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_FRACTION = re.compile(r"(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)")
# A letter among the digits, as character recognition leaves it: 1O0%, 9O%, Q100%, M.8万元.
_LETTER_AFTER = re.compile(r"[A-Za-z]+[\d%]")
_BROKEN_AFTER = re.compile(r"\.+\d|[*_○]")
_BROKEN_BEFORE = re.compile(r"\d\D{0,2}[-~/]$")
_LETTER_BEFORE = re.compile(r"^[≥≤<>=]?[^\d]?[A-Za-z]\.?\d[\d.,A-Za-z]*")
_PUNCTUATION = ",.;:!?|()[]-~*#_ "
_LONGEST_UNIT_TEXT = 12
_SHARE_LENGTH = 3
# A percentage beside the two numbers it comes from is rounded to a whole one at worst.
_FRACTION_TOLERANCE = 0.6

DAMAGED = "数字旁有无法辨认的字符，可能是识别或录入有误"
NOT_THE_VALUE = "所列数字说的是超出、提前或未完成的部分，不是完成值"
OPPOSED = "前后符号互相矛盾"
A_RANK = "说的是名次，不是数量"
UNCLEAR_DASH = "数字前的横线可能是负号，也可能是连接号"
_REASONS = {"relative": NOT_THE_VALUE, "rank": A_RANK}


class Amount(NamedTuple):
    """A number in a text.

    Attributes:
        number: With its sign, in `unit`.
        unit: As written, None where none follows.
        start: Where it begins, sign included.
        end: Where its unit ends.
        is_unclear: A dash before it may be a minus or a hyphen.
    """

    number: float
    unit: str | None
    start: int
    end: int
    is_unclear: bool = False


class _Around(NamedTuple):
    """What stands before or after a number, taken apart.

    Attributes:
        sign: The sign it states, None for none.
        rest: What no list knows.
        per: What the number is per (每人 → `人`), "" for nothing.
        is_rough: It calls the number a rough one.
        reason: Why the number is not the value; None where nothing speaks against it.
        is_reached: It says 达到.
        is_broken: Digits or a mask (`20**年`) touch the number and cannot be read with it.
    """

    sign: str | None
    rest: str
    per: str = ""
    is_rough: bool = False
    reason: str | None = None
    is_reached: bool = False
    is_broken: bool = False


_NOTHING = _Around(None, "")


def has_amount(text: str) -> bool:
    """Say whether a folded text has a number that is not part of a word."""
    return _NUMBER.search(text) is not None


def read(text: str, *, strict: bool = False) -> Value | None:
    """Return the value of a folded text with digits.

    Args:
        text: Folded, without dates and references.
        strict: Nothing may stand beside number, unit and operator words.

    Returns:
        None where the digits are no value (`12345热线`), or `strict` is not met.
    """
    if "(" in text or "[" in text:
        return _read_bracketed(text, strict)
    text = text.replace("正负", "±").replace("+/-", "±").replace("+-", "±")
    words = load_words()
    found = _merged(_scan(text), text)
    if not all(isfinite(amount.number) for amount in found):
        return _unreadable("数字过大")
    if len(found) > 1:
        found = [each for each in found if each.unit not in words.lists["descriptor_units"]] or found
    if not found:
        return _damaged(text)
    if len(found) == 1:
        return _single(text, found[0], words, strict)
    return _several(text, found, words)


# ---------------------------------------------------------------- finding


def _scan(text: str) -> list[Amount]:
    found: list[Amount] = []
    spellings = load_words().spellings
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        number = float(match[0].replace(",", ""))
        unit = unit_at_start(text[end : end + _LONGEST_UNIT_TEXT]) or None
        end += len(unit or "")
        if start >= _SHARE_LENGTH and (share := spellings.get(text[start - _SHARE_LENGTH : start])):
            unit, start = share, start - _SHARE_LENGTH  # 百分之95
        start, is_negative, is_unclear = _sign(text, start, unit, found)
        number = -number if is_negative else number
        if unit is not None:
            number, unit = _in_percent(number, canonical(unit))
        found.append(Amount(number, unit, start, end, is_unclear))
    return found


def _in_percent(number: float, unit: str) -> tuple[float, str]:
    """Return 9 成 as 90 %; every other unit as it is."""
    known = look_up_unit(unit)
    return (number * known.factor, "%") if known.dimension == "percent" and known.factor > 1 else (number, unit)


def _sign(text: str, start: int, unit: str | None, found: list[Amount]) -> tuple[int, bool, bool]:
    """Return where a number begins, whether it is negative, and whether that cannot be told."""
    before = text[start - 1 : start]
    if before == "+" and text[start - 2 : start - 1] not in ("+", "/"):
        return start - 1, False, False
    if before == "负":
        return start - 1, True, False
    if before == "-" and text[start - 2 : start - 1] == "-" and found and found[-1].end == start - 2:
        is_negative = found[-1].number < 0  # -5--3 against 5——10
        return start - 1 if is_negative else start, is_negative, False
    if before != "-" or (found and found[-1].end == start - 1):
        return start, False, False
    if start == 1 or text[start - 2] in _MINUS_AFTER:
        return start - 1, True, False
    if unit is not None and canonical(unit) in ("%", "‰"):
        return start - 1, True, False  # 增长率-5%
    return start - 1, False, True


def _merged(found: list[Amount], text: str) -> list[Amount]:
    """Join what is one amount in two units: 1小时30分钟, 3万5千元."""
    merged: list[Amount] = []
    for amount in found:
        one = merged[-1] if merged else None
        joined = _joined(one, amount) if one is not None and one.end == amount.start else None
        if joined is None:
            merged.append(amount)
        else:
            merged[-1] = joined
    return merged


def _joined(one: Amount, other: Amount) -> Amount | None:
    if one.unit is None or other.unit is None:
        return None
    large, small = look_up_unit(one.unit), look_up_unit(other.unit)
    if large.dimension == "time" and other.unit == "分":
        small = look_up_unit("分钟")
    if large.factor <= small.factor or other.number * small.factor >= large.factor:
        return None
    if large.dimension == SCALE and small.dimension in (SCALE, "money", "count"):
        number = one.number * large.factor / small.factor + other.number
        return Amount(number, other.unit, one.start, other.end)
    if large.dimension != small.dimension:
        return None
    number = float(f"{one.number + other.number * small.factor / large.factor:.12g}")
    return Amount(number, one.unit, one.start, other.end)


def _damaged(text: str) -> Value | None:
    """Return an unreadable number where a letter sticks to digits with a unit; None for a name such as G318国道."""
    match = _LETTER_BEFORE.match(text)
    if match is None or not unit_at_start(text[match.end() : match.end() + _LONGEST_UNIT_TEXT]):
        return None
    return _unreadable(DAMAGED)


def _unreadable(reason: str, unit: str | None = None) -> Value:
    return Value("quantitative", unit=unit, reason=reason)


# ---------------------------------------------------------------- one number


def _single(text: str, amount: Amount, words: Words, strict: bool) -> Value | None:
    if amount.is_unclear:
        return None if strict else _unreadable(UNCLEAR_DASH, amount.unit)
    if amount.start and text[amount.start - 1] == "±":
        return Value("quantitative", "±", -amount.number, amount.number, amount.unit)
    before, after = _before(text[: amount.start], words), _after(text[amount.end :], words)
    if strict and (before.rest or after.rest or amount.unit in words.lists["ordinal_units"]):
        return None
    if amount.unit is None and not before.rest and _is_counting_word(after.rest, words):
        amount, after = amount._replace(unit=after.rest), after._replace(rest="")  # a counting word that no list has
    if reason := _fault(before, after):
        return None if strict and reason == A_RANK else _unreadable(reason, amount.unit)
    return _put_together(amount, before, after, words) if _is_value(amount, before, after, words) else None


def _is_counting_word(text: str, words: Words) -> bool:
    """Say whether what follows a number may be a counting word that no list has: 羽, but not 前 or 号."""
    return len(text) == 1 and text.isalpha() and not text.isascii() and text not in words.lists["not_units"]


def _fault(before: _Around, after: _Around) -> str | None:
    """Return why a number is not to be taken as the value, None where nothing speaks against it.

    One unknown character that sticks to a number (工5%, 扁2200篇) or a letter among its digits is damage.
    """
    if (len(before.rest) == 1 and before.rest.isalpha()) or _LETTER_AFTER.match(after.rest):
        return DAMAGED
    if before.is_broken or after.is_broken:
        return DAMAGED
    return before.reason or after.reason or (OPPOSED if _opposed({before.sign, after.sign}) else None)


def _is_value(amount: Amount, before: _Around, after: _Around, words: Words) -> bool:
    """Say whether a number in a text is its value: not so 12345热线 and 5A级景区, with neither unit nor sign."""
    if after.sign == "≤" and after.rest.startswith(words.lists["negations"]):
        return False  # 5年内无事故
    if amount.unit is not None or before.sign or after.sign or before.is_reached or not after.rest:
        return True
    return amount.number == 0 and after.rest in words.zero_nouns


def _put_together(amount: Amount, before: _Around, after: _Around, words: Words) -> Value:
    unit = amount.unit
    if before.per:
        unit = f"每{before.per}" if unit is None else f"{unit}/{before.per}"
    sign = before.sign or after.sign or _sign_in_sentence(before.rest, after.rest, words)
    is_reached = sign is None and before.is_reached
    return Value(
        "quantitative",
        "≥" if is_reached else sign,
        amount.number,
        unit=unit,
        approximate=before.is_rough or after.is_rough,
        is_reached=is_reached,
    )


def _before(text: str, words: Words) -> _Around:
    """Take apart what stands before a number, from the number outwards."""
    is_broken = _BROKEN_BEFORE.search(text) is not None
    head, text = _clauses(text)
    sign = reason = None
    per, rough, reached = "", False, False
    while text := text.rstrip(_PUNCTUATION):
        word = words.left.at_end(text)
        if word is None:
            match = _PER.search(text)
            if match is None or not unit_at_start(match[1] or match[2]):
                break
            per, text = f"{match[1] or match[2]}{'/' if per else ''}{per}", text[: match.start()]
            continue
        role = words.left.words[word]
        if role == "reach":
            reached = True
        elif role == "rough":
            rough = True
        elif role in _REASONS:
            reason = _REASONS[role]
        elif role != "lead":
            if sign is not None and _opposed({sign, role}):
                reason = OPPOSED
            sign = sign or role
        text = text[: -len(word)]
    return _Around(sign, head + text, per, rough, reason, reached, is_broken)


def _clauses(text: str) -> tuple[str, str]:
    """Return a text up to its last comma, and what follows: signs of another clause are not the number's."""
    cut = max(text.rfind(mark) for mark in ",;.|") + 1
    return text[:cut].strip(_PUNCTUATION), text[cut:]


def _after(text: str, words: Words) -> _Around:
    """Take apart what stands after a number and its unit."""
    sign, rough = None, False
    if not text:
        return _NOTHING
    is_broken = _BROKEN_AFTER.match(text) is not None
    reason = NOT_THE_VALUE if any(word in text for word in words.lists["relative_after"]) else None
    while text := text.rstrip(_PUNCTUATION).lstrip(_PUNCTUATION + "%"):
        word = words.right.at_start(text)
        if word is None:
            break
        role = words.right.words[word]
        if role == "rough":
            rough = True
        elif role != "trail":
            sign = sign or role
        text = text[len(word) :]
    return _Around(sign, text, "", rough, reason, is_broken=is_broken)


def _opposed(signs: set[str | None]) -> bool:
    return bool(signs & {"≥", ">"}) and bool(signs & {"≤", "<"})


def _sign_in_sentence(left: str, right: str, words: Words) -> str | None:
    """Return the sign that a sentence states away from the number: 不超过预算的5%, 10个村以上."""
    if left and (found := words.anywhere.findall(left)):
        return words.before.words[found[-1]]
    word = words.after.at_end(right) if right else None
    return words.after.words[word] if word is not None and len(word) > 1 else None


# ---------------------------------------------------------------- several numbers


def _several(text: str, found: list[Amount], words: Words) -> Value:
    if len(found) == 2 and (value := _pair(text, found[0], found[1], words)) is not None:
        return value
    if len(found) == 3 and (share := _share(text, *found)) is not None:
        return share
    if len({(amount.number, amount.unit) for amount in found}) == 1:
        sign = _before(text[: found[0].start], words).sign
        return Value("quantitative", sign, found[0].number, unit=found[0].unit)
    shown = "、".join(f"{number_text(amount.number, 4)}{amount.unit or ''}" for amount in found[:5])
    return Value("multi", reason=f"含有 {len(found)} 个数值（{shown}），一行只能设置一个指标值")


def _share(text: str, part: Amount, whole: Amount, percent: Amount) -> Value | None:
    """Return the percentage of `193/200=96.5%` where it is right, else None."""
    gaps = text[part.end : whole.start], text[whole.end : percent.start]
    if gaps != ("/", "=") or percent.unit != "%" or not whole.number:
        return None
    is_right = abs(part.number / whole.number * 100 - percent.number) <= _FRACTION_TOLERANCE
    return Value("quantitative", number=percent.number, unit="%") if is_right else None


def _pair(text: str, one: Amount, other: Amount, words: Words) -> Value | None:
    """Return two numbers that say one thing: a range, a tolerance; None for two values."""
    gap = text[one.end : other.start]
    if gap == "±":
        return _tolerance(one, other)
    if _BETWEEN.fullmatch(gap) or (gap in ("和", "与") and text[other.end :].startswith("之间")):
        return _range(one, other)
    if chain := _CHAIN.fullmatch(gap):
        left, right = chain[1].replace("<=", "≤").replace(">=", "≥"), chain[2].replace("<=", "≤").replace(">=", "≥")
        return _bounds(one, _TURNED[left], other, right)
    if gap in ("/", ":", "："):
        return Value("multi", reason="是分数或比值的写法，无法确定以哪个数为准")
    before_one = _before(text[: one.start], words).sign or _after(gap, words).sign
    before_other = _before(gap, words).sign or _after(text[other.end :], words).sign
    return _bounds(one, before_one, other, before_other)


def _bounds(one: Amount, sign: str | None, other: Amount, other_sign: str | None) -> Value | None:
    """Return the range between a lower and an upper bound: ≥80%且≤90%, 80%≤x≤90%."""
    if sign in ("≥", ">") and other_sign in ("≤", "<"):
        return _range(one, other)
    if sign in ("≤", "<") and other_sign in ("≥", ">"):
        return _range(other, one)
    return None


def _tolerance(middle: Amount, width: Amount) -> Value:
    """Return 100±5 as 95 to 105; a width in percent of a number that is none is a share of it."""
    size = abs(width.number)
    if width.unit == "%" and middle.unit != "%":
        size = abs(middle.number) * size / 100
    unit = middle.unit or (None if width.unit == "%" else width.unit)
    return Value("quantitative", "±", middle.number - size, middle.number + size, unit)


def _range(low: Amount, high: Amount) -> Value | None:
    """Return the range from one amount to another in the latter's unit; None where they are of different kinds."""
    unit = high.unit or low.unit
    lower: float | None = low.number
    if low.unit is not None and unit is not None and not unit.startswith(low.unit):
        lower = convert(low.number, low.unit, unit)
    if lower is None:
        return None
    if lower > high.number:
        return _unreadable("区间的前一个数大于后一个数", unit)
    if lower == high.number:
        return Value("quantitative", number=lower, unit=unit)
    return Value("quantitative", number=lower, upper=high.number, unit=unit)


# ---------------------------------------------------------------- brackets


def _read_bracketed(text: str, strict: bool) -> Value | None:
    """Return what stands outside the brackets; what stands inside may name the unit or must not contradict it."""
    if interval := _INTERVAL.fullmatch(text):
        return read(interval[1].replace(",", "~"), strict=strict)
    outer = without_brackets(text)
    if not _DIGIT.search(outer):
        return read(re.sub(r"[()\[\]]", "", text), strict=strict)
    if "(" in outer or "[" in outer:  # a bracket without its other half
        return read(re.sub(r"[()\[\]]", "", outer), strict=strict)
    value = read(outer, strict=strict)
    if value is None or value.kind != "quantitative" or value.number is None:
        return value
    for inner in _BRACKETED.findall(text):
        value = _with_remark(value, inner)
        if value.kind == "multi":
            break
    return value


def _with_remark(value: Value, inner: str) -> Value:
    if value.number is None:
        return value
    if inner.startswith(load_words().lists["remarks"]):
        return value
    if not _DIGIT.search(inner):
        unit = inner.removeprefix("单位").lstrip(":")
        is_unit = value.unit is None and unit != "" and unit_at_start(unit) == unit
        return value._replace(unit=canonical(unit)) if is_unit else value
    fraction = _FRACTION.search(inner)
    if fraction is not None and value.unit == "%":
        part, whole = float(fraction[1]), float(fraction[2])
        if whole and abs(part / whole * 100 - value.number) > _FRACTION_TOLERANCE:
            return Value("multi", reason=f"中的{number_text(value.number)}%与括号内的{fraction[0]}不一致")
        return value
    other = read(inner)
    if other is None or other.number is None or not (other.unit == "%" or other.operator):
        return value
    if other.unit == value.unit and isclose(other.number, value.number):
        return value
    return Value("multi", reason="括号内外各有一个数值，一行只能设置一个指标值")
