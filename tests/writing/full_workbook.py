"""One workbook with everything that offices put into a form, made of the rich one and further parts."""

from tests.writing.packages import HEAD, MAIN, PACKAGE_REL, REL, pack, rich_workbook, unpack

_OFFICE = "http://schemas.microsoft.com/office"
_X14 = f"{_OFFICE}/spreadsheetml/2009/9/main"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_THREADED = f"{_OFFICE}/2017/10/relationships/threadedComment"
_PERSON = f"{_OFFICE}/2017/10/relationships/person"
_VBA = f"{_OFFICE}/2006/relationships/vbaProject"
_CELL_IMAGE = "http://www.wps.cn/officeDocument/2020/cellImage"
_THREADS = f"{_OFFICE}/spreadsheetml/2018/threadedcomments"

# Parts that perfxl has no reason to touch, by what they are.
EXTRA: dict[str, bytes] = {
    "xl/ctrlProps/ctrlProp1.xml": f'{HEAD}<formControlPr xmlns="{_X14}" objectType="CheckBox" checked="Checked"/>'.encode(),
    "xl/threadedComments/threadedComment1.xml": (
        f'{HEAD}<ThreadedComments xmlns="{_THREADS}"><threadedComment ref="A1" dT="2024-03-01T09:00:00.00" '
        'personId="{11111111-1111-1111-1111-111111111111}" id="{22222222-2222-2222-2222-222222222222}">'
        "<text>请核对</text></threadedComment></ThreadedComments>"
    ).encode(),
    "xl/persons/person.xml": (
        f'{HEAD}<personList xmlns="{_THREADS}"><person displayName="王五" userId="w" providerId="None" '
        'id="{11111111-1111-1111-1111-111111111111}"/></personList>'
    ).encode(),
    "customXml/item1.xml": "<公文 xmlns='urn:example'>密级</公文>".encode(),
    "customXml/itemProps1.xml": (
        f'{HEAD}<ds:datastoreItem xmlns:ds="{_CUSTOM}" ds:itemID="{{33333333-3333-3333-3333-333333333333}}"/>'
    ).encode(),
    "customXml/_rels/item1.xml.rels": (
        f'{HEAD}<Relationships xmlns="{PACKAGE_REL}"><Relationship Id="rId1" Type="{REL}/customXmlProps" '
        'Target="itemProps1.xml"/></Relationships>'
    ).encode(),
    "xl/cellimages.xml": (
        f'{HEAD}<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"/>'
    ).encode(),
    "xl/externalLinks/externalLink1.xml": (
        f'{HEAD}<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{REL}" r:id="rId1"><sheetNames>'
        '<sheetName val="上年"/></sheetNames></externalBook></externalLink>'
    ).encode(),
    "xl/externalLinks/_rels/externalLink1.xml.rels": (
        f'{HEAD}<Relationships xmlns="{PACKAGE_REL}"><Relationship Id="rId1" Type="{REL}/externalLinkPath" '
        'Target="上年.xlsx" TargetMode="External"/></Relationships>'
    ).encode(),
    "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 a macro",
}
_TYPES = {
    "xl/ctrlProps/ctrlProp1.xml": "application/vnd.ms-excel.controlproperties+xml",
    "xl/threadedComments/threadedComment1.xml": "application/vnd.ms-excel.threadedcomments+xml",
    "xl/persons/person.xml": "application/vnd.ms-excel.person+xml",
    "customXml/itemProps1.xml": "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    "xl/cellimages.xml": "application/vnd.wps-officedocument.cellimage+xml",
    "xl/externalLinks/externalLink1.xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    ),
    "xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
}
_CONTROLS = f'<controls><control shapeId="1025" r:id="rIdC1" name="复选框 1" xmlns:r="{REL}"/></controls>'
_VALIDATIONS = (
    f'<ext xmlns:x14="{_X14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}"><x14:dataValidations count="1">'
    '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f xmlns:xm="'
    f'{_OFFICE}/excel/2006/main">\'附表 1\'!$A$1:$A$3</xm:f></x14:formula1><xm:sqref xmlns:xm="{_OFFICE}/excel/2006/main">'
    "E6</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
)


def full_workbook() -> bytes:
    """Return a macro workbook with pictures, charts, text box, form control, validations and data bars in extensions,

    rich text, comments old and threaded, sparkline, table, names, print settings, protection, custom XML, WPS cell
    pictures and an outside link.
    """
    parts = {name: data.decode("utf-8") if name.endswith((".xml", ".rels")) else data
             for name, data in unpack(rich_workbook()).items()}  # fmt: skip
    form, other = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
    _insert(parts, form, "<tableParts", _CONTROLS, before=True)
    _insert(parts, form, "</extLst></worksheet>", _VALIDATIONS, before=True)
    _relate(parts, form, ("rIdC1", f"{REL}/ctrlProp", "../ctrlProps/ctrlProp1.xml"))
    _relate(parts, other, ("rIdT1", _THREADED, "../threadedComments/threadedComment1.xml"))
    for number, (kind, target) in enumerate(
        (
            (_PERSON, "persons/person.xml"),
            (f"{REL}/customXml", "../customXml/item1.xml"),
            (_CELL_IMAGE, "cellimages.xml"),
            (f"{REL}/externalLink", "externalLinks/externalLink1.xml"),
            (_VBA, "vbaProject.bin"),
        ),
        1,
    ):
        _relate(parts, "xl/workbook.xml", (f"rIdX{number}", kind, target))
    _insert(parts, "xl/workbook.xml", "<definedNames>",
            '<externalReferences><externalReference r:id="rIdX4"/></externalReferences>', before=True)  # fmt: skip
    types = "[Content_Types].xml"
    for part, kind in _TYPES.items():
        _insert(parts, types, "</Types>", f'<Override PartName="/{part}" ContentType="{kind}"/>', before=True)
    parts[types] = str(parts[types]).replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    return pack({**parts, **EXTRA})


def _insert(parts: dict[str, str | bytes], part: str, at: str, text: str, *, before: bool = False) -> None:
    content = str(parts[part])
    assert content.count(at) == 1, (part, at)
    parts[part] = content.replace(at, text + at if before else at + text)


def _relate(parts: dict[str, str | bytes], part: str, entry: tuple[str, str, str]) -> None:
    folder, _, name = part.rpartition("/")
    identifier, kind, target = entry
    _insert(parts, f"{folder}/_rels/{name}.rels", "</Relationships>",
            f'<Relationship Id="{identifier}" Type="{kind}" Target="{target}"/>', before=True)  # fmt: skip
