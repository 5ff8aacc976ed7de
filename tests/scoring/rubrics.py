"""Rubrics of the tests, written as the files that users write."""

import tomllib
from dataclasses import fields
from typing import Any

from perfxl.forms.definitions import NATIONAL, load_forms
from perfxl.forms.rubric import Rubric, read_rubric
from perfxl.forms.toml_file import Section


def rubric(text: str, base: Rubric | None = None) -> Rubric:
    """Return the rubric that a file of this text states, by default laid over the national one."""
    section = Section("jiangxi/rubric.toml", "", tomllib.loads(text))
    return read_rubric(section, base or load_forms().by_id[NATIONAL].rubric)


def values(text: str) -> dict[str, Any]:
    """Return its values by attribute, as a drawing takes them."""
    made = rubric(text)
    return {field.name: getattr(made, field.name) for field in fields(Rubric)}
