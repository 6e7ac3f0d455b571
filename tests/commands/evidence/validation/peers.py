"""Other programs on the same inputs: TRIGRS's tutorial at t = 0, Landlab's LandslideProbability."""

from __future__ import annotations

import math
import os
import subprocess
import tempfile
from pathlib import Path

import checkout
import numpy as np
from slopecast.plugin.core.physics.stability import Strength, factor_of_safety
from study_areas import infinite_slope_with_pressure_head

from .checks import Check, Section, figure

SCRIPT = Path(__file__).with_name("landlab_draws.py")
WATER = 9.81  # [kN/m3]


def section() -> Section:
    """Closed form 18 and the comparison with Landlab, where that is installed."""
    made = Section(
        "Other programs",
        "TRIGRS (USGS): the tutorial's cell before the rain, β 16.7°, c 3.5 kPa, φ 35°, 22 kN/m³, table 1.5 m deep, "
        "I/K 0.2. "
        "Landlab's LandslideProbability: its own draws and steady wetness, put into Slopecast's bedrock mode with "
        "a soil of twice the water's unit weight (Landlab fixes that ratio) and D = thickness / cos β (Landlab's is "
        "normal to the slope).",
    )
    b = math.radians(16.7)
    head = (math.cos(b) ** 2 - 0.2) * 0.5
    made.checks.append(
        Check("18", "TRIGRS tutorial at t = 0, z 2 m: pressure head [m]", head, 0.3587, 5e-5, "absolute")
    )
    fs = infinite_slope_with_pressure_head(b, 2.0, head, 3.5, 35.0, 22.0)
    made.checks.append(Check("18", "TRIGRS tutorial at t = 0, z 2 m: FS", fs, 2.42, 1e-3))
    draws, why_not = _landlab()
    if draws is None:
        made.notes.append(f"Skipped: Landlab ({why_not}). {INSTALL}")
        return made
    rows, version = draws
    _compare(made, rows, version)
    return made


#: Landlab needs a newer numpy than QGIS's, so it never goes into the plugin's environment; 2.11 needs Python 3.12.
INSTALL = (
    "It wants an environment of its own: python3 -m venv build/landlab; build/landlab/bin/pip install 'landlab<2.11'"
)


def _landlab() -> tuple[tuple[np.ndarray, str] | None, str]:
    """Draws of Landlab's component and its version, or the reason for having none."""
    python = Path(os.environ.get("LANDLAB_PYTHON") or checkout.ROOT / "build" / "landlab" / "bin" / "python")
    if not python.exists():
        return None, "it is not installed"
    with tempfile.TemporaryDirectory(prefix="slopecast-landlab-") as folder:
        target = Path(folder) / "draws.npz"
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        done = subprocess.run([python, SCRIPT, target], env=clean, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return None, f"it failed: {done.stderr.strip().splitlines()[-1]}"
        with np.load(target) as data:
            return (data["rows"], str(data["version"])), ""


def _compare(made: Section, rows: np.ndarray, version: str) -> None:
    """Rows are (nodes, quantity, draws)."""
    slope, area, cohesion, phi, normal, recharge, k, wetness, theirs, probability = np.moveaxis(rows, 1, 0)
    depth = normal / np.cos(slope)
    steady = np.minimum(1.0, recharge * area / (k * np.sin(slope) * np.cos(slope)) / depth)
    soil = Strength(
        cohesion=cohesion / 1000, tan_friction=np.tan(np.radians(phi)), root_cohesion=0.0, root_depth=0.0,
        surcharge=0.0, moist=2 * WATER, saturated=2 * WATER,
    )  # fmt: skip
    off = np.zeros(depth.shape, dtype=bool)
    ours, _ = factor_of_safety(np, slope, depth, wetness * depth, np.zeros_like(depth), off, off, soil)
    inside = theirs < 10.0  # ours is clipped there
    errors = np.abs(ours / theirs - 1)[inside]
    name = f"Landlab {version}, {ours.shape[0]} nodes x {ours.shape[1]} draws"
    made.checks += [
        Check("", f"{name}: FS, greatest relative difference", float(errors.max()), None, 1e-6, "below"),
        Check("", f"{name}: steady wetness R a / (K D sin β cos β) against theirs, greatest difference",
              float(np.abs(steady - wetness).max()), None, 1e-6, "below"),
        Check("", f"{name}: probability of failure, greatest difference",
              float(np.abs((ours <= 1).mean(axis=1) - probability[:, 0]).max()), None, 1e-6, "below"),
        Check("", f"{name}: share of draws that are partly wet and fail (the comparison must bite)",
              float(((wetness < 1) & (ours < 1)).mean()), None, 0.02, "above"),
    ]  # fmt: skip
    made.draw(
        "Factor of safety of each draw: Landlab's and Slopecast's; every twentieth is shown.", _scatter(theirs, ours)
    )


def _scatter(theirs: np.ndarray, ours: np.ndarray):
    drawn, (axes,) = figure(4.2, 3.6)
    axes.plot([0, 4], [0, 4], color="#999999", lw=0.8)
    axes.plot(theirs.ravel()[::20], ours.ravel()[::20], "o", ms=2.5, alpha=0.6)
    axes.set(xlabel="FS, Landlab", ylabel="FS, Slopecast", xlim=(0, 4), ylim=(0, 4))
    return drawn
