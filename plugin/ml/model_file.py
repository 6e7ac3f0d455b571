"""Network weights with model cards in safetensors files, checked when they are read."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, Mapping

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes

from ..core.errors import InputError
from ..core.files.whole import replacing
from ..core.quantities.foreign_text import foreign_text
from ..text import Text
from ..variables import (
    BY_NAME,
    CELL_SIZE_TRAINED_M,
    LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM,
    SOIL_DEPTH_TRAINED_M,
    VARIABLES,
)
from . import paper
from .card_checks import LONGEST_CARD, MOST_LATERAL, CardError, check_card
from .channels import CHANNELS, GREATEST_CHANGE, RELIEF_CELLS
from .network import Architecture, Network
from .paper import PaperArchitecture, PaperNetwork

FORMAT = "slopecast-network-2"
PAPER_FORMAT = "slopecast-paper-1"
LABEL = "Model weights (MODEL)"
FOLDER = Path(__file__).resolve().parents[2] / "model_weights"
DEFAULT = FOLDER / "network.safetensors"
POINTWISE = FOLDER / "pointwise.safetensors"
PAPER = FOLDER / "paper.safetensors"
#: SHA-256 of the weights that are shipped, as ``sha256sum`` writes them.
CHECKSUMS = FOLDER / "SHA256SUMS"
#: Entry of a card, set when it is read: whether the file is one of those that are shipped.
VERIFIED = "verified"
_FLOATS = ("F16", "BF16", "F32", "F64")
_ADVICE = "Leave the field empty for the shipped network."
#: What is wrong with weights of another kind than the wanted one, and what was expected.
_OTHER_KIND = {
    Network: "'{}' contains the paper's network",
    PaperNetwork: "'{}' does not contain a network of the paper",
}
_REQUIRED = {Network: ("id", "architecture", "ranges"), PaperNetwork: ("id", "architecture", "scaling")}
_WANTED = {Network: "a network that gives the water table", PaperNetwork: "a paper's network"}


def contract(kind: type[Network | PaperNetwork] = Network) -> dict[str, Any]:
    """Properties in which weights of a kind of network must match this code: channels, order, units."""
    if kind is PaperNetwork:
        return {
            "format": PAPER_FORMAT,
            "channels": list(paper.CHANNELS),
            "scaling_of_channels": dict(paper.SCALING),
            "units": {"elevation": "m", "soil_depth": "m", **{n: BY_NAME[n].unit for n in paper.CHANNELS[2:]}},
        }
    return {
        "format": FORMAT,
        "channels": list(CHANNELS),
        "relief_cells": list(RELIEF_CELLS),
        "greatest_change": GREATEST_CHANGE,
        "units": {v.name: v.unit for v in VARIABLES},
    }


def trained_ranges() -> dict[str, Any]:
    """The ranges that the general networks are trained on."""
    ranges: dict[str, Any] = {v.name: list(v.trained) for v in VARIABLES if v.trained is not None}
    ranges["cell_size_m"] = list(CELL_SIZE_TRAINED_M)
    ranges["soil_depth_m"] = list(SOIL_DEPTH_TRAINED_M)
    ranges[MOST_LATERAL] = LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM
    return ranges


def save(path: Path, network: Network | PaperNetwork, card: dict[str, Any]) -> None:
    """Write weights in half precision with their card, whole or not at all.

    Args:
        card: ``id``, ``training``, ``metrics``, ``limits``, ``licence``, ``date`` and what else is worth telling, for
            the paper's network also ``scaling``, ``ranges``, ``constants`` and ``sites``; architecture, channels and
            units are added here, and the general ranges where the card gives no others.
    """
    tensors = {
        k: (v.half() if v.dtype == torch.float32 else v).contiguous() for k, v in network.state_dict().items()
    }  # fmt: skip
    known = contract(type(network))
    if isinstance(network, Network):
        known["ranges"] = {**trained_ranges(), **card.get("ranges", {})}
    whole = {**card, **known, "architecture": asdict(network.architecture)}
    with replacing(path) as partial:
        partial.write_bytes(to_bytes(tensors, {"card": json.dumps(whole, ensure_ascii=False, indent=1)}))


def read_card(path: str | Path) -> dict[str, Any]:
    """The model card of a file of weights, of either architecture.

    Returns:
        its entries, checked; :data:`VERIFIED` is true for the shipped files alone.

    Raises:
        InputError: not a file of Slopecast weights, of another version, or with entries that cannot be meant.
    """
    try:
        with safe_open(str(path), framework="pt") as file:
            metadata = file.metadata() or {}
    except Exception as error:
        text = Text("'{}' cannot be read as a weights file ({})", path, error)
        raise InputError(LABEL, text, "a .safetensors file made by Slopecast", _ADVICE) from error
    try:
        if len(metadata["card"]) > LONGEST_CARD:
            raise CardError("the card is too long")
        card = json.loads(metadata["card"])
        kind = kind_of(card)
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise InputError(
            LABEL, Text("'{}' has no Slopecast model card", path), "weights made by Slopecast", _ADVICE
        ) from error
    for key, expected in contract(kind).items():
        if card.get(key) != expected:
            raise InputError(
                LABEL,
                Text("'{}' was made for another version of Slopecast: its {} is {}", path, key, _short(card.get(key))),
                _short(expected),
                "Use weights made for this version, or leave the field empty for the shipped network.",
            )  # fmt: skip
    try:
        check_card(card, _REQUIRED[kind])
    except CardError as error:
        raise _damaged(path, error) from error
    known = {key: value for key, value in card.items() if value is not None}
    return {**known, "id": foreign_text(card["id"]), VERIFIED: checksum(Path(path)) in _shipped_checksums()}


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _shipped_checksums() -> set[str]:
    try:
        return {line.split()[0] for line in CHECKSUMS.read_text(encoding="ascii").splitlines() if line.strip()}
    except (OSError, ValueError):  # without the list no weights are known
        return set()


def kind_of(card: Mapping[str, Any]) -> type[Network | PaperNetwork]:
    """The kind of network that a card is of."""
    return PaperNetwork if str(card["format"]).startswith("slopecast-paper") else Network


def load(
    path: str | Path | None = None, kind: type[Network | PaperNetwork] | None = None, *, folded: bool = True
) -> tuple[Network | PaperNetwork, dict[str, Any]]:
    """Read a network.

    Args:
        path: file of weights; ``None`` or empty takes the shipped default.
        kind: the one that is wanted; ``None`` takes any.
        folded: batch normalisation folded into the convolutions, for inference; as trained, to go on training, else.

    Returns:
        (network in evaluation mode, float32, its card).

    Raises:
        InputError: missing, unreadable or foreign weights, or of another kind.
    """
    path = path or (PAPER if kind is PaperNetwork else DEFAULT)
    if not os.path.isfile(path):
        raise InputError(LABEL, Text("'{}' does not exist", path), "a .safetensors file", _ADVICE)
    card = read_card(path)
    found = kind_of(card)
    if kind is not None and found is not kind:
        raise InputError(LABEL, Text(_OTHER_KIND[kind], path), _WANTED[kind], _ADVICE)
    try:
        shape = (PaperArchitecture if found is PaperNetwork else Architecture)(**card["architecture"])
        with safe_open(str(path), framework="pt") as file:
            with torch.device("meta"):  # takes no memory: what the card asks for is compared with the file first
                expected = found(shape).state_dict()
            _check_tensors(file, expected)
            tensors = {key: file.get_tensor(key) for key in expected}
        _check_values(tensors)
        network = found(shape)
        network.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in tensors.items()})
    except (KeyError, TypeError, RuntimeError, ValueError, InputError, OSError, SafetensorError) as error:
        raise _damaged(path, error) from error
    network.eval()
    if folded:
        _fold_batch_norm(network)
    return network, card


def _check_tensors(file: Any, expected: Mapping[str, torch.Tensor]) -> None:
    """Compare names, shapes and types in a file's header with the card's; raises ``ValueError``."""
    names = set(file.keys())
    if names != set(expected):
        other = sorted(names ^ set(expected))[0]
        raise ValueError(f"layer '{_short(other)}' is {'missing' if other in expected else 'unknown'}")
    for name, tensor in expected.items():
        stored = file.get_slice(name)
        if tuple(stored.get_shape()) != tuple(tensor.shape):
            raise ValueError(f"'{name}' has the shape {stored.get_shape()} instead of {list(tensor.shape)}")
        allowed = _FLOATS if tensor.is_floating_point() else ("I64",)
        if stored.get_dtype() not in allowed:
            raise ValueError(f"'{name}' is of the type {stored.get_dtype()} instead of {' or '.join(allowed)}")


def _check_values(tensors: Mapping[str, torch.Tensor]) -> None:
    """Raise ``ValueError`` for weights that cannot have been trained: a map made with them would pass for stable."""
    for name, values in tensors.items():
        if values.is_floating_point() and not bool(torch.isfinite(values.float()).all()):
            raise ValueError(f"'{name}' contains values that are not finite")
    if not any(bool(values.any()) for values in tensors.values() if values.ndim > 1):
        raise ValueError("all weights are 0")


def _damaged(path: str | Path, error: Exception) -> InputError:
    text = Text("'{}' is damaged ({})", path, _short(error))
    return InputError(LABEL, text, "an undamaged weights file made by Slopecast", _ADVICE)


def _fold_batch_norm(network: torch.nn.Module) -> None:
    for module in network.modules():
        if not isinstance(module, torch.nn.Sequential):
            continue
        for i in range(len(module) - 1):
            if isinstance(module[i], torch.nn.Conv2d) and isinstance(module[i + 1], torch.nn.BatchNorm2d):
                module[i] = torch.nn.utils.fuse_conv_bn_eval(module[i], module[i + 1])
                module[i + 1] = torch.nn.Identity()


def _short(value: Any) -> str:
    return foreign_text(value, 120)
