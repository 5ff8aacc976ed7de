"""Rubric files: what each key changes, what is inherited, and what is said of a wrong one."""

import math
import re

import pytest

from perfxl.errors import DefinitionError
from perfxl.forms.data import templates_folder
from perfxl.forms.definitions import NATIONAL, load_forms
from perfxl.forms.rubric import _EXECUTION, _QUANTITATIVE, Rubric
from tests.scoring.rubrics import rubric

ACCIDENTS = '[[quantitative.rules]]\nnames = ["事故"]\nreverse = "all_or_nothing"\n'


def test_an_empty_file_changes_nothing() -> None:
    assert rubric("") == load_forms().by_id[NATIONAL].rubric


def test_the_national_file_tells_every_key() -> None:
    text = (templates_folder() / NATIONAL / "rubric.toml").read_text(encoding="utf-8")
    others = [
        "bands",
        "reason_lifts_band",
        "late",
        "points",
        "policy",
        "places",
        "severity",
        "enabled",
        "inherit_rules",
    ]
    for key in (*_EXECUTION, *_QUANTITATIVE, *others, "score", "sum_per_row", "sum_at_most", "ratio", "money"):
        assert re.search(rf"^(# )?{key} += ", text, re.MULTILINE) or f"{key} = " in text, key


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[execution]\nrule = 'stepped'", r"jiangxi/rubric\.toml：execution\.steps：规则 stepped 需要写明这一项"),
        ("[execution]\nrule = 'per_step'\nstep = 0.05", r"execution\.step_points：规则 per_step 需要写明这一项"),
        ("[execution]\nsteps = [[1.0, 10]]", r"execution\.steps：每对的第二个数是占分值的比例，应在 0 与 1 之间"),
        ("[execution]\nfull_from = 95", r"execution\.full_from：应大于 0，不大于 1"),
        ("[execution]\nnothing_below = -1", r"execution\.nothing_below：应不小于 0，不大于 1"),
        ("[execution]\nzero_budget = 0", r"execution\.zero_budget：不能为 0，可用的有：manual、zero"),
        ("[execution]\nround_first = true", r"execution\.round_first：未知的键，是否应为 round_ratio_first？"),
        ("[quantitative]\nforward = 'linear_excess'", r"quantitative\.forward：不能为 'linear_excess'"),
        ("[quantitative]\nforward = 'stepped'", r"quantitative\.steps：规则 stepped 需要写明这一项"),
        ("[quantitative]\nreverse = 'per_step'\nstep = 5", r"quantitative\.step_points：规则 per_step 需要写明这一项"),
        ("[quantitative]\nstep = 0", r"quantitative\.step：应大于 0"),
        ("[quantitative]\nalso_accepted = ['stepped']", r"quantitative\.also_accepted：不能为 'stepped'"),
        (
            "[quantitative]\nequal = 'at_most'",
            r"quantitative\.equal：不能为 'at_most'，可用的有：at_least、exact、judged",
        ),
        ("[quantitative]\nover_achievement = 1", r"quantitative\.over_achievement：应大于 1"),
        ("[quantitative]\nreduction = 'stepped'", r"quantitative\.reduction_steps：规则 stepped 需要写明这一项"),
        ("[quantitative]\nfar_below = 70", r"quantitative\.far_below：应不小于 0，不大于 1"),
        ("[quantitative]\ninherit_rules = 1", r"quantitative\.inherit_rules：应为 true 或 false，现为 1"),
        ("[[quantitative.rules]]\nreverse = 'all_or_nothing'", r"quantitative\.rules\.names：每条应写明"),
        ("[[quantitative.rules]]\nnames = ['事故']", r"quantitative\.rules：没有写明任何规则"),
        ("[[quantitative.rules]]\nname = ['事故']", r"quantitative\.rules\.name：未知的键，是否应为 names？"),
        ("[[quantitative.rules]]\nnames = ['事故']\nreverse = 'none'", r"quantitative\.rules\.reverse：不能为 'none'"),
        (
            "[[quantitative.rules]]\nnames = ['率']\nforward = 'stepped'",
            r"quantitative\.rules\.steps：规则 stepped 需要",
        ),
        ("[quantitative]\nrules = 5", r"quantitative\.rules：应为若干节：\[\[quantitative\.rules\]\]"),
        ("[qualitative]\nbands = [[0.8, 1.0]]", r"qualitative\.bands：应为三档"),
        ("[dates]\nlate = 'per_day'", r"dates\.points：规则 per_day 需要写明这一项"),
        ("[dates]\nlate = 'per_week'", r"dates\.late：不能为 'per_week'，可用的有：judged、per_day、per_month"),
        ("[not_applicable]\npolicy = 'drop'", r"not_applicable\.policy：不能为 'drop'"),
        ("[rounding]\nplaces = 2.5", r"rounding\.places：应为 0 至 4 的整数，现为 2\.5"),
        ("[grades]\n'优' = { over = 90 }", r"grades\.优\.over：未知的键"),
        ("[grades]\n'优' = '90'", r"grades\.优：应为数字，现为 '90'"),
    ],
)
def test_a_wrong_rubric_names_file_and_key(text: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        rubric(text)


def test_a_grade_may_begin_above_a_number() -> None:
    made = rubric("[grades]\n'优' = { above = 90 }\n'良' = 80\n'差' = 0")
    assert made.grades == ((math.nextafter(90, 91), "优"), (80, "良"), (0, "差"))


def test_one_that_names_a_reverse_rule_says_anew_which_others_are_accepted() -> None:
    assert rubric("").also_accepted == ("inverse_ratio",)
    assert rubric("[quantitative]\nreverse = 'all_or_nothing'").also_accepted == ()
    both = rubric("[quantitative]\nreverse = 'inverse_ratio'\nalso_accepted = ['linear_excess']")
    assert both.also_accepted == ("linear_excess",)


# ---------------------------------------------------------------- rules of single classes and names


def own(made: Rubric, name: str) -> Rubric:
    """Return the rubric of an indicator of this name."""
    return made.with_rules(made.rules_of("", "", name))


def test_a_rule_holds_where_each_of_its_conditions_finds_a_word() -> None:
    made = rubric("[[quantitative.rules]]\nlevel1 = ['产出']\nnames = ['事故', '伤 亡']\nreverse = 'all_or_nothing'")
    assert made.rules_of("产出指标(50分)", "", "人员伤亡数") == (0,)
    assert made.rules_of("产出指标", "数量指标", "安全事故") == (0,)
    assert made.rules_of("效益指标", "", "安全事故") == ()
    assert made.rules_of("产出指标", "", "培训人次") == ()


def test_later_rules_go_over_earlier_ones_key_by_key() -> None:
    parent = rubric(ACCIDENTS + "over_achievement = 1.5\n")
    child = rubric("[[quantitative.rules]]\nnames = ['事故']\nover_achievement = 2.0", parent)
    row = own(child, "安全事故起数")
    assert (row.reverse, row.over_achievement) == ("all_or_nothing", 2.0)
    assert own(child, "培训人次") is child
    assert child.reverse == "linear_excess"


def test_a_child_keeps_the_rules_of_the_one_that_it_extends_unless_it_says_so() -> None:
    parent = rubric(ACCIDENTS)
    assert rubric("total = 90", parent).rules == parent.rules
    assert rubric("[quantitative]\ninherit_rules = false", parent).rules == ()
