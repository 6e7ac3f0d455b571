"""Slopecast: a QGIS plugin that maps where rainfall is likely to trigger shallow landslides."""


def classFactory(iface):
    """Make the plugin; QGIS calls this when it loads Slopecast."""
    from .plugin.main import SlopecastPlugin

    return SlopecastPlugin(iface)
