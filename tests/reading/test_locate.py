"""Which rows belong to which block, and where a table ends."""

import pytest

from perfxl.reading.locate import Layout
from tests.reading.sheets import assert_records, draw, layouts, table, tables

HEADING = "| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |"


def form(*lines: str, top: tuple[str, ...] = ()) -> str:
    """Return a drawing of a small form with some rows under its heading."""
    return "\n".join(("| 项目支出绩效自评表 |", "| 项目名称 | 公路养护 |", *top, HEADING, *lines))


def located(drawing: str) -> Layout:
    (layout,) = layouts(draw(drawing))
    return layout


def names(drawing: str) -> list[str | None]:
    return [row["name"] for row in table(drawing).indicators]


def total(drawing: str) -> tuple[object, object]:
    found = table(drawing).table
    return found.get("total_weight"), found.get("total_reported_score")


# ---------------------------------------------------------------- the total


@pytest.mark.parametrize(
    ("line", "weight", "score"),
    [
        ("| 总分 |  |  |  |  | 100 | 95.5 |", 100, 95.5),
        ("| 总 分 | < | < | < | < | 100 | 95.5 |", 100, 95.5),
        ("| 合计 |  |  |  |  | 100 | 95.5 |", 100, 95.5),
        ("| 合计： |  |  |  |  | 100 | 95.5分 |", 100, 95.5),
        ("|  |  | 总计 |  |  | 100 | 95.5 |", 100, 95.5),
        ("| 总分：95.5分 | < | < | < | < | < | < |", None, 95.5),
        ("| 自评总分 95.5 | < | < | < | < | < | < |", None, 95.5),
        ("| 总分（100分） | < | < | < | < |  | 95.5 |", 100, 95.5),
        ("| 总分 | < | < | < | < | 95.5 | < |", None, 95.5),
        ("| 总得分 | 95.5 | < | < | < | < | < |", None, 95.5),
        ("| 自评得分 | < | < | 95.5 |  |  |  |", None, 95.5),
        ("| 总分 | < | < | < | < | 100 |  |", 100, None),
        ("| 总分 | < | < | < | < | 100 | =? |", 100, None),
        ("| 总分 | < | < | < | < | 100 | #REF! |", 100, None),
    ],
)
def test_a_total_row_below(line: str, weight: float | None, score: float | None) -> None:
    drawing = form("| 产出 | 数量 | 里程 | 10 | 10 | 60 | 55.5 |", "| 效益 | 社会 | 通行 | 好 | 好 | 40 | 40 |", line)
    assert total(drawing) == (weight, score)
    assert names(drawing) == ["里程", "通行"]


def test_the_states_of_a_total() -> None:
    line = "| 总分 | < | < | < | < | =? | #REF! |"
    found = table(form("| 产出 | 数量 | 里程 | 10 | 10 | 60 | 55.5 |", line)).table
    assert (found["total_weight_state"], found["total_score_state"]) == ("missing", "error")
    assert found["total_reported_text"] == "#REF!"


def test_a_total_row_above_the_rows() -> None:
    drawing = form("| 总分 |  |  |  |  | 100 | 95.5 |", "| 产出 | 数量 | 里程 | 10 | 10 | 100 | 95.5 |")
    assert total(drawing) == (100, 95.5)
    assert names(drawing) == ["里程"]


@pytest.mark.parametrize("pair", ["| 自评得分 | 95.5 |", "| 自评总分（分） | 95.5分 |", "| 自评总分：95.5 |"])
def test_a_total_in_the_header_block(pair: str) -> None:
    drawing = form("| 产出 | 数量 | 里程 | 10 | 10 | 100 | 95.5 |", top=(pair,))
    assert total(drawing) == (None, 95.5)


def test_the_total_row_goes_before_the_header_block() -> None:
    drawing = form(
        "| 产出 | 数量 | 里程 | 10 | 10 | 100 | 95.5 |", "| 总分 |  |  |  |  | 100 | 95.5 |", top=("| 自评得分 | 90 |",)
    )
    assert total(drawing) == (100, 95.5)


def test_a_total_as_a_word_is_kept_as_a_text() -> None:
    found = table(form("| 产出 | 数量 | 里程 | 10 | 10 | 100 | 95.5 |", top=("| 自评得分 | 良好 |",))).table
    assert (found["total_reported_score"], found["total_reported_text"]) == (None, "良好")


@pytest.mark.parametrize(
    ("lines", "grade"),
    [
        (("| 总分 |  |  |  |  | 100 | 95.5 |", "| 自评等级 | 优 |"), "优"),
        (("| 总分 |  |  | 优秀 |  | 100 | 95.5 |",), "优"),
        (("| 总分 |  |  | 等级：良 |  | 100 | 85 |",), "良"),
        (("| 总分 |  |  |  |  | 100 | 95.5 |", "| 评价等次：中 |"), "中"),
        (("| 总分 |  |  |  |  | 100 | 95.5 |", "| 自评结论 | 优 |"), None),
        (("| 总分 |  |  |  |  | 100 | 95.5 |", "| 自评等级 | 优□良□中□差□ |"), None),
    ],
)
def test_grades(lines: tuple[str, ...], grade: str | None) -> None:
    assert table(form("| 产出 | 数量 | 里程 | 10 | 10 | 100 | 95.5 |", *lines)).table.get("reported_grade") == grade


# ---------------------------------------------------------------- subtotals and rows that only carry labels


@pytest.mark.parametrize(
    "subtotal",
    [
        "|  | 小计 |  |  |  | 50 | 45 |",
        "| 小计 |  |  |  |  | 50 | 45 |",
        "| 产出 | 小计 |  |  |  | 50 | 45 |",
        "| 产出 | 合计 |  |  |  | 50 | 45 |",
        "|  | 合计 |  |  |  | 50 | 45 |",
        "| 合计 |  |  |  |  | 50 | 45 |",
        "| 产出指标小计 |  |  |  |  | 50 | 45 |",
        "| 产出指标合计 |  |  |  |  | 50 | 45 |",
        "|  |  | 小计 |  |  | 50 | 45 |",
    ],
)
def test_subtotals(subtotal: str) -> None:
    found = table(
        form(
            "| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |",
            subtotal,
            "| 效益指标 | 社会 | 通行 | 好 | 好 | 50 | 50 |",
            "| 总分 |  |  |  |  | 100 | 95 |",
        )
    )
    assert [row["name"] for row in found.indicators] == ["里程", "通行"]
    assert_records(found.subtotals, "| level1 | weight | reported_score |\n| 产出 | 50 | 45 |")
    assert (found.table["total_weight"], found.table["total_reported_score"]) == (100, 95)


def test_the_last_of_several_sums_is_the_total() -> None:
    found = table(
        form(
            "| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |",
            "| 合计 |  |  |  |  | 50 | 45 |",
            "| 效益 | 社会 | 通行 | 好 | 好 | 50 | 50 |",
            "| 合计 |  |  |  |  | 50 | 50 |",
            "| 总计 |  |  |  |  | 100 | 95 |",
        )
    )
    assert [row["name"] for row in found.indicators] == ["里程", "通行"]
    assert_records(found.subtotals, "| level1 | weight | reported_score |\n| 产出 | 50 | 45 |\n| 效益 | 50 | 50 |")
    assert found.table["total_reported_score"] == 95


def test_sums_in_a_table_with_running_numbers() -> None:
    found = table("""
        | 项目绩效自评表 |
        | 序号 | 一级指标 | 三级指标 | 目标值 | 完成值 | 分值 | 得分 |
        | 1 | 产出 | 里程 | 10 | 9 | 50 | 45 |
        | 合计 |  |  |  |  | 50 | 45 |
        | 2 | 效益 | 通行 | 好 | 好 | 50 | 50 |
        | 合计 |  |  |  |  | 100 | 95 |
    """)
    assert [row["name"] for row in found.indicators] == ["里程", "通行"]
    assert_records(found.subtotals, "| level1 | weight | reported_score |\n| 产出 | 50 | 45 |")
    assert found.table["total_reported_score"] == 95


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        (("| 效益 | 社会 | 通行 | 好 | 好 | 50 | 50 |", "| 小计 |  |  |  |  | 100 | 95 |"), 95),
        # Of the last class, and one sum for each class.
        (("| 效益 | 社会 | 通行 | 好 | 好 | 50 | 50 |", "| 效益小计 |  |  |  |  | 50 | 50 |"), None),
        (
            (
                "| 小计 |  |  |  |  | 50 | 45 |",
                "| 效益 | 社会 | 通行 | 好 | 好 | 50 | 50 |",
                "| 小计 |  |  |  |  | 50 | 50 |",
            ),
            None,
        ),
        (("| 小计 |  |  |  |  | 50 | 45 |",), None),
    ],
)
def test_the_only_sum_below_several_classes_is_the_total(lines: tuple[str, ...], total: float | None) -> None:
    found = table(form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |", *lines))
    assert found.table.get("total_reported_score") == total
    assert bool(found.subtotals) == (total is None)


def test_a_class_across_a_table_with_levels() -> None:
    drawing = form(
        "| 一、产出指标 | < | < | < | < | < | < |",
        "|  | 数量 | 里程 | 10 | 9 | 50 | 45 |",
        "| 二、效益指标 | < | < | < | < | < | < |",
        "|  | 社会 | 通行 | 好 | 好 | 50 | 50 |",
    )
    assert_records(
        table(drawing).indicators,
        "| level1 | level2 | level3 |\n| 一、产出指标 | 数量 | 里程 |\n| 二、效益指标 | 社会 | 通行 |",
    )


def test_a_label_in_a_row_of_its_own() -> None:
    drawing = form(
        "| 产出 |  |  |  |  |  |  |",
        "|  | 数量 |  |  |  |  |  |",
        "|  |  | 里程 | 10 | 9 | 50 | 45 |",
        "|  | 质量 | 合格率 | 100% | 95% | 50 | 45 |",
    )
    assert_records(
        table(drawing).indicators,
        "| level1 | level2 | level3 |\n| 产出 | 数量 | 里程 |\n| 产出 | 质量 | 合格率 |",
    )


def test_a_class_across_the_table_of_a_flat_list() -> None:
    found = table("""
        | 项目绩效自评表 | < | < | < | < | < |
        | 序号 | 指标名称 | 目标值 | 完成值 | 分值 | 得分 |
        | 一、产出指标（60分） | < | < | < | < | < |
        | 1 | 里程 | 10 | 10 | 60 | 60 |
        | 二、效益指标（40分） | < | < | < | < | < |
        | 2 | 通行 | 好 | 好 | 40 | 38 |
    """)
    assert_records(
        found.indicators,
        """
        | level1               | level1_weight | level3 | target | reported_score |
        | 一、产出指标（60分） | 60            | 里程   | 10     | 60             |
        | 二、效益指标（40分） | 40            | 通行   | 好     | 38             |
        """,
    )


def test_a_class_in_the_name_column_of_a_flat_list() -> None:
    found = table("""
        | 项目绩效自评表 |
        | 指标名称 | 目标值 | 完成值 | 分值 | 得分 |
        | 产出指标 |  |  |  |  |
        | 里程 | 10 | 10 | 60 | 60 |
        | 服务质量 |  |  |  |  |
    """)
    assert_records(found.indicators, "| level1 | level3 |\n| 产出指标 | 里程 |\n| 产出指标 | 服务质量 |")


TREE = """
    | 项目绩效自评表 |
    | 序号 | 指标名称 | 指标值 | 完成值 | 分值 | 得分 |
    | 一 | 产出指标 |  |  | 50 | 48 |
    | （一） | 数量指标 |  |  | 30 | 28 |
    | 1 | 站点 | ≥20个 | 18个 | 20 | 18 |
    | 2 | 培训 | ≥2次 | 2次 | 10 | 10 |
    | （二） | 成本指标 |  |  | 20 | 20 |
    | 3 | 造价 | ≤9万元 | 9万元 | 20 | 20 |
    | 二 | 效益指标 | — | / | 40 | 40 |
    | （一） | 社会效益 |  |  | 40 | 40 |
    | 4 | 预报 | ≥90% | 92% | 40 | 40 |
    | 三 | 满意度指标 |  |  | 10 | 10 |
    | 5 | 服务对象满意度 | ≥90% | 95% | 10 | 10 |
"""


def test_classes_in_rows_of_their_own_with_the_points_of_the_rows_below() -> None:
    found = table(TREE)
    assert_records(
        found.indicators,
        """
        | level1   | level2   | level3 | weight |
        | 产出指标 | 数量指标 | 站点   | 20     |
        | 产出指标 | 数量指标 | 培训   | 10     |
        | 产出指标 | 成本指标 | 造价   | 20     |
        | 效益指标 | 社会效益 | 预报   | 40     |
        | 满意度指标 |  | 服务对象满意度 | 10 |
        """,
    )
    assert_records(
        found.subtotals,
        """
        | level1     | weight | reported_score |
        | 产出指标   | 50     | 48             |
        | 效益指标   | 40     | 40             |
        | 满意度指标 | 10     | 10             |
        """,
    )


def test_classes_in_rows_of_their_own_without_points() -> None:
    found = table("""
        | 项目绩效自评表 |
        | 指标名称 | 指标值 | 完成值 | 分值 | 得分 |
        | 产出指标 |  |  |  |  |
        | 数量指标 |  |  |  |  |
        | 站点 | ≥20个 | 18个 | 50 | 45 |
        | 成本指标 |  |  |  |  |
        | 经济成本指标 |  |  |  |  |
        | 造价 | ≤9万元 | 9万元 | 40 | 40 |
    """)
    assert_records(
        found.indicators,
        """
        | level1   | level2       | level3 |
        | 产出指标 | 数量指标     | 站点   |
        | 成本指标 | 经济成本指标 | 造价   |
        """,
    )


def test_a_class_that_was_added_up_wrongly_beside_others_that_were_not() -> None:
    found = table(TREE.replace("| （一） | 数量指标 |  |  | 30 | 28 |", "| （一） | 数量指标 |  |  | 25 | 28 |"))
    assert [(row["level1"], row.get("level2"), row["name"]) for row in found.indicators] == [
        ("产出指标", "数量指标", "站点"),
        ("产出指标", "数量指标", "培训"),
        ("产出指标", "成本指标", "造价"),
        ("效益指标", "社会效益", "预报"),
        ("满意度指标", None, "服务对象满意度"),
    ]
    found = table(TREE.replace("| 一 | 产出指标 |  |  | 50 | 48 |", "| 一 | 产出指标 |  |  | 55 | 48 |"))
    assert [(row["level1"], row.get("level2")) for row in found.indicators][:4:3] == [
        ("产出指标", "数量指标"),
        ("效益指标", "社会效益"),
    ]
    assert [(one["level1"], one["weight"]) for one in found.subtotals][:2] == [("产出指标", 55), ("效益指标", 40)]


def test_indicators_that_are_called_like_classes_one_of_them_blank() -> None:
    drawing = """
        | 项目绩效自评表 |
        | 指标名称 | 指标值 | 完成值 | 分值 | 得分 |
        | 数量指标 | ≥20个 | 18个 | 50 | 45 |
        | 经济效益 |  |  |  |  |
        | 社会效益 | 好 | 好 | 50 | 50 |
    """
    assert names(drawing) == ["数量指标", "经济效益", "社会效益"]


def test_classes_with_the_numbers_of_an_outline() -> None:
    found = table("""
        | 项目绩效自评表 |
        | 指标名称 | 指标值 | 完成值 | 分值 | 得分 |
        | 1.产出指标 |  |  | 60 | 58 |
        | 1.1数量指标 |  |  | 30 | 30 |
        | 站点 | ≥20个 | 20个 | 30 | 30 |
        | 1.2.时效指标 |  |  | 30 | 28 |
        | 工期 | ≤12月 | 12月 | 30 | 28 |
        | 2效益指标 |  |  | 40 | 40 |
        | 预报 | ≥90% | 92% | 40 | 40 |
    """)
    assert_records(
        found.indicators,
        """
        | level1     | level2       | level3 |
        | 1.产出指标 | 1.1数量指标  | 站点   |
        | 1.产出指标 | 1.2.时效指标 | 工期   |
        | 2效益指标  |              | 预报   |
        """,
    )


@pytest.mark.parametrize(
    "blank",
    [
        "| 成本指标 |  |  | 30 |  |",  # not the weight of the row below: not filled in
        "| 成本指标 |  | 已完成 | 40 | 40 |",
        "| 造价 |  |  | 40 | 40 |",
    ],
)
def test_a_row_that_only_looks_like_a_class_is_an_indicator(blank: str) -> None:
    drawing = f"""
        | 项目绩效自评表 |
        | 指标名称 | 指标值 | 完成值 | 分值 | 得分 |
        | 站点 | ≥20个 | 18个 | 50 | 45 |
        {blank}
        | 通行 | 好 | 好 | 40 | 40 |
    """
    assert names(drawing) == ["站点", blank.split()[1], "通行"]


# ---------------------------------------------------------------- where a table ends


@pytest.mark.parametrize(
    "line",
    [
        "| 注：1.得分不能超过分值。 | < | < | < | < | < | < |",
        "| 注：1.得分不能超过分值。 |",
        "| 备注：无 |",
        "| 说明 | 本表由单位填写 | < | < | < | < | < |",
        "| 填表说明：1.略 |",
        "| 评价结论 | 较好 | < | < | < | < | < |",
        "| 存在问题及原因分析 | 支出进度较慢 | < | < | < | < | < |",
        "| 填表人：张三 |  |  |  | 联系电话：12345 |  |  |",
        "| 单位负责人： |  | 填表人： |  |  | 填报日期：2023年3月1日 |  |",
        "| 填报单位（盖章）：某局 |",
        "| 主管部门审核意见 |  |  |  |  |  |  |",
        "| 自评等级 | 优 |  |  |  |  |  |",
        "| 1.得分一档最高不能超过该指标分值上限，定性指标根据完成情况分为三档合理确定；2.定量指标按完成值与指标值之比计算，最高不超过分值上限。 |",
        "| 1.得分一档最高不能超过该指标分值上限，定性指标根据完成情况分为三档合理确定分值。 | < | < | < | < | < | < |",
    ],
)
@pytest.mark.parametrize("with_total", [True, False], ids=["below the total", "without total"])
def test_what_follows_the_table_is_no_indicator(line: str, with_total: bool) -> None:
    lines = ["| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |"]
    lines += ["| 总分 |  |  |  |  | 50 | 45 |"] if with_total else []
    assert names(form(*lines, line)) == ["里程"]


def test_an_indicator_that_is_called_like_a_conclusion_is_one_when_it_has_points() -> None:
    drawing = form("| 评价结果 | 改进 | 存在问题 | 无 | 无 | 50 | 45 |", "| 合计 |  |  |  |  | 50 | 45 |")
    assert names(drawing) == ["存在问题"]


def test_rows_below_the_total_that_are_none_of_the_table() -> None:
    drawing = form(
        "| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |",
        "| 总分 |  |  |  |  | 50 | 45 |",
        "| 附：本年资金 | 拨款 | 100 | 200 | 300 |  |  |",
    )
    assert names(drawing) == ["里程"]


def test_indicators_below_a_total_in_the_middle() -> None:
    drawing = form(
        "| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |",
        "| 总分 |  |  |  |  | 50 | 45 |",
        "| 加分项 | 表彰 | 省级表彰 | 1 | 1 | 5 | 5 |",
    )
    assert names(drawing) == ["里程", "省级表彰"]
    assert total(drawing) == (50, 45)


def test_conclusions_are_kept_with_their_labels() -> None:
    found = table(
        form(
            "| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |",
            "| 总分 |  |  |  |  | 50 | 45 |",
            "| 存在问题：进度慢 | < | < | < | < | < | < |",
            "| 改进措施 | 加快进度 | < | 评价结论 | 良好 | < | < |",
            "| 注：略 |",
        )
    )
    assert found.table["conclusions"] == {"存在问题": "进度慢", "改进措施": "加快进度", "评价结论": "良好"}


def test_a_footer_belongs_to_the_table_above_it() -> None:
    first, second = tables(
        form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |", "| 填报单位：甲局 |  | 填表人：张三 |")
        + "\n"
        + form("| 产出 | 数量 | 面积 | 10 | 9 | 50 | 45 |", "| 填表人：李四 |")
    )
    assert (first.table["header"]["填报人"], second.table["header"]["填报人"]) == ("张三", "李四")
    assert first.table["header"]["单位名称"] == "甲局"
    assert "单位名称" not in second.table["header"]


# ---------------------------------------------------------------- the header block


@pytest.mark.parametrize(
    "lines",
    [
        ("| 项目名称 | 公路养护 | 主管部门 | 交通局 | 实施单位 | 养护站 |",),
        ("| 项 目 名 称 ： | 公路养护 |", "| 主管部门： | 交通局 |", "| 实施单位（盖章） | 养护站 |"),
        ("| 项目名称：公路养护 |", "| 主管部门：交通局 | 实施单位：养护站 |"),
        ("| 项目名称：公路养护    主管部门：交通局    实施单位 （盖章）：养护站 |",),
        ("| 项 目 名 称：公路养护 主 管 部 门：交通局 实 施 单 位：养护站 |",),
        ("| 项目⏎名称 | < | 公路养护 | < |", "| 主管⏎部门 | < | 交通局 | 实施⏎单位 | 养护站 |"),
        ("| 一、项目名称 |  | 公路养护 |", "| （二）主管部门 |  | 交通局 |  | 3.实施单位 |  | 养护站 |"),
    ],
)
def test_labels_and_values(lines: tuple[str, ...]) -> None:
    drawing = "\n".join(("| 项目支出绩效自评表 |", *lines, HEADING, "| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |"))
    assert table(drawing).table["header"] == {"项目名称": "公路养护", "主管部门": "交通局", "实施单位": "养护站"}


def test_a_blank_value_is_told_from_a_missing_label() -> None:
    drawing = "\n".join((
        "| 项目支出绩效自评表 |",
        "| 项目名称 | < |  | 主管部门 | 交通局 |",
        "| 实施单位： |",
        HEADING,
        "| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |",
    ))  # fmt: skip
    found = table(drawing).table
    assert found["header"] == {"项目名称": None, "主管部门": "交通局", "实施单位": None}
    assert str(found["cells"]["项目名称"]) == "自评表!C2"  # the cell that is to be filled


def test_codes_and_persons_are_not_taken_for_one_another() -> None:
    top = (
        "| 报表编号：510000_0013zp | < | < | < |",
        "| 项目编码 | 51000021R01 | 单位编码 | 219001 |",
        "| 项目负责人 | 张三 | 单位负责人 | 李四 |",
    )
    below = "| 填表人：王五 | 审核人：赵六 | 财务负责人：孙七 | 联系电话：8690022 |"
    header = table(form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |", below, top=top)).table["header"]
    assert header == {
        "项目名称": "公路养护", "报表编号": "510000_0013zp", "项目编码": "51000021R01", "单位编码": "219001",
        "项目负责人": "张三", "单位负责人": "李四", "填报人": "王五", "审核人": "赵六", "财务负责人": "孙七",
        "联系电话": "8690022",
    }  # fmt: skip


def test_a_value_may_hold_a_colon() -> None:
    drawing = form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |", top=("| 填报时间：2023年3月1日 9:30 填报人：张三 |",))
    header = table(drawing).table["header"]
    assert (header["填报日期"], header["填报人"]) == ("2023年3月1日 9:30", "张三")


@pytest.mark.parametrize(
    "line", ["| 单位：万元 |", "| 单位 | 万元 |", "| 金额单位：万元 |", "| （单位：万元） |", "| 金额单位： | 万元 |"]
)
def test_the_unit_of_money_is_no_name_of_a_unit(line: str) -> None:
    money = ("| 资金 | 全年预算数 | 全年执行数 |", "| 合计 | 10 | 9 |")
    found = table(form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |", top=(line, *money))).table
    assert "单位名称" not in found["header"]
    assert found["money_unit"] == ("万元" if "：" in line else None)


# ---------------------------------------------------------------- goals


@pytest.mark.parametrize(
    "lines",
    [
        ("| 年度总体目标 | 预期目标 | < | 实际完成情况 |", "| ^ | 养路 | < | 已养路 |"),
        ("| 年度总体目标 | 年初设定目标 | 年度总体目标完成情况综述 |", "| ^ | 养路 | 已养路 |"),
        ("| 总体目标完成情况 | 总体目标 | 全年实际完成情况 |", "| ^ | 养路 | 已养路 |"),
        ("| 预期目标 | 养路 | 实际完成情况 | 已养路 |",),
        ("| 预期目标 | 养路 |", "| 目标实际完成情况 | 已养路 |"),
        ("| 年度绩效目标 | 养路 |", "| 年度绩效目标完成情况 | 已养路 |"),
        ("| 绩效目标 | 年初绩效目标 | 全年（调整）绩效目标 | 全年目标实际完成情况 |", "| ^ | 养路 | 修路 | 已养路 |"),
    ],
)
def test_goals(lines: tuple[str, ...]) -> None:
    found = table(form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |", top=lines)).table
    assert (found["goal_expected"], found["goal_actual"]) == ("养路", "已养路")
    assert found["cells"]["goal_actual"].text == "已养路"


def test_blank_goals() -> None:
    found = table(
        form(
            "| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |",
            top=("| 年度总体目标 | 预期目标 | < | 实际完成情况 |", "| ^ |  |  |  |"),
        )
    ).table
    assert (found.get("goal_expected"), found.get("goal_actual")) == (None, None)


# ---------------------------------------------------------------- money


def test_the_money_table_ends_where_its_rows_end() -> None:
    layout = located(
        form(
            "| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |",
            top=(
                "| 项目资金 | 全年预算数 | 全年执行数 | 执行率 |",
                "| 年度资金总额 | 10 | 9 | 90% |",
                "| 其他资金 |  |  |  |",
                "| 项目属性 | 延续项目 |",
                "| 资金管理情况 | 情况说明 | 存在问题 |",
                "| 分配科学性 | 按规定 | 无 |",
            ),
        )
    )
    assert layout.budget is not None
    assert [row.items[0].text for row in layout.budget.rows] == ["年度资金总额", "其他资金"]


@pytest.mark.parametrize(
    "lines",
    [
        ("| 项目资金（万元） | 年初预算数 | 100 | 全年预算数 | 120 | 全年执行数 | 108 | 执行率 | 90% |",),
        ("| 项目资金（万元） | 年初预算数 | 100 | 全年预算数 | 120 |", "| ^ | 全年执行数 | 108 | 执行率 | 90% |"),
        ("| 年初预算数（万元）：100 | 全年预算数（万元）：120 |", "| 全年执行数：108万元 执行率：90% |"),
        ("| 年初预算数（万元） | 100 |", "| 全年预算数（万元） | 120 |", "| 全年执行数（万元） | 108 |", "| 执行率 | 90% |"),
    ],
)  # fmt: skip
def test_money_beside_its_labels(lines: tuple[str, ...]) -> None:
    found = table(form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |", top=lines))
    assert_records(
        found.budget,
        """
        | name | is_total | initial | adjusted | executed | reported_ratio | weight_state |
        |      | True     | 100     | 120      | 108      | 90%            | absent       |
        """,
    )
    assert found.table["money_unit"] == "万元"
    assert "108" in found.budget[0]["cells"]["executed"].text


def test_money_in_a_score_column_of_the_header_block_is_not_taken_for_a_budget() -> None:
    found = table(form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |", top=("| 得分 | 95 | 等级 | 优 |",)))
    assert found.budget == []


def test_the_total_in_the_header_block_is_not_taken_for_the_score_of_the_execution() -> None:
    found = table(
        form(
            "| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |",
            top=(
                "| 自评得分 | 95 | 等级 | 优 |",
                "| 主管部门 | 交通局 |",
                "| 全年预算数 | 120 | 全年执行数 | 108 | 执行率 | 90% |",
                "| 分值 | 10 | 得分 | 9 |",
            ),
        )
    )
    assert_records(found.budget, "| adjusted | weight | reported_score |\n| 120 | 10 | 9 |")
    assert found.table["total_reported_score"] == 95


def test_facts_below_the_side_label_are_no_money() -> None:
    found = table(
        form(
            "| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |",
            top=(
                "| 项目资金（万元） |  | 全年预算数 | 全年执行数 |",
                "| ^ | 年度资金总额 | 10 | 9 |",
                "| ^ | 其他资金 |  |  |",
                "| 项目人数 |  | 12 | 11 |",
            ),
        )
    )
    assert [row["name"] for row in found.budget] == ["年度资金总额", "其他资金"]
