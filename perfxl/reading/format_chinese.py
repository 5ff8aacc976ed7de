"""Chinese digits of `[DBNum1]`, `[DBNum2]` and `[DBNum3]` formats."""

_DIGITS = {1: "〇一二三四五六七八九", 2: "零壹贰叁肆伍陆柒捌玖", 3: "０１２３４５６７８９"}
_UNITS = {1: ("", "十", "百", "千"), 2: ("", "拾", "佰", "仟"), 3: ("", "十", "百", "千")}
_GROUPS = ("", "万", "亿", "万亿")


def digit_by_digit(text: str, style: int) -> str:
    """Return a text with each ASCII digit in Chinese: 2022 → 二〇二二; style 0 changes nothing."""
    if not style:
        return text
    digits = _DIGITS[style]
    return "".join(digits[ord(ch) - 48] if "0" <= ch <= "9" else ch for ch in text)


def read_aloud(text: str, style: int) -> str:
    """Return a decimal number as it is read: 1234.5 → 一千二百三十四.五.

    Args:
        text: Digits with at most one point, no sign, no exponent; other texts and numbers of more than 16 whole
            digits are given digit by digit.
        style: 1, 2 or 3 as in `[DBNum1]`…
    """
    whole, point, fraction = text.partition(".")
    if not whole.isdecimal() or len(whole) > 16:
        return digit_by_digit(text, style)
    return _whole(int(whole), style) + point + digit_by_digit(fraction, style)


def read_small(number: int, style: int) -> str:
    """Return a month, day, hour, … below 100 as it is read: 12 → 十二, 21 → 二十一."""
    text = _whole(number, style)
    one_ten = _DIGITS[style][1] + _UNITS[style][1]
    return text[1:] if style == 1 and text.startswith(one_ten) else text


def _whole(number: int, style: int) -> str:
    zero = _DIGITS[style][0]
    if number == 0:
        return zero
    groups: list[int] = []
    while number:
        number, rest = divmod(number, 10_000)
        groups.append(rest)
    text = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            continue
        # A gap inside the number is read as one zero: 10 0005 → 一十万〇五.
        if text and (group < 1000 or not groups[place + 1]):
            text += zero
        text += _group(group, style) + _GROUPS[place]
    return text


def _group(number: int, style: int) -> str:
    digits, units = _DIGITS[style], _UNITS[style]
    text = ""
    gap = False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += (digits[0] if gap else "") + digits[digit] + units[place]
        gap = False
    return text
