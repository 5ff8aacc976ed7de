"""问题统计: by code, then by unit."""

import sqlite3
from itertools import islice

from perfxl.model.cells import MAX_ROW
from perfxl.writing.summary.labels import SEVERITY_CASE
from perfxl.writing.summary.sheet import Book

_WIDTHS = (30, 30, 10, 10, 10, 10, 12, 30)
_CODE_HEAD = ("编号", "问题", "级别", "处数", "文件数", "单位数", "占全部", "")
_CODES = f"""
    SELECT code, title, {SEVERITY_CASE.format(column="severity")}, findings, inputs, units,
           findings * 1.0 / (SELECT count(*) FROM findings WHERE waived IS NULL), NULL FROM v_codes"""
_UNIT_HEAD = ("单位", "部门", "自评表", "错误", "警告", "提示", "每表问题", "最多的问题")
_UNITS = """
    WITH counted AS (
      SELECT t.unit_key, f.code, f.title, count(*) AS n FROM findings f JOIN tables t USING (table_id)
      WHERE t.standing = 'counted' AND f.waived IS NULL AND f.severity <> 'info' GROUP BY 1, 2),
    most AS (SELECT unit_key, code, title, max(n) AS n FROM counted GROUP BY unit_key)
    SELECT max(t.unit), max(t.department_key), count(*), sum(t.errors), sum(t.warnings), sum(t.infos),
           (sum(t.errors) + sum(t.warnings) + sum(t.infos)) * 1.0 / count(*),
           most.code || ' ' || most.title || '（' || most.n || ' 处）'
    FROM tables t LEFT JOIN most ON most.unit_key IS t.unit_key
    WHERE t.standing = 'counted' GROUP BY t.unit_key
    ORDER BY sum(t.errors) DESC, sum(t.warnings) DESC, max(t.unit)"""


def statistics(book: Book, db: sqlite3.Connection) -> None:
    """Write 问题统计."""
    sheet = book.sheet(
        "问题统计", _WIDTHS, "问题统计", "不含已豁免的问题。先按编号，再按单位（错误多的在前）。", "C00000"
    )
    sheet.section("按编号")
    head = sheet.header(_CODE_HEAD)
    rows = sheet.bulk(
        db.execute(_CODES), ("center", "text", "center", "integer", "integer", "integer", "percent", "text")
    )
    sheet.bars(head, rows, 6, 0, 1)
    for label, look in (("错误", "error"), ("警告", "warning"), ("提示", "info")):
        sheet.rule(head, rows, 2, "==", f'"{label}"', look)
    sheet.section("按单位")
    head = sheet.header(_UNIT_HEAD)
    room = MAX_ROW - sheet.row
    rows = sheet.bulk(
        islice(db.execute(_UNITS), room),
        ("text", "text", "integer", "integer", "integer", "integer", "score", "text"),
    )
    sheet.rule(head, rows, 3, ">", 0, "error")
    sheet.rule(head, rows, 4, ">", 0, "warning")
    if rows:
        sheet.raw.autofilter(head - 1, 0, head + rows - 1, sheet.width - 1)
    sheet.raw.freeze_panes(2, 1)
