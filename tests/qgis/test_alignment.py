"""Layers that lie otherwise than the DEM, or say more about themselves than their file does."""

from __future__ import annotations

from contextlib import nullcontext

import numpy as np
import pytest
from cases import NETWORK, filled
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsRasterLayer,
    QgsRasterRange,
    QgsVectorLayer,
)
from rasters import EPSG, grid_of, read_raster, write_raster
from vectors import square

COLUMN = {"LATERAL_FLOW": False}  # quick
KOREA = QgsCoordinateReferenceSystem(f"EPSG:{EPSG}")
WARPS = {
    "other CRS": {"dstSRS": "EPSG:32652", "resampleAlg": "bilinear"},
    "in degrees": {"dstSRS": "EPSG:4326", "resampleAlg": "bilinear"},
    "coarser": {"xRes": 20, "yRes": 20, "resampleAlg": "average"},
    "finer": {"xRes": 2.5, "yRes": 2.5, "resampleAlg": "near"},
    "shifted by half a cell": {"outputBounds": (199_995, 559_525, 200_475, 560_005), "xRes": 10, "yRes": 10},
    "as NetCDF-like ASCII grid": {"format": "AAIGrid"},
}


@pytest.mark.parametrize("how", WARPS)
def test_soil_depth_is_aligned(how, files, tmp_path, feedback):
    """The result lies on the DEM's grid and is near that of the depth where it lay."""
    import processing

    options = dict(WARPS[how])
    extension = "asc" if options.get("format") else "tif"
    depth = str(tmp_path / f"depth.{extension}")
    if extension == "asc":
        gdal.Translate(depth, files["depth"], **options)
    else:
        gdal.Warp(depth, files["depth"], dstNodata=-9999, **options)
    fs = []
    for number, source in enumerate((files["depth"], depth)):
        given = {
            "DEM": files["dem"],
            "SOIL_DEPTH": source,
            "FACTOR_OF_SAFETY": str(tmp_path / f"{number}.tif"),
            **COLUMN,
        }
        results = processing.run("slopecast:simulatefactorofsafety", given, feedback=feedback)
        assert grid_of(results["FACTOR_OF_SAFETY"]) == grid_of(files["dem"])
        fs.append(np.where(read_raster(results["FACTOR_OF_SAFETY"])[0] == -9999, np.nan, 1)
                  * read_raster(results["FACTOR_OF_SAFETY"])[0])  # fmt: skip
    assert np.nanmedian(np.abs(fs[0] - fs[1])) < 0.15
    assert np.isfinite(fs[1]).sum() > 0.85 * np.isfinite(fs[0]).sum()
    if how != "as NetCDF-like ASCII grid":
        assert any("aligned to the DEM" in line for line in feedback.lines)


def test_depth_of_a_part_leaves_the_rest_unknown(files, tmp_path):
    """Where the depth ends, the result is NoData."""
    import processing

    part = str(tmp_path / "part.tif")
    gdal.Translate(part, files["depth"], srcWin=[0, 0, 20, 48])
    given = {"DEM": files["dem"], "SOIL_DEPTH": part, "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif"), **COLUMN}
    fs = read_raster(processing.run("slopecast:simulatefactorofsafety", given)["FACTOR_OF_SAFETY"])[0]
    assert (fs[:, 20:] == -9999).all()
    assert (fs[:, :20] != -9999).mean() > 0.9


def test_crs_set_on_the_layer(files, tmp_path):
    """A file without CRS works as soon as the layer has one."""
    import processing

    layer = QgsRasterLayer(files["no_crs"], "dem")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:5186"))
    path = processing.run("slopecast:estimatesoildepth", {"DEM": layer, "SOIL_DEPTH": str(tmp_path / "d.tif")})
    assert grid_of(path["SOIL_DEPTH"])[2] == "5186"


def test_polygons_lie_in_the_coordinates_of_a_grid_without_crs(files, tmp_path, feedback):
    """Zones in a system, a plain ASCII grid in none: the same cells as with the elevation in the zones' system."""
    import processing

    gdal.Translate(str(tmp_path / "dem.asc"), files["dem"], format="AAIGrid")
    for path in tmp_path.glob("dem.*"):
        if path.suffix != ".asc":
            path.unlink()
    burnt = []
    for number, dem in enumerate((files["dem"], str(tmp_path / "dem.asc"))):
        given = {
            "ZONES": files["zones"],
            "DEM": dem,
            "COHESION_FIELD": "c",
            "COHESION": str(tmp_path / f"{number}.tif"),
        }
        burnt.append(
            read_raster(processing.run("slopecast:parametersfromzones", given, feedback=feedback)["COHESION"])[0]
        )
    np.testing.assert_array_equal(burnt[0], burnt[1])
    assert any("its coordinate system is not set" in text for text in feedback.warnings)


@pytest.mark.parametrize("chosen", [False, True], ids=["unknown shift", "shift chosen in the project"])
def test_zones_of_an_unknown_datum_are_doubted(chosen, files, tmp_path, feedback):
    """PROJ takes their degrees on Bessel's ellipsoid for those on another one, some 300 m away."""
    import processing

    text = "+proj=tmerc +lat_0=38 +lon_0=127 +x_0=200000 +y_0=600000 +ellps=bessel +units=m +no_defs"
    bessel = QgsCoordinateReferenceSystem.fromProj(text)
    zones = QgsVectorLayer("Polygon?field=c:double", "zones", "memory")
    zones.setCrs(bessel)
    zone = QgsFeature(zones.fields())
    zone.setGeometry(QgsGeometry.fromWkt(square(200_000, 559_500, 200_300, 560_000)))
    zone.setAttributes([5.0])
    zones.dataProvider().addFeature(zone)
    context = QgsProcessingContext()
    if chosen:
        transforms = QgsCoordinateTransformContext()
        steps = "+proj=pipeline +step +proj=affine +xoff=70 +yoff=305"
        transforms.addCoordinateOperation(bessel, KOREA, steps)
        context.setTransformContext(transforms)
    given = {"ZONES": zones, "DEM": files["dem"], "COHESION_FIELD": "c", "COHESION": str(tmp_path / "c.tif")}
    processing.run("slopecast:parametersfromzones", given, feedback=feedback, context=context)
    assert any("displaced by several hundred metres" in text for text in feedback.warnings) != chosen


@pytest.mark.parametrize("system", [KOREA, QgsCoordinateReferenceSystem("EPSG:5181")])
def test_zones_whose_layer_has_another_system_than_the_file_are_doubted(system, files, tmp_path, feedback):
    """One that is set is not reprojected: here false northings differ by 100 km, and the elevation's is set too."""
    import processing

    zones, dem = QgsVectorLayer(files["zones"], "zones", "ogr"), QgsRasterLayer(files["dem"], "dem")
    zones.setCrs(system)
    dem.setCrs(system)
    given = {"ZONES": zones, "DEM": dem, "COHESION_FIELD": "c", "COHESION": str(tmp_path / "c.tif")}
    processing.run("slopecast:parametersfromzones", given, feedback=feedback)
    doubts = [text for text in feedback.warnings if "puts it elsewhere" in text]
    assert [key for key in ("(ZONES)", "(DEM)") if any(key in text for text in doubts)] == (
        [] if system == KOREA else ["(ZONES)", "(DEM)"]
    )


LOCAL = QgsCoordinateReferenceSystem.fromWkt('LOCAL_CS["Site grid",UNIT["metre",1]]')
OTHER_LOCAL = QgsCoordinateReferenceSystem.fromWkt('LOCAL_CS["Another grid",UNIT["metre",1]]')


@pytest.mark.parametrize(("system", "refused"), [(LOCAL, False), (OTHER_LOCAL, True), (KOREA, True)])
@pytest.mark.parametrize("layer", ["zones", "soil depth"])
def test_layers_that_no_transformation_places_are_refused(layer, system, refused, files, tmp_path):
    """QGIS would leave their coordinates as they are."""
    import processing

    dem, zones, depth = (
        QgsRasterLayer(files["dem"], "dem"),
        QgsVectorLayer(files["zones"], "zones", "ogr"),
        QgsRasterLayer(files["depth"], "depth"),
    )
    dem.setCrs(LOCAL)
    zones.setCrs(system)
    depth.setCrs(system)
    algorithm, given = "parametersfromzones", {"ZONES": zones, "COHESION_FIELD": "c", "COHESION": "TEMPORARY_OUTPUT"}
    if layer == "soil depth":
        algorithm, given = "simulatefactorofsafety", {"SOIL_DEPTH": depth, "FACTOR_OF_SAFETY": "TEMPORARY_OUTPUT"}
    expected = pytest.raises(QgsProcessingException, match="cannot be") if refused else nullcontext()
    with expected:
        processing.run(f"slopecast:{algorithm}", {"DEM": dem, **given})


@pytest.mark.parametrize("cell", [10.0, 5.0])
def test_nodata_set_on_the_layer(cell, files, tmp_path):
    """Values that the layer's properties declare as NoData are none, aligned or not."""
    import processing

    size = int(480 / cell)
    array = np.full((size, size), 2.0)
    array[: size // 2] = -1.0
    layer = QgsRasterLayer(str(write_raster(tmp_path / "depth.tif", array, cell=cell, nodata=None)), "depth")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(-1.0, -1.0)])
    given = {"DEM": files["dem"], "SOIL_DEPTH": layer, "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif"), **COLUMN}
    fs = read_raster(processing.run("slopecast:simulatefactorofsafety", given)["FACTOR_OF_SAFETY"])[0]
    assert (fs[:24] == -9999).all()
    assert (fs[24:] != -9999).mean() > 0.9


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("coarser", "24 x 24 cells of 20 m are aligned to the DEM's 48 x 48 cells of 10 m by bilinear interpolation"),
        ("finer", "192 x 192 cells of 2.5 m are aligned to the DEM's 48 x 48 cells of 10 m by averaging"),
        ("shifted by half a cell", "its cells are shifted 5 m west and 5 m north from those of the DEM"),
        ("in degrees", " deg in another coordinate system are aligned"),
    ],
)
def test_the_log_describes_how_a_layer_was_aligned(how, words, files, tmp_path, feedback):
    """Units, method and shift: what was done can be judged."""
    import processing

    depth = str(tmp_path / "depth.tif")
    gdal.Warp(depth, files["depth"], dstNodata=-9999, **WARPS[how])
    given = {"DEM": files["dem"], "SOIL_DEPTH": depth, "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif"), **COLUMN}
    processing.run("slopecast:simulatefactorofsafety", given, feedback=feedback)
    assert any(words in line for line in feedback.lines), feedback.lines


def test_heights_in_feet_are_doubted(files, tmp_path, feedback):
    """Slopes that no hillslope has on average are reported; those of a plane of 25 deg are not."""
    import processing

    plane = np.repeat(10.0 * np.tan(np.radians(25.0)) * np.arange(48.0)[:, None], 48, axis=1)
    for number, heights in enumerate((plane, plane / 0.3048)):
        dem = str(write_raster(tmp_path / f"dem{number}.tif", heights))
        given = {"DEM": dem, "SOIL_DEPTH": files["depth"], "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif"), **COLUMN}
        processing.run("slopecast:simulatefactorofsafety", given, feedback=feedback)
        assert any("in feet" in text for text in feedback.warnings) == bool(number)


def test_heights_in_feet_are_doubted_before_a_soil_depth_is_made_of_them(tmp_path, feedback):
    import processing

    feet = np.repeat(10.0 * np.tan(np.radians(25.0)) * np.arange(48.0)[:, None], 48, axis=1) / 0.3048
    given = {"DEM": str(write_raster(tmp_path / "dem.tif", feet)), "SOIL_DEPTH": str(tmp_path / "depth.tif")}
    processing.run("slopecast:estimatesoildepth", given, feedback=feedback)
    assert any("in feet" in text for text in feedback.warnings)


def test_an_estimated_depth_stays_an_estimate_as_a_file(files, tmp_path, feedback):
    """Written by Estimate soil depth and clipped since: no more to be trusted than one estimated on the way."""
    import processing
    from slopecast.plugin.gui.layer_notes import depth_note

    made = processing.run("slopecast:estimatesoildepth", {"DEM": files["dem"], "SOIL_DEPTH": str(tmp_path / "d.tif")})
    clipped = str(tmp_path / "clipped.tif")
    gdal.Warp(clipped, made["SOIL_DEPTH"], xRes=20, yRes=20)
    given = filled({**NETWORK, "SOIL_DEPTH": clipped}, files, tmp_path)
    done = processing.run("slopecast:predictfailuremask", given, feedback=feedback)
    assert done["RELIABILITY"].startswith("caution")
    assert "The soil depth is estimated from the elevation model alone" in done["RELIABILITY"]
    assert any("soil depth is estimated" in text for text in feedback.warnings)
    assert read_raster(done["FAILURE_MASK"])[2]["SLOPECAST_SOIL_DEPTH"].startswith("clipped.tif: The soil depth is")
    dem = QgsRasterLayer(files["dem"])
    assert depth_note(QgsRasterLayer(clipped), dem)[1] == "caution"
    assert depth_note(QgsRasterLayer(files["depth"]), dem)[1] == "hint"


def test_a_clipped_layer_keeps_its_values(files, tmp_path, feedback):
    """Cells that lie on the DEM's are taken as they are; beyond them there is no value."""
    import processing

    depth = str(tmp_path / "clipped.tif")
    gdal.Translate(depth, files["depth"], srcWin=[5, 3, 30, 40])
    fs = []
    for number, source in enumerate((files["depth"], depth)):
        given = {
            "DEM": files["dem"],
            "SOIL_DEPTH": source,
            "FACTOR_OF_SAFETY": str(tmp_path / f"{number}.tif"),
            **COLUMN,
        }
        fs.append(
            read_raster(
                processing.run("slopecast:simulatefactorofsafety", given, feedback=feedback)["FACTOR_OF_SAFETY"]
            )[0]
        )
    assert any("30 x 40 cells of 10 m, on the grid of the DEM's 48 x 48 cells" in line for line in feedback.lines)
    np.testing.assert_array_equal(fs[1][3:43, 5:35], fs[0][3:43, 5:35])
    fs[1][3:43, 5:35] = -9999
    assert (fs[1] == -9999).all()
