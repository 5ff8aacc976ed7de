"""Members of an archive: what is refused, and what they are called and dated."""

import zipfile
from pathlib import Path

import pytest

from perfxl.errors import InputError
from perfxl.reading.archive import Archive, ArchiveLimits, is_unsafe


def archive(path: Path, *names: str, size: int = 10, date: tuple[int, ...] = (2023, 5, 6, 7, 8, 10)) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(zipfile.ZipInfo(name, date), b"x" * size)  # type: ignore[arg-type]  # six numbers
    return path


def kind(path: Path, limits: ArchiveLimits) -> str:
    with pytest.raises(InputError) as caught, Archive.open(path, limits) as opened:
        opened.read(0)
    return caught.value.kind


def test_members_with_their_dates(tmp_path: Path) -> None:
    with Archive.open(archive(tmp_path / "甲.zip", "一.xlsx", "乙/", "乙/二.xlsx")) as opened:
        assert [(one.number, one.name, one.size, one.modified) for one in opened.members] == [
            (0, "一.xlsx", 10, "2023-05-06T07:08:10"),
            (2, "乙/二.xlsx", 10, "2023-05-06T07:08:10"),
        ]
        assert opened.read(2) == b"x" * 10


@pytest.mark.parametrize("date", [(1980, 1, 1, 0, 0, 0), (2023, 2, 31, 0, 0, 0)])
def test_a_date_that_says_nothing_is_none(tmp_path: Path, date: tuple[int, ...]) -> None:
    with Archive.open(archive(tmp_path / "甲.zip", "一.xlsx", date=date)) as opened:
        assert opened.members[0].modified is None


def test_limits_of_number_size_and_directory(tmp_path: Path) -> None:
    many = archive(tmp_path / "多.zip", *(f"{number}.xlsx" for number in range(30)))
    large = archive(tmp_path / "大.zip", "一.xlsx", size=5000)
    assert kind(many, ArchiveLimits(members=29)) == "too_large"
    assert kind(many, ArchiveLimits(directory=500)) == "too_large"
    assert kind(large, ArchiveLimits(total=4999)) == "too_large"
    assert kind(large, ArchiveLimits(member=4999)) == "too_large"


def test_a_member_that_is_damaged_or_encrypted_alone_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "甲.zip", "一.xlsx", "二.xlsx", size=400)
    data = bytearray(path.read_bytes())
    # The checksum in the first entry of the directory.
    at = data.index(b"PK\1\2")
    data[at + 16] ^= 0xFF
    # The flag of encryption in the second one.
    second = data.index(b"PK\1\2", at + 1)
    data[second + 8] |= 1
    path.write_bytes(data)
    with Archive.open(path) as opened:
        kinds = []
        for number in (0, 1):
            with pytest.raises(InputError) as caught:
                opened.read(number)
            kinds.append(caught.value.kind)
    assert kinds == ["corrupt", "encrypted"]


@pytest.mark.parametrize(
    ("name", "unsafe"),
    [("甲/乙.xlsx", False), ("..甲/乙.xlsx", False), ("../乙.xlsx", True), ("/乙.xlsx", True), ("C:/乙.xlsx", True)],
)
def test_names_that_lead_out_of_the_folder(name: str, unsafe: bool) -> None:
    assert is_unsafe(name) is unsafe
