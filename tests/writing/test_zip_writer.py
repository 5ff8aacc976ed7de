"""Members of a package: whoever deflates them, they hold what was put in."""

import io
import random
import subprocess
import sys
import zipfile
import zlib
from types import ModuleType

import pytest
from isal import isal_zlib

from perfxl.writing import zip_writer
from perfxl.writing.zip_writer import packed, write_zip

_NOISE = random.Random(7).randbytes(9_000)


@pytest.mark.parametrize(("deflater", "level"), [(zlib, 2), (isal_zlib, 0)])
@pytest.mark.parametrize("data", [b"", b"<a/>", b"<row/>" * 90_000, _NOISE], ids=["empty", "small", "large", "noise"])
def test_any_deflater_gives_members_that_zip_programs_read(
    monkeypatch: pytest.MonkeyPatch, deflater: ModuleType, level: int, data: bytes
) -> None:
    monkeypatch.setattr(zip_writer, "flate", deflater)
    monkeypatch.setattr(zip_writer, "DEFLATE_LEVEL", level)
    monkeypatch.setattr(zip_writer, "_kept", zip_writer._deflated)
    package = write_zip([packed("xl/表.xml", data)])
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        assert opened.testzip() is None
        assert opened.read("xl/表.xml") == data
    assert len(package) < 500 + len(data) / 50 or data == _NOISE


def test_where_isal_is_not_installed_zlib_deflates() -> None:
    told = (
        "import sys; sys.modules['isal'] = None; from perfxl.writing import zip_writer; "
        "print(zip_writer.flate, zip_writer.DEFLATE_LEVEL)"
    )
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert "zlib" in run.stdout
    assert "isal" not in run.stdout
    assert run.stdout.split()[-1] == "2"
