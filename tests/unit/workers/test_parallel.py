"""Work over threads: every item once, errors and cancels in the user's words."""

from __future__ import annotations

import threading
import time
import weakref

import numpy as np
import pytest
from slopecast.plugin.core.errors import Cancelled, InputError, SlopecastError
from slopecast.plugin.core.feedback import Feedback, check_cancelled
from slopecast.plugin.core.map_parts.threads import thread_limit
from slopecast.plugin.core.workers import parallel


def square(item, feedback):
    feedback.setProgress(50.0)
    feedback.pushInfo(f"squaring {item}")
    return item * item


def refuse(item, feedback):
    raise InputError("Number", f"{item} is odd", "even numbers")


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
def test_errors_keep_their_words(workers):
    with pytest.raises(SlopecastError, match=r"Number: 3 is odd\. Allowed: even numbers"):
        list(parallel.Threads(workers).run(refuse, [3, 3], Feedback()))


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_threads_do_every_item_once_and_share_the_cores(workers):
    recorder, seen = Recorder(), set()

    def task(item, feedback):
        seen.add(thread_limit(8))
        return square(item, feedback)

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
