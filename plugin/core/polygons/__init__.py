"""Polygons and cells: rasterizing, counting and tracing."""
