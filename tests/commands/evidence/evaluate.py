"""``make evaluate``: the shipped network's masks, the column's and a pointwise network's against the engine's.

On each DEM it simulates scenarios over the training ranges, balanced by share of failed cells (0, < 0.5, 0.5-3, 3-10,
10-30, > 30 %), keeps them under ``build/evaluation``, and prints how well the masks agree. IoU here is fidelity to the
engine, not truth.

    python tests/commands evaluate [--cases 40] [--seed 1] [--model FILE] [--report FILE.html] [DEM.tif ...]

Without a DEM it takes the one that ``make demo`` has fetched, else the example study area.
"""

import argparse
import datetime
import shutil
from pathlib import Path

import checkout
from slopecast.plugin.core.dataset.build import build
from slopecast.plugin.core.dataset.cases import SPLITS
from slopecast.plugin.core.dataset.dataset import read_dataset
from slopecast.plugin.core.dataset.plan import space_filling_plan
from slopecast.plugin.core.feedback import Feedback, PrintingFeedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.physics.column import SoilColumn
from slopecast.plugin.core.raster.inputs import RasterInput
from slopecast.plugin.core.raster.read import read_dem
from slopecast.plugin.core.reports.evaluation import evaluation_page
from slopecast.plugin.core.soil_depth import estimate
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.validation.evaluation import COLUMN, Evaluation, evaluate
from slopecast.plugin.core.validation.metrics import iou
from slopecast.plugin.core.workers.parallel import Threads
from slopecast.plugin.ml.model_file import POINTWISE
from slopecast.plugin.ml.network_solver import network_solver_for

NETWORK = "network"


def main() -> int:
    """Build what is missing, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dem", nargs="*", type=Path, help="files of elevation models")
    parser.add_argument("--cases", type=int, default=40, help="scenarios on each DEM")
    parser.add_argument("--seed", type=int, default=1, help="of the scenarios")
    parser.add_argument("--model", default=None, help="file of weights; default: the shipped network")
    parser.add_argument("--baseline", type=Path, default=POINTWISE, help="weights of the pointwise network")
    parser.add_argument("--depth", default="slope", help="soil depth method (see slopecast:estimatesoildepth)")
    parser.add_argument("--dataset", type=Path, default=None, help="judge on this data set's test cases instead")
    parser.add_argument("--split", default="test", help="of --dataset")
    parser.add_argument("--report", type=Path, default=None, help="write the report as HTML")
    parser.add_argument("--workers", type=int, default=None, help="processes; default: one per core")
    parser.add_argument("--column-only", action="store_true", help="simulate, and judge the column alone")
    parser.add_argument("--quiet", action="store_true", help="only the summaries")
    parser.add_argument("--fresh", action="store_true", help="simulate again what is kept")
    arguments = parser.parse_args()
    solvers = make_solvers(arguments)
    whole = Evaluation(scores={name: [] for name in solvers})
    for dataset, split in datasets(arguments):
        cases = dataset.cases(None if split is None else SPLITS.index(split))
        found = evaluate(dataset.reference_cases(cases), len(cases), solvers, Feedback())
        label = dataset.references[0].study_area if split is None else f"{dataset.name}, {split}"
        print_scores(label, found, quiet=arguments.quiet)
        whole.cases += found.cases
        for name, scores in found.scores.items():
            whole.scores[name] += scores
    if len({case.study_area for case in whole.cases}) > 1:
        print_scores("all together", whole, quiet=True)
    if arguments.report:
        judged = next(iter(solvers))
        about = {"Network": getattr(solvers[judged], "card", {}).get("id", judged), "Date": str(datetime.date.today())}
        page = evaluation_page("Network against physics engine", whole, judged, about=about)
        arguments.report.write_text(page, encoding="utf-8")
        print(f"Written: {arguments.report}")
    return 0


def make_solvers(arguments) -> dict:
    """The network, the pointwise one where there are weights, and the column."""
    if arguments.column_only:
        return {COLUMN: SoilColumn()}
    solvers = {NETWORK: network_solver_for(arguments.model, "auto")}
    if arguments.baseline.is_file():
        solvers["pointwise"] = network_solver_for(arguments.baseline, "auto")
    print(f"network {solvers[NETWORK].card.get('id')} on {solvers[NETWORK].device_name}")
    return {**solvers, COLUMN: SoilColumn()}


def datasets(arguments):
    """Yield (data set, side of the split) of each study area, simulated where it is not yet."""
    if arguments.dataset:
        yield read_dataset(arguments.dataset), arguments.split
        return
    for name, terrain in terrains(arguments.dem, arguments.depth):
        plan = space_filling_plan(arguments.cases, arguments.seed, terrain, name)
        folder = checkout.ROOT / "build" / "evaluation" / f"{name}_{plan.checksum:08x}"
        if arguments.fresh:
            shutil.rmtree(folder, ignore_errors=True)
        print(f"{name}: {terrain.grid.rows} x {terrain.grid.cols} cells; soil depth: {arguments.depth}", flush=True)
        yield build(plan, folder, PrintingFeedback(), executor=Threads(arguments.workers)), None


def terrains(paths: list, method: str):
    """Yield (name, terrain) of each DEM, with an estimated soil depth."""
    default = checkout.ROOT / "demo" / "dem.tif"
    if not paths and not default.exists():
        made = procedural_area(7, (400, 400), 5.0)
        yield "example_area", Terrain(Grid.local(made.elevation.shape, 5.0), made.elevation, made.soil_depth)
        return
    for path in paths or [default]:
        elevation, grid = read_dem(RasterInput(str(path)))
        yield path.stem, Terrain(grid, elevation, estimate(elevation, grid.cell_width, grid.cell_height, method))


def print_scores(label: str, evaluation: Evaluation, *, quiet: bool) -> None:
    """Print the cases and the summary of one study area."""
    if not quiet:
        print("case        failed  share     " + "".join(f"{name:>11}" for name in evaluation.scores))
        for number, case in enumerate(evaluation.cases):
            values = "".join(f"{iou(scores[number].counts):11.3f}" for scores in evaluation.scores.values())
            print(f"{case.name:10s} {case.failed_cells:7d} {case.failed_share:7.4f}  {values}")
    for name in evaluation.scores:
        summary = evaluation.summary(name)
        print(
            f"{label}: {name:9s} mean IoU {summary['mean_iou']:.4f}, pooled {summary['pooled_iou']:.4f}, within a cell "
            f"{summary['mean_tolerant_iou']:.4f}; "
            f"{summary['empty_reference_mean_false_cells']:.1f} false cells per empty case; "
            f"FS RMSE {summary['fs_rmse']:.4f}; calibration error {summary['calibration_error']:.4f} "
            f"(uncertain cells {summary['calibration_error_uncertain']:.3f}); {summary['mean_seconds']:.2f} s"
        )
    judged = next(iter(evaluation.scores))
    for by, group, chosen in evaluation.groups(judged):
        if by in ("lateral flow", "few failed cells", "reliability"):
            means = ", ".join(f"{n} {evaluation.summary(n, chosen)['mean_iou']:.4f}" for n in evaluation.scores)
            least = min(iou(evaluation.scores[judged][number].counts) for number in chosen)
            print(f"{label}: {by}, {group} ({len(chosen)} cases): {means}; least {judged} {least:.4f}", flush=True)
