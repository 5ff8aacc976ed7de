"""Valid forms changed by chance: no crash, no hang, and no cell that differs from the form without a word.

A packed part has a checksum, so whatever happens to a package's bytes is refused or makes no difference. Where the
change is in the XML itself the file truly says something else; what it says is then asked of openpyxl.

PERFXL_MUTATIONS sets how many there are in all; 10,000 take some two minutes.
"""

import io
import json
import os
import warnings
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfxl.errors import InputError
from perfxl.forms.definitions import load_forms
from perfxl.isolation import open_isolated
from perfxl.model.grid import Cell, Workbook
from perfxl.model.limits import Limits
from perfxl.reading.open_workbook import open_workbook
from perfxl.session import score_files
from tests.hostile.mutations import mutated
from tests.hostile.valid import forms

KINDS = ("bytes", "parts", "cells")
# Only packages have parts, and only .xlsx has cells that can be changed one by one.
SETS = [
    (name, kind)
    for name in ("excel.xlsx", "openpyxl.xlsx", "form.ods", "form.xlsb", "form.xls")
    for kind in KINDS
    if kind == "bytes" or (kind == "parts" and not name.endswith(".xls")) or name.endswith(".xlsx")
]
COUNT = -(-int(os.environ.get("PERFXL_MUTATIONS", "2000")) // len(SETS))
_FULL_REVIEW = 25  # one of so many goes all the way
_FAULTS = ("意外", "秒的上限")  # of a reader or a review that died, failed or hung
Place = tuple[int, int, int]

pytestmark = pytest.mark.mutations


def cells(book: Workbook) -> dict[Place, Cell]:
    """Return what can be seen: a cell that a merged range covers cannot."""
    return {
        (number, *place): cell
        for number, grid in enumerate(book.grids)
        for place, cell in grid.cells.items()
        if grid.covered.get(place, place) == place
    }


def by_openpyxl(data: bytes) -> dict[Place, Any] | None:
    """Return the values as openpyxl sees them; None where it reads nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    except Exception:  # noqa: BLE001  # whatever it stumbles over
        return None
    return {
        (number, cell.row, cell.column): cell.value
        for number, sheet in enumerate(book.worksheets)
        for row in sheet.iter_rows(max_row=60, max_col=30)
        for cell in row
        if cell.value is not None and str(cell.value).strip()
    }


def is_same(cell: Cell | None, value: Any) -> bool:
    if cell is not None and (cell.kind in ("missing", "date", "error") or isinstance(value, date | time | timedelta)):
        return True  # a formula without a value, or what openpyxl makes an object of
    if cell is None or value is None:
        return cell is None or not cell.text.strip()
    if isinstance(cell.value, str):
        return isinstance(value, str) and cell.value.split() == value.split()
    return bool(cell.value == value)


def wrong_in_silence(valid: Workbook, book: Workbook, data: bytes, kind: str) -> list[str]:
    """Return the cells that are neither those of the valid form nor what the file says, and that nobody speaks of."""
    before, after = cells(valid), cells(book)
    differing = [place for place in before.keys() | after.keys() if before.get(place) != after.get(place)]
    if not differing or book.notes:
        return []
    if kind != "bytes" and book.format == "xlsx":
        theirs = by_openpyxl(data)
        if theirs is None:
            return []
        reported = {(0, item.cell.row, item.cell.column) for item in book.differences}
        differing = [
            place
            for place in (after.keys() | theirs.keys()) - reported
            if place[1] <= 60 and place[2] <= 30 and not is_same(after.get(place), theirs.get(place))
        ]
    elif kind != "bytes" or book.format == "xls":
        return []  # its own XML, or a format without checksums: the file does say so, and nothing tells
    return [f"{place}: {before.get(place)} → {after.get(place)}" for place in sorted(differing)]


@pytest.mark.parametrize(("name", "kind"), SETS)
def test_mutations(name: str, kind: str, tmp_path: Path) -> None:
    form = forms(tmp_path)[name]
    path = tmp_path / name
    path.write_bytes(form)
    valid = open_workbook(path)
    out = tmp_path / "out"
    reads = 0
    for seed in range(COUNT):
        data = mutated(form, name, kind, seed)
        path.write_bytes(data)
        book = read(path)
        if isinstance(book, InputError):
            assert book.message, seed
            assert not any(word in book.message for word in _FAULTS), f"seed {seed}: {book.message}"
            continue
        reads += 1
        assert not wrong_in_silence(valid, book, data, kind), f"seed {seed}"
        if seed % _FULL_REVIEW == 0:
            hold_review(path, out, seed)
    assert reads, "nothing was read, so nothing was held"


def read(path: Path) -> Workbook | InputError:
    try:
        return open_isolated(path, Limits(seconds=20))
    except InputError as error:
        return error


def hold_review(path: Path, out: Path, seed: int) -> None:
    (result,) = score_files([path], load_forms(), output=out)
    json.dumps(result.document, allow_nan=False)
    error = result.document["error"]
    assert error is None or not any(word in error["message"] for word in _FAULTS), f"seed {seed}: {error}"
    if result.document["output"]:
        assert open_workbook(Path(result.document["output"])).grids, f"seed {seed}"
