"""Work on strips in several threads: the results, their order, errors, and what belongs to the caller."""

import threading
from contextvars import ContextVar, copy_context

import numpy as np
import pytest
from slopecast.plugin.core.map_parts import threads
from slopecast.plugin.core.map_parts.strips import made_of_strips
from slopecast.plugin.core.map_parts.threads import in_threads
from slopecast.plugin.core.physics.flow.groundwater import cell_conductances, conductances
from slopecast.plugin.core.soil_depth import estimate
from slopecast.plugin.core.terrain import Terrain
from study_areas import rough_terrain

_PLACE = ContextVar("place", default="")


@pytest.fixture(params=[1, 2, 4])
def count(request, monkeypatch):
    monkeypatch.setattr(threads, "_threads", lambda: request.param)
    return request.param


@pytest.mark.parametrize("items", [[], [3], [3, 1], list(range(40))])
def test_results_come_in_the_order_of_the_items(count, items):
    assert list(in_threads(lambda x: x * x, items)) == [(x, x * x) for x in items]


def test_the_function_sees_the_callers_context(count):
    token = _PLACE.set("here")
    try:
        assert {found for _, found in in_threads(lambda _: _PLACE.get(), range(5))} == {"here"}
    finally:
        _PLACE.reset(token)


def test_items_are_read_when_a_thread_can_take_one(count):
    read = []
    results = in_threads(str, (read.append(x) or x for x in range(100)))
    next(results)
    assert len(read) <= count + 2
    results.close()
    assert len(read) <= count + 2


def test_a_thread_takes_the_next_item_while_the_caller_works_on_a_result(monkeypatch):
    monkeypatch.setattr(threads, "_threads", lambda: 2)
    begun = [threading.Event() for _ in range(8)]
    results = in_threads(lambda number: begun[number].set(), range(8))
    next(results)
    assert begun[3].wait(10.0), "neither of the two threads waits for the caller"
    results.close()


def test_an_error_of_the_function_is_raised_and_ends_the_threads(count):
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        list(in_threads(lambda x: 1 / (7 - x), range(20)))
    assert threading.active_count() == before


def test_maps_do_not_depend_on_the_threads(monkeypatch):
    monkeypatch.setattr("slopecast.plugin.core.map_parts.strips._STRIP_CELLS", 200)
    terrain = rough_terrain(shape=(60, 44))

    def maps() -> list[np.ndarray]:
        fresh = Terrain(terrain.grid, terrain.elevation, terrain.soil_depth)
        of_map, of_cells = conductances(fresh, 1e-5, "open"), cell_conductances(fresh, 1e-5, "open")
        return [
            fresh.slope, fresh.valid, estimate(terrain.elevation, 5.0, 5.0), of_map.east, of_map.south, of_map.border,
            of_cells.east, of_cells.south, of_cells.border, of_cells.below, of_cells.bedrock,
            made_of_strips(terrain.valid.shape, np.float64, lambda at: terrain.soil_depth[at] ** 2),
        ]  # fmt: skip

    monkeypatch.setattr(threads, "_threads", lambda: 1)
    alone = maps()
    monkeypatch.setattr(threads, "_threads", lambda: 3)
    for one, other in zip(alone, maps()):
        assert np.array_equal(one, other, equal_nan=True)


def test_tasks_at_once_share_the_cores(monkeypatch):
    """Strips within a strip start no further threads."""
    monkeypatch.setattr(threads, "_limit", {"threads": 4})
    assert threads.thread_limit(8) == 4
    assert {found for _, found in in_threads(lambda _: threads.thread_limit(8), range(8))} <= {1, 2, 4}
    inside = [copy_context().run(threads.with_share, tasks, threads.thread_limit, 8) for tasks in (1, 2, 3, 8)]
    assert inside == [4, 2, 1, 1]
    assert threads.thread_limit(8) == 4
