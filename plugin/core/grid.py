"""The place and the cells of georeferenced arrays."""

from __future__ import annotations

from dataclasses import dataclass

from .raster.crs import same_crs

MASK_NODATA = 255


@dataclass(frozen=True)
class Grid:
    """Rows, columns, position and coordinate system of a raster.

    Attributes:
        rows, cols: size in cells.
        geotransform: GDAL's six numbers, not rotated.
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
        """East-west size of a cell [m]."""
        return abs(self.geotransform[1])

    @property
    def cell_height(self) -> float:
        """North-south size of a cell [m]."""
        return abs(self.geotransform[5])

    @property
    def cell_area(self) -> float:
        """Horizontal area of a cell [m2]."""
        return self.cell_width * self.cell_height

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(x min, y min, x max, y max) in the CRS."""
        x0, dx, _, y0, _, dy = self.geotransform
        xs, ys = sorted((x0, x0 + dx * self.cols)), sorted((y0, y0 + dy * self.rows))
        return xs[0], ys[0], xs[1], ys[1]

    def coincides_with(self, other: Grid) -> bool:
        """Tell whether cells of both lie on each other (within a thousandth), however many; the CRS is not compared."""
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
        return self.geotransform[5] < 0 and other.geotransform[5] < 0

    @classmethod
    def local(cls, shape: tuple[int, int], cell_size: float, crs_wkt: str = "") -> Grid:
        """A north-up grid at the origin, for arrays without a place."""
        return cls(shape[0], shape[1], (0.0, cell_size, 0.0, shape[0] * cell_size, 0.0, -cell_size), crs_wkt)

    def same_crs_as(self, other: Grid) -> bool:
        """Tell whether both are in one coordinate system."""
        return same_crs(self.crs_wkt, other.crs_wkt)

    def same_as(self, other: Grid) -> bool:
        """Tell whether the cells coincide (within a thousandth of a cell); the CRS is not compared."""
        if self.shape != other.shape:
            return False
        slack = 1e-3 * min(self.cell_width, self.cell_height)
        corners = zip(self.bounds, other.bounds)
        return all(abs(a - b) <= slack for a, b in corners) and (self.geotransform[5] < 0) == (
            other.geotransform[5] < 0
        )
