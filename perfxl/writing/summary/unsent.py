"""未报送与重复: the roster held against what came, and what does not count because it came twice."""

import sqlite3
from collections.abc import Iterator

from perfxl.model.coverage import Coverage, UnitCoverage
from perfxl.writing.summary.bulk_rows import Value
from perfxl.writing.summary.sheet import Book, Sheet

_WIDTHS = (30, 34, 30, 14, 14, 12, 40)
_REPEATED_HEAD = ("文件", "单位", "项目", "工作表", "情况", "", "以哪个文件为准；理由")
_REPEATED = """
    SELECT path, unit, coalesce(project, '部门整体'), sheet,
           CASE standing WHEN 'duplicate' THEN '重复件' ELSE '旧版本' END, NULL, superseded_by || '（' || why || '）'
    FROM v_repeated"""
# Duplicates that are no tables: the same unusable file sent twice is told among the unreadable ones.
_CONFLICTS = """
    SELECT path, unit, coalesce(project, '部门整体'), NULL, '内容不同', NULL, message FROM v_issues
    WHERE code = 'STR-11' ORDER BY input_id, number"""
_TEXTS = ("wrap", "wrap", "wrap", "center", "center", "text", "wrap")


def unsent(book: Book, db: sqlite3.Connection, coverage: Coverage | None) -> None:
    """Write 未报送与重复."""
    told = (
        "没有给单位名册（--roster），不能核对未报送的单位和项目。"
        if coverage is None
        else f"按单位名册 {coverage.file} 核对。"
    )
    note = told + "重复件（内容完全相同）和旧版本不计入汇总；同一项目有几份而看不出哪份较新的，都计入并报 STR-11。"
    sheet = book.sheet("未报送与重复", _WIDTHS, "未报送与重复", note, "BF8F00")
    if coverage is not None:
        _absent(sheet, coverage)
        _units(sheet, coverage)
        _missing(sheet, coverage)
        _other_names(sheet, coverage)
        _strangers(sheet, coverage)
    sheet.section("重复件和旧版本（不计入）")
    sheet.header(_REPEATED_HEAD)
    if not sheet.bulk(db.execute(_REPEATED), _TEXTS):
        sheet.line("没有", "note")
    sheet.section("同一项目有几份，看不出哪份较新（STR-11，请确认）")
    sheet.header(("文件", "单位", "项目", "", "情况", "", "说明"))
    if not sheet.bulk(db.execute(_CONFLICTS), _TEXTS):
        sheet.line("没有", "note")
    sheet.raw.freeze_panes(2, 0)


def _absent(sheet: Sheet, coverage: Coverage) -> None:
    absent = coverage.absent
    sheet.section(f"未报送的单位（{len(absent)} 个，共 {len(coverage.units)} 个）")
    sheet.header(("单位", "应报项目", "单位编码", "", "", "", "别名"))
    rows = (
        (one.unit.name, "、".join(p.name for p in one.unit.projects), one.unit.code, None, None, None,
         "、".join(one.unit.aliases))
        for one in absent
    )  # fmt: skip
    if not sheet.bulk(rows, ("text", "wrap", "text", "text", "text", "text", "text")):
        sheet.line("全部单位都已报送", "note")


def _units(sheet: Sheet, coverage: Coverage) -> None:
    sheet.section("各单位自评覆盖率")
    head = sheet.header(
        ("单位", "已报送的文件", "项目：已自评 ÷ 应自评", "项目覆盖率", "资金（万元）", "资金覆盖率", "说明")
    )
    rows = sheet.bulk(map(_unit, coverage.units), ("wrap", "wrap", "center", "percent", "money", "percent", "wrap"))
    sheet.rule(head, rows, 3, "<", 1, "bad")
    sheet.rule(head, rows, 5, "<", 0.9, "bad")


def _unit(one: UnitCoverage) -> tuple[Value, ...]:
    said = []
    if one.unit.projects and one.covered_money is not None and one.due_money:
        said.append(f"自评表涉及 {one.covered_money:g} 万元，应覆盖 {one.due_money:g} 万元")
    if one.without_money:
        said.append(f"{one.without_money} 张表金额不明，不在其内")
    if one.lacks_department_form:
        said.append("缺少部门整体自评表")
    if one.missing_attachments:
        said.append("缺少附件：" + "、".join(one.missing_attachments))
    if one.extra:
        said.append("名册外项目：" + "、".join(one.extra[:10]) + ("等" if len(one.extra) > 10 else ""))
    share = one.covered_money / one.due_money if one.due_money and one.covered_money is not None else None
    files = "；".join(one.submitted[:3]) + (f" 等 {len(one.submitted)} 个" if len(one.submitted) > 3 else "")
    return (
        one.unit.name, files or "未报送", f"{one.covered} ÷ {one.due}", one.covered / one.due, one.covered_money, share,
        "；".join(said),
    )  # fmt: skip


def _missing(sheet: Sheet, coverage: Coverage) -> None:
    missing = [(one.unit.name, project) for one in coverage.units if one.submitted for project in one.missing]
    sheet.section(f"已报送的单位缺少的项目（{len(missing)} 个）")
    sheet.header(("单位", "项目", "项目编码", "", "预算（万元）", "", "名册位置"))
    rows = ((unit, p.name, p.code, None, p.budget, None, p.place) for unit, p in missing)
    if not sheet.bulk(rows, ("text", "text", "text", "text", "money", "text", "text")):
        sheet.line("没有", "note")


def _other_names(sheet: Sheet, coverage: Coverage) -> None:
    named = [(one.unit.name, name) for one in coverage.units for name in one.other_names]
    sheet.section("名称与名册写法不同的单位（已按同一单位计，请确认；可在名册“别名”栏补上）")
    sheet.header(("名册中的名称", "自评表中的名称", "", "", "", "", ""))
    if not sheet.bulk(((*one, None, None, None, None, None) for one in named), ("text",) * 7):
        sheet.line("没有", "note")


def _strangers(sheet: Sheet, coverage: Coverage) -> None:
    def rows() -> Iterator[tuple[Value, ...]]:
        for one in coverage.strangers:
            near = f"是否为“{one.similar}”？" if one.similar else ""
            yield one.name or "（未填单位名称）", one.path, None, one.tables, None, None, near

    sheet.section("名册中没有的单位")
    sheet.header(("自评表中的名称", "文件", "", "自评表", "", "", "相近的名称"))
    if not sheet.bulk(rows(), ("text", "text", "text", "integer", "text", "text", "text")):
        sheet.line("没有", "note")
