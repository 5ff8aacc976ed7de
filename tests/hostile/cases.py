"""Hostile and merely odd workbooks: how each is made of a valid form, and what must come of it.

Our own small counterpart of what arrives by mail and chat from hundreds of units. Nothing is kept as a file: scanners
object to bombs, and the changes say more than the bytes.
"""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

import openpyxl

from tests.hostile.valid import Parts, as_excel_writes, unzipped
from tests.other_formats import as_ods, as_xls, as_xlsb
from tests.reading.biff import compound, record
from tests.reading.biff import stream as biff_stream
from tests.reading.packages import zipped

CANARY = "CANARY-perfxl-must-not-leak"
SHEET, STRINGS, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"
TYPES, RELS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
READS = "reads"
ROWS = 3  # of the valid form
_FORM = as_excel_writes()


@dataclass(frozen=True)
class Case:
    """A file and what must come of it.

    Attributes:
        name: The file's.
        make: Makes its bytes.
        outcomes: `reads` or the kind of the error; any of several.
        rows: Indicator rows, where it reads.
        says: What a note, a finding's code or an error's message must hold.
        without: What no message and no sheet of ours may hold.
        gone: What no part of the copy may hold.
    """

    name: str
    make: Callable[[], bytes]
    outcomes: tuple[str, ...] = (READS,)
    rows: int = ROWS
    says: str = ""
    without: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def changed(part: str, *pairs: tuple[str | bytes, str | bytes], base: bytes = _FORM) -> bytes:
    """Return the form with texts of a part replaced, each of which must be there."""
    parts = unzipped(base)
    for old, new in pairs:
        old, new = (text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text for text in (old, new))
        assert old in parts[part], old
        parts[part] = parts[part].replace(old, new)
    return zipped(parts)


def with_parts(change: Callable[[Parts], object]) -> bytes:
    """Return the form with its parts changed in place."""
    parts = unzipped(_FORM)
    change(parts)
    return zipped(parts)


def named(text: str) -> bytes:
    """Return the form of a project of this name, which is XML as it stands."""
    return changed(STRINGS, ("农技人员培训", text))


def scores(cell: str) -> bytes:
    """Return the form with another first score: the cell's attributes and content."""
    return changed(SHEET, ('<c r="G6"><v>50</v></c>', f'<c r="G6"{cell}</c>'))


def by_openpyxl(change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """Return the form as openpyxl saves it after a change."""
    book, file = openpyxl.load_workbook(io.BytesIO(_FORM)), io.BytesIO()
    change(book)
    book.save(file)
    return file.getvalue()


class Zip:
    """A writer of zip files that can also lie."""

    def __init__(self, parts: Mapping[str, bytes] | None = None) -> None:
        self._out = bytearray()
        self._directory: list[tuple[int, bytes, bytes]] = []
        for name, data in (parts or {}).items():
            self.add(name, data)

    def add(self, name: str, data: bytes, *, size: int | None = None, flags: int = 0, method: int = 8) -> "Zip":
        """Add an entry, with the size it states and its flags."""
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        raw = packer.compress(data) + packer.flush() if method == 8 else data
        stated = len(data) if size is None else size
        head = struct.pack("<HHHHHIII", 20, flags, method, 0, 0x21, zlib.crc32(data), len(raw), stated)
        self._directory.append((len(self._out), head, name.encode()))
        self._out += b"PK\3\4" + head + struct.pack("<HH", len(name.encode()), 0) + name.encode() + raw
        return self

    def alias(self, name: str) -> "Zip":
        """Add one more name for the bytes of the last entry."""
        at, head, _ = self._directory[-1]
        self._directory.append((at, head, name.encode()))
        return self

    def bytes(self) -> bytes:
        """Return the file."""
        directory = b"".join(
            b"PK\1\2" + struct.pack("<H", 20) + head + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, at) + name
            for at, head, name in self._directory
        )
        count = len(self._directory)
        end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(self._out), 0)
        return bytes(self._out) + directory + b"PK\5\6" + end


def _bomb(*, stated: int | None = None) -> bytes:
    parts = unzipped(_FORM)
    text = parts.pop(STRINGS).replace(b"</sst>", b"<si><t>" + b" " * (40 * 2**20) + b"</t></si></sst>")
    return Zip(parts).add(STRINGS, text, size=stated).bytes()


def _overlapping() -> bytes:
    file = Zip(unzipped(_FORM)).add("xl/media/a.bin", bytes(20 * 2**20))
    for number in range(40):
        file.alias(f"xl/media/{number}.bin")
    return file.bytes()


def _twice() -> bytes:
    file = io.BytesIO(_FORM)
    with zipfile.ZipFile(file, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(SHEET, unzipped(_FORM)[SHEET].replace(b"<v>30</v>", b"<v>29</v>"))
    return file.getvalue()


def _flipped(part: str) -> bytes:
    """Return the form with one bit of a packed part turned over, its checksum left as it was."""
    with zipfile.ZipFile(io.BytesIO(_FORM)) as archive:
        entry = archive.getinfo(part)
    data = bytearray(_FORM)
    data[entry.header_offset + 30 + len(part) + entry.compress_size // 2] ^= 4
    return bytes(data)


def _entity(part: str, declared: str, used: str) -> bytes:
    """Return the form with a document type in a part, and an entity used in its first element."""
    parts = unzipped(_FORM)
    head, _, body = parts[part].partition(b"?>")
    tag_end = body.index(b">", body.index(b"<"))
    doctype = f"<!DOCTYPE x {declared}>".encode()
    parts[part] = head + b"?>" + doctype + body[: tag_end + 1] + used.encode() + body[tag_end + 1 :]
    return zipped(parts)


_LAUGHS = "[<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 11)) + "]"
_TABLE = "<table>" + "".join(f"<tr><td>{text}</td></tr>" for text in ("三级指标", "分值", "得分")) + "</table>"
_REMOTE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _linked(kind: str, content: str) -> bytes:
    """Return the form with an external link."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    type_ = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"

    def change(parts: Parts) -> None:
        parts["xl/externalLinks/externalLink1.xml"] = (
            f'<externalLink xmlns="{main}" xmlns:r="{_REMOTE}">{content}</externalLink>'.encode()
        )
        parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_REMOTE}/{kind}" Target="file:///nowhere/{CANARY}.xlsx" '
            'TargetMode="External"/></Relationships>'
        ).encode()
        parts[RELS] = parts[RELS].replace(
            b"</Relationships>",
            f'<Relationship Id="rId90" Type="{_REMOTE}/externalLink" '
            'Target="externalLinks/externalLink1.xml"/></Relationships>'.encode(),
        )
        parts[BOOK] = parts[BOOK].replace(
            b"</sheets>", b'</sheets><externalReferences><externalReference r:id="rId90"/></externalReferences>'
        )
        parts[TYPES] = parts[TYPES].replace(
            b"</Types>",
            f'<Override PartName="/xl/externalLinks/externalLink1.xml" ContentType="{type_}"/></Types>'.encode(),
        )

    return with_parts(change)


def _styles_with(old: str, new: str) -> Callable[[], bytes]:
    return lambda: changed(STYLES, (old, new))


def _loop() -> bytes:
    """Return a compound file whose directory runs in a circle."""
    data = bytearray(compound(biff_stream(("表", b""))))
    data[512 + 4 : 512 + 8] = struct.pack("<I", 1)
    return bytes(data)


def _offset(book: openpyxl.Workbook) -> None:
    sheet = book.worksheets[0]
    sheet.unmerge_cells("A1:H1")
    sheet.move_range("A1:H9", rows=39, cols=5, translate=True)
    sheet["K48"].value = 99.5


def _second_form(book: openpyxl.Workbook) -> None:
    copy = book.copy_worksheet(book.worksheets[0])
    copy["B2"].value = "另一个项目"


def _last_year(book: openpyxl.Workbook) -> None:
    book.copy_worksheet(book.worksheets[0]).sheet_state = "veryHidden"


def _hide(book: openpyxl.Workbook) -> None:
    book.worksheets[0].row_dimensions[7].hidden = True


def _clear(book: openpyxl.Workbook) -> None:
    sheet = book.worksheets[0]
    sheet.unmerge_cells("A1:H1")
    sheet.delete_rows(1, 20)


def _string_cell(text: str) -> str:
    return f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is>'


_XLS, _ODS, _XLSB = (lambda make=make: make(io.BytesIO(_FORM)) for make in (as_xls, as_ods, as_xlsb))  # type: ignore[misc]  # openpyxl reads files and paths alike

CASES: tuple[Case, ...] = (
    # The form in other shapes
    Case("form.xlsx", lambda: _FORM),
    Case("starts at F40.xlsx", lambda: by_openpyxl(_offset)),
    Case("two sheets.xlsx", lambda: by_openpyxl(_second_form), rows=2 * ROWS),
    Case("last year hidden.xlsx", lambda: by_openpyxl(_last_year), says="STR-14"),
    Case("hidden row.xlsx", lambda: by_openpyxl(_hide)),
    Case("empty sheet.xlsx", lambda: by_openpyxl(_clear), ("no_table",)),
    Case("header words.xlsx", lambda: changed(STRINGS, ("年度指标值", "年度 指标值\n（Ａ）"), ("分值", "分　值"))),
    Case("blanks.xlsx", lambda: changed(STRINGS, ("培训场次", "培训场次\u00a0\u3000\u200b "), ("≥90%", " ≥90% "))),
    Case("full width.xlsx", lambda: changed(STRINGS, ("≥12场", "≥１２场"), ("≥90%", "≥９０％"))),
    # Values
    Case("no stored value.xlsx", lambda: changed(SHEET, ("<v>99.5</v>", "")), says="没有保存计算结果"),
    Case("circular.xlsx", lambda: changed(SHEET, ("<f>SUM(G6:G8,H4)</f>", "<f>G9</f>"))),
    Case("error value.xlsx", lambda: scores(' t="e"><v>#DIV/0!</v>'), says="UNIT-07"),
    Case("truth as score.xlsx", lambda: scores(' t="b"><v>1</v>'), says="IND-"),
    Case("not a number.xlsx", lambda: scores("><v>NaN</v>"), says="G6"),
    Case("infinite.xlsx", lambda: scores("><v>1E400</v>"), says="G6"),
    Case("formula text.xlsx", lambda: named("=cmd|' /C calc'!A0")),
    Case("plus text.xlsx", lambda: named("+1+1"), without=("<f>+1",)),
    Case("control characters.xlsx", lambda: named("甲_x0007__x000B_乙_x005F_x0041_"), without=("\x07", "\x0b")),
    Case("half a pair.xlsx", lambda: named("甲_xD83D_乙😀")),
    Case("raw control byte.xlsx", lambda: named("甲\x0b乙"), ("corrupt",)),
    Case("terminal.xlsx", lambda: named("甲_x001B_[31m\x9b2J乙"), without=("\x1b", "\x9b")),
    Case("turned round.xlsx", lambda: named("甲\u202e乙\u2066")),
    Case("html.xlsx", lambda: named(escape("<script>alert(1)</script>"))),
    Case("path.xlsx", lambda: named("../../../tmp/跑出去")),
    Case("long text.xlsx", lambda: named("长" * 32767)),
    Case("too long text.xlsx", lambda: named("长" * 40000)),
    Case("1904.xlsx", lambda: changed(BOOK, ("<workbookPr", '<workbookPr date1904="1"'))),
    Case("cell twice.xlsx", lambda: scores('><v>50</v></c><c r="G6"><v>40</v>'), says="STR-18"),
    Case("cell out of place.xlsx", lambda: scores('><v>50</v></c><x><c r="G6"><v>1</v></c></x><c r="P6">'), says="STR-18"),
    # Zip tricks
    Case("bomb.xlsx", _bomb, ("too_large",)),
    Case("bomb understated.xlsx", lambda: _bomb(stated=4000), ("too_large", "corrupt")),
    Case("size overstated.xlsx", lambda: Zip(unzipped(_FORM)).add("a.xml", b"x", size=3 * 10**9).bytes()),
    Case("overlapping.xlsx", _overlapping, (READS, "too_large")),
    Case("many entries.xlsx", lambda: with_parts(lambda parts: parts.update({f"x/{n}": b"" for n in range(3000)}))),
    Case("too many entries.xlsx", lambda: with_parts(lambda parts: parts.update({f"x/{n}": b"" for n in range(10_001)})),
         ("too_large",)),
    Case("traversal.xlsx", lambda: with_parts(lambda parts: parts.update({
        "../../escaped.txt": b"x", "/tmp/escaped.txt": b"x", "C:\\escaped.txt": b"x"})), says="名称不安全"),
    Case("part twice.xlsx", _twice, says="同名的部件"),
    Case("backslashes.xlsx", lambda: zipped({name.replace("/", "\\"): data for name, data in unzipped(_FORM).items()}),
         (READS, "corrupt")),
    Case("capitals.xlsx", lambda: zipped({name.upper(): data for name, data in unzipped(_FORM).items()})),
    Case("junk before.xlsx", lambda: b"junk" * 80 + _FORM),
    Case("junk after.xlsx", lambda: _FORM + b"junk" * 80),
    Case("zip password.xlsx", lambda: Zip().add(BOOK, b"x", flags=1).bytes(), ("encrypted",)),
    Case("odd packing.xlsx", lambda: Zip(unzipped(_FORM)).add(SHEET, b"x", method=99).bytes(), ("corrupt",)),
    # Damage
    Case("half.xlsx", lambda: _FORM[: len(_FORM) // 2], ("corrupt",)),
    Case("tail lost.xlsx", lambda: _FORM[:-60], ("corrupt",)),
    Case("first bytes.xlsx", lambda: _FORM[:30], ("corrupt",)),
    Case("zeros.xlsx", lambda: bytes(len(_FORM)), ("not_a_workbook",)),
    Case("bit in sheet.xlsx", lambda: _flipped(SHEET), ("corrupt",)),
    Case("bit in texts.xlsx", lambda: _flipped(STRINGS), ("corrupt",)),
    Case("bit in workbook.xlsx", lambda: _flipped(BOOK), ("corrupt",)),
    Case("no texts.xlsx", lambda: with_parts(lambda parts: parts.pop(STRINGS)), ("corrupt",)),
    Case("no sheet.xlsx", lambda: with_parts(lambda parts: parts.pop(SHEET)), ("corrupt",)),
    Case("no styles.xlsx", lambda: with_parts(lambda parts: parts.pop(STYLES)), says="缺少部分单元格样式"),
    Case("no content types.xlsx", lambda: with_parts(lambda parts: parts.pop(TYPES)), ("corrupt", READS)),
    Case("no relations.xlsx", lambda: with_parts(lambda parts: parts.pop(RELS)), ("corrupt",)),
    Case("text that is not there.xlsx", lambda: changed(SHEET, ("<v>0</v>", "<v>99999</v>")), ("corrupt",)),
    Case("row 0.xlsx", lambda: changed(SHEET, ('<row r="9"', '<row r="0"')), says="openpyxl"),
    Case("circle.xlsx", lambda: changed(RELS, ("worksheets/sheet1.xml", "workbook.xml")), ("corrupt", "no_table")),
    Case("no references.xlsx", lambda: changed(SHEET, ('<row r="6" spans="1:8">', "<row>"), ('<c r="A6"', "<c"))),
    Case("small letters.xlsx", lambda: changed(SHEET, ('r="G6"', 'r="g6"'))),
    Case("utf-16.xlsx", lambda: with_parts(lambda parts: parts.update({
        SHEET: parts[SHEET].decode().replace("UTF-8", "UTF-16").encode("utf-16")}))),
    Case("font family.xlsx", _styles_with('<family val="2"/>', '<family val="99"/>')),
    Case("colour.xlsx", _styles_with('<color theme="1"/>', '<color rgb="red"/>')),
    Case("empty fill.xlsx", _styles_with('<patternFill patternType="gray125"/>', "")),
    Case("style index.xlsx", lambda: changed(SHEET, ('<c r="F6">', '<c r="F6" s="9999">')), says="缺少部分单元格样式"),
    Case("sheet state.xlsx", lambda: changed(BOOK, ('sheetId="1"', 'sheetId="1" state="show"'))),
    Case("loop.xls", _loop, ("corrupt", "not_a_workbook", "no_table")),
    # Unsafe XML
    *(
        Case(f"laughs in {part.rpartition('/')[2]}.xlsx", lambda part=part: _entity(part, _LAUGHS, "&a10;"), ("unsafe_xml",))  # type: ignore[misc]  # a default binds it
        for part in (STRINGS, SHEET, STYLES, TYPES, BOOK)
    ),
    Case("disclosure.xlsx", lambda: _entity(STRINGS, '[<!ENTITY x SYSTEM "canary.txt">]', "<si><t>&x;</t></si>"),
         ("unsafe_xml",)),
    Case("remote dtd.xlsx", lambda: _entity(BOOK, 'SYSTEM "http://127.0.0.1:9/x.dtd"', ""), ("unsafe_xml",)),
    Case("quadratic.xlsx", lambda: _entity(STRINGS, f"[<!ENTITY x '{'x' * 10**5}'>]", "&x;" * 20000), ("unsafe_xml",)),
    Case("harmless dtd.xlsx", lambda: _entity(SHEET, "", ""), ("unsafe_xml",)),
    Case("nesting.xlsx", lambda: changed(SHEET, ("</sheetData>", "</sheetData>" + "<x>" * 10**5 + "</x>" * 10**5)),
         ("corrupt", READS, "unsafe_xml", "too_large")),
    # Kinds of file
    Case("html.xls", lambda: f"<html><body>{_TABLE}</body></html>".encode(), ("wrong_format",)),
    Case("html in gbk.xls", lambda: f"<html><body>{_TABLE}</body></html>".encode("gbk"), ("wrong_format",)),
    Case("csv.xls", lambda: "三级指标,分值,得分\n甲,1,1\n".encode("gbk"), ("wrong_format",)),
    Case("tabs.xls", lambda: "三级指标\t分值\n甲\t1\n".encode("utf-16"), ("wrong_format",)),
    Case("mhtml.xls", lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n", ("wrong_format",)),
    Case("xml 2003.xls", lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
         ("wrong_format",)),
    Case("csv.csv", lambda: "三级指标,分值,得分\n甲,1,1\n".encode("gbk"), ("unsupported_format",)),
    Case("form named.xls", lambda: _FORM, says="内容是 .xlsx 工作簿"),
    Case("form.XLSX", lambda: _FORM),
    Case("form", lambda: _FORM, says="没有后缀"),
    Case("form.xltx", lambda: _FORM),
    Case("form.xls", _XLS, says="转录件"),
    Case("form.et", _XLS),
    Case("xls named.xlsx", _XLS, says="内容是 .xls 工作簿"),
    Case("form.ods", _ODS),
    Case("form.xlsb", _XLSB),
    Case("pdf.xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3", ("not_a_workbook",)),
    Case("picture.xlsx", lambda: b"\x89PNG\r\n\x1a\n", ("not_a_workbook",)),
    Case("archive.xlsx", lambda: zipped({"form.xlsx": _FORM}), ("not_a_workbook",)),
    Case("rar.xlsx", lambda: b"Rar!\x1a\x07\0", ("not_a_workbook",)),
    Case("words.xlsx", lambda: "请查收".encode(), ("not_a_workbook", "wrong_format")),
    Case("document.xlsx", lambda: with_parts(lambda parts: parts.update({
        BOOK: b'<document xmlns="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'})), ("not_a_workbook",)),
    Case("empty.xlsx", lambda: b"", ("empty_file",)),
    Case("~$form.xlsx", lambda: b"\x06user", ("lock_file",)),
    # Passwords and containers
    Case("password.xlsx", lambda: compound(b"x", "EncryptedPackage", storage="EncryptionInfo"), ("encrypted",)),
    Case("password.xls", lambda: compound(biff_stream(("表", b""), version=8, extra=record(0x2F, bytes(54)))),
         ("encrypted",)),
    Case("old document.xlsx", lambda: compound(b"x", "WordDocument"), ("not_a_workbook",)),
    # Active and outside content
    Case("macro.xlsm", lambda: with_parts(lambda parts: parts.update({
        TYPES: parts[TYPES].replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        "xl/vbaProject.bin": b"stub"}))),
    Case("link.xlsx", lambda: _linked("externalLinkPath", '<externalBook r:id="rId1"/>')),
    Case("dde.xlsx", lambda: _linked("oleObject", '<ddeLink ddeService="cmd" ddeTopic="/c calc"/>'), says="DDE",
         gone=("/c calc",)),
    Case("script link.xlsx", lambda: changed(SHEET, (
        "<pageMargins", '<hyperlinks><hyperlink ref="B2" location="javascript:alert(1)"/></hyperlinks><pageMargins'))),
)  # fmt: skip
