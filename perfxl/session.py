"""Score files chunk by chunk: open, review, annotate, write."""

import datetime
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Self

from perfxl.checks.registry import CHECKS
from perfxl.checks.waive import expired
from perfxl.errors import DefinitionError, InputError, OutputError
from perfxl.forms.definitions import Forms
from perfxl.forms.settings import Settings, find_settings, load_settings, refuse_wrong_forms, with_settings
from perfxl.isolation import open_isolated, warm_up
from perfxl.model.finding import Finding
from perfxl.model.grid import Workbook
from perfxl.model.limits import Limits
from perfxl.pipeline import Review, review
from perfxl.reading.open_workbook import open_workbook, read_workbook
from perfxl.resubmission import Earlier, changed_targets, compare
from perfxl.writing.annotate import AnnotatedPackage, annotate_package
from perfxl.writing.behind import Write, writer
from perfxl.writing.document import Document, finding_document, table_documents, workbook_document
from perfxl.writing.files import NOTHING_TAKEN, Taken, annotated_name, hold_writable, write_whole
from perfxl.writing.issue_sheet import issue_sheet
from perfxl.writing.marks import marks
from perfxl.writing.own_sheets import is_own_copy, replies
from perfxl.writing.result_sheet import result_sheet
from perfxl.writing.transcribe import source_of, with_names

# The frames' fixed cost is shared by the files of a chunk; more files only hold more memory.
_CHUNK = 50


@dataclass(frozen=True, slots=True, eq=False)
class Submission:
    """One file to be scored.

    Attributes:
        path: As the user named it.
        data: Its content where it is no file of its own but a member of an archive; None reads `path`.
    """

    path: Path
    data: bytes | InputError | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What came of one file.

    Attributes:
        document: As `--json` prints it.
        messages: What else the user should be told, Chinese sentences.
        unwritten: Why the annotated copy could not be written; "" where it was, or was not asked for.
        seconds: Spent on the file, with its share of what is done for a chunk as a whole.
    """

    document: Document
    messages: tuple[str, ...] = ()
    unwritten: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """What the files of a chunk are held against.

    Attributes:
        forms: The known forms, with the tolerances and severities of the settings.
        form: Id of a form to take every table for; None to recognise it.
        settings: The user's own.
        today: The day that waivers are held against.
    """

    forms: Forms
    form: str | None = None
    settings: Settings = field(default_factory=Settings)
    today: datetime.date = field(default_factory=datetime.date.today)

    @classmethod
    def under(cls, file: Path | None, forms: Forms, form: str | None = None) -> Self:
        """Return the rules under a settings file, None for none.

        Raises:
            DefinitionError: The settings file is wrong, or what a form's rubric sets checks to.
        """
        refuse_wrong_forms(forms, CHECKS)
        settings = load_settings(file, CHECKS) if file else Settings()
        return cls(with_settings(forms, settings), form, settings)

    def review(self, books: Sequence[Workbook]) -> Review:
        """Read, score and check the tables of some workbooks."""
        return review(books, self.forms, self.form, self.settings.waivers, self.today)

    def notes(self) -> list[str]:
        """Return what the user should know about the settings."""
        used = [f"按设置文件 {self.settings.file} 核对。"] if self.settings.file else []
        return used + expired(self.settings.waivers, self.today)


# Where the annotated copy of a file goes, by its path and the suffix of the copy.
Place = Callable[[Path, str], Path]


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
    taken = Taken(paths)
    if output is not None and is_annotated:
        hold_writable(output)

    def place(path: Path, suffix: str) -> Path:
        return _free(output if output is not None else path.parent, path.name, suffix, taken)

    for file, chunk in _chunks(paths, config):
        rules = Rules.under(file, forms, form)
        warm_up(rules.settings.limits)
        earlier = _earlier(against, rules) if against is not None else None
        files = [Submission(path) for path in chunk]
        for result in score_chunk(
            files, rules, place if is_annotated else None, taken=taken, earlier=earlier, open_=open_isolated
        ):
            if result.unwritten:
                raise OutputError(result.unwritten)
            yield result


def score_chunk(
    files: Sequence[Submission],
    rules: Rules,
    place: Place | None,
    *,
    taken: Taken = NOTHING_TAKEN,
    earlier: Earlier | None = None,
    open_: Callable[[Path, Limits], Workbook] = open_workbook,
    writes_behind: bool = False,
) -> Iterator[Result]:
    """Score a chunk of files as one frame and write their annotated copies; yield one result a file, in order.

    Args:
        files: The files.
        rules: What they are held against.
        place: Where each copy goes; None writes none.
        taken: Files that no copy may replace; the copies are added.
        earlier: An earlier submission that each file is compared with; None for none.
        open_: What reads a file that is no member of an archive; a caller that is no worker itself has one read it.
        writes_behind: A copy is written while the next one is made; `place` and `taken` do not know of it yet then.
    """
    opened, seconds = [], []
    for file in files:
        start = time.perf_counter()
        opened.append(_open(file, rules.settings.limits, open_))
        seconds.append(time.perf_counter() - start)
    start = time.perf_counter()
    reviewed = iter(list(_review([book for book in opened if isinstance(book, Workbook)], rules)))
    share = (time.perf_counter() - start) / max(len(files), 1)
    waiting: deque[tuple[Result | _Copy, float]] = deque()
    with writer(is_behind=writes_behind) as write:
        for file, book, opening in zip(files, opened, seconds, strict=True):
            start = time.perf_counter()
            if isinstance(book, InputError):
                found: Result | _Copy = Result(_failed(file.path, book))
            else:
                found = _finish(
                    book, next(reviewed), earlier=earlier, notes=rules.notes(), place=place, taken=taken, write=write
                )
            waiting.append((found, opening + share + time.perf_counter() - start))
            if len(waiting) > writes_behind:
                yield _result(*waiting.popleft(), taken)
        for one in waiting:
            yield _result(*one, taken)


def _chunks(paths: Sequence[Path], config: Path | None) -> Iterator[tuple[Path | None, Sequence[Path]]]:
    """Yield files that are done together: in the order given, under one settings file, not too many."""
    for file, group in groupby(paths, key=lambda path: config or find_settings(path)):
        run = list(group)
        for start in range(0, len(run), _CHUNK):
            yield file, run[start : start + _CHUNK]


def _open(file: Submission, limits: Limits, open_: Callable[[Path, Limits], Workbook]) -> Workbook | InputError:
    if isinstance(file.data, InputError):
        return file.data
    try:
        return open_(file.path, limits) if file.data is None else read_workbook(file.data, file.path, limits)
    except InputError as error:
        return error


@dataclass(frozen=True, slots=True, eq=False)
class _Reviewed:
    """A workbook as it was reviewed.

    Attributes:
        review: The chunk that it is in.
        number: Its place there.
        documents: Of its tables.
        findings: About its tables.
    """

    review: Review
    number: int
    documents: Sequence[Document]
    findings: Sequence[Finding]

    @property
    def table_ids(self) -> list[int]:
        return self.review.table_ids(self.number)


def _review(books: Sequence[Workbook], rules: Rules) -> Iterator[_Reviewed | InputError]:
    """Yield what came of the review of every workbook.

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
            yield _unexpected(error)
        return
    findings: dict[int, list[Finding]] = defaultdict(list)
    for finding in reviewed.findings:
        findings[finding.table_id].append(finding)
    for number, tables in enumerate(reviewed.books):
        ids = reviewed.table_ids(number)
        own = [finding for table_id in ids for finding in findings[table_id]]
        yield tables.error or _Reviewed(reviewed, number, [documents[table_id] for table_id in ids], own)


def _unexpected(error: Exception) -> InputError:
    if isinstance(error, MemoryError):
        return InputError("too_large", "处理这个文件需要的内存超过上限。", "请删去无关的工作表和内容后再试。")
    return InputError(
        "corrupt",
        f"处理这个文件时发生意外错误（{type(error).__name__}：{error}）。",
        "请把文件和这条信息发给 perfxl 的维护者。",
    )


def _earlier(path: Path, rules: Rules) -> Earlier:
    """Return an earlier submission, reviewed under the same rules.

    Raises:
        InputError: It cannot be used.
    """
    book = open_isolated(path, rules.settings.limits)
    (found,) = _review([book], rules)
    if isinstance(found, InputError):
        raise found
    document = _document(book, found, ())
    return Earlier(document, found.table_ids, found.review.scored, replies(book.grids))


def _document(book: Workbook, found: _Reviewed, notes: Sequence[str]) -> Document:
    return workbook_document(
        str(book.path),
        sha256=book.sha256,
        format_=book.format,
        size=book.size,
        tables=found.documents,
        findings=found.review.books[found.number].findings,
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


@dataclass(frozen=True, slots=True, eq=False)
class _Copy:
    """An annotated copy that is being written.

    Attributes:
        document: Of the workbook.
        target: Where the copy should go.
        written: Where it went.
    """

    document: Document
    target: Path
    written: Future[Path]

    def result(self, taken: Taken) -> Result:
        """Return the result of the workbook, once its copy is written."""
        try:
            written = self.written.result()
        except OutputError as error:
            return Result(self.document, unwritten=str(error))
        if taken is not NOTHING_TAKEN:
            taken.add(written)
        self.document["output"] = str(written)
        if written == self.target:
            return Result(self.document)
        told = f"{self.target.name} 正被占用，或不是 perfxl 写的复核件；复核件写到 {written.name}。"
        return Result(self.document, (told,))


def _result(found: Result | _Copy, seconds: float, taken: Taken) -> Result:
    return replace(found.result(taken) if isinstance(found, _Copy) else found, seconds=seconds)


def _finish(
    book: Workbook,
    found: _Reviewed | InputError,
    *,
    earlier: Earlier | None,
    notes: Sequence[str],
    place: Place | None,
    taken: Taken,
    write: Write,
) -> Result | _Copy:
    """Return the result of a workbook, or its annotated copy as it is being written."""
    if isinstance(found, InputError):
        return Result(_failed(book.path, found, book))
    try:
        document, copy = _annotate(book, found, earlier, notes, is_annotated=place is not None)
    except InputError as error:
        return Result(_failed(book.path, error, book))
    except Exception as error:  # noqa: BLE001  # a fault of ours in one copy must not stop the others
        return Result(_failed(book.path, _unexpected(error), book))
    if copy is None or place is None:
        return Result(document)
    try:
        target = place(book.path, copy.suffix)
    except OutputError as error:
        return Result(document, unwritten=str(error))
    return _Copy(document, target, write(write_whole, target, copy.data, avoid=taken, may_replace=is_own_copy))


def _annotate(
    book: Workbook, found: _Reviewed, earlier: Earlier | None, notes: Sequence[str], *, is_annotated: bool
) -> tuple[Document, AnnotatedPackage | None]:
    source = source_of(book) if is_annotated else None
    document = _document(book, found, [*notes, *(source.notes if source else ())])
    own = list(found.findings)
    if earlier is not None:
        changed = changed_targets(earlier, document["tables"], found.table_ids, found.review.scored)
        tables = dict(zip(found.table_ids, document["tables"], strict=True))
        for finding in changed:
            tables[finding.table_id]["findings"].append(finding_document(finding))
        own += changed
        compare(document, earlier)
    if source is None:
        return document, None
    result = result_sheet(document)
    sheets = [with_names(sheet, source.names) for sheet in (result, issue_sheet(document, result))]
    copy = annotate_package(source.package, marks(own, source.grids), sheets)
    document["notes"] += copy.notes
    return document, copy


def _free(folder: Path, name: str, suffix: str, taken: Taken) -> Path:
    """Return where to write a copy: two files of one name in one run get two outputs."""
    for number in range(1, 10_000):
        path = folder / annotated_name(name, suffix, number)
        if path not in taken:
            return path
    raise OutputError(f"{folder} 中同名的复核件太多。")
