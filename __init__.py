"""Slopecast: where rain makes a mountainside fail, as a QGIS plugin."""


def classFactory(iface):  # noqa: ANN001, ANN201, N802 - the name that QGIS calls
    """Make the plugin; QGIS calls this when it loads Slopecast."""
    from .plugin.main import SlopecastPlugin

    return SlopecastPlugin(iface)
