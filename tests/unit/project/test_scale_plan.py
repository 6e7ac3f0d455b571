"""docs/scale.md: its figures are those of docs/performance.md, and its estimate follows from them."""

from __future__ import annotations

import json

import pytest
from authoring import docs, scale_plan
from checkout import ROOT
from evidence import scale
from evidence.benches import other_commands, report
from evidence.benches.report import Table

SIZE = "200,000 cells"
LINES = [
    "1000 rows, 100 hydrologies, 200,000 cells, network: 40.0 s, 25.0 masks a second; processor time 50.0 s",
    "stability    10.00 s   25.0 % of the run",
    "writing       8.00 s   20.0 % of the run",
    "peak memory 900 MiB",
]


def text_of(load: float = 0.1) -> str:
    """A report as the bench writes it: each scenario of a solver takes 0.5 s."""
    default = Table("Default, 24 h", (SIZE, "least [s]"), [("engine, exact", 0.5), (scale_plan._FURTHER, 0.5)])
    strong = Table(
        "Strong lateral flow, 72 h", (SIZE, "least [s]"),
        [("engine, exact", 1234.0), ("engine, fast", 0.5), (scale_plan._FURTHER, 0.5)],
    )  # fmt: skip
    threads = Table(
        "Threads", ("", "time [s]", "speed / one thread"),
        [("engine, exact, threads: 4", 1.0, 3.5), ("network, threads: 4", 1.0, 2.5)],
    )  # fmt: skip
    rows = [*scale.HEAD, scale.row(10_000, "engine", 125.0, 1.974)]
    found = {
        name: {"lines": lines, "reference_s": 0.002} for name, lines in (("table_throughput", LINES), ("scale", rows))
    }
    tables = [default, strong, threads, *other_commands.tables(found)]
    return report.markdown({
        "kind": "whole", "commit": "abc1234", "date": "2026-11-28", "load": load, "seconds": 1200.0,
        "sections": [report.section("all", "All", tables, {}, 1.0)],
        "machine": {
            "processor": "A processor", "hardware": "family 1", "cores": 4, "memory_gib": 7.0, "versions": {},
            "network": "cpu",
        },
    })  # fmt: skip


def test_the_estimate_follows_from_the_report() -> None:
    """4e9 cells are 20,000 study areas.

    Water: x 100 hydrologies x 0.5 s x 4 cores / 3600 = 1,111 core-hours.
    Rows: x 1,000 x (0.01 s x 4 cores + 0.008 s) / 3600 = 267 core-hours.
    Strong lateral flow: 2,468 times 0.5 s.
    """
    text = scale_plan.estimate(scale_plan.Report(text_of()))
    assert "| network, default | 1,111 | 267 | 1,378 | 69 USD |" in text.splitlines()
    assert "| engine, exact, strong lateral flow | 2,742,222 | 267 | 2,742,489 | 137,124 USD |" in text.splitlines()


def test_figures_are_those_of_the_report() -> None:
    made = scale_plan.Report(text_of())
    text = scale_plan.figures(made)
    assert "of 2026-11-28, commit abc1234 (A processor (family 1), 4 cores)." in text
    assert "warns that the machine was busy" not in text
    assert "| engine, exact, default | 0.5 | 10 |" in text
    assert "| stability of a row of a table | 0.01 | 0.2 |" in text
    assert "4 of them have 3.50 (engine, exact) and 2.50 (network) times the speed of one." in text
    assert "It warns that the machine was busy" in scale_plan.figures(scale_plan.Report(text_of(load=3.0)))
    assert scale_plan.large_rasters(made).splitlines()[-1] == "| 100e6 | engine | 125.0 | 0.80 | 1.97 GB |"
    limits = scale_plan.limits(made)
    assert "some 10 ms a row on 200,000 cells and 4 cores: at most 100 masks a second of a client" in limits
    assert "222 core-hours" in limits
    assert "made 25.0 masks of 200,000 cells a second" in limits


@pytest.mark.parametrize(
    "gone", ["| engine, fast |", "1000 rows, 100 hydrologies", "| 100e6 |", "| network, threads: 4"]
)
def test_a_figure_that_the_report_lacks_is_named(gone: str) -> None:
    made = scale_plan.Report(text_of().replace(gone, "| other |"))
    with pytest.raises(KeyError, match=scale_plan.PERFORMANCE.name):
        [make(made) for make in (scale_plan.figures, scale_plan.large_rasters, scale_plan.estimate, scale_plan.limits)]


def test_rows_that_were_printed_with_escaped_bars_are_read() -> None:
    lines = [
        "### Large rasters from file to file",
        "| printed by |",
        "|---|",
        "| \\| 100e6 \\| engine \\| 120.5 \\| 0.83 \\| 1.97 GB \\| |",
    ]
    assert scale_plan.large_rasters(scale_plan.Report("\n".join(lines))).endswith(
        "| 100e6 | engine | 120.5 | 0.83 | 1.97 GB |"
    )


def test_the_plan_has_the_figures_of_the_report() -> None:
    text = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    made = scale_plan.parts()
    assert all(f"<!-- made: {name} -->" in text for name in made)
    assert docs.filled(text, made) == text, "run 'make docs'"


def test_recorded_runs_are_tabulated(tmp_path) -> None:
    """A run takes the place of the same one before; times of a busy machine are marked."""
    file = tmp_path / "runs.json"
    for given in (("strong", 10_000, 300.0, 4.0, 0.1), ("engine", 4000, 9.04, 1.066, 2.0),
                  ("strong", 10_000, 190.04, 2.604, 0.1)):  # fmt: skip
        scale.record(*given, file)
    lines = scale_plan.runs_table(json.loads(file.read_text(encoding="utf-8"))).splitlines()
    assert lines[0] == "| run | 1 million cells | 16 million cells | 100 million cells |"
    assert "| *Simulate factor of safety*, exact |  | 9* s, 1.07 GB |  |" in lines
    assert f"| {scale_plan.RUNS['strong']} |  |  | 190 s, 2.60 GB |" in lines
    assert lines[-1].endswith("Times with * are of a busy machine and too long.")


def test_all_runs_have_a_title() -> None:
    assert list(scale_plan.RUNS) == list(scale.ALGORITHMS)
