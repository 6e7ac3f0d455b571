"""Collection waits while a large package is imported; afterwards it works as before, on all objects."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from typing import Iterator

import pytest
from checkout import ROOT
from slopecast.plugin.core.imports import without_garbage_collection

#: Runs and seconds of collection in a process that imports both packages as the plugin does.
LOADS_BOTH = """
import gc, sys
sys.path.insert(0, sys.argv[1])
runs = []
gc.callbacks.append(lambda phase, info: runs.append(info["generation"]) if phase == "stop" else None)
import checkout
import slopecast.plugin.core.physics.compiling
from slopecast.plugin.ml.device import torch_status
before = len(runs)
torch_status()
made = [[] for _ in range(20_000)]
print(len(runs) - before, runs.count(2), gc.isenabled(), gc.get_freeze_count())
"""


class Node:
    """Holds itself, so that collection alone frees it."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def collection_on() -> Iterator[None]:
    gc.enable()
    yield
    gc.unfreeze()
    gc.enable()


def test_collection_waits_and_then_frees_what_was_made_meanwhile():
    with without_garbage_collection():
        assert not gc.isenabled()
        node = weakref.ref(Node())
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert node() is None


def test_the_objects_made_meanwhile_are_old():
    """Collection of the young ones does not look through them."""
    with without_garbage_collection():
        node = weakref.ref(Node())
    gc.collect(1)
    assert node() is not None


def test_collection_works_again_after_an_error():
    with pytest.raises(ImportError), without_garbage_collection():
        raise ImportError
    assert gc.isenabled()


def test_collection_that_is_off_stays_off():
    gc.disable()
    with without_garbage_collection():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_what_others_keep_from_collection_stays_kept():
    gc.freeze()
    kept = gc.get_freeze_count()
    with without_garbage_collection():
        pass
    assert gc.isenabled()
    assert gc.get_freeze_count() >= kept > 0


def test_importing_torch_and_numba_costs_no_full_collection():
    done = subprocess.run(
        [sys.executable, "-c", LOADS_BOTH, str(ROOT / "tests")], capture_output=True, text=True, timeout=120, check=True
    )
    runs, full, enabled, frozen = done.stdout.split()
    assert int(runs) < 100, "torch alone made 320"
    assert (full, enabled, frozen) == ("0", "True", "0")
