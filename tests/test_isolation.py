"""A reader that dies, hangs, takes all memory or prints is an error of its file alone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from perfxl import isolation
from perfxl.errors import InputError
from perfxl.isolation import open_isolated
from perfxl.model.grid import Workbook
from perfxl.model.limits import Limits
from perfxl.reading.open_workbook import open_workbook
from tests.workbooks import project_form


@pytest.fixture
def form(tmp_path: Path) -> Path:
    return project_form(tmp_path / "自评表.xlsx")


# Readers that the worker finds by their names; what they do is chosen by the file's name.


def dying(path: Path, limits: Limits) -> Workbook:
    os._exit(7)


def hanging(path: Path, limits: Limits) -> Workbook:
    while True:
        time.sleep(0.01)


def greedy(path: Path, limits: Limits) -> Workbook:
    hoard = []
    while len(hoard) < 4096:  # 8 GB, if nobody minds
        hoard.append(bytearray(b"x") * (2 * 2**20))
    return open_workbook(path, limits)


def faulty(path: Path, limits: Limits) -> Workbook:
    raise ZeroDivisionError("fault")


def talkative(path: Path, limits: Limits) -> Workbook:
    os.write(1, b"noise on stdout\n")
    os.write(2, b"Fatal Python error: noise\n")
    return open_workbook(path, limits)


def process_id(path: Path, limits: Limits) -> Workbook:
    raise InputError("corrupt", str(os.getpid()))


def same_cells(one: Workbook, other: Workbook) -> bool:
    return [grid.cells for grid in one.grids] == [grid.cells for grid in other.grids]


def test_the_workbook_that_comes_back_is_the_one_that_was_read(form: Path) -> None:
    here, there = open_workbook(form), open_isolated(form)
    assert same_cells(here, there)
    assert (there.path, there.sha256, there.format, there.notes) == (form, here.sha256, "xlsx", ())
    assert there.package is not None
    assert here.package is not None
    assert there.package.part("xl/workbook.xml") == here.package.part("xl/workbook.xml")


@pytest.mark.parametrize(
    ("read", "limits", "kind", "message"),
    [
        (dying, Limits(), "corrupt", "读取这个文件的进程意外结束（退出码 7）。"),
        (hanging, Limits(seconds=0.5), "too_large", "读取这个文件超过了 0.5 秒的上限，已停止。"),
        (faulty, Limits(), "corrupt", "读取这个文件时发生意外错误（ZeroDivisionError：fault）。"),
        pytest.param(
            greedy, Limits(memory=400 * 2**20), "too_large",
            "读取这个文件需要的内存超过 400 MB 的上限，已停止。",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what a process takes"),
        ),
    ],
    ids=["dies", "hangs", "fails", "takes all memory"],
)  # fmt: skip
def test_a_reader_that_goes_wrong_is_that_files_error(
    form: Path, read: isolation.Reader, limits: Limits, kind: str, message: str
) -> None:
    start = time.monotonic()
    with pytest.raises(InputError) as caught:
        open_isolated(form, limits, read)
    assert (caught.value.kind, caught.value.message) == (kind, message)
    assert caught.value.advice
    assert time.monotonic() - start < 15
    assert same_cells(open_isolated(form), open_workbook(form))  # the next file is read by the next worker


def test_one_process_reads_one_file_after_the_other(form: Path) -> None:
    seen = set()
    for _ in range(3):
        with pytest.raises(InputError) as caught:
            open_isolated(form, read=process_id)
        seen.add(int(caught.value.message))
    assert len(seen) == 1
    assert os.getpid() not in seen


@pytest.mark.skipif(os.name != "posix", reason="Windows sends no signals to a process")
def test_ctrl_c_is_left_to_the_parent(form: Path) -> None:
    isolation._end()
    isolation.warm_up()
    process = isolation._workers[0]._process.pid
    assert process is not None
    os.kill(process, signal.SIGINT)  # before it got as far as our code
    assert open_isolated(form).grids
    os.kill(process, signal.SIGINT)
    assert open_isolated(form).grids
    assert isolation._workers[0]._process.pid == process
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_a_reader_prints_goes_nowhere(form: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert open_isolated(form, Limits(memory=900 * 2**20), talkative).grids
    assert capfd.readouterr() == ("", "")


def test_without_processes_the_file_is_read_here(form: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_process(memory: int) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(isolation, "_Worker", no_process)
    isolation._end()
    isolation.warm_up()
    assert same_cells(open_isolated(form), open_workbook(form))


def test_without_a_limit_of_memory_the_worker_is_made_ready_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows
    isolation.limit_memory(2**20)
    assert len(bytearray(2**22)) == 2**22


def test_a_script_without_a_guard_is_not_run_again(form: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nfrom perfxl import load_forms, score_files\n"
        "print('once')\n"
        "for result in score_files([Path(sys.argv[1])], load_forms(), is_annotated=False):\n"
        "    print(result.document['error'])\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script, form], capture_output=True, text=True, timeout=60)
    assert (done.stdout.split(), done.stderr) == (["once", "None"], "")


# Modules that a new interpreter imports before anything of ours, and that readers import.
@pytest.mark.parametrize("module", ["selectors", "multiprocessing", "lxml", "pandas"])
@pytest.mark.parametrize("command", [["score", "自评表.xlsx"], ["batch", "报送", "-o", "结果", "--jobs", "2"]], ids=str)
def test_no_module_is_taken_from_the_folder_where_the_user_is(tmp_path: Path, module: str, command: list[str]) -> None:
    project_form(tmp_path / "自评表.xlsx")
    (tmp_path / "报送").mkdir()
    project_form(tmp_path / "报送" / "自评表.xlsx")
    (tmp_path / f"{module}.py").write_text("open('run', 'a').close()", encoding="utf-8")
    # As the installed command does, whose own folder is the first to be looked in.
    program = "import sys; sys.path.remove(''); sys.argv[0] = 'perfxl'; from perfxl.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *command], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode in (0, 1), done.stderr
    assert not (tmp_path / "run").exists()
