"""Parameters of the physics engine: options for all algorithms that may run it, and inputs of the engine alone."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any, Iterator, NamedTuple

from qgis.core import QgsProcessingParameterDefinition

from ...core.errors import InputError
from ...core.raster.inputs import WATER_TABLE_HEIGHT
from ...text import Text
from ...variables import BY_NAME, ENGINE_VARIABLES
from ..inputs.layers import RasterSource
from ..inputs.scenario_inputs import report_missing_cells
from ..inputs.tables import Table
from ..outputs.provenance import is_result
from ..parameter_values import ParameterValues
from .definitions import Group, all_of, choice_input, raster_input, switch_input, table_input, text_input
from .scenario import checked_number, number_parameter

if TYPE_CHECKING:
    from ...core.rainfall import Hyetograph
    from ...core.scenario import Scenario
    from ...core.terrain import Terrain
    from ...core.windowed.study import Study
    from ..log import Log

_CHOICES = (
    choice_input(
        "EDGES", "Edges of the map and NoData",
        "Whether groundwater drains over the map edges and borders of NoData. Closed is for edges that no groundwater "
        "crosses, such as divides.", advanced=True,
        choices={"open": "Open: groundwater drains out", "closed": "Closed: no groundwater outflow"},
    ),
    choice_input(
        "FRONT_PRESSURE", "Seepage pressure in the wetted zone",
        "Where seepage along the slope raises the pore pressure in the wetted zone. Always gives the lowest factors of "
        "safety, none the highest.",
        advanced=True, choices={
            "ponded": "Ponded: where the rain exceeds the infiltration capacity", "none": "None", "always": "Always",
        },
    ),
    choice_input(
        "EVALUATE", "Map shows",
        "Time at which the factor of safety is evaluated. Where water drains quickly, or a hyetograph weakens or stops "
        "before its end, the end is not the worst time: choose the minimum. It is taken over the state before the "
        "rain, each hour and the end of each row of a hyetograph.", advanced=True,
        choices={"end": "The end of the event", "minimum": "The minimum over the event"},
    ),
)  # fmt: skip
_PROCESS_CHOICES = (
    choice_input(
        "FRONT_MOISTURE", "Moisture behind the wetting front",
        "Water content behind the wetting front where the rain is weaker than the conductivity: full saturation, or "
        "only the content that transmits the rain (Brooks and Corey), so that the front advances deeper.",
        advanced=True, choices={
            "full": "Full: saturated except for entrapped air",
            "rain": "From the rainfall rate, where it is below the conductivity",
        },
    ),
    choice_input(
        "ROOTS", "Root cohesion with depth", "How root cohesion changes with depth.", advanced=True, choices={
            "step": "Constant down to the root depth",
            "exponential": "Decreasing exponentially with depth / root depth",
        },
    ),
)  # fmt: skip
_LATERAL_FLOW = switch_input(
    "LATERAL_FLOW", "Lateral groundwater flow",
    "Route groundwater between cells. Without it every cell is a soil column of its own, in closed form.",
    advanced=True, on=True,
)  # fmt: skip
_RAIN = table_input(
    "HYETOGRAPH", "Hyetograph: table of hour and rainfall",
    "Rain that changes with time; replaces rainfall and duration. A table or CSV file with the columns hour (end of "
    "the interval; the first begins at 0) and rainfall (mm/h within it). Rows of rainfall 0 are pauses, or the time "
    "after the rain. Other units that the titles name are converted: time (min), rain [mm/day].", optional=True,
)  # fmt: skip
_WATER_TABLE = raster_input(
    "INITIAL_WATER_TABLE", "Initial water table: raster of heights above bedrock [m]",
    "Vertical height of the water table above bedrock before the rain, in place of its ratio to the soil depth; "
    "aligned to the elevation model. Heights above the surface are lowered to it, with a warning.",
    optional=True, advanced=True, kind=WATER_TABLE_HEIGHT,
)  # fmt: skip
_HOURS = text_input(
    "SERIES_HOURS", "Hours of the series",
    "Times of the series' bands: a list such as '6, 12, 24', or a step such as 'every 6', which includes the end. "
    "Hours that differ by 2 seconds or less are one band.", optional=True, advanced=True, default="every 6",
)  # fmt: skip
_HYETOGRAPH = "Hyetograph (HYETOGRAPH)"
_RATIO = BY_NAME["water_table_ratio"].default


def _engine_options(parameters: ParameterValues) -> dict[str, Any]:
    return {one.name: one.read(parameters) for one in (_LATERAL_FLOW, *_CHOICES)}


#: Keyword arguments of ``EngineOptions``.
ENGINE_OPTIONS = Group("options", all_of(_LATERAL_FLOW, *_CHOICES), _engine_options)


class EngineProcesses(NamedTuple):
    """Values of these parameters; recharge [mm/day], 0 = not used; hours: text that lists those of the series."""

    options: dict[str, Any]
    hyetograph: Table | None
    table: RasterSource | None
    recharge: float
    hours: str

    def duration(self, given: float) -> float:
        """Duration of the event [h]: that of the hyetograph, else the one given."""
        return given if self.hyetograph is None else _make_hyetograph(self.hyetograph).duration

    def study(self, study: Study, log: Log) -> Study:
        """Study with hyetograph and antecedent wetness; raises :class:`InputError`."""
        from ...core import antecedent
        from ...core.windowed.study import Study
        from ...core.zero_cells import zero_caution

        scenario, rasters = study.scenario, dict(study.rasters)
        used = {"pore_size_index": scenario.options.front_moisture == "rain",
                "effective_porosity": scenario.options.needs_porosity}  # fmt: skip
        for variable in ENGINE_VARIABLES:
            if not used.get(variable.name, True) and self.options[variable.name] != variable.default:
                log.pushInfo(Text("{} is ignored: no process that needs it is chosen.", variable.key))
        if self.hyetograph is not None:
            rain = _make_hyetograph(self.hyetograph, log)
            scenario = scenario.with_values(hyetograph=rain)
            log.pushInfo("The hyetograph replaces RAINFALL and DURATION.")  # a summary with its total follows
            if rain.may_be_cumulative:
                log.pushWarning(
                    "Hyetograph: the rainfall increases from row to row up to the end. Are these amounts since the "
                    "start of the rain? Each row must contain the intensity of its interval in mm/h."
                )
            if rain.resets:
                log.pushWarning(
                    Text(
                        "Hyetograph: the rainfall increases from row to row, falls back to nearly 0 {} times and "
                        "increases again. Are these amounts since the start of each day? Each row must contain the "
                        "intensity of its interval in mm/h.",
                        rain.resets,
                    )
                )  # fmt: skip
            last, most = rain.intensities[-1], max(rain.intensities)
            if scenario.options.evaluate == "end" and last < most:
                log.pushCaution(
                    Text(
                        "Hyetograph: it ends with {:g} mm/h, after {:g} mm/h, and the map shows the end (EVALUATE): "
                        "cells that fail during the event and drain until its end are shown as stable. Choose the "
                        "minimum over the event to show them as failed.",
                        last, most,
                    )
                )  # fmt: skip
            if rain.may_be_minutes:
                log.pushWarning(
                    Text(
                        "Hyetograph: its rows are {:g} h apart, and the event lasts {:g} h. Are these minutes? Then "
                        "write the unit in the title: time (min).",
                        median(rain.lengths), rain.duration,
                    )
                )  # fmt: skip
            lacking = rain.interval_without_rows
            if lacking:
                log.pushWarning(
                    Text(
                        "Hyetograph: the intensity of the row at {:g} h applies from {:g} h on, although most "
                        "intervals have {:g} h. Are rows without rain left out, or are the hours those of the day? "
                        "Hours are counted from the start of the rain, and dry intervals need rows with 0 mm/h.",
                        lacking[1], lacking[0], lacking[2],
                    )
                )  # fmt: skip
        if (self.table is not None or self.recharge > 0.0) and scenario.water_table_ratio != _RATIO:
            log.pushWarning(
                "WATER_TABLE_RATIO is ignored: the initial water table is that of the raster or of the recharge."
            )
        if self.table is not None:
            heights = self.table.read_aligned(study.terrain.grid, log)
            report_missing_cells(self.table.label, heights, study.terrain.valid, log)
            if not is_result(self.table.source):  # of another run: its zeros are dry cells
                zeros = zero_caution("water_table_ratio", heights, study.terrain.valid, self.table.label)
                log.pushCautions(zeros, antecedent.depth_caution(study.terrain, heights))
            rasters["water_table_ratio"] = antecedent.table_ratio(study.terrain, heights, log)
        if self.recharge > 0.0:
            whole = study.scenario_of((slice(None), slice(None)))
            rasters["water_table_ratio"] = self._with_steady_table(whole, study.terrain, log).water_table_ratio
        return Study.of(study.terrain, scenario, rasters)

    def _with_steady_table(self, scenario: Scenario, terrain: Terrain, log: Log) -> Scenario:
        from ...core import antecedent
        from ...core.scenario_checks import amount_caution
        from ...core.windowed.edges import steady_edge_caution

        receiver = antecedent.flow_tree(terrain)
        log.pushCautions(steady_edge_caution(terrain, receiver), amount_caution("antecedent_recharge", self.recharge))
        return antecedent.with_steady_recharge(scenario, terrain, self.recharge, receiver)

    def provenance(self) -> dict[str, str]:
        """Source of the initial water table."""
        if self.table is not None:
            return {"initial_water_table": self.table.file_name}
        if self.recharge > 0.0:
            return {"initial_water_table": f"steady state of {self.recharge:g} mm/day"}
        return {"initial_water_table": "ratio of the soil depth"}


def _process_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    yield from all_of(_RAIN, _WATER_TABLE)()
    yield from map(number_parameter, ENGINE_VARIABLES)
    yield from all_of(*_PROCESS_CHOICES, _HOURS)()


def _read_processes(parameters: ParameterValues) -> EngineProcesses:
    """Read the parameters (main thread); raises :class:`InputError`."""
    numbers = {v.name: checked_number(parameters, v) for v in ENGINE_VARIABLES}
    recharge = numbers.pop("antecedent_recharge")
    choices = {one.name: one.read(parameters) for one in _PROCESS_CHOICES}
    table = _WATER_TABLE.read(parameters)
    _check_one_water_table(parameters, table, recharge)
    hyetograph = _hyetograph(parameters)
    return EngineProcesses({**numbers, **choices}, hyetograph, table, recharge, _HOURS.read(parameters))


#: Rain, initial water table and further processes of the engine alone.
ENGINE_PROCESSES = Group("processes", _process_parameters, _read_processes)


def _check_one_water_table(parameters: ParameterValues, table: RasterSource | None, recharge: float) -> None:
    given = {
        "INITIAL_WATER_TABLE": table is not None,
        "ANTECEDENT_RECHARGE": recharge > 0.0,
        "WATER_TABLE_RATIO_LAYER": bool(parameters.get("WATER_TABLE_RATIO_LAYER")),
    }
    keys = [key for key, there in given.items() if there]
    if len(keys) > 1:
        raise InputError(
            Text("Initial water table ({})", keys[0]),
            Text("is specified more than once: by {}", " and by ".join(keys)), "one of them",
            "Omit the others.",
        )  # fmt: skip


def _hyetograph(parameters: ParameterValues) -> Table | None:
    if parameters.is_given("HYETOGRAPH") and parameters.get("RAINFALL_LAYER"):
        problem = "is specified together with a rainfall raster (RAINFALL_LAYER)"
        raise InputError(_HYETOGRAPH, problem, "one of them", "Specify only one of them.")
    table = _RAIN.read(parameters)
    if table is not None:
        _make_hyetograph(table)
    return table


def _make_hyetograph(table: Table, log: Log | None = None) -> Hyetograph:
    """Make the hyetograph; raises :class:`InputError` with every error of the table."""
    from ...core.tables.parameter_table import hyetograph_from_table

    if log is not None:
        table.report_notes(log)
    return hyetograph_from_table(table.header, table.rows, log, _HYETOGRAPH)
