"""What the guided network reads: channels of the terrain, and of the scenario at each cell.

Far-reaching information is computed, not learned: the linear kinematic response of the hillslope
(how a water table, and a steady supply, are routed over the bedrock) at a few travel times. In the
dimensionless time tau = K_lat t / (n dx) it depends on the terrain alone, so a scenario reads it by
interpolation. Elevation enters only as differences divided by the cell size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from ..core.feedback import Feedback, check_cancelled
from ..core.physics.water import WaterState
from ..core.terrain import Terrain
from ..variables import HYDROLOGY, RESIDUAL_AIR
from .coarse import FULL, CoarseWater, Effort, WaterBalance
from .compiled_steps import CompiledSteps
from .device import one_thread
from .kinematic import kinematic_response
from .water_grids import WaterGrid, water_grids

#: Dimensionless travel times at which the kinematic response is kept; 0 (nothing moved) comes before them.
TRAVEL_TIMES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
#: Half-widths of the windows of bedrock relief [cells].
RELIEF_CELLS = (2, 8, 32)
_IN_NETWORK = (1, 3, 5, 7, 9)  # travel times that the U-Net sees as channels

CHANNELS = (
    "valid",
    "slope",
    "soil_depth",
    "downhill_east",
    "downhill_south",
    *(f"bedrock_relief_{n}" for n in RELIEF_CELLS),
    *(f"table_response_{TRAVEL_TIMES[i]:g}" for i in _IN_NETWORK),
    *(f"supply_response_{TRAVEL_TIMES[i]:g}" for i in _IN_NETWORK),
    "log_cell_size",
)

LOCAL = (
    "water_table_column", "front_potential", "ponded", "contact_column",
    "time_in_contact", "recharge", "table_routed", "supply_routed", "water_table_kinematic",
    "log_time_apart", "log_time_contact", "log_conductivity", "log_anisotropy", "rainfall", "duration",
    "water_table_ratio", "moisture_deficit", "suction_head",
    "water_table_coarse", "contact_coarse", "water_table_before", "refinement", "refinement_share",
    "water_table_around", "contact_around",
    "log_reach", "past", "far_past",
)  # fmt: skip
#: What the network reads: the terrain's channels, then the scenario's.
INPUTS = CHANNELS + LOCAL
#: Where it finds which cells are there, the guess that it corrects, and the column's water table.
VALID_AT, COARSE_AT, COLUMN_AT = (INPUTS.index(n) for n in ("valid", "water_table_coarse", "water_table_column"))
#: The channels that are turned with the map: they point down the bedrock, eastwards and southwards.
DOWNHILL_AT = tuple(INPUTS.index(name) for name in ("downhill_east", "downhill_south"))
#: What channels are divided or multiplied by, so that all are near 1.
DEPTH_UNIT, DEFICIT_FACTOR = 3.0, 5.0
_REFINEMENT_UNIT, _LEAST_MOVED, _MOST_REFINED = 0.01, 0.01, 2.0  # shares of the soil depth, and of what moved


@dataclass(frozen=True)
class Places:
    """Some cells of a terrain: soil depth [m], responses (1 + len(TRAVEL_TIMES), cells), cell size [m]."""

    soil_depth: torch.Tensor
    table_response: torch.Tensor
    supply_response: torch.Tensor
    cell_size: float


@dataclass(frozen=True)
class TerrainFeatures:
    """A terrain as tensors on one device.

    Attributes:
        channels: (len(CHANNELS), rows, cols) float32, 0 where invalid.
        table_response: (1 + len(TRAVEL_TIMES), cells) share of the soil depth after each travel time, valid cells.
        supply_response: (1 + len(TRAVEL_TIMES), cells) mean response to a unit supply.
        cells: (cells,) flat index of the valid cells.
        slope, soil_depth: (cells,) [rad], [m].
        grids: for the lateral flow, the raster's own and coarser ones.
        cell_size: [m].
    """

    channels: torch.Tensor
    table_response: torch.Tensor
    supply_response: torch.Tensor
    cells: torch.Tensor
    slope: torch.Tensor
    soil_depth: torch.Tensor
    grids: tuple[WaterGrid, ...]
    cell_size: float

    def at(self, index: torch.Tensor) -> Places:
        """Some of the valid cells."""
        return Places(
            self.soil_depth[index], self.table_response[:, index], self.supply_response[:, index], self.cell_size
        )


def terrain_features(
    terrain: Terrain, device: torch.device | str = "cpu", feedback: Feedback | None = None
) -> TerrainFeatures:
    """Compute a terrain's channels in one pass over the whole raster; raises :class:`Cancelled`."""
    feedback = feedback or Feedback()
    valid = terrain.valid
    depth = np.where(valid, terrain.soil_depth, 0.0).astype(np.float32)
    slope = np.where(valid, terrain.slope, 0.0).astype(np.float32)
    cell = float(np.sqrt(terrain.grid.cell_area))
    mask = torch.from_numpy(valid).to(device)
    depth_t, slope_t = torch.from_numpy(depth).to(device), torch.from_numpy(slope).to(device)
    with one_thread(valid.size):
        table, supply = kinematic_response(terrain, depth_t, mask, device, TRAVEL_TIMES, feedback)
    lowest = float(np.nanmin(terrain.bedrock))
    bed = torch.from_numpy(np.where(valid, terrain.bedrock - lowest, 0.0).astype(np.float32)).to(device)
    log_cell = float(np.log(cell / 10.0))
    flat = mask.flatten()
    cells = torch.nonzero(flat).flatten()
    grids = water_grids(terrain, device)
    parts = [mask.float(), slope_t, depth_t / DEPTH_UNIT, *_downhill(grids[0])]
    for n in RELIEF_CELLS:
        check_cancelled(feedback)
        parts.append(torch.tanh(_relief(bed, mask, n) / (cell * n) * 2.0))
    parts += [_on_map(torch.log1p(table[1 + i]), cells, mask.shape) for i in _IN_NETWORK]
    parts += [_on_map(torch.log1p(supply[1 + i]), cells, mask.shape) for i in _IN_NETWORK]
    parts += [torch.full_like(slope_t, log_cell) * mask]
    check_cancelled(feedback)
    return TerrainFeatures(
        channels=torch.stack([p * mask for p in parts]),
        table_response=table,
        supply_response=supply,
        cells=cells,
        slope=slope_t.flatten()[flat],
        soil_depth=depth_t.flatten()[flat],
        grids=grids,
        cell_size=cell,
    )


def _on_map(values: torch.Tensor, cells: torch.Tensor, shape: torch.Size) -> torch.Tensor:
    full = torch.zeros(shape, dtype=values.dtype, device=values.device)
    full.view(-1)[cells] = values
    return full


def _downhill(grid: WaterGrid) -> torch.Tensor:
    """Where the bedrock falls, eastwards and southwards, (2, rows, cols): the sine of its slope, as a vector."""
    falls = []
    for drop, face, across in ((grid.drop_east, grid.east, 1), (grid.drop_south, grid.south, 0)):
        is_open = (face > 0).float()
        both = drop * is_open
        total, faces = (x + x.roll(1, across) for x in (both, is_open))  # the last face is closed: none comes round
        falls.append(total / faces.clamp_min(1.0) / grid.cell_size)
    gradient = torch.stack(falls)
    return gradient / (1.0 + gradient.square().sum(dim=0)).sqrt()


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


@dataclass(frozen=True)
class ScenarioCells:
    """A scenario at the valid cells; tensors of one length (numbers where uniform).

    Attributes:
        water_table, infiltration: of the column [m]; ponded, contact: of the column, bool.
        conductivity [m/s], rainfall [mm/h], water_table_ratio, moisture_deficit, suction_head [m],
        lateral_anisotropy: numbers or (cells,) tensors.
        coarse: the water balance, see :mod:`.coarse`.
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
    coarse: CoarseWater

    @classmethod
    def of(
        cls,
        f: TerrainFeatures,
        state: WaterState,
        values: dict[str, np.ndarray | float],
        coarse: CoarseWater,
    ) -> ScenarioCells:
        """Put a column's state and the scenario's hydrology (numbers or vectors) on the features' device, float32.

        Args:
            f, state, values: terrain, column and hydrology; coarse: the water balance's state at the same time.
        """
        device = f.slope.device

        def tensor(x: np.ndarray | float) -> torch.Tensor:
            return torch.as_tensor(np.asarray(x, dtype=np.float32)).to(device)

        hydrology = {k: tensor(v) for k, v in values.items() if k != "duration"}
        return cls(
            water_table=tensor(state.water_table),
            infiltration=tensor(state.infiltration),
            ponded=torch.from_numpy(np.ascontiguousarray(state.ponded)).to(device),
            contact=torch.from_numpy(np.ascontiguousarray(state.contact)).to(device),
            duration=float(values["duration"]),
            coarse=coarse.to(torch.float32),
            **hydrology,
        )

    def at(self, index: torch.Tensor) -> ScenarioCells:
        """The same at some of the cells."""

        def picked(x: Any) -> Any:
            if isinstance(x, CoarseWater):
                return replace(x, **{k: picked(v) for k, v in vars(x).items()})
            return x[index] if isinstance(x, torch.Tensor) and x.dim() > 0 else x

        return replace(self, **{k: picked(v) for k, v in vars(self).items()})


@dataclass(frozen=True)
class _Kinematic:
    """The hillslope's linear response to a scenario at the valid cells, tensors.

    Attributes:
        time_apart, time_contact: dimensionless travel times [-].
        in_contact: share of the rain that fell into a band in contact with the table [-].
        recharge: water that passed the band [m].
        table_routed, supply_routed: responses at these times [-].
        table: kinematic water table over the soil depth [-], not bounded.
    """

    time_apart: torch.Tensor
    time_contact: torch.Tensor
    in_contact: torch.Tensor
    recharge: torch.Tensor
    table_routed: torch.Tensor
    supply_routed: torch.Tensor
    table: torch.Tensor

    @classmethod
    def of(
        cls,
        f: TerrainFeatures | Places,
        infiltration: torch.Tensor,
        seconds: float,
        values: dict[str, torch.Tensor],
    ) -> _Kinematic:
        """Interpolate the responses of a terrain's cells.

        Args:
            infiltration: since the rain began [m]; seconds: since then; values: the hydrology.
        """
        safe_depth = f.soil_depth.clamp_min(0.05)
        ratio, deficit = values["water_table_ratio"], values["moisture_deficit"]
        gap = (f.soil_depth - ratio * f.soil_depth) * deficit
        recharge = (infiltration - gap).clamp_min(0.0)
        in_contact = recharge / infiltration.clamp_min(1e-6)
        travel = values["conductivity"] * values["lateral_anisotropy"] * (seconds / f.cell_size)
        contact = travel / RESIDUAL_AIR * in_contact
        apart = travel / (deficit + RESIDUAL_AIR) * (1.0 - in_contact)
        table_routed = _at_time(f.table_response, apart + contact)
        supply_routed = _at_time(f.supply_response, contact)
        table = ratio * table_routed + recharge / (RESIDUAL_AIR * safe_depth) * supply_routed
        return cls(apart, contact, in_contact, recharge, table_routed, supply_routed, table)


def water_balance(
    f: TerrainFeatures, state: WaterState, values: dict[str, np.ndarray | float], effort: Effort = FULL,
    feedback: Feedback | None = None, compiled: CompiledSteps | None = None,
) -> WaterBalance:  # fmt: skip
    """The water balance of a scenario before its first step.

    Args:
        f: the terrain; state: the column's at the end of the rain.
        values: the hydrology, numbers or vectors of the valid cells; effort: how many steps may be taken.
        feedback: asked for a cancel between the steps; compiled: takes those on the raster's own cells.
    """
    hydrology = {
        k: torch.as_tensor(np.asarray(v, dtype=np.float32)).to(f.slope.device)
        for k, v in values.items() if k != "duration"
    }  # fmt: skip

    def pattern(infiltration: torch.Tensor, time: float) -> torch.Tensor:
        at = _Kinematic.of(f, infiltration, time, hydrology)
        return torch.minimum(at.table * f.soil_depth, f.soil_depth)

    seconds = float(values["duration"]) * 3600.0
    return WaterBalance(f.grids, f.cells, f.slope, state, hydrology, seconds, pattern, effort, feedback, compiled)


def local_inputs(places: Places, s: ScenarioCells) -> torch.Tensor:
    """What the network reads of a scenario at some cells, (len(LOCAL), cells) float32; see :data:`LOCAL`.

    Args:
        places, s: the same cells.
    """
    depth = places.soil_depth
    safe_depth = depth.clamp_min(0.05)
    thin_depth = depth.clamp_min(1e-6)  # shares of the soil that become a water table again must not shrink it
    values = {name: getattr(s, name) for name in HYDROLOGY if name != "duration"}
    kinematic = _Kinematic.of(places, s.infiltration, s.duration * 3600.0, values)
    c = s.coarse
    one = torch.ones_like(depth)
    refinement, moved = c.refinement / safe_depth, (c.water_table - s.water_table).abs() / safe_depth
    rows = (
        s.water_table / safe_depth,
        (s.infiltration / (s.moisture_deficit * safe_depth)).clamp(0.0, 3.0),
        s.ponded.float(),
        s.contact.float(),
        kinematic.in_contact,
        torch.log1p(kinematic.recharge / (RESIDUAL_AIR * safe_depth)),
        torch.log1p(kinematic.table_routed),
        torch.log1p(kinematic.supply_routed),
        kinematic.table.clamp(0.0, 1.5),
        torch.log1p(kinematic.time_apart),
        torch.log1p(kinematic.time_contact),
        torch.log10(s.conductivity * 1e6) * one,
        torch.log10(s.lateral_anisotropy) * one,
        s.rainfall / 8.0 * one,
        s.duration / 24.0 * one,
        s.water_table_ratio * 2.0 * one,
        s.moisture_deficit * DEFICIT_FACTOR * one,
        s.suction_head * 5.0 * one,
        (c.water_table / thin_depth).clamp(0.0, 1.0),
        c.contact.float(),
        (c.before / thin_depth).clamp(0.0, 1.0),
        torch.asinh(refinement / _REFINEMENT_UNIT),
        (refinement / (_LEAST_MOVED + moved)).clamp(-_MOST_REFINED, _MOST_REFINED),
        c.around,
        c.contact_around,
        torch.log1p(c.reach),
        c.past * one,
        c.far_past * one,
    )
    return torch.stack(rows)


def input_window(
    f: TerrainFeatures, s: ScenarioCells, rows: slice, cols: slice, size: tuple[int, int]
) -> tuple[torch.Tensor, torch.Tensor]:
    """The network's input over a window of the raster, 0 outside the terrain and beyond the raster.

    Args:
        f, s: the whole terrain, and a scenario on it.
        rows, cols: of the raster; size: of the input, at least as large.

    Returns:
        (len(INPUTS), *size) float32; indices of the window's cells among the valid ones (cells,).
    """
    device = f.slope.device
    width = f.channels.shape[2]
    inside = torch.zeros(f.channels.shape[1:], dtype=torch.bool, device=device)
    inside[rows, cols] = True
    index = torch.nonzero(inside.view(-1)[f.cells]).flatten()
    window = torch.zeros((len(INPUTS), *size), device=device)
    part = f.channels[:, rows, cols]
    window[: len(CHANNELS), : part.shape[1], : part.shape[2]] = part
    flat = f.cells[index]
    at = (flat // width - rows.start) * size[1] + flat % width - cols.start
    window[len(CHANNELS) :].view(len(LOCAL), -1)[:, at] = local_inputs(f.at(index), s.at(index))
    return window, index


def turned(inputs: torch.Tensor, quarter: int, flip: bool) -> torch.Tensor:
    """Inputs on a map that is turned counter-clockwise by quarters and then mirrored from east to west.

    Args:
        inputs: (n, len(CHANNELS) or len(INPUTS), rows, cols); quarter: turns.
    """
    whole = torch.rot90(inputs, quarter, (2, 3))
    whole = (whole.flip(3) if flip else whole).contiguous(memory_format=torch.channels_last)
    if quarter % 4 == 0 and not flip:
        return whole
    east, south = (whole[:, at].clone() for at in DOWNHILL_AT)
    for _ in range(quarter % 4):
        east, south = south, -east  # what pointed south points east
    whole = whole.clone(memory_format=torch.preserve_format)
    whole[:, DOWNHILL_AT[0]], whole[:, DOWNHILL_AT[1]] = -east if flip else east, south
    return whole


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
