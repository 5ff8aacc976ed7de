"""Lay a form's template out: its blocks one below the other over the columns of its indicator table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from perfxl.forms.lexicon import Lexicon
from perfxl.forms.rubric import Rubric
from perfxl.forms.template import Level, Template
from perfxl.model.cells import a1
from perfxl.text import fold, label_points, number_text, plain_label
from perfxl.writing.blank.plan import Box, GridPlan, GroupPlan, MoneyPlan, Plan, RowPlan, Style
from perfxl.writing.blank.spread import height_of, spread

_WIDTHS = {
    "side": 7, "level1": 12, "level1_weight": 6, "level2": 14, "level2_weight": 6, "level3": 28, "level4": 28,
    "operator": 11, "target": 16, "adjusted_target": 14, "unit": 9, "actual": 17, "coefficient": 10, "weight": 8,
    "rule": 30, "reported_score": 9, "reason": 30, "remark": 20, "core": 9,
}  # fmt: skip
_MONEY_SHARES = {"name": 24, "weight": 9, "ratio": 11, "score": 10, "reason": 20}
_LABEL_SHARE, _VALUE_SHARE, _MONEY_SHARE = 17, 40, 16
_WIDTH = 14.0
_ROW, _GOAL, _CONCLUSION, _MOST = 24.0, 78.0, 48.0, 300.0
_LEVELS = ("level1", "level2", "level3")
_CENTRED = ("operator", "target", "adjusted_target", "unit", "actual", "core")
_REQUIRED = ("项目名称", "主管部门", "实施单位", "单位名称")


def lay_out(template: Template, rubric: Rubric, lexicon: Lexicon, year: int, form: str) -> Plan:
    """Return the plan of a blank.

    Args:
        template: What it looks like.
        rubric: Where the points come from that it prints.
        lexicon: The words by which the reader will know its labels.
        year: That it is made for.
        form: Name of the form, for the line above the table.
    """
    return _Builder(template, rubric, lexicon, year).build(form)


@dataclass(slots=True)
class _Cell:
    """A cell of a row that is laid over the columns."""

    share: float
    style: Style
    value: str | float | None = None
    is_open: bool = False
    name: str = ""


class _Builder:
    """Builds a plan from the top; `_row` is the next free row."""

    def __init__(self, template: Template, rubric: Rubric, lexicon: Lexicon, year: int) -> None:
        self._template = template
        self._rubric = rubric
        self._lexicon = lexicon
        self._year = year
        self._plan = Plan()
        self._row = 1
        names = [name for name, _ in template.indicators.columns]
        self._has_side = bool(template.indicators.label)
        own = {**_WIDTHS, **template.widths}
        self._widths = [own["side"]] * self._has_side + [own.get(name, _WIDTH) for name in names]

    def build(self, form: str) -> Plan:
        """Return the plan with all blocks in their order."""
        plan = self._plan
        plan.right = len(self._widths)
        plan.widths = dict(enumerate(self._widths, 1))
        self._add_guide(form)
        plan.top = self._row
        self._add_titles()
        blocks: Mapping[str, Callable[[], None]] = {
            "header": self._add_header, "money": self._add_money, "goals": self._add_goals,
            "indicators": self._add_indicators, "conclusions": self._add_conclusions, "notes": self._add_notes,
            "footer": self._add_footer,
        }  # fmt: skip
        for block in self._template.blocks:
            blocks[block]()
        plan.bottom = self._row - 1
        return plan

    # ------------------------------------------------------------ small steps

    def _text(self, text: str) -> str:
        return text.replace("{year}", str(self._year))

    def _put(self, left: int, right: int, style: Style, *, bottom: int | None = None, **more: object) -> Box:
        box = Box(self._row, left, bottom or self._row, right, style, **more)  # type: ignore[arg-type]  # fields of Box
        self._plan.boxes.append(box)
        return box

    def _width(self, left: int, right: int) -> float:
        return sum(self._widths[left - 1 : right])

    def _fitted(self, label: str, left: int, right: int) -> str:
        """Return a label with what is in brackets on a line of its own where all of it is too wide."""
        is_wide = 2 * max(map(len, label.split("\n"))) + 1 > self._width(left, right)
        return label.replace("（", "\n（").replace("\n\n", "\n") if is_wide else label

    def _make_room(self, top: int, label: str, width: float) -> None:
        """Make the rows from `top` on high enough for a label that is merged down beside them."""
        rows = range(top, self._row)
        lacking = height_of(label, width) - sum(self._plan.heights[row] for row in rows)
        for row in rows if lacking > 0 else ():
            self._plan.heights[row] += lacking / len(rows)

    def _next(self, height: float = _ROW) -> None:
        self._plan.heights[self._row] = min(height, _MOST)
        self._row += 1

    def _line(self, cells: Sequence[_Cell], *, left: int = 1) -> list[Box]:
        """Lay cells over the columns from `left` on; return their boxes."""
        spans = spread(self._widths[left - 1 :], [cell.share for cell in cells])
        return [
            self._put(start + left, end + left, cell.style, value=cell.value, is_open=cell.is_open, name=cell.name)
            for cell, (start, end) in zip(cells, spans, strict=True)
        ]

    # ------------------------------------------------------------ above the table

    def _add_guide(self, form: str) -> None:
        """Add the line that is not printed: how much is left to do, and what the colours mean."""
        half = spread(self._widths, (1, 2))[0][1] + 1
        self._put(1, half, "status", name="status")
        guide = f"{form}模板 · 浅黄色单元格由单位填写，其余由公式算出；行数不够可插入行，插入行的得分自行填写"
        self._put(half + 1, len(self._widths), "guide", value=guide)
        self._next(30)

    def _add_titles(self) -> None:
        right = len(self._widths)
        for text in self._template.above:
            self._put(1, right, "above", value=self._text(text))
            self._next(18)
        self._put(1, right, "title", value=self._text(self._template.title), name="title")
        self._next(32)
        if self._template.subtitle:
            self._put(1, right, "subtitle", value=self._text(self._template.subtitle))
            self._next(20)

    def _add_header(self) -> None:
        totals, named = self._lexicon.labels("total"), set[str | None]()
        for labels in self._template.header:
            cells = []
            for label in labels:
                known = self._lexicon.look_up(label).header
                is_total = known in totals
                # Two labels may mean the same to the reader, such as 项目类别 and 项目类型; a name is given once.
                is_named = known is not None and known not in named
                named.add(known)
                cells.append(_Cell(_LABEL_SHARE, "label", label, name=f"l_{known}" if is_named else ""))
                style: Style = "points" if is_total else "word"
                cells.append(_Cell(_VALUE_SHARE, style, is_open=not is_total, name=f"h_{known}" if is_named else ""))
            for label, box in zip(labels, self._line(cells)[1::2], strict=True):
                self._note_header(label, box)
            self._next()

    def _note_header(self, label: str, box: Box) -> None:
        plan, known = self._plan, self._lexicon.look_up(label).header
        if known is not None:
            plan.header.setdefault(known, (box.top, box.left))
            if known in self._lexicon.labels("total"):
                plan.total = box.ref
            if known in _REQUIRED:
                plan.required.append(box.ref)
        if choices := self._template.choices.get(label):
            plan.choices[box.ref] = choices

    # ------------------------------------------------------------ money and goals

    def _add_money(self) -> None:
        money = self._template.money
        if not money.label:
            return
        left = self._add_label(money.label, 1 + len(money.rows), "s_budget")
        names = ["name", *(name for name, _ in money.columns)]
        headings = [money.name or None, *(heading for _, heading in money.columns)]
        shares = [_MONEY_SHARES.get(name, _MONEY_SHARE) for name in names]
        cells = [
            _Cell(share, "heading", heading, name=f"m_{name}" if name != "name" else "")
            for name, share, heading in zip(names, shares, headings, strict=True)
        ]
        boxes = self._line(cells, left=left)
        self._next(36)
        top = self._row
        for number, name in enumerate(money.rows):
            row = [self._money_cell(field, share, number) for field, share in zip(names[1:], shares[1:], strict=True)]
            self._line([_Cell(shares[0], "text", name, name=f"r_{number + 1}"), *row], left=left)
            self._next()
        self._make_room(top - 1, _broken(money.label), self._width(1, left - 1))
        self._plan.money = MoneyPlan(
            {name: box.left for name, box in zip(names, boxes, strict=True)},
            tuple(range(top, self._row)),
        )

    def _money_cell(self, field: str, share: float, number: int) -> _Cell:
        """Return a cell of the money table; points stand in its first row only."""
        if field in ("weight", "score") and number:
            return _Cell(share, "center", self._template.money.dash)
        if field == "weight":
            weight = self._rubric.execution_weight
            return _Cell(share, "points", weight, is_open=weight is None)
        styles: Mapping[str, Style] = {"score": "points", "ratio": "percent", "reason": "text"}
        is_open = field not in ("ratio", "score")
        return _Cell(share, styles.get(field, "money"), is_open=is_open, name="" if number else f"v_{field}")

    def _add_goals(self) -> None:
        goals = self._template.goals
        if not goals.expected:
            return
        pairs = (("goal_expected", goals.expected), ("goal_actual", goals.actual))
        if goals.is_stacked:
            for role, label in pairs:
                cells = [
                    _Cell(_LABEL_SHARE, "label", label, name=f"s_{role}"),
                    _Cell(_VALUE_SHARE * 3, "text", is_open=True, name=role),
                ]
                self._plan.goals[role] = self._line(cells)[1].ref
                self._next(_GOAL)
            return
        left = self._add_label(goals.label, 2, "s_goals")
        self._line([_Cell(1, "label", label, name=f"s_{role}") for role, label in pairs], left=left)
        self._next()
        boxes = self._line([_Cell(1, "text", is_open=True, name=role) for role, _ in pairs], left=left)
        self._plan.goals = {role: box.ref for (role, _), box in zip(pairs, boxes, strict=True)}
        self._next(_GOAL)

    def _add_label(self, label: str, rows: int, name: str) -> int:
        """Add the label down the side of a block; return the first column right of it."""
        shares = (_LABEL_SHARE, sum(self._widths) - _LABEL_SHARE)
        right = 1 if self._has_side else spread(self._widths, shares)[0][1] + 1
        text = _broken(label) if self._has_side else label
        self._put(1, right, "label", bottom=self._row + rows - 1, value=text, name=name)
        return right + 1

    # ------------------------------------------------------------ indicators

    def _add_indicators(self) -> None:
        indicators = self._template.indicators
        first = 2 if self._has_side else 1
        columns = {name: first + number for number, (name, _) in enumerate(indicators.columns)}
        top = self._row
        if indicators.has("level2", "target"):
            self._plan.level2 = tuple(dict.fromkeys(level.level2 for level in self._template.levels if level.level2))
        self._add_headings(columns)
        heading = self._row - 1
        rows: list[RowPlan] = []
        groups: list[GroupPlan] = []
        subtotals: list[int] = []
        for level1, run in groupby(self._template.levels, key=lambda level: level.level1):
            levels = list(run)
            groups.append(self._add_class(level1, levels, columns, rows))
            if indicators.subtotal:
                subtotals.append(self._row)
                self._add_sum(indicators.subtotal, columns, "level2", "sum")
        if self._has_side:
            side = Box(top, 1, self._row - 1, 1, "label", _broken(indicators.label), name="s_indicators")
            self._plan.boxes.append(side)
        total = None
        if indicators.total:
            total = self._row
            self._add_sum(indicators.total, columns, "", "total")
        self._plan.grid = GridPlan(columns, top, heading, tuple(rows), tuple(groups), tuple(subtotals), total)
        if total is not None and "reported_score" in columns:
            self._plan.total = a1(total, columns["reported_score"])
        if indicators.grade:
            self._add_grade(indicators.grade, columns)

    def _add_headings(self, columns: Mapping[str, int]) -> None:
        indicators = self._template.indicators
        over = {name: heading for heading, names in indicators.over for name in names}
        depth = 2 if over else 1
        for heading, names in indicators.over:
            self._put(columns[names[0]], columns[names[-1]], "heading", value=heading)
        for name, heading in indicators.columns:
            row = self._row + (1 if name in over else 0)
            bottom = self._row + depth - 1
            text = self._fitted(heading, columns[name], columns[name])
            self._plan.boxes.append(Box(row, columns[name], bottom, columns[name], "heading", text, name=f"c_{name}"))
        for _ in range(depth):
            self._next(36 if depth == 1 else 26)

    def _add_class(
        self, level1: str, levels: Sequence[Level], columns: Mapping[str, int], rows: list[RowPlan]
    ) -> GroupPlan:
        """Add the rows of a level-1 class; their plans are appended to `rows`."""
        top = self._row
        declared = next((level.weight for level in levels if level.weight is not None), None)
        label = level1 if declared is None else f"{level1}\n（{number_text(declared)}分）"
        children = tuple(self._add_level2(level, columns, rows) for level in levels)
        bottom = self._row - 1
        reach = bottom + bool(self._template.indicators.subtotal)
        fixed = self._fixed("level1", level1)
        if "level1" in columns:
            self._add_level(top, reach, columns["level1"], label)
        if "level1_weight" in columns:
            box = Box(top, columns["level1_weight"], reach, columns["level1_weight"], "points", fixed)
            self._plan.boxes.append(box)
        weight = fixed if "level1_weight" in columns else declared
        return GroupPlan(top, bottom, weight, children)

    def _add_level2(self, level: Level, columns: Mapping[str, int], rows: list[RowPlan]) -> GroupPlan:
        top = self._row
        spare = level.rows if level.rows is not None else self._template.indicators.rows
        for name in (*level.level3, *[""] * (spare or (not level.level3))):
            rows.append(self._add_row(name, columns))
        bottom = self._row - 1
        if "level2" in columns:
            self._add_level(top, bottom, columns["level2"], level.level2, is_free=bool(self._plan.level2))
        if "level2_weight" in columns:
            column = columns["level2_weight"]
            self._plan.boxes.append(Box(top, column, bottom, column, "points", name=""))
        return GroupPlan(top, bottom, label_points(level.level2))

    def _add_level(self, top: int, bottom: int, column: int, label: str, *, is_free: bool = False) -> None:
        text = self._fitted(label, column, column) or None
        box = Box(top, column, bottom, column, "level", text, is_open=not label, is_free=is_free)
        self._plan.boxes.append(box)

    def _add_row(self, name: str, columns: Mapping[str, int]) -> RowPlan:
        in_label = "weight" not in columns and label_points(name) is not None
        weight = label_points(name) if in_label else self._fixed("level3", name)
        texts = [name]
        for field, column in columns.items():
            if field in ("level1", "level2", "level1_weight", "level2_weight"):
                continue
            value: str | float | None = None
            if field == "level3":
                value = name or None
            elif field == "weight":
                value = weight
            style: Style = "text"
            if field in _CENTRED:
                style = "word"
            elif field in ("weight", "reported_score", "coefficient"):
                style = "points"
            self._put(column, column, style, value=value, is_open=value is None)
        number = self._row
        column = columns.get("level3", 1)
        self._next(max(_ROW, *(height_of(text, self._width(column, column)) for text in texts)))
        is_execution = "execution" in self._lexicon.look_up(name).sections
        return RowPlan(number, bool(name), weight, in_label, is_execution and self._plan.money is not None)

    def _fixed(self, level: str, name: str) -> float | None:
        """Return the points that the rubric's source gives to a class or an indicator; None for none."""
        if not name:
            return None
        plain = fold(plain_label(name))
        return next((w.weight for w in self._rubric.weights if fold(getattr(w, level)) == plain), None)

    def _add_sum(self, label: str, columns: Mapping[str, int], start: str, kind: str) -> None:
        """Add a row with sums: its label reaches up to the points."""
        first = columns[start] if start else 1
        stop = min(columns[name] for name in ("weight", "reported_score") if name in columns)
        name = "s_total" if kind == "total" else ""
        self._put(first, stop - 1, "label", value=label, name=name)
        for column in range(stop, len(self._widths) + 1):
            field = next(field for field, own in columns.items() if own == column)
            is_sum = field in ("weight", "reported_score")
            own = f"total_{field}" if kind == "total" and is_sum else ""
            self._put(column, column, "points" if is_sum else "text", name=own)
        self._next()

    def _add_grade(self, label: str, columns: Mapping[str, int]) -> None:
        stop = min(columns[name] for name in ("weight", "reported_score") if name in columns)
        self._put(1, stop - 1, "label", value=label, name="l_自评等级")
        box = self._put(stop, len(self._widths), "center", name="grade")
        self._plan.header["自评等级"] = (box.top, box.left)
        self._next()

    # ------------------------------------------------------------ below the table

    def _add_conclusions(self) -> None:
        for label in self._template.conclusions:
            cells = [_Cell(_LABEL_SHARE, "label", label), _Cell(_VALUE_SHARE * 3, "text", is_open=True)]
            self._plan.conclusions.append(self._line(cells)[1].ref)
            self._next(_CONCLUSION)

    def _add_notes(self) -> None:
        right = len(self._widths)
        for text in self._template.notes:
            self._put(1, right, "note", value=self._text(text))
            self._next(height_of(text, self._width(1, right) * 1.1))

    def _add_footer(self) -> None:
        labels = self._template.footer
        if labels:
            cells = [
                cell
                for label in labels
                for cell in (_Cell(_LABEL_SHARE, "label", label), _Cell(_LABEL_SHARE, "word", is_open=True))
            ]
            self._line(cells)
            self._next()


def _broken(label: str) -> str:
    """Return a label for a narrow column, what is in brackets on lines of its own."""
    return label.replace("（", "\n（")
