"""Chinese numerals.

cn2an was tried for this: importing it takes 0.1 s, it raises on 百分之九十五, 九成, 半, 百 and 近千, and it reads a
list of digits such as 一二 as 12. What forms need is small enough to stand here.
"""

import re

DIGITS = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}
LETTERS = "".join([*DIGITS, *TENS, *MYRIADS])
_KNOWN = frozenset(LETTERS + "点")
RUN = re.compile(f"[{LETTERS}]+(?:点[{LETTERS}]+)?|半")

_YEAR = re.compile("([二一][〇零○一二三四五六七八九]{3})(?=年)")
_MONTH = re.compile("(?<![〇零一二三四五六七八九十])(十[一二]?|[一二三四五六七八九])(?=月|季度)")
_DAY = re.compile("(?<=月)([一二三四五六七八九十]{1,3})(?=日|号)")


def numeral(text: str) -> float | None:
    """Return the number that a Chinese numeral stands for, or None where it is none.

    Read are `十二`, `一百二十`, `一千零五`, `两万三千`, `一百五` (150), `三点五`, `半`, and `百` or `千` alone as
    one of them. Not read are runs of digits (`一二`), which are as often a list as a number.
    """
    if text == "半":
        return 0.5
    if any(letter not in _KNOWN for letter in text):
        return None
    whole, point, decimals = text.partition("点")
    number = _whole(whole)
    if number is None or not point:
        return None if number is None else float(number)
    if not decimals or any(letter not in DIGITS for letter in decimals):
        return None
    return float(f"{number}." + "".join(str(DIGITS[letter]) for letter in decimals))


def _whole(text: str) -> int | None:
    """Return a whole number: groups of up to four places, each followed by 万 or 亿."""
    total = 0
    last = 10**12
    group = ""
    for letter in text:
        if letter not in MYRIADS:
            group += letter
            continue
        number = _group(group) if group else (1 if not total else None)
        if number is None or MYRIADS[letter] >= last:
            return None
        last = MYRIADS[letter]
        total += number * last
        group = ""
    if not group:
        return total if text else None
    number = _group(group)
    if number is None:
        return None
    if last < 10**12 and len(group) == 1 and number:  # 一万五 is 15 000, 一万零五 is 10 005
        number *= last // 10
    return total + number


def _group(text: str) -> int | None:
    """Return a number below ten thousand: a digit before each of 千 百 十, the last place without one."""
    total, digit, last = 0, None, 10**4
    zero = False
    for letter in text:
        if letter in TENS:
            place = TENS[letter]
            if place >= last or (digit is None and total and place != 10):
                return None
            total += (1 if digit is None else digit) * place
            digit, last, zero = None, place, False
        elif digit is not None:
            return None
        elif (value := DIGITS[letter]) == 0 and len(text) > 1:
            zero = True
        else:
            digit = value
    if digit is None:
        return total if not zero else None
    # 一百五 is 150, 一百零五 is 105, 十五 is 15.
    return total + digit * (last // 10 if total and last > 10 and not zero else 1)


def arabic_dates(text: str) -> str:
    """Return a text with the numerals of years, months, quarters and days as digits: `十二月底` → `12月底`.

    A day counts only after a month: 一日 is as often part of another word.
    """
    text = _YEAR.sub(lambda match: "".join(str(DIGITS.get(letter, 0)) for letter in match[1]), text)
    for pattern in (_MONTH, _DAY):
        text = pattern.sub(lambda match: f"{number:.0f}" if (number := numeral(match[1])) else match[1], text)
    return text
