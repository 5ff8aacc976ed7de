"""Valid forms with something changed by chance, the same at every run: in their bytes, their parts or their cells."""

import random
import re
from collections.abc import Callable

from tests.hostile.valid import Parts, unzipped
from tests.reading.packages import zipped

_CELL = re.compile(rb"<c [^>]*?(?:/>|>.*?</c>)", re.S)
_ROW = re.compile(rb"<row [^>]*>")
_VALUE = re.compile(rb"<v>[^<]*</v>")
_VALUES = (
    b"", b"NaN", b"1E400", b"-0", b"0x10", b"1_0", b"abc", b" 12 ", b"1e5", b"-1", b"99999999", b"0.1", b"12.50",
    b"\xef\xbc\x91", b"<!--x-->7", b"<![CDATA[8]]>", b"&#49;", b"&unknown;", b"\x0b",
)  # fmt: skip
_TYPES = (b"s", b"n", b"b", b"e", b"str", b"d", b"x", b"")
_STYLES = (b"1", b"99999", b"-1", b"x", b"", b"4294967296")
_REFERENCES = (b"A1", b"F11", b"XFD1048576", b"A0", b"ZZZZ1", b"a12", b"1A", b"", b"A1:B2", b"$C$11", b"G1048577")


def mutated(data: bytes, name: str, kind: str, seed: int) -> bytes:
    """Return a form changed in one place or a few.

    Args:
        data: The form.
        name: Its name; only packages have parts, only .xlsx has cells that can be changed one by one.
        kind: `bytes`, `parts` or `cells`.
        seed: The same seed changes the same.
    """
    rng = random.Random(f"{name} {kind} {seed}")
    if kind == "bytes":
        return rng.choice(_OF_BYTES)(bytearray(data), rng)
    parts = unzipped(data)
    if kind == "parts":
        return rng.choice(_OF_PARTS)(parts, rng)
    sheet = next(name for name in parts if name.endswith("sheet1.xml"))
    for _ in range(rng.choice((1, 1, 2, 4))):
        parts[sheet] = rng.choice(_OF_CELLS)(parts[sheet], rng)
    return zipped(parts)


# Of bytes


def _flip(data: bytearray, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def _flip_directory(data: bytearray, rng: random.Random) -> bytes:
    start = max(len(data) - 1200, 0)
    for _ in range(rng.choice((1, 2, 5))):
        data[rng.randrange(start, len(data))] = rng.randrange(256)
    return bytes(data)


def _flip_head(data: bytearray, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 2, 5))):
        data[rng.randrange(min(len(data), 1024))] = rng.randrange(256)
    return bytes(data)


def _cut(data: bytearray, rng: random.Random) -> bytes:
    return bytes(data[: rng.randrange(len(data))])


def _lose(data: bytearray, rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    return bytes(data[:start] + data[start + rng.choice((1, 16, 512, 4096)) :])


def _fill(data: bytearray, rng: random.Random) -> bytes:
    start, size = rng.randrange(len(data)), rng.choice((4, 64, 512, 4096))
    data[start : start + size] = bytes([rng.choice((0, 0xFF))]) * len(data[start : start + size])
    return bytes(data)


def _repeat(data: bytearray, rng: random.Random) -> bytes:
    start, size, at = rng.randrange(len(data)), rng.choice((4, 512, 4096)), rng.randrange(len(data))
    return bytes(data[:at] + data[start : start + size] + data[at:])


_OF_BYTES: tuple[Callable[[bytearray, random.Random], bytes], ...] = (
    _flip, _flip, _flip_directory, _flip_head, _cut, _lose, _fill, _repeat,
)  # fmt: skip


# Of parts


def _without(parts: Parts, rng: random.Random) -> bytes:
    del parts[rng.choice(list(parts))]
    return zipped(parts)


def _emptied(parts: Parts, rng: random.Random) -> bytes:
    parts[rng.choice(list(parts))] = b""
    return zipped(parts)


def _exchanged(parts: Parts, rng: random.Random) -> bytes:
    one, other = rng.choices(list(parts), k=2)
    parts[one], parts[other] = parts[other], parts[one]
    return zipped(parts)


def _shortened(parts: Parts, rng: random.Random) -> bytes:
    name = rng.choice(list(parts))
    parts[name] = parts[name][: rng.randrange(len(parts[name]) + 1)]
    return zipped(parts)


def _garbled(parts: Parts, rng: random.Random) -> bytes:
    name = rng.choice([name for name in parts if parts[name]])
    parts[name] = _flip(bytearray(parts[name]), rng)
    return zipped(parts)


def _renamed(parts: Parts, rng: random.Random) -> bytes:
    name = rng.choice(list(parts))
    change = rng.choice((str.upper, str.title, lambda text: "/" + text, lambda text: text.replace("/", "\\")))
    return zipped({change(other) if other == name else other: data for other, data in parts.items()})


def _tag_lost(parts: Parts, rng: random.Random) -> bytes:
    name = rng.choice([name for name in parts if b"<" in parts[name]])
    tag = rng.choice(list(re.finditer(rb"<[^>]*>", parts[name])))
    parts[name] = parts[name][: tag.start()] + parts[name][tag.end() :]
    return zipped(parts)


def _attribute_changed(parts: Parts, rng: random.Random) -> bytes:
    name = rng.choice([name for name in parts if b'="' in parts[name]])
    value = rng.choice(list(re.finditer(rb'="([^"]*)"', parts[name])))
    new = rng.choice((b"", b"0", b"-1", b"99999999999", b"x", value[1] * 2, value[1].upper()))
    parts[name] = parts[name][: value.start(1)] + new + parts[name][value.end(1) :]
    return zipped(parts)


_OF_PARTS: tuple[Callable[[Parts, random.Random], bytes], ...] = (
    _without, _emptied, _exchanged, _shortened, _garbled, _renamed, _tag_lost, _attribute_changed, _attribute_changed,
)  # fmt: skip


# Of cells


def _cell_changed(sheet: bytes, rng: random.Random, change: Callable[[bytes], bytes]) -> bytes:
    # A blank cell that lands on a filled one is blank to some programs; no reader of ours compares blanks.
    cell = rng.choice([cell for cell in _CELL.finditer(sheet) if b"<v>" in cell[0] or b"<t>" in cell[0]])
    return sheet[: cell.start()] + change(cell[0]) + sheet[cell.end() :]


def _attribute(sheet: bytes, rng: random.Random) -> bytes:
    name, values = rng.choice(((b"t", _TYPES), (b"s", _STYLES), (b"r", _REFERENCES)))
    value = rng.choice((*values, None))

    def change(cell: bytes) -> bytes:
        if name == b"t" and b"<v>" not in cell:
            return cell  # an inline text of another type: programs differ, and Excel refuses it
        bare = re.sub(rb" %b=\"[^\"]*\"" % name, b"", cell, count=1)
        return bare if value is None else bare.replace(b"<c", b'<c %b="%b"' % (name, value), 1)

    return _cell_changed(sheet, rng, change)


def _stored(sheet: bytes, rng: random.Random) -> bytes:
    value = rng.choice(_VALUES)
    return _cell_changed(sheet, rng, lambda cell: _VALUE.sub(lambda _: b"<v>" + value + b"</v>", cell))


def _value_lost(sheet: bytes, rng: random.Random) -> bytes:
    return _cell_changed(sheet, rng, lambda cell: _VALUE.sub(b"", cell))


def _written_twice(sheet: bytes, rng: random.Random) -> bytes:
    value = rng.choice(_VALUES)
    return _cell_changed(sheet, rng, lambda cell: cell + _VALUE.sub(lambda _: b"<v>" + value + b"</v>", cell))


def _moved(sheet: bytes, rng: random.Random) -> bytes:
    cell = rng.choice(list(_CELL.finditer(sheet)))
    rest = sheet[: cell.start()] + sheet[cell.end() :]
    place = rng.choice(list(_CELL.finditer(rest))).start()
    return rest[:place] + cell[0] + rest[place:]


def _formula(sheet: bytes, rng: random.Random) -> bytes:
    formula = rng.choice((b"<f>1+1</f>", b"<f/>", b'<f t="shared" si="0"/>', b'<f t="array" ref="A1:B2">A1</f>'))
    return _cell_changed(sheet, rng, lambda cell: cell.replace(b"<v>", formula + b"<v>", 1))


def _row_attribute(sheet: bytes, rng: random.Random) -> bytes:
    found = rng.choice(list(_ROW.finditer(sheet)))
    new = rng.choice((b"<row>", b'<row r="0">', b'<row r="x">', b'<row r="11">', b'<row r="3" hidden="1">', b"<x:row>"))
    return sheet[: found.start()] + new + sheet[found.end() :]


def _wrapped(sheet: bytes, rng: random.Random) -> bytes:
    before, behind = rng.choice((
        (b"<!--", b"-->"), (b"<x>", b"</x>"), (b"<![CDATA[", b"]]>"), (b"<row>", b"</row>"), (b"", b"</row>"), (b"<?x ?>", b""),
    ))  # fmt: skip
    return _cell_changed(sheet, rng, lambda cell: before + cell + behind)


_OF_CELLS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _attribute, _attribute, _stored, _stored, _value_lost, _written_twice, _moved, _formula, _row_attribute, _wrapped,
)  # fmt: skip
