"""Slopecast: where rain makes a mountainside fail, as a QGIS plugin."""


def classFactory(iface):
    """Make the plugin; QGIS calls this when it loads Slopecast."""
    from .plugin.main import SlopecastPlugin

    return SlopecastPlugin(iface)
