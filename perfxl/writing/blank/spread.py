"""Cells of a row laid over the columns of a table, and the height that their texts need."""

from collections.abc import Sequence
from itertools import combinations, pairwise
from math import log

_LINE = 15.0


def spread(widths: Sequence[float], shares: Sequence[float]) -> list[tuple[int, int]]:
    """Return the first and last column (from 0) of cells that share columns of given widths as near as can be.

    Args:
        widths: Of the columns; at least as many as there are cells.
        shares: How wide the cells would like to be, in any unit. Half of what is wished is as bad as twice of it.
    """
    scale = sum(widths) / sum(shares)

    def misfit(edges: tuple[int, ...]) -> float:
        found = (sum(widths[start:end]) for start, end in pairwise(edges))
        return sum(log(width / (share * scale)) ** 2 for width, share in zip(found, shares, strict=True))

    inner = combinations(range(1, len(widths)), len(shares) - 1)
    best = min(((0, *edges, len(widths)) for edges in inner), key=misfit)
    return [(start, end - 1) for start, end in pairwise(best)]


def height_of(text: str, width: float) -> float:
    """Return the height of a row whose text is wrapped in a width, a Chinese character being two digits wide."""
    lines = 0
    for line in text.split("\n"):
        size = sum(1 if char.isascii() else 2 for char in line)
        lines += max(1, -(-size // max(int(width) - 1, 2)))
    return lines * _LINE + 9
