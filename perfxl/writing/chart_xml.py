"""A small bar chart in a fresh sheet: the chart part and the drawing part that places it."""

from collections.abc import Sequence
from functools import lru_cache

from perfxl.model.cells import Span, column_letters
from perfxl.writing.sheet_model import Chart, RowKind, Series, SheetModel, Value
from perfxl.writing.texts import quoted_sheet, xml_text

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NAMESPACE = "http://schemas.openxmlformats.org/drawingml/2006/"
_STRICT_NAMESPACE = "http://purl.oclc.org/ooxml/drawingml/"
_CATEGORY_AXIS, _VALUE_AXIS = 1001, 1002
_SMALL = '<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900"/></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'

_GRIDLINES = (
    '<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill></a:ln></c:spPr>'
    "</c:majorGridlines>"
)


def chart_part(chart: Chart, model: SheetModel, name: str, *, is_strict: bool = False) -> bytes:
    """Return a chart part.

    Args:
        chart: What it shows.
        model: The sheet that holds its cells; their values are kept in the chart, for programs that do not reckon.
        name: What the sheet is called in the workbook.
        is_strict: The workbook speaks the strict namespaces.
    """
    base = _STRICT_NAMESPACE if is_strict else _NAMESPACE
    labels: dict[Span, str] = {}
    for one in chart.series:
        # The series of a chart stand over the same labels.
        if one.labels not in labels:
            labels[one.labels] = _labels(one.labels, model, name)
    series = "".join(_series(number, one, labels[one.labels], model, name) for number, one in enumerate(chart.series))
    title = (
        '<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1000" b="1"/></a:pPr><a:r>'
        f'<a:rPr lang="zh-CN" sz="1000" b="1"/><a:t>{xml_text(chart.title)}</a:t></a:r></a:p></c:rich></c:tx>'
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/>'
    )
    return (
        f'{_HEAD}<c:chartSpace xmlns:c="{base}chart" xmlns:a="{base}main"><c:roundedCorners val="0"/>'
        f'<c:chart>{title}<c:plotArea><c:layout/><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/>'
        f'<c:varyColors val="0"/>{series}<c:gapWidth val="80"/>'
        f'<c:axId val="{_CATEGORY_AXIS}"/><c:axId val="{_VALUE_AXIS}"/></c:barChart>{_AXES}</c:plotArea>'
        f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_SMALL}</c:legend><c:plotVisOnly val="0"/>'
        '<c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>'
    ).encode()


def drawing_part(spans: Sequence[Span], relations: Sequence[str], relationships: str, *, is_strict: bool) -> bytes:
    """Return the drawing part of a sheet with charts.

    Args:
        spans: The cells that each chart covers.
        relations: Ids of the relationships to the chart parts.
        relationships: Namespace of relationship ids.
        is_strict: The workbook speaks the strict namespaces.
    """
    base = _STRICT_NAMESPACE if is_strict else _NAMESPACE
    placed = enumerate(zip(spans, relations, strict=True), 1)
    anchors = "".join(_anchor(number, span, relation, base) for number, (span, relation) in placed)
    return (
        f'{_HEAD}<xdr:wsDr xmlns:xdr="{base}spreadsheetDrawing" xmlns:a="{base}main" xmlns:r="{relationships}">'
        f"{anchors}</xdr:wsDr>"
    ).encode()


def _anchor(number: int, span: Span, relation: str, base: str) -> str:
    corners = "".join(
        f"<xdr:{tag}><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:{tag}>"
        for tag, row, column in (("from", span.top - 1, span.left - 1), ("to", span.bottom, span.right))
    )
    return (
        f'<xdr:twoCellAnchor>{corners}<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>'
        f'<xdr:cNvPr id="{number + 1}" name="Chart {number}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>'
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
        f'<a:graphicData uri="{base}chart"><c:chart xmlns:c="{base}chart" r:id="{relation}"/></a:graphicData>'
        "</a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>"
    )


def _labels(span: Span, model: SheetModel, name: str) -> str:
    labels = _values(model, span)
    texts = "".join([f'<c:pt idx="{at}"><c:v>{xml_text(str(text))}</c:v></c:pt>' for at, text in enumerate(labels)])
    return (
        f"<c:cat><c:strRef><c:f>{_reference(name, span)}</c:f>"
        f'<c:strCache><c:ptCount val="{len(labels)}"/>{texts}</c:strCache></c:strRef></c:cat>'
    )


def _series(number: int, series: Series, labels: str, model: SheetModel, name: str) -> str:
    numbers = _values(model, series.values)
    points = "".join(
        [
            f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>'
            for at, value in enumerate(numbers)
            if value is not None and not isinstance(value, str)
        ]
    )
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/><c:tx><c:v>{xml_text(series.name)}</c:v></c:tx>'
        f'<c:spPr><a:solidFill><a:srgbClr val="{series.color}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
        f"{labels}"
        f"<c:val><c:numRef><c:f>{_reference(name, series.values)}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(numbers)}"/>{points}</c:numCache></c:numRef></c:val></c:ser>'
    )


def _axis(tag: str, own: int, other: int, position: str, lowest: str, gridlines: str = "") -> str:
    return (
        f'<c:{tag}><c:axId val="{own}"/><c:scaling><c:orientation val="minMax"/>{lowest}</c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{position}"/>{gridlines}<c:numFmt formatCode="General" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_SMALL}'
        f'<c:crossAx val="{other}"/><c:crosses val="autoZero"/></c:{tag}>'
    )


_AXES = _axis("catAx", _CATEGORY_AXIS, _VALUE_AXIS, "b", "") + _axis(
    "valAx", _VALUE_AXIS, _CATEGORY_AXIS, "l", '<c:min val="0"/>', _GRIDLINES
)


def _values(model: SheetModel, span: Span) -> list[Value]:
    """Return what stands in the cells of one column."""
    rows = model.rows[span.top - 1 : span.bottom]
    return [values[_place(kind, span.left)] for values, kind, _, _ in rows]


@lru_cache(maxsize=1024)
def _place(kind: RowKind, column: int) -> int:
    """Return where the value of a column stands among those of a row."""
    return kind.columns.index(column)


def _reference(name: str, span: Span) -> str:
    column = column_letters(span.left)
    return xml_text(f"{quoted_sheet(name)}!${column}${span.top}:${column}${span.bottom}")
