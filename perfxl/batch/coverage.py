"""The roster held against what was submitted: whose tables they are, what is missing, what money is covered."""

import difflib
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.batch.intake import OTHER_FILE
from perfxl.model.coverage import Coverage, Stranger, UnitCoverage
from perfxl.model.roster import DueProject, Roster, Unit
from perfxl.text import fold

# A name within another one must be this long to be no coincidence.
_SHORTEST_PART = 4
_SIMILAR = 0.6
# `101001-从化区委组织部`, `[101] 组织部`: what stands before and after a unit's name.
_CODE = re.compile(r"^[\[(]?[A-Za-z]?\d[\d-]*[\])]?[-_:,.]*|[-_(\[]\d+[\])]?$")
_PARTY = re.compile(r"^中共|\(?(?:本级|机关|本部)\)?$")

_TABLES = """
    SELECT t.table_id, i.path, i.folder, t.scope, t.unit, t.department, t.project, t.project_code,
           coalesce(t.adjusted, t.initial)
    FROM tables t JOIN inputs i USING (input_id) WHERE t.standing = 'counted' ORDER BY i.path, t.table_id"""


class _Table(NamedTuple):
    table_id: int
    path: str
    folder: str | None
    scope: str
    unit: str | None
    department: str | None
    project: str | None
    project_code: str | None
    money: float | None


@dataclass(slots=True)
class _Own:
    """What a unit of the roster has submitted."""

    tables: list[_Table] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)


def coverage(db: sqlite3.Connection, roster: Roster) -> Coverage:
    """Return what of a roster has been submitted.

    A table belongs to the unit whose name, alias or code its 实施单位 (单位名称) bears; else to the one whose folder
    it lies in, or that its 主管部门 is; else to the only one whose name holds the other, which is told.
    """
    finder = _Finder(roster.units)
    own: dict[int, _Own] = defaultdict(_Own)
    strangers: dict[str, list[_Table]] = defaultdict(list)
    for table in map(_Table._make, db.execute(_TABLES)):
        found = finder.find(table)
        if found is None:
            strangers[fold(table.unit or table.department or "")].append(table)
            continue
        own[found].tables.append(table)
        if (name := table.unit or table.department) and not finder.is_known(found, name, table.department):
            own[found].names[name] = None
    files = _files(db) if any(unit.attachments for unit in roster.units) else []
    units = [_unit(unit, own[number], files) for number, unit in enumerate(roster.units)]
    return Coverage(roster.file, tuple(units), tuple(finder.stranger(tables) for tables in strangers.values()))


class _Finder:
    """Tells which unit of the roster a table belongs to."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = units
        self._by_name: dict[str, int] = {}
        for number, unit in enumerate(units):
            for name in (*unit.names, *([unit.code] if unit.code else ())):
                self._by_name.setdefault(fold(name), number)
                self._by_name.setdefault(_plain(name), number)
        self._cache: dict[tuple[str | None, str | None, str | None], int | None] = {}

    def find(self, table: _Table) -> int | None:
        key = (table.unit, table.department, table.folder)
        if key not in self._cache:
            self._cache[key] = self._find(*key)
        return self._cache[key]

    def _find(self, unit: str | None, department: str | None, folder: str | None) -> int | None:
        archive = folder.removesuffix(".zip") if folder else None
        for name in (unit, archive, department):
            if name and (found := self._exact(name)) is not None:
                return found
        return self._part(unit) if unit else None

    def _exact(self, name: str) -> int | None:
        folded = fold(name)
        for key in (folded, _plain(name), _CODE.sub("", folded)):
            if key in self._by_name:
                return self._by_name[key]
        match = re.match(r"[\[(]?(\w*\d)", folded)
        return self._by_name.get(match[1]) if match else None

    def _part(self, name: str) -> int | None:
        """Return the only unit one of whose names is a part of a name, or the other way round."""
        plain = _plain(name)
        hits = {
            number
            for known, number in self._by_name.items()
            if min(len(known), len(plain)) >= _SHORTEST_PART and (known.endswith(plain) or plain.endswith(known))
        }
        return hits.pop() if len(hits) == 1 else None

    def is_known(self, number: int, name: str, department: str | None) -> bool:
        known = {fold(one) for one in (*self._units[number].names, self._units[number].code)}
        # The roster may list departments: then their units bear other names by right.
        return fold(name) in known or (department is not None and fold(department) in known)

    def stranger(self, tables: Sequence[_Table]) -> Stranger:
        first = tables[0]
        name = first.unit or first.department or ""
        close = difflib.get_close_matches(_plain(name), list(self._by_name), 1, _SIMILAR) if name else []
        similar = self._units[self._by_name[close[0]]].name if close else ""
        return Stranger(name, first.path, len(tables), similar)


def _plain(name: str) -> str:
    return _PARTY.sub("", _CODE.sub("", fold(name)))


def _unit(unit: Unit, own: _Own, files: Sequence[tuple[str | None, str]]) -> UnitCoverage:
    projects = [table for table in own.tables if table.scope == "project"]
    matched = _match(unit.projects, projects)
    named = {table.table_id for table in matched.values()}
    extra = [table for table in projects if table.table_id not in named]
    due = len(unit.projects) or 1
    # Without a list of projects all of them count, each name once: two tables of one project are one project's money.
    counted = (
        list(matched.values()) if unit.projects else list({fold(t.project or t.path): t for t in projects}.values())
    )
    money = [table.money for table in counted if table.money is not None]
    submitted = tuple(dict.fromkeys(table.path for table in own.tables))
    has_form = any(table.scope == "department" for table in own.tables)
    return UnitCoverage(
        unit=unit,
        submitted=submitted,
        other_names=tuple(own.names),
        missing=tuple(project for number, project in enumerate(unit.projects) if number not in matched),
        covered=len(matched) if unit.projects else int(bool(projects)),
        due=due,
        covered_money=round(sum(money), 6) if money else None,
        due_money=unit.due_money,
        without_money=len(counted) - len(money),
        extra=tuple(dict.fromkeys(table.project or "（未填项目名称）" for table in extra)) if unit.projects else (),
        lacks_department_form=bool(unit.has_department_form and submitted and not has_form),
        missing_attachments=_missing_attachments(unit, own, files) if submitted else (),
    )


def _match(due: Sequence[DueProject], tables: Sequence[_Table]) -> Mapping[int, _Table]:
    """Return the table of each project due that has one; a table answers for one project."""
    free = {table.table_id: table for table in tables}
    matched: dict[int, _Table] = {}
    tests: tuple[Callable[[DueProject, _Table], bool], ...] = (_is_same_code, _is_same_name, _is_part)
    for test in tests:
        for number, project in enumerate(due):
            if number in matched:
                continue
            hits = [table for table in free.values() if test(project, table)]
            # Of two tables of one project, which STR-11 tells of, the first stands for it; parts must be unmistakable.
            if hits and (test is not _is_part or len(hits) == 1):
                matched[number] = free.pop(hits[0].table_id)
    return matched


def _is_same_code(project: DueProject, table: _Table) -> bool:
    return bool(project.code) and fold(project.code) == fold(table.project_code or "")


def _is_same_name(project: DueProject, table: _Table) -> bool:
    return fold(project.name) == fold(table.project or "")


def _is_part(project: DueProject, table: _Table) -> bool:
    one, other = fold(project.name), fold(table.project or "")
    return min(len(one), len(other)) >= _SHORTEST_PART and (one in other or other in one)


def _files(db: sqlite3.Connection) -> list[tuple[str | None, str]]:
    """Return (folder, path) of everything that may be an attachment."""
    query = "SELECT folder, path FROM inputs WHERE state <> 'passed_over' OR kind = ?"
    return [(folder, path) for folder, path in db.execute(query, (OTHER_FILE,))]


def _missing_attachments(unit: Unit, own: _Own, files: Iterable[tuple[str | None, str]]) -> tuple[str, ...]:
    folders = {table.folder for table in own.tables if table.folder is not None}
    names = [fold(name) for name in unit.names]
    texts = []
    for folder, path in files:
        text = fold(path.rpartition("/")[2])
        if folder in folders or any(name in text for name in names):
            texts.append(text)
    return tuple(word for word in unit.attachments if not any(fold(word) in text for text in texts))
