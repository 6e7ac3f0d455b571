"""Chooses the solver: the network, or the physics engine if it is selected or the network cannot run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping, NamedTuple, Sequence

from ...core.errors import InputError
from ...text import Text, as_text, translated
from ..outputs.destinations import destination_text
from ..parameter_values import ParameterValues
from ..parameters.definitions import Group, all_of, choice_input, chosen
from ..parameters.network import NETWORK_PARAMETERS, NetworkChoice, network_installed
from ..translation import tr

if TYPE_CHECKING:
    from ...core.physics.solve import WaterModel
    from ...core.scenario import EngineOptions
    from ...ml.paper_solver import PaperSolver
    from ..log import Log
    from ..outputs.rasters import RasterOutput

NETWORK, ENGINE = "network", "engine"
SOLVERS = {NETWORK: "Network (U-Net)", ENGINE: "Physics engine"}
_USED = "SOLVER_USED"
#: The output that names the solver.
SOLVER_USED = {_USED: "Solver and device used, and the reason if it is not the solver chosen"}


class SolverChoice(NamedTuple):
    """The solver that was chosen.

    Attributes:
        wanted: ``network`` or ``engine``.
        network: weights and device.
    """

    wanted: str
    network: NetworkChoice

    @classmethod
    def of(cls, parameters: ParameterValues, wanted: str = "") -> SolverChoice:
        """Read the choice from SOLVER, or use ``wanted``; raises :class:`InputError` without its weights."""
        wanted = wanted or chosen(parameters, "SOLVER")
        return cls(wanted, NetworkChoice.of(parameters, used=wanted == NETWORK))

    def check_outputs(self, parameters: ParameterValues, outputs: Sequence[RasterOutput]) -> None:
        """Raise :class:`InputError` if an output of the network alone is requested without it."""
        requested = [output for output in outputs if destination_text(parameters.get(output.key))]
        if requested and (self.wanted == ENGINE or not network_installed()[0]):
            raise _network_only(requested[0], self.wanted)


_SOLVER = choice_input(
    "SOLVER", "Solver",
    "Method that computes the water table and the mask. If the Python packages torch and safetensors are missing, the "
    "physics engine is used instead of the network; the log and the output SOLVER_USED name the solver and the reason.",
    choices=SOLVERS,
)  # fmt: skip
#: The solver, and the network's weights and device.
SOLVER_CHOICE = Group("solver", all_of(_SOLVER, *NETWORK_PARAMETERS), SolverChoice.of)


class ChosenSolver(NamedTuple):
    """The solver of a run.

    Attributes:
        solver: has ``solve`` and ``reliability``.
        model: id of the weights, or the engine's name.
        is_network: whether it is a network.
        reason: why it is not the network that was chosen; empty where it is.
        left_out_unet: whether no result needed a correction by the network's U-Net.
    """

    solver: WaterModel | PaperSolver
    model: str
    is_network: bool
    reason: Text | None = None
    left_out_unet: bool = False

    @property
    def used(self) -> Text:
        """Solver and device, and why it is not the one chosen; devices may change within a run."""
        name = Text("network {}", self.model) if self.is_network else as_text(self.model)
        used = Text("{} on {}", name, as_text(self.solver.device_name))
        if self.left_out_unet:
            return Text(
                "{}. The U-Net was not run: the first guess has full resolution throughout the event and is not "
                "corrected.", used,
            )  # fmt: skip
        return used if self.reason is None else Text("{}. The network cannot be used: {}", used, self.reason)

    def after(self, known: Sequence[Mapping[str, Any]]) -> ChosenSolver:
        """The solver as outputs name it; known: the :func:`corrections` of all results."""
        return self._replace(left_out_unet=bool(known) and not any(d["tiles"] for d in known))

    def push_corrections(self, known: Sequence[Mapping[str, Any]], log: Log) -> None:
        """Log a summary of the U-Net's corrections; known: the :func:`corrections` of all results."""
        corrected = [d for d in known if d["tiles"]]
        if corrected:
            log.pushInfo(
                Text(
                    "The U-Net ran on {}: {} scenarios in tiles of up to {} cells per side ({} tiles, {} scenarios at "
                    "a time), after first guesses with {} steps. It changed the water table by more than 1 mm in {:,} "
                    "cells.",
                    as_text(self.solver.device_name), len(corrected), self.solver.tile,
                    sum(d["tiles"] for d in corrected), max(d["batch"] for d in corrected), _steps_text(corrected),
                    sum(d["corrected_cells"] for d in corrected),
                )
            )  # fmt: skip
        if uncorrected := [d for d in known if not d["tiles"]]:
            text = (
                "First guesses with at least {} steps at full resolution throughout the event are not corrected: the "
                "U-Net was not run for {} scenarios."
            )
            log.pushInfo(Text(text, _steps_text(uncorrected), len(uncorrected)))

    @property
    def provenance(self) -> dict[str, str]:
        """Entries of the rasters' metadata."""
        return {"solver": str(self.used), "model": self.model, "device": self.solver.device_name}

    @property
    def output(self) -> dict[str, str]:
        """The text output, in the user's language."""
        return {_USED: translated(self.used, tr)}


def _steps_text(known: Sequence[Mapping[str, Any]]) -> str:
    """Numbers of steps of some first guesses."""
    steps = sorted({int(d["guess_steps"]) for d in known})
    return str(steps[0]) if len(steps) == 1 else f"{steps[0]}-{steps[-1]}"


def corrections(diagnostics: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The diagnostics for :meth:`ChosenSolver.push_corrections`; empty without a U-Net."""
    if "corrected_cells" not in diagnostics:
        return []
    return [{key: diagnostics[key] for key in ("guess_steps", "tiles", "batch", "corrected_cells")}]


def chosen_solver(
    choice: SolverChoice, log: Log, *, mask_suffices: bool = False, options: EngineOptions | None = None,
    network_outputs: Sequence[RasterOutput] = (),
) -> ChosenSolver:  # fmt: skip
    """Load the solver that was chosen, or the physics engine where the network cannot run; the log names the reason.

    Args:
        choice: of the user.
        log: of the run.
        mask_suffices: a network that gives the mask and its probability alone will do.
        options: of the physics; the networks have not learned all of them.
        network_outputs: requested, and given by the network only.

    Raises:
        InputError: weights that cannot be used, or an output that the physics engine does not give.
    """
    from ...core.physics.engine import engine_for
    from ...core.scenario import EngineOptions, Scenario

    options = options or EngineOptions()
    reason = _why_no_network(options, log) if choice.wanted == NETWORK else None
    if choice.wanted == NETWORK and reason is None:
        network = choice.network.solver(log, mask_suffices=mask_suffices)
        return ChosenSolver(network, network.card["id"], is_network=True)
    if network_outputs:
        raise _network_only(network_outputs[0], choice.wanted)
    if choice.network.model:
        log.pushInfo(
            Text("The physics engine does not use network weights: {} (MODEL) is ignored.", choice.network.name)
        )
    solver = engine_for(Scenario(options=options))
    return ChosenSolver(solver, solver.name, is_network=False, reason=reason)


def _why_no_network(options: EngineOptions, log: Log) -> Text | None:
    """Why the network cannot run, or ``None``; logs the reason and the remedy."""
    from ...ml.device import torch_status

    if options.untrained_choices:
        reason = Text("it was not trained on {}.", ", ".join(options.untrained_choices))
        log.pushInfo(Text("The physics engine is used instead of the network: {}", reason))
        return reason
    status = torch_status()
    if status.installed:
        return None
    line = "The physics engine is used instead of the network: {} To run the network: {}"
    log.pushInfo(Text(line, as_text(status.error), as_text(status.advice)))
    return as_text(status.error)


def _network_only(output: RasterOutput, wanted: str) -> InputError:
    advice = "Leave this output empty, or choose SOLVER 0 (network)."
    if wanted == NETWORK:
        advice = "Leave this output empty, or install torch and safetensors: 'Check environment' shows how."
    return InputError(
        Text("{} ({})", Text(output.label), output.key),
        "needs the network, and the solver chosen is the physics engine" if wanted == ENGINE
        else "needs the network, which cannot run: torch or safetensors is not installed or does not load",
        "", advice,
    )  # fmt: skip
