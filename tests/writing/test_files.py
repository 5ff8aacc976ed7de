import errno
import os
from pathlib import Path

import pytest

from perfxl.errors import OutputError
from perfxl.writing.files import Taken, annotated_name, write_whole


@pytest.mark.parametrize(
    ("name", "suffix", "expected"),
    [
        ("自评表.xlsx", ".xlsx", "自评表_复核.xlsx"),
        ("自评表.XLS", ".xlsx", "自评表_复核.xlsx"),
        ("宏.xlsm", ".xlsm", "宏_复核.xlsm"),
        ("2023.1版", ".xlsx", "2023.1版_复核.xlsx"),
        ("无后缀", ".xlsx", "无后缀_复核.xlsx"),
        (".xlsx", ".xlsx", ".xlsx_复核.xlsx"),
        ('a<b>:"|?*\x07.xlsx', ".xlsx", "a_b________复核.xlsx"),
        ("=1+1.xlsx", ".xlsx", "=1+1_复核.xlsx"),
    ],
)
def test_annotated_name(name: str, suffix: str, expected: str) -> None:
    assert annotated_name(name, suffix) == expected


def test_annotated_name_has_room_for_its_ending() -> None:
    name = annotated_name("长" * 83 + ".xlsx", ".xlsx")
    assert name.endswith("长_复核.xlsx")
    assert 252 < len(name.encode()) <= 255
    assert len(annotated_name("长" * 83 + ".xlsx", ".xlsx", 12).encode()) <= 255


def test_annotated_name_keeps_bytes_that_are_no_utf8() -> None:
    name = os.fsdecode("自评表".encode("gbk"))
    assert annotated_name(name + ".xlsx", ".xlsx") == name + "_复核.xlsx"


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_folders_are_made_and_an_old_output_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "甲" / "乙" / "表_复核.xlsx"
    assert write_whole(path, b"1") == path
    assert write_whole(path, b"22") == path
    assert path.read_bytes() == b"22"
    assert leftovers(path.parent) == ["表_复核.xlsx"]


def test_the_file_has_usual_permissions(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    written = write_whole(tmp_path / "a.xlsx", b"")
    assert written.stat().st_mode == usual.stat().st_mode


def test_a_link_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    target = tmp_path / "原件.xlsx"
    target.write_bytes(b"original")
    link = tmp_path / "表_复核.xlsx"
    link.symlink_to(target)
    assert write_whole(link, b"copy") == link
    assert target.read_bytes() == b"original"
    assert not link.is_symlink()
    assert link.read_bytes() == b"copy"


def test_an_output_that_is_held_open_gets_the_next_free_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "表_复核.xlsx"
    (tmp_path / "表_复核(2).xlsx").write_bytes(b"someone's")
    replace = os.replace

    def held(source: Path, target: Path) -> None:
        if Path(target) == path:
            raise PermissionError(errno.EACCES, "held open")
        replace(source, target)

    monkeypatch.setattr(os, "replace", held)
    assert write_whole(path, b"new") == tmp_path / "表_复核(3).xlsx"
    assert (tmp_path / "表_复核(2).xlsx").read_bytes() == b"someone's"
    assert leftovers(tmp_path) == ["表_复核(2).xlsx", "表_复核(3).xlsx"]


def test_inputs_are_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "表_复核.xlsx"
    path.write_bytes(b"input")
    assert write_whole(path, b"new", avoid=Taken([tmp_path / "." / "表_复核.xlsx"])) == tmp_path / "表_复核(2).xlsx"
    assert path.read_bytes() == b"input"
    hard = tmp_path / "another.xlsx"
    hard.hardlink_to(path)
    assert write_whole(hard, b"new", avoid=Taken([path])).name == "another(2).xlsx"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "磁盘空间不足"),
        (errno.EROFS, "只读"),
        (errno.EACCES, "没有写入权限"),
        (errno.EIO, "系统报告"),
    ],
)
def test_a_failed_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def fail(source: Path, target: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OutputError, match=words) as caught:
        write_whole(tmp_path / "表.xlsx", b"new")
    assert "表.xlsx" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert leftovers(tmp_path) == []


def test_a_full_disk_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Path.open

    def full(self: Path, mode: str = "r", **more: object) -> object:
        file = original(self, mode, **more)  # type: ignore[call-overload]  # the arguments as they came
        if "x" not in mode:
            return file
        file.close()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OutputError, match="磁盘空间不足"):
        write_whole(tmp_path / "表.xlsx", b"new")
    assert leftovers(tmp_path) == []


def test_a_folder_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").mkdir()
    with pytest.raises(OutputError, match="同名的文件夹已存在"):
        write_whole(tmp_path / "表.xlsx", b"")
    assert leftovers(tmp_path) == ["表.xlsx"]


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "甲").write_bytes(b"")
    with pytest.raises(OutputError, match="上级路径不是文件夹"):
        write_whole(tmp_path / "甲" / "表.xlsx", b"")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser writes everywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="没有写入权限"):
            write_whole(tmp_path / "表.xlsx", b"")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CON.2023.xlsx", "_CON.2023_复核.xlsx"),
        ("lpt1.xls.xlsx", "_lpt1.xls_复核.xlsx"),
        ("con .a.xlsx", "_con .a_复核.xlsx"),
        ("CON.xlsx", "CON_复核.xlsx"),  # no device with our ending
        ("CONTO.2023.xlsx", "CONTO.2023_复核.xlsx"),
        ("表\u202excod.xlsx", "表_xcod_复核.xlsx"),
        ("\x1b[2J\x9b.xlsx", "_[2J__复核.xlsx"),
    ],
)
def test_annotated_name_is_no_device_and_obeys_nobody(name: str, expected: str) -> None:
    assert annotated_name(name, ".xlsx") == expected


def test_what_may_not_be_replaced_is_left_and_the_next_free_name_used(tmp_path: Path) -> None:
    path = tmp_path / "表_复核.xlsx"
    path.write_bytes(b"theirs")
    asked = []

    def ask(there: Path) -> bool:
        asked.append(there)
        return False

    assert write_whole(path, b"ours", may_replace=ask) == tmp_path / "表_复核(2).xlsx"
    assert (path.read_bytes(), asked) == (b"theirs", [path])
    assert write_whole(path, b"ours", may_replace=lambda there: True) == path
