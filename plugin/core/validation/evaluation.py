"""Evaluates solvers against the physics engine: scores of each case, and summaries by group."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Iterable, Mapping, Sequence

import numpy as np

from ...text import Text
from ..calibration import ConfidenceCalibration
from ..dataset.designs import SHARE_BINS
from ..feedback import Feedback, PartialFeedback, check_cancelled
from ..grid import MASK_NODATA
from ..result import Result, Solver
from ..scenario import Scenario
from ..terrain import Terrain
from .metrics import BINS, Counts, bin_number, iou, known_mean, summarise, tolerant_iou

#: Name of the closed-form column among the solvers: what it misses is what water between cells does.
COLUMN = Text("column")
#: Cases in which the column's IoU is below this are those where water crosses cells.
CROSSING_IOU = 0.9
FEW_FAILED_CELLS = 3_000
#: Factors of safety of the engine between which factors of safety are compared.
FS_NEAR_1 = (0.8, 1.25)
CELL_SIZES = ((0.0, 4.0), (4.0, 8.0), (8.0, 16.0), (16.0, math.inf))  # [m]
#: Shares of failed cells by which the paper looks for a turn of skill.
FAILED_SHARES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 1.0)


@dataclass(frozen=True)
class ReferenceCase:
    """A case with the engine's answer; factor_of_safety: the engine's, (rows, cols), NaN = NoData."""

    name: str
    group: str
    study_area: str
    terrain: Terrain
    scenario: Scenario
    factor_of_safety: np.ndarray

    @property
    def mask(self) -> np.ndarray:
        """The engine's failure mask, uint8 (rows, cols)."""
        mask = (self.factor_of_safety < 1.0).astype(np.uint8)
        mask[np.isnan(self.factor_of_safety)] = MASK_NODATA
        return mask


@dataclass(frozen=True)
class CaseInfo:
    """Names, cell size [m] and cell counts of a case."""

    name: str
    group: str
    study_area: str
    cell_size: float
    failed_cells: int
    valid_cells: int

    @property
    def failed_share(self) -> float:
        """Failed cells over valid cells, 0 to 1."""
        return self.failed_cells / self.valid_cells if self.valid_cells else 0.0


@dataclass(frozen=True)
class CaseScore:
    """Scores of one solver for one case.

    Attributes:
        tolerant_iou: IoU that forgives a shift by one cell.
        fs_cells, fs_error, fs_square: over the cells whose factor of safety is near 1: their number, and the sums of
            the difference to the engine's and of its square; 0 cells if the solver gives none.
        calibration: of its probability; ``None`` if it gives none.
        reliability: trusted, caution or outside; empty if unknown.
        seconds: of the scenario, without the terrain's share if the solver reports it.
    """

    counts: Counts
    tolerant_iou: float
    fs_cells: int = 0
    fs_error: float = 0.0
    fs_square: float = 0.0
    calibration: ConfidenceCalibration | None = None
    reliability: str = ""
    seconds: float = 0.0

    @classmethod
    def of(cls, result: Result, case: ReferenceCase, reliability: str = "", seconds: float = 0.0) -> CaseScore:
        """Compare a result with the engine's; cells without a value count as wrong."""
        real, reference = case.factor_of_safety, case.mask
        left_out = (result.failure_mask == MASK_NODATA) & (reference != MASK_NODATA)
        mask = np.where(left_out, 1 - reference, result.failure_mask).astype(np.uint8)
        fs = result.factor_of_safety
        near = (real >= FS_NEAR_1[0]) & (real <= FS_NEAR_1[1]) & (fs is not None and np.isfinite(fs))
        error = np.zeros(0) if fs is None else (fs[near] - real[near]).astype(np.float64)
        calibration = None
        if result.confidence is not None:
            known = np.isfinite(result.confidence) & np.isfinite(real)
            calibration = ConfidenceCalibration.of(result.confidence[known], real[known] < 1.0)
        return cls(
            Counts.of(mask, reference), tolerant_iou(mask, reference), int(near.sum()), float(error.sum()),
            float((error**2).sum()), calibration, reliability, seconds,
        )  # fmt: skip


@dataclass
class Evaluation:
    """Scores of some solvers, by name, over the same cases, in their order."""

    cases: list[CaseInfo] = field(default_factory=list)
    scores: dict[str, list[CaseScore]] = field(default_factory=dict)

    def summary(self, solver: str, chosen: Sequence[int] | None = None) -> dict[str, Any]:
        """Metrics of a solver over some of the cases, or all.

        Those of :func:`.metrics.summarise`, and ``mean_tolerant_iou`` over the cases with failures, ``fs_bias`` and
        ``fs_rmse`` [-] over all cells near 1, ``calibration_error``, ``calibration_error_uncertain`` and
        ``mean_seconds``; NaN where undefined.
        """
        scores = [self.scores[solver][n] for n in (range(len(self.cases)) if chosen is None else chosen)]
        summary = summarise([s.counts for s in scores])
        summary["mean_tolerant_iou"] = known_mean(s.tolerant_iou for s in scores if s.counts.reference_failed)
        cells = sum(s.fs_cells for s in scores)
        summary["fs_bias"] = sum(s.fs_error for s in scores) / cells if cells else math.nan
        summary["fs_rmse"] = math.sqrt(sum(s.fs_square for s in scores) / cells) if cells else math.nan
        summary["calibration_error"], summary["calibration_error_uncertain"] = self.calibration(solver, chosen).errors
        summary["mean_seconds"] = known_mean(s.seconds for s in scores)
        return summary

    def calibration(self, solver: str, chosen: Sequence[int] | None = None) -> ConfidenceCalibration:
        """Calibration of a solver's probability over some of the cases, or all."""
        scores = [self.scores[solver][n] for n in (range(len(self.cases)) if chosen is None else chosen)]
        return sum((s.calibration for s in scores if s.calibration is not None), ConfidenceCalibration())

    def iou(self, solver: str) -> list[float]:
        """IoU of each case."""
        return [iou(s.counts) for s in self.scores[solver]]

    def groups(self, solver: str) -> list[tuple[str, str, list[int]]]:
        """Groups of cases: (criterion, label, numbers of the cases), without empty groups.

        ``solver``: whose word on its reliability is taken.
        """
        every = range(len(self.cases))
        groups: list[tuple[str, str, list[int]]] = [("all", Text("all cases"), list(every))]

        def add(by: str, labels: Iterable[str], label_of: Callable[[int], str]) -> None:
            for label in labels:
                chosen = [n for n in every if label_of(n) == label]
                if chosen:
                    groups.append((by, label, chosen))

        if COLUMN in self.scores:
            column = self.iou(COLUMN)
            crossing = Text("column IoU below {:g}", CROSSING_IOU), Text("column IoU of {:g} or more", CROSSING_IOU)
            add("lateral flow", crossing,
                lambda n: crossing[column[n] >= CROSSING_IOU] if self.cases[n].failed_cells else "")  # fmt: skip
        few = Text("below {:,}", FEW_FAILED_CELLS)
        add("few failed cells", [few], lambda n: few if 0 < self.cases[n].failed_cells < FEW_FAILED_CELLS else "")
        sizes = [b.label for b in BINS]
        add("failed cells", sizes, lambda n: sizes[bin_number(BINS, self.cases[n].failed_cells)])
        labels = [b.label for b in SHARE_BINS]
        add("share of failed cells", labels, lambda n: labels[bin_number(SHARE_BINS, self.cases[n].failed_share)])
        widths = [
            Text("{:g}-{:g} m", low, high) if math.isfinite(high) else Text("{:g} m and more", low)
            for low, high in CELL_SIZES
        ]
        add("cell size", widths, lambda n: widths[sum(self.cases[n].cell_size >= low for low, _ in CELL_SIZES) - 1])
        for by, name in (("study area", "study_area"), ("group", "group")):
            values = list(dict.fromkeys(getattr(case, name) for case in self.cases))
            if len(values) > 1 and not (name == "group" and set(values) <= set(labels)):
                add(by, values, lambda n, name=name: getattr(self.cases[n], name))
        levels = self.scores[solver]
        add("reliability", ("trusted", "caution", "outside"), lambda n: levels[n].reliability)
        return groups

    def iou_by_failed_share(self, solver: str) -> list[tuple[str, int, float]]:
        """Mean IoU by finer shares of failed cells: (label, cases, mean IoU), cases without failures left out."""
        values = self.iou(solver)
        shares = []
        for low, high in zip(FAILED_SHARES[:-1], FAILED_SHARES[1:]):
            inside = [v for v, c in zip(values, self.cases) if c.failed_cells and low < c.failed_share <= high]
            shares.append((f"{100 * low:g}-{100 * high:g} %", len(inside), known_mean(inside)))
        return shares


def evaluate(
    cases: Iterable[ReferenceCase], count: int, solvers: Mapping[str, Solver], feedback: Feedback
) -> Evaluation:
    """Run solvers on cases and compare them with the engine's answers.

    Args:
        cases: one after the other; those on one study area together, for networks read a terrain once.

    Raises:
        Cancelled: the user cancelled the run.
    """
    evaluation = Evaluation(scores={name: [] for name in solvers})
    for number, case in enumerate(cases):
        check_cancelled(feedback)
        failed = int((case.factor_of_safety < 1.0).sum())
        evaluation.cases.append(
            CaseInfo(
                case.name, case.group, case.study_area, float(np.sqrt(case.terrain.grid.cell_area)), failed,
                int(np.isfinite(case.factor_of_safety).sum()),
            )
        )  # fmt: skip
        part = PartialFeedback.of_piece(feedback, number, count)
        for name, solver in solvers.items():
            evaluation.scores[name].append(score(solver, case, part))
    return evaluation


def score(solver: Solver, case: ReferenceCase, feedback: Feedback) -> CaseScore:
    """Run one solver on one case."""
    began = time.perf_counter()
    result = next(iter(solver.solve(case.terrain, [case.scenario], feedback)))
    seconds = time.perf_counter() - began - float(result.diagnostics.get("terrain_seconds", 0.0))
    rate = getattr(solver, "reliability", None)
    level = rate(case.terrain, case.scenario, result).level if rate is not None else ""
    return CaseScore.of(result, case, level, seconds)
