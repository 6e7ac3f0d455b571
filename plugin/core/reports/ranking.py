"""Figures of a map's ranking of mapped landslides: curves, and AUC by shift of the landslides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Sequence

from ...text import Text
from .html import Line, heat_map, line_plot, paragraph

if TYPE_CHECKING:
    from ..validation.inventory import Curve
    from ..validation.inventory_evidence import Registration


def rank_curves(rankings: Sequence[tuple[str, float, Curve, Curve]], captions: tuple[str, str]) -> list[str]:
    """Plot ROC and success-rate curves; rankings: name, AUC and both curves of each."""
    chance = Line(Text("by chance"), [0, 1], [0, 1], dashed=True)
    roc = [Line(Text("{}: {:.3f}", name, auc), curve.x, curve.y) for name, auc, curve, _ in rankings]
    success = [Line(Text("{}: {:.3f}", name, curve.area), curve.x, curve.y) for name, _, _, curve in rankings]
    area = Text("share of the area, from the least stable cells")
    return [
        line_plot([*roc, chance], Text("false-alarm rate"), Text("hit rate"), captions[0]),
        line_plot([*success, chance], area, Text("share of the landslide cells"), captions[1]),
    ]


def displacement(places: Sequence[tuple[str, Registration]]) -> list[str]:
    """Describe and draw the AUC of some maps, by name, over shifts of the landslides."""
    described = (
        "AUC of {} at the mapped position (ring): {:.3f}. Highest AUC: {:.3f}, with the landslides shifted {:g} m "
        "north and {:g} m east. Probability of such a gain by chance: {:.3f}."
    )
    highest = "AUC of {} at the mapped position (ring): {:.3f}. No shift of the landslides gives a higher one."
    drawn = "AUC of {} against the shift of the landslides; darker means higher"
    east, north = Text("shift east [m]"), Text("shift north [m]")
    method = "The landslides are shifted over the map; a displaced inventory has its highest AUC at another position."
    return [
        paragraph(Text(method)),
        *(
            paragraph(Text(described, name, p.here, *p.best, p.chance), warning=p.misplaced)
            if any(p.best[1:])
            else paragraph(Text(highest, name, p.here))
            for name, p in places
        ),
        *(heat_map(p.auc, p.east_m, p.north_m, east, north, Text(drawn, name)) for name, p in places),
    ]
