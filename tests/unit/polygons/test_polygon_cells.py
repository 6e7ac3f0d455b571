"""Cells of polygons: against GEOS asked centre by centre, and counts that can be read off a drawing."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from osgeo import ogr
from slopecast.plugin.core.errors import Cancelled
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.polygons import polygon_cells
from slopecast.plugin.core.polygons.polygon_cells import positions, runs_of_cells
from slopecast.plugin.core.polygons.zones import ZoneCounts, count_failed

ROWS, COLS = 30, 40
NORTH_UP = Grid(ROWS, COLS, (1000.0, 10.0, 0.0, 5000.0, 0.0, -10.0), "")
SOUTH_UP = Grid(ROWS, COLS, (1000.0, 10.0, 0.0, 4700.0, 0.0, 10.0), "")
OBLONG = Grid(ROWS, COLS, (1000.3, 9.7, 0.0, 5001.1, 0.0, -10.4), "")
GRIDS = pytest.mark.parametrize("grid", [NORTH_UP, SOUTH_UP, OBLONG], ids=["north-up", "south-up", "oblong"])
BEYOND = 12  # cells around the raster in which the slow count looks too


def wkb(text: str) -> bytes:
    return bytes(ogr.CreateGeometryFromWkt(text).ExportToWkb())


def box(x_min: float, y_min: float, x_max: float, y_max: float) -> bytes:
    return wkb(f"POLYGON (({x_min} {y_min}, {x_max} {y_min}, {x_max} {y_max}, {x_min} {y_max}, {x_min} {y_min}))")


def mask_of(seed: int = 0) -> np.ndarray:
    """About a third failed, a third stable, a third NoData."""
    return np.random.default_rng(seed).choice(np.array([0, 1, 255], dtype=np.uint8), (ROWS, COLS))


def counted(mask: np.ndarray, grid: Grid, polygons: list, feedback: Feedback | None = None) -> ZoneCounts:
    return count_failed(lambda some: some == 1, np.where(mask == 255, np.nan, mask), grid, polygons, feedback)


def slow_count(mask: np.ndarray, grid: Grid, geometry: ogr.Geometry) -> tuple[int, int, int]:
    """Cells, valid and failed cells: GEOS is requested every centre."""
    x0, dx, _, y0, _, dy = grid.geotransform
    counts = [0, 0, 0]
    for row in range(-BEYOND, grid.rows + BEYOND):
        for col in range(-BEYOND, grid.cols + BEYOND):
            centre = ogr.Geometry(ogr.wkbPoint)
            centre.AddPoint_2D(x0 + (col + 0.5) * dx, y0 + (row + 0.5) * dy)
            if geometry.Contains(centre):
                inside = 0 <= row < grid.rows and 0 <= col < grid.cols
                value = mask[row, col] if inside else 255
                counts[0] += 1
                counts[1] += value != 255
                counts[2] += value == 1
    return tuple(counts)


def star(seed: int, corners: int = 9) -> str:
    """A star-shaped ring somewhere on the raster or across its border."""
    random = np.random.default_rng(seed)
    x, y = random.uniform(950, 1450), random.uniform(4650, 5050)
    angles = np.sort(random.uniform(0, 2 * np.pi, corners))
    radius = random.uniform(20, 90, corners)
    points = [f"{x + r * np.cos(a):.4f} {y + r * np.sin(a):.4f}" for a, r in zip(angles, radius)]
    return f"({', '.join([*points, points[0]])})"


SHAPES = {
    **{f"star {seed}": f"POLYGON ({star(seed)})" for seed in range(4)},
    "hole": "POLYGON ((1041 4741, 1301 4752, 1290 4969, 1030 4962, 1041 4741), (1101 4801, 1207 4811, 1151 4933, "
    "1101 4801))",
    "hole with an island": "MULTIPOLYGON (((1041 4741, 1301 4752, 1290 4969, 1030 4962, 1041 4741), (1101 4801, 1257 "
    "4811, 1151 4933, 1101 4801)), ((1131 4821, 1172 4825, 1151 4871, 1131 4821)))",
    "parts": "MULTIPOLYGON (((1011 4711, 1098 4711, 1098 4793, 1011 4793, 1011 4711)), ((1201 4801, 1313 4822, 1255 "
    "4921, 1201 4801)))",
    "across two borders": "POLYGON ((901 4951, 1202 4951, 1202 5088, 901 5088, 901 4951))",
    "within a cell-wide strip": "POLYGON ((1003 4703, 1006 4703, 1399 4994, 1396 4996, 1003 4703))",
}  # fmt: skip


@GRIDS
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_counts_are_those_of_every_centre(shape: str, grid: Grid) -> None:
    mask = mask_of()
    counts = counted(mask, grid, [wkb(shape)])
    expected = slow_count(mask, grid, ogr.CreateGeometryFromWkt(shape))
    assert expected[0] > 1
    assert (counts.cells[0], counts.valid[0], counts.failed[0]) == expected
    assert counts.failed_area[0] == pytest.approx(expected[2] * grid.cell_width * grid.cell_height)


def test_many_polygons_are_counted_each_for_itself() -> None:
    """Overlaps share cells: an index of the last polygon at each cell would miss some."""
    mask = mask_of(3)
    shapes = [f"POLYGON ({star(seed)})" for seed in range(100, 120)]
    counts = counted(mask, NORTH_UP, [wkb(shape) for shape in shapes])
    expected = [slow_count(mask, NORTH_UP, ogr.CreateGeometryFromWkt(shape)) for shape in shapes]
    assert np.array_equal(np.array(expected).T, [counts.cells, counts.valid, counts.failed])
    twice = counted(mask, NORTH_UP, [box(1000, 4700, 1400, 5000)] * 3)
    assert twice.cells.tolist() == [ROWS * COLS] * 3
    assert twice.failed.tolist() == [int((mask == 1).sum())] * 3


@pytest.mark.parametrize(
    ("shape", "cells"),
    [
        # Two triangles of a square of 10 x 10 cells that meet in its middle: of each two opposite ones half the cells.
        ("POLYGON ((1000 4900, 1100 5000, 1100 4900, 1000 5000, 1000 4900))", 50),
        # A ring that runs the other way round, and one that is not closed.
        ("POLYGON ((1000 4900, 1000 5000, 1100 5000, 1100 4900, 1000 4900))", 100),
        ("POLYGON ((1000 4900, 1100 4900, 1100 5000, 1000 5000))", 100),
        # Parts that overlap: 100 + 100 - 25.
        ("MULTIPOLYGON (((1000 4900, 1100 4900, 1100 5000, 1000 5000, 1000 4900)), ((1050 4850, 1150 4850, 1150 4950, "
         "1050 4950, 1050 4850)))", 175),
        ("TIN (((1000 4900, 1100 4900, 1100 5000, 1000 4900)), ((1000 4900, 1000 5000, 1100 5000, 1000 4900)))", 100),
        ("GEOMETRYCOLLECTION (POLYGON ((1000 4900, 1100 4900, 1100 5000, 1000 5000, 1000 4900)), MULTIPOLYGON (((1200 "
         "4900, 1300 4900, 1300 5000, 1200 5000, 1200 4900))))", 200),
        ("POLYGON EMPTY", 0),
    ],
)  # fmt: skip
def test_geometries_that_are_not_valid(shape: str, cells: int) -> None:
    counts = counted(np.ones((ROWS, COLS), dtype=np.uint8), NORTH_UP, [wkb(shape)])
    assert counts.cells[0] == counts.failed[0] == cells
    assert np.isnan(counts.valid_share[0]) == (cells == 0)


@pytest.mark.parametrize("nowhere", [np.nan, np.inf, 1e300])
def test_a_polygon_without_a_place_has_no_cell(nowhere: float) -> None:
    """What a transformation into another coordinate system leaves where that is not defined."""
    ring, polygon = ogr.Geometry(ogr.wkbLinearRing), ogr.Geometry(ogr.wkbPolygon)
    for x, y in ((1000, 4700), (1400, 4700), (1400, nowhere), (1000, 4700)):
        ring.AddPoint_2D(x, y)
    polygon.AddGeometry(ring)
    counts = counted(mask_of(), NORTH_UP, [bytes(polygon.ExportToWkb()), box(1000, 4700, 1400, 5000)])
    assert (counts.cells.tolist(), counts.single) == ([0, ROWS * COLS], 0)
    assert np.isnan([counts.failed_share[0], counts.valid_share[0], counts.failed_area[0]]).all()


@GRIDS
def test_a_polygon_without_a_centre_has_the_cell_that_it_lies_in(grid: Grid) -> None:
    mask = np.full((ROWS, COLS), 255, dtype=np.uint8)
    row, col = (7, 11)
    mask[row, col] = 1
    x0, dx, _, y0, _, dy = grid.geotransform
    x, y = x0 + (col + 0.2) * dx, y0 + (row + 0.8) * dy
    counts = counted(mask, grid, [box(x - 1, y - 1, x + 1, y + 1), box(x + 9, y - 1, x + 11, y + 1)])
    assert counts.single == 2
    assert (counts.cells.tolist(), counts.valid.tolist(), counts.failed.tolist()) == ([1, 1], [1, 0], [1, 0])
    assert counts.failed_area.tolist() == pytest.approx([grid.cell_area, np.nan], nan_ok=True)


def test_polygons_that_share_a_border_share_no_cell() -> None:
    """Borders on the centres themselves, straight and slanting: every cell belongs to one polygon."""
    west, east = box(1000, 4700, 1205, 5000), box(1205, 4700, 1400, 5000)
    north, south = box(1000, 4855, 1400, 5000), box(1000, 4700, 1400, 4855)
    upper = wkb("POLYGON ((1000 4700, 1400 5000, 1000 5000, 1000 4700))")
    lower = wkb("POLYGON ((1400 5000, 1000 4700, 1400 4700, 1400 5000))")
    counts = counted(mask_of(), NORTH_UP, [west, east, north, south, upper, lower]).cells
    assert (counts[::2] + counts[1::2]).tolist() == [ROWS * COLS] * 3


@pytest.mark.parametrize(("x_min", "cells"), [(1000.05, 3), (1000.0, 4), (999.95, 4), (999.85, 5)])
def test_rounding_errors_of_coordinates_decide_nothing(x_min: float, cells: int) -> None:
    """Cells of 0.1 m, centres at 0.05, 0.15, ...: a western border leaves its own out."""
    grid = Grid(3, 10, (1000.0, 0.1, 0.0, 5000.0, 0.0, -0.1), "")
    counts = counted(np.ones((3, 10), dtype=np.uint8), grid, [box(x_min, 4999.9, 1000.35, 5000.0)])
    assert counts.cells[0] == cells


@pytest.mark.parametrize(
    ("x_min", "x_max", "valid", "share"), [(900, 1100, 100, 0.5), (700, 1100, 100, 0.25), (1350, 1450, 50, 0.5),
                                           (2000, 2100, 0, 0.0)],
)  # fmt: skip
def test_what_lies_beyond_the_raster_lowers_the_valid_share(
    x_min: float, x_max: float, valid: int, share: float
) -> None:
    counts = counted(np.ones((ROWS, COLS), dtype=np.uint8), NORTH_UP, [box(x_min, 4900, x_max, 5000)])
    assert (counts.valid[0], counts.failed[0], counts.valid_share[0]) == (valid, valid, share)
    assert counts.failed_share[0] == pytest.approx(1.0 if valid else np.nan, nan_ok=True)  # unknown is not 0
    assert counts.failed_area[0] == pytest.approx(100.0 * valid if valid else np.nan, nan_ok=True)


@pytest.mark.slow
def test_a_polygon_much_larger_than_the_raster() -> None:
    """A country around a valley, of millions of rows: exact, and without a raster of its size."""
    size = 10 * 3_000_000
    tracemalloc.start()
    try:
        counts = counted(mask_of(), NORTH_UP, [box(1000 - size, 4700 - size, 1400 + size, 5000 + size)])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1e9  # a raster of its size would have 3.6e13 cells
    assert counts.cells[0] == (ROWS + 2 * 3_000_000) * (COLS + 2 * 3_000_000)
    assert counts.valid[0] == (mask_of() != 255).sum()
    assert counts.failed[0] == (mask_of() == 1).sum()


def test_five_thousand_polygons_on_a_million_cells() -> None:
    grid = Grid(1000, 1000, (0.0, 10.0, 0.0, 10_000.0, 0.0, -10.0), "")
    mask = np.random.default_rng(1).choice(np.array([0, 1, 255], dtype=np.uint8), grid.shape)
    corner = np.random.default_rng(2).integers(0, 900, (5000, 2))
    counts = counted(mask, grid, [box(10 * c, 10_000 - 10 * (r + 60), 10 * (c + 40), 10_000 - 10 * r)
                                       for r, c in corner])  # fmt: skip
    expected = [int((mask[r : r + 60, c : c + 40] == 1).sum()) for r, c in corner]
    assert counts.failed.tolist() == expected
    assert (counts.cells == 2400).all()


@pytest.mark.parametrize("at_once", [1, 7, 100, 2_000_000])
def test_values_are_summarized_for_each_polygon(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Overlapping windows, some on NoData alone, against slices of the array."""
    monkeypatch.setattr(polygon_cells, "_CELLS", at_once)
    random = np.random.default_rng(5)
    values = np.where(random.random((ROWS, COLS)) < 0.3, np.nan, random.normal(2.0, 1.0, (ROWS, COLS)))
    values[20:25, 10:20] = np.nan
    windows = [(0, 0, 30, 40), (3, 5, 9, 30), (20, 10, 25, 20), (3, 5, 9, 30), (29, 39, 30, 40), (24, 0, 30, 11)]
    boxes = [box(1000 + 10 * c1, 5000 - 10 * r2, 1000 + 10 * c2, 5000 - 10 * r1) for r1, c1, r2, c2 in windows]
    counts = count_failed(lambda some: some < 1.5, values, NORTH_UP, boxes)
    for number, (r1, c1, r2, c2) in enumerate(windows):
        part = values[r1:r2, c1:c2]
        part = part[np.isfinite(part)]
        found = (counts.mean[number], counts.minimum[number], counts.maximum[number])
        assert (counts.valid[number], counts.failed[number]) == (part.size, (part < 1.5).sum())
        expected = (part.mean(), part.min(), part.max()) if part.size else (np.nan,) * 3
        assert found == pytest.approx(expected, nan_ok=True, rel=1e-12)
        assert counts.cells[number] == (r2 - r1) * (c2 - c1)


def test_runs_come_in_the_order_of_the_polygons_and_never_twice() -> None:
    shapes = [wkb(shape) for shape in SHAPES.values()]
    polygons = []
    for runs in runs_of_cells(shapes, NORTH_UP):
        polygons.append(runs.polygon)
        inside = runs.within(NORTH_UP.shape)
        cells = [r * COLS + c for r, a, b in zip(inside.row, inside.start, inside.stop) for c in range(a, b)]
        assert len(cells) == len(set(cells)) > 0
        assert all(0 <= r < ROWS and 0 <= a < b <= COLS for r, a, b in zip(inside.row, inside.start, inside.stop))
        assert np.concatenate(list(inside.indices(COLS))).tolist() == cells
    assert polygons == list(range(len(shapes)))


def test_positions_of_points() -> None:
    cols, rows = positions(np.array([1000.0, 1005.0, 1399.0]), np.array([5000.0, 4995.0, 4701.0]), NORTH_UP)
    assert cols.tolist() == pytest.approx([0.0, 0.5, 39.9])
    assert rows.tolist() == pytest.approx([0.0, 0.5, 29.9])
    assert positions(np.array([1005.0]), np.array([4995.0]), SOUTH_UP)[1][0] == 29.5


def test_a_cancel_stops_the_count() -> None:
    class Impatient(Feedback):
        asked = 0

        def isCanceled(self) -> bool:
            self.asked += 1
            return self.asked > 2

    with pytest.raises(Cancelled):
        counted(mask_of(), NORTH_UP, [box(1000, 4700, 1400, 5000)], Impatient())
