"""Table of scenario inputs, from which parameters, help, CSV headers, range checks and docs are made.

A new input is one row here. ``minimum`` and ``maximum`` bound what is physically
possible (outside: an error); ``trained`` bounds what the general network is trained on
(outside: a warning), ``None`` where the closed form takes any value.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from .text import Text, span


@dataclass(frozen=True)
class Variable:
    """One scenario input: its key, unit, limits, default and meaning."""

    key: str
    label: str
    unit: str
    default: float
    minimum: float
    maximum: float
    doc: str
    advice: str
    trained: tuple[float, float] | None = None
    log_scale: bool = False
    advanced: bool = False
    layer: bool = True
    decimals: int = 3

    @cached_property
    def name(self) -> str:
        """Lower-case name: the field of a scenario and the column of a parameter table."""
        return self.key.lower()

    @property
    def layer_key(self) -> str:
        """Key of the raster that replaces the number."""
        return f"{self.key}_LAYER"

    @property
    def title(self) -> Text:
        """Label with unit, as shown in dialogs."""
        return Text("{} [{}]", Text(self.label), self.unit) if self.unit != "-" else Text(self.label)

    @property
    def allowed(self) -> str:
        """The physical range in words."""
        return span(self.minimum, self.maximum, self.unit)

    @property
    def named(self) -> str:
        """Label and key, as messages name it."""
        return Text("{} ({})", Text(self.label), self.key)


VARIABLES: tuple[Variable, ...] = (
    Variable(
        "COHESION", "Cohesion", "kPa", 8.0, 0.0, 200.0,
        "Effective cohesion c' of the soil.",
        "Enter the effective cohesion in kPa (1 kPa = 1000 N/m2); soils rarely exceed 50 kPa.",
        trained=(0.5, 25.0), decimals=2,
    ),
    Variable(
        "FRICTION_ANGLE", "Friction angle", "deg", 28.0, 1.0, 55.0,
        "Effective angle of internal friction phi' of the soil.",
        "Enter the effective friction angle in degrees, not its tangent; most soils have 15 to 45 deg.",
        trained=(18.0, 40.0), decimals=2,
    ),
    Variable(
        "CONDUCTIVITY", "Saturated hydraulic conductivity", "m/s", 3e-6, 1e-10, 1e-2,
        "Saturated hydraulic conductivity K_s of the soil, vertical.",
        "Enter it in m/s: divide a value in m/day by 86400, one in mm/h by 3.6e6, one in cm/s by 100.",
        trained=(1e-7, 5e-5), log_scale=True, decimals=10,
    ),
    Variable(
        "RAINFALL", "Rainfall intensity", "mm/h", 8.5, 0.0, 300.0,
        "Rainfall intensity on the horizontal, constant over the duration.",
        "Enter the intensity in mm/h: divide a daily amount in mm by 24.",
        trained=(1.0, 17.0), decimals=3,
    ),
    Variable(
        "DURATION", "Duration", "h", 24.0, 0.1, 720.0,
        "Duration of the rain; the map shows the state at its end.",
        "Enter the duration in hours.",
        trained=(1.0, 72.0), layer=False, decimals=2,
    ),
    Variable(
        "WATER_TABLE_RATIO", "Initial water table / soil depth", "-", 0.3, 0.0, 1.0,
        "Height of the water table above bedrock before the rain, as a share of the soil depth.",
        "Enter a share between 0 (dry) and 1 (saturated): more for a storm in a wet season, less after dry weeks.",
        trained=(0.0, 0.7), advanced=True,
    ),
    Variable(
        "MOISTURE_DEFICIT", "Moisture deficit", "-", 0.10, 0.005, 0.6,
        "Volume of water that a unit volume of the unsaturated soil takes up when the wetting front passes.",
        ("Enter a volume fraction, less where the soil is moist before the rain, more where it is dry; it cannot "
        "exceed the porosity."),
        trained=(0.05, 0.25), advanced=True,
    ),
    Variable(
        "SUCTION_HEAD", "Suction head at the wetting front", "m", 0.11, 0.0, 3.0,
        "Green-Ampt suction head psi_f at the wetting front, as a positive length.",
        "Enter metres of water: sand 0.05, sandy loam 0.11, clay 0.32.",
        trained=(0.05, 0.30), advanced=True,
    ),
    Variable(
        "LATERAL_ANISOTROPY", "Lateral anisotropy K_lat / K_s", "-", 1.0, 0.01, 1000.0,
        ("Ratio of the lateral conductivity, along the slope, to the vertical one; 10 to 50 with macropores and soil "
        "pipes."),
        "Enter a ratio; 1 is an isotropic soil.",
        trained=(1.0, 50.0), log_scale=True, advanced=True,
    ),
    Variable(
        "ROOT_COHESION", "Root cohesion", "kPa", 1.0, 0.0, 50.0,
        "Additional cohesion from roots, down to the root depth.",
        "Enter it in kPa; forests have 1 to 20 kPa.",
        advanced=True,
    ),
    Variable(
        "ROOT_DEPTH", "Root depth", "m", 1.0, 0.0, 20.0,
        "Depth to which roots reinforce the soil.",
        "Enter it in metres.",
        advanced=True,
    ),
    Variable(
        "SURCHARGE", "Surcharge", "kPa", 0.0, 0.0, 100.0,
        "Load on the surface per horizontal area, such as trees or fills.",
        "Enter it in kPa; a dense forest weighs 1 to 3 kPa.",
        advanced=True,
    ),
    Variable(
        "UNIT_WEIGHT_MOIST", "Moist unit weight", "kN/m3", 17.6, 10.0, 26.0,
        "Unit weight of the soil that is neither wetted nor below the water table.",
        "Enter it in kN/m3: a density in kg/m3 times 0.00981.",
        advanced=True,
    ),
    Variable(
        "UNIT_WEIGHT_SATURATED", "Saturated unit weight", "kN/m3", 19.0, 10.0, 27.0,
        "Unit weight of the soil behind the wetting front and below the water table.",
        "Enter it in kN/m3: a density in kg/m3 times 0.00981.",
        advanced=True,
    ),
)  # fmt: skip

#: Numbers of the physics engine's optional processes; each acts only where its process is chosen.
ENGINE_VARIABLES: tuple[Variable, ...] = (
    Variable(
        "EFFECTIVE_POROSITY", "Effective porosity", "-", 0.40, 0.05, 0.8,
        ("Saturated minus residual water content, theta_s - theta_r; used for the moist wetting front and for strength "
        "from suction."),
        "Enter a volume fraction above the moisture deficit plus 0.05: sand 0.42, sandy loam 0.41, clay 0.39.",
        advanced=True, layer=False,
    ),
    Variable(
        "PORE_SIZE_INDEX", "Pore-size distribution index", "-", 0.38, 0.05, 5.0,
        ("Index lambda of Brooks and Corey: relates the water content behind a moist wetting front to the rainfall "
        "rate."),
        "Enter a number: sand 0.69, sandy loam 0.38, clay 0.17.",
        advanced=True, layer=False,
    ),
    Variable(
        "INITIAL_SUCTION", "Initial suction at the bedrock", "m", 0.0, 0.0, 20.0,
        "Suction head before the rain, psi_0; it adds strength at the bedrock where there is no water table. With 0, "
        "strength from suction is ignored.",
        "Enter metres of water as a positive length: 1 m is about 10 kPa.",
        advanced=True, layer=False,
    ),
    Variable(
        "ANTECEDENT_RECHARGE", "Antecedent recharge", "mm/day", 0.0, 0.0, 100.0,
        "Steady recharge that produced the initial water table, accumulated along the flow paths. With 0 the ratio of "
        "water table to soil depth is used instead.",
        "Enter the mean rainfall of the wet weeks before the event in mm/day.",
        advanced=True, layer=False,
    ),
)  # fmt: skip

#: Distributions of uncertain numbers, and what choices call them.
DISTRIBUTIONS: dict[str, str] = {
    "normal": "Normal", "lognormal": "Lognormal", "triangular": "Triangular, symmetric",
}  # fmt: skip
#: Methods of estimating the soil depth, and what choices call them.
DEPTH_METHODS: dict[str, str] = {
    "slope": "Slope: thin where steep (Saulnier's s-model)",
    "elevation": "Elevation: thin on high ground (Saulnier's z-model)",
    "exponential": "Exponential decrease with the slope angle",
    "slope_curvature": "Slope and curvature: thin on ridges, deep in hollows",
    "constant": "Constant: the mean of minimum and maximum depth",
}
#: Coefficients of the rainfall curve of Seoul by branch, and the duration at which the branches change [min]. Source:
#: Eq. 1 and 2 of Jeong, Lee, Kim, Chua & Park, "Digital assessment and prediction of rainfall-induced landslides using
#: CNN".
SEOUL_BRANCHES: dict[str, dict[str, float]] = {
    "short": {"a": 366.6, "b": 134.1, "c": 0.02385, "d": 1.254, "e": 0.05396},
    "long": {"a": 190.1, "b": 84.88, "c": -0.01775, "d": -2.228, "e": 0.5258},
}
SEOUL_SPLIT_MIN = 360.0

BY_NAME: dict[str, Variable] = {variable.name: variable for variable in VARIABLES}

#: Residual air content of the wetted zone, n_min [-] (assumed).
RESIDUAL_AIR = 0.05
#: Largest soil depth of a raster [m]; larger values are probably in centimetres.
SOIL_DEPTH_MAXIMUM_M = 50.0
#: Training range of soil depth [m] (bare rock, 0, is always allowed).
SOIL_DEPTH_TRAINED_M = (0.3, 6.0)
#: Training range of the cell size [m].
CELL_SIZE_TRAINED_M = (2.0, 30.0)
#: Greatest lateral conductivity K_s times anisotropy that the networks are trained on [m/s].
LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM = 5e-4
#: Parameters that change the hydrology; the others enter only by a closed form.
HYDROLOGY = (
    "conductivity",
    "rainfall",
    "duration",
    "water_table_ratio",
    "moisture_deficit",
    "suction_head",
    "lateral_anisotropy",
)
#: Parameters that enter only the stability formula.
STRENGTH: tuple[str, ...] = tuple(variable.name for variable in VARIABLES if variable.name not in HYDROLOGY)
