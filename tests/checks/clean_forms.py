"""Three filled forms of which there is nothing to say, drawn as sheets, and the same with some cells written over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from perfxl.model.cells import parse_a1
from perfxl.model.grid import Workbook, make_grid
from tests.reading.sheets import draw

PROJECT = """
| 项目支出绩效自评表 | < | < | < | < | < | < | < |
| （2023年度） | < | < | < | < | < | < | < |
| 项目名称 | 农技人员培训 | < | < | < | < | < | < |
| 主管部门 | 市农业农村局 | < | < | 实施单位 | 市农技推广中心 | < | < |
| 项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
| ^ | 年度资金总额 | 100 | 100 | 96 | 10 | 96.00% | 9.6 |
| ^ | 其中：当年财政拨款 | 80 | 80 | 76 | — | — | — |
| ^ | 上年结转资金 | 20 | 20 | 20 | — | — | — |
| ^ | 其他资金 | 0 | 0 | 0 | — | — | — |
| 年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < | < |
| ^ | 举办培训12场，培训300人次，提高农技人员技能。 | < | < | 举办培训12场、305人次，持证上岗率79%。 | < | < | < |
| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
| 产出指标(50分) | 数量指标 | 培训场次 | ≥12场 | 12场 | 8 | 8 | |
| ^ | 数量指标 | 培训人次 | ≥300人次 | 305人次 | 8 | 8 | |
| ^ | 质量指标 | 结业率 | ≥90% | 96% | 8 | 8 | |
| ^ | 时效指标 | 开班时间 | 6月底前 | 5月 | 8 | 8 | |
| ^ | 成本指标 | 场均成本 | ≤8万元 | 7.9万元 | 18 | 18 | |
| 效益指标(30分) | 社会效益指标 | 持证上岗率 | ≥80% | 79% | 15 | 14.81 | 两期学员推迟考证，次年一季度组织补考 |
| ^ | 可持续影响指标 | 培训制度 | 健全 | 达成预期指标 | 15 | 15 | |
| 满意度指标(10分) | 服务对象满意度指标 | 学员满意度 | ≥90% | 93% | 10 | 10 | 发放问卷120份，收回118份 |
| 总分 | < | < | < | < | 100 | 99.41 | 优 |
| 存在问题 | 两期学员没有按时考证。 | < | < | < | < | < | < |
| 改进措施 | 次年一季度组织补考。 | < | < | < | < | < | < |
"""

DEPARTMENT = """
| 部门整体支出绩效自评表 | < | < | < | < | < | < |
| （2023年度） | < | < | < | < | < | < |
| 单位名称 | 市文化馆 | < | < | < | < | < |
| 年度部门整体支出（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 执行率 | |
| ^ | 年度资金总额 | 500 | 520 | 500 | 96.15% | |
| 一级指标 | 二级指标 | 三级指标 | 评分标准 | 分值 | 自评得分 | 扣分原因 |
| 履职效能 | 整体效能 | 部门整体绩效目标产出指标完成情况 | 按完成程度计分 | 10 | 9 | 送文艺下乡有两场因汛情取消，次年补演 |
| ^ | ^ | 部门整体绩效目标效益指标完成情况 | 按实现程度计分 | 10 | 10 | |
| ^ | ^ | 部门预算资金支出率 | 按支出率计分 | 5 | 5 | 500÷520＝96.15%，达到年度支出要求 |
| ^ | 专项效能 | 专项资金绩效完成情况 | 各专项得分 | 20 | 20 | |
| ^ | ^ | 专项资金支出率 | 按支出率计分 | 5 | 5 | |
| 小计 | < | < | | 50 | 49 | |
| 管理效能 | 预算编制 | 新增预算项目事前绩效评估 | 已作评估 | 3 | 3 | |
| ^ | 绩效管理 | 绩效管理制度建设 | 制度健全 | 17 | 17 | |
| ^ | 采购管理 | 采购合规性 | 符合规定 | 15 | 14.5 | 一项采购公告晚发两天，已重申时限 |
| ^ | 资产管理 | 资产盘点情况 | 已盘点 | 1 | 1 | |
| ^ | 运行成本 | 经济成本控制情况 | 控制在限额内 | 14 | 14 | |
| 小计 | < | < | | 50 | 49.5 | |
| 总分 | < | < | | 100 | 98.5 | |
"""

SPLIT = """
| 项目支出绩效自评表 | < | < | < | < | < | < | < | < | < |
| （2023年度） | < | < | < | < | < | < | < | < | < |
| 项目名称 | 河道清淤 | < | < | < | < | < | < | < | < |
| 主管部门 | 市水务局 | < | < | < | 实施单位 | 市河道管理处 | < | < | < |
| 项目资金（万元） | | | 年初预算数 | 全年预算数 | 全年执行数 | | 分值 | 执行率 | 得分 |
| ^ | 年度资金总额 | | 200 | 200 | 198 | | 10 | 99.00% | 9.9 |
| ^ | 其中：当年财政拨款 | | 200 | 200 | 198 | | | | |
| 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
| 产出指标 | 数量指标 | 清淤长度 | ≥ | 12 | 公里 | 12.4 | 20 | 20 | |
| 产出指标 | 质量指标 | 验收合格率 | ≥ | 90 | % | 97 | 15 | 15 | |
| 产出指标 | 成本指标 | 每公里造价 | ≤ | 16 | 万元 | 15.8 | 15 | 15 | |
| 效益指标 | 社会效益指标 | 受益村庄数 | ≥ | 8 | 个 | 7 | 30 | 26.25 | 一个村的河段改列下年，已报批 |
| 满意度指标 | 服务对象满意度指标 | 村民满意度 | ≥ | 85 | % | 92 | 10 | 10 | 入户访谈60户 |
| 总分 | < | < | < | < | < | < | 100 | 96.15 | |
"""


@dataclass(frozen=True, slots=True)
class Edit:
    """A form with some cells written over.

    Attributes:
        form: `project`, `department` or `split`.
        cells: Place → text as it is drawn; "" clears the cell.
        formulas: Place → formula whose result the cell's number is.
        sheet: Name of the sheet.
        file: The file's name.
    """

    form: str
    cells: Mapping[str, str] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)
    sheet: str = "自评表"
    file: str = "自评表.xlsx"

    def workbook(self) -> Workbook:
        """Return the form as a workbook."""
        grid = draw(FORMS[self.form], sheet=self.sheet)
        cells = dict(grid.cells)
        for place, text in self.cells.items():
            at = parse_a1(place)
            cells.pop(at, None)
            if text:
                cells[at] = draw(f"| {text} |").cells[1, 1]
        for place, formula in self.formulas.items():
            at = parse_a1(place)
            cells[at] = cells[at]._replace(formula=formula)
        grid = make_grid(self.sheet, cells, grid.merges)
        return Workbook(Path(self.file), "xlsx", "", 0, (grid,), None)


FORMS = {"project": PROJECT, "department": DEPARTMENT, "split": SPLIT}
