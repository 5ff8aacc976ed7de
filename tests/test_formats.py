"""The same form in every format comes to the same result, and to a copy that shows it."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from perfxl.forms.definitions import load_forms
from perfxl.reading.open_workbook import open_workbook
from perfxl.session import score_files
from perfxl.writing.document import Document
from tests.libreoffice import convert, needs_libreoffice
from tests.other_formats import as_ods, as_xls, as_xlsb
from tests.workbooks import CLEAN_ROWS, project_form

ROWS = (*CLEAN_ROWS, ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "=SUM(A1)", 10, 12, None))
SAMPLES = sorted((Path(__file__).parents[1] / "sample_workbooks").glob("*[!复][!核].xlsx"))


def score(path: Path, output: Path | None = None) -> Document:
    (result,) = score_files([path], load_forms(), form=None, output=output, is_annotated=True)
    assert result.document["error"] is None
    return result.document


def gb_xls(path: Path) -> bytes:
    return as_xls(path, version=5, code_page=1252)


@pytest.mark.parametrize(
    ("write", "suffix"), [(as_xls, ".xls"), (gb_xls, ".et"), (as_xlsb, ".xlsb"), (as_ods, ".ods")]
)  # fmt: skip
def test_every_format_comes_to_the_same_result(tmp_path: Path, write: Callable[[Path], bytes], suffix: str) -> None:
    form = project_form(tmp_path / "自评表.xlsx", ROWS)
    other = tmp_path / f"自评表{suffix}"
    other.write_bytes(write(form))
    before = other.read_bytes()
    expected, found = score(form, tmp_path / "甲"), score(other, tmp_path / "乙")
    assert found["tables"] == expected["tables"]
    assert found["findings"] == expected["findings"]
    assert other.read_bytes() == before
    assert Path(found["output"]).name == "自评表_复核.xlsx"
    kind = {".et": "xls"}.get(suffix, suffix[1:])
    assert found["notes"] == [
        f"复核件是转录件：原文件为 .{kind}，原件未改动；内容逐格照录为 .xlsx，数字格式、字体、边框等为近似，以原件为准。"
    ]
    theirs, ours = (openpyxl.load_workbook(document["output"]) for document in (expected, found))
    assert ours.sheetnames == theirs.sheetnames == ["复核结果", "问题清单", "自评表"]
    assert found["notes"][0] in [ours["复核结果"].cell(row, 1).value for row in range(1, 6)]
    for line in theirs["自评表"].iter_rows():
        for cell in line:
            copy = ours["自评表"][cell.coordinate]
            assert (copy.value, copy.data_type) == (cell.value, cell.data_type)
            assert (copy.comment and copy.comment.text) == (cell.comment and cell.comment.text)
            assert copy.fill.fgColor.rgb == cell.fill.fgColor.rgb


def test_without_a_copy_nothing_is_said_of_one(tmp_path: Path) -> None:
    other = tmp_path / "自评表.xls"
    other.write_bytes(as_xls(project_form(tmp_path / "自评表.xlsx")))
    (result,) = score_files([other], load_forms(), form=None, output=None, is_annotated=False)
    assert (result.document["notes"], result.document["output"]) == ([], None)


# ---- LibreOffice


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample workbooks as .xls and .ods."""
    folder = tmp_path_factory.mktemp("converted")
    for suffix in ("xls", "ods"):
        convert(SAMPLES, suffix, folder)
    return folder


@needs_libreoffice
@pytest.mark.parametrize("suffix", [".xls", ".ods"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_samples_saved_by_libreoffice_come_to_the_same_result(
    converted: Path, tmp_path: Path, sample: Path, suffix: str
) -> None:
    other = converted / f"{sample.stem}{suffix}"
    expected, found = score(sample, tmp_path / "甲"), score(other, tmp_path / "乙")
    assert found["tables"] == expected["tables"]
    assert found["findings"] == expected["findings"]
    submitted, copied = open_workbook(other), open_workbook(Path(found["output"]))
    for grid, copy in zip(submitted.grids, copied.grids[2:], strict=True):
        assert {place: cell[:3] for place, cell in copy.cells.items()} == {
            place: cell[:3] for place, cell in grid.cells.items()
        }
        assert (copy.sheet, copy.state, set(copy.merges)) == (grid.sheet, grid.state, set(grid.merges))
        assert (copy.hidden_rows, copy.hidden_columns) == (grid.hidden_rows, grid.hidden_columns)
