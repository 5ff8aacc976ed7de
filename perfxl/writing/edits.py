"""The copy of a package while it is being made: which parts are changed, added and dropped."""

import html
import posixpath
import re
from collections.abc import Collection, Iterator
from zipfile import ZipInfo

from perfxl.model.package import Package
from perfxl.model.remembered import by_content
from perfxl.model.xml import (
    DOCUMENT_RELATIONSHIPS,
    MAIN,
    PACKAGE_RELATIONSHIPS,
    STRICT_MAIN,
    STRICT_RELATIONSHIPS,
    relationships_name,
    workbook_part,
)
from perfxl.writing import scan

CONTENT_TYPES_PART = "[Content_Types].xml"
SPREADSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"

_NO_RELATIONSHIPS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{PACKAGE_RELATIONSHIPS}"/>'
).encode()
_ID = re.compile(rb"""\sId\s*=\s*["']([^"']*)["']""")


class PartEdits:
    """Parts of a package with changes on top; part names without a leading slash, in any case.

    Attributes:
        package: The submission, never changed.
        workbook: Its workbook part.
        folder: The folder of that part, where new parts go; "" or with a slash at its end.
        notes: What the user should know about the copy, in Chinese.
        is_strict: It speaks the strict namespaces.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self.workbook = workbook_part(package)
        self.folder = posixpath.dirname(self.workbook) + "/" if "/" in self.workbook else ""
        self.notes: list[str] = []
        self._types: dict[str, str] = {}
        self._changed: dict[str, bytes] = {}
        self._plain: dict[str, bytes] = {}
        self._added: dict[str, str] = {}
        self._dropped: set[str] = set()
        self.is_strict = STRICT_MAIN.encode() in scan.root(self.read(self.workbook)).tag

    def __contains__(self, name: str) -> bool:
        key = name.lower()
        return key not in self._dropped and (key in self._added or name in self.package)

    @property
    def main(self) -> str:
        """The namespace of spreadsheet elements."""
        return STRICT_MAIN if self.is_strict else MAIN

    @property
    def document_relationships(self) -> str:
        """The namespace of relationship ids, and how relationship types begin."""
        return STRICT_RELATIONSHIPS if self.is_strict else DOCUMENT_RELATIONSHIPS

    def read(self, name: str) -> bytes:
        """Return a part as it stands now, fit for `scan`.

        Raises:
            InputError: As `Package.part`, and where the part is not XML.
        """
        key = name.lower()
        if key in self._changed:
            return self._changed[key]
        if key not in self._plain:
            self._plain[key] = scan.plain(self.package.part(name), name)
        return self._plain[key]

    def read_drawing(self, name: str) -> bytes:
        """Return a VML part as it stands now; it need not be valid XML."""
        key = name.lower()
        data = self._changed[key] if key in self._changed else self.package.part(name)
        return scan.plain(data, name) if b"\0" in data[:4] else data

    def put(self, name: str, data: bytes, content_type: str = "") -> None:
        """Change or add a part; a part that may be new needs its content type."""
        key = name.lower()
        if name not in self.package:
            self._added[key] = name
        if content_type:
            self._types[name] = content_type
        self._changed[key] = data
        self._dropped.discard(key)

    def drop(self, name: str) -> None:
        """Leave a part out, with its content type."""
        key = name.lower()
        self._dropped.add(key)
        self._changed.pop(key, None)
        self._added.pop(key, None)

    def kept(self) -> Iterator[tuple[ZipInfo, bytes | None]]:
        """Yield the parts of the submission that are not left out, with their new bytes where they are changed."""
        for key, entry in self.package.parts():
            if key not in self._dropped:
                yield entry, self._changed.get(key)

    def added(self) -> Iterator[tuple[str, bytes]]:
        """Yield the parts that the submission does not have."""
        for key, name in self._added.items():
            yield name, self._changed[key]

    def free_name(self, pattern: str) -> str:
        """Return the first part name of a pattern such as `xl/comments{}.xml` that is not taken."""
        count = 1
        while (name := pattern.replace("{}", str(count))) in self.package or name.lower() in self._added:
            count += 1
        return name

    def relate(self, source: str, kind: str, target: str) -> str:
        """Add a relationship from one part to another and return its id.

        The target is written from the package's root, which says the same whatever folder the source is in.
        """
        name = relationships_name(source)
        data = self.read(name) if name in self else _NO_RELATIONSHIPS
        data, identifier = _with_relationship(data, f"{self.document_relationships}/{kind}", target)
        self.put(name, data)
        return identifier

    def unrelate(self, source: str, identifiers: set[str]) -> None:
        """Take relationships away from a part."""
        name = relationships_name(source)
        data = self.read(name)
        wanted = {identifier.encode() for identifier in identifiers}
        self.put(
            name,
            scan.apply_edits(
                data,
                [
                    scan.Edit(element.start, element.end, b"")
                    for element in scan.find_all(data, "Relationship")
                    if scan.attribute(element.tag, "Id") in wanted
                ],
            ),
        )

    def declare(self) -> None:
        """Bring [Content_Types].xml up to date: new parts in, dropped parts out."""
        data = self.read(CONTENT_TYPES_PART)
        declared = _declared(data, tuple(self._types.items()), frozenset(self._dropped))
        if declared != data:
            self.put(CONTENT_TYPES_PART, declared)


@by_content
def _declared(data: bytes, types: tuple[tuple[str, str], ...], dropped: Collection[str]) -> bytes:
    """Return [Content_Types].xml with the types of parts and without dropped ones."""
    edits = []
    declared = set()
    for element in scan.find_all(data, "Override"):
        key = unescaped(scan.attribute(element.tag, "PartName")).lstrip("/").lower()
        declared.add(key)
        if key in dropped:
            edits.append(scan.Edit(element.start, element.end, b""))
    suffixes = {
        unescaped(scan.attribute(element.tag, "Extension")).lower(): unescaped(
            scan.attribute(element.tag, "ContentType")
        )
        for element in scan.find_all(data, "Default")
    }
    new = []
    for part, kind in types:
        suffix = part.rpartition(".")[2].lower()
        if part.lower() in declared or suffixes.get(suffix) == kind:
            continue
        if suffix == "vml" and suffix not in suffixes:
            suffixes[suffix] = kind
            new.append(f'<Default Extension="vml" ContentType="{kind}"/>')
        else:
            new.append(f'<Override PartName="/{_escaped(part)}" ContentType="{kind}"/>')
    if not edits and not new:
        return data
    data = scan.apply_edits(data, edits)
    return scan.append_child(data, scan.prefixed("".join(new).encode(), scan.root(data).prefix))


@by_content
def _with_relationship(data: bytes, type_: str, target: str) -> tuple[bytes, str]:
    """Return a part of relationships with one more, and its id."""
    taken = set(_ID.findall(data))
    count = len(taken) + 1
    while b"rId%d" % count in taken:
        count += 1
    relation = f'<Relationship Id="rId{count}" Type="{type_}" Target="/{_escaped(target)}"/>'
    return scan.append_child(data, scan.prefixed(relation.encode(), scan.root(data).prefix)), f"rId{count}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def unescaped(value: bytes | None) -> str:
    """Return an attribute's value as text; "" where it is absent."""
    return "" if value is None else html.unescape(value.decode("utf-8", "replace"))
