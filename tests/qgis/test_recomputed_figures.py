"""Every figure of a validation and a calibration, computed again from what was read and written, by other formulas."""

from __future__ import annotations

import html
import re
from pathlib import Path

import numpy as np
import pytest
from rasters import CELL, ORIGIN, read_raster, write_raster
from slopecast.plugin.core.inventory_calibration import calibrate
from slopecast.plugin.core.validation import inventory_evidence
from vectors import square, write_vectors

SIDE = 80
SLIDES, LARGE = 30, [60, 66, 60, 66]  # first and last row, first and last column


def figures(path: str) -> dict[str, list[str]]:
    """The other cells of each table row of a report, by its first one."""
    text = Path(path).read_text(encoding="utf-8").replace("\u202f", "")
    rows = (re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", text))
    return {html.unescape(cells[0]): cells[1:] for cells in rows if cells}


def box(first_row, last_row, first_col, last_col):
    (x, y), edge = ORIGIN, 0.1 * CELL
    west, east = x + first_col * CELL + edge, x + last_col * CELL - edge
    return square(west, y - last_row * CELL + edge, east, y - first_row * CELL - edge)


def area_by_pairs(positive, negative):
    """Share of the pairs that the landslide cell wins, ties by half."""
    return float(np.mean((positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)))


def area_of_steps(score, hit):
    """Area under the success-rate curve: cell by cell from the least stable one, those of equal value at once."""
    x = y = area = 0.0
    for level in np.unique(score)[::-1]:
        here = score == level
        right, up = here.mean(), hit[here].sum() / hit.sum()
        area, x, y = area + right * (y + 0.5 * up), x + right, y + up
    assert (x, y) == pytest.approx((1.0, 1.0))
    return area


@pytest.fixture(scope="module")
def maps(qgis_application, tmp_path_factory):
    """A factor of safety in steps (ties), its NoData, and landslides of one cell and of 36."""
    folder, random = tmp_path_factory.mktemp("recomputed"), np.random.default_rng(11)
    at = np.arange(SIDE)
    fs = 1.4 + 0.5 * np.sin(np.add.outer(at / 5.0, at / 7.0)) + random.normal(0.0, 0.2, (SIDE, SIDE))
    fs = np.round(fs, 2).astype(np.float32)
    fs[:5] = fs[20:24, 30:40] = np.nan
    likely = np.exp(-3.0 * np.nan_to_num(fs, nan=9.0)).ravel()
    cells = np.divmod(random.choice(fs.size, SLIDES - 1, replace=False, p=likely / likely.sum()), SIDE)
    boxes = [box(row, row + 1, col, col + 1) for row, col in zip(*cells)]
    return {
        "fs": fs, "cells": cells,
        "MAP": str(write_raster(folder / "fs.tif", fs)),
        "LANDSLIDES": str(write_vectors(folder / "l.gpkg", [(one, {}) for one in [*boxes, box(*LARGE)]])),
    }  # fmt: skip


@pytest.mark.parametrize("sample", [100_000, 900])
def test_a_validation(sample, maps, tmp_path, monkeypatch):
    """Also where intervals use a sample of the stable cells: log, report and outputs give one AUC."""
    import processing

    monkeypatch.setattr(inventory_evidence, "_MOST_STABLE", sample)
    given = {key: maps[key] for key in ("MAP", "LANDSLIDES")}
    done = processing.run(
        "slopecast:validateinventory", {**given, "KIND": "factor of safety", "REPORT": str(tmp_path / "r.html")}
    )
    fs, landslide = maps["fs"], np.zeros((SIDE, SIDE), dtype=bool)
    landslide[maps["cells"]] = True
    landslide[slice(*LARGE[:2]), slice(*LARGE[2:])] = True
    known = np.isfinite(fs)
    slides, stable = fs[known & landslide], fs[known & ~landslide]
    threshold = done["BEST_THRESHOLD"]
    skill = [(slides <= t).mean() - (stable <= t).mean() for t in np.unique(fs[known])]
    expected = {
        "AUC": area_by_pairs(-slides, -stable), "HIT_RATE": (slides < 1.0).mean(),
        "FALSE_ALARM_RATE": (stable < 1.0).mean(), "SUCCESS_RATE_AREA": area_of_steps(-fs[known], landslide[known]),
        "LANDSLIDES_JUDGED": SLIDES, "LANDSLIDE_CELLS": slides.size, "STABLE_CELLS": stable.size,
        "BEST_HIT_RATE": (slides < threshold).mean(), "BEST_FALSE_ALARM_RATE": (stable < threshold).mean(),
    }  # fmt: skip
    assert {key: done[key] for key in expected} == pytest.approx(expected, abs=1e-9)
    assert done["BEST_HIT_RATE"] - done["BEST_FALSE_ALARM_RATE"] == pytest.approx(max(skill))
    shown = figures(done["REPORT"])
    written = {
        "Counts as failed": "factor of safety below 1", "Evaluated cells": known.sum(),
        "Landslides on evaluated cells": SLIDES, "Landslide cells: hits": (slides < 1.0).sum(),
        "Landslide cells: misses": (slides >= 1.0).sum(), "Stable cells: false alarms": (stable < 1.0).sum(),
        "Stable cells: correct rejections": (stable >= 1.0).sum(),
        "Threshold with the highest hit rate minus false-alarm rate": f"factor of safety below {threshold:.9g}",
        **{
            label: f"{done[key]:.4g}"
            for label, key in (
                ("Hit rate TP / (TP + FN)", "HIT_RATE"), ("False-alarm rate FP / (FP + TN)", "FALSE_ALARM_RATE"),
                ("Hit rate at the best threshold", "BEST_HIT_RATE"),
                ("False-alarm rate at the best threshold", "BEST_FALSE_ALARM_RATE"),
                ("AUC of the map", "AUC"), ("Area under the success-rate curve: map", "SUCCESS_RATE_AREA"),
            )
        },
    }  # fmt: skip
    assert {label: shown[label][0] for label in written} == {label: str(value) for label, value in written.items()}
    assert shown["AUC of the map"][1:] == [f"{done[key]:.4g}" for key in ("AUC_LOW", "AUC_HIGH")]
    assert f"map: {done['AUC']:.3f}<" in Path(done["REPORT"]).read_text(encoding="utf-8")


def test_the_interval_of_outlines_is_that_of_clusters(maps, tmp_path):
    """Obuchowski (1997), Biometrics 53, 567-578: the variance from the sums of placement values of each landslide."""
    import processing

    random, fs = np.random.default_rng(2), maps["fs"]
    number = np.full(fs.shape, -1)
    for slide, (row, col) in enumerate(random.choice(np.argwhere(fs < 1.4), 60, replace=False)):
        half = random.integers(0, 3)
        here = slice(max(0, row - half), row + half + 1), slice(max(0, col - half), col + half + 1)
        if (number[here] < 0).all():
            number[here] = slide
    places = [np.argwhere(number == slide) for slide in np.unique(number[number >= 0])]
    boxes = [box(*np.column_stack([cells.min(axis=0), cells.max(axis=0) + 1]).ravel()) for cells in places]
    layer = write_vectors(tmp_path / "boxes.gpkg", [(one, {}) for one in boxes])
    given = {"MAP": maps["MAP"], "KIND": "factor of safety", "LANDSLIDES": str(layer)}
    done = processing.run("slopecast:validateinventory", {**given, "REPORT": str(tmp_path / "r.html")})
    known = np.isfinite(fs)
    slides, unit, stable = fs[known & (number >= 0)], number[known & (number >= 0)], fs[known & (number < 0)]
    wins = (slides[:, None] < stable) + 0.5 * (slides[:, None] == stable)
    units, cells = np.unique(unit, return_counts=True)
    sums = np.array([wins[unit == one].mean(axis=1).sum() for one in units])
    variance = units.size / (units.size - 1) * np.sum((sums - cells * wins.mean()) ** 2) / slides.size**2
    variance += wins.mean(axis=0).var(ddof=1) / stable.size
    assert done["LANDSLIDES_JUDGED"] == units.size
    assert done["AUC"] == pytest.approx(wins.mean(), abs=1e-9)
    assert done["AUC_HIGH"] - done["AUC_LOW"] == pytest.approx(2 * 1.96 * np.sqrt(variance), rel=0.15)


@pytest.fixture(scope="module")
def calibration(qgis_application, tmp_path_factory):
    """A calibration to outlines that overlap, with the cells that it compared and their held-out scores."""
    import processing

    folder, kept = tmp_path_factory.mktemp("calibration"), {}
    made = processing.run(
        "slopecast:exampledata", {"SEED": 3432, "SIZE": 100, "CELL_SIZE": 10, "OUTPUT_FOLDER": str(folder)}
    )
    layer = {"INPUT": made["LANDSLIDES"], "DISTANCE": 12.0, "OUTPUT": str(folder / "outlines.gpkg")}
    given = {
        "DEM": made["DEM"], "SOIL_DEPTH": made["SOIL_DEPTH"], "RAINFALL": 12, "SETS": 10, "FOLDS": 4,
        "LANDSLIDES": processing.run("native:buffer", layer)["OUTPUT"], "REPORT": str(folder / "r.html"),
        **{key: str(folder / f"{key}.tif") for key in ("SUSCEPTIBILITY", "FACTOR_OF_SAFETY", "FAILURE_MASK")},
    }  # fmt: skip
    evaluate = calibrate.evaluate_scores
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibrate, "evaluate_scores", lambda *args: kept.update(args=args) or evaluate(*args))
        done = processing.run("slopecast:calibratetoinventory", given)
    sites, scores, fails, _ = kept["args"]
    return done, sites, scores, fails


def test_a_calibration(calibration):
    done, sites, scores, fails = calibration
    shown = figures(done["REPORT"])
    in_block = [(sites.failed & (sites.fold == k), sites.stable & (sites.fold == k)) for k in range(sites.folds)]
    rows = {
        "susceptibility": ("AUC", "susceptibility"), "calibrated factor of safety": ("AUC_CALIBRATED", "calibrated"),
        "default factor of safety": ("AUC_DEFAULT", "default"), "slope angle": ("AUC_SLOPE", "slope"),
    }  # fmt: skip
    areas = {}
    for label, (key, name) in rows.items():
        by_block = [area_by_pairs(scores[name][slide], scores[name][stable]) for slide, stable in in_block]
        areas[name] = np.average(by_block, weights=[slide.sum() for slide, _ in in_block])
        assert done[key] == pytest.approx(areas[name], abs=1e-9)
        assert shown[label][0] == f"{done[key]:.4g}"
    assert shown["susceptibility"][1:3] == [f"{done[key]:.4g}" for key in ("AUC_LOW", "AUC_HIGH")]
    gain = areas["susceptibility"] - areas["slope"]
    assert float(shown["susceptibility minus slope angle"][0]) == pytest.approx(gain, abs=1e-5)
    rates = fails[sites.failed].mean(), fails[sites.stable].mean()
    assert (done["HIT_RATE"], done["FALSE_ALARM_RATE"]) == pytest.approx(rates)
    assert np.array_equal(fails, scores["calibrated"] > 0.0)
    assert [shown[f"Held-out {what} of calibrated FS below 1"] for what in ("hit rate", "false-alarm rate")] == [
        [f"{rate:.4g}"] for rate in rates
    ]
    blocks = [np.unique(sites.unit[slide]).size for slide, _ in in_block]
    assert sum(blocks) == done["LANDSLIDES_USED"] == int(shown["Landslides"][0])
    assert shown["Landslides by block"] == [", ".join(map(str, blocks))]
    assert shown["Stable cells compared"] == [str(sites.stable.sum())]
    assert shown["Stable cells by block"] == [", ".join(str(stable.sum()) for _, stable in in_block)]


def test_maps_of_a_calibration(calibration):
    """The susceptibility has the share of landslides as its mean, both shares are stated, and FS makes the mask."""
    done, sites, *_ = calibration
    maps = {}
    for key in ("SUSCEPTIBILITY", "FACTOR_OF_SAFETY", "FAILURE_MASK"):
        values, nodata, _ = read_raster(done[key])
        maps[key] = np.where(values == nodata, np.nan, values)
    share = sites.failed.sum() / (sites.failed | sites.stable).sum()
    compared = sites.of(maps["SUSCEPTIBILITY"])[sites.failed | sites.stable]
    assert compared.mean(dtype=float) == pytest.approx(share, abs=1e-5)
    of_area = np.unique(np.column_stack([sites.rows, sites.cols])[sites.failed], axis=0).shape[0]
    of_area /= np.isfinite(maps["SUSCEPTIBILITY"]).sum()
    text = Path(done["REPORT"]).read_text(encoding="utf-8")
    assert f"Landslide cells are {100 * share:.3g} % of the cells used" in text
    assert f"not to their share of the area, {100 * of_area:.3g} %" in text
    known = np.isfinite(maps["FACTOR_OF_SAFETY"])
    assert np.array_equal(maps["FAILURE_MASK"][known] == 1.0, maps["FACTOR_OF_SAFETY"][known] < 1.0)


def test_no_landslide_is_on_both_sides_of_a_block(calibration):
    """No cell of a landslide either, and no stable cell near one."""
    _, sites, *_ = calibration
    cells = np.column_stack([sites.rows, sites.cols])
    slides = cells[sites.failed]
    assert len(np.unique(slides, axis=0)) == len(slides)
    for unit in np.unique(sites.unit[sites.failed]):
        assert np.unique(sites.fold[sites.unit == unit]).size == 1
    away = CELL * np.sqrt(((cells[sites.stable][:, None] - slides) ** 2).sum(axis=2))
    assert away.min() >= 30.0
