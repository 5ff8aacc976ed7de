"""Whole forms as offices lay them out, and what must be read from each."""

import pytest

from tests.reading.sheets import assert_budget, assert_indicators, assert_records, draw, layouts, table, tables

STANDARD = """
    | 项目支出绩效自评表   | <            | <          | <          | <          | <          | <      | <    | <      |
    | （2022年度）         | <            | <          | <          | <          | <          | <      | <    | <      |
    | 项目名称             | <            | 农村公路养护 | <        | <          | <          | <      | <    | <      |
    | 主管部门             | <            | 县交通局   | <          | <          | 实施单位   | 养护站 | <    | <      |
    | 项目资金⏎（万元）    | <            |            | 年初预算数 | 全年预算数 | 全年执行数 | 分值   | 执行率 | 得分 |
    | ^                    | ^            | 年度资金总额 | 100      | 120        | 108        | 10     | 90%  | 9      |
    | ^                    | ^            | 其中：当年财政拨款 | 100 | 120       | 108        | —      |      | —      |
    | 年度总体目标         | 预期目标     | <          | <          | <          | 实际完成情况 | <    | <    | <      |
    | ^                    | 养护农村公路 | <          | <          | <          | 已完成养护 | <      | <    | <      |
    | 绩⏎效⏎指⏎标          | 一级⏎指标    | 二级指标   | 三级指标   | 年度⏎指标值 | 实际完成值 | 分值  | 得分 | 偏差原因分析⏎及改进措施 |
    | ^                    | 产出指标     | 数量指标   | 养护里程   | ≥200公里   | 210公里    | 30     | 30   |        |
    | ^                    | ^            | 质量指标   | 验收合格率 | ≥95%       | 90%        | 20     | 19   | 部分路段返工 |
    | ^                    | 效益指标     | 社会效益指标 | 通行条件 | 改善       | 改善       | 30     | 30   |        |
    | ^                    | 满意度指标   | 服务对象满意度指标 | 群众满意度 | ≥90% | 92%      | 10     | 10   |        |
    | 总分                 | <            | <          | <          | <          | <          | 100    | 98   |        |
    | 注：1.得分一档最高不能超过该指标分值上限。 | < | <   | <          | <          | <          | <      | <    | <      |
    | 填表人：张三 |  |  |  |  | 联系电话：12345 |  |  |  |
"""
STANDARD_ROWS = """
    | level1     | level2             | level3     | target   | actual  | weight | reported_score | reason       |
    | 产出指标   | 数量指标           | 养护里程   | ≥200公里 | 210公里 | 30     | 30             |              |
    | 产出指标   | 质量指标           | 验收合格率 | ≥95%     | 90%     | 20     | 19             | 部分路段返工 |
    | 效益指标   | 社会效益指标       | 通行条件   | 改善     | 改善    | 30     | 30             |              |
    | 满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90%     | 92%     | 10     | 10             |              |
"""


def unmerged(drawing: str) -> str:
    """Return a drawing with all merged cells taken apart, as the plain look of offices that do not merge."""
    return drawing.replace("| ^ ", "|   ").replace("| < ", "|   ")


# ---------------------------------------------------------------- the standard form


@pytest.mark.parametrize("form", [STANDARD, unmerged(STANDARD)], ids=["merged", "unmerged"])
def test_the_standard_form(form: str) -> None:
    found = table(form)
    assert_records(found.indicators, STANDARD_ROWS)
    assert_records(
        found.budget,
        """
        | name               | role    | is_total | initial | adjusted | executed | reported_ratio | weight | reported_score |
        | 年度资金总额       | total   | True     | 100     | 120      | 108      | 90%            | 10     | 9              |
        | 其中：当年财政拨款 | current | False    | 100     | 120      | 108      |                |        |                |
        """,
    )
    head = found.table
    assert head["title"] == "项目支出绩效自评表"
    assert head["year"] == 2022
    assert head["money_unit"] == "万元"
    assert head["header"] == {
        "项目名称": "农村公路养护", "主管部门": "县交通局", "实施单位": "养护站", "填报人": "张三", "联系电话": "12345",
    }  # fmt: skip
    assert (head["goal_expected"], head["goal_actual"]) == ("养护农村公路", "已完成养护")
    assert (head["total_weight"], head["total_reported_score"]) == (100, 98)
    assert head["conclusions"] == {}


@pytest.mark.parametrize(("top", "left"), [(1, 1), (40, 6), (3, 30)])
def test_a_form_may_begin_anywhere(top: int, left: int) -> None:
    found = table(draw(STANDARD, top=top, left=left))
    assert_records(found.indicators, STANDARD_ROWS)
    first = found.indicators[0]["cells"]
    assert (first["level3"].row, first["level3"].column) == (top + 10, left + 3)
    assert (first["reported_score"].row, first["reported_score"].column) == (top + 10, left + 7)
    assert str(found.table["cells"]["reported_score"].text) == "98"


def test_every_value_knows_its_cell() -> None:
    found = table(STANDARD)
    second = {name: str(ref) for name, ref in found.indicators[1]["cells"].items()}
    assert second == {
        "level1": "自评表!B11", "level2": "自评表!C12", "level3": "自评表!D12", "target": "自评表!E12",
        "actual": "自评表!F12", "weight": "自评表!G12", "reported_score": "自评表!H12", "reason": "自评表!I12",
    }  # fmt: skip
    total = {name: str(ref) for name, ref in found.budget[0]["cells"].items()}
    assert (total["name"], total["executed"], total["reported_ratio"]) == ("自评表!C6", "自评表!F6", "自评表!H6")
    assert str(found.table["cells"]["项目名称"]) == "自评表!C3"


def test_blank_rows_and_columns_between() -> None:
    lines = STANDARD.strip().splitlines()
    widened = [line.replace("| 年度⏎指标值", "|  | 年度⏎指标值") for line in lines]
    assert widened != lines
    spaced = unmerged("\n| |\n".join(lines))
    assert_records(table(spaced).indicators, STANDARD_ROWS)
    wide = "\n".join("|  |" + line.strip().replace(" | ", " |  | ") for line in unmerged(STANDARD).strip().splitlines())
    found = table(wide)
    assert_records(found.indicators, STANDARD_ROWS)
    assert found.table["total_reported_score"] == 98


def test_permuted_columns() -> None:
    assert_indicators(
        """
        | 项目支出绩效自评表 |
        | 得分 | 三级指标 | 分值 | 一级指标 | 实际完成值 | 二级指标 | 年度指标值 |
        | 9    | 里程     | 10   | 产出     | 90         | 数量     | 100        |
        """,
        """
        | level1 | level2 | level3 | target | actual | weight | reported_score |
        | 产出   | 数量   | 里程   | 100    | 90     | 10     | 9              |
        """,
    )


# ---------------------------------------------------------------- forms of the places


def test_target_before_weight_and_marked_names() -> None:
    assert_indicators(
        """
        | 绩效目标自评表 | < | < | < | < | < | < | < |
        | 一级指标 | 二级指标 | 三级指标       | 分值 | 年度指标值(A) | 全年实际值(B) | 得分 | 未完成原因及拟采取的改进措施 |
        | 产出（50分） | 数量指标 | ★种植面积  | 10   | 30亩          | 30亩          | 10   |   |
        | ^        | ^        | 其中：大棚     |      | 5亩           | 5亩           |      |   |
        """,
        """
        | level1       | level2   | level3     | target | actual | weight | reported_score | is_detail | level1_weight |
        | 产出（50分） | 数量指标 | ★种植面积  | 30亩   | 30亩   | 10     | 10             | False     | 50            |
        | 产出（50分） | 数量指标 | 其中：大棚 | 5亩    | 5亩    |        |                | True      | 50            |
        """,
    )


def test_yunnan_with_two_heading_rows() -> None:
    assert_indicators(
        """
        | 2020年度项目支出绩效自评表 | < | < | < | < | < | < | < | < |
        | 绩效指标 | <        | <        | 年度指标值 | <      | <        | 实际完成值 | 分值  | 得分 |
        | 一级指标 | 二级指标 | 三级指标 | 指标性质   | 指标值 | 度量单位 | ^          | ^     | ^    |
        | 产出指标 | 数量指标 | 补助经费 | ﹦         | 72890  | 元       | 72890      | 10.00 | 9    |
        | ^        | 质量指标 | 合格率   | ≧          | 100    | %        | 100        | 20    | 19   |
        """,
        """
        | level1   | level2   | level3   | operator_text | target | unit_text | actual | weight | reported_score |
        | 产出指标 | 数量指标 | 补助经费 | ﹦            | 72890  | 元        | 72890  | 10     | 9              |
        | 产出指标 | 质量指标 | 合格率   | ≧             | 100    | %         | 100    | 20     | 19             |
        """,
    )


def test_a_target_over_three_columns_without_headings_of_their_own() -> None:
    assert_indicators(
        """
        | 一级指标 | 三级指标 | 年度指标值 | <  | < | 实际完成值 | 分值 | 得分 |
        | 产出指标 | 合格率   | ≥          | 95 | % | 96%        | 10   | 10   |
        | ^        | 里程     | 200公里    | <  | < | 210公里    | 10   | 10   |
        """,
        """
        | level3 | operator_text | target  | unit_text | actual  |
        | 合格率 | ≥             | 95      | %         | 96%     |
        | 里程   |               | 200公里 |           | 210公里 |
        """,
    )


def test_sichuan_with_conclusions_below() -> None:
    found = table("""
        | 报表编号：510000_0013zp |  |  |  |  |  |  |  |  |  |  |
        | 部门预算项目支出绩效自评表（2023年度） | < | < | < | < | < | < | < | < | < | < |
        | 项目名称 | < | 工资性支出 | < | < | < | < | < | < | < | < |
        | 主管部门 | < | 发改局本级 | < | < | 实施单位（盖章） | < | 发改局 | < | < | < |
        | 项目基本情况 | 1.项目年度目标完成情况 | 项目年度目标 | < | < | < | 年度目标完成情况 | < | < | < | < |
        | ^ | ^ | 保障工资发放 | < | < | < | 已全部发放 | < | < | < | < |
        | 预算执行情况（10分） | 年度预算数（万元） | 年初预算 | 调整后预算数 | < | 预算执行数 | < | 预算执行率 | 权重 | 得分 | 原因 |
        | ^ | 总额 | 238.93 | 251.89 | < | 251.89 | < | 100.00% | 10 |  | 1.预算执行率=预算执行数/调整后预算数，预算执行率未达到90%的需说明原因 |
        | ^ | 其中：财政资金 | 238.93 | 251.89 | < | 251.89 | < | 100.00% | / | / | ^ |
        | 绩效指标（90分） | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 | 未完成原因分析 |
        | ^ | 产出指标 | 数量指标 | 发放覆盖率 | ＝ | 100 | % |  | 60 |  |  |
        | ^ | 效益指标 | 社会效益指标 | 足额保障率 | ＝ | 100 | % |  | 30 |  |  |
        | 合计 | < | < | < | < | < | < | < | 100 |  |  |
        | 评价结论 | 按时足额发放，自评得分98分。 | < | < | < | < | < | < | < | < | < |
        | 存在问题 | 无 | < | < | < | < | < | < | < | < | < |
        | 改进措施 | 无 | < | < | < | < | < | < | < | < | < |
        | 项目负责人：李四 | < | < | < | 财务负责人：王五 | < | < | < | < | < | < |
    """)
    assert_records(
        found.indicators,
        """
        | level1   | level2       | level3     | operator_text | target | unit_text | actual | weight | reported_score |
        | 产出指标 | 数量指标     | 发放覆盖率 | ＝            | 100    | %         |        | 60     |                |
        | 效益指标 | 社会效益指标 | 足额保障率 | ＝            | 100    | %         |        | 30     |                |
        """,
    )
    assert_records(
        found.budget,
        """
        | name           | initial | adjusted | executed | weight | weight_text | reported_score |
        | 总额           | 238.93  | 251.89   | 251.89   | 10     | 10          |                |
        | 其中：财政资金 | 238.93  | 251.89   | 251.89   |        | /           |                |
        """,
    )
    head = found.table
    assert head["conclusions"] == {
        "评价结论": "按时足额发放，自评得分98分。", "存在问题": "无", "改进措施": "无",
    }  # fmt: skip
    assert (head["goal_expected"], head["goal_actual"]) == ("保障工资发放", "已全部发放")
    assert (head["total_weight"], head["total_score_state"]) == (100, "blank")
    assert head["header"]["实施单位"] == "发改局"


def test_hubei_without_weights_and_with_several_goals() -> None:
    found = table("""
        | 2020年度长江禁捕项目自评表 | < | < | < | < | < | < |
        | 单位名称：农业工作科 |  |  |  | 填报日期：2021年3月10日 |  |  |
        | 项目名称 | 渔业补贴 | < | < | < | < | < |
        | 项目类别 | 1、部门预算项目 □ 2、市直专项 □ 3、转移支付 √ | < | < | < | < | < |
        | 预算执行情况（万元）（20分） |  |  | 预算数（A） | 执行数（B） | 执行率（B/A） | 得分（20分*执行率） |
        | ^ | 年度财政资金总额 | < | 50 | 50 | 1 | 20 |
        | 年度绩效目标1（80分） | 一级指标 | 二级指标 | 三级指标 | 年初目标值（A） | 实际完成值（B） | 得分 |
        | ^ | 产出指标 | 数量指标 | 补贴渔船数 | 10 | 10 | 40 |
        | 年度绩效目标2 | 一级指标 | 二级指标 | 三级指标 | 年初目标值（A） | 实际完成值（B） | 得分 |
        | ^ | 满意度指标 | 服务对象满意度 | 渔民满意度 | 90% | 95% | 40 |
        | 总分 | < | < | < | < | < | 100 |
        | 偏差大或目标未完成原因分析 | 无 | < | < | < | < | < |
        | 改进措施及结果应用方案 | 加强管理 | < | < | < | < | < |
    """)
    assert_records(
        found.indicators,
        """
        | goal                  | level1     | level2         | level3     | target | actual | weight | weight_state | reported_score |
        | 年度绩效目标1（80分） | 产出指标   | 数量指标       | 补贴渔船数 | 10     | 10     |        | absent       | 40             |
        | 年度绩效目标2         | 满意度指标 | 服务对象满意度 | 渔民满意度 | 90%    | 95%    |        | absent       | 40             |
        """,
    )
    assert_records(
        found.budget,
        """
        | name             | adjusted | executed | reported_ratio | reported_ratio_number | weight | weight_state | reported_score |
        | 年度财政资金总额 | 50       | 50       | 1              | 1                     | 20     | label        | 20             |
        """,
    )
    assert found.table["conclusions"] == {"偏差大或目标未完成原因分析": "无", "改进措施及结果应用方案": "加强管理"}
    assert found.table["total_reported_score"] == 100
    assert found.table["year"] == 2020


def test_chongqing_flat_list_with_the_total_in_the_header() -> None:
    found = table("""
        | 2022年度项目支出绩效自评表 | < | < | < | < | < | < | < | < | < | < |
        | 专项（项目）名称 | 校园安全专项 | < | < | 项目编码 | 500101 | < | 自评总分（分） | < | 98.6 | < |
        | 主管部门 | 区教委 | < | < | 财政归口处室 | 教科文科 | < | < | < | < | < |
        | 项目资金（万元） | 年初预算数 | < | 全年（调整）预算数 | < | 全年执行数 | < | 执行率（%） | 执行率权重 | 执行率得分 | < |
        | 年度总金额 | 300 | < | 280 | < | 266 | < | 95 | 10 | 9.5 | < |
        | 其中：财政资金 | 300 | < | 280 | < | 266 | < | 95 |  |  | < |
        | 绩效目标 | 年初绩效目标 | < | < | 全年（调整）绩效目标 | < | < | 全年目标实际完成情况 | < | < | < |
        | ^ | 配齐保安 | < | < | 配齐保安 | < | < | 已配齐 | < | < | < |
        | 绩效指标 | 指标名称 | 计量单位 | 指标性质 | 年初指标值 | 调整指标值 | 全年完成值 | 得分系数（%） | 指标权重（分） | 指标得分（分） | 是否核心指标 |
        | ^ | 配备保安人数 | 人 | ≥ | 100 | 90 | 92 | 100 | 40 | 40 | 是 |
        | ^ | 事故起数 | 起 | ≤ | 2 |  | 3 | 96 | 50 | 49.1 | 否 |
        | 说明 | 无 | < | < | < | < | < | < | < | < | < |
    """)
    assert_records(
        found.indicators,
        """
        | level1 | level3       | operator_text | target | adjusted_target | actual | unit_text | weight | reported_score |
        |        | 配备保安人数 | ≥             | 100    | 90              | 92     | 人        | 40     | 40             |
        |        | 事故起数     | ≤             | 2      |                 | 3      | 起        | 50     | 49.1           |
        """,
    )
    assert_records(
        found.budget,
        """
        | name           | is_total | initial | adjusted | executed | reported_ratio_number | weight | reported_score |
        | 年度总金额     | True     | 300     | 280      | 266      | 0.95                  | 10     | 9.5            |
        | 其中：财政资金 | False    | 300     | 280      | 266      | 0.95                  |        |                |
        """,
    )
    head = found.table
    assert (head["total_reported_score"], str(head["cells"]["reported_score"])) == (98.6, "自评表!J2")
    assert head["header"]["项目名称"] == "校园安全专项"
    assert (head["goal_expected"], head["goal_actual"]) == ("配齐保安", "已配齐")


def test_hainan_export_with_colon_labels_and_repeated_levels() -> None:
    found = table("""
        | 项目支出绩效自评表 |  |  |  |  |  |  |  |
        | 项目名称：法庭修缮 |  |  |  | 预算年度：2021年 |  |  |  |
        | 主管部门：省高院 |  |  |  | 实施单位：市法院 |  |  |  |
        | 单位：元 |  |  |  |  |  |  |  |
        | 资金来源 |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
        | 年度资金总额： |  | 500,000.00 | 500,000.00 | 450,000.00 | 10 | 90.00% | 9 |
        | 一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 完成率 | 分值 | 得分 |
        | 产出指标 | 数量指标 | 修缮面积 | ≥300平方米 | 300平方米 | 100% | 30 | 30 |
        | 产出指标 | 数量指标 | 修缮间数 | ＝3间 | 3间 | 100% | 30 | 30 |
        | 效益指标 | 社会效益 | 办案条件 | 改善 | 改善 | 100% | 30 | 30 |
        | 合计： |  |  |  |  |  | 100 | 99 |
    """)
    assert_records(
        found.indicators,
        """
        | level1   | level2   | level3   | target     | actual    | weight | reported_score |
        | 产出指标 | 数量指标 | 修缮面积 | ≥300平方米 | 300平方米 | 30     | 30             |
        | 产出指标 | 数量指标 | 修缮间数 | ＝3间      | 3间       | 30     | 30             |
        | 效益指标 | 社会效益 | 办案条件 | 改善       | 改善      | 30     | 30             |
        """,
    )
    assert_records(found.budget, "| initial | executed | reported_score |\n| 500000  | 450000   | 9              |")
    head = found.table
    assert head["header"] == {
        "项目名称": "法庭修缮", "年度": "2021年", "主管部门": "省高院", "实施单位": "市法院",
    }  # fmt: skip
    assert (head["money_unit"], head["year"], head["total_reported_score"]) == ("元", 2021, 99)


def test_suzhou_with_two_levels_and_a_breakdown_of_the_money() -> None:
    found = table("""
        | 2022年度项目绩效自评表 | < | < | < | < | < |
        | 项目名称 | 图书采购 | < | 主管部门 | 文广旅局 | < |
        | 资金情况（万元） | 年初预算数 | 调整后预算数 | 实际执行数 | 执行率 | 得分 |
        | 合计 | 80 | 80 | 76 | 95% | 9.5 |
        | 子项目名称 | 预算金额 | < | 执行金额 | 执行率 | 备注 |
        | 图书 | 60 | < | 58 | 96.67% |  |
        | 期刊 | 20 | < | 18 | 90% |  |
        | 一级指标 | 二级指标 | 目标值 | 权重 | 实际完成值 | 自评分 |
        | 决策 | 立项规范性 | 规范 | 4.5 | 规范 | 4.5 |
        | 产出 | 采购册数 | ≥20000册 | 12.25 | 21000册 | 12.25 |
        | ^ | 按期完成率 | 100% | 8.25 | 100% | 8.25 |
        | 合计 | < | < | 100 | < | 98.5 |
    """)
    assert_records(
        found.indicators,
        """
        | level1 | level2     | level3 | name       | target   | actual  | weight | reported_score |
        | 决策   | 立项规范性 |        | 立项规范性 | 规范     | 规范    | 4.5    | 4.5            |
        | 产出   | 采购册数   |        | 采购册数   | ≥20000册 | 21000册 | 12.25  | 12.25          |
        | 产出   | 按期完成率 |        | 按期完成率 | 100%     | 100%    | 8.25   | 8.25           |
        """,
    )
    assert_records(found.budget, "| name | executed |\n| 合计 | 76       |")
    assert (found.table["total_weight"], found.table["total_reported_score"]) == (100, 98.5)


def test_guangzhou_department_with_reason_at_the_goal_and_money_in_two_lists() -> None:
    found = table("""
        | 部门整体支出绩效自评表（2021年度） | < | < | < | < | < | < |
        | 单位名称 | 区政协办公室 | < | < | < | < | < |
        | 年度整体绩效目标 | 组织调研20次 | < | < | < | < | < |
        | 整体绩效目标完成情况 | 组织调研18次 | < | < | < | < | < |
        | 未能完成原因 | 两次调研延期 | < | < | < | < | < |
        | 年度部门整体支出规模（万元） | 按资金来源 | 全年预算 | 全年执行 | 按支出用途 | 全年预算 | 全年执行 |
        | ^ | 财政拨款 | 900 | 880 | 基本支出 | 600 | 590 |
        | ^ | 其他资金 | 100 | 90 | 项目支出 | 400 | 380 |
        | ^ | 合计 | 1000 | 970 | 合计 | 1000 | 970 |
        | 一级指标 | 二级指标 | 三级指标 | 权重 | 评分标准 | 自评得分 | 扣分原因 |
        | 履职效能 | 整体效能 | 产出指标完成情况 | 10 | 按完成比例 | 9 | 两项未完成 |
    """)
    assert_records(
        found.budget,
        """
        | name     | is_total | adjusted | executed |
        | 财政拨款 | False    | 900      | 880      |
        | 其他资金 | False    | 100      | 90       |
        | 合计     | True     | 1000     | 970      |
        """,
    )
    head = found.table
    assert (head["goal_expected"], head["goal_actual"]) == ("组织调研20次", "组织调研18次")
    assert head["conclusions"] == {"未能完成原因": "两次调研延期"}
    assert found.indicators[0]["reason"] == "两项未完成"


def test_hefei_department_whose_tasks_are_named_beside_a_heading_of_two_rows() -> None:
    found = table("""
        | 部门整体支出绩效自评表 | < | < | < | < | < | < | < | < | < |
        | 部门名称 | 市水务局 | < | < | < | < | < | < | < | < |
        | 任务名称 | 完成情况 | 部门预算情况（万元） | < | < | < | < | < | < | < |
        | ^ | ^ | 年初预算数 | 全年预算数 | 其中：财政拨款 | 全年执行数 | 其中：财政拨款 | 预算执行率% | 分值 | 自评得分 |
        | 河道治理 | 已完成 | 100 | 120 | 100 | 110 | 95 | 91.67 |  |  |
        | 执法检查 | 已完成 | 50 | 50 | 50 | 50 | 50 | 100 |  |  |
        | 合计 |  | 150 | 170 | 150 | 160 | 145 | 94.12 | 10 | 9.41 |
        | 一级指标 | 二级指标 | 三级指标 | < | < | 指标值 | 实际完成值 | < | 分值 | 得分 |
        | 产出指标 | 数量指标 | 治理长度 | < | < | ≥12公里 | 12公里 | < | 90 | 90 |
    """)
    assert_records(
        found.budget,
        """
        | name     | is_total | initial | adjusted | executed | reported_ratio | weight | reported_score |
        | 河道治理 | False    | 100     | 120      | 110      | 91.67          |        |                |
        | 执法检查 | False    | 50      | 50       | 50       | 100            |        |                |
        | 合计     | True     | 150     | 170      | 160      | 94.12          | 10     | 9.41           |
        """,
    )
    assert found.table["money_unit"] == "万元"


def test_a_name_over_the_money_states_no_unit() -> None:
    found = table("""
        | 项目支出绩效自评表 | < | < | < | < | < |
        | 项目名称 | < | 扶持资金（每户5000元） | < | < | < |
        | 资金来源 | < | 年初预算数 | 全年预算数 | 全年执行数 | 执行率 |
        | 年度资金总额 | < | 100 | 120 | 110 | 91.67% |
        | 一级指标 | 三级指标 | 指标值 | 实际完成值 | 分值 | 得分 |
        | 产出指标 | 户数 | ≥12户 | 12户 | 90 | 90 |
    """)
    assert (found.table["money_unit"], found.budget[0]["name"]) == (None, "年度资金总额")


def test_shaanxi_department_with_money_by_task() -> None:
    found = table("""
        | 部门整体支出绩效自评表 | < | < | < | < | < | < | < | < | < | < | < | < |
        | 部门名称 | < | 市司法局 | < | < | < | < | < | < | < | < | < | < |
        | 年度主要任务完成情况 | 任务名称 | 主要内容 | 完成情况 | 预算数（万元） | < | < | 执行数（万元） | < | < | 分值 | 执行率 | 得分 |
        | ^ | ^ | ^ | ^ | 总额 | 财政拨款 | 其他资金 | 总额 | 财政拨款 | 其他资金 | ^ | ^ | ^ |
        | ^ | 任务1：法律援助 | 办理案件500件 | 办理案件520件，为困难群众挽回损失，得到了社会各界的充分肯定 | 100 | 100 | 0 | 90 | 90 | 0 | — | 90% | — |
        | ^ | 任务2：普法宣传 | 宣传30场 | 宣传30场 | 50 | 40 | 10 | 50 | 40 | 10 | — | 100% | — |
        | ^ | 金额合计 | < | < | 150 | 140 | 10 | 140 | 130 | 10 | 10 | 93.33% | 9.33 |
        | 年度总体目标完成情况 | 预期目标 | < | < | < | < | < | 目标实际完成情况 | < | < | < | < | < |
        | ^ | 办案500件 | < | < | < | < | < | 办案520件 | < | < | < | < | < |
        | 年度绩效指标完成情况 | 一级指标 | 二级指标 | 三级指标 | < | < | 年度指标值 | 实际完成值 | < | < | 分值 | 得分 | 未完成原因 |
        | ^ | 产出指标 | 数量指标 | 办理案件 | < | < | ≥500件 | 520件 | < | < | 90 | 90 |  |
        | 总分 | < | < | < | < | < | < | < | < | < | 100 | 99.33 |  |
    """)
    assert_records(
        found.budget,
        """
        | name            | is_total | adjusted | executed | reported_ratio | weight | reported_score |
        | 任务1：法律援助 | False    | 100      | 90       | 90%            |        |                |
        | 任务2：普法宣传 | False    | 50       | 50       | 100%           |        |                |
        | 金额合计        | True     | 150      | 140      | 93.33%         | 10     | 9.33           |
        """,
    )
    assert_records(
        found.indicators,
        "| level1 | level3 | target | actual | weight |\n| 产出指标 | 办理案件 | ≥500件 | 520件 | 90 |",
    )
    assert (found.table["goal_expected"], found.table["goal_actual"]) == ("办案500件", "办案520件")


def test_hunan_department_with_money_lists_side_by_side() -> None:
    found = table("""
        | 2021年度部门整体支出绩效自评表 | < | < | < | < | < | < | < |
        | 预算单位名称 | < | 市公路局 | < | < | < | < | < |
        | 年度预算申请（万元） |  | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
        | ^ | 年度资金总额 | 1000 | 1100 | 1050 | 10 | 95.45% | 9.55 |
        | ^ | 按收入性质分： | < | < | 按支出性质分： | < | < | < |
        | ^ | 其中：一般公共预算：900 | < | < | 其中：基本支出：600 | < | < | < |
        | ^ | 政府性基金拨款：100 | < | < | 项目支出：450 | < | < | < |
        | 年度总体目标 | < | 预期目标 | < | < | 实际完成情况 | < | < |
        | ^ | ^ | 养好公路 | < | < | 养好了公路 | < | < |
        | 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
        | ^ | 产出指标 | 质量指标 | 优良路率 | 85% | 86% | 90 | 90 |
        | 总分 | < | < | < | < | < | 100 | 99.55 |
    """)
    assert_records(
        found.budget, "| name | adjusted | executed | reported_score |\n| 年度资金总额 | 1100 | 1050 | 9.55 |"
    )
    assert found.table["goal_expected"] == "养好公路"
    assert found.table["header"] == {"单位名称": "市公路局"}
    assert found.table["total_reported_score"] == 99.55


def test_ningxia_process_indicators_with_the_execution_rate_among_them() -> None:
    assert_indicators(
        """
        | 项目支出绩效自评表 | < | < | < | < | < | < |
        | 项目名称 | 校园维修 | < | 自评得分 | 97.5 | < | < |
        | 一级指标 | 二级指标 | 三级指标 | 年初目标值 | 实际完成值 | 分值 | 得分 |
        | 过程（20分） | 资金管理 | 预算执行率 | 100% | 95% | 10 | 9.5 |
        | ^ | ^ | 资金使用合规性 | — | 合规 | 5 | 5 |
        | 产出（50分） | 数量 | 维修教室 | 20间 | 20间 | 50 | 50 |
        """,
        """
        | level1       | level3         | target | actual | weight | reported_score |
        | 过程（20分） | 预算执行率     | 100%   | 95%    | 10     | 9.5            |
        | 过程（20分） | 资金使用合规性 | —      | 合规   | 5      | 5              |
        | 产出（50分） | 维修教室       | 20间   | 20间   | 50     | 50             |
        """,
    )


def test_guangdong_rubric_with_four_levels_and_weights_at_each() -> None:
    assert_indicators(
        """
        | 部门整体支出绩效自评指标评分表 | < | < | < | < | < | < | < | < |
        | 评价指标 | < | < | < | < | < | 评分标准 | 自评得分 | 扣分原因 |
        | 一级指标 | <  | 二级指标 | <  | 三级指标 | < | ^ | ^ | ^ |
        | 名称     | 权重（%） | 名称 | 权重（%） | 名称 | 权重（%） | ^ | ^ | ^ |
        | 履职效能 | 50 | 整体效能 | 25 | 产出指标完成情况 | 10 | 按完成率 | 9 | 有一项未完成 |
        | ^        | ^  | ^        | ^  | 效益指标完成情况 | 10 | 按完成率 | 10 |  |
        | 管理效能 | 50 | 资产管理 | 5  | 资产盘点情况     | 1  | 每年盘点 | 0  | 未盘点 |
        """,
        """
        | level1   | level1_weight | level2   | level2_weight | level3           | weight | reported_score | reason       |
        | 履职效能 | 50            | 整体效能 | 25            | 产出指标完成情况 | 10     | 9              | 有一项未完成 |
        | 履职效能 | 50            | 整体效能 | 25            | 效益指标完成情况 | 10     | 10             |              |
        | 管理效能 | 50            | 资产管理 | 5             | 资产盘点情况     | 1      | 0              | 未盘点       |
        """,
    )


def test_score_sheet_with_weights_only_in_the_labels() -> None:
    assert_indicators(
        """
        | 2017年部门整体支出绩效评价得分表 |  |  |  |
        | 一级指标 | 二级指标 | 三级指标 | 得分 |
        | 部门决策(25分) | 目标任务(15分) | 相关性(5分) | 5 |
        |  |  | 明确性(5分) | 4 |
        | 综合管理(30分) | 资产管理(6分) | 规范性(2分) | 2 |
        | 总分 |  |  | 11 |
        """,
        """
        | level1         | level1_weight | level2         | level2_weight | level3      | weight | weight_state | reported_score |
        | 部门决策(25分) | 25            | 目标任务(15分) | 15            | 相关性(5分) | 5      | label        | 5              |
        | 部门决策(25分) | 25            | 目标任务(15分) | 15            | 明确性(5分) | 5      | label        | 4              |
        | 综合管理(30分) | 30            | 资产管理(6分)  | 6             | 规范性(2分) | 2      | label        | 2              |
        """,
    )


def test_four_levels() -> None:
    assert_indicators(
        """
        | 广水市部门整体支出绩效评价共性指标自评表（表1） |  |  |  |  |  |  |
        | 单位（公章） | 风景区管理处 |  | 自评总分 | 91 分 |  |  |
        | 一级指标 | 二级指标 | 三级指标 | 四级指标 | 分值 | 自评得分 | 复核得分 |
        | 投入 | 预算配置 | 预算编制 | 编制科学性 | 2 | 2 | 1.5 |
        |  |  |  | 编制完整性 | 2 | 1 | 1 |
        """,
        """
        | level1 | level2   | level3   | level4     | name       | weight | reported_score |
        | 投入   | 预算配置 | 预算编制 | 编制科学性 | 编制科学性 | 2      | 2              |
        | 投入   | 预算配置 |          | 编制完整性 | 编制完整性 | 2      | 1              |
        """,
    )


def test_transfer_with_row_numbers_beside_the_names_of_the_money() -> None:
    assert_budget(
        """
        | 林业草原改革发展资金绩效评价表 | < | < | < | < | < | < | < | < | < |
        | 资金投入情况（万元） | | 行次 | 全年预算数（A） | 统筹整合资金数（B） | 扣除统筹整合资金后预算金额（C） | 全年到位资金（D） | 预算到位（D/C×100%） | 全年执行资金（E） | 预算执行（E/C×100%） |
        | ^ | 列次 | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 |
        | ^ | 年度资金总额（万元）： | 1 | 52.8 | | 52.8 | 52.8 | 100.00% | 30.8 | 58.33% |
        | ^ | 其中：中央财政资金（万元） | 2 | 52.8 | | 52.8 | 52.8 | 100.00% | 30.8 | 58.33% |
        | 一级指标 | 二级指标 | 三级指标 | 行次 | 年初设定指标值 | 全年实际完成值 | 未完成原因及改进措施 | < | < | < |
        | 产出指标 | 数量指标 | 抚育面积 | 12 | 0.2万亩 | 0.2万亩 | | < | < | < |
        """,
        """
        | name                       | is_total | adjusted | executed | reported_ratio |
        | 年度资金总额（万元）：     | True     | 52.8     | 30.8     | 58.33%         |
        | 其中：中央财政资金（万元） | False    | 52.8     | 30.8     | 58.33%         |
        """,
    )


FISCAL = """
    | 2024年度部门整体绩效自评表 | < | < | < | < | < | < |
    |                | 年初预算数 | 全年（调整）预算数 | 全年执行数 | 执行率 | 执行率权重 | 执行率得分 |
    | 年度总金额     | 3,724.00   | 4,764.00           | 4,614.00   |        |            |            |
    | 其中：财政拨款 | 3,724.00   | 4,764.00           | 4,614.00   | 96.85  | 10.00      | 9.68       |
    | 指标名称 | 计量单位 | 指标值 | 全年完成值 | 指标权重（分） | 指标得分（分） | 说明 |
    | 接待人次 | 人次     | 20000  | 23000      | 20             | 20             |      |
"""


def test_the_total_takes_the_points_of_a_part_that_is_all_of_it() -> None:
    found = table(FISCAL)
    assert_records(
        found.budget,
        """
        | name           | is_total | adjusted | executed | reported_ratio | weight | reported_score |
        | 年度总金额     | True     | 4764     | 4614     | 96.85          | 10     | 9.68           |
        | 其中：财政拨款 | False    | 4764     | 4614     | 96.85          | 10     | 9.68           |
        """,
    )
    cells = found.budget[0]["cells"]
    assert (cells["executed"].row, cells["reported_score"].row) == (3, 4)
    other = table(
        FISCAL.replace("| 其中：财政拨款 | 3,724.00   | 4,764.00 ", "| 其中：财政拨款 | 3,724.00   | 4,700.00 ")
    )
    assert other.budget[0]["reported_score_state"] == "blank"


def test_money_put_in_beside_the_initial_budget() -> None:
    found = table("""
        | 整体支出绩效自评表 | < | < | < | < |
        | 资金情况（万元） | | 年初预算资金总额： | 实际投入资金额 | 产生差异的原因 |
        | ^ | 合计 | 236 | 230 | 结余 |
        | 一级指标 | 三级指标 | 指标值 | 全年实际完成值 | 产生差异的原因及改进措施 |
        | 产出指标 | 面积 | =230亩 | =230亩 | 无 |
    """)
    assert_records(found.budget, "| name | initial | executed | reason |\n| 合计 | 236 | 230 | 结余 |")
    assert_records(found.indicators, "| level3 | target | actual | reason |\n| 面积 | =230亩 | =230亩 | 无 |")
    assert found.table["money_unit"] == "万元"


def test_central_transfer_without_points_and_with_column_numbers() -> None:
    found = table("""
        | 车辆购置税收入补助地方资金绩效目标自评表 | < | < | < | < | < | < |
        | （2021年度） | < | < | < | < | < | < |
        | 转移支付（项目）名称 | < | 公路建设补助 | < | < | < | < |
        | 中央主管部门 | < | 财政部 | < | < | < | < |
        | 地方主管部门 | < | 市交通局 | < | 资金使用单位 | 市公路局 | < |
        | 资金投入情况（万元） | < |  | 全年预算数（A） | 全年执行数（B） | 预算执行率（B/A×100%） | < |
        | ^ | ^ | 年度资金总额： | 2,000 | 1,500 | 75% | < |
        | ^ | ^ | 其中：中央财政资金 | 1,500 | 1,200 | 80% | < |
        | 资金管理情况 | < |  | 情况说明 | < | 存在问题和改进措施 | < |
        | ^ | ^ | 分配科学性 | 按规定分配 | < | 无 | < |
        | 总体目标完成情况 | < | 总体目标 | < | < | 全年实际完成情况 | < |
        | ^ | ^ | 建成公路32公里 | < | < | 建成公路32公里 | < |
        | 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值 | 未完成原因和改进措施 |
        | ^ | 1 | 2 | 3 | 4 | 5 | 6 |
        | ^ | 产出指标 | 数量指标 | 建成公路 | 32公里 | 32公里 |  |
        | ^ | 满意度指标 | 服务对象满意度 | 群众满意度 | ≥90% | 95% |  |
        | 说明 | 无 | < | < | < | < | < |
        | 注：1.资金使用单位按项目绩效目标填报。 | < | < | < | < | < | < |
    """)
    assert_records(
        found.indicators,
        """
        | level1     | level2         | level3     | target | actual | weight | reported_score |
        | 产出指标   | 数量指标       | 建成公路   | 32公里 | 32公里 |        |                |
        | 满意度指标 | 服务对象满意度 | 群众满意度 | ≥90%   | 95%    |        |                |
        """,
    )
    assert_records(
        found.budget,
        """
        | name               | adjusted | executed | reported_ratio |
        | 年度资金总额：     | 2000     | 1500     | 75%            |
        | 其中：中央财政资金 | 1500     | 1200     | 80%            |
        """,
    )
    head = found.table
    assert head["header"]["项目名称"] == "公路建设补助"
    assert head["header"]["实施单位"] == "市公路局"
    assert head["goal_actual"] == "建成公路32公里"
    assert head["conclusions"] == {"说明": "无"}


HEBEI = """
    | 2020年度预算项目绩效自评表 | < | < | < | < | < | < | < | < | < | < | < |
    | 一、基本情况 | 项目名称： | 高龄津贴 | < | < | 金额单位： | < | 万元 | < | < | < | < |
    | 二、绩效指标完成情况 | 一级指标 | 二级指标 | 三级指标 | 指标分值 | 预期指标值 | <  | < | 单项指标实际完成值 | 自评得分 | < | < |
    | ^ | ^ | ^ | ^ | ^ | 符号 | 值 | 单位（文字描述） | ^ | 单项指标得分 | 权重占比（%） | 单项指标折算得分 |
    | ^ | 产出指标 | 质量指标 | 申报对象覆盖率 | 享受补贴人数占符合条件人数的比例 | >= | 98 | %(百分比) | 100% | 100 | 25.00 | 25.00 |
    | ^ | ^ | 时效指标 | 审批及时率 | 按要求每月完成审批的比例 | >= | 99 | %(百分比) | 100% | 90 | 25.00 | 22.50 |
"""


@pytest.mark.parametrize("form", [HEBEI, unmerged(HEBEI)], ids=["merged", "unmerged"])
def test_hebei_with_a_target_and_a_score_divided_below_one_heading_each(form: str) -> None:
    found = table(form)
    assert_records(
        found.indicators,
        """
        | level1   | level2   | level3         | operator_text | target | unit_text | actual | weight | reported_score |
        | 产出指标 | 质量指标 | 申报对象覆盖率 | >=            | 98     | %(百分比) | 100%   | 25     | 25             |
        | 产出指标 | 时效指标 | 审批及时率     | >=            | 99     | %(百分比) | 100%   | 25     | 22.5           |
        """,
    )
    assert found.table["money_unit"] == "万元"


def test_a_heading_cell_divided_below_leaves_no_row_of_its_own() -> None:
    assert_indicators(
        """
        | 专项经费绩效评价表 | < | < | < | < | < | < |
        | 一级指标 | 三级指标 | 目标值 | 分值 | 采集数据项 | < | 得分 |
        | ^        | ^        | ^      | ^    | 数据项1 | 数据项2 | ^ |
        | 产出     | 团组数   | 12     | 25   | 3 | 9 | 25 |
        """,
        """
        | level1 | level3 | target | weight | reported_score |
        | 产出   | 团组数 | 12     | 25     | 25             |
        """,
    )


LIAONING = """
    | 部门（单位）整体绩效自评表（2022年度） | < | < | < | < | < | < | < | < | < | < | < |
    | 年度绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | < | < | 实际完成值 | 完成程度 | 权重 | 得分 | 偏差原因分析 | < | < | 改进措施 |
    | ^ | ^ | ^ | ^ | 运算符号 | 内容 | 度量单位 | ^ | ^ | ^ | ^ | 经费保障 | 制度保障 | 原因说明 | ^ |
    | ^ | 履职效能 | 工作完成 | 重点工作办结率 | = | 100 | % | 100 | 100% | 10 | 10 |  |  |  |  |
    | ^ | 预算执行 | 执行效率 | 预算执行率 | >= | 95 | % | 90 | 95% | 5 | 4.7 | √ |  | 资金未到位 | 加快进度 |
"""


@pytest.mark.parametrize("form", [LIAONING, unmerged(LIAONING)], ids=["merged", "unmerged"])
def test_liaoning_with_the_reason_divided_into_boxes_and_a_text(form: str) -> None:
    assert_indicators(
        form,
        """
        | level1   | level3         | operator_text | target | unit_text | actual | weight | reported_score | reason     |
        | 履职效能 | 重点工作办结率 | =             | 100    | %         | 100    | 10     | 10             |            |
        | 预算执行 | 预算执行率     | >=            | 95     | %         | 90     | 5      | 4.7            | 资金未到位 |
        """,
    )


def test_the_reason_under_a_heading_of_alternatives() -> None:
    assert_indicators(
        """
        | 财政资金绩效自评评分表 | < | < | < | < | < |
        | 一级指标 | 三级指标 | 权重 | 指标说明 | 自评分 | 评分依据/扣分理由 |
        | 投入     | 论证决策 | 4    | 充分得4分 | 3     | 论证不足 |
        """,
        "| level1 | level3 | weight | reported_score | reason |\n| 投入 | 论证决策 | 4 | 3 | 论证不足 |",
    )


def test_shanghai_with_the_total_among_the_amounts() -> None:
    found = table("""
        | 2019年度项目绩效自评表 | < | < | < | < | < | < |
        | 当年预算数（万元） | 310 | < | 上年预算数（万元） | 300 | < | < |
        | 预算执行数（万元） | 300 | < | 预算执行率（%） | 96.77% | < | < |
        | 自评得分 | 92 | < | 绩效等级 | 优 | < | < |
        | 一级指标 | 权重 | 三级指标 | 权重 | 指标目标值 | 指标实际值 | 得分 |
        | 产出目标（34） | 34 | 养护面积 | 34 | 12万平方米 | 12万平方米 | 34 |
    """)
    assert_records(
        found.budget,
        "| adjusted | executed | reported_ratio | reported_score |\n| 310 | 300 | 96.77% | |",
    )
    assert (found.table["total_reported_score"], found.table["reported_grade"]) == (92, "优")


def test_the_execution_rate_as_an_indicator_whose_figures_are_the_moneys() -> None:
    form = """
        | 预算项目绩效自评表 | < | < | < | < | < |
        | 预算数 | 30 | 执行数 | 21 | 执行率 | 70% |
        | 一级指标   | 三级指标   | 年度指标值 | 实际完成值 | 分值 | 得分 |
        | 产出指标   | 迎检次数   |            |            | 90   | 90   |
        | 预算执行率 | 预算执行率 |            |            | 10   | 7    |
    """
    found = table(form)
    assert_records(
        found.indicators,
        """
        | level3     | target_state | actual_state | elsewhere        |
        | 迎检次数   | blank        | blank        |                  |
        | 预算执行率 | elsewhere    | elsewhere    | 执行率填在资金表 |
        """,
    )
    alone = table(form.replace("| 预算数 | 30 | 执行数 | 21 | 执行率 | 70% |", "|  |"))
    assert alone.indicators[1]["target_state"] == "blank"


# ---------------------------------------------------------------- levels without a number


def test_three_columns_of_names_are_three_levels() -> None:
    assert_indicators(
        """
        | 财政支出管理绩效考评自评表 | < | < | < | < | < | < | < |
        | 项目 | 考核内容 | 考核指标 | 指标说明 | 年度工作目标 | 评分标准 | 权数 | 考评得分 |
        | 支出管理（60分） | 一般公共预算支出 | 支出完成率 | 支出完成数÷年初预算数，反映和考核支出的完成情况。 | 100% | 按完成比例计算得分 | 20 | 20 |
        | ^ | 结转结余 | 结转结余率 | 结转结余资金总额÷支出完成数，反映和考核结转结余的控制情况。 | 9% | 按完成比例计算得分 | 20 | 18 |
        """,
        """
        | level1           | level2           | level3     | target | weight | reported_score | level1_weight |
        | 支出管理（60分） | 一般公共预算支出 | 支出完成率 | 100%   | 20     | 20             | 60            |
        | 支出管理（60分） | 结转结余         | 结转结余率 | 9%     | 20     | 18             | 60            |
        """,
    )


def test_a_class_under_any_heading_left_of_the_names() -> None:
    assert_indicators(
        """
        | 耕地地力保护补贴项目支出绩效评分细则 | < | < | < | < |
        | 目标名称 | 评价内容 | 评分标准 | 分值 | 自评分 |
        | 绩效目标 | 充分性   | 有实施方案得3分 | 3 | 3 |
        | ^        | 合理性   | 按程序报批得3分 | 3 | 2 |
        | 项目实施 | 宣传培训 | 开展宣传得2分   | 2 | 2 |
        """,
        """
        | level1   | level2 | level3   | weight | reported_score |
        | 绩效目标 |        | 充分性   | 3      | 3              |
        | 绩效目标 |        | 合理性   | 3      | 2              |
        | 项目实施 |        | 宣传培训 | 2      | 2              |
        """,
    )


def test_sentences_beside_the_names_are_no_level() -> None:
    assert_indicators(
        """
        | 项目支出绩效自评表 | < | < | < |
        | 考核指标 | 考核内容 | 分值 | 得分 |
        | 组织领导 | 制定了县级规划的得2分，规划经批准的再得2分，建立工作协调机制的再得2分。 | 6 | 6 |
        | 信息报送 | 按要求及时报送统计报表的得4分，有一次未按要求报送的不得分，直至扣完为止。 | 4 | 3 |
        """,
        """
        | level1 | level3   | weight | reported_score |
        |        | 组织领导 | 6      | 6              |
        |        | 信息报送 | 4      | 3              |
        """,
    )


def test_numbered_levels_leave_other_names_alone() -> None:
    assert_indicators(
        """
        | 项目支出绩效自评表 | < | < | < | < | < |
        | 序号 | 二级指标 | 三级指标 | 指标项 | 预期指标值 | 自评得分 |
        | 1    | 数量指标 | 购置设备 | 台套   | 20         | 10       |
        """,
        """
        | level1 | level2   | level3   | target | reported_score |
        |        | 数量指标 | 购置设备 | 20     | 10             |
        """,
    )


def test_a_score_sheet_of_units_is_one_though_its_title_does_not_say_so() -> None:
    assert_indicators(
        """
        | 小型农田水利建设资金绩效考评量化指标表 | < | < | < | < | < | < |
        | 考评⏎内容 | 考评⏎指标 | 考评说明 | 区县级自评 | 市级考评 | 中央抽查 | 备 注 |
        | 组织（10分） | 组织领导（6分） | 制定规划得2分 | 6 | 5 |  | 以文件为依据 |
        | ^            | 统计（4分）     | 及时报送得4分 | 4 | 4 |  |  |
        """,
        """
        | level1       | level3          | weight | reported_score |
        | 组织（10分） | 组织领导（6分） | 6      | 6              |
        | 组织（10分） | 统计（4分）     | 4      | 4              |
        """,
    )


def test_words_below_a_heading_that_sounds_like_points_are_none() -> None:
    found = table("""
        | 转移支付项目绩效自评表 | < | < | < | < | < |
        | 指标名称 | < | 指标解释 | 记录 | < | 未完成原因 |
        | 一级指标 | 三级指标 | ^ | 自评内容 | 完成情况 | ^ |
        | 项目产出 | 扶助人数 | 符合条件的人数 | 人数 | 9500人 | |
    """)
    assert_records(
        found.indicators,
        """
        | level1   | level3   | actual | reported_score_state |
        | 项目产出 | 扶助人数 | 9500人 | absent               |
        """,
    )


def test_values_in_the_rows_below_the_points() -> None:
    assert_indicators(
        """
        | 绩效目标自评表 | < | < | < | < | < | < |
        | 一级指标 | 二级指标 | 三级指标 | 分值 | 年度指标值 | 全年实际值 | 得分 |
        | 产出     | 数量     | ★补助瓜果种植面积 | 10 |     |     | 10 |
        | ^        | ^        | 梨树种植面积      |    | 6亩 | 6亩 |    |
        | ^        | ^        | 桃种植面积        |    | 1亩 | 1亩 |    |
        | ^        | ^        | ★补助养殖数量     | 10 |     |     |    |
        | ^        | 质量     | 成活率            |    | 95% | 90% |    |
        """,
        """
        | level3            | weight | target_state | actual_state | is_detail |
        | ★补助瓜果种植面积 | 10     | elsewhere    | elsewhere    | False     |
        | 梨树种植面积      |        | filled       | filled       | True      |
        | 桃种植面积        |        | filled       | filled       | True      |
        | ★补助养殖数量     | 10     | blank        | blank        | False     |
        | 成活率            |        | filled       | filled       | False     |
        """,
    )


# ---------------------------------------------------------------- several tables


def small(name: str, *, title: bool = True, score: int = 9) -> str:
    lines = ["| 项目支出绩效自评表（2022年度） | < | < | < | < | < |"] if title else []
    return "\n".join([
        *lines,
        f"| 项目名称 | {name} | < | 主管部门 | 县财政局 | < |",
        "| 项目资金（万元） |  | 全年预算数 | 全年执行数 | 执行率 | 得分 |",
        "| ^ | 年度资金总额 | 10 | 10 | 100% | 10 |",
        "| 一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |",
        f"| 产出指标 | {name}数量 | 10 | {score} | 10 | {score} |",
        f"| 总分 | < | < | < | 20 | {10 + score} |",
        "| 注：略 | < | < | < | < | < |",
    ])  # fmt: skip


@pytest.mark.parametrize("title", [True, False], ids=["with titles", "without"])
@pytest.mark.parametrize("gap", ["", "\n| |\n| |"], ids=["tight", "apart"])
def test_forms_below_one_another(title: bool, gap: str) -> None:
    sheet = small("甲") + gap + "\n" + small("乙", title=title, score=8) + gap + "\n" + small("丙", title=title)
    found = tables(sheet)
    assert [record.table["header"]["项目名称"] for record in found] == ["甲", "乙", "丙"]
    assert [[row["level3"] for row in record.indicators] for record in found] == [["甲数量"], ["乙数量"], ["丙数量"]]
    assert [record.table["total_reported_score"] for record in found] == [19, 18, 19]
    assert [len(record.budget) for record in found] == [1, 1, 1]
    assert [record.table["money_unit"] for record in found] == ["万元"] * 3


def test_one_form_a_sheet() -> None:
    grids = [draw(small(name), sheet=name, index=i) for i, name in enumerate("甲乙")]
    found = tables(*grids)
    assert [(record.table["sheet"], record.table["header"]["项目名称"]) for record in found] == [
        ("甲", "甲"), ("乙", "乙"),
    ]  # fmt: skip


def test_tables_with_columns_of_their_own_under_one_title() -> None:
    found = tables("""
        | 部门整体支出绩效自评表 |  |  |  |  |
        | 单位名称 | 管理处 |  | 自评总分 | 91 |
        | 一级指标 | 三级指标 | 分值 | 自评得分 | 复核得分 |
        | 投入 | 完整性 | 5 | 5 | 4 |
        | 合计 |  | 5 | 5 | 4 |
        | 表2 个性指标自评表 |  |  |  |  |
        | 一级指标 | 三级指标 | 目标值 | 完成值 | 得分 |
        | 产出 | 里程 | 10 | 9 | 9 |
    """)
    assert [[row["level3"] for row in record.indicators] for record in found] == [["完整性"], ["里程"]]
    assert [record.indicators[0]["reported_score"] for record in found] == [5, 9]


def test_a_form_over_pages_with_the_heading_repeated() -> None:
    assert_indicators(
        """
        | 项目支出绩效自评表 |  |  |  |  |
        | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 得分 |
        | 产出指标 | 数量指标 | 里程 | 10 | 5 |
        | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 得分 |
        |  |  | 面积 | 20 | 6 |
        | 效益指标 | 社会效益 | 通行 | 改善 | 7 |
        | 总分 |  |  |  | 18 |
        """,
        """
        | level1   | level2   | level3 | reported_score |
        | 产出指标 | 数量指标 | 里程   | 5              |
        | 产出指标 | 数量指标 | 面积   | 6              |
        | 效益指标 | 社会效益 | 通行   | 7              |
        """,
    )


def test_money_below_the_indicators() -> None:
    found = table("""
        | 项目支出绩效自评表 | < | < | < | < |
        | 项目名称 | 甲 | < | < | < |
        | 一级指标 | 三级指标 | 目标值 | 完成值 | 得分 |
        | 产出 | 里程 | 10 | 9 | 9 |
        | 预算执行情况（元） | 年初预算数 | 全年预算数 | 全年执行数 | 执行率 |
        | 合计 | 5 | 6 | 6 | 100% |
        | 总分 | < | < | < | 19 |
    """)
    assert_records(found.budget, "| name | adjusted | executed |\n| 合计 | 6        | 6        |")
    assert len(found.indicators) == 1


# ---------------------------------------------------------------- what is no self-evaluation


@pytest.mark.parametrize(
    "drawing",
    [
        """
        | 单位通讯录 | < | < | < |
        | 姓名 | 单位 | 联系电话 | 备注 |
        | 张三 | 财政局 | 123 |  |
        """,
        """
        | 2023年3月绩效工资发放表 | < | < | < | < |
        | 序号 | 姓名 | 基本工资 | 绩效工资 | 合计 |
        | 1 | 张三 | 3000 | 2000 | 5000 |
        """,
        """
        | 2023年部门预算执行情况表 | < | < | < |
        | 项目名称 | 预算数 | 执行数 | 执行率 |
        | 公路养护 | 100 | 90 | 90% |
        | 合计 | 100 | 90 | 90% |
        """,
        """
        | 项目支出绩效目标申报表 | < | < | < |
        | 项目名称 | 公路养护 | < | < |
        | 一级指标 | 二级指标 | 三级指标 | 指标值 |
        | 产出指标 | 数量指标 | 里程 | ≥200公里 |
        """,
        """
        | 绩效目标运行监控表 | < | < | < | < |
        | 一级指标 | 三级指标 | 年度指标值 | 完成可能性 | 偏差原因分析 |
        | 产出指标 | 里程 | 200 | 确定能 |  |
        """,
        """
        | 2023年1-7月绩效目标运行监控表 | < | < | < | < |
        | 一级指标 | 三级指标 | 年度指标值 | 1-7月执行情况 | 全年预计完成情况 |
        | 产出指标 | 里程 | 200 | 100 | 200 |
        """,
        """
        | 2023年度工作任务完成情况表 | < | < | < |
        | 项目名称 | 全年预算数 | 全年执行数 | 执行率 |
        | 公路养护 | 100 | 90 | 90% |
        """,
        """
        | 2022年度项目支出绩效自评情况汇总表 | < | < | < | < | < |
        | 序号 | 项目名称 | 全年预算数 | 全年执行数 | 执行率 | 自评得分 |
        | 1 | 公路养护 | 100 | 90 | 90% | 97 |
        | 合计 | < | 100 | 90 | 90% |  |
        """,
        """
        | 教师教学质量评价表 | < | < | < |
        | 评价项目 | 评价内容 | 分值 | 得分 |
        | 教学态度 | 备课充分 | 20 | 18 |
        """,
        """
        | 员工绩效考核表 | < | < | < | < |
        | 考核项目 | 考核内容 | 分值 | 自评 | 上级评分 |
        | 工作态度 | 出勤 | 20 | 18 | 18 |
        """,
        """
        | 收入支出决算总表 | < | < | < |
        | 项目 | 年初预算数 | 全年预算数 | 决算数 |
        | 一般公共预算财政拨款收入 | 100 | 100 | 100 |
        """,
        """
        | 序号 | 物资名称 | 规格 | 单位 | 数量 | 单价 | 金额 | 备注 |
        | 1 | 纸 | A4 | 箱 | 3 | 100 | 300 |  |
        """,
        """
        | 决策程序 | 有关科室提出，局务会研究 |
        | 一级指标 | 见附件 |
        """,
        "|  |",
    ],
    ids=[
        "addresses",
        "payroll",
        "budget list",
        "targets",
        "monitoring",
        "monitoring of months",
        "tasks",
        "summary",
        "lessons",
        "staff",
        "final accounts",
        "goods",
        "words",
        "nothing",
    ],
)
def test_what_is_no_self_evaluation(drawing: str) -> None:
    assert layouts(draw(drawing)) == []


def test_a_form_on_its_side_is_not_half_read() -> None:
    lines = [line.strip().strip("|").split("|") for line in small("甲").splitlines()]
    width = max(len(line) for line in lines)
    turned = ["|" + "|".join(line[i] if i < len(line) else " " for line in lines) + "|" for i in range(width)]
    assert layouts(draw("\n".join(turned).replace("<", " ").replace("^", " "))) == []


def test_a_form_whose_indicators_are_missing_is_a_table_all_the_same() -> None:
    found = table("""
        | 项目支出绩效自评表 |  |  |  |
        | 项目名称 | 公路养护 |  |  |
        | 项目资金（万元） | 全年预算数 | 全年执行数 | 执行率 |
        | 年度资金总额 | 100 | 90 | 90% |
    """)
    assert not found.table["has_indicators"]
    assert found.indicators == []
    assert_records(found.budget, "| executed |\n| 90 |")


def test_the_total_below_a_conclusion() -> None:
    found = table("""
        | 项目支出绩效自评表 | < | < | < | < |
        | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
        | 里程     | 200        | 190        | 10   | 9.5  |
        | 其他需要说明事项 | 无 | < | < | < |
        | 总分     |            |            | 100  | 96 |
    """)
    assert_records(found.indicators, "| level3 | reported_score |\n| 里程 | 9.5 |")
    assert (found.table["total_weight"], found.table["total_reported_score"]) == (100, 96)
    assert found.table["conclusions"] == {"其他需要说明事项": "无"}


def test_headings_without_rows() -> None:
    found = table("""
        | 项目支出绩效自评表 |  |  |  |  |
        | 一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分 |
        | 总分 |  |  |  |  |
    """)
    assert found.table["has_indicators"]
    assert found.indicators == []
    assert found.table["total_score_state"] == "blank"


def test_amounts_with_units_of_their_own_where_the_table_states_none() -> None:
    assert_budget(
        """
        | 项目支出绩效自评表 |  |  |
        | 预算数 | 执行数 | 执行率 |
        | 100万元 | 990,000元 | 99% |
        """,
        "| adjusted | executed | is_total |\n| 100 | 99 | True |",
    )
