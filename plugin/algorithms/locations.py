"""Where the plugin's own files lie; the folder may be read-only, and its path hold spaces and any letter."""

from __future__ import annotations

from pathlib import Path

PLUGIN_FOLDER = Path(__file__).resolve().parents[2]
ICON = PLUGIN_FOLDER / "ui" / "icons" / "slopecast.svg"
STYLES = PLUGIN_FOLDER / "ui" / "styles"
MODEL_WEIGHTS = PLUGIN_FOLDER / "model_weights"
METADATA = PLUGIN_FOLDER / "metadata.txt"
