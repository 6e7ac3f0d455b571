"""Parameter for the scheduler of a dask cluster, and the connection to its workers."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Iterator

from ...core.errors import InputError
from .definitions import Parameter, text_input

if TYPE_CHECKING:
    from ...core.physics.solve import WaterModel
    from ...core.workers.cluster import Cluster
    from ..log import Log
    from ..runs.solver_choice import ChosenSolver

#: Help text: the workers' task for a single scenario.
WINDOWS_ON_WORKERS = (
    "The workers compute the windows of a map that is too large to be solved whole; one of them computes a smaller map."
)


def scheduler_input(what: str) -> Parameter:
    """The address of a scheduler, empty if none is given; what: sentence on the workers' task."""
    text = (
        "Address of a dask.distributed scheduler, e.g. tcp://127.0.0.1:8786. If empty, only this computer is used. "
        f"{what} All workers must have the output folder under the same path. Requires the Python package "
        "distributed."
    )
    parameter = text_input("SCHEDULER", "Scheduler of a cluster", text, optional=True, advanced=True)
    return parameter._replace(read=lambda given: _address(parameter.read(given).strip()))


def _address(address: str) -> str:
    """The address; raises :class:`InputError` if it is malformed."""
    if not address:
        return ""
    from ...core.workers.cluster import checked_address

    return checked_address(address)


@contextlib.contextmanager
def workers_of(address: str, place: Path, log: Log, *, needs_torch: bool = False) -> Iterator[Cluster | None]:
    """Connect to the workers of a scheduler, who pass results on in a folder at a place; ``None`` without an address.

    Raises:
        InputError: no scheduler there, or workers that cannot be used.
    """
    if not address:
        yield None
        return
    from ...core.workers.cluster import cluster

    with cluster(address, place, log, needs_torch=needs_torch) as workers:
        yield workers


@contextlib.contextmanager
def model_on(
    address: str, model: WaterModel, place: Path, log: Log, *, needs_torch: bool = False
) -> Iterator[WaterModel]:  # fmt: skip
    """Return a model that computes water or windows on the workers of a scheduler; without an address the model itself.

    Args and errors as :func:`workers_of`.
    """
    with workers_of(address, place, log, needs_torch=needs_torch) as workers:
        if workers is None:
            yield model
            return
        from ...core.workers.remote_water import RemoteWater

        yield RemoteWater(model, workers, workers.folder)


@contextlib.contextmanager
def solver_on(address: str, chosen: ChosenSolver, place: Path, log: Log) -> Iterator[ChosenSolver]:
    """The same with the solver that was chosen."""
    if address and not hasattr(chosen.solver, "water_states"):
        raise InputError(
            "Network weights (MODEL)", "are the paper's network, which does not run on a scheduler's workers",
            "the shipped network, or the physics engine", "Leave the scheduler's address empty, or choose another.",
        )  # fmt: skip
    with model_on(address, chosen.solver, place, log, needs_torch=chosen.is_network) as solver:
        yield chosen._replace(solver=solver)
