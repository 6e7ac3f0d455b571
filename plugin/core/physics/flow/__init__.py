"""Lateral flow of groundwater: steps at full resolution and on coarser grids, in numpy, compiled and batched."""
