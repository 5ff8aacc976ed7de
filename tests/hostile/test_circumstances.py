"""What is no fault of a file: disks, links, names, consoles, time zones, pipes."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from perfxl.cli import run
from tests.workbooks import project_form

POSIX = pytest.mark.skipif(os.name != "posix", reason="Windows has no such thing")


@pytest.fixture
def form(tmp_path: Path) -> Path:
    return project_form(tmp_path / "in" / "自评表.xlsx")


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()


def perfxl(
    *arguments: str | bytes | Path, environment: Mapping[str, str] | None = None, before: str = ""
) -> subprocess.CompletedProcess[bytes]:
    """Run the program; `before` is what the shell does first in the same process."""
    command: Sequence[str | bytes | Path] = [sys.executable, "-m", "perfxl", *arguments]
    if before:
        command = ["bash", "-c", f'{before}; exec "$@"', "bash", *command]
    return subprocess.run(command, capture_output=True, timeout=60, env={**os.environ, **(environment or {})})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Disks


@POSIX
def test_a_limit_on_file_size_leaves_no_partial_output(form: Path, tmp_path: Path) -> None:
    done = perfxl("score", "-o", tmp_path / "out", form, before="ulimit -f 4")
    said = done.stderr.decode()
    assert done.returncode == 3
    assert len(said.splitlines()) == 1
    assert "超过了系统允许的文件大小" in said
    assert names(tmp_path / "out") == []


@POSIX
@pytest.mark.skipif(shutil.which("mount") is None or os.geteuid() != 0, reason="only the superuser mounts a full disk")
def test_a_full_disk_leaves_no_partial_output(form: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", disk], capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        done = perfxl("score", "-o", disk, form)
        assert done.returncode == 3
        assert done.stderr.decode().splitlines() == [
            f"无法写入“{disk / '自评表_复核.xlsx'}”：磁盘空间不足，请清理后重试。"
        ]
        assert names(disk) == []
    finally:
        subprocess.run(["umount", disk], check=True)


@POSIX
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="the superuser writes everywhere")
def test_a_folder_without_permission_is_one_sentence(form: Path, tmp_path: Path) -> None:
    (tmp_path / "out").chmod(0o500)
    done = perfxl("score", "-o", tmp_path / "out", form)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert names(tmp_path / "out") == []


# Places


def test_a_file_that_is_not_ours_is_not_replaced(
    form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = tmp_path / "out" / "自评表_复核.xlsx"
    openpyxl.Workbook().save(theirs)
    before = theirs.read_bytes()
    for _ in range(2):
        run(["score", "-o", str(tmp_path / "out"), str(form)])
    assert theirs.read_bytes() == before
    assert names(tmp_path / "out") == ["自评表_复核(2).xlsx", "自评表_复核(3).xlsx", "自评表_复核.xlsx"]
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "自评表_复核.xlsx 正被占用，或不是 perfxl 写的复核件；复核件写到 自评表_复核(2).xlsx。"


def test_a_copy_of_ours_is_replaced(form: Path, tmp_path: Path) -> None:
    for _ in range(2):
        run(["score", "-o", str(tmp_path / "out"), str(form)])
    assert names(tmp_path / "out") == ["自评表_复核.xlsx"]


@POSIX
def test_a_link_in_the_place_of_the_copy_is_left_alone(form: Path, tmp_path: Path) -> None:
    link, target = tmp_path / "out" / "自评表_复核.xlsx", tmp_path / "别人的.xlsx"
    target.write_bytes(b"theirs")
    link.symlink_to(target)
    run(["score", "-o", str(tmp_path / "out"), str(form)])
    assert (target.read_bytes(), link.is_symlink()) == (b"theirs", True)
    assert names(tmp_path / "out") == ["自评表_复核(2).xlsx", "自评表_复核.xlsx"]


@POSIX
def test_a_folder_of_the_results_that_leads_out_is_not_written_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in" / "甲局").mkdir()
    project_form(tmp_path / "in" / "甲局" / "表.xlsx")
    project_form(tmp_path / "in" / "表.xlsx")
    (tmp_path / "out" / "annotated").mkdir()
    (tmp_path / "别处").mkdir()
    (tmp_path / "out" / "annotated" / "甲局").symlink_to(tmp_path / "别处")
    assert run(["batch", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--jobs", "1"]) == 3
    assert names(tmp_path / "别处") == []
    assert (tmp_path / "out" / "annotated" / "表_复核.xlsx").is_file()
    assert "通到结果文件夹以外，没有写入" in capsys.readouterr().err


def test_inputs_of_one_name_get_two_outputs(tmp_path: Path) -> None:
    for unit in ("甲局", "乙局"):
        (tmp_path / "in" / unit).mkdir()
        project_form(tmp_path / "in" / unit / "自评表.xlsx", unit=unit)
    given = [str(tmp_path / "in" / unit / "自评表.xlsx") for unit in ("甲局", "乙局", "甲局")]
    run(["score", "-o", str(tmp_path / "out"), *given])
    assert names(tmp_path / "out") == ["自评表_复核(2).xlsx", "自评表_复核(3).xlsx", "自评表_复核.xlsx"]


def test_an_input_that_vanishes_is_its_own_error(
    form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["score", "--json", "--no-annotate", str(tmp_path / "in" / "没有.xlsx"), str(form)]) == 3
    documents = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [document["error"] and document["error"]["kind"] for document in documents] == ["not_found", None]


# Names


@POSIX
@pytest.mark.parametrize(
    "name",
    [
        "自评表.xlsx".encode("gbk"),
        "长".encode() * 83 + b".xlsx",
        b"=1+1.xlsx",
        b"-rf.xlsx",
        b" & 'quote' %41 #.xlsx",
        b"e\xcc\x81.xlsx",
        b"\x1b[31mred\xc2\x9b2J.xlsx",
        "表\u202excod.exe.xlsx".encode(),
        b"CON.2023.xlsx",
    ],
    ids=ascii,
)
def test_every_name_is_read_written_and_shown(
    name: bytes, form: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    odd = os.fsencode(tmp_path) + b"/in/" + name
    try:
        Path(os.fsdecode(odd)).write_bytes(form.read_bytes())
    except OSError:
        pytest.skip("the file system takes no such name")
    out = tmp_path / "out"
    assert run(["score", "-o", str(out), os.fsdecode(odd)]) == 0
    plain = capfdbinary.readouterr()
    assert run(["score", "-o", str(out), "--json", os.fsdecode(odd)]) == 0
    as_json = capfdbinary.readouterr()
    document = json.loads(as_json.out)
    assert os.fsencode(document["input"]["path"]) == odd
    (written,) = out.iterdir()
    assert os.fsencode(document["output"]) == os.fsencode(written)
    assert openpyxl.load_workbook(written).sheetnames[0] == "复核结果"
    for output in (plain.out, plain.err, as_json.out, os.fsencode(written.name)):
        assert not {"\x1b", "\x9b", "\u202e"} & set(output.decode("utf-8", "replace"))
    assert not written.name.startswith("CON.")
    if name == "自评表.xlsx".encode("gbk"):
        assert "自评表.xlsx" in plain.out.decode()


# Consoles


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C"},
        {"PYTHONIOENCODING": "cp936"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252"},
        {"COLUMNS": "12"},
    ],
    ids=str,
)
def test_every_console(environment: dict[str, str], form: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(form)
    book.worksheets[0]["B3"].value = "𠮷村😀é办公经费"
    book.save(form)
    done = perfxl("explain", "--help", environment=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout
    done = perfxl("score", "-o", tmp_path / "out", form, environment=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    as_json = perfxl("score", "--no-annotate", "--json", form, environment=environment)
    assert json.loads(as_json.stdout)["tables"][0]["header"]["项目名称"] == "𠮷村😀é办公经费"


@POSIX
def test_a_locale_that_has_no_chinese_names(form: Path, tmp_path: Path) -> None:
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = perfxl("score", "--json", "--no-annotate", form, environment=environment)
    assert os.fsencode(json.loads(done.stdout)["input"]["path"]) == os.fsencode(form)
    done = perfxl("score", "-o", tmp_path / "out", form, environment=environment | {"PYTHONIOENCODING": "utf-8"})
    assert done.returncode == 3
    assert done.stderr.decode().splitlines()[0].endswith("请设置环境变量 PYTHONUTF8=1 后重试。")
    assert len(done.stderr.splitlines()) == 1
    assert names(tmp_path / "out") == []


@POSIX
@pytest.mark.parametrize("arguments", [["explain", "--all"], ["score", "--json", "--no-annotate"]], ids=str)
def test_output_that_nobody_reads_any_more(arguments: list[str], form: Path) -> None:
    given = [*arguments, *([form] * 3 if "score" in arguments else [])]
    with subprocess.Popen(
        [sys.executable, "-m", "perfxl", *given], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(60) == 141


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/St_Johns"])
def test_the_same_bytes_in_every_time_zone(zone: str, form: Path, tmp_path: Path) -> None:
    perfxl("score", "-o", tmp_path / "out", form, environment={"TZ": zone})
    (written,) = (tmp_path / "out").iterdir()
    run(["score", str(form)])
    here = form.with_name("自评表_复核.xlsx")
    assert hashlib.sha256(written.read_bytes()).digest() == hashlib.sha256(here.read_bytes()).digest()
