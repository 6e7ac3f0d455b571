"""The guided network: its inputs, its shape, its weights and the solver around it."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from slopecast.plugin.core.errors import Cancelled, InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics import kernels
from slopecast.plugin.core.physics.column import Column, column_state, potential_infiltration
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.scenario import EngineOptions, Scenario
from slopecast.plugin.core.synthetic import mountain
from slopecast.plugin.core.terrain import Cells, Terrain
from slopecast.plugin.ml import coarse, device, weights
from slopecast.plugin.ml.device import choose_device, torch_status
from slopecast.plugin.ml.features import CHANNELS, INPUTS, LOCAL, TRAVEL_TIMES, terrain_features, turned, water_balance
from slopecast.plugin.ml.losses import guided_loss, stored_water
from slopecast.plugin.ml.solver import NetworkSolver, expected_iou
from slopecast.plugin.ml.supply import Supply
from slopecast.plugin.ml.torch_steps import net_flow
from slopecast.plugin.ml.unet import Architecture, Correction, GuidedNetwork
from slopecast.plugin.ml.water_grids import water_grids
from slopecast.plugin.variables import HYDROLOGY

SMALL = Architecture(width=4, levels=2)
STRONG = {"conductivity": 1e-5, "lateral_anisotropy": 200.0, "duration": 72.0}  # water crosses many cells


@pytest.fixture(scope="module")
def terrain():
    made = mountain(3, (90, 121), 10.0)
    elevation = made.elevation.copy()
    elevation[20:24, 30:37] = np.nan
    elevation[:, :5] = np.nan
    return Terrain.from_arrays(elevation, made.soil_depth, 10.0)


@pytest.fixture(scope="module")
def untrained(tmp_path_factory):
    """A network whose random last layer moves water, so that neighbours matter in its answers."""
    torch.manual_seed(1)
    network = GuidedNetwork(SMALL).eval()
    torch.nn.init.normal_(network.head[-1].weight, std=0.3)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    path = tmp_path_factory.mktemp("weights") / "small.safetensors"
    weights.save(path, network, {"id": "small"})
    return path


def predict(terrain, scenario, path, **options):
    return next(NetworkSolver(path, device="cpu", **options).solve(terrain, [scenario], Feedback()))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A network that has learned nothing: the first guess alone."""
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("fresh") / "fresh.safetensors"
    weights.save(path, GuidedNetwork(SMALL), {"id": "fresh"})
    return path


@pytest.mark.parametrize(
    "values",
    [
        {"conductivity": 1e-6, "rainfall": 12.0, "duration": 30.0},  # ponds
        {"conductivity": 8e-6, "moisture_deficit": 0.08, "duration": 30.0},  # rain below K, fills up
        {"conductivity": 2e-6, "lateral_anisotropy": 8.0, "water_table_ratio": 0.6},  # crosses half a cell
    ],
)
def test_guess_is_the_engine_where_water_moves_little(terrain, fresh, values):
    scenario = Scenario(**values)
    ours, engine = predict(terrain, scenario, fresh), next(Engine().solve(terrain, [scenario], Feedback()))
    column = next(Column().solve(terrain, [scenario], Feedback()))
    error = np.abs(ours.water_table - engine.water_table)[terrain.valid]
    plain = np.abs(column.water_table - engine.water_table)[terrain.valid]
    assert error.mean() < 0.01
    assert error.mean() < 0.25 * plain.mean()


def guess_of(terrain, scenario, features=None):
    """The first guess over a terrain, as a map [m], NaN elsewhere; and what it tells of itself."""
    features = features or terrain_features(terrain)
    cells = terrain.valid
    state = column_state(terrain.cells, scenario)
    values = {n: float(getattr(scenario, n)) for n in HYDROLOGY}
    balance = water_balance(features, state, values)
    balance.takeover()
    coarse = balance.finish()
    table = np.full(cells.shape, np.nan)
    table[cells] = coarse.water_table.numpy()
    return table, coarse


def test_infiltration_on_the_way_is_green_and_ampts():
    """Rain of 15 mm/h on soil that takes 3.6 mm/h and more: at any time within 1 % of the whole amount."""
    slope, hours = np.radians(np.linspace(0.0, 60.0, 31)), 40.0
    for values in ({"suction_head": 0.05}, {"suction_head": 0.5, "moisture_deficit": 0.3}):
        scenario = Scenario(conductivity=1e-6, rainfall=15.0, duration=hours, **values)
        cells = Cells.of(slope, np.full(slope.shape, 20.0))
        state = column_state(cells, scenario)
        numbers = {n: torch.tensor(float(getattr(scenario, n))) for n in HYDROLOGY}
        supply = Supply.of(state, torch.from_numpy(slope), numbers, hours * 3600.0)
        for time in (600.0, 3600.0, 4e4, 1e5, hours * 3600.0):
            exact, _ = potential_infiltration(cells, scenario, time)
            np.testing.assert_allclose(supply.until(time), exact, atol=0.01 * state.infiltration.max())


def test_guess_stays_within_the_soil_however_far_water_runs(terrain):
    table, coarse = guess_of(terrain, Scenario(**STRONG, water_table_ratio=0.7, rainfall=17.0))
    assert np.isfinite(table[terrain.valid]).all()
    assert (table[terrain.valid] >= 0).all()
    assert (table[terrain.valid] <= terrain.soil_depth[terrain.valid] + 1e-5).all()
    assert coarse.past > 0.5  # most of the rain is stepped on wider cells
    assert coarse.reach.max() > 5.0


def test_guess_follows_the_engine_where_water_runs_far():
    made = mountain(11, (160, 161), 5.0)
    terrain = Terrain.from_arrays(made.elevation, made.soil_depth, 5.0)
    scenario = Scenario(**{**STRONG, "lateral_anisotropy": 40.0}, water_table_ratio=0.3, rainfall=12.0)
    table, coarse = guess_of(terrain, scenario)
    engine = next(Engine().solve(terrain, [scenario], Feedback()))
    column = next(Column().solve(terrain, [scenario], Feedback()))
    error = np.abs(table - engine.water_table).mean()
    assert coarse.past > 0.5
    assert error < 0.1 * np.abs(column.water_table - engine.water_table).mean()


def test_wider_cells_come_in_where_the_rasters_own_would_take_too_many_steps(terrain):
    """What the usual number of steps does takes no more of them."""
    grids, conductivity, effort = water_grids(terrain, "cpu"), 1e-4, coarse.FULL
    stable = grids[0].stable_step(conductivity)
    usual, whole = effort.usual[0] * stable, effort.most[0] * coarse._LONGEST * stable
    for seconds, stages, longest in (
        (usual, 1, 1.0),
        (3.0 * usual, 1, 2.0),
        (0.99 * whole, 1, 2.0),
        (1.2 * whole, 2, 2.0),
    ):
        plan = coarse._plan(grids, conductivity, seconds, effort)
        assert len(plan) == stages
        assert plan[0].longest == pytest.approx(longest * stable)
        assert sum(stage.seconds for stage in plan) == pytest.approx(seconds)


@pytest.mark.skipif(not kernels.compiled(), reason="numba is not installed")
@pytest.mark.parametrize("conductivity", ["one", "raster", "raster, ponded"])
def test_compiled_steps_end_where_torchs_do(terrain, untrained, conductivity, monkeypatch):
    """With stretches of NoData and open edges; also where the balance begins on wider cells."""
    raster = np.where(np.arange(terrain.valid.shape[1]) < 60, 1e-5, 2e-6) * np.ones(terrain.valid.shape)
    values = {"conductivity": 1e-5 if conductivity == "one" else raster, "duration": 30.0}
    rain = {"rainfall": 17.0, "water_table_ratio": 0.1} if "ponded" in conductivity else {"rainfall": 5.0}
    for anisotropy, corrected in ((20.0, False), (400.0, True)):
        scenario = Scenario(**{**values, **rain, "lateral_anisotropy": anisotropy}, cohesion=5.0)
        found = []
        for numba in ("1", "0"):
            monkeypatch.setenv("SLOPECAST_NUMBA", numba)
            found.append(predict(terrain, scenario, untrained))
        compiled, plain = found
        assert compiled.diagnostics["corrected"] == plain.diagnostics["corrected"] == corrected
        differs = np.abs(compiled.water_table - plain.water_table)[terrain.valid]
        assert differs.mean() < 0.002 * terrain.soil_depth[terrain.valid].mean()
        assert np.mean(compiled.failure_mask != plain.failure_mask) < 0.005
        np.testing.assert_array_equal(np.isfinite(compiled.water_table), terrain.valid)


def test_wider_cells_spread_a_pulse_of_water_no_more_than_the_rasters_own():
    """It runs down a plane, where only the upwind tables spread it: by 0.5 u dx t on each side, Courant's part less."""
    cell, steps = 10.0, 40
    elevation = np.tile(np.arange(256)[::-1] * cell * np.tan(np.radians(40.0)), (32, 1))
    own, wide = water_grids(Terrain.from_arrays(elevation, 4.0, cell), "cpu")[:2]
    spread = {}
    for name, grid in (("own", own), ("wide", wide), ("wide, upwind", replace(wide, downstream=0.0))):
        table = torch.zeros_like(grid.depth)
        per_cell = int(grid.cell_size / cell)
        table[:, 40 // per_cell : 48 // per_cell] = 1e-3  # thin, so that its own slope counts for nothing
        dt = 0.5 * cell / 0.5  # half of the raster's own cells in a step
        for _ in range(steps):
            available = table * grid.share
            table = table + net_flow(grid, table, grid.east * dt, grid.south * dt, grid.border * dt, available)
        row = table[len(table) // 2].double()
        at = (torch.arange(len(row)) + 0.5) * grid.cell_size
        middle = float((row * at).sum() / row.sum())
        spread[name] = middle, float((row * (at - middle).square()).sum() / row.sum())
    assert spread["own"][0] > 600.0
    assert spread["wide"][0] == pytest.approx(spread["own"][0], abs=0.5 * cell)
    assert spread["wide"][1] < spread["wide, upwind"][1]
    assert abs(spread["wide"][1] - spread["own"][1]) < 0.5 * (spread["wide, upwind"][1] - spread["own"][1])


def test_where_lateral_flow_moved_nothing_the_network_changes_next_to_nothing(untrained):
    network, _ = weights.load(untrained)
    torch.manual_seed(2)
    inputs = torch.rand(1, len(INPUTS), 16, 16)
    inputs[:, INPUTS.index("valid")] = 1.0
    tables = [INPUTS.index(f"water_table_{name}") for name in ("coarse", "column", "around", "before")]
    inputs[:, tables] = 0.4
    still = network(inputs)
    inputs[:, INPUTS.index("water_table_column")] = 0.1
    moving = network(inputs)
    change = [(said.water_table - 0.4).abs().mean().item() for said in (still, moving)]
    assert 0.0 < change[0] < 0.1 * change[1]
    assert still.doubt.mean().item() < 0.2 * moving.doubt.mean().item()


def test_units_of_the_u_net_cannot_die():
    """Below zero they still learn. Without that no gradient reached the U-Net, and no score told."""
    torch.manual_seed(4)
    network = GuidedNetwork(SMALL)
    torch.nn.init.normal_(network.head[-1].weight, std=0.3)
    with torch.no_grad():
        for name, values in network.context.named_parameters():
            if name.endswith("bias"):
                values.fill_(-100.0)
    inputs = torch.rand(1, len(INPUTS), 16, 16)
    inputs[:, INPUTS.index("valid")] = 1.0
    network.said(inputs)[:, 0].sum().backward()
    pulls = [float(p.grad.abs().sum()) for name, p in network.context.named_parameters() if name.endswith("weight")]
    assert min(pulls) > 0.0


def test_a_full_cell_is_not_pulled_on_and_on():
    """Its block lacks water that it cannot take: without an end of that pull, training ran away after 1,500 steps."""
    torch.manual_seed(3)
    network = GuidedNetwork(SMALL).train()
    inputs = torch.rand(1, len(INPUTS), 16, 16)
    for name, value in (("valid", 1.0), ("water_table_coarse", 0.9), ("water_table_column", 0.1), ("soil_depth", 1.0)):
        inputs[:, INPUTS.index(name)] = value
    pulls = []
    for bias in (0.0, 4.0, 1000.0):
        with torch.no_grad():
            network.head[-1].bias.copy_(torch.tensor([bias, 0.0]))
        network.zero_grad()
        said = network(inputs)
        assert float(said.water_table.detach().max()) <= 1.0 + 1e-6
        (-said.water_table).mean().backward()
        pulls.append(float(network.head[-1].bias.grad[0]))
    assert pulls[0] < 0.0
    assert pulls[1:] == [0.0, 0.0]


def test_a_wide_surplus_of_water_costs_more_than_one_that_evens_out():
    inputs = torch.zeros(1, len(INPUTS), 32, 32)
    for name, value in (("valid", 1.0), ("soil_depth", 1.0), ("moisture_deficit", 0.5), ("water_table_coarse", 0.5)):
        inputs[:, INPUTS.index(name)] = value
    real, counts = torch.full((1, 32, 32), 0.3), torch.ones((1, 32, 32), dtype=torch.bool)
    checks = 0.1 * (1.0 - 2.0 * (torch.arange(32)[:, None] + torch.arange(32)).remainder(2))
    losses = [
        guided_loss(Correction(real + wrong, torch.full_like(real, 0.1)), inputs, real, counts)
        for wrong in (checks, torch.tensor(0.1))
    ]
    assert losses[0][1]["water"] == pytest.approx(losses[1][1]["water"], rel=1e-4)
    assert losses[0][0] < 0.6 * losses[1][0]
    # 3 m of soil; nothing infiltrated: (dTheta + n_min) h = (0.1 + 0.05) 0.9 m
    assert float(stored_water(inputs, real)[0, 0, 0]) == pytest.approx(0.135, rel=1e-5)


def test_coarser_grids_keep_area_depth_and_height(terrain):
    grids = water_grids(terrain, "cpu")
    assert len(grids) >= 2
    volume = float((grids[0].share * grids[0].depth).sum())
    for number, grid in enumerate(grids):
        assert grid.cell_size == 10.0 * 2**number
        assert float(grid.share.sum()) * 4**number == pytest.approx(int(terrain.valid.sum()), rel=1e-5)
        assert float((grid.share * grid.depth).sum()) * 4**number == pytest.approx(volume, rel=1e-4)


def test_a_plane_drains_alike_on_every_grid():
    """On a plane the coarse faces must carry what the fine ones do: h = R x / (K sin b cos b) in steady state."""
    rows, cols, cell = 32, 256, 5.0
    elevation = np.tile(np.arange(cols)[::-1] * cell * np.tan(np.radians(25.0)), (rows, 1))
    terrain = Terrain.from_arrays(elevation, 4.0, cell)
    scenario = Scenario(
        conductivity=5e-5, lateral_anisotropy=10.0, duration=72.0, rainfall=1.0, water_table_ratio=0.0,
        moisture_deficit=0.05,
    )  # fmt: skip
    table, coarse = guess_of(terrain, scenario)
    engine = next(Engine().solve(terrain, [scenario], Feedback())).water_table
    inner = (slice(8, 24), slice(20, 200))
    assert coarse.past > 0.3
    np.testing.assert_allclose(table[inner], engine[inner], rtol=0.05, atol=0.02)


def test_tiles_equal_the_whole(terrain, untrained):
    scenario = Scenario(**STRONG, cohesion=3.0)
    whole = predict(terrain, scenario, untrained, tile=512)
    solver = NetworkSolver(untrained, device="cpu", tile=1)  # the smallest that the receptive field allows
    assert solver.tile < min(terrain.grid.shape)
    tiled = next(solver.solve(terrain, [scenario], Feedback()))
    np.testing.assert_array_equal(tiled.failure_mask, whole.failure_mask)
    np.testing.assert_allclose(tiled.factor_of_safety, whole.factor_of_safety, atol=1e-4)
    assert 0 < whole.failed_cells < whole.valid_cells


def test_reach_covers_the_receptive_field():
    network = GuidedNetwork(SMALL).eval()
    x = torch.ones(1, len(INPUTS), 128, 128, requires_grad=True)
    for module in network.modules():
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.uniform_(module.weight, 0.01, 0.1)  # positive: every path carries a gradient
    network.said(x)[0, :, 64, 64].sum().backward()
    touched = torch.nonzero(x.grad[0].abs().sum(0))
    assert 4 < int((touched - 64).abs().max()) <= SMALL.reach


@pytest.mark.parametrize("shape", [(7, 9), (33, 17), (64, 64)])
def test_any_size(untrained, shape):
    made = mountain(5, (64, 64), 5.0)
    small = Terrain.from_arrays(made.elevation[: shape[0], : shape[1]], made.soil_depth[: shape[0], : shape[1]], 5.0)
    result = predict(small, Scenario(), untrained)
    assert result.failure_mask.shape == shape
    assert result.valid_cells == shape[0] * shape[1]


def test_nodata_stays_nodata(terrain, untrained):
    cohesion = np.full(terrain.grid.shape, 8.0)
    cohesion[60:70, 60:70] = np.nan
    result = predict(terrain, Scenario(cohesion=cohesion), untrained)
    missing = ~terrain.valid | np.isnan(cohesion)
    for raster in (result.factor_of_safety, result.water_table, result.confidence):
        np.testing.assert_array_equal(np.isnan(raster), missing)
    np.testing.assert_array_equal(result.failure_mask == 255, missing)


def test_rasters_of_one_value_equal_the_number(terrain, untrained):
    number = predict(terrain, Scenario(conductivity=4e-5, cohesion=5.0, lateral_anisotropy=10.0), untrained)
    full = {k: np.full(terrain.grid.shape, v) for k, v in (("conductivity", 4e-5), ("cohesion", 5.0))}
    raster = predict(terrain, Scenario(**full, lateral_anisotropy=10.0), untrained)
    np.testing.assert_allclose(raster.factor_of_safety, number.factor_of_safety, atol=2e-4)


def test_confidence_and_mask_agree(terrain, untrained):
    result = predict(terrain, Scenario(**STRONG, cohesion=3.0), untrained)
    known = np.isfinite(result.confidence)
    np.testing.assert_array_equal(result.confidence[known] > 0.5, result.factor_of_safety[known] < 1.0)
    assert 0.0 <= expected_iou(result) <= 1.0


def test_confidence_is_in_doubt_where_neighbours_water_came_and_hardly_elsewhere(terrain, untrained):
    def doubtful(conductivity):
        """Share of the cells this near to failure whose confidence is neither 0 nor 1."""
        scenario = Scenario(conductivity=conductivity, water_table_ratio=0.3, lateral_anisotropy=10.0, cohesion=5.0)
        result = predict(terrain, scenario, untrained)
        near = (np.abs(result.factor_of_safety - 1.0) > 2e-4) & (np.abs(result.factor_of_safety - 1.0) < 0.05)
        assert near.sum() > 50
        return (np.abs(result.confidence[near] - 0.5) < 0.4999).mean()

    assert doubtful(1e-9) == 0.0
    assert doubtful(5e-5) > 0.01


def test_features_do_not_see_absolute_height_and_turn_with_the_map(terrain):
    plain = terrain_features(terrain)
    lifted = terrain_features(Terrain.from_arrays(terrain.elevation + 512.0, terrain.soil_depth, 10.0))
    torch.testing.assert_close(plain.channels, lifted.channels, atol=2e-3, rtol=1e-3)
    assert plain.channels.shape[0] == len(CHANNELS)
    for quarter, flip in ((1, False), (2, False), (3, False), (0, True), (1, True)):
        whole = [np.rot90(x, quarter) for x in (terrain.elevation, terrain.soil_depth)]
        there = terrain_features(Terrain.from_arrays(*(np.fliplr(x) if flip else x for x in whole), 10.0)).channels
        torch.testing.assert_close(there, turned(plain.channels[None], quarter, flip)[0], atol=2e-3, rtol=1e-3)


def test_downhill_points_down():
    """On a plane that falls to the east and, half as much, to the north."""
    east, south = np.meshgrid(np.arange(40.0), np.arange(30.0))
    channels = terrain_features(Terrain.from_arrays(500.0 - 4.0 * east + 2.0 * south, np.ones((30, 40)), 10.0)).channels
    steepness = np.sqrt(1.0 + 0.4**2 + 0.2**2)
    for name, fall in (("downhill_east", 0.4), ("downhill_south", -0.2)):
        np.testing.assert_allclose(channels[CHANNELS.index(name)], fall / steepness, atol=1e-3)


def test_kinematic_response_on_a_plane():
    """A plane's table does not change away from the ends; a supply spreads evenly: responses are 1."""
    rows, cols, cell = 8, 400, 10.0
    elevation = np.tile(np.arange(cols)[::-1] * cell * np.tan(np.radians(25.0)), (rows, 1))
    features = terrain_features(Terrain.from_arrays(elevation, 2.0, cell))
    last = features.table_response.shape[0] - 1
    middle = torch.arange(rows * cols).view(rows, cols)[4, 300].item()
    speed = np.sin(np.radians(25.0)) * np.cos(np.radians(25.0))
    assert features.table_response[last, middle] == pytest.approx(1.0, abs=1e-3)
    near_top = torch.arange(rows * cols).view(rows, cols)[4, 20].item()
    # after 256 units water from beyond the upper edge would be needed: the table has drained past this cell
    assert 256 * speed > 40
    assert features.table_response[last, near_top] < 0.01
    # kinematic wave: a supply r over tau gives h = r x / v once x < v tau, so the mean response is x / (v tau);
    # 21 cells supply this one
    assert features.supply_response[last, near_top] == pytest.approx(21 / (speed * TRAVEL_TIMES[-1]), rel=1e-3)


def test_cancel_stops_the_solver(terrain, untrained):
    class Stopped(Feedback):
        def isCanceled(self):
            return True

    with pytest.raises(Cancelled):
        next(NetworkSolver(untrained).solve(terrain, [Scenario()], Stopped()))


@pytest.mark.parametrize("option", [{"lateral_flow": False}, {"edges": "closed"}, {"evaluate": "minimum"}])
def test_options_that_were_not_learned_are_refused(terrain, untrained, option):
    scenario = Scenario(options=EngineOptions(**option))
    with pytest.raises(InputError, match="simulatefactorofsafety"):
        next(NetworkSolver(untrained).solve(terrain, [scenario], Feedback()))


def test_reliability_names_what_is_outside(terrain, untrained):
    solver = NetworkSolver(untrained)
    scenario = Scenario(rainfall=40.0)
    result = next(solver.solve(terrain, [scenario], Feedback()))
    judged = solver.reliability(terrain, scenario, result)
    assert judged.level == "outside"
    assert "RAINFALL" in str(judged)
    coarse = Terrain.from_arrays(terrain.elevation, terrain.soil_depth, 90.0)
    judged = solver.reliability(coarse, Scenario(), next(solver.solve(coarse, [Scenario()], Feedback())))
    assert "90 m" in str(judged)


def test_weights_survive_writing(untrained):
    network, card = weights.load(untrained)
    assert card["id"] == "small"
    assert card["channels"] == list(CHANNELS)
    assert card["local"] == list(LOCAL)
    assert card["units"]["conductivity"] == "m/s"
    assert network.architecture == SMALL


def test_foreign_weights_are_refused(untrained, tmp_path):
    missing = tmp_path / "none.safetensors"
    garbage = tmp_path / "garbage.safetensors"
    garbage.write_bytes(b"no weights at all")
    bare = tmp_path / "bare.safetensors"
    save_file({"x": torch.zeros(3)}, str(bare))
    for path in (missing, garbage, bare):
        with pytest.raises(InputError, match=r"Model weights \(MODEL\)"):
            weights.load(path)
    _network, card = weights.load(untrained)
    other = {k: v for k, v in card.items() if k not in ("architecture", "ranges")}
    swapped = tmp_path / "swapped.safetensors"
    import json

    save_file({"x": torch.zeros(3)}, str(swapped), metadata={"card": json.dumps({**other, "channels": ["elevation"]})})
    with pytest.raises(InputError, match="channels"):
        weights.load(swapped)


def test_shipped_weights_load_and_fit():
    network, card = weights.load()
    assert network.architecture.encoder == "unet"
    for key in ("id", "training", "metrics", "limits", "licence", "date", "ranges"):
        assert card.get(key), key
    assert weights.DEFAULT.stat().st_size < 10e6


def test_device_choice_falls_back_with_a_warning():
    warnings = []

    class Recording(Feedback):
        def pushWarning(self, text):
            warnings.append(text)

    chosen, name = choose_device("cpu", Recording())
    assert (chosen.type, warnings) == ("cpu", [])
    assert "cpu" in name
    if not torch.cuda.is_available():
        chosen, _ = choose_device("cuda", Recording())
        assert chosen.type == "cpu"
        assert "cuda" in warnings[0]
    with pytest.raises(InputError, match="DEVICE"):
        choose_device("tpu", Feedback())
    assert torch_status().installed


def test_tile_is_halved_when_memory_runs_out(terrain, untrained, monkeypatch):
    solver = NetworkSolver(untrained, device="cpu", tile=768)
    forward, sizes, warnings = solver.network.forward, [], []

    def scarce(x):
        sizes.append(x.shape[-1])
        if solver.tile > 400:
            raise torch.cuda.OutOfMemoryError("out of memory")
        return forward(x)

    class Recording(Feedback):
        def pushWarning(self, text):
            warnings.append(text)

    monkeypatch.setattr(solver.network, "forward", scarce)
    result = next(solver.solve(terrain, [Scenario(**STRONG)], Recording()))
    assert solver.tile == 384
    assert max(sizes) <= 768
    assert warnings
    assert result.valid_cells == int(terrain.valid.sum())


def test_gaps_in_a_raster_are_the_outside_as_for_the_engine(terrain, untrained):
    """A cell without conductivity drains its neighbours, whatever solver runs: the terrain ends there."""
    conductivity = np.full(terrain.grid.shape, 2e-5)
    conductivity[40:60, 40:60] = np.nan
    scenario = Scenario(conductivity=conductivity, lateral_anisotropy=20.0, cohesion=3.0)
    cut = terrain.restricted(np.isfinite(conductivity))
    from_raster = predict(terrain, scenario, untrained)
    from_terrain = predict(cut, scenario.with_values(conductivity=2e-5), untrained)
    np.testing.assert_allclose(from_raster.factor_of_safety, from_terrain.factor_of_safety, atol=1e-4)
    np.testing.assert_array_equal(from_raster.failure_mask, from_terrain.failure_mask)


def test_strength_alone_reuses_the_water_and_changes_nothing(terrain, untrained, monkeypatch):
    solver = NetworkSolver(untrained, device="cpu")
    first = next(solver.solve(terrain, [Scenario(**STRONG, cohesion=8.0)], Feedback()))
    weaker = Scenario(**STRONG, cohesion=3.0, friction_angle=20.0)
    alone = predict(terrain, weaker, untrained)

    def no_more(*_arguments):
        raise RuntimeError("the water was computed again")

    monkeypatch.setattr(solver, "_correct", no_more)
    again = next(solver.solve(terrain, [weaker], Feedback()))
    np.testing.assert_array_equal(again.factor_of_safety, alone.factor_of_safety)
    np.testing.assert_array_equal(again.water_table, first.water_table)
    with pytest.raises(RuntimeError, match="again"):
        next(solver.solve(terrain, [weaker.with_values(rainfall=5.0)], Feedback()))


def test_a_draft_needs_no_network_and_is_close(terrain, fresh):
    scenario = Scenario(**STRONG, cohesion=4.0)
    solver = NetworkSolver(fresh, device="cpu", draft=True)
    draft = next(solver.solve(terrain, [scenario], Feedback()))
    solver.draft = False
    whole = next(solver.solve(terrain, [scenario], Feedback()))
    both = (draft.failure_mask == 1) & (whole.failure_mask == 1)
    either = (draft.failure_mask == 1) | (whole.failure_mask == 1)
    assert either.sum() > 100
    assert both.sum() > 0.8 * either.sum()
    np.testing.assert_array_equal(draft.failure_mask == 255, whole.failure_mask == 255)


def test_the_terrain_is_read_on_the_cpu_when_the_gpu_has_no_room(terrain, untrained, monkeypatch):
    solver, warnings = NetworkSolver(untrained, device="cpu"), []
    solver._features_on = torch.device("cuda")

    def scarce(its, device, feedback):
        if torch.device(device).type == "cuda":
            raise torch.cuda.OutOfMemoryError("out of memory")
        return terrain_features(its, device, feedback)

    class Recording(Feedback):
        def pushWarning(self, text):
            warnings.append(text)

    monkeypatch.setattr("slopecast.plugin.ml.solver.terrain_features", scarce)
    result = next(solver.solve(terrain, [Scenario()], Recording()))
    assert result.valid_cells == int(terrain.valid.sum())
    assert len(warnings) == 1


def test_a_draft_keeps_the_water_of_thin_soil(untrained):
    """In 2 cm of soil a table at half the depth is half the depth."""
    plane = np.add.outer(np.arange(20.0), np.zeros(20)) * 5.0
    thin = Terrain.from_arrays(plane, 0.02, 10.0)
    scenario = Scenario(conductivity=1e-7, lateral_anisotropy=1.0, rainfall=1.0, duration=1.0, water_table_ratio=0.5)
    result = next(NetworkSolver(untrained, device="cpu", draft=True).solve(thin, [scenario], Feedback()))
    assert np.nanmedian(result.water_table) >= 0.009


@pytest.mark.parametrize(
    ("own", "managed", "options"),
    [(True, False, "torch"), (True, True, "torch"), (False, False, "--user torch"),
     (False, True, "--user --break-system-packages torch")],
)  # fmt: skip
def test_the_command_to_install_torch_is_that_of_this_python(tmp_path, monkeypatch, own, managed, options):
    """A virtual environment has no packages of a user; Debian's pip refuses unless it is told to."""
    monkeypatch.setattr(device.sys, "prefix", str(tmp_path / "venv") if own else device.sys.base_prefix)
    monkeypatch.setattr(device.sysconfig, "get_path", lambda name: str(tmp_path))
    monkeypatch.setattr(device.importlib.util, "find_spec", lambda name: None)
    if managed:
        (tmp_path / "EXTERNALLY-MANAGED").write_text("")
    assert f"-m pip install {options} safetensors" in device.torch_status().advice
