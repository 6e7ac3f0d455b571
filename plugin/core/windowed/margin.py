"""How wide the margin around a window is."""

from __future__ import annotations

from dataclasses import dataclass

#: Origins of windows are multiples of it: of the U-Net's, and cores end with a file's blocks.
MULTIPLE, BLOCK = 16, 256
#: Rows and columns next to a window's outermost that its slopes and faces need.
RIM = 2


@dataclass(frozen=True)
class Margin:
    """Cells around a core that are computed with it.

    Attributes:
        steps: of lateral flow, two cells for those in which outflow is limited.
        view: cells that a network sees beyond.
    """

    steps: int
    view: int = 0

    @property
    def cells(self) -> int:
        """How many, a multiple of :data:`MULTIPLE`."""
        return -(-(self.steps + self.view + RIM) // MULTIPLE) * MULTIPLE
