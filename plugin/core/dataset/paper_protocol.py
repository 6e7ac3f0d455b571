"""The paper's 613 scenarios as a reproducible design, on a synthetic hill in place of its study area.

What the paper ("Digital assessment and prediction of rainfall-induced landslides using CNN", Jeong, Lee, Kim, Chua,
Park) states: 24 h of constant rain; a first stage of 388 scenarios at 4.4 and 5.2 mm/h with cohesion and friction angle
around the threshold, from 1-10 failed cells upwards; a second stage of 225 with rain and conductivity varied; and two
scenarios, (a) and (b), shown as maps. Its grids, its antecedent state and its split are not stated. Those below are
assumed: chosen once so that (a) and (b) fail as many cells as the published figures imply, and held for all scenarios.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .cases import TEST, Case, assigned_splits

DURATION_H = 24.0
#: Antecedent state and what else the paper does not state (assumed), the same for all cases.
CONSTANTS: dict[str, float] = {
    "duration": DURATION_H,
    "water_table_ratio": 0.26,
    "moisture_deficit": 0.05,
    "suction_head": 0.11,
    "lateral_anisotropy": 1.0,
    "root_cohesion": 0.0,
    "root_depth": 1.0,
    "surcharge": 0.0,
    "unit_weight_moist": 17.6,
    "unit_weight_saturated": 19.0,
}

#: Conductivity of the first stage [m/s] (assumed: case b's).
STAGE_1_CONDUCTIVITY = 4.4e-6
#: By rain [mm/h]: the greatest cohesion [kPa] at which 1 to 10 cells fail, by friction angle [deg].
STAGE_1_THRESHOLDS: dict[float, dict[float, float]] = {
    4.4: {
        19: 20.2, 20: 19.4, 21: 18.6, 22: 17.7, 23: 16.9, 24: 16.0, 25: 15.2,
        26: 14.3, 27: 13.4, 28: 12.5, 29: 11.5, 30: 10.6, 31: 9.6, 32: 8.6,
    },
    5.2: {
        20: 19.5, 21: 18.7, 22: 17.8, 23: 17.0, 24: 16.1, 25: 15.2,
        26: 14.3, 27: 13.4, 28: 12.5, 29: 11.6, 30: 10.6, 31: 9.6,
    },
}  # fmt: skip
#: By rain [mm/h]: how far below the threshold the cohesion lies [kPa].
STAGE_1_STEPS: dict[float, tuple[float, ...]] = {
    4.4: (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0),
    5.2: (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0),
}

STAGE_2_RAINFALL = (4.7, 5.6, 6.6, 7.5, 8.5)  # [mm/h]
STAGE_2_CONDUCTIVITY = (1.3e-6, 1.8e-6, 2.4e-6, 3.2e-6, 4.4e-6)  # [m/s]
#: (cohesion [kPa], friction angle [deg]).
STAGE_2_STRENGTH = (
    (14.0, 26.6), (15.0, 23.0), (16.0, 22.0), (17.0, 21.0), (14.0, 25.0),
    (13.0, 26.6), (12.5, 27.5), (11.5, 28.5), (10.0, 30.0),
)  # fmt: skip

#: The two published scenarios: (cohesion, friction angle, conductivity, rain).
PUBLISHED = {"paper_a": (14.0, 26.6, 1.3e-6, 8.5), "paper_b": (15.0, 23.0, 4.4e-6, 4.7)}
#: What the paper reports: over its test set, and for the two scenarios.
PUBLISHED_MEANS = {"iou": 0.31, "accuracy": 0.989}
PUBLISHED_SCORES = {
    "paper_a": {"iou": 0.7, "dice": 0.82, "accuracy": 0.96, "precision": 0.81, "recall": 0.83},
    "paper_b": {"iou": 0.3, "dice": 0.45, "accuracy": 0.99, "precision": 0.39, "recall": 0.54},
}

SPLIT_SEED, VALIDATION_CASES, TEST_CASES = 613, 92, 92
STAGES = ("stage 1", "stage 2")


def paper_cases() -> list[Case]:
    """The 613 cases: 388 of the first stage, 225 of the second, the published two among the latter and the test."""
    cases = _stage_1() + _stage_2()
    sides = assigned_splits([c.name for c in cases], VALIDATION_CASES, TEST_CASES, SPLIT_SEED, tuple(PUBLISHED))
    return [replace(case, split=side) for case, side in zip(cases, sides)]


def _stage_1() -> list[Case]:
    cases = []
    for rainfall, thresholds in STAGE_1_THRESHOLDS.items():
        for friction_angle, threshold in thresholds.items():
            for step in STAGE_1_STEPS[rainfall]:
                cohesion = round(threshold - step, 2)
                name = f"stage1_i{rainfall:g}_phi{friction_angle:g}_c{cohesion:g}"
                cases.append(_case(name, STAGES[0], cohesion, friction_angle, STAGE_1_CONDUCTIVITY, rainfall))
    return cases


def _stage_2() -> list[Case]:
    published = {values: name for name, values in PUBLISHED.items()}
    cases = []
    for rainfall in STAGE_2_RAINFALL:
        for conductivity in STAGE_2_CONDUCTIVITY:
            for cohesion, friction_angle in STAGE_2_STRENGTH:
                values = (cohesion, friction_angle, conductivity, rainfall)
                name = f"stage2_i{rainfall:g}_k{conductivity:g}_phi{friction_angle:g}_c{cohesion:g}"
                cases.append(_case(published.get(values, name), STAGES[1], *values))
    return cases


def _case(name: str, stage: str, cohesion: float, friction_angle: float, conductivity: float, rainfall: float) -> Case:
    varied = {
        "cohesion": cohesion, "friction_angle": float(friction_angle), "conductivity": conductivity,
        "rainfall": rainfall,
    }  # fmt: skip
    return Case(name, {**CONSTANTS, **varied}, TEST, stage)


def description() -> dict[str, Any]:
    """The design for a data set's file: grids, constants and the rule of the split."""
    return {
        "name": "paper",
        "title": "The paper's two stages on a synthetic hill in place of Mt. Ansan",
        "stated": "24 h of constant rain; 388 cases at 4.4 and 5.2 mm/h, cohesion and friction angle around the "
        "threshold from 1-10 failed cells upwards; 225 with rain and conductivity varied; the two published cases",
        "assumed": "the study area, its soil depth, the grids, the constants and the split",
        "constants": CONSTANTS,
        "stage_1": {
            "conductivity": STAGE_1_CONDUCTIVITY,
            "rainfall": list(STAGE_1_THRESHOLDS),
            "greatest_cohesion_by_friction_angle": {
                f"{i:g}": {f"{phi:g}": c for phi, c in by_angle.items()} for i, by_angle in STAGE_1_THRESHOLDS.items()
            },
            "cohesion_below_it": {f"{i:g}": list(steps) for i, steps in STAGE_1_STEPS.items()},
        },
        "stage_2": {
            "rainfall": list(STAGE_2_RAINFALL),
            "conductivity": list(STAGE_2_CONDUCTIVITY),
            "cohesion_and_friction_angle": [list(pair) for pair in STAGE_2_STRENGTH],
        },
        "published_cases": {
            name: dict(zip(("cohesion", "friction_angle", "conductivity", "rainfall"), values))
            for name, values in PUBLISHED.items()
        },
        "split": f"by case, in the order of the CRC-32 of '{SPLIT_SEED}:name', the published cases first: "
        f"{TEST_CASES} test, {VALIDATION_CASES} validation, the rest train",
    }
