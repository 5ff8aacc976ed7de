"""Score files chunk by chunk: open, review, annotate, write."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfxl.errors import DefinitionError, InputError, OutputError
from perfxl.forms.definitions import Forms
from perfxl.model.grid import Workbook
from perfxl.pipeline import Review, review
from perfxl.reading.open_workbook import open_workbook
from perfxl.writing.annotate import annotate_package
from perfxl.writing.document import Document, table_documents, workbook_document
from perfxl.writing.files import annotated_name, write_whole
from perfxl.writing.issue_sheet import issue_sheet
from perfxl.writing.marks import marks
from perfxl.writing.result_sheet import result_sheet

# The frames' fixed cost is shared by the files of a chunk; more files only hold more memory.
_CHUNK = 50


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What came of one file.

    Attributes:
        document: As `--json` prints it.
        messages: What else the user should be told, Chinese sentences.
    """

    document: Document
    messages: tuple[str, ...] = ()


def score_files(
    paths: Sequence[Path], forms: Forms, *, form: str | None, output: Path | None, is_annotated: bool
) -> Iterator[Result]:
    """Score files and write their annotated copies; yield one result a file, in the order given.

    Args:
        paths: The files; one that cannot be used gives a result with an error.
        forms: The known forms.
        form: Id of a form to take every table for; None to recognise it.
        output: Folder of the annotated copies; None puts each beside its file.
        is_annotated: False writes nothing.

    Raises:
        OutputError: An annotated copy cannot be written.
    """
    taken: set[Path] = {path.absolute() for path in paths}
    for start in range(0, len(paths), _CHUNK):
        chunk = paths[start : start + _CHUNK]
        opened = [_open(path) for path in chunk]
        reviews = _review([book for book in opened if isinstance(book, Workbook)], forms, form)
        for path, book in zip(chunk, opened, strict=True):
            if isinstance(book, InputError):
                yield Result(_failed(path, book))
                continue
            found = next(reviews)
            if isinstance(found, InputError):
                yield Result(_failed(path, found, book))
                continue
            yield _finish(book, *found, output=output if is_annotated else None, taken=taken, is_annotated=is_annotated)


def _open(path: Path) -> Workbook | InputError:
    try:
        return open_workbook(path)
    except InputError as error:
        return error


def _review(
    books: Sequence[Workbook], forms: Forms, form: str | None
) -> Iterator[tuple[Review, int, dict[int, Document]] | InputError]:
    """Yield for every workbook the review that it is in, its place there and the documents of its tables.

    The workbooks are reviewed together; where that fails unexpectedly they are reviewed one by one, so that the
    one at fault is named and the others are done.
    """
    if not books:
        return
    try:
        reviewed = review(books, forms, form)
        documents = table_documents(reviewed.scored, reviewed.findings)
    except DefinitionError:
        raise
    except Exception as error:  # noqa: BLE001  # a fault of ours in one file must not stop the others
        if len(books) > 1:
            for book in books:
                yield from _review([book], forms, form)
        else:
            yield InputError(
                "corrupt",
                f"处理这个文件时发生意外错误（{type(error).__name__}：{error}）。",
                "请把文件和这条信息发给 perfxl 的维护者。",
            )
        return
    for number, tables in enumerate(reviewed.books):
        yield tables.error if tables.error is not None else (reviewed, number, documents)


def _failed(path: Path, error: InputError, book: Workbook | None = None) -> Document:
    return workbook_document(
        str(path),
        sha256=book.sha256 if book else None,
        format_=book.format if book else None,
        size=book.size if book else None,
        error=error,
    )


def _finish(
    book: Workbook,
    reviewed: Review,
    number: int,
    documents: dict[int, Document],
    *,
    output: Path | None,
    taken: set[Path],
    is_annotated: bool,
) -> Result:
    """Return the result of a reviewed workbook, its annotated copy written."""
    tables = reviewed.books[number]
    ids = reviewed.table_ids(number)
    document = workbook_document(
        str(book.path),
        sha256=book.sha256,
        format_=book.format,
        size=book.size,
        tables=[documents[table_id] for table_id in ids],
        findings=tables.findings,
        notes=book.notes,
    )
    if not is_annotated or book.package is None:
        return Result(document)
    own = [finding for finding in reviewed.findings if finding.table_id in set(ids)]
    try:
        copy = annotate_package(book.package, marks(own, book.grids), [result_sheet(document), issue_sheet(document)])
    except InputError as error:
        return Result(_failed(book.path, error, book))
    target = _free(output if output is not None else book.path.parent, book.path.name, copy.suffix, taken)
    written = write_whole(target, copy.data, avoid=taken)
    taken.add(written.absolute())
    document["output"] = str(written)
    document["notes"] += copy.notes
    renamed = (f"{target.name} 正被占用，复核件写到 {written.name}。",) if written != target else ()
    return Result(document, renamed)


def _free(folder: Path, name: str, suffix: str, taken: set[Path]) -> Path:
    """Return where to write a copy: two files of one name in one run get two outputs."""
    for number in range(1, 10_000):
        path = folder / annotated_name(name, suffix, number)
        if path.absolute() not in taken:
            return path
    raise OutputError(f"{folder} 中同名的复核件太多。")
