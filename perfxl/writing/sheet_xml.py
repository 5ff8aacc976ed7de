"""A fresh sheet as a worksheet part."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from perfxl.model.cells import MAX_COLUMN, MAX_ROW, Span, a1, column_letters
from perfxl.model.xml import DOCUMENT_RELATIONSHIPS, MAIN
from perfxl.writing.sheet_model import DataBars, Merges, SheetModel, Value
from perfxl.writing.styles import STYLE_NAMES, RowStyles
from perfxl.writing.texts import quoted_sheet, xml_text
from perfxl.writing.words import FOOTER

MAX_LINKS = 65_530

_PRINTING = (
    '<printOptions horizontalCentered="1"/>'
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>'
)
_FOOTER = f"<headerFooter><oddFooter>{xml_text(FOOTER)}</oddFooter></headerFooter>"


def render_sheet(
    model: SheetModel,
    styles: Sequence[int],
    names: Mapping[str, str],
    *,
    is_selected: bool = False,
    main: str = MAIN,
    relationships: str = DOCUMENT_RELATIONSHIPS,
    drawing: str = "",
) -> tuple[bytes, bool]:
    """Return a worksheet part, and whether links had to be left out.

    Args:
        model: The sheet.
        styles: The numbers that `STYLE_NAMES` have in the workbook's style sheet; hashable.
        names: Wished names of new sheets → the names they really have, for links.
        is_selected: It is the sheet that the workbook opens on.
        main: Namespace of the worksheet's elements, as in the rest of the workbook.
        relationships: Namespace of relationship ids.
        drawing: Id of the relationship to the drawing of its charts, "" for none.
    """
    links = _links(model, names)
    extent = a1(*_extent(model))
    head = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        f'<worksheet xmlns="{main}" xmlns:r="{relationships}">',
        _properties(model, extent),
        _views(model, is_selected),
        '<sheetFormatPr defaultRowHeight="15"/>',
        _columns(tuple(model.widths)),
        "<sheetData>",
    )
    tail = (
        "</sheetData>",
        "" if model.autofilter is None else f'<autoFilter ref="{model.autofilter}"/>',
        _merges(model),
        *(_bars(bars, number) for number, bars in enumerate(model.data_bars, 1)),
        f"<hyperlinks>{''.join(links[:MAX_LINKS])}</hyperlinks>" if links else "",
        _PRINTING,
        _FOOTER,
        # A target such as 95% stays a text on purpose; no green corner need say so.
        f'<ignoredErrors><ignoredError sqref="A1:{extent}" numberStoredAsText="1"/></ignoredErrors>',
        f'<drawing r:id="{drawing}"/>' if drawing else "",
        "</worksheet>",
    )
    rows = _rows(model, _frames(styles))
    return b"".join(("".join(head).encode(), rows, "".join(tail).encode())), len(links) > MAX_LINKS


# Stands for the row's number in what is prepared for all rows of a kind.
_ROW = "#"
_ROW_BYTES = _ROW.encode()


class _Frames(dict[RowStyles, bytes]):
    """Styles of a row's cells → its cells with gaps for their contents; there are some dozens of such rows."""

    def __init__(self, styles: Sequence[int]) -> None:
        self._numbers = dict(zip(STYLE_NAMES, styles, strict=True))

    def __missing__(self, names: RowStyles) -> bytes:
        cells = enumerate((self._numbers[name] for name in names), 1)
        starts = "".join(f'<c r="{column_letters(at)}{_ROW}" s="{number}"%s' for at, number in cells)
        frame = self[names] = starts.encode() + b"</row>"
        return frame


@lru_cache(maxsize=64)
def _frames(styles: Sequence[int]) -> _Frames:
    """Return the frames of rows, the same in all workbooks with equally many formats of their own."""
    return _Frames(styles)


def _rows(model: SheetModel, frames: _Frames) -> bytes:
    """Return the rows of a sheet. A batch writes millions of cells, so nothing of ours is called for a cell.

    They are put together as bytes, which take half the room of a text with Chinese in it and need no encoding.
    """
    rows: list[bytes] = []
    contents: list[Value] = []
    for number, (values, styles, _, _, height) in enumerate(model.rows, 1):
        # One too many here and one too few there would go unnoticed, and move all cells between.
        if len(values) != len(styles):
            raise ValueError(f"row {number} of {model.name}: {len(values)} values, {len(styles)} styles")
        rows.append((_row_start(height) + frames[styles]).replace(_ROW_BYTES, b"%d" % number))
        contents += values
    return b"".join(rows) % tuple(map(_ENCODED.__getitem__, contents))


@lru_cache(maxsize=256)
def _row_start(height: float | None) -> bytes:
    size = "" if height is None else f' ht="{height:g}" customHeight="1"'
    return f'<row r="{_ROW}"{size}>'.encode()


def _links(model: SheetModel, names: Mapping[str, str]) -> list[str]:
    found = []
    for number, cells in enumerate(model.rows, 1):
        for column, (sheet, row, target, is_new) in cells.links:
            location = _location(names.get(sheet, sheet) if is_new else sheet, row, target)
            found.append(f'<hyperlink ref="{column_letters(column)}{number}" location="{location}"/>')
    return found


@lru_cache(maxsize=4096)
def _location(sheet: str, row: int, column: int) -> str:
    return f"{xml_text(quoted_sheet(sheet))}!{a1(row, column)}"


def _content(value: Value) -> str:
    if isinstance(value, str):
        if not value:
            return "/>"
        # Spaces at the ends are dropped without the attribute; on every text it would be a fifth of the part.
        space = ' xml:space="preserve"' if value[0].isspace() or value[-1].isspace() else ""
        return f' t="inlineStr"><is><t{space}>{xml_text(value)}</t></is></c>'
    if value is None or not math.isfinite(value):
        return "/>"
    return f"><v>{_number(value)}</v></c>"


Content = TypeVar("Content", str, bytes)


class _Contents(dict[Value, Content]):
    """Values → what follows the style number in a cell's element: its type, its value and its end.

    The same labels, units and messages come again and again, and asking a dict calls nothing; long texts do not, and
    would fill the memory.
    """

    def __init__(self, make: Callable[[Value], Content]) -> None:
        self._make: Callable[[Value], Content] = make

    def __missing__(self, value: Value) -> Content:
        content = self._make(value)
        if len(content) < _LONG:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[value] = content
        return content


_LONG, _MOST_KEPT = 320, 16_384
_CONTENTS = _Contents(_content)
_ENCODED = _Contents(lambda value: _content(value).encode())


def cell_contents(values: Iterable[Value]) -> list[str]:
    """Return for each value what follows the style number in a cell's element: its type, its value and its end."""
    contents = _CONTENTS
    return [contents[value] for value in values]


def _number(value: float) -> str:
    # numpy's numbers print as np.float64(…); float's own text is the shortest that reads back the same.
    text = repr(float(value) + 0.0)
    return text[:-2] if text.endswith(".0") else text


def _extent(model: SheetModel) -> tuple[int, int]:
    rows = min(max(len(model.rows), 1), MAX_ROW)
    return rows, min(max((len(row.styles) for row in model.rows), default=1) or 1, MAX_COLUMN)


def _properties(model: SheetModel, extent: str) -> str:
    color = f'<tabColor rgb="FF{model.tab_color}"/>' if model.tab_color else ""
    return f'<sheetPr>{color}<pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:{extent}"/>'


def _views(model: SheetModel, is_selected: bool) -> str:
    attributes = "" if model.has_gridlines else ' showGridLines="0"'
    if is_selected:
        attributes += ' tabSelected="1"'
    return f'<sheetViews><sheetView{attributes} workbookViewId="0">{_pane(model.freeze)}</sheetView></sheetViews>'


def _pane(freeze: tuple[int, int] | None) -> str:
    if freeze is None or freeze == (1, 1):
        return ""
    row, column = freeze
    split = (f' xSplit="{column - 1}"' if column > 1 else "") + (f' ySplit="{row - 1}"' if row > 1 else "")
    pane = {(False, True): "bottomLeft", (True, False): "topRight", (True, True): "bottomRight"}[column > 1, row > 1]
    place = a1(row, column)
    return (
        f'<pane{split} topLeftCell="{place}" activePane="{pane}" state="frozen"/>'
        f'<selection pane="{pane}" activeCell="{place}" sqref="{place}"/>'
    )


@lru_cache(maxsize=16)
def _columns(widths: tuple[float | None, ...]) -> str:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{_number(width)}" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
        if width is not None
    )
    return f"<cols>{columns}</cols>" if columns else ""


def _merges(model: SheetModel) -> str:
    count = 0
    merges = []
    for number, row in enumerate(model.rows, 1):
        if row.merges:
            count += len(row.merges)
            merges.append(_merged_columns(row.merges).replace(_ROW, str(number)))
    return f'<mergeCells count="{count}">{"".join(merges)}</mergeCells>' if merges else ""


@lru_cache(maxsize=64)
def _merged_columns(merges: Merges) -> str:
    """Return the merged ranges of rows of one kind."""
    return "".join(
        f'<mergeCell ref="{column_letters(left)}{_ROW}:{column_letters(right)}{_ROW}"/>' for left, right in merges
    )


def _bars(bars: DataBars, number: int) -> str:
    # The lengths make the bars run from end to end without the extension that newer programs write besides;
    # other libraries warn of that one.
    return (
        f'<conditionalFormatting sqref="{bars.span}"><cfRule type="dataBar" priority="{number}">'
        '<dataBar minLength="0" maxLength="100">'
        f'<cfvo type="num" val="{_number(bars.low)}"/><cfvo type="num" val="{_number(bars.high)}"/>'
        f'<color rgb="FF{bars.color}"/></dataBar></cfRule></conditionalFormatting>'
    )


def print_titles(model: SheetModel, name: str) -> str | None:
    """Return the defined name's content that repeats rows on every printed page, or None."""
    if model.title_rows is None:
        return None
    first, last = model.title_rows
    return f"{quoted_sheet(name)}!${first}:${last}"


def filter_range(model: SheetModel, name: str) -> str | None:
    """Return the content of the hidden name that Excel keeps for a filter, or None."""
    return None if model.autofilter is None else f"{quoted_sheet(name)}!{_absolute(model.autofilter)}"


def _absolute(span: Span) -> str:
    top_left = f"${column_letters(span.left)}${span.top}"
    return f"{top_left}:${column_letters(span.right)}${span.bottom}"
