"""Tasks that run at once: kernels take turns where numba's threads allow one caller."""

from __future__ import annotations

import os
import subprocess
import sys

import checkout
import pytest

pytestmark = pytest.mark.slow

TWO_TASKS = """
import sys, threading
sys.path.insert(0, {tests!r})
import checkout
import numpy as np
from study_areas import rough_terrain, solve
from slopecast.plugin.core.scenario import Scenario
terrain, scenario = rough_terrain(1, (150, 150)), Scenario(lateral_anisotropy=20.0, duration=3.0)
alone, found = solve(terrain, scenario).factor_of_safety, []
def work():
    found.extend(solve(terrain, scenario).factor_of_safety for _ in range(4))
tasks = [threading.Thread(target=work) for _ in range(3)]
[task.start() for task in tasks]
[task.join() for task in tasks]
import numba
print(numba.threading_layer(), len(found), all(np.array_equal(alone, fs, equal_nan=True) for fs in found))
"""


@pytest.mark.parametrize("layer", ["workqueue", "default"])
def test_tasks_that_run_kernels_at_once_all_come_to_their_end(layer):
    pytest.importorskip("numba")
    environment = {**os.environ, "NUMBA_THREADING_LAYER": layer, "NUMBA_NUM_THREADS": "2"}
    code = TWO_TASKS.format(tests=str(checkout.ROOT / "tests"))
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    used, count, same = done.stdout.split()
    assert layer in (used, "default")
    assert (count, same) == ("12", "True")
