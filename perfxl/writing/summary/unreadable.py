"""未能读取: what could not be used and what to do about it; below it what was passed over."""

import sqlite3
from itertools import islice

from perfxl.model.cells import MAX_ROW
from perfxl.writing.summary.labels import KINDS
from perfxl.writing.summary.sheet import Book

_WIDTHS = (50, 14, 60, 60)
_KIND = "CASE kind " + " ".join(f"WHEN '{kind}' THEN '{label}'" for kind, label in KINDS.items()) + " ELSE kind END"
_FAILED = f"SELECT path, {_KIND}, message, advice FROM v_unreadable"
_UNWRITTEN = """SELECT path, '复核件未写出', unwritten, '请处理后再运行一次，只会补做这些文件。' FROM inputs
    WHERE unwritten IS NOT NULL ORDER BY path"""
_PASSED_OVER = "SELECT path, '略过', message, NULL FROM inputs WHERE state = 'passed_over' ORDER BY kind, path"
_PENDING = """SELECT path, '尚未处理', '运行被中断，没有处理到这个文件。', '再运行一次即接着做。' FROM inputs
    WHERE state = 'pending' ORDER BY path"""
_STYLES = ("text", "center", "wrap", "wrap")


def unreadable(book: Book, db: sqlite3.Connection) -> None:
    """Write 未能读取."""
    note = "每个文件只有一种结果：已复核、未能读取、略过。略过的是锁定文件、隐藏文件、附件和程序自己的输出。"
    sheet = book.sheet("未能读取", _WIDTHS, "未能读取的文件", note, "7F7F7F")
    head = sheet.header(("文件", "原因", "说明", "办法"))
    rows = sum(sheet.bulk(db.execute(query), _STYLES) for query in (_FAILED, _UNWRITTEN, _PENDING))
    sheet.end(head, rows)
    if not rows:
        sheet.line("全部文件都已读取", "note")
    sheet.section("略过的文件和文件夹")
    sheet.header(("文件", "", "原因", ""))
    if not sheet.bulk(islice(db.execute(_PASSED_OVER), MAX_ROW - sheet.row), _STYLES):
        sheet.line("没有", "note")
