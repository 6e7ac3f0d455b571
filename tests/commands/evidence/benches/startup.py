"""Start-up: the plugin, torch, the dialog and the first mask, each in a process that has loaded nothing of them."""

from __future__ import annotations

import compileall
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any, Mapping, Sequence

from .measuring import Measurement, timed
from .report import Ratio, Table

# Nothing of the plugin is imported here: the measurements load it.
TITLE = "Start-up"
LABELS = {
    "plugin": "plugin loaded: import, start and provider",
    "plugin_of_run": "plugin loaded by qgis_process run, which reads no graphical models",
    "torch": "import of torch",
    "dialog": "dialog's first opening",
    "engine": "first mask by the engine, with its imports",
    "network": "first mask by the network, with its imports",
    "qgis": "qgis_process starts and lists its plugins, without Slopecast",
    "with_plugin": "the same with Slopecast",
    "run": "qgis_process run slopecast:predictfailuremask, start to end",
    "run_engine": "qgis_process run slopecast:predictfailuremask with the engine, start to end",
    "difference": "difference of these two runs, for torch and the network",
}
#: Of that difference [s].
TARGET_S = 1.2
#: The program's arguments, by which the plugin knows what it need not load.
RUN = ["qgis_process", "run", "slopecast:predictfailuremask"]
KERNELS = "compiling the kernels, once after an installation"


def measurements(quick: bool) -> list[Measurement]:
    """A process for each; several numbers come from one with ``qgis_process``."""
    found = [Measurement(name, name) for name in ("plugin", "torch", "dialog")]
    found.insert(1, Measurement("plugin, qgis_process run", "plugin", {"arguments": RUN}))
    found += [Measurement(f"first mask, {name}", "first_mask", {"solver": name}) for name in ("engine", "network")]
    repeats = {"repeats": 1 if quick else 3}
    found.append(Measurement("qgis_process", "qgis_process", repeats, limit_s=240.0))
    return found if quick else [*found, Measurement("compiling", "compiling")]


def plugin(folder: Path, arguments: Sequence[str] = ()) -> dict[str, Any]:
    """What QGIS does with the plugin at its start, but for the first one after an installation.

    Without ``arguments`` as in a script or ``qgis_process list``: with the graphical models.
    """
    compileall.compile_dir(Path(__file__).parents[4] / "plugin", quiet=1)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.core import QgsApplication

    application = QgsApplication([argument.encode() for argument in arguments], False)
    application.initQgis()
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    import qgis.processing
    import qgis.utils  # noqa: F401
    from processing.core.Processing import Processing

    Processing.initialize()
    began = time.perf_counter()
    import checkout  # noqa: F401 - registers and imports the package
    import slopecast

    application.plugin = slopecast.classFactory(None)
    application.plugin.initProcessing()
    seconds = time.perf_counter() - began
    _kept(application)
    return {"plugin_of_run" if arguments else "plugin": seconds}


def _kept(*things: Any) -> None:
    """Hold QGIS's objects until the process ends: its end without them crashes."""
    sys.modules[__name__].__dict__.setdefault("_things", []).extend(things)


def torch(folder: Path) -> dict[str, Any]:
    """Import torch."""
    began = time.perf_counter()
    import torch as imported

    return {"torch": time.perf_counter() - began, "version": imported.__version__}


def dialog(folder: Path) -> dict[str, Any]:
    """Import, make and show the dialog."""
    from .study_area import start_qgis

    application = start_qgis()
    began = time.perf_counter()
    from slopecast.plugin.gui.failure_mask_dialog import FailureMaskDialog

    window = FailureMaskDialog()
    window.show()
    application.processEvents()
    seconds = time.perf_counter() - began
    _kept(application, window)
    return {"dialog": seconds}


def first_mask(folder: Path, solver: str) -> dict[str, Any]:
    """Import, load and solve one scenario, with files compiled before."""
    began = time.perf_counter()
    import checkout  # noqa: F401 - registers the package
    from slopecast.plugin.core.feedback import Feedback

    from .study_area import SCENARIOS, terrain

    if solver == "engine":
        from slopecast.plugin.core.physics.engine import Engine

        model = Engine(failure_times=False)
    else:
        from slopecast.plugin.ml.network_solver import NetworkSolver

        model = NetworkSolver()
    result = next(iter(model.solve(terrain(folder), [SCENARIOS["default"]], Feedback())))
    return {solver: time.perf_counter() - began, "failed_cells": int((result.failure_mask == 1).sum())}


def qgis_process(folder: Path, repeats: int) -> dict[str, Any]:
    """The program as a script starts it: least of some runs after the first, which may compile."""
    from qgis_process import QgisProcess

    from .study_area import rasters

    dem, depth = rasters(folder)
    program = QgisProcess()
    given = {"DEM": dem, "SOIL_DEPTH": depth, "FAILURE_MASK": folder / "mask.tif"}

    def least(solver: int) -> float:
        """Least time of a prediction by the network (0) or the engine (1) [s]."""
        work = partial(program.run, "slopecast:predictfailuremask", SOLVER=solver, **given)
        work()
        return min(timed(work) for _ in range(repeats))

    run, run_engine = least(0), least(1)
    with_plugin = min(timed(lambda: program.call("plugins")) for _ in range(1 + repeats))
    program.call("plugins", "disable", "slopecast")
    alone = min(timed(lambda: program.call("plugins")) for _ in range(1 + repeats))
    found = {"run": run, "run_engine": run_engine, "difference": run - run_engine}
    return {**found, "with_plugin": with_plugin, "qgis": alone}


def compiling(folder: Path) -> dict[str, Any]:
    """First call of the kernels with an empty cache, less a second call."""
    os.environ["NUMBA_CACHE_DIR"] = str(folder / "numba")
    import checkout  # noqa: F401 - registers the package
    from slopecast.plugin.core.physics.engine import Engine

    from .study_area import warm_up

    first, second = (timed(lambda: warm_up(Engine())) for _ in range(2))
    return {"kernels": first - second}


def tables(found: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    """One table; the first masks also against the import of torch, which no run with the network can avoid."""
    rows, ratios = [], {}
    for key, label in {**LABELS, "kernels": KERNELS}.items():
        m = _measured(found, key)
        if m:
            rows.append((label, m[key], m[key] / m["reference_s"]))
            if key != "difference":  # too uncertain for a comparison of commits
                ratios[f"{label}: time / reference job"] = Ratio(m[key] / m["reference_s"])
    notes = [f"The target of the difference is at most {TARGET_S:g} s."] if _measured(found, "difference") else []
    return [Table("", ("", "time [s]", "/ reference job"), rows, notes, ratios)] if rows else []


def _measured(found: Mapping[str, Mapping[str, Any]], key: str) -> Mapping[str, Any] | None:
    """The measurement that has found a number."""
    return next((m for m in found.values() if key in m), None)
