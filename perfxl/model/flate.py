"""Deflating and inflating, by ISA-L where there is a wheel of it: it takes half of zlib's time or less."""

import zlib
from typing import Any

# Either has the functions and objects of `zlib`.
flate: Any = zlib
IS_QUICK = False
try:
    from isal import isal_zlib
except ImportError:  # the parts are the same, packed a little differently
    pass
else:
    flate, IS_QUICK = isal_zlib, True
FLATE_ERROR: type[Exception] = flate.error
