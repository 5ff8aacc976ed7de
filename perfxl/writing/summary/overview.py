"""总览: what came in, coverage, how scores and execution are spread, what is wrong most, whom to look at."""

import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple

from perfxl.model.coverage import Coverage
from perfxl.writing.summary.bulk_rows import Value
from perfxl.writing.summary.labels import MANUAL_NOTE, ONCE_NOTE, SEVERITY_CASE
from perfxl.writing.summary.sheet import Book, Sheet

_WIDTHS = (13,) * 12
_CHART_ROWS = 15
_CHART = {"width": 380, "height": 285}
_SCORE_BANDS = (
    ("100", "{0} >= 99.995"), ("95–100", "{0} >= 95 AND {0} < 99.995"), ("90–95", "{0} >= 90 AND {0} < 95"),
    ("80–90", "{0} >= 80 AND {0} < 90"), ("60–80", "{0} >= 60 AND {0} < 80"), ("60 以下", "{0} < 60"),
)  # fmt: skip
_RATIO_BANDS = (
    ("超过 100%", "ratio > 1.00005"), ("100%", "ratio BETWEEN 0.99995 AND 1.00005"),
    ("90%–100%", "ratio >= 0.9 AND ratio < 0.99995"), ("60%–90%", "ratio >= 0.6 AND ratio < 0.9"),
    ("60% 以下", "ratio < 0.6"),
)  # fmt: skip
_GRADES = ("优", "良", "中", "差")
_COMPLETE = "CASE WHEN is_complete THEN score END"
_COUNTED = "FROM tables WHERE standing = 'counted'"
_TOP = 10


class About(NamedTuple):
    """What the summary is about.

    Attributes:
        folder: The folder of the submissions.
        day: When it was made.
        version: Of the program.
        is_interrupted: The run did not come to all inputs.
    """

    folder: str
    day: str
    version: str
    is_interrupted: bool = False


def overview(book: Book, db: sqlite3.Connection, about: About, coverage: Coverage | None) -> None:
    """Write 总览."""
    subtitle = f"报送文件夹：{about.folder}　　{about.day}　　程序：perfxl {about.version}"
    sheet = book.sheet("总览", _WIDTHS, "绩效自评复核汇总", subtitle)
    if about.is_interrupted:
        sheet.line("运行被中断，还有文件没有处理；再运行一次即接着做。以下只是已完成的部分。", "warning")
    _counts(sheet, db)
    _coverage(sheet, coverage)
    _averages(sheet, db)
    _distributions(sheet, db)
    _top_issues(sheet, db)
    _inflated(sheet, db)
    _full_marks(sheet, db)
    _reasons(sheet, db)
    sheet.row += 1
    sheet.line(MANUAL_NOTE + ONCE_NOTE, "note", height=28)
    sheet.raw.freeze_panes(2, 0)


def _one(db: sqlite3.Connection, query: str) -> tuple[Any, ...]:
    found: tuple[Any, ...] = db.execute(query).fetchone()
    return found


def _figures(sheet: Sheet, labels: Sequence[str], values: Sequence[Value], styles: Sequence[str]) -> None:
    """Write figures under their labels, across the sheet."""
    for column, label in enumerate(labels):
        sheet.put(column, label, "header")
    sheet.row += 1
    sheet.raw.set_row(sheet.row, 26)
    for column, (value, style) in enumerate(zip(values, styles, strict=True)):
        sheet.put(column, value, style)
    sheet.row += 1


def _counts(sheet: Sheet, db: sqlite3.Connection) -> None:
    sheet.section("报送与复核")
    states = dict(db.execute("SELECT state, count(*) FROM inputs GROUP BY state").fetchall())
    tables = _one(
        db,
        """SELECT count(*), sum(standing = 'counted'), sum(standing = 'duplicate'), sum(standing = 'superseded'),
        count(DISTINCT CASE WHEN standing = 'counted' THEN unit_key END) FROM tables""",
    )
    severities = dict(
        db.execute("SELECT severity, count(*) FROM findings WHERE waived IS NULL GROUP BY severity").fetchall()
    )
    read = [states.get(state, 0) for state in ("done", "unreadable", "pending")]
    labels = (
        "工作簿", "已复核", "未能读取", "略过", "自评表", "计入汇总", "重复件", "旧版本", "单位", "错误", "警告",
        "提示",
    )  # fmt: skip
    values = (
        sum(read), read[0], read[1], states.get("passed_over", 0), *(value or 0 for value in tables),
        *(severities.get(severity, 0) for severity in ("error", "warning", "info")),
    )  # fmt: skip
    _figures(sheet, labels, values, ["figure"] * len(labels))


def _coverage(sheet: Sheet, coverage: Coverage | None) -> None:
    sheet.section("自评覆盖率")
    if coverage is None:
        sheet.line("没有给单位名册（--roster），不能核对未报送的单位、项目和自评覆盖率。", "note")
        return
    covered, due = coverage.by_count
    money = coverage.by_money
    labels = ("应报单位", "已报单位", "未报单位", "应自评项目", "已自评项目", "项目覆盖率", "应覆盖（万元）",
              "已覆盖（万元）", "资金覆盖率")  # fmt: skip
    absent = len(coverage.absent)
    values: tuple[Value, ...] = (
        len(coverage.units), len(coverage.units) - absent, absent, due, covered, covered / due if due else None,
        money[1] if money else None, money[0] if money else None, money[0] / money[1] if money and money[1] else None,
    )  # fmt: skip
    styles = ["figure"] * 5 + ["figure_percent", "figure_money", "figure_money", "figure_percent"]
    _figures(sheet, labels, values, styles)
    unknown = sum(one.without_money for one in coverage.units)
    note = f"按单位名册 {coverage.file}；资金为自评表的全年预算数，同一项目只计一次，未报送的单位计入分母。"
    sheet.line(note + (f"有 {unknown} 张表金额不明，不在已覆盖之内。" if unknown else ""), "note")


def _averages(sheet: Sheet, db: sqlite3.Connection) -> None:
    sheet.section("得分与预算执行")
    for column, label in ((2, "表数"), (3, "平均"), (4, "中位数"), (5, "最低"), (6, "最高")):
        sheet.put(column, label, "header")
    sheet.put(0, "", "header", last=1)
    sheet.row += 1
    for label, value, style in (
        ("自评总分", "reported_score", "score"),
        ("复核总分（完整的表）", _COMPLETE, "score"),
        ("自评减复核", "difference", "score"),
        ("预算执行率", "ratio", "percent"),
    ):
        count, mean, low, high = _one(db, f"SELECT count({value}), avg({value}), min({value}), max({value}) {_COUNTED}")
        sheet.put(0, label, "label", last=1)
        sheet.put(2, count, "integer")
        for column, number in enumerate((mean, _median(db, value, count), low, high), 3):
            sheet.put(column, number, style)
        sheet.row += 1


def _median(db: sqlite3.Connection, value: str, count: int) -> float | None:
    if not count:
        return None
    query = f"SELECT {value} AS v {_COUNTED} AND v IS NOT NULL ORDER BY v LIMIT ? OFFSET ?"
    middle = [one[0] for one in db.execute(query, (2 - count % 2, (count - 1) // 2))]
    return float(sum(middle) / len(middle))


def _distributions(sheet: Sheet, db: sqlite3.Connection) -> None:
    """Write three small tables side by side, and a chart of each below them."""
    sheet.section("分布")
    scores: list[tuple[Value, ...]] = [
        (label, *(_count(db, test.format(f"({value})")) for value in ("reported_score", _COMPLETE)))
        for label, test in _SCORE_BANDS
    ]
    ratios: list[tuple[Value, ...]] = [(label, _count(db, test)) for label, test in _RATIO_BANDS]
    grades: list[tuple[Value, ...]] = [
        (grade, _count(db, f"is_complete AND grade = '{grade}'"), _count(db, f"reported_grade = '{grade}'"))
        for grade in _GRADES
    ]
    for column, label in (
        (0, "得分段"), (1, "自评"), (2, "复核"), (4, "执行率"), (5, "表数"), (8, "等级"), (9, "复核"), (10, "自评所填"),
    ):  # fmt: skip
        sheet.put(column, label, "header")
    sheet.row += 1
    first = sheet.row
    for number in range(len(scores)):
        for rows, column in ((scores, 0), (ratios, 4), (grades, 8)):
            if number < len(rows):
                name, *counts = rows[number]
                sheet.put(column, name, "label")
                for place, count in enumerate(counts, column + 1):
                    sheet.put(place, count, "integer")
        sheet.row += 1
    sheet.row += 1
    _chart(sheet, "column", "得分分布（张）", first, len(scores), 0, (1, 2), 0)
    _chart(sheet, "column", "预算执行率分布（张）", first, len(ratios), 4, (5,), 4)
    _chart(sheet, "doughnut", "复核等级", first, len(grades), 8, (9,), 8)
    sheet.row += _CHART_ROWS


def _count(db: sqlite3.Connection, test: str) -> int:
    return int(_one(db, f"SELECT count(*) {_COUNTED} AND {test}")[0])


def _chart(
    sheet: Sheet, kind: str, title: str, first: int, rows: int, labels: int, values: Sequence[int], column: int
) -> None:
    chart = sheet.book.workbook.add_chart({"type": kind})
    colors = ("#8FAADC", "#F4B183")
    for number, place in enumerate(values):
        series: dict[str, Any] = {
            "name": [sheet.name, first - 1, place],
            "categories": [sheet.name, first, labels, first + rows - 1, labels],
            "values": [sheet.name, first, place, first + rows - 1, place],
        }
        if kind == "doughnut":
            series["data_labels"] = {"percentage": True}
            series["points"] = [{"fill": {"color": color}} for color in ("#70AD47", "#5B9BD5", "#FFC000", "#C00000")]
        else:
            series |= {"fill": {"color": colors[number]}, "gap": 60, "data_labels": {"value": True}}
        chart.add_series(series)
    chart.set_title({"name": title, "name_font": {"name": "宋体", "size": 11, "bold": True}, "overlay": False})
    chart.set_legend({"none": True} if len(values) == 1 and kind != "doughnut" else {"position": "bottom"})
    if kind != "doughnut":
        chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}}, "num_format": "0"})
    chart.set_size(_CHART)
    sheet.raw.insert_chart(sheet.row, column, chart, {"x_offset": 4, "y_offset": 4, "object_position": 2})


def _table(
    sheet: Sheet, columns: Sequence[tuple[int, int, str, str]], rows: Sequence[Sequence[Value]], link: int | None = None
) -> None:
    """Write a table whose columns span several of the sheet's: (first, last, heading, style)."""
    for first, last, heading, _ in columns:
        sheet.put(first, heading, "header", last=last)
    sheet.row += 1
    for row in rows:
        for (first, last, _, style), value in zip(columns, row, strict=False):
            sheet.put(first, value, style, last=last)
        if link is not None:
            target = row[len(columns)]
            sheet.link(sheet.row, columns[link][0], target if isinstance(target, str) else None)
        sheet.row += 1
    if not rows:
        sheet.line("没有", "note")


def _top_issues(sheet: Sheet, db: sqlite3.Connection) -> None:
    sheet.section("最多的问题（错误、警告；全部见“问题统计”）")
    query = f"""SELECT code, title, {SEVERITY_CASE.format(column="severity")}, findings, inputs, units FROM v_codes
        WHERE severity <> 'info' ORDER BY findings DESC, code LIMIT {_TOP}"""
    columns = (
        (0, 0, "编号", "center"), (1, 4, "问题", "text"), (5, 5, "级别", "center"), (6, 7, "处数", "integer"),
        (8, 9, "文件数", "integer"), (10, 11, "单位数", "integer"),
    )  # fmt: skip
    first = sheet.row + 1
    rows = db.execute(query).fetchall()
    _table(sheet, columns, rows)
    sheet.rule(first, len(rows), 5, "==", '"错误"', "error")
    sheet.rule(first, len(rows), 5, "==", '"警告"', "warning")


_PEOPLE = (
    (0, 2, "单位", "text"), (3, 5, "项目", "text"), (6, 6, "自评总分", "score"), (7, 7, "复核总分", "score"),
    (8, 8, "自评减复核", "score"), (9, 11, "文件", "link"),
)  # fmt: skip


def _inflated(sheet: Sheet, db: sqlite3.Connection) -> None:
    count, mean = _one(db, f"SELECT sum(difference > 0.005), avg(difference) {_COUNTED}")
    told = f"{count or 0} 张表自评高于复核" + (f"，全部平均相差 {mean:.2f} 分" if mean is not None else "")
    sheet.section(f"自评高于复核最多的表（{told}）")
    query = f"""SELECT unit, coalesce(project, '部门整体'), reported_score, score, difference, path, output
        FROM v_ranking WHERE difference > 0.005 ORDER BY difference DESC, path LIMIT {_TOP}"""
    _table(sheet, _PEOPLE, db.execute(query).fetchall(), link=5)


def _full_marks(sheet: Sheet, db: sqlite3.Connection) -> None:
    count, units = _one(db, f"SELECT count(*), count(DISTINCT unit_key) {_COUNTED} AND is_full_marks")
    sheet.section(f"各项全部填满分的表（{count} 张，{units} 个单位；列前 {_TOP} 张，执行率低的在前）")
    query = f"""SELECT t.unit, coalesce(t.project, '部门整体'), t.reported_score, t.score, t.difference, i.path,
        i.output FROM tables t JOIN inputs i USING (input_id) WHERE t.standing = 'counted' AND t.is_full_marks
        ORDER BY t.ratio IS NULL, t.ratio, i.path LIMIT {_TOP}"""
    _table(sheet, _PEOPLE, db.execute(query).fetchall(), link=5)


def _reasons(sheet: Sheet, db: sqlite3.Connection) -> None:
    sheet.section("不同单位一字不差的偏差原因")
    query = f"""SELECT n.reason, count(*), count(DISTINCT t.unit_key) AS units
        FROM indicators n JOIN tables t USING (table_id)
        WHERE t.standing = 'counted' AND n.reported_score < n.weight AND length(n.reason) >= 6
        GROUP BY n.reason HAVING units > 1 ORDER BY units DESC, count(*) DESC, n.reason LIMIT {_TOP}"""
    _table(sheet, ((0, 7, "偏差原因", "wrap"), (8, 9, "处数", "integer"), (10, 11, "单位数", "integer")),
           db.execute(query).fetchall())  # fmt: skip
