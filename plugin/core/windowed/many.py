"""Many scenarios on a map in windows: those that have one water share its windows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Callable, Iterator, Sequence

import numpy as np

from ..feedback import Feedback, PartialFeedback, check_cancelled
from ..grid import MASK_NODATA
from ..physics.solve import WaterModel, order_by_water
from ..raster import scratch
from ..reports.run_summary import RunSummary, WindowSums
from ..result import Result
from ..scenario import Scenario
from .solve import SolvedWindow, WindowedRun
from .study import Study

#: Maps of scenarios that share a water and are made at once, and their bytes on the disk.
_MOST_MAPS, _MOST_MAP_BYTES = 64, 4e9

#: Makes the run of a study.
RunOf = Callable[[Study, Feedback], WindowedRun]


@dataclass(frozen=True, eq=False)
class MapResult:
    """What is kept of a scenario on a whole map.

    Attributes:
        summary: its sums; cohesions: see :func:`..failure_class.initial_failure_warnings`.
        failure_mask, failure_class: uint8 (rows, cols), 255 = NoData; the latter ``None`` where it was not asked for.
        more: what was taken of each window.
    """

    summary: RunSummary
    cohesions: Callable[[], Any]
    failure_mask: np.ndarray
    failure_class: np.ndarray | None
    more: list[Any]


def solve_each(
    studies: Sequence[Study], model: WaterModel, run_of: RunOf, feedback: Feedback, *, classes: bool,
    evidence: Callable[[SolvedWindow], Any],
) -> Iterator[tuple[int, MapResult]]:  # fmt: skip
    """Yield the number of each study and its maps; those of one water follow each other.

    Args:
        studies: scenarios on one map; model: that ``run_of`` runs.
        feedback: gets the progress, asked for a cancel.
        classes: make the failure class too; evidence: what is kept of each window.

    Raises:
        Cancelled: the user asked to stop.
    """
    shape = studies[0].terrain.grid.shape if studies else (0, 0)
    most = int(np.clip(_MOST_MAP_BYTES / max(shape[0] * shape[1] * (1 + classes), 1), 1, _MOST_MAPS))
    batches = list(batches_by_water(model, [one.scenario for one in studies], most))
    for place, numbers in enumerate(batches):
        part = PartialFeedback(feedback, *(100.0 * (place + n) / len(batches) for n in (0, 1)))
        masks = [scratch.full(shape, MASK_NODATA, np.uint8) for _ in numbers]
        maps = [scratch.full(shape, MASK_NODATA, np.uint8) if classes else None for _ in numbers]
        sums = [WindowSums(studies[number].scenario) for number in numbers]
        for window in run_of(studies[numbers[0]], part).solve(part):
            for k, result in enumerate(results_of(window, [studies[number] for number in numbers])):
                check_cancelled(feedback)
                masks[k][window.tile.inner] = result.failure_mask
                if classes:
                    maps[k][window.tile.inner] = result.failure_class
                solved = replace(window, result=result)
                sums[k].add(solved, evidence(solved))
            scratch.release()
        for k, number in enumerate(numbers):
            yield number, MapResult(sums[k].summary(), studies[number].cohesions, masks[k], maps[k], sums[k].more)


def batches_by_water(model: WaterModel, scenarios: Sequence[Scenario], most: int | None = None) -> Iterator[list[int]]:
    """Yield the numbers of scenarios that have one water, ``most`` at a time."""
    batch: list[int] = []
    for number in order_by_water(model, scenarios):
        if batch and (len(batch) == most or _key(model, scenarios[batch[0]]) != _key(model, scenarios[number])):
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _key(model: WaterModel, scenario: Scenario) -> Any:
    return model.water_key(scenario) if scenario.options.evaluate == "end" else id(scenario)


def results_of(window: SolvedWindow, studies: Sequence[Study]) -> Iterator[Result]:
    """Yield the result of each study with the window's water, which is that of all."""
    if window.result is None:
        return
    yield window.result
    for study in studies[1:]:
        found = Result.of(study.scenario_of(window.tile.inner), window.result.cells, window.result.water)
        yield replace(found, diagnostics=window.result.diagnostics)
