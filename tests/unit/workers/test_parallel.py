"""Work over processes: every item once, errors and cancels in the user's words, a way out where it cannot be done."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path

import checkout
import numpy as np
import pytest
from slopecast.plugin.core.errors import Cancelled, InputError, SlopecastError
from slopecast.plugin.core.feedback import Feedback, check_cancelled
from slopecast.plugin.core.map_parts.threads import thread_limit
from slopecast.plugin.core.workers import parallel


@pytest.fixture(scope="module", autouse=True)
def importable(tmp_path_factory):
    """Tasks are sent to the workers by name: a fresh Python must find the package and this module."""
    folder = tmp_path_factory.mktemp("path")
    (folder / "slopecast").symlink_to(checkout.ROOT)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parent))
        patch.syspath_prepend(str(folder))
        yield


def square(item, feedback):
    feedback.setProgress(50.0)
    feedback.pushInfo(f"squaring {item}")
    return item * item, os.getpid()


def refuse(item, feedback):
    raise InputError("Number", f"{item} is odd", "even numbers")


def die_elsewhere(item, feedback):
    """Ends a worker, as running out of memory would; done in this process it works."""
    if os.environ.get("SLOPECAST_TEST_PARENT") != str(os.getpid()):
        os._exit(3)
    return item


def sleep(item, feedback):
    time.sleep(30)


class Recorder(Feedback):
    def __init__(self, cancel_after=None):
        self.progress, self.lines, self.warnings = [], [], []
        self.began, self.cancel_after = time.monotonic(), cancel_after

    def pushInfo(self, text):
        self.lines.append(text)

    def setProgress(self, percent):
        self.progress.append(percent)

    def pushWarning(self, text):
        self.warnings.append(text)

    def isCanceled(self):
        return self.cancel_after is not None and time.monotonic() - self.began > self.cancel_after


@pytest.mark.parametrize("workers", [1, 2])
def test_every_item_is_done_once(workers):
    recorder = Recorder()
    done = dict(parallel.Processes(workers).run(square, list(range(5)), recorder))
    assert {number: value for number, (value, _) in done.items()} == {n: n * n for n in range(5)}
    assert (os.getpid() in {pid for _, pid in done.values()}) == (workers == 1)
    assert recorder.progress == sorted(recorder.progress)
    assert recorder.progress[-1] == pytest.approx(100.0)
    assert sorted(recorder.lines) == [f"squaring {n}" for n in range(5)]


@pytest.mark.parametrize("workers", [1, 2])
def test_errors_keep_their_words(workers):
    with pytest.raises(SlopecastError, match=r"Number: 3 is odd\. Allowed: even numbers"):
        list(parallel.Processes(workers).run(refuse, [3, 3], Feedback()))


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_threads_do_every_item_once_and_share_the_cores(workers):
    recorder, seen = Recorder(), set()

    def task(item, feedback):
        seen.add(thread_limit(8))
        return square(item, feedback)[0]

    assert dict(parallel.Threads(workers).run(task, list(range(9)), recorder)) == {n: n * n for n in range(9)}
    assert seen == {8 // workers}
    assert recorder.progress == sorted(recorder.progress)
    assert recorder.progress[-1] == pytest.approx(100.0)
    assert sorted(recorder.lines) == [f"squaring {n}" for n in range(9)]


def test_threads_hold_no_item_and_no_result_that_is_done():
    """Windows of large maps would take memory."""
    alive = []

    def task(item, feedback):
        return made(len(alive))

    def made(number):
        array = np.zeros(8)
        alive.append(weakref.ref(array))
        return array

    for number, found in parallel.Threads(2).run(task, parallel.Lazy(8, made), Feedback()):
        del found
        assert sum(one() is not None for one in alive) <= 4, number  # two items and two results


def test_an_error_and_a_cancel_end_the_threads():
    def wait_for_the_end(item, feedback):
        if item == 3:
            refuse(item, feedback)
        while not feedback.isCanceled():
            time.sleep(0.01)
        check_cancelled(feedback)

    before = threading.active_count()
    with pytest.raises(SlopecastError, match=r"Number: 3 is odd\. Allowed: even numbers"):
        list(parallel.Threads(2).run(wait_for_the_end, [2, 3], Feedback()))
    with pytest.raises(Cancelled):
        list(parallel.Threads(2).run(wait_for_the_end, [2, 4], Recorder(cancel_after=0.3)))
    assert threading.active_count() == before


def test_work_of_a_dead_process_is_done_here(monkeypatch):
    monkeypatch.setenv("SLOPECAST_TEST_PARENT", str(os.getpid()))
    recorder = Recorder()
    assert sorted(parallel.Processes(2).run(die_elsewhere, [7, 8, 9], recorder)) == [(0, 7), (1, 8), (2, 9)]
    assert any("exit code 3" in text for text in recorder.warnings)


def test_cancel_ends_the_processes():
    began = time.monotonic()
    with pytest.raises(Cancelled):
        list(parallel.Processes(2).run(sleep, [1, 2], Recorder(cancel_after=0.5)))
    assert time.monotonic() - began < 15.0


@pytest.mark.parametrize("executable", ["/usr/bin/qgis", r"C:\OSGeo4W\bin\qgis-bin.exe", "", None])
def test_a_program_that_is_no_python_is_not_started_again(executable, monkeypatch, tmp_path):
    """Inside QGIS's desktop on Windows the executable is QGIS: started again, it would open windows."""
    monkeypatch.setattr(sys, "executable", executable)
    monkeypatch.setattr(os, "__file__", str(tmp_path / "Lib" / "os.py"))
    assert not parallel.can_use_processes()
    assert dict(parallel.Processes(2).run(square, [2, 3], Feedback())) == {0: (4, os.getpid()), 1: (9, os.getpid())}


def test_the_python_that_runs_is_found_where_another_is_named(monkeypatch, tmp_path):
    """Inside qgis_process the executable is the first Python on the search path, whose libraries need not fit."""
    own = parallel.python_executable()
    assert Path(own).samefile(sys.executable)
    other = tmp_path / "bin" / "python3"
    other.parent.mkdir()
    other.write_text("")
    monkeypatch.setattr(sys, "executable", str(other))
    found = parallel.python_executable()
    assert found is None or Path(found).samefile(own)


SCRIPT = """
import sys
sys.path[:0] = {paths!r}
open({log!r}, "a").write("run\\n")
import test_parallel
from slopecast.plugin.core.workers import parallel
from slopecast.plugin.core.feedback import Feedback, check_cancelled
from slopecast.plugin.core.map_parts.threads import thread_limit
print(sorted(value for _, (value, _) in parallel.Processes(2).run(test_parallel.square, [2, 3], Feedback())))
"""


def test_a_users_script_is_not_run_again_by_the_processes(tmp_path):
    """Scripts that start algorithms seldom guard their main part: each process would build the data set anew."""
    (tmp_path / "slopecast").symlink_to(checkout.ROOT)
    paths = [str(tmp_path), str(Path(__file__).parent), str(checkout.ROOT / "tests")]
    log = tmp_path / "log"
    (tmp_path / "script.py").write_text(SCRIPT.format(paths=paths, log=str(log)))
    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.strip() == "[4, 9]", done.stderr
    assert log.read_text() == "run\n"
