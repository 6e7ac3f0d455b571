"""Files of weights: written whole, read back the same, refused where they do not fit or are damaged."""

from __future__ import annotations

import hashlib
import json
import resource
from dataclasses import asdict

import pytest
import torch
from safetensors.torch import load_file, save_file
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.physics.solve import NoAnswer
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.ml import model_file
from slopecast.plugin.ml.channels import CHANNELS
from slopecast.plugin.ml.network import Architecture, Network
from slopecast.plugin.ml.network_solver import NetworkSolver
from slopecast.plugin.ml.paper import PaperArchitecture, PaperNetwork, scaling_of
from study_areas import rough_terrain, solve
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
    with pytest.raises(InputError, match=f"was made for another version of Slopecast: its {named}"):
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


@pytest.mark.parametrize(
    "architecture",
    [
        {"widths": [3000, 3000]}, {"widths": [4] * 40}, {"widths": [10**9, 4]}, {"widths": [0, 4]}, {"widths": []},
        {"widths": [True, 4]}, {"widths": "44"}, {"widths": [[4, 4]]}, {"kind": 3}, {"levels": 10**9}, {}, None, [],
        "unet", {"widths": ""}, {"widths": 4},
        {"widths": [float("inf")]}, {"widths": [4.5, 4]}, {"widths": [-4, 4]}, {"kind": "unet" * 100},
    ],
    ids=str,
)  # fmt: skip
def test_shapes_that_cannot_be_meant_are_refused_before_memory_is_taken(model, tmp_path, architecture, monkeypatch):
    shape = model_file.read_card(model)["architecture"]
    given = {**shape, **architecture} if architecture and isinstance(architecture, dict) else architecture
    path = rewritten(model, tmp_path / "other.safetensors", {"architecture": given})
    monkeypatch.setattr(Network, "load_state_dict", lambda *_: pytest.fail("the network was made"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError, match=r"Model weights \(MODEL\).*damaged"):
        model_file.load(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


@pytest.mark.parametrize(
    "architecture",
    [
        {"width": 3000}, {"levels": 40}, {"levels": 10**9}, {"levels": 0}, {"dropout": 1.5}, {"channels": []},
        {"channels": ["elevation"] * 50},
    ],
    ids=str,
)  # fmt: skip
def test_nor_do_shapes_of_the_papers_network_take_memory(tmp_path, architecture, monkeypatch):
    tiny = PaperArchitecture(width=4, levels=2)
    scaling = scaling_of([rough_terrain()])
    model_file.save(tmp_path / "m.safetensors", PaperNetwork(tiny), {"id": "paper", "scaling": scaling})
    assert model_file.load(tmp_path / "m.safetensors", PaperNetwork)[0].architecture == tiny
    changed = {"architecture": {**asdict(tiny), **architecture}}
    path = rewritten(tmp_path / "m.safetensors", tmp_path / "other.safetensors", changed)
    monkeypatch.setattr(PaperNetwork, "load_state_dict", lambda *_: pytest.fail("the network was made"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError, match="damaged"):
        model_file.load(path, PaperNetwork)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", 5), ("id", ""), ("id", "x" * 500), ("id", None), ("ranges", None), ("ranges", [1, 2]),
        ("ranges", {"rainfall": [17.0, 1.0]}), ("ranges", {"rainfall": ["1", "17"]}), ("ranges", {"rainfall": 3.0}),
        ("ranges", {model_file.MOST_LATERAL: [0.0, 1.0]}), ("ranges", {model_file.MOST_LATERAL: float("inf")}),
        ("ranges", {"rainfall": [1.0, float("inf")]}), ("ranges", {"rainfall": [float("nan"), 3.0]}),
        ("temperature", 0.0), ("temperature", "warm"), ("sites", {"cells": 1}), ("sites", [{"cells": 1.0}]),
        ("constants", {"magic": 1.0}), ("constants", {"duration": "long"}), ("metrics", [1]),
        ("metrics", {"mean_iou": "x"}),
        ("training", {"data": "x" * 100_000}), ("licence", "x" * 100_000),
    ],
    ids=lambda v: str(v)[:40],
)  # fmt: skip
def test_entries_of_a_card_that_cannot_be_meant_are_refused_by_name(model, tmp_path, key, value):
    with pytest.raises(InputError, match=rf"damaged \({key}"):
        model_file.load(rewritten(model, tmp_path / "other.safetensors", {key: value}))


def test_a_card_nested_too_deep_is_refused(model, tmp_path):
    path = tmp_path / "deep.safetensors"
    save_file(load_file(str(model)), str(path), metadata={"card": "[" * 50_000 + "]" * 50_000})
    with pytest.raises(InputError, match="no Slopecast model card"):
        model_file.load(path)


def test_weights_that_are_all_zero_are_refused(model, tmp_path):
    tensors = {name: torch.zeros_like(values) for name, values in load_file(str(model)).items()}
    with pytest.raises(InputError, match="all weights are 0"):
        model_file.load(rewritten(model, tmp_path / "other.safetensors", tensors=tensors))


@pytest.mark.parametrize("kind", [torch.int8, torch.int64, torch.bool, torch.uint8])
def test_weights_of_another_type_are_refused(model, tmp_path, kind):
    tensors = load_file(str(model))
    name = sorted(tensors)[0]
    tensors[name] = tensors[name].to(kind)
    with pytest.raises(InputError, match=f"'{name}' is of the type"):
        model_file.load(rewritten(model, tmp_path / "other.safetensors", tensors=tensors))


def test_weights_of_another_shape_are_refused(model, tmp_path):
    tensors = load_file(str(model))
    name = max(tensors, key=lambda n: tensors[n].ndim)
    tensors[name] = tensors[name][..., :1].contiguous()
    with pytest.raises(InputError, match=f"'{name}' has the shape"):
        model_file.load(rewritten(model, tmp_path / "other.safetensors", tensors=tensors))


@pytest.mark.parametrize("value", [3e38, -3e38, 1e30])
def test_a_network_whose_answer_is_no_number_gives_no_map(model, tmp_path, value):
    """Finite weights may still overflow on the way."""
    tensors = {name: values.float() for name, values in load_file(str(model)).items()}
    for values in tensors.values():
        values.fill_(value)
    path = rewritten(model, tmp_path / "other.safetensors", tensors=tensors)
    with pytest.raises(NoAnswer, match=r"left \d+ of \d+ valid cells without a value"):
        solve(rough_terrain(), Scenario(lateral_anisotropy=40.0), NetworkSolver(path, device="cpu"))


def test_only_the_files_that_are_shipped_are_verified(model, tmp_path):
    for path in (model_file.DEFAULT, model_file.POINTWISE, model_file.PAPER):
        assert model_file.read_card(path)["verified"] is True
    moved = tmp_path / "another name.safetensors"
    moved.write_bytes(model_file.DEFAULT.read_bytes())
    assert model_file.read_card(moved)["verified"] is True
    forged = rewritten(model_file.DEFAULT, tmp_path / "forged.safetensors", {"verified": True})
    for path in (model, forged):
        assert model_file.read_card(path)["verified"] is False


def test_the_list_of_checksums_is_that_of_the_shipped_files():
    """``tests/commands weights --checksums`` writes it."""
    listed = dict(line.split()[::-1] for line in model_file.CHECKSUMS.read_text(encoding="ascii").splitlines())
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in model_file.FOLDER.glob("*.safetensors")
    }
    assert listed == found


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

    monkeypatch.setattr("os.replace", full)
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
