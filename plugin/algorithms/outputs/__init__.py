"""Outputs of the algorithms: rasters, tables and reports, with style, place and metadata."""
