"""Code of the plugin: ``core`` (numpy, GDAL), ``ml`` (torch), ``algorithms`` and ``gui`` (QGIS)."""
