"""HTML report of a validation with a landslide inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.reports.html import heading, page, paragraph, table
from ...core.reports.ranking import displacement, rank_curves
from ...text import Text
from ...variables import DEPTH_METHODS
from ..inputs.stability_maps import KINDS
from ..translation import tr
from ..validate_inventory import NUMBERS
from .provenance import version

if TYPE_CHECKING:
    from ...core.validation.auc import ConfidenceInterval
    from ...core.validation.inventory import MapScores
    from ..log import Log
    from ..runs.inventory_validation import InventoryValidation

_FORMULAS = (
    "The ROC curve shows, for every threshold, the share of the landslide cells mapped as failed (hit rate) against "
    "the share of the stable cells mapped as failed (false-alarm rate). The area under it (AUC) is the probability "
    "that a landslide cell is rated less stable than a stable cell: 0.5 is chance, 1 is perfect. The success-rate "
    "curve shows the share of the landslide cells within the least stable part of the whole area. Cells of equal "
    "value enter both curves together. The best threshold maximizes hit rate minus false-alarm rate; because it is "
    "chosen on these landslides, its rates are too optimistic for other landslides."
)
_INTERVALS = (
    "The intervals are 95 % bootstrap intervals from 1000 resamples of the landslides; each landslide counts once, "
    "however many cells it has. The difference from slope uses the same resamples."
)
_CAUTION = (
    "Neighbouring cells are not independent, so the number of cells is not the sample size. An inventory records where "
    "slopes failed, not where they remained stable: cells without a mapped landslide count as stable unless stable "
    "points are provided. For landslides mapped as polygons use the source areas without the runout. Scores of a map "
    "that was calibrated to these landslides are too optimistic: use the held-out scores of its calibration."
)


def inventory_page(map_name: str, outcome: InventoryValidation, log: Log) -> str:
    """Report as HTML; map_name: of the file."""
    evidence = outcome.judgement.evidence
    places = (Text("slope"), evidence.slope_place), (Text("the map"), evidence.place)
    parts = [
        *(paragraph(text, warning=True) for text in log.warnings),
        *_tables(map_name, outcome),
        heading(tr("Curves")),
        *rank_curves(
            [(name, one.auc, one.roc, one.success) for name, one in _scores(outcome)],
            (tr("ROC curves and their areas"), tr("Success-rate curves and their areas")),
        ),
        heading(tr("Displacement of the landslides")),
        *displacement([(name, place) for name, place in places if place is not None]),
        *_depth_models(outcome),
        heading(tr("How to read it")),
        *(paragraph(tr(text)) for text in (_FORMULAS, _INTERVALS, _CAUTION)),
        paragraph(f"Slopecast {version()}, {tr('Validate with a landslide inventory')}"),
    ]
    return page(tr("Validation with a landslide inventory"), parts)


def _scores(outcome: InventoryValidation) -> list[tuple[str, MapScores]]:
    found = [(tr("map"), outcome.judgement.map)]
    return [*found, (tr("slope angle alone"), outcome.judgement.slope)] if outcome.judgement.slope else found


def _tables(map_name: str, outcome: InventoryValidation) -> list[str]:
    judgement = outcome.judgement
    scores, evidence, best = judgement.map, judgement.evidence, judgement.best
    rows = [
        (tr("Map"), f"{map_name} ({tr(KINDS[outcome.kind])})"),
        (tr("Counts as failed"), outcome.rule(outcome.limit)),
        (tr("Evaluated cells"), outcome.evaluated_cells),
        (tr(NUMBERS["LANDSLIDES_JUDGED"]), evidence.slides),
        (tr("Landslide cells: hits"), scores.hits),
        (tr("Landslide cells: misses"), scores.misses),
        (tr("Stable cells: false alarms"), scores.false_alarms),
        (tr("Stable cells: correct rejections"), scores.correct_rejections),
        (tr(NUMBERS["HIT_RATE"]), scores.hit_rate),
        (tr(NUMBERS["FALSE_ALARM_RATE"]), scores.false_alarm_rate),
        (tr(NUMBERS["BEST_THRESHOLD"]), outcome.rule(outcome.best_threshold)),
        (tr(NUMBERS["BEST_HIT_RATE"]), best.hit_rate),
        (tr(NUMBERS["BEST_FALSE_ALARM_RATE"]), best.false_alarm_rate),
    ]
    intervals: dict[str, ConfidenceInterval | None] = {
        tr("AUC of the map"): evidence.map, tr("AUC of the slope angle alone"): evidence.slope,
        tr("AUC of the map minus AUC of slope"): evidence.gain,
    }  # fmt: skip
    areas = [(name, found.value, found.low, found.high) for name, found in intervals.items() if found is not None]
    shares = [
        (f"{tr(NUMBERS['SUCCESS_RATE_AREA'])}: {name}", one.success.area, "", "") for name, one in _scores(outcome)
    ]
    return [table([], rows), table(["", tr("value"), tr("from"), tr("to")], [*areas, *shares])]


def _depth_models(outcome: InventoryValidation) -> list[str]:
    if not outcome.judgement.depth_models:
        return []
    rows = [(tr(DEPTH_METHODS[method]), area) for method, area in outcome.judgement.depth_models.items()]
    return [
        heading(tr("Soil depth models")),
        paragraph(
            tr(
                "AUC of the factor of safety of the soil column, without lateral flow, for each method of 'Estimate "
                "soil depth' with its default bounds; all other parameters have their defaults. The AUC of slope angle "
                "alone is {:.3f}."
            ).format(outcome.judgement.slope.auc)
        ),
        table([tr("Method"), tr("AUC")], rows),
    ]
