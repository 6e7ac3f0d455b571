"""Factor of safety of the infinite slope in two modes: at the wetting front and at the bedrock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...variables import RESIDUAL_AIR

if TYPE_CHECKING:
    from ..scenario import Scenario

Array = Any  # numpy array or torch tensor

UNIT_WEIGHT_WATER = 9.81  # [kN/m3]
MAXIMUM_FS = 10.0
FLATTEST_TAN = float(np.tan(np.radians(1.0)))  # below: FS = 10
THINNEST_SOIL_M = 0.05  # below: FS = 10
SHALLOWEST_FRONT_M = 0.1  # below: no wetting-front mode
DRY_TABLE_M = 1e-3  # less water at the bedrock leaves suction there: flow between cells leaves traces behind


@dataclass(frozen=True)
class Strength:
    """Soil strength and weights as the stability formula takes them; numbers, arrays or tensors.

    Attributes:
        cohesion, root_cohesion, surcharge: [kPa].
        tan_friction: tan(phi') [-].
        root_depth: [m].
        moist, saturated: unit weights [kN/m3].
        suction: strength that suction gives at the bedrock where there is no water table [kPa], s_B = S_e psi_0 gamma_w
            tan phi with the saturation S_e = (theta_i - theta_r) / (theta_s - theta_r).
        exponential_roots: root cohesion falls as exp(-z / root depth); else it is constant down to the root depth.
    """

    cohesion: Array
    tan_friction: Array
    root_cohesion: Array
    root_depth: Array
    surcharge: Array
    moist: Array
    saturated: Array
    suction: Array = 0.0
    exponential_roots: bool = False

    @classmethod
    def of(cls, scenario: Scenario) -> Strength:
        """Strength parameters of a scenario."""
        tan_friction = np.tan(np.radians(scenario.friction_angle))
        options, suction = scenario.options, 0.0
        if options.initial_suction > 0.0:
            # What the band would take up and the air that it keeps are what lacks to full saturation.
            saturation = 1.0 - (scenario.moisture_deficit + RESIDUAL_AIR) / options.effective_porosity
            suction = saturation * options.initial_suction * UNIT_WEIGHT_WATER * tan_friction
        return cls(
            cohesion=scenario.cohesion,
            tan_friction=tan_friction,
            root_cohesion=scenario.root_cohesion,
            root_depth=scenario.root_depth,
            surcharge=scenario.surcharge,
            moist=scenario.unit_weight_moist,
            saturated=scenario.unit_weight_saturated,
            suction=suction,
            exponential_roots=options.roots == "exponential",
        )

    def at(self, cells: Any) -> Strength:
        """Strength of the cells selected by an index or a mask; numbers stay numbers."""
        values = vars(self).items()
        return Strength(**{k: v[cells] if isinstance(v, np.ndarray) and v.ndim else v for k, v in values})


def factor_of_safety(
    xp: Any, slope: Array, soil_depth: Array, water_table: Array, wetting_front: Array, ponded: Array, contact: Array,
    strength: Strength, sin_cos: tuple[Array, Array] | None = None,
) -> tuple[Array, Array]:  # fmt: skip
    """Smaller factor of safety of the two modes, and whether the wetting front governs.

    With vertical depths z_w (front), h (table), D (soil), b the slope and q_0 the surcharge:

    - A, wetting front: W_A = gamma_sat z_w + q_0, u_A = gamma_w z_w cos^2 b where ponded,
      FS_A = [c + c_r(z_w) + (W_A cos^2 b - u_A) tan phi] / (W_A sin b cos b)
    - B, bedrock: W_B = gamma_sat (z_w + h) + gamma_t (D - z_w - h) + q_0, h_B = D where ponded and in contact, else h,
      FS_B = [c + c_r(D) + max(W_B cos^2 b - gamma_w h_B cos^2 b, 0) tan phi] / (W_B sin b cos b)

    Where neither a table nor the wetted band is within 1 mm of the bedrock, suction adds s_B to B's numerator.

    Slopes below 1 deg and soils below 0.05 m are stable (FS = 10); a front above 0.1 m has no mode A.

    Args:
        xp: numpy or torch.
        slope: [rad]; soil_depth, water_table, wetting_front: vertical [m], all of one shape.
        ponded: boolean, ponded water on the surface (seepage pressure in the wetted band).
        contact: boolean, the wetted band has reached the water table.
        strength: numbers or arrays that broadcast.
        sin_cos: of the slope, for those who ask often.

    Returns:
        (FS [-] in 0..10, boolean: mode A governs).

    Source: infinite slope (Skempton & DeLory 1957); pressure in the wetted band Pradel & Raad (1993).
    """
    columns = slope, soil_depth, water_table, wetting_front, ponded, contact
    return Modes.of(xp, *columns, strength, sin_cos).factor_of_safety(xp, strength)


@dataclass(frozen=True)
class Modes:
    """Stresses of the two modes of :func:`factor_of_safety`, common to strengths with the same unit weights.

    In each mode FS = (c + c_r + N tan phi) / T.

    Attributes:
        front_normal, bedrock_normal: effective normal stress N [kPa]; front_shear, bedrock_shear: shear stress T [kPa].
        wetting_front, soil_depth: [m].
        front_counts: boolean, the front is deep enough for mode A.
        dry: 1 where suction acts at the bedrock, else 0.
        stable: boolean, too flat or too thin to fail.
    """

    front_normal: Array
    front_shear: Array
    bedrock_normal: Array
    bedrock_shear: Array
    wetting_front: Array
    soil_depth: Array
    front_counts: Array
    dry: Array
    stable: Array

    @classmethod
    def of(
        cls, xp: Any, slope: Array, soil_depth: Array, water_table: Array, wetting_front: Array, ponded: Array,
        contact: Array, strength: Strength, sin_cos: tuple[Array, Array] | None = None,
    ) -> Modes:  # fmt: skip
        """Stresses from the arguments of :func:`factor_of_safety`; of the strength only the unit weights are used."""
        sin_b, cos_b = (xp.sin(slope), xp.cos(slope)) if sin_cos is None else sin_cos
        drive = sin_b * cos_b  # over the weight: shear stress
        normal = cos_b * cos_b
        weight_a = strength.saturated * wetting_front + strength.surcharge
        pressure_a = xp.where(ponded, UNIT_WEIGHT_WATER * wetting_front, 0.0 * wetting_front)
        wet = wetting_front + water_table
        weight_b = strength.saturated * wet + strength.moist * (soil_depth - wet) + strength.surcharge
        head_b = xp.where(ponded & contact, soil_depth, water_table)
        return cls(
            front_normal=xp.clip((weight_a - pressure_a) * normal, 0.0, None),
            front_shear=xp.clip(weight_a * drive, 1e-9, None),
            bedrock_normal=xp.clip((weight_b - UNIT_WEIGHT_WATER * head_b) * normal, 0.0, None),
            bedrock_shear=xp.clip(weight_b * drive, 1e-9, None),
            wetting_front=wetting_front,
            soil_depth=soil_depth,
            front_counts=wetting_front >= SHALLOWEST_FRONT_M,
            dry=xp.where((water_table < DRY_TABLE_M) & (wetting_front < soil_depth - DRY_TABLE_M), 1.0, 0.0),
            stable=(sin_b < FLATTEST_TAN * cos_b) | (soil_depth < THINNEST_SOIL_M),
        )

    def factor_of_safety(self, xp: Any, strength: Strength) -> tuple[Array, Array]:
        """See :func:`factor_of_safety`; the unit weights of the strength are not used."""
        bound_a = strength.cohesion + _roots(xp, self.wetting_front, strength)
        fs_a = (bound_a + self.front_normal * strength.tan_friction) / self.front_shear
        bound_b = strength.cohesion + _roots(xp, self.soil_depth, strength)
        if not isinstance(strength.suction, float) or strength.suction > 0.0:
            bound_b = bound_b + self.dry * strength.suction
        fs_b = (bound_b + self.bedrock_normal * strength.tan_friction) / self.bedrock_shear
        front_governs = self.front_counts & (fs_a < fs_b)
        fs = xp.clip(xp.where(front_governs, fs_a, fs_b), 0.0, MAXIMUM_FS)
        return xp.where(self.stable, MAXIMUM_FS + 0.0 * fs, fs), front_governs & ~self.stable


def dry_and_saturated(slope: np.ndarray, soil_depth: np.ndarray, strength: Strength) -> tuple[np.ndarray, np.ndarray]:
    """Factors of safety without any water and with the table at the surface, no wetted band.

    Returns:
        (FS(h = 0), FS(h = D)): below 1 the first means unconditionally unstable, from 1 up the second unconditionally
        stable.
    """
    none, off = np.zeros_like(soil_depth), np.zeros(soil_depth.shape, dtype=bool)
    dry, _ = factor_of_safety(np, slope, soil_depth, none, none, off, off, strength)
    saturated, _ = factor_of_safety(np, slope, soil_depth, soil_depth, none, off, off, strength)
    return dry, saturated


def _roots(xp: Any, depth: Array, strength: Strength) -> Array:
    if strength.exponential_roots:
        # No roots where their depth is 0: the clip makes the exponent vanish there.
        scale = xp.clip(strength.root_depth + 0.0 * depth, 1e-9, None)
        return strength.root_cohesion * xp.exp(-depth / scale)
    return xp.where(depth <= strength.root_depth, strength.root_cohesion + 0.0 * depth, 0.0 * depth)
