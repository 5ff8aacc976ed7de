"""What a person sees in a cell: numbers and texts under Excel's number format codes."""

from collections.abc import Callable
from functools import lru_cache

from perfxl.reading.format_codes import Section, sections
from perfxl.reading.format_dates import date_renderer
from perfxl.reading.format_digits import general, number_renderer

# Excel keeps codes of up to 255 characters; a longer one is damage, and shows numbers as they are.
_LONGEST_CODE = 1024

# The formats that a workbook names by number only, as a Chinese system shows them. Numbers 27–36 and 50–58
# are those of zh-CN in ECMA-376 part 1, 18.8.30; 14 and 22 follow the system's short date.
_BUILTIN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;[Red]"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;[Red]"¥"-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip


def builtin_format(num_fmt_id: int) -> str:
    """Return the code of a built-in number format on a Chinese system, `General` for an unknown id."""
    return _BUILTIN.get(num_fmt_id, "General")


def display(value: float, code: str, *, date1904: bool = False) -> str:
    """Return the text that a person sees for a number; blanks that only align it are left out at both ends.

    Args:
        value: A finite number; for dates and times, a serial number in days.
        code: The number format code, such as `0.00%`.
        date1904: The serial number counts from 1904-01-01 instead of 1900.

    Returns:
        The text; "" where the code hides the number (`;;;`). A number that the code cannot show, such as a negative
        date, is shown as `General` shows it.
    """
    return number_format(code).number(value, date1904)


def display_text(text: str, code: str) -> str:
    """Return what a person sees for a text: changed only where the code has a text section, as `@"（注）"`."""
    show = number_format(code).text
    return text if show is None else show(text)


def is_date_format(code: str) -> bool:
    """Whether a code shows numbers as dates or times."""
    return number_format(code).is_date


class NumberFormat:
    """A format code made ready for use.

    Attributes:
        number: Shows a finite number; its second argument says that dates count from 1904.
        text: Shows a text; None where texts are shown as they are.
        is_date: Numbers are shown as dates or times.
        has_calendar: Numbers are shown with year, month or day, not as a time alone.
    """

    __slots__ = ("has_calendar", "is_date", "number", "text")

    def __init__(self, code: str) -> None:
        found = sections(code if 0 < len(code) <= _LONGEST_CODE else "General")
        is_text_last = len(found) == 4 or found[-1].is_text
        text_section = found.pop() if is_text_last else None
        found = found[:3]
        self.text = None if text_section is None else _text_renderer(text_section)
        dates = [section for section in found if section.is_date]
        self.is_date = bool(dates)
        self.has_calendar = any(
            token.kind == "date" and token.text[0].lower() not in "hs"
            and not (token.text.lower() in ("m", "mm") and _is_time_only(section))
            for section in dates for token in section.tokens
        )  # fmt: skip
        self.number = _number_function(found, self.text, len(found) == 1 and text_section is None)


@lru_cache(maxsize=4096)
def number_format(code: str) -> NumberFormat:
    """Return the ready form of a code; made once for each code."""
    return NumberFormat(code)


def _is_time_only(section: Section) -> bool:
    """Whether a section's `m` can only be minutes: there are hours or seconds, and no year or day."""
    letters = {token.text[0].lower() for token in section.tokens if token.kind in ("date", "elapsed")}
    return bool(letters & {"h", "s"}) and not letters & {"y", "e", "d", "a"}


def _text_renderer(section: Section) -> Callable[[str], str] | None:
    pieces = section.tokens
    if not any(piece.kind == "literal" and piece.text.strip() for piece in pieces) and section.is_text:
        return None

    def render(text: str) -> str:
        return "".join([text if piece == ("sign", "@") else piece.text for piece in pieces]).strip(" ")

    return render


def _number_function(
    found: list[Section], text: Callable[[str], str] | None, is_alone: bool
) -> Callable[[float, bool], str]:
    if not found:
        # A code with a text section alone, such as `@`: numbers are shown like a text.
        return _as_text(text)
    renderers = [_signed(section, _hides_sign(found, place), is_alone) for place, section in enumerate(found)]
    if len(renderers) == 1 and found[0].condition is None:
        return renderers[0]
    return _choosing(found, renderers)


def _as_text(text: Callable[[str], str] | None) -> Callable[[float, bool], str]:
    if text is None:
        return lambda value, date1904: general(value)
    return lambda value, date1904: text(general(value))


def _signed(section: Section, hides_sign: bool, is_alone: bool) -> Callable[[float, bool], str]:
    if section.is_date:
        as_date = date_renderer(section)

        def show_date(value: float, date1904: bool) -> str:
            text = as_date(value, date1904)
            return general(value) if text is None else text.strip(" ")

        return show_date
    if all(token.kind == "general" for token in section.tokens) and section.tokens and not section.chinese:
        if not hides_sign:
            return lambda value, date1904: general(value)
        return lambda value, date1904: general(abs(value))
    size = number_renderer(section)
    # Excel leaves out the minus that it adds itself where no digit but 0 is shown (-0.001 under `0.00`), but only
    # for codes of one section.
    zero = size(0.0).strip(" ") if is_alone and any(token.kind == "digit" for token in section.tokens) else None

    def show_number(value: float, date1904: bool) -> str:
        if value >= 0:
            return size(value + 0.0).strip(" ")  # -0.0 + 0.0 is 0.0
        text = size(-value).strip(" ")
        return text if hides_sign or text == zero else f"-{text}"

    return show_number


def _choosing(found: list[Section], renderers: list[Callable[[float, bool], str]]) -> Callable[[float, bool], str]:
    def show(value: float, date1904: bool) -> str:
        place = _choose(found, value)
        return general(value) if place is None else renderers[place](value, date1904)

    return show


def _choose(found: list[Section], value: float) -> int | None:
    """Return which section shows a value; None where none of them does (Excel fills the cell with `#`)."""
    count, first = len(found), found[0].condition
    if first is not None:
        if first.holds(value):
            return 0
    elif count == 1 or value > 0 or (count == 2 and value == 0):
        return 0
    if count == 1:
        return None
    second = found[1].condition
    if second is not None:
        if second.holds(value):
            return 1
    elif value < 0 or (count == 2 and first is not None):
        return 1
    return 2 if count == 3 else None


def _hides_sign(found: list[Section], place: int) -> bool:
    """Whether a section only ever shows negative numbers: it writes the minus itself, as `0;(0)`."""
    own = found[place].condition
    if own is not None:
        return (own.sign in ("<", "<=", "=") and own.limit < 0) or (own.sign == "<" and own.limit == 0)
    if place != 1:
        return False
    first = found[0].condition
    return first is None or (len(found) == 2 and first.sign in (">", ">=") and first.limit < 0)
