"""QGIS's own batch panel: every algorithm opens in it, its rows hold plain values, and they run."""

from __future__ import annotations

import inspect

import pytest
from cases import ENGINE, OUT, PROBABILITY, filled
from qgis.core import QgsApplication, QgsProcessingParameterDefinition
from rasters import read_raster

NETWORK = {"DEM": "{dem}", "SOIL_DEPTH": "{depth}", "MODEL": "{weights}", "DEVICE": 1, "COHESION": 2}
ROWS = {
    "predictfailuremask": (NETWORK, {"FAILURE_MASK": OUT}),
    "predictfromtable": ({**NETWORK, "TABLE": "{table}"}, {"OUTPUT_FOLDER": "<folder>", "SUMMARY": "<summary>"}),
    "simulatefactorofsafety": (ENGINE, {"FACTOR_OF_SAFETY": OUT}),
    "failureprobability": (
        {k: v for k, v in PROBABILITY.items() if v != OUT} | {"METHOD": 1}, {"FAILURE_PROBABILITY": OUT},
    ),
    "estimatesoildepth": ({"DEM": "{dem}"}, {"SOIL_DEPTH": OUT}),
}  # fmt: skip


def panel_of(name):
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"slopecast:{name}")
    dialog = BatchAlgorithmDialog(algorithm)
    return dialog, dialog.mainWidget(), algorithm


def visible(definitions):
    return [p for p in definitions if not p.flags() & QgsProcessingParameterDefinition.Flag.FlagHidden]


def test_every_algorithm_opens():
    """A column for every parameter."""
    for algorithm in QgsApplication.processingRegistry().providerById("slopecast").algorithms():
        dialog, panel, _ = panel_of(algorithm.name())
        assert set(panel.parameter_to_column) >= {p.name() for p in visible(algorithm.parameterDefinitions())}
        dialog.deleteLater()


@pytest.mark.parametrize("name", ROWS)
def test_rows_run_with_the_values_that_were_typed(name, files, tmp_path):
    """Two rows with k of the published cases; what is left alone takes its default, optional outputs stay unwritten."""
    import processing

    table = tmp_path / "table.csv"
    table.write_text("name,rainfall\na,8\nb,12\n")
    inputs, outputs = ROWS[name]
    dialog, panel, algorithm = panel_of(name)
    panel.addRow()
    assert panel.batchRowCount() == 2
    from qgis.core import QgsProcessingContext

    context = QgsProcessingContext()
    for row, conductivity in enumerate((1.3e-6, 4.4e-6)):
        folder = tmp_path / str(row)
        folder.mkdir()
        given = filled(inputs, {**files, "table": str(table)}, folder)
        if "CONDUCTIVITY" in panel.parameter_to_column:
            given["CONDUCTIVITY"] = conductivity
        for key, value in given.items():
            panel.wrappers[row][panel.parameter_to_column[key]].setParameterValue(value, context)
        targets = filled(outputs, {}, folder)
        for key, value in targets.items():
            chosen = {"<folder>": str(folder / "masks"), "<summary>": str(folder / "summary.csv")}.get(value, value)
            panel.tblParameters.cellWidget(row + 1, panel.parameter_to_column[key]).setValue(chosen)
        takes = inspect.signature(panel.parametersForRow).parameters
        parameters, good = panel.parametersForRow(row, **({"context": context} if "context" in takes else {}))
        assert good
        if "CONDUCTIVITY" in parameters:
            assert float(parameters["CONDUCTIVITY"]) == conductivity  # the cell's widget rounds nothing away
        for definition in algorithm.parameterDefinitions():
            if not definition.isDestination():
                assert definition.valueAsPythonString(parameters[definition.name()], context)
        processing.run(f"slopecast:{name}", parameters)
        rasters = sorted(folder.rglob("*.tif"))
        assert len(rasters) == (4 if name == "predictfromtable" else 1)  # of a table also the failure classes
        for raster in rasters:
            metadata = read_raster(raster)[2]
            if "SLOPECAST_CONDUCTIVITY" in metadata:
                assert float(metadata["SLOPECAST_CONDUCTIVITY"].split()[0]) == conductivity
    dialog.deleteLater()
