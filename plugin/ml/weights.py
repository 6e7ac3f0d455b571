"""Weights with their model card: safetensors files that say what they are and are refused where they do not fit."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from ..core.errors import InputError
from ..variables import CELL_SIZE_TRAINED_M, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM, SOIL_DEPTH_TRAINED_M, VARIABLES
from .features import CHANNELS, LOCAL, RELIEF_CELLS, TRAVEL_TIMES
from .unet import Architecture, GuidedNetwork

FORMAT = "slopecast-guided-4"
LABEL = "Model weights (MODEL)"
FOLDER = Path(__file__).resolve().parents[2] / "model_weights"
DEFAULT = FOLDER / "guided.safetensors"


def contract() -> dict[str, Any]:
    """What a guided network's weights must agree on with this code: channels, order, units."""
    return {
        "format": FORMAT,
        "channels": list(CHANNELS),
        "local": list(LOCAL),
        "travel_times": list(TRAVEL_TIMES),
        "relief_cells": list(RELIEF_CELLS),
        "units": {v.name: v.unit for v in VARIABLES},
    }


def trained_ranges() -> dict[str, Any]:
    """The ranges that the general networks are trained on."""
    ranges: dict[str, Any] = {v.name: list(v.trained) for v in VARIABLES if v.trained is not None}
    ranges["cell_size_m"] = list(CELL_SIZE_TRAINED_M)
    ranges["soil_depth_m"] = list(SOIL_DEPTH_TRAINED_M)
    ranges["lateral_conductivity_maximum_m_per_s"] = LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM
    return ranges


def save(path: Path, network: GuidedNetwork, card: dict[str, Any]) -> None:
    """Write weights in half precision with their card, whole or not at all.

    Args:
        card: ``id``, ``training``, ``metrics``, ``limits``, ``licence``, ``date`` and what else is worth telling;
            architecture, channels, units and ranges are added here.
    """
    tensors = {
        k: (v.half() if v.dtype == torch.float32 else v).contiguous() for k, v in network.state_dict().items()
    }  # fmt: skip
    whole = {**card, **contract(), "architecture": network.architecture.describe(), "ranges": trained_ranges()}
    partial = path.with_suffix(".part")
    save_file(tensors, str(partial), metadata={"card": json.dumps(whole, ensure_ascii=False, indent=1)})
    os.replace(partial, path)


def read_card(path: str | Path) -> dict[str, Any]:
    """The model card of a file of weights.

    Raises:
        InputError: not a file of Slopecast weights.
    """
    try:
        with safe_open(str(path), framework="pt") as file:
            metadata = file.metadata() or {}
    except Exception as error:
        raise InputError(
            LABEL, f"'{path}' cannot be read as weights ({error})", "a .safetensors file made by Slopecast",
            "Leave the field empty for the shipped model.",
        ) from error  # fmt: skip
    try:
        card = json.loads(metadata["card"])
    except (KeyError, ValueError) as error:
        raise InputError(
            LABEL,
            f"'{path}' has no Slopecast model card",
            "weights made by Slopecast",
            "Leave the field empty for the shipped model.",
        ) from error
    for key, expected in contract().items():
        if card.get(key) != expected:
            raise InputError(
                LABEL, f"'{path}' does not fit this version: its {key} is {_short(card.get(key))}", _short(expected),
                "Use weights made for this version, or leave the field empty for the shipped model.",
            )  # fmt: skip
    return card


def load(path: str | Path | None = None) -> tuple[GuidedNetwork, dict[str, Any]]:
    """Read a network for inference, its batch normalisation folded into the convolutions.

    Args:
        path: file of weights; ``None`` or empty takes the shipped default.

    Returns:
        (network in evaluation mode, float32, its card).

    Raises:
        InputError: missing, unreadable or foreign weights.
    """
    path = Path(path) if path else DEFAULT
    if not path.is_file():
        raise InputError(
            LABEL, f"'{path}' does not exist", "a .safetensors file", "Leave the field empty for the shipped model."
        )
    card = read_card(path)
    try:
        network = GuidedNetwork(Architecture(**card["architecture"]))
        with safe_open(str(path), framework="pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - not iterable itself
        network.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in tensors.items()})
    except (KeyError, TypeError, RuntimeError, ValueError) as error:
        raise InputError(
            LABEL, f"'{path}' is damaged ({error})", "whole weights made by Slopecast",
            "Leave the field empty for the shipped model.",
        ) from error  # fmt: skip
    network.eval()
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
