"""Areas of connected cells: drawings that can be counted by hand, and random ones against a flood fill."""

import numpy as np
import pytest
from osgeo import gdal, ogr
from slopecast.plugin.core.errors import Cancelled
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.polygons.mask_polygons import areas_of_classes, without_holes
from slopecast.plugin.core.polygons.polygon_cells import runs_of_cells

GRID = Grid(8, 10, (1000.0, 10.0, 0.0, 5000.0, 0.0, -5.0), "")


def drawn(*lines: str) -> np.ndarray:
    """Classes of a drawing: a dot is 0, x NoData."""
    return np.array([[{".": 0, "x": 255}.get(c, c) for c in line] for line in lines], dtype=int).astype(np.uint8)


MAP = drawn(
    "11....2...",
    "11..222..1",
    "....2.2...",
    "1...222.x1",
    ".1.......1",
    "1111......",
    "1..1...333",
    "1111...3.3",
)


def shapes(found: list) -> list:
    return [ogr.CreateGeometryFromWkb(polygon) for polygon in found]


def test_areas_of_a_drawing() -> None:
    found = areas_of_classes(MAP, np.arange(80.0).reshape(8, 10), GRID)
    assert found.classes.tolist() == [1, 2, 1, 1, 1, 1, 3]
    assert found.cells.tolist() == [4, 9, 1, 1, 2, 11, 5]
    assert found.area == pytest.approx(50.0 * found.cells)
    assert [s.GetArea() for s in shapes(found.polygons)] == pytest.approx(found.area)
    assert found.mean[0] == pytest.approx((0 + 1 + 10 + 11) / 4)
    assert (found.minimum[0], found.maximum[0], found.maximum[-1]) == (0.0, 11.0, 79.0)
    west, east, south, north = shapes(found.polygons)[0].GetEnvelope()
    assert (west, east, south, north) == (1000.0, 1020.0, 4990.0, 5000.0)
    assert shapes(found.polygons)[1].GetGeometryCount() == 2  # a border and a hole


@pytest.mark.parametrize(("smallest", "cells"), [(0, 7), (50, 7), (50.1, 5), (250, 3), (550, 1), (551, 0)])
def test_smallest_area(smallest: float, cells: int) -> None:
    found = areas_of_classes(MAP, np.ones(MAP.shape), GRID, smallest_area=smallest)
    assert len(found.polygons) == found.cells.size == cells
    assert (found.area >= smallest).all()


@pytest.mark.parametrize(
    ("largest", "filled"),
    [(49.0, []), (50.0, [(2, 5, 2)]), (99.9, [(2, 5, 2)]), (100.0, [(2, 5, 2), (6, 1, 1), (6, 2, 1)])],
)
def test_holes(largest: float, filled: list) -> None:
    """The hole of class 3 opens to the raster's border; that of class 1 has two cells."""
    expected = MAP.copy()
    for row, col, kind in filled:
        expected[row, col] = kind
    assert np.array_equal(without_holes(MAP, largest / 50.0), expected)
    found = areas_of_classes(MAP, np.ones(MAP.shape), GRID, largest_hole=largest)
    assert found.cells.sum() == ((MAP > 0) & (MAP < 255)).sum() + len(filled)


@pytest.mark.parametrize(
    ("map_", "filled"),
    [(drawn("111", "1.1", "121"), False), (drawn("111", "1.x", "111"), False), (drawn("11.", "1.1", "111"), True),
     (drawn("1111", "1..1", "1.11", "1111"), True), (drawn("11111", "1...1", "1.1.1", "1...1", "11111"), True)],
    ids=["two classes", "NoData", "open at a corner", "bent", "island"],
)  # fmt: skip
def test_what_is_a_hole(map_: np.ndarray, filled: bool) -> None:
    found = without_holes(map_, 100.0)
    assert (found[1, 1] == 1) == filled
    assert ((found == 255) == (map_ == 255)).all()


def test_outlines_that_touch_themselves_are_made_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before GDAL 3.4, as in QGIS on macOS, a hole that is open at a corner is no ring of its own."""

    def outlined(_band: object, _mask: object, layer: ogr.Layer, *_: object, **_options: object) -> None:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField(0, 1)
        ring = "0 0,8 0,8 -4,4 -4,4 -8,8 -8,8 -4,12 -4,12 -12,0 -12,0 0"
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({ring}))"))
        layer.CreateFeature(feature)

    monkeypatch.setattr(gdal, "Polygonize", outlined)
    monkeypatch.setattr(gdal, "VersionInfo", lambda *_: "3030200")
    map_ = drawn("11.", "1.1", "111")
    found = areas_of_classes(map_, map_.astype(float), Grid(3, 3, (0.0, 4.0, 0.0, 0.0, 0.0, -4.0), ""))
    (shape,) = shapes(found.polygons)
    assert shape.IsValid()
    assert shape.GetGeometryType() == ogr.wkbPolygon
    assert shape.GetArea() == 7 * 16.0


@pytest.mark.parametrize("seed", range(6))
def test_random_maps(seed: int) -> None:
    """Areas are those of a flood fill, valid, and hold the centres of their own cells alone."""
    random = np.random.default_rng(seed)
    classes = random.choice(np.array([0, 1, 2, 255], dtype=np.uint8), (40, 50), p=[0.35, 0.5, 0.1, 0.05])
    values = np.where(random.random((40, 50)) < 0.2, np.nan, random.random((40, 50)))
    grid = Grid(40, 50, (0.0, 4.0, 0.0, 0.0, 0.0, -4.0), "")
    found = areas_of_classes(classes, values, grid)
    expected = flooded(classes)
    assert len(found.polygons) == len(expected)
    assert all(shape.IsValid() for shape in shapes(found.polygons))
    inside = {}
    for runs in runs_of_cells(found.polygons, grid):
        for row, start, stop in zip(runs.row, runs.start, runs.stop):
            inside.setdefault(runs.polygon, set()).update((row, col) for col in range(start, stop))
    assert {frozenset(cells) for cells in inside.values()} == expected
    for number, cells in inside.items():
        known = np.array([values[cell] for cell in cells])
        known = known[np.isfinite(known)]
        assert found.cells[number] == len(cells)
        assert {classes[cell] for cell in cells} == {found.classes[number]}
        statistics = (found.mean[number], found.minimum[number], found.maximum[number])
        assert statistics == pytest.approx((known.mean(), known.min(), known.max()) if known.size else (np.nan,) * 3,
                                           nan_ok=True)  # fmt: skip


def flooded(classes: np.ndarray) -> set:
    """Cells of each group of one class that share sides."""
    left, found = {tuple(cell) for cell in np.argwhere((classes > 0) & (classes < 255))}, set()
    while left:
        edge = [left.pop()]
        group = set(edge)
        while edge:
            row, col = edge.pop()
            for cell in ((row - 1, col), (row + 1, col), (row, col - 1), (row, col + 1)):
                if cell in left and classes[cell] == classes[row, col]:
                    left.remove(cell)
                    group.add(cell)
                    edge.append(cell)
        found.add(frozenset(group))
    return found


def test_nothing_and_cancel() -> None:
    found = areas_of_classes(np.zeros((4, 4), dtype=np.uint8), np.ones((4, 4)), GRID)
    assert found.polygons == []
    assert found.cells.size == 0

    class Stopped(Feedback):
        def isCanceled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        areas_of_classes(MAP, np.ones(MAP.shape), GRID, feedback=Stopped())
