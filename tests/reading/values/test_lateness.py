"""By how many days and begun months a date was missed, where the texts tell."""

import pytest

from perfxl.reading.values.compare import compare


@pytest.mark.parametrize(
    ("target", "actual", "late"),
    [
        ("2023年6月底前", "2023年7月1日", (1, 1)),
        ("2023年6月30日前", "2023年7月31日", (31, 1)),
        ("2023年6月15日前", "2023年6月20日", (5, 1)),
        ("2023年6月15日前", "2023年7月15日", (30, 1)),
        ("2023年6月15日前", "2023年7月16日", (31, 2)),
        ("2022年12月31日前", "2023年1月5日", (5, 1)),
        ("2023年6月底前", "2023年8月", (None, 2)),
        ("2023年6月15日前", "2023年8月", (None, None)),
        ("6月底前", "7月10日", (10, 1)),
        ("9月前", "2023年10月8日", None),  # before September, or by its end
        ("2023年6月底前", "2023年8月至9月", None),
    ],
)
def test_lateness(target: str, actual: str, late: tuple[int | None, int | None] | None) -> None:
    found = compare(target, actual, year=2023)
    assert found.met_date is False
    assert found.late_by == late


@pytest.mark.parametrize("actual", ["2023年6月30日", "2023年5月"])
def test_what_is_on_time_is_not_late(actual: str) -> None:
    assert compare("2023年6月底前", actual, year=2023).late_by is None
