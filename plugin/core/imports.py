"""Imports of large packages."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import Iterator


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Import a large package while Python's garbage collection waits.

    What a package makes at import stays, and collection would look through it some hundred times meanwhile. The new
    objects then count as old ones, so that the next collections do not look through them at once. torch and numba with
    collection: 0.3 s of processor time more in a run that takes 2 s.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if gc.get_freeze_count() == 0:  # else what others keep from collection would be released
            gc.freeze()
            gc.unfreeze()
        gc.enable()
