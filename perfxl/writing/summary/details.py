"""指标明细 and 问题清单: the long sheets."""

import sqlite3
from pathlib import Path

from perfxl.model.cells import MAX_ROW
from perfxl.writing.sheet_xml import MAX_LINKS
from perfxl.writing.summary.ahead import Assist, RowsAhead
from perfxl.writing.summary.labels import ONCE_NOTE, SEVERITY_CASE, STATUS_CASE
from perfxl.writing.summary.sheet import Book, linked, row_frame

_HEAD_ROWS = 3
# Fewer rows are written sooner than somebody else is asked to.
_WORTH_HELP = 10_000

_DETAIL_HEAD = (
    "单位", "项目", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "完成率", "分值", "自评得分",
    "复核得分", "自评减复核", "状态", "偏差原因及改进措施", "文件", "单元格",
)  # fmt: skip
_DETAIL_STYLES = (
    "text", "text", "text", "text", "text", "text", "text", "percent", "score", "score", "score", "score", "center",
    "text", "text", "text",
)  # fmt: skip
_DETAIL_WIDTHS = (18, 20, 10, 12, 22, 12, 12, 9, 7, 8, 8, 9, 9, 24, 22, 12)
_DETAILS = f"""
    SELECT t.unit, coalesce(t.project, '部门整体'), n.level1, n.level2, coalesce(n.level4, n.level3), n.target,
           n.actual, n.completion_rate, n.weight, n.reported_score, n.score, n.difference,
           {STATUS_CASE.format(column="n.status")}, n.reason, i.path, n.cell
    FROM tables t JOIN inputs i USING (input_id) JOIN indicators n USING (table_id)
    WHERE t.standing = 'counted' {{more}} ORDER BY t.table_id, n.row"""
_SHORT = """AND (n.reported_score < n.weight OR n.completion_rate < 1 OR n.status = 'manual'
    OR abs(n.difference) > 0.005)"""

_ISSUE_HEAD = (
    "级别", "编号", "单位", "项目", "文件", "单元格", "表内内容", "问题", "应为", "差额", "处理建议", "豁免",
    "单位答复", "复核意见",
)  # fmt: skip
_ISSUE_STYLES = (
    "center", "center", "text", "text", "text", "text", "text", "wrap", "score", "score", "wrap", "text", "text",
    "text",
)  # fmt: skip
_ISSUE_WIDTHS = (6, 8, 18, 20, 22, 12, 14, 44, 8, 8, 28, 8, 12, 12)
_ISSUES = f"""
    SELECT {SEVERITY_CASE.format(column="f.severity")}, f.code, t.unit, t.project, coalesce(i.path, '（单位名册）'),
           coalesce(f.cell, '全表'), CASE WHEN f.value IS NULL AND f.cell IS NOT NULL THEN '（空）' ELSE f.value END,
           f.title || '：' || f.message, f.expected, f.difference, f.advice, f.waived, NULL, NULL, i.output
    FROM findings f LEFT JOIN inputs i USING (input_id) LEFT JOIN tables t USING (table_id)
    {{where}}
    ORDER BY f.waived IS NOT NULL, f.input_id, f.number"""


class Details:
    """指标明细: begun before all other sheets, so that somebody else can write its rows, and ended after them."""

    def __init__(
        self, book: Book, db: sqlite3.Connection, path: Path, assist: Assist | None, limit: int = MAX_ROW
    ) -> None:
        """Have the rows written.

        Args:
            book: The summary.
            db: The results.
            path: A new file for the rows.
            assist: Somebody to write them; None for nobody.
            limit: Rows of a sheet; beyond Excel's last row only what fell short is there, and where the rest is.
        """
        self._book, self._db = book, db
        self._query, self._note, count = _question(db, limit)
        frame = row_frame([book.formats[style] for style in _DETAIL_STYLES])
        helper = assist if count >= _WORTH_HELP else None
        self._ahead = RowsAhead(db, self._query, _HEAD_ROWS, frame, path, helper)

    def place(self) -> None:
        """Put the sheet after those that are there."""
        self._sheet = self._book.sheet("指标明细", _DETAIL_WIDTHS, "指标明细", self._note)
        self._head = self._sheet.header(_DETAIL_HEAD)

    def end(self) -> None:
        """Take the rows, or write them."""
        sheet, head = self._sheet, self._head
        number = self._ahead.number()
        if number is None:
            rows = sheet.bulk(self._db.execute(self._query), _DETAIL_STYLES)
        else:
            rows = sheet.adopt(self._ahead.path, number, _DETAIL_STYLES)
        sheet.end(head, rows, 2)
        sheet.bars(head, rows, 7, 0, 1)
        sheet.rule(head, rows, 11, ">", 0.005, "bad")
        sheet.rule(head, rows, 11, "<", -0.005, "info")
        sheet.rule(head, rows, 12, "==", '"人工核对"', "doubt")


def _question(db: sqlite3.Connection, limit: int) -> tuple[str, str, int]:
    """Return the query for the rows, what is said of them at the top, and how many there are in all."""
    room = limit - _HEAD_ROWS
    count = db.execute("SELECT coalesce(sum(indicator_rows), 0) FROM tables WHERE standing = 'counted'").fetchone()[0]
    more, note = "", f"计入的各表全部指标行，共 {count} 行。{ONCE_NOTE}"
    if count > room:
        more = _SHORT
        note = f"共 {count} 行，超过工作表的行数上限：这里只列没有得满分、未达目标、与复核得分不符或人工核对的行，"
        note += "全部数据在 results.sqlite 的 indicators 表。"
    return _DETAILS.format(more=more) + f" LIMIT {room}", note, count


def issues(book: Book, db: sqlite3.Connection, limit: int = MAX_ROW) -> None:
    """Write 问题清单; beyond Excel's last row errors and warnings first, and where the rest is."""
    room = limit - _HEAD_ROWS
    count, notable = db.execute("SELECT count(*), sum(severity <> 'info') FROM findings").fetchone()
    where, note = "", f"全部文件的问题，共 {count} 处；各文件之间比较得出的（重复报送、雷同、覆盖率）列在该文件的最后。"
    if count > room:
        where = "WHERE f.severity <> 'info'" if (notable or 0) <= room else "WHERE f.severity = 'error'"
        kept = "错误和警告" if (notable or 0) <= room else "错误"
        note = f"共 {count} 处，超过工作表的行数上限：这里只列{kept}，全部数据在 results.sqlite 的 findings 表。"
    note += "批注和定位见各文件的复核件。"
    sheet = book.sheet("问题清单", _ISSUE_WIDTHS, "问题清单", note, "C00000")
    head = sheet.header(_ISSUE_HEAD)
    query = _ISSUES.format(where=where) + f" LIMIT {room}"
    found = db.execute(query)
    if count <= MAX_LINKS:
        rows = sheet.bulk(linked(sheet, found, 4), [*_ISSUE_STYLES[:4], "link", *_ISSUE_STYLES[5:]])
    else:
        rows = sheet.bulk((row[:-1] for row in found), _ISSUE_STYLES)
    sheet.end(head, rows, 2)
    for label, look in (("错误", "error"), ("警告", "warning"), ("提示", "info")):
        sheet.rule(head, rows, 0, "==", f'"{label}"', look)
