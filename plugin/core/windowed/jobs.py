"""Windows as jobs of an executor: inputs, results, and which windows must be solved again."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import Callable, Iterator, Sequence

import numpy as np

from ..feedback import Feedback, PartialFeedback
from ..map_parts.map_part import MapPart
from ..map_parts.tiles import Tile
from ..physics.flow.shared_steps import PassEnded, SharedSteps, TooManySteps, WindowSteps
from ..physics.solve import WaterModel
from ..result import Result
from ..scenario import Scenario
from ..terrain import Cells, Terrain
from ..workers.parallel import Executor, Lazy
from ..workers.shared_files import opened, taken
from .pass_states import SimulationState


@dataclass(frozen=True, eq=False)
class WindowJob:
    """A window to be solved.

    Attributes:
        model: solves it; terrain: of the window, with its part of the map; scenario: of the window.
    """

    model: WaterModel
    terrain: Terrain
    scenario: Scenario


@dataclass(frozen=True, eq=False)
class WindowAnswer:
    """Result of a job.

    Attributes:
        result: of the core's cells, without its scenario, which is known; ``None`` of a pass.
        steps: of the window, by simulation.
        kept: what simulations have reached in a pass, by name.
        broken_off: share of the event after which there were too many steps for the margin; else ``None``.
    """

    result: Result | None
    steps: dict[str, WindowSteps]
    kept: dict[str, SimulationState]
    broken_off: float | None = None


def solve_window(job: WindowJob, feedback: Feedback) -> WindowAnswer:
    """Solve a window, or step it through a pass; its arrays may be in files."""
    job, result = opened(job), None
    job.model.kept = None  # the water of one window is of no use to the next
    part = job.terrain.part
    try:
        result = next(iter(job.model.solve(job.terrain, [job.scenario], feedback)))
    except TooManySteps as broken_off:
        return WindowAnswer(None, {}, {}, broken_off.share)
    except PassEnded:  # what has been reached is kept
        pass
    steps = {name: shared.of_window for name, shared in part.shared.items()}
    if part.states is not None and not part.states.last:
        return WindowAnswer(None, steps, part.states.after)
    return WindowAnswer(_of_core(result, part), steps, {})


def solve_windows(
    windows: Sequence[Tile], job_of: Callable[[Tile, dict[str, SharedSteps]], WindowJob], executor: Executor,
    reach: int, feedback: Feedback, *, first_alone: bool = False,
) -> Iterator[tuple[Tile, WindowJob, WindowAnswer]]:  # fmt: skip
    """Yield windows with their jobs and answers; one that comes again replaces what it was before.

    At the end all windows have taken the same steps: those of the whole map.

    Args:
        windows: to be solved; job_of: makes the job of one, with the steps that are known.
        executor: does the jobs; reach: cells that a window's steps may reach.
        feedback: for progress, 0 to 100, and cancellation.
        first_alone: solve the first window before the others, which most likely take its steps.

    Raises:
        TooManySteps: a window's steps reach further.
        Cancelled: the user cancelled the run.
    """
    shared: dict[str, SharedSteps] = {}
    left, agree, jobs = list(windows), [], {}

    def made(number: int) -> WindowJob:
        jobs[number] = job_of(batch[number], {name: SharedSteps(one.rates) for name, one in shared.items()})
        return jobs[number]

    while left:
        again: list[Tile] = []
        batch, left = (left[:1], left[1:]) if first_alone and not agree else (left, [])
        part = PartialFeedback(feedback, 100.0 * len(agree) / len(windows), 100.0)
        with closing(executor.run(solve_window, Lazy(len(batch), made), part)) as answers:
            for number, found in answers:
                if found.broken_off is not None:
                    raise TooManySteps(found.broken_off)
                answer, tile, job = taken(found), batch[number], jobs.pop(number)
                merged = {_merged(shared, name, steps, reach) for name, steps in answer.steps.items()}
                if "changed" in merged:  # those before it took other steps
                    again, agree = again + agree, []
                if "outdated" in merged:
                    again.append(tile)
                    continue
                agree.append(tile)
                yield tile, job, answer
                del found, answer, job  # they take no memory while the next one is computed
        left = again + left


def _merged(shared: dict[str, SharedSteps], name: str, steps: WindowSteps, reach: int) -> str:
    """:meth:`.SharedSteps.merge` of a simulation; raises :class:`TooManySteps` where its steps reach too far."""
    one = shared.setdefault(name, SharedSteps())
    merged = one.merge(steps)
    if merged != "outdated" and one.travel(steps) > reach:
        raise TooManySteps(1.0)
    return merged


def _of_core(result: Result, part: MapPart) -> Result:
    """A window's result on its core alone, without the scenario."""
    at = np.flatnonzero(part.counted(result.cells.mask))
    c, water = result.cells, result.water
    cells = Cells(c.mask[part.core], *(x[at] for x in (c.slope, c.soil_depth, c.sin_slope, c.cos_slope)))
    history = None if water is None or water.history is None else water.history.at(at)
    return Result(
        None, cells, None if result.stability is None else result.stability.at(at),
        None if water is None else replace(water.at(at), history=history),
        None if result.mask is None else result.mask[at],
        None if result.probability is None else result.probability[at], result.diagnostics,
    )  # fmt: skip
