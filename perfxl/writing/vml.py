"""The boxes of comments: VML shapes, added as bytes because other programs' VML is often no valid XML.

Excel itself leaves `<br>` open in the captions of form controls.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from perfxl.model.cells import MAX_COLUMN, MAX_ROW
from perfxl.writing.patch_sheet import Layout
from perfxl.writing.sheet_outline import Columns

_NAMESPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_DECLARATIONS = "".join(f' xmlns:{prefix}="{name}"' for prefix, name in _NAMESPACES.items())
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202"{} coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE_NUMBER = re.compile(rb"_x0000_s(\d{1,9})\b")
_NOTE = re.compile(rb"ObjectType\s*=\s*[\"']Note[\"'](.*?)</[^<>]*ClientData", re.S)
_ROW = re.compile(rb"<[^<>/]*:Row>\s*(\d{1,7})\s*<")
_COLUMN = re.compile(rb"<[^<>/]*:Column>\s*(\d{1,5})\s*<")

# Sizes in pixels at 96 dpi: four usual columns wide; letters and lines of 宋体 9.
_WIDTH, _WIDE = 256, 420
_LETTER, _LINE = 6, 16
_MARGIN = 12
_TALL = 480
# From the corner of the cell where a box begins.
_LEFT, _TOP = 15, 6


class Box(NamedTuple):
    """A comment's cell, from 1, and the text that must fit into its box."""

    row: int
    column: int
    text: str


def blocks(count: int) -> int:
    """Return how many ranges of 1024 shape ids a number of boxes takes."""
    return count // 1024 + 1


def new_drawing(block: int, count: int) -> bytes:
    """Return a drawing without shapes, whose shape ids are in the ranges from `block` on for `count` boxes."""
    data = ",".join(str(block + more) for more in range(blocks(count)))
    return (
        f'<xml{_DECLARATIONS}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{data}"/></o:shapelayout></xml>'
    ).encode()


def noted_cells(data: bytes) -> set[tuple[int, int]]:
    """Return the cells, from 1, that have a comment box in a drawing."""
    cells = set()
    for note in _NOTE.finditer(data):
        row, column = _ROW.search(note[1]), _COLUMN.search(note[1])
        if row and column:
            cells.add((int(row[1]) + 1, int(column[1]) + 1))
    return cells


def add_boxes(data: bytes, boxes: Iterable[Box], layout: Layout, block: int) -> bytes:
    """Return a drawing with hidden comment boxes added at its end.

    Args:
        data: A drawing in an encoding that is ASCII in its tags.
        boxes: The comments without a box.
        layout: Sizes of the sheet's rows and columns.
        block: Where the drawing has no shapes yet, numbers begin at 1024 × block + 1.
    """
    head = data[: data.find(b">", data.find(b"<xml")) + 1]
    is_usual = all(name.encode() in head and b"xmlns:" + key.encode() in head for key, name in _NAMESPACES.items())
    declarations = "" if is_usual else _DECLARATIONS
    pieces = []
    if b"_x0000_t202" not in data:
        pieces.append(_SHAPE_TYPE.format(declarations))
    number = max((int(found) for found in _SHAPE_NUMBER.findall(data)), default=1024 * block)
    for count, box in enumerate(boxes, 1):
        pieces.append(_shape(box, number + count, count, layout, declarations))
    at = data.rfind(b"</")
    return data[:at] + "".join(pieces).encode() + data[at:]


def _shape(box: Box, number: int, order: int, layout: Layout, declarations: str) -> str:
    row, column, text = box
    width, height = _size(text)
    left, top, right, right_offset, bottom, bottom_offset = _anchor(row, column, width, height, layout)
    return (
        f'<v:shape id="_x0000_s{number}"{declarations} type="#_x0000_t202" style="position:absolute;'
        f"margin-left:0;margin-top:0;width:{width * 3 // 4}pt;height:{height * 3 // 4}pt;z-index:{order};"
        'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{left}, {_LEFT}, {top}, {_TOP}, {right}, {right_offset}, {bottom}, {bottom_offset}</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column>"
        "</x:ClientData></v:shape>"
    )


def _size(text: str) -> tuple[int, int]:
    """Return the width and height that show a text whole, in pixels; very long ones are cut off by the box."""
    # One byte for a Latin letter, two for a Chinese one: just their widths. A line's end is in no letter's bytes.
    lines = [len(line) * _LETTER for line in text.encode("gbk", "replace").split(b"\n")]
    height = 0
    for width in (_WIDTH, _WIDE):
        room = width - _MARGIN
        height = sum([-(-line // room) or 1 for line in lines]) * _LINE + _MARGIN
        if height <= _TALL:
            return width, height
    return _WIDE, min(height, 2 * _TALL)


def _anchor(row: int, column: int, width: int, height: int, layout: Layout) -> tuple[int, int, int, int, int, int]:
    """Return left, top, right and the offset from it, bottom and the offset: columns and rows from 0, pixels within."""
    left = min(layout.rights.get((row, column), column), MAX_COLUMN - 5)
    top = max(row - 2, 0)
    rows, usual = layout.rows, layout.row_height
    bottom, rest = top, _TOP + height
    while bottom < MAX_ROW - 1 and rest > (step := rows.get(bottom + 1, usual)):
        rest -= step
        bottom += 1
    right, offset = _right(layout.columns, left, _LEFT + width)
    return left, top, right, offset, bottom, min(rest, rows.get(bottom + 1, usual))


@lru_cache(maxsize=1024)
def _right(columns: Columns, left: int, distance: int) -> tuple[int, int]:
    """Return the column, and the pixels within it, that lie a distance behind the start of another one."""
    right = left
    while right < MAX_COLUMN - 1 and distance > (step := columns.width(right + 1)):
        distance -= step
        right += 1
    return right, min(distance, columns.width(right + 1))
