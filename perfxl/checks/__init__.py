"""The checks, one module a family; importing this package registers them all."""

from perfxl.checks import across, budget, changes, indicators, not_applicable, structure, units, weights

__all__ = ["across", "budget", "changes", "indicators", "not_applicable", "structure", "units", "weights"]
