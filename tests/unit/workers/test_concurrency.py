"""Tasks that run at once: kernels take turns where numba's threads allow one caller; workers end with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

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

PARENT = """
import sys, threading
sys.path.insert(0, {tests!r})
sys.path.insert(0, {folder!r})
import checkout, os, pathlib, tempfile, time
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "slopecast").symlink_to(checkout.ROOT)
sys.path.insert(0, str(folder))
os.environ["PYTHONPATH"] = str(folder) + os.pathsep + {folder!r} + os.pathsep + {tests!r}
import multiprocessing
from slopecast.plugin.core.workers import parallel
from slopecast.plugin.core.feedback import Feedback
import test_parallel
def listen():
    while len(multiprocessing.active_children()) < 2:
        time.sleep(0.05)
    time.sleep(3.0)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
threading.Thread(target=listen, daemon=True).start()
list(parallel.Processes(2).run(test_parallel.sleep, [1, 2], Feedback()))
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


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_worker_processes_end_with_a_parent_that_is_killed():
    tests = checkout.ROOT / "tests"
    code = PARENT.format(tests=str(tests), folder=str(Path(__file__).parent))
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    workers = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(workers) == 2
    parent.send_signal(signal.SIGKILL)
    parent.wait(10.0)
    until = time.monotonic() + 10.0
    while any(map(is_running, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(is_running, workers))


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
