"""The report of ``make bench`` and its trend: format, comparison of two commits, failing measurements."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Iterator

import checkout
import pytest
from evidence import bench, scale
from evidence.benches import clock, machine, measuring, other_commands, report, scaling, solvers, startup, trend
from evidence.benches.machine import BUSY
from evidence.benches.measuring import Measurement
from evidence.benches.report import Ratio, Table


def made(commit: str = "abc1234", value: float = 2.0, **changes: object) -> dict:
    """A report of one section, as it is after a way through JSON."""
    table = Table(
        "Default", ("solver", "time [s]", "steps", "cells"),
        [("engine | exact", 0.01234, 1137, 16_000_000), ("network", 12.345, None, float("nan"))],
        ["A note."], {"engine / reference job": Ratio(value), "speed on 2 threads / one": Ratio(1.6, "more")},
    )  # fmt: skip
    part = report.section("solvers", "A scenario by each solver", [table], {"network": "not done after 5 s"}, 3.0)
    computer = {
        "processor": "A processor", "hardware": "family 1", "cores": 2, "memory_gib": 7.25,
        "versions": {"Python": "3.11", "torch": "none"}, "network": "cpu, float32",
    }  # fmt: skip
    whole = {
        "kind": "quick", "commit": commit, "date": "2026-11-28", "load": 0.1, "seconds": 170.0, "sections": [part],
        "machine": computer,
    }  # fmt: skip
    return json.loads(json.dumps({**whole, **changes}))


def test_report_holds_its_parts() -> None:
    text = report.markdown(made())
    for line in (
        "# Performance",
        "Made by `python tests/commands bench --quick` on 2026-11-28 in 3 minutes; commit abc1234. All figures are "
        "of this one run. Compare the ratios: seconds depend on the machine.",
        "Machine: A processor (family 1), 2 cores, 7.2 GiB of free memory.  ",
        "Versions: Python 3.11, torch none.  ",
        "Network: cpu, float32.  ",
        "## A scenario by each solver",
        "### Default",
        "| solver | time [s] | steps | cells |",
        "|---|---:|---:|---:|",
        "| engine \\| exact | 0.0123 | 1,137 | 16,000,000 |",
        "| network | 12.3 | - | - |",
        "A note.",
        "Not measured: network: not done after 5 s",
        "| solvers: engine / reference job | 2.00 | less |",
        "| solvers: speed on 2 threads / one | 1.60 | more |",
    ):
        assert line in text.splitlines()
    assert "Warning" not in text
    assert "Changes" not in text


def test_report_warns_of_a_busy_machine_and_names_changes() -> None:
    text = report.markdown(made(load=3.2, kind="whole"), ["Slowdown of 25 %"])
    assert "**Warning: the load average was 3.2 at the start. The machine was busy; the times are too long.**" in text
    assert "`make bench`" in text
    assert text.endswith("## Changes since an earlier commit\n\n- Slowdown of 25 %\n")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (1234567, "1,234,567"), (0.0, "0"), (0.00012345, "0.000123"), (0.5, "0.500"), (9.87654, "9.88"),
        (123.456, "123"), (98765.4, "98,765"), (-1.5, "-1.50"), (None, "-"), (float("inf"), "-"), ("text", "text"),
    ],
)  # fmt: skip
def test_numbers_have_three_digits(value: object, text: str) -> None:
    assert report.written(value) == text


def lines(before: float, after: float, better: str, name: str = "time / reference job") -> list[dict]:
    return [
        {"commit": commit, "ratios": {name: {"value": value, "better": better}}}
        for commit, value in (("old", before), ("new", after))
    ]


@pytest.mark.parametrize(
    ("before", "after", "better", "verdict"),
    [
        (4.0, 5.0, "less", "Slowdown of 25 %"),
        (4.0, 4.8, "less", "Slowdown of 20 %"),
        (5.0, 4.0, "less", "Speed-up of 25 %"),
        (2.0, 1.6, "more", "Slowdown of 25 %"),
        (1.6, 2.0, "more", "Speed-up of 25 %"),
        (4.0, 4.4, "less", None),
        (4.4, 4.0, "less", None),
        (2.0, 1.8, "more", None),
        (2.0, 2.0, "more", None),
        (0.0, 2.0, "less", None),
    ],
)
def test_a_change_of_a_fifth_is_named(before: float, after: float, better: str, verdict: str | None) -> None:
    found = trend.changes(*lines(before, after, better))
    assert len(found) == (verdict is not None)
    if verdict:
        values = f"{before:.2f} -> {after:.2f}"
        assert found == [f"{verdict} between old and new: time / reference job: {values}"]


def test_changes_of_memory_are_called_so() -> None:
    found = trend.changes(*lines(100.0, 125.0, "less", "1,000,000 cells: memory, bytes a cell"))
    assert found[0].startswith("More memory, by 25 %")


def test_the_worst_change_comes_first_and_new_ratios_are_none() -> None:
    old, new = (
        {"commit": c, "ratios": {n: {"value": v, "better": "less"} for n, v in values.items()}}
        for c, values in (("old", {"a": 1.0, "b": 1.0, "gone": 1.0}), ("new", {"a": 1.3, "b": 1.9, "fresh": 9.0}))
    )
    assert [text.split(": ")[1] for text in trend.changes(old, new)] == ["b", "a"]


def test_trend_keeps_a_line_a_commit(tmp_path: Path) -> None:
    file, kept = tmp_path / "trend.jsonl", []
    for commit, value in (("one", 2.0), ("two", 2.1), ("two", 2.2), ("three", 2.75)):
        kept = trend.with_line(kept, trend.line_of(made(commit, value)))
    trend.write(file, kept)
    assert file.read_text(encoding="utf-8").count("\n") == 3
    kept = trend.read(file)
    assert [line["commit"] for line in kept] == ["one", "two", "three"]
    assert [line["ratios"]["solvers: engine / reference job"]["value"] for line in kept] == [2.0, 2.2, 2.75]
    before = trend.earlier(kept, kept[-1])
    assert before["commit"] == "two"
    assert trend.comparison(kept, kept[-1]) == [
        "Compared with two; ratios that differ by 20 % or more: 1.",
        "Slowdown of 25 % between two and three: solvers: engine / reference job: 2.20 -> 2.75",
    ]
    assert trend.read(tmp_path / "none.jsonl") == []


@pytest.mark.parametrize("changes", [{"kind": "whole"}, {"machine": "another"}, {"hardware": "family 2"}])
def test_other_machines_and_kinds_of_run_are_not_compared(changes: dict) -> None:
    line = trend.line_of(made("one"))
    new = {**trend.line_of(made("two")), **changes}
    assert trend.earlier([line], new) is None
    assert trend.comparison([line], new) == [
        "Not compared: no other commit was measured on this hardware while it was not busy."
    ]
    assert len(trend.with_line([line], {**new, "commit": "one"})) == 2


def test_lines_that_do_not_name_the_hardware_are_not_compared() -> None:
    line = trend.line_of(made("one"))
    del line["hardware"]
    assert trend.earlier([line], trend.line_of(made("two"))) is None


def test_runs_on_a_busy_machine_are_not_compared() -> None:
    quiet, busy = trend.line_of(made("one", 2.0)), trend.line_of(made("two", 9.0, load=BUSY + 0.01))
    lines = trend.with_line([quiet], busy)
    new = trend.line_of(made("three", 3.0, load=BUSY))
    assert trend.earlier(lines, new) == quiet
    assert trend.comparison(lines, new)[1].startswith("Slowdown of 50 % between one and three")
    assert trend.earlier([busy], new) is None
    assert trend.comparison(lines, {**new, "load": BUSY + 0.01}) == [
        "Not compared with earlier commits: the machine was busy."
    ]


def test_a_busy_run_does_not_replace_another_of_its_commit() -> None:
    quiet, busy = (trend.line_of(made("one", load=load)) for load in (BUSY, 3.0))
    assert trend.with_line([quiet], busy) == [quiet, busy]
    assert trend.with_line([quiet, busy], busy) == [quiet, busy]
    assert trend.with_line([quiet, busy], quiet) == [quiet]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (
            ("model\t\t: 17", "model name\t: AMD EPYC", "cpu family\t: 25", "stepping\t: 1"),
            "model 17, family 25, stepping 1, last cache 32768K",
        ),
        (("CPU part\t: 0xd0c", "CPU implementer\t: 0x41"), "part 0xd0c, implementer 0x41, last cache 32768K"),
    ],
)
def test_processors_of_one_name_are_told_apart(tmp_path: Path, lines: tuple[str, ...], text: str) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "cpuinfo").write_text("\n".join([*lines, "", *lines]), encoding="utf-8")
    for number, size in enumerate(("32K", "32K", "1024K", "32768K")):
        cache = tmp_path / f"sys/devices/system/cpu/cpu0/cache/index{number}"
        cache.mkdir(parents=True)
        (cache / "size").write_text(f"{size}\n", encoding="ascii")
    assert machine.hardware(tmp_path) == text


def test_hardware_is_named_where_the_system_does_not_say(tmp_path: Path) -> None:
    assert machine.hardware(tmp_path)


def section_of(functions: dict, tables: object = lambda found: []) -> SimpleNamespace:
    names = [Measurement(name, name) for name in functions]
    return SimpleNamespace(TITLE="A title", measurements=lambda quick: names, tables=tables)


def test_a_failing_measurement_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answers = {"bad": {"failed": "ValueError: no"}, "good": {"seconds": 2.0}}
    module = section_of(answers, lambda found: [Table("", ("a", "b"), [(n, m["seconds"]) for n, m in found.items()])])
    monkeypatch.setitem(sys.modules, "evidence.benches.made_up", module)
    monkeypatch.setattr(measuring, "run_apart", lambda name, measurement, folder: answers[measurement.name])
    part = bench.measured_section("made_up", tmp_path, quick=True)
    assert part["failures"] == {"bad": "ValueError: no"}
    assert part["tables"][0]["rows"] == [("good", 2.0)]
    assert report.problems({"sections": [part]}) == ["made_up: bad: ValueError: no"]


def test_a_section_that_cannot_be_imported_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "evidence.benches.made_up", None)
    part = bench.measured_section("made_up", tmp_path, quick=True)
    assert list(part["failures"]) == ["section"]
    assert part["tables"] == []


def test_figures_of_other_commands_become_ratios() -> None:
    table_lines = [
        "1000 rows, network: 40.0 s, 25.0 masks a second; busy 60 s",
        "peak memory 900 MiB, 10 more",
    ]
    found = {"table_throughput": {"lines": table_lines, "reference_s": 0.002}}
    (table,) = other_commands.tables(found)
    assert [row[0] for row in table.rows] == table_lines
    assert [(name.rpartition(": ")[2], ratio) for name, ratio in table.ratios.items()] == [
        ("masks a second x reference job", Ratio(0.05, "more")),
        ("peak memory, MiB", Ratio(900.0)),
    ]
    assert not table.problems


def test_memory_of_a_table_is_noted_at_some_rows() -> None:
    pytest.importorskip("qgis.core")
    from evidence import table_throughput

    line = table_throughput.memory_line(912.4, {10: 800.0, 100: 900.0, 1_000: 908.0})
    assert line == (
        "peak memory 912 MiB; at row 10 800 MiB; at row 100 900 MiB; at row 1,000 908 MiB; "
        "at row 1,000 1.135 times that at row 10"
    )
    (table,) = other_commands.tables({"table_throughput": {"lines": [line], "reference_s": 0.002}})
    assert [(name.rpartition(": ")[2], ratio) for name, ratio in table.ratios.items()] == [
        ("peak memory, MiB", Ratio(912.0)),
        ("peak memory at the last noted row / at row 10", Ratio(1.135)),
    ]
    assert table_throughput.memory_line(700.0, {10: 650.0}) == "peak memory 700 MiB; at row 10 650 MiB"
    owner, noted = SimpleNamespace(write_raster=lambda number: number), table_throughput.PeakAtRows()
    noted.around(owner, "write_raster")
    assert [owner.write_raster(number) for number in range(105)] == list(range(105))
    assert list(noted.mib) == [10, 100]
    assert noted.mib[100] >= noted.mib[10] > 1.0


def test_rows_of_large_rasters_become_ratios() -> None:
    lines = [*scale.HEAD, scale.row(10_000, "engine", 125.0, 1.974), scale.row(2000, "first order", 16.0, 0.6)]
    (table,) = other_commands.tables({"scale": {"lines": lines, "reference_s": 0.004}})
    assert table.columns == list(scale.COLUMNS)
    assert table.rows == [
        ["100e6", "engine", "125.0", "0.80", "1.97 GB"],
        ["4e6", "first order", "16.0", "0.25", "0.60 GB"],
    ]
    title = "Large rasters from file to file"
    assert table.ratios == {
        f"{title}, engine, 100e6 cells: million cells a second x reference job": Ratio(0.0032, "more"),
        f"{title}, engine, 100e6 cells: peak memory, GB": Ratio(1.97),
        f"{title}, first order, 4e6 cells: million cells a second x reference job": Ratio(0.001, "more"),
        f"{title}, first order, 4e6 cells: peak memory, GB": Ratio(0.6),
    }
    assert not table.problems


def test_speed_of_workers_is_a_ratio():
    lines = ["1 worker(s)  20.0 s for 16 waters", "two workers: 1.85 times the speed of one worker"]
    (table,) = other_commands.tables({"cluster_throughput": {"lines": lines, "reference_s": 0.004}})
    (label,) = table.ratios
    assert label.endswith("two workers: speed / one worker")
    assert table.ratios[label] == Ratio(1.85, "more")


def test_large_rasters_include_the_classes() -> None:
    algorithm, _, outputs = scale.ALGORITHMS["classes"]
    assert algorithm == "simulatefactorofsafety"
    assert {"FAILURE_CLASS", "STABILITY_CLASS"} < set(outputs)


def test_memory_of_whole_maps_is_told_from_that_of_algorithms() -> None:
    m = {"seconds": 4.0, "before": 202.0, "reference_s": 0.0025, "peak_mib": 919.0}
    (table,) = scaling.tables({"cells engine 4000000": m})
    assert table.title == "Cells"
    assert any("whole map in memory" in note and "windows" in note for note in table.notes)


def test_time_of_generators_leaves_out_their_waiting() -> None:
    def numbers() -> Iterator[int]:
        for number in range(3):
            time.sleep(0.002)
            yield number

    owner, counted = SimpleNamespace(numbers=numbers, wait=time.sleep), clock.Clock()
    counted.around_generator(owner, "numbers", "made")
    counted.around(owner, "wait", "waited")
    for _ in owner.numbers():
        owner.wait(0.03)
    assert 0.006 <= counted.seconds["made"] < counted.seconds["waited"]
    assert counted.since({"made": 1.0}, "made") == counted.seconds["made"] - 1.0
    assert counted.since({}, "other") == 0.0


def test_live_panel_names_late_sliders_and_the_parts_of_the_time() -> None:
    pytest.importorskip("qgis.gui")
    from evidence.benches import live_panel

    moves = {key: [(0.1, 0.05, 0.02, 0.01, 0.02), (0.1, 0.03, 0.02, 0.03, 0.02)] for key in live_panel.DRAGS}
    moves["RAINFALL"] = [(0.16, 0.08, 0.04, 0.02, 0.02)]
    m = {"moves": moves, "text": "Solver: x.", "opening": 1.0, "maps_a_second": 5.0, "last": 0.2, "reference_s": 0.002}
    times, shares = live_panel.tables(
        {"network": m, "engine": {**m, "moves": {**moves, "RAINFALL": moves["COHESION"]}}}
    )
    assert "network: sliders whose median misses the target of 150 ms: rainfall." in times.notes
    assert "engine: sliders whose median misses the target of 150 ms: none." in times.notes
    rows = {row[0]: row[1:] for row in shares.rows}
    assert rows["rainfall"] == pytest.approx((50.0, 25.0, 12.5, 12.5, 40.0, 20.0, 20.0, 20.0))
    assert len(shares.columns) == 9


@pytest.mark.parametrize("lines", [["no figure"], ["| cells | run |", "|---|---|", "| 4e6 | engine |"]])
def test_a_command_without_figures_is_a_problem(lines: list[str]) -> None:
    (table,) = other_commands.tables({"scale": {"lines": lines, "reference_s": 0.004}})
    assert table.problems == [
        "Large rasters from file to file: no figures are found in what tests/commands scale prints"
    ]


def test_start_up_names_what_the_network_adds_to_a_run() -> None:
    runs = {"run": 3.5, "run_engine": 2.25, "difference": 1.25, "with_plugin": 1.0, "qgis": 0.9}
    (table,) = startup.tables({"qgis_process": {**runs, "reference_s": 0.0025, "peak_mib": 9.0}})
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows[startup.LABELS["run_engine"]] == (2.25, 900.0)
    assert rows[startup.LABELS["difference"]] == (1.25, 500.0)
    assert not any(startup.LABELS["difference"] in name for name in table.ratios)
    assert table.notes == ["The target of the difference is at most 1.2 s."]
    (table,) = startup.tables({"torch": {"torch": 1.0, "reference_s": 0.0025}})
    assert not table.notes


def test_preparation_of_the_terrain_is_a_row_of_the_network() -> None:
    both = {"reference_s": 0.0025, "peak_mib": 200.0}
    found = {
        "exact default": {**both, "seconds": 0.15, "median": 0.16, "steps": 48},
        "network default": {
            **both, "loading": 0.5, "first": 0.3, "terrain": 0.05, "seconds": 0.1, "median": 0.12, "name": "unet",
            "device": "cpu",
        },
    }  # fmt: skip
    (table,) = solvers.tables(found)
    assert [row[:2] for row in table.rows] == [
        (solvers.ENGINES["exact"], 0.15),
        *((solvers.NETWORK[key], found["network default"][key]) for key in ("first", "terrain", "seconds")),
    ]
    assert [row[4] for row in table.rows] == [1.0, 0.5, None, pytest.approx(1.5)]
    assert table.ratios[f"{solvers.NETWORK['terrain']}, default, 24 h: time / reference job"] == Ratio(20.0)
    assert table.notes[-1] == "The target of the terrain's preparation is at most 0.1 s."


@pytest.mark.parametrize(
    ("layer", "shape", "flops"),
    [
        (lambda nn: nn.Conv2d(3, 8, 3, stride=2, padding=1), (1, 3, 10, 12), 2 * (5 * 6) * 8 * 3 * 9),
        (lambda nn: nn.Conv2d(4, 4, 3, padding=1, groups=4), (2, 4, 6, 6), 2 * 2 * 36 * 4 * 9),
        (lambda nn: nn.ConvTranspose2d(4, 2, 2, stride=2), (1, 4, 5, 6), 2 * (5 * 6) * 4 * 2 * 4),
    ],
)
def test_arithmetic_of_convolutions_is_counted(layer: object, shape: tuple, flops: int) -> None:
    torch = pytest.importorskip("torch")
    from evidence.benches.network_rates import FlopCount

    network = torch.nn.Sequential(layer(torch.nn), torch.nn.ReLU())
    count = FlopCount(network)
    network(torch.zeros(shape))
    assert count.flops == flops
    count.close()
    network(torch.zeros(shape))
    assert count.flops == flops


@pytest.mark.slow
def test_arithmetic_of_the_unet_is_what_torch_counts() -> None:
    torch = pytest.importorskip("torch")
    from evidence.benches.network_rates import FlopCount
    from slopecast.plugin.ml.channels import CHANNELS
    from slopecast.plugin.ml.network import Network
    from torch.utils.flop_counter import FlopCounterMode

    body = Network().body
    x = torch.zeros(1, len(CHANNELS), 32, 48)
    count = FlopCount(body)
    with torch.no_grad(), FlopCounterMode(display=False) as mode:
        body(x)
    assert count.flops == mode.get_total_flops() > 0


@pytest.mark.parametrize(
    ("work", "bytes_a_number"),
    [
        (lambda x, y: x + y, 12),
        (lambda x, y: x.add_(y), 12),
        (lambda x, y: x.relu_(), 8),
        (lambda x, y: x.view(-1)[::2], 0),
        (lambda x, y: (x * 2.0).view(-1) + y.view(-1), 20),
    ],
)
def test_memory_traffic_is_counted(work: object, bytes_a_number: int) -> None:
    torch = pytest.importorskip("torch")
    from evidence.benches.network_rates import Traffic

    x, y, traffic = torch.ones(6, 7), torch.ones(6, 7), Traffic()
    with torch.no_grad(), traffic:
        work(x, y)
    assert traffic.bytes == 42 * bytes_a_number


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "limit", "reason"),
    [("answer", 60.0, None), ("wrong", 60.0, "ValueError: on purpose"), ("endless", 1.0, "not done after 1 s")],
)
def test_measurements_run_apart(tmp_path: Path, function: str, limit: float, reason: str | None) -> None:
    code = """
import time

def answer(folder, number):
    return {"number": number}

def wrong(folder, number):
    raise ValueError("on purpose")

def endless(folder, number):
    time.sleep(60)
"""
    (tmp_path / "benches_made_up.py").write_text(code, encoding="utf-8")
    starter = tmp_path / "start.py"
    starter.write_text(
        f"import sys\nsys.path[:0] = [{str(checkout.ROOT / 'tests' / 'commands')!r}, {str(tmp_path)!r}]\n"
        "import benches_made_up\nsys.modules['evidence.benches.made_up'] = benches_made_up\n"
        "from evidence.benches import measuring\nmeasuring.measure(*sys.argv[3:])\n",
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measuring, "COMMANDS", starter)
        patch.setenv("PYTHONPATH", str(checkout.ROOT / "tests"))
        found = measuring.run_apart("made_up", Measurement("m", function, {"number": 7}, limit), tmp_path)
    if reason:
        assert found == {"failed": reason}
    else:
        assert found["number"] == 7
        assert found["reference_s"] > 0.0
        assert found["peak_mib"] > 1.0
