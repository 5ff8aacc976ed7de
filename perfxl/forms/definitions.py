"""Forms and their rubrics, read from folders of TOML files; a new province is a folder, not Python."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from perfxl.errors import DefinitionError
from perfxl.forms.data import templates_folder
from perfxl.forms.rubric import Rubric, read_rubric
from perfxl.forms.toml_file import Section

NATIONAL = "national-project-2020"
_SCOPES = ("project", "department")


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a table must show to be taken for a form; every condition must hold.

    Attributes:
        columns: Indicator columns that must be there.
        without_columns: Indicator columns that must not be there.
        budget_columns: Columns of the money table that must be there.
        title: Words of which the title must hold one; empty for no condition.
        not_title: Words that the title must not hold.
        level1: Words looked for in the level-1 labels.
        level1_at_least: How many of them must be found.
    """

    columns: tuple[str, ...] = ()
    without_columns: tuple[str, ...] = ()
    budget_columns: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    not_title: tuple[str, ...] = ()
    level1: tuple[str, ...] = ()
    level1_at_least: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A known form: how it is told from others, and its rubric."""

    id: str
    name: str
    scope: str
    source: str
    recognition: Recognition
    rubric: Rubric
    folder: Path


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms of a run, by id, in the order in which they are tried."""

    by_id: Mapping[str, Form]

    def rubric(self, form_id: str | None) -> Rubric:
        """Return the rubric of a form; the national one where no form is known."""
        return self.by_id.get(form_id or NATIONAL, self.by_id[NATIONAL]).rubric

    @classmethod
    def load(cls, extra: Sequence[Path] = ()) -> Self:
        """Read the forms that come with perfxl, and those of further folders, which go first.

        Raises:
            DefinitionError: A file is missing or wrong, with its name and the key.
        """
        folders = [folder for root in [*extra, templates_folder()] for folder in _form_folders(root)]
        forms: dict[str, Form] = {}
        by_name = {folder.name: folder for folder in reversed(folders)}
        for folder in folders:
            form = _load_form(folder, by_name)
            forms.setdefault(form.id, form)
        return cls(forms)


@cache
def load_forms(extra: tuple[Path, ...] = ()) -> Forms:
    """Return the forms that come with perfxl and those of further folders and of `PERFXL_FORMS`; kept.

    Raises:
        DefinitionError: As `Forms.load`.
    """
    named = tuple(Path(part) for part in os.environ.get("PERFXL_FORMS", "").split(os.pathsep) if part)
    return Forms.load(extra + named)


def _form_folders(root: Path) -> list[Path]:
    if not root.is_dir():
        raise DefinitionError(str(root), "", "没有这个表样文件夹")
    if (root / "form.toml").is_file():
        return [root]
    return sorted(folder for folder in root.iterdir() if (folder / "form.toml").is_file() and folder.name[0] != "_")


def _load_form(folder: Path, by_name: Mapping[str, Path]) -> Form:
    file = Section.read(folder / "form.toml").only(("id", "name", "scope", "source", "recognise"))
    for key in ("id", "name"):
        if not file.text(key):
            raise file.wrong(key, "必须填写文字")
    if file.text("id") != folder.name:
        raise file.wrong("id", f"应与文件夹同名：{folder.name}")
    return Form(
        id=folder.name,
        name=file.text("name"),
        scope=file.choice("scope", _SCOPES, "project"),
        source=file.text("source"),
        recognition=_recognition(file.section("recognise")),
        rubric=_rubric(folder, by_name),
        folder=folder,
    )


def _recognition(section: Section) -> Recognition:
    words = ("columns", "without_columns", "budget_columns", "title", "not_title", "level1")
    section.only((*words, "level1_at_least"))
    return Recognition(
        level1_at_least=int(section.number("level1_at_least", 0)), **{key: section.words(key) for key in words}
    )


def _rubric(folder: Path, by_name: Mapping[str, Path], below: tuple[str, ...] = ()) -> Rubric:
    """Return the rubric of a folder laid over the one that it extends."""
    file = Section.read(folder / "rubric.toml")
    parent = file.text("extends")
    if not parent:
        return read_rubric(file, Rubric())
    if parent in (*below, folder.name):
        raise file.wrong("extends", f"循环引用：{' → '.join((*below, folder.name, parent))}")
    if parent not in by_name:
        raise file.wrong("extends", f"没有名为 {parent} 的表样")
    return read_rubric(file, _rubric(by_name[parent], by_name, (*below, folder.name)))
