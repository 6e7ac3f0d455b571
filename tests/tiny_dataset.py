"""A small data set for tests: a few procedural mountains, two scenarios on each, split by mountain."""

from pathlib import Path

from slopecast.plugin.core.cases import TEST, TRAIN, VALIDATION
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.ml.build import build
from slopecast.plugin.ml.dataset import Dataset
from slopecast.plugin.ml.plans import Block, Plan, Site

SEEDS = (0, 1, 2, 3, 5, 4)
WIDEST_M = (8.0, 8.0, 8.0, 8.0, 8.0, 30.0)  # all but the last have cells so small that water comes from far
SPLITS = (TRAIN, TRAIN, TRAIN, TRAIN, VALIDATION, TEST)


def tiny_dataset(folder: Path, size: int = 48) -> Dataset:
    """Build it."""
    sites = [
        Site(f"mountain_{n}", "procedural", seed=seed, size=size, widest=widest)
        for n, (seed, widest) in enumerate(zip(SEEDS, WIDEST_M))
    ]
    blocks = tuple(
        Block(f"{site.name}.npz", site, count=2, seed=(n,), split=split, far_only=True)
        for n, (site, split) in enumerate(zip(sites, SPLITS))
    )
    return build(Plan({"name": "tiny"}, blocks), folder, Feedback(), workers=1)
