"""The network of a file of weights, whichever architecture it is, as a solver."""

from __future__ import annotations

from pathlib import Path

from ..core.feedback import Feedback
from . import weights
from .paper_solver import PaperSolver
from .solver import NetworkSolver


def solver_for(
    model: str | Path | None = None, device: str = "auto", feedback: Feedback | None = None
) -> NetworkSolver | PaperSolver:
    """Open weights of either architecture, by what their card says.

    Args:
        model: file of weights; empty takes the shipped guided network.
        device: auto, cpu, cuda or mps.
        feedback: told which device runs and why.

    Raises:
        InputError: missing, unreadable or foreign weights, or an unknown device.
    """
    if model and Path(model).is_file() and weights.is_paper(weights.read_card(model)):
        return PaperSolver(model, device, feedback)
    return NetworkSolver(model, device, feedback)
