"""The report of a calibration: how well held-out landslides are ranked, by what, and what the maps are not for."""

from __future__ import annotations

from typing import Mapping, Sequence

import numpy as np

from ...variables import BY_NAME
from ..reports.html import COLOURS, Bar, Line, bar_plot, heading, heat_map, line_plot, page, paragraph, table
from ..reports.map_picture import MapClass, map_figure
from ..reports.run import how_it_was_made
from .calibrate import Calibration

_SHOWN = ("cohesion", "friction_angle", "root_cohesion", "conductivity", "water_table_ratio", "moisture_deficit",
          "suction_head", "lateral_anisotropy", "rainfall")  # fmt: skip
_SHORT = {
    "slope angle": "slope", "default factor of safety": "default FS", "calibrated factor of safety": "calibr. FS",
    "susceptibility": "suscept.",
}  # fmt: skip
#: Least susceptibility of each class [-], as in the map's style, and its colour.
CLASSES = ((0.0, ""), (0.02, "#ffffb2"), (0.05, "#fecc5c"), (0.1, "#fd8d3c"), (0.2, "#f03b20"), (0.4, "#bd0026"))
_HELD_OUT = (
    "Every number of this section is held out: the landslides are divided into spatial blocks, and those of a block "
    "are ranked by what was fitted on the other blocks alone, the choice of the sets, the strength and the soil depth "
    "included. The AUC is the mean over the blocks, weighted by their landslide cells: the probability that a "
    "landslide cell of a block ranks above a stable cell of it (0.5 is chance, 1 is perfect). Intervals hold 95 % of "
    "1000 draws of the landslides with replacement; a landslide counts as one, however many cells it has. Those of "
    "what was fitted are widened, as the blocks share landslides (Nadeau & Bengio 2003). "
    "Validation of these maps with the same landslides gives greater numbers, which are not held out."
)
_SETS = (
    "The sets are equivalent: very different soils rank the landslides alike, and none of the values is an estimate "
    "of the soil. Together they span the maps that fit. Cohesion, root cohesion and the tangent of the friction angle "
    "of each set were multiplied by a factor, so that a factor of safety of 1 separates landslides from stable cells "
    "best (the greatest hit rate minus false-alarm rate of their mean). This changes no ranks."
)
_NOT_FOR = (
    "Not as a probability of failure, in an event or in a year: susceptibility compares places. Its values hold for "
    "the share of landslide cells given above.",
    "Not for another area: models that were fitted in one place ranked landslides worse than slope alone in another "
    "one. Calibrate again with the landslides of that place.",
    "Not as soil parameters for design or back-analysis of a single slope: the sets describe the map's fit.",
    "Not for the size, run-out or speed of landslides, nor for other kinds: deep slides, rock fall, debris flows.",
    "Not as proof that ground of low susceptibility is safe: inventories are incomplete, and cells without a mapped "
    "landslide count as stable.",
    "Not alone for evacuations, permits or land-use decisions.",
)


def calibration_page(
    title: str, made: Calibration, *, provenance: Mapping[str, str], first: str, warnings: Sequence[str]
) -> str:
    """Report as HTML.

    Args:
        title: of the page; made: what came out.
        provenance: the written rasters' metadata.
        first: what came out in a sentence; warnings: of the run.
    """
    doubtful = made.scores.nothing_learned or made.scores.slope_as_good
    parts = [
        paragraph(first, warning=doubtful),
        *(paragraph(text, warning=True) for text in warnings if text != first),
        heading("Held-out scores"),
        paragraph(_HELD_OUT),
        *_scores(made),
        heading("Susceptibility"),
        paragraph(
            f"Landslide cells are {100 * made.landslide_share:.1f} % of the cells that the model was fitted on (stable "
            f"cells were {'drawn' if made.sites.drawn else 'given'}). The susceptibility is calibrated to this share, "
            f"not to the {100 * made.sites.area_failed / made.sites.area_cells:.2g} % that they are of the area."
        ),
        _map(made),
        heading("Effect of each attribute"),
        paragraph(
            "Part of each attribute in the logit of the susceptibility, the others being equal; 0 is the mean. Beyond "
            "the values of the compared cells the end of a curve holds."
        ),
        *_effects(made),
        heading("Calibrated sets"),
        paragraph(_SETS),
        _sets(made),
        heading("Place of the landslides"),
        *_place(made),
        heading("What it must not be used for"),
        *(paragraph(text) for text in _NOT_FOR),
        *how_it_was_made(provenance),
    ]
    return page(title, parts)


def _scores(made: Calibration) -> list[str]:
    scores, sites = made.scores, made.sites
    rows = [
        [name, score.area.value, score.area.low, score.area.high, score.success.area]
        for name, score in scores.by_name.items()
    ]
    gains = [["less slope angle", scores.gain], ["less default factor of safety", scores.default_gain]]
    rows += [[f"susceptibility {name}", gain.value, gain.low, gain.high, ""] for name, gain in gains]
    chance = Line("by chance", [0, 1], [0, 1], dashed=True)
    named = scores.by_name.items()
    return [
        table(["AUC", "value", "from", "to", "area under success-rate curve"], rows),
        bar_plot(
            [
                Bar(_SHORT[name], score.area.value, colour, (score.area.low, score.area.high))
                for (name, score), colour in zip(named, COLOURS)
            ],
            "ranking by", "AUC [-]", "Held-out AUC with 95 % intervals",
        ),
        line_plot(
            [*(Line(f"{_SHORT[name]}: {s.area.value:.3f}", s.roc.x, s.roc.y) for name, s in named), chance],
            "false-alarm rate", "hit rate", "ROC curves, held out, and their AUC",
        ),
        line_plot(
            [*(Line(f"{_SHORT[name]}: {s.success.area:.3f}", s.success.x, s.success.y) for name, s in named), chance],
            "share of the area, least stable first", "share of the landslide cells",
            "Success-rate curves, held out, and their areas",
        ),
        table(
            [],
            [
                ["Landslides", sites.slides], ["Landslide cells compared", int(sites.failed.sum())],
                ["Stable cells compared", int(sites.stable.sum())], ["Spatial blocks", sites.folds],
                ["Landslides by block", ", ".join(str(np.unique(sites.unit[sites.failed & (sites.fold == k)]).size)
                                                  for k in range(sites.folds))],
                ["Hit rate of calibrated FS below 1", scores.hit_rate],
                ["False-alarm rate of calibrated FS below 1", scores.false_alarm_rate],
                ["Strength factor", made.strength_factor], ["Sets tried for each soil depth", made.trials],
                ["Soil depth", made.depth.described],
            ],
        ),
    ]  # fmt: skip


def _map(made: Calibration) -> str:
    least = np.array([low for low, _ in CLASSES])
    known = np.isfinite(made.susceptibility)
    classes = np.where(known, np.searchsorted(least, np.nan_to_num(made.susceptibility), side="right") - 1, 255)
    ends = [*(f"to {low:g}" for low, _ in CLASSES[1:]), "to 1"]
    legend = [MapClass(f"{low:g} {end}", colour) for (low, colour), end in zip(CLASSES, ends)]
    return map_figure(made.depth.terrain, classes.astype(np.uint8), legend, "Susceptibility over the hillshade")


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
        label = attribute.name if attribute.unit == "-" else f"{attribute.name} [{attribute.unit}]"
        ends = (x[0], x[-1]) if x[-1] > x[0] else (x[0] - 0.5, x[0] + 0.5)
        figures.append(line_plot([Line("", x, y)], label, "part of the logit", attribute.name, ends, (low, high)))
    return figures


def _sets(made: Calibration) -> str:
    header = ["Set", *(BY_NAME[name].title for name in _SHOWN)]
    return table(header, [[one.name, *(getattr(one, name) for name in _SHOWN)] for one in made.scenarios])


def _place(made: Calibration) -> list[str]:
    found = made.registration
    best, north, east = found.best
    return [
        paragraph(
            f"AUC of slope where the landslides are moved over the elevation model: {found.here:.3f} where they are "
            f"mapped (ring), {best:.3f} at best, {north:+g} m north and {east:+g} m east. The probability that chance "
            f"makes a gain as clear is {found.chance:.3f}. A misplaced inventory has its best place elsewhere.",
            warning=found.misplaced,
        ),
        heat_map(
            found.auc, found.east_m, found.north_m, "moved east [m]", "moved north [m]",
            "AUC of slope by shift of the landslides; the darker the greater",
        ),
    ]  # fmt: skip
