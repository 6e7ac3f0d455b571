"""``make weights``: train the shipped weights from the start; an interrupted run is resumed.

Simulates the data sets, trains the network, its pointwise baseline, which sees no neighbour (the measure of what the
U-Net adds), and the paper's network, and writes ``model_weights/*.safetensors`` with their model cards. ``--only`` does
some of them; ``--export`` writes weights from the checkpoints as they are, e.g. of a run that has not ended;
``--checksums`` only lists the checksums by which the plugin knows its own weights, and stores the answer by which it
checks a device. Prepared training cases take some
12 MB of disk for each study area.
"""

import argparse
import subprocess
from pathlib import Path
from typing import Mapping, Sequence

import checkout
import numpy as np
from slopecast.plugin.core.dataset.build import build
from slopecast.plugin.core.dataset.cases import TEST
from slopecast.plugin.core.dataset.dataset import Dataset, read_dataset
from slopecast.plugin.core.dataset.plan import Plan, paper_plan, space_filling_plan
from slopecast.plugin.core.feedback import PrintingFeedback
from slopecast.plugin.core.reports.training import read_history, training_curves
from slopecast.plugin.ml import model_file
from slopecast.plugin.ml.device import refuse
from slopecast.plugin.ml.device_check import ANSWER, predict
from slopecast.plugin.ml.training.evaluate_weights import evaluate_weights, metrics_of
from slopecast.plugin.ml.training.export import export, initial_weights_provenance
from slopecast.plugin.ml.training.loop import HISTORY, Run
from slopecast.plugin.ml.training.train import TrainingOptions, dataset_title, open_run

MOST_TESTED = 1000
CASES, CASES_PER_AREA = 3600, 3
EPOCHS = {"network": 72, "pointwise": 20}
NETWORKS = ("network", "pointwise", "paper")
TARGETS = {name: model_file.FOLDER / f"{name}.safetensors" for name in NETWORKS}


def main() -> int:
    """Build, train, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=checkout.ROOT / "build" / "weights", help="data and checkpoints")
    parser.add_argument("--only", nargs="+", choices=NETWORKS, default=NETWORKS, help="networks to make; default: all")
    parser.add_argument("--cases", type=int, default=CASES, help="of the general data set")
    parser.add_argument("--epochs", type=int, help="of the network and its baseline, instead of EPOCHS")
    parser.add_argument("--paper-epochs", type=int, default=75, help="of the paper's network")
    parser.add_argument("--seconds", type=float, help="end each training after this time")
    parser.add_argument(
        "--initial", type=Path, help="start from these weights, e.g. those exported from a run that has not ended"
    )
    parser.add_argument(
        "--learning-rate", type=float, help="greatest learning rate, instead of that of the architecture"
    )
    parser.add_argument("--export", action="store_true", help="only write the weights from the checkpoints")
    parser.add_argument("--checksums", action="store_true", help="only list those of the weights in model_weights/")
    parser.add_argument("--best", action="store_true", help="of the epoch with the greatest validation Dice")
    for name in ("data", "run", "target"):
        parser.add_argument(f"--{name}", type=Path, help=f"another {name} than the usual; with one network of --only")
    arguments = parser.parse_args()
    if len(arguments.only) > 1 and (arguments.data or arguments.run or arguments.target or arguments.initial):
        parser.error("--data, --run, --target and --initial need one network with --only")
    for name in () if arguments.checksums else arguments.only:
        make(name, arguments)
    if not arguments.target:  # the shipped weights are as they were
        files = sorted(model_file.FOLDER.glob("*.safetensors"))
        lines = [f"{model_file.checksum(file)}  {file.name}\n" for file in files]
        model_file.CHECKSUMS.write_text("".join(lines), encoding="ascii", newline="\n")
        refuse("cpu")  # its half precision
        np.save(ANSWER, predict("cpu").water.water_table.astype(np.float32))
        print(f"Written: {model_file.CHECKSUMS}, {ANSWER}")
    return 0


def make(name: str, arguments: argparse.Namespace) -> None:
    """Build what is missing of the data, train what is missing of the network, write the weights."""
    feedback = PrintingFeedback()
    data = arguments.data or arguments.folder / ("data_paper" if name == "paper" else "data_general")
    run_folder, target = arguments.run or arguments.folder / name, arguments.target or TARGETS[name]
    if arguments.data:
        dataset = read_dataset(data)
    else:
        plan = paper_plan() if name == "paper" else general_plan(arguments.cases)
        dataset = build(plan, data, feedback)
    options = options_of(name, arguments)
    run = open_run(run_folder, dataset, options, feedback)
    if not arguments.export:
        run.train(feedback)
    card = write(run, dataset, options, target, best=arguments.best)
    print(f"Written: {target} ({target.stat().st_size / 1e6:.1f} MB), {target.with_suffix('.md')}")
    print("Metrics:", card["metrics"])
    if target == TARGETS[name]:
        draw_curve(run.folder, name)


def general_plan(cases: int) -> Plan:
    """Few cases of each of many study areas, so that the network sees many landforms."""
    return space_filling_plan(cases, seed=1, cases_per_area=CASES_PER_AREA)


def options_of(name: str, arguments: argparse.Namespace) -> TrainingOptions:
    """What each of the shipped networks is trained with."""
    if name == "paper":
        rate = TrainingOptions(architecture="paper").settings().learning_rate  # going on is no fine-tuning
        return TrainingOptions(
            architecture="paper", epochs=arguments.paper_epochs, seconds=arguments.seconds, initial=arguments.initial,
            learning_rate=rate,
        )  # fmt: skip
    return TrainingOptions(
        architecture=name, epochs=arguments.epochs or EPOCHS[name], seconds=arguments.seconds,
        initial=arguments.initial, learning_rate=arguments.learning_rate,
    )  # fmt: skip


def write(run: Run, dataset: Dataset, options: TrainingOptions, target: Path, *, best: bool) -> dict:
    """Write the weights of a run as it is; the card holds their scores on the test cases, whole maps.

    They are those of the last epoch, for the paper's protocol chooses none, or of the ``best`` on the validation cases.
    """
    about: dict = {"commit": commit(), "dataset": dataset_title(dataset)}
    if options.initial:
        about["training"] = initial_weights_provenance(options.initial)
    card = export(run, target, about, best=best)
    evaluation = evaluate_weights(dataset, options, target, PrintingFeedback(), MOST_TESTED, TEST)
    if evaluation is None:
        return card
    about["metrics"] = {"on": "the test cases of the data set", **metrics_of(evaluation)}
    return export(run, target, {**about, "temperature": card.get("temperature")}, best=best)


def draw_curve(run_folder: Path, name: str) -> None:
    """Draw the training curve of a run into the docs."""
    picture = curves_as_svg(read_history(run_folder / HISTORY))
    if picture:
        path = checkout.ROOT / "docs" / f"training_{name}.svg"
        path.write_text(picture, encoding="utf-8")
        print(f"Written: {path}")


def curves_as_svg(history: Sequence[Mapping[str, float]]) -> str:
    """The curve of the agreement with the engine as a picture of its own; empty of a single epoch."""
    figures = training_curves(history)
    if not figures:
        return ""
    picture = figures[-1][figures[-1].index("<svg") : figures[-1].index("</svg>") + len("</svg>")]
    return picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" style="background:white" ', 1) + "\n"


def commit() -> str:
    """The commit that trains, marked where its code has changes."""
    number = git("rev-parse", "--short", "HEAD")
    changed = git("status", "--porcelain", "--untracked-files=no", "--", "plugin", "tests")
    return (number or "unknown") + ("-dirty" if changed else "")


def git(*arguments: str) -> str:
    """Output of git; nothing without it, or outside a repository."""
    try:
        done = subprocess.run(["git", *arguments], cwd=checkout.ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
