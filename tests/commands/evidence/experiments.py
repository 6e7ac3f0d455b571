"""``make experiments``: the paper's experiments with its network, each variant with several seeds at one budget.

Feature sets step by step, the first stage against both, augmentation off and on, learning rate and dropout. Results go
to ``docs/experiments.md`` and, one row a training, to a table (CSV) in the folder. Started again, it goes on where it
stopped.
"""

import argparse
import csv
from dataclasses import dataclass, field, replace
from math import comb
from pathlib import Path
from statistics import mean

import checkout
from slopecast.plugin.core.dataset.build import build
from slopecast.plugin.core.dataset.cases import TEST, VALIDATION
from slopecast.plugin.core.dataset.dataset import Dataset, read_dataset
from slopecast.plugin.core.dataset.paper_protocol import PUBLISHED_MEANS, STAGES
from slopecast.plugin.core.dataset.plan import paper_plan
from slopecast.plugin.core.feedback import Feedback, PrintingFeedback
from slopecast.plugin.core.reports.training import read_history
from slopecast.plugin.ml.paper import CHANNELS
from slopecast.plugin.ml.training.evaluate_weights import AFTER, evaluate_weights, metrics_of
from slopecast.plugin.ml.training.export import export
from slopecast.plugin.ml.training.loop import HISTORY
from slopecast.plugin.ml.training.mask_run import MaskCase, read_mask_cases
from slopecast.plugin.ml.training.train import TrainingOptions, open_mask_run

RATE, DROPOUT = 1e-4, 0.2  # of the base variant: the paper's
#: Each experiment's variants, by what differs from the base variant.
EXPERIMENTS = {
    "Feature sets": {
        "elevation, depth, rain": {"channels": ("elevation", "soil_depth", "rainfall")},
        "with cohesion and friction angle": {
            "channels": ("elevation", "soil_depth", "cohesion", "friction_angle", "rainfall")
        },
        "with conductivity (base)": {},
    },
    "Stages of the data": {"stage 1": {"groups": STAGES[:1]}, "stages 1 and 2 (base)": {}},
    "Augmentation by flips and quarter turns": {"without": {"augment": False}, "with (base)": {}},
    "Learning rate": {f"{r:g}{' (base)' * (r == RATE)}": {"learning_rate": r} for r in (1e-5, RATE, 1e-3)},
    "Dropout": {f"{d:g}{' (base)' * (d == DROPOUT)}": {"dropout": d} for d in (0.0, DROPOUT, 0.4)},
    "Learning rate and dropout": {
        f"{r:g}, {d:g}": {"learning_rate": r, "dropout": d} for r in (1e-5, 1e-3) for d in (0.0, 0.4)
    },
}
_COLUMNS = {
    "mean_iou": "Mean IoU", "pooled_iou": "IoU of all cells", "mean_precision": "Precision", "mean_recall": "Recall",
    "mean_accuracy": "Accuracy", "validation_dice": "Dice, validation",
}  # fmt: skip


@dataclass
class Laboratory:
    """What all trainings share, and their results.

    Attributes:
        seeds: of each variant's trainings; tested: test cases that judge them.
        judged: figures by name of the training.
    """

    dataset: Dataset
    cases: list[MaskCase]
    base: TrainingOptions
    folder: Path
    seeds: range
    tested: int
    judged: dict[str, dict] = field(default_factory=dict)

    def run(self, changes: dict) -> list[dict]:
        """Figures of a variant's trainings, one of each seed; what was trained before is taken over."""
        found = []
        for seed in self.seeds:
            options = replace(self.base, **changes, seed=seed)
            name = _name_of(options)
            if name not in self.judged:
                self.judged[name] = {"training": name, **self._judged(options, self.folder / name)}
                print(f"{name}: mean IoU {self.judged[name]['mean_iou']:.3f} on the test cases", flush=True)
            found.append(self.judged[name])
        return found

    def _judged(self, options: TrainingOptions, folder: Path) -> dict:
        run = open_mask_run(folder, self.cases, options, {"dataset": self.dataset.name, "groups": options.groups})
        run.train(Feedback())
        target = folder / "weights.safetensors"
        export(run, target, {"temperature": 1.0}, best=False)
        scores = metrics_of(evaluate_weights(self.dataset, options, target, Feedback(), self.tested, TEST), AFTER)
        last = read_history(folder / HISTORY)[-1]
        return {"steps": run.step, "validation_dice": last["validation_dice"], **scores}


def _name_of(options: TrainingOptions) -> str:
    """Folder of a training, alike for the same training in two experiments."""
    parts = [
        "channels", *(str(CHANNELS.index(c)) for c in options.channels or CHANNELS),
        *(g.replace(" ", "") for g in options.groups or ("all",)), "turned" if options.augment else "asis",
        f"rate{options.learning_rate:.4g}", f"dropout{options.dropout:.3g}", f"seed{options.seed}",
    ]  # fmt: skip
    return "_".join(parts)


def main() -> int:
    """Run the chosen experiments and write report and table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=400, help="of each training (the paper's: some 8,000)")
    parser.add_argument("--width", type=int, default=8, help="of the network's first level")
    parser.add_argument("--batch", type=int, default=8, help="cases per step")
    parser.add_argument("--seeds", type=int, default=3, help="trainings of each variant")
    parser.add_argument("--test-cases", type=int, default=60, help="on which variants are compared")
    parser.add_argument(
        "--only", nargs="+", choices=tuple(EXPERIMENTS), default=tuple(EXPERIMENTS), help="groups of variants by name"
    )
    parser.add_argument("--data", type=Path, help="the paper's data set, if it is there already")
    parser.add_argument(
        "--folder", type=Path, default=checkout.ROOT / "build" / "experiments", help="for weights and results"
    )
    parser.add_argument("--report", type=Path, default=checkout.ROOT / "docs" / "experiments.md", help="Markdown file")
    arguments = parser.parse_args()
    data = arguments.data or arguments.folder / "data"
    dataset = read_dataset(data) if arguments.data else build(paper_plan(), data, PrintingFeedback())
    base = TrainingOptions(
        architecture="paper", width=arguments.width, batch=arguments.batch, steps=arguments.steps, epochs=100_000,
        learning_rate=RATE, dropout=DROPOUT,
    )  # fmt: skip
    folder = arguments.folder / f"steps_{arguments.steps}_width_{arguments.width}"
    seeds = range(arguments.seeds)
    laboratory = Laboratory(dataset, read_mask_cases(dataset, Feedback()), base, folder, seeds, arguments.test_cases)
    found = {
        name: {variant: laboratory.run(changes) for variant, changes in EXPERIMENTS[name].items()}
        for name in arguments.only
    }
    write_table(laboratory, folder / "experiments.csv")
    arguments.report.write_text(_report(laboratory, found), encoding="utf-8")
    print(f"Written: {arguments.report}")
    return 0


def write_table(laboratory: Laboratory, path: Path) -> None:
    """Write one row a training."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ("training", "steps", *_COLUMNS), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(laboratory.judged.values())
    print(f"Written: {path}")


def _report(laboratory: Laboratory, found: dict[str, dict[str, list[dict]]]) -> str:
    base, seeds = laboratory.base, len(laboratory.seeds)
    tested = min(laboratory.tested, len(laboratory.dataset.cases(TEST)))
    reference = laboratory.run({})
    parts = [
        "# The paper's experiments\n",
        f"Made by `make experiments`. The paper's network (base width {base.width}) is trained in variants, {seeds} "
        f"times each with different seeds, for {base.steps} steps of {base.batch} cases. The paper trains 75 epochs, "
        f"some 8,000 steps. Judged on {tested} test cases (whole maps); *Dice, validation* on "
        f"{len(laboratory.dataset.cases(VALIDATION))} validation cases. A row gives the mean over the seeds and, in "
        "brackets, the least and the greatest value.\n",
        "A variant counts as *better* or *worse* than the base variant only if the mean IoU of each of its trainings "
        "is above or below that of every training of the base variant. Equal variants would pass by chance in one of "
        f"{comb(2 * seeds, seeds) // 2} comparisons.\n",
        f"Published: mean IoU {PUBLISHED_MEANS['iou']:g}, accuracy {PUBLISHED_MEANS['accuracy']:g}, from another "
        "simulator in another study area; only tendencies can be compared.\n",
    ]
    for name, variants in found.items():
        parts += [f"## {name}\n", f"| Variant | {' | '.join(_COLUMNS.values())} | Against the base |"]
        parts.append("|---|" + "---:|" * len(_COLUMNS) + "---|")
        for variant, rows in variants.items():
            cells = [_spread([row[key] for row in rows if row.get(key) is not None]) for key in _COLUMNS]
            parts.append(f"| {variant} | {' | '.join(cells)} | {_verdict(rows, reference)} |")
        parts.append("")
    return "\n".join(parts)


def _spread(values: list[float]) -> str:
    if not values:  # a precision where nothing is predicted
        return "-"
    return f"{mean(values):.3f} ({min(values):.3f}-{max(values):.3f})"


def _verdict(rows: list[dict], reference: list[dict]) -> str:
    if rows == reference:
        return "-"
    ours, theirs = ([row["mean_iou"] for row in x] for x in (rows, reference))
    if min(ours) > max(theirs):
        return "better"
    return "worse" if max(ours) < min(theirs) else "within the spread"
