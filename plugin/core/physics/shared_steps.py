"""Time steps for maps solved window by window: all windows take the steps of the whole map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Progress:
    """How far a simulation of a map is that is stepped in several passes over its windows.

    Attributes:
        share: of the event that is done [-]; 1 at its end.
        steps: done; intervals: of the timeline that are done; left: of the next one [s], ``None`` before it begins.
        began: where full resolution took over [s].
        potential: infiltration that the surface would have taken [m], where it is one number.
    """

    share: float
    steps: int
    intervals: int
    left: float | None
    began: float
    potential: float


class PassEnded(Exception):
    """A window has taken the steps of a pass; what it has reached is kept."""


class TooManySteps(Exception):
    """A window's steps would bring influences from outside it into its core.

    Args:
        share: of the event that was done [-].
    """

    def __init__(self, share: float) -> None:
        super().__init__(share)
        self.share = share


class SharedSteps:
    """Rates and lengths of the steps of lateral flow, from window to window.

    The greatest rate of all cells limits a step (:func:`.kernels.lateral_time`), so a window must know the rates of the
    others. A window takes the greater of its own rates and those of the windows before it. Where its own are greater
    and change a step, the windows before it are to be solved again: :meth:`merge` shows it. Once no window changes a
    step, the steps are those of the whole map, by induction over the steps.

    Attributes:
        rates: greatest rates of the windows that agree, by step [1/s]; lengths: of the steps [s].
    """

    def __init__(self) -> None:
        self.rates, self.lengths = np.empty(0), np.empty(0)
        self._own: list[np.ndarray] = []
        self._lengths: list[np.ndarray] = []
        self._count = 0

    def begin(self) -> None:
        """Begin another window."""
        self._own, self._lengths, self._count = [], [], 0

    def floor(self, most: int) -> np.ndarray:
        """Rates of the other windows in the next ``most`` steps [1/s], 0 where they are not known."""
        known = self.rates[self._count : self._count + most]
        return np.append(known, np.zeros(most - known.size))

    def add(self, rates: np.ndarray, lengths: np.ndarray) -> None:
        """Take the window's own rates [1/s] in the steps that it has done, and their lengths [s]."""
        self._own.append(rates)
        self._lengths.append(lengths)
        self._count += rates.size

    @property
    def greatest(self) -> float:
        """Greatest of the window's own rates [1/s]."""
        return float(_joined(self._own).max(initial=0.0))

    @property
    def travel(self) -> int:
        """Cells that a change may have moved in the window's steps: one a step, two where outflow was limited."""
        own, lengths = _joined(self._own), _joined(self._lengths)
        rates = own.copy()
        shared = min(rates.size, self.rates.size)
        rates[:shared] = np.maximum(rates[:shared], self.rates[:shared])
        return own.size + int((rates * lengths > 1.0).sum())

    def merge(self) -> bool:
        """Take the window in; returns whether it changed a step, so that windows before it are not valid any more."""
        own, lengths = _joined(self._own), _joined(self._lengths)
        if np.array_equal(lengths, self.lengths):
            self.rates = np.maximum(own, self.rates)
            return False
        same = min(lengths.size, self.lengths.size)
        differs = np.flatnonzero(lengths[:same] != self.lengths[:same])
        upto = int(differs[0]) + 1 if differs.size else same
        changed = self.lengths.size > 0
        self.rates = np.append(np.maximum(own[:upto], self.rates[:upto]), own[upto:])
        self.lengths = lengths
        return changed


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts) if parts else np.empty(0)
