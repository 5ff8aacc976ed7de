"""Dates, months, quarters and deadlines in texts, and whether one keeps another."""

import datetime
import re
from calendar import monthrange
from dataclasses import replace
from typing import NamedTuple

from perfxl.forms.numerals import arabic_dates
from perfxl.forms.value_words import OPERATORS, load_words
from perfxl.reading.values.value import Day, Lateness, Period

_SPELLED = re.compile("[年月季Q~-]")
# What a text must contain to be worth a look.
_HINT = re.compile(r"[年月季]|\d[-./]\d{1,2}(?:之前|以前|前)|(?:19|20)\d\d[-/.]|(?:19|20)\d{6}")
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"""(?<![\d.])(?:
      (?P<y1>{_YEAR})[-/.年](?P<m1>\d{{1,2}})[-/.月](?P<d1>\d{{1,2}})(?![\d.])[日号]?(?:;?T?\d{{1,2}}:\d\d(?::\d\d)?)?
    | (?P<y2>{_YEAR}|\d\d)年(?P<m2>\d{{1,2}})月份?
    | (?P<y3>{_YEAR})[-/.](?P<m3>\d{{1,2}})(?:月份?|(?=$|[-~至到;,)年底末初中上下完]|之?前|以前))
    | (?P<m4>\d{{1,2}})月(?P<d4>\d{{1,2}})(?:[日号]|(?=$|[-~至到;,)前之以]))
    | (?P<m5>\d{{1,2}})月份?
    | (?P<m6>\d{{1,2}})[-./](?P<d6>\d{{1,2}})(?=之前|以前|前)
    | (?:(?P<y6>{_YEAR})年度?)?第?(?P<q6>[1-4])季度
    | (?:(?P<y7>{_YEAR})年度?)?(?P<h7>[上下])半年
    | (?:(?P<y8>{_YEAR})年度?|[全当本]年度?|(?<![一二两三四五六七八九十半几])年)(?P<p8>底|末|内|度内)
    | (?P<y9>{_YEAR})年度?(?P<w9>全年)?
    | (?P<w10>全年|当年度?|本年度?)
    )(?P<part>上旬|中旬|下旬|月?初|中(?!旬)|月?底|月?末)?(?P<before>之前|以前|前)?""",
    re.VERBOSE,
)
_COMPACT = re.compile(rf"(?P<y>{_YEAR})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])")
_TO = "[-~至到]+"
# The first end of a span leaves out what the second says: 1-12月, 2020-2022年, 1-3季度, 6月1-30日.
_SHORT_SPANS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (rf"(?<![\d.])(\d{{1,2}}){_TO}(?=\d{{1,2}}月)", r"\1月~"),
        (rf"^({_YEAR})年?{_TO}({_YEAR})年?$", r"\1年~\2年"),
        (rf"(?<![\d.])({_YEAR}){_TO}(?={_YEAR}年)", r"\1年~"),
        (rf"(?<![\d.])([1-4]){_TO}(?=[1-4]季度)", r"\1季度~"),
        (rf"(月)(\d{{1,2}})[日号]?{_TO}(?=\d{{1,2}}[日号])", r"\1\2日~\1"),
    )
)
_SPAN = re.compile(rf"[从自]?{_TO}")
_PARTS = {"上旬": 10, "中旬": 20, "初": 10, "月初": 10, "中": 20}
_QUARTER = re.compile(r"(?<![A-Za-z0-9])Q([1-4])(?![0-9])")
_SAME_MONTH = re.compile(r"(\d{1,2})月(\d{1,2})日~月")


class DateMatch(NamedTuple):
    """A time found in a text.

    Attributes:
        start: Where in the text it begins.
        end: Where it ends.
        period: The time meant.
        is_weak: A year or `全年` alone: in a sentence a circumstance, not the value.
    """

    start: int
    end: int
    period: Period
    is_weak: bool


def spell_out(text: str) -> str:
    """Return a folded text with numerals of dates as digits and short spans in full: `1-12月` → `1月~12月`."""
    if not _SPELLED.search(text):
        return text
    text = _QUARTER.sub(r"\1季度", arabic_dates(text))
    for pattern, replacement in _SHORT_SPANS:
        text = pattern.sub(replacement, text)
    return _SAME_MONTH.sub(r"\1月\2日~\1月", text)


def find_dates(text: str) -> list[DateMatch]:
    """Return the times in a folded, spelled-out text, spans joined, in their order."""
    if not _HINT.search(text):
        return []
    if compact := _COMPACT.fullmatch(text):
        day = Day(int(compact["y"]), int(compact["m"]), int(compact["d"]))
        return [DateMatch(0, len(text), Period(day, day), False)]
    found: list[DateMatch] = []
    for match in _DATE.finditer(text):
        period = _period(match)
        if period is None or (match.lastgroup == "m3" and _is_number(match)):
            continue
        this = DateMatch(match.start(), match.end(), period, _is_weak(match))
        if found and _SPAN.fullmatch(text[found[-1].end : this.start]):
            found[-1] = _joined(found[-1], this)
        elif found and found[-1].is_weak and found[-1].end == this.start:
            found[-1] = _after_year(found[-1], this)
        else:
            found.append(this)
    return found


def _is_number(match: re.Match[str]) -> bool:
    """Say whether `2022.5` is a number: where a sign stands before it (≤2022.5, 达到2022.5)."""
    if "." not in match[0]:
        return False
    words = load_words().left
    word = words.at_end(match.string[: match.start()])
    return word is not None and words.words[word] in (*OPERATORS, "reach")


def _is_weak(match: re.Match[str]) -> bool:
    return match.lastgroup in ("y9", "w9", "w10") and not match["part"] and not match["before"]


def _period(match: re.Match[str]) -> Period | None:
    """Return the time that a match of `_DATE` means; None for a month that does not exist."""
    group = match.groupdict()
    year_text = next((group[f"y{n}"] for n in range(1, 10) if n not in (4, 5) and group.get(f"y{n}")), None)
    year = None if year_text is None else int(year_text) + (2000 if len(year_text) == 2 else 0)
    month = next((int(group[f"m{n}"]) for n in range(1, 7) if group[f"m{n}"]), None)
    day = next((int(group[f"d{n}"]) for n in (1, 4, 6) if group[f"d{n}"]), None)
    if not 1 <= (month or 1) <= 12 or not 1 <= (day or 1) <= 31 or 0 in (month, day):
        return None
    if day is not None and month is not None:
        return Period(Day(year, month, day), Day(year, month, day))
    first, last = _months(group, month)
    part, is_deadline = group["part"], group["before"] is not None
    is_year = bool(group["w10"] or group["y9"])
    period = Period(Day(year, first, 1), Day(year, last, None), is_span=is_year and not part and not is_deadline)
    if part in _PARTS:
        end = Day(year, last, _PARTS[part]) if month is not None else Day(year, 6 if part == "中" else 1, None)
        return replace(period, end=end)
    return _before(period) if is_deadline and not part and group["p8"] is None else period


def _months(group: dict[str, str | None], month: int | None) -> tuple[int, int]:
    if month is not None:
        return month, month
    if quarter := group["q6"]:
        return int(quarter) * 3 - 2, int(quarter) * 3
    if half := group["h7"]:
        return (1, 6) if half == "上" else (7, 12)
    return 1, 12


def _before(period: Period) -> Period:
    """Return the deadline `9月前`: the day before it begins, doubtful until it ends."""
    start = period.start
    if start.month > 1:
        return Period(Day(start.year, 1, 1), Day(start.year, start.month - 1, None), period.end)
    if start.year is None:
        return Period(start, period.end)  # 1月前 without a year says nothing else
    return Period(Day(start.year - 1, 1, 1), Day(start.year - 1, 12, None), period.end)


def _joined(one: DateMatch, other: DateMatch) -> DateMatch:
    start, end = one.period.start, other.period.end
    if end.year is None and start.year is not None:
        turned = end.month < start.month
        end = replace(end, year=start.year + turned)
    elif start.year is None and end.year is not None:
        start = replace(start, year=end.year - (end.month < start.month))
    weak = (one.is_weak and other.is_weak) or (start.month, start.day, end.month, end.day) == (1, 1, 12, None)
    return DateMatch(one.start, other.end, Period(start, end, other.period.doubtful_until, is_span=True), weak)


def _after_year(year: DateMatch, this: DateMatch) -> DateMatch:
    """Join a year and what follows it directly: `2020年` and `全年`."""
    period = this.period
    if period.start.year is None and period.end.year is None:
        known = year.period.start.year
        period = replace(period, start=replace(period.start, year=known), end=replace(period.end, year=known))
        if period.doubtful_until is not None:
            period = replace(period, doubtful_until=replace(period.doubtful_until, year=known))
    return DateMatch(year.start, this.end, period, this.is_weak)


def is_context(text: str) -> bool:
    """Say whether what is left of a text beside its dates says no more than that something is done by then."""
    words = load_words().date_context
    text = text.strip(".,;:()-~!|")
    while text:
        word = words.at_start(text)
        if word is None:
            return False
        text = text[len(word) :].lstrip(".,;:()-~!|")
    return True


def kept(target: Period, actual: Period, year: int | None) -> bool | None:
    """Say whether something done at `actual` kept `target`; None where the texts do not tell.

    On or before the last day that is meant is on time. A span (`1-12月`) is kept by a span that covers it. Where an
    actual without a year could belong to several, all must agree.

    Args:
        target: When it should have been done.
        actual: When it was done; a month is any of its days.
        year: The form's year, for a target without one; None where unknown.
    """
    target_year = target.end.year or year or actual.end.year or 2000
    if actual.end.year is not None:
        years = {actual.end.year}
    else:
        years = {target_year} if target.end.year is None or year is None else {target_year, year}
    answers = {_kept(_with_year(target, target_year), _with_year(actual, each)) for each in years}
    return answers.pop() if len(answers) == 1 else None


def _kept(target: Period, actual: Period) -> bool | None:
    first, last = _key(actual.start, first=True), _key(actual.end)
    limit = _key(target.end)
    if target.is_span and actual.is_span and first <= limit:
        if first <= _key(target.start, first=True) and last >= limit:
            return True
        return None if last <= limit else False
    if last <= limit:
        return True
    if target.doubtful_until is not None and first <= _key(target.doubtful_until):
        return None
    return False if first > limit else None


def late_by(target: Period, actual: Period, year: int | None) -> Lateness | None:
    """Return how late something was that did not keep its date; None where the texts leave the deadline open.

    Args:
        target: When it should have been done.
        actual: When it was done, after that.
        year: The form's year; None where unknown.
    """
    target_year = target.end.year or year or actual.end.year
    if target.doubtful_until is not None or target_year is None or (actual.end.year is None and target.end.year):
        return None
    wanted, done = _with_year(target, target_year), _with_year(actual, target_year)
    keys = _key(wanted.end), _key(done.start, first=True), _key(done.end)
    limit, first, last = (datetime.date(*key) for key in keys)
    if (first.year, first.month) != (last.year, last.month) or first <= limit:
        return None
    months = (last.year - limit.year) * 12 + last.month - limit.month
    is_month_end = limit.day == monthrange(limit.year, limit.month)[1]
    if first == last:
        return Lateness((last - limit).days, months + (not is_month_end and last.day > limit.day))
    return Lateness(None, months if is_month_end else None)


def _with_year(period: Period, year: int) -> Period:
    def dated(day: Day) -> Day:
        return day if day.year is not None else replace(day, year=year)

    return Period(
        dated(period.start),
        dated(period.end),
        None if period.doubtful_until is None else dated(period.doubtful_until),
        period.is_span,
    )


def _key(day: Day, *, first: bool = False) -> tuple[int, int, int]:
    """Return a day as it sorts; 6月31日, which people write, is the last of June."""
    year = day.year or 2000
    length = monthrange(year, day.month)[1]
    return year, day.month, min(day.day or (1 if first else length), length)
