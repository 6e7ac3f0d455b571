"""The fast scheme: its grids, its plan, agreement with the exact scheme, symmetry, water balance, what it refuses."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from slopecast.plugin.core.errors import Cancelled
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.physics.assess import assess
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.physics.flow.coarse_to_fine import CoarseToFine, joined_water
from slopecast.plugin.core.physics.flow.first_guess import first_guess, first_guesses
from slopecast.plugin.core.physics.flow.grid_pyramid import block_mean, grid_pyramid, prolong, repeat, restrict
from slopecast.plugin.core.physics.flow.lateral_flow import Arrays
from slopecast.plugin.core.physics.flow.schedule import Schedule, StepBudget, plan
from slopecast.plugin.core.physics.simulation import Simulation
from slopecast.plugin.core.physics.water import WaterState
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.tables.parameter_table import hyetograph_from_table
from slopecast.plugin.core.terrain import Terrain
from study_areas import options, rough_terrain, solve

WEAK = Scenario(cohesion=3.0, conductivity=3e-6, rainfall=12.0, duration=24.0)
STRONG = Scenario(cohesion=3.0, conductivity=1e-5, lateral_anisotropy=20.0, duration=36.0, water_table_ratio=0.4)
PONDING = Scenario(
    cohesion=3.0, conductivity=2e-6, lateral_anisotropy=50.0, rainfall=16.0, duration=48.0, moisture_deficit=0.06
)
STORM = hyetograph_from_table(("hour", "rainfall"), [(6.0, 2.0), (7.5, 20.0), (20.0, 0.0), (30.0, 9.0)])
SCENARIOS = {
    "weak": WEAK,
    "strong": STRONG,
    "ponding": PONDING,
    "hyetograph": replace(STRONG, hyetograph=STORM, conductivity=5e-6, lateral_anisotropy=40.0),
    "saturated": replace(PONDING, water_table_ratio=1.0),
    "closed edges": replace(STRONG, options=options(edges="closed")),
    "moist front": replace(STRONG, options=options(front_moisture="rain")),
}


class PlainArrays(Arrays):
    """Numpy without the compiled steps."""

    kernels = False


def relief(seed: int = 3, shape: tuple[int, int] = (128, 128), *, masked: bool = False) -> Terrain:
    made = procedural_area(seed, shape, 5.0, masked=masked)
    return Terrain(Grid.local(shape, 5.0), made.elevation, made.soil_depth)


def torch_arrays() -> Arrays:
    torch = pytest.importorskip("torch")
    return PlainArrays(torch, lambda x: torch.tensor(x, dtype=torch.float64))


def exact(terrain: Terrain, scenario: Scenario) -> Simulation:
    simulation = Simulation(terrain, scenario, failure_times=False)
    for _ in simulation.advance_by_intervals(Feedback()):
        pass
    return simulation


def fast(terrain: Terrain, scenario: Scenario, steps: int | None = None) -> Simulation:
    simulation = Simulation(terrain, scenario, failure_times=False)
    simulation.use_fast_scheme(None if steps is None else StepBudget(steps), Feedback())
    for _ in simulation.advance_by_intervals(Feedback()):
        pass
    return simulation


def arrays_of(state: WaterState) -> dict:
    return {name: value for name, value in vars(state).items() if hasattr(value, "shape")}


def fails(simulation: Simulation) -> np.ndarray:
    return assess(simulation.cells, simulation.state(), simulation.scenario).fs < 1.0


def iou(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize("shape", [(36, 44), (128, 96), (131, 77), (65, 33)])
def test_coarser_grids_hold_the_same_soil(shape: tuple[int, int]) -> None:
    """Area and volume of soil stay what they are; shapes halve, rounded up; grids are made once."""
    terrain = rough_terrain(2, shape, holes=0.1)
    grids = grid_pyramid(terrain)
    assert grid_pyramid(terrain) is grids
    for grid in grids:
        assert grid.share.sum() * grid.cells_per_cell == pytest.approx(terrain.valid.sum())
        assert (grid.share * grid.depth).sum() * grid.cells_per_cell == pytest.approx(
            terrain.soil_depth[terrain.valid].sum(), rel=1e-12
        )
    for fine, coarse in zip(grids, grids[1:]):
        assert coarse.share.shape == tuple((n + 1) // 2 for n in fine.share.shape)
        assert coarse.stable_step(1e-4) > 1.5 * fine.stable_step(1e-4)


@pytest.mark.parametrize("shape", [(64, 64), (65, 33), (40, 71)])
def test_spreading_keeps_the_means(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    share = (rng.random(shape) > 0.3).astype(float)
    coarse_share = block_mean(share)
    coarse = rng.random((2, *coarse_share.shape)) * (coarse_share > 0.0)
    fine = prolong(np, coarse, coarse_share, share)
    np.testing.assert_allclose(restrict(fine, share, coarse_share), coarse, rtol=1e-12, atol=1e-12)
    even = prolong(np, np.where(coarse_share > 0.0, 3.0, 0.0)[None], coarse_share, share)
    np.testing.assert_allclose(even[0][share > 0.0], 3.0, rtol=1e-12)


#: Depth D of the cells, gap that the coarser cell has closed (-1 without contact), F, gain; then h and contact.
#: Initial table 0.9 D, deficit 0.1, air 0.05; by hand, in contact h = (0.15 h0 + F + gain - 0.1 D) / 0.05.
REFINED = {
    "sunk since, parent in contact": (2.0, 0.2, 0.01, -0.03, 1.0, True),
    "sunk since, parent apart": (2.0, -1.0, 0.01, -0.03, 1.6, False),
    "deeper than its parent": (2.0, 0.19, 0.01, -0.03, 1.6, False),
    "shallower than its parent": (1.0, 0.2, 0.01, -0.03, 0.3, True),
    "as deep but for rounding": (2.0, 0.2 - 1e-9, 0.01, -0.03, 1.0, True),
    "drained": (2.0, 0.2, 0.01, -0.2, 0.0, True),
    "closes the gap by itself": (2.0, -1.0, 0.03, 0.0, 2.0, True),
}


@pytest.mark.parametrize("name", REFINED)
def test_contact_stays_at_refinement_when_the_table_has_sunk(name: str) -> None:
    depth, closed, infiltrated, gain, table, contact = REFINED[name]
    soil = SimpleNamespace(deficit=0.1, air=0.05, depth=np.array([depth]))
    given = (np.array([x]) for x in (0.9 * depth, infiltrated, gain, closed))
    found = joined_water(np, soil, *given)
    assert found[0][0] == pytest.approx(table)
    assert found[1][0] == pytest.approx(0.1 * (depth - table) if contact else infiltrated)
    assert found[2][0] == contact


@pytest.mark.parametrize("shape", [(64, 64), (65, 33), (40, 71)])
def test_repeating_gives_each_cell_the_value_of_its_coarser_one(shape: tuple[int, int]) -> None:
    coarse = np.random.default_rng(1).random((2, *((n + 1) // 2 for n in shape)))
    rows, cols = np.indices(shape) // 2
    np.testing.assert_array_equal(repeat(np, coarse, shape), coarse[:, rows, cols])


@pytest.mark.parametrize(
    ("flow", "hours", "rain", "deficit", "seed", "limit"),
    [
        ((3.1e-8, 80.0), 80.0, 8.3, 0.1, 3, 0.003),  # without contact from the first hour: 0.017
        ((3e-7, 98.0), 119.0, 14.0, 0.32, 6, 0.04),  # without contact at refinement: 0.16
        ((4e-6, 27.0), 35.0, 3.7, 0.33, 6, 0.045),  # 0.061
        ((4e-5, 3.0), 80.0, 4.8, 0.33, 6, 0.07),  # 0.087
    ],
)
def test_a_saturated_start_keeps_its_contact(
    flow: tuple, hours: float, rain: float, deficit: float, seed: int, limit: float
) -> None:
    """A table that was at the surface sinks in contact, by the air alone; else it would stay too high."""
    terrain = relief(seed)
    scenario = Scenario(
        conductivity=flow[0], lateral_anisotropy=flow[1], duration=hours, rainfall=rain, moisture_deficit=deficit,
        water_table_ratio=1.0,
    )  # fmt: skip
    expected, found = exact(terrain, scenario).water.table, fast(terrain, scenario, 24).water.table
    assert (expected < 0.95 * terrain.cells.soil_depth).mean() > 0.1
    assert np.abs(expected - found).mean() < limit


@pytest.mark.slow
@pytest.mark.parametrize("steps", [12, 48, 384])
@pytest.mark.parametrize("conductivity", [1e-6, 3e-5, 5e-4])
@pytest.mark.parametrize("hours", [0.5, 24.0, 72.0])
def test_the_plan_covers_the_event_within_its_budget(hours: float, conductivity: float, steps: int) -> None:
    stages = plan(grid_pyramid(relief()), conductivity, 3600.0 * hours, StepBudget(steps))
    assert sum(stage.seconds for stage in stages) == pytest.approx(3600.0 * hours)
    assert all(0.0 < stage.shortest <= stage.longest for stage in stages)
    if len(stages) > 1:
        more = 3.0 if steps < 144 else 2.0 / 1.5  # that full resolution takes where tables would swing
        assert stages[0].seconds / stages[0].shortest <= more * steps * (1.0 + 1e-9)


def test_tables_of_even_slopes_do_not_swing() -> None:
    """In steps of two monotone ones, those of this valley were off by a quarter of the soil depth."""
    row, col = np.mgrid[:64, :64] * 1.0
    terrain = Terrain.from_arrays(1.89 * np.abs(col - 32.0) + 0.5 * row, np.full(row.shape, 1.68), 5.0)
    scenario = Scenario(
        conductivity=2.55e-5, lateral_anisotropy=19.6, duration=38.75, rainfall=9.0, water_table_ratio=0.4
    )  # fmt: skip
    assert len(Schedule.of(terrain, scenario, StepBudget(192)).stages) == 2
    expected = exact(terrain, scenario).water.table
    np.testing.assert_allclose(fast(terrain, scenario, 192).water.table, expected, atol=0.02 * 1.68)


@pytest.mark.parametrize("name", SCENARIOS)
def test_with_the_exact_steps_at_full_resolution_it_is_the_exact_scheme(name: str) -> None:
    terrain, scenario = rough_terrain(4, (60, 64)), SCENARIOS[name]
    expected = exact(terrain, scenario)
    simulation = Simulation(terrain, scenario, failure_times=False)
    steps = simulation.shortest_step, simulation.longest_step
    intervals = simulation.timeline
    simulation.use_fast_scheme(StepBudget(1_000_000), Feedback())
    assert simulation.elapsed == 0.0
    (simulation.shortest_step, simulation.longest_step), simulation.timeline = steps, intervals
    for _ in simulation.advance_by_intervals(Feedback()):
        pass
    assert simulation.steps == expected.steps
    np.testing.assert_array_equal(simulation.state().water_table, expected.state().water_table)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 4, 5])
@pytest.mark.parametrize("name", SCENARIOS)
def test_masks_agree_with_the_exact_scheme(name: str, seed: int) -> None:
    terrain, scenario = relief(seed, masked=seed == 4), SCENARIOS[name]
    expected, found = exact(terrain, scenario), fast(terrain, scenario)
    assert 50 < (fails(expected)).sum() < 0.95 * expected.cells.count
    assert iou(fails(expected), fails(found)) > 0.98
    assert np.abs(found.water.table - expected.water.table).mean() < 0.02


@pytest.mark.parametrize("name", ["strong", "ponding", "closed edges"])
def test_more_steps_are_nearer(name: str) -> None:
    terrain, scenario = relief(6), SCENARIOS[name]
    expected = exact(terrain, scenario)
    errors = [np.abs(fast(terrain, scenario, n).water.table - expected.water.table).mean() for n in (12, 48, 384)]
    assert errors[0] > errors[1] > errors[2]
    assert errors[0] < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("steps", [12, 48, 384])
@pytest.mark.parametrize("name", SCENARIOS)
def test_the_water_balance_is_reported(name: str, steps: int) -> None:
    """Exact at full resolution; what passing from grid to grid loses stays small and is part of the error."""
    simulation = fast(relief(7, masked=True), SCENARIOS[name], steps)
    error = simulation.result().diagnostics["mass_balance_error"]
    conductivity = float(np.max(simulation.scenario.lateral_conductivity))
    grids = len(plan(grid_pyramid(simulation.terrain), conductivity, simulation.scenario.duration_s, StepBudget(steps)))
    assert error < (1e-9 if grids == 1 else 0.03)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["strong", "ponding", "hyetograph", "closed edges"])
@pytest.mark.parametrize("turn", ["turned", "mirrored", "transposed"])
def test_turning_the_map_turns_the_water(turn: str, name: str) -> None:
    """Where the sides are multiples of the coarsest cells."""
    turns = {"turned": np.rot90, "mirrored": lambda x: x[:, ::-1], "transposed": lambda x: x.T}
    change, terrain = turns[turn], rough_terrain(8, (64, 96))
    other = Terrain.from_arrays(change(terrain.elevation), change(terrain.soil_depth), 5.0)
    scenario = SCENARIOS[name]
    one, two = (solve(t, scenario, Engine(failure_times=False, scheme="fast")).water_table for t in (terrain, other))
    np.testing.assert_allclose(two, change(one), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ["strong", "ponding"])
def test_parameter_rasters_are_followed(name: str) -> None:
    """An even raster is its number; zones of a raster are near the exact scheme; its NoData takes no part."""
    terrain, scenario = relief(9), SCENARIOS[name]
    even = {key: np.full(terrain.grid.shape, getattr(scenario, key)) for key in ("conductivity", "moisture_deficit")}
    number = fast(terrain, scenario, 24).water.table
    assert np.abs(fast(terrain, replace(scenario, **even), 24).water.table - number).mean() < 1e-4
    k = np.where(np.arange(128) < 70, 0.5, 1.0) * np.full(terrain.grid.shape, scenario.conductivity)
    k[40:50, 40:90] = np.nan
    zoned = replace(scenario, conductivity=k)
    expected, found = exact(terrain, zoned), fast(terrain, zoned)
    assert found.cells.count == terrain.valid.sum() - 500
    assert iou(fails(expected), fails(found)) > 0.98


@pytest.mark.slow
@pytest.mark.parametrize("which", ["numpy", "torch"])
def test_a_batch_is_its_scenarios_one_by_one(which: str) -> None:
    """Also where their simulations differ in length and their plans in the number of grids."""
    arrays = PlainArrays() if which == "numpy" else torch_arrays()
    terrain = relief(10, (96, 90), masked=True)
    scenarios = [WEAK, STRONG, PONDING, replace(STRONG, duration=3.0)]
    budgets = [StepBudget(12), StepBudget(24), StepBudget(12), StepBudget(48)]
    together = first_guesses(terrain, scenarios, budgets, arrays).water
    for n, (scenario, budget) in enumerate(zip(scenarios, budgets)):
        alone = first_guesses(terrain, [scenario], [budget], arrays).water
        engine = first_guess(terrain, scenario, budget).water
        for field, value in arrays_of(alone).items():
            one = np.asarray(getattr(together, field))[n]
            np.testing.assert_allclose(one, np.asarray(value)[0], rtol=1e-9, atol=1e-9, err_msg=field)
        assert np.abs(np.asarray(alone.water_table)[0] - engine.water_table).mean() < 5e-3
        assert (np.asarray(alone.ponded)[0] == engine.ponded).mean() > 0.99


@pytest.mark.parametrize("name", ["weak", "strong", "ponding", "saturated", "hyetograph"])
def test_torch_is_numpy_is_compiled(name: str) -> None:
    terrain, scenario, budget = relief(11, (70, 83), masked=True), SCENARIOS[name], StepBudget(12)
    states = [first_guesses(terrain, [scenario], [budget], a).water for a in (PlainArrays(), torch_arrays(), Arrays())]
    for other in states[1:]:
        for field, value in arrays_of(states[0]).items():
            np.testing.assert_allclose(np.asarray(getattr(other, field)), value, rtol=1e-6, atol=1e-9, err_msg=field)


@pytest.mark.parametrize(
    ("changes", "given", "word"),
    [
        ({}, {"failure_times": True}, "failure times"),
        ({"options": options(evaluate="minimum")}, {}, "minimum"),
        ({}, {"hours": (6.0, 24.0)}, "series"),
    ],
)
def test_what_needs_the_whole_simulation_is_done_exactly_and_reported(changes: dict, given: dict, word: str) -> None:
    class Listening(Feedback):
        def __init__(self) -> None:
            self.notes: list[str] = []

        def pushNote(self, text: str) -> None:
            self.notes.append(str(text))

    terrain, scenario, feedback = rough_terrain(5, (64, 64)), replace(STRONG, **changes), Listening()
    wanted = {"failure_times": False, **given}
    found = next(Engine(**wanted, scheme="fast").solve(terrain, [scenario], feedback))
    expected = solve(terrain, scenario, Engine(**wanted))
    np.testing.assert_array_equal(found.factor_of_safety, expected.factor_of_safety)
    assert found.diagnostics["scheme"] == "exact"
    assert len(feedback.notes) == 1
    assert word in feedback.notes[0]
    assert "exact" in feedback.notes[0]


def test_the_scheme_that_ran_is_named() -> None:
    terrain = relief(12)
    found = solve(terrain, STRONG, Engine(failure_times=False, scheme="fast")).diagnostics
    steps = Schedule.of(terrain, STRONG, StepBudget.for_stable).budget.steps
    assert found["scheme"] == f"fast, {steps} steps"
    assert solve(terrain, STRONG, Engine(failure_times=False)).diagnostics["scheme"] == "exact"
    still = replace(STRONG, options=options(lateral_flow=False))
    assert solve(terrain, still, Engine(failure_times=False, scheme="fast")).diagnostics["scheme"] == "exact"


def test_more_flow_takes_more_steps() -> None:
    terrain = relief(13)
    scenarios = [replace(WEAK, lateral_anisotropy=a) for a in (1.0, 4.0, 20.0, 100.0)]
    steps = [Schedule.of(terrain, s, StepBudget.for_stable).budget.steps for s in scenarios]
    assert steps == sorted(steps)
    assert steps[0] == 24
    assert steps[-1] > 100


def test_a_cancel_ends_it_on_coarse_grids_too() -> None:
    class Cancelling(Feedback):
        def isCanceled(self) -> bool:
            return True

    terrain = relief(14)
    stages = Schedule.of(terrain, STRONG, StepBudget(12)).stages
    assert CoarseToFine.of(terrain, [STRONG], [stages], Feedback()).level > 0
    with pytest.raises(Cancelled):
        Simulation(terrain, STRONG, failure_times=False).use_fast_scheme(StepBudget(12), Cancelling())
