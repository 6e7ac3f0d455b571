"""Compiled kernels against numpy, maps in strips, threads kept from waiting in vain."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.map_parts import strips
from slopecast.plugin.core.physics import compiling
from slopecast.plugin.core.physics import simulation as simulation_module
from slopecast.plugin.core.physics.assess import factors_of_safety
from slopecast.plugin.core.physics.column import SoilColumn
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.physics.flow import groundwater, kernels
from slopecast.plugin.core.physics.simulation import Simulation
from slopecast.plugin.core.physics.stability import Strength, factor_of_safety
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain
from study_areas import CASES, rough_terrain, solve

CELLS = 40_000


def cells_of_all_kinds() -> tuple[np.ndarray, ...]:
    """Slope, depth, table, front, ponded and contact: flat, bare, dry, saturated and what lies between."""
    rng = np.random.default_rng(3)
    slope = rng.uniform(0.0, 1.2, CELLS)
    depth = np.where(rng.random(CELLS) < 0.05, 0.0, rng.uniform(0.0, 6.0, CELLS))
    table = np.where(rng.random(CELLS) < 0.1, 0.0, depth * rng.uniform(0.0, 1.0, CELLS))
    contact = rng.random(CELLS) < 0.5
    front = (depth - table) * np.where(contact, 1.0, rng.uniform(0.0, 1.0, CELLS))
    return slope, depth, table, front, rng.random(CELLS) < 0.5, contact


@pytest.mark.parametrize("which", ["compiled", "plain"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"suction": 2.0, "surcharge": 3.0},
        {"exponential_roots": True},
        {"cohesion": np.linspace(0.0, 12.0, CELLS), "root_depth": np.linspace(0.0, 3.0, CELLS)},
    ],
    ids=["numbers", "suction", "exponential", "rasters"],
)
def test_many_cells_have_the_factors_of_the_formula(changes: dict, which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if which == "compiled" and compiling.numba is None:
        pytest.skip("numba is not installed")
    monkeypatch.setenv("SLOPECAST_NUMBA", "1" if which == "compiled" else "0")
    plain = {"cohesion": 4.0, "tan_friction": 0.5, "root_cohesion": 1.0, "root_depth": 1.0, "surcharge": 0.0}
    strength = Strength(**{**plain, "moist": 17.6, "saturated": 19.0, **changes})
    cells = cells_of_all_kinds()
    expected, expected_mode = factor_of_safety(np, *cells, strength)
    found, mode = factors_of_safety(cells, strength, (np.sin(cells[0]), np.cos(cells[0])))
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    assert np.array_equal(mode, expected_mode)
    assert mode.any()
    assert (found < 1.0).any()


def test_zones_in_the_engine_and_in_the_column_are_the_same() -> None:
    terrain = rough_terrain(41, (150, 160), holes=0.01)
    zones = np.where(np.arange(160) < 80, 1.3e-6, 2.5e-6) + np.zeros(terrain.grid.shape)
    scenario = CASES["ponding"].with_values(conductivity=zones, options=simulation_module.Scenario().options)
    vertical = scenario.with_values(options=type(scenario.options)(lateral_flow=False))
    stepped, closed = solve(terrain, vertical, Engine(failure_times=False)), solve(terrain, vertical, SoilColumn())
    np.testing.assert_allclose(stepped.factor_of_safety, closed.factor_of_safety, rtol=1e-5)


@pytest.mark.parametrize("holes", [0.0, 0.3])
def test_maps_computed_in_strips_are_those_computed_at_once(holes: float, monkeypatch: pytest.MonkeyPatch) -> None:
    terrain = rough_terrain(18, (40, 37), holes=holes)
    k = np.random.default_rng(2).uniform(1e-6, 1e-4, terrain.grid.shape)
    names = ("bedrock", "east", "south", "border")

    def made() -> tuple:
        fresh = Terrain(terrain.grid, terrain.elevation, terrain.soil_depth)
        c = groundwater.conductances(fresh, k, "open")
        picked = groundwater.cell_conductances(fresh, k, "open")
        for name in names:
            np.testing.assert_array_equal(getattr(picked, name), getattr(c, name)[fresh.valid])
        return *fresh.gradient, *(getattr(c, name) for name in names), picked.below, *picked.sides

    whole = made()
    monkeypatch.setattr(strips, "_STRIP_CELLS", 80)
    monkeypatch.setattr(kernels, "_BLOCK", 64)
    for one, other in zip(whole, made()):
        np.testing.assert_array_equal(one, other)


def test_the_compiled_steps_keep_their_room_from_call_to_call() -> None:
    """Memory that is requested anew in every call takes longer than a step on large maps."""
    if not compiling.compiled():
        pytest.skip("numba is not installed")
    run = Simulation(rough_terrain(19), Scenario(duration=2.0))
    rooms = [run.water.scratch for _ in run.advance_by_intervals(Feedback())]
    assert len(rooms) == 2
    assert rooms[0] is rooms[1] is not None


class Cores:
    """A clock and cores that give the threads of a call the processor time that a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        if compiling.numba is None or compiling.numba.config.NUMBA_NUM_THREADS < 2:
            pytest.skip("one thread alone")
        self.all = compiling.numba.config.NUMBA_NUM_THREADS
        self.now, self.used = 100.0, 0.0
        self.overloads = {"loaded": True}  # as a kernel that is compiled
        monkeypatch.setattr(compiling.time, "perf_counter", lambda: self.now)
        monkeypatch.setattr(compiling.time, "process_time", lambda: self.used)
        monkeypatch.setattr(compiling, "_record", compiling._FRESH.copy())

    def call(self, cores_got: float, seconds: float = 1.0) -> int:
        """Threads that a call had."""
        with compiling.threads(10**9, self):
            self.now += seconds
            self.used += seconds * cores_got
            return compiling.numba.get_num_threads()


@pytest.fixture
def cores(monkeypatch: pytest.MonkeyPatch):
    yield Cores(monkeypatch)
    compiling.numba.set_num_threads(1)


def test_threads_that_wait_in_vain_are_left_out_for_a_while(cores: Cores) -> None:
    assert cores.call(cores.all) == cores.all
    assert cores.call(1.0) == cores.all  # one core is busy with something else, which shows only now
    assert cores.call(1.0) == 1
    cores.now += 4.0
    assert cores.call(1.0) == cores.all
    cores.now += 4.0
    assert cores.call(1.0) == 1  # slow twice in a row: longer alone
    cores.now += 100.0
    assert cores.call(cores.all) == cores.all
    assert cores.call(cores.all) == cores.all


def test_starting_the_threads_and_short_calls_do_not_leave_them_out(cores: Cores) -> None:
    """The first call starts them on one core; the time of one of a millisecond is counted before or after it."""
    assert cores.call(1.0, 0.5) == cores.all
    for _ in range(1000):
        assert cores.call(1.0, 0.002) == cores.all
        assert cores.call(2.0 * cores.all - 1.0, 0.002) == cores.all


class Listening(Feedback):
    """Keeps what it is reported."""

    def __init__(self) -> None:
        self.infos: list[str] = []

    def pushInfo(self, text: str) -> None:
        """Keep it."""
        self.infos.append(text)


def test_very_strong_lateral_flow_stays_stable_and_its_run_time_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """K_lat 1e-2 m/s, twenty times what the networks know."""
    terrain = rough_terrain(42)
    scenario = CASES["wet"].with_values(conductivity=1e-5, lateral_anisotropy=1000.0, duration=2.0)
    monkeypatch.setattr(simulation_module, "LONG_S", 0.0)
    feedback = Listening()
    result = next(Engine().solve(terrain, [scenario], feedback))
    assert result.diagnostics["mass_balance_error"] < 1e-6
    table, depth = result.water_table[terrain.valid], terrain.soil_depth[terrain.valid]
    assert ((table >= 0.0) & (table <= depth + 1e-6)).all()
    assert len(feedback.infos) == 1
    assert "0.01 m/s" in feedback.infos[0]
    assert " min" in feedback.infos[0]


def test_an_event_without_times_of_failure_ends_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    look = Simulation._assess_at_end
    monkeypatch.setattr(Simulation, "_assess_at_end", lambda self, interval: (looks.append(1), look(self, interval))[1])
    terrain: Terrain = rough_terrain(43)
    watched = solve(terrain, CASES["soaking"], Engine())
    often, looks[:] = len(looks), []
    brief = solve(terrain, CASES["soaking"], Engine(failure_times=False))
    assert often == 24
    assert not looks
    assert brief.failure_time is None
    np.testing.assert_array_equal(watched.factor_of_safety, brief.factor_of_safety)
    np.testing.assert_array_equal(watched.failure_time <= 24.0, watched.factor_of_safety < 1.0)


@pytest.mark.skipif(compiling.numba is None, reason="numba is not installed")
@pytest.mark.parametrize(
    ("used", "kept", "announced"), [(False, False, True), (True, False, False), (False, True, False)]
)
def test_the_first_compilation_is_announced(tmp_path, used: bool, kept: bool, announced: bool) -> None:
    """Once for a machine: neither where this process has compiled the kernel, nor where the disk holds it."""
    kernel = SimpleNamespace(
        overloads={"a": 1} if used else {}, stats=SimpleNamespace(cache_path=str(tmp_path)),
        py_func=SimpleNamespace(__name__="steps"),
    )  # fmt: skip
    if kept:
        (tmp_path / "kernels.steps-342.py311.nbi").touch()
    infos = []
    compiling.announce_compiling(kernel, SimpleNamespace(pushInfo=infos.append))
    assert len(infos) == announced


@pytest.mark.skipif(compiling.numba is None, reason="numba is not installed")
def test_threads_that_cannot_start_leave_numpy_and_a_warning(monkeypatch) -> None:
    def unknown() -> int:
        raise ValueError("The threading layer requested 'bogus' is unknown to Numba.")

    warnings = []
    feedback = SimpleNamespace(pushWarning=warnings.append, pushInfo=lambda _: None)
    monkeypatch.setenv("SLOPECAST_NUMBA", "1")
    monkeypatch.setattr(compiling.numba, "get_num_threads", unknown)
    compiling._problem.cache_clear()
    try:
        assert not compiling.compiled()
        kernels.announce_substeps(feedback)
        monkeypatch.setenv("SLOPECAST_NUMBA", "0")  # numpy is wanted
        kernels.announce_substeps(feedback)
    finally:
        compiling._problem.cache_clear()
    assert len(warnings) == 1
    assert "'bogus'" in warnings[0]
    assert "NUMBA_THREADING_LAYER" in warnings[0]
