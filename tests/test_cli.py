"""The command line as a user meets it: exit codes, streams, outputs, Chinese messages."""

import hashlib
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfxl.__main__ import main
from perfxl.cli import run
from tests.workbooks import CLEAN_ROWS, SPOTLESS_ROWS, project_form

OVERSCORED = (("产出指标", "数量指标", "培训场次", "≥12场", "12场", 50, 52, None), *CLEAN_ROWS[1:])


def test_a_clean_form_ends_with_0_and_an_annotated_copy_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = project_form(tmp_path / "自评表.xlsx", SPOTLESS_ROWS)
    assert run([str(form)]) == 0
    printed = capsys.readouterr()
    assert "自评总分 99.5，复核总分 99.5，等级 优，预算执行率 95.00%" in printed.out
    assert "未发现问题" in printed.out
    assert printed.err == ""
    assert (tmp_path / "自评表_复核.xlsx").is_file()


def test_a_computed_total_without_the_rows_for_a_person_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (("产出指标", "数量指标", "培训场次", "≥12场", "若干场", 20, 20, None), *SPOTLESS_ROWS[1:])
    run([str(project_form(tmp_path / "自评表.xlsx", rows))])
    assert "自评总分 99.5，复核总分 79.5（不含人工核对），等级 优" in capsys.readouterr().out


def test_an_error_finding_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = project_form(tmp_path / "自评表.xlsx", OVERSCORED, total=(100, 101.5))
    assert run(["score", str(form)]) == 1
    assert "[错误] IND-01 自评表!G11：得分 52 超过该指标分值 50，多 2" in capsys.readouterr().out


def test_the_input_is_not_changed(tmp_path: Path) -> None:
    form = project_form(tmp_path / "自评表.xlsx", OVERSCORED)
    before = hashlib.sha256(form.read_bytes()).hexdigest(), form.stat().st_mtime_ns
    run([str(form)])
    assert (hashlib.sha256(form.read_bytes()).hexdigest(), form.stat().st_mtime_ns) == before


def test_a_file_that_cannot_be_read_ends_with_3_and_the_others_are_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04 half a file")
    form = project_form(tmp_path / "自评表.xlsx")
    assert run(["score", str(broken), str(form), str(tmp_path / "没有.xlsx")]) == 3
    out = capsys.readouterr().out
    assert out.count("未能读取：") == 3  # one a file, and the total
    assert "复核总分 99.5" in out
    assert (tmp_path / "自评表_复核.xlsx").is_file()
    assert not (tmp_path / "坏_复核.xlsx").exists()


def test_json_is_one_line_a_workbook_in_input_order_and_nothing_else(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    first = project_form(tmp_path / "甲.xlsx", OVERSCORED)
    second = tmp_path / "乙.xlsx"
    second.write_bytes(b"")
    assert run(["score", "--json", "--no-annotate", str(first), str(second)]) == 3
    documents = [json.loads(line) for line in capfdbinary.readouterr().out.decode("utf-8").splitlines()]
    assert [Path(document["input"]["path"]).name for document in documents] == ["甲.xlsx", "乙.xlsx"]
    assert documents[0]["error"] is None
    assert documents[0]["output"] is None
    assert documents[1]["error"]["kind"] == "empty_file"
    assert documents[1]["tables"] == []
    assert not list(tmp_path.glob("*_复核*"))


def test_json_carries_what_the_contract_names(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    form = project_form(tmp_path / "自评表.xlsx", OVERSCORED, total=(100, 101.5))
    run(["score", "--json", str(form)])
    document = json.loads(capfdbinary.readouterr().out)
    assert document["input"]["sha256"] == hashlib.sha256(form.read_bytes()).hexdigest()
    assert document["output"] == str(tmp_path / "自评表_复核.xlsx")
    (table,) = document["tables"]
    assert table["form"] == "national-project-2020"
    assert (table["year"], table["money_unit"]) == (2023, "万元")
    assert table["header"] == {"项目名称": "农技人员培训", "主管部门": "市农业农村局", "实施单位": "市农技推广中心"}
    assert table["budget"][0]["ratio"] == 0.95
    assert table["budget"][0]["cells"]["executed"] == "自评表!E6"
    row = table["indicators"][0]
    assert (row["operator"], row["target_number"], row["actual_number"], row["unit"]) == ("≥", 12, 12, "场")
    assert (row["weight"], row["reported_score"], row["score"], row["status"]) == (50, 52, 50, "scored")
    assert row["cells"]["reported_score"] == "自评表!G11"
    assert table["subtotals"][0] == {"path": ["产出指标"], "weight": 50, "reported_score": 52, "score": 50}
    assert (table["total"]["reported_score"], table["total"]["score"]) == (101.5, 99.5)
    codes = {finding["code"]: finding for finding in table["findings"]}
    assert codes["IND-01"]["value"] == "52"
    assert (codes["IND-01"]["expected"], codes["IND-01"]["difference"]) == (50, 2)


def test_copies_go_into_the_folder_that_is_named(tmp_path: Path) -> None:
    for folder in ("甲局", "乙局"):
        (tmp_path / folder).mkdir()
        project_form(tmp_path / folder / "自评表.xlsx")
    out = tmp_path / "复核件"
    run(["score", str(tmp_path / "甲局" / "自评表.xlsx"), str(tmp_path / "乙局" / "自评表.xlsx"), "-o", str(out)])
    assert sorted(path.name for path in out.iterdir()) == ["自评表_复核(2).xlsx", "自评表_复核.xlsx"]


def test_the_copy_has_the_result_sheets_and_marks_the_cell(tmp_path: Path) -> None:
    form = project_form(tmp_path / "自评表.xlsx", OVERSCORED)
    run([str(form)])
    book = load_workbook(tmp_path / "自评表_复核.xlsx")
    assert book.sheetnames == ["复核结果", "问题清单", "自评表"]
    cell = book["自评表"]["G11"]
    assert cell.value == 52
    assert cell.fill.fgColor.rgb == "FFFFC7CE"
    assert cell.comment is not None
    assert "【错误】IND-01 得分超过分值" in cell.comment.text
    assert "建议：" in cell.comment.text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["score"], "缺少参数"),
        (["--nothing"], "没有选项 --nothing"),
        (["nothing"], "没有命令“nothing”"),
        (["score", "--form", "nowhere-1999", "x.xlsx"], "没有表样“nowhere-1999”"),
        (["explain", "IND-99"], "没有编号“IND-99”"),
        (["score", "x.xlsx", "--forms", "no-such-folder"], "没有这个表样文件夹"),
    ],
)
def test_a_wrong_command_line_ends_with_2_and_a_chinese_sentence(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.out == ""


def test_without_arguments_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    said = capsys.readouterr().err
    assert said.startswith("用法：perfxl")
    assert "命令有误" not in said


def test_a_missing_argument_is_named_as_the_help_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score"]) == 2
    assert capsys.readouterr().err == "命令有误：缺少参数 文件...。用 perfxl --help 查看用法。\n"


@pytest.mark.parametrize("arguments", [["--help"], ["score", "--help"], ["inspect", "-h"], ["forms", "--help"]])
def test_help_is_chinese(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 0
    out = capsys.readouterr().out
    assert "用法：" in out
    for english in ("Usage", "Options", "Commands", "Arguments", "Show this", "required", "list[", "ARGS"):
        assert english not in out


def test_explain_prints_why_and_the_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "bud-04"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("BUD-04 执行数大于预算数（警告，预算执行）")
    assert "为什么：" in out
    assert "来源：" in out


def test_forms_list_names_the_forms(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forms", "list"]) == 0
    out = capsys.readouterr().out
    assert "national-project-2020" in out
    assert "guangdong-department-2022" in out


def test_inspect_shows_columns_and_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = project_form(tmp_path / "自评表.xlsx")
    assert run(["inspect", str(form)]) == 0
    out = capsys.readouterr().out
    assert "年度指标值：年度指标值  自评表!D10" in out
    assert "培训场次" in out
    assert "≥12 / 12 场" in out


def test_inspect_shows_the_blocks_and_what_was_not_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = project_form(tmp_path / "自评表.xlsx")
    book = load_workbook(form)
    book["自评表"]["I10"], book["自评表"]["I11"], book["自评表"]["K11"] = "主管科室", "农技科", "待核"
    book.create_sheet("说明")["A1"] = "填表说明"
    book.save(form)
    assert run(["inspect", str(form)]) == 0
    out = capsys.readouterr().out
    assert "工作表：自评表、说明（未读到自评表）" in out
    assert "各块：标题 A1:A1，表头信息 A3:E4，资金 B5:H7，年度目标 A8:E9，指标 A10:I14" in out
    assert "未使用的列：“主管科室”（I10）" in out
    assert "没有用到的单元格（1 个）\n    K11：待核\n" in out
    assert run(["inspect", "--json", str(form)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [sheet["unused_cells"] for sheet in found["sheets"]] == [[{"text": "待核", "cell": "K11"}], []]
    assert {"kind": "indicators", "range": "A10:I14"} in found["tables"][0]["blocks"]


def test_a_forced_form_is_taken(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    form = project_form(tmp_path / "自评表.xlsx")
    run(["score", "--json", "--no-annotate", "--form", "guangdong-department-2022", str(form)])
    document = json.loads(capfdbinary.readouterr().out)
    assert document["tables"][0]["form"] == "guangdong-department-2022"


def test_a_folder_is_refused_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", str(tmp_path)]) == 3
    assert "未能读取" in capsys.readouterr().out


def test_ctrl_c_while_the_program_is_loaded_is_one_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("perfxl.cli.run", interrupted)
    monkeypatch.setattr("sys.argv", ["perfxl", "explain"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert (caught.value.code, capsys.readouterr().err) == (130, "已中断。\n")


def test_ctrl_c_while_a_command_runs_is_one_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("perfxl.terminal.print_check_list", interrupted)
    assert run(["explain"]) == 130
    assert capsys.readouterr() == ("", "已中断。\n")


@pytest.mark.parametrize("part", ["TyperGroup", "TyperCommand"])
def test_ctrl_c_while_the_command_line_is_read_is_one_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], part: str
) -> None:
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"typer.core.{part}.make_context", interrupted)
    assert run(["explain"]) == 130
    assert capsys.readouterr() == ("", "已中断。\n")
