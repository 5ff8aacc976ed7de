from pathlib import Path

import pytest

from perfxl.errors import InputError
from perfxl.model.cells import Span
from perfxl.model.grid import Cell, Grid
from perfxl.model.look import Look
from perfxl.model.package import Package
from perfxl.reading.content import Content
from perfxl.reading.ods import read_ods
from perfxl.reading.open_workbook import read_workbook
from tests.reading.packages import zipped

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
NAMES = " ".join(
    f'xmlns:{prefix}="{_OASIS}{name}:1.0"'
    for prefix, name in {
        "office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle",
        "fo": "xsl-fo-compatible", "draw": "drawing", "svg": "svg-compatible",
    }.items()
) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'  # fmt: skip
MIME = "application/vnd.oasis.opendocument.spreadsheet"


def ods(tables: str, styles: str = "", **others: str | None) -> bytes:
    parts: dict[str, str | bytes | None] = {
        "mimetype": MIME,
        "content.xml": f"<office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_OASIS}manifest:1.0"/>',
        **{name.replace("__", "/"): content for name, content in others.items()},
    }
    return zipped(parts)


def content(tables: str, styles: str = "", **others: str | None) -> Content:
    return read_ods(Package.open(ods(tables, styles, **others)))


def grid(rows: str, styles: str = "", columns: str = "") -> Grid:
    (found,) = content(f'<table:table table:name="表">{columns}{rows}</table:table>', styles).grids
    return found


def cell(attributes: str, inner: str = "", styles: str = "") -> Cell | None:
    rows = f"<table:table-row><table:table-cell {attributes}>{inner}</table:table-cell></table:table-row>"
    return grid(rows, styles).cells.get((1, 1))


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def texts(found: Grid) -> dict[tuple[int, int], str]:
    return {place: cell.text for place, cell in found.cells.items()}


def refusal(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read_ods(Package.open(data))
    assert caught.value.message.endswith("。")
    return caught.value.kind


@pytest.mark.parametrize(
    ("attributes", "inner", "expected"),
    [
        ('office:value-type="string"', p("培训人次"), Cell("培训人次", "培训人次", "text")),
        ('office:value-type="float" office:value="12"', p("12.00"), Cell("12.00", 12.0, "number")),
        ('office:value-type="percentage" office:value="0.95"', p("95%"), Cell("95%", 0.95, "number")),
        ('office:value-type="currency" office:value="3.5"', p("￥3.50"), Cell("￥3.50", 3.5, "number")),
        ('office:value-type="date" office:date-value="2023-05-01"', p("2023年5月"), Cell("2023年5月", 45047.0, "date")),
        ('office:value-type="date" office:date-value="2023-05-01T12:00:00"', p("x"), Cell("x", 45047.5, "date")),
        ('office:value-type="time" office:time-value="PT36H30M00S"', p("36:30"), Cell("36:30", 36.5 / 24, "date")),
        ('office:value-type="boolean" office:boolean-value="true"', p("真"), Cell("真", True, "bool")),
        ('office:value-type="boolean" office:boolean-value="false"', "", Cell("FALSE", False, "bool")),
        ('office:value-type="float" office:value="1" table:formula="of:=TRUE()"', p("TRUE"), Cell("TRUE", True, "bool", "TRUE()")),
        ('office:value-type="float" office:value="1"', p("真分"), Cell("真分", 1.0, "number")),
        # Without the text that is seen
        ('office:value-type="float" office:value="12"', "", Cell("12", 12.0, "number")),
        ('office:value-type="percentage" office:value="0.955"', "", Cell("95.5%", 0.955, "number")),
        ('office:value-type="date" office:date-value="2023-05-01"', "", Cell("2023-05-01", 45047.0, "date")),
        ('office:value-type="string" office:string-value="无"', "", Cell("无", "无", "text")),
        # A number that is none, a date that is none
        ('office:value-type="float" office:value="NaN"', p("NaN"), Cell("NaN", "NaN", "text")),
        ('office:value-type="date" office:date-value="5月"', p("5月"), Cell("5月", "5月", "text")),
        # Formulas
        ('office:value-type="float" office:value="9" table:formula="of:=SUM([.A1:.B1])"', p("9"),
         Cell("9", 9.0, "number", "SUM([.A1:.B1])")),
        ('table:formula="of:=1+1"', "", Cell("", None, "missing", "1+1")),
        ('table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"',
         p("#DIV/0!"), Cell("#DIV/0!", "#DIV/0!", "error", "1/0")),
        ('table:formula="oooc:=1/0" office:value-type="float" office:value="0"', p("Err:502"),
         Cell("Err:502", "Err:502", "error", "1/0")),
        ('office:value-type="string"', p("#N/A"), Cell("#N/A", "#N/A", "text")),  # typed as a text
        # Blank
        ("", "", None),
        ('office:value-type="string"', p(""), None),
    ],
)  # fmt: skip
def test_value_as_it_is_seen_and_stored(attributes: str, inner: str, expected: Cell | None) -> None:
    assert cell(attributes, inner) == expected


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (p("上") + p("") + p("下"), "上\n\n下"),
        (p("一<text:line-break/>二<text:tab/>三"), "一\n二\t三"),
        (p("甲<text:s text:c='3'/>乙<text:s/>丙"), "甲   乙 丙"),
        (p("\n  a  b\n c"), "a b c"),
        (p("红<text:span>字 <text:span> 黑</text:span></text:span>字"), "红字 黑字"),
        (p("<text:a>链接</text:a>"), "链接"),
        (p("<text:ruby><text:ruby-base>绩效</text:ruby-base><text:ruby-text>jixiao</text:ruby-text></text:ruby>"), "绩效"),
        (f"<office:annotation>{p('批注')}</office:annotation>{p('正文')}", "正文"),
        (p("正<office:annotation><text:p>批注</text:p></office:annotation>文"), "正文"),
        (f"<draw:frame><draw:text-box>{p('框')}</draw:text-box></draw:frame>{p('正文')}", "正文"),
        (p("_x000D_") , "_x000D_"),
    ],
)  # fmt: skip
def test_text_of_a_cell_is_what_is_seen(inner: str, text: str) -> None:
    found = cell('office:value-type="string"', inner)
    assert found is not None
    assert found.text == text


def test_repeats_of_filled_and_blank_cells() -> None:
    rows = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"/>'
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="2">{p("是")}</table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/>'
        f"</table:table-row><table:table-row><table:table-cell>{p('末')}</table:table-cell></table:table-row>"
    )
    assert texts(grid(rows)) == {(1, 3): "是", (1, 4): "是", (2, 3): "是", (2, 4): "是", (1_048_576, 1): "末"}


@pytest.mark.parametrize(
    ("rows", "columns"), [(1_048_576, 16_384), (1_048_576, 1), (1_048_577, 1), (1, 16_385), (10**9, 10**9)]
)
def test_filled_repeats_beyond_all_forms_are_too_large(rows: int, columns: int) -> None:
    table = (
        f'<table:table><table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell table:number-columns-repeated="{columns}">{p("是")}</table:table-cell>'
        "</table:table-row></table:table>"
    )
    assert refusal(ods(table)) == "too_large"


def test_spans_hidden_rows_and_columns_in_groups() -> None:
    columns = (
        '<table:table-column table:number-columns-repeated="2"/><table:table-column-group>'
        '<table:table-column table:visibility="collapse"/></table:table-column-group>'
    )
    rows = (
        '<table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="2" '
        f'table:number-rows-spanned="2">{p("题")}</table:table-cell><table:covered-table-cell>{p("盖住")}'
        f"</table:covered-table-cell><table:table-cell>{p('右')}</table:table-cell></table:table-row></table:table-header-rows>"
        '<table:table-row-group><table:table-row table:visibility="collapse"/><table:table-row-group>'
        f'<table:table-row table:visibility="filter"><table:table-cell>{p("藏")}</table:table-cell></table:table-row>'
        '</table:table-row-group></table:table-row-group><table:table-row table:visibility="collapse" '
        'table:number-rows-repeated="1048573"/>'
    )
    found = grid(rows, columns=columns)
    assert found.merges == (Span(1, 1, 2, 2),)
    assert texts(found) == {(1, 1): "题", (1, 2): "盖住", (1, 3): "右", (3, 1): "藏"}
    assert found.at(2, 2) == Cell("题", "题", "text")
    assert (found.hidden_rows, found.hidden_columns) == ({2, 3}, {3})


def test_sheets_hidden_and_those_of_other_files() -> None:
    styles = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    row = f"<table:table-row><table:table-cell>{p('甲')}</table:table-cell></table:table-row>"
    found = content(
        f'<table:table table:name="自评表">{row}</table:table>'
        f'<table:table table:name="旧表" table:style-name="ta2">{row}</table:table>'
        f"<table:table table:name=\"'file:///c:/a.ods'#$表\"><table:table-source/>{row}</table:table>",
        styles,
    )
    assert [(sheet.sheet, sheet.state) for sheet in found.grids] == [("自评表", "visible"), ("旧表", "hidden")]


def test_looks_follow_their_parents_rows_and_columns() -> None:
    styles = (
        '<style:style style:name="base" style:family="table-cell"><style:text-properties fo:font-weight="bold" '
        'fo:font-size="12pt" style:font-name="F1" fo:color="#ff0000"/></style:style>'
        '<style:style style:name="own" style:family="table-cell" style:parent-style-name="base">'
        '<style:table-cell-properties fo:background-color="#ffff00" fo:border="0.74pt solid #000000" '
        'fo:border-top="2.5pt solid #000000" fo:border-bottom="none" fo:wrap-option="wrap" '
        'style:vertical-align="middle"/><style:paragraph-properties fo:text-align="center"/></style:style>'
        '<style:style style:name="co" style:family="table-column"><style:table-column-properties '
        'style:column-width="1in"/></style:style>'
        '<style:style style:name="ro" style:family="table-row"><style:table-row-properties style:row-height="1cm"/>'
        "</style:style>"
    )
    rows = (
        f'<table:table-row table:style-name="ro"><table:table-cell table:style-name="own">{p("甲")}</table:table-cell>'
        f"<table:table-cell>{p('乙')}</table:table-cell></table:table-row>"
    )
    columns = '<table:table-column/><table:table-column table:style-name="co" table:default-cell-style-name="base"/>'
    (look,) = content(f"<table:table>{columns}{rows}</table:table>", styles).looks
    base = Look(font="F1", size=12.0, is_bold=True, color="FF0000")
    own = base._replace(fill="FFFF00", borders=(1, 1, 5, 0), horizontal="center", vertical="vcenter", is_wrapped=True)
    assert look.cells == {(1, 1): own, (1, 2): base}
    assert look.widths == {2: pytest.approx(13)}
    assert look.heights == {1: pytest.approx(28.35, abs=0.01)}


NUMBERS = {
    '<number:number-style style:name="N"><number:number number:min-integer-digits="1"/></number:number-style>': "General",
    '<number:number-style style:name="N"><number:number number:decimal-places="2" number:min-decimal-places="2" '
    'number:min-integer-digits="1" number:grouping="true"/></number:number-style>': "#,##0.00",
    '<number:number-style style:name="N"><number:number number:decimal-places="2" number:min-decimal-places="0" '
    'number:min-integer-digits="1"/><number:text>万元</number:text></number:number-style>': '0.##"万元"',
    '<number:percentage-style style:name="N"><number:number number:decimal-places="1" number:min-integer-digits="1"/>'
    "<number:text>%</number:text></number:percentage-style>": "0.0%",
    '<number:currency-style style:name="N"><number:currency-symbol>￥</number:currency-symbol><number:number '
    'number:decimal-places="0" number:min-integer-digits="0"/></number:currency-style>': '"￥"#',
    '<number:date-style style:name="N"><number:year number:style="long"/><number:text>年</number:text>'
    '<number:month/><number:text>月</number:text><number:day number:style="long"/></number:date-style>': 'yyyy"年"m"月"dd',
    '<number:time-style style:name="N" number:truncate-on-overflow="false"><number:hours/><number:text>:</number:text>'
    '<number:minutes number:style="long"/></number:time-style>': "[h]:mm",
    '<number:text-style style:name="N"><number:text-content/><number:text>"注"</number:text></number:text-style>': '@"注"',
    '<number:number-style style:name="P"><number:number number:decimal-places="0" number:min-integer-digits="1"/>'
    '</number:number-style><number:number-style style:name="N"><number:text>-</number:text><number:number '
    'number:decimal-places="0" number:min-integer-digits="1"/><style:map style:condition="value()&gt;=0" '
    'style:apply-style-name="P"/></number:number-style>': "0;-0",
    '<number:number-style style:name="P"><number:number number:decimal-places="1" number:min-integer-digits="1"/>'
    '</number:number-style><number:number-style style:name="N"><number:number number:decimal-places="0" '
    'number:min-integer-digits="1" number:display-factor="1000"/><style:map style:condition="value()!=3.5" '
    'style:apply-style-name="P"/></number:number-style>': "[<>3.5]0.0;0,",
    '<number:number-style style:name="P"><number:text> </number:text><number:fill-character> </number:fill-character>'
    '<number:number number:decimal-places="0" number:min-integer-digits="1"/></number:number-style>'
    '<number:text-style style:name="N"><number:text-content/>'
    + "".join(f'<style:map style:condition="value(){sign}0" style:apply-style-name="P"/>' for sign in ("&gt;", "&lt;", "="))
    + "</number:text-style>": " * 0; * 0; * 0;@",
}  # fmt: skip


@pytest.mark.parametrize(("style", "code"), NUMBERS.items(), ids=NUMBERS.values())
def test_number_styles_become_format_codes(style: str, code: str) -> None:
    styles = style + '<style:style style:name="ce" style:family="table-cell" style:data-style-name="N"/>'
    rows = f'<table:table-row><table:table-cell table:style-name="ce">{p("1")}</table:table-cell></table:table-row>'
    (look,) = content(f"<table:table>{rows}</table:table>", styles).looks
    assert look.cells[1, 1].number_format == code


def test_number_style_shows_a_value_whose_text_is_not_stated() -> None:
    styles = next(iter(key for key, code in NUMBERS.items() if code == "0.0%"))
    styles += '<style:style style:name="ce" style:family="table-cell" style:data-style-name="N"/>'
    found = cell('table:style-name="ce" office:value-type="percentage" office:value="0.955"', "", styles)
    assert found == Cell("95.5%", 0.955, "number")


def test_style_that_follows_itself_ends() -> None:
    styles = '<style:style style:name="ce" style:family="table-cell" style:parent-style-name="ce"/>'
    assert cell('table:style-name="ce" office:value-type="string"', p("甲"), styles) == Cell("甲", "甲", "text")


def test_what_a_transcription_would_lack_is_found() -> None:
    inner = "<table:shapes><draw:frame><draw:image/></draw:frame><draw:frame><draw:object/></draw:frame><draw:rect/></table:shapes>"
    inner += f'<table:table-row><table:table-cell table:formula="of:=1"><office:annotation/>{p("1")}</table:table-cell></table:table-row>'
    found = content(
        f"<table:content-validations><table:content-validation/></table:content-validations><table:table>{inner}</table:table>",
        '<style:style style:family="table-cell"><style:map/></style:style>',
        **{"Basic__script-lc.xml": "<a/>", "META-INF__documentsignatures.xml": "<a/>"},
    )
    assert found.others == {
        "pictures", "charts", "shapes", "notes", "validations", "conditions", "formulas", "macros", "signature",
    }  # fmt: skip
    assert content("<table:table/>").others == frozenset()


def test_encrypted_document() -> None:
    manifest = (
        f'<m:manifest xmlns:m="{_OASIS}manifest:1.0"><m:file-entry m:full-path="content.xml"><m:encryption-data/>'
        "</m:file-entry></m:manifest>"
    )
    assert refusal(ods("", **{"META-INF__manifest.xml": manifest, "content.xml": "\x8f\x03"})) == "encrypted"
    assert refusal(zipped({"mimetype": MIME, "encrypted-package": "\x8f\x03"})) == "encrypted"


def test_document_type_of_an_old_manifest_does_no_harm() -> None:
    manifest = '<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd"><a/>'
    assert len(content("<table:table/>", **{"META-INF__manifest.xml": manifest}).grids) == 1


def test_damage_and_danger() -> None:
    assert refusal(zipped({"mimetype": MIME})) == "corrupt"
    assert refusal(ods("<table:table>")) == "corrupt"
    assert (
        refusal(ods("", **{"content.xml": "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"}))
        == "unsafe_xml"
    )
    assert refusal(ods("", **{"styles.xml": "<!DOCTYPE a><a/>"})) == "unsafe_xml"
    assert refusal(ods("<table:table/>" * 1001)) == "too_large"
    assert refusal(ods("", **{"content.xml": f"<office:document-content {NAMES}/>"})) == "not_a_workbook"


@pytest.mark.parametrize("mime", [MIME, None, f"{MIME}-template"])
def test_format_and_suffix(mime: str | None) -> None:
    row = f"<table:table-row><table:table-cell>{p('甲')}</table:table-cell></table:table-row>"
    book = read_workbook(ods(f"<table:table>{row}</table:table>", mimetype=mime), Path("a.ods"))
    assert (book.format, book.notes, book.package, texts(book.grids[0])) == ("ods", (), None, {(1, 1): "甲"})
