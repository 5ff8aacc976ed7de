"""Words that say an indicator does not apply, and words that say a duty was not done."""

import re
from functools import lru_cache

from perfxl.forms.value_words import load_words
from perfxl.text import fold

# 不存在未完成事项 and 未完成原因:无 say that nothing was left undone.
_DENIES = re.compile("(?:无|没有|不存在|杜绝|避免|防止)$")
_OF_DENIAL = re.compile("原因|问题|事项|情况")


@lru_cache(maxsize=4096)
def says_not_applicable(text: str) -> str | None:
    """Return the words in which a text says that there is no such business (无新增项目, 不涉及), or None."""
    match = load_words().not_applicable.search(fold(text))
    # 今年无法开展 is a duty that was not done.
    return match[0] if match and "无法" not in match[0] else None


@lru_cache(maxsize=4096)
def says_undone(text: str) -> str | None:
    """Return the words in which a text says that a duty was not done (未开展, 无进行), or None."""
    folded = fold(text)
    for match in load_words().undone.finditer(folded):
        if _DENIES.search(folded[: match.start()]) is None and _OF_DENIAL.search(match[0]) is None:
            return match[0]
    return None
