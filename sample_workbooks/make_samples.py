"""Make the sample workbooks beside this script: `python sample_workbooks/make_samples.py`.

What stands in the cells comes first, how it looks after it. As in Excel, a text such as `"92.6%"` is a number under
a percent format, and a leading apostrophe keeps a number as text. The same script gives the same bytes each time.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

FOLDER = Path(__file__).parent
SHEET = "自评表"

Value = str | float | None

# ---------------------------------------------------------------- forms as data


class Money(NamedTuple):
    """A row of the money table, amounts in 万元; only the first row has points and a ratio."""

    name: str
    initial: Value
    adjusted: Value
    executed: Value
    weight: Value = "—"
    ratio: Value = "—"
    score: Value = "—"


class Indicator(NamedTuple):
    """A row of the project form."""

    level1: str
    level2: str
    level3: str
    target: Value
    actual: Value
    weight: Value
    score: Value
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectForm:
    """What a unit filled into the national project form.

    Attributes:
        comments: Name of an indicator → comment that the unit left on its actual value.
        choices: Words offered by a drop-down on the actual values that are among them.
    """

    stem: str
    year: int
    project: str
    department: str
    unit: str | None
    money: Sequence[Money]
    goal: str
    done: str
    indicators: Sequence[Indicator]
    total: Value
    modified: datetime
    total_weight: Value = 100
    comments: dict[str, str] = field(default_factory=dict)
    choices: Sequence[str] = ()


class Item(NamedTuple):
    """A level-3 row of the department rubric."""

    level2: str
    level3: str
    weight: float
    standard: str
    score: float
    reason: str | None = None


class Block(NamedTuple):
    """A level-1 class of the department rubric with its typed subtotal."""

    level1: str
    weight: float
    subtotal: float
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class DepartmentForm:
    """What a department filled into the Guangdong form; `facts` are pairs of label and value, two pairs a row."""

    stem: str
    year: int
    unit: str
    budget: Money
    facts: Sequence[tuple[str, Value]]
    goal: str
    done: str
    blocks: Sequence[Block]
    total: float
    grade: str
    modified: datetime


# ---------------------------------------------------------------- the department's own form

TIGHT_BUDGET = "2022年度财政资金预算紧张，又受疫情影响，人才服务和高层次人才国情研修班未能办成，该专项绩效目标完成率为0"

DUTIES = [
    Item("整体效能", "部门整体绩效目标产出指标完成情况", 10, "按年初产出指标的完成程度计分", 9, TIGHT_BUDGET),
    Item("整体效能", "部门整体绩效目标效益指标完成情况", 10, "按年初效益指标的实现程度计分", 10),
    Item("整体效能", "部门预算资金支出率", 5, "达到全年支出要求计满分，不足的按比例计分", 5),
    Item("专项效能", "专项资金绩效完成情况", 20, "专项资金（一级项目）产出与效益两部分得分相加", 18.6, TIGHT_BUDGET),
    Item("专项效能", "专项资金支出率", 5, "达到全年支出要求计满分，不足的按比例计分", 5),
]

MANAGEMENT = [
    Item("预算编制", "新增预算项目事前绩效评估", 3, "新增项目入库前已做事前评估", 0, "本部门本年无新增预算项目"),
    Item("预算执行", "预算编制约束性", 3, "年中追加、调剂控制在规定范围内", 3),
    Item("预算执行", "财务管理合规性", 2, "支出审批和会计核算符合财务制度", 2),
    Item("信息公开", "预决算公开合规性", 2, "按规定时限和内容公开预算、决算", 2),
    Item("信息公开", "绩效信息公开情况", 2, "绩效目标和自评结果随预决算公开", 2),
    Item("绩效管理", "绩效管理制度建设", 5, "制度覆盖目标、监控、评价和结果应用", 5),
    Item("绩效管理", "绩效结果应用", 3, "评价结果用于改进管理和安排预算", 3),
    Item("绩效管理", "绩效管理制度执行", 10, "目标申报、运行监控、自评均按要求完成", 10),
    Item("采购管理", "采购意向公开合规性", 2, "采购前按规定公开意向", 2),
    Item("采购管理", "采购内控制度建设", 1, "有采购内控制度并执行", 1),
    Item("采购管理", "采购活动合规性", 2, "没有违规采购", 2),
    Item("采购管理", "采购合同签订时效性", 2, "在规定时限内签订合同", 2),
    Item("采购管理", "合同备案时效性", 1, "在规定时限内备案", 1),
    Item("采购管理", "采购政策效能", 1, "预留份额面向中小企业采购", 1),
    Item("资产管理", "资产配置合规性", 1, "没有超标准配置资产", 1),
    Item("资产管理", "资产收益上缴的及时性", 1, "收益按时足额上缴", 1),
    Item("资产管理", "资产盘点情况", 1, "每年至少盘点一次", 0, "本单位本年无进行资产盘点"),
    Item("资产管理", "数据质量", 1, "资产报表数据完整、前后一致", 1),
    Item("资产管理", "资产管理合规性", 1, "资产的使用、处置符合规定", 1),
    Item("资产管理", "固定资产利用率", 1, "在用固定资产占比达到要求", 1),
    Item("运行成本", "经济成本控制情况", 3, "日常运行成本不高于上年", 3),
    Item("运行成本", "“三公”经费控制情况", 2, "“三公”经费支出不超过预算", 2),
]

DEPARTMENT = DepartmentForm(
    stem="2022年部门整体支出绩效自评表-从化区委组织部",
    year=2022,
    unit="中共广州市从化区委组织部",
    budget=Money("部门整体支出", None, 9123.6, 9834.13, ratio="107.79%"),
    facts=[
        ("内设职能科室（个）", 8),
        ("下属事业单位（个）", 3),
        ("自评项目个数", 19),
        ("自评覆盖率", "100%"),
        ("自评项目资金（万元）", 7185.27),
        ("一般公共预算支出（万元）", 7643.71),
        ("资金占比", "94%"),
    ],
    goal="提升基层党组织的政治功能和组织力；建设高素质干部队伍，做好干部教育培训；引进和服务各方面人才。",
    done="基层党建经费和干部教育培训按计划完成；部分人才工作因预算紧张和疫情没有开展，已在扣分原因中说明。",
    blocks=[Block("履职效能", 50, 47.6, DUTIES), Block("管理效能", 50, 46, MANAGEMENT)],
    total=93.6,
    grade="优",
    modified=datetime(2023, 2, 17, 16, 20),
)

# ---------------------------------------------------------------- a project of the same department

VILLAGE_OFFICES = ProjectForm(
    stem="2022年项目支出绩效自评表-村办公经费",
    year=2022,
    project="村办公经费",
    department="中共广州市从化区委组织部",
    unit="中共广州市从化区委组织部",
    money=[
        Money("年度资金总额", 1105, 1105, 1105, 10, "100.00%", 10),
        Money("其中：当年财政拨款", 1105, 1105, 1105),
        Money("上年结转资金", 0, 0, 0),
        Money("其他资金", 0, 0, 0),
    ],
    goal="按每村5万元，为221个行政村安排区级办公经费共1105万元，保障村党组织办公、会议和党员教育的日常开支，稳定基层党建投入。",
    done="221个村的办公经费1105万元全部拨付；党员培训、组织会议和日常运作达到年初指标值，服务对象满意率90%。",
    indicators=[
        Indicator("产出指标", "数量指标", "经费划拨率", "100%", "100%", 20, 20),
        Indicator("产出指标", "数量指标", "村党员培训覆盖率", "95%或以上", "95%", 15, 15),
        Indicator("产出指标", "质量指标", "村党组织会议数量达标率", "95%或以上", "95%", 15, 15),
        Indicator("效益指标", "社会效益指标", "培训有效性", "95%或以上", "95%", 15, 15),
        Indicator("效益指标", "可持续影响指标", "农村基层党组织正常运作率", "95%或以上", "95%", 15, 15),
        Indicator("满意度指标", "服务对象满意度指标", "农村党组织工作服务对象满意率", "85%或以上", "90%", 10, 10),
    ],
    total=100,
    modified=datetime(2023, 2, 10, 10, 5),
)

# ---------------------------------------------------------------- an invented project, with faults

PARTLY = "部分达成预期指标并具有一定效果"
LATE_MEALS = "两个社区的助餐点年底才开；明年一季度全部开放"
UNSTEADY_VISITS = "上门时间不够固定；已改为预约排班"

FAULTY = ProjectForm(
    stem="2023年项目支出绩效自评表-十二处差错",
    year=2023,
    project="社区居家养老服务补助（虚构项目，供试用）",
    department="示例市民政局",
    unit=None,
    money=[
        Money("年度资金总额", 240, 250, 231.5, 10, "96.2%", 10),
        Money("其中：当年财政拨款", 210, 220, 203.5),
        Money("上年结转资金", 20, 20, 20),
        Money("其他资金", 10, 10, 8),
    ],
    goal="支持12个社区养老服务站全年运营，上门服务4000人次，为60户老人完成适老化改造，让老人在家门口得到照料。",
    done="12个服务站全年开放，上门服务3520人次，适老化改造42户，老人和家属总体满意。",
    indicators=[
        Indicator("产出指标", "数量指标", "运营服务站个数", "≥12个", "12个", 8, 10),
        Indicator("产出指标", "数量指标", "上门服务人次", "≥4000人次", "3520人次", 10, 10),
        Indicator("产出指标", "数量指标", "护理员培训场次", "≥8场", "14场", 5, 5),
        Indicator("产出指标", "数量指标", "适老化改造户数", "≥60户", "42户", 6, 4.2),
        Indicator("产出指标", "数量指标", "呼叫设备配备", "≥20台，覆盖率100%", "20台，100%", 5, 5),
        Indicator("产出指标", "质量指标", "服务档案完整率", "≥95%", 0.97, 5, 5),
        Indicator("产出指标", "质量指标", "护理员持证上岗率", "≥80%", "达标", 5, 5),
        Indicator("产出指标", "时效指标", "补助资金拨付时间", "2023年12月底前", "2023年12月20日", "'2", 2),
        Indicator("产出指标", "成本指标", "单次上门服务成本", "≤45元", "43.5元", 2, 2),
        Indicator("效益指标", "社会效益指标", "社区养老便利程度", "明显提高", PARTLY, 10, 9, LATE_MEALS),
        Indicator("效益指标", "社会效益指标", "家庭照护负担", "有所减轻", "达成预期指标", 10, 10),
        Indicator("效益指标", "可持续影响指标", "服务站持续运营率", "≥90%", None, 10, 10),
        Indicator("满意度指标", "服务对象满意度指标", "老人及家属满意度", "≥90%", "88.2%", 10, 9.8, UNSTEADY_VISITS),
    ],
    total=87,
    modified=datetime(2024, 1, 12, 9, 40),
    comments={
        "服务档案完整率": "数据取自服务档案系统12月底的导出表。",
        "老人及家属满意度": "发放问卷300份，收回286份。",
    },
    choices=["达成预期指标", PARTLY, "未达成预期指标且效果较差"],
)

# ---------------------------------------------------------------- how it looks

SONG, HEI = "宋体", "黑体"
THIN = Side(style="thin", color="000000")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
SHADE = PatternFill("solid", fgColor="F2F2F2")
_PERCENT = re.compile(r"(\d+)(?:\.(\d+))?%")


def put(sheet: Worksheet, area: str, value: Value, *, label: bool = False, left: bool = False) -> None:
    """Write a value into a cell or a merged area, in the form's type and borders.

    Args:
        sheet: Where to.
        area: Such as `A1` or `A1:C2`.
        value: None leaves the cell blank.
        label: A heading or label: bold on a shade.
        left: Text to the left, as sentences stand; else centred.
    """
    if ":" in area:
        sheet.merge_cells(area)
    for row in sheet[area] if ":" in area else ((sheet[area],),):
        for cell in row:
            cell.border = GRID
    first = sheet[area.partition(":")[0]]
    first.value, first.number_format = stored(value)
    first.font = Font(name=SONG, size=10, bold=label)
    first.alignment = Alignment(horizontal="left" if left else "center", vertical="center", wrap_text=True)
    if label:
        first.fill = SHADE


def stored(value: Value) -> tuple[Value, str]:
    """Return what Excel stores when a value is typed, and its number format."""
    if isinstance(value, str):
        if match := _PERCENT.fullmatch(value):
            places = len(match[2] or "")
            return round(float(value[:-1]) / 100, places + 4), "0." + "0" * places + "%" if places else "0%"
        return (value[1:], "@") if value.startswith("'") else (value, "General")
    return value, "General"


def new_book(title: str, widths: Sequence[float], modified: datetime) -> tuple[Workbook, Worksheet]:
    """Return a workbook with one sheet, set up to print on A4 across and one page wide."""
    book = Workbook()
    book.properties.creator = book.properties.lastModifiedBy = "填报人"
    book.properties.title = title
    book.properties.created = book.properties.modified = modified
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.7
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    return book, sheet


def put_title(sheet: Worksheet, title: str, year: int, last: str) -> None:
    """Write the two title lines over the whole width."""
    for number, text, font, height in (
        (1, title, Font(name=HEI, size=18, bold=True), 32),
        (2, f"（{year}年度）", Font(name=SONG, size=12), 20),
    ):
        sheet.merge_cells(f"A{number}:{last}{number}")
        cell = sheet[f"A{number}"]
        cell.value, cell.font = text, font
        cell.alignment = Alignment(horizontal="center", vertical="center")
        sheet.row_dimensions[number].height = height


def put_note(sheet: Worksheet, number: int, text: str, last: str) -> None:
    """Write a note without borders under the form."""
    sheet.merge_cells(f"A{number}:{last}{number}")
    cell = sheet[f"A{number}"]
    cell.value, cell.font = text, Font(name=SONG, size=9)
    cell.alignment = Alignment(vertical="center", wrap_text=True)


def put_runs(sheet: Worksheet, column: str, top: int, labels: Iterable[str]) -> None:
    """Write labels down a column, equal ones that follow each other merged."""
    for label, run in groupby(labels):
        bottom = top + len(list(run)) - 1
        put(sheet, f"{column}{top}" if top == bottom else f"{column}{top}:{column}{bottom}", label)
        top = bottom + 1


def fit_rows(sheet: Worksheet, first: int) -> None:
    """Set the heights of rows so that wrapped texts are seen whole."""
    widths = {place: _width(sheet, place) for place in _texts(sheet)}
    for number in range(first, sheet.max_row + 1):
        lines = [_lines(str(sheet.cell(*place).value), width) for place, width in widths.items() if place[0] == number]
        sheet.row_dimensions[number].height = max(20.0, 13.5 * max(lines, default=1) + 5)


def _texts(sheet: Worksheet) -> Iterable[tuple[int, int]]:
    """Yield the cells whose text must be seen in their own row: those merged downwards have room enough."""
    tall = {(area.min_row, area.min_col) for area in sheet.merged_cells.ranges if area.min_row != area.max_row}
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and (cell.row, cell.column) not in tall:
                yield cell.row, cell.column


def _width(sheet: Worksheet, place: tuple[int, int]) -> float:
    area = next((area for area in sheet.merged_cells.ranges if (area.min_row, area.min_col) == place), None)
    columns = range(place[1], (area.max_col if area else place[1]) + 1)
    return sum(sheet.column_dimensions[get_column_letter(column)].width for column in columns)


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column, a Chinese character being two digits wide."""
    wide = (sum(1 if char.isascii() else 2 for char in line) for line in text.split("\n"))
    return sum(max(1, -(-size // int(width))) for size in wide)


# ---------------------------------------------------------------- the national project form

PROJECT_WIDTHS = (8, 12, 19, 24, 20, 18, 8, 10, 26)
MONEY_HEADINGS = (None, "年初\n预算数", "全年\n预算数", "全年\n执行数", "分值", "执行率", "得分")
LEVELS = ("一级指标", "二级指标", "三级指标")
VALUES = ("年度\n指标值", "实际\n完成值", "分值", "得分", "偏差原因分析\n及改进措施")


def project_book(form: ProjectForm) -> Workbook:
    """Return a filled project form of the national layout."""
    book, sheet = new_book("项目支出绩效自评表", PROJECT_WIDTHS, form.modified)
    put_title(sheet, "项目支出绩效自评表", form.year, "I")
    _put_project(sheet, form)
    top = _put_money(sheet, 5, form.money)
    top = _put_goals(sheet, top, form)
    top, bottom = _put_indicators(sheet, top, form)
    put_note(sheet, bottom + 1, "注：资金单位为万元，保留两位小数；未得满分的指标须填写偏差原因。", "I")
    _finish(sheet, form, top, bottom)
    return book


def _put_project(sheet: Worksheet, form: ProjectForm) -> None:
    put(sheet, "A3:C3", "项目名称", label=True)
    put(sheet, "D3:I3", form.project)
    put(sheet, "A4:C4", "主管部门", label=True)
    put(sheet, "D4:E4", form.department)
    put(sheet, "F4", "实施单位", label=True)
    put(sheet, "G4:I4", form.unit)


def _put_money(sheet: Worksheet, top: int, money: Sequence[Money]) -> int:
    """Write the money table; return the row after it."""
    put(sheet, f"A{top}:A{top + len(money)}", "项目资金\n（万元）", label=True)
    for number, row in enumerate([MONEY_HEADINGS, *money], top):
        put(sheet, f"B{number}:C{number}", row[0], label=number == top, left=number != top)
        for column, value in zip("DEFGHI", row[1:], strict=True):
            put(sheet, f"{column}{number}", value, label=number == top)
    return top + len(money) + 1


def _put_goals(sheet: Worksheet, top: int, form: ProjectForm) -> int:
    put(sheet, f"A{top}:A{top + 1}", "年度\n总体\n目标", label=True)
    put(sheet, f"B{top}:E{top}", "预期目标", label=True)
    put(sheet, f"F{top}:I{top}", "实际完成情况", label=True)
    put(sheet, f"B{top + 1}:E{top + 1}", form.goal, left=True)
    put(sheet, f"F{top + 1}:I{top + 1}", form.done, left=True)
    return top + 2


def _put_indicators(sheet: Worksheet, top: int, form: ProjectForm) -> tuple[int, int]:
    """Write the indicators and their total; return the rows of the headings and of the total."""
    rows, bottom = form.indicators, top + len(form.indicators) + 1
    put(sheet, f"A{top}:A{bottom - 1}", "绩效\n指标", label=True)
    for column, heading in zip("BCDEFGHI", (*LEVELS, *VALUES), strict=True):
        put(sheet, f"{column}{top}", heading, label=True)
    put_runs(sheet, "B", top + 1, (row.level1 for row in rows))
    put_runs(sheet, "C", top + 1, (row.level2 for row in rows))
    for number, row in enumerate(rows, top + 1):
        put(sheet, f"D{number}", row.level3, left=True)
        for column, value in zip("EFGH", row[3:7], strict=True):
            put(sheet, f"{column}{number}", value)
        put(sheet, f"I{number}", row.reason, left=True)
    put(sheet, f"A{bottom}:F{bottom}", "总分", label=True)
    put(sheet, f"G{bottom}", form.total_weight)
    put(sheet, f"H{bottom}", form.total)
    put(sheet, f"I{bottom}", None)
    return top, bottom


def _finish(sheet: Worksheet, form: ProjectForm, top: int, bottom: int) -> None:
    fit_rows(sheet, 3)
    sheet.print_area = f"A1:I{bottom + 1}"
    sheet.page_setup.fitToHeight = 1
    actuals = [(sheet[f"F{number}"], row) for number, row in enumerate(form.indicators, top + 1)]
    for cell, row in actuals:
        if text := form.comments.get(row.level3):
            cell.comment = Comment(text, "填报人", height=60, width=180)
    offered = DataValidation("list", formula1=f'"{",".join(form.choices)}"', allow_blank=True)
    for cell, row in actuals:
        if row.actual in form.choices:
            offered.add(cell)
    if offered.sqref:
        sheet.add_data_validation(offered)


# ---------------------------------------------------------------- the Guangdong department form

DEPARTMENT_WIDTHS = (10, 8, 11, 7, 30, 7, 34, 9, 34)
DEPARTMENT_HEADINGS = ("一级指标", "分值", "二级指标", "分值", "三级指标", "分值", "评分标准", "自评\n得分", "扣分原因")


def department_book(form: DepartmentForm) -> Workbook:
    """Return a filled department form of the Guangdong rubric."""
    book, sheet = new_book("部门整体支出绩效自评表", DEPARTMENT_WIDTHS, form.modified)
    put_title(sheet, "部门整体支出绩效自评表", form.year, "I")
    put(sheet, "A3:B3", "单位名称", label=True)
    put(sheet, "C3:I3", form.unit)
    _put_budget(sheet, 4, form.budget)
    top = _put_facts(sheet, 6, form.facts)
    for label, text in (("年度整体绩效目标", form.goal), ("整体绩效目标完成情况", form.done)):
        put(sheet, f"A{top}:B{top}", label, label=True)
        put(sheet, f"C{top}:I{top}", text, left=True)
        top += 1
    bottom = _put_rubric(sheet, top, form)
    put_note(sheet, bottom + 1, "注：未得满分的指标须在“扣分原因”中逐项说明。", "I")
    fit_rows(sheet, 3)
    sheet.print_area = f"A1:I{bottom + 1}"
    sheet.print_title_rows = f"{top}:{top}"
    return book


def _put_budget(sheet: Worksheet, top: int, budget: Money) -> None:
    put(sheet, f"A{top}:B{top + 1}", "预算执行\n（万元）", label=True)
    headings = ("资金", "全年预算数", "全年执行数", "执行率")
    values = (budget.name, budget.adjusted, budget.executed, budget.ratio)
    for number, row in ((top, headings), (top + 1, values)):
        for area, value in zip(("C{0}:D{0}", "E{0}:F{0}", "G{0}", "H{0}:I{0}"), row, strict=True):
            put(sheet, area.format(number), value, label=number == top)


def _put_facts(sheet: Worksheet, top: int, facts: Sequence[tuple[str, Value]]) -> int:
    """Write pairs of label and value, two a row; return the row after them."""
    bottom = top + (len(facts) + 1) // 2 - 1
    put(sheet, f"A{top}:B{bottom}", "自评\n基本情况", label=True)
    pairs = [*facts, (None, None)] if len(facts) % 2 else [*facts]
    for place, (label, value) in enumerate(pairs):
        number = top + place // 2
        labels, values = ("C{0}:D{0}", "E{0}:F{0}") if place % 2 == 0 else ("G{0}", "H{0}:I{0}")
        put(sheet, labels.format(number), label, label=label is not None)
        put(sheet, values.format(number), value)
    return bottom + 1


def _put_rubric(sheet: Worksheet, top: int, form: DepartmentForm) -> int:
    """Write the rubric with its subtotals, total and grade; return its last row."""
    for column, heading in zip("ABCDEFGHI", DEPARTMENT_HEADINGS, strict=True):
        put(sheet, f"{column}{top}", heading, label=True)
    number = top + 1
    for block in form.blocks:
        number = _put_block(sheet, number, block)
    put(sheet, f"A{number}:E{number}", "总分", label=True)
    put(sheet, f"F{number}", sum(block.weight for block in form.blocks))
    put(sheet, f"G{number}", None)
    put(sheet, f"H{number}", form.total)
    put(sheet, f"I{number}", None)
    put(sheet, f"A{number + 1}:E{number + 1}", "自评等级", label=True)
    put(sheet, f"F{number + 1}:I{number + 1}", form.grade)
    return number + 1


def _put_block(sheet: Worksheet, top: int, block: Block) -> int:
    """Write a level-1 class and its subtotal; return the row after them."""
    end = top + len(block.items)
    put(sheet, f"A{top}:A{end}", block.level1)
    put(sheet, f"B{top}:B{end}", block.weight)
    put_runs(sheet, "C", top, (item.level2 for item in block.items))
    number = top
    for _, run in groupby(block.items, key=lambda item: item.level2):
        items = list(run)
        last = number + len(items) - 1
        put(sheet, f"D{number}" if number == last else f"D{number}:D{last}", sum(item.weight for item in items))
        number = last + 1
    for number, item in enumerate(block.items, top):
        for column, value, left in zip("EFGHI", item[1:], (True, False, True, False, True), strict=True):
            put(sheet, f"{column}{number}", value, left=left)
    put(sheet, f"C{end}:E{end}", "小计", label=True)
    for column, value in zip("FGHI", (block.weight, None, block.subtotal, None), strict=True):
        put(sheet, f"{column}{end}", value)
    return end + 1


# ---------------------------------------------------------------- files

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def samples() -> dict[str, Workbook]:
    """Return the sample workbooks by the stem of their file names."""
    return {
        DEPARTMENT.stem: department_book(DEPARTMENT),
        VILLAGE_OFFICES.stem: project_book(VILLAGE_OFFICES),
        FAULTY.stem: project_book(FAULTY),
    }


def file_bytes(book: Workbook) -> bytes:
    """Return the file of a workbook with its own dates in place of the hour at which it was saved."""
    modified = book.properties.modified
    saved, fixed = io.BytesIO(), io.BytesIO()
    book.save(saved)
    stamp = rb"\g<1>" + modified.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, modified.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, _MODIFIED.sub(stamp, source.read(name)))
    return fixed.getvalue()


def main() -> None:
    """Write the sample workbooks beside this script."""
    for stem, book in samples().items():
        (FOLDER / f"{stem}.xlsx").write_bytes(file_bytes(book))


if __name__ == "__main__":
    main()
