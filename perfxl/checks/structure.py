"""STR: is the form all there, and is it filled in."""

import pandas as pd

from perfxl.checks.registry import check
from perfxl.checks.series import choose, equal, flags, gather, only, texts
from perfxl.model.columns import ABSENT, BLANK
from perfxl.model.finding import Severity
from perfxl.text import number_text, shown

_LABELS = {
    "target": "年度指标值", "actual": "实际完成值", "weight": "分值", "reported_score": "得分",
    "adjusted": "全年预算数", "executed": "全年执行数", "reported_ratio": "执行率",
}  # fmt: skip


@check(
    "STR-01",
    Severity.ERROR,
    on="tables",
    cell="title",
    title="未识别到绩效指标",
    message="{what}",
    advice="请使用规定的自评表模板填报；如已填写，请核对表头是否被删改。",
)
def no_indicators(tables: pd.DataFrame) -> pd.DataFrame:
    """没有找到绩效指标的表头，或表头下没有一行指标。

    为什么：没有指标行就无从计分，整张表等于没有自评。
    例：只有“项目资金”一块，下面没有“三级指标、年度指标值、实际完成值……”；或表头下直接是“总分”。
    不报：整个文件里没有任何自评表（该文件以 no_table 退回）；另一张工作表已有填好的表时，空表只作说明（STR-14）。
    来源：审核通行做法。
    """
    rows = only(tables, tables["indicator_rows"] == 0)
    heading_only = "找到了绩效指标的表头，但表头下没有任何指标行"
    nothing = "未识别到绩效指标的表头（一级指标、三级指标、年度指标值、实际完成值等）"
    return rows.assign(what=choose(rows["has_indicators"], heading_only, nothing))


@check(
    "STR-03",
    Severity.ERROR,
    on="tables",
    cell="title",
    title="基本信息未填写",
    message="“{label}”未填写{where}",
    advice="请补填后重新报送。",
)
def header_blank(tables: pd.DataFrame) -> pd.DataFrame:
    """项目名称、主管部门、实施单位（部门整体表为单位名称）或年度是空的。

    为什么：缺了这些，汇总时无法归到项目和单位，也无法判断适用哪一年的规则。
    例：“实施单位”右边是空格 → 报在该格；标题和表内都没有年度 → 报在标题。
    不报：表里本来就没有这一项（表样改动另查）；年度写在标题、副标题、“年度”栏或工作表名中任何一处。
    来源：预算绩效审核规则公开实现。
    """
    found = []
    for label in ("项目名称", "主管部门", "实施单位", "单位名称"):
        is_blank = flags(tables, [label in header and not header[label] for header in tables["header"]])
        if is_blank.any():
            found.append(tables[is_blank].assign(label=label, cell_field=label, where=""))
    is_undated = tables["year"].isna() & (tables["indicator_rows"] > 0)
    if is_undated.any():
        undated = tables[is_undated]
        where = [f"：标题“{shown(title)}”和表内都没有写明" if title else "" for title in undated["title"]]
        found.append(undated.assign(label="年度", cell_field="title", where=texts(undated, where)))
    return gather(found)


@check(
    "STR-07",
    Severity.ERROR,
    cell="target",
    title="必填项为空",
    message="“{label}”为必填项，未填写",
    advice="请补填；确无此项业务的，请在偏差原因中说明并按规定选择扣分、满分或剔除折算。",
)
def required_blank(rows: pd.DataFrame) -> pd.DataFrame:
    """指标行的年度指标值、实际完成值、分值或得分是空的。

    为什么：缺一项就算不出完成率或得分；空白不等于 0。
    例：三级指标已写、分值 10、得分 10，年度指标值空白 → 报在该空格。
    不报：表里没有这一列；“其中……”明细行的分值和得分；“指标2：”“……”一类没有填写的模板行；
    “/”“—”占位行；与上一行合并的单元格；公式没有保存结果（UNIT-08）或出错（UNIT-07）的单元格。
    来源：省级填报平台保存时校验必填项。
    """
    used = ~equal(rows["kind"], "placeholder") | rows["weight"].gt(0) | rows["reported_score"].notna()
    found = []
    for field in ("target", "actual", "weight", "reported_score"):
        blank = equal(rows[f"{field}_state"], BLANK) & used & rows["name"].notna()
        if field == "target":
            blank &= rows["adjusted_target"].isna()
        if field in ("weight", "reported_score"):
            blank &= ~rows["is_detail"]
        if blank.any():
            found.append(rows[blank].assign(label=_LABELS[field], cell_field=field))
    return gather(found)


@check(
    "STR-13",
    Severity.INFO,
    on="tables",
    cell="title",
    title="未匹配到已知表样",
    message="本表不是已收录的表样，已按表头用词读取，并按全国通用规则核对",
    advice="如本地有专门的评分规则，可增加表样定义（见 perfxl forms check），或用 --form 指定。",
)
def unknown_form(tables: pd.DataFrame) -> pd.Series:
    """表头和内容不符合任何一个已收录的表样。

    为什么：各地权重和计分规则不同；没有对应表样时只能按全国通用规则核对，结论需要留意。
    例：某县自行设计的自评表，列名能认出，但不是全国表、广东表等。
    不报：已匹配到表样，或用 --form 指定了表样。
    来源：本程序的约定：不作没有说明的推定。
    """
    return tables["form"].isna() & (tables["indicator_rows"] > 0)


@check(
    "STR-14",
    Severity.INFO,
    on="workbook",
    cell="title",
    title="隐藏或空白的自评表",
    message="",
    advice="如应纳入复核，请取消隐藏、填写完整后重新报送。",
)
def hidden_or_blank(rows: pd.DataFrame) -> pd.Series:
    """文件里有隐藏工作表中的自评表，或没有填写的空白表样。

    为什么：隐藏的往往是上年的旧表，混进来会重复计算；空白样表也不是自评结果。不纳入的要说明，不能悄悄略过。
    例：可见的“2023”表已填，隐藏的“2022”表是去年的 → 只复核“2023”，并作提示。
    不报：全部自评表都在可见的工作表上且已填写。自评表只在隐藏工作表上时，照常复核并提示。
    来源：本程序的约定：不作没有说明的取舍。
    """
    return pd.Series(False, index=rows.index)


@check(
    "STR-15",
    Severity.INFO,
    on="tables",
    cell="level3",
    title="本表不计分",
    message="本表没有“分值”和“得分”列，只核对指标值与完成值，不能测算得分",
    advice="如规定应当计分，请使用带分值和得分的表样。",
)
def no_points_columns(tables: pd.DataFrame) -> pd.DataFrame:
    """表里没有分值列，也没有得分列。

    为什么：转移支付等表样本来就不打分；程序只能算完成率，各行需要人工判断。
    例：列为“指标值、全年实际完成值、未完成原因和改进措施”。
    不报：至少有得分列（没有分值列的 20+80 表按填报得分认可）。
    来源：中央对地方转移支付绩效自评表表样。
    """
    has = flags(tables, [not {"weight", "reported_score"}.isdisjoint(columns) for columns in tables["columns"]])
    rows = only(tables, ~has & tables["weight_sum"].isna() & (tables["indicator_rows"] > 0))
    lowest = [
        next((level for level in ("level3", "level4", "level2", "level1") if level in columns), "title")
        for columns in rows["columns"]
    ]
    return rows.assign(cell_field=texts(rows, lowest))


@check(
    "STR-16",
    Severity.ERROR,
    on="budget",
    cell="executed",
    title="预算执行数据未填写",
    message="“{name}”的“{label}”未填写",
    advice="请补填；没有发生的填 0。",
)
def money_blank(rows: pd.DataFrame) -> pd.DataFrame:
    """年度资金总额行的全年预算数、全年执行数、执行率、分值或得分是空的。

    为什么：执行率 = 全年执行数 ÷ 全年预算数，缺一个就算不出；执行率和得分要由单位填报，供核对。
    例：全年预算数 251.89，全年执行数空白 → 报在全年执行数。
    不报：表里没有这一列；总额为空而分项有数（BUD-01）；有年初预算数而全年预算数空白（BUD-13）；
    执行数已填而预算数为空（BUD-06）；没有得分列或不就执行率计分的表、全表没有得分的表的分值；
    没有分值的表的得分。
    来源：省级填报平台保存时校验必填项。
    """
    totals = only(rows, rows["is_total"])
    unbudgeted = totals["adjusted_used"].isna() & totals["initial_used"].isna() & ~totals["executed"].gt(0)
    is_scored = totals["rubric_execution_scored"].astype(bool) & ~equal(totals["reported_score_state"], ABSENT)
    has_scores = totals["reported_score"].notna() | totals["table_filled_scores"].gt(0)
    blank = {
        "adjusted": equal(totals["adjusted_state"], BLANK) & unbudgeted,
        "executed": equal(totals["executed_state"], BLANK) & totals["executed_used"].isna(),
        "reported_ratio": equal(totals["ratio_state"], BLANK) & totals["ratio"].notna() & ~totals["is_rebuilt"],
        "weight": equal(totals["weight_state"], BLANK) & is_scored & has_scores,
        "reported_score": equal(totals["reported_score_state"], BLANK)
        & totals["score"].notna()
        & ~totals["is_rebuilt"],
    }
    found = [totals[mask].assign(label=_LABELS[field], cell_field=field) for field, mask in blank.items() if mask.any()]
    return gather(found)


@check(
    "STR-17",
    Severity.ERROR,
    on="tables",
    cell="reported_score",
    title="总分未填写",
    message="各项得分已填写，总分未填写{sum}",
    advice="请填写总分。",
)
def total_blank(tables: pd.DataFrame) -> pd.DataFrame:
    """有总分行，各项得分已经填写，总分却是空的。

    为什么：总分是排名和定级的依据，缺了要逐项去加。
    例：五项得分都填了，“总分”一格为空 → 报在该格，并给出合计。
    不报：没有总分行；各项得分也没有填写；总分公式没有保存结果（UNIT-10）。有得分空白的，不给出合计。
    来源：省级填报平台保存时校验必填项。
    """
    rows = only(tables, equal(tables["total_score_state"], BLANK) & tables["filled_scores"].gt(0))
    expected = rows["reported_sum"].where(rows["open_points"].eq(0))
    told = [f"，按各项得分合计为 {number_text(value)}" if value == value else "" for value in expected]
    return rows.assign(sum=texts(rows, told), expected=expected)


@check(
    "STR-18",
    Severity.WARNING,
    on="workbook",
    cell="title",
    title="单元格内容有分歧",
    message="",
    advice="请用 Excel 或 WPS 打开原件核对这一格，另存后重新报送。",
)
def uncertain_cell(rows: pd.DataFrame) -> pd.Series:
    """文件写得不合规范，同一个单元格可以读出不同的内容。

    为什么：同一个部件或单元格在文件里出现两次时，不同的程序有的取前一次，有的取后一次；人看到的与程序读到的可能不是同一个数。
    例：文件里 H12 写了两次，先是 8，后是 10 → 按 10 核对，并报在 H12。
    不报：两次内容相同；两种读法读出的内容一致；日期、出错值，以及被合并单元格盖住的内容。
    来源：本程序的约定：不作没有说明的取舍。
    """
    return pd.Series(False, index=rows.index)


@check(
    "STR-19",
    Severity.INFO,
    on="workbook",
    cell="title",
    title="模板不是现行版本",
    message="",
    advice="如表样有实质改动，请改用现行模板填报（perfxl template）。",
)
def other_version(rows: pd.DataFrame) -> pd.Series:
    """填报用的是 perfxl 生成的模板，但版本与程序所有的表样不同。

    为什么：表样改版后，旧模板上的说明、分值可能已不适用；读取不受影响，但要让审核人知道。
    例：表样已是第 2 版，文件里的模板标识是第 1 版。
    不报：版本相同；不是 perfxl 生成的模板；模板标识已被删去。
    来源：本程序的约定。
    """
    return pd.Series(False, index=rows.index)
