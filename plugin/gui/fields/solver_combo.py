"""Combo box for the solver, shared by the dialog and the live panel."""

from __future__ import annotations

from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QSizePolicy

from ...algorithms.parameters.network import network_installed
from ...algorithms.runs.solver_choice import ENGINE, SOLVERS
from ...algorithms.translation import tr
from .number_field import WheelGuard


class SolverCombo(QObject):
    """Offers the solvers in an empty combo box; where the network is not installed, there is no choice."""

    #: Another solver was chosen.
    changed = pyqtSignal()

    def __init__(self, combo: QComboBox) -> None:
        super().__init__(combo)
        self._combo, self.installed = combo, network_installed()[0]
        combo.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)  # no narrower than its texts
        for name in SOLVERS:  # without the network, the combo box names the solver that runs; the choice is kept
            combo.addItem(tr(SOLVERS[name if self.installed else ENGINE]), name)
        combo.setEnabled(self.installed)
        combo.currentIndexChanged.connect(lambda _: self.changed.emit())
        WheelGuard(combo)

    @property
    def value(self) -> str:
        """The solver that was chosen, ``network`` or ``engine``."""
        return self._combo.currentData()

    @value.setter
    def value(self, name: str) -> None:
        self._combo.setCurrentIndex(max(self._combo.findData(name), 0))

    @property
    def runs_engine(self) -> bool:
        """Whether the physics engine will compute the mask."""
        return not self.installed or self.value == ENGINE
