"""Water model that runs on the workers of an executor and returns its results through shared files."""

from __future__ import annotations

import shutil
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any, Iterator, Sequence

import numpy as np

from ..feedback import Feedback
from ..grid import Grid
from ..physics.solve import WaterModel
from ..physics.water import WaterState
from ..scenario import Scenario
from ..terrain import Terrain
from .parallel import Executor, Threads
from .shared_files import File, SharingFiles, opened, taken

#: Water states that are requested at once, for each worker: while the last ones of them are computed some workers wait.
_STATES_PER_WORKER = 12


class RemoteWater(WaterModel):
    """Another model, computed elsewhere: the same water states, bit for bit.

    Args:
        model: it is sent to the workers; one of a file of weights has its name as ``weights``.
        folder: that this process and the workers see under the same path.
    """

    def __init__(self, model: WaterModel, executor: Executor, folder: Path) -> None:
        self.model, self.executor = model, SharingFiles(executor, folder)
        self._workers = executor, folder
        self.kept, self.check = model.kept, model.check
        self.water_key, self.reliability = model.water_key, model.reliability
        if hasattr(model, "weights"):
            model.weights = shutil.copy2(model.weights, folder)

    def __getattr__(self, name: str) -> Any:
        """Attributes of the wrapped model."""
        return getattr(self.__dict__["model"], name)

    @property
    def device_name(self) -> str:
        """Device of the model, and the number of workers."""
        return f"{self.model.device_name}, {self.executor.workers} workers"

    @property
    def terrains_at_once(self) -> int:
        """Number of terrains that keeps the workers busy."""
        return 2 * max(self.executor.workers, 1)

    def batch_size(self, terrain: Terrain) -> int:
        """Number of scenarios that keeps the workers busy."""
        return _STATES_PER_WORKER * max(self.executor.workers, 1)

    def water(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> Iterator[WaterState]:
        """Yield the water of each scenario; see :class:`WaterModel`."""
        return self.water_states([(terrain, scenario) for scenario in scenarios], feedback)

    def water_states(self, work: Sequence[tuple[Terrain, Scenario]], feedback: Feedback) -> Iterator[WaterState]:
        """Yield the water of each scenario on its terrain, in order; see :class:`WaterModel`."""
        items, done, following = [(self.model, *one) for one in work], {}, 0
        with closing(self.executor.run(compute_water, items, feedback)) as answers:
            for number, found in answers:
                done[number] = found
                while following in done:
                    yield taken(done.pop(following))
                    following += 1


def computed_like(model: WaterModel, other: WaterModel) -> WaterModel:
    """Another model, computed where a model is: by the same workers, if any."""
    return RemoteWater(other, *model._workers) if isinstance(model, RemoteWater) else other


def local_model(model: WaterModel) -> tuple[WaterModel, Executor]:
    """The model behind a remote one, and the executor of its workers; this process without workers."""
    return (model.model, model.executor) if isinstance(model, RemoteWater) else (model, Threads(1))


def compute_water(item: tuple[WaterModel, Terrain, Scenario], feedback: Feedback) -> WaterState:
    """Compute a water state; item: model, terrain and scenario with files in place of arrays."""
    model, terrain, scenario = item
    area = _terrain(terrain.grid, terrain.elevation, terrain.soil_depth)
    return next(iter(model.water(area, [opened(scenario)], feedback)))


@lru_cache(maxsize=1)
def _terrain(grid: Grid, elevation: File, soil_depth: File) -> Terrain:
    """The terrain of the last job stays for the next, with its slope."""
    return Terrain(grid, np.load(elevation.path), np.load(soil_depth.path))
