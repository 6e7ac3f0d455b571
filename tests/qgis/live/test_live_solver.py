"""The live panel's solver: the one that is chosen or the one that can run, named with its device and the reason."""

import sys

import pytest
from live_panels import keep, mask_of, shown_mask, wait_until
from qgis.core import QgsProject
from slopecast.plugin.algorithms.locations import STYLES
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.gui.failure_mask_dialog import FailureMaskDialog
from slopecast.plugin.gui.fields.variable_form import note_colour
from slopecast.plugin.gui.live import live_worker
from slopecast.plugin.gui.live.live_panel import LivePanel
from slopecast.plugin.gui.shared_scenario import SharedScenario

PAPER = STYLES.parents[1] / "model_weights/paper.safetensors"


def engine_mask(panel):
    """The exact engine's mask for the panel's numbers."""
    return mask_of(panel, Engine(failure_times=False))


def set_lateral_flow(panel):
    """Numbers for which the closed-form column gives another mask than the engine."""
    for key, text in (("LATERAL_ANISOTROPY", "40"), ("DURATION", "48"), ("COHESION", "4")):
        panel.sliders[key].field.setText(text)


@pytest.fixture
def no_torch(monkeypatch):
    """Torch and safetensors are not installed."""
    for name in [n for n in sys.modules if n.split(".")[0] in ("torch", "safetensors")] + ["torch"]:
        monkeypatch.setitem(sys.modules, name, None)


def test_the_physics_engine_can_be_chosen_and_is_kept(opened):
    """Its mask is that of the exact scheme, lateral flow included, and so is the layer that is kept."""
    panel = opened()
    panel.solver.value = "engine"
    set_lateral_flow(panel)
    wait_until(lambda: panel.is_current)
    note, mask = panel.contents.solver_label.text(), engine_mask(panel)
    assert note.startswith("Solver: physics engine on cpu")
    assert "cannot be used" not in note
    assert "computed by the physics engine" in panel.contents.reliability_label.text()
    assert (shown_mask(panel) == mask).all()
    assert (mask != mask_of(panel)).sum() > 50, "lateral flow counts"
    assert (keep(panel) == mask).all()
    assert QgsProject.instance().readEntry("slopecast", "SOLVER")[0] == "engine"


def test_without_torch_the_physics_engine_runs_and_the_panel_shows_why(no_torch, opened):
    panel = opened()
    set_lateral_flow(panel)
    wait_until(lambda: panel.is_current)
    note = panel.contents.solver_label
    assert note.text().startswith("Solver: physics engine on cpu")
    assert "The network cannot be used: " in note.text()
    assert "torch" in note.text()
    combo = panel.contents.solver_combo
    assert [combo.isEnabled(), combo.currentText(), combo.currentData()] == [False, "Physics engine", "network"]
    mask = engine_mask(panel)
    assert (shown_mask(panel) == mask).all()
    assert (keep(panel) == mask).all()


def test_where_torch_is_installed_but_does_not_load_the_physics_engine_runs(opened, monkeypatch):
    from slopecast.plugin.ml import device

    broken = device.TorchStatus(False, "", "torch is installed but does not load.", "Install it again.")
    monkeypatch.setattr(device, "torch_status", lambda: broken)
    panel = opened()
    wait_until(lambda: panel.is_current)
    notes = panel.contents.solver_label.text().split("\n")[0]
    assert notes.endswith("The network cannot be used: torch is installed but does not load.")
    assert (shown_mask(panel) == engine_mask(panel)).all()


def test_another_solver_solves_the_same_study_area_again(panel, solver, monkeypatch):
    """The layers are not read again."""
    area = panel._area
    monkeypatch.undo()
    panel.solver.value = "engine"
    wait_until(lambda: panel.is_current)
    assert panel._area is area
    assert (shown_mask(panel) == engine_mask(panel)).all()
    assert panel.parameters()["SOLVER"] == 1


def test_the_dialog_s_solver_is_the_panel_s(panel, canvas):
    shared = SharedScenario(canvas)
    live, dialog = LivePanel(canvas, shared=shared), FailureMaskDialog(shared=shared)
    panel.close()
    live.show()
    dialog.show()
    dialog.solver_combo.setCurrentIndex(1)
    assert live.solver.value == "engine"
    live.solver.value = "network"
    assert dialog.solver_combo.currentData() == "network"
    assert [dialog.solver_combo.itemText(n) for n in (0, 1)] == [
        live.contents.solver_combo.itemText(n) for n in (0, 1)
    ] == ["Network (U-Net)", "Physics engine"]  # fmt: skip
    live.shut_down()
    dialog.shut_down()


def test_the_solver_is_remembered_with_the_project(solver, opened):
    QgsProject.instance().writeEntry("slopecast", "SOLVER", "engine")
    panel = opened()
    assert panel.solver.value == "engine"
    wait_until(lambda: panel.is_current)
    QgsProject.instance().clear()
    assert panel.solver.value == "network"


@pytest.mark.skipif(not PAPER.exists(), reason="the paper's network is not there")
def test_the_shipped_network_runs_where_the_project_names_the_paper_s(opened):
    """The panel shows it, in the colour of a caution, and what is kept is what is shown."""
    pytest.importorskip("torch")
    QgsProject.instance().writeEntry("slopecast", "MODEL", str(PAPER))
    panel = opened()
    wait_until(lambda: panel.is_current)
    note = panel.contents.solver_label
    assert note.text().startswith("Solver: network ")
    assert "the paper's network" in note.text()
    assert note.styleSheet() == f"color: {note_colour(note.parentWidget(), 'caution')};"
    assert not panel.parameters().get("MODEL")


def test_weights_that_are_missing_are_reported(opened, tmp_path):
    pytest.importorskip("torch")
    QgsProject.instance().writeEntry("slopecast", "MODEL", str(tmp_path / "gone.safetensors"))
    panel = opened()
    wait_until(lambda: "gone.safetensors" in panel.contents.result_label.text())
    assert panel.answer.overlay.classes is None


def test_weights_that_are_written_anew_are_loaded_again(panel, solver, monkeypatch, tmp_path):
    """As by another training; the network would be named after the old ones."""
    weights = tmp_path / "mine.safetensors"
    weights.write_bytes(b"1")
    QgsProject.instance().writeEntry("slopecast", "MODEL", str(weights))
    loaded = []
    made = live_worker.chosen_solver

    def load(*given, **more):
        loaded.append(weights.read_bytes())
        return made(*given, **more)

    monkeypatch.setattr(live_worker, "chosen_solver", load)
    for rain, content in (("9", b"1"), ("10", b"1"), ("11", b"22"), ("12", b"22")):
        if weights.read_bytes() != content:
            weights.write_bytes(content)
        panel.sliders["RAINFALL"].field.setText(rain)
        wait_until(lambda: panel.is_current)
    assert loaded == [b"1", b"22"]
