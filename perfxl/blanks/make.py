"""Blank templates as files: one, or one for every unit of a roster."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from perfxl.forms.definitions import Form, Forms
from perfxl.forms.units import look_up_unit
from perfxl.model.cells import a1
from perfxl.model.roster import DueProject, Roster, Unit
from perfxl.reading.amounts import unit_in_label
from perfxl.writing.blank.draw import Sheet, draw_blank, plan_of
from perfxl.writing.files import file_name
from perfxl.writing.texts import free_sheet_name

# Entries of an archive bear a date; a fixed one gives the same bytes each run.
_DATE = (2000, 1, 1, 0, 0, 0)
_OF_UNITS = ("单位名称", "实施单位")


@dataclass(frozen=True, slots=True)
class Blank:
    """A workbook to be written.

    Attributes:
        name: Of its file.
        data: Its bytes.
    """

    name: str
    data: bytes


def base_name(form: Form, year: int) -> str:
    """Return what files of a form's blanks are called: `2027年项目支出绩效自评表`."""
    assert form.template is not None
    title = form.template.title
    for part in ("{year}年度", "{year}年", "{year}"):
        title = title.replace(part, "")
    return f"{year}年{title}"


def one_blank(form: Form, forms: Forms, year: int) -> Blank:
    """Return the blank of a form."""
    return Blank(file_name(base_name(form, year), ".xlsx"), draw_blank(form, forms.lexicon, year))


def blanks_of(roster: Roster, form: Form, forms: Forms, year: int) -> Iterator[Blank]:
    """Yield one workbook a unit of a roster, with what the roster says of it filled in.

    A project form has a sheet for each project of the unit; names of files are made different from one another.
    """
    taken: set[str] = set()
    for unit in roster.units:
        stem = f"{base_name(form, year)}-{unit.name}"
        name, number = file_name(stem, ".xlsx"), 1
        while name.lower() in taken:
            number += 1
            name = file_name(f"{stem}({number})", ".xlsx")
        taken.add(name.lower())
        yield Blank(name, draw_blank(form, forms.lexicon, year, _sheets(unit, form, forms, year)))


def archive(blanks: Iterable[Blank]) -> bytes:
    """Return an archive with the workbooks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for blank in blanks:
            entry = zipfile.ZipInfo(blank.name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, blank.data)
    return out.getvalue()


def _sheets(unit: Unit, form: Form, forms: Forms, year: int) -> Sequence[Sheet]:
    assert form.template is not None
    plan = plan_of(form, forms.lexicon, year)
    names: list[str] = []
    sheets = []
    projects: Sequence[DueProject | None] = unit.projects if form.scope == "project" else ()
    for project in projects or (None,):
        filled: dict[str, str | float] = {}
        for label, place in plan.header.items():
            if label in _OF_UNITS:
                filled[a1(*place)] = f"{unit.code}-{unit.name}" if unit.code else unit.name
            elif label == "项目名称" and project is not None:
                filled[a1(*place)] = project.name
            elif label == "项目编码" and project is not None and project.code:
                filled[a1(*place)] = project.code
        budget = project.budget if project is not None else unit.due_money if form.scope == "department" else None
        if budget is not None and plan.money is not None:
            name = next(name for name in ("initial", "adjusted") if name in plan.money.columns)
            filled[a1(plan.money.total, plan.money.columns[name])] = _in_unit_of(form, budget)
        names.append(free_sheet_name(project.name if project is not None else form.template.sheet, names))
        sheets.append(Sheet(names[-1], filled))
    return sheets


def _in_unit_of(form: Form, budget: float) -> float:
    """Return an amount of a roster, which is in 万元, in the unit that the form's money table states."""
    assert form.template is not None
    unit = unit_in_label(form.template.money.label) or "万元"
    return round(budget * look_up_unit("万元").factor / look_up_unit(unit).factor, 6)
