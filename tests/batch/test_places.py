"""Where copies go."""

import pytest

from perfxl.batch.intake import Found
from perfxl.batch.places import place


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("甲局/自评表.xlsx", "annotated/甲局/自评表_复核"),
        ("甲.zip/乙/表.xls", "annotated/甲.zip/乙/表_复核"),
        ("甲.zip/a:b/c?.xlsx", "annotated/甲.zip/a_b/c__复核"),
        ("甲.zip/CON/尾巴. /表.xlsx", "annotated/甲.zip/_CON/尾巴_/表_复核"),
        ("甲.zip/./表.xlsx", "annotated/甲.zip/_/表_复核"),
    ],
)
def test_a_copy_lies_where_its_input_lies_under_names_that_every_system_takes(path: str, expected: str) -> None:
    assert place(Found(path)) == expected


def test_a_place_that_is_taken_gets_a_number() -> None:
    assert place(Found("表.xls"), 2) == "annotated/表_复核(2)"


def test_a_name_of_gbk_bytes_is_read_as_such() -> None:
    assert place(Found("\\xb1\\xed.xlsx", raw="表.xlsx".encode("gbk"))) == "annotated/表_复核"
