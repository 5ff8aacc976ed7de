"""Cells that show their number rounded."""

import pytest

from perfxl.reading.understand import understand
from perfxl.reading.values.stored import exact_text
from tests.reading.sheets import draw, table

NOTHING = float("nan")


@pytest.mark.parametrize(
    ("text", "stored", "exact"),
    [
        ("4%", 0.0357, "3.57%"),
        ("95%", 0.95, "95%"),
        ("29%", 0.29, "29%"),  # 0.29 × 100 is 28.999999999999996
        ("95%", 0.9549, "95.49%"),
        ("96%", 0.9549, "96%"),  # not what 0.9549 rounds to
        ("97.30%", 0.97304, "97.304%"),
        ("0%", 0.004, "0.4%"),
        ("-4%", -0.0357, "-3.57%"),
        ("5‰", 0.0053, "5.3‰"),
        ("1,235", 1234.56, "1234.56"),
        ("0.3333333333", 1 / 3, "0.333333333333"),
        ("1,235万元", 1234.56, "1234.56万元"),
        ("12万元", 123456.0, "12万元"),  # a format of another scale
        ("(4%)", -0.0357, "(4%)"),
        ("3人", 3.0, "3人"),
        ("3", 2.5, "2.5"),
        ("1 1/2", 1.5, "1 1/2"),
        ("####", 1.5, "####"),
        ("≥4%", None, "≥4%"),
        ("4%", NOTHING, "4%"),
    ],
)
def test_what_a_cell_would_show_unrounded(text: str, stored: float | None, exact: str) -> None:
    assert exact_text(text, stored) == exact


def understood(target: str, actual: str, **more: object) -> dict[str, object]:
    record = {"target": target, "actual": actual, "operator_text": None, "unit_text": None, "name": "增长率", **more}
    return record | understand(record, 2023)


def numbers(found: dict[str, object]) -> tuple[object, ...]:
    return tuple(found.get(name) for name in ("target_number", "actual_number", "target_shown", "actual_shown"))


def test_the_stored_number_counts_and_the_shown_one_is_kept() -> None:
    found = understood("≥5%", "4%", actual_stored=0.0357)
    assert numbers(found) == (5, 3.57, None, 4)
    assert (found["target"], found["actual"]) == ("≥5%", "4%")
    assert found["note"] == "实际完成值显示的是四舍五入后的数，按单元格所存的 3.57% 计算"


def test_both_sides_may_be_rounded() -> None:
    assert numbers(understood("4%", "4%", target_stored=0.0361, actual_stored=0.0357)) == (3.61, 3.57, 4, 4)


def test_the_adjusted_target_counts_with_what_it_stores() -> None:
    found = understood("9%", "4%", target_stored=0.0914, adjusted_target="4%", adjusted_target_stored=0.0361)
    assert numbers(found) == (3.61, 4, 4, None)


@pytest.mark.parametrize(
    ("target", "actual", "stored"),
    [("≥95%", "96%", 0.96), ("优", "4%", 0.0357), ("≥3个，覆盖率100%", "4%", 0.0357), ("≥95%", "0.95", 0.954)],
)
def test_nothing_changes_where_nothing_is_rounded_or_compared(target: str, actual: str, stored: float) -> None:
    assert understood(target, actual, actual_stored=stored) == understood(target, actual) | {"actual_stored": stored}


def test_numbers_are_taken_out_of_their_cells() -> None:
    found = table(
        draw("""
        | 项目支出绩效自评表 |
        | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
        | 产出指标 | 数量指标 | 增长率   | ≥5%        | 4%←0.0357  | 10   | 8    |
        """)
    )
    (row,) = found.indicators
    assert (row.get("target_stored"), row["actual"], row["actual_stored"]) == (None, "4%", 0.0357)
