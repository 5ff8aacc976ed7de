"""Which form each published table is, and that no near form takes it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from perfxl.forms.definitions import NATIONAL, load_forms
from perfxl.model.grid import Workbook
from perfxl.pipeline import review
from tests.published.layouts import Case, lay_out, load_cases

FORMS = {
    "01": NATIONAL, "02": NATIONAL, "12": NATIONAL, "15": NATIONAL, "36": NATIONAL,
    "05": "sichuan-project-2021", "22": "sichuan-project-2021",
    "07": "yunnan-split-target",
    "08": "hubei-project", "20": "hubei-project",
    "10": "rural-revitalisation",
    "17": "ministry-project-2016",
    "25": "sichuan-department-2017", "46": "sichuan-department-2017",
    "26": "national-department-2020",
    "30": "hunan-department-2019",
    "31": "national-department-2013",
    "40": "transfer-payment-without-points",
    "47": "hubei-district-without-points",
    "51": "yinchuan-project",
    "52": "chongqing-department",
    "53": "transfer-payment-without-points",
    "54": NATIONAL,
    "55": None,
    "56": "rural-revitalisation",
    # Questions answered in words; a table within a report; four lines of a report's first page.
    "35": None, "42": None, "45": None,
}  # fmt: skip
NO_CHANGE: dict[str, str] = {}


def form_of(case: Case, title: str | None = None, words: dict[str, str] = NO_CHANGE) -> str | None:
    changed = {**case, "title": title or case["title"], "columns": [words.get(word, word) for word in case["columns"]]}
    book = Workbook(Path("自评表.xlsx"), "xlsx", "", 0, (lay_out(changed).grid(),), None)
    found: Sequence[str | None] = review([book], load_forms()).scored.tables["form"].tolist()
    return found[0]


def published(number: str) -> Case:
    return next(case for case in load_cases() if case["id"] == number)


@pytest.mark.parametrize("case", load_cases(), ids=lambda case: case["id"])
def test_each_published_table_is_its_form(case: Case) -> None:
    assert form_of(case) == FORMS[case["id"]]


@pytest.mark.parametrize(
    ("number", "title", "form"),
    [
        ("01", "江西省2022年度项目支出绩效自评表", "jiangxi-project"),
        ("01", "广西壮族自治区项目支出绩效自评表", "guangxi-project"),
        ("01", "部门整体支出绩效自评表", "national-department-2020"),
        ("26", "项目支出绩效自评表", NATIONAL),
        ("05", "江西省项目支出绩效自评表", "sichuan-project-2021"),
        ("01", "江西路街道项目支出绩效自评表", NATIONAL),
    ],
)
def test_a_title_tells_only_where_the_columns_agree(number: str, title: str, form: str) -> None:
    assert form_of(published(number), title) == form


@pytest.mark.parametrize(
    ("number", "words", "form"),
    [
        ("05", {"完成值": "实际完成值", "权重": "分值"}, "yunnan-split-target"),
        ("05", {"权重": "分值"}, None),
        ("10", {"全年实际值": "实际完成值"}, NATIONAL),
        ("47", {"年初目标值": "年度指标值"}, None),
    ],
)
def test_the_headings_tell_near_forms_apart(number: str, words: dict[str, str], form: str | None) -> None:
    assert form_of(published(number), words=words) == form


def test_cost_as_a_class_of_its_own_is_the_later_national_form() -> None:
    case = published("36")
    rows = [[row[0] and row[0].replace("效益", "成本"), *row[1:]] for row in case["rows"]]
    assert any("成本" in (row[0] or "") for row in rows)
    assert form_of({**case, "rows": rows}) == "national-project-2021-cost"
