"""Remember what is made of a part's bytes: files that were filled into one template share their small parts."""

from collections.abc import Callable
from functools import lru_cache
from typing import Concatenate, ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")

# Larger parts differ from file to file and would only take memory.
REMEMBERED_SIZE = 64 * 2**10
_MOST = 256


def by_content(function: Callable[Concatenate[bytes, _P], _T]) -> Callable[Concatenate[bytes, _P], _T]:
    """Return a function of a part's bytes, and of little else, that works out the same small part once.

    Args:
        function: What it returns must never be changed, and may depend on nothing but its arguments, which are
            hashable. Errors are not remembered.
    """
    kept = lru_cache(maxsize=_MOST)(function)

    def look_up(data: bytes, /, *args: _P.args, **more: _P.kwargs) -> _T:
        return (kept if len(data) <= REMEMBERED_SIZE else function)(data, *args, **more)  # type: ignore[arg-type]

    return look_up
