"""What ``make bench`` measures: one module for each section of its report.

A section's module has ``TITLE``, ``measurements(quick)``, the functions that these name, and ``tables(found)``.
"""

#: The procedural study area that most sections run on: the paper's raster size without NoData.
PAPER_SHAPE, CELL_M, SEED = (436, 489), 5.0, 7
