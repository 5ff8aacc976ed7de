"""How the cells of a blank look."""

from typing import Any

from perfxl.writing.blank.plan import Box, Style

FONT = "宋体"
OPEN, LABEL, ALARM, ASK, GOOD, NOTICE = "#FFFBE3", "#EEF2F7", "#F8CBAD", "#FFE08A", "#D9EAD3", "#FFF2CC"
_LINE = "#7F7F7F"
_TABLE = {"border": 1, "border_color": _LINE, "text_wrap": True, "valign": "vcenter", "font_size": 10.5}
_LOOKS: dict[Style, dict[str, Any]] = {
    "title": {"font_size": 18, "bold": True, "align": "center", "valign": "vcenter"},
    "subtitle": {"font_size": 11, "align": "center", "valign": "vcenter"},
    "above": {"font_size": 10.5, "valign": "vcenter"},
    "note": {"font_size": 9, "text_wrap": True, "valign": "top"},
    "label": {**_TABLE, "bold": True, "align": "center", "bg_color": LABEL},
    "heading": {**_TABLE, "bold": True, "align": "center", "bg_color": LABEL},
    "level": {**_TABLE, "align": "center"},
    "text": {**_TABLE, "align": "left", "indent": 1},
    "center": {**_TABLE, "align": "center"},
    # Texts stay as they are typed: 95% no number under a format, 12-20 no date, =100% no formula.
    "word": {**_TABLE, "align": "center", "num_format": "@"},
    "money": {**_TABLE, "align": "right", "num_format": "#,##0.00####"},
    "percent": {**_TABLE, "align": "center", "num_format": "0.00%"},
    "points": {**_TABLE, "align": "center"},
    "status": {"font_size": 12, "bold": True, "valign": "vcenter", "text_wrap": True},
    "guide": {"font_size": 9, "font_color": "#595959", "valign": "vcenter", "align": "right", "text_wrap": True},
    "hint": {"font_size": 9, "font_color": "#C00000", "valign": "vcenter", "text_wrap": True},
    "helper": {"font_size": 8, "font_color": "#A6A6A6"},
}  # fmt: skip


class Looks:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def of(self, box: Box) -> Any:
        """Return the format of a box."""
        more: dict[str, Any] = {"locked": not (box.is_open or box.is_free)}
        if box.is_open:
            more["bg_color"] = OPEN
        return self.make(box.style, **more)

    def make(self, style: Style, **more: Any) -> Any:
        """Return the format of a style with some properties more."""
        return self.plain(**{**_LOOKS[style], **more})

    def plain(self, **properties: Any) -> Any:
        """Return a format of properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": FONT, **properties})
        return self._made[key]

    def mark(self, color: str, **more: Any) -> Any:
        """Return the format that a conditional format lays over a cell."""
        key = ("mark", color, *sorted(more.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"bg_color": color, **more})
        return self._made[key]
