"""A small data set for tests: a few procedural mountains, two scenarios on each, split by mountain."""

from pathlib import Path

from slopecast.plugin.core.cases import TEST, TRAIN, VALIDATION
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.ml.build import build
from slopecast.plugin.ml.dataset import Dataset
from slopecast.plugin.ml.plans import Block, Plan, Site

SPLITS = (TRAIN, TRAIN, TRAIN, TRAIN, VALIDATION, TEST)


def tiny_dataset(folder: Path, size: int = 48) -> Dataset:
    """Build it."""
    sites = [Site(f"mountain_{n}", "procedural", seed=n, size=size) for n in range(len(SPLITS))]
    blocks = tuple(
        Block(f"{site.name}.npz", site, count=2, seed=(n,), split=split)
        for n, (site, split) in enumerate(zip(sites, SPLITS))
    )
    return build(Plan({"name": "tiny"}, blocks), folder, Feedback(), workers=1)
