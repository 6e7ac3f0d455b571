"""``make faults``: kills writers at many moments, or fills their disk, and prints what each leaves, as a table.

Each run is a copy of this process that is ended by SIGKILL before the n-th operation on files of the output folder, or
after a time; or it writes to a disk (tmpfs) or with a limit on the size of files that is too small. Afterwards the
folder is compared with the results before the run and with those of a whole one, and every third run is repeated.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Iterator

for name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS"):  # threads do not live on in a copy of a process
    os.environ[name] = "1"
os.environ["SLOPECAST_NUMBA"] = "0"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "qgis"))
import checkout  # noqa: F401 - registers the package
import numpy as np
from osgeo import gdal, ogr

with contextlib.suppress(ImportError):  # once, for all copies
    import torch  # noqa: F401

OPERATIONS = ("open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir")
DISKS_KB = (64, 256, 1024, 8192)
LIMITS_KB = (1, 4, 16, 64)
LONGEST_S = 60
_TIMES = re.compile(rb"\d{4}-\d\d-\d\d([T ][\d:.+Z]*)?|\d+(\.\d+)? s\b|[\d.]+ (s|min) ")


@dataclass
class Writer:
    """An algorithm, its parameters and outputs.

    Attributes:
        outputs: file or folder by key, within the output folder.
        old, new: parameters of the results that are there before, and of the run.
    """

    name: str
    algorithm: str
    inputs: dict[str, Any]
    outputs: dict[str, str]
    old: dict[str, Any]
    new: dict[str, Any]

    def parameters(self, folder: Path, own: dict[str, Any]) -> dict[str, Any]:
        placed = {key: str(folder / place) if place else str(folder) for key, place in self.outputs.items()}
        return {**self.inputs, **placed, **own}


@dataclass
class Count:
    """What was found for a writer."""

    moments: int = 0
    possible: int = 0
    corrupt: int = 0
    mixed: int = 0
    lost: int = 0
    litter: int = 0
    untrue: int = 0
    notes: list[str] = field(default_factory=list)


def run(algorithm: str, parameters: dict[str, Any]) -> list[str]:
    """Run, and return the log."""
    import processing
    from qgis.core import QgsProcessingFeedback

    lines: list[str] = []

    class Lines(QgsProcessingFeedback):
        def pushInfo(self, text):
            lines.append(text)

    processing.run(f"slopecast:{algorithm}", parameters, feedback=Lines(False))
    return lines


def in_a_copy(work: Callable[[], None], after_s: float | None = None) -> int:
    """Run in a copy of this process; returns its exit code, -9 where it was killed."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            if not os.environ.get("FAULTS_DEBUG"):
                os.dup2(null, 2)
            work()
            os._exit(0)
        except BaseException as error:
            with contextlib.suppress(OSError):  # a file may be full
                os.write(2, f"{error!r}\n".encode())
            os._exit(1)
    began = time.monotonic()
    limit = LONGEST_S if after_s is None else after_s
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() - began > limit:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return -9 if after_s is not None else -99
        time.sleep(0.002)


def from_a_copy(work: Callable[[], Any], name: str) -> Any:
    """What a function returns in a copy; threads that it starts, of GDAL for one, are missing in later copies.

    Args:
        work: returns what JSON can hold; name: for the error.
    """
    with tempfile.NamedTemporaryFile() as file:
        code = in_a_copy(lambda: Path(file.name).write_text(json.dumps(work())) and None)
        if code:
            raise RuntimeError(f"{name} ended with {code}")
        return json.loads(Path(file.name).read_text())


def run_in_a_copy(algorithm: str, parameters: dict[str, Any]) -> list[str]:
    """Run in a copy, and return the log."""
    return from_a_copy(lambda: run(algorithm, parameters), algorithm)


def count_operations(folder: Path, last: int, report: int | None = None) -> None:
    """Kill this process before the n-th operation on files in a folder; write their number to a pipe at the end."""
    seen = [0]

    def watch(event: str, arguments: tuple) -> None:
        if event not in OPERATIONS or not isinstance(arguments[0], (str, bytes, os.PathLike)):
            return
        if str(folder) in os.fsdecode(arguments[0]):
            seen[0] += 1
            if seen[0] == last:
                os.kill(os.getpid(), signal.SIGKILL)
            if report is not None:
                os.pwrite(report, str(seen[0]).encode(), 0)

    sys.addaudithook(watch)


def canonical(path: Path) -> str:
    """A file's content without times and places; "corrupt" where it is not whole."""
    try:
        return hashlib.blake2b(_canonical(path)).hexdigest()
    except Exception as error:
        return f"corrupt: {path.name}: {error}"


def _canonical(path: Path) -> bytes:  # noqa: PLR0911 - one for each kind of file
    kind = path.suffix.lower()
    if kind == ".tif":
        return gdal.Open(str(path)).ReadAsArray().tobytes()
    if kind in (".gpkg", ".csv") and path.name != "history.csv":
        dataset = ogr.Open(str(path))  # held, or its layer is gone
        layer = dataset.GetLayer(0)
        rows = [[f.GetField(n) for n in range(f.GetFieldCount()) if f.GetFieldDefnRef(n).GetName() != "file"]
                for f in layer]  # fmt: skip
        return repr(rows).encode()
    if kind == ".npz":
        with np.load(path) as arrays:
            return b"".join(arrays[name].tobytes() for name in sorted(arrays.files))
    if kind in (".pdf", ".png", ".svg"):
        from slopecast.plugin.algorithms.map_sheet import is_whole_sheet

        if not is_whole_sheet(path):
            raise ValueError("cut")
        return str(path.stat().st_size // 4096).encode()
    if kind == ".safetensors":
        from safetensors.numpy import load_file

        return b"".join(values.tobytes() for _, values in sorted(load_file(path).items()))
    content = path.read_bytes()
    if kind in (".html", ".json") and not content.rstrip().endswith((b"</html>", b"}")):
        raise ValueError("cut")
    if kind == ".md":
        return _TIMES.sub(b"", content.split(b"\n")[0])
    if kind == ".csv":
        return b"\n".join(b",".join(row.split(b",")[:2]) for row in content.splitlines())
    return _TIMES.sub(b"", content.replace(str(path.parent).encode(), b""))


def visible(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): canonical(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".slopecast.") for part in path.relative_to(folder).parts)
        and not path.name.endswith((".gpkg-wal", ".gpkg-shm"))
    }  # fmt: skip


def finished_rows(folder: Path) -> int:
    """Rows of a table that count as finished; an unfinished record begins with a dot."""
    return sum(not path.name.startswith(".") for path in folder.rglob("*.row.json"))


def hidden(folder: Path) -> list[str]:
    return [p.name for p in folder.rglob(".*") if p.name.startswith(".")]


def judge(found: dict[str, str], old: dict[str, str], new: dict[str, str], count: Count, what: str) -> None:
    """Compare the files of a folder with the sets before and after."""
    for name, content in found.items():
        if content.startswith("corrupt") or content not in (old.get(name), new.get(name)):
            count.corrupt += 1
            count.notes.append(f"{what}: {name} {content[:60]}")
    differing = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if {found.get(name) == new.get(name) for name in differing} == {True, False}:
        count.mixed += 1
        count.notes.append(f"{what}: mixed")


class Bench:
    """The folders of one writer."""

    def __init__(self, writer: Writer, place: Path) -> None:
        self.writer, self.place = writer, place
        self.before, self.after, self.folder = (place / name for name in ("before", "after", "out"))
        self.before.mkdir()
        run_in_a_copy(writer.algorithm, writer.parameters(self.before, writer.old))
        shutil.copytree(self.before, self.after)
        began = time.monotonic()
        run_in_a_copy(writer.algorithm, writer.parameters(self.after, writer.new))
        self.seconds = time.monotonic() - began
        self.reset()
        self.old, self.new = visible(self.before), visible(self.after)

    def reset(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.writer.name == "data set":  # another one is refused: it is built into an empty folder
            self.folder.mkdir()
            return
        shutil.copytree(self.before, self.folder)

    def work(self) -> None:
        run(self.writer.algorithm, self.writer.parameters(self.folder, self.writer.new))

    def killed(self, count: Count, last: int, after_s: float | None, *, again: bool) -> int:
        """One run that is killed, and what it leaves; returns its exit code."""
        self.reset()

        def work() -> None:
            if last:
                count_operations(self.folder, last)
            self.work()

        code = in_a_copy(work, after_s)
        count.moments += 1
        what = f"operation {last}" if last else f"{after_s:.2f} s"
        old = {} if self.writer.name == "data set" else self.old
        if code not in (0, -9):
            count.notes.append(f"{what}: exit code {code}")
        for content in visible(self.folder).values():
            count.corrupt += content.startswith("corrupt")
        rows = finished_rows(self.folder)
        from slopecast.plugin.core.files.atomic import recover

        recover(self.folder)
        if self.writer.name != "data set":  # its shards are whole one by one
            judge(visible(self.folder), old, self.new, count, what)
        left = finished_rows(self.folder)  # none where the set was complete
        if left < rows and visible(self.folder) != self.new:
            count.lost += rows - left
        if again:
            lines = run_in_a_copy(self.writer.algorithm, self.writer.parameters(self.folder, self.writer.new))
            taken = [int(m[1]) for m in (re.match(r"(\d+) of \d+ rows are reused", line) for line in lines) if m]
            count.lost += max(0, left - sum(taken))
            if visible(self.folder) != self.new:
                count.mixed += 1
                count.notes.append(f"{what}: another result after the next run")
            litter = hidden(self.folder)
            count.litter += len(litter)
            count.notes += [f"{what}: left {name}" for name in litter]
        return code

    def operations(self) -> int:
        """Number of operations of a whole run."""
        self.reset()
        with tempfile.TemporaryFile() as file:

            def work() -> None:
                count_operations(self.folder, -1, file.fileno())
                self.work()

            code = in_a_copy(work)
            if code or visible(self.folder) != self.new:
                raise RuntimeError(f"{self.writer.name}: the whole run ended with {code}")
            return int(file.read() or 0)

    def with_input(self) -> tuple[dict[str, str], dict[str, Callable[[], Any]]]:
        """Copy the first input: the parameter that names it, and by way what spoils it."""
        key = next(key for key in ("DEM", "LAYER", "MAP", "FAILURE_MASK", "DATASET") if key in self.writer.inputs)
        source, folder = Path(self.writer.inputs[key]), self.place / "inputs"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source if source.is_dir() else source.parent, folder)
        given = folder if source.is_dir() else folder / source.name
        file, other = next(given.glob("*.npz")) if given.is_dir() else given, folder / "other"
        if file.suffix == ".tif":
            gdal.Translate(str(other), str(file), format="GTiff", scaleParams=[[0, 1, 0, 0.5]])
        else:
            other.write_bytes(file.read_bytes()[::-1])
        return {key: str(given)}, {
            "removed": file.unlink,
            "cut": lambda: os.truncate(file, file.stat().st_size // 2),
            "replaced": lambda: os.replace(other, file),
        }

    def of_other_input(self) -> dict[str, str]:
        """The files that the replaced input gives; those before the run where it is refused."""
        self.reset()
        given, ways = self.with_input()
        ways["replaced"]()
        in_a_copy(lambda: run(self.writer.algorithm, self.writer.parameters(self.folder, {**self.writer.new, **given})))
        return visible(self.folder)

    def spoiled(self, count: Count, way: str, share: float, other: dict[str, str]) -> None:
        """One run whose input is spoiled after a share of its time: an error, or the result of one of the contents."""
        self.reset()
        given, ways = self.with_input()

        def work() -> None:
            threading.Timer(share * self.seconds, ways[way]).start()
            run(self.writer.algorithm, self.writer.parameters(self.folder, {**self.writer.new, **given}))

        code, found = in_a_copy(work), visible(self.folder)
        count.moments += 1
        if code == 0 and found not in (self.new, other):
            count.untrue += 1
            count.notes.append(f"input {way} after {share:.0%}: success with another result")
        elif code != 0 and self.writer.name != "data set" and found != self.old:
            judge(found, self.old, self.new, count, f"input {way} after {share:.0%}")

    def full(self, count: Count, limit: Callable[[], None], what: str, folder: Path | None = None) -> None:
        """One run without room; returns nothing."""
        target = folder or self.folder
        before = visible(target)

        def work() -> None:
            limit()
            run(self.writer.algorithm, self.writer.parameters(target, self.writer.new))

        code = in_a_copy(work)
        count.moments += 1
        found = visible(target)
        done = found == self.new
        if code == 0 and not done:
            count.untrue += 1
            count.notes.append(f"{what}: success without the results")
        count.corrupt += sum(content.startswith("corrupt") for content in found.values())
        if not done and self.writer.name not in ("data set", "table") and found != before:
            judge(found, before, self.new, count, what)


def writers(data: dict[str, str]) -> Iterator[Writer]:
    """The writers and what they write."""
    terrain = {"DEM": data["DEM"], "SOIL_DEPTH": data["SOIL_DEPTH"]}
    fs = {"FACTOR_OF_SAFETY": "fs.tif", "FAILURE_MASK": "mask.tif", "REPORT": "report.html"}
    yield Writer("rasters, report", "simulatefactorofsafety", {**terrain, "LATERAL_FLOW": False}, fs,
                 {"COHESION": 2}, {"COHESION": 5})  # fmt: skip
    yield Writer(
        "table", "predictfromtable", {**terrain, "TABLE": data["TABLE"], "SOLVER": "engine", "LOAD_MASKS": False},
        {"OUTPUT_FOLDER": "", "SUMMARY": "summary.csv", "FAILURE_FREQUENCY": "frequency.tif", "REPORT": "report.html"},
        {"WATER_TABLE_RATIO": 0.1}, {"WATER_TABLE_RATIO": 0.6},
    )  # fmt: skip
    yield Writer("map sheet", "mapsheet", {"LAYER": data["DEM"]}, {"SHEET": "sheet.pdf"}, {"TITLE": "a"},
                 {"TITLE": "b"})  # fmt: skip
    yield Writer("polygons", "maskstopolygons", {"MAP": data["mask"]}, {"POLYGONS": "areas.gpkg"}, {},
                 {"SMALLEST_AREA": 500})  # fmt: skip
    yield Writer("features, CSV", "countfailedcells", {"FAILURE_MASK": data["mask"], "FEATURES": data["areas"]},
                 {"EXPOSURE": "counts.csv"}, {}, {"HAZARD_LIMITS": "0.1, 0.5"})  # fmt: skip
    yield Writer("example data", "exampledata", {"SIZE": 48, "LOAD_LAYERS": False}, {"OUTPUT_FOLDER": ""},
                 {"SEED": 1}, {"SEED": 2})  # fmt: skip
    yield Writer("soil depth", "estimatesoildepth", {"DEM": data["DEM"]}, {"SOIL_DEPTH": "depth.asc"}, {},
                 {"DEPTH_MAX": 2.5})  # fmt: skip
    yield Writer(
        "data set", "builddataset", {**terrain, "DESIGN": "table", "TABLE": data["TABLE"], "WORKERS": 1},
        {"OUTPUT_FOLDER": "", "SUMMARY": "cases.csv"}, {}, {},
    )  # fmt: skip
    if "dataset" in data:
        yield Writer(
            "training", "trainmodel",
            {"DATASET": data["dataset"], "EPOCHS": 1, "WIDTH": 4, "DEVICE": "cpu", "ARCHITECTURE": "paper",
             "AUGMENT": False},
            {"MODEL": "m.safetensors", "HISTORY": "history.csv", "REPORT": "report.html"}, {"SEED": 1}, {"SEED": 2},
        )  # fmt: skip


def tested(writer: Writer, place: Path, budget_s: float, can_mount: bool) -> tuple[Count, Count, Count]:
    """Kills, full disks and changed inputs of one writer, as many kills as fit into the time."""
    place.mkdir()
    bench, killed, full, spoiled = Bench(writer, place), Count(), Count(), Count()
    if writer.name != "example data":  # it has no input
        other = bench.of_other_input()
        for way in ("removed", "cut", "replaced"):
            for share in (0.1, 0.3, 0.5, 0.7, 0.9):
                bench.spoiled(spoiled, way, share, other)
    killed.possible = bench.operations()
    began, times = time.monotonic(), 10
    order = sorted(range(1, killed.possible + 1), key=lambda n: (n * 0.618034) % 1.0)  # any number is spread evenly
    for number, last in enumerate(order):
        if time.monotonic() - began > budget_s:
            break
        bench.killed(killed, last, None, again=number % 3 == 0)
    killed.possible += times
    for number in range(times):
        bench.killed(killed, 0, bench.seconds * (number + 0.5) / times, again=number % 3 == 0)
    for limit in LIMITS_KB:
        bench.reset()
        bench.full(full, lambda limit=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (limit << 10, limit << 10)),
                   f"files up to {limit} kB")  # fmt: skip
    for size in DISKS_KB if can_mount else ():
        disk = place / f"disk_{size}"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(disk)], check=True)
        try:
            bench.full(full, lambda: None, f"disk of {size} kB", disk)
        finally:
            subprocess.run(["umount", "-l", str(disk)], check=True)
    return killed, full, spoiled


def main() -> int:
    """Print the table; 1 where anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=200.0, help="for the kills at file operations of each writer")
    parser.add_argument("--only", help="a writer's name")
    given = parser.parse_args()
    start_qgis()
    with tempfile.TemporaryDirectory(prefix="slopecast_faults_") as text:
        folder = Path(text)
        data = from_a_copy(lambda: made_data(folder), "making the inputs")
        can_mount = os.geteuid() == 0 and subprocess.run(
            ["unshare", "-m", "true"], capture_output=True, check=False
        ).returncode == 0  # fmt: skip
        print(
            f"{'writer':17}{'kills':>7}{'of':>6}{'full':>6}{'inputs':>8}{'corrupt':>9}{'mixed':>7}{'lost':>6}{'litter':>8}{'untrue':>8}"
        )
        found, notes = 0, []
        for writer in writers(data):
            if given.only and given.only != writer.name:
                continue
            killed, full, spoiled = tested(writer, folder / re.sub(r"\W", "_", writer.name), given.seconds, can_mount)
            sums = [
                sum(getattr(c, n) for c in (killed, full, spoiled))
                for n in ("corrupt", "mixed", "lost", "litter", "untrue")
            ]
            print(f"{writer.name:17}{killed.moments:7}{killed.possible:6}{full.moments:6}{spoiled.moments:8}"
                  + "".join(f"{n:{w}}" for n, w in zip(sums, (9, 7, 6, 8, 8))), flush=True)  # fmt: skip
            found += sum(sums)
            notes += [f"{writer.name}: {note}" for note in (*killed.notes, *full.notes, *spoiled.notes)]
    print("\n".join(notes[:40]))
    print("kills: moments that were run, of file operations and 10 times; full: runs on disks of 64 kB to 8 MB"
          f"{'' if can_mount else ' (no disk could be mounted)'} and with files of 1 to 64 kB at most; inputs: runs "
          "whose input was removed, cut or replaced meanwhile")  # fmt: skip
    return 1 if found else 0


def start_qgis() -> None:
    from qgis.core import QgsApplication

    application = QgsApplication([], True, tempfile.mkdtemp(prefix="slopecast_profile_"))
    application.initQgis()
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing

    Processing.initialize()
    from slopecast.plugin.provider import SlopecastProvider

    provider = SlopecastProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    main.kept = application, provider


def made_data(folder: Path) -> dict[str, str]:
    """Inputs: example data, a mask, polygons, a data set."""
    import processing

    data = processing.run("slopecast:exampledata", {"SIZE": 48, "OUTPUT_FOLDER": str(folder / "data")})
    table = folder / "data" / "rows.csv"
    table.write_text("name,rainfall,cohesion\n" + "".join(f"r{n},{3 * n},{n % 3 + 2}\n" for n in range(1, 7)))
    data["TABLE"] = str(table)
    given = {"DEM": data["DEM"], "SOIL_DEPTH": data["SOIL_DEPTH"], "COHESION": 3}
    data["mask"] = str(folder / "data" / "mask.tif")
    run("simulatefactorofsafety", {**given, "FAILURE_MASK": data["mask"],
                                   "FACTOR_OF_SAFETY": str(folder / "data" / "fs.tif")})  # fmt: skip
    data["areas"] = str(folder / "data" / "areas.gpkg")
    run("maskstopolygons", {"MAP": data["mask"], "POLYGONS": data["areas"]})
    if "torch" not in sys.modules:
        sys.stderr.write("torch is not installed: no training\n")
        return data
    from tiny_dataset import tiny_dataset

    return {**data, "dataset": str(tiny_dataset(folder / "tiny", 32).folder)}
