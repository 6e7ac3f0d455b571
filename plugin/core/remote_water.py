"""Water model that runs on the workers of an executor and returns its results through shared files."""

from __future__ import annotations

import contextlib
import shutil
import time
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Hashable, Iterator, Sequence

import numpy as np

from ..text import Text
from .errors import InputError
from .feedback import Feedback
from .grid import Grid
from .parallel import Executor
from .physics.assess import History, Stability
from .physics.solve import WaterModel
from .physics.water import WaterState
from .reliability import Reliability
from .result import Result
from .scenario import Scenario
from .terrain import Terrain

#: Waters that are requested at once, for each worker: while the last ones of them are computed some workers wait.
_WATERS_A_WORKER = 12
#: A file that another machine has written may take a while to be seen on a network disk.
_SEEN_AFTER_S = 30.0


class RemoteWater(WaterModel):
    """Another model, computed elsewhere: the same waters, bit for bit.

    Args:
        model: it is sent to the workers; one of a file of weights has its name as ``weights``.
        executor: gives the workers.
        folder: that this process and the workers see under the same path.
    """

    def __init__(self, model: WaterModel, executor: Executor, folder: Path) -> None:
        self.model, self._executor, self._files = model, executor, _Files(folder)
        self.kept = model.kept
        if hasattr(model, "weights"):
            model.weights = shutil.copy2(model.weights, folder)

    @property
    def name(self) -> str:
        """That of the model."""
        return self.model.name

    @property
    def device_name(self) -> str:
        """That of the model, and the number of workers."""
        return f"{self.model.device_name}, {self._executor.workers} workers"

    @property
    def tile(self) -> int:
        """Of a network."""
        return self.model.tile

    @property
    def terrains_at_once(self) -> int:
        """As many as keep the workers busy."""
        return 2 * max(self._executor.workers, 1)

    def batch_size(self, terrain: Terrain) -> int:
        """As many as keep the workers busy nearly all the time."""
        return _WATERS_A_WORKER * max(self._executor.workers, 1)

    def check(self, terrain: Terrain, scenarios: Sequence[Scenario]) -> None:
        """Raise :class:`InputError` for what the model cannot do."""
        self.model.check(terrain, scenarios)

    def water_key(self, scenario: Scenario) -> Hashable:
        """That of the model."""
        return self.model.water_key(scenario)

    def reliability(self, terrain: Terrain, scenario: Scenario, result: Result) -> Reliability:
        """Judged by the model."""
        return self.model.reliability(terrain, scenario, result)

    def water(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> Iterator[WaterState]:
        """Yield the water of each scenario; see :class:`WaterModel`."""
        return self.waters([(terrain, scenario) for scenario in scenarios], feedback)

    def waters(self, work: Sequence[tuple[Terrain, Scenario]], feedback: Feedback) -> Iterator[WaterState]:
        """Yield the water of each scenario on its terrain, in order; see :class:`WaterModel`."""
        with contextlib.ExitStack() as stack:
            items = [(self.model, *self._files.of(*one), self._files.new(stack)) for one in work]
            done: dict[int, tuple[tuple[float, ...], dict[str, Any]]] = {}
            following = 0
            for number, found in self._executor.run(compute_water, items, feedback):
                done[number] = found
                while following in done:
                    yield _read(items[following][-1], *done.pop(following))
                    following += 1
            self._files.forget_scenarios()


class _Files:
    """Arrays in files of the shared folder: each is written once and named by number."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0
        self._terrain: list[tuple[Terrain, dict[str, Any]]] = []  # the last few
        self._arrays: dict[int, tuple[np.ndarray, str]] = {}  # by id: the array is held, so that no other gets it

    def of(self, terrain: Terrain, scenario: Scenario) -> tuple[dict[str, Any], dict[str, Any]]:
        """Terrain and scenario by field, with the names of files in place of arrays."""
        known = next((stored for held, stored in self._terrain if held is terrain), None)
        if known is None:
            known = {
                "grid": terrain.grid,
                **{k: self._stored(getattr(terrain, k)) for k in ("elevation", "soil_depth")},
            }
            self._terrain = [*self._terrain[-1:], (terrain, known)]
        values = {one.name: getattr(scenario, one.name) for one in fields(scenario)}
        return known, {k: self._stored(v) if isinstance(v, np.ndarray) else v for k, v in values.items()}

    def new(self, stack: contextlib.ExitStack) -> str:
        """Name of a file to be made by a worker, removed with the stack."""
        self._count += 1
        file = self._folder / f"water-{self._count}.npz"
        stack.callback(file.unlink, missing_ok=True)
        return str(file)

    def forget_scenarios(self) -> None:
        """Remove the files of arrays that the last terrains do not use."""
        used = {name for _, stored in self._terrain for name in stored.values() if isinstance(name, _File)}
        for key, (_, name) in list(self._arrays.items()):
            if name not in used:
                Path(name).unlink(missing_ok=True)
                del self._arrays[key]

    def _stored(self, array: np.ndarray) -> str:
        if id(array) not in self._arrays:
            self._count += 1
            name = _File(self._folder / f"input-{self._count}.npy")
            np.save(name, array)
            self._arrays[id(array)] = array, name
        return self._arrays[id(array)][1]


class _File(str):
    """File name of an array."""


def compute_water(item: tuple[WaterModel, dict[str, Any], dict[str, Any], str], feedback: Feedback) -> Any:
    """Compute a water and write it into its file, whole or not at all.

    Args:
        item: model, terrain and scenario by field with files for arrays, file of the result.
        feedback: of the job.

    Returns:
        hours of the series, and diagnostics: all that is small.
    """
    model, terrain, scenario, file = item
    made = Scenario(**{k: np.load(v) if isinstance(v, _File) else v for k, v in scenario.items()})
    area = _terrain(terrain["grid"], terrain["elevation"], terrain["soil_depth"])
    state = next(iter(model.water(area, [made], feedback)))
    partial = Path(f"{file}.{time.monotonic_ns()}.part.npz")
    np.savez(partial, **_arrays_of(state))
    partial.replace(file)
    hours = () if state.history is None else tuple(hour for hour, _ in state.history.series)
    return hours, state.diagnostics


@lru_cache(maxsize=1)
def _terrain(grid: Grid, elevation: str, soil_depth: str) -> Terrain:
    """The terrain of the last job stays for the next, with its slope."""
    return Terrain(grid, np.load(elevation), np.load(soil_depth))


def _arrays_of(state: WaterState) -> dict[str, np.ndarray]:
    """All arrays of a water, by names that :func:`_read` knows."""
    arrays = {f"water.{name}": values for name, values in state.arrays.items()}
    history = state.history
    if history is not None:
        if history.shown is not None:
            arrays |= {f"shown.{name}": values for name, values in vars(history.shown).items()}
        if history.failure_time is not None:
            arrays["failure_time"] = history.failure_time
        arrays |= {f"series.{number}": fs for number, (_, fs) in enumerate(history.series)}
        arrays["history"] = np.zeros(0)  # there may be one without anything in it
    return arrays


def _read(file: str, hours: tuple[float, ...], diagnostics: dict[str, Any]) -> WaterState:
    """Read a water that a worker has written, and remove its file."""
    _wait_for(Path(file))
    with np.load(file) as stored:
        arrays = dict(stored.items())
    Path(file).unlink(missing_ok=True)

    def part(prefix: str) -> dict[str, np.ndarray]:
        return {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}

    history = None
    if "history" in arrays:
        shown = part("shown.")
        series = tuple((hour, arrays[f"series.{number}"]) for number, hour in enumerate(hours))
        history = History(Stability(**shown) if shown else None, arrays.get("failure_time"), series)
    known = {one.name: None for one in fields(WaterState) if one.name not in ("history", "diagnostics")}
    return replace(WaterState(**{**known, **part("water.")}), history=history, diagnostics=diagnostics)


def _wait_for(file: Path) -> None:
    """Wait until a file is seen here; raises :class:`InputError` where it is not."""
    until = time.monotonic() + _SEEN_AFTER_S
    while not file.exists():
        if time.monotonic() > until:
            raise InputError(
                "Scheduler (SCHEDULER)", Text("the result '{}' of a worker is not accessible from this computer", file),
                "an output in a folder that all workers share with this computer", "Choose another output folder.",
            )  # fmt: skip
        time.sleep(0.1)
