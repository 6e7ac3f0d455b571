"""Run Processing algorithms of this checkout through ``qgis_process``, as a user's script would."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Sequence

from checkout import ROOT


def program() -> str:
    """Name of the executable: Debian 12's /usr/bin/qgis_process is a broken wrapper."""
    for name in ("qgis_process.bin", "qgis_process"):
        found = shutil.which(name)
        if found:
            return found
    raise SystemExit("qgis_process is missing: run 'make setup'.")


class QgisProcess:
    """``qgis_process`` with its own profile and this checkout as the plugin ``slopecast``.

    Args:
        plugins: folder that holds ``slopecast/``; this checkout by default.
        prefix: a command that runs the program.
    """

    def __init__(self, plugins: Path | None = None, prefix: Sequence[str] = ()) -> None:
        self._prefix = prefix
        self._folder = tempfile.TemporaryDirectory(prefix="slopecast-profile-")
        home = Path(self._folder.name)
        if plugins is None:
            plugins = home / "plugins"
            plugins.mkdir()
            (plugins / "slopecast").symlink_to(ROOT)
        site = [p for p in sys.path if p.endswith("site-packages")] or [sysconfig.get_path("purelib")]
        self.environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QGIS_PLUGINPATH": str(plugins),
            "QGIS_CUSTOM_CONFIG_PATH": str(home / "profile"),
            "XDG_RUNTIME_DIR": str(home),
            "PYTHONPATH": os.pathsep.join(site),
        }
        self.call("plugins", "enable", "slopecast")

    def call(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run ``qgis_process`` with plain arguments."""
        return subprocess.run(
            [*self._prefix, program(), *arguments], env=self.environment, capture_output=True, text=True, check=False
        )

    def run(self, algorithm: str, **parameters: object) -> dict:
        """Run an algorithm; returns its results, or raises with its error text."""
        done = self.call("--json", "run", algorithm, "--", *(f"{k}={v}" for k, v in parameters.items()))
        if done.returncode != 0:
            raise RuntimeError(f"{algorithm} failed ({done.returncode}):\n{done.stdout}\n{done.stderr}")
        answer = json.loads(done.stdout[done.stdout.index("{") :])
        answer["results"]["log"] = done.stderr
        return answer["results"]
