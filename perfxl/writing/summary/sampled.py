"""抽查名单: a random sample of the tables, drawn from every band of scores."""

import random
import sqlite3
from collections.abc import Sequence

from perfxl.writing.summary.labels import SCOPE_CASE
from perfxl.writing.summary.sheet import Book, linked

# Lowest score of each band, highest first; tables without a score are a band of their own.
BANDS = ((90.0, "90 分以上"), (80.0, "80–90 分"), (60.0, "60–80 分"), (float("-inf"), "60 分以下"))
NO_SCORE = "没有得分"

_HEAD = (
    "序号", "得分段", "类型", "单位", "主管部门", "项目", "自评总分", "复核总分", "错误", "警告",
    "文件（点击打开复核件）", "抽查意见",
)  # fmt: skip
_STYLES = (
    "center", "center", "center", "text", "text", "text", "score", "score", "integer", "integer", "link", "text",
)  # fmt: skip
_WIDTHS = (6, 12, 9, 24, 18, 28, 9, 9, 6, 6, 40, 30)
_SCORES = """
    SELECT t.table_id, coalesce(CASE WHEN t.is_complete THEN t.score END, t.reported_score)
    FROM tables t JOIN inputs i USING (input_id) WHERE t.standing = 'counted' ORDER BY i.path, t.table_id"""
_ROW = f"""
    SELECT {SCOPE_CASE.format(column="t.scope")}, t.unit, t.department, t.project, t.reported_score, t.score, t.errors,
           t.warnings, i.path, NULL, i.output
    FROM tables t JOIN inputs i USING (input_id) WHERE t.table_id = ?"""


def band(score: float | None) -> str:
    """Return the band of a score."""
    if score is None:
        return NO_SCORE
    return next(label for lowest, label in BANDS if score >= lowest)


def draw(scores: Sequence[tuple[int, float | None]], size: int, seed: int) -> list[tuple[str, int]]:
    """Draw tables from every band, as many as its share is but at least one, the same for the same seed.

    Args:
        scores: (table, score) in a fixed order.
        size: How many are wanted; all where there are no more.
        seed: Of the random numbers.

    Returns:
        (band, table), the bands from high to low, the tables in the order given.
    """
    labels = [label for _, label in BANDS] + [NO_SCORE]
    bands = {label: [table for table, score in scores if band(score) == label] for label in labels}
    filled = [label for label in labels if bands[label]]
    sizes = shares([len(bands[label]) for label in filled], size)
    random_numbers = random.Random(seed)
    drawn = []
    for label, count in zip(filled, sizes, strict=True):
        chosen = set(random_numbers.sample(range(len(bands[label])), count))
        drawn += [(label, table) for place, table in enumerate(bands[label]) if place in chosen]
    return drawn


def shares(counts: Sequence[int], size: int) -> list[int]:
    """Return how many of each band make up a sample: in proportion, at least one each, by largest remainders."""
    total = sum(counts)
    if size >= total:
        return list(counts)
    if size < len(counts):
        # Not even one each: the largest bands go first.
        largest = sorted(range(len(counts)), key=lambda place: (-counts[place], place))[:size]
        return [int(place in largest) for place in range(len(counts))]
    exact = [size * count / total for count in counts]
    taken = [max(1, int(share)) for share in exact]
    order = sorted(range(len(counts)), key=lambda place: (taken[place] - exact[place], place))
    while sum(taken) < size:
        place = next(place for place in order if taken[place] < counts[place])
        taken[place] += 1
        order.sort(key=lambda place: (taken[place] - exact[place], place))
    while sum(taken) > size:
        place = max((p for p in range(len(counts)) if taken[p] > 1), key=lambda p: (taken[p] - exact[p], -p))
        taken[place] -= 1
    return taken


def sampled(book: Book, db: sqlite3.Connection, size: int, seed: int) -> None:
    """Write 抽查名单."""
    drawn = draw(db.execute(_SCORES).fetchall(), size, seed)
    note = f"按得分段分层随机抽取 {len(drawn)} 张（种子 {seed}；同样的材料、同一种子抽到同样的表）。"
    sheet = book.sheet("抽查名单", _WIDTHS, "抽查名单", note, "548235")
    head = sheet.header(_HEAD)
    found = ((number, label, *db.execute(_ROW, (table,)).fetchone()) for number, (label, table) in enumerate(drawn, 1))
    rows = sheet.bulk(linked(sheet, found, 10), _STYLES)
    sheet.end(head, rows)
