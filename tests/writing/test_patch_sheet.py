"""Which merged ranges of a sheet hold marked cells."""

import pytest

from perfxl.model.cells import Span
from perfxl.writing.patch_sheet import merged_spans
from perfxl.writing.sheet_outline import outline

SHEET = (
    b'<worksheet><sheetData/><mergeCells count="4"><mergeCell ref="B2:C2"/><mergeCell ref="D2:E9"/>'
    b'<mergeCell ref="A12:C12"/><mergeCell ref="$F$04:$G$04"/></mergeCells></worksheet>'
)


@pytest.mark.parametrize(
    ("place", "span"),
    [
        ((2, 3), Span(2, 2, 2, 3)),
        ((2, 4), Span(2, 4, 9, 5)),
        ((9, 5), Span(2, 4, 9, 5)),
        ((4, 7), Span(4, 6, 4, 7)),
        ((10, 4), None),
        ((9, 6), None),
        ((1, 2), None),
        ((2, 1), None),
    ],
)
def test_a_cell_gets_the_range_that_holds_it(place: tuple[int, int], span: Span | None) -> None:
    lies = outline(SHEET)
    assert lies is not None
    assert merged_spans(SHEET, lies, {place}) == ({} if span is None else {place: span})
    # Others beside it change nothing.
    others = {(12, 4), (3, 1), (1, 1)}
    assert merged_spans(SHEET, lies, {place, *others}) == ({} if span is None else {place: span})
