"""Mass balance on every path that water can take, and where it went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from slopecast.plugin.core.antecedent import with_steady_recharge
from slopecast.plugin.core.physics.column import RESIDUAL_AIR, band_storage
from slopecast.plugin.core.rainfall import Hyetograph
from slopecast.plugin.core.result import Result
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain
from study_areas import options, plane, rough_terrain, solve

from .checks import Check, Section, figure

OUTLETS = ("runoff_m3", "exfiltration_m3", "drainage_m3")


@dataclass(frozen=True)
class Path:
    """A way that water takes: a terrain and a scenario that force it, and what shows that it was taken."""

    name: str
    terrain: Terrain
    scenario: Scenario
    taken: str  # a key of _signs


def paths() -> list[Path]:
    """Each path alone as far as possible, then all of them together."""
    deep = rough_terrain(31, (30, 36), holes=0.0)
    deep = Terrain.from_arrays(deep.elevation, 5.0, 5.0)
    rough, holed = rough_terrain(32, (30, 36)), rough_terrain(33, (30, 36), holes=0.2)
    ponding = Scenario(conductivity=1.3e-6, rainfall=12.0, duration=12.0, water_table_ratio=0.0)
    soaking = Scenario(conductivity=1e-5, rainfall=8.5, duration=24.0, moisture_deficit=0.05)
    vertical, closed = options(lateral_flow=False), options(edges="closed")
    rasters = ponding.with_values(
        conductivity=10.0 ** np.random.default_rng(1).uniform(-6.5, -4.5, rough.grid.shape),
        rainfall=np.random.default_rng(2).uniform(2.0, 30.0, rough.grid.shape),
        water_table_ratio=np.random.default_rng(3).uniform(0.0, 1.0, rough.grid.shape),
        moisture_deficit=np.random.default_rng(4).uniform(0.05, 0.25, rough.grid.shape),
    )
    return [
        Path("ponding: runoff, soil never full", deep, ponding.with_values(options=vertical), "runoff, not full"),
        Path("contact: the band reaches the table", rough,
             soaking.with_values(options=vertical, duration=12.0), "contact"),
        Path("saturation: runoff although K > I", rough,
             soaking.with_values(options=vertical, duration=48.0), "full, runoff"),
        Path("exfiltration: pipes feed full cells", rough,
             soaking.with_values(lateral_anisotropy=30.0), "exfiltration_m3"),
        Path("drainage through open edges", deep, soaking.with_values(lateral_anisotropy=30.0), "drainage_m3"),
        Path("closed edges hold", rough, soaking.with_values(lateral_anisotropy=30.0, options=closed), "no drainage"),
        Path("NoData holes, open", holed, soaking.with_values(lateral_anisotropy=10.0), "drainage_m3"),
        Path("NoData holes, closed", holed,
             soaking.with_values(lateral_anisotropy=10.0, options=closed), "no drainage"),
        Path("drying: hardly any rain on a wet slope", plane(30.0, (10, 60), 5.0, 3.0),
             soaking.with_values(rainfall=0.1, water_table_ratio=0.8, lateral_anisotropy=20.0), "storage falls"),
        Path("saturated from the start", rough, ponding.with_values(water_table_ratio=1.0), "full, runoff"),
        Path("every parameter a raster", rough, rasters.with_values(lateral_anisotropy=20.0), "runoff_m3"),
        Path("rain that pauses and stops", rough, soaking.with_values(
            lateral_anisotropy=20.0, hyetograph=Hyetograph((3.0, 6.0, 12.0, 48.0), (20.0, 0.0, 15.0, 0.0))),
            "drainage_m3"),
        Path("moist front: rain below the conductivity", deep, soaking.with_values(
            rainfall=4.0, duration=12.0, options=options(front_moisture="rain")), "front keeps air"),
        Path("wet by a steady recharge before the rain", rough,
             with_steady_recharge(soaking.with_values(lateral_anisotropy=10.0), rough, 5.0), "full, runoff"),
        Path("all together: K_lat 5e-4 m/s, 72 h", rough,
             soaking.with_values(lateral_anisotropy=50.0, duration=72.0), "exfiltration_m3"),
    ]  # fmt: skip


def section() -> Section:
    """Closed form 12, path by path."""
    made = Section(
        "Mass balance",
        "|rain - change of storage - runoff - exfiltration - drainage| / rain, by the engine's books and "
        "again with the "
        "storage worked out from the maps (float32, so 1e-5). Each path must really have been taken.",
    )
    runs = [(path, solve(path.terrain, path.scenario)) for path in paths()]
    for path, result in runs:
        d = result.diagnostics
        gap = d["rain_m3"] - d["storage_change_m3"] - sum(d[k] for k in OUTLETS)
        made.checks.append(Check("12", path.name, abs(gap) / d["rain_m3"], None, 1e-6, "below"))
        made.checks.append(Check("", f"{path.name}: path taken (1 = yes)", float(_taken(path, result)), 1.0, 0.0))
    worst = max(_from_maps(path, result) for path, result in runs)
    made.checks.append(Check("12", "all of them, storage from the maps: greatest error", worst, None, 1e-5, "below"))
    made.draw("Where the rain went (shares of the rain; a falling storage counts below zero).", _bars(runs))
    return made


def _taken(path: Path, result: Result) -> bool:
    d, valid = result.diagnostics, path.terrain.valid
    depth, table, front = path.terrain.soil_depth[valid], result.water_table[valid], result.wetting_front[valid]
    soil = depth > 0
    full = (table >= depth - 1e-6) & soil
    signs = {
        "runoff, not full": d["runoff_m3"] > 0 and not full.any(),
        "contact": bool(((table + front >= depth - 1e-6) & ~full & soil).any()),
        "full, runoff": bool(full.any()) and d["runoff_m3"] > 0,
        "no drainage": d["drainage_m3"] == 0.0,
        "front keeps air": bool(band_storage(path.scenario)[1] > RESIDUAL_AIR) and bool((front[soil] > 0).all()),
        "storage falls": d["storage_change_m3"] < 0 and d["drainage_m3"] > 0,
    }
    return signs[path.taken] if path.taken in signs else d[path.taken] > 1e-3 * d["rain_m3"]


def _from_maps(path: Path, result: Result) -> float:
    """The balance with S = dTheta z_w + (dTheta + n_min) h from the maps, and the rain worked out anew."""
    s, valid, area = path.scenario, path.terrain.valid, path.terrain.grid.cell_area

    def on_map(value: object) -> np.ndarray:
        return np.broadcast_to(np.asarray(value, dtype=np.float64), valid.shape)

    theta, air = (on_map(x) for x in band_storage(s))
    start = on_map(s.water_table_ratio) * path.terrain.soil_depth
    table, front = result.water_table.astype(np.float64), result.wetting_front.astype(np.float64)
    change = float((theta * front + (theta + air) * (table - start))[valid].sum()) * area
    rain = float(on_map(s.rainfall)[valid].sum()) * s.duration / 1000 * area
    return abs(rain - change - sum(result.diagnostics[k] for k in OUTLETS)) / rain


def _bars(runs: list):
    drawn, (axes,) = figure(8.5, 4.0)
    keys = {
        "storage_change_m3": "stored",
        "runoff_m3": "runoff",
        "exfiltration_m3": "exfiltration",
        "drainage_m3": "drainage",
    }
    names = [path.name.partition(":")[0] for path, _ in runs]
    left, fallen = np.zeros(len(runs)), np.zeros(len(runs))
    for number, (key, label) in enumerate(keys.items()):
        share = np.array([result.diagnostics[key] / result.diagnostics["rain_m3"] for _, result in runs]).clip(
            -1.0, 2.0
        )
        start = np.where(share < 0, fallen, left)
        axes.barh(names, share, left=start, color=f"C{number}", label=label)
        left, fallen = left + np.maximum(share, 0), fallen + np.minimum(share, 0)
    axes.set(xlabel="share of the rain (drying: cut at -1 and 2)", xlim=(-1.05, 2.05))
    axes.axvline(1.0, color="#444444", lw=0.8, ls=":")
    axes.invert_yaxis()
    axes.legend(ncols=4, loc="lower right", bbox_to_anchor=(1.0, 1.0))
    return drawn
