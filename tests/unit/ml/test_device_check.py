"""A device is checked with a stored scenario; one whose answer is another is refused, and the CPU takes its place."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from messages import Messages
from slopecast.plugin.ml import device, device_check, network_solver, opened_network
from slopecast.plugin.ml.device_check import Comparison, check_device, compare, predict


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(device, "_refused", set())
    monkeypatch.setattr(device_check, "_checked", set())


def test_the_stored_answer_is_that_of_the_shipped_network_here():
    """``tests/commands weights --checksums`` stores it. The network has to correct most cells."""
    found = compare("cpu")
    assert found.agrees
    assert (found.other_cells, found.most < 0.02) == (0, True), str(found)
    assert predict("cpu").diagnostics["corrected_cells"] > 1000


def test_its_small_map_runs_on_one_thread(monkeypatch):
    threads, whole, before = [], network_solver.NetworkSolver._run_tile, torch.get_num_threads()

    def seen(*given):
        threads.append(torch.get_num_threads())
        return whole(*given)

    monkeypatch.setattr(network_solver.NetworkSolver, "_run_tile", seen)
    torch.set_num_threads(2)
    try:
        compare("cpu")
        assert threads == [1]
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("numba", ["0", "1"])
def test_half_precision_and_plain_numpy_give_the_same_mask(monkeypatch, numba):
    monkeypatch.setenv("SLOPECAST_NUMBA", numba)
    monkeypatch.setattr(opened_network, "half_precision", lambda _: (torch.bfloat16, ", bf16"))
    found = compare("cpu")
    assert found.agrees
    assert found.other_cells <= 0.001 * found.cells, str(found)


@pytest.mark.parametrize(
    ("found", "agrees"),
    [
        (Comparison(4096, 0, 0.0, 0.0), True),
        (Comparison(4096, 20, 0.004, 0.09), True),
        (Comparison(4096, 21, 0.0, 0.0), False),
        (Comparison(4096, 0, 0.006, 0.09), False),
        (Comparison(4096, 0, 0.0, 0.11), False),
        (Comparison(4096, 0, math.nan, math.nan), False),
    ],
)
def test_what_is_rounding_and_what_is_not(found, agrees):
    assert found.agrees is agrees


@pytest.mark.parametrize("fault", ["wrong", "not a number", "raises"])
def test_a_device_that_fails_is_refused_with_a_reason_and_once(monkeypatch, fault):
    """Half precision of this processor plays the device."""
    calls = []

    def correct(*given):
        calls.append(1)
        if fault == "raises":
            raise RuntimeError("no kernel image is available")
        out, passes = whole(*given)
        return out + (np.float32("nan") if fault == "not a number" else np.float32(0.2)), passes

    whole = network_solver.NetworkSolver._run_tiles
    monkeypatch.setattr(network_solver.NetworkSolver, "_run_tiles", correct)
    for module in (opened_network, device_check):
        monkeypatch.setattr(
            module, "half_precision",
            lambda d: (torch.float32 if d.type in device._refused else torch.bfloat16, "")
        )  # fmt: skip
    feedback = Messages()
    check_device("cpu", feedback)
    check_device("cpu", feedback)
    assert len(calls) == 1
    assert len(feedback.warnings) == 1
    assert "'cpu' gives wrong results for a stored test scenario" in feedback.warnings[0]
    assert device.half_precision(torch.device("cpu")) == (torch.float32, "")


def test_a_wait_for_the_compiler_is_announced(monkeypatch):
    """The check compiles the code before the log of a first run has any line."""
    monkeypatch.setattr(device_check, "announce_batched_steps", lambda feedback: feedback.pushInfo("Compiling"))
    for module in (opened_network, device_check):
        monkeypatch.setattr(module, "half_precision", lambda _: (torch.bfloat16, ""))
    feedback = Messages()
    check_device("cpu", feedback)
    check_device("cpu", feedback)
    assert (feedback.info, feedback.warnings) == (["Compiling"], [])


def test_a_refused_gpu_is_not_chosen_again(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    device.refuse("cuda")
    feedback = Messages()
    for wanted in ("auto", "cuda"):
        assert device.choose_device(wanted, feedback)[0].type == "cpu"
    assert "gives wrong results for a stored test scenario" in feedback.warnings[0]
