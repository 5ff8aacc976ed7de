"""The boxes of comments: VML shapes, added as bytes because other programs' VML is often no valid XML.

Excel itself leaves `<br>` open in the captions of form controls.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from perfxl.model.cells import MAX_COLUMN, MAX_ROW
from perfxl.writing.patch_sheet import Layout

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
    sizes = _Sizes(layout)
    for count, box in enumerate(boxes, 1):
        pieces.append(_shape(box, number + count, count, sizes, declarations))
    at = data.rfind(b"</")
    return data[:at] + "".join(pieces).encode() + data[at:]


class _Sizes:
    """Sizes of a sheet's columns and rows in pixels; neighbouring boxes ask for the same ones."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.column = cache(self._column)
        self.row = cache(self._row)

    def _column(self, index: int) -> int:
        column = index + 1
        layout = self.layout
        width = next((width for first, last, width in layout.columns if first <= column <= last), layout.column_width)
        return round(width * 7 + 5) if width else 0

    def _row(self, index: int) -> int:
        return round(self.layout.rows.get(index + 1, self.layout.row_height) * 4 / 3)


def _shape(box: Box, number: int, order: int, sizes: _Sizes, declarations: str) -> str:
    width, height = _size(box.text)
    anchor = ", ".join(map(str, _anchor(box, width, height, sizes)))
    return (
        f'<v:shape id="_x0000_s{number}"{declarations} type="#_x0000_t202" style="position:absolute;'
        f"margin-left:0;margin-top:0;width:{width * 0.75:g}pt;height:{height * 0.75:g}pt;z-index:{order};"
        'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
        f"<x:Row>{box.row - 1}</x:Row><x:Column>{box.column - 1}</x:Column></x:ClientData></v:shape>"
    )


def _size(text: str) -> tuple[int, int]:
    """Return the width and height that show a text whole, in pixels; very long ones are cut off by the box."""
    # One byte for a Latin letter, two for a Chinese one: just their widths.
    lines = [len(line.encode("gbk", "replace")) * _LETTER for line in text.split("\n")]
    height = 0
    for width in (_WIDTH, _WIDE):
        room = width - _MARGIN
        height = sum(max(1, -(-line // room)) for line in lines) * _LINE + _MARGIN
        if height <= _TALL:
            return width, height
    return _WIDE, min(height, 2 * _TALL)


def _anchor(box: Box, width: int, height: int, sizes: _Sizes) -> tuple[int, int, int, int, int, int, int, int]:
    """Return left, offset, top, offset, right, offset, bottom, offset: columns and rows from 0, pixels within."""
    left = min(sizes.layout.rights.get((box.row, box.column), box.column), MAX_COLUMN - 5)
    top = max(box.row - 2, 0)
    right, right_offset = _walk(left, 15 + width, MAX_COLUMN, sizes.column)
    bottom, bottom_offset = _walk(top, 6 + height, MAX_ROW, sizes.row)
    return left, 15, top, 6, right, right_offset, bottom, bottom_offset


def _walk(start: int, distance: int, stop: int, size: Callable[[int], int]) -> tuple[int, int]:
    """Return the column or row, and the pixels within it, that lie a distance behind the start of another one."""
    index = start
    while index < stop - 1 and distance > (step := size(index)):
        distance -= step
        index += 1
    return index, int(min(distance, size(index)))
