"""Model cards: what weights tell about themselves, as metadata and as a page of Markdown beside them."""

from __future__ import annotations

import csv
import datetime
import json
import math
from pathlib import Path
from typing import Any, Mapping, Sequence

import numpy as np
import torch

from ..core.scenario import Scenario
from ..core.terrain import Terrain
from ..variables import BY_NAME, HYDROLOGY
from . import weights
from .guided_training import GuidedRun
from .paper import CHANNELS, SCALING, Scaling
from .paper_solver import describe_site, unread_constants
from .paper_training import PaperRun
from .run import BEST, HISTORY, Run

_NEAR_BOUND = 0.1  # of a parameter's range: drawn cases never reach its ends
GUIDED_LIMITS = (
    "Fidelity to Slopecast's physics engine, not to nature: the engine is an infinite-slope model with assumed "
    "antecedent water. Constant rain; open edges; the state at the end of the rain. Rasters of parameters that move "
    "water, other than conductivity, were not trained. Least sure of small failed areas on 2 to 5 m cells with strong "
    "lateral flow. On cells wider than 8 m the network is hardly ever asked, and has seen none."
)
PAPER_LIMITS = (
    "Fidelity to Slopecast's physics engine, not to nature. The network knows the mountain that it was trained on and "
    "no other, and the stated ranges and constants alone; elsewhere its masks mean nothing, and Slopecast says "
    "'outside'. It tells a failure mask and a probability, no factor of safety and no water table."
)
_GUIDED = (
    "Guided U-Net: where water comes from far, the water balance begins on wider cells; when the raster's own cells "
    "take over, the network says where the water is, and the balance goes on from there. Infiltration and stability "
    "are closed formulas; where the raster's own cells do it all, the network is not asked."
)
_PAPER = (
    "The paper's U-Net: from six channels (elevation, soil depth, cohesion, friction angle, conductivity, rain) "
    "straight to the failure mask. The record to beat, trained on one mountain."
)


def export(run: Run, target: Path, about: Mapping[str, Any], *, best: bool) -> dict[str, Any]:
    """Write a run's weights with their card, and the card as Markdown beside them.

    Args:
        run: trained.
        target: file of weights.
        about: ``dataset`` in words, and what else to add to or replace in the card (``id``, ``commit``, ``metrics``).
        best: the weights of the epoch with the greatest validation Dice instead of the last ones.

    Returns:
        the card.
    """
    state, epoch = run.average.state_dict(), run.epoch
    if best and (run.folder / BEST).exists():
        saved = torch.load(run.folder / BEST, weights_only=True, map_location=run.device)
        state, epoch = saved["network"], saved["epoch"]
        run.average.load_state_dict(state)
    card = {**_common(run, epoch, str(about.get("dataset", ""))), **_own(run, about)}
    for key, value in about.items():
        if key == "metrics":
            card["metrics"] = {**card["metrics"], **value}
        elif key == "training":
            card["training"] = {**card["training"], **value}
        elif key != "dataset":
            card[key] = value
    target.parent.mkdir(parents=True, exist_ok=True)
    weights.save(target, run.average, card)
    whole = weights.read_card(target)
    target.with_suffix(".md").write_text(markdown(whole), encoding="utf-8")
    return whole


def paper_card_parts(terrains: Sequence[Terrain], scenarios: Sequence[Scenario], scaling: Scaling) -> dict[str, Any]:
    """What a paper's network must know of its training: scaling, sites, ranges and constants."""
    ranges = {}
    for name in CHANNELS[2:]:
        values = [getattr(s, name) for s in scenarios]
        ranges[name] = [float(min(v.min() if hasattr(v, "min") else v for v in values)),
                        float(max(v.max() if hasattr(v, "max") else v for v in values))]  # fmt: skip
    return {
        "scaling": scaling.describe(),
        "sites": [describe_site(t) for t in terrains],
        "ranges": ranges,
        "constants": unread_constants(scenarios),
    }


def last_row(history: Path, epoch: int | None = None) -> dict[str, str]:
    """The row of an epoch in a run's history; the last one without it, nothing where there is none."""
    if not history.exists():
        return {}
    with history.open(newline="") as file:
        rows = list(csv.DictReader(file))
    of_epoch = [r for r in rows if epoch is not None and r["epoch"] == str(epoch)]
    return (of_epoch or rows or [{}])[-1]


def _common(run: Run, epoch: int, dataset: str) -> dict[str, Any]:
    s = run.settings
    row = last_row(run.folder / HISTORY, epoch)
    told = {k: float(row[k]) for k in ("validation_iou", "validation_pooled_iou", "validation_dice", "column_iou",
                                       "validation_water") if row.get(k)}  # fmt: skip
    return {
        "training": {
            "data": dataset, "epochs": f"{run.epoch} of {s.epochs}", "weights_of_epoch": epoch, "steps": run.step,
            "seconds": round(run.seconds), "batch": s.batch, "learning_rate": s.learning_rate,
            "schedule": s.schedule, "augmentation": s.augment, "mixed_precision": s.bf16, "seed": s.seed,
        },
        "metrics": {"on": "the validation cases of the data set"},
        **({"validation": {k: v for k, v in told.items() if math.isfinite(v)}} if told else {}),
        "licence": "GPL-3.0-or-later",
        "date": datetime.date.today().isoformat(),
        "commit": "unknown",
    }  # fmt: skip


def _own(run: Run, about: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of one architecture alone."""
    date = datetime.date.today().isoformat()
    if isinstance(run, PaperRun):
        a = run.architecture
        parts = {
            "id": f"paper-{date}", "what": _PAPER, "limits": PAPER_LIMITS,
            "temperature": about.get("temperature") or run.temperature(), **run.card_parts,
        }  # fmt: skip
        parts["preprocessing"] = {
            **{name: SCALING[name] for name in a.channels},
            "frame": f"the mountain's bounding {a.frame}, padded with zeros to a multiple of {a.multiple} cells"
            if a.frame == "box" else f"zero-padded square, then to a multiple of {a.multiple} cells",
            "masks": "FS < 1 of the engine; the loss and all metrics are of the mountain's cells alone",
        }  # fmt: skip
        return parts
    encoder = run.network.architecture.encoder if isinstance(run, GuidedRun) else ""
    ranges = _learned_ranges(run) if isinstance(run, GuidedRun) else {}
    return {"id": f"guided-{encoder}-{date}", "what": _GUIDED, "limits": GUIDED_LIMITS, "ranges": ranges}


def _learned_ranges(run: GuidedRun) -> dict[str, list[float]]:
    """What the training cases span of each parameter that moves water; a bound near the general one is that one.

    What the initial weights had learned is added.
    """
    rows = []
    for source in run.training:
        shard = source.read()
        for number in source.numbers:
            values = np.array([shard.scenarios[number]] * 2, dtype=np.float64)
            factors = shard.factors[number]
            values[:, HYDROLOGY.index("conductivity")] *= [np.min(factors), np.max(factors)]
            rows.append(values)
    low, high = np.concatenate(rows).min(axis=0), np.concatenate(rows).max(axis=0)
    found = {}
    for name, least, most in zip(HYDROLOGY, low.tolist(), high.tolist()):
        variable = BY_NAME[name]
        scale = np.log if variable.log_scale else float
        first, last = variable.trained
        near = _NEAR_BOUND * (scale(last) - scale(first))
        found[name] = [
            first if scale(least) - scale(first) <= near else least, last if scale(last) - scale(most) <= near else most
        ]  # fmt: skip
        if run.learned_before is not None:
            before = run.learned_before.get(name, variable.trained)
            found[name] = [min(found[name][0], before[0]), max(found[name][1], before[1])]
    return found


def markdown(card: Mapping[str, Any]) -> str:
    """A card as a page."""
    lines = [f"# Model card: {card['id']}", "", str(card["what"]), ""]
    for key in ("architecture", "training", "validation", "metrics", "preprocessing"):
        if key in card:
            lines += [f"## {key.capitalize()}", "", *_items(card[key]), ""]
    if card.get("scaling"):
        lines += ["Scaled between:", "", *_items(card["scaling"]), ""]
    lines += ["## Trained ranges", "", *_items(card["ranges"]), ""]
    if card.get("constants"):
        lines += ["The same in all of the training:", "", *_items(card["constants"]), ""]
    lines += ["## Limits", "", str(card["limits"]), ""]
    lines += [f"Licence {card['licence']}; {card['date']}; code at {card['commit']}.", ""]
    return "\n".join(lines)


def _items(values: Mapping[str, Any]) -> list[str]:
    return [f"- {k}: {v if isinstance(v, str) else json.dumps(v)}" for k, v in values.items()]
