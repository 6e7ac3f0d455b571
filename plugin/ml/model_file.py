"""Weights with their model card: safetensors files that say what they are and are refused where they do not fit."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save as to_bytes

from ..core.errors import InputError
from ..text import Text
from ..variables import (
    BY_NAME,
    CELL_SIZE_TRAINED_M,
    LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM,
    SOIL_DEPTH_TRAINED_M,
    VARIABLES,
)
from . import paper
from .channels import CHANNELS, GREATEST_CHANGE, RELIEF_CELLS
from .network import Architecture, Network
from .paper import PaperArchitecture, PaperNetwork

FORMAT = "slopecast-network-1"
PAPER_FORMAT = "slopecast-paper-1"
LABEL = "Model weights (MODEL)"
MOST_LATERAL = "lateral_conductivity_maximum_m_per_s"  # among a card's ranges: of K times the lateral anisotropy
FOLDER = Path(__file__).resolve().parents[2] / "model_weights"
DEFAULT = FOLDER / "network.safetensors"
POINTWISE = FOLDER / "pointwise.safetensors"
PAPER = FOLDER / "paper.safetensors"
_ADVICE = "Leave the field empty for the shipped model."


def contract() -> dict[str, Any]:
    """What weights of the network must agree on with this code: channels, order, units."""
    return {
        "format": FORMAT,
        "channels": list(CHANNELS),
        "relief_cells": list(RELIEF_CELLS),
        "greatest_change": GREATEST_CHANGE,
        "units": {v.name: v.unit for v in VARIABLES},
    }


def paper_contract() -> dict[str, Any]:
    """What the weights of a paper's network must agree on with this code."""
    return {
        "format": PAPER_FORMAT,
        "channels": list(paper.CHANNELS),
        "scaling_of_channels": dict(paper.SCALING),
        "units": {"elevation": "m", "soil_depth": "m", **{n: BY_NAME[n].unit for n in paper.CHANNELS[2:]}},
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
    if isinstance(network, Network):
        known = {**contract(), "ranges": {**trained_ranges(), **card.get("ranges", {})}}
    else:
        known = paper_contract()
    whole = {**card, **known, "architecture": network.architecture.describe()}
    partial = path.with_suffix(".part")
    partial.write_bytes(to_bytes(tensors, {"card": json.dumps(whole, ensure_ascii=False, indent=1)}))
    os.replace(partial, path)


def read_card(path: str | Path) -> dict[str, Any]:
    """The model card of a file of weights, of either architecture.

    Raises:
        InputError: not a file of Slopecast weights, or of another version.
    """
    try:
        with safe_open(str(path), framework="pt") as file:
            metadata = file.metadata() or {}
    except Exception as error:
        raise InputError(
            LABEL,
            Text("'{}' cannot be read as weights ({})", path, error),
            "a .safetensors file made by Slopecast",
            _ADVICE,
        ) from error
    try:
        card = json.loads(metadata["card"])
    except (KeyError, ValueError) as error:
        raise InputError(
            LABEL, Text("'{}' has no Slopecast model card", path), "weights made by Slopecast", _ADVICE
        ) from error
    of_paper = str(card.get("format", "")).startswith("slopecast-paper")
    for key, expected in (paper_contract() if of_paper else contract()).items():
        if card.get(key) != expected:
            raise InputError(
                LABEL, Text("'{}' does not fit this version: its {} is {}", path, key, _short(card.get(key))),
                _short(expected),
                "Use weights made for this version, or leave the field empty for the shipped model.",
            )  # fmt: skip
    return card


def is_paper(card: dict[str, Any]) -> bool:
    """Whether a card is of the paper's network."""
    return card["format"] == PAPER_FORMAT


def load(path: str | Path | None = None) -> tuple[Network, dict[str, Any]]:
    """Read a network for inference.

    Args:
        path: file of weights; ``None`` or empty takes the shipped default.

    Returns:
        (network in evaluation mode, float32, its card).

    Raises:
        InputError: missing, unreadable or foreign weights.
    """
    network, card = load_any(path or DEFAULT)
    if not isinstance(network, Network):
        raise InputError(
            LABEL, Text("'{}' holds the paper's network", path), "a network that gives the water table", _ADVICE
        )
    return network, card


def load_paper(path: str | Path | None = None) -> tuple[PaperNetwork, dict[str, Any]]:
    """Read a paper's network for inference; arguments, result and errors as in :func:`load`."""
    network, card = load_any(path or PAPER)
    if not isinstance(network, PaperNetwork):
        raise InputError(LABEL, Text("'{}' holds no paper's network", path), "a paper's network", _ADVICE)
    return network, card


def load_any(path: str | Path, *, folded: bool = True) -> tuple[Network | PaperNetwork, dict[str, Any]]:
    """Read a network of either architecture.

    Args:
        folded: batch normalisation folded into the convolutions, for inference; as trained, to go on training, else.

    Returns:
        (network in evaluation mode, float32, its card).

    Raises:
        InputError: missing, unreadable or foreign weights.
    """
    if not Path(path).is_file():
        raise InputError(LABEL, Text("'{}' does not exist", path), "a .safetensors file", _ADVICE)
    card = read_card(path)
    try:
        shape = card["architecture"]
        network = PaperNetwork(PaperArchitecture(**shape)) if is_paper(card) else Network(Architecture.of(shape))
        with safe_open(str(path), framework="pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - not iterable itself
        network.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in tensors.items()})
        if not all(bool(torch.isfinite(v).all()) for v in tensors.values()):
            raise ValueError("weights that are not finite")  # cells of a map made with them would pass for stable
    except (KeyError, TypeError, RuntimeError, ValueError, InputError) as error:
        raise InputError(
            LABEL, Text("'{}' is damaged ({})", path, error), "whole weights made by Slopecast", _ADVICE
        ) from error
    network.eval()
    if folded:
        _fold_batch_norm(network)
    return network, card


def _fold_batch_norm(network: torch.nn.Module) -> None:
    for module in network.modules():
        if not isinstance(module, torch.nn.Sequential):
            continue
        for i in range(len(module) - 1):
            if isinstance(module[i], torch.nn.Conv2d) and isinstance(module[i + 1], torch.nn.BatchNorm2d):
                module[i] = torch.nn.utils.fuse_conv_bn_eval(module[i], module[i + 1])
                module[i + 1] = torch.nn.Identity()


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) < 80 else text[:77] + "..."
