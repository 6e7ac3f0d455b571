"""A real scheduler with two worker processes on loopback: the results of one process, whatever happens to workers."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import threading
import time

import numpy as np
import pytest
from clusters import processes
from slopecast.plugin.core.dataset import build as building
from slopecast.plugin.core.dataset.cases import Case
from slopecast.plugin.core.dataset.plan import table_plan
from slopecast.plugin.core.errors import Cancelled, InputError, SlopecastError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.map_parts.tiles import Margin
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.probability.uncertainty import Sampler, Spread
from slopecast.plugin.core.windowed.solve import WindowedRun
from slopecast.plugin.core.windowed.study import Study, whole_map_of
from slopecast.plugin.core.workers import cluster as cluster_module
from slopecast.plugin.core.workers import cluster_worker
from slopecast.plugin.core.workers.cluster import checked_address, cluster
from slopecast.plugin.core.workers.parallel import Threads
from slopecast.plugin.core.workers.remote_water import RemoteWater
from slopecast.plugin.variables import VARIABLES
from study_areas import CASES, SOAKING, monte_carlo, options, rough_terrain

distributed = pytest.importorskip("distributed", reason="distributed, of requirements-dev.txt, is not installed")
pytestmark = pytest.mark.slow

TERRAIN = rough_terrain(52)
FEW_S = 30.0


class Recorder(Feedback):
    def __init__(self, cancel_after=None):
        self.progress, self.warnings = [], []
        self.until = None if cancel_after is None else time.monotonic() + cancel_after

    def setProgress(self, percent):
        self.progress.append(percent)

    def pushWarning(self, text):
        self.warnings.append(text)

    def isCanceled(self):
        return self.until is not None and time.monotonic() > self.until


@pytest.fixture(scope="module", autouse=True)
def plain_numpy(tmp_path_factory):
    """Compiling the kernels would take the workers longer than all the rest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLOPECAST_NUMBA", "0")
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with processes(tmp_path_factory.mktemp("cluster"), 2) as found:
        yield found


@pytest.fixture
def client(address):
    with distributed.Client(address, timeout=FEW_S, set_as_default=False) as found:
        yield found


def scenarios(count, **others):
    return [SOAKING.with_values(name=f"row {n}", rainfall=5.0 + n, **others) for n in range(count)]


def conductivities():
    values = np.random.default_rng(1).uniform(1e-6, 1e-5, TERRAIN.grid.shape)
    values[:3] = np.nan
    return values


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name, values in one.items():
        assert values.dtype == other[name].dtype
        np.testing.assert_array_equal(values, other[name])


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (Engine(failure_times=False), scenarios(5)),
        (Engine(failure_times=False), [one for one in scenarios(2) for _ in range(2)] + scenarios(3)),
        (Engine(failure_times=False), scenarios(3, conductivity=conductivities())),
        (Engine(failure_times=True, hours=(0.0, 2.0)), scenarios(2)),
        (Engine(failure_times=False), scenarios(2, options=options(evaluate="minimum"))),
        (Engine(failure_times=False, scheme="fast"), [CASES[name] for name in list(CASES)[:2]]),
    ],
    ids=["rows", "alternating", "raster", "times", "minimum", "fast"],
)
def test_the_same_as_in_one_process(model, given, address, tmp_path):
    """Bit for bit, in the rows' order; the folder that was made for it is gone at the end."""
    expected = list(model.solve(TERRAIN, given, Feedback()))
    recorder = Recorder()
    with cluster(address, tmp_path / "new" / "folder", recorder) as workers:
        found = list(RemoteWater(model, workers, workers.folder).solve(TERRAIN, given, recorder))
    for one, other in zip(expected, found, strict=True):
        assert one.scenario.name == other.scenario.name
        assert_same(one.water.arrays, other.water.arrays)
        assert_same(vars(one.stability), vars(other.stability))
        assert [hour for hour, _ in one.series] == [hour for hour, _ in other.series]
        for (_, fs), (_, same) in zip(one.series, other.series):
            np.testing.assert_array_equal(fs, same)
        if one.failure_time is not None:
            np.testing.assert_array_equal(one.failure_time, other.failure_time)
        assert one.diagnostics["mass_balance_error"] == other.diagnostics["mass_balance_error"]
    assert recorder.progress == sorted(recorder.progress)
    assert recorder.progress[-1] == pytest.approx(100.0)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_local_threads_do_the_same_jobs(workers, tmp_path):
    """The one interface of executors."""
    model, given = Engine(failure_times=False), scenarios(3)
    found = list(RemoteWater(model, Threads(workers), tmp_path).solve(TERRAIN, given, Feedback()))
    for one, other in zip(model.solve(TERRAIN, given, Feedback()), found, strict=True):
        assert_same(one.water.arrays, other.water.arrays)


@pytest.mark.parametrize("depth_sd", [0.0, 0.3])
def test_draws_give_the_same_probability(depth_sd, address, tmp_path):
    """Draws of the soil depth each run on a terrain of their own."""
    spreads = {"cohesion": Spread(2.0), "conductivity": Spread(1e-6, "lognormal")}

    def found(model):
        made = monte_carlo(TERRAIN, Sampler(SOAKING, spreads, 6, seed=3, depth_sd=depth_sd), model)
        return made.probability, made.mean_factor_of_safety

    with cluster(address, tmp_path, Feedback()) as workers:
        other = found(RemoteWater(Engine(failure_times=False), workers, workers.folder))
    for one, same in zip(found(Engine(failure_times=False)), other):
        np.testing.assert_array_equal(one, same)


def test_a_data_set_is_the_same(address, tmp_path):
    cases = [Case(f"case {n}", {v.name: getattr(s, v.name) for v in VARIABLES}) for n, s in enumerate(scenarios(4))]
    plan = table_plan(cases, TERRAIN, "hill")
    building.build(plan, tmp_path / "one", Feedback(), executor=Threads(1))
    with cluster(address, tmp_path / "two", Feedback()) as workers:
        building.build(plan, tmp_path / "two", Feedback(), executor=workers)
    shards = sorted(file.name for file in (tmp_path / "one").glob("*.npz"))
    assert shards == sorted(file.name for file in (tmp_path / "two").glob("*.npz"))
    for name in shards:
        with np.load(tmp_path / "one" / name) as one, np.load(tmp_path / "two" / name) as two:
            assert_same(dict(one), dict(two))


def test_a_network_runs_on_workers(address, tmp_path):
    pytest.importorskip("torch")
    from slopecast.plugin.ml.network_solver import NetworkSolver
    from tiny_networks import written

    model = NetworkSolver(written(tmp_path / "tiny.safetensors"), "cpu")
    given = scenarios(3)
    expected = [result.water for result in model.solve(TERRAIN, given, Feedback())]
    model.kept = None
    with cluster(address, tmp_path / "out", Feedback(), needs_torch=True) as workers:
        found = list(RemoteWater(model, workers, workers.folder).solve(TERRAIN, given, Feedback()))
    for one, other in zip(expected, found, strict=True):
        assert_same(one.arrays, other.water.arrays)


def test_a_worker_that_is_killed_loses_nothing(address, client, tmp_path):
    """Its jobs are done by the other one, or by the worker that is started in its place, which gets the package too."""
    model, given = Engine(failure_times=False), scenarios(12, duration=48.0)
    victims = client.run(os.getpid)
    with cluster(address, tmp_path, Feedback()) as workers:
        found = []
        for result in RemoteWater(model, workers, workers.folder).solve(TERRAIN, given, Feedback()):
            if not found:
                os.kill(next(iter(victims.values())), signal.SIGKILL)
            found.append(result)
    for one, other in zip(model.solve(TERRAIN, given, Feedback()), found, strict=True):
        assert_same(one.water.arrays, other.water.arrays)
    client.wait_for_workers(2, timeout=60)


def windows_of(model, given):
    """A run of a scenario on windows of 16 x 16 cells, in passes."""
    study = Study.of(rough_terrain(52, (90, 80)), given, {})
    return WindowedRun(study, whole_map_of(study, Feedback()), model, 16, Margin(49))


def by_place(run, feedback):
    return {(one.tile.inner[0].start, one.tile.inner[1].start): one.result for one in run.solve(feedback)}


class Killer(Recorder):
    """Kills a process as soon as there is progress."""

    def __init__(self, process):
        super().__init__()
        self._process = process

    def setProgress(self, percent):
        if self._process:
            os.kill(self._process, signal.SIGKILL)
        self._process = None


def test_windows_of_a_worker_that_is_killed_are_not_lost(address, client, tmp_path):
    given = SOAKING.with_values(duration=6.0)
    expected = by_place(windows_of(Engine(hours=(1.0,)), given), Feedback())
    victims = client.run(os.getpid)
    with cluster(address, tmp_path, Feedback()) as workers:
        model = RemoteWater(Engine(hours=(1.0,)), workers, workers.folder)
        found = by_place(windows_of(model, given), Killer(next(iter(victims.values()))))
    assert len(found) == len(expected) > 6
    for place, one in expected.items():
        assert_same(one.water.arrays, found[place].water.arrays)
        assert_same(vars(one.stability), vars(found[place].stability))
        np.testing.assert_array_equal(one.failure_time, found[place].failure_time)
    client.wait_for_workers(2, timeout=60)
    assert set(client.run(os.getpid).values()) != set(victims.values())


def test_cancel_stops_the_windows(address, client, tmp_path):
    given = SOAKING.with_values(conductivity=1e-4, lateral_anisotropy=50.0, duration=500.0)
    began = time.monotonic()
    with cluster(address, tmp_path, Feedback()) as workers:
        run = windows_of(RemoteWater(Engine(failure_times=False), workers, workers.folder), given)
        with pytest.raises(Cancelled):
            list(run.solve(Recorder(cancel_after=2.0)))
    assert 2.0 < time.monotonic() - began < FEW_S
    assert not list(tmp_path.iterdir())
    assert client.submit(os.getpid, pure=False).result(timeout=FEW_S) in client.run(os.getpid).values()


def test_cancel_stops_the_jobs(address, client, tmp_path):
    """Those that wait and those that run: they would take minutes."""
    given = scenarios(8, conductivity=1e-4, lateral_anisotropy=50.0, duration=500.0)
    recorder = Recorder(cancel_after=2.0)
    began = time.monotonic()
    with pytest.raises(Cancelled), cluster(address, tmp_path, Feedback()) as workers:
        list(RemoteWater(Engine(failure_times=False), workers, workers.folder).solve(TERRAIN, given, recorder))
    assert time.monotonic() - began < FEW_S
    while any(client.processing().values()) and time.monotonic() - began < FEW_S:
        time.sleep(0.2)
    assert not any(client.processing().values())
    assert client.submit(os.getpid, pure=False).result(timeout=FEW_S) in client.run(os.getpid).values()
    assert not list(tmp_path.iterdir())


def test_results_do_not_travel_through_the_scheduler(address, tmp_path, monkeypatch):
    """What a job returns is small, whatever the size of the map; what it is given names files."""
    sizes = []
    answer = cluster_module.Cluster._answer

    def measured(self, future, feedback):
        sizes.append(len(pickle.dumps(future.result())))
        return answer(self, future, feedback)

    monkeypatch.setattr(cluster_module.Cluster, "_answer", measured)
    submit = cluster_module.Cluster._submit
    monkeypatch.setattr(
        cluster_module.Cluster, "_submit", lambda self, *job: sizes.append(len(pickle.dumps(job))) or submit(self, *job)
    )
    with cluster(address, tmp_path, Feedback()) as workers:
        model = RemoteWater(Engine(failure_times=False), workers, workers.folder)
        list(model.solve(TERRAIN, scenarios(2, conductivity=conductivities()), Feedback()))
    assert len(sizes) == 4
    assert max(sizes) < TERRAIN.valid.size  # an array of the map has eight times as many bytes


# --- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given", ["127.0.0.1:8786", "tcp://127.0.0.1", "http://127.0.0.1:8786", "tcp://:8786", "tcp://a b:1", "scheduler",
              "tcp://127.0.0.1:99999", "tcp://127.0.0.1:0", "tcp://127.0.0.1:port"]
)  # fmt: skip
def test_what_is_no_address_is_refused(given):
    with pytest.raises(InputError, match=r"Scheduler \(SCHEDULER\): .*is not the address.*tcp://127\.0\.0\.1:8786"):
        checked_address(given)


@pytest.mark.parametrize(
    ("given", "taken"),
    [("", ""), (" tcp://127.0.0.1:8786/ ", "tcp://127.0.0.1:8786"), ("tls://node-1.example.org:443",) * 2,
     ("tcp://[::1]:8786",) * 2],
)  # fmt: skip
def test_addresses_are_taken_as_schedulers_write_them(given, taken):
    assert checked_address(given) == taken


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(cluster_module.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"distributed is not installed.*-m pip install distributed"):
        checked_address("tcp://127.0.0.1:8786")


def opened(address, folder):
    """Open the workers of a scheduler, and close them."""
    with cluster(address, folder, Feedback()):
        pass


@pytest.mark.parametrize("listening", [False, True], ids=["nobody", "another program"])
def test_a_scheduler_that_does_not_answer_is_refused_quickly(listening, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        if not listening:
            server.close()
        began = time.monotonic()
        with pytest.raises(InputError, match=f"no scheduler responds at {address}.*Check address"):
            opened(address, tmp_path / "new")
    assert time.monotonic() - began < 20.0
    assert not (tmp_path / "new").exists()


def test_a_scheduler_without_workers_is_refused(tmp_path):
    with processes(tmp_path, 0) as address, pytest.raises(InputError, match=f"no workers.*dask worker {address}"):
        opened(address, tmp_path)


@pytest.mark.parametrize(
    ("module", "name", "value", "words"),
    [
        (cluster_worker, "plugin_version", lambda: "0.0.1", "has loaded another version of Slopecast"),
        (cluster_worker, "checksums", lambda names: dict.fromkeys(names, 1), "has loaded another version of Slopecast"),
        (np, "__version__", "9.9.9", r"has numpy .*; here it is 9\.9\.9.*numpy==9\.9\.9"),
        (cluster_worker, "MARKER", "elsewhere", "cannot access the folder .*shared disk"),
    ],
)
def test_workers_that_differ_are_refused(module, name, value, words, address, tmp_path, monkeypatch):
    opened(address, tmp_path)  # the workers have the package then
    monkeypatch.setattr(module, name, value)
    with pytest.raises(InputError, match=rf"Scheduler \(SCHEDULER\): the worker tcp://.* {words}"):
        opened(address, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("known", [True, False], ids=["checked before", "started since"])
def test_workers_that_are_started_during_a_run_are_checked(known, address, tmp_path, monkeypatch):
    with cluster(address, tmp_path, Feedback()) as workers:
        monkeypatch.setattr(cluster_worker, "plugin_version", lambda: "0.0.1")
        refused = contextlib.nullcontext()
        if not known:
            workers._checked.clear()
            refused = pytest.raises(InputError, match="has loaded another version of Slopecast")
        with refused:
            list(RemoteWater(Engine(), workers, workers.folder).water(TERRAIN, [SOAKING], Feedback()))


def test_the_error_message_of_a_job_is_kept(address, tmp_path):
    """Hours are checked where the job runs."""
    late = Engine(hours=(1000.0,))
    with pytest.raises(SlopecastError) as here:
        list(late.water(TERRAIN, [SOAKING], Feedback()))
    with cluster(address, tmp_path, Feedback()) as workers:
        waters = RemoteWater(late, workers, workers.folder).water(TERRAIN, [SOAKING], Feedback())
        with pytest.raises(SlopecastError) as there:
            list(waters)
    assert str(there.value) == str(here.value)


def test_a_lost_scheduler_is_an_error(tmp_path):
    given = scenarios(6, conductivity=1e-4, lateral_anisotropy=50.0, duration=500.0)
    with processes(tmp_path, 1) as address, cluster(address, tmp_path / "out", Feedback()) as workers:
        scheduler = workers._client.run_on_scheduler(os.getpid)
        threading.Timer(1.0, os.kill, (scheduler, signal.SIGKILL)).start()
        model = RemoteWater(Engine(failure_times=False), workers, workers.folder)
        with pytest.raises(SlopecastError, match=r"connection to .* was lost"):
            list(model.solve(TERRAIN, given, Recorder(cancel_after=60.0)))
