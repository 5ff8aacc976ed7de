"""What holds for every check: its words, its cases, and what its findings say and where."""

import re

import pytest

from perfxl.checks.registry import CHECKS, FAMILIES, Check, check, ordered, run_order
from perfxl.model.columns import MANUAL
from perfxl.model.finding import Finding, Severity
from perfxl.text import fold, number_text, plain_label, shown
from tests.checks.case_files import Case, cases, result

# Found while the tables of a workbook are looked for, beside an earlier submission, or among several: see
# test_workbook_findings.py, test_changes.py and test_across.py.
OF_WORKBOOKS = {"STR-14", "STR-18", "TGT-01", "STR-11", "TGT-07", "COV-01", "COV-02", "COV-03", "COV-04", "ATT-01"}
# About the table as a whole: the cell is only where to begin, and the message quotes nothing.
QUOTE_NOTHING = {"STR-01", "STR-13", "STR-15"}
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("item", ordered(), ids=lambda item: item.code)
class TestEveryCheck:
    def test_its_docstring_says_what_why_an_example_what_not_and_from_where(self, item: Check) -> None:
        lines = item.explanation.splitlines()
        assert CHINESE.search(lines[0])
        assert lines[0].endswith("。")
        headings = [line.partition("：")[0] for line in lines if re.match("[^：]{1,3}：", line)]
        assert headings == ["为什么", "例", "不报", "来源"]

    def test_what_users_read_is_chinese(self, item: Check) -> None:
        texts = [item.title, item.advice] + ([item.message] if item.code not in OF_WORKBOOKS else [])
        assert all(CHINESE.search(text) or "{" in text for text in texts)
        assert item.advice.endswith("。")
        assert not item.title.endswith("。")

    def test_its_code_names_its_family_and_module(self, item: Check) -> None:
        assert re.fullmatch(r"[A-Z]{2,4}-\d\d", item.code)
        assert item.family in FAMILIES

    def test_it_has_cases_on_both_sides(self, item: Check) -> None:
        if item.code in OF_WORKBOOKS:
            return
        own = [case for case in cases() if case.code == item.code]
        assert any(case.findings for case in own), "no case in which it speaks up"
        assert any(not case.findings for case in own), "no case in which it is silent"

    def test_it_runs_after_what_may_silence_it(self, item: Check) -> None:
        codes = [other.code for other in run_order()]
        assert all(codes.index(earlier) < codes.index(item.code) for earlier in item.unless)
        assert set(item.unless) <= set(CHECKS)


def test_every_check_is_run_once() -> None:
    assert sorted(item.code for item in run_order()) == sorted(CHECKS)


def test_a_code_is_never_given_twice() -> None:
    with pytest.raises(ValueError, match="IND-01"):
        check("IND-01", Severity.ERROR, cell="x", title="", message="", advice="")


def test_a_family_must_be_known() -> None:
    with pytest.raises(ValueError, match="ABC-01"):
        check("ABC-01", Severity.ERROR, cell="x", title="", message="", advice="")


def test_every_case_is_about_a_known_check() -> None:
    assert {case.code for case in cases()} <= set(CHECKS)


# ---------------------------------------------------------------- what findings say, over all cases

FOUND = [(case, finding) for case in cases() for finding in result(case).findings]


@pytest.fixture(params=cases(), ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    """Return each of the cases."""
    found: Case = request.param
    return found


def test_messages_are_whole(case: Case) -> None:
    for finding in result(case).findings:
        for text in (finding.message, finding.advice):
            assert not re.search(r"nan|None|NaT|[{}]|  |（）|““|inf\b", text), text
            assert text.count("“") == text.count("”")
            assert "—" not in text.replace("“—”", ""), f"a value was missing: {text}"


def test_a_finding_quotes_what_its_cell_shows(case: Case) -> None:
    for finding in result(case).findings:
        if finding.code not in QUOTE_NOTHING:
            assert finding.cell is not None, finding.message
            assert quotes(finding), f"{finding.cell.text!r} is not in {finding.message}"


def quotes(finding: Finding) -> bool:
    """Whether a message tells what stands in its cell: the text or a part, its number, its label, or that it is blank."""
    assert finding.cell is not None
    text, message = finding.cell.text, fold(finding.message)
    if not text:
        return re.search("未填写|空白|没有保存|未填", message) is not None
    if any(fold(part) in fold(text) for part in re.findall("“([^”]{2,})”", finding.message)):
        return True
    told = {fold(text), fold(shown(text)), fold(plain_label(text))}
    number = fold(text).replace(",", "").rstrip("分万元%")
    if re.fullmatch(r"-?\d+(\.\d+)?", number):
        told |= {number, number_text(float(number), 6)}
    return any(item and item in message for item in told)


@pytest.mark.parametrize(
    ("text", "message", "is_quoted"),
    [
        ("12", "得分 12 超过该指标分值 10", True),
        ("1,234.50", "全年执行数 1234.5 大于", True),
        ("13", "得分 12 超过该指标分值 10", False),
        ("", "未填写偏差原因", True),
        ("", "得分 12 超过该指标分值 10", False),
    ],
)
def test_the_test_of_quotes_sees_a_message_about_another_cell(text: str, message: str, is_quoted: bool) -> None:
    finding = FOUND[0][1]
    assert finding.cell is not None
    changed = Finding(0, "IND-01", Severity.ERROR, "", message, "", finding.cell._replace(text=text))
    assert quotes(changed) is is_quoted


def test_a_difference_is_filled_minus_expected(case: Case) -> None:
    for finding in result(case).findings:
        number = fold(finding.cell.text).rstrip("分") if finding.cell is not None else ""
        if finding.expected is None or finding.difference is None or not re.fullmatch(r"-?\d+(\.\d+)?", number):
            continue
        if finding.code in ("WGT-01", "WGT-02"):
            continue  # the sum is compared, not the cell
        assert float(number) - finding.expected == pytest.approx(finding.difference, abs=0.011), finding.message


def test_no_row_is_left_to_a_person_in_silence(case: Case) -> None:
    found = result(case)
    indicators = found.scored.indicators
    for index in indicators.index[indicators["status"] == MANUAL]:
        own = indicators.loc[index]
        refs = set(own["cells"].values())
        spoken = [item for item in found.findings if item.cell in refs or item.code == "STR-15"]
        assert spoken, f"nothing is said of row {own['row']}"


def test_one_finding_a_cell_and_check(case: Case) -> None:
    found = [(item.code, item.cell) for item in result(case).findings if item.code != "IND-07"]
    assert len(found) == len(set(found))
