"""The Processing provider of Slopecast's algorithms."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import PurePath
from typing import Sequence

from qgis import utils
from qgis.core import QgsApplication, QgsProcessingProvider
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QTimer
from qgis.PyQt.QtGui import QIcon

from .algorithms.build_dataset import BuildDataset
from .algorithms.calibrate_to_inventory import CalibrateToInventory
from .algorithms.check_environment import CheckEnvironment
from .algorithms.compare_masks import CompareMasks
from .algorithms.count_failed_cells import CountFailedCells
from .algorithms.design_rainfall import DesignRainfall
from .algorithms.estimate_soil_depth import EstimateSoilDepth
from .algorithms.evaluate_model import EvaluateModel
from .algorithms.example_data import ExampleData
from .algorithms.failure_probability import FailureProbability
from .algorithms.graphical_model import GraphicalModel, graphical_models
from .algorithms.locations import ICON
from .algorithms.map_sheet import MapSheet
from .algorithms.masks_to_polygons import MasksToPolygons
from .algorithms.outputs.provenance import version
from .algorithms.parameters_from_zones import ParametersFromZones
from .algorithms.predict_failure_mask import PredictFailureMask
from .algorithms.predict_from_table import PredictFromTable
from .algorithms.simulate_factor_of_safety import SimulateFactorOfSafety
from .algorithms.train_model import TrainModel
from .algorithms.translation import load_translation
from .algorithms.validate_inventory import ValidateInventory

ALGORITHMS = (
    PredictFailureMask,
    PredictFromTable,
    SimulateFactorOfSafety,
    FailureProbability,
    EstimateSoilDepth,
    DesignRainfall,
    ParametersFromZones,
    CompareMasks,
    ValidateInventory,
    CalibrateToInventory,
    BuildDataset,
    TrainModel,
    EvaluateModel,
    CountFailedCells,
    MasksToPolygons,
    MapSheet,
    ExampleData,
    CheckEnvironment,
)


class SlopecastProvider(QgsProcessingProvider):
    """Offers the algorithms; loads neither torch nor the core's numpy code."""

    def __init__(self) -> None:
        super().__init__()
        load_translation()  # scripts use the provider without the plugin

    def id(self) -> str:
        """Return the fixed id."""
        return "slopecast"

    def name(self) -> str:
        """Return the product's name."""
        return "Slopecast"

    def icon(self) -> QIcon:
        """Return the product's icon."""
        return QIcon(str(ICON))

    def versionInfo(self) -> str:
        """Return the plugin's version."""
        return version()

    def loadAlgorithms(self) -> None:
        """Add every algorithm, and the models once the algorithms that they chain are registered."""
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
        if _may_ask_for_models(QCoreApplication.arguments()) and not self._add_models():
            QgsApplication.processingRegistry().providerAdded.connect(self._provider_added)

    def _provider_added(self, _: str) -> None:
        """Add the models at once, or in the desktop after startup, because reading them is slow."""
        if utils.iface is None:
            self._add_models(late=True)
        else:
            QTimer.singleShot(0, partial(self._add_models, late=True))

    def _add_models(self, *, late: bool = False) -> bool:
        """Add the models if this provider and QGIS's own, whose algorithms they use, are registered.

        Returns:
            Whether they were added, now or before.
        """
        registry = QgsApplication.processingRegistry()
        if sip.isdeleted(self) or None in (registry.providerById("native"), registry.providerById(self.id())):
            return False
        if any(algorithm.groupId() == GraphicalModel.GROUP for algorithm in self.algorithms()):
            return True
        for model in graphical_models():
            self.addAlgorithm(model)
        if late:
            with contextlib.suppress(TypeError):  # disconnected before
                registry.providerAdded.disconnect(self._provider_added)
            self.algorithmsLoaded.emit()
        return True

    def defaultRasterFileExtension(self) -> str:
        """Return the default format of raster outputs, independent of the user's settings."""
        return "tif"

    def supportedOutputRasterLayerExtensions(self) -> list[str]:
        """Return the extensions of GeoTIFF and of ESRI's ASCII grid."""
        return ["tif", "tiff", "asc"]


def _may_ask_for_models(arguments: Sequence[str]) -> bool:
    """Whether the models may be needed; ``qgis_process run slopecast:...`` needs only its algorithm.

    ``qgis_process plugins`` waits for none.

    Args:
        arguments: of the program, its own name first.
    """
    words = [word for word in arguments[1:] if not word.startswith("-")][:2]
    if not arguments or not PurePath(arguments[0]).name.startswith("qgis_process"):
        return True
    if len(words) < 2:
        return words != ["plugins"]
    return words[0] not in ("run", "help") or not words[1].startswith("slopecast:") or ":model_" in words[1]
