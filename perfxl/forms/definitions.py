"""Forms and their rubrics, read from folders of TOML files; a new province is a folder, not Python."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Self

from perfxl.errors import DefinitionError
from perfxl.forms.data import templates_folder
from perfxl.forms.lexicon import OWN_SECTIONS, Lexicon, OwnWords, load_lexicon
from perfxl.forms.rubric import Rubric, read_rubric
from perfxl.forms.template import Template, check_template, read_template
from perfxl.forms.toml_file import Section, suggestion
from perfxl.text import fold, without_brackets

NATIONAL = "national-project-2020"
_SCOPES = ("project", "department")
# Texts of conditions are compared folded, as those of tables are; headings also without brackets.
_TEXTS: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(("title", "place", "not_title", "level1", "not_level1"), fold),
    "headings": lambda text: without_brackets(fold(text)),
}
# Columns that reading makes out of others: a weight beside each level, a class left of level 1.
_DERIVED = ("level1_weight", "level2_weight", "category")
_KEYS = ("id", "name", "scope", "source", "version", "extends", "prescribed", "recognise", "template", *OWN_SECTIONS)


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a table must show to be taken for a form; every condition must hold.

    Attributes:
        columns: Fields of which it must have an indicator column.
        without_columns: Fields of which it must have none.
        budget_columns: Fields of which the money table must have a column.
        without_budget_columns: Fields of which the money table must have none.
        headings: Headings that it must have, as printed, brackets and white space aside.
        header: Labels that the header must have, as the lexicon calls them.
        title: Words of which the title must hold one; empty for no condition.
        place: Words of which the title or a unit's name must hold one: 江西省.
        not_title: Words that the title must not hold.
        level1: Words looked for in the level-1 labels.
        level1_at_least: How many of them must be found.
        not_level1: Words that no level-1 label may hold.
    """

    columns: tuple[str, ...] = ()
    without_columns: tuple[str, ...] = ()
    budget_columns: tuple[str, ...] = ()
    without_budget_columns: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    not_title: tuple[str, ...] = ()
    level1: tuple[str, ...] = ()
    level1_at_least: int = 0
    not_level1: tuple[str, ...] = ()

    @property
    def has_layout(self) -> bool:
        """Whether it asks for anything of the table itself; a title or a place alone tells no form."""
        return bool(self.columns or self.budget_columns or self.headings or self.header or self.level1)


@dataclass(frozen=True, slots=True)
class Form:
    """A known form: how it is told from others, the words it adds, and its rubric.

    Attributes:
        id: Name of its folder.
        name: What users call it.
        scope: `project` or `department`.
        source: Where the form is from.
        recognition: How it is told from others.
        rubric: How it is scored.
        folder: Where it is defined.
        parents: The forms that form.toml and rubric.toml extend, nearest first, each once.
        words: Headings and labels that the lexicon does not have; None for none.
        prescribed: Indicator columns that the form must have, in their order; empty where nothing is prescribed.
            It is never inherited.
        version: Of the form as it is printed, from 1; blanks made before keep the number that they were made with.
        template: What its blank looks like; None where no file says so.
    """

    id: str
    name: str
    scope: str
    source: str
    recognition: Recognition
    rubric: Rubric
    folder: Path
    parents: tuple[str, ...] = ()
    words: OwnWords | None = None
    prescribed: tuple[str, ...] = ()
    version: int = 1
    template: Template | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """All forms of a run, by id, in the order in which they are tried."""

    by_id: Mapping[str, Form]

    @property
    def lexicon(self) -> Lexicon:
        """The lexicon with the words that the forms add.

        Raises:
            DefinitionError: A form's word is another field's already.
        """
        return load_lexicon(None, tuple(form.words for form in self.by_id.values() if form.words is not None))

    def rubric(self, form_id: str | None) -> Rubric:
        """Return the rubric of a form; the national one where no form is known."""
        return self.by_id.get(form_id or NATIONAL, self.by_id[NATIONAL]).rubric

    @classmethod
    def load(cls, extra: Sequence[Path] = ()) -> Self:
        """Read the forms that come with perfxl, and those of further folders, which go first.

        Raises:
            DefinitionError: A file is missing or wrong, with its name and the key.
        """
        folders = [folder for root in [*extra, templates_folder()] for folder in form_folders(root)]
        by_name = {folder.name: folder for folder in reversed(folders)}
        loaded = cls(
            {folder.name: _load_form(folder, by_name) for folder in dict.fromkeys(by_name[f.name] for f in folders)}
        )
        # A word that clashes is refused here, not when the first table is read; forms that others extend go first,
        # so that a fault is told of the file that has it.
        lexicon = loaded.lexicon
        for form in sorted(loaded.by_id.values(), key=lambda form: len(form.parents)):
            _check_fields(form, lexicon)
            if form.template is not None:
                check_template(Section.read(form.folder / "form.toml").section("template"), form.template, lexicon)
        return loaded


def load_forms(extra: tuple[Path, ...] = ()) -> Forms:
    """Return the forms that come with perfxl and those of further folders and of `PERFXL_FORMS`; kept.

    Raises:
        DefinitionError: As `Forms.load`.
    """
    return _load_forms(extra + tuple(folder for folder in named_folders() if folder not in extra))


def named_folders() -> tuple[Path, ...]:
    """Return the folders of forms that the environment variable `PERFXL_FORMS` names, as they are found from here."""
    return tuple(Path(part).absolute() for part in os.environ.get("PERFXL_FORMS", "").split(os.pathsep) if part)


@cache
def _load_forms(extra: tuple[Path, ...]) -> Forms:
    return Forms.load(extra)


def form_folders(root: Path) -> list[Path]:
    """Return the folders of forms in a folder, or the folder itself; names that begin with `_` are drafts.

    Raises:
        DefinitionError: There is no such folder, or no form in it.
    """
    if not root.is_dir():
        raise DefinitionError(str(root), "", "没有这个表样文件夹")
    if (root / "form.toml").is_file():
        return [root]
    found = sorted(one for one in root.iterdir() if (one / "form.toml").is_file() and not one.name.startswith("_"))
    if not found:
        raise DefinitionError(str(root), "", "其中没有表样：每个表样是一个文件夹，内有 form.toml 和 rubric.toml")
    return found


def _load_form(folder: Path, by_name: Mapping[str, Path]) -> Form:
    """Read a form and what it extends; what a file does not state is the parent's."""
    files = _with_parents(folder, "form.toml", by_name)
    rubrics = _with_parents(folder, "rubric.toml", by_name)
    file = files[0]
    for key in ("id", "name"):
        if not file.text(key):
            raise file.wrong(key, "必须填写文字")
    if file.text("id") != folder.name:
        raise file.wrong("id", f"应与文件夹同名：{folder.name}")
    recognition, rubric, scope = Recognition(), Rubric(), _SCOPES[0]
    for each in reversed(files):
        each.only(_KEYS)
        recognition = _recognition(each.section("recognise"), recognition)
        scope = each.choice("scope", _SCOPES, scope)
    for each in reversed(rubrics):
        rubric = read_rubric(each, rubric)
    parents = [section.file.partition("/")[0] for section in (*files[1:], *rubrics[1:])]
    return Form(
        id=folder.name,
        name=file.text("name"),
        scope=scope,
        source=file.text("source"),
        recognition=recognition,
        rubric=rubric,
        folder=folder,
        parents=tuple(dict.fromkeys(parents)),
        words=_own_words(file),
        prescribed=file.words("prescribed"),
        version=_version(file),
        template=_template(folder, by_name),
    )


def _version(file: Section) -> int:
    number = file.number("version", 1)
    if number != int(number) or number < 1:
        raise file.wrong("version", "应为从 1 开始的整数")
    return int(number)


def _template(folder: Path, by_name: Mapping[str, Path]) -> Template | None:
    """Return a form's template; it may extend that of another form than the one that its conditions extend."""
    chain: list[Section] = []
    names = [folder.name]
    while True:
        file = Section.read(by_name.get(names[-1], folder) / "form.toml")
        own = file.section("template")
        if own.data:
            chain.append(own)
        parent = own.text("extends") or file.text("extends")
        if not parent:
            break
        if parent in names:
            raise own.wrong("extends", f"循环引用：{' → '.join((*names, parent))}")
        if parent not in by_name:
            raise own.wrong("extends", f"没有名为 {parent} 的表样" + suggestion(parent, sorted(by_name)))
        names.append(parent)
    template = Template()
    for section in reversed(chain):
        template = read_template(section, template)
    return template if chain else None


def _with_parents(folder: Path, name: str, by_name: Mapping[str, Path]) -> list[Section]:
    """Return a file of a form, the one that it extends, and so on."""
    chain = [Section.read(folder / name)]
    seen = [folder.name]
    while parent := chain[-1].text("extends"):
        file = chain[-1]
        if parent in seen:
            raise file.wrong("extends", f"循环引用：{' → '.join((*seen, parent))}")
        if parent not in by_name:
            raise file.wrong("extends", f"没有名为 {parent} 的表样" + suggestion(parent, sorted(by_name)))
        seen.append(parent)
        chain.append(Section.read(by_name[parent] / name))
    return chain


def _recognition(section: Section, base: Recognition) -> Recognition:
    lists = [item.name for item in fields(Recognition) if item.name != "level1_at_least"]
    section.only((*lists, "level1_at_least"))
    stated = {key: tuple(map(_TEXTS.get(key, str), section.words(key, getattr(base, key)))) for key in lists}
    most = len(stated["level1"])
    least = section.number("level1_at_least", base.level1_at_least or min(1, most))
    if least != int(least) or not min(1, most) <= least <= most:
        allowed = f"应为 1 至 {most} 的整数：level1 有 {most} 个词" if most else "没有写 level1"
        raise section.wrong("level1_at_least", allowed)
    return Recognition(level1_at_least=int(least), **stated)


def _check_fields(form: Form, lexicon: Lexicon) -> None:
    """Refuse conditions that no table or every table could meet."""
    file, wanted = f"{form.folder.name}/form.toml", form.recognition
    columns = (*lexicon.fields("columns"), *_DERIVED)
    money, labels = lexicon.fields("budget_columns"), lexicon.fields("header")
    for name in form.prescribed:
        if name not in columns:
            raise DefinitionError(file, "prescribed", f"没有“{name}”这个字段" + suggestion(name, columns))
    for key, names, known in (
        ("columns", wanted.columns, columns),
        ("without_columns", wanted.without_columns, columns),
        ("budget_columns", wanted.budget_columns, money),
        ("without_budget_columns", wanted.without_budget_columns, money),
        ("header", wanted.header, labels),
    ):
        for name in names:
            if name not in known:
                raise DefinitionError(file, f"recognise.{key}", f"没有“{name}”这个字段" + suggestion(name, known))
    if not wanted.has_layout:
        needed = "columns、budget_columns、headings、header、level1"
        raise DefinitionError(file, "recognise", f"{needed} 至少写一项：只凭标题或地名认不出表样")


def _own_words(file: Section) -> OwnWords | None:
    data = {name: file.section(name).data for name in OWN_SECTIONS if name in file.data}
    return OwnWords(file.file, data) if data else None
