"""What a worker needs, loaded by being imported."""

import contextlib
import gc

# What is loaded stays; looking through it again and again for what could go takes an eighth of all time.
gc.disable()

import perfxl.batch.pool  # noqa: E402
import perfxl.session  # noqa: E402, F401  # loaded for the chunks to come
from perfxl.errors import DefinitionError  # noqa: E402
from perfxl.forms.definitions import load_forms  # noqa: E402

with contextlib.suppress(DefinitionError):  # the first chunk tells it
    load_forms()
gc.freeze()
