"""Sheets drawn as text, so that a layout and what must be read from it stand side by side.

A drawing has a line a row and `|` between the cells:

    | 一级指标 | 二级指标 | 三级指标 | 年度指标值 |
    | 产出指标 | 数量指标 | 培训人次 | ≥100人次   |
    | ^        | 质量指标 | 合格率   | 95%        |

`^` is merged with the cell above, `<` with the cell on its left; a cell without text is blank. `⏎` is a line
break, `␣` a blank that counts. A plain number is stored as one; `'12` is the text 12; `4%←0.0357` is a number whose
format shows it as on the left. `=?` is a formula without a stored value, `#DIV/0!` an error value. A line that begins with `~` is a hidden row.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from perfxl.forms.lexicon import load_lexicon
from perfxl.model.cells import Span
from perfxl.model.grid import Cell, Grid, SheetState, make_grid
from perfxl.reading.extract import TableRecord, extract
from perfxl.reading.locate import Layout, locate

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
Place = tuple[int, int]


def lines_of(drawing: str) -> list[list[str]]:
    """Return the cells of a drawing, line by line."""
    lines = [line.strip() for line in drawing.strip().splitlines() if line.strip()]
    return [[cell.strip() for cell in line.lstrip("~").strip().strip("|").split("|")] for line in lines]


def draw(
    drawing: str, *, sheet: str = "自评表", top: int = 1, left: int = 1, state: SheetState = "visible", index: int = 0
) -> Grid:
    """Return the grid of a drawing whose first cell stands at a row and column."""
    cells: dict[Place, Cell] = {}
    anchors: dict[Place, Place] = {}
    for row, line in enumerate(lines_of(drawing), top):
        for column, text in enumerate(line, left):
            place = (row, column)
            anchors[place] = _anchor(text, place, anchors)
            if text and text not in ("^", "<"):
                cells[place] = _cell(text)
    marks = [line.strip()[0] for line in drawing.strip().splitlines() if line.strip()]
    hidden = [row for row, mark in enumerate(marks, top) if mark == "~"]
    return make_grid(sheet, cells, _merges(anchors), hidden_rows=hidden, state=state, index=index)


def _anchor(text: str, place: Place, anchors: dict[Place, Place]) -> Place:
    row, column = place
    if text == "^":
        return anchors[row - 1, column]
    if text == "<":
        return anchors[row, column - 1]
    return place


def _merges(anchors: dict[Place, Place]) -> Iterable[Span]:
    for anchor in dict.fromkeys(anchors.values()):
        places = [place for place, other in anchors.items() if other == anchor]
        if len(places) > 1:
            span = Span(*anchor, max(row for row, _ in places), max(column for _, column in places))
            area = (span.bottom - span.top + 1) * (span.right - span.left + 1)
            assert len(places) == area, f"the cells merged with {anchor} are no rectangle"
            yield span


def _cell(text: str) -> Cell:
    if text == "=?":
        return Cell("", None, "missing", "SUM(A1:A9)")
    if text.startswith("#"):
        return Cell(text, text, "error")
    if text.startswith("'"):
        return Cell(text[1:], text[1:], "text")
    if _NUMBER.fullmatch(text):
        return Cell(text, float(text), "number")
    if "←" in text:
        text, _, stored = text.partition("←")
        return Cell(text, float(stored), "number")
    text = text.replace("⏎", "\n").replace("␣", " ")
    return Cell(text, text, "text")


def layouts(*grids: Grid) -> list[Layout]:
    """Return the tables located on some grids."""
    return [layout for grid in grids for layout in locate(grid, load_lexicon())]


def tables(*grids: Grid | str) -> list[TableRecord]:
    """Return the tables read from some grids or drawings."""
    drawn = [draw(grid) if isinstance(grid, str) else grid for grid in grids]
    return [extract(layout) for layout in layouts(*drawn)]


def table(grid: Grid | str) -> TableRecord:
    """Return the one table of a grid or drawing."""
    found = tables(grid)
    assert len(found) == 1, f"{len(found)} tables"
    return found[0]


def shown(records: Sequence[dict[str, Any]], fields: Iterable[str]) -> list[list[str]]:
    """Return some fields of records as texts; a missing one is empty, 10.0 is 10."""
    return [[_shown(record.get(name)) for name in fields] for record in records]


def _shown(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).replace("\n", "⏎")


def assert_records(records: Sequence[dict[str, Any]], expected: str) -> None:
    """Compare records with a drawing whose first line names the fields."""
    fields, *rows = lines_of(expected)
    found = _lines(shown(records, fields))
    wanted = _lines(rows)
    assert found == wanted, f"read:\n{found}\nwanted:\n{wanted}"


def _lines(rows: Iterable[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def assert_indicators(grid: Grid | str, expected: str) -> None:
    """Compare the indicator rows of the one table of a grid or drawing with a drawing."""
    assert_records(table(grid).indicators, expected)


def assert_budget(grid: Grid | str, expected: str) -> None:
    """Compare the rows of money likewise."""
    assert_records(table(grid).budget, expected)
