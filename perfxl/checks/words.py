"""What words in names, reasons and values tell a check."""

import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd

# Scoring goes by the same words.
from perfxl.forms.applicability import says_not_applicable as says_not_applicable
from perfxl.forms.applicability import says_undone as says_undone
from perfxl.forms.names import cannot_exceed_100
from perfxl.text import fold, plain_label

_NO_REASON = re.compile(r"[-/\\_*.…,~·—]*|(?:暂|均)?(?:无|没有)(?:偏差|差异|原因|问题|情况)?|N/?A|null", re.IGNORECASE)
_MAY_BE_NEGATIVE = re.compile("增|减|变动|变化|波动|降|差|盈|亏|利润|收益|净|温|结余|结转|偏|缺口|超支")
# A name that is no indicator. 无障碍设施 and 无新增债务 are indicators that happen to begin with 无.
_NO_INDICATOR = re.compile(
    r"[-/\\—…]+|无|没有|不涉及|不适用|未涉及"
    r"|(?:无|没有)(?:此|该|此类|该类|相关|本)(?:项|类)?(?:项目|业务|工作|任务|指标|内容|事项|支出|情况)?"
    r"|(?:本项目|本单位)?(?:不涉及|不适用|未涉及)(?:此|该|本|相关)?(?:项|类)?(?:项目|业务|工作|任务|指标|内容|事项)?"
)
_NUMBERING = re.compile(r"^(?:指标)?\d*[:.,]*")


def say(texts: pd.Series, test: Callable[[str], object]) -> pd.Series:
    """Return, as bool, whether each text passes a test; False where there is no text."""
    return pd.Series([isinstance(text, str) and bool(test(text)) for text in texts], texts.index, dtype=bool)


def finds(texts: pd.Series, pattern: re.Pattern[str], *, whole: bool = False) -> pd.Series:
    """Return, as bool, in which texts a pattern is found, or which of them it is; False where there is no text.

    Texts are folded.
    """
    test = pattern.fullmatch if whole else pattern.search
    values = texts.tolist()
    # The same labels come again and again.
    hits = {text for text in set(values) if isinstance(text, str) and test(fold(text)) is not None}
    found = np.fromiter(map(hits.__contains__, values), bool, len(values)) if hits else np.zeros(len(values), bool)
    return pd.Series(found, texts.index)


@lru_cache(maxsize=4096)
def is_no_reason(text: str) -> bool:
    """Whether a text says nothing: signs such as `—` and `/`, 无, 无偏差."""
    return _NO_REASON.fullmatch(fold(text).rstrip(".;,")) is not None


@lru_cache(maxsize=4096)
def can_be_negative(name: str) -> bool:
    """Whether an indicator of this name may have a negative value, such as 增长率 or 结余."""
    return _MAY_BE_NEGATIVE.search(fold(name)) is not None


def is_bounded_rate(name: str, unit: str) -> bool:
    """Whether an indicator is a percentage that never exceeds 100, such as 满意度 or 合格率."""
    return unit == "%" and cannot_exceed_100(name)


@lru_cache(maxsize=4096)
def names_nothing(name: str) -> bool:
    """Whether a name says that there is no such indicator: `不涉及`, `无`, `指标1：/`."""
    plain = _NUMBERING.sub("", fold(plain_label(name)))
    return _NO_INDICATOR.fullmatch(plain) is not None
