"""A user's own settings: where they are found, what they change, and what is said of wrong ones."""

import datetime
from dataclasses import dataclass
from pathlib import Path

import pytest

from perfxl.errors import DefinitionError
from perfxl.forms.definitions import NATIONAL, load_forms
from perfxl.forms.settings import Waiver, find_settings, load_settings, with_settings


@dataclass(frozen=True)
class Known:
    settings: tuple[str, ...] = ("enabled", "severity", "threshold")


CODES = {"IND-05": Known(), "IND-08": Known()}


def settings_file(folder: Path, text: str) -> Path:
    path = folder / "perfxl.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_nearest_file_above_the_input_counts(tmp_path: Path) -> None:
    below = tmp_path / "2026" / "教育局"
    below.mkdir(parents=True)
    far = settings_file(tmp_path, "")
    assert find_settings(below / "自评表.xlsx") == far
    near = settings_file(tmp_path / "2026", "")
    assert find_settings(tmp_path / "2026" / "自评表.xlsx") == near


def test_tolerance_and_severity_are_laid_over_every_rubric(tmp_path: Path) -> None:
    text = '[tolerance]\nscore = 0.1\n[checks.IND-08]\nseverity = "info"\n'
    before = load_forms()
    after = with_settings(before, load_settings(settings_file(tmp_path, text), CODES))
    assert {form.rubric.score_tolerance for form in after.by_id.values()} == {0.1}
    assert after.rubric(NATIONAL).checks["IND-08"] == {"severity": "info"}
    for name, form in before.by_id.items():
        assert after.by_id[name].rubric.weights == form.rubric.weights
        assert after.by_id[name].rubric.sum_tolerance_at_most == form.rubric.sum_tolerance_at_most


def test_no_settings_leave_the_forms_as_they_are(tmp_path: Path) -> None:
    forms = load_forms()
    assert with_settings(forms, load_settings(settings_file(tmp_path, ""), CODES)) is forms


def test_a_waiver_holds_code_place_reason_and_day(tmp_path: Path) -> None:
    text = '[[waive]]\ncode = "IND-05"\ntable = "村办公经费"\nrow = "培训人次"\nreason = "已核实"\nuntil = 2026-12-31\n'
    (waiver,) = load_settings(settings_file(tmp_path, text), CODES).waivers
    assert waiver == Waiver("IND-05", "已核实", "村办公经费", "培训人次", datetime.date(2026, 12, 31))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tolerence]\nscore = 1\n", r"perfxl\.toml：tolerence：未知的键，是否应为 tolerance？"),
        ("[limits]\nfile_mib = 1\n", r"perfxl\.toml：limits\.file_mib：未知的键，是否应为 file_mb？"),
        ("[limits]\nseconds = 0\n", r"perfxl\.toml：limits\.seconds：应为大于 0 的数"),
        ("[limits]\ncells = inf\n", r"perfxl\.toml：limits\.cells：应为大于 0 的数"),
        ('[limits]\ncells = "很多"\n', r"perfxl\.toml：limits\.cells：应为数字"),
        ("[tolerance]\nscroe = 1\n", r"perfxl\.toml：tolerance\.scroe：未知的键，是否应为 score？"),
        ('[tolerance]\nscore = "小"\n', r"tolerance\.score：应为数字，现为 '小'"),
        ("[checks.IND-80]\nenabled = false\n", r"checks\.IND-80：没有这个问题编号，是否应为 IND-08？"),
        ("[checks.IND-08]\nsevrity = 1\n", r"checks\.IND-08\.sevrity：未知的键，是否应为 severity？"),
        (
            '[checks.IND-08]\nseverity = "高"\n',
            r"checks\.IND-08\.severity：不能为 '高'，可用的有：error、warning、info",
        ),
        ('[checks.IND-08]\nenabled = "否"\n', r"checks\.IND-08\.enabled：应为 true 或 false"),
        ('[checks.IND-08]\nthreshold = "大"\n', r"checks\.IND-08\.threshold：应为数字"),
        ("[checks]\nIND-08 = false\n", r"checks\.IND-08：应为一节：\[checks\.IND-08\]"),
        ('[[waive]]\ncode = "IND-05"\n', r"waive\.reason：请写明豁免的理由"),
        ('[[waive]]\ncode = "IND-5"\nreason = "已核实"\n', r"waive\.code：没有问题编号“IND-5”，是否应为 IND-05？"),
        ('[[waive]]\ncode = "IND-05"\nreason = "已核实"\nuntil = "2026"\n', r"waive\.until：应为日期，如 2026-12-31"),
        ('[[waive]]\ncode = "IND-05"\nreason = "已核实"\nsheet = "表"\n', r"waive\.sheet：未知的键"),
        ("score = ", r"perfxl\.toml：无法读取"),
    ],
)
def test_a_wrong_setting_names_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        load_settings(settings_file(tmp_path, text), CODES)
