import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.model.cells import Span
from perfxl.model.finding import Severity
from perfxl.model.grid import Cell, Grid, Workbook, make_grid
from perfxl.model.look import Look, SheetLook
from perfxl.writing.annotate import Mark, annotate_package
from perfxl.writing.sheet_model import Link, RowKind, SheetModel, SheetRow
from perfxl.writing.transcribe import source_of, transcribe, with_names


def workbook(
    *grids: Grid, looks: Sequence[SheetLook] = (), others: Sequence[str] = (), format_: str = "xls"
) -> Workbook:
    return Workbook(Path("表.xls"), format_, "", 0, grids, None, (), tuple(looks), frozenset(others))


def opened(book: Workbook) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(transcribe(book).package.data))


def sheet_of(cells: dict[tuple[int, int], Cell], look: SheetLook | None = None, **others: object) -> Worksheet:
    grid = make_grid("表", cells, **others)  # type: ignore[arg-type]  # keywords of make_grid
    found = opened(workbook(grid, looks=[look] if look else []))["表"]
    assert isinstance(found, Worksheet)
    return found


def text(value: str) -> Cell:
    return Cell(value, value, "text")


def test_values_keep_their_kinds() -> None:
    sheet = sheet_of({
        (1, 1): text("培训人次"),
        (1, 2): Cell("95%", 0.95, "number"),
        (1, 3): Cell("TRUE", True, "bool"),
        (1, 4): Cell("#N/A", "#N/A", "error"),
        (1, 5): Cell("2023-01-01", 44927.0, "date"),
        (1, 6): Cell("", None, "missing", "A1"),
        (1, 7): Cell("9.5", 9.5, "number", "SUM(B1:B2)"),
    })  # fmt: skip
    row = [(cell.value, cell.data_type) for cell in sheet[1]]
    assert row == [
        ("培训人次", "s"), (0.95, "n"), (True, "b"), ("#N/A", "s"), (44927, "n"), (None, "n"), (9.5, "n"),
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "http://a.cn", "007", "_x0041_", " 空 格 "])
def test_text_stays_the_text_that_it_is(value: str) -> None:
    book = workbook(make_grid("表", {(1, 1): text(value)}))
    package = transcribe(book).package
    part = package.part("xl/worksheets/sheet1.xml")
    assert b"<f>" not in part
    assert b"hyperlink" not in part
    cell = openpyxl.load_workbook(io.BytesIO(package.data))["表"]["A1"]
    assert (cell.value, cell.data_type) == (value, "s")


def test_looks_widths_heights_and_hidden_flags() -> None:
    look = Look("0.0%", "黑体", 14.0, True, True, "FF0000", "FFFF00", (1, 2, 0, 5), "center", "vcenter", True)
    sheet = sheet_of(
        {(2, 2): Cell("50.0%", 0.5, "number")},
        SheetLook({(2, 2): look, (2, 3): Look(fill="00FF00")}, {2: 20.0, 4: 400.0}, {2: 30.0}),
        hidden_rows=[3],
        hidden_columns=[5],
    )
    cell = sheet["B2"]
    assert (cell.value, cell.number_format) == (0.5, "0.0%")
    assert (cell.font.name, cell.font.sz, cell.font.b, cell.font.i, cell.font.color.rgb) == (
        "黑体",
        14,
        True,
        True,
        "FFFF0000",
    )
    assert cell.fill.fgColor.rgb == "FFFFFF00"
    assert [getattr(cell.border, side).style for side in ("left", "right", "top", "bottom")] == [
        "thin",
        "medium",
        None,
        "thick",
    ]
    assert (cell.alignment.horizontal, cell.alignment.vertical, cell.alignment.wrap_text) == ("center", "center", True)
    assert (sheet["C2"].value, sheet["C2"].fill.fgColor.rgb) == (None, "FF00FF00")
    assert sheet.column_dimensions["B"].width == pytest.approx(20, abs=1)
    assert sheet.column_dimensions["D"].width == pytest.approx(255, abs=1)
    assert sheet.row_dimensions[2].height == 30
    assert sheet.row_dimensions[3].hidden
    assert sheet.column_dimensions["E"].hidden


def test_merges_that_overlap_or_cover_everything_are_left_out() -> None:
    merges = [Span(1, 1, 1, 3), Span(1, 3, 2, 4), Span(3, 1, 3, 1), Span(1, 1, 1_048_576, 16_384), Span(5, 1, 6, 2)]
    sheet = sheet_of({(1, 1): text("题"), (1, 2): text("盖住")}, merges=merges)
    assert sorted(str(span) for span in sheet.merged_cells.ranges) == ["A1:C1", "A5:B6"]
    assert sheet["A1"].value == "题"


@pytest.mark.parametrize("code", ['yyyy"年', "0" * 256, "0\n0"])
def test_number_format_that_excel_would_complain_about_is_dropped(code: str) -> None:
    sheet = sheet_of({(1, 1): Cell("1", 1.0, "number")}, SheetLook({(1, 1): Look(code)}))
    assert sheet["A1"].number_format == "General"


def test_number_format_with_wide_blanks_is_kept() -> None:
    sheet = sheet_of({(1, 1): Cell("1　分", 1.0, "number")}, SheetLook({(1, 1): Look('0"　分"')}))
    assert sheet["A1"].number_format == '0"　分"'


def test_line_that_excel_does_not_know_is_none() -> None:
    sheet = sheet_of({(1, 1): text("甲")}, SheetLook({(1, 1): Look(borders=(14, 255, 13, 1))}))
    border = sheet["A1"].border
    assert [side.style for side in (border.left, border.right, border.top, border.bottom)] == [
        None, None, "slantDashDot", "thin",
    ]  # fmt: skip


def test_more_number_formats_than_excel_takes() -> None:
    cells = {(row, 1): Cell("1", 1.0, "number") for row in range(1, 301)}
    sheet = sheet_of(cells, SheetLook({(row, 1): Look(f'0"{row}"') for row in range(1, 301)}))
    assert len({sheet.cell(row, 1).number_format for row in range(1, 301)}) == 151


def test_sheets_keep_names_order_and_states() -> None:
    grids = [
        make_grid("旧表", {}, state="hidden"),
        make_grid("自评表", {(1, 1): text("甲")}),
        make_grid("参数", {}, state="veryHidden"),
    ]
    book = opened(workbook(*grids))
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("旧表", "hidden"), ("自评表", "visible"), ("参数", "veryHidden"),
    ]  # fmt: skip
    assert book.active.title == "自评表"


def test_name_that_xlsx_cannot_have_is_changed_and_links_follow() -> None:
    long = "二〇二三年度部门整体支出绩效自评表（含下属单位汇总）第一部分"
    long += "（定稿）"
    source = transcribe(workbook(make_grid(long, {}), make_grid("甲/乙", {}), make_grid("甲_乙", {})))
    assert source.names == {long: long[:31], "甲/乙": "甲_乙", "甲_乙": "甲_乙(2)"}
    assert [grid.sheet for grid in source.grids] == [long, "甲/乙", "甲_乙"]
    assert "工作表“甲/乙”的名称不合 .xlsx 的规定，转录件中改为“甲_乙”。" in source.notes
    links = ((2, Link("甲/乙", 2, 1)), (3, Link("复核结果", is_new=True)))
    model = SheetModel("复核结果", [SheetRow([None, "去", "去"], RowKind(("text", "link", "link")), links)])
    (row,) = with_names(model, source.names).rows
    assert row.links == ((2, Link("甲_乙", 2, 1)), links[1])


def test_notes_say_what_the_copy_is_and_lacks() -> None:
    grid = make_grid("表", {(1, 1): text("字" * 40_000)})
    said = transcribe(workbook(grid, others=["charts", "pictures"], format_="ods")).notes
    assert said == (
        "复核件是转录件：原文件为 .ods，原件未改动；内容逐格照录为 .xlsx，数字格式、字体、边框等为近似，以原件为准。",
        "原文件中的以下内容没有转录，请看原件：图片、图表。",
        "有单元格的文字超过 32767 个字符，转录件中只保留到此为止，全文请看原件。",
    )


def test_same_submission_gives_the_same_bytes() -> None:
    book = workbook(make_grid("表", {(1, 1): text("甲")}))
    assert transcribe(book).package.data == transcribe(book).package.data


def test_transcription_is_marked_like_a_submitted_package() -> None:
    source = source_of(workbook(make_grid("表", {(2, 2): text("九分")}), looks=[SheetLook({(2, 2): Look("0.00")})]))
    mark = Mark("表", source.grids[0].part, 2, 2, Severity.ERROR, "得分不是数")
    copy = annotate_package(
        source.package, [mark], [SheetModel("复核结果", [SheetRow(["复核结果"], RowKind(("title",)))])]
    )
    book = openpyxl.load_workbook(io.BytesIO(copy.data))
    assert (copy.suffix, book.sheetnames) == (".xlsx", ["复核结果", "表"])
    cell = book["表"]["B2"]
    assert (cell.value, cell.number_format, cell.fill.fgColor.rgb) == ("九分", "0.00", "FFFFC7CE")
    assert "得分不是数" in cell.comment.text


def test_submitted_package_is_its_own_source() -> None:
    grid = make_grid("表", {}, part="xl/worksheets/sheet1.xml")
    package = transcribe(workbook(grid)).package
    book = Workbook(Path("表.xlsx"), "xlsx", "", 0, (grid,), package)
    source = source_of(book)
    assert (source.package, source.grids, source.names, source.notes) == (package, (grid,), {}, ())
