"""Zones: cell centres, overlaps, turned grids, values that are no numbers."""

import numpy as np
import pytest
from osgeo import ogr, osr
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.polygons.zones import Quantity, field_values, values_of_cells, zones_of_cells

COHESION = Quantity("Cohesion", "kPa", 0.0, 200.0, "Soils rarely exceed 50 kPa.")


def wkt() -> str:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(5186)
    return crs.ExportToWkt()


def box(x_min: float, y_min: float, x_max: float, y_max: float) -> bytes:
    ring = f"{x_min} {y_min}, {x_max} {y_min}, {x_max} {y_max}, {x_min} {y_max}, {x_min} {y_min}"
    return bytes(ogr.CreateGeometryFromWkt(f"POLYGON (({ring}))").ExportToWkb())


GRID = Grid(3, 4, (0.0, 10.0, 0.0, 30.0, 0.0, -10.0), wkt())
SOUTH_UP = Grid(3, 4, (0.0, 10.0, 0.0, 0.0, 0.0, 10.0), wkt())


@pytest.mark.parametrize("grid", [GRID, SOUTH_UP])
def test_a_cell_belongs_to_the_zone_of_its_centre(grid: Grid) -> None:
    # x to 14 leaves the second column's centre (15) out, y from 4 takes the southern row's centres (5) in.
    zones, twice = zones_of_cells([box(0, 4, 14, 30), box(16, 0, 40, 14)], grid)
    expected = np.array([[0, -1, -1, -1], [0, -1, -1, -1], [0, -1, 1, 1]])
    assert np.array_equal(zones, expected if grid is GRID else expected[::-1])
    assert twice == 0


def test_where_zones_overlap_the_later_counts() -> None:
    zones, twice = zones_of_cells([box(0, 0, 40, 30), box(0, 0, 10, 30)], GRID)
    assert twice == 3
    assert np.array_equal(zones[:, 0], [1, 1, 1])
    assert (zones[:, 1:] == 0).all()


@pytest.mark.slow
def test_a_hole_is_no_zone_and_many_zones_keep_their_numbers() -> None:
    ring = ogr.CreateGeometryFromWkt("POLYGON ((0 0, 40 0, 40 30, 0 30, 0 0), (11 11, 19 11, 19 19, 11 19, 11 11))")
    zones, _ = zones_of_cells([bytes(ring.ExportToWkb())], GRID)
    assert zones[1, 1] == -1
    assert (zones == 0).sum() == 11
    many = [box(0, 0, 40, 30)] * 70_000
    assert (zones_of_cells(many, GRID)[0] == 69_999).all()


def test_values() -> None:
    values = values_of_cells(np.array([[0, 1], [-1, 0]]), [2.5, 7.0])
    assert values.dtype == np.float32
    assert np.array_equal(values, np.float32([[2.5, 7.0], [np.nan, 2.5]]), equal_nan=True)
    assert np.isnan(values_of_cells(np.array([[-1]]), [])).all()


def test_numbers_given_as_text_are_taken() -> None:
    assert field_values([3, 4.5, "6.25", " 1e1 "], list("abcd"), "c", COHESION) == [3.0, 4.5, 6.25, 10.0]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ["is NULL", "0 to 200 kPa"]),
        ("granite", ["'granite' is not a number"]),
        ("3,5", ["'3,5' is not a number", "decimal comma"]),
        ("", ["no number is given"]),
        ("1_2", ["'1_2' is not a number"]),
        ("5 kPa", ["'5 kPa' is not a number"]),
        (float("nan"), ["'nan' is not a number"]),
        (-1, ["-1 kPa is out of range", "rarely exceed"]),
        (201, ["201 kPa is out of range", "0 to 200 kPa"]),
    ],
)
def test_what_is_no_value_is_refused_by_feature_field_and_value(value: object, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        field_values([1.0, value], ["feature 1", "feature 7"], "coh", COHESION)
    for word in ("Cohesion: field 'coh' of feature 7", *words):
        assert word in str(caught.value)
