"""Grids, terrain, scenarios and physics on numpy and GDAL alone: no QGIS, no Qt, no torch."""
