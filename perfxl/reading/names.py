"""Defined names that our templates give to their cells: what a cell stands for, whatever its text is by now.

A name only adds to what the words say. Where a cell's own words mean something, they count; and where most names of
headings stand on cells that say something else, none counts: another program has left them behind.
"""

import re
from collections import defaultdict
from collections.abc import Mapping

from lxml import etree

from perfxl.forms.lexicon import NOTHING, Lexicon, Word
from perfxl.model.cells import parse_a1
from perfxl.model.grid import Grid
from perfxl.model.stamp import PREFIX
from perfxl.model.xml import local_name

_MOST = 2000
# First letter of a name → the words of the lexicon that it stands for.
_SECTIONS = {"c": "columns", "m": "budget_columns", "l": "header", "s": "sections"}
# `'自评表'!$B$4` or `自评表!$B$4`; a quote within a quoted name is doubled.
_PLACE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!:]+))!(\$?[A-Z]{1,3}\$?\d{1,7})")


def names_by_sheet(root: etree._Element) -> dict[str, dict[tuple[int, int], str]]:
    """Return the cells that our names stand for: sheet → (row, column) → the name without its prefix.

    Args:
        root: Of the workbook part. Names of ranges, and names without a place (`#REF!`), are left out.
    """
    found: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
    elements = [name for group in root if local_name(group) == "definedNames" for name in group]
    for element in elements[:_MOST]:
        name = element.get("name", "")
        if not name.startswith(PREFIX):
            continue
        match = _PLACE.fullmatch((element.text or "").strip())
        if match is None:
            continue
        sheet = (match[1] or match[2]).replace("''", "'")
        try:
            place = parse_a1(match[3])
        except ValueError:
            continue
        found[sheet].setdefault(place, name.removeprefix(PREFIX))
    return dict(found)


def intact_names(grid: Grid, lexicon: Lexicon) -> Mapping[tuple[int, int], str]:
    """Return the names of a sheet's cells, or nothing where most of its headings are not where their names are."""
    headings = {place: name.removeprefix("c_") for place, name in grid.names.items() if name.startswith("c_")}
    agreeing = 0
    for place, field in headings.items():
        cell = grid.cells.get(place)
        word = lexicon.look_up(cell.text) if cell is not None and cell.kind == "text" else NOTHING
        agreeing += word.column == field or word.generic is not None
    return grid.names if 2 * agreeing > len(headings) else {}


def word_of(names: Mapping[tuple[int, int], str], place: tuple[int, int], lexicon: Lexicon) -> Word:
    """Return what the name of a cell says that its text stands for; NOTHING where it has no such name."""
    kind, _, rest = names.get(place, "").partition("_")
    if rest not in lexicon.fields(_SECTIONS.get(kind, "")):
        return NOTHING
    match kind:
        case "c":
            return Word(column=rest)
        case "m":
            return Word(budget_column=rest)
        case "l":
            return Word(header=rest)
    return Word(sections=frozenset({rest}))
