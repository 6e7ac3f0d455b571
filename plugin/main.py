"""The QGIS plugin: menu entries, toolbar buttons, the live panel and the Processing provider."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable

from qgis.core import Qgis, QgsApplication, QgsProject, QgsSettings
from qgis.PyQt.QtCore import Qt, QTimer, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QIcon
from qgis.PyQt.QtWidgets import QAction, QPushButton

from .algorithms.locations import GUIDE, ICON, LIVE_ICON, icon_of
from .algorithms.translation import load_translation, tr, unload_translation

if TYPE_CHECKING:
    from pathlib import Path

    from qgis.gui import QgisInterface, QgsMessageBarItem

    from .gui.failure_mask_dialog import FailureMaskDialog
    from .gui.live.live_panel import LivePanel
    from .gui.shared_scenario import SharedScenario
    from .provider import SlopecastProvider

_MENU = "&Slopecast"
_HELP_ICON = ":/images/themes/default/mActionHelpContents.svg"
_DOCKED_AFTER_MS = 100
_GREETED = "slopecast/greeted"
_BY_CHANCE = 0.5  # area under a ROC curve


class SlopecastPlugin:
    """Adds Slopecast to QGIS and removes it again.

    QGIS starts with every plugin it loads: what is heavy (numpy code, the dialog, torch) is imported when first used.

    Args:
        iface: QGIS's window, or ``None`` where there is none (qgis_process).
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        load_translation()
        self.iface = iface
        self.provider: SlopecastProvider | None = None
        self.actions: list[QAction] = []  # of the menu
        self.buttons: list[QAction] = []  # those of them that are on the toolbar
        self.dialog: FailureMaskDialog | None = None
        self.panel: LivePanel | None = None
        self._shared: SharedScenario | None = None  # what the two hold together
        self.hint: QgsMessageBarItem | None = None  # of the first start

    def initProcessing(self) -> None:
        """Register the provider, once."""
        if self.provider is not None:
            return
        from .provider import SlopecastProvider

        self.provider = SlopecastProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Add the provider, the menu's entries and the toolbar's buttons."""
        self.initProcessing()
        if self.iface is None:
            return
        predict = self._add_action(
            "slopecastPredictFailureMask", ICON, tr("Predict failure mask..."), self.show_dialog,
            tr("Slopecast: predict failure mask..."),
        )  # fmt: skip
        predict.setStatusTip(tr("Map where rainfall is likely to trigger shallow landslides"))
        live = self._add_action(
            "slopecastLivePanel", LIVE_ICON, tr("Live panel"), self.show_panel, tr("Slopecast: live panel")
        )
        live.setStatusTip(tr("Change soil and rainfall, and see on the map which cells fail"))
        live.setCheckable(True)
        table = tr("Predict failure masks from a table...")
        self._add_tool("slopecastPredictFromTable", "predictfromtable", table, with_scenario=True)
        simulate, probability = tr("Simulate factor of safety..."), tr("Failure probability...")
        self._add_tool("slopecastSimulate", "simulatefactorofsafety", simulate, with_scenario=True)
        self._add_tool("slopecastProbability", "failureprobability", probability, with_scenario=True)
        calibrate = icon_of("calibratetoinventory")
        self._add_action("slopecastCalibrate", calibrate, tr("Calibrate to landslides..."), self.open_calibration)
        self._add_tool("slopecastMapSheet", "mapsheet", tr("Map sheet..."))
        example = icon_of("exampledata")
        self._add_action("slopecastExampleMountain", example, tr("Load example data"), self.load_example)
        self._add_tool("slopecastCheckEnvironment", "checkenvironment", tr("Check environment..."))
        self._add_action("slopecastGuide", _HELP_ICON, tr("Guide"), self.open_guide)
        self._greet()

    def _greet(self) -> None:
        """Show a message after installation on where to find the plugin and how to try it."""
        settings = QgsSettings()
        if settings.value(_GREETED, False, type=bool):
            return
        settings.setValue(_GREETED, True)
        bar = self.iface.messageBar()
        text = tr("Find it in the Plugins menu, or try it:")
        self.hint = bar.createMessage("Slopecast", text)
        button = QPushButton(tr("Load example data"), self.hint)
        button.clicked.connect(self._follow_hint)
        self.hint.destroyed.connect(self._forget_hint)  # by the bar's "Clear All"
        self.hint.layout().addWidget(button)
        bar.pushWidget(self.hint, Qgis.MessageLevel.Info)

    def _follow_hint(self) -> None:
        """Load the example and remove the hint when its button has finished."""
        QTimer.singleShot(0, self._drop_hint)
        self.load_example()

    def _forget_hint(self, *_: object) -> None:
        self.hint = None

    def _drop_hint(self) -> None:
        if self.hint is not None:
            self.iface.messageBar().popWidget(self.hint)
            self.hint = None

    def _add_action(
        self, name: str, icon: Path | str, text: str, on_triggered: Callable[..., None], button: str = ""
    ) -> QAction:
        """Add a menu entry and, if ``button`` is a tool tip, a toolbar button."""
        action = QAction(QIcon(str(icon)), text, self.iface.mainWindow())
        action.setObjectName(name)
        action.triggered.connect(on_triggered)
        self.iface.addPluginToMenu(_MENU, action)
        if button:
            action.setToolTip(button)
            self.iface.addToolBarIcon(action)
            self.buttons.append(action)
        self.actions.append(action)
        return action

    def _add_tool(self, name: str, algorithm_id: str, text: str, *, with_scenario: bool = False) -> None:
        """Add a menu entry that opens an algorithm's dialog, with the values of Slopecast's own if requested."""

        def open_dialog() -> None:
            self._open_algorithm(f"slopecast:{algorithm_id}", with_scenario=with_scenario)

        self._add_action(name, icon_of(algorithm_id), text, open_dialog)

    def open_guide(self) -> None:
        """Open the guide that comes with the plugin."""
        from .gui.documents import open_document

        problem = open_document(GUIDE)
        if problem:
            self.iface.messageBar().pushWarning("Slopecast", problem)

    def open_calibration(self) -> None:
        """Open the dialog of the calibration; after a run its best set is offered."""
        self._open_algorithm("slopecast:calibratetoinventory", self._offer_best_set, with_scenario=True)

    def _offer_best_set(self, results: dict[str, Any]) -> None:
        """Report a calibration in one line, with a button that loads its best set into dialog and live panel."""
        if not results.get("BEST_SET"):
            return
        bar = self.iface.messageBar()
        failed = not results["AUC_LOW"] > _BY_CHANCE
        text = tr("Calibration failed: AUC {:.3f}.") if failed else tr("Calibrated: AUC {:.3f}, slope angle {:.3f}.")
        message = bar.createMessage("Slopecast", text.format(results["AUC"], results["AUC_SLOPE"]))
        message.setToolTip(results["FINDING"])
        button = QPushButton(tr("Use these values"), message)
        button.setToolTip(tr("Enter the best parameter set in the dialog and the live panel."))
        button.clicked.connect(lambda: self._use_best_set(results))
        message.layout().addWidget(button)
        if results.get("REPORT"):
            report = QPushButton(tr("Open the report"), message)
            report.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(results["REPORT"])))
            message.layout().addWidget(report)
        bar.pushWidget(message, Qgis.MessageLevel.Warning if failed else Qgis.MessageLevel.Info)

    def _use_best_set(self, results: dict[str, Any]) -> None:
        """Load the best set and its soil depth into dialog and panel, and hide the calibration's maps."""
        from .core.files.whole import identity_of
        from .gui.fields.number_field import number_text
        from .variables import BY_NAME

        values: dict[str, float] = json.loads(results["BEST_SET"])
        depth_key, hidden = "CALIBRATED_SOIL_DEPTH", ("SUSCEPTIBILITY", "FACTOR_OF_SAFETY", "FAILURE_MASK")
        keys = {identity_of(results[key]): key for key in (depth_key, *hidden) if results.get(key)}
        found = QgsProject.instance().layerTreeRoot().findLayers()
        nodes = {keys.get(identity_of(node.layer().source())): node for node in found}
        for key in hidden:
            if key in nodes:
                nodes[key].setItemVisibilityChecked(False)
        digits = {key: float(f"{value:.4g}") for key, value in values.items()}
        texts = {key: number_text(v, scientific=BY_NAME[key.lower()].log_scale) for key, v in digits.items()}
        depth = nodes.get(depth_key)
        self.show_dialog()
        self.shared.send(None, texts if depth is None else {**texts, "SOIL_DEPTH": depth.layerId()})
        if depth is None:
            self._use_depth_of_sets(results.get("DEPTH_OF_SETS", ""))

    def _use_depth_of_sets(self, calibrated: str) -> None:
        """Set the soil depth to be estimated as in a calibration; if that is not possible, show a caution.

        ``calibrated``: how the soil depth of the calibration was made, empty where it is not known.
        """
        from .algorithms.inputs.tables import calibrated_depth_caution
        from .algorithms.outputs.provenance import depth_origin_of
        from .gui.fields.study_area_picker import ESTIMATED
        from .text import translated

        layer = self.dialog.picker.depth
        caution = calibrated_depth_caution(
            tr("Calibrate to landslides"), calibrated, depth_origin_of("" if layer is None else layer.source())
        )
        if caution is not None and calibrated == depth_origin_of(""):
            self.shared.send(None, {"SOIL_DEPTH": ESTIMATED})
        elif caution is not None:
            self.iface.messageBar().pushWarning("Slopecast", translated(caution, tr))

    def load_example(self, *_: object) -> None:
        """Open the dialog with a study area to try it on."""
        self.show_dialog()
        self.dialog.load_example()

    def _open_algorithm(
        self, algorithm_id: str, done: Callable[[dict[str, Any]], None] | None = None, *, with_scenario: bool = False
    ) -> None:
        """Open an algorithm in Processing's dialog, or show the reason why not."""
        from .gui.processing_dialog import open_algorithm

        problem = open_algorithm(algorithm_id, self.shared.parameters if with_scenario else None, done)
        if problem:
            self.iface.messageBar().pushWarning("Slopecast", problem)

    @property
    def shared(self) -> SharedScenario:
        """The numbers and the study area shared by dialog and panel."""
        if self._shared is None:
            from .gui.shared_scenario import SharedScenario

            self._shared = SharedScenario(self.iface.mainWindow())
        return self._shared

    def show_dialog(self) -> None:
        """Open the dialog, or bring the open one to the front."""
        if self.dialog is None:
            from .gui.failure_mask_dialog import FailureMaskDialog

            self.dialog = FailureMaskDialog(self.iface.mainWindow(), shared=self.shared)
            self.dialog.setWindowIcon(QIcon(str(ICON)))
        hidden = not self.dialog.isVisible()
        self.dialog.show()
        if hidden:
            self._uncover_panel()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def _uncover_panel(self) -> None:
        """Move the dialog if it covers the panel."""
        if self.panel is not None and self.panel.isVisible() and self.dialog is not None and self.dialog.isVisible():
            QTimer.singleShot(_DOCKED_AFTER_MS, self.dialog.place)

    def show_panel(self, shown: bool = True) -> None:
        """Open the live panel at the right of the map, or close it."""
        if self.panel is None:
            from .gui.live.live_panel import LivePanel

            self.panel = LivePanel(self.iface.mapCanvas(), self.iface.mainWindow(), self.shared)
            self.panel.setToggleVisibilityAction(self.actions[1])
            # As a tab with the docks already there: below Processing's toolbox there is no room for the sliders.
            self.iface.addTabifiedDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.panel, raiseTab=True)
        if shown:
            self.panel.setUserVisible(True)
            self._uncover_panel()
        else:
            self.panel.close()  # hidden alone it would leave its mask on the map

    def unload(self) -> None:
        """Remove everything, when the plugin is disabled or reloaded."""
        if self.dialog is not None:
            self.dialog.shut_down()
            self.dialog = None
        if self.panel is not None:
            self.iface.removeDockWidget(self.panel)
            self.panel.shut_down()
            self.panel = None
        if self._shared is not None:
            self._shared.deleteLater()
            self._shared = None
        self._drop_hint()
        for action in self.actions:
            self.iface.removePluginMenu(_MENU, action)
            if action in self.buttons:
                self.iface.removeToolBarIcon(action)
            action.deleteLater()
        self.actions, self.buttons = [], []
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
        unload_translation()
