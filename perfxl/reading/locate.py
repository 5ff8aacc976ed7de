"""Find the tables of a sheet by what their words mean, never by where they stand."""

from collections.abc import Callable, Iterable, Sequence

from perfxl.forms.lexicon import NOTHING, Lexicon
from perfxl.model.grid import Grid
from perfxl.reading.amounts import is_amount, is_dash, trailing_points
from perfxl.reading.blocks import BudgetBlock, IndicatorBlock
from perfxl.reading.blocks import Layout as Layout
from perfxl.reading.heading_columns import MONEY, Column, Heading
from perfxl.reading.headings import Amount, budget_heading, indicator_heading
from perfxl.reading.pairs import facts_in, has_colon, label_word, labelled, title_in, word_before_colon
from perfxl.reading.rows import Item, Row, filled_rows
from perfxl.text import fold

_GOALS = frozenset({"goals", "goal_expected", "goal_actual"})
# Roles of texts that stand above or below the table.
_OUTSIDE = _GOALS | {"conclusion", "note", "title", "footer"}
_RESULTS = frozenset({"actual", "reported_score", "reviewed_score", "completion_rate", "deduction"})
_OF_PERFORMANCE = frozenset({"level1", "level2", "target"})
_SUMS = frozenset({"total", "sum"})
# 小计, and its colon.
_LONGEST_BARE_SUM = 3
_LONGEST_AMOUNT = 24
_LONGEST_BUDGET_NAME = 48
# A word in place of an amount: 无, 不涉及.
_LONGEST_NO_FIGURE = 4


def locate(grid: Grid, lexicon: Lexicon) -> list[Layout]:
    """Return the tables of a sheet from top to bottom.

    A table is an indicator block with what precedes it; a money table under a title of a self-evaluation
    form counts as a table too, so that it can be said that its indicators are missing.
    """
    walk = _Walk(grid, lexicon)
    rows = filled_rows(grid, lexicon)
    at = 0
    while at < len(rows):
        at = walk.step(rows, at)
    return [layout for layout in walk.tables() if _is_self_evaluation(layout, lexicon)]


class _Walk:
    """The state while the rows of a sheet are gone through once."""

    def __init__(self, grid: Grid, lexicon: Lexicon) -> None:
        self._grid = grid
        self._lexicon = lexicon
        self._done: list[Layout] = []
        self._table: Layout | None = None
        # What was met since the last block; whose it is shows when the next block begins.
        self._pending = Layout(grid)
        self._is_new_form = False
        # What takes in the next row; not bound to this object, so that none waits for the garbage collector.
        self._take: Callable[[_Walk, Row], None] = _Walk._preface_row
        # The last total row, while it may still turn out to be a subtotal.
        self._is_total_open = False

    def tables(self) -> list[Layout]:
        """Return the tables once all rows have been taken in."""
        if self._table is not None:
            self._table.take(self._pending)
            self._done.append(self._table)
        for layout in self._done:
            if layout.budget is None:
                layout.budget = _budget_of_amounts(layout)
            _settle_total(layout)
        return self._done

    def step(self, rows: Sequence[Row], at: int) -> int:
        """Take in the row at a place; return the place of the next row to look at."""
        row = rows[at]
        if row.columns and (heading := indicator_heading(rows, at, self._lexicon)):
            self._begin_indicators(heading, row)
            return _next(rows, at, heading.bottom)
        if row.money and (budget := budget_heading(rows, at)):
            self._begin_budget(budget, row)
            return _next(rows, at, budget.bottom)
        self._take(self, row)
        return at + 1

    # ------------------------------------------------------------ blocks begin

    def _begin_indicators(self, heading: Heading, row: Row) -> None:
        table = self._table
        if table is None or (table.has_rows and (self._is_new_form or table.has_ended)):
            table = self._new_table()
        self._merge_pending(table)
        left = min(column.left for column in heading.columns.values())
        goal = next((item for item in row.items if item.left < left and "goals" in item.word.sections), None)
        if table.indicators and not table.indicators[-1].is_used:
            table.indicators.pop()  # a heading over nothing but the next one
        table.indicators.append(IndicatorBlock(heading, goal))
        self._take = _Walk._indicator_row

    def _begin_budget(self, heading: Heading, row: Row) -> None:
        table = self._table
        if table is None or (
            # A money table may stand below the indicators; a second one begins another form.
            table.has_rows and (self._is_new_form or table.budget is not None)
        ):
            table = self._new_table()
        left = min(column.left for column in heading.columns.values())
        labels = [item for item in row.items if item.left < left]
        labels += [item for item in self._pending.preface if "budget" in item.word.sections]
        if table.budget is not None and table.budget.rows and not table.has_rows:
            if not self._pending.titles:
                self._take = _Walk._skipped_money_row  # a breakdown of the money by items or by purpose
                return
            table = self._new_table()
        self._merge_pending(table)
        table.budget = BudgetBlock(heading, labels)
        self._take = _Walk._budget_row

    def _new_table(self) -> Layout:
        if self._table is not None:
            self._done.append(self._table)
        self._table = Layout(self._grid)
        return self._table

    def _merge_pending(self, table: Layout) -> None:
        table.take(self._pending)
        self._pending = Layout(self._grid)
        self._is_new_form = False

    def _close_table(self) -> None:
        """Give what was met so far to the table above: a title or a project's name begins the next one."""
        if self._table is not None and self._table.has_rows and not self._is_new_form:
            self._table.take(self._pending)
            self._pending = Layout(self._grid)
        self._is_new_form = True

    # ------------------------------------------------------------ rows within a block

    def _indicator_row(self, row: Row) -> None:
        assert self._table is not None
        block = self._table.indicators[-1]
        label = _label_of(row)
        sections = label.word.sections
        if row.known and _is_subtotal(row, block):
            block.add_subtotal(row)
        elif sections & _SUMS or self._has_total_in(label):
            is_below_class = label.left > block.first_label.right > 0
            self._total_row(row, block, is_open="sum" in sections or is_below_class)
        elif (row.known or has_colon(label.text)) and self._ends_indicators(row, label, block):
            self._take = _Walk._after_row
            self._preface_row(row)
        else:
            block.rows.append(row)

    def _has_total_in(self, item: Item) -> bool:
        """Whether a label such as `总分：93.6分` is a total with its points."""
        found = trailing_points(item.text)
        return found is not None and bool(self._lexicon.look_up(found[0]).sections & _SUMS)

    def _total_row(self, row: Row, block: IndicatorBlock, *, is_open: bool) -> None:
        block.add_total(row)
        self._is_total_open = is_open
        if block.rows:
            self._take = _Walk._after_row

    def _after_row(self, row: Row) -> None:
        """Take in a row below the total: more of the table where the total was one of several sums."""
        assert self._table is not None
        block = self._table.indicators[-1]
        is_sum = bool(_label_of(row).word.sections & _SUMS) and (
            block.total is not None or any(block.points.holds(item) for item in row.items)
        )
        if self._is_new_form or not (is_sum or _is_data(row, block)):
            self._preface_row(row)
            return
        if self._is_total_open and not is_sum:
            block.demote_total()
        self._take = _Walk._indicator_row
        self._indicator_row(row)

    def _ends_indicators(self, row: Row, lead: Item, block: IndicatorBlock) -> bool:
        """Whether a row under an indicator block belongs to what follows the table."""
        if "note" in lead.word.sections:
            return True
        if any(block.points.holds(item) and _is_figure(item.text) for item in row.items):
            return False  # it has points: an indicator, whatever it is called
        word = lead.word
        first = block.labels.left
        before_colon = word_before_colon(lead.text, self._lexicon)
        if before_colon.header or "conclusion" in before_colon.sections:
            return True
        if word is NOTHING or lead.left > first:
            return False
        alone = len(row.items) == 1
        return bool(
            "conclusion" in word.sections
            or (word.sections & _GOALS and "goal" not in block.heading.columns)
            or (word.header and (lead.left < first or alone or word.header in self._lexicon.strong_headers))
            or (alone and "title" in word.sections)
        )

    def _budget_row(self, row: Row) -> None:
        assert self._table is not None
        block = self._table.budget
        assert block is not None
        lead = row.items[0]
        if "total" in lead.word.sections and self._table.indicators:
            self._after_row(row)  # of the indicators above the money
            return
        if any(item.word.sections & _GOALS for item in row.items) and not lead.word.header:
            self._begin_goals(row)
            return
        columns = block.heading.columns.values()
        left = min(column.left for column in columns)
        names = [item for item in row.items if item.left < left]
        is_other = bool(lead.word.sections & {"note", "indicators", "title"}) or (
            lead.word.budget_row is None and bool(lead.word.header or "conclusion" in lead.word.sections)
        )
        if is_other or self._has_left_side(row, block) or not _is_budget_row(row, names, columns):
            self._take = _Walk._preface_row
            self._preface_row(row)
            return
        block.rows.append(row)

    def _has_left_side(self, row: Row, block: BudgetBlock) -> bool:
        """Whether a row stands below the side label that is merged down beside the block: other facts begin."""
        spans = [self._grid.span(label.row, label.left) for label in block.labels]
        sides = [span for span in spans if block.heading.bottom < span.bottom < row.number]
        return any(span.left == row.items[0].left for span in sides)

    def _skipped_money_row(self, row: Row) -> None:
        """Pass over the rows of a second money table, which breaks the first one down."""
        if any(item.word.sections & _GOALS or item.word.header for item in row.items) or not any(
            is_amount(item.text) for item in row.items
        ):
            self._take = _Walk._preface_row
            self._preface_row(row)

    def _begin_goals(self, row: Row) -> None:
        self._take = _Walk._goal_row
        self._pending.goals.append(row)

    def _goal_row(self, row: Row) -> None:
        lead = row.items[0]
        is_goal = bool(lead.word.sections & _GOALS)
        if (lead.word.header and not is_goal) or lead.word.sections & {"title", "note", "conclusion"} or row.money:
            self._take = _Walk._preface_row
            self._preface_row(row)
            return
        self._pending.goals.append(row)

    def _preface_row(self, row: Row) -> None:
        pending = self._pending
        lead = row.items[0]
        if any(item.word.sections & _GOALS for item in row.items) and not lead.word.header:
            self._begin_goals(row)
            return
        pairs, amounts = facts_in(row, self._grid, self._lexicon)
        title = None if pairs else title_in(row, self._lexicon)
        if title is not None and "title" not in title.word.sections and pending.titles:
            title = None  # below a title, another text that only sounds like one
        begins = any(pair.label in self._lexicon.strong_headers for pair in pairs) and not self._is_footer(row)
        if begins or title is not None:
            self._close_table()
            pending = self._pending
        if title is not None:
            pending.titles.append(title)
        pending.preface += row.items
        pending.pairs += pairs
        pending.amounts += amounts
        word = label_word(lead, self._lexicon)
        if word.sections & {"conclusion", "note"} and not word.header:
            pending.conclusions += labelled(row)

    def _is_footer(self, row: Row) -> bool:
        """Whether a row is for signatures: `填报单位（盖章）：  填表人：  填表日期：`."""
        return any("footer" in label_word(item, self._lexicon).sections for item in row.items)


def _next(rows: Sequence[Row], at: int, bottom: int) -> int:
    while at < len(rows) and rows[at].number <= bottom:
        at += 1
    return at


# ---------------------------------------------------------------- what counts as a table


def _is_self_evaluation(layout: Layout, lexicon: Lexicon) -> bool:
    """Whether a table says what was achieved, and is no other list of points.

    A list of targets (绩效目标申报表) has the same first columns, but neither results nor scores; a staff appraisal
    has scores, but neither levels nor targets. Both count where their title says self-evaluation.
    """
    columns = [found for block in layout.indicators for found in block.heading.columns.items()]
    fields = {name for name, column in columns if column.field == name}  # what its word says, not its place
    if fields & _RESULTS and fields & _OF_PERFORMANCE:
        return True
    if any(name == "reported_score" and lexicon.hints_at("self_evaluation_column", c.heading) for name, c in columns):
        return True
    is_called_so = any(lexicon.hints_at("self_evaluation", item.text) for item in layout.titles)
    budget = layout.budget
    return is_called_so and (
        bool(fields) or (budget is not None and budget.has_money and not _lists_projects(budget, lexicon))
    )


def _lists_projects(budget: BudgetBlock, lexicon: Lexicon) -> bool:
    """Whether money stands beside the names of projects or units: a list of many forms' results is none itself."""
    return any(lexicon.look_up(column.text).header in lexicon.strong_headers for column in budget.heading.unknown)


# ---------------------------------------------------------------- rows of the blocks


def _label_of(row: Row) -> Item:
    """Return the first cell of a row that is not the label down the side."""
    lead = row.items[0]
    if not row.known or "indicators" not in lead.word.sections:
        return lead
    return row.items[1] if len(row.items) > 1 else lead


def _is_subtotal(row: Row, block: IndicatorBlock) -> bool:
    labels = [item for item in row.items if item.left <= block.labels.right]
    if any("subtotal" in item.word.sections for item in labels):
        return True
    # 合计 beside a class that is named in the same row is the sum of the class.
    return any("sum" in item.word.sections and "indicators" not in labels[0].word.sections for item in labels[1:])


def _is_data(row: Row, block: IndicatorBlock) -> bool:
    """Whether a row below a total looks like a row of the table: a label under the levels, points and a result."""
    lead = next((item for item in row.items if item.left >= block.labels.left), None)
    if lead is None or not block.labels.holds(lead) or lead.word.header or lead.word.sections & _OUTSIDE:
        return False
    values = [item for item in row.items if item.left > block.labels.right]
    return len(values) >= 2 and any(block.points.holds(item) and is_amount(item.text) for item in values)


def _is_budget_row(row: Row, names: Sequence[Item], columns: Iterable[Column]) -> bool:
    """Whether a row under a budget heading is one of its rows: a short name, numbers or dashes beside it."""
    if names and len(fold(names[-1].text)) > _LONGEST_BUDGET_NAME and len(names) == 1:
        return False
    money = [
        item
        for item in row.items
        for column in columns
        if column.field != "reason" and column.left <= item.left <= column.right
    ]
    if any(item.word.budget_row or item.text.rstrip().endswith((":", "：")) for item in money):
        return False  # a label where an amount should be: the block is over, or divides into lists side by side
    if not money:
        return bool(names)
    if any(_is_figure(item.text) for item in money):
        return True
    return all(len(fold(item.text)) <= _LONGEST_NO_FIGURE and item.word is NOTHING for item in money)


def _is_figure(text: str) -> bool:
    """Whether a text is an amount, a dash in place of one, or an error value such as #DIV/0!."""
    return is_amount(text) or is_dash(text) or text.startswith("#")


def _settle_total(layout: Layout) -> None:
    """Take the only sum of a table, below several classes or below a flat list, for its total: 小计 instead of 合计.

    One that names a class (效益指标小计) is the sum of that class.
    """
    block = layout.indicators[-1] if layout.indicators else None
    if block is None or any(one.total is not None for one in layout.indicators):
        return
    sums = [number for one in layout.indicators for number in one.subtotals]
    last = block.rows[-1] if block.rows else None
    if last is None or sums != [last.number] or len(fold(_label_of(last).text)) > _LONGEST_BARE_SUM:
        return
    rows = [row for one in layout.indicators for row in one.rows[: -1 if one is block else None]]
    first = block.first_label
    classes = sum(first.holds(item) for row in rows for item in row.items)
    if classes > 1 or (not first.right and len(rows) > 1):
        block.rows.pop()
        block.subtotals.clear()
        block.total = last


def _budget_of_amounts(layout: Layout) -> BudgetBlock | None:
    """Return a budget block of amounts that stand beside their labels, or None where they are too few."""
    money = {amount.field for amount in layout.amounts} & MONEY
    rows = [amount.label.row for amount in layout.amounts if amount.field in (*MONEY, "ratio")]
    if not money or len(money) + any(amount.field == "ratio" for amount in layout.amounts) < 2:
        return None
    amounts: dict[str, Amount] = {}
    for amount in layout.amounts:
        # 得分 may also be the total in the header block; the points of the execution stand with or below its money.
        below = 0 if amount.label.word.header else 2
        if min(rows) <= amount.label.row <= max(rows) + below:
            amounts.setdefault(amount.field, amount)
    columns = {
        name: Column(name, label.left, label.right, label.text, label.row, label.text, label.left)
        for name, label in ((name, amount.label) for name, amount in amounts.items())
    }
    labels = [item for item in layout.preface if "budget" in item.word.sections]
    return BudgetBlock(Heading(min(rows), max(rows), columns, ()), labels, amounts=amounts)
