import pytest

from perfxl.writing.texts import free_sheet_name, legal_text, quoted_sheet, xml_text


@pytest.mark.parametrize(
    ("wish", "taken", "name"),
    [
        ("复核结果", [], "复核结果"),
        ("复核结果", ["复核结果"], "复核结果(2)"),
        ("复核结果", ["复核结果", "复核结果(2)"], "复核结果(3)"),
        ("Result", ["RESULT"], "Result(2)"),
        ("a/b[1]:*?\\", [], "a_b_1_____"),
        ("长" * 40, [], "长" * 31),
        ("长" * 40, ["长" * 31], "长" * 28 + "(2)"),
        ("𠀀" * 20, [], "𠀀" * 15),
        ("'", [], "Sheet"),
    ],
)
def test_free_sheet_name(wish: str, taken: list[str], name: str) -> None:
    assert free_sheet_name(wish, taken) == name


def test_line_ends_become_line_feeds() -> None:
    assert legal_text("一\r\n二\r三\n四") == "一\n二\n三\n四"
    assert xml_text("一\r\n二") == "一\n二"


def test_quoted_sheet() -> None:
    assert quoted_sheet("甲'乙") == "'甲''乙'"
