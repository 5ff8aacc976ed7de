import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from openpyxl.comments import Comment

from perfxl.model.finding import Severity
from perfxl.model.package import Package
from tests.writing.packages import (
    ISSUES,
    RESULT,
    annotate,
    children,
    load,
    mark,
    pack,
    parts,
    rich_workbook,
    unpack,
    without_marks,
)

MARKED = {"C5": Severity.ERROR, "B6": Severity.WARNING, "D2": Severity.INFO, "E4": Severity.ERROR}
CREATED = {"E13": Severity.ERROR, "F7": Severity.WARNING, "B20": Severity.INFO}


@pytest.fixture(scope="module")
def rich() -> bytes:
    return rich_workbook()


@pytest.fixture(scope="module")
def rich_copy(rich: bytes) -> bytes:
    marks = [mark(cell, f"{cell} 不符", severity) for cell, severity in {**MARKED, **CREATED}.items()]
    result = annotate(rich, *marks)
    assert result.notes == ()
    assert result.sheet_names == ("复核结果", "问题清单")
    return result.data


def stored(data: bytes) -> dict[str, bytes]:
    package = Package.open(data)
    return {entry.filename: bytes(package.stored(entry)) for entry in package.entries}


# ---- what stays


def test_untouched_parts_are_the_same_compressed_bytes(rich: bytes, rich_copy: bytes) -> None:
    before, after = stored(rich), stored(rich_copy)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",  # was selected
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }
    assert set(after) - set(before) == {"xl/worksheets/sheet4.xml", "xl/worksheets/sheet5.xml"}
    assert list(after)[: len(before)] == list(before)


def test_sheets_change_nothing_but_the_marked_cells(rich: bytes, rich_copy: bytes) -> None:
    before, after = unpack(rich), unpack(rich_copy)
    other = "xl/worksheets/sheet2.xml"
    assert after[other] == before[other].replace(b' tabSelected="1"', b"")
    form = "xl/worksheets/sheet1.xml"
    for cell in ("E13", "F7", "B20"):
        assert f'<c r="{cell}"'.encode() not in before[form]
    created = without_marks(after[form], {*MARKED, *CREATED})
    created = created.replace(b'<row r="20"><c r="B20"/></row>', b"")
    for cell in ("E13", "F7"):
        created = created.replace(f'<c r="{cell}"/>'.encode(), b"")
    created = re.sub(rb'(<row r="13"[^>]*)></row>', rb"\1/>", created)  # was stored without cells
    assert created == without_marks(before[form], set(MARKED))


def test_values_styles_and_formulas_of_all_cells_stay(rich: bytes, rich_copy: bytes) -> None:
    before, after = load(rich), load(rich_copy)
    colors = {Severity.ERROR: "FFFFC7CE", Severity.WARNING: "FFFFEB9C", Severity.INFO: "FFDDEBF7"}
    for sheet in before.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                copy = after[sheet.title][cell.coordinate]
                assert copy.value == cell.value
                if sheet.title == "自评表" and cell.coordinate in CREATED:
                    continue
                for aspect in ("font", "border", "alignment", "number_format", "protection"):
                    assert repr(getattr(copy, aspect)) == repr(getattr(cell, aspect)), (cell.coordinate, aspect)
                if sheet.title != "自评表" or cell.coordinate not in MARKED | CREATED:
                    assert repr(copy.fill) == repr(cell.fill)
    for cell, severity in (MARKED | CREATED).items():
        assert after["自评表"][cell].fill.fgColor.rgb == colors[severity]
    # Created cells look as their row or column made them look while they were blank.
    assert after["自评表"]["E13"].number_format == "0.0%"
    assert after["自评表"]["F7"].border.left.style == "thin"


def test_cached_values_stay(rich_copy: bytes) -> None:
    assert b"<f>B5*10</f><v>2.5</v>" in unpack(rich_copy)["xl/worksheets/sheet1.xml"]


def test_comments_stay_and_ours_are_added(rich: bytes, rich_copy: bytes) -> None:
    comments = {
        cell.coordinate: cell.comment.text
        for row in load(rich_copy)["自评表"].iter_rows()
        for cell in row
        if isinstance(cell.comment, Comment)
    }
    assert comments == {
        "D2": "原批注\nD2 不符",
        "D9": "另一条",
        **{cell: f"{cell} 不符" for cell in (*MARKED, *CREATED) if cell != "D2"},
    }
    drawing = unpack(rich_copy)["xl/drawings/vmlDrawing1.vml"]
    old = unpack(rich)["xl/drawings/vmlDrawing1.vml"]
    assert drawing.startswith(old[: old.rindex(b"</xml>")])
    assert drawing.count(b'ObjectType="Note"') == 2 + len(MARKED) - 1 + len(CREATED)


# ---- the new sheets


def test_new_sheets_come_first_and_the_copy_opens_on_the_first(rich_copy: bytes) -> None:
    book = load(rich_copy)
    assert book.sheetnames == ["复核结果", "问题清单", "自评表", "附表 1", "去年", "图"]
    assert book.active.title == "复核结果"
    selected = [name for name, part in unpack(rich_copy).items() if b'tabSelected="1"' in part]
    assert selected == ["xl/worksheets/sheet4.xml"]
    assert [sheet.sheet_state for sheet in book.worksheets][-1] == "hidden"


def test_names_of_single_sheets_move_along(rich_copy: bytes) -> None:
    book = load(rich_copy)
    assert book["自评表"].print_area == "'自评表'!$A$1:$H$12"
    assert book["自评表"].print_title_rows == "$1:$1"
    assert book["附表 1"].defined_names["本表名"].attr_text == "'附表 1'!$A$1"
    assert book["附表 1"].auto_filter.ref == "A1:A3"
    assert book.defined_names["总分"].attr_text == "自评表!$D$11"


def test_first_visible_tab_is_the_first(rich_copy: bytes) -> None:
    workbook = unpack(rich_copy)["xl/workbook.xml"]
    assert b"firstSheet" not in workbook
    assert b'activeTab="0"' in workbook


def test_taken_names_stay_with_the_submission() -> None:
    package = parts()
    package["xl/workbook.xml"] = package["xl/workbook.xml"].replace('name="自评表"', 'name="复核结果"')
    result = annotate(package)
    assert result.sheet_names == ("复核结果(2)", "问题清单")
    assert load(result.data).sheetnames == ["复核结果(2)", "问题清单", "复核结果"]


def test_the_same_input_gives_the_same_bytes(rich: bytes) -> None:
    assert annotate(rich, mark("C5")).data == annotate(rich, mark("C5")).data


def test_a_copy_does_not_depend_on_those_made_before() -> None:
    first = annotate(parts(), mark("A1")).data
    other = annotate(parts(), mark("B1", severity=Severity.INFO), mark("C9", "别的")).data
    assert other != first
    assert annotate(parts(), mark("A1")).data == first


def test_nothing_asked_changes_nothing() -> None:
    data = pack(parts())
    assert stored(annotate(data, sheets=()).data) == stored(data)


def test_new_sheet_links_lead_to_submitted_cells() -> None:
    data = annotate(parts()).data
    assert load(data)["问题清单"]["A1"].hyperlink.location == "'自评表'!B2"


# ---- several marks, merged cells


def test_marks_of_one_cell_are_taken_together() -> None:
    data = annotate(parts(), mark("A1", "一", Severity.INFO), mark("A1", "二", Severity.ERROR)).data
    cell = load(data)["自评表"]["A1"]
    assert cell.comment.text == "一\n二"
    assert cell.fill.fgColor.rgb == "FFFFC7CE"


def test_a_mark_within_a_merged_range_goes_to_its_top_left_cell() -> None:
    package = parts(after='<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>')
    data = annotate(package, mark("B2")).data
    assert load(data)["自评表"]["A1"].comment.text == "得分不符"
    assert b'<c r="B2"' not in unpack(data)["xl/worksheets/sheet1.xml"]


def test_a_mark_without_a_note_is_a_fill_alone() -> None:
    data = annotate(parts(), mark("A1", "")).data
    assert load(data)["自评表"]["A1"].comment is None
    assert "xl/comments1.xml" not in unpack(data)


# ---- the order of elements


ORDER = [
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
]  # fmt: skip


def test_elements_of_every_sheet_stand_in_the_order_of_the_schema(rich_copy: bytes) -> None:
    for name, part in unpack(rich_copy).items():
        if name.startswith("xl/worksheets/sheet"):
            places = [ORDER.index(child) for child in children(part)]
            assert places == sorted(places), name


def alternative(element: str) -> str:
    return (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="x14">{element}</mc:Choice></mc:AlternateContent>'
    )


@pytest.mark.parametrize(
    "after",
    [
        "",
        '<drawing r:id="rId9"/>',
        '<legacyDrawingHF r:id="rId9"/>',
        '<tableParts count="0"/>',
        '<extLst><ext uri="x"/></extLst>',
        '<drawing r:id="rId9"/>' + alternative("<controls/>"),
        alternative("<drawing/>") + "<oleObjects/>",
    ],
)
def test_the_link_to_comments_stands_where_the_schema_wants_it(after: str) -> None:
    data = annotate(parts(after='<pageMargins left="1"/>' + after), mark("A1")).data
    found = children(unpack(data)["xl/worksheets/sheet1.xml"])
    place = found.index("legacyDrawing")
    before = {"sheetData", "pageMargins", "drawing"} | ({"AlternateContent"} if "oleObjects" in after else set())
    assert set(found[:place]) <= before
    assert not set(found[place + 1 :]) & {"drawing", "pageMargins"}


# ---- the package


def test_sizes_and_checksums_stand_in_front_of_each_part(rich_copy: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(rich_copy)) as archive:
        for entry in archive.infolist():
            head = rich_copy[entry.header_offset :][:30]
            assert entry.flag_bits & 0x8 == 0
            assert int.from_bytes(head[14:18], "little") == entry.CRC
            assert int.from_bytes(head[18:22], "little") == entry.compress_size
            assert int.from_bytes(head[22:26], "little") == entry.file_size


def test_every_part_has_a_content_type_and_every_relationship_a_part(rich_copy: bytes) -> None:
    package = unpack(rich_copy)
    types = etree.fromstring(package["[Content_Types].xml"])
    overrides = [child.get("PartName") for child in types if child.tag.endswith("Override")]
    suffixes = {child.get("Extension") for child in types if child.tag.endswith("Default")}
    assert len(overrides) == len(set(overrides))
    assert {name.lstrip("/") for name in overrides} <= set(package)
    for name in package:
        assert "/" + name in overrides or name.rpartition(".")[2] in suffixes
    for relation in etree.fromstring(package["xl/_rels/workbook.xml.rels"]):
        target = relation.get("Target")
        assert (target.lstrip("/") if target.startswith("/") else "xl/" + target) in package


# ---- LibreOffice

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.libreoffice
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_copy_without_loss(rich: bytes, rich_copy: bytes, tmp_path: Path) -> None:
    for name, data in (("before", rich), ("after", rich_copy)):
        (tmp_path / f"{name}.xlsx").write_bytes(data)
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx",
         "--outdir", tmp_path / "out", tmp_path / "before.xlsx", tmp_path / "after.xlsx"],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    before = load((tmp_path / "out" / "before.xlsx").read_bytes())
    after = load((tmp_path / "out" / "after.xlsx").read_bytes())
    assert after.sheetnames == [RESULT.name, ISSUES.name, *before.sheetnames]
    for sheet in before.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert after[sheet.title][cell.coordinate].value == cell.value
    form = after["自评表"]
    assert form["D2"].comment.text == "原批注\nD2 不符"
    assert form["C5"].comment.text == "C5 不符"
    assert form["C5"].fill.fgColor.rgb == "FFFFC7CE"
    assert len(form._charts) == len(before["自评表"]._charts) == 1
    assert len(form._images) == len(before["自评表"]._images)
    assert form.data_validations.count == before["自评表"].data_validations.count
