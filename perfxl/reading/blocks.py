"""The blocks of a table: header pairs, money, goals, indicators, what follows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from perfxl.model.columns import LEVELS
from perfxl.model.grid import Grid
from perfxl.reading.heading_columns import Heading
from perfxl.reading.headings import Amount
from perfxl.reading.rows import Item, Row


class Pair(NamedTuple):
    """A label of the header block and what stands beside it; `value` is None where nothing does."""

    label: str
    label_item: Item
    value: Item | None
    text: str


@dataclass(slots=True)
class BudgetBlock:
    """The money table.

    Attributes:
        heading: Its columns.
        labels: Texts that name the block, such as `项目资金（万元）`.
        rows: The rows that belong to it.
        amounts: Field → the amount, where the money stands beside its labels and not below them.
    """

    heading: Heading
    labels: list[Item]
    rows: list[Row] = field(default_factory=list)
    amounts: dict[str, Amount] | None = None

    @property
    def has_money(self) -> bool:
        """Whether there is an amount, or the place for one."""
        return bool(self.rows) or self.amounts is not None


class Range:
    """The columns of a sheet from one to another, both included; none where the first is the greater."""

    __slots__ = ("left", "right")

    def __init__(self, left: int, right: int) -> None:
        self.left = left
        self.right = right

    def holds(self, item: Item) -> bool:
        """Whether a cell begins in one of the columns."""
        return self.left <= item.left <= self.right


@dataclass
class IndicatorBlock:
    """One stretch of the indicator table under one heading.

    Attributes:
        heading: Its columns.
        goal: The annual goal that it stands under, where a form has several.
        rows: Its data rows, subtotal rows included.
        subtotals: Numbers of the subtotal rows.
        total: The total row, above or below the data.
    """

    heading: Heading
    goal: Item | None = None
    rows: list[Row] = field(default_factory=list)
    subtotals: set[int] = field(default_factory=set)
    total: Row | None = None

    @property
    def is_used(self) -> bool:
        """Whether anything stands under the heading."""
        return bool(self.rows) or self.total is not None

    @cached_property
    def labels(self) -> Range:
        """The columns of the labels, from the highest level to the lowest."""
        return self._range(LEVELS)

    @cached_property
    def first_label(self) -> Range:
        """The columns of the highest level; none in a flat list."""
        return self._range(LEVELS[:1])

    @cached_property
    def points(self) -> Range:
        """The columns of weight and score and what stands between them."""
        return self._range(("weight", "reported_score"))

    def _range(self, names: Iterable[str]) -> Range:
        found = [self.heading.columns[name] for name in names if name in self.heading.columns]
        return Range(min((c.left for c in found), default=1), max((c.right for c in found), default=0))

    def add_total(self, row: Row) -> None:
        """Take a row for the total; an earlier one was a subtotal, unless it stands above the rows."""
        self.demote_total()
        self.total = row

    def demote_total(self) -> None:
        """Take the total row for a subtotal, unless it stands above the rows."""
        if self.total is not None and self.rows:
            self.add_subtotal(self.total)
        self.total = None

    def add_subtotal(self, row: Row) -> None:
        """Take in a row with the sum of a class."""
        self.subtotals.add(row.number)
        self.rows.append(row)


@dataclass(slots=True)
class Layout:
    """One table: the blocks that were found for it, all on one grid.

    Attributes:
        grid: The sheet.
        titles: The title and what belongs to it.
        preface: All cells outside the blocks, for the year and the unit of money.
        pairs: Labels with their values, from above and below the blocks.
        amounts: Money beside its labels.
        budget: The money table.
        goals: Rows of the annual goals.
        indicators: The indicator table, one block for each heading.
        conclusions: Label and texts of what follows the table.
    """

    grid: Grid
    titles: list[Item] = field(default_factory=list)
    preface: list[Item] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    budget: BudgetBlock | None = None
    goals: list[Row] = field(default_factory=list)
    indicators: list[IndicatorBlock] = field(default_factory=list)
    conclusions: list[tuple[Item, list[Item]]] = field(default_factory=list)

    @property
    def has_rows(self) -> bool:
        """Whether a data row of indicators was found."""
        return any(block.rows for block in self.indicators)

    @property
    def has_ended(self) -> bool:
        """Whether a total row closes the indicator table."""
        block = self.indicators[-1] if self.indicators else None
        return bool(block and block.total and block.rows and block.total.number > block.rows[-1].number)

    def take(self, other: "Layout") -> None:
        """Take over what stands outside the blocks of another layout."""
        self.titles += other.titles
        self.preface += other.preface
        self.pairs += other.pairs
        self.amounts += other.amounts
        self.goals += other.goals
        self.conclusions += other.conclusions
