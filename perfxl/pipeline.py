"""The one list of stages: workbooks → tables → frames → scores → findings → documents and marks."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from perfxl.checks.registry import workbook_finding
from perfxl.checks.run import run_checks
from perfxl.checks.waive import waive
from perfxl.errors import InputError
from perfxl.forms.definitions import NATIONAL, Forms
from perfxl.forms.lexicon import Lexicon
from perfxl.forms.recognise import Traits, conditions, recognise
from perfxl.forms.settings import Waiver
from perfxl.forms.template import fingerprint
from perfxl.forms.years import year_in
from perfxl.model.columns import BUDGET, INDICATORS, SUBTOTALS, TABLES, frame
from perfxl.model.finding import Finding
from perfxl.model.frames import Frames, Scored
from perfxl.model.grid import Difference, Grid, Workbook
from perfxl.model.stamp import Stamp, read_stamp
from perfxl.reading.extract import TableRecord, extract
from perfxl.reading.locate import locate
from perfxl.reading.understand import understand
from perfxl.scoring.score import score
from perfxl.text import shown as quoted
from perfxl.writing.own_sheets import is_own_sheet

_NO_TABLE = InputError(
    "no_table",
    "没有找到绩效自评表：各工作表中没有“三级指标、年度指标值、实际完成值、分值、得分”一类的表头。",
    "请确认文件是填好的自评表；表头改动较大的，可用 perfxl inspect 查看读到了什么。",
)


# Conditions of a form that a table keeps whatever its title and labels are changed to.
_OF_COLUMNS = ("columns", "without_columns", "budget_columns", "without_budget_columns")


@dataclass(slots=True)
class Tables:
    """The tables of one workbook, before they are laid into frames.

    Attributes:
        records: The tables that are reviewed.
        findings: About the workbook as a whole.
        error: Why there are none; None where there are.
        stamp: What a template of ours that the tables were filled into says of itself; None where it was no such one.
    """

    records: list[TableRecord] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    error: InputError | None = None
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """What came of a chunk of workbooks.

    Attributes:
        books: By input order, the tables found or the reason for none.
        scored: The frames of all their tables.
        findings: About single tables, in the order of the checks.
    """

    books: Sequence[Tables]
    scored: Scored
    findings: Sequence[Finding]

    def table_ids(self, book: int) -> list[int]:
        """Return the tables of a workbook, by its place in the input order."""
        return [record.table["table_id"] for record in self.books[book].records]


def review(
    workbooks: Sequence[Workbook],
    forms: Forms,
    form: str | None = None,
    waivers: Sequence[Waiver] = (),
    today: datetime.date | None = None,
) -> Review:
    """Read, score and check the tables of one workbook or of many.

    Args:
        workbooks: As opened.
        forms: The known forms.
        form: Id of a form to take every table for; None to recognise it.
        waivers: Findings that are accepted.
        today: The day that waivers are held against; None for this one.
    """
    lexicon = forms.lexicon
    books = [find_tables(workbook, lexicon) for workbook in workbooks]
    for book in books:
        book.findings += _about_version(book.stamp, forms)
    frames = build_frames(books, forms, form)
    scored = score(frames, forms)
    findings = waive(run_checks(scored, forms), scored, waivers, today or datetime.date.today())
    return Review(books, scored, findings)


def find_tables(workbook: Workbook, lexicon: Lexicon) -> Tables:
    """Return the tables of a workbook; hidden and blank ones are passed over where a visible, filled one is there.

    The sheets of an annotated copy that perfxl wrote are no part of the submission.
    """
    grids = [grid for grid in workbook.grids if not is_own_sheet(grid)]
    found = [(grid, extract(layout, lexicon)) for grid in grids for layout in locate(grid, lexicon)]
    if not found:
        return Tables(error=_NO_TABLE)
    visible = [item for item in found if item[0].state == "visible"]
    shown = visible or found
    filled = [item for item in shown if not _is_blank(item[1], lexicon)]
    taken = filled or shown
    tables = Tables([record for _, record in taken], stamp=_stamp(workbook, [grid for grid, _ in taken]))
    for grid, record in found:
        if not any(record is other for _, other in taken):
            why = "该表是空白表样" if grid.state == "visible" else "该工作表是隐藏的"
            message = f"工作表“{grid.sheet}”中的自评表没有纳入复核：{why}"
            tables.findings.append(workbook_finding("STR-14", message))
    for grid in dict.fromkeys(grid for grid, _ in taken):
        if grid.state != "visible":
            message = f"自评表在隐藏的工作表“{grid.sheet}”中，已读取并复核"
            tables.findings.append(workbook_finding("STR-14", message))
    tables.findings += [_uncertain(item) for item in workbook.differences]
    _complete_years(tables.records, year_in(workbook.path.stem))
    return tables


def _complete_years(records: Iterable[TableRecord], file_year: float | None) -> None:
    """Give tables that state no year that of the title above them on their sheet, or of the file's name."""
    above: dict[str, float | None] = {}
    for record in records:
        table = record.table
        table["file_year"] = file_year
        if table["year"] is None:
            # Of several tables below one title only the first is found to have it.
            table["year"] = (above.get(table["sheet"]) if table["title"] is None else None) or file_year
        above[table["sheet"]] = table["year"]


def _uncertain(item: Difference) -> Finding:
    taken = f"取“{quoted(item.cell.text)}”" if item.cell.text else "按空白处理"
    return workbook_finding("STR-18", f"单元格内容有分歧：{taken}，{item.other}", item.cell)


def _stamp(workbook: Workbook, grids: Sequence[Grid]) -> Stamp | None:
    """Return the stamp of the template that the tables were filled into.

    It is that of all tables where their sheets have our names, or where there is but one table.
    """
    stamp = next((found for grid in workbook.grids if (found := read_stamp(grid)) is not None), None)
    return stamp if len(grids) == 1 or all(grid.names for grid in grids) else None


def _about_version(stamp: Stamp | None, forms: Forms) -> list[Finding]:
    """Return what is to be said where a template was made from another version of its form."""
    form = forms.by_id.get(stamp.form) if stamp is not None else None
    if stamp is None or form is None or form.template is None:
        return []
    made = f"本表用 {form.id} 第 {stamp.version} 版的模板填报"
    if stamp.version < form.version:
        said = f"{made}，现行为第 {form.version} 版；已照常读取"
    elif stamp.version > form.version:
        said = f"{made}，本程序只有第 {form.version} 版；已照常读取"
    elif stamp.fingerprint != fingerprint(form.template, form.rubric):
        said = f"{made}，但表样的内容与本程序所有的不同；已照常读取"
    else:
        return []
    return [workbook_finding("STR-19", said)]


def _is_blank(record: TableRecord, lexicon: Lexicon) -> bool:
    """Whether a table is a blank form: no rows, or rows without results under a header without names."""
    has_results = any(row.get("actual") or row.get("reported_score_text") for row in record.indicators)
    has_names = any(record.table["header"].get(label) for label in lexicon.strong_headers)
    return not record.indicators or not (has_results or has_names)


def build_frames(books: Sequence[Tables], forms: Forms, form: str | None = None) -> Frames:
    """Return the frames of all tables, numbered from 0; the texts of targets and actuals are understood here."""
    tables: list[TableRecord] = []
    for number, book in enumerate(books):
        for record in book.records:
            table = record.table
            table["table_id"], table["book"] = len(tables), number
            table["form"] = form or _form_of(book.stamp, record, forms)
            table["rubric"] = table["form"] or NATIONAL
            tables.append(record)
    return Frames(
        frame((record.table for record in tables), TABLES),
        frame(_of_tables(tables, lambda record: record.budget), BUDGET),
        # Each row is laid down as soon as it is understood, while it is still in the processor's cache.
        frame(_of_tables(tables, _understood), INDICATORS),
        frame(_of_tables(tables, lambda record: record.subtotals), SUBTOTALS),
    )


_Rows = Iterable[dict[str, Any]]


def _of_tables(tables: Iterable[TableRecord], rows: Callable[[TableRecord], _Rows]) -> _Rows:
    """Yield some rows of all tables, each with its table's number."""
    for record in tables:
        table_id = record.table["table_id"]
        for row in rows(record):
            row["table_id"] = table_id
            yield row


def _understood(record: TableRecord) -> _Rows:
    """Yield the rows of a table with what their texts mean; those of a score sheet, which has none, keep kind None."""
    table = record.table
    has_values = "target" in table["columns"] or "actual" in table["columns"]
    for row in record.indicators:
        if has_values:
            row.update(understand(row, table["year"]))
            if row["problem"] == "target_blank" and "target" not in table["columns"]:
                row["note"] = "表头里没有认出年度指标值一列"
        yield row


def _form_of(stamp: Stamp | None, record: TableRecord, forms: Forms) -> str | None:
    """Return the form of a table: that of its template, as long as the table still has its columns."""
    traits = traits_of(record, forms.lexicon)
    own = forms.by_id.get(stamp.form) if stamp is not None else None
    if own is not None and all(holds for key, holds, _ in conditions(own, traits) if key in _OF_COLUMNS):
        return own.id
    return recognise(forms, traits)


def traits_of(record: TableRecord, lexicon: Lexicon) -> Traits:
    """Return what of a table tells its form."""
    level1 = (row.get("level1") for row in record.indicators)
    return Traits.of(record.table, level1, lexicon.labels("unit"))
