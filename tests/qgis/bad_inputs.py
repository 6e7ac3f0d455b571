"""Bad inputs, as data: (algorithm, good parameters), bad parameters, words of the error; ``{name}`` is a file's path.

The files are made by ``conftest.py`` and ``bad_files.py``.
"""

from __future__ import annotations

from bad_files import ARRAYS, CARDS, DESCRIPTIONS, GRIDS, HYETOGRAPHS, TABLES, WEIGHTS
from cases import ENGINE, INVENTORY, OUT, PROBABILITY, ZONES

SIMULATE = ("simulatefactorofsafety", {**ENGINE, "FACTOR_OF_SAFETY": OUT})
PREDICT = ("predictfailuremask", {**ENGINE, "MODEL": "{weights}", "FAILURE_MASK": OUT})
COMPARE = ("comparemasks", {"AGREEMENT": OUT})
DEPTH = ("estimatesoildepth", {"DEM": "{dem}", "SOIL_DEPTH": OUT})
CHANCE = ("failureprobability", PROBABILITY)
BURN = ("parametersfromzones", ZONES)
JUDGE = ("validateinventory", INVENTORY)
RAIN = ("designrainfall", {})
EXAMPLE = ("exampledata", {"OUTPUT_FOLDER": OUT})

#: (algorithm, good parameters), bad parameters, words of the error
CASES = {
    "missing DEM": (SIMULATE, {"DEM": "{missing}"}, ["(DEM)", "missing.tif", "cannot be loaded"]),
    "no DEM": (SIMULATE, {"DEM": None}, ["(DEM)", "is missing"]),
    "missing depth": (SIMULATE, {"SOIL_DEPTH": "{missing}"}, ["(SOIL_DEPTH)", "missing.tif"]),
    "text as raster": (SIMULATE, {"DEM": "{not_a_raster}"}, ["(DEM)", "not_a_raster.tif"]),
    "no CRS": (SIMULATE, {"DEM": "{degrees_no_crs}"}, ["(DEM)", "no coordinate system", "degrees", "Set CRS"]),
    "degrees": (SIMULATE, {"DEM": "{degrees}"}, ["(DEM)", "degrees", "Reproject", "UTM"]),
    "depth elsewhere": (SIMULATE, {"SOIL_DEPTH": "{elsewhere}"}, ["(SOIL_DEPTH)", "no valid cell within the DEM"]),
    "DEM all NoData": (SIMULATE, {"DEM": "{all_nodata}"}, ["(DEM)", "no valid cell"]),
    "DEM with undeclared NoData": (SIMULATE, {"DEM": "{undeclared}"}, ["(DEM)", "-9999 m", "Additional no data value"]),
    "DEM with zeros outside": (SIMULATE, {"DEM": "{zeros_outside}"}, ["(DEM)", "0 m in 60 cells", "Declare 0"]),
    "Web Mercator": (SIMULATE, {"DEM": "{mercator}"}, ["(DEM)", "one metre here measures 1.4", "Reproject", "UTM"]),
    "Web Mercator for a depth": (DEPTH, {"DEM": "{mercator}"}, ["(DEM)", "one metre here measures 1.4"]),
    "mask as soil depth": (
        PREDICT, {"SOIL_DEPTH": "{earlier_mask}"},
        ["(SOIL_DEPTH)", "'earlier_mask.tif' is a result of 'Predict failure mask'", "computed from"],
    ),
    "elevation as soil depth": (PREDICT, {"SOIL_DEPTH": "{dem}"}, ["(SOIL_DEPTH)", "is the elevation itself"]),
    "mask as DEM": (PREDICT, {"DEM": "{zero_or_one}"}, ["(DEM)", "only 0 and 1", "Choose the elevation model"]),
    "mask as DEM of a depth": (DEPTH, {"DEM": "{zero_or_one}"}, ["(DEM)", "only 0 and 1"]),
    "DEM of two by two": (SIMULATE, {"DEM": "{two_by_two}"}, ["(DEM)", "2 x 2", "3 x 3"]),
    "depth all NoData": (SIMULATE, {"SOIL_DEPTH": "{all_nodata}"}, ["(SOIL_DEPTH)", "no valid cell"]),
    "negative depth": (SIMULATE, {"SOIL_DEPTH": "{negative}"}, ["SOIL_DEPTH", "-1 m", "NoData"]),
    "depth in cm": (SIMULATE, {"SOIL_DEPTH": "{centimetres}"}, ["SOIL_DEPTH", "200 m", "0 to 50 m", "divide", "100"]),
    "k in m/day": (SIMULATE, {"CONDUCTIVITY": 0.26}, ["CONDUCTIVITY", "0.26 m/s", "1e-10 to 0.01 m/s", "86400"]),
    "phi of 60": (SIMULATE, {"FRICTION_ANGLE": 60}, ["FRICTION_ANGLE", "60 deg", "1 to 55 deg"]),
    "phi of 60, network": (PREDICT, {"FRICTION_ANGLE": 60}, ["FRICTION_ANGLE", "60 deg", "1 to 55 deg"]),
    "NaN": (SIMULATE, {"COHESION": "nan"}, ["COHESION", "nan", "0 to 200 kPa"]),
    "NaN as a number": (SIMULATE, {"COHESION": float("nan")}, ["COHESION", "nan", "0 to 200 kPa"]),
    "infinite": (SIMULATE, {"DURATION": "inf"}, ["DURATION", "inf", "0.1 to 720 h"]),
    "a word": (SIMULATE, {"RAINFALL": "much"}, ["RAINFALL", "'much' is not a number"]),
    "comma": (SIMULATE, {"RAINFALL": "8,5"}, ["RAINFALL", "'8,5' is not a number"]),
    "negative rain": (SIMULATE, {"RAINFALL": -1}, ["RAINFALL", "-1 mm/h"]),
    "unit weights": (SIMULATE, {"UNIT_WEIGHT_SATURATED": 15}, ["UNIT_WEIGHT_SATURATED", "15", "17.6"]),
    "raster out of range": (
        SIMULATE, {"RAINFALL_LAYER": "{daily_rain}"}, ["RAINFALL", "500", "0 to 300 mm/h", "24"],
    ),
    "raster elsewhere": (SIMULATE, {"COHESION_LAYER": "{elsewhere}"}, ["COHESION_LAYER", "no valid cell"]),
    "unknown choice": (SIMULATE, {"EDGES": "ajar"}, ["EDGES", "ajar", "open", "closed"]),
    "unknown scheme": (SIMULATE, {"SCHEME": "quick"}, ["SCHEME", "quick", "exact", "fast"]),
    "choice out of range": (SIMULATE, {"EDGES": 2}, ["EDGES", "2", "open", "closed"]),
    "no output": (SIMULATE, {"FACTOR_OF_SAFETY": None}, ["(FACTOR_OF_SAFETY): is missing", "TEMPORARY_OUTPUT"]),
    "no output folder": (EXAMPLE, {"OUTPUT_FOLDER": None}, ["(OUTPUT_FOLDER): is missing", "TEMPORARY_OUTPUT"]),
    "output no GeoTIFF": (SIMULATE, {"FACTOR_OF_SAFETY": "/tmp/fs.png"}, ["png"]),
    "output folder is a file": (
        SIMULATE, {"FACTOR_OF_SAFETY": "{file_as_folder}/fs.tif"}, ["FACTOR_OF_SAFETY", "cannot be written"],
    ),
    "raster in GDAL's memory": (
        SIMULATE, {"FAILURE_MASK": "/vsimem/m.tif"}, ["(FAILURE_MASK)", "/vsimem/m.tif", "on a disk"],
    ),
    "report in an archive": (JUDGE, {"REPORT": "/vsizip/a.zip/r.html"}, ["(REPORT)", "on a disk"]),
    "area in GDAL's memory": (EXAMPLE, {"OUTPUT_FOLDER": "/vsimem/x"}, ["(OUTPUT_FOLDER)", "on a disk"]),
    "output cannot be written": (
        SIMULATE, {"FAILURE_MASK": "/proc/slopecast/mask.tif"}, ["FAILURE_MASK", "cannot be written"],
    ),
    "output replaces an input": (SIMULATE, {"FACTOR_OF_SAFETY": "{dem}"}, ["FACTOR_OF_SAFETY", "is an input"]),
    "two outputs, one file": (
        SIMULATE, {"FACTOR_OF_SAFETY": "{missing}", "FAILURE_MASK": "{missing}"}, ["FAILURE_MASK", "another output"],
    ),
    "output with too long a name": (
        SIMULATE, {"FACTOR_OF_SAFETY": f"/tmp/{'n' * 247}.tif"}, ["FACTOR_OF_SAFETY", "longer", "at most 250 bytes"],
    ),
    "output with a name far too long": (
        PREDICT, {"FAILURE_MASK": f"/tmp/{'n' * 400}.tif"}, ["FAILURE_MASK", "longer than", "at most 250 bytes"],
    ),
    "hyetograph unsorted": (SIMULATE, {"HYETOGRAPH": "{storm_unsorted}"}, ["HYETOGRAPH", "row 2", "'hour'", "5 h"]),
    "hyetograph negative": (
        SIMULATE, {"HYETOGRAPH": "{storm_negative}"}, ["HYETOGRAPH", "row 2", "'rainfall'", "-2 mm/h"],
    ),
    "hyetograph of text": (SIMULATE, {"HYETOGRAPH": "{storm_text}"}, ["HYETOGRAPH", "row 2", "'rainfall'", "'much'"]),
    "hyetograph with a gap": (SIMULATE, {"HYETOGRAPH": "{storm_gap}"}, ["HYETOGRAPH", "row 2", "'hour'", "is empty"]),
    "hyetograph with several errors": (
        SIMULATE, {"HYETOGRAPH": "{storm_errors}"},
        ["HYETOGRAPH", "4 errors", "row 1, column 'rainfall': 'much'", "row 2, column 'hour': is empty",
         "row 3, column 'hour': 900 h", "row 3, column 'rainfall': -2 mm/h"],
    ),
    "hyetograph empty": (SIMULATE, {"HYETOGRAPH": "{storm_empty}"}, ["HYETOGRAPH", "no rows"]),
    "hyetograph's columns": (SIMULATE, {"HYETOGRAPH": "{storm_columns}"}, ["HYETOGRAPH", "unknown column 'when'"]),
    "hyetograph missing": (SIMULATE, {"HYETOGRAPH": "/nowhere/storm.csv"}, ["HYETOGRAPH"]),
    "hyetograph and a raster of rain": (
        SIMULATE, {"HYETOGRAPH": "{storm}", "RAINFALL_LAYER": "{unnamed}"}, ["HYETOGRAPH", "RAINFALL_LAYER", "one of"],
    ),
    "two initial tables": (
        SIMULATE, {"INITIAL_WATER_TABLE": "{unnamed}", "ANTECEDENT_RECHARGE": 2},
        ["INITIAL_WATER_TABLE", "ANTECEDENT_RECHARGE", "one of them"],
    ),
    "negative table": (SIMULATE, {"INITIAL_WATER_TABLE": "{negative}"}, ["INITIAL_WATER_TABLE", "-1 m", "0 (dry)"]),
    "recharge in m": (SIMULATE, {"ANTECEDENT_RECHARGE": 1000}, ["ANTECEDENT_RECHARGE", "0 to 100 mm/day"]),
    "porosity too small": (
        SIMULATE, {"FRONT_MOISTURE": "rain", "EFFECTIVE_POROSITY": 0.1}, ["EFFECTIVE_POROSITY", "moisture deficit"],
    ),
    "hours that are none": (
        SIMULATE, {"SERIES_HOURS": "noon", "FACTOR_OF_SAFETY_SERIES": OUT}, ["SERIES_HOURS", "'noon'", "every 6"],
    ),
    "hours after the end": (
        SIMULATE, {"SERIES_HOURS": "30", "FACTOR_OF_SAFETY_SERIES": OUT}, ["SERIES_HOURS", "30 h", "0 to 24 h"],
    ),
    "series as ASCII grid": (
        SIMULATE, {"FACTOR_OF_SAFETY_SERIES": "/tmp/series.asc"}, ["FACTOR_OF_SAFETY_SERIES", "series.asc", ".tif"],
    ),
    "missing weights": (PREDICT, {"MODEL": "{missing}"}, ["(MODEL)", "missing.tif", "does not exist"]),
    "a raster as weights": (PREDICT, {"MODEL": "{dem}"}, ["(MODEL)", "wrong file extension", ".safetensors"]),
    "unreadable weights": (PREDICT, {"MODEL": "{broken}"}, ["(MODEL)", "broken.safetensors", "cannot be read"]),
    "foreign weights": (PREDICT, {"MODEL": "{foreign}"}, ["(MODEL)", "foreign.safetensors", "made by Slopecast"]),
    "unknown device": (PREDICT, {"DEVICE": "abacus"}, ["DEVICE", "abacus", "cpu"]),
    "masks that are none": (
        COMPARE, {"PREDICTED": "{dem}", "REFERENCE": "{dem}"}, ["(PREDICTED)", "0 (stable) and 1 (failed)"],
    ),
    "depths in the wrong order": (DEPTH, {"DEPTH_MIN": 5}, ["DEPTH_MIN", "5 m", "4 m"]),
    "depth bound in cm": (DEPTH, {"DEPTH_MAX": 200}, ["DEPTH_MAX", "200 m", "0 to 50 m"]),
    "unknown method": (DEPTH, {"METHOD": "guess"}, ["METHOD", "guess", "slope"]),
    "area too small": (EXAMPLE, {"SIZE": 5}, ["SIZE", "5", "32 to 4000"]),
    "area into a file": (EXAMPLE, {"OUTPUT_FOLDER": "{file_as_folder}/x"}, ["OUTPUT_FOLDER", "cannot be written"]),
    "negative spread": (CHANCE, {"COHESION_SD": -1}, ["COHESION_SD", "-1 kPa", "0 (certain) to 200 kPa"]),
    **{
        f"spread of the depth of {value}": (CHANCE, {"SOIL_DEPTH_SD": value}, ["SOIL_DEPTH_SD", "0.3 for 30 %"])
        for value in (-0.2, 1.01, 25)
    },
    "spread of the depth of a word": (CHANCE, {"SOIL_DEPTH_SD": "deep"}, ["SOIL_DEPTH_SD", "'deep' is not a number"]),
    "spread of a word": (CHANCE, {"RAINFALL_SD": "some"}, ["RAINFALL_SD", "'some' is not a number"]),
    "spread in m/day": (CHANCE, {"CONDUCTIVITY_SD": 0.1}, ["CONDUCTIVITY_SD", "0.1 m/s", "86400"]),
    "spread elsewhere": (CHANCE, {"COHESION_SD_LAYER": "{elsewhere}"}, ["COHESION_SD_LAYER", "no valid cell"]),
    "spread's raster negative": (CHANCE, {"COHESION_SD_LAYER": "{negative}"}, ["COHESION_SD", "-1 kPa"]),
    "spread's raster replaced": (
        CHANCE, {"COHESION_SD_LAYER": "{unnamed}", "FAILURE_PROBABILITY": "{unnamed}"},
        ["FAILURE_PROBABILITY", "is an input"],
    ),
    "lognormal around 0": (
        CHANCE, {"COHESION": 0, "COHESION_DISTRIBUTION": "lognormal"}, ["COHESION_DISTRIBUTION", "mean above 0"],
    ),
    "unknown distribution": (CHANCE, {"COHESION_DISTRIBUTION": "flat"}, ["COHESION_DISTRIBUTION", "flat"]),
    "mean out of range": (CHANCE, {"FRICTION_ANGLE": 60}, ["FRICTION_ANGLE", "60 deg", "1 to 55 deg"]),
    "no draws": (CHANCE, {"DRAWS": 0}, ["DRAWS", "0 is out of range", "1 to 100000"]),
    "half a draw": (CHANCE, {"DRAWS": 1.5}, ["DRAWS", "1.5", "whole numbers"]),
    "negative seed": (CHANCE, {"SEED": -1}, ["SEED", "-1"]),
    "correlation of 2": (
        CHANCE, {"COHESION_FRICTION_CORRELATION": 2}, ["COHESION_FRICTION_CORRELATION", "2", "-1 to 1"],
    ),
    "unknown probability method": (CHANCE, {"METHOD": "dice"}, ["METHOD", "dice", "first order"]),
    "first order of the minimum": (CHANCE, {"METHOD": "first order", "EVALUATE": "minimum"}, ["EVALUATE", "end"]),
    "missing zones": (BURN, {"ZONES": "{missing}"}, ["(ZONES)", "missing.tif", "cannot be loaded"]),
    "no zones": (BURN, {"ZONES": None}, ["(ZONES)", "is missing"]),
    "lines as zones": (BURN, {"ZONES": "{lines}"}, ["(ZONES)", "'Line'", "polygons"]),
    "zones elsewhere": (BURN, {"ZONES": "{far_zones}"}, ["(ZONES)", "cover no cell", "extents"]),
    "zones without a value": (BURN, {"ZONES": "{null_zones}"}, ["Cohesion", "'c'", "feature 2", "is NULL"]),
    "zones out of range": (BURN, {"ZONES": "{high_zones}"}, ["'c'", "feature 2", "500 kPa", "0 to 200 kPa"]),
    "a name as cohesion": (BURN, {"COHESION_FIELD": "rock"}, ["'rock'", "feature 1", "'granite' is not a number"]),
    "unknown field": (BURN, {"COHESION_FIELD": "coh"}, ["COHESION_FIELD", "'coh' is not a field", "c, phi"]),
    "field without a file": (BURN, {"FRICTION_ANGLE_FIELD": "phi"}, ["FRICTION_ANGLE_FIELD", "no output file"]),
    "file without a field": (BURN, {"FRICTION_ANGLE": OUT}, ["FRICTION_ANGLE_FIELD", "is missing"]),
    "no field at all": (BURN, {"COHESION_FIELD": None, "COHESION": None}, ["Fields", "none is chosen"]),
    "zones on a DEM in degrees": (BURN, {"DEM": "{degrees}"}, ["(DEM)", "degrees", "UTM"]),
    "missing map": (JUDGE, {"MAP": "{missing}"}, ["(MAP)", "missing.tif"]),
    "missing landslides": (JUDGE, {"LANDSLIDES": "{missing}"}, ["(LANDSLIDES)", "missing.tif", "vector layer"]),
    "lines as landslides": (JUDGE, {"LANDSLIDES": "{lines}"}, ["(LANDSLIDES)", "'Line'", "points or polygons"]),
    "table as landslides": (
        JUDGE, {"LANDSLIDES": "{rain of equal hours}"}, ["(LANDSLIDES)", "without geometries", "Create points"],
    ),
    "landslides elsewhere": (JUDGE, {"LANDSLIDES": "{far_points}"}, ["(LANDSLIDES)", "no feature on a cell"]),
    "stable points elsewhere": (JUDGE, {"STABLE": "{far_points}"}, ["(STABLE)", "no feature on a cell"]),
    "polygons as stable points": (JUDGE, {"STABLE": "{scars}"}, ["(STABLE)", "'Polygon'", "points"]),
    "area elsewhere": (JUDGE, {"MASK_LAYER": "{far_zones}"}, ["(LANDSLIDES)", "area to evaluate"]),
    "landslides everywhere": (JUDGE, {"LANDSLIDES": "{area}", "MASK_LAYER": "{area}"}, ["no stable cell"]),
    "no mask": (JUDGE, {"KIND": "mask"}, ["(MAP)", "kind of map: mask", "0 and 1"]),
    "no probability": (JUDGE, {"KIND": "probability"}, ["(MAP)", "not valid for this kind", "0 to 1"]),
    "no factor of safety": (JUDGE, {"MAP": "{negative}"}, ["(MAP)", "-1 to -1", "kind of map: factor of safety"]),
    "unknown kind": (JUDGE, {"KIND": "guess"}, ["KIND", "guess", "probability"]),
    "threshold of 0": (JUDGE, {"PROBABILITY_THRESHOLD": 0}, ["PROBABILITY_THRESHOLD", "above 0"]),
    "report into a file": (JUDGE, {"REPORT": "{file_as_folder}/r.html"}, ["(REPORT)", "cannot be written"]),
    "report over a raster": (JUDGE, {"REPORT": "{dem}"}, ["(REPORT)", "wrong file extension", ".html"]),
    "versions over a raster": (("checkenvironment", {}), {"REPORT": "{dem}"}, ["(REPORT)", "wrong file extension"]),
    "several at once": (
        PREDICT, {"COHESION": -1, "RAINFALL": "much", "DEM": "{missing}", "DEVICE": "abacus"},
        ["COHESION", "-1 kPa", "\nRainfall", "'much'", "(DEM)", "missing.tif", "abacus"],
    ),
    "ratio of two": (SIMULATE, {"WATER_TABLE_RATIO": 2}, ["WATER_TABLE_RATIO): 2 is out of range. Allowed: 0 to 1."]),
    "rain of no time": (RAIN, {"DURATION": 0}, ["(DURATION)", "0 h", "720 h"]),
    "rain of a word": (RAIN, {"DURATION": "long"}, ["(DURATION)", "'long' is not a number"]),
    "rain of no year": (RAIN, {"RETURN_PERIOD": 0}, ["RETURN_PERIOD", "0 yr", "1 to 10000 yr"]),
    "rain's coefficients": (RAIN, {"LONG_A": -5000}, ["oefficients", "no positive intensity", "signs"]),
    "rain's branches": (RAIN, {"SPLIT": 0}, ["(SPLIT)", "0 min", "above 0"]),
}  # fmt: skip

TABLE = ("predictfromtable", {"DEM": "{dem}", "SOIL_DEPTH": "{depth}", "SOLVER": 1, "OUTPUT_FOLDER": OUT,
                               "SUMMARY": OUT})  # fmt: skip
TRAIN = ("trainmodel", {"DATASET": "{dataset}", "ARCHITECTURE": "network", "EPOCHS": 1, "MODEL": OUT})
EVALUATE = ("evaluatemodel", {"DATASET": "{dataset}", "MODEL": "{weights}", "METRICS": OUT})

#: Tables, hyetographs, grids, weights and data sets, each with what is wrong with it.
MORE = {
    **{f"table: {name}": (TABLE, {"TABLE": f"{{table {name}}}"}, words) for name, (_, words) in TABLES.items()},
    **{
        f"hyetograph: {name}": (SIMULATE, {"HYETOGRAPH": f"{{rain {name}}}"}, words)
        for name, (_, words) in HYETOGRAPHS.items()
    },
    **{f"grid: {name}": (SIMULATE, {"DEM": f"{{grid {name}}}"}, words) for name, (_, words) in GRIDS.items()},
    **{f"weights: {name}": (PREDICT, {"MODEL": f"{{weights {name}}}"}, words) for name, (_, words) in WEIGHTS.items()},
    **{f"card: {name}": (PREDICT, {"MODEL": f"{{card {name}}}"}, words) for name, (_, words) in CARDS.items()},
    **{
        f"data set: {name}": (EVALUATE, {"DATASET": f"{{dataset {name}}}"}, words)
        for name, (_, words) in DESCRIPTIONS.items()
    },
    **{
        f"shard: {name}": (EVALUATE, {"DATASET": f"{{shard {name}}}"}, words) for name, (_, words) in ARRAYS.items()
    },
    "training on nothing": (TRAIN, {"DATASET": "{missing}"}, ["(DATASET)", "missing.tif' cannot be read"]),
    "training on a file": (TRAIN, {"DATASET": "{dem}"}, ["(DATASET)", ".tif' cannot be read (Not a directory)"]),
    **{
        f"{key} of {base[0]} that cannot be reached": (base, {key: f"/tmp/{'n' * 300}/x{suffix}"}, [f"({key})", words])
        for base, key, suffix, words in (
            (SIMULATE, "DEM", ".tif", "cannot be loaded"),
            (PREDICT, "MODEL", ".safetensors", "does not exist"),
            (TABLE, "TABLE", ".csv", "cannot be loaded"),
            (JUDGE, "LANDSLIDES", ".gpkg", "cannot be loaded"),
            (JUDGE, "REPORT", ".html", "cannot be written"),
            (EVALUATE, "DATASET", "", "cannot be read (File name too long)"),
        )
    },
    "training from foreign weights": (TRAIN, {"INITIAL_MODEL": "{foreign}"}, ["foreign.safetensors"]),
    "training for no epoch": (TRAIN, {"EPOCHS": 0}, ["EPOCHS"]),
    "training at no rate": (TRAIN, {"LEARNING_RATE": -1}, ["LEARNING_RATE"]),
    "training in no batch": (TRAIN, {"BATCH_SIZE": 0}, ["BATCH_SIZE"]),
    "sheet of no layer": (("mapsheet", {}), {"LAYER": "{missing}"}, ["(LAYER)", "missing.tif"]),
    "a table that is missing": (TABLE, {"TABLE": "/nowhere/table.csv"}, ["(TABLE)", "/nowhere/table.csv"]),
    "a raster as table": (TABLE, {"TABLE": "{dem}"}, ["(TABLE)", "cannot be loaded as a table"]),
    "large metadata": (SIMULATE, {"DEM": "{large_aux_xml}"}, ["(DEM)", "metadata", ".aux.xml", "at most 4 MB"]),
}  # fmt: skip
CASES.update(MORE)
#: Those that are run by ``qgis_process`` too: every third, of those whose parameters are all given.
BY_QGIS_PROCESS = [name for name in sorted(CASES) if None not in CASES[name][1].values()][::3]
