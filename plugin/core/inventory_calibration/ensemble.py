"""Ensemble of the best sets: mean log FS with the engine's water, and the strength factor."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from ..auc import auc
from ..feedback import Feedback, check_cancelled
from ..physics.assess import assess
from ..physics.engine import Engine
from ..physics.solve import WaterModel
from ..physics.stability import MAXIMUM_FS
from ..physics.water import WaterState
from ..scenario import Scenario
from ..terrain import Cells
from .sampling import scaled
from .search import Search, Trial

_LEAST_FS = 1e-3
_DRAWS = 100
#: What computes the sets' waters.
ENGINE = Engine(failure_times=False, scheme="fast")


@dataclass
class Ensemble:
    """Sets of one depth that were the best on some of the cells, gathered one by one.

    Each set is brought to a common level before the mean of log FS is taken. The mean is scaled so that FS = 1
    separates landslides from stable cells best, and each set so that as many stable cells fail as with the mean. All
    this multiplies strengths and changes no ranks.

    Attributes:
        trained, failed: boolean (n,), cells on which everything is chosen, and landslide cells.
        scenarios: the sets; at the end scaled, the best one first.
        factors: on the strength of each, at the end.
        log_fs: mean log FS on the n sites; on_map: on all valid cells of the terrain, if requested.
    """

    trained: np.ndarray
    failed: np.ndarray
    scenarios: list[Scenario] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    log_fs: np.ndarray | float = 0.0
    on_map: np.ndarray | float = 0.0
    _each: list[np.ndarray] = field(default_factory=list)

    def add(self, scenario: Scenario, water: WaterState, cells: Cells, at: np.ndarray, *, whole: bool) -> None:
        """Take a set.

        Args:
            scenario: the set; water: of it; cells: of the terrain, those of the water.
            at: (n,) places of the sites among the cells.
            whole: compute the map too.
        """
        part = cells if whole else cells.at(at)
        log_fs = np.log(np.maximum(assess(part, water if whole else water.at(at), scenario).fs, _LEAST_FS))
        here = log_fs[at] if whole else log_fs
        level = float(np.median(here[self._stable]))
        self.scenarios.append(scenario)
        self._each.append(here)
        self.log_fs = self.log_fs + raised(here, -level)
        if whole:
            self.on_map = self.on_map + raised(log_fs, -level)

    def finish(self, seed: int) -> None:
        """Take the means, and scale them and every set."""
        mean = np.asarray(self.log_fs) / len(self.scenarios)
        threshold = best_threshold(mean[self.trained], self.failed[self.trained], seed)
        share = float((mean[self._stable] < threshold).mean())
        levels = [float(np.quantile(one[self._stable], share)) for one in self._each]
        slides = self.trained & self.failed
        areas = [auc(-one[slides], -one[self._stable]) for one in self._each]
        done = [scaled(vars(one), math.exp(-level)) for one, level in zip(self.scenarios, levels)]
        order = np.argsort(-np.array(areas), kind="stable").tolist()
        self.scenarios = [self.scenarios[k].with_values(**done[k][0]) for k in order]
        self.factors = [done[k][1] for k in order]
        self.log_fs = raised(mean, -threshold)
        self.on_map = raised(np.asarray(self.on_map) / len(self.scenarios), -threshold)
        self._each.clear()

    @property
    def strength_factor(self) -> float:
        """Geometric mean of the factors [-]."""
        return float(np.exp(np.mean(np.log(self.factors))))

    @property
    def _stable(self) -> np.ndarray:
        return self.trained & ~self.failed


def raised(log_fs: np.ndarray, by: float) -> np.ndarray:
    """Log FS with a strength whose logarithm is raised; cells at the greatest FS stay there."""
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


def engine_ensembles(search: Search, seed: int, engine: WaterModel, feedback: Feedback) -> list[Ensemble]:
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
    order = sorted(users)
    states = engine.waters([(search.depths[depth].terrain, search.waters[water]) for depth, water in order], feedback)
    for (depth, water), state in zip(order, states):
        check_cancelled(feedback)
        terrain, trials = search.depths[depth].terrain, users[depth, water]
        at = sites.of(_numbers(terrain.valid))
        for fold, trial in trials:
            whole = fold == sites.folds
            made[fold].add(search.scenario(trial), state, terrain.cells, at, whole=whole)
    for ensemble in made:
        ensemble.finish(seed)
    return made


def factor_of_safety_at(search: Search, scenario: Scenario, engine: WaterModel, feedback: Feedback) -> np.ndarray:
    """Factor of safety (n,) of one scenario by the engine on the sites, with the first soil depth."""
    terrain = search.depths[0].terrain
    state = next(iter(engine.water(terrain, [scenario], feedback)))
    at = search.sites.of(_numbers(terrain.valid))
    return assess(terrain.cells.at(at), state.at(at), scenario).fs


def _numbers(mask: np.ndarray) -> np.ndarray:
    """Number of each cell of a mask in its order, (rows, cols)."""
    return (np.cumsum(mask.ravel()) - 1).reshape(mask.shape)
