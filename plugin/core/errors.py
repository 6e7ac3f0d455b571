"""The errors that a user can mend: each names the input, its value, what is allowed and what to do."""

from __future__ import annotations


class SlopecastError(Exception):
    """Base of every error whose text is meant for the user."""


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
        parts = [f"{parameter}: {problem}."]
        if allowed:
            parts.append(f"Allowed: {allowed}.")
        if advice:
            parts.append(advice if advice.endswith((".", "!", ")")) else f"{advice}.")
        super().__init__(" ".join(parts))


class Cancelled(SlopecastError):
    """The user stopped the run; nothing has been written."""

    def __init__(self) -> None:
        super().__init__("Cancelled by the user; nothing was written.")
