"""Which known form a table is, and the near misses of each."""

from pathlib import Path
from typing import Any

import pytest

from perfxl.forms.definitions import Form, Forms, Recognition, load_forms
from perfxl.forms.recognise import Traits, recognise
from perfxl.forms.rubric import Rubric

NATIONAL = "national-project-2020"
GUANGDONG = "guangdong-department-2022"
PROJECT_COLUMNS = (
    "level1", "level2", "level3", "target", "actual", "weight", "reported_score", "reason", "budget_initial",
    "budget_adjusted", "budget_executed", "budget_ratio",
)  # fmt: skip
RUBRIC_COLUMNS = ("level1", "level2", "level3", "weight", "rule", "reported_score")


def table(columns: tuple[str, ...], title: str | None = "项目支出绩效自评表") -> dict[str, Any]:
    return {"title": title, "columns": dict.fromkeys(columns), "header": {}}


def form_of(
    columns: tuple[str, ...], *level1: str | None, title: str | None = "项目支出绩效自评表", forms: Forms | None = None
) -> str | None:
    return recognise(forms or load_forms(), Traits.of(table(columns, title), level1))


def test_a_place_may_stand_in_the_title_or_in_a_units_name() -> None:
    traits = {"title": "项目支出绩效自评表", "columns": dict.fromkeys(PROJECT_COLUMNS)}
    units = load_forms().lexicon.labels("unit")

    def taken(header: dict[str, str | None], title: str = traits["title"]) -> str | None:
        return recognise(load_forms(), Traits.of(traits | {"title": title, "header": header}, ["产出指标"], units))

    assert taken({"主管部门": "江 西 省水利厅"}) == "jiangxi-project"
    assert taken({"实施单位": "广西壮族自治区林业局", "主管部门": None}) == "guangxi-project"
    assert taken({}, title="江西省2023年项目支出绩效自评表") == "jiangxi-project"
    assert taken({"主管部门": "江西路街道办事处"}) == NATIONAL
    # The name of a project tells nothing: a unit elsewhere may work with the province.
    assert taken({"项目名称": "江西省对口支援"}) == NATIONAL


def without(*names: str) -> tuple[str, ...]:
    return tuple(name for name in PROJECT_COLUMNS if name not in names)


# ---------------------------------------------------------------- the national project form


@pytest.mark.parametrize(
    "level1",
    [
        ("产出指标", "效益指标", "满意度指标"),
        ("产出指标(50分)", "效益指标（30分）", "满意度指标"),
        ("产 出 指 标", None),
    ],
)
def test_the_national_form(level1: tuple[str | None, ...]) -> None:
    assert form_of(PROJECT_COLUMNS, *level1) == NATIONAL


@pytest.mark.parametrize("title", [None, "XX县财政局2022年专项资金自评表"])
def test_the_national_form_needs_no_title_of_its_own(title: str | None) -> None:
    assert form_of(PROJECT_COLUMNS, "产出指标", title=title) == NATIONAL


def test_other_columns_beside_its_own_do_no_harm() -> None:
    assert form_of((*PROJECT_COLUMNS, "completion_rate", "serial"), "产出指标") == NATIONAL


@pytest.mark.parametrize(
    "missing", ["level2", "target", "actual", "weight", "reported_score", "budget_adjusted", "budget_executed"]
)
def test_a_column_that_is_missing(missing: str) -> None:
    assert form_of(without(missing), "产出指标", "效益指标") is None


@pytest.mark.parametrize("foreign", ["operator", "level4", "reviewed_score"])
def test_a_column_of_another_form(foreign: str) -> None:
    assert form_of((*PROJECT_COLUMNS, foreign), "产出指标", "效益指标") is None


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("部门整体支出绩效自评表", "national-department-2020"),
        ("部门（单位）整体支出绩效自评表", "national-department-2020"),
        ("区域绩效目标自评表", None),
    ],
)
def test_a_title_of_another_form(title: str, form: str | None) -> None:
    assert form_of(PROJECT_COLUMNS, "产出指标", "效益指标", title=title) == form


@pytest.mark.parametrize("level1", [(), (None,), ("决策", "过程"), ("履职效能",)])
def test_classes_of_another_form(level1: tuple[str | None, ...]) -> None:
    assert form_of(PROJECT_COLUMNS, *level1) is None


# ---------------------------------------------------------------- the department form of Guangdong


@pytest.mark.parametrize("title", ["部门整体支出绩效自评表", "2022年度部门整体绩效自评指标评分表", None])
def test_the_department_form(title: str | None) -> None:
    assert form_of(RUBRIC_COLUMNS, "履职效能", "管理效能", title=title) == GUANGDONG


def test_the_department_form_with_points_in_its_labels() -> None:
    assert form_of(RUBRIC_COLUMNS, "履职效能（50分）", "管理效能\n（50分）") == GUANGDONG


@pytest.mark.parametrize("level1", [("履职效能",), ("管理效能", "产出指标"), ("投入", "产出", "效果")])
def test_a_department_form_of_another_place(level1: tuple[str, ...]) -> None:
    assert form_of(RUBRIC_COLUMNS, *level1, title="部门整体支出绩效自评表") is None


@pytest.mark.parametrize("missing", ["level1", "level3", "weight", "reported_score"])
def test_a_department_form_without_a_column(missing: str) -> None:
    columns = tuple(name for name in RUBRIC_COLUMNS if name != missing)
    assert form_of(columns, "履职效能", "管理效能") is None


# ---------------------------------------------------------------- several forms that fit


def form(id_: str, recognition: Recognition) -> Form:
    return Form(id_, id_, "project", "", recognition, Rubric(), Path(id_))


def test_the_form_with_most_conditions_is_taken() -> None:
    loose = form("loose", Recognition(columns=("level3",)))
    strict = form("strict", Recognition(columns=("level3", "target"), title=("自评表",)))
    for order in ((loose, strict), (strict, loose)):
        forms = Forms({one.id: one for one in order})
        assert form_of(PROJECT_COLUMNS, forms=forms) == "strict"
        assert form_of(PROJECT_COLUMNS, forms=forms, title="其他") == "loose"


def test_of_equals_the_first_is_taken() -> None:
    forms = Forms({name: form(name, Recognition(columns=("level3",))) for name in ("own", "shipped")})
    assert form_of(PROJECT_COLUMNS, forms=forms) == "own"


def test_a_form_of_the_users_own_may_go_before_the_national_one() -> None:
    national = load_forms().by_id[NATIONAL]
    local = form("county", Recognition(columns=national.recognition.columns, title=("某县",), level1=("产出",),
                                       level1_at_least=1, budget_columns=("adjusted", "executed"),
                                       without_columns=("operator", "level4", "reviewed_score"),
                                       not_title=("部门整体", "整体支出", "单位整体", "区域绩效")))  # fmt: skip
    forms = Forms({NATIONAL: national, "county": local})
    assert form_of(PROJECT_COLUMNS, "产出指标", title="某县项目支出绩效自评表", forms=forms) == "county"
    assert form_of(PROJECT_COLUMNS, "产出指标", forms=forms) == NATIONAL
