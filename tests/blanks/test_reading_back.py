"""A blank that is filled in reads back as it was filled in, whatever is done to the workbook besides."""

from collections.abc import Callable
from copy import copy

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.model.stamp import PREFIX, SHEET
from perfxl.pipeline import find_tables
from perfxl.reading.open_workbook import open_workbook
from tests.blanks.faults import TEN, Fault, faults
from tests.blanks.filling import FORMS, Filled, blank_of, fill, put, sheet_of
from tests.blanks.reviewing import check_values, codes, data_of, scored, tables_of, values_of

ALL = tuple(FORMS.by_id)


@pytest.mark.parametrize("form", ALL)
def test_values_come_back_and_nothing_is_found(form: str, tmp_path) -> None:
    for seed in (1, 2, 3):
        filled = fill(form, seed)
        path = tmp_path / f"{seed}.xlsx"
        filled.workbook(has_formulas=False).save(path)
        document = scored(path)
        (table,) = document["tables"]
        check_values(filled, table)
        assert codes(table["findings"]) == set(), table["findings"]
        assert document["findings"] == []
        assert document["notes"] == []


def with_fault(filled: Filled, fault: Fault) -> bytes:
    book = filled.workbook(has_formulas=False)
    for ref, value in fault.edits.items():
        put(sheet_of(book), ref, value)
    return data_of(book)


@pytest.mark.parametrize("form", ALL)
def test_ten_planted_faults_are_found(form: str) -> None:
    filled = fill(form, 1)
    planted = faults(filled)
    assert len(planted) == TEN
    tables = tables_of([with_fault(filled, fault) for fault in planted])
    for fault, table in zip(planted, tables, strict=True):
        found = [item for item in table["findings"] if item["code"] == fault.code]
        assert found, (fault, table["findings"])
        if fault.cell:
            assert f"自评表!{fault.cell}" in [item["cell"] for item in found], fault


def test_the_faults_of_all_forms_are_of_many_kinds() -> None:
    kinds = {fault.code for form in ALL for fault in faults(fill(form, 1))}
    assert len(kinds) >= 18


# ---------------------------------------------------------------- what users and other programs do to workbooks

FAMILIES = (
    "national-project-2020",
    "yunnan-split-target",
    "guangdong-department-2022",
    "hubei-project",
    "chongqing-project",
)


def insert_rows(sheet: Worksheet, at: int, count: int) -> None:
    """Insert rows as spreadsheets do: merged ranges around them grow, those below move."""
    ranges = [CellRange(area.coord) for area in sheet.merged_cells.ranges]
    for area in ranges:
        sheet.unmerge_cells(area.coord)
    sheet.insert_rows(at, count)
    for area in ranges:
        if area.min_row >= at:
            area.shift(row_shift=count)
        elif area.max_row >= at:
            area.expand(down=count)
        sheet.merge_cells(area.coord)


def insert_five(book: Workbook, filled: Filled) -> None:
    assert filled.plan.grid is not None
    insert_rows(sheet_of(book), filled.plan.grid.rows[2].number, 5)


def rename(book: Workbook, filled: Filled) -> None:
    sheet_of(book).title = "报送（定稿）"


def delete_stamp(book: Workbook, filled: Filled) -> None:
    del book[SHEET]


def delete_names(book: Workbook, filled: Filled) -> None:
    for name in [name for name in book.defined_names if name.startswith(PREFIX)]:
        del book.defined_names[name]


def shift_names(book: Workbook, filled: Filled) -> None:
    """Leave every name on the cell below its own, as programs do that do not move names along."""
    for name, defined in book.defined_names.items():
        if name.startswith(PREFIX) and ":" not in defined.attr_text:
            before, _, row = defined.attr_text.rpartition("$")
            defined.attr_text = f"{before}${int(row) + 1}"


def break_names(book: Workbook, filled: Filled) -> None:
    for name, defined in book.defined_names.items():
        if name.startswith(PREFIX):
            defined.attr_text = "#REF!"


def all_at_once(book: Workbook, filled: Filled) -> None:
    for change in (insert_five, rename, delete_stamp):
        change(book, filled)


CHANGES = (insert_five, rename, delete_stamp, delete_names, shift_names, break_names, all_at_once)


@pytest.mark.parametrize("form", FAMILIES)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_changed_workbook_reads_the_same(form: str, change: Callable[[Workbook, Filled], None]) -> None:
    filled = fill(form, 2)
    changed = filled.workbook(has_formulas=False)
    change(changed, filled)
    before, after = tables_of([data_of(filled.workbook(has_formulas=False)), data_of(changed)])
    assert values_of(before) == values_of(after)


@pytest.mark.parametrize("form", FAMILIES)
def test_a_sheet_copied_into_a_new_workbook_reads_the_same(form: str) -> None:
    filled = fill(form, 2)
    source = sheet_of(filled.workbook(has_formulas=False))
    book = Workbook()
    sheet = sheet_of(book)
    for row in source.iter_rows():
        for cell in row:
            if cell.value is not None:
                sheet[cell.coordinate].value = cell.value
                sheet[cell.coordinate].data_type = cell.data_type
                sheet[cell.coordinate].number_format = copy(cell.number_format)
    for area in source.merged_cells.ranges:
        sheet.merge_cells(area.coord)
    before, after = tables_of([data_of(filled.workbook(has_formulas=False)), data_of(book)])
    assert values_of(before) == values_of(after)


# ---------------------------------------------------------------- names and stamp


def renamed_heading(*, has_names: bool) -> bytes:
    filled = fill("national-project-2020", 1)
    book = filled.workbook(has_formulas=False)
    assert filled.plan.grid is not None
    put(sheet_of(book), filled.ref(filled.plan.grid.heading, "actual"), "做得怎样")
    if not has_names:
        delete_names(book, filled)
    return data_of(book)


def test_a_name_tells_what_a_heading_of_the_units_own_words_stands_for() -> None:
    named, unnamed = tables_of([renamed_heading(has_names=True), renamed_heading(has_names=False)])
    assert all(row["actual"] for row in named["indicators"])
    assert not any(row["actual"] for row in unnamed["indicators"])


def test_words_count_before_names() -> None:
    filled = fill("national-project-2020", 1)
    book = filled.workbook(has_formulas=False)
    target, actual = (book.defined_names[f"{PREFIX}c_{name}"] for name in ("target", "actual"))
    target.attr_text, actual.attr_text = actual.attr_text, target.attr_text
    (table,) = tables_of([data_of(book)])
    check_values(filled, table)


def restamped(row: int, value: str) -> Workbook:
    book = fill("national-project-2020", 1).workbook(has_formulas=False)
    book[SHEET].cell(row, 2, value)
    return book


@pytest.mark.parametrize(
    ("row", "value", "said"),
    [
        (3, "0", "第 0 版的模板填报，现行为第 1 版"),
        (3, "7", "第 7 版的模板填报，本程序只有第 1 版"),
        (4, "0123456789abcdef", "表样的内容与本程序所有的不同"),
    ],
)
def test_a_template_of_another_version_is_read_and_it_is_said(row: int, value: str, said: str, tmp_path) -> None:
    path = tmp_path / "a.xlsx"
    restamped(row, value).save(path)
    document = scored(path)
    (finding,) = document["findings"]
    assert finding["code"] == "STR-19"
    assert finding["severity"] == "info"
    assert said in finding["message"]
    check_values(fill("national-project-2020", 1), document["tables"][0])


@pytest.mark.parametrize(("row", "value"), [(2, "no-such-form"), (3, "x"), (2, "")])
def test_a_stamp_that_somebody_changed_is_passed_over(row: int, value: str, tmp_path) -> None:
    path = tmp_path / "a.xlsx"
    restamped(row, value).save(path)
    document = scored(path)
    assert document["findings"] == []
    assert document["notes"] == []
    assert document["tables"][0]["form"] == "national-project-2020"


def test_the_stamp_tells_the_form_whose_title_was_changed(tmp_path) -> None:
    for keep, form in ((True, "guangxi-project"), (False, "national-project-2020")):
        filled = fill("guangxi-project", 1)
        book = filled.workbook(has_formulas=False)
        title = next(box for box in filled.plan.boxes if box.name == "title")
        put(sheet_of(book), title.ref, "项目支出绩效自评表")
        if not keep:
            delete_stamp(book, filled)
        path = tmp_path / f"{keep}.xlsx"
        book.save(path)
        assert scored(path)["tables"][0]["form"] == form


def test_the_stamp_does_not_tell_the_form_of_another_table_that_was_pasted_in(tmp_path) -> None:
    book = fill("national-project-2020", 1).workbook(has_formulas=False)
    other = fill("transfer-payment-without-points", 1)
    sheet = book.create_sheet("贴入")
    for ref, value in other.typed.items():
        put(sheet, ref, value)
    for box in other.plan.boxes:
        if box.value is not None:
            put(sheet, box.ref, box.value)
        if (box.top, box.left) != (box.bottom, box.right):
            sheet.merge_cells(start_row=box.top, end_row=box.bottom, start_column=box.left, end_column=box.right)
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert [table["form"] for table in scored(path)["tables"]] == [
        "national-project-2020",
        "transfer-payment-without-points",
    ]


def test_a_blank_itself_has_only_what_is_not_filled_in_yet(tmp_path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(blank_of("national-project-2020"))
    assert find_tables(open_workbook(path), FORMS.lexicon).findings == []
    document = scored(path)
    assert {item["code"] for item in document["tables"][0]["findings"]} == {"STR-01", "STR-03", "STR-16"}
    assert document["notes"] == []
