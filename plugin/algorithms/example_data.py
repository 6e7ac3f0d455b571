"""Processing algorithm that creates a synthetic study area."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingOutputFile,
    QgsProcessingOutputRasterLayer,
    QgsProcessingOutputVectorLayer,
)

from ..core.feedback import PartialFeedback, check_cancelled
from ..core.files.atomic import atomic_write, one_run_in
from ..core.files.whole import write_text
from ..text import Text
from .base import Inputs, SlopecastAlgorithm
from .estimate_soil_depth import SOIL_DEPTH
from .outputs.destinations import check_folder, check_own_files, check_sidecars, foreign_file_error
from .outputs.loaded_layers import style_on_load
from .outputs.provenance import provenance
from .outputs.rasters import RasterOutput, write_raster
from .outputs.sinks import features_in
from .parameter_values import ParameterValues
from .parameters.definitions import folder_output, number_input, switch_input
from .translation import tr

if TYPE_CHECKING:
    import numpy as np

    from ..core.grid import Grid
    from ..core.terrain import Terrain
    from .log import Log

DEM = RasterOutput("DEM", "Elevation (synthetic)", "m", "relief", "Elevation of the synthetic study area.")
_FOLDER = "Output folder (OUTPUT_FOLDER)"
_FILES = {
    "DEM": "elevation.tif", "SOIL_DEPTH": "soil_depth.tif", "TABLE": "scenarios.csv", "LANDSLIDES": "landslides.gpkg",
}  # fmt: skip
#: Metadata key with the number of landslide points; if it differs, the user has changed the file.
_POINTS = "SLOPECAST_POINTS"
_RASTERS = {"DEM": DEM, "SOIL_DEPTH": SOIL_DEPTH}
#: Layer order: the depth would hide the relief, so it is placed above it and switched off.
_LAYER_ORDER = {"DEM": 0, "SOIL_DEPTH": -1}

#: Parameter table: name, cohesion [kPa], friction angle [deg], conductivity [m/s], rainfall [mm/h], duration [h].
TABLE_HEADER = ("name", "cohesion", "friction_angle", "conductivity", "rainfall", "duration")
SCENARIOS = (
    ("paper_a", 14, 26.6, 1.3e-6, 8.5, 24),  # the published cases (a) and (b)
    ("paper_b", 15, 23, 4.4e-6, 4.7, 24),
    ("steady_rain", 8, 28, 3e-6, 8.5, 24),
    ("cloudburst", 8, 28, 3e-6, 17, 3),
    ("three_wet_days", 8, 28, 1e-6, 4, 72),
    ("weak_soil", 6, 27, 3e-6, 8.5, 24),
)
#: A study area that shows the plugin's purpose with the default numbers: 7 % of it fails, and nearly all of that only
#: in the rain. On most seeds, slopes above 40 degrees fail dry.
_SEED = 3432

_NOTE = "Synthetic study area generated from a seed; its coordinates and coordinate system are arbitrary."
_EPSG = 5186  # Korea 2000 / Central Belt 2010: metres
_ORIGIN = (200_000.0, 560_000.0)
_MOST_LANDSLIDES = 150


class ExampleData(SlopecastAlgorithm):
    """Writes an example study area: elevation, soil depth, a table of scenarios and landslides."""

    ID = "exampledata"
    TITLE = "Example data"
    GROUP = "setup"
    SUMMARY = (
        "Creates a synthetic study area from a seed (elevation and soil depth), a table of scenarios, and landslide "
        "points where cells fail in a known storm (12 mm/h for 24 h) with soil parameters other than the defaults, to "
        "try the other algorithms. The coordinates are arbitrary."
    )
    TAGS = ("example", "synthetic", "demo")

    INPUTS = (
        number_input(
            "SEED", "Seed", "The same seed, size and cell size give the same study area.",
            default=_SEED, limits=(0, 2_147_483_647), whole=True,
        ),
        number_input(
            "SIZE", "Size [cells]", "Cells per side, 32 to 4000.",
            default=400, limits=(32, 4000), whole=True,
        ),
        number_input("CELL_SIZE", "Cell size [m]", "1 to 60 m.", default=10.0, limits=(1.0, 60.0)),
        switch_input(
            "LOAD_LAYERS", "Add the layers to the project",
            "Open elevation, soil depth, table and landslides after the run.", on=True,
        ),
    )  # fmt: skip
    OUTPUTS = (
        folder_output(
            "elevation.tif, soil_depth.tif, scenarios.csv and landslides.gpkg are written here. Earlier example data "
            "are replaced, other files of these names are not.",
        ),
    )

    def declare_outputs(self) -> None:
        """Declare the files."""
        self.addOutput(QgsProcessingOutputRasterLayer("DEM", tr("Elevation")))
        self.addOutput(QgsProcessingOutputRasterLayer("SOIL_DEPTH", tr("Soil depth")))
        self.addOutput(QgsProcessingOutputFile("TABLE", tr("Parameter table")))
        self.addOutput(QgsProcessingOutputVectorLayer("LANDSLIDES", tr("Landslides")))

    def inputs_of(self, parameters: ParameterValues) -> Inputs:
        """Read seed, size and cell size, and the folder; raises :class:`InputError`."""
        inputs = super().inputs_of(parameters)
        inputs.folder = self._folder(parameters)
        return inputs

    def _folder(self, parameters: ParameterValues) -> Path:
        """Read the folder; raises :class:`InputError` if it is not writable or has foreign files of the same names."""
        folder = Path(parameters.text("OUTPUT_FOLDER"))
        check_folder(folder, _FOLDER)
        check_own_files((folder / _FILES[key] for key in _RASTERS), self.ID, _FOLDER)
        for key, raster in _RASTERS.items():
            check_sidecars(folder / _FILES[key], _FOLDER, raster.style)
        for key, is_own in (("TABLE", _is_own_table), ("LANDSLIDES", _is_own_layer)):
            path = folder / _FILES[key]
            if os.path.lexists(path) and not is_own(path):
                raise foreign_file_error(path, _FOLDER)
        return folder

    def execute(self, inputs: Inputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Draw the study area and write it."""
        from ..core.grid import Grid
        from ..core.synthetic import procedural_area
        from ..core.terrain import Terrain

        seed, size, cell_size, folder = inputs.seed, inputs.size, inputs.cell_size, inputs.folder
        text = "Creating a synthetic study area of {} x {} cells of {:g} m, seed {}."
        log.pushInfo(tr(text).format(size, size, cell_size, seed))
        drawn = procedural_area(seed, (size, size), cell_size, feedback=PartialFeedback(log, 0.0, 80.0))
        check_cancelled(log)
        grid = Grid(size, size, (_ORIGIN[0], cell_size, 0.0, _ORIGIN[1], 0.0, -cell_size), _wkt())
        paths = {key: folder / name for key, name in _FILES.items()}
        setting = str(drawn.style.get("setting", ""))
        about = {"synthetic": _NOTE, "seed": str(seed), "cell_size": f"{cell_size:g} m", "setting": setting}
        metadata = provenance(self.ID, log, **about)
        slides = _landslides(Terrain(grid, drawn.elevation, drawn.soil_depth), seed, log)
        with one_run_in(folder, _FOLDER) as work, atomic_write([folder], _FOLDER, {folder: work}) as partials:
            partial = partials[folder]
            write_text(partial / paths["TABLE"].name, _table_text())
            _write_landslides(partial / paths["LANDSLIDES"].name, slides, grid)
            write_raster(partial / paths["DEM"].name, drawn.elevation, grid, metadata, DEM)
            write_raster(partial / paths["SOIL_DEPTH"].name, drawn.soil_depth, grid, metadata, SOIL_DEPTH)
            check_cancelled(log)
        log.pushInfo(tr(_NOTE))
        if inputs.load_layers:
            _load(parameters.context, paths)
        return {"OUTPUT_FOLDER": str(folder), **{key: str(path) for key, path in paths.items()}}


def _wkt() -> str:
    from osgeo import osr

    crs = osr.SpatialReference()
    crs.ImportFromEPSG(_EPSG)
    return crs.ExportToWkt()


def _landslides(terrain: Terrain, seed: int, log: Log) -> np.ndarray:
    """Cells of the landslides, as flat indices."""
    from ..core.synthetic.landslides import TRUTH, draw_landslides, true_factor_of_safety

    slides = draw_landslides(true_factor_of_safety(terrain, PartialFeedback(log, 80.0, 99.0)), _MOST_LANDSLIDES, seed)
    log.pushInfo(
        Text("{} landslides are placed where FS < 1 in a storm of {:g} mm/h for {:g} h.", slides.size, TRUTH.rainfall,
             TRUTH.duration)
    )  # fmt: skip
    return slides


def _write_landslides(path: Path, cells: np.ndarray, grid: Grid) -> None:
    """Write points in the centres of cells as a GeoPackage; raises :class:`InputError` where it is not whole."""
    from osgeo import gdal, ogr, osr

    from ..core.raster.gdal_errors import writing

    x, width, _, y, _, height = grid.geotransform
    with writing(_FOLDER, path.name, path.parent) as error:
        dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
        layer = None if dataset is None else dataset.CreateLayer(path.stem, osr.SpatialReference(_wkt()), ogr.wkbPoint)
        if layer is None:
            raise error()
        for row, col in (divmod(cell, grid.cols) for cell in cells.tolist()):
            feature, point = ogr.Feature(layer.GetLayerDefn()), ogr.Geometry(ogr.wkbPoint)
            point.AddPoint_2D(x + (col + 0.5) * width, y + (row + 0.5) * height)
            feature.SetGeometry(point)
            layer.CreateFeature(feature)
        dataset.SetMetadataItem(_POINTS, str(cells.size))
        layer = dataset = None  # closes the file
        if gdal.GetLastErrorType() >= gdal.CE_Failure or features_in(str(path)) != cells.size:
            raise error()


def _is_own_layer(path: Path) -> bool:
    """Whether the file of landslides is as it was written: without further layers or points."""
    from osgeo import gdal

    from ..core.raster.gdal_errors import opened

    dataset = opened(str(path), gdal.OF_VECTOR)
    if dataset is None or dataset.GetLayerCount() != 1:
        return False
    return dataset.GetMetadataItem(_POINTS) == str(dataset.GetLayer(0).GetFeatureCount())


def _is_own_table(path: Path) -> bool:
    try:
        return path.read_bytes() == _table_text().encode("utf-8")
    except OSError:
        return False


def _table_text() -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([TABLE_HEADER, *SCENARIOS])
    return buffer.getvalue()


def _load(context: QgsProcessingContext, paths: dict[str, Path]) -> None:
    """Ask Processing to load the written layers."""
    project = context.project()
    if project is None:
        return
    for key, title in (
        ("TABLE", tr("Scenarios")),
        ("LANDSLIDES", tr("Landslides (synthetic)")),
        ("SOIL_DEPTH", tr("Soil depth (synthetic)")),
        ("DEM", tr(DEM.label)),
    ):
        context.addLayerToLoadOnCompletion(str(paths[key]), QgsProcessingContext.LayerDetails(title, project, key))
        if key in _RASTERS:
            style_on_load(context, str(paths[key]), _RASTERS[key], place=_LAYER_ORDER[key])
