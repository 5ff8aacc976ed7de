"""Dates and times as a date section shows them."""

from collections.abc import Callable
from datetime import date, datetime, time
from math import floor
from typing import NamedTuple

from perfxl.reading.format_chinese import digit_by_digit, read_small
from perfxl.reading.format_codes import Section, Token

# Serial 0 is shown as 1900-01-00; the last day is 9999-12-31.
LAST_SERIAL = 2_958_465
DAYS_TO_1904 = 1462
_BEFORE_1900 = 693_594  # date.toordinal() of 1899-12-30

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_CHINESE_MONTHS = ("一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月")
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_CHINESE_DAYS = "日一二三四五六"


class _Moment(NamedTuple):
    year: int
    month: int
    day: int
    weekday: int  # 0 is Sunday
    seconds: int  # since midnight
    elapsed: int  # whole seconds since serial 0
    ticks: int  # the decimals of the second that are shown, as a whole number


Piece = Callable[[_Moment], str]


def iso_serial(text: str) -> float | None:
    """Return the serial number in the 1900 system of an ISO 8601 date, time or both; None for other texts."""
    try:
        if "T" not in text and ":" in text:
            clock = time.fromisoformat(text)
            return (clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6) / 86400
        moment = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        return None
    days = moment.toordinal() - _BEFORE_1900
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6
    return days - (days < 61) + seconds / 86400 if days > 0 else None


def date_renderer(section: Section) -> Callable[[float, bool], str | None]:
    """Return a function of a serial number and the 1904 flag that shows it as a date section says.

    It gives None for a serial number that is no date: negative, or after 9999-12-31.
    """
    tokens = _with_minutes(section.tokens)
    ticks = max((len(token.text) for token in tokens if token.kind == "ticks"), default=0)
    has_seconds = any(token.kind in ("date", "elapsed") and token.text[0] == "s" for token in tokens)
    has_half_day = any(token.kind == "half_day" for token in tokens)
    pieces = [_piece(token, section, has_half_day) for token in tokens]

    def render(value: float, date1904: bool) -> str | None:
        if not 0 <= value <= LAST_SERIAL + 1:
            return None
        if date1904:
            value += DAYS_TO_1904
        start = DAYS_TO_1904 if date1904 else 0
        moment = _moment(value, start, ticks, has_seconds)
        return None if moment is None else "".join([piece(moment) for piece in pieces])

    return render


def _moment(value: float, start: int, ticks: int, has_seconds: bool) -> _Moment | None:
    # Seconds that are shown are rounded; hours and minutes alone are cut off, as Excel does. The half of a
    # millisecond makes up for fractions of a day that binary numbers hold only nearly.
    scale = 10**ticks
    if has_seconds:
        seconds, rest = divmod(floor(value * 86400 * scale + 0.5), scale)
    else:
        seconds, rest = floor(value * 86400 + 0.0005), 0
    serial, of_day = divmod(seconds, 86400)
    if serial > LAST_SERIAL:
        return None
    year, month, day = _calendar(serial)
    return _Moment(year, month, day, (serial + 6) % 7, of_day, seconds - start * 86400, rest)


def _calendar(serial: int) -> tuple[int, int, int]:
    if serial == 0:
        return 1900, 1, 0
    if serial == 60:  # Excel keeps the 29 February 1900 of Lotus 1-2-3
        return 1900, 2, 29
    day = date.fromordinal(_BEFORE_1900 + serial + (serial < 60))
    return day.year, day.month, day.day


def _with_minutes(tokens: tuple[Token, ...]) -> list[Token]:
    """Return the tokens with minutes told from months, and the decimals of seconds as one token `ticks`."""
    found: list[Token] = []
    last = ""
    for place, token in enumerate(tokens):
        kind, text = token
        if kind in ("date", "elapsed"):
            text = text.lower()
            if kind == "date" and text in ("m", "mm") and (last == "h" or _next_letter(tokens, place) == "s"):
                kind = "minute"
            last = text[0]
        elif kind == "digit" and found and found[-1] == Token("sign", "."):
            found.pop()
            kind = "ticks"
        elif kind == "digit" and found and found[-1].kind == "ticks":
            text = found.pop().text + text
            kind = "ticks"
        found.append(Token(kind, text))
    # More than thousandths of a second are not shown by any program.
    return [Token(kind, text[:3]) if kind == "ticks" else Token(kind, text) for kind, text in found]


def _next_letter(tokens: tuple[Token, ...], place: int) -> str:
    return next((token.text[0].lower() for token in tokens[place + 1 :] if token.kind in ("date", "elapsed")), "")


def _piece(token: Token, section: Section, has_half_day: bool) -> Piece:
    kind, text = token
    number = _numeral(section.chinese)
    width = min(len(text), 2)
    if kind == "minute":
        return lambda moment: number(moment.seconds // 60 % 60, width)
    if kind == "elapsed":
        unit = {"h": 3600, "m": 60, "s": 1}[text[0]]
        return lambda moment: digit_by_digit(f"{moment.elapsed // unit:0{len(text)}d}", section.chinese)
    if kind == "ticks":
        return lambda moment: "." + digit_by_digit(f"{moment.ticks:0{len(text)}d}", section.chinese)
    if kind == "half_day":
        return _half_day(text, section.is_chinese)
    if kind != "date":
        return lambda moment: text
    letter = text[0]
    if letter in "ye":
        return _year(text, section.chinese)
    if letter == "m" and len(text) > 2:
        return _month_name(len(text), section.is_chinese)
    if letter == "m":
        return lambda moment: number(moment.month, width)
    if letter == "a" or (letter == "d" and len(text) > 2):
        return _day_name(text, section.is_chinese)
    if letter == "d":
        return lambda moment: number(moment.day, width)
    if letter == "h" and has_half_day:
        return lambda moment: number((moment.seconds // 3600 + 11) % 12 + 1, width)
    if letter == "h":
        return lambda moment: number(moment.seconds // 3600, width)
    return lambda moment: number(moment.seconds % 60, width)


def _numeral(chinese: int) -> Callable[[int, int], str]:
    if not chinese:
        return lambda number, width: f"{number:0{width}d}"

    def numeral(number: int, width: int) -> str:
        if number < 10:
            return digit_by_digit(f"{number:0{width}d}", chinese)
        return read_small(number, chinese)

    return numeral


def _year(text: str, chinese: int) -> Piece:
    if text in ("y", "yy"):
        return lambda moment: digit_by_digit(f"{moment.year % 100:02d}", chinese)
    return lambda moment: digit_by_digit(f"{moment.year:04d}", chinese)


def _month_name(width: int, is_chinese: bool) -> Piece:
    if width == 5:
        return lambda moment: _MONTHS[moment.month - 1][0]
    if width == 3:
        return lambda moment: f"{moment.month}月" if is_chinese else _MONTHS[moment.month - 1][:3]
    return lambda moment: (_CHINESE_MONTHS if is_chinese else _MONTHS)[moment.month - 1]


def _day_name(text: str, is_chinese: bool) -> Piece:
    is_short = len(text) == 3
    if text[0] == "a" or is_chinese:
        prefix = ("周" if is_chinese else "") if is_short else "星期"
        return lambda moment: prefix + _CHINESE_DAYS[moment.weekday]
    return lambda moment: _DAYS[moment.weekday][:3] if is_short else _DAYS[moment.weekday]


def _half_day(text: str, is_chinese: bool) -> Piece:
    morning, _, evening = text.partition("/")
    if is_chinese:
        morning, evening = "上午", "下午"
    return lambda moment: morning if moment.seconds < 43200 else evening
