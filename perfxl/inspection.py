"""What was taken for what: the blocks, columns, rows and cells of a workbook, before any scoring."""

from collections.abc import Iterator, Sequence
from typing import Any

from perfxl.field_labels import field_label
from perfxl.forms.definitions import Forms
from perfxl.forms.lexicon import Lexicon
from perfxl.model.cells import CellRef, a1
from perfxl.model.columns import records
from perfxl.model.frames import Frames
from perfxl.model.grid import Grid, Workbook
from perfxl.pipeline import build_frames, find_tables
from perfxl.reading.block_map import block_spans, unused_cells
from perfxl.reading.locate import Layout, locate
from perfxl.text import fold, number_text, shown, visible

_BLOCKS = {
    "title": "标题",
    "header": "表头信息",
    "budget": "资金",
    "goals": "年度目标",
    "indicators": "指标",
    "conclusions": "结论",
}
# More stray cells than a person would go through: --json has them all.
_MOST_STRAY = 20


def inspection(workbook: Workbook, forms: Forms) -> dict[str, Any]:
    """Return the map of a workbook: its sheets and, for each table, its blocks, columns, values and unused headings.

    Of a sheet with a table the cells that nothing was made of are told too.

    Raises:
        InputError: `no_table`.
    """
    lexicon = forms.lexicon
    tables = find_tables(workbook, lexicon)
    if tables.error is not None:
        raise tables.error
    frames = build_frames([tables], forms)
    layouts = [layout for grid in workbook.grids for layout in locate(grid, lexicon)]
    return {
        "path": str(workbook.path),
        "format": workbook.format,
        "sheets": [_sheet(grid, layouts, frames, lexicon) for grid in workbook.grids],
        "tables": [_table(row, frames, _layout_of(layouts, row)) for row in records(frames.tables)],
        "notes": list(workbook.notes),
    }


def _sheet(grid: Grid, layouts: Sequence[Layout], frames: Frames, lexicon: Lexicon) -> dict[str, Any]:
    """Return what is to be said of a sheet; one without a table has no cells to tell of."""
    own = [layout for layout in layouts if layout.grid is grid]
    taken = {(ref.row, ref.column) for ref in _refs(frames) if ref.sheet == grid.sheet}
    stray = unused_cells(own, lexicon, taken) if own else []
    return {
        "name": grid.sheet,
        "state": grid.state,
        "cells": len(grid.cells),
        "tables": sum(grid.sheet == sheet for sheet in frames.tables["sheet"]),
        "unused_cells": [{"text": item.text, "cell": a1(item.row, item.left)} for item in stray],
    }


def _refs(frames: Frames) -> Iterator[CellRef]:
    """Yield the cells of all values that were read."""
    for rows in (frames.tables, frames.budget, frames.indicators, frames.subtotals):
        for cells in rows["cells"]:
            yield from cells.values()


def _layout_of(layouts: Sequence[Layout], table: dict[str, Any]) -> Layout:
    """Return the layout that a table was taken from: the one whose headings lie in its cells."""
    places = {(ref.sheet, ref.row, ref.column) for ref in table["columns"].values()}
    return max(layouts, key=lambda layout: len(places & _heading_places(layout)))


def _heading_places(layout: Layout) -> set[tuple[str, int, int]]:
    headings = [block.heading for block in layout.indicators] + ([layout.budget.heading] if layout.budget else [])
    columns = [column for heading in headings for column in heading.columns.values()]
    return {(layout.grid.sheet, column.row, column.at) for column in columns}


def _table(table: dict[str, Any], frames: Frames, layout: Layout) -> dict[str, Any]:
    own = {name: getattr(frames, name) for name in ("budget", "indicators")}
    rows = {name: records(frame[frame["table_id"] == table["table_id"]]) for name, frame in own.items()}
    unused = [column for block in layout.indicators for column in block.heading.unknown]
    unused += list(layout.budget.heading.unknown) if layout.budget else []
    return {
        "sheet": table["sheet"],
        "form": table["form"],
        "year": None if table["year"] != table["year"] else int(table["year"]),
        "money_unit": table["money_unit"],
        "blocks": [{"kind": kind, "range": str(span)} for kind, spans in block_spans(layout).items() for span in spans],
        "header": {label: _value(text, table["cells"].get(label)) for label, text in table["header"].items()},
        "columns": {name: _value(fold(ref.text), ref) for name, ref in table["columns"].items()},
        "budget": [
            {name: _value(ref.text or None, ref) for name, ref in row["cells"].items()} for row in rows["budget"]
        ],
        "indicators": [_indicator(row) for row in rows["indicators"]],
        "total": {
            name: _value(ref.text or None, ref) for name, ref in table["cells"].items() if name not in table["header"]
        },
        "unused_columns": [
            {"text": column.heading, "row": column.row, "column": column.left, "cell": a1(column.row, column.at)}
            for column in unused
        ],
    }


def _indicator(row: dict[str, Any]) -> dict[str, Any]:
    cells = {name: _value(ref.text or None, ref) for name, ref in row["cells"].items()}
    read = {name: row[name] for name in ("kind", "operator", "unit", "target_number", "actual_number", "tier", "note")}
    return {"cells": cells, "read": {name: None if value != value else value for name, value in read.items()}}


def _value(text: Any, ref: Any) -> dict[str, Any]:
    return {"text": text, "cell": None if ref is None else str(ref)}


def print_inspection(found: dict[str, Any]) -> None:
    """Print the map for people."""
    states = {"hidden": "（隐藏）", "veryHidden": "（深度隐藏）"}
    names = "、".join(
        f"{shown(s['name'])}{states.get(s['state'], '')}{'' if s['tables'] else '（未读到自评表）'}"
        for s in found["sheets"]
    )
    print(f"{shown(found['path'], 200)}（{found['format']}），工作表：{names}")
    for note in found["notes"]:
        print(f"说明：{visible(note)}")
    for number, table in enumerate(found["tables"], 1):
        print(f"\n表 {number}：工作表“{shown(table['sheet'])}”，表样 {table['form'] or '未收录（按全国通用规则）'}，"
              f"年度 {table['year'] or '未读到'}，金额单位 {table['money_unit'] or '未注明'}")  # fmt: skip
        blocks = "，".join(f"{_BLOCKS[block['kind']]} {block['range']}" for block in table["blocks"])
        print(f"  各块：{blocks}")
        _print_values("表头", table["header"])
        _print_values("列", {field_label(name): value for name, value in table["columns"].items()})
        _print_rows("资金", table["budget"])
        print(f"  指标（{len(table['indicators'])} 行）")
        for row in table["indicators"]:
            _print_indicator(row)
        _print_values("总分及其他", {field_label(name): value for name, value in table["total"].items()})
        for column in table["unused_columns"]:
            print(f"  未使用的列：“{shown(column['text'])}”（{column['cell']}）")
    for sheet in found["sheets"]:
        _print_stray(sheet)


def _print_stray(sheet: dict[str, Any]) -> None:
    stray = sheet["unused_cells"]
    if not stray:
        return
    print(f"\n工作表“{shown(sheet['name'])}”中没有用到的单元格（{len(stray)} 个）")
    for cell in stray[:_MOST_STRAY]:
        print(f"    {cell['cell']}：{shown(cell['text'])}")
    if len(stray) > _MOST_STRAY:
        print(f"    ……其余 {len(stray) - _MOST_STRAY} 个见 perfxl inspect --json")


def _print_values(title: str, values: dict[str, dict[str, Any]]) -> None:
    if values:
        print(f"  {title}")
    for name, value in values.items():
        print(f"    {name}：{shown(value['text'] or '（空）')}  {value['cell'] or ''}")


def _print_rows(title: str, rows: list[dict[str, dict[str, Any]]]) -> None:
    if rows:
        print(f"  {title}")
    for row in rows:
        name = row.get("name", {"text": None, "cell": None})
        rest = [f"{field_label(k)} {shown(v['text'])}" for k, v in row.items() if k != "name" and v["text"]]
        print(f"    {shown(name['text'] or '（无名称）')}  {name['cell'] or ''}：{'，'.join(rest) or '（空）'}")


def _print_indicator(row: dict[str, Any]) -> None:
    cells, read = row["cells"], row["read"]
    labels = [cells[level]["text"] for level in ("level1", "level2", "level3", "level4") if level in cells]
    name = " › ".join(shown(label, 24) for label in labels if label)
    texts = [
        f"{field_label(field)} {shown(cells[field]['text'], 30)}（{cells[field]['cell']}）"
        for field in ("target", "actual", "weight", "reported_score", "reason")
        if field in cells and cells[field]["text"]
    ]
    numbers = [f"{read['operator'] or ''}{_number(read['target_number'])}", _number(read["actual_number"])]
    understood = (
        f"  → {read['kind']} {' / '.join(numbers)} {read['unit'] or ''}" if read["target_number"] is not None else ""
    )
    print(f"    {name}\n      {'，'.join(texts) or '（空）'}{understood}")


def _number(value: float | None) -> str:
    return "？" if value is None else number_text(value, 4)
