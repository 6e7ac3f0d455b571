"""Files of weights: written whole, read back the same, refused where they do not fit or are damaged."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import load_file, save_file
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.ml import model_file
from slopecast.plugin.ml.channels import CHANNELS
from slopecast.plugin.ml.network import Architecture, Network
from tiny_networks import TINY, lively, written

SHAPES = [TINY, Architecture(widths=(4, 6, 8)), Architecture("pointwise", (4,))]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return written(tmp_path_factory.mktemp("model") / "tiny.safetensors", lively(), "tiny")


def rewritten(model, path, change=None, tensors=None):
    """A copy with another card or other tensors."""
    card = model_file.read_card(model)
    card = card if change is None else {**card, **change}
    save_file(tensors or load_file(str(model)), str(path), metadata={"card": json.dumps(card)})
    return path


@pytest.mark.parametrize("architecture", SHAPES, ids=lambda a: f"{a.kind} {len(a.widths)}")
def test_weights_survive_writing(tmp_path, architecture):
    """In half precision."""
    network = lively(architecture)
    read, card = model_file.load(written(tmp_path / "m.safetensors", network, "mine"))
    assert (card["id"], card["channels"]) == ("mine", list(CHANNELS))
    assert card["units"]["conductivity"] == "m/s"
    assert read.architecture == architecture
    assert not read.training
    for name, values in network.state_dict().items():
        assert torch.equal(read.state_dict()[name], values.half().float())
    assert [p.name for p in tmp_path.iterdir()] == ["m.safetensors"]


def test_a_card_gives_the_general_ranges_where_it_names_no_others(tmp_path):
    general = model_file.trained_ranges()
    network = Network(TINY)
    model_file.save(tmp_path / "m.safetensors", network, {"id": "m", "ranges": {"rainfall": [12.0, 12.0]}})
    card = model_file.read_card(tmp_path / "m.safetensors")
    assert card["ranges"] == {**general, "rainfall": [12.0, 12.0]}
    assert general["cell_size_m"] == [2, 30]
    assert general[model_file.MOST_LATERAL] == pytest.approx(5e-4)


@pytest.mark.parametrize("kind", ["missing", "garbage", "empty", "without a card", "a card that is no card"])
def test_what_is_no_file_of_weights_is_refused(tmp_path, kind):
    path = tmp_path / "m.safetensors"
    if kind == "garbage":
        path.write_bytes(b"no weights at all")
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind != "missing":
        save_file({"x": torch.zeros(3)}, str(path), metadata={"card": "{"} if "no card" in kind else None)
    with pytest.raises(InputError, match=r"Model weights \(MODEL\)"):
        model_file.load(path)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"format": "slopecast-guided-3"}, "format"),
        ({"channels": ["elevation"]}, "channels"),
        ({"channels": list(CHANNELS[::-1])}, "channels"),
        ({"relief_cells": [4, 16]}, "relief_cells"),
        ({"greatest_change": 0.5}, "greatest_change"),
        ({"units": {}}, "units"),
    ],
)
def test_weights_of_another_version_are_refused_by_what_differs(model, tmp_path, change, named):
    with pytest.raises(InputError, match=f"does not fit this version: its {named}"):
        model_file.load(rewritten(model, tmp_path / "other.safetensors", change))


@pytest.mark.parametrize("change", [{"widths": [4, 8]}, {"kind": "pointwise"}, {"depth": 3}, {"widths": None}])
def test_a_card_of_another_shape_is_refused(model, tmp_path, change):
    shape = {**model_file.read_card(model)["architecture"], **change}
    with pytest.raises(InputError, match="damaged"):
        model_file.load(rewritten(model, tmp_path / "other.safetensors", {"architecture": shape}))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("which", [0, -1])
def test_weights_that_are_no_numbers_are_refused(model, tmp_path, value, which):
    """A factor of safety that is none would pass for stable."""
    tensors = load_file(str(model))
    tensors[sorted(tensors)[which]].view(-1)[0] = value
    with pytest.raises(InputError, match="not finite"):
        model_file.load(rewritten(model, tmp_path / "other.safetensors", tensors=tensors))


@pytest.mark.parametrize("lost", [0, -1])
def test_weights_that_lack_a_layer_are_refused(model, tmp_path, lost):
    tensors = load_file(str(model))
    del tensors[sorted(tensors)[lost]]
    with pytest.raises(InputError, match="damaged"):
        model_file.load(rewritten(model, tmp_path / "other.safetensors", tensors=tensors))


def test_a_file_cut_short_is_refused(model, tmp_path):
    path = tmp_path / "cut.safetensors"
    path.write_bytes(model.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"Model weights \(MODEL\)"):
        model_file.load(path)


def test_a_write_that_fails_leaves_the_old_file(model, tmp_path, monkeypatch):
    path = written(tmp_path / "m.safetensors")
    before = path.read_bytes()

    def full(*_given):
        raise OSError("no space left on device")

    monkeypatch.setattr(model_file.os, "replace", full)
    with pytest.raises(OSError, match="space"):
        written(path, lively())
    assert path.read_bytes() == before


@pytest.mark.skipif(not model_file.DEFAULT.is_file(), reason="the weights are made by 'make weights'")
@pytest.mark.parametrize("path", [model_file.DEFAULT, model_file.POINTWISE])
def test_shipped_weights_load_and_fit(path):
    network, card = model_file.load(path)
    assert network.architecture.kind == ("unet" if path == model_file.DEFAULT else "pointwise")
    for key in ("id", "training", "metrics", "limits", "licence", "date", "ranges"):
        assert card.get(key), key
    assert path.stat().st_size < 10e6
    page = path.with_suffix(".md").read_text(encoding="utf-8")
    assert f"mean_iou: {card['metrics']['mean_iou']}" in page
    assert card["id"] in page
