"""A case of a data set: one scenario as numbers, with its name and the subset of the split."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Mapping, Sequence

import numpy as np

from ...variables import BY_NAME
from ..scenario import Scenario

TRAIN, VALIDATION, TEST = 0, 1, 2
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Case:
    """One scenario of a data set.

    Attributes:
        name: unlike that of every other case of the same study area.
        values: by parameter name, in the units of :mod:`slopecast.plugin.variables`; what is missing takes its
            default.
        split: TRAIN, VALIDATION or TEST.
        group: what it belongs to within the design, e.g. "stage 1".
    """

    name: str
    values: Mapping[str, float] = field(default_factory=dict)
    split: int = TRAIN
    group: str = ""

    def vector(self, names: Sequence[str]) -> np.ndarray:
        """The values of some parameters, (len(names),) float64."""
        return np.array([self.values.get(name, BY_NAME[name].default) for name in names], dtype=np.float64)

    @property
    def scenario(self) -> Scenario:
        """The case as a scenario."""
        return Scenario(**self.values, name=self.name)


def assigned_splits(
    names: Sequence[str], validation: int, test: int, seed: int, always_test: Sequence[str] = ()
) -> list[int]:
    """Assign names to train, validation and test.

    Names are put in the order of the CRC-32 of "seed:name", which no library's random numbers can change; the first
    ``test`` are for the test (``always_test`` before all others), the next ``validation`` for validation, the rest for
    training.

    Returns:
        a side of the split for each name, in the order given.
    """
    order = sorted(names, key=lambda name: (name not in always_test, zlib.crc32(f"{seed}:{name}".encode()), name))
    side = {}
    for place, name in enumerate(order):
        side[name] = TEST if place < test else VALIDATION if place < test + validation else TRAIN
    return [side[name] for name in names]
