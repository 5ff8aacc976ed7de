"""What `parse_value` makes of real spellings, each beside what a person reads in it."""

import pytest

from perfxl.reading.values import Day, Value, parse_value
from perfxl.text import number_text

# text | expected, or text | 指标性质 | 度量单位 | expected.
# Expected: kind, sign, number or lower~upper, unit, tierN, date as year-month-day with `*` for a year that the text
# does not state and 末 for the last of the month, start→end for a span, (?…) how far a doubtful reading goes,
# (rough) for 约, `unread` for a number or date that is there but must not be guessed.
SPELLINGS = r"""
# operators and percent, as found in published tables
=100% | quantitative = 100 %
≥90% | quantitative ≥ 90 %
≥95% | quantitative ≥ 95 %
≥95％ | quantitative ≥ 95 %
≧95% | quantitative ≥ 95 %
﹥95% | quantitative > 95 %
⩾95% | quantitative ≥ 95 %
>=90% | quantitative ≥ 90 %
=>90% | quantitative ≥ 90 %
＞＝90% | quantitative ≥ 90 %
≥ 95 % | quantitative ≥ 95 %
=70% | quantitative = 70 %
═100% | quantitative = 100 %
﹦100% | quantitative = 100 %
＝100% | quantitative = 100 %
≤4 | quantitative ≤ 4
≦4 | quantitative ≤ 4
<=4 | quantitative ≤ 4
＜4 | quantitative < 4
≥200 | quantitative ≥ 200
=2 个 | quantitative = 2 个
=42个 | quantitative = 42 个
≥50个 | quantitative ≥ 50 个
≥100百分比 | quantitative ≥ 100 %
≤90万元 | quantitative ≤ 90 万元
≥11.376万元 | quantitative ≥ 11.376 万元
≤202.6万元 | quantitative ≤ 202.6 万元
≥266米 | quantitative ≥ 266 米
≥50厘米 | quantitative ≥ 50 厘米
≥1000人 | quantitative ≥ 1000 人
不低于95% | quantitative ≥ 95 %
不少于12种 | quantitative ≥ 12 种
不得低于90% | quantitative ≥ 90 %
不高于5% | quantitative ≤ 5 %
不超过3次 | quantitative ≤ 3 次
不大于3 | quantitative ≤ 3
小于0.9‰ | quantitative < 0.9 ‰
大于等于95% | quantitative ≥ 95 %
小于等于5% | quantitative ≤ 5 %
大于或等于95% | quantitative ≥ 95 %
高于90% | quantitative > 90 %
低于5% | quantitative < 5 %
超过100人 | quantitative > 100 人
至少3次 | quantitative ≥ 3 次
最多5次 | quantitative ≤ 5 次
达到95% | quantitative ≥ 95 %
达95% | quantitative ≥ 95 %
达到或超过95% | quantitative ≥ 95 %
15%及其以下 | quantitative ≤ 15 %
98%以上 | quantitative ≥ 98 %
98%及以上 | quantitative ≥ 98 %
98%（含）以上 | quantitative ≥ 98 %
98%以上（含） | quantitative ≥ 98 %
98%以上(不含) | quantitative > 98 %
80%(含80%)以上 | quantitative ≥ 80 %
5%以下 | quantitative ≤ 5 %
5%以内 | quantitative ≤ 5 %
5%之内 | quantitative ≤ 5 %
100+ | quantitative ≥ 100
95%+ | quantitative ≥ 95 %
10个村以上 | quantitative ≥ 10 个
不超过预算的5% | quantitative ≤ 5 %
控制在5%以内 | quantitative ≤ 5 %
≥95%以上 | quantitative ≥ 95 %
不低于95%以上 | quantitative ≥ 95 %
约95% | quantitative 95 % (rough)
95%左右 | quantitative 95 % (rough)
近1000人 | quantitative 1000 人 (rough)
100余人 | quantitative 100 人 (rough)
20多次 | quantitative 20 次 (rough)
不低于约200人 | quantitative ≥ 200 人 (rough)
未达到95% | quantitative < 95 %
不足90% | quantitative < 90 %
不到5次 | quantitative < 5 次
≥≤5 | quantitative unread
≥5%以内 | quantitative % unread
±10% | quantitative ± -10~10 %
正负10% | quantitative ± -10~10 %
100±5 | quantitative ± 95~105
100±5% | quantitative ± 95~105
100%±5% | quantitative ± 95~105 %

# columns of their own
95 | ≥ | % | quantitative ≥ 95 %
95 | ﹦ | % | quantitative = 95 %
100 | ═ | ％ | quantitative = 100 %
95 | ≧ | 百分比 | quantitative ≥ 95 %
72890 | ﹦ | 元 | quantitative = 72890 元
6 | = | 万元 | quantitative = 6 万元
5 | 定量指标 | 次 | quantitative 5 次
5 | 反向指标 | 次 | quantitative 5 次
5 | 大于等于 | 次 | quantitative ≥ 5 次
≤5 | ≥ | 次 | quantitative ≤ 5 次
95% | ≥ | % | quantitative ≥ 95 %
10-20 | ≥ | 个 | quantitative 10~20 个
优良中低差 | 定性 |  | qualitative
100 |  | / | quantitative 100
100 |  | 无 | quantitative 100
3.5万 |  | 人 | quantitative 3.5 万人
3.5万 |  | 万人 | quantitative 3.5 万人
3.5万 |  | % | quantitative 3.5 万
3.5万人 |  | 人 | quantitative 3.5 万人
1.2亿元 |  | 万元 | quantitative 1.2 亿元
2022 |  | 年 | date 2022-1-1→2022-12-末
2022.12 |  | 万元 | quantitative 2022.12 万元
三 |  | 次 | quantitative 3 次
50 |  | 平方米 | quantitative 50 平方米
0.95 |  | % | quantitative 0.95 %
每亩300 |  | 元 | quantitative 300 元/亩
10 |  | （个） | quantitative 10 个

# plain numbers
100% | quantitative 100 %
100.00% | quantitative 100 %
2% | quantitative 2 %
0.5% | quantitative 0.5 %
100 | quantitative 100
12.5 | quantitative 12.5
0 | quantitative 0
１００ | quantitative 100
１２．５ | quantitative 12.5
1,105 | quantitative 1105
１，１０５ | quantitative 1105
1，105.50 | quantitative 1105.5
1,234,567 | quantitative 1234567
1,1055 | multi
１０ | quantitative 10
10 | quantitative 10
13,00 | multi
1 000 | multi
5 | quantitative 5
-5 | quantitative -5
-5% | quantitative -5 %
—5% | quantitative -5 %
+5% | quantitative 5 %
增长率-5% | quantitative -5 %
培训—5次 | quantitative 次 unread
负5% | quantitative -5 %
1.5E+05 | quantitative 150000
9.5分 | quantitative 9.5 分

# number and unit
3亩 | quantitative 3 亩
214人 | quantitative 214 人
29.5亩 | quantitative 29.5 亩
192只 | quantitative 192 只
12头 | quantitative 12 头
8例 | quantitative 8 例
1000件 | quantitative 1000 件
0起 | quantitative 0 起
0人次 | quantitative 0 人次
14种 | quantitative 14 种
2089人 | quantitative 2089 人
150次 | quantitative 150 次
38508人 | quantitative 38508 人
5台(套) | quantitative 5 台
50(万元) | quantitative 50 万元
12场（计划10场） | quantitative 12 场
50㎡ | quantitative 50 平方米
50m² | quantitative 50 m2
50m2 | quantitative 50 m2
3万亩 | quantitative 3 万亩
5公里 | quantitative 5 公里
1.2吨 | quantitative 1.2 吨
36000千瓦时 | quantitative 36000 千瓦时
30 毫克/升 | quantitative 30 毫克/升
PM2.5≤35微克/立方米 | quantitative ≤ 35 微克/立方米
5羽 | quantitative 5 羽
3个方面 | quantitative 3 个方面
2个百分点 | quantitative 2 个百分点
≥5个百分点 | quantitative ≥ 5 个百分点
2.5倍 | quantitative 2.5 倍
90分 | quantitative 90 分
≥90分 | quantitative ≥ 90 分
9成 | quantitative 90 %

# money
15万元 | quantitative 15 万元
15万元。 | quantitative 15 万元
35万元 | quantitative 35 万元
1100万元 | quantitative 1100 万元
2.6亿元 | quantitative 2.6 亿元
14.8万元 | quantitative 14.8 万元
¥1,200元 | quantitative 1200 元
5000元 | quantitative 5000 元
3千元 | quantitative 3 千元
2百万元 | quantitative 2 百万元
1.2亿 | quantitative 1.2 亿
3万5千元 | quantitative 35 千元
0.15万元/人 | quantitative 0.15 万元/人
300元/人 | quantitative 300 元/人
1600元/人 | quantitative 1600 元/人

# per
每亩300 | quantitative 300 每亩
每亩300元 | quantitative 300 元/亩
每人每年300元 | quantitative 300 元/人/年
每年2次 | quantitative 2 次/年
每月1次 | quantitative 1 次/月
每年一次 | quantitative 1 次/年
一年两次 | quantitative 2 次/年
1次/年 | quantitative 1 次/年
1次/每年 | quantitative 1 次/年
2人/次 | quantitative 2 人次
≥2场次/年 | quantitative ≥ 2 场次/年
12次（每月1次） | quantitative 12 次

# Chinese numerals
三次 | quantitative 3 次
两场 | quantitative 2 场
十二个 | quantitative 12 个
一百二十人 | quantitative 120 人
一千零五人 | quantitative 1005 人
不少于三次 | quantitative ≥ 3 次
三次以上 | quantitative ≥ 3 次
九成 | quantitative 90 %
九成以上 | quantitative ≥ 90 %
百分之九十五 | quantitative 95 %
百分之九十五以上 | quantitative ≥ 95 %
百分之百 | quantitative 100 %
百分百 | quantitative 100 %
千分之五 | quantitative 5 ‰
百分之95 | quantitative 95 %
近千人 | quantitative 1000 人 (rough)
半年 | quantitative 0.5 年
三年 | quantitative 3 年
两个月 | quantitative 2 个月
五 | quantitative 5
零投诉 | quantitative 0
零事故 | quantitative 0
0投诉 | quantitative 0
全年三次 | quantitative 3 次
一次性 | qualitative
一次性完成 | qualitative
第一 | qualitative
统一 | qualitative
万分感谢 | qualitative
十分满意 | qualitative
一级 | qualitative
三级 | qualitative
一期工程 | qualitative
千家万户 | qualitative
一带一路 | qualitative
两个维护 | qualitative
数百人 | quantitative unread
几十次 | quantitative unread
十几次 | quantitative unread
若干 | qualitative

# dates and times
2022年12月底前 | date 2022-12-末
12月底前 | date *-12-末
12月底之前 | date *-12-末
十二月底前 | date *-12-末
2022年十二月底前 | date 2022-12-末
二〇二二年十二月 | date 2022-12-末
2022-12-31 | date 2022-12-31
2022/12/31 | date 2022-12-31
2022.12.31 | date 2022-12-31
2022年12月31日 | date 2022-12-31
2022-12-31 00:00:00 | date 2022-12-31
20221231 | date 2022-12-31
2022.12 | date 2022-12-末
2022年12月 | date 2022-12-末
2022年12月份 | date 2022-12-末
22年12月 | date 2022-12-末
2021年12月完成 | date 2021-12-末
2021年12月底前完成 | date 2021-12-末
2022年12月31日前完成全部建设任务 | date 2022-12-31
11月底前 | date *-11-末
9月前 | date *-8-末(?*-9-末)
11月前 | date *-10-末(?*-11-末)
7月 | date *-7-末
10月 | date *-10-末
7月份 | date *-7-末
1月前 | date *-1-末
2023年1月前 | date 2022-12-末(?2023-1-末)
12月20日前 | date *-12-20
12月20号 | date *-12-20
6月31日前完成 | date *-6-31
12月中旬 | date *-12-20
12月上旬前 | date *-12-10
2019年 | date 2019-1-1→2019-12-末
2022年度 | date 2022-1-1→2022-12-末
2020年全年。 | date 2020-1-1→2020-12-末
全年 | date *-1-1→*-12-末
1-12月 | date *-1-1→*-12-末
1月-12月 | date *-1-1→*-12-末
1—12月 | date *-1-1→*-12-末
3月至9月 | date *-3-1→*-9-末
2022年1月-12月 | date 2022-1-1→2022-12-末
2022年1月至2022年12月 | date 2022-1-1→2022-12-末
2022.1-2022.12 | date 2022-1-1→2022-12-末
2022年11月至2023年3月 | date 2022-11-1→2023-3-末
2020-2022年 | date 2020-1-1→2022-12-末
2022-2023 | date 2022-1-1→2023-12-末
2022年第四季度 | date 2022-12-末
第四季度 | date *-12-末
四季度 | date *-12-末
一季度 | date *-3-末
上半年 | date *-6-末
2022年下半年 | date 2022-12-末
年底前 | date *-12-末
2022年底 | date 2022-12-末
2022年底前 | date 2022-12-末
年内 | date *-12-末
本年度内 | date *-12-末
截至2022年12月31日 | date 2022-12-31
2022年12月未完成 | qualitative tier3
6月、12月 | multi
每月15日前 | date unread
15日前 | date unread
次年3月底前 | date unread

# durations
2 小时 | quantitative 2 小时
24小时内 | quantitative ≤ 24 小时
≤24小时 | quantitative ≤ 24 小时
5 分钟 | quantitative 5 分钟
≤5天 | quantitative ≤ 5 天
5天内 | quantitative ≤ 5 天
3个工作日 | quantitative 3 个工作日
3个工作日内 | quantitative ≤ 3 个工作日
1年 | quantitative 1 年
12个月 | quantitative 12 个月
3-5天 | quantitative 3~5 天
1小时30分钟 | quantitative 1.5 小时
30日内 | quantitative ≤ 30 日
24小时 | quantitative 24 小时

# ranges
10-20个 | quantitative 10~20 个
10个-20个 | quantitative 10~20 个
80%-90% | quantitative 80~90 %
80-90% | quantitative 80~90 %
5～10 | quantitative 5~10
5~10 | quantitative 5~10
10至20 | quantitative 10~20
10到20人 | quantitative 10~20 人
3万-5万元 | quantitative 3~5 万元
80%≤x≤90% | quantitative 80~90 %
90%≥X≥80% | quantitative 80~90 %
≥80%且≤90% | quantitative 80~90 %
不低于80%不高于90% | quantitative 80~90 %
10个以上20个以下 | quantitative 10~20 个
20-10 | quantitative unread
-5%~5% | quantitative -5~5 %
1-2次/月 | quantitative 1~2 次/月
x≥95% | quantitative ≥ 95 %

# fractions and repeated numbers
100%（221/221） | quantitative 100 %
95%(190/200) | quantitative 95 %
95%(190/210) | multi
190/200 | multi
1:50 | multi
100%（应到221人，实到221人） | quantitative 100 %
完成率100%，完成100% | quantitative 100 %

# sentences
辖区企业满意率达95%以上。 | quantitative ≥ 95 %
辖区企业满意率达95%以上 | quantitative ≥ 95 %
到0次 | quantitative 0 次
降到0次 | quantitative 0 次
至少全年完成2次宣传 | quantitative ≥ 2 次
已完成100% | quantitative 100 %
100%完成 | quantitative 100 %
按合同10.5万元。 | quantitative 10.5 万元
完成3次 | quantitative 3 次
已完成5场培训 | quantitative 5 场
全年共开展培训12场 | quantitative 12 场
群众满意度95% | quantitative 95 %
满意度95 | quantitative 95
保障3个村正常运转 | quantitative 3 个
覆盖80%以上行政村 | quantitative ≥ 80 %
指标1：开展培训3次 | quantitative 3 次
1、完成培训3次 | quantitative 3 次
（1）完成培训3次 | quantitative 3 次
一、完成培训3次 | quantitative 3 次
65岁以上老年人健康管理率≥70% | quantitative ≥ 70 %
2022年完成培训3次 | quantitative 3 次
2022年度满意度≥95% | quantitative ≥ 95 %
1.完成培训3次 | quantitative 3 次

# several values
≥3个，覆盖率100% | multi
3个、95% | multi
①3个；②95% | multi
3个(覆盖率100%) | multi
完成3次，参加120人 | multi
11月底完成100% | multi
2022年12月底前完成3次 | multi
由95%提高到98% | multi

# not a value
财预〔2020〕10号 | qualitative
按照财预〔2020〕10号文件执行 | qualitative
完成2022年度工作任务 | qualitative tier1
12345热线 | qualitative
5A级景区 | qualitative
A4纸 | qualitative
G318国道 | qualitative
5G网络覆盖 | qualitative
第3批 | qualitative
24小时值班 | qualitative

# not the value itself
提前5天 | quantitative 天 unread
逾期5天 | quantitative 天 unread
超额完成20% | quantitative % unread
未完成5个 | quantitative 个 unread
还差3个 | quantitative 个 unread
3户未验收 | quantitative 户 unread
前3名 | quantitative 名 unread

# damaged
M.8万元 | quantitative unread
工5% | quantitative % unread
扁2200篇 | quantitative 篇 unread
Q100% | quantitative unread
1O0% | quantitative unread
9O% | quantitative unread
l00% | quantitative unread
S5次 | quantitative unread

# attainment
达成年度指标 | qualitative tier1
达成预期指标 | qualitative tier1
达成预期目标 | qualitative tier1
达到预期目标 | qualitative tier1
达标 | qualitative tier1
是 | qualitative tier1
否 | qualitative tier3
完成 | qualitative tier1
已完成 | qualitative tier1
全部完成 | qualitative tier1
完成。 | qualitative tier1
基本完成 | qualitative tier1
基本达成 | qualitative tier1
基本达到 | qualitative tier1
按期完成 | qualitative tier1
按质按量完成 | qualitative tier1
超额完成 | qualitative tier1
圆满完成年度目标任务 | qualitative tier1
“达成预期指标” | qualitative tier1
全部或基本达成预期指标 | qualitative tier1
部分达成预期指标并具有一定效果 | qualitative tier2
部分达成年度指标并具有一定效果 | qualitative tier2
部分完成 | qualitative tier2
未全部完成 | qualitative tier2
未完全达到预期目标 | qualitative tier2
正在实施 | qualitative tier2
未达成预期指标且效果较差 | qualitative tier3
未达成年度指标 | qualitative tier3
未完成 | qualitative tier3
未按期完成 | qualitative tier3
尚未完成 | qualitative tier3
未开展 | qualitative tier3
未进行资产盘点 | qualitative tier3
没有完成 | qualitative tier3
无法完成 | qualitative tier3
无未完成事项 | qualitative
未发生安全事故 | qualitative

# other words
效果明显 | qualitative
显著提升 | qualitative
有所提升 | qualitative
不断提升 | qualitative
健全 | qualitative
合规 | qualitative
规范 | qualitative
及时 | qualitative
高 | qualitative
好 | qualitative
优 | qualitative
优良中低差 | qualitative
优、良、中、差 | qualitative
实际工作需求 | qualitative
严格执行相关制度规定 | qualitative
在项目计划完成时间内完成 | qualitative
符合相关文件要求 | qualitative
改善学校的办学条件 | qualitative
社会认可的办学环境. | qualitative
目标明确、内容细化、目标量化 | qualitative
有资金测第标准 | qualitative

# placeholders and blanks
/ | placeholder
- | placeholder
— | placeholder
—— | placeholder
一 | placeholder
无 | placeholder
* | placeholder
** | placeholder
…… | placeholder
... | placeholder
XX | placeholder
×× | placeholder
N/A | placeholder
NULL | placeholder
null | placeholder
不涉及 | placeholder
不适用 | placeholder
本年度不涉及 | placeholder
无此项业务 | placeholder
无新增项目 | placeholder
\ | placeholder


# more of each kind, and near misses
已达95%以上 | quantitative ≥ 95 %
满意度达到95%以上（含95%） | quantitative ≥ 95 %
30分钟内到达现场 | quantitative ≤ 30 分钟
24小时内办结 | quantitative ≤ 24 小时
不超过15日 | quantitative ≤ 15 日
15个工作日内完成 | quantitative ≤ 15 个工作日
一年内 | quantitative ≤ 1 年
三年以上 | quantitative ≥ 3 年
6个月 | quantitative 6 个月
3个月内 | quantitative ≤ 3 个月
每周不少于2次 | quantitative ≥ 2 次/周
不少于每年2次 | quantitative ≥ 2 次/年
12期/年 | quantitative 12 期/年
365天 | quantitative 365 天
约500-600人 | quantitative 500~600 人
大于500人小于600人 | quantitative 500~600 人
3＜x≤5 | quantitative 3~5
[80%,90%] | quantitative 80~90 %
80%~90%之间 | quantitative 80~90 %
80%与90%之间 | quantitative 80~90 %
50%以上90%以下 | quantitative 50~90 %
5--10 | quantitative 5~10
5——10 | quantitative 5~10
-5--3 | quantitative -5~-3
193/200=96.5% | quantitative 96.5 %
1/3 | multi
96.5%（完成193个，目标200个） | quantitative 96.5 %
48.6万元（预算50万元） | quantitative 48.6 万元
完成12场，完成率120% | multi
超额完成，完成12场 | quantitative 12 场
已完成，实际为12场 | quantitative 12 场
月均3次 | quantitative 3 次
人均≤300元 | quantitative ≤ 300 元
户均增收2000元 | quantitative 2000 元
同比下降5% | quantitative 5 %
PM2.5浓度下降5% | quantitative 5 %
500元/人·月 | quantitative 500 元/人·月
60元/㎡ | quantitative 60 元/平方米
80mg/L | quantitative 80 mg/L
≤55分贝 | quantitative ≤ 55 分贝
三季度末 | date *-9-末
2022年6-9月 | date 2022-6-1→2022-9-末
10月中旬前 | date *-10-20
11.30前 | date *-11-30
2022.11.30前 | date 2022-11-30
2022年Q4 | date 2022-12-末
已于2022年11月完成 | date 2022-11-末
12月完成，效果良好 | date *-12-末
完成时间：2022年11月 | date 2022-11-末
每月10日前发放 | date unread
每季度末 | qualitative
≤预算数 | qualitative
控制在预算范围内 | qualitative
≤100%预算 | quantitative ≤ 100 %
事故为0 | quantitative 0
零 | quantitative 0
全覆盖 | qualitative
应保尽保 | qualitative
Ⅲ类 | qualitative
达到Ⅲ类水质 | qualitative
AAA级 | qualitative
A级 | qualitative
符合GB50300-2013标准 | qualitative
达到国家标准GB/T 2312 | qualitative
国庆前 | qualitative
XX% | placeholder
≥XX% | placeholder
≥**平方米 | placeholder
X年X月 | placeholder
____ | placeholder
（略） | placeholder
见附件 | placeholder
≥ | placeholder
% | placeholder
1..5 | quantitative unread
1.2.3 | quantitative unread
5.% | quantitative 5 %
1. | quantitative 1
01 | quantitative 1
.5 | quantitative 0.5
≥≥95% | quantitative ≥ 95 %
≥ =95% | quantitative ≥ 95 %
10^4 | multi
5+3 | multi
5→10 | multi
三分之一 | qualitative
半数以上 | qualitative
百分之九十五点五 | quantitative 95.5 %
八成以上 | quantitative ≥ 80 %
两倍 | quantitative 2 倍
一百五十个 | quantitative 150 个
两万三千人 | quantitative 23000 人
一二 | qualitative
三五个 | qualitative

# the other cells of published tables
90 | quantitative 90
符合相关规定 | qualitative
1 | quantitative 1
90% | quantitative 90 %
1.5亩 | quantitative 1.5 亩
5亩 | quantitative 5 亩
20亩 | quantitative 20 亩
180只 | quantitative 180 只
12万元 | quantitative 12 万元
90人 | quantitative 90 人
37442人 | quantitative 37442 人
不少于6种 | quantitative ≥ 6 种
28种 | quantitative 28 种
116次 | quantitative 116 次
6次 | quantitative 6 次
12次 | quantitative 12 次
96次 | quantitative 96 次
221人 | quantitative 221 人
97.30% | quantitative 97.3 %
203人 | quantitative 203 人
120人 | quantitative 120 人
69人 | quantitative 69 人
5662人 | quantitative 5662 人
4044人 | quantitative 4044 人
3807人 | quantitative 3807 人
3224人 | quantitative 3224 人
3220人 | quantitative 3220 人
863人 | quantitative 863 人
695人 | quantitative 695 人
683人 | quantitative 683 人
212人 | quantitative 212 人
209人 | quantitative 209 人
1228人 | quantitative 1228 人
770人 | quantitative 770 人
14例 | quantitative 14 例
24694人 | quantitative 24694 人
22584人 | quantitative 22584 人
98% | quantitative 98 %
4 | quantitative 4
93 | quantitative 93
91 | quantitative 91
96 | quantitative 96
202 | quantitative 202
≥2000 | quantitative ≥ 2000
3061 | quantitative 3061
≥10 | quantitative ≥ 10
=8个 | quantitative = 8 个
8 | quantitative 8
42 | quantitative 42
132.9 | quantitative 132.9
20 | quantitative 20
10万元 | quantitative 10 万元
5个 | quantitative 5 个
不低于90% | quantitative ≥ 90 %
63 | quantitative 63
每亩100 | quantitative 100 每亩
20万元 | quantitative 20 万元
1093万元 | quantitative 1093 万元

# clauses, comparisons and names around a number
比计划多5个 | quantitative 个 unread
比上年高5% | quantitative % unread
提高5% | quantitative 5 %
98%（目标95%） | quantitative 98 %
98.5%（同比提高1%） | quantitative 98.5 %
≥95%（其中：A类≥90%） | multi
pH6.5~8.5 | quantitative 6.5~8.5
PH值6-9 | quantitative 6~9
PM2.5≤35 | quantitative ≤ 35
3号线 | qualitative
3号线建设 | qualitative
20**年 | quantitative 年 unread
20XX年 | qualitative
≥95%（2022年底） | quantitative ≥ 95 %
2022年12月底前（100%） | multi
5年内无事故 | qualitative
5年内不发生 | qualitative
占30% | quantitative 30 %
减5% | quantitative 5 %
十万元 | quantitative 100000 元
叁拾万元 | quantitative 300000 元
一万五千元 | quantitative 15000 元
百分之九十五（95%） | quantitative 95 %
5个（含3个续建） | quantitative 5 个
第三方满意度95% | quantitative 95 %
3.15活动 | qualitative
2023-2025年规划编制 | qualitative
2022年1-12月工资发放 | qualitative
上半年3次，下半年5次 | multi
12-31前 | date *-12-31
2021级学生300人 | multi
12个月按月支付 | quantitative 12 个月
1000元×12月 | multi
A级≥3个 | quantitative ≥ 3 个
2个A级 | quantitative 2 个
95分以上为优 | quantitative ≥ 95 分
不低于上年的95% | quantitative ≥ 95 %
5* | quantitative unread
1套系统 | quantitative 1 套
1个平台、1套系统 | multi
达到80%不超过90% | multi
不少于5场（次） | quantitative ≥ 5 场
0.95（95%） | multi
到2022年底达到95% | multi
7个工作日内完成审批 | quantitative ≤ 7 个工作日
三(3)次 | quantitative 次 unread
2年期 | quantitative 2 年
GDP增长5% | quantitative 5 %
完成投资3.2亿元 | quantitative 3.2 亿元

# dates that could be numbers, and numbers that could be dates
≤2022.5 | quantitative ≤ 2022.5
＜1980.01 | quantitative < 1980.01
不超过2022.12 | quantitative ≤ 2022.12
1980.01以上 | quantitative ≥ 1980.01
最迟2022.12 | date 2022-12-末
2022.12前 | date 2022-11-末(?2022-12-末)
2022.12以前 | date 2022-11-末(?2022-12-末)
PM2.5降到35 | quantitative 35
PM10达到40 | quantitative ≥ 40
每年不少于30日 | quantitative ≥ 30 日/年
每月5日发放工资 | date unread
每季度末月20日前 | date unread
每年12月底前 | date *-12-末
1950.5万元 | quantitative 1950.5 万元
达到1985.5 | quantitative ≥ 1985.5
B2-5次 | quantitative 次 unread
"""


def day(value: Day) -> str:
    return f"{value.year or '*'}-{value.month}-{value.day or '末'}"


def told(value: Value) -> str:
    parts = [value.kind, value.operator]
    if value.number is not None:
        parts.append(number_text(value.number, 6) + ("" if value.upper is None else f"~{number_text(value.upper, 6)}"))
    parts += [value.unit, "(rough)" if value.approximate else "", f"tier{value.tier}" if value.tier else ""]
    if value.date is not None:
        start = f"{day(value.date.start)}→" if value.date.is_span else ""
        until = value.date.doubtful_until
        parts.append(start + day(value.date.end) + (f"(?{day(until)})" if until else ""))
    if value.reason is not None and value.kind != "multi":
        parts.append("unread")
    return " ".join(part for part in parts if part)


def rows() -> list[tuple[str, str, str, str]]:
    found = []
    for line in SPELLINGS.splitlines():
        if not line or line.startswith("# "):
            continue
        cells = [cell.strip(" ") for cell in line.split("|")]
        text, expected = cells[0], cells[-1]
        operator, unit = cells[1:3] if len(cells) == 4 else ("", "")
        found.append((text, operator, unit, expected))
    return found


@pytest.mark.parametrize(("text", "operator", "unit", "expected"), rows())
def test_spelling(text: str, operator: str, unit: str, expected: str) -> None:
    assert told(parse_value(text, operator=operator, unit=unit)) == expected


def test_there_are_enough_spellings_and_none_twice() -> None:
    keys = [row[:3] for row in rows()]
    assert len(keys) >= 200
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("text", ["", " ", "\n", "　", "\u200b", "\xa0\t"])
def test_nothing_visible_is_blank(text: str) -> None:
    assert parse_value(text) == Value("blank")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022年\n12月底前", "date 2022-12-末"),
        ("100\n%", "quantitative 100 %"),
        ("5\n10", "multi"),
        ("1 000", "multi"),
        ("1.完成培训3次\n2.满意度95%", "multi"),
        ("1.完成培训3次\n2.完成3次", "quantitative 3 次"),
        (" 95 % ", "quantitative 95 %"),
        ("2022-12-31 00:00:00", "date 2022-12-31"),
    ],
)
def test_line_breaks_and_spaces(text: str, expected: str) -> None:
    assert told(parse_value(text)) == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("≥3个，覆盖率100%", "3个、100%"),
        ("11月底完成100%", "既有日期又有数值"),
        ("95%(190/210)", "190/210"),
        ("M.8万元", "无法辨认"),
        ("≥≤5", "矛盾"),
        ("20-10", "大于"),
        ("提前5天", "不是完成值"),
        ("前3名", "名次"),
        ("培训—5次", "横线"),
        ("数百人", "约数"),
        ("每月15日前", "重复"),
        ("15日前", "没有月份"),
        ("次年3月底前", "哪一年"),
        ("1E400", "过大"),
        ("完成3次。" * 80, "长文字"),
    ],
)
def test_reason_says_why(text: str, part: str) -> None:
    value = parse_value(text)
    assert value.reason is not None
    assert part in value.reason
    assert value.number is None
    assert value.date is None


def test_a_value_that_is_understood_has_no_reason() -> None:
    understood = [row for row in rows() if "unread" not in row[3] and not row[3].startswith("multi")]
    assert all(parse_value(text, operator=operator, unit=unit).reason is None for text, operator, unit, _ in understood)


def test_reading_is_remembered() -> None:
    assert parse_value("≥95%") is parse_value("≥95%")
