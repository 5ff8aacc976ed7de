"""The total of a table: its row, or a label of the header block."""

from typing import Any

from perfxl.forms.lexicon import Lexicon
from perfxl.model.cells import CellRef
from perfxl.model.columns import ABSENT, BLANK, ERROR, FILLED, LABEL, MISSING
from perfxl.reading.amounts import points, points_in_text, trailing_points
from perfxl.reading.blocks import IndicatorBlock, Layout, Pair
from perfxl.reading.cell_values import state_of, text_of, value_at
from perfxl.reading.rows import Row
from perfxl.text import fold, without_brackets

_LONGEST_GRADE = 3


def total_of(layout: Layout, lexicon: Lexicon, cells: dict[str, CellRef]) -> dict[str, Any]:
    """Return the total's values for the tables frame; add the cells that they came from.

    The row below (or above) the indicators counts before a label of the header block.
    """
    reader = _TotalReader(layout, lexicon, cells)
    block = next((block for block in reversed(layout.indicators) if block.total is not None), None)
    if block is not None and block.total is not None:
        reader.read_row(block, block.total)
    reader.read_header()
    return reader.values


class _TotalReader:
    def __init__(self, layout: Layout, lexicon: Lexicon, cells: dict[str, CellRef]) -> None:
        self._layout = layout
        self._grid = layout.grid
        self._lexicon = lexicon
        self._cells = cells
        # Cells of the total row whose text is spoken for.
        self._taken: set[tuple[int, int]] = set()
        self.values: dict[str, Any] = {"total_weight_state": ABSENT, "total_score_state": ABSENT}

    @property
    def _lacks_score(self) -> bool:
        return self.values.get("total_reported_score") is None and self.values["total_score_state"] in (ABSENT, BLANK)

    # ------------------------------------------------------------ the row

    def read_row(self, block: IndicatorBlock, row: Row) -> None:
        """Take the total of a row: under the headings, in its label, or alone in the row."""
        label = next((item for item in row.items if item.word.sections & {"total", "sum"}), row.items[0])
        self._cells["total"] = label.ref(self._grid)
        self._taken.add((label.row, label.left))
        # The score first: a cell merged over both columns holds the score.
        self._read_column(block, row, "reported_score", "total_reported_score", "total_score_state")
        self._read_column(block, row, "weight", "total_weight", "total_weight_state")
        self._read_label(label.text, label.ref(self._grid))
        self._read_number_alone(row)
        for item in row.items:
            if item is not label and (letter := self._grade(item.text)):
                self.values["reported_grade"] = letter
                self._cells["grade"] = item.ref(self._grid)

    def _read_column(self, block: IndicatorBlock, row: Row, name: str, key: str, state: str) -> None:
        if (column := block.heading.columns.get(name)) is None:
            return
        cell, ref, _ = value_at(self._grid, row.number, column)
        if (ref.row, ref.column) in self._taken:
            cell = None
        if cell is not None:
            self._taken.add((ref.row, ref.column))
        self.values |= {state: state_of(cell), key: points(cell)}
        self._cells[name] = ref
        if name == "reported_score":
            self.values["total_reported_text"] = text_of(cell)

    def _read_label(self, text: str, ref: CellRef) -> None:
        """Take the points behind the label: 总分（100分） states the weight, 总分：95分 the score."""
        if (found := trailing_points(text)) is None:
            return
        if "(" in fold(text):
            if self.values.get("total_weight") is None:
                self.values |= {"total_weight": found[1], "total_weight_state": LABEL}
                self._cells["weight"] = ref
        elif self._lacks_score:
            self._set_score(text, found[1], ref)

    def _read_number_alone(self, row: Row) -> None:
        """Take the only other number of the row where the score column has none."""
        if self.values.get("total_reported_score") is not None or self.values["total_score_state"] in (MISSING, ERROR):
            return
        numbers = [item for item in row.items if (item.row, item.left) not in self._taken]
        numbers = [item for item in numbers if points_in_text(item.text) is not None]
        if len(numbers) == 1:
            self._set_score(numbers[0].text, points_in_text(numbers[0].text), numbers[0].ref(self._grid))

    def _set_score(self, text: str, score: float | None, ref: CellRef) -> None:
        self.values |= {
            "total_reported_score": score,
            "total_reported_text": text,
            "total_score_state": FILLED,
        }
        self._cells["reported_score"] = ref

    # ------------------------------------------------------------ the header block

    def read_header(self) -> None:
        """Take what the row lacks from the labels above and below the table."""
        totals = self._pairs("total")
        if self._lacks_score and totals:
            pair = min(totals, key=lambda pair: points_in_text(pair.text) is None)  # a number before a text
            self._set_score(pair.text, points_in_text(pair.text), self._ref(pair))
        if "reported_grade" in self.values:
            return
        for pair in self._pairs("grade"):
            if letter := self._grade(pair.text):
                self.values["reported_grade"] = letter
                self._cells["grade"] = self._ref(pair)
                return

    def _pairs(self, role: str) -> list[Pair]:
        labels = self._lexicon.labels(role)
        return [pair for pair in self._layout.pairs if pair.label in labels and pair.text]

    def _ref(self, pair: Pair) -> CellRef:
        return (pair.value or pair.label_item).ref(self._grid)

    def _grade(self, text: str) -> str | None:
        """Return 优, 良, 中 or 差 of a text such as `优秀` or `等级：优（95分）`, or None."""
        bare = without_brackets(fold(text)).rpartition(":")[2]
        if not 0 < len(bare) <= _LONGEST_GRADE:
            return None
        return bare[0] if "grade" in self._lexicon.look_up(bare).sections else None
