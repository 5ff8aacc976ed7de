"""The formulas of an indicator row: what its texts say, what the rule gives, and what is still to be done.

They stand in hidden columns right of the table. A score is only worked out where a formula understands target and
actual for certain, as `perfxl score` does: a sign, a number and a unit. All else is left to the unit, whose number
goes over the formula.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from perfxl.forms.rubric import ACCEPTED_RULES, Rubric
from perfxl.writing.blank.excel import (
    both,
    count_true,
    either,
    first_of,
    holds_any,
    number_at_start,
    quoted,
    ref,
    rest_after_number,
    words,
)  # fmt: skip
from perfxl.writing.blank.plan import RowPlan

TIERS = ("达成预期指标", "部分达成预期指标并具有一定效果", "未达成预期指标且效果较差")
# Parts of a unit that make another thing of the number before it: a bound, a date, a range, a second value.
_UNCLEAR = (*"以上下内前后左右月日号年至到不成半多余几增降升减或及~～-—/(（、，,；;±+*×", "个百分点")
_NUMERALS = tuple("零一二两三四五六七八九十百千半无")
_MAY_BE_NEGATIVE = (
    "增", "减", "变动", "变化", "波动", "降", "差", "盈", "亏", "利润", "收益", "净", "温", "结余", "结转", "偏",
    "缺口", "超支",
)  # fmt: skip
_NO_REASON = ("无", "没有", "暂无", "—", "-", "/", "……")
_SIGNS = "≥≤><=＞＜＝≧≦"
_AT_LEAST, _AT_MOST = "≥>＞≧", "≤<＜≦"
_LONGEST_UNIT = 4
_SHORTEST_REASON = 6
_NOISE = "0.000001"
# How far amounts may be apart before one of them is asked about; see `perfxl.reading.values.numbers`.
_FAR = 20


@dataclass(frozen=True, slots=True)
class RowRefs:
    """References of a row.

    Attributes:
        columns: Field → its cell.
        helpers: Name → the hidden cell.
        weight: Cell of the row's points; "" where the form states none.
        may_lack_values: Target and actual may both be blank, see `RowPlan.has_values_elsewhere`.
    """

    columns: Mapping[str, str]
    helpers: Mapping[str, str]
    weight: str
    may_lack_values: bool = False

    @property
    def target(self) -> str:
        """Return what holds the target: the adjusted one where there is one."""
        own, adjusted = self.columns["target"], self.columns.get("adjusted_target")
        return f'IF({adjusted}<>"",{adjusted},{own})' if adjusted else own

    @property
    def has_values(self) -> bool:
        """Whether the form has targets and actuals."""
        return {"target", "actual"} <= self.columns.keys()

    @property
    def no_reason(self) -> str:
        """Return a condition: there is a place for a reason and it says nothing."""
        reason = self.columns.get("reason")
        return f'OR(TRIM({reason})="",ISNUMBER(MATCH(TRIM({reason}),{words(_NO_REASON)},0)))' if reason else "FALSE"


def can_compute(rubric: Rubric) -> bool:
    """Whether formulas know the rubric's rules for numbers."""
    is_plain = rubric.forward == "proportional" and rubric.reverse in ACCEPTED_RULES and rubric.equal == "at_least"
    return is_plain and not rubric.rules and rubric.reduction == "none"


# ---------------------------------------------------------------- what the texts say


def text_formulas(row: RowRefs) -> dict[str, str]:
    """Return the helpers that take target and actual apart, by name."""
    text = f'({row.target}&"")'
    own = row.columns["target"] if "adjusted_target" not in row.columns else row.target
    double = f'OR(LEFT({own},2)=">=",LEFT({own},2)="<=")'
    has_sign = f'AND({own}<>"",ISNUMBER(FIND(LEFT({own}&" ",1),{quoted(_SIGNS)})))'
    operator = row.columns.get("operator")
    by_column = '""'
    if operator:
        is_sign = f"AND(LEN({operator})=1,ISNUMBER(FIND({operator},{quoted(_SIGNS)})))"
        by_column = f'IF({is_sign},{operator},"")'
    sign = f'IF({double},IF(LEFT({own},1)=">","≥","≤"),IF({has_sign},LEFT({own},1),{by_column}))'
    body = f"TRIM(IF({double},MID({own},3,30),IF({has_sign},MID({own},2,30),{text})))"
    actual = f'TRIM({row.columns["actual"]}&"")'
    helpers = row.helpers
    unit = rest_after_number(helpers["body"], helpers["target"])
    if column := row.columns.get("unit"):
        unit = f'IF({helpers["target"]}="","",IF({unit}="",TRIM({column}&""),{unit}))'
    return {
        "sign": sign,
        "body": body,
        "target": number_at_start(helpers["body"]),
        "target_unit": unit,
        "actual": number_at_start(actual),
        "actual_unit": rest_after_number(actual, helpers["actual"]),
    }


def _is_sign(row: RowRefs, signs: str) -> str:
    return f'AND({row.helpers["sign"]}<>"",ISNUMBER(FIND({row.helpers["sign"]}&"",{quoted(signs)})))'


def mixes_percent(row: RowRefs) -> str:
    """Return a condition: one of the numbers is a percentage and the other a fraction of it."""
    target, actual, unit, own = (row.helpers[name] for name in ("target", "actual", "target_unit", "actual_unit"))
    low = f"MIN({target},{actual})"
    hundredfold = f"OR(ABS({target}*100-{actual})<{_NOISE},ABS({actual}*100-{target})<{_NOISE})"
    told = f'OR({unit}="%",{low}<>INT({low}))'
    bare = both(f'{unit}="%"', f'{own}=""', f"{actual}>0", f"{actual}<=1", f"{target}>=10")
    is_percent = either(f'{own}=""', f'{own}="%"')
    small = both(f'{unit}="%"', f"{target}>0", f"{target}<=1", f"{actual}>=10", is_percent)
    fraction = both(small, f"NOT({_is_sign(row, _AT_MOST)})")
    found = either(both(f"{low}>0", f"{low}<=1", hundredfold, told), bare, fraction)
    return f'IF(OR({target}="",{actual}=""),FALSE,{found})'


def _is_unclear(row: RowRefs) -> str:
    """Return a condition: the numbers are not to be compared without looking at more than signs and units."""
    target, actual, unit, own = (row.helpers[name] for name in ("target", "actual", "target_unit", "actual_unit"))
    low = f"MIN({target},{actual})"
    hundredfold = f"OR(ABS({target}*100-{actual})<{_NOISE},ABS({actual}*100-{target})<{_NOISE})"
    conditions = [
        f"LEN({unit})>{_LONGEST_UNIT}",
        holds_any(unit, _UNCLEAR),
        both(f'{own}<>""', f"{own}<>{unit}"),
        both(f"{low}>0", f"{low}<=1", hundredfold),
        mixes_percent(row),
    ]
    if "unit" not in row.columns:
        far = either(f"{actual}*{_FAR}<{target}", f"{actual}>{target}*{_FAR}")
        conditions.append(both(f'{own}=""', f'{unit}<>""', f'{unit}<>"%"', f"{actual}>0", f"{target}>0", far))
    return either(*conditions)


# ---------------------------------------------------------------- what the rule gives


def exact_score(row: RowRefs, rubric: Rubric) -> str:
    """Return the formula for the points by rule before they are rounded; "" where they are left to the unit."""
    target, actual, weight = row.helpers["target"], row.helpers["actual"], row.weight
    at_least = f'IF({target}>0,{weight}*MIN(1,{actual}/{target}),"")'
    at_most = f"IF({target}>0,{weight}*{_reverse(rubric.reverse, target, actual)},IF({actual}<=0,{weight},0))"
    score = first_of(
        (_is_sign(row, _AT_LEAST), at_least),
        (_is_sign(row, _AT_MOST), at_most),
        (f"{actual}={target}", weight),
    )
    blank = either(f'{target}=""', f'{actual}=""', f"NOT(ISNUMBER({weight}))")
    return f'IF({blank},"",IF({_is_unclear(row)},"",{score}))'


def _reverse(rule: str, target: str, actual: str) -> str:
    if rule == "inverse_ratio":
        return f"IF({actual}<=0,1,MIN(1,{target}/{actual}))"
    if rule == "all_or_nothing":
        return f"IF({actual}<={target},1,0)"
    return f"MAX(0,MIN(1,1-({actual}-{target})/{target}))"


# ---------------------------------------------------------------- what is still to be done


def is_used(row: RowRefs, plan: RowPlan) -> str:
    """Return a condition: the row is an indicator, since the form or the unit says so."""
    if plan.is_printed:
        return "TRUE"
    names = ["level3", "target", "adjusted_target", "actual", "reported_score", "reason"]
    names += ["weight"] if plan.weight is None else []
    return either(*(f'{row.columns[name]}<>""' for name in names if name in row.columns))


def blanks(row: RowRefs) -> dict[str, str]:
    """Return, by what people call them, the conditions that a cell of the row is blank."""
    found = {}
    if "target" in row.columns:
        found["指标值"] = f'{row.target}=""'
    for name, label in (("actual", "完成值"), ("weight", "分值"), ("reported_score", "得分")):
        if name in row.columns:
            found[label] = f'{row.columns[name]}=""'
    if row.may_lack_values and row.has_values:
        target, actual = found["指标值"], found["完成值"]
        found |= {"指标值": f"AND({target},NOT({actual}))", "完成值": f"AND({actual},NOT({target}))"}
    return found


def faults(row: RowRefs, rubric: Rubric) -> dict[str, str]:
    """Return the conditions that `perfxl score` calls an error, by what the unit is told; text parts are formulas."""
    found: dict[str, str] = {}
    if row.has_values and "exact" in row.helpers:
        found[quoted("完成值应填数字")] = _words_for_a_number(row)
        found[quoted("百分数与小数混用，请统一")] = mixes_percent(row)
        found[quoted("完成值不应为负")] = _negative(row)
    score, weight = row.columns.get("reported_score"), row.weight
    if not score:
        return found
    found[quoted("得分应为非负数字")] = f'OR(AND({score}<>"",NOT(ISNUMBER({score}))),AND(ISNUMBER({score}),{score}<0))'
    if not weight:
        return found
    are_numbers = f"ISNUMBER({score}),ISNUMBER({weight})"
    over = f"AND({are_numbers},{score}>{weight}+{_NOISE})"
    found[quoted("得分超过分值")] = over
    found[quoted("请填写偏差原因")] = _unexplained(row, are_numbers)
    if row.has_values:
        if can_compute(rubric):
            told = f'"按规则应得 "&ROUND({row.helpers["exact"]},{rubric.places})&" 分"'
            found[told] = _above_rule(row, rubric)
        found[quoted("得分不在该档的区间内")] = _outside_tier(row, rubric, are_numbers)
    return found


def _unexplained(row: RowRefs, are_numbers: str) -> str:
    score, weight = row.columns["reported_score"], row.weight
    short = f"AND({are_numbers},{score}<{weight}-{_NOISE},{score}>=0,{row.no_reason})"
    if not row.has_values:
        return short
    exact = row.helpers["exact"]
    # Where the target is met a lower score is asked about in another way, and is no error.
    return f"IF(ISNUMBER({exact}),IF({exact}>={weight},FALSE,{short}),{short})"


def _above_rule(row: RowRefs, rubric: Rubric) -> str:
    score, weight, exact = row.columns["reported_score"], row.weight, row.helpers["exact"]
    higher = f"{score}>ROUND({exact},{rubric.places})+0.01+{_NOISE}"
    is_rounded = f"ABS({score}-ROUND({exact},1))<{_NOISE}"
    target, actual = row.helpers["target"], row.helpers["actual"]
    others = [
        f"ABS({score}-ROUND({weight}*{_reverse(rule, target, actual)},{rubric.places}))<=0.01+{_NOISE}"
        for rule in rubric.also_accepted
    ]
    by_other = f"IF(AND({_is_sign(row, _AT_MOST)},{target}>0),{either(*others)},FALSE)" if others else "FALSE"
    wrong = f"AND({score}<={weight},{higher},NOT({is_rounded}),NOT({by_other}))"
    return f"IF(AND(ISNUMBER({exact}),ISNUMBER({score}),NOT({mixes_percent(row)})),{wrong},FALSE)"


def _words_for_a_number(row: RowRefs) -> str:
    """Return a condition: the target is a number and the actual is in words."""
    actual = row.columns["actual"]
    plain = f'SUBSTITUTE({actual}&"","一定","")'
    target = row.helpers["target"]
    is_number = f"AND(ISNUMBER({target}),{target}<>0,NOT({holds_any(row.helpers['target_unit'], _UNCLEAR)}))"
    has_digit = holds_any(f'{actual}&""', tuple("0123456789０１２３４５６７８９"))
    return f'AND({actual}<>"",{is_number},NOT({has_digit}),NOT({holds_any(plain, _NUMERALS)}))'


def _negative(row: RowRefs) -> str:
    """Return a condition: the actual is below zero, and its name tells of nothing that may be."""
    actual, target = f'TRIM({row.columns["actual"]}&"")', row.helpers["target"]
    number = f'IFERROR(VALUE(SUBSTITUTE({actual},{row.helpers["target_unit"]},"")),0)'
    may_be = holds_any(row.columns["level3"], _MAY_BE_NEGATIVE) if "level3" in row.columns else "FALSE"
    return f'AND(ISNUMBER({target}),LEFT({actual},1)="-",{number}<0,NOT({may_be}))'


def _outside_tier(row: RowRefs, rubric: Rubric, are_numbers: str) -> str:
    """Return a condition: the score is not within the tier that was chosen for a target in words."""
    score, weight, actual = row.columns["reported_score"], row.weight, row.columns["actual"]
    lows = [f"ROUND({weight}*{low},{rubric.places})" for low, _ in rubric.bands]
    reason = row.columns.get("reason")
    explained = f"LEN({reason})>={_SHORTEST_REASON}" if reason and rubric.reason_lifts_band else "FALSE"
    first = f"AND({actual}={quoted(TIERS[0])},{score}<{lows[0]},NOT({explained}))"
    second = f"AND({actual}={quoted(TIERS[1])},OR({score}<{lows[1]},{score}>={lows[0]}))"
    third = f"AND({actual}={quoted(TIERS[2])},{score}>={lows[1]})"
    is_words = f'AND({are_numbers},{score}<={weight},{score}>=0,{row.helpers["target"]}="",{row.target}<>"")'
    return f"IF({is_words},OR({first},{second},{third}),FALSE)"


def fault_count(row: RowRefs, plan: RowPlan, rubric: Rubric) -> str:
    """Return the formula for how many errors the row has; "" for a row that is not used."""
    conditions = [*blanks(row).values(), *faults(row, rubric).values()]
    return f'IF({is_used(row, plan)},{count_true(*conditions)},"")'


def hint(row: RowRefs, plan: RowPlan, rubric: Rubric) -> str:
    """Return the formula for what the unit is told beside the row; "" where all is well."""
    missing = blanks(row)
    listed = "&".join(f'IF({condition},"{label} ","")' for label, condition in missing.items())
    pairs = [(condition, text) for text, condition in faults(row, rubric).items()]
    if missing:
        # A word in place of a number says more than that there is no score yet.
        pairs.insert(3 if row.has_values else 0, (either(*missing.values()), f'TRIM("请填写 "&{listed})'))
    if row.has_values and row.weight:
        pairs += _questions(row, rubric)
    return f'IF(N({row.helpers["faults"]})+IF({is_used(row, plan)},1,0)=0,"",{first_of(*pairs)})'


def _questions(row: RowRefs, rubric: Rubric) -> list[tuple[str, str]]:
    """Return what a reviewer would ask back, each with the words for it."""
    score, weight, exact = row.columns["reported_score"], row.weight, row.helpers["exact"]
    target, actual = row.helpers["target"], row.helpers["actual"]
    met = f"IF(AND(ISNUMBER({exact}),ISNUMBER({score})),AND({exact}>={weight},{score}<{weight}-{_NOISE}),FALSE)"
    far = f"AND({target}>0,{_is_sign(row, _AT_LEAST)},{actual}>={target}*{rubric.over_achievement})"
    found = [(both(met, row.no_reason), quoted("指标已完成却扣分，请说明原因"))]
    if "reason" in row.columns and rubric.ask != "never":
        far = f'IF(OR({target}="",{actual}=""),FALSE,{far})'
        found.append((both(far, row.no_reason), quoted("完成值大幅超过指标值，请说明原因")))
    return found


def label_weight(name: str) -> str:
    """Return the formula for the points in brackets at the end of a name, "" for none."""
    start = f'FIND("（",{name})'
    return f'IFERROR(VALUE(MID({name},{start}+1,FIND("分）",{name})-{start}-1)),"")'


def refs(row: RowPlan, columns: Mapping[str, int], helper_columns: Mapping[str, int], weight: str) -> RowRefs:
    """Return the references of a row; `weight` as in `RowRefs`."""
    return RowRefs(
        {name: ref(row.number, column) for name, column in columns.items()},
        {name: ref(row.number, column) for name, column in helper_columns.items()},
        weight,
        row.has_values_elsewhere,
    )
