"""What the results of an input depend on besides its content, as a hash: when it changes, the input is done again."""

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from perfxl import __version__
from perfxl.batch.work import Item, Setup
from perfxl.forms.data import templates_folder
from perfxl.forms.settings import find_settings


class Fingerprints:
    """The fingerprints of the inputs of a run: forms, rules, lexicon, settings and program version."""

    def __init__(self, setup: Setup) -> None:
        self._folder = Path(setup.folder)
        self._config = Path(setup.config) if setup.config else None
        self._common = _common(setup)
        self._under = lru_cache(maxsize=4096)(self._with_settings)

    def of(self, item: Item) -> str:
        """Return the fingerprint of an input."""
        return self._under(self._config or find_settings(item.file(self._folder)))

    def _with_settings(self, file: Path | None) -> str:
        data = b"" if file is None else file.read_bytes()
        # A waiver that runs out changes the result from one day to the next.
        day = datetime.date.today().isoformat() if b"until" in data else ""
        return _hash([self._common.encode(), data, day.encode()])


def _common(setup: Setup) -> str:
    parts = [__version__.encode(), (setup.form or "").encode()]
    for folder in (templates_folder(), *map(Path, setup.forms)):
        parts += _definitions(folder)
    return _hash(parts)


def _definitions(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*.toml")):
        yield path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape")
        yield path.read_bytes()


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
