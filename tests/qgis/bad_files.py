"""Bad files by name, each with words of its error: tables, hyetographs, grids, weights, cards and data sets."""

from __future__ import annotations

import json
import shutil

import numpy as np

_HEAD = "ncols {}\nnrows {}\nxllcorner 200000\nyllcorner 550000\ncellsize {}\nNODATA_value -9999\n"
_ROWS = ("100 101 103 99 " * 3 + "\n") * 12

#: Text of a parameter table.
TABLES = {
    "empty": ("", ["(TABLE)", "no column of a parameter"]),
    "of titles alone": ("name,cohesion\n", ["(TABLE)", "has no rows"]),
    "of empty rows": ("name,cohesion\n,\n,\n", ["(TABLE)", "has no rows"]),
    "of unknown titles": ("width,height\n1,2\n", ["(TABLE)", "'width'"]),
    "of an unknown number": ("cohesion,magic\n2,3\n", ["(TABLE)", "magic"]),
    "of words": ("cohesion\nmuch\n", ["row 1", "'cohesion'", "'much' is not a number"]),
    "of nothing": ("name,cohesion\na,\n", ["row 1", "'cohesion'", "is empty"]),
    "of NaN": ("cohesion\nnan\n", ["row 1", "'nan' is not a number"]),
    "of infinity": ("cohesion\n1e999\n", ["row 1", "too large a number"]),
    "of a negative number": ("cohesion\n-1\n", ["row 1", "-1", "out of range"]),
    "of commas": ('cohesion\n"1,5"\n', ["row 1", "decimal comma"]),
    "of dates": ("cohesion\n2026-01-05\n", ["row 1", "is a date"]),
    "of percent": ("cohesion\n12%\n", ["row 1", "is not a number"]),
    "of a formula": ("cohesion\n=1+1\n", ["row 1", "'=1+1' is not a number"]),
    "of an expression": ("cohesion\n[% 1+1 %]\n", ["row 1", "is not a number"]),
    "of long digits": ("cohesion\n" + "1" * 90_000 + "x\n", ["row 1", "is not a number"]),
    "of digits of another script": ("cohesion\n\u0663\n", ["row 1", "digits 0 to 9"]),
    "of a title twice": ("cohesion,cohesion\n1,2\n", ["(TABLE)", "cohesion"]),
    "of another unit": ("cohesion [m]\n1\n", ["(TABLE)", "cohesion [m]"]),
    "of too many cells": ("name,cohesion\na,2,3,4\n", ["row 1", "has 4 cells"]),
    "of a slash": ("name,cohesion\na/b,2\n", ["row 1", "not a safe file name"]),
    "of a path up": ("name,cohesion\n..,2\n", ["row 1", "not a safe file name"]),
    "of a path of Windows": ("name,cohesion\nC:\\x,2\n", ["row 1", "not a safe file name"]),
    "of a device": ("name,cohesion\nNUL,2\n", ["row 1", "Windows reserves it"]),
    "of a hidden letter": ("name,cohesion\na\u202eb,2\n", ["row 1", "not a safe file name"]),
    "of a control letter": ("name,cohesion\na\x07b,2\n", ["row 1", "not a safe file name"]),
    "of a long name": (f"name,cohesion\n{'x' * 300},2\n", ["row 1", "longer than 100 bytes"]),
    "of a name twice": ("name,cohesion\na,2\nA,3\n", ["row 2", "is also the name of row 1"]),
    "of many rows": ("cohesion\n" + "2\n" * 60_000, ["(TABLE)", "more than 50,000 rows"]),
    "of many scenarios": ("cohesion\n" + "2\n" * 21_000, ["(TABLE)", "more than 20,000 rows"]),
    "of many columns": (",".join(f"c{n}" for n in range(600)) + "\n1\n", ["(TABLE)", "600 columns"]),
    "of a long line": ("cohesion," + "x" * 200_000 + "\n2,3\n", ["(TABLE)", "characters"]),
    "of contradicting weights": (
        "unit_weight_moist,unit_weight_saturated\n20,15\n", ["row 1", "20", "15"],
    ),
}  # fmt: skip
#: Text of a hyetograph.
HYETOGRAPHS = {
    "empty": ("", ["(HYETOGRAPH)"]),
    "without a rainfall": ("hour\n3\n", ["(HYETOGRAPH)", "no column 'rainfall'"]),
    "without an hour": ("rainfall\n3\n", ["(HYETOGRAPH)", "no column 'hour'"]),
    "from hour nought": ("hour,rainfall\n0,5\n", ["row 1", "'hour'"]),
    "of a negative hour": ("hour,rainfall\n-3,5\n", ["row 1", "'hour'", "-3 h"]),
    "of equal hours": ("hour,rainfall\n3,5\n3,6\n", ["row 2", "'hour'"]),
    "of NaN": ("hour,rainfall\n3,nan\n", ["row 1", "'nan' is not a number"]),
    "of too much rain": ("hour,rainfall\n3,5000\n", ["row 1", "5000"]),
    "beyond a month": ("hour,rainfall\n1000,5\n", ["row 1", "1000 h"]),
    "of a moment": ("hour,rainfall\n0.001,5\n", ["the event ends at"]),
    "of amounts": ("hour,rainfall [mm]\n3,5\n", ["rainfall [mm]", "amount"]),
    "of a formula": ("hour,rainfall\n=1+1,5\n", ["row 1", "'=1+1' is not a number"]),
    "of many rows": ("hour,rainfall\n" + "".join(f"{n},1\n" for n in range(1, 100_001)), ["more than 50,000 rows"]),
    "of clock times": ("hour,rainfall\n03:00,5\n", ["row 1", "time of day"]),
}  # fmt: skip
#: Text of an ASCII grid.
GRIDS = {
    "of no cell": (_HEAD.format(0, 12, 10) + _ROWS, ["(DEM)"]),
    "of fewer than no cells": (_HEAD.format(-12, 12, 10) + _ROWS, ["(DEM)"]),
    "of more cells than bytes": (_HEAD.format(20_000, 20_000, 10) + _ROWS, ["(DEM)", "20,000 x 20,000 cells"]),
    "of terabytes": (_HEAD.format(2_000_000, 2_000_000, 10) + _ROWS, ["(DEM)"]),
    "of cells of no size": (_HEAD.format(12, 12, 0) + _ROWS, ["(DEM)"]),
    "of cells of NaN": (_HEAD.format(12, 12, "nan") + _ROWS, ["(DEM)"]),
    "of cells of infinity": (_HEAD.format(12, 12, "inf") + _ROWS, ["(DEM)"]),
    "cut short": (_HEAD.format(12, 12, 10) + _ROWS[: len(_ROWS) // 2], ["(DEM)", "cannot be read completely"]),
    "of NoData alone": (_HEAD.format(12, 12, 10) + "-9999 " * 144, ["(DEM)", "no valid cell"]),
    "without a header": (_ROWS, ["(DEM)", "cannot be loaded"]),
    "of a header alone": (_HEAD.format(12, 12, 10), ["(DEM)"]),
    "of heights of other planets": (_HEAD.format(12, 12, 10) + _ROWS.replace("103", "1e30"), ["(DEM)"]),
    "of one value a line": (_HEAD.format(1, 144, 10) + _ROWS.replace(" ", "\n"), ["(DEM)"]),
}


def _first(tensors):
    return sorted(tensors)[0]


#: Changes of a network's tensors.
WEIGHTS = {
    "of NaN": (lambda t: {**t, _first(t): t[_first(t)] * float("nan")}, ["(MODEL)", "not finite"]),
    "of infinity": (lambda t: {**t, _first(t): t[_first(t)] + float("inf")}, ["(MODEL)", "not finite"]),
    "of zeros": (lambda t: {name: values * 0.0 for name, values in t.items()}, ["(MODEL)", "all weights are 0"]),
    "of bytes": (lambda t: {name: values.byte() for name, values in t.items()}, ["(MODEL)", "is of the type U8"]),
    "of whole numbers": (lambda t: {**t, _first(t): t[_first(t)].long()}, ["(MODEL)", "is of the type I64"]),
    "of fewer layers": (lambda t: {n: v for n, v in t.items() if n != _first(t)}, ["(MODEL)", "is missing"]),
    "of more layers": (lambda t: {**t, "extra": t[_first(t)].clone()}, ["(MODEL)", "'extra' is unknown"]),
    "of no layer": (lambda t: {"x": t[_first(t)]}, ["(MODEL)", "damaged"]),
    "of another shape": (
        lambda t: {**t, _first(t): t[_first(t)].reshape(-1)[:1].clone()},
        ["(MODEL)", "has the shape"],
    ),
}
#: Changes of a network's card.
CARDS = {
    "wide": ({"architecture": {"kind": "unet", "widths": [3000, 3000]}}, ["(MODEL)", "widths", "1 to 1024"]),
    "deep": ({"architecture": {"kind": "unet", "widths": [4] * 40}}, ["(MODEL)", "widths has 40 entries"]),
    "of endless width": ({"architecture": {"kind": "unet", "widths": [10**12]}}, ["(MODEL)", "out of range"]),
    "of no shape": ({"architecture": None}, ["(MODEL)", "architecture"]),
    "of another kind": ({"architecture": {"kind": "transformer", "widths": [4, 4]}}, ["(MODEL)"]),
    "without a name": ({"id": ""}, ["(MODEL)", "id is not a text"]),
    "of a long name": ({"id": "x" * 10_000}, ["(MODEL)", "id is not a text"]),
    "of ranges that are none": ({"ranges": {"rainfall": "all"}}, ["(MODEL)", "ranges: rainfall"]),
    "of endless ranges": ({"ranges": {"rainfall": [0.0, float("inf")]}}, ["(MODEL)", "ranges: rainfall"]),
    "of turned ranges": ({"ranges": {"rainfall": [17.0, 1.0]}}, ["(MODEL)", "ranges: rainfall"]),
    "of other channels": ({"channels": ["elevation"]}, ["(MODEL)", "its channels is"]),
    "of another version": ({"format": "slopecast-network-9"}, ["(MODEL)", "its format is"]),
    "of the paper": ({"format": "slopecast-paper-1"}, ["(MODEL)", "another version"]),
    "of long texts": ({"training": {"data": "x" * 100_000}}, ["(MODEL)", "training: data is longer"]),
}  # fmt: skip


def _shard(description, **changes):
    return {**description, "shards": [{**s, **changes} for s in description["shards"]]}


#: Changes of a data set's description.
DESCRIPTIONS = {
    "of another format": (lambda d: {**d, "format": "x"}, ["(DATASET)", "has the format"]),
    "with a path up": (lambda d: _shard(d, file="../x.npz"), ["(DATASET)", "not the name of a shard"]),
    "with an absolute path": (lambda d: _shard(d, file="/etc/passwd"), ["(DATASET)", "not the name of a shard"]),
    "without its shards": (lambda d: {**d, "shards": None}, ["(DATASET)", "is damaged"]),
    "of a missing shard": (lambda d: _shard(d, file="missing.npz"), ["(DATASET)", "lacks"]),
    "of a split out of range": (
        lambda d: _shard(d, cases=[["a", "b", 9, 1], ["c", "d", 2, 1]]), ["(DATASET)", "is damaged"],
    ),
    "of other cases": (lambda d: _shard(d, cases=[["a", "b", 2, 1]]), ["(DATASET)", "does not contain the cases"]),
    "of a list": (lambda d: [d], ["(DATASET)", "does not describe a data set"]),
}  # fmt: skip
#: Changes of every shard's arrays.
ARRAYS = {
    "of infinite heights": (lambda a: {"elevation": a["elevation"] + np.float32("inf")}, ["(DATASET)", "infinite"]),
    "of a zone out of range": (lambda a: {"zones": a["zones"] + np.uint8(200)}, ["(DATASET)", "zones contains"]),
    "of a split out of range": (lambda a: {"split": a["split"] + np.uint8(3)}, ["(DATASET)", "split contains"]),
    "of another size": (lambda a: {"soil_depth": a["soil_depth"][1:]}, ["(DATASET)", "soil_depth has the shape"]),
    "of objects": (lambda a: {"names": np.array([{}] * len(a["names"]), dtype=object)}, ["(DATASET)", "names is"]),
    "of no water": (lambda a: {"water_table": a["water_table"] * np.nan}, ["(DATASET)", "not finite"]),
    "that is none": (lambda _: b"no archive", ["(DATASET)", "cannot be read"]),
    "cut short": (lambda _: b"PK\x03\x04" + bytes(100), ["(DATASET)", "cannot be read"]),
}


def make(folder, weights):
    """Write all of them; weights: a file of good ones. Returns the paths by kind and name."""
    from tiny_dataset import tiny_dataset

    made = {}
    for kind, texts, ending in (("table", TABLES, "csv"), ("rain", HYETOGRAPHS, "csv"), ("grid", GRIDS, "asc")):
        for name, (text, _) in texts.items():
            made[f"{kind} {name}"] = path = folder / f"{kind} {name}.{ending}"
            path.write_text(text, encoding="utf-8")
    made.update(_networks(folder, weights))
    whole = tiny_dataset(folder / "dataset", 32).folder
    made["dataset"] = whole
    for kind, changes in (("dataset", DESCRIPTIONS), ("shard", ARRAYS)):
        for name, (change, _) in changes.items():
            made[f"{kind} {name}"] = shutil.copytree(whole, folder / f"{kind} {name}")
            (_describe if kind == "dataset" else _rewrite)(made[f"{kind} {name}"], change)
    made["large_aux_xml"] = folder / "large_aux_xml.tif"
    shutil.copy(whole.parent / "unit_slope.tif", made["large_aux_xml"])
    (folder / "large_aux_xml.tif.aux.xml").write_text(f"<PAMDataset>{' ' * 5_000_000}</PAMDataset>")
    return {name: str(path) for name, path in made.items()}


def _networks(folder, weights):
    from safetensors.torch import load_file, save_file
    from slopecast.plugin.ml import model_file

    tensors, card = load_file(str(weights)), model_file.read_card(weights)
    made = {}
    for kind, changes in (("weights", WEIGHTS), ("card", CARDS)):
        for name, (change, _) in changes.items():
            made[f"{kind} {name}"] = path = folder / f"{kind} {name}.safetensors"
            own, its = (change(tensors), card) if kind == "weights" else (tensors, {**card, **change})
            save_file(own, str(path), metadata={"card": json.dumps(its)})
    return made


def _describe(data, change):
    file = data / "dataset.json"
    file.write_text(json.dumps(change(json.loads(file.read_text(encoding="utf-8")))), encoding="utf-8")


def _rewrite(data, change):
    from slopecast.plugin.core.dataset.shard import read_arrays

    for path in data.glob("*.npz"):
        arrays = read_arrays(path)
        changed = change(arrays)
        if isinstance(changed, bytes):
            path.write_bytes(changed)
        else:
            np.savez_compressed(path, **{**arrays, **changed})
