"""What a worker process does: a chunk of inputs in, what came of each out, with the rows of all of them.

Nothing heavy is imported before a worker needs it, so that the process that only hands out the work stays small.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.batch.packed import Packing
from perfxl.errors import DefinitionError, InputError, OutputError
from perfxl.forms.settings import find_settings
from perfxl.model.limits import DEFAULT_LIMITS, Limits
from perfxl.model.results import DONE, UNREADABLE
from perfxl.text import shown

if TYPE_CHECKING:
    from perfxl.session import Result


@dataclass(frozen=True, slots=True)
class Setup:
    """What all chunks of a run have in common; paths as texts, so that it travels to other machines.

    Attributes:
        folder: The folder of the submissions, as the user named it.
        out: The folder of the results.
        forms: Folders of further forms.
        form: Id of a form to take every table for; None to recognise it.
        config: A settings file for all inputs; None takes the nearest one of each.
        as_json: The documents are asked for too.
    """

    folder: str
    out: str
    forms: tuple[str, ...] = ()
    form: str | None = None
    config: str | None = None
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One input to be read; see `perfxl.model.results.INPUTS` for the fields.

    Attributes:
        is_kept: Its results stand; it is read only because its document is asked for.
        output: Its copy, where the results stand.
        error: Kind, message and advice, where it is known already that it cannot be read.
    """

    input_id: int
    path: str
    place: str | None
    raw: bytes | None = None
    archive: str | None = None
    member: int | None = None
    is_kept: bool = False
    output: str | None = None
    error: tuple[Any, str, str] | None = None

    def file(self, folder: Path) -> Path:
        """Return the file to open: the input, or the archive that holds it."""
        below = os.fsdecode(self.raw) if self.raw is not None else self.archive or self.path
        return folder / below

    def shown(self, folder: Path) -> Path:
        """Return the path as results name it."""
        file = self.file(folder)
        return file if self.archive is None else file / self.path[len(self.archive) + 1 :]


@dataclass(frozen=True, slots=True)
class Job:
    """A chunk of inputs.

    Attributes:
        setup: What they have in common with all others.
        items: The inputs.
        number: Place of the chunk in the run; the parts of one that was split keep it.
    """

    setup: Setup
    items: tuple[Item, ...]
    number: int = 0


@dataclass(slots=True)
class Outcome:
    """What came of one input.

    Attributes:
        input_id: The input.
        values: Columns of `inputs` that are known now.
        line: The document as one line of JSON; empty where it was not asked for.
        messages: What the user should be told.
        is_kept: The results of the input stand; only its document was asked for.
    """

    input_id: int
    values: dict[str, Any]
    line: bytes = b""
    messages: tuple[str, ...] = ()
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a chunk.

    Attributes:
        outcomes: In the order of its items.
        rows: What was found in them, as `perfxl.batch.packed` packs it.
        wrong: File, key and message of a definition that is wrong, which stops the run; None for none.
    """

    outcomes: tuple[Outcome, ...] = ()
    rows: bytes = b""
    wrong: tuple[str, str, str] | None = None


def work(job: Job, *, writes_behind: bool = False) -> Report:
    """Read, score and check a chunk and write its annotated copies.

    What concerns single inputs stands in their outcomes; anything else that goes wrong is raised, and the chunk is
    then tried input by input.

    Args:
        job: The chunk.
        writes_behind: There is a processor that can write a copy while the next one is made.
    """
    from perfxl.forms.definitions import load_forms

    setup = job.setup
    try:
        forms = load_forms(tuple(Path(folder) for folder in setup.forms))
        outcomes: list[Outcome] = []
        packing = Packing()
        for (config, is_kept), items in _alike(job):
            outcomes += _work(setup, forms, config, items, packing, is_kept=is_kept, writes_behind=writes_behind)
        return Report(tuple(outcomes), packing.end())
    except DefinitionError as error:
        # An exception of ours does not travel between processes; what it says does.
        return Report(wrong=(error.file, error.key, error.message))


def _alike(job: Job) -> Iterator[tuple[tuple[Path | None, bool], list[Item]]]:
    """Yield the items that are under one settings file, and are to be written or not."""
    setup = job.setup
    folder, config = Path(setup.folder), Path(setup.config) if setup.config else None

    def key(item: Item) -> tuple[Path | None, bool]:
        return config or find_settings(item.file(folder)), item.is_kept

    for found, items in groupby(job.items, key=key):
        yield found, list(items)


def _work(
    setup: Setup,
    forms: Any,
    config: Path | None,
    items: Sequence[Item],
    packing: Packing,
    *,
    is_kept: bool,
    writes_behind: bool,
) -> Iterator[Outcome]:
    """Yield what came of each input; what was found in it is packed."""
    from perfxl.batch.rows import add_rows
    from perfxl.session import Rules, Submission, score_chunk

    folder, out = Path(setup.folder), Path(setup.out)
    rules = Rules.under(config, forms, setup.form)
    read = _contents(folder, items, rules.settings.limits)
    files = [Submission(item.shown(folder), data) for item, data in zip(items, read, strict=True)]
    places = {file.path: item.place or "" for item, file in zip(items, files, strict=True)}

    @cache
    def is_within(folder: str) -> bool:
        # A folder of the results may be a link that somebody put there.
        return (out / folder).resolve().is_relative_to(out.resolve())

    def place(path: Path, suffix: str) -> Path:
        stem = places[path]
        folder = stem.rpartition("/")[0]
        if not is_within(folder):
            raise OutputError(f"文件夹“{shown(str(out / folder), 200)}”通到结果文件夹以外，没有写入。")
        return out / (stem + suffix)

    results = score_chunk(files, rules, None if is_kept else place, writes_behind=writes_behind)
    for item, file, result in zip(items, files, results, strict=True):
        sha256 = result.document["input"]["sha256"] or _hash(file.data)
        if not is_kept:
            add_rows(packing.rows, result.document, item.input_id, forms)
            packing.pack()
        yield _outcome(setup, item, result, sha256)


def _contents(folder: Path, items: Sequence[Item], limits: Limits = DEFAULT_LIMITS) -> Iterator[bytes | InputError]:
    """Yield the bytes of each input, or why there are none; an archive is opened once."""
    from perfxl.reading.archive import Archive
    from perfxl.reading.open_workbook import file_bytes

    for archive, group in groupby(items, key=lambda item: item.archive and item.file(folder)):
        opened: Archive | InputError | None = None
        if archive is not None:
            try:
                opened = Archive.open(Path(archive))
            except InputError as error:
                opened = error
        for item in group:
            try:
                if item.error is not None:
                    raise InputError(*item.error)
                if isinstance(opened, InputError):
                    raise opened
                yield file_bytes(item.file(folder), limits) if opened is None else opened.read(item.member or 0)
            except InputError as error:
                yield error
        if isinstance(opened, Archive):
            opened.close()


def _outcome(setup: Setup, item: Item, result: "Result", sha256: str | None) -> Outcome:
    from perfxl.batch.rows import input_values
    from perfxl.writing.document import json_line

    document = result.document
    if item.is_kept:
        document["output"] = str(Path(setup.out) / item.output) if item.output else None
        state = DONE if document["error"] is None else UNREADABLE
        return Outcome(item.input_id, {"state": state}, line=json_line(document), is_kept=True)
    values = input_values(document, Path(setup.out)) | {
        "sha256": sha256,
        "unwritten": result.unwritten or None,
        "seconds": round(result.seconds, 4),
    }
    messages = (*result.messages, *([result.unwritten] if result.unwritten else ()))
    return Outcome(item.input_id, values, json_line(document) if setup.as_json else b"", messages)


def content_hash(folder: Path, item: Item) -> str | None:
    """Return the hash of an input's content as it is now; None where it cannot be read."""
    (data,) = _contents(folder, [item])
    return _hash(data)


def _hash(data: bytes | InputError | None) -> str | None:
    return hashlib.sha256(data).hexdigest() if isinstance(data, bytes) else None


def refused(item: Item, setup: Setup, error: InputError) -> Outcome:
    """Return the outcome of an input that ended every worker that took it up."""
    values: dict[str, Any] = {"state": UNREADABLE, "kind": error.kind, "message": error.message, "advice": error.advice}
    folder = Path(setup.folder)
    try:
        values["sha256"] = content_hash(folder, item)
    except (OutputError, MemoryError):
        values["sha256"] = None
    line = b""
    if setup.as_json:
        from perfxl.writing.document import json_line, workbook_document

        line = json_line(workbook_document(str(item.shown(folder)), sha256=None, format_=None, size=None, error=error))
    return Outcome(item.input_id, values, line=line, is_kept=item.is_kept)
