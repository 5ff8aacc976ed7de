"""Files written in a thread: in order, and what goes wrong is told where the result is asked for."""

import threading

import pytest

from perfxl.writing import behind
from perfxl.writing.behind import writer

MAIN = threading.get_ident()


@pytest.fixture(params=[0.0, 10.0], ids=["slow", "quick"])
def is_slow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(behind, "_SLOW_SECONDS", request.param)
    return bool(request.param == 0.0)


@pytest.mark.parametrize("is_behind", [False, True])
@pytest.mark.usefixtures("is_slow")
def test_results_and_errors_come_when_they_are_asked_for(is_behind: bool) -> None:
    done: list[int] = []

    def write(number: int, *, fails: bool = False) -> int:
        if fails:
            raise OSError(number)
        done.append(number)
        return number * 2

    with writer(is_behind=is_behind) as have_written:
        found = [have_written(write, number, fails=number % 10 == 1) for number in range(40)]
        for number, future in enumerate(found):
            if number % 10 == 1:
                with pytest.raises(OSError, match=str(number)):
                    future.result()
            else:
                assert future.result() == number * 2
    assert done == [number for number in range(40) if number % 10 != 1]


@pytest.mark.parametrize("is_behind", [False, True])
def test_another_thread_writes_only_where_it_may_and_writing_is_slow(is_behind: bool, is_slow: bool) -> None:
    with writer(is_behind=is_behind) as have_written:
        threads = [have_written(threading.get_ident).result() for _ in range(30)]
    assert threads[:16] == [MAIN] * 16
    assert [one == MAIN for one in threads[16:]] == [not (is_behind and is_slow)] * 14


@pytest.mark.usefixtures("is_slow")
def test_all_is_written_in_the_end() -> None:
    done: list[int] = []
    with writer(is_behind=True) as have_written:
        for number in range(100):
            have_written(done.append, number)
    assert done == list(range(100))
