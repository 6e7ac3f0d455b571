"""Styles: every class has a visible swatch and a unit, and neighbours differ for the colour-blind too."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from checkout import ROOT

#: All but the relief, which has no classes.
STYLES = sorted(path for path in (ROOT / "ui" / "styles").glob("*.qml") if path.stem != "relief")
#: Ramps of ratios, and of any parameter: the layer's name has its unit.
WITHOUT_UNIT = {"confidence", "factor_of_safety", "susceptibility", "parameter"}
#: What lies below a map: slopes of a hillshade, and what orthophotos show, as sRGB.
BACKDROPS = {
    "lit slope": (215, 215, 215), "half-lit slope": (190, 190, 190), "slope in the shade": (90, 90, 90),
    "forest": (46, 62, 40), "meadow": (120, 138, 84), "bare soil": (158, 130, 98), "scree": (172, 168, 160),
}  # fmt: skip
#: The layer tree's background in QGIS's light and dark themes.
PANELS = {"light": (255, 255, 255), "dark": (35, 35, 35)}
#: Linear RGB as seen without one kind of cone: Machado, Oliveira & Fernandes (2009), IEEE TVCG 15(6), severity 1.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}
#: Least difference to be distinguished next to one another on a map (CIE 1976): of classes, of neighbours in a ramp.
CLASSES, NEIGHBOURS = 18.0, 5.0
#: Least difference of a swatch and the panel that it is on.
SWATCH = 8.0
#: What a map sheet has below a result, and the greatest difference there of a class and its swatch.
PAPER = {"lit slope": BACKDROPS["lit slope"], "half-lit slope": BACKDROPS["half-lit slope"], "white": (255, 255, 255)}
LIKE_ITS_SWATCH = 12.0


def entries(path, below=BACKDROPS["half-lit slope"]):
    """(label, colour over what lies below as RGB, alpha) of each class, and whether the classes are a ramp."""
    root = ElementTree.parse(path).getroot()
    opacity = float(root.find(".//rasterrenderer").get("opacity"))
    palette = root.findall(".//paletteEntry")
    found = []
    for item in palette or root.findall(".//colorrampshader/item"):
        colour = np.array([int(item.get("color")[k : k + 2], 16) for k in (1, 3, 5)], dtype=float)
        alpha = int(item.get("alpha"))
        share = opacity * alpha / 255.0
        found.append((item.get("label"), share * colour + (1.0 - share) * np.array(below, dtype=float), alpha))
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
    """No class is invisible in the legend; quantities with a unit show it, and no other sign stands for none."""
    found, ramp = entries(path)
    assert len(found) >= 2
    for label, _, alpha in found:
        assert label
        assert alpha >= 40
        assert "[" not in label
        if ramp and path.stem not in WITHOUT_UNIT:
            assert any(unit in label for unit in (" m", " h", " mm", " %")), label


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.stem)
def test_every_swatch_is_seen_in_the_layer_tree(path, panel):
    """Also those of classes that let the map below shine through."""
    found, ramp = entries(path, PANELS[panel])
    background = lab(np.array(PANELS[panel], dtype=float), "normal")
    for label, colour, alpha in found:
        difference = np.linalg.norm(lab(colour, "normal") - background)
        # The lightest class of a ramp is reported by its place between its neighbours and by the swatch's frame.
        assert difference > SWATCH or (ramp and alpha == 255), f"{label}: {difference:.1f}"


@pytest.mark.parametrize("below", PAPER)
@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.stem)
def test_every_swatch_of_a_print_layout_looks_like_its_class_on_the_map(path, below):
    """Print layouts draw swatches without the alpha of their colours (QGIS issue 47612)."""
    shown, _ = entries(path, PAPER[below])
    root = ElementTree.parse(path).getroot()
    opacity = float(root.find(".//rasterrenderer").get("opacity"))
    for item, (label, colour, _) in zip(root.iter(root.find(".//*[@alpha]").tag), shown):
        opaque = np.array([int(item.get("color")[k : k + 2], 16) for k in (1, 3, 5)], dtype=float)
        swatch = opacity * opaque + (1.0 - opacity) * np.array(PAPER["white"], dtype=float)
        difference = np.linalg.norm(lab(swatch, "normal") - lab(colour, "normal"))
        assert difference < LIKE_ITS_SWATCH, f"{label}: {difference:.1f}"


@pytest.mark.parametrize("below", BACKDROPS)
@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.stem)
def test_classes_have_different_colours(path, sight, below):
    """On a hillshade and an orthophoto, with and without red-green blindness."""
    found, ramp = entries(path, BACKDROPS[below])
    pairs = zip(found, found[1:]) if ramp else combinations(found, 2)
    for (label, one, _), (other_label, other, _) in pairs:
        difference = np.linalg.norm(lab(one, sight) - lab(other, sight))
        assert difference > (NEIGHBOURS if ramp else CLASSES), f"{label} / {other_label}: {difference:.1f}"


@pytest.mark.parametrize("below", BACKDROPS)
def test_the_time_of_failure_is_visible_on_what_is_below(below):
    """Where nothing fails it has no data: there the orthophoto itself is the neighbour."""
    found, _ = entries(next(p for p in STYLES if p.stem == "failure_time"), BACKDROPS[below])
    background = lab(np.array(BACKDROPS[below], dtype=float), "normal")
    for label, colour, _ in found:
        assert np.linalg.norm(lab(colour, "normal") - background) > CLASSES, label


@pytest.mark.parametrize("sight", SIGHT)
def test_factor_of_safety_diverges_at_one(sight):
    """Failed cells differ clearly from stable ones on both sides of 1."""
    found, _ = entries(next(p for p in STYLES if p.stem == "factor_of_safety"))
    failed = [lab(colour, sight) for label, colour, _ in found if label.startswith("failed")]
    stable = [lab(colour, sight) for label, colour, _ in found if label.startswith("stable")]
    assert min(np.linalg.norm(a - b) for a in failed for b in stable) > CLASSES
