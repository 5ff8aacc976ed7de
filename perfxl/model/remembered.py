"""Remember what is made of a part's bytes: files that were filled into one template share their small parts."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

_P = ParamSpec("_P")
_T = TypeVar("_T")

# Larger parts differ from file to file and would only take memory.
REMEMBERED_SIZE = 64 * 2**10
_MOST = 256


def by_content(function: Callable[Concatenate[bytes, _P], _T]) -> Callable[Concatenate[bytes, _P], _T]:
    """Return a function of a part's bytes, and of little else, that works out the same small part once.

    Args:
        function: What it returns must never be changed, and may depend on nothing but its arguments, which are
            hashable and given without keywords. Errors are not remembered.
    """
    any_size: Callable[..., _T] = function
    small: Callable[..., _T] = lru_cache(maxsize=_MOST)(function)

    # Without keywords, which would be gathered at each call.
    def look_up(data: bytes, /, *args: Any) -> _T:
        return (small if len(data) <= REMEMBERED_SIZE else any_size)(data, *args)

    return cast(Callable[Concatenate[bytes, _P], _T], look_up)
