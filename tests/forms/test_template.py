"""What a form says of its blank: inheritance, versions, fingerprints, and what is said of a wrong definition."""

from dataclasses import replace
from pathlib import Path

import pytest

from perfxl.errors import DefinitionError
from perfxl.forms.definitions import Form, Forms, load_forms
from perfxl.forms.rubric import ExpectedWeight
from perfxl.forms.template import fingerprint

HEAD = 'id = "my-form"\nname = "某表"\nextends = "national-project-2020"\n{version}[recognise]\ntitle = ["某"]\n'


def forms(tmp_path: Path, template: str = "", version: str = "") -> Forms:
    folder = tmp_path / "my-form"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "form.toml").write_text(HEAD.format(version=version) + template, encoding="utf-8")
    (folder / "rubric.toml").write_text('extends = "national-project-2020"\n', encoding="utf-8")
    return Forms.load([folder])


def form(tmp_path: Path, template: str = "", version: str = "") -> Form:
    return forms(tmp_path, template, version).by_id["my-form"]


def test_a_form_states_only_what_differs(tmp_path: Path) -> None:
    national = load_forms().by_id["national-project-2020"].template
    assert form(tmp_path).template == national
    own = form(tmp_path, '[template]\ntitle = "某县自评表"\n[template.money]\nlabel = "资金（元）"\n').template
    assert own is not None
    assert national is not None
    assert own == replace(national, title="某县自评表", money=replace(national.money, label="资金（元）"))


def test_a_template_may_extend_another_than_the_form(tmp_path: Path) -> None:
    made = forms(tmp_path, '[template]\nextends = "hubei-project"\nsheet = "甲"\n')
    own, other = made.by_id["my-form"].template, made.by_id["hubei-project"].template
    assert own is not None
    assert other is not None
    assert own == replace(other, sheet="甲")
    assert made.by_id["my-form"].parents == ("national-project-2020",)


def test_a_list_of_classes_is_spelled_out(tmp_path: Path) -> None:
    own = form(
        tmp_path,
        '[[template.levels]]\nlevel1 = "产出指标"\nlevel2 = ["数量指标", "质量指标"]\nrows = 4\n',
    ).template
    assert own is not None
    assert [(level.level1, level.level2, level.rows) for level in own.levels] == [
        ("产出指标", "数量指标", 4),
        ("产出指标", "质量指标", 4),
    ]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("[template]\ntitel = '甲'\n", r"my-form/form\.toml：template\.titel：未知的键，是否应为 title？"),
        ("[template]\ntitle = 3\n", r"template\.title：应为文字"),
        ("[template]\nblocks = ['money', 'gaols']\n", r"template\.blocks：不能为 'gaols'，可用的有：header"),
        ("[template]\nheader = ['项目名称']\n", r"template\.header：应为若干行"),
        ("[template]\nheader = [['']]\n", r"template\.header：每个标签应为文字"),
        ("[template]\nextends = 'national-project'\n", r"template\.extends：没有名为 national-project 的表样，是否应为"),
        ("[template.money]\nrow = []\n", r"template\.money\.row：未知的键，是否应为 rows？"),
        ("[template.money.columns]\nexecutde = '全年执行数'\n", r"money\.columns\.executde：没有这个字段，是否应为 executed？"),
        ("[template.money.columns]\nexecuted = '全年预算数'\n", r"columns\.executed：列名“全年预算数”会读作 adjusted"),
        ("[template.goals]\nis_stacked = 'yes'\n", r"template\.goals\.is_stacked：应为 true 或 false"),
        ("[template.indicators.columns]\ntarget = '甲乙丙丁'\n", r"columns\.target：列名“甲乙丙丁”程序不认识，请写进 \[columns\]"),
        ("[template.indicators.over]\n'年度指标值' = ['operator']\n", r"over\.年度指标值：columns 中没有“operator”"),
        ("[template.indicators]\nrows = 2.5\n", r"template\.indicators\.rows：应为 0 至 50 的整数"),
        ("[template.widths]\nreasons = 30\n", r"template\.widths\.reasons：没有这一列，是否应为 reason？"),
        ("[template.widths]\nreason = 300\n", r"template\.widths\.reason：列宽应在 1 至 100 之间"),
        ("[template.choices]\n'类别' = ['甲']\n", r"template\.choices\.类别：header 中没有这个标签"),
        ("[[template.levels]]\nlevel2 = ['甲', '乙']\nlevel3 = ['丙']\n", r"levels\.level3：写了几个 level2 时不能写 level3"),
        ("[[template.levels]]\nlevel4 = '甲'\n", r"template\.levels\.level4：未知的键"),
        ("[template.indicators]\ncolumns = {level3 = '指标名称', target = '指标值'}\n", r"template\.levels：没有 level1 这一列"),
    ],
)  # fmt: skip
def test_a_wrong_template_names_file_and_key(tmp_path: Path, template: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        forms(tmp_path, template)


@pytest.mark.parametrize("version", ["version = 0\n", "version = 1.5\n", 'version = "1"\n'])
def test_a_version_is_a_whole_number(tmp_path: Path, version: str) -> None:
    with pytest.raises(DefinitionError, match=r"form\.toml：version：应为"):
        forms(tmp_path, version=version)
    assert form(tmp_path, version="version = 3\n").version == 3


def test_a_fingerprint_changes_with_what_is_printed_and_with_nothing_else(tmp_path: Path) -> None:
    own = form(tmp_path)
    assert own.template is not None
    same = fingerprint(own.template, own.rubric)
    assert same == fingerprint(own.template, replace(own.rubric, reverse="inverse_ratio"))
    assert same != fingerprint(replace(own.template, title="乙"), own.rubric)
    weights = (*own.rubric.weights, ExpectedWeight(5, level3="甲"))
    assert same != fingerprint(own.template, replace(own.rubric, weights=weights))
    assert len(same) == 16


def test_every_form_has_a_template_and_a_heading_only_words_that_are_read() -> None:
    for one in load_forms().by_id.values():
        assert one.template is not None, one.id
        assert one.template.levels, one.id
