"""What a copy must not carry: a signature that no longer holds, and links that start other programs."""

import re

from perfxl.model.xml import Relationship, local_name, parse_part, parse_xml, relationships, relationships_name
from perfxl.writing import scan
from perfxl.writing.edits import PartEdits, unescaped
from perfxl.writing.words import DDE_DROPPED, SIGNATURE_DROPPED

_SIGNATURE_TYPE = b"/digital-signature/"
_MISSING_PATH = "http://schemas.microsoft.com/office/2006/relationships/xlExternalLinkPath/xlPathMissing"
_TEXT_IN_FORMULA = re.compile(rb"\"[^\"]*\"|&quot;.*?&quot;")


def drop_signature(edits: PartEdits) -> None:
    """Leave the digital signature out of a copy: any edit breaks it, and a broken one alarms the reader."""
    relations = relationships_name("")
    listed = edits.read(relations) if relations in edits else b""
    signed = {part for part, _ in edits.package.parts() if part.startswith("_xmlsignatures/")}
    if not signed and _SIGNATURE_TYPE not in listed:
        return
    identifiers = {
        unescaped(scan.attribute(element.tag, "Id"))
        for element in scan.find_all(listed, "Relationship")
        if _SIGNATURE_TYPE in (scan.attribute(element.tag, "Type") or b"")
    }
    for relation in relationships(edits.package, "").values():
        if relation.id in identifiers and not relation.external:
            signed |= {relation.target, relationships_name(relation.target)}
            signed |= {more.target for more in relationships(edits.package, relation.target).values()}
    if identifiers:
        edits.unrelate("", identifiers)
    for part in signed:
        edits.drop(part)
    if signed:
        edits.notes.append(SIGNATURE_DROPPED)


class DdeLinks:
    """The DDE links of a workbook and the formulas that use them."""

    def __init__(self, edits: PartEdits, relations: dict[str, Relationship]) -> None:
        """Find the links of a workbook, by their place in its list of outside references."""
        self._edits = edits
        self._relations = relations
        self._links: dict[int, Relationship] = {}
        self._count = 0
        self.is_found = False
        if any(relation.kind == "externalLink" for relation in relations.values()):
            self._find(relations)

    def _find(self, relations: dict[str, Relationship]) -> None:
        for element in parse_part(self._edits.package, self._edits.workbook):
            if local_name(element) != "externalReferences":
                continue
            for reference in element:
                self._count += 1
                identifier = next((value for key, value in reference.attrib.items() if str(key).endswith("}id")), "")
                relation = relations.get(str(identifier))
                if relation is not None and not relation.external and self._is_dde(relation.target):
                    self._links[self._count] = relation

    def _is_dde(self, part: str) -> bool:
        return part in self._edits and b"ddeLink" in self._edits.read(part)

    def drop(self, workbook: bytes) -> bytes:
        """Take the links away; return the workbook part without them.

        References are numbered by their order. So a link at the end goes, and one before others is
        replaced by a link to no file.
        """
        if self._links or b"|" in workbook:
            workbook = self._without_names(workbook)
        if not self._links:
            return workbook
        self.is_found = True
        last = self._count
        gone = set()
        while last in self._links:
            gone.add(self._links[last].id)
            self._edits.drop(self._links[last].target)
            self._edits.drop(relationships_name(self._links[last].target))
            last -= 1
        for place, relation in self._links.items():
            if place <= last:
                self._blind(relation.target)
        if not gone:
            return workbook
        self._edits.unrelate(self._edits.workbook, gone)
        listing = scan.find(workbook, "externalReferences")
        if listing is None:
            return workbook
        if last == 0:
            return scan.apply_edits(workbook, [scan.Edit(listing.start, listing.end, b"")])
        references = list(scan.find_all(workbook, "externalReference", listing.inner, listing.close))
        return scan.apply_edits(workbook, [scan.Edit(item.start, item.end, b"") for item in references[last:]])

    def _blind(self, part: str) -> None:
        root = parse_xml(self._edits.read(part), part)
        namespace = root.tag.rpartition("}")[0].lstrip("{")
        relation = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_MISSING_PATH}" Target="removed" TargetMode="External"/></Relationships>'
        )
        link = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<externalLink xmlns="{namespace}"><externalBook xmlns:r="{self._edits.document_relationships}"'
            ' r:id="rId1"/></externalLink>'
        )
        self._edits.put(part, link.encode())
        self._edits.put(relationships_name(part), relation.encode())

    def _without_names(self, workbook: bytes) -> bytes:
        edits = []
        for name in scan.find_all(workbook, "definedName"):
            if self._uses_link(workbook[name.inner : name.close]):
                edits.append(scan.Edit(name.inner, name.close, b"#REF!"))
                self.is_found = True
        return scan.apply_edits(workbook, edits)

    def may_be_in(self, sheet: bytes) -> bool:
        """Whether a sheet may hold a formula with a DDE link; a cheap look at its bytes."""
        return b"|" in sheet or any(b"[%d]" % place in sheet for place in self._links)

    def without_formulas(self, sheet: bytes) -> bytes:
        """Return a sheet whose formulas with DDE links are replaced by their stored values."""
        body = scan.find(sheet, "sheetData")
        if body is None:
            return sheet
        formulas = list(scan.find_all(sheet, "f", body.inner, body.close))
        ours = {formula for formula in formulas if self._uses_link(sheet[formula.inner : formula.close])}
        if not ours:
            return sheet
        self.is_found = True
        # Cells that share a formula name it by number; without the formula they would point at nothing.
        shared = {scan.attribute(formula.tag, "si") for formula in ours} - {None}
        return scan.apply_edits(
            sheet,
            [
                scan.Edit(formula.start, formula.end, b"")
                for formula in formulas
                if formula in ours or scan.attribute(formula.tag, "si") in shared
            ],
        )

    def _uses_link(self, formula: bytes) -> bool:
        if any(b"[%d]" % place in formula for place in self._links):
            return True
        # service|topic!item; the stroke has no other meaning in a formula but within a text.
        return b"|" in formula and b"|" in _TEXT_IN_FORMULA.sub(b"", formula)

    def finish(self) -> None:
        """Say what was taken away; let the program work out anew in which order cells are computed."""
        if not self.is_found:
            return
        self._edits.notes.append(DDE_DROPPED)
        for relation in self._relations.values():
            # Excel takes an order of computing that names a cell without a formula for damage.
            if relation.kind == "calcChain":
                self._edits.drop(relation.target)
                self._edits.unrelate(self._edits.workbook, {relation.id})
