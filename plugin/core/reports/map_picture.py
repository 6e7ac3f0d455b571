"""Map for a report: classes over a hillshade with legend, scale bar and north arrow, as inline SVG."""

from __future__ import annotations

import base64
import math
import struct
import zlib
from dataclasses import dataclass
from typing import Sequence

import numpy as np

from ..grid import MASK_NODATA
from ..map_parts.strips import pieces
from ..raster import scratch
from ..terrain import Terrain
from .html import escape

#: Longest side of the picture [pixels]; larger maps are thinned.
_LONGEST = 700
_STRIP_CELLS = 1 << 20
_SMALLEST = 420  # smaller maps are enlarged
_LINE = 20
_OPACITY = 0.8


@dataclass(frozen=True)
class MapClass:
    """One class of a map; its colour is ``#rrggbb``, or empty where the hillshade alone is to be seen."""

    label: str
    colour: str = ""


def map_figure(terrain: Terrain, classes: np.ndarray, legend: Sequence[MapClass], caption: str = "") -> str:
    """Draw classes over the terrain's hillshade as an SVG figure.

    A large map is thinned to the picture's size: a pixel shows the greatest class within it, so that single cells are
    not lost.

    Args:
        classes: uint8 (rows, cols), places in ``legend``, 255 = NoData.
    """
    grid = terrain.grid
    step = max(1, math.ceil(max(grid.shape) / _LONGEST))
    image = _coloured(_hillshade(terrain, step), _greatest(classes, step), legend)
    if grid.geotransform[5] > 0:  # rows run north
        image = image[::-1]
    rows, cols = image.shape[:2]
    longest = max(rows, cols)
    zoom = max(1, min(-(-_SMALLEST // longest), _LONGEST // longest))
    width, height = cols * zoom, rows * zoom
    data = base64.b64encode(png(image)).decode("ascii")
    bottom = height + 12
    shown = [entry for entry in legend if entry.label]
    total = bottom + 40 + _LINE * len(shown)
    parts = [
        f'<figure><svg xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {max(width, 320)} {total}" '
        f'width="{max(width, 320)}" height="{total}" role="img" '
        f'aria-label="{escape(caption)}" font-family="sans-serif" font-size="13">',
        # Not the newer href: QGIS's own viewer does not know it.
        f'<image width="{width}" height="{height}" style="image-rendering:pixelated" '
        f'xlink:href="data:image/png;base64,{data}"/>',
        *_scale_bar(grid.cell_width * step / zoom, width, bottom),
        f'<text x="{width - 14}" y="20" text-anchor="middle" font-weight="bold">N</text>',
        f'<path d="M{width - 14} 26 l-6 18 l6 -4 l6 4 z" fill="#222"/>',
        *_legend(shown, bottom + 40),
        f"</svg><figcaption>{escape(caption)}</figcaption></figure>",
    ]
    return "\n".join(parts)


def png(image: np.ndarray) -> bytes:
    """Encode uint8 (rows, cols, 3) as PNG.

    Source: PNG (Portable Network Graphics) Specification, ISO/IEC 15948: truecolour of 8 bits, no filter.
    """
    rows, cols = image.shape[:2]
    lines = np.zeros((rows, 1 + 3 * cols), dtype=np.uint8)  # each line begins with its filter, 0
    lines[:, 1:] = image.reshape(rows, 3 * cols)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", cols, rows, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def _hillshade(terrain: Terrain, step: int) -> np.ndarray:
    """Brightness of the first cell of each pixel under light from the north-west, 45 deg high: 0 to 1, NaN = NoData."""
    rows, cols = (np.arange(0, size, step) for size in terrain.grid.shape)
    across, down = terrain.gradient_at(*(x.ravel() for x in np.meshgrid(rows, cols, indexing="ij")))
    if terrain.grid.geotransform[5] > 0:
        down = -down
    light = (0.5 * across + 0.5 * down + math.sqrt(0.5)) / np.sqrt(1.0 + across**2 + down**2)
    return np.clip(light, 0.0, 1.0).reshape(rows.size, cols.size)


def _greatest(classes: np.ndarray, step: int) -> np.ndarray:
    """Greatest class of each block of ``step`` cells a side, uint8; 255 where all are NoData."""
    found, (rows, cols) = [], classes.shape
    for at in scratch.releasing(pieces(rows, step * max(1, _STRIP_CELLS // (step * cols)))):
        known = np.where(classes[at] == MASK_NODATA, -1, classes[at].astype(np.int16))
        of_rows = np.maximum.reduceat(known, np.arange(0, len(known), step), axis=0)
        found.append(np.maximum.reduceat(of_rows, np.arange(0, cols, step), axis=1))
    greatest = np.concatenate(found)
    return np.where(greatest < 0, MASK_NODATA, greatest).astype(np.uint8)


def _coloured(shade: np.ndarray, classes: np.ndarray, legend: Sequence[MapClass]) -> np.ndarray:
    """uint8 (rows, cols, 3): the hillshade, light, with the classes' colours laid over it; NoData is white."""
    grey = np.where(np.isfinite(shade), 90.0 + 165.0 * shade, 255.0)
    image = np.repeat(grey[..., None], 3, axis=2)
    for number, entry in enumerate(legend):
        if entry.colour:
            colour = np.array([int(entry.colour[k : k + 2], 16) for k in (1, 3, 5)], dtype=float)
            here = classes == number
            image[here] = (1.0 - _OPACITY) * image[here] + _OPACITY * colour
    image[classes == MASK_NODATA] = 255.0
    return image.round().astype(np.uint8)


def _scale_bar(metres_per_pixel: float, width: int, top: float) -> list[str]:
    """A bar of a round length, about a quarter of the map."""
    wanted = metres_per_pixel * width / 4.0
    power = 10.0 ** math.floor(math.log10(wanted))
    length = max(m * power for m in (1.0, 2.0, 5.0) if m * power <= wanted)
    pixels = length / metres_per_pixel
    text = f"{length / 1000.0:g} km" if length >= 1000.0 else f"{length:g} m"
    return [
        f'<rect x="1" y="{top}" width="{pixels:.1f}" height="6" fill="#222"/>',
        f'<text x="{pixels + 8:.1f}" y="{top + 9}">{text}</text>',
    ]


def _legend(legend: Sequence[MapClass], top: float) -> list[str]:
    parts = []
    for row, entry in enumerate(legend):
        y = top + _LINE * row
        parts.append(
            f'<rect x="1" y="{y}" width="20" height="13" fill="{entry.colour or "#dddddd"}" '
            f'stroke="#666" fill-opacity="{_OPACITY}"/>'
        )
        parts.append(f'<text x="28" y="{y + 11}">{escape(entry.label)}</text>')
    return parts
