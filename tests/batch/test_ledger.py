"""The ledger asks nothing that takes longer the more inputs there are."""

from pathlib import Path

import pytest

from perfxl.batch.intake import Found
from perfxl.batch.ledger import Ledger
from perfxl.batch.work import Setup


def test_taking_an_input_in_never_looks_through_all_inputs(tmp_path: Path) -> None:
    asked: list[str] = []
    with Ledger(tmp_path / "结果", Setup(str(tmp_path), str(tmp_path / "结果"))) as ledger:
        ledger.connection.set_trace_callback(asked.append)
        ledger.take_in([Found("甲/表.xlsx"), Found("乙/表.xlsx")])
        ledger.connection.set_trace_callback(None)
        of_one = [query for query in asked if query.startswith("SELECT") and "WHERE" in query]
        assert len(of_one) == 4
        for query in of_one:
            plan = [step[3] for step in ledger.connection.execute(f"EXPLAIN QUERY PLAN {query}")]
            assert all(step.startswith("SEARCH inputs USING") for step in plan), (query, plan)


@pytest.mark.parametrize(("second", "place"), [("甲.xls", "annotated/甲_复核(2)"), ("乙.xls", "annotated/乙_复核")])
def test_names_that_differ_but_in_case_or_suffix_get_two_places(tmp_path: Path, second: str, place: str) -> None:
    with Ledger(tmp_path / "结果", Setup(str(tmp_path), str(tmp_path / "结果"))) as ledger:
        ledger.take_in([Found("甲.xlsx"), Found(second)])
        places = [row[0] for row in ledger.connection.execute("SELECT place FROM inputs ORDER BY input_id")]
    assert places == ["annotated/甲_复核", place]
