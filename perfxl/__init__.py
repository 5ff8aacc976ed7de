"""Read filled budget-performance self-evaluation workbooks, score them, check them, hand them back annotated."""

from importlib import import_module
from typing import Any

from perfxl.errors import DefinitionError, InputError, OutputError, PerfxlError

__version__ = "0.1.0"

__all__ = [
    "DefinitionError",
    "InputError",
    "OutputError",
    "PerfxlError",
    "load_forms",
    "open_workbook",
    "review",
    "score_files",
]

# Imported when first used: pandas and lxml must not be loaded for `--version` and `--help`.
_HOMES = {
    "load_forms": "perfxl.forms.definitions",
    "open_workbook": "perfxl.reading.open_workbook",
    "review": "perfxl.pipeline",
    "score_files": "perfxl.session",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
