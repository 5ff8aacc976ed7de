"""The checks, one module a topic; importing this package registers them all."""

from perfxl.checks import (
    across,
    budget,
    budget_use,
    cell_content,
    changes,
    form_shape,
    indicators,
    not_applicable,
    plausibility,
    structure,
    targets,
    units,
    weights,
    wording,
)

__all__ = [
    "across",
    "budget",
    "budget_use",
    "cell_content",
    "changes",
    "form_shape",
    "indicators",
    "not_applicable",
    "plausibility",
    "structure",
    "targets",
    "units",
    "weights",
    "wording",
]
