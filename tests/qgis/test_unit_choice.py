"""The unit in which conductivity is typed: the value is held in m/s, whatever is shown."""

import pytest
from qgis.core import QgsSettings
from slopecast.plugin.gui.failure_mask_dialog import FailureMaskDialog
from slopecast.plugin.gui.live.variable_slider import VariableSlider
from slopecast.plugin.variables import BY_NAME


@pytest.fixture(autouse=True)
def metres_per_second():
    QgsSettings().remove("slopecast/conductivity_unit")
    yield
    QgsSettings().remove("slopecast/conductivity_unit")


@pytest.fixture
def dialog(qgis_application):
    dialog = FailureMaskDialog()
    yield dialog
    dialog.shut_down()


CASES = [("mm/h", "10.8", 3e-6), ("cm/h", "1.08", 3e-6), ("m/day", "0.2592", 3e-6), ("mm/h", "4.68", 1.3e-6)]


@pytest.mark.parametrize(("unit", "typed", "value"), CASES)
def test_the_dialog_holds_what_is_typed_in_metres_per_second(dialog, unit, typed, value):
    field, choice = dialog.main_form.fields["CONDUCTIVITY"], dialog.main_form.units["CONDUCTIVITY"]
    choice.setCurrentText(unit)
    choice.typed.setText(typed)
    choice.typed.textEdited.emit(typed)
    assert dialog.parameters()["CONDUCTIVITY"] == pytest.approx(value, rel=1e-9)
    assert field.isHidden()
    assert not choice.typed.isHidden()
    assert choice.typed.text() == typed


@pytest.mark.parametrize(("unit", "shown"), [("m/s", "3e-6"), ("mm/h", "10.8"), ("cm/h", "1.08"), ("m/day", "0.2592")])
def test_another_unit_shows_the_same_value(dialog, unit, shown):
    """And the ranges next to it, in the unit."""
    field, choice = dialog.main_form.fields["CONDUCTIVITY"], dialog.main_form.units["CONDUCTIVITY"]
    field.set_value(3e-6)
    choice.setCurrentText(unit)
    assert (field.text() if unit == "m/s" else choice.typed.text()) == shown
    assert field.value == 3e-6
    variable = BY_NAME["conductivity"]
    most = float(dialog.main_form.notes["CONDUCTIVITY"].text().split(" to ")[1])
    assert most == pytest.approx(variable.maximum / choice.factor, rel=1e-3)


def test_a_number_may_be_typed_before_its_unit_is_chosen(dialog):
    field, choice = dialog.main_form.fields["CONDUCTIVITY"], dialog.main_form.units["CONDUCTIVITY"]
    field.setText("10.8")  # no conductivity in m/s
    assert dialog.main_form.errors
    choice.setCurrentText("mm/h")
    assert field.value == pytest.approx(3e-6)
    assert choice.typed.text() == "10.8"


@pytest.mark.parametrize("wrong", ["much", "1,5", "1e9"])
def test_what_is_no_conductivity_is_refused_in_every_unit(dialog, wrong):
    choice = dialog.main_form.units["CONDUCTIVITY"]
    choice.setCurrentText("mm/h")
    choice.typed.setText(wrong)
    choice.typed.textEdited.emit(wrong)
    assert dialog.main_form.errors
    assert choice.typed.text() == wrong
    assert "background" in choice.typed.styleSheet()


def test_the_slider_and_the_unit_follow_each_other(qgis_application):
    slider = VariableSlider(BY_NAME["conductivity"])
    slider.unit.setCurrentText("mm/h")
    slider.unit.typed.textEdited.emit("36")
    assert slider.field.value == pytest.approx(1e-5)
    assert slider.slider.value() == slider.step_of(1e-5)
    slider.slider.setValue(slider.step_of(3e-6))
    assert float(slider.unit.typed.text()) == pytest.approx(slider.field.value * 3.6e6, rel=1e-3)
    assert VariableSlider(BY_NAME["conductivity"]).unit.currentText() == "mm/h"
