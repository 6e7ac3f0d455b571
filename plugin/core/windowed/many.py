"""Many scenarios on a map, whole or in windows: those that have one water state share its windows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Callable, Iterator, Sequence

import numpy as np

from ..feedback import Feedback, PartialFeedback, check_cancelled
from ..grid import MASK_NODATA
from ..map_parts.tiles import Tile
from ..physics.solve import KeptWater, WaterModel, known_part, order_by_water
from ..raster import scratch
from ..reports.run_summary import RunSummary, WindowSums
from ..result import Result
from ..scenario import Scenario
from ..workers.parallel import Lazy
from .solve import SolvedWindow, WindowedRun
from .study import Study

#: Maps of scenarios that share a water and are made at once, and their bytes on the disk.
_MOST_MAPS, _MOST_MAP_BYTES = 64, 4e9

#: Makes the study of a number.
StudyOf = Callable[[int], Study]


@dataclass(frozen=True, eq=False)
class Runs:
    """Solves many studies of one map.

    Attributes:
        model: solves them.
        windowed: makes the run of a study in windows; ``None`` where the whole map is one window. The model is then
            given all studies, and computes several water states at once where that is faster.
    """

    model: WaterModel
    windowed: Callable[[Study, Feedback], WindowedRun] | None = None

    def groups(self, scenarios: Sequence[Scenario], most: int | None = None) -> list[list[int]]:
        """Numbers of the scenarios that are solved together, ``most`` at a time; in windows they have one water."""
        groups: list[list[int]] = []
        for number in order_by_water(self.model, scenarios):
            if not groups or len(groups[-1]) == most or not self._together(scenarios, groups[-1][0], number):
                groups.append([])
            groups[-1].append(number)
        return groups

    def solve(
        self, study_of: StudyOf, groups: Sequence[Sequence[int]], feedback: Feedback, *, own_terrains: bool = False
    ) -> Iterator[Iterator[Iterator[SolvedWindow]]]:
        """Yield the windows of each group of studies; a window yields the result of every study, in their order.

        All of them have to be taken. A window that comes again replaces what it was before.

        Args:
            study_of: of the numbers in the groups.
            groups: as :meth:`groups` gives them.
            feedback: gets the progress, checked for a cancel.
            own_terrains: the studies have different terrains of the same cells.

        Raises:
            InputError: a scenario that the model cannot do.
            Cancelled: the user cancelled the run.
        """
        if self.windowed is None:
            whole = self._solve_separately if own_terrains else self._all_on_one
            results = whole(study_of, [number for group in groups for number in group], feedback)
            for group in groups:
                yield iter([islice(results, len(group))])
            return
        for place, group in enumerate(groups):
            part = PartialFeedback.of_piece(feedback, place, len(groups))
            studies = [study_of(number) for number in group]
            windows = self.windowed(studies[0], part).solve(part)
            yield (_of_one_water(window, studies) for window in windows)

    def _together(self, scenarios: Sequence[Scenario], one: int, other: int) -> bool:
        if self.windowed is None:
            return True
        if scenarios[one].options.evaluate != "end":
            return False
        return self.model.water_key(scenarios[one]) == self.model.water_key(scenarios[other])

    def _all_on_one(self, study_of: StudyOf, numbers: Sequence[int], feedback: Feedback) -> Iterator[SolvedWindow]:
        terrain = study_of(numbers[0]).terrain
        tile = Tile.whole(terrain.grid.shape)
        self.model.kept = KeptWater(1)  # those of one water follow each other
        scenarios = Lazy(len(numbers), lambda n: study_of(numbers[n]).scenario_of(tile.outer))
        for result in self.model.solve(terrain, scenarios, feedback):
            yield SolvedWindow(tile, terrain, result)

    def _solve_separately(
        self, study_of: StudyOf, numbers: Sequence[int], feedback: Feedback
    ) -> Iterator[SolvedWindow]:  # fmt: skip
        """Yield each study's result; so many terrains at once as suit the model."""
        done = 0
        while some := [study_of(number) for number in numbers[done : done + self.model.terrains_at_once]]:
            check_cancelled(feedback)
            tile = Tile.whole(some[0].terrain.grid.shape)
            scenarios = [study.scenario_of(tile.outer) for study in some]
            work = [(known_part(study.terrain, scenario), scenario) for study, scenario in zip(some, scenarios)]
            self.model.check(some[0].terrain, scenarios)
            part = PartialFeedback.of_piece(feedback, done, len(numbers), len(some))
            for (terrain, scenario), water in zip(work, self.model.water_states(work, part)):
                yield SolvedWindow(tile, terrain, Result.of(scenario, terrain.cells, water))
            done += len(some)


@dataclass(frozen=True, eq=False)
class MapResult:
    """Results of a scenario on a whole map.

    Attributes:
        summary: its sums; cohesions: see :func:`..failure_class.initial_failure_warnings`.
        failure_mask, failure_class: uint8 (rows, cols), 255 = NoData; the latter ``None`` where it was not requested.
        more: what was taken of each window.
    """

    summary: RunSummary
    cohesions: Callable[[], Any]
    failure_mask: np.ndarray
    failure_class: np.ndarray | None
    more: list[Any]


def solve_each(
    studies: Sequence[Study], runs: Runs, feedback: Feedback, *, classes: bool,
    evidence: Callable[[SolvedWindow], Any],
) -> Iterator[tuple[int, MapResult]]:  # fmt: skip
    """Yield the number of each study and its maps; those of one water follow each other.

    Args:
        studies: scenarios on one map; runs: solve them.
        feedback: gets the progress, checked for a cancel.
        classes: make the failure class too; evidence: what is kept of each window.

    Raises:
        Cancelled: the user cancelled the run.
    """
    shape = studies[0].terrain.grid.shape
    most = int(np.clip(_MOST_MAP_BYTES / max(shape[0] * shape[1] * (1 + classes), 1), 1, _MOST_MAPS))
    groups = runs.groups([one.scenario for one in studies], 1 if runs.windowed is None else most)
    for numbers, windows in zip(groups, runs.solve(studies.__getitem__, groups, feedback)):
        masks = [scratch.full(shape, MASK_NODATA, np.uint8) for _ in numbers]
        maps = [scratch.full(shape, MASK_NODATA, np.uint8) if classes else None for _ in numbers]
        sums = [WindowSums(studies[number].scenario) for number in numbers]
        for window in windows:
            for k, solved in enumerate(window):
                check_cancelled(feedback)
                masks[k][solved.tile.inner] = solved.result.failure_mask
                if classes:
                    maps[k][solved.tile.inner] = solved.result.failure_class
                sums[k].add(solved, evidence(solved))
            scratch.release()
        for k, number in enumerate(numbers):
            yield number, MapResult(sums[k].summary(), studies[number].cohesions, masks[k], maps[k], sums[k].more)


def _of_one_water(window: SolvedWindow, studies: Sequence[Study]) -> Iterator[SolvedWindow]:
    """Yield each study's result with a window's water, which is that of all."""
    yield window
    for study in studies[1:]:
        found = Result.of(study.scenario_of(window.tile.inner), window.result.cells, window.result.water)
        yield replace(window, result=replace(found, diagnostics=window.result.diagnostics))
