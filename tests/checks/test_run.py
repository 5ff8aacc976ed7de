"""How checks are run: in a batch, with a form's own settings, and one finding a cause."""

from collections import Counter
from dataclasses import replace

import pandas as pd

from perfxl.checks.registry import ordered
from perfxl.checks.run import run_checks
from perfxl.forms.definitions import NATIONAL, Forms
from perfxl.model.finding import Finding, Severity
from tests.checks.case_files import cases, line, matters, result
from tests.checks.tables import Drawing, forms_with, place, reviewed

SHORT = """
| level3   | target | actual | weight | reported_score | reason |
| 培训人次 | ≥100   | 80     | 100    | 95             |        |
"""


def with_checks(settings: dict[str, dict[str, object]]) -> Forms:
    forms = forms_with(NATIONAL, {})
    form = forms.by_id[NATIONAL]
    return Forms({**forms.by_id, NATIONAL: replace(form, rubric=replace(form.rubric, checks=settings))})


def lines(findings: list[Finding]) -> list[str]:
    return [line(finding) for finding in findings if matters(finding)]


def test_a_batch_says_of_each_table_what_it_says_alone() -> None:
    # The rubric of a case is for its own table alone.
    plain = [case for case in cases() if case.drawing.form == NATIONAL and not case.drawing.rubric]
    for case in plain[::12]:
        alone = Counter((finding.message, place(finding.cell)) for finding in reviewed(case.drawing).findings)
        found = Counter((finding.message, place(finding.cell)) for finding in result(case).findings)
        assert found == alone, case


def test_no_tables_no_findings() -> None:
    assert reviewed(Drawing(form=NATIONAL, indicators="", title="")).of("IND-01") == []
    nothing = reviewed(Drawing(indicators=SHORT))
    empty = replace(
        nothing.scored,
        tables=nothing.scored.tables.iloc[:0],
        budget=nothing.scored.budget.iloc[:0],
        indicators=nothing.scored.indicators.iloc[:0],
        groups=nothing.scored.groups.iloc[:0],
    )
    assert run_checks(empty, forms_with(None, {})) == []


def test_a_form_may_do_without_a_check_and_then_it_explains_nothing() -> None:
    drawing = Drawing(
        indicators="""
            | level3   | weight | reported_score |
            | 培训人次 | 90     | 90             |
        """,
        budget="""
            | name         | initial | adjusted | executed | weight | ratio | reported_score | reason |
            | 年度资金总额 | 100     | 125      | 100      | 10     | 100%  | 8              | 结余   |
        """,
    )
    scored = reviewed(drawing).scored
    assert lines(run_checks(scored, with_checks({}))) == ["BUD-08 budget.1.reported_ratio"]
    without = with_checks({"BUD-08": {"enabled": False}})
    assert lines(run_checks(scored, without)) == ["BUD-02 budget.1.reported_ratio"]


def test_a_form_may_set_the_severity() -> None:
    scored = reviewed(Drawing(indicators=SHORT)).scored
    found = run_checks(scored, with_checks({"IND-07": {"severity": "warning"}}))
    assert {item.code: item.severity for item in found if matters(item)} == {
        "IND-03": Severity.ERROR,
        "IND-07": Severity.WARNING,
    }


def test_nothing_is_said_of_a_table_without_a_fault() -> None:
    clean = reviewed(
        Drawing(
            indicators="""
                | level1         | level2   | level3     | target  | actual | weight | reported_score | reason                   |
                | 产出指标(50分) | 数量指标 | 培训人次   | ≥100    | 102    | 20     | 20             |                          |
                |                | 质量指标 | 合格率     | ≥90%    | 96%    | 15     | 15             |                          |
                |                | 成本指标 | 总成本     | ≤90万元 | 88万元 | 15     | 15             |                          |
                | 效益指标(30分) | 社会效益 | 知晓率     | ≥80%    | 79%    | 30     | 29.63          | 山区宣传少，明年增加场次 |
                | 满意度(10分)   | 满意度   | 学员满意度 | ≥90%    | 95%    | 10     | 10             | 问卷98份                 |
            """,
            budget="""
                | name         | initial | adjusted | executed | weight | ratio | reported_score |
                | 年度资金总额 | 100     | 100      | 100      | 10     | 100%  | 10             |
                | 财政拨款     | 100     | 100      | 100      |        |       |                |
            """,
            subtotals="""
                | level1         | reported_score |
                | 产出指标(50分) | 50             |
            """,
            total_weight="100",
            total_reported_score="99.63",
            grade="优",
        )
    )
    assert [line(finding) for finding in clean.findings] == []


def test_the_filled_values_stand_unchanged() -> None:
    found = reviewed(Drawing(indicators=SHORT))
    before, after = found.frames.indicators, found.scored.indicators
    pd.testing.assert_frame_equal(before, after[before.columns])
    pd.testing.assert_frame_equal(found.frames.tables, found.scored.tables[found.frames.tables.columns])


def test_a_hostile_text_is_quoted_on_one_line_and_cut() -> None:
    found = reviewed(
        Drawing(
            indicators=f"""
                | level3   | target | actual | weight | reported_score |
                | 培训人次 | ≥100   | 完成\u202e\u0007{"很多" * 60} | 100 | 100 |
            """
        )
    )
    (finding,) = found.of("IND-10")
    assert "\u202e" not in finding.message
    assert "\u0007" not in finding.message
    assert len(finding.message) < 150
    assert "{" not in finding.message


def test_braces_in_a_cell_are_no_fields() -> None:
    drawing = Drawing(
        indicators="""
            | level3     | target | actual       | weight | reported_score |
            | {培训人次} | ≥100   | {完成}{0.__} | 100    | 100            |
        """
    )
    (finding,) = reviewed(drawing).of("IND-10")
    assert "填报为“{完成}{0.__}”" in finding.message


MORE_MONEY = """
| name         | initial | adjusted | executed | weight | ratio | reported_score |
| 年度资金总额 | 100     | 130      | 130      | 10     | 100%  | 10             |
"""


def test_a_form_may_set_the_limit_of_a_check_for_its_own_tables() -> None:
    scored = reviewed(Drawing(indicators=SHORT, budget=MORE_MONEY)).scored
    assert "BUD-07" in [item.code for item in run_checks(scored, with_checks({}))]
    raised = run_checks(scored, with_checks({"BUD-07": {"threshold": 0.3}}))
    assert "BUD-07" not in [item.code for item in raised]


def test_a_form_may_set_the_tolerance_of_one_check() -> None:
    row = "| level3 | target | actual | weight | reported_score | reason |\n| 培训 | ≥100 | 80 | 10 | 8.3 | 汛期停课两周 |"
    scored = reviewed(Drawing(indicators=row)).scored
    assert "IND-03 1.reported_score" in lines(run_checks(scored, with_checks({})))
    assert "IND-03 1.reported_score" not in lines(run_checks(scored, with_checks({"IND-03": {"tolerance": 0.3}})))


def test_findings_come_in_the_order_in_which_checks_are_listed() -> None:
    places = {item.code: number for number, item in enumerate(ordered())}
    found = [places[item.code] for case in cases() for item in result(case).findings]
    runs = [[places[item.code] for item in result(case).findings] for case in cases()]
    assert found
    assert all(run == sorted(run) for run in runs)
