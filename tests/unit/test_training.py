"""The data set and the training loop, on a tiny network."""

import numpy as np
import pytest
import torch
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.ml import dataset
from slopecast.plugin.ml.training import Settings, Trainer
from slopecast.plugin.ml.unet import Architecture

TINY = Architecture(width=4, levels=1, features=4, hidden=8)
QUICK = Settings(steps=6, batch=1, scenarios=2, cells=256, bf16=False, every=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    for seed in range(4):
        terrain = dataset.procedural_terrain(seed, 48)
        shard = dataset.simulate_shard(terrain, 2, np.random.default_rng(seed), Feedback())
        dataset.write_shard(folder / f"mountain_{seed:06d}.npz", shard)
    return folder


def test_shard_holds_what_the_engine_says(folder):
    shard = dataset.read_shard(folder / "mountain_000001.npz")
    for number in range(2):
        result = next(Engine().solve(shard.terrain, [shard.scenario(number)], Feedback()))
        valid = shard.terrain.valid
        table = dataset.unpack_share(shard.water_table[number])[valid] * shard.terrain.soil_depth[valid]
        np.testing.assert_allclose(table, result.water_table[valid], atol=1e-4)
    assert not list(folder.glob(".*part*"))


def test_drawn_hydrology_stays_within_the_training_ranges():
    rng = np.random.default_rng(0)
    from slopecast.plugin.core.scenario import Scenario

    drawn = [Scenario(**dataset.draw_hydrology(rng)) for _ in range(300)]
    assert not any(s.outside_training() for s in drawn)
    assert max(s.lateral_conductivity for s in drawn) <= 5e-4 * (1 + 1e-9)
    assert {s.lateral_anisotropy > 20 for s in drawn} == {True, False}


def test_building_resumes(tmp_path):
    first = list(dataset.build_procedural(tmp_path, range(2), 1, Feedback(), size=32))
    stamp = first[0].stat().st_mtime_ns
    again = list(dataset.build_procedural(tmp_path, range(3), 1, Feedback(), size=32))
    assert again[0].stat().st_mtime_ns == stamp
    assert len(again) == 3


def test_training_resumes_with_the_same_numbers(folder, tmp_path):
    whole = Trainer(tmp_path / "whole", folder, TINY, QUICK, validation=1)
    whole.run(Feedback())
    Trainer(tmp_path / "half", folder, TINY, QUICK, validation=1).run(Feedback(), until_step=3)
    resumed = Trainer(tmp_path / "half", folder, TINY, QUICK, validation=1)
    assert resumed.step == 3
    resumed.run(Feedback())
    assert resumed.step == whole.step == 6
    for a, b in zip(whole.network.state_dict().values(), resumed.network.state_dict().values()):
        assert torch.equal(a, b)
    assert (tmp_path / "whole" / "history.csv").read_text().count("\n") == 3


def test_loss_falls_on_what_is_trained(folder, tmp_path):
    settings = Settings(**{**vars(QUICK), "steps": 60, "every": 1000, "learning_rate": 1e-2})
    trainer = Trainer(tmp_path, folder, TINY, settings, validation=1)
    while trainer._take_new_shard():
        pass
    trainer.held.update(trainer.prepared)
    before = trainer.validate()
    for _ in range(60):
        trainer._one_step()
    after = trainer.validate()
    assert after["loss"] < before["loss"]
    assert after["water"] < before["water"]
