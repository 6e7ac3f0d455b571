"""``make weights``: rebuild the shipped weights from nothing; run again, it resumes.

Simulates procedural mountains, trains the guided network on them and writes
``model_weights/guided.safetensors`` with its model card. With ``--export`` only the last step, from a
checkpoint; with ``--encoder pointwise`` the baseline that sees no neighbour.
"""

import argparse
import datetime
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import checkout
import torch
from slopecast.plugin.core.feedback import PrintingFeedback
from slopecast.plugin.ml import weights
from slopecast.plugin.ml.dataset import build_procedural
from slopecast.plugin.ml.training import Settings, Trainer
from slopecast.plugin.ml.unet import Architecture, GuidedNetwork

LIMITS = (
    "Fidelity to Slopecast's physics engine, not to nature: the engine is an infinite-slope model with assumed "
    "antecedent water. Constant rain; open edges; the state at the end of the rain. Rasters of parameters that move "
    "water, other than conductivity, were not trained. Least sure of small failed areas on 2 to 5 m cells with strong "
    "lateral flow."
)


def main() -> int:
    """Build, train, export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=checkout.ROOT / "build" / "weights", help="data and checkpoints")
    parser.add_argument("--mountains", type=int, default=600)
    parser.add_argument("--scenarios", type=int, default=6)
    parser.add_argument("--steps", type=int, default=12000)
    parser.add_argument("--encoder", choices=("unet", "pointwise"), default="unet")
    parser.add_argument("--target", type=Path, default=weights.DEFAULT)
    parser.add_argument("--export", action="store_true", help="only write the weights from the checkpoint")
    arguments = parser.parse_args()
    feedback = PrintingFeedback()
    run = arguments.folder / arguments.encoder
    architecture = Architecture(encoder=arguments.encoder)
    if not arguments.export:
        data = arguments.folder / "data"
        for number, _ in enumerate(build_procedural(data, range(arguments.mountains), arguments.scenarios, feedback)):
            if number % 20 == 0:
                feedback.pushInfo(f"{number + 1} of {arguments.mountains} mountains simulated")
        Trainer(run, data, architecture, Settings(steps=arguments.steps), validation=24).run(feedback)
    export(run, architecture, arguments.target)
    print(f"Written: {arguments.target} ({arguments.target.stat().st_size / 1e6:.1f} MB)")
    return 0


def export(run: Path, architecture: Architecture, target: Path) -> None:
    """Write the averaged network of a run with its card."""
    saved = torch.load(run / "checkpoint.pt", weights_only=True)
    network = GuidedNetwork(architecture)
    network.load_state_dict(saved["average"])
    rows = (run / "history.csv").read_text().splitlines()
    last = dict(zip(rows[0].split(","), rows[-1].split(",")))
    date = datetime.date.today().isoformat()
    card = {
        "id": f"guided-{architecture.encoder}-{date}",
        "what": (
            "Guided U-Net: corrects a first guess of the water table (coarse steps of the water balance, kinematic "
            "response of the hillslope); infiltration and stability are closed formulas."
        ),
        "training": {
            "data": "procedural mountains (plugin/core/synthetic.py) and Slopecast's physics engine",
            "mountains": int(last["mountains"]), "held_out_mountains": len(saved["held"]),
            "scenarios_per_mountain": 6, "steps": saved["step"], "seconds": round(saved["seconds"]),
        },
        "metrics": {
            "on": "held-out procedural mountains, 0.1 to 50 % failed cells (sampled cells)",
            "mean_iou": last.get("validation_iou"), "column_mean_iou": last.get("column_iou"),
            "water_table_error": last.get("validation_water"),
        },
        "limits": LIMITS,
        "licence": "GPL-3.0-or-later",
        "date": date,
        "commit": _commit(),
    }  # fmt: skip
    target.parent.mkdir(exist_ok=True)
    weights.save(target, network, card)
    whole = weights.read_card(target)
    target.with_suffix(".md").write_text(_markdown(whole), encoding="utf-8")


def _markdown(card: dict) -> str:
    lines = [f"# Model card: {card['id']}", "", card["what"], ""]
    for key in ("training", "metrics"):
        lines += [f"## {key.capitalize()}", "", *(f"- {k}: {v}" for k, v in card[key].items()), ""]
    lines += ["## Trained ranges", "", *(f"- {k}: {json.dumps(v)}" for k, v in card["ranges"].items()), ""]
    lines += [
        "## Limits",
        "",
        card["limits"],
        "",
        f"Licence {card['licence']}; {card['date']}; code at {card['commit']}.",
        "",
    ]
    return "\n".join(lines)


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=checkout.ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
