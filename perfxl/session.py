"""Score files chunk by chunk: open, review, annotate, write."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from perfxl.checks.registry import CHECKS
from perfxl.checks.waive import expired
from perfxl.errors import DefinitionError, InputError, OutputError
from perfxl.forms.definitions import Forms
from perfxl.forms.settings import Settings, find_settings, load_settings, refuse_wrong_forms, with_settings
from perfxl.model.grid import Workbook
from perfxl.pipeline import Review, review
from perfxl.reading.open_workbook import open_workbook
from perfxl.resubmission import Earlier, changed_targets, compare
from perfxl.writing.annotate import annotate_package
from perfxl.writing.document import Document, finding_document, table_documents, workbook_document
from perfxl.writing.files import annotated_name, write_whole
from perfxl.writing.issue_sheet import issue_sheet
from perfxl.writing.marks import marks
from perfxl.writing.own_sheets import replies
from perfxl.writing.result_sheet import result_sheet
from perfxl.writing.transcribe import source_of, with_names

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


@dataclass(frozen=True, slots=True, eq=False)
class _Rules:
    """What the files of a chunk are held against."""

    forms: Forms
    form: str | None = None
    settings: Settings = field(default_factory=Settings)
    today: datetime.date = field(default_factory=datetime.date.today)

    def review(self, books: Sequence[Workbook]) -> Review:
        return review(books, self.forms, self.form, self.settings.waivers, self.today)

    def notes(self) -> list[str]:
        """Return what the user should know about the settings."""
        used = [f"按设置文件 {self.settings.file} 核对。"] if self.settings.file else []
        return used + expired(self.settings.waivers, self.today)


def score_files(
    paths: Sequence[Path],
    forms: Forms,
    *,
    form: str | None = None,
    output: Path | None = None,
    is_annotated: bool = True,
    config: Path | None = None,
    against: Path | None = None,
) -> Iterator[Result]:
    """Score files and write their annotated copies; yield one result a file, in the order given.

    Args:
        paths: The files; one that cannot be used gives a result with an error.
        forms: The known forms.
        form: Id of a form to take every table for; None to recognise it.
        output: Folder of the annotated copies; None puts each beside its file.
        is_annotated: False writes nothing.
        config: A settings file for all of them; None takes the nearest `perfxl.toml` in or above each file's folder.
        against: An earlier submission, or its annotated copy, that each file is compared with; None for none.

    Raises:
        InputError: The earlier submission cannot be used.
        OutputError: An annotated copy cannot be written.
        DefinitionError: A settings file is wrong.
    """
    refuse_wrong_forms(forms, CHECKS)
    taken: set[Path] = {path.absolute() for path in paths}
    for file, chunk in _chunks(paths, config):
        settings = load_settings(file, CHECKS) if file else Settings()
        rules = _Rules(with_settings(forms, settings), form, settings)
        earlier = _earlier(against, rules) if against is not None else None
        opened = [_open(path) for path in chunk]
        reviews = _review([book for book in opened if isinstance(book, Workbook)], rules)
        for path, book in zip(chunk, opened, strict=True):
            if isinstance(book, InputError):
                yield Result(_failed(path, book))
                continue
            found = next(reviews)
            if isinstance(found, InputError):
                yield Result(_failed(path, found, book))
                continue
            yield _finish(
                book,
                *found,
                earlier=earlier,
                notes=rules.notes(),
                output=output,
                taken=taken,
                is_annotated=is_annotated,
            )


def _chunks(paths: Sequence[Path], config: Path | None) -> Iterator[tuple[Path | None, Sequence[Path]]]:
    """Yield files that are done together: in the order given, under one settings file, not too many."""
    for file, group in groupby(paths, key=lambda path: config or find_settings(path)):
        run = list(group)
        for start in range(0, len(run), _CHUNK):
            yield file, run[start : start + _CHUNK]


def _open(path: Path) -> Workbook | InputError:
    try:
        return open_workbook(path)
    except InputError as error:
        return error


def _review(books: Sequence[Workbook], rules: _Rules) -> Iterator[tuple[Review, int, dict[int, Document]] | InputError]:
    """Yield for every workbook the review that it is in, its place there and the documents of its tables.

    The workbooks are reviewed together; where that fails unexpectedly they are reviewed one by one, so that the
    one at fault is named and the others are done.
    """
    if not books:
        return
    try:
        reviewed = rules.review(books)
        documents = table_documents(reviewed.scored, reviewed.findings)
    except DefinitionError:
        raise
    except Exception as error:  # noqa: BLE001  # a fault of ours in one file must not stop the others
        if len(books) > 1:
            for book in books:
                yield from _review([book], rules)
        else:
            yield InputError(
                "corrupt",
                f"处理这个文件时发生意外错误（{type(error).__name__}：{error}）。",
                "请把文件和这条信息发给 perfxl 的维护者。",
            )
        return
    for number, tables in enumerate(reviewed.books):
        yield tables.error if tables.error is not None else (reviewed, number, documents)


def _earlier(path: Path, rules: _Rules) -> Earlier:
    """Return an earlier submission, reviewed under the same rules.

    Raises:
        InputError: It cannot be used.
    """
    book = open_workbook(path)
    (found,) = _review([book], rules)
    if isinstance(found, InputError):
        raise found
    reviewed, number, documents = found
    document = _document(book, reviewed, number, documents, ())
    return Earlier(document, reviewed.table_ids(number), reviewed.scored, replies(book.grids))


def _document(
    book: Workbook, reviewed: Review, number: int, documents: dict[int, Document], notes: Sequence[str]
) -> Document:
    return workbook_document(
        str(book.path),
        sha256=book.sha256,
        format_=book.format,
        size=book.size,
        tables=[documents[table_id] for table_id in reviewed.table_ids(number)],
        findings=reviewed.books[number].findings,
        notes=[*book.notes, *notes],
    )


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
    earlier: Earlier | None,
    notes: Sequence[str],
    output: Path | None,
    taken: set[Path],
    is_annotated: bool,
) -> Result:
    """Return the result of a reviewed workbook, its annotated copy written."""
    ids = reviewed.table_ids(number)
    own = [finding for finding in reviewed.findings if finding.table_id in set(ids)]
    try:
        source = source_of(book) if is_annotated else None
        notes = [*notes, *(source.notes if source else ())]
        document = _document(book, reviewed, number, documents, notes)
        if earlier is not None:
            changed = changed_targets(earlier, document["tables"], ids, reviewed.scored)
            for finding in changed:
                documents[finding.table_id]["findings"].append(finding_document(finding))
            own += changed
            compare(document, earlier)
        if source is None:
            return Result(document)
        result = result_sheet(document)
        sheets = [with_names(sheet, source.names) for sheet in (result, issue_sheet(document, result))]
        copy = annotate_package(source.package, marks(own, source.grids), sheets)
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
