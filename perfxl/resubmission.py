"""A submission held against an earlier one: what was fixed, what remains, what is new, what was changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from perfxl.checks.changes import changes
from perfxl.model.columns import records
from perfxl.model.finding import Finding
from perfxl.model.frames import Scored
from perfxl.text import fold, plain_label
from perfxl.writing.document import Document
from perfxl.writing.own_sheets import Reply

NEW, REMAINING = "new", "remaining"
# Which table of the earlier submission, which check, which row, which value.
_Key = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Earlier:
    """An earlier submission, reviewed.

    Attributes:
        document: Of the workbook.
        table_ids: Its tables, in the order of the document.
        scored: The frames that hold them.
        replies: What was answered in its issue sheet, by code and place.
    """

    document: Document
    table_ids: Sequence[int]
    scored: Scored
    replies: Mapping[tuple[str, str], Reply] = field(default_factory=dict)


def changed_targets(
    earlier: Earlier, tables: Sequence[Document], table_ids: Sequence[int], scored: Scored
) -> list[Finding]:
    """Return a finding for every target, weight and indicator that the earlier submission had otherwise.

    A table that the earlier one did not have is not compared.
    """
    found = []
    for number, before in _pairs(tables, earlier.document["tables"]).items():
        rows, old = (
            records(frames.indicators[frames.indicators["table_id"] == table_id])
            for frames, table_id in ((scored, table_ids[number]), (earlier.scored, earlier.table_ids[before]))
        )
        found += changes(table_ids[number], rows, old)
    return found


def compare(document: Document, earlier: Earlier) -> None:
    """Say in a document what became of the earlier findings.

    Each finding gets `since`, `new` or `remaining`, and the `reply` and `opinion` written beside it in the earlier
    copy; the document gets `against`: path, how many are `new` and `remaining`, and those that are `fixed`.
    """
    pairs = _pairs(document["tables"], earlier.document["tables"])
    old = _keyed(earlier.document, {number: number for number in range(len(earlier.document["tables"]))})
    unmatched = Counter(key for key, _ in old)
    answers = {key: earlier.replies.get((item["code"], item["cell"] or "")) for key, item in reversed(old)}
    for key, item in _keyed(document, pairs):
        item["since"] = REMAINING if unmatched[key] > 0 else NEW
        unmatched[key] -= unmatched[key] > 0
        reply = answers.get(key) if item["since"] == REMAINING else None
        item["reply"], item["opinion"] = (reply.unit or None, reply.reviewer or None) if reply else (None, None)
    fixed = []
    for key, item in old:
        if unmatched[key] > 0:
            unmatched[key] -= 1
            fixed.append(item)
    since = Counter(item["since"] for _, item in _keyed(document, pairs))
    document["against"] = {
        "path": earlier.document["input"]["path"],
        "sha256": earlier.document["input"]["sha256"],
        "new": since[NEW],
        "remaining": since[REMAINING],
        "fixed": fixed,
    }


def _pairs(tables: Sequence[Document], old: Sequence[Document]) -> dict[int, int]:
    """Return which earlier table each table is: that of its project or unit, else of its sheet, else the only one."""
    pairs: dict[int, int] = {}
    for names in (_names, _sheets):
        free = {
            name: number for number, table in enumerate(old) if number not in pairs.values() for name in names(table)
        }
        for number, table in enumerate(tables):
            hit = next((free[name] for name in names(table) if name in free), None)
            if number not in pairs and hit is not None and hit not in pairs.values():
                pairs[number] = hit
    return pairs or ({0: 0} if len(tables) == len(old) == 1 else {})


def _names(table: Document) -> list[str]:
    return [fold(name) for label in ("项目名称", "单位名称") if (name := table["header"].get(label))]


def _sheets(table: Document) -> list[str]:
    return [fold(table["sheet"])]


def _keyed(document: Document, pairs: Mapping[int, int]) -> list[tuple[_Key, dict[str, Any]]]:
    """Return the findings with what tells each from the others, rows by their names since rows move."""
    keyed = [((-1, item["code"], "", item["message"]), item) for item in document["findings"]]
    for number, table in enumerate(document["tables"]):
        places = _places(table)
        for item in table["findings"]:
            row, value = places.get(item["cell"], ("", item["cell"] or item["message"]))
            keyed.append(((pairs.get(number, -2 - number), item["code"], row, value), item))
    return keyed


def _places(table: Document) -> dict[str, tuple[str, str]]:
    """Return what stands in each cell of a table: whose row, and which value."""
    places: dict[str, tuple[str, str]] = {}
    for row in table["indicators"]:
        name = row.get("level4") or row["level3"] or row["level2"] or row["level1"] or ""
        own = fold(plain_label(name))
        for key, cell in row["cells"].items():
            # The label of a class is one cell for all its rows.
            label = fold(plain_label(row[key] or "")) if key in ("level1", "level2") else own
            places.setdefault(cell, (label, key))
    for row in table["budget"]:
        places |= {cell: (fold(row["name"] or ""), key) for key, cell in row["cells"].items()}
    places |= {cell: ("", f"total.{key}") for key, cell in table["total"]["cells"].items()}
    places |= {cell: ("", f"header.{label}") for label, cell in table["header_cells"].items()}
    return places
