"""A batch from the folder to the results: states, copies, going on, what counts."""

import json
import os
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from perfxl.batch import command
from perfxl.batch.engine import Lost
from perfxl.batch.run import default_out
from perfxl.batch.work import Job, Report, work
from perfxl.errors import DefinitionError, OutputError
from perfxl.writing import behind
from tests.batch.folders import Here, batch, copies, form, query, results
from tests.workbooks import CLEAN_ROWS

pytestmark = pytest.mark.usefixtures("here")
SHORT_ROWS = (("产出指标", "数量指标", "培训场次", "≥12场", "6场", 50, 50, None), *CLEAN_ROWS[1:])


def test_every_input_ends_in_one_state_and_every_copy_lies_where_its_input_lies(tmp_path: Path) -> None:
    folder, out = tmp_path / "报送", tmp_path / "结果"
    form(folder / "甲局" / "自评表.xlsx")
    form(folder / "乙局" / "自评表.xlsx", unit="乙", project="养护", rows=SHORT_ROWS)
    inner = form(tmp_path / "内.xlsx", unit="丙")
    with zipfile.ZipFile(folder / "丙局.zip", "w") as made:
        made.write(inner, "报送/自评表.xlsx")
    (folder / "坏.xlsx").write_bytes(b"PK\3\4 broken")
    (folder / "空.xlsx").write_bytes(b"")
    (folder / "报告.docx").write_bytes(b"x")
    end = batch(folder, out)
    assert (end.done, end.unreadable, end.passed_over, end.pending, end.unwritten) == (3, 2, 1, 0, 0)
    assert query(out, "SELECT path, state, kind, output FROM inputs ORDER BY path") == [
        ("丙局.zip/报送/自评表.xlsx", "done", None, "annotated/丙局.zip/报送/自评表_复核.xlsx"),
        ("乙局/自评表.xlsx", "done", None, "annotated/乙局/自评表_复核.xlsx"),
        ("坏.xlsx", "unreadable", "corrupt", None),
        ("报告.docx", "passed_over", "other_file", None),
        ("甲局/自评表.xlsx", "done", None, "annotated/甲局/自评表_复核.xlsx"),
        ("空.xlsx", "unreadable", "empty_file", None),
    ]
    assert sorted(copies(out)) == [
        "annotated/丙局.zip/报送/自评表_复核.xlsx", "annotated/乙局/自评表_复核.xlsx", "annotated/甲局/自评表_复核.xlsx",
        "汇总.xlsx",
    ]  # fmt: skip
    assert "复核结果" in load_workbook(out / "annotated/丙局.zip/报送/自评表_复核.xlsx").sheetnames


def test_the_results_as_tidy_tables(tmp_path: Path) -> None:
    folder, out = tmp_path / "报送", tmp_path / "结果"
    form(folder / "表.xlsx", rows=SHORT_ROWS, money=(1000000, 1000000, 950000, 10, "95%", 9.5))
    book = load_workbook(folder / "表.xlsx")
    book["自评表"]["A5"] = "项目资金（元）"
    book.save(folder / "表.xlsx")
    batch(folder, out)
    assert query(out, """SELECT project, unit, department, year, scope, reported_score, score, difference, grade, initial,
        adjusted, executed, ratio, is_complete, is_full_marks, project_cell, score_cell FROM tables""") == [
        ("农技人员培训", "市农技推广中心", "市农业农村局", 2023, "project", 99.5, 74.5, 25, "中", 100, 100, 95, 0.95, 1, 0,
         "自评表!B3", "自评表!G14"),
    ]  # fmt: skip
    assert query(out, "SELECT name, initial, executed, ratio, score, cell FROM budget WHERE role = 'total'") == [
        ("年度资金总额", 1000000, 950000, 0.95, 9.5, "自评表!B6")
    ]
    assert query(out, """SELECT level1, level3, target, actual, completion_rate, weight, reported_score, score,
        difference, status, cell FROM indicators WHERE row = 0""") == [
        ("产出指标", "培训场次", "≥12场", "6场", 0.5, 50, 50, 25, 25, "scored", "自评表!C11")
    ]  # fmt: skip
    codes = query(out, "SELECT code, cell FROM findings WHERE severity = 'error' ORDER BY number")
    assert ("IND-03", "自评表!G11") in codes
    assert query(out, "SELECT path, errors FROM v_ranking") == [("表.xlsx", len(codes))]


@pytest.mark.parametrize(
    ("title", "label", "scope"),
    [("部门整体绩效自评表", "单位名称", "department"), ("项目自评表", "项目名称", "project")],
)
def test_a_form_that_serves_for_both_is_a_departments_where_the_title_says_so(
    tmp_path: Path, title: str, label: str, scope: str
) -> None:
    book = Workbook()
    for cells in (
        (f"2022年度{title}",),
        (label, "水土保持"),
        ("预算执行情况（万元）（20分）", None, "预算数（A）", "执行数（B）", "执行率（B/A）", "得分（20分*执行率）"),
        (None, "年度财政资金总额", 1500, 1350, "90%", 18),
        ("一级指标", "二级指标", "三级指标", "年初目标值（A）", "实际完成值（B）", "得分"),
        ("产出指标", "数量指标", "治理面积（80分）", "12公顷", "12公顷", 80),
    ):
        book.active.append(cells)
    (tmp_path / "报送").mkdir()
    book.save(tmp_path / "报送" / "表.xlsx")
    batch(tmp_path / "报送", tmp_path / "结果")
    assert query(tmp_path / "结果", "SELECT form, scope FROM tables") == [("hubei-project", scope)]


def test_two_inputs_whose_copies_would_have_one_name(tmp_path: Path) -> None:
    folder, out = tmp_path / "报送", tmp_path / "结果"
    form(folder / "表.xlsx")
    form(folder / "表.xltx")
    form(folder / "表.xlsx.xlsx", unit="乙")
    batch(folder, out)
    assert sorted(copies(out)) == [
        "annotated/表.xlsx_复核.xlsx", "annotated/表_复核(2).xlsx", "annotated/表_复核.xlsx", "汇总.xlsx",
    ]  # fmt: skip


def test_what_is_unchanged_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = tmp_path / "报送", tmp_path / "结果"
    paths = [form(folder / f"{name}.xlsx", unit=name) for name in "甲乙丙丁"]
    (folder / "坏.xlsx").write_bytes(b"broken")
    (folder / "perfxl.toml").touch()
    engines: list[Here] = []

    def engine(request: object, total: int) -> Here:
        engines.append(Here())
        return engines[-1]

    monkeypatch.setattr(command, "_engine", engine)
    batch(folder, out)
    before = results(out), copies(out)

    def done_again() -> list[str]:
        batch(folder, out)
        return [item.path for job in engines.pop().done for item in job.items] if len(engines) > 1 else []

    assert done_again() == []
    assert (results(out), copies(out)) == before

    os.utime(paths[0])  # another date is no other content
    assert done_again() == []
    form(paths[1], unit="乙", rows=SHORT_ROWS)
    (out / "annotated" / "丙_复核.xlsx").unlink()
    form(folder / "戊.xlsx", unit="戊")
    assert done_again() == ["丙.xlsx", "乙.xlsx", "戊.xlsx"]
    assert query(out, "SELECT count(*) FROM indicators JOIN tables USING (table_id) JOIN inputs USING (input_id)"
                 " WHERE path = '乙.xlsx'") == [(3,)]  # fmt: skip

    (folder / "perfxl.toml").write_text("[tolerance]\nscore = 0.5\n", encoding="utf-8")
    assert len(done_again()) == 6
    monkeypatch.setattr("perfxl.batch.fingerprint.__version__", "9.9")
    assert len(done_again()) == 6


def test_documents_are_told_of_what_is_not_done_again_too(tmp_path: Path) -> None:
    folder, out = tmp_path / "报送", tmp_path / "结果"
    form(folder / "乙.xlsx", unit="乙")
    form(folder / "甲.xlsx")
    (folder / "坏.xlsx").write_bytes(b"")
    (folder / "旧.rar").write_bytes(b"x")
    first: list[bytes] = []
    command.run_batch(command.Request(folder, out), first.append)
    before = results(out), copies(out)
    form(folder / "丙.xlsx", unit="丙")
    again: list[bytes] = []
    command.run_batch(command.Request(folder, out), again.append)
    assert [Path(json.loads(line)["input"]["path"]).name for line in first] == [
        "乙.xlsx",
        "坏.xlsx",
        "旧.rar",
        "甲.xlsx",
    ]
    assert again[:4] == first
    assert json.loads(again[4])["input"]["path"].endswith("丙.xlsx")
    assert query(out, "SELECT count(DISTINCT run_id) FROM inputs WHERE run_id IS NOT NULL") == [(2,)]
    assert before[1]["annotated/甲_复核.xlsx"] == copies(out)["annotated/甲_复核.xlsx"]


def test_an_input_that_is_no_more_leaves_the_results(tmp_path: Path) -> None:
    folder, out = tmp_path / "报送", tmp_path / "结果"
    form(folder / "甲.xlsx")
    gone = form(folder / "乙.xlsx", unit="乙")
    batch(folder, out)
    gone.unlink()
    batch(folder, out)
    assert query(out, "SELECT path FROM inputs") == [("甲.xlsx",)]
    assert query(out, "SELECT count(*) FROM tables") == [(1,)]
    assert (out / "annotated" / "乙_复核.xlsx").is_file()


class Dying(Here):
    """A worker that dies of one file."""

    def result(self, job: Job) -> Report | Lost:
        if any("毒" in item.path for item in job.items):
            return Lost("died", "退出码 -9")
        return super().result(job)


def test_a_chunk_that_dies_is_split_and_the_file_that_kills_alone_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "报送", tmp_path / "结果"
    for name in ("甲", "毒", "乙"):
        form(folder / f"{name}.xlsx", unit=name)
    monkeypatch.setattr(command, "_engine", lambda request, total: Dying())
    lines: list[bytes] = []
    end = command.run_batch(command.Request(folder, out), lines.append)
    assert (end.done, end.unreadable) == (2, 1)
    assert query(out, "SELECT kind, message FROM v_unreadable") == [
        ("corrupt", "处理这个文件的进程意外结束（退出码 -9），其他文件不受影响。")
    ]
    documents = [json.loads(line) for line in lines]
    assert [Path(document["input"]["path"]).stem for document in documents] == ["乙", "毒", "甲"]
    assert [document["error"]["kind"] for document in documents if document["error"]] == ["corrupt"]


def test_same_content_counts_once_and_older_versions_do_not(tmp_path: Path) -> None:
    folder, out = tmp_path / "报送", tmp_path / "结果"
    first = form(folder / "甲.xlsx")
    (folder / "甲再报.xlsx").write_bytes(first.read_bytes())
    form(folder / "乙.xlsx", unit="乙", project="养护")
    form(folder / "乙（修改稿）.xlsx", unit="乙", project="养护", rows=SHORT_ROWS)
    form(folder / "丙.xlsx", unit="丙", project="运维")
    form(folder / "丙局另报.xlsx", unit="丙", project="运维", rows=SHORT_ROWS)
    batch(folder, out)
    assert query(out, "SELECT path, standing, superseded_by, why FROM v_repeated") == [
        ("乙.xlsx", "superseded", "乙（修改稿）.xlsx", "以较新的为准：文件名标有“修改稿”"),
        ("甲再报.xlsx", "duplicate", "甲.xlsx", "内容与该文件完全相同"),
    ]
    assert query(out, "SELECT i.path, f.cell, f.value, f.message FROM findings f JOIN inputs i USING (input_id)"
                 " WHERE code = 'STR-11' ORDER BY path") == [
        ("丙.xlsx", "自评表!B3", "运维", "项目“运维”重复报送：另见丙局另报.xlsx（自评表），内容不同"),
        ("丙局另报.xlsx", "自评表!B3", "运维", "项目“运维”重复报送：另见丙.xlsx（自评表），内容不同"),
    ]  # fmt: skip
    assert query(out, "SELECT sum(tables), sum(projects) FROM v_departments") == [(4, 4)]


def test_settings_of_the_folder_hold_for_what_is_found_across_files(tmp_path: Path) -> None:
    folder, out = tmp_path / "报送", tmp_path / "结果"
    form(folder / "甲.xlsx")
    form(folder / "甲局另报.xlsx", rows=SHORT_ROWS)
    (folder / "perfxl.toml").write_text('[checks.STR-11]\nseverity = "error"\n', encoding="utf-8")
    batch(folder, out)
    assert query(out, "SELECT DISTINCT severity FROM findings WHERE code = 'STR-11'") == [("error",)]
    waiver = '[[waive]]\ncode = "STR-11"\ntable = "农技人员培训"\nreason = "分两期报送"\n'
    (folder / "perfxl.toml").write_text(waiver, encoding="utf-8")
    batch(folder, out)
    assert query(out, "SELECT DISTINCT waived FROM findings WHERE code = 'STR-11'") == [("分两期报送",)]
    (folder / "perfxl.toml").write_text("[checks.STR-11]\nenabled = false\n", encoding="utf-8")
    batch(folder, out)
    assert query(out, "SELECT count(*) FROM findings WHERE code = 'STR-11'") == [(0,)]


def test_a_wrong_settings_file_stops_the_run_with_its_name(tmp_path: Path) -> None:
    form(tmp_path / "报送" / "甲.xlsx")
    (tmp_path / "报送" / "perfxl.toml").write_text("[tolerance]\nscor = 1\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"perfxl\.toml：tolerance\.scor"):
        batch(tmp_path / "报送", tmp_path / "结果")


def test_two_runs_at_once_into_one_folder_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form(tmp_path / "报送" / "甲.xlsx")

    class Meanwhile(Here):
        def result(self, job: Job) -> Report | Lost:
            with pytest.raises(OutputError, match="另一次运行正在写入"):
                batch(tmp_path / "报送", tmp_path / "结果")
            return super().result(job)

    monkeypatch.setattr(command, "_engine", lambda request, total: Meanwhile())
    assert batch(tmp_path / "报送", tmp_path / "结果").done == 1


def test_results_of_another_version_are_not_touched(tmp_path: Path) -> None:
    import sqlite3

    (tmp_path / "结果").mkdir()
    connection = sqlite3.connect(tmp_path / "结果" / "results.sqlite")
    connection.execute("CREATE TABLE inputs (input_id INTEGER, name TEXT)")
    connection.close()
    with pytest.raises(OutputError, match="另一个版本"):
        batch(tmp_path, tmp_path / "结果")


def test_submissions_among_the_copies_are_refused(tmp_path: Path) -> None:
    (tmp_path / "annotated" / "甲").mkdir(parents=True)
    with pytest.raises(OutputError, match="annotated 之内"):
        batch(tmp_path / "annotated" / "甲", tmp_path)


def test_a_copy_that_cannot_be_written_is_made_up_for_by_the_next_run(tmp_path: Path) -> None:
    folder, out = tmp_path / "报送", tmp_path / "结果"
    form(folder / "甲局" / "表.xlsx")
    form(folder / "乙.xlsx", unit="乙")
    (out / "annotated").mkdir(parents=True)
    (out / "annotated" / "甲局").write_text("占位", encoding="utf-8")
    end = batch(folder, out)
    assert (end.done, end.unwritten) == (2, 1)
    assert query(out, "SELECT path FROM inputs WHERE unwritten IS NOT NULL") == [("甲局/表.xlsx",)]
    (out / "annotated" / "甲局").unlink()
    assert batch(folder, out).unwritten == 0
    assert (out / "annotated" / "甲局" / "表_复核.xlsx").is_file()


def test_copies_written_behind_are_those_written_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "报送"
    for name in "甲乙丙":
        form(folder / f"{name}.xlsx", unit=name)
    ends = []
    for out in (tmp_path / "先", tmp_path / "后"):
        # In the way of one copy.
        (out / "annotated" / "乙_复核.xlsx").mkdir(parents=True)
        ends.append(batch(folder, out))
        monkeypatch.setattr(Here, "result", lambda self, job: work(job, writes_behind=True))
        monkeypatch.setattr(behind, "_TRIED", 0)
    first, second = (tmp_path / "先", tmp_path / "后")
    assert [end.unwritten for end in ends] == [1, 1]
    written = [{name: data for name, data in copies(out).items() if name != "汇总.xlsx"} for out in (first, second)]
    assert written[0].keys() == {"annotated/甲_复核.xlsx", "annotated/丙_复核.xlsx"}
    assert written[0] == written[1]
    assert query(second, "SELECT path FROM inputs WHERE output IS NULL") == [("乙.xlsx",)]
    assert query(first, "SELECT path, output FROM inputs") == query(second, "SELECT path, output FROM inputs")


def test_leftovers_of_a_killed_run_go(tmp_path: Path) -> None:
    form(tmp_path / "报送" / "甲.xlsx")
    left = tmp_path / "结果" / "annotated" / ".~perfxl-0123.tmp"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    batch(tmp_path / "报送", tmp_path / "结果")
    assert not left.exists()


def test_the_default_folder_lies_beside_the_submissions(tmp_path: Path) -> None:
    assert default_out(tmp_path / "报送") == tmp_path / "报送_复核结果"
