"""The exceptions that callers of perfxl may see; faults *in* a form are findings, never exceptions."""

from typing import Literal

InputErrorKind = Literal[
    "not_found",
    "not_a_file",
    "unreadable",
    "lock_file",
    "empty_file",
    "encrypted",
    "corrupt",
    "too_large",
    "unsafe_xml",
    "wrong_format",
    "not_a_workbook",
    "unsupported_format",
    "no_table",
]


class PerfxlError(Exception):
    """Base of all errors that perfxl raises on purpose; its text is a Chinese sentence for the user."""


class InputError(PerfxlError):
    """A workbook cannot be used; a batch goes on with the next one.

    Attributes:
        kind: One of `InputErrorKind`, as promised to scripts.
        message: What is wrong, in Chinese.
        advice: What the user can do about it, in Chinese.
    """

    def __init__(self, kind: InputErrorKind, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.kind: InputErrorKind = kind
        self.message = message
        self.advice = advice


class DefinitionError(PerfxlError):
    """A form, rubric or lexicon file is wrong; nothing is done until it is mended.

    Attributes:
        file: The file as the user knows it.
        key: The dotted key that is wrong, "" for the file as a whole.
        message: What is wrong with it, in Chinese.
    """

    def __init__(self, file: str, key: str, message: str) -> None:
        super().__init__(f"{file}：{key}：{message}" if key else f"{file}：{message}")
        self.file = file
        self.key = key
        self.message = message


class OutputError(PerfxlError):
    """A result cannot be written where it was asked for."""
