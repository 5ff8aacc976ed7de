"""STR-11, TGT-07, IND-08, COV, ATT: what only several submissions together can show.

They go over the results of a whole batch, group by group, after its chunks: each function gets what one group is about
and returns what is to be said.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from perfxl.checks.registry import CHECKS, check
from perfxl.checks.words import is_no_reason
from perfxl.model.coverage import UnitCoverage
from perfxl.model.finding import Severity
from perfxl.text import fold, number_text, percent_text, shown

# So many units that give one reason word for word did not each find it themselves.
UNITS_OF_ONE_REASON = 3
# Shorter reasons are alike by themselves; that they are short is found in each table alone.
SHORTEST_REASON = 6
MONEY_COVERED = 0.9
# Scores of a department's funds may be averaged in more than one way; a difference below this is none.
_FUND_TOLERANCE = 0.5
_NAMED = 5


class Said(NamedTuple):
    """One finding that comes of comparing submissions.

    Attributes:
        code: Of the check.
        message: What is there and what was expected, Chinese.
        input_id: The file; 0 where it is about none.
        table_id: The table; None where it is about none.
        cell: `sheet!A1`, None where no cell can be named.
        value: What the cell shows.
        expected: The number that was expected.
        difference: Filled minus expected.
    """

    code: str
    message: str
    input_id: int = 0
    table_id: int | None = None
    cell: str | None = None
    value: str | None = None
    expected: float | None = None
    difference: float | None = None


class Table(NamedTuple):
    """A table as these checks see it.

    Attributes:
        path: Of its file.
        project: 项目名称; None for a department's form.
        cell: Where the finding goes: the name, or the first indicator.
        value: What that cell shows.
    """

    input_id: int
    table_id: int
    path: str
    sheet: str
    unit: str | None
    project: str | None
    cell: str | None
    value: str | None


class Reason(NamedTuple):
    """A reason that several units give word for word, in one of its rows."""

    input_id: int
    table_id: int
    unit: str
    text: str
    cell: str | None
    units: int


class Fund(NamedTuple):
    """A project table of a department: points for outputs and benefits, as filled and in full, and its budget."""

    project: str
    score: float
    weight: float
    budget: float | None


def _nothing(rows: pd.DataFrame) -> pd.Series:
    return pd.Series(False, index=rows.index)


# ---------------------------------------------------------------- between submissions


@check(
    "STR-11",
    Severity.WARNING,
    on="workbook",
    cell="项目名称",
    title="项目重复报送",
    message="",
    advice="请与单位确认以哪一份为准，另一份退回或注明作废；确是不同项目的，请在项目名称上区分开。",
)
def repeated_project(rows: pd.DataFrame) -> pd.Series:
    """同一单位、同一年度、同一项目名称的自评表在这一批里出现不止一次，内容不同，也看不出哪份较新。

    为什么：两份都计入，资金和项目数就重复了；只计一份，又要有人说了算。
    例：甲局“信息化运维”在“甲局/自评表.xlsx”和“甲局/运维自评.xlsx”里各有一张，得分不同 → 两张表的项目名称格各报一处。
    不报：内容完全相同的文件（列为重复件）；文件名只差“修改稿”“final版2”“（1）”一类字样或日期的（以较新的为准，旧的列出）；
    单位不同的同名项目；单位或项目名称空白的表。
    来源：汇总审核的通行做法。
    """
    return _nothing(rows)


def repeated_projects(tables: Sequence[Table]) -> Iterator[Said]:
    """Say of each table of one project which others there are.

    Args:
        tables: All that count of one project of one unit and year.
    """
    for table in tables:
        others = [other for other in tables if other is not table]
        what = f"项目“{shown(table.project)}”" if table.project else f"单位“{shown(table.unit or '')}”的部门整体表"
        places = [f"{shown(other.path, 120)}（{shown(other.sheet)}）" for other in others]
        message = f"{what}重复报送：另见{_list(places)}，内容不同"
        yield _said("STR-11", table, message)


@check(
    "TGT-07",
    Severity.WARNING,
    on="workbook",
    cell="level3",
    title="多个项目指标雷同",
    message="",
    advice="请按各项目的实际内容分别设定指标和指标值，并核实得分。",
)
def same_indicators(rows: pd.DataFrame) -> pd.Series:
    """同一部门的不同项目，全部指标、指标值和自评得分一字不差。

    为什么：项目不同，产出和效益不会完全一样；雷同的表多半是复制的，反映不了各自的绩效。
    例：某局“校舍维修”和“设备购置”两张表的 12 行指标、指标值、得分全部相同 → 两张表的第一行指标各报一处。
    不报：同一项目的重复件和旧版本；少于 5 行的表；只有一部分行相同；不同部门之间。
    来源：汇总审核的通行做法。
    """
    return _nothing(rows)


def alike(tables: Sequence[Table], rows: int) -> Iterator[Said]:
    """Say of each table which other projects have the same indicators.

    Args:
        tables: All that count of one department with the same indicators, targets and scores.
        rows: How many indicators each has.
    """
    projects = {fold(table.project or ""): table.project or "" for table in tables}
    if len(projects) < 2:
        return
    for table in tables:
        own = fold(table.project or "")
        others = [f"“{shown(name)}”" for key, name in projects.items() if key != own]
        first = f"（首行“{shown(table.value)}”）" if table.value else ""
        message = f"本表 {rows} 行指标{first}的指标、指标值和得分与项目{_list(others)}完全相同"
        yield _said("TGT-07", table, message)


def same_reasons(reasons: Iterable[Reason]) -> Iterator[Said]:
    """Say of each reason that several units give word for word how many they are (IND-08).

    Args:
        reasons: Of rows that did not reach full marks, each with the number of units that give it.
    """
    told: dict[str, str | None] = {}
    for one in reasons:
        if one.text not in told:
            told[one.text] = _told_of_reason(one)
        if message := told[one.text]:
            yield Said("IND-08", message, one.input_id, one.table_id, one.cell, one.text)


def _told_of_reason(one: Reason) -> str | None:
    """Return what is said wherever a reason is given; None where it may be given by many."""
    if one.units < UNITS_OF_ONE_REASON or len(fold(one.text)) < SHORTEST_REASON or is_no_reason(one.text):
        return None
    return f"偏差原因“{shown(one.text)}”与本批其他 {one.units - 1} 个单位所填一字不差"


# ---------------------------------------------------------------- against the roster


@check(
    "COV-01",
    Severity.ERROR,
    on="workbook",
    cell="项目名称",
    title="自评未全覆盖",
    message="",
    advice="请催报缺少的项目自评表；不需要自评的，请在单位名册中去掉。",
)
def projects_missing(rows: pd.DataFrame) -> pd.Series:
    """单位名册中应自评的项目，没有全部报来自评表。

    为什么：项目支出绩效自评应当全覆盖；覆盖率按项目数和金额两种口径计算。
    例：名册列 19 个项目，报来 18 张表 → 覆盖率 94.74%（18 ÷ 19），列出缺少的项目。
    不报：全部报来；没有给单位名册（--roster）；名册没有列项目而单位已报送。名称写法不同但认得出的算已报送，另行列出。
    来源：财政部《项目支出绩效评价管理办法》（财预〔2020〕10号）：单位自评全覆盖的要求。
    """
    return _nothing(rows)


@check(
    "COV-02",
    Severity.WARNING,
    on="workbook",
    cell="项目名称",
    title="自评资金覆盖率偏低",
    message="",
    advice="请核对没有纳入自评的资金；表内金额单位有误的，请一并更正。",
)
def money_missing(rows: pd.DataFrame) -> pd.Series:
    """报来的自评表涉及的资金，不到应自评资金的 90%。

    为什么：项目数全了，大额的项目却没有自评，等于没有覆盖。
    例：单位项目支出总额 1000 万元，自评表全年预算数合计 850 万元 → 85.00%（850 ÷ 1000）。
    不报：达到 90%（如 7185.27 ÷ 7643.71 = 94.00%）；名册没有金额；项目缺表已由 COV-01 说明；
    有表的金额单位不明，算不出。
    来源：部门自评报告列示的口径（自评资金占项目支出总额的比例）；90% 为审核通行做法。
    """
    return _nothing(rows)


@check(
    "COV-03",
    Severity.WARNING,
    on="workbook",
    cell="单位名称",
    title="缺少部门整体或项目自评表",
    message="",
    advice="请补报缺少的一类自评表。",
)
def kind_missing(rows: pd.DataFrame) -> pd.Series:
    """名册要求报部门整体自评表而没有报，或只报了部门整体表、没有一张项目表。

    为什么：部门整体自评与项目自评应当同时报送，互相印证。
    例：名册“部门整体”一栏写“是”，只报来 3 张项目表 → 缺少部门整体自评表。
    不报：名册没有写明要不要；一份也没有报的（列为未报送）；缺少的项目已由 COV-01 逐个列出。
    来源：部门决算公开所附自评材料的通行要求。
    """
    return _nothing(rows)


def coverage_findings(unit: UnitCoverage, input_id: int) -> Iterator[Said]:
    """Say what is missing of a unit (COV-01, COV-02, COV-03, ATT-01).

    Args:
        unit: The unit; one that has submitted nothing is listed elsewhere.
        input_id: A file of the unit.
    """
    if not unit.submitted:
        return
    name = shown(unit.unit.name)
    if unit.unit.projects and unit.covered < unit.due:
        missing = _list([f"“{shown(project.name)}”" for project in unit.missing])
        rate = percent_text(unit.covered / unit.due)
        message = (
            f"{name}：自评覆盖率 {rate}（{unit.covered} ÷ {unit.due}），缺 {unit.due - unit.covered} 个项目：{missing}"
        )
        yield Said("COV-01", message + _money(unit), input_id)
    elif _share(unit) is not None and (_share(unit) or 0.0) < MONEY_COVERED and not unit.without_money:
        yield Said("COV-02", f"{name}：{_money(unit).lstrip('；')}，低于 90%", input_id)
    if unit.lacks_department_form:
        yield Said("COV-03", f"{name}：名册要求报部门整体自评表，没有报送", input_id)
    if not unit.unit.projects and unit.unit.has_department_form and not unit.covered:
        yield Said("COV-03", f"{name}：只报送了部门整体自评表，没有项目自评表", input_id)
    if unit.missing_attachments:
        names = _list([f"“{shown(word)}”" for word in unit.missing_attachments])
        yield Said("ATT-01", f"{name}：报送的文件中没有附件{names}", input_id)


def _share(unit: UnitCoverage) -> float | None:
    if not unit.due_money or unit.covered_money is None:
        return None
    return unit.covered_money / unit.due_money


def _money(unit: UnitCoverage) -> str:
    share = _share(unit)
    if share is None:
        return ""
    covered, due = number_text(unit.covered_money or 0.0), number_text(unit.due_money or 0.0)
    unknown = f"，另有 {unit.without_money} 张表金额不明" if unit.without_money else ""
    return f"；按金额 {percent_text(share)}（{covered} ÷ {due} 万元{unknown}）"


@check(
    "COV-04",
    Severity.WARNING,
    on="workbook",
    cell="reported_score",
    title="专项得分与项目自评表不符",
    message="",
    advice="请按各专项（一级项目）自评表的产出、效益得分重新计算，或说明计算口径。",
)
def funds_differ(rows: pd.DataFrame) -> pd.Series:
    """部门整体表“专项资金绩效完成情况”的得分，与本部门各项目自评表的产出、效益得分对不上。

    为什么：这一项就是由各专项自评表的产出指标得分加效益指标得分折算来的。
    例：分值 20，三个项目产出、效益得分率为 100%、90%、80%，平均 90% → 应为 18，填报 20。
    不报：没有单位名册，或名册所列项目没有报齐（平均数不全）；相差不超过 0.5 分；
    按简单平均、按资金加权两种算法之一相符。
    来源：广州市从化区 2022 年部门整体支出绩效自评报告（专项资金产出指标自评分数＋效益指标自评分数）。
    """
    return _nothing(rows)


def fund_finding(table: Table, weight: float, score: float, funds: Sequence[Fund]) -> Said | None:
    """Say that a department's score for its funds is not what their tables give; None where it is.

    Args:
        table: The department's form; its cell is that of the row.
        weight: Full marks of the row.
        score: As filled.
        funds: The tables of all projects of the department.
    """
    funds = [fund for fund in funds if fund.weight > 0]
    if not funds:
        return None
    mean = weight * sum(fund.score / fund.weight for fund in funds) / len(funds)
    results = [mean]
    budgets = [fund.budget for fund in funds if fund.budget is not None and fund.budget > 0]
    if len(budgets) == len(funds):
        weighted = sum(b * f.score / f.weight for b, f in zip(budgets, funds, strict=True))
        results.append(weight * weighted / sum(budgets))
    if any(abs(score - result) <= _FUND_TOLERANCE for result in results):
        return None
    rates = _list([f"“{shown(fund.project, 20)}”{percent_text(fund.score / fund.weight)}" for fund in funds])
    told = f"{len(funds)} 个项目自评表的产出、效益得分率（{rates}）"
    message = f"得分 {number_text(score)}，按 {told}平均折算应为 {number_text(mean)}"
    return _said("COV-04", table, message)._replace(expected=round(mean, 2), difference=round(score - mean, 2))


@check(
    "ATT-01",
    Severity.WARNING,
    on="workbook",
    cell="单位名称",
    title="缺少附件",
    message="",
    advice="请补报名册要求的附件；已放在别处的，请移到本单位的文件夹中。",
)
def attachment_missing(rows: pd.DataFrame) -> pd.Series:
    """单位名册“附件”一栏要求的材料，在该单位报送的文件中找不到。

    为什么：自评报告、满意度调查、佐证材料是核实得分的依据。
    例：名册要求“自评报告、满意度”，单位文件夹里只有自评表和“2023年自评报告.docx” → 缺少“满意度”。
    不报：名册没有要求；同一文件夹或压缩包里有文件名含该词的文件；放在根目录、文件名写有单位名称的也算。
    来源：自评通知附件清单的通行做法。
    """
    return _nothing(rows)


def severity_of(code: str) -> tuple[Severity, str, str]:
    """Return severity, title and advice of what these checks say."""
    known = CHECKS.get(code)
    if known is None or code == "IND-08":
        return (
            Severity.WARNING,
            "偏差原因与其他单位雷同",
            "请单位结合本项目的实际情况说明原因和改进措施。",
        )
    return known.severity, known.title, known.advice


def _said(code: str, table: Table, message: str) -> Said:
    return Said(code, message, table.input_id, table.table_id, table.cell, table.value)


def _list(items: Sequence[str]) -> str:
    rest = f" 等 {len(items)} 个" if len(items) > _NAMED else ""
    return "、".join(items[:_NAMED]) + rest
