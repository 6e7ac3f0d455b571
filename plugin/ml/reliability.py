"""Reliability of a network's mask as a prediction of the physics engine's."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple, Sequence

import numpy as np

from ..core.grid import Grid
from ..core.map_parts.strips import made_of_strips, with_rows_around
from ..core.physics.assess import assess
from ..core.physics.column import column_state
from ..core.polygons.regions import dilated
from ..core.reliability import Reliability
from ..core.result import Result
from ..core.scenario import Scenario
from ..core.terrain import Terrain
from ..text import ENGINE_TOOL, Text, measure
from ..variables import (
    BY_NAME,
    CELL_SIZE_TRAINED_M,
    HYDROLOGY,
    LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM,
    SOIL_DEPTH_TRAINED_M,
)
from .model_file import MOST_LATERAL, VERIFIED, trained_ranges
from .paper import CHANNELS

#: Least expected IoU with the engine's mask of a trusted mask; ``make evaluate`` shows its effect.
TRUSTED_IOU = 0.97
_FEW_CELLS = 100
#: Share of the failed cells that may be critical: near steps, or so close to failure that a small error changes it.
_CRITICAL_SHARE = 0.07
#: Share of the failed cells that lateral flow must be able to change before the trained ranges count.
_LEAST_SHARE = 0.01
#: Initial water table over soil depth from which the trained ranges count as soon as any cell is uncertain.
_NEARLY_SATURATED = 0.97
#: Relative difference up to which two study areas of the paper's network count as one.
_SAME_SITE = 0.005
#: Greatest gradient of the bedrock from cell to cell in the training areas; cliffs and walls have more.
_STEP_GRADIENT = 4.0
#: Cells around a step in which the first guess errs more than the network expects, and factors of safety there that
#: the error can bring to the other side of 1. Found on planes with steps of 4 to 60 m and cells of 2 and 5 m.
_STEP_REACH_CELLS, _STEP_FS = 16, (0.85, 1.15)
#: Share of the most that the network may change of the water table, by which all tables may be wrong together: even
#: slopes have whole rows of cells at the same factor of safety, and errors there reach it.
_JOINT_ERROR = 0.1
#: The same as a share of the soil depth, wherever lateral flow moves the table by more than the second number [m]: the
#: error of a first guess that is not corrected, of which 99 % is below 0.001 to 0.004 on the study areas where it
#: changes a mask.
_GUESS_ERROR, _MOVED_M = 0.001, 1e-4
#: Why weights that are not among those shipped are never trusted.
UNVERIFIED = Text(
    "the weights are unverified: they are not among those shipped with Slopecast, so the training described in their "
    "model card cannot be confirmed"
)


def network_reliability(terrain: Terrain, scenario: Scenario, result: Result, card: Mapping[str, Any]) -> Reliability:
    """Judge a result of the network.

    Trained ranges count only where the network contributes: a mask that lateral flow cannot change is the engine's,
    whatever the scenario. Where the network itself expects another mask it contributes too, as the bound of what it may
    change was found in training: beyond it an empty mask that nothing seems to change is no more reliable than others.

    Weights that are not shipped are a caution at best, and the shipped networks' ranges hold for them too.

    Args:
        terrain, scenario, result: what was solved; card: of the weights.
    """
    greatest = float(np.nanmax(scenario.lateral_conductivity))
    return reliability_from_evidence(NetworkEvidence.of(terrain, result), terrain.grid, scenario, greatest, card)


class NetworkEvidence(NamedTuple):
    """Sums over cells from which the reliability is computed; windows are added.

    Attributes:
        failed, valid: numbers of cells; uncertain_cells: see :func:`count_uncertain_cells`.
        deep: cells with soil deeper than the training's, of ``terrain_cells``.
        approximate: cells whose table may differ from the exact scheme's.
        hits, union: expected cells that fail in both masks, and in either; NaN without probabilities.
        near_steps: see :func:`cells_near_steps`.
        near_failure: cells whose failure an error of all water tables together would change.
    """

    failed: int
    valid: int
    uncertain_cells: int
    deep: int
    terrain_cells: int
    approximate: int
    hits: float
    union: float
    near_steps: int = 0
    near_failure: int = 0

    @classmethod
    def of(
        cls, terrain: Terrain, result: Result, core: tuple[slice, slice] = (slice(None), slice(None))
    ) -> NetworkEvidence:
        """Sum up a result; core: rows and columns of the terrain that the result is of."""
        valid = terrain.valid[core]
        deep = int((terrain.soil_depth[core][valid] > SOIL_DEPTH_TRAINED_M[1] * 1.001).sum())
        uncertain_cells = count_uncertain_cells(result)
        cells = result.failed_cells, result.valid_cells, uncertain_cells, deep, int(valid.sum())
        near_steps = cells_near_steps(terrain, result, core)
        return cls(*cells, _approximate(result), *expected_cells(result), near_steps, cells_near_failure(result))

    @classmethod
    def sum(cls, parts: Iterable[NetworkEvidence]) -> NetworkEvidence:
        """Combined evidence of all parts of a map."""
        return cls(*(sum(values) for values in zip(*parts)))

    @property
    def expected_iou(self) -> float:
        """Expected IoU with the engine's mask from the network's own probabilities; 1 if no cell is uncertain."""
        return (self.hits + 0.5) / (self.union + 0.5)


def reliability_from_evidence(
    found: NetworkEvidence, grid: Grid, scenario: Scenario, greatest_lateral: float, card: Mapping[str, Any]
) -> Reliability:
    """:func:`network_reliability` by sums over the map.

    Args:
        found: of the result; grid: of the map; scenario: what was solved; greatest_lateral: conductivity [m/s].
    """
    uncertain_cells = found.uncertain_cells
    expected = found.expected_iou
    uncertain_mask = found.approximate > 0 and expected < TRUSTED_IOU
    least = 0.0 if _starts_saturated(scenario) else _LEAST_SHARE * max(found.failed, 1)
    contributes = uncertain_mask or uncertain_cells > least
    if contributes:
        outside = outside_training(grid, found.deep / found.terrain_cells, greatest_lateral, scenario, card)
        if outside:
            return _outside(outside, card)
    reasons = [*_unverified(card)]
    untrained = [n for n in scenario.rasters if n in HYDROLOGY and n != "conductivity"]
    if untrained and contributes:
        reasons.append(Text("rasters of {} were not part of the training", ", ".join(untrained)))
    if found.near_steps > _CRITICAL_SHARE * max(found.failed, _FEW_CELLS):
        reasons.append(
            Text(
                "{:,} cells with a factor of safety near 1 are near steps of the terrain with a gradient above {:g}, "
                "as of cliffs and walls, where errors are greater; confirm with {}",
                found.near_steps, _STEP_GRADIENT, ENGINE_TOOL,
            )
        )  # fmt: skip
    if found.near_failure > _CRITICAL_SHARE * found.failed:
        reasons.append(
            Text(
                "{:,} cells have a factor of safety so close to 1 that a small error of the water table changes the "
                "mask; confirm with {}",
                found.near_failure, ENGINE_TOOL,
            )
        )  # fmt: skip
    if found.approximate and _starts_saturated(scenario):
        reasons.append(
            Text("the initial water table is nearly at the surface, where errors are greater; confirm with {}",
                 ENGINE_TOOL)
        )  # fmt: skip
    if expected < TRUSTED_IOU and not found.failed:  # the IoU of an empty mask is 0 or 1
        reasons.append(
            Text(
                "no cell fails, but the network expects about {:.2g} to fail with the physics engine; confirm with {}",
                found.union, ENGINE_TOOL,
            )
        )  # fmt: skip
    elif expected < TRUSTED_IOU:
        reasons.append(
            Text(
                "the expected agreement with the physics engine is only IoU {:.2f} ({:,} failed cells); confirm "
                "with {}",
                expected,
                found.failed,
                ENGINE_TOOL,
            )
        )
    elif 0 < found.failed < _FEW_CELLS and (uncertain_cells or found.near_failure):
        reasons.append(Text("only {} failed cells: single cells may be missed or added", found.failed))
    return Reliability("caution" if reasons else "trusted", tuple(reasons))


def _starts_saturated(scenario: Scenario) -> bool:
    """Whether the initial water table is nearly at the surface.

    Then which cells lose contact differs from grid to grid: errors exceed the bound by which cells count as uncertain.
    """
    return float(np.nanmax(scenario.water_table_ratio)) >= _NEARLY_SATURATED


def outside_training(
    grid: Grid, deep: float, greatest: float, scenario: Scenario, card: Mapping[str, Any]
) -> list[Text]:  # fmt: skip
    """Properties outside the training ranges of the network.

    Args:
        grid: of the map; deep: share of soil deeper than the training's [-]; greatest: lateral conductivity [m/s].
        scenario: what was solved; card: of the weights.
    """
    ranges = card["ranges"]
    found = [*scenario.outside_training(ranges)]
    if not card[VERIFIED]:
        ranges = {**ranges, MOST_LATERAL: min(ranges.get(MOST_LATERAL, np.inf), trained_ranges()[MOST_LATERAL])}
        found += [text for text in scenario.outside_training() if text not in found]
    size, (low, high) = float(np.sqrt(grid.cell_area)), CELL_SIZE_TRAINED_M
    if not low * 0.99 <= size <= high * 1.01:
        found.append(Text("cells of {:g} m are outside {:g} to {:g} m", size, low, high))
    if deep > 0.01:
        found.append(Text("{:.1f} % of the cells have soil deeper than {:g} m", 100 * deep, SOIL_DEPTH_TRAINED_M[1]))
    most = float(ranges.get(MOST_LATERAL, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM))
    if greatest > most * 1.001:
        found.append(
            Text(
                "conductivity times lateral anisotropy = {:.3g} m/s is above {:g} m/s",
                greatest,
                most,
            )
        )
    return found


def count_uncertain_cells(result: Result) -> int:
    """Number of cells whose failure depends on the water table that lateral flow can bring."""
    if result.water is None or result.water.table_bound is None:
        return 0
    return int(_changed_by(result, result.water.table_bound).sum())


def cells_near_failure(result: Result) -> int:
    """Number of cells whose failure a small error of all water tables together would change."""
    if result.water is None or result.water.table_bound is None:
        return 0
    joint, of_guess = _JOINT_ERROR * result.water.table_bound, _GUESS_ERROR * result.cells.soil_depth
    near = _changed_by(result, np.maximum(joint, of_guess))
    if not near.any():
        return 0
    column = column_state(result.cells.within(result.cells.on_map(near, False, bool)), result.scenario).water_table
    moved = np.abs(result.water.water_table[near] - column) > _MOVED_M  # elsewhere the table is exact
    return int((moved | (joint > of_guess)[near]).sum())


def _changed_by(result: Result, error: np.ndarray) -> np.ndarray:
    """Whether an error of the water table (cells,) [m] upwards or downwards changes a cell's failure; (cells,)."""
    water, depth = result.water, result.cells.soil_depth
    states = (water.with_table(water.water_table + by * error, depth) for by in (-1.0, 1.0))
    low, high = (assess(result.cells, state, result.scenario).fs < 1.0 for state in states)
    return low != high


def cells_near_steps(
    terrain: Terrain, result: Result, core: tuple[slice, slice] = (slice(None), slice(None))
) -> int:  # fmt: skip
    """Number of cells near steps of the bedrock that an error of the first guess there can let fail, or not fail.

    Args:
        terrain, result, core: as in :meth:`NetworkEvidence.of`.
    """
    bound = None if result.water is None else result.water.table_bound
    if bound is None:
        return 0
    least, greatest = _STEP_FS
    fs = result.stability.fs
    critical = (bound > 0.0) & (fs > least) & (fs < greatest)
    return int(_near_steps(terrain)[core][result.cells.mask][critical].sum()) if critical.any() else 0


def _near_steps(terrain: Terrain) -> np.ndarray:
    """Cells near a step of the bedrock, boolean (rows, cols)."""
    sizes = terrain.grid.cell_height, terrain.grid.cell_width

    def of_rows(at: slice) -> np.ndarray:
        wide, inner = with_rows_around(at, _STEP_REACH_CELLS + 1, terrain.grid.rows)
        bedrock = terrain.elevation[wide].astype(np.float64) - terrain.soil_depth[wide]
        near = np.zeros(bedrock.shape, dtype=bool)
        for axis, size in enumerate(sizes):
            steep = np.abs(np.diff(bedrock, axis=axis)) > _STEP_GRADIENT * size  # not where one is unknown
            near[: -1 if axis == 0 else None, : -1 if axis == 1 else None] |= steep
            near[axis == 0 :, axis == 1 :] |= steep
        return (dilated(near, _STEP_REACH_CELLS) if near.any() else near)[inner]

    return made_of_strips(terrain.grid.shape, bool, of_rows)


def _approximate(result: Result) -> int:
    bound = None if result.water is None else result.water.table_bound
    return 0 if bound is None else int((bound > 0.0).sum())


def expected_cells(result: Result) -> tuple[float, float]:
    """Expected numbers of cells that fail in both masks, and in either."""
    if result.confidence is None:
        return float("nan"), float("nan")
    known = np.isfinite(result.confidence)
    probability, failed = result.confidence[known].astype(np.float64), result.failure_mask[known] == 1
    return float(probability[failed].sum()), float(failed.sum() + probability[~failed].sum())


def paper_reliability(terrain: Terrain, scenario: Scenario, card: Mapping[str, Any]) -> Reliability:
    """Judge a mask of the paper's network: outside its study area or training, otherwise a caution.

    The network's mean IoU on unseen cases of its own study area is in its card.

    Args:
        terrain, scenario: what was solved; card: of the weights.
    """
    outside, here = [], describe_site(terrain)
    slack = {key: _SAME_SITE * max(abs(value), 1e-6) for key, value in here.items()}
    if not any(all(abs(site[key] - here[key]) <= slack[key] for key in here) for site in card.get("sites", [])):
        outside.append(Text("this network is valid only in the study area on which it was trained"))
    known = {name: values for name, values in card.get("ranges", {}).items() if name in CHANNELS}
    outside += scenario.outside_training({**dict.fromkeys(BY_NAME, (-np.inf, np.inf)), **known})
    for name, value in card.get("constants", {}).items():
        if not np.allclose(getattr(scenario, name), value, rtol=1e-6):
            outside.append(
                Text("{} was always {} in training", BY_NAME[name].named, measure(value, BY_NAME[name].unit))
            )
    if outside:
        return _outside(outside, card)
    metrics = {**card.get("validation", {}), **card.get("metrics", {})}
    measured = metrics.get("mean_iou", metrics.get("validation_iou"))
    text = "the network's mean IoU on cases not used in training is {:.2f}"
    reasons = [Text(text, float(measured))] if measured else []
    return Reliability("caution", (*reasons, *_unverified(card), Text("confirm with {}", ENGINE_TOOL)))


def describe_site(terrain: Terrain) -> dict[str, float]:
    """Key figures of a study area for the model card: cells, cell size, moments of elevation and depth [m]."""
    elevation, depth = terrain.elevation[terrain.valid], terrain.soil_depth[terrain.valid]
    return {
        "cells": float(elevation.size),
        "cell_size": float(np.sqrt(terrain.grid.cell_area)),
        "elevation_mean": float(elevation.mean()),
        "elevation_deviation": float(elevation.std()),
        "soil_depth_mean": float(depth.mean()),
    }


def describe_training(terrains: Iterable[Terrain], scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Entries of a card of the paper's network that :func:`paper_reliability` reads: sites, ranges and constants.

    Constants are the parameters that the network does not read and that are the same number in all scenarios.

    Args:
        terrains: study areas; scenarios: of the training cases.
    """
    values = {name: [getattr(s, name) for s in scenarios] for name in BY_NAME}
    return {
        "sites": [describe_site(terrain) for terrain in terrains],
        "ranges": {
            name: [float(min(map(np.min, values[name]))), float(max(map(np.max, values[name])))]
            for name in CHANNELS[2:]
        },
        "constants": {
            name: float(those[0])
            for name, those in values.items()
            if name not in CHANNELS and all(np.array_equal(v, those[0]) for v in those)
        },
    }


def _outside(reasons: Sequence[Text], card: Mapping[str, Any]) -> Reliability:
    advice = Text("the network was not trained for this: run {}", ENGINE_TOOL)
    return Reliability("outside", (*reasons, advice, *_unverified(card)))


def _unverified(card: Mapping[str, Any]) -> tuple[Text, ...]:
    return () if card[VERIFIED] else (UNVERIFIED,)
