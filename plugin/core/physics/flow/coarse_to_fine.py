"""The fast scheme: an event is computed first on coarse grids, then at full resolution, by its :mod:`.schedule`.

The amount of water that lateral flow has moved into a cell is transferred from grid to grid; each finer cell then uses
its own depth and infiltration. Infiltration into one soil is a function of slope as long as storage does not limit it:
it is computed exactly (:mod:`..infiltration`) for some slopes and interpolated between them. If soil or rain are
rasters it is computed cell by cell.

Source: nested grids with restriction by means and prolongation by bilinear interpolation (Briggs, Henson & McCormick
2000, A Multigrid Tutorial, chapter 3), made conservative cell by cell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Sequence

import numpy as np

from ...feedback import Feedback
from ...map_parts.strips import row_strips, with_rows_around
from ...map_parts.threads import in_threads
from ...raster import scratch
from ...scenario import Scenario
from ...terrain import Terrain
from ...topography.slope import MAXIMUM_SLOPE_DEG
from ..column import band_storage
from ..infiltration import advance_infiltration
from .grid_pyramid import PyramidGrid, grid_pyramid, prolong, repeat, restrict
from .lateral_flow import Array, Arrays, GridSoil, GridWater, advance_water
from .schedule import LONGEST_INTERVAL_S, Stage, starts_saturated

_SLACK_M = 1e-6  # rounding of depths
_STRIP_CELLS = 16_384  # of the coarser grid that are refined at a time: their finer cells stay in the cache
_SOIL = ("conductivity", "suction_head", "moisture_deficit", "rainfall_m_per_s")
_NODES = 257  # of slope; linear between them: relative error below 1e-5
_NO_STAGE = Stage(0.0, 1.0, 1.0)


@dataclass(frozen=True)
class FineStart:
    """State at the beginning of the fine phase, at the valid cells: (cells,) arrays.

    Attributes:
        seconds: since the start of the event; 0 if full resolution computes all of it.
        table, band, contact: h and V [m], bool.
        missed: infiltration that full cells could not take until then [m].
        exfiltrated, drained: until then [m of water summed over cells].
        steps: taken on coarser grids.
    """

    seconds: float
    table: np.ndarray
    band: np.ndarray
    contact: np.ndarray
    missed: np.ndarray
    exfiltrated: float = 0.0
    drained: float = 0.0
    steps: int = 0


class CoarseToFine:
    """Scenarios of one terrain, computed from the coarsest grid to full resolution.

    Args:
        valid: cells of full resolution, boolean (rows, cols); scenarios: their rain and options.
        grids: full resolution first; plans: stages of each scenario.
        parameters: on each grid in use, see :func:`parameters_of`; those of full resolution may be missing if it is not
            computed here.
        feedback: for cancellation; arrays: of numpy or of torch and a device.
        seconds: since the start of the event [s]; if above 0, :meth:`refine_from` sets the water.
        soils: keeps the soil on each grid for others of the same scenarios.
    """

    def __init__(
        self, valid: np.ndarray, scenarios: Sequence[Scenario], grids: Sequence[PyramidGrid],
        plans: list[list[Stage]], parameters: list[dict[str, np.ndarray]], feedback: Feedback,
        arrays: Arrays | None = None, seconds: float = 0.0, soils: dict[int, GridSoil] | None = None,
    ) -> None:  # fmt: skip
        self._soils = soils
        self._arrays = arrays = arrays or Arrays()
        self._valid, self._scenarios, self._feedback = valid, list(scenarios), feedback
        self.grids, self.plans, self._parameters = grids, plans, parameters
        self.level = len(parameters) - 1
        self._now, self.steps = np.full(len(plans), seconds), 0
        self._prepare_grid()
        table = self.soil.depth * arrays.asarray(parameters[self.level]["water_table_ratio"])
        nothing = arrays.asarray(np.zeros((len(plans), 1, 1)))
        self.water = GridWater(table, 0.0 * table, table < 0.0, 0.0 * table, nothing, nothing + 0.0)

    @classmethod
    def of(
        cls, terrain: Terrain, scenarios: Sequence[Scenario], plans: list[list[Stage]], feedback: Feedback,
        arrays: Arrays | None = None, soils: dict[int, GridSoil] | None = None,
    ) -> CoarseToFine:  # fmt: skip
        """Start on the coarsest grid in use.

        Args:
            terrain: of all scenarios; their rasters have values wherever it is valid.
            scenarios: each parameter is a number in all of them or a raster in all of them.
            plans: stages of each; feedback, arrays, soils: as above.
        """
        grids = grid_pyramid(terrain)
        parameters = [parameters_of(scenarios, terrain.valid)]
        for fine, coarse in zip(grids, grids[1 : max(len(p) for p in plans)]):
            parameters.append(coarsened(parameters[-1], fine, coarse))
        return cls(terrain.valid, scenarios, grids, plans, parameters, feedback, arrays, soils=soils)

    @property
    def seconds(self) -> float:
        """Time since the start of the event, of the first scenario [s]."""
        return float(self._now[0])

    def _prepare_grid(self) -> None:
        """Prepare the scenarios' soil and rain on the present grid."""
        grid, p = self.grids[self.level], self._parameters[self.level]
        edges = self._scenarios[0].options.edges
        known = {} if self._soils is None else self._soils
        if self.level not in known:
            known[self.level] = GridSoil.of(grid, p["lateral"], p["deficit"], p["air"], edges, self._arrays)
        self.soil = known[self.level]
        self.supply = CoarseSupply(self._scenarios, grid.slope, [p[name] for name in _SOIL], self._arrays)
        self.supply.infiltration_until(self._now)

    def descend(self, last: int) -> None:
        """Compute the scenarios' hours on the coarser grids, down to the grid ``last`` of the pyramid."""
        while self.level > last:
            self.step()
            self._refine()

    def step(self) -> None:
        """Compute the scenarios' hours on the present grid."""
        stages = [p[self.level] if self.level < len(p) else _NO_STAGE for p in self.plans]
        for half in zip(*(stage.halves for stage in stages)):
            if any(stage.seconds for stage in half):
                self._step(half)

    def _step(self, stages: Sequence[Stage]) -> None:
        """Compute a stage of each scenario in steps of equal bounds."""
        seconds, shortest, longest = (np.array([getattr(x, name) for x in stages])
                                      for name in ("seconds", "shortest", "longest"))  # fmt: skip
        pieces = self._pieces(seconds, shortest)
        began = self._now
        ends = [began + seconds * np.minimum(number / pieces, 1.0) for number in range(1, int(pieces.max()) + 1)]
        first = self._first_hour(began, seconds, pieces)
        for now in [began + first, *ends] if first.any() else ends:
            length = now - self._now
            offered = self.supply.infiltration_until(now)
            rate = offered / self._arrays.asarray(np.maximum(length, 1e-9).reshape(-1, 1, 1))
            self.water, steps = advance_water(
                self.water, self.soil, rate, length, shortest, longest, self._arrays, self._feedback
            )
            self._now, self.steps = now, self.steps + steps

    def _pieces(self, seconds: np.ndarray, shortest: np.ndarray) -> np.ndarray:
        """Number of intervals of constant infiltration in each stage, (batch,): about one an hour, or 1."""
        lengths = shortest * np.ceil(LONGEST_INTERVAL_S / shortest)
        pieces = np.maximum(np.ceil(seconds / lengths - 1e-6), 1.0)
        return np.where(self.supply.constant, 1.0, pieces)

    def _first_hour(self, began: np.ndarray, seconds: np.ndarray, pieces: np.ndarray) -> np.ndarray:
        """Length of a first interval in each scenario's stage, as :func:`starts_saturated` needs it [s]; else 0."""
        saturated = np.array([starts_saturated(s) for s in self._scenarios]) & ~self.supply.constant
        return np.where(saturated & (began == 0.0), np.minimum(seconds / pieces, LONGEST_INTERVAL_S), 0.0)

    def _refine(self) -> None:
        """Transfer the state to the next finer grid."""
        water, share, gained = self.water, self.soil.share, self.gained()
        factor = float(self.grids[self.level].cells_per_cell)
        self.level -= 1
        factor /= self.grids[self.level].cells_per_cell
        self._prepare_grid()
        self.refine_from(*gained, share, water.exfiltrated * factor, water.drained * factor)

    def gained(self) -> tuple[Array, Array, Array]:
        """Water to transfer to the next finer grid, each (batch, rows, cols) [m].

        Returns:
            (net lateral inflow, infiltration rejected by saturated cells, height from the initial table to the surface
            in cells with contact, -1 in others).
        """
        water, soil = self.water, self.soil
        start = soil.depth * self._arrays.asarray(self._parameters[self.level]["water_table_ratio"])
        stored = water.band + (soil.deficit + soil.air) * (water.table - start)
        closed = self._arrays.xp.where(water.contact, soil.depth - start, -1.0)
        return stored - water.infiltrated, self.supply.total() - water.infiltrated, closed

    def refine_from(
        self, gain: Array, missed: Array, closed: Array, share: Array, exfiltrated: Array, drained: Array
    ) -> None:  # fmt: skip
        """Set the state from the next coarser grid, see :meth:`gained`, and each cell's own depth and infiltration.

        Args:
            share: valid share of the coarser grid's cells [-].
            exfiltrated, drained: until now [m of water summed over this grid's cells].
        """
        xp, soil, total = self._arrays.xp, self.soil, self.supply.total()
        ratio = self._arrays.asarray(self._parameters[self.level]["water_table_ratio"])
        rows = soil.share.shape[-2]

        def of_rows(coarse: slice) -> tuple[Array, ...]:
            outer, inner = with_rows_around(coarse, 1, share.shape[-2])
            around = slice(2 * outer.start, min(2 * outer.stop, rows))
            here = slice(2 * coarse.start, min(2 * coarse.stop, rows))
            inner = slice(2 * inner.start, 2 * inner.start + here.stop - here.start)
            gained, lacks = (
                prolong(xp, x[:, outer], share[outer], soil.share[around])[:, inner] for x in (gain, missed)
            )
            depth, deficit, air = (_rows_of(x, here) for x in (soil.depth, soil.deficit, soil.air))
            infiltrated = xp.clip(_rows_of(total, here) - lacks, 0.0, None)
            gap = repeat(xp, closed[:, coarse], (here.stop - here.start, soil.share.shape[-1]))
            own = replace(soil, depth=depth, deficit=deficit, air=air)
            return *joined_water(xp, own, depth * _rows_of(ratio, here), infiltrated, gained, gap), infiltrated

        if xp is not np:
            self.water = GridWater(*of_rows(slice(0, share.shape[-2])), exfiltrated, drained)
            return
        shape, kind = (len(gain), *soil.share.shape), gain.dtype
        made = [scratch.empty(shape, dtype) for dtype in (kind, kind, bool, kind)]
        for coarse, found in in_threads(of_rows, row_strips(share.shape, _STRIP_CELLS)):
            for whole, part in zip(made, found):
                whole[:, 2 * coarse.start : min(2 * coarse.stop, rows)] = part
            scratch.release()
        self.water = GridWater(*made, exfiltrated, drained)

    def fine_start(self) -> FineStart:
        """State of the first scenario at the start of its fine phase; after :meth:`descend` to full resolution."""
        w, valid = self.water, self._valid
        infiltrated = np.broadcast_to(self.supply.total(), w.table.shape)[0][valid]
        return FineStart(
            self.seconds, w.table[0][valid], w.band[0][valid], w.contact[0][valid],
            infiltrated - w.infiltrated[0][valid], float(w.exfiltrated[0, 0, 0]), float(w.drained[0, 0, 0]), self.steps,
        )  # fmt: skip


def _rows_of(values: Array, rows: slice) -> Array:
    """Some rows of a map (..., rows, cols); a map of one row, which is one number, is returned whole."""
    return values[..., rows, :] if values.shape[-2] > 1 else values


def parameters_of(scenarios: Sequence[Scenario], valid: np.ndarray) -> dict[str, np.ndarray]:
    """Parameters at full resolution by name: (batch, 1, 1) of numbers, (batch, rows, cols) of rasters."""
    made: dict[str, list] = {}
    for s in scenarios:
        deficit, air = band_storage(s)
        values = {"lateral": s.lateral_conductivity, "deficit": deficit, "air": air}
        values |= {name: getattr(s, name) for name in (*_SOIL, "water_table_ratio")}
        for name, value in values.items():
            made.setdefault(name, []).append(np.atleast_2d(value))
    first = {name: np.stack(values).astype(np.float64) for name, values in made.items()}
    return {name: np.where(valid, x, 0.0) if x.shape[1:] != (1, 1) else x for name, x in first.items()}


def coarsened(parameters: dict[str, np.ndarray], fine: PyramidGrid, coarse: PyramidGrid) -> dict[str, np.ndarray]:
    """Parameters of a grid on the next coarser one."""
    return {
        name: restrict(x, fine.share, coarse.share) if x.shape[1:] != (1, 1) else x for name, x in parameters.items()
    }


def joined_water(
    xp: Any, soil: GridSoil, start: Array, infiltrated: Array, gain: Array, closed: Array
) -> tuple[Array, Array, Array]:
    """Table, band and contact of cells from their infiltration and net lateral inflow.

    Without contact V = F and n_y (h - h0) = gain; with it V = dTheta (D - h), and h follows from the whole amount of
    water. Contact lasts when the table falls: a cell also has it where the coarser cell had contact over a height as
    large.

    Args:
        xp: numpy or torch; soil: of the grid.
        start: water table before the rain [m]; infiltrated, gain: [m] since then.
        closed: height from the initial table to the surface of the coarser cell [m], -1 if it has no contact.
    """
    storage = soil.deficit + soil.air
    table = xp.clip(start + gain / storage, 0.0, None)
    contact = (infiltrated / soil.deficit + table >= soil.depth) | (soil.depth - start <= closed + _SLACK_M)
    whole = (storage * start + infiltrated + gain - soil.deficit * soil.depth) / soil.air
    table = xp.minimum(xp.clip(xp.where(contact, whole, table), 0.0, None), soil.depth)
    return table, xp.where(contact, soil.deficit * (soil.depth - table), infiltrated), contact


class CoarseSupply:
    """Cumulative infiltration per horizontal area F of each scenario since the start of the event.

    Args:
        scenarios: their rain.
        slope: of the grid's cells [rad], (rows, cols).
        soil: K [m/s], psi_f [m], dTheta [-] and, of constant rain, I [m/s]: (batch, 1, 1), or (batch, rows, cols) where
            one of them is a raster.
        arrays: where F is needed.

    Attributes:
        even: whether all cells of a scenario take the same; constant: whether they do at one rate (batch,).
        now: time since the event began (batch,) [s].
    """

    def __init__(
        self, scenarios: Sequence[Scenario], slope: np.ndarray, soil: Sequence[np.ndarray], arrays: Arrays
    ) -> None:
        self._arrays, self._shape = arrays, slope.shape
        self._ends = [np.array([x.end for x in s.rain_intervals]) for s in scenarios]
        self._hyetograph = [
            None if s.hyetograph is None else [x.intensity for x in s.rain_intervals] for s in scenarios
        ]
        values = [x.reshape(len(scenarios), -1) for x in soil]
        self._soil, self._rain = values[:3], np.array(values[3])
        self._by_slope = all(x.shape[1] == 1 for x in values)
        greatest = np.array([float(np.max(s.greatest_rainfall_m_per_s)) for s in scenarios])
        constant = self._by_slope & (greatest <= self._soil[0][:, 0])  # it never ponds
        self.even = bool(constant.all())
        self.constant = constant & np.array([s.hyetograph is None for s in scenarios])
        self._make_nodes(slope)
        self.now = np.zeros(len(scenarios))

    def _make_nodes(self, slope: np.ndarray) -> None:
        """Prepare where F is computed: once if it is the same in all cells, at some slopes, or at all cells."""
        steepest = np.radians(MAXIMUM_SLOPE_DEG)
        nodes = np.linspace(0.0, steepest, _NODES) if self._by_slope else slope.ravel()
        self._cos = np.ones((1, 1)) if self.even else np.cos(nodes)[None]
        self._total = np.zeros((len(self._ends), self._cos.shape[1]))
        if self._by_slope and not self.even:
            place = slope * ((_NODES - 1) / steepest)
            node = np.minimum(place.astype(np.int64), _NODES - 2)
            self._weight = self._arrays.asarray(place - node)
            self._node = self._arrays.index(node, self._weight)

    def infiltration_until(self, time: np.ndarray) -> Array:
        """Infiltration from :attr:`now` to ``time`` (batch,) [s], and set ``now`` to it.

        Returns:
            [m], (batch, rows, cols), or (batch, 1, 1) if it is the same in all cells.
        """
        before = self._total
        while bool((self.now < time).any()):
            stop = np.array(time)
            rain = self._rain
            for n, intensities in enumerate(self._hyetograph):
                if intensities is not None:
                    row = min(int(np.searchsorted(self._ends[n], self.now[n], side="right")), len(intensities) - 1)
                    rain[n] = intensities[row]
                    if row < len(intensities) - 1:
                        stop[n] = min(stop[n], self._ends[n][row])
            seconds = np.maximum(stop - self.now, 0.0)[:, None]
            if self.even:
                self._total = self._total + rain * seconds
            else:
                self._total = (
                    advance_infiltration(self._total * self._cos, self._cos, rain, *self._soil, seconds) / self._cos
                )
            self.now = np.maximum(self.now, stop)
        return self._read(self._total - before)

    def total(self) -> Array:
        """Infiltration until now [m], shaped as that of :meth:`infiltration_until`."""
        return self._read(self._total)

    def _read(self, at_nodes: np.ndarray) -> Array:
        put, batch = self._arrays.asarray, len(at_nodes)
        if self.even:
            return put(at_nodes[:, :, None])
        if not self._by_slope:
            return put(at_nodes.reshape(batch, *self._shape))
        values, rise = put(np.stack([at_nodes[:, :-1], np.diff(at_nodes, axis=1)]))
        return values[:, self._node] + self._weight * rise[:, self._node]
