"""Typer in Chinese: help texts, usage errors, and a path given without a command."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

# What the library says itself; our own texts are Chinese already.
_HELP = (
    ("Usage: ", "用法："),
    ("Options:", "选项："),
    ("Commands:", "命令："),
    ("Arguments:", "参数："),
    ("Show this message and exit.", "显示帮助并退出。"),
    ("[OPTIONS]", "[选项]"),
    ("COMMAND [ARGS]...", "命令 [参数]..."),
    ("[required]", "[必填]"),
    ("; required]", "；必填]"),
    ("; required]", "；必填]"),
    ("[default: ", "[默认："),
)
_ERRORS = (
    (
        re.compile(r"No such option: (\S+?)\.?(?: Did you mean (.+?)\?)?(?: \(Possible options: (.+)\))?$"),
        r"没有选项 \1",
    ),
    (re.compile(r"No such command '(.+)'\."), r"没有命令“\1”"),
    (re.compile(r"Missing argument '(.+?)'\.?"), r"缺少参数 \1"),
    (re.compile(r"Missing option '(.+?)'\.?"), r"缺少选项 \1"),
    (re.compile(r"Missing command\."), "缺少命令"),
    (re.compile(r"Option '(.+?)' requires an argument\."), r"选项 \1 后面要跟一个值"),
    (re.compile(r"Got unexpected extra arguments? \((.+)\)"), r"多余的参数：\1"),
    (re.compile(r"Invalid value for '?(.+?)'?: (.+)", re.S), r"\1 的值不对：\2"),
)
_NOT_ONE_OF = re.compile(r"'([^']*)' is not one of (.+?)\.?$")
_OPTIONS_WITH_VALUES = frozenset({
    "-o", "--output", "--form", "--forms", "--config", "--fail-on", "--against", "--roster", "-j", "--jobs",
    "--cluster", "--sample", "--seed",
})  # fmt: skip
UsageError: Any = typer.BadParameter.__base__


def in_chinese(text: str) -> str:
    """Return a help text with the library's own words in Chinese."""
    for english, chinese in _HELP:
        text = text.replace(english, chinese)
    # The library adds Python types and doubles the dots of an argument that may be given several times.
    return re.sub(r" <[\w\[\], |]+>", "", re.sub(r"\{?(\w+\.\.\.)\}?\.\.\.", r"\1", text))


def is_help(error: Exception) -> bool:
    """Whether an error only says that nothing was asked for: its message is the help text."""
    return type(error).__name__ == "NoArgsIsHelpError"


def usage_message(error: Exception) -> str:
    """Return what is wrong with a command line, in Chinese."""
    text = str(getattr(error, "message", "") or error)
    param = getattr(error, "param", None)
    if text.startswith("Missing parameter:"):
        return f"缺少参数 {getattr(param, 'metavar', None) or text.rpartition(' ')[2]}"
    option = next(iter(getattr(param, "opts", ())), "")
    if option and (match := _NOT_ONE_OF.search(text)):
        allowed = match[2].replace("'", "").replace(", ", "、")
        return f"选项 {option} 不能为“{match[1]}”，可用的有：{allowed}"
    for pattern, chinese in _ERRORS:
        if match := pattern.search(text):
            return match.expand(chinese)
    return text


class ChineseCommand(TyperCommand):
    """A command whose help is all Chinese."""

    def get_help(self, ctx: Any) -> str:
        """Return the help text."""
        return in_chinese(super().get_help(ctx))


class ChineseGroup(TyperGroup):
    """A group whose help is all Chinese."""

    def get_help(self, ctx: Any) -> str:
        """Return the help text."""
        return in_chinese(super().get_help(ctx))

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Read the line up to the command."""
        with _interrupts_told():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:
        """Read the rest of the line and run the command."""
        with _interrupts_told():
            return super().invoke(ctx)


@contextmanager
def _interrupts_told() -> Iterator[None]:
    """Make a fault of Ctrl-C, which the library itself ends the program at without a word."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise typer.Abort from error


def with_command(arguments: Sequence[str], commands: Sequence[str]) -> list[str]:
    """Return a command line with its command: without one, `batch` is meant for a folder and `score` for files.

    A file dropped on the program arrives as a bare path; options may stand before it.
    """
    # A file called -rf.xlsx must not be taken for options.
    words = [f"./{word}" if word.startswith("-") and Path(word).is_file() else word for word in arguments]
    plain = _without_options(words)
    if not plain or plain[0] in commands:
        return words
    if all(Path(word).is_dir() for word in plain):
        return ["batch", *words]
    return ["score", *words] if any(_is_path(word) for word in plain) else words


def _without_options(words: Sequence[str]) -> list[str]:
    """Return the words that are neither options nor their values."""
    return [
        word
        for before, word in zip(["", *words], words, strict=False)
        if not word.startswith("-") and before not in _OPTIONS_WITH_VALUES
    ]


def _is_path(word: str) -> bool:
    # A mistyped command is no path: it neither exists nor looks like a file.
    return bool(Path(word).suffix) or "/" in word or "\\" in word or Path(word).exists()
