"""Every check on the tables of its case file: what it finds, what it passes over, and who else speaks up."""

import pytest

from tests.checks.case_files import Case, cases, line, matters, result
from tests.checks.tables import place


@pytest.mark.parametrize("case", cases(), ids=str)
def test_case(case: Case) -> None:
    found = result(case)
    own = found.of(case.code)
    assert [place(finding.cell) for finding in own] == list(case.findings), [finding.message for finding in own]
    others = [line(finding) for finding in found.findings if finding.code != case.code and matters(finding)]
    assert others == list(case.also)
    if case.says is not None:
        assert own[0].message == case.says
    if case.severity is not None:
        assert own[0].severity == case.severity


def test_case_names_are_unique() -> None:
    names = [str(case) for case in cases()]
    assert len(names) == len(set(names))
