"""Georeferenced arrays: read, check, align and write whole or not at all."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence

import numpy as np
from osgeo import gdal, osr

from ..text import Text
from .errors import InputError, SlopecastError
from .feedback import Feedback
from .map_scale import map_scale

MASK_NODATA = 255
FLOAT_NODATA = -9999.0
_METHODS = {"average": "mean of the cells within each", "bilinear": "bilinear interpolation"}
#: Lengths on the map that differ by more from those on the ground are refused; UTM far beside its zone has 1 %.
LARGEST_STRETCH = 0.05
_SMALLEST_CELL_M = 0.05  # narrower ones without a coordinate system are in degrees


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
        return _same_crs(self.crs_wkt, other.crs_wkt)

    def same_as(self, other: Grid) -> bool:
        """Tell whether the cells coincide (within a thousandth of a cell); the CRS is not compared."""
        if self.shape != other.shape:
            return False
        slack = 1e-3 * min(self.cell_width, self.cell_height)
        corners = zip(self.bounds, other.bounds)
        return all(abs(a - b) <= slack for a, b in corners) and (self.geotransform[5] < 0) == (
            other.geotransform[5] < 0
        )


def read_dem(
    source: str,
    crs_wkt: str = "",
    label: str = "Digital elevation model (DEM)",
    feedback: Feedback | None = None,
) -> tuple[np.ndarray, Grid]:
    """Read an elevation raster and check that slopes can be computed from it.

    A plain ASCII grid, which can hold no coordinate system, is taken to be in metres, with a warning.

    Args:
        source: GDAL data source.
        crs_wkt: coordinate system that overrules the file's (QGIS lets users set it per layer).
        label: name of the input in errors.
        feedback: told the warning.

    Returns:
        elevation, float32 (rows, cols) [m] with NaN for NoData, and its grid.

    Raises:
        InputError: unreadable, without CRS, not in metres, rotated, too small or without a valid cell.
    """
    dataset = _open(source, label)
    grid = _grid_of(dataset, crs_wkt, label)
    if not grid.crs_wkt and metric_by_nature(source):
        (feedback or Feedback()).pushWarning(
            Text(
                "{} has no coordinate system, which a plain ASCII grid cannot hold: its coordinates are taken to be "
                "metres, and the results have no coordinate system either.",
                label,
            )
        )
    else:
        _check_metric(grid, label)
    if min(grid.shape) < 3:
        raise InputError(label, Text("has {} x {} cells", grid.rows, grid.cols), "at least 3 x 3 cells")
    ratio = grid.cell_width / grid.cell_height
    if not 1 / 1.1 <= ratio <= 1.1:
        raise InputError(
            label,
            Text("cells of {:g} x {:g} m are not square", grid.cell_width, grid.cell_height),
            "sides that differ by at most 10 %",
            "Resample it with Raster > Projections > Warp (Reproject), giving one output resolution.",
        )
    elevation = _read_band(dataset, label)
    if not np.isfinite(elevation).any():
        raise InputError(label, "has no valid cell", "at least one cell with data", "Check its NoData value.")
    return elevation, grid


def metric_by_nature(source: str) -> bool:
    """Tell whether a raster's format holds no coordinate system (ESRI's ASCII grid), and its cells are no degrees."""
    dataset = _open(source, "Raster")
    plain = dataset.GetDriver().ShortName == "AAIGrid"
    return plain and min(abs(dataset.GetGeoTransform()[n]) for n in (1, 5)) >= _SMALLEST_CELL_M


def read_aligned(source: str, grid: Grid, label: str, feedback: Feedback, crs_wkt: str = "") -> np.ndarray:
    """Read a raster onto ``grid``; warp it (and say so in the log) where it lies otherwise.

    Finer rasters are averaged, those whose cells coincide cut, others interpolated bilinearly.

    Returns:
        float32 (rows, cols), NaN for NoData.

    Raises:
        InputError: unreadable, or no valid cell within the grid.
    """
    dataset = _open(source, label)
    wkt = crs_wkt or dataset.GetProjection()
    if not grid.crs_wkt and wkt:
        feedback.pushWarning(Text("The DEM has no coordinate system; {} is taken to lie in the same one.", label))
    elif grid.crs_wkt and not wkt:
        feedback.pushWarning(Text("{} has no coordinate system; the DEM's is assumed.", label))
    wkt = wkt if grid.crs_wkt and wkt else grid.crs_wkt
    own = Grid(dataset.RasterYSize, dataset.RasterXSize, tuple(dataset.GetGeoTransform()), wkt)
    same_crs = _same_crs(wkt, grid.crs_wkt)
    if same_crs and own.same_as(grid):
        array = _read_band(dataset, label)
    else:
        method = "bilinear"
        if same_crs and own.coincides_with(grid):
            method = "near"
        elif same_crs and own.cell_width < 0.6 * grid.cell_width:
            method = "average"
        array = _warp(dataset, wkt, grid, label, method)
        feedback.pushInfo(_alignment(label, own, grid, method, same_crs=same_crs))
    if not np.isfinite(array).any():
        raise InputError(
            label, "has no valid cell within the DEM", "a raster that overlaps the DEM",
            "Check both layers' extents and coordinate systems: do they lie on each other on the map?",
        )  # fmt: skip
    return array


def _alignment(label: str, own: Grid, grid: Grid, method: str, *, same_crs: bool) -> str:
    """What was done to a raster that lies otherwise than the grid."""
    unit, where = ("m", "") if same_crs else (f"{_unit(own.crs_wkt)}", " in another coordinate system")
    cells = f"{label}: {own.cols} x {own.rows} cells of {own.cell_width:g} {unit}{where}"
    whole = f"{grid.cols} x {grid.rows} cells of {grid.cell_width:g} m"
    if method == "near":
        return f"{cells} coincide with some of the DEM's {whole}, to which they are cut and padded."
    text = f"{cells} aligned to the DEM's {whole} by {_METHODS[method]}"
    if same_crs:
        # of cells of equal size the shift is at most half of one: beyond, another cell is nearer
        east, north = own.bounds[0] - grid.bounds[0], own.bounds[3] - grid.bounds[3]
        what = "upper left corner lies"
        if abs(own.cell_width - grid.cell_width) < 1e-3 * grid.cell_width:
            east -= round(east / grid.cell_width) * grid.cell_width
            north -= round(north / grid.cell_height) * grid.cell_height
            what = "cells lie"
        text += f"; its {what} {_offset(east, 'east', 'west')} and {_offset(north, 'north', 'south')} of the DEM's"
    return text + "."


def _offset(metres: float, ahead: str, behind: str) -> str:
    return f"{abs(round(metres, 3)):g} m {ahead if metres >= 0.0 else behind}"


def _unit(wkt: str) -> str:
    crs = _crs(wkt)
    if crs is None:
        return "units"
    return (
        "deg" if crs.IsGeographic() else ("m" if abs(crs.GetLinearUnits() - 1.0) < 1e-6 else crs.GetLinearUnitsName())
    )


#: Extensions that :func:`write` knows: GeoTIFF, and the ASCII grid of ESRI.
GEOTIFF, ASCII_GRID = (".tif", ".tiff"), (".asc",)


def write(
    path: str | Path,
    array: np.ndarray,
    grid: Grid,
    metadata: Mapping[str, str] | None = None,
    description: str | Sequence[str] = "",
) -> None:
    """Write an array as tiled, DEFLATE-compressed GeoTIFF, or as ASCII grid (``.asc``): whole, or not at all.

    ``uint8`` arrays get NoData 255; floats are written as Float32 with NaN as NoData -9999. The file is made beside its
    target and moved into place when whole. An ASCII grid has its coordinate system in a ``.prj`` beside it and the
    metadata in a ``.aux.xml``.

    Args:
        path: file to write.
        array: (rows, cols), or (bands, rows, cols), which only a GeoTIFF takes.
        grid: of the cells.
        metadata: of the file.
        description: of the band, or one for each.

    Raises:
        InputError: the folder cannot be written or the name is neither a GeoTIFF's nor an ASCII grid's.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in GEOTIFF + ASCII_GRID or (array.ndim > 2 and suffix in ASCII_GRID):
        raise InputError(
            "Output",
            Text("'{}' is no GeoTIFF name", path.name),
            "a file name that ends in .tif, or in .asc for a single band",
        )
    if suffix in ASCII_GRID and abs(grid.cell_width - grid.cell_height) > 1e-6 * grid.cell_width:
        raise InputError(
            "Output", Text("'{}' cannot hold {:g} x {:g} m", path.name, grid.cell_width, grid.cell_height),
            "square cells",
            "Write a GeoTIFF (.tif), or resample the DEM to square cells.",
        )  # fmt: skip
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.stem[:40]}.", suffix=".part", dir=path.parent) as folder:
            partial = Path(folder) / path.name
            _write_raster(partial, array, grid, metadata or {}, description)
            _move_into_place(partial, path)
    except OSError as error:
        raise InputError(
            "Output", Text("'{}' cannot be written ({})", path, error.strerror or error),
            "a folder that you may write to",
            "Choose another output file; is it open elsewhere?",
        ) from error  # fmt: skip


def _move_into_place(partial: Path, path: Path) -> None:
    """Move a whole file, after what lies beside it, to its target."""
    stale = Path(f"{path}.aux.xml")  # statistics of the file that is replaced
    if stale.exists():
        stale.unlink()
    for part in sorted(partial.parent.iterdir(), key=lambda p: p == partial):
        os.chmod(part, 0o666 & ~_umask())
        os.replace(part, path.parent / part.name)


def _open(source: str, label: str) -> gdal.Dataset:
    dataset = None
    if source:
        gdal.PushErrorHandler("CPLQuietErrorHandler")
        try:
            dataset = gdal.Open(str(source), gdal.GA_ReadOnly)
        except RuntimeError:  # another plugin may have switched GDAL's exceptions on
            dataset = None
        finally:
            gdal.PopErrorHandler()
    if dataset is None or dataset.RasterCount < 1:
        raise InputError(
            label, Text("'{}' cannot be read as a raster", source),
            "a raster file that GDAL reads (GeoTIFF, ASCII grid, ...)",
            "Check the file; export layers of web services to GeoTIFF first.",
        )  # fmt: skip
    return dataset


def _grid_of(dataset: gdal.Dataset, crs_wkt: str, label: str) -> Grid:
    transform = dataset.GetGeoTransform(can_return_null=True)
    if transform is None:
        raise InputError(label, "has no georeference", "a georeferenced raster", "Georeference it first.")
    if transform[2] != 0 or transform[4] != 0:
        raise InputError(
            label, "is rotated", "rows that run east-west",
            "Make it north-up with Raster > Projections > Warp (Reproject).",
        )  # fmt: skip
    return Grid(dataset.RasterYSize, dataset.RasterXSize, tuple(transform), crs_wkt or dataset.GetProjection())


def _check_metric(grid: Grid, label: str) -> None:
    way_out = "Reproject it with Raster > Projections > Warp (Reproject), e.g. into the UTM zone of the place."
    allowed = "a projected coordinate system in metres"
    if not grid.crs_wkt:
        raise InputError(
            label, "has no coordinate system", allowed,
            "Set it with Layer > Set CRS of Layer(s) or Assign Projection; a plain ASCII grid has none of its own, but "
            "may have a .prj file beside it.",
        )  # fmt: skip
    crs = _crs(grid.crs_wkt)
    if crs is None or not (crs.IsProjected() or crs.IsLocal()):
        raise InputError(label, "is not in a projected coordinate system (its cells are in degrees)", allowed, way_out)
    if abs(crs.GetLinearUnits() - 1.0) > 1e-6:
        raise InputError(label, Text("is in {}, not in metres", crs.GetLinearUnitsName()), allowed, way_out)
    x_min, y_min, x_max, y_max = grid.bounds
    scale = map_scale(grid.crs_wkt, 0.5 * (x_min + x_max), 0.5 * (y_min + y_max))
    if abs(scale - 1.0) > LARGEST_STRETCH:  # not where it is unknown, NaN
        raise InputError(
            label,
            Text("is in a projection that draws every metre here as {:.3g} m: slopes and areas would be wrong", scale),
            "a projection that keeps lengths here, such as the place's UTM zone or national grid", way_out,
        )  # fmt: skip


def _crs(wkt: str) -> osr.SpatialReference | None:
    crs = osr.SpatialReference()
    try:
        return crs if crs.ImportFromWkt(wkt) == 0 else None
    except RuntimeError:
        return None


def _same_crs(one: str, other: str) -> bool:
    if one == other:
        return True
    a, b = _crs(one), _crs(other)
    return a is not None and b is not None and bool(a.IsSame(b))


def _read_band(dataset: gdal.Dataset, label: str) -> np.ndarray:
    band = dataset.GetRasterBand(1)
    array = band.ReadAsArray()
    mask = band.GetMaskBand().ReadAsArray()
    if array is None or mask is None:
        raise InputError(label, "cannot be read to its end", "a whole file", "The file may be damaged: copy it again.")
    if np.iscomplexobj(array):
        raise InputError(label, "holds complex numbers", "real numbers")
    array = array.astype(np.float32)
    scale, offset = band.GetScale(), band.GetOffset()
    if scale not in (None, 1.0) or offset not in (None, 0.0):
        array = array * np.float32(scale if scale is not None else 1.0) + np.float32(offset or 0.0)
    array[(mask == 0) | ~np.isfinite(array)] = np.nan
    return array


def _warp(dataset: gdal.Dataset, wkt: str, grid: Grid, label: str, method: str) -> np.ndarray:
    x_min, y_min, x_max, y_max = grid.bounds
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        warped = gdal.Warp(
            "", dataset, format="MEM", srcSRS=wkt or None, dstSRS=grid.crs_wkt or None,
            outputBounds=(x_min, y_min, x_max, y_max), width=grid.cols, height=grid.rows,
            outputType=gdal.GDT_Float32, dstNodata=float("nan"),
            resampleAlg=method,
        )  # fmt: skip
    except RuntimeError:
        warped = None
    finally:
        gdal.PopErrorHandler()
    if warped is None:
        raise InputError(
            label, "cannot be aligned to the DEM", "a raster that overlaps the DEM",
            "Check both layers' extents and coordinate systems.",
        )  # fmt: skip
    array = _read_band(warped, label)
    return array[::-1].copy() if grid.geotransform[5] > 0 else array


def _write_raster(
    path: Path, array: np.ndarray, grid: Grid, metadata: Mapping[str, str], description: str | Sequence[str]
) -> None:
    if path.suffix.lower() in GEOTIFF:
        _write_geotiff(str(path), array, grid, metadata, description)
        return
    whole = path.with_suffix(".tif")  # an ASCII grid can only be copied
    _write_geotiff(str(whole), array, grid, metadata, description)
    source = gdal.Open(str(whole))
    options = [] if array.dtype == np.uint8 else ["SIGNIFICANT_DIGITS=9"]  # all that a Float32 has
    copy = gdal.GetDriverByName("AAIGrid").CreateCopy(str(path), source, options=options)
    made = copy is not None
    source = copy = None
    whole.unlink()
    if not made or not _is_whole(str(path)):
        raise SlopecastError(Text("'{}' could not be written to its end: is the disk full?", path))


def _write_geotiff(
    path: str, array: np.ndarray, grid: Grid, metadata: Mapping[str, str], description: str | Sequence[str]
) -> None:
    is_mask = array.dtype == np.uint8
    if not is_mask:
        array = np.where(np.isfinite(array), array, FLOAT_NODATA).astype(np.float32)
    bands = array if array.ndim > 2 else array[None]
    texts = [description] if isinstance(description, str) else list(description)
    options = ["TILED=YES", "COMPRESS=DEFLATE", "BIGTIFF=IF_SAFER", f"PREDICTOR={2 if is_mask else 3}"]
    dataset = gdal.GetDriverByName("GTiff").Create(
        path, grid.cols, grid.rows, len(bands), gdal.GDT_Byte if is_mask else gdal.GDT_Float32, options
    )
    if dataset is None:
        raise InputError("Output", Text("'{}' cannot be created", path), "a folder that you may write to")
    dataset.SetGeoTransform(grid.geotransform)
    dataset.SetProjection(grid.crs_wkt)
    dataset.SetMetadata({key: str(value) for key, value in metadata.items()})
    failed = False
    for number, values in enumerate(bands):
        band = dataset.GetRasterBand(number + 1)
        band.SetNoDataValue(MASK_NODATA if is_mask else FLOAT_NODATA)
        if number < len(texts) and texts[number]:
            band.SetDescription(texts[number])
        failed |= band.WriteArray(values) != 0
    dataset.FlushCache()
    band = dataset = None
    if failed or not _is_whole(path):
        raise SlopecastError(Text("'{}' could not be written to its end: is the disk full?", path))


def _is_whole(path: str) -> bool:
    dataset = gdal.Open(path)
    return dataset is not None and dataset.GetRasterBand(1).Checksum() >= 0


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
