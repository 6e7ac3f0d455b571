"""Typical soil values and published cases with their sources."""

from __future__ import annotations

from dataclasses import dataclass

_CM_PER_H = 0.01 / 3600.0  # [m/s] in one cm/h


@dataclass(frozen=True)
class Preset:
    """Values for some of a scenario's inputs.

    Attributes:
        group: key of :data:`GROUPS`.
        label: the soil or the case.
        values: number by key, in the units of the table of variables.
        note: how far the values spread, and what they leave open.
    """

    group: str
    label: str
    values: dict[str, float]
    note: str = ""

    @property
    def source(self) -> str:
        """Source of the values."""
        return GROUPS[self.group][1]


#: Title and source of each group.
GROUPS: dict[str, tuple[str, str]] = {
    "case": (
        "Published cases: rain, strength and conductivity",
        "Jeong, Lee, Kim, Chua & Park, Digital assessment and prediction of rainfall-induced landslides using CNN",
    ),
    "texture": (
        "Soil texture: conductivity and suction",
        "Green-Ampt averages of Rawls, Brakensiek & Miller (1983), J. Hydraul. Eng. 109(1), 62-70",
    ),
    "class": (
        "Soil class (USCS): friction angle",
        "mean effective friction angles by class as in the Swiss standard SN 670 010b",
    ),
}

_DURATION_OPEN = "The duration of the rain is not changed."
_SPREAD = "Averages over many soils; conductivity varies by a factor of 10 or more. Roots and soil pipes increase it."
_COHESION_OPEN = "The cohesion is not changed: it depends on more than the soil class."

#: Texture: K [cm/h] and suction head at the wetting front [cm].
_TEXTURES = {
    "Sand": (11.78, 4.95),
    "Loamy sand": (2.99, 6.13),
    "Sandy loam": (1.09, 11.01),
    "Loam": (0.34, 8.89),
    "Silt loam": (0.65, 16.68),
    "Sandy clay loam": (0.15, 21.85),
    "Clay loam": (0.10, 20.88),
    "Silty clay loam": (0.10, 27.30),
    "Sandy clay": (0.06, 23.90),
    "Silty clay": (0.05, 29.22),
    "Clay": (0.03, 31.63),
}

#: Class: effective friction angle and its spread [deg].
_CLASSES = {
    "GM, silty gravel": (36.0, 4.0),
    "GC, clayey gravel": (34.0, 4.0),
    "SW, well-graded sand": (38.0, 5.0),
    "SP, poorly graded sand": (36.0, 6.0),
    "SM, silty sand": (34.0, 3.0),
    "SC, clayey sand": (32.0, 4.0),
    "ML, silt": (33.0, 4.0),
    "CL, lean clay": (27.0, 4.0),
    "MH, elastic silt": (24.0, 6.0),
    "CH, fat clay": (22.0, 4.0),
}


def _case(label: str, rainfall: float, cohesion: float, friction_angle: float, conductivity: float) -> Preset:
    values = {
        "RAINFALL": rainfall, "COHESION": cohesion, "FRICTION_ANGLE": friction_angle, "CONDUCTIVITY": conductivity,
    }  # fmt: skip
    return Preset("case", label, values, _DURATION_OPEN)


def _texture(label: str, conductivity_cm_per_h: float, suction_cm: float) -> Preset:
    conductivity = float(f"{conductivity_cm_per_h * _CM_PER_H:.3g}")
    return Preset(
        "texture", label, {"CONDUCTIVITY": conductivity, "SUCTION_HEAD": round(suction_cm / 100.0, 4)}, _SPREAD
    )


PRESETS: tuple[Preset, ...] = (
    _case("Case (a): many failed cells in the paper", 8.5, 14.0, 26.6, 1.3e-6),
    _case("Case (b): few failed cells in the paper", 4.7, 15.0, 23.0, 4.4e-6),
    *(_texture(label, *values) for label, values in _TEXTURES.items()),
    *(
        Preset("class", label, {"FRICTION_ANGLE": mean}, f"Spread: +/- {spread:g} deg. {_COHESION_OPEN}")
        for label, (mean, spread) in _CLASSES.items()
    ),
)
