"""A user's own settings, `perfxl.toml`: severities, tolerances, checks switched off, findings waived, limits."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from perfxl.forms.definitions import Forms
from perfxl.forms.rubric import Rubric, read_rubric
from perfxl.forms.toml_file import Section, suggestion
from perfxl.model.limits import Limits

FILE_NAME = "perfxl.toml"
_SEVERITIES = ("error", "warning", "info")


class Settable(Protocol):
    """What a check may be set to."""

    @property
    def settings(self) -> tuple[str, ...]:
        """Return the keys of `[checks.<code>]`."""


# The keys of [limits]: which limit each sets, and what it counts in.
LIMITS: Mapping[str, tuple[str, int]] = {
    "file_mb": ("file_size", 2**20),
    "parts": ("entries", 1),
    "part_mb": ("part_size", 2**20),
    "total_mb": ("total_size", 2**20),
    "ratio": ("ratio", 1),
    "cells": ("cells", 1),
    "seconds": ("seconds", 1),
    "memory_mb": ("memory", 2**20),
}


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that a reviewer has accepted, with the reason.

    Attributes:
        code: Of the check.
        reason: Why it is accepted.
        table: 项目名称, 单位名称 or the sheet's name; "" for every table.
        row: The indicator's name, or that of the line of money; "" for every row.
        until: The last day on which it holds; None for ever.
    """

    code: str
    reason: str
    table: str = ""
    row: str = ""
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user's file says; without a file nothing.

    Attributes:
        file: The file as messages name it, "" for none.
        tolerance: As in a rubric.
        checks: By code, as in a rubric.
        waivers: In the order of the file.
        limits: Beyond which a file is not read.
    """

    file: str = ""
    tolerance: Mapping[str, Any] = field(default_factory=dict)
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    limits: Limits = field(default_factory=Limits)


def find_settings(path: Path) -> Path | None:
    """Return the nearest `perfxl.toml` in the folder of an input, or above it; None where there is none."""
    return _in_or_above(path.absolute().parent)


@lru_cache(maxsize=1024)
def _in_or_above(folder: Path) -> Path | None:
    for place in (folder, *folder.parents):
        if (place / FILE_NAME).is_file():
            return place / FILE_NAME
    return None


def load_settings(path: Path, checks: Mapping[str, Settable]) -> Settings:
    """Read a settings file.

    Args:
        path: The file.
        checks: The checks that there are, by code.

    Raises:
        DefinitionError: A key is unknown or wrong, with the file and the key.
    """
    file = Section.read(path).only(("tolerance", "checks", "waive", "limits"))
    own = file.section("checks")
    refuse_wrong_checks(own, checks)
    settings = Settings(
        file=file.file,
        tolerance=file.section("tolerance").data,
        checks=own.data,
        waivers=tuple(_waiver(entry, checks) for entry in file.sections("waive")),
        limits=_limits(file.section("limits")),
    )
    # What a rubric may not say is refused here, before any form is looked at.
    _laid_over(Rubric(), settings)
    return settings


def refuse_wrong_checks(section: Section, checks: Mapping[str, Settable]) -> None:
    """Refuse settings of checks that are unknown or cannot be.

    Args:
        section: `[checks]` of a file, a table a code.
        checks: The checks that there are, by code.

    Raises:
        DefinitionError: A code, a key or a value is wrong.
    """
    for code in section.data:
        if code not in checks:
            raise section.wrong(code, "没有这个问题编号" + suggestion(code, sorted(checks)))
        own = section.section(code).only(checks[code].settings)
        own.flag("enabled", True)
        own.choice("severity", _SEVERITIES, _SEVERITIES[0])
        for key in own.data:
            if key not in ("enabled", "severity"):
                own.number(key, 0.0)


def refuse_wrong_forms(forms: Forms, checks: Mapping[str, Settable]) -> None:
    """Refuse forms whose rubrics set checks that are unknown, or to what they cannot be.

    Raises:
        DefinitionError: With the form's file and the key.
    """
    for form in forms.by_id.values():
        refuse_wrong_checks(Section(f"{form.folder.name}/rubric.toml", "checks", form.rubric.checks), checks)


def with_settings(forms: Forms, settings: Settings) -> Forms:
    """Return the forms with a user's tolerances and settings of checks laid over each rubric."""
    if not settings.tolerance and not settings.checks:
        return forms
    return Forms({
        name: replace(form, rubric=_laid_over(form.rubric, settings)) for name, form in forms.by_id.items()
    })  # fmt: skip


def _limits(section: Section) -> Limits:
    found: dict[str, Any] = {}
    for key in section.only(tuple(LIMITS)).data:
        name, unit = LIMITS[key]
        number = section.number(key, 0)
        if not 0 < number < 2**40:
            raise section.wrong(key, "应为大于 0 的数")
        found[name] = number if name == "seconds" else max(1, int(number * unit))
    return Limits(**found)


def _laid_over(rubric: Rubric, settings: Settings) -> Rubric:
    checks = {code: {**rubric.checks.get(code, {}), **own} for code, own in settings.checks.items()}
    data = {"tolerance": settings.tolerance, "checks": {**rubric.checks, **checks}}
    return replace(read_rubric(Section(settings.file, "", data), rubric), weights=rubric.weights)


def _waiver(entry: Section, codes: Collection[str]) -> Waiver:
    entry.only(("code", "table", "row", "reason", "until"))
    code, reason, until = entry.text("code"), entry.text("reason").strip(), entry.data.get("until")
    if code not in codes:
        raise entry.wrong("code", f"没有问题编号“{code}”" + suggestion(code, sorted(codes)))
    if not reason:
        raise entry.wrong("reason", "请写明豁免的理由")
    if until is not None and (not isinstance(until, datetime.date) or isinstance(until, datetime.datetime)):
        raise entry.wrong("until", "应为日期，如 2026-12-31（不加引号）")
    return Waiver(code, reason, entry.text("table"), entry.text("row"), until)
