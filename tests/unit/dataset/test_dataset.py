"""Data sets: what is stored gives the engine's masks back; folders that are none are refused; builds resume."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from slopecast.plugin.core.dataset import build as building
from slopecast.plugin.core.dataset import plan as plans
from slopecast.plugin.core.dataset import simulate
from slopecast.plugin.core.dataset.cases import SPLITS, TEST, Case
from slopecast.plugin.core.dataset.dataset import Dataset, read_dataset
from slopecast.plugin.core.dataset.designs import SHARE_BINS
from slopecast.plugin.core.dataset.shard import Shard, read_shard, write_shard
from slopecast.plugin.core.dataset.simulate import procedural_terrain, simulate_balanced, simulate_cases
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.validation.metrics import bin_number
from slopecast.plugin.core.workers.parallel import Threads
from slopecast.plugin.variables import STRENGTH
from study_areas import rough_terrain

WATER = {"conductivity": 5e-6, "rainfall": 12.0, "duration": 12.0, "lateral_anisotropy": 20.0}


@pytest.fixture(scope="module")
def terrain():
    return procedural_terrain(11, 40)


@pytest.fixture(scope="module")
def cases():
    """Three strengths in the same water, and another water."""
    strengths = [{"cohesion": c, "friction_angle": 20.0 + c, "root_depth": 9.0} for c in (0.5, 3.0, 6.0)]
    made = [Case(f"c{n}", {**WATER, **strength}, split=n % 3, group="g") for n, strength in enumerate(strengths)]
    return [*made, Case("ponded", {**WATER, "conductivity": 2e-7, "cohesion": 1.0}, split=TEST, group="g")]


@pytest.fixture(scope="module")
def shard(terrain, cases, tmp_path_factory):
    path = tmp_path_factory.mktemp("shard") / "one.npz"
    write_shard(path, simulate_cases(terrain, cases, Feedback()))
    return read_shard(path)


def test_the_stored_water_is_the_engines(shard, cases):
    """In single precision; factor of safety and mask follow from it and the strength of each case."""
    for number, case in enumerate(cases):
        found = next(Engine().solve(shard.terrain, [case.scenario], Feedback()))
        state = shard.state(number)
        for name in ("water_table", "wetting_front"):
            np.testing.assert_allclose(getattr(state, name), getattr(found.water, name), rtol=1e-6, atol=1e-7)
        for name in ("ponded", "contact"):
            np.testing.assert_array_equal(getattr(state, name), getattr(found.water, name))
        np.testing.assert_allclose(shard.factor_of_safety(number), found.factor_of_safety, rtol=1e-5)
        np.testing.assert_array_equal(shard.mask(number), found.failure_mask)
        assert shard.failed_cells[number] == found.failed_cells
    assert len({int(n) for n in shard.failed_cells}) > 2
    assert list(shard.split) == [0, 1, 2, 2]
    assert shard.scenario(3).name == "ponded"
    assert shard.state(3).ponded.any()
    assert not shard.state(0).ponded.all()


def test_a_shard_holds_only_what_the_engine_computed(shard, tmp_path):
    """Terrain, scenarios and water: nothing that depends on a network. Water that cases share is stored once."""
    with np.load(_written(tmp_path / "again.npz", shard)) as data:
        assert sorted(data.files) == sorted([
            "elevation", "soil_depth", "geotransform", "crs", "zones", "factors", "scenarios", "strength", "names",
            "groups", "split", "failed_cells", "water_of_case", "water_table", "wetting_front", "ponded", "contact",
        ])  # fmt: skip
        assert data["water_table"].shape == (2, shard.terrain.cells.count)
        assert data["water_table"].dtype == data["wetting_front"].dtype == np.float32
        assert data["water_of_case"].tolist() == [0, 0, 0, 1]
        assert data["scenarios"].shape[0] == 4
        assert data["strength"].shape == (4, len(STRENGTH))


@pytest.mark.parametrize("made", [procedural_terrain(21, 40), rough_terrain(5), rough_terrain(7, (20, 33), 0.3, 2.0)])
@pytest.mark.parametrize("zoned", [True, False])
def test_drawn_cases_come_back_as_the_engine_computed_them(made, zoned, tmp_path, monkeypatch):
    """With NoData, bare rock and conductivity by zones; the group of a case is its share of failed cells."""
    monkeypatch.setattr(simulate, "_ZONED_SHARE", 0.5)
    area = plans.StudyArea("area", "given", terrain=made).make()  # rounded as it is stored
    shard = read_shard(_written(tmp_path / "drawn.npz", simulate_balanced(area, 8, (4, 1), Feedback(), zoned=zoned)))
    assert shard.terrain.cells.count == made.cells.count
    for number in range(len(shard)):
        scenario = shard.scenario(number)
        found = next(Engine().solve(shard.terrain, [scenario], Feedback()))
        state = shard.state(number)
        np.testing.assert_allclose(state.water_table, found.water.water_table, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(state.wetting_front, found.water.wetting_front, rtol=1e-6, atol=1e-7)
        np.testing.assert_array_equal(state.ponded, found.water.ponded)
        np.testing.assert_array_equal(state.contact, found.water.contact)
        assert abs(int(shard.failed_cells[number]) - found.failed_cells) <= 1
        share = shard.failed_cells[number] / shard.terrain.cells.count
        assert shard.groups[number] == SHARE_BINS[bin_number(SHARE_BINS, float(share))].label
    assert any(np.ndim(shard.scenario(number).conductivity) for number in range(len(shard))) is zoned


def _written(path, shard):
    write_shard(path, shard)
    return path


@pytest.fixture(scope="module")
def plan(terrain, cases):
    return plans.table_plan(cases, terrain, "hill", "hill.tif")


@pytest.fixture(scope="module")
def folder(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sets") / "Größe"
    building.build(plan, folder, Feedback(), executor=Threads(1), version="9.9")
    return folder


def test_a_data_set_describes_itself(folder):
    dataset = read_dataset(folder)
    assert isinstance(dataset, Dataset)
    assert read_dataset(folder / "dataset.json").references == dataset.references
    assert dataset.description["plugin_version"] == "9.9"
    assert {v["name"] for v in dataset.description["variables"]} >= {"cohesion", "water_table", "contact"}
    assert dataset.description["mountains"][0]["valid_cells"] == dataset.shard(0).terrain.valid.sum()
    assert sum(len(dataset.cases(side)) for side in range(len(SPLITS))) == len(dataset) == 4
    for case in dataset.reference_cases(dataset.cases(TEST)):
        reference = next(r for r in dataset.references if r.name == case.name)
        assert (case.mask == 1).sum() == reference.failed_cells
        assert case.scenario.conductivity == dict(zip(("c0", "c1", "c2", "ponded"), [5e-6] * 3 + [2e-7]))[case.name]


def test_shards_of_one_study_area_share_their_terrain(terrain, cases, tmp_path, monkeypatch):
    """What is computed for a terrain, such as its slope, is then computed once."""
    monkeypatch.setattr(plans, "_MOST_CASES_PER_SHARD", 2)
    dataset = building.build(plans.table_plan(cases, terrain, "hill"), tmp_path, Feedback(), executor=Threads(1))
    assert len(dataset.shards) == 2
    assert dataset.shard(0).terrain is dataset.shard(1).terrain
    assert dataset.shard(0) is dataset.shard(0)


def test_other_folders_are_refused_with_a_message(folder, tmp_path):
    """Missing, foreign, unfinished, of another version, incomplete, damaged: each is distinguished."""

    def message_of(name, **files):
        made = tmp_path / name
        made.mkdir()
        for file, text in files.items():
            (made / f"{file}.json").write_text(text)
        with pytest.raises(InputError) as error:
            read_dataset(made)
        return str(error.value)

    with pytest.raises(InputError, match=r"cannot be read \((Not a directory|No such file)"):
        read_dataset(tmp_path / "missing")
    assert "Build a training set" in message_of("empty")
    assert "is an unfinished build" in message_of("unfinished", build="{}")
    assert "slopecast-dataset-2" in message_of("other", dataset='{"format": "coco"}')
    assert "Build the data set again" in message_of("earlier", dataset='{"format": "slopecast-dataset-1"}')
    assert "cannot be read" in message_of("broken", dataset="{")
    described = (folder / "dataset.json").read_text()
    assert "lacks 1 of 1 files" in message_of("incomplete", dataset=described)
    changed = json.loads(described)
    changed["shards"] = [{"file": "x.npz"}]
    assert "damaged" in message_of("damaged", dataset=json.dumps(changed))
    whole = tmp_path / "cut"
    whole.mkdir()
    (whole / "dataset.json").write_text(described)
    name = read_dataset(folder).shards[0].file
    (whole / name).write_bytes((folder / name).read_bytes()[:2000])
    with pytest.raises(InputError, match="cannot be read"):
        read_dataset(whole).shard(0)


def test_building_again_keeps_what_is_there(plan, folder):
    stamps = {p.name: p.stat().st_mtime_ns for p in folder.glob("*.npz")}
    again = building.build(plan, folder, Feedback(), executor=Threads(1), version="9.9")
    assert {p.name: p.stat().st_mtime_ns for p in folder.glob("*.npz")} == stamps
    assert len(again) == 4
    with pytest.raises(InputError, match="another data set"):
        building.build(plans.space_filling_plan(24, 1), folder, Feedback(), executor=Threads(1))


@pytest.mark.parametrize("unfinished", [False, True])
def test_shards_of_another_version_are_not_mixed_or_taken_for_this_one_s(unfinished, plan, folder, tmp_path):
    made = tmp_path / "set"
    shutil.copytree(folder, made)
    if unfinished:
        (made / "dataset.json").rename(made / "build.json")
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    with pytest.raises(InputError, match=r"contains shards of Slopecast 9\.9; this is 9\.10"):
        building.build(plan, made, Feedback(), executor=Threads(1), version="9.10")
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before


def test_folders_with_other_shards_are_left_alone(plan, tmp_path, shard):
    write_shard(tmp_path / "mine.npz", shard)
    with pytest.raises(InputError, match="other data"):
        building.build(plan, tmp_path, Feedback(), executor=Threads(1))
    assert [p.name for p in tmp_path.iterdir()] == ["mine.npz"]


def test_no_study_area_is_on_two_sides():
    """The general set is split by study area; other seeds give other study areas."""
    plan = plans.space_filling_plan(24 * 20, seed=3)
    sides = {}
    for block in plan.blocks:
        sides.setdefault(block.area.seed, set()).add(block.split)
    assert all(len(side) == 1 for side in sides.values())
    assert sorted(len([s for s in sides.values() if s == {side}]) for side in (0, 1, 2)) == [2, 2, 16]
    other = {block.area.seed for block in plans.space_filling_plan(24 * 20, seed=4).blocks}
    assert not other & set(sides)


def test_several_threads_build_the_same(plan, folder, tmp_path, monkeypatch):
    """Two threads write the shards that one does, byte by byte of their arrays."""
    monkeypatch.setattr(plans, "_MOST_CASES_PER_SHARD", 2)
    warned = []
    feedback = Feedback()
    feedback.pushWarning = warned.append
    case_plan = plans.table_plan(plan.blocks[0].cases, plan.blocks[0].area.terrain, "hill")
    made = building.build(case_plan, tmp_path / "set", feedback, executor=Threads(2))
    assert warned == []
    alone = read_shard(folder / read_dataset(folder).shards[0].file)
    both: list[Shard] = [made.shard(0), made.shard(1)]
    for number in range(len(alone)):
        state = both[number // 2].state(number % 2)
        np.testing.assert_array_equal(state.water_table, alone.state(number).water_table)
    np.testing.assert_array_equal(np.concatenate([s.failed_cells for s in both]), alone.failed_cells)


def test_a_terrain_keeps_its_place(terrain, cases, tmp_path):
    """Rectangular cells and a coordinate system come back as they were."""
    grid = Grid(40, 40, (200_000.0, 5.0, 0.0, 560_000.0, 0.0, -6.0), 'LOCAL_CS["x"]')
    placed = Terrain(grid, terrain.elevation, terrain.soil_depth)
    write_shard(tmp_path / "s.npz", simulate_cases(placed, cases[:1], Feedback()))
    assert read_shard(tmp_path / "s.npz").terrain.grid == grid


def test_a_large_study_area_is_taken_by_windows(terrain):
    """Windows lie where they lay, do not overlap, leave flat and empty parts out, and are split as study areas are."""
    grid = Grid(1000, 1000, (200_000.0, 5.0, 0.0, 560_000.0, 0.0, -5.0), 'LOCAL_CS["x"]')
    elevation = np.tile(terrain.elevation, (25, 25))
    elevation[:, 750:] = 100.0  # a plain
    elevation[:250, :250] = np.nan
    large = Terrain(grid, elevation, np.full(elevation.shape, 2.0))
    plan = plans.space_filling_plan(24 * 15, 1, large, "big")
    sides, covered = {}, np.zeros(grid.shape, dtype=int)
    for block in plan.blocks:
        sides.setdefault(block.area.name, set()).add(block.split)
    for area in plan.areas:
        x, _, _, y, _, _ = area.terrain.grid.geotransform
        row, col = round((560_000 - y) / 5), round((x - 200_000) / 5)
        part = slice(row, row + area.terrain.grid.rows), slice(col, col + area.terrain.grid.cols)
        np.testing.assert_array_equal(area.terrain.elevation, elevation[part])
        covered[part] += 1
    assert covered.max() == 1
    assert covered[:250, :250].max() == covered[:, 750:].max() == 0
    assert len(plan) == 24 * 15
    assert all(len(found) == 1 for found in sides.values())
    assert {side for found in sides.values() for side in found} == {0, 1, 2}
    assert len({block.file for block in plan.blocks}) == len(plan.blocks)
    assert len({block.seed for block in plan.blocks}) == len(plan.blocks)


def test_cases_with_the_same_water_are_on_one_side(terrain):
    """Strength alone makes no new hydrology; fewer than three hydrologies are split by row, with a warning."""
    made = [
        Case(f"k{k}_c{c}", {**WATER, "conductivity": k * 1e-6, "cohesion": float(c)})
        for k in range(1, 5)
        for c in (1, 9)
    ]
    plan = plans.table_plan(made, terrain, "hill")
    sides = {}
    for case in plan.blocks[0].cases:
        sides.setdefault(case.values["conductivity"], set()).add(case.split)
    assert all(len(side) == 1 for side in sides.values())
    assert set.union(*sides.values()) == {0, 1, 2}
    assert plan.warning == ""
    few = plans.table_plan(made[:4], terrain, "hill")
    assert {case.split for case in few.blocks[0].cases} == {0, 1, 2}
    assert "share water tables" in few.warning


def test_few_cases_on_a_large_study_area_still_have_all_sides(terrain):
    grid = Grid(1000, 1000, (200_000.0, 5.0, 0.0, 560_000.0, 0.0, -5.0), "")
    large = Terrain(grid, np.tile(terrain.elevation, (25, 25)), np.full(grid.shape, 2.0))
    plan = plans.space_filling_plan(30, 1, large, "big")
    assert {block.split for block in plan.blocks} == {0, 1, 2}
    assert len(plan) == 30
