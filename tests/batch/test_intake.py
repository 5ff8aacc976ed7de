"""What is taken for a submission, and what is passed over and counted."""

import os
import sys
import zipfile
from pathlib import Path

import pytest

from perfxl.batch.intake import Found, Intake


def walk(folder: Path, out: Path | None = None, given: tuple[Path, ...] = ()) -> dict[str, Found]:
    return {one.path: one for one in Intake(folder, out or folder / "不在", given).walk()}


def states(folder: Path, out: Path | None = None, given: tuple[Path, ...] = ()) -> dict[str, str]:
    return {path: one.kind or one.state for path, one in walk(folder, out, given).items()}


def touch(folder: Path, *names: str, content: bytes = b"x") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def test_workbooks_at_any_depth_and_everything_else_by_its_reason(tmp_path: Path) -> None:
    touch(
        tmp_path, "甲.xlsx", "甲局/乙处/丙.XLS", "甲局/丁.et", "~$甲.xlsx", ".~甲.xlsx", ".DS_Store", "Thumbs.db", ".隐藏.xlsx",
        "甲_复核.xlsx", "甲_复核(2).xlsm", "报告.docx", "甲局/照片.JPG", "perfxl.toml", "__MACOSX/._甲.xlsx", ".git/config",
        "旧.rar",
    )  # fmt: skip
    assert states(tmp_path) == {
        ".DS_Store": "rubbish", ".git/": "hidden", ".隐藏.xlsx": "hidden", ".~甲.xlsx": "lock_file",
        "Thumbs.db": "rubbish", "__MACOSX/": "rubbish", "perfxl.toml": "given", "~$甲.xlsx": "lock_file",
        "报告.docx": "other_file", "旧.rar": "unsupported_format", "甲.xlsx": "pending", "甲_复核(2).xlsm": "own_output",
        "甲_复核.xlsx": "own_output", "甲局/丁.et": "pending", "甲局/乙处/丙.XLS": "pending", "甲局/照片.JPG": "other_file",
    }  # fmt: skip


def test_a_name_without_suffix_is_looked_into(tmp_path: Path) -> None:
    touch(tmp_path, "自评表", content=b"PK\3\4...")
    touch(tmp_path, "说明", content="请查收".encode())
    assert states(tmp_path) == {"自评表": "pending", "说明": "other_file"}


def test_results_inside_the_folder_are_not_taken_for_submissions(tmp_path: Path) -> None:
    touch(
        tmp_path,
        "结果/annotated/甲_复核.xlsx",
        "结果/汇总.xlsx",
        "结果/汇总(2).xlsx",
        "结果/results.sqlite",
        "结果/补报.xlsx",
        "汇总.xlsx",
    )
    found = states(tmp_path, tmp_path / "结果")
    assert found["结果/annotated/"] == "own_output"
    assert found["结果/汇总.xlsx"] == found["结果/汇总(2).xlsx"] == found["结果/results.sqlite"] == "own_output"
    assert found["结果/补报.xlsx"] == found["汇总.xlsx"] == "pending"


def test_the_roster_is_no_submission(tmp_path: Path) -> None:
    touch(tmp_path, "名册.xlsx", "甲.xlsx")
    assert states(tmp_path, given=(tmp_path / "名册.xlsx",)) == {"名册.xlsx": "given", "甲.xlsx": "pending"}


def archive(path: Path, names: list[tuple[bytes, bool]], content: bytes = b"x") -> Path:
    """Write a zip whose names are these bytes, with the UTF-8 flag or without."""
    with zipfile.ZipFile(path, "w") as made:
        for number, _ in enumerate(names):
            made.writestr(f"{number:03d}.xlsx", content)
    data = path.read_bytes()
    # The library writes names its own way: the placeholders are as long as what takes their place.
    for number, (name, is_utf8) in enumerate(names):
        assert len(name) == len(f"{number:03d}.xlsx"), name
        data = data.replace(f"{number:03d}.xlsx".encode(), name)
        if is_utf8:
            at = data.index(b"PK\1\2")
            for _ in range(number):
                at = data.index(b"PK\1\2", at + 1)
            data = data[: at + 8] + b"\0\x08" + data[at + 10 :]
    path.write_bytes(data)
    return path


def test_names_in_a_zip_are_utf8_or_gbk(tmp_path: Path) -> None:
    archive(tmp_path / "甲.zip", [("表".encode() + b"1.xls", True), ("表1".encode("gbk") + b"2.xls", False)])
    assert list(walk(tmp_path)) == ["甲.zip/表1.xls", "甲.zip/表12.xls"]


def test_what_a_zip_holds_besides_submissions(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "甲.zip", "w") as made:
        for name in ("甲局/一.xlsx", "甲局/", "__MACOSX/甲局/._一.xlsx", "~$一.xlsx", "报告.pdf", "内.zip", "../外.xlsx", "C:/外.xlsx",
                     "甲_复核.xlsx"):  # fmt: skip
            made.writestr(name, b"x")
    assert states(tmp_path) == {
        "甲.zip/../外.xlsx": "corrupt", "甲.zip/C:/外.xlsx": "corrupt", "甲.zip/__MACOSX/甲局/._一.xlsx": "rubbish",
        "甲.zip/~$一.xlsx": "lock_file", "甲.zip/内.zip": "unsupported_format", "甲.zip/报告.pdf": "other_file",
        "甲.zip/甲_复核.xlsx": "own_output", "甲.zip/甲局/一.xlsx": "pending",
    }  # fmt: skip


def test_a_damaged_zip_is_unreadable_and_a_workbook_called_zip_is_a_workbook(tmp_path: Path) -> None:
    touch(tmp_path, "坏.zip", content=b"PK\3\4 no directory")
    with zipfile.ZipFile(tmp_path / "表.zip", "w") as made:
        made.writestr("[Content_Types].xml", b"<x/>")
    assert states(tmp_path) == {"坏.zip": "corrupt", "表.zip": "pending"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_are_followed_to_files_within_the_folder_only(tmp_path: Path) -> None:
    folder, outside = tmp_path / "报送", tmp_path / "外面"
    touch(folder, "甲.xlsx", "乙局/乙.xlsx")
    touch(outside, "丙.xlsx")
    os.symlink(folder / "甲.xlsx", folder / "链接.xlsx")
    os.symlink(outside / "丙.xlsx", folder / "外链.xlsx")
    os.symlink(folder, folder / "环")
    os.symlink(folder / "没有.xlsx", folder / "断链.xlsx")
    assert states(folder) == {
        "乙局/乙.xlsx": "pending", "外链.xlsx": "link", "断链.xlsx": "not_found", "环": "link", "甲.xlsx": "pending",
        "链接.xlsx": "pending",
    }  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="only there a name may be any bytes")
def test_a_name_that_is_no_utf8_is_spelled_out_and_found_again(tmp_path: Path) -> None:
    raw = "表.xlsx".encode("gbk")
    (tmp_path / os.fsdecode(raw)).write_bytes(b"x")
    (found,) = walk(tmp_path).values()
    assert found.path == "\\xb1\\xed.xlsx"
    assert found.raw == raw
