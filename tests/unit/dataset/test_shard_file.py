"""Shards and data sets that cannot be meant: refused in words, before memory is taken."""

from __future__ import annotations

import json
import resource
import shutil
from pathlib import Path

import numpy as np
import pytest
from slopecast.plugin.core.dataset.cases import Case
from slopecast.plugin.core.dataset.dataset import read_dataset
from slopecast.plugin.core.dataset.shard import read_arrays, read_shard, write_shard
from slopecast.plugin.core.dataset.simulate import procedural_terrain, simulate_cases
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.feedback import Feedback
from tiny_dataset import tiny_dataset


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    made = tmp_path_factory.mktemp("shard") / "one.npz"
    cases = [Case(f"c{n}", {"cohesion": 1.0 + n}, split=n % 3) for n in range(4)]
    write_shard(made, simulate_cases(procedural_terrain(11, 40), cases, Feedback()))
    return made


def rewritten(path, target, **changes):
    arrays = {**read_arrays(path), **changes}
    np.savez_compressed(target, **{name: values for name, values in arrays.items() if values is not None})
    return target


def with_value(name, value, at=0):
    """A change of one value of an array."""
    return lambda arrays: {name: np.where(np.arange(arrays[name].size).reshape(arrays[name].shape) == at, value,
                                          arrays[name]).astype(arrays[name].dtype)}  # fmt: skip


DAMAGES = {
    "no elevation": (lambda _: {"elevation": None}, "has no elevation"),
    "infinite elevations": (with_value("elevation", np.inf), "elevation contains infinite"),
    "infinite depths": (with_value("soil_depth", -np.inf), "soil_depth contains infinite"),
    "split out of range": (with_value("split", 7), "split contains 0 to 7"),
    "zone out of range": (with_value("zones", 250), "zones contains"),
    "water of no row": (with_value("water_of_case", 99), "water_of_case contains"),
    "water below 0": (with_value("water_of_case", -1), "water_of_case contains -1"),
    "water that is none": (with_value("water_table", np.nan), "water_table contains values that are not finite"),
    "scenario that is none": (with_value("scenarios", np.nan), "scenarios contains values that are not finite"),
    "factor that is none": (with_value("factors", np.inf), "factors contains values that are not finite"),
    "count below 0": (with_value("failed_cells", -3), "failed_cells contains -3"),
    "geotransform that is none": (with_value("geotransform", np.nan), "geotransform contains"),
    "depths of another size": (lambda a: {"soil_depth": a["soil_depth"][:-1]}, "soil_depth has the shape"),
    "zones of another size": (lambda a: {"zones": a["zones"][:, :-1]}, "zones has the shape"),
    "water of other cells": (lambda a: {"ponded": a["ponded"][:, :-1]}, "ponded has the shape"),
    "names of other cases": (lambda a: {"names": a["names"][:-1]}, "names has the shape"),
    "fewer parameters": (lambda a: {"scenarios": a["scenarios"][:, :-1]}, "scenarios has the shape"),
    "no zone": (lambda a: {"factors": a["factors"][:, :0]}, "factors has the shape"),
    "geotransform of 3": (lambda a: {"geotransform": a["geotransform"][:3]}, "geotransform has the shape"),
    "elevation of integers": (lambda a: {"elevation": np.zeros((40, 40), np.int32)}, "elevation is of the type"),
    "elevation of three axes": (lambda a: {"elevation": a["elevation"][None]}, "elevation is of the type"),
    "objects": (lambda _: {"names": np.array([{}, [], 1, None], dtype=object)}, "names"),
    "long names": (lambda _: {"names": np.array(["x" * 5000] * 4)}, "names contains texts longer"),
    "numbers as a coordinate system": (lambda _: {"crs": np.array(5.0)}, "crs is of the type"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_shards_are_refused_by_what_is_wrong(path, tmp_path, damage):
    change, words = DAMAGES[damage]
    other = rewritten(path, tmp_path / "other.npz", **change(read_arrays(path)))
    with pytest.raises(InputError, match=r"Data set \(DATASET\)") as caught:
        read_shard(other)
    assert words in str(caught.value)


@pytest.mark.parametrize("side", [9_000, 30_000, 2**40])
def test_shards_that_unpack_to_gigabytes_are_refused_before_memory_is_taken(path, tmp_path, side):
    """Zeros pack to a thousandth of their size; a header may claim any shape."""
    import zipfile

    shutil.copy(path, tmp_path / "bomb.npz")
    with zipfile.ZipFile(tmp_path / "bomb.npz") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            with archive.open(name, "w", force_zip64=True) as file:
                if name not in ("elevation.npy", "soil_depth.npy", "zones.npy"):
                    file.write(content)
                    continue
                kind = "|u1" if name == "zones.npy" else "<f4"
                np.lib.format.write_array_header_1_0(
                    file, {"descr": kind, "fortran_order": False, "shape": (side, side)}
                )
                for _ in range(min(side, 30)):
                    file.write(bytes(1_000_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError, match="unpacks to"):
        read_shard(tmp_path / "bomb.npz")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_dataset(tmp_path_factory.mktemp("data") / "tiny", 32).folder


def first(description, **changes):
    shards = description["shards"]
    return {**description, "shards": [{**shards[0], **changes}, *shards[1:]]}


DESCRIPTIONS = {
    "a path up": lambda d: first(d, file="../other.npz"),
    "an absolute path": lambda d: first(d, file="/etc/passwd"),
    "a path of Windows": lambda d: first(d, file="..\\other.npz"),
    "a drive": lambda d: first(d, file="C:other.npz"),
    "another file": lambda d: first(d, file="dataset.json"),
    "a hidden file": lambda d: first(d, file=".other.npz"),
    "a number as file": lambda d: first(d, file=3),
    "no file": lambda d: first(d, file=None),
    "a split out of range": lambda d: first(d, cases=[[*d["shards"][0]["cases"][0][:2], 9, 1]]),
    "a negative count": lambda d: first(d, cases=[[*d["shards"][0]["cases"][0][:3], -1]]),
    "an endless count": lambda d: first(d, cases=[[*d["shards"][0]["cases"][0][:3], float("inf")]]),
    "cases of three entries": lambda d: first(d, cases=[[1, 2, 3]]),
    "no shards": lambda d: {**d, "shards": None},
    "shards as a text": lambda d: {**d, "shards": "many"},
    "a design that is a list": lambda d: {**d, "design": [1]},
}


@pytest.mark.parametrize("change", DESCRIPTIONS)
def test_descriptions_that_cannot_be_meant_are_refused(folder, tmp_path, change):
    shutil.copytree(folder, tmp_path / "data")
    file = tmp_path / "data" / "dataset.json"
    file.write_text(json.dumps(DESCRIPTIONS[change](json.loads(file.read_text(encoding="utf-8")))), encoding="utf-8")
    with pytest.raises(InputError, match=r"Data set \(DATASET\)"):
        read_dataset(tmp_path / "data")


@pytest.mark.parametrize("text", ["[" * 100_000, "{", "[]", '"x"', "", "\ufeff{}", "{" + " " * 60_000_000 + "}"])
def test_files_that_describe_nothing_are_refused(folder, tmp_path, text):
    shutil.copytree(folder, tmp_path / "data")
    (tmp_path / "data" / "dataset.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"Data set \(DATASET\)"):
        read_dataset(tmp_path / "data")


def test_a_shard_of_other_cases_than_listed_is_refused(folder, tmp_path, path):
    shutil.copytree(folder, tmp_path / "data")
    data = read_dataset(tmp_path / "data")
    shutil.copy(path, data.folder / data.shards[0].file)
    with pytest.raises(InputError, match=r"does not contain the cases that 'dataset\.json' lists"):
        data.shard(0)


def test_no_file_stays_open_on_a_full_disk(path, tmp_path):
    """An open one would keep its room on the disk, and on Windows could not be removed."""
    shard, before = read_shard(path), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size // 2, before[1]))
    try:
        with pytest.raises(OSError, match=r"[Ff]ile too large") as raised:
            write_shard(tmp_path / "two.npz", shard)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert raised.value is not None  # its frames are kept meanwhile
    opened = [link.resolve() for link in Path("/proc/self/fd").glob("*")]
    assert not any(str(tmp_path) in str(file) for file in opened)
    assert list(tmp_path.iterdir()) == []
