"""How large a file may be, whatever it says of itself; and that honest large files pass."""

import io
from pathlib import Path

import pytest
import xlsxwriter

from perfxl.errors import InputError
from perfxl.forms.settings import load_settings
from perfxl.model.limits import Limits
from perfxl.model.package import Package
from perfxl.reading.open_workbook import open_workbook, read_workbook
from tests.other_formats import as_ods, as_xls, as_xlsb
from tests.reading.packages import zipped
from tests.workbooks import project_form


def refusal(data: bytes, limits: Limits, name: str = "a.xlsx") -> tuple[str, str, str]:
    with pytest.raises(InputError) as caught:
        read_workbook(data, Path(name), limits)
    return caught.value.kind, caught.value.message, caught.value.advice


@pytest.mark.parametrize(
    ("limits", "key"),
    [
        (Limits(entries=3), "parts"),
        (Limits(part_size=500), "part_mb"),
        (Limits(total_size=2000), "total_mb"),
        (Limits(cells=10), "cells"),
        (Limits(characters=10), "cells"),
    ],
)
def test_each_limit_is_held_and_its_key_named(tmp_path: Path, limits: Limits, key: str) -> None:
    kind, _, advice = refusal(project_form(tmp_path / "a.xlsx").read_bytes(), limits)
    assert kind == "too_large"
    assert key in advice
    assert "perfxl.toml 的 [limits]" in advice


@pytest.mark.parametrize(("make", "name"), [(as_xls, "a.xls"), (as_ods, "a.ods"), (as_xlsb, "a.xlsb")])
def test_other_formats_hold_the_limit_of_cells_too(tmp_path: Path, make: object, name: str) -> None:
    data = make(project_form(tmp_path / "a.xlsx"))  # type: ignore[operator]  # a function of the path
    assert refusal(data, Limits(cells=10), name)[0] == "too_large"
    assert read_workbook(data, Path(name)).grids


def test_a_file_is_measured_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(2 * 2**20)
    with pytest.raises(InputError, match=r"文件有 2 MB，超过 1 MB 的上限"):
        open_workbook(path, Limits(file_size=2**20))


def test_a_part_that_unpacks_out_of_proportion_is_refused() -> None:
    packed = zipped({"a.xml": bytes(40 * 2**20), "b.xml": bytes(10 * 2**20)})
    package = Package.open(packed)
    assert len(package.part("b.xml")) == 10 * 2**20
    for read in (package.part, lambda name: list(package.chunks(name))):
        with pytest.raises(InputError, match=r"部件 a\.xml 解压后超过 16 MB 的上限"):
            read("a.xml")
    assert len(Package.open(packed, Limits(ratio=2000)).part("a.xml")) == 40 * 2**20


def test_the_bytes_that_come_out_count_and_not_those_stated() -> None:
    data = bytearray(zipped({"a.xml": bytes(3 * 2**20)}))
    size = (3 * 2**20).to_bytes(4, "little")
    assert data.count(size) == 2
    package = Package.open(bytes(data.replace(size, (1000).to_bytes(4, "little"))), Limits(part_size=2**20))
    with pytest.raises(InputError, match="校验值不符"):
        package.part("a.xml")
    with pytest.raises(InputError, match="解压后超过 1 MB 的上限"):
        list(package.chunks("a.xml"))


def test_an_honest_large_workbook_is_read() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        blank = book.add_format({"border": 1})
        for number in range(2):
            sheet = book.add_worksheet(f"台账{number}")
            for row in range(20_000):
                sheet.write_row(row, 0, [row, f"第 {row} 户", 1234.5, "已核实", 0.95])
                for column in range(5, 9):
                    sheet.write_blank(row, column, None, blank)
    book_ = read_workbook(file.getvalue(), Path("台账.xlsx"))
    assert [len(grid.cells) for grid in book_.grids] == [100_000, 100_000]


def test_limits_come_from_the_settings_file(tmp_path: Path) -> None:
    path = tmp_path / "perfxl.toml"
    path.write_text("[limits]\nfile_mb = 0.5\nparts = 20\nseconds = 2.5\nmemory_mb = 300\n", encoding="utf-8")
    limits = load_settings(path, ()).limits
    assert limits == Limits(file_size=2**19, entries=20, seconds=2.5, memory=300 * 2**20)
    path.write_text("", encoding="utf-8")
    assert load_settings(path, ()).limits == Limits()
