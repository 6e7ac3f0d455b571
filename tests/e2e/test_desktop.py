"""The plugin in the real QGIS desktop: menu, dialog, run, styled layer, and nothing left behind."""

import re
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


def test_the_first_start_leads_to_a_first_mask_in_two_clicks(report):
    """The hint's button, then Run; most of what fails does so in the rain."""
    assert any("try it" in text for text in report["hint"])
    example = report["example"]
    assert "press Run" in example["text"]
    assert (example["run_enabled"], example["seen"], example["hint"]) == (True, True, False)
    failed, before = (int(n.replace(",", "")) for n in re.findall(r"([\d,]+) of", example["result"]))
    assert 0.02 * 160_000 < failed < 0.15 * 160_000
    assert before < 0.05 * failed
    assert sum(example["seconds"]) < 90  # of the machine, from the first click


def test_the_map_is_seen_next_to_the_dialog(report):
    assert report["free_of_map"] > 0.3


def test_the_menu_opens_the_dialog(report):
    assert ["&Slopecast", "Predict failure mask..."] in report["menu_paths"]
    assert report["dialog_open"]
    assert report["depth_text"] == "example soil depth"


def test_wrong_values_stop_the_run_with_a_message(report):
    assert not report["wrong"]["run_enabled"]
    assert "Allowed: 0 to 200 kPa" in report["wrong"]["status"]


def test_the_rain_of_a_return_period_is_taken_over(report):
    assert report["rain"]["DURATION"] == 5.5
    assert report["rain"]["RAINFALL"] > 40.0
    assert "return period of 50 years, from Seoul's curve" in report["rain"]["text"]


def test_the_conductivity_is_kept(report):
    assert report["filled"] == {"run_enabled": True, "conductivity": 1.3e-6}
    assert report["processing"]["conductivity"] == ["1.3e-06"]
    assert report["remembered"] == "1.3e-6"


def test_the_mask_is_in_the_project_with_its_style(report):
    layers = {layer["name"].partition(" (")[0]: layer for layer in report["layers"]}
    mask = layers["Failure mask"]
    assert (mask["valid"], mask["renderer"], mask["source"]) == (True, "paletted", "rain über Nacht.tif")
    assert mask["group"] == "12 mm/h, 24 h, 4.5 kPa, 28 deg, 1.3e-6 m/s: example dem"
    assert layers["Factor of safety"]["renderer"] == "singlebandpseudocolor"


def test_the_result_is_shown(report):
    assert " of 32,000 cells fail (" in report["result"]
    assert "Reliability: " in report["result"]
    assert "cpu" in report["log"]


def test_an_error_names_what_to_do(report):
    assert "cannot be written" in report["error_message"]
    assert "Traceback" not in report["error_message"]


def test_the_live_panel_paints_on_the_map_as_a_slider_moves(report):
    live = report["live"]
    assert ["&Slopecast", "Live panel"] in report["menu_paths"]
    assert live["values"]["CONDUCTIVITY"] == 1.3e-6  # what the dialog left in the project
    before, while_dragged, typed = live["red"]
    assert while_dragged > 1.2 * before > 0
    assert typed == before
    assert live["text"][0] == live["text"][1]
    assert " of 32,000 cells fail (" in live["text"][1]
    assert "Reliability" in live["reliability"]


def test_the_live_panel_s_solver_can_be_changed(report):
    network, engine, again = report["live"]["solvers"]
    assert network.startswith("Solver: network ")
    assert engine.startswith("Solver: physics engine on cpu")
    assert again == network


def test_the_live_panel_shows_no_mask_for_wrong_numbers(report):
    assert "Allowed: 0 to 300 mm/h" in report["live"]["wrong"]["text"]
    assert report["live"]["wrong"]["red"] == 0


def test_the_live_map_becomes_the_same_layers(report):
    live = report["live"]
    kept = [[name.partition(" (")[0], *others] for name, *others in live["kept"]]
    assert kept == [[name, "paletted", live["failed_cells"]] for name in ("Failure class", "Failure mask")]
    assert live["red_after_close"] == 0


def test_a_calibration_is_run_read_and_used(report):
    seen = report["calibration"]
    low, area, high, slope, default = seen["auc"]
    assert seen["finding"].startswith("The susceptibility ranks held-out landslides better than slope angle alone")
    assert low < area < high
    assert area > max(slope, default) + 0.03
    assert seen["values"]["RAINFALL"] == 12.0
    assert 4.0 < seen["values"]["COHESION"] < 8.0  # 6 kPa are true
    assert [name.partition(" (")[0] for name in seen["shown"]] == ["Failure class", "Elevation"]
    assert " of 160,000 cells fail (" in seen["text"]


def test_nothing_is_left_after_unloading(report):
    assert report["left_after_unload"] == []


def test_the_panel_has_the_toolbox_s_place_and_the_dialog_s_numbers(report):
    assert report["in_one_place"]
    assert report["both"] == [["6.25", "4.4e-6"]] * 2
    left, right = report["dialog_spans"]
    assert right <= report["panel_begins"] or left == 0  # where the screen has no room for both
