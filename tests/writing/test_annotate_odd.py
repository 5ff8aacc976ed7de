"""Packages that other programs than Excel write, or that hold what a copy must treat with care."""

import io
import re
import struct
import zipfile
import zlib

import pytest

from perfxl.errors import InputError
from perfxl.model.finding import Severity
from perfxl.model.package import Package
from perfxl.writing.styles import STYLES
from tests.writing.packages import (
    HEAD,
    MAIN,
    PACKAGE_REL,
    REL,
    SHEET,
    TYPE,
    annotate,
    children,
    declare,
    load,
    mark,
    pack,
    parts,
    png,
    rels,
    unpack,
)

# ---- comments


def with_comments(comments: str, *, folder: str = "xl", drawing: str | None = None) -> dict[str, str]:
    """A form with a comments part, and with a drawing for it unless that is None."""
    package = parts(after='<legacyDrawing r:id="rId2"/>' if drawing is not None else "")
    relations = [("rId1", f"{REL}/comments", f"/{folder}/comments1.xml")]
    package[f"{folder}/comments1.xml"] = (
        HEAD + f'<comments xmlns="{MAIN}"><authors><author>张三</author></authors>'
        f"<commentList>{comments}</commentList></comments>"
    )
    declare(package, f"{folder}/comments1.xml", TYPE + "comments+xml")
    if drawing is not None:
        relations.append(("rId2", f"{REL}/vmlDrawing", "../drawings/d.vml"))
        package["xl/drawings/d.vml"] = drawing
        package["[Content_Types].xml"] = package["[Content_Types].xml"].replace(
            '<Default Extension="xml"',
            '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
            '<Default Extension="xml"',
        )
    package["xl/worksheets/_rels/sheet1.xml.rels"] = rels(*relations)
    return package


RUNS = (
    '<comment ref="A1" authorId="0"><text><r><rPr><b/></rPr><t>张三：</t></r><r><t>原文</t></r>'
    '<phoneticPr fontId="1"/></text></comment>'
)


def test_text_is_put_behind_the_runs_of_a_comment() -> None:
    part = unpack(annotate(with_comments(RUNS), mark("A1", "复核")).data)["xl/comments1.xml"].decode()
    assert "<r><rPr><b/></rPr><t>张三：</t></r><r><t>原文</t></r><r>" in part
    assert re.search(r'<t xml:space="preserve">\n复核</t></r><phoneticPr fontId="1"/></text>', part)
    assert part.count("<comment ") == 1
    assert part.count("<author>") == 1


def test_a_plain_text_becomes_the_first_run() -> None:
    plain = '<comment ref="A1" authorId="0"><text><t>原文</t></text></comment>'
    part = unpack(annotate(with_comments(plain), mark("A1", "复核")).data)["xl/comments1.xml"].decode()
    assert "<text><r><t>原文</t></r><r>" in part


def test_comments_without_boxes_all_get_one() -> None:
    data = annotate(with_comments(RUNS), mark("B1", "复核")).data
    copy = unpack(data)
    assert copy["xl/drawings/vmlDrawing1.vml"].count(b'ObjectType="Note"') == 2
    sheet = load(data)["自评表"]
    assert (sheet["A1"].comment.text, sheet["B1"].comment.text) == ("张三：原文", "复核")
    assert sheet["B1"].comment.author == "perfxl"


def test_a_drawing_that_is_no_valid_xml_is_kept() -> None:
    drawing = '<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="_x0000_s2049">按钮<br>说明</v:shape></xml>'
    data = annotate(with_comments(RUNS, drawing=drawing), mark("B1")).data
    copy = unpack(data)["xl/drawings/d.vml"].decode()
    assert copy.startswith(drawing.removesuffix("</xml>"))
    assert 'id="_x0000_s2050" xmlns:v=' in copy
    assert "xl/drawings/vmlDrawing1.vml" not in unpack(data)


def test_an_empty_drawing_is_filled() -> None:
    data = annotate(with_comments(RUNS, drawing="<xml/>"), mark("A1")).data
    assert b"<x:Row>0</x:Row>" in unpack(data)["xl/drawings/d.vml"]


def test_the_box_of_a_comment_stays() -> None:
    drawing = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape id="_x0000_s1025"><x:ClientData ObjectType="Note">'
        "<x:Row>0</x:Row><x:Column>0</x:Column></x:ClientData></v:shape></xml>"
    )
    package = with_comments(RUNS, drawing=drawing)
    assert unpack(annotate(package, mark("A1")).data)["xl/drawings/d.vml"].decode() == drawing


def test_damaged_comments_cost_the_comments_not_the_copy() -> None:
    package = with_comments("<comment")
    result = annotate(package, mark("A1"))
    assert result.notes == ("工作表“自评表”原有的批注已损坏，未能加入复核批注；复核意见请看“问题清单”。",)
    copy = unpack(result.data)
    assert copy["xl/comments1.xml"].decode() == package["xl/comments1.xml"]
    assert b"legacyDrawing" not in copy[SHEET]
    assert b'<c r="A1" s="' in copy[SHEET]


def test_a_discussion_stays_and_is_said() -> None:
    package = with_comments(RUNS)
    package["xl/worksheets/_rels/sheet1.xml.rels"] = package["xl/worksheets/_rels/sheet1.xml.rels"].replace(
        "</Relationships>",
        '<Relationship Id="rId7" Target="../threadedComments/threadedComment1.xml"'
        ' Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"/></Relationships>',
    )
    package["xl/threadedComments/threadedComment1.xml"] = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<!-- x --><threadedComment ref="A1" id="{1}"><text>讨论</text></threadedComment></ThreadedComments>'
    )
    package["xl/persons/person.xml"] = "<personList/>"
    result = annotate(package, mark("A1", "复核"), mark("B1", "复核"))
    assert result.notes == ("工作表“自评表”的 A1 已有会话批注，Excel 只显示会话内容；复核意见请看“问题清单”。",)
    copy = unpack(result.data)
    for name in ("xl/threadedComments/threadedComment1.xml", "xl/persons/person.xml"):
        assert copy[name].decode() == package[name]
    assert "复核" in copy["xl/comments1.xml"].decode()


# ---- names and namespaces


def prefixed(xml: str) -> str:
    """A part as some programs write it: every element of the main namespace with a prefix."""
    head, _, body = xml.partition("?>")
    return head + "?>" + re.sub(r"<(/?)(?=\w)", r"<\1x:", body).replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')


def test_parts_with_prefixes() -> None:
    package = parts()
    for name in ("xl/workbook.xml", "xl/styles.xml", SHEET):
        package[name] = prefixed(package[name])
    data = annotate(package, mark("A1"), mark("C1"), mark("B2", severity=Severity.WARNING)).data
    book = load(data)
    assert book.sheetnames == ["复核结果", "问题清单", "自评表"]
    assert {cell: book["自评表"][cell].fill.fgColor.rgb for cell in ("A1", "B1", "C1", "B2")} == {
        "A1": "FFFFC7CE", "B1": "00000000", "C1": "FFFFC7CE", "B2": "FFFFEB9C",
    }  # fmt: skip
    assert b'<x:row r="2"><x:c r="B2"' in unpack(data)[SHEET]


def test_relationships_and_types_with_prefixes() -> None:
    package = parts()
    for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"):
        package[name] = re.sub(r"<(/?)(?=[A-Z])", r"<\1p:", package[name]).replace("xmlns=", "xmlns:p=")
    assert load(annotate(package, mark("A1")).data).sheetnames == ["复核结果", "问题清单", "自评表"]


def test_absolute_targets_and_odd_names() -> None:
    package = parts()
    package["xl/_rels/workbook.xml.rels"] = rels(
        ("R1a", f"{REL}/worksheet", "/xl/das/blatt eins.xml"), ("R2", f"{REL}/styles", "/xl/das/stil.xml")
    )
    package["xl/workbook.xml"] = package["xl/workbook.xml"].replace('r:id="rId1"', 'r:id="R1a"')
    for old, new in ((SHEET, "xl/das/blatt eins.xml"), ("xl/styles.xml", "xl/das/stil.xml")):
        package[new] = package.pop(old)
        package["[Content_Types].xml"] = package["[Content_Types].xml"].replace(old, new)
    # openpyxl knows style sheets by their usual name alone, so the parts are looked at.
    copy = unpack(annotate(package, mark("A1", part="xl/das/blatt eins.xml")).data)
    assert b"comments1.xml" in copy["xl/das/_rels/blatt eins.xml.rels"]
    assert b'<c r="A1" s="%d"' % (len(STYLES) + 2) in copy["xl/das/blatt eins.xml"]
    assert copy["xl/das/stil.xml"].count(b"FFC7CE") == 1
    assert "xl/styles.xml" not in copy


def test_part_names_differ_in_case_from_references() -> None:
    package = {name.upper() if name.startswith("xl/") else name: part for name, part in parts().items()}
    copy = unpack(annotate(package, mark("A1")).data)
    assert b'<c r="A1" s="' in copy["XL/WORKSHEETS/SHEET1.XML"]
    assert len({name.lower() for name in copy}) == len(copy)


def test_strict_packages_stay_strict() -> None:
    strict = {
        MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
        REL: "http://purl.oclc.org/ooxml/officeDocument/relationships",
    }
    package = parts()
    for name, part in package.items():
        for transitional, other in strict.items():
            part = part.replace(transitional, other)
        package[name] = part
    copy = unpack(annotate(package, mark("A1")).data)
    for name, part in copy.items():
        assert MAIN.encode() not in part, name
        assert REL.encode() not in part, name
    relations = copy["xl/worksheets/_rels/sheet1.xml.rels"].decode()
    assert f"{strict[REL]}/vmlDrawing" in relations
    assert f"{strict[REL]}/comments" in relations


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_parts_in_other_encodings(encoding: str) -> None:
    package: dict[str, str | bytes] = dict(parts())
    for name in ("xl/workbook.xml", "xl/styles.xml", SHEET):
        package[name] = str(package[name]).replace("UTF-8", encoding).encode(encoding)
    data = annotate(package, mark("A1")).data
    assert load(data).sheetnames == ["复核结果", "问题清单", "自评表"]
    assert load(data)["自评表"]["A1"].comment.text == "得分不符"


def test_comments_and_cdata_within_parts() -> None:
    package = parts('<row r="1"><!-- <c r="A1"/> --><c r="A1" t="str"><v><![CDATA[<c r="B1">]]></v></c></row>')
    data = annotate(package, mark("A1"), mark("B1")).data
    sheet = load(data)["自评表"]
    assert sheet["A1"].value == '<c r="B1">'
    assert [sheet[cell].comment.text for cell in ("A1", "B1")] == ["得分不符"] * 2


# ---- cells and rows


@pytest.mark.parametrize(
    ("rows", "cells", "expected"),
    [
        ('<row><c><v>1</v></c><c s="1"/></row><row/>', ["B1"], '<row><c><v>1</v></c><c s="N"/></row><row/>'),
        ('<row><c><v>1</v></c></row>', ["C1"], '<row><c><v>1</v></c><c r="C1" s="N"/></row>'),
        ('<row><c/></row><row><c/></row>', ["A2"], '<row><c/></row><row><c s="N"/></row>'),
        ('<row><c r="A5"/></row>', ["A5"], '<row><c r="A5" s="N"/></row>'),
        ('<row r="2"><c r="b2"/></row>', ["B2"], '<row r="2"><c r="b2" s="N"/></row>'),
        ('<row r="1"><c r="D1"/></row>', ["B1"], '<row r="1"><c r="B1" s="N"/><c r="D1"/></row>'),
        ('<row r="1" spans="4:4"><c r="D1"/></row>', ["B1"], '<row r="1"><c r="B1" s="N"/><c r="D1"/></row>'),
        ('<row r="1" spans="1:4"/>', ["B1"], '<row r="1" spans="1:4"><c r="B1" s="N"/></row>'),
        ('<row r="1"/><row r="9"/>', ["A4"], '<row r="1"/><row r="4"><c r="A4" s="N"/></row><row r="9"/>'),
        ('<row r="9"/>', ["A99"], '<row r="9"/><row r="99"><c r="A99" s="N"/></row>'),
        ('<row r="9"/><row r="2"><c r="A2"/></row>', ["A2"], '<row r="9"/><row r="2"><c r="A2" s="N"/></row>'),
        ("", ["A1"], '<row r="1"><c r="A1" s="N"/></row>'),
        ("<row r='1'><c  t='n'  r = 'A1' s='1' ><v>1</v></c></row>", ["A1"],
         "<row r='1'><c  t='n'  r = 'A1' s=\"N\" ><v>1</v></c></row>"),
        ('<row r="1"><c r="A1" x=" r=\'B1\'"/><c r="B1"/></row>', ["B1"],
         '<row r="1"><c r="A1" x=" r=\'B1\'"/><c r="B1" s="N"/></row>'),
        ('<row r="1"><c r="A1"><f>B1&gt;1</f></c><c r="B1" t="str"><f>"a>b"</f></c></row>', ["B1"],
         '<row r="1"><c r="A1"><f>B1&gt;1</f></c><c r="B1" s="N" t="str"><f>"a>b"</f></c></row>'),
    ],
)  # fmt: skip
def test_cells_are_found_or_made_in_their_places(rows: str, cells: list[str], expected: str) -> None:
    copy = unpack(annotate(parts(rows), *(mark(cell, "") for cell in cells)).data)[SHEET].decode()
    body = copy[copy.index("<sheetData>") + 11 : copy.index("</sheetData>")]
    assert re.sub(r's="(?!1")\d+"', 's="N"', body) == expected


def test_rows_of_an_empty_sheet() -> None:
    package = parts()
    package[SHEET] = re.sub("<sheetData>.*</sheetData>", "<sheetData/>", package[SHEET])
    assert load(annotate(package, mark("B2")).data)["自评表"]["B2"].comment.text == "得分不符"


# ---- styles


def test_a_marked_cell_keeps_all_of_its_format() -> None:
    styles = unpack(annotate(parts(), mark("B1", "")).data)["xl/styles.xml"].decode()
    formats = re.findall(r"<xf .*?(?:/>|</xf>)", styles[styles.index("<cellXfs") :])
    assert formats[1] == (
        '<xf numFmtId="9" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyAlignment="1">'
        '<alignment horizontal="right" indent="2"/>'
    )
    fill = re.search(r'fillId="(\d+)"', formats[-1])[1]
    assert formats[-1] == (
        f'<xf applyFill="1" numFmtId="9" fontId="0" fillId="{fill}" borderId="0" xfId="0" quotePrefix="1"'
        ' applyAlignment="1"><alignment horizontal="right" indent="2"/>'
    )
    fills = re.findall("<fill>.*?</fill>", styles)
    assert "FFFFC7CE" in fills[int(fill)]


def test_counts_of_the_style_sheet_are_right() -> None:
    styles = unpack(annotate(parts(), mark("B1"), mark("A1", severity=Severity.INFO)).data)["xl/styles.xml"].decode()
    for section, item in (("fonts", "font"), ("fills", "fill"), ("borders", "border"), ("cellXfs", "xf")):
        match = re.search(rf'<{section} count="(\d+)">(.*?)</{section}>', styles)
        assert int(match[1]) == len(re.findall(rf"<{item}[ >]", match[2])), section


def test_a_package_without_styles_gets_them() -> None:
    package = parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    del package["xl/styles.xml"]
    package["xl/_rels/workbook.xml.rels"] = rels(("rId1", f"{REL}/worksheet", "worksheets/sheet1.xml"))
    override = f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}styles+xml"/>'
    package["[Content_Types].xml"] = package["[Content_Types].xml"].replace(override, "")
    data = annotate(package, mark("A1")).data
    assert override in unpack(data)["[Content_Types].xml"].decode()
    assert load(data)["自评表"]["A1"].fill.fgColor.rgb == "FFFFC7CE"
    assert children(unpack(data)["xl/styles.xml"]) == [
        "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles",
    ]  # fmt: skip


def test_a_style_sheet_that_is_named_but_missing_is_made() -> None:
    package = parts('<row r="1"><c r="A1" s="7"><v>1</v></c></row>')
    del package["xl/styles.xml"]
    assert load(annotate(package, mark("A1")).data)["自评表"]["A1"].fill.fgColor.rgb == "FFFFC7CE"


@pytest.mark.parametrize("section", ["fonts", "fills", "borders", "cellXfs"])
def test_empty_or_missing_sections(section: str) -> None:
    for empty in ("", f"<{section}/>", f'<{section} count="0"></{section}>'):
        package = parts('<row r="1"><c r="A1"><v>1</v></c></row>')
        package["xl/styles.xml"] = re.sub(f"<{section} .*</{section}>", empty, package["xl/styles.xml"])
        assert load(annotate(package, mark("A1")).data)["自评表"]["A1"].fill.fgColor.rgb == "FFFFC7CE"


def test_a_full_style_sheet_costs_the_looks_alone() -> None:
    package = parts()
    xf = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    package["xl/styles.xml"] = package["xl/styles.xml"].replace("</cellXfs>", xf * 63_990 + "</cellXfs>")
    marks = [mark(f"A{row}", "") for row in range(1, 3)]
    result = annotate(package, *marks)
    assert result.notes == ("工作簿的单元格格式已接近 64000 种的上限，新增的工作表未设格式。",)
    package["xl/styles.xml"] = package["xl/styles.xml"].replace("</cellXfs>", xf * 8 + "</cellXfs>")
    assert annotate(package, *marks).notes == (
        "工作簿的单元格格式已接近 64000 种的上限，部分单元格未能填色，请以批注和问题清单为准。",
        "工作簿的单元格格式已接近 64000 种的上限，新增的工作表未设格式。",
    )


# ---- what must not be carried, what must stay


def test_a_signature_is_dropped_and_said() -> None:
    package = parts()
    package["_rels/.rels"] = package["_rels/.rels"].replace(
        "</Relationships>",
        '<Relationship Id="rId9" Target="_xmlsignatures/origin.sigs"'
        ' Type="http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"/></Relationships>',
    )
    package["_xmlsignatures/origin.sigs"] = ""
    package["_xmlsignatures/_rels/origin.sigs.rels"] = rels(
        ("rId1", f"{PACKAGE_REL}/digital-signature/signature", "sig1.xml")
    )
    package["_xmlsignatures/sig1.xml"] = "<Signature/>"
    declare(
        package, "_xmlsignatures/sig1.xml", "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"
    )
    result = annotate(package, mark("A1"))
    assert result.notes == ("原文件带有数字签名：加了复核内容的副本无法保留签名，已去除；签名请以原文件为准。",)
    copy = unpack(result.data)
    assert not any("signature" in name for name in copy)
    assert b"ignature" not in copy["[Content_Types].xml"] + copy["_rels/.rels"]


DDE = f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"><ddeItems/></ddeLink></externalLink>'
BOOK = f'<externalLink xmlns="{MAIN}" xmlns:r="{REL}"><externalBook r:id="rId1"/></externalLink>'
DDE_NOTE = "原文件含有 DDE 链接（可启动其他程序），副本中已去除；引用它的公式保留为原有的值。"


def with_links(*links: str, rows: str) -> dict[str, str]:
    package = parts(rows)
    references, relations = "", ""
    for number, link in enumerate(links, 1):
        part = f"externalLinks/externalLink{number}.xml"
        package[f"xl/{part}"] = HEAD + link
        declare(package, f"xl/{part}", TYPE + "externalLink+xml")
        references += f'<externalReference r:id="rId5{number}"/>'
        relations += f'<Relationship Id="rId5{number}" Type="{REL}/externalLink" Target="{part}"/>'
    package["xl/workbook.xml"] = package["xl/workbook.xml"].replace(
        "</sheets>",
        f"</sheets><externalReferences>{references}</externalReferences>"
        '<definedNames><definedName name="值">[1]!X</definedName></definedNames>',
    )
    relations += f'<Relationship Id="rId60" Type="{REL}/calcChain" Target="calcChain.xml"/>'
    package["xl/calcChain.xml"] = HEAD + f'<calcChain xmlns="{MAIN}"><c r="A1" i="1"/></calcChain>'
    declare(package, "xl/calcChain.xml", TYPE + "calcChain+xml")
    package["xl/_rels/workbook.xml.rels"] = package["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>", relations + "</Relationships>"
    )
    return package


def test_a_dde_link_is_dropped_with_its_formulas() -> None:
    result = annotate(
        with_links(DDE, rows='<row r="1"><c r="A1"><f>[1]!X</f><v>12</v></c><c r="B1"><f>1+1</f></c></row>')
    )
    assert result.notes == (DDE_NOTE,)
    copy = unpack(result.data)
    assert not any("externalLink" in name or "calcChain" in name for name in copy)
    assert b"externalReference" not in copy["xl/workbook.xml"]
    assert b'<definedName name="\xe5\x80\xbc">#REF!</definedName>' in copy["xl/workbook.xml"]
    assert b'<c r="A1"><v>12</v></c><c r="B1"><f>1+1</f></c>' in copy[SHEET]
    for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        assert b"externalLink" not in copy[name]
        assert b"calcChain" not in copy[name]


def test_a_dde_link_before_another_leaves_a_link_to_nothing() -> None:
    package = with_links(DDE, BOOK, rows='<row r="1"><c r="A1"><f>[2]Sheet1!A1</f><v>12</v></c></row>')
    copy = unpack(annotate(package).data)
    assert b"ddeLink" not in copy["xl/externalLinks/externalLink1.xml"]
    assert b"xlPathMissing" in copy["xl/externalLinks/_rels/externalLink1.xml.rels"]
    assert copy["xl/workbook.xml"].count(b"<externalReference ") == 2
    assert b"<f>[2]Sheet1!A1</f>" in copy[SHEET]


def test_other_outside_links_stay() -> None:
    package = with_links(BOOK, rows='<row r="1"><c r="A1"><f>[1]Sheet1!A1</f><v>12</v></c></row>')
    result = annotate(package)
    assert result.notes == ()
    copy = unpack(result.data)
    assert copy["xl/externalLinks/externalLink1.xml"].decode() == package["xl/externalLinks/externalLink1.xml"]
    assert b"<f>[1]Sheet1!A1</f>" in copy[SHEET]


def test_dde_written_out_in_a_formula() -> None:
    rows = '<row r="1"><c r="A1"><f>cmd|\'/c calc\'!A1</f><v>0</v></c><c r="B1"><f>"a|b"</f><v>1</v></c></row>'
    result = annotate(parts(rows))
    assert result.notes == (DDE_NOTE,)
    assert b'<c r="A1"><v>0</v></c><c r="B1"><f>"a|b"</f>' in unpack(result.data)[SHEET]


def test_dde_written_out_in_a_name() -> None:
    package = parts()
    package["xl/workbook.xml"] = package["xl/workbook.xml"].replace(
        "</sheets>", "</sheets><definedNames><definedName name=\"x\">cmd|'/c calc'!A1</definedName></definedNames>"
    )
    result = annotate(package)
    assert result.notes == (DDE_NOTE,)
    assert b'<definedName name="x">#REF!</definedName>' in unpack(result.data)["xl/workbook.xml"]


def test_cells_that_share_a_formula_with_dde_keep_their_values() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:B1" si="0">a|b!A1</f><v>1</v></c>'
        '<c r="B1"><f t="shared" si="0"/><v>2</v></c><c r="C1"><f t="shared" si="1"/><v>3</v></c></row>'
    )
    sheet = unpack(annotate(parts(rows)).data)[SHEET]
    assert b'<c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><f t="shared" si="1"/>' in sheet


MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


@pytest.mark.parametrize(
    ("kind", "settled", "suffix"),
    [
        (TYPE + "sheet.main+xml", TYPE + "sheet.main+xml", ".xlsx"),
        (TYPE + "template.main+xml", TYPE + "sheet.main+xml", ".xlsx"),
        (MACRO, MACRO, ".xlsm"),
        ("application/vnd.ms-excel.template.macroEnabled.main+xml", MACRO, ".xlsm"),
    ],
)
def test_the_suffix_fits_the_content(kind: str, settled: str, suffix: str) -> None:
    package = parts()
    package["[Content_Types].xml"] = package["[Content_Types].xml"].replace(TYPE + "sheet.main+xml", kind)
    result = annotate(package)
    assert result.suffix == suffix
    assert f'ContentType="{settled}"'.encode() in unpack(result.data)["[Content_Types].xml"]


@pytest.mark.parametrize(
    "name", ["xl/vbaProject.bin", "xl/cellimages.xml", "xl/media/image1.png", "customXml/item1.xml"]
)
def test_parts_that_perfxl_does_not_know_stay(name: str) -> None:
    package: dict[str, str | bytes] = {**parts(), name: b"\0\1 anything \xff"}
    before, after = (Package.open(data) for data in (pack(package), annotate(package, mark("A1")).data))
    assert bytes(after.stored(after.entry(name))) == bytes(before.stored(before.entry(name)))


# ---- the archive


def test_entries_that_lead_out_of_the_folder_are_dropped_and_said() -> None:
    package = {**parts(), "../../x.txt": "x", "/tmp/x.txt": "x", "C:\\x.txt": "x", "xl\\y.xml": "x"}
    result = annotate(package)
    assert set(unpack(result.data)) - set(parts()) == {"xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"}
    assert result.notes == ("原文件的压缩包中有 4 个条目的名称不安全（会写到文件夹以外），副本中已去除。",)


def test_a_package_whose_names_all_begin_with_a_slash() -> None:
    package = {"/" + name: part for name, part in parts().items()}
    result = annotate(package, mark("A1"))
    assert result.notes == ()
    assert load(result.data)["自评表"]["A1"].comment.text == "得分不符"


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")  # the test makes one on purpose
def test_of_two_entries_of_one_name_the_last_is_kept() -> None:
    first, second = parts(), parts('<row r="1"><c r="A1"><v>42</v></c></row>')
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(SHEET, first[SHEET])
        for name, part in second.items():
            archive.writestr(name, part)
    data = annotate(out.getvalue(), mark("A1")).data
    assert list(unpack(data)).count(SHEET) == 1
    assert load(data)["自评表"]["A1"].value == 42


def overlapping(times: int, size: int) -> bytes:
    """A package in which many entries name the same bytes, as zip bombs do."""
    noise = b"".join(zlib.crc32(number.to_bytes(4, "big")).to_bytes(4, "big") for number in range(size // 4))
    data = pack({**parts(), "xl/media/a.bin": noise})
    end = data.rindex(b"PK\5\6")
    count, length, start = struct.unpack("<HII", data[end + 10 : end + 20])
    directory = data[start : start + length]
    entry = directory[directory.rindex(b"PK\1\2") :]
    more = b"".join(entry.replace(b"a.bin", f"{number:05}".encode()) for number in range(times))
    total, size = count + times, length + len(more)
    tail = struct.pack("<HHHHIIH", 0, 0, total, total, size, start, 0)
    return data[:start] + directory + more + b"PK\5\6" + tail


def test_overlapping_entries_do_not_swell_the_copy() -> None:
    assert len(annotate(overlapping(3, 100_000)).data) > 300_000
    with pytest.raises(InputError) as caught:
        annotate(overlapping(200, 100_000 * 4))
    assert caught.value.kind == "too_large"


def test_a_damaged_part_that_must_be_changed_is_an_error() -> None:
    package = parts()
    del package[SHEET]
    with pytest.raises(InputError) as caught:
        annotate(package, mark("A1"))
    assert caught.value.kind == "corrupt"


def test_a_damaged_sheet_that_is_not_marked_is_no_matter() -> None:
    package = parts()
    package["xl/workbook.xml"] = package["xl/workbook.xml"].replace(
        "</sheets>", '<sheet name="缺" sheetId="2" r:id="rId8"/></sheets>'
    )
    package["xl/_rels/workbook.xml.rels"] = package["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        f'<Relationship Id="rId8" Type="{REL}/worksheet" Target="worksheets/no.xml"/></Relationships>',
    )
    assert annotate(package, mark("A1")).sheet_names == ("复核结果", "问题清单")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_parts_stay_whose_names_are_in_an_encoding_that_the_package_does_not_state(encoding: str) -> None:
    sheet, picture = "表".encode(encoding), "章".encode(encoding)
    places = {"~" * len(sheet): sheet, "#" * len(picture): picture}
    package = {name: part.replace("worksheets/sheet1.xml", "worksheets/表.xml") for name, part in parts().items()}
    package["xl/worksheets/{}.xml".format("~" * len(sheet))] = package.pop(SHEET)
    data = pack({**package, "xl/media/{}.png".format("#" * len(picture)): png()})
    for place, name in places.items():
        # Old programs write the bytes alone, without the flag that says UTF-8.
        data = data.replace(place.encode() + b".", name + b".")
    copy = Package.open(annotate(data, mark("A1", part="xl/worksheets/表.xml")).data)
    assert copy.part("xl/media/章.png") == png()
    assert b'<c r="A1" s="%d"' % (len(STYLES) + 2) in copy.part("xl/worksheets/表.xml")
    assert all(copy.data.count(name + b".") >= 2 for name in places.values())
