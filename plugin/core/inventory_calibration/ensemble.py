"""Ensemble of the best sets: water on a map of any size, mean log FS, and the strength factor."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import chain
from typing import Iterable, Sequence

import numpy as np

from ..feedback import Feedback, check_cancelled
from ..map_parts.strips import made_of_strips, row_strips
from ..physics.assess import assess
from ..physics.stability import MAXIMUM_FS
from ..physics.water import WaterState
from ..raster import scratch
from ..scenario import Scenario
from ..terrain import Cells, Terrain
from ..validation.auc import auc
from ..windowed.many import Runs
from ..windowed.solve import SolvedWindow
from ..windowed.study import Study
from .sampling import scaled
from .search import Search, Trial
from .sites import Sites

_LEAST_FS = 1e-3
_DRAWS = 100


class WaterMap:
    """Water state on the map (rows, cols), reused for one set after another; in scratch files if it is large."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self._maps = {
            "water_table": scratch.full(shape, 0.0, np.float64), "wetting_front": scratch.full(shape, 0.0, np.float64),
            "ponded": scratch.full(shape, 0, bool), "contact": scratch.full(shape, 0, bool),
        }  # fmt: skip

    def update(self, windows: Iterable[Iterable[SolvedWindow]], feedback: Feedback) -> None:
        """Replace the water state by that of one scenario; raises :class:`Cancelled`."""
        for solved in chain.from_iterable(windows):
            check_cancelled(feedback)
            for name, values in self._maps.items():
                values[solved.tile.inner][solved.result.cells.mask] = getattr(solved.result.water, name)
            scratch.release()

    def at_cells(self, rows: np.ndarray, cols: np.ndarray) -> WaterState:
        """The water of some cells, (n,)."""
        return WaterState(infiltration=None, **{name: values[rows, cols] for name, values in self._maps.items()})

    def at_rows(self, at: slice, valid: np.ndarray) -> WaterState:
        """The water of some rows' valid cells."""
        return WaterState(infiltration=None, **{name: values[at][valid] for name, values in self._maps.items()})


@dataclass
class Ensemble:
    """Sets of one depth that were the best on some of the cells, gathered one by one.

    Each set is brought to a common level before the mean of log FS is taken. The mean is scaled so that FS = 1
    separates landslides from stable cells best, and each set so that as many stable cells fail as with the mean. All
    this multiplies strengths and changes no ranks.

    Attributes:
        trained, failed: boolean (n,), cells on which everything is chosen, and landslide cells.
        scenarios: the sets; at the end scaled, the best one first.
        limited: how many of the sets physical limits of the strength keep from the factor that they need.
        log_fs: mean log FS on the n sites; on_map: the same as a map, NaN where it is unknown, if requested.
    """

    trained: np.ndarray
    failed: np.ndarray
    scenarios: list[Scenario] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    limited: int = 0
    log_fs: np.ndarray | float = 0.0
    on_map: np.ndarray | None = None
    _each: list[np.ndarray] = field(default_factory=list)

    def add(self, scenario: Scenario, cells: Cells, water: WaterState) -> float:
        """Add a parameter set with the water at the n sites; returns its level of log FS."""
        log_fs = log_factor_of_safety(cells, water, scenario)
        level = float(np.median(log_fs[self._stable]))
        self.scenarios.append(scenario)
        self._each.append(log_fs)
        self.log_fs = self.log_fs + shift_log_fs(log_fs, -level)
        return level

    def add_to_map(
        self, terrain: Terrain, water: WaterMap, sets: Sequence[tuple[Scenario, float]], feedback: Feedback
    ) -> None:
        """Add sets of one water to the map, strip by strip; each with its level."""
        valid = terrain.valid
        if self.on_map is None:
            self.on_map = made_of_strips(valid.shape, np.float64, lambda at: np.where(valid[at], 0.0, np.nan))
        for at in row_strips(valid.shape):
            check_cancelled(feedback)
            cells, state = terrain.cells_of_rows(at), water.at_rows(at, valid[at])
            for scenario, level in sets:
                self.on_map[at][cells.mask] += shift_log_fs(log_factor_of_safety(cells, state, scenario), -level)

    def finish(self, seed: int) -> None:
        """Compute the mean log FS, and scale it and every set."""
        mean = np.asarray(self.log_fs) / len(self.scenarios)
        threshold = best_threshold(mean[self.trained], self.failed[self.trained], seed)
        share = float((mean[self._stable] < threshold).mean())
        levels = [float(np.quantile(one[self._stable], share)) for one in self._each]
        slides = self.trained & self.failed
        aucs = [auc(-one[slides], -one[self._stable]) for one in self._each]
        wanted = [math.exp(-level) for level in levels]
        done = [scaled(vars(one), factor) for one, factor in zip(self.scenarios, wanted)]
        self.limited = sum(used != factor for (_, used), factor in zip(done, wanted))
        order = np.argsort(-np.array(aucs), kind="stable").tolist()
        self.scenarios = [self.scenarios[k].with_values(**done[k][0]) for k in order]
        self.factors = [done[k][1] for k in order]
        self.log_fs = shift_log_fs(mean, -threshold)
        self._each.clear()
        for at in () if self.on_map is None else row_strips(self.on_map.shape):
            self.on_map[at] = shift_log_fs(self.on_map[at] / len(self.scenarios), -threshold)

    @property
    def strength_factor(self) -> float:
        """Geometric mean of the factors [-]."""
        return float(np.exp(np.mean(np.log(self.factors))))

    @property
    def _stable(self) -> np.ndarray:
        return self.trained & ~self.failed


def log_factor_of_safety(cells: Cells, water: WaterState, scenario: Scenario) -> np.ndarray:
    """Logarithm of the factor of safety of some cells with their water, (n,)."""
    return np.log(np.maximum(assess(cells, water, scenario).fs, _LEAST_FS))


def shift_log_fs(log_fs: np.ndarray, by: float) -> np.ndarray:
    """Log FS after multiplying the strength by exp(``by``); cells at the greatest FS stay there."""
    most = math.log(MAXIMUM_FS)
    return np.where(log_fs >= most - 1e-12, most, np.minimum(log_fs + by, most))


def best_threshold(log_fs: np.ndarray, failed: np.ndarray, seed: int) -> float:
    """Value of log FS below which the true-skill score (hit rate minus false-alarm rate) is greatest.

    The score is flat about its greatest value where cells are few: the median over draws of the cells with replacement
    varies less. In each draw it lies in the middle between neighbouring values.

    Args:
        log_fs: (n,); failed: boolean (n,), with both kinds; seed: of the draws.

    Source: Peirce (1884), Science 4, 453-454; Youden (1950), Cancer 3, 32-35; Breiman (1996), Mach. Learn. 24, 123-140.
    """
    order = np.argsort(log_fs, kind="stable")
    values, hit = log_fs[order], failed[order]
    between = np.append(values[1:] > values[:-1], False)
    if not between.any():
        return float(values[0])
    rng, found = np.random.default_rng(seed), []
    for _ in range(_DRAWS):
        rates = []
        for kind in (hit, ~hit):
            drawn = np.zeros(values.size)
            drawn[kind] = rng.multinomial(kind.sum(), np.full(kind.sum(), 1.0 / kind.sum()))
            rates.append(np.cumsum(drawn) / kind.sum())
        skill = np.where(between, rates[0] - rates[1], -math.inf)
        best = np.flatnonzero(skill >= skill.max() - 1e-12)
        found.append(0.5 * float(values[best[0]] + values[best[-1] + 1]))
    return float(np.median(found))


def engine_ensembles(search: Search, seed: int, runs: Runs, feedback: Feedback) -> list[Ensemble]:
    """The best sets outside each block, and of all cells at the end, each with the engine's water.

    Sets of different blocks that share their water share its simulation.
    """
    sites = search.sites
    compared = np.arange(sites.fold.size) < sites.compared.stop
    made = [Ensemble(sites.outside(fold) & compared, sites.failed) for fold in range(sites.folds + 1)]
    users: dict[tuple[int, int], list[tuple[int, Trial]]] = {}
    for fold in range(sites.folds + 1):
        for trial in search.best(fold):
            users.setdefault((trial.depth, trial.water), []).append((fold, trial))
    order, water = sorted(users), WaterMap(search.depths[0].base.grid.shape)
    studies = [Study(search.depths[depth].terrain, search.water_sets[number], {}) for depth, number in order]
    solved = runs.solve(studies.__getitem__, [[n] for n in range(len(order))], feedback, own_terrains=True)
    for key, study, windows in zip(order, studies, solved):
        terrain = study.terrain
        water.update(windows, feedback)
        here = _cells_and_water(sites, terrain, water)
        scenarios = [(fold, search.scenario(trial)) for fold, trial in users[key]]
        levels = [(fold, scenario, made[fold].add(scenario, *here)) for fold, scenario in scenarios]
        on_map = [(scenario, level) for fold, scenario, level in levels if fold == sites.folds]
        if on_map:
            made[-1].add_to_map(terrain, water, on_map, feedback)
    for ensemble in made:
        ensemble.finish(seed)
    return made


def factor_of_safety_at(search: Search, scenario: Scenario, runs: Runs, feedback: Feedback) -> np.ndarray:
    """Factor of safety (n,) of one scenario by the engine on the sites, with the first soil depth."""
    terrain = search.depths[0].terrain
    water = WaterMap(terrain.grid.shape)
    for windows in runs.solve(lambda _: Study(terrain, scenario, {}), [[0]], feedback):
        water.update(windows, feedback)
    return assess(*_cells_and_water(search.sites, terrain, water), scenario).fs


def _cells_and_water(sites: Sites, terrain: Terrain, water: WaterMap) -> tuple[Cells, WaterState]:
    """The sites as cells of their own, and their water."""
    return Cells.of(*terrain.slope_and_depth(sites.rows, sites.cols)), water.at_cells(sites.rows, sites.cols)
