"""The style sheet of a submission with our styles added: nothing in it is renumbered or changed."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from perfxl.model.finding import Severity
from perfxl.model.remembered import by_content
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


class StyleSheet:
    """A style sheet that hands out numbers for cells, then gives its part with what was asked for added."""

    def __init__(self, data: bytes) -> None:
        """Take a plain style sheet."""
        self._base = _base(data)
        self._marked: dict[tuple[int, Severity], int] = {}
        self._clones: list[bytes] = []
        self.has_dropped_fills = False

    @property
    def has_styles(self) -> bool:
        """Whether there was room for the styles of the new sheets."""
        return self._base.has_styles

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of `STYLES`, in their order."""
        first = self._base.own
        return range(first, first + len(STYLES)) if self.has_styles else (0,) * len(STYLES)

    def marked(self, base: int, severity: Severity) -> int:
        """Return the number of a cell's own format with the fill of a severity, all else kept.

        A number beyond the style sheet counts as 0, as programs take it. Where no more formats fit, the
        number itself comes back.
        """
        if base >= self._base.own:
            base = 0
        key = (base, severity)
        if key not in self._marked:
            number = self._base.first_clone + len(self._clones)
            if number >= MAX_FORMATS:
                self.has_dropped_fills = True
                return base
            self._marked[key] = number
            self._clones.append(self._base.clone(base, severity))
        return self._marked[key]

    def part(self) -> bytes:
        """Return the style sheet with everything that was asked for."""
        base = self._base
        count = b"%d" % (base.first_clone + len(self._clones))
        return b"".join((base.head, count, base.formats, *self._clones, base.tail))


class _Base(NamedTuple):
    """A style sheet with our styles in it, open for more formats of cells.

    Attributes:
        prefix: Of its elements.
        originals: The start tags of its own formats.
        own: How many these are; there is one at least.
        fill: Number of our first fill.
        has_styles: Whether there was room for our styles.
        head: What stands in front of the number of formats.
        formats: What stands between the number and the formats to come.
        tail: What stands behind these.
    """

    prefix: bytes
    originals: Sequence[re.Match[bytes]]
    own: int
    fill: int
    has_styles: bool
    head: bytes
    formats: bytes
    tail: bytes

    @property
    def first_clone(self) -> int:
        """The number of the first format to come."""
        return self.own + (len(STYLES) if self.has_styles else 0)

    def clone(self, base: int, severity: Severity) -> bytes:
        """Return a format with the fill of a severity."""
        fill = self.fill + _FILL_ORDER[severity.value]
        if base >= len(self.originals):
            return _filled(scan.prefixed(_DEFAULT_XF, self.prefix), fill)
        match = self.originals[base]
        if scan.is_empty(match[0]):
            return _filled(match[0], fill)
        _, end = scan.end_tag(match.string, match[1] + b"xf", match.end(), len(match.string))
        return _filled(match[0], fill) + match.string[match.end() : end]


@lru_cache(maxsize=1024)
def _filled(tag: bytes, fill: int) -> bytes:
    """Return the start tag of a format with another fill."""
    return scan.set_attribute(scan.set_attribute(tag, "fillId", b"%d" % fill), "applyFill", b"1")


_ITEMS = {"fonts": "font", "fills": "fill", "borders": "border", "cellXfs": "xf"}
# Stand for the number of formats and the formats to come until both are known; no character of XML.
_COUNT, _CLONES = b"\0", b"\1"


@by_content
def _base(data: bytes) -> _Base:
    """Return a plain style sheet with our styles in it."""
    prefix = scan.root(data).prefix
    elements = {name: scan.find(data, name) for name in _ITEMS}
    tags = {name: _tags(data, elements[name], item) for name, item in _ITEMS.items()}
    first = {name: len(tags[name]) or len(_DEFAULTS[name]) for name in _ITEMS}
    has_styles = first["cellXfs"] + len(STYLES) <= MAX_FORMATS
    ours = _ours(prefix, first["fonts"], first["fills"], first["borders"], b"cellStyleXfs" in data)
    fonts, fills, borders, formats = ours if has_styles else (b"", ours[1], b"", b"")
    added = {
        "fonts": (fonts, b"%d" % (first["fonts"] + (len(FONTS) if fonts else 0))),
        "fills": (fills, b"%d" % (first["fills"] + len(FILLS))),
        "borders": (borders, b"%d" % (first["borders"] + (len(BORDERS) if borders else 0))),
        "cellXfs": (formats + _CLONES, _COUNT),
    }
    whole = scan.apply_edits(
        data, [_section_edit(data, name, elements[name], tags[name], *added[name]) for name in _ITEMS]
    )
    head, _, rest = whole.partition(_COUNT)
    between, _, tail = rest.partition(_CLONES)
    return _Base(prefix, tags["cellXfs"], first["cellXfs"], first["fills"], has_styles, head, between, tail)


def _tags(data: bytes, section: scan.Element | None, item: str) -> list[re.Match[bytes]]:
    return [] if section is None else list(scan.start_tags(data, item, section.inner, section.close))


def _section_edit(
    data: bytes, name: str, element: scan.Element | None, items: Sequence[re.Match[bytes]], xml: bytes, count: bytes
) -> scan.Edit:
    """Return the edit that adds items to a section, which is made where there is none."""
    prefix = scan.root(data).prefix
    defaults = scan.prefixed(b"".join(_DEFAULTS[name]), prefix)
    if element is not None and not scan.is_empty(element.tag):
        tag = scan.set_attribute(element.tag, "count", count)
        inner = data[element.inner : element.close]
        return scan.Edit(element.start, element.close, tag + inner + (b"" if items else defaults) + xml)
    whole = b'<%s%s count="%s">%s%s</%s%s>' % (prefix, name.encode(), count, defaults, xml, prefix, name.encode())
    if element is not None:
        return scan.Edit(element.start, element.end, whole)
    at = _place(data, name)
    return scan.Edit(at, at, whole)


def _place(data: bytes, name: str) -> int:
    for later in _SECTIONS[_SECTIONS.index(name) + 1 :]:
        found = scan.start_tag(later).search(data)
        if found is not None:
            return found.start()
    return scan.root(data).close


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
