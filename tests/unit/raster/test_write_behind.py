"""Writing in a thread: all of it, in order, and no error is lost."""

from __future__ import annotations

import threading

import pytest
from slopecast.plugin.core.raster.write import WriteBehind


@pytest.mark.parametrize("count", [0, 1, 3, 50])
def test_all_is_written_in_order_next_to_the_caller(count):
    written = []
    with WriteBehind() as files:
        for number in range(count):
            files.add(lambda *values: written.append((*values, threading.current_thread())), number, "a")
    assert [values[:2] for values in written] == [(number, "a") for number in range(count)]
    assert threading.current_thread() not in {values[2] for values in written}


def test_few_wait():
    """Each that waits holds a raster."""
    release, begun = threading.Event(), []
    with WriteBehind() as files:
        adding = threading.Thread(target=lambda: [files.add(release.wait) or begun.append(n) for n in range(20)])
        adding.start()
        adding.join(0.3)
        assert adding.is_alive()
        assert len(begun) < 6
        release.set()
        adding.join()
    assert len(begun) == 20


@pytest.mark.parametrize("at", [0, 2, 9])
def test_errors_are_raised(at):
    def write(number):
        if number == at:
            raise OSError(f"disk full at {number}")

    def write_all():
        with WriteBehind() as files:
            for number in range(10):
                files.add(write, number)

    with pytest.raises(OSError, match=f"disk full at {at}"):
        write_all()


def test_after_an_error_of_the_caller_nothing_more_is_written():
    written, begun, release = [], threading.Event(), threading.Event()

    def write(number):
        begun.set()
        release.wait()
        written.append(number)

    def write_all():
        with WriteBehind() as files:
            for number in range(4):
                files.add(write, number)
            begun.wait()
            threading.Timer(0.1, release.set).start()
            raise KeyError("of the caller")

    with pytest.raises(KeyError):
        write_all()
    assert written == [0]
