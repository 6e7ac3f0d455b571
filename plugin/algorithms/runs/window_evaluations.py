"""Evaluates the windows of a predicted failure mask, or of a simulation with the physics engine."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.physics.critical_values import critical_rainfall
from ...core.reliability import Reliability
from ...core.validation.engine_comparison import EngineComparison, EngineMask
from ...core.validation.metrics import Counts
from ...text import Text
from ..translation import tr
from .engine_check import ENGINE_AGREEMENT, comparison_provenance, push_comparison
from .solver_choice import ChosenSolver, corrections
from .windowed_scenario import reliability_of_windows, sum_diagnostics, window_evidence

if TYPE_CHECKING:
    from ...core.windowed.solve import SolvedWindow
    from ...core.windowed.study import Study
    from ..inputs.scenario_inputs import ScenarioInputs
    from ..log import Log

#: Terms of the engine's water balance, in the order of the log line.
_BALANCE = {
    "rain_m3": "rain",
    "runoff_m3": "runoff",
    "exfiltration_m3": "exfiltration",
    "drainage_m3": "drainage over the edges",
    "storage_change_m3": "stored",
}


class MaskPrediction:
    """The network's windows, compared with the engine's mask if it is known.

    Args:
        study, chosen, log: of the run; maps: of the whole map by output key; engine: the engine's mask.

    Attributes:
        chosen: the solver; comparison: with the engine, once the windows are assessed.
    """

    def __init__(
        self, study: Study, chosen: ChosenSolver, maps: dict[str, np.ndarray], engine: EngineMask | None, log: Log
    ) -> None:
        self._study, self.chosen, self._maps, self._engine, self._log = study, chosen, maps, engine, log
        self._began = time.perf_counter()
        self.comparison: EngineComparison | None = None

    def evidence(self, window: SolvedWindow) -> tuple[tuple[dict[str, Any], Any], Counts]:
        """Diagnostics and evidence of reliability, and counts of the agreement with the engine."""
        counts = Counts() if self._engine is None else Counts.of_map(self._agreement(window))
        return window_evidence(window, self.chosen), counts

    def map_of(self, key: str, window: SolvedWindow) -> np.ndarray:
        """The agreement with the engine, or a part of the maps."""
        return self._agreement(window) if key == ENGINE_AGREEMENT.key else self._maps[key][window.tile.inner]

    def assess(self, evidence: list[tuple[tuple[dict[str, Any], Any], Counts]]) -> tuple[Reliability, dict[str, str]]:
        """Reliability and metadata; logs the solver, its corrections and the comparison."""
        windows, counts = zip(*evidence)
        known, log = corrections(sum_diagnostics([diagnostics for diagnostics, _ in windows])), self._log
        self.chosen = chosen = self.chosen.after(known)
        log.pushInfo(Text("{:.2f} s. Solver: {}", time.perf_counter() - self._began, chosen.used))
        chosen.push_corrections(known, log)
        reliability = reliability_of_windows(windows, self._study, chosen).with_cautions(log.cautions)
        if self._engine is not None:
            self.comparison = EngineComparison(sum(counts, Counts()), self._engine.seconds)
            push_comparison(self.comparison, self._study.scenario, log)
            reliability = self.comparison.rate(reliability)
        return reliability, {**chosen.provenance, **comparison_provenance(self.comparison)}

    def _agreement(self, window: SolvedWindow) -> np.ndarray:
        return self._engine.agreement(window.result.failure_mask, window.tile.inner)


class EngineSimulation:
    """The engine's windows.

    Args:
        inputs, study, log: of the run; edges: maps of the influence of the map's edge by output key.

    Attributes:
        diagnostics: of the whole map, once the windows are assessed.
    """

    def __init__(self, inputs: ScenarioInputs, study: Study, edges: dict[str, np.ndarray], log: Log) -> None:
        self._inputs, self._study, self._edges, self._log = inputs, study, edges, log
        self.diagnostics: dict[str, Any] = {}

    def evidence(self, window: SolvedWindow) -> dict[str, Any]:
        """The window's diagnostics."""
        return window.result.diagnostics

    def map_of(self, key: str, window: SolvedWindow) -> np.ndarray:
        """A part of the maps, or what is made from the window's result."""
        if key in self._edges:
            return self._edges[key][window.tile.inner]
        if key == "CRITICAL_RAINFALL":
            scenario = self._study.scenario_of(window.tile.outer)
            return critical_rainfall(window.terrain, scenario, self._log)[window.tile.inner_in_outer]
        return np.stack([values for _, values in window.result.series])

    def assess(self, evidence: list[dict[str, Any]]) -> tuple[Reliability, dict[str, str]]:
        """Physics is trusted; metadata of the diagnostics, which are also written into the log."""
        found = sum_diagnostics(evidence)
        # The column is a closed form without time steps: its water balance is exact.
        exact = {"mass_balance_error": 0.0, "steps": 0, "scheme": "exact"}
        found |= {key: value for key, value in exact.items() if key not in found}
        used = Text("{} on {}", found["solver"], found["device"])
        self._log.pushInfo(Text("{:.2f} s. Solver: {}", found["seconds"], used))
        if self._inputs.scheme != "exact":
            self._log.pushInfo(tr("Scheme of lateral flow: {}.").format(found["scheme"]))
        self._log.pushInfo(_balance(found))
        self.diagnostics = found
        lasting = {key: value for key, value in found.items() if not key.endswith("seconds")}  # not of this one run
        entries = {"model": found["solver"], "scheme": found["scheme"], "device": found["device"]}
        provenance = self._inputs.processes.provenance()
        return Reliability("trusted"), {**entries, "diagnostics": json.dumps(lasting), **provenance}


def _balance(diagnostics: dict[str, Any]) -> str:
    """The solver's water balance as a line to read."""
    amounts = {key: round(diagnostics[key], 1) + 0.0 for key in _BALANCE if key in diagnostics}  # no -0.0
    terms = "; ".join(f"{tr(_BALANCE[key])} {amount:,.1f} m3" for key, amount in amounts.items())
    steps = tr("{:,} time steps; ").format(diagnostics["steps"]) if diagnostics["steps"] else ""
    error = tr("relative error {:.1e}").format(diagnostics["mass_balance_error"])
    return tr("Water balance: {}{}.").format(steps, "; ".join(part for part in (terms, error) if part))
