"""Styles: every class has a visible swatch and a unit, and neighbours differ for the colour-blind too."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from checkout import ROOT

STYLES = sorted((ROOT / "ui" / "styles").glob("*.qml"))
GREY = np.array([190.0, 190.0, 190.0])  # a lit slope of a hillshade
#: Linear RGB as seen without one kind of cone: Machado, Oliveira & Fernandes (2009), IEEE TVCG 15(6), severity 1.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}
#: Least difference to be told apart beside one another on a map (CIE 1976): of classes, of neighbours in a ramp.
CLASSES, NEIGHBOURS = 18.0, 5.0


def entries(path):
    """(label, colour over grey as RGB, alpha) of each class, and whether the classes are a ramp."""
    root = ElementTree.parse(path).getroot()
    opacity = float(root.find(".//rasterrenderer").get("opacity"))
    palette = root.findall(".//paletteEntry")
    found = []
    for item in palette or root.findall(".//colorrampshader/item"):
        colour = np.array([int(item.get("color")[k : k + 2], 16) for k in (1, 3, 5)], dtype=float)
        alpha = int(item.get("alpha"))
        share = opacity * alpha / 255.0
        found.append((item.get("label"), share * colour + (1.0 - share) * GREY, alpha))
    return found, not palette


def lab(rgb, sight):
    """CIE L*a*b* of an sRGB colour as somebody sees it."""
    c = rgb / 255.0
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(SIGHT[sight]) @ linear, 0.0, 1.0)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ seen
    f = np.cbrt(np.maximum(xyz / [0.9505, 1.0, 1.089], 0.008856))
    return np.array([116.0 * f[1] - 16.0, 500.0 * (f[0] - f[1]), 200.0 * (f[1] - f[2])])


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.stem)
def test_every_class_has_a_swatch_and_a_label(path):
    """No class is invisible in the legend; what is measured says its unit."""
    found, ramp = entries(path)
    assert len(found) >= 2
    for label, _, alpha in found:
        assert label
        assert alpha >= 40
        if ramp and path.stem != "parameter":  # which holds any parameter; the layer's name has its unit
            assert any(unit in label for unit in (" m", " h", " mm", " %", "[-]")), label


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.stem)
def test_classes_are_told_apart(path, sight):
    """On a hillshade, with and without red-green blindness."""
    found, ramp = entries(path)
    pairs = zip(found, found[1:]) if ramp else combinations(found, 2)
    for (label, one, _), (other_label, other, _) in pairs:
        difference = np.linalg.norm(lab(one, sight) - lab(other, sight))
        assert difference > (NEIGHBOURS if ramp else CLASSES), f"{label} / {other_label}: {difference:.1f}"


@pytest.mark.parametrize("sight", SIGHT)
def test_factor_of_safety_diverges_at_one(sight):
    """Failed cells differ clearly from stable ones on both sides of 1."""
    found, _ = entries(next(p for p in STYLES if p.stem == "factor_of_safety"))
    failed = [lab(colour, sight) for label, colour, _ in found if label.startswith("failed")]
    stable = [lab(colour, sight) for label, colour, _ in found if label.startswith("stable")]
    assert min(np.linalg.norm(a - b) for a in failed for b in stable) > CLASSES
