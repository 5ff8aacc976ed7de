"""The sheet 问题清单: one row a finding, with columns for the unit's and the reviewer's answers."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from perfxl.model.cells import Span
from perfxl.model.finding import SEVERITY_LABELS, Severity
from perfxl.writing.document import Document, open_findings
from perfxl.writing.page import Page, links_to
from perfxl.writing.sheet_model import Link, Links, RowKind, SheetModel, Value
from perfxl.writing.styles import StyleName, alike

ISSUES = "问题清单"
TITLE = "问题清单"
WAIVED = "豁免"
FIXED = "已改正"
SINCE = {"new": "新增", "remaining": "仍存在"}

HEAD = (
    "序号", "编号", "级别", "位置（点击跳转）", "表内内容", "问题", "应为", "差额", "处理建议", "单位答复", "复核意见",
)  # fmt: skip
_SINCE_HEAD, _SINCE_WIDTH = "较上次", 9
# The first finding stands below title, tally and heading.
_FIRST_ROW = 4
_WIDTHS = (6, 10, 7, 18, 22, 54, 10, 10, 38, 22, 22)
_LABELS = {severity.value: label for severity, label in SEVERITY_LABELS.items()}
_ORDER = {severity.value: place for place, severity in enumerate(Severity)}
# Expected values of these are fractions; a percentage is what their cells show.
_RATIOS = ("BUD-02", "BUD-08")


def listed(document: Document) -> list[Document]:
    """Return the findings of a workbook as they are listed: worst first, waived ones last."""
    findings = [*document["findings"], *(item for table in document["tables"] for item in table["findings"])]
    # Sorting is stable: within a severity the order of the checks and of the table's rows stays.
    return sorted(findings, key=lambda item: (bool(item["waived"]), _ORDER[item["severity"]]))


def issue_places(document: Document) -> dict[str, Link]:
    """Return for every cell with a finding the link to the first row of 问题清单 that is about it."""
    places: dict[str, Link] = {}
    for row, finding in enumerate(listed(document), _FIRST_ROW):
        if finding["cell"]:
            places.setdefault(finding["cell"], Link(ISSUES, row, 1, is_new=True))
    return places


def issue_sheet(document: Document, result: SheetModel) -> SheetModel:
    """Return 问题清单 for a workbook, worst first, waived ones last.

    Each finding leads to its cell, and its number to the row of 复核结果, `result`, that speaks of it.
    """
    findings = listed(document)
    against = document.get("against")
    heads, widths = (HEAD, _WIDTHS) if against is None else ((*HEAD, _SINCE_HEAD), (*_WIDTHS, _SINCE_WIDTH))
    page = Page(widths)
    page.add_line(TITLE, "title", 30.0)
    page.add_line(_tally(open_findings(document), len(findings)) + _comparison(against), "subtitle", 16.0)
    page.add_heading(heads, height=24.0)
    for number, finding in enumerate(findings, 1):
        row = result.places.get(finding["cell"])
        _add(page, number, finding, ((1, Link(result.name, row, 1, is_new=True)),) if row else ())
    fixed = against["fixed"] if against else []
    for number, finding in enumerate(fixed, len(findings) + 1):
        page.add(_fixed_row(number, finding), _FIXED)
    if not findings:
        page.add_line("未发现问题", "good", 24.0)
    return SheetModel(
        ISSUES,
        page.rows,
        widths,
        freeze=(_FIRST_ROW, 1),
        autofilter=Span(3, 1, page.last, len(heads)) if findings else None,
        title_rows=(3, 3),
        tab_color="C00000",
    )


def _comparison(against: Mapping[str, Any] | None) -> str:
    if against is None:
        return ""
    name = against["path"].replace("\\", "/").rpartition("/")[2]
    counts = f"已改正 {len(against['fixed'])} 处、仍存在 {against['remaining']} 处、新增 {against['new']} 处"
    return f"与上次报送（{name}）相比：{counts}。"


def _fixed_row(number: int, finding: Document) -> list[Value]:
    """Return the row of a finding of the earlier submission that is no more; its place is one of that file."""
    said = f"{finding['title']}：{finding['message']}"
    place = f"上次：{finding['cell'] or '全表'}"
    return [number, finding["code"], FIXED, place, finding["value"], said, *[None] * 5, FIXED]


_FIXED = RowKind(("integer", "text_center", "good", "text", *alike("text_wrap", 7), "good"))


def _tally(findings: Sequence[Mapping[str, Any]], listed: int) -> str:
    severities = [item["severity"] for item in findings]
    counts = [f"{_LABELS[severity]} {severities.count(severity)} 处" for severity in _ORDER]
    if listed > len(findings):
        counts.append(f"豁免 {listed - len(findings)} 处")
    return "、".join(counts) + ("。请在“单位答复”栏逐条答复。" if findings else "。")


def _add(page: Page, number: int, finding: Document, back: Links) -> None:
    cell = finding["cell"]
    is_waived = bool(finding["waived"])
    values = [
        number,
        finding["code"],
        WAIVED if is_waived else _LABELS[finding["severity"]],
        cell or "全表",
        finding["value"] if finding["value"] is not None or not cell else "（空）",
        f"{finding['title']}：{finding['message']}" + _waiver(finding),
        finding["expected"],
        finding["difference"],
        finding["advice"],
        finding.get("reply"),
        finding.get("opinion"),
    ]
    has_since = "since" in finding
    if has_since:
        values.append(SINCE[finding["since"]])
    severity = "text_center" if is_waived else finding["severity"]
    kind = _kind(bool(back), severity, bool(cell), finding["code"] in _RATIOS, has_since)
    page.add(values, kind, (*back, *links_to(4, cell)))


_TEXTS = alike("text_wrap", 2)


@cache
def _kind(has_back: bool, severity: StyleName, has_cell: bool, is_ratio: bool, has_since: bool) -> RowKind:
    number: StyleName = "link_number" if has_back else "integer"
    place: StyleName = "link" if has_cell else "text"
    expected: StyleName = "percent" if is_ratio else "number"
    since = alike("text_center", has_since)
    return RowKind((number, "text_center", severity, place, *_TEXTS, expected, expected, "text_wrap", *_TEXTS, *since))


def _waiver(finding: Document) -> str:
    return f"（豁免：{finding['waived']}）" if finding["waived"] else ""
