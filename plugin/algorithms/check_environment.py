"""Processing algorithm that reports which software is installed and which device is used."""

from __future__ import annotations

import platform
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from qgis.core import Qgis

from ..core.files.atomic import write_texts
from ..text import Text, as_text, translated
from .base import Inputs, SlopecastAlgorithm
from .locations import MODEL_WEIGHTS, PLUGIN_FOLDER
from .log import Log
from .outputs.provenance import version
from .parameter_values import ParameterValues
from .parameters.definitions import report_output
from .translation import tr

#: Text for a package that is installed but does not work.
_BROKEN = "installed, but cannot be loaded: {}"
Rows = "list[tuple[str, str]]"  # titles and findings; those in words are of class Text


class CheckEnvironment(SlopecastAlgorithm):
    """Reports installed software, the device that would be used, and how to install missing packages."""

    ID = "checkenvironment"
    TITLE = "Check environment"
    GROUP = "setup"
    SUMMARY = (
        "Lists the versions of QGIS, Python, torch and other packages, the device on which the network would run, and "
        "how to install missing packages. The report can be pasted into an issue: the path of your home folder is not "
        "included."
    )
    TAGS = ("torch", "installation", "GPU", "diagnosis")

    OUTPUTS = (report_output("The findings; the log contains the same text.", optional=False, by_default=True),)

    def execute(self, inputs: Inputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Collect the findings and write the report."""
        from ..core.reports.html import page, table

        found = _versions() + _network() + _weights()
        rows = [(translated(as_text(title), tr), redacted(translated(as_text(text), tr))) for title, text in found]
        for title, text in rows:
            log.pushInfo(Text("{}: {}", title, text))
        write_texts({inputs.report: page(tr("Slopecast environment"), [table((), rows)])}, "Report (REPORT)")
        return {"REPORT": str(inputs.report)}


def redacted(text: str) -> str:
    """Replace the home folder's path, which may hold the user's name, by ~."""
    home = str(Path.home())
    for shown in {home, home.replace("\\", "/"), Path.home().as_uri()[len("file://") :]}:
        if len(shown) > 1:
            text = text.replace(shown, "~")
    return text


def _versions() -> Rows:
    from ..core.imports import interpreter_path

    rows = [
        ("Slopecast", f"{version()} ({PLUGIN_FOLDER})"),
        ("QGIS", Qgis.QGIS_VERSION if hasattr(Qgis, "QGIS_VERSION") else Qgis.version()),
        (Text("System"), f"{platform.system()} {platform.release()} ({platform.machine()})"),
        ("Python", f"{platform.python_version()} ({interpreter_path()}; prefix {sys.prefix})"),
    ]
    for title, module, missing in (
        ("numpy", "numpy", Text("missing: it is part of QGIS; reinstall QGIS")),
        ("GDAL", "osgeo.gdal", Text("missing: install the Python bindings of GDAL (python3-gdal)")),
        (
            "safetensors",
            "safetensors",
            Text("missing: needed to read the weights of the network; install it with pip, like torch"),
        ),
        ("numba", "numba", Text("missing: optional; it makes the physics engine several times faster")),
    ):
        rows.append((title, _version_of(module, missing)))
    return rows


def _version_of(module: str, missing: str) -> str:
    try:
        found = import_module(module)
    except ImportError as error:
        absent = isinstance(error, ModuleNotFoundError) and error.name == module.partition(".")[0]
        return missing if absent else Text(_BROKEN, error)
    except Exception as error:
        return Text(_BROKEN, repr(error))
    return f"{found.__version__} ({Path(found.__file__).parent})"


def _network() -> Rows:
    from ..core.feedback import Feedback
    from ..ml.device import choose_device, describe_devices, torch_status

    status = torch_status()
    if not status.installed or status.error:
        return [
            ("torch", status.error or Text("not installed")),
            (Text("What to do"), status.advice),
            (Text("Without torch"), Text("the physics engine is used; everything except the network works")),
        ]
    return [
        ("torch", status.version),
        (Text("Devices"), ", ".join(describe_devices())),
        (Text("Device used"), choose_device("auto", Feedback())[1]),
        *_stored_scenario(),
    ]


def _stored_scenario() -> Rows:
    """Check of the available devices with a stored scenario."""
    from ..core.feedback import Feedback
    from ..ml.device import choose_device
    from ..ml.device_check import compare

    rows = []
    for device in dict.fromkeys((choose_device("auto", Feedback())[0].type, "cpu")):
        try:
            found = compare(device)
            verdict = Text("FAILS, the network is not used on it: {}", found.text)
            if found.agrees:
                verdict = Text("agrees: {}", found.text)
        except Exception as error:  # a device that does not work, or weights that are missing
            verdict = Text("FAILS: {}", error)
        rows.append((Text("Test scenario on {}", device), verdict))
    return rows


def _weights() -> Rows:
    found = sorted(MODEL_WEIGHTS.glob("*.safetensors"))
    if not found:
        return [
            (
                Text("Network weights"),
                Text("none in {}: reinstall the plugin, or specify a weights file as MODEL", MODEL_WEIGHTS),
            )
        ]
    return [(Text("Network weights"), f"{path.name} ({path.stat().st_size / 1e3:,.0f} kB)") for path in found]
