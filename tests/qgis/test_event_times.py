"""Times of an event through Processing: rows of rain, bands of the series, times of failure, durations."""

from __future__ import annotations

import numpy as np
import pytest
from cases import ENGINE, OUT, filled
from rasters import read_raster

SIMULATE = "slopecast:simulatefactorofsafety"
SOIL = {**ENGINE, "CONDUCTIVITY": 2e-5, "MOISTURE_DEFICIT": 0.03, "COHESION": 1}
#: What lateral flow and the map show: all four ways to the end of an event.
WAYS = [(lateral, evaluate) for lateral in (False, True) for evaluate in ("end", "minimum")]


def run(given, files, folder, feedback=None, **more):
    """Run the engine; returns its results."""
    import processing

    folder.mkdir(parents=True, exist_ok=True)
    return processing.run(SIMULATE, {**filled(given, files, folder), **more}, feedback=feedback)


def storm(folder, rows):
    """Write a hyetograph of (hour as text, mm/h)."""
    path = folder / "rain.csv"
    path.write_text("hour,rainfall\n" + "".join(f"{hour},{rain}\n" for hour, rain in rows), encoding="utf-8")
    return str(path)


def bands(path):
    """Hour and values of each band, by its description."""
    from osgeo import gdal

    dataset = gdal.Open(path)
    found = (dataset.GetRasterBand(number) for number in range(1, dataset.RasterCount + 1))
    return [(float(b.GetDescription().split(" = ")[1].split(" h")[0]), b.ReadAsArray()) for b in found]


@pytest.mark.parametrize(
    "ends",
    [
        ["0.0833", "0.1667"],
        [f"{n / 12:.4f}" for n in range(1, 73)],
        [f"{n / 6:.3f}" for n in range(1, 37)],
        [f"{7 * n / 60:.4f}" for n in range(1, 31)],
        ["4", "4.0833", "4.1667", "4.25"],
        ["0.7", str(0.1 + 0.7), str(0.1 + 0.1 + 0.7), "1.0"],
    ],
    ids=["two rows", "5 minutes", "10 minutes", "7 minutes", "late", "added up"],
)
@pytest.mark.parametrize(("lateral", "evaluate"), WAYS)
def test_rows_of_constant_rain_give_the_map_of_that_rain(ends, lateral, evaluate, files, tmp_path):
    """Failed cells and factor of safety alike, whether a number or a table brings the rain."""
    given = {**SOIL, "LATERAL_FLOW": lateral, "EVALUATE": evaluate, "FACTOR_OF_SAFETY": OUT}
    table = storm(tmp_path, [(end, 12) for end in ends])
    rows = run(given, files, tmp_path / "rows", HYETOGRAPH=table)
    number = run(given, files, tmp_path / "number", RAINFALL=12, DURATION=float(ends[-1]))
    assert rows["FAILED_CELLS"] == number["FAILED_CELLS"] > 0
    one, other = (read_raster(r["FACTOR_OF_SAFETY"])[0] for r in (rows, number))
    np.testing.assert_allclose(one, other, rtol=1e-6)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("every 0.1", [0.1 * n for n in range(1, 11)]),
        ("every 0.1667", [0.1667, 0.3334, 0.5001, 0.6668, 0.8335, 1.0]),
        ("every 0.0833", [*(0.0833 * n for n in range(1, 12)), 1.0]),
        ("0.1667, 0.3333, 0.33334, 0.9999", [0.1667, 0.3333, 1.0]),
        ("0, 0.5, 1.0003", [0.0, 0.5, 1.0]),
    ],
)
@pytest.mark.parametrize("rows", [None, [(f"{n / 12:.4f}", 5 + n) for n in range(1, 12)] + [("1", 40)]])
def test_every_hour_has_its_band(text, hours, rows, files, tmp_path):
    """The bands are those that were requested, and the last of them the end."""
    given = {**SOIL, "DURATION": 1, "RAINFALL": 60, "SERIES_HOURS": text, "LATERAL_FLOW": False,
             "FACTOR_OF_SAFETY": OUT, "FACTOR_OF_SAFETY_SERIES": OUT, "FAILURE_TIME": OUT}  # fmt: skip
    more = {} if rows is None else {"HYETOGRAPH": storm(tmp_path, rows)}
    results = run(given, files, tmp_path / "series", **more)
    found = bands(results["FACTOR_OF_SAFETY_SERIES"])
    assert [hour for hour, _ in found] == pytest.approx(hours, abs=1e-5)
    np.testing.assert_array_equal(found[-1][1], read_raster(results["FACTOR_OF_SAFETY"])[0])
    if rows is None:
        hour, middle = found[len(found) // 2]
        shorter = run({**SOIL, "LATERAL_FLOW": False, "FACTOR_OF_SAFETY": OUT}, files, tmp_path / "shorter",
                      RAINFALL=60, DURATION=hour)  # fmt: skip
        np.testing.assert_allclose(middle, read_raster(shorter["FACTOR_OF_SAFETY"])[0], rtol=1e-5)


@pytest.mark.parametrize("lateral", [False, True])
def test_failure_times_are_those_of_shorter_events(lateral, files, tmp_path):
    """Within a quarter of an hour of the first duration whose run fails."""
    given = {**SOIL, "RAINFALL": 40, "LATERAL_FLOW": lateral, "FACTOR_OF_SAFETY": OUT}
    times = read_raster(run({**given, "FAILURE_TIME": OUT}, files, tmp_path / "all", DURATION=3)["FAILURE_TIME"])[0]
    first = np.full(times.shape, np.nan)
    for hours in np.arange(0.25, 3.01, 0.25):
        shorter = run(given, files, tmp_path / f"{hours:g}", DURATION=float(hours))
        fs = read_raster(shorter["FACTOR_OF_SAFETY"])[0]
        first[(fs < 1.0) & (fs > -9999) & np.isnan(first)] = hours
    fails = np.isfinite(first) & (times > 0.0)
    assert fails.sum() > 20
    assert len(np.unique(first[fails])) > 3
    assert np.abs(times - first)[fails].max() <= 0.2501
    np.testing.assert_array_equal(times > -9999, np.isfinite(first))


@pytest.mark.parametrize("hours", [0.1, 0.3333, 24.0001, 719.99])
def test_durations_of_any_fraction_run(hours, files, tmp_path):
    """The series ends with the event, and its map is the event's."""
    given = {**SOIL, "LATERAL_FLOW": False, "SERIES_HOURS": f"{hours}", "FACTOR_OF_SAFETY": OUT,
             "FACTOR_OF_SAFETY_SERIES": OUT, "FAILURE_TIME": OUT}  # fmt: skip
    results = run(given, files, tmp_path / "run", DURATION=hours)
    ((_, last),) = bands(results["FACTOR_OF_SAFETY_SERIES"])
    np.testing.assert_array_equal(last, read_raster(results["FACTOR_OF_SAFETY"])[0])
    times = read_raster(results["FAILURE_TIME"])[0]
    assert times.max() <= hours * (1.0 + 1e-6)


@pytest.mark.parametrize(("hours", "split"), [(0.1667, 10), (0.333, 20), (0.0833, 5), (6, 360)])
def test_a_design_storm_as_long_as_the_split_is_a_short_one(hours, split, feedback):
    """Hours to three or four decimals are compared as such."""
    import processing

    storms = [
        processing.run("slopecast:designrainfall", {"RETURN_PERIOD": 50, "DURATION": hours, "SPLIT": end})["RAINFALL"]
        for end in (split, split + 5)
    ]
    assert storms[0] == storms[1]
