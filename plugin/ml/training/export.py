"""Writes weights with model cards, also as Markdown."""

from __future__ import annotations

import datetime
import json
import math
import zlib
from pathlib import Path
from typing import Any, Mapping

import numpy as np

from ...core.dataset.cases import TRAIN
from ...core.dataset.dataset import Dataset
from ...core.files.whole import write_text
from ...core.reports.training import read_history
from ...variables import BY_NAME, HYDROLOGY, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM
from .. import model_file
from .checkpoint import read_state
from .loop import BEST, HISTORY, Run

_NEAR_BOUND = 0.1  # of a parameter's range: drawn cases never reach its ends
_ENOUGH_CASES = 8  # beyond a general range, for it to count as learned
_LIMITS = (
    "Fidelity to Slopecast's physics engine, not to nature: the engine is an infinite-slope model with an assumed "
    "initial water table. Constant rain; open edges; the state at the end of the event. Rasters of hydraulic "
    "parameters other than conductivity were not used in training. Least accurate for small failed areas on 2 to 5 m "
    "cells with strong lateral flow."
)
_PAPER_LIMITS = (
    "Fidelity to Slopecast's physics engine, not to nature. The network is valid only in the study area on which it "
    "was trained, within the stated ranges and constants; elsewhere its masks are meaningless, and the reliability is "
    "'outside'. It gives a failure mask and a probability, no factor of safety and no water table."
)
_DESCRIPTIONS = {
    "unet": "U-Net that corrects a first guess of the water table at the end of the event. The guess comes from the "
    "physics engine's fast scheme with 24 to 72 steps at full resolution, or more where these would let water tables "
    "oscillate; infiltration and stability are closed formulas.",
    "pointwise": "The baseline of the U-Net: the same inputs, training and bounds, without neighbouring cells.",
    "paper": "The paper's U-Net: from six channels (elevation, soil depth, cohesion, friction angle, conductivity, "
    "rainfall) to the failure mask. The published baseline, trained on one study area.",
}


def export(run: Run, target: Path, about: Mapping[str, Any], *, best: bool) -> dict[str, Any]:
    """Write a run's weights with their card, and the card as Markdown next to them.

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
        tensors, saved = read_state(run.folder / BEST)
        state, epoch = tensors["network"], saved["epoch"]
        run.average.load_state_dict(state)
    card = _entries(run, epoch, about)
    for key, value in about.items():
        if key == "metrics":
            card["metrics"] = {**card["metrics"], **value}
        elif key == "training":
            card["training"] = {**card["training"], **value}
        elif key != "dataset" and value is not None:
            card[key] = value
    target.parent.mkdir(parents=True, exist_ok=True)
    model_file.save(target, run.average, card)
    whole = model_file.read_card(target)
    write_text(target.with_suffix(".md"), markdown(whole))
    return whole


def initial_weights_provenance(initial: str | Path) -> dict[str, str]:
    """Entries of a card's ``training`` on the initial weights and their own initial weights.

    Raises:
        InputError: the file is none of weights.
    """
    card = model_file.read_card(initial)
    before = {"epochs": "unknown", "steps": "unknown", **card.get("training", {})}
    this = f"{card['id']}: {before['epochs']} epochs, {before['steps']} steps (code at {card.get('commit')})"
    return {
        "initial": f"{card['id']} ({Path(initial).name})",
        "before": "; ".join(filter(None, (str(before.get("before") or ""), this))),
    }


def _entries(run: Run, epoch: int, about: Mapping[str, Any]) -> dict[str, Any]:
    """A run's own entries of a card."""
    s, kind, date = run.settings, run.architecture.kind, datetime.date.today().isoformat()
    rows = read_history(run.folder / HISTORY) if (run.folder / HISTORY).exists() else []
    row = next((row for row in rows if row["epoch"] == epoch), rows[-1] if rows else {})
    known = ("validation_iou", "validation_pooled_iou", "validation_dice", "validation_guess_iou", "validation_error",
             "validation_guess_error")  # fmt: skip
    validation = {k: row[k] for k in known if math.isfinite(row.get(k, math.nan))}
    temperature = about.get("temperature") or run.temperature()
    return {
        "id": f"{kind}-{date}-{_fingerprint(run)}", "what": _DESCRIPTIONS[kind],
        "limits": _PAPER_LIMITS if kind == "paper" else _LIMITS, **run.card_entries(),
        **({"temperature": temperature} if temperature else {}),
        "training": {
            "data": str(about.get("dataset", "")), "epochs": f"{run.epoch} of {s.epochs}", "weights_of_epoch": epoch,
            "steps": run.step, "seconds": round(run.seconds), "batch": s.batch, "learning_rate": s.learning_rate,
            "schedule": s.schedule, "augmentation": s.augment, "mixed_precision": s.bf16, "seed": s.seed,
        },
        "metrics": {"on": "the validation cases of the data set"},
        **({"validation": validation} if validation else {}),
        "licence": "GPL-3.0-or-later",
        "date": date,
        "commit": "unknown",
    }  # fmt: skip


def _fingerprint(run: Run) -> str:
    """Fingerprint of the weights' values, to distinguish weights of one day."""
    state = run.average.state_dict()
    return f"{zlib.crc32(b''.join(state[name].float().cpu().numpy().tobytes() for name in sorted(state))):08x}"


def learned_ranges(dataset: Dataset, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Ranges of the hydrological parameters in the training cases; bounds near the general ones are set to them.

    Beyond a general range it takes several cases, for one alone teaches nothing. What the initial weights had learned
    is added.

    Args:
        dataset: of the training; before: ranges of the initial weights, ``None`` without.
    """
    rows = []  # (least and most within the map, parameters) of each case
    for reference, shard in dataset.read(dataset.cases(TRAIN)):
        values = np.array([shard.scenarios[reference.number]] * 2, dtype=np.float64)
        factors = shard.factors[reference.number]
        values[:, HYDROLOGY.index("conductivity")] *= [np.min(factors), np.max(factors)]
        rows.append(values)
    low, high = np.sort(np.array(rows), axis=0).swapaxes(0, 1)
    found: dict[str, Any] = {}
    for number, name in enumerate(HYDROLOGY):
        variable = BY_NAME[name]
        scale = np.log if variable.log_scale else float
        first, last = variable.trained
        near = _NEAR_BOUND * (scale(last) - scale(first))
        least, most = float(low[0, number]), float(high[-1, number])
        if scale(least) - scale(first) <= near:
            least = min(first, float(low[_ENOUGH_CASES - 1, number])) if len(low) >= _ENOUGH_CASES else first
        if scale(last) - scale(most) <= near:
            most = max(last, float(high[-_ENOUGH_CASES, number])) if len(high) >= _ENOUGH_CASES else last
        known = (before or {}).get(name, variable.trained) if before is not None else (least, most)
        found[name] = [min(least, known[0]), max(most, known[1])]
    at = [HYDROLOGY.index(name) for name in ("conductivity", "lateral_anisotropy")]
    lateral = np.sort(np.array(rows)[:, 1, at].prod(axis=1))
    learned = float(lateral[-_ENOUGH_CASES]) if len(lateral) >= _ENOUGH_CASES else 0.0
    general = (before or {}).get(model_file.MOST_LATERAL, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM)
    return {**found, model_file.MOST_LATERAL: max(learned, general)}


def markdown(card: Mapping[str, Any]) -> str:
    """A card as a page."""
    lines = [f"# Model card: {card['id']}", "", str(card["what"]), ""]
    for key in ("architecture", "training", "validation", "metrics", "preprocessing"):
        if key in card:
            lines += [f"## {key.capitalize()}", "", *_bullet_list(card[key]), ""]
    if card.get("scaling"):
        lines += ["Scaled between:", "", *_bullet_list(card["scaling"]), ""]
    lines += ["## Trained ranges", "", *_bullet_list(card["ranges"]), ""]
    if card.get("constants"):
        lines += ["Constant in training:", "", *_bullet_list(card["constants"]), ""]
    lines += ["## Limits", "", str(card["limits"]), ""]
    lines += [f"Licence {card['licence']}; {card['date']}; code at {card['commit']}.", ""]
    return "\n".join(lines)


def _bullet_list(values: Mapping[str, Any]) -> list[str]:
    return [f"- {k}: {v if isinstance(v, str) else json.dumps(v)}" for k, v in values.items()]
