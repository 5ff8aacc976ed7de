"""Numbers in cells of money, points and rates: what a cell holds as a number, if it holds one."""

import re
from functools import lru_cache
from typing import NamedTuple

from perfxl.model.grid import Cell
from perfxl.text import fold
from perfxl.text import label_points as label_points

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+")
# Behind the points a remark may stand in brackets: `4(人数减少)`; one with a number in it may be anything.
_POINTS = re.compile(rf"({_NUMBER.pattern})分?(?:\([^()\d]*[\u4e00-\u9fff][^()\d]*\))?")
_MONEY = re.compile(rf"[¥￥]?({_NUMBER.pattern})(亿元?|百万元?|万元?|千元|元)?(?:人民币|整)?")
_PERCENT = re.compile(rf"({_NUMBER.pattern})(%?)")
_DASH = re.compile(r"[-/\\_*.]+")
_TRAILING_POINTS = re.compile(r"([^\d:()]{2,12})[:(]*(\d+(?:\.\d+)?)分?\)?")
_POINTS_AT_END = re.compile(r"(?<=[\u4e00-\u9fff:])(\d+(?:\.\d+)?)分$")
_UNIT = "亿元|百万元|万元|千元|元"
# In a label the unit stands in brackets (`项目资金（万元）`, `(单位：元)`), behind 单位 or 金额, or at the end.
_UNIT_IN_LABEL = re.compile(
    rf"[(\[](?:[^()\[\]\d]*?)({_UNIT})[^()\[\]]*[)\]]|(?:单位|金额):?({_UNIT})|(?<![\d亿万千百])({_UNIT})$"
)
_UNIT_STATED = re.compile(rf"单位:\(?(?:人民币)?({_UNIT})")
_UNIT_ALONE = re.compile(rf"\(?(?:人民币)?(?:{_UNIT})\)?")
_NUMBERS = (float, int)
_YUAN = {"元": 1.0, "千元": 1e3, "万": 1e4, "万元": 1e4, "百万": 1e6, "百万元": 1e6, "亿": 1e8, "亿元": 1e8}


class Ratio(NamedTuple):
    """A rate as a fraction, with the decimals that its percentage shows."""

    fraction: float
    places: int


def _plain(text: str) -> float:
    return float(text.replace(",", ""))


def points(cell: Cell | None) -> float | None:
    """Return the points in a cell (`12.5`, `１５`, `91 分`), or None: a TRUE is not one point."""
    if cell is None:
        return None
    if cell.kind == "number" and isinstance(cell.value, _NUMBERS):
        return float(cell.value)
    return points_in_text(cell.text) if cell.kind == "text" else None


@lru_cache(maxsize=16384)
def points_in_text(text: str) -> float | None:
    """Return the points that a text is, or None where it is anything else."""
    folded = fold(text).rstrip(".")
    if match := _POINTS.fullmatch(folded):
        return _plain(match[1])
    if match := _PERCENT.fullmatch(folded):
        return _plain(match[1]) / 100
    return None


def money(cell: Cell | None, unit: str | None) -> float | None:
    """Return the amount in a cell in the table's unit, or None.

    Args:
        cell: The cell; its own unit holds over the table's: `5000元` in a 万元 table is 0.5.
        unit: 元, 千元, 万元, 百万元 or 亿元; None where the table states none.
    """
    if cell is None:
        return None
    if cell.kind == "number" and isinstance(cell.value, _NUMBERS):
        return float(cell.value)
    match = _MONEY.fullmatch(fold(cell.text)) if cell.kind == "text" else None
    if match is None:
        return None
    amount, own = _plain(match[1]), match[2]
    if own is None or unit is None or own == unit:
        return amount
    # A decimal amount moved by a power of ten and back: the 12th digit is noise.
    return float(f"{amount * _YUAN[own] / _YUAN[unit]:.12g}")


def own_unit(text: str) -> str | None:
    """Return the unit that an amount states itself (`100万元`), or None."""
    match = _MONEY.fullmatch(fold(text)) if "元" in text else None
    return match[2] if match else None


def ratio(cell: Cell | None) -> Ratio | None:
    """Return an execution ratio, or None where the cell holds no number.

    A bare number up to 1.5 is a fraction (`1` is 100 %), a larger one a percentage: offices print `1`, `25`
    and `100` where they mean 100 %, 25 % and 100 %.
    """
    if cell is None or cell.kind not in ("number", "text"):
        return None
    match = _PERCENT.fullmatch(fold(cell.text))
    if match is None:
        return None
    number, percent = _plain(match[1]), match[2] == "%"
    places = len(match[1].partition(".")[2])
    if percent:
        return Ratio(number / 100, places)
    if cell.kind == "number" and isinstance(cell.value, _NUMBERS):
        number = float(cell.value)
    if abs(number) <= 1.5:
        return Ratio(number, max(places - 2, 0) if places > 2 else 2)
    return Ratio(number / 100, places)


@lru_cache(maxsize=4096)
def level_points(text: str) -> float | None:
    """Return the points that the label of a level carries, in brackets or at its end (`产出指标50分`), or None.

    An indicator's own name may end so and mean something else: `平均成绩提高5分`.
    """
    if (found := label_points(text)) is not None or "分" not in text:
        return found
    match = _POINTS_AT_END.search(fold(text))
    return float(match[1]) if match else None


@lru_cache(maxsize=16384)
def trailing_points(text: str) -> tuple[str, float] | None:
    """Return a short label and the points behind it (`总分：93.6分`), or None."""
    if len(text) > 24:
        return None
    match = _TRAILING_POINTS.fullmatch(fold(text))
    return (match[1], float(match[2])) if match else None


@lru_cache(maxsize=16384)
def is_amount(text: str) -> bool:
    """Whether a text is a number, with or without a unit of money, a percent sign or 分."""
    if len(text) > 24:
        return False
    folded = fold(text)
    return any(pattern.fullmatch(folded) for pattern in (_MONEY, _PERCENT, _POINTS))


def is_dash(text: str) -> bool:
    """Whether a text says that there is nothing: a dash, a slash, 无."""
    return len(text) < 8 and _DASH.fullmatch(fold(text)) is not None


def unit_in_label(text: str) -> str | None:
    """Return the unit of money that a label of the money table names, or None."""
    match = _UNIT_IN_LABEL.search(fold(text)) if "元" in text else None
    return match[match.lastindex or 0] if match else None


def unit_stated(text: str) -> str | None:
    """Return the unit of money that a line such as `单位：万元` states, or None."""
    match = _UNIT_STATED.search(fold(text)) if "元" in text else None
    return match[1] if match else None


def is_money_unit(text: str) -> bool:
    """Whether a text is a unit of money and nothing else."""
    return "元" in text and _UNIT_ALONE.fullmatch(fold(text)) is not None
