"""What helps while a blank is filled in: drop-downs, bounds of numbers, messages with an example."""

from typing import Any

from perfxl.writing.blank.plan import Plan
from perfxl.writing.blank.row_formulas import TIERS

_OPERATORS = ("≥", "≤", "=", ">", "<", "定性")
_UNITS = (
    "%", "个", "项", "次", "人", "人次", "家", "户", "件", "套", "台", "份", "场", "期", "天", "小时", "万元", "元",
    "公里", "平方米", "亩", "吨",
)  # fmt: skip
_MESSAGES = {
    "level3": ("三级指标", "一行一个指标，写明考核什么。例：培训班场次、设备验收合格率。"),
    "target": ("年度指标值", "写符号、数值和单位。例：≥95%、≥50个、≤90万元；定性的写明程度，例：效果明显。"),
    "adjusted_target": ("调整指标值", "年中批准调整的才填，填了以它为准。写法同年初指标值。"),
    "actual": ("实际完成值", "定量的填实际数，单位与指标值相同。例：96%、52个；定性的从下拉框中选一档。"),
    "weight": ("分值", "填 0 至 100 的数；全表合计（含预算执行）应为 100。"),
    "reported_score": ("得分", "能由公式算出的已算出；算不出的（定性、日期等）请直接填数，不超过分值。"),
    "reason": ("偏差原因", "未得满分的必填。例：受连续降雨影响，12 月才完工；明年提前安排。"),
    "coefficient": ("得分系数", "得分占分值的比例。例：100%。"),
    "rule": ("评分标准", "写明怎样给分。例：完成 100% 得满分，每低 5 个百分点扣 1 分。"),
}
_MONEY = ("金额", "按本表的金额单位填数，不带单位。例：1105.50。没有发生的填 0。")
_SUM = ("总额", "由下面各行相加得出；没有分项的可直接填数。")
_HEADER = ("请填写", "从下拉框中选择，或直接填写。")


def add_entries(sheet: Any, plan: Plan) -> None:
    """Add the data validations of a blank."""
    _add_header(sheet, plan)
    _add_money(sheet, plan)
    grid = plan.grid
    assert grid is not None
    for name, column in grid.columns.items():
        rules = _rules(name, plan)
        title, message = _MESSAGES.get(name, ("", ""))
        if rules or message:
            options = {"input_title": title, "input_message": message, **(rules or {"validate": "any"})}
            _validate(sheet, grid.top, column, grid.bottom, options)


def _rules(name: str, plan: Plan) -> dict[str, Any]:
    """Return the rule for a column; it warns, and does not forbid."""
    assert plan.grid is not None
    if name == "operator":
        return {"validate": "list", "source": list(_OPERATORS), **_no_other("请从下拉框中选择符号，或选“定性”。")}
    if name == "unit":
        return {"validate": "list", "source": list(_UNITS), "show_error": False}
    if name == "actual":
        return {"validate": "list", "source": list(TIERS), "show_error": False}
    if name == "level2" and plan.level2:
        return {"validate": "list", "source": list(plan.level2), "show_error": False}
    if name == "core":
        return {"validate": "list", "source": ["是", "否"], **_no_other("请选“是”或“否”。")}
    if name == "weight":
        bounds = {"criteria": "between", "minimum": 0, "maximum": 100}
        return {"validate": "decimal", **bounds, **_warn("分值应为 0 至 100 的数。")}
    if name == "reported_score":
        return {"validate": "decimal", "criteria": ">=", "value": 0, **_warn("得分应为不小于 0 的数，不超过该行分值。")}
    return {}


def _warn(message: str) -> dict[str, str]:
    return {"error_type": "warning", "error_title": "请核对", "error_message": message}


def _no_other(message: str) -> dict[str, str]:
    return {"error_type": "stop", "error_title": "请从列表中选择", "error_message": message}


def _add_header(sheet: Any, plan: Plan) -> None:
    for box in plan.boxes:
        if choices := plan.choices.get(box.ref):
            title, message = _HEADER
            rule = {"validate": "list", "source": list(choices), "show_error": False}
            _validate(sheet, box.top, box.left, box.top, {**rule, "input_title": title, "input_message": message})


def _add_money(sheet: Any, plan: Plan) -> None:
    money = plan.money
    if money is None:
        return
    rule = {"validate": "decimal", "criteria": ">=", "value": 0, **_warn("金额应为不小于 0 的数；负数请说明原因。")}
    for name, column in money.columns.items():
        if name not in ("name", "weight", "ratio", "score", "reason"):
            has_parts = len(money.rows) > 1
            for top, bottom, (title, message) in (
                (money.total, money.total, _SUM if has_parts else _MONEY),
                (money.total + 1, money.rows[-1], _MONEY),
            ):
                if top <= bottom:
                    _validate(sheet, top, column, bottom, {**rule, "input_title": title, "input_message": message})


def _validate(sheet: Any, top: int, column: int, bottom: int, options: dict[str, Any]) -> None:
    sheet.data_validation(top - 1, column - 1, bottom - 1, column - 1, options)
