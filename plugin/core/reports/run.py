"""HTML report of a run: scenario, result, map, reliability and provenance."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Mapping, Sequence

import numpy as np

from ...text import Text
from ...variables import VARIABLES
from ..failure_class import CLASS_COLOURS, CLASS_LABELS, FAILS_IN_EVENT
from ..grid import MASK_NODATA, Grid
from ..map_parts.strips import known_strips, made_of_strips
from ..probability.failure_tally import FailureTally
from ..terrain import Terrain
from .html import COLOURS, Bar, bar_plot, heading, page, paragraph, table
from .map_picture import MapClass, map_figure
from .run_summary import FS_EDGES, RunSummary

FAILED_COLOUR = CLASS_COLOURS[FAILS_IN_EVENT][0]
_MASK = (MapClass(Text("stable (FS of 1 or more)")), MapClass(Text("failed (FS below 1)"), FAILED_COLOUR))
_CLASSES = tuple(map(MapClass, map(Text, CLASS_LABELS), ("", *(colour for colour, _ in CLASS_COLOURS[1:]))))
#: Least share of each class of failure frequency [-], its label and colour.
_FREQUENCY = (
    (0.0, Text("in none"), ""),
    (0.0, Text("in up to 25 %"), "#fed976"),
    (0.25, Text("in 25 to 50 %"), "#fd8d3c"),
    (0.5, Text("in 50 to 75 %"), "#e31a1c"),
    (0.75, Text("in more than 75 %, but not all"), "#b10026"),
    (1.0, Text("in all"), "#67001f"),
)
_MEANING = Text(
    "A failed cell has a factor of safety below 1 in the infinite-slope model with these parameters. The map is a "
    "screening result. It does not forecast that a landslide will occur there, nor how far one would travel. Check it "
    "against mapped landslides, and do not base evacuations or permits on it alone."
)


def scenario_page(
    title: str, summary: RunSummary, *, provenance: Mapping[str, str], reliability: str = "",
    warnings: Sequence[str] = (),
) -> str:  # fmt: skip
    """Report of one scenario as HTML; provenance: the written rasters' metadata."""
    described, hyetograph = summary.scenario.describe(), summary.scenario.hyetograph
    legend = (_MASK, Text("Failed cells over the hillshade"))
    if summary.class_cells is not None:
        legend = (_CLASSES, Text("Failure classes over the hillshade"))
    parts = [
        heading(Text("Result")),
        _numbers(summary.terrain.grid, summary.failed_cells, summary.valid_cells, reliability),
        _class_table(summary.class_cells, summary.valid_cells) if summary.class_cells is not None else "",
        *(paragraph(text, warning=True) for text in warnings),
        map_figure(summary.terrain, summary.shown, *legend),
        factor_of_safety_histogram(summary.fs_counts)
        if summary.fs_counts is not None
        else paragraph(Text("This network gives a failure mask but no factor of safety.")),
        heading(Text("Scenario")),
        table(
            [Text("Parameter"), Text("Value"), Text("Unit")],
            [[Text(v.label), described[f"{v.name} [{v.unit}]"], v.unit.strip("-")] for v in VARIABLES],
        ),
        paragraph(Text("The rainfall changes with time: {}", hyetograph)) if hyetograph else "",
        *_provenance_and_interpretation(provenance, [reliability, *warnings]),
    ]
    return page(title, parts)


def table_page(
    title: str, terrain: Terrain, tally: FailureTally, columns: Sequence[str], rows: Sequence[Sequence[object]], *,
    shares: Sequence[tuple[str, float]], provenance: Mapping[str, str], warnings: Sequence[str] = (),
) -> str:  # fmt: skip
    """Report of many scenarios on one terrain as HTML; shares: name and share of failed cells [-] of each."""
    frequency = tally.frequency
    valid = sum(strip.size for strip in known_strips(frequency))
    ever = sum(int((strip > 0.0).sum()) for strip in known_strips(frequency))
    parts = [
        heading(Text("Result")),
        _numbers(terrain.grid, ever, valid, "", Text("Cells that fail in at least one scenario")),
        *(paragraph(text, warning=True) for text in warnings),
        map_figure(
            terrain, _frequency_classes(frequency), [MapClass(label, colour) for _, label, colour in _FREQUENCY],
            Text("Share of the {} scenarios in which a cell fails", tally.scenarios),
        ),
        bar_plot(
            [Bar(name, 100.0 * share, FAILED_COLOUR) for name, share in shares], Text("scenario"),
            Text("failed cells [%]"), Text("Share of failed cells by scenario"),
        ),
        heading(Text("Scenarios")),
        table(columns, rows),
        *_provenance_and_interpretation(provenance, warnings),
    ]  # fmt: skip
    return page(title, parts)


def factor_of_safety_histogram(counts: np.ndarray) -> str:
    """Share of the cells by factor of safety, counted in the bins of :data:`.run_summary.FS_EDGES`."""
    bars = []
    for edge, count in zip(FS_EDGES, counts):
        label = f"{edge:g}" if round(edge * 10) % 5 == 0 else ""
        bars.append(Bar(label, 100.0 * count / max(int(counts.sum()), 1), FAILED_COLOUR if edge < 1.0 else COLOURS[0]))
    return bar_plot(
        bars, Text("factor of safety"), Text("cells [%]"),
        Text("Factor of safety of the cells in bins of 0.1 (red: failed); the end bins include all values beyond"),
        at_edges=True,
    )  # fmt: skip


def _numbers(grid: Grid, failed: int, valid: int, reliability: str, label: str = Text("Failed cells")) -> str:
    hectares = failed * grid.cell_area / 1e4
    rows: list[Sequence[object]] = [
        [label, failed],
        [Text("Valid cells"), valid],
        [Text("Share [%]"), 100.0 * failed / max(valid, 1)],
        [Text("Area [ha]"), hectares],
    ]
    if reliability:
        rows.append([Text("Reliability"), reliability])
    return table([], rows)


def _class_table(counts: Sequence[int], valid: int) -> str:
    """Cells of each failure class, and their share of the valid ones."""
    rows = [[n, Text(label), counts[n], 100.0 * counts[n] / max(valid, 1)] for n, label in enumerate(CLASS_LABELS)]
    return table([Text("Failure class"), Text("Meaning"), Text("Cells"), Text("Share [%]")], rows)


def _frequency_classes(frequency: np.ndarray) -> np.ndarray:
    def of_rows(at: slice) -> np.ndarray:
        share = frequency[at]
        classes = np.zeros(share.shape, dtype=np.uint8)
        for number, (least, _, _) in enumerate(_FREQUENCY[1:], start=1):
            classes[(share >= least if least == 1.0 else share > least)] = number
        classes[np.isnan(share)] = MASK_NODATA
        return classes

    return made_of_strips(frequency.shape, np.uint8, of_rows)


def provenance_section(provenance: Mapping[str, str], shown: Sequence[str]) -> list[str]:
    """The rasters' metadata but for texts that the page shows already, and the date, which they do not hold."""
    rows = [
        [key.removeprefix("SLOPECAST_").lower().replace("_", " "), text.removesuffix(" -")]  # "-": a ratio
        for key, text in provenance.items()
        if not set(text.split(" | ")) <= set(shown)
    ]
    rows.append([Text("date and time"), datetime.now(timezone.utc).isoformat(timespec="seconds")])
    return [heading(Text("Provenance")), table([Text("Entry"), Text("Value")], rows)]


def _provenance_and_interpretation(provenance: Mapping[str, str], shown: Sequence[str]) -> list[str]:
    return [*provenance_section(provenance, shown), heading(Text("Interpretation")), paragraph(_MEANING)]
