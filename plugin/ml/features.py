"""What the guided network reads: channels of the terrain, and the scenario's column at each cell.

Far-reaching information is computed, not learned: the linear kinematic response of the hillslope
(how a water table, and a steady supply, are routed over the bedrock) at a few travel times. In the
dimensionless time tau = K_lat t / (n dx) it depends on the terrain alone, so a scenario reads it by
interpolation. Elevation enters only as differences divided by the cell size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from ..core.physics.column import ColumnState
from ..core.physics.groundwater import downslope_over_open_faces
from ..core.terrain import Terrain
from ..variables import RESIDUAL_AIR
from .coarse import CoarseWater, Faces, coarse_water
from .device import one_thread

#: Dimensionless travel times at which the kinematic response is kept; 0 (nothing moved) comes before them.
TRAVEL_TIMES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
#: Half-widths of the windows of bedrock relief [cells].
RELIEF_CELLS = (2, 8, 32)
_IN_NETWORK = (1, 3, 5, 7, 9)  # travel times that the U-Net sees as channels

CHANNELS = (
    "valid",
    "slope",
    "soil_depth",
    *(f"bedrock_relief_{n}" for n in RELIEF_CELLS),
    *(f"table_response_{TRAVEL_TIMES[i]:g}" for i in _IN_NETWORK),
    *(f"supply_response_{TRAVEL_TIMES[i]:g}" for i in _IN_NETWORK),
    "log_cell_size",
)

LOCAL = (
    "slope", "soil_depth", "water_table_column", "front_potential", "ponded", "contact_column",
    "time_in_contact", "recharge", "table_routed", "supply_routed", "water_table_kinematic",
    "log_time_apart", "log_time_contact", "log_conductivity", "log_anisotropy", "rainfall", "duration",
    "water_table_ratio", "moisture_deficit", "suction_head", "log_cell_size",
    "water_table_coarse", "contact_coarse", "log_courant",
)  # fmt: skip
#: Where the head finds the estimates of the water table that it mixes.
COLUMN_CONTACT_AT, KINEMATIC_AT, COARSE_AT, COARSE_CONTACT_AT, COURANT_AT = (
    LOCAL.index(name)
    for name in ("contact_column", "water_table_kinematic", "water_table_coarse", "contact_coarse", "log_courant")
)


@dataclass(frozen=True)
class TerrainFeatures:
    """A terrain as tensors on one device.

    Attributes:
        channels: (len(CHANNELS), rows, cols) float32, 0 where invalid.
        table_response: (1 + len(TRAVEL_TIMES), cells) share of the soil depth after each travel time, valid cells.
        supply_response: (1 + len(TRAVEL_TIMES), cells) mean response to a unit supply.
        cells: (cells,) flat index of the valid cells.
        slope, soil_depth: (cells,) [rad], [m].
        faces: for the lateral flow of a given water table.
        cell_size: [m].
    """

    channels: torch.Tensor
    table_response: torch.Tensor
    supply_response: torch.Tensor
    cells: torch.Tensor
    slope: torch.Tensor
    soil_depth: torch.Tensor
    faces: Faces
    cell_size: float


def terrain_features(terrain: Terrain, device: torch.device | str = "cpu") -> TerrainFeatures:
    """Compute a terrain's channels in one pass over the whole raster."""
    valid = terrain.valid
    depth = np.where(valid, terrain.soil_depth, 0.0).astype(np.float32)
    slope = np.where(valid, terrain.slope, 0.0).astype(np.float32)
    cell = float(np.sqrt(terrain.grid.cell_area))
    mask = torch.from_numpy(valid).to(device)
    depth_t, slope_t = torch.from_numpy(depth).to(device), torch.from_numpy(slope).to(device)
    with one_thread(valid.size):
        table, supply = _kinematic_response(terrain, depth_t, mask, device)
    lowest = float(np.nanmin(terrain.bedrock))
    bed = torch.from_numpy(np.where(valid, terrain.bedrock - lowest, 0.0).astype(np.float32)).to(device)
    log_cell = float(np.log(cell / 10.0))
    flat = mask.flatten()
    cells = torch.nonzero(flat).flatten()
    parts = [mask.float(), slope_t, depth_t / 3.0]
    parts += [torch.tanh(_relief(bed, mask, n) / (cell * n) * 2.0) for n in RELIEF_CELLS]
    parts += [_on_map(torch.log1p(table[1 + i]), cells, mask.shape) for i in _IN_NETWORK]
    parts += [_on_map(torch.log1p(supply[1 + i]), cells, mask.shape) for i in _IN_NETWORK]
    parts += [torch.full_like(slope_t, log_cell) * mask]
    return TerrainFeatures(
        channels=torch.stack([p * mask for p in parts]),
        table_response=table,
        supply_response=supply,
        cells=cells,
        slope=slope_t.flatten()[flat],
        soil_depth=depth_t.flatten()[flat],
        faces=Faces.of(terrain, device),
        cell_size=cell,
    )


def _on_map(values: torch.Tensor, cells: torch.Tensor, shape: torch.Size) -> torch.Tensor:
    full = torch.zeros(shape, dtype=values.dtype, device=values.device)
    full.view(-1)[cells] = values
    return full


def _relief(bed: torch.Tensor, mask: torch.Tensor, half: int) -> torch.Tensor:
    """Bedrock above its mean over valid cells of a square window [m]."""
    weight = mask.double()
    total, count = _window_sum(bed.double() * weight, half), _window_sum(weight, half)
    return (bed - (total / count.clamp_min(1.0)).float()) * mask


def _window_sum(x: torch.Tensor, half: int) -> torch.Tensor:
    """Sum over a (2 half + 1)^2 window, by running sums (float64: they span the whole raster)."""
    for dim in (0, 1):
        size = x.shape[dim]
        run = torch.cat([torch.zeros_like(x.narrow(dim, 0, 1)), x.cumsum(dim)], dim)
        index = torch.arange(size, device=x.device)
        x = run.index_select(dim, (index + half + 1).clamp_max(size)) - run.index_select(
            dim, (index - half).clamp_min(0)
        )
    return x


def _kinematic_response(
    terrain: Terrain, depth: torch.Tensor, mask: torch.Tensor, device: torch.device | str
) -> tuple[torch.Tensor, torch.Tensor]:
    """Route a depth-proportional table and a unit supply over the bedrock, at each of TRAVEL_TIMES.

    n dh/dt = -K div(h cos^2 b grad z_b), downslope parts only, upstream h, four neighbours, open edges:
    the engine's lateral flow without its diffusion and without the surface's limit.

    Returns:
        (table over soil depth, mean response to a supply over the time), each (1 + times, cells).
    """
    out, weights = _outflow(terrain, mask, device)
    step = 0.9 / max(float(out.max()), 1e-6)
    table, supply, now = depth.clone(), torch.zeros_like(depth), 0.0
    safe_depth = depth.clamp_min(0.05)
    tables, supplies = [torch.where(depth > 0, 1.0, 0.0).to(depth.dtype)], [torch.ones_like(depth)]
    for target in TRAVEL_TIMES:
        count = max(1, int(np.ceil((target - now) / step - 1e-6)))
        dt = (target - now) / count
        table, supply = _route(table, supply, out, weights, dt, count)
        now = target
        tables.append(table / safe_depth)
        supplies.append(supply / target)
    flat = mask.flatten()
    return (torch.stack([x.flatten()[flat] for x in tables]), torch.stack([x.flatten()[flat] for x in supplies]))


def _outflow(
    terrain: Terrain, mask: torch.Tensor, device: torch.device | str
) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Total outflow coefficient of each cell and its parts to the four neighbours [-] (per unit of tau)."""
    valid = terrain.valid
    dx, dy = terrain.grid.cell_width, terrain.grid.cell_height
    cell = float(np.sqrt(terrain.grid.cell_area))
    cos2 = np.where(valid, np.cos(np.where(valid, terrain.slope, 0.0)) ** 2, 0.0)
    bed = np.nan_to_num(terrain.bedrock)
    parts = {name: np.zeros(valid.shape) for name in ("east", "west", "south", "north")}
    both = valid[:, :-1] & valid[:, 1:]
    drop = np.where(both, 0.5 * (cos2[:, :-1] + cos2[:, 1:]) * (bed[:, :-1] - bed[:, 1:]) / dx**2 * cell, 0.0)
    parts["east"][:, :-1], parts["west"][:, 1:] = np.maximum(drop, 0.0), np.maximum(-drop, 0.0)
    both = valid[:-1] & valid[1:]
    drop = np.where(both, 0.5 * (cos2[:-1] + cos2[1:]) * (bed[:-1] - bed[1:]) / dy**2 * cell, 0.0)
    parts["south"][:-1], parts["north"][1:] = np.maximum(drop, 0.0), np.maximum(-drop, 0.0)
    border = cos2 * downslope_over_open_faces(terrain, valid) * cell
    out = sum(parts.values()) + border
    steep = np.minimum(1.0, 1.0 / np.maximum(out, 1e-12))  # walls: no faster than one cell per unit of tau
    tensor = {k: torch.from_numpy((v * steep).astype(np.float32)).to(device) for k, v in parts.items()}
    return torch.from_numpy((out * steep).astype(np.float32)).to(device) * mask, tensor


def _route(
    table: torch.Tensor,
    supply: torch.Tensor,
    out: torch.Tensor,
    weights: dict[str, torch.Tensor],
    dt: float,
    count: int,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Take ``count`` explicit steps of ``dt``; in place on two buffers, since this loop is what terrain costs."""
    old = torch.stack([table, supply])
    new = torch.empty_like(old)
    keep = 1.0 - out * dt
    east, west = (weights["east"] * dt)[:, :-1], (weights["west"] * dt)[:, 1:]
    south, north = (weights["south"] * dt)[:-1], (weights["north"] * dt)[1:]
    for _ in range(count):
        torch.mul(old, keep, out=new)
        new[1] += dt
        new[:, :, 1:].addcmul_(old[:, :, :-1], east)
        new[:, :, :-1].addcmul_(old[:, :, 1:], west)
        new[:, 1:].addcmul_(old[:, :-1], south)
        new[:, :-1].addcmul_(old[:, 1:], north)
        old, new = new, old
    return old[0].clone(), old[1].clone()


@dataclass(frozen=True)
class ScenarioCells:
    """A scenario at the valid cells; tensors of one length (numbers where uniform).

    Attributes:
        water_table, infiltration: of the column [m]; ponded, contact: of the column, bool.
        conductivity [m/s], rainfall [mm/h], water_table_ratio, moisture_deficit, suction_head [m],
        lateral_anisotropy: numbers or (cells,) tensors.
        coarse_table: of the coarse steps [m]; coarse_contact: bool; courant: see :mod:`.coarse`.
        duration: [h].
    """

    water_table: torch.Tensor
    infiltration: torch.Tensor
    ponded: torch.Tensor
    contact: torch.Tensor
    conductivity: torch.Tensor
    rainfall: torch.Tensor
    duration: float
    water_table_ratio: torch.Tensor
    moisture_deficit: torch.Tensor
    suction_head: torch.Tensor
    lateral_anisotropy: torch.Tensor
    coarse_table: torch.Tensor
    coarse_contact: torch.Tensor
    courant: torch.Tensor

    @classmethod
    def of(
        cls,
        f: TerrainFeatures,
        state: ColumnState,
        values: dict[str, np.ndarray | float],
        coarse: CoarseWater | None = None,
    ) -> ScenarioCells:
        """Put a column's state and the scenario's hydrology (numbers or vectors) on the features' device, float32.

        Args:
            coarse: the coarse steps' water where it is known already; stepped else.
        """
        device = f.slope.device

        def tensor(x: np.ndarray | float) -> torch.Tensor:
            return torch.as_tensor(np.asarray(x, dtype=np.float32)).to(device)

        hydrology = {k: tensor(v) for k, v in values.items() if k != "duration"}
        if coarse is None:
            seconds = float(values["duration"]) * 3600.0
            coarse = coarse_water(f.faces, f.cells, f.soil_depth, f.slope, state, hydrology, seconds, f.cell_size)
        return cls(
            water_table=tensor(state.water_table),
            coarse_table=coarse.water_table.float(),
            coarse_contact=coarse.contact,
            courant=coarse.courant.float(),
            infiltration=tensor(state.infiltration),
            ponded=torch.from_numpy(np.ascontiguousarray(state.ponded)).to(device),
            contact=torch.from_numpy(np.ascontiguousarray(state.contact)).to(device),
            duration=float(values["duration"]),
            **hydrology,
        )

    def coarse(self) -> CoarseWater:
        """The coarse steps' water in half precision, to keep."""
        return CoarseWater(self.coarse_table.half(), self.coarse_contact, self.courant.half())

    def at(self, index: torch.Tensor) -> ScenarioCells:
        """The same at some of the cells."""
        return replace(
            self, **{k: v[index] for k, v in vars(self).items() if isinstance(v, torch.Tensor) and v.dim() > 0}
        )


def local_inputs(
    slope: torch.Tensor,
    depth: torch.Tensor,
    table_response: torch.Tensor,
    supply_response: torch.Tensor,
    cell_size: float,
    s: ScenarioCells,
) -> torch.Tensor:
    """What the head sees at each cell, (cells, len(LOCAL)) float32; see :data:`LOCAL`.

    Args:
        slope, depth: (cells,); table_response, supply_response: (1 + times, cells); s: at the same cells.
    """
    safe_depth = depth.clamp_min(0.05)
    gap = (depth - s.water_table_ratio * depth) * s.moisture_deficit
    recharge = (s.infiltration - gap).clamp_min(0.0)
    in_contact = recharge / s.infiltration.clamp_min(1e-6)
    travel = s.conductivity * s.lateral_anisotropy * (s.duration * 3600.0 / cell_size)
    tau_contact = travel / RESIDUAL_AIR * in_contact
    tau_apart = travel / (s.moisture_deficit + RESIDUAL_AIR) * (1.0 - in_contact)
    table_routed = _at_time(table_response, tau_apart + tau_contact)
    supply_routed = _at_time(supply_response, tau_contact)
    kinematic = s.water_table_ratio * table_routed + recharge / (RESIDUAL_AIR * safe_depth) * supply_routed
    one = torch.ones_like(depth)
    columns = (
        slope,
        depth / 3.0,
        s.water_table / safe_depth,
        (s.infiltration / (s.moisture_deficit * safe_depth)).clamp(0.0, 3.0),
        s.ponded.float(),
        s.contact.float(),
        in_contact,
        torch.log1p(recharge / (RESIDUAL_AIR * safe_depth)),
        torch.log1p(table_routed),
        torch.log1p(supply_routed),
        kinematic.clamp(0.0, 1.5),
        torch.log1p(tau_apart),
        torch.log1p(tau_contact),
        torch.log10(s.conductivity * 1e6) * one,
        torch.log10(s.lateral_anisotropy) * one,
        s.rainfall / 8.0 * one,
        s.duration / 24.0 * one,
        s.water_table_ratio * 2.0 * one,
        s.moisture_deficit * 5.0 * one,
        s.suction_head * 5.0 * one,
        float(np.log(cell_size / 10.0)) * one,
        (s.coarse_table / safe_depth).clamp(0.0, 1.0),
        s.coarse_contact.float(),
        torch.log(s.courant.clamp_min(1e-3)),
    )
    return torch.stack(columns, dim=-1)


def _at_time(response: torch.Tensor, tau: torch.Tensor) -> torch.Tensor:
    """Interpolate (1 + times, cells) at each cell's tau, linear between the kept travel times."""
    times = torch.tensor((0.0, *TRAVEL_TIMES), device=tau.device, dtype=tau.dtype)
    tau = tau.clamp(0.0, TRAVEL_TIMES[-1])
    upper = torch.bucketize(tau, times).clamp(1, len(TRAVEL_TIMES))
    low, high = times[upper - 1], times[upper]
    share = (tau - low) / (high - low)
    below = response.gather(0, (upper - 1).unsqueeze(0)).squeeze(0)
    above = response.gather(0, upper.unsqueeze(0)).squeeze(0)
    return below + (above - below) * share
