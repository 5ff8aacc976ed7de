"""The lexicon: how words are looked up, and what is refused in its file."""

from pathlib import Path

import pytest

from perfxl.errors import DefinitionError
from perfxl.forms.lexicon import NOTHING, Lexicon, load_lexicon

SMALL = """
[columns.target]
words = ["年度指标值"]
patterns = ["年初(设定)?指标值"]

[columns.reason]
words = ["偏差原因"]

[column_hints]
reason = ["原因"]

[generic_columns]
weight = ["分值"]

[budget_rows]
total = ["合计"]
other = { words = ["其他资金"], begins = ["其中:其他"] }
part = { begins = ["其中"] }

[header."项目名称"]
strong = true
words = ["项目名称"]

[header."自评总分"]
role = "total"
words = ["自评得分"]

[sections.note]
begins = ["注:"]

[sections.title]
ends = ["自评表"]

[sections.total]
words = ["合计", "总分"]

[section_hints]
title = ["绩效"]
"""


def lexicon(tmp_path: Path, text: str = SMALL) -> Lexicon:
    path = tmp_path / "lexicon.toml"
    path.write_text(text, encoding="utf-8")
    return load_lexicon(path)


# ---------------------------------------------------------------- looking up


@pytest.mark.parametrize(
    "text",
    [
        "年度指标值", " 年度 指标值 ", "年度\n指标值", "年度指标值（Ａ）", "年度指标值A", "年度指标值：", "一、年度指标值", "（二）年度指标值",
        "3.年度指标值", "2022年度指标值", "年度指标值(万元)", "★年度指标值", "年初指标值", "年初设定指标值（A）", "【注】年度指标值", "年度指标值%",
    ],
)  # fmt: skip
def test_spellings_of_one_word(tmp_path: Path, text: str) -> None:
    assert lexicon(tmp_path).look_up(text).column == "target"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("指标\\\\d+值", "指标12值"), ("(甲|乙)?指标", "乙指标"), ("[甲乙]标", "乙标"), ("(?:甲)?标", "标"), ("\\\\(甲\\\\)标", "(甲)标"),
        ("指标.*", "指标与其他"), ("[^甲]标", "乙标"), ("[一-十]标", "三标"), ("\\\\w标", "乙标"), ("(?=乙).标", "乙标"),
    ],
)  # fmt: skip
def test_patterns_of_every_kind_are_found(tmp_path: Path, pattern: str, text: str) -> None:
    words = lexicon(tmp_path, f'[columns.target]\npatterns = ["{pattern}"]')
    assert words.look_up(text).column == "target"
    assert words.look_up("丙丙") is NOTHING


@pytest.mark.parametrize("text", ["", " ", "12", "95%", "A", "指标值", "年度指标值偏低", "年度指标值" * 9, "张三", "①"])
def test_what_is_no_word(tmp_path: Path, text: str) -> None:
    assert lexicon(tmp_path).look_up(text) is NOTHING


def test_a_word_may_stand_for_several_things(tmp_path: Path) -> None:
    word = lexicon(tmp_path).look_up("合计：")
    assert (word.budget_row, word.sections) == ("total", {"total"})


def test_beginnings_and_ends(tmp_path: Path) -> None:
    found = lexicon(tmp_path)
    assert found.look_up("注：1.得分不超过分值").sections == {"note"}
    assert found.look_up("某县项目支出绩效自评表（2022年度）").sections == {"title"}
    assert found.look_up("其中：财政拨款").budget_row == "part"
    assert found.look_up("其中：其他资金").budget_row == "other", "the longer beginning says more"


def test_long_texts_are_notes_and_titles_only(tmp_path: Path) -> None:
    found = lexicon(tmp_path)
    long = "注：" + "各项指标得分最高不超过该指标分值。" * 20
    assert found.look_up(long).sections == {"note"}
    assert found.look_up("其中：" + "财政拨款" * 20).budget_row is None


def test_hints_are_for_headings_that_are_known_to_be_some(tmp_path: Path) -> None:
    found = lexicon(tmp_path)
    assert found.look_up("没有做到的原因") is NOTHING
    assert found.hinted_column("没有做到的原因") == "reason"
    assert found.hinted_column("责任科室") is None
    assert found.hints_at("title", "绩效评审表") is True
    assert found.hints_at("title", "通讯录") is False
    assert found.hints_at("nothing", "绩效") is False


def test_header_labels_and_their_roles(tmp_path: Path) -> None:
    found = lexicon(tmp_path)
    assert found.strong_headers == {"项目名称"}
    assert found.labels("total") == {"自评总分"}
    assert found.labels("grade") == frozenset()
    assert found.look_up("项目名称").header == "项目名称"


def test_a_list_in_short(tmp_path: Path) -> None:
    assert lexicon(tmp_path, '[columns]\nweight = ["分值"]').look_up("分值").column == "weight"


# ---------------------------------------------------------------- the lexicon that comes with perfxl


def test_it_is_read_once() -> None:
    assert load_lexicon() is load_lexicon()


@pytest.mark.parametrize(
    ("text", "attribute", "expected"),
    [
        ("一级指标", "column", "level1"),
        ("绩效一级指标", "column", "level1"),
        ("预期指标值", "column", "target"),
        ("全年（调整）预算数", "budget_column", "adjusted"),
        ("绩效度量单位", "column", "unit"),
        ("年初预期目标", "column", "target"),
        ("存在偏差的原因", "column", "reason"),
        ("地方实施单位", "header", "实施单位"),
        ("调整后部门预算", "budget_column", "adjusted"),
        ("2023年指标值", "column", "target"),
        ("年初部门预算", "budget_column", "initial"),
        ("预算执行率（%）", "budget_column", "ratio"),
        ("年度资金总额（万元）：", "budget_row", "total"),
        ("其中：上年结转资金", "budget_row", "carried_over"),
        ("其中：本年财政拨款", "budget_row", "current"),
        ("其中：省级补助", "budget_row", "part"),
        ("转移支付（项目）名称", "header", "项目名称"),
        ("主管部门及代码", "header", "主管部门"),
        ("实施单位 （盖章）", "header", "实施单位"),
        ("自评总分（分）", "header", "自评总分"),
    ],
)
def test_words_of_published_forms(text: str, attribute: str, expected: str) -> None:
    assert getattr(load_lexicon().look_up(text), attribute) == expected


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("总 分", "total"),
        ("合计", "sum"),
        ("产出指标小计", "subtotal"),
        ("年度总体目标", "goals"),
        ("预期目标", "goal_expected"),
        ("全年目标实际完成情况", "goal_actual"),
        ("绩\n效\n指\n标", "indicators"),
        ("绩效指标（90分）", "indicators"),
        ("项目资金（万元）", "budget"),
        ("注：1.略", "note"),
        ("备注：略", "note"),
        ("存在问题", "conclusion"),
        ("主管部门审核意见", "conclusion"),
        ("填表人：", "footer"),
        ("（2022年度）", "year_line"),
        ("二〇二二年度", "year_line"),
        ("指标2：", "template"),
        ("……", "template"),
        ("其中：县道", "detail"),
        ("1.1数量指标", "subgroup"),
        ("2.产出指标", "group"),
        ("2022年度部门整体支出绩效自评表", "title"),
    ],
)
def test_sections_of_published_forms(text: str, section: str) -> None:
    assert section in load_lexicon().look_up(text).sections


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("[columns", "", "无法读取"),
        ("[colums]\nweight = ['分值']", "colums", "未知的部分"),
        ("[columns.weight]\nword = ['分值']", "columns.weight.word", "未知的键"),
        ("[columns.weight]\nstrong = true", "columns.weight.strong", "未知的键"),
        ("[columns]\nweight = '分值'", "columns.weight", "应为词的列表"),
        ("[columns]\nweight = ['分值']\nscore = ['得分', '分 值']", "columns.score", "“分 值”已属于 columns.weight"),
        ("[columns.weight]\nwords = ['分值', 3]", "columns.weight.words", "应为文字的列表"),
        ("[columns.weight]\nwords = ['分值', ' ']", "columns.weight.words", "应为文字的列表"),
        ("[columns.weight]\nwords = '分值'", "columns.weight.words", "应为文字的列表"),
        ("[columns.weight]\npatterns = ['(分值']", "columns.weight.patterns", "正则表达式“(分值”有误"),
        ("[columns.weight]\npatterns = ['(?i)分值A']", "columns.weight.patterns", "有误"),
        ("[header.'项目名称']\nstrong = 'yes'", "header.项目名称.strong", "应为 true 或 false"),
        ("[header.'总分']\nrole = 'sum'", "header.总分.role", "不能为 'sum'"),
        ("[columns]\nreason = ['原因']\n[column_hints]\nreason = '原因'", "column_hints.reason", "应为文字的列表"),
        ("[column_hints]\nreasons = ['原因']", "column_hints.reasons", "没有这个字段"),
    ],
)
def test_faults_name_the_file_and_the_key(tmp_path: Path, text: str, key: str, message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        lexicon(tmp_path, text)
    assert (caught.value.file, caught.value.key) == ("lexicon.toml", key)
    assert message in caught.value.message


def test_a_word_may_have_several_roles_in_the_layout(tmp_path: Path) -> None:
    found = lexicon(tmp_path, "[sections]\nconclusion = ['自评等级']\nfooter = ['自评等级']")
    assert found.look_up("自评等级").sections == {"conclusion", "footer"}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_lexicon(tmp_path / "words.toml")
    assert caught.value.file == "words.toml"


def test_a_file_that_is_no_utf8(tmp_path: Path) -> None:
    (tmp_path / "lexicon.toml").write_bytes("[columns]\nweight = ['分值']".encode("gbk"))
    with pytest.raises(DefinitionError, match="无法读取"):
        load_lexicon(tmp_path / "lexicon.toml")
