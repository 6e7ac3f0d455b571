"""Second part of ``make evaluate``: what each part of the network adds: column, first guess, pointwise network, U-Net.

On each study area it simulates scenarios over the training ranges with the physics engine, keeps them under
``build/evaluation``, and solves them with each part at four step budgets and at the one that runs take. It prints the
error of the water table, the IoU of the masks with the engine's and the time, by class of flow and by cell size, and
draws them into ``docs/anatomy.svg``.

    python tests/commands anatomy [--cases 24] [--procedural 12] [--budgets 12 0] [DEM.tif ...]
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import checkout
import numpy as np
from slopecast.plugin.core.dataset.build import build
from slopecast.plugin.core.dataset.dataset import Dataset
from slopecast.plugin.core.dataset.plan import space_filling_plan
from slopecast.plugin.core.feedback import Feedback, PrintingFeedback
from slopecast.plugin.core.physics.column import SoilColumn
from slopecast.plugin.core.physics.flow.first_guess import first_guess
from slopecast.plugin.core.physics.flow.schedule import Schedule, StepBudget
from slopecast.plugin.core.physics.solve import WaterModel
from slopecast.plugin.core.reports.html import Line, line_plot
from slopecast.plugin.ml.model_file import POINTWISE
from slopecast.plugin.ml.network_solver import NetworkSolver

from .evaluate import datasets

FLOW = 0  # represents the budget that runs take, which follows the flow
BUDGETS = (12, 24, 48, 96, FLOW)
COLUMN, GUESS, PIXEL, NETWORK = "column", "first guess", "pointwise network", "U-Net"
#: Classes of flow by the stable steps of an event.
FLOWS = ((0, 48, "weak flow"), (48, 192, "moderate"), (192, 768, "strong"), (768, math.inf, "strongest"))
SIZES = ((0.0, 5.0, "below 5 m"), (5.0, 12.0, "5-12 m"), (12.0, math.inf, "12 m and more"))
HARD_IOU = 0.9  # of the column
PROCEDURAL_SEED = 77  # of study areas that no training has seen


class Guess(WaterModel):
    """The first guess alone."""

    name, device_name = GUESS, "cpu"

    def __init__(self, steps: int) -> None:
        self.budget = budget_of(steps)

    def water(self, terrain, scenarios, feedback) -> Iterator:
        """Yield the guesses."""
        for scenario in scenarios:
            yield first_guess(terrain, scenario, self.budget, feedback).water


def budget_of(steps: int) -> StepBudget | None:
    """The budget; ``None`` follows the flow."""
    return None if steps == FLOW else StepBudget(steps)


@dataclass(frozen=True)
class Row:
    """One case by one part: mean error of the table [share of the depth], IoU, seconds; IoU is NaN without failures."""

    error: float
    iou: float
    seconds: float


@dataclass(frozen=True)
class Case:
    """What a case is: stable steps of its event, cell size [m]; the rows by (part, steps)."""

    area: str
    steps: float
    cell_size: float
    rows: dict


def main() -> int:
    """Simulate what is missing, solve, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dem", nargs="*", type=Path, help="files of elevation models")
    parser.add_argument("--cases", type=int, default=24, help="of each study area")
    parser.add_argument("--procedural", type=int, default=12, help="procedural study areas, of six cases each")
    parser.add_argument("--seed", type=int, default=3, help="of the scenarios")
    parser.add_argument("--model", default=None, help="file of weights; default: the shipped network")
    parser.add_argument("--depth", default="slope", help="soil depth method (see slopecast:estimatesoildepth)")
    parser.add_argument(
        "--budgets", nargs="+", type=int, default=BUDGETS,
        help="time steps at full resolution; 0 is the number that runs take. The figure is drawn only with all",
    )  # fmt: skip
    parser.set_defaults(dataset=None, fresh=False, workers=None, split=None)
    arguments = parser.parse_args()
    cases = []
    parts = make_parts(arguments.model, arguments.budgets)
    if arguments.procedural:
        cases += list(judged(procedural(arguments.procedural), parts, "procedural"))
    if arguments.dem or not arguments.procedural:
        for dataset, _ in datasets(arguments):
            cases += list(judged(dataset, parts, dataset.references[0].study_area))
    show(cases)
    if set(arguments.budgets) != set(BUDGETS):
        return 0
    target = checkout.ROOT / "docs" / "anatomy.svg"
    target.write_text(figure(cases), encoding="utf-8")
    print(f"Written: {target}")
    return 0


def procedural(areas: int) -> Dataset:
    """Study areas that no training has seen."""
    plan = space_filling_plan(6 * areas, PROCEDURAL_SEED, cases_per_area=6)
    return build(plan, checkout.ROOT / "build" / "evaluation" / f"procedural_{plan.checksum:08x}", PrintingFeedback())


def make_parts(model, budgets) -> dict:
    """Solvers by (part, steps)."""
    parts = {(COLUMN, 0): SoilColumn()}
    for steps in budgets:
        parts[GUESS, steps] = Guess(steps)
        if POINTWISE.is_file():
            parts[PIXEL, steps] = NetworkSolver(POINTWISE, budget=budget_of(steps))
        parts[NETWORK, steps] = NetworkSolver(model, budget=budget_of(steps))
    return parts


def judged(dataset: Dataset, parts: dict, area: str) -> Iterator[Case]:
    """Yield the cases of a data set, solved by every part."""
    for reference, shard in dataset.read(dataset.references):
        number, terrain = reference.number, shard.terrain
        scenario, depth = shard.scenario(number), np.maximum(terrain.cells.soil_depth, 1e-6)
        engine, failed = shard.state(number), shard.factor_of_safety(number)[terrain.cells.mask] < 1.0
        rows = {}
        for key, solver in parts.items():
            began = time.perf_counter()
            result = next(iter(solver.solve(terrain, [scenario], Feedback())))
            seconds = time.perf_counter() - began - result.diagnostics.get("terrain_seconds", 0.0)
            error = float((np.abs(result.water.water_table - engine.water_table) / depth).mean())
            union = (result.failed | failed).sum()
            iou = float((result.failed & failed).sum() / union) if failed.any() else math.nan
            rows[key] = Row(error, iou, seconds)
        yield Case(
            area, Schedule.of(terrain, scenario, StepBudget.for_guess).stable_steps, terrain.grid.cell_width, rows
        )


def groups(cases: list[Case]) -> Iterator[tuple[str, list[Case]]]:
    """Yield (name, cases) of all, of the hard ones, by study area, class of flow and cell size."""
    yield "all", cases
    yield f"column below {HARD_IOU:g}", hard(cases)
    areas = list(dict.fromkeys(c.area for c in cases))
    for area in areas if len(areas) > 1 else ():
        yield area, [c for c in cases if c.area == area]
    for low, high, name in FLOWS:
        yield f"{name} (below {high:g} stable steps)", [c for c in cases if low <= c.steps < high]
    for low, high, name in SIZES:
        yield f"cells of {name}", [c for c in cases if low <= c.cell_size < high]


def hard(cases: list[Case]) -> list[Case]:
    """Those in which lateral flow matters."""
    return [c for c in cases if c.rows[COLUMN, 0].iou < HARD_IOU]


def show(cases: list[Case]) -> None:
    """Print a table for each group."""
    header = ("", "steps", "table error", "closed", "mean IoU", "closed", "worst", "seconds")
    for name, chosen in groups(cases):
        if not chosen:
            continue
        print(f"\n{name}: {len(chosen)} cases")
        print("{:18s} {:>5s} {:>11s} {:>7s} {:>9s} {:>7s} {:>6s} {:>7s}".format(*header))
        found = means(chosen)
        for (part, steps), (error, iou, worst, seconds) in found.items():
            shown = "" if part == COLUMN else steps or "flow"
            closed = ["", ""]
            if part in (PIXEL, NETWORK):
                guess = found[GUESS, steps]
                closed = [share(error, guess[0]), share(1.0 - iou, 1.0 - guess[1])]
            print(
                f"{part:18s} {shown:>5} {error:11.5f} {closed[0]:>7s} {iou:9.4f} {closed[1]:>7s} {worst:6.3f} "
                f"{seconds:7.3f}"
            )


def share(left: float, before: float) -> str:
    """How much of a distance is closed, in percent."""
    return f"{100.0 * (1.0 - left / before):.0f} %" if before > 0.0 else "-"


def means(cases: list[Case]) -> dict:
    """(mean error, mean IoU, least IoU, mean seconds) of each part."""
    found = {}
    for key in cases[0].rows:
        rows = [c.rows[key] for c in cases]
        ious = [r.iou for r in rows if not math.isnan(r.iou)]
        found[key] = (
            float(np.mean([r.error for r in rows])), float(np.mean(ious or [math.nan])),
            min(ious, default=math.nan), float(np.mean([r.seconds for r in rows])),
        )  # fmt: skip
    return found


def figure(cases: list[Case]) -> str:
    """Error of the water table against time, of the cases in which lateral flow matters."""
    found, lines = means(hard(cases) or cases), []
    for part in (GUESS, PIXEL, NETWORK):
        points = [found[part, steps] for steps in BUDGETS if steps != FLOW and (part, steps) in found]
        if points:
            lines.append(Line(part, [p[3] for p in points], [100.0 * p[0] for p in points], dots=True))
    html = line_plot(
        lines, "seconds a scenario", "error of the water table [% of the soil depth]",
        f"First guesses of {', '.join(str(n) for n in BUDGETS if n != FLOW)} steps, and what the networks make of them",
    )  # fmt: skip
    picture = html[html.index("<svg") : html.index("</svg>") + len("</svg>")]
    return picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" style="background:white" ', 1) + "\n"
