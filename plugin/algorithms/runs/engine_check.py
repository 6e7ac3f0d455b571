"""Parameters, outputs and log lines of the comparison between the network's mask and the physics engine's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Collection

from ...text import Text
from ..outputs.rasters import RasterOutput
from ..parameters.definitions import switch_input

if TYPE_CHECKING:
    import numpy as np

    from ...core.feedback import Feedback
    from ...core.reliability import Reliability
    from ...core.scenario import Scenario
    from ...core.validation.engine_comparison import EngineComparison, EngineMask
    from ...core.windowed.memory import RunPlan
    from ...core.windowed.study import Study
    from ..log import Log
    from .solver_choice import ChosenSolver

CHECK = "CHECK_WITH_ENGINE"
ENGINE_AGREEMENT = RasterOutput(
    "ENGINE_AGREEMENT", "Agreement with the physics engine", "", "engine_agreement",
    "0 stable by both, 1 failed by both, 2 failed by the network only, 3 failed by the physics engine only, NoData "
    "255. If this output is requested, the comparison with the physics engine is run.",
)  # fmt: skip
#: The numbers of a comparison.
COMPARISON_NUMBERS = {
    "ENGINE_IOU": "Intersection over union with the physics engine's mask",
    "ENGINE_DIFFERENT_CELLS": "Cells that differ from the physics engine's mask",
}


def check_input(what: str) -> switch_input:
    """The comparison switch; what: help text."""
    return switch_input(CHECK, "Compare with the physics engine", what, advanced=True)


def engine_check_applies(wanted: bool, chosen: ChosenSolver, log: Log) -> bool:
    """Whether masks are compared with the engine's; logs a note if the engine itself computes them."""
    if wanted and not chosen.is_network:
        log.pushInfo(Text("{} is ignored: the physics engine itself computes the masks.", CHECK))
    return wanted and chosen.is_network


def comparison_numbers(comparison: EngineComparison | None) -> dict[str, Any]:
    """The numbers by output key; ``None`` without a comparison."""
    numbers = (None, None) if comparison is None else (comparison.iou, comparison.different_cells)
    return dict(zip(COMPARISON_NUMBERS, numbers))


def comparison_provenance(comparison: EngineComparison | None) -> dict[str, str]:
    """Entries of the rasters' metadata."""
    if comparison is None:
        return {}
    return {"engine_iou": f"{comparison.iou:.6g}", "engine_different_cells": str(comparison.different_cells)}


def engine_mask(study: Study, chosen: ChosenSolver, plan: RunPlan, feedback: Feedback) -> EngineMask:
    """Compute a study's mask with the physics engine: in windows if planned, on the solver's workers if any."""
    from ...core.physics.engine import engine_for
    from ...core.validation.engine_comparison import EngineMask
    from ...core.workers.remote_water import computed_like
    from .windowed_scenario import engine_run

    run = engine_run(study, computed_like(chosen.solver, engine_for(study.scenario)), plan, feedback)
    return EngineMask.of(run, study.terrain.grid.shape, feedback)


def push_comparison(comparison: EngineComparison, scenario: Scenario, log: Log) -> None:
    """Write a comparison into the log."""
    name = f"{scenario.name}: " if scenario.name else ""
    log.pushInfo(Text("{}Comparison: {} (physics engine: {:.2f} s).", name, comparison.text, comparison.seconds))


class RowChecks:
    """The comparisons of a table's rows: a sample, the same for the same number of rows.

    Attributes:
        rows: numbers of those that are compared, from 0.
    """

    def __init__(self, rows: Collection[int]) -> None:
        self.rows, self._found = rows, []

    @classmethod
    def of(cls, wanted: bool, count: int, chosen: ChosenSolver, log: Log) -> RowChecks:
        """Sample the rows to compare; none without the network."""
        from ...core.validation.engine_comparison import compared_rows

        return cls(compared_rows(count) if engine_check_applies(wanted, chosen, log) else ())

    def check(
        self, number: int, study: Study, mask: np.ndarray, reliability: Reliability, chosen: ChosenSolver,
        plan: RunPlan, log: Log,
    ) -> tuple[Reliability, dict[str, str]]:  # fmt: skip
        """The reliability of a row and entries of its metadata, from the comparison where it is in the sample.

        Args:
            number: of the row; study: of its scenario; mask: uint8 (rows, cols); reliability: of its mask.
            chosen, plan, log: of the run.
        """
        from ...core.feedback import WithoutProgress

        if number not in self.rows:
            return reliability, {}
        comparison = engine_mask(study, chosen, plan, WithoutProgress(log)).compared(mask)
        push_comparison(comparison, study.scenario, log)
        self._found.append(comparison)
        return comparison.rate(reliability), comparison_provenance(comparison)

    def report(self, count: int, log: Log) -> None:
        """Log a summary of the comparisons."""
        if self._found:
            ious = [comparison.iou for comparison in self._found]
            text = "Compared with the physics engine: {} of {} rows, IoU {:.3f} on average, minimum {:.3f}."
            log.pushInfo(Text(text, len(ious), count, sum(ious) / len(ious), min(ious)))
