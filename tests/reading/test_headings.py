"""Which column of a heading holds which field."""

import pytest

from perfxl.forms.lexicon import load_lexicon
from perfxl.reading.heading_columns import Heading
from perfxl.reading.headings import amounts_beside, budget_heading, indicator_heading
from perfxl.reading.rows import filled_rows
from tests.reading.sheets import draw


def indicators(drawing: str) -> Heading | None:
    return indicator_heading(filled_rows(draw(drawing), load_lexicon()), 0, load_lexicon())


def money(drawing: str) -> Heading | None:
    return budget_heading(filled_rows(draw(drawing), load_lexicon()), 0)


def fields(heading: Heading | None) -> dict[str, int]:
    """Return field → first sheet column."""
    assert heading is not None
    return {name: column.left for name, column in heading.columns.items()}


def unknown(heading: Heading | None) -> list[str]:
    assert heading is not None
    return [column.heading for column in heading.unknown]


# ---------------------------------------------------------------- one row


def test_the_standard_heading() -> None:
    heading = indicators(
        "| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |"
    )
    assert fields(heading) == {
        "level1": 1, "level2": 2, "level3": 3, "target": 4, "actual": 5, "weight": 6, "reported_score": 7, "reason": 8,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("年度⏎指标值", "target"),
        ("年 度 指 标 值", "target"),
        ("年度指标值（A）", "target"),
        ("年度指标值Ａ", "target"),
        ("2023年度指标值", "target"),
        ("年初设定指标值", "target"),
        ("2023年目标值", "target"),
        ("预期指标值", "target"),
        ("全年实际值(B)", "actual"),
        ("全年实际完成值", "actual"),
        ("年末完成值", "actual"),
        ("自评完成值", "actual"),
        ("实际达到值", "actual"),
        ("完成情况", "actual"),
        ("分 值", "weight"),
        ("分值（100分）", "weight"),
        ("指标权重(分)", "weight"),
        ("赋分", "weight"),
        ("权重%", "weight"),
        ("分值/权重", "weight"),
        ("标准分值", "weight"),
        ("自评得分", "reported_score"),
        ("单位自评分", "reported_score"),
        ("指标得分（分）", "reported_score"),
        ("预算单位自评得分", "reported_score"),
        ("财政复核得分", "reviewed_score"),
        ("主管部门评分", "reviewed_score"),
        ("未完成原因及拟采取的改进措施", "reason"),
        ("偏差原因分析⏎及改进措施", "reason"),
        ("扣分原因和其他说明", "reason"),
        ("未达标原因说明", "reason"),
        ("未完成或偏离较大的原因", "reason"),
        ("度量单位", "unit"),
        ("计算符号", "operator"),
        ("调整后指标值", "adjusted_target"),
        ("得分系数（%）", "coefficient"),
        ("是否核心指标", "core"),
        ("评分标准", "rule"),
        ("佐证材料", "evidence"),
        ("偏离度", "deviation"),
    ],
)
def test_spellings(text: str, field: str) -> None:
    heading = indicators(f"| 一级指标 | 三级指标 | {'得分' if field != 'reported_score' else '说明'} | {text} |")
    assert fields(heading)[field] == 4


def test_columns_may_stand_in_any_order_and_apart() -> None:
    heading = indicators("| 得分 |  | 分值 | 三级指标 | 实际完成值 |  | 年度指标值 | 一级指标 |")
    assert fields(heading) == {"reported_score": 1, "weight": 3, "level3": 4, "actual": 5, "target": 7, "level1": 8}


def test_the_label_down_the_side_is_no_column() -> None:
    heading = indicators("""
        | 绩效指标 | 一级指标 | 三级指标 | 指标值 | 完成值 |
        | ^        | 产出     | 里程     | 1      | 1      |
    """)
    assert fields(heading) == {"level1": 2, "level3": 3, "target": 4, "actual": 5}
    assert unknown(heading) == []


def test_a_flat_list_may_head_its_names_with_the_word_for_the_block() -> None:
    heading = indicators("""
        | 绩效指标 | 目标值 | 完成值 | 权重 | 得分 |
        | 里程     | 1      | 1      | 10   | 10   |
    """)
    assert fields(heading) == {"level3": 1, "target": 2, "actual": 3, "weight": 4, "reported_score": 5}


def test_headings_over_several_columns() -> None:
    heading = indicators("""
        | 一级指标 | < | 三级指标 | < | < | 指标值 | 完成值 | < |
        | 产出     | < | 里程     | < | < | 1      | 1      | 公里 |
    """)
    assert heading is not None
    assert {name: (c.left, c.right) for name, c in heading.columns.items()} == {
        "level1": (1, 2), "level3": (3, 5), "target": (6, 6), "actual": (7, 8),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "levels"),
    [
        # A class merged down beside its indicators, the same written out, and with an explanation on the right.
        (
            ("| 基础 | 制度 | 10 | 10 |", "| ^ | 目标 | 10 | 8 |", "| 管理 | 执行 | 80 | 79 |"),
            {"level1": 1, "level3": 2},
        ),
        (("| 基础 | 制度 | 10 | 10 |", "| 基础 | 目标 | 10 | 8 |"), {"level1": 1, "level3": 2}),
        (
            (
                "| 制度 | 制度健全得满分，缺一项扣两分，没有制度的不得分，扣完为止 | 10 | 10 |",
                "| 目标 | 目标明确、细化、可以衡量得满分，不明确的酌情扣分，扣完为止 | 10 | 8 |",
            ),
            {"level3": 1},
        ),
        # A number beside its name, and names that reach over both columns.
        (("| 1 | 制度 | 10 | 10 |", "| 2 | 目标 | 10 | 8 |"), {"level3": 1}),
        (("| 制度 | < | 10 | 10 |", "| 目标 | < | 10 | 8 |"), {"level3": 1}),
    ],
)
def test_names_of_their_own_under_one_wide_heading(lines: tuple[str, ...], levels: dict[str, int]) -> None:
    found = fields(indicators("\n".join(("| 评价指标 | < | 标准分 | 得分 |", *lines))))
    assert {name: left for name, left in found.items() if name[:5] == "level"} == levels


@pytest.mark.parametrize(
    ("lines", "level1"),
    [
        (("| 数量指标 | 人次 | 30 | 32 | 50 |", "| 质量指标 | 合格率 | 90% | 95% | 50 |"), 1),
        # Merged down, alone at the top, or with nothing but what follows the table below it.
        (("| ^ | 人次 | 30 | 32 | 50 |", "| ^ | 合格率 | 90% | 95% | 50 |"), None),
        (("|  | 人次 | 30 | 32 | 50 |", "|  | 合格率 | 90% | 95% | 50 |"), None),
        (("|  | 人次 | 30 | 32 | 50 |", "| 总分 |  |  |  | 50 |", "| 存在问题 | 无 |  |  |  |"), None),
    ],
)
def test_a_label_down_the_side_that_heads_the_classes(lines: tuple[str, ...], level1: int | None) -> None:
    heading = indicators("\n".join(("| 绩效指标 | 指标名称 | 指标值 | 完成值 | 得分 |", *lines)))
    assert fields(heading).get("level1") == level1


def test_unknown_headings_are_kept_as_such() -> None:
    heading = indicators("| 一级指标 | 三级指标 | 指标值 | 完成值 | 责任科室 |")
    assert unknown(heading) == ["责任科室"]


def test_an_unknown_heading_may_hint_at_a_field_that_is_lacking() -> None:
    heading = indicators("| 一级指标 | 三级指标 | 预算编报时申报的目标值 | 经核实的实际完成值 | 得分 |")
    assert fields(heading) == {"level1": 1, "level3": 2, "target": 3, "actual": 4, "reported_score": 5}


def test_a_hint_never_takes_a_field_away() -> None:
    heading = indicators("| 一级指标 | 三级指标 | 上年完成值 | 指标值 | 完成值 | 得分 |")
    assert fields(heading)["actual"] == 5
    assert fields(heading)["history"] == 3


def test_remarks_are_the_reason_only_where_there_is_no_other() -> None:
    assert "reason" in fields(indicators("| 一级指标 | 三级指标 | 得分 | 备注 |"))
    both = fields(indicators("| 一级指标 | 三级指标 | 得分 | 扣分原因 | 备注 |"))
    assert (both["reason"], both["remark"]) == (4, 5)


def test_the_third_level_is_the_one_that_says_so() -> None:
    heading = indicators("| 一级指标 | 三级指标 | 指标内容 | 分值 | 得分 |")
    assert fields(heading)["level3"] == 2
    assert unknown(heading) == ["指标内容"]


@pytest.mark.parametrize(
    "drawing",
    [
        "| 姓名 | 单位 | 电话 | 地址 |",
        "| 年度总体目标 | 预期目标 | 实际完成情况 |",
        "| 产出指标 | 数量指标 | 指标1 | 10 | 10 |",
        "| 三级指标 | 备注 |",
        "| 序号 | 姓名 | 基本工资 | 绩效工资 | 合计 |",
    ],
)
def test_what_is_no_heading(drawing: str) -> None:
    assert indicators(drawing) is None


# ---------------------------------------------------------------- several rows


def test_a_target_divided_below_its_heading() -> None:
    heading = indicators("""
        | 绩效指标 | <        | <        | 年度指标值 | <      | <        | 实际完成值 | 分值 | 得分 |
        | 一级指标 | 二级指标 | 三级指标 | 指标性质   | 指标值 | 度量单位 | ^          | ^    | ^    |
    """)
    assert fields(heading) == {
        "level1": 1, "level2": 2, "level3": 3, "operator": 4, "target": 5, "unit": 6, "actual": 7, "weight": 8,
        "reported_score": 9,
    }  # fmt: skip
    assert heading is not None
    assert (heading.top, heading.bottom) == (1, 2)


def test_a_divided_target_in_one_row() -> None:
    heading = indicators("| 一级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 |")
    assert [fields(heading)[name] for name in ("operator", "target", "unit", "actual")] == [3, 4, 5, 6]


def test_words_cut_in_two_by_the_border_between_rows() -> None:
    heading = indicators("""
        | 一级 | 三级 | 年度   | 实际   | 分值 |
        | 指标 | 指标 | 指标值 | 完成值 |      |
    """)
    assert fields(heading) == {"level1": 1, "level3": 2, "target": 3, "actual": 4, "weight": 5}
    assert heading is not None
    assert heading.bottom == 2


@pytest.mark.parametrize(
    ("top", "below", "expected"),
    [
        ("| 三级指标 | 指标值 | < | 完成值 |", "| ^ | 年初 | 调整后 | ^ |", {"target": 2, "adjusted_target": 3, "actual": 4}),
        ("| 三级指标 | 指标值 | 评分 | < |", "| ^ | ^ | 自评 | 财政 |", {"target": 2, "reported_score": 3}),
        ("| 三级指标 | 指标值 | 自评 | 复核 |", "| ^ | ^ | 得分 | 得分 |", {"reported_score": 3, "reviewed_score": 4}),
        ("| 三级指标 | 年度指标值 | < | 实际完成值 | < |", "| ^ | 数值 | 单位 | 数值 | 完成率 |",
         {"target": 2, "unit": 3, "actual": 4, "completion_rate": 5}),
    ],
)  # fmt: skip
def test_kinds_below_their_words(top: str, below: str, expected: dict[str, int]) -> None:
    found = fields(indicators(f"{top}\n{below}"))
    assert {name: found.get(name) for name in expected} == expected


def test_name_and_weight_below_each_level() -> None:
    heading = indicators("""
        | 一级指标 | <    | 二级指标 | <    | 三级指标 | <    | 自评得分 |
        | 名称     | 权重 | 名称     | 权重 | 名称     | 权重 | ^        |
    """)
    assert fields(heading) == {
        "level1": 1, "level1_weight": 2, "level2": 3, "level2_weight": 4, "level3": 5, "weight": 6,
        "reported_score": 7,
    }  # fmt: skip


def test_weights_right_of_each_level() -> None:
    heading = indicators("| 一级指标 | 分值 | 二级指标 | 分值 | 三级指标 | 分值 | 得分 |")
    assert fields(heading) == {
        "level1": 1, "level1_weight": 2, "level2": 3, "level2_weight": 4, "level3": 5, "weight": 6,
        "reported_score": 7,
    }  # fmt: skip


def test_weights_of_the_levels_that_are_headed_like_the_score() -> None:
    heading = indicators("| 一级指标 | 得分 | 二级指标 | 得分 | 三级指标 | 得分 | 评价标准 | 得分 |")
    assert fields(heading)["weight"] == 6
    assert fields(heading)["reported_score"] == 8


def test_a_heading_two_rows_high_ends_where_its_merged_cells_end() -> None:
    heading = indicators("""
        | 一级指标 | 三级指标 | 指标值 | <    | 得分 |
        | ^        | ^        | ^      | ^    | ^    |
        | ^        | ^        | 性质   | 数值 | ^    |
    """)
    assert fields(heading) == {"level1": 1, "level3": 2, "operator": 3, "target": 4, "reported_score": 5}


@pytest.mark.parametrize(
    "counters",
    ["| 1 | 2 | 3 | 4 | 5 |", "| 甲 | 乙 | 1 | 2 | 3=2/1 |", "| （1） | （2） | （3） | （4） | （5） |", "| 列次 | 1 | 2 | 3 | 4 |", "| A | B | C | D | E |"],
)  # fmt: skip
def test_running_numbers_belong_to_the_heading(counters: str) -> None:
    heading = indicators(f"""
        | 序号 | 三级指标 | 指标值 | 完成值 | 得分 |
        {counters}
    """)
    assert heading is not None
    assert heading.bottom == 2


def test_a_row_of_data_with_running_numbers_is_data() -> None:
    heading = indicators("""
        | 三级指标 | 指标值 | 完成值 | 分值 |
        | 场次     | 1      | 2      | 3    |
    """)
    assert heading is not None
    assert heading.bottom == 1


# ---------------------------------------------------------------- money


def test_the_standard_money_heading() -> None:
    heading = money(
        "| 项目资金（万元） |  | 年初预算数 | 全年预算数（A） | 全年执行数（B） | 分值 | 执行率（B/A） | 得分 |"
    )
    assert fields(heading) == {"initial": 3, "adjusted": 4, "executed": 5, "weight": 6, "ratio": 7, "score": 8}
    assert unknown(heading) == []


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("| 年初预算 | 调整后预算数 | 预算执行数 | 预算执行率 | 权重 | 得分 | 原因 |",
         {"initial": 1, "adjusted": 2, "executed": 3, "ratio": 4, "weight": 5, "score": 6, "reason": 7}),
        ("| 预算数(A) | 执行数(B) | 执行率(B/A) | 得分(20分*执行率) |",
         {"adjusted": 1, "executed": 2, "ratio": 3, "score": 4}),
        ("| 年初预算数 | 全年（调整）预算数 | 全年执行数 | 执行率（%） | 执行率权重 | 执行率得分 |",
         {"initial": 1, "adjusted": 2, "executed": 3, "ratio": 4, "weight": 5, "score": 6}),
        ("| 预算金额 | 实际支出金额 | 支出率 |", {"adjusted": 1, "executed": 2, "ratio": 3}),
        ("| 全年预算 | 到位资金 | 全年支出数 |", {"adjusted": 1, "arrived": 2, "executed": 3}),
        ("| 年初部门预算 | 年度预算 | 决算数 | 完成率 |", {"initial": 1, "adjusted": 2, "executed": 3, "ratio": 4}),
        ("| 2023年预算数 | 2023年实际支出数 | 执行率% |", {"adjusted": 1, "executed": 2, "ratio": 3}),
    ],
)  # fmt: skip
def test_money_headings(drawing: str, expected: dict[str, int]) -> None:
    assert fields(money(drawing)) == expected


def test_money_divided_by_source() -> None:
    heading = money("""
        | 任务名称 | 预算数（万元） | <        | <        | 执行数（万元） | <        | <        | 分值 | 执行率 | 得分 |
        | ^        | 总额           | 财政拨款 | 其他资金 | 总额           | 财政拨款 | 其他资金 | ^    | ^      | ^    |
    """)
    assert fields(heading) == {"adjusted": 2, "executed": 5, "weight": 8, "ratio": 9, "score": 10}
    assert heading is not None
    assert heading.bottom == 2


def test_two_lists_side_by_side_give_the_first() -> None:
    heading = money("| 资金来源 | 全年预算 | 全年执行 | 支出用途 | 全年预算 | 全年执行 |")
    assert fields(heading) == {"adjusted": 2, "executed": 3}


@pytest.mark.parametrize(
    "drawing",
    [
        "| 全年预算数 | 120 | 全年执行数 | 110 | 执行率 | 91.67% |",  # labels with amounts beside them
        "| 项目名称 | 预算数 | 负责人 | 开始时间 | 结束时间 | 进度 |",
        "| 姓名 | 基本工资 | 合计 |",
    ],
)
def test_what_is_no_money_heading(drawing: str) -> None:
    assert money(drawing) is None


def test_amounts_beside_their_words() -> None:
    (row,) = filled_rows(draw("| 项目资金 | 全年预算数 | 120 | 全年执行数 |  | 执行率 | 91.67% |"), load_lexicon())
    assert [(amount.field, amount.text) for amount in amounts_beside(row)] == [
        ("adjusted", "120"), ("executed", ""), ("ratio", "91.67%"),
    ]  # fmt: skip


@pytest.mark.parametrize("drawing", ["| 全年预算数 | 全年执行数 |", "| 全年预算数 | 按进度安排 |", "| 张三 | 120 |"])
def test_no_amounts_beside(drawing: str) -> None:
    (row,) = filled_rows(draw(drawing), load_lexicon())
    assert amounts_beside(row) == []
