"""The paper's network: its preprocessing, its solver and what it refuses."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from messages import Messages
from safetensors.torch import load_file, save_file
from slopecast.plugin.core.dataset.cases import TRAIN, VALIDATION
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import MASK_NODATA
from slopecast.plugin.core.scenario import EngineOptions, Scenario
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.ml import model_file
from slopecast.plugin.ml.network_solver import NetworkSolver, network_solver_for
from slopecast.plugin.ml.paper import CHANNELS, PaperArchitecture, PaperNetwork, frame, read_channels, scaling_of
from slopecast.plugin.ml.paper_solver import PaperSolver
from slopecast.plugin.ml.reliability import describe_training
from slopecast.plugin.ml.training.loop import RunSettings
from slopecast.plugin.ml.training.losses import mask_loss
from slopecast.plugin.ml.training.mask_run import MaskCase, MaskRun, with_augmentation
from slopecast.plugin.ml.training.sampling import rotate_flip
from tiny_networks import written

TINY = PaperArchitecture(width=4, levels=1, dropout=0.2)
TRAINED = [Scenario(cohesion=c, root_cohesion=0.0) for c in (4.0, 9.0)]


@pytest.fixture(scope="module")
def hill():
    rows, cols = np.mgrid[0:40, 0:30]
    elevation = 100.0 + 60.0 * np.exp(-(((rows - 22) / 12.0) ** 2) - ((cols - 15) / 9.0) ** 2)
    elevation[elevation < 103.0] = np.nan
    return Terrain.from_arrays(elevation, np.where(np.isfinite(elevation), 1.0 + 0.05 * rows, np.nan), 5.0)


@pytest.fixture(scope="module")
def model(hill, tmp_path_factory):
    torch.manual_seed(1)
    network = PaperNetwork(TINY)
    card = {
        "id": "paper-test", "what": "", "training": {}, "metrics": {"mean_iou": 0.4}, "limits": "", "licence": "",
        "date": "", "temperature": 2.0, "scaling": scaling_of([hill]), **describe_training([hill], TRAINED),
    }  # fmt: skip
    path = tmp_path_factory.mktemp("weights") / "paper.safetensors"
    model_file.save(path, network, card)
    return path


def predict(model, terrain, scenario=TRAINED[0], **options):
    solver = PaperSolver(model, "cpu", **options)
    return solver, next(solver.solve(terrain, [scenario], Feedback()))


def test_channels_are_scaled_as_stated(hill):
    scenario = Scenario(cohesion=12.75, friction_angle=29.0, conductivity=1e-7 * 500**0.5, rainfall=16.192128754)
    channels, valid = read_channels(hill, scenario, scaling_of([hill]), PaperArchitecture(levels=1))
    inside = channels[:, valid]
    assert channels.shape == (6, *valid.shape)
    assert inside.shape == (6, hill.valid.sum())
    assert (inside[:2].min(axis=1) == 0.0).all()
    assert np.allclose(inside[:2].max(axis=1), 1.0)
    np.testing.assert_allclose(inside[2:, 0], [0.5, 0.5, 0.5, 1.0], rtol=1e-6)
    assert not channels[:, ~valid].any()
    depth = hill.soil_depth[hill.valid]
    np.testing.assert_allclose(inside[1], (depth - depth.min()) / np.ptp(depth), rtol=1e-6)


def test_a_raster_is_read_cell_by_cell(hill):
    rows = np.mgrid[0:40, 0:30][0]
    chosen = PaperArchitecture(levels=1, channels=("rainfall",))
    rain = np.where(hill.valid, 1.0 + rows, np.nan)
    channels, valid = read_channels(hill, Scenario(rainfall=rain), scaling_of([hill]), chosen)
    np.testing.assert_allclose(channels[0][valid] * 16.192128754, 1.0 + rows[hill.valid], rtol=1e-6)


@pytest.mark.parametrize(("kind", "size"), [("square", (496, 496)), ("box", (368, 320))])
def test_frames_hold_the_whole_study_area(kind, size):
    """The square is 489 x 489, then a multiple of 16."""
    valid = np.zeros((436, 489), dtype=bool)
    valid[11:379, 66:377] = True
    window, framed = frame(valid, PaperArchitecture(frame=kind))
    assert framed == size
    assert valid[window].sum() == valid.sum()
    assert all(s.stop - s.start <= n for s, n in zip(window, framed))


def test_flips_and_quarter_turns_double_the_set():
    shape = torch.arange(6).reshape(2, 3)
    seen = {(rotate_flip(shape, turn).numpy().tobytes(), rotate_flip(shape, turn).shape) for turn in range(8)}
    assert len(seen) == 8
    cases = with_augmentation(range(20), np.random.default_rng(0))
    assert [c for c, turn in cases if turn == 0] == list(range(20)) == [c for c, turn in cases if turn]


def test_loss_is_of_the_study_area_alone_and_zero_for_the_right_mask(hill):
    failed = torch.zeros(1, 40, 30)
    failed[0, 20:25, 10:15] = 1.0
    valid = torch.from_numpy(hill.valid)[None]
    right, _ = mask_loss(40.0 * (2.0 * failed - 1.0), failed, valid)
    assert float(right) < 1e-3
    beyond = torch.where(valid, 40.0 * (2.0 * failed - 1.0), 1e3)  # nonsense outside changes nothing
    assert float(mask_loss(beyond, failed, valid)[0]) == pytest.approx(float(right), abs=1e-6)
    assert float(mask_loss(-40.0 * (2.0 * failed - 1.0), failed, valid)[0]) > 1.0


def mask_run(folder, cases, **settings):
    areas = {id(c.terrain): c.terrain for c in cases}.values()
    return MaskRun(folder, PaperNetwork(TINY), RunSettings(bf16=False, **settings), cases, scaling_of([*areas]), {})


def test_cases_are_stacked_as_they_are_turned(hill, tmp_path):
    case = MaskCase(hill, TRAINED[0], np.ones(hill.valid.sum(), dtype=bool), TRAIN, "")
    images, failed, valid = mask_run(tmp_path, [case])._stack([(case, 0), (case, 2)])
    assert images.shape[:2] == (2, 6)
    assert torch.equal(failed[0].bool(), valid[0])
    for values in (images, failed, valid):
        assert torch.equal(torch.rot90(values[0], 2, (-2, -1)), values[1])


def test_a_batch_has_one_size_and_an_epoch_every_case_twice(hill, tmp_path):
    """Study areas of one size share batches."""
    higher = Terrain.from_arrays(hill.elevation + 50.0, hill.soil_depth, 5.0)
    narrow = Terrain.from_arrays(hill.elevation[:, 10:20], hill.soil_depth[:, 10:20], 5.0)
    cases = [MaskCase(t, s, np.zeros(t.valid.sum(), dtype=bool), TRAIN, "") for t in (hill, higher, narrow)
             for s in TRAINED]  # fmt: skip
    held = MaskCase(hill, TRAINED[0], cases[0].failed, VALIDATION, "")
    run = mask_run(tmp_path, [*cases, held], batch=3)
    plan = run.batches(0)
    seen = [id(case) for part in plan for case, _ in part]
    assert sorted(seen) == sorted(2 * [id(case) for case in cases])
    assert all(len(part) <= 3 for part in plan)
    assert all(run._stack(part)[0].shape[0] == len(part) for part in plan)
    assert any({id(hill), id(higher)} <= {id(case.terrain) for case, _ in part} for part in plan)
    assert [[(id(c), turn) for c, turn in part] for part in run.batches(0)] == [
        [(id(c), turn) for c, turn in part] for part in plan
    ]


def test_the_solver_gives_mask_and_confidence_and_no_factor_of_safety(model, hill):
    _, result = predict(model, hill)
    inside = hill.valid
    assert isinstance(network_solver_for(model, "cpu"), PaperSolver)
    assert (result.failure_mask[~inside] == MASK_NODATA).all()
    assert np.isnan(result.confidence[~inside]).all()
    assert result.factor_of_safety is result.water_table is result.wetting_front is None
    np.testing.assert_array_equal(result.failure_mask[inside] == 1, result.confidence[inside] > 0.5)
    assert result.valid_cells == inside.sum()
    assert result.failed_cells == (result.failure_mask == 1).sum()


def test_tiles_and_a_larger_map_change_nothing(model, hill):
    _, whole = predict(model, hill)
    _, tiled = predict(model, hill, tile=1)
    np.testing.assert_allclose(tiled.confidence, whole.confidence, atol=1e-5)
    wide = Terrain.from_arrays(
        *(np.pad(a, ((7, 3), (0, 11)), constant_values=np.nan) for a in (hill.elevation, hill.soil_depth)), 5.0
    )
    _, placed = predict(model, wide)
    np.testing.assert_allclose(placed.confidence[7:47, :30], whole.confidence, atol=1e-5)


@pytest.mark.parametrize(("room", "tile"), [(300, 256), (0, 256)], ids=["smaller tiles", "the processor"])
def test_a_card_without_room_is_made_do_without(model, hill, monkeypatch, room, tile):
    """``room``: side of the greatest window that a graphics card has memory for."""
    _, expected = predict(model, hill)
    solver, feedback = PaperSolver(model, "cpu", tile=512), Messages()
    solver.device = SimpleNamespace(type="card")
    whole = solver._run_tiles

    def scarce(*given):
        if solver.device.type == "card" and solver.tile > room:
            raise RuntimeError("MPS backend out of memory")
        solver.device, card = torch.device("cpu"), solver.device
        try:
            return whole(*given)
        finally:
            solver.device = card

    monkeypatch.setattr(solver, "_run_tiles", scarce)
    result = next(solver.solve(hill, [TRAINED[0]], feedback))
    np.testing.assert_allclose(result.confidence, expected.confidence, atol=1e-6)
    assert solver.tile == tile
    assert "tiles of 256" in feedback.warnings[0]
    assert solver.device.type == ("card" if room else "cpu")
    assert any("the CPU is used" in text for text in feedback.warnings) is not bool(room)


def test_scenarios_outside_the_training_range_are_marked_outside(model, hill):
    solver, result = predict(model, hill)
    assert solver.reliability(hill, TRAINED[0], result).level == "caution"
    other = Terrain.from_arrays(hill.elevation * 1.2, hill.soil_depth, 5.0)
    assert "study area on which it was trained" in str(solver.reliability(other, TRAINED[0], result))
    for changed, text in (
        ({"cohesion": 20.0}, "(COHESION) = 20 kPa is outside the trained range 4 to 9 kPa"),
        ({"duration": 6.0}, "(DURATION) was always 24 h in training"),
    ):
        judged = solver.reliability(hill, TRAINED[0].with_values(**changed), result)
        assert judged.level == "outside"
        assert text in str(judged)


def test_entries_that_a_card_leaves_empty_are_none(model, hill, tmp_path):
    """The study area is then unknown, and the logits are taken as they are."""
    card = {**model_file.read_card(model), **dict.fromkeys(("sites", "ranges", "constants", "temperature", "metrics"))}
    save_file(load_file(str(model)), str(tmp_path / "m.safetensors"), metadata={"card": json.dumps(card)})
    solver, result = predict(tmp_path / "m.safetensors", hill)
    assert solver.reliability(hill, TRAINED[0], result).level == "outside"
    assert "sites" not in solver.card


def test_ranges_and_constants_are_those_of_the_training(hill):
    zones = np.where(hill.valid, 2e-6, 5e-6)
    found = describe_training([hill], [TRAINED[0].with_values(conductivity=zones, duration=d) for d in (12.0, 24.0)])
    assert found["ranges"]["conductivity"] == [2e-6, 5e-6]
    assert found["ranges"]["cohesion"] == [4.0, 4.0]
    assert "duration" not in found["constants"]
    assert found["constants"]["root_cohesion"] == 0.0
    assert found["sites"][0]["cells"] == hill.valid.sum()


def test_what_the_network_cannot_see_is_refused(model, hill):
    depth = np.full(hill.grid.shape, 0.3)
    with pytest.raises(InputError, match="MOISTURE_DEFICIT"):
        predict(model, hill, Scenario(moisture_deficit=depth))
    with pytest.raises(InputError, match="default options"):
        predict(model, hill, Scenario(options=EngineOptions(lateral_flow=False)))
    _, result = predict(model, hill, Scenario(cohesion=np.where(hill.valid, 5.0, np.nan), root_cohesion=0.0))
    assert result.valid_cells == hill.valid.sum()


def test_weights_that_do_not_fit_are_refused(model, tmp_path, monkeypatch):
    with pytest.raises(InputError, match="paper's network"):
        NetworkSolver(model, "cpu")
    with pytest.raises(InputError, match=r"not .*a network of the paper"):
        PaperSolver(written(tmp_path / "network.safetensors"), "cpu")
    for name in ("CHANNELS", "PAPER_FORMAT"):
        owner = "paper" if name == "CHANNELS" else "model_file"
        with monkeypatch.context() as patch:
            patch.setattr(
                f"slopecast.plugin.ml.{owner}.{name}", "slopecast-paper-0" if owner == "model_file" else CHANNELS[:2]
            )
            with pytest.raises(InputError, match="was made for another version"):
                model_file.load(model, PaperNetwork)


def test_half_precision_loses_nothing_measurable(model, hill):
    torch.manual_seed(1)
    network = PaperNetwork(TINY).eval()
    channels, valid = read_channels(hill, TRAINED[0], scaling_of([hill]), TINY)
    with torch.no_grad():
        logits = network(torch.from_numpy(channels)[None])[0].numpy()[valid]
    _, result = predict(model, hill)
    np.testing.assert_allclose(result.confidence[hill.valid], 1.0 / (1.0 + np.exp(-logits / 2.0)), atol=2e-3)


@pytest.mark.skipif(not model_file.PAPER.is_file(), reason="the weights are made by 'make weights'")
def test_shipped_weights_fit_this_version_and_their_card_is_right():
    network, card = model_file.load(kind=PaperNetwork)
    assert model_file.PAPER.stat().st_size < 10e6
    assert list(network.architecture.channels) == list(CHANNELS)
    assert set(card["ranges"]) == set(CHANNELS[2:])
    assert card["sites"][0]["cells"] == pytest.approx(85_909, rel=0.001)
    assert card["metrics"]["on"] == "the test cases of the data set"
    assert 0.0 < card["metrics"]["mean_iou"] <= 1.0
    done, of = (int(n) for n in card["training"]["epochs"].split(" of "))
    text = model_file.PAPER.with_suffix(".md").read_text(encoding="utf-8")
    assert f"epochs: {done} of {of}" in text
    assert f"mean_iou: {card['metrics']['mean_iou']}" in text
