"""Saves and loads the state of a training run as safetensors and plain values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Mapping

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from ...core.errors import InputError
from ...core.quantities.foreign_text import foreign_text
from ...text import Text

_VALUES = "slopecast_run"  # key of the plain values in the file's metadata


def write_state(tensors: Mapping[str, Mapping[str, torch.Tensor]], values: Mapping[str, Any]) -> bytes:
    """Contents of a file of a run's state.

    Args:
        tensors: by group and name.
        values: numbers, texts, and lists and mappings of these.
    """
    flat = {f"{group}/{name}": tensor.detach().cpu().contiguous().clone() for group, named in tensors.items()
            for name, tensor in named.items()}  # fmt: skip
    return save(flat, {_VALUES: json.dumps(values)})


def read_state(path: Path) -> tuple[dict[str, dict[str, torch.Tensor]], dict[str, Any]]:
    """Read a file of :func:`write_state`: tensors by group and name, and plain values.

    The tensors are on the processor, from where networks and optimizers copy what they want on their device: an
    optimizer would wait for the GPU at each count of steps that is there.

    Raises:
        InputError: a damaged file, or none of a run.
    """
    tensors: dict[str, dict[str, torch.Tensor]] = {}
    try:
        with safe_open(str(path), framework="pt") as file:
            values = json.loads((file.metadata() or {})[_VALUES])
            for key in file.keys():  # noqa: SIM118 - not iterable itself
                group, _, name = key.partition("/")
                tensors.setdefault(group, {})[name] = file.get_tensor(key).clone()  # the file changes
        if not isinstance(values, dict):
            raise ValueError("no values of a run")
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise damaged(path, error) from error
    return tensors, values


def damaged(path: Path, error: Exception) -> InputError:
    """Error for a checkpoint that cannot be used."""
    return InputError(
        "Folder of the run", Text("'{}' is damaged ({})", path, foreign_text(error, 200)),
        "an undamaged checkpoint", "Remove that folder: the training then starts from the beginning.",
    )  # fmt: skip


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> tuple[dict[str, torch.Tensor], list[dict[str, Any]]]:
    """The state of an optimizer: tensors by ``number.name``, and its groups of parameters as plain values."""
    state = optimizer.state_dict()
    tensors = {f"{number}.{name}": torch.as_tensor(value) for number, named in state["state"].items()
               for name, value in named.items()}  # fmt: skip
    return tensors, state["param_groups"]


def load_optimizer(
    optimizer: torch.optim.Optimizer, tensors: Mapping[str, torch.Tensor], groups: list[dict[str, Any]]
) -> None:
    """Restore the state from :func:`optimizer_tensors`."""
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, tensor in tensors.items():
        number, _, name = key.partition(".")
        state.setdefault(int(number), {})[name] = tensor
    optimizer.load_state_dict({"state": state, "param_groups": groups})
