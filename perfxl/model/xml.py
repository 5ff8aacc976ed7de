"""Parsing package parts: no entities, no DTD, no network, names without surprises."""

import posixpath
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple, cast
from urllib.parse import unquote

from lxml import etree

from perfxl.errors import InputError
from perfxl.model.package import ADVICE_RESAVE, Package
from perfxl.model.remembered import by_content

# Strict OOXML uses other namespace names for the same elements; readers compare local names instead.
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
DOCUMENT_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"

# A tree takes about a hundred bytes for each element, attribute and text, twenty times its file at worst. Signs of
# them are counted before a large part becomes a tree; three million are some 400 MB, and no form comes near.
MAX_NODES = 3_000_000
_MAX_TREE_SIZE = 64 * 2**20  # bytes of a part, looked at before it is unpacked
# While a part is streamed, what has been read is thrown away; what is left over must stay small.
_MAX_LEFT_OVER = 1_000_000

_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_blank_text": False,
    "collect_ids": False,
}
# By whether comments are kept. Making a parser takes as long as parsing a small part.
_PARSERS = {
    comments: etree.XMLParser(remove_comments=not comments, remove_pis=not comments, **_SAFE)
    for comments in (True, False)
}


def parse_xml(data: bytes, name: str, *, comments: bool = True) -> etree._Element:
    """Return the root element of a part.

    Args:
        data: The part's bytes, in any encoding that its declaration or byte-order mark names.
        name: The part's name, for messages.
        comments: Keep comments and processing instructions; without them a text is in one piece.

    Raises:
        InputError: `unsafe_xml` where the part has a document type declaration (a form has none; it is how
            entity bombs and file disclosure work), `corrupt` where it is not XML, `too_large` where its tree
            would take too much memory.
    """
    refuse_doctype(data, name)
    if len(data) > 2**20 and data.count(b"<") + data.count(b"=") > MAX_NODES:
        raise _too_many(name)
    try:
        root = etree.fromstring(data, _PARSERS[comments])
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _no_xml(name) from error
    if _has_doctype(root):
        raise _unsafe(name)
    return root


def parse_part(package: Package, name: str, *, comments: bool = True) -> etree._Element:
    """Return the root element of a part of a package; raises as `Package.part` and `parse_xml` do."""
    return parse_xml(part_for_tree(package, name), name, comments=comments)


def part_for_tree(package: Package, name: str) -> bytes:
    """Return the bytes of a part that is to be parsed; raises as `Package.part`, `too_large` before it is unpacked."""
    entry = package.entry(name)
    if entry is not None and entry.file_size > _MAX_TREE_SIZE:
        raise _too_many(name)
    return package.part(name)


def stream_part(
    package: Package,
    name: str,
    root_name: str,
    names: Collection[str],
    thin: Callable[[Iterator[bytes]], Iterator[bytes]] = iter,
) -> Iterator[etree._Element]:
    """Yield the elements of some names as they are complete, and forget each one when the next is asked for.

    For parts too large for a tree. Comments and processing instructions are left out.

    Args:
        package: Where the part is.
        name: The part.
        root_name: The local name of its root element.
        names: The local names of the elements wanted; none of them within another.
        thin: Takes out of the part's bytes, piece by piece, what need not be parsed.

    Raises:
        InputError: As `parse_part`; `corrupt` where the root has another name.
    """
    chunks = package.chunks(name)
    first = next(chunks, b"")
    namespace = _root_namespace(first, name, root_name)
    parser = etree.XMLPullParser(
        events=("end",),
        tag=[namespace + local for local in names],
        remove_comments=True,
        remove_pis=True,
        **_SAFE,
    )
    left_over = 0
    root: etree._Element | None = None
    try:
        for chunk in thin(chain([first], chunks)):
            parser.feed(chunk)
            for element in _elements(parser):
                if root is None:
                    root = element.getroottree().getroot()
                yield element
                # The element itself stays while the parser may still write its tail; the one before may go.
                before = element.getprevious()
                if before is not None:
                    cast(etree._Element, element.getparent()).remove(before)
            # Elements that nobody asked for stay in the tree.
            left_over += chunk.count(b"<")
            if left_over > _MAX_LEFT_OVER:
                left_over = left_over if root is None else cast(int, root.xpath("count(//*) + count(//@*)"))
                if left_over > _MAX_LEFT_OVER // 2:
                    raise _too_many(name)
        parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _no_xml(name) from error


def _elements(parser: etree.XMLPullParser) -> Iterator[etree._Element]:
    return (cast(etree._Element, element) for _, element in parser.read_events())


def _has_doctype(root: etree._Element) -> bool:
    return bool(getattr(root.getroottree().docinfo, "doctype", ""))


def _root_namespace(start: bytes, name: str, root_name: str) -> str:
    """Return the namespace of a part's root as `{…}`, having looked only at the part's first bytes."""
    refuse_doctype(start, name)
    parser = etree.XMLPullParser(events=("start",), **_SAFE)
    try:
        parser.feed(start[: 2**16])
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _no_xml(name) from error
    root = next(_elements(parser), None)
    if root is None or local_name(root) != root_name:
        raise _no_xml(name)
    if _has_doctype(root):
        raise _unsafe(name)
    return root.tag[: -len(root_name)]


def refuse_doctype(data: bytes, name: str, *, everywhere: bool = False) -> None:
    """Raise `unsafe_xml` where a part begins with a document type declaration.

    Args:
        data: The part's bytes.
        name: The part's name, for messages.
        everywhere: Look at all of it and not only at its first bytes, for a parser that is not ours.
    """
    # Looked for before parsing, so that no entity is ever expanded; UTF-16 parts hold a zero byte between. A
    # declaration behind a long comment is found after parsing: entities are not resolved, and libxml2 itself
    # ends expansions in attributes that grow out of proportion.
    head = (data if everywhere else data[:4096]).replace(b"\0", b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise _unsafe(name)


def _unsafe(name: str) -> InputError:
    return InputError("unsafe_xml", f"部件 {name} 含有文档类型声明（DTD），可能不安全，已拒绝读取。", ADVICE_RESAVE)


def _no_xml(name: str) -> InputError:
    return InputError("corrupt", f"文件已损坏：部件 {name} 不是有效的 XML。", ADVICE_RESAVE)


def _too_many(name: str) -> InputError:
    return InputError("too_large", f"部件 {name} 的内容过多，超出可读取的上限。", "请只保留自评表，另存后再试。")


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace, "" for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


class Relationship(NamedTuple):
    """One relationship of a part.

    Attributes:
        id: Such as `rId3`.
        kind: The last word of its type, such as `worksheet`, the same for strict and transitional files.
        target: The part's name without a leading slash; the raw target where `external`.
        external: It leads out of the package; never followed.
    """

    id: str
    kind: str
    target: str
    external: bool


def relationships_name(part: str) -> str:
    """Return the name of the part that holds a part's relationships; "" stands for the package."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


@lru_cache(maxsize=1024)
def _resolve(folder: str, target: str) -> str:
    """Return the part that a target names, seen from a part in a folder."""
    return posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")


def relationships(package: Package, part: str) -> dict[str, Relationship]:
    """Return a part's relationships by id, in document order, not to be changed; empty where it has none."""
    known: dict[str, Relationship] | None = package.relationships.get(part)
    if known is None:
        known = package.relationships[part] = _relationships(package, part)
    return known


def _relationships(package: Package, part: str) -> dict[str, Relationship]:
    name = relationships_name(part)
    if name not in package:
        return {}
    folder = part.rpartition("/")[0]
    found = {}
    for identifier, kind, target, external in _stated_relationships(part_for_tree(package, name), name):
        if not external:
            target = _resolve(folder, target)
            if target not in package and unquote(target) in package:
                target = unquote(target)  # a target is a URI, the name of a part may be written either way
        found[identifier] = Relationship(identifier, kind, target, external)
    return found


@by_content
def _stated_relationships(data: bytes, name: str) -> tuple[Relationship, ...]:
    """Return the relationships of a part as they are written, targets not yet resolved."""
    return tuple(
        Relationship(
            element.get("Id", ""),
            element.get("Type", "").rpartition("/")[2],
            element.get("Target", ""),
            element.get("TargetMode") == "External",
        )
        for element in parse_xml(data, name)
        if local_name(element) == "Relationship"
    )


@by_content
def root_name(data: bytes, name: str) -> str:
    """Return the local name of a part's root element; raises as `parse_xml` does."""
    return local_name(parse_xml(data, name, comments=False))


def workbook_part(package: Package) -> str:
    """Return the name of the workbook part.

    Raises:
        InputError: `not_a_workbook` where the package is another Office document or a plain archive, `corrupt`
            where it was a workbook and lacks what a package needs.
    """
    for relation in relationships(package, "").values():
        if relation.kind == "officeDocument":
            if root_name(part_for_tree(package, relation.target), relation.target) != "workbook":
                raise InputError(
                    "not_a_workbook", "该文件是其他 Office 文档，不是电子表格。", "请报送填好的自评表工作簿。"
                )
            return relation.target
    if "xl/workbook.xml" in package:
        return "xl/workbook.xml"
    if "xl\\workbook.xml" in package:
        raise InputError("corrupt", "文件内部的部件名写法有误（用了反斜杠）。", ADVICE_RESAVE)
    if "[Content_Types].xml" in package:
        raise InputError("corrupt", "文件已损坏：找不到工作簿部件。", ADVICE_RESAVE)
    raise InputError("not_a_workbook", "该文件是压缩包，不是电子表格工作簿。", "如内含自评表，请解压后再试。")
