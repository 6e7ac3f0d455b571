"""The Processing provider: where QGIS finds Slopecast's algorithms."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .algorithms.check_environment import CheckEnvironment
from .algorithms.compare_masks import CompareMasks
from .algorithms.design_rainfall import DesignRainfall
from .algorithms.estimate_soil_depth import EstimateSoilDepth
from .algorithms.example_data import ExampleData
from .algorithms.failure_probability import FailureProbability
from .algorithms.locations import ICON
from .algorithms.parameters_from_zones import ParametersFromZones
from .algorithms.predict_failure_mask import PredictFailureMask
from .algorithms.provenance import version
from .algorithms.simulate_factor_of_safety import SimulateFactorOfSafety
from .algorithms.validate_inventory import ValidateInventory

ALGORITHMS = (
    PredictFailureMask,
    SimulateFactorOfSafety,
    FailureProbability,
    EstimateSoilDepth,
    DesignRainfall,
    ParametersFromZones,
    CompareMasks,
    ValidateInventory,
    ExampleData,
    CheckEnvironment,
)


class SlopecastProvider(QgsProcessingProvider):
    """Offers the algorithms; loads neither torch nor the core's numpy code."""

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
        """Add every algorithm."""
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())

    def defaultRasterFileExtension(self) -> str:
        """Return the format that is written unless the user asks for another, whatever the user's default is."""
        return "tif"

    def supportedOutputRasterLayerExtensions(self) -> list[str]:
        """Return the extensions of GeoTIFF and of ESRI's ASCII grid."""
        return ["tif", "tiff", "asc"]
