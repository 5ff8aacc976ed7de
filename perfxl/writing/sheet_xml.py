"""A fresh sheet as a worksheet part."""

import math
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from perfxl.model.cells import MAX_COLUMN, MAX_ROW, Span, a1, column_letters
from perfxl.model.xml import DOCUMENT_RELATIONSHIPS, MAIN
from perfxl.writing.sheet_model import DataBars, Link, SheetModel
from perfxl.writing.styles import STYLE_NAMES, StyleName
from perfxl.writing.texts import quoted_sheet, xml_text
from perfxl.writing.words import FOOTER

MAX_LINKS = 65_530

_PRINTING = (
    '<printOptions horizontalCentered="1"/>'
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>'
)


def render_sheet(
    model: SheetModel,
    style_number: Callable[[StyleName], int],
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
        style_number: Gives a style's number in the workbook's style sheet.
        names: Wished names of new sheets → the names they really have, for links.
        is_selected: It is the sheet that the workbook opens on.
        main: Namespace of the worksheet's elements, as in the rest of the workbook.
        relationships: Namespace of relationship ids.
        drawing: Id of the relationship to the drawing of its charts, "" for none.
    """
    body, links = _body(model, style_number, names)
    pieces = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        f'<worksheet xmlns="{main}" xmlns:r="{relationships}">',
        _properties(model),
        _views(model, is_selected),
        '<sheetFormatPr defaultRowHeight="15"/>',
        _columns(model),
        "<sheetData>",
        *body,
        "</sheetData>",
        "" if model.autofilter is None else f'<autoFilter ref="{model.autofilter}"/>',
        _merges(model),
        *(_bars(bars, number) for number, bars in enumerate(model.data_bars, 1)),
        f"<hyperlinks>{''.join(links[:MAX_LINKS])}</hyperlinks>" if links else "",
        _PRINTING,
        f"<headerFooter><oddFooter>{xml_text(FOOTER)}</oddFooter></headerFooter>",
        # A target such as 95% stays a text on purpose; no green corner need say so.
        f'<ignoredErrors><ignoredError sqref="A1:{a1(*_extent(model))}" numberStoredAsText="1"/></ignoredErrors>',
        f'<drawing r:id="{drawing}"/>' if drawing else "",
        "</worksheet>",
    )
    return "".join(pieces).encode(), len(links) > MAX_LINKS


def _body(
    model: SheetModel, style_number: Callable[[StyleName], int], names: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Return the rows and the links of a sheet. A batch writes millions of cells, so the loop calls little."""
    width = _extent(model)[1]
    styles = {name: f'" s="{style_number(name)}"' for name in STYLE_NAMES}
    contents = _CONTENTS
    links: list[str] = []
    body: list[str] = []
    for number, (cells, height) in enumerate(model.rows, 1):
        body.append(f'<row r="{number}">' if height is None else f'<row r="{number}" ht="{height:g}" customHeight="1">')
        for start, cell in zip(_starts(number, width), cells, strict=False):
            if cell is None:
                continue
            value, name, link = cell
            body += (start, styles[name], contents[value])
            if link is not None:
                links.append(f'<hyperlink ref="{start[_AT:]}" location="{_target(link, names)}"/>')
        body.append("</row>")
    return body, links


# Where the cell's name stands in what `_starts` gives.
_AT = len('<c r="')


@lru_cache(maxsize=4096)
def _starts(row: int, width: int) -> tuple[str, ...]:
    """Return how the elements of a row's cells begin, from column A on; every file has the same first rows."""
    return tuple(f'<c r="{column_letters(column)}{row}' for column in range(1, width + 1))


def _target(link: Link, names: Mapping[str, str]) -> str:
    sheet = names.get(link.sheet, link.sheet) if link.is_new else link.sheet
    return f"{_escaped_sheet(sheet)}!{a1(link.row, link.column)}"


@lru_cache(maxsize=256)
def _escaped_sheet(name: str) -> str:
    return xml_text(quoted_sheet(name))


def _content(value: str | float | int | None) -> str:
    if isinstance(value, str):
        if not value:
            return "/>"
        # Spaces at the ends are dropped without the attribute; on every text it would be a fifth of the part.
        space = ' xml:space="preserve"' if value[0].isspace() or value[-1].isspace() else ""
        return f' t="inlineStr"><is><t{space}>{xml_text(value)}</t></is></c>'
    if value is None or not math.isfinite(value):
        return "/>"
    return f"><v>{_number(value)}</v></c>"


class _Contents(dict[str | float | int | None, str]):
    """Values → what follows the style number in a cell's element: its type, its value and its end.

    The same labels, units and messages come again and again, and asking a dict calls nothing; long texts do not, and
    would fill the memory.
    """

    def __missing__(self, value: str | float | int | None) -> str:
        content = _content(value)
        if len(content) < _LONG:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[value] = content
        return content


_LONG, _MOST_KEPT = 160, 16_384
_CONTENTS = _Contents()


def cell_contents(values: Iterable[str | float | int | None]) -> list[str]:
    """Return for each value what follows the style number in a cell's element: its type, its value and its end."""
    contents = _CONTENTS
    return [contents[value] for value in values]


def _number(value: float) -> str:
    # numpy's numbers print as np.float64(…); float's own text is the shortest that reads back the same.
    text = repr(float(value) + 0.0)
    return text[:-2] if text.endswith(".0") else text


def _extent(model: SheetModel) -> tuple[int, int]:
    rows = min(max(len(model.rows), 1), MAX_ROW)
    return rows, min(max((len(row.cells) for row in model.rows), default=1) or 1, MAX_COLUMN)


def _properties(model: SheetModel) -> str:
    color = f'<tabColor rgb="FF{model.tab_color}"/>' if model.tab_color else ""
    return f'<sheetPr>{color}<pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:{a1(*_extent(model))}"/>'


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


def _columns(model: SheetModel) -> str:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{_number(width)}" customWidth="1"/>'
        for number, width in enumerate(model.widths, 1)
        if width is not None
    )
    return f"<cols>{columns}</cols>" if columns else ""


def _merges(model: SheetModel) -> str:
    if not model.merges:
        return ""
    merges = "".join(f'<mergeCell ref="{span}"/>' for span in model.merges)
    return f'<mergeCells count="{len(model.merges)}">{merges}</mergeCells>'


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
