"""What the blank of a form looks like: blocks, labels, headings and rows, as data of its `form.toml`."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from perfxl.forms.lexicon import Lexicon
from perfxl.forms.rubric import Rubric
from perfxl.forms.toml_file import Section, suggestion

BLOCKS = ("header", "money", "goals", "indicators", "conclusions", "notes", "footer")
_KEYS = (
    "extends", "title", "subtitle", "above", "sheet", "header", "choices", "blocks", "notes", "conclusions", "footer",
    "widths", "money", "goals", "indicators", "levels",
)  # fmt: skip
_MONEY_KEYS = ("label", "name", "columns", "rows", "dash")
_GOALS_KEYS = ("label", "expected", "actual", "is_stacked")
_INDICATORS_KEYS = ("label", "columns", "over", "rows", "subtotal", "total", "grade")
_LEVEL_KEYS = ("level1", "level2", "level3", "rows", "weight")
# Columns of an indicator table that hold the points of a level, merged like its label.
LEVEL_WEIGHTS = ("level1_weight", "level2_weight")
_MOST_ROWS = 50

Headings = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Money:
    """The money table of a blank.

    Attributes:
        label: The label down its side, with the unit of money; "" for no such table.
        name: The heading over the names of its rows; "" for a blank cell.
        columns: (field, heading) in printed order.
        rows: Names of its rows; the first is the whole sum.
        dash: What stands in the points of the rows below the first.
    """

    label: str = ""
    name: str = ""
    columns: Headings = ()
    rows: tuple[str, ...] = ()
    dash: str = "—"


@dataclass(frozen=True, slots=True)
class Goals:
    """The annual goals of a blank.

    Attributes:
        label: The label down their side; "" for none.
        expected: The label of what was planned; "" for no such block.
        actual: The label of what was achieved.
        is_stacked: The two stand one below the other, each beside its label; else side by side, below their labels.
    """

    label: str = ""
    expected: str = ""
    actual: str = ""
    is_stacked: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A level-2 class of a blank with its rows.

    Attributes:
        level1: The class above it.
        level2: Its own label; "" for none.
        level3: Names that the form prints.
        rows: Blank rows below them; None for the form's usual number.
        weight: Points that the label of the level-1 class carries; None for none.
    """

    level1: str = ""
    level2: str = ""
    level3: tuple[str, ...] = ()
    rows: int | None = None
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Indicators:
    """The indicator table of a blank.

    Attributes:
        label: The label down its side; "" for none.
        columns: (field, heading) in printed order.
        over: (heading, fields) of headings over several columns.
        rows: Blank rows of a level-2 class that states none.
        subtotal: Label of the row below each level-1 class with its sum; "" for none.
        total: Label of the row with the total; "" for none.
        grade: Label of the row with the grade; "" for none.
    """

    label: str = ""
    columns: Headings = ()
    over: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rows: int = 2
    subtotal: str = ""
    total: str = ""
    grade: str = ""

    def has(self, *names: str) -> bool:
        """Whether there are columns of all these fields."""
        return set(names) <= {name for name, _ in self.columns}


@dataclass(frozen=True, slots=True)
class Template:
    """The blank of a form; `{year}` in a text stands for the year that it is made for.

    Attributes:
        title: The title.
        subtitle: The line below it; "" for none.
        above: Lines above the title.
        sheet: Name of the sheet.
        header: Rows of labels, each with a cell for its value.
        choices: Label of the header → what its value is chosen from.
        blocks: The blocks from top to bottom.
        money: The money table.
        goals: The annual goals.
        indicators: The indicator table.
        levels: Its classes from top to bottom.
        conclusions: Labels below the table, each with a cell for a text.
        notes: The form's own notes.
        footer: Labels of the line for signatures.
        widths: Field → width of its column, where not the usual one.
    """

    title: str = ""
    subtitle: str = ""
    above: tuple[str, ...] = ()
    sheet: str = "自评表"
    header: tuple[tuple[str, ...], ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blocks: tuple[str, ...] = ("header", "money", "goals", "indicators", "conclusions", "notes", "footer")
    money: Money = Money()
    goals: Goals = Goals()
    indicators: Indicators = Indicators()
    levels: tuple[Level, ...] = ()
    conclusions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    widths: Mapping[str, float] = field(default_factory=dict)


def fingerprint(template: Template, rubric: Rubric) -> str:
    """Return 16 hexadecimal digits that change when what a blank prints does.

    Only what differs from an empty template counts, so that a key that is added to the program changes no form's.
    """
    stated = {
        "template": _stated(template),
        "execution_weight": rubric.execution_weight,
        "weights": [asdict(weight) for weight in rubric.weights],
    }
    text = json.dumps(stated, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _stated(record: Any) -> Any:
    if isinstance(record, tuple):
        return [_stated(item) for item in record]
    if isinstance(record, Mapping):
        return {key: _stated(value) for key, value in record.items()}
    if not isinstance(record, Template | Money | Goals | Indicators | Level):
        return record
    empty = type(record)()
    values = {item.name: getattr(record, item.name) for item in fields(record)}
    return {name: _stated(value) for name, value in values.items() if value != getattr(empty, name)}


# ---------------------------------------------------------------- reading it from a file


def read_template(section: Section, base: Template) -> Template:
    """Return the template that a section states; what it does not state is the base's.

    Raises:
        DefinitionError: A key is unknown or its value wrong.
    """
    section.only(_KEYS)
    return Template(
        title=section.text("title", base.title),
        subtitle=section.text("subtitle", base.subtitle),
        above=section.words("above", base.above),
        sheet=section.text("sheet", base.sheet),
        conclusions=section.words("conclusions", base.conclusions),
        notes=section.words("notes", base.notes),
        footer=section.words("footer", base.footer),
        blocks=section.choices("blocks", BLOCKS, base.blocks),
        header=_header(section, base.header),
        choices=_choices(section, base.choices),
        widths=_widths(section, base.widths),
        money=_money(section.section("money"), base.money),
        goals=_goals(section.section("goals"), base.goals),
        indicators=_indicators(section.section("indicators"), base.indicators),
        levels=tuple(_levels(section)) if "levels" in section.data else base.levels,
    )


def _header(section: Section, default: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    rows = section.data.get("header")
    if rows is None:
        return default
    if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
        raise section.wrong("header", '应为若干行，每行是标签的列表，如 [["项目名称"], ["主管部门", "实施单位"]]')
    found = tuple(tuple(row) for row in rows)
    if not all(isinstance(label, str) and label.strip() for row in found for label in row):
        raise section.wrong("header", "每个标签应为文字")
    return found


def _choices(section: Section, default: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    if "choices" not in section.data:
        return default
    own = section.section("choices")
    return {label: own.words(label) for label in own.data}


def _widths(section: Section, default: Mapping[str, float]) -> Mapping[str, float]:
    own = section.section("widths")
    found = {**default, **{name: own.number(name, 0) for name in own.data}}
    for name in own.data:
        if not 1 <= found[name] <= 100:
            raise own.wrong(name, "列宽应在 1 至 100 之间")
    return found


def _headings(section: Section, default: Headings) -> Headings:
    own = section.section("columns")
    return tuple((name, own.text(name)) for name in own.data) if own.data else default


def _money(section: Section, base: Money) -> Money:
    section.only(_MONEY_KEYS)
    return Money(
        label=section.text("label", base.label),
        name=section.text("name", base.name),
        columns=_headings(section, base.columns),
        rows=section.words("rows", base.rows),
        dash=section.text("dash", base.dash),
    )


def _goals(section: Section, base: Goals) -> Goals:
    section.only(_GOALS_KEYS)
    texts = {name: section.text(name, getattr(base, name)) for name in ("label", "expected", "actual")}
    return Goals(**texts, is_stacked=section.flag("is_stacked", base.is_stacked))


def _indicators(section: Section, base: Indicators) -> Indicators:
    section.only(_INDICATORS_KEYS)
    texts = {name: section.text(name, getattr(base, name)) for name in ("label", "subtotal", "total", "grade")}
    over = section.section("over")
    return Indicators(
        **texts,
        columns=_headings(section, base.columns),
        over=tuple((heading, over.words(heading)) for heading in over.data) if "over" in section.data else base.over,
        rows=_rows(section, base.rows) or 0,
    )


def _rows(section: Section, default: int | None) -> int | None:
    number = section.optional_number("rows", default)
    if number is not None and not (number == int(number) and 0 <= number <= _MOST_ROWS):
        raise section.wrong("rows", f"应为 0 至 {_MOST_ROWS} 的整数")
    return None if number is None else int(number)


def _levels(section: Section) -> Iterable[Level]:
    for entry in section.sections("levels"):
        entry.only(_LEVEL_KEYS)
        rows, weight = _rows(entry, None), entry.optional_number("weight")
        level1, level3 = entry.text("level1"), entry.words("level3")
        level2 = entry.data.get("level2", "")
        names = entry.words("level2") if isinstance(level2, list) else (entry.text("level2"),)
        if level3 and len(names) > 1:
            raise entry.wrong("level3", "写了几个 level2 时不能写 level3：请分成几节 [[template.levels]]")
        yield from (Level(level1, name, level3, rows, weight) for name in names)


# ---------------------------------------------------------------- holding it against the words


def check_template(section: Section, template: Template, lexicon: Lexicon) -> None:
    """Refuse a template whose labels would not be read as what they are meant for.

    Raises:
        DefinitionError: Names the key.
    """
    indicators, money = section.section("indicators"), section.section("money")
    if not template.title:
        raise section.wrong("title", "必须填写文字")
    _check_headings(indicators, template.indicators.columns, lexicon, "column", LEVEL_WEIGHTS)
    _check_headings(money, template.money.columns, lexicon, "budget_column")
    known = {name for name, _ in template.indicators.columns}
    for heading, names in template.indicators.over:
        for name in names:
            if name not in known:
                raise indicators.section("over").wrong(heading, f"columns 中没有“{name}”" + suggestion(name, [*known]))
    for label in template.choices:
        if not any(label in row for row in template.header):
            raise section.section("choices").wrong(label, "header 中没有这个标签")
    for name in template.widths:
        if name not in (*known, "side"):
            raise section.section("widths").wrong(name, "没有这一列" + suggestion(name, ["side", *known]))
    has_levels = template.indicators.has("level1") or not template.levels
    if not has_levels and any(level.level1 for level in template.levels):
        raise section.wrong("levels", "没有 level1 这一列，不能写一级指标")


def _check_headings(
    section: Section, columns: Headings, lexicon: Lexicon, kind: str, derived: Sequence[str] = ()
) -> None:
    own = section.section("columns")
    names = (*lexicon.fields(f"{kind}s"), *derived)
    for name, heading in columns:
        if name not in names:
            raise own.wrong(name, "没有这个字段" + suggestion(name, names))
        read = getattr(lexicon.look_up(heading), kind)
        if name not in derived and read != name and not (name == "reason" and read == "remark"):
            told = f"会读作 {read}" if read else f"程序不认识，请写进 [{kind}s]"
            raise own.wrong(name, f"列名“{heading}”{told}")
