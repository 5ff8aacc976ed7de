"""What the cells below a heading tell of its columns, where the words of the heading leave it open."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from perfxl.model.columns import LEVELS
from perfxl.reading.amounts import is_amount
from perfxl.reading.heading_columns import VALUES, Column, Heading
from perfxl.reading.rows import Row
from perfxl.text import fold

# Names of classes and indicators are shorter than what explains them.
_LONGEST_NAME = 25


def with_levels(heading: Heading, below: Sequence[Row]) -> Heading:
    """Return a heading whose columns of names without a number hold the levels that it lacks, from the left.

    Score sheets head their classes with any word: 项目 | 考核内容 | 考核指标, 目标名称 | 评价内容. The last column of
    names names the row itself. The columns keep the field that their words tell.

    Args:
        heading: The heading as its words tell it.
        below: The rows below it.
    """
    own = heading.columns.get("level3")
    free = [level for level in LEVELS[:2] if level not in heading.columns]
    if own is None or not free:
        return heading
    names = _names(heading, own, below)
    if _is_numbered(own):
        names = [column for column in names if column.left < own.left]
    else:
        names = sorted([*names, own], key=lambda column: column.left)
        while len(names) > 1 and _is_prose(names[-1], below):
            names.pop()
        own = names.pop()
    # Of more classes than levels the leftmost ones are left out.
    found = dict(zip(free, names[-len(free) :], strict=False)) | {"level3": own}
    named = {level: found.get(level) or heading.columns.get(level) for level in LEVELS}
    columns = {level: column for level, column in named.items() if column} | {
        field: column for field, column in heading.columns.items() if field not in LEVELS
    }
    places = {column.left for column in columns.values()}
    rest = [column for column in (*heading.unknown, heading.columns["level3"]) if column.left not in places]
    return heading._replace(columns=columns, unknown=tuple(sorted(rest, key=lambda column: column.left)))


def with_classes(heading: Heading, above: Sequence[Row], below: Sequence[Row]) -> Heading:
    """Return a heading whose label down the side heads the classes of the names: 绩效指标 over 数量指标, 质量指标.

    Args:
        heading: The heading as its words tell it.
        above: The rows of the heading.
        below: The rows below it.
    """
    own, left = heading.columns.get("level3"), min(column.left for column in heading.columns.values())
    if own is None or "level1" in heading.columns:
        return heading
    for item in (item for row in above for item in row.items):
        if item.right < left and "indicators" in item.word.sections and item.bottom <= heading.bottom:
            side = Column("", item.left, item.right, item.text, item.row, item.text, item.left)
            named = [row for row in below if any(own.left <= item.left <= own.right for item in row.items)]
            if len(set(_texts(side, named))) > 1:
                return heading._replace(unknown=(side, *heading.unknown))
    return heading


def with_parts(heading: Heading, below: Sequence[Row]) -> Heading:
    """Return a heading whose names under one wide cell are columns of their own: 评价指标 over class | indicator.

    The parts left of the last one are left to `with_levels`.
    """
    own = heading.columns.get("level3")
    if own is None or own.right == own.left or _is_numbered(own) or {"level1", "level2"} & heading.columns.keys():
        return heading
    within = [[item for item in row.items if own.left <= item.left <= own.right] for row in below]
    starts = Counter(item.left for items in within for item in items if not is_amount(item.text))
    lefts = [own.left, *sorted(left for left, count in starts.items() if left > own.left and count > 1)]
    # Most rows have a name of their own there.
    if len(lefts) < 2 or starts[lefts[-1]] * 2 <= sum(map(bool, within)):
        return heading
    rights = [*(left - 1 for left in lefts[1:]), own.right]
    *parts, last = (own._replace(left=left, right=right) for left, right in zip(lefts, rights, strict=True))
    if not all(_has_names(part, below) for part in (*parts, last)):
        return heading
    return heading._replace(columns={**heading.columns, "level3": last}, unknown=(*heading.unknown, *parts))


def _names(heading: Heading, own: Column, below: Sequence[Row]) -> list[Column]:
    """Return the unused columns left of the values that hold names: headed like indicators, or left of one."""
    known = heading.columns.items()
    values = min((column.left for field, column in known if field in VALUES), default=own.right + 1)
    lowest = max([own.left, *(column.left for column in heading.unknown if column.field == "level3")])
    return [
        column
        for column in heading.unknown
        if column.right < values
        and (column.field == "level3" or (not column.field and column.left < lowest and _has_names(column, below)))
    ]


def _is_numbered(column: Column) -> bool:
    """Whether a heading says which level it is: 三级指标."""
    return "级" in column.heading


def with_points(heading: Heading, below: Sequence[Row]) -> Heading:
    """Return a heading whose columns of points hold numbers, where two columns are headed as the same points.

    Args:
        heading: The heading as its words tell it.
        below: The rows below it.
    """
    columns, unknown = dict(heading.columns), list(heading.unknown)
    for field in ("weight", "reported_score"):
        own = columns.get(field)
        if own is None or has_amounts(own, below):
            continue
        rival = next((other for other in unknown if other.field == field and has_amounts(other, below)), None)
        if rival is not None:
            columns[field] = rival
            unknown[unknown.index(rival)] = own
    return heading._replace(columns=columns, unknown=tuple(unknown))


def _texts(column: Column, below: Sequence[Row]) -> Iterator[str]:
    return (item.text for row in below for item in row.items if column.left <= item.left <= column.right)


def has_amounts(column: Column, below: Sequence[Row]) -> bool:
    """Whether a column holds numbers, or nothing that speaks against them."""
    is_blank = True
    for text in _texts(column, below):
        if is_amount(text):
            return True
        is_blank = False
    return is_blank


def _has_names(column: Column, below: Sequence[Row]) -> bool:
    texts = list(_texts(column, below))
    return bool(texts) and not any(is_amount(text) for text in texts) and not _is_prose(column, below)


def _is_prose(column: Column, below: Sequence[Row]) -> bool:
    lengths = [len(fold(text)) for text in _texts(column, below)]
    return bool(lengths) and median(lengths) > _LONGEST_NAME
