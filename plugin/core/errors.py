"""The errors that a user can mend: each names the input, its value, what is allowed and what to do."""

from __future__ import annotations

from ..text import Text, Translate, joined, said, translated


class SlopecastError(Exception):
    """Base of every error whose text is meant for the user: English as a string, in their language by :meth:`told`."""

    def told(self, translate: Translate) -> str:
        """The text in the user's language."""
        return translated(self.args[0], translate)


class InputError(SlopecastError):
    """An input that cannot be used.

    Args:
        parameter: the input as the user knows it, e.g. ``"Friction angle (FRICTION_ANGLE)"``.
        problem: the value and what is wrong with it.
        allowed: what would be accepted.
        advice: what to do.
    """

    def __init__(self, parameter: str, problem: str, allowed: str = "", advice: str = "") -> None:
        self.parameter = parameter
        sentences = [Text("{}: {}.", said(parameter), said(problem))]
        if allowed:
            sentences.append(Text("Allowed: {}.", said(allowed)))
        if advice:
            sentences.append(said(advice) if advice.endswith((".", "!", "?", ")")) else Text("{}.", said(advice)))
        super().__init__(joined(" ", sentences))


class Cancelled(SlopecastError):
    """The user stopped the run; nothing has been written."""

    def __init__(self) -> None:
        super().__init__("Cancelled by the user; nothing was written.")
