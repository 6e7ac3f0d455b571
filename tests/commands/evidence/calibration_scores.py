"""Scores of *Calibrate to landslides* on an inventory, or on two synthetic ones whose parameters are known.

    python tests/commands calibration_scores [--dem DEM --slides LAYER [--stable LAYER] [--area LAYER]
        [--depth RASTER]] [--sets 100] [--folds 5] [--seed 1]

Without an inventory two are drawn on a procedural area of 400 x 400 cells: one from the physics engine with known
parameters, where the AUC is compared with the truth's and the strength factor with the true one (at most 0.01 and
10 % off), and one at random, where the interval must hold 0.5 and the finding be that nothing was learned. An
inventory passes where its AUC is at least that of slope + 0.03 and that of the default factor of safety + 0.06.
Exits with 1 where one does not.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import checkout  # noqa: F401 - registers the package
import numpy as np
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.inventory_calibration.calibrate import Calibration, Task, calibrate
from slopecast.plugin.core.inventory_calibration.sampling import scaled
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.synthetic.landslides import TRUTH, draw_landslides, true_factor_of_safety
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.validation.auc import ConfidenceInterval, auc_by_fold
from slopecast.plugin.variables import VARIABLES

SIDE, CELL_M, AREA_SEED, SLIDES = 400, 10.0, 3432, 150
RANGES = {
    v.name: v.trained for v in VARIABLES if v.trained and v.name not in ("duration", "rainfall", "lateral_anisotropy")
}
#: Least gain over slope and over the default factor of safety; greatest differences from the truth; most seconds.
OVER_SLOPE, OVER_DEFAULT, AUC_OFF, FACTOR_OFF, MOST_S = 0.03, 0.06, 0.01, 0.1, 60.0
#: Factor on the true strength of the parameters that are then held fixed.
WRONG = 0.75

#: Parameters of the algorithm by option.
LAYERS = {
    "dem": "DEM", "slides": "LANDSLIDES", "stable": "STABLE", "area": "MASK_LAYER", "depth": "SOIL_DEPTH",
}  # fmt: skip


def main() -> int:
    """Calibrate and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, parameter in LAYERS.items():
        parser.add_argument(f"--{name}", help=f"{parameter} of slopecast:calibratetoinventory")
    for name, default in (("sets", 100), ("folds", 5), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{name.upper()} of it; default {default}")
    given = parser.parse_args()
    counts = {"sets": given.sets, "folds": given.folds, "seed": given.seed}
    right = of_inventory(given, counts) if given.dem else [*of_the_engine(counts), at_random(counts)]
    return int(not all(right))


def of_inventory(given: argparse.Namespace, counts: dict[str, int]) -> list[bool]:
    """Scores on the user's inventory, by the algorithm."""
    from qgis_process import QgisProcess

    parameters = {key: getattr(given, name) for name, key in LAYERS.items() if getattr(given, name)}
    began = time.perf_counter()
    found = QgisProcess().run(
        "slopecast:calibratetoinventory", **parameters, **{key.upper(): value for key, value in counts.items()},
        SUSCEPTIBILITY="TEMPORARY_OUTPUT",
    )  # fmt: skip
    print(f"{found['LANDSLIDES_USED']} landslides, {time.perf_counter() - began:.0f} s\n{found['FINDING']}")
    for key in ("AUC", "AUC_LOW", "AUC_HIGH", "AUC_SLOPE", "AUC_DEFAULT", "AUC_CALIBRATED", "HIT_RATE",
                "FALSE_ALARM_RATE", "STRENGTH_FACTOR"):  # fmt: skip
        print(f"  {key:18}{found[key]:.3f}")
    return [
        check("less slope", found["AUC"] - found["AUC_SLOPE"], least=OVER_SLOPE),
        check("less default factor of safety", found["AUC"] - found["AUC_DEFAULT"], least=OVER_DEFAULT),
    ]


def of_the_engine(counts: dict[str, int]) -> list[bool]:
    """An inventory drawn from the engine: the ranks, and the strength where all else is fixed at a wrong level."""
    terrain = area()
    true_fs = true_factor_of_safety(terrain, Feedback())
    cells = draw_landslides(true_fs, SLIDES, 1)
    made, seconds = calibrated("drawn from the engine", terrain, cells, counts, ranges=RANGES)
    sites, score = made.sites, -made.sites.of(true_fs)
    positive, negative = sites.failed, sites.stable
    truth = auc_by_fold(score[positive], score[negative], sites.fold[positive], sites.fold[negative])
    wrong, _ = scaled(vars(TRUTH), WRONG)
    fixed = {name: (getattr(TRUTH, name),) * 2 for name in RANGES}
    fixed |= {name: (wrong[name],) * 2 for name in ("cohesion", "friction_angle")}
    base = TRUTH.with_values(root_cohesion=wrong["root_cohesion"])
    again, _ = calibrated(f"the true parameters, strength x {WRONG:g}", terrain, cells, counts, ranges=fixed, base=base)
    return [
        check("AUC less that of the truth", made.scores.susceptibility.auc.value - truth, within=AUC_OFF),
        check("calibrated FS less truth", made.scores.calibrated.auc.value - truth, within=AUC_OFF),
        check("strength factor over the true one, less 1", again.strength_factor * WRONG - 1.0, within=FACTOR_OFF),
        check(f"seconds for {counts['sets']} sets on {terrain.cells.count:,} cells", seconds, within=MOST_S),
    ]


def at_random(counts: dict[str, int]) -> bool:
    """Random landslides give no calibration, and the finding reports it."""
    terrain = area()
    cells = np.random.default_rng(1).choice(np.flatnonzero(terrain.valid), SLIDES, replace=False)
    made, _ = calibrated("random landslides", terrain, cells, counts, ranges=RANGES)
    interval = made.scores.susceptibility.auc
    right = interval.low < 0.5 < interval.high and made.scores.may_be_chance
    print(f"  {'the interval holds 0.5, nothing was learned':46}{'yes' if right else 'NO'}")
    return right


def area() -> Terrain:
    """The procedural area."""
    drawn = procedural_area(AREA_SEED, (SIDE, SIDE), CELL_M)
    return Terrain.from_arrays(drawn.elevation, drawn.soil_depth, CELL_M)


def calibrated(
    title: str, terrain: Terrain, cells: np.ndarray, counts: dict[str, int], **others: Any
) -> tuple[Calibration, float]:
    """Calibrate and print the scores; with the seconds."""
    slides = [np.array([cell]) for cell in cells.tolist()]
    base = Scenario(rainfall=TRUTH.rainfall, duration=TRUTH.duration)
    given = {"stable": None, "area": terrain.valid, "base": base, **counts, **others}
    began = time.perf_counter()
    made = calibrate(Task(terrain, True, slides, **given), Feedback())
    seconds = time.perf_counter() - began
    print(f"\n{title}: {len(slides)} landslides, {seconds:.0f} s\n{made.finding}")
    for name, score in made.scores.by_name.items():
        print(f"  AUC of {name:39}{shown(score.auc)}")
    print(f"  {'AUC less that of slope':46}{shown(made.scores.gain, '+')}")
    print(f"  {'AUC less that of the default factor of safety':46}{shown(made.scores.default_gain, '+')}")
    print(f"  {'hit rate, false-alarm rate':46}{made.scores.hit_rate:.2f}, {made.scores.false_alarm_rate:.2f}")
    print(f"  {'strength factor':46}{made.strength_factor:.3f}", flush=True)
    return made, seconds


def shown(interval: ConfidenceInterval, sign: str = "") -> str:
    """A number with its interval."""
    return "{:{s}.3f} ({:{s}.3f} to {:{s}.3f})".format(interval.value, interval.low, interval.high, s=sign)


def check(what: str, value: float, least: float = -np.inf, within: float = np.inf) -> bool:
    """Print a number and whether it is as wanted."""
    right = value >= least and abs(value) <= within
    wanted = f"at least {least:g}" if np.isfinite(least) else f"within {within:g}"
    print(f"  {what:46}{value:+.3f} ({wanted}{'' if right else ': MISSED'})", flush=True)
    return right
