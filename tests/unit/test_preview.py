"""The live map's arithmetic: coarser terrains, masks, counts and histograms."""

from dataclasses import replace

import numpy as np
import pytest
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.column import Column
from slopecast.plugin.core.presets import GROUPS, PRESETS
from slopecast.plugin.core.preview import HISTOGRAM_EDGES, coarsening, coarser, histogram, picture, refined
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain


def terrain():
    elevation = np.add.outer(np.arange(7), np.arange(10)).astype(float) * 5.0
    elevation[2, 3] = np.nan
    elevation[4:6, 4:6] = np.nan  # a whole block
    return Terrain.from_arrays(elevation, 2.0, 10.0)


def test_blocks_average_their_known_cells():
    fine = terrain()
    coarse = coarser(fine, 2)
    assert coarse.grid.shape == (4, 5)
    assert coarse.grid.cell_width == 20.0
    assert coarse.grid.geotransform[0] == fine.grid.geotransform[0]
    assert coarse.elevation[0, 0] == np.mean([0.0, 5.0, 5.0, 10.0])
    assert coarse.elevation[1, 1] == pytest.approx(np.mean([20.0, 25.0, 30.0]))  # one of the four is missing
    assert not coarse.valid[2, 2]
    assert coarse.valid.sum() == 19


def test_a_coarse_picture_has_the_terrain_s_own_cells_and_gaps():
    fine = terrain()
    fs = np.full((4, 5), 2.0)
    fs[0, 0] = 0.5
    fs[2, 2] = np.nan
    drawn = picture(fs, fine, 2)
    assert drawn.mask.shape == fine.grid.shape
    assert ((drawn.mask == 255) == ~fine.valid).all()
    assert (drawn.failed_cells, drawn.valid_cells) == (4, fine.valid.sum())
    assert drawn.failed_share == 4 / fine.valid.sum()


def test_a_refined_preview_is_exact_where_no_water_crosses_cells():
    fine, scenario = terrain(), Scenario(cohesion=3.0, rainfall=12.0)
    coarse = coarser(fine, 3)
    on_blocks, in_full = (next(Column().solve(one, [scenario], Feedback())) for one in (coarse, fine))
    fs = refined(fine, coarse, on_blocks, 3)
    np.testing.assert_allclose(fs, in_full.factor_of_safety, rtol=1e-5)


def test_a_refined_preview_takes_water_from_the_neighbours():
    fine, scenario = terrain(), Scenario(cohesion=3.0)
    coarse = coarser(fine, 3)
    dry = next(Column().solve(coarse, [scenario], Feedback()))
    wet = replace(dry, water=replace(dry.water, water_table=coarse.cells.soil_depth))
    less = refined(fine, coarse, wet, 3)[fine.valid] <= refined(fine, coarse, dry, 3)[fine.valid]
    assert less.all()


def test_counts_of_a_picture_in_full():
    fine = Terrain.from_arrays(np.arange(9.0).reshape(3, 3), 1.0, 10.0)
    fs = np.ones((3, 3))
    fs[0] = [0.999, 1.0, 0.2]
    drawn = picture(fs, fine)
    assert (drawn.mask == [[1, 0, 1], [0, 0, 0], [0, 0, 0]]).all()
    assert drawn.failed_cells == 2


def test_the_histogram_parts_what_fails_from_what_holds():
    counts = histogram(
        np.array([0.0, 0.95, np.nextafter(np.float32(1.0), np.float32(0.0)), 1.0, 1.05, 9.0], np.float32)
    )
    below = HISTOGRAM_EDGES[:-1] < 1.0 - 1e-9
    assert (counts[below].sum(), counts[~below].sum()) == (3, 3)
    assert counts[-1] == 1


@pytest.mark.parametrize(("cells", "most", "factor"), [(100, 100, 1), (101, 100, 2), (400, 100, 2), (401, 100, 3)])
def test_how_much_coarser(cells, most, factor):
    assert coarsening(cells, most) == factor


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.label)
def test_presets_are_possible_and_have_a_source(preset):
    Scenario.from_mapping(preset.values)
    assert preset.source
    assert preset.group in GROUPS
    assert all(len(repr(value)) <= 8 for value in preset.values.values())  # as people would write it


def test_the_published_cases():
    cases = [preset.values for preset in PRESETS if preset.group == "case"]
    assert [case["CONDUCTIVITY"] for case in cases] == [1.3e-6, 4.4e-6]
    assert [case["FRICTION_ANGLE"] for case in cases] == [26.6, 23.0]


def test_a_texture_s_conductivity_is_in_metres_per_second():
    loam = next(preset for preset in PRESETS if preset.label == "Sandy loam")
    assert loam.values == {"CONDUCTIVITY": 3.03e-6, "SUCTION_HEAD": 0.1101}
