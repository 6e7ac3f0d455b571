"""Seconds that parts of a program take while it runs as a whole."""

from __future__ import annotations

import time
from typing import Iterator


class Clock:
    """Seconds spent in some functions, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def around(self, owner: object, name: str, label: str) -> None:
        """Count the time of a function, which is replaced where it lies."""
        function = getattr(owner, name)

        def timed(*arguments: object, **named: object) -> object:
            began = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self._add(label, began)

        setattr(owner, name, timed)

    def around_generator(self, owner: object, name: str, label: str) -> None:
        """Count the time in which a generator makes what it yields, not that in which it waits."""
        function = getattr(owner, name)

        def timed(*arguments: object, **named: object) -> Iterator[object]:
            made, end = function(*arguments, **named), object()
            while True:
                began = time.perf_counter()
                value = next(made, end)
                self._add(label, began)
                if value is end:
                    return
                yield value

        setattr(owner, name, timed)

    def since(self, before: dict[str, float], label: str) -> float:
        """Seconds of a function since ``seconds`` was copied."""
        return self.seconds.get(label, 0.0) - before.get(label, 0.0)

    def _add(self, label: str, began: float) -> None:
        self.seconds[label] = self.seconds.get(label, 0.0) + time.perf_counter() - began
