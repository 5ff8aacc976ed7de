"""How large a submitted file may be, and what reading it may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a file is refused as `too_large`; honest forms stay far below, and a user may set them higher.

    Attributes:
        file_size: Bytes of the file.
        entries: Parts in its package.
        part_size: Bytes that one part may unpack to.
        total_size: Bytes that all parts that are read may unpack to.
        ratio: How many times its packed size a part may unpack to; parts of a few megabytes are not held to it.
        cells: Filled cells of all sheets.
        characters: Of all texts.
        merges: Merged ranges of all sheets.
        seconds: That a file may take to be read.
        memory: Bytes that the process that reads it may use; not enforced on Windows, which has no such limit.
    """

    file_size: int = 100 * 2**20
    entries: int = 10_000
    part_size: int = 200 * 2**20
    total_size: int = 400 * 2**20
    ratio: int = 250
    cells: int = 500_000
    characters: int = 64_000_000
    merges: int = 200_000
    seconds: float = 30.0
    memory: int = 1024 * 2**20


DEFAULT_LIMITS = Limits()
