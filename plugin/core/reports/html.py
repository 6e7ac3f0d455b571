"""Self-contained HTML reports with tables and inline SVG figures."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import Iterable, Sequence

import numpy as np

from ...text import Text, on_page
from ..quantities.foreign_text import LONGEST_MESSAGE, foreign_text

#: Colours for colour-blind readers (Okabe & Ito 2008).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
_STYLE = (
    "body{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222;line-height:1.45}"
    "table{border-collapse:collapse;margin:1em 0}"
    "th,td{border:1px solid #bbb;padding:.3em .7em;text-align:left;vertical-align:top}"
    "td:first-child{min-width:7em}td.n{text-align:right;font-variant-numeric:tabular-nums}"
    "svg{max-width:100%;height:auto}figure{display:inline-block;margin:1em 1em 1em 0}"
    "figcaption{font-size:.9em;color:#555;max-width:30em}"
    ".warning{border-left:4px solid #d55e00;padding:.3em .8em;background:#fdf3ec}"
)
_WIDTH, _HEIGHT = 440, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 14, 14, 48
_MOST_POINTS = 400
_MOST_LABELS = 6
_MOST_INTERVALS = 6  # between numbers at an axis
_LONGEST_LABEL = 12


def escape(text: str) -> str:
    """Text in the page's language, escaped for HTML, without invisible characters."""
    plain = html.escape(foreign_text(on_page(text), LONGEST_MESSAGE, lines=True))
    return plain.replace("[ %]", "[&#37;]")  # a unit in brackets, written so that QGIS takes it for no expression


@dataclass(frozen=True)
class Line:
    """One line of a plot; without a label it is not in the legend; dots are points that nothing connects."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    dashed: bool = False
    dots: bool = False


@dataclass(frozen=True)
class Bar:
    """One bar of a plot: its label below the axis (empty for none), its height, its colour and its interval."""

    label: str
    value: float
    colour: str = COLOURS[0]
    interval: tuple[float, float] | None = None


def page(title: str, parts: Iterable[str]) -> str:
    """Self-contained page of parts, which are HTML."""
    language = escape(Text("en"))  # translated by the code of the language
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style></head>\n<body><h1>{escape(title)}</h1>\n{body}\n</body></html>\n"
    )


def heading(text: str) -> str:
    """Heading of a section."""
    return f"<h2>{escape(text)}</h2>"


def paragraph(text: str, *, warning: bool = False) -> str:
    """Paragraph of plain text."""
    return f'<p class="warning">{escape(text)}</p>' if warning else f"<p>{escape(text)}</p>"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Table; numbers are right-aligned, with four digits (more where they would be 1 else), NaN is shown as n/a."""
    parts = ["<table>"]
    if header:
        parts.append("<tr>" + "".join(f"<th>{escape(name)}</th>" for name in header) + "</tr>")
    parts += ["<tr>" + "".join(_cell(value) for value in row) + "</tr>" for row in rows]
    return "\n".join([*parts, "</table>"])


def line_plot(
    lines: Sequence[Line], x_label: str, y_label: str, caption: str = "", x_range: tuple[float, float] = (0.0, 1.0),
    y_range: tuple[float, float] = (0.0, 1.0),
) -> str:  # fmt: skip
    """Plot lines as SVG with axes and a legend; at most 400 points a line are drawn."""
    x_axis, y_axis = _Axis(x_range, _LEFT, _WIDTH - _RIGHT), _Axis(y_range, _HEIGHT - _BOTTOM, _TOP)
    parts = _axes(x_axis, y_axis, x_label, y_label)
    parts += [_polyline(line, x_axis, y_axis, _colour(lines, number)) for number, line in enumerate(lines)]
    return _figure([*parts, *_legend(lines)], caption or y_label, caption)


def bar_plot(bars: Sequence[Bar], x_label: str, y_label: str, caption: str = "", *, at_edges: bool = False) -> str:
    """Plot bars from 0 upward as SVG; of many labels only some are drawn.

    ``at_edges``: a label belongs to the left edge of its bar (a histogram), not to its middle.
    """
    top = _round_up(max((max(bar.value, *(bar.interval or (0.0,))) for bar in bars), default=0.0))
    y_axis = _Axis((0.0, top), _HEIGHT - _BOTTOM, _TOP)
    slot = (_WIDTH - _LEFT - _RIGHT) / max(len(bars), 1)
    gap = 0.0 if at_edges else 0.15 * slot
    every = -(-sum(bool(bar.label) for bar in bars) // _MOST_LABELS) or 1
    parts = _y_ticks(y_axis)
    count = 0
    for number, bar in enumerate(bars):
        left, height = _LEFT + slot * number, y_axis.start - y_axis.at(bar.value)
        parts.append(
            f'<rect x="{left + gap:.1f}" y="{y_axis.at(bar.value):.1f}" width="{slot - 2 * gap:.1f}" '
            f'height="{height:.1f}" fill="{bar.colour}" stroke="white" stroke-width="0.5"/>'
        )
        parts += _whisker(bar, left + slot / 2, y_axis)
        if bar.label:
            if count % every == 0:
                x, label = left if at_edges else left + slot / 2, escape(_short(on_page(bar.label)))
                parts.append(f'<text x="{x:.1f}" y="{y_axis.start + 16}" text-anchor="middle">{label}</text>')
            count += 1
    parts += _titles((_LEFT + _WIDTH - _RIGHT) / 2, (y_axis.start + y_axis.end) / 2, x_label, y_label)
    return _figure(parts, caption or y_label, caption)


def heat_map(
    values: np.ndarray, x: Sequence[float], y: Sequence[float], x_label: str, y_label: str, caption: str = ""
) -> str:
    """Draw values as grey cells, the greatest one black, with a ring around the middle one; NaN is left white.

    Args:
        values: (y, x), of ascending y, which is drawn upwards; x, y: positions of the columns and rows.
    """
    half = [0.5 * (float(at[-1]) - float(at[0])) / max(len(at) - 1, 1) for at in (x, y)]
    x_axis = _Axis((x[0] - half[0], x[-1] + half[0]), _LEFT, _WIDTH - _RIGHT)
    y_axis = _Axis((y[0] - half[1], y[-1] + half[1]), _HEIGHT - _BOTTOM, _TOP)
    wide, high = 2 * half[0] * x_axis.scale, -2 * half[1] * y_axis.scale
    known = values[np.isfinite(values)]
    least, spread = (float(known.min()), float(np.ptp(known))) if known.size else (0.0, 0.0)
    parts = _axes(x_axis, y_axis, x_label, y_label)
    for row, line in enumerate(values.tolist()):
        for col, value in enumerate(line):
            if math.isfinite(value):
                grey = round(235 - 215 * (value - least) / spread) if spread else 235
                left, top = x_axis.at(x[col]) - wide / 2, y_axis.at(y[row]) - high / 2
                parts.append(
                    f'<rect x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{high:.1f}" '
                    f'fill="rgb({grey},{grey},{grey})"><title>{value:.3f}</title></rect>'
                )
    middle = x_axis.at(x[len(x) // 2]), y_axis.at(y[len(y) // 2])
    parts.append(
        f'<circle cx="{middle[0]:.1f}" cy="{middle[1]:.1f}" r="{0.3 * min(wide, high):.1f}" fill="none" '
        f'stroke="{COLOURS[1]}" stroke-width="2"/>'
    )
    return _figure(parts, caption or y_label, caption)


def _whisker(bar: Bar, x: float, y_axis: _Axis) -> list[str]:
    """Interval of a bar."""
    if bar.interval is None or not all(map(math.isfinite, bar.interval)):
        return []
    low, high = (y_axis.at(end) for end in bar.interval)
    lines = [(x, low, x, high), (x - 6, low, x + 6, low), (x - 6, high, x + 6, high)]
    return [
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#222" stroke-width="1.5"/>'
        for x1, y1, x2, y2 in lines
    ]


@dataclass(frozen=True)
class _Axis:
    """Maps a range of values onto pixels."""

    values: tuple[float, float]
    start: float
    end: float

    def at(self, value: float) -> float:
        low, high = self.values
        return self.start + (self.end - self.start) * (value - low) / (high - low)

    @property
    def scale(self) -> float:
        """Pixels of a unit."""
        return (self.end - self.start) / (self.values[1] - self.values[0])

    def ticks(self) -> list[float]:
        """Round numbers within the range, three to seven of them."""
        low, high = self.values
        step = _round_up((high - low) / _MOST_INTERVALS)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


def _axes(x_axis: _Axis, y_axis: _Axis, x_label: str, y_label: str) -> list[str]:
    parts = []
    for value in x_axis.ticks():
        x = x_axis.at(value)
        parts.append(f'<line x1="{x:.1f}" y1="{y_axis.start}" x2="{x:.1f}" y2="{y_axis.end}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{y_axis.start + 16}" text-anchor="middle">{value:g}</text>')
    middle = (x_axis.start + x_axis.end) / 2, (y_axis.start + y_axis.end) / 2
    return [*parts, *_y_ticks(y_axis), *_titles(*middle, x_label, y_label)]


def _figure(parts: Sequence[str], label: str, caption: str) -> str:
    """Figure of SVG elements with a label for screen readers and a caption."""
    begin = (
        f'<figure><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" role="img" '
        f'aria-label="{escape(label)}" font-family="sans-serif" font-size="12">'
    )
    return "\n".join([begin, *parts, f"</svg><figcaption>{escape(caption)}</figcaption></figure>"])


def _y_ticks(y_axis: _Axis) -> list[str]:
    """Lines and numbers of the vertical axis."""
    parts = []
    for value in y_axis.ticks():
        y = y_axis.at(value)
        parts.append(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    return parts


def _titles(middle_x: float, middle_y: float, x_label: str, y_label: str) -> list[str]:
    rotation = f'transform="rotate(-90 14 {middle_y})"'
    return [
        f'<text x="{middle_x}" y="{_HEIGHT - 10}" text-anchor="middle">{escape(x_label)}</text>',
        f'<text x="14" y="{middle_y}" text-anchor="middle" {rotation}>{escape(y_label)}</text>',
    ]


def _round_up(value: float) -> float:
    """The least of 1, 2, 2.5, 5 times a power of ten that is not below ``value``; 1 for nothing."""
    if value <= 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * power >= value * (1.0 - 1e-12))


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "\u2026"


def _polyline(line: Line, x_axis: _Axis, y_axis: _Axis, colour: str) -> str:
    points = np.column_stack([np.asarray(line.x, dtype=float), np.asarray(line.y, dtype=float)])
    if line.dots:
        return "".join(
            f'<circle cx="{x_axis.at(x):.1f}" cy="{y_axis.at(y):.1f}" r="2.5" fill="{colour}" fill-opacity="0.6"/>'
            for x, y in points
            if math.isfinite(x + y)
        )
    points = _thinned(points)
    drawn = " ".join(f"{x_axis.at(x):.1f},{y_axis.at(y):.1f}" for x, y in points if math.isfinite(x + y))
    dash = ' stroke-dasharray="5 4"' if line.dashed else ""
    return f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'


def _thinned(points: np.ndarray) -> np.ndarray:
    """At most 400 points, evenly spaced along the length of the line."""
    if len(points) <= _MOST_POINTS:
        return points
    length = np.append(0.0, np.cumsum(np.abs(np.diff(points, axis=0)).sum(axis=1)))
    wanted = np.searchsorted(length, np.linspace(0.0, length[-1], _MOST_POINTS))
    return points[np.unique(np.clip(wanted, 0, len(points) - 1))]


def _legend(lines: Sequence[Line]) -> list[str]:
    """Legend in the lower right corner, where rising curves leave room."""
    labelled = [(number, line) for number, line in enumerate(lines) if line.label]
    parts = []
    for row, (number, line) in enumerate(reversed(labelled)):
        y = _HEIGHT - _BOTTOM - 14 - 18 * row
        x = _WIDTH - _RIGHT - 10
        dash = ' stroke-dasharray="5 4"' if line.dashed else ""
        parts.append(f'<text x="{x - 32}" y="{y + 4}" text-anchor="end">{escape(line.label)}</text>')
        parts.append(
            f'<line x1="{x - 26}" y1="{y}" x2="{x}" y2="{y}" stroke="{_colour(lines, number)}" stroke-width="2"{dash}/>'
        )
    return parts


def _colour(lines: Sequence[Line], number: int) -> str:
    """Dashed lines are grey; the others cycle through the colours."""
    if lines[number].dashed:
        return "#777"
    return COLOURS[sum(not line.dashed for line in lines[:number]) % len(COLOURS)]


def _cell(value: object) -> str:
    if isinstance(value, (float, np.floating)):
        text = f"{value:.4g}" if math.isfinite(value) else "n/a"
        text = f"{value:.9g}" if text == "1" else text  # a share of all is not one of all but a few
        return f'<td class="n">{text}</td>'
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return f'<td class="n">{value:,}</td>'.replace(",", "\u202f")
    return f"<td>{escape(value if isinstance(value, str) else str(value))}</td>"
