"""Forms and their rubrics, read from folders of TOML files; a new province is a folder, not Python."""

import difflib
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from perfxl.errors import DefinitionError
from perfxl.forms.data import templates_folder

NATIONAL = "national-project-2020"
ReverseRule = Literal["linear_excess", "inverse_ratio", "all_or_nothing"]
REVERSE_RULES = ("linear_excess", "inverse_ratio", "all_or_nothing")
EXECUTION_RULES = ("linear", "stepped")


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
class ExpectedWeight:
    """A weight that the rubric's source fixes for a level-1 class or a level-3 indicator."""

    weight: float
    level1: str = ""
    level3: str = ""


@dataclass(frozen=True, slots=True)
class Rubric:
    """The numbers that a form is scored by; each is explained in the national rubric file.

    Attributes:
        total: Full marks of the table.
        execution_scored: Whether the money table's execution ratio earns points.
        execution_rule: Name of the rule that turns the ratio into points: `linear` or `stepped`.
        execution_steps: (lowest ratio, share of the points) of the rule `stepped`.
        denominator: Budget columns in the order in which they serve as denominator.
        execution_weight: Points that the form gives to execution, None where the form leaves them open.
        reverse: Rule for cost-like indicators above their target.
        also_accepted: Reverse rules whose result a filled score may have instead.
        over_achievement: Completion rate from which a reason is asked for.
        bands: Share of the weight (lower, upper) of the tiers met, partly met, not met; each holds its lower
            end, only the first its upper end.
        grades: (lowest total, grade), highest first.
        score_tolerance: Points by which a single score may differ.
        sum_tolerance_per_row: Points a row by which a sum may differ.
        sum_tolerance_at_most: The most points by which a sum may differ.
        ratio_tolerance: Fraction by which a ratio may differ.
        money_tolerance: Amount in the table's unit by which a sum of money may differ.
        weights: Weights that the form fixes.
        checks: Settings of single checks by code.
        source: Where the rules are from.
    """

    total: float = 100.0
    execution_scored: bool = True
    execution_rule: str = "linear"
    execution_steps: tuple[tuple[float, float], ...] = ()
    denominator: tuple[str, ...] = ("adjusted", "initial")
    execution_weight: float | None = None
    reverse: str = "linear_excess"
    also_accepted: tuple[str, ...] = ()
    over_achievement: float = 1.3
    bands: tuple[tuple[float, float], ...] = ((0.8, 1.0), (0.6, 0.8), (0.0, 0.6))
    grades: tuple[tuple[float, str], ...] = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
    score_tolerance: float = 0.01
    sum_tolerance_per_row: float = 0.01
    sum_tolerance_at_most: float = 0.05
    ratio_tolerance: float = 0.0001
    money_tolerance: float = 0.01
    weights: tuple[ExpectedWeight, ...] = ()
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    source: str = ""


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
    file = f"{folder.name}/form.toml"
    data = _read(folder / "form.toml", file)
    known = ("id", "name", "scope", "source", "recognise")
    _known(file, "", data, known)
    for key in ("id", "name"):
        if not isinstance(data.get(key), str) or not data[key]:
            raise DefinitionError(file, key, "必须填写文字")
    if data["id"] != folder.name:
        raise DefinitionError(file, "id", f"应与文件夹同名：{folder.name}")
    scope = data.get("scope", "project")
    if scope not in ("project", "department"):
        raise DefinitionError(file, "scope", "应为 project（项目）或 department（部门整体）")
    return Form(
        id=data["id"],
        name=data["name"],
        scope=scope,
        source=str(data.get("source", "")),
        recognition=_recognition(file, data.get("recognise", {})),
        rubric=_rubric(folder, by_name),
        folder=folder,
    )


def _recognition(file: str, data: Mapping[str, Any]) -> Recognition:
    known = {item.name: item for item in fields(Recognition)}
    _known(file, "recognise", data, tuple(known))
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key == "level1_at_least":
            values[key] = int(_number(file, f"recognise.{key}", value))
        elif isinstance(value, list) and all(isinstance(word, str) for word in value):
            values[key] = tuple(value)
        else:
            raise DefinitionError(file, f"recognise.{key}", '应为文字的列表，如 ["target", "actual"]')
    return Recognition(**values)


def _rubric(folder: Path, by_name: Mapping[str, Path], below: tuple[str, ...] = ()) -> Rubric:
    """Return the rubric of a folder laid over the one that it extends."""
    file = f"{folder.name}/rubric.toml"
    data = dict(_read(folder / "rubric.toml", file))
    parent = data.pop("extends", None)
    base = Rubric()
    if parent is not None:
        if parent in below or parent == folder.name:
            raise DefinitionError(file, "extends", f"循环引用：{' → '.join((*below, folder.name, parent))}")
        if parent not in by_name:
            raise DefinitionError(file, "extends", f"没有名为 {parent} 的表样")
        base = _rubric(by_name[parent], by_name, (*below, folder.name))
    values = {item.name: getattr(base, item.name) for item in fields(Rubric)} | {"weights": ()}
    return Rubric(**(values | _rubric_values(file, data)))


def _rubric_values(file: str, data: Mapping[str, Any]) -> dict[str, Any]:
    _known(file, "", data, ("total", "source", "execution", "quantitative", "qualitative", "grades", "tolerance",
                            "weights", "checks"))  # fmt: skip
    values: dict[str, Any] = {}
    if "source" in data:
        values["source"] = str(data["source"])
    if "total" in data:
        values["total"] = _number(file, "total", data["total"])
    numbers = {
        "quantitative.over_achievement": "over_achievement",
        "execution.expected_weight": "execution_weight",
        "tolerance.score": "score_tolerance",
        "tolerance.sum_per_row": "sum_tolerance_per_row",
        "tolerance.sum_at_most": "sum_tolerance_at_most",
        "tolerance.ratio": "ratio_tolerance",
        "tolerance.money": "money_tolerance",
    }
    names = {
        "execution.rule": ("execution_rule", EXECUTION_RULES),
        "quantitative.reverse": ("reverse", REVERSE_RULES),
        "quantitative.also_accepted": ("also_accepted", REVERSE_RULES),
        "execution.denominator": ("denominator", ("adjusted", "initial")),
    }
    for section in ("execution", "quantitative", "qualitative", "tolerance"):
        for key, value in data.get(section, {}).items():
            path = f"{section}.{key}"
            if path in numbers:
                values[numbers[path]] = _number(file, path, value)
            elif path in names:
                target, allowed = names[path]
                _allowed(file, path, value, allowed)
                values[target] = tuple(value) if isinstance(value, list) else value
            elif path == "execution.scored" and isinstance(value, bool):
                values["execution_scored"] = value
            elif path == "qualitative.bands":
                values["bands"] = _bands(file, value)
            elif path == "execution.steps":
                values["execution_steps"] = _pairs(file, path, value, "[[1.0, 1.0], [0.8, 0.7], [0.6, 0.5]]")
            else:
                options = [*numbers, *names, "execution.scored", "execution.steps", "qualitative.bands"]
                raise DefinitionError(file, path, "未知的键" + _suggestion(path, options))
    if "grades" in data:
        pairs = [(_number(file, f"grades.{grade}", lowest), grade) for grade, lowest in data["grades"].items()]
        values["grades"] = tuple(sorted(pairs, reverse=True))
    if "weights" in data:
        values["weights"] = tuple(_expected_weight(file, entry) for entry in data["weights"])
    if "checks" in data:
        values["checks"] = data["checks"]
    return values


def _expected_weight(file: str, entry: Mapping[str, Any]) -> ExpectedWeight:
    _known(file, "weights", entry, ("level1", "level3", "weight"))
    if not entry.get("level1") and not entry.get("level3"):
        raise DefinitionError(file, "weights", "每条应写明 level1 或 level3")
    weight = _number(file, "weights.weight", entry.get("weight"))
    return ExpectedWeight(weight, str(entry.get("level1", "")), str(entry.get("level3", "")))


def _bands(file: str, value: Any) -> tuple[tuple[float, float], ...]:
    path, example = "qualitative.bands", "[[0.8, 1.0], [0.6, 0.8], [0.0, 0.6]]"
    bands = _pairs(file, path, value, example)
    if len(bands) != 3:
        raise DefinitionError(file, path, f"应为三档 [下限, 上限]，如 {example}")
    return bands


def _pairs(file: str, path: str, value: Any, example: str) -> tuple[tuple[float, float], ...]:
    if not isinstance(value, list) or not value or not all(isinstance(b, list) and len(b) == 2 for b in value):
        raise DefinitionError(file, path, f"应为成对的数，如 {example}")
    return tuple((_number(file, path, low), _number(file, path, high)) for low, high in value)


def _read(path: Path, file: str) -> dict[str, Any]:
    try:
        with path.open("rb") as opened:
            return tomllib.load(opened)
    except FileNotFoundError as error:
        raise DefinitionError(file, "", "缺少这个文件") from error
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(file, "", f"无法读取：{error}") from error


def _known(file: str, section: str, data: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in data:
        if key not in known:
            raise DefinitionError(file, f"{section}.{key}".strip("."), "未知的键" + _suggestion(key, known))


def _suggestion(key: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"，是否应为 {near[0]}？" if near else f"，可用的有：{'、'.join(known)}"


def _allowed(file: str, path: str, value: Any, allowed: Sequence[str]) -> None:
    for word in value if isinstance(value, list) else [value]:
        if word not in allowed:
            raise DefinitionError(file, path, f"不能为 {word!r}，可用的有：{'、'.join(allowed)}")


def _number(file: str, path: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DefinitionError(file, path, f"应为数字，现为 {value!r}")
    return float(value)
