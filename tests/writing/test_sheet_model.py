import math
import re

import numpy as np
import pytest

from perfxl.model.cells import Span
from perfxl.writing.sheet_model import DataBars, Link, RowKind, SheetModel, SheetRow, Value
from perfxl.writing.sheet_xml import render_sheet
from perfxl.writing.styles import BORDERS, FILLS, FONTS, SEVERITY_COLORS, STYLE_NAMES, STYLES
from tests.writing.packages import annotate, children, load, mark, parts, unpack

NUMBERS = range(len(STYLE_NAMES))


def render(model: SheetModel) -> str:
    data, _ = render_sheet(model, NUMBERS, {"复核结果": "复核结果(2)"})
    return data.decode()


def cell(value: Value) -> str:
    return re.search(
        '<row r="1">(.*)</row>', render(SheetModel("x", [SheetRow([value], RowKind(("text_wrap",)))])), re.S
    )[1]


WRAP = STYLE_NAMES.index("text_wrap")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("文", '<c r="A1" s="W" t="inlineStr"><is><t>文</t></is></c>'),
        ("=1+1", '<c r="A1" s="W" t="inlineStr"><is><t>=1+1</t></is></c>'),
        ("@x", '<c r="A1" s="W" t="inlineStr"><is><t>@x</t></is></c>'),
        (" 空\n", '<c r="A1" s="W" t="inlineStr"><is><t xml:space="preserve"> 空\n</t></is></c>'),
        ("<b>&\"'", '<c r="A1" s="W" t="inlineStr"><is><t>&lt;b&gt;&amp;&quot;\'</t></is></c>'),
        ("a\x00\x1b[2Jb", '<c r="A1" s="W" t="inlineStr"><is><t>a[2Jb</t></is></c>'),
        ("a\ud800b", '<c r="A1" s="W" t="inlineStr"><is><t>a�b</t></is></c>'),
        ("_x0041_", '<c r="A1" s="W" t="inlineStr"><is><t>_x005F_x0041_</t></is></c>'),
        ("", '<c r="A1" s="W"/>'),
        (None, '<c r="A1" s="W"/>'),
        (math.nan, '<c r="A1" s="W"/>'),
        (math.inf, '<c r="A1" s="W"/>'),
        (10, '<c r="A1" s="W"><v>10</v></c>'),
        (10.0, '<c r="A1" s="W"><v>10</v></c>'),
        (-0.0, '<c r="A1" s="W"><v>0</v></c>'),
        (0.1 + 0.2, '<c r="A1" s="W"><v>0.30000000000000004</v></c>'),
        (np.float64(2.5), '<c r="A1" s="W"><v>2.5</v></c>'),
        (np.int64(3), '<c r="A1" s="W"><v>3</v></c>'),
    ],
)
def test_values(value: Value, expected: str) -> None:
    assert cell(value) == expected.replace("W", str(WRAP))


def test_texts_are_cut_where_excel_ends() -> None:
    assert len(re.search("<t>(.*)</t>", cell("长" * 40_000))[1]) == 32_767
    assert len(re.search("<t>(.*)</t>", cell("𠀀" * 20_000))[1]) == 16_383


def test_links_quote_sheet_names() -> None:
    links = ((1, Link("甲'乙 \"<", 12, 8)), (2, Link("复核结果", 3, 1, True)))
    model = SheetModel("问题清单", [SheetRow(["a", "b"], RowKind(("link", "link")), links)])
    assert re.findall("<hyperlink .*?/>", render(model)) == [
        "<hyperlink ref=\"A1\" location=\"'甲''乙 &quot;&lt;'!H12\"/>",
        '<hyperlink ref="B1" location="\'复核结果(2)\'!A3"/>',
    ]


def test_links_end_where_excel_ends() -> None:
    row = SheetRow(["a"], RowKind(("link",)), ((1, Link("x")),))
    data, has_dropped = render_sheet(SheetModel("x", [row] * 65_531), NUMBERS, {})
    assert has_dropped
    assert data.count(b"<hyperlink ") == 65_530


def test_merged_ranges_stand_in_their_rows() -> None:
    rows = [SheetRow(), SheetRow(["a"], RowKind(("text",), ((1, 3), (5, 28))))]
    assert '<mergeCells count="2"><mergeCell ref="A2:C2"/><mergeCell ref="E2:AB2"/></mergeCells>' in render(
        SheetModel("x", rows)
    )


def test_a_value_without_a_style_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1 of x: 2 values, 1 cells"):
        render(SheetModel("x", [SheetRow(["a", "b"], RowKind(("text",))), SheetRow([], RowKind(("text",)))]))


def test_signs_that_frames_use_stay_as_they_are() -> None:
    assert "<is><t>#1 100% %s</t></is>" in cell("#1 100% %s")


FULL = SheetModel(
    "复核结果",
    [
        SheetRow(["绩效自评复核结果"], RowKind(("title",), ((1, 4),)), height=30),
        SheetRow(["指标", "完成率", None, "得分"], RowKind(("header",) * 4)),
        SheetRow(["数量", 0.5, None, 7.5], RowKind(("text_wrap", "percent", "text", "shortfall_number"))),
    ],
    widths=[20, None, 3.5, 12],
    freeze=(3, 2),
    autofilter=Span(2, 1, 3, 4),
    title_rows=(2, 2),
    data_bars=[DataBars(Span(3, 2, 3, 2), high=1.3)],
    tab_color="C00000",
)


def test_openpyxl_sees_what_the_model_says() -> None:
    sheet = load(annotate(parts(), sheets=(FULL,)).data)["复核结果"]
    assert [list(row) for row in sheet.iter_rows(values_only=True)] == [
        ["绩效自评复核结果", None, None, None],
        ["指标", "完成率", None, "得分"],
        ["数量", 0.5, None, 7.5],
    ]
    assert sheet.freeze_panes == "B3"
    assert sheet.auto_filter.ref == "A2:D3"
    assert sheet.print_title_rows == "$2:$2"
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:D1"]
    assert (sheet.column_dimensions["A"].width, sheet.column_dimensions["C"].width) == (20, 3.5)
    assert sheet.row_dimensions[1].height == 30
    assert sheet.sheet_properties.tabColor.rgb == "FFC00000"
    assert not sheet.sheet_view.showGridLines
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    (rule,) = sheet.conditional_formatting["B3:B3"]
    assert [limit.val for limit in rule.dataBar.cfvo] == [0, 1.3]
    assert sheet["B3"].number_format == "0.00%"
    assert (sheet["D3"].number_format, sheet["D3"].font.b) == ("0.00", True)
    assert sheet["A2"].font.name == "宋体"
    assert sheet["A2"].alignment.wrap_text


def test_elements_stand_in_the_order_of_the_schema() -> None:
    model = SheetModel(**{name: getattr(FULL, name) for name in FULL.__slots__} | {"rows": [
        *FULL.rows, SheetRow(["a"], RowKind(("link",)), ((1, Link("自评表")),)),
    ]})  # fmt: skip
    data, _ = render_sheet(model, NUMBERS, {})
    assert children(data) == [
        "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter", "mergeCells",
        "conditionalFormatting", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
        "ignoredErrors",
    ]  # fmt: skip


def test_hidden_name_of_the_filter() -> None:
    workbook = unpack(annotate(parts(), sheets=(FULL,)).data)["xl/workbook.xml"].decode()
    assert (
        '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
        '\'复核结果\'!$A$2:$D$3</definedName><definedName name="_xlnm.Print_Titles" localSheetId="0">'
        "'复核结果'!$2:$2</definedName></definedNames>"
    ) in workbook


def test_an_empty_sheet_is_written() -> None:
    assert load(annotate(parts(), mark("A1"), sheets=(SheetModel("空"),)).data).sheetnames == ["空", "自评表"]


def test_styles_name_fonts_fills_and_borders_that_exist() -> None:
    assert tuple(STYLES) == STYLE_NAMES
    for style in STYLES.values():
        assert style.font in FONTS
        assert style.fill in {"", *FILLS}
        assert style.border in BORDERS
    assert {FILLS[severity.value] for severity in SEVERITY_COLORS} == {"FFC7CE", "FFEB9C", "DDEBF7"}
