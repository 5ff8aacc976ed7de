"""Whatever arrives ends with a result or one plain sentence, and nothing else is harmed."""

import json
import os
import time
from pathlib import Path
from zipfile import ZipFile

import pytest

from perfxl.cli import run
from perfxl.reading.open_workbook import open_workbook
from perfxl.writing.own_sheets import is_own_sheet
from tests.hostile.cases import CANARY, CASES, READS, Case

_SECONDS = 60  # a file takes three at most, but a shared machine may be busy


def texts(copy: Path) -> str:
    """Return all XML of an output as one text; reading it holds each part against its checksum."""
    with ZipFile(copy) as package:
        assert not [name for name in package.namelist() if name.startswith("/") or ".." in name or ":" in name]
        parts = [name for name in package.namelist() if name.lower().endswith((".xml", ".rels", ".vml"))]
        return "\n".join(package.read(name).decode("utf-8", "replace") for name in parts)


def hold_output(copy: Path, case: Case) -> None:
    """Look through a copy; with our own reader, for the submission's parts are in it with all their faults."""
    own = [grid for grid in open_workbook(copy).grids if is_own_sheet(grid)]
    assert len(own) == 2
    for grid in own:
        for cell in grid.cells.values():
            assert cell.formula is None
            assert len(cell.text) <= 32_767
            assert not [word for word in case.without if word in cell.text]
    everything = texts(copy)
    assert not [word for word in case.gone if word in everything]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_comes_of_it(case: Case, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    out.mkdir()
    path = folder / case.name
    path.write_bytes(case.make())
    (folder / "canary.txt").write_text(CANARY, encoding="utf-8")
    before = path.read_bytes(), path.stat().st_mtime_ns
    start = time.monotonic()
    code = run(["score", "--json", "-o", str(out), str(path)])
    said = capfd.readouterr()
    plain_code = run(["score", "--no-annotate", str(path)])
    plain = capfd.readouterr()
    assert time.monotonic() - start < _SECONDS
    (line,) = said.out.splitlines()
    document = json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    error = document["error"]
    outcome = error["kind"] if error else READS
    assert outcome in case.outcomes
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert said.err == plain.err == ""
    everything = said.out + plain.out
    assert CANARY not in everything
    assert not {"\x1b", "\x9b", "\u202e"} & set(everything)
    assert not [word for word in case.without if word in everything]
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} - {case.name, "canary.txt"} == {
        copy.name for copy in out.iterdir()
    }
    if error:
        assert (code, plain_code) == (3, 3)
        assert error["message"]
        assert "\n" not in error["message"] + error["advice"]
        assert list(out.iterdir()) == []
        return
    assert (code, plain_code) in ((0, 0), (1, 1))
    assert sum(len(table["indicators"]) for table in document["tables"]) == case.rows
    found = [*document["findings"], *(finding for table in document["tables"] for finding in table["findings"])]
    notes = "\n".join([*document["notes"], *(f"{one['code']} {one['cell']} {one['message']}" for one in found)])
    assert case.says in notes
    hold_output(Path(document["output"]), case)


@pytest.mark.skipif(os.name != "posix", reason="Windows needs a right for links")
@pytest.mark.parametrize(("make", "kind"), [
    (lambda path: path.symlink_to("nothing.xlsx"), "not_found"),
    (lambda path: path.symlink_to(path.name), "not_found"),
    (lambda path: path.mkdir(), "not_a_file"),
    (lambda path: os.mkfifo(path), "not_a_file"),
], ids=["dangling link", "link to itself", "folder", "pipe"])  # fmt: skip
def test_what_is_no_file(make: object, kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "表.xlsx"
    make(path)  # type: ignore[operator]  # a function of the path
    assert run(["score", "--json", str(path)]) == 3
    assert json.loads(capfd.readouterr().out)["error"]["kind"] == kind


def test_the_set_is_complete() -> None:
    kinds = {outcome for case in CASES for outcome in case.outcomes}
    missing = {"not_found", "not_a_file", "unreadable"}  # held above, and by tests/reading/test_open_workbook.py
    assert kinds | missing >= {
        "lock_file", "empty_file", "encrypted", "corrupt", "too_large", "unsafe_xml", "wrong_format", "not_a_workbook",
        "unsupported_format", "no_table",
    }  # fmt: skip
    assert len({case.name for case in CASES}) == len(CASES)
