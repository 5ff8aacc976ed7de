"""What the commands print for people."""

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, NamedTuple, TextIO

from perfxl.checks.registry import FAMILY_LABELS, Check, ordered
from perfxl.field_labels import SCOPES
from perfxl.forms.definitions import Forms
from perfxl.model.finding import SEVERITY_LABELS, Severity
from perfxl.text import number_text, percent_text, shown, visible
from perfxl.writing.document import Document, open_findings

_ORDER = [severity.value for severity in Severity]
# From so many different messages of one code on, the terminal names the fault once and lists the cells.
_MANY = 4
# A terminal of fewer columns has no room for the cells beside the message.
_WIDE = 90
_COLORS = {"错误": "bold red", "警告": "yellow", "提示": "cyan"}
# Signs that GBK lacks, which consoles of Chinese Windows use, and what stands for them.
_SIMPLER = str.maketrans(
    {"−": "-", "›": ">", "–": "-", "✓": "√", "✗": "×", "≧": "≥", "≦": "≤", "﹦": "=", "\u00a0": " "}
)


class Detail(IntEnum):
    """How much is printed of a workbook."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


def print_result(document: Document, detail: Detail = Detail.NORMAL) -> None:
    """Print the short result of one workbook: totals, what was taken off, findings worst first, and last a tally.

    Args:
        document: Of the workbook.
        detail: `QUIET` prints the tally alone; `VERBOSE` every finding by itself, with what to do about it.
    """
    path = shown(document["input"]["path"], 200)
    if detail is Detail.QUIET:
        _print(f"{path}：{_outcome(document)}")
        return
    _print(f"■ {path}")
    if not document["error"]:
        for table in document["tables"]:
            _print_table(table, detail)
        _print_findings(open_findings({"findings": document["findings"]}), detail)
        _print_notes(document)
    _print(f"  {_outcome(document)}")


def print_total(documents: Counter[str]) -> None:
    """Print what came of several workbooks together: `files`, `unread` and findings by severity are counted."""
    unread = f"，{documents['unread']} 个未能读取" if documents["unread"] else ""
    _print(f"共 {documents['files']} 个文件{unread}：{_tally(documents)}")


def count(document: Document) -> Counter[str]:
    """Return what one workbook adds to the total."""
    found = Counter(item["severity"] for item in open_findings(document))
    found["waived"] = _waived(document)
    return found + Counter(files=1, unread=int(document["error"] is not None))


def _outcome(document: Document) -> str:
    """Return the last line of a workbook: why it could not be read, or how many findings it has."""
    if error := document["error"]:
        return f"未能读取：{visible(error['message'] + error['advice'])}"
    counts = count(document)
    return _tally(counts) if any(counts[key] for key in (*_ORDER, "waived")) else "未发现问题"


def _tally(counts: Mapping[str, int]) -> str:
    parts = [f"{SEVERITY_LABELS[Severity(severity)]} {counts[severity]} 处" for severity in _ORDER]
    return "、".join([*parts, *([f"豁免 {counts['waived']} 处"] if counts["waived"] else [])])


def _waived(document: Document) -> int:
    found = [*document["findings"], *(item for table in document["tables"] for item in table["findings"])]
    return sum(bool(item["waived"]) for item in found)


def _print_notes(document: Document) -> None:
    if against := document.get("against"):
        counts = f"已改正 {len(against['fixed'])} 处、仍存在 {against['remaining']} 处、新增 {against['new']} 处"
        _print(f"  与上次报送（{shown(against['path'], 200)}）相比：{counts}")
    for note in document["notes"]:
        _print(f"  说明：{visible(note)}")
    if document["output"]:
        _print(f"  复核件：{shown(document['output'], 200)}")


def _print_table(table: Document, detail: Detail) -> None:
    header, total = table["header"], table["total"]
    name = header.get("项目名称") or header.get("单位名称") or table["title"] or table["sheet"]
    year = f"{table['year']} 年度" if table["year"] else "年度不明"
    form = table["form"] or "未收录（按全国通用规则）"
    _print(f"  【{shown(name)}】{year}，工作表“{shown(table['sheet'])}”，表样 {form}")
    rest = "" if total["is_complete"] or total["score"] is None else "（不含人工核对）"
    parts = [f"自评总分 {_points(total['reported_score'])}", f"复核总分 {_points(total['score'])}{rest}"]
    if total["grade"]:
        parts.append(f"等级 {total['grade']}")
    ratio = next((row["ratio"] for row in table["budget"] if row["role"] == "total"), None)
    if ratio is not None:
        parts.append(f"预算执行率 {percent_text(ratio)}")
    _print("  " + "，".join(parts))
    classes = [group for group in table["subtotals"] if len(group["path"]) == 1]
    if classes:
        _print(
            "  " + "；".join(f"{g['path'][0]} {_points(g['reported_score'])}/{_points(g['weight'])}" for g in classes)
        )
    for item in table["deductions"]:
        _print(f"  扣 {_points(item['points'])} 分  {shown(item['path'][-1])}：{shown(item['reason'] or '未说明原因')}")
    _print_findings(open_findings(table), detail)
    for item in table["findings"]:
        if item["waived"]:
            _print(f"  [豁免] {item['code']} {item['cell'] or '全表'}：{item['title']}（{shown(item['waived'], 200)}）")


# ---------------------------------------------------------------- findings


class Line(NamedTuple):
    """One line of findings: the severity's label, the code, the cells, what is said of them."""

    severity: str
    code: str
    places: str
    message: str


def finding_lines(findings: Iterable[Document], detail: Detail) -> Iterable[Line]:
    """Yield the findings, worst first; equal messages, and many of one code, stand on one line with their cells.

    In a verbose listing each stands by itself, with the advice behind the message.
    """
    groups: dict[tuple[str, str], list[Document]] = {}
    for item in sorted(findings, key=lambda item: _ORDER.index(item["severity"])):
        groups.setdefault((item["severity"], item["code"]), []).append(item)
    for (severity, code), items in groups.items():
        label = SEVERITY_LABELS[Severity(severity)]
        if detail is Detail.VERBOSE:
            for item in items:
                yield Line(label, code, _places([item]), f"{shown(item['message'], 600)} → {item['advice']}")
            continue
        messages: dict[str, list[Document]] = {}
        for item in items:
            messages.setdefault(item["message"], []).append(item)
        if len(messages) > _MANY:
            messages = {items[0]["title"]: items}
        for message, said in messages.items():
            yield Line(label, code, _places(said), shown(message, 300))


def _print_findings(findings: Iterable[Document], detail: Detail) -> None:
    """Print findings: a table on a terminal, one line each where the output goes to a file or another program."""
    lines = list(finding_lines(findings, detail))
    if lines and sys.stdout.isatty():
        print_finding_table(lines, sys.stdout)
        return
    for line in lines:
        _print(f"  [{line.severity}] {line.code} {line.places}：{line.message}")


def print_finding_table(lines: Iterable[Line], stream: TextIO, width: int | None = None) -> None:
    """Print findings as a table that fits the terminal; a narrow one has the cells above the message.

    Args:
        lines: Worst first.
        stream: Where to; outside UTF-8 only signs of its code page are printed.
        width: In columns; None for that of the terminal.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    encoding = _encoding(stream)
    console = Console(file=stream, width=width, highlight=False, emoji=False, safe_box=True)
    is_narrow = console.width < _WIDE
    table = Table(box=box.SIMPLE_HEAD if encoding == "utf-8" else box.ASCII2, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("级别", no_wrap=True)
    if not is_narrow:
        table.add_column("编号", no_wrap=True)
        table.add_column("位置", max_width=max(18, console.width // 4), overflow="fold")
    table.add_column("问题", ratio=1, overflow="fold")
    for line in lines:
        said = [fit(text, encoding) for text in line]
        severity = Text(said[0], style=_COLORS.get(said[0], ""))
        if is_narrow:
            table.add_row(severity, Text(f"{said[1]} {said[2]}\n{said[3]}"))
        else:
            table.add_row(severity, *map(Text, said[1:]))
    console.print(table)


def _print(text: str) -> None:
    print(fit(text, _encoding(sys.stdout)))


def _encoding(stream: TextIO) -> str:
    return (getattr(stream, "encoding", None) or "utf-8").lower().replace("utf8", "utf-8")


def fit(text: str, encoding: str) -> str:
    """Return a text of signs that an output of this encoding can show; what it lacks becomes its look-alike or `?`."""
    if encoding.startswith("utf"):
        return text
    return text.translate(_SIMPLER).encode(encoding, "replace").decode(encoding)


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
    _print(f"{check.code} {check.title}（{SEVERITY_LABELS[check.severity]}，{FAMILY_LABELS[check.family]}）\n")
    _print(check.explanation)
    _print(f"处理建议：{check.advice}")
    numbers = [f"{name} = {number_text(value)}" for name, value in check.options.items()]
    own = ["severity", "enabled", *(["tolerance"] if check.tolerance else []), *numbers]
    _print(f"可在 perfxl.toml 的 [checks.{check.code}] 中设定：{'，'.join(own)}")


def print_check_list() -> None:
    """Print all codes by family."""
    family = ""
    for check in ordered():
        if check.family != family:
            family = check.family
            _print(f"{family}  {FAMILY_LABELS[family]}")
        _print(f"  {check.code:8s} {SEVERITY_LABELS[check.severity]}  {check.title}")


def print_forms(forms: Forms) -> None:
    """Print the known forms, one a line."""
    width = max(len(name) for name in forms.by_id)
    for form in forms.by_id.values():
        _print(f"{form.id:{width}s}  {SCOPES[form.scope]}  {form.name}")
