"""What `compare` makes of targets and actuals, each beside what a careful evaluator would say."""

import pytest

from perfxl.reading.values import Comparison, compare
from perfxl.text import number_text

# target | actual | expected, or target | actual | what stands beside them | expected. All in the year 2023.
# Expected: kind, sign that scoring goes by, target number ← actual number in the target's unit (? for none), unit,
# `low` where lower is better, on-time or late, tierN, !problem.
PAIRS = """
# published rows
≥50个 | 50 | quantitative ≥ 50 ← 50 个
≥100百分比 | 100 | quantitative ≥ 100 ← 100 %
严格执行相关制度规定 | 达成预期指标 | qualitative tier1
在项目计划完成时间内完成 | 达成预期指标 | qualitative tier1
≤90万元 | 90 | 名称=项目总成本 二级=成本指标 | quantitative ≤ 90 ← 90 万元 low
符合相关规定 | 达成预期指标 | 名称=单项业务成本 二级=成本指标 | qualitative low tier1
效果明显 | 达成预期指标 | qualitative tier1
1 | 1 | quantitative ≥ 1 ← 1
/ | / | placeholder !target_placeholder
90% | 100% | quantitative ≥ 90 ← 100 %
100 |  | 性质== 单位=% | quantitative = 100 ← ? % !actual_blank
72890 | 72890 | 性质=﹦ 单位=元 | quantitative = 72890 ← 72890 元
95 | 95 | 性质=≥ 单位=% | quantitative ≥ 95 ← 95 %
90% | ≥90% | quantitative ≥ 90 ← 90 %
29.5亩 | 29.5亩 | quantitative ≥ 29.5 ← 29.5 亩
≥11.376万元 | 12万元 | quantitative ≥ 11.376 ← 12 万元
38508人 | 37442人 | quantitative ≥ 38508 ← 37442 人
不少于12种 | 14种 | quantitative ≥ 12 ← 14 种
100.00% | 97.30% | quantitative ≥ 100 ← 97.3 %
3807人 | 3220人 | 名称=指标17:高血压随访控制数 | quantitative ≥ 3807 ← 3220 人
=100% | 100% | quantitative = 100 ← 100 %
及时 | 及时 | qualitative tier1
>=90% | 100% | quantitative ≥ 90 ← 100 %
6 | 6 | 性质== 单位=万元 名称=安全隐患排查成本预算 二级=成本指标 | quantitative ≤ 6 ← 6 万元 low
优良中低差 | 优 | 性质=定性 | qualitative tier1
≤4 | 4 | quantitative ≤ 4 ← 4 low
≥2000 | 3061 | quantitative ≥ 2000 ← 3061
9月前 | 7月 | date on-time
11月前 | 10月 | date on-time
=42个 | 42 | quantitative = 42 ← 42 个
≤202.6万元 | 132.9 | quantitative ≤ 202.6 ← 132.9 万元 low
至少全年完成2次宣传 | 已完成100% | quantitative ≥ 2 ← ? 次 !unit_mismatch
按质按量完成 | 已完成100% | qualitative tier1
1-12月 | 已完成100% | date tier1
10万元 | 已完成100% | quantitative ≥ 10 ← ? 万元 !unit_mismatch
不断提升 | 已完成100% | qualitative tier1
90% | 已完成100% | quantitative ≥ 90 ← 100 %
1000件 | 达成预期指标 | quantitative ≥ 1000 ← ? 件 tier1 !actual_not_numeric
不低于95% | 达成预期指标 | quantitative ≥ 95 ← ? % tier1 !actual_not_numeric
63 | 达成预期指标 | 名称=成本控制数(万元) | quantitative ≤ 63 ← ? 万元 low tier1 !actual_not_numeric
0起 | 达成预期指标 | 名称=重大森林火灾 | quantitative ≤ 0 ← ? 起 low tier1 !actual_not_numeric
是 | 达成预期指标 | qualitative tier1
小于0.9‰ | 达成预期指标 | quantitative < 0.9 ← ? ‰ low tier1 !actual_not_numeric

# percentages and fractions
≥95% | 95 | quantitative ≥ 95 ← 95 %
≥95% | 0.95 | quantitative ≥ 95 ← ? % !percent_fraction
≥95% | 1 | quantitative ≥ 95 ← ? % !percent_fraction
95% | 0.963 | quantitative ≥ 95 ← ? % !percent_fraction
0.95 | 95% | quantitative ≥ 0.95 ← ? !percent_fraction
0.95 | 95 | quantitative ≥ 0.95 ← ? !percent_fraction
1 | 100% | quantitative ≥ 1 ← ? !percent_fraction
≥0.5 | 50% | quantitative ≥ 0.5 ← ? !percent_fraction
100 | 100% | 单位=% | quantitative ≥ 100 ← 100 %
95 | 0.96 | 单位=% | quantitative ≥ 95 ← ? % !percent_fraction
0.95 | 96% | 单位=% 名称=合格率 | quantitative ≥ 0.95 ← ? % !percent_fraction
0.5 | 12% | 单位=% 名称=差错率 | quantitative ≤ 0.5 ← 12 % low
0.95 | 0.97 | quantitative ≥ 0.95 ← 0.97
≥95% | 0.95% | quantitative ≥ 95 ← ? % !percent_fraction
1% | 2% | quantitative ≥ 1 ← 2 %
≤5% | 0.03 | quantitative ≤ 5 ← 0.03 % low
95 | 96% | 名称=验收合格率 | quantitative ≥ 95 ← 96 %
12 | 100% | 名称=培训人次 | quantitative ≥ 12 ← ? !unit_mismatch
≥5个百分点 | 6% | quantitative ≥ 5 ← 6 个百分点
0.9‰ | 0.05% | quantitative ≥ 0.9 ← 0.5 ‰

# units
≥1.2亿元 | 11000万元 | quantitative ≥ 1.2 ← 1.1 亿元
≥1.2亿元 | 1.1 | quantitative ≥ 1.2 ← 1.1 亿元
1.2亿元 | 12000 | 单位=万元 | quantitative ≥ 1.2 ← 1.2 亿元
12000 | 1.2亿元 | quantitative ≥ 12000 ← ? 亿元 !unit_mismatch
1.2 | 1.2亿元 | quantitative ≥ 1.2 ← 1.2 亿元
0.5亿元 | 5678 | quantitative ≥ 0.5 ← ? 亿元 !unit_mismatch
≤50万元 | 500000 | quantitative ≤ 50 ← ? 万元 low !unit_mismatch
≤50万元 | 5 | quantitative ≤ 50 ← 5 万元 low
50 | 48万元 | quantitative ≥ 50 ← 48 万元
63 | 480000元 | 名称=成本控制数(万元) | quantitative ≤ 63 ← 48 万元 low
2小时 | 90分钟 | quantitative ≥ 2 ← 1.5 小时
24小时内 | 2天 | quantitative ≤ 24 ← 48 小时 low
3个工作日内 | 2天 | quantitative ≤ 3 ← 2 个工作日 low
1年 | 12个月 | quantitative ≥ 1 ← 1 年
1年 | 365天 | quantitative ≥ 1 ← 1 年
1个月 | 30天 | quantitative ≥ 1 ← 1 个月
≥1000亩 | 66.7公顷 | quantitative ≥ 1000 ← 1000.5 亩
≥3.5万人 | 36000人 | quantitative ≥ 3.5 ← 3.6 万人
≥3.5万人 | 3.6万 | quantitative ≥ 3.5 ← 3.6 万人
3.5万 | 36000 | 单位=人 | quantitative ≥ 3.5 ← 3.6 万人
12000人 | 1.2万人 | quantitative ≥ 12000 ← 12000 人
12000 | 1.25万 | quantitative ≥ 12000 ← 12500
12000 | 1.2万人 | quantitative ≥ 12000 ← ? 万人 !unit_mismatch
≥10人 | 12人次 | quantitative ≥ 10 ← 12 人
≥10个 | 12家 | quantitative ≥ 10 ← 12 个
≥2次/年 | 3次 | quantitative ≥ 2 ← 3 次/年
≤1600元/人 | 1576元 | quantitative ≤ 1600 ← 1576 元/人 low
≤1600元/人 | 0.15万元/人 | quantitative ≤ 1600 ← 1500 元/人 low
每亩300 | 300元/亩 | quantitative ≥ 300 ← 300 每亩
每亩300 | 每亩300 | quantitative ≥ 300 ← 300 每亩
每人300元 | 300元/人 | quantitative ≥ 300 ← 300 元/人
≥10个 | 95% | quantitative ≥ 10 ← ? 个 !unit_mismatch
≥95% | 12个 | quantitative ≥ 95 ← ? % !unit_mismatch
≥10万元 | 95% | quantitative ≥ 10 ← ? 万元 !unit_mismatch
10万元 | 10个 | quantitative ≥ 10 ← ? 万元 !unit_mismatch
90分 | 95% | quantitative ≥ 90 ← ? 分 !unit_mismatch
5羽 | 6只 | quantitative ≥ 5 ← 6 羽
≥50年 | 1944年 | quantitative ≥ 50 ← 1944 年

# signs and direction
300 | 280 | 二级=成本指标 | quantitative ≤ 300 ← 280 low
300 | 280 | 性质== 二级=成本指标 | quantitative ≤ 300 ← 280 low
300 | 280 | 性质=≥ 二级=成本指标 | quantitative ≥ 300 ← 280
5% | 6% | 性质== 名称=成本节约率 二级=成本指标 | quantitative = 5 ← 6 %
5 | 6 | 性质=反向指标 | quantitative ≤ 5 ← 6 low
5 | 6 | 性质=正向指标 名称=投诉次数 | quantitative ≥ 5 ← 6
=0 | 1 | 名称=投诉率 | quantitative ≤ 0 ← 1 low
=4次 | 5次 | 名称=会议次数 | quantitative = 4 ← 5 次
2小时 | 1小时 | 名称=响应时间 | quantitative ≤ 2 ← 1 小时 low
≥95% | 96% | 性质=≤ | quantitative ≥ 95 ← 96 %
≥266米 | ≥266米 | quantitative ≥ 266 ← 266 米
≤5% | ≤5% | quantitative ≤ 5 ← 5 % low
≤5% | 5%以内 | quantitative ≤ 5 ← 5 % low
≤5% | 达到4% | quantitative ≤ 5 ← 4 % low
≥95% | 超过95% | quantitative ≥ 95 ← 95 %
≥95% | 低于95% | quantitative ≥ 95 ← ? % !unreadable_actual
≥95% | 不足90% | quantitative ≥ 95 ← ? % !unreadable_actual
≥95% | 未达到95% | quantitative ≥ 95 ← ? % !unreadable_actual
≤5% | 超过5% | quantitative ≤ 5 ← ? % low !unreadable_actual
≤5% | ≥5% | quantitative ≤ 5 ← ? % low !unreadable_actual
=3次 | 三次 | quantitative = 3 ← 3 次
至少3次 | 五次 | quantitative ≥ 3 ← 5 次
100% | 100%（221/221） | quantitative ≥ 100 ← 100 %

# 无 where the name says what should not happen
0起 | 无 | 名称=重大安全事故 | quantitative ≤ 0 ← 0 起 low
无 | 无 | 名称=重大安全事故 | quantitative ≤ 0 ← 0 low
无 | 0起 | 名称=有责投诉次数 | quantitative ≤ 0 ← 0 起 low
无 | 1起 | 名称=重大安全事故 | quantitative ≤ 0 ← 1 起 low
无安全事故 | 0 | 名称=安全事故 | qualitative low tier1
无安全事故 | 无 | 名称=安全事故 | qualitative low tier1
无安全事故 | 1起 | 名称=安全事故 | qualitative low
无 | 无 | 名称=项目总成本 | placeholder low !target_placeholder
无 | 无 | 名称=新增项目评估 | placeholder !target_placeholder
≤3次 | 未发生 | 名称=系统故障次数 | quantitative ≤ 3 ← 0 次 low

# rises and falls
增长5% | 下降3% | quantitative ≥ 5 ← ? % !opposite_direction
下降5% | 下降6% | quantitative ≥ 5 ← 6 %
≥5% | 下降3% | quantitative ≥ 5 ← ? % !opposite_direction
5% | 下降3% | 名称=收入增长率 | quantitative ≥ 5 ← ? % !opposite_direction
5% | 下降6% | 名称=能耗降低率 | quantitative ≥ 5 ← 6 %
≤10% | 下降3% | 名称=差错率 | quantitative ≤ 10 ← 3 % low

# ranges
10-20个 | 15个 | quantitative range 10~20 ← 15 个
10-20个 | 25 | quantitative range 10~20 ← 25 个
10-20个 | 12-18个 | quantitative range 10~20 ← 12 个
10-20个 | 15-25个 | quantitative range 10~20 ← ? 个 !unreadable_actual
10-20个 | ≥15个 | quantitative range 10~20 ← ? 个 !unreadable_actual
±10% | 8% | quantitative range -10~10 ← 8 %
±10% | ±10% | quantitative range -10~10 ← -10 %
100±5 | 103 | quantitative range 95~105 ← 103
≥80% | 85%-90% | quantitative ≥ 80 ← 85 %
≥80% | 75%-85% | quantitative ≥ 80 ← ? % !unreadable_actual
≤80% | 70%-75% | quantitative ≤ 80 ← 75 % low

# words
效果明显 | 效果明显 | qualitative tier1
效果明显 | 已效果明显 | qualitative tier1
健全 | 已健全 | qualitative tier1
效果明显 | 100% | qualitative tier1
效果明显 | 95% | qualitative
效果明显 | 5次 | qualitative
显著提升 | 有所提升 | qualitative
显著提升 | 部分完成 | qualitative tier2
显著提升 | 未完成 | qualitative tier3
是 | 否 | qualitative tier3
否 | 否 | qualitative tier1
否 | 是 | qualitative tier3
优、良、中、差 | 优秀 | qualitative tier1
优良中低差 | 良 | qualitative
优良中低差 | 达成预期指标 | qualitative tier1
优 | 优秀 | qualitative tier1
优 | 良 | qualitative
≤30 | 完成 | 单位=万元 | quantitative ≤ 30 ← ? 万元 low tier1 !actual_not_numeric
≥95% | 达标 | quantitative ≥ 95 ← ? % tier1 !actual_not_numeric
≥95% | 未完成 | quantitative ≥ 95 ← ? % tier3 !actual_not_numeric

# dates
2022年12月底前 | 2022年11月 | date on-time
2022年12月31日前 | 2023年1月5日 | date late
12月底前 | 12月20日 | date on-time
12月底前 | 2024年1月 | date late
12月底前 | 2023年12月31日 | date on-time
9月前 | 9月 | date !date_unclear
9月前 | 10月 | date late
2023年9月15日 | 2023年9月 | date !date_unclear
6月31日前完成 | 2023年6月30日 | date on-time
12月底前 | 12月底前 | date on-time
12月底前 | 已完成 | date tier1
12月底前 | 按期完成 | date tier1
12月底前 | 未完成 | date tier3
12月底前 | 100% | date tier1
12月底前 | 90% | date !date_unclear
12月底前 | 12 | date !date_unclear
1-12月 | 1-12月 | date on-time
1-12月 | 1-11月 | date !date_unclear
全年 | 全年 | date on-time
2021年 | 2021年12月 | date on-time
第四季度 | 三季度 | date on-time
12月底前 | 6月开工、12月完工 | date !actual_multi
每月15日前 | 每月15日前 | date tier1
每月15日前 | 每月10日前 | date !date_unclear
次年3月底前 | 2024年3月 | date !date_unclear
2022.12 | 2022.11 | date on-time
2022.5 | 2030.5 | 名称=产值 二级=经济效益指标 | quantitative ≥ 2022.5 ← 2030.5
2022.5 | 2022.4 | 名称=完成时间 二级=时效指标 | date low on-time
≤2000 | 2022.5 | quantitative ≤ 2000 ← 2022.5 low
2024年3月底前 | 2月 | date on-time
≥3次 | 2022年12月 | quantitative ≥ 3 ← ? 次 !actual_not_numeric
30天内 | 2022年12月 | quantitative ≤ 30 ← ? 天 low !actual_not_numeric

# what cannot be read
 |  | blank !target_blank
 | 95% | quantitative !target_blank
 | 完成 | qualitative !target_blank
95% |  | quantitative ≥ 95 ← ? % !actual_blank
95% | / | quantitative ≥ 95 ← ? % !actual_placeholder
/ | 95% | placeholder !target_placeholder
无 | 无 | placeholder !target_placeholder
不涉及 | 不涉及 | placeholder !target_placeholder
0起 | 无 | quantitative ≥ 0 ← ? 起 !actual_placeholder
/ |  | placeholder !target_placeholder
3个，覆盖率100% | 3个，覆盖率100% | multi tier1 !target_multi
3个，覆盖率100% | 达成预期指标 | multi tier1 !target_multi
11月底完成100% | 11月底完成100% | multi tier1 !target_multi
≥3个 | 3个，覆盖率100% | quantitative ≥ 3 ← ? 个 !actual_multi
M.8万元 | 8万元 | quantitative ≥ !unreadable_target
8万元 | M.8万元 | quantitative ≥ 8 ← ? 万元 !unreadable_actual
M.8万元 | M.8万元 | quantitative ≥ tier1 !unreadable_target
≥3次 | 提前5天 | quantitative ≥ 3 ← ? 次 !unreadable_actual
前3名 | 第2名 | quantitative ≥ 名 !unreadable_target
"""
BESIDE = {"性质": "operator", "单位": "unit", "名称": "name", "二级": "level2"}


def told(found: Comparison) -> str:
    parts = [found.kind, found.operator]
    if found.target_number is not None:
        upper = "" if found.target_upper is None else f"~{number_text(found.target_upper, 6)}"
        actual = "?" if found.actual_number is None else number_text(found.actual_number, 6)
        parts.append(f"{number_text(found.target_number, 6)}{upper} ← {actual}")
    parts += [found.unit, "low" if found.lower_is_better else ""]
    parts.append({True: "on-time", False: "late", None: ""}[found.met_date])
    parts += [f"tier{found.tier}" if found.tier else "", f"!{found.problem}" if found.problem else ""]
    return " ".join(part for part in parts if part)


def rows() -> list[tuple[str, str, dict[str, str], str]]:
    found = []
    for line in PAIRS.strip("\n").splitlines():
        if not line or line.startswith("# "):
            continue
        cells = [cell.strip(" ") for cell in line.split("|")]
        words = (word.partition("=") for word in cells[2].split()) if len(cells) == 4 else ()
        found.append((cells[0], cells[1], {BESIDE[key]: value for key, _, value in words}, cells[-1]))
    return found


@pytest.mark.parametrize(("target", "actual", "beside", "expected"), rows())
def test_pair(target: str, actual: str, beside: dict[str, str], expected: str) -> None:
    assert told(compare(target, actual, **beside, year=2023)) == expected


def test_there_are_enough_pairs() -> None:
    assert len(rows()) >= 80


def test_a_problem_always_has_a_note_and_no_actual_number() -> None:
    for target, actual, beside, _ in rows():
        found = compare(target, actual, **beside, year=2023)
        if found.problem is not None:
            assert found.note
            assert found.actual_number is None
            assert found.met_date is None


def test_a_row_without_problem_can_be_scored_or_is_in_words() -> None:
    for target, actual, beside, _ in rows():
        found = compare(target, actual, **beside, year=2023)
        if found.problem is None and found.kind == "quantitative":
            assert found.target_number is not None
            assert found.actual_number is not None
            assert found.operator is not None
        if found.problem is None and found.kind == "date":
            assert found.met_date is not None or found.tier is not None


@pytest.mark.parametrize(
    ("target", "actual", "beside", "part"),
    [
        ("≥95%", "0.95", {}, "相差约 100 倍"),
        ("≥10个", "95%", {}, "单位是个"),
        ("12000", "1.2亿元", {}, "疑似单位不同"),
        ("≥95%", "达标", {}, "应填数字，填报为“达标”"),
        ("优、良、中、差", "良", {}, "第 2 等（共 4 等）"),
        ("≥95%", "96%", {"operator": "≤"}, "指标性质为“≤”"),
        ("≤50万元", "48", {}, "按万元理解"),
        ("95", "96%", {"name": "合格率"}, "按%理解"),
        ("≤5%", "0.03", {}, "按0.03%理解"),
        ("约100人", "102人", {}, "约数"),
        ("≥80%", "85%-90%", {}, "较差的一端"),
        ("效果明显", "效果明显", {}, "文字相同"),
        ("3个，覆盖率100%", "3个", {}, "含有 2 个数值"),
        ("95%", "", {}, "实际完成值为空"),
        ("优、良、中、差", "一塌糊涂", {}, "“一塌糊涂”不能直接归入"),
    ],
)
def test_note_says_how_it_was_understood(target: str, actual: str, beside: dict[str, str], part: str) -> None:
    assert part in compare(target, actual, **beside, year=2023).note


def test_plain_rows_have_no_note() -> None:
    for target, actual in [("≥95%", "96%"), ("≥50个", "50"), ("=100%", "100%"), ("12月底前", "12月20日")]:
        assert compare(target, actual, year=2023).note == ""


def test_stated_sign_is_what_the_texts_say() -> None:
    assert compare("300", "280", operator="=", level2="成本指标").stated_operator == "="
    assert compare("300", "280", level2="成本指标").stated_operator is None
    assert compare("不低于95%", "96%").stated_operator == "≥"
    assert compare("95", "96%", operator="﹦", unit="%").stated_operator == "="
    assert compare("±10%", "8%").stated_operator == "±"


@pytest.mark.parametrize(
    ("target", "actual", "year", "met"),
    [
        ("12月底前", "2024年1月", 2023, False),
        ("12月底前", "2024年1月", 2024, True),
        ("12月底前", "2024年1月", None, True),  # nothing says that another year is meant
        ("2023年9月底前", "8月", None, True),
        ("2023年9月底前", "10月", 2023, False),
        ("2023年1月底前", "12月", 2022, None),  # December of 2022 is on time, of 2023 late
    ],
)
def test_missing_year(target: str, actual: str, year: int | None, met: bool | None) -> None:
    assert compare(target, actual, year=year).met_date is met
