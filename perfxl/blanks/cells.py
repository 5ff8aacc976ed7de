"""What becomes of each cell of last year's form: carried, cleared, or given a formula."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from perfxl.forms.lexicon import Lexicon
from perfxl.model.cells import CellRef
from perfxl.model.grid import Grid
from perfxl.reading.blocks import Layout
from perfxl.reading.extract import TableRecord, extract
from perfxl.reading.locate import locate

Place = tuple[int, int]
# Columns with what came out last year; all others say what is asked for.
_RESULTS = frozenset(
    {
        "actual", "adjusted_target", "reported_score", "reviewed_score", "deduction", "reason", "remark", "evidence",
        "problem", "measure", "completion_rate", "deviation", "coefficient", "forecast", "grade",
    }
)  # fmt: skip
_MONEY = ("initial", "adjusted", "executed", "reported_ratio", "reported_score", "reason")
# Labels of the header whose values belong to last year's report.
_OF_THE_REPORT = frozenset({"填报日期"})


@dataclass(slots=True)
class Fate:
    """What becomes of a table's cells, each by row and column.

    Attributes:
        grid: Its sheet.
        record: What was read of it.
        layout: Where it stands.
        carried: Cells that stay → what they are.
        cleared: Cells that are emptied → what they are.
        actuals: Cells of actual values → what they showed.
    """

    grid: Grid
    record: TableRecord
    layout: Layout
    carried: dict[Place, str] = field(default_factory=dict)
    cleared: dict[Place, str] = field(default_factory=dict)
    actuals: dict[Place, str] = field(default_factory=dict)


def fates(grids: Iterable[Grid], lexicon: Lexicon) -> Iterator[Fate]:
    """Yield what becomes of the cells of every table on some sheets."""
    for grid in grids:
        for layout in locate(grid, lexicon):
            fate = Fate(grid, extract(layout, lexicon), layout)
            _header(fate, lexicon)
            _money(fate)
            _indicators(fate)
            _texts(fate)
            # A cell that is named as two things is cleared if either of them is.
            fate.carried = {place: what for place, what in fate.carried.items() if place not in fate.cleared}
            yield fate


def _put(cells: dict[Place, str], ref: CellRef | None, what: str) -> None:
    if ref is not None and ref.text:
        cells.setdefault((ref.row, ref.column), what)


def _header(fate: Fate, lexicon: Lexicon) -> None:
    table = fate.record.table
    cells: Mapping[str, CellRef] = table["cells"]
    results = lexicon.labels("total") | lexicon.labels("grade") | _OF_THE_REPORT
    for label in table["header"]:
        # A label and its value in one cell: what is behind the colon goes, the label stays.
        ref = cells.get(label)
        _put(fate.cleared if label in results else fate.carried, ref, label)
    _put(fate.carried, cells.get("title"), "标题")
    _put(fate.carried, cells.get("weight"), "分值合计")
    _put(fate.cleared, cells.get("reported_score"), "总分")
    _put(fate.cleared, cells.get("grade"), "等级")
    _put(fate.carried, cells.get("goal_expected"), "预期目标")
    _put(fate.cleared, cells.get("goal_actual"), "目标完成情况")


def _money(fate: Fate) -> None:
    for row in fate.record.budget:
        cells: Mapping[str, CellRef] = row["cells"]
        _put(fate.carried, cells.get("name"), "资金名称")
        _put(fate.carried, cells.get("weight"), "预算执行分值")
        for name in _MONEY:
            _put(fate.cleared, cells.get(name), "资金")


def _indicators(fate: Fate) -> None:
    for row in fate.record.indicators:
        cells: Mapping[str, CellRef] = row["cells"]
        for name, ref in cells.items():
            if name in _RESULTS:
                _put(fate.cleared, ref, _WHAT.get(name, "结果"))
            else:
                _put(fate.carried, ref, _WHAT.get(name, "指标"))
        if (actual := cells.get("actual")) is not None and actual.text:
            fate.actuals[actual.row, actual.column] = actual.text
        _further(fate, _row_of(cells))
    for row in fate.record.subtotals:
        _put(fate.cleared, row["cells"].get("reported_score"), "小计")
        _put(fate.carried, row["cells"].get("weight"), "小计分值")


def _further(fate: Fate, row: int | None) -> None:
    """Sort the cells of a row that checks have no use for: evidence, remarks, the rule."""
    for block in fate.layout.indicators:
        for name, column in block.heading.columns.items():
            cell = fate.grid.at(row, column.left) if row is not None else None
            if row is not None and cell is not None:
                top, left = fate.grid.covered.get((row, column.left), (row, column.left))
                cells = fate.cleared if name in _RESULTS else fate.carried
                _put(cells, CellRef(fate.grid.sheet, top, left, cell.text), _WHAT.get(name, "指标"))


def _row_of(cells: Mapping[str, Any]) -> int | None:
    """Return the row of an indicator: that of the cell that is its own, whatever is merged over it."""
    refs = [cells[name] for name in ("actual", "reported_score", "target", "weight", "level3") if name in cells]
    return max((ref.row for ref in refs), default=None)


def _texts(fate: Fate) -> None:
    for label, values in fate.layout.conclusions:
        if "note" in label.word.sections:
            continue
        for item in values:
            _put(fate.cleared, item.ref(fate.grid), "表后文字")


_WHAT = {
    "level1": "一级指标", "level2": "二级指标", "level3": "三级指标", "level4": "四级指标", "target": "年度指标值",
    "operator": "指标性质", "unit": "度量单位", "weight": "分值", "level1_weight": "一级分值",
    "level2_weight": "二级分值",
    "actual": "实际完成值", "reported_score": "得分", "reason": "偏差原因", "rule": "评分标准", "evidence": "佐证材料",
    "remark": "备注", "adjusted_target": "调整指标值",
}  # fmt: skip
