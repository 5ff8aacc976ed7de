"""A fresh sheet as a worksheet part."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from perfxl.model.cells import MAX_COLUMN, MAX_ROW, Span, a1, column_letters
from perfxl.model.remembered import Remembered
from perfxl.model.xml import DOCUMENT_RELATIONSHIPS, MAIN
from perfxl.writing.sheet_model import DataBars, Link, RowKind, SheetModel, Value
from perfxl.writing.styles import STYLE_NAMES
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
    rows, merges, links = _rows(model, _frames(styles), _links(tuple(names.items())))
    extent = a1(*_extent(model))
    head = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{main}" xmlns:r="{relationships}">{_properties(model, extent)}{_views(model, is_selected)}'
        f'<sheetFormatPr defaultRowHeight="15"/>{_columns(tuple(model.widths))}<sheetData>'
    )
    filtered = "" if model.autofilter is None else f'<autoFilter ref="{model.autofilter}"/>'
    bars = "".join(_bars(bars, number) for number, bars in enumerate(model.data_bars, 1))
    tail = (
        # A target such as 95% stays a text on purpose; no green corner need say so.
        f'{_PRINTING}{_FOOTER}<ignoredErrors><ignoredError sqref="A1:{extent}" numberStoredAsText="1"/></ignoredErrors>'
        + (f'<drawing r:id="{drawing}"/>' if drawing else "")
        + "</worksheet>"
    )
    linked = b"".join(links[: MAX_LINKS * _LINK_PIECES])
    data = (
        head.encode(),
        rows,
        f"</sheetData>{filtered}".encode(),
        b'<mergeCells count="%d">%s</mergeCells>' % (merges.count(_MERGE), merges) if merges else b"",
        bars.encode(),
        b"<hyperlinks>%s</hyperlinks>" % linked if linked else b"",
        tail.encode(),
    )
    return b"".join(data), len(links) > MAX_LINKS * _LINK_PIECES


# Stands for the row's number in what is prepared for all rows of a kind.
_ROW = b"#"
_MERGE = b"<mergeCell "
# In front of the row's number, the number, behind it.
_LINK_PIECES = 3


class _Frame(NamedTuple):
    """What rows of a kind have in common.

    Attributes:
        cells: Their cells with gaps for the contents, and their end.
        gaps: How many contents they take.
        merges: Their merged ranges.
    """

    cells: bytes
    gaps: int
    merges: bytes


class _Frames(dict[RowKind, _Frame]):
    """Kinds of rows → what they have in common; there are some dozens of them."""

    def __init__(self, styles: Sequence[int]) -> None:
        self._numbers = dict(zip(STYLE_NAMES, styles, strict=True))

    def __missing__(self, kind: RowKind) -> _Frame:
        gaps = kind.columns
        cells = "".join(
            f'<c r="{column_letters(at)}#" s="{self._numbers[name]}"' + ("%s" if at in gaps else "/>")
            for at, name in enumerate(kind.styles, 1)
        )
        merges = "".join(
            f'<mergeCell ref="{column_letters(left)}#:{column_letters(right)}#"/>' for left, right in kind.merges
        )
        frame = self[kind] = _Frame(f"{cells}</row>".encode(), len(gaps), merges.encode())
        return frame


@lru_cache(maxsize=64)
def _frames(styles: Sequence[int]) -> _Frames:
    """Return the frames of rows, the same in all workbooks with equally many formats of their own."""
    return _Frames(styles)


def _rows(model: SheetModel, frames: _Frames, ends: "_Links") -> tuple[bytes, bytes, list[bytes]]:
    """Return the rows of a sheet, its merged ranges and the pieces of its links.

    A batch writes millions of cells, so nothing of ours is called for a cell. All is put together as bytes, which
    take half the room of a text with Chinese in it and need no encoding.
    """
    rows: list[bytes] = []
    contents: list[Value] = []
    merges: list[bytes] = []
    linked: list[bytes] = []
    for number, (values, kind, links, height) in enumerate(model.rows, 1):
        cells, gaps, merged = frames[kind]
        # One too many here and one too few there would go unnoticed, and move all cells between.
        if len(values) != gaps:
            raise ValueError(f"row {number} of {model.name}: {len(values)} values, {gaps} cells")
        row = b"%d" % number
        rows.append((_row_start(height) + cells).replace(_ROW, row))
        contents += values
        if merged:
            merges.append(merged.replace(_ROW, row))
        for link in links:
            start, end = ends[link]
            linked += (start, row, end)
    return b"".join(rows) % cell_contents(contents), b"".join(merges), linked


@lru_cache(maxsize=256)
def _row_start(height: float | None) -> bytes:
    size = "" if height is None else f' ht="{height:g}" customHeight="1"'
    return f'<row r="#"{size}>'.encode()


_MOST_LINKS = 8192
# A column and where its link leads → what stands in front of the row's number in a link, and what behind it.
_Links = Remembered[tuple[int, Link], tuple[bytes, bytes]]


@lru_cache(maxsize=16)
def _links(names: Sequence[tuple[str, str]]) -> _Links:
    """Return the links of sheets, the same in all workbooks whose new sheets are called the same.

    The forms of a batch have their indicators in the same cells.
    """
    names_of = dict(names)

    def ends(link: tuple[int, Link]) -> tuple[bytes, bytes]:
        column, (sheet, row, target, is_new) = link
        name = names_of.get(sheet, sheet) if is_new else sheet
        end = f'" location="{xml_text(quoted_sheet(name))}!{a1(row, target)}"/>'
        return f'<hyperlink ref="{column_letters(column)}'.encode(), end.encode()

    return Remembered(ends, _MOST_LINKS)


def _content(value: Value) -> bytes:
    if isinstance(value, str):
        if not value:
            return b"/>"
        text = xml_text(value).encode()
        # Spaces at the ends are dropped without the attribute; on every text it would be a fifth of the part.
        if value[0].isspace() or value[-1].isspace():
            return b' t="inlineStr"><is><t xml:space="preserve">%b</t></is></c>' % text
        return b' t="inlineStr"><is><t>%b</t></is></c>' % text
    if value is None or not math.isfinite(value):
        return b"/>"
    return f"><v>{_number(value)}</v></c>".encode()


_LONG, _MOST_KEPT = 320, 16_384
# Values → what follows the style number in a cell's element: its type, its value and its end.
_CONTENTS: Remembered[Value, bytes] = Remembered(_content, _MOST_KEPT, lambda value, content: len(content) < _LONG)


def cell_contents(values: Iterable[Value]) -> tuple[bytes, ...]:
    """Return for each value what follows the style number in a cell's element: its type, its value and its end."""
    return tuple(map(_CONTENTS.__getitem__, values))


def _number(value: float) -> str:
    # numpy's numbers print as np.float64(…); float's own text is the shortest that reads back the same.
    text = repr(float(value) + 0.0)
    return text[:-2] if text.endswith(".0") else text


def _extent(model: SheetModel) -> tuple[int, int]:
    rows = min(max(len(model.rows), 1), MAX_ROW)
    kinds = {row.kind for row in model.rows}
    return rows, min(max((len(kind.styles) for kind in kinds), default=1) or 1, MAX_COLUMN)


def _properties(model: SheetModel, extent: str) -> str:
    color = f'<tabColor rgb="FF{model.tab_color}"/>' if model.tab_color else ""
    return f'<sheetPr>{color}<pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:{extent}"/>'


def _views(model: SheetModel, is_selected: bool) -> str:
    attributes = "" if model.has_gridlines else ' showGridLines="0"'
    if is_selected:
        attributes += ' tabSelected="1"'
    return f'<sheetViews><sheetView{attributes} workbookViewId="0">{_pane(model.freeze)}</sheetView></sheetViews>'


@lru_cache(maxsize=16)
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
