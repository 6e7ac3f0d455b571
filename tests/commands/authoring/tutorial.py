"""Run the commands of the tutorial one after the other, and put what they print below them."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

from qgis_process import QgisProcess, program

_STEP = re.compile(r"```sh\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)
_RESULTS = re.compile(r"^Results\n-+\n+(.*?)\n*(?=^\S*-{4,}|\Z|^Loading|^QGIS|^Inputs)", re.DOTALL | re.MULTILINE)


def steps(text: str) -> list[str]:
    """The tutorial's commands, a text for each step."""
    return [found[1] for found in _STEP.finditer(text)]


def run(text: str, folder: Path | None = None, plugins: Path | None = None) -> str:
    """Return the tutorial with the results of its commands, which are run in ``folder`` or in one that goes away.

    Args:
        text: of the tutorial.
        folder: empty.
        plugins: folder that holds the plugin; this checkout by default.

    Raises:
        RuntimeError: a command failed.
    """
    qgis = QgisProcess(plugins)
    with tempfile.TemporaryDirectory(prefix="slopecast tutorial ") as name:
        place = folder or Path(name)

        def done(found: re.Match[str]) -> str:
            return f"```sh\n{found[1]}```\n\n```text\n{_printed(qgis, found[1], place)}```"

        return _STEP.sub(done, text)


def _printed(qgis: QgisProcess, commands: str, place: Path) -> str:
    """Run a step; returns the results, with the files as the reader would see them."""
    script = f'set -e\nqgis_process() {{ {program()} "$@"; }}\n{commands}'
    environment = {**qgis.environment, "PATH": os.environ["PATH"]}
    ended = subprocess.run(
        ["bash", "-c", script], cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode != 0:
        raise RuntimeError(f"{commands}\nended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}")
    results = "\n".join(found[1].strip() for found in _RESULTS.finditer(ended.stdout))
    return results.replace(f"{place}/", "").replace(str(place), ".") + "\n"
