"""Green-Ampt on a slope, against its implicit closed form."""

from __future__ import annotations

import math
from unittest import mock

import numpy as np
from slopecast.plugin.core.physics import simulation as simulation_module
from slopecast.plugin.core.physics.column import column_state
from slopecast.plugin.core.physics.infiltration import ponding_amount
from slopecast.plugin.core.scenario import MM_PER_H, Scenario
from slopecast.plugin.core.terrain import Cells
from study_areas import CASES, cumulative, options, rough_terrain

from .checks import Check, Section, figure
from .groundwater import finished

PAPER = {"rainfall": 8.5, "conductivity": 1.3e-6, "moisture_deficit": 0.2, "suction_head": 0.3}


def time_of(total: float, b: float, rain: float, k: float, suction: float, deficit: float) -> float:
    """Time [s] by which F_n [m] has infiltrated on b degrees: in this direction the closed form is explicit."""
    cos_b = math.cos(math.radians(b))
    amount = k * suction * deficit / (cos_b * (rain - k))
    if total <= amount:
        return total / (rain * cos_b)
    a = suction * deficit / cos_b
    return amount / (rain * cos_b) + (total - amount - a * math.log((a + total) / (a + amount))) / (k * cos_b)


def amount_at(seconds: float, b: float, rain: float, k: float, suction: float, deficit: float) -> float:
    """The closed form turned round by bisection, independently of the code under test: F_n [m]."""
    low, high = 0.0, rain * seconds
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if time_of(middle, b, rain, k, suction, deficit) < seconds else (low, middle)
    return 0.5 * (low + high)


def section() -> Section:
    """Closed forms 5 to 8."""
    made = Section(
        "Infiltration: Green-Ampt on a slope",
        "Chen &amp; Young (2006). The engine integrates each step exactly, so its result does not depend on the step.",
    )
    for number, rain, k, deficit, suction, hours, b, t_p, normal in (
        ("5", 20.0, 10.0 * MM_PER_H, 0.3, 0.11, 3.0, 0.0, "1.6500", "56.5812"),
        ("6", 8.5, 1.3e-6, 0.2, 0.3, 24.0, 0.0, "8.6480", "180.725"),
        ("6", 8.5, 1.3e-6, 0.2, 0.3, 24.0, 30.0, "11.5306", "164.167"),
        ("6", 8.5, 1.3e-6, 0.2, 0.3, 24.0, 45.0, "17.2960", "141.548"),
    ):
        cos_b, intensity = math.cos(math.radians(b)), rain * MM_PER_H
        ponding = k * suction * deficit / (cos_b**2 * intensity * (intensity - k))
        computed = float(ponding_amount(cos_b, intensity, k, suction, deficit)) / (intensity * cos_b)
        label = f"I {rain:g} mm/h, K {k:.3g} m/s, Δθ {deficit:g}, ψ {suction:g} m, β {b:g}°"
        made.checks.append(
            Check(number, f"time of ponding [h]: {label}", computed / 3600, ponding / 3600, 1e-6, printed=t_p)
        )
        total = float(cumulative(cos_b, intensity, k, suction, deficit, hours * 3600))
        exact = amount_at(hours * 3600, b, intensity, k, suction, deficit)
        what = f"infiltration per slope area after {hours:g} h [mm]: {label}"
        made.checks.append(Check(number, what, 1e3 * total, 1e3 * exact, 1e-6, printed=normal))
    for b, printed in ((0.0, "0.9036"), (30.0, "0.9478"), (45.0, "1.0009")):
        state = column_state(Cells.of(np.radians([b]), np.array([6.0])), Scenario(**PAPER, water_table_ratio=0.0))
        exact = amount_at(86400, b, 8.5 * MM_PER_H, 1.3e-6, 0.3, 0.2) / math.cos(math.radians(b)) / 0.2
        what = f"front after 24 h [m], column solver, β {b:g}°"
        made.checks.append(Check("6", what, float(state.wetting_front[0]), exact, 1e-6, printed=printed))
    gentle = Scenario(rainfall=4.7, conductivity=4.4e-6, water_table_ratio=0.0)
    state = column_state(Cells.of(np.radians([35.0]), np.array([6.0])), gentle)
    made.checks.append(
        Check("7", "I < K: all of 4.7 mm/h x 24 h infiltrates [mm]", 1e3 * float(state.infiltration[0]), 112.8, 1e-6)
    )
    made.checks += [_step_check(seconds) for seconds in (60.0, 600.0)]
    made.draw(
        "Cumulative infiltration per slope area, 8.5 mm/h on K 1.3e-6 m/s, Δθ 0.2, ψ 0.3 m. Lines: the closed form, "
        "time as "
        "a function of the amount; dots: the column solver; crosses: time of ponding.",
        _curves(),
    )
    return made


def _step_check(seconds: float) -> Check:
    """Closed form 8: the greatest difference of table and front from the run in steps of an hour."""
    terrain = rough_terrain(11, (12, 14))
    worst = 0.0
    for scenario in CASES.values():
        vertical = scenario.with_values(options=options(lateral_flow=False), duration=6.0)
        states = []
        for step in (seconds, 3600.0):
            with mock.patch.object(simulation_module, "LONGEST_INTERVAL_S", step):
                states.append(finished(terrain, vertical).state())
        for layer in ("water_table", "wetting_front"):
            one, other = (getattr(state, layer) for state in states)
            worst = max(worst, float(np.max(np.abs(one - other) / np.maximum(other, 1e-3))))
    what = f"steps of {seconds:g} s against 3600 s, no lateral flow: greatest relative difference of h and front"
    return Check("8", what, worst, None, 1e-8, "below")


def _curves():
    drawn, (axes,) = figure(6.5, 3.4)
    for number, b in enumerate((0.0, 30.0, 45.0)):
        cos_b, soil = math.cos(math.radians(b)), (8.5 * MM_PER_H, 1.3e-6, 0.3, 0.2)
        amounts = np.linspace(1e-6, amount_at(86400, b, *soil), 300)
        axes.plot([time_of(f, b, *soil) / 3600 for f in amounts], 1e3 * amounts, label=f"β {b:g}°", color=f"C{number}")
        hours = np.arange(2.0, 25.0, 2.0)
        axes.plot(
            hours, [1e3 * float(cumulative(cos_b, *soil, 3600 * t)) for t in hours], "o", ms=3.5, color=f"C{number}"
        )
        amount = float(ponding_amount(cos_b, *soil))
        axes.plot(time_of(amount, b, *soil) / 3600, 1e3 * amount, "x", ms=8, color=f"C{number}")
    axes.set(xlabel="time [h]", ylabel="infiltration per slope area [mm]")
    axes.legend()
    return drawn
