"""Paths of the plugin's own files; the folder may be read-only and contain any characters."""

from __future__ import annotations

from pathlib import Path

PLUGIN_FOLDER = Path(__file__).resolve().parents[2]
ICON = PLUGIN_FOLDER / "ui" / "icons" / "slopecast.svg"
LIVE_ICON = PLUGIN_FOLDER / "ui" / "icons" / "live.svg"
MODEL_ICON = PLUGIN_FOLDER / "ui" / "icons" / "graphical_models.svg"
MODELS = PLUGIN_FOLDER / "plugin" / "graphical_models"
MAP_SHEET = PLUGIN_FOLDER / "ui" / "map_sheet.qpt"
STYLES = PLUGIN_FOLDER / "ui" / "styles"
MODEL_WEIGHTS = PLUGIN_FOLDER / "model_weights"
METADATA = PLUGIN_FOLDER / "metadata.txt"
TRANSLATIONS = PLUGIN_FOLDER / "ui" / "i18n"
GUIDE, REFERENCE, INSTALLATION = (
    PLUGIN_FOLDER / "docs" / page for page in ("guide.html", "reference.html", "install.html")
)


def icon_of(algorithm_id: str) -> Path:
    """The icon of an algorithm, or the product's icon."""
    own = ICON.with_name(f"{algorithm_id}.svg")
    return own if own.exists() else ICON


def help_url(page: Path, section: str) -> str:
    """Address of a section of the guide, the reference (an algorithm's id) or the installation page; no network."""
    return f"{page.as_uri()}#{section}" if section else page.as_uri()
