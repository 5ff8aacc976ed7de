"""The values of a table, their cells and the state of each."""

import pytest

from perfxl.forms.years import year_in
from tests.reading.sheets import assert_budget, assert_indicators, assert_records, draw, table

STANDARD = "| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因 |"
MONEY = "| 项目资金（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |"


def form(*lines: str, title: str = "项目支出绩效自评表", top: tuple[str, ...] = ()) -> str:
    return "\n".join((f"| {title} |", *top, STANDARD, *lines))


# ---------------------------------------------------------------- year and unit of money


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2022年度", 2022),
        ("（２０２２年度）", 2022),
        ("2022 年 度", 2022),
        ("二〇二二年度", 2022),
        ("二○二一年", 2021),
        ("二零一九年", 2019),
        ("2021年中央补助资金2022年度绩效自评表", 2022),
        ("2022-03-01", 2022),
        ("2022", 2022),
        ("二十二年", None),
        ("12022元", None),
        ("项目支出绩效自评表", None),
    ],
)
def test_years_in_texts(text: str, year: float | None) -> None:
    assert year_in(text) == year


@pytest.mark.parametrize(
    ("title", "top", "sheet", "year"),
    [
        ("2022年度项目支出绩效自评表", (), "自评表", 2022),
        ("项目支出绩效自评表（2022年度）", (), "自评表", 2022),
        ("项目支出绩效自评表", ("| （2022年度） |",), "自评表", 2022),
        ("项目支出绩效自评表", ("| 二〇二二年度 |",), "自评表", 2022),
        ("项目支出绩效自评表", ("| 项目名称 | 甲 | 预算年度 | 2022年 |",), "自评表", 2022),
        ("项目支出绩效自评表", ("| 预算年度：2022 |",), "自评表", 2022),
        ("项目支出绩效自评表", (), "2022年自评", 2022),
        ("项目支出绩效自评表", ("| （2022年度） |", "| 项目名称 | 2021年结转项目 |"), "2020", 2022),
        ("项目支出绩效自评表", ("| 填报日期：2023年3月1日 |",), "自评表", None),
        ("项目支出绩效自评表", ("| 项目名称 | 2021年度结转项目 |",), "自评表", None),
    ],
)
def test_the_year_of_a_table(title: str, top: tuple[str, ...], sheet: str, year: float | None) -> None:
    found = table(draw(form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |  |", title=title, top=top), sheet=sheet))
    assert found.table["year"] == year


@pytest.mark.parametrize(
    ("lines", "unit"),
    [
        (("| 项目资金（万元） |  | 全年预算数 | 全年执行数 |",), "万元"),
        (("| 项目资金⏎(元) |  | 全年预算数 | 全年执行数 |",), "元"),
        (("| 项目资金 |  | 全年预算数（万元） | 全年执行数（万元） |",), "万元"),
        (("| 项目资金 |  | 全年预算数（A/亿元） | 全年执行数 |",), "亿元"),
        (("| 单位：万元 |", "| 项目资金 |  | 全年预算数 | 全年执行数 |"), "万元"),
        (("| 金额单位：人民币元 |", "| 项目资金 |  | 全年预算数 | 全年执行数 |"), "元"),
        (("| 项目资金单位：千元 |  | 全年预算数 | 全年执行数 |",), "千元"),
        (("| 资金情况（10元/人标准） |  | 全年预算数 | 全年执行数 |",), None),
        (("| 项目资金 |  | 全年预算数 | 全年执行数 |",), None),
    ],
)
def test_the_unit_of_money(lines: tuple[str, ...], unit: str | None) -> None:
    top = (*lines, "|  | 年度资金总额 | 12 | 11 |")
    assert table(form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |  |", top=top)).table["money_unit"] == unit


def test_the_unit_may_stand_in_the_names_of_the_rows() -> None:
    top = ("| 资金 |  | 全年预算数 | 全年执行数 |", "|  | 年度资金总额（元） | 12 | 11 |")
    assert table(form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |  |", top=top)).table["money_unit"] == "元"


# ---------------------------------------------------------------- labels


def test_blank_labels_take_the_one_above_within_their_class_only() -> None:
    assert_indicators(
        form(
            "| 产出 | 数量 | 里程 | 10 | 9 | 10 | 9 |  |",
            "|      |      | 面积 | 10 | 9 | 10 | 9 |  |",
            "|      | 质量 | 合格率 | 10 | 9 | 10 | 9 |  |",
            "| 效益 |      | 通行 | 10 | 9 | 10 | 9 |  |",
        ),
        """
        | level1 | level2 | level3 |
        | 产出   | 数量   | 里程   |
        | 产出   | 数量   | 面积   |
        | 产出   | 质量   | 合格率 |
        | 效益   |        | 通行   |
        """,
    )


def test_labels_repeated_on_every_row() -> None:
    assert_indicators(
        form(
            "| 产出 | 数量 | 里程 | 10 | 9 | 10 | 9 |  |",
            "| 产出 |      | 面积 | 10 | 9 | 10 | 9 |  |",
            "| 效益 |      | 通行 | 10 | 9 | 10 | 9 |  |",
            "| 产出 |      | 时长 | 10 | 9 | 10 | 9 |  |",
        ),
        """
        | level1 | level2 | level3 |
        | 产出   | 数量   | 里程   |
        | 产出   | 数量   | 面积   |
        | 效益   |        | 通行   |
        | 产出   |        | 时长   |
        """,
    )


def test_a_label_across_several_levels() -> None:
    assert_indicators(
        form(
            "| 满意度指标 | < | 群众满意度 | 90% | 95% | 10 | 10 |  |",
            "| 预算执行率 | < | < | 100% | 95% | 10 | 9.5 |  |",
        ),
        """
        | level1     | level2     | level3     | name       | target | weight |
        | 满意度指标 | 满意度指标 | 群众满意度 | 群众满意度 | 90%    | 10     |
        | 预算执行率 | 预算执行率 | 预算执行率 | 预算执行率 | 100%   | 10     |
        """,
    )


def test_a_row_is_named_by_its_lowest_label() -> None:
    assert_indicators(
        form("| 预算执行率 |  |  | 100% | 95% | 10 | 9.5 |  |", "| 产出 | 数量 |  | 10 | 9 | 50 | 45 |  |"),
        """
        | level1     | level2 | level3 | name       |
        | 预算执行率 |        |        | 预算执行率 |
        | 产出       | 数量   |        | 数量       |
        """,
    )


def test_the_name_beside_its_number_under_one_heading() -> None:
    assert_indicators(
        """
        | 项目绩效自评表 | < | < | < | < |
        | 一级指标 | 三级指标 | < | 完成值 | 得分 |
        | 产出 | 指标1 | 养护里程 | 10 | 10 |
        | ^ | 指标2 |  |  |  |
        """,
        "| level1 | level3 | name |\n| 产出 | 养护里程 | 养护里程 |",
    )


@pytest.mark.parametrize(
    ("label", "weight"),
    [("产出指标（50分）", 50), ("产 出 指 标⏎(50分)", 50), ("产出指标（共50分）", 50), ("产出(12.5分)", 12.5), ("产出（50）", None)],
)  # fmt: skip
def test_points_in_a_label(label: str, weight: float | None) -> None:
    (row,) = table(form(f"| {label} | 数量 | 里程 | 10 | 9 | 10 | 9 |  |")).indicators
    assert row["level1_weight"] == weight


# ---------------------------------------------------------------- rows that are none


@pytest.mark.parametrize(
    "line",
    [
        "| | | …… |  |  |  |  |  |",
        "| | | ... | …… | …… |  |  |  |",
        "| | | 指标2： |  |  |  |  |  |",
        "| | | 指标2 |  |  |  |  |  |",
        "| | | 三级指标1 |  |  |  |  |  |",
        "| | | 2. |  |  |  |  |  |",
        "| | | （2） |  |  |  |  |  |",
        "| | 时效 |  |  |  |  |  |  |",
        "| |  |  | ≥ |  |  |  |  |",
        "| | | 指标2： |  |  |  | =? |  |",
    ],
)
def test_blank_rows_of_a_template_are_no_indicators(line: str) -> None:
    drawing = form("| 产出 | 数量 | 里程 | 10 | 9 | 10 | 9 |  |", line, "| | 质量 | 合格率 | 10 | 9 | 10 | 9 |  |")
    if "≥" in line:
        drawing = drawing.replace("年度指标值", "指标性质").replace(" 10 | 9 | 10 | 9 |", " ≥ | 9 | 10 | 9 |")
    assert [row["name"] for row in table(drawing).indicators] == ["里程", "合格率"]


@pytest.mark.parametrize(
    "line",
    [
        "| | | 指标2：面积 |  |  |  |  |  |",
        "| | | 指标2： | 10 |  |  |  |  |",
        "| | | 面积 |  |  |  |  |  |",
        "| | |  | 10 | 9 |  |  |  |",
    ],
)
def test_rows_with_a_name_or_a_value_are_indicators(line: str) -> None:
    drawing = form("| 产出 | 数量 | 里程 | 10 | 9 | 10 | 9 |  |", line)
    assert len(table(drawing).indicators) == 2


def test_hidden_rows_are_read_and_said_to_be_hidden() -> None:
    drawing = form("| 产出 | 数量 | 里程 | 10 | 9 | 10 | 9 |  |", "~| | | 面积 | 10 | 9 | 10 | 9 |  |")
    assert_indicators(drawing, "| name | hidden |\n| 里程 | False |\n| 面积 | True |")


# ---------------------------------------------------------------- states


def test_states_of_values() -> None:
    assert_indicators(
        form(
            "| 产出 | 数量 | 里程 |  | =? | #DIV/0! | ␣ | 略 |",
            "|      |      | 面积 | #REF! | 10 | 暂无 | '8.5 |  |",
        ),
        """
        | name | target | target_state | actual | actual_state | weight_text | weight_state | reported_score | reported_score_state | reason_state |
        | 里程 |        | blank        |        | missing      | #DIV/0!     | error        |                | blank                | filled       |
        | 面积 | #REF!  | error        | 10     | filled       | 暂无        | filled       | 8.5            | filled               | blank        |
        """,
    )  # fmt: skip


def test_columns_that_are_not_there() -> None:
    (row,) = table("""
        | 项目绩效自评表 |
        | 一级指标 | 三级指标 | 指标值 | 全年实际完成值 |
        | 产出 | 里程 | 10 | 9 |
    """).indicators
    assert (row["weight_state"], row["reported_score_state"], row["reason_state"]) == ("absent",) * 3
    assert "weight" not in row["cells"]


def test_cells_merged_over_several_rows() -> None:
    assert_indicators(
        form(
            "| 产出 | 数量 | 里程 | 10 | 9 | 20 | 18 | 进度慢 |",
            "|      |      | 面积 | 10 | 9 | ^  | ^  | ^      |",
        ),
        """
        | name | weight | weight_state | reported_score | reported_score_state | reason | reason_state |
        | 里程 | 20     | filled       | 18             | filled               | 进度慢 | filled       |
        | 面积 |        | shared       |                | shared               | 进度慢 | shared       |
        """,
    )


def test_weights_only_in_the_names() -> None:
    assert_indicators(
        """
        | 部门整体支出绩效评价得分表 |
        | 一级指标 | 三级指标 | 得分 |
        | 部门决策（10分） | 相关性（5分） | 5 |
        """,
        "| name | weight | weight_state | level1_weight |\n| 相关性（5分） | 5 | label | 10 |",
    )


def test_detail_rows_explain_the_row_above() -> None:
    assert_indicators(
        form(
            "| 产出 | 数量 | 里程 | 10 | 9 | 20 | 18 |  |",
            "|      |      | 其中：县道 | 4 | 4 |  |  |  |",
            "|      |      | 其中：乡道 | 6 | 5 | 5 | 4 |  |",
        ),
        "| name | is_detail |\n| 里程 | False |\n| 其中：县道 | True |\n| 其中：乡道 | False |",
    )


def test_an_adjusted_target_stands_beside_the_first_one() -> None:
    assert_indicators(
        """
        | 项目绩效自评表 |
        | 三级指标 | 年初指标值 | 调整指标值 | 全年完成值 | 指标得分 |
        | 里程 | 10 | 8 | 9 | 10 |
        """,
        "| target | adjusted_target | actual |\n| 10 | 8 | 9 |",
    )


# ---------------------------------------------------------------- money


def test_states_of_money() -> None:
    assert_budget(
        form(
            "| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |  |",
            top=(
                MONEY,
                "|  | 年度资金总额 | 1,200.50 | 1200.5万元 |  | =? | #DIV/0! | 10 |",
                "|  | 其中：财政拨款 | — | 无 | 5000元 | - | 95.5 | - |",
            ),
        ),
        """
        | name           | initial | initial_state | adjusted | executed | executed_state | weight_state | ratio_state | reported_ratio_number | reported_ratio_places |
        | 年度资金总额   | 1200.5  | filled        | 1200.5   |          | blank          | missing      | error       |                       |                       |
        | 其中：财政拨款 |         | filled        |          | 0.5      | filled         | filled       | filled      | 0.955                 | 1                     |
        """,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "weight"),
    [
        ("| 预算执行情况（10分） | 预算数 | 执行数 | 执行率 |", 10),
        ("| 预算执行情况（万元）（20分） | 预算数 | 执行数 | 执行率 |", 20),
        ("| 预算执行情况 | 预算数 | 执行数 | 得分（20分*执行率） |", 20),
        ("| 预算执行情况 | 预算数 | 执行数 | 得分（权重10%） |", 10),
        ("| 预算执行情况 | 预算数 | 执行数 | 执行率（B/A） |", None),
        ("| 预算执行情况 | 预算数 | 执行数 | 得分（按执行率，95%以上满分） |", None),
    ],
)
def test_points_of_the_execution_in_the_heading(heading: str, weight: float | None) -> None:
    found = table(
        form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |  |", top=(heading, "| 年度资金总额 | 10 | 9 | 18 |"))
    ).budget
    assert found[0].get("weight") == weight
    assert found[0]["weight_state"] == ("label" if weight else "absent")


def test_the_first_row_called_a_total_is_the_total() -> None:
    top = (MONEY, "|  | 财政拨款 | 6 | 6 | 6 |  |  |  |", "|  | 其他资金 | 4 | 4 | 4 |  |  |  |",
           "|  | 合计 | 10 | 10 | 10 |  |  |  |")  # fmt: skip
    assert_budget(
        form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |  |", top=top),
        """
        | name     | role    | is_total |
        | 财政拨款 | current | False    |
        | 其他资金 | other   | False    |
        | 合计     | total   | True     |
        """,
    )


def test_a_row_of_money_without_a_name_is_the_total_when_it_is_alone() -> None:
    top = ("| 全年预算数 | 全年执行数 | 执行率 |", "| 10 | 9 | 90% |")
    assert_budget(
        form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |  |", top=top), "| name | is_total | executed |\n|  | True | 9 |"
    )


def test_the_reason_beside_the_money() -> None:
    top = (
        "| 资金 |  | 调整后预算数 | 预算执行数 | 执行率 | 原因 |",
        "|  | 总额 | 10 | 5 | 50% | 尾款未付 |",
        "|  | 单位资金 | 10 | 5 | 50% | ^ |",
    )
    found = table(form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |  |", top=top)).budget  # fmt: skip
    assert_records(found, "| name | reason |\n| 总额 | 尾款未付 |\n| 单位资金 | 尾款未付 |")


@pytest.mark.parametrize(
    ("lines", "unknown"),
    [
        (("| 资金 |  | 年初预算数 | 核定数 | 全年执行数 |", "|  | 总额 | 4 | 5 | 4.5 |"), ("核定数", "5")),
        (("| 年初预算数 | 4 | 核定数 | 5 | 全年执行数 | 4.5 |",), ("核定数", "5")),
        # The adjusted budget is known, the other amount stands outside, or nothing stands there.
        (("| 资金 |  | 全年预算数 | 核定数 | 全年执行数 |", "|  | 总额 | 4 | 5 | 4.5 |"), None),
        (("| 资金 |  | 年初预算数 | 全年执行数 | 批次号 |", "|  | 总额 | 4 | 4.5 | 3 |"), None),
        (("| 资金 |  | 年初预算数 | 核定数 | 全年执行数 |", "|  | 总额 | 4 |  | 4.5 |"), None),
        (("| 年初预算数 | 4 | 全年执行数 | 4.5 |", "| 批次号 | 3 |"), None),
    ],
)
def test_an_amount_that_may_be_the_adjusted_budget(lines: tuple[str, ...], unknown: tuple[str, str] | None) -> None:
    (row,) = table(form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |  |", top=lines)).budget
    assert row.get("unknown_heading") == (unknown and unknown[0])
    cell = row["cells"].get("unknown")
    assert (cell and cell.text) == (unknown and unknown[1])


# ---------------------------------------------------------------- the maps for messages


def test_the_headings_and_their_cells() -> None:
    found = table(form("| 产出 | 数量 | 里程 | 10 | 9 | 50 | 45 |  |", top=(MONEY, "|  | 总额 | 1 | 1 | 1 |")))
    columns = {name: str(ref) for name, ref in found.table["columns"].items()}
    assert columns["target"] == "自评表!D4"
    assert columns["budget_adjusted"] == "自评表!D2"
    assert found.table["columns"]["reason"].text == "偏差原因"
