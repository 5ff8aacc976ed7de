"""The style part of an .xlsb → number formats and looks by the number of a cell's style."""

from collections.abc import Sequence

from perfxl.model.look import Horizontal, Look, Vertical
from perfxl.model.package import Package
from perfxl.reading.number_format import builtin_format
from perfxl.reading.xlsb_records import records, short, uint, wide_text

_FONT, _FORMAT, _FILL, _BORDER, _XF = 43, 44, 45, 46, 47
_BEGIN_XFS, _END_XFS = 617, 618
_SOLID = 1
HORIZONTAL: tuple[Horizontal, ...] = (
    "", "left", "center", "right", "fill", "justify", "center_across", "distributed",
)  # fmt: skip
VERTICAL: tuple[Vertical, ...] = ("top", "vcenter", "bottom", "vjustify", "vdistributed")


def read_looks(package: Package, part: str | None) -> Sequence[Look]:
    """Return the look of each cell style by its number; a workbook without a style part has none."""
    if part is None or part not in package:
        return ()
    codes: dict[int, str] = {}
    fonts: list[Look] = []
    fills: list[str] = []
    borders: list[tuple[int, int, int, int]] = []
    looks: list[Look] = []
    is_cell = False
    for kind, data in records(package, part):
        if kind == _FORMAT:
            codes[short(data, 0)] = wide_text(data, 2)[0]
        elif kind == _FONT:
            fonts.append(_font(data))
        elif kind == _FILL:
            fills.append(_color(data[4:12]) if uint(data, 0) == _SOLID else "")
        elif kind == _BORDER:
            # Top, bottom, left, right, of ten bytes each.
            top, bottom, left, right = data[1], data[11], data[21], data[31]
            borders.append((left, right, top, bottom))
        elif kind in (_BEGIN_XFS, _END_XFS):
            is_cell = kind == _BEGIN_XFS
        elif kind == _XF and is_cell:
            looks.append(_look(data, codes, fonts, fills, borders))
    return looks


def _font(data: bytes) -> Look:
    name, _ = wide_text(data, 21)
    return Look(
        font=name[:31],
        size=short(data, 0) / 20,
        is_bold=short(data, 4) >= 600,
        is_italic=bool(data[2] & 2),
        color=_color(data[12:20]),
    )


def _color(data: bytes) -> str:
    """Return RRGGBB; "" for the program's own colours and for those of a theme that states none."""
    has_rgb, kind = data[0] & 1, data[0] >> 1
    return data[4:7].hex().upper() if has_rgb and kind else ""


def _look(
    data: bytes,
    codes: dict[int, str],
    fonts: Sequence[Look],
    fills: Sequence[str],
    borders: Sequence[tuple[int, int, int, int]],
) -> Look:
    number, font, fill, border = (short(data, at) for at in (2, 4, 6, 8))
    places = data[12]
    look = fonts[font] if font < len(fonts) else Look()
    return look._replace(
        number_format=codes.get(number) or builtin_format(number),
        fill=fills[fill] if fill < len(fills) else "",
        borders=borders[border] if border < len(borders) else (0, 0, 0, 0),
        horizontal=HORIZONTAL[places & 7],
        vertical=VERTICAL[min(places >> 3 & 7, len(VERTICAL) - 1)],
        is_wrapped=bool(places & 0x40),
    )
