"""Text of cells made comparable: width, white space, invisible characters, look-alike signs."""

import re
import unicodedata
from contextlib import suppress
from functools import lru_cache

# Signs that stand for one another in real forms and that Unicode's compatibility folding leaves apart:
# ≧ ≦ (U+2267, U+2266), ⩾ ⩽, ═ (U+2550, a box-drawing line), 〈〉, dashes of every length, 〔〕【】.
_LOOKALIKES = str.maketrans(
    {
        "≧": "≥", "⩾": "≥", "≽": "≥", "﹥": ">",
        "≦": "≤", "⩽": "≤", "≼": "≤", "﹤": "<",
        "═": "=", "﹦": "=", "＝": "=",
        "〈": "<", "〉": ">",
        "–": "-", "—": "-", "―": "-", "−": "-", "‐": "-", "‑": "-", "─": "-", "━": "-", "﹣": "-",
        "〔": "[", "〕": "]", "【": "[", "】": "]", "﹝": "[", "﹞": "]",
        "～": "~", "∼": "~", "〜": "~", "﹪": "%", "﹢": "+",
        "“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"',
    }
)  # fmt: skip
# White space of every kind, and what shows nothing: joiners, direction marks, soft hyphens, variation selectors.
_INVISIBLE = re.compile("[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202f"
                        "\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\x00-\x1f\x7f-\x9f]+")  # fmt: skip
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_POINTS = re.compile(r"[(（][^()（）]*\d+(?:\.\d+)?\s*分[)）]")
_LABEL_POINTS = re.compile(r"\([^\d()]{0,4}(\d+(?:\.\d+)?)分\)")
_BRACKET = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    r"""Return a text as it is compared: half width, without white space, with one sign for its look-alikes.

    `年度\n 指标值（Ａ）` and `年度指标值(A)` fold to the same text. Chinese punctuation becomes ASCII.
    """
    try:
        return _NOT_PLAIN.sub(_usual_sign, text)
    except KeyError:
        return _fold_any(text)


def _fold_any(text: str) -> str:
    text = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES)).translate(_LOOKALIKES)
    return _INVISIBLE.sub("", text).replace("。", ".").replace("、", ",")


# Nearly all texts hold but Chinese characters and ASCII, which stay as they are, and signs that fold one by one: each
# to what it folds to alone, for none of them joins with its neighbours as accents do.
_NOT_PLAIN = re.compile("[^!-~\u4e00-\u9fff]")
_FULL_WIDTH = map(chr, range(0xFF01, 0xFF5F))
_USUAL_SIGNS = {
    sign: _fold_any(sign) for sign in [*map(chr, _LOOKALIKES), *_FULL_WIDTH, *" \t\n\r\xa0\u3000。、≥≤±×·‰…￥¥"]
}


def _usual_sign(match: re.Match[str]) -> str:
    return _USUAL_SIGNS[match[0]]


@lru_cache(maxsize=65536)
def without_brackets(folded: str) -> str:
    """Return a folded text without its bracketed remarks: `执行率(B/A)` → `执行率`."""
    while (shorter := _BRACKET.sub("", folded)) != folded:
        folded = shorter
    return folded


@lru_cache(maxsize=16384)
def plain_label(text: str) -> str:
    """Return a label without the points it carries, the spaces that spread its letters and its colon."""
    bare = _POINTS.sub("", text) if "分" in text else text
    return "".join(bare.split()).rstrip(":：")


@lru_cache(maxsize=16384)
def label_points(text: str) -> float | None:
    """Return the points that a label carries in brackets (`相关性(5分)`), or None."""
    match = _LABEL_POINTS.search(fold(text)) if "分" in text else None
    return float(match[1]) if match else None


def shown(text: str, limit: int = 60) -> str:
    """Return a cell's text as it is quoted in a message: on one line, printable, cut at `limit` characters.

    Control and direction characters are dropped: a quoted text must neither move a terminal's cursor nor turn
    the sentence round.
    """
    text = " ".join(visible(line).strip() for line in text.splitlines()).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def visible(text: str) -> str:
    """Return a text, line feeds and all, without what a terminal would obey instead of showing it.

    The bytes of a file name that is no UTF-8, which Python holds as surrogates, are shown as the GBK they mostly are.
    """
    if text.isprintable():
        return text
    if any("\udc80" <= ch <= "\udcff" for ch in text):
        with suppress(UnicodeEncodeError):
            text = text.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
    return "".join(ch for ch in text if ch == "\n" or unicodedata.category(ch) not in _UNSEEN)


def number_text(value: float, places: int = 2) -> str:
    """Return a number as a person writes it: at most `places` decimals, no trailing zeros, no thousands marks."""
    text = f"{value:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent_text(fraction: float, places: int = 2) -> str:
    """Return a fraction as a percentage with a fixed number of decimals: 1.0779 → `107.79%`."""
    return f"{fraction * 100:.{places}f}%"
