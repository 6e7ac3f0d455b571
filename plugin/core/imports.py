"""Imports of large packages, and the Python that is to import them."""

from __future__ import annotations

import gc
import os
import sys
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


def interpreter_path() -> str:
    """Python interpreter of this QGIS, as a user would type it (sys.executable is QGIS itself on some systems)."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    own = [os.path.join(sys.prefix, "python.exe")] if os.name == "nt" else [
        os.path.join(sys.prefix, "bin", name) for name in (f"python{version}", "python3")
    ]  # fmt: skip
    for candidate in own:
        if os.path.exists(candidate):
            return candidate
    executable = sys.executable or ""
    return executable if "python" in os.path.basename(executable).lower() else "python3"
