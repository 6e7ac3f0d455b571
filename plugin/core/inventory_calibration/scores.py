"""Held-out scores of a calibration: AUC with intervals, curves, rates, and a verdict in words."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...text import Text
from ..validation.auc import AucBootstrap, ConfidenceInterval, placements
from ..validation.inventory import Curve, roc_curve
from ..validation.inventory_evidence import Registration
from .sites import FEW, FEWEST, REPEATED, Sites

_BY_CHANCE = 0.5
#: Least lead of the AUC of the susceptibility over those of slope and the factor of safety, where both are below the
#: second number: what marks the landslides is then their place in the relief. For 39 inventories of source areas,
#: mapped and drawn from the physics on nine areas with cells of 5 to 30 m, the lead is at most 0.02 below 0.65 and 0.13
#: above; with runouts of 15 cells it is up to 0.36, for deposits up to 0.47.
_LEAD, _LOW_AUC = 0.1, 0.65


@dataclass(frozen=True)
class HeldOutScore:
    """One way to rank cells, judged on landslides that it has not seen: its AUC, and curves as of ``MapScores``."""

    auc: ConfidenceInterval
    roc: Curve
    success: Curve


@dataclass(frozen=True)
class Scores:
    """All scores on the same landslides and blocks.

    Attributes:
        susceptibility, calibrated, default, slope: the additive model; the calibrated factor of safety; the one of the
            given numbers; the slope angle.
        gain: AUC of the susceptibility less that of slope; default_gain: less that of the default factor of safety.
        hit_rate, false_alarm_rate: of the calibrated factor of safety below 1.
    """

    susceptibility: HeldOutScore
    calibrated: HeldOutScore
    default: HeldOutScore
    slope: HeldOutScore
    gain: ConfidenceInterval
    default_gain: ConfidenceInterval
    hit_rate: float
    false_alarm_rate: float

    @property
    def by_name(self) -> dict[str, HeldOutScore]:
        """The scores by name, in the order of reports."""
        return {
            Text("slope angle"): self.slope, Text("default factor of safety"): self.default,
            Text("calibrated factor of safety"): self.calibrated, Text("susceptibility"): self.susceptibility,
        }  # fmt: skip

    @property
    def may_be_chance(self) -> bool:
        """Whether the interval of the susceptibility's AUC includes 0.5."""
        return not self.susceptibility.auc.low > _BY_CHANCE

    @property
    def no_better_than_slope(self) -> bool:
        """Whether the interval of the gain over slope includes 0 or is below it."""
        return not self.gain.low > 0.0

    @property
    def may_be_runout(self) -> bool:
        """Whether the landslides differ from stable cells by their place in the relief, and hardly by stability."""
        others = max(self.slope.auc.value, self.calibrated.auc.value)
        return others < _LOW_AUC and self.susceptibility.auc.value > others + _LEAD


def evaluate_scores(sites: Sites, held_out: dict[str, np.ndarray], fails: np.ndarray, seed: int) -> Scores:
    """Judge scores that were made without the landslides of a cell's own block.

    Args:
        held_out: (n,) by the fields of :class:`Scores`, greater where failure is likelier.
        fails: boolean (n,), calibrated factor of safety below 1, held out as well.
    """
    failed, stable = sites.failed, sites.stable
    bootstrap = AucBootstrap(sites.unit[failed], int(stable.sum()), sites.fold[failed], sites.fold[stable], seed=seed)

    def pair(name: str) -> tuple[np.ndarray, np.ndarray]:
        return held_out[name][failed], held_out[name][stable]

    def score(name: str) -> HeldOutScore:
        ranks = _ranks_in_block(held_out[name], sites)
        area = ~(failed | stable)
        success = roc_curve(ranks[failed], ranks[area])  # of the area, landslides or not
        interval = bootstrap.interval(*pair(name))
        interval = widen_interval(interval, sites.folds) if name in ("susceptibility", "calibrated") else interval
        return HeldOutScore(interval, roc_curve(ranks[failed], ranks[stable]), success)

    return Scores(
        **{name: score(name) for name in held_out},
        gain=widen_interval(bootstrap.difference(pair("susceptibility"), pair("slope")), sites.folds),
        default_gain=widen_interval(bootstrap.difference(pair("susceptibility"), pair("default")), sites.folds),
        hit_rate=float(fails[failed].mean()),
        false_alarm_rate=float(fails[stable].mean()),
    )


def widen_interval(interval: ConfidenceInterval, folds: int) -> ConfidenceInterval:
    """Widen the interval of a score that was fitted outside each block.

    A bootstrap of the landslides takes the fits as they are; but the landslides of one block are those that the others
    were fitted on, so that the blocks err together. The variance grows by 1 + J n_test / n_train with J blocks.

    Source: Nadeau & Bengio (2003), Mach. Learn. 52, 239-281, eq. 8.
    """
    factor = math.sqrt(1.0 + folds / (folds - 1.0))
    value = interval.value
    return ConfidenceInterval(
        value, max(value - factor * (value - interval.low), -1.0), min(value + factor * (interval.high - value), 1.0)
    )


def _ranks_in_block(score: np.ndarray, sites: Sites) -> np.ndarray:
    """Share of the stable cells of a cell's own block that score lower: models of two blocks have no common scale."""
    ranks = np.zeros(score.shape)
    for fold in range(sites.folds):
        inside = sites.fold == fold
        ranks[inside] = placements(score[inside], score[inside & sites.stable])
    return ranks


def findings(scores: Scores, sites: Sites, registration: Registration) -> tuple[Text, list[Text]]:
    """The result in one sentence, and warnings for readers of the map."""
    auc, slope, gain = scores.susceptibility.auc, scores.slope.auc, scores.gain
    warnings: list[Text] = []
    if scores.may_be_chance:
        finding = Text(
            "The calibration failed: the held-out AUC of {:.3f} ({:.3f} to {:.3f}) does not differ significantly from "
            "chance (0.5). Do not use these maps.", auc.value, auc.low, auc.high,
        )  # fmt: skip
    elif scores.no_better_than_slope:
        template = (
            "Slope angle alone ranks the held-out landslides equally well or better: AUC {:.3f} against {:.3f} of the "
            "susceptibility; the difference is {:+.3f} ({:+.3f} to {:+.3f})."
            if gain.value <= 0.0
            else "Slope angle alone may rank the held-out landslides equally well: AUC {:.3f} against {:.3f} of the "
            "susceptibility; the difference, {:+.3f} ({:+.3f} to {:+.3f}), may be due to chance."
        )
        finding = Text(template, slope.value, auc.value, gain.value, gain.low, gain.high)
    else:
        finding = Text(
            "The susceptibility ranks held-out landslides better than slope angle alone: AUC {:.3f} ({:.3f} to {:.3f}) "
            "against {:.3f}; the difference is {:+.3f} ({:+.3f} to {:+.3f}).",
            auc.value, auc.low, auc.high, slope.value, gain.value, gain.low, gain.high,
        )  # fmt: skip
    if scores.may_be_chance or scores.no_better_than_slope:
        warnings.append(finding)
    for name, score in scores.by_name.items():
        if score.auc.value < _BY_CHANCE:
            warnings.append(
                Text("The AUC of {} is {:.3f}, below 0.5: it rates landslide cells as more stable than stable cells.",
                     name, score.auc.value)
            )  # fmt: skip
    if scores.may_be_runout and not scores.may_be_chance:
        text = (
            "The susceptibility ranks the landslides much better (AUC {:.3f}) than slope angle ({:.3f}) and the "
            "calibrated factor of safety ({:.3f}). Does the inventory include runout or deposits? Then the map shows "
            "where landslides come to rest, not where they start: map source areas only, and calibrate again."
        )
        warnings.append(Text(text, auc.value, slope.value, scores.calibrated.auc.value))
    if sites.slides < FEW:
        warnings.append(Text("Only {} landslides: the intervals are wide. Map {} or more.", sites.slides, FEW))
    fewest = int(np.bincount(sites.fold[sites.stable], minlength=sites.folds).min())
    if fewest < FEWEST:
        text = (
            "One of the blocks has only {} stable cells: the scores depend on single cells, and the intervals are too "
            "narrow. Use fewer blocks (FOLDS), or more stable points (STABLE)."
        )
        warnings.append(Text(text, fewest))
    if sites.repeated:
        warnings.append(Text(REPEATED, sites.repeated))
    if sites.left_out:
        warnings.append(Text("{} stable cells with a landslide were excluded.", sites.left_out))
    if registration.misplaced:
        warnings.append(registration.warning("slope"))
    return finding, warnings
