"""Report: well-formed, self-contained, escaped; plots put values where they belong."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from slopecast.plugin.core.reports.html import (
    Bar,
    Line,
    bar_plot,
    heading,
    heat_map,
    line_plot,
    page,
    paragraph,
    table,
)


def test_page_is_whole_and_needs_nothing_else() -> None:
    html = page("A & B <i>", [heading("x < y"), paragraph("a < b", warning=True), table(["a"], [["<script>"]])])
    assert html.startswith("<!DOCTYPE html>")
    assert "<script>" not in html
    assert "A &amp; B &lt;i&gt;" in html
    assert not re.search(r'(src|href)="|url\(|@import', html)


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (0.99997, "0.99997"), (0.9999996, "0.9999996"), (1.00003, "1.00003"), (0.5, "0.5")]
)
def test_what_is_nearly_1_is_not_shown_as_1(value: float, text: str) -> None:
    """A hit rate of 1 means that no landslide cell is missed."""
    assert f">{text}<" in table((), [["a", value]])


def test_table_shows_numbers_and_leaves_what_is_no_number_out() -> None:
    html = table(["name", "value"], [["a", 0.123456], ["b", math.nan], ["c", 1234567], ["d", np.float64(2.0)]])
    assert ">0.1235<" in html
    assert ">n/a<" in html
    assert ">1\u202f234\u202f567<" in html
    assert ">2<" in html


def test_plot_puts_the_corners_into_the_corners() -> None:
    figure = ElementTree.fromstring(line_plot([Line("map", [0, 1], [0, 1]), Line("", [0, 1], [0, 1], True)], "x", "y"))
    lines = figure.findall(".//polyline")
    assert lines[0].get("points") == "58.0,352.0 426.0,14.0"
    assert lines[1].get("stroke-dasharray")
    assert [t.text for t in figure.iter("text")].count("map") == 1


def test_long_lines_are_thinned_but_keep_their_ends() -> None:
    x = np.linspace(0.0, 1.0, 100_001)
    figure = ElementTree.fromstring(line_plot([Line("long", x, x**0.1)], "x", "y"))
    points = figure.find(".//polyline").get("points").split()
    assert 300 < len(points) <= 400
    assert points[0] == "58.0,352.0"
    assert points[-1] == "426.0,14.0"


def test_axes_are_numbered_by_round_numbers_within_their_range() -> None:
    plot = line_plot([], "x", "y", x_range=(0.0, 6.0), y_range=(-0.3, 0.4))
    texts = [t.text for t in ElementTree.fromstring(plot).iter("text")]
    assert texts[:7] == ["0", "1", "2", "3", "4", "5", "6"]
    assert texts[7:11] == ["-0.2", "0", "0.2", "0.4"]


def test_bars_have_whiskers_at_their_intervals() -> None:
    bars = [Bar("a", 0.5, interval=(0.4, 0.8)), Bar("b", 0.6, interval=(math.nan, 0.7)), Bar("c", 0.7)]
    figure = ElementTree.fromstring(bar_plot(bars, "x", "y"))
    whiskers = [line for line in figure.iter("line") if line.get("stroke") == "#222"]
    assert len(whiskers) == 3  # a line and its two ends, of the one that is known
    # the axis goes from 0 at 352 to 1 at 14
    assert [float(whiskers[0].get(k)) for k in ("y1", "y2")] == [216.8, 81.6]


def test_heat_map_is_darkest_at_the_greatest_value() -> None:
    values = np.array([[0.5, 0.6], [math.nan, 0.7]])
    figure = ElementTree.fromstring(heat_map(values, [0.0, 10.0], [-5.0, 5.0], "x", "y"))
    cells = figure.findall(".//rect")
    assert [cell.find("title").text for cell in cells] == ["0.500", "0.600", "0.700"]
    assert [cell.get("fill") for cell in cells] == ["rgb(235,235,235)", "rgb(128,128,128)", "rgb(20,20,20)"]
    first, _, last = ((float(cell.get("x")), float(cell.get("y"))) for cell in cells)
    assert first[0] < last[0]
    assert first[1] > last[1]  # y upwards


def test_heat_map_of_equal_values_is_drawn() -> None:
    ElementTree.fromstring(heat_map(np.full((3, 3), 0.5), [-1, 0, 1], [-1, 0, 1], "x", "y"))
    ElementTree.fromstring(heat_map(np.full((3, 3), math.nan), [-1, 0, 1], [-1, 0, 1], "x", "y"))
