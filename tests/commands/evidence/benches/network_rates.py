"""The U-Net's arithmetic against the machine's matrix product, and its memory traffic against the machine's copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping

import torch
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.ml.network_solver import NetworkSolver
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from . import PAPER_SHAPE
from .measuring import Measurement, repeated
from .report import Ratio, Table
from .study_area import LABELS, SCENARIOS, different_rains, terrain, warm_up

TITLE = "The U-Net against this machine"
_COPIED_BYTES = 256 * 1024**2
_MATMUL_SIDE = {"cpu": 2048, "cuda": 8192}


def measurements(quick: bool) -> list[Measurement]:
    """One process: the rates belong together."""
    return [Measurement("rates", "rates")]


class Traffic(TorchDispatchMode):
    """Counts the bytes that operations read and write if no result of one stays in a cache for the next.

    Views cost nothing: an output that lies in an input's memory is counted only where the operation works in place.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run an operation and add its bytes."""
        out = function(*args, **(kwargs or {}))
        read = [x for x in _flat([*args, *(kwargs or {}).values()]) if isinstance(x, torch.Tensor)]
        written = [x for x in _flat([out]) if isinstance(x, torch.Tensor)]
        own = {x.untyped_storage().data_ptr() for x in read}
        fresh = [x for x in written if x.untyped_storage().data_ptr() not in own]
        in_place = function._schema.name.endswith("_")
        if fresh or in_place:
            self.bytes += sum(x.numel() * x.element_size() for x in [*read, *(written if in_place else fresh)])
        return out


def _flat(values: Any) -> list:
    found = []
    for value in values:
        found += _flat(value) if isinstance(value, (list, tuple)) else [value]
    return found


class FlopCount:
    """Counts the arithmetic of a network's convolutions as they run: a multiplication and an addition are two.

    Args:
        network: whose modules are watched.
    """

    def __init__(self, network: nn.Module) -> None:
        self.flops = 0
        self._hooks = [
            module.register_forward_hook(self._add)
            for module in network.modules()
            if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d))
        ]

    def _add(self, module: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
        # Each pixel of a convolution's output, or of a transposed one's input, meets the kernel once.
        pixels = inputs[0] if isinstance(module, nn.ConvTranspose2d) else output
        rows, cols = pixels.shape[-2:]
        self.flops += 2 * pixels.shape[0] * rows * cols * module.weight.numel()

    def close(self) -> None:
        """Take the hooks out again."""
        for hook in self._hooks:
            hook.remove()


def rates(folder: Path) -> dict[str, Any]:
    """Work, traffic and seconds of the U-Net on the solver's first tile, compared with the machine's rates."""
    solver, area = NetworkSolver(), terrain(folder)
    warm_up(solver)
    shares = {flow: _seconds_of_scenario(solver, area, flow) for flow in SCENARIOS}
    body, device, kind = solver.network.body, solver.device, solver.kind
    x = _first_tile(solver, area)
    with torch.no_grad():
        count, traffic = FlopCount(body), Traffic()
        with traffic:
            body(x)
        count.close()
        seconds = _least(lambda: body(x), device)
        side = _MATMUL_SIDE.get(device.type, 2048)
        a, b = (torch.randn(side, side, device=device).to(kind) for _ in range(2))
        product = 2.0 * side**3 / _least(lambda: a @ b, device)
        source = torch.zeros(_COPIED_BYTES // a.element_size(), device=device, dtype=kind)
        target = torch.zeros_like(source)
        copy = 2.0 * _COPIED_BYTES / _least(lambda: target.copy_(source), device)
    return {
        "dtype": str(kind).removeprefix("torch."), "device": solver.device_name, "cells": x[:, 0].numel(),
        "seconds": seconds, "flops": count.flops, "bytes": traffic.bytes, "product": product, "copy": copy,
        "scenario": shares,
    }  # fmt: skip


def _first_tile(solver: NetworkSolver, area: Any) -> torch.Tensor:
    """What the U-Net gets of a scenario's first tile: (batch, channels, rows, cols)."""
    seen = []
    hook = solver.network.body.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0]))
    list(solver.solve(area, [SCENARIOS["default"].with_values(rainfall=9.5)], Feedback()))
    hook.remove()
    return seen[0].clone(memory_format=torch.preserve_format)


def _seconds_of_scenario(solver: NetworkSolver, area: Any, flow: str) -> float:
    """Least seconds of a further scenario."""
    rains = iter(different_rains(SCENARIOS[flow], 5))
    list(solver.solve(area, [next(rains)], Feedback()))
    return min(repeated(lambda: list(solver.solve(area, [next(rains)], Feedback()))))


def _least(work: Any, device: torch.device) -> float:
    def done() -> None:
        work()
        if device.type == "cuda":
            torch.cuda.synchronize(device)

    done()
    return min(repeated(done, 5))


def tables(found: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    """Shares of the machine's rates."""
    m = found.get("rates")
    if m is None:
        return []
    flop_rate, byte_rate = m["flops"] / m["seconds"], m["bytes"] / m["seconds"]
    rows = [
        ("time of the U-Net on a tile [ms]", 1e3 * m["seconds"], None, None),
        ("arithmetic [GFLOP/s]", flop_rate / 1e9, m["product"] / 1e9, flop_rate / m["product"]),
        ("memory traffic, if nothing stays in a cache [GB/s]", byte_rate / 1e9, m["copy"] / 1e9, byte_rate / m["copy"]),
        ("arithmetic a cell [kFLOP]", m["flops"] / m["cells"] / 1e3, None, None),
        ("memory traffic a cell [kB]", m["bytes"] / m["cells"] / 1e3, None, None),
    ]
    cells = PAPER_SHAPE[0] * PAPER_SHAPE[1]
    rows += [
        (f"U-Net's share of a further scenario, {LABELS[flow]} [%]", 100.0 * m["seconds"] / seconds, None, None)
        for flow, seconds in m["scenario"].items()
        if m["cells"] >= cells  # one tile
    ]
    ratios = {
        "U-Net: arithmetic / matrix product": Ratio(flop_rate / m["product"], "more"),
        "U-Net: time / time to copy the same bytes": Ratio(m["copy"] / byte_rate),
        "U-Net: arithmetic, kFLOP a cell": Ratio(m["flops"] / m["cells"] / 1e3),
        "U-Net: memory traffic, kB a cell": Ratio(m["bytes"] / m["cells"] / 1e3),
    }
    notes = [
        f"{m['device']}; a tile of {m['cells']:,d} cells; both rates are measured with torch in {m['dtype']}: a matrix "
        f"product, and a copy of {_COPIED_BYTES // 1024**2} MiB, counted as read and written."
    ]
    return [Table("", ("", "U-Net", "this machine", "share"), rows, notes, ratios)]
