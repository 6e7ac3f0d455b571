"""``make fuzz``: random changes of accepted files, until a budget of seconds for each kind is spent.

Each changed file is read as the product reads it. It may be accepted or refused by an error in words; anything else,
five seconds without an answer, or memory beyond ten times the file (and 64 MB) is a finding, which is kept as a file.
The same seed makes the same changes.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import signal
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any, Callable

import checkout
import torch
from osgeo import gdal
from slopecast.plugin.core.cases import Case
from slopecast.plugin.core.dataset.dataset import read_dataset
from slopecast.plugin.core.dataset.shard import read_shard, write_shard
from slopecast.plugin.core.dataset.simulate import procedural_terrain, simulate_cases
from slopecast.plugin.core.errors import SlopecastError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.hyetograph_table import hyetograph_from_table
from slopecast.plugin.core.parameter_table import scenarios_from_table
from slopecast.plugin.core.raster.inputs import ELEVATION, RasterInput
from slopecast.plugin.core.raster.read import read_dem
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.text_table import read_text_table
from slopecast.plugin.ml import model_file
from slopecast.plugin.ml.paper import PaperArchitecture, PaperNetwork, Scaling
from slopecast.plugin.ml.paper_solver import PaperSolver
from slopecast.plugin.ml.reliability import outside_training
from slopecast.plugin.ml.training.checkpoint import read_state, write_state
from slopecast.plugin.ml.training.export import initial_weights_provenance
from tiny_networks import lively

LONGEST_S, MOST_TIMES, ANY_KB = 5, 10, 64_000
_TOKENS = (
    b"nan", b"inf", b"-1", b"1e999", b"0", b"99999999999999999999", b"4294967296", b'"', b"'", b",", b";", b"\t", b"\n",
    b"\r", b"\0", b"[", b"]", b"{", b"}", b"%", b"=", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"null", b"true", b"[%",
    b"<f8", b"|O", b"(", b")", b"m/s", b"[kPa]", b"rainfall", b"hour", b"name", b"../", b"\xe2\x80\xae",
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 10**9, 10**30, 0.5, -0.0, 1e308, float("nan"), float("inf"), "", "x", "nan",
    "../x.npz", "x" * 5000, [], {}, [[]], [1, 2], {"x": 1}, [None] * 50, "\u202e", "\ud800",
)  # fmt: skip
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


class Kind:
    """One kind of file: accepted contents, how they are changed, and how the product reads them."""

    def __init__(
        self, name: str, seeds: list[bytes], read: Callable[[Path], Any], change: Callable[..., bytes] = changed_bytes
    ) -> None:
        self.name, self.seeds, self.read, self.change = name, seeds, read, change


def kinds(folder: Path) -> list[Kind]:
    """All kinds with their seeds, made in a folder."""
    weights = folder / "seed.safetensors"
    model_file.save(weights, lively(), {"id": "seed"})
    tensors = {name: values.half() for name, values in lively().state_dict().items()}
    card = model_file.read_card(weights)

    of_paper = folder / "paper.safetensors"
    tiny = PaperNetwork(PaperArchitecture(width=4, levels=2))
    about = {"id": "seed", "ranges": {"rainfall": [1.0, 9.0]}, "constants": {"duration": 24.0}, "temperature": 1.2}
    model_file.save(of_paper, tiny, {**about, "scaling": Scaling((0.0, 100.0), (0.0, 5.0)).describe(), "sites": []})
    its_tensors, its_card = dict(tiny.state_dict()), model_file.read_card(of_paper)

    def with_card(content: bytes, rng: random.Random, layers: dict[str, torch.Tensor] = tensors) -> bytes:
        other = json.dumps(changed_json(json.loads(content), rng))
        return model_file.to_bytes(layers, {"card": other.encode("utf-8", "replace").decode()})

    scenario, terrain = Scenario(), procedural_terrain(11, 32)

    def judge(path: Path) -> None:
        outside_training(terrain, scenario, model_file.load_any(path)[1])
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
    rains = ["hour,rainfall\n3,6\n5,0\n9,25\n", "time (min);rain [mm/day]\n60;24\n120;48\n"]
    grid = _GRID + ("100 101 103 99 " * 3 + "\n") * 12
    return [
        Kind("weights", [weights.read_bytes()], model_file.load_any),
        Kind("card", [json.dumps(card).encode()], judge, with_card),
        Kind(
            "card of the paper",
            [json.dumps(its_card).encode()],
            lambda p: PaperSolver(p, "cpu"),
            lambda content, rng: with_card(content, rng, its_tensors),
        ),
        Kind("checkpoint", [state], lambda p: read_state(p, torch.device("cpu"))),
        Kind("shard", [shard.read_bytes()], read_shard),
        Kind("dataset.json", [json.dumps(description).encode()], _read_description, _with_description),
        Kind("table", [t.encode() for t in tables], lambda p: _read(p, scenarios_from_table)),
        Kind("hyetograph", [t.encode() for t in rains], lambda p: _read(p, hyetograph_from_table)),
        Kind("ASCII grid", [grid.encode()], lambda p: read_dem(RasterInput(str(p), kind=ELEVATION))),
    ]


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
    return found.name, list(found.cases("train"))


class Hang(Exception):
    """No answer in time."""


def _stop(*_given: Any) -> None:
    raise Hang


def attempt(kind: Kind, path: Path, size: int) -> tuple[str, bool]:
    """Read a file: (what is wrong with that, or empty; whether it was accepted)."""
    before, accepted = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, False
    signal.alarm(LONGEST_S)
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
        signal.alarm(0)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return (f"{grown} kB for a file of {size} bytes" if grown > max(ANY_KB, MOST_TIMES * size / 1000) else ""), accepted


def main() -> int:
    """Fuzz all kinds and print what was done and found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="processor time for each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", help="kinds by name")
    parser.add_argument("--keep", type=Path, default=checkout.ROOT / "build" / "fuzz", help="folder for findings")
    arguments = parser.parse_args()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    signal.signal(signal.SIGALRM, _stop)
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
    path, found = folder / ("seed.asc" if kind.name == "ASCII grid" else "changed"), {}
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
