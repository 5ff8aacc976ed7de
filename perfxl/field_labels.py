"""What fields and scopes are called in what users read."""

SCOPES = {"project": "项目", "department": "部门整体"}

_LABELS = {
    "level1": "一级指标", "level2": "二级指标", "level3": "三级指标", "level4": "四级指标", "goal": "年度绩效目标",
    "category": "类别", "operator": "指标性质", "target": "年度指标值", "adjusted_target": "调整指标值",
    "unit": "度量单位", "actual": "实际完成值", "completion_rate": "完成率", "coefficient": "得分系数",
    "deviation": "偏差率", "history": "历史值", "forecast": "全年预计完成值",
    "weight": "分值", "level1_weight": "一级分值", "level2_weight": "二级分值", "reported_score": "自评得分",
    "reviewed_score": "复核得分", "deduction": "扣分", "reason": "偏差原因及改进措施", "remark": "备注",
    "rule": "评分标准", "evidence": "佐证材料", "problem": "存在问题", "measure": "改进措施", "grade": "等级",
    "core": "核心指标", "serial": "序号", "initial": "年初预算数", "adjusted": "全年预算数", "executed": "全年执行数",
    "ratio": "执行率", "reported_ratio": "执行率", "score": "得分", "arrived": "到位资金", "adjustment": "预算调整数",
    "balance": "结转结余", "arrival_ratio": "资金到位率",
    "total": "总分行", "title": "标题", "goal_expected": "预期目标", "goal_actual": "目标完成情况",
}  # fmt: skip


def field_label(name: str) -> str:
    """Return what a field is called; one of the money table, `budget_ratio`, says so."""
    if name.startswith("budget_"):
        return "资金·" + _LABELS.get(name[7:], name[7:])
    return _LABELS.get(name, name)
