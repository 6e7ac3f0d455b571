"""Raster style whose classes are named after scenarios, created for each run."""

from __future__ import annotations

from html import escape
from typing import Sequence

from ..translation import tr

#: Colours from the first scenario to the last, dark to light as in the style of the failure time.
_RAMP = ("#67001f", "#b10026", "#e31a1c", "#fd8d3c", "#feb24c", "#fed976")
_NEVER = ("#8fb9dc", 100)
_OPAQUE = 235

_QML = """<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology" hasScaleBasedVisibilityFlag="0">
  <pipe>
    <rasterrenderer type="paletted" band="1" opacity="1.0" alphaBand="-1" nodataColor="">
      <rasterTransparency/>
      <colorPalette>
{entries}
      </colorPalette>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
"""


def first_failure_style(names: Sequence[str]) -> str:
    """QML of a raster that holds the number, from 1, of the first scenario in which a cell fails, 0 for none."""
    entries = [_entry(0, *_NEVER, tr("fails in none"))]
    for number, name in enumerate(names, start=1):
        position = (number - 1) / max(len(names) - 1, 1)
        entries.append(_entry(number, _colour(position), _OPAQUE, tr("fails first in scenario '{}'").format(name)))
    return _QML.format(entries="\n".join(entries))


def _entry(value: int, colour: str, alpha: int, label: str) -> str:
    return f'        <paletteEntry value="{value}" color="{colour}" alpha="{alpha}" label="{escape(label)}"/>'


def _colour(position: float) -> str:
    """Colour at 0 to 1 along the ramp."""
    place = position * (len(_RAMP) - 1)
    left = min(int(place), len(_RAMP) - 2)
    share = place - left
    ends = [[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for colour in _RAMP[left : left + 2]]
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in zip(*ends))
