import pytest

from perfxl.errors import InputError
from perfxl.writing import scan


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (b'<c r="B3" s="1">', b"1"),
        (b"<c s='1'/>", b"1"),
        (b'<c\n  s = "1" >', b"1"),
        (b'<c rs="2" s="1"/>', b"1"),
        (b'<c x=\' s="9"\' s="1"/>', b"1"),
        (b'<x:c x:s="9" s="1"/>', b"1"),
        (b'<c r="B3"/>', None),
        (b'<c ss="3"/>', None),
    ],
)
def test_attribute(tag: bytes, value: bytes | None) -> None:
    assert scan.attribute(tag, "s") == value


@pytest.mark.parametrize(
    ("tag", "value", "expected"),
    [
        (b'<c r="B3" s="1" t="s">', b"7", b'<c r="B3" s="7" t="s">'),
        (b'<c r="B3" t="s">', b"7", b'<c r="B3" s="7" t="s">'),
        (b'<c t="s" r="B3"/>', b"7", b'<c t="s" r="B3" s="7"/>'),
        (b"<c/>", b"7", b'<c s="7"/>'),
        (b"<x:c/>", b"7", b'<x:c s="7"/>'),
        (b'<c s="1" t="s">', None, b'<c t="s">'),
        (b'<c t="s">', None, b'<c t="s">'),
    ],
)
def test_set_attribute(tag: bytes, value: bytes | None, expected: bytes) -> None:
    assert scan.set_attribute(tag, "s", value, after="r") == expected


def test_children_do_not_look_into_each_other() -> None:
    data = b"<a><b><a/><b/><b></b></b><c x='>'/><b/>t</a>"
    assert [(name, data[item.start : item.end]) for name, item in scan.children(data, 3, len(data) - 4)] == [
        ("b", b"<b><a/><b/><b></b></b>"),
        ("c", b"<c x='>'/>"),
        ("b", b"<b/>"),
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<a><b/></a>", b"<a><b/><c/></a>"),
        (b"<a/>", b"<a><c/></a>"),
        (b'<?xml version="1.0"?>\n<p:a x="1" />\n', b'<?xml version="1.0"?>\n<p:a x="1"><c/></p:a>\n'),
    ],
)
def test_append_child(data: bytes, expected: bytes) -> None:
    assert scan.append_child(data, b"<c/>") == expected


def test_edits_at_one_place_keep_their_order() -> None:
    edits = [scan.Edit(2, 2, b"y"), scan.Edit(1, 2, b"x"), scan.Edit(2, 2, b"z")]
    assert scan.apply_edits(b"abc", edits) == b"axyzc"


def test_plain_parts_come_back_as_they_are() -> None:
    data = b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?><a/>'
    assert scan.plain(data, "x") is data


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><a><f>Sheet1!A1</f>Why? No!</a>',
        b"<a>?</a>",
        "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<a>！？</a>".encode(),
    ],
)
def test_signs_of_comments_and_instructions_within_texts_do_no_harm(data: bytes) -> None:
    assert scan.plain(data, "x") is data


@pytest.mark.parametrize(
    "data", [b'<?xml version="1.0"?><a><?p q?></a>', b"<?p <?><a/>", b"<?p?><?q?><a/>", b"<a><!-- ! --></a>"]
)
def test_comments_and_instructions_are_taken_away(data: bytes) -> None:
    assert scan.plain(data, "x").endswith((b"<a></a>", b"<a/>"))


def test_other_parts_are_made_plain() -> None:
    data = '<?xml version="1.0" encoding="gb18030"?><!-- c --><a>文<!-- <b> --><?p ?><![CDATA[<b>]]></a>'.encode(
        "gb18030"
    )
    assert scan.plain(data, "x").decode().endswith("<a>文&lt;b&gt;</a>")


def test_document_types_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        scan.plain(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "x")
    assert caught.value.kind == "unsafe_xml"


def test_a_tag_that_never_closes_takes_no_time() -> None:
    data = b"<c " + b"a" * 1_000_000
    assert scan.find(data, "c") is None
    assert scan.attribute(b"<c" + b' a="b"' * 100_000, "s") is None


def test_an_end_tag_is_found_by_its_whole_name() -> None:
    data = b"<row><c/></rowBreaks></row \n><row></row>"
    start, end = scan.end_tag(data, b"row", 5, len(data))
    assert data[start:end] == b"</row \n>"


def test_an_end_tag_that_is_missing_lies_at_the_end() -> None:
    assert scan.end_tag(b"<row><c/></x:row>", b"row", 5, 17) == (17, 17)


@pytest.mark.parametrize("data", [b"<row/><rowBreaks/><row r='2'>", b"<row/><x:rows/><x:row r='2'>"])
def test_start_tags_are_found_with_and_without_a_prefix(data: bytes) -> None:
    found = [match[0] for match in scan.start_tags(data, "row", 0, len(data))]
    assert found == [b"<row/>", data[data.rindex(b"<") :]]


def test_the_first_attribute_is_given_with_its_tag() -> None:
    data = b"""<c r="A1" s="1"/><c s="1" r="B1"/><c r='C1'/><c\n r="D1">"""
    assert [match[2] for match in scan.start_tags(data, "c", 0, len(data))] == [b"A1", None, None, b"D1"]
