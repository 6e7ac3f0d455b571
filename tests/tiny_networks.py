"""Tiny untrained networks for tests, and what they read of a scenario."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from slopecast.plugin.core.physics.column import column_state
from slopecast.plugin.core.physics.flow.first_guess import FirstGuess, first_guess
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.ml import model_file
from slopecast.plugin.ml.channels import Inputs, TerrainMaps, inputs
from slopecast.plugin.ml.network import Architecture, Network
from slopecast.plugin.ml.water_maps import WaterMaps, WaterOfCells

TINY = Architecture(widths=(4, 4), detail=4)


def lively(architecture: Architecture = TINY, seed: int = 1) -> Network:
    """A network with random weights in every layer, so that its answers depend on all that it sees."""
    torch.manual_seed(seed)
    network = Network(architecture).eval()
    with torch.no_grad():
        for name, values in network.named_parameters():
            if values.ndim > 1:
                torch.nn.init.normal_(values, std=0.5 / values[0].numel() ** 0.5 * (4.0 if "out" in name else 1.0))
    return network


def written(path: Path, network: Network | None = None, name: str = "tiny-untrained") -> Path:
    """A file of weights; of a fresh network, which changes nothing, where none is given."""
    if network is None:
        torch.manual_seed(0)
        network = Network(TINY)
    model_file.save(path, network, {"id": name})
    return path


def inputs_of(terrain: Terrain, scenario: Scenario) -> Inputs:
    """What the network reads of a scenario."""
    return inputs(TerrainMaps.of(terrain), water_maps(terrain, scenario, first_guess(terrain, scenario)))


def water_maps(terrain: Terrain, scenario: Scenario, guess: FirstGuess) -> WaterMaps:
    """Maps of a guess, as the network reads them."""
    cells = terrain.cells
    read = WaterOfCells(cells, [scenario], [guess], [column_state(cells, scenario)], torch.device("cpu"))
    return read.of_rows(slice(0, terrain.grid.rows))


def rotated_flipped(array: np.ndarray, quarters: int, *, flip: bool) -> np.ndarray:
    """An array (..., rows, cols) turned anticlockwise, then mirrored east to west."""
    rotated = np.rot90(array, quarters, (-2, -1))
    return np.ascontiguousarray(rotated[..., ::-1] if flip else rotated)


def rotated_terrain(terrain: Terrain, quarters: int, *, flip: bool) -> Terrain:
    """The same land on a map that is turned, then mirrored."""
    layers = (rotated_flipped(x, quarters, flip=flip) for x in (terrain.elevation, terrain.soil_depth))
    return Terrain.from_arrays(*layers, terrain.grid.cell_area**0.5)
