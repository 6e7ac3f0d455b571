"""Slopecast's code: ``core`` (numpy, GDAL), ``ml`` (torch), ``algorithms`` and ``gui`` (QGIS)."""
