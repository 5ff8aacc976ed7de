"""Files in a run do not get in each other's way."""

from pathlib import Path

import pytest

from perfxl import session
from perfxl.errors import OutputError
from perfxl.forms.definitions import load_forms
from perfxl.pipeline import review
from tests.workbooks import project_form


def test_a_file_that_makes_the_review_fail_is_named_and_the_others_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [project_form(tmp_path / name) for name in ("甲.xlsx", "乙.xlsx", "丙.xlsx")]

    def failing(books: list[object], *rest: object) -> object:
        if any(book.path.stem == "乙" for book in books):  # type: ignore[attr-defined]  # workbooks
            raise ZeroDivisionError("fault")
        return review(books, *rest)  # type: ignore[arg-type]  # as the session calls it

    monkeypatch.setattr(session, "review", failing)
    results = list(session.score_files(paths, load_forms(), form=None, output=None, is_annotated=False))
    errors = [result.document["error"] for result in results]
    assert [error is None for error in errors] == [True, False, True]
    assert errors[1]["kind"] == "corrupt"
    assert "ZeroDivisionError" in errors[1]["message"]


def test_many_files_in_chunks_keep_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_CHUNK", 2)
    paths = [project_form(tmp_path / f"{number}.xlsx") for number in range(5)]
    paths.insert(3, tmp_path / "没有.xlsx")
    results = list(session.score_files(paths, load_forms(), form=None, output=None, is_annotated=False))
    assert [Path(result.document["input"]["path"]) for result in results] == paths
    totals = [result.document["tables"][0]["total"]["score"] for result in results if not result.document["error"]]
    assert totals == [99.5] * 5


def test_an_output_folder_that_is_a_file_is_an_output_error_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = project_form(tmp_path / "自评表.xlsx")
    monkeypatch.setattr(session, "open_isolated", lambda *given: pytest.fail("a file was read"))
    blocker = tmp_path / "占位"
    blocker.write_text("x", encoding="utf-8")
    with pytest.raises(OutputError):
        list(session.score_files([form], load_forms(), form=None, output=blocker, is_annotated=True))


def test_an_input_is_never_overwritten_by_a_copy(tmp_path: Path) -> None:
    form = project_form(tmp_path / "自评表.xlsx")
    other = project_form(tmp_path / "自评表_复核.xlsx")
    before = other.read_bytes()
    results = list(session.score_files([form, other], load_forms(), form=None, output=None, is_annotated=True))
    assert other.read_bytes() == before
    assert Path(results[0].document["output"]).name == "自评表_复核(2).xlsx"
