"""Evaluates the windows of a predicted failure mask."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ..core.metrics import Counts
from ..core.validation.engine_comparison import EngineComparison, EngineMask
from ..text import Text
from .engine_check import ENGINE_AGREEMENT, comparison_provenance, push_comparison
from .scenario_algorithm import WindowEvaluation
from .solver_choice import ChosenSolver, corrections
from .windowed_scenario import reliability_of_windows, sum_diagnostics, window_evidence

if TYPE_CHECKING:
    import numpy as np

    from ..core.reliability import Reliability
    from ..core.windowed.solve import SolvedWindow
    from ..core.windowed.study import Study
    from .log import Log


class MaskPrediction(WindowEvaluation):
    """The network's windows, compared with the engine's mask if it is known.

    Args:
        study, chosen, log: of the run; maps: of the whole map by output key; engine: the engine's mask.

    Attributes:
        comparison: with the engine, once the windows are assessed.
    """

    def __init__(
        self, study: Study, chosen: ChosenSolver, maps: dict[str, np.ndarray], engine: EngineMask | None, log: Log
    ) -> None:
        self._study, self._chosen, self._maps, self._engine, self._log = study, chosen, maps, engine, log
        self._began = time.perf_counter()
        self.comparison: EngineComparison | None = None

    def evidence(self, window: SolvedWindow) -> tuple[tuple[dict[str, Any], Any], Counts]:
        """Diagnostics and evidence of reliability, and counts of the agreement with the engine."""
        counts = Counts() if self._engine is None else Counts.of_map(self._agreement(window))
        return window_evidence(window, self._chosen), counts

    def map_of(self, key: str, window: SolvedWindow) -> np.ndarray:
        """The agreement with the engine, or a part of the maps."""
        return self._agreement(window) if key == ENGINE_AGREEMENT.key else self._maps[key][window.tile.inner]

    def assess(self, evidence: list[tuple[tuple[dict[str, Any], Any], Counts]]) -> tuple[Reliability, dict[str, str]]:
        """Reliability and metadata; logs the solver, its corrections and the comparison."""
        windows, counts = zip(*evidence)
        chosen, log = self._chosen, self._log
        log.pushInfo(Text("{:.2f} s. Solver: {}", time.perf_counter() - self._began, chosen.used))
        chosen.push_corrections(corrections(sum_diagnostics([diagnostics for diagnostics, _ in windows])), log)
        reliability = reliability_of_windows(windows, self._study, chosen).with_cautions(log.cautions)
        if self._engine is not None:
            self.comparison = EngineComparison(sum(counts, Counts()), self._engine.seconds)
            push_comparison(self.comparison, self._study.scenario, log)
            reliability = self.comparison.rate(reliability)
        return reliability, {**chosen.provenance, **comparison_provenance(self.comparison)}

    def _agreement(self, window: SolvedWindow) -> np.ndarray:
        return self._engine.agreement(window.result.failure_mask, window.tile.inner)
