"""How the cells of a sheet look, as far as a transcription into a fresh workbook repeats it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Horizontal = Literal["", "left", "center", "right", "fill", "justify", "center_across", "distributed"]
Vertical = Literal["", "top", "vcenter", "bottom", "vjustify", "vdistributed"]

# The widest and highest that spreadsheets show, in characters and points.
MAX_WIDTH, MAX_HEIGHT = 255.0, 409.5


class Look(NamedTuple):
    """The look of a cell; what is left at its default is as in a new workbook.

    Attributes:
        number_format: The format code.
        font: Name of the font.
        size: Of the font, in points; 0.0 where it is not known.
        is_bold: Whether the text is bold.
        is_italic: Whether the text is slanted.
        color: Of the text, RRGGBB.
        fill: Of the background, RRGGBB.
        borders: Left, right, top, bottom as Excel numbers its line styles: 0 none, 1 thin, 2 medium, ….
        horizontal: Where the text stands between left and right, in XlsxWriter's words.
        vertical: The same between top and bottom.
        is_wrapped: Whether long texts go on in a new line.
    """

    number_format: str = "General"
    font: str = ""
    size: float = 0.0
    is_bold: bool = False
    is_italic: bool = False
    color: str = ""
    fill: str = ""
    borders: tuple[int, int, int, int] = (0, 0, 0, 0)
    horizontal: Horizontal = ""
    vertical: Vertical = ""
    is_wrapped: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SheetLook:
    """The look of a sheet.

    Attributes:
        cells: (row, column) from 1 → look, of filled cells and of blank ones among them.
        widths: Column from 1 → width in characters.
        heights: Row from 1 → height in points, of rows whose height somebody set.
    """

    cells: Mapping[tuple[int, int], Look] = field(default_factory=dict)
    widths: Mapping[int, float] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
