"""The network's architecture: sides, receptive field, and what it may change of a first guess."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from operator import itemgetter

import numpy as np
import pytest
import torch
from slopecast.plugin.ml.channels import CHANNELS, Inputs
from slopecast.plugin.ml.network import Architecture, Correction, Network, PositivePart
from tiny_networks import TINY, lively

SHAPES = [TINY, Architecture(widths=(4,)), Architecture(widths=(4, 6, 8)), Architecture("pointwise", (4,))]
POINTWISE = Architecture("pointwise", (4, 4))
each_shape = pytest.mark.parametrize("architecture", SHAPES, ids=lambda a: f"{a.kind} {len(a.widths)}")


def some_inputs(rows, cols, batch=1, seed=2):
    torch.manual_seed(seed)
    channels = torch.randn(batch, len(CHANNELS), rows, cols)
    bound, halving = 0.1 * torch.rand(batch, rows, cols), 0.02 * torch.randn(batch, rows, cols)
    bound[:, : rows // 2, : cols // 4], halving[:, : rows // 2, : cols // 4] = 0.0, 0.0
    return Inputs(channels, bound, halving, torch.zeros_like(bound))


def reach(architecture, at, size):
    """Greatest distance [cells] of an input that the output at a cell depends on, by its gradient."""
    network = Network(architecture).eval()
    for values in network.parameters():
        torch.nn.init.uniform_(values, 0.01, 0.1)  # positive: every path carries a gradient
    channels = torch.rand(1, len(CHANNELS), size, size, requires_grad=True)
    one = torch.ones(1, size, size)
    correction = network(Inputs(channels, one, one, one))
    (correction.change + correction.error)[0, at, at].sum().backward()
    touched = torch.nonzero(channels.grad[0].abs().sum(0))
    return int((touched - at).abs().max())


@each_shape
@pytest.mark.parametrize("times", [(1, 1), (2, 5), (3, 2)])
def test_sides_are_any_multiples(architecture, times):
    shape = tuple(n * architecture.multiple for n in times)
    correction = lively(architecture)(some_inputs(*shape, batch=2))
    assert correction.change.shape == correction.error.shape == (2, *shape)


@each_shape
def test_receptive_radius_covers_what_an_output_depends_on(architecture):
    """At any place of a cell within the blocks that are folded and pooled; and it is no wild exaggeration."""
    size = 4 * architecture.multiple + 2 * architecture.receptive_radius
    size -= size % architecture.multiple
    places = [size // 2 + n for n in range(architecture.multiple)]
    found = [reach(architecture, at, size) for at in places]
    assert max(found) <= architecture.receptive_radius <= 1.5 * max(found)


def test_the_shipped_shape_has_a_radius_of_its_own():
    """By hand: cells of 2, 4 and 8; levels 4 (2 + 4) + 2 (8), folding and pooling 2 + 4 + 8."""
    assert Architecture().receptive_radius == 24 + 16 + 14
    assert Architecture().multiple == 8


@each_shape
def test_a_fresh_network_changes_nothing(architecture):
    inputs = some_inputs(16, 24)
    correction = Network(architecture)(inputs)
    assert not correction.change.any()
    share = np.log1p(np.exp(-2.0))  # softplus
    torch.testing.assert_close(correction.error, inputs.greatest_change * share)


@each_shape
@pytest.mark.parametrize("strength", [1.0, 100.0, 1e4])
def test_no_change_exceeds_the_greatest(architecture, strength):
    network, inputs = lively(architecture), some_inputs(16, 24, batch=2)
    with torch.no_grad():
        for values in network.parameters():
            values.mul_(strength)
        correction = network(inputs)
    most = inputs.greatest_change
    assert (correction.change.abs() <= most * (1.0 + 1e-6)).all()
    assert correction.change.any()
    assert (correction.error >= 0.0).all()
    still = most == 0.0
    assert still.any()
    assert not correction.change[still].any()
    assert not correction.error[still].any()


def test_the_extrapolation_is_of_what_half_the_steps_change():
    """Where the bound is 0, what remains is the halving times at most 2; its sign may be either."""
    inputs = some_inputs(16, 16)
    inputs = replace(inputs, bound=torch.zeros_like(inputs.bound))
    network = Network(TINY)
    with torch.no_grad():
        network.body.detail.out.bias[1] = 1.0
        change = network(inputs).change
    torch.testing.assert_close(change, inputs.halving * 2.0 * float(np.tanh(0.5)))


def test_a_pointwise_network_sees_no_neighbour():
    assert POINTWISE.receptive_radius == 0
    assert reach(POINTWISE, 8, 16) == 0
    network, inputs = lively(POINTWISE), some_inputs(12, 12)
    other = inputs.channels.clone()
    other[..., 6, 7] += 1.0
    differs = (network.body(inputs.channels) != network.body(other)).any(1)
    assert torch.nonzero(differs[0]).tolist() == [[6, 7]]


def test_changes_below_the_least_are_not_made():
    inputs = some_inputs(16, 16)
    change = torch.tensor([-0.05, -0.001, 0.0, 0.0019, 0.003, 0.02])
    least = torch.tensor([0.02, 0.0005, 0.0005, 0.002, 0.003, 0.021])
    made = Correction(change, change).without_small_changes(replace(inputs, least=least))
    assert made.tolist() == pytest.approx([-0.05, -0.001, 0.0, 0.0, 0.003, 0.0])


def test_a_batch_is_its_members_one_by_one():
    network, both = lively(), some_inputs(16, 20, batch=3)
    together = network(both)
    for n in range(3):
        alone = network(both.each(itemgetter(slice(n, n + 1))))
        torch.testing.assert_close(together.change[n], alone.change[0], atol=1e-6, rtol=1e-4)


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1e3])
def test_a_pixels_channels_are_divided_by_their_root_mean_square(scale):
    """(3, -4): root of 12.5, with 1e-3 added to the mean square; other pixels have no part in it."""
    x = torch.tensor([[3.0, 1.0], [-4.0, 9.0]]).view(1, 2, 1, 2) * scale
    y = PositivePart()(x)[0, :, 0, 0]
    torch.testing.assert_close(y, torch.tensor([3.0, 0.0]) * scale / float(np.sqrt(12.5 * scale**2 + 1e-3)))


@each_shape
def test_every_weight_learns(architecture):
    """No unit is dead from the start: with lively weights every parameter gets a gradient."""
    network = lively(architecture)
    correction = network(some_inputs(16, 24))
    (correction.change.square() + correction.error).sum().backward()
    assert all(float(p.grad.abs().sum()) > 0.0 for p in network.parameters())


@each_shape
def test_a_shape_survives_being_described(architecture):
    """As text, which knows no tuples."""
    assert Architecture(**json.loads(json.dumps(asdict(architecture)))) == architecture
