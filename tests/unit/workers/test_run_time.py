"""The time that a run is expected to take, before anything is read: measured times within a factor of 3."""

import pytest
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.windowed.run_time import (
    COLUMN_TIME,
    DRAW_S,
    ENGINE_TIME,
    FAST_TIME,
    MASK_S,
    NETWORK_TIME,
    RunTime,
    flow_of,
    flows_of,
)

DEFAULT, STRONG = flow_of({}), flow_of({"conductivity": 1e-5, "lateral_anisotropy": 50.0, "duration": 72.0})
#: Of ``make bench`` on 436 x 489 cells of 5 m [s].
MEASURED = {
    "engine": (ENGINE_TIME, {DEFAULT: 1}, 0.0, 0.109),
    "engine, strong flow": (ENGINE_TIME, {STRONG: 1}, 0.0, 5.46),
    "fast scheme": (FAST_TIME, {DEFAULT: 1}, 0.0, 0.0563),
    "fast scheme, strong flow": (FAST_TIME, {STRONG: 1}, 0.0, 1.17),
    "column": (COLUMN_TIME, {DEFAULT: 30}, 0.0, 30 * 0.00912),
    "network": (NETWORK_TIME, {DEFAULT: 1}, 0.0, 0.181),
    "network, strong flow": (NETWORK_TIME, {STRONG: 1}, 0.0, 0.469),
    "engine, 32 hydrologies": (ENGINE_TIME, {DEFAULT: 32}, 0.0, 3.19),
    "network, 32 hydrologies": (NETWORK_TIME, {DEFAULT: 32}, 0.0, 3.32),
    "table of 1,000 rows and 100 hydrologies": (NETWORK_TIME, {DEFAULT: 100}, 1000 * MASK_S, 42.5),
    "1,000 draws of strength": (ENGINE_TIME, {DEFAULT: 1}, 1000 * DRAW_S, 1.09),
    "1,000 draws of hydrology": (ENGINE_TIME, {DEFAULT: 1000}, 1000 * DRAW_S, 105.0),
    "1,000 draws of hydrology by the network": (NETWORK_TIME, {DEFAULT: 1000}, 1000 * DRAW_S, 73.7),
}


def seconds(solver, flows, others=0.0, cell_size=5.0):
    return 436 * 489 * RunTime(((solver, flows),), others).seconds_a_cell(cell_size)


@pytest.mark.parametrize("case", MEASURED)
def test_measured_times_are_expected(case):
    """Reading and writing of files, which the bench does not count, are within the factor."""
    *given, measured = MEASURED[case]
    assert measured / 3.0 < seconds(*given) < 3.0 * measured


@pytest.mark.parametrize("solver", [ENGINE_TIME, FAST_TIME, NETWORK_TIME])
def test_hydrologies_and_strong_flow_take_longer(solver):
    one = seconds(solver, {DEFAULT: 1})
    assert 4.0 * one < seconds(solver, {DEFAULT: 10}) <= 10.0 * one
    assert seconds(solver, {STRONG: 1}) > 2.0 * one


def test_strong_flow_costs_the_exact_scheme_most():
    gain = {solver: seconds(solver, {STRONG: 1}) / seconds(solver, {DEFAULT: 1}) for solver in (ENGINE_TIME, FAST_TIME)}
    assert gain[ENGINE_TIME] > 2.0 * gain[FAST_TIME]
    assert seconds(ENGINE_TIME, {STRONG: 1}, cell_size=30.0) < 0.5 * seconds(ENGINE_TIME, {STRONG: 1})
    assert seconds(COLUMN_TIME, {STRONG: 1}) == seconds(COLUMN_TIME, {DEFAULT: 1})


def test_rows_of_one_hydrology_share_a_simulation():
    rows = [Scenario(cohesion=c, rainfall=r) for c in (2.0, 5.0, 9.0) for r in (10.0, 20.0)]
    assert flows_of(rows) == {DEFAULT: 2}
    assert flows_of(rows, shared=False) == {DEFAULT: 6}
    assert flows_of([Scenario(duration=12.0), Scenario(duration=48.0)]) == {0.5 * DEFAULT: 1, 2.0 * DEFAULT: 1}


def test_a_solver_without_simulations_takes_no_time():
    parts = (ENGINE_TIME, {DEFAULT: 1}), (NETWORK_TIME, {})
    assert RunTime(parts).seconds_a_cell(5.0) == RunTime(parts[:1]).seconds_a_cell(5.0)


def test_a_map_in_degrees_gives_a_finite_time():
    """It is refused when it is read, after the time has been logged."""
    assert 0.0 < RunTime(((ENGINE_TIME, {STRONG: 1}),)).seconds_a_cell(0.0) < 1.0
