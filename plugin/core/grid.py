"""Georeferenced grids: geotransform, size and coordinate system."""

from __future__ import annotations

import math
from dataclasses import dataclass

MASK_NODATA = 255


@dataclass(frozen=True)
class Grid:
    """Rows, columns, position and coordinate system of a raster.

    Attributes:
        rows, cols: size in cells.
        geotransform: GDAL's six numbers; of a grid that is computed on, not rotated.
        crs_wkt: coordinate system as WKT; metres.
    """

    rows: int
    cols: int
    geotransform: tuple[float, ...]
    crs_wkt: str

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.rows, self.cols

    @property
    def cell_width(self) -> float:
        """Length of a cell along its row [m]."""
        return math.hypot(self.geotransform[1], self.geotransform[4])

    @property
    def cell_height(self) -> float:
        """Length of a cell along its column [m]."""
        return math.hypot(self.geotransform[2], self.geotransform[5])

    @property
    def cell_area(self) -> float:
        """Horizontal area of a cell [m2]."""
        _, dx, shear_x, _, shear_y, dy = self.geotransform
        return abs(dx * dy - shear_x * shear_y)

    @property
    def is_straight(self) -> bool:
        """Whether rows run along x and columns along y, neither rotated nor sheared."""
        return self.geotransform[2] == 0.0 and self.geotransform[4] == 0.0

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """(x, y) of the corners of the first row and of the last, each from the first column to the last."""
        x0, dx, shear_x, y0, shear_y, dy = self.geotransform
        places = ((col, row) for row in (0, self.rows) for col in (0, self.cols))
        return tuple((x0 + col * dx + row * shear_x, y0 + col * shear_y + row * dy) for col, row in places)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(x min, y min, x max, y max) in the CRS."""
        xs, ys = zip(*self.corners)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def centre(self) -> tuple[float, float]:
        """(x, y) of the middle."""
        x_min, y_min, x_max, y_max = self.bounds
        return 0.5 * (x_min + x_max), 0.5 * (y_min + y_max)

    def coincides_with(self, other: Grid) -> bool:
        """Return whether the cells of both coincide within a thousandth of a cell; the CRS is not compared."""
        if not all(grid.is_straight and grid.geotransform[1] > 0 > grid.geotransform[5] for grid in (self, other)):
            return False
        slack = 1e-3
        for axis, (size, its_size) in enumerate(
            ((self.cell_width, other.cell_width), (self.cell_height, other.cell_height))
        ):
            shift = (self.bounds[axis] - other.bounds[axis]) / its_size
            if (
                abs(size - its_size) > slack * its_size / max(*self.shape, *other.shape)
                or abs(shift - round(shift)) > slack
            ):
                return False
        return True

    @classmethod
    def local(cls, shape: tuple[int, int], cell_size: float, crs_wkt: str = "") -> Grid:
        """A north-up grid at the origin, for arrays without a place."""
        return cls(shape[0], shape[1], (0.0, cell_size, 0.0, shape[0] * cell_size, 0.0, -cell_size), crs_wkt)

    def same_crs_as(self, other: Grid) -> bool:
        """Return whether both are in one coordinate system."""
        from .raster.crs import same_crs  # GDAL, which workers of a cluster need not have

        return same_crs(self.crs_wkt, other.crs_wkt)

    def same_as(self, other: Grid) -> bool:
        """Return whether the cells coincide (within a thousandth of a cell); the CRS is not compared."""
        if self.shape != other.shape:
            return False
        slack = 1e-3 * min(self.cell_width, self.cell_height)
        pairs = zip(self.corners, other.corners)  # all four: rotation, shear and direction show in them
        return all(abs(a - b) <= slack for mine, its in pairs for a, b in zip(mine, its))
