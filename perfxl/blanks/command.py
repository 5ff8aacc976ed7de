"""What `perfxl template` does: make the workbooks, write them, and say what was done."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perfxl.blanks.make import Blank, archive, base_name, blanks_of, one_blank
from perfxl.errors import DefinitionError
from perfxl.forms.definitions import Form, Forms
from perfxl.reading.open_workbook import open_workbook
from perfxl.text import shown
from perfxl.writing.files import Taken, file_name, free_path, write_whole

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Request:
    """A command line of `perfxl template`.

    Attributes:
        form: Whose blank is made.
        forms: The known forms.
        year: That it is made for.
        output: A file or folder; None for the usual name in the current folder.
        filled: Last year's form, to be rolled over; None for none.
        roster: Units of which each gets a workbook; None for none.
        is_zipped: The workbooks of a roster go into one archive.
    """

    form: Form
    forms: Forms
    year: int
    output: Path | None = None
    filled: Path | None = None
    roster: Path | None = None
    is_zipped: bool = False


def make(request: Request) -> Iterator[str]:
    """Make what is asked for, and yield what is to be printed.

    Raises:
        DefinitionError: The form says nothing of its blank, or the roster cannot be used.
        InputError: Last year's form cannot be used.
        OutputError: Something cannot be written.
    """
    if request.form.template is None:
        file = f"{request.form.folder.name}/form.toml"
        raise DefinitionError(file, "template", "这个表样没有写模板的样子，不能生成空白模板；写法见 templates/_starter")
    if request.roster is not None:
        yield from _make_many(request, request.roster)
    elif request.filled is not None:
        yield from _roll_over(request, request.filled)
    else:
        yield from _written(request, one_blank(request.form, request.forms, request.year))


def _written(request: Request, blank: Blank) -> Iterator[str]:
    """Write one workbook. One that is there already and was not named is not written over: it may be filled in."""
    wish = _target(request.output, blank.name)
    named = request.output is not None and wish == request.output
    avoid = Taken([request.filled] if request.filled is not None else [])
    path = write_whole(wish if named else free_path(wish), blank.data, avoid=avoid)
    yield f"已写出 {shown(str(path), 200)}"
    if path != wish:
        yield f"  {shown(wish.name)} 已存在或正被占用，改用了新的文件名。"


def _target(output: Path | None, name: str) -> Path:
    """Return where an output goes: a folder gets the usual name, anything else is the file itself."""
    if output is None:
        return Path(name)
    return output / name if output.is_dir() or not output.suffix else output


def _roll_over(request: Request, filled: Path) -> Iterator[str]:
    from perfxl.blanks.report import report_lines
    from perfxl.blanks.rollover import roll_over

    rolled = roll_over(open_workbook(filled), request.form, request.forms, request.year)
    name = file_name(base_name(request.form, request.year), rolled.suffix)
    yield from _written(request, Blank(name, rolled.data))
    yield from report_lines(rolled)
    for note in rolled.notes:
        yield f"  说明：{note}"


def _make_many(request: Request, roster: Path) -> Iterator[str]:
    from perfxl.reading.roster import read_roster

    units = read_roster(roster)
    blanks = blanks_of(units, request.form, request.forms, request.year)
    name = file_name(base_name(request.form, request.year), "")
    if request.is_zipped:
        target = _target(request.output, f"{name}.zip")
        path = write_whole(target if target == request.output else free_path(target), archive(blanks))
        yield f"已写出 {shown(str(path), 200)}：{len(units.units)} 个单位，每个单位一个工作簿"
        return
    folder = request.output or Path(name)
    written = []
    for blank in blanks:
        written.append(write_whole(free_path(folder / blank.name), blank.data))
        if len(written) <= _SHOWN:
            yield f"已写出 {shown(str(written[-1]), 200)}"
    if len(written) > _SHOWN:
        yield f"……共 {len(written)} 个单位，每个单位一个工作簿，都在 {shown(str(folder), 200)}"
