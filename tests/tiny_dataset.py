"""A small data set for tests: a few procedural study areas, two scenarios of each, split by study area."""

from pathlib import Path

from slopecast.plugin.core.dataset.build import build
from slopecast.plugin.core.dataset.cases import TEST, TRAIN, VALIDATION
from slopecast.plugin.core.dataset.dataset import Dataset
from slopecast.plugin.core.dataset.plan import CaseBlock, Plan, StudyArea
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.workers.parallel import Threads

SPLITS = (TRAIN, TRAIN, TRAIN, TRAIN, VALIDATION, TEST)


def tiny_dataset(folder: Path, size: int = 48) -> Dataset:
    """Build it; areas have ``size`` cells a side."""
    areas = [StudyArea(f"area_{n}", "procedural", seed=n, size=size) for n in range(len(SPLITS))]
    blocks = tuple(
        CaseBlock(f"{area.name}.npz", area, count=2, seed=(n,), split=split)
        for n, (area, split) in enumerate(zip(areas, SPLITS))
    )
    return build(Plan({"name": "tiny"}, blocks), folder, Feedback(), executor=Threads(1))
