"""STR, TGT: which classes of indicators a table has, and whether its years agree."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

import pandas as pd

from perfxl.checks.registry import check
from perfxl.checks.series import NothingFoundError, flags, gather, only, texts
from perfxl.checks.words import finds
from perfxl.field_labels import field_label
from perfxl.forms.check_words import load_check_words
from perfxl.forms.lexicon import load_lexicon
from perfxl.forms.years import year_in
from perfxl.model.cells import CellRef
from perfxl.model.finding import Severity
from perfxl.text import number_text, plain_label, shown

# Under the national rules the points of a satisfaction class that does not apply go to the benefits.
_BENEFIT_POINTS = 30


@check(
    "STR-02",
    Severity.WARNING,
    on="tables",
    cell="title",
    title="表样被改动",
    message="表样被改动：{what}",
    advice="请使用规定的表样，勿增删、调换固定的行列。",
)
def form_altered(tables: pd.DataFrame) -> pd.DataFrame:
    """规定表样里的列被删去；列的先后与表样不同的只作提示。

    为什么：少了“偏差原因分析及改进措施”一类的列，就没有地方说明扣分原因；列被调换容易填错。
    例：全国项目表没有“偏差原因分析及改进措施”一列。
    不报：多出的列；表头换行、加括注、个别用同义的词；没有写明规定列（form.toml 的 prescribed）的表样；
    列名大多与表样不同的表，那是各地自己的表样。
    来源：审核通行做法；各表样所附表式。
    """
    hit = only(tables, flags(tables, tables["prescribed"]) & tables["indicator_rows"].gt(0))
    found = [_alteration(wanted, columns) for wanted, columns in zip(hit["prescribed"], hit["columns"], strict=True)]
    hit = only(hit, flags(hit, [what is not None for what, _, _ in found]))
    told = [item for item in found if item[0] is not None]
    return hit.assign(
        what=texts(hit, [what for what, _, _ in told]),
        cell_field=texts(hit, [at for _, at, _ in told]),
        severity=texts(hit, [Severity.WARNING if is_missing else Severity.INFO for *_, is_missing in told]),
    )


def _alteration(wanted: Iterable[str], columns: Mapping[str, CellRef]) -> tuple[str | None, str, bool]:
    """Return what was done to the columns, the heading where it shows, and whether one is missing."""
    there = [name for name in wanted if name in columns]
    missing = [name for name in wanted if name not in columns]
    last = f"heading.{there[-1]}" if there else "title"
    if missing:
        beside = f"（表头到“{shown(columns[there[-1]].text)}”为止）" if there else ""
        return f"缺少“{'”“'.join(map(field_label, missing))}”列{beside}", last, True
    for before, after in pairwise(there):
        if columns[before].row == columns[after].row and columns[before].column > columns[after].column:
            return f"“{shown(columns[after].text)}”列在“{shown(columns[before].text)}”列之前", f"heading.{after}", False
    return None, last, False


@check(
    "STR-04",
    Severity.WARNING,
    on="tables",
    cell="heading.level1",
    title="缺少一类指标",
    message="“{heading}”中缺少{missing}指标",
    advice="请补充该类指标；确不适用的，请在表后说明。",
)
def class_missing(tables: pd.DataFrame) -> pd.DataFrame:
    """按“产出、效益、满意度”设置指标的表，没有产出指标或效益指标。

    为什么：只有产出看不出花钱的效果，只有效益看不出做了什么。
    例：一级指标只有“产出指标”“满意度指标”。
    不报：满意度指标（STR-06）；“投入、过程、产出、效果”和“履职效能、管理效能”等其他指标体系；没有一级指标列。
    来源：绩效自评表核对工具公开规则（缺少产出、效益、满意度类别）。
    """
    of_classes = only(tables, tables["is_by_classes"])
    found = [
        of_classes[lacks].assign(missing=label)
        for name, label in (("output", "产出"), ("benefit", "效益"))
        if (lacks := ~of_classes[f"has_{name}"]).any()
    ]
    return _with_heading(gather(found))


@check(
    "STR-05",
    Severity.INFO,
    on="tables",
    cell="heading.level1",
    title="未设置成本指标",
    message="“{heading}”和各级指标中没有成本指标",
    advice="请考虑设置成本指标，如项目总成本、单位成本；确无必要的可不设。",
)
def no_cost_indicator(tables: pd.DataFrame) -> pd.DataFrame:
    """按“产出、效益、满意度”设置指标的表，没有任何成本指标。

    为什么：成本指标说明花的钱值不值，也是产出指标规定的四类之一。
    例：产出指标下只有数量、质量、时效三类。
    不报：一级、二级或三级指标中有“成本、造价、费用”等词；其他指标体系的表；没有产出指标（STR-04）。
    来源：审核通行做法；山西填报平台：没有成本指标的按默认成本指标计分。
    """
    return _with_heading(only(tables, tables["is_by_classes"] & tables["has_output"] & ~tables["has_cost"]))


@check(
    "STR-06",
    Severity.WARNING,
    on="tables",
    cell="heading.level1",
    title="未设置满意度指标",
    message="“{heading}”中没有满意度指标，效益指标也没有为此增加分值",
    advice="请补充服务对象满意度指标；项目没有服务对象的，请说明并把分值调整到效益指标。",
    unless=("STR-04",),
)
def no_satisfaction(tables: pd.DataFrame) -> pd.DataFrame:
    """面向服务对象的项目没有满意度指标。

    为什么：服务对象是否满意，是效益以外单独考核的一类。
    例：产出 50 分、效益 30 分，没有满意度指标。
    不报：满意度列在效益指标之下；效益指标高于 30 分（满意度的分值已并入效益）；工资、社保缴费、还本付息等没有服务对象的
    项目；其他指标体系的表。
    来源：绩效自评表核对工具公开规则；审核通行做法。
    """
    without = tables["is_by_classes"] & tables["has_output"] & ~tables["has_satisfaction"]
    hit = only(tables, without & tables["benefit_points"].le(_BENEFIT_POINTS))
    names = texts(hit, [(header or {}).get("项目名称") for header in hit["header"]])
    return _with_heading(hit[~finds(names, load_check_words().classes["serves_nobody"])])


def _with_heading(tables: pd.DataFrame) -> pd.DataFrame:
    headings = [shown(columns["level1"].text) if "level1" in columns else "一级指标" for columns in tables["columns"]]
    return tables.assign(heading=texts(tables, headings))


@check(
    "STR-12",
    Severity.INFO,
    on="tables",
    cell="title",
    title="年度不一致",
    message="年度不一致：{what}",
    advice="请核对是否沿用了上年的表，或改正年度。",
)
def years_differ(tables: pd.DataFrame) -> pd.DataFrame:
    """标题、“年度”栏、工作表名和文件名写的年度不同。

    为什么：多半是在上年的表上改的，可能有没改到的内容；汇总也会归错年度。
    例：标题为 2022 年度，“年度”栏填 2023。
    不报：没有写年度；工作表名、文件名比标题晚一年（次年报送上年的自评表）；项目名称里的年份。
    来源：审核通行做法。
    """
    labels = load_lexicon().labels("year")
    rows = zip(*(tables[name] for name in ("title", "year", "header", "sheet", "file_year")), strict=True)
    found = [_years(*row, labels=labels) for row in rows]
    hit = only(tables, flags(tables, [what is not None for what, _ in found]))
    told = [item for item in found if item[0] is not None]
    return hit.assign(what=texts(hit, [what for what, _ in told]), cell_field=texts(hit, [at for _, at in told]))


def _years(
    title: str | None,
    year: float,
    header: Mapping[str, str | None],
    sheet: str,
    file_year: float,
    *,
    labels: Iterable[str],
) -> tuple[str | None, str]:
    """Return in words how the years of a table differ, None where they do not, and the cell to begin with."""
    if year != year:
        return None, "title"
    of_title = year_in(title or "")
    said = [] if of_title is None else [f"标题“{shown(title or '')}”"]
    at = "title"
    others = []
    for label in labels:
        own = year_in(text) if (text := (header or {}).get(label)) else None
        if own is not None and own != (of_title or year):
            others.append(f"“{label}”栏“{shown(text or '')}”")
            at = label
    of_sheet = year_in(sheet)
    for name, own in ((f"工作表名“{shown(sheet)}”", of_sheet), (f"文件名中的 {number_text(file_year)} 年", file_year)):
        if own is not None and own == own and own not in (year, year + 1):
            others.append(name)
    if not others:
        return None, at
    return "，".join(said or [f"本表为 {number_text(year)} 年度"]) + "，" + "，".join(others), at


@check(
    "TGT-06",
    Severity.INFO,
    cell="level1",
    title="指标过少或过多",
    message="“{label}”{what}",
    advice="产出指标过少的请补充，能覆盖主要任务；过多的请精简，保留核心指标。",
    options={"fewest": 3, "most": 12},
)
def too_few_or_too_many(rows: pd.DataFrame) -> pd.DataFrame:
    """产出指标少于 3 项，或者一个二级指标下超过 12 项。

    为什么：太少覆盖不了主要任务，太多抓不住重点。
    例：产出指标只有 2 项；数量指标下列了 25 项。
    不报：3 项产出、12 项数量；“其中”明细行；其他指标体系的表。界限可用 fewest、most 设定。
    来源：赤峰市审计局 2023 年公布的常见问题（指标过多）；界限为审核通行做法。
    """
    words = load_check_words().classes
    is_plain = ~rows["is_detail"] & rows["name"].notna() & rows["table_is_by_classes"]
    if not is_plain.any():
        raise NothingFoundError
    plain = rows.loc[is_plain, ["table_id", "row", "goal", "level1", "level2", "option_fewest", "option_most"]]
    is_output = finds(plain["level1"], words["output"])
    outputs = plain[is_output]
    of_table = outputs.groupby("table_id")["row"]
    few = of_table.transform("size").lt(outputs["option_fewest"])
    sizes = plain.fillna({"level1": "", "goal": ""}).groupby(["table_id", "goal", "level1", "level2"])["row"]
    many = sizes.transform("size").gt(plain["option_most"])
    if not few.any() and not many.any():
        raise NothingFoundError
    few_rows = rows.loc[outputs[few].drop_duplicates("table_id").index]
    many_rows = rows.loc[plain[many].drop_duplicates(["table_id", "goal", "level1", "level2"]).index]
    counts, labels = of_table.size(), outputs.groupby("table_id")["level1"].agg(set)
    many_counts = sizes.transform("size")[many_rows.index]
    few_rows = few_rows.assign(
        label=texts(few_rows, [shown(plain_label(text)) for text in few_rows["level1"]]),
        what=texts(
            few_rows,
            [
                # 数量指标 and 质量指标 without 产出指标 over them are one class none the less.
                f"{'等产出指标' if len(labels[table_id]) > 1 else ''}只有 {counts[table_id]} 项，偏少"
                for table_id in few_rows["table_id"]
            ],
        ),
        cell_field="level1",
    )
    many_rows = many_rows.assign(
        label=texts(many_rows, [shown(plain_label(text)) for text in many_rows["level2"]]),
        what=texts(many_rows, [f"下有 {int(count)} 项，偏多" for count in many_counts]),
        cell_field="level2",
    )
    return gather((few_rows, many_rows))
