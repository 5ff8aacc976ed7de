"""Small parts that files share are understood once, and nothing else of a file is remembered."""

import pytest

from perfxl.errors import InputError
from perfxl.model.package import Package
from perfxl.model.remembered import REMEMBERED_SIZE, by_content
from tests.reading.packages import content_of, parts_of, row, zipped


def test_a_small_part_is_worked_out_once() -> None:
    asked: list[bytes] = []

    @by_content
    def size(data: bytes, name: str) -> int:
        asked.append(data)
        return len(data)

    large = b"x" * (REMEMBERED_SIZE + 1)
    assert [size(b"ab", "a"), size(b"ab", "a"), size(large, "a"), size(large, "a")] == [2, 2, len(large), len(large)]
    assert asked == [b"ab", large, large]


def test_an_error_is_raised_each_time_with_the_name_of_its_part() -> None:
    @by_content
    def refuse(data: bytes, name: str) -> None:
        raise InputError("corrupt", name, "")

    for name in ("a", "b", "a"):
        with pytest.raises(InputError, match=name):
            refuse(b"", name)


def test_a_number_is_shown_by_the_formats_of_its_own_file() -> None:
    cell = row('<c r="A1" s="1"><v>0.5</v></c>')
    texts = [content_of(parts_of(cell, codes=[code])).grids[0].cells[1, 1].text for code in ("0%", "0.00", "0%")]
    assert texts == ["50%", "0.50", "50%"]


def test_a_missing_style_is_said_of_the_file_that_lacks_it() -> None:
    whole = parts_of(row('<c r="A1" s="1"><v>1</v></c>'), codes=["0%"])
    lacking = parts_of(row('<c r="A1" s="2"><v>1</v></c>'), codes=["0%"])
    no_number = parts_of(row('<c r="A1" s="2"><v>x</v></c>'), codes=["0%"])
    noted = [bool(content_of(parts).notes) for parts in (whole, lacking, whole, no_number)]
    assert noted == [False, True, False, False]


def test_a_part_that_is_known_is_held_against_its_checksum_again() -> None:
    data = zipped({"a.xml": "甲" * 100})
    assert Package.open(data).part("a.xml")
    entry = data.index(b"PK\1\2") + 16
    spoilt = data[:entry] + bytes([data[entry] ^ 1]) + data[entry + 1 :]
    with pytest.raises(InputError, match="校验值不符"):
        Package.open(spoilt).part("a.xml")
