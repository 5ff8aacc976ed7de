"""A command line without a command, and the library's words in Chinese."""

from pathlib import Path

import pytest

from perfxl.command_line import in_chinese, with_command

COMMANDS = ("score", "inspect", "forms", "explain")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["自评表.xlsx"], ["score", "自评表.xlsx"]),
        (["--json", "自评表.xlsx"], ["score", "--json", "自评表.xlsx"]),
        (["-o", "out", "自评表.xlsx"], ["score", "-o", "out", "自评表.xlsx"]),
        (["C:\\报送\\自评表"], ["score", "C:\\报送\\自评表"]),
        (["score", "自评表.xlsx"], ["score", "自评表.xlsx"]),
        (["forms", "list"], ["forms", "list"]),
        (["scores"], ["scores"]),
        (["--help"], ["--help"]),
        ([], []),
    ],
)
def test_a_bare_path_means_score(arguments: list[str], expected: list[str]) -> None:
    assert with_command(arguments, COMMANDS) == expected


def test_a_file_named_like_an_option_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-rf.xlsx").touch()
    assert with_command(["-rf.xlsx"], COMMANDS) == ["score", "./-rf.xlsx"]
    assert with_command(["-rg.xlsx"], COMMANDS) == ["-rg.xlsx"]


def test_types_and_double_dots_of_the_library_are_left_out() -> None:
    assert in_chinese("Usage: perfxl score [OPTIONS] {文件...}...") == "用法：perfxl score [选项] 文件..."
    assert in_chinese("  文件... <list[Path]>  填好的自评表。  [required]") == "  文件...  填好的自评表。  [必填]"
