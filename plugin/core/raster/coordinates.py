"""Checks that lengths on a grid are metres on the ground, with the scale of its map projection."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Iterable, Sequence

import numpy as np
from osgeo import osr

from ...text import Text
from ..errors import InputError
from ..feedback import Feedback
from ..grid import Grid
from .crs import crs_of, datum_shift_is_unknown, is_metric, metric_system, same_crs, transformation, transformed
from .gdal_errors import quiet

_STEP_M = 50.0
#: Lengths on the map that differ by more from those on the ground are refused; UTM far outside its zone has 1 %.
LARGEST_STRETCH = 0.05
#: So are scales that differ more by direction. Gradients are wrong by the scale along them, so that two slopes of one
#: angle which face the two directions get gradients that differ by this share; without cohesion the factor of safety
#: is tan(phi) / tan(slope), and differs by the same. EPSG:3035 has 4.4 % at the rim of Europe, the equal-area conics of
#: the United States and Canada 3 %; conformal systems (UTM, nearly all national grids) none.
LARGEST_ANISOTROPY = 0.05
_NOTABLE_ANISOTROPY = 0.01
_SMALLEST_CELL_M = 0.05  # narrower ones without a coordinate system are in degrees
_DEGREES_X, _DEGREES_Y = 360.0, 90.0
_ALLOWED = "a projected coordinate system in metres"


@dataclass(frozen=True)
class Distortion:
    """The worst of a projection at some places.

    Attributes:
        least, greatest: length on the map over length on the ground, of all directions and places.
        anisotropy: greatest over least at one place; 1 where angles are kept.
    """

    least: float
    greatest: float
    anisotropy: float


def distortion(crs_wkt: str, places: Iterable[tuple[float, float]]) -> Distortion | None:
    """Scales of a projection by Tissot's indicatrix; ``None`` where they can be had at none of the places.

    In the zone of a national grid or of UTM they are 1 within a thousandth; in Web Mercator 1 / cos(latitude).

    Args:
        crs_wkt: a projected coordinate system in metres.
        places: (x, y) in it; those that it does not map are passed over.

    Source: Snyder (1987), Map Projections, USGS Professional Paper 1395, chapter 4.
    """
    crs = crs_of(crs_wkt)
    if crs is None or not crs.IsProjected():
        return None
    all_found = [scales for scales in (_scales(crs, place) for place in places) if scales is not None]
    # inverse formulas also return places beyond the edge of a projection; a map wholly beyond it crosses the date line
    found = [scales for *scales, on_map in all_found if on_map] or [scales for *scales, _ in all_found]
    if not found:
        return None
    least, greatest = zip(*found)
    return Distortion(min(least), max(greatest), max(large / small for small, large in found))


def _scales(crs: osr.SpatialReference, place: tuple[float, float]) -> tuple[float, float, bool] | None:
    """Least and greatest scale at a place, and whether it is on the map.

    The scales are the inverse singular values of the derivative of ground by map.
    """
    x, y = place
    steps = [(x, y), (x - _STEP_M, y), (x + _STEP_M, y), (x, y - _STEP_M), (x, y + _STEP_M)]
    found = _geographic(crs, steps)
    if found is None:
        return None
    lon, lat = found[0].T
    # lengths of a radian along the parallel and the meridian [m]
    flattening = 1.0 / crs.GetInvFlattening() if crs.GetInvFlattening() else 0.0
    squared = flattening * (2.0 - flattening)
    curved = 1.0 - squared * math.sin(lat[0]) ** 2
    along_parallel = crs.GetSemiMajor() / math.sqrt(curved) * math.cos(lat[0])
    along_meridian = crs.GetSemiMajor() * (1.0 - squared) / curved**1.5
    turns = (lon[[2, 4]] - lon[[1, 3]] + math.pi) % (2.0 * math.pi) - math.pi  # across the date line
    ground = np.stack([turns * along_parallel, (lat[[2, 4]] - lat[[1, 3]]) * along_meridian]) / (2.0 * _STEP_M)
    greatest, least = np.linalg.svd(ground, compute_uv=False)
    return (float(1.0 / greatest), float(1.0 / least), found[1]) if least > 0.0 else None


def _geographic(crs: osr.SpatialReference, places: Sequence[tuple[float, float]]) -> tuple[np.ndarray, bool] | None:
    """Longitude and latitude [rad] of places on the system's own ellipsoid, and whether the first one is on the map."""
    with quiet(AttributeError, TypeError):  # no transformation, or no geographic system to go to
        target = crs.CloneGeogCS()
        found = transformation(crs, target).TransformPoints([list(place) for place in places])
        found = np.array(found, dtype=np.float64)[:, :2]
        back = transformation(target, crs).TransformPoint(*found[0])[:2]
        if np.isfinite(found).all():
            return found * target.GetAngularUnits(), math.dist(back, places[0]) < _STEP_M
    return None


def looks_metric(grid: Grid) -> bool:
    """Return whether the cells of a grid without coordinate system can be in metres: no degrees of a globe."""
    x_min, y_min, x_max, y_max = grid.bounds
    on_globe = max(-x_min, x_max) <= _DEGREES_X and max(-y_min, y_max) <= _DEGREES_Y
    return not (on_globe and min(grid.cell_width, grid.cell_height) < _SMALLEST_CELL_M)


def check_metric(grid: Grid, label: str, feedback: Feedback) -> None:
    """Check that coordinates are in metres; without a coordinate system metres are assumed, with a caution.

    Raises:
        InputError: degrees, feet, or an unknown system that looks like degrees.
    """
    if not grid.crs_wkt:
        if not looks_metric(grid):
            raise InputError(
                label, Text("has no coordinate system, and cells of {:g} look like degrees", grid.cell_width), _ALLOWED,
                "Set it with Layer > Set CRS of Layer(s) or Assign Projection; a plain ASCII grid has none of its own, "
                "but may have a .prj file next to it.",
            )  # fmt: skip
        text = (
            "{} has no coordinate system: its coordinates are assumed to be in metres, and the results have no "
            "coordinate system either."
        )
        feedback.pushCaution(Text(text, label))
        return
    crs = crs_of(grid.crs_wkt)
    if crs is None or not (crs.IsProjected() or crs.IsLocal()):
        problem = "is not in a projected coordinate system (its cells are in degrees)"
        raise InputError(label, problem, _ALLOWED, reprojection_advice(grid))
    if not is_metric(crs):
        problem = Text("is in {}, not in metres", crs.GetLinearUnitsName())
        raise InputError(label, problem, _ALLOWED, reprojection_advice(grid))
    if crs.IsProjected() and not looks_metric(grid):
        raise InputError(
            label,
            Text("has coordinates that look like degrees (cells of {:g}), and its coordinate system '{}' is in metres",
                 grid.cell_width, crs.GetName()),
            _ALLOWED,
            "Setting a coordinate system does not reproject a layer: set the one in degrees again (Layer > Set CRS of "
            "Layer(s)), then reproject it with Raster > Projections > Warp (Reproject).",
        )  # fmt: skip


def datum_caution(label: str, crs_wkt: str, grid: Grid) -> Text | None:
    """Caution for a layer whose coordinate system (WKT) PROJ cannot relate to the ground of a grid."""
    if not datum_shift_is_unknown(grid.crs_wkt, crs_wkt, grid.centre):
        return None
    return Text(
        "{}: no transformation between the datum of its coordinate system and that of the map is known. It may be "
        "displaced by several hundred metres. Set its coordinate system by EPSG code (Layer > Set CRS of Layer(s)).",
        label,
    )  # fmt: skip


def file_crs_caution(
    label: str, layer_wkt: str, file_wkt: str, place: tuple[float, float], tolerance: float
) -> Text | None:
    """Caution if a layer has another coordinate system than its file, which puts it elsewhere.

    So it is where one was set instead of reprojecting the layer, or where the file was replaced after it was loaded.

    Args:
        layer_wkt, file_wkt: the two systems; empty for none.
        place: in the file, in coordinates of either system; tolerance: by which it may be moved, in these.
    """
    if not layer_wkt or not file_wkt or same_crs(layer_wkt, file_wkt):
        return None
    layer, file = crs_of(layer_wkt), crs_of(file_wkt)
    if layer is None or file is None:
        return None
    moved = transformed(layer, file, place)
    if moved is not None and math.dist(moved, place) < tolerance:
        return None
    return Text(
        "{}: the coordinate system of the layer ({}) is not that of its file ({}), and puts it elsewhere. The layer's "
        "is used. Setting a coordinate system does not reproject a layer: if the file's is right, set that one (Layer "
        "> Set CRS of Layer(s)); if the layer's is right, write it into the file with the tool Assign Projection. If "
        "the file was replaced, load it again.",
        label, layer.GetName(), file.GetName(),
    )  # fmt: skip


def check_projection(grid: Grid, label: str, feedback: Feedback) -> None:
    """Check that the projection keeps lengths in every direction, at nine places of the grid.

    Raises:
        InputError: names the distortion and a coordinate system without it.
    """
    crs = crs_of(grid.crs_wkt)
    if crs is None or not crs.IsProjected():  # a local system has no place on the globe
        return
    found = distortion(grid.crs_wkt, _sample_points(grid))
    if found is None:
        feedback.pushCaution(
            Text("{}: whether its projection preserves lengths could not be determined; slopes may be wrong.", label)
        )
        return
    problem = stretch_problem(found)
    if problem:
        raise InputError(
            label, problem, "a projection that preserves lengths here, such as the local UTM zone or national grid",
            reprojection_advice(grid),
        )  # fmt: skip
    if found.anisotropy > 1.0 + _NOTABLE_ANISOTROPY:
        feedback.pushNote(
            Text(
                "{}: the projection scales lengths here by {:.3g} to {:.3g}, depending on direction: gradients are "
                "wrong by up to {:.3g} %.",
                label, found.least, found.greatest,
                100.0 * max(found.greatest - 1.0, 1.0 - found.least),
            )
        )  # fmt: skip


def stretch_problem(found: Distortion) -> Text | None:
    """Problem of a projection that distorts lengths; ``None`` if the distortion is acceptable."""
    if found.anisotropy > 1.0 + LARGEST_ANISOTROPY:
        return Text(
            "is in a projection in which one metre here measures {:.3g} to {:.3g} m, depending on direction: slopes "
            "would be wrong and depend on aspect",
            found.least, found.greatest,
        )  # fmt: skip
    worst = max(found.least, found.greatest, key=lambda scale: abs(scale - 1.0))
    if abs(worst - 1.0) > LARGEST_STRETCH:
        return Text(
            "is in a projection in which one metre here measures {:.3g} m: slopes and areas would be wrong", worst
        )
    return None


def reprojection_advice(grid: Grid) -> Text:
    """Advice that names a coordinate system for the grid's centre."""
    name = metric_system(grid.crs_wkt, *grid.centre)
    if not name:
        return Text("Reproject it with Raster > Projections > Warp (Reproject), e.g. into the UTM zone of the area.")
    return Text("Reproject it with Raster > Projections > Warp (Reproject), e.g. into {}.", name)


def _sample_points(grid: Grid) -> list[tuple[float, float]]:
    """Centre, corners and middles of the edges."""
    x_min, y_min, x_max, y_max = grid.bounds
    xs, ys = (x_min, 0.5 * (x_min + x_max), x_max), (y_min, 0.5 * (y_min + y_max), y_max)
    return [(x, y) for x in xs for y in ys]
