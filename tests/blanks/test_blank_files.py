"""`templates/<form>/blank.xlsx` is what `perfxl template` writes: run this file as a script to write them anew."""

import re
import zipfile
from pathlib import Path

import pytest

from perfxl.cli import run
from perfxl.forms.data import templates_folder
from tests.blanks.filling import FORMS, YEAR

MOST_BYTES = 40_000


def parts(path: Path) -> dict[str, list[str]]:
    """Return the parts of a package, their XML split at tags so that a difference is short."""
    with zipfile.ZipFile(path) as package:
        return {name: re.split("(?<=>)", package.read(name).decode()) for name in package.namelist()}


def blank_file(form: str) -> Path:
    return FORMS.by_id[form].folder / "blank.xlsx"


@pytest.mark.parametrize("form", FORMS.by_id)
def test_the_blank_beside_a_form_is_the_one_that_is_written(form: str, tmp_path: Path) -> None:
    path = tmp_path / "blank.xlsx"
    assert run(["template", form, "--year", str(YEAR), "-o", str(path)]) == 0
    made, kept = parts(path), parts(blank_file(form))
    assert list(made) == list(kept)
    for name, lines in made.items():
        assert lines == kept[name], name
    assert path.stat().st_size < MOST_BYTES


def test_the_same_bytes_each_run(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        assert run(["template", "hubei-project", "--year", "2030", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


if __name__ == "__main__":
    for each in FORMS.by_id:
        run(["template", each, "--year", str(YEAR), "-o", str(templates_folder() / each / "blank.xlsx")])
