"""排名 and 部门汇总."""

import sqlite3
from itertools import islice

from perfxl.model.cells import MAX_ROW
from perfxl.writing.summary.labels import MANUAL_NOTE, ONCE_NOTE, SCOPE_CASE
from perfxl.writing.summary.sheet import Book, linked

_RANK_HEAD = (
    "名次", "类型", "单位", "主管部门", "项目", "年度", "自评总分", "复核总分", "自评减复核", "等级", "自评等级",
    "预算执行率", "错误", "警告", "提示", "待人工核对分值", "文件（点击打开复核件）",
)  # fmt: skip
_RANK_STYLES = (
    "center", "center", "text", "text", "text", "center", "score", "score", "score", "center", "center", "percent",
    "integer", "integer", "integer", "score", "link",
)  # fmt: skip
_RANK_WIDTHS = (6, 9, 24, 18, 28, 7, 9, 9, 10, 6, 8, 10, 6, 6, 6, 10, 40)
# Projects and departments are ranked apart; equal totals share a place.
_RANKED = f"""
    SELECT CASE WHEN is_complete THEN rank() OVER (PARTITION BY scope ORDER BY is_complete DESC, score DESC) END,
           {SCOPE_CASE.format(column="scope")}, unit, department, project, year, reported_score, score, difference,
           grade, reported_grade, ratio, errors, warnings, infos, nullif(manual_weight, 0), path, output
    FROM v_ranking ORDER BY scope DESC, is_complete DESC, score DESC, reported_score DESC, path, table_id"""

_DEPARTMENT_HEAD = (
    "部门", "单位数", "自评表", "其中：项目表", "全年预算数（万元）", "全年执行数（万元）", "预算执行率",
    "平均自评总分", "平均复核总分", "平均自评减复核", "复核完整", "全部满分", "错误", "警告",
)  # fmt: skip
_DEPARTMENT_STYLES = (
    "text", "integer", "integer", "integer", "money", "money", "percent", "score", "score", "score", "integer",
    "integer", "integer", "integer",
)  # fmt: skip
_DEPARTMENT_WIDTHS = (28, 8, 8, 9, 16, 16, 11, 10, 10, 11, 8, 8, 8, 8)
_DEPARTMENTS = """
    SELECT coalesce(department, '（未填主管部门和单位）'), units, tables, projects, adjusted, executed, ratio,
           mean_reported, mean_score, mean_difference, complete, full_marks, errors, warnings
    FROM v_departments ORDER BY department"""
_ALL = """
    SELECT '合计', count(DISTINCT unit_key), count(*), sum(scope = 'project'),
           sum(CASE WHEN scope = 'project' THEN adjusted END), sum(CASE WHEN scope = 'project' THEN executed END),
           sum(CASE WHEN scope = 'project' AND adjusted > 0 AND executed IS NOT NULL THEN executed END)
             / sum(CASE WHEN scope = 'project' AND adjusted > 0 AND executed IS NOT NULL THEN adjusted END),
           avg(reported_score), avg(CASE WHEN is_complete THEN score END), avg(difference),
           sum(is_complete), sum(is_full_marks), sum(errors), sum(warnings)
    FROM tables WHERE standing = 'counted'"""


def ranking(book: Book, db: sqlite3.Connection) -> None:
    """Write 排名."""
    sheet = book.sheet(
        "排名", _RANK_WIDTHS, "排名", f"项目与部门整体分别排名，总分相同名次并列。{MANUAL_NOTE}{ONCE_NOTE}"
    )
    head = sheet.header(_RANK_HEAD, 30)
    rows = sheet.bulk(linked(sheet, db.execute(_RANKED), len(_RANK_HEAD) - 1), _RANK_STYLES)
    sheet.end(head, rows, 3)
    sheet.bars(head, rows, 7, 0, 100)
    sheet.rule(head, rows, 8, ">", 0.005, "bad")
    sheet.rule(head, rows, 12, ">", 0, "error")
    sheet.rule(head, rows, 13, ">", 0, "warning")
    sheet.rule(head, rows, 15, ">", 0, "doubt")


def departments(book: Book, db: sqlite3.Connection) -> None:
    """Write 部门汇总."""
    note = "资金只合计项目表，不含部门整体表；执行率 = 执行数合计 ÷ 预算数合计，只计两数都有的表。"
    unknown = db.execute(
        "SELECT count(*) FROM tables WHERE standing = 'counted' AND scope = 'project' AND adjusted IS NULL"
    ).fetchone()[0]
    if unknown:
        note += f"有 {unknown} 张项目表的全年预算数空白或金额单位不明，不在合计内。"
    sheet = book.sheet("部门汇总", _DEPARTMENT_WIDTHS, "部门汇总", note + MANUAL_NOTE)
    head = sheet.header(_DEPARTMENT_HEAD, 30)
    rows = sheet.bulk(islice(db.execute(_DEPARTMENTS), MAX_ROW - 10), _DEPARTMENT_STYLES)
    sheet.end(head, rows)
    sheet.bars(head, rows, 6, 0, 1)
    sheet.rule(head, rows, 9, ">", 0.005, "bad")
    if rows:
        styles = [
            f"total_{style}" if style in ("money", "percent", "score") else "total" for style in _DEPARTMENT_STYLES
        ]
        sheet.bulk([db.execute(_ALL).fetchone()], styles)
