"""Report: well-formed, self-contained, escaped; plots put values where they belong."""

import math
import re
from xml.etree import ElementTree

import numpy as np
from slopecast.plugin.core.reports.html import Line, heading, line_plot, page, paragraph, table


def test_page_is_whole_and_needs_nothing_else() -> None:
    html = page("A & B <i>", [heading("x < y"), paragraph("a < b", warning=True), table(["a"], [["<script>"]])])
    assert html.startswith("<!DOCTYPE html>")
    assert "<script>" not in html
    assert "A &amp; B &lt;i&gt;" in html
    assert not re.search(r'(src|href)="|url\(|@import', html)


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
