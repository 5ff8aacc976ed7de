"""`perfxl batch` and `perfxl FOLDER` as users run them, with real worker processes."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from perfxl.batch import command
from perfxl.batch.command import Request, run_batch
from perfxl.batch.work import Setup
from perfxl.cli import run
from perfxl.model.coverage import Coverage
from perfxl.model.roster import Roster
from tests.batch.folders import copies, form, query, results
from tests.workbooks import CLEAN_ROWS

# The same project once more, with another result: a warning, and no error.
OTHER_ROWS = (("产出指标", "数量指标", "培训场次", "≥12场", "13场", 50, 50, None), *CLEAN_ROWS[1:])


def perfxl(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "perfxl", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, timeout=120, check=False)


def hostile(folder: Path) -> list[str]:
    """Write files that are no workbooks, whatever they are called; return their names in the order of the folder."""
    contents = {
        "全零.xlsx": b"\0" * 5000,
        "加密.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504,
        "半截.xlsx": (folder / "00.xlsx").read_bytes()[:3000],
        "图片.xls": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        "文档.xlsx": b"%PDF-1.7",
        "空.xlsx": b"",
        "网页.xls": "<html><table><tr><td>自评表</td></tr></table></html>".encode(),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return sorted(contents)


def test_hostile_files_among_good_ones(tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    for number in range(12):
        form(folder / f"{number:02d}.xlsx", f"项目{number}", f"单位{number}")
    names = hostile(folder)
    done = perfxl("报送", "--json", "--jobs", "2", cwd=tmp_path)
    stderr = done.stderr.decode()
    assert done.returncode == 3, stderr
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(document["input"]["path"]).name for document in documents] == [
        *(f"{number:02d}.xlsx" for number in range(12)), *names,
    ]  # fmt: skip
    assert [bool(document["error"]) for document in documents] == [False] * 12 + [True] * len(names)
    assert f"已复核 12 个文件，未能读取 {len(names)} 个，略过 0 个。" in stderr
    assert all(f"未能读取：{name}：" in stderr for name in names)
    assert "Traceback" not in stderr
    out = tmp_path / "报送_复核结果"
    assert len(list(out.glob("annotated/*_复核.xlsx"))) == 12
    assert (out / "汇总.xlsx").is_file()


def test_what_a_clean_folder_says_and_its_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "报送").mkdir()
    assert run(["batch", str(tmp_path / "报送"), "-o", str(tmp_path / "结果")]) == 0
    assert "已复核 0 个文件，未能读取 0 个，略过 0 个。" in capsys.readouterr().out
    assert run(["batch", str(tmp_path / "没有")]) == 2
    assert "找不到文件夹" in capsys.readouterr().err
    assert run(["batch", str(tmp_path / "报送"), "--form", "没有"]) == 2
    assert run(["batch", str(tmp_path / "报送"), "--jobs", "0"]) == 2
    assert run(["batch", str(tmp_path / "报送"), "--roster", str(tmp_path / "没有.csv")]) == 2
    assert "单位名册未能读取" in capsys.readouterr().err


def repeated_submissions(folder: Path) -> Path:
    """Write submissions of which some repeat others, and a roster of their units; return the roster."""
    for unit in ("甲", "乙", "丙"):
        form(folder / f"{unit}.xlsx", unit=unit, project="运维")
    form(folder / "丙局另报.xlsx", unit="丙", project="运维", rows=OTHER_ROWS)
    (folder / "乙再报.xlsx").write_bytes((folder / "乙.xlsx").read_bytes())
    roster = folder.parent / "名册.csv"
    roster.write_text("单位,项目\n甲,运维\n甲,养护\n乙,运维\n丙,运维\n丁,运维\n", encoding="utf-8")
    return roster


def failing(database: str, setup: Setup, roster: Roster | None) -> Coverage | None:
    """Stand for a comparison that its worker does not survive."""
    raise MemoryError


def test_who_compares_the_submissions_makes_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "报送"
    request = Request(folder, tmp_path / "工", roster=repeated_submissions(folder), jobs=2)
    run_batch(request)
    monkeypatch.setattr(command, "compare_in", failing)
    run_batch(replace(request, out=tmp_path / "退"))
    found = query(tmp_path / "工", "SELECT DISTINCT code FROM findings WHERE number >= 1000000 ORDER BY code")
    assert found == [("COV-01",), ("STR-11",)]
    assert results(tmp_path / "工") == results(tmp_path / "退")
    assert copies(tmp_path / "工")["汇总.xlsx"] == copies(tmp_path / "退")["汇总.xlsx"]


def test_the_process_that_hands_out_chunks_loads_no_frames(tmp_path: Path) -> None:
    repeated_submissions(tmp_path / "报送")
    program = (
        "import sys; from perfxl.cli import run; run(sys.argv[1:]); print(sorted({'pandas', 'numpy'} & {*sys.modules}))"
    )
    command = [sys.executable, "-c", program, "batch", "报送", "--jobs", "2"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    assert "已复核 5 个文件" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("never", 0)])
def test_fail_on(tmp_path: Path, fail_on: str, code: int) -> None:
    form(tmp_path / "报送" / "甲.xlsx")
    form(tmp_path / "报送" / "另报.xlsx", rows=OTHER_ROWS)
    out = tmp_path / "结果"
    assert run(["batch", str(tmp_path / "报送"), "-o", str(out), "--fail-on", fail_on]) == code
    # The form has nothing wrong but what is asked back and what is only told.
    assert {severity for (severity,) in query(out, "SELECT DISTINCT severity FROM findings")} == {"warning", "info"}


@pytest.mark.usefixtures("here")
def test_a_forced_form_holds_for_all(tmp_path: Path) -> None:
    form(tmp_path / "报送" / "甲.xlsx")
    run(["batch", str(tmp_path / "报送"), "-o", str(tmp_path / "结果"), "--form", "hubei-project"])
    assert query(tmp_path / "结果", "SELECT form FROM tables") == [("hubei-project",)]
