"""The plugin in the real QGIS desktop: menu, dialog, run, styled layer, and nothing left behind."""

import shutil

import desktop
import pytest

MISSING = [name for name in desktop.NEEDED if shutil.which(name) is None]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {', '.join(MISSING)}")


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What the desktop showed."""
    return desktop.run(tmp_path_factory.mktemp("desktop"))


def test_nothing_went_wrong(report):
    assert report["errors"] == []


def test_the_plugin_loads_fast_and_without_its_heavy_parts(report):
    assert report["imported_at_start"] == []
    assert float(report["plugin_times"].rstrip("s")) < 0.5  # 0.05 s on an idle machine


def test_the_menu_opens_the_dialog(report):
    assert report["menu_path"] == ["&Slopecast", "Slopecast: predict failure mask..."]
    assert report["dialog_open"]
    assert report["depth_text"] == "Estimate from the DEM"


def test_wrong_values_stop_the_run_in_words(report):
    assert not report["wrong"]["run_enabled"]
    assert "Allowed: 0 to 200 kPa" in report["wrong"]["status"]


def test_the_conductivity_is_kept(report):
    assert report["filled"] == {"run_enabled": True, "conductivity": 1.3e-6}
    assert 1.3e-6 in report["processing"]["values"]
    assert report["remembered"] == "1.3e-6"


def test_the_mask_is_in_the_project_with_its_style(report):
    layers = {layer["name"]: layer for layer in report["layers"]}
    mask = layers["Failure mask"]
    assert (mask["valid"], mask["renderer"], mask["source"]) == (True, "paletted", "rain über Nacht.tif")
    assert mask["group"] == "Slopecast: 12 mm/h, 24 h, 4.5 kPa, 28 deg, 1.3e-6 m/s"
    assert layers["Factor of safety"]["renderer"] == "singlebandpseudocolor"


def test_the_result_is_told(report):
    assert " of 32,000 cells fail (" in report["result"]
    assert "Reliability: " in report["result"]
    assert "cpu" in report["log"]


def test_an_error_names_what_to_do(report):
    assert "cannot be written" in report["error_message"]
    assert "Traceback" not in report["error_message"]


def test_nothing_is_left_after_unloading(report):
    assert report["left_after_unload"] == []
