"""LibreOffice, which opens what we write and writes what no library writes."""

import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
_MARKS = (pytest.mark.libreoffice, pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed"))


def needs_libreoffice(test: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a test that cannot be run without LibreOffice."""
    for mark in _MARKS:
        test = mark(test)
    return test


def convert(files: Iterable[Path], suffix: str, folder: Path) -> None:
    """Save files in another format into a folder, in one run of LibreOffice with a profile of its own."""
    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", suffix,
         "--outdir", folder, *files],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
