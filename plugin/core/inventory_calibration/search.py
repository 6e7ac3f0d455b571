"""Searches parameter sets: FS of the soil column on the sampled cells, ranked by AUC within blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np

from ..feedback import Feedback, check_cancelled
from ..physics.assess import assess
from ..physics.column import column_state
from ..scenario import Scenario
from ..terrain import Cells
from .sampling import Depth
from .sites import Sites

#: Sets that are kept: the best share of all, within these limits.
_BEST_SHARE, _FEWEST_KEPT, _MOST_KEPT = 0.02, 5, 20
#: Another depth than the first must be better by this AUC: what is simpler, and what other tools assume, is kept else.
_DEPTH_GAIN = 0.01


@dataclass(frozen=True)
class Trial:
    """One of the sets that are tried: numbers of the depth, the water set and the strength."""

    depth: int
    water: int
    strength: int


@dataclass(frozen=True)
class Search:
    """Everything that is tried, and how well the column ranks the cells with it.

    Attributes:
        aucs: AUC (folds + 1, depths, water_sets, strengths) on the cells outside each block; the last on all.
    """

    sites: Sites
    depths: Sequence[Depth]
    water_sets: Sequence[Scenario]
    strengths: Sequence[dict[str, float]]
    aucs: np.ndarray

    @property
    def trials(self) -> int:
        """Sets of water and strength for each depth."""
        return len(self.water_sets) * len(self.strengths)

    def best(self, fold: int) -> list[Trial]:
        """The best sets on the cells outside a block, of one depth; ``folds`` means all cells."""
        aucs = self.aucs[fold].reshape(len(self.depths), -1)
        kept = min(self.trials, number_kept(self.trials))
        order = np.argsort(-aucs, axis=1, kind="stable")[:, :kept]
        means = np.take_along_axis(aucs, order, axis=1).mean(axis=1)
        depth = int(np.argmax(means))
        depth = 0 if means[depth] < means[0] + _DEPTH_GAIN else depth
        return [Trial(depth, *divmod(int(place), len(self.strengths))) for place in order[depth]]

    def scenario(self, trial: Trial) -> Scenario:
        """The scenario of a set."""
        return self.water_sets[trial.water].with_values(**self.strengths[trial.strength])


def number_kept(trials: int) -> int:
    """Greatest number of sets kept for each depth and block, of ``trials``."""
    return int(np.clip(round(_BEST_SHARE * trials), _FEWEST_KEPT, _MOST_KEPT))


def search(
    sites: Sites, depths: Sequence[Depth], water_sets: Sequence[Scenario], strengths: Sequence[dict[str, float]],
    feedback: Feedback,
) -> Search:  # fmt: skip
    """Try every combination with the soil column on the compared cells."""
    aucs = np.empty((sites.folds + 1, len(depths), len(water_sets), len(strengths)))
    compared = sites.compared
    outside = np.array([sites.outside(fold)[compared] for fold in range(sites.folds + 1)])
    slope, _ = depths[0].base.slope_and_depth(sites.rows[compared], sites.cols[compared])
    for place, depth in enumerate(depths):
        cells = Cells.of(slope, sites.of(depth.soil(feedback))[compared])
        for number, water in enumerate(water_sets):
            check_cancelled(feedback)
            state = column_state(cells, water)
            fs = np.array([assess(cells, state, water.with_values(**one)).fs for one in strengths])
            aucs[:, place, number] = auc_outside_blocks(-fs, sites.failed[compared], outside)
            feedback.setProgress(100.0 * (place * len(water_sets) + number + 1) / (len(depths) * len(water_sets)))
    return Search(sites, depths, water_sets, strengths, aucs)


def auc_outside_blocks(scores: np.ndarray, failed: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """AUC of some scores on some selections of the cells at once, ties by half; (selections, scores).

    Args:
        scores: (scores, n); failed: boolean (n,); outside: boolean (selections, n).
    """
    found = np.empty((len(outside), len(scores)))
    positive, negative = outside & failed, outside & ~failed
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    for number, score in enumerate(scores):
        order = np.argsort(score, kind="stable")
        ordered = score[order]
        last = np.append(ordered[1:] != ordered[:-1], True)
        group = np.append(0, np.cumsum(last[:-1]))
        below = np.cumsum(negative[:, order], axis=1)[:, last]  # up to and with each group of ties
        before = np.concatenate([np.zeros((len(outside), 1)), below[:, :-1]], axis=1)
        beaten = 0.5 * (below + before)[:, group]
        found[:, number] = np.sum(beaten * positive[:, order], axis=1) / pairs
    return found
