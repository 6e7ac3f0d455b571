"""One run over a table: solves its rows, rates their reliability and writes their rasters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Sequence

from osgeo import gdal

from ...core.feedback import check_cancelled
from ...core.probability.failure_tally import FailureTally
from ...core.raster.write import WriteBehind
from ...core.windowed.many import solve_each
from ...core.windowed.study import Study
from ..locations import MODEL_WEIGHTS
from ..outputs.kept_rows import checksum_of, digest, weights_checksum
from ..outputs.loaded_layers import first_failure_style
from ..outputs.provenance import provenance, scenario_provenance, version
from ..outputs.rasters import write_raster
from ..scenario_algorithm import CLASS_FOLDER, FAILURE_CLASS, FAILURE_MASK
from ..translation import tr
from .solver_choice import corrections
from .table_rows import Row, report_columns
from .windowed_scenario import reliability_of_windows, solver_runs, study_cautions, sum_diagnostics, window_evidence

if TYPE_CHECKING:
    import numpy as np

    from ...core.files.atomic import PartialFolders
    from ...core.scenario import Scenario
    from ...core.terrain import Terrain
    from ...core.windowed.many import MapResult
    from ...core.windowed.memory import RunPlan
    from ..inputs.layers import RasterSource
    from ..inputs.scenario_inputs import ScenarioInputs
    from ..inputs.tables import Table
    from ..log import Log
    from ..outputs.kept_rows import KeptRows
    from ..outputs.rasters import RasterTargets
    from .engine_check import RowChecks
    from .solver_choice import ChosenSolver

#: Most rows with a line in the log; the summary has one for each row.
_MOST_LINES = 100


@dataclass(frozen=True)
class TableRun:
    """One run over a table."""

    algorithm: str
    inputs: ScenarioInputs
    layers: dict[str, RasterSource]
    chosen: ChosenSolver
    checks: RowChecks
    terrain: Terrain
    rasters: dict[str, np.ndarray]
    plan: RunPlan
    log: Log

    @property
    def table(self) -> Table:
        """The table of scenarios."""
        return self.inputs.table

    def checksum(self, scenarios: Sequence[Scenario]) -> str:
        """A checksum of everything that the masks and their metadata depend on."""
        inputs = self.inputs
        weights = Path(inputs.solver.network.model or MODEL_WEIGHTS / "network.safetensors")
        settings = {
            "version": version(), "solver": self.chosen.model, "device": self.chosen.solver.device_name,
            "weights": weights_checksum(weights) if self.chosen.is_network else "",
            "classes": inputs.failure_class, "check": inputs.check_with_engine, **self.table.provenance,
            "cautions": [str(text) for text in self.log.cautions],
            "layers": [(name, source.file_name, digest(self.rasters[name])) for name, source in self.layers.items()],
            **self.inputs.terrain_provenance(),
        }  # fmt: skip
        return checksum_of(self.terrain, scenarios, settings)

    def predict(self, scenarios: Sequence[Scenario], kept: KeptRows) -> tuple[list[Row], FailureTally, ChosenSolver]:
        """Predict all unfinished scenarios and keep their masks and, if requested, failure classes.

        Returns:
            all rows, their tally, and the solver as outputs of all rows name it.
        """
        tally, corrected = FailureTally(self.terrain.grid.shape), []
        rows = {number: kept.rows[one.name] for number, one in enumerate(scenarios) if one.name in kept.rows}
        for number in rows:
            check_cancelled(self.log)
            dataset = gdal.Open(str(kept.folder / f"{scenarios[number].name}.tif"))
            tally.add(dataset.ReadAsArray(), number + 1)
        missing = [number for number in range(len(scenarios)) if number not in rows]
        if missing:
            studies = [Study(self.terrain, scenarios[number], self.rasters) for number in missing]
            found = solve_each(
                studies, solver_runs(self.chosen, self.plan), self.log, classes=self.inputs.failure_class,
                evidence=lambda window: window_evidence(window, self.chosen),
            )  # fmt: skip
            with WriteBehind() as files:
                for number, made in found:
                    known = corrections(sum_diagnostics([found for found, _ in made.more]))
                    run = replace(self, chosen=self.chosen.after(known))
                    rows[missing[number]] = row = run._keep(missing[number], studies[number], made, kept, files)
                    corrected += known
                    tally.add(made.failure_mask, missing[number] + 1)
                    if len(rows) <= _MOST_LINES:
                        self.log.pushInfo(row.line)
        self.chosen.push_corrections(corrected, self.log)
        # What ran for rows that an earlier run has finished is not known here.
        chosen = self.chosen.after(corrected) if len(corrected) == len(scenarios) else self.chosen
        return [rows[number] for number in range(len(scenarios))], tally, chosen

    def _keep(self, number: int, study: Study, made: MapResult, kept: KeptRows, files: WriteBehind) -> Row:
        """Judge a result, let its rasters be written and the row be kept."""
        reliability = reliability_of_windows(made.more, study, self.chosen)
        reliability = reliability.with_cautions([*self.log.cautions, *study_cautions(study, self.log)])
        reliability, compared = self.checks.check(
            number, study, made.failure_mask, reliability, self.chosen, self.plan, self.log
        )
        row = Row.of(made.summary, reliability, made.cohesions)
        metadata = self._metadata(row, compared)
        maps = {"": (made.failure_mask, FAILURE_MASK)}
        if self.inputs.failure_class:
            maps[f"{CLASS_FOLDER}/"] = made.failure_class, FAILURE_CLASS
        name = study.scenario.name
        for place, (values, raster) in maps.items():
            path = kept.folder / f"{place}{name}.tif"
            path.parent.mkdir(exist_ok=True)
            files.add(write_raster, path, values, self.terrain.grid, metadata, raster)
        files.add(kept.keep, row, [f"{place}{name}{suffix}" for place in maps for suffix in (".tif", ".qml")])
        return row

    def write_rasters_of_all(
        self, targets: RasterTargets, tally: FailureTally, names: Sequence[str], folders: PartialFolders
    ) -> None:
        """Write the rasters that all rows make together into the folders' partial ones."""
        metadata = self.provenance(scenarios=", ".join(names))
        arrays = {"FAILURE_FREQUENCY": tally.frequency, "FIRST_FAILURE": tally.first}
        styles = {"FIRST_FAILURE": first_failure_style(names)}
        targets.write_into(folders, arrays, self.terrain.grid, metadata, self.log, styles=styles)

    def _metadata(self, row: Row, compared: dict[str, str]) -> dict[str, str]:
        """Provenance of a row's rasters."""
        parameters = scenario_provenance(row.scenario, self.layers)
        metadata = self.provenance(
            scenario=row.scenario.name, **parameters, reliability=str(row.reliability), **compared
        )  # fmt: skip
        if row.before:
            metadata["SLOPECAST_WARNINGS"] = " | ".join([*self.log.warnings, *row.before])
        return metadata

    def provenance(self, **others: str) -> dict[str, str]:
        """Metadata of every raster of the run, and ``others``."""
        return provenance(
            self.algorithm, self.log, **self.table.provenance, **self.inputs.terrain_provenance(), **others,
            **self.chosen.provenance,
        )  # fmt: skip

    def page(self, rows: Sequence[Row], tally: FailureTally) -> str:
        """The report."""
        from ...core.reports.run import table_page

        return table_page(
            tr("Failure masks: {}").format(self.table.source), self.terrain, tally, report_columns(),
            [row.report_cells() for row in rows],
            shares=[(row.scenario.name, row.failed_share) for row in rows],
            provenance=self.provenance(), warnings=self.log.warnings,
        )  # fmt: skip
