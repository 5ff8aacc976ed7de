"""What a worker needs, loaded by being imported."""

import contextlib
import gc


def _load() -> None:
    # What is loaded stays; looking through it again and again for what could go takes an eighth of all time.
    gc.disable()
    import perfxl.batch.pool
    import perfxl.session  # noqa: F401  # both are loaded for the chunks to come
    from perfxl.errors import DefinitionError
    from perfxl.forms.definitions import load_forms

    with contextlib.suppress(DefinitionError):  # the first chunk tells it
        load_forms()
    gc.freeze()


_load()
