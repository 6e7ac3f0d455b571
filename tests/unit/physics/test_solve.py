"""Water once for each hydrology, then every strength: what is shared, what is not, and in which order."""

from __future__ import annotations

import gc
import itertools
import weakref
from typing import Any, Iterator, Sequence

import numpy as np
import pytest
from messages import Messages
from slopecast.plugin.core.errors import Cancelled, InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.map_parts.threads import thread_limit
from slopecast.plugin.core.physics import compiling
from slopecast.plugin.core.physics import solve as solve_module
from slopecast.plugin.core.physics.assess import assess, confidence
from slopecast.plugin.core.physics.column import SoilColumn, column_state
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.physics.solve import KeptWater
from slopecast.plugin.core.physics.stability import factor_of_safety
from slopecast.plugin.core.physics.water import WaterState
from slopecast.plugin.core.rainfall import Hyetograph
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.windowed.many import Runs
from slopecast.plugin.core.windowed.study import Study
from slopecast.plugin.variables import HYDROLOGY, VARIABLES
from study_areas import CASES, SOAKING, options, rough_terrain, solve

TERRAIN = rough_terrain(51)
SHAPE = TERRAIN.grid.shape


class Counting(SoilColumn):
    """The column, which counts how many water states it computes in each call."""

    def __init__(self, batch: int = 1) -> None:
        self.calls: list[int] = []
        self.batch = batch

    def batch_size(self, terrain: Terrain) -> int:
        return self.batch

    def check(self, terrain: Terrain, scenarios: Sequence[Scenario]) -> None:
        if any(scenario.duration > 500.0 for scenario in scenarios):
            raise InputError("Duration (DURATION)", "is too long", "500 h")

    def water(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> Iterator[WaterState]:
        self.calls.append(len(scenarios))
        yield from super().water(terrain, scenarios, feedback)


def test_many_scenarios_of_a_map_keep_one_water_state() -> None:
    """Each is computed once in their order of water, and memory does not grow with the hydrologies."""
    scenarios, model = table((6.0, 9.0, 12.0), (2.0, 5.0)), Counting()
    runs = Runs(model)
    kept, groups = [], runs.groups(scenarios)
    for windows in runs.solve(lambda number: Study(TERRAIN, scenarios[number], {}), groups, Feedback()):
        for window in windows:
            kept += [len(model.kept._states) for _ in window]
    assert kept == [1] * len(scenarios)
    assert model.calls == [1, 1, 1]


def table(rains: Sequence[float], cohesions: Sequence[float]) -> list[Scenario]:
    """Rain changes fastest: equal hydrologies are never neighbours."""
    return [SOAKING.with_values(rainfall=r, cohesion=c) for c in cohesions for r in rains]


@pytest.mark.parametrize("batch", [1, 2, 5, 100])
def test_equal_hydrologies_share_one_water_and_keep_their_order(batch: int) -> None:
    scenarios, model, feedback = table((6.0, 9.0, 12.0), (2.0, 5.0, 8.0, 11.0)), Counting(batch), Messages()
    results = list(model.solve(TERRAIN, scenarios, feedback))
    assert sum(model.calls) == 3
    assert max(model.calls) == min(batch, 3)
    assert [result.scenario for result in results] == scenarios
    for scenario, result in zip(scenarios, results):
        alone = solve(TERRAIN, scenario, SoilColumn())
        for name in ("factor_of_safety", "water_table", "failure_mode", "initial_factor_of_safety", "failure_depth"):
            np.testing.assert_array_equal(getattr(result, name), getattr(alone, name))
    assert feedback.progress == sorted(feedback.progress)
    assert feedback.progress[-1] == pytest.approx(100.0)


def test_few_waters_are_kept_and_the_oldest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve_module, "_MOST_KEPT", 2)
    model = Counting()
    list(model.solve(TERRAIN, table((6.0, 9.0), (2.0, 5.0)), Feedback()))
    assert len(model.calls) == 2
    model = Counting()
    list(model.solve(TERRAIN, table((6.0, 9.0, 12.0), (2.0, 5.0)), Feedback()))
    assert len(model.calls) == 6
    monkeypatch.setattr(solve_module, "_MOST_KEPT_BYTES", 0)
    model = Counting()
    list(model.solve(TERRAIN, table((6.0,), (2.0, 5.0, 8.0)), Feedback()))
    assert len(model.calls) == 1  # the last one is kept whatever its size


@pytest.mark.parametrize(("hydrologies", "strengths", "batch"), [(100, 3, 1), (40, 5, 1), (7, 2, 4)])
def test_ordered_by_water_each_is_computed_once_however_the_rows_come(hydrologies, strengths, batch) -> None:
    """More hydrologies than are kept take turns: in the rows' order each row would compute its own."""
    rows = table(np.linspace(3.0, 30.0, hydrologies).tolist(), [float(k) for k in range(strengths)])
    model = Counting(batch)
    order = solve_module.order_by_water(model, rows)
    assert sorted(order) == list(range(len(rows)))
    results = list(model.solve(TERRAIN, [rows[number] for number in order], Feedback()))
    assert sum(model.calls) == hydrologies
    assert max(model.calls) <= batch
    for number, result in list(zip(order, results))[:: len(rows) // 5]:
        alone = solve(TERRAIN, rows[number], SoilColumn())
        np.testing.assert_array_equal(result.stability.fs, alone.stability.fs)


def test_a_batch_holds_a_water_until_its_last_scenario() -> None:
    """Batches count water states, not scenarios, and none is held longer than it is needed."""
    rows = [SOAKING.with_values(rainfall=r, cohesion=c) for r in (5.0, 6.0, 7.0) for c in (1.0, 2.0)]
    model = Counting(batch=2)
    alive = []
    for result in model.solve(TERRAIN, rows, Feedback()):
        alive.append(weakref.ref(result.water))
        del result
    assert model.calls == [2, 1]
    gc.collect()
    assert not [one for one in alive if one() is not None]


def test_a_batch_ends_where_its_rasters_take_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that scenarios share counts once."""
    rasters = [np.full(SHAPE, rain) for rain in (5.0, 6.0, 7.0, 8.0)]
    monkeypatch.setattr(solve_module, "_MOST_BATCH_BYTES", 2 * rasters[0].nbytes)
    model = Counting(batch=100)
    list(model.solve(TERRAIN, [SOAKING.with_values(rainfall=rain) for rain in rasters], Feedback()))
    assert model.calls == [2, 2]
    model = Counting(batch=100)
    shared = [SOAKING.with_values(rainfall=rasters[0], duration=hours) for hours in (1.0, 2.0, 3.0, 4.0)]
    list(model.solve(TERRAIN, shared, Feedback()))
    assert model.calls == [4]


def test_stability_takes_a_share_of_the_cores_where_waters_are_computed_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shares, of = [], solve_module.Result.of
    monkeypatch.setattr(solve_module.Result, "of", lambda *given: shares.append(thread_limit(8)) or of(*given))
    model = SoilColumn()
    model.at_once = 2
    list(model.solve(TERRAIN, table((6.0, 9.0, 12.0), (2.0,)), Feedback()))
    list(model.solve(TERRAIN, table((6.0,), (2.0, 5.0)), Feedback()))
    assert shares == [4, 4, 4, 8, 8]


def test_results_stream_and_scenarios_are_made_one_by_one() -> None:
    class Lazy:
        made = 0

        def __len__(self) -> int:
            return 1000

        def __iter__(self) -> Iterator[Scenario]:
            for number in itertools.count():
                Lazy.made += 1
                yield SOAKING.with_values(cohesion=1.0 + 0.01 * number)

    model = Counting()
    results = model.solve(TERRAIN, Lazy(), Feedback())
    for _ in range(3):
        next(results)
    assert Lazy.made == 3
    assert model.calls == [1]


def test_waters_live_from_call_to_call_only_where_the_model_keeps_them() -> None:
    for kept, calls in ((None, 2), (KeptWater(), 1)):
        model = Counting()
        model.kept = kept
        for cohesion in (2.0, 5.0):
            list(model.solve(TERRAIN, [SOAKING.with_values(cohesion=cohesion)], Feedback()))
        assert len(model.calls) == calls


@pytest.mark.parametrize("name", [v.name for v in VARIABLES])
def test_what_moves_water_makes_another_hydrology(name: str) -> None:
    value = getattr(SOAKING, name)
    other = SOAKING.with_values(**{name: value * 1.05 if value else 0.05})
    assert (other.hydrology != SOAKING.hydrology) == (name in HYDROLOGY)
    assert other.hydrology != SOAKING.hydrology or hash(other.hydrology) == hash(SOAKING.hydrology)
    model = Counting()
    list(model.solve(TERRAIN, [SOAKING, other], Feedback()))
    assert sum(model.calls) == 1 + (name in HYDROLOGY)


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"front_pressure": "always"}, True),
        ({"roots": "exponential"}, True),
        ({"initial_suction": 1.0}, True),
        ({"effective_porosity": 0.5}, True),
        ({"lateral_flow": False}, False),
        ({"edges": "closed"}, False),
        ({"front_moisture": "rain"}, False),
    ],
)
def test_options_that_act_on_water_make_another_hydrology(changes: dict[str, Any], same: bool) -> None:
    other = SOAKING.with_values(options=options(**changes))
    assert (other.hydrology == SOAKING.hydrology) == same


def test_options_count_only_where_they_act() -> None:
    still = [SOAKING.with_values(options=options(lateral_flow=False, edges=edges)) for edges in ("open", "closed")]
    assert still[0].hydrology == still[1].hydrology
    moist = [
        SOAKING.with_values(options=options(front_moisture="rain", effective_porosity=porosity))
        for porosity in (0.4, 0.5)
    ]
    assert moist[0].hydrology != moist[1].hydrology


def test_rain_that_changes_is_part_of_the_hydrology() -> None:
    storms = [Scenario(hyetograph=Hyetograph((2.0, 4.0), rain)) for rain in ((4.0, 8.0), (8.0, 4.0), (4.0, 8.0))]
    assert storms[0].rainfall == storms[1].rainfall
    assert storms[0].hydrology == storms[2].hydrology != storms[1].hydrology


def test_rasters_are_compared_by_what_they_hold() -> None:
    ratio = np.random.default_rng(1).uniform(0.1, 0.5, SHAPE)
    ratio[3, 4] = np.nan
    once, again, other = (SOAKING.with_values(water_table_ratio=r) for r in (ratio, ratio.copy(), ratio * 0.999))
    assert once.hydrology == again.hydrology
    assert hash(once.hydrology) == hash(again.hydrology)
    late = ratio.copy()
    late[-1, -1] = 0.9
    for changed in (other, SOAKING.with_values(water_table_ratio=late), SOAKING):
        assert once.hydrology != changed.hydrology
    model = Counting()
    list(model.solve(TERRAIN, [once, again, other, once], Feedback()))
    assert len(model.calls) == 2


@pytest.mark.parametrize("solver", [SoilColumn, lambda: Engine(failure_times=False)])
def test_a_strength_that_is_unknown_in_some_cells_has_water_of_its_own(solver: Any) -> None:
    """Groundwater leaves the map into cells without a value: they are not the same cells."""
    cohesion = np.full(SHAPE, 3.0)
    cohesion[10:16, 10:30] = np.nan
    scenarios = [SOAKING, SOAKING.with_values(cohesion=cohesion), SOAKING.with_values(cohesion=cohesion + 1.0), SOAKING]
    results = list(solver().solve(TERRAIN, scenarios, Feedback()))
    for scenario, result in zip(scenarios, results):
        alone = solve(TERRAIN, scenario, solver())
        np.testing.assert_array_equal(result.factor_of_safety, alone.factor_of_safety)
        np.testing.assert_array_equal(result.water_table, alone.water_table)
    assert results[1].valid_cells < results[0].valid_cells
    assert results[1].cells is results[2].cells
    model = Counting()
    list(model.solve(TERRAIN, scenarios, Feedback()))
    assert len(model.calls) == 2


@pytest.mark.parametrize(
    "asked", [{"failure_times": True}, {"failure_times": False, "hours": (2.0,)}, {"failure_times": False}]
)
def test_the_engine_looks_on_the_way_for_each_scenario(asked: dict[str, Any]) -> None:
    scenarios = [SOAKING.with_values(cohesion=c, options=options(evaluate="minimum")) for c in (2.0, 9.0)]
    scenarios += [SOAKING, SOAKING.with_values(friction_angle=35.0)]
    for scenario, result in zip(scenarios, Engine(**asked).solve(TERRAIN, scenarios, Feedback())):
        alone = solve(TERRAIN, scenario, Engine(**asked))
        for name in ("factor_of_safety", "failure_depth", "failure_mode", "failure_time"):
            np.testing.assert_array_equal(getattr(result, name), getattr(alone, name))
        for (hour, one), (same_hour, other) in zip(result.series, alone.series):
            assert hour == same_hour
            np.testing.assert_array_equal(one, other)


def test_all_of_a_sequence_is_checked_before_anything_is_computed() -> None:
    model = Counting()
    with pytest.raises(InputError, match="too long"):
        next(model.solve(TERRAIN, [SOAKING, SOAKING.with_values(duration=600.0)], Feedback()))
    assert not model.calls


def test_cancel_is_checked_at_every_scenario() -> None:
    class Impatient(Feedback):
        asked = 0

        def isCanceled(self) -> bool:
            self.asked += 1
            return self.asked > 6

    with pytest.raises(Cancelled):
        list(SoilColumn().solve(TERRAIN, table((6.0,), np.linspace(1.0, 9.0, 50)), Impatient()))


@pytest.mark.parametrize("at_once", [1, 3])
def test_an_engine_computes_some_scenarios_at_once_in_order(at_once) -> None:
    scenarios, engine, feedback = table(range(4, 15), (2.0,)), Engine(failure_times=False), Messages()
    engine.at_once = at_once
    found = list(engine.solve(TERRAIN, scenarios, feedback))
    assert [result.scenario for result in found] == scenarios
    for scenario, result in zip(scenarios, found):
        expected = solve(TERRAIN, scenario, Engine(failure_times=False))
        np.testing.assert_array_equal(result.factor_of_safety, expected.factor_of_safety)
    assert feedback.progress == sorted(feedback.progress)
    assert feedback.progress[-1] == 100.0


@pytest.mark.parametrize(("cells", "layer", "at_once"), [
    (10_000, "omp", 1), (50_000, "omp", 2), (200_000, "omp", 8), (300_000, "omp", 1), (200_000, "workqueue", 1),
])  # fmt: skip
def test_small_maps_and_large_ones_are_shared_by_all_threads(cells, layer, at_once, monkeypatch) -> None:
    """As are all under a layer that ends the process where two threads run kernels."""
    monkeypatch.setattr(compiling, "compiled", lambda: True)
    monkeypatch.setattr(compiling, "thread_limit", lambda cores: 8)
    monkeypatch.setattr(compiling, "_is_thread_safe", lambda: layer != "workqueue")
    assert compiling.scenarios_at_once(cells, 250_000) == at_once


def test_threads_with_a_scenario_each_share_the_cores_and_pass_their_messages_on_in_order() -> None:
    def of_one(scenario: Scenario, feedback: Feedback) -> WaterState:
        feedback.pushInfo(f"{scenario.rainfall:g} mm/h on {thread_limit(8)}")
        return column_state(TERRAIN.cells, scenario)

    model, feedback = SoilColumn(), Messages()
    model.at_once = 3
    waters = list(model.each_water(of_one, table((6.0, 7.0, 8.0, 9.0, 10.0), (2.0,)), feedback))
    assert len(waters) == 5
    assert feedback.info == [f"{rain} mm/h on 2" for rain in range(6, 11)]
    assert thread_limit(8) == 8


def test_cancel_ends_scenarios_that_are_computed_at_once() -> None:
    class Stopped(Feedback):
        def isCanceled(self) -> bool:
            return True

    engine = Engine(failure_times=False)
    engine.at_once = 2
    with pytest.raises(Cancelled):
        list(engine.water(TERRAIN, table((6.0, 7.0, 8.0), (2.0,)), Stopped()))


def test_parameters_without_a_value_on_the_terrain_are_refused() -> None:
    cohesion = np.where(TERRAIN.valid, np.nan, 5.0)
    for solver in (SoilColumn(), Engine()):
        with pytest.raises(InputError, match="no value in the DEM"):
            solve(TERRAIN, Scenario(cohesion=cohesion), solver)


@pytest.mark.parametrize("table", [0.0, 0.3, 0.9, 1.4, 2.0, 3.0])
def test_a_risen_table_meets_the_wetting_front(table) -> None:
    """Soil of 2 m, a front that would reach 1.1 m: they meet where the table stands 0.9 m high or more."""
    off = np.zeros(1, dtype=bool)
    before = WaterState(np.array([0.5]), np.array([1.1]), None, off, off, free_front=np.array([1.1]))
    water = before.with_table(np.array([table]), np.array([2.0]))
    assert water.contact[0] == (table >= 0.9)
    assert water.wetting_front[0] == pytest.approx(min(1.1, 2.0 - min(table, 2.0)))
    back = water.with_table(np.array([0.5]), np.array([2.0]))
    assert (back.contact[0], back.wetting_front[0]) == (False, 1.1)


def test_the_columns_free_front_gives_its_contact_back() -> None:
    """Its own table gives its own front and contact, in every case."""
    cells = TERRAIN.cells
    for scenario in CASES.values():
        state = column_state(cells, scenario)
        again = state.with_table(state.water_table, cells.soil_depth)
        np.testing.assert_array_equal(again.contact, state.contact)
        np.testing.assert_allclose(again.wetting_front, state.wetting_front, atol=1e-9)


def test_confidence_is_that_of_the_tables_error() -> None:
    """By hand: half the change of FS between the two bounds is the width of the logistic function."""
    cells, scenario = TERRAIN.cells, CASES["wet"]
    state = column_state(cells, scenario)
    error = np.full(cells.count, 0.1)
    water = WaterState(**{**state.arrays, "table_error": error})
    fs = assess(cells, water, scenario).fs
    bounds = []
    for table in (np.maximum(state.water_table - 0.1, 0.0), np.minimum(state.water_table + 0.1, cells.soil_depth)):
        room = cells.soil_depth - table
        front = np.minimum(state.free_front, room)
        given = cells.slope, cells.soil_depth, table, front, state.ponded, front >= room - 1e-9
        bounds.append(factor_of_safety(np, *given, scenario.strength)[0])
    score = (1.0 - fs) / (1e-5 + 0.5 * np.abs(bounds[0] - bounds[1]))
    expected = 0.5 * (1.0 + np.tanh(0.5 * score))
    np.testing.assert_allclose(confidence(cells, water, scenario, fs), expected, atol=1e-9)


def test_cells_are_picked_and_put_back() -> None:
    cells = TERRAIN.cells
    values = np.random.default_rng(2).random(SHAPE)
    there = cells.on_map(cells.pick(values))
    np.testing.assert_array_equal(there[TERRAIN.valid], values[TERRAIN.valid].astype(np.float32))
    assert np.isnan(there[~TERRAIN.valid]).all()
    assert cells.pick(4.0) == 4.0
    some = cells.within(values > 0.5)
    np.testing.assert_array_equal(some.mask, TERRAIN.valid & (values > 0.5))
    np.testing.assert_array_equal(some.slope, TERRAIN.slope[some.mask])
    np.testing.assert_array_equal(some.cos_slope, np.cos(some.slope))
    known = values > 0.2
    part = TERRAIN.restricted(known)
    assert part is TERRAIN.restricted(known.copy())
    assert part is not TERRAIN.restricted(values > 0.3)
    assert TERRAIN.restricted(TERRAIN.valid) is TERRAIN
    np.testing.assert_array_equal(part.valid, part.cells.mask)
    np.testing.assert_array_equal(part.slope, TERRAIN.slope)


def test_what_a_solver_does_not_give_is_none() -> None:
    result = solve(TERRAIN, SOAKING, SoilColumn())
    assert result.confidence is None
    assert result.failure_time is None
    assert result.series == ()
    np.testing.assert_array_equal(result.failure_mask == 1, result.factor_of_safety < 1.0)
    assert sum(result.class_cells[2:]) == (result.initial_factor_of_safety < 1.0).sum()
