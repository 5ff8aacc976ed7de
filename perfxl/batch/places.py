"""Where the annotated copy of each input goes, below the folder of the results."""

import os
import re
import unicodedata

from perfxl.batch.intake import ANNOTATED, Found
from perfxl.writing.files import annotated_name

_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f]|^\.+$|[. ]+$')
# Names that Windows keeps for devices, whatever their suffix.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$", re.IGNORECASE)
_LONGEST = 120
_SUFFIX = ".xlsx"


def place(found: Found, number: int = 1) -> str:
    """Return where the copy of an input goes, without its suffix, which only its content tells.

    Args:
        found: The input.
        number: From 2 on where another input has that place already: `甲.xls` beside `甲.xlsx`.
    """
    path = found.path if found.raw is None or found.archive is not None else _decoded(found.raw)
    *folders, name = path.split("/")
    safe = [_safe(folder) for folder in folders]
    stem = annotated_name(name, _SUFFIX, number)[: -len(_SUFFIX)]
    return unicodedata.normalize("NFC", "/".join((ANNOTATED, *safe, stem)))


def _safe(folder: str) -> str:
    folder = _FORBIDDEN.sub("_", folder)[:_LONGEST] or "_"
    return f"_{folder}" if _DEVICE.match(folder) else folder


def _decoded(raw: bytes) -> str:
    """Return a file name of bytes that are no UTF-8, which is GBK as a rule."""
    return raw.decode("gb18030", "replace") if os.sep == "/" else os.fsdecode(raw)
