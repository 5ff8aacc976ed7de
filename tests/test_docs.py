"""What the README and the other documents promise is there."""

import re
import shlex
from pathlib import Path

import pytest

from perfxl.checks.registry import CHECKS
from perfxl.cli import run
from perfxl.errors import DefinitionError
from perfxl.forms.definitions import Forms, load_forms
from perfxl.forms.settings import LIMITS, load_settings, with_settings
from perfxl.model.limits import Limits
from perfxl.model.results import contract

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"`(perfxl [^`]+)`", README)))


def test_the_two_commands_stand_on_lines_of_their_own() -> None:
    lines = README.splitlines()
    assert sum(line.startswith('python -m pip install . && perfxl "sample_workbooks/') for line in lines) == 1
    assert 'python -m pip install ".[dev]" && python -m pytest' in lines


def test_the_sample_that_the_readme_runs_is_there() -> None:
    (path,) = re.findall(r'^python -m pip install \. && perfxl "(.+)"$', README, re.M)
    assert (ROOT / path).is_file()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", README))))
def test_links_lead_to_files(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_is_known(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_form(Path("我的表样"))
    Path("报送").mkdir()
    Path("名册.csv").write_text("单位名称\n甲局\n", encoding="utf-8")
    words = shlex.split(command)[1:]
    # Files that the README only speaks of are not there: the command must get as far as looking for them.
    assert run(words) in (0, 3)
    assert "命令有误" not in capsys.readouterr().err


def examples() -> list[str]:
    """Return the TOML examples of the README."""
    return [part.split("```")[0] for part in README.split("```toml\n")[1:]]


def test_the_settings_of_the_readme_are_settings(tmp_path: Path) -> None:
    (text,) = [part for part in examples() if "[[waive]]" in part]
    path = tmp_path / "perfxl.toml"
    path.write_text(text, encoding="utf-8")
    settings = load_settings(path, CHECKS)
    assert settings.checks["IND-05"] == {"severity": "info"}
    assert settings.waivers[0].code == "BUD-05"
    assert with_settings(load_forms(), settings).rubric(None).score_tolerance == 0.1


def write_form(folder: Path) -> Path:
    """Write the form of the README into a folder, and return its own folder."""
    (text,) = [part for part in examples() if "form.toml" in part]
    form, rubric = text.split("# 我的表样/anhui-project-2023/rubric.toml\n")
    own = folder / "anhui-project-2023"
    own.mkdir(parents=True)
    (own / "form.toml").write_text(form, encoding="utf-8")
    (own / "rubric.toml").write_text(rubric, encoding="utf-8")
    return own


def test_the_form_of_the_readme_is_a_form(tmp_path: Path) -> None:
    folder = write_form(tmp_path)
    made = Forms.load([tmp_path]).by_id["anhui-project-2023"]
    assert made.rubric.reverse == "inverse_ratio"
    assert made.rubric.total == 100
    rubric = folder / "rubric.toml"
    rubric.write_text(rubric.read_text(encoding="utf-8").replace("reverse", "reverze"), encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"quantitative\.reverze：未知的键，是否应为 reverse？"):
        Forms.load([tmp_path])


def test_no_path_of_a_developers_machine_is_in_the_project() -> None:
    for path in [*ROOT.rglob("*.md"), *ROOT.rglob("*.toml"), *(ROOT / "perfxl").rglob("*.py")]:
        if ".venv" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert "/home/" not in text, path


def test_the_limits_of_security_md_are_those_of_the_program(tmp_path: Path) -> None:
    table = re.findall(r"^\| `(\w+)` \| (\d+) \|", (ROOT / "SECURITY.md").read_text(encoding="utf-8"), re.MULTILINE)
    settings = tmp_path / "perfxl.toml"
    settings.write_text("[limits]\n" + "".join(f"{key} = {value}\n" for key, value in table), encoding="utf-8")
    assert load_settings(settings, ()).limits == Limits()
    for key, value in table:
        settings.write_text(f"[limits]\n{key} = {int(value) + 1}\n", encoding="utf-8")
        assert load_settings(settings, ()).limits != Limits(), key
    assert {key for key, _ in table} == set(LIMITS)


def test_the_contract_of_the_results_in_the_readme_is_that_of_the_code() -> None:
    assert contract() in README
