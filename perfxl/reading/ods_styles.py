"""Styles of an OpenDocument spreadsheet: how cells look, how wide columns are, which sheets are hidden."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from perfxl.model.look import Horizontal, Look, Vertical
from perfxl.model.xml import local_name
from perfxl.reading.ods_formats import format_codes
from perfxl.reading.ods_names import FO, STYLE, SVG, TABLE, points

_HORIZONTAL: dict[str, Horizontal] = {
    "start": "left", "left": "left", "center": "center", "end": "right", "right": "right", "justify": "justify",
}  # fmt: skip
_VERTICAL: dict[str, Vertical] = {"top": "top", "middle": "vcenter", "bottom": "bottom"}
_LINES = {"dotted": 4, "dashed": 3, "double": 6, "fine-dashed": 3, "double-thin": 6, "dash-dot": 9, "dash-dot-dot": 11}
_MEDIUM, _THICK = 1.2, 2.2  # points of a line
_SIDES = ("left", "right", "top", "bottom")
_MAX_DEPTH = 20  # of styles that follow another


class OdsStyles:
    """The styles of a document.

    Attributes:
        has_conditions: Looks of some cells depend on their values.
    """

    def __init__(self, roots: list[etree._Element]) -> None:
        groups = [group for root in roots for group in root if local_name(group) in ("styles", "automatic-styles")]
        self._codes = format_codes(groups)
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._defaults: dict[str, etree._Element] = {}
        self._families: dict[str, str] = {}
        for root in roots:
            self._note_fonts(root)
        for element in (element for group in groups for element in group):
            family = element.get(STYLE + "family", "")
            if local_name(element) == "style":
                self._styles[family, element.get(STYLE + "name", "")] = element
            elif local_name(element) == "default-style":
                self._defaults[family] = element
        self._looks: dict[str | None, Look] = {}
        self.has_conditions = any(
            child.tag == STYLE + "map"
            for (family, _), element in self._styles.items()
            if family == "table-cell"
            for child in element
        )

    def _note_fonts(self, root: etree._Element) -> None:
        for face in root.iter(STYLE + "font-face"):
            self._families[face.get(STYLE + "name", "")] = face.get(SVG + "font-family", "").strip("'\"")

    def look(self, name: str | None) -> Look:
        """Return the look of cells of a style; of the default one for None."""
        if name not in self._looks:
            self._looks[name] = self._look(name)
        return self._looks[name]

    def code(self, name: str | None) -> str:
        """Return the format code of cells of a style."""
        return self.look(name).number_format

    def is_displayed(self, table: etree._Element) -> bool:
        """Whether a sheet is shown."""
        found = self._properties("table", table.get(TABLE + "style-name"), "table-properties")
        return found.get(TABLE + "display") != "false"

    def width(self, column: etree._Element) -> float:
        """Return the width of a column in characters, 0.0 where it is not stated."""
        found = self._properties("table-column", column.get(TABLE + "style-name"), "table-column-properties")
        pixels = points(found.get(STYLE + "column-width")) / 0.75
        return max(pixels - 5, 0.0) / 7

    def height(self, row: etree._Element) -> float:
        """Return the height of a row in points, 0.0 where the program fits it to its texts."""
        found = self._properties("table-row", row.get(TABLE + "style-name"), "table-row-properties")
        if found.get(STYLE + "use-optimal-row-height") == "true":
            return 0.0
        return points(found.get(STYLE + "row-height"))

    def _chain(self, family: str, name: str | None) -> Iterator[etree._Element]:
        """Yield a style and those that it follows, the nearest first."""
        for _ in range(_MAX_DEPTH):
            element = self._styles.get((family, name or "Default"))
            if element is None:
                break
            yield element
            name = element.get(STYLE + "parent-style-name")
            if name is None:
                break
        if family in self._defaults:
            yield self._defaults[family]

    def _properties(self, family: str, name: str | None, group: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for element in self._chain(family, name):
            for child in element.iterfind(STYLE + group):
                found = {**{str(key): str(value) for key, value in child.attrib.items()}, **found}
        return found

    def _look(self, name: str | None) -> Look:
        cell = self._properties("table-cell", name, "table-cell-properties")
        text = self._properties("table-cell", name, "text-properties")
        paragraph = self._properties("table-cell", name, "paragraph-properties")
        data = next((e.get(STYLE + "data-style-name") for e in self._chain("table-cell", name)
                     if e.get(STYLE + "data-style-name")), None)  # fmt: skip
        # `value-type` leaves the place of a cell to what it holds, whatever the paragraph says.
        is_placed = cell.get(STYLE + "text-align-source") != "value-type"
        return Look(
            number_format=self._codes.get(data or "", "General"),
            font=self._font(text),
            size=points(text.get(STYLE + "font-size-asian") or text.get(FO + "font-size")),
            is_bold=text.get(FO + "font-weight", "normal") not in ("normal", "100", "200", "300", "400"),
            is_italic=text.get(FO + "font-style") in ("italic", "oblique"),
            color=_color(text.get(FO + "color")),
            fill=_color(cell.get(FO + "background-color")),
            borders=_borders(cell),
            horizontal=_HORIZONTAL.get(paragraph.get(FO + "text-align", ""), "") if is_placed else "",
            vertical=_VERTICAL.get(cell.get(STYLE + "vertical-align", ""), ""),
            is_wrapped=cell.get(FO + "wrap-option") == "wrap",
        )

    def _font(self, text: dict[str, str]) -> str:
        name = text.get(STYLE + "font-name-asian") or text.get(STYLE + "font-name", "")
        return self._families.get(name, name)[:31]


def _color(stated: str | None) -> str:
    return stated[1:].upper() if stated and len(stated) == 7 and stated.startswith("#") else ""


def _borders(cell: dict[str, Any]) -> tuple[int, int, int, int]:
    left, right, top, bottom = (_line(cell.get(f"{FO}border-{side}", cell.get(FO + "border"))) for side in _SIDES)
    return left, right, top, bottom


def _line(stated: str | None) -> int:
    """Return Excel's number of a line such as `0.74pt solid #000000`."""
    words = (stated or "none").split()
    kind = next((_LINES[word] for word in words if word in _LINES), 1 if "solid" in words else 0)
    width = max(points(word) for word in words)
    if kind == 1 and width >= _MEDIUM:
        return 5 if width >= _THICK else 2
    return kind
