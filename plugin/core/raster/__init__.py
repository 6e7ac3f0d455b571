"""Raster files: opened, checked, read onto a grid, written."""
