"""Chooses representative windows of a large study area."""

from __future__ import annotations

import numpy as np

from ..grid import Grid
from ..map_part import MapPart
from ..terrain import Terrain

_LEAST_VALID_SHARE = 0.25
_STEEP_DEG = 15.0
_LEAST_STEEP_SHARE = 0.05


def windows(terrain: Terrain, side: int) -> dict[str, Terrain]:
    """Cut a terrain into windows that do not overlap, each with its place.

    Args:
        terrain: to be cut.
        side: greatest length of a window [cells]; they are of nearly equal lengths.

    Returns:
        by name (its first row and column), those of which a quarter at least is valid and a twentieth of that steeper
        than 15 degrees.
    """
    found = {}
    for rows in _parts(terrain.grid.rows, side):
        for cols in _parts(terrain.grid.cols, side):
            valid = terrain.valid[rows, cols]
            if valid.mean() < _LEAST_VALID_SHARE:
                continue
            if (terrain.slope[rows, cols][valid] > np.radians(_STEEP_DEG)).mean() < _LEAST_STEEP_SHARE:
                continue
            found[f"r{rows.start}_c{cols.start}"] = window(terrain, rows, cols)
    return found


def window(terrain: Terrain, rows: slice, cols: slice, part: MapPart | None = None) -> Terrain:
    """A part of a terrain with its place; its surroundings are known only through ``part``."""
    x, dx, _, y, _, dy = terrain.grid.geotransform
    elevation, depth = terrain.elevation[rows, cols], terrain.soil_depth[rows, cols]
    place = (x + cols.start * dx, dx, 0.0, y + rows.start * dy, 0.0, dy)
    return Terrain(Grid(*elevation.shape, place, terrain.grid.crs_wkt), elevation, depth, part)


def _parts(length: int, side: int) -> list[slice]:
    edges = np.linspace(0, length, -(-length // side) + 1).round().astype(int).tolist()
    return [slice(a, b) for a, b in zip(edges[:-1], edges[1:])]
