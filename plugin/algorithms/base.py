"""Base class of all Slopecast algorithms: identity, help made from the parameters, and errors for the user."""

from __future__ import annotations

from contextlib import contextmanager
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Iterator, Mapping, Sequence

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterRasterLayer,
    QgsProcessingUtils,
)
from qgis.PyQt.QtCore import QThread
from qgis.PyQt.QtGui import QIcon

from ..core.errors import ErrorCollector, SlopecastError
from ..core.feedback import check_cancelled
from ..core.files.inputs import states_of, unchanged
from ..core.quantities.foreign_text import LONGEST_MESSAGE, foreign_text
from ..text import pages_in
from .inputs.given_keys import check_keys, report_defaults, report_unknown_keys
from .inputs.input_files import check_output_files, check_required_outputs, files_read
from .inputs.layers import open_subdataset
from .inputs.tables import tables_as_layers
from .locations import REFERENCE, help_url, icon_of
from .log import Log
from .outputs.destinations import output_folders, recover_interrupted_runs, report_new_folders
from .outputs.rasters import RasterOutput, RasterTargets
from .parameter_values import ParameterValues, plain_number
from .parameters.definitions import Group, Parameter, by_number
from .translation import tr

#: Texts in torch's RuntimeError when memory runs out.
_MEMORY_SIGNS = ("out of memory", "can't allocate memory")

#: Inputs of a run by name, see :meth:`SlopecastAlgorithm.inputs_of`.
Inputs = SimpleNamespace

GROUPS = {
    "stability": "Slope stability",
    "preparation": "Data preparation",
    "models": "Calibration and evaluation",
    "training": "Network training",
    "maps": "Maps",
    "setup": "Set-up",
}


class SlopecastAlgorithm(QgsProcessingAlgorithm):
    """Base class: a subclass names itself, lists its parameters and fills in :meth:`execute`.

    Layers and values are taken over in :meth:`inputs_of`, in the main thread; :meth:`execute` works in
    Processing's thread and sees no project, layer or widget.
    """

    ID = ""  # fixed, untranslated
    TITLE = ""
    GROUP = ""  # key of GROUPS
    SUMMARY = ""  # what it does, in a sentence or two; HTML
    TAGS: tuple[str, ...] = ()
    INPUTS: Sequence[Parameter | Group] = ()  # in the order of the dialog
    OUTPUTS: Sequence[Parameter | RasterOutput] = ()  # likewise
    NUMBERS: Mapping[str, str] = {}  # numbers that models chain on: titles by key
    TEXTS: Mapping[str, str] = {}  # texts likewise

    def declare_outputs(self) -> None:
        """Add the outputs that are neither parameters nor :attr:`NUMBERS` or :attr:`TEXTS`."""

    def inputs_of(self, parameters: ParameterValues) -> Any:
        """Read layers, values and the paths of files, by their names: the keys in lower case, and those of groups.

        Raises:
            SlopecastError: names everything that is wrong.
        """
        errors, found = ErrorCollector(), {}
        for one in (*self.INPUTS, *(one for one in self.OUTPUTS if isinstance(one, Parameter))):
            with errors.catch():
                found[one.name] = one.read(parameters)
        errors.raise_all()
        return Inputs(**found)

    def targets(self, parameters: ParameterValues) -> RasterTargets:
        """The rasters and the report that are requested (worker thread); raises :class:`InputError`."""
        return RasterTargets.of((one for one in self.OUTPUTS if isinstance(one, RasterOutput)), parameters)

    def check(self, parameters: ParameterValues) -> None:
        """Check cheaply, before the run; raises :class:`InputError`."""
        self.inputs_of(parameters)

    def read(self, parameters: ParameterValues, log: Log) -> Any:
        """Read layers and parameters for the run (main thread)."""
        return self.inputs_of(parameters)

    def execute(self, inputs: Any, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Run the algorithm and return its outputs by key (worker thread)."""
        raise NotImplementedError

    # -- what Processing calls ---------------------------------------------------------------

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        for one in (*self.INPUTS, *self.OUTPUTS):
            for parameter in one.declare():
                self.addParameter(parameter)
        for key, title in self.NUMBERS.items():
            self.addOutput(QgsProcessingOutputNumber(key, tr(title)))
        for key, title in self.TEXTS.items():
            self.addOutput(QgsProcessingOutputString(key, tr(title)))
        self.declare_outputs()

    def checkParameterValues(self, parameters: dict[str, Any], context: Any) -> tuple[bool, str]:
        """Reject bad values before Processing does, with messages that state the allowed values."""
        possible, reason = self.canExecute()  # qgis_process does not ask
        if not possible:
            return False, reason
        try:
            given = ParameterValues.computed(self, parameters, context)
            check_keys(given)
            check_output_files(given)
            self.check(given)
            check_required_outputs(given)
        except SlopecastError as error:
            return False, _message(error)
        return super().checkParameterValues(self.processing_values(given.values), context)

    def processing_values(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return the parameters in forms that Processing's own check accepts."""
        rasters = {
            definition.name(): open_subdataset(parameters.get(definition.name()))
            for definition in self.parameterDefinitions()
            if isinstance(definition, QgsProcessingParameterRasterLayer)
        }
        plain = {key: plain_number(value) for key, value in by_number(self, parameters).items()}
        plain.update({key: layer for key, layer in rasters.items() if layer is not None})
        return tables_as_layers(self, plain)

    def prepareAlgorithm(self, parameters: dict[str, Any], context: Any, feedback: Any) -> bool:
        """Read parameters and layers where layers may be touched.

        An error is kept until :meth:`processAlgorithm`: raised here, scripts would not get the reason.
        """
        self._log = Log(feedback)
        self._refusal: SlopecastError | None = None
        self._states = {}
        try:
            given = ParameterValues.computed(self, parameters, context)
            self._values, self._states = given.values, states_of(files_read(given))
            check_keys(given)
            report_unknown_keys(given, self._log)
            report_defaults(given, self._log)
            check_output_files(given)
            with unchanged(self._states) as left:  # a map sheet is written here, in the main thread
                self._inputs = self.read(given, self._log)
            self._states = left
        except SlopecastError as error:
            self._refusal = error
        return True

    def processAlgorithm(self, parameters: dict[str, Any], context: Any, feedback: Any) -> dict[str, Any]:
        """Run; on an error or a cancel nothing is left behind."""
        from ..core.raster.opening import small_gdal_cache
        from ..core.raster.scratch import scratch_in

        with _as_processing_errors():
            if self._refusal is not None:
                raise self._refusal
            check_cancelled(self._log)
            given = ParameterValues(self, self._values, context)
            report_new_folders(given, self._log)
            recover_interrupted_runs(given, self._log)
            folder = next(iter(output_folders(given)), Path(QgsProcessingUtils.tempFolder()))
            with unchanged(self._states), small_gdal_cache(), scratch_in(folder, self._log), pages_in(tr):
                results = self.execute(self._inputs, given, self._log)
                self._results = {key: plain_number(value) for key, value in results.items()}
                return self._results

    def postProcessAlgorithm(self, context: Any, feedback: Any) -> dict[str, Any]:
        """Update the project's layers of overwritten files; models in the background run this in their own thread."""
        from .outputs.loaded_layers import rename_overwritten

        project = context.project()
        if project is not None and QThread.currentThread() != project.thread():
            project = None
        rename_overwritten(project, [value for value in self._results.values() if isinstance(value, str)])
        return {}

    def createInstance(self) -> SlopecastAlgorithm:
        """Make a fresh instance for a run."""
        return type(self)()

    def name(self) -> str:
        """Return the fixed id."""
        return self.ID

    def displayName(self) -> str:
        """Return the title in the user's language."""
        return tr(self.TITLE)

    def groupId(self) -> str:
        """Return the fixed id of the group."""
        return self.GROUP

    def group(self) -> str:
        """Return the group in the user's language."""
        return tr(GROUPS[self.GROUP])

    def tags(self) -> list[str]:
        """Return search words."""
        return [tr(tag) for tag in ("landslide", "slope stability", *self.TAGS)]

    def icon(self) -> QIcon:
        """Return the icon."""
        return QIcon(str(icon_of(self.ID)))

    def helpUrl(self) -> str:
        """Return the address of the algorithm's section in the guide."""
        return help_url(REFERENCE, self.ID)

    def shortHelpString(self) -> str:
        """Return the help, made from the parameters' own."""
        parts = [f"<p>{tr(self.SUMMARY)}</p>"]
        inputs = [p for p in self.parameterDefinitions() if not p.isDestination()]
        destinations = [p for p in self.parameterDefinitions() if p.isDestination()]
        for title, parameters in (("Inputs", inputs), ("Outputs", destinations)):
            if parameters:
                parts.append(f"<h2>{tr(title)}</h2>")
                parts += [f"<p><b>{_html(p.description())}</b><br>{_html(_help(p))}</p>" for p in parameters]
        return "\n".join(parts)


def _help(parameter: QgsProcessingParameterDefinition) -> str:
    """A parameter's help, with its default where the text does not name it."""
    default = parameter.defaultValue()
    if default is None or default == "" or parameter.isDestination() or "efault" in parameter.help():
        return parameter.help()
    if hasattr(parameter, "options"):
        default = parameter.options()[int(default)]
    elif isinstance(default, bool):
        default = tr("yes") if default else tr("no")
    elif isinstance(default, (int, float)):
        default = f"{default:.10g}"
    return f"{parameter.help()} " + tr("Default: {}.").format(default)


def _message(error: SlopecastError) -> str:
    """The text of an error in the user's language; names and values in it may come from files."""
    return foreign_text(error.localized(tr), LONGEST_MESSAGE, lines=True)


def _html(text: str) -> str:
    return escape(text, quote=False)


@contextmanager
def _as_processing_errors() -> Iterator[None]:
    """Convert errors for the user to Processing exceptions without a traceback."""
    try:
        yield
    except SlopecastError as error:
        raise QgsProcessingException(_message(error)) from None
    except (MemoryError, RuntimeError) as error:
        if not isinstance(error, MemoryError) and not any(sign in str(error).lower() for sign in _MEMORY_SIGNS):
            raise
        raise QgsProcessingException(
            tr("Out of memory: clip the DEM to the area of interest, or resample it to larger cells.")
        ) from None
