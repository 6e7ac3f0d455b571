"""Good parameters that the tables of cases start from."""

from __future__ import annotations

OUT = "<out>"  # replaced by a file of the output's name in the test's folder

ENGINE = {"DEM": "{dem}", "SOIL_DEPTH": "{depth}", "COHESION": 2, "FRICTION_ANGLE": 22, "RAINFALL": 12}
ALL_ENGINE_RASTERS = {
    "FACTOR_OF_SAFETY": OUT,
    "FAILURE_MASK": OUT,
    "FAILURE_CLASS": OUT,
    "INITIAL_FACTOR_OF_SAFETY": OUT,
    "WATER_TABLE": OUT,
    "WETTING_FRONT": OUT,
    "FAILURE_TIME": OUT,
    "FAILURE_MODE": OUT,
    "STABILITY_CLASS": OUT,
    "FAILURE_DEPTH": OUT,
    "RUNOFF": OUT,
    "CRITICAL_RAINFALL": OUT,
    "EDGE_INFLUENCE": OUT,
    "FACTOR_OF_SAFETY_SERIES": OUT,
}
NETWORK = {**ENGINE, "MODEL": "{weights}", "DEVICE": "cpu", "FAILURE_MASK": OUT}
PROBABILITY = {**ENGINE, "METHOD": "engine", "DRAWS": 8, "COHESION_SD": 0.5, "FRICTION_ANGLE_SD": 2,
               "FAILURE_PROBABILITY": OUT}  # fmt: skip
ZONES = {"ZONES": "{zones}", "DEM": "{dem}", "COHESION_FIELD": "c", "COHESION": OUT}
INVENTORY = {"MAP": "{stability}", "KIND": "factor of safety", "LANDSLIDES": "{scars}", "REPORT": OUT}


def filled(parameters, files, folder):
    """Put paths in the place of ``{name}`` and of OUT."""
    extension = {"REPORT": "html", "MODEL": "safetensors", "METRICS": "csv", "SUMMARY": "csv"}
    put = {}
    for key, value in parameters.items():
        if value == OUT:
            put[key] = str(folder / f"{key.lower()} ä.{extension.get(key, 'tif')}")
        else:
            put[key] = value.format(**files) if isinstance(value, str) else value
    return put
