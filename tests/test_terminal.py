"""What people read on the terminal: worst first, last a tally, also on narrow consoles and those of other code pages."""

import io
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from perfxl.cli import run
from perfxl.terminal import Detail, Line, finding_lines, fit, print_finding_table
from tests.workbooks import CLEAN_ROWS, NOT_ASKED, project_form

LINES = [
    Line(
        "错误", "IND-03", "自评表!H14", "完成率 87 ÷ 100 = 87.00%，应得 10 × 87.00% = 8.7 分，填报 10 分，多计 1.3 分"
    ),
    Line("警告", "IND-05", "自评表!F15、F16、F17、F18、F19、F20", "完成值大幅超过指标值（125 − 100）›"),
]


class Console(io.TextIOWrapper):
    """A terminal of some encoding."""

    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)

    def isatty(self) -> bool:
        return True

    def text(self) -> str:
        self.flush()
        self.seek(0)
        return re.sub("\x1b\\[[\\d;]*m", "", self.buffer.read().decode(self.encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_table_fits_the_console(width: int, encoding: str) -> None:
    console = Console(encoding)
    print_finding_table(LINES, console, width)
    printed = console.text()
    assert all(cell_len(line) <= width for line in printed.splitlines())
    whole = "".join(printed.split())
    assert whole.index("IND-03") < whole.index("IND-05")
    assert "自评表!H14" in whole


def test_a_narrow_console_has_the_whole_message() -> None:
    console = Console("gbk")
    print_finding_table(LINES[:1], console, 40)
    cells = "".join(line.split("|")[2] for line in console.text().splitlines() if line.count("|") == 3)
    assert "应得10×87.00%=8.7分，填报10分，多计1.3分" in "".join(cells.split())


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("(125 − 100) › 满分", "gbk", "(125 - 100) > 满分"),
        ("(125 − 100) › 满分", "utf-8", "(125 − 100) › 满分"),
        ("≥95%、≤3、×、÷、㎡", "gbk", "≥95%、≤3、×、÷、㎡"),
        ("𠮷林", "gbk", "?林"),
    ],
)
def test_signs_that_an_output_lacks(text: str, encoding: str, shown: str) -> None:
    assert fit(text, encoding) == shown


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """Return a form with one error and one warning."""
    rows = (
        ("产出指标", "数量指标", "培训场次", "≥12场", "24场", 50, 52, None),
        *CLEAN_ROWS[1:],
    )
    (tmp_path / "perfxl.toml").write_text(NOT_ASKED, encoding="utf-8")
    return project_form(tmp_path / "自评表.xlsx", rows, total=(100, 101.5))


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    run(["score", "--no-annotate", *arguments])
    return capsys.readouterr().out.splitlines()


def test_worst_first_and_last_the_tally(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, str(form))
    codes = [line.split()[1] for line in lines if line.startswith("  [")]
    assert codes == ["IND-01", "IND-05"]
    assert lines[-1] == "  错误 1 处、警告 1 处、提示 0 处"


def test_quiet_is_one_line_a_file_and_a_total(form: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "没有.xlsx"
    lines = printed(capsys, "-q", str(form), str(missing))
    assert lines[0] == f"{form}：错误 1 处、警告 1 处、提示 0 处"
    assert lines[1].startswith(f"{missing}：未能读取：")
    assert lines[2] == "共 2 个文件，1 个未能读取：错误 1 处、警告 1 处、提示 0 处"
    assert len(lines) == 3


def test_verbose_says_what_to_do(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = [line for line in printed(capsys, "-v", str(form)) if "IND-01" in line]
    assert line.endswith(" → 请核对该行得分，得分不得高于分值。")


def test_verbose_lists_every_finding_by_itself() -> None:
    findings = [
        {"severity": "error", "code": "IND-07", "cell": f"自评表!I{row}", "message": f"得分 {row} 低于分值 99", "title": "未得满分而未说明原因", "advice": "请填写。"}
        for row in range(9, 15)
    ]  # fmt: skip
    (short,) = finding_lines(findings, Detail.NORMAL)
    assert short == Line("错误", "IND-07", "自评表!I9、I10、I11、I12、I13、I14", "未得满分而未说明原因")
    assert len(list(finding_lines(findings, Detail.VERBOSE))) == 6
