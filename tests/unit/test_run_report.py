"""Reports of runs: what many masks say together, the map, the histogram, the page."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from marked_pages import mark, unmarked
from slopecast.plugin.core.failure_class import CLASS_LABELS
from slopecast.plugin.core.map_parts.tiles import Tile
from slopecast.plugin.core.probability.failure_tally import FailureTally, explain_similar_masks, order_warning
from slopecast.plugin.core.reports.html import Bar, bar_plot
from slopecast.plugin.core.reports.map_picture import MapClass, map_figure, png
from slopecast.plugin.core.reports.run import factor_of_safety_histogram, scenario_page, table_page
from slopecast.plugin.core.reports.run_summary import FS_EDGES, WindowSums, count_by_fs
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.topography.terrain_checks import terrain_cautions
from slopecast.plugin.core.windowed.solve import SolvedWindow
from slopecast.plugin.text import pages_in
from study_areas import result_of, solve

MASKS = np.array([[[0, 1, 1], [255, 0, 0]], [[0, 1, 0], [255, 1, 0]], [[0, 1, 1], [255, 0, 255]]], dtype=np.uint8)


def slope(rows=20, cols=30, degrees=30.0):
    elevation = np.repeat(10.0 * np.tan(np.radians(degrees)) * np.arange(float(rows))[:, None], cols, axis=1)
    return Terrain.from_arrays(elevation, 2.0, 10.0)


def result(fs, **values):
    return result_of(fs, Scenario(**values))


def run_summary(terrain, solved):
    """Sums of a whole map with its map."""
    sums = WindowSums(solved.scenario, terrain)
    whole = (slice(0, terrain.grid.rows), slice(0, terrain.grid.cols))
    sums.add(SolvedWindow(Tile(whole, whole), terrain, solved))
    return sums.summary()


def test_tally_counts_and_numbers():
    tally = FailureTally((2, 3))
    for mask in MASKS:
        tally.add(mask)
    nan = np.nan
    np.testing.assert_allclose(tally.frequency, [[0, 1, 2 / 3], [nan, 1 / 3, nan]], rtol=1e-6)
    assert tally.first.tolist() == [[0, 1, 1], [255, 2, 255]]
    assert tally.first.dtype == np.uint8
    assert not tally.masks_are_similar


def test_the_tally_counts_masks_that_do_not_differ():
    tally = FailureTally((2, 3))
    tally.add(MASKS[0])
    assert not tally.masks_are_similar  # one alone is not informative
    tally.add(MASKS[0])
    assert tally.masks_are_similar
    none = FailureTally((2, 3))
    for _ in range(2):
        none.add(np.zeros((2, 3), dtype=np.uint8))
    assert not none.masks_are_similar


@pytest.mark.parametrize(("differing", "alike"), [(0, True), (1, True), (2, False)])
def test_masks_are_alike_up_to_1_percent_of_the_cells_that_fail(differing, alike):
    tally, mask = FailureTally((10, 20)), np.zeros((10, 20), dtype=np.uint8)
    mask[:5] = 1
    tally.add(mask)
    mask[5, :differing] = 1
    tally.add(mask)
    assert tally.masks_are_similar == alike


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([{"rainfall": 12.2}, {"rainfall": 19.55}], "conductivity limits infiltration. The rain of all scenarios (12.2 "
         "to 19.6 mm/h) exceeds the saturated conductivity (3e-06 m/s, 10.8 mm/h), and the excess runs off."),
        ([{"rainfall": 10.5}, {"rainfall": 19.55}], "they fail without the rain, their soil is saturated"),
        ([{"rainfall": 1.0}, {"rainfall": 2.0}], "they fail without the rain, their soil is saturated"),
        ([{"rainfall": 12.2}, {"rainfall": 19.55, "cohesion": 8.5}], "the parameters that differ between them"),
        ([{"conductivity": np.full((2, 2), 1e-6), "rainfall": 12.0}] * 2, "the same parameters"),
        ([{"rainfall": np.full((2, 2), 12.0)}] * 2, "the same parameters"),
        ([{"conductivity": np.full((2, 2), 1e-6), "rainfall": rain} for rain in (12.0, 15.0)], "or rain beyond its"),
    ],
)  # fmt: skip
def test_why_masks_are_alike(changes, words):
    assert words in str(explain_similar_masks([Scenario(**{"conductivity": 3e-6, **one}) for one in changes]))


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ([{"rainfall": 5.0}, {"rainfall": 9.0}, {"rainfall": 7.0}], "'2' follows '1'"),
        ([{"rainfall": 5.0, "duration": 24.0}, {"rainfall": 5.0, "duration": 12.0}], "'1' follows '0'"),
        ([{"rainfall": 5.0}, {"rainfall": 5.0}, {"rainfall": 9.0}], None),
        ([{"rainfall": 9.0, "duration": 12.0}, {"rainfall": 5.0, "duration": 24.0}], None),
        ([{"rainfall": 9.0}, {"rainfall": 5.0, "cohesion": 3.0}], None),
    ],
)
def test_rows_that_are_not_in_the_order_of_their_rain(changes, names):
    warning = order_warning([Scenario(name=str(number), **one) for number, one in enumerate(changes)])
    assert names in warning if names else warning is None


def test_tally_of_more_scenarios_than_a_byte_numbers():
    tally = FailureTally((1, 2))
    for number in range(300):
        tally.add(np.array([[0, number == 290]], dtype=np.uint8))
    assert tally.first.dtype == np.float32
    assert tally.first.tolist() == [[0.0, 291.0]]


def decoded(data):
    """Pixels of a PNG of the kind that is written here."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    place, chunks = 8, {}
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        assert struct.unpack(">I", data[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + body)
        chunks[kind] = body
        place += 12 + length
    cols, rows, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colour) == (8, 2)
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(rows, 1 + 3 * cols)
    assert (lines[:, 0] == 0).all()
    return lines[:, 1:].reshape(rows, cols, 3)


def test_png_keeps_the_pixels():
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    assert (decoded(png(image)) == image).all()


def picture(figure):
    return decoded(base64.b64decode(re.search(r"base64,([^\"]+)", figure).group(1)))


def test_map_shows_classes_where_they_are():
    classes = np.zeros((20, 30), dtype=np.uint8)
    classes[3, 4], classes[10] = 1, 255
    figure = map_figure(slope(), classes, [MapClass("stable"), MapClass("failed", "#ff0000")], "a < b")
    root = ElementTree.fromstring(figure)
    pixels = picture(figure).astype(int)
    assert pixels.shape == (20, 30, 3)
    red = pixels[..., 0] - pixels[..., 1]
    assert np.argwhere(red > 100).tolist() == [[3, 4]]
    assert (pixels[10] == 255).all()  # NoData is white
    texts = [t.text for t in root.iter("text")]
    assert {"stable", "failed", "N"} <= set(texts)
    assert any(text.endswith(" m") for text in texts)


def test_large_maps_are_thinned_and_lose_no_cell():
    classes = np.zeros((10, 2111), dtype=np.uint8)
    classes[7, 2000] = 1
    pixels = picture(map_figure(slope(10, 2111), classes, [MapClass("a"), MapClass("b", "#ff0000")])).astype(int)
    assert max(pixels.shape) <= 700
    assert (pixels[..., 0] - pixels[..., 1] > 100).sum() == 1


def test_rows_that_run_north_are_drawn_north_up():
    terrain = slope()
    grid = replace(terrain.grid, geotransform=(0.0, 10.0, 0.0, 0.0, 0.0, 10.0))
    classes = np.zeros((20, 30), dtype=np.uint8)
    classes[0] = 1
    pixels = picture(map_figure(replace(terrain, grid=grid), classes, [MapClass("a"), MapClass("b", "#ff0000")]))
    assert (pixels[-1, :, 0].astype(int) - pixels[-1, :, 1] > 100).all()


def bars(figure):
    """(height, colour) of the bars."""
    return [(float(r.get("height")), r.get("fill")) for r in ElementTree.fromstring(figure).iter("rect")]


def test_bars_are_as_high_as_their_values():
    found = bars(bar_plot([Bar("a", 1.0), Bar("<b>", 2.0), Bar("c", 0.0)], "x", "y"))
    assert found[1][0] == pytest.approx(2 * found[0][0], abs=0.2)
    assert found[2][0] == 0.0
    assert bars(bar_plot([Bar("a", 0.0)], "x", "y"))[0][0] == 0.0


def test_histogram_parts_failed_from_stable_at_one():
    fs = np.array([[0.1, 0.99999994, 1.0, 1.04], [2.95, 10.0, np.nan, 0.95]], dtype=np.float32)
    found = bars(factor_of_safety_histogram(count_by_fs(fs[np.isfinite(fs)], FS_EDGES)))
    red = [height for height, colour in found if colour == "#d7301f"]
    blue = [height for height, colour in found if colour != "#d7301f"]
    assert len(red) == 5
    assert red[-1] == pytest.approx(2 * red[0], rel=0.02)  # 0.95 and the one just below 1
    assert blue[0] == pytest.approx(red[-1])  # 1 and 1.04
    assert blue[-1] == pytest.approx(red[-1])  # 2.95 and what lies beyond


def test_the_page_shows_scenario_warnings_and_provenance():
    fs = np.full((20, 30), 1.5)
    fs[5:8, 5:8] = 0.9
    html = scenario_page(
        "Failure mask & more", run_summary(slope(), result(fs, conductivity=1.3e-6)),
        reliability="caution: few <cells>",
        provenance={
            "SLOPECAST_DEVICE": "cpu (2 threads)", "SLOPECAST_MOISTURE_DEFICIT": "0.1 -",
            "SLOPECAST_RELIABILITY": "caution: few <cells>", "SLOPECAST_CAUTIONS": "The depth is a guess.",
            "SLOPECAST_WARNINGS": "The depth is a guess. | Dry.", "SLOPECAST_NOTES": "Rain",
        },
        warnings=["The depth is a guess.", "Dry."],
    )  # fmt: skip
    for words in ("1.3e-06", "m/s", "cpu (2 threads)", "The depth is a guess.", "caution: few &lt;cells&gt;", ">9<",
                  "Failure mask &amp; more", "does not forecast"):  # fmt: skip
        assert words in html
    assert html.count("The depth is a guess.") == html.count("few &lt;cells&gt;") == 1  # not once more as provenance
    assert "<td>Share [&#37;]</td>" in html
    assert not re.search("<td[^>]*>([^<]* )?-</td>", html)  # the sign of a ratio
    assert not re.search(r'(src|href)="(?!data:)', html)


def test_page_counts_and_draws_the_failure_classes():
    """A weak slope, whose lower half is unstable initially; each class once in the map's legend and in the table."""
    terrain = slope()
    weak = Scenario(cohesion=np.where(np.arange(20)[:, None] < 10, 2.0, 60.0) + np.zeros((20, 30)), friction_angle=25.0)
    solved = solve(terrain, weak)
    assert solved.class_cells == (300, 0, 300, 0)
    html = scenario_page("Classes", run_summary(terrain, solved), provenance={})
    assert "Failure classes over the hillshade" in html
    for number, (label, count) in enumerate(zip(CLASS_LABELS, solved.class_cells)):
        cells = re.findall(r"<td[^>]*>([^<]*)</td>", html)
        place = cells.index(label.replace("<", "&lt;"))
        assert (cells[place - 1], cells[place + 1]) == (str(number), str(count))
    pixels = picture(html).astype(int)
    violet = pixels[..., 2] - pixels[..., 1] > 60
    assert violet[:10].all()
    assert not violet[10:].any()


def test_page_of_a_network_that_gives_the_mask_alone():
    mask = np.zeros((20, 30), dtype=bool)
    mask[3, :7] = True
    masked = replace(result(np.ones((20, 30))), stability=None, mask=mask.ravel())
    html = scenario_page("Mask", run_summary(slope(), masked), provenance={})
    assert ">7<" in html
    assert ">600<" in html
    assert "no factor of safety" in html


def counted():
    """Four masks, of which the later ones hold the earlier ones."""
    tally = FailureTally((20, 30))
    for number in range(4):
        mask = np.zeros((20, 30), dtype=np.uint8)
        mask[: 5 * number] = 1
        tally.add(mask)
    return tally


def test_page_of_a_table():
    html = table_page(
        "Masks", slope(), counted(), ["Name", "Cohesion [kPa]"], [["a", 8.0]] * 4,
        shares=[("a", 0.0), ("b", 0.25), ("c", 0.5), ("d", 0.75)], provenance={"SLOPECAST_TABLE": "t"},
    )  # fmt: skip
    assert "Share of the 4 scenarios" in html
    assert ">450<" in html  # cells that fail at least once
    pixels = picture(html).astype(int)
    assert len(np.unique(pixels[[2, 7, 12, 18], 5], axis=0)) == 4


def test_pages_are_in_the_users_language():
    """All words but names and data: of a run, of one with the mask alone, and of a table."""
    fs = np.full((20, 30), 0.9)
    solved = run_summary(slope(), result(fs))
    with pages_in(mark):
        pages = [
            scenario_page(mark("Title"), solved, provenance={"SLOPECAST_DEM": "Hill"}, reliability="caution"),
            scenario_page(mark("Title"), replace(solved, fs_counts=None, class_cells=None), provenance={}),
            table_page(mark("Title"), slope(), counted(), ["Name"], [["First"]], shares=[("First", 0.5)],
                       provenance={}),
        ]  # fmt: skip
    assert [unmarked(page) for page in pages] == [["caution"], [], ["First", "Name"]]
    assert 'lang="⟦en⟧"' in pages[0]
    assert "⟦" not in scenario_page("Title", solved, provenance={})


@pytest.mark.parametrize(("degrees", "words"), [(30.0, ""), (60.0, "in feet"), (0.1, "flatter than 0.1 deg")])
def test_implausible_slopes_are_a_caution(degrees, words):
    cautions = " ".join(terrain_cautions(slope(degrees=degrees)))
    assert words in cautions
    assert bool(cautions) == bool(words)
