"""Time steps for maps solved window by window: all windows take the steps of the whole map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

_NOTHING = np.empty(0)


@dataclass(frozen=True)
class Progress:
    """How far a simulation of a map is that is stepped in several passes over its windows.

    Attributes:
        share: of the event that is done [-]; 1 at its end.
        steps: done; intervals: of the timeline that are done; left: of the next one [s], ``None`` before it begins.
        began: when the fine phase began [s].
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


class WindowSteps(NamedTuple):
    """A window's steps.

    Attributes:
        own: its greatest rates [1/s]; lengths: of the steps [s]; known: rates of other windows that it knew [1/s].
    """

    own: np.ndarray
    lengths: np.ndarray
    known: np.ndarray


class SharedSteps:
    """Rates and lengths of the steps of lateral flow, from window to window.

    The greatest rate of all cells limits a step (:func:`.kernels.lateral_time`), so a window must know the rates of the
    others. A window takes the greater of its own rates and those of the windows before it. Where its own are greater
    and change a step, the windows before it are to be solved again; where windows that were solved meanwhile have
    other rates than it knew, it is itself: :meth:`merge` shows both. Once all windows have taken the same steps, the
    steps are those of the whole map, by induction over the steps.

    Args:
        rates: that are known already [1/s].

    Attributes:
        rates: greatest rates of the windows that agree, by step [1/s]; lengths: of the steps [s].
    """

    def __init__(self, rates: np.ndarray = _NOTHING) -> None:
        self.rates, self.lengths = rates, _NOTHING
        self.begin()

    def begin(self) -> None:
        """Begin another window."""
        self._own: list[np.ndarray] = []
        self._lengths: list[np.ndarray] = []
        self._count = 0

    def floor(self, most: int) -> np.ndarray:
        """Rates of the other windows in the next ``most`` steps [1/s], 0 where they are not known."""
        return _padded(self.rates[self._count :], most)

    def add(self, rates: np.ndarray, lengths: np.ndarray) -> None:
        """Take the window's own rates [1/s] in the steps that it has done, and their lengths [s]."""
        self._own.append(rates)
        self._lengths.append(lengths)
        self._count += rates.size

    @property
    def of_window(self) -> WindowSteps:
        """What the window has done."""
        return WindowSteps(_joined(self._own), _joined(self._lengths), self.rates)

    def travel(self, window: WindowSteps) -> int:
        """Cells that a change may have moved in a window's steps: one a step, two where outflow was limited."""
        own, lengths, _ = window
        return own.size + int((np.maximum(own, _padded(self.rates, own.size)) * lengths > 1.0).sum())

    def merge(self, window: WindowSteps) -> Literal["same", "changed", "outdated"]:
        """Take a window in.

        Returns:
            "same" steps as the windows before it; "changed": those before it are not valid any more; "outdated": the
            window itself is not, as the rates that it knew are not those that are known now.
        """
        own, lengths, known = window
        taken, rates = (np.maximum(own, _padded(x, own.size)) for x in (known, self.rates))
        if np.array_equal(lengths, self.lengths):
            if (taken > rates).any():
                return "outdated"
            self.rates = rates
            return "same"
        same = min(lengths.size, self.lengths.size)
        differs = np.flatnonzero(lengths[:same] != self.lengths[:same])
        upto = int(differs[0]) + 1 if differs.size else same  # of which the rates are valid
        if differs.size and taken[upto - 1] != rates[upto - 1]:
            self.rates = np.append(rates[:upto], self.rates[upto:])
            return "outdated"
        changed = self.lengths.size > 0
        self.rates, self.lengths = np.append(rates[:upto], own[upto:]), lengths
        return "changed" if changed else "same"


def _padded(rates: np.ndarray, count: int) -> np.ndarray:
    """The first rates, with 0 where there are none."""
    return np.append(rates[:count], np.zeros(max(count - rates.size, 0)))


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts) if parts else _NOTHING
