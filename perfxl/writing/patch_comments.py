"""Comments on marked cells, merged with those that a sheet has already."""

from collections.abc import Mapping

from lxml import etree

from perfxl.errors import InputError
from perfxl.model.cells import a1, parse_a1
from perfxl.model.xml import Relationship, local_name, parse_part, parse_xml, relationships
from perfxl.writing import scan, vml
from perfxl.writing.edits import SPREADSHEET_TYPE, VML_TYPE, PartEdits
from perfxl.writing.patch_sheet import Layout
from perfxl.writing.sheet_outline import Outline, legacy_link, link_element
from perfxl.writing.texts import MAX_TEXT, legal_text, xml_text
from perfxl.writing.words import COMMENT_AUTHOR, threaded

# The typeface that the box sizes reckon with.
_RUN = '<rPr><sz val="9"/><color indexed="81"/><rFont val="宋体"/><family val="3"/><charset val="134"/></rPr>'


def add_comments(
    edits: PartEdits,
    part: str,
    sheet: str,
    data: bytes,
    lies: Outline,
    notes: Mapping[tuple[int, int], str],
    layout: Layout,
    block: int,
) -> list[scan.Edit]:
    """Write comments and their boxes into a copy; return the edits of the sheet's part that link it with them.

    Args:
        edits: The copy.
        part: The sheet's part.
        sheet: The sheet's name, for messages.
        data: The sheet's part.
        lies: Its outline.
        notes: (row, column) from 1 → text.
        layout: Sizes of the sheet's rows and columns.
        block: Number for shape ids, another one for each sheet.

    Raises:
        InputError: The sheet's own comments cannot be read; nothing has been changed then.
    """
    relations = relationships(edits.package, part)
    comments = _first(relations, "comments")
    link = legacy_link(data, lies, edits.document_relationships)
    drawing = relations.get(link.identifier or "")
    if drawing is not None and (drawing.external or drawing.target not in edits):
        drawing = None

    texts = dict(notes)
    if comments is not None and comments.target in edits:
        comments_data, texts = _merged(edits.read(comments.target), comments.target, notes)
    else:
        comments_data = _fresh(notes, edits.main)
    drawing_data = b"" if drawing is None else edits.read_drawing(drawing.target)
    if b"</" not in drawing_data:
        drawing_data = vml.new_drawing(block, len(texts))
    # A new drawing takes the boxes of the sheet's older comments too: without one a comment is not shown.
    noted = vml.noted_cells(drawing_data)
    boxes = [
        vml.Box(*place, text)
        for place, text in texts.items()
        if place not in noted and (place in notes or drawing is None)
    ]
    if boxes:
        drawing_data = vml.add_boxes(drawing_data, boxes, layout, block)

    if comments is None:
        name = edits.free_name(edits.folder + "comments{}.xml")
        edits.relate(part, "comments", name)
    else:
        name = comments.target
    edits.put(name, comments_data, SPREADSHEET_TYPE + "comments+xml")
    linked = []
    if drawing is None:
        name = edits.free_name(edits.folder + "drawings/vmlDrawing{}.vml")
        relation = edits.relate(part, "vmlDrawing", name)
        element = link_element(lies.head.root, relation, edits.document_relationships)
        linked = [scan.Edit(link.start, link.stop, element)]
        edits.put(name, drawing_data, VML_TYPE)
    elif boxes:
        edits.put(drawing.target, drawing_data, VML_TYPE)
    _note_threads(edits, relations, sheet, notes)
    return linked


def _first(relations: Mapping[str, Relationship], kind: str) -> Relationship | None:
    return next((relation for relation in relations.values() if relation.kind == kind and not relation.external), None)


def _fresh(notes: Mapping[tuple[int, int], str], namespace: str) -> bytes:
    """Return a comments part of ours alone."""
    comments = "".join(
        f'<comment ref="{a1(*place)}" authorId="0"><text><r>{_RUN}<t xml:space="preserve">{xml_text(text)}</t></r>'
        "</text></comment>"
        for place, text in sorted(notes.items())
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<comments xmlns="{namespace}"><authors><author>{COMMENT_AUTHOR}</author></authors>'
        f"<commentList>{comments}</commentList></comments>"
    ).encode()


def _merged(data: bytes, name: str, notes: Mapping[tuple[int, int], str]) -> tuple[bytes, dict[tuple[int, int], str]]:
    """Return a comments part with ours added, and the whole text of every comment in it."""
    root = parse_xml(data, name)
    namespace = etree.QName(root).namespace or ""
    authors = _child(root, namespace, "authors", 0)
    listing = _child(root, namespace, "commentList", 1)
    texts: dict[tuple[int, int], str] = {}
    missing = dict(notes)
    for comment in listing:
        place = _place(comment)
        if place is None:
            continue
        text = _child(comment, namespace, "text", 0)
        if place in missing:
            _append(text, namespace, missing.pop(place))
        texts[place] = "".join(piece.text or "" for piece in text.iter(f"{{{namespace}}}t"))
    if missing:
        author = etree.SubElement(authors, f"{{{namespace}}}author")
        author.text = COMMENT_AUTHOR
        number = sum(local_name(child) == "author" for child in authors) - 1
        for place, note in sorted(missing.items()):
            comment = etree.SubElement(listing, f"{{{namespace}}}comment", ref=a1(*place), authorId=str(number))
            text = etree.SubElement(comment, f"{{{namespace}}}text")
            _add_run(text, namespace, note, 0)
            texts[place] = note
    return scan.serialise(root), texts


def _child(parent: etree._Element, namespace: str, local: str, place: int) -> etree._Element:
    for child in parent:
        if local_name(child) == local:
            return child
    child = etree.SubElement(parent, f"{{{namespace}}}{local}")
    parent.insert(place, child)
    return child


def _place(comment: etree._Element) -> tuple[int, int] | None:
    if not local_name(comment):
        return None
    try:
        return parse_a1(comment.get("ref", "").strip())
    except ValueError:
        return None


def _append(text: etree._Element, namespace: str, note: str) -> None:
    """Put a note behind what a comment says, leaving its runs as they are."""
    if len(text) and local_name(text[0]) == "t":
        # A text is either plain or made of runs: the plain one becomes the first run.
        run = etree.Element(f"{{{namespace}}}r")
        first = text[0]
        text.replace(first, run)
        run.append(first)
    runs = [index for index, child in enumerate(text) if local_name(child) == "r"]
    said = sum(len(piece.text or "") for piece in text.iter(f"{{{namespace}}}t"))
    room = MAX_TEXT - said - 1
    if room > 0:
        _add_run(text, namespace, legal_text("\n" + note if runs else note, room), runs[-1] + 1 if runs else 0)


def _add_run(text: etree._Element, namespace: str, note: str, place: int) -> None:
    run = f'<r xmlns="{namespace}">{_RUN}<t xml:space="preserve">{xml_text(note)}</t></r>'
    text.insert(place, etree.fromstring(run))


def _note_threads(
    edits: PartEdits, relations: Mapping[str, Relationship], sheet: str, notes: Mapping[tuple[int, int], str]
) -> None:
    """Say which marked cells have a discussion: Excel shows that and not the comment beneath it."""
    cells: set[tuple[int, int]] = set()
    for relation in relations.values():
        if relation.kind == "threadedComment" and not relation.external:
            try:
                places = map(_place, parse_part(edits.package, relation.target))
                cells.update(place for place in places if place in notes and place is not None)
            except InputError:
                continue
    if cells:
        edits.notes.append(threaded(sheet, "、".join(a1(*place) for place in sorted(cells))))
