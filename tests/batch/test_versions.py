"""Which of several files is the newest, by their names and dates."""

import pytest

from perfxl.batch.versions import Candidate, newest, version


@pytest.mark.parametrize(
    "names",
    [
        ("自评表初稿", "自评表", "自评表（1）", "自评表（2）"),
        ("自评表", "自评表（修改稿）", "自评表修改稿2", "自评表定稿"),
        ("自评表v1", "自评表v2", "自评表V2.1", "自评表 v10"),
        ("自评表第一稿", "自评表第二稿", "自评表第三稿终稿"),
        ("自评表-final", "自评表-final版2", "自评表-最新"),
        ("自评表20230105", "自评表2023-01-20", "自评表2023年2月1日".replace("2月1日", "02月01日")),
    ],
)
def test_later_names_rank_higher_and_have_one_base(names: tuple[str, ...]) -> None:
    versions = [version(name) for name in names]
    assert {one.base for one in versions} == {"自评表"}
    assert [one.rank for one in versions] == sorted({one.rank for one in versions})


@pytest.mark.parametrize("name", ["2023年度自评表", "项目1自评表", "老旧小区改造", "一期工程", "自评表"])
def test_what_only_looks_like_a_version_stays_in_the_name(name: str) -> None:
    assert version(name).marks == ()
    assert version(name).base == name


def test_the_newest_is_told_with_its_reason() -> None:
    choice = newest([Candidate("甲/自评表.xlsx", None), Candidate("甲/自评表final版2.xlsx", None)])
    assert choice is not None
    assert choice.path == "甲/自评表final版2.xlsx"
    assert choice.why == "文件名标有“版2、final”"


def test_files_of_one_name_go_by_their_dates() -> None:
    old, new = Candidate("甲/表.xlsx", "2023-01-05T09:00:00"), Candidate("甲补报/表 - 副本.xlsx", "2023-02-01T10:30:00")
    choice = newest([old, new])
    assert choice is not None
    assert (choice.path, choice.why) == (new.path, "文件名相同，修改时间最晚（2023-02-01 10:30:00）")


@pytest.mark.parametrize(
    "candidates",
    [
        [Candidate("甲/表.xlsx", "2023-01-05T09:00:00"), Candidate("乙/运维.xlsx", "2023-02-01T10:30:00")],
        [Candidate("甲/表.xlsx", None), Candidate("乙/表.xlsx", "2023-02-01T10:30:00")],
        [Candidate("甲/表.xlsx", "2023-02-01T10:30:00"), Candidate("乙/表.xlsx", "2023-02-01T10:30:00")],
        [Candidate("甲/表.xlsx", "2023-02-01T10:30:00"), Candidate("乙/表.xlsx", "2023-02-01T10:30:07")],
    ],
    ids=["other names", "a date unknown", "one date", "copied together"],
)
def test_where_nothing_visible_tells_nothing_is_chosen(candidates: list[Candidate]) -> None:
    assert newest(candidates) is None
