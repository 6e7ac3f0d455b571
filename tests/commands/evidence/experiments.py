"""``make experiments``: the paper's experiments with its network, each at the same budget of steps.

Feature sets step by step, the first stage against both, augmentation off and on, learning rate alone,
dropout alone, and both (Optuna where it is installed, a grid else). Results go to a table (CSV) and a
page (HTML) beside the paper's published figures, which come from another simulator and study area.
Run again, it goes on; the default budget is small and shows tendencies, not final scores.
"""

import argparse
import csv
import importlib.util
import itertools
from dataclasses import dataclass, field, replace
from pathlib import Path

import checkout
from slopecast.plugin.core.cases import TEST, VALIDATION
from slopecast.plugin.core.dataset.build import build
from slopecast.plugin.core.dataset.dataset import Dataset, read_dataset
from slopecast.plugin.core.dataset.plan import paper_plan
from slopecast.plugin.core.feedback import Feedback, PrintingFeedback
from slopecast.plugin.core.paper_protocol import PUBLISHED_MEANS, STAGES
from slopecast.plugin.core.reports.html import Bar, Line, bar_plot, heading, line_plot, page, paragraph, table
from slopecast.plugin.core.reports.training import read_history
from slopecast.plugin.ml.paper import CHANNELS
from slopecast.plugin.ml.training.export import export
from slopecast.plugin.ml.training.loop import HISTORY
from slopecast.plugin.ml.training.train import (
    AFTER,
    PaperCases,
    TrainingOptions,
    judge_weights,
    metrics_of,
    open_paper_run,
    read_paper_cases,
)

FEATURES = {
    "elevation, depth, rain": ("elevation", "soil_depth", "rainfall"),
    "+ c, phi": ("elevation", "soil_depth", "cohesion", "friction_angle", "rainfall"),
    "+ k": CHANNELS,
}
LEARNING_RATES, DROPOUTS = (1e-5, 1e-4, 1e-3), (0.0, 0.2, 0.4)
_METRICS = ("mean_iou", "pooled_iou", "mean_dice", "mean_accuracy", "mean_precision", "mean_recall")
_COLUMNS = (
    "experiment",
    "variant",
    "steps",
    "learning_rate",
    "dropout",
    "validation_dice",
    "validation_iou",
    *_METRICS,
)


@dataclass
class Laboratory:
    """What all experiments share: data, budget, folder, and the results so far."""

    dataset: Dataset
    cases: list[PaperCases]
    base: TrainingOptions
    folder: Path
    tested: int
    rows: list[dict] = field(default_factory=list)
    judged: dict[str, dict] = field(default_factory=dict)

    def run(self, experiment: str, variant: str, **changes) -> dict:
        """Train one variant (or take it up, or take its result over) and judge it on the test cases."""
        options = replace(self.base, **changes)
        name = _name_of(options)
        if name not in self.judged:
            self.judged[name] = self._judged(options, self.folder / name)
        row = {"experiment": experiment, "variant": variant, **self.judged[name]}
        self.rows.append(row)
        print(f"{experiment}, {variant}: mean IoU {row['mean_iou']:.3f} on the test cases", flush=True)
        return row

    def _judged(self, options: TrainingOptions, folder: Path) -> dict:
        run = open_paper_run(folder, self.cases, options, {"dataset": self.dataset.name, "groups": options.groups})
        run.train(Feedback())
        target = folder / "weights.safetensors"
        export(run, target, {"temperature": 1.0}, best=False)
        scores = metrics_of(judge_weights(self.dataset, options, target, Feedback(), self.tested, TEST), AFTER)
        last = read_history(folder / HISTORY)[-1]
        return {
            "steps": run.step, "learning_rate": run.settings.learning_rate, "dropout": run.architecture.dropout,
            "validation_dice": last["validation_dice"], "validation_iou": last["validation_iou"], "folder": folder,
            **{k: scores.get(k) for k in _METRICS},
        }  # fmt: skip


def _name_of(options: TrainingOptions) -> str:
    """Folder of a training, alike for the same training in two experiments."""
    parts = [
        "channels", *(str(CHANNELS.index(c)) for c in options.channels or CHANNELS),
        *(g.replace(" ", "") for g in options.groups or ("all",)), "turned" if options.augment else "asis",
        f"rate{options.learning_rate or 1e-4:.4g}", f"dropout{0.2 if options.dropout is None else options.dropout:.3g}",
    ]  # fmt: skip
    return "_".join(parts)


def main() -> int:
    """Run the chosen experiments and write table and page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=120, help="of each training (the paper's: some 8,000)")
    parser.add_argument("--width", type=int, default=8, help="of the network's first level")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--test-cases", type=int, default=30)
    parser.add_argument("--trials", type=int, default=9, help="of learning rate and dropout together")
    parser.add_argument("--only", nargs="+", choices=tuple(EXPERIMENTS), default=tuple(EXPERIMENTS))
    parser.add_argument("--data", type=Path, help="the paper's data set, if it is there already")
    parser.add_argument("--folder", type=Path, default=checkout.ROOT / "build" / "experiments")
    arguments = parser.parse_args()
    feedback = PrintingFeedback()
    data = arguments.data or arguments.folder / "data"
    dataset = read_dataset(data) if arguments.data else build(paper_plan(), data, feedback)
    base = TrainingOptions(
        architecture="paper", width=arguments.width, batch=arguments.batch, steps=arguments.steps, epochs=100_000
    )
    folder = arguments.folder / f"steps_{arguments.steps}_width_{arguments.width}"
    laboratory = Laboratory(dataset, read_paper_cases(dataset, Feedback()), base, folder, arguments.test_cases)
    for name in arguments.only:
        EXPERIMENTS[name](laboratory, arguments)
    write(laboratory, arguments)
    return 0


def feature_sets(laboratory: Laboratory, _arguments: argparse.Namespace) -> None:
    """Channels step by step."""
    for variant, channels in FEATURES.items():
        laboratory.run("features", variant, channels=channels)


def stages(laboratory: Laboratory, _arguments: argparse.Namespace) -> None:
    """The first stage against both; judged on the test cases of both."""
    laboratory.run("stages", "stage 1", groups=STAGES[:1])
    laboratory.run("stages", "stages 1 and 2")


def augmentation(laboratory: Laboratory, _arguments: argparse.Namespace) -> None:
    """Flips and quarter turns, off and on."""
    laboratory.run("augmentation", "without", augment=False)
    laboratory.run("augmentation", "with")


def learning_rate(laboratory: Laboratory, _arguments: argparse.Namespace) -> None:
    """Learning rate alone."""
    for rate in LEARNING_RATES:
        laboratory.run("learning rate", f"{rate:g}", learning_rate=rate)


def dropout(laboratory: Laboratory, _arguments: argparse.Namespace) -> None:
    """Dropout alone."""
    for share in DROPOUTS:
        laboratory.run("dropout", f"{share:g}", dropout=share)


def both(laboratory: Laboratory, arguments: argparse.Namespace) -> None:
    """Learning rate and dropout together, by the validation cases."""

    def trial(rate: float, share: float) -> float:
        row = laboratory.run("both", f"{rate:.3g}, {share:.2g}", learning_rate=rate, dropout=share)
        return row["validation_dice"]

    if importlib.util.find_spec("optuna") is None:
        for rate, share in itertools.islice(itertools.product(LEARNING_RATES, DROPOUTS), arguments.trials):
            trial(rate, share)
        return
    import optuna

    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=0))
    study.optimize(
        lambda t: trial(t.suggest_float("learning_rate", 1e-5, 1e-2, log=True), t.suggest_float("dropout", 0.0, 0.5)),
        n_trials=arguments.trials,
    )


EXPERIMENTS = {
    "features": feature_sets, "stages": stages, "augmentation": augmentation, "learning-rate": learning_rate,
    "dropout": dropout, "both": both,
}  # fmt: skip


def write(laboratory: Laboratory, arguments: argparse.Namespace) -> None:
    """Write the results."""
    laboratory.folder.mkdir(parents=True, exist_ok=True)
    path = laboratory.folder / "experiments.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, _COLUMNS, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(laboratory.rows)
    report = laboratory.folder / "experiments.html"
    report.write_text(page("The paper's experiments", _parts(laboratory, arguments)), encoding="utf-8")
    print(f"Written: {path}, {report}")


def _parts(laboratory: Laboratory, arguments: argparse.Namespace) -> list[str]:
    tested = min(arguments.test_cases, len(laboratory.dataset.cases(TEST)))
    tuner = "Optuna" if importlib.util.find_spec("optuna") else "a grid"
    parts = [
        paragraph(
            f"Every training: {arguments.steps} steps of {arguments.batch} cases, base width {arguments.width}; judged "
            f"on {tested} test cases (whole maps); learning rate and dropout together by {tuner}, on the "
            f"{len(laboratory.dataset.cases(VALIDATION))} validation cases. The paper trains 75 epochs, some 8,000 "
            "steps."
        ),
        paragraph(
            f"Published: mean IoU {PUBLISHED_MEANS['iou']:g}, accuracy {PUBLISHED_MEANS['accuracy']:g}. They come from "
            "another simulator in another study area: only tendencies can be compared.", warning=True,
        ),
    ]  # fmt: skip
    for name in dict.fromkeys(row["experiment"] for row in laboratory.rows):
        rows = [row for row in laboratory.rows if row["experiment"] == name]
        parts += [heading(name.capitalize()), _figure(name, rows)]
        if name == "augmentation":
            parts.append(_curves(rows))
        header = (
            "Variant",
            "Steps",
            "Learning rate",
            "Dropout",
            "Validation Dice",
            *(m.replace("_", " ").capitalize().replace("iou", "IoU") for m in _METRICS),
        )
        keys = ("variant", "steps", "learning_rate", "dropout", "validation_dice", *_METRICS)
        parts.append(table(header, [[row[k] for k in keys] for row in rows]))
    return parts


def _figure(name: str, rows: list[dict]) -> str:
    bars = [Bar(row["variant"], float(row["mean_iou"])) for row in rows]
    bars.append(Bar("published", PUBLISHED_MEANS["iou"], "#999999"))
    caption = f"Mean IoU by {name}"
    if name == "augmentation":
        caption += ": the counterpart of the paper's Figure 5"
    return bar_plot(bars, name.capitalize(), "Mean IoU on the test cases", caption)


def _curves(rows: list[dict]) -> str:
    """IoU on the validation cases by step, without and with augmentation."""
    lines = []
    for row in rows:
        history = read_history(row["folder"] / HISTORY)
        steps, values = [h["step"] for h in history], [h["validation_iou"] for h in history]
        lines.append(Line(f"{row['variant']} augmentation", steps, values, dots=len(history) == 1))
    last = max(max(line.x) for line in lines)
    return line_plot(lines, "Step", "IoU, validation cases", "Training with and without augmentation", (0.0, last))
