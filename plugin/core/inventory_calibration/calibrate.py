"""Calibration to mapped landslides: search, held-out scores, and maps fitted to all landslides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np

from ...text import Text
from ..feedback import Feedback, PartialFeedback, check_cancelled
from ..grid import MASK_NODATA
from ..map_parts.strips import made_of_strips, pieces
from ..physics.engine import Engine
from ..raster import scratch
from ..scenario import Scenario
from ..terrain import Terrain
from ..validation.depth_models import SlopeTrend
from ..validation.inventory_evidence import Registration, register
from ..windowed.many import Runs
from .attributes import Attribute, TerrainAttributes
from .ensemble import Ensemble, engine_ensembles, factor_of_safety_at
from .sampling import Depth, Ranges, depths_to_try, outside_ranges, strengths, water_sets
from .scores import Scores, evaluate_scores, findings
from .search import search
from .sites import Sites, choose_sites
from .spline_logistic import SplineLogistic

#: Ridge penalties of the susceptibility model: on the straight part of terrain attributes and of log FS, and on what
#: bends. The physics comes first, and terrain corrects it as far as the landslides suffice: with 15 to 175 of them the
#: held-out AUC is within 0.004 of the best of 15 choices.
_TERRAIN_LINE, _FS_LINE, _CURVE = 10.0, 0.3, 30.0
FACTOR_OF_SAFETY = Text("log factor of safety")
_PIECE = 200_000
#: Computes the sets' water states.
ENGINE = Engine(failure_times=False, scheme="fast")


@dataclass(frozen=True)
class Task:
    """Inputs of a calibration.

    Attributes:
        terrain: with the soil depth that was given, or any where none was.
        depth_given: whether the soil depth is known; otherwise several estimates are tried.
        landslides: for each mapped landslide, the flat indices of its cells.
        stable: flat indices of cells known as stable; ``None`` to draw them.
        area: boolean (rows, cols), where to compare.
        base: the numbers that are not searched, and those of the default factor of safety.
        ranges: least and greatest value of what is searched, by lower-case name.
        sets, folds, seed: how many water parameters are tried, blocks, and the seed of all random numbers.
    """

    terrain: Terrain
    depth_given: bool
    landslides: Sequence[np.ndarray]
    stable: np.ndarray | None
    area: np.ndarray
    base: Scenario
    ranges: Ranges
    sets: int = 100
    folds: int = 5
    seed: int = 0
    elevation: bool = False


@dataclass(frozen=True)
class Calibration:
    """Result of a calibration; large maps are in scratch files.

    Attributes:
        sites: the cells that were compared; scores: on held-out landslides; registration: of the landslides.
        depth: soil depth of the sets; scenarios: the best sets, scaled, the best one first.
        strength_factor: mean factor on the strength of the sets that were tried [-].
        trials: sets that were tried for each soil depth.
        attributes: of the model, log FS the last; model: fitted on all landslides.
        susceptibility, factor_of_safety: (rows, cols), NaN = NoData.
        finding: the result in one sentence; warnings: of the result.
    """

    sites: Sites
    scores: Scores
    registration: Registration
    depth: Depth
    scenarios: tuple[Scenario, ...]
    strength_factor: float
    trials: int
    attributes: tuple[Attribute, ...]
    model: SplineLogistic
    susceptibility: np.ndarray
    factor_of_safety: np.ndarray
    finding: Text
    warnings: tuple[Text, ...]

    @property
    def failure_mask(self) -> np.ndarray:
        """uint8 (rows, cols): 0 stable, 1 factor of safety below 1, 255 NoData."""
        fs = self.factor_of_safety
        return made_of_strips(fs.shape, np.uint8, lambda at: np.where(np.isfinite(fs[at]), fs[at] < 1.0, MASK_NODATA))

    @property
    def landslide_share(self) -> float:
        """Share of landslide cells among those that the susceptibility was fitted on."""
        return float(self.sites.failed.sum() / self.sites.compared.stop)


def calibrate(task: Task, feedback: Feedback, runs: Runs | None = None) -> Calibration:
    """Calibrate; everything that is chosen is chosen without the landslides that judge it.

    Args:
        runs: compute the sets' water states; by default the engine on the whole map.

    Raises:
        InputError: landslides or stable cells that cannot be used.
        Cancelled: the user cancelled the run.
    """
    runs, terrain = runs or Runs(ENGINE), task.terrain
    area = made_of_strips(terrain.grid.shape, bool, lambda at: task.area[at] & terrain.valid[at])
    sites = choose_sites(terrain.grid, list(task.landslides), task.stable, area, task.folds, task.seed)
    attributes = TerrainAttributes(terrain, feedback, elevation=task.elevation)
    table = attributes.at(sites.rows, sites.cols)
    depths = depths_to_try(terrain, given=task.depth_given)
    sets = water_sets(task.base, task.ranges, task.sets, task.seed)
    found = search(sites, depths, sets, strengths(task.base, task.ranges), PartialFeedback(feedback, 2.0, 40.0))
    default = factor_of_safety_at(found, task.base, runs, PartialFeedback(feedback, 40.0, 45.0))
    ensembles = engine_ensembles(found, task.seed, runs, PartialFeedback(feedback, 45.0, 92.0))
    whole = (*attributes.each, Attribute(FACTOR_OF_SAFETY, "-"))
    held_out, fails = _held_out(sites, table, whole, ensembles)
    scores = evaluate_scores(sites, {**held_out, "default": -default, "slope": table[:, 0]}, fails, task.seed)
    check_cancelled(feedback)
    slides = (values[sites.failed] for values in (sites.rows, sites.cols, sites.unit))
    slope = attributes.slope_within(area)
    registration = register(slope, terrain.grid, *slides, table[sites.stable, 0], task.seed, feedback)
    last = ensembles[-1]
    depth = depths[found.best(sites.folds)[0].depth]
    model = _fit(np.column_stack([table, last.log_fs]), sites.failed, whole, np.arange(sites.compared.stop))
    finding, warnings = findings(scores, sites, registration)
    warnings += outside_ranges(last.scenarios, task.ranges, task.base)
    if last.limited:
        text = (
            "{} of {} sets reach a limit of cohesion or friction angle before FS = 1 separates the landslides best: "
            "their masks differ from the mask of this map. Do not use their rows of the table in its place."
        )
        warnings.append(Text(text, last.limited, len(last.scenarios)))
    log_fs = last.on_map
    factor_of_safety = made_of_strips(log_fs.shape, np.float32, lambda at: np.exp(log_fs[at]))
    slope_at = lambda rows, cols: depth.terrain.slope_and_depth(rows, cols)[0]  # noqa: E731
    trend = SlopeTrend.of_map(factor_of_safety, depth.terrain.valid, slope_at).warning
    warnings += [trend] if trend else []
    named = tuple(one.with_values(name=f"set_{number:02d}") for number, one in enumerate(last.scenarios, start=1))
    made = Calibration(
        sites, scores, registration, depth, named, last.strength_factor, found.trials, whole, model,
        _susceptibility(model, attributes, log_fs), factor_of_safety, finding, tuple(warnings),
    )  # fmt: skip
    feedback.setProgress(98.0)
    return made


def _fit(table: np.ndarray, failed: np.ndarray, attributes: Sequence[Attribute], cells: np.ndarray) -> SplineLogistic:
    straight = [one.straight for one in attributes]
    line = [*[_TERRAIN_LINE] * (len(attributes) - 1), _FS_LINE]
    return SplineLogistic.fit(table[cells], failed[cells], straight, line, _CURVE)


def _held_out(
    sites: Sites, terrain: np.ndarray, attributes: Sequence[Attribute], ensembles: Sequence[Ensemble]
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Held-out susceptibility and minus log FS of each site (n,), fitted outside its block; and where FS < 1 (n,)."""
    susceptibility, log_fs = np.zeros(sites.fold.size), np.zeros(sites.fold.size)
    for fold in range(sites.folds):
        inside = ~sites.outside(fold)
        table = np.column_stack([terrain, ensembles[fold].log_fs])
        model = _fit(table, sites.failed, attributes, np.flatnonzero(ensembles[fold].trained))
        susceptibility[inside] = model.logit(table[inside])
        log_fs[inside] = ensembles[fold].log_fs[inside]
    return {"susceptibility": susceptibility, "calibrated": -log_fs}, log_fs < 0.0


def _susceptibility(model: SplineLogistic, attributes: TerrainAttributes, log_fs: np.ndarray) -> np.ndarray:
    """The model on the whole map, strip by strip."""
    found = scratch.empty(log_fs.shape)
    for strip in attributes.strips():
        maps, valid = [*attributes.of_rows(strip), log_fs[strip]], np.isfinite(log_fs[strip])
        cells, here = [values[valid] for values in maps], np.full(valid.shape, np.nan, dtype=np.float32)
        parts = pieces(cells[0].size, _PIECE)
        made = [model.probability(np.column_stack([values[part] for values in cells])) for part in parts]
        here[valid] = np.concatenate([*made, np.empty(0)])
        found[strip] = here
    return found
