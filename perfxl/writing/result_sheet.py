"""The sheet 复核结果: who and what, totals, money, classes, every row, and what was taken off."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from perfxl.model.cells import Span
from perfxl.model.finding import Severity
from perfxl.text import number_text, plain_label
from perfxl.writing.document import Document, open_findings
from perfxl.writing.issue_sheet import issue_places
from perfxl.writing.page import Page, links_to
from perfxl.writing.sheet_model import Chart, DataBars, Link, Links, Merges, RowKind, Series, SheetModel, Value
from perfxl.writing.styles import RowStyles, StyleName, alike

RESULT = "复核结果"
TITLE = "绩效自评复核结果"
PROGRAM = "程序：perfxl"

_WIDTHS = (14, 14, 28, 16, 16, 12, 8, 9, 9, 9, 12, 46)
_WIDTH = len(_WIDTHS)
_SHOWN_LABELS = ("项目名称", "主管部门", "实施单位", "单位名称", "项目编码", "填报日期")
_MONEY_HEAD = (
    "年初预算数", "全年预算数", "全年执行数", "分值", "自评得分", "复核得分", "差额", "复核执行率", "说明",
)  # fmt: skip
_INDICATOR_HEAD = (
    "一级指标", "二级指标", "三级指标（点击跳转）", "年度指标值", "实际完成值", "完成率", "分值", "自评得分",
    "复核得分", "差额", "状态", "说明",
)  # fmt: skip
# In a form without targets the unit's reasons stand where targets, actuals and rates would.
_SHEET_HEAD = (*_INDICATOR_HEAD[:3], "扣分原因（单位填写）", *_INDICATOR_HEAD[6:])
# How the cells of a row look, and which of them are merged, by what the row shows.
_FACT = RowKind(
    ("label", *alike("text_wrap", 5), "label", "label", *alike("text_wrap", 4)), ((2, 6), (7, 8), (9, _WIDTH))
)
_PAIRS: Merges = tuple((left, left + 1) for left in range(1, _WIDTH, 2))
_TOTALS = RowKind((*alike("total", 8), *alike("total_percent", 2), *alike("total", 2)), _PAIRS)
_NAME_MERGES: Merges = ((1, 3),)
_REASON_MERGES: Merges = ((4, 6),)
_TOTAL_ROW = RowKind((*alike("total", 6), *alike("total_number", 4), "total", "text_wrap"))
_ELSEWHERE_MERGES: Merges = ((1, 2), (3, _WIDTH))
_DEDUCTION_MERGES: Merges = ((1, 3), (5, _WIDTH))
_DEDUCTION = RowKind(("link", *alike("text_wrap", 2), "text_center", *alike("text_wrap", 8)), _DEDUCTION_MERGES)
# Of labels that stand for several rows.
_SHARED_CELLS = ("level1", "level2")
_STATUS: dict[str, tuple[str, StyleName]] = {
    "scored": ("已测算", "good"),
    "accepted": ("认可填报", "text_center"),
    "manual": ("人工核对", "warning"),
}
# A chart needs some height, also beside a form with few classes.
_CHART_ROWS = 10
_CHART_ROW = 16.0
_SEVERITIES = [severity.value for severity in Severity]
_LEGEND = (
    "状态：已测算 = 按规则算出得分；认可填报 = 规则留给判断，填报得分在允许范围内；人工核对 = 无法自动核对。",
    "点击三级指标、资金名称跳到送审表的单元格，点击有问题的状态跳到问题清单；在问题清单中点击序号回到本表。",
    "底色：红 = 错误，须更正；黄 = 警告，请核实或说明；蓝 = 提示。送审内容未作任何改动，复核得分只写在本表。",
)


def result_sheet(document: Document) -> SheetModel:
    """Return 复核结果 for the tables of a workbook."""
    page = Page(_WIDTHS)
    path: str = document["input"]["path"]
    name = path.replace("\\", "/").rpartition("/")[2]
    page.add_line(TITLE, "title", 30.0)
    page.add_line(f"送审文件：{name}　　{PROGRAM} {document['perfxl']}", "subtitle", 16.0)
    for note in document["notes"]:
        page.add_line(note, "subtitle")
    said = _Said(document)
    bars: list[DataBars] = []
    charts: list[Chart] = []
    ranges = [_table(page, table, said, bars, charts) for table in document["tables"]]
    page.add()
    for text in _LEGEND:
        page.add_line(text, "note")
    return SheetModel(
        RESULT,
        page.rows,
        _WIDTHS,
        title_rows=(1, 2),
        data_bars=bars,
        charts=charts,
        places=said.rows,
        tab_color="C00000",
        freeze=(3, 1),
        # A sheet has one filter; with several tables it would hide rows of the others.
        autofilter=ranges[0] if len(ranges) == 1 else None,
    )


def _table(page: Page, table: Document, said: "_Said", bars: list[DataBars], charts: list[Chart]) -> Span | None:
    """Add a table; return the range of its indicators with their heading."""
    said.turn_to(table)
    page.add()
    _facts(page, table)
    _totals(page, table)
    _money(page, table, said)
    charts += _classes(page, table)
    rows = _indicators(page, table, said)
    if rows is not None and not _is_score_sheet(table):
        bars.append(DataBars(Span(rows.top + 1, 6, rows.bottom, 6)))
    _elsewhere(page, said)
    _deductions(page, table)
    return rows


class _Said:
    """The messages of a table by cell; what was not shown beside its row is asked for in the end.

    Attributes:
        rows: Cell with a message → the row of the sheet that shows it, over all tables.
    """

    def __init__(self, document: Document) -> None:
        self.rows: dict[str, int] = {}
        self._links = issue_places(document)
        self._findings: list[tuple[str | None, str]] = []
        self._spoken: set[str] = set()
        self._shown: set[str] = set()

    def turn_to(self, table: Document) -> None:
        """Go on to the next table."""
        findings = open_findings(table)
        self._findings = [(finding["cell"], f"[{finding['code']}] {finding['message']}") for finding in findings]
        self._spoken = {cell for cell, _ in self._findings if cell is not None}
        self._shown = set()

    def at(self, cells: Mapping[str, str], row: int) -> tuple[str | None, Link | None]:
        """Return what is said about some cells, which will stand in a row of the sheet.

        Args:
            cells: By name; those of labels that stand for several rows are passed over.
            row: The row.

        Returns:
            The messages as one text, and the link to the first row of 问题清单 that is about one of the cells.
        """
        if self._spoken.isdisjoint(cells.values()):
            return None, None
        places = self._spoken.intersection(cell for name, cell in cells.items() if name not in _SHARED_CELLS)
        if not places:
            return None, None
        self._shown |= places
        found = [(cell, text) for cell, text in self._findings if cell in places]
        for cell, _ in found:
            self.rows.setdefault(cell, row)
        return "；".join(text for _, text in found), self._links[found[0][0]]

    def rest(self) -> list[tuple[str | None, str]]:
        """Return (cell, message) of all that was not asked for."""
        return [(cell, text) for cell, text in self._findings if cell not in self._shown]


def _facts(page: Page, table: Document) -> None:
    header = [(label, text) for label, text in table["header"].items() if text and label in _SHOWN_LABELS]
    facts = [("工作表", table["sheet"]), ("年度", table["year"]), *header]
    for i in range(0, len(facts), 2):
        (label, value), (other, second) = (*facts[i : i + 2], ("", None))[:2]
        page.add([label, _plain(value), other, _plain(second)], _FACT)


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)


def _totals(page: Page, table: Document) -> None:
    """Add the totals in large, and a line where the computed total lacks rows."""
    total = table["total"]
    severities = [finding["severity"] for finding in open_findings(table)]
    ratio = next((row["ratio"] for row in table["budget"] if row["role"] == "total"), None)
    gap = _gap(total["reported_score"], total["score"]) if total["is_complete"] else None
    boxes: list[tuple[str, Value]] = [
        ("自评总分", "未填" if total["reported_score"] is None else total["reported_score"]),
        ("复核总分", _total_text(total)),
        ("差额", "—" if gap is None else gap),
        ("等级", total["grade"]),
        ("预算执行率", ratio),
        ("错误/警告/提示", "/".join([str(severities.count(severity)) for severity in _SEVERITIES])),
    ]
    page.add_heading([label for label, _ in boxes], _PAIRS)
    page.add([value for _, value in boxes], _TOTALS, height=24.0)
    if not total["is_complete"] and total["manual_weight"]:
        points = number_text(total["manual_weight"])
        page.add_line(f"复核总分不含需要人工核对的 {points} 分，因此不与自评总分相减；等级按自评总分划定。", "warning")


def _total_text(total: Document) -> Any:
    if total["score"] is None or total["is_complete"]:
        return total["score"]
    return f"{number_text(total['score'])}（不含人工核对）"


def _money(page: Page, table: Document, said: _Said) -> None:
    if not table["budget"]:
        return
    page.add()
    first = f"资金（{table['money_unit']}）" if table["money_unit"] else "资金"
    page.add_heading((first, *_MONEY_HEAD), _NAME_MERGES)
    for row in table["budget"]:
        gap = _gap(row["reported_score"], row["score"])
        messages, _ = said.at(row["cells"], page.last + 1)
        page.add(
            [
                row["name"], row["initial"], row["adjusted"], row["executed"], row["weight"],
                row["reported_score"], row["score"], gap, row["ratio"], messages,
            ],
            _money_kind(_gap_style(gap)),
            links_to(1, row["cells"].get("name")),
        )  # fmt: skip


@cache
def _money_kind(gap: StyleName) -> RowKind:
    numbers: RowStyles = (*alike("money", 3), *alike("number", 3), gap, "percent")
    return RowKind(("link", *alike("text_wrap", 2), *numbers, "text_wrap"), _NAME_MERGES)


def _classes(page: Page, table: Document) -> list[Chart]:
    """Add the classes, level 1 first so that a chart can show them beside the rows."""
    groups = sorted(table["subtotals"], key=lambda group: len(group["path"]))
    if not groups:
        return []
    page.add()
    head = ("分类小计", "分值", "自评得分", "复核得分", "差额")
    page.add_heading(head, _NAME_MERGES)
    top = page.last + 1
    for group in groups:
        gap = _gap(group["reported_score"], group["score"])
        score = "含人工核对" if group["score"] is None else group["score"]
        values = [" › ".join(group["path"]), group["weight"], group["reported_score"], score, gap]
        is_block = len(group["path"]) == 1
        page.add(values, _class_kind(is_block, _gap_style(gap) if gap or not is_block else "label_number"))
    classes = [group for group in groups if len(group["path"]) == 1]
    if len(classes) < 2 or all(group["reported_score"] is None for group in classes):
        return []
    while page.last < top + _CHART_ROWS - 2:
        page.add(height=_CHART_ROW)
    bottom = top + len(classes) - 1
    labels = Span(top, 1, bottom, 1)
    series = [
        Series(name, labels, Span(top, column, bottom, column), color)
        for name, column, color in (("分值", 4, "BFBFBF"), ("自评得分", 5, "4472C4"), ("复核得分", 6, "ED7D31"))
    ]
    return [Chart("一级指标得分", Span(top - 1, 8, top + _CHART_ROWS - 2, _WIDTH), series)]


@cache
def _class_kind(is_block: bool, gap: StyleName) -> RowKind:
    label: StyleName = "label" if is_block else "text"
    number: StyleName = "label_number" if is_block else "number"
    return RowKind((*alike(label, 3), *alike(number, 3), gap), _NAME_MERGES)


def _indicators(page: Page, table: Document, said: _Said) -> Span | None:
    """Add the rows and the total; return the range of heading and rows, None where there are no rows."""
    page.add()
    is_sheet = _is_score_sheet(table)
    if is_sheet:
        page.add_heading(_SHEET_HEAD, _REASON_MERGES, height=24.0)
    else:
        page.add_heading(_INDICATOR_HEAD, height=24.0)
    top = page.last
    for row in table["indicators"]:
        page.add(*_indicator(row, said, page.last + 1, is_sheet))
    rows = Span(top, 1, page.last, _WIDTH) if table["indicators"] else None
    total = table["total"]
    gap = _gap(total["reported_score"], total["score"]) if total["is_complete"] else None
    messages, _ = said.at(total["cells"], page.last + 1)
    page.add(
        [
            "总分", *[None] * 5, total["weight"], total["reported_score"], total["score"], gap, total["grade"],
            messages,
        ],
        _TOTAL_ROW,
    )  # fmt: skip
    return rows


def _is_score_sheet(table: Document) -> bool:
    """Whether the rows have neither targets nor actuals, so that the unit's reasons can stand in their place."""
    return bool(table["indicators"]) and all(row["kind"] is None for row in table["indicators"])


def _indicator(row: Document, said: _Said, number: int, is_sheet: bool) -> tuple[list[Value], RowKind, Links]:
    """Return the values of a row, how they look, and where they lead; `is_sheet` as `_is_score_sheet` says."""
    cells, status, rate, reported = row["cells"], row["status"], row["completion_rate"], row["reported_score"]
    messages, issue = said.at(cells, number)
    # A score that is left to judgement and taken stands where a computed one would.
    taken = reported if status == "accepted" else row["score"]
    gap = _gap(reported, taken)
    level1, level2 = row["level1"], row["level2"]
    word, status_style = _STATUS[status]
    values = [
        plain_label(level1) if level1 else None,
        plain_label(level2) if level2 else None,
        row["level3"] or level2 or level1,
        *((row["reason"],) if is_sheet else (row["target"], row["actual"], rate)),
        row["weight"],
        reported,
        taken,
        gap,
        word,
        messages or (_why_not(row) if status != "scored" else None),
    ]
    links = links_to(3, cells.get("level3") or cells.get("level2") or cells.get("level1"))
    if issue is not None:
        links = (*links, (11, issue))
    return values, _indicator_kind(is_sheet, rate is not None and rate < 1, _gap_style(gap), status_style), links


@cache
def _indicator_kind(is_sheet: bool, is_short: bool, gap: StyleName, status: StyleName) -> RowKind:
    rate: StyleName = "shortfall_percent" if is_short else "percent"
    middle: RowStyles = alike("text_wrap", 3) if is_sheet else ("text_wrap", "text_wrap", rate)
    styles: RowStyles = ("text_wrap", "text_wrap", "link", *middle, "number", "number", "number", gap, status)
    return RowKind((*styles, "text_wrap"), _REASON_MERGES if is_sheet else ())


def _why_not(row: Document) -> str:
    """Return why no score was computed where no finding says so."""
    if row["note"]:
        return str(row["note"])
    if row["status"] == "manual":
        return "规则算不出得分，请人工核对"
    if row["weight"] in (None, 0) and not row["reported_score"]:
        return "没有分值，不计分"
    if row["kind"] == "qualitative":
        return "定性指标，填报得分在所属档次内，认可"
    if row["kind"] == "date":
        return "时间指标由人评定，填报得分在允许范围内，认可"
    return "没有指标值可以测算，填报得分不超过分值，认可"


def _elsewhere(page: Page, said: _Said) -> None:
    """Add what is said of cells that stand in none of the rows above: header, headings, labels."""
    rest = said.rest()
    if not rest:
        return
    page.add()
    page.add_heading(("其他问题", "说明"), _ELSEWHERE_MERGES)
    for cell, text in rest:
        if cell:
            said.rows.setdefault(cell, page.last + 1)
        page.add([cell or "全表", text], _elsewhere_kind("link" if cell else "text"), links_to(1, cell))


@cache
def _elsewhere_kind(place: StyleName) -> RowKind:
    return RowKind((place, *alike("text_wrap", _WIDTH - 1)), _ELSEWHERE_MERGES)


def _deductions(page: Page, table: Document) -> None:
    if not table["deductions"]:
        return
    page.add()
    page.add_heading(("扣分项", "扣分", "原因"), _DEDUCTION_MERGES)
    for item in table["deductions"]:
        values = [" › ".join(item["path"]), item["points"], item["reason"] or "未说明原因"]
        page.add(values, _DEDUCTION, links_to(1, item["cell"]))


def _gap(filled: Any, computed: Any) -> float | None:
    if not (isinstance(filled, _NUMBERS) and isinstance(computed, _NUMBERS)):
        return None
    gap = filled - computed
    return round(gap, 4) if gap else gap


# What is filled in for a score need be none; a pair is looked at faster than a union.
_NUMBERS = (int, float)


def _gap_style(gap: float | None) -> StyleName:
    return "shortfall_number" if gap is not None and abs(gap) > 0.01 else "number"
