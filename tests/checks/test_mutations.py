"""One fault at a time in a form without any: that check speaks at that cell, and no other says more than a hint."""

from functools import cache

import pytest

from perfxl.checks.registry import CHECKS
from perfxl.forms.definitions import load_forms
from perfxl.model.cells import a1
from perfxl.model.finding import Finding, Severity
from perfxl.pipeline import review
from tests.checks.case_files import OF_WORKBOOKS
from tests.checks.clean_forms import FORMS, Edit
from tests.reading.sheets import draw

ROWS = range(13, 21)
NO_WEIGHTS = {"A13": "产出指标", "A18": "效益指标", "A20": "满意度指标", **{f"F{row}": "" for row in range(12, 22)}}
NO_POINTS = {**NO_WEIGHTS, "F6": "", "H6": "", "H21": "", **{f"G{row}": "" for row in range(12, 22)}}
EQUAL_WEIGHTS = {
    "A13": "产出指标", "A18": "效益指标", "A20": "满意度指标", "G21": "99.46",
    **{f"{column}{row}": "11.25" for column in "FG" for row in ROWS}, "G18": "11.11",
}  # fmt: skip
HIGH_TARGETS = {
    "C13": "授课覆盖率", "D13": "≥95%", "E13": "96%", "C14": "教材发放率", "D14": "≥98%", "E14": "99%", "D15": "≥95%",
    "D18": "≥95%", "E18": "96%", "G18": "15", "H18": "", "D20": "≥95%", "E20": "96%", "G21": "99.6",
}  # fmt: skip


def project(**cells: str) -> Edit:
    return Edit("project", cells)


def department(**cells: str) -> Edit:
    return Edit("department", cells)


def split(**cells: str) -> Edit:
    return Edit("split", cells)


# Code, place of the finding, and the form with the one fault; what else must change for the rest to stay right
# stands beside it.
MUTATIONS: tuple[tuple[str, str, Edit], ...] = (
    ("STR-01", "A1", project(**{f"{column}{row}": "" for column in "ABCDEFGH" for row in ROWS})),
    ("STR-02", "G12", project(H12="", H18="", H20="", H21="", G18="14.81")),
    ("STR-03", "F4", project(F4="")),
    ("STR-03", "B3", department(B3="")),
    ("STR-04", "A12", project(A18="产出指标", A13="产出指标", A20="满意度指标")),
    ("STR-05", "A12", project(B17="数量指标", C17="教材套数", D17="≥300套", E17="310套")),
    ("STR-06", "A12", project(A13="产出指标", A20="产出指标", B20="数量指标", C20="教材册数", D20="≥90册", E20="93册")),
    ("STR-07", "E15", project(E15="")),
    ("STR-07", "G11", split(G11="")),
    ("STR-08", "B3", project(B3="XX项目")),
    ("STR-09", "E11", project(E11="已完成。")),
    ("STR-10", "B22", project(B22="无", B23="暂无")),
    ("STR-12", "A1", Edit("project", {"A1": "2023年度项目支出绩效自评表"}, sheet="2021年")),
    ("STR-13", "A1", project(A13="甲类(50分)", A18="乙类(30分)", A20="丙类(10分)")),
    ("STR-15", "C12", project(**NO_POINTS)),
    ("STR-16", "F6", split(F6="", F7="", I6="", J6="", I14="86.25")),
    ("STR-17", "G21", project(G21="")),
    ("UNIT-01", "E6", project(E6="960000")),
    ("UNIT-02", "E15", project(E15="'0.96")),
    ("UNIT-03", "E17", project(E17="98%")),
    ("UNIT-04", "G14", project(G14="'8")),
    ("UNIT-05", "E14", project(E14="305人次_")),
    ("UNIT-06", "G17", Edit("project", formulas={f"G{row}": f"F{row}" for row in (13, 14, 15, 18, 20)})),
    ("UNIT-07", "G14", project(G14="#REF!")),
    ("UNIT-08", "G14", project(G14="=?")),
    ("UNIT-09", "G6", project(G6="#DIV/0!")),
    ("UNIT-10", "G21", project(G21="=?")),
    ("BUD-01", "E6", project(E6="97", G6="97.00%", H6="9.7", G21="99.51")),
    ("BUD-02", "G6", project(G6="97.00%")),
    ("BUD-03", "H6", project(H6="9.8", G21="99.61")),
    ("BUD-04", "E6", project(E6="104", E7="84", G6="104.00%", H6="10", G21="99.81")),
    ("BUD-05", "G6", project(E6="85", E7="65", G6="85.00%", H6="8.5", G21="98.31")),
    (
        "BUD-06",
        "D6",
        project(C6="", C7="", C8="", C9="", D6="0", D7="0", D8="0", D9="0", G6="", H6="", G21="89.81", H21="良"),
    ),
    ("BUD-07", "D6", project(C6="70", C7="50")),
    ("BUD-08", "G6", project(C6="120", C7="100", G6="80.00%")),
    ("BUD-09", "E6", project(E6="75", E7="55", G6="75.00%", H6="7.5", G21="97.31", B22="合同尾款待支付。")),
    ("BUD-10", "E6", project(E6="93", E7="73", G6="93.00%", H6="9.3", G21="99.11")),
    ("BUD-11", "E6", project(E6="45", E7="25", G6="45.00%", H6="4.5", G21="94.31", B22="预算执行正常。")),
    ("BUD-12", "E9", project(E9="约3万")),
    ("BUD-13", "C6", project(D6="", D7="", D8="", D9="")),
    # The name of the total is gone, its points stand beside the first source.
    ("BUD-14", "H5", project(**{f"{column}6": "" for column in "BCDEFGH"}, F7="10", H7="9.6")),
    ("BUD-15", "D6", project(D5="核定数")),
    ("BUD-16", "H6", project(F5="", F6="", F7="", F8="", F9="")),
    ("NA-01", "G13", department(F13="0", G13="本年无新增预算项目", F18="46.5", F19="95.5")),
    ("NA-02", "G13", department(G13="本年无新增预算项目")),
    ("NA-03", "G16", department(F16="0", G16="本年未开展资产盘点", F18="48.5", F19="97.5")),
    ("IND-01", "G14", project(G14="9", G21="100.41")),
    ("IND-01", "I9", split(I9="21", I14="97.15")),
    ("IND-02", "G14", project(G14="满分")),
    ("IND-03", "G18", project(G18="15", H18="", G21="99.6")),
    ("IND-03", "I12", split(I12="30", J12="", I14="99.9")),
    ("IND-04", "G14", project(G14="7", G21="98.41")),
    ("IND-05", "E14", project(E14="405人次")),
    ("IND-06", "E14", project(D14="=300人次")),
    ("IND-07", "H18", project(H18="")),
    ("IND-07", "J12", split(J12="")),
    ("IND-07", "G15", department(G15="")),
    ("IND-08", "H18", project(H18="疫情影响")),
    ("IND-09", "H14", project(H14="第十二期培训未完成")),
    ("IND-10", "E14", project(E14="达标")),
    ("IND-11", "G19", project(E19="部分达成预期指标", G19="13", H19="制度还在征求意见，次年印发", G21="97.41")),
    ("IND-12", "D14", project(D14="≥12期，≥300人次")),
    ("IND-13", "D14", project(D14="≥0人次")),
    ("IND-14", "E12", project(E14="300人次", E15="90%", E17="8万元", E20="90%")),
    ("IND-15", "G21", project(E6="100", E7="80", G6="100.00%", H6="10", E18="81%", G18="15", H18="", G21="100")),
    ("IND-16", "E14", project(E14="-305人次")),
    ("IND-17", "E15", project(C15="合格率", E15="106%")),
    ("IND-18", "E20", project(H20="")),
    ("IND-19", "G14", project(**NO_WEIGHTS, E14="0人次")),
    ("IND-20", "G14", project(E14="工5%")),
    ("WGT-01", "F21", project(F14="7", G14="7", A13="产出指标", G21="98.41", F21="99")),
    ("WGT-02", "A13", project(A13="产出指标(48分)")),
    ("WGT-03", "E16", department(E16="2", F16="2", E17="13", F17="13")),
    ("WGT-04", "F14", project(C14="不涉及")),
    (
        "WGT-05",
        "H11",
        split(
            H10="10",
            I10="10",
            H9="15",
            I9="15",
            H11="45",
            I11="45",
            H12="15",
            I12="13.13",
            H13="5",
            I13="5",
            I14="98.03",
        ),
    ),
    ("WGT-06", "F12", project(**EQUAL_WEIGHTS)),
    ("WGT-07", "G21", project(G21="98.41")),
    ("WGT-07", "I14", split(I14="97.15")),
    ("WGT-07", "F19", department(F19="99.5")),
    ("WGT-08", "F12", department(F12="48")),
    ("WGT-09", "H21", project(H21="良")),
    ("WGT-10", "G18", project(G18="14.813")),
    ("TGT-02", "D19", project(D19="显著提升")),
    ("TGT-03", "C14", project(C14="培训经费", D14="100万元", E14="100万元")),
    ("TGT-04", "C18", project(C18="用人单位满意度")),
    ("TGT-05", "D17", project(D17="≥7万元")),
    ("TGT-06", "A9", split(A11="效益指标", B11="经济效益指标")),
    ("TGT-08", "B11", project(B11="举办培训12场，培训300人次；建设实训田40亩。")),
    ("TGT-09", "D12", project(**HIGH_TARGETS)),
    ("DPT-01", "F9", department(G9="支出率为107.79%")),
    (
        "TXT-05",
        "E11",
        project(
            E14="0人次",
            G14="0",
            H14="第二批学员因汛情没有到场，次年补训",
            E11="各项任务全部完成，培训12场。",
            G21="91.41",
        ),
    ),
    ("TXT-06", "H18", project(H18="两期学员推迟考证，扣减1份，次年一季度补考")),
)
CLEAN = tuple(Edit(form) for form in FORMS)


@cache
def results() -> dict[int, list[Finding]]:
    """Return what is found in every form; all are reviewed in one go."""
    edits = [*CLEAN, *(edit for _, _, edit in MUTATIONS)]
    reviewed = review([edit.workbook() for edit in edits], load_forms())
    by_table: dict[int, list[Finding]] = {}
    for finding in reviewed.findings:
        by_table.setdefault(finding.table_id, []).append(finding)
    return {
        id(edit): [item for table in reviewed.table_ids(number) for item in by_table.get(table, [])]
        for number, edit in enumerate(edits)
    }


def line(finding: Finding) -> str:
    return f"{finding.code} {str(finding.cell).rpartition('!')[2]}"


@pytest.mark.parametrize("clean", CLEAN, ids=lambda edit: edit.form)
def test_nothing_at_all_is_said_of_a_clean_form(clean: Edit) -> None:
    assert [line(item) for item in results()[id(clean)]] == []


@pytest.mark.parametrize(
    ("code", "place", "edit"), MUTATIONS, ids=lambda value: value if isinstance(value, str) else value.form
)
def test_one_fault_is_one_finding_at_its_cell(code: str, place: str, edit: Edit) -> None:
    found = results()[id(edit)]
    assert [line(item) for item in found if item.code == code] == [f"{code} {place}"]
    assert [line(item) for item in found if item.code != code and item.severity is not Severity.INFO] == []


def test_every_check_has_a_mutation() -> None:
    assert {code for code, *_ in MUTATIONS} == set(CHECKS) - OF_WORKBOOKS


def test_columns_in_another_order_are_a_hint_and_nothing_else() -> None:
    cells = draw(FORMS["project"]).cells
    swapped = {}
    for row in range(12, 21):
        for one, other in ((4, 6), (6, 4)):
            cell = cells.get((row, other))
            swapped[a1(row, one)] = cell.text if cell is not None else ""
    reviewed = review([Edit("project", swapped).workbook()], load_forms())
    assert [(line(item), item.severity) for item in reviewed.findings] == [("STR-02 E12", Severity.INFO)]


def test_a_form_in_other_words_is_one_of_its_own_and_not_altered() -> None:
    without_reasons = {"H12": "", "H18": "", "H20": "", "H21": "", "G18": "14.81"}
    words = {"C12": "具体指标", "D12": "绩效目标值", "E12": "完成情况", "F12": "权重", "G12": "自评分"}
    altered, own = Edit("project", without_reasons), Edit("project", {**without_reasons, **words})
    found = review([altered.workbook(), own.workbook()], load_forms())
    assert found.scored.tables["form"].tolist() == ["national-project-2020"] * 2
    assert [item.table_id for item in found.findings if item.code == "STR-02"] == [0]
