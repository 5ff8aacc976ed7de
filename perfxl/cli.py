"""The command line: parse, call, print, exit. Heavy imports are made inside the commands."""

import os
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perfxl import __version__
from perfxl.command_line import ChineseCommand, ChineseGroup, UsageError, is_help, usage_message, with_command
from perfxl.errors import DefinitionError, InputError, OutputError
from perfxl.forms.toml_file import suggestion
from perfxl.text import visible

if TYPE_CHECKING:
    from perfxl.forms.definitions import Forms

OK, HAS_ERRORS, WRONG_USAGE, UNREADABLE, INTERRUPTED, NOBODY_LISTENS = 0, 1, 2, 3, 130, 141
# A command line that begins with none of these is a path.
_COMMANDS = ("score", "batch", "template", "inspect", "forms", "explain")

app = typer.Typer(
    cls=ChineseGroup,
    name="perfxl",
    help="绩效自评表复核：读取填好的绩效自评表，按规则重算完成率、执行率和得分，在原工作簿上标出问题。\n\n"
    "把文件拖到程序上，或运行 perfxl 自评表.xlsx，即得 自评表_复核.xlsx。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
forms_app = typer.Typer(cls=ChineseGroup, help="已收录的表样。", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(forms_app, name="forms")

FormsOption = Annotated[
    list[Path] | None,
    typer.Option("--forms", help="另外的表样文件夹；也可用环境变量 PERFXL_FORMS 指定。", metavar="文件夹"),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="设置文件；不写则用文件所在文件夹或其上级的 perfxl.toml。", metavar="文件"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON，每个文件一行。")]


class FailOn(StrEnum):
    """The least severity of a finding that makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


FailOnOption = Annotated[
    FailOn,
    typer.Option(
        "--fail-on", help="有这一级或更重的问题时退出码为 1；never 表示不因问题而为 1。", metavar="error|warning|never"
    ),
]
_FAILING = {FailOn.ERROR: ("error",), FailOn.WARNING: ("error", "warning"), FailOn.NEVER: ()}


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A console of another code page cannot show every character; it must not end the run.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = app(with_command(arguments, _COMMANDS), prog_name="perfxl", standalone_mode=False)
    except UsageError as error:
        text = usage_message(error)
        say(text if is_help(error) else f"命令有误：{text}。用 perfxl --help 查看用法。")
        return WRONG_USAGE
    except DefinitionError as error:
        say(f"表样或设置有误：{error}")
        return WRONG_USAGE
    except InputError as error:
        # Files that are scored have their errors in their results; this is one named by an option.
        say(f"上次报送的文件未能读取：{error.message}{error.advice}")
        return UNREADABLE
    except OutputError as error:
        say(str(error))
        return UNREADABLE
    except (KeyboardInterrupt, typer.Abort):
        say("已中断。")
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # the latter is what the library makes of the former
        return _without_output()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _without_output()
    return int(code or 0)


def _without_output() -> int:
    """Return the exit code for output that nobody reads any more (`perfxl … | head`), as other programs do.

    What is still buffered goes nowhere, so that the interpreter does not complain about it on its way out.
    """
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    return NOBODY_LISTENS


def say(text: str) -> None:
    """Print a message for people; results go to stdout, messages here."""
    print(visible(text), file=sys.stderr)


def _version(value: bool) -> None:
    if value:
        print(f"perfxl {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", "-V", help="显示版本并退出。", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Hold the options of the program as a whole."""


@app.command(cls=ChineseCommand)
def score(
    files: Annotated[
        list[Path], typer.Argument(help="填好的自评表（.xlsx、.xlsm、.xls、.et、.ods、.xlsb）。", metavar="文件...")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="复核件放到这个文件夹；不写则放在原文件旁。", metavar="文件夹")
    ] = None,
    form: Annotated[str | None, typer.Option("--form", help="指定表样，不自动识别。", metavar="表样")] = None,
    forms: FormsOption = None,
    as_json: JsonOption = False,
    no_annotate: Annotated[bool, typer.Option("--no-annotate", help="只核对，不写复核件。")] = False,
    config: ConfigOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against", help="与上次报送的文件（或它的复核件）比较：改正、仍存在、新增的问题。", metavar="文件"
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="每个文件只显示一行：有几处问题。")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="逐处列出问题和处理建议。")] = False,
) -> int:
    """复核填好的自评表，写出标注了问题的复核件。"""
    from perfxl.isolation import warm_up

    warm_up()  # it gets ready while pandas is loaded here
    from perfxl.forms.definitions import load_forms
    from perfxl.session import score_files

    known = load_forms(tuple(forms or ()))
    if form is not None and form not in known.by_id:
        say(_no_form(form, known))
        return WRONG_USAGE
    if against is not None and len(files) > 1:
        say("用 --against 比较时一次只能复核一个文件。")
        return WRONG_USAGE
    code = OK
    results = score_files(
        files,
        known,
        form=form,
        output=output,
        is_annotated=not no_annotate,
        config=_existing(config),
        against=against,
    )
    counts: Counter[str] = Counter()
    for result in results:
        document = result.document
        if as_json:
            print_json(document)
        else:
            from perfxl.terminal import Detail, count, print_result

            print_result(document, Detail.QUIET if quiet else Detail.VERBOSE if verbose else Detail.NORMAL)
            counts += count(document)
        for message in result.messages:
            say(message)
        code = max(code, _code(document, fail_on))
    if counts["files"] > 1:
        from perfxl.terminal import print_total

        print_total(counts)
    return code


@app.command(cls=ChineseCommand)
def batch(
    folder: Annotated[Path, typer.Argument(help="报送文件夹，其中的 .zip 也会读取。", metavar="文件夹")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="结果文件夹；不写则放在报送文件夹旁，名字是它的名字加“_复核结果”。", metavar="文件夹"
        ),
    ] = None,
    form: Annotated[str | None, typer.Option("--form", help="指定表样，不自动识别。", metavar="表样")] = None,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", help="单位名册（.xlsx 或 .csv）：核对未报送、重复报送和自评覆盖率。", metavar="文件"),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", help="同时处理的进程数；不写则为处理器数。", min=1, metavar="数")
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", help="在 Dask 集群上处理：tcp://主机:端口，或 local:进程数。", metavar="地址"),
    ] = None,
    forms: FormsOption = None,
    as_json: JsonOption = False,
    sample: Annotated[
        int, typer.Option("--sample", help="抽查：按得分分层随机抽取多少张表。", min=0, metavar="数")
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", help="抽查的随机种子；同一种子抽到同样的表。", metavar="数")] = 0,
    config: ConfigOption = None,
    fail_on: FailOnOption = FailOn.ERROR,
) -> int:
    """复核一个文件夹里的全部自评表：复核件、汇总表和 results.sqlite。"""
    from perfxl.batch.command import Request, run_batch, tally
    from perfxl.batch.run import default_out
    from perfxl.forms.definitions import load_forms, named_folders

    if not folder.is_dir():
        say(f"找不到文件夹“{folder}”。")
        return WRONG_USAGE
    # A fault in the user's own forms is told before any work is done; perfxl's own are right.
    if form is not None or forms or named_folders():
        known = load_forms(tuple(forms or ()))
        if form is not None and form not in known.by_id:
            say(_no_form(form, known))
            return WRONG_USAGE
    request = Request(
        folder=folder,
        out=output or default_out(folder),
        forms=tuple(forms or ()),
        form=form,
        roster=roster,
        jobs=jobs,
        cluster=cluster,
        config=_existing(config),
        sample=sample,
        seed=seed,
    )
    end = run_batch(request, print_line if as_json else None)
    for line in tally(end, request.out):
        if as_json:
            say(line)
        else:
            print(line)
    if end.is_interrupted:
        return INTERRUPTED
    if end.unreadable or end.unwritten:
        return UNREADABLE
    return HAS_ERRORS if any(end.findings.get(severity) for severity in _FAILING[fail_on]) else OK


@app.command(cls=ChineseCommand)
def template(
    form: Annotated[str, typer.Argument(help="表样，见 perfxl forms list。", metavar="表样")],
    year: Annotated[int, typer.Option("--year", "-y", help="模板的年度，如 2027。", metavar="年度")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="写到哪个文件或文件夹；不写则放在当前文件夹，以年度和表名命名。", metavar="文件"
        ),
    ] = None,
    filled: Annotated[
        Path | None,
        typer.Option(
            "--from", help="由上年填好的表结转：保留指标、指标值和分值，清空完成值、得分和金额。", metavar="上年的表"
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            "--roster", help="单位名册（.xlsx 或 .csv）：每个单位一个工作簿，名称、项目和预算已填好。", metavar="名册"
        ),
    ] = None,
    zipped: Annotated[bool, typer.Option("--zip", help="与 --roster 同用：写成一个 .zip。")] = False,
    forms: FormsOption = None,
) -> int:
    """生成空白模板，供单位填报；填好后可直接用 perfxl score 复核。"""
    from perfxl.blanks.command import Request, make
    from perfxl.forms.definitions import load_forms

    known = load_forms(tuple(forms or ()))
    if form not in known.by_id:
        say(_no_form(form, known))
        return WRONG_USAGE
    if not 1990 <= year <= 2100:
        say(f"--year 应为四位年份，如 2027，现为 {year}。")
        return WRONG_USAGE
    if roster is not None and filled is not None:
        say("--from 和 --roster 不能同时用。")
        return WRONG_USAGE
    if roster is not None and not roster.is_file():
        say(f"找不到名册“{roster}”。")
        return UNREADABLE
    if zipped and roster is None:
        say("--zip 要与 --roster 同用。")
        return WRONG_USAGE
    try:
        for line in make(Request(known.by_id[form], known, year, output, filled, roster, zipped)):
            print(line)
    except InputError as error:
        say(f"{filled}：{error.message}{error.advice}")
        return UNREADABLE
    return OK


@app.command(cls=ChineseCommand)
def inspect(
    file: Annotated[Path, typer.Argument(help="自评表文件。", metavar="文件")],
    forms: FormsOption = None,
    as_json: JsonOption = False,
) -> int:
    """显示读到了什么：哪个工作表、哪一块、哪一列、哪一格被认作哪个字段。"""
    from perfxl.isolation import open_isolated, warm_up

    warm_up()
    from perfxl.forms.definitions import load_forms
    from perfxl.inspection import inspection, print_inspection

    try:
        found = inspection(open_isolated(file), load_forms(tuple(forms or ())))
    except InputError as error:
        say(f"{file}：{error.message}{error.advice}")
        return UNREADABLE
    if as_json:
        print_json(found)
    else:
        print_inspection(found)
    return OK


@app.command(cls=ChineseCommand)
def explain(
    code: Annotated[str | None, typer.Argument(help="问题编号，如 IND-03。", metavar="编号")] = None,
    everything: Annotated[bool, typer.Option("--all", help="按类别列出全部问题编号。")] = False,
) -> int:
    """说明一个问题编号查什么、为什么、举例和依据。"""
    import perfxl.checks  # noqa: F401  # registers the checks
    from perfxl.checks.registry import CHECKS
    from perfxl.terminal import print_check, print_check_list

    if everything or code is None:
        print_check_list()
        return OK
    known = CHECKS.get(code.upper())
    if known is None:
        say(f"没有编号“{code}”。用 perfxl explain --all 查看全部编号。")
        return WRONG_USAGE
    print_check(known)
    return OK


@forms_app.command("list", cls=ChineseCommand)
def list_forms(forms: FormsOption = None) -> int:
    """列出已收录的表样。"""
    from perfxl.forms.definitions import load_forms
    from perfxl.terminal import print_forms

    print_forms(load_forms(tuple(forms or ())))
    return OK


@forms_app.command("show", cls=ChineseCommand)
def show_form(
    form: Annotated[str, typer.Argument(help="表样编号，见 perfxl forms list。", metavar="表样")],
    forms: FormsOption = None,
    as_json: JsonOption = False,
) -> int:
    """完整列出一个表样：怎样认出、用词、计分规则、固定分值、出处。"""
    from perfxl.form_guide import describe, form_document
    from perfxl.forms.definitions import load_forms

    known = load_forms(tuple(forms or ()))
    if form not in known.by_id:
        say(_no_form(form, known))
        return WRONG_USAGE
    if as_json:
        print_json(form_document(known.by_id[form]))
        return OK
    for line in describe(known.by_id[form]):
        print(line)
    return OK


@forms_app.command("check", cls=ChineseCommand)
def check_forms(
    folder: Annotated[Path, typer.Argument(help="表样文件夹，或装有若干表样的文件夹。", metavar="文件夹")],
    sample: Annotated[
        Path | None,
        typer.Option("--sample", help="一份填好的表：看是否认作这个表样，哪一列没有读到。", metavar="文件"),
    ] = None,
) -> int:
    """检查自己写的表样：哪个键写错了；给出样表时，哪一列、哪个条件不符。"""
    from perfxl.form_guide import hold_against, own_forms
    from perfxl.forms.definitions import load_forms
    from perfxl.isolation import open_isolated

    try:
        known = load_forms((folder,))
        own = own_forms(folder, known)
    except DefinitionError as error:
        print(visible(f"✗ {error}"))
        return HAS_ERRORS
    for form in own:
        print(f"✓ {form.id}  {form.name}")
    if sample is None:
        return OK
    try:
        guidance = hold_against(open_isolated(sample), own, known)
    except InputError as error:
        say(f"{sample}：{error.message}{error.advice}")
        return UNREADABLE
    for line in guidance.lines:
        print(line)
    return OK if guidance.is_right else HAS_ERRORS


def _no_form(form: str, known: "Forms") -> str:
    return f"没有表样“{form}”{suggestion(form, list(known.by_id))}"


def print_json(document: Any) -> None:
    """Print one JSON document on one line, in UTF-8 whatever the console's code page is."""
    from perfxl.writing.document import json_line

    print_line(json_line(document))


def print_line(data: bytes) -> None:
    """Print a line of UTF-8 as it is."""
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(data.decode())
        return
    sys.stdout.flush()
    binary.write(data)
    binary.flush()


def _code(document: dict[str, Any], fail_on: FailOn) -> int:
    from perfxl.writing.document import open_findings

    if document["error"]:
        return UNREADABLE
    return HAS_ERRORS if any(item["severity"] in _FAILING[fail_on] for item in open_findings(document)) else OK


def _existing(config: Path | None) -> Path | None:
    if config is not None and not config.is_file():
        raise DefinitionError(str(config), "", "没有这个设置文件")
    return config
