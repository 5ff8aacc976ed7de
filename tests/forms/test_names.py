"""What the names of indicators tell about their values."""

import pytest

from perfxl.forms.names import cannot_exceed_100, is_rate, lower_is_better, unit_in_name

LOWER = """
事故发生次数 安全生产事故发生率 投诉率 服务对象投诉率 有责投诉次数 不合格率 项目总成本 单位面积造价 响应时间
成本控制数(万元) 人员伤亡事故 重大森林火灾 森林火灾受害面积 三公经费变动率 结转结余率 差错率 指标1：人均培训成本
培训费用 安全隐患排查成本预算 舆情事件 ★能耗 预算调整率 在职人员控制率 公用经费控制率 预算控制率
"""
HIGHER = """
事故应急演练次数 投诉处理率 投诉下降率 投诉率下降 成本节约率 响应时间达标率 违法行为责停率 费用结算及时性
高血压随访控制数 降低能耗 污染物减排量 挽回经济损失 预算执行率 满意度 火灾防控宣传次数 12小时内响应率
森林火灾火因查明率 森林火灾6小时内扑灭率 病虫害控制率 政府采购执行率
"""


@pytest.mark.parametrize("name", LOWER.split())
def test_lower_is_better(name: str) -> None:
    assert lower_is_better(name)


@pytest.mark.parametrize("name", ["", *HIGHER.split()])
def test_higher_is_better(name: str) -> None:
    assert not lower_is_better(name)


@pytest.mark.parametrize(
    ("name", "level2", "lower"),
    [
        ("补助标准", "成本指标", True),
        ("补助标准", "产出成本", True),
        ("补助标准", "数量指标", False),
        ("成本节约率", "成本指标", False),
        ("压减一般性支出", "经济成本指标", False),
        ("支付及时率", "成本指标", False),
    ],
)
def test_class_decides_where_the_name_does_not(name: str, level2: str, lower: bool) -> None:
    assert lower_is_better(name, level2) is lower


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("群众满意度", True),
        ("验收合格率(%)", True),
        ("覆盖率", True),
        ("增长率", False),
        ("执行率", False),
        ("培训人次", False),
    ],
)
def test_rates_that_cannot_exceed_100(name: str, expected: bool) -> None:
    assert cannot_exceed_100(name) is expected


@pytest.mark.parametrize(
    ("name", "expected"), [("合格率", True), ("满意度(%)", True), ("所占比例", True), ("培训人次", False)]
)
def test_rates(name: str, expected: bool) -> None:
    assert is_rate(name) is expected


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("成本控制数（万元）", "万元"),
        ("满意度(%)", "%"),
        ("面积(亩)", "亩"),
        ("补助对象(企业)", None),
        ("工作经费", None),
        ("指标(2022)", None),
    ],
)
def test_unit_in_brackets(name: str, unit: str | None) -> None:
    assert unit_in_name(name) == unit
