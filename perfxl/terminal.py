"""What the commands print for people."""

from collections.abc import Iterable
from typing import Any

from perfxl.checks.registry import FAMILY_LABELS, Check, ordered
from perfxl.field_labels import SCOPES
from perfxl.forms.definitions import Forms
from perfxl.model.finding import SEVERITY_LABELS, Severity
from perfxl.text import number_text, percent_text, shown, visible
from perfxl.writing.document import Document, open_findings

_ORDER = [severity.value for severity in Severity]
# From so many different messages of one code on, the terminal names the fault once and lists the cells.
_MANY = 4


def print_result(document: Document) -> None:
    """Print the short result of one workbook: its totals, what was taken off, its findings with their cells."""
    print(f"■ {shown(document['input']['path'], 200)}")
    if document["error"]:
        error = document["error"]
        print(f"  未能读取：{visible(error['message'] + error['advice'])}")
        return
    for table in document["tables"]:
        _print_table(table)
    for line in _finding_lines(open_findings({"findings": document["findings"]})):
        print(line)
    if against := document.get("against"):
        counts = f"已改正 {len(against['fixed'])} 处、仍存在 {against['remaining']} 处、新增 {against['new']} 处"
        print(f"  与上次报送（{shown(against['path'], 200)}）相比：{counts}")
    for note in document["notes"]:
        print(f"  说明：{visible(note)}")
    if document["output"]:
        print(f"  复核件：{shown(document['output'], 200)}")


def _print_table(table: Document) -> None:
    header, total = table["header"], table["total"]
    name = header.get("项目名称") or header.get("单位名称") or table["title"] or table["sheet"]
    year = f"{table['year']} 年度" if table["year"] else "年度不明"
    form = table["form"] or "未收录（按全国通用规则）"
    print(f"  【{shown(name)}】{year}，工作表“{shown(table['sheet'])}”，表样 {form}")
    parts = [f"自评总分 {_points(total['reported_score'])}", f"复核总分 {_points(total['score'])}"]
    if total["grade"]:
        parts.append(f"等级 {total['grade']}")
    ratio = next((row["ratio"] for row in table["budget"] if row["role"] == "total"), None)
    if ratio is not None:
        parts.append(f"预算执行率 {percent_text(ratio)}")
    print("  " + "，".join(parts))
    classes = [group for group in table["subtotals"] if len(group["path"]) == 1]
    if classes:
        print(
            "  " + "；".join(f"{g['path'][0]} {_points(g['reported_score'])}/{_points(g['weight'])}" for g in classes)
        )
    for item in table["deductions"]:
        print(f"  扣 {_points(item['points'])} 分  {shown(item['path'][-1])}：{shown(item['reason'] or '未说明原因')}")
    findings = open_findings(table)
    for line in _finding_lines(findings):
        print(line)
    for item in table["findings"]:
        if item["waived"]:
            print(f"  [豁免] {item['code']} {item['cell'] or '全表'}：{item['title']}（{shown(item['waived'], 200)}）")
    counts = [sum(item["severity"] == severity for item in findings) for severity in _ORDER]
    tally = [f"{SEVERITY_LABELS[Severity(s)]} {n} 处" for s, n in zip(_ORDER, counts, strict=True)]
    if waived := len(table["findings"]) - len(findings):
        tally.append(f"豁免 {waived} 处")
    print("  " + "、".join(tally) if table["findings"] else "  未发现问题")


def _finding_lines(findings: Iterable[Document]) -> Iterable[str]:
    """Yield the findings, worst first; equal messages, and many of one code, stand on one line with their cells."""
    groups: dict[tuple[str, str], list[Document]] = {}
    for item in sorted(findings, key=lambda item: _ORDER.index(item["severity"])):
        groups.setdefault((item["severity"], item["code"]), []).append(item)
    for (severity, code), items in groups.items():
        head = f"  [{SEVERITY_LABELS[Severity(severity)]}] {code}"
        messages: dict[str, list[Document]] = {}
        for item in items:
            messages.setdefault(item["message"], []).append(item)
        if len(messages) > _MANY:
            messages = {items[0]["title"]: items}
        for message, said in messages.items():
            yield f"{head} {_places(said)}：{shown(message, 300)}"


def _places(items: Iterable[Document]) -> str:
    """Return cells as a person lists them, the sheet named once: `自评表!I9、I12、I20`."""
    by_sheet: dict[str, list[str]] = {}
    for item in items:
        if item["cell"]:
            sheet, _, place = item["cell"].rpartition("!")
            by_sheet.setdefault(shown(sheet), []).append(place)
    return "；".join(f"{sheet}!{'、'.join(places)}" for sheet, places in by_sheet.items()) or "全表"


def _points(value: Any) -> str:
    return number_text(value) if isinstance(value, int | float) else "—"


def print_check(check: Check) -> None:
    """Print what a check looks for, why, an example, what it does not report and its source."""
    print(f"{check.code} {check.title}（{SEVERITY_LABELS[check.severity]}，{FAMILY_LABELS[check.family]}）\n")
    print(check.explanation)
    print(f"处理建议：{check.advice}")


def print_check_list() -> None:
    """Print all codes by family."""
    family = ""
    for check in ordered():
        if check.family != family:
            family = check.family
            print(f"{family}  {FAMILY_LABELS[family]}")
        print(f"  {check.code:8s} {SEVERITY_LABELS[check.severity]}  {check.title}")


def print_forms(forms: Forms) -> None:
    """Print the known forms, one a line."""
    width = max(len(name) for name in forms.by_id)
    for form in forms.by_id.values():
        print(f"{form.id:{width}s}  {SCOPES[form.scope]}  {form.name}")
