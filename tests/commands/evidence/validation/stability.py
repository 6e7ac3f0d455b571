"""The infinite slope in its two modes, against hand calculation."""

from __future__ import annotations

import math

import numpy as np
from slopecast.plugin.core.physics.stability import Strength, factor_of_safety

from .checks import Check, Section, figure

WATER = 9.81  # [kN/m3]


def soil(c: float, phi: float, roots: float = 0.0, **others: float) -> Strength:
    """Strength with the contract's unit weights."""
    values = {"root_depth": 1.0, "surcharge": 0.0, "moist": 17.6, "saturated": 19.0, **others}
    return Strength(cohesion=c, tan_friction=math.tan(math.radians(phi)), root_cohesion=roots, **values)


def engine_fs(
    b: float, depth: float, h: float, z: float, strength: Strength, *, ponded: bool = False
) -> tuple[float, bool]:
    """Factor of safety and whether the front governs, by the code under test; b in degrees, lengths in metres."""
    arrays = [np.array([float(x)]) for x in (math.radians(b), depth, h, z)]
    contact = np.array([h + z >= depth])
    fs, front = factor_of_safety(np, *arrays, np.array([ponded]), contact, strength)
    return float(fs[0]), bool(front[0])


def by_hand(b: float, c: float, phi: float, weight: float, head: float) -> float:
    """[c + (W - gamma_w head) cos^2 b tan phi] / (W sin b cos b), W and head of one column [kPa, m]."""
    b, friction = math.radians(b), math.tan(math.radians(phi))
    return (c + (weight - WATER * head) * math.cos(b) ** 2 * friction) / (weight * math.sin(b) * math.cos(b))


def section() -> Section:
    """Closed forms 1 to 4 and 17, and the factor of safety over the depth of the front."""
    made = Section(
        "Factor of safety of the infinite slope",
        "FS = [c + c<sub>r</sub> + (W cos²β - u) tan φ] / (W sin β cos β), at the wetting front (A) and "
        "at the bedrock (B); "
        "the smaller governs. Columns by the engine's function, expectations by an independent line of arithmetic.",
    )
    flat = {"moist": 18.0, "saturated": 18.0, "root_depth": 2.0}
    rows = [
        ("1", "dry, c 0, φ 35°, β 30°: tan φ / tan β", engine_fs(30, 2, 0, 0, soil(0, 35))[0],
         math.tan(math.radians(35)) / math.tan(math.radians(30)), "1.2127950"),
        ("2", "c 10 kPa, φ 30°, β 30°, 18 kN/m³, D 2 m, h 0", engine_fs(30, 2, 0, 0, soil(10, 30, **flat))[0],
         by_hand(30, 10, 30, 36, 0), "1.6415003"),
        ("3", "the same, h = D", engine_fs(30, 2, 2, 0, soil(10, 30, **flat))[0],
         by_hand(30, 10, 30, 36, 2), "1.0965003"),
        ("4", "2 with roots 2 kPa to the bed, surcharge 1 kPa",
         engine_fs(30, 2, 0, 0, soil(10, 30, 2, surcharge=1.0, **flat))[0], by_hand(30, 12, 30, 37, 0), "1.7489949"),
        ("4", "3 with roots 2 kPa to the bed, surcharge 1 kPa",
         engine_fs(30, 2, 2, 0, soil(10, 30, 2, surcharge=1.0, **flat))[0], by_hand(30, 12, 30, 37, 2), "1.2187247"),
        ("17", "mode A: c 1, φ 35°, β 40°, D 3, h 0, front 0.8 m, ponded",
         engine_fs(40, 3, 0, 0.8, soil(1, 35), ponded=True)[0], by_hand(40, 1, 35, 15.2, 0.8), "0.537231"),
        ("17", "mode B: the same, not ponded", engine_fs(40, 3, 0, 0.8, soil(1, 35))[0],
         by_hand(40, 1, 35, 15.2 + 17.6 * 2.2, 0), "0.872139"),
        ("17", "mode B: c 14, φ 28°, β 40°, D = h = 4 m", engine_fs(40, 4, 4, 0, soil(14, 28))[0],
         by_hand(40, 14, 28, 76, 4), "0.680599"),
    ]  # fmt: skip
    made.checks = [Check(n, w, x, e, 1e-6, printed=p) for n, w, x, e, p in rows]
    governs = [engine_fs(40, 3, 0, 0.8, soil(1, 35), ponded=ponded)[1] for ponded in (True, False)]
    made.checks.append(
        Check("17", "the front governs where ponded, the bedrock else (1 = so)", governs == [True, False], 1.0, 0.0)
    )
    made.draw(
        "Factor of safety over the depth of the wetting front: c 1 kPa, φ 35°, β 40°, D 3 m, no roots. Lines: modes A "
        "and B "
        "by hand; dots: the engine's function. Where the front reaches the table (h 0.6 m), seepage is continuous "
        "and the two modes meet.",
        _over_front_depth(),
    )
    return made


def _over_front_depth():
    drawn, panels = figure(9.0, 3.2, panels=2)
    for axes, ponded in zip(panels, (True, False)):
        z = np.linspace(0.1, 2.4, 200)
        h = 0.6
        a = [by_hand(40, 1, 35, 19 * x, x if ponded else 0) for x in z]
        weights = [19 * (x + h) + 17.6 * (3 - x - h) for x in z]
        b = [by_hand(40, 1, 35, w, 3.0 if ponded and x >= 2.4 else h) for x, w in zip(z, weights)]
        axes.plot(z, a, label="A, wetting front")
        axes.plot(z, b, label="B, bedrock")
        dots = np.linspace(0.1, 2.4, 24)
        axes.plot(
            dots,
            [engine_fs(40, 3, h, x, soil(1, 35), ponded=ponded)[0] for x in dots],
            "o",
            ms=3,
            color="#222222",
            label="engine",
        )
        axes.set(
            xlabel="depth of the front [m]",
            ylabel="FS [-]",
            title="ponded" if ponded else "not ponded",
            ylim=(0.2, 1.6),
        )
        axes.axhline(1.0, color="#999999", lw=0.8, ls=":")
        axes.legend()
    return drawn
