"""``make fuzz``: random changes of accepted files, until a budget of seconds for each kind is spent.

Each changed file is read as the product reads it. It may be accepted or refused by an error in words; anything else,
five seconds of work (or a minute) without an answer, or memory beyond ten times the file (and 64 MB) is a finding,
which is kept as a file. The same seed makes the same changes.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import resource
import signal
import tempfile
import time
import traceback
import zipfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Callable

import checkout
import torch
from osgeo import gdal, ogr
from slopecast.plugin.core.dataset.cases import TRAIN, Case
from slopecast.plugin.core.dataset.dataset import read_dataset
from slopecast.plugin.core.dataset.shard import read_shard, write_shard
from slopecast.plugin.core.dataset.simulate import procedural_terrain, simulate_cases
from slopecast.plugin.core.errors import SlopecastError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.raster.inputs import ELEVATION, RasterInput
from slopecast.plugin.core.raster.read import read_dem
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.tables.limits import MOST_ROWS, check_file
from slopecast.plugin.core.tables.parameter_table import hyetograph_from_table, scenarios_from_table
from slopecast.plugin.core.tables.text_table import read_text_table
from slopecast.plugin.ml import model_file
from slopecast.plugin.ml.paper import PaperArchitecture, PaperNetwork, scaling_of
from slopecast.plugin.ml.paper_solver import PaperSolver
from slopecast.plugin.ml.reliability import outside_training
from slopecast.plugin.ml.training.checkpoint import read_state, write_state
from slopecast.plugin.ml.training.export import initial_weights_provenance
from tiny_networks import lively

LONGEST_S, LONGEST_WAIT_S, MOST_TIMES, ANY_KB = 5, 60, 10, 64_000
_TOKENS = (
    b"nan", b"inf", b"-1", b"1e999", b"0", b"99999999999999999999", b"4294967296", b'"', b"'", b",", b";", b"\t", b"\n",
    b"\r", b"\0", b"[", b"]", b"{", b"}", b"%", b"=", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"null", b"true", b"[%",
    b"<f8", b"|O", b"(", b")", b"m/s", b"[kPa]", b"rainfall", b"hour", b"name", b"../", b"\xe2\x80\xae",
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 10**9, 10**30, 0.5, -0.0, 1e308, float("nan"), float("inf"), "", "x", "nan",
    "../x.npz", "x" * 5000, [], {}, [[]], [1, 2], {"x": 1}, [None] * 50, "\u202e", "\ud800",
)  # fmt: skip
_AUX = """<PAMDataset><SRS>EPSG:5186</SRS><Metadata><MDI key="AREA_OR_POINT">Area</MDI></Metadata>
<PAMRasterBand band="1"><NoDataValue>-9999</NoDataValue><UnitType>m</UnitType><Offset>0</Offset><Scale>1</Scale>
<Metadata><MDI key="STATISTICS_MAXIMUM">103</MDI><MDI key="STATISTICS_MINIMUM">99</MDI></Metadata>
</PAMRasterBand></PAMDataset>"""
_GRID = "ncols 12\nnrows 12\nxllcorner 200000\nyllcorner 550000\ncellsize 10\nNODATA_value -9999\n"


def changed_bytes(content: bytes, rng: random.Random) -> bytes:
    """Some random changes: bits, bytes, tokens, cuts and copies."""
    made = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        at, kind = rng.randrange(len(made) + 1), rng.randrange(7)
        stop = min(len(made), at + rng.choice((1, 2, 4, 8, 64)))
        if kind == 0 and at < len(made):
            made[at] ^= 1 << rng.randrange(8)
        elif kind == 1 and at < len(made):
            made[at] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
        elif kind == 2:
            made[at:at] = rng.choice(_TOKENS)
        elif kind == 3:
            made[at:stop] = rng.choice(_TOKENS)
        elif kind == 4:
            del made[at:stop]
        elif kind == 5:
            made[at:at] = made[at:stop] * rng.choice((1, 2, 50))
        elif rng.random() < 0.2:
            del made[at:]
    return bytes(made)


def changed_xml(content: bytes, rng: random.Random) -> bytes:
    """The same with one text or attribute that is replaced, or with other changes."""
    texts = [match.span(1) for match in re.finditer(rb'[>"]([^<>"]+)["<]', content)]
    if not texts or rng.random() < 0.3:
        return changed_bytes(content, rng)
    first, last = rng.choice(texts)
    return content[:first] + rng.choice(_TOKENS) * rng.choice((1, 1, 1, 50)) + content[last:]


def changed_json(value: Any, rng: random.Random) -> Any:
    """The same with one entry that is replaced, left out, or added."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        if rng.random() < 0.1:
            return {k: v for k, v in value.items() if k != key}
        return {**value, key: changed_json(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.8:
        at = rng.randrange(len(value))
        return [*value[:at], changed_json(value[at], rng), *value[at + 1 :]]
    return rng.choice(_VALUES)


def changed_archive(content: bytes, rng: random.Random) -> bytes:
    """The same with one member that is changed, or with changes of the archive itself."""
    if rng.random() < 0.2:
        return changed_bytes(content, rng)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        names = old.namelist()
        chosen = rng.choice(names)
        for name in names:
            new.writestr(name, changed_xml(old.read(name), rng) if name == chosen else old.read(name))
    return made.getvalue()


@dataclass
class Kind:
    """One kind of file: accepted contents, how the product reads them, how they are changed, name of the file."""

    name: str
    seeds: list[bytes]
    read: Callable[[Path], Any]
    change: Callable[..., bytes] = changed_bytes
    file: str = "changed"


def kinds(folder: Path) -> list[Kind]:
    """All kinds with their seeds, made in a folder."""
    weights = folder / "seed.safetensors"
    model_file.save(weights, lively(), {"id": "seed"})
    tensors = {name: values.half() for name, values in lively().state_dict().items()}
    card = model_file.read_card(weights)

    of_paper = folder / "paper.safetensors"
    tiny = PaperNetwork(PaperArchitecture(width=4, levels=2))
    about = {"id": "seed", "ranges": {"rainfall": [1.0, 9.0]}, "constants": {"duration": 24.0}, "temperature": 1.2}
    model_file.save(of_paper, tiny, {**about, "scaling": scaling_of([procedural_terrain(11, 32)]), "sites": []})
    its_tensors, its_card = dict(tiny.state_dict()), model_file.read_card(of_paper)

    def with_card(content: bytes, rng: random.Random, layers: dict[str, torch.Tensor] = tensors) -> bytes:
        other = json.dumps(changed_json(json.loads(content), rng))
        return model_file.to_bytes(layers, {"card": other.encode("utf-8", "replace").decode()})

    scenario, terrain = Scenario(), procedural_terrain(11, 32)

    def judge(path: Path) -> None:
        outside_training(terrain.grid, 0.0, 1e-6, scenario, model_file.load(path)[1])
        initial_weights_provenance(path)

    shard = folder / "seed.npz"
    cases = [Case(f"c{n}", {"cohesion": 1.0 + n}, split=n % 3) for n in range(2)]
    write_shard(shard, simulate_cases(procedural_terrain(11, 32), cases, Feedback()))
    state = write_state({"network": dict(tensors)}, {"epoch": 1, "sums": {"loss": [0.5]}})
    description = {
        "format": "slopecast-dataset-2", "design": {"name": "seed"}, "mountains": [],
        "shards": [{"file": "seed.npz", "mountain": "m", "cases": [["c0", "", 0, 1], ["c1", "", 1, 2]]}],
    }  # fmt: skip
    tables = [
        "name,cohesion,friction_angle,rainfall\na,2,30,8\nb,3,28,12\n", "Cohesion [kPa];k (m/day)\n2;0.1\n4;0.2\n",
        "name\tc_psf\ttan phi\nx\t100\t0.5\n", "sep=,\ncohesion\n1\n2\n",
    ]  # fmt: skip
    rains = [
        "hour,rainfall\n3,6\n5,0\n9,25\n", "time (min);rain [mm/day]\n60;24\n120;48\n", "sep=|\nI|t\n6|1\n8|2\n",
        '"Rainfall","name","HOUR"\n"12","a","6"\n"0","b","12"\n', "hour\train (in/h)\n1\t0.5\n2\t0.1\n\n",
    ]  # fmt: skip
    grid = _GRID + ("100 101 103 99 " * 3 + "\n") * 12
    (folder / "with.asc").write_text(grid)
    return [
        Kind("weights", [weights.read_bytes()], model_file.load),
        Kind("card", [json.dumps(card).encode()], judge, with_card),
        Kind(
            "card of the paper",
            [json.dumps(its_card).encode()],
            lambda p: PaperSolver(p, "cpu"),
            lambda content, rng: with_card(content, rng, its_tensors),
        ),
        Kind("checkpoint", [state], read_state),
        Kind("shard", [shard.read_bytes()], read_shard),
        Kind("dataset.json", [json.dumps(description).encode()], _read_description, _with_description),
        Kind("table", [t.encode() for t in tables], lambda p: _read(p, scenarios_from_table)),
        Kind(
            "hyetograph",
            [*(t.encode() for t in rains), rains[0].encode("utf-16")],
            lambda p: _read(p, hyetograph_from_table),
        ),
        *(
            Kind(f"spreadsheet .{end}", [spreadsheet(folder, end)], _read_spreadsheet, changed_archive, f"rows.{end}")
            for end in ("xlsx", "ods")
        ),
        Kind("ASCII grid", [grid.encode()], lambda p: read_dem(RasterInput(str(p), kind=ELEVATION)), file="seed.asc"),
        Kind(
            ".aux.xml",
            [_AUX.encode()],
            lambda p: read_dem(RasterInput(str(p).removesuffix(".aux.xml"), kind=ELEVATION)),
            changed_xml,
            file="with.asc.aux.xml",
        ),
    ]


def spreadsheet(folder: Path, end: str) -> bytes:
    """A small table of scenarios as GDAL writes it."""
    path = folder / f"seed.{end}"
    dataset = ogr.GetDriverByName(end.upper()).CreateDataSource(str(path))
    layer = dataset.CreateLayer("rows")
    for title, kind in (("name", ogr.OFTString), ("cohesion", ogr.OFTReal), ("rainfall", ogr.OFTReal)):
        layer.CreateField(ogr.FieldDefn(title, kind))
    for row in (("a", 2.0, 8.5), ("b", 3.0, 12.0)):
        feature = ogr.Feature(layer.GetLayerDefn())
        for place, value in enumerate(row):
            feature.SetField(place, value)
        layer.CreateFeature(feature)
    layer = dataset = None
    return path.read_bytes()


def _read_spreadsheet(path: Path) -> Any:
    """Read the first sheet as QGIS does: with GDAL."""
    check_file(path, "Table")
    dataset = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    layer = None if dataset is None else dataset.GetLayer(0)
    if layer is None:
        raise SlopecastError("no table")
    definition = layer.GetLayerDefn()
    header = [definition.GetFieldDefn(place).GetName() for place in range(definition.GetFieldCount())]
    rows = [[feature.GetField(place) for place in range(len(header))] for feature in islice(layer, MOST_ROWS + 2)]
    return scenarios_from_table(header, rows)


def _read(path: Path, make: Callable[..., Any]) -> Any:
    table = read_text_table(path, "Table")
    return make(table.header, table.rows)


def _with_description(content: bytes, rng: random.Random) -> bytes:
    if rng.random() < 0.3:
        return changed_bytes(content, rng)
    return json.dumps(changed_json(json.loads(content), rng)).encode("utf-8", "replace")


def _read_description(path: Path) -> Any:
    (path.parent / "dataset.json").write_bytes(path.read_bytes())
    found = read_dataset(path.parent)
    return found.name, list(found.cases(TRAIN))


class Hang(Exception):
    """No answer in time."""


def _stop(*_given: Any) -> None:
    raise Hang


def attempt(kind: Kind, path: Path, size: int) -> tuple[str, bool]:
    """Read a file: (what is wrong with that, or empty; whether it was accepted)."""
    before, accepted = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, False
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)  # of processor time: the machine may be busy
    signal.alarm(LONGEST_WAIT_S)
    try:
        kind.read(path)
        accepted = True
    except SlopecastError:
        pass
    except Hang:
        return f"no answer in {LONGEST_S} s", False
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}: {str(error)[:200]}", False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return (f"{grown} kB for a file of {size} bytes" if grown > max(ANY_KB, MOST_TIMES * size / 1000) else ""), accepted


def main() -> int:
    """Fuzz all kinds and print what was done and found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="processor time for each kind")
    parser.add_argument("--seed", type=int, default=0, help="of the changes")
    parser.add_argument("--only", nargs="+", help="kinds by name")
    parser.add_argument("--keep", type=Path, default=checkout.ROOT / "build" / "fuzz", help="folder for findings")
    arguments = parser.parse_args()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    signal.signal(signal.SIGALRM, _stop)
    signal.signal(signal.SIGPROF, _stop)
    total, all_found = 0, 0
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        for kind in kinds(Path(name)):
            if not arguments.only or kind.name in arguments.only:
                count, found = fuzz(kind, Path(name), arguments)
                total, all_found = total + count, all_found + found
    print(f"{total:,} executions, {all_found} findings")
    return 1 if all_found else 0


def fuzz(kind: Kind, folder: Path, arguments: argparse.Namespace) -> tuple[int, int]:
    """Change and read files of a kind until its time is spent; (executions, kinds of findings)."""
    rng = random.Random(f"{arguments.seed} {kind.name}")
    path, found = folder / kind.file, {}
    began, count, accepted = time.process_time(), 0, 0
    pool = list(kind.seeds)
    while time.process_time() - began < arguments.seconds:
        content = kind.change(rng.choice(pool), rng)
        path.write_bytes(content)
        problem, good = attempt(kind, path, len(content))
        count, accepted = count + 1, accepted + good
        if good and kind.change is changed_bytes and len(pool) < 500 and len(content) < 100_000:
            pool.append(content)  # further changes start from it
        place = problem.partition(": ")[0]
        if problem and place not in found:
            found[place] = problem
            arguments.keep.mkdir(parents=True, exist_ok=True)
            (arguments.keep / f"{kind.name.replace(' ', '_')}_{len(found)}").write_bytes(content)
    print(f"{kind.name}: {count:,} executions, {accepted:,} accepted, {len(found)} findings", *found.values(),
          sep="\n  ", flush=True)  # fmt: skip
    return count, len(found)
