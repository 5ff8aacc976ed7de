"""Where the blocks of a located table lie on its sheet, and which cells no block took."""

from collections.abc import Iterable, Iterator, Sequence

from perfxl.forms.lexicon import NOTHING, Lexicon
from perfxl.model.cells import Span
from perfxl.model.columns import LEVELS
from perfxl.reading.blocks import IndicatorBlock, Layout
from perfxl.reading.heading_columns import Heading
from perfxl.reading.rows import Item, Row, filled_rows

Place = tuple[int, int]


def block_spans(layout: Layout) -> dict[str, list[Span]]:
    """Return the ranges of a table's blocks by kind, from top to bottom.

    Kinds: `title`, `header`, `budget`, `goals`, `indicators` (one range a heading), `conclusions`; one that the table
    lacks is left out.
    """
    pairs = [item for pair in layout.pairs for item in (pair.label_item, pair.value) if item is not None]
    below = [item for label, values in layout.conclusions for item in (label, *values)]
    found = {
        "title": [_span(_corners(layout.titles))],
        "header": [_span(_corners(pairs))],
        "budget": [_span(_budget_corners(layout))],
        "goals": [_span(_corners(_items(layout.goals)))],
        "indicators": [_span(_indicator_corners(block)) for block in layout.indicators],
        "conclusions": [_span(_corners(below))],
    }
    return {kind: there for kind, spans in found.items() if (there := [span for span in spans if span is not None])}


def unused_cells(layouts: Sequence[Layout], lexicon: Lexicon, taken: Iterable[Place]) -> list[Item]:
    """Return the filled cells of a sheet that no table took and that hold no word the lexicon knows.

    Args:
        layouts: The tables of one sheet, at least one.
        lexicon: The words that they were located with.
        taken: Places (row, column) of the values that were read.
    """
    used = {*taken, *(place for layout in layouts for place in _used(layout))}
    items = _items(filled_rows(layouts[0].grid, lexicon))
    return [item for item in items if item.word is NOTHING and (item.row, item.left) not in used]


def _used(layout: Layout) -> Iterator[Place]:
    """Yield the places of cells that have a part in the table, beside those whose values were read."""
    texts = [*layout.titles, *(item for row in layout.goals for item in row.items)]
    texts += [item for pair in layout.pairs for item in (pair.label_item, pair.value) if item is not None]
    texts += [item for label, values in layout.conclusions for item in (label, *values)]
    texts += [item for block in layout.indicators if block.total for item in block.total.items]
    yield from ((item.row, item.left) for item in texts)
    headings = [block.heading for block in layout.indicators] + ([layout.budget.heading] if layout.budget else [])
    for block in layout.indicators:
        yield from _under_headings(block)
    for heading in headings:
        columns = heading.columns.values()
        yield from ((row, c.left) for row in range(heading.top, heading.bottom + 1) for c in columns)
        # Headings that nothing is known for are told as columns, not as cells.
        yield from ((column.row, column.at) for column in heading.unknown)


def _under_headings(block: IndicatorBlock) -> Iterator[Place]:
    """Yield the places below the headings right of the labels; a heading nothing is known for is told by itself."""
    columns = [c for name, c in block.heading.columns.items() if name not in LEVELS] + list(block.heading.unknown)
    for item in _items(block.rows):
        if any(column.left <= item.left <= column.right for column in columns):
            yield item.row, item.left


def _items(rows: Iterable[Row]) -> list[Item]:
    return [item for row in rows for item in row.items]


def _corners(items: Iterable[Item]) -> list[Span]:
    return [Span(item.row, item.left, item.bottom, item.right) for item in items]


def _heading_corners(heading: Heading) -> list[Span]:
    columns = (*heading.columns.values(), *heading.unknown)
    return [Span(heading.top, column.left, heading.bottom, column.right) for column in columns]


def _indicator_corners(block: IndicatorBlock) -> list[Span]:
    """Return the cells of a block; what stands right of its last heading is none of it."""
    heading = block.heading
    right = max(column.right for column in (*heading.columns.values(), *heading.unknown))
    rows = [*block.rows, *filter(None, [block.total])]
    return [*_heading_corners(heading), *_corners(item for item in _items(rows) if item.left <= right)]


def _budget_corners(layout: Layout) -> list[Span]:
    budget = layout.budget
    if budget is None:
        return []
    amounts = [item for one in (budget.amounts or {}).values() for item in (one.label, one.value) if item is not None]
    return [*_heading_corners(budget.heading), *_corners(_items(budget.rows)), *_corners(amounts)]


def _span(spans: Sequence[Span]) -> Span | None:
    """Return the rectangle around some others."""
    if not spans:
        return None
    return Span(
        min(span.top for span in spans),
        min(span.left for span in spans),
        max(span.bottom for span in spans),
        max(span.right for span in spans),
    )
