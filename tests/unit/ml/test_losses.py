"""What training minimises, by small cases in closed form."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from slopecast.plugin.ml.channels import CHANNELS, Inputs
from slopecast.plugin.ml.network import Correction
from slopecast.plugin.ml.training import losses
from slopecast.plugin.ml.training.losses import correction_loss
from slopecast.plugin.ml.training.sampling import Example

SIDE = 32
CHECKS = 1.0 - 2.0 * (torch.arange(SIDE)[:, None] + torch.arange(SIDE)).remainder(2)


def even(value):
    return torch.full((1, SIDE, SIDE), float(value))


def example(guess=0.5, engine=0.5, fs=9.0, meeting=-9.0, valid=1.0):
    """A case of even maps: tables as shares of the depth, far from failing and from ponding anywhere."""
    maps = (torch.as_tensor(x, dtype=torch.float32) + even(0.0) for x in (guess, engine, fs, meeting, valid))
    inputs = Inputs(torch.zeros(1, len(CHANNELS), SIDE, SIDE), even(0.0), even(0.0), even(0.0))
    return Example(inputs, *maps)


def loss(change, given, error=0.1, seed=1):
    change = torch.as_tensor(change, dtype=torch.float32) + torch.zeros_like(given.guess)
    rngs = [np.random.default_rng([seed, n]) for n in range(len(given.guess))]
    found, parts = correction_loss(Correction(change, torch.full_like(change, error)), given, rngs)
    return SimpleNamespace(loss=found, table=parts["error"], guess=parts["guess_error"])


@pytest.fixture
def of_table_alone(monkeypatch):
    """Without the part of the expected error, and without cells that count more."""
    monkeypatch.setattr(losses, "_ERROR_WEIGHT", 0.0)
    monkeypatch.setattr(losses, "_NEAR_WEIGHT", 0.0)


@pytest.mark.parametrize("off", [0.004, 0.05, -0.05, 0.3])
def test_an_even_error_counts_by_what_the_guess_was_off(of_table_alone, off):
    """Cells count once and means over 4 and 16 cells half each: 2 (sqrt(r^2 + s^2) - s), r = off / (off + 0.001)."""
    relative = abs(off) / (abs(off) + 0.001)
    expected = 2.0 * (np.hypot(relative, 0.05) - 0.05)
    found = loss(0.0, example(guess=0.5 + off))
    assert float(found.loss) == pytest.approx(expected, rel=1e-4)
    assert found.table == found.guess == pytest.approx(abs(off), rel=1e-4)
    half = loss(-0.5 * off, example(guess=0.5 + off))
    assert float(half.loss) == pytest.approx(2.0 * (np.hypot(0.5 * relative, 0.05) - 0.05), rel=1e-4)
    assert half.table == pytest.approx(0.5 * abs(off), rel=1e-3)


@pytest.mark.parametrize("off", [0.0, 0.1])
def test_the_right_table_costs_nothing(of_table_alone, off):
    assert float(loss(-off, example(guess=0.5 + off)).loss) == pytest.approx(0.0, abs=1e-5)


def test_errors_that_even_out_over_blocks_cost_half(of_table_alone):
    """Means of +0.1 and -0.1 over 4 and 16 cells are 0."""
    wide, checks = (float(loss(0.0, example(guess=0.5 + wrong)).loss) for wrong in (0.1, 0.1 * CHECKS))
    assert checks == pytest.approx(0.5 * wide, rel=1e-3)


def test_cells_near_failure_count_more(monkeypatch):
    """FS is 1 to 3, the limit at which a tenth fails 1.2: a cell weighs 1 + 5 exp(-|FS / 1.2 - 1| / 0.08)."""
    monkeypatch.setattr(losses, "_ERROR_WEIGHT", 0.0)
    monkeypatch.setattr(losses, "_LEAST_SHARE", 0.1)
    monkeypatch.setattr(losses, "_MOST_SHARE", 0.1)
    monkeypatch.setattr(losses, "_BLOCKS", ())
    fs = torch.linspace(1.0, 3.0, SIDE).expand(SIDE, SIDE)
    weight = 1.0 + 5.0 * np.exp(-np.abs(fs[0].numpy() / np.quantile(fs.numpy(), 0.1) - 1.0) / 0.08)
    for column in (0, 3, 20):
        wrong = torch.zeros(SIDE, SIDE)
        wrong[:, column] = 0.1
        relative = np.hypot(0.1 / (0.1 / SIDE + 0.001), 0.05) - 0.05
        expected = relative * weight[column] / weight.sum()
        assert float(loss(0.0, example(guess=0.5 + wrong, fs=fs)).loss) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(("meeting", "engine", "weight"), [
    (0.5, 0.5, 6.0), (0.45, 0.5, 1.0 + 5.0 * np.exp(-1.0)), (0.6, 0.5, 1.0 + 5.0 * np.exp(-2.0)), (-9.0, 0.5, 1.0),
    (-9.0, 1.0, 0.1),
])  # fmt: skip
def test_cells_where_the_front_meets_the_table_count_more_and_kept_ones_less(monkeypatch, meeting, engine, weight):
    """A column of cells weighs 1 + 5 exp(-|h - h_meeting| / 0.05), or a tenth where guess and engine are saturated."""
    for name in ("_ERROR_WEIGHT", "_NEAR_WEIGHT"):
        monkeypatch.setattr(losses, name, 0.0)
    monkeypatch.setattr(losses, "_BLOCKS", ())
    column = torch.zeros(SIDE, SIDE)
    column[:, 5] = 1.0
    tables = torch.where(column > 0, engine, 0.5)
    given = example(guess=tables, engine=tables, meeting=torch.where(column > 0, meeting, -9.0))
    relative = np.hypot(0.1 / 0.001, 0.05) - 0.05
    expected = relative * weight / (weight + SIDE - 1)
    assert float(loss(-0.1 * column, given).loss) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("strength", [0.1, 3.0])
def test_only_the_order_of_the_factors_of_safety_counts(strength):
    """Strength is drawn anew: a case is not worth less because nothing fails in it."""
    fs = torch.linspace(1.0, 3.0, SIDE).expand(SIDE, SIDE)
    one, other = (float(loss(0.0, example(guess=0.5 + 0.1 * CHECKS, fs=f)).loss) for f in (fs, strength * fs))
    assert other == pytest.approx(one, rel=1e-4)


def test_a_table_beyond_the_soil_counts_little_and_still_pulls(of_table_alone):
    """At a guess of 0.9 a change of 0.3 gives 1.0 and a tenth of the 0.2 beyond."""
    change = even(0.3).requires_grad_()
    given = example(guess=0.9, engine=1.0)
    found, parts = correction_loss(Correction(change, even(0.1)), given, [np.random.default_rng(1)])
    assert parts["error"] == pytest.approx(0.02, rel=1e-4)
    found.backward()
    assert (change.grad > 0.0).all()


@pytest.mark.parametrize("wrong", [0.0, 0.02, 0.2])
def test_the_expected_error_is_best_where_it_is_the_error(wrong):
    """e / s + ln s is least at s = e; it does not pull at the table."""
    given = example(guess=0.5 + wrong)
    tried = np.geomspace(1e-3, 1.0, 61)
    best = tried[int(np.argmin([float(loss(0.0, given, error=t).loss) for t in tried]))]
    assert best == pytest.approx(max(wrong, 1e-3), rel=0.13)
    change, error = even(0.0).requires_grad_(), even(0.3).requires_grad_()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(losses, "_relative", lambda error, *_: 0.0 * error.sum())
        correction_loss(Correction(change, error), given, [np.random.default_rng(1)])[0].backward()
    assert not change.grad.any()
    assert error.grad.any()


def test_missing_cells_count_for_nothing():
    valid = torch.ones(SIDE, SIDE)
    valid[:, 20:] = 0.0
    wrong = 0.1 * CHECKS
    nonsense = torch.where(valid > 0, wrong, torch.tensor(0.45))
    one, other = (loss(0.0, example(guess=0.5 + w, valid=valid)) for w in (wrong, nonsense))
    assert float(one.loss) == pytest.approx(float(other.loss), rel=1e-5)
    assert one.guess == pytest.approx(0.1, rel=1e-4)
    empty = loss(0.0, example(guess=0.9, valid=0.0))
    assert torch.isfinite(empty.loss)
    assert empty.guess == 0.0


def test_a_batch_is_the_mean_of_its_cases():
    """Whatever share of a window is terrain: processes that share a batch average their losses."""
    valid = torch.ones(SIDE, SIDE)
    valid[:5] = 0.0
    fs = torch.linspace(1.0, 3.0, SIDE).expand(SIDE, SIDE)
    cases = [example(guess=0.6, fs=fs), example(guess=0.45 + 0.1 * CHECKS, valid=valid), example(guess=0.52)]
    names = ("guess", "engine", "fs", "meeting", "valid")
    together = replace(cases[0], **{n: torch.cat([getattr(c, n) for c in cases]) for n in names})
    rngs = lambda: [np.random.default_rng([7, n]) for n in range(3)]  # noqa: E731
    nothing = Correction(torch.zeros(3, SIDE, SIDE), torch.full((3, SIDE, SIDE), 0.1))
    whole = correction_loss(nothing, together, rngs())
    alone = [correction_loss(Correction(even(0.0), even(0.1)), case, [rng]) for case, rng in zip(cases, rngs())]
    assert float(whole[0]) == pytest.approx(np.mean([float(found) for found, _ in alone]), rel=1e-5)
    assert whole[1]["guess_error"] == pytest.approx(np.mean([parts["guess_error"] for _, parts in alone]), rel=1e-5)
