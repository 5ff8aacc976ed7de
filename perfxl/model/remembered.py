"""Remember what is made of bytes and texts: files that were filled into one template share many of them."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

_P = ParamSpec("_P")
_T = TypeVar("_T")
_K = TypeVar("_K")
_V = TypeVar("_V")

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


class Remembered(dict[_K, _V]):
    """What is made of a key, made once; asking a dict calls nothing where the key is there.

    For labels, units and messages that come again and again. When it is full it begins anew.
    """

    def __init__(
        self, make: Callable[[_K], _V], most: int, keeps: Callable[[_K, _V], bool] = lambda key, value: True
    ) -> None:
        """Remember nothing yet.

        Args:
            make: Makes the value of a key; the value must never be changed.
            most: How many are remembered.
            keeps: Whether a key and its value are remembered: long texts do not come again, and would fill the memory.
        """
        super().__init__()
        self._make, self._most, self._keeps = make, most, keeps

    def __missing__(self, key: _K) -> _V:
        value = self._make(key)
        if self._keeps(key, value):
            if len(self) >= self._most:
                self.clear()
            self[key] = value
        return value
