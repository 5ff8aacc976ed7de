"""How marked cells and the new sheets look: fonts, fills, borders and named styles, as data."""

from typing import Literal, NamedTuple, get_args

from perfxl.model.finding import Severity

StyleName = Literal[
    "title",
    "subtitle",
    "header",
    "label",
    "text",
    "text_wrap",
    "text_center",
    "number",
    "integer",
    "percent",
    "money",
    "total",
    "total_number",
    "total_percent",
    "label_number",
    "link",
    "link_number",
    "note",
    "error",
    "warning",
    "info",
    "good",
    "shortfall",
    "shortfall_number",
    "shortfall_percent",
]
# Of the cells of a row, from column A on.
RowStyles = tuple[StyleName, ...]
STYLE_NAMES: RowStyles = get_args(StyleName)

# The colours that Excel itself offers as 差, 适中 and 好, so that a fill reads as what it means.
SEVERITY_COLORS = {Severity.ERROR: "FFC7CE", Severity.WARNING: "FFEB9C", Severity.INFO: "DDEBF7"}
WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)

# 宋体 is on every Windows with Chinese, in Excel and in WPS; elsewhere the program takes its own song typeface.
_SONG = '<name val="宋体"/><family val="3"/><charset val="134"/>'
FONTS = {
    "body": f'<font><sz val="10"/><color rgb="FF000000"/>{_SONG}</font>',
    "bold": f'<font><b/><sz val="10"/><color rgb="FF000000"/>{_SONG}</font>',
    "title": f'<font><b/><sz val="16"/><color rgb="FF1F3864"/>{_SONG}</font>',
    "link": f'<font><u/><sz val="10"/><color rgb="FF0563C1"/>{_SONG}</font>',
    "note": f'<font><sz val="9"/><color rgb="FF7F7F7F"/>{_SONG}</font>',
    "shortfall": f'<font><b/><sz val="10"/><color rgb="FFC00000"/>{_SONG}</font>',
    "good": f'<font><sz val="10"/><color rgb="FF006100"/>{_SONG}</font>',
}
FILLS = {
    "header": "D9E2F3",
    "label": "F2F2F2",
    "good": "E2EFDA",
    "shortfall": "FCE4D6",
    **{severity.value: color for severity, color in SEVERITY_COLORS.items()},
}
BORDERS = {
    "none": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "thin": "<border>"
    + "".join(f'<{side} style="thin"><color rgb="FFBFBFBF"/></{side}>' for side in ("left", "right", "top", "bottom"))
    + "<diagonal/></border>",
}

# Numbers of formats that every program has built in, so that none need be added.
GENERAL, INTEGER, DECIMAL_2, MONEY, PERCENT_2 = 0, 1, 2, 4, 10


class Style(NamedTuple):
    """One named style.

    Attributes:
        font: Key of `FONTS`.
        fill: Key of `FILLS`, "" for none.
        border: Key of `BORDERS`.
        number_format: Number of a built-in format.
        horizontal: Alignment.
    """

    font: str = "body"
    fill: str = ""
    border: str = "thin"
    number_format: int = GENERAL
    horizontal: str = "left"
    wrap: bool = True


STYLES: dict[StyleName, Style] = {
    "title": Style("title", border="none", wrap=False),
    "subtitle": Style("note", border="none", wrap=False),
    "header": Style("bold", "header", horizontal="center"),
    "label": Style("bold", "label"),
    "text": Style(wrap=False),
    "text_wrap": Style(),
    "text_center": Style(horizontal="center"),
    "number": Style(number_format=DECIMAL_2, horizontal="right"),
    "integer": Style(number_format=INTEGER, horizontal="right"),
    "percent": Style(number_format=PERCENT_2, horizontal="right"),
    "money": Style(number_format=MONEY, horizontal="right"),
    "total": Style("bold", "label", horizontal="center"),
    "total_number": Style("bold", "label", number_format=DECIMAL_2, horizontal="right"),
    "total_percent": Style("bold", "label", number_format=PERCENT_2, horizontal="center"),
    "label_number": Style("bold", "label", number_format=DECIMAL_2, horizontal="right"),
    "link": Style("link"),
    "link_number": Style("link", number_format=INTEGER, horizontal="right"),
    "note": Style("note", border="none"),
    "error": Style(fill="error", horizontal="center"),
    "warning": Style(fill="warning", horizontal="center"),
    "info": Style(fill="info", horizontal="center"),
    "good": Style("good", "good", horizontal="center"),
    "shortfall": Style("shortfall", "shortfall", horizontal="center"),
    "shortfall_number": Style("shortfall", "shortfall", number_format=DECIMAL_2, horizontal="right"),
    "shortfall_percent": Style("shortfall", "shortfall", number_format=PERCENT_2, horizontal="right"),
}


def alike(style: StyleName, count: int) -> RowStyles:
    """Return the styles of cells that look the same."""
    return (style,) * count


def fill_xml(color: str) -> str:
    """Return a solid fill as it stands in a style sheet."""
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{color}"/><bgColor indexed="64"/></patternFill></fill>'
    )
