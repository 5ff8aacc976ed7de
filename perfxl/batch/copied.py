"""What the process loads that workers are copies of."""

import atexit
import os

import perfxl.batch.loaded  # noqa: F401  # loaded by being imported
from perfxl.batch.processes import IS_COPIED

# Others may import this too, and end as they should.
if os.environ.pop(IS_COPIED, None):
    # It has nothing to put in order. Taking apart all that is loaded would keep whoever reads our messages to their end
    # waiting: this process holds the same stderr. Workers end in a way of their own.
    atexit.register(os._exit, 0)
