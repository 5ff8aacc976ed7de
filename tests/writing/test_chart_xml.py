"""Charts of the new sheets: what openpyxl reads back, cached values, names, and strict packages."""

import io

import openpyxl
from lxml import etree

from perfxl.model.cells import Span
from perfxl.writing.chart_xml import chart_part, drawing_part
from perfxl.writing.sheet_model import Chart, RowKind, Series, SheetModel, SheetRow
from tests.writing.packages import annotate, mark, parts

ROWS = [("类", "分值", "得分"), ("产出<&>", 50, 47.6), ("效益", 30, None)]
MODEL = SheetModel("复核结果", [SheetRow(row, RowKind(("text",) * 3)) for row in ROWS])
CHART = Chart(
    "得分",
    Span(5, 2, 12, 6),
    [
        Series("分值", Span(2, 1, 3, 1), Span(2, 2, 3, 2), "BFBFBF"),
        Series("得分", Span(2, 1, 3, 1), Span(2, 3, 3, 3), "4472C4"),
    ],
)
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def test_references_name_the_sheet_as_it_is_called_and_values_are_kept() -> None:
    root = etree.fromstring(chart_part(CHART, MODEL, "复核结果(2)"))
    references = [element.text for element in root.iter(C + "f")]
    assert references == [
        "'复核结果(2)'!$A$2:$A$3", "'复核结果(2)'!$B$2:$B$3", "'复核结果(2)'!$A$2:$A$3", "'复核结果(2)'!$C$2:$C$3",
    ]  # fmt: skip
    kept = [[point.findtext(C + "v") for point in cache.iter(C + "pt")] for cache in root.iter(C + "numCache")]
    assert kept == [["50", "30"], ["47.6"]]
    assert [point.findtext(C + "v") for point in next(root.iter(C + "strCache")).iter(C + "pt")] == ["产出<&>", "效益"]


def test_a_strict_workbook_gets_strict_parts() -> None:
    chart = chart_part(CHART, MODEL, "复核结果", is_strict=True)
    drawing = drawing_part(
        [CHART.place], ["rId1"], "http://purl.oclc.org/ooxml/officeDocument/relationships", is_strict=True
    )
    assert b"schemas.openxmlformats.org" not in chart + drawing


def test_the_chart_stands_in_the_copy_where_it_was_placed() -> None:
    model = SheetModel("复核结果", MODEL.rows, charts=[CHART])
    book = openpyxl.load_workbook(io.BytesIO(annotate(parts(), mark("A1"), sheets=[model]).data))
    (chart,) = book["复核结果"]._charts  # the only way that openpyxl gives to the charts of a sheet
    start, end = chart.anchor._from, chart.anchor.to
    assert (start.row, start.col, end.row, end.col) == (4, 1, 12, 6)
    assert [series.val.numRef.f for series in chart.series] == ["'复核结果'!$B$2:$B$3", "'复核结果'!$C$2:$C$3"]
