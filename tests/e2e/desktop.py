"""Use Slopecast in the real QGIS desktop on a virtual screen: ``python tests/e2e/desktop.py FOLDER``.

Writes ``report.json`` (what was seen) and screenshots into FOLDER. The steps inside QGIS are in ``desktop_steps.py``,
those of the gallery in ``gallery_steps.py``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Iterator

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "commands")]

NEEDED = ("Xvfb", "qgis.bin")
TIMEOUT_S = 900

_SETTINGS = """[PythonPlugins]
slopecast=true
processing=true

[qgis]
checkVersion=false
askToSaveProjectChanges=false
showTips{version}=false
enableMacros=0

[Qgis]
showTips{version}=false

[app]
projections\\unknownCrsBehavior=NoAction

[UI]
UITheme={theme}

[locale]
overrideFlag=true
userLocale={language}
"""


def run(
    folder: Path, algorithm_id: str = "slopecast:predictfailuremask", scale: float = 1.0, theme: str = "default",
    language: str = "en", steps: str = "desktop_steps.py",
) -> dict:  # fmt: skip
    """Start a screen and QGIS, let the steps run, end both.

    Args:
        folder: where report and screenshots go.
        algorithm_id: what the dialog's Run starts.
        scale: of all of QGIS's windows, on a screen of that much higher resolution.
        theme: of QGIS, e.g. ``Night Mapping``.
        language: of QGIS, e.g. ``ko``.
        steps: script of this folder that runs in QGIS.

    Returns:
        the report.

    Raises:
        RuntimeError: QGIS ended or hung without a report; its log is in the text.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="slopecast Gelände 안산 ")))
        dem, depth = _example_area(work)
        display = stack.enter_context(_screen(scale))
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": str(scale)}
        if shutil.which("openbox"):
            stack.enter_context(_process(["openbox"], environment, work / "openbox.log"))
        environment.update(
            PYTHONPATH=os.pathsep.join([*(p for p in sys.path if "site-packages" in p), str(HERE), str(HERE.parent)]),
            SLOPECAST_E2E=json.dumps({
                "folder": str(folder), "work": str(work), "dem": str(dem), "depth": str(depth),
                "algorithm": algorithm_id,
            }),
        )  # fmt: skip
        command = ["qgis.bin", "--nologo", "--noversioncheck", "--profiles-path", str(_profile(work, theme, language))]
        command += ["--code", str(HERE / steps)]
        log = work / "qgis.log"
        with _process(command, environment, log) as qgis:
            _wait(qgis, report)
        if not report.exists():
            raise RuntimeError(f"QGIS left no report. Its log ends:\n{log.read_text(errors='replace')[-3000:]}")
        return json.loads(report.read_text())


def _wait(qgis: subprocess.Popen, report: Path) -> None:
    """Wait until QGIS has quit; give it some seconds to do so after its report."""
    end = time.monotonic() + TIMEOUT_S
    while qgis.poll() is None and time.monotonic() < end:
        if report.exists():
            end = min(end, time.monotonic() + 10)
        time.sleep(0.2)


@contextmanager
def _process(command: list[str], environment: dict, log: Path) -> Iterator[subprocess.Popen]:
    """Run a program and end it by its pid."""
    with log.open("w") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def _screen(scale: float) -> Iterator[str]:
    """Start Xvfb on a display that it finds free itself."""
    size = f"{int(1600 * scale)}x{int(1000 * scale)}x24"
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        process.terminate()
        process.wait()


def _profile(work: Path, theme: str, language: str) -> Path:
    """A user profile of its own with the plugin installed from its zip, without the questions of a first start."""
    from release import package

    profiles = work / "profiles"
    profile = profiles / "profiles" / "default"
    package.unpack(package.build(work / "slopecast.zip"), profile / "python" / "plugins")
    settings = profile / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True)
    from qgis.core import Qgis

    settings.write_text(_SETTINGS.format(version=Qgis.QGIS_VERSION_INT // 100, theme=theme, language=language))
    return profiles


def _example_area(work: Path) -> tuple[Path, Path]:
    """Write a procedural study area's elevation and soil depth."""
    import checkout  # noqa: F401 - registers the package
    from osgeo import osr
    from slopecast.plugin.core.grid import Grid
    from slopecast.plugin.core.synthetic import procedural_area
    from written_rasters import write

    example = procedural_area(17, (160, 200), 10.0)
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(25832)
    rows, cols = example.elevation.shape
    grid = Grid(rows, cols, (650000.0, 10.0, 0.0, 5240000.0, 0.0, -10.0), crs.ExportToWkt())
    write(work / "example dem.tif", example.elevation, grid)
    write(work / "example soil depth.tif", example.soil_depth, grid)
    return work / "example dem.tif", work / "example soil depth.tif"


if __name__ == "__main__":
    arguments = dict(argument.split("=", 1) for argument in sys.argv[2:])
    if "scale" in arguments:
        arguments["scale"] = float(arguments["scale"])
    began = time.monotonic()
    found = run(Path(sys.argv[1]).resolve(), **arguments)
    found["seconds"] = round(time.monotonic() - began, 1)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
