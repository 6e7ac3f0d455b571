"""The QGIS plugin: a menu entry, a toolbar button and the Processing provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsApplication
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from .algorithms.locations import ICON
from .algorithms.translation import tr

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .gui.failure_mask_dialog import FailureMaskDialog
    from .provider import SlopecastProvider

_MENU = "&Slopecast"


class SlopecastPlugin:
    """Puts Slopecast into QGIS and takes it out again.

    QGIS starts with every plugin it loads: what is heavy (numpy code, the dialog, torch) is imported when first used.

    Args:
        iface: QGIS's window, or ``None`` where there is none (qgis_process).
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self.iface = iface
        self.provider: SlopecastProvider | None = None
        self.action: QAction | None = None
        self.dialog: FailureMaskDialog | None = None

    def initProcessing(self) -> None:
        """Register the provider, once."""
        if self.provider is not None:
            return
        from .provider import SlopecastProvider

        self.provider = SlopecastProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Add the provider, the menu entry and the toolbar button."""
        self.initProcessing()
        if self.iface is None:
            return
        self.action = QAction(QIcon(str(ICON)), tr("Slopecast: predict failure mask..."), self.iface.mainWindow())
        self.action.setObjectName("slopecastPredictFailureMask")
        self.action.setStatusTip(tr("Predict where rain makes this mountainside fail"))
        self.action.triggered.connect(self.show_dialog)
        self.iface.addPluginToMenu(_MENU, self.action)
        self.iface.addToolBarIcon(self.action)

    def show_dialog(self) -> None:
        """Open the dialog, or bring the open one to the front."""
        if self.dialog is None:
            from .gui.failure_mask_dialog import FailureMaskDialog

            self.dialog = FailureMaskDialog(self.iface.mainWindow())
            self.dialog.setWindowIcon(QIcon(str(ICON)))
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def unload(self) -> None:
        """Take everything out again, as QGIS asks when the plugin is disabled or reloaded."""
        if self.dialog is not None:
            self.dialog.shut_down()
            self.dialog = None
        if self.action is not None:
            self.iface.removePluginMenu(_MENU, self.action)
            self.iface.removeToolBarIcon(self.action)
            self.action.deleteLater()
            self.action = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
