"""The style sheet of a submission with our styles added: nothing in it is renumbered or changed."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from perfxl.model.finding import Severity
from perfxl.model.xml import MAIN
from perfxl.writing import scan
from perfxl.writing.styles import BORDERS, FILLS, FONTS, STYLES, Style, fill_xml

# Excel refuses a workbook with more than about 64,000 cell formats.
MAX_FORMATS = 64_000

# The order that the schema wants; a missing section goes in front of the first later one that is there.
_SECTIONS = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs",
    "cellStyles", "dxfs", "tableStyles", "colors", "extLst",
)  # fmt: skip
_DEFAULT_XF = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
# What index 0 (and, for fills, 1) must be in a section that we have to make.
_DEFAULTS = {
    "fonts": (FONTS["body"].encode(),),
    "fills": (
        b'<fill><patternFill patternType="none"/></fill>',
        b'<fill><patternFill patternType="gray125"/></fill>',
    ),
    "borders": (BORDERS["none"].encode(),),
    "cellStyleXfs": (_DEFAULT_XF,),
    "cellXfs": (_DEFAULT_XF,),
}
_FONT_ORDER = {key: place for place, key in enumerate(FONTS)}
_FILL_ORDER = {key: place for place, key in enumerate(FILLS)}
_BORDER_ORDER = {key: place for place, key in enumerate(BORDERS)}


def new_style_sheet(namespace: str = MAIN) -> bytes:
    """Return an empty style sheet, for a workbook that has none; its sections come with the first patch."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<styleSheet xmlns="{namespace}">'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ).encode()


class _Section(NamedTuple):
    element: scan.Element | None
    items: int


class StyleSheet:
    """A style sheet that hands out numbers for cells, then gives its part with what was asked for added."""

    def __init__(self, data: bytes) -> None:
        """Find the sections of a plain style sheet."""
        self._data = data
        self._prefix = scan.root(data).prefix
        self._sections = _sections(data)
        self._formats = self._sections["cellXfs"].items
        self._originals: list[re.Match[bytes]] | None = None
        self._marked: dict[tuple[int, Severity], int] = {}
        self._clones: list[bytes] = []
        self._first_style = self._formats if self._formats + len(STYLES) <= MAX_FORMATS else None
        self._first_clone = self._formats + (0 if self._first_style is None else len(STYLES))
        self.has_dropped_fills = False

    @property
    def has_styles(self) -> bool:
        """Whether there was room for the styles of the new sheets."""
        return self._first_style is not None

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of `STYLES`, in their order."""
        first = self._first_style
        return (0,) * len(STYLES) if first is None else range(first, first + len(STYLES))

    def marked(self, base: int, severity: Severity) -> int:
        """Return the number of a cell's own format with the fill of a severity, all else kept.

        A number beyond the style sheet counts as 0, as programs take it. Where no more formats fit, the
        number itself comes back.
        """
        if base >= self._formats:
            base = 0
        key = (base, severity)
        if key not in self._marked:
            if self._first_clone + len(self._clones) >= MAX_FORMATS:
                self.has_dropped_fills = True
                return base
            self._marked[key] = self._first_clone + len(self._clones)
            self._clones.append(self._clone(base, severity))
        return self._marked[key]

    def part(self) -> bytes:
        """Return the style sheet with everything that was asked for."""
        first = {name: section.items for name, section in self._sections.items()}
        fonts, fills, borders, formats = _ours(
            self._prefix, first["fonts"], first["fills"], first["borders"], b"cellStyleXfs" in self._data
        )
        if self._first_style is None:
            fonts, borders, formats = b"", b"", b""
        added = {
            "fonts": (fonts, len(FONTS) if fonts else 0),
            "fills": (fills, len(FILLS)),
            "borders": (borders, len(BORDERS) if borders else 0),
            "cellXfs": (formats + b"".join(self._clones), (len(STYLES) if formats else 0) + len(self._clones)),
        }
        return scan.apply_edits(
            self._data,
            [self._section_edit(name, xml, self._sections[name].items + more) for name, (xml, more) in added.items()],
        )

    def _clone(self, base: int, severity: Severity) -> bytes:
        tag, rest = self._original(base)
        fill = self._sections["fills"].items + _FILL_ORDER[severity.value]
        tag = scan.set_attribute(tag, "fillId", b"%d" % fill)
        return scan.set_attribute(tag, "applyFill", b"1") + rest

    def _original(self, base: int) -> tuple[bytes, bytes]:
        """Return the start tag of a format and what follows it."""
        element = self._sections["cellXfs"].element
        if self._originals is None:
            self._originals = (
                [] if element is None else list(scan.start_tags(self._data, "xf", element.inner, element.close))
            )
        if element is None or base >= len(self._originals):
            return scan.prefixed(_DEFAULT_XF, self._prefix), b""
        match = self._originals[base]
        if scan.is_empty(match[0]):
            return match[0], b""
        _, end = scan.end_tag(self._data, match[1] + b"xf", match.end(), element.close)
        return match[0], self._data[match.end() : end]

    def _section_edit(self, name: str, xml: bytes, count: int) -> scan.Edit:
        element = self._sections[name].element
        prefix = self._prefix
        defaults = scan.prefixed(b"".join(_DEFAULTS[name]), prefix)
        if element is not None and not scan.is_empty(element.tag):
            was_empty = scan.start_tag(_ITEMS[name]).search(self._data, element.inner, element.close) is None
            tag = scan.set_attribute(element.tag, "count", b"%d" % count)
            inner = self._data[element.inner : element.close]
            return scan.Edit(element.start, element.close, tag + inner + (defaults if was_empty else b"") + xml)
        whole = b'<%s%s count="%d">%s%s</%s%s>' % (prefix, name.encode(), count, defaults, xml, prefix, name.encode())
        if element is not None:
            return scan.Edit(element.start, element.end, whole)
        at = self._place(name)
        return scan.Edit(at, at, whole)

    def _place(self, name: str) -> int:
        for later in _SECTIONS[_SECTIONS.index(name) + 1 :]:
            found = scan.start_tag(later).search(self._data)
            if found is not None:
                return found.start()
        return scan.root(self._data).close


_ITEMS = {"fonts": "font", "fills": "fill", "borders": "border", "cellXfs": "xf"}


@scan.remembered
def _sections(data: bytes) -> Mapping[str, _Section]:
    """Return the sections of a style sheet that we add to."""
    return {name: _section(data, name, item) for name, item in _ITEMS.items()}


def _section(data: bytes, name: str, item: str) -> _Section:
    element = scan.find(data, name)
    count = 0 if element is None else sum(1 for _ in scan.start_tags(data, item, element.inner, element.close))
    return _Section(element, count or len(_DEFAULTS[name]))


@lru_cache(maxsize=256)
def _ours(prefix: bytes, font: int, fill: int, border: int, has_base: bool) -> tuple[bytes, bytes, bytes, bytes]:
    """Return our fonts, fills, borders and formats, numbered from where the submission's own end.

    Units fill in the same few templates, so the numbers repeat through a batch.
    """
    formats = "".join(_format(style, font, fill, border, has_base) for style in STYLES.values())
    fills = "".join(fill_xml(color) for color in FILLS.values())
    parts = ("".join(FONTS.values()), fills, "".join(BORDERS.values()), formats)
    fonts, fills_part, borders, formats_part = (scan.prefixed(part.encode(), prefix) for part in parts)
    return fonts, fills_part, borders, formats_part


def _format(style: Style, font: int, fill: int, border: int, has_base: bool) -> str:
    base = ' xfId="0"' if has_base else ""
    wrap = ' wrapText="1"' if style.wrap else ""
    return (
        f'<xf numFmtId="{style.number_format}" fontId="{font + _FONT_ORDER[style.font]}"'
        f' fillId="{fill + _FILL_ORDER[style.fill] if style.fill else 0}"'
        f' borderId="{border + _BORDER_ORDER[style.border]}"{base}'
        ' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
        f'<alignment horizontal="{style.horizontal}" vertical="center"{wrap}/></xf>'
    )
