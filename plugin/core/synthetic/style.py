"""Random descriptors of the relief and survey of a procedural study area."""

from __future__ import annotations

import numpy as np

SETTINGS = ("range", "massif", "plateau", "front", "tilted", "volcano")
SURVEYS = ("clean", "srtm", "integer", "smoothed", "lidar")
_SETTING_SHARES = (0.4, 0.1, 0.12, 0.15, 0.13, 0.1)
# Ranges of the wanted median slope [deg]: low hills, hills, mountains, threshold landscapes, alpine walls.
_SLOPES = ((4, 12), (10, 24), (20, 32), (28, 39), (36, 45))
_SLOPE_SHARES = (0.18, 0.32, 0.28, 0.14, 0.08)


class _Draw:
    """Draws plain Python numbers, so that a style can be written as JSON."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def uniform(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def log_uniform(self, low: float, high: float) -> float:
        return float(np.exp(self.rng.uniform(np.log(low), np.log(max(low, high)))))

    def integer(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high))

    def choice(self, names: tuple[str, ...], shares: tuple[float, ...] | None = None) -> str:
        return str(self.rng.choice(names, p=shares))


def draw_style(rng: np.random.Generator, cell_size: float) -> dict:
    """Draw the descriptors of a study area's relief.

    Args:
        cell_size: [m]; valleys are drawn within what cells of that size can show.

    Returns:
        Descriptors by name; lengths in metres end in `_m`, angles in degrees in `_deg`, other lengths are in cells of
        the grid they act on.
    """
    draw = _Draw(rng)
    setting = draw.choice(SETTINGS, _SETTING_SHARES)
    spacing = draw.log_uniform(max(7 * cell_size, 80.0), min(80 * cell_size, 750.0))
    slope = draw.uniform(*_SLOPES[int(rng.choice(len(_SLOPES), p=_SLOPE_SHARES))])
    threshold = draw.uniform(31, 42) if draw.chance(0.5) else draw.uniform(42, 68)
    style = {
        "setting": setting,
        "valley_spacing_m": spacing,
        "median_slope_deg": slope,
        "threshold_deg": max(slope + 3, threshold),
        "angle": draw.uniform(0, 2 * np.pi),
    }
    _draw_evolution(draw, style, spacing / cell_size)
    _draw_setting(draw, style)
    _draw_landforms(draw, style, cell_size)
    style["survey"] = draw.choice(SURVEYS, _survey_probabilities(cell_size))
    style["survey_noise"] = draw.uniform(0.3, 1.0)
    return style


def _draw_evolution(draw: _Draw, style: dict, spacing: float) -> None:
    """Add to `style` how the relief evolves; `spacing` of the valleys in cells."""
    young = style["setting"] in ("plateau", "volcano") or draw.chance(0.15)
    spans = ((6, 20), (6, 12), (4, 8)) if young else ((30, 60), (16, 26), (6, 9))
    ratio = float(np.clip(spacing / 7.0, 2.0, 4.5))
    tangents = np.tan(np.radians([style["threshold_deg"], style["median_slope_deg"]]))
    style.update(
        ratio=ratio,
        diffusion_length=spacing / ratio / 12.0 * draw.uniform(0.5, 1.5),
        threshold_ratio=float(np.clip(tangents[0] / tangents[1], 1.3, 4.0)),
        steps=[draw.integer(*span) for span in spans],
        uplift=draw.uniform(0.5, 1.0),
        area_exponent=draw.uniform(0.38, 0.55),
        jitter=draw.uniform(0.3, 0.9),
        warp=draw.uniform(0.5, 3.0),
        wander=draw.uniform(0.3, 1.0),
        detail=draw.uniform(0.03, 0.15),
        detail_roughness=draw.uniform(0.3, 0.9),
        detail_wavelength=draw.log_uniform(8, 60),
        fine_steps=draw.integer(2, 5),
        fine_rate=draw.log_uniform(0.1, 0.5),
        fine_diffusion=max(0.6, spacing / 12.0 * draw.uniform(0.15, 0.9)),
        trunk_area=spacing**2 * draw.log_uniform(3.0, 40.0),
    )


def _draw_setting(draw: _Draw, style: dict) -> None:
    """Add uplift, outlets and lithology to `style`."""
    sides = "".join(side for side in "NSEW" if draw.chance(0.7)) or draw.choice(tuple("NSEW"))
    style.update(
        open_sides="NSEW" if style["setting"] in ("massif", "volcano") else sides,
        lithology=draw.choice(("uniform", "patches", "bands"), (0.4, 0.4, 0.2)),
        contrast=draw.uniform(0.2, 0.9),
        bands=draw.uniform(2, 7),
    )
    if style["setting"] == "massif":
        style.update(
            share=draw.uniform(0.2, 0.6),
            aspect=draw.uniform(0.8, 1.6),
            peaked=draw.uniform(0.3, 3.0),
            ragged=draw.uniform(0.1, 0.35),
        )
    elif style["setting"] == "volcano":
        style.update(crater=draw.uniform(0.03, 0.12))
    elif style["setting"] == "front":
        style.update(front=draw.uniform(-0.6, 0.1), front_width=draw.log_uniform(0.03, 0.6))


def _draw_landforms(draw: _Draw, style: dict, cell_size: float) -> None:
    """Add to `style` the landforms that are laid over the eroded relief, each only where it is drawn."""
    spacing, slope = style["valley_spacing_m"], style["median_slope_deg"]
    relief = spacing * float(np.tan(np.radians(slope)))  # [m] over one valley spacing at the median slope
    if slope > 15 and draw.chance(0.18):
        style["trough_width_m"] = spacing * draw.uniform(0.25, 0.6)
        style["trough_depth_m"] = relief * draw.uniform(0.3, 0.7)
        style["trough_power"] = draw.uniform(1.8, 3.2)
    if draw.chance(0.4):
        style["fill_height_m"] = relief * draw.uniform(0.01, 0.15)
        style["fill_slope"] = draw.uniform(0.0, 0.06)
    if draw.chance(0.35 if slope > 18 else 0.15):
        style["threshold_deg"] = max(style["threshold_deg"], draw.uniform(45, 68))  # cliffs are in rock
        style["bench_height_m"] = float(np.clip(relief * draw.uniform(0.1, 0.4), 4 * cell_size * relief / spacing, 200))
        style["bench_strength"] = draw.uniform(0.3, 0.9)
        style["bench_dip"] = draw.uniform(0, 0.1)
    if draw.chance(0.7 if slope > 18 else 0.3):
        style["crag_height_m"] = cell_size * min(1.0, (7.0 / cell_size) ** 0.8) * draw.log_uniform(0.15, 1.5)
        style["crag_onset"] = float(np.tan(np.radians(draw.uniform(24, 42))))
    if cell_size <= 6 and draw.chance(0.25):
        style["roads"] = draw.integer(1, 4)
        style["road_width_m"] = draw.uniform(3, 8)
    if draw.chance(0.1):
        style["sea_share"] = draw.uniform(0.05, 0.4)


def _survey_probabilities(cell_size: float) -> tuple[float, ...]:
    """Probability of each of `SURVEYS` at a cell size [m]: speckle on satellite grids, rough ground under lidar."""
    if cell_size >= 15:
        return 0.25, 0.4, 0.25, 0.1, 0.0
    if cell_size >= 7:
        return 0.25, 0.15, 0.1, 0.15, 0.35
    if cell_size >= 4:
        return 0.2, 0.0, 0.04, 0.16, 0.6
    return 0.2, 0.0, 0.0, 0.15, 0.65
