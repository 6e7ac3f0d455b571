"""The best sets with the engine's water: their mean log FS, and the strength at which FS = 1 separates best."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from ..auc import auc
from ..feedback import Feedback, PartialFeedback, check_cancelled
from ..physics.assess import assess
from ..physics.engine import Engine
from ..physics.stability import MAXIMUM_FS
from ..physics.water import WaterState
from ..scenario import Scenario
from ..terrain import Cells
from .sampling import scaled
from .search import Search, Trial

_LEAST_FS = 1e-3


@dataclass
class Ensemble:
    """Sets of one depth that were the best on some of the cells, gathered one by one.

    Every set is scaled by a factor on its strength, so that FS = 1 separates landslides from stable cells best; the
    mean of the logarithms is scaled once more. Neither changes the ranks of a set.

    Attributes:
        trained: boolean (cells that are compared,), those on which the factors are chosen.
        scenarios: the sets, scaled by their own factors; the best one first at the end.
        factors, areas: of each, the latter its AUC on those cells.
        log_fs: mean log FS on the n sites; on_map: on all valid cells of the terrain, where asked for.
    """

    trained: np.ndarray
    scenarios: list[Scenario] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    areas: list[float] = field(default_factory=list)
    log_fs: np.ndarray | float = 0.0
    on_map: np.ndarray | float = 0.0

    def add(
        self, scenario: Scenario, water: WaterState, cells: Cells, at: np.ndarray, failed: np.ndarray, *, whole: bool
    ) -> None:
        """Take a set.

        Args:
            scenario: the set; water: of it; cells: of the terrain, those of the water.
            at: (n,) places of the sites among the cells; failed: boolean (n,).
            whole: compute the map too.
        """
        part = cells if whole else cells.at(at)
        fs = assess(part, water if whole else water.at(at), scenario).fs
        here = np.log(np.maximum(fs[at] if whole else fs, _LEAST_FS))
        threshold = best_threshold(here[self.trained], failed[self.trained])
        values, factor = scaled(vars(scenario), math.exp(-threshold))
        self.scenarios.append(scenario.with_values(**values))
        self.factors.append(factor)
        self.areas.append(auc(-here[self.trained & failed], -here[self.trained & ~failed]))
        self.log_fs = self.log_fs + times(here, factor)
        if whole:
            self.on_map = self.on_map + times(np.log(np.maximum(fs, _LEAST_FS)), factor)

    def finish(self, failed: np.ndarray) -> None:
        """Take the means, and scale them and all sets by a common factor."""
        count = len(self.scenarios)
        mean = self.log_fs / count
        factor = math.exp(-best_threshold(mean[self.trained], failed[self.trained]))
        order = np.argsort(-np.array(self.areas), kind="stable").tolist()
        done = [(self.scenarios[k], self.factors[k], *scaled(vars(self.scenarios[k]), factor)) for k in order]
        self.scenarios = [scenario.with_values(**values) for scenario, _, values, _ in done]
        self.factors, self.areas = [own * common for _, own, _, common in done], [self.areas[k] for k in order]
        self.log_fs, self.on_map = times(mean, factor), times(np.asarray(self.on_map) / count, factor)

    @property
    def strength_factor(self) -> float:
        """Geometric mean of the factors [-]."""
        return float(np.exp(np.mean(np.log(self.factors))))


def times(log_fs: np.ndarray, factor: float) -> np.ndarray:
    """Log FS with a strength that is multiplied by a factor; cells at the greatest FS stay there."""
    most = math.log(MAXIMUM_FS)
    return np.where(log_fs >= most - 1e-12, most, np.minimum(log_fs + math.log(factor), most))


def best_threshold(log_fs: np.ndarray, failed: np.ndarray) -> float:
    """Value of log FS below which the true-skill score (hit rate minus false-alarm rate) is greatest.

    It lies in the middle between the neighbouring values.

    Args:
        log_fs: (n,); failed: boolean (n,), with both kinds.

    Source: Peirce (1884), Science 4, 453-454; Youden (1950), Cancer 3, 32-35.
    """
    order = np.argsort(log_fs, kind="stable")
    values, hit = log_fs[order], failed[order]
    skill = np.cumsum(hit) / hit.sum() - np.cumsum(~hit) / (~hit).sum()
    between = values[1:] > values[:-1]
    if not between.any():
        return float(values[0])
    at = int(np.argmax(np.where(between, skill[:-1], -math.inf)))
    return 0.5 * float(values[at] + values[at + 1])


def engine_ensembles(search: Search, feedback: Feedback) -> list[Ensemble]:
    """The best sets outside each block, and of all cells at the end, each with the engine's water.

    Sets of different blocks that share their water share its simulation.
    """
    sites = search.sites
    compared = np.arange(sites.fold.size) < sites.compared.stop
    made = [Ensemble(sites.outside(fold) & compared) for fold in range(sites.folds + 1)]
    users: dict[tuple[int, int], list[tuple[int, Trial]]] = {}
    for fold in range(sites.folds + 1):
        for trial in search.best(fold):
            users.setdefault((trial.depth, trial.water), []).append((fold, trial))
    engine = Engine(failure_times=False, scheme="fast")
    for done, ((depth, water), trials) in enumerate(sorted(users.items())):
        check_cancelled(feedback)
        terrain = search.depths[depth].terrain
        part = PartialFeedback(feedback, 100.0 * done / len(users), 100.0 * (done + 1) / len(users))
        state = next(iter(engine.water(terrain, [search.waters[water]], part)))
        at = sites.of(_numbers(terrain.valid))
        for fold, trial in trials:
            whole = fold == sites.folds
            made[fold].add(search.scenario(trial), state, terrain.cells, at, sites.failed, whole=whole)
    for ensemble in made:
        ensemble.finish(sites.failed)
    return made


def factor_of_safety_at(search: Search, scenario: Scenario, feedback: Feedback) -> np.ndarray:
    """Factor of safety (n,) of one scenario by the engine on the sites, with the first soil depth."""
    terrain = search.depths[0].terrain
    state = next(iter(Engine(failure_times=False, scheme="fast").water(terrain, [scenario], feedback)))
    at = search.sites.of(_numbers(terrain.valid))
    return assess(terrain.cells.at(at), state.at(at), scenario).fs


def _numbers(mask: np.ndarray) -> np.ndarray:
    """Number of each cell of a mask in its order, (rows, cols)."""
    return (np.cumsum(mask.ravel()) - 1).reshape(mask.shape)
