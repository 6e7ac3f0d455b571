"""Map for a report: classes over a hillshade with legend, scale bar and north arrow, as inline SVG."""

from __future__ import annotations

import base64
import math
import struct
import zlib
from dataclasses import dataclass
from typing import Sequence

import numpy as np

from ..grid import MASK_NODATA, Grid
from ..map_parts.strips import row_strips
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


class MapPicture:
    """Classes over a hillshade, thinned to a picture's size.

    Where the picture is coarser than the map a pixel shows the greatest class within it, so that single cells are not
    lost.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.step = max(1, math.ceil(max(grid.shape) / _LONGEST))
        shape = tuple(-(-size // self.step) for size in grid.shape)
        self.shade = np.full(shape, np.nan)
        self._greatest = np.full(shape, -1, dtype=np.int16)

    def add(
        self, gradient: tuple[np.ndarray, np.ndarray], place: tuple[slice, slice], classes: np.ndarray,
        inside: tuple[slice, slice] = (slice(None), slice(None)),
    ) -> None:  # fmt: skip
        """Add a window.

        Args:
            place: rows and columns of the map; classes: uint8, of these.
            inside: where they are in the gradient.
        """
        first = [-(-s.start // self.step) for s in place]  # pixels whose first cell is in the window
        cells = tuple(slice(f * self.step - s.start, None, self.step) for f, s in zip(first, place))
        light = _hillshade(*(g[inside][cells] for g in gradient), self.grid)
        self.shade[first[0] : first[0] + light.shape[0], first[1] : first[1] + light.shape[1]] = light
        found = _greatest(classes, self.step, tuple(s.start % self.step for s in place))
        row, col = (s.start // self.step for s in place)
        here = self._greatest[row : row + found.shape[0], col : col + found.shape[1]]
        np.maximum(here, found, out=here)

    @property
    def classes(self) -> np.ndarray:
        """Greatest class of each pixel, uint8; 255 = NoData."""
        return np.where(self._greatest < 0, MASK_NODATA, self._greatest).astype(np.uint8)


def map_figure(terrain: Terrain, classes: np.ndarray, legend: Sequence[MapClass], caption: str = "") -> str:
    """Draw classes over the terrain's hillshade as an SVG figure.

    Args:
        classes: uint8 (rows, cols), places in ``legend``, 255 = NoData; see :class:`MapPicture`.
    """
    picture = MapPicture(terrain.grid)
    for at in row_strips(terrain.grid.shape, _STRIP_CELLS):
        picture.add(terrain.gradient_of_rows(at), (at, slice(0, terrain.grid.cols)), classes[at])
    return picture_figure(picture, legend, caption)


def picture_figure(picture: MapPicture, legend: Sequence[MapClass], caption: str = "") -> str:
    """Draw a picture as an SVG figure; legend and caption as in :func:`map_figure`."""
    image = _coloured(picture.shade, picture.classes, legend)
    if picture.grid.geotransform[5] > 0:  # rows run north
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
        *_scale_bar(picture.grid.cell_width * picture.step / zoom, width, bottom),
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


def _hillshade(across: np.ndarray, down: np.ndarray, grid: Grid) -> np.ndarray:
    """Brightness under light from the north-west, 45 deg high: 0 to 1, NaN where unknown, of gradients [-]."""
    if grid.geotransform[5] > 0:
        down = -down
    light = (0.5 * across + 0.5 * down + math.sqrt(0.5)) / np.sqrt(1.0 + across**2 + down**2)
    return np.clip(light, 0.0, 1.0)


def _greatest(classes: np.ndarray, step: int, before: tuple[int, int]) -> np.ndarray:
    """Greatest class of each block of ``step`` cells a side, int16, -1 for none; the first begins ``before``."""
    rows, cols = (-(-(b + size) // step) * step for b, size in zip(before, classes.shape))
    padded = np.full((rows, cols), -1, dtype=np.int16)
    here = tuple(slice(b, b + size) for b, size in zip(before, classes.shape))
    padded[here] = np.where(classes == MASK_NODATA, -1, classes.astype(np.int16))
    return padded.reshape(rows // step, step, cols // step, step).max(axis=(1, 3))


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
