"""Where the blocks of a blank stand, drawn as text: `[ ]` is filled in by the unit, `=` a formula."""

import pytest

from perfxl.forms.definitions import load_forms
from perfxl.model.cells import a1
from perfxl.writing.blank.compute import compute
from perfxl.writing.blank.draw import plan_of
from perfxl.writing.blank.plan import Plan

FORMS = load_forms()


def plan(form: str) -> Plan:
    return plan_of(FORMS.by_id[form], FORMS.lexicon, 2027)


def drawn(form: str, top: int, bottom: int) -> list[str]:
    """Return rows of a blank, a cell as its text, and what is merged over a row as one cell."""
    own = plan(form)
    formulas = compute(own, FORMS.by_id[form].rubric).cells
    lines = []
    for row in range(top, bottom + 1):
        cells = []
        for box in sorted((box for box in own.boxes if box.top == row), key=lambda box: box.left):
            value = f"{box.value:g}" if isinstance(box.value, float) else str(box.value or "")
            text = "=" if (box.top, box.left) in formulas else value.replace("\n", "")
            cells.append(f"[{text}]" if box.is_open else text)
        lines.append(" | ".join(cells))
    return lines


def test_the_national_project_form() -> None:
    assert drawn("national-project-2020", 2, 15) == [
        "项目支出绩效自评表",
        "（2027年度）",
        "项目名称 | []",
        "主管部门 | [] | 实施单位 | []",
        "项目资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分",
        "年度资金总额 | [=] | [=] | [=] | 10 | = | =",
        "其中：当年财政拨款 | [] | [] | [] | — | = | —",
        "上年结转资金 | [] | [] | [] | — | = | —",
        "其他资金 | [] | [] | [] | — | = | —",
        "年度总体目标 | 预期目标 | 实际完成情况",
        "[] | []",
        "绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施",
        "产出指标（50分） | 数量指标 | [] | [] | [] | [] | [=] | []",
        "[] | [] | [] | [] | [=] | []",
    ]


def test_points_that_have_a_source_are_printed_and_others_are_not() -> None:
    lines = drawn("guangdong-department-2022", 10, 16)
    assert lines == [
        "履职效能 | 50 | 整体效能 | = | 部门整体绩效目标产出指标完成情况 | 10 | [] | [] | []",
        "部门整体绩效目标效益指标完成情况 | 10 | [] | [] | []",
        "部门预算资金支出率 | [] | [] | [] | []",
        "专项效能 | = | 专项资金绩效完成情况 | 20 | [] | [] | []",
        "专项资金支出率 | [] | [] | [] | []",
        "小计 | = |  | = | ",
        "管理效能 | 50 | 预算编制 | = | 新增预算项目事前绩效评估 | 3 | [] | [] | []",
    ]


def test_a_heading_over_several_columns() -> None:
    own = plan("yunnan-split-target")
    over = next(box for box in own.boxes if box.value == "年度指标值")
    below = [box for box in own.boxes if box.top == over.top + 1 and over.left <= box.left <= over.right]
    assert [box.value for box in below] == ["指标性质", "指标值", "度量单位"]
    level3 = next(box for box in own.boxes if box.name == "c_level3")
    assert (level3.top, level3.bottom) == (over.top, over.top + 1)


@pytest.mark.parametrize("form", FORMS.by_id)
def test_no_two_cells_overlap_and_every_row_is_as_wide_as_the_table(form: str) -> None:
    own = plan(form)
    seen: set[tuple[int, int]] = set()
    for box in own.boxes:
        places = {(row, column) for row in range(box.top, box.bottom + 1) for column in range(box.left, box.right + 1)}
        assert not places & seen, box
        seen |= places
    assert {(row, column) for row in range(1, own.bottom + 1) for column in range(1, own.right + 1)} == seen


@pytest.mark.parametrize("form", FORMS.by_id)
def test_names_are_given_once_and_formulas_stand_in_cells(form: str) -> None:
    own = plan(form)
    names = [box.name for box in own.boxes if box.name]
    assert len(names) == len(set(names))
    refs = {box.ref for box in own.boxes}
    formulas = compute(own, FORMS.by_id[form].rubric)
    assert {a1(*place) for place in formulas.cells} <= refs
    # What Excel takes: 8,192 characters and 64 levels.
    for cells in (formulas.cells, formulas.hints, formulas.helpers):
        assert max(map(len, cells.values())) < 8000
