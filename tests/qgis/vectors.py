"""Vector files for tests: written with OGR alone."""

from __future__ import annotations

from osgeo import ogr, osr
from rasters import EPSG

_TYPES = {int: ogr.OFTInteger, float: ogr.OFTReal, str: ogr.OFTString, type(None): ogr.OFTReal}


def square(x_min, y_min, x_max, y_max):
    """Return a rectangle as WKT."""
    return f"POLYGON (({x_min} {y_min}, {x_max} {y_min}, {x_max} {y_max}, {x_min} {y_max}, {x_min} {y_min}))"


def write_vectors(path, features, *, epsg=EPSG):
    """Write (WKT, {field: value}) features as GeoPackage. Returns the path."""
    crs = osr.SpatialReference() if epsg else None
    if crs is not None:
        crs.ImportFromEPSG(epsg)
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    first = ogr.CreateGeometryFromWkt(features[0][0])
    layer = dataset.CreateLayer(path.stem, crs, first.GetGeometryType())
    for name, value in features[0][1].items():
        layer.CreateField(ogr.FieldDefn(name, _TYPES[type(value)]))
    for wkt, values in features:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        for name, value in values.items():
            if value is None:
                feature.SetFieldNull(name)
            else:
                feature.SetField(name, value)
        layer.CreateFeature(feature)
    layer = dataset = None
    return path


def content(path):
    """Bytes of a file; of a GeoPackage without the kind of its journal and the counts of changes, which QGIS resets."""
    found = bytearray(path.read_bytes())
    if found.startswith(b"SQLite format 3"):
        for first, stop in ((18, 20), (24, 28), (92, 100)):
            found[first:stop] = bytes(stop - first)
    return bytes(found)
