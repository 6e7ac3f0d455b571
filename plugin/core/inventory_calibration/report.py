"""HTML report of a calibration."""

from __future__ import annotations

from typing import Mapping, Sequence

import numpy as np

from ...text import Text
from ...variables import BY_NAME
from ..grid import MASK_NODATA
from ..map_parts.strips import made_of_strips
from ..reports.html import COLOURS, Bar, Line, bar_plot, heading, line_plot, page, paragraph, table
from ..reports.map_picture import MapClass, map_figure
from ..reports.ranking import displacement, rank_curves
from ..reports.run import provenance_section
from .calibrate import Calibration

_SET_COLUMNS = ("cohesion", "friction_angle", "root_cohesion", "conductivity", "water_table_ratio", "moisture_deficit",
          "suction_head", "lateral_anisotropy", "rainfall")  # fmt: skip
_SHORT_NAMES = {
    "slope angle": Text("slope"), "default factor of safety": Text("default FS"),
    "calibrated factor of safety": Text("calibr. FS"), "susceptibility": Text("suscept."),
}  # fmt: skip
#: Least susceptibility of each class [-], as in the map's style, and its colour.
CLASSES = ((0.0, ""), (0.02, "#ffffb2"), (0.05, "#fecc5c"), (0.1, "#fd8d3c"), (0.2, "#f03b20"), (0.4, "#bd0026"))
_HELD_OUT = Text(
    "All scores in this section are held out: the landslides are divided into spatial blocks, and those of each block "
    "are ranked by a model fitted only to the other blocks, including the choice of parameter sets, strength and soil "
    "depth. The AUC is the mean over the blocks, weighted by their landslide cells: the probability that a landslide "
    "cell of a block ranks above a stable cell of the same block (0.5 is chance, 1 is perfect). The intervals are 95 % "
    "bootstrap intervals from 1000 resamples, which draw whole landslides with their cells (at most 20 of each are "
    "compared). Intervals of fitted models are widened because the blocks share training landslides (Nadeau & Bengio "
    "2003). Hit rate and false-alarm rate are shares of cells, not of landslides. The success-rate curve uses a random "
    "sample of up to 2000 cells of the area. Validating these maps with the same landslides gives higher scores, which "
    "are not held out."
)
_SETS = Text(
    "The sets are equivalent: very different parameters rank the landslides equally well, and no value is an estimate "
    "of the actual soil. Together the sets cover the range of maps that fit. Cohesion, root cohesion and the tangent "
    "of the friction angle of each set were multiplied by a factor so that a factor of safety of 1 best separates "
    "landslides from stable cells (highest hit rate minus false-alarm rate of their mean). The ranking is unchanged."
)
_LIMITS_OF_USE = (
    Text(
        "Not as a probability of failure in an event or a year: susceptibility is relative. Its values apply to the "
        "share of landslide cells stated above."
    ),
    Text(
        "Not for another area: models fitted in one area have ranked landslides worse than slope alone in another. "
        "Calibrate again with landslides of that area."
    ),
    Text(
        "Not as soil parameters for the design or back-analysis of a single slope: the sets describe the fit of the "
        "map."
    ),
    Text(
        "Not for the size, runout or velocity of landslides, nor for other types: deep-seated slides, rockfalls, "
        "debris flows."
    ),
    Text(
        "Not as proof that terrain of low susceptibility is safe: inventories are incomplete, and cells without a "
        "mapped landslide count as stable."
    ),
    Text("Not as the only basis for evacuations, permits or land-use decisions."),
)


def calibration_page(
    title: str, made: Calibration, *, provenance: Mapping[str, str], finding: str, warnings: Sequence[str]
) -> str:
    """Report as HTML; provenance: the written rasters' metadata; finding: the result in one sentence."""
    doubtful = made.scores.may_be_chance or made.scores.no_better_than_slope
    landslide_share = Text(
        "Landslide cells are {:.3g} % of the cells used to fit the model. The susceptibility is calibrated to this "
        "share, not to their share of the area, {:.3g} %. {}",
        100 * made.landslide_share, 100 * made.sites.area_failed / made.sites.area_cells,
        Text("The stable cells were sampled.") if made.sites.drawn else Text("The stable cells were provided."),
    )  # fmt: skip
    parts = [
        paragraph(finding, warning=doubtful),
        *(paragraph(text, warning=True) for text in warnings if text != finding),
        heading(Text("Held-out scores")),
        paragraph(_HELD_OUT),
        *_scores(made),
        heading(Text("Susceptibility")),
        paragraph(landslide_share),
        _map(made),
        heading(Text("Effect of each attribute")),
        paragraph(
            Text(
                "Contribution of each attribute to the logit of the susceptibility, with the others constant; 0 is the "
                "mean. Outside the range of the cells compared, the end value of the curve is used."
            )
        ),
        *_effects(made),
        heading(Text("Calibrated sets")),
        paragraph(_SETS),
        _sets(made),
        heading(Text("Displacement of the landslides")),
        *displacement([(Text("slope"), made.registration)]),
        paragraph(
            Text(
                "This AUC of slope compares the landslides with the stable cells of all blocks together; in the table "
                "of held-out scores only cells of the same block are compared."
            )
        ),
        heading(Text("Limits of use")),
        *(paragraph(text) for text in _LIMITS_OF_USE),
        *provenance_section(provenance, warnings),
    ]
    return page(title, parts)


def _scores(made: Calibration) -> list[str]:
    scores, sites = made.scores, made.sites
    rows = [
        [name, score.auc.value, score.auc.low, score.auc.high, score.success.area]
        for name, score in scores.by_name.items()
    ]
    gains = [
        (Text("susceptibility minus slope angle"), scores.gain),
        (Text("susceptibility minus default factor of safety"), scores.default_gain),
    ]
    rows += [[name, gain.value, gain.low, gain.high, ""] for name, gain in gains]
    named = scores.by_name.items()
    by_block = (np.unique(sites.unit[sites.failed & (sites.fold == k)]).size for k in range(sites.folds))
    stable_by_block = np.bincount(sites.fold[sites.stable], minlength=sites.folds).tolist()
    return [
        table(["AUC", Text("value"), Text("from"), Text("to"), Text("area under success-rate curve")], rows),
        bar_plot(
            [
                Bar(_SHORT_NAMES[name], score.auc.value, colour, (score.auc.low, score.auc.high))
                for (name, score), colour in zip(named, COLOURS)
            ],
            Text("ranking by"), Text("AUC"), Text("Held-out AUC with 95 % intervals"),
        ),
        *rank_curves(
            [(_SHORT_NAMES[name], score.auc.value, score.roc, score.success) for name, score in named],
            (Text("ROC curves, held out, and their AUC"), Text("Success-rate curves, held out, and their areas")),
        ),
        table(
            [],
            [
                [Text("Landslides"), sites.slides], [Text("Landslide cells compared"), int(sites.failed.sum())],
                [Text("Stable cells compared"), int(sites.stable.sum())], [Text("Spatial blocks"), sites.folds],
                [Text("Landslides by block"), ", ".join(map(str, by_block))],
                [Text("Stable cells by block"), ", ".join(map(str, stable_by_block))],
                [Text("Held-out hit rate of calibrated FS below 1"), scores.hit_rate],
                [Text("Held-out false-alarm rate of calibrated FS below 1"), scores.false_alarm_rate],
                [Text("Strength factor, mean of the sets"), made.strength_factor],
                [Text("Sets tried for each soil depth"), made.trials], [Text("Soil depth"), made.depth.described],
            ],
        ),
    ]  # fmt: skip


def _map(made: Calibration) -> str:
    least, values = np.array([low for low, _ in CLASSES]), made.susceptibility

    def of_rows(at: slice) -> np.ndarray:
        here = np.nan_to_num(values[at])
        return np.where(np.isfinite(values[at]), np.searchsorted(least, here, side="right") - 1, MASK_NODATA)

    classes = made_of_strips(values.shape, np.uint8, of_rows)
    ends = [*(low for low, _ in CLASSES[1:]), 1.0]
    legend = [MapClass(Text("{:g} to {:g}", low, end), colour) for (low, colour), end in zip(CLASSES, ends)]
    return map_figure(made.depth.terrain, classes, legend, Text("Susceptibility over the hillshade"))


def _effects(made: Calibration) -> list[str]:
    """A curve for each attribute, all on one scale."""
    curves = []
    for number, (attribute, term) in enumerate(zip(made.attributes, made.model.terms)):
        x = np.linspace(term.low, term.high, 101)
        curves.append((attribute, x, made.model.partial(number, x)))
    low, high = min(c.min() for *_, c in curves), max(c.max() for *_, c in curves)
    low, high = (low, high) if high - low > 1e-6 else (-0.5, 0.5)
    figures = []
    for attribute, x, y in curves:
        name = attribute.name
        label = name if attribute.unit == "-" else Text("{} [{}]", name, attribute.unit)
        ends = (x[0], x[-1]) if x[-1] > x[0] else (x[0] - 0.5, x[0] + 0.5)
        figures.append(line_plot([Line("", x, y)], label, Text("contribution to the logit"), name, ends, (low, high)))
    return figures


def _sets(made: Calibration) -> str:
    header = [Text("Set"), *(BY_NAME[name].title for name in _SET_COLUMNS)]
    return table(header, [[one.name, *(getattr(one, name) for name in _SET_COLUMNS)] for one in made.scenarios])
