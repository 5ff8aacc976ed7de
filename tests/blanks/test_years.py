import pytest

from perfxl.blanks.years import move_years


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("（2022年度）", "（2023年度）"),
        ("2022年部门整体支出", "2023年部门整体支出"),
        ("比2021年增长5%", "比2022年增长5%"),
        ("列入2023年预算", "列入2024年预算"),
        ("2022-03-15", "2023-03-15"),
        ("2022.12 前完成", "2023.12 前完成"),
        ("二〇二二年度", "二〇二三年度"),
        ("二○二一年", "二〇二二年"),
        ("自评表（2022）", "自评表（2023）"),
        ("自评表2022", "自评表2023"),
        ("截至2022年底，2021年结转", "截至2023年底，2022年结转"),
    ],
)
def test_years_near_the_forms_own_are_moved_on(text: str, moved: str) -> None:
    assert move_years(text, 2022, 2023) == (moved, ())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("财预〔2022〕10号", ("2022",)),
        ("财预[2021]53号", ("2021",)),
        ("粤财绩（2022）3 号", ("2022",)),
        ("2018年以来", ("2018",)),
        ("二〇一五年立项", ("二〇一五",)),
    ],
)
def test_documents_and_far_years_are_left_and_told(text: str, left: tuple[str, ...]) -> None:
    assert move_years(text, 2022, 2023) == (text, left)


@pytest.mark.parametrize("text", ["2022个", "编号20221234", "≥2022人", "1.2022", "12022年"])
def test_numbers_that_are_no_years_stay(text: str) -> None:
    assert move_years(text, 2022, 2023) == (text, ())


def test_several_years_on() -> None:
    assert move_years("2022年度，上年2021年", 2022, 2027).text == "2027年度，上年2026年"
