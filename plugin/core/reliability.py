"""Reliability of a result, with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Sequence

from ..text import Text, Translate, translated

_ABOVE = Text("see the warnings above")


@dataclass(frozen=True)
class Reliability:
    """Reliability of a result: agreement with the engine, and quality of the inputs.

    Attributes:
        level: ``trusted``; ``caution``, for the reasons given; ``outside``, beyond what a network has learned.
        reasons: why it is not trusted.
    """

    level: Literal["trusted", "caution", "outside"]
    reasons: tuple[str, ...] = ()

    def with_cautions(self, cautions: Sequence[str]) -> Reliability:
        """Reliability with cautions on the inputs: such a result is never *trusted*."""
        further = tuple(caution for caution in cautions if caution not in self.reasons)
        if not further:
            return self
        return Reliability("caution" if self.level == "trusted" else self.level, (*self.reasons, *further))

    def without(self, logged: Sequence[str]) -> Reliability:
        """Reliability for a log that contains some of the reasons already, as warnings."""
        new = tuple(reason for reason in self.reasons if reason not in logged)
        return self if len(new) == len(self.reasons) else Reliability(self.level, (*new, _ABOVE))

    def __str__(self) -> str:
        return self.localized(str)

    def localized(self, translate: Translate) -> str:
        """The level, a fixed word, and the reasons in the user's language."""
        reasons = "; ".join(translated(reason, translate).rstrip(".") for reason in self.reasons)
        return f"{self.level}: {reasons}" if reasons else self.level
