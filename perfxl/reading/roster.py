"""The roster of units (.xlsx, .xls, .et, .ods or .csv): which column is what is told by its heading."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from perfxl.errors import DefinitionError, InputError
from perfxl.forms.data import templates_folder
from perfxl.forms.toml_file import Section
from perfxl.forms.units import look_up_unit
from perfxl.model.cells import a1
from perfxl.model.grid import Grid
from perfxl.model.roster import DueProject, Roster, Unit
from perfxl.reading.file_kinds import file_kind, is_package
from perfxl.reading.open_workbook import file_bytes, read_workbook
from perfxl.text import fold, without_brackets

_COLUMNS = (
    "unit", "code", "aliases", "project", "project_code", "budget", "total", "department_form", "attachments",
)  # fmt: skip
_KEYS = ("separators", "yes", "not_a_unit", "default_money")
# A heading stands near the top, below a title and a line or two of remarks.
_HEAD_ROWS = 15
_MONEY = re.compile(r"(亿元|万元|千元|元)")
_ENCODINGS = ("utf-8-sig", "gb18030")

Row = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Words:
    columns: Mapping[str, frozenset[str]]
    separators: re.Pattern[str]
    yes: frozenset[str]
    not_a_unit: frozenset[str]
    default_money: str


@dataclass(slots=True)
class _Draft:
    """A unit while its rows are read."""

    unit: Unit
    projects: list[DueProject] = field(default_factory=list)


def read_roster(path: Path) -> Roster:
    """Read a roster: one row a unit, or one row a project with its unit beside it or merged over its rows.

    Columns, by the words of `templates/roster.toml`: 单位名称 (the only one that must be there), 单位编码, 别名,
    项目名称, 项目编码, 预算, 项目支出总额, 部门整体, 附件. Amounts are in the unit that the heading or the title
    states, 万元 where neither does.

    Args:
        path: A workbook, or a .csv in UTF-8 or GBK.

    Raises:
        DefinitionError: It cannot be read, or holds no column of units; names the file.
    """
    try:
        data = file_bytes(path)
        if not data:
            raise DefinitionError(path.name, "", "文件是空的")
        tables = list(_tables(data, path))
    except InputError as error:
        raise DefinitionError(path.name, "", f"单位名册未能读取：{error.message}{error.advice}") from error
    words = _words()
    for rows in tables:
        if (head := _head(rows, words)) is not None:
            return _roster(rows, *head, words, path)
    needed = "、".join(sorted(_words().columns["unit"])[:3])
    raise DefinitionError(path.name, "", f"单位名册中没有找到单位列（表头如：{needed}）")


@cache
def _words() -> _Words:
    file = Section.read(templates_folder() / "roster.toml").only(("columns", "words"))
    columns, words = file.section("columns").only(_COLUMNS), file.section("words").only(_KEYS)
    return _Words(
        columns={name: frozenset(map(fold, columns.words(name, ()))) for name in _COLUMNS},
        separators=re.compile("|".join(map(re.escape, words.words("separators", ())))),
        yes=frozenset(map(fold, words.words("yes", ()))),
        not_a_unit=frozenset(map(fold, words.words("not_a_unit", ()))),
        default_money=words.text("default_money"),
    )


# ---------------------------------------------------------------- rows of texts with their places


def _tables(data: bytes, path: Path) -> Iterator[list[Row]]:
    if not is_package(data) and file_kind(data) in ("csv", "text"):
        yield list(_csv_rows(data))
        return
    for grid in read_workbook(data, path).grids:
        yield list(_grid_rows(grid))


def _csv_rows(data: bytes) -> Iterator[Row]:
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InputError("wrong_format", "文本编码不能识别。", "请存为 UTF-8 或 GBK 的 CSV。")
    delimiter = max(",\t;", key=text.partition("\n")[0].count)
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
        yield [(cell.strip(), f"第 {number} 行") for cell in row]


def _grid_rows(grid: Grid) -> Iterator[Row]:
    last_row = max((row for row, _ in grid.cells), default=0)
    last_column = max((column for _, column in grid.cells), default=0)
    for row in range(1, last_row + 1):
        cells = ((column, grid.at(row, column)) for column in range(1, last_column + 1))
        yield [(cell.text.strip() if cell else "", f"{grid.sheet}!{a1(row, column)}") for column, cell in cells]


# ---------------------------------------------------------------- what the rows say


def _head(rows: Sequence[Row], words: _Words) -> tuple[int, dict[str, int]] | None:
    """Return the place of the heading and the column of each field; None where no row names a unit."""
    for number, row in enumerate(rows[:_HEAD_ROWS]):
        columns: dict[str, int] = {}
        for column, (text, _) in enumerate(row):
            plain = without_brackets(fold(text))
            name = next((name for name in _COLUMNS if plain and plain in words.columns[name]), None)
            if name is not None:
                columns.setdefault(name, column)
        if "unit" in columns and len([cell for cell, _ in row if cell]) >= 1:
            return number, columns
    return None


def _roster(rows: Sequence[Row], head: int, columns: Mapping[str, int], words: _Words, path: Path) -> Roster:
    drafts: dict[str, _Draft] = {}
    last: str | None = None
    above = "".join(text for row in rows[:head] for text, _ in row)
    factors = {name: _factor(rows[head][column][0], above, words) for name, column in columns.items()}
    for row in rows[head + 1 :]:
        values = {name: row[column] for name, column in columns.items() if column < len(row)}
        name = values.get("unit", ("", ""))[0] or (last if values.get("project", ("", ""))[0] else None)
        if not name or fold(name) in words.not_a_unit:
            continue
        last = name
        draft = drafts.setdefault(fold(name), _Draft(Unit(name, place=values["unit"][1])))
        draft.unit = _with(draft.unit, values, factors, words)
        draft.projects += _projects(values, factors, words)
    units = tuple(replace(draft.unit, projects=_distinct(draft.projects)) for draft in drafts.values())
    if not units:
        raise DefinitionError(path.name, "", "单位名册中没有一个单位")
    return Roster(units, path.name)


def _with(unit: Unit, values: Mapping[str, tuple[str, str]], factors: Mapping[str, float], words: _Words) -> Unit:
    """Return a unit with what one more of its rows says; what was said first holds."""
    text = {name: value for name, (value, _) in values.items()}
    has_form = fold(text["department_form"]) in words.yes if text.get("department_form") else None
    return replace(
        unit,
        code=unit.code or text.get("code", ""),
        aliases=tuple(dict.fromkeys((*unit.aliases, *_split(text.get("aliases", ""), words)))),
        total=unit.total if unit.total is not None else _amount(text.get("total", ""), factors.get("total", 1.0)),
        has_department_form=unit.has_department_form if unit.has_department_form is not None else has_form,
        attachments=tuple(dict.fromkeys((*unit.attachments, *_split(text.get("attachments", ""), words)))),
    )


def _projects(
    values: Mapping[str, tuple[str, str]], factors: Mapping[str, float], words: _Words
) -> Iterable[DueProject]:
    text, place = values.get("project", ("", ""))
    if not text or fold(text) in words.not_a_unit:
        return []
    names = [part.strip() for part in text.splitlines() if part.strip()]
    code, amount = (values.get(name, ("", ""))[0] for name in ("project_code", "budget"))
    budget = _amount(amount, factors.get("budget", 1.0))
    if len(names) > 1:
        # Several projects in one cell: their codes and budgets cannot be told apart.
        return [DueProject(name, place=place) for name in names]
    return [DueProject(names[0], code, budget, place)]


def _distinct(projects: Iterable[DueProject]) -> tuple[DueProject, ...]:
    return tuple({(fold(project.name), project.code): project for project in projects}.values())


def _split(text: str, words: _Words) -> list[str]:
    parts = (part.strip() for line in text.splitlines() for part in words.separators.split(line))
    return [part for part in parts if part]


def _factor(heading: str, above: str, words: _Words) -> float:
    """Return what an amount under a heading is to be multiplied with to be in 万元."""
    match = _MONEY.search(heading) or _MONEY.search(above)
    unit = match[1] if match else words.default_money
    return look_up_unit(unit).factor / look_up_unit("万元").factor


def _amount(text: str, factor: float) -> float | None:
    plain = fold(text).replace(",", "")
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?)(亿元|万元|千元|元)?", plain)
    if match is None:
        return None
    if match[2]:
        factor = look_up_unit(match[2]).factor / look_up_unit("万元").factor
    return round(float(match[1]) * factor, 6)
